/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cell.h"

static bool is_formula(yao_text text)
{
    return text.len > 0 &&
           (text.ptr[0] == '=' || text.ptr[0] == '+' || text.ptr[0] == '-' ||
            text.ptr[0] == '@' || text.ptr[0] == '\t' || text.ptr[0] == '\r');
}

void app_put_cell(yao_writer *w, yao_text text)
{
    yao_put_byte(w, '"');
    if (is_formula(text))
        yao_put_byte(w, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '"')
            yao_put_byte(w, '"');
        yao_put_byte(w, text.ptr[i]);
    }
    yao_put_byte(w, '"');
}
