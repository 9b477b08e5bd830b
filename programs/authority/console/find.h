/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_FIND_H
#define YAO_AUTHORITY_CONSOLE_FIND_H

/**
 * One person, found exactly. A look is counted and noted before it is had.
 *
 *     people_person person;
 *     YAO_TRY(console_look(call, &(console_look_wish){...}, &person));
 *     ...
 *     people_close(&person);
 */

#include "authority/console/console.h"

typedef struct console_look_wish {
    const yao_json *body;    /* says who, and the purpose */
    const char     *member;  /* the handle's name; NULL: it is searched for */
    const char     *what;    /* "record", "portrait" */
} console_look_wish;

/**
 * Find whom the body names: by the handle that a look gave ("person"), or by
 * one of "number"; "document_number"; "plate_kind" and "plate"; "name" and
 * "birth_date".
 *
 * Out     ret      close with people_close()
 *         purpose  as a literal
 * Errors  YAO_E_MISSING, YAO_E_VALUE  no purpose; nobody named; or in two ways
 *         YAO_E_NOT_FOUND  nobody, or more than one (that is noted too)
 *         YAO_E_LIMIT      too many looks in this hour
 *         those of people_find() and of the commit
 */
YAO_MUST_USE yao_status console_look(app_call                *call,
                                     const console_look_wish *wish,
                                     people_person           *ret,
                                     const char             **purpose);

/** The handle of PERSON: the keyed hash of the number. */
YAO_MUST_USE yao_status console_handle(const app_call      *call,
                                       const people_person *person,
                                       uint8_t out[STORE_HASH_LEN]);

/** The batches of issuance ID (hex) when they are HOLDER's; an empty holder:
 *  anybody's. Errors: YAO_E_NOT_FOUND; of the store. */
typedef struct console_issuance {
    yao_bytes       id;
    store_document *batches;
    size_t          count;
} console_issuance;
YAO_MUST_USE yao_status console_find_issuance(app_call *call, yao_text id,
                                              yao_bytes         holder,
                                              console_issuance *ret);

/** A change of state of an issuance, noted in CHANGE. Errors: YAO_E_MISMATCH:
 *  it is in that state, or revoked; those of state_put(). */
typedef struct console_turn {
    const char *verb; /* "revoke" */
    int64_t     to;   /* store_state; valid: an operator's suspension ends */
    yao_text    reason;
} console_turn;
YAO_MUST_USE yao_status console_put_turn(const app_call         *call,
                                         store_change           *change,
                                         const console_issuance *issuance,
                                         const console_turn     *turn);

/** Is WORD a reason? Is there something to do for what is in state FROM? */
bool console_is_reason(yao_text word);
bool console_applies(int64_t from, int64_t to);

#endif
