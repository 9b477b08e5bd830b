/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/base.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Property: a text that is accepted is the only spelling of its moment or day,
 * a moment lies within the day that it falls on, and only nothing has no
 * letters. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_bytes in = {data, len};
    yao_time  time;
    yao_date  day;
    yao_text  text;
    uint8_t   back[20];

    if (yao_time_parse(in, &time) == YAO_OK) {
        yao_time_format(time, back);
        if (!yao_bytes_equal((yao_bytes){back, 20}, in))
            __builtin_trap();
        yao_time since = time - yao_time_of_date(yao_date_of_time(time));
        if (since < 0 || since >= YAO_TIME_DAY)
            __builtin_trap();
    }
    if (yao_date_parse(in, &day) == YAO_OK) {
        yao_date_format(day, back);
        if (!yao_bytes_equal((yao_bytes){back, 10}, in))
            __builtin_trap();
    }
    if (yao_text_check(in, &text) == YAO_OK &&
        (yao_text_count(text) > len ||
         (yao_text_count(text) == 0) != (len == 0)))
        __builtin_trap();

    return 0;
}
