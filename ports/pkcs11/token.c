/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/token.h"

#include <stdlib.h>
#include <string.h>

#include "pkcs11/pin.h"

#define MODULE_VARIABLE "YAOPAI_PKCS11_MODULE"

enum { MAX_SLOTS = 64 };

/* ---- what went wrong ---- */

static void end_session(yao_pkcs11_token *t)
{
    if (t->open && yao_pkcs11_is_ours(t->module))
        (void)t->calls->C_CloseSession(t->session);
    t->open = false;
}

yao_status yao_pkcs11_refuse(yao_pkcs11_token *t, yao_status status,
                             yao_pkcs11_trouble what)
{
    t->report = (yao_pkcs11_report){what, 0};
    return status;
}

yao_status yao_pkcs11_fail(yao_pkcs11_token *t, yao_status status,
                           yao_pkcs11_trouble what, CK_RV code)
{
    end_session(t);
    t->report = (yao_pkcs11_report){what, code};
    return status;
}

yao_status yao_pkcs11_gone(yao_pkcs11_token *t, CK_RV code)
{
    return yao_pkcs11_fail(t, YAO_E_CRYPTO, YAO_PKCS11_GONE, code);
}

/* ---- which token ---- */

/* Is the padded FIELD of a token what the URI says? Nothing said fits all. */
static bool is_field(yao_text wanted, const unsigned char *field, size_t len)
{
    if (wanted.ptr == NULL)
        return true;
    while (len > 0 && (field[len - 1] == ' ' || field[len - 1] == '\0'))
        len--;
    return yao_bytes_equal(yao_text_bytes(wanted), (yao_bytes){field, len});
}

static bool fits(const yao_pkcs11_uri *uri, CK_SLOT_ID slot,
                 const CK_TOKEN_INFO *info)
{
    return (info->flags & CKF_TOKEN_INITIALIZED) != 0 &&
           (!uri->has_slot || uri->slot == slot) &&
           is_field(uri->token, info->label, sizeof info->label) &&
           is_field(uri->manufacturer, info->manufacturerID,
                    sizeof info->manufacturerID) &&
           is_field(uri->serial, info->serialNumber,
                    sizeof info->serialNumber) &&
           is_field(uri->model, info->model, sizeof info->model);
}

/* A slot that cannot be read holds nothing that fits. */
static size_t count_fitting(yao_pkcs11_token *t, const CK_SLOT_ID *slots,
                            CK_ULONG count, CK_RV *code)
{
    size_t fitting = 0;

    for (CK_ULONG i = 0; i < count; i++) {
        CK_TOKEN_INFO info = {.flags = 0};
        CK_RV         rv   = t->calls->C_GetTokenInfo(slots[i], &info);

        if (rv != CKR_OK)
            *code = rv;
        else if (fits(&t->uri, slots[i], &info)) {
            t->slot = slots[i];
            fitting++;
        }
    }
    return fitting;
}

static yao_status find_slot(yao_pkcs11_token *t)
{
    CK_SLOT_ID slots[MAX_SLOTS];
    CK_ULONG   count = MAX_SLOTS;
    CK_RV      code  = t->calls->C_GetSlotList(CK_TRUE, slots, &count);

    if (code != CKR_OK || count > MAX_SLOTS)
        return yao_pkcs11_fail(t, YAO_E_CRYPTO, YAO_PKCS11_GONE, code);

    size_t fitting = count_fitting(t, slots, count, &code);
    if (fitting == 0)
        return yao_pkcs11_fail(t, YAO_E_NOT_FOUND, YAO_PKCS11_NO_TOKEN, code);
    if (fitting > 1)
        return yao_pkcs11_fail(t, YAO_E_DUPLICATE, YAO_PKCS11_TOKENS, 0);
    return YAO_OK;
}

/* ---- logging in ---- */

/* A PIN is known by its hash, together with the token it was tried at. */
static yao_status tag_pin(yao_pkcs11_token *t, const CK_TOKEN_INFO *info,
                          yao_bytes pin, uint8_t tag[YAO_PKCS11_TAG])
{
    const yao_bytes parts[] = {
        {info->label, sizeof info->label},
        {info->serialNumber, sizeof info->serialNumber},
        pin};

    return t->crypto->hash(t->crypto->ctx, YAO_SHA256, parts, 3, tag);
}

