/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/receipt.h"

#include "base/letters.h"

/* ---- making ------------------------------------------------------------- */

static bool is_verdict(yao_text word)
{
    return yao_text_equal(word, YAO_TEXT("accept")) ||
           yao_text_equal(word, YAO_TEXT("reject")) ||
           yao_text_equal(word, YAO_TEXT("indeterminate"));
}

static bool is_time(yao_time t)
{
    return t >= 0 && t <= YAO_TIME_MAX;
}

static bool writable(const yao_receipt *r)
{
    if (r->issuer.len == 0 || r->id.len == 0 || r->profile.len == 0 ||
        !is_verdict(r->verdict) || !is_time(r->when) || !is_time(r->until) ||
        r->document_count > YAO_RECEIPT_MAX_DOCUMENTS ||
        (r->bound.len != 0 && r->bound.len != YAO_SHA256_LEN))
        return false;
    for (size_t i = 0; i < r->document_count; i++)
        if (r->documents[i].type.len == 0 ||
            r->documents[i].element_count > YAO_RECEIPT_MAX_ELEMENTS)
            return false;
    return true;
}

static void put_label(yao_writer *w, bool *first, const char *name,
                      const yao_label *label)
{
    bool inner = true;

    if (label->zh.len == 0 && label->en.len == 0)
        return;
    yao_json_put_name(w, first, name);
    yao_put_byte(w, '{');
    yao_json_put_optional(w, &inner, "zh", label->zh);
    yao_json_put_optional(w, &inner, "en", label->en);
    yao_put_byte(w, '}');
}

static void put_document(yao_writer *w, const yao_receipt_document *d)
{
    bool first = true, next = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "type", d->type);
    yao_json_put_name(w, &first, "elements");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < d->element_count; i++) {
        yao_json_put_next(w, &next);
        yao_json_put_string(w, d->elements[i]);
    }
    yao_put_text(w, "]}");
}

static yao_status write_payload(yao_arena *arena, const yao_receipt *r,
                                yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true, next = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "iss", r->issuer);
    yao_json_put_member(&w, &first, "jti", r->id);
    yao_json_put_member_int(&w, &first, "iat", r->when);
    yao_json_put_member(&w, &first, "profile", r->profile);
    put_label(&w, &first, "purpose", &r->purpose);
    put_label(&w, &first, "legal_basis", &r->legal_basis);
    yao_json_put_member_int(&w, &first, "keep_until", r->until);
    if (r->bound.len != 0)
        yao_json_put_member_base64url(&w, &first, "bound", r->bound);
    yao_json_put_member(&w, &first, "verdict", r->verdict);
    yao_json_put_name(&w, &first, "documents");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < r->document_count; i++) {
        yao_json_put_next(&w, &next);
        put_document(&w, &r->documents[i]);
    }
    yao_put_text(&w, "]}");
    return yao_writer_keep(&w, arena, ret);
}

