/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_ACT_H
#define YAO_AUTHORITY_CONSOLE_ACT_H

/**
 * Acts that take two operators: one asks, which opens a case that is decided
 * already; another one confirms, and what the case says is done in the change
 * that closes it; or anybody who may confirm, or the one who asked, refuses.
 *
 *     asked --confirm, by another--> done
 *       +-----refuse---------------> nothing
 *
 * Invariants
 *   1. Nothing is done but by console_act.put, in the change whose claim is
 *      store_confirm_case(): not by the same, not twice.
 *   2. What is done stands in the case as it was asked: who confirms changes
 *      nothing of it.
 *   3. Who asked could ask now: the claim store_claim_operator(). Who was ended,
 *      and is here again under another name, finds nothing to confirm.
 *   4. Cases of other kinds are never confirmed here (operator.* have
 *      console_confirm(), enrolments enrol_confirm()).
 *
 * A new act is a row of console_acts, and a row of routes for asking it.
 */

#include "authority/console/console.h"

#define CONSOLE_ACT "act." /* what kinds begin with */
#define CONSOLE_MAX_BULK 200

/** What is asked, as the case will say it. */
typedef struct console_asked {
    yao_bytes subject; /* whom, as the ledger knows them; or empty */
    yao_text  detail;  /* JSON, in the call's arena; no personal values */
} console_asked;

/** W is the detail: finish it. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status console_keep_detail(app_call *call, yao_writer *w,
                                            console_asked *asked);

/** What it came to, for the answer. */
typedef struct console_done {
    yao_text member, value; /* of a string; empty: nothing to tell */
} console_done;

typedef struct console_act {
    const char *kind;     /* "act.restore" */
    int         asks;     /* roles that may ask: those of the route as well */
    int         confirms; /* and that may confirm */

    /** Is it possible, what the body asks? */
    yao_status (*ask)(app_call *call, const yao_json *body,
                      console_asked *asked);

    /** Put it into CHANGE, now that two agree; looks again whether it is
     *  possible. */
    yao_status (*put)(app_call *call, store_change *change,
                      const store_case *what, const yao_json *detail,
                      console_done *done);
} console_act;

/** All, ends with a row without kind. */
extern const console_act console_acts[];

/** The act of KIND; NULL: none. */
const console_act *console_find_act(yao_text kind);

/** Ask for the act KIND with the body of CALL: 202 and the case's id. */
YAO_MUST_USE yao_status console_ask(app_call *call, app_reply *ret,
                                    const char *kind);

/** The rows of party.c, which is the registrar's. */
yao_status console_ask_party(app_call *call, const yao_json *body,
                             console_asked *asked);
yao_status console_put_party(app_call *call, store_change *change,
                             const store_case *what, const yao_json *detail,
                             console_done *done);

/** The rows of act_life.c: holds and erasures. */
yao_status console_ask_hold(app_call *call, const yao_json *body,
                            console_asked *asked);
yao_status console_put_hold(app_call *call, store_change *change,
                            const store_case *what, const yao_json *detail,
                            console_done *done);
yao_status console_ask_erasure(app_call *call, const yao_json *body,
                               console_asked *asked);
yao_status console_put_erasure(app_call *call, store_change *change,
                               const store_case *what, const yao_json *detail,
                               console_done *done);

/** The row of inflow/ask.c: lines of people that were sent. */
yao_status console_ask_intake(app_call *call, const yao_json *body,
                              console_asked *asked);
yao_status console_put_intake(app_call *call, store_change *change,
                              const store_case *what, const yao_json *detail,
                              console_done *done);

#endif
