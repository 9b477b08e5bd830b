/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers of a token: codes, counts, lengths and values come from the
 * input; where it has none left, they are honest. Property: a signature that
 * is given out verifies, nothing is written besides, and what is made of an
 * honest token works.
 */
#include "pkcs11/pkcs11.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/algorithms.h"
#include "pkcs11/module.h"
#include "yaopai/openssl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FAKE "/fake/pkcs11.so"
#define MESSAGE YAO_LIT("SPECIMEN")

static yao_bytes        rest; /* of the input */
static bool             honest;
static CK_ULONG         objects; /* that a search still has */
static yao_openssl     *home;
static yao_openssl_key *secret;
static FILE            *pin;
static uint64_t         runs;

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

/* ---- what the input says ---- */

static uint8_t next(void)
{
    if (rest.len == 0)
        return 0;
    uint8_t byte = rest.ptr[0];
    rest         = (yao_bytes){rest.ptr + 1, rest.len - 1};
    honest       = honest && byte == 0;
    return byte;
}

static CK_RV next_code(void)
{
    static const CK_RV codes[] = {
        CKR_DEVICE_REMOVED, CKR_SESSION_HANDLE_INVALID, CKR_USER_NOT_LOGGED_IN,
        CKR_USER_ALREADY_LOGGED_IN, CKR_PIN_INCORRECT, CKR_PIN_LOCKED,
        CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_SENSITIVE,
        CKR_BUFFER_TOO_SMALL, CKR_VENDOR_DEFINED};
    uint8_t byte = next();

    return byte < 200 ? CKR_OK : codes[byte % (sizeof codes / sizeof codes[0])];
}

/* OUT filled with what the input has; LEN as it claims, true or not. */
static void next_bytes(uint8_t *out, size_t cap, CK_ULONG *len)
{
    uint8_t claim = next();

    for (size_t i = 0; i < cap; i++)
        out[i] = next();
    *len = claim == 255   ? (CK_ULONG)-1
           : claim == 254 ? (CK_ULONG)cap + 1
                          : claim % (cap + 1);
}

/* ---- the calls ---- */

static CK_RV initialize(void *arguments)
{
    (void)arguments;
    return next_code();
}

static CK_RV finalize(void *reserved)
{
    (void)reserved;
    return CKR_OK;
}

static CK_RV slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
    uint8_t more = next();

    (void)present;
    for (CK_ULONG i = 0; i < *count; i++)
        slots[i] = 7;
    *count = more == 0 ? 1 : more == 255 ? (CK_ULONG)-1 : more;
    return next_code();
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    uint8_t flags = next();

    (void)slot;
    memset(info, ' ', sizeof *info);
    memcpy(info->label, "fake", 4);
    info->label[4] = next() == 0 ? ' ' : 'x';
    memcpy(info->serialNumber, &runs, sizeof runs); /* a PIN refused in one
                                                       run is not in another */
    info->flags    = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED |
                  CKF_USER_PIN_INITIALIZED;
    info->flags ^= (CK_FLAGS)(flags & 7) << 2;
    info->flags ^= (CK_FLAGS)(flags >> 3 & 7) << 16;
    return next_code();
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application,
                          CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
    (void)slot;
    (void)flags;
    (void)application;
    (void)notify;
    *session = next();
    return next_code();
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
    (void)session;
    return CKR_OK;
}

static CK_RV session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    (void)session;
    info->state = next();
    return next_code();
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user,
                   unsigned char *letters, CK_ULONG len)
{
    (void)session;
    (void)user;
    (void)letters;
    (void)len;
    return next_code();
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted,
                       CK_ULONG count)
{
    (void)session;
    (void)wanted;
    (void)count;
    objects = 1;
    return next_code();
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found,
                  CK_ULONG most, CK_ULONG *count)
{
    uint8_t more = next();

    (void)session;
    for (CK_ULONG i = 0; i < most; i++)
        found[i] = next();
    *count  = more == 0 ? objects : more == 255 ? (CK_ULONG)-1 : more % 4;
    objects = 0;
    return next_code();
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
    (void)session;
    return next_code();
}

