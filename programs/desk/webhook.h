/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_WEBHOOK_H
#define YAO_DESK_WEBHOOK_H

/**
 * A result announces itself to the program that asked: a POST without any
 * value, signed, tried again until it is taken. docs/formats/desk.md, section
 * 7.
 *
 *     desk_announcement a = {.id = id, .client = client, .event = ...};
 *     YAO_TRY(desk_announce(call, &change, &a));   // with the result
 *     ...
 *     desk_hooks_start(&hooks, d, owner);          // a thread that tells
 *
 * It goes at least once: who was killed between telling and noting it is
 * followed by one who tells it again, with the same id.
 */

#include "app/turns.h"
#include "desk/desk.h"
#include "net/client.h"

/* Seconds before the first attempt is repeated; the longest between two; until
 * nobody is told any more. */
enum { DESK_HOOK_FIRST = 1, DESK_HOOK_MOST = 3600, DESK_HOOK_ENDS = 86400 };

typedef struct desk_announcement {
    yao_bytes   id;     /* of the result */
    yao_bytes   client; /* whom */
    const char *event;  /* "session.done" */
    yao_text    profile;
    const char *state;
    const char *verdict; /* NULL: there is none */
} desk_announcement;

/** Note it in CHANGE, where the program has an address. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_announce(app_call *call, store_change *change,
                                      const desk_announcement *a);

/** When one that was tried TRIES times before, the last time at NOW, is tried
 *  again. */
yao_time desk_hook_next(yao_time now, int64_t tries);

/**
 * May a program of this desk have URL: https, or with DEMO this machine by
 * http? Whatever its name resolves to is looked at when it is called.
 */
bool desk_hook_fits(yao_text url, bool demo);

/**
 * Tell what is the longest due at NOW, when this process leads. What fails is
 * noted, and tried again later.
 *
 * In      owner  STORE_ID_LEN random bytes of this process
 * Errors  YAO_E_NOT_FOUND  nothing is due, or another process told it
 *         YAO_E_LOCKED     another process leads;  those of store_commit()
 */
YAO_MUST_USE yao_status desk_hooks_turn(const desk *d, const yao_crypto *crypto,
                                        yao_bytes owner, yao_time now);

/** The thread that does so each second. */
typedef struct desk_hooks {
    const desk  *desk;
    yao_bytes    owner;
    yao_openssl *openssl;
    app_turns    turns;
} desk_hooks;

/** Begin, where a program has an address; wait for what is under way, and end.
 *  H all zero is one that does not run. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status desk_hooks_start(desk_hooks *h, const desk *d,
                                         yao_bytes owner);
void                    desk_hooks_stop(desk_hooks *h);

#endif
