/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/authorize.h"

#include "oauth/dpop.h"
#include "oauth/parts.h"
#include "oauth/pkce.h"

enum { MAX_SCOPE = 1024 };

/* ---- scopes ---- */

bool yao_scope_next(yao_text *rest, yao_text *name)
{
    size_t at = yao_bytes_find(yao_text_bytes(*rest), ' ');

    if (rest->len == 0)
        return false;
    *name = (yao_text){rest->ptr, at};
    if (at == rest->len)
        rest->len = 0;
    else
        *rest = (yao_text){rest->ptr + at + 1, rest->len - at - 1};
    return true;
}

bool yao_scope_has(yao_text scope, yao_text name)
{
    yao_text one;

    while (yao_scope_next(&scope, &one))
        if (yao_text_equal(one, name))
            return true;

    return false;
}

/* scope-token *( SP scope-token ), RFC 6749 section 3.3. */
static bool is_scope(yao_text scope)
{
    if (scope.len == 0)
        return true;
    if (scope.ptr[0] == ' ' || scope.ptr[scope.len - 1] == ' ')
        return false;
    for (size_t i = 0; i < scope.len; i++) {
        uint8_t b = scope.ptr[i];
        if (b < 0x20 || b > 0x7e || b == '"' || b == '\\')
            return false;
        if (b == ' ' && scope.ptr[i - 1] == ' ')
            return false;
    }
    return true;
}

/* ---- reading a pushed request ---- */

typedef struct reading {
    yao_arena             *arena;
    const yao_form        *form;
    yao_text               issuer;
    yao_authorize_request *out;
    yao_oauth_refusal     *refusal;
} reading;

static yao_status refuse(const reading *r, const char *why, yao_status status)
{
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_REQUEST, why, status);
}

/* What makes it another kind of request, which is nobody's to push. */
static yao_status check_kind(const reading *r)
{
    const yao_text *type = yao_form_get(r->form, "response_type");
    const yao_text *mode = yao_form_get(r->form, "response_mode");

    if (yao_form_get(r->form, "request_uri") != NULL)
        return refuse(r, "request_uri can not be pushed", YAO_E_VALUE);
    if (yao_form_get(r->form, "request") != NULL)
        return refuse(r, "request objects are not supported", YAO_E_VALUE);
    if (type == NULL)
        return refuse(r, "response_type is missing", YAO_E_MISSING);
    if (!yao_text_equal(*type, YAO_TEXT("code")))
        return yao_oauth_refuse(r->refusal, YAO_OAUTH_UNSUPPORTED_RESPONSE_TYPE,
                                "response_type is not code", YAO_E_VALUE);
    if (mode != NULL && !yao_text_equal(*mode, YAO_TEXT("query")))
        return refuse(r, "response_mode is not query", YAO_E_VALUE);

    return YAO_OK;
}

static yao_status read_client(const reading *r)
{
    yao_authorize_request *out = r->out;
    yao_oauth_url          url;

    out->client_id    = yao_form_text(r->form, "client_id");
    out->redirect_uri = yao_form_text(r->form, "redirect_uri");
    if (out->client_id.len == 0)
        return refuse(r, "client_id is missing", YAO_E_MISSING);
    if (out->client_id.len > YAO_OAUTH_MAX_ID)
        return refuse(r, "client_id is too long", YAO_E_LIMIT);
    if (out->redirect_uri.len == 0)
        return refuse(r, "redirect_uri is missing", YAO_E_MISSING);
    if (out->redirect_uri.len > YAO_OAUTH_MAX_URI)
        return refuse(r, "redirect_uri is too long", YAO_E_LIMIT);
    if (!yao_oauth_cut_url(out->redirect_uri, &url) || url.fragment)
        return refuse(r, "redirect_uri is no address, or has a fragment",
                      YAO_E_MALFORMED);
    /* it goes into a header */
    for (size_t i = 0; i < out->redirect_uri.len; i++)
        if (out->redirect_uri.ptr[i] <= 0x20 || out->redirect_uri.ptr[i] > 0x7e)
            return refuse(r, "redirect_uri has letters that must be escaped",
                          YAO_E_MALFORMED);

    return YAO_OK;
}

