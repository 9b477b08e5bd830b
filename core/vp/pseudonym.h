/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_PSEUDONYM_H
#define YAO_VP_PSEUDONYM_H

/**
 * A value by which one relying party knows a person again, and no two parties
 * can compare: HMAC of a secret that only the wallet has over who asks. It is
 * the holder's own word: no issuer signs it, and somebody who changes wallets
 * on purpose has another. docs/formats/pseudonym.md.
 *
 *     asked    an entry of verifier_info; who does not know it passes over it
 *     carried  a claim of a KB-JWT, so that it is bound to this request and to
 *              the key of an authentic document; an mdoc has no place for it,
 *              since ours are issued with nothing that their key may sign
 */

#include "json/json.h"
#include "yaopai/crypto.h"

/** Format of the entry, and name of the claim. */
#define YAO_VP_PSEUDONYM "urn:yaopai:pseudonym:1"

/** Letters of one: base64url of a SHA-256. */
#define YAO_VP_PSEUDONYM_LEN 43

/** Bytes of a wallet's secret. */
#define YAO_VP_PSEUDONYM_SECRET 32

/** Who asks: its registered code, which its certificates have in common; of who
 *  has none the whole client_id. */
typedef struct yao_vp_pseudonym_of {
    yao_text code;
    yao_text client_id; /* read when CODE is empty */
} yao_vp_pseudonym_of;

/**
 * Make the one for PARTY.
 *
 * Shape   base64url(HMAC-SHA-256(SECRET, "yaopai-pseudonym-1" 00 kind 00
 *         name)), kind "code" or "client_id"
 * Out     ret  YAO_VP_PSEUDONYM_LEN letters
 * Errors  YAO_E_USAGE  a secret of another length; neither code nor client_id
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's HMAC
 * Source  ours: RFC 2104; the kinds are apart so that nobody's client_id is
 *         another's code
 */
YAO_MUST_USE yao_status yao_vp_make_pseudonym(const yao_crypto *crypto,
                                              yao_bytes         secret,
                                              yao_vp_pseudonym_of party,
                                              uint8_t *ret);

/** Has TEXT the letters of one? */
bool yao_vp_is_pseudonym(yao_text text);

/** Write the entry of verifier_info; the claim, without a comma. */
void yao_vp_put_pseudonym_info(yao_writer *w);
void yao_vp_put_pseudonym(yao_writer *w, yao_text pseudonym);

/** Read it from the CLAIMS of a KB-JWT; what is not there, or is none, gives
 *  the empty text: it says nothing, and takes nothing from the document. */
void yao_vp_read_pseudonym(const yao_json *claims, yao_arena *arena,
                           yao_text *ret);

#endif
