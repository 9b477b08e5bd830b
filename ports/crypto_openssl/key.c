/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_openssl/key.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <string.h>

#include "crypto_openssl/home.h"
#include "der/der.h"

enum { MAX_DER_SIGNATURE = 112 };

const char *yao_openssl_group(yao_curve curve)
{
    return curve == YAO_P256 ? "P-256" : "P-384";
}

static bool get_coordinate(const EVP_PKEY *pkey, const char *name, uint8_t *out,
                           size_t len)
{
    BIGNUM *number = NULL;
    bool    done   = EVP_PKEY_get_bn_param(pkey, name, &number) == 1 &&
                BN_bn2binpad(number, out, (int)len) == (int)len;

    BN_free(number);
    return done;
}

/* Both at once, of a key that is told uncompressed. */
static bool get_octets(const EVP_PKEY *pkey, size_t len, uint8_t *x, uint8_t *y)
{
    uint8_t point[1 + 2 * YAO_MAX_AGREEMENT];
    size_t  got = 0;

    if (EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, point,
                                        sizeof point, &got) != 1 ||
        got != 1 + 2 * len || point[0] != 4)
        return false;
    memcpy(x, point + 1, len);
    memcpy(y, point + 1 + len, len);
    return true;
}

/* The octets come in whatever form the key was read: else by coordinates. */
static yao_status get_public(const EVP_PKEY *pkey, yao_curve curve,
                             yao_public_key *ret)
{
    uint8_t x[YAO_MAX_AGREEMENT], y[YAO_MAX_AGREEMENT];

    if (curve == YAO_EDWARDS25519)
        return yao_edwards_public(pkey, ret);

    size_t len = yao_curve_by_id(curve)->field_len;
    if (get_octets(pkey, len, x, y))
        return yao_public_key_make(curve, (yao_bytes){x, len},
                                   (yao_bytes){y, len}, ret);
    if (!get_coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_X, x, len) ||
        !get_coordinate(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, y, len))
        return YAO_E_CRYPTO;

    return yao_public_key_make(curve, (yao_bytes){x, len}, (yao_bytes){y, len},
                               ret);
}

/* A context that signs digests, when the first one is to be signed: many keys
 * only agree. Ed25519 signs messages and has none. */
static bool open_signing(yao_openssl_key *key)
{
    if (key->signing != NULL)
        return true;

    EVP_PKEY_CTX *made = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    if (made == NULL || EVP_PKEY_sign_init(made) != 1) {
        EVP_PKEY_CTX_free(made);
        return false;
    }
    key->signing = made;
    return true;
}

yao_status yao_openssl_key_wrap(EVP_PKEY *pkey, const yao_sig_row *row,
                                const yao_public_key *known,
                                yao_openssl_key     **ret)
{
    yao_openssl_key *key = OPENSSL_zalloc(sizeof *key);

    if (pkey == NULL || key == NULL)
        goto failed;

    key->row = row;
    if (known != NULL)
        key->public = *known;
    else if (get_public(pkey, row->curve, &key->public) != YAO_OK)
        goto failed;

    key->pkey = pkey;
    *ret      = key;
    return YAO_OK;
failed:
    ERR_clear_error();
    OPENSSL_free(key);
    EVP_PKEY_free(pkey);
    return YAO_E_CRYPTO;
}

yao_status yao_openssl_key_generate(yao_sig_alg alg, yao_openssl_key **ret)
{
    const yao_sig_row *row = yao_sig_by_alg(alg);

    if (alg == YAO_ED25519)
        return yao_openssl_key_wrap(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
                                    &yao_edwards_row, NULL, ret);
    if (row == NULL)
        return YAO_E_UNSUPPORTED;

    return yao_openssl_key_wrap(EVP_EC_gen(yao_openssl_group(row->curve)), row,
                                NULL, ret);
}

yao_status yao_openssl_key_share(const yao_openssl_key *key,
                                 yao_openssl_key      **ret)
{
    if (EVP_PKEY_up_ref(key->pkey) != 1)
        return YAO_E_CRYPTO;

    return yao_openssl_key_wrap(key->pkey, key->row, &key->public, ret);
}

void yao_openssl_key_close(yao_openssl_key *key)
{
    if (key == NULL)
        return;

    EVP_PKEY_CTX_free(key->signing);
    EVP_PKEY_free(key->pkey); /* OpenSSL clears the number */
    OPENSSL_free(key);
}

