/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_OFFICER_H
#define YAO_STORE_OFFICER_H

/**
 * Officers of a relying party, in a desk's store (STORE_DESK): by the number of
 * their service, with the passkeys they log in with and the hours for which
 * they have.
 */

#include "store/store.h"

typedef enum store_officer_state {
    STORE_OFFICER_INVITED = 1, /* no passkey yet */
    STORE_OFFICER_ACTIVE  = 2,
    STORE_OFFICER_ENDED   = 3 /* for good */
} store_officer_state;

typedef struct store_officer {
    yao_bytes id;       /* STORE_ID_LEN random bytes */
    yao_text  number;   /* of the service, not of a person */
    yao_text  profiles; /* that this officer may ask, with commas */
    int64_t   state;    /* when read */
    yao_time  added;
    yao_time  changed; /* when read */
} store_officer;

/** Invite one. Claims id and number. */
void store_put_officer(store_change *change, const store_officer *who);

/** End one for good, and the hours that run. Claims that it is there and not
 *  ended. */
void store_end_officer(store_change *change, yao_bytes id, yao_time now);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_officer(store *s, yao_bytes id,
                                          yao_arena     *arena,
                                          store_officer *ret);

/** All, by number. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_officers(store *s, yao_arena *arena,
                                            store_officer **ret, size_t *count);

/* ---- passkeys ---- */

typedef struct store_officer_key {
    yao_bytes id;      /* the authenticator's */
    yao_bytes officer; /* whose */
    yao_bytes point;   /* 65 bytes, P-256 */
    int64_t   counter;
    bool      may_move; /* BE */
    bool      moved;    /* BS */
    yao_time  added;
    yao_time  used; /* 0: never */
} store_officer_key;

/** Register one; an officer who was invited is active then. Claims the id, and
 *  that the officer is there and not ended (lost: YAO_E_NOT_FOUND). */
void store_put_officer_key(store_change *change, const store_officer_key *key);

/** It was shown: KEY with its new counter. Claims that the counter was BEFORE:
 *  of two copies that come at once one loses, YAO_E_NOT_FOUND. */
void store_use_officer_key(store_change *change, const store_officer_key *key,
                           int64_t before);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_officer_key(store *s, yao_bytes id,
                                              yao_arena         *arena,
                                              store_officer_key *ret);

/* ---- hours ---- */

typedef struct store_officer_login {
    yao_bytes id; /* STORE_HASH_LEN bytes: of its token */
    yao_bytes officer;
    yao_bytes sealed;
    yao_time  since;
    yao_time  expires; /* not found at this second any more; after SINCE */
} store_officer_login;

/** Claims the id, and that the officer is active at this moment (lost:
 *  YAO_E_REFUSED). */
void store_put_officer_login(store_change              *change,
                             const store_officer_login *login);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_officer_login(store *s, yao_bytes id,
                                                yao_time now, yao_arena *arena,
                                                store_officer_login *ret);

/** End it, if it is there. */
void store_end_officer_login(store_change *change, yao_bytes id);

/** Remove those that are over at NOW. */
void store_forget_officer_logins(store_change *change, yao_time now);

#endif
