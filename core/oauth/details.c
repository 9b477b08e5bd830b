/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/details.h"

#include "oauth/form.h"

#define TYPE "openid_credential"

static yao_status read_name(yao_arena *arena, const yao_json *value,
                            yao_text *ret)
{
    yao_text text;

    if (value == NULL || value->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(value, arena, &text));
    if (text.len == 0 || text.len > YAO_OAUTH_MAX_ID)
        return YAO_E_MALFORMED;

    *ret = text;
    return YAO_OK;
}

static bool among(const yao_text *list, size_t count, yao_text text)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i], text))
            return true;

    return false;
}

static yao_status read_identifiers(yao_arena *arena, const yao_json *value,
                                   yao_detail *ret)
{
    if (value == NULL || value->kind != YAO_JSON_ARRAY || value->count == 0)
        return YAO_E_MALFORMED;
    if (value->count > YAO_OAUTH_MAX_DETAILS)
        return YAO_E_LIMIT;

    yao_text *list = yao_arena_take_array(arena, value->count, sizeof *list);
    size_t    count = 0;
    if (list == NULL)
        return YAO_E_SPACE;
    for (const yao_json *i = value->first; i != NULL; i = i->next) {
        YAO_TRY(read_name(arena, i, &list[count]));
        if (among(list, count, list[count]))
            return YAO_E_MALFORMED;
        count++;
    }

    ret->identifiers      = list;
    ret->identifier_count = count;
    return YAO_OK;
}

static yao_status check_locations(const yao_json *value, yao_text location)
{
    bool found = false;

    if (value == NULL || location.len == 0)
        return YAO_OK;
    if (value->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    for (const yao_json *item = value->first; item != NULL; item = item->next) {
        if (item->kind != YAO_JSON_STRING)
            return YAO_E_MALFORMED;
        found = found || yao_json_is_text(item, location);
    }
    return found ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status read_detail(yao_arena *arena, const yao_json *item,
                              yao_text location, bool answer, yao_detail *ret)
{
    const yao_json *ids = yao_json_get(item, "credential_identifiers");

    if (!yao_json_is(yao_json_get(item, "type"), TYPE))
        return YAO_E_MALFORMED;
    YAO_TRY(read_name(arena, yao_json_get(item, "credential_configuration_id"),
                      &ret->configuration));
    YAO_TRY(check_locations(yao_json_get(item, "locations"), location));
    if (answer)
        return read_identifiers(arena, ids, ret);

    return ids == NULL ? YAO_OK : YAO_E_MALFORMED;
}

yao_status yao_details_read(yao_arena *arena, const yao_json *value,
                            yao_text location, bool answer, yao_details *ret)
{
    yao_details details = {.count = 0};

    if (value == NULL || value->kind != YAO_JSON_ARRAY || value->count == 0)
        return YAO_E_MALFORMED;
    if (value->count > YAO_OAUTH_MAX_DETAILS)
        return YAO_E_LIMIT;
    for (const yao_json *item = value->first; item != NULL; item = item->next) {
        yao_detail *detail = &details.items[details.count];
        YAO_TRY(read_detail(arena, item, location, answer, detail));
        for (size_t i = 0; i < details.count; i++)
            if (yao_text_equal(details.items[i].configuration,
                               detail->configuration))
                return YAO_E_DUPLICATE;
        details.count++;
    }

    *ret = details;
    return YAO_OK;
}

yao_status yao_details_parse(yao_arena *arena, yao_text text, yao_text location,
                             bool answer, yao_details *ret)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, yao_text_bytes(text), &root));
    return yao_details_read(arena, root, location, answer, ret);
}

static void put_list(yao_writer *w, const yao_text *list, size_t count)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &first);
        yao_json_put_string(w, list[i]);
    }
    yao_put_byte(w, ']');
}

static void put_detail(yao_writer *w, const yao_detail *detail,
                       yao_text location)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "type");
    yao_put_text(w, "\"" TYPE "\"");
    yao_json_put_member(w, &first, "credential_configuration_id",
                        detail->configuration);
    if (location.len != 0) {
        yao_json_put_name(w, &first, "locations");
        put_list(w, &location, 1);
    }
    if (detail->identifier_count != 0) {
        yao_json_put_name(w, &first, "credential_identifiers");
        put_list(w, detail->identifiers, detail->identifier_count);
    }
    yao_put_byte(w, '}');
}

void yao_details_put(yao_writer *w, const yao_details *details,
                     yao_text location)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < details->count; i++) {
        yao_json_put_next(w, &first);
        put_detail(w, &details->items[i], location);
    }
    yao_put_byte(w, ']');
}

/* JSON inside of a form: escaped as it is written. */
void yao_details_put_form(yao_writer *w, bool *first,
                          const yao_details *details, yao_text location)
{
    uint8_t    room[4096];
    yao_writer json = yao_writer_open(room, sizeof room);
    yao_bytes  text;

    if (details->count == 0)
        return;
    yao_details_put(&json, details, location);
    yao_status status = yao_writer_close(&json, &text);
    if (status != YAO_OK)
        yao_writer_fail(w, status);
    else
        yao_form_put(w, first, "authorization_details",
                     (yao_text){text.ptr, text.len});
}
