/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_PARTS_H
#define YAO_MDOC_PARTS_H

/**
 * What the files of this module share with each other and with their tests:
 * the structures inside a document, and the single steps of a verification.
 */

#include "mdoc/fields.h"
#include "mdoc/mdoc.h"

/** How a message is being read, and where its arrays go. */
typedef struct yao_mdoc_parser {
    yao_arena *arena;
    bool       strict; /* refuse heads that are not the shortest */
    bool       longer; /* one was met */
} yao_mdoc_parser;

/** A reader for INPUT as P wants it, and its end: a failure or left-over bytes
 *  of INNER become R's. */
yao_cbor_reader yao_mdoc_open(const yao_mdoc_parser *p, yao_bytes input);
void yao_mdoc_leave(yao_mdoc_parser *p, yao_cbor_reader *r,
                    const yao_cbor_reader *inner);

/** How long the head of a CBOR item is that says NUMBER (RFC 8949 section 3):
 *  to write the length of what follows without moving it. */
static inline size_t yao_mdoc_head_len(uint64_t number)
{
    if (number < 24)
        return 1;
    if (number <= UINT8_MAX)
        return 2;
    if (number <= UINT16_MAX)
        return 3;

    return number <= UINT32_MAX ? 5 : 9;
}

/* ---- validity.c --------------------------------------------------------- */

/**
 * Read a ValidityInfo map.
 *
 * Shape   {"signed": tdate, "validFrom": tdate, "validUntil": tdate,
 *          ? "expectedUpdate": tdate}, other keys are skipped
 * Out     ret  written only when R has not failed
 * Errors  recorded in R: YAO_E_MALFORMED  a missing date, or a bad one
 *         YAO_E_DUPLICATE  a key twice; those of the reader
 * Source  ISO/IEC 18013-5:2021 9.1.2.4
 */
void yao_mdoc_get_validity(yao_cbor_reader *r, yao_mdoc_validity *ret);

/**
 * May the document be accepted at NOW?
 *
 * In      now   0..YAO_TIME_MAX;  skew  seconds to forgive, 0..86400
 * Errors  YAO_E_USAGE          now or skew is outside its range
 *         YAO_E_VALUE          valid_from before signed_at, or valid_until
 *                              not after valid_from
 *         YAO_E_NOT_YET_VALID  now + skew < valid_from
 *         YAO_E_EXPIRED        now - skew > valid_until
 * Source  ISO/IEC 18013-5:2021 9.3.1, 9.1.2.4
 */
YAO_MUST_USE yao_status yao_mdoc_check_validity(const yao_mdoc_validity *v,
                                                yao_time now, yao_time skew);

/* ---- mso.c -------------------------------------------------------------- */

/** Read a MobileSecurityObject (standards: ISO/IEC 18013-5:2021 9.1.2.4).
 *  Errors are recorded in R: those of yao_mdoc_parse_response(). */
void yao_mdoc_get_mso(yao_mdoc_parser *p, yao_cbor_reader *r,
                      yao_mdoc_mso *ret);

/* ---- digests.c ---------------------------------------------------------- */

/**
 * Is every shown item what the issuer signed?
 *
 * Errors  YAO_E_VALUE       a `random` below 16 bytes
 *         YAO_E_MISSING     no digest of that id in that namespace
 *         YAO_E_BAD_DIGEST  another digest, or one of another length
 *         YAO_E_UNSUPPORTED, YAO_E_CRYPTO  the home failed
 * Source  ISO/IEC 18013-5:2021 9.3.1 step 3, 9.1.2.5
 * Cost    one hash an item, a binary search each
 */
YAO_MUST_USE yao_status yao_mdoc_check_digests(
    const yao_mdoc_issuer_signed *issuer, const yao_crypto *crypto);

/* ---- device.c ----------------------------------------------------------- */

/** Is CBOR a keyAuthorizations map? Errors as the reader, recorded in R. */
void yao_mdoc_get_authorisations(yao_cbor_reader *r, yao_bytes *ret);

/**
 * Was the device allowed to say what it said?
 *
 * Errors  YAO_E_NOT_AUTHORISED  an element outside keyAuthorizations
 *         YAO_E_DUPLICATE       an element that the issuer signed too
 * Source  ISO/IEC 18013-5:2021 9.1.2.4, 9.1.3.4
 */
YAO_MUST_USE yao_status yao_mdoc_check_device_elements(
    const yao_mdoc_document *document);

/**
 * What the device signs: DeviceAuthenticationBytes, in four parts so that
 * nothing is copied.
 *
 * Shape   #6.24(bstr .cbor ["DeviceAuthentication", SessionTranscript, DocType,
 *         DeviceNameSpacesBytes])
 * Out     parts  live as long as ARENA and the arguments
 * Errors  YAO_E_SPACE
 * Source  ISO/IEC 18013-5:2021 9.1.3.4
 */
YAO_MUST_USE yao_status yao_mdoc_device_authentication(
    yao_arena *arena, yao_bytes transcript, yao_text doc_type,
    yao_bytes device_spaces, yao_bytes parts[4]);

#endif
