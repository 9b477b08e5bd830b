/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ONCE_H
#define YAO_AUTHORITY_ONCE_H

/**
 * What an authority keeps to be used once (store_once.kind), in one list so
 * that no two parts take the same number. Whose claim was lost is seen in
 * store_change.lost_about, which is the kind.
 *
 * What a stranger holds (codes, tokens) is kept by its SHA-256, and what goes
 * with it is sealed under a key that is made of the thing itself
 * (vci/box.h): who copies the database reads none of it.
 */
enum {
    ONCE_PUSHED        = 200, /* an authorization request that was pushed */
    ONCE_CODE          = 201, /* an authorization code */
    ONCE_CODE_USED     = 202, /* one that was used, and for which grant */
    ONCE_OFFER         = 203, /* a pre-authorized code */
    ONCE_TRY           = 204, /* the n-th try at a transaction code */
    ONCE_TRIES         = 205, /* the n-th wrong one of everybody, in a minute */
    ONCE_ISSUER_STATE  = 206, /* the issuer_state of an offer */
    ONCE_GRANT         = 207, /* a grant that is alive */
    ONCE_ACCESS        = 208, /* an access token */
    ONCE_REFRESH       = 209, /* a refresh token */
    ONCE_REFRESH_USED  = 210, /* one that was used, and of which grant */
    ONCE_DPOP          = 211, /* a DPoP proof that was seen: (jkt, jti) */
    ONCE_ATTESTATION   = 212, /* a proof of possession that was seen */
    ONCE_ASSERTION     = 213, /* a client assertion that was seen */

    ONCE_NONCE         = 220, /* c_nonce; this and what follows: credential
                                 endpoints */
    ONCE_ANSWER        = 221, /* an answer kept for who asks again */
    ONCE_TRANSACTION   = 222, /* a deferred issuance */
    ONCE_NOTIFICATION  = 223,
    ONCE_OFFER_TEXT    = 224, /* an offer that is fetched by its reference */
    ONCE_WAITING       = 225, /* what waits of a grant's document: its case, and
                                 its transaction by hash */
    /* enrolment from 240, operators from 260, all others from 280 */
    ONCE_KIOSK         = 240, /* nonce of a kiosk's signed request */
    ONCE_PERSON_CHALLENGE = 241, /* of a passkey, bound or shown */

    ONCE_OPERATOR_CODE      = 260, /* with which a passkey is registered */
    ONCE_OPERATOR_CHALLENGE = 261, /* of a registration or a login */

    ONCE_FACE = 280, /* a challenge of head turns */

    ONCE_PARTY_REQUEST = 300, /* jti of a relying party's question */
    ONCE_PARTY_NONCE   = 301, /* nonce of a presentation that it asks with */
    ONCE_OFFICER_REQUEST = 302, /* jti of an officer's, or of one about one */
    ONCE_OFFICER_ENDED   = 303  /* an officer of a party, for good */
};

#endif
