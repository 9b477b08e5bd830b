/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A PKCS #11 module that hands everything to another one, and goes wrong when
 * it is told to. Told by the environment, looked at when it is initialised:
 *
 *   YAOPAI_SHIM_MODULE  the module behind it
 *   YAOPAI_SHIM_FAIL    "N:CODE" the N-th call (from 0) fails with CODE (hex);
 *                       "N:CODE:on" and all after it, as if pulled out
 *   YAOPAI_SHIM_SIGN    flip: a bit is wrong; short: a byte is missing; other:
 *                       by another key; same: by a key of the shim's, with one
 *                       nonce for all; fixed: by that key, the nonce made of
 *                       the message (as RFC 6979 does)
 *   YAOPAI_SHIM_POINT   bare: CKA_EC_POINT without its OCTET STRING
 *   YAOPAI_SHIM_PINS    a file that holds how many tries are left, of 3
 *   YAOPAI_SHIM_LOOK    a file that is told whether the PIN of a login stands
 *                       in the arguments or the environment of the process
 *   YAOPAI_SHIM_COUNT   a file to which the number of calls is written
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/objects.h>

#include <p11-kit/pkcs11.h>

enum { TRIES = 3, FIELD = 32 };

static CK_FUNCTION_LIST *below;
static CK_FUNCTION_LIST  list;
static long              calls, fail_at = -1;
static CK_RV             fail_code;
static int               fail_on;
static char              sign_how[16], point_how[16];
static EC_KEY           *own;
static BIGNUM           *own_kinv, *own_r;

/* ---- what is to go wrong ---- */

static void take_text(const char *name, char *out, size_t cap)
{
    const char *value = getenv(name);

    snprintf(out, cap, "%s", value != NULL ? value : "");
}

static void take_plan(void)
{
    char plan[64], *end = plan;

    calls   = 0;
    fail_at = -1;
    fail_on = 0;
    take_text("YAOPAI_SHIM_FAIL", plan, sizeof plan);
    if (plan[0] != '\0') {
        fail_at   = strtol(plan, &end, 10);
        fail_code = *end == ':' ? strtoul(end + 1, &end, 16) : CKR_DEVICE_ERROR;
        fail_on   = strcmp(end, ":on") == 0;
    }
    take_text("YAOPAI_SHIM_SIGN", sign_how, sizeof sign_how);
    take_text("YAOPAI_SHIM_POINT", point_how, sizeof point_how);
}

static CK_RV gate(void)
{
    long now = calls++;

    if (fail_at >= 0 && (now == fail_at || (fail_on && now > fail_at)))
        return fail_code;
    return CKR_OK;
}

#define GATE()                                                                 \
    do {                                                                       \
        CK_RV refused_ = gate();                                               \
        if (refused_ != CKR_OK)                                                \
            return refused_;                                                   \
    } while (0)

static void tell_count(void)
{
    const char *path = getenv("YAOPAI_SHIM_COUNT");
    FILE       *out  = path != NULL && *path != '\0' ? fopen(path, "w") : NULL;

    if (out != NULL) {
        fprintf(out, "%ld\n", calls);
        fclose(out);
    }
}

/* ---- PIN tries ---- */

static const char *pins_file(void)
{
    const char *path = getenv("YAOPAI_SHIM_PINS");

    return path != NULL && *path != '\0' ? path : NULL;
}

static long tries_left(void)
{
    FILE *in   = fopen(pins_file(), "r");
    char  text[16];
    long  left = TRIES;

    if (in == NULL)
        return left;
    if (fgets(text, sizeof text, in) != NULL)
        left = strtol(text, NULL, 10);
    fclose(in);
    return left;
}

static void note_tries(long left)
{
    FILE *out = fopen(pins_file(), "w");

    if (out != NULL) {
        fprintf(out, "%ld\n", left);
        fclose(out);
    }
}

static CK_RV count_tries(CK_RV code)
{
    long left = tries_left();

    if (code == CKR_PIN_INCORRECT)
        note_tries(left - 1);
    else if (code == CKR_OK)
        note_tries(TRIES);
    return code;
}

static CK_FLAGS flags_of(long left)
{
    if (left <= 0)
        return CKF_USER_PIN_LOCKED;
    if (left == 1)
        return CKF_USER_PIN_FINAL_TRY | CKF_USER_PIN_COUNT_LOW;
    return left < TRIES ? CKF_USER_PIN_COUNT_LOW : 0;
}

/* ---- a PIN that others see ---- */

static int holds(const char *path, const unsigned char *pin, size_t len)
{
    static unsigned char text[262144];
    FILE                *in   = fopen(path, "r");
    size_t               have = 0;

    if (in == NULL)
        return 1; /* can't look: as bad as seen */
    have = fread(text, 1, sizeof text, in);
    fclose(in);
    for (size_t i = 0; i + len <= have; i++)
        if (memcmp(text + i, pin, len) == 0)
            return 1;
    return 0;
}

