/* SPDX-License-Identifier: Apache-2.0 */
/* Values of the record, each checked as the catalogue wants it. */
#include "issuance/making.h"

/* ---- reading the record ---- */

/* The vehicle that was chosen. */
static const yao_json *choose_vehicle(const yao_issuance_input *input)
{
    const yao_json *list = yao_json_get(input->person, "vehicles");
    size_t          left = input->vehicle;

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return NULL;
    for (const yao_json *item = list->first; item != NULL; item = item->next)
        if (left-- == 0)
            return item;
    return NULL;
}

yao_making yao_making_open(yao_arena *arena, const yao_issuance_input *input,
                           yao_problems *problems)
{
    yao_making m = {0};

    m.arena    = arena;
    m.input    = input;
    m.problems = problems;
    if (input->now < 0 || input->now > YAO_TIME_MAX) {
        m.status = YAO_E_USAGE;
        return m;
    }
    m.today   = yao_date_of_time(input->now);
    m.vehicle = choose_vehicle(input);
    return m;
}

const yao_json *yao_making_find(const yao_making *m, const yao_json *record,
                                yao_text path)
{
    const yao_json *node  = record;
    size_t          start = 0;

    for (size_t i = 0; i <= path.len && node != NULL; i++) {
        if (i < path.len && path.ptr[i] != '.')
            continue;
        yao_text step = {path.ptr + start, i - start};
        node          = start == 0 && yao_text_equal(step, YAO_TEXT("vehicle"))
                            ? m->vehicle
                            : yao_json_get_text(node, step);
        start         = i + 1;
    }
    return node;
}

bool yao_making_text(yao_making *m, const yao_json *node, yao_text *ret)
{
    yao_status status = yao_json_string(node, m->arena, ret);

    if (status == YAO_E_SPACE && m->status == YAO_OK)
        m->status = status;
    return status == YAO_OK;
}

bool yao_making_day(yao_making *m, const yao_json *node, yao_date *ret)
{
    yao_text text;

    return yao_making_text(m, node, &text) &&
           yao_date_parse(yao_text_bytes(text), ret) == YAO_OK;
}

bool yao_making_truth(const yao_json *node)
{
    return node != NULL && node->kind == YAO_JSON_BOOL && node->truth;
}

bool yao_making_last_day(yao_making *m, const yao_json *record, yao_date *ret)
{
    const yao_definition *d = m->input->definition;

    if (d->long_term.len != 0 &&
        yao_making_truth(yao_making_find(m, record, d->long_term))) {
        *ret = (yao_date){9999, 12, 31};
        return true;
    }
    return d->until.len != 0 &&
           yao_making_day(m, yao_making_find(m, record, d->until), ret);
}

/* ---- saying what is wrong ---- */

static void say(yao_making *m, yao_severity severity, yao_reason reason,
                yao_text where)
{
    yao_problems_add(m->problems, severity, reason, where);
}

/* A digit of PAGE as a letter. */
static uint8_t digit(unsigned number)
{
    return (uint8_t)('0' + number % 10);
}

/* "name", "m02.name", or "vehicle_holder.resident_city". */
static yao_text place(yao_making *m, const yao_element *whole,
                      const yao_element *e, unsigned page)
{
    yao_writer w    = yao_writer_in(m->arena);
    yao_bytes  kept = {NULL, 0};

    if (whole == e && page == 0)
        return e->name;
    if (page != 0) {
        yao_put_byte(&w, 'm');
        yao_put_byte(&w, digit(page / 10));
        yao_put_byte(&w, digit(page));
        yao_put_byte(&w, '.');
    }
    yao_put_bytes(&w, yao_text_bytes(whole->name));
    if (whole != e) {
        yao_put_byte(&w, '.');
        yao_put_bytes(&w, yao_text_bytes(e->name));
    }
    yao_status status = yao_writer_keep(&w, m->arena, &kept);
    if (status != YAO_OK && m->status == YAO_OK)
        m->status = status;
    return (yao_text){kept.ptr, kept.len};
}

/* ---- checking ---- */

static bool is_jpeg(yao_bytes image)
{
    return image.len > 4 && image.ptr[0] == 0xff && image.ptr[1] == 0xd8 &&
           image.ptr[2] == 0xff && image.ptr[image.len - 2] == 0xff &&
           image.ptr[image.len - 1] == 0xd9;
}

static yao_finding check_text(const yao_making *m, const yao_element *e,
                              yao_text text)
{
    if (e->max != 0 && yao_text_count(text) > e->max)
        return (yao_finding){YAO_ERROR, YAO_REASON_LONG};
    /* What was mapped is a code no longer. */
    if (e->codes != NULL && e->type == YAO_TYPE_CODE)
        return yao_check_code(e->codes, text);
    return yao_check_rule(m->input->catalogue, e->rule, text, m->today);
}

static yao_finding check_number(const yao_element *e, uint64_t number)
{
    uint8_t    digits[20];
    yao_writer w    = yao_writer_open(digits, sizeof digits);
    yao_bytes  text = {NULL, 0};

    if (e->codes == NULL)
        return (yao_finding){YAO_FINE, YAO_REASON_NONE};
    yao_put_decimal(&w, (int64_t)number);
    if (yao_writer_close(&w, &text) != YAO_OK)
        return (yao_finding){YAO_ERROR, YAO_REASON_RANGE};
    return yao_check_code(e->codes, (yao_text){text.ptr, text.len});
}

