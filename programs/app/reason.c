/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reason.h"

static const struct {
    const char *word;
    yao_words   said;
} reasons[] = {
    {"traffic_stop", WORDS_INIT("traffic stop", "路面拦查")},
    {"accident", WORDS_INIT("accident", "交通事故")},
    {"identity_check", WORDS_INIT("who you are is in doubt", "核实身份")},
    {"wanted_person", WORDS_INIT("search for a person", "查找人员")},
    {"theft", WORDS_INIT("theft", "盗抢案件")},
    {"other", WORDS_INIT("another reason: ask for it", "其他原因，可当面询问")},
};

yao_words app_reason_words(yao_text word)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (yao_text_equal(word, yao_text_of(reasons[i].word)))
            return reasons[i].said;
    return (yao_words){NULL, NULL};
}

bool app_reason_is(yao_text word)
{
    return app_reason_words(word).en != NULL;
}
