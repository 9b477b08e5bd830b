/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_VERIFY_H
#define YAO_VERIFY_H

/**
 * Judge a document that somebody shows: one call, one verdict, one report.
 *
 *     yao_verify_options options = {.anchors = &root, .anchor_count = 1,
 *                                   .now = time(NULL), .skew = 60};
 *     yao_result *result;
 *     YAO_TRY(yao_verify(&arena, crypto, input, &options, &result));
 *     if (result->verdict == YAO_VERDICT_ACCEPT) ...
 *
 * Hosts that batch, or whose keys sit elsewhere, use begin, let the home
 * answer, and finish.
 *
 * Memory   all results are in the arena; 256 kB are enough for documents
 *          without portraits, and about 20 kB more than the message else
 */

#include "yaopai/arena.h"
#include "yaopai/crypto.h"
#include "yaopai/report.h"
#include "yaopai/status.h"
#include "yaopai/trust.h"

typedef enum yao_format {
    YAO_FORMAT_UNKNOWN          = 0, /* find out */
    YAO_FORMAT_MDOC_RESPONSE    = 1, /* "mdoc-device-response" */
    YAO_FORMAT_MDOC_ISSUED      = 2, /* "mdoc-issuer-signed": no holder */
    YAO_FORMAT_SDJWT_VC         = 3, /* "sd-jwt-vc" */
    YAO_FORMAT_SDJWT            = 4, /* "sd-jwt": RFC 9901 without VC rules */
    YAO_FORMAT_CARD             = 5, /* "card": an open card, or a sealed one
                                        that was opened; docs/formats/card.md */
    YAO_FORMAT_PRINTED_CARD     = 6, /* "printed-card": claim 169, no holder */
    YAO_FORMAT_STATUS_LIST_JWT  = 7, /* "status-list-jwt", "status-list-cwt": */
    YAO_FORMAT_STATUS_LIST_CWT  = 8  /* no documents, not for yao_verify() */
} yao_format;

/** The name above, and back (UNKNOWN for another name). */
YAO_API const char *yao_format_name(yao_format format);
YAO_API yao_format  yao_format_by_name(yao_text name);

typedef struct yao_verify_options {
    yao_format             format;
    const yao_anchor      *anchors;
    size_t                 anchor_count;
    yao_time               now;
    yao_time               skew;       /* seconds, 0..86400 */
    bool                   strict;     /* refuse what is tolerated with a note */
    yao_bytes              transcript; /* SessionTranscript for mdoc */
    yao_text               nonce;      /* for SD-JWT */
    yao_text               audience;
    bool                   no_binding; /* no holder is asked for: an SD-JWT
                                          without KB-JWT and, where transcript
                                          is empty too, an IssuerSigned will
                                          do */
    const yao_requirement *required;   /* by the request profile */
    size_t                 required_count;

    /* status: lists that are at hand, and how old one may be */
    const yao_status_list *lists;
    size_t                 list_count;
    yao_time               status_max_age; /* seconds; 0: as ttl and exp say */
    bool                   tolerate_suspended; /* the profile names the state */

    /* cards */
    const yao_bytes       *signers;    /* DER of document signers, found by kid */
    size_t                 signer_count;
    yao_bytes              challenge;  /* that was shown, whole; empty: none */
    yao_text               card_profile; /* that was asked for; empty: any */
    bool                   compared;   /* paper: somebody compared the portrait
                                          with the person. Where a card_profile
                                          is asked for and nobody has, paper is
                                          INDETERMINATE */
    const struct yao_catalogue *catalogue; /* names the elements of cards, and
                                  says which are sensitive; NULL: they are
                                  named by number ("169/4", "-65537/12") */
} yao_verify_options;

/** One value that was shown. */
typedef struct yao_attribute {
    yao_text  space;    /* namespace; empty for SD-JWT */
    yao_text  name;     /* element, or claim path with dots */
    yao_bytes cbor;     /* the value in mdoc, else empty */
    yao_text  json;     /* the value in SD-JWT, else empty */
    bool      by_device; /* said by the device, not by the issuer */
} yao_attribute;

typedef struct yao_result_document {
    yao_text             type;        /* docType or vct */
    const yao_attribute *attributes;  /* empty unless the document is authentic */
    size_t               attribute_count;
    yao_time             valid_from;  /* YAO_TIME_NONE when not said */
    yao_time             valid_until;
    yao_text             status_uri;  /* where its status stands; may be empty */
    uint64_t             status_index;
    yao_text             issuer;      /* common name of the signer's root */
    yao_text             issuer_country;
    bool                 authentic;   /* issuer, digests, device: all good */
    bool                 bound;       /* shown by the holder of its key */
    yao_status_state     state;       /* UNKNOWN when nobody could look */
    yao_time             state_as_of; /* iat of the list; else YAO_TIME_NONE */
    yao_time             state_until; /* the last second at which that list may
                                         be relied on; else YAO_TIME_NONE */
} yao_result_document;

typedef struct yao_result {
    yao_verdict          verdict;
    bool                 authentic;
    yao_format           format;
    yao_result_document *documents;
    size_t               document_count;
    yao_report           report;
    bool                 replayable;  /* REPLAY_KEY is there: of a card that is
                                         authentic */
    uint8_t              replay_key[32]; /* the same for every spelling of one
                                            showing: docs/formats/card.md */
} yao_result;

/** A judgement that waits for its home. */
typedef struct yao_verification {
    yao_signature_check *checks;   /* for crypto->verify() */
    size_t               check_count;
    yao_agree_wish      *agreements; /* for the reader's secret key */
    size_t               agreement_count;
    void                *internal;
} yao_verification;

/**
 * Read INPUT and make every check that needs no secret and no signature.
 *
 * In      input  CBOR, or the letters of an SD-JWT
 * Out     ret    lives as long as ARENA, INPUT and what OPTIONS points to
 * Errors  2xx          INPUT is no document, or of another format than asked;
 *                      nothing can be reported
 *         YAO_E_USAGE  time, skew or age outside its range
 *         YAO_E_SPACE, YAO_E_LIMIT, YAO_E_CRYPTO
 */
YAO_API YAO_MUST_USE yao_status yao_verify_begin(yao_arena *arena,
                                                 const yao_crypto *crypto,
                                                 yao_bytes         input,
                                                 const yao_verify_options *options,
                                                 yao_verification *ret);

/** Hand in the answer to agreement INDEX: the shared secret, copied. */
YAO_API YAO_MUST_USE yao_status yao_verify_agreed(yao_verification *v,
                                                  size_t            index,
                                                  yao_bytes shared_secret);

/**
 * The verdict.
 *
 * Out     ret  in the arena of begin
 * Errors  YAO_E_SPACE; YAO_E_CRYPTO (the hash of a replay key). A refused
 *         document is no error but a verdict.
 */
YAO_API YAO_MUST_USE yao_status yao_verify_finish(yao_verification *v,
                                                  yao_result      **ret);

/** All three, for homes that answer at once and have no reader key. */
YAO_API YAO_MUST_USE yao_status yao_verify(yao_arena        *arena,
                                           const yao_crypto *crypto,
                                           yao_bytes         input,
                                           const yao_verify_options *options,
                                           yao_result              **ret);

#endif
