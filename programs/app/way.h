/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_WAY_H
#define YAO_APP_WAY_H

/**
 * How messages of a counter session travel for a program: by a relay mailbox
 * over HTTP, or by a socket between two processes of this machine. Both stand
 * on one interface (proximity/carrier.h), as BLE and NFC of a native shell do:
 * here are the two functions that move a chunk.
 *
 *     YAO_TRY(app_way_mailbox(&(app_mailbox){...}, room, cap, &way));
 *     YAO_TRY(app_way_send(&way, message));
 *     status = app_way_receive(&way, 2000, &message);
 *     if (status == YAO_E_MISSING) ... nothing came in these two seconds ...
 *     app_way_close(&way);
 *
 * Threads: a way belongs to one thread.
 */

#include "net/client.h"
#include "proximity/carrier.h"

/** Bytes of a message that may come: what a mailbox holds. */
enum { APP_WAY_ROOM = 256 * 1024 };

/** Two boxes of one relay, by the ids that are ours. */
typedef struct app_mailbox {
    net_client *client; /* that may speak with its origin */
    yao_text    url;    /* of all boxes, without a slash at the end */
    uint8_t     write[YAO_PROX_BOX], read[YAO_PROX_BOX];
} app_mailbox;

typedef struct app_way app_way;
struct app_way {
    yao_prox_carrier carrier;
    yao_arena        arena; /* for one chunk */
    yao_bytes        rest;  /* of the chunk that came */
    yao_status (*put)(app_way *way, yao_bytes chunk);
    /* YAO_E_MISSING: nothing came in MS milliseconds */
    yao_status (*get)(app_way *way, unsigned ms, yao_bytes *chunk);

    app_mailbox box;
    uint32_t    after; /* pieces that were read of it */
    int         socket;
};

/** By a mailbox. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status app_way_mailbox(const app_mailbox *box, app_way *ret);

/** By a connected stream socket, which is closed with the way. Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status app_way_stream(int socket, app_way *ret);

/** The same, connected to the Unix socket PATH. Errors: YAO_E_NET  nobody
 *  listens there;  YAO_E_LIMIT  a longer path than sockets have. */
YAO_MUST_USE yao_status app_way_connect(const char *path, app_way *ret);

/** Also what is all zero. */
void app_way_close(app_way *way);

/**
 * Send a whole message.
 *
 * Errors  YAO_E_NOT_FOUND  the box is over
 *         YAO_E_LIMIT      it is full, or the message too long
 *         YAO_E_NET        the other end, or the relay, is not there
 *         those of yao_prox_carrier_send()
 */
YAO_MUST_USE yao_status app_way_send(app_way *way, yao_bytes message);

/**
 * Wait for a message at most MS milliseconds.
 *
 * Out     ret  until the next call
 * Errors  YAO_E_MISSING  none has come
 *         as app_way_send(); those of yao_prox_carrier_take()
 */
YAO_MUST_USE yao_status app_way_receive(app_way *way, unsigned ms,
                                        yao_bytes *ret);

/* ---- boxes -------------------------------------------------------------- */

/** A box that was opened: who has `write` puts into it, who has `read` gets. */
typedef struct app_box {
    uint8_t read[YAO_PROX_BOX], write[YAO_PROX_BOX];
} app_box;

/**
 * Open a box at URL.
 *
 * Errors  YAO_E_LIMIT      no room there
 *         YAO_E_MALFORMED  who answers is no relay
 *         those of net_client_fetch()
 */
YAO_MUST_USE yao_status app_box_make(net_client *client, yao_text url,
                                     yao_arena *arena, app_box *ret);

/** Close the box that we read. That it fails does not matter: it ends by
 *  itself. */
void app_box_drop(net_client *client, yao_text url,
                  const uint8_t read[YAO_PROX_BOX], yao_arena *arena);

#endif
