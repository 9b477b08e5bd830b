/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_GRANTS_H
#define YAO_AUTHORITY_VCI_GRANTS_H

/**
 * A grant: which documents of whom may be fetched, and by whom. It begins with
 * a pre-authorized code (an offer from a counter or kiosk), or with a person
 * who says yes on the authorization page; access and refresh tokens carry it.
 *
 *     store_change change = store_change_open(call->arena);
 *     vci_offer offer = {.person = {lookup, 32}, .level = 3,
 *                        .configurations = &name, .configuration_count = 1,
 *                        .tx_code = YAO_TEXT("493536"), .expires = now + 120};
 *     YAO_TRY(vci_offer_put(a, call->arena, &change, &offer, &code));
 *     YAO_TRY(store_commit(a->store, &change));
 *
 * Holds no personal value: a person is the keyed hash of a number.
 */

#include "authority/authority.h"
#include "oauth/details.h"

/** Bytes that who makes an offer may add, and finds again in the grant. */
#define VCI_MAX_NOTE 256

typedef struct vci_offer {
    yao_bytes       person; /* look-up STORE_BY_NUMBER, STORE_HASH_LEN bytes */
    yao_bytes       holder; /* the same, as ledger and log know them; empty: not
                               said, and then the person is told of less */
    int64_t         level;  /* assurance level of how the person was checked */
    const yao_text *configurations; /* credential_configuration_ids */
    size_t          configuration_count;
    yao_text        tx_code; /* empty: none is asked for; else 4..16 letters or
                                digits, chosen by the person; a secret */
    yao_bytes       note;    /* at most VCI_MAX_NOTE bytes, not personal */
    yao_time        expires;
} vci_offer;

/**
 * Make a pre-authorized code.
 *
 * Out     change  the claim of it; it is good once CHANGE was committed
 *         code    43 letters of 32 random bytes, in ARENA; a secret
 * Errors  YAO_E_USAGE  no person, no or too many configurations, a tx_code or
 *                      note outside its range;  YAO_E_CRYPTO, YAO_E_SPACE
 */
YAO_MUST_USE yao_status vci_offer_put(authority *a, yao_arena *arena,
                                      store_change    *change,
                                      const vci_offer *offer, yao_text *code);

/** Make an issuer_state for an offer of the authorization code flow: PERSON
 *  may be empty (whoever logs in), TX_CODE is not used. */
YAO_MUST_USE yao_status vci_issuer_state_put(authority *a, yao_arena *arena,
                                             store_change    *change,
                                             const vci_offer *offer,
                                             yao_text        *state);

/** Cancel an offer by its code: a claim that it was not used yet. */
YAO_MUST_USE yao_status vci_offer_cancel(authority *a, store_change *change,
                                         yao_text code, yao_time now);

/** How many seconds an offer should live (setting). */
int64_t vci_offer_seconds(const authority *a);

/** What a token is for. Views live as long as the call. */
typedef struct vci_grant {
    uint8_t     id[STORE_ID_LEN];
    uint8_t     person[STORE_HASH_LEN]; /* look-up STORE_BY_NUMBER */
    bool        holder_known; /* as ledger and log know them: */
    uint8_t     holder[STORE_HASH_LEN];
    int64_t     level;
    yao_text    client_id;
    bool        instance_known; /* the client was attested: */
    uint8_t     instance[STORE_HASH_LEN]; /* thumbprint of the instance's key */
    yao_details details; /* what may be fetched, with credential_identifiers */
    bool        by_identifier; /* the wallet knows the identifiers, and must
                                  use them; else configuration ids */
    bool        pre_authorized;
    yao_bytes   note;
} vci_grant;

/** Whose it is, for an event: empty where it is not known. Lives as long as
 *  GRANT. */
yao_bytes vci_grant_holder(const vci_grant *grant);

/** End a grant: all its tokens are worthless once CHANGE is committed. Not a
 *  claim that it was alive. */
void vci_grant_end(store_change *change, const uint8_t id[STORE_ID_LEN]);

#endif
