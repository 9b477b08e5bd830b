/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of every home, and the memory that this one has. */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include "check.h"
#include "home_contract.h"

static const yao_crypto *home;
static yao_openssl_key  *key;

/* More than can be remembered, good and bad in turn, three times over. */
static void case_full_memory(void **state)
{
    enum { MANY = 600 };
    static uint8_t signatures[MANY][YAO_MAX_SIGNATURE];

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (unsigned i = 0; i < MANY; i++) {
            uint8_t       text[2] = {(uint8_t)i, (uint8_t)(i >> 8)};
            yao_sign_wish wish =
                yao_sign_wish_of(YAO_ES256, (yao_bytes){text, sizeof text});
            size_t len = 64;

            if (round == 0)
                assert_status(yao_openssl_sign(key, &wish, signatures[i], &len),
                              YAO_OK);
            yao_signature_check check = {.alg   = YAO_ES256,
                                         .key   = yao_openssl_key_public(key),
                                         .parts = {{text, sizeof text}},
                                         .part_count = 1,
                                         .signature  = {signatures[i], len},
                                         .repeats    = true};

            assert_status(home->verify(home->ctx, &check, 1), YAO_OK);
            assert_int_equal(check.outcome, YAO_SIG_GOOD);
            text[1] ^= 0x80;
            assert_status(home->verify(home->ctx, &check, 1), YAO_OK);
            assert_int_equal(check.outcome, YAO_SIG_BAD);
        }
    }
}

int main(void)
{
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL || yao_openssl_key_generate(YAO_ES256, &key) != YAO_OK)
        return 99;
    home = yao_openssl_crypto(openssl);
    if (!home_contract_open(home, YAO_ES384))
        return 99;
    test_add("verify", "gives right answers when memory is full",
             case_full_memory, NULL);

    int failed = test_run("verify");
    home_contract_close();
    yao_openssl_key_close(key);
    yao_openssl_close(openssl);
    return failed;
}
