/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_RANDOM_H
#define YAO_APP_RANDOM_H

/** Words that nobody guesses. */

#include "yaopai/arena.h"

/** Bytes that a word is made of at the most. */
#define APP_MAX_RANDOM 64

/** LEN random bytes as letters of base64url, in ARENA. Errors: YAO_E_CRYPTO,
 *  YAO_E_SPACE; YAO_E_USAGE: more than APP_MAX_RANDOM. */
YAO_MUST_USE yao_status app_random_letters(yao_arena *arena, size_t len,
                                           yao_text *ret);

#endif
