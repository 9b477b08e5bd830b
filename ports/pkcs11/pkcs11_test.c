/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token of SoftHSM2, made in a folder of this test: keys are made inside and
 * never leave, and what could leave is refused.
 */
#include "pkcs11/pkcs11.h"

#include "token_use.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pkcs11/module.h"

#define CURVE(oid) YAO_INIT("\x06" oid)
#define P256 CURVE("\x08\x2a\x86\x48\xce\x3d\x03\x01\x07")
#define P521 CURVE("\x05\x2b\x81\x04\x00\x23")

static const yao_sig_alg es256 = YAO_ES256, es384 = YAO_ES384;

/* ---- what it is for ------------------------------------------------------ */

static void agree(yao_pkcs11_key *key, const yao_openssl_key *peer)
{
    uint8_t              ours[48] = {0}, theirs[48] = {0};
    const yao_agree_wish to     = {yao_openssl_key_public(peer)};
    const yao_agree_wish from   = {yao_pkcs11_key_public(key)};
    yao_openssl_key     *shared = NULL;

    assert_status(yao_openssl_key_share(peer, &shared), YAO_OK);
    assert_status(yao_pkcs11_agree(key, &to, ours), YAO_OK);
    assert_status(yao_openssl_agree(shared, &from, theirs), YAO_OK);
    assert_memory_equal(ours, theirs, sizeof ours);
    yao_openssl_key_close(shared);
}

static void works(void **state)
{
    const yao_sig_alg alg   = *(const yao_sig_alg *)*state;
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key =
        use_make(token, alg == YAO_ES256 ? "es256" : "es384", alg);
    yao_openssl_key *peer = NULL;

    for (int i = 0; i < 20; i++)
        assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
    assert_status(yao_openssl_key_generate(alg, &peer), YAO_OK);
    agree(key, peer);
    yao_openssl_key_close(peer);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

static void found_again(void **state)
{
    yao_pkcs11_token    *token = use_open(NULL);
    yao_pkcs11_key      *key   = use_make(token, "again", YAO_ES256);
    yao_public_key       first = yao_pkcs11_key_public(key);
    const yao_pkcs11_uri names[] = {use_uri(";object=again", NULL),
                                    use_uri(";id=again", NULL),
                                    use_uri(";id=again;object=again", NULL)};

    (void)state;
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
    token = use_open(NULL);
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_status(yao_pkcs11_find(token, &names[i], YAO_PKCS11_SIGN, &key),
                      YAO_OK);
        yao_public_key second = yao_pkcs11_key_public(key);
        assert_true(yao_public_key_equal(&first, &second));
        assert_bytes(yao_pkcs11_key_id(key), YAO_LIT("again"));
        assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
        yao_pkcs11_key_close(key);
    }
    yao_pkcs11_close(token);
}

static void destroyed(void **state)
{
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = use_make(token, "short-lived", YAO_ES256);
    yao_pkcs11_uri    uri   = use_uri(";object=short-lived", NULL);

    (void)state;
    assert_status(yao_pkcs11_destroy(key), YAO_OK);
    assert_int_not_equal(use_sign(key, "SPECIMEN"), YAO_OK);
    yao_pkcs11_key_close(key);
    assert_status(yao_pkcs11_find(token, &uri, YAO_PKCS11_SIGN, &key),
                  YAO_E_NOT_FOUND);
    yao_pkcs11_close(token);
}

/* ---- raw access, to make what we would not ------------------------------- */

typedef struct raw {
    yao_pkcs11_module      *module;
    const CK_FUNCTION_LIST *calls;
    CK_SESSION_HANDLE       session;
} raw;

static CK_SLOT_ID slot_of(const CK_FUNCTION_LIST *calls, const char *label)
{
    CK_SLOT_ID    slots[16];
    CK_ULONG      count = COUNT(slots);
    CK_TOKEN_INFO info;

    assert_int_equal(calls->C_GetSlotList(CK_TRUE, slots, &count), CKR_OK);
    for (CK_ULONG i = 0; i < count; i++) {
        assert_int_equal(calls->C_GetTokenInfo(slots[i], &info), CKR_OK);
        if (memcmp(info.label, label, strlen(label)) == 0)
            return slots[i];
    }
    fail_msg("no token %s", label);
    return 0;
}

