/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_OPERATOR_H
#define YAO_AUTHORITY_CONSOLE_OPERATOR_H

/**
 * Who works at the console: operators, the passkeys they log in with, their
 * sessions, and the door of APP_OPERATOR.
 *
 *     const app_route routes[] = {
 *         {"GET", "/api/cases", APP_OPERATOR, list, APP_CLERK | APP_OFFICER},
 *     };
 *     static yao_status list(app_call *call, app_reply *ret)
 *     {
 *         const console_operator *who = call->who;
 *         ...
 *
 * The door reads the operator anew for each request: roles that were taken
 * away, and an operator who was ended, are gone at once. A session ends after
 * 15 minutes without a request, and after 8 hours.
 *
 * Adding and ending operators takes two administrators (four eyes), each of
 * whom has half of the new operator's code. While there are fewer than two,
 * `yaopai operator add` on the machine itself gives a code for a new one; from
 * then on it only proposes.
 */

#include "authority/authority.h"
#include "authority/server/server.h"
#include "store/case.h"
#include "store/operator.h"

#define CONSOLE_IDLE_SECONDS    900
#define CONSOLE_SESSION_SECONDS (8 * 3600)
#define CONSOLE_CODE_SECONDS    86400 /* that a registration code lives */
#define CONSOLE_MAX_NAME        40u
#define CONSOLE_ANY_ROLE        63 /* all of app_role */

/** What call->who is behind APP_OPERATOR. */
typedef struct console_operator {
    uint8_t  id[STORE_ID_LEN];
    yao_text name;  /* in the call's arena */
    int      roles; /* app_role, a mask; never empty */
    uint8_t  session[STORE_HASH_LEN];
    yao_time since; /* when the passkey was shown */
} console_operator;

/** The door (app_doors.operator) and routes under /api/operator; a part of the
 *  server. */
extern const authority_part console_operator_part;
yao_status                  console_operator_door(app_call *call);

/** Operator ID, for store_case.decided_by, enrol_operator.id and the like. */
yao_bytes console_operator_id(const console_operator *who);

/** Names of roles: "officer" and its bit, 0: none such; a mask as a JSON array
 *  of names. */
int  console_role(yao_text name);
void console_put_roles(yao_writer *w, int64_t roles);

/* ---- adding and ending: four eyes ---------------------------------------- */

/** Kinds of cases that an administrator opens and another one confirms. */
#define CONSOLE_CASE_ADD "operator.add"
#define CONSOLE_CASE_END "operator.end"
#define CONSOLE_CASE_ROLES "operator.roles"

/** A new operator, one who is to end, or one who gets other roles: never by
 *  that operator alone, nor confirmed by them. */
typedef struct console_proposal {
    yao_text  name;  /* empty: of `id` */
    int64_t   roles; /* with `id`, 0: end it */
    yao_bytes id;
} console_proposal;

/** The case; of a new operator the half of the code that its proposer hands
 *  over, shown once. Who confirms has the other half: neither of the two can
 *  register in the new operator's place (misuse N265). */
typedef struct console_proposed {
    yao_bytes id;
    yao_text  half; /* letters; empty: of no new operator */
} console_proposed;

/**
 * Open a case, decided ("accept") by WHO already; nobody (empty): it waits for
 * two.
 *
 * In      name, roles  of a new operator; else `id` of one that ends
 * Errors  YAO_E_VALUE     a name above CONSOLE_MAX_NAME, or with other letters
 *                         than a-z, 0-9, "-", "."; no roles, or others
 *         YAO_E_EXISTS    somebody has that name
 *         YAO_E_NOT_FOUND no such operator, or ended
 *         YAO_E_NOT_AUTHORISED  WHO is no active administrator
 *         YAO_E_DUPLICATE WHO's own roles
 *         those of store_commit()
 */
YAO_MUST_USE yao_status console_propose(authority *a, yao_bytes who,
                                        const console_proposal *what,
                                        yao_time now, yao_arena *arena,
                                        console_proposed *ret);

/**
 * Confirm such a case as WHO, and do what it says, in one change.
 *
 * Out     code  of a new operator, its second half: shown once, to whom
 *               confirmed, and typed as "HALF.CODE"; empty of one
 *               that ends; NULL: nobody had agreed yet (the command line
 *               proposed), now WHO has, and another one is to come
 * Errors  YAO_E_NOT_AUTHORISED  WHO decided it, or is no active administrator;
 *                               or it is closed, or of another kind
 *         YAO_E_NOT_FOUND       no such case, of another kind, or the operator
 *                               has ended meanwhile
 *         YAO_E_REFUSED         the last administrator; or who proposed it is
 *                               no active administrator any more
 *         YAO_E_DUPLICATE       WHO's own roles
 *         YAO_E_EXISTS          somebody has that name meanwhile
 *         those of store_commit()
 */
YAO_MUST_USE yao_status console_confirm(authority *a, yao_bytes who,
                                        yao_bytes id, yao_time now,
                                        yao_arena *arena, yao_text *code);

/** Invite an operator without a case, for the first two administrators.
 *  Errors: YAO_E_NOT_AUTHORISED: there are two; those of console_propose(). */
YAO_MUST_USE yao_status console_invite_first(authority *a, yao_text name,
                                             int64_t roles, yao_time now,
                                             yao_arena *arena, yao_text *code);

#endif
