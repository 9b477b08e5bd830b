/* SPDX-License-Identifier: Apache-2.0 */
/*
 * OpenSSL without memory: the n-th allocation fails, for every n. What cannot
 * be checked is UNCHECKED, never GOOD for a wrong signature and never BAD for
 * a right one; nothing is handed out half done, and nothing leaks.
 */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include "check.h"

static long budget = -1; /* allocations left; below 0 without end */

static bool refuse(void)
{
    if (budget == 0)
        return true;
    if (budget > 0)
        budget--;
    return false;
}

static void *give(size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return refuse() ? NULL : malloc(len);
}

static void *give_again(void *old, size_t len, const char *file, int line)
{
    (void)file;
    (void)line;
    return refuse() ? NULL : realloc(old, len);
}

static void take_back(void *old, const char *file, int line)
{
    (void)file;
    (void)line;
    free(old);
}

static yao_openssl     *openssl;
static yao_openssl_key *key, *other;
static uint8_t          signature[YAO_MAX_SIGNATURE];
static yao_openssl_key *log_key;
static uint8_t          log_signature[YAO_MAX_SIGNATURE];

#define MESSAGE YAO_LIT("SPECIMEN")

/* One run of WORK with the n-th allocation and all after it failing. */
static void each(void (*work)(long n), long most)
{
    bool whole = false;

    for (long n = 0; n < most && !whole; n++) {
        budget = n;
        work(n);
        whole  = budget > 0; /* it never came to the end of them */
        budget = -1;
        ERR_clear_error();
    }
    assert_true(whole);
}

static yao_signature_check check_of(bool right)
{
    return (yao_signature_check){
        .alg        = YAO_ES256,
        .key        = yao_openssl_key_public(right ? key : other),
        .parts      = {MESSAGE},
        .part_count = 1,
        .signature  = {signature, 64}};
}

static void verify(bool right, bool repeats)
{
    const yao_crypto   *crypto = yao_openssl_crypto(openssl);
    yao_signature_check check  = check_of(right);

    check.repeats     = repeats;
    yao_status status = crypto->verify(crypto->ctx, &check, 1);
    if (status == YAO_OK) {
        assert_int_equal(check.outcome, right ? YAO_SIG_GOOD : YAO_SIG_BAD);
    } else {
        assert_status(status, YAO_E_CRYPTO);
        assert_int_equal(check.outcome, YAO_SIG_UNCHECKED);
    }
}

static void right(long n)
{
    (void)n;
    verify(true, false);
}

static void wrong(long n)
{
    (void)n;
    verify(false, false);
}

static void remembered(long n)
{
    (void)n;
    verify(true, true);
    verify(false, true);
}

static void compressed(long n)
{
    const yao_crypto   *crypto = yao_openssl_crypto(openssl);
    yao_signature_check check  = check_of(true);

    (void)n;
    check.key.point[0] = (uint8_t)(2 + (check.key.point[64] & 1));
    check.key.len      = 33;
    if (crypto->verify(crypto->ctx, &check, 1) == YAO_OK)
        assert_int_equal(check.outcome, YAO_SIG_GOOD);
    else
        assert_int_equal(check.outcome, YAO_SIG_UNCHECKED);
}

static void signing(long n)
{
    yao_sign_wish wish                   = yao_sign_wish_of(YAO_ES256, MESSAGE);
    uint8_t       out[YAO_MAX_SIGNATURE] = {7};
    size_t        len                    = 99;

    (void)n;
    yao_status status = yao_openssl_sign(key, &wish, out, &len);
    if (status != YAO_OK) {
        assert_status(status, YAO_E_CRYPTO);
        assert_int_equal(out[0], 7);
        assert_int_equal(len, 99);
    }
}

static void agreeing(long n)
{
    yao_agree_wish wish = {.peer = yao_openssl_key_public(other)};
    uint8_t        out[YAO_MAX_AGREEMENT] = {0};

    (void)n;
    if (yao_openssl_agree(key, &wish, out) != YAO_OK)
        assert_int_equal(out[0] | out[1] | out[2] | out[3], 0);
}

static void opening(long n)
{
    yao_openssl *home = yao_openssl_open();

    (void)n;
    yao_openssl_close(home);
}

static void making(long n)
{
    yao_openssl_key *made = NULL;

    (void)n;
    if (yao_openssl_key_generate(YAO_ES256, &made) != YAO_OK)
        assert_null(made);
    yao_openssl_key_close(made);
}

static uint8_t der[YAO_MAX_PRIVATE];
static size_t  der_len;

static void reading(long n)
{
    yao_openssl_key *made = NULL;
    yao_status status = yao_openssl_key_read((yao_bytes){der, der_len}, &made);

    (void)n;
    if (status != YAO_OK) {
        assert_status(status, YAO_E_CRYPTO);
        assert_null(made);
    }
    yao_openssl_key_close(made);
}

