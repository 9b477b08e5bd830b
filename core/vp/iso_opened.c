/* SPDX-License-Identifier: Apache-2.0 */

/* A DeviceResponse that answers org-iso-mdoc, as presentations: each document
 * in a response of its own, with the bytes that it came in, so that one that is
 * not good is discarded alone. */

#include "vp/judge.h"

#include "vp/parts.h"

typedef struct splitting {
    yao_arena            *arena;
    const yao_vp_awaited *awaited;
    yao_vp_presentation  *items;
    size_t                count;
    yao_dcql_credentials  used;
} splitting;

/* The docType of a Document; what else is in it is read when it is judged. */
static yao_text type_of(yao_bytes document)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(document);
    uint64_t        pairs = yao_cbor_get_map(&r);
    yao_text        type  = {NULL, 0};

    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(&r);

        if (yao_text_equal(name, YAO_TEXT("docType")))
            type = yao_cbor_get_text(&r);
        else
            (void)yao_cbor_get_any(&r);
    }
    return r.status == YAO_OK ? type : (yao_text){NULL, 0};
}

/* Of several that ask for this type the first that has no answer yet. */
static size_t query_for(const splitting *s, yao_text type)
{
    const yao_dcql_query *query = &s->awaited->query;

    for (size_t i = 0; i < query->credential_count; i++) {
        const yao_dcql_credential *c = &query->credentials[i];

        if (c->format == YAO_DCQL_MDOC && (s->used >> i & 1) == 0 &&
            type.len != 0 && yao_text_equal(c->types[0], type))
            return i;
    }
    return YAO_DCQL_NONE;
}

static yao_status add(splitting *s, yao_bytes document)
{
    size_t at = query_for(s, type_of(document));

    if (at == YAO_DCQL_NONE)
        return YAO_E_VALUE;
    if (s->count == YAO_VP_MAX_SHOWN)
        return YAO_E_LIMIT;

    yao_vp_presentation *p = &s->items[s->count++];
    yao_writer           w = yao_writer_in(s->arena);

    yao_mdoc_put_response(&w, &document, 1);
    s->used |= (yao_dcql_credentials)1 << at;
    *p = (yao_vp_presentation){.id = s->awaited->query.credentials[at].id,
                               .credential = at};
    return yao_writer_keep(&w, s->arena, &p->document);
}

static yao_status add_all(splitting *s, yao_cbor_reader *r)
{
    uint64_t count = yao_cbor_get_items(r);

    for (uint64_t i = 0; i < count && r->status == YAO_OK; i++) {
        yao_bytes document = yao_cbor_get_any(r);

        if (r->status == YAO_OK)
            YAO_TRY(add(s, document));
    }
    return r->status;
}

yao_status yao_vp_read_iso_opened(yao_arena            *arena,
                                  const yao_vp_awaited *awaited,
                                  yao_bytes             plain,
                                  yao_vp_presentations *ret)
{
    splitting     s = {.arena = arena, .awaited = awaited};
    yao_mdoc_said said;

    YAO_TRY(yao_mdoc_read_said(arena, plain, false, &said));
    if (said.status != YAO_MDOC_RESPONSE_OK || said.document_count == 0)
        return YAO_E_REFUSED;
    s.items = yao_arena_take_array(arena, YAO_VP_MAX_SHOWN, sizeof *s.items);
    if (s.items == NULL)
        return YAO_E_SPACE;

    yao_cbor_reader r     = yao_cbor_open_foreign(plain);
    uint64_t        pairs = yao_cbor_get_map(&r);
    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text name = yao_cbor_get_text(&r);

        if (yao_text_equal(name, YAO_TEXT("documents")))
            YAO_TRY(add_all(&s, &r));
        else
            (void)yao_cbor_get_any(&r);
    }
    YAO_TRY(yao_cbor_close(&r));
    *ret = (yao_vp_presentations){s.items, s.count};
    return YAO_OK;
}