/* The token counts the tries; ask it how many are left. */
static yao_status pin_was_wrong(yao_pkcs11_token *t, CK_RV code)
{
    CK_TOKEN_INFO      info = {.flags = 0};
    yao_pkcs11_trouble what = YAO_PKCS11_PIN_WRONG;

    if (t->calls->C_GetTokenInfo(t->slot, &info) != CKR_OK)
        info.flags = 0;
    if ((info.flags & CKF_USER_PIN_LOCKED) != 0)
        what = YAO_PKCS11_PIN_LOCKED;
    else if ((info.flags & CKF_USER_PIN_FINAL_TRY) != 0)
        what = YAO_PKCS11_PIN_WRONG_LAST;
    else if ((info.flags & CKF_USER_PIN_COUNT_LOW) != 0)
        what = YAO_PKCS11_PIN_WRONG_LOW;
    return yao_pkcs11_fail(t, YAO_E_SECRET, what, code);
}

static yao_status judge_login(yao_pkcs11_token *t, CK_RV code,
                              const uint8_t tag[YAO_PKCS11_TAG])
{
    switch (code) {
    case CKR_OK:
    case CKR_USER_ALREADY_LOGGED_IN:
        return YAO_OK;
    case CKR_PIN_INCORRECT:
    case CKR_PIN_INVALID:
    case CKR_PIN_LEN_RANGE:
        yao_pkcs11_pin_note_refused(tag);
        return pin_was_wrong(t, code);
    case CKR_PIN_LOCKED:
        return yao_pkcs11_fail(t, YAO_E_SECRET, YAO_PKCS11_PIN_LOCKED, code);
    case CKR_USER_PIN_NOT_INITIALIZED:
    case CKR_PIN_EXPIRED:
        return yao_pkcs11_fail(t, YAO_E_SECRET, YAO_PKCS11_PIN_UNSET, code);
    default:
        return yao_pkcs11_gone(t, code);
    }
}

static yao_status try_pin(yao_pkcs11_token *t, const CK_TOKEN_INFO *info,
                          uint8_t *pin, size_t len)
{
    uint8_t tag[YAO_PKCS11_TAG];

    if (tag_pin(t, info, (yao_bytes){pin, len}, tag) != YAO_OK)
        return yao_pkcs11_gone(t, CKR_OK);
    if (yao_pkcs11_pin_was_refused(tag))
        return yao_pkcs11_fail(t, YAO_E_SECRET, YAO_PKCS11_PIN_AGAIN, 0);
    return judge_login(
        t, t->calls->C_Login(t->session, CKU_USER, pin, (CK_ULONG)len), tag);
}

/* With keys on the token itself there is no PIN for us to know. */
static yao_status log_in_beside(yao_pkcs11_token *t)
{
    static const uint8_t nobodys[YAO_PKCS11_TAG];
    CK_RV code = t->calls->C_Login(t->session, CKU_USER, NULL, 0);

    return judge_login(t, code, nobodys);
}

