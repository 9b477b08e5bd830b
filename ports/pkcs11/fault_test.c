/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens that go wrong, played by a shim before SoftHSM2: pulled out at the
 * n-th call for every n, signing wrongly, repeating their nonce.
 */
#include "token_use.h"

#include <unistd.h>

#include <p11-kit/pkcs11.h>

#include "pkcs11/token.h"
#include "program.h"

/* ---- the n-th call fails (N348) ------------------------------------------ */

static const struct code_row {
    const char *name;
    CK_RV       code;
} codes[] = {
    {"refuses N348: a token that was removed", CKR_DEVICE_REMOVED},
    {"refuses N348: a token that is not there", CKR_TOKEN_NOT_PRESENT},
    {"refuses N348: a session that was closed", CKR_SESSION_HANDLE_INVALID},
    {"refuses N348: a device error", CKR_DEVICE_ERROR},
    {"refuses N348: a login that ended", CKR_USER_NOT_LOGGED_IN},
    {"refuses N348: a module that is not initialised",
     CKR_CRYPTOKI_NOT_INITIALIZED},
    {"refuses N348: a code that nobody knows", CKR_VENDOR_DEFINED | 7},
};

static void plan(long n, CK_RV code, bool on)
{
    char text[64];

    snprintf(text, sizeof text, "%ld:%lx%s", n, code, on ? ":on" : "");
    setenv("YAOPAI_SHIM_FAIL", text, 1);
}

/* Did the last run come to its N-th call? */
static bool came_to(long n)
{
    FILE *in = fopen(test_scratch_path("count"), "r");
    char  text[32];

    assert_non_null(in);
    assert_non_null(fgets(text, sizeof text, in));
    fclose(in);
    return strtol(text, NULL, 10) > n;
}

typedef struct held {
    yao_pkcs11_token *token;
    yao_pkcs11_key   *key;
} held;

static void let_go(held *h)
{
    yao_pkcs11_key_close(h->key);
    yao_pkcs11_close(h->token);
}

/* Open, find, sign. */
static yao_status one_wish(held *h)
{
    yao_pkcs11_uri    uri = use_uri(";object=steady", token_world_shim());
    yao_pkcs11_report report;

    *h = (held){NULL, NULL};
    YAO_TRY(yao_pkcs11_open(&uri, use_crypto(), false, &report, &h->token));
    YAO_TRY(yao_pkcs11_find(h->token, &uri, YAO_PKCS11_SIGN, &h->key));
    return use_sign(h->key, "SPECIMEN");
}

/* The signature of one failed call is an error; the next wish starts anew and
 * has one. */
static void nth_call(void **state)
{
    const struct code_row *r    = *state;
    size_t                 bad = 0, again = 0;
    bool                   whole = false;

    for (long n = 0; !whole; n++) {
        held h;

        plan(n, r->code, false);
        yao_status status = one_wish(&h);
        bad += status != YAO_OK;
        if (status != YAO_OK && h.key != NULL) {
            assert_status(status, YAO_E_CRYPTO);
            assert_int_equal(yao_pkcs11_why(h.token).what, YAO_PKCS11_GONE);
            assert_status(use_sign(h.key, "SPECIMEN"), YAO_OK);
            again++;
        }
        let_go(&h);
        /* without C_Initialize none was counted */
        whole = n > 0 && !came_to(n);
        if (whole)
            assert_status(status, YAO_OK);
    }
    unsetenv("YAOPAI_SHIM_FAIL");
    assert_true(bad > 15);
    assert_int_equal(again, 2); /* C_SignInit, C_Sign */
}

/* From the n-th call on nothing answers: nothing is signed, and when it is
 * plugged in again the same handles go on. */
static void unplugged(void **state)
{
    bool whole = false;

    (void)state;
    for (long n = 0; !whole; n++) {
        held h;

        assert_true(n < 200);
        plan(n, CKR_DEVICE_REMOVED, true);
        yao_status status = one_wish(&h);
        whole             = status == YAO_OK;
        if (h.key != NULL) {
            while (use_sign(h.key, "SPECIMEN") == YAO_OK)
                ; /* until its last call was answered */
            for (int i = 0; i < 3; i++)
                assert_int_not_equal(use_sign(h.key, "SPECIMEN"), YAO_OK);
        }
        let_go(&h);
    }
    unsetenv("YAOPAI_SHIM_FAIL");
}

static bool is_there(const char *label)
{
    char              path[64];
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key   *key   = NULL;

    snprintf(path, sizeof path, ";object=%s", label);
    yao_pkcs11_uri uri = use_uri(path, NULL);
    bool found = yao_pkcs11_find(token, &uri, YAO_PKCS11_SIGN, &key) == YAO_OK;
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
    return found;
}

