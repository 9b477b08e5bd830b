/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_LETTERS_H
#define YAO_LETTERS_H

/**
 * Letters of base64url whose other side lives in an arena: what every message
 * of JOSE, OpenID4VCI and OpenID4VP is made of. yaopai/writer.h has the same
 * for a writer.
 */

#include "yaopai/arena.h"

/** What LETTERS say. Errors: YAO_E_BASE64, YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_letters_decode(yao_arena *arena, yao_bytes letters,
                                           yao_bytes *ret);

/** BYTES in letters. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_letters_encode(yao_arena *arena, yao_bytes bytes,
                                           yao_text *ret);

#endif
