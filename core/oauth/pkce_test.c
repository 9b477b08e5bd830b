/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/pkce.h"

#include "oauth/nonce.h"
#include "support/token.h"

/* RFC 7636 appendix B */
static const uint8_t octets[32] = {
    116, 24,  223, 180, 151, 153, 224, 37,  79,  250, 96,
    125, 216, 173, 187, 186, 22,  212, 37,  77,  105, 214,
    191, 240, 91,  88,  5,   88,  83,  132, 141, 121};
#define VERIFIER "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define CHALLENGE "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"

static void gives_published(void **state)
{
    yao_pkce pair;

    (void)state;
    assert_status(yao_pkce_make((yao_bytes){octets, sizeof octets},
                                test_crypto(), &pair),
                  YAO_OK);
    assert_bytes(((yao_bytes){pair.verifier, YAO_PKCE_LEN}),
                 YAO_LIT(VERIFIER));
    assert_bytes(((yao_bytes){pair.challenge, YAO_PKCE_LEN}),
                 YAO_LIT(CHALLENGE));
    assert_status(yao_pkce_make((yao_bytes){octets, 31}, test_crypto(), &pair),
                  YAO_E_ENTROPY);
}

static const struct row {
    const char *name, *challenge, *verifier;
    yao_status  want;
} rows[] = {
    {"accepts the example of RFC 7636", CHALLENGE, VERIFIER, YAO_OK},
    {"N147 refuses another verifier", CHALLENGE,
     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl", YAO_E_MISMATCH},
    {"refuses the challenge as verifier", CHALLENGE, CHALLENGE,
     YAO_E_MISMATCH},
    {"refuses plain", VERIFIER, VERIFIER, YAO_E_MISMATCH},
    {"refuses a longer challenge", CHALLENGE "A", VERIFIER, YAO_E_MISMATCH},
    {"refuses an empty challenge", "", VERIFIER, YAO_E_MISMATCH},
    {"N147 refuses an empty verifier", CHALLENGE, "", YAO_E_MALFORMED},
    {"N147 refuses 42 letters", CHALLENGE,
     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX", YAO_E_MALFORMED},
    {"N147 refuses 129 letters", CHALLENGE, VERIFIER VERIFIER VERIFIER,
     YAO_E_MALFORMED},
    {"refuses other letters", CHALLENGE,
     "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEj+k", YAO_E_MALFORMED},
};

static void check_row(void **state)
{
    const struct row *row = *state;

    assert_status(yao_pkce_check(yao_text_of(row->challenge),
                                 yao_text_of(row->verifier), test_crypto()),
                  row->want);
}

static void knows_challenges(void **state)
{
    (void)state;
    assert_true(yao_pkce_is_challenge(YAO_TEXT(CHALLENGE)));
    assert_false(yao_pkce_is_challenge(YAO_TEXT("")));
    assert_false(yao_pkce_is_challenge(YAO_TEXT(CHALLENGE "A")));
    assert_false(yao_pkce_is_challenge(
        YAO_TEXT("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=")));
    assert_false(yao_pkce_is_challenge(
        YAO_TEXT("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cN")));
}

/* ---- nonces ---- */

enum { NOW = 1795305600 };
static const uint8_t key[32] = {1}, other_key[32] = {2};
#define KEY ((yao_bytes){key, sizeof key})

static yao_text make_nonce(uint8_t kind)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_NONCE_LEN);

    assert_status(yao_nonce_make(test_crypto(), KEY, kind, NOW,
                                 (yao_bytes){octets, sizeof octets}, out),
                  YAO_OK);
    return (yao_text){out, YAO_NONCE_LEN};
}

static yao_status check_nonce(yao_bytes input, void *context)
{
    (void)context;
    return yao_nonce_check(test_crypto(), KEY, 1, NOW, 600,
                           (yao_text){input.ptr, input.len});
}

static bool never(size_t at, void *context)
{
    (void)at;
    (void)context;
    return false;
}

static void checks_nonces(void **state)
{
    yao_text  n = make_nonce(1);
    yao_bytes foreign = {other_key, sizeof other_key};
    uint8_t   out[YAO_NONCE_LEN];

    (void)state;
    assert_status(check_nonce(yao_text_bytes(n), NULL), YAO_OK);
    test_every_prefix(check_nonce, yao_text_bytes(n), NULL);
    test_every_bit(check_nonce, yao_text_bytes(n), NULL, never);
    assert_status(yao_nonce_check(test_crypto(), KEY, 1, NOW + 600, 600, n),
                  YAO_OK);
    assert_status(yao_nonce_check(test_crypto(), KEY, 1, NOW + 601, 600, n),
                  YAO_E_EXPIRED);
    assert_status(yao_nonce_check(test_crypto(), KEY, 1, NOW - 1, 600, n),
                  YAO_E_NOT_YET_VALID);
    assert_status(yao_nonce_check(test_crypto(), KEY, 2, NOW, 600, n),
                  YAO_E_MISMATCH);
    assert_status(yao_nonce_check(test_crypto(), foreign, 1, NOW, 600, n),
                  YAO_E_MISMATCH);
    assert_status(yao_nonce_check(test_crypto(), KEY, 1, NOW, -1, n),
                  YAO_E_USAGE);
    assert_status(yao_nonce_check(test_crypto(), (yao_bytes){key, 31}, 1, NOW,
                                  600, n),
                  YAO_E_USAGE);
    assert_status(yao_nonce_check(test_crypto(), KEY, 1, NOW, 600,
                                  YAO_TEXT("abc")),
                  YAO_E_MALFORMED);
    assert_status(yao_nonce_make(test_crypto(), KEY, 1, NOW,
                                 (yao_bytes){octets, 15}, out),
                  YAO_E_ENTROPY);
    assert_status(yao_nonce_make(test_crypto(), KEY, 1, -1,
                                 (yao_bytes){octets, 16}, out),
                  YAO_E_USAGE);
}

int main(void)
{
    test_add("make", "gives the example of RFC 7636 appendix B",
             gives_published, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("check", rows[i].name, check_row, &rows[i]);
    test_add("challenge", "accepts 43 letters of base64url alone",
             knows_challenges, NULL);
    test_add("nonce", "accepts ours while it is young, refuses all others",
             checks_nonces, NULL);
    return test_run("oauth/pkce");
}
