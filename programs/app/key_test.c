/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in files, in memory, and in a token of SoftHSM2, by the same calls. */
#include "app/key.h"

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/token_words.h"
#include "crypto/algorithms.h"
#include "program.h"
#include "token_world.h"

static bool have_token;

static const char *token_uri(const char *path)
{
    static char uri[1024];

    snprintf(uri, sizeof uri, "pkcs11:token=%s%s?pin-source=file:%s",
             TOKEN_LABEL, path, token_world_pin());
    return uri;
}

static void works(yao_key *key)
{
    yao_openssl      *home   = yao_openssl_open();
    const yao_crypto *crypto = yao_openssl_crypto(home);
    uint8_t           out[YAO_MAX_SIGNATURE];
    size_t            len  = 0;
    yao_sign_wish     wish = yao_sign_wish_of(yao_key_alg(key), YAO_LIT("x"));

    assert_status(yao_key_sign(key, &wish, out, &len), YAO_OK);
    yao_signature_check check = {.alg        = wish.alg,
                                 .key        = yao_key_public(key),
                                 .parts      = {YAO_LIT("x")},
                                 .part_count = 1,
                                 .signature  = {out, len}};
    assert_status(crypto->verify(crypto->ctx, &check, 1), YAO_OK);
    assert_int_equal(check.outcome, YAO_SIG_GOOD);
    yao_openssl_close(home);
}

static void agrees(yao_key *key)
{
    yao_openssl_key *peer = NULL;
    uint8_t          ours[YAO_MAX_AGREEMENT], theirs[YAO_MAX_AGREEMENT];

    assert_status(yao_openssl_key_generate(yao_key_alg(key), &peer), YAO_OK);
    yao_agree_wish       to   = {yao_openssl_key_public(peer)};
    const yao_agree_wish from = {yao_key_public(key)};
    assert_status(yao_key_agree(key, &to, ours), YAO_OK);
    assert_status(yao_openssl_agree(peer, &from, theirs), YAO_OK);
    assert_memory_equal(ours, theirs, 32);
    to.peer.point[64] ^= 1; /* off its curve */
    assert_status(yao_key_agree(key, &to, ours), YAO_E_KEY);
    yao_openssl_key_close(peer);
}

static void in_file(void **state)
{
    yao_key   *key = NULL, *again = NULL;
    uint8_t    der[YAO_MAX_PRIVATE];
    yao_writer w = yao_writer_open(der, sizeof der);
    char       uri[4300];

    (void)state;
    assert_status(yao_key_generate(YAO_ES256, &key), YAO_OK);
    works(key);
    agrees(key);
    assert_int_equal(yao_key_id(key).len, 0);
    assert_status(yao_key_remove(key), YAO_OK);
    assert_status(yao_key_write(key, &w), YAO_OK);
    assert_status(yao_key_read((yao_bytes){der, w.len}, &again), YAO_OK);
    works(again);
    yao_key_close(again);
    assert_status(yao_key_save(key, test_scratch_path("key.pem")), YAO_OK);
    snprintf(uri, sizeof uri, "file:%s", test_scratch_path("key.pem"));
    assert_status(yao_key_open(uri, &again), YAO_OK);
    works(again);
    yao_key_close(again);
    yao_key_close(key);
    yao_key_close(NULL);
    yao_key_token_close(NULL);
}

static void in_token(void **state)
{
    yao_key_token *token = NULL;
    yao_key       *key = NULL, *same = NULL;
    uint8_t        der[YAO_MAX_PRIVATE];
    yao_writer     w = yao_writer_open(der, sizeof der);

    (void)state;
    if (!have_token)
        skip();
    assert_status(yao_key_token_open(token_uri(""), true, &token), YAO_OK);
    assert_status(yao_key_token_make(token, YAO_ES256, YAO_KEY_DEVICE,
                                     YAO_TEXT("app"), &key), YAO_OK);
    works(key);
    agrees(key);
    assert_int_equal(yao_key_id(key).len, 16);
    assert_status(yao_key_token_find(token, yao_key_id(key), YAO_KEY_DEVICE,
                                     &same), YAO_OK);
    works(same);
    assert_status(yao_key_write(key, &w), YAO_E_REFUSED);
    assert_status(yao_key_save(key, test_scratch_path("never.pem")),
                  YAO_E_REFUSED);
    assert_false(yao_path_exists(test_scratch_path("never.pem")));
    yao_key_close(same);
    assert_status(yao_key_open(token_uri(";object=app"), &same), YAO_OK);
    works(same);
    yao_key_close(same);
    assert_status(yao_key_remove(key), YAO_OK);
    yao_key_close(key);
    assert_status(yao_key_open(token_uri(";object=app"), &same),
                  YAO_E_NOT_FOUND);
    yao_key_token_close(token);
}

