/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What random signatures never show: sums in which a point meets itself, its
 * opposite, or infinity, and an x above the order. The keys are G and -G, so
 * the rows of both tables are the same points; OpenSSL's numbers say what r
 * must be.
 */
#include "crypto_small/p256.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include "check.h"

static EC_GROUP *group;
static BN_CTX   *numbers;
static BIGNUM   *order;

/* G, or its opposite. */
static yao_p256_point base(bool opposite)
{
    yao_public_key key = {.curve = YAO_P256};
    EC_POINT      *g   = EC_POINT_dup(EC_GROUP_get0_generator(group), group);
    yao_p256_point ret;

    if (opposite)
        assert_int_equal(EC_POINT_invert(group, g, numbers), 1);
    key.len =
        (uint8_t)EC_POINT_point2oct(group, g, POINT_CONVERSION_UNCOMPRESSED,
                                    key.point, sizeof key.point, numbers);
    EC_POINT_free(g);
    assert_int_equal(key.len, 65);
    assert_true(yao_p256_import(&key, &ret));
    return ret;
}

/* r = x of (U1 + U2) G, s = r / U2, e = U1 s: a signature whose sums are those
 * of U1 and U2. False when they meet at infinity; then r is any number. */
static bool forge(const BIGNUM *u1, const BIGNUM *u2, uint8_t digest[32],
                  uint8_t signature[64])
{
    EC_POINT *sum = EC_POINT_new(group);
    BIGNUM   *k = BN_new(), *r = BN_new(), *s = BN_new(), *e = BN_new();

    BN_mod_add(k, u1, u2, order, numbers);
    bool finite = !BN_is_zero(k);
    if (finite) {
        EC_POINT_mul(group, sum, k, NULL, NULL, numbers);
        EC_POINT_get_affine_coordinates(group, sum, r, NULL, numbers);
        BN_nnmod(r, r, order, numbers);
    } else {
        BN_set_word(r, 7);
    }
    BN_mod_inverse(s, u2, order, numbers);
    BN_mod_mul(s, s, r, order, numbers);
    BN_mod_mul(e, u1, s, order, numbers);

    assert_int_equal(BN_bn2binpad(e, digest, 32), 32);
    assert_int_equal(BN_bn2binpad(r, signature, 32), 32);
    assert_int_equal(BN_bn2binpad(s, signature + 32, 32), 32);
    BN_free(e);
    BN_free(s);
    BN_free(r);
    BN_free(k);
    EC_POINT_free(sum);
    return finite;
}

/* With the key -G, U2 is taken negative, so that the sum is the same. */
static void try_sum(const BIGNUM *u1, const BIGNUM *u2, bool opposite)
{
    yao_p256_point key = base(opposite);
    uint8_t        digest[32], signature[64];

    bool finite = forge(u1, u2, digest, signature);
    if (opposite) { /* s = r / -u2 gives u2 of the other sign, and e = u1 s */
        BIGNUM *s = BN_bin2bn(signature + 32, 32, NULL);
        BIGNUM *e = BN_bin2bn(digest, 32, NULL);

        BN_sub(s, order, s);
        if (!BN_is_zero(e))
            BN_sub(e, order, e);
        assert_int_equal(BN_bn2binpad(s, signature + 32, 32), 32);
        assert_int_equal(BN_bn2binpad(e, digest, 32), 32);
        BN_free(e);
        BN_free(s);
    }
    assert_int_equal(yao_p256_verify(&key, digest, signature), finite);
    signature[31] ^= 1;
    assert_false(yao_p256_verify(&key, digest, signature));
}

/* Small sums of every pair of table rows, with either sign of each. */
static void case_small(void **state)
{
    BIGNUM *u1 = BN_new(), *u2 = BN_new();

    (void)state;
    for (unsigned i = 0; i < 36; i++) {
        for (unsigned k = 1; k < 36; k++) {
            BN_set_word(u1, i);
            BN_set_word(u2, k);
            try_sum(u1, u2, false);
            try_sum(u1, u2, true);
            BN_sub(u2, order, u2);
            try_sum(u1, u2, false);
            try_sum(u1, u2, true);
            if (i != 0)
                BN_sub(u1, order, u1);
            try_sum(u1, u2, i % 2 == 0);
        }
    }
    BN_free(u1);
    BN_free(u2);
}

/* Long sums of equal numbers, of opposite ones, and of neighbours. */
static void case_long(void **state)
{
    BIGNUM *u1 = BN_new(), *u2 = BN_new();

    (void)state;
    for (unsigned i = 0; i < 60; i++) {
        BN_rand_range(u1, order);
        if (BN_is_zero(u1))
            continue;
        BN_copy(u2, u1);
        try_sum(u1, u2, i % 2 == 0);
        BN_sub(u2, order, u2);
        try_sum(u1, u2, i % 2 == 0);
        try_sum(u1, u2, i % 2 != 0);
        for (unsigned j = 1; j < 18; j += 4) {
            BN_mod_add(u2, u2, BN_value_one(), order, numbers);
            if (!BN_is_zero(u2))
                try_sum(u1, u2, j % 3 == 0);
        }
    }
    BN_free(u1);
    BN_free(u2);
}

