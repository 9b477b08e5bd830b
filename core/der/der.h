/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DER_H
#define YAO_DER_H

/**
 * DER (X.690), read as a sequence of expectations, like CBOR.
 *
 *     yao_der_reader r = yao_der_open(input);
 *     yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);
 *     yao_bytes serial = yao_der_get(&seq, YAO_DER_INTEGER);
 *     yao_der_leave(&r, &seq);
 *     YAO_TRY(yao_der_close(&r));
 *
 * Refused: indefinite and non-minimal lengths, tags above 30, INTEGERs with
 * needless leading bytes, BOOLEANs other than 00 and FF.
 * Memory: views into the input.
 */

#include "yaopai/base.h"
#include "yaopai/writer.h"

#define YAO_DER_BOOLEAN     0x01
#define YAO_DER_INTEGER     0x02
#define YAO_DER_BIT_STRING  0x03
#define YAO_DER_OCTETS      0x04
#define YAO_DER_NULL        0x05
#define YAO_DER_OID         0x06
#define YAO_DER_UTF8        0x0c
#define YAO_DER_PRINTABLE   0x13
#define YAO_DER_IA5         0x16
#define YAO_DER_UTC_TIME    0x17
#define YAO_DER_TIME        0x18
#define YAO_DER_SEQUENCE    0x30
#define YAO_DER_SET         0x31
#define YAO_DER_CONTEXT(n)  (0x80u | (n)) /* primitive, implicit */
#define YAO_DER_EXPLICIT(n) (0xa0u | (n)) /* constructed */

typedef struct yao_der_reader {
    yao_bytes  rest;
    size_t     offset;
    yao_status status; /* sticky */
} yao_der_reader;

/** Start reading INPUT. No byte is looked at yet. */
yao_der_reader yao_der_open(yao_bytes input);

/** Errors: YAO_E_TRUNCATED, YAO_E_MALFORMED, YAO_E_NOT_SHORTEST met on the
 *  way, YAO_E_TRAILING. Source: X.690 sections 8, 10. */
YAO_MUST_USE yao_status yao_der_close(const yao_der_reader *r);
void yao_der_fail(yao_der_reader *r, yao_status failure);

/** The next tag, or 0. */
uint8_t yao_der_peek(const yao_der_reader *r);

/** Take an element with TAG and give its content. */
yao_bytes yao_der_get(yao_der_reader *r, uint8_t tag);

/** Take any element: content, and the whole with its head. */
typedef struct yao_der_item {
    uint8_t   tag;
    yao_bytes whole;
    yao_bytes content;
} yao_der_item;
yao_der_item yao_der_get_any(yao_der_reader *r);

/** Read inside an element with TAG; leave hands a failure or left-over bytes
 *  of INNER to R. */
yao_der_reader yao_der_enter(yao_der_reader *r, uint8_t tag);
void           yao_der_leave(yao_der_reader *r, const yao_der_reader *inner);

/** Simple values. A BIT STRING must have no unused bits (but see bits); an
 *  INTEGER is checked minimal, and small ones must be 0..2^31-1. */
bool      yao_der_get_bool(yao_der_reader *r);
uint32_t  yao_der_get_small(yao_der_reader *r);
yao_bytes yao_der_get_bits(yao_der_reader *r, uint8_t *unused);
/** UTCTime or GeneralizedTime as RFC 5280 section 4.1.2.5 wants them. */
yao_time  yao_der_get_time(yao_der_reader *r);

/* writing: an element around what is written until its end */
size_t yao_der_begin(yao_writer *w, uint8_t tag);
void   yao_der_end(yao_writer *w, size_t mark);
void   yao_der_put(yao_writer *w, uint8_t tag, yao_bytes content);
/** An INTEGER of unsigned big-endian bytes, made minimal and positive. */
void   yao_der_put_unsigned(yao_writer *w, yao_bytes big_endian);
/** UTCTime until 2049, GeneralizedTime from 2050. */
void   yao_der_put_time(yao_writer *w, yao_time time);

/** r || s of FIELD_LEN bytes each as SEQUENCE { INTEGER, INTEGER } and back.
 *  Errors: YAO_E_MALFORMED, YAO_E_TRAILING, YAO_E_TRUNCATED,
 *  YAO_E_NOT_SHORTEST; a number that needs more than FIELD_LEN bytes or is
 *  negative is YAO_E_MALFORMED. */
void yao_der_put_signature(yao_writer *w, yao_bytes raw);
YAO_MUST_USE yao_status yao_der_get_signature(yao_bytes der, size_t field_len,
                                              uint8_t *raw);

#endif
