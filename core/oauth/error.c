/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/oauth.h"

enum { MAX_ERROR = 64, MAX_DESCRIPTION = 200 };

/* The words, and what HTTP says with them: RFC 6749 section 5.2, RFC 9126 2.3,
 * RFC 9396 5, RFC 9449 5 and 7.1, RFC 6750 3.1, OpenID4VCI 1.0 6.3,
 * OpenID4VP 1.0 8.5. */
static const struct {
    const char *name;
    int         http;
} rows[YAO_OAUTH_ERROR_COUNT] = {
    [YAO_OAUTH_NONE]                      = {"", 0},
    [YAO_OAUTH_INVALID_REQUEST]           = {"invalid_request", 400},
    [YAO_OAUTH_INVALID_CLIENT]            = {"invalid_client", 401},
    [YAO_OAUTH_INVALID_GRANT]             = {"invalid_grant", 400},
    [YAO_OAUTH_UNAUTHORIZED_CLIENT]       = {"unauthorized_client", 400},
    [YAO_OAUTH_UNSUPPORTED_GRANT_TYPE]    = {"unsupported_grant_type", 400},
    [YAO_OAUTH_UNSUPPORTED_RESPONSE_TYPE] = {"unsupported_response_type", 400},
    [YAO_OAUTH_INVALID_SCOPE]             = {"invalid_scope", 400},
    [YAO_OAUTH_INVALID_AUTHORIZATION_DETAILS] =
        {"invalid_authorization_details", 400},
    [YAO_OAUTH_INVALID_REQUEST_URI]        = {"invalid_request_uri", 400},
    [YAO_OAUTH_ACCESS_DENIED]              = {"access_denied", 400},
    [YAO_OAUTH_INVALID_DPOP_PROOF]         = {"invalid_dpop_proof", 400},
    [YAO_OAUTH_USE_DPOP_NONCE]             = {"use_dpop_nonce", 400},
    [YAO_OAUTH_INVALID_CLIENT_ATTESTATION] = {"invalid_client_attestation",
                                              401},
    [YAO_OAUTH_USE_ATTESTATION_CHALLENGE]  = {"use_attestation_challenge", 400},
    [YAO_OAUTH_USE_FRESH_ATTESTATION]      = {"use_fresh_attestation", 400},
    [YAO_OAUTH_INVALID_TOKEN]              = {"invalid_token", 401},
    [YAO_OAUTH_INSUFFICIENT_SCOPE]         = {"insufficient_scope", 403},
    [YAO_OAUTH_SLOW_DOWN]                  = {"slow_down", 429},
    [YAO_OAUTH_SERVER_ERROR]               = {"server_error", 500},
    [YAO_OAUTH_TEMPORARILY_UNAVAILABLE]    = {"temporarily_unavailable", 503},
    [YAO_OAUTH_VP_FORMATS_NOT_SUPPORTED]   = {"vp_formats_not_supported", 400},
    [YAO_OAUTH_INVALID_REQUEST_URI_METHOD] = {"invalid_request_uri_method",
                                              400},
    [YAO_OAUTH_INVALID_TRANSACTION_DATA]   = {"invalid_transaction_data", 400},
    [YAO_OAUTH_WALLET_UNAVAILABLE]         = {"wallet_unavailable", 400},
};

static bool known(yao_oauth_error error)
{
    return (unsigned)error < YAO_OAUTH_ERROR_COUNT;
}

const char *yao_oauth_error_name(yao_oauth_error error)
{
    return known(error) ? rows[error].name : "";
}

int yao_oauth_error_http(yao_oauth_error error)
{
    return known(error) ? rows[error].http : 0;
}

yao_oauth_error yao_oauth_error_find(yao_text name)
{
    for (unsigned i = 1; i < YAO_OAUTH_ERROR_COUNT; i++)
        if (yao_text_equal(yao_text_of(rows[i].name), name))
            return (yao_oauth_error)i;

    return YAO_OAUTH_NONE;
}

yao_status yao_oauth_refuse(yao_oauth_refusal *refusal, yao_oauth_error error,
                            const char *why, yao_status status)
{
    if (refusal != NULL)
        *refusal = (yao_oauth_refusal){error, why};
    return status;
}

void yao_oauth_put_error(yao_writer *w, const yao_oauth_refusal *refusal)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "error",
                        yao_text_of(yao_oauth_error_name(refusal->error)));
    yao_json_put_optional(w, &first, "error_description",
                          yao_text_of(refusal->why));
    yao_put_byte(w, '}');
}

/* ---- what others say ---- */

bool yao_oauth_may_say(uint8_t letter)
{
    return letter >= 0x20 && letter <= 0x7e && letter != '"' && letter != '\\';
}

static yao_status keep_shown(yao_arena *arena, yao_text from, size_t max,
                             yao_text *ret)
{
    uint8_t *out = yao_arena_take(arena, max);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < from.len && len < max; i++)
        if (yao_oauth_may_say(from.ptr[i]))
            out[len++] = from.ptr[i];

    *ret = (yao_text){out, len};
    return YAO_OK;
}

yao_status yao_oauth_read_failure(yao_arena *arena, yao_bytes body,
                                  yao_oauth_failure *ret)
{
    yao_oauth_failure failure = {.error = {NULL, 0}};
    const yao_json   *root;
    yao_text          error, description = {NULL, 0};

    YAO_TRY(yao_json_parse(arena, body, &root));
    const yao_json *name = yao_json_get(root, "error");
    const yao_json *more = yao_json_get(root, "error_description");
    if (name == NULL)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(name, arena, &error));
    if (more != NULL && more->kind == YAO_JSON_STRING)
        YAO_TRY(yao_json_string(more, arena, &description));
    if (error.len == 0)
        return YAO_E_MALFORMED;
    YAO_TRY(keep_shown(arena, error, MAX_ERROR, &failure.error));
    YAO_TRY(keep_shown(arena, description, MAX_DESCRIPTION,
                       &failure.description));

    *ret = failure;
    return YAO_OK;
}

/* ---- what the home answered ---- */

static yao_status answer(yao_sig_outcome outcome)
{
    switch (outcome) {
    case YAO_SIG_GOOD:
        return YAO_OK;
    case YAO_SIG_BAD:
        return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED:
        return YAO_E_UNSUPPORTED;
    case YAO_SIG_UNCHECKED:
    default:
        return YAO_E_CRYPTO;
    }
}

yao_status yao_oauth_answers(const yao_signature_check *checks, size_t count)
{
    yao_status status = count == 0 ? YAO_E_MISSING : YAO_OK;

    /* a wrong one is the answer, whatever became of the others */
    for (size_t i = 0; i < count; i++) {
        yao_status one = answer(checks[i].outcome);
        if (one == YAO_E_BAD_SIGNATURE)
            return one;
        if (status == YAO_OK)
            status = one;
    }
    return status;
}