static yao_status read_pkce(const reading *r)
{
    const yao_text *method = yao_form_get(r->form, "code_challenge_method");

    r->out->code_challenge = yao_form_text(r->form, "code_challenge");
    if (r->out->code_challenge.len == 0)
        return refuse(r, "code_challenge is missing", YAO_E_MISSING);
    if (method == NULL || !yao_text_equal(*method, YAO_TEXT("S256")))
        return refuse(r, "code_challenge_method is not S256", YAO_E_VALUE);
    if (!yao_pkce_is_challenge(r->out->code_challenge))
        return refuse(r, "code_challenge is not of S256", YAO_E_VALUE);

    return YAO_OK;
}

static yao_status read_bound(const reading *r)
{
    yao_authorize_request *out = r->out;
    uint8_t                jkt[YAO_SHA256_LEN];

    out->state        = yao_form_text(r->form, "state");
    out->issuer_state = yao_form_text(r->form, "issuer_state");
    out->dpop_jkt     = yao_form_text(r->form, "dpop_jkt");
    if (out->state.len > YAO_OAUTH_MAX_STATE)
        return refuse(r, "state is too long", YAO_E_LIMIT);
    if (out->issuer_state.len > YAO_OAUTH_MAX_SECRET)
        return refuse(r, "issuer_state is too long", YAO_E_LIMIT);
    if (out->dpop_jkt.len != 0 &&
        yao_dpop_read_jkt(out->dpop_jkt, jkt) != YAO_OK)
        return refuse(r, "dpop_jkt is no thumbprint", YAO_E_MALFORMED);

    return YAO_OK;
}

static yao_status read_wanted(const reading *r)
{
    const yao_text *details = yao_form_get(r->form, "authorization_details");

    r->out->scope = yao_form_text(r->form, "scope");
    if (r->out->scope.len > MAX_SCOPE || !is_scope(r->out->scope))
        return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_SCOPE,
                                "scope is malformed", YAO_E_MALFORMED);
    if (details == NULL)
        return r->out->scope.len != 0
                   ? YAO_OK
                   : refuse(r, "scope and authorization_details are missing",
                            YAO_E_VALUE);

    yao_status status = yao_details_parse(r->arena, *details, r->issuer, false,
                                          &r->out->details);
    if (status == YAO_OK || status == YAO_E_SPACE)
        return status;
    return yao_oauth_refuse(r->refusal, YAO_OAUTH_INVALID_AUTHORIZATION_DETAILS,
                            "authorization_details is malformed",
                            YAO_E_MALFORMED);
}

yao_status yao_authorize_read(yao_arena *arena, const yao_form *form,
                              yao_text issuer, yao_authorize_request *ret,
                              yao_oauth_refusal *refusal)
{
    yao_authorize_request request = {.client_id = {NULL, 0}};
    const reading         r = {arena, form, issuer, &request, refusal};

    YAO_TRY(check_kind(&r));
    YAO_TRY(read_client(&r));
    YAO_TRY(read_pkce(&r));
    YAO_TRY(read_bound(&r));
    YAO_TRY(read_wanted(&r));

    *ret = request;
    return YAO_OK;
}

/* ---- writing one ---- */

void yao_authorize_put(yao_writer *w, bool *first,
                       const yao_authorize_request *request)
{
    yao_form_put(w, first, "response_type", YAO_TEXT("code"));
    yao_form_put(w, first, "client_id", request->client_id);
    yao_form_put(w, first, "redirect_uri", request->redirect_uri);
    yao_form_put(w, first, "state", request->state);
    yao_form_put(w, first, "code_challenge", request->code_challenge);
    yao_form_put(w, first, "code_challenge_method", YAO_TEXT("S256"));
    yao_form_put(w, first, "scope", request->scope);
    yao_details_put_form(w, first, &request->details, request->location);
    yao_form_put(w, first, "issuer_state", request->issuer_state);
    yao_form_put(w, first, "dpop_jkt", request->dpop_jkt);
}

