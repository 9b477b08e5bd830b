/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_ROUTES_H
#define YAO_AUTHORITY_ENROL_ROUTES_H

/** Enrolment over HTTP: docs/formats/kiosk.md, docs/api/authority.json. */

#include "authority/enrol/login.h"
#include "authority/enrol/steps.h"
#include "app/words.h"
#include "authority/server/server.h"

extern const authority_part authority_enrol_part;

/** What call->who is behind the door APP_SESSION: others see its beginning. */
typedef struct enrol_visitor {
    server_person shown;
    enrol_person  person;
} enrol_visitor;

/** The token of a call at APP_WALLET; empty: none. */
yao_text enrol_bearer(const app_call *call);

/** What a device's key alone may not do. */
YAO_MUST_USE yao_status enrol_tell_code(app_reply *ret, app_call *call);

/** The door of APP_SESSION and APP_WALLET: call->who is an enrol_visitor. Behind that of
 *  APP_KIOSK it is a store_kiosk. */
yao_status enrol_session_door(app_call *call);

/** What CALL brings with it. */
enrol enrol_of(const app_call *call);

/** What others do for enrolments in CALL's server. */
const enrol_services *enrol_services_of(const app_call *call);

/** The header that sets the cookie of a person's session to TOKEN (empty: takes
 *  it away) for the server's address. */
YAO_MUST_USE yao_status enrol_set_cookie(const app_call *call, app_reply *ret,
                                         yao_text token);

/** What is refused with a status: code, word, what failed, why, what next. */
typedef struct enrol_tale {
    yao_status  status;
    int         code;
    const char *word;
    yao_words   message;
} enrol_tale;

/** Refuse as the one of TALES for STATUS says; STATUS where there is none. */
YAO_MUST_USE yao_status enrol_tell(app_reply *ret, app_call *call,
                                   const enrol_tale *tales, size_t count,
                                   yao_status status);

/** {"error": WORD, "seconds": n, "message": {"en":.., "zh":..}}; SECONDS 0:
 *  left out. */
YAO_MUST_USE yao_status enrol_refuse(app_reply *ret, app_call *call, int status,
                                     const char *word, yao_words message,
                                     int64_t seconds);

/** Answer what enrol_log_in() refused with STATUS; gives STATUS back when it was
 *  no refusal. */
YAO_MUST_USE yao_status enrol_tell_login(app_reply *ret, app_call *call,
                                         yao_status status, int64_t wait);

/** What one step does with a visit and the body (NULL: it has none). */
typedef yao_status (*enrol_doing)(app_call *call, app_reply *ret,
                                  enrol_visit *v, const yao_json *body);

/** Find the visit that CALL names, run WHAT, tell what was refused. */
yao_status enrol_run(app_call *call, app_reply *ret, enrol_doing what);

/** Answer what a step refused with STATUS; gives STATUS back when it was no
 *  refusal. */
YAO_MUST_USE yao_status enrol_tell_step(app_reply *ret, app_call *call,
                                        yao_status status);

/** Members of an answer: "step", "expires" and what belongs to the step; words
 *  in both languages. */
void enrol_put_step(yao_writer *w, bool *first, const enrol_visit *v);
void enrol_put_both(yao_writer *w, bool *first, const char *name, yao_text en,
                    yao_text zh);

/** POST /kiosk/session/paper: paper_routes.c. */
yao_status enrol_print_paper(app_call *call, app_reply *ret);

/** Routes of a person with a telephone: self_routes.c. */
#define ENROL_PERSON_ROUTES 7
extern const app_route enrol_person_routes[ENROL_PERSON_ROUTES];

/** Routes of the session of a wallet's page: wallet_session.c. */
#define ENROL_WALLET_ROUTES 3
extern const app_route enrol_wallet_routes[ENROL_WALLET_ROUTES];

/** Routes of their passkeys: passkey_routes.c. */
#define ENROL_PASSKEY_ROUTES 6
extern const app_route enrol_passkey_routes[ENROL_PASSKEY_ROUTES];

#endif
