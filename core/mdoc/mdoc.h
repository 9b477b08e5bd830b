/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_H
#define YAO_MDOC_H

/**
 * ISO/IEC 18013-5 documents: reading, checking, issuing, showing.
 *
 * What was parsed is a yao_mdoc_unverified; only yao_mdoc_conclude() makes a
 * yao_mdoc_verified of it, and only that has elements with a meaning. Digests
 * and signatures are always over the received bytes.
 *
 *   bytes --parse--> unverified --begin--> checks, agreements (for the home)
 *         --conclude--> verified + rows in the report
 *
 * Files: parse.c (DeviceResponse, IssuerSigned), mso.c, validity.c, fields.c
 * (maps with text keys), verify.c (begin), conclude.c, digests.c, device.c,
 * transcript.c (every SessionTranscript), issue.c, present.c.
 */

#include "cose/cose.h"
#include "x509/x509.h"
#include "yaopai/report.h"

/* ---- parsed ------------------------------------------------------------- */

typedef struct yao_mdoc_validity {
    yao_time signed_at;
    yao_time valid_from;      /* accepted at this second */
    yao_time valid_until;     /* and up to and including this one */
    yao_time expected_update; /* YAO_TIME_NONE when the issuer gave none */
} yao_mdoc_validity;

/** One IssuerSignedItem, as shown. */
typedef struct yao_mdoc_item {
    yao_text  name_space;
    yao_text  element;
    yao_bytes value;     /* CBOR of the elementValue */
    uint64_t  digest_id;
    yao_bytes random;
    yao_bytes whole;     /* IssuerSignedItemBytes, from the tag on */
} yao_mdoc_item;

typedef struct yao_mdoc_status {
    bool      present;
    bool      unknown;    /* only mechanisms we do not know */
    yao_text  uri;        /* of status_list; empty when absent */
    uint64_t  index;
    yao_bytes certificate;
} yao_mdoc_status;

/** One entry of valueDigests. */
typedef struct yao_mdoc_digest {
    uint64_t  id;
    yao_bytes value;
} yao_mdoc_digest;

/** The digests of one namespace, in the order of their ids. */
typedef struct yao_mdoc_digest_space {
    yao_text         name;
    yao_mdoc_digest *digests; /* in the arena */
    size_t           count;
} yao_mdoc_digest_space;

/** The MobileSecurityObject. */
typedef struct yao_mdoc_mso {
    yao_hash_alg      digest_alg;
    yao_text          doc_type;
    yao_public_key    device_key;
    yao_mdoc_validity validity;
    yao_bytes         value_digests;    /* CBOR map, as received */
    yao_mdoc_digest_space *spaces;      /* the same, to be looked up */
    size_t            space_count;
    yao_bytes         authorisations;   /* keyAuthorizations, or empty */
    yao_mdoc_status   status;
} yao_mdoc_mso;

typedef struct yao_mdoc_issuer_signed {
    yao_mdoc_item   *items; /* in the arena */
    size_t           item_count;
    yao_cose_message auth;
    yao_bytes        auth_whole; /* issuerAuth as received */
    yao_mdoc_mso     mso;
} yao_mdoc_issuer_signed;

typedef enum yao_mdoc_device_auth {
    YAO_MDOC_AUTH_NONE = 0,
    YAO_MDOC_AUTH_SIGNATURE,
    YAO_MDOC_AUTH_MAC
} yao_mdoc_device_auth;

/** One document of a DeviceResponse, or an IssuerSigned alone
 *  (device_auth NONE, doc_type that of its MSO). */
typedef struct yao_mdoc_document {
    yao_text               doc_type;
    yao_mdoc_issuer_signed issuer;
    yao_mdoc_device_auth   device_auth;
    yao_cose_message       device;
    yao_bytes              device_spaces;  /* DeviceNameSpacesBytes, whole */
    yao_mdoc_item         *device_items;   /* digest_id, random, whole unused */
    size_t                 device_item_count;
} yao_mdoc_document;

