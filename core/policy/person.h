/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_POLICY_PERSON_H
#define YAO_POLICY_PERSON_H

/**
 * Do documents that were shown together belong to one person? A profile says
 * which must (`one_person`); what they say is compared, by what the register
 * calls it: the number of the person, else name and birth date together.
 *
 *     yao_person_part parts[] = {{&a->documents[0], &a->report, 0}, ...};
 *     YAO_TRY(yao_policy_check_person(arena, catalogue, profile, parts, 2,
 *                                     &outcome));
 */

#include "document/document.h"
#include "yaopai/verify.h"

/** A document, and where a row about it is to stand. */
typedef struct yao_person_part {
    const yao_result_document *document;
    yao_report                *report;
    int32_t                    index; /* in that report */
} yao_person_part;

/**
 * Write a row ONE_PERSON for each part that PROFILE names.
 *
 * Out     ret  ABSENT   no two parts are named: there is nothing to compare,
 * and no row PASS     they all are one person's FAIL     two are not; so say
 * the rows of both (MISMATCH) UNKNOWN  what of one was disclosed can't be
 * compared with any other; so says its row (MISSING) One that fails makes the
 * verdict REJECT, one that is unknown lets nothing be accepted: that is the
 * caller's, who has the verdict. Errors  YAO_E_SPACE; YAO_E_LIMIT  more than
 * YAO_PERSON_PARTS
 */
YAO_MUST_USE yao_status yao_policy_check_person(yao_arena           *arena,
                                                const yao_catalogue *catalogue,
                                                const yao_profile   *profile,
                                                const yao_person_part *parts,
                                                size_t count, yao_outcome *ret);

/** The same of all documents of RESULT, whose verdict it changes where they are
 *  not one person's, or where that can't be told of an ACCEPT. Errors: as
 *  above. */
YAO_MUST_USE yao_status yao_policy_check_result_person(
    yao_arena *arena, const yao_catalogue *catalogue,
    const yao_profile *profile, yao_result *result);

#define YAO_PERSON_PARTS 20

#endif
