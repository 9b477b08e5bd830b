/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_FACE_JUDGE_H
#define YAO_AUTHORITY_FACE_JUDGE_H

/** The judgement of a check whose challenge was used up. For this folder. */

#include "authority/face/frames.h"

/**
 * Look at FRAMES, ask the engine, and write verdict, reason, score and engine
 * into RET. All pictures and templates are wiped before it returns.
 *
 * In      moves  FACE_MOVES of them
 * Errors  YAO_E_SPACE  no memory; RET says that nobody can tell
 */
YAO_MUST_USE yao_status face_judge(const face_check  *check,
                                   const face_frames *frames,
                                   const uint8_t     *moves, face_result *ret);

/** What the audit log is told: JSON with engine, model, grade, threshold and
 *  score beside verdict and reason. */
void face_detail_write(yao_writer *w, const face_result *result);

#endif