/* Two keys that nobody named have two names. */
static void unnamed(void **state)
{
    yao_key_token *token = NULL;
    yao_key       *one = NULL, *two = NULL;

    (void)state;
    if (!have_token)
        skip();
    assert_status(yao_key_token_open(token_uri(""), true, &token), YAO_OK);
    assert_status(yao_key_token_make(token, YAO_ES256, YAO_KEY_SIGNS,
                                     YAO_TEXT(""), &one), YAO_OK);
    assert_status(yao_key_token_make(token, YAO_ES256, YAO_KEY_SIGNS,
                                     YAO_TEXT(""), &two), YAO_OK);
    works(one);
    works(two);
    yao_key_close(one);
    yao_key_close(two);
    yao_key_token_close(token);
}

static const struct uri_row {
    const char *name;
    const char *uri;
    yao_status  want;
} uris[] = {
    {"refuses another scheme", "http://x", YAO_E_USAGE},
    {"refuses a file that is not there", "file:/nowhere", YAO_E_NOT_FOUND},
    {"refuses a PIN in the URI (N351)", "pkcs11:token=a?pin-value=1",
     YAO_E_REFUSED},
    {"refuses what is no URI", "pkcs11:token", YAO_E_MALFORMED},
    {"refuses a module that is not there",
     "pkcs11:token=a;object=b?module-path=/nowhere.so", YAO_E_NOT_FOUND},
};

static void refused(void **state)
{
    const struct uri_row *r   = *state;
    yao_key              *key = NULL;

    assert_status(yao_key_open(r->uri, &key), r->want);
    assert_null(key);
}

static void named(void **state)
{
    const char *token = "pkcs11:token=A;object=x;id=y?pin-source=file:/pin";
    const char *want  = "pkcs11:token=A;object=my%20key?pin-source=file:/pin";
    char        out[64];

    (void)state;
    assert_status(yao_key_uri(token, YAO_TEXT("my key"), out, sizeof out),
                  YAO_OK);
    assert_string_equal(out, want);
    assert_status(yao_key_uri(token, YAO_TEXT("my key"), out, strlen(want)),
                  YAO_E_LIMIT);
    assert_status(yao_key_uri("pkcs11:x", YAO_TEXT("a"), out, sizeof out),
                  YAO_E_MALFORMED);
    assert_true(yao_key_in_token(token));
    assert_false(yao_key_in_token("file:pkcs11:"));
}

static void explained(void **state)
{
    (void)state;
    assert_null(yao_token_words(YAO_PKCS11_FINE).en);
    for (int what = YAO_PKCS11_NO_MODULE; what <= YAO_PKCS11_FORKED; what++) {
        yao_words why = yao_token_words((yao_pkcs11_trouble)what);

        assert_non_null(why.en);
        assert_non_null(why.zh);
    }
}

int main(void)
{
    have_token = token_world_make(NULL);
    test_add("key", "accepts one in a file, and in memory", in_file, NULL);
    test_add("key", "accepts one in a token, and writes it nowhere", in_token,
             NULL);
    test_add("key", "gives keys without names different ones", unnamed, NULL);
    for (size_t i = 0; i < COUNT(uris); i++)
        test_add("open", uris[i].name, refused, &uris[i]);
    test_add("uri", "gives a key's URI in its token", named, NULL);
    test_add("words", "gives words for every trouble", explained, NULL);

    int code = test_run("app/key");
    test_scratch_remove();
    return code;
}
