/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include <openssl/err.h>
#include <openssl/evp.h>

static yao_status check_seal(const yao_seal *seal, yao_bytes input)
{
    if (seal->key.len != 32 && seal->key.len != 16)
        return YAO_E_USAGE;
    if (seal->nonce.len != YAO_SEAL_NONCE)
        return YAO_E_USAGE;
    if (input.len > INT_MAX - YAO_SEAL_TAG || seal->aad.len > INT_MAX)
        return YAO_E_LIMIT;
    return YAO_OK;
}

/* A context with key, nonce and aad in; NULL when OpenSSL fails. */
static EVP_CIPHER_CTX *begin(const yao_seal *seal, int encrypt)
{
    const EVP_CIPHER *cipher =
        seal->key.len == 32 ? EVP_aes_256_gcm() : EVP_aes_128_gcm();
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int             n;

    if (ctx == NULL || EVP_CipherInit_ex2(ctx, cipher, seal->key.ptr,
                                          seal->nonce.ptr, encrypt, NULL) != 1)
        goto failed;
    if (seal->aad.len != 0 &&
        EVP_CipherUpdate(ctx, NULL, &n, seal->aad.ptr, (int)seal->aad.len) != 1)
        goto failed;

    return ctx;
failed:
    EVP_CIPHER_CTX_free(ctx);
    return NULL;
}

/* Nothing is left out: OpenSSL takes a NULL input for "no more aad". */
static bool run(EVP_CIPHER_CTX *ctx, yao_bytes input, uint8_t *out)
{
    int n = 0;

    return input.len == 0 ||
           (EVP_CipherUpdate(ctx, out, &n, input.ptr, (int)input.len) == 1 &&
            (size_t)n == input.len);
}

yao_status yao_openssl_seal(const yao_seal *seal, yao_bytes plain, uint8_t *out)
{
    uint8_t none[1];
    int     n;

    YAO_TRY(check_seal(seal, plain));
    EVP_CIPHER_CTX *ctx    = begin(seal, 1);
    yao_status      status = YAO_E_CRYPTO;

    if (ctx != NULL && run(ctx, plain, out) &&
        EVP_CipherFinal_ex(ctx, none, &n) == 1 &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, YAO_SEAL_TAG,
                            out + plain.len) == 1)
        status = YAO_OK;

    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    return status;
}

yao_status yao_openssl_unseal(const yao_seal *seal, yao_bytes sealed,
                              uint8_t *out)
{
    uint8_t none[1], tag[YAO_SEAL_TAG];
    int     n;

    if (sealed.len < YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    yao_bytes hidden = {sealed.ptr, sealed.len - YAO_SEAL_TAG};
    YAO_TRY(check_seal(seal, hidden));

    for (size_t i = 0; i < YAO_SEAL_TAG; i++)
        tag[i] = sealed.ptr[hidden.len + i];

    EVP_CIPHER_CTX *ctx    = begin(seal, 0);
    yao_status      status = YAO_E_CRYPTO;
    if (ctx != NULL &&
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, YAO_SEAL_TAG, tag) ==
            1 &&
        run(ctx, hidden, out))
        status = EVP_CipherFinal_ex(ctx, none, &n) == 1 ? YAO_OK : YAO_E_SECRET;

    if (status != YAO_OK)
        yao_wipe(out, hidden.len);
    EVP_CIPHER_CTX_free(ctx);
    ERR_clear_error();
    return status;
}

yao_status yao_openssl_aead(const yao_aead_wish *wish, uint8_t *out)
{
    const yao_aead_row *row  = yao_aead_by_alg(wish->alg);
    const yao_seal      seal = {wish->key, wish->nonce, wish->aad};

    if (row == NULL)
        return YAO_E_UNSUPPORTED;
    if (wish->key.len != row->key_len)
        return YAO_E_USAGE;

    return wish->open ? yao_openssl_unseal(&seal, wish->input, out)
                      : yao_openssl_seal(&seal, wish->input, out);
}
