/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/parts.h"

#include "oauth/oauth.h"

/* ---- names -------------------------------------------------------------- */

static const char *const formats[] = {
    [YAO_VCI_MDOC]  = "mso_mdoc",
    [YAO_VCI_SDJWT] = "dc+sd-jwt",
    [YAO_VCI_CARD]  = "org.yaopai.card",
    [YAO_VCI_PAPER] = "org.yaopai.paper",
};

enum { FORMATS = sizeof formats / sizeof formats[0] };

const char *yao_vci_format_name(yao_vci_format format)
{
    size_t i = (size_t)format;

    return i > 0 && i < FORMATS ? formats[i] : "";
}

yao_vci_format yao_vci_format_by_name(yao_text name)
{
    for (size_t i = 1; i < FORMATS; i++)
        if (yao_text_equal(name, yao_text_of(formats[i])))
            return (yao_vci_format)i;
    return YAO_VCI_NO_FORMAT;
}

bool yao_vci_is_card(yao_vci_format format)
{
    return format == YAO_VCI_CARD || format == YAO_VCI_PAPER;
}

/* ---- errors ------------------------------------------------------------- */

static const yao_vci_error_row errors[] = {
    {YAO_VCI_INVALID_REQUEST, "invalid_credential_request", 400},
    {YAO_VCI_UNKNOWN_CONFIGURATION, "unknown_credential_configuration", 400},
    {YAO_VCI_UNKNOWN_IDENTIFIER, "unknown_credential_identifier", 400},
    {YAO_VCI_INVALID_PROOF, "invalid_proof", 400},
    {YAO_VCI_INVALID_NONCE, "invalid_nonce", 400},
    {YAO_VCI_INVALID_ENCRYPTION, "invalid_encryption_parameters", 400},
    {YAO_VCI_DENIED, "credential_request_denied", 400},
    {YAO_VCI_INVALID_TRANSACTION, "invalid_transaction_id", 400},
    {YAO_VCI_INVALID_NOTIFICATION_ID, "invalid_notification_id", 400},
    {YAO_VCI_INVALID_NOTIFICATION, "invalid_notification_request", 400},
    {YAO_VCI_INVALID_TOKEN, "invalid_token", 401},
    {YAO_VCI_INSUFFICIENT_SCOPE, "insufficient_scope", 403},
};

enum { ERRORS = sizeof errors / sizeof errors[0] };

const yao_vci_error_row *yao_vci_error_find(yao_vci_error error)
{
    for (size_t i = 0; i < ERRORS; i++)
        if (errors[i].error == error)
            return &errors[i];
    return NULL;
}

yao_vci_error yao_vci_error_by_code(yao_text code)
{
    for (size_t i = 0; i < ERRORS; i++)
        if (yao_text_equal(code, yao_text_of(errors[i].code)))
            return errors[i].error;
    return YAO_VCI_OTHER_ERROR;
}

bool yao_vci_letters(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!yao_oauth_may_say(text.ptr[i]))
            return false;
    return true;
}

void yao_vci_put_error(yao_writer *w, yao_vci_error error,
                       yao_text description)
{
    const yao_vci_error_row *row   = yao_vci_error_find(error);
    bool                     first = true;

    if (row == NULL) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "error", yao_text_of(row->code));
    if (description.len > 0 && yao_vci_letters(description)) {
        yao_json_put_member(w, &first, "error_description", description);
    }
    yao_put_byte(w, '}');
}

/* What a stranger wrote, so that a person may see it: no markup of terminals,
 * no direction of writing (misuse N143). */
static yao_status shown(yao_arena *arena, yao_text text, yao_text *ret)
{
    size_t   len = text.len < YAO_VCI_MAX_SHOWN ? text.len : YAO_VCI_MAX_SHOWN;
    uint8_t *out = yao_arena_take(arena, len);

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < len; i++)
        out[i] = text.ptr[i] >= 0x20 && text.ptr[i] <= 0x7e ? text.ptr[i] : '?';
    *ret = (yao_text){out, len};
    return YAO_OK;
}

/* Who says nothing sensible here is asked again at the usual time. */
static uint32_t interval_of(const yao_json *root)
{
    int64_t seconds;

    if (yao_json_int(yao_json_get(root, "interval"), &seconds) != YAO_OK ||
        seconds < 0 || seconds > YAO_TIME_DAY)
        return 0;
    return (uint32_t)seconds;
}

yao_status yao_vci_read_error(yao_arena *arena, yao_bytes body,
                              yao_vci_failure *ret)
{
    const yao_json *root;
    yao_vci_failure f = {.error = YAO_VCI_OTHER_ERROR};
    yao_text        code, description;

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    if (yao_json_string(yao_json_get(root, "error"), arena, &code) != YAO_OK)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vci_optional(root, "error_description", arena, &description));

    f.error    = yao_vci_error_by_code(code);
    f.interval = interval_of(root);
    YAO_TRY(shown(arena, code, &f.code));
    YAO_TRY(shown(arena, description, &f.description));
    *ret = f;
    return YAO_OK;
}

/* ---- what the readers share --------------------------------------------- */

yao_status yao_vci_optional(const yao_json *object, const char *name,
                            yao_arena *arena, yao_text *ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value == NULL) {
        *ret = (yao_text){NULL, 0};
        return YAO_OK;
    }
    return yao_json_string(value, arena, ret);
}

yao_status yao_vci_required(const yao_json *object, const char *name,
                            yao_arena *arena, yao_text *ret)
{
    yao_text text;

    YAO_TRY(yao_json_string(yao_json_get(object, name), arena, &text));
    if (text.len == 0)
        return YAO_E_MALFORMED;
    *ret = text;
    return YAO_OK;
}

yao_status yao_vci_child(const yao_json *object, const char *name,
                         yao_json_kind kind, const yao_json **ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value != NULL && value->kind != kind)
        return YAO_E_MALFORMED;
    *ret = value;
    return YAO_OK;
}

/* ---- addresses ---------------------------------------------------------- */

yao_status yao_vci_check_issuer(yao_text url, bool loopback)
{
    return yao_oauth_check_server(url, loopback);
}

yao_status yao_vci_check_endpoint(yao_text url, bool loopback)
{
    return yao_oauth_check_endpoint(url, loopback);
}

void yao_vci_put_well_known(yao_writer *w, yao_text issuer, const char *what)
{
    yao_oauth_put_well_known(w, issuer, what);
}

/* ---- tokens ------------------------------------------------------------- */

yao_status yao_vci_make_token(yao_arena *arena, yao_sig_alg alg,
                              yao_bytes header, yao_bytes payload,
                              yao_vci_token *ret)
{
    yao_vci_token token;
    yao_writer    w = yao_writer_in(arena);

    yao_jws_put_unsigned(&w, header, payload);
    YAO_TRY(yao_writer_keep(&w, arena, &token.unsigned_jwt));
    token.wish = yao_sign_wish_of(alg, token.unsigned_jwt);
    *ret       = token;
    return YAO_OK;
}

void yao_vci_put_token(yao_writer *w, const yao_vci_token *token,
                       yao_bytes signature)
{
    yao_put_bytes(w, token->unsigned_jwt);
    yao_jws_put_signature(w, signature);
}

bool yao_vci_moment(yao_time time)
{
    return time >= 0 && time <= YAO_TIME_MAX;
}