static raw raw_open(void)
{
    yao_pkcs11_report report = {YAO_PKCS11_FINE, 0};
    raw               r;
    unsigned char     pin[] = TOKEN_PIN;

    assert_status(yao_pkcs11_module_take(token_world_module(), &report,
                                         &r.module), YAO_OK);
    r.calls = yao_pkcs11_calls(r.module);
    assert_int_equal(r.calls->C_OpenSession(slot_of(r.calls, TOKEN_LABEL),
                                            CKF_SERIAL_SESSION | CKF_RW_SESSION,
                                            NULL, NULL, &r.session), CKR_OK);
    CK_RV code = r.calls->C_Login(r.session, CKU_USER, pin, sizeof pin - 1);
    assert_true(code == CKR_OK || code == CKR_USER_ALREADY_LOGGED_IN);
    return r;
}

static void raw_close(raw *r)
{
    assert_int_equal(r->calls->C_CloseSession(r->session), CKR_OK);
    yao_pkcs11_module_give(r->module);
}

/* A key as the row wants it. */
typedef struct bad_key {
    const char *name;
    const char *label, *id;
    yao_bytes   curve;
    CK_BBOOL    sensitive, extractable, sign, derive, in_token, public_part;
    int         usage;
    yao_status  want;
    yao_pkcs11_trouble what;
} bad_key;

static void raw_make(raw *r, const bad_key *k, CK_BBOOL each_time)
{
    const CK_BBOOL   no = CK_FALSE;
    CK_BBOOL         in_token = k->in_token;
    CK_MECHANISM     how  = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_OBJECT_HANDLE public_key, private_key;

#define ATTRIBUTE(type, value, len)                                            \
    {type, (void *)(uintptr_t)(value), (CK_ULONG)(len)}
    CK_ATTRIBUTE public[] = {
        ATTRIBUTE(CKA_EC_PARAMS, k->curve.ptr, k->curve.len),
        ATTRIBUTE(CKA_TOKEN, &in_token, 1), ATTRIBUTE(CKA_PRIVATE, &no, 1),
        ATTRIBUTE(CKA_LABEL, k->label, strlen(k->label)),
        ATTRIBUTE(CKA_ID, k->id, strlen(k->id))};
    CK_ATTRIBUTE private[] = {
        ATTRIBUTE(CKA_TOKEN, &in_token, 1),
        ATTRIBUTE(CKA_SENSITIVE, &k->sensitive, 1),
        ATTRIBUTE(CKA_EXTRACTABLE, &k->extractable, 1),
        ATTRIBUTE(CKA_SIGN, &k->sign, 1), ATTRIBUTE(CKA_DERIVE, &k->derive, 1),
        ATTRIBUTE(CKA_LABEL, k->label, strlen(k->label)),
        ATTRIBUTE(CKA_ALWAYS_AUTHENTICATE, &each_time, 1),
        ATTRIBUTE(CKA_ID, k->id, strlen(k->id))};
    assert_int_equal(r->calls->C_GenerateKeyPair(
                         r->session, &how, public, COUNT(public), private,
                         COUNT(private), &public_key, &private_key), CKR_OK);
    if (!k->public_part)
        assert_int_equal(r->calls->C_DestroyObject(r->session, public_key),
                         CKR_OK);
}

/* ---- keys that are refused (N349) ---------------------------------------- */

#define SIGNING YAO_PKCS11_SIGN
#define BOTH (YAO_PKCS11_SIGN | YAO_PKCS11_AGREE)
#define POLICY YAO_E_REFUSED, YAO_PKCS11_KEY_POLICY

