/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/token.h"

#include "base/ascii.h"
#include "oauth/parts.h"

enum { MIN_VERIFIER = 43, MAX_VERIFIER = 128, MAX_SCOPE = 1024 };

/* ---- reading a request ---- */

typedef struct reading {
    yao_arena         *arena;
    const yao_form    *form;
    yao_text           issuer;
    yao_token_request *out;
    yao_oauth_refusal *refusal;
} reading;

static yao_status refuse(const reading *r, const char *why, yao_status status)
{
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST, why, status);
}

static yao_status refuse_grant(const reading *r, const char *why,
                               yao_status status)
{
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_GRANT, why, status);
}

/* A code or token: what has other letters is none of ours. */
static yao_status read_secret(const reading *r, const char *name,
                              const char *missing, yao_text *ret)
{
    *ret = yao_form_text(r->form, name);
    if (ret->len == 0)
        return refuse(r, missing, YAO_E_MISSING);
    if (ret->len > YAO_OAUTH_MAX_SECRET)
        return refuse_grant(r, "it is none of ours", YAO_E_LIMIT);
    if (!yao_oauth_is_token(*ret))
        return refuse_grant(r, "it is none of ours", YAO_E_MALFORMED);

    return YAO_OK;
}

static yao_status read_verifier(const reading *r)
{
    yao_text v = r->out->code_verifier =
        yao_form_text(r->form, "code_verifier");

    if (v.len == 0)
        return refuse_grant(r, "code_verifier is missing", YAO_E_MISSING);
    if (v.len < MIN_VERIFIER || v.len > MAX_VERIFIER)
        return refuse_grant(r, "code_verifier is too short or too long",
                            YAO_E_MALFORMED);
    for (size_t i = 0; i < v.len; i++)
        if (!yao_ascii_unreserved(v.ptr[i]))
            return refuse_grant(r, "code_verifier has other letters",
                                YAO_E_MALFORMED);

    return YAO_OK;
}

static yao_status read_code(const reading *r)
{
    r->out->redirect_uri = yao_form_text(r->form, "redirect_uri");
    YAO_TRY(read_secret(r, "code", "code is missing", &r->out->code));
    if (r->out->redirect_uri.len > YAO_OAUTH_MAX_URI)
        return refuse(r, "redirect_uri is too long", YAO_E_LIMIT);

    return read_verifier(r);
}

static yao_status read_details(const reading *r)
{
    const yao_text *text = yao_form_get(r->form, "authorization_details");

    if (text == NULL)
        return YAO_OK;
    yao_status status = yao_details_parse(r->arena, *text, r->issuer, false,
                                          &r->out->details);
    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_AUTHORIZATION_DETAILS,
                            "authorization_details is malformed",
                            YAO_E_MALFORMED);
}

static yao_status read_pre_code(const reading *r)
{
    r->out->tx_code = yao_form_text(r->form, "tx_code");
    YAO_TRY(read_secret(r, "pre-authorized_code",
                        "pre-authorized_code is missing", &r->out->code));
    if (r->out->tx_code.len > YAO_OAUTH_MAX_SECRET)
        return refuse(r, "tx_code is too long", YAO_E_LIMIT);

    return read_details(r);
}

static yao_status read_refresh(const reading *r)
{
    r->out->scope = yao_form_text(r->form, "scope");
    if (r->out->scope.len > MAX_SCOPE)
        return refuse(r, "scope is too long", YAO_E_LIMIT);

    return read_secret(r, "refresh_token", "refresh_token is missing",
                       &r->out->refresh_token);
}

/* What belongs to which grant: a code that comes along with another grant is
 * somebody's mistake, and would be lost in silence. */
static const struct {
    const char    *type;
    yao_grant_type grant;
    yao_status (*read)(const reading *r);
    const char *own; /* a parameter that no other grant may have */
} grants[] = {
    {"authorization_code", YAO_GRANT_CODE, read_code, "code"},
    {YAO_GRANT_PRE_AUTHORIZED, YAO_GRANT_PRE_CODE, read_pre_code,
     "pre-authorized_code"},
    {"refresh_token", YAO_GRANT_REFRESH, read_refresh, "refresh_token"},
};

enum { GRANTS = sizeof grants / sizeof grants[0] };

static yao_status read_grant(const reading *r)
{
    const yao_text *type = yao_form_get(r->form, "grant_type");

    if (type == NULL)
        return refuse(r, "grant_type is missing", YAO_E_MISSING);
    for (size_t i = 0; i < GRANTS; i++) {
        if (!yao_text_equal(*type, yao_text_of(grants[i].type)))
            continue;
        for (size_t k = 0; k < GRANTS; k++)
            if (k != i && yao_form_get(r->form, grants[k].own) != NULL)
                return refuse(r, "a parameter of another grant", YAO_E_VALUE);
        r->out->grant = grants[i].grant;
        return grants[i].read(r);
    }

    return yao_oauth_refuse(r->refusal, YAO_OAUTH_UNSUPPORTED_GRANT_TYPE,
                            "grant_type is not supported", YAO_E_VALUE);
}

