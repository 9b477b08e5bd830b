/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VCI_NONCE_H
#define YAO_VCI_NONCE_H

/**
 * The c_nonce: random, and so authenticated that the issuer keeps none. It is
 * remembered when it was used, until it is over (an issuer's claim in the same
 * transaction as what it was used for): asking for nonces costs no storage, and
 * no nonce is used twice.
 *
 * Shape   base64url(random 16 || end, seconds 4 || HMAC-SHA-256/128)
 */

#include "vci/vci.h"

#define YAO_VCI_NONCE_RANDOM 16
#define YAO_VCI_NONCE_LEN    48 /* letters */

/**
 * Make one.
 *
 * In      key     32 secret bytes
 *         random  YAO_VCI_NONCE_RANDOM bytes
 *         end     the first second at which it is over; before 2106
 * Errors  YAO_E_USAGE  another length, another range
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 */
YAO_MUST_USE yao_status yao_vci_make_nonce(const yao_crypto *crypto,
                                           yao_bytes key, yao_bytes random,
                                           yao_time end,
                                           uint8_t  out[YAO_VCI_NONCE_LEN]);

/** A nonce of ours that is not over. */
typedef struct yao_vci_nonce {
    uint8_t  random[YAO_VCI_NONCE_RANDOM]; /* what it is remembered by */
    yao_time end;
} yao_vci_nonce;

/**
 * Is TEXT one of ours, at NOW?
 *
 * Errors  YAO_E_REFUSED  it is none of ours
 *         YAO_E_EXPIRED  it was
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 */
YAO_MUST_USE yao_status yao_vci_check_nonce(const yao_crypto *crypto,
                                            yao_bytes key, yao_text text,
                                            yao_time now, yao_vci_nonce *ret);

/** The answer of the nonce endpoint: {"c_nonce": ...}; and reading it.
 *  Errors  YAO_E_MISSING, YAO_E_MALFORMED  no c_nonce, an empty one, one above
 *          1,024 letters;  those of yao_json_parse(); YAO_E_SPACE */
void yao_vci_put_nonce(yao_writer *w, yao_text nonce);
YAO_MUST_USE yao_status yao_vci_read_nonce(yao_arena *arena, yao_bytes body,
                                           yao_text *ret);

#endif