static const bad_key bad_keys[] = {
    {"accepts a sensitive key that signs", "k-good", "i1", P256, 1, 0, 1, 0, 1,
     1, SIGNING, YAO_OK, YAO_PKCS11_FINE},
    {"refuses N349: a key that can be extracted", "k-extract", "i2", P256, 1, 1,
     1, 0, 1, 1, SIGNING, POLICY},
    {"refuses N349: a key that is not sensitive", "k-open", "i3", P256, 0, 0, 1,
     0, 1, 1, SIGNING, POLICY},
    {"refuses N349: a key that may not sign", "k-mute", "i4", P256, 1, 0, 0, 1,
     1, 1, SIGNING, POLICY},
    {"accepts a key that signs and agrees", "k-both", "i5", P256, 1, 0, 1, 1, 1,
     1, BOTH, YAO_OK, YAO_PKCS11_FINE},
    {"refuses N349: a key that may not agree", "k-alone", "i6", P256, 1, 0, 1,
     0, 1, 1, BOTH, POLICY},
    {"refuses N349: a key that ends with the session", "k-brief", "i7", P256, 1,
     0, 1, 0, 0, 1, SIGNING, POLICY},
    {"refuses N349: a key that wants its PIN each time", "k-asks", "i11", P256,
     1, 0, 1, 0, 1, 1, SIGNING, POLICY},
    {"refuses a key on another curve", "k-521", "i8", P521, 1, 0, 1, 0, 1, 1,
     SIGNING, YAO_E_KEY, YAO_PKCS11_KEY_FORM},
    {"refuses a key without its public part", "k-half", "i9", P256, 1, 0, 1, 0,
     1, 0, SIGNING, YAO_E_KEY, YAO_PKCS11_KEY_FORM},
    {"refuses N349: the second key of one label", "k-good", "i10", P256, 1, 0,
     1, 0, 1, 1, SIGNING, YAO_E_DUPLICATE, YAO_PKCS11_KEYS},
};

static void judged(void **state)
{
    const bad_key    *k     = *state;
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = NULL;
    raw               r     = raw_open();
    char              path[64];

    raw_make(&r, k, strcmp(k->label, "k-asks") == 0);
    snprintf(path, sizeof path, ";object=%s", k->label);
    yao_pkcs11_uri uri = use_uri(path, NULL);
    assert_status(yao_pkcs11_find(token, &uri, k->usage, &key), k->want);
    assert_int_equal(yao_pkcs11_why(token).what, k->what);
    if (k->want == YAO_OK)
        assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
    else
        assert_null(key);
    yao_pkcs11_key_close(key);
    raw_close(&r);
    yao_pkcs11_close(token);
}

/* ---- never exported ------------------------------------------------------ */

static CK_OBJECT_HANDLE raw_find(raw *r, const char *label)
{
    CK_OBJECT_CLASS  class = CKO_PRIVATE_KEY;
    CK_OBJECT_HANDLE found = 0;
    CK_ULONG         count = 0;
    CK_ATTRIBUTE     list[] = {ATTRIBUTE(CKA_CLASS, &class, sizeof class),
                               ATTRIBUTE(CKA_LABEL, label, strlen(label))};

    assert_int_equal(r->calls->C_FindObjectsInit(r->session, list, 2), CKR_OK);
    assert_int_equal(r->calls->C_FindObjects(r->session, &found, 1, &count),
                     CKR_OK);
    assert_int_equal(r->calls->C_FindObjectsFinal(r->session), CKR_OK);
    assert_int_equal(count, 1);
    return found;
}

static void assert_flag(raw *r, CK_OBJECT_HANDLE key, CK_ATTRIBUTE_TYPE type,
                        CK_BBOOL want)
{
    CK_BBOOL     value = 77;
    CK_ATTRIBUTE asked = {type, &value, 1};

    assert_int_equal(r->calls->C_GetAttributeValue(r->session, key, &asked, 1),
                     CKR_OK);
    assert_int_equal(value, want);
}

