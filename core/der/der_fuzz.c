/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Property: there is one encoding. What the reader takes is, written again
 * element by element, the same bytes; and OpenSSL reads it too. The same for
 * signatures, whose numbers OpenSSL must agree on.
 */

#include "der/der.h"
#include "yaopai/limits.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <stdlib.h>
#include <string.h>

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Write again what is left in R. Deeper than the limit it is copied. */
static void copy(yao_der_reader *r, yao_writer *w, int depth)
{
    while (yao_der_peek(r) != 0) {
        yao_der_item item = yao_der_get_any(r);
        if ((item.tag & 0x20) == 0 || depth == YAO_MAX_DEPTH) {
            yao_der_put(w, item.tag, item.content);
            continue;
        }
        yao_der_reader inner = yao_der_open(item.content);
        size_t         mark  = yao_der_begin(w, item.tag);
        copy(&inner, w, depth + 1);
        yao_der_end(w, mark);
        yao_der_leave(r, &inner);
    }
}

static void elements(yao_bytes input, uint8_t *room)
{
    yao_der_reader r = yao_der_open(input);
    yao_writer     w = yao_writer_open(room, input.len);
    yao_bytes      out;

    copy(&r, &w, 0);
    if (yao_der_close(&r) != YAO_OK)
        return;
    must(yao_writer_close(&w, &out) == YAO_OK);
    must(yao_bytes_equal(out, input));
}

static void signature(yao_bytes input)
{
    uint8_t    raw[96], again[128], theirs[48];
    yao_writer w = yao_writer_open(again, sizeof again);
    yao_bytes  out;

    if (yao_der_get_signature(input, 48, raw) != YAO_OK)
        return;
    yao_der_put_signature(&w, (yao_bytes){raw, sizeof raw});
    must(yao_writer_close(&w, &out) == YAO_OK);
    must(yao_bytes_equal(out, input));

    const uint8_t *p   = input.ptr;
    ECDSA_SIG     *sig = d2i_ECDSA_SIG(NULL, &p, (long)input.len);
    must(sig != NULL);
    must(BN_bn2binpad(ECDSA_SIG_get0_r(sig), theirs, 48) == 48);
    must(memcmp(theirs, raw, 48) == 0);
    must(BN_bn2binpad(ECDSA_SIG_get0_s(sig), theirs, 48) == 48);
    must(memcmp(theirs, raw + 48, 48) == 0);
    ECDSA_SIG_free(sig);
}

static void a_time(yao_bytes input)
{
    yao_der_reader r    = yao_der_open(input);
    yao_time       time = yao_der_get_time(&r);
    uint8_t        again[32];
    yao_writer     w = yao_writer_open(again, sizeof again);
    yao_bytes      out;

    if (yao_der_close(&r) != YAO_OK)
        return;
    yao_der_put_time(&w, time);
    must(yao_writer_close(&w, &out) == YAO_OK);
    must(yao_bytes_equal(out, input));

    const uint8_t *p    = input.ptr;
    ASN1_TIME     *read = d2i_ASN1_TIME(NULL, &p, (long)input.len);
    must(read != NULL && ASN1_TIME_cmp_time_t(read, (time_t)time) == 0);
    ASN1_TIME_free(read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_bytes input = {data, len};
    uint8_t  *room  = malloc(len == 0 ? 1 : len);

    must(room != NULL);
    elements(input, room);
    signature(input);
    a_time(input);
    free(room);
    return 0;
}
