/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_KIOSK_H
#define YAO_AUTHORITY_ENROL_KIOSK_H

/**
 * Kiosks: a pairing code that is shown once, then requests signed by a key that
 * the kiosk's page cannot export. Format: docs/formats/kiosk.md.
 */

#include "authority/enrol/enrol.h"
#include "net/server.h"

#define ENROL_PAIRING_SECONDS 600
#define ENROL_KIOSK_SKEW 60 /* seconds a kiosk's clock may differ */
#define ENROL_KIOSK_NONCE 16
#define ENROL_MAX_KIOSK_NAME 80

/**
 * Add a kiosk.
 *
 * Out     code  12 letters to be typed into its page within ten minutes; kept
 *               as a keyed hash only
 *         id    in the arena
 * Errors  YAO_E_VALUE  a name that is empty, too long or has control letters
 *         YAO_E_CRYPTO, YAO_E_SPACE, those of store_commit()
 */
YAO_MUST_USE yao_status enrol_add_kiosk(const enrol *e, yao_text name,
                                        yao_bytes *id, char code[12]);

/**
 * Pair the page that typed CODE and made KEY.
 *
 * Errors  YAO_E_NOT_FOUND  no kiosk waits for that code (any more)
 *         YAO_E_KEY        not a point on P-256
 *         those of store_commit()
 */
YAO_MUST_USE yao_status enrol_pair_kiosk(const enrol *e, yao_text code,
                                         const yao_public_key *key,
                                         yao_bytes            *id);

/** End it: the next request is refused, and its sessions are gone. Errors:
 *  YAO_E_NOT_FOUND; those of store_commit(). */
YAO_MUST_USE yao_status enrol_remove_kiosk(const enrol *e, yao_bytes id);

/**
 * Who signed this request?
 *
 * Out     ret  in the arena
 * Errors  YAO_E_MISSING         a header is not there
 *         YAO_E_DUPLICATE       one is there twice
 *         YAO_E_MALFORMED       one is not of its form
 *         YAO_E_EXPIRED, YAO_E_NOT_YET_VALID  the clocks differ too much
 *         YAO_E_UNTRUSTED       no such kiosk, not paired, or removed
 *         YAO_E_BAD_SIGNATURE   not by its key, or of another request
 *         YAO_E_EXISTS          the nonce was used
 *         YAO_E_CRYPTO, YAO_E_SPACE, those of the store: never a yes
 */
YAO_MUST_USE yao_status enrol_check_kiosk(const enrol       *e,
                                          const net_request *http,
                                          store_kiosk       *ret);

/** What is signed, into W: for tests, and for who writes a kiosk. */
typedef struct enrol_signed {
    yao_text  kiosk, method, path, query, time, nonce, session;
    yao_bytes body_hash; /* SHA-256 */
} enrol_signed;
void enrol_write_signed(yao_writer *w, const enrol_signed *what);

#endif
