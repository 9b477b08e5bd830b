/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/guests.h"

#include "app/cell.h"
#include "cbor/cbor.h"

const yao_text desk_guest_names[DESK_GUEST_VALUES] = {
    YAO_INIT("full_name"),       YAO_INIT("sex"),
    YAO_INIT("birth_date"),      YAO_INIT("id_number"),
    YAO_INIT("document_number"), YAO_INIT("resident_address"),
    YAO_INIT("expiry_date")};

/* Those that there must be one of each. */
enum { NAME = 0, NUMBER = 3, DOCUMENT_NUMBER = 4 };

/* ---- out of a result ---------------------------------------------------- */

static yao_status text_of(app_call *call, const yao_json *object,
                          const char *name, yao_text *ret)
{
    const yao_json *member = yao_json_get(object, name);

    *ret = (yao_text){NULL, 0};
    return member == NULL ? YAO_OK : yao_json_string(member, call->arena, ret);
}

static const yao_element *find_element(const yao_definition *d, yao_text space,
                                       yao_text name)
{
    return space.len > 0 ? yao_document_element(d, space, name)
                         : yao_document_claim(d, name);
}

static yao_status take_value(app_call *call, const yao_definition *d,
                             const yao_json *attribute, desk_guest *g)
{
    const yao_element *e;
    yao_text           space, name;
    yao_bytes          json;

    YAO_TRY(text_of(call, attribute, "namespace", &space));
    YAO_TRY(text_of(call, attribute, "name", &name));
    e = find_element(d, space, name);
    for (size_t i = 0; e != NULL && i < DESK_GUEST_VALUES; i++) {
        if (!yao_text_equal(e->name, desk_guest_names[i]) ||
            yao_json_get(attribute, "value") == NULL)
            continue;
        yao_writer w = yao_writer_in(call->arena);
        yao_json_put_value(&w, yao_json_get(attribute, "value"));
        YAO_TRY(yao_writer_keep(&w, call->arena, &json));
        g->values[i] = (yao_text){json.ptr, json.len};
    }
    return YAO_OK;
}

static yao_status take_document(app_call *call, const yao_catalogue *catalogue,
                                const yao_json *document, desk_guest *g)
{
    const yao_definition *d;
    const yao_json       *list = yao_json_get(document, "attributes");

    YAO_TRY(text_of(call, document, "type", &g->type));
    d = yao_document_by_type(catalogue, g->type);
    for (const yao_json *a = list != NULL && d != NULL ? list->first : NULL;
         a != NULL; a      = a->next)
        YAO_TRY(take_value(call, d, a, g));
    return YAO_OK;
}

yao_status desk_guest_take(app_call *call, const yao_catalogue *catalogue,
                           yao_bytes result, desk_guest *ret)
{
    const yao_json *root, *shown, *documents;

    YAO_TRY(yao_json_parse(call->arena, result, &root));
    shown = yao_json_get(root, "presentations");
    for (const yao_json *p = shown != NULL ? shown->first : NULL; p != NULL;
         p                 = p->next) {
        documents = yao_json_get(p, "documents");
        for (const yao_json *d = documents != NULL ? documents->first : NULL;
             d != NULL; d      = d->next)
            YAO_TRY(take_document(call, catalogue, d, ret));
    }
    if (ret->values[NAME].len == 0 ||
        (ret->values[NUMBER].len == 0 && ret->values[DOCUMENT_NUMBER].len == 0))
        return YAO_E_MISSING;
    return YAO_OK;
}

/* ---- sealed: [room, departure, type, [* value]] ------------------------- */

yao_status desk_guest_seal(app_call *call, const desk_guest *g, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  plain;

    yao_cbor_put_array(&w, 4);
    yao_cbor_put_text(&w, g->room);
    yao_cbor_put_text(&w, g->departure);
    yao_cbor_put_text(&w, g->type);
    yao_cbor_put_array(&w, DESK_GUEST_VALUES);
    for (size_t i = 0; i < DESK_GUEST_VALUES; i++)
        yao_cbor_put_text(&w, g->values[i]);
    YAO_TRY(yao_writer_keep(&w, call->arena, &plain));
    yao_status status = desk_seal(desk_of(call), call->crypto,
                                  &(desk_binding){DESK_BOX_GUEST, g->id}, plain,
                                  call->arena, ret);
    yao_wipe((void *)(uintptr_t)plain.ptr, plain.len);
    return status;
}

