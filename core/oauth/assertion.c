/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/assertion.h"

#include "oauth/parts.h"

yao_status yao_assertion_make(yao_arena                   *arena,
                              const yao_assertion_request *request,
                              yao_oauth_unsigned          *ret)
{
    bool first = false;

    if (request->client_id.len == 0 || request->audience.len == 0 ||
        request->jti.len == 0 || request->iat < 0 ||
        request->expires <= request->iat)
        return YAO_E_USAGE;

    yao_writer w = yao_writer_in(arena);
    yao_oauth_put_header(&w, request->alg, "JWT");
    yao_json_put_optional(&w, &first, "kid", request->kid);
    yao_put_byte(&w, '}');
    size_t split = w.len;
    first        = true;
    yao_put_byte(&w, '{');
    yao_json_put_optional(&w, &first, "iss", request->client_id);
    yao_json_put_optional(&w, &first, "sub", request->client_id);
    yao_json_put_optional(&w, &first, "aud", request->audience);
    yao_json_put_optional(&w, &first, "jti", request->jti);
    yao_oauth_put_time(&w, &first, "iat", request->iat);
    yao_oauth_put_time(&w, &first, "exp", request->expires);
    yao_put_byte(&w, '}');
    return yao_oauth_close(&w, split, arena, request->alg, ret);
}

/* ---- checking ---- */

typedef struct reading {
    yao_arena               *arena;
    const yao_assertion_ask *ask;
    const yao_json          *payload;
    yao_oauth_refusal       *refusal;
} reading;

static yao_status refuse(const reading *r, const char *why, yao_status status)
{
    if (status == YAO_E_SPACE || (int)status >= 500 || status == YAO_E_USAGE)
        return yao_oauth_refuse(r->refusal, YAO_OAUTH_SERVER_ERROR, "", status);
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_CLIENT, why, status);
}

static yao_status read_client(const reading *r, yao_assertion_unverified *out)
{
    static const yao_oauth_claim iss = {"iss", YAO_OAUTH_MAX_ID, true};
    static const yao_oauth_claim sub = {"sub", YAO_OAUTH_MAX_ID, true};
    yao_text                     issuer, asked = r->ask->client_id;
    yao_status status = yao_oauth_get(r->payload, r->arena, &iss, &issuer);

    if (status == YAO_OK)
        status = yao_oauth_get(r->payload, r->arena, &sub, &out->client_id);
    if (status != YAO_OK)
        return refuse(r, "iss or sub is missing", status);
    if (!yao_text_equal(issuer, out->client_id))
        return refuse(r, "iss is not sub", YAO_E_MISMATCH);
    if (asked.len != 0 && !yao_text_equal(asked, out->client_id))
        return refuse(r, "sub is not client_id", YAO_E_MISMATCH);

    return YAO_OK;
}

static yao_status check_aud(const reading *r)
{
    yao_status status = YAO_E_MISMATCH;

    for (size_t i = 0; i < r->ask->audience_count; i++) {
        status = yao_oauth_check_aud(r->payload, r->ask->audiences[i]);
        if (status != YAO_E_MISMATCH)
            break;
    }
    return status == YAO_OK ? YAO_OK
                            : refuse(r, "aud is another server", status);
}

static yao_status check_times(const reading *r, yao_assertion_unverified *out)
{
    const yao_oauth_clock *clock = &r->ask->clock;
    yao_time               iat, nbf, exp;
    yao_status status = yao_oauth_get_time(r->payload, "exp", true, &exp);

    if (status == YAO_OK)
        status = yao_oauth_get_time(r->payload, "iat", false, &iat);
    if (status == YAO_OK)
        status = yao_oauth_get_time(r->payload, "nbf", false, &nbf);
    if (status != YAO_OK)
        return refuse(r, "exp is missing, or a time is none", status);
    status = yao_oauth_check_iat(clock, iat);
    if (status == YAO_OK)
        status = yao_oauth_check_life(clock, nbf, exp);
    if (status != YAO_OK)
        return refuse(r, "it is over, or not yet valid", status);
    if (exp - clock->now > clock->window + clock->skew)
        return refuse(r, "exp is too far ahead", YAO_E_LIMIT);

    out->forget_at = exp + clock->skew + 1;
    return YAO_OK;
}

static yao_status read_identity(const reading *r, yao_assertion_unverified *out)
{
    static const yao_oauth_claim jti = {"jti", YAO_OAUTH_MAX_ID, true};
    yao_text                     id;
    yao_status status = yao_oauth_get(r->payload, r->arena, &jti, &id);

    if (status != YAO_OK)
        return refuse(r, "jti is missing", status);
    status = yao_oauth_hash_once(r->ask->crypto, "yaopai-assertion-1",
                                 yao_text_bytes(out->client_id),
                                 yao_text_bytes(id), out->replay);
    return status == YAO_OK ? YAO_OK : refuse(r, "", status);
}

yao_status yao_assertion_read(yao_arena *arena, yao_bytes assertion,
                              const yao_assertion_ask  *ask,
                              yao_assertion_unverified *ret,
                              yao_oauth_refusal        *refusal)
{
    reading                  r     = {arena, ask, NULL, refusal};
    yao_assertion_unverified found = {.forget_at = 0};
    yao_status               status;

    status = yao_oauth_check_clock(&ask->clock);
    if (status != YAO_OK)
        return refuse(&r, "", status);
    status = yao_jws_read(arena, assertion, &found.jws);
    if (status != YAO_OK)
        return refuse(&r, "the assertion is no signed token", status);
    r.payload = found.jws.payload;
    YAO_TRY(read_client(&r, &found));
    YAO_TRY(check_aud(&r));
    YAO_TRY(check_times(&r, &found));
    YAO_TRY(read_identity(&r, &found));

    *ret = found;
    return YAO_OK;
}
