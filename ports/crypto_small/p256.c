/* SPDX-License-Identifier: Apache-2.0 */
/*
 * y^2 = x^3 - 3x + b over the integers modulo p, of prime order n (SP 800-186
 * section 3.2.1.3). Variable in time: everything here is public.
 *
 * Numbers modulo p are in Montgomery's form throughout. Additions look for the
 * cases that the formulas do not cover (a point and itself, a point and its
 * opposite, infinity), since a forger chooses the points.
 */
#include "crypto_small/p256.h"

enum {
    WIDTH  = 5,                /* of a window, bits */
    ODD    = 1 << (WIDTH - 2), /* multiples 1, 3, ... 15 of a point */
    DIGITS = 257               /* a signed form is a bit longer */
};

/* clang-format off */
static const yao_modulus p = {
    {{0xffffffff, 0xffffffff, 0xffffffff, 0x00000000,
      0x00000000, 0x00000000, 0x00000001, 0xffffffff}},
    {{0x00000001, 0x00000000, 0x00000000, 0xffffffff,
      0xffffffff, 0xffffffff, 0xfffffffe, 0x00000000}},
    {{0x00000003, 0x00000000, 0xffffffff, 0xfffffffb,
      0xfffffffe, 0xffffffff, 0xfffffffd, 0x00000004}},
    1, true};

static const yao_modulus n = {
    {{0xfc632551, 0xf3b9cac2, 0xa7179e84, 0xbce6faad,
      0xffffffff, 0xffffffff, 0x00000000, 0xffffffff}},
    {{0x039cdaaf, 0x0c46353d, 0x58e8617b, 0x43190552,
      0x00000000, 0x00000000, 0xffffffff, 0x00000000}},
    {{0xbe79eea2, 0x83244c95, 0x49bd6fa6, 0x4699799c,
      0x2b6bec59, 0x2845b239, 0xf3d95620, 0x66e12d94}},
    0xee00bc4f, false};

/* b; (p + 1) / 4, the power that is a square root; n - 2, the power that is an
 * inverse; p - n */
static const yao_number b = {
    {0x29c4bddf, 0xd89cdf62, 0x78843090, 0xacf005cd,
     0xf7212ed6, 0xe5a220ab, 0x04874834, 0xdc30061d}};
static const yao_number root_power = {
    {0x00000000, 0x00000000, 0x40000000, 0x00000000,
     0x00000000, 0x40000000, 0xc0000000, 0x3fffffff}};
static const yao_number inverse_power = {
    {0xfc63254f, 0xf3b9cac2, 0xa7179e84, 0xbce6faad,
     0xffffffff, 0xffffffff, 0x00000000, 0xffffffff}};
static const yao_number p_less_n = {
    {0x039cdaae, 0x0c46353d, 0x58e8617b, 0x43190553,
     0x00000000, 0x00000000, 0x00000000, 0x00000000}};

