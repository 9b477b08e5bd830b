/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CSR_H
#define YAO_TEST_CSR_H

/** Requests for certificates (PKCS#10), made when a test runs; each can have
 *  one thing wrong. */

#include "check.h"
#include "crypto/algorithms.h"
#include "der/der.h"
#include "yaopai/openssl.h"

typedef struct csr_wish {
    yao_openssl_key *key;    /* of the request */
    yao_openssl_key *signer; /* NULL: the same */
    bool             spoil;  /* the signature */
    bool             bare;   /* no attributes */
    uint8_t          version;
    bool             sha384; /* says another algorithm */
    bool             no_name; /* an INTEGER in its place */
} csr_wish;

static inline void csr_put_oid(yao_writer *w, const char *bytes, size_t len)
{
    yao_der_put(w, YAO_DER_OID, (yao_bytes){(const uint8_t *)bytes, len});
}

static inline void csr_put_key(yao_writer *w, yao_openssl_key *key)
{
    yao_public_key public = yao_openssl_key_public(key);
    const yao_curve_row *curve = yao_curve_by_id(public.curve);
    size_t spki = yao_der_begin(w, YAO_DER_SEQUENCE);
    size_t alg  = yao_der_begin(w, YAO_DER_SEQUENCE);

    csr_put_oid(w, "\x2a\x86\x48\xce\x3d\x02\x01", 7);
    yao_der_put(w, YAO_DER_OID, curve->oid);
    yao_der_end(w, alg);
    size_t bits = yao_der_begin(w, YAO_DER_BIT_STRING);
    yao_put_byte(w, 0);
    yao_put_bytes(w, (yao_bytes){public.point, public.len});
    yao_der_end(w, bits);
    yao_der_end(w, spki);
}

static inline yao_bytes csr_info(const csr_wish *wish)
{
    yao_writer w   = yao_writer_in(test_arena());
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_bytes  out;

    yao_der_put(&w, YAO_DER_INTEGER, (yao_bytes){&wish->version, 1});
    if (wish->no_name)
        yao_der_put(&w, YAO_DER_INTEGER, YAO_LIT("\x01"));
    else
        yao_der_end(&w, yao_der_begin(&w, YAO_DER_SEQUENCE));
    csr_put_key(&w, wish->key);
    if (!wish->bare)
        yao_der_put(&w, (uint8_t)YAO_DER_EXPLICIT(0), YAO_LIT(""));
    yao_der_end(&w, seq);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static inline yao_bytes csr_make(const csr_wish *wish)
{
    yao_openssl_key   *signer = wish->signer != NULL ? wish->signer : wish->key;
    yao_curve          curve  = yao_openssl_key_public(signer).curve;
    const yao_sig_row *row    = yao_sig_by_curve(curve);
    const yao_sig_row *said   = wish->sha384 ? yao_sig_by_curve(YAO_P384) : row;
    yao_bytes          info   = csr_info(wish);
    yao_sign_wish      sign   = {.alg = row->alg, .parts = {info},
                                 .part_count = 1};
    uint8_t            raw[YAO_MAX_SIGNATURE];
    size_t             len;
    yao_bytes          out;

    assert_status(yao_openssl_sign(signer, &sign, raw, &len), YAO_OK);
    raw[40] ^= wish->spoil;
    yao_writer w   = yao_writer_in(test_arena());
    size_t     seq = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_put_bytes(&w, info);
    size_t alg = yao_der_begin(&w, YAO_DER_SEQUENCE);
    yao_der_put(&w, YAO_DER_OID, said->oid);
    yao_der_end(&w, alg);
    size_t bits = yao_der_begin(&w, YAO_DER_BIT_STRING);
    yao_put_byte(&w, 0);
    yao_der_put_signature(&w, (yao_bytes){raw, len});
    yao_der_end(&w, bits);
    yao_der_end(&w, seq);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

#endif