static void kept_inside(void **state)
{
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = use_make(token, "inside", YAO_ES256);
    raw               r     = raw_open();
    uint8_t           value[256];
    CK_ATTRIBUTE      secret = {CKA_VALUE, value, sizeof value};
    CK_OBJECT_HANDLE  found  = raw_find(&r, "inside");

    (void)state;
    assert_int_equal(r.calls->C_GetAttributeValue(r.session, found, &secret, 1),
                     CKR_ATTRIBUTE_SENSITIVE);
    assert_flag(&r, found, CKA_SENSITIVE, CK_TRUE);
    assert_flag(&r, found, CKA_ALWAYS_SENSITIVE, CK_TRUE);
    assert_flag(&r, found, CKA_EXTRACTABLE, CK_FALSE);
    assert_flag(&r, found, CKA_NEVER_EXTRACTABLE, CK_TRUE);
    assert_flag(&r, found, CKA_LOCAL, CK_TRUE);
    assert_flag(&r, found, CKA_DECRYPT, CK_FALSE);
    assert_flag(&r, found, CKA_UNWRAP, CK_FALSE);
    raw_close(&r);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

/* ---- wishes that are refused --------------------------------------------- */

static void generate_refuses(void **state)
{
    static const char label[130] = {'x'};
    yao_pkcs11_token *token      = use_open(NULL);
    yao_pkcs11_key   *key        = use_make(token, "taken", YAO_ES256);
    yao_pkcs11_key   *none       = NULL;
    yao_pkcs11_wanted w          = {YAO_ES256, YAO_PKCS11_SIGN,
                                    YAO_TEXT("taken"), YAO_LIT("other id")};

    (void)state;
    assert_status(yao_pkcs11_generate(token, &w, &none), YAO_E_EXISTS);
    w.label = YAO_TEXT("free");
    w.alg   = YAO_SIG_NONE;
    assert_status(yao_pkcs11_generate(token, &w, &none), YAO_E_UNSUPPORTED);
    w.alg   = YAO_ES256;
    w.usage = 0;
    assert_status(yao_pkcs11_generate(token, &w, &none), YAO_E_USAGE);
    w.usage = YAO_PKCS11_SIGN;
    w.label = YAO_TEXT("");
    assert_status(yao_pkcs11_generate(token, &w, &none), YAO_E_USAGE);
    w.label = (yao_text){(const uint8_t *)label, 129};
    assert_status(yao_pkcs11_generate(token, &w, &none), YAO_E_USAGE);
    assert_null(none);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

static void read_only(void **state)
{
    yao_pkcs11_uri          uri   = use_uri("", NULL);
    yao_pkcs11_token       *token = NULL;
    yao_pkcs11_key         *key   = NULL;
    yao_pkcs11_report       report;
    const yao_pkcs11_wanted w = {YAO_ES256, YAO_PKCS11_SIGN,
                                 YAO_TEXT("unwritten"), YAO_LIT("unwritten")};

    (void)state;
    assert_status(yao_pkcs11_open(&uri, use_crypto(), false, &report, &token),
                  YAO_OK);
    assert_status(yao_pkcs11_generate(token, &w, &key), YAO_E_CRYPTO);
    uri = use_uri(";object=taken", NULL);
    assert_status(yao_pkcs11_find(token, &uri, YAO_PKCS11_SIGN, &key), YAO_OK);
    assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

static void wishes(void **state)
{
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = use_make(token, "wishes", YAO_ES256);
    yao_openssl_key  *peer  = NULL;
    uint8_t           out[YAO_MAX_SIGNATURE];
    size_t            len = 0;
    yao_sign_wish     wish = {.alg = YAO_ES384, .part_count = 0};

    (void)state;
    assert_status(yao_pkcs11_sign(key, &wish, out, &len), YAO_E_ALGORITHM);
    wish.alg        = YAO_ES256;
    wish.part_count = YAO_MAX_PARTS + 1;
    assert_status(yao_pkcs11_sign(key, &wish, out, &len), YAO_E_USAGE);
    assert_status(yao_openssl_key_generate(YAO_ES384, &peer), YAO_OK);
    yao_agree_wish to = {yao_openssl_key_public(peer)};
    assert_status(yao_pkcs11_agree(key, &to, out), YAO_E_KEY);
    yao_openssl_key_close(peer);
    to.peer          = yao_pkcs11_key_public(key);
    to.peer.len      = 33;
    to.peer.point[0] = 2;
    assert_status(yao_pkcs11_agree(key, &to, out), YAO_E_KEY);
    yao_pkcs11_uri uri = use_uri("", NULL);
    assert_status(yao_pkcs11_find(token, &uri, YAO_PKCS11_SIGN, &key),
                  YAO_E_USAGE);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

/* ---- threads and processes ----------------------------------------------- */

static yao_pkcs11_uri shared_uri; /* the arena belongs to one thread */

static void *sign_many(void *failed)
{
    yao_openssl      *home  = yao_openssl_open();
    yao_pkcs11_token *token = NULL;
    yao_pkcs11_key   *key   = NULL;
    yao_pkcs11_report report;
    uint8_t           out[YAO_MAX_SIGNATURE];
    size_t            len = 0;
    const yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, YAO_LIT("SPECIMEN"));

    bool good = yao_pkcs11_open(&shared_uri, yao_openssl_crypto(home), false,
                                &report, &token) == YAO_OK &&
                yao_pkcs11_find(token, &shared_uri, YAO_PKCS11_SIGN, &key) ==
                    YAO_OK;
    for (int i = 0; i < 100 && good; i++)
        good = yao_pkcs11_sign(key, &wish, out, &len) == YAO_OK;
    *(bool *)failed = !good;
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
    yao_openssl_close(home);
    return NULL;
}

static void threads(void **state)
{
    enum { THREADS = 4 };
    pthread_t thread[THREADS];
    bool      failed[THREADS];

    (void)state;
    shared_uri = use_uri(";object=taken", NULL);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, sign_many,
                                        &failed[i]), 0);
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_false(failed[i]);
    }
}