static void writing(long n)
{
    uint8_t    out[YAO_MAX_PRIVATE];
    yao_writer w = yao_writer_open(out, sizeof out);

    (void)n;
    if (yao_openssl_key_write(key, &w) == YAO_OK)
        assert_bytes(((yao_bytes){out, w.len}), ((yao_bytes){der, der_len}));
}

static void sharing(long n)
{
    yao_openssl_key *made = NULL;

    (void)n;
    if (yao_openssl_key_share(key, &made) != YAO_OK)
        assert_null(made);
    yao_openssl_key_close(made);
}

static void sealing(long n)
{
    static const uint8_t secret[32], nonce[12];
    yao_seal             seal = {{secret, 32}, {nonce, 12}, YAO_LIT("aad")};
    uint8_t              out[64], back[64] = {0};

    (void)n;
    if (yao_openssl_seal(&seal, MESSAGE, out) != YAO_OK)
        return;
    yao_status status = yao_openssl_unseal(&seal, (yao_bytes){out, 24}, back);
    if (status == YAO_OK)
        assert_memory_equal(back, "SPECIMEN", 8);
    else
        assert_status(status, YAO_E_CRYPTO);
}

/* The log's algorithm goes another way through OpenSSL. */
static void edwards(bool right)
{
    const yao_crypto   *crypto = yao_openssl_crypto(openssl);
    yao_signature_check check  = {
         .alg        = YAO_ED25519,
         .key        = yao_openssl_key_public(log_key),
         .parts      = {MESSAGE, right ? YAO_LIT("") : YAO_LIT("x")},
         .part_count = 2,
         .signature  = {log_signature, 64}};

    if (crypto->verify(crypto->ctx, &check, 1) == YAO_OK)
        assert_int_equal(check.outcome, right ? YAO_SIG_GOOD : YAO_SIG_BAD);
    else
        assert_int_equal(check.outcome, YAO_SIG_UNCHECKED);
}

static void log_right(long n)
{
    (void)n;
    edwards(true);
}

static void log_wrong(long n)
{
    (void)n;
    edwards(false);
}

static void log_signing(long n)
{
    yao_sign_wish wish = yao_sign_wish_of(YAO_ED25519, MESSAGE);
    uint8_t       out[YAO_MAX_SIGNATURE] = {7};
    size_t        len                    = 99;

    (void)n;
    if (yao_openssl_sign(log_key, &wish, out, &len) != YAO_OK) {
        assert_int_equal(out[0], 7);
        assert_int_equal(len, 99);
    }
}

static void log_making(long n)
{
    yao_openssl_key *made = NULL;

    (void)n;
    if (yao_openssl_key_generate(YAO_ED25519, &made) != YAO_OK)
        assert_null(made);
    yao_openssl_key_close(made);
}

static const struct {
    const char *name;
    void (*work)(long n);
} works[] = {
    {"never BAD for a right signature", right},
    {"never GOOD for a wrong signature", wrong},
    {"never GOOD for a wrong one after a right one", remembered},
    {"never BAD for a compressed key", compressed},
    {"never a signature by halves", signing},
    {"never a secret by halves", agreeing},
    {"never a home by halves", opening},
    {"never a new key by halves", making},
    {"never a read key by halves", reading},
    {"never a written key by halves", writing},
    {"never a shared key by halves", sharing},
    {"never a seal by halves", sealing},
    {"never BAD for a right checkpoint", log_right},
    {"never GOOD for a wrong checkpoint", log_wrong},
    {"never a checkpoint's signature by halves", log_signing},
    {"never a log's key by halves", log_making},
};

static void case_work(void **state)
{
    void (*const *work)(long) = *state;

    each(*work, 10000);
}

int main(void)
{
    yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, MESSAGE);
    yao_sign_wish head = yao_sign_wish_of(YAO_ED25519, MESSAGE);
    yao_writer    w    = yao_writer_open(der, sizeof der);
    size_t        len;

    if (CRYPTO_set_mem_functions(give, give_again, take_back) != 1)
        return 99;
    openssl = yao_openssl_open();
    if (openssl == NULL || yao_openssl_key_generate(YAO_ES256, &key) ||
        yao_openssl_key_generate(YAO_ES256, &other) ||
        yao_openssl_sign(key, &wish, signature, &len) ||
        yao_openssl_key_generate(YAO_ED25519, &log_key) ||
        yao_openssl_sign(log_key, &head, log_signature, &len) ||
        yao_openssl_key_write(key, &w))
        return 99;
    der_len = w.len;

    for (size_t i = 0; i < COUNT(works); i++) {
        works[i].work(0); /* what OpenSSL sets up once, with memory */
        test_add("without memory", works[i].name, case_work, &works[i].work);
    }

    int failed = test_run("fault");
    yao_openssl_key_close(key);
    yao_openssl_key_close(other);
    yao_openssl_key_close(log_key);
    yao_openssl_close(openssl);
    return failed;
}
