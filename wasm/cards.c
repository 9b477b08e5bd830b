/* SPDX-License-Identifier: Apache-2.0 */
/* What both sides of a gate do alike. */
#include "cards.h"

enum { PART = 500 }; /* bytes: version 15 at level L */

static const char *const kinds[] = {"start",  "done", "key", "code", "refused",
                                    "failed", "tick", "end", "paper", NULL};

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

/* ---- codes -------------------------------------------------------------- */

static yao_card_collector *collector;

/* Of another transfer than before: that one is forgotten. */
static yao_status collect(yao_bytes content, yao_bytes *ret)
{
    yao_card_part part;
    yao_status    status;

    if (collector == NULL)
        collector = yao_arena_take(&page.memory, sizeof *collector);
    if (collector == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_card_read_part(content, &part));
    status = yao_card_collect(collector, page.crypto, &part, ret);
    if (status == YAO_E_MISMATCH) {
        yao_wipe(collector, sizeof *collector);
        status = yao_card_collect(collector, page.crypto, &part, ret);
    }
    if (status == YAO_OK && ret->len != 0)
        status = yao_arena_keep(&page.memory, *ret, ret);
    if (status != YAO_OK || ret->len != 0)
        yao_wipe(collector, sizeof *collector); /* all are in, or of no use */
    return status;
}

yao_status yao_cards_read(yao_text letters, yao_card_code wanted,
                          yao_bytes *ret)
{
    yao_writer    w = yao_writer_in(&page.memory);
    yao_bytes     content;
    yao_card_code code;

    *ret = (yao_bytes){NULL, 0};
    YAO_TRY(yao_card_get_text(yao_text_bytes(letters), &w, &code));
    YAO_TRY(yao_writer_keep(&w, &page.memory, &content));
    if (code == YAO_CARD_CODE_PART)
        return collect(content, ret);
    if (code != wanted)
        return YAO_E_MISMATCH;
    *ret = content;
    return YAO_OK;
}

static yao_status write_letters(yao_card_code code, yao_bytes content,
                                yao_text *ret)
{
    yao_writer w = yao_writer_in(&page.memory);
    yao_bytes  letters;

    yao_card_put_text(&w, code, content);
    YAO_TRY(yao_writer_keep(&w, &page.memory, &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

static yao_status write_parts(yao_bytes content, yao_text *texts, size_t *count)
{
    yao_card_split split;

    YAO_TRY(yao_card_split_whole(page.crypto, content, PART, &split));
    for (size_t i = 0; i < split.count; i++) {
        yao_writer w = yao_writer_in(&page.memory);
        yao_bytes  part;

        yao_card_put_part(&w, &split, i);
        YAO_TRY(yao_writer_keep(&w, &page.memory, &part));
        YAO_TRY(write_letters(YAO_CARD_CODE_PART, part, &texts[i]));
    }
    *count = split.count;
    return YAO_OK;
}

yao_status yao_cards_show(yao_page_wish *ret, yao_card_code code,
                          yao_bytes content)
{
    yao_text texts[YAO_MAX_CARD_PARTS];
    size_t   count = 1;
    bool     next  = true;

    if (code == YAO_CARD_CODE_PART)
        YAO_TRY(write_parts(content, texts, &count));
    else
        YAO_TRY(write_letters(code, content, &texts[0]));
    yao_wish_open(ret, "show");
    yao_json_put_name(&ret->w, &ret->first, "texts");
    yao_put_byte(&ret->w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(&ret->w, &next);
        yao_json_put_string(&ret->w, texts[i]);
    }
    yao_put_byte(&ret->w, ']');
    return YAO_OK;
}

/* ---- events ------------------------------------------------------------- */

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