static void forked(void **state)
{
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = use_make(token, "parent", YAO_ES256);
    int               status;

    (void)state;
    pid_t child = fork();
    if (child == 0) {
        uint8_t             out[YAO_MAX_SIGNATURE];
        size_t              len = 0;
        const yao_sign_wish w   = yao_sign_wish_of(YAO_ES256, YAO_LIT("x"));
        yao_status          got = yao_pkcs11_sign(key, &w, out, &len);
        bool                right =
            got == YAO_E_CRYPTO &&
            yao_pkcs11_why(token).what == YAO_PKCS11_FORKED;
        yao_pkcs11_key_close(key);
        yao_pkcs11_close(token); /* and the parent's session stays */
        _exit(right ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

int main(void)
{
    if (!token_world_make(NULL)) {
        printf("1..0 # SKIP %s\n", token_world_reason());
        return 0;
    }
    test_add("token", "gives ES256 signatures and x-coordinates", works,
             &es256);
    test_add("token", "gives ES384 signatures and x-coordinates", works,
             &es384);
    test_add("token", "gives the same key by label and by id", found_again,
             NULL);
    test_add("token", "refuses a key that was removed", destroyed, NULL);
    test_add("token", "never gives a key's value", kept_inside, NULL);
    for (size_t i = 0; i < COUNT(bad_keys); i++)
        test_add("find", bad_keys[i].name, judged, &bad_keys[i]);
    test_add("generate", "refuses a taken label and odd wishes",
             generate_refuses, NULL);
    test_add("generate", "refuses in a session that only reads", read_only,
             NULL);
    test_add("wishes", "refuses other algorithms, curves and forms", wishes,
             NULL);
    test_add("threads", "gives each its session", threads, NULL);
    test_add("fork", "refuses the child, and leaves the parent alone", forked,
             NULL);

    int code = test_run("pkcs11/pkcs11");
    token_world_remove();
    return code;
}