typedef struct yao_mdoc_unverified {
    yao_mdoc_document *documents;   /* in the arena */
    size_t             document_count;
    uint64_t           status;      /* of a DeviceResponse */
    bool               issuer_only; /* was an IssuerSigned */
    bool               longer;      /* heads that are not the shortest, or
                                       digestIDs of 2^31 and above */
} yao_mdoc_unverified;

/**
 * Parse a DeviceResponse, or an IssuerSigned.
 *
 * Shape   standards: ISO/IEC 18013-5 8.3.2.1.2.2, 9.1.2.4
 * In      strict  refuse heads that are not the shortest
 * Out     ret     views into INPUT, arrays in ARENA
 * Errors  YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_TRAILING, YAO_E_UTF8,
 *         YAO_E_NOT_SHORTEST, YAO_E_LIMIT   as the CBOR reader
 *         YAO_E_DUPLICATE  a key, namespace, digestID or element twice
 *         YAO_E_HEADER     as cose.h;  YAO_E_KEY  device key
 *         YAO_E_ALGORITHM  digestAlgorithm outside the table
 *         YAO_E_SPACE      the arena is full
 */
YAO_MUST_USE yao_status yao_mdoc_parse_response(yao_arena *arena,
                                                yao_bytes input, bool strict,
                                                yao_mdoc_unverified *ret);
YAO_MUST_USE yao_status yao_mdoc_parse_issuer_signed(yao_arena *arena,
                                                     yao_bytes  input,
                                                     bool       strict,
                                                     yao_mdoc_unverified *ret);

/* ---- checking ----------------------------------------------------------- */

typedef struct yao_mdoc_verify_options {
    const yao_anchor *anchors;
    size_t            anchor_count;
    yao_time          now;
    yao_time          skew;       /* seconds, 0..86400 */
    bool              strict;
    yao_bytes         transcript; /* SessionTranscript, the array; empty when
                                     the caller has none */
    bool              bound;      /* a holder is asked for: an IssuerSigned
                                     alone, which anybody may have copied, is
                                     refused */
} yao_mdoc_verify_options;

/** A verification that waits for its home: fulfil `checks` (crypto->verify)
 *  and `agreements` (answers into `secrets`), then conclude. */
typedef struct yao_mdoc_verification {
    const yao_mdoc_unverified *input;
    yao_mdoc_verify_options    options;
    yao_signature_check       *checks; /* in the arena */
    size_t                     check_count;
    /* one for each deviceMac; the home sets `answered` and `secret`, wipes
     * are done by conclude */
    struct yao_mdoc_agreement {
        yao_agree_wish wish;
        size_t         document;
        bool           answered;
        uint8_t        secret[48];
        size_t         secret_len;
    } *agreements;
    size_t           agreement_count;
    yao_x509_path   *paths;        /* one for each document */
    void            *internal;     /* verify.c's own notes, in the arena */
} yao_mdoc_verification;

/**
 * Make every check that needs no signature, and say which signatures are
 * needed, in the order of ISO/IEC 18013-5:2021 9.3.
 *
 * Out     ret     lives as long as ARENA and INPUT
 *         report  rows for what was found so far
 * Errors  YAO_E_USAGE  time or skew outside its range;  YAO_E_SPACE
 *         YAO_E_CRYPTO the home's hash failed
 *         A document that fails a check is no error: that is in the report.
 */
YAO_MUST_USE yao_status yao_mdoc_begin(yao_arena        *arena,
                                       const yao_crypto *crypto,
                                       const yao_mdoc_unverified     *input,
                                       const yao_mdoc_verify_options *options,
                                       yao_mdoc_verification         *ret,
                                       yao_report                    *report);

/** What a checked document says. Made by conclude only. */
typedef struct yao_mdoc_verified {
    yao_text              doc_type;
    const yao_mdoc_item  *items;        /* issuer-signed */
    size_t                item_count;
    const yao_mdoc_item  *device_items; /* said by the device, never merged */
    size_t                device_item_count;
    yao_mdoc_validity     validity;
    yao_mdoc_status       status;
    const yao_certificate *signer;
    yao_public_key        device_key;
} yao_mdoc_verified;