static void look_for(const unsigned char *pin, size_t len)
{
    const char *path = getenv("YAOPAI_SHIM_LOOK");
    FILE       *out  = path != NULL && *path != '\0' ? fopen(path, "w") : NULL;

    if (out == NULL)
        return;
    fputs(holds("/proc/self/cmdline", pin, len) ||
                  holds("/proc/self/environ", pin, len)
              ? "seen\n"
              : "clean\n",
          out);
    fclose(out);
}

/* ---- a key of our own ---- */

static int has_own_key(void)
{
    return strcmp(sign_how, "same") == 0 || strcmp(sign_how, "fixed") == 0;
}

static void make_own_key(void)
{
    if (own != NULL)
        return;
    own = EC_KEY_new_by_curve_name(NID_X9_62_prime256v1);
    if (own == NULL || EC_KEY_generate_key(own) != 1 ||
        ECDSA_sign_setup(own, NULL, &own_kinv, &own_r) != 1)
        abort();
}

static CK_RV give_own_point(CK_ATTRIBUTE *a)
{
    uint8_t value[2 + 1 + 2 * FIELD] = {0x04, 1 + 2 * FIELD};

    if (EC_POINT_point2oct(EC_KEY_get0_group(own), EC_KEY_get0_public_key(own),
                           POINT_CONVERSION_UNCOMPRESSED, value + 2,
                           sizeof value - 2, NULL) != sizeof value - 2)
        return CKR_FUNCTION_FAILED;
    if (a->ulValueLen < sizeof value)
        return CKR_BUFFER_TOO_SMALL;
    memcpy(a->pValue, value, sizeof value);
    a->ulValueLen = sizeof value;
    return CKR_OK;
}

/* The nonce is the message's, so that r repeats with the message only. */
static void nonce_of(const uint8_t *digest, size_t len, BIGNUM **kinv,
                     BIGNUM **r)
{
    const EC_GROUP *group = EC_KEY_get0_group(own);
    BN_CTX         *ctx   = BN_CTX_new();
    BIGNUM         *k     = BN_bin2bn(digest, (int)len, NULL);
    EC_POINT       *point = EC_POINT_new(group);

    *r    = BN_new();
    *kinv = NULL;
    if (ctx == NULL || k == NULL || point == NULL || *r == NULL ||
        EC_POINT_mul(group, point, k, NULL, NULL, ctx) != 1 ||
        EC_POINT_get_affine_coordinates(group, point, *r, NULL, ctx) != 1 ||
        BN_nnmod(*r, *r, EC_GROUP_get0_order(group), ctx) != 1 ||
        (*kinv = BN_mod_inverse(NULL, k, EC_GROUP_get0_order(group), ctx)) ==
            NULL)
        abort();
    EC_POINT_free(point);
    BN_free(k);
    BN_CTX_free(ctx);
}

static CK_RV sign_ourselves(const uint8_t *digest, size_t len, uint8_t *out,
                            CK_ULONG *out_len)
{
    BIGNUM *kinv = own_kinv, *r = own_r;
    int     fixed = strcmp(sign_how, "fixed") == 0;

    if (fixed)
        nonce_of(digest, len, &kinv, &r);
    ECDSA_SIG *s = ECDSA_do_sign_ex(digest, (int)len, kinv, r, own);
    CK_RV      code =
        s != NULL && *out_len >= 2 * FIELD &&
                BN_bn2binpad(ECDSA_SIG_get0_r(s), out, FIELD) == FIELD &&
                BN_bn2binpad(ECDSA_SIG_get0_s(s), out + FIELD, FIELD) == FIELD
                 ? CKR_OK
                 : CKR_FUNCTION_FAILED;

    *out_len = 2 * FIELD;
    ECDSA_SIG_free(s);
    if (fixed) {
        BN_free(kinv);
        BN_free(r);
    }
    return code;
}

/* ---- the calls ---- */

static CK_RV initialize(void *arguments)
{
    take_plan();
    if (has_own_key() || strcmp(sign_how, "other") == 0)
        make_own_key();
    GATE();
    return below->C_Initialize(arguments);
}

static CK_RV finalize(void *reserved)
{
    tell_count();
    return below->C_Finalize(reserved);
}

static CK_RV get_slot_list(CK_BBOOL present, CK_SLOT_ID *slots, CK_ULONG *count)
{
    GATE();
    return below->C_GetSlotList(present, slots, count);
}

static CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
    GATE();
    CK_RV code = below->C_GetTokenInfo(slot, info);
    if (code == CKR_OK && pins_file() != NULL) {
        info->flags &= ~(CK_FLAGS)(CKF_USER_PIN_LOCKED |
                                   CKF_USER_PIN_FINAL_TRY |
                                   CKF_USER_PIN_COUNT_LOW);
        info->flags |= flags_of(tries_left());
    }
    return code;
}

static CK_RV open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *application,
                          CK_NOTIFY notify, CK_SESSION_HANDLE *session)
{
    GATE();
    return below->C_OpenSession(slot, flags, application, notify, session);
}

