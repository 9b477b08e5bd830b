/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_H
#define YAO_VP_H

/**
 * OpenID4VP 1.0, both sides, without I/O: what a verifier and a wallet say to
 * each other. This header has the words that all share; the messages are in
 *
 *     request.h   what a verifier asks, and how a wallet reads it
 *     answer.h    what a wallet answers: vp_token, encryption, errors
 *     judge.h     how a verifier reads, opens and judges that
 *     present.h   the wallet's machine: from a link to the answer's answer
 *     dcql.h      which documents, which claims
 *
 * What is signed with a secret key, agreed and encrypted is a wish; signatures
 * of others are checks for the home. Nothing of a signed request is looked at
 * before its signature was.
 *
 * Not spoken: presentations by fragment (the answer would pass the browser),
 * scopes in place of a query, client identifiers without a prefix and those
 * that lead to a federation, a DID or an attestation. All are refused.
 */

#include "jose/jwe.h"
#include "oauth/form.h"
#include "oauth/oauth.h"

/* ---- limits ------------------------------------------------------------- */

/* Letters of a nonce: 72 bits at least (the specification's own examples have
 * them; ours have 256), and state as long as the conformance suite's. */
#define YAO_VP_MIN_NONCE 12
#define YAO_VP_MAX_NONCE 512
#define YAO_VP_MAX_STATE YAO_OAUTH_MAX_STATE

/* Documents that one request asks for, or one answer shows. */
#define YAO_VP_MAX_SHOWN 20

/* Entries of transaction_data and verifier_info, keys in client_metadata,
 * expected origins, signatures of a request that has several. */
#define YAO_VP_MAX_TRANSACTIONS 8
#define YAO_VP_MAX_INFOS        8
#define YAO_VP_MAX_KEYS         16
#define YAO_VP_MAX_ORIGINS      16
#define YAO_VP_MAX_SIGNATURES   4

/* Seconds that two clocks may be apart; that a request without an end lives;
 * that one of ours does. */
#define YAO_VP_SKEW     300
#define YAO_VP_MAX_AGE  3600
#define YAO_VP_LIFETIME 300

/* ---- words -------------------------------------------------------------- */

/** How the answer travels. */
typedef enum yao_vp_mode {
    YAO_VP_NO_MODE = 0,
    YAO_VP_DIRECT_POST,     /* "direct_post" */
    YAO_VP_DIRECT_POST_JWT, /* "direct_post.jwt": encrypted */
    YAO_VP_DC_API,          /* "dc_api": W3C Digital Credentials API */
    YAO_VP_DC_API_JWT       /* "dc_api.jwt": encrypted */
} yao_vp_mode;

/** The word on the wire, and back. "" and NO_MODE for others. */
const char *yao_vp_mode_name(yao_vp_mode mode);
yao_vp_mode yao_vp_mode_by_name(yao_text name);

/** Is the answer encrypted? Does it go through the browser's API? */
bool yao_vp_mode_sealed(yao_vp_mode mode);
bool yao_vp_mode_dcapi(yao_vp_mode mode);

/** Who says what a client_id means. */
typedef enum yao_vp_prefix {
    YAO_VP_NO_PREFIX = 0,
    YAO_VP_REDIRECT_URI, /* "redirect_uri:"; unsigned requests only */
    YAO_VP_SAN_DNS,      /* "x509_san_dns:" */
    YAO_VP_HASH,         /* "x509_hash:" */
    YAO_VP_ORIGIN        /* of an unsigned request through the browser's API:
                            never a word in a message */
} yao_vp_prefix;

/**
 * Cut CLIENT_ID at its prefix.
 *
 * Out     ret   what stands behind the prefix
 * Gives   NO_PREFIX for one without, with another, and with "origin:"
 * Source  OpenID4VP 1.0 section 5.9.3
 */
yao_vp_prefix yao_vp_cut_client_id(yao_text client_id, yao_text *ret);

/** Letters, digits and "-._~": what nonces and states are made of. */
bool yao_vp_is_safe(yao_text text, size_t least, size_t most);

/* ---- to what an answer is bound ----------------------------------------- */

/** What both sides put into every signature of a holder. */
typedef struct yao_vp_binding {
    bool     dcapi;
    yao_text client_id;    /* whole, with its prefix */
    yao_text origin;       /* of the page, without "origin:"; DC API only */
    yao_text nonce;
    yao_text response_uri; /* not for the DC API */
    bool     sealed;
    uint8_t  thumbprint[YAO_SHA256_LEN]; /* of the key that the answer is
                                            encrypted to; when SEALED */
    yao_bytes transcript; /* of org-iso-mdoc; empty: it is made of these */
} yao_vp_binding;

/**
 * The audience of KB-JWTs: the client_id, or "origin:" and the origin.
 *
 * Errors  YAO_E_SPACE
 * Source  OpenID4VP 1.0 sections 8.4 (B.3.6), A.4
 */
YAO_MUST_USE yao_status yao_vp_audience(yao_arena            *arena,
                                        const yao_vp_binding *binding,
                                        yao_text             *ret);

/**
 * The SessionTranscript of mdocs.
 *
 * Out     ret  in ARENA, or that of BINDING
 * Errors  YAO_E_SPACE; YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  OpenID4VP 1.0 B.2.6.1, B.2.6.2
 */
YAO_MUST_USE yao_status yao_vp_transcript(yao_arena            *arena,
                                          const yao_crypto     *crypto,
                                          const yao_vp_binding *binding,
                                          yao_bytes            *ret);

/** What a holder agrees to beside showing a document. */
typedef struct yao_vp_transaction {
    yao_text        text; /* base64url as it stood in the request: hashed */
    yao_text        type;
    const yao_json *data; /* decoded */
} yao_vp_transaction;

/** Does T concern the document that QUERY ID asks for? */
bool yao_vp_transaction_of(const yao_vp_transaction *t, yao_text id);

/** Transactions of a list, as a mask: bit I is the one with index I. */
typedef uint32_t yao_vp_borne;

/**
 * Write `"transaction_data_hashes":[...],"transaction_data_hashes_alg":...` of
 * those in BORNE, in their order; nothing when there are none.
 *
 * Errors  YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Source  OpenID4VP 1.0 B.3.3.1: over the letters as received
 */
YAO_MUST_USE yao_status yao_vp_put_transaction_hashes(
    yao_writer *w, const yao_crypto *crypto, const yao_vp_transaction *list,
    size_t count, yao_vp_borne borne);

#endif
