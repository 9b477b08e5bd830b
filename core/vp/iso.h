/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VP_ISO_H
#define YAO_VP_ISO_H

/**
 * mdocs through the browser's Digital Credentials API, protocol
 * "org-iso-mdoc" (ISO/IEC TS 18013-7 annex C): a DeviceRequest and a key to
 * seal to; the DeviceResponse sealed to it by HPKE.
 *
 *   verifier: put_info -> transcript -> DeviceRequest (mdoc/request.h signs it
 *             over the transcript) -> put_request
 *   wallet:   read -> who asks (yao_mdoc_begin_readers() over its transcript)
 *             -> DeviceResponse over the same -> seal -> put_answer
 *   verifier: read_answer -> open -> yao_verify() with the transcript
 *
 * Everything is bound to the page: its origin, as the browser tells it, is in
 * the transcript, which is what HPKE's info is.
 */

#include "crypto/hpke.h"
#include "mdoc/request.h"
#include "vp/vp.h"

#define YAO_VP_ISO "org-iso-mdoc"

/* Bytes of a nonce: 128 bits at least. */
#define YAO_VP_ISO_NONCE 16

/** A request as a wallet reads it. */
typedef struct yao_vp_iso {
    yao_mdoc_request request;
    yao_public_key   recipient;  /* to seal to; on P-256 */
    yao_bytes        nonce;
    yao_bytes        transcript; /* SessionTranscript, the array */
} yao_vp_iso;

/**
 * Read what a page asks.
 *
 * Shape   {"deviceRequest": base64url, "encryptionInfo": base64url of
 *          ["dcapi", {"nonce": bstr, "recipientPublicKey": COSE_Key}]}
 * In      origin  of the page, as the browser says
 * Out     ret     lives as long as ARENA and DATA
 * Errors  YAO_E_USAGE    no origin
 *         YAO_E_MISSING  a member that must be there is not
 *         YAO_E_MALFORMED  another shape;  YAO_E_DUPLICATE  a key twice
 *         YAO_E_VALUE    a nonce shorter than YAO_VP_ISO_NONCE
 *         YAO_E_KEY      a key of another kind;  YAO_E_BASE64
 *         those of yao_json_parse(), the CBOR reader, yao_mdoc_parse_request();
 *         YAO_E_SPACE, YAO_E_CRYPTO
 * Source  ISO/IEC TS 18013-7 annex C
 */
YAO_MUST_USE yao_status yao_vp_read_iso(yao_arena        *arena,
                                        const yao_crypto *crypto,
                                        yao_bytes data, yao_text origin,
                                        yao_vp_iso *ret);

/** Write EncryptionInfo in base64url, as it stands in the request. Errors
 *  recorded in W: YAO_E_USAGE (a short nonce, a key that is not uncompressed on
 *  P-256). */
void yao_vp_put_iso_info(yao_writer *w, yao_bytes nonce,
                         const yao_public_key *recipient);

/** The transcript of a request with INFO (letters of put_info) by the page
 *  ORIGIN. Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_vp_iso_transcript(yao_arena        *arena,
                                              const yao_crypto *crypto,
                                              yao_text info, yao_text origin,
                                              yao_bytes *ret);

/** Write the request, for navigator.credentials.get(). */
void yao_vp_put_iso_request(yao_writer *w, yao_text info,
                            yao_bytes device_request);

/** A DeviceResponse between the agreement and what the cipher gives. */
typedef struct yao_vp_iso_sealing {
    yao_aead_wish  wish; /* fulfil this, then yao_hpke_wipe() the keys */
    yao_public_key ephemeral;
    yao_hpke_keys  keys; /* secret; the wish points to them: it stays where it
                            is */
} yao_vp_iso_sealing;

/**
 * Seal RESPONSE for who asked.
 *
 * In      ret->ephemeral  public part of a key made for this message alone
 *         shared          its agreement with iso->recipient; secret
 * Errors  YAO_E_USAGE  nothing to seal;  those of yao_hpke_derive()
 */
YAO_MUST_USE yao_status yao_vp_seal_iso(const yao_crypto *crypto,
                                        const yao_vp_iso *iso,
                                        yao_bytes shared, yao_bytes response,
                                        yao_vp_iso_sealing *ret);

/** Write the answer {"response": base64url of ["dcapi", {"enc": bstr,
 *  "cipherText": bstr}]} around what the host SEALED. */
void yao_vp_put_iso_answer(yao_writer *w, const yao_vp_iso_sealing *sealing,
                           yao_bytes sealed);

typedef struct yao_vp_iso_answer {
    yao_public_key ephemeral; /* agree with this */
    yao_bytes      sealed;
} yao_vp_iso_answer;

/** Read it, "Response" as well. Errors: YAO_E_MISSING, YAO_E_MALFORMED,
 *  YAO_E_DUPLICATE, YAO_E_KEY, YAO_E_BASE64, those of yao_json_parse() and
 *  the CBOR reader, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_vp_read_iso_answer(yao_arena *arena, yao_bytes data,
                                               yao_vp_iso_answer *ret);

/**
 * How it is opened; the plain text is a DeviceResponse.
 *
 * In      recipient   the key of the request;  shared: its agreement with
 *                     answer->ephemeral
 *         transcript  of the request, with the origin of the page that handed
 *                     it over
 * Errors  those of yao_hpke_derive()
 */
YAO_MUST_USE yao_status yao_vp_open_iso(const yao_crypto        *crypto,
                                        const yao_vp_iso_answer *answer,
                                        const yao_public_key    *recipient,
                                        yao_bytes transcript, yao_bytes shared,
                                        yao_vp_iso_sealing *ret);

#endif
