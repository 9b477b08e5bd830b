/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_CBOR_FLOAT_H
#define YAO_CBOR_FLOAT_H

/**
 * Floating point as decimals, for diagnostic notation only: no value of ours
 * is one, but a document of others may hold some. Private to this folder.
 */

#include "yaopai/writer.h"

#define YAO_CBOR_DIGITS 17 /* a double never needs more */

typedef struct yao_cbor_float_form {
    uint8_t exponent_bits;
    uint8_t fraction_bits;
} yao_cbor_float_form;

/* Write the float whose bits are BITS. A half or single is shown as the double
 * of the same value (RFC 8949 appendix A). */
void yao_cbor_put_float(yao_writer *w, const yao_cbor_float_form *form,
                        uint64_t bits);

#endif