yao_status yao_token_request_read(yao_arena *arena, const yao_form *form,
                                  yao_text issuer, yao_token_request *ret,
                                  yao_oauth_refusal *refusal)
{
    yao_token_request request = {.grant = YAO_GRANT_NONE};
    const reading     r = {arena, form, issuer, &request, refusal};

    request.client_id = yao_form_text(form, "client_id");
    if (request.client_id.len > YAO_OAUTH_MAX_ID)
        return refuse(&r, "client_id is too long", YAO_E_LIMIT);
    YAO_TRY(read_grant(&r));

    *ret = request;
    return YAO_OK;
}

/* ---- writing one ---- */

void yao_token_request_put(yao_writer *w, bool *first,
                           const yao_token_request *request)
{
    const char *type = NULL, *own = "code";

    for (size_t i = 0; i < GRANTS; i++)
        if (grants[i].grant == request->grant) {
            type = grants[i].type;
            own  = grants[i].own;
        }
    if (type == NULL) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_form_put(w, first, "grant_type", yao_text_of(type));
    yao_form_put(w, first, own,
                 request->grant == YAO_GRANT_REFRESH ? request->refresh_token
                                                     : request->code);
    yao_form_put(w, first, "client_id", request->client_id);
    yao_form_put(w, first, "redirect_uri", request->redirect_uri);
    yao_form_put(w, first, "code_verifier", request->code_verifier);
    yao_form_put(w, first, "tx_code", request->tx_code);
    yao_form_put(w, first, "scope", request->scope);
    yao_details_put_form(w, first, &request->details, (yao_text){NULL, 0});
}

/* ---- the answer ---- */

void yao_token_answer_put(yao_writer *w, const yao_token_answer *answer)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "access_token", answer->access_token);
    yao_json_put_optional(w, &first, "token_type",
                          answer->dpop ? YAO_TEXT("DPoP") : YAO_TEXT("Bearer"));
    if (answer->expires_in != 0)
        yao_oauth_put_time(w, &first, "expires_in", answer->expires_in);
    yao_json_put_optional(w, &first, "refresh_token", answer->refresh_token);
    yao_json_put_optional(w, &first, "scope", answer->scope);
    if (answer->details.count != 0) {
        yao_json_put_name(w, &first, "authorization_details");
        yao_details_put(w, &answer->details, (yao_text){NULL, 0});
    }
    yao_put_byte(w, '}');
}

static yao_status read_type(const yao_json *root, yao_arena *arena, bool *dpop)
{
    static const yao_oauth_claim claim = {"token_type", 32, true};
    yao_text                     type;

    YAO_TRY(yao_oauth_get(root, arena, &claim, &type));
    if (!yao_ascii_is(type, "dpop") && !yao_ascii_is(type, "bearer"))
        return YAO_E_VALUE;

    *dpop = yao_ascii_is(type, "dpop");
    return YAO_OK;
}

yao_status yao_token_answer_read(yao_arena *arena, yao_bytes body,
                                 yao_token_answer *ret)
{
    static const yao_oauth_claim access  = {"access_token", YAO_MAX_JWT, true};
    static const yao_oauth_claim refresh = {"refresh_token", YAO_MAX_JWT,
                                            false};
    static const yao_oauth_claim scope   = {"scope", MAX_SCOPE, false};
    yao_token_answer             answer  = {.expires_in = 0};
    const yao_json              *root;
    yao_time                     life;

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    YAO_TRY(yao_oauth_get(root, arena, &access, &answer.access_token));
    YAO_TRY(read_type(root, arena, &answer.dpop));
    YAO_TRY(yao_oauth_get_time(root, "expires_in", false, &life));
    YAO_TRY(yao_oauth_get(root, arena, &refresh, &answer.refresh_token));
    YAO_TRY(yao_oauth_get(root, arena, &scope, &answer.scope));
    answer.expires_in = life == YAO_TIME_NONE ? 0 : life;

    const yao_json *details = yao_json_get(root, "authorization_details");
    if (details != NULL)
        YAO_TRY(yao_details_read(arena, details, (yao_text){NULL, 0}, true,
                                 &answer.details));
    /* it goes into a header */
    for (size_t i = 0; i < answer.access_token.len; i++)
        if (answer.access_token.ptr[i] <= 0x20 ||
            answer.access_token.ptr[i] > 0x7e)
            return YAO_E_MALFORMED;

    *ret = answer;
    return YAO_OK;
}

/* ---- at a resource ---- */

yao_status yao_token_read_header(yao_text header, yao_token_scheme *scheme,
                                 yao_text *ret)
{
    size_t at = yao_bytes_find(yao_text_bytes(header), ' ');

    if (header.len == 0)
        return YAO_E_MISSING;
    yao_text word = {header.ptr, at};
    bool     dpop = yao_ascii_is(word, "dpop");
    if (!dpop && !yao_ascii_is(word, "bearer"))
        return YAO_E_VALUE;
    while (at < header.len && header.ptr[at] == ' ')
        at++;

    yao_text token = {header.ptr + at, header.len - at};
    if (!yao_oauth_is_token(token))
        return YAO_E_MALFORMED;

    *scheme = dpop ? YAO_TOKEN_DPOP : YAO_TOKEN_BEARER;
    *ret    = token;
    return YAO_OK;
}
