/* SPDX-License-Identifier: Apache-2.0 */
/* Writing what a machine wishes. */
#include "machine.h"

#include "crypto/algorithms.h"

void yao_wish_open(yao_page_wish *w, const char *what)
{
    w->w     = yao_writer_in(&page.memory);
    w->first = true;
    yao_put_byte(&w->w, '{');
    yao_wish_word(w, "do", what);
}

yao_status yao_wish_close(yao_page_wish *w)
{
    yao_put_byte(&w->w, '}');
    return yao_page_answer(&w->w);
}

void yao_wish_word(yao_page_wish *w, const char *name, const char *value)
{
    if (value != NULL)
        yao_json_put_optional(&w->w, &w->first, name, yao_text_of(value));
}

void yao_wish_text(yao_page_wish *w, const char *name, yao_text value)
{
    yao_json_put_optional(&w->w, &w->first, name, value);
}

void yao_wish_int(yao_page_wish *w, const char *name, int64_t value)
{
    yao_json_put_member_int(&w->w, &w->first, name, value);
}

void yao_wish_flag(yao_page_wish *w, const char *name, bool value)
{
    yao_json_put_member_bool(&w->w, &w->first, name, value);
}

void yao_page_put_place(yao_writer *w, yao_bytes value)
{
    yao_put_byte(w, '[');
    yao_json_put_int(w, (int64_t)(size_t)value.ptr);
    yao_put_byte(w, ',');
    yao_json_put_int(w, (int64_t)value.len);
    yao_put_byte(w, ']');
}

void yao_wish_bytes(yao_page_wish *w, const char *name, yao_bytes value)
{
    yao_json_put_name(&w->w, &w->first, name);
    yao_page_put_place(&w->w, value);
}

void yao_wish_sign(yao_page_wish *w, const yao_sign_wish *wish)
{
    bool next = true;

    yao_json_put_name(&w->w, &w->first, "message");
    yao_put_byte(&w->w, '[');
    for (size_t i = 0; i < wish->part_count; i++) {
        yao_json_put_next(&w->w, &next);
        yao_page_put_place(&w->w, wish->parts[i]);
    }
    yao_put_byte(&w->w, ']');
}

void yao_wish_agree(yao_page_wish *w, const yao_agree_wish *wish)
{
    yao_wish_bytes(w, "peer", (yao_bytes){wish->peer.point, wish->peer.len});
}

void yao_wish_aead(yao_page_wish *w, const yao_aead_wish *wish)
{
    yao_wish_flag(w, "opens", wish->open);
    yao_wish_bytes(w, "key", wish->key);
    yao_wish_bytes(w, "nonce", wish->nonce);
    yao_wish_bytes(w, "aad", wish->aad);
    yao_wish_bytes(w, "input", wish->input);
}

void yao_wish_status(yao_page_wish *w, yao_status status)
{
    w->over = true;
    yao_wish_int(w, "status", status);
    yao_wish_word(w, "name", yao_status_name(status));
}
