/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_METADATA_H
#define YAO_VCI_METADATA_H

/**
 * How a credential issuer describes itself: written from the catalogue, read
 * by a wallet as far as a wallet needs.
 */

#include "vci/configuration.h"
#include "x509/x509.h"

/* ---- writing ------------------------------------------------------------ */

/** What an issuer says besides what stands in the catalogue. Endpoints are URL
 *  "/credential", "/nonce", "/deferred", "/notification". */
typedef struct yao_vci_issuer {
    yao_text             url;  /* credential_issuer */
    yao_label            name; /* for people; empty: none */
    yao_text             logo; /* its address; empty: none */
    const yao_catalogue *catalogue;
    bool                 cards;     /* cards are offered too */
    uint32_t             batch;     /* copies at once; below 2: one */
    bool                 attested;  /* key attestations are required, */
    unsigned key_storage;           /* of these levels (YAO_VCI_BASIC ...) */
    unsigned user_authentication;
    const yao_public_key *key;      /* requests may be encrypted to it; NULL:
                                       nothing is ever encrypted */
    yao_text             kid;       /* of that */
    bool                 encrypted; /* and must be */
} yao_vci_issuer;

/** Write it as JSON. */
void yao_vci_put_metadata(yao_writer *w, const yao_vci_issuer *issuer);

/** The same to be signed. */
typedef struct yao_vci_signed_wish {
    const yao_vci_issuer *issuer;
    yao_time              now;
    yao_time              expires;
    yao_sig_alg           alg;
    const yao_bytes      *chain; /* x5c, leaf first, without the root */
    size_t                chain_count;
} yao_vci_signed_wish;

/** Errors: YAO_E_USAGE no chain, alg, moments out of range; YAO_E_SPACE.
 *  Source: OpenID4VCI 1.0 section 12.2.3 */
YAO_MUST_USE yao_status yao_vci_make_metadata(yao_arena *arena,
                                              const yao_vci_signed_wish *wish,
                                              yao_vci_token             *ret);

/* ---- reading ------------------------------------------------------------ */

/** What a wallet needs. Endpoints that are not offered are empty. */
typedef struct yao_vci_metadata {
    yao_text issuer;
    yao_text name; /* the first display name; empty: none */
    yao_text servers[4]; /* authorization_servers; none: the issuer itself */
    size_t   server_count;
    yao_text credential_endpoint, nonce_endpoint, deferred_endpoint;
    yao_text notification_endpoint;
    size_t   batch; /* 1: one at a time */

    bool           request_encryption, request_required;
    yao_aead_alg   request_enc; /* A256GCM rather than A128GCM */
    yao_public_key request_key; /* the first that we can agree with */
    yao_text       request_kid;
    bool           response_encryption, response_required;
    yao_aead_alg   response_enc;

    const yao_json *configurations;
} yao_vci_metadata;

/**
 * Read metadata.
 *
 * In      issuer  whose they are to be, as in the offer
 * Out     ret     lives as long as ARENA and JSON
 * Errors  YAO_E_MISMATCH   credential_issuer is another one
 *         YAO_E_VALUE      an endpoint that a wallet does not speak with
 *         YAO_E_MISSING    no credential_endpoint, no configurations; an
 *                          encryption that is required without what it needs
 *         YAO_E_UNSUPPORTED  an encryption that is required, of another kind
 *         YAO_E_MALFORMED  a member of another type
 *         those of yao_json_parse(); YAO_E_SPACE
 * Source  OpenID4VCI 1.0 section 12.2.4; misuse N137
 */
YAO_MUST_USE yao_status yao_vci_read_metadata(yao_arena *arena, yao_bytes json,
                                              yao_text issuer, bool loopback,
                                              yao_vci_metadata *ret);

/** One configuration, as a wallet sees it. */
typedef struct yao_vci_offered {
    yao_text       id;
    yao_vci_format format;
    yao_text       scope;  /* empty: none */
    yao_text       type;   /* docType or vct */
    yao_text       profile, choice; /* of a card */
    yao_text       title;  /* the first display name; empty: none */
    bool           bound;  /* to a key: proofs are needed */
    bool           jwt, attestation; /* proof types that we can make */
    bool           attested; /* key attestations are required */
    unsigned       key_storage, user_authentication;
    const yao_json *json;
} yao_vci_offered;

/**
 * The configuration of an id.
 *
 * Errors  YAO_E_NOT_FOUND    there is none
 *         YAO_E_UNSUPPORTED  a format that we don't know; a binding or proof
 *                            that is none of ours
 *         YAO_E_MALFORMED    another shape; binding methods without proof
 *                            types, or the other way round
 *         YAO_E_MISSING      no doctype or vct
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_vci_find_offered(const yao_vci_metadata *metadata,
                                             yao_text id, yao_arena *arena,
                                             yao_vci_offered *ret);

/* ---- reading what is signed --------------------------------------------- */

typedef struct yao_vci_metadata_check {
    yao_jws             jws;
    yao_x509_path       path;
    yao_signature_check checks[YAO_MAX_CHAIN + 1]; /* for the home */
    size_t              check_count;
} yao_vci_metadata_check;

/**
 * Check signed metadata, but for the signatures.
 *
 * In      anchors  those of YAO_ROLE_ISSUER count
 * Out     ret      lives as long as ARENA and TOKEN; stays where it is
 * Errors  YAO_E_MISMATCH     another typ; sub is not ISSUER
 *         YAO_E_MISSING      no x5c, sub or iat
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID
 *         YAO_E_UNTRUSTED, YAO_E_PROFILE  as yao_x509_find_path()
 *         those of yao_jws_read()
 * Source  OpenID4VCI 1.0 section 12.2.3; HAIP 1.0 section 4.1; misuse N138
 */
YAO_MUST_USE yao_status yao_vci_begin_metadata(
    yao_arena *arena, yao_bytes token, yao_text issuer,
    const yao_anchor *anchors, size_t anchor_count, yao_time now,
    yao_vci_metadata_check *ret);

/** After the home has answered: the JSON for yao_vci_read_metadata().
 *  Errors: YAO_E_BAD_SIGNATURE, YAO_E_UNSUPPORTED, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_vci_conclude_metadata(
    const yao_vci_metadata_check *check, yao_bytes *ret);

#endif
