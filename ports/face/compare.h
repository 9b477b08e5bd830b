/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_FACE_COMPARE_H
#define YAO_FACE_COMPARE_H

/** Templates side by side. Private to this folder. */

#include "face/face.h"

/** Of one engine, one model, one form? Others say nothing about each other. */
bool face_same_kind(const face_template *a, const face_template *b);

/** The cosine of signed bytes, -FACE_ONE..FACE_ONE, rounded towards 0. Errors:
 *  YAO_E_VALUE: of another length, or of nothing. */
YAO_MUST_USE yao_status face_cosine(yao_bytes a, yao_bytes b, int32_t *ret);

#endif
