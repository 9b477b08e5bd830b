/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_OFFER_H
#define YAO_VCI_OFFER_H

/**
 * The credential offer: by value in a link, or by reference behind one.
 *
 *     yao_vci_link link;
 *     YAO_TRY(yao_vci_read_link(&arena, scanned, loopback, &link));
 *     ... ask the person; by reference: fetch link.reference ...
 *     YAO_TRY(yao_vci_read_offer(&arena, link.value, loopback, &offer));
 *
 * Anybody can write one: an offer is a wish of a stranger until its issuer was
 * found on a trusted list and the person agreed.
 */

#include "vci/vci.h"

/** The code that the person types besides, which came another way. */
typedef struct yao_vci_tx_code {
    bool     wanted; /* also when nothing else is said of it */
    bool     text;   /* letters too; else digits */
    uint32_t length; /* 0: not said */
    yao_text description; /* for people; at most 300 letters */
} yao_vci_tx_code;

typedef struct yao_vci_offer {
    yao_text issuer;
    yao_text ids[YAO_VCI_MAX_OFFERED]; /* configurations, each once */
    size_t   id_count;

    bool     with_code; /* grant authorization_code */
    yao_text issuer_state;       /* empty: none */
    yao_text code_server;        /* authorization_server; empty: none */

    bool            with_pre_authorized;
    yao_text        pre_authorized_code;
    yao_vci_tx_code tx_code;
    yao_text        pre_authorized_server;
} yao_vci_offer;

/** Write the JSON. Errors recorded in W: YAO_E_USAGE for no issuer, no
 *  configuration or no grant. */
void yao_vci_put_offer(yao_writer *w, const yao_vci_offer *offer);

/** Write the link: SCHEME ("openid-credential-offer://") "?credential_offer="
 *  JSON, percent-encoded; or "?credential_offer_uri=" URI. */
void yao_vci_put_offer_link(yao_writer *w, const char *scheme, yao_bytes json);
void yao_vci_put_reference_link(yao_writer *w, const char *scheme,
                                yao_text uri);

/** A link that was scanned: one of the two is empty. */
typedef struct yao_vci_link {
    yao_bytes value;     /* the JSON */
    yao_text  reference; /* https, to be fetched when the person agreed: GET,
                            application/json, at most YAO_VCI_MAX_OFFER */
} yao_vci_link;

/**
 * Read a link.
 *
 * Shape   ("openid-credential-offer" / "haip-vci" / "https") "://" ... ("?" /
 *         "#") [other "&"] "credential_offer=" / "credential_offer_uri=" ...
 * Out     ret  lives as long as ARENA and LINK
 * Errors  YAO_E_MALFORMED  another scheme, a broken escape
 *         YAO_E_MISSING    neither parameter
 *         YAO_E_DUPLICATE  both, or one twice
 *         YAO_E_VALUE      the reference is no address that a wallet speaks
 *                          with
 *         YAO_E_LIMIT      longer than YAO_VCI_MAX_OFFER
 *         YAO_E_UTF8, YAO_E_SPACE
 * Source  OpenID4VCI 1.0 section 4.1; misuse N134, N135
 */
YAO_MUST_USE yao_status yao_vci_read_link(yao_arena *arena, yao_bytes link,
                                          bool loopback, yao_vci_link *ret);

/**
 * Read an offer.
 *
 * Out     ret  lives as long as ARENA and JSON
 * Errors  YAO_E_MALFORMED  another shape; an empty code; a tx_code of unknown
 *                          input_mode, or longer than 64
 *         YAO_E_MISSING    no issuer, no configuration, no grant that we know
 *         YAO_E_DUPLICATE  a configuration twice
 *         YAO_E_VALUE      an issuer that a wallet does not speak with
 *         YAO_E_LIMIT      longer than YAO_VCI_MAX_OFFER, or more
 *                          configurations than YAO_VCI_MAX_OFFERED
 *         those of yao_json_parse(); YAO_E_SPACE
 * Source  OpenID4VCI 1.0 section 4.1.1; misuse N132, N135
 */
YAO_MUST_USE yao_status yao_vci_read_offer(yao_arena *arena, yao_bytes json,
                                           bool           loopback,
                                           yao_vci_offer *ret);

#endif
