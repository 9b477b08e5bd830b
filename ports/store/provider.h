/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_PROVIDER_H
#define YAO_STORE_PROVIDER_H

/**
 * What a wallet provider keeps, of schema STORE_PROVIDER: wallets by keyed
 * hashes, and backups that nobody but their wallet can open. Moments are days.
 */

#include "store/store.h"

typedef enum store_instance_state {
    STORE_INSTANCE_ACTIVE  = 1,
    STORE_INSTANCE_REVOKED = 2
} store_instance_state;

typedef struct store_instance {
    yao_bytes hash; /* STORE_HASH_LEN bytes */
    int64_t   state;
    yao_time  day; /* when it last came */
} store_instance;

/** Register a wallet. Claims the hash. */
void store_put_instance(store_change *change, const store_instance *instance);

/** Note that it came on DAY; a claim: it must be there and active. */
void store_touch_instance(store_change *change, yao_bytes hash, yao_time day);

/** Change its state; a claim: it must be there and in another state. */
void store_set_instance_state(store_change *change, yao_bytes hash,
                              store_instance_state state, yao_time day);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_instance(store *s, yao_bytes hash,
                                           yao_arena      *arena,
                                           store_instance *ret);

/** Forget active wallets that have not come since before DAY. */
void store_forget_instances(store_change *change, yao_time day);

/** A backup as a wallet sealed it. */
typedef struct store_sealed {
    yao_bytes hash;    /* of its name */
    yao_bytes token;   /* hash of what allows to write it */
    int64_t   version; /* 1, 2, 3 ... */
    yao_time  day;
    yao_bytes sealed;
} store_sealed;

/** Keep the first of a name, or the next version. Claims that the name is new
 *  and the version is 1, or that the token is the same and the version the next
 *  one: YAO_E_EXISTS. */
void store_put_sealed(store_change *change, const store_sealed *sealed);

/** Remove it; a claim: it must be there, under this token. */
void store_drop_sealed(store_change *change, yao_bytes hash, yao_bytes token);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_sealed(store *s, yao_bytes hash,
                                         yao_arena *arena, store_sealed *ret);

/** Forget backups that nobody has written since before DAY. */
void store_forget_sealed(store_change *change, yao_time day);

/** How many there are. Errors as store_count_persons(). */
YAO_MUST_USE yao_status store_count_instances(store *s, uint64_t *ret);
YAO_MUST_USE yao_status store_count_sealed(store *s, uint64_t *ret);

#endif
