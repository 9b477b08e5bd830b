/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_OPERATOR_H
#define YAO_STORE_OPERATOR_H

/** Who works at the authority's console, and the passkeys they log in with. */

#include "store/store.h"

typedef enum store_operator_state {
    STORE_OPERATOR_INVITED = 1, /* no passkey yet */
    STORE_OPERATOR_ACTIVE  = 2,
    STORE_OPERATOR_ENDED   = 3 /* for good */
} store_operator_state;

typedef struct store_operator {
    yao_bytes id;    /* STORE_ID_LEN random bytes */
    yao_text  name;  /* for the service: "clerk-7", not of a person */
    int64_t   roles; /* the caller's mask */
    int64_t   state; /* when read */
    yao_time  added;
    yao_time  changed; /* when read */
} store_operator;

/** Invite an operator. Claims id and name. */
void store_put_operator(store_change *change, const store_operator *who);

/** Give other roles. Claims that the operator is there and not ended. */
void store_set_operator_roles(store_change *change, yao_bytes id, int64_t roles,
                              yao_time now);

/** End one for good. Claims that it is there and not ended. */
void store_end_operator(store_change *change, yao_bytes id, yao_time now);

/** Claim that ID is active and has one of ROLES at this moment: whoever asked
 *  for what CHANGE does. Lost: YAO_E_REFUSED. */
void store_claim_operator(store_change *change, yao_bytes id, int64_t roles);

/** Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_operator(store *s, yao_bytes id,
                                           yao_arena      *arena,
                                           store_operator *ret);

/** All, by name. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_operators(store *s, yao_arena *arena,
                                             store_operator **ret,
                                             size_t          *count);

/* ---- passkeys ---- */

typedef struct store_passkey {
    yao_bytes id;       /* 1..1023 bytes, the authenticator's */
    yao_bytes operator; /* whose */
    yao_bytes point;    /* 65 bytes, P-256 */
    int64_t   counter;
    bool      may_move; /* BE */
    bool      moved;    /* BS */
    yao_bytes model;    /* AAGUID, 16 bytes */
    yao_time  added;
    yao_time  used; /* 0: never */
} store_passkey;

/** Register a passkey; an operator who was invited is active then. Claims the
 *  id, and that the operator is there and not ended (lost:
 *  YAO_E_NOT_FOUND). */
void store_put_passkey(store_change *change, const store_passkey *passkey);

/** It was shown: KEY with its new counter. Claims that the counter was BEFORE:
 *  of two copies that come at once one loses, YAO_E_NOT_FOUND. */
void store_use_passkey(store_change *change, const store_passkey *passkey,
                       int64_t before);

/** Errors as store_get_person(), store_list_persons(). */
YAO_MUST_USE yao_status store_get_passkey(store *s, yao_bytes id,
                                          yao_arena     *arena,
                                          store_passkey *ret);
YAO_MUST_USE yao_status store_list_passkeys(store *s, yao_bytes operator,
                                            yao_arena      *arena,
                                            store_passkey **ret, size_t *count);

#endif
