/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_ERASE_H
#define YAO_STORE_ERASE_H

/**
 * A person's rows: put in the place of others, and erased; and which version of
 * a person the bureau's register last sent.
 */

#include "store/store.h"

/** Claim that PERSON is there and has a key: was not erased meanwhile. Lost:
 *  YAO_E_NOT_FOUND. */
void store_keep_person(store_change *change, yao_bytes person);

/** Put PART in the place of what there is; take it away. */
void store_replace_part(store_change *change, yao_bytes person,
                        const store_part *part);
void store_drop_part(store_change *change, yao_bytes person,
                     store_part_kind kind);

/** All that PERSON is looked up by, by kind. Errors as store_list_persons().
 *  Take one away. */
YAO_MUST_USE yao_status store_list_lookups(store *s, yao_bytes person,
                                           yao_arena *arena, store_lookup **ret,
                                           size_t *count);
void store_drop_lookup(store_change *change, yao_bytes person,
                       const store_lookup *lookup);

/**
 * Erase a person: the key, the parts, look-ups; enrolments, access code,
 * passkeys, net certificates, grants, throttles, guardians, notices, bars,
 * sessions; what the log, the outbox and
 * cases say of them. Claims that the person has a key.
 *
 * What stays: the ledger's rows (keyed hashes), what became of each copy, the
 * leaves of the log, the last version that the bureau's register sent.
 */
typedef struct store_erasing {
    yao_bytes person; /* id */
    yao_bytes holder; /* as ledger and log know them */
    yao_bytes lookup; /* STORE_BY_NUMBER */
} store_erasing;
void store_erase_person(store_change *change, const store_erasing *what);

/** Which version of PERSON (look-up by number) came last. */
typedef struct store_version {
    yao_bytes person;
    int64_t   version; /* 1 and above */
    yao_bytes content; /* STORE_HASH_LEN bytes: keyed hash of what came */
} store_version;

/** Put VERSION in the place of version BEFORE (0: there was none). Claims that:
 *  lost is YAO_E_EXISTS, about this. */
#define STORE_ABOUT_VERSION 110
void store_put_version(store_change *change, const store_version *version,
                       int64_t before);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_version(store *s, yao_bytes person,
                                          yao_arena     *arena,
                                          store_version *ret);

#endif