/**
 * Draw the conclusion from the home's answers.
 *
 * Out     ret     for DOCUMENT (index), only on YAO_OK, that is when its every
 *                 row so far is PASS, NOTE or ABSENT
 *         report  the remaining rows, once for all documents: the first call
 *                 adds them
 * Errors  the first failure's status; YAO_E_UNSUPPORTED or YAO_E_CRYPTO when
 *         the home could not answer
 */
YAO_MUST_USE yao_status yao_mdoc_conclude(yao_mdoc_verification *v,
                                          const yao_crypto      *crypto,
                                          size_t                 document,
                                          yao_mdoc_verified     *ret,
                                          yao_report            *report);

/* ---- SessionTranscript: [DeviceEngagementBytes / null, EReaderKeyBytes /
 * null, Handover] for every way of showing ---- */

void yao_mdoc_put_transcript_qr(yao_writer *w, yao_bytes engagement_bytes,
                                yao_bytes reader_key_bytes);
void yao_mdoc_put_transcript_nfc(yao_writer *w, yao_bytes engagement_bytes,
                                 yao_bytes reader_key_bytes, yao_bytes select,
                                 yao_bytes request); /* empty: static */
/** ISO/IEC TS 18013-7 annex A. */
YAO_MUST_USE yao_status yao_mdoc_put_transcript_web(
    yao_writer *w, const yao_crypto *crypto, yao_bytes engagement_bytes,
    yao_bytes reader_key_bytes, yao_bytes reader_engagement_bytes);
/** OpenID4VP 1.0 by redirect; THUMBPRINT of the encryption key, or empty. */
YAO_MUST_USE yao_status yao_mdoc_put_transcript_openid4vp(
    yao_writer *w, const yao_crypto *crypto, yao_text client_id, yao_text nonce,
    yao_bytes thumbprint, yao_text response_uri);
/** OpenID4VP 1.0 over the Digital Credentials API. */
YAO_MUST_USE yao_status yao_mdoc_put_transcript_dcapi(
    yao_writer *w, const yao_crypto *crypto, yao_text origin, yao_text nonce,
    yao_bytes thumbprint);
/** TS 18013-7 annex B (draft 18 of OpenID4VP). */
YAO_MUST_USE yao_status yao_mdoc_put_transcript_annex_b(
    yao_writer *w, const yao_crypto *crypto, yao_text client_id,
    yao_text response_uri, yao_text nonce, yao_text mdoc_nonce);
/** TS 18013-7 annex C, org-iso-mdoc. */
YAO_MUST_USE yao_status yao_mdoc_put_transcript_annex_c(
    yao_writer *w, const yao_crypto *crypto, yao_text encryption_info,
    yao_text origin);
/** Shown in codes, with no network: over a step of time or, when CHALLENGE_HASH
 *  is not empty, over what a checker showed. docs/formats/card.md section 5. */
void yao_mdoc_put_transcript_offline(yao_writer *w, uint64_t step,
                                     yao_bytes challenge_hash);

/* ---- issuing ------------------------------------------------------------ */

/** One element to be signed; VALUE is deterministic CBOR. Elements of one
 *  namespace stand together. */
typedef struct yao_mdoc_element {
    yao_text  name_space;
    yao_text  element;
    yao_bytes value;
} yao_mdoc_element;

typedef struct yao_mdoc_issue_request {
    yao_text                doc_type;
    const yao_mdoc_element *elements;
    size_t                  element_count;
    yao_public_key          device_key;
    yao_mdoc_validity       validity;
    yao_text                status_uri;   /* empty: no status */
    uint64_t                status_index;
    yao_sig_alg             alg;          /* of the signer */
    const yao_bytes        *chain;        /* signer's x5chain, without root */
    size_t                  chain_count;
} yao_mdoc_issue_request;

/** What lies between the wish and the finished document. */
typedef struct yao_mdoc_issuing {
    yao_mdoc_issue_request request;
    yao_sign_wish          wish;        /* fulfil this */
    yao_bytes              name_spaces; /* CBOR, written */
    yao_bytes              payload;     /* MobileSecurityObjectBytes */
} yao_mdoc_issuing;