yao_status desk_guest_open(app_call *call, const store_guest *row,
                           desk_guest *ret)
{
    desk_guest g = {.id      = row->id,
                    .made    = row->made,
                    .ends    = row->ends,
                    .arrival = yao_date_of_time(row->arrival * YAO_TIME_DAY)};
    yao_bytes  plain;

    YAO_TRY(desk_unseal(desk_of(call), call->crypto,
                        &(desk_binding){DESK_BOX_GUEST, row->id}, row->sealed,
                        call->arena, &plain));
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 4);
    g.room      = yao_cbor_get_text(&r);
    g.departure = yao_cbor_get_text(&r);
    g.type      = yao_cbor_get_text(&r);
    yao_cbor_get_array(&r, DESK_GUEST_VALUES);
    for (size_t i = 0; i < DESK_GUEST_VALUES; i++)
        g.values[i] = yao_cbor_get_text(&r);
    YAO_TRY(yao_cbor_close(&r));
    *ret = g;
    return YAO_OK;
}

/* ---- JSON --------------------------------------------------------------- */

void desk_guest_put_json(yao_writer *w, const desk_guest *g)
{
    uint8_t day[10];
    bool    first = true, inner = true;

    yao_date_format(g->arrival, day);
    yao_put_byte(w, '{');
    yao_json_put_member_hex(w, &first, "id", g->id);
    yao_json_put_member(w, &first, "room", g->room);
    yao_json_put_member(w, &first, "arrival", (yao_text){day, sizeof day});
    yao_json_put_optional(w, &first, "departure", g->departure);
    yao_json_put_member(w, &first, "document", g->type);
    yao_json_put_member_int(w, &first, "made", g->made);
    yao_json_put_member_int(w, &first, "ends", g->ends);
    yao_json_put_name(w, &first, "guest");
    yao_put_byte(w, '{');
    for (size_t i = 0; i < DESK_GUEST_VALUES; i++) {
        if (g->values[i].len == 0)
            continue;
        yao_json_put_name_text(w, &inner, desk_guest_names[i]);
        yao_put_bytes(w, yao_text_bytes(g->values[i]));
    }
    yao_put_text(w, "}}");
}

/* ---- CSV ---------------------------------------------------------------- */

/* A string without its quotes, all else as it stands. */
static yao_status read_value(yao_arena *arena, yao_text json, yao_text *ret)
{
    const yao_json *value;

    *ret = json;
    if (json.len == 0)
        return YAO_OK;
    YAO_TRY(yao_json_parse(arena, yao_text_bytes(json), &value));
    return value->kind == YAO_JSON_STRING ? yao_json_string(value, arena, ret)
                                          : YAO_OK;
}

yao_status desk_guest_put_csv(yao_writer *w, yao_arena *arena,
                              const desk_guest *g)
{
    uint8_t  day[10];
    yao_text text;

    yao_date_format(g->arrival, day);
    yao_put_hex(w, g->id);
    yao_put_byte(w, ',');
    app_put_cell(w, g->room);
    yao_put_byte(w, ',');
    yao_put_bytes(w, (yao_bytes){day, sizeof day});
    yao_put_byte(w, ',');
    yao_put_bytes(w, yao_text_bytes(g->departure));
    yao_put_byte(w, ',');
    app_put_cell(w, g->type);
    for (size_t i = 0; i < DESK_GUEST_VALUES; i++) {
        YAO_TRY(read_value(arena, g->values[i], &text));
        yao_put_byte(w, ',');
        app_put_cell(w, text);
    }
    yao_put_text(w, "\r\n");
    return YAO_OK;
}

void desk_guest_put_head(yao_writer *w)
{
    yao_put_text(w, "id,room,arrival,departure,document");
    for (size_t i = 0; i < DESK_GUEST_VALUES; i++) {
        yao_put_byte(w, ',');
        yao_put_bytes(w, yao_text_bytes(desk_guest_names[i]));
    }
    yao_put_text(w, "\r\n");
}