/* ---- the answer to it, and the way to the browser ---- */

void yao_pushed_put(yao_writer *w, const yao_pushed *pushed)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_optional(w, &first, "request_uri", pushed->request_uri);
    yao_oauth_put_time(w, &first, "expires_in", pushed->expires_in);
    yao_put_byte(w, '}');
}

yao_status yao_pushed_read(yao_arena *arena, yao_bytes body, yao_pushed *ret)
{
    static const yao_oauth_claim uri = {"request_uri", YAO_OAUTH_MAX_URI, true};
    const yao_json              *root;
    yao_pushed                   pushed;

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    YAO_TRY(yao_oauth_get(root, arena, &uri, &pushed.request_uri));
    YAO_TRY(yao_oauth_get_time(root, "expires_in", true, &pushed.expires_in));

    *ret = pushed;
    return YAO_OK;
}

/* What follows an address that may have a query already. */
static void put_query_mark(yao_writer *w, yao_text address)
{
    size_t at = yao_bytes_find(yao_text_bytes(address), '?');

    if (at == address.len)
        yao_put_byte(w, '?');
    else if (at + 1 < address.len && address.ptr[address.len - 1] != '&')
        yao_put_byte(w, '&');
}

void yao_authorize_put_link(yao_writer *w, yao_text endpoint,
                            yao_text client_id, yao_text request_uri)
{
    bool first = true;

    yao_put_bytes(w, yao_text_bytes(endpoint));
    put_query_mark(w, endpoint);
    yao_form_put(w, &first, "client_id", client_id);
    yao_form_put(w, &first, "request_uri", request_uri);
}

/* ---- what comes back ---- */

void yao_authorized_put(yao_writer *w, yao_text redirect_uri,
                        const yao_authorized *answer)
{
    bool first = true;

    yao_put_bytes(w, yao_text_bytes(redirect_uri));
    put_query_mark(w, redirect_uri);
    yao_form_put(w, &first, "code", answer->code);
    yao_form_put(w, &first, "error", answer->error);
    yao_form_put(w, &first, "error_description", answer->description);
    yao_form_put(w, &first, "state", answer->state);
    yao_form_put(w, &first, "iss", answer->iss);
}

yao_status yao_authorized_read(yao_arena *arena, yao_bytes query,
                               yao_text issuer, yao_text state,
                               yao_authorized *ret)
{
    yao_form form;

    YAO_TRY(yao_form_read(arena, query, &form));
    const yao_authorized answer = {
        .code        = yao_form_text(&form, "code"),
        .error       = yao_form_text(&form, "error"),
        .description = yao_form_text(&form, "error_description"),
        .state       = yao_form_text(&form, "state"),
        .iss         = yao_form_text(&form, "iss")};

    if (answer.iss.len == 0 || (answer.state.len == 0 && state.len != 0))
        return YAO_E_MISSING;
    if (!yao_text_equal(answer.iss, issuer) ||
        !yao_bytes_equal_secret(yao_text_bytes(answer.state),
                                yao_text_bytes(state)))
        return YAO_E_MISMATCH;
    if (answer.code.len == 0 && answer.error.len == 0)
        return YAO_E_MISSING;
    if (answer.code.len != 0 && answer.error.len != 0)
        return YAO_E_MALFORMED;
    if (answer.code.len != 0 && !yao_oauth_is_token(answer.code))
        return YAO_E_MALFORMED;

    *ret = answer;
    return answer.error.len != 0 ? YAO_E_REFUSED : YAO_OK;
}
