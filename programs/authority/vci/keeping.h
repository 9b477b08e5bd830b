/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_VCI_KEEPING_H
#define YAO_AUTHORITY_VCI_KEEPING_H

/**
 * What lies in the boxes: offers, requests, codes and tokens, as JSON. Private
 * to the authorization server.
 */

#include "authority/vci/grants.h"
#include "json/json.h"

/* of seal_hash(): (code, transaction code) */
enum { VCI_HASH_TX_CODE = 150 };

/** As JSON, and back. */
void vci_grant_write(yao_writer *w, const vci_grant *grant);
YAO_MUST_USE yao_status vci_grant_read(const yao_json *object, yao_arena *arena,
                                       vci_grant *ret);

/** Give each detail the identifiers that a wallet fetches by. */
YAO_MUST_USE yao_status vci_grant_name(vci_grant *grant, yao_arena *arena);

/** Exactly LEN bytes of a member in base64url. */
YAO_MUST_USE yao_status vci_get_base64(const yao_json *object, const char *name,
                                       yao_arena *arena, size_t len,
                                       uint8_t *out);

/** An offer, or an issuer_state, as it was kept. */
typedef struct vci_kept_offer {
    vci_grant grant;
    bool      person_known; /* else: whoever logs in */
    yao_time  expires;
    bool      tx_wanted;
    uint8_t   tx_hash[STORE_HASH_LEN];
    int64_t   tx_len;
    bool      tx_digits;
} vci_kept_offer;

/** From its JSON. Errors: YAO_E_MALFORMED, YAO_E_MISSING, YAO_E_SPACE, those
 *  of yao_json_parse(). */
YAO_MUST_USE yao_status vci_kept_offer_read(yao_bytes json, yao_arena *arena,
                                            vci_kept_offer *ret);

/** Is TX_CODE of the length and letters that were chosen? */
bool vci_tx_fits(const vci_kept_offer *offer, yao_text tx_code);
/** Could TX_CODE be one: 4 to 16 letters or digits, or none at all? */
bool vci_tx_good(yao_text tx_code);

/** A pushed request, and what becomes of it: a code. */
typedef struct vci_kept_request {
    yao_text  client_id;
    yao_text  redirect_uri;
    yao_text  state;     /* empty: none */
    yao_text  challenge; /* of PKCE */
    yao_text  scope;     /* empty: authorization_details was used */
    bool      bound;     /* to a DPoP key: */
    uint8_t   jkt[STORE_HASH_LEN];
    bool      person_known; /* by issuer_state: nobody else may say yes */
    vci_grant grant;
} vci_kept_request;

/** As JSON, and back. Errors as vci_kept_offer_read(). */
void vci_kept_request_write(yao_writer *w, const vci_kept_request *request);
/** Back. */
YAO_MUST_USE yao_status vci_kept_request_read(yao_bytes json, yao_arena *arena,
                                              vci_kept_request *ret);

/** What an access token, or a refresh token, stands for. */
typedef struct vci_kept_token {
    vci_grant grant;
    uint8_t   jkt[STORE_HASH_LEN];
    yao_time  expires; /* of this token */
    yao_time  ends;    /* of the whole family */
    yao_text  scope;
} vci_kept_token;

/** As JSON, and back. Errors as vci_kept_offer_read(). */
void vci_kept_token_write(yao_writer *w, const vci_kept_token *token);
/** Back. */
YAO_MUST_USE yao_status vci_kept_token_read(yao_bytes json, yao_arena *arena,
                                            vci_kept_token *ret);

/** What is kept of TX_CODE of the offer CODE. Errors: YAO_E_CRYPTO,
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status vci_tx_hash(const authority *a, yao_text code,
                                    yao_text tx_code, yao_arena *arena,
                                    uint8_t out[STORE_HASH_LEN]);

#endif