/* x and y of G, 3 G, ... 15 G; p256_test.c uses each row of it */
static const yao_number generator[ODD][2] = {
    {{{0x18a9143c, 0x79e730d4, 0x5fedb601, 0x75ba95fc,
       0x77622510, 0x79fb732b, 0xa53755c6, 0x18905f76}},
     {{0xce95560a, 0xddf25357, 0xba19e45c, 0x8b4ab8e4,
       0xdd21f325, 0xd2e88688, 0x25885d85, 0x8571ff18}}},
    {{{0x4eebc127, 0xffac3f90, 0x087d81fb, 0xb027f84a,
       0x87cbbc98, 0x66ad77dd, 0xb6ff747e, 0x26936a3f}},
     {{0xc983a7eb, 0xb04c5c1f, 0x0861fe1a, 0x583e47ad,
       0x1a2ee98e, 0x78820831, 0xe587cc07, 0xd5f06a29}}},
    {{{0xc45c61f5, 0xbe1b8aae, 0x94b9537d, 0x90ec649a,
       0xd076c20c, 0x941cb5aa, 0x890523c8, 0xc9079605}},
     {{0xe7ba4f10, 0xeb309b4a, 0xe5eb882b, 0x73c568ef,
       0x7e7a1f68, 0x3540a987, 0x2dd1e916, 0x73a076bb}}},
    {{{0xa0173b4f, 0x0746354e, 0xd23c00f7, 0x2bd20213,
       0x0c23bb08, 0xf43eaab5, 0xc3123e03, 0x13ba5119}},
     {{0x3f5b9d4d, 0x2847d030, 0x5da67bdd, 0x6742f2f2,
       0x77c94195, 0xef933bdc, 0x6e240867, 0xeaedd915}}},
    {{{0x264e20e8, 0x75c96e8f, 0x59a7a841, 0xabe6bfed,
       0x44c8eb00, 0x2cc09c04, 0xf0c4e16b, 0xe05b3080}},
     {{0xa45f3314, 0x1eb7777a, 0xce5d45e3, 0x56af7bed,
       0x88b12f1a, 0x2b6e019a, 0xfd835f9b, 0x086659cd}}},
    {{{0x6245e404, 0xea7d260a, 0x6e7fdfe0, 0x9de40795,
       0x8dac1ab5, 0x1ff3a415, 0x649c9073, 0x3e7090f1}},
     {{0x2b944e88, 0x1a768561, 0xe57f61c8, 0x250f939e,
       0x1ead643d, 0x0c0daa89, 0xe125b88e, 0x68930023}}},
    {{{0x4b2ed709, 0xccc42563, 0x856fd30d, 0x0e356769,
       0x559e9811, 0xbcbcd43f, 0x5395b759, 0x738477ac}},
     {{0xc00ee17f, 0x35752b90, 0x742ed2e3, 0x68748390,
       0xbd1f5bc1, 0x7cd06422, 0xc9e7b797, 0xfbc08769}}},
    {{{0xbc60055b, 0x72bcd8b7, 0x56e27e4b, 0x03cc23ee,
       0xe4819370, 0xee337424, 0x0ad3da09, 0xe2aa0e43}},
     {{0x6383c45d, 0x40b8524f, 0x42a41b25, 0xd7663554,
       0x778a4797, 0x64efa6de, 0x7079adf4, 0x2042170a}}},
};
/* clang-format on */

static void mul(yao_number *out, const yao_number *x, const yao_number *y)
{
    yao_mod_mul(&p, out, x, y);
}

static void add(yao_number *out, const yao_number *x, const yao_number *y)
{
    yao_mod_add(&p, out, x, y);
}

static void subtract(yao_number *out, const yao_number *x, const yao_number *y)
{
    yao_mod_subtract(&p, out, x, y);
}

static void doubled(yao_number *out, const yao_number *x)
{
    yao_mod_add(&p, out, x, x);
}

/* ---- public keys ---- */

/* x^3 - 3x + b */
static yao_number right_side(const yao_number *x)
{
    yao_number out;

    mul(&out, x, x);
    mul(&out, &out, x);
    for (unsigned i = 0; i < 3; i++)
        subtract(&out, &out, x);
    add(&out, &out, &b);
    return out;
}

/* The y of RIGHT whose lowest bit is ODD_Y; a root only if RIGHT has one. */
static yao_number root(const yao_number *right, unsigned odd_y)
{
    static const yao_number one  = {{1}};
    static const yao_number zero = {{0}};
    yao_number              y, plain;

    yao_mod_power(&p, &y, right, &root_power);
    mul(&plain, &y, &one); /* out of Montgomery's form */
    if (yao_number_bit(&plain, 0) != odd_y)
        subtract(&y, &zero, &y);
    return y;
}

/* A coordinate, brought into Montgomery's form. */
static bool coordinate(const uint8_t in[32], yao_number *ret)
{
    yao_number a = yao_number_read(in);

    if (!yao_number_below(&a, &p.m))
        return false;
    mul(ret, &a, &p.square);
    return true;
}

