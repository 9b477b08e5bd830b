/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/cwt.h"
#include "statuslist/parts.h"

/* Keep the first thing that was wrong. */
static void note(yao_status *place, yao_status status)
{
    if (*place == YAO_OK)
        *place = status;
}

/* Bits and bytes of either form. */
static void take_content(yao_statuslist_claims *c, int64_t bits)
{
    c->bits = bits;
    if (bits < 0 || !yao_statuslist_bits_good((uint64_t)bits))
        note(&c->content, YAO_E_VALUE);
}

/* Draft 5.1: a positive number of seconds. */
static void take_ttl(yao_statuslist_claims *c, int64_t ttl)
{
    c->ttl = ttl;
    if (ttl <= 0)
        note(&c->dates, YAO_E_VALUE);
}

/* ---- JWT ---- */

static yao_time date_of(const yao_json *value, yao_statuslist_claims *c)
{
    int64_t date;

    if (value == NULL)
        return YAO_TIME_NONE;
    if (yao_json_int(value, &date) == YAO_OK && date >= 0 &&
        date <= YAO_TIME_MAX)
        return date;
    note(&c->dates, YAO_E_VALUE);
    return YAO_TIME_NONE;
}

static yao_status read_subject(yao_arena *arena, const yao_json *sub,
                               yao_statuslist_claims *c)
{
    if (sub == NULL) {
        note(&c->required, YAO_E_MISSING);
        return YAO_OK;
    }
    if (sub->kind != YAO_JSON_STRING || sub->raw.len == 0) {
        note(&c->required, YAO_E_VALUE);
        return YAO_OK;
    }
    return yao_json_string(sub, arena, &c->uri);
}

static yao_status read_lst(yao_arena *arena, const yao_json *lst,
                           yao_statuslist_claims *c)
{
    yao_writer w = yao_writer_in(arena);
    yao_text   letters;

    if (lst->kind != YAO_JSON_STRING) {
        note(&c->content, YAO_E_VALUE);
        return YAO_OK;
    }
    YAO_TRY(yao_json_string(lst, arena, &letters));

    yao_status status = yao_get_base64url(yao_text_bytes(letters), &w);
    if (status == YAO_OK)
        status = yao_writer_keep(&w, arena, &c->compressed);
    if (status == YAO_E_SPACE)
        return status;
    note(&c->content, status);
    return YAO_OK;
}

static yao_status read_list(yao_arena *arena, const yao_json *list,
                            yao_statuslist_claims *c)
{
    const yao_json *bits = yao_json_get(list, "bits");
    const yao_json *lst  = yao_json_get(list, "lst");
    int64_t         number;

    if (list != NULL && list->kind != YAO_JSON_OBJECT) {
        note(&c->required, YAO_E_VALUE);
        return YAO_OK;
    }
    if (bits == NULL || lst == NULL) {
        note(&c->required, YAO_E_MISSING);
        return YAO_OK;
    }
    if (yao_json_int(bits, &number) != YAO_OK)
        number = -1;
    take_content(c, number);
    return read_lst(arena, lst, c);
}

static yao_status read_claims_json(yao_arena *arena, const yao_json *payload,
                                   yao_statuslist_claims *c)
{
    const yao_json *iat = yao_json_get(payload, "iat");
    const yao_json *ttl = yao_json_get(payload, "ttl");
    int64_t         number;

    if (iat == NULL)
        note(&c->required, YAO_E_MISSING);
    c->issued_at = date_of(iat, c);
    c->expires   = date_of(yao_json_get(payload, "exp"), c);
    if (ttl != NULL)
        take_ttl(c, yao_json_int(ttl, &number) == YAO_OK ? number : -1);
    YAO_TRY(read_subject(arena, yao_json_get(payload, "sub"), c));

    return read_list(arena, yao_json_get(payload, "status_list"), c);
}

static yao_status parse_jwt(yao_arena *arena, yao_bytes input,
                            yao_statuslist_unverified *t)
{
    YAO_TRY(yao_jws_read(arena, input, &t->jws));
    t->type        = t->jws.type;
    t->chain       = t->jws.chain;
    t->chain_count = t->jws.chain_count;

    return read_claims_json(arena, t->jws.payload, &t->claims);
}

/* ---- CWT ---- */

