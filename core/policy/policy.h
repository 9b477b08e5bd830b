/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_POLICY_H
#define YAO_POLICY_H

/**
 * The one place where a verdict is made.
 *
 * The modules that verify write rows into a report; here a table per format
 * says which checks are required and what may have come of each. A required
 * check without a row was not made, and is never an ACCEPT.
 *
 * Files: verdict.c (tables, verdict), verify.c (yaopai/verify.h),
 * attributes.c (what an authentic document says), status.c (what became of
 * it), sdjwt.c, card.c (SD-JWTs, cards), value.c (values as JSON), format.c.
 */

#include "card/card.h"
#include "document/document.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"
#include "yaopai/verify.h"

/** What a verdict depends on besides the rows. */
typedef struct yao_policy_case {
    yao_format format;
    size_t     document_count;
    bool       bound;      /* a holder was asked for */
    bool       profiled;   /* a request profile must be satisfied */
    bool       offline;    /* an mdoc that was shown in codes */
} yao_policy_case;

/**
 * The verdict over DOCUMENT, or with -1 over the whole message.
 *
 * REJECT when any row failed; INDETERMINATE when a required check is missing
 * or could not be made, or rows were lost; else ACCEPT. A message without
 * documents is never accepted.
 */
yao_verdict yao_policy_verdict(const yao_report *report, yao_policy_case of,
                               int32_t document);

/** Are issuer, digests and (where asked for) holder of DOCUMENT all good,
 *  whatever its dates, status and profile? */
bool yao_policy_authentic(const yao_report *report, yao_policy_case of,
                          int32_t document);

/** Which format are these bytes? UNKNOWN when they are none of ours. */
yao_format yao_policy_format(yao_bytes input);

/**
 * Write the row STATUS of document INDEX, and its state with its age.
 *
 * In      options   the lists at hand, NOW, how old one may be, and whether a
 *                   suspended document will do
 *         anchor    DER of the root of the document's signer; of a bare key
 *                   its point
 *         document  type, status_uri and status_index, all of them verified;
 *                   one that names no list gets no row here
 * Source  draft-ietf-oauth-status-list-20 8.3; ISO/IEC 18013-5 12.8; the age:
 *         DESIGN.md, one verdict
 */
void yao_policy_check_status(const yao_verify_options *options,
                             yao_bytes anchor, int32_t index,
                             yao_result_document *document, yao_report *report);

/** The attributes of an mdoc, of an SD-JWT's processed payload. */
YAO_MUST_USE yao_status yao_policy_mdoc_attributes(yao_arena *arena,
                                                   const yao_mdoc_verified *from,
                                                   yao_result_document *ret);
YAO_MUST_USE yao_status yao_policy_sdjwt_attributes(yao_arena      *arena,
                                                    const yao_json *payload,
                                                    yao_result_document *ret);

/** What a judgement read, for who looks at more than attributes: an SD-JWT with
 *  its processed payload, or an mdoc. What is not there is NULL. Nothing of it
 *  is more than somebody's word before yao_verify_finish() has accepted it. */
typedef struct yao_policy_input {
    const yao_sdjwt_unverified *sdjwt;
    const yao_json             *payload;
    const yao_mdoc_unverified  *mdoc;
} yao_policy_input;
yao_policy_input yao_policy_input_of(const yao_verification *v);

/* ---- SD-JWTs (sdjwt.c) -------------------------------------------------- */

/** An SD-JWT being judged. It stays where it is. */
typedef struct yao_policy_sdjwt {
    yao_sdjwt_unverified   input;
    yao_sdjwt_verification check;
} yao_policy_sdjwt;

/**
 * Read and begin.
 *
 * Out     format  becomes SDJWT for a token that calls itself another type
 *                 where the caller left the format open
 * Errors  as yao_verify_begin(). A home without SD-JWT links another file in
 *         place of sdjwt.c, which says that it is unsupported
 */
YAO_MUST_USE yao_status yao_policy_begin_sdjwt(yao_arena        *arena,
                                               const yao_crypto *crypto,
                                               yao_bytes         input,
                                               const yao_verify_options *options,
                                               yao_format       *format,
                                               yao_policy_sdjwt *ret,
                                               yao_report       *report);

/**
 * Conclude, and say what the token says.
 *
 * Out     ret     its type and attributes, when nothing failed
 * Errors  YAO_E_SPACE;  YAO_E_MISSING  nothing is said: the report says why
 */
YAO_MUST_USE yao_status yao_policy_finish_sdjwt(yao_arena        *arena,
                                                yao_policy_sdjwt *sdjwt,
                                                const yao_verify_options *options,
                                                yao_result_document *ret,
                                                yao_report          *report);

/* ---- cards (card.c) ----------------------------------------------------- */

/** A card being judged. */
typedef struct yao_policy_card {
    yao_card_unverified   input;
    yao_card_verification check;
} yao_policy_card;

/** Must somebody look who it is that hands over paper? */
bool yao_policy_wants_holder(const yao_verify_options *options);

/** Read and begin. Errors as yao_verify_begin(). */
YAO_MUST_USE yao_status yao_policy_begin_card(yao_arena        *arena,
                                              const yao_crypto *crypto,
                                              yao_bytes         input,
                                              const yao_verify_options *options,
                                              bool             printed,
                                              yao_policy_card *ret,
                                              yao_report      *report);

/**
 * Conclude, and say what the card says.
 *
 * Out     ret     its type and attributes, when nothing failed
 * Errors  YAO_E_SPACE;  YAO_E_MISSING  nothing is said: the report says why
 */
YAO_MUST_USE yao_status yao_policy_finish_card(yao_arena       *arena,
                                               yao_policy_card *card,
                                               const yao_verify_options *options,
                                               yao_result_document *ret,
                                               yao_report          *report);

/** An mdoc that was shown in codes, opened. */
typedef struct yao_policy_offline {
    yao_bytes       response;   /* DeviceResponse, a view */
    yao_bytes       transcript; /* what it must have been signed over */
    yao_card_moment moment;
} yao_policy_offline;

/**
 * Open a shown mdoc: an array around a DeviceResponse that says its step.
 *
 * Out     ret     transcript in ARENA
 *         report  row CARD_CHALLENGE
 * Errors  2xx no shown mdoc;  YAO_E_SPACE, YAO_E_CRYPTO
 *         YAO_E_USAGE  the challenge is none
 */
YAO_MUST_USE yao_status yao_policy_open_mdoc(yao_arena        *arena,
                                             const yao_crypto *crypto,
                                             yao_bytes         input,
                                             const yao_verify_options *options,
                                             yao_policy_offline *ret,
                                             yao_report         *report);

/** Of an mdoc that was shown in codes, as of a card: sensitive elements want a
 *  challenge. Adds to REPORT a CARD_CHALLENGE of DOCUMENT INDEX that fails. */
void yao_policy_check_open(const yao_verify_options *options, int32_t index,
                           const yao_result_document *document,
                           yao_report                *report);

#endif
