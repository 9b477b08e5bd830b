/* SPDX-License-Identifier: Apache-2.0 */
#include "app/value.h"

void yao_value_print(FILE *out, yao_text text)
{
    while (text.len > 0) {
        size_t bad = yao_value_steering(text), step = bad > 0 ? bad : 1;

        fputc(bad > 0 ? '?' : text.ptr[0], out);
        text.ptr += step;
        text.len -= step;
    }
}