static void give(CK_ATTRIBUTE *a, const void *value, size_t len)
{
    memcpy(a->pValue, value, len < a->ulValueLen ? len : a->ulValueLen);
    a->ulValueLen = (CK_ULONG)len;
}

static void give_point(CK_ATTRIBUTE *a, bool bare)
{
    yao_public_key key       = yao_openssl_key_public(secret);
    uint8_t        value[67] = {0x04, 65};

    memcpy(value + 2, key.point, 65);
    give(a, bare ? value + 2 : value, bare ? 65 : 67);
}

static void give_honestly(CK_ATTRIBUTE *a)
{
    static const uint8_t p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07};
    uint8_t              flag   = a->type != CKA_EXTRACTABLE &&
                   a->type != CKA_ALWAYS_AUTHENTICATE;
    uint8_t              x[32]  = {1};

    switch (a->type) {
    case CKA_EC_PARAMS: give(a, p256, sizeof p256); break;
    case CKA_EC_POINT:  give_point(a, false); break;
    case CKA_VALUE:     give(a, x, sizeof x); break;
    case CKA_ID:        give(a, "id", 2); break;
    default:            give(a, &flag, 1); break;
    }
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                           CK_ATTRIBUTE *list, CK_ULONG count)
{
    (void)session;
    (void)object;
    for (CK_ULONG i = 0; i < count; i++) {
        uint8_t how = next();

        if (how == 1 && list[i].type == CKA_EC_POINT)
            give_point(&list[i], true);
        else if (how < 128)
            give_honestly(&list[i]);
        else
            next_bytes(list[i].pValue, list[i].ulValueLen, &list[i].ulValueLen);
    }
    return next_code();
}

static CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                      CK_ATTRIBUTE *public, CK_ULONG public_count,
                      CK_ATTRIBUTE *private, CK_ULONG private_count,
                      CK_OBJECT_HANDLE *one, CK_OBJECT_HANDLE *two)
{
    (void)session;
    (void)how;
    (void)public;
    (void)public_count;
    (void)private;
    (void)private_count;
    *one = next();
    *two = next();
    return next_code();
}

static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    (void)session;
    (void)object;
    return next_code();
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                       CK_OBJECT_HANDLE key)
{
    (void)session;
    (void)how;
    (void)key;
    return next_code();
}

/* Right, and then perhaps another bit or length. */
static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *digest,
                  CK_ULONG len, unsigned char *out, CK_ULONG *out_len)
{
    yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, MESSAGE);
    size_t        made = 0;
    uint8_t       how  = next();

    (void)session;
    (void)digest;
    (void)len;
    if (how >= 128) {
        next_bytes(out, *out_len, out_len);
        return next_code();
    }
    expect(yao_openssl_sign(secret, &wish, out, &made) == YAO_OK);
    *out_len = made;
    out[how % 64] ^= next();
    return next_code();
}

static CK_RV derive(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                    CK_OBJECT_HANDLE key, CK_ATTRIBUTE *wanted, CK_ULONG count,
                    CK_OBJECT_HANDLE *made)
{
    (void)session;
    (void)how;
    (void)key;
    (void)wanted;
    (void)count;
    *made = next();
    return next_code();
}

static const CK_FUNCTION_LIST list = {
    .version             = {2, 40},
    .C_Initialize        = initialize,
    .C_Finalize          = finalize,
    .C_GetSlotList       = slot_list,
    .C_GetTokenInfo      = token_info,
    .C_OpenSession       = open_session,
    .C_CloseSession      = close_session,
    .C_GetSessionInfo    = session_info,
    .C_Login             = login,
    .C_FindObjectsInit   = find_init,
    .C_FindObjects       = find,
    .C_FindObjectsFinal  = find_final,
    .C_GetAttributeValue = get_attribute,
    .C_GenerateKeyPair   = generate,
    .C_DestroyObject     = destroy,
    .C_SignInit          = sign_init,
    .C_Sign              = sign,
    .C_DeriveKey         = derive,
};

