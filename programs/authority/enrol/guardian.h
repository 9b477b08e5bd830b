/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_GUARDIAN_H
#define YAO_AUTHORITY_ENROL_GUARDIAN_H

/**
 * A child's documents in a guardian's wallet: by the household's record, until
 * the 14th or the 18th birthday, whichever is next, or an event.
 */

#include "authority/enrol/enrol.h"

/** Factor of an enrolment that is a guardian's for a child; above all others,
 *  as the statement list_due_guarded relies on. */
#define ENROL_GUARDED 64

/** Why somebody is one: by the record at that time; by two officers' word. */
#define ENROL_BY_HOUSEHOLD "household"
#define ENROL_BY_OFFICERS "officer"

/**
 * Is GUARDIAN a parent of CHILD, as far as the household's record says?
 *
 * Out     ends  midnight of the birthday on which it ends, in China
 * Errors  YAO_E_NOT_AUTHORISED  not by this record (an officer may know more):
 *                               another household, another relation, an adult
 *         YAO_E_MISSING, YAO_E_MALFORMED  the record
 * Source  GB/T 4761; Civil Code articles 17, 27
 */
YAO_MUST_USE yao_status enrol_check_guardian(const yao_json *guardian,
                                             const yao_json *child,
                                             yao_time now, yao_time *ends);

/** The same without looking at households, for officers who know more. Errors:
 *  YAO_E_NOT_AUTHORISED: CHILD is an adult, or GUARDIAN is none. */
YAO_MUST_USE yao_status enrol_guardian_ends(const yao_json *guardian,
                                            const yao_json *child, yao_time now,
                                            yao_time *ends);

/** Does GUARDIAN hold documents of CHILD (holders of the ledger) at NOW? */
YAO_MUST_USE yao_status enrol_is_guardian(const enrol *e, yao_bytes child,
                                          yao_bytes guardian, bool *ret);

/** Did officers say so, and does it hold at NOW? */
YAO_MUST_USE yao_status enrol_is_noted(const enrol *e, yao_bytes child,
                                       yao_bytes guardian, bool *ret);

/** Note it, until ENDS; REASON: one of the two above. */
YAO_MUST_USE yao_status enrol_put_guardian(const enrol *e, store_change *change,
                                           const store_guardian *what);

/** End what guardians hold beyond its day. Errors: of the store. */
YAO_MUST_USE yao_status enrol_end_due_guarded(const enrol *e);

#endif
