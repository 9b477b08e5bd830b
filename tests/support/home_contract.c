/* SPDX-License-Identifier: Apache-2.0 */
#include "home_contract.h"

#include "crypto/algorithms.h"
#include "yaopai/openssl.h"

#include "check.h"

static const yao_crypto *home;
static yao_sig_alg       last;    /* algorithm that the home has */
static yao_openssl_key  *keys[3]; /* by yao_sig_alg */

#define MESSAGE YAO_LIT("SPECIMEN: what was signed")

/* A check that is GOOD, of memory that may be changed. */
typedef struct good {
    uint8_t             signature[YAO_MAX_SIGNATURE];
    yao_signature_check check;
} good;

static void sign(good *g, yao_sig_alg alg)
{
    yao_sign_wish wish = yao_sign_wish_of(alg, MESSAGE);
    size_t        len;

    assert_status(yao_openssl_sign(keys[alg], &wish, g->signature, &len),
                  YAO_OK);
    g->check = (yao_signature_check){.alg   = alg,
                                     .key   = yao_openssl_key_public(keys[alg]),
                                     .parts = {MESSAGE},
                                     .part_count = 1,
                                     .signature  = {g->signature, len}};
}

static yao_status run(yao_signature_check *checks, size_t count)
{
    return home->verify(home->ctx, checks, count);
}

static yao_sig_outcome outcome_of(good *g)
{
    assert_status(run(&g->check, 1), YAO_OK);
    return g->check.outcome;
}

/* What a home without the algorithm of G says in place of WANT. */
static yao_sig_outcome expected(const good *g, yao_sig_outcome want)
{
    return g->check.alg > last ? YAO_SIG_UNSUPPORTED : want;
}

/* ---- one change each ---- */

/* The order of P-256 and of P-384, big-endian. */
static const char *const orders[] = {
    NULL, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf"
    "581a0db248b0a77aecec196accc52973"};

static size_t half(const good *g)
{
    return g->check.signature.len / 2;
}

static void nothing(good *g)
{
    (void)g;
}

static void in_parts(good *g)
{
    yao_bytes m = MESSAGE;

    g->check.parts[0]   = (yao_bytes){m.ptr, 3};
    g->check.parts[1]   = (yao_bytes){NULL, 0};
    g->check.parts[2]   = (yao_bytes){m.ptr + 3, m.len - 3};
    g->check.part_count = 3;
}

static void compressed(good *g)
{
    yao_public_key *key = &g->check.key;

    key->point[0] = (uint8_t)(2 + (key->point[key->len - 1] & 1));
    key->len      = (uint8_t)(key->len / 2 + 1);
}

static void compressed_other_sign(good *g)
{
    compressed(g);
    g->check.key.point[0] ^= 1;
}

/* On neither curve has a point x = 1. */
static void compressed_off_curve(good *g)
{
    compressed(g);
    memset(g->check.key.point + 1, 0, g->check.key.len - 1u);
    g->check.key.point[g->check.key.len - 1] = 1;
}

static void other_message(good *g)
{
    g->check.parts[0] = YAO_LIT("SPECIMEN: what was signed.");
}

static void no_message(good *g)
{
    g->check.part_count = 0;
}

static void other_signature(good *g)
{
    g->signature[5] ^= 1;
}

static void signature_short(good *g)
{
    g->check.signature.len--;
}

static void signature_long(good *g)
{
    static uint8_t more[YAO_MAX_SIGNATURE + 1];

    memcpy(more, g->signature, g->check.signature.len);
    g->check.signature.ptr = more;
    g->check.signature.len++;
}

static void signature_empty(good *g)
{
    g->check.signature = (yao_bytes){NULL, 0};
}

static void signature_der(good *g)
{
    static uint8_t der[YAO_MAX_SIGNATURE] = {0x30, 62, 2, 29, 1};

    g->check.signature.ptr = der;
}

static void r_zero(good *g)
{
    memset(g->signature, 0, half(g));
}

static void s_zero(good *g)
{
    memset(g->signature + half(g), 0, half(g));
}

static void both_zero(good *g)
{
    memset(g->signature, 0, 2 * half(g));
}

static void r_order(good *g)
{
    memcpy(g->signature, test_unhex(orders[g->check.alg]).ptr, half(g));
}

static void s_order(good *g)
{
    memcpy(g->signature + half(g), test_unhex(orders[g->check.alg]).ptr,
           half(g));
}

static void s_above_order(good *g)
{
    memset(g->signature + half(g), 0xff, half(g));
}

static void other_key(good *g)
{
    yao_openssl_key *other;

    assert_status(yao_openssl_key_generate(g->check.alg, &other), YAO_OK);
    g->check.key = yao_openssl_key_public(other);
    yao_openssl_key_close(other);
}

