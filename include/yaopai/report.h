/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_REPORT_H
#define YAO_REPORT_H

/**
 * What was looked at when a document was judged: one row per check.
 *
 * Modules that verify write rows, the policy alone reads them and says the
 * verdict. A check that is required and has no row was not made: that is
 * never an ACCEPT. Programs print rows; nobody parses text.
 */

#include "yaopai/base.h"
#include "yaopai/limits.h"

/** Zero means no: memory that nobody filled in is not an ACCEPT. */
typedef enum yao_verdict {
    YAO_VERDICT_INDETERMINATE = 0, /* could not be checked completely */
    YAO_VERDICT_ACCEPT        = 1,
    YAO_VERDICT_REJECT        = 2
} yao_verdict;

typedef enum yao_outcome {
    YAO_OUTCOME_UNKNOWN = 0, /* could not be checked here */
    YAO_OUTCOME_PASS    = 1,
    YAO_OUTCOME_FAIL    = 2,
    YAO_OUTCOME_NOTE    = 3, /* tolerated, said aloud */
    YAO_OUTCOME_ABSENT  = 4  /* nothing there to check, and none was needed */
} yao_outcome;

/** The checks. Names and sources are in base/report.c; values are stable. */
typedef enum yao_check {
    YAO_CHECK_NONE = 0,

    /* every format */
    YAO_CHECK_STRUCTURE         = 1,  /* well-formed, of the claimed shape */
    YAO_CHECK_ENCODING          = 2,  /* NOTE: heads that are not the shortest */
    YAO_CHECK_ISSUER_ANCHORS    = 3,  /* some anchor was given */
    YAO_CHECK_ISSUER_CHAIN      = 4,  /* path to an anchor for this role */
    YAO_CHECK_CHAIN_SIGNATURE   = 5,
    YAO_CHECK_CHAIN_VALIDITY    = 6,
    YAO_CHECK_CHAIN_PROFILE     = 7,  /* NOTE: real-world deviations */
    YAO_CHECK_ISSUER_SCOPE      = 8,  /* may sign this document type */
    YAO_CHECK_ISSUER_SIGNATURE  = 9,
    YAO_CHECK_ALGORITHM         = 10,
    YAO_CHECK_VALIDITY          = 11, /* the document's own dates, now */
    YAO_CHECK_DIGESTS           = 12, /* every shown item is what was signed */
    YAO_CHECK_STATUS            = 13, /* revocation, with its age */
    YAO_CHECK_ISSUER_COUNTRY    = 14, /* issuing_country equals subject C */
    YAO_CHECK_PROFILE           = 15, /* all that the request profile asks */
    YAO_CHECK_ONE_PERSON        = 16, /* documents are one person's, where the
                                         profile says that they must be */

    /* mdoc */
    YAO_CHECK_DOCTYPE           = 20, /* MSO and document agree */
    YAO_CHECK_SIGNED_DATE       = 21, /* `signed` inside the signer's validity */
    YAO_CHECK_DEVICE_KEY        = 22,
    YAO_CHECK_DEVICE_ELEMENTS   = 23, /* within keyAuthorizations */
    YAO_CHECK_DEVICE_AUTH       = 24, /* signature or MAC over the transcript */
    YAO_CHECK_RESPONSE_STATUS   = 25,

    /* SD-JWT VC */
    YAO_CHECK_TYPE_HEADER       = 30,
    YAO_CHECK_DISCLOSURES       = 31, /* all referenced, none twice */
    YAO_CHECK_REQUIRED_CLAIMS   = 32,
    YAO_CHECK_ISSUER_NAME       = 33, /* iss and certificate agree */
    YAO_CHECK_HOLDER_KEY        = 34, /* cnf.jwk usable */
    YAO_CHECK_KB_PRESENT        = 35,
    YAO_CHECK_KB_TYPE           = 36,
    YAO_CHECK_KB_SIGNATURE      = 37,
    YAO_CHECK_KB_AUDIENCE       = 38,
    YAO_CHECK_KB_NONCE          = 39,
    YAO_CHECK_KB_TIME           = 40,
    YAO_CHECK_KB_HASH           = 41,

    /* QR card */
    YAO_CHECK_CARD_CHALLENGE    = 50, /* made for the challenge that was shown,
                                         or for the step that it is now */
    YAO_CHECK_CARD_HOLDER       = 51, /* signed by the key in cnf */
    YAO_CHECK_CARD_PROFILE      = 52, /* of the profile that was asked for */
    YAO_CHECK_CARD_REPLAY       = 53, /* not accepted here before; by gates */

    /* status list */
    YAO_CHECK_LIST_SUBJECT      = 60, /* sub is the URI that was asked for */
    YAO_CHECK_LIST_CONTENT      = 61, /* bits and lst, unpacked */
    YAO_CHECK_LIST_INDEX        = 62, /* the index that was asked for */

    /* trust list, bundle */
    YAO_CHECK_TRUST_VERSION     = 70, /* not older than one seen before */
    YAO_CHECK_TRUST_CONTENT     = 71, /* everything in it can be read */
    YAO_CHECK_CLOCK             = 72, /* not before a moment seen signed */

    YAO_CHECK_COUNT             = 73
} yao_check;

typedef struct yao_report_row {
    yao_check   check;
    yao_outcome outcome;
    yao_status  why;      /* YAO_OK, or what was wrong */
    int32_t     document; /* index in the message, -1: the whole message */
} yao_report_row;

/** One thing that must be shown: namespace and element, or claim path. Who asks
 *  whether somebody is of age is not content with a no. */
typedef struct yao_requirement {
    yao_text type;    /* docType or vct the element must stand in */
    yao_text space;   /* namespace; empty for SD-JWT */
    yao_text element; /* element, or claim path with dots */
    bool     yes;     /* and its value must be true */
} yao_requirement;

/** The rows, in the order in which the checks were made. */
typedef struct yao_report {
    yao_report_row rows[YAO_MAX_REPORT_ROWS];
    size_t         count;
    bool           full; /* rows were lost: never an ACCEPT */
} yao_report;

/** Add a row. FAIL and UNKNOWN want a WHY, the others take YAO_OK. */
YAO_API void yao_report_add(yao_report *report, int32_t document,
                            yao_check check, yao_outcome outcome,
                            yao_status why);

/** Add PASS when STATUS is YAO_OK, UNKNOWN when it is 5xx, FAIL otherwise;
 *  gives STATUS back. */
YAO_API yao_status yao_report_put(yao_report *report, int32_t document,
                                  yao_check check, yao_status status);

/** The word for CHECK ("issuer_signature"), for OUTCOME ("pass"), for VERDICT
 *  ("accept"), and the clause that asks for CHECK in documents of mdoc, and
 *  of SD-JWT VC, form. Never NULL. */
YAO_API const char *yao_check_name(yao_check check);
YAO_API const char *yao_check_source(yao_check check, bool sdjwt);
YAO_API const char *yao_outcome_name(yao_outcome outcome);
YAO_API const char *yao_verdict_name(yao_verdict verdict);

#endif
