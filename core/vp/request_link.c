/* SPDX-License-Identifier: Apache-2.0 */

/* How a request reaches a wallet, and how a wallet fetches it. */

#include "base/ascii.h"
#include "vp/parts.h"

/* Letters of a link: a request by value with its chain is in it. */
enum { MAX_LINK = 64 * 1024 };

static yao_status refuse(yao_vp_refusal *refusal, const char *why,
                         yao_status status)
{
    return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST, why, status);
}

static bool scheme_letter(uint8_t b)
{
    return yao_ascii_letter(b) || yao_ascii_digit(b) || b == '+' || b == '-' ||
           b == '.';
}

/* What stands between "?" and "#" behind "scheme:". */
static yao_status find_query(yao_bytes link, yao_bytes *ret)
{
    size_t colon = yao_bytes_find(link, ':');
    size_t mark  = yao_bytes_find(link, '?');

    if (colon == 0 || colon >= mark)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < colon; i++)
        if (!scheme_letter(link.ptr[i]))
            return YAO_E_MALFORMED;
    if (mark == link.len)
        return YAO_E_MISSING;

    yao_bytes rest = {link.ptr + mark + 1, link.len - mark - 1};
    rest.len       = yao_bytes_find(rest, '#');
    *ret           = rest;
    return YAO_OK;
}

static yao_status read_method(yao_vp_link *link, yao_vp_refusal *refusal)
{
    const yao_text *method = yao_form_get(&link->form, "request_uri_method");

    if (method == NULL)
        return YAO_OK;
    if (link->request_uri.len == 0)
        return refuse(refusal, "request_uri_method without request_uri",
                      YAO_E_VALUE);
    link->post = yao_text_equal(*method, YAO_TEXT("post"));
    if (!link->post && !yao_text_equal(*method, YAO_TEXT("get")))
        return yao_vp_refuse(refusal, YAO_OAUTH_INVALID_REQUEST_URI_METHOD,
                             "request_uri_method is neither get nor post",
                             YAO_E_VALUE);
    return YAO_OK;
}

static yao_status read_fields(yao_vp_link *link, bool loopback,
                              yao_vp_refusal *refusal)
{
    link->client_id   = yao_form_text(&link->form, "client_id");
    link->request     = yao_form_text(&link->form, "request");
    link->request_uri = yao_form_text(&link->form, "request_uri");

    if (link->client_id.len == 0)
        return refuse(refusal, "client_id is missing", YAO_E_MISSING);
    if (link->request.len != 0 && link->request_uri.len != 0)
        return refuse(refusal, "request and request_uri", YAO_E_DUPLICATE);
    if (link->request_uri.len != 0 &&
        yao_oauth_check_endpoint(link->request_uri, loopback) != YAO_OK)
        return refuse(refusal, "request_uri is no address that we speak with",
                      YAO_E_VALUE);
    return read_method(link, refusal);
}

yao_status yao_vp_read_link(yao_arena *arena, yao_bytes link, bool loopback,
                            yao_vp_link *ret, yao_vp_refusal *refusal)
{
    yao_vp_link read = {.post = false};
    yao_bytes   query;
    yao_status  status;

    if (refusal != NULL)
        *refusal = (yao_vp_refusal){.error = YAO_OAUTH_SERVER_ERROR,
                                    .why   = ""};
    if (link.len > MAX_LINK)
        return refuse(refusal, "the link is too long", YAO_E_LIMIT);
    status = find_query(link, &query);
    if (status != YAO_OK)
        return refuse(refusal, "the link is none", status);
    status = yao_form_read(arena, query, &read.form);
    if (status != YAO_OK)
        return refuse(refusal, "the link's parameters are none", status);
    YAO_TRY(read_fields(&read, loopback, refusal));

    *ret = read;
    return YAO_OK;
}

void yao_vp_put_link(yao_writer *w, const char *scheme, yao_text client_id,
                     yao_text request_uri, bool post)
{
    bool first = true;

    yao_put_text(w, scheme);
    yao_put_byte(w, '?');
    yao_form_put(w, &first, "client_id", client_id);
    yao_form_put(w, &first, "request_uri", request_uri);
    if (post)
        yao_form_put(w, &first, "request_uri_method", YAO_TEXT("post"));
}

/* ---- fetching by POST --------------------------------------------------- */

/* OpenID4VP 1.0 section 10: what this wallet can. */
static const yao_text wallet_metadata = YAO_INIT(
    "{\"authorization_encryption_alg_values_supported\":[\"ECDH-ES\"],"
    "\"authorization_encryption_enc_values_supported\":[\"A128GCM\","
    "\"A256GCM\"],"
    "\"client_id_prefixes_supported\":[\"x509_hash\",\"x509_san_dns\"],"
    "\"request_object_signing_alg_values_supported\":[\"ES256\",\"ES384\"],"
    "\"response_modes_supported\":[\"direct_post.jwt\"],"
    "\"response_types_supported\":[\"vp_token\"],"
    "\"vp_formats_supported\":" YAO_VP_FORMATS "}");

void yao_vp_put_wallet(yao_writer *w, yao_text wallet_nonce)
{
    bool first = true;

    yao_form_put(w, &first, "wallet_metadata", wallet_metadata);
    yao_form_put(w, &first, "wallet_nonce", wallet_nonce);
}

yao_status yao_vp_read_wallet(yao_arena *arena, yao_bytes body, yao_text *ret)
{
    yao_form form;

    YAO_TRY(yao_form_read(arena, body, &form));
    yao_text nonce = yao_form_text(&form, "wallet_nonce");
    if (nonce.len != 0 && !yao_vp_is_safe(nonce, 1, YAO_VP_MAX_NONCE))
        return YAO_E_VALUE;
    *ret = nonce;
    return YAO_OK;
}
