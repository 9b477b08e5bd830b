/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CRYPTO_SMALL_NUMBER_H
#define YAO_CRYPTO_SMALL_NUMBER_H

/**
 * Arithmetic modulo a 256-bit prime, for public numbers: its time depends on
 * them.
 *
 * Products are those of Montgomery: yao_mod_mul gives a * b / 2^256. A number
 * is brought into his form by multiplying with `square`, and back with 1. All
 * results are below the modulus, so equal numbers have equal words.
 * Results may be written over arguments.
 */

#include "yaopai/base.h"

typedef struct yao_number {
    uint32_t word[8]; /* the lowest first */
} yao_number;

typedef struct yao_modulus {
    yao_number m;       /* odd, above 2^255 */
    yao_number one;     /* 2^256 mod m: 1 in Montgomery's form */
    yao_number square;  /* 2^512 mod m */
    uint32_t   inverse; /* -1/m mod 2^32 */
    bool       p256;    /* m is 2^256 - 2^224 + 2^192 + 2^96 - 1 */
} yao_modulus;

/** 32 bytes, big-endian. */
yao_number yao_number_read(const uint8_t in[32]);

/** Is A zero, equal to B, below B? */
bool yao_number_zero(const yao_number *a);
/** See above. */
bool yao_number_equal(const yao_number *a, const yao_number *b);
/** See above. */
bool yao_number_below(const yao_number *a, const yao_number *b);

/** Bit AT, 0 the lowest; 0 above the highest. */
unsigned yao_number_bit(const yao_number *a, unsigned at);

/** Sum and difference modulo 2^256; the answer is the carry or borrow. */
uint32_t yao_number_add(yao_number *out, const yao_number *a,
                        const yao_number *b);
uint32_t yao_number_subtract(yao_number *out, const yao_number *a,
                             const yao_number *b);

/** The same modulo M, of numbers below M. */
void yao_mod_add(const yao_modulus *m, yao_number *out, const yao_number *a,
                 const yao_number *b);
void yao_mod_subtract(const yao_modulus *m, yao_number *out,
                      const yao_number *a, const yao_number *b);

/** a * b / 2^256 modulo M; A below M, B any number. */
void yao_mod_mul(const yao_modulus *m, yao_number *out, const yao_number *a,
                 const yao_number *b);

/** A to the power of E, both A and the result in Montgomery's form. */
void yao_mod_power(const yao_modulus *m, yao_number *out, const yao_number *a,
                   const yao_number *e);

#endif
