/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_WORDS_H
#define YAO_APP_WORDS_H

/**
 * What the program says, in both languages, side by side in the source.
 *
 *     yao_say(WORDS("done", "完成"))
 *
 * The language follows LC_ALL, LC_MESSAGES, LANG (zh... is Chinese, all else
 * English), or --lang.
 */

#include "document/document.h" /* yao_language */

typedef struct yao_words {
    const char *en;
    const char *zh;
} yao_words;

/** As a value, and as an initializer of static tables. */
#define WORDS(en, zh)      ((yao_words){en, zh})
#define WORDS_INIT(en, zh) {en, zh}

/** Take the language from the environment; or set it. */
void         yao_language_open(void);
void         yao_language_set(yao_language language);
yao_language yao_language_get(void);

/** The words in the language that was set. */
const char *yao_say(yao_words words);

#endif
