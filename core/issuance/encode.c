/* SPDX-License-Identifier: Apache-2.0 */
/* Values as deterministic CBOR: ISO/IEC 18013-5 7.2, RFC 8949 4.2.1. */
#include "issuance/making.h"

/* The numbers of "10|95". */
static uint64_t count_numbers(yao_text text)
{
    uint64_t count = text.len != 0 ? 1 : 0;

    for (size_t i = 0; i < text.len; i++)
        count += text.ptr[i] == '|' ? 1 : 0;
    return count;
}

static void put_numbers(yao_writer *w, yao_text text)
{
    uint64_t number = 0;

    yao_cbor_put_array(w, count_numbers(text));
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '|')
            number = number * 10 + (uint64_t)(text.ptr[i] - '0');
        if (text.ptr[i] != '|' && i + 1 < text.len)
            continue;
        yao_cbor_put_uint(w, number);
        number = 0;
    }
}

/* Keys in deterministic order: codes, issue_date, expiry_date,
 * vehicle_category_code. */
static void put_privileges(yao_writer *w, const yao_making_value *v)
{
    yao_cbor_put_array(w, v->privilege_count);
    for (size_t i = 0; i < v->privilege_count; i++) {
        const yao_making_privilege *p = &v->privileges[i];

        yao_cbor_put_map(w, p->automatic ? 4 : 3);
        if (p->automatic) {
            yao_cbor_put_string(w, "codes");
            yao_cbor_put_array(w, 1);
            yao_cbor_put_map(w, 1);
            yao_cbor_put_string(w, "code");
            yao_cbor_put_string(w, "78");
        }
        yao_cbor_put_string(w, "issue_date");
        yao_cbor_put_full_date(w, v->first_issue);
        yao_cbor_put_string(w, "expiry_date");
        yao_cbor_put_full_date(w, v->expiry);
        yao_cbor_put_string(w, "vehicle_category_code");
        yao_cbor_put_text(w, p->category);
    }
}

static void put_value(yao_writer *w, const yao_element *e,
                      const yao_making_value *v);

/* Does A come before B as a key? Shorter ones do (RFC 8949 4.2.1: their heads
 * are smaller). */
static bool key_before(yao_text a, yao_text b)
{
    if (a.len != b.len)
        return a.len < b.len;
    return yao_bytes_compare(yao_text_bytes(a), yao_text_bytes(b)) < 0;
}

/* The part that is there and comes next after LAST (-1: the first), or -1. */
static int32_t next_part(const yao_element *e, const yao_making_value *v,
                         int32_t last)
{
    int32_t best = -1;

    for (size_t i = 0; i < e->part_count; i++) {
        yao_text name = e->parts[i].name;

        if (!v->parts[i].present ||
            (last >= 0 && !key_before(e->parts[last].name, name)))
            continue;
        if (best < 0 || key_before(name, e->parts[best].name))
            best = (int32_t)i;
    }
    return best;
}

static void put_map(yao_writer *w, const yao_element *e,
                    const yao_making_value *v)
{
    uint64_t pairs = 0;

    for (size_t i = 0; i < e->part_count; i++)
        pairs += v->parts[i].present ? 1 : 0;
    yao_cbor_put_map(w, pairs);
    for (int32_t i = next_part(e, v, -1); i >= 0; i = next_part(e, v, i)) {
        yao_cbor_put_text(w, e->parts[i].name);
        put_value(w, &e->parts[i], &v->parts[i]);
    }
}

/* Recursion ends at the parts, which are no maps. */
static void put_value(yao_writer *w, const yao_element *e,
                      const yao_making_value *v)
{
    switch (e->type) {
    case YAO_TYPE_TEXT:
    case YAO_TYPE_CODE:
        yao_cbor_put_text(w, v->text);
        break;
    case YAO_TYPE_UINT:
        yao_cbor_put_uint(w, v->number);
        break;
    case YAO_TYPE_UINTS:
        put_numbers(w, v->text);
        break;
    case YAO_TYPE_BOOL:
        yao_cbor_put_bool(w, v->truth);
        break;
    case YAO_TYPE_DATE:
        yao_cbor_put_full_date(w, v->day);
        break;
    case YAO_TYPE_TIME:
        yao_cbor_put_tdate(w, yao_time_of_date(v->day));
        break;
    case YAO_TYPE_IMAGE:
        yao_cbor_put_bytes(w, v->image);
        break;
    case YAO_TYPE_PRIVILEGES:
        put_privileges(w, v);
        break;
    case YAO_TYPE_MAP:
        put_map(w, e, v);
        break;
    case YAO_TYPE_NONE:
        yao_writer_fail(w, YAO_E_USAGE);
        break;
    }
}

static yao_mdoc_element encode_entry(yao_making *m, const yao_making_entry *n)
{
    const yao_element *e       = n->element;
    yao_mdoc_element   element = {e->space, e->identifier, {NULL, 0}};

    if (n->page != 0)
        element.name_space =
            yao_making_paged(m, e->space, e->space.len - 2, n->page);

    yao_writer w = yao_writer_in(m->arena);
    put_value(&w, e, &n->value);
    yao_status status = yao_writer_keep(&w, m->arena, &element.value);
    if (status != YAO_OK && m->status == YAO_OK)
        m->status = status;
    return element;
}

void yao_making_encode(yao_making *m, yao_issuance_document *ret)
{
    yao_mdoc_element *table;
    size_t            count = 0;

    if (m->status != YAO_OK)
        return;
    table = yao_arena_take_array(m->arena, m->entry_count, sizeof *table);
    if (table == NULL) {
        m->status = YAO_E_SPACE;
        return;
    }
    for (size_t i = 0; i < m->entry_count && m->status == YAO_OK; i++)
        if (m->entries[i].element->space.len != 0)
            table[count++] = encode_entry(m, &m->entries[i]);
    ret->elements      = table;
    ret->element_count = count;
}
