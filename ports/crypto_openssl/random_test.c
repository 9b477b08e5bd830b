/* SPDX-License-Identifier: Apache-2.0 */
/* A generator of random bytes that fails, stops short, or repeats itself. */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include <openssl/err.h>
#include <openssl/rand.h>

#include "check.h"

static int gives_nothing(unsigned char *out, int len)
{
    (void)out;
    (void)len;
    return 0;
}

static int stops_short(unsigned char *out, int len)
{
    memset(out, 0x5a, (size_t)len / 2);
    return 0;
}

static int repeats_itself(unsigned char *out, int len)
{
    memset(out, 0x5a, (size_t)len);
    return 1;
}

static int is_ready(void)
{
    return 1;
}

static const struct row {
    const char *name;
    int (*bytes)(unsigned char *out, int len);
} rows[] = {
    {"refuses N353: a generator that fails", gives_nothing},
    {"refuses N353: a generator that stops short", stops_short},
};

static void with(int (*bytes)(unsigned char *out, int len))
{
    static RAND_METHOD method;

    method = (RAND_METHOD){.bytes       = bytes,
                           .pseudorand  = bytes,
                           .status      = is_ready};
    assert_int_equal(RAND_set_rand_method(bytes != NULL ? &method : NULL), 1);
}

static void refused(void **state)
{
    const struct row *r    = *state;
    yao_openssl_key  *key  = NULL, *none = NULL;
    uint8_t           out[YAO_MAX_SIGNATURE];
    size_t            len  = 0;
    yao_sign_wish     wish = yao_sign_wish_of(YAO_ES256, YAO_LIT("SPECIMEN"));

    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    with(r->bytes);
    yao_status random   = yao_openssl_random(out, sizeof out);
    yao_status generate = yao_openssl_key_generate(YAO_ES256, &none);
    yao_status sign     = yao_openssl_sign(key, &wish, out, &len);
    with(NULL);
    ERR_clear_error();
    assert_status(random, YAO_E_CRYPTO);
    assert_status(generate, YAO_E_CRYPTO);
    assert_status(sign, YAO_E_CRYPTO);
    assert_null(none);
    assert_int_equal(len, 0);
    yao_openssl_key_close(key);
}

/* OpenSSL mixes key and message into the nonce: a generator that repeats gives
 * no two messages the same r, which would give the key away. */
static void repeated(void **state)
{
    yao_openssl_key *key = NULL;
    uint8_t          one[YAO_MAX_SIGNATURE], two[YAO_MAX_SIGNATURE];
    size_t           len = 0;
    yao_sign_wish    a = yao_sign_wish_of(YAO_ES256, YAO_LIT("SPECIMEN 1"));
    yao_sign_wish    b = yao_sign_wish_of(YAO_ES256, YAO_LIT("SPECIMEN 2"));

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    with(repeats_itself);
    yao_status first  = yao_openssl_sign(key, &a, one, &len);
    yao_status second = yao_openssl_sign(key, &b, two, &len);
    with(NULL);
    assert_status(first, YAO_OK);
    assert_status(second, YAO_OK);
    assert_memory_not_equal(one, two, 32);
    yao_openssl_key_close(key);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("random", rows[i].name, refused, &rows[i]);
    test_add("random", "never repeats r when the generator does (N353)",
             repeated, NULL);
    return test_run("crypto_openssl/random");
}