bool yao_p256_import(const yao_public_key *key, yao_p256_point *ret)
{
    yao_p256_point point = {.z = p.one};
    yao_number     right, left;

    if (!coordinate(key->point + 1, &point.x))
        return false;
    right = right_side(&point.x);

    if (key->len == 33)
        point.y = root(&right, key->point[0] & 1);
    else if (!coordinate(key->point + 33, &point.y))
        return false;

    mul(&left, &point.y, &point.y);
    if (!yao_number_equal(&left, &right))
        return false;
    *ret = point;
    return true;
}

/* ---- points ---- */

/* dbl-2001-b of the Explicit-Formulas Database; infinity stays so, and no
 * point has order 2. */
static void twice(yao_p256_point *a)
{
    yao_number delta, gamma, beta, alpha, t;

    mul(&delta, &a->z, &a->z);
    mul(&gamma, &a->y, &a->y);
    mul(&beta, &a->x, &gamma);

    subtract(&t, &a->x, &delta); /* alpha = 3 (x - delta) (x + delta) */
    add(&alpha, &a->x, &delta);
    mul(&alpha, &alpha, &t);
    doubled(&t, &alpha);
    add(&alpha, &alpha, &t);

    add(&t, &a->y, &a->z); /* z = (y + z)^2 - gamma - delta */
    mul(&t, &t, &t);
    subtract(&t, &t, &gamma);
    subtract(&a->z, &t, &delta);

    doubled(&beta, &beta); /* x = alpha^2 - 8 beta */
    doubled(&beta, &beta);
    mul(&t, &alpha, &alpha);
    subtract(&t, &t, &beta);
    subtract(&a->x, &t, &beta);

    subtract(&t, &beta, &a->x); /* y = alpha (4 beta - x) - 8 gamma^2 */
    mul(&t, &alpha, &t);
    doubled(&gamma, &gamma);
    mul(&gamma, &gamma, &gamma);
    doubled(&gamma, &gamma);
    subtract(&a->y, &t, &gamma);
}

/* A += C, add-2007-bl without its tricks. */
static void plus(yao_p256_point *a, const yao_p256_point *c)
{
    yao_number u, s, h, r, hh, t;

    if (yao_number_zero(&c->z))
        return;
    if (yao_number_zero(&a->z)) {
        *a = *c;
        return;
    }

    mul(&hh, &c->z, &c->z); /* u = a.x c.z^2, s = a.y c.z^3 */
    mul(&u, &a->x, &hh);
    mul(&hh, &hh, &c->z);
    mul(&s, &a->y, &hh);

    mul(&hh, &a->z, &a->z); /* h = c.x a.z^2 - u, r = c.y a.z^3 - s */
    mul(&h, &c->x, &hh);
    subtract(&h, &h, &u);
    mul(&hh, &hh, &a->z);
    mul(&r, &c->y, &hh);
    subtract(&r, &r, &s);

    if (yao_number_zero(&h) && yao_number_zero(&r)) {
        twice(a);
        return;
    }

    mul(&a->z, &a->z, &c->z); /* z = a.z c.z h: 0 for opposite points */
    mul(&a->z, &a->z, &h);

    mul(&hh, &h, &h); /* x = r^2 - h^3 - 2 u h^2 */
    mul(&u, &u, &hh);
    mul(&hh, &hh, &h);
    mul(&t, &r, &r);
    subtract(&t, &t, &hh);
    subtract(&t, &t, &u);
    subtract(&a->x, &t, &u);

    subtract(&t, &u, &a->x); /* y = r (u h^2 - x) - s h^3 */
    mul(&t, &r, &t);
    mul(&hh, &s, &hh);
    subtract(&a->y, &t, &hh);
}

/* A += C or A -= C. */
static void plus_signed(yao_p256_point *a, yao_p256_point c, bool minus)
{
    static const yao_number zero = {{0}};

    if (minus)
        subtract(&c.y, &zero, &c.y);
    plus(a, &c);
}