yao_public_key yao_openssl_key_public(const yao_openssl_key *key)
{
    return key->public;
}

yao_sig_alg yao_openssl_key_alg(const yao_openssl_key *key)
{
    return key->row->alg;
}

yao_status yao_openssl_sign(yao_openssl_key *key, const yao_sign_wish *wish,
                            uint8_t *out, size_t *len)
{
    const yao_sig_row *row = key->row;
    uint8_t            digest[YAO_MAX_HASH];
    uint8_t            der[MAX_DER_SIGNATURE], raw[YAO_MAX_SIGNATURE];
    size_t             der_len = sizeof der;

    if (wish->part_count > YAO_MAX_PARTS)
        return YAO_E_USAGE;
    if (wish->alg != row->alg)
        return YAO_E_ALGORITHM;
    if (row == &yao_edwards_row) {
        YAO_TRY(yao_edwards_sign(key, wish, out));
        *len = row->signature_len;
        return YAO_OK;
    }

    YAO_TRY(
        yao_sha_hash(NULL, row->hash, wish->parts, wish->part_count, digest));
    if (!open_signing(key) ||
        EVP_PKEY_sign(key->signing, der, &der_len, digest,
                      yao_hash_by_alg(row->hash)->len) != 1) {
        ERR_clear_error();
        return YAO_E_CRYPTO;
    }
    if (yao_der_get_signature((yao_bytes){der, der_len},
                              row->signature_len / 2u, raw) != YAO_OK)
        return YAO_E_CRYPTO;

    for (size_t i = 0; i < row->signature_len; i++)
        out[i] = raw[i];
    *len = row->signature_len;
    return YAO_OK;
}

/* A peer's key for EVP. Infinity and hybrid forms are refused before; that
 * the point is on its curve is checked by the import. */
static yao_status import_peer(const yao_public_key *public, EVP_PKEY **ret)
{
    yao_public_key point    = *public;
    const char    *group    = yao_openssl_group(point.curve);
    OSSL_PARAM     params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                             (char *)(uintptr_t)group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.point,
                                              point.len),
        OSSL_PARAM_construct_end()};
    EVP_PKEY_CTX *ctx    = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    yao_status    status = YAO_E_CRYPTO;

    if (ctx != NULL && EVP_PKEY_fromdata_init(ctx) == 1)
        status = EVP_PKEY_fromdata(ctx, ret, EVP_PKEY_PUBLIC_KEY, params) == 1
                     ? YAO_OK
                     : YAO_E_KEY;

    EVP_PKEY_CTX_free(ctx);
    return status;
}

/* The peer is checked already; without the second, full check (n * Q, of no
 * use on curves of cofactor 1) this costs 39 us instead of 77. */
static yao_status derive(EVP_PKEY *own, EVP_PKEY *peer, uint8_t *out,
                         size_t len)
{
    EVP_PKEY_CTX *ctx     = EVP_PKEY_CTX_new_from_pkey(NULL, own, NULL);
    size_t        out_len = len;
    bool          done    = ctx != NULL && EVP_PKEY_derive_init(ctx) == 1 &&
                EVP_PKEY_derive_set_peer_ex(ctx, peer, 0) == 1 &&
                EVP_PKEY_derive(ctx, out, &out_len) == 1 && out_len == len;

    EVP_PKEY_CTX_free(ctx);
    return done ? YAO_OK : YAO_E_CRYPTO;
}

yao_status yao_openssl_agree(yao_openssl_key *key, const yao_agree_wish *wish,
                             uint8_t *out)
{
    uint8_t    secret[YAO_MAX_AGREEMENT];
    EVP_PKEY  *peer = NULL;
    yao_status status;

    if (wish->peer.curve != key->row->curve ||
        !yao_public_key_well_formed(&wish->peer))
        return YAO_E_KEY;

    size_t len = yao_curve_by_id(key->row->curve)->field_len;
    status     = import_peer(&wish->peer, &peer);
    if (status == YAO_OK)
        status = derive(key->pkey, peer, secret, len);
    for (size_t i = 0; status == YAO_OK && i < len; i++)
        out[i] = secret[i];

    yao_wipe(secret, sizeof secret);
    EVP_PKEY_free(peer);
    ERR_clear_error();
    return status;
}
