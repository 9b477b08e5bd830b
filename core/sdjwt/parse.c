/* SPDX-License-Identifier: Apache-2.0 */
#include "sdjwt/sdjwt.h"

/* The letters up to the next ~, and what is behind it; false without one. */
static bool cut(yao_bytes *rest, yao_bytes *part)
{
    size_t at = yao_bytes_find(*rest, '~');

    if (at == rest->len)
        return false;
    *part = (yao_bytes){rest->ptr, at};
    rest->ptr += at + 1;
    rest->len -= at + 1;
    return true;
}

static size_t count_cuts(yao_bytes text)
{
    size_t    count = 0;
    yao_bytes part;

    while (cut(&text, &part))
        count++;
    return count;
}

/* RFC 9901 section 4.2: [salt, name, value] or [salt, value]. Whether the
 * form suits its place is seen when its digest is met. */
static yao_status check_form(const yao_json *array)
{
    if (array->kind != YAO_JSON_ARRAY ||
        (array->count != 2 && array->count != 3))
        return YAO_E_MALFORMED;
    if (array->first->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;
    if (array->count == 3 && array->first->next->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;

    return YAO_OK;
}

static yao_status read_disclosure(yao_arena *arena, yao_bytes letters,
                                  yao_sdjwt_disclosure *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    if (letters.len == 0)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_get_base64url(letters, &w));
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    YAO_TRY(yao_json_parse(arena, text, &ret->array));
    YAO_TRY(check_form(ret->array));

    ret->text = letters;
    return YAO_OK;
}

yao_status yao_sdjwt_parse(yao_arena *arena, yao_bytes text,
                           yao_sdjwt_unverified *ret)
{
    yao_sdjwt_unverified u    = {.disclosure_count = 0};
    yao_bytes            rest = text, part;

    if (text.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    size_t cuts = count_cuts(text);
    if (cuts == 0)
        return YAO_E_MALFORMED;
    if (cuts - 1 > YAO_MAX_DISCLOSURES)
        return YAO_E_LIMIT;
    u.disclosures = yao_arena_take_array(arena, cuts, sizeof *u.disclosures);
    if (u.disclosures == NULL)
        return YAO_E_SPACE;

    if (!cut(&rest, &part))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_jws_read(arena, part, &u.issuer));
    while (cut(&rest, &part))
        YAO_TRY(read_disclosure(arena, part,
                                &u.disclosures[u.disclosure_count++]));
    u.hashed = (yao_bytes){text.ptr, text.len - rest.len};
    u.has_kb = rest.len != 0;
    if (u.has_kb)
        YAO_TRY(yao_jws_read(arena, rest, &u.kb));

    *ret = u;
    return YAO_OK;
}
