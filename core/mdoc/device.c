/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/* ---- keyAuthorizations -------------------------------------------------- */

/* Which of a document's device-signed items the issuer allows: one walk over
 * keyAuthorizations, which may be long, marks them. */
typedef struct marks {
    const yao_mdoc_item *items;
    size_t               count;
    uint32_t             allowed[YAO_MAX_ELEMENTS / 32];
} marks;

/* ELEMENT NULL: the whole namespace. */
static void mark(marks *m, yao_text space, const yao_text *element)
{
    for (size_t i = 0; i < m->count; i++)
        if (yao_text_equal(m->items[i].name_space, space) &&
            (element == NULL || yao_text_equal(m->items[i].element, *element)))
            m->allowed[i / 32] |= 1u << i % 32;
}

/* "nameSpaces": [+ NameSpace] */
static void get_allowed_spaces(yao_cbor_reader *r, marks *m)
{
    uint64_t count = yao_cbor_get_items(r);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        yao_text space = yao_cbor_get_text(r);

        if (r->status == YAO_OK)
            mark(m, space, NULL);
    }
}

/* "dataElements": {+ NameSpace => [+ DataElementIdentifier]} */
static void get_allowed_elements(yao_cbor_reader *r, marks *m)
{
    uint64_t spaces = yao_cbor_get_map(r);

    for (uint64_t i = 0; i < spaces && r->status == YAO_OK; i++) {
        yao_text space = yao_cbor_get_text(r);
        uint64_t count = yao_cbor_get_items(r);

        for (uint64_t j = 0; j < count && r->status == YAO_OK; j++) {
            yao_text element = yao_cbor_get_text(r);

            if (r->status == YAO_OK)
                mark(m, space, &element);
        }
    }
}

static void walk_authorisations(yao_cbor_reader *r, marks *m)
{
    static const yao_text names[] = {YAO_INIT("nameSpaces"),
                                     YAO_INIT("dataElements")};
    yao_mdoc_fields       f;

    yao_mdoc_enter(&f, r, names, 2);
    for (int key; (key = yao_mdoc_next(&f, r)) >= 0;) {
        if (key == 0)
            get_allowed_spaces(r, m);
        else
            get_allowed_elements(r, m);
    }
}

void yao_mdoc_get_authorisations(yao_cbor_reader *r, yao_bytes *ret)
{
    yao_cbor_reader shape = *r;
    marks           none  = {NULL, 0, {0}};
    yao_bytes       whole = yao_cbor_get_any(r); /* no key twice */

    if (r->status != YAO_OK)
        return;
    walk_authorisations(&shape, &none);
    if (shape.status != YAO_OK)
        yao_cbor_fail(r, shape.status);
    else
        *ret = whole;
}

/* ---- what the device said ----------------------------------------------- */

static bool said_by_issuer(const yao_mdoc_issuer_signed *issuer,
                           const yao_mdoc_item          *item)
{
    for (size_t i = 0; i < issuer->item_count; i++)
        if (yao_text_equal(issuer->items[i].element, item->element) &&
            yao_text_equal(issuer->items[i].name_space, item->name_space))
            return true;

    return false;
}

yao_status yao_mdoc_check_device_elements(const yao_mdoc_document *document)
{
    yao_bytes authorisations = document->issuer.mso.authorisations;
    marks     m = {document->device_items, document->device_item_count, {0}};

    if (m.count == 0)
        return YAO_OK;
    for (size_t i = 0; i < m.count; i++)
        if (said_by_issuer(&document->issuer, &m.items[i]))
            return YAO_E_DUPLICATE;

    if (authorisations.len != 0) {
        yao_cbor_reader r = yao_cbor_open_foreign(authorisations);
        walk_authorisations(&r, &m);
        YAO_TRY(yao_cbor_close(&r));
    }
    for (size_t i = 0; i < m.count; i++)
        if ((m.allowed[i / 32] & 1u << i % 32) == 0)
            return YAO_E_NOT_AUTHORISED;

    return YAO_OK;
}

/* ---- what the device signs ---------------------------------------------- */

yao_status yao_mdoc_device_authentication(yao_arena *arena,
                                          yao_bytes  transcript,
                                          yao_text   doc_type,
                                          yao_bytes  device_spaces,
                                          yao_bytes  parts[4])
{
    yao_text   title = YAO_TEXT("DeviceAuthentication");
    yao_writer type  = yao_writer_in(arena);

    yao_cbor_put_text(&type, doc_type);
    YAO_TRY(yao_writer_keep(&type, arena, &parts[2]));

    /* 1: the head of an array of four */
    size_t len = 1 + yao_mdoc_head_len(title.len) + title.len +
                 transcript.len + parts[2].len + device_spaces.len;
    yao_writer head = yao_writer_in(arena);

    yao_cbor_put_tag(&head, 24);
    yao_cbor_put_bytes_head(&head, len);
    yao_cbor_put_array(&head, 4);
    yao_cbor_put_text(&head, title);
    YAO_TRY(yao_writer_keep(&head, arena, &parts[0]));

    parts[1] = transcript;
    parts[3] = device_spaces;
    return YAO_OK;
}
