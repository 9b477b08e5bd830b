/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_EVIDENCE_H
#define YAO_DESK_EVIDENCE_H

/**
 * The presentation as it came, for who has to prove later what was shown: kept,
 * sealed, where the profile says so and the party may keep anything, else
 * never.
 */

#include "desk/desk.h"
#include "vp/judge.h"

/** May what PROFILE gave be kept as it came? */
bool desk_keeps_evidence(const app_call *call, const desk_trust *t,
                         const yao_profile *profile);

/**
 * Write what was shown on line, with what it takes to judge it again.
 *
 * Shape   {"nonce", "audience", "transcript": base64url, "presentations":
 *         [* {"query", "document": letters of an SD-JWT, base64url of a
 *         DeviceResponse}]}
 * Out     ret  in the call's arena
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status desk_evidence_write(app_call                   *call,
                                            const yao_vp_awaited       *awaited,
                                            const yao_vp_presentations *came,
                                            yao_bytes                  *ret);

/** The same of a DeviceResponse across the counter, without nonce, audience and
 *  query. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status desk_evidence_write_counter(app_call *call,
                                                    yao_bytes transcript,
                                                    yao_bytes response,
                                                    yao_bytes *ret);

#endif
