/* SPDX-License-Identifier: Apache-2.0 */

/* Which of several a document is that was received, and what stands in it. */

#include "wallet/receiving.h"

#include "app/value.h"

enum { LONGEST = 200 };

/* ---- what stands in it -------------------------------------------------- */

const yao_element *yao_receiving_element(const yao_definition   *d,
                                         const yao_receive_item *item,
                                         const yao_attribute    *a)
{
    if (d == NULL)
        return NULL;
    switch (item->offered.format) {
    case YAO_VCI_MDOC:
        return yao_document_element(d, a->space, a->name);
    case YAO_VCI_SDJWT:
        return yao_document_claim(d, a->name);
    case YAO_VCI_CARD:
    case YAO_VCI_PAPER:
    case YAO_VCI_NO_FORMAT:
        break;
    }
    return yao_document_named(d, a->name);
}

/* JSON strings without their quotes. */
void yao_receiving_put_value(yao_writer *w, const yao_attribute *a)
{
    yao_text json = a->json;

    if (a->cbor.len != 0) {
        yao_value_put_plain(w, a->cbor);
        return;
    }
    if (json.len > LONGEST) {
        yao_put_byte(w, '(');
        yao_put_decimal(w, (int64_t)json.len);
        yao_put_text(w, " bytes)");
        return;
    }
    if (json.len >= 2 && json.ptr[0] == '"')
        json = (yao_text){json.ptr + 1, json.len - 2};
    yao_value_put_text(w, json);
}

/* ---- which of several --------------------------------------------------- */

static const yao_attribute *find(const yao_receiving_all *all, size_t index,
                                 const char *name)
{
    const yao_receive_item *item = &all->items[index];
    const yao_definition   *d =
        yao_document_by_type(all->catalogue, item->offered.type);

    for (size_t i = 0; d != NULL && i < item->attribute_count; i++) {
        const yao_attribute *a = &item->attributes[i];
        const yao_element   *e = yao_receiving_element(d, item, a);

        if (e != NULL && yao_text_equal(e->name, yao_text_of(name)))
            return a;
    }
    return NULL;
}

static bool says_yes(const yao_attribute *a)
{
    return a != NULL && (yao_bytes_equal(a->cbor, YAO_LIT("\xf5")) ||
                         yao_text_equal(a->json, YAO_TEXT("true")));
}

static bool is_here(const yao_receive_item *item)
{
    return item->state == YAO_RECEIVE_GOOD || item->state == YAO_RECEIVE_KEPT;
}

/* The name of the child for whom a guardian holds what came: all documents of a
 * session are one person's, and a card does not say of itself that it is a
 * child's. */
static const yao_attribute *find_child(const yao_receiving_all *all)
{
    for (size_t i = 0; i < all->count; i++) {
        const yao_attribute *name = find(all, i, "full_name");

        if (is_here(&all->items[i]) && name != NULL &&
            says_yes(find(all, i, "held_by_guardian")))
            return name;
    }
    return NULL;
}

yao_status yao_receiving_subject(const yao_receiving_all *all, size_t index,
                                 yao_arena *arena, yao_text *ret)
{
    const yao_attribute *a =
        find(all, index, "vehicle_identification_number");
    yao_writer w = yao_writer_in(arena);
    yao_bytes  value;

    if (a == NULL)
        a = find_child(all);
    if (a == NULL) {
        *ret = YAO_TEXT("");
        return YAO_OK;
    }
    yao_receiving_put_value(&w, a);
    YAO_TRY(yao_writer_keep(&w, arena, &value));
    *ret = (yao_text){value.ptr, value.len};
    return YAO_OK;
}
