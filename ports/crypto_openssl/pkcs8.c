/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#8 by our own DER module: OpenSSL's decoder takes 180 microseconds and
 * leaves copies of the secret on its heap; a wallet opens hundreds of keys.
 */
#include "crypto_openssl/key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "crypto_openssl/home.h"
#include "der/der.h"

#define OID_EC_PUBLIC_KEY YAO_LIT("\x2a\x86\x48\xce\x3d\x02\x01")

/* What a PrivateKeyInfo says: views into it. */
typedef struct info {
    const yao_sig_row *row;
    yao_bytes          secret; /* big-endian, of the curve's length */
    yao_bytes          point;  /* empty when not given */
} info;

/* AlgorithmIdentifier ::= SEQUENCE { id-ecPublicKey, namedCurve } */
static const yao_curve_row *get_curve(yao_der_reader *r)
{
    yao_der_reader       seq  = yao_der_enter(r, YAO_DER_SEQUENCE);
    yao_bytes            type = yao_der_get(&seq, YAO_DER_OID);
    const yao_curve_row *row  = NULL;

    if (seq.status == YAO_OK && !yao_bytes_equal(type, OID_EC_PUBLIC_KEY)) {
        yao_der_fail(r, YAO_E_KEY);
        return NULL;
    }
    if (yao_der_peek(&seq) == YAO_DER_OID)
        row = yao_curve_by_oid(yao_der_get(&seq, YAO_DER_OID));
    if (seq.status == YAO_OK && row == NULL)
        yao_der_fail(r, YAO_E_KEY);
    yao_der_leave(r, &seq);
    return row;
}

/* [0] the curve again: must be the same. */
static void skip_curve(yao_der_reader *r, const yao_curve_row *curve)
{
    yao_der_reader inner = yao_der_enter(r, YAO_DER_EXPLICIT(0));
    yao_bytes      oid   = yao_der_get(&inner, YAO_DER_OID);

    if (inner.status == YAO_OK && !yao_bytes_equal(oid, curve->oid))
        yao_der_fail(&inner, YAO_E_KEY);
    yao_der_leave(r, &inner);
}

/* RFC 5915 section 3: ECPrivateKey ::= SEQUENCE { 1, OCTET STRING,
 * [0] curve OPTIONAL, [1] BIT STRING OPTIONAL } */
static void get_private(yao_der_reader *r, const yao_curve_row *curve, info *i)
{
    yao_der_reader seq = yao_der_enter(r, YAO_DER_SEQUENCE);

    if (yao_der_get_small(&seq) != 1)
        yao_der_fail(&seq, YAO_E_MALFORMED);
    i->secret = yao_der_get(&seq, YAO_DER_OCTETS);
    if (i->secret.len != curve->field_len)
        yao_der_fail(&seq, YAO_E_MALFORMED);

    if (yao_der_peek(&seq) == YAO_DER_EXPLICIT(0))
        skip_curve(&seq, curve);
    if (yao_der_peek(&seq) == YAO_DER_EXPLICIT(1)) {
        yao_der_reader inner = yao_der_enter(&seq, YAO_DER_EXPLICIT(1));

        i->point = yao_der_get_bits(&inner, NULL);
        yao_der_leave(&seq, &inner);
    }
    yao_der_leave(r, &seq);
}

/* RFC 5958 section 2. Attributes [0] and a public key [1] say nothing that
 * we use, and are passed over. */
static yao_status get_info(yao_bytes der, info *ret)
{
    info           i   = {.row = NULL};
    yao_der_reader r   = yao_der_open(der);
    yao_der_reader seq = yao_der_enter(&r, YAO_DER_SEQUENCE);

    if (yao_der_get_small(&seq) > 1)
        yao_der_fail(&seq, YAO_E_MALFORMED);
    const yao_curve_row *curve  = get_curve(&seq);
    yao_bytes            octets = yao_der_get(&seq, YAO_DER_OCTETS);
    while (seq.status == YAO_OK && seq.rest.len > 0)
        (void)yao_der_get_any(&seq);
    yao_der_leave(&r, &seq);
    YAO_TRY(yao_der_close(&r));
    if (curve == NULL)
        return YAO_E_KEY;

    yao_der_reader inner = yao_der_open(octets);
    get_private(&inner, curve, &i);
    YAO_TRY(yao_der_close(&inner));

    i.row = yao_sig_by_curve(curve->curve);
    *ret  = i;
    return YAO_OK;
}

