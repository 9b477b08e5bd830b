/* SPDX-License-Identifier: Apache-2.0 */
/* The contract of every home; OpenSSL as a second opinion on random and on
 * chosen cases; Wycheproof. */
#include "crypto_small/p256.h"
#include "crypto_small/small.h"

#include "crypto/algorithms.h"
#include "yaopai/openssl.h"

#include "check.h"
#include "home_contract.h"
#include "wycheproof.h"

static yao_small         small;
static const yao_crypto *home, *other;

/* ---- against OpenSSL ---- */

enum { KEYS = 16, SHORT = 2000, LONG = 100000 };

static yao_openssl_key *keys[KEYS];

/* Numbers that a random signature never has: 0, 1, 2, n - 1, n, n + 1, p - n,
 * p - 1, 2^256 - 1. */
static const char *const edges[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000001",
    "0000000000000000000000000000000000000000000000000000000000000002",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632552",
    "000000000000000000000000000000004319055358e8617b0c46353d039cdaae",
    "ffffffff00000001000000000000000000000000fffffffffffffffffffffffe",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"};

typedef struct sample {
    uint8_t             message[40], signature[YAO_MAX_SIGNATURE];
    yao_signature_check check;
} sample;

static void sign(sample *s, unsigned which)
{
    size_t len;

    assert_status(yao_openssl_random(s->message, sizeof s->message), YAO_OK);
    s->check = (yao_signature_check){
        .alg        = YAO_ES256,
        .key        = yao_openssl_key_public(keys[which % KEYS]),
        .parts      = {{s->message, which % sizeof s->message}},
        .part_count = 1,
        .signature  = {s->signature, 64}};

    yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, s->check.parts[0]);
    assert_status(
        yao_openssl_sign(keys[which % KEYS], &wish, s->signature, &len),
        YAO_OK);
}

static void compress(yao_public_key *key)
{
    key->point[0] = (uint8_t)(2 + (key->point[64] & 1));
    key->len      = 33;
}

/* One sample of each of eight kinds in turn; only 0 and 1 are good for sure. */
static void change(sample *s, unsigned i, const uint8_t *dice)
{
    uint8_t *at = s->signature + dice[0] % 2 * 32;

    switch (i % 8) {
    case 0:
        break;
    case 1:
        compress(&s->check.key);
        break;
    case 2:
        s->signature[dice[0] % 64] ^= (uint8_t)(1 << dice[1] % 8);
        break;
    case 3:
        s->message[0] ^= (uint8_t)(1 << dice[1] % 8);
        break;
    case 4:
        s->check.key.point[1 + dice[0] % 64] ^= (uint8_t)(1 << dice[1] % 8);
        break;
    case 5: /* any x: half of them are on the curve */
        compress(&s->check.key);
        memcpy(s->check.key.point + 1, dice, 32);
        break;
    case 6:
        memcpy(at, test_unhex(edges[dice[1] % COUNT(edges)]).ptr, 32);
        break;
    default:
        memcpy(at, test_unhex(edges[dice[1] % COUNT(edges)]).ptr, 32);
        memcpy(s->signature + 32 - dice[0] % 2 * 32,
               test_unhex(edges[dice[2] % COUNT(edges)]).ptr, 32);
        break;
    }
}

/* GOOD to the one is GOOD to the other; what was signed is GOOD. */
static void case_random(void **state)
{
    unsigned count = getenv("YAOPAI_LONG") != NULL ? LONG : SHORT;
    unsigned good  = 0;

    (void)state;
    for (unsigned i = 0; i < count; i++) {
        uint8_t dice[32];
        sample  s;

        sign(&s, i);
        assert_status(yao_openssl_random(dice, sizeof dice), YAO_OK);
        change(&s, i, dice);

        yao_signature_check again = s.check;
        assert_status(home->verify(home->ctx, &s.check, 1), YAO_OK);
        assert_status(other->verify(other->ctx, &again, 1), YAO_OK);
        assert_int_equal(s.check.outcome, again.outcome);
        if (i % 8 < 2)
            assert_int_equal(s.check.outcome, YAO_SIG_GOOD);
        good += s.check.outcome == YAO_SIG_GOOD;
        test_arena()->used = 0;
    }
    assert_in_range(good, count / 4, count / 4 + count / 64 + 8);
}

/* ---- Wycheproof ---- */

/* What ECDH calls invalid because of its point is no key; the other points
 * are keys. The one compressed one is accepted: RFC 9053 section 7.1.1. */
static bool importable(const wycheproof *v)
{
    yao_bytes      point = wycheproof_hex(v->test, "public");
    yao_public_key key   = {.curve = YAO_P256};
    yao_p256_point ret;

    if (point.len > sizeof key.point)
        return false;
    if (point.len != 0)
        memcpy(key.point, point.ptr, point.len);
    key.len = (uint8_t)point.len;
    return yao_public_key_well_formed(&key) && yao_p256_import(&key, &ret);
}

static const wycheproof_file files[] = {
    {"ecdsa_secp256r1_sha256_p1363", 262, wycheproof_es256},
    {"ecdsa_secp256r1_sha256", 484, wycheproof_es256_der},
    {"hmac_sha256", 174, wycheproof_hmac},
    {"hkdf_sha256", 86, wycheproof_hkdf},
    {"ecdh_secp256r1_ecpoint", 355, importable},
};

/* ---- what is not here ---- */

static void case_unsupported(void **state)
{
    static const yao_hash_alg lacking[] = {YAO_HASH_NONE, YAO_SHA384,
                                           YAO_SHA512, (yao_hash_alg)9};
    yao_bytes                 none      = {NULL, 0};
    uint8_t                   out[1]    = {7};

    (void)state;
    for (size_t i = 0; i < COUNT(lacking); i++) {
        assert_status(home->hash(home->ctx, lacking[i], &none, 1, out),
                      YAO_E_UNSUPPORTED);
        assert_status(home->hmac(home->ctx, lacking[i], none, &none, 1, out),
                      YAO_E_UNSUPPORTED);
        assert_status(
            home->hkdf(home->ctx, lacking[i], none, none, none, out, 1),
            YAO_E_UNSUPPORTED);
    }
    assert_int_equal(out[0], 7);
}

int main(void)
{
    yao_openssl *openssl = yao_openssl_open();

    home            = yao_small_open(&small, yao_sha256_blocks_fastest());
    wycheproof_home = home;
    if (openssl == NULL || !home_contract_open(home, YAO_ES256))
        return 99;
    other = yao_openssl_crypto(openssl);
    for (size_t i = 0; i < KEYS; i++)
        if (yao_openssl_key_generate(YAO_ES256, &keys[i]) != YAO_OK)
            return 99;

    test_add("verify", "gives what OpenSSL gives, good and bad", case_random,
             NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        test_add("gives what Wycheproof wants", files[i].name, wycheproof_case,
                 &files[i]);
    test_add("hash", "gives UNSUPPORTED for all but SHA-256", case_unsupported,
             NULL);

    int failed = test_run("crypto_small/verify");
    for (size_t i = 0; i < KEYS; i++)
        yao_openssl_key_close(keys[i]);
    home_contract_close();
    yao_openssl_close(openssl);
    return failed;
}
