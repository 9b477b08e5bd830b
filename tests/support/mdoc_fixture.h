/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_MDOC_FIXTURE_H
#define YAO_TEST_MDOC_FIXTURE_H

/**
 * An authority, a device and a reader with keys of their own, made when the
 * tests run: issues a SPECIMEN licence, shows it, judges what is shown, and
 * signs again what a test has changed, so that only that change is refused.
 *
 *     yao_bytes good = mdoc_fixture_signed();
 *     yao_bytes bad  = cbor_set(good, MDOC_MSO("docType"), cbor_of_text("x"));
 *     mdoc_judged j  = mdoc_fixture_judge(mdoc_fixture_resign(bad), NULL);
 *
 * Memory   keys and certificates live as long as the test program, everything
 *          else in test_arena()
 */

#include "cbor_edit.h"
#include "forge.h"
#include "mdoc/mdoc.h"

#define MDOC_NOW   FORGE_NOW
#define MDOC_TYPE  "org.iso.18013.5.1.mDL"
#define MDOC_SPACE "org.iso.18013.5.1"
#define MDOC_OURS  "org.yaopai.driving_licence.1"

/* Paths for cbor_edit.h inside a DeviceResponse; inside an IssuerSigned they
 * begin behind MDOC_IN. */
#define MDOC_DOC        "documents/0"
#define MDOC_IN         MDOC_DOC "/issuerSigned/"
#define MDOC_ITEMS      MDOC_IN "nameSpaces/" MDOC_SPACE
#define MDOC_AUTH       MDOC_IN "issuerAuth"
#define MDOC_MSO(field) MDOC_AUTH "/2/*/*/" field
#define MDOC_DEVICE     MDOC_DOC "/deviceSigned"

/** Whose key is which of forge_key(). */
enum { ROOT_KEY, SIGNER_KEY, DEVICE_KEY, READER_KEY, OTHER_KEY };

typedef struct mdoc_fixture {
    const yao_crypto *crypto;
    yao_openssl_key  *device_key, *reader_key;
    yao_bytes         root, signer; /* DER */
    yao_bytes         other_root;   /* of the same name, with another key */
    yao_anchor        anchor;       /* root, for every type */
} mdoc_fixture;

/** The one of this program; made when first asked for. */
const mdoc_fixture *mdoc_fixture_get(void);

/** What the licence is issued with: change it and call mdoc_fixture_issue.
 *  Eight elements, two namespaces, valid for 30 days around MDOC_NOW. */
yao_mdoc_issue_request mdoc_fixture_request(void);

/** IssuerSigned as the wallet keeps it. */
yao_bytes mdoc_fixture_issue(const yao_mdoc_issue_request *request);
yao_bytes mdoc_fixture_issued(void);

/** SessionTranscript of an OpenID4VP request with NONCE. */
yao_bytes mdoc_fixture_transcript(const char *nonce);

/** A DeviceResponse showing five elements of ISSUED over TRANSCRIPT, with a
 *  deviceSignature, or with a deviceMac. */
yao_bytes mdoc_fixture_show(yao_bytes issued, yao_bytes transcript, bool mac);

/** The same with all defaults: signature and MAC over the transcript of
 *  nonce "1". */
yao_bytes mdoc_fixture_signed(void);
yao_bytes mdoc_fixture_maced(void);

/** Two documents in one response. */
yao_bytes mdoc_fixture_pair(yao_bytes first, yao_bytes second);

/* ---- after a change: make the rest right again -------------------------- */

/** Compute the digests of all shown items of the first document anew. */
yao_bytes mdoc_fixture_redigest(yao_bytes response);

/** Sign issuerAuth of the first document, or of an IssuerSigned, anew: with
 *  the signer's key, or with KEY of forge_key(). */
yao_bytes mdoc_fixture_resign(yao_bytes message);
yao_bytes mdoc_fixture_resign_with(yao_bytes message, int key);

/** Sign deviceAuth of the first document anew over TRANSCRIPT with KEY. */
yao_bytes mdoc_fixture_resign_device(yao_bytes response, yao_bytes transcript,
                                     int key);

/* ---- judging ------------------------------------------------------------ */

typedef struct mdoc_judged {
    yao_status        parsed;
    yao_status        begun;
    size_t            document_count;
    yao_status        documents[YAO_MAX_DOCUMENTS]; /* of conclude */
    yao_mdoc_verified verified[YAO_MAX_DOCUMENTS];  /* where that is YAO_OK */
    yao_report        report;
} mdoc_judged;

/** What a verifier usually has: the anchor, MDOC_NOW, the transcript of
 *  nonce "1". */
yao_mdoc_verify_options mdoc_fixture_options(void);

/** Judge a DeviceResponse or IssuerSigned with all answers of the home, the
 *  reader's key included. OPTIONS NULL: the usual. */
mdoc_judged mdoc_fixture_judge(yao_bytes                      message,
                               const yao_mdoc_verify_options *options);

/** The row of CHECK for DOCUMENT; outcome UNKNOWN with why YAO_OK when there
 *  is none. */
yao_report_row mdoc_judged_row(const mdoc_judged *judged, size_t document,
                               yao_check check);

/** How many rows of DOCUMENT are FAIL or UNKNOWN. */
size_t mdoc_judged_bad(const mdoc_judged *judged, size_t document);

#endif