static void key_off_curve(good *g)
{
    g->check.key.point[g->check.key.len - 1] ^= 1;
}

static void key_origin(good *g)
{
    memset(g->check.key.point + 1, 0, g->check.key.len - 1u);
}

static void key_above_p(good *g)
{
    memset(g->check.key.point + 1, 0xff, g->check.key.len - 1u);
}

static void key_infinity(good *g)
{
    g->check.key.point[0] = 0;
    g->check.key.len      = 1;
}

static void key_infinity_padded(good *g)
{
    memset(g->check.key.point, 0, g->check.key.len);
}

static void key_hybrid(good *g)
{
    g->check.key.point[0] =
        (uint8_t)(6 + (g->check.key.point[g->check.key.len - 1] & 1));
}

static void key_empty(good *g)
{
    g->check.key.len = 0;
}

static void key_short(good *g)
{
    g->check.key.len--;
}

static void no_key(good *g)
{
    g->check.key = (yao_public_key){.curve = YAO_CURVE_NONE};
}

static void curve_other(good *g)
{
    g->check.key.curve = g->check.key.curve == YAO_P256 ? YAO_P384 : YAO_P256;
}

static void alg_none(good *g)
{
    g->check.alg = YAO_SIG_NONE;
}

static void alg_unknown(good *g)
{
    g->check.alg = (yao_sig_alg)99;
}

static void alg_other(good *g)
{
    g->check.alg = g->check.alg == YAO_ES256 ? YAO_ES384 : YAO_ES256;
}

typedef struct change {
    const char *name;
    void (*change)(good *g);
    yao_sig_outcome want;
} change;

static const change changes[] = {
    {"accepts what was signed", nothing, YAO_SIG_GOOD},
    {"accepts the message in parts, one of them empty", in_parts, YAO_SIG_GOOD},
    {"accepts a compressed key", compressed, YAO_SIG_GOOD},
    {"refuses the other compressed key", compressed_other_sign, YAO_SIG_BAD},
    {"refuses a compressed key off its curve", compressed_off_curve,
     YAO_SIG_BAD},
    {"refuses another message", other_message, YAO_SIG_BAD},
    {"refuses no message", no_message, YAO_SIG_BAD},
    {"refuses another signature", other_signature, YAO_SIG_BAD},
    {"refuses a signature a byte short (N011)", signature_short, YAO_SIG_BAD},
    {"refuses a signature a byte long (N011)", signature_long, YAO_SIG_BAD},
    {"refuses no signature (N011)", signature_empty, YAO_SIG_BAD},
    {"refuses DER instead of r || s (N011)", signature_der, YAO_SIG_BAD},
    {"refuses r = 0 (N011)", r_zero, YAO_SIG_BAD},
    {"refuses s = 0 (N011)", s_zero, YAO_SIG_BAD},
    {"refuses r = s = 0 (N011)", both_zero, YAO_SIG_BAD},
    {"refuses r = n (N011)", r_order, YAO_SIG_BAD},
    {"refuses s = n (N011)", s_order, YAO_SIG_BAD},
    {"refuses s above n (N011)", s_above_order, YAO_SIG_BAD},
    {"refuses another key", other_key, YAO_SIG_BAD},
    {"refuses a key off its curve (N034)", key_off_curve, YAO_SIG_BAD},
    {"refuses the key (0, 0)", key_origin, YAO_SIG_BAD},
    {"refuses a key with coordinates above p", key_above_p, YAO_SIG_BAD},
    {"refuses the point at infinity (N034)", key_infinity, YAO_SIG_BAD},
    {"refuses a key of zeros (N034)", key_infinity_padded, YAO_SIG_BAD},
    {"refuses a hybrid key", key_hybrid, YAO_SIG_BAD},
    {"refuses an empty key", key_empty, YAO_SIG_BAD},
    {"refuses a key a byte short", key_short, YAO_SIG_BAD},
    {"refuses no key", no_key, YAO_SIG_BAD},
    {"refuses a key that claims the other curve", curve_other, YAO_SIG_BAD},
    {"refuses the other algorithm", alg_other, YAO_SIG_BAD},
    {"gives UNSUPPORTED for no algorithm", alg_none, YAO_SIG_UNSUPPORTED},
    {"gives UNSUPPORTED for an unknown one", alg_unknown, YAO_SIG_UNSUPPORTED},
};

static void case_change(void **state)
{
    const change *row = *state;

    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        good g;

        sign(&g, (yao_sig_alg)alg);
        row->change(&g);
        assert_int_equal(outcome_of(&g), expected(&g, row->want));
    }
}

