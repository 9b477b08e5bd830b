/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_MDOC_CASE_H
#define YAO_TEST_MDOC_CASE_H

/**
 * One row of a table about a DeviceResponse: a good one, changed in one or two
 * places, made right again in all others, and what becomes of it. Exactly one
 * check may fail, the one that the row names; none, when it names none.
 */

#include "mdoc_fixture.h"

enum mdoc_edit { MDOC_KEEP = 0, MDOC_SET, MDOC_REMOVE, MDOC_ADD };

/** A '#' in PATH stands for the digestID of the first item. */
typedef struct mdoc_change {
    enum mdoc_edit edit;
    const char    *path;
    yao_bytes      item;
} mdoc_change;

enum { /* what is made right again after the changes, in this order */
    MDOC_REDIGEST      = 1 << 0,
    MDOC_RESIGN        = 1 << 1,
    MDOC_RESIGN_DEVICE = 1 << 2
};

typedef struct mdoc_case {
    const char *name;
    mdoc_change changes[2];
    unsigned    again;  /* MDOC_RE... */
    yao_status  parsed; /* what the parser says */
    yao_check   check;  /* the one check that is bad; NONE: accepted */
    yao_status  why;
    bool        unknown; /* it is UNKNOWN, not FAIL */
    bool        strict;
    yao_time    now, skew; /* now: seconds from MDOC_NOW */
} mdoc_case;

/** RESPONSE after the changes of ROW. */
yao_bytes mdoc_case_make(const mdoc_case *row, yao_bytes response);

/** Assert that no check of a document is reported twice. */
void mdoc_case_once(const mdoc_judged *judged);

/** For test_add(): *STATE is a mdoc_case. */
void mdoc_case_run(void **state);

/** Assert that of document 0 only CHECK is bad, with WHY and as FAIL or, when
 *  UNKNOWN, as UNKNOWN; CHECK NONE: that nothing is, and that conclude gave
 *  the document. */
void mdoc_case_expect(const mdoc_judged *judged, yao_check check,
                      yao_status why, bool unknown);

#endif