/* Make a key, with the n-th call failing: there is one afterwards, or none. */
static void nth_call_of_making(void **state)
{
    size_t made  = 0;
    bool   whole = false;

    (void)state;
    for (long n = 0; !whole; n++) {
        yao_pkcs11_uri    uri = use_uri("", token_world_shim());
        yao_pkcs11_token *token = NULL;
        yao_pkcs11_key   *key   = NULL;
        yao_pkcs11_report report;
        char              label[32];
        size_t            before = made;

        snprintf(label, sizeof label, "made-%ld", n);
        const yao_pkcs11_wanted w = {YAO_ES256, YAO_PKCS11_SIGN,
                                     yao_text_of(label),
                                     yao_text_bytes(yao_text_of(label))};
        plan(n, CKR_DEVICE_ERROR, false);
        yao_status status =
            yao_pkcs11_open(&uri, use_crypto(), true, &report, &token);
        if (status == YAO_OK)
            status = yao_pkcs11_generate(token, &w, &key);
        if (status == YAO_OK)
            status = use_sign(key, "SPECIMEN");
        made += key != NULL;
        assert_true(status == YAO_OK || token == NULL || key == NULL ||
                    status == YAO_E_CRYPTO);
        yao_pkcs11_key_close(key);
        yao_pkcs11_close(token);
        whole = n > 0 && !came_to(n);
        if (whole)
            assert_status(status, YAO_OK);
        unsetenv("YAOPAI_SHIM_FAIL");
        assert_int_equal(is_there(label), made > before);
    }
}

static void nth_call_of_agreeing(void **state)
{
    yao_pkcs11_uri   uri  = use_uri(";object=steady", token_world_shim());
    yao_openssl_key *peer = NULL;
    bool             whole = false;

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_ES256, &peer), YAO_OK);
    const yao_agree_wish wish = {yao_openssl_key_public(peer)};
    for (long n = 0; !whole; n++) {
        yao_pkcs11_token *token  = NULL;
        yao_pkcs11_key   *key    = NULL;
        uint8_t           out[48] = {0}, zero[48] = {0};
        yao_pkcs11_report report;

        plan(n, CKR_DEVICE_ERROR, false);
        yao_status status =
            yao_pkcs11_open(&uri, use_crypto(), false, &report, &token);
        if (status == YAO_OK)
            status = yao_pkcs11_find(token, &uri, YAO_PKCS11_AGREE, &key);
        if (status == YAO_OK)
            status = yao_pkcs11_agree(key, &wish, out);
        assert_true((status == YAO_OK) == (memcmp(out, zero, 48) != 0));
        yao_pkcs11_key_close(key);
        yao_pkcs11_close(token);
        whole = n > 0 && !came_to(n);
        if (whole)
            assert_status(status, YAO_OK);
    }
    unsetenv("YAOPAI_SHIM_FAIL");
    yao_openssl_key_close(peer);
}

/* ---- signatures that are wrong (N350) ------------------------------------ */

static const struct sign_row {
    const char        *name;
    const char        *how;
    yao_status         want;
    yao_pkcs11_trouble what;
} signs[] = {
    {"accepts a signature that verifies", "", YAO_OK, YAO_PKCS11_FINE},
    {"refuses N350: a signature with a wrong bit", "flip", YAO_E_CRYPTO,
     YAO_PKCS11_WRONG_SIGNATURE},
    {"refuses N350: a signature that is too short", "short", YAO_E_CRYPTO,
     YAO_PKCS11_WRONG_SIGNATURE},
    {"refuses N350: a signature by another key", "other", YAO_E_CRYPTO,
     YAO_PKCS11_WRONG_SIGNATURE},
};

static void released(void **state)
{
    const struct sign_row *r = *state;
    held                   h;

    setenv("YAOPAI_SHIM_SIGN", r->how, 1);
    assert_status(one_wish(&h), r->want);
    assert_int_equal(yao_pkcs11_why(h.token).what, r->what);
    assert_status(use_sign(h.key, "again"), r->want);
    let_go(&h);
    unsetenv("YAOPAI_SHIM_SIGN");
}

