/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_H
#define YAO_AUTHORITY_CONSOLE_H

/**
 * What the routes of the console share: who asks, answers, events, limits.
 *
 *     operator*.c    operators, sessions, the door
 *     find.c         exact look-ups of one person, with a purpose
 *     person_*.c     what is done for a person at the counter
 *     act.c          acts that take two operators
 *     case_routes.c  the queue of cases
 *     party.c        the registrar: relying parties
 *     report.c       what wallets and persons tell us (the public listener)
 *     supervise_*.c  kiosks, signers, lists, the log, counts
 *
 * Whoever looks at a person's record does so by one exact look-up, for a
 * purpose out of a list, and it is an event about that person in the same
 * transaction as the count against the operator's limit: before anything is
 * shown. There is no list of people.
 */

#include "app/words.h"
#include "authority/console/operator.h"
#include "authority/enrol/routes.h"

/** The parts of this folder: a table each, in the file of that name. */
extern const authority_part console_person_part, console_case_part,
    console_party_part, console_supervise_part, console_account_part,
    console_report_part;

/* ---- questions ---------------------------------------------------------- */

/** Who asks: call->who behind APP_OPERATOR. */
const console_operator *console_who(const app_call *call);

/** Letters of HEX as exactly LEN bytes in the call's arena. Errors:
 *  YAO_E_NOT_FOUND: another length, or no hex. */
YAO_MUST_USE yao_status console_read_hex(app_call *call, yao_text hex,
                                         size_t len, yao_bytes *ret);

/** The member NAME of BODY; an absent one is empty when it is OPTIONAL. Errors:
 *  YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_VALUE: longer than MOST bytes, or with
 *  control letters. */
typedef struct console_member {
    const char *name;
    size_t      most;
    bool        optional;
} console_member;
YAO_MUST_USE yao_status console_read_text(app_call *call, const yao_json *body,
                                          const console_member *member,
                                          yao_text             *ret);

/** A number in the query: ?limit=50. Absent: *RET as it was. Errors:
 *  YAO_E_VALUE: no number, or not within 0..MOST. */
YAO_MUST_USE yao_status console_read_number(app_call *call, const char *name,
                                            int64_t most, int64_t *ret);

/* ---- purposes ----------------------------------------------------------- */

/** The purpose of BODY for which a record is looked at, as a literal. Errors:
 *  YAO_E_MISSING, YAO_E_MALFORMED; YAO_E_VALUE: it is none. */
YAO_MUST_USE yao_status console_read_purpose(app_call *call,
                                             const yao_json *body,
                                             const char    **ret);

/* ---- answers ------------------------------------------------------------ */

/* ---- events ------------------------------------------------------------- */

/** What an operator did, for the log: {"by", "roles", ?"purpose", ?"what",
 *  ?"id"} without personal values. */
typedef struct console_deed {
    const char *kind;    /* of the event: "person.read" */
    yao_bytes   subject; /* the person, as the ledger knows them; or empty */
    const char *purpose; /* NULL: none */
    const char *what;    /* NULL: none */
    yao_bytes   id;      /* of what; or empty */
} console_deed;
YAO_MUST_USE yao_status console_put_event(const app_call     *call,
                                          store_change       *change,
                                          const console_deed *deed);

/* ---- limits ------------------------------------------------------------- */

/** What an operator does in an hour. At `alarm` a case is opened, for a
 *  supervisor who is somebody else; at `most` the hour is over. */
typedef enum console_limit {
    CONSOLE_LOOK_UPS    = 6501,
    CONSOLE_REVOCATIONS = 6502
} console_limit;

#define CONSOLE_LOOK_UPS_ALARM 50
#define CONSOLE_LOOK_UPS_MOST 120
#define CONSOLE_REVOCATIONS_MOST 20

/** Count one more of LIMIT by CALL's operator, in CHANGE: the commit is
 *  YAO_E_EXISTS when the operator did something else at this moment: try again.
 *  Errors: YAO_E_LIMIT: not in this hour any more; of the store. */
YAO_MUST_USE yao_status console_count(const app_call *call,
                                      store_change *change,
                                      console_limit limit);

/** Tell of YAO_E_LIMIT (429), and of other statuses that a person can do
 *  something about; others are returned. */
YAO_MUST_USE yao_status console_tell(app_reply *ret, app_call *call,
                                     yao_status status);

#endif
