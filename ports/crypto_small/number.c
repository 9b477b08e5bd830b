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

/*
 * Word by word (Koc, Acar, Kaliski 1996, "CIOS"): T grows by a * b[i], then by
 * the multiple of m that makes its lowest word zero, and loses that word. No
 * sum overflows: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
 */
void yao_mod_mul(const yao_modulus *m, yao_number *out, const yao_number *a,
                 const yao_number *b)
{
    uint32_t t[WORDS] = {0}, top = 0;

    for (unsigned i = 0; i < WORDS; i++) {
        uint64_t sum = 0, low;

        for (unsigned k = 0; k < WORDS; k++) {
            sum += (uint64_t)a->word[k] * b->word[i] + t[k];
            t[k] = (uint32_t)sum;
            sum >>= 32;
        }
        sum += top;

        uint32_t q = t[0] * m->inverse;
        low        = ((uint64_t)q * m->m.word[0] + t[0]) >> 32;
        for (unsigned k = 1; k < WORDS; k++) {
            low += (uint64_t)q * m->m.word[k] + t[k];
            t[k - 1] = (uint32_t)low;
            low >>= 32;
        }
        low += (uint32_t)sum;
        t[WORDS - 1] = (uint32_t)low;
        top          = (uint32_t)(sum >> 32) + (uint32_t)(low >> 32);
    }
    for (unsigned k = 0; k < WORDS; k++)
        out->word[k] = t[k];
    reduce(m, out, top);
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
