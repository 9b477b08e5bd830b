/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/openssl.h"

#include "check.h"

static const uint8_t key[33] = {1, 2, 3}, nonce[13] = {4, 5, 6};

static yao_seal good(void)
{
    return (yao_seal){
        .key = {key, 32}, .nonce = {nonce, 12}, .aad = YAO_LIT("row 7")};
}

#define PLAIN YAO_LIT("SPECIMEN: what nobody else reads")

/* ---- lengths ---- */

static const struct {
    const char *name;
    size_t      key, nonce;
    yao_status  want;
} lengths[] = {
    {"accepts a key of 32 bytes", 32, 12, YAO_OK},
    {"accepts a key of 16 bytes", 16, 12, YAO_OK},
    {"refuses a key of 24 bytes", 24, 12, YAO_E_USAGE},
    {"refuses a key of 31 bytes", 31, 12, YAO_E_USAGE},
    {"refuses a key of 33 bytes", 33, 12, YAO_E_USAGE},
    {"refuses no key", 0, 12, YAO_E_USAGE},
    {"refuses a nonce of 11 bytes", 32, 11, YAO_E_USAGE},
    {"refuses a nonce of 13 bytes", 32, 13, YAO_E_USAGE},
    {"refuses no nonce", 32, 0, YAO_E_USAGE},
};

static void case_length(void **state)
{
    size_t    i     = (size_t)(uintptr_t)*state;
    yao_seal  seal  = good();
    yao_bytes plain = PLAIN;
    uint8_t   out[64], back[64];

    seal.key.len   = lengths[i].key;
    seal.nonce.len = lengths[i].nonce;
    assert_status(yao_openssl_seal(&seal, plain, out), lengths[i].want);
    assert_status(
        yao_openssl_unseal(&seal, (yao_bytes){out, plain.len + 16}, back),
        lengths[i].want);
    if (lengths[i].want == YAO_OK)
        assert_memory_equal(back, plain.ptr, plain.len);
}

/* The limit is asked before anything is touched. */
static void case_limit(void **state)
{
    yao_seal seal = good();
    uint8_t  out[64];

    (void)state;
    yao_bytes huge = {out, (size_t)INT_MAX};
    assert_status(yao_openssl_seal(&seal, huge, out), YAO_E_LIMIT);
    huge.len += 16;
    assert_status(yao_openssl_unseal(&seal, huge, out), YAO_E_LIMIT);
    seal.aad = (yao_bytes){out, (size_t)INT_MAX + 1};
    assert_status(yao_openssl_seal(&seal, PLAIN, out), YAO_E_LIMIT);
}

/* ---- what opens ---- */

static yao_bytes sealed(yao_bytes plain)
{
    yao_seal seal = good();
    uint8_t *out  = yao_arena_take(test_arena(), plain.len + 16);

    assert_status(yao_openssl_seal(&seal, plain, out), YAO_OK);
    return (yao_bytes){out, plain.len + 16};
}

static yao_status unseal(yao_bytes input, void *context)
{
    yao_seal   seal = good();
    uint8_t    out[64];
    yao_status status;

    (void)context;
    memset(out, 0xaa, sizeof out);
    status = yao_openssl_unseal(&seal, input, out);
    for (size_t i = 0; status != YAO_OK && input.len > 16 && i < input.len - 16;
         i++)
        assert_int_equal(out[i], 0); /* nothing unauthenticated gets out */
    return status;
}

static void case_sweep(void **state)
{
    (void)state;
    test_every_prefix(unseal, sealed(PLAIN), NULL);
    test_every_bit(unseal, sealed(PLAIN), NULL, NULL);
    assert_status(unseal((yao_bytes){key, 15}, NULL), YAO_E_TRUNCATED);
    assert_status(unseal((yao_bytes){key, 16}, NULL), YAO_E_SECRET);
}

static void case_empty(void **state)
{
    yao_seal seal = good();
    uint8_t  out[16], back[1];

    (void)state;
    seal.aad = (yao_bytes){NULL, 0};
    assert_status(yao_openssl_seal(&seal, (yao_bytes){NULL, 0}, out), YAO_OK);
    assert_status(yao_openssl_unseal(&seal, (yao_bytes){out, 16}, back),
                  YAO_OK);
    seal.aad = YAO_LIT("x");
    assert_status(yao_openssl_unseal(&seal, (yao_bytes){out, 16}, back),
                  YAO_E_SECRET);
}

static void case_in_place(void **state)
{
    yao_seal  seal  = good();
    yao_bytes plain = PLAIN;
    uint8_t   out[64];

    (void)state;
    memcpy(out, plain.ptr, plain.len);
    assert_status(yao_openssl_seal(&seal, (yao_bytes){out, plain.len}, out),
                  YAO_OK);
    assert_bytes(((yao_bytes){out, plain.len + 16}), sealed(plain));
    assert_status(
        yao_openssl_unseal(&seal, (yao_bytes){out, plain.len + 16}, out),
        YAO_OK);
    assert_memory_equal(out, plain.ptr, plain.len);
}

