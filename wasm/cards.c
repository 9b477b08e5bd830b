/* SPDX-License-Identifier: Apache-2.0 */
/* What both sides of a gate do alike. */
#include "cards.h"

static const char *const kinds[] = {"start",  "done", "key", "code", "refused",
                                    "failed", "tick", "end", NULL};

yao_status yao_cards_take_event(yao_told *t, yao_cards_event *ret)
{
    *ret = (yao_cards_event){
        .kind   = (yao_cards_event_kind)yao_told_word(t, "event", kinds),
        .now    = yao_told_int(t, "now"),
        .random = yao_told_bytes(t, "random"),
        .bytes  = yao_told_bytes(t, "bytes"),
        .key    = yao_told_key(t, "key"),
        .text   = yao_told_text(t, "text"),
        .why    = (yao_status)yao_told_int(t, "why")};
    if (ret->kind == YAO_CARDS_FAILED && ret->why == YAO_OK)
        ret->why = YAO_E_CRYPTO;
    return t->status;
}

yao_status yao_cards_read(yao_text letters, yao_card_code wanted,
                          yao_bytes *ret)
{
    yao_writer    w = yao_writer_in(&page.memory);
    yao_card_code code;

    YAO_TRY(yao_card_get_text(yao_text_bytes(letters), &w, &code));
    if (code != wanted)
        return YAO_E_MISMATCH;
    return yao_writer_keep(&w, &page.memory, ret);
}

yao_status yao_cards_write(yao_card_code code, yao_bytes content, yao_text *ret)
{
    yao_writer w = yao_writer_in(&page.memory);
    yao_bytes  letters;

    yao_card_put_text(&w, code, content);
    YAO_TRY(yao_writer_keep(&w, &page.memory, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

/* What can't be done without, said instead of an event. */
static yao_status excuse(const yao_cards_event *e)
{
    if (e->kind == YAO_CARDS_FAILED)
        return e->why;
    return e->kind == YAO_CARDS_REFUSED ? YAO_E_REFUSED : YAO_OK;
}

yao_status yao_cards_answer(yao_cards_handler handler, const yao_cards_event *e,
                            yao_page_wish *ret)
{
    yao_status status = excuse(e);

    if (status == YAO_OK)
        status = handler(e, ret);
    if (status == YAO_OK)
        return yao_wish_close(ret);
    yao_wish_open(ret, "stop");
    yao_wish_status(ret, status);
    return yao_wish_close(ret);
}