/*
 * K in digits 0 or odd between -15 and 15, of which one in six is not 0 (the
 * width-5 non-adjacent form; Guide to Elliptic Curve Cryptography 3.35). A
 * window above 15 is taken as negative, and a one carried.
 */
static void recode(const yao_number *k, int8_t digits[DIGITS])
{
    unsigned carry = 0;

    for (unsigned i = 0; i < DIGITS; i++)
        digits[i] = 0;
    for (unsigned i = 0; i < DIGITS; i++) {
        if (yao_number_bit(k, i) == carry)
            continue;

        unsigned window = carry;
        for (unsigned j = 0; j < WIDTH; j++)
            window += yao_number_bit(k, i + j) << j;
        carry     = window >> (WIDTH - 1);
        digits[i] = (int8_t)((int)window - (int)(carry << WIDTH));
        i += WIDTH - 1;
    }
}

/* 1, 3, ... 15 times POINT. */
static void odd_multiples(const yao_p256_point *point, yao_p256_point out[ODD])
{
    yao_p256_point two = *point;

    twice(&two);
    out[0] = *point;
    for (unsigned i = 1; i < ODD; i++) {
        out[i] = out[i - 1];
        plus(&out[i], &two);
    }
}

/* U1 G + U2 KEY, both in one pass over the bits (Straus, Shamir). */
static yao_p256_point combine(const yao_number *u1, const yao_number *u2,
                              const yao_p256_point *key)
{
    yao_p256_point sum = {.z = {{0}}}, odd[ODD];
    int8_t         of_g[DIGITS], of_key[DIGITS];

    recode(u1, of_g);
    recode(u2, of_key);
    odd_multiples(key, odd);

    for (unsigned i = DIGITS; i-- > 0;) {
        int g = of_g[i], k = of_key[i];

        twice(&sum);
        if (g != 0) {
            const yao_number *xy = generator[(g < 0 ? -g : g) / 2];

            plus_signed(&sum, (yao_p256_point){xy[0], xy[1], p.one}, g < 0);
        }
        if (k != 0)
            plus_signed(&sum, odd[(k < 0 ? -k : k) / 2], k < 0);
    }
    return sum;
}

/* ---- ECDSA ---- */

/* Is x of POINT, which is below p, equal to R modulo n? No inversion: x z^2 is
 * compared, once for R and once for R + n where that is below p. */
static bool x_is(const yao_p256_point *point, const yao_number *r)
{
    yao_number zz, want;

    if (yao_number_zero(&point->z))
        return false;

    mul(&zz, &point->z, &point->z);
    mul(&want, &zz, &p.square);
    mul(&want, &want, r);
    if (yao_number_equal(&want, &point->x))
        return true;
    if (!yao_number_below(r, &p_less_n))
        return false;

    yao_number other;
    (void)yao_number_add(&other, r, &n.m);
    mul(&want, &zz, &p.square);
    mul(&want, &want, &other);
    return yao_number_equal(&want, &point->x);
}

static bool in_range(const yao_number *a)
{
    return !yao_number_zero(a) && yao_number_below(a, &n.m);
}

bool yao_p256_verify(const yao_p256_point *key, const uint8_t digest[32],
                     const uint8_t signature[64])
{
    yao_number e = yao_number_read(digest);
    yao_number r = yao_number_read(signature);
    yao_number s = yao_number_read(signature + 32);
    yao_number u1, u2;

    if (!in_range(&r) || !in_range(&s))
        return false;

    /* 1/s in Montgomery's form: products with it are plain again */
    yao_mod_mul(&n, &s, &s, &n.square);
    yao_mod_power(&n, &s, &s, &inverse_power);
    yao_mod_mul(&n, &u1, &s, &e);
    yao_mod_mul(&n, &u2, &s, &r);

    yao_p256_point point = combine(&u1, &u2, key);
    return x_is(&point, &r);
}
