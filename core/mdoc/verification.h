/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_MDOC_VERIFICATION_H
#define YAO_MDOC_VERIFICATION_H

/**
 * What verify.c (before the home answers) leaves to conclude.c (after it).
 */

#include "mdoc/parts.h"

/* No such signature check. */
#define YAO_MDOC_NO_CHECK SIZE_MAX

/** What is known of one document. The two statuses count every row that was
 *  written for it, so that a caller's other report changes nothing. */
typedef struct yao_mdoc_note {
    yao_status failed;       /* of the first FAIL, or YAO_OK */
    yao_status unknown;      /* of the first UNKNOWN, or YAO_OK */
    yao_status path;         /* of yao_x509_find_path() */
    yao_status issuer;       /* why there is no check of issuerAuth */
    size_t     chain_check;  /* the first of the path's checks */
    size_t     issuer_check;
    size_t     device_check; /* of a deviceSignature */
    size_t     agreement;    /* of a deviceMac */
    yao_bytes  authentication[4]; /* DeviceAuthenticationBytes */
} yao_mdoc_note;

typedef struct yao_mdoc_notes {
    bool          concluded; /* the last rows are written */
    yao_mdoc_note documents[];
} yao_mdoc_notes;

/** Write a row and remember it. */
void yao_mdoc_note_row(yao_mdoc_note *note, yao_report *report, size_t document,
                       yao_report_row row);

/** The same with the outcome that STATUS alone gives: PASS, or UNKNOWN when
 *  it is 5xx, or FAIL. */
void yao_mdoc_note_status(yao_mdoc_note *note, yao_report *report,
                          size_t document, yao_check check, yao_status status);

#endif
