/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_RESULT_PRINT_H
#define YAO_APP_RESULT_PRINT_H

/** A verdict with its report, for people and for programs
 *  (docs/formats/verdict-json.md). */

#include "app/words.h"
#include "yaopai/verify.h"
#include "yaopai/writer.h"

/** What one file became: a result, or with RESULT NULL why there is none. */
typedef struct yao_judged {
    const char *file;
    yao_result *result;
    yao_status  failure;
    yao_format  format; /* what it was taken for, when RESULT is NULL */
    yao_time    now;    /* of the judgement; 0: ages are not told */
    yao_time    max_age; /* how old a status list might be; 0: as it said */

    /* for programs only: members that go before the object's end, each with a
     * comma before it; which values may be told (NULL: all) */
    yao_text more;
    bool (*tells)(const void *asked, const yao_result_document *document,
                  const yao_attribute *attribute);
    const void *asked;
} yao_judged;

/** Tell a judgement to people on standard output, or to programs into W (one
 *  line, docs/formats/verdict-json.md). */
void yao_result_print(const yao_judged *judged);
void yao_result_print_json(const yao_judged *judged, yao_writer *w);

/** The exit code of one judgement. */
int yao_result_exit_code(const yao_judged *judged);

#endif
