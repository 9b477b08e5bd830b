/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_REASON_H
#define YAO_APP_REASON_H

/**
 * Why an officer asks for more: one of a few words, so that no name of anybody
 * comes into a log, and so that the person reads it in their own language. The
 * desk sends it with the second step of a request, in verifier_info.
 */

#include "app/words.h"
#include "yaopai/base.h"

/** verifier_info.format; data is the word. Foreign wallets ignore it. */
#define APP_REASON_FORMAT "urn:yaopai:reason:1"

/** Is WORD one of them? */
bool app_reason_is(yao_text word);

/** For people; WORD itself is none: {NULL, NULL}. */
yao_words app_reason_words(yao_text word);

#endif
