/* SPDX-License-Identifier: Apache-2.0 */

/* What was asked: the parameters of a request, wherever they stood. */

#include "vp/parts.h"

static yao_status refuse(const yao_vp_reading *r, const char *why,
                         yao_status status)
{
    return yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST, why, status);
}

/* A parameter that must be there. */
static yao_status need(const yao_vp_reading *r, const char *name,
                       const char *why, yao_text *ret)
{
    yao_text   text;
    yao_status status = yao_vp_text(&r->source, name, &text);

    if (status == YAO_OK && text.len == 0)
        status = YAO_E_MISSING;
    if (status != YAO_OK)
        return refuse(r, why, status);
    *ret = text;
    return YAO_OK;
}

/* ---- how it is answered ------------------------------------------------- */

static yao_status read_mode(yao_vp_reading *r)
{
    yao_text     type, name;
    yao_vp_mode *mode = &r->request.mode;

    YAO_TRY(need(r, "response_type", "response_type is missing", &type));
    if (!yao_text_equal(type, YAO_TEXT("vp_token")))
        return yao_vp_refuse(r->refusal, YAO_OAUTH_UNSUPPORTED_RESPONSE_TYPE,
                             "response_type is not vp_token", YAO_E_VALUE);
    /* without it the answer would go through the address bar */
    YAO_TRY(need(r, "response_mode", "response_mode is missing", &name));
    *mode = yao_vp_mode_by_name(name);
    if (*mode == YAO_VP_NO_MODE ||
        yao_vp_mode_dcapi(*mode) != r->request.binding.dcapi)
        return refuse(r, "response_mode cannot be used here", YAO_E_VALUE);
    if (!yao_vp_mode_sealed(*mode) && !r->terms->plain_too)
        return refuse(r, "the answer would not be encrypted", YAO_E_REFUSED);
    return YAO_OK;
}

/* OpenID4VP 1.0 section 5.9.3: who is named by an address is answered there;
 * who is named by a host, on that host. */
static bool goes_home(const yao_vp_reading *r, yao_text uri)
{
    yao_text name, host = yao_oauth_host(uri);

    switch (yao_vp_cut_client_id(r->request.binding.client_id, &name)) {
    case YAO_VP_REDIRECT_URI:
        return yao_text_equal(name, uri);
    case YAO_VP_SAN_DNS:
        return yao_text_equal(name, host);
    case YAO_VP_HASH:
        return true;
    case YAO_VP_ORIGIN:
    case YAO_VP_NO_PREFIX:
        break;
    }
    return false;
}

static yao_status read_response_uri(yao_vp_reading *r)
{
    yao_text uri;

    if (r->request.binding.dcapi)
        return YAO_OK;
    YAO_TRY(need(r, "response_uri", "response_uri is missing", &uri));
    if (yao_oauth_check_endpoint(uri, r->terms->loopback) != YAO_OK)
        return refuse(r, "response_uri is no address that we speak with",
                      YAO_E_VALUE);
    if (!goes_home(r, uri))
        return refuse(r, "response_uri is not the client's", YAO_E_MISMATCH);
    r->request.binding.response_uri = uri;
    if (r->refusal != NULL && r->request.is_signed)
        r->refusal->tell = uri;
    return YAO_OK;
}

/* After response_uri, so that this may be told (section 8.2). */
static yao_status check_excluded(const yao_vp_reading *r)
{
    if (yao_vp_has(&r->source, "request") ||
        yao_vp_has(&r->source, "request_uri"))
        return refuse(r, "a request within the request", YAO_E_DUPLICATE);
    if (!r->request.binding.dcapi && yao_vp_has(&r->source, "redirect_uri"))
        return refuse(r, "redirect_uri beside response_uri", YAO_E_DUPLICATE);
    return YAO_OK;
}

/* ---- for whom, when ----------------------------------------------------- */

static yao_status read_nonce(yao_vp_reading *r)
{
    yao_vp_request *q = &r->request;
    yao_status      status;

    status = yao_vp_text(&r->source, "state", &q->state);
    if (status != YAO_OK)
        return refuse(r, "state is no string", status);
    if (q->state.len != 0 && !yao_vp_is_safe(q->state, 1, YAO_VP_MAX_STATE)) {
        q->state = (yao_text){NULL, 0};
        return refuse(r, "state has other letters, or too many", YAO_E_VALUE);
    }
    if (r->refusal != NULL)
        r->refusal->state = q->state;

    YAO_TRY(need(r, "nonce", "nonce is missing", &q->binding.nonce));
    if (!yao_vp_is_safe(q->binding.nonce, YAO_VP_MIN_NONCE, YAO_VP_MAX_NONCE))
        return refuse(r, "nonce is too short, or has other letters",
                      YAO_E_VALUE);
    return YAO_OK;
}

/* One string, or the only one of an array: for others as well as for us it
 * would be nobody's in particular. */
static yao_status check_audience(const yao_vp_reading *r)
{
    const yao_json *aud = yao_json_get(r->source.object, "aud");
    yao_text        we  = r->terms->audience;

    if (aud == NULL)
        return refuse(r, "aud is missing", YAO_E_MISSING);
    if (aud->kind == YAO_JSON_ARRAY && aud->count == 1)
        aud = aud->first;
    if (yao_json_is(aud, YAO_VP_ANY_WALLET) ||
        (we.len != 0 && yao_json_is_text(aud, we)))
        return YAO_OK;
    return refuse(r, "aud is another", YAO_E_MISMATCH);
}