static yao_status write_header(yao_arena *arena, const yao_sig_row *row,
                               const yao_bytes *chain, size_t count,
                               yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    yao_put_text(&w, "{\"alg\":\"");
    yao_put_text(&w, row->jose);
    yao_put_text(&w, "\",\"typ\":\"" YAO_RECEIPT_TYPE "\"");
    if (count != 0) {
        yao_put_byte(&w, ',');
        yao_jws_put_x5c(&w, chain, count);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status yao_receipt_make(yao_arena *arena, const yao_receipt *receipt,
                            yao_sig_alg alg, const yao_bytes *chain,
                            size_t chain_count, yao_oauth_unsigned *ret)
{
    const yao_sig_row *row = yao_sig_by_alg(alg);
    yao_oauth_unsigned token;
    yao_bytes          header, payload;

    if (row == NULL || !writable(receipt) || chain_count > YAO_MAX_CHAIN)
        return YAO_E_USAGE;
    YAO_TRY(write_header(arena, row, chain, chain_count, &header));
    YAO_TRY(write_payload(arena, receipt, &payload));
    yao_writer w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, payload);
    YAO_TRY(yao_writer_keep(&w, arena, &token.text));
    token.wish = yao_sign_wish_of(alg, token.text);

    *ret = token;
    return YAO_OK;
}

/* ---- reading ------------------------------------------------------------ */

static yao_status need(const yao_json *object, const char *name,
                       yao_json_kind kind, const yao_json **ret)
{
    const yao_json *member = yao_json_get(object, name);

    if (member == NULL)
        return YAO_E_MISSING;
    if (member->kind != kind)
        return YAO_E_MALFORMED;
    *ret = member;
    return YAO_OK;
}

static yao_status read_text(yao_arena *arena, const yao_json *object,
                            const char *name, yao_text *ret)
{
    const yao_json *member;

    YAO_TRY(need(object, name, YAO_JSON_STRING, &member));
    YAO_TRY(yao_json_string(member, arena, ret));
    return ret->len != 0 ? YAO_OK : YAO_E_MISSING;
}

static yao_status read_time(const yao_json *object, const char *name,
                            yao_time *ret)
{
    const yao_json *member;

    YAO_TRY(need(object, name, YAO_JSON_NUMBER, &member));
    if (yao_json_int(member, ret) != YAO_OK || !is_time(*ret))
        return YAO_E_VALUE;
    return YAO_OK;
}

static yao_status read_label(yao_arena *arena, const yao_json *root,
                             const char *name, yao_label *ret)
{
    const yao_json *object = yao_json_get(root, name), *member;

    if (object == NULL)
        return YAO_OK;
    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    member = yao_json_get(object, "zh");
    if (member != NULL)
        YAO_TRY(yao_json_string(member, arena, &ret->zh));
    member = yao_json_get(object, "en");
    return member != NULL ? yao_json_string(member, arena, &ret->en) : YAO_OK;
}

static yao_status read_bound(yao_arena *arena, const yao_json *root,
                             yao_bytes *ret)
{
    yao_text letters;

    if (yao_json_get(root, "bound") == NULL)
        return YAO_OK;
    YAO_TRY(read_text(arena, root, "bound", &letters));
    YAO_TRY(yao_letters_decode(arena, yao_text_bytes(letters), ret));
    return ret->len == YAO_SHA256_LEN ? YAO_OK : YAO_E_VALUE;
}

static yao_status read_document(yao_arena *arena, const yao_json *object,
                                yao_receipt_document *ret)
{
    const yao_json *list;
    yao_text       *names;
    size_t          count = 0;

    if (object->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    YAO_TRY(read_text(arena, object, "type", &ret->type));
    YAO_TRY(need(object, "elements", YAO_JSON_ARRAY, &list));
    if (list->count > YAO_RECEIPT_MAX_ELEMENTS)
        return YAO_E_LIMIT;
    names = yao_arena_take_array(arena, list->count, sizeof *names);
    if (names == NULL)
        return YAO_E_SPACE;
    for (const yao_json *e = list->first; e != NULL; e = e->next)
        YAO_TRY(yao_json_string(e, arena, &names[count++]));
    ret->elements      = names;
    ret->element_count = count;
    return YAO_OK;
}

static yao_status read_documents(yao_arena *arena, const yao_json *root,
                                 yao_receipt *ret)
{
    const yao_json       *list;
    yao_receipt_document *documents;
    size_t                count = 0;

    YAO_TRY(need(root, "documents", YAO_JSON_ARRAY, &list));
    if (list->count > YAO_RECEIPT_MAX_DOCUMENTS)
        return YAO_E_LIMIT;
    documents = yao_arena_take_array(arena, list->count, sizeof *documents);
    if (documents == NULL)
        return YAO_E_SPACE;
    for (const yao_json *d = list->first; d != NULL; d = d->next)
        YAO_TRY(read_document(arena, d, &documents[count++]));
    ret->documents      = documents;
    ret->document_count = count;
    return YAO_OK;
}

static yao_status read_members(yao_arena *arena, const yao_json *root,
                               yao_receipt *ret)
{
    YAO_TRY(read_text(arena, root, "iss", &ret->issuer));
    YAO_TRY(read_text(arena, root, "jti", &ret->id));
    YAO_TRY(read_time(root, "iat", &ret->when));
    YAO_TRY(read_text(arena, root, "profile", &ret->profile));
    YAO_TRY(read_label(arena, root, "purpose", &ret->purpose));
    YAO_TRY(read_label(arena, root, "legal_basis", &ret->legal_basis));
    YAO_TRY(read_time(root, "keep_until", &ret->until));
    YAO_TRY(read_bound(arena, root, &ret->bound));
    YAO_TRY(read_text(arena, root, "verdict", &ret->verdict));
    if (!is_verdict(ret->verdict))
        return YAO_E_VALUE;
    return read_documents(arena, root, ret);
}

yao_status yao_receipt_read(yao_arena *arena, yao_bytes letters,
                            yao_receipt_unverified *ret)
{
    yao_receipt_unverified r = {.said = {.document_count = 0}};

    if (letters.len > YAO_RECEIPT_MAX)
        return YAO_E_LIMIT;
    YAO_TRY(yao_jws_read(arena, letters, &r.jws));
    if (!yao_text_equal(r.jws.type, YAO_TEXT(YAO_RECEIPT_TYPE)))
        return YAO_E_HEADER;
    YAO_TRY(read_members(arena, r.jws.payload, &r.said));
    *ret = r;
    return YAO_OK;
}

/* ---- is it theirs ------------------------------------------------------- */

yao_status yao_receipt_check(const yao_receipt_unverified *r,
                             const yao_receipt_terms      *terms,
                             yao_signature_check          *ret)
{
    if (terms->issuer.len == 0)
        return YAO_E_USAGE;
    if (!yao_text_equal(r->said.issuer, terms->issuer))
        return YAO_E_MISMATCH;
    if (terms->bound.len != 0 && r->said.bound.len == 0)
        return YAO_E_MISSING;
    if (terms->bound.len != 0 && !yao_bytes_equal(r->said.bound, terms->bound))
        return YAO_E_MISMATCH;
    return yao_jws_check(&r->jws, &terms->key, ret);
}

/* ---- beside redirect_uri ------------------------------------------------ */

void yao_receipt_put_answer(yao_writer *w, yao_text redirect_uri,
                            yao_text receipt)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "redirect_uri", redirect_uri);
    yao_json_put_optional(w, &first, "receipt", receipt);
    yao_put_byte(w, '}');
}

/* Letters of three parts, of a length that is read. */
static bool may_be_one(yao_text text)
{
    size_t points = 0;

    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        points += c == '.';
        if (c <= ' ' || c >= 0x7f)
            return false;
    }
    return points == 2 && text.len <= YAO_RECEIPT_MAX;
}

yao_status yao_receipt_read_answer(yao_arena *arena, yao_bytes body,
                                   yao_text *ret)
{
    yao_text        text = {NULL, 0};
    const yao_json *root, *member = NULL;
    yao_status      status = yao_json_parse_object(arena, body, &root);

    if (status == YAO_E_SPACE)
        return status;
    if (status == YAO_OK)
        member = yao_json_get(root, "receipt");
    if (member != NULL && member->kind == YAO_JSON_STRING)
        YAO_TRY(yao_json_string(member, arena, &text));
    *ret = may_be_one(text) ? text : (yao_text){NULL, 0};
    return YAO_OK;
}
