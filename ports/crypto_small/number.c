/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_small/number.h"

enum { WORDS = 8 };

yao_number yao_number_read(const uint8_t in[32])
{
    yao_number a = {{0}};

    for (unsigned i = 0; i < 32; i++)
        a.word[7 - i / 4] = a.word[7 - i / 4] << 8 | in[i];
    return a;
}

bool yao_number_zero(const yao_number *a)
{
    uint32_t any = 0;

    for (unsigned i = 0; i < WORDS; i++)
        any |= a->word[i];
    return any == 0;
}

bool yao_number_equal(const yao_number *a, const yao_number *b)
{
    uint32_t any = 0;

    for (unsigned i = 0; i < WORDS; i++)
        any |= a->word[i] ^ b->word[i];
    return any == 0;
}

bool yao_number_below(const yao_number *a, const yao_number *b)
{
    for (unsigned i = WORDS; i-- > 0;)
        if (a->word[i] != b->word[i])
            return a->word[i] < b->word[i];
    return false;
}

unsigned yao_number_bit(const yao_number *a, unsigned at)
{
    return at < 256 ? a->word[at / 32] >> at % 32 & 1 : 0;
}

uint32_t yao_number_add(yao_number *out, const yao_number *a,
                        const yao_number *b)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        sum += (uint64_t)a->word[i] + b->word[i];
        out->word[i] = (uint32_t)sum;
        sum >>= 32;
    }
    return (uint32_t)sum;
}

uint32_t yao_number_subtract(yao_number *out, const yao_number *a,
                             const yao_number *b)
{
    uint32_t borrow = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        uint64_t d = (uint64_t)a->word[i] - b->word[i] - borrow;

        out->word[i] = (uint32_t)d;
        borrow       = (uint32_t)(d >> 32) & 1;
    }
    return borrow;
}

/* OUT and a CARRY of 2^256 above it, less M where that is not above it. */
static void reduce(const yao_modulus *m, yao_number *out, uint32_t carry)
{
    if (carry != 0 || !yao_number_below(out, &m->m))
        (void)yao_number_subtract(out, out, &m->m);
}

void yao_mod_add(const yao_modulus *m, yao_number *out, const yao_number *a,
                 const yao_number *b)
{
    reduce(m, out, yao_number_add(out, a, b));
}

void yao_mod_subtract(const yao_modulus *m, yao_number *out,
                      const yao_number *a, const yao_number *b)
{
    if (yao_number_subtract(out, a, b) != 0)
        (void)yao_number_add(out, out, &m->m);
}

/* T += a * word; what goes above its eight words. */
static uint64_t add_product(uint32_t t[WORDS], const yao_number *a,
                            uint32_t word)
{
    uint64_t sum = 0;

    for (unsigned k = 0; k < WORDS; k++) {
        sum += (uint64_t)a->word[k] * word + t[k];
        t[k] = (uint32_t)sum;
        sum >>= 32;
    }
    return sum;
}

/* T, with TOP above it, plus the multiple of m that makes its lowest word
 * zero, and without that word. No sum overflows: (2^32 - 1)^2 + 2 (2^32 - 1) is
 * 2^64 - 1. */
static uint32_t drop_word(const yao_modulus *m, uint32_t t[WORDS], uint64_t top)
{
    uint32_t q   = t[0] * m->inverse;
    uint64_t low = ((uint64_t)q * m->m.word[0] + t[0]) >> 32;

    for (unsigned k = 1; k < WORDS; k++) {
        low += (uint64_t)q * m->m.word[k] + t[k];
        t[k - 1] = (uint32_t)low;
        low >>= 32;
    }
    low += (uint32_t)top;
    t[WORDS - 1] = (uint32_t)low;
    return (uint32_t)(top >> 32) + (uint32_t)(low >> 32);
}

/* The same for p, whose inverse is 1 and whose products need no
 * multiplication: t + q (2^256 - 2^224 + 2^192 + 2^96 - 1), t[0] being q. */
static uint32_t drop_word_p256(uint32_t t[WORDS], uint64_t top)
{
    uint32_t q   = t[0];
    uint64_t sum = (uint64_t)t[3] + q;

    t[0] = t[1];
    t[1] = t[2];
    t[2] = (uint32_t)sum;
    sum  = (sum >> 32) + t[4];
    t[3] = (uint32_t)sum;
    sum  = (sum >> 32) + t[5];
    t[4] = (uint32_t)sum;
    sum  = (sum >> 32) + t[6] + q;
    t[5] = (uint32_t)sum;
    sum  = (sum >> 32) + t[7] + ((uint64_t)q << 32) - q;
    t[6] = (uint32_t)sum;
    sum  = (sum >> 32) + (uint32_t)top;
    t[7] = (uint32_t)sum;
    return (uint32_t)(top >> 32) + (uint32_t)(sum >> 32);
}

/* Word by word (Koc, Acar, Kaliski 1996, "CIOS"): T grows by a * b[i], then
 * loses its lowest word. */
void yao_mod_mul(const yao_modulus *m, yao_number *out, const yao_number *a,
                 const yao_number *b)
{
    uint32_t t[WORDS] = {0}, carry = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        uint64_t top = add_product(t, a, b->word[i]) + carry;

        carry = m->p256 ? drop_word_p256(t, top) : drop_word(m, t, top);
    }
    for (unsigned k = 0; k < WORDS; k++)
        out->word[k] = t[k];
    reduce(m, out, carry);
}

void yao_mod_power(const yao_modulus *m, yao_number *out, const yao_number *a,
                   const yao_number *e)
{
    yao_number base = *a, product = m->one;

    for (unsigned i = 256; i-- > 0;) {
        yao_mod_mul(m, &product, &product, &product);
        if (yao_number_bit(e, i) != 0)
            yao_mod_mul(m, &product, &product, &base);
    }
    *out = product;
}
