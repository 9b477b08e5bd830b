/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_WALLET_COUNTERING_H
#define YAO_WALLET_COUNTERING_H

/**
 * How `wallet counter` shows a code and answers who scans it: it does what the
 * machine of proximity/holder.h wishes for. Whom to believe, what of the vault
 * would do and what of it is shown is as on line (presenting.h): what is asked
 * there as DCQL is made of the docRequests here.
 *
 * Files: countering.c (the loop, keys), countering_way.c (mailbox, socket),
 * countering_ask.c (the person), countering_tell.c (what became of it);
 * counter.c is the verb.
 */

#include "app/way.h"
#include "proximity/holder.h"
#include "wallet/presenting.h"

typedef struct yao_countering {
    yao_presenting     shared;  /* without its machine */
    yao_arena          machine; /* the holder's, which winds it back */
    yao_holder_options options;
    yao_holder        *holder;
    yao_key           *session; /* of this engagement */
    yao_vp_request     asked;   /* the request, as if it had come on line */
    yao_holder_choice  choices[YAO_MAX_DOCUMENTS];
    bool               consulted; /* the person was */
    bool               sent;      /* an answer went out */

    yao_text    url;   /* of the mailboxes; empty: by socket */
    app_box     in;    /* the one that we read */
    const char *place; /* of the socket */
    int         listener; /* -1: none */
    yao_bytes   shown; /* the engagement: who connects must name it */
    app_way     way;
} yao_countering;

/** All of it. Gives the exit code. */
int yao_countering_run(const yao_invocation *call, yao_words what);

/* ---- the way ------------------------------------------------------------ */

/** Find out which: --stream, --mailbox, else the provider that the wallet is
 *  registered with. The wallet is open. Gives the exit code. */
int yao_countering_take_way(yao_countering *c);

/** Open the boxes, or the socket, and say in the engagement where. Errors: of
 *  app_box_make(); YAO_E_EXISTS, YAO_E_FILE of a socket. */
YAO_MUST_USE yao_status yao_countering_open_way(yao_countering *c);

/** Fulfil WAIT, SEND. */
void yao_countering_wait(yao_countering *c, const yao_holder_wish *wish,
                         yao_holder_event *event);
void yao_countering_send(yao_countering *c, const yao_holder_wish *wish,
                         yao_holder_event *event);

/** When nothing more is said. */
void yao_countering_close_way(yao_countering *c);

/* ---- the person --------------------------------------------------------- */

/** Fulfil ASK. */
void yao_countering_ask(yao_countering *c, yao_holder_event *event);

/** Tell what became of it; gives the exit code. */
int yao_countering_tell(yao_countering *c, yao_status status);

#endif
