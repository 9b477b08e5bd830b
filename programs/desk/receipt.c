/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/receipt.h"

#include "vp/receipt.h"

/* ---- names of what was shown -------------------------------------------- */

/* "m02" of "org.yaopai.household_booklet.1.m02"; else empty. */
static yao_text page_of(yao_text space)
{
    if (space.len < 4)
        return (yao_text){NULL, 0};

    const uint8_t *end = space.ptr + space.len;
    if (end[-4] != '.' || end[-3] != 'm' || end[-2] < '0' || end[-2] > '9' ||
        end[-1] < '0' || end[-1] > '9')
        return (yao_text){NULL, 0};
    return (yao_text){end - 3, 3};
}

static yao_status name_of(app_call *call, const yao_attribute *a, yao_text *ret)
{
    yao_text   page = page_of(a->space);
    yao_writer w    = yao_writer_in(call->arena);
    yao_bytes  out;

    *ret = a->name;
    if (page.len == 0)
        return YAO_OK;
    yao_put_bytes(&w, yao_text_bytes(page));
    yao_put_byte(&w, '.');
    yao_put_bytes(&w, yao_text_bytes(a->name));
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

static yao_status put_names(app_call *call, const yao_result_document *d,
                            yao_receipt_document *ret)
{
    size_t    count = 0;
    yao_text *names =
        yao_arena_take_array(call->arena, d->attribute_count, sizeof *names);

    if (names == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < d->attribute_count; i++)
        if (!d->attributes[i].by_device)
            YAO_TRY(name_of(call, &d->attributes[i], &names[count++]));
    *ret = (yao_receipt_document){d->type, names, count};
    return YAO_OK;
}

/* One that could not even be read has no type, and nothing was shown. */
static yao_status put_documents(app_call *call, const desk_shown *shown,
                                yao_receipt *r)
{
    yao_receipt_document *list = yao_arena_take_array(
        call->arena, YAO_RECEIPT_MAX_DOCUMENTS, sizeof *list);
    size_t count = 0;

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < shown->count; i++) {
        const yao_result *one = shown->results[i];

        for (size_t k = 0; one != NULL && k < one->document_count; k++)
            if (count < YAO_RECEIPT_MAX_DOCUMENTS &&
                one->documents[k].type.len > 0)
                YAO_TRY(put_names(call, &one->documents[k], &list[count++]));
    }
    r->documents      = list;
    r->document_count = count;
    return YAO_OK;
}

/* ---- making one --------------------------------------------------------- */

static yao_status sign(app_call *call, const yao_receipt *r,
                       const desk_reader *by, bool along, yao_text *ret)
{
    uint8_t            signature[YAO_MAX_SIGNATURE];
    size_t             len;
    yao_oauth_unsigned token;
    yao_bytes          letters;

    YAO_TRY(yao_receipt_make(call->arena, r, yao_key_alg(by->key),
                             &by->certificate.der, along ? 1 : 0, &token));
    YAO_TRY(yao_key_sign(by->key, &token.wish, signature, &len));
    YAO_TRY(yao_oauth_sign(call->arena, &token, (yao_bytes){signature, len},
                           &letters));
    *ret = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

/* By whom it was asked: what the holder was told is what is signed. */
static yao_status sign_by(app_call *call, yao_receipt *r,
                          const desk_shown *shown, yao_text *ret)
{
    desk_reader own;

    if (shown->reader != NULL && shown->reader->key != NULL) {
        r->issuer = shown->reader->client_id;
        return sign(call, r, shown->reader, !shown->code, ret);
    }
    YAO_TRY(desk_reader_own(call, &own));
    r->issuer         = own.client_id;
    yao_status status = sign(call, r, &own, !shown->code, ret);
    desk_reader_close(&own);
    return status;
}

static yao_status hex_of(app_call *call, yao_bytes id, yao_text *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  out;

    yao_put_hex(&w, id);
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

yao_status desk_receipt_make(app_call *call, const desk_trust *t,
                             const desk_shown *shown, desk_result *r)
{
    const yao_profile *p = shown->profile;

    if (p == NULL)
        return YAO_OK;
    yao_receipt receipt = {.profile     = p->name,
                           .purpose     = p->purpose,
                           .legal_basis = p->legal_basis,
                           .verdict =
                               yao_text_of(desk_verdict_word(r->verdict)),
                           .when  = call->now,
                           .until = desk_retention_end(call, t, p) +
                                    (shown->waits ? DESK_GRACE : 0)};

    YAO_TRY(hex_of(call, r->id, &receipt.id));
    if (shown->bound.len > 0)
        YAO_TRY(desk_hash(call, (yao_text){shown->bound.ptr, shown->bound.len},
                          &receipt.bound));
    YAO_TRY(put_documents(call, shown, &receipt));
    return sign_by(call, &receipt, shown, &r->receipt);
}

/* ---- giving it to the program ------------------------------------------- */

static yao_status find(app_call *call, uint8_t id[STORE_ID_LEN], yao_text *ret)
{
    yao_bytes which = {id, STORE_ID_LEN};

    if (!desk_read_id(call->parts[0], id))
        return YAO_E_NOT_FOUND;
    YAO_TRY(desk_result_done(call, which));
    YAO_TRY(desk_result_receipt(call, which, ret));
    return ret->len > 0 ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status get_receipt(app_call *call, app_reply *ret)
{
    uint8_t  id[STORE_ID_LEN];
    yao_text letters;
    bool     first = true;

    yao_status status = find(call, id, &letters);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "id", call->parts[0]);
    yao_json_put_member(&w, &first, "receipt", letters);
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, 200, &w);
}

static const app_route routes[] = {
    {"GET", "/api/sessions/{id}/receipt", APP_PROGRAM, get_receipt, 0, 0},
    {"GET", "/api/cards/{id}/receipt", APP_PROGRAM, get_receipt, 0, 0},
};

const app_routes desk_receipt_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
