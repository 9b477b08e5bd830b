/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_CASE_TEXT_H
#define YAO_AUTHORITY_CONSOLE_CASE_TEXT_H

/** What a person wrote in a case: sealed under that person's key, bound to the
 *  case; gone when the key is destroyed. */

#include "authority/seal.h"

/** Seal TEXT for the case ID. Out: ret in ARENA. Errors: YAO_E_SPACE,
 *  YAO_E_CRYPTO. */
YAO_MUST_USE yao_status case_text_seal(const seal_person *person, yao_bytes id,
                                       yao_text text, yao_arena *arena,
                                       yao_bytes *ret);

/** Open it. Errors: YAO_E_TRUNCATED; YAO_E_SECRET: another person's, another
 *  case's, or changed; YAO_E_UTF8; YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status case_text_open(const seal_person *person, yao_bytes id,
                                       yao_bytes sealed, yao_arena *arena,
                                       yao_text *ret);

#endif