static yao_finding check_image(const yao_element *e, yao_bytes image)
{
    if (!is_jpeg(image))
        return (yao_finding){YAO_ERROR, YAO_REASON_PORTRAIT};
    if (image.len > e->max)
        return (yao_finding){YAO_ERROR, YAO_REASON_LONG};
    return (yao_finding){YAO_FINE, YAO_REASON_NONE};
}

static yao_finding check_value(const yao_making *m, const yao_element *e,
                               const yao_making_value *v)
{
    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
        return check_text(m, e, v->text);
    case YAO_TYPE_UINT:
        return check_number(e, v->number);
    case YAO_TYPE_IMAGE:
        return check_image(e, v->image);
    case YAO_TYPE_TIME: /* a moment is counted from 1970 */
        if (v->day.year < 1970)
            return (yao_finding){YAO_ERROR, YAO_REASON_RANGE};
        break;
    case YAO_TYPE_NONE:
    case YAO_TYPE_UINTS:
    case YAO_TYPE_BOOL:
    case YAO_TYPE_DATE:
    case YAO_TYPE_PRIVILEGES:
    case YAO_TYPE_MAP:
        break;
    }
    return (yao_finding){YAO_FINE, YAO_REASON_NONE};
}

/* ---- taking ---- */

/* Does NODE hold a value of E's type? It is then in RET. */
static bool read_node(yao_making *m, const yao_element *e, const yao_json *node,
                      yao_making_value *ret)
{
    int64_t number = 0;

    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
        return yao_making_text(m, node, &ret->text);
    case YAO_TYPE_UINT:
        if (yao_json_int(node, &number) != YAO_OK || number < 0)
            return false;
        ret->number = (uint64_t)number;
        return true;
    case YAO_TYPE_BOOL:
        return yao_json_bool(node, &ret->truth) == YAO_OK;
    case YAO_TYPE_DATE:
    case YAO_TYPE_TIME:
        return yao_making_day(m, node, &ret->day);
    case YAO_TYPE_NONE:
    case YAO_TYPE_UINTS:
    case YAO_TYPE_IMAGE:
    case YAO_TYPE_PRIVILEGES:
    case YAO_TYPE_MAP:
        break;
    }
    return false;
}

/* What the record says, or the fallback. An empty text says nothing. */
static yao_making_value take(yao_making *m, const yao_element *e,
                             const yao_json *record, yao_finding *found)
{
    const yao_json  *node = yao_making_find(m, record, e->from);
    yao_making_value v    = {0};

    if (node != NULL && node->kind != YAO_JSON_NULL) {
        v.present = read_node(m, e, node, &v);
        if (!v.present)
            *found = (yao_finding){YAO_ERROR, YAO_REASON_KIND};
    }
    bool letters = e->type == YAO_TYPE_TEXT || e->type == YAO_TYPE_CODE;
    if (letters && v.present && v.text.len == 0)
        v.present = false;
    if (letters && !v.present && e->fallback.len != 0) {
        v.present = true;
        v.text    = e->fallback;
    }
    return v;
}

static yao_making_value make_one(yao_making *m, const yao_element *whole,
                                 const yao_element *e, const yao_json *record,
                                 unsigned page)
{
    yao_finding      found = {YAO_FINE, YAO_REASON_NONE};
    yao_making_value v;

    v = e->derive == YAO_DERIVE_NONE ? take(m, e, record, &found)
                                     : yao_making_derive(m, e, record);
    if (v.present && found.severity == YAO_FINE)
        found = check_value(m, e, &v);
    if (!v.present && e->mandatory && found.severity == YAO_FINE)
        found = (yao_finding){YAO_ERROR, YAO_REASON_MISSING};
    if (found.severity != YAO_FINE)
        say(m, found.severity, found.reason, place(m, whole, e, page));
    return v;
}

/* Parts that say nothing by themselves make no map. */
static bool says_something(const yao_element *e, const yao_making_value *parts)
{
    for (size_t i = 0; i < e->part_count; i++)
        if (parts[i].present && e->parts[i].derive != YAO_DERIVE_CONSTANT)
            return true;
    return false;
}

static yao_making_value make_map(yao_making *m, const yao_element *e,
                                 const yao_json *record, unsigned page)
{
    yao_making_value  v = {0};
    yao_making_value *parts =
        yao_arena_take_array(m->arena, e->part_count, sizeof *parts);

    if (parts == NULL) {
        m->status = m->status == YAO_OK ? YAO_E_SPACE : m->status;
        return v;
    }
    for (size_t i = 0; i < e->part_count; i++)
        parts[i] = make_one(m, e, &e->parts[i], record, page);
    v.present = says_something(e, parts);
    v.parts   = parts;
    if (!v.present && e->mandatory)
        say(m, YAO_ERROR, YAO_REASON_MISSING, place(m, e, e, page));
    return v;
}

yao_making_value yao_making_make(yao_making *m, const yao_element *e,
                                 const yao_json *record, unsigned page)
{
    return e->type == YAO_TYPE_MAP ? make_map(m, e, record, page)
                                   : make_one(m, e, e, record, page);
}