/* ---- an x that is not below the order ---- */

/* The points with the least x above n, 3 above it, and with the greatest. The
 * key is that point; e = 0 and s = r make u1 = 0 and u2 = 1. */
static const struct {
    const char *name, *x, *r;
} above[] = {
    {"accepts r = x - n, the least",
     "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632554",
     "0000000000000000000000000000000000000000000000000000000000000003"},
    {"accepts r = x - n, the greatest",
     "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
     "000000000000000000000000000000004319055358e8617b0c46353d039cdaab"},
};

static void case_above(void **state)
{
    size_t         i        = (size_t)(uintptr_t)*state;
    yao_public_key key      = {.curve = YAO_P256, .point = {2}, .len = 33};
    uint8_t        none[32] = {0}, signature[64];
    yao_p256_point point;

    memcpy(key.point + 1, test_unhex(above[i].x).ptr, 32);
    assert_true(yao_p256_import(&key, &point));
    memcpy(signature, test_unhex(above[i].r).ptr, 32);
    memcpy(signature + 32, test_unhex(above[i].r).ptr, 32);
    assert_true(yao_p256_verify(&point, none, signature));

    signature[31]++; /* another r, and s with it, so that u2 stays 1 */
    signature[63]++;
    assert_false(yao_p256_verify(&point, none, signature));
}

/* ---- keys ---- */

static const struct {
    const char *name, *point;
    bool        want;
} points[] = {
    {"accepts the generator",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
     true},
    {"refuses it with y one more",
     "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
     "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f6",
     false},
    {"accepts x = 0",
     "020000000000000000000000000000000000000000000000000000000000000000",
     true},
    {"refuses x = p, which is 0",
     "02ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
     false},
    {"refuses x = 2^256 - 1",
     "02ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
     false},
    {"refuses (0, 0)",
     "040000000000000000000000000000000000000000000000000000000000000000"
     "0000000000000000000000000000000000000000000000000000000000000000",
     false},
    {"refuses x = 1, which is on no point",
     "030000000000000000000000000000000000000000000000000000000000000001",
     false},
};

static void case_point(void **state)
{
    size_t         i     = (size_t)(uintptr_t)*state;
    yao_bytes      bytes = test_unhex(points[i].point);
    yao_public_key key   = {.curve = YAO_P256, .len = (uint8_t)bytes.len};
    yao_p256_point ret   = {.z = {{42}}};

    memcpy(key.point, bytes.ptr, bytes.len);
    assert_int_equal(yao_p256_import(&key, &ret), points[i].want);
    if (!points[i].want)
        assert_int_equal(ret.z.word[0], 42);
}

/* Both signs of y of many points are those that OpenSSL finds. */
static void case_decompress(void **state)
{
    BIGNUM   *k     = BN_new();
    EC_POINT *point = EC_POINT_new(group);

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        yao_public_key shorter = {.curve = YAO_P256, .len = 33};
        yao_public_key longer  = {.curve = YAO_P256, .len = 65};
        yao_p256_point a, c;

        BN_rand_range(k, order);
        EC_POINT_mul(group, point, k, NULL, NULL, numbers);
        EC_POINT_point2oct(group, point, POINT_CONVERSION_COMPRESSED,
                           shorter.point, 33, numbers);
        EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
                           longer.point, 65, numbers);
        assert_true(yao_p256_import(&shorter, &a));
        assert_true(yao_p256_import(&longer, &c));
        assert_memory_equal(&a, &c, sizeof a);
        shorter.point[0] ^= 1;
        assert_true(yao_p256_import(&shorter, &a));
        assert_memory_not_equal(&a.y, &c.y, sizeof a.y);
    }
    EC_POINT_free(point);
    BN_free(k);
}

int main(void)
{
    group   = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    numbers = BN_CTX_new();
    order   = BN_dup(EC_GROUP_get0_order(group));

    test_add("verify", "gives right sums where points meet", case_small, NULL);
    test_add("verify", "gives right sums of long numbers", case_long, NULL);
    for (size_t i = 0; i < COUNT(above); i++)
        test_add("verify", above[i].name, case_above,
                 (const void *)(uintptr_t)i);
    for (size_t i = 0; i < COUNT(points); i++)
        test_add("import", points[i].name, case_point,
                 (const void *)(uintptr_t)i);
    test_add("import", "gives the y that OpenSSL finds", case_decompress, NULL);

    int failed = test_run("crypto_small/p256");
    BN_free(order);
    BN_CTX_free(numbers);
    EC_GROUP_free(group);
    return failed;
}