/* Each of key, nonce and aad alone keeps it shut. */
static void case_other(void **state)
{
    yao_bytes input     = sealed(PLAIN);
    uint8_t   other[32] = {9}, out[64];

    (void)state;
    yao_seal seal = good();
    assert_status(yao_openssl_unseal(&seal, input, out), YAO_OK);
    seal.key.ptr = other;
    assert_status(yao_openssl_unseal(&seal, input, out), YAO_E_SECRET);
    seal           = good();
    seal.nonce.ptr = other;
    assert_status(yao_openssl_unseal(&seal, input, out), YAO_E_SECRET);
    seal     = good();
    seal.aad = YAO_LIT("row 8");
    assert_status(yao_openssl_unseal(&seal, input, out), YAO_E_SECRET);
    seal.aad = (yao_bytes){NULL, 0};
    assert_status(yao_openssl_unseal(&seal, input, out), YAO_E_SECRET);
}

/* ---- wishes ---- */

static const struct wish_row {
    const char  *name;
    yao_aead_alg alg;
    size_t       key, nonce, input; /* how long */
    bool         open;
    yao_status   want;
} wishes[] = {
    {"accepts to seal with AES-128", YAO_A128GCM, 16, 12, 9, false, YAO_OK},
    {"accepts to seal with AES-256", YAO_A256GCM, 32, 12, 9, false, YAO_OK},
    {"refuses no algorithm", YAO_AEAD_NONE, 16, 12, 9, false,
     YAO_E_UNSUPPORTED},
    {"refuses an algorithm after the last", (yao_aead_alg)3, 32, 12, 9, false,
     YAO_E_UNSUPPORTED},
    {"refuses the long key for AES-128", YAO_A128GCM, 32, 12, 9, false,
     YAO_E_USAGE},
    {"refuses the short key for AES-256", YAO_A256GCM, 16, 12, 9, false,
     YAO_E_USAGE},
    {"refuses to open with the short key for AES-256", YAO_A256GCM, 16, 12, 25,
     true, YAO_E_USAGE},
    {"refuses a nonce of 11 bytes", YAO_A128GCM, 16, 11, 9, false,
     YAO_E_USAGE},
    {"refuses to open less than a tag", YAO_A128GCM, 16, 12, 15, true,
     YAO_E_TRUNCATED},
    {"refuses to open what was never sealed", YAO_A128GCM, 16, 12, 25, true,
     YAO_E_SECRET},
    {"refuses to seal more than 2 GiB", YAO_A128GCM, 16, 12, INT_MAX, false,
     YAO_E_LIMIT},
};

static void case_wish(void **state)
{
    const struct wish_row *r = *state;
    uint8_t       input[64] = {7}, out[64], back[64];
    yao_aead_wish wish      = {.alg   = r->alg,
                               .open  = r->open,
                               .key   = {key, r->key},
                               .nonce = {nonce, r->nonce},
                               .aad   = YAO_LIT("row 7"),
                               .input = {input, r->input}};

    memset(out, 0xaa, sizeof out);
    assert_status(yao_openssl_aead(&wish, out), r->want);
    if (r->want == YAO_E_SECRET)
        for (size_t i = 0; i < r->input - 16; i++)
            assert_int_equal(out[i], 0);
    if (r->want != YAO_OK)
        return;
    assert_memory_not_equal(out, input, r->input);
    wish.open  = true;
    wish.input = (yao_bytes){out, r->input + YAO_AEAD_TAG};
    assert_status(yao_openssl_aead(&wish, back), YAO_OK);
    assert_memory_equal(back, input, r->input);
}

static void case_random(void **state)
{
    uint8_t a[64] = {0}, b[64] = {0}, edge[2] = {0, 7};

    (void)state;
    assert_status(yao_openssl_random(a, 64), YAO_OK);
    assert_status(yao_openssl_random(b, 64), YAO_OK);
    assert_memory_not_equal(a, b, 64);
    assert_status(yao_openssl_random(edge, 1), YAO_OK);
    assert_int_equal(edge[1], 7);
    assert_status(yao_openssl_random(NULL, 0), YAO_OK);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(lengths); i++)
        test_add("seal", lengths[i].name, case_length,
                 (const void *)(uintptr_t)i);
    test_add("seal", "refuses more than 2 GiB", case_limit, NULL);
    test_add("seal", "refuses every prefix and every flipped bit", case_sweep,
             NULL);
    test_add("seal", "accepts nothing to hide", case_empty, NULL);
    test_add("seal", "gives the same in place", case_in_place, NULL);
    test_add("seal", "refuses another key, nonce or aad", case_other, NULL);
    for (size_t i = 0; i < COUNT(wishes); i++)
        test_add("aead", wishes[i].name, case_wish, &wishes[i]);
    test_add("random", "gives other bytes each time", case_random, NULL);
    return test_run("seal");
}
