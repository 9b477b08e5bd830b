/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_JUDGED_H
#define YAO_DESK_JUDGED_H

/** What a program is told of an answer, and whether it is told. */

#include "app/judging.h"
#include "desk/desk.h"
#include "vp/judge.h"

/**
 * Is this an answer that a holder gave to this request, whatever the verdict on
 * its documents? A forged, foreign or incomplete one is none: it changes
 * nothing (misuse N220, N224, conformance C6).
 */
bool desk_judged_is_answer(const yao_vp_verdict *verdict);

/** The verdict on all of it: that of the answer, or the worst of documents. */
yao_verdict desk_judged_verdict(const yao_vp_verdict *verdict);

/**
 * Write what came of it.
 *
 * Shape   {"verdict", "judged": time, "presentations": [* {"query", ...
 *         docs/formats/verdict-json.md}]}
 * In      max_age  seconds that a status might be old
 * Out     ret      in the call's arena
 * Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status desk_judged_write(app_call             *call,
                                          const yao_vp_verdict *verdict,
                                          yao_time max_age, yao_bytes *ret);

/** The same of one card. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_judged_write_card(app_call          *call,
                                               yao_result        *result,
                                               const app_judging *judging,
                                               yao_bytes         *ret);

#endif
