/* SPDX-License-Identifier: Apache-2.0 */
#include "cbor/cbor_float.h"

/*
 * The shortest decimal that is nearest to the number and to no other double,
 * by whole numbers only: Burger and Dybvig, "Printing floating-point numbers
 * quickly and accurately" (1996), the free-format algorithm. Slow, and that is
 * all right for what a person reads; exact on a machine without doubles.
 *
 *     value = rest / whole;  the double below is under / whole away, the one
 *     above over / whole; half of each is what may be left out
 */

enum { WORDS = 36 }; /* 2^1075 times ten, and room for a carry */

typedef struct big {
    uint32_t word[WORDS]; /* lowest first */
} big;

typedef struct ratio {
    big  rest, whole, under, over;
    bool even; /* the ends belong to the number */
} ratio;

/* A double, of which halves and singles are a part: mantissa * 2^exponent. */
typedef struct number {
    uint64_t mantissa; /* below 2^53 */
    int32_t  exponent;
} number;

enum { MANTISSA = 52, LOWEST = -1074 };

static void times(big *a, uint32_t factor)
{
    uint64_t carry = 0;

    for (size_t i = 0; i < WORDS; i++) {
        carry += (uint64_t)a->word[i] * factor;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static big power(uint64_t value, int32_t exponent)
{
    big a = {{(uint32_t)value, (uint32_t)(value >> 32)}};

    for (; exponent >= 31; exponent -= 31)
        times(&a, 1u << 31);
    if (exponent > 0)
        times(&a, 1u << exponent);
    return a;
}

static void times_tens(big *a, int32_t tens)
{
    for (; tens >= 9; tens -= 9)
        times(a, 1000000000);
    for (; tens > 0; tens--)
        times(a, 10);
}

static big sum(const big *a, const big *b)
{
    big      c;
    uint64_t carry = 0;

    for (size_t i = 0; i < WORDS; i++) {
        carry += (uint64_t)a->word[i] + b->word[i];
        c.word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    return c;
}

/* A must not be below B. */
static void subtract(big *a, const big *b)
{
    uint64_t borrow = 0;

    for (size_t i = 0; i < WORDS; i++) {
        uint64_t d = (uint64_t)a->word[i] - b->word[i] - borrow;

        a->word[i] = (uint32_t)d;
        borrow     = d >> 63;
    }
}

static int compare(const big *a, const big *b)
{
    for (size_t i = WORDS; i > 0; i--)
        if (a->word[i - 1] != b->word[i - 1])
            return a->word[i - 1] < b->word[i - 1] ? -1 : 1;

    return 0;
}

static ratio split(number n)
{
    int32_t up   = n.exponent > 0 ? n.exponent : 0;
    int32_t down = n.exponent < 0 ? -n.exponent : 0;
    bool    edge = n.mantissa == (uint64_t)1 << MANTISSA && n.exponent > LOWEST;

    ratio r = {.rest  = power(n.mantissa, up + 1),
               .whole = power(1, down + 1),
               .under = power(1, up),
               .over  = power(1, up),
               .even  = (n.mantissa & 1) == 0};

    /* the double below a power of two is half as far as the one above */
    if (edge) {
        times(&r.rest, 2);
        times(&r.whole, 2);
        times(&r.over, 2);
    }
    return r;
}

/* Does adding `over` reach the next digit? */
static bool high(const ratio *r)
{
    big far = sum(&r->rest, &r->over);

    return compare(&far, &r->whole) >= (r->even ? 0 : 1);
}

static void times_ten(ratio *r, int32_t tens)
{
    times_tens(&r->rest, tens);
    times_tens(&r->under, tens);
    times_tens(&r->over, tens);
}

/* How many powers of ten are in N, or fewer by up to two. */
static int32_t guess(number n)
{
    int32_t bits = n.exponent;

    for (uint64_t m = n.mantissa; m > 1; m >>= 1)
        bits++;
    return bits * 1233 / 4096 - 1; /* the logarithm of 2 */
}

/* Bring R, which is N, below 1 and not below 1/10; gives the power of ten. */
static int32_t scale(ratio *r, number n)
{
    int32_t ten = guess(n);

    times_tens(&r->whole, ten);
    times_ten(r, -ten);
    for (; high(r); ten++)
        times(&r->whole, 10);
    for (;; ten--) {
        ratio next = *r;

        times_ten(&next, 1);
        if (high(&next))
            return ten;
        *r = next;
    }
}

/* The digits behind the point of R; at most 17. */
static size_t generate(ratio *r, uint8_t digits[YAO_CBOR_DIGITS])
{
    size_t count = 0;
    bool   down = false, up = false;

    while (!down && !up && count < YAO_CBOR_DIGITS) {
        uint8_t digit = 0;

        times_ten(r, 1);
        for (; compare(&r->rest, &r->whole) >= 0; digit++)
            subtract(&r->rest, &r->whole);
        down            = compare(&r->rest, &r->under) < (r->even ? 1 : 0);
        up              = high(r);
        digits[count++] = digit;
    }

    if (up && down) {
        times(&r->rest, 2);
        up = compare(&r->rest, &r->whole) >= 0;
    }
    if (up)
        digits[count - 1]++;
    return count;
}

static void put_digits(yao_writer *w, const uint8_t *digits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        yao_put_byte(w, (uint8_t)('0' + digits[i]));
}

static void put_zeros(yao_writer *w, int32_t count)
{
    for (int32_t i = 0; i < count; i++)
        yao_put_byte(w, '0');
}

/* 0.DIGITS times ten to the power TEN, as RFC 8949 appendix A writes it: a
 * point always, an exponent for what is very large or very small. */
static void put_decimal(yao_writer *w, const uint8_t *digits, int32_t count,
                        int32_t ten)
{
    if (ten > 21 || ten < -5) {
        put_digits(w, digits, 1);
        yao_put_byte(w, '.');
        put_digits(w, digits + 1, (size_t)count - 1);
        yao_put_text(w, count == 1 ? "0e" : "e");
        if (ten > 0)
            yao_put_byte(w, '+');
        yao_put_decimal(w, ten - 1);
    } else if (ten <= 0) {
        yao_put_text(w, "0.");
        put_zeros(w, -ten);
        put_digits(w, digits, (size_t)count);
    } else {
        int32_t before = count < ten ? count : ten;

        put_digits(w, digits, (size_t)before);
        put_zeros(w, ten - before);
        yao_put_byte(w, '.');
        put_digits(w, digits + before, (size_t)(count - before));
        if (count == before)
            yao_put_byte(w, '0');
    }
}

/* Widen FRACTION and EXPONENT, as they stand in a float of FORM. */
static number widen(const yao_cbor_float_form *form, uint64_t fraction,
                    int32_t exponent)
{
    int32_t bias = (1 << (form->exponent_bits - 1)) - 1;
    number  n    = {fraction, (exponent == 0 ? 1 : exponent) - bias -
                                  (int32_t)form->fraction_bits};

    if (exponent != 0)
        n.mantissa |= (uint64_t)1 << form->fraction_bits;
    while (n.mantissa < (uint64_t)1 << MANTISSA && n.exponent > LOWEST) {
        n.mantissa <<= 1;
        n.exponent--;
    }
    return n;
}

void yao_cbor_put_float(yao_writer *w, const yao_cbor_float_form *form,
                        uint64_t bits)
{
    int32_t  most     = (1 << form->exponent_bits) - 1;
    int32_t  exponent = (int32_t)(bits >> form->fraction_bits) & most;
    uint64_t fraction = bits & (((uint64_t)1 << form->fraction_bits) - 1);
    bool     minus = bits >> (form->exponent_bits + form->fraction_bits) != 0;
    uint8_t  digits[YAO_CBOR_DIGITS];

    if (minus && (exponent != most || fraction == 0))
        yao_put_byte(w, '-');
    if (exponent == most) {
        yao_put_text(w, fraction == 0 ? "Infinity" : "NaN");
        return;
    }
    if (exponent == 0 && fraction == 0) {
        yao_put_text(w, "0.0");
        return;
    }

    number  n     = widen(form, fraction, exponent);
    ratio   r     = split(n);
    int32_t ten   = scale(&r, n);
    size_t  count = generate(&r, digits);

    put_decimal(w, digits, (int32_t)count, ten);
}
