/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/terms.h"

/* packed from terms/ */
extern const uint8_t yao_terms_en[], yao_terms_zh[];
extern const size_t  yao_terms_en_len, yao_terms_zh_len;

yao_text enrol_terms(yao_language language)
{
    return language == YAO_EN ? (yao_text){yao_terms_en, yao_terms_en_len}
                              : (yao_text){yao_terms_zh, yao_terms_zh_len};
}