/* ---- what is done with it ---- */

static void prepare(void)
{
    if (home != NULL)
        return;
    home = yao_openssl_open();
    pin  = tmpfile();
    expect(home != NULL && pin != NULL && fputs("4711\n", pin) >= 0 &&
           fflush(pin) == 0);
    expect(yao_openssl_key_generate(YAO_ES256, &secret) == YAO_OK);
    expect(yao_pkcs11_module_add(FAKE, &list) == YAO_OK);
}

static void try_signing(yao_pkcs11_key *key)
{
    const yao_crypto *crypto = yao_openssl_crypto(home);
    uint8_t           out[YAO_MAX_SIGNATURE + 1];
    size_t            len  = 0;
    yao_sign_wish     wish = yao_sign_wish_of(yao_pkcs11_key_alg(key), MESSAGE);

    memset(out, 0xa5, sizeof out);
    if (yao_pkcs11_sign(key, &wish, out, &len) != YAO_OK) {
        expect(out[0] == 0xa5 && out[63] == 0xa5 && len == 0);
        return;
    }
    yao_signature_check check = {.alg        = wish.alg,
                                 .key        = yao_pkcs11_key_public(key),
                                 .parts      = {MESSAGE},
                                 .part_count = 1,
                                 .signature  = {out, len}};
    expect(crypto->verify(crypto->ctx, &check, 1) == YAO_OK);
    expect(check.outcome == YAO_SIG_GOOD && out[len] == 0xa5);
}

static void try_agreeing(yao_pkcs11_key *key)
{
    const yao_agree_wish wish = {yao_pkcs11_key_public(key)};
    uint8_t              out[49];

    memset(out, 0xa5, sizeof out);
    if (yao_pkcs11_agree(key, &wish, out) != YAO_OK)
        expect(out[0] == 0xa5);
    expect(out[48] == 0xa5);
}

static void use(yao_pkcs11_key *key)
{
    try_signing(key);
    try_signing(key);
    try_agreeing(key);
}

static yao_status run(const yao_pkcs11_uri *uri, yao_pkcs11_token **token)
{
    const yao_pkcs11_wanted wanted = {YAO_ES256, YAO_PKCS11_SIGN, uri->object,
                                      YAO_LIT("id")};
    yao_pkcs11_key         *key    = NULL;
    yao_pkcs11_report       report;

    YAO_TRY(yao_pkcs11_open(uri, yao_openssl_crypto(home), true, &report,
                            token));
    YAO_TRY(yao_pkcs11_find(*token, uri, YAO_PKCS11_SIGN, &key));
    use(key);
    yao_status status = yao_pkcs11_destroy(key);
    yao_pkcs11_key_close(key);
    YAO_TRY(status);
    objects = 0;
    status  = yao_pkcs11_generate(*token, &wanted, &key);
    if (status == YAO_OK) {
        use(key);
        yao_pkcs11_key_close(key);
    }
    return status == YAO_E_EXISTS ? YAO_OK : status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char              place[32];
    yao_pkcs11_token *token = NULL;

    prepare();
    runs++;
    rest   = (yao_bytes){data, size};
    honest = true;
    expect(lseek(fileno(pin), 0, SEEK_SET) == 0);
    snprintf(place, sizeof place, "fd:%d", fileno(pin));
    const yao_pkcs11_uri uri = {.token       = YAO_TEXT("fake"),
                                .object      = YAO_TEXT("key"),
                                .module_path = YAO_TEXT(FAKE),
                                .pin_source  = yao_text_of(place)};

    yao_status status = run(&uri, &token);
    expect(!honest || status == YAO_OK);
    yao_pkcs11_close(token);
    return 0;
}
