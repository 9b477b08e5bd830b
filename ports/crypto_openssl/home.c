/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_openssl/home.h"

#include <limits.h>

#include <openssl/objects.h>
#include <openssl/rand.h>

static bool open_curve(yao_bench_curve *bench, int nid)
{
    bench->group = EC_GROUP_new_by_curve_name(nid);
    if (bench->group == NULL)
        return false;

    bench->point = EC_POINT_new(bench->group);
    bench->key   = EC_KEY_new();
    return bench->point != NULL && bench->key != NULL &&
           EC_KEY_set_group(bench->key, bench->group) == 1;
}

static void close_curve(yao_bench_curve *bench)
{
    EC_KEY_free(bench->key);
    EC_POINT_free(bench->point);
    EC_GROUP_free(bench->group);
}

/* The two numbers of a signature, kept and overwritten for each check. */
static bool open_signature(yao_openssl *openssl)
{
    openssl->signature = ECDSA_SIG_new();
    openssl->r         = BN_new();
    openssl->s         = BN_new();
    if (openssl->signature != NULL && openssl->r != NULL &&
        openssl->s != NULL &&
        ECDSA_SIG_set0(openssl->signature, openssl->r, openssl->s) == 1)
        return true;

    BN_free(openssl->r);
    BN_free(openssl->s);
    return false;
}

yao_openssl *yao_openssl_open(void)
{
    yao_openssl *openssl = OPENSSL_zalloc(sizeof *openssl);

    if (openssl == NULL)
        return NULL;

    openssl->crypto  = (yao_crypto){.ctx    = openssl,
                                    .hash   = yao_sha_hash,
                                    .hmac   = yao_sha_hmac,
                                    .hkdf   = yao_sha_hkdf,
                                    .verify = yao_verify_all};
    openssl->numbers = BN_CTX_new();
    if (openssl->numbers != NULL && open_signature(openssl) &&
        open_curve(&openssl->p256, NID_X9_62_prime256v1) &&
        open_curve(&openssl->p384, NID_secp384r1) &&
        yao_lift_open(&openssl->lift, openssl->p256.group, openssl->numbers))
        return openssl;

    yao_openssl_close(openssl);
    return NULL;
}

void yao_openssl_close(yao_openssl *openssl)
{
    if (openssl == NULL)
        return;

    close_curve(&openssl->p256);
    close_curve(&openssl->p384);
    yao_lift_close(&openssl->lift);
    ECDSA_SIG_free(openssl->signature); /* r and s with it */
    BN_CTX_free(openssl->numbers);
    OPENSSL_free(openssl);
}

const yao_crypto *yao_openssl_crypto(yao_openssl *openssl)
{
    return &openssl->crypto;
}

yao_bench_curve *yao_bench_of(yao_openssl *openssl, yao_curve curve)
{
    switch (curve) {
    case YAO_P256:
        return &openssl->p256;
    case YAO_P384:
        return &openssl->p384;
    default:
        return NULL;
    }
}

yao_status yao_openssl_random(uint8_t *out, size_t len)
{
    while (len > 0) {
        int piece = len < INT_MAX ? (int)len : INT_MAX;

        if (RAND_bytes(out, piece) != 1)
            return YAO_E_CRYPTO;
        out += piece;
        len -= (size_t)piece;
    }
    return YAO_OK;
}
