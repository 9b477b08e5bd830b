/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_AUDIT_PERSON_H
#define YAO_AUTHORITY_AUDIT_PERSON_H

/**
 * What the log knows of one person, for that person: opened, each with the
 * proof that it is in the tree.
 */

#include "authority/authority.h"
#include "authority/people.h"

/** Entries in one answer. */
#define AUDIT_MAX_ANSWER 200

typedef struct audit_question {
    yao_bytes   subject; /* as the ledger knows the person */
    int64_t     from;    /* index of the first entry, 0: all */
    int64_t     limit;   /* 1..AUDIT_MAX_ANSWER */
    int64_t     seen;    /* size of the log when who asks saw it last; 0: never,
                            or they check it otherwise */
    const char *by;      /* who asks: "person", "command line", ... */
} audit_question;

/**
 * Write the entries about a person as JSON; docs/formats/audit.md section 4.
 * That they were read is an event, committed before.
 *
 * Out     ret  in ARENA
 * Errors  YAO_E_NOT_FOUND  the person is not in the register, or no head was
 *                          signed yet
 *         YAO_E_USAGE      a limit outside its range
 *         YAO_E_SPACE, those of the store
 */
YAO_MUST_USE yao_status audit_list_person(const authority      *a,
                                          const audit_question *question,
                                          yao_arena *arena, yao_bytes *ret);

#endif