/* RFC 6979: the same message has the same r, and that is no fault. */
static void deterministic(void **state)
{
    held h;

    (void)state;
    setenv("YAOPAI_SHIM_SIGN", "fixed", 1);
    assert_status(one_wish(&h), YAO_OK);
    for (int i = 0; i < 3; i++) {
        assert_status(use_sign(h.key, "SPECIMEN"), YAO_OK);
        assert_status(use_sign(h.key, i == 0 ? "one" : "other"), YAO_OK);
    }
    let_go(&h);
    unsetenv("YAOPAI_SHIM_SIGN");
}

/* Two messages with one r give the key away: the second is kept back, and
 * nothing more is signed, also not with an honest shim. The last case, since
 * the module is stopped for this process. */
static void repeated(void **state)
{
    held h;

    (void)state;
    setenv("YAOPAI_SHIM_SIGN", "same", 1);
    assert_status(one_wish(&h), YAO_OK);
    assert_status(use_sign(h.key, "another"), YAO_E_CRYPTO);
    assert_int_equal(yao_pkcs11_why(h.token).what, YAO_PKCS11_SIGNER_FAULT);
    assert_status(use_sign(h.key, "SPECIMEN"), YAO_E_CRYPTO);
    let_go(&h);
    unsetenv("YAOPAI_SHIM_SIGN");

    yao_pkcs11_uri    uri = use_uri("", token_world_shim());
    yao_pkcs11_report report;
    assert_status(yao_pkcs11_open(&uri, use_crypto(), false, &report, &h.token),
                  YAO_E_CRYPTO);
    assert_int_equal(report.what, YAO_PKCS11_SIGNER_FAULT);
}

/* ---- other tokens -------------------------------------------------------- */

static void bare_point(void **state)
{
    held h;

    (void)state;
    setenv("YAOPAI_SHIM_POINT", "bare", 1);
    assert_status(one_wish(&h), YAO_OK);
    let_go(&h);
    unsetenv("YAOPAI_SHIM_POINT");
}

/* Another key took the name while the token was away. */
static void changed(void **state)
{
    yao_pkcs11_token *ours   = use_open(NULL);
    yao_pkcs11_token *theirs = use_open(NULL);
    yao_pkcs11_uri    uri    = use_uri(";object=swapped", NULL);
    yao_pkcs11_key   *first  = use_make(theirs, "swapped", YAO_ES256);
    yao_pkcs11_key   *key    = NULL;

    (void)state;
    assert_status(yao_pkcs11_find(ours, &uri, YAO_PKCS11_SIGN, &key), YAO_OK);
    assert_status(use_sign(key, "SPECIMEN"), YAO_OK);
    assert_status(yao_pkcs11_destroy(first), YAO_OK);
    yao_pkcs11_key *second = use_make(theirs, "swapped", YAO_ES256);
    (void)yao_pkcs11_gone(ours, CKR_DEVICE_REMOVED);
    assert_status(use_sign(key, "SPECIMEN"), YAO_E_CRYPTO);
    assert_int_equal(yao_pkcs11_why(ours).what, YAO_PKCS11_KEY_CHANGED);
    yao_pkcs11_key_close(key);
    yao_pkcs11_key_close(first);
    yao_pkcs11_key_close(second);
    yao_pkcs11_close(theirs);
    yao_pkcs11_close(ours);
}

int main(void)
{
    if (!token_world_make(NULL)) {
        printf("1..0 # SKIP %s\n", token_world_reason());
        return 0;
    }
    if (access(token_world_shim(), R_OK) != 0) {
        printf("1..0 # SKIP no shim at %s\n", token_world_shim());
        return 0;
    }
    setenv("YAOPAI_SHIM_COUNT", test_scratch_path("count"), 1);
    yao_pkcs11_token *token = use_open(NULL);
    yao_pkcs11_key_close(use_make(token, "steady", YAO_ES256));
    yao_pkcs11_close(token);

    for (size_t i = 0; i < COUNT(codes); i++)
        test_add("n-th call", codes[i].name, nth_call, &codes[i]);
    test_add("n-th call", "never signs once it is unplugged (N348)", unplugged,
             NULL);
    test_add("n-th call", "never makes half a key", nth_call_of_making, NULL);
    test_add("n-th call", "never gives half a secret", nth_call_of_agreeing,
             NULL);
    for (size_t i = 0; i < COUNT(signs); i++)
        test_add("release", signs[i].name, released, &signs[i]);
    test_add("point", "accepts one without its OCTET STRING", bare_point, NULL);
    test_add("session", "refuses another key of the same name", changed, NULL);
    test_add("release", "accepts a deterministic signer", deterministic, NULL);
    test_add("release", "refuses N350: a repeated r, and all that follows",
             repeated, NULL);

    int code = test_run("pkcs11/fault");
    token_world_remove();
    return code;
}
