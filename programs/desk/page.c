/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/page.h"

#include "desk/statement.h"
#include "mdoc/request.h"

/* ---- OpenID4VP ---------------------------------------------------------- */

yao_status desk_page_ask(const desk_session *s, bool is_signed,
                         yao_vp_ask *ret)
{
    *ret = (yao_vp_ask){
        .mode              = s->plain ? YAO_VP_DC_API : YAO_VP_DC_API_JWT,
        .nonce             = s->enquiry.nonce,
        .query             = s->query,
        .transactions      = s->extras.transactions,
        .transaction_count = s->extras.transaction_count,
        .issued            = s->enquiry.created,
        .expires           = s->enquiry.expires};
    if (is_signed) {
        ret->client_id    = s->reader.client_id;
        ret->origins      = s->extras.origins;
        ret->origin_count = s->extras.origin_count;
    }
    if (!s->plain) {
        ret->key = s->key.public;
        ret->kid = s->kid;
    }
    return YAO_OK;
}

static yao_status write_unsigned(app_call *call, const desk_session *s,
                                 yao_bytes *ret)
{
    yao_vp_ask ask;

    YAO_TRY(desk_page_ask(s, false, &ask));
    yao_writer w = yao_writer_in(call->arena);
    yao_vp_put_request(&w, &ask);
    return yao_writer_keep(&w, call->arena, ret);
}

static yao_status write_signed(app_call *call, const desk_session *s,
                               yao_bytes *ret)
{
    yao_vp_ask ask;
    yao_bytes  token;

    YAO_TRY(desk_page_ask(s, true, &ask));
    YAO_TRY(desk_statement_info(call, &s->reader.certificate, &ask.infos));
    YAO_TRY(desk_session_sign(call, s, &ask, &token));
    yao_writer w = yao_writer_in(call->arena);
    yao_vp_put_dcapi(&w, token);
    return yao_writer_keep(&w, call->arena, ret);
}

/* ---- org-iso-mdoc ------------------------------------------------------- */

/* The nonce's letters: 43 bytes that nobody may guess. */
yao_status desk_page_info(app_call *call, const desk_session *s, yao_text *info,
                          yao_bytes *transcript)
{
    const yao_public_key key = s->iso.public;
    yao_writer           w   = yao_writer_in(call->arena);
    yao_bytes            letters;

    yao_vp_put_iso_info(&w, yao_text_bytes(s->enquiry.nonce), &key);
    YAO_TRY(yao_writer_keep(&w, call->arena, &letters));
    *info = (yao_text){letters.ptr, letters.len};
    return yao_vp_iso_transcript(call->arena, call->crypto, *info,
                                 s->extras.origins[0], transcript);
}

static bool same_space(const yao_dcql_claim *a, const yao_dcql_claim *b)
{
    return yao_text_equal(a->path[0].name, b->path[0].name);
}

/* Has an earlier claim of C this one's namespace? */
static bool is_placed(const yao_dcql_credential *c, size_t claim)
{
    for (size_t i = 0; i < claim; i++)
        if (same_space(&c->claims[i], &c->claims[claim]))
            return true;
    return false;
}

/* Elements of one namespace stand together. */
static yao_status ask_of(yao_arena *arena, const yao_dcql_credential *c,
                         yao_mdoc_ask *ret)
{
    yao_mdoc_wanted *wanted =
        yao_arena_take_array(arena, c->claim_count, sizeof *wanted);
    size_t count = 0;

    if (wanted == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->claim_count; i++)
        for (size_t k = i; !is_placed(c, i) && k < c->claim_count; k++)
            if (same_space(&c->claims[i], &c->claims[k]))
                wanted[count++] = (yao_mdoc_wanted){c->claims[k].path[0].name,
                                                    c->claims[k].path[1].name,
                                                    c->claims[k].retain};
    *ret = (yao_mdoc_ask){c->types[0], wanted, count};
    return YAO_OK;
}