/**
 * Build items, digests and MSO.
 *
 * In      entropy  36 bytes an element: 32 for `random`, and 4 for the shuffle
 *                  of digestIDs
 * Out     ret      lives as long as ARENA and the request
 * Errors  YAO_E_USAGE     no elements, an element without value, a namespace
 *                         in two places, no docType, no chain, no algorithm,
 *                         a device key that is not uncompressed, dates outside
 *                         their range or out of order
 *         YAO_E_DUPLICATE an element twice
 *         YAO_E_LIMIT     too many elements, namespaces or certificates
 *         YAO_E_ENTROPY, YAO_E_SPACE
 *         YAO_E_CRYPTO, YAO_E_UNSUPPORTED  the home's hash
 * Cost    one hash an element and one signature
 */
YAO_MUST_USE yao_status yao_mdoc_issue(yao_arena        *arena,
                                       const yao_crypto *crypto,
                                       const yao_mdoc_issue_request *request,
                                       yao_entropy                  *entropy,
                                       yao_mdoc_issuing             *ret);

/** Write the IssuerSigned with the signature that came. */
YAO_MUST_USE yao_status yao_mdoc_put_issued(yao_writer             *w,
                                            const yao_mdoc_issuing *issuing,
                                            yao_bytes               signature);

/* ---- showing ------------------------------------------------------------ */

/** Which element is to be shown. */
typedef struct yao_mdoc_selector {
    yao_text name_space;
    yao_text element;
} yao_mdoc_selector;

typedef struct yao_mdoc_presenting {
    yao_text      doc_type;
    yao_bytes     issuer_signed; /* filtered, written */
    yao_sign_wish wish;          /* of the device key, for deviceSignature */
    yao_bytes     authentication; /* DeviceAuthenticationBytes */
} yao_mdoc_presenting;

/**
 * Choose elements of a stored IssuerSigned and say what the device must sign.
 * An age_over_NN that is not there is answered by the nearest
 * (ISO/IEC 18013-5:2021 7.2.5). Elements that are not there are left out.
 *
 * In      issuer_signed  as issued
 *         transcript     SessionTranscript, the array
 * Out     ret            lives as long as ARENA and the inputs
 * Errors  YAO_E_MISSING  none of the elements is there
 *         those of parsing; YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_mdoc_present(yao_arena *arena,
                                         yao_bytes  issuer_signed,
                                         const yao_mdoc_selector *selectors,
                                         size_t selector_count,
                                         yao_bytes transcript,
                                         yao_mdoc_presenting *ret);

/** The document without any element: who asks for none learns of whom it is and
 *  that it is held. Errors: those of parsing; YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_mdoc_present_bare(yao_arena *arena,
                                              yao_bytes  issuer_signed,
                                              yao_bytes  transcript,
                                              yao_mdoc_presenting *ret);

/** Write one Document with deviceSignature; or with deviceMac, from the
 *  secret of ECDH between device key and reader key. */
YAO_MUST_USE yao_status yao_mdoc_put_document_signed(
    yao_writer *w, const yao_mdoc_presenting *presenting, yao_bytes signature);
YAO_MUST_USE yao_status yao_mdoc_put_document_maced(
    yao_writer *w, const yao_mdoc_presenting *presenting,
    const yao_crypto *crypto, yao_bytes shared_secret, yao_bytes transcript);

/** Write a DeviceResponse of finished Documents, status 0. */
void yao_mdoc_put_response(yao_writer *w, const yao_bytes *documents,
                           size_t count);

/**
 * EMacKey = HKDF(shared secret, SHA-256(SessionTranscriptBytes), "EMacKey").
 * OUT is a secret: the caller wipes it.
 */
YAO_MUST_USE yao_status yao_mdoc_derive_mac_key(const yao_crypto *crypto,
                                                yao_bytes shared_secret,
                                                yao_bytes transcript,
                                                uint8_t   out[32]);

#endif