static yao_status ask_pin(yao_pkcs11_token *t, const CK_TOKEN_INFO *info)
{
    uint8_t    pin[YAO_MAX_PIN];
    size_t     len    = 0;
    yao_status status = yao_pkcs11_pin_read(t->uri.pin_source, pin, &len);

    if (status == YAO_OK)
        status = try_pin(t, info, pin, len);
    else if (status == YAO_E_MISSING &&
             (info->flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
        status = log_in_beside(t);
    else
        status = yao_pkcs11_fail(
            t, status == YAO_E_REFUSED ? YAO_E_REFUSED : YAO_E_SECRET,
            YAO_PKCS11_NO_PIN, 0);
    yao_wipe(pin, sizeof pin);
    return status;
}

/* All sessions of a process with a token share one login. */
static bool is_logged_in(yao_pkcs11_token *t)
{
    CK_SESSION_INFO info = {.state = CKS_RO_PUBLIC_SESSION};

    return t->calls->C_GetSessionInfo(t->session, &info) == CKR_OK &&
           (info.state == CKS_RO_USER_FUNCTIONS ||
            info.state == CKS_RW_USER_FUNCTIONS);
}

static yao_status log_in(yao_pkcs11_token *t)
{
    CK_TOKEN_INFO info = {.flags = 0};
    CK_RV         code = CKR_OK;

    if (is_logged_in(t))
        return YAO_OK;
    code = t->calls->C_GetTokenInfo(t->slot, &info);
    if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    if ((info.flags & CKF_LOGIN_REQUIRED) == 0)
        return YAO_OK;
    if ((info.flags & CKF_USER_PIN_LOCKED) != 0)
        return yao_pkcs11_fail(t, YAO_E_SECRET, YAO_PKCS11_PIN_LOCKED, 0);
    if ((info.flags & CKF_USER_PIN_INITIALIZED) == 0)
        return yao_pkcs11_fail(t, YAO_E_SECRET, YAO_PKCS11_PIN_UNSET, 0);
    return ask_pin(t, &info);
}

/* ---- opening ---- */

yao_status yao_pkcs11_ready(yao_pkcs11_token *t)
{
    CK_FLAGS flags = CKF_SERIAL_SESSION;

    if (!yao_pkcs11_is_ours(t->module))
        return yao_pkcs11_refuse(t, YAO_E_CRYPTO, YAO_PKCS11_FORKED);
    if (yao_pkcs11_is_stopped(t->module))
        return yao_pkcs11_refuse(t, YAO_E_CRYPTO, YAO_PKCS11_SIGNER_FAULT);
    if (t->open)
        return YAO_OK;

    YAO_TRY(find_slot(t));
    if (t->write)
        flags |= CKF_RW_SESSION;
    CK_RV code = t->calls->C_OpenSession(t->slot, flags, NULL, NULL,
                                         &t->session);
    if (code != CKR_OK)
        return yao_pkcs11_gone(t, code);
    t->open = true;
    t->turn++;
    return log_in(t);
}

static bool keep(yao_arena *arena, yao_text text, yao_text *ret)
{
    if (text.ptr == NULL)
        return true;
    uint8_t *out = yao_arena_take(arena, text.len + 1);
    if (out == NULL)
        return false;
    memcpy(out, text.ptr, text.len);
    out[text.len] = 0;
    *ret          = (yao_text){out, text.len};
    return true;
}

/* What is needed to find the token again, and where its module is. */
static yao_status keep_uri(yao_pkcs11_token *t, const yao_pkcs11_uri *uri)
{
    yao_arena   arena = {t->memory, sizeof t->memory, 0};
    const char *usual = getenv(MODULE_VARIABLE);

    t->uri.has_slot = uri->has_slot;
    t->uri.slot     = uri->slot;
    yao_text module = uri->module_path;
    if (module.ptr == NULL && usual != NULL && usual[0] == '/')
        module = yao_text_of(usual);
    return keep(&arena, uri->token, &t->uri.token) &&
                   keep(&arena, uri->manufacturer, &t->uri.manufacturer) &&
                   keep(&arena, uri->serial, &t->uri.serial) &&
                   keep(&arena, uri->model, &t->uri.model) &&
                   keep(&arena, uri->pin_source, &t->uri.pin_source) &&
                   keep(&arena, module, &t->uri.module_path)
               ? YAO_OK
               : YAO_E_SPACE;
}

static yao_status open_token(yao_pkcs11_token *t, const yao_pkcs11_uri *uri)
{
    YAO_TRY(keep_uri(t, uri));
    if (t->uri.module_path.ptr == NULL)
        return yao_pkcs11_refuse(t, YAO_E_NOT_FOUND, YAO_PKCS11_NO_MODULE);
    YAO_TRY(yao_pkcs11_module_take((const char *)t->uri.module_path.ptr,
                                   &t->report, &t->module));
    t->calls = yao_pkcs11_calls(t->module);
    return yao_pkcs11_ready(t);
}

yao_status yao_pkcs11_open(const yao_pkcs11_uri *uri, const yao_crypto *crypto,
                           bool write, yao_pkcs11_report *report,
                           yao_pkcs11_token **ret)
{
    yao_pkcs11_token *t = calloc(1, sizeof *t);

    *report = (yao_pkcs11_report){YAO_PKCS11_FINE, 0};
    if (t == NULL)
        return YAO_E_SPACE;
    t->crypto = crypto;
    t->write  = write;

    yao_status status = open_token(t, uri);
    *report           = t->report;
    if (status == YAO_OK)
        *ret = t;
    else
        yao_pkcs11_close(t);
    return status;
}

void yao_pkcs11_close(yao_pkcs11_token *t)
{
    if (t == NULL)
        return;
    if (t->module != NULL)
        end_session(t);
    yao_pkcs11_module_give(t->module);
    free(t);
}

yao_pkcs11_report yao_pkcs11_why(const yao_pkcs11_token *t)
{
    return t->report;
}