static CK_RV close_session(CK_SESSION_HANDLE session)
{
    return below->C_CloseSession(session); /* or it would never be closed */
}

static CK_RV get_session_info(CK_SESSION_HANDLE session, CK_SESSION_INFO *info)
{
    GATE();
    return below->C_GetSessionInfo(session, info);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user,
                   unsigned char *pin, CK_ULONG len)
{
    GATE();
    look_for(pin, len);
    if (pins_file() == NULL)
        return below->C_Login(session, user, pin, len);
    if (tries_left() <= 0)
        return CKR_PIN_LOCKED;
    return count_tries(below->C_Login(session, user, pin, len));
}

static CK_RV find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *wanted,
                       CK_ULONG count)
{
    GATE();
    return below->C_FindObjectsInit(session, wanted, count);
}

static CK_RV find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *objects,
                  CK_ULONG most, CK_ULONG *count)
{
    GATE();
    return below->C_FindObjects(session, objects, most, count);
}

static CK_RV find_final(CK_SESSION_HANDLE session)
{
    GATE();
    return below->C_FindObjectsFinal(session);
}

static CK_RV get_attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object,
                           CK_ATTRIBUTE *a, CK_ULONG count)
{
    GATE();
    if (count == 1 && a->type == CKA_EC_POINT && has_own_key())
        return give_own_point(a);
    CK_RV code = below->C_GetAttributeValue(session, object, a, count);
    if (code == CKR_OK && count == 1 && a->type == CKA_EC_POINT &&
        strcmp(point_how, "bare") == 0 && a->ulValueLen > 2) {
        a->ulValueLen -= 2;
        memmove(a->pValue, (uint8_t *)a->pValue + 2, a->ulValueLen);
    }
    return code;
}

static CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                      CK_ATTRIBUTE *public, CK_ULONG public_count,
                      CK_ATTRIBUTE *private, CK_ULONG private_count,
                      CK_OBJECT_HANDLE *public_key,
                      CK_OBJECT_HANDLE *private_key)
{
    GATE();
    return below->C_GenerateKeyPair(session, how, public, public_count, private,
                                    private_count, public_key, private_key);
}

static CK_RV destroy(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object)
{
    GATE();
    return below->C_DestroyObject(session, object);
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                       CK_OBJECT_HANDLE key)
{
    GATE();
    return below->C_SignInit(session, how, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, unsigned char *data, CK_ULONG len,
                  unsigned char *out, CK_ULONG *out_len)
{
    CK_ULONG room = *out_len;

    GATE();
    CK_RV code = below->C_Sign(session, data, len, out, out_len);
    if (code != CKR_OK || sign_how[0] == '\0')
        return code;
    if (strcmp(sign_how, "flip") == 0)
        out[*out_len - 1] ^= 1;
    else if (strcmp(sign_how, "short") == 0)
        --*out_len;
    else {
        *out_len = room;
        return sign_ourselves(data, len, out, out_len);
    }
    return CKR_OK;
}

static CK_RV derive(CK_SESSION_HANDLE session, CK_MECHANISM *how,
                    CK_OBJECT_HANDLE key, CK_ATTRIBUTE *wanted, CK_ULONG count,
                    CK_OBJECT_HANDLE *made)
{
    GATE();
    return below->C_DeriveKey(session, how, key, wanted, count, made);
}

/* ---- the module ---- */

static CK_RV load(void)
{
    const char          *path = getenv("YAOPAI_SHIM_MODULE");
    CK_C_GetFunctionList get  = NULL;

    if (path == NULL)
        return CKR_GENERAL_ERROR;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *symbol  = library != NULL ? dlsym(library, "C_GetFunctionList")
                                    : NULL;
    memcpy(&get, &symbol, sizeof get);
    return get != NULL ? get(&below) : CKR_GENERAL_ERROR;
}

__attribute__((visibility("default"))) CK_RV
C_GetFunctionList(CK_FUNCTION_LIST **ret);

CK_RV C_GetFunctionList(CK_FUNCTION_LIST **ret)
{
    CK_RV code = below == NULL ? load() : CKR_OK;

    if (code != CKR_OK)
        return code;
    list                     = *below;
    list.C_Initialize        = initialize;
    list.C_Finalize          = finalize;
    list.C_GetSlotList       = get_slot_list;
    list.C_GetTokenInfo      = get_token_info;
    list.C_OpenSession       = open_session;
    list.C_CloseSession      = close_session;
    list.C_GetSessionInfo    = get_session_info;
    list.C_Login             = login;
    list.C_FindObjectsInit   = find_init;
    list.C_FindObjects       = find;
    list.C_FindObjectsFinal  = find_final;
    list.C_GetAttributeValue = get_attribute;
    list.C_GenerateKeyPair   = generate;
    list.C_DestroyObject     = destroy;
    list.C_SignInit          = sign_init;
    list.C_Sign              = sign;
    list.C_DeriveKey         = derive;
    *ret                     = &list;
    return CKR_OK;
}
