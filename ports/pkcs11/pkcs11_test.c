/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A token of SoftHSM2, made in a folder of this test: keys are made inside and
 * never leave, what may leave is refused, and a PIN is tried once.
 */
#include "pkcs11/pkcs11.h"

#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/algorithms.h"
#include "token_world.h"
#include "yaopai/openssl.h"

static yao_openssl *openssl;

static const yao_crypto *crypto(void)
{
    return yao_openssl_crypto(openssl);
}

static yao_pkcs11_uri uri_of(const char *text)
{
    yao_pkcs11_uri uri;

    assert_status(yao_pkcs11_uri_parse(yao_text_bytes(yao_text_of(text)),
                                       test_arena(), &uri), YAO_OK);
    return uri;
}

/* The token of the test, with FORM put behind its path (";object=x"). */
static yao_pkcs11_uri token_uri(const char *more)
{
    char text[1024];

    snprintf(text, sizeof text, "pkcs11:token=%s%s?pin-source=file:%s",
             TOKEN_LABEL, more, token_world_pin());
    return uri_of(text);
}

static yao_pkcs11_token *open_token(void)
{
    yao_pkcs11_uri    uri = token_uri("");
    yao_pkcs11_report report;
    yao_pkcs11_token *token = NULL;

    assert_status(yao_pkcs11_open(&uri, crypto(), true, &report, &token),
                  YAO_OK);
    assert_int_equal(report.what, YAO_PKCS11_FINE);
    return token;
}

static yao_pkcs11_key *make(yao_pkcs11_token *token, const char *label,
                            yao_sig_alg alg)
{
    const yao_pkcs11_wanted wanted = {
        alg, YAO_PKCS11_SIGN | YAO_PKCS11_AGREE, yao_text_of(label),
        yao_text_bytes(yao_text_of(label))};
    yao_pkcs11_key *key = NULL;

    assert_status(yao_pkcs11_generate(token, &wanted, &key), YAO_OK);
    return key;
}

static bool signs(yao_pkcs11_key *key)
{
    uint8_t             out[YAO_MAX_SIGNATURE];
    size_t              len  = 0;
    yao_sig_alg         alg  = yao_pkcs11_key_alg(key);
    const yao_sign_wish wish = yao_sign_wish_of(alg, YAO_LIT("SPECIMEN"));

    assert_status(yao_pkcs11_sign(key, &wish, out, &len), YAO_OK);
    yao_signature_check check = {.alg        = alg,
                                 .key        = yao_pkcs11_key_public(key),
                                 .parts      = {YAO_LIT("SPECI"),
                                                YAO_LIT("MEN")},
                                 .part_count = 2,
                                 .signature  = {out, len}};
    assert_status(crypto()->verify(crypto()->ctx, &check, 1), YAO_OK);
    return check.outcome == YAO_SIG_GOOD;
}

/* ---- what it is for ---- */

static void signs_and_agrees(void **state)
{
    const yao_sig_alg alg   = *(const yao_sig_alg *)*state;
    const char       *name  = alg == YAO_ES256 ? "es256" : "es384";
    yao_pkcs11_token *token = open_token();
    yao_pkcs11_key   *key   = make(token, name, alg);
    yao_openssl_key  *peer  = NULL;
    uint8_t           ours[48] = {0}, theirs[48] = {0};

    assert_true(signs(key));
    assert_status(yao_openssl_key_generate(alg, &peer), YAO_OK);
    const yao_agree_wish to   = {yao_openssl_key_public(peer)};
    const yao_agree_wish from = {yao_pkcs11_key_public(key)};
    assert_status(yao_pkcs11_agree(key, &to, ours), YAO_OK);
    assert_status(yao_openssl_agree(peer, &from, theirs), YAO_OK);
    assert_memory_equal(ours, theirs, sizeof ours);

    yao_openssl_key_close(peer);
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
}

static void found_again(void **state)
{
    yao_pkcs11_token *token = open_token();
    yao_pkcs11_key   *key   = make(token, "again", YAO_ES256), *same = NULL;
    yao_public_key    first = yao_pkcs11_key_public(key);
    yao_pkcs11_uri    by_label = token_uri(";object=again");
    yao_pkcs11_uri    by_id    = token_uri(";id=again");

    (void)state;
    yao_pkcs11_key_close(key);
    yao_pkcs11_close(token);
    token = open_token();
    const yao_pkcs11_uri *names[] = {&by_label, &by_id};
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_status(yao_pkcs11_find(token, names[i], YAO_PKCS11_SIGN, &same),
                      YAO_OK);
        yao_public_key second = yao_pkcs11_key_public(same);
        assert_true(yao_public_key_equal(&first, &second));
        assert_bytes(yao_pkcs11_key_id(same), YAO_LIT("again"));
        assert_true(signs(same));
        yao_pkcs11_key_close(same);
    }
    yao_pkcs11_close(token);
}

static const yao_sig_alg es256 = YAO_ES256, es384 = YAO_ES384;

int main(void)
{
    openssl = yao_openssl_open();
    if (!token_world_make(NULL)) {
        printf("1..0 # SKIP %s\n", token_world_reason());
        return 0;
    }
    test_add("token", "gives ES256 signatures and x-coordinates",
             signs_and_agrees, &es256);
    test_add("token", "gives ES384 signatures and x-coordinates",
             signs_and_agrees, &es384);
    test_add("token", "gives the same key by label and by id", found_again,
             NULL);

    int code = test_run("pkcs11/pkcs11");
    token_world_remove();
    yao_openssl_close(openssl);
    return code;
}
