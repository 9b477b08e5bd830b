/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_PERSON_PASSKEY_H
#define YAO_STORE_PERSON_PASSKEY_H

/** Passkeys that persons have bound: who it is, by keyed hashes only. */

#include "store/store.h"

typedef struct store_person_passkey {
    yao_bytes id;     /* SHA-256 of the authenticator's identifier */
    yao_bytes holder; /* as the ledger knows the person */
    yao_bytes lookup; /* STORE_BY_NUMBER */
    yao_bytes point;  /* 65 bytes, P-256 */
    int64_t   level;  /* of the proof with which it was bound */
    int64_t   counter;
    bool      may_move, moved; /* BE, BS */
    yao_time  added;
    yao_time  used; /* 0: never */
} store_person_passkey;

/** Bind one. Claims the id. */
void store_put_person_passkey(store_change               *change,
                              const store_person_passkey *passkey);

/** It was shown: PASSKEY with its new counter. Claims that the counter was
 *  BEFORE: of two copies that come at once one loses, YAO_E_NOT_FOUND. */
void store_use_person_passkey(store_change               *change,
                              const store_person_passkey *passkey,
                              int64_t                     before);

/** Remove one; a claim: it must be there, and HOLDER's. */
void store_drop_person_passkey(store_change *change, yao_bytes id,
                               yao_bytes holder);

/** Remove all that HOLDER has; all that are worth no more than LEVEL. */
void store_drop_person_passkeys(store_change *change, yao_bytes holder);
void store_drop_person_passkeys_up_to(store_change *change, yao_bytes holder,
                                      int64_t level);

/** Errors as store_get_person(); as store_list_persons(), the oldest first. */
YAO_MUST_USE yao_status store_get_person_passkey(store *s, yao_bytes id,
                                                 yao_arena            *arena,
                                                 store_person_passkey *ret);
YAO_MUST_USE yao_status
store_list_person_passkeys(store *s, yao_bytes holder, yao_arena *arena,
                           store_person_passkey **ret, size_t *count);

#endif