static yao_status read_time(const yao_vp_reading *r, const char *name,
                            yao_time *ret)
{
    const yao_json *value = yao_json_get(r->source.object, name);

    *ret = YAO_TIME_NONE;
    if (value == NULL)
        return YAO_OK;
    YAO_TRY(yao_json_int(value, ret));
    return *ret < 0 || *ret > YAO_TIME_MAX ? YAO_E_MALFORMED : YAO_OK;
}

/* Neither needs to be there; what is there holds (misuse N212, N234). */
static yao_status check_times(yao_vp_reading *r)
{
    yao_vp_request *q   = &r->request;
    yao_time        now = r->terms->now, begins;
    yao_status      status;

    status = read_time(r, "iat", &q->issued);
    if (status == YAO_OK)
        status = read_time(r, "exp", &q->expires);
    if (status == YAO_OK)
        status = read_time(r, "nbf", &begins);
    if (status != YAO_OK)
        return refuse(r, "a time is none", YAO_E_MALFORMED);
    if (q->expires != YAO_TIME_NONE && now - YAO_VP_SKEW >= q->expires)
        return refuse(r, "the request is over", YAO_E_EXPIRED);
    if (q->expires == YAO_TIME_NONE && q->issued != YAO_TIME_NONE &&
        now - q->issued > YAO_VP_MAX_AGE + YAO_VP_SKEW)
        return refuse(r, "the request is old", YAO_E_EXPIRED);
    if ((q->issued != YAO_TIME_NONE && q->issued > now + YAO_VP_SKEW) ||
        (begins != YAO_TIME_NONE && begins > now + YAO_VP_SKEW))
        return refuse(r, "the request is of tomorrow", YAO_E_NOT_YET_VALID);
    return YAO_OK;
}

/* What was made for another fetch is not for this one. */
static yao_status check_wallet_nonce(const yao_vp_reading *r)
{
    yao_text   said, sent = r->terms->wallet_nonce;
    yao_status status = yao_vp_text(&r->source, "wallet_nonce", &said);

    if (status == YAO_OK && said.len == 0 && sent.len != 0)
        status = YAO_E_MISSING;
    else if (status == YAO_OK && !yao_text_equal(said, sent))
        status = YAO_E_MISMATCH;
    return status == YAO_OK ? YAO_OK
                            : refuse(r, "wallet_nonce is not ours", status);
}

/* OpenID4VP 1.0 A.2: without it a page could hand on another's request. */
static yao_status check_origins(const yao_vp_reading *r)
{
    const yao_json *list;
    bool            found = false;
    yao_status      status =
        yao_vp_value(&r->source, "expected_origins", YAO_JSON_ARRAY, &list);

    if (status != YAO_OK)
        return refuse(r, "expected_origins is no array", status);
    if (list == NULL || list->count == 0)
        return refuse(r, "expected_origins is missing", YAO_E_MISSING);
    if (list->count > YAO_VP_MAX_ORIGINS)
        return refuse(r, "expected_origins is too long", YAO_E_LIMIT);
    for (const yao_json *o = list->first; o != NULL; o = o->next) {
        if (o->kind != YAO_JSON_STRING)
            return refuse(r, "an expected origin is no string",
                          YAO_E_MALFORMED);
        found = found || yao_json_is_text(o, r->terms->origin);
    }
    return found ? YAO_OK
                 : refuse(r, "the page is not an expected origin",
                          YAO_E_MISMATCH);
}

static yao_status check_signed(yao_vp_reading *r)
{
    YAO_TRY(check_times(r));
    if (r->request.binding.dcapi)
        return check_origins(r);
    YAO_TRY(check_audience(r));
    return check_wallet_nonce(r);
}

/* ---- what --------------------------------------------------------------- */

static yao_status read_query(yao_vp_reading *r)
{
    yao_vp_request *q = &r->request;
    yao_status      status;

    if (yao_vp_has(&r->source, "scope"))
        return yao_vp_has(&r->source, "dcql_query")
                   ? refuse(r, "scope beside dcql_query", YAO_E_DUPLICATE)
                   : yao_vp_refuse(r->refusal, YAO_OAUTH_INVALID_SCOPE,
                                   "scope is not known", YAO_E_UNSUPPORTED);
    status = yao_vp_value(&r->source, "dcql_query", YAO_JSON_OBJECT,
                          &q->query_json);
    if (status == YAO_OK)
        status = yao_dcql_read(r->source.arena, q->query_json, &q->query);
    if (status == YAO_E_SPACE)
        return status;
    return status == YAO_OK ? YAO_OK
                            : refuse(r, "dcql_query is missing, or is none",
                                     status);
}

/* Where a document comes without its holder's proof nothing but state binds it
 * to this request (OpenID4VP 1.0 section 5.3). */
static yao_status check_state(const yao_vp_reading *r)
{
    const yao_dcql_query *q = &r->request.query;

    if (r->request.state.len != 0 || r->request.binding.dcapi)
        return YAO_OK;
    for (size_t i = 0; i < q->credential_count; i++)
        if (q->credentials[i].unbound)
            return refuse(r, "state is missing", YAO_E_MISSING);
    return YAO_OK;
}

yao_status yao_vp_read_claims(yao_vp_reading *r)
{
    YAO_TRY(read_mode(r));
    YAO_TRY(read_response_uri(r));
    YAO_TRY(read_nonce(r));
    YAO_TRY(check_excluded(r));
    if (r->request.is_signed)
        YAO_TRY(check_signed(r));
    YAO_TRY(read_query(r));
    YAO_TRY(check_state(r));
    YAO_TRY(yao_vp_read_metadata(r));
    return yao_vp_read_transactions(r);
}
