/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_COUNTER_H
#define YAO_DESK_COUNTER_H

/**
 * Sessions across the counter: a program hands in what it scanned of a phone,
 * a thread of its own talks with the phone by the relay mailbox that stands in
 * it (docs/formats/proximity.md). In the store it is an enquiry without a
 * sealed request: nothing of it is for wallets on line, and its result is
 * found, kept and forgotten as every other.
 *
 * Files: counter.c (the API), counter_run.c (the thread), mailbox.c (boxes of
 * the desk's own).
 */

#include "desk/desk.h"
#include "proximity/engagement.h"

/** What a thread is to do; copied. */
typedef struct desk_counter {
    desk              *d;
    const desk_client *client;
    yao_bytes          id;      /* of the enquiry */
    yao_text           profile; /* that this party may ask */
    yao_text           choice;
    yao_bytes          letters; /* "mdoc:..." */
    bool               all;     /* one signature for all of the request */
    yao_bytes          login;   /* of the officer who asks; empty: the party */
} desk_counter;

/**
 * Begin to talk.
 *
 * Errors  YAO_E_LIMIT  as many talk already as may; YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_counter_start(const desk_counter *c);

/** May the desk go to URL, the address of mailboxes in an engagement: its own,
 *  or one of its settings? */
bool desk_counter_knows(const desk *d, yao_text url);

#endif