/* Shape: {"bits": uint, "lst": bstr, * tstr => any}; a key that comes twice is
 * met by the look at the whole item. */
static void read_list_cbor(yao_bytes item, yao_statuslist_claims *c)
{
    yao_cbor_reader r    = yao_cbor_open(item);
    bool            bits = false, lst = false;
    int64_t         number = -1;

    uint64_t pairs = yao_cbor_get_map(&r);
    for (uint64_t i = 0; i < pairs && r.status == YAO_OK; i++) {
        yao_text key = yao_cbor_get_text(&r);

        if (yao_text_equal(key, YAO_TEXT("bits"))) {
            number = yao_cbor_get_int(&r);
            bits   = true;
        } else if (yao_text_equal(key, YAO_TEXT("lst"))) {
            c->compressed = yao_cbor_get_bytes(&r);
            lst           = true;
        } else {
            (void)yao_cbor_get_any(&r);
        }
    }
    if (yao_cbor_close(&r) != YAO_OK)
        note(&c->content, YAO_E_VALUE);
    else if (!bits || !lst)
        note(&c->required, YAO_E_MISSING);
    else
        take_content(c, number);
}

static void read_ttl_cbor(yao_bytes item, yao_statuslist_claims *c)
{
    yao_cbor_reader r   = yao_cbor_open(item);
    int64_t         ttl = yao_cbor_get_int(&r);

    take_ttl(c, yao_cbor_close(&r) == YAO_OK ? ttl : -1);
}

static void read_claims_cbor(const yao_cwt *cwt, yao_statuslist_claims *c)
{
    yao_bytes list = yao_cwt_get(cwt, YAO_CWT_STATUS_LIST);
    yao_bytes ttl  = yao_cwt_get(cwt, YAO_CWT_TTL);

    c->uri       = cwt->subject;
    c->issued_at = cwt->issued_at;
    c->expires   = cwt->expires;
    if (c->uri.ptr == NULL || c->issued_at == YAO_TIME_NONE || list.ptr == NULL)
        note(&c->required, YAO_E_MISSING);
    if (ttl.ptr != NULL)
        read_ttl_cbor(ttl, c);
    if (list.ptr != NULL)
        read_list_cbor(list, c);
}

static yao_status parse_cwt(yao_bytes input, yao_statuslist_unverified *t)
{
    yao_cwt cwt;

    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_cose_read_message(input, YAO_COSE_TAG_SIGN1, false, &t->cose));
    if (t->cose.detached)
        return YAO_E_MALFORMED;
    t->type        = t->cose.type;
    t->chain       = t->cose.chain;
    t->chain_count = t->cose.chain_count;

    yao_status status = yao_cwt_read(t->cose.payload, false, &cwt);
    if (status == YAO_E_VALUE) { /* readable, and not to be believed */
        t->claims.required = status;
        return YAO_OK;
    }
    YAO_TRY(status);
    read_claims_cbor(&cwt, &t->claims);
    return YAO_OK;
}

/* ---- both ---- */

/* A compact JWS begins with base64url of an object, COSE_Sign1 with its tag;
 * nothing is believed because of it. */
static yao_statuslist_form form_of(yao_bytes input)
{
    if (input.len != 0 && input.ptr[0] == 'e')
        return YAO_STATUSLIST_JWT;
    if (input.len != 0 && input.ptr[0] == (0xc0 | YAO_COSE_TAG_SIGN1))
        return YAO_STATUSLIST_CWT;

    return YAO_STATUSLIST_UNKNOWN;
}

yao_status yao_statuslist_parse(yao_arena *arena, yao_bytes input,
                                yao_statuslist_form        form,
                                yao_statuslist_unverified *ret)
{
    yao_statuslist_claims none = {.issued_at = YAO_TIME_NONE,
                                  .expires   = YAO_TIME_NONE};

    *ret = (yao_statuslist_unverified){
        .form   = form != YAO_STATUSLIST_UNKNOWN ? form : form_of(input),
        .claims = none};
    switch (ret->form) {
    case YAO_STATUSLIST_JWT: return parse_jwt(arena, input, ret);
    case YAO_STATUSLIST_CWT: return parse_cwt(input, ret);
    default:                 return YAO_E_MALFORMED;
    }
}