/* POINT = NUMBER * G, in octets; NUMBER must be in 1..n-1. */
static yao_status multiply(const BIGNUM *number, yao_curve curve,
                           yao_public_key *ret)
{
    int        nid   = curve == YAO_P256 ? NID_X9_62_prime256v1 : NID_secp384r1;
    EC_GROUP  *group = EC_GROUP_new_by_curve_name(nid);
    EC_POINT  *point = group != NULL ? EC_POINT_new(group) : NULL;
    yao_status status = YAO_E_CRYPTO;

    if (point == NULL)
        goto done;
    if (BN_is_zero(number) || BN_cmp(number, EC_GROUP_get0_order(group)) >= 0) {
        status = YAO_E_KEY;
        goto done;
    }
    if (EC_POINT_mul(group, point, number, NULL, NULL, NULL) != 1)
        goto done;

    ret->curve = curve;
    ret->len =
        (uint8_t)EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
                                    ret->point, YAO_MAX_POINT, NULL);
    status = ret->len != 0 ? YAO_OK : YAO_E_CRYPTO;
done:
    EC_POINT_clear_free(point);
    EC_GROUP_free(group);
    return status;
}

static EVP_PKEY *import(const BIGNUM *number, yao_public_key *public)
{
    uint8_t     native[YAO_MAX_AGREEMENT];
    int         len      = yao_curve_by_id(public->curve)->field_len;
    const char *group    = yao_openssl_group(public->curve);
    OSSL_PARAM  params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                          (char *)(uintptr_t)group, 0),
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_PRIV_KEY, native, (size_t)len),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY,
                                           public->point, public->len),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *ctx  = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY     *pkey = NULL;

    if (ctx != NULL && BN_bn2nativepad(number, native, len) == len &&
        EVP_PKEY_fromdata_init(ctx) == 1)
        (void)EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_KEYPAIR, params);

    EVP_PKEY_CTX_free(ctx);
    yao_wipe(native, sizeof native);
    return pkey;
}

yao_status yao_openssl_key_read(yao_bytes der, yao_openssl_key **ret)
{
    info i;
    yao_public_key public = {.curve = YAO_CURVE_NONE};

    YAO_TRY(get_info(der, &i));
    BIGNUM *number = BN_new();
    if (number == NULL ||
        BN_bin2bn(i.secret.ptr, (int)i.secret.len, number) == NULL) {
        BN_clear_free(number);
        return YAO_E_CRYPTO;
    }
    BN_set_flags(number, BN_FLG_CONSTTIME);

    yao_status status = multiply(number, i.row->curve, &public);
    if (status == YAO_OK && i.point.len != 0 &&
        !yao_bytes_equal(i.point, (yao_bytes){public.point, public.len}))
        status = YAO_E_KEY;
    if (status == YAO_OK)
        status = yao_openssl_key_wrap(import(number, &public), i.row,
                                      &public, ret);

    BN_clear_free(number);
    ERR_clear_error();
    return status;
}

/* The writer's side of get_private. */
static void put_private(yao_writer *w, yao_bytes secret, yao_bytes point)
{
    size_t octets = yao_der_begin(w, YAO_DER_OCTETS);
    size_t seq    = yao_der_begin(w, YAO_DER_SEQUENCE);

    yao_der_put(w, YAO_DER_INTEGER, YAO_LIT("\x01"));
    yao_der_put(w, YAO_DER_OCTETS, secret);
    size_t outer = yao_der_begin(w, YAO_DER_EXPLICIT(1));
    size_t bits  = yao_der_begin(w, YAO_DER_BIT_STRING);
    yao_put_byte(w, 0);
    yao_put_bytes(w, point);
    yao_der_end(w, bits);
    yao_der_end(w, outer);
    yao_der_end(w, seq);
    yao_der_end(w, octets);
}

static void put_info(yao_writer *w, const yao_openssl_key *key,
                     yao_bytes secret)
{
    const yao_curve_row *curve = yao_curve_by_id(key->row->curve);

    size_t seq = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_der_put(w, YAO_DER_INTEGER, YAO_LIT("\x00"));
    size_t type = yao_der_begin(w, YAO_DER_SEQUENCE);
    yao_der_put(w, YAO_DER_OID, OID_EC_PUBLIC_KEY);
    yao_der_put(w, YAO_DER_OID, curve->oid);
    yao_der_end(w, type);
    put_private(w, secret, (yao_bytes){key->public.point, key->public.len});
    yao_der_end(w, seq);
}

yao_status yao_openssl_key_write(const yao_openssl_key *key, yao_writer *w)
{
    uint8_t secret[YAO_MAX_AGREEMENT];
    BIGNUM *number = NULL;

    if (key->row == &yao_edwards_row) {
        yao_writer_fail(w, YAO_E_UNSUPPORTED);
        return YAO_E_UNSUPPORTED;
    }

    int len = yao_curve_by_id(key->row->curve)->field_len;
    if (EVP_PKEY_get_bn_param(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, &number) ==
            1 &&
        BN_bn2binpad(number, secret, len) == len)
        put_info(w, key, (yao_bytes){secret, (size_t)len});
    else
        yao_writer_fail(w, YAO_E_CRYPTO);

    yao_wipe(secret, sizeof secret);
    BN_clear_free(number);
    ERR_clear_error();
    return w->status;
}
