/* SPDX-License-Identifier: Apache-2.0 */

/* What others published about JWE, opened with their keys. */

#include "jose/jwe.h"

#include "agree.h"
#include "raw_key.h"

static yao_bytes text_of(const yao_json *value)
{
    yao_text text = {0};

    assert_status(yao_json_string(value, test_arena(), &text), YAO_OK);
    return yao_text_bytes(text);
}

static yao_bytes letters_of(const yao_json *object, const char *name)
{
    yao_bytes  letters = text_of(yao_json_get(object, name)), out = {0};
    yao_writer w = yao_writer_in(test_arena());

    assert_status(yao_get_base64url(letters, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes hex_of(const yao_json *object, const char *name)
{
    yao_bytes  letters = text_of(yao_json_get(object, name)), out = {0};
    yao_writer w = yao_writer_in(test_arena());

    assert_status(yao_get_hex(letters, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* Opened with the secret of JWK, which is on P-256. */
static yao_status open_with(const yao_json *jwk, yao_bytes token,
                            yao_jwe_key *key, yao_bytes *plain)
{
    yao_openssl_key *secret = test_p256_key(letters_of(jwk, "d"));
    yao_agree_wish   agree;
    yao_aead_wish    wish;
    yao_jwe          jwe;
    uint8_t          shared[YAO_MAX_AGREEMENT];
    yao_status       status = yao_jwe_read(test_arena(), token, &jwe);

    if (status == YAO_OK) {
        agree.peer = jwe.ephemeral;
        status     = yao_openssl_agree(secret, &agree, shared);
    }
    if (status == YAO_OK)
        status = yao_jwe_open(test_crypto(), &jwe, (yao_bytes){shared, 32}, key,
                              &wish);
    if (status == YAO_OK)
        status = test_aead(&wish, plain);
    yao_openssl_key_close(secret);
    return status;
}

static void openid4vp(void **state)
{
    yao_bytes   plain = {0};
    yao_jwe_key key;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v =
        test_json(test_vector("openid4vp-1.0/jwe_ecdh_es_a128gcm.json"));
    assert_status(open_with(yao_json_get(v, "recipient_private_jwk"),
                            text_of(yao_json_get(v, "jwe")), &key, &plain),
                  YAO_OK);
    assert_bytes(((yao_bytes){key.bytes, 16}), hex_of(v, "cek_hex"));
    assert_bytes(plain, text_of(yao_json_get(v, "plaintext")));
}

/* RFC 7518 appendix C: a key only, with apu and apv. */
static void rfc7518_c(void **state)
{
    yao_jwe       jwe = {.enc = YAO_A128GCM};
    yao_jwe_key   key;
    yao_aead_wish wish;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *v =
        yao_json_get(test_json(test_vector("rfc-small/rfc_small_vectors.json")),
                     "rfc7518_C_ECDH_ES");
    const yao_json *alice = yao_json_get(v, "alice");
    const yao_json *bob   = yao_json_get(v, "bob");

    assert_status(yao_public_key_make(YAO_P256, letters_of(alice, "x"),
                                      letters_of(alice, "y"), &jwe.ephemeral),
                  YAO_OK);
    yao_openssl_key *secret = test_p256_key(letters_of(bob, "d"));
    yao_bytes        shared = test_agree(secret, &jwe.ephemeral);
    yao_openssl_key_close(secret);
    assert_bytes(shared, hex_of(v, "Z_hex"));

    jwe.apu = text_of(yao_json_get(v, "apu"));
    jwe.apv = text_of(yao_json_get(v, "apv"));
    assert_status(yao_jwe_open(test_crypto(), &jwe, shared, &key, &wish),
                  YAO_OK);
    assert_bytes(wish.key, letters_of(v, "derived_key"));
}

/* ---- Wycheproof --------------------------------------------------------- */

/* Ours is ECDH-ES with A128GCM or A256GCM; all else must be refused, also
 * what is valid. Its header is looked at once more, in a plain way. */
static bool is_ours(yao_bytes token)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  end = {token.ptr, yao_bytes_find(token, '.')}, text = {0};

    if (yao_get_base64url(end, &w) != YAO_OK)
        return false;
    yao_put_byte(&w, 0);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    const char *header = (const char *)text.ptr;
    return strstr(header, "\"ECDH-ES\"") != NULL &&
           (strstr(header, "\"A128GCM\"") != NULL ||
            strstr(header, "\"A256GCM\"") != NULL);
}

static yao_status judge(const yao_json *jwk, yao_bytes token, yao_bytes *plain)
{
    yao_jwe_key key;
    yao_jwe     jwe;

    if (yao_json_is(yao_json_get(jwk, "crv"), "P-256"))
        return open_with(jwk, token, &key, plain);
    return yao_jwe_read(test_arena(), token, &jwe);
}

static size_t run_group(const yao_json *group)
{
    const yao_json *jwk   = yao_json_get(group, "private");
    const yao_json *tests = yao_json_get(group, "tests");
    size_t          valid = 0;

    for (const yao_json *t = tests->first; t != NULL; t = t->next) {
        yao_bytes token = text_of(yao_json_get(t, "jwe")), plain = {0};
        bool      want =
            yao_json_is(yao_json_get(t, "result"), "valid") && is_ours(token);
        yao_status got = judge(jwk, token, &plain);

        if ((got == YAO_OK) != want)
            fail_msg("test %.*s: %s", (int)yao_json_get(t, "tcId")->raw.len,
                     (const char *)yao_json_get(t, "tcId")->raw.ptr,
                     yao_status_name(got));
        if (want)
            assert_bytes(plain, hex_of(t, "pt"));
        valid += want;
    }
    return valid;
}

static void wycheproof(void **state)
{
    size_t valid = 0;

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *groups = yao_json_get(
        test_json(test_vector("wycheproof/json_web_encryption_test.json")),
        "testGroups");
    assert_true(groups->count > 10);
    for (const yao_json *g = groups->first; g != NULL; g = g->next)
        valid += run_group(g);
    assert_int_equal(valid, 2);
}

int main(void)
{
    test_add("OpenID4VP 1.0", "accepts the encrypted response", openid4vp,
             NULL);
    test_add("RFC 7518 C", "gives the derived key", rfc7518_c, NULL);
    test_add("Wycheproof", "gives the results on JWE", wycheproof, NULL);
    return test_run("jose/jwe-vectors");
}
