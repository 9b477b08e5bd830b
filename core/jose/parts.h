/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_JOSE_PARTS_H
#define YAO_JOSE_PARTS_H

/**
 * What reading a JWS and a JWE have in common. Private to this folder.
 */

#include "base/letters.h"
#include "jose/jose.h"

/* A key identifier is looked at by people and logs; nobody needs more. */
enum { YAO_MAX_KID = 512 };

/* The next part of a compact token and what is behind its point; false when
 * there is none. */
bool yao_jose_cut(yao_bytes *rest, yao_bytes *part);

/* A string that may be absent: then RET is empty. */
YAO_MUST_USE yao_status yao_jose_read_optional(const yao_json *value,
                                               yao_arena *arena, yao_text *ret);

#endif
