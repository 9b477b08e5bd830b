/* SPDX-License-Identifier: Apache-2.0 */
#include "app/words.h"

#include <stdlib.h>
#include <string.h>

/* Set once, before anything is said: the one global of the programs. */
static yao_language language = YAO_EN;

void yao_language_open(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && *value != '\0') {
            language =
                strncmp(value, "zh", 2) == 0 ? YAO_ZH : YAO_EN;
            return;
        }
    }
}

void yao_language_set(yao_language chosen)
{
    language = chosen;
}

yao_language yao_language_get(void)
{
    return language;
}

const char *yao_say(yao_words words)
{
    return language == YAO_ZH && words.zh != NULL ? words.zh : words.en;
}