/* What the query asks of mdocs; annex C has no words for the rest of it. */
static yao_status asks_of(app_call *call, const desk_session *s,
                          yao_mdoc_ask **ret, size_t *count)
{
    yao_dcql_query *query = yao_arena_take(call->arena, sizeof *query);
    yao_mdoc_ask   *asks  = yao_arena_take_array(
        call->arena, YAO_DCQL_MAX_CREDENTIALS, sizeof *asks);

    if (query == NULL || asks == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_dcql_parse(call->arena, s->query, query));
    *count = 0;
    for (size_t i = 0; i < query->credential_count; i++)
        if (query->credentials[i].format == YAO_DCQL_MDOC)
            YAO_TRY(ask_of(call->arena, &query->credentials[i],
                           &asks[(*count)++]));
    *ret = asks;
    return YAO_OK;
}

static yao_status sign_all(app_call *call, const desk_session *s,
                           const yao_mdoc_asking *asking,
                           yao_bytes             *signatures)
{
    for (size_t i = 0; i < asking->wish_count; i++) {
        uint8_t *out = yao_arena_take(call->arena, YAO_MAX_SIGNATURE);
        size_t   len;

        if (out == NULL)
            return YAO_E_SPACE;
        YAO_TRY(yao_key_sign(s->reader.key, &asking->wishes[i], out, &len));
        signatures[i] = (yao_bytes){out, len};
    }
    return YAO_OK;
}

static yao_status write_iso(app_call *call, const desk_session *s,
                            yao_bytes *ret)
{
    yao_mdoc_ask_options options = {.chain       = &s->reader.certificate.der,
                                    .chain_count = 1};
    yao_bytes       signatures[YAO_DCQL_MAX_CREDENTIALS], request;
    yao_mdoc_asking asking;
    yao_mdoc_ask   *asks;
    yao_text        info;

    options.alg = yao_key_alg(s->reader.key);
    YAO_TRY(desk_page_info(call, s, &info, &options.transcript));
    YAO_TRY(asks_of(call, s, &asks, &options.ask_count));
    options.asks = asks;
    YAO_TRY(desk_statement_list(call, &s->reader.certificate,
                                &options.statement));
    YAO_TRY(yao_mdoc_ask_begin(call->arena, &options, &asking));
    YAO_TRY(sign_all(call, s, &asking, signatures));
    yao_writer w = yao_writer_in(call->arena);
    yao_mdoc_put_request(&w, &asking, signatures);
    YAO_TRY(yao_writer_keep(&w, call->arena, &request));
    w = yao_writer_in(call->arena);
    yao_vp_put_iso_request(&w, info, request);
    return yao_writer_keep(&w, call->arena, ret);
}

/* ---- all of them -------------------------------------------------------- */

static const struct {
    uint64_t        flag;
    yao_vp_protocol protocol;
    yao_status (*write)(app_call *call, const desk_session *s, yao_bytes *ret);
} rows[] = {
    {DESK_PAGE_SIGNED, YAO_VP_SIGNED, write_signed},
    {DESK_PAGE_UNSIGNED, YAO_VP_UNSIGNED, write_unsigned},
    {DESK_PAGE_ISO, YAO_VP_ISO_MDOC, write_iso},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

yao_status desk_page_requests(app_call *call, const desk_session *s,
                              yao_bytes *ret)
{
    yao_bytes data[ROWS] = {{NULL, 0}};
    bool      next       = true;

    for (size_t i = 0; i < ROWS; i++)
        if ((s->extras.protocols & rows[i].flag) != 0)
            YAO_TRY(rows[i].write(call, s, &data[i]));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < ROWS; i++) {
        bool first = true;

        if (data[i].len == 0)
            continue;
        yao_json_put_next(&w, &next);
        yao_put_byte(&w, '{');
        yao_json_put_member(&w, &first, "protocol",
                            yao_text_of(
                                yao_vp_protocol_name(rows[i].protocol)));
        yao_json_put_name(&w, &first, "data");
        yao_put_bytes(&w, data[i]);
        yao_put_byte(&w, '}');
    }
    yao_put_byte(&w, ']');
    return yao_writer_keep(&w, call->arena, ret);
}
