/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's numbers as a second opinion, at the edges of words, modulus and
 * range as well as at random. */
#include "crypto_small/number.h"

#include <openssl/bn.h>

#include "check.h"

/* The last prime below 2^256, where carries are longest; and p of P-256, by the
 * general way and by its own. */
static const struct field {
    const char *name, *prime;
    bool        p256;
} fields[] = {
    {"2^256 - 189",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff43", false},
    {"p", "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
     false},
    {"p, its own way",
     "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", true},
};

static yao_modulus modulus;
static BIGNUM     *prime, *range;
static BN_CTX     *numbers;

static yao_number number_of(const BIGNUM *a)
{
    uint8_t bytes[32];

    assert_int_equal(BN_bn2binpad(a, bytes, 32), 32);
    return yao_number_read(bytes);
}

static void assert_number(const yao_number *got, const BIGNUM *want)
{
    yao_number number = number_of(want);

    assert_true(yao_number_equal(got, &number));
}

static void open_modulus(const struct field *field)
{
    BIGNUM  *a       = BN_new();
    uint32_t inverse = 1;

    assert_int_not_equal(BN_hex2bn(&prime, field->prime), 0);
    modulus.p256 = field->p256;

    modulus.m = number_of(prime);
    BN_nnmod(a, range, prime, numbers);
    modulus.one = number_of(a);
    BN_mod_sqr(a, a, prime, numbers);
    modulus.square = number_of(a);
    for (unsigned i = 0; i < 5; i++) /* Newton's iteration doubles the bits */
        inverse *= 2 - modulus.m.word[0] * inverse;
    modulus.inverse = 0 - inverse;
    BN_free(a);
}

/* The I-th number below LIMIT: edges first, then any. */
static BIGNUM *draw(unsigned i, const BIGNUM *limit)
{
    BIGNUM *a = BN_new();

    if (i < 3) {
        BN_set_word(a, i);
    } else if (i < 6) {
        BN_copy(a, limit);
        BN_sub_word(a, i - 2);
    } else if (i < 14) {
        BN_set_bit(a, 32 * (int)(i - 6) + 31);
        BN_sub_word(a, 1);
    } else {
        BN_rand_range(a, limit);
    }
    return a;
}

static void try_pair(const BIGNUM *a, const BIGNUM *c)
{
    BIGNUM    *want = BN_new();
    yao_number x = number_of(a), y = number_of(c), out;

    assert_int_equal(yao_number_below(&x, &y), BN_cmp(a, c) < 0);
    assert_int_equal(yao_number_equal(&x, &y), BN_cmp(a, c) == 0);

    yao_mod_add(&modulus, &out, &x, &y);
    BN_mod_add(want, a, c, prime, numbers);
    assert_number(&out, want);

    yao_mod_subtract(&modulus, &out, &x, &y);
    BN_mod_sub(want, a, c, prime, numbers);
    assert_number(&out, want);

    yao_mod_mul(&modulus, &out, &x, &y); /* and times 2^256 */
    yao_mod_mul(&modulus, &out, &out, &modulus.square);
    BN_mod_mul(want, a, c, prime, numbers);
    assert_number(&out, want);

    yao_mod_mul(&modulus, &x, &x, &y); /* written over an argument */
    yao_mod_mul(&modulus, &x, &x, &modulus.square);
    assert_number(&x, want);
    BN_free(want);
}

static void case_pairs(void **state)
{
    open_modulus(*state);
    for (unsigned i = 0; i < 64; i++) {
        for (unsigned k = 0; k < 64; k++) {
            BIGNUM *a = draw(i, prime), *c = draw(k, prime);

            try_pair(a, c);
            BN_free(c);
            BN_free(a);
        }
    }
}

/* The second factor may be any number of 256 bits. */
static void case_wide(void **state)
{
    open_modulus(*state);
    for (unsigned i = 0; i < 64; i++) {
        for (unsigned k = 0; k < 64; k++) {
            BIGNUM    *a = draw(i, prime), *c = draw(k, range);
            yao_number x = number_of(a), y = number_of(c);

            yao_mod_mul(&modulus, &x, &x, &y);
            yao_mod_mul(&modulus, &x, &x, &modulus.square);
            BN_mod_mul(a, a, c, prime, numbers);
            assert_number(&x, a);
            BN_free(c);
            BN_free(a);
        }
    }
}

static void case_power(void **state)
{
    open_modulus(*state);
    for (unsigned i = 0; i < 40; i++) {
        BIGNUM    *a = draw(i, prime), *e = draw(39 - i, range);
        yao_number x = number_of(a), y = number_of(e), one = {{1}};

        yao_mod_mul(&modulus, &x, &x, &modulus.square);
        yao_mod_power(&modulus, &x, &x, &y);
        yao_mod_mul(&modulus, &x, &x, &one);
        BN_mod_exp(a, a, e, prime, numbers);
        assert_number(&x, a);
        BN_free(e);
        BN_free(a);
    }
}

static void case_bits(void **state)
{
    open_modulus(*state);

    yao_number a = number_of(prime);
    for (unsigned i = 0; i < 256; i++)
        assert_int_equal(yao_number_bit(&a, i), BN_is_bit_set(prime, (int)i));
    assert_int_equal(yao_number_bit(&a, 256), 0);
    assert_int_equal(yao_number_bit(&a, 300), 0);
}

int main(void)
{
    numbers = BN_CTX_new();
    range   = BN_new();
    if (numbers == NULL || range == NULL || BN_set_bit(range, 256) == 0)
        return 99;

    for (size_t i = 0; i < COUNT(fields); i++) {
        const struct field *f = &fields[i];

        test_add(f->name, "gives sums, differences and products", case_pairs,
                 f);
        test_add(f->name, "gives products with a factor above the modulus",
                 case_wide, f);
        test_add(f->name, "gives powers", case_power, f);
        test_add(f->name, "gives bits, and none above the highest", case_bits,
                 f);
    }

    int failed = test_run("crypto_small/number");
    BN_free(range);
    BN_free(prime);
    BN_CTX_free(numbers);
    return failed;
}
