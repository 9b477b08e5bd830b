/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_COSE_H
#define YAO_COSE_H

/**
 * COSE (RFC 9052) as mdoc and CWT need it: Sign1, Mac0, COSE_Key.
 *
 * Reading gives views; checking a signature gives a yao_signature_check that
 * the home answers. The algorithm stands in the protected header or nowhere;
 * a label in both headers, a repeated label, any `crit` are refused. External
 * data is always empty.
 *
 * Limits   YAO_MAX_CHAIN certificates, YAO_MAX_COSE_LABELS labels; header
 *          parameters other than those named here are skipped
 */

#include "cbor/cbor.h"
#include "crypto/algorithms.h"

#define YAO_COSE_TAG_SIGN1 18
#define YAO_COSE_TAG_MAC0  17

/** COSE_Sign1 or COSE_Mac0: the same four places. */
typedef struct yao_cose_message {
    yao_bytes protected_bytes; /* content of the bstr: what is signed */
    int64_t   alg;             /* COSE number; 0 when there was none */
    yao_bytes kid;             /* empty when absent */
    yao_text  type;            /* protected 16, when text; empty when absent */
    bool      has_format;      /* protected 16 was a number instead: */
    uint16_t  format;          /* a content-format of CoAP */
    yao_bytes chain[YAO_MAX_CHAIN]; /* x5chain, leaf first, DER */
    size_t    chain_count;
    bool      chain_protected; /* x5chain stood in the protected header */
    bool      detached;        /* payload is null */
    yao_bytes payload;
    yao_bytes signature;       /* or the tag of a Mac0 */
} yao_cose_message;

/**
 * Read a COSE_Sign1 or COSE_Mac0, tagged or not (both occur: RFC 9052
 * section 2; mdoc has none).
 *
 * Shape   [protected: bstr .cbor {1: alg, ?4: kid, ?16: typ, ?33: x5chain}
 *                     / '',
 *          unprotected: {?4: kid, ?33: x5chain, * int/tstr => any},
 *          payload: bstr / null, signature: bstr]
 *         with x5chain = bstr / [2* bstr], typ = tstr / uint .size 2
 *         An unprotected kid that is no bstr is none, and a typ outside of the
 *         protected header is skipped: both are hints that nobody signed.
 * In      tag   YAO_COSE_TAG_SIGN1 or _MAC0 when the tag must stand, 0 when
 *               it must not
 * Out     ret   views, written only when the reader has not failed
 * Errors  recorded in R: those of the reader; YAO_E_HEADER for alg outside of
 *         the protected header, a label twice, crit, an empty or too long
 *         x5chain, a typ of another shape; YAO_E_LIMIT for more than
 *         YAO_MAX_COSE_LABELS labels
 * Source  RFC 9052 sections 3, 4.2, 6.2; RFC 9360 section 2; RFC 9596
 */
void yao_cose_get_message(yao_cbor_reader *r, uint64_t tag,
                          yao_cose_message *ret);

/** As above, from bytes that hold nothing else. FOREIGN as in cbor.h. */
YAO_MUST_USE yao_status yao_cose_read_message(yao_bytes input, uint64_t tag,
                                              bool              foreign,
                                              yao_cose_message *ret);

/**
 * What a home must check so that the signature of a Sign1 is KEY's.
 *
 * In      external  the detached payload in parts (at most 4), when
 *                   message->detached; must be none otherwise
 * Out     ret       lives as long as ARENA and the message
 * Errors  YAO_E_ALGORITHM  not in the table, or not of KEY's curve
 *         YAO_E_MALFORMED  signature of another length
 *         YAO_E_USAGE      payload and external both or neither there
 *         YAO_E_SPACE      the arena is full (it needs about 40 bytes)
 * Source  RFC 9052 section 4.4: ["Signature1", protected, h'', payload]
 */
YAO_MUST_USE yao_status yao_cose_check_sign1(const yao_cose_message *message,
                                             const yao_public_key   *key,
                                             const yao_bytes        *external,
                                             size_t external_count,
                                             yao_arena           *arena,
                                             yao_signature_check *ret);

/**
 * Is the tag of a Mac0 that of KEY? HMAC 256/256 (alg 5) only.
 *
 * Errors  YAO_E_ALGORITHM      another algorithm
 *         YAO_E_BAD_SIGNATURE  it is not
 *         YAO_E_USAGE          as above, or KEY is empty
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home failed
 * Source  RFC 9052 section 6.3: ["MAC0", protected, h'', payload]
 */
YAO_MUST_USE yao_status yao_cose_verify_mac0(const yao_cose_message *message,
                                             yao_bytes key,
                                             const yao_bytes *external,
                                             size_t external_count,
                                             const yao_crypto *crypto);

/* ---- making --------------------------------------------------------- */

/** What stands in the headers of a message to be made. */
typedef struct yao_cose_headers {
    yao_sig_alg      alg;
    yao_bytes        kid;          /* protected; empty: none */
    const yao_bytes *chain;        /* x5chain, leaf first: unprotected */
    size_t           chain_count;
    bool             chain_protected; /* instead: in the protected header */
    yao_text         type;         /* protected 16; empty: none */
} yao_cose_headers;

/**
 * What must be signed for a Sign1, attached or detached: the caller has the
 * wish fulfilled and then writes the message with yao_cose_put_sign1().
 *
 * In      payload   parts, at most 4, living until the wish is fulfilled
 * Out     ret       lives as long as ARENA and the payload
 * Errors  YAO_E_USAGE  no algorithm, too many parts;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_cose_wish_sign1(const yao_cose_headers *headers,
                                            const yao_bytes *payload,
                                            size_t count, yao_arena *arena,
                                            yao_sign_wish *ret);

/** Write the message; PAYLOAD NULL: detached. A CWT has tag 18, which the
 *  caller puts before it. */
void yao_cose_put_sign1(yao_writer *w, const yao_cose_headers *headers,
                        const yao_bytes *payload, yao_bytes signature);

/** Write a Mac0 with detached payload (alg 5, empty unprotected header).
 *  Errors: those of the home, recorded in W as well. */
YAO_MUST_USE yao_status yao_cose_put_mac0(yao_writer *w, yao_bytes key,
                                          const yao_bytes *external,
                                          size_t external_count,
                                          const yao_crypto *crypto);

/* ---- keys ------------------------------------------------------------ */

/**
 * Read a COSE_Key that is a public EC2 key.
 *
 * Shape   {1: 2, -1: crv, -2: bstr, -3: bstr / bool, * label => any}
 * Errors  recorded in R: YAO_E_KEY for another type or curve, coordinates of
 *         another length than the curve's, a private part (-4), a missing or
 *         repeated parameter
 * Source  RFC 9053 section 7.1; whether the point is on the curve is for the
 *         home to say
 */
void yao_cose_get_key(yao_cbor_reader *r, yao_public_key *ret);

/** Write it: {1: 2, -1: crv, -2: x, -3: y}. KEY must be uncompressed. */
void yao_cose_put_key(yao_writer *w, const yao_public_key *key);

#endif