/* The same with the good outcome remembered before: no change may meet it. */
static void case_change_remembered(void **state)
{
    const change *row = *state;

    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++) {
        good g;

        sign(&g, (yao_sig_alg)alg);
        g.check.repeats     = true;
        g.check.key_repeats = true;
        for (int i = 0; i < 2; i++)
            assert_int_equal(outcome_of(&g), expected(&g, YAO_SIG_GOOD));

        row->change(&g);
        for (int i = 0; i < 2; i++)
            assert_int_equal(outcome_of(&g), expected(&g, row->want));
    }
}

/* ---- memory and arrays ---- */

static void case_stale(void **state)
{
    good g;

    (void)state;
    sign(&g, YAO_ES256);
    g.check.part_count = YAO_MAX_PARTS + 1;
    g.check.outcome    = YAO_SIG_GOOD;
    assert_status(run(&g.check, 1), YAO_E_CRYPTO);
    assert_int_equal(g.check.outcome, YAO_SIG_UNCHECKED);
}

static void case_array(void **state)
{
    good                g[4];
    yao_signature_check checks[4];

    (void)state;
    for (int i = 0; i < 4; i++)
        sign(&g[i], i % 2 == 0 ? YAO_ES256 : YAO_ES384);
    g[1].signature[0] ^= 1;
    g[2].check.part_count = YAO_MAX_PARTS + 1;
    for (int i = 0; i < 4; i++)
        checks[i] = g[i].check;

    assert_status(run(checks, 4), YAO_E_CRYPTO);
    assert_int_equal(checks[0].outcome, YAO_SIG_GOOD);
    assert_int_equal(checks[1].outcome, expected(&g[1], YAO_SIG_BAD));
    assert_int_equal(checks[2].outcome, YAO_SIG_UNCHECKED);
    assert_int_equal(checks[3].outcome, expected(&g[3], YAO_SIG_GOOD));
    assert_status(run(NULL, 0), YAO_OK);
}

/* Every bit of key, signature and message, the good outcome remembered. */
static void case_every_bit(void **state)
{
    bool repeats = *state != NULL;
    good g;

    sign(&g, YAO_ES256);
    g.check.repeats = repeats;
    assert_int_equal(outcome_of(&g), YAO_SIG_GOOD);

    for (size_t bit = 0; bit < 64 * 8; bit++) {
        g.signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(outcome_of(&g), YAO_SIG_BAD);
        g.signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    for (size_t bit = 0; bit < 65 * 8; bit++) {
        g.check.key.point[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(outcome_of(&g), YAO_SIG_BAD);
        g.check.key.point[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }

    yao_bytes m = MESSAGE;
    uint8_t   message[64];
    memcpy(message, m.ptr, m.len);
    g.check.parts[0].ptr = message;
    for (size_t bit = 0; bit < m.len * 8; bit++) {
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(outcome_of(&g), YAO_SIG_BAD);
        message[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    assert_int_equal(outcome_of(&g), YAO_SIG_GOOD);
}

/*
 * With the secret 1 the key is G itself; r = n - e then gives u1 * G + u2 * Q
 * = infinity for every s. OpenSSL calls that a failure of its own.
 */
static void case_infinity(void **state)
{
    static const char g[] =
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";
    yao_bytes n = test_unhex(orders[YAO_ES256]), message = MESSAGE;
    uint8_t   e[32];
    int       borrow = 0;
    good      one;

    (void)state;
    sign(&one, YAO_ES256);
    memcpy(one.check.key.point, test_unhex(g).ptr, 65);
    assert_status(home->hash(home->ctx, YAO_SHA256, &message, 1, e), YAO_OK);
    for (int i = 31; i >= 0; i--) {
        int digit        = n.ptr[i] - e[i] - borrow;
        borrow           = digit < 0;
        one.signature[i] = (uint8_t)digit;
    }
    assert_int_equal(borrow, 0); /* e of this message is below n */
    assert_int_equal(outcome_of(&one), YAO_SIG_BAD);
}

bool home_contract_open(const yao_crypto *crypto, yao_sig_alg has)
{
    home = crypto;
    last = has;
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++)
        if (yao_openssl_key_generate((yao_sig_alg)alg, &keys[alg]) != YAO_OK)
            return false;

    for (size_t i = 0; i < COUNT(changes); i++) {
        test_add("verify", changes[i].name, case_change, &changes[i]);
        test_add("verify, remembered", changes[i].name, case_change_remembered,
                 &changes[i]);
    }
    test_add("verify", "never leaves an outcome from before", case_stale, NULL);
    test_add("verify", "gives an answer for each of many", case_array, NULL);
    test_add("verify", "refuses every flipped bit", case_every_bit, NULL);
    test_add("verify, remembered", "refuses every flipped bit", case_every_bit,
             &changes[0]);
    test_add("verify", "refuses what meets at infinity", case_infinity, NULL);
    return true;
}

void home_contract_close(void)
{
    for (int alg = YAO_ES256; alg <= YAO_ES384; alg++)
        yao_openssl_key_close(keys[alg]);
}
