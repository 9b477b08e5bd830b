/* SPDX-License-Identifier: Apache-2.0 */
#include "bench/world.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

struct yao_bare {
    EVP_MD       *md;
    EVP_MD_CTX   *hashing;
    EVP_PKEY     *pkey;
    EVP_PKEY_CTX *signing, *verifying;
    uint8_t       digest[YAO_SHA256_LEN];
    uint8_t       signature[80];
    size_t        signature_len;
};

static bool open_contexts(yao_bare *bare)
{
    bare->md      = EVP_MD_fetch(NULL, "SHA256", NULL);
    bare->hashing = EVP_MD_CTX_new();
    bare->pkey    = EVP_EC_gen("P-256");
    if (bare->md == NULL || bare->hashing == NULL || bare->pkey == NULL)
        return false;

    bare->signing   = EVP_PKEY_CTX_new_from_pkey(NULL, bare->pkey, NULL);
    bare->verifying = EVP_PKEY_CTX_new_from_pkey(NULL, bare->pkey, NULL);
    return bare->signing != NULL && bare->verifying != NULL &&
           EVP_PKEY_sign_init(bare->signing) == 1 &&
           EVP_PKEY_verify_init(bare->verifying) == 1;
}

static bool sign(yao_bare *bare, uint8_t first, uint8_t *out, size_t *len)
{
    bare->digest[0] = first;
    return EVP_PKEY_sign(bare->signing, out, len, bare->digest,
                         sizeof bare->digest) == 1;
}

/* The signature that is verified again and again. */
static bool keep_signature(yao_bare *bare)
{
    bare->signature_len = sizeof bare->signature;
    return sign(bare, 0, bare->signature, &bare->signature_len);
}

yao_bare *yao_bare_open(void)
{
    yao_bare *bare = OPENSSL_zalloc(sizeof *bare);

    if (bare != NULL && open_contexts(bare) && keep_signature(bare))
        return bare;

    yao_bare_close(bare);
    return NULL;
}

void yao_bare_close(yao_bare *bare)
{
    if (bare == NULL)
        return;

    EVP_PKEY_CTX_free(bare->signing);
    EVP_PKEY_CTX_free(bare->verifying);
    EVP_PKEY_free(bare->pkey);
    EVP_MD_CTX_free(bare->hashing);
    EVP_MD_free(bare->md);
    OPENSSL_free(bare);
}

const char *yao_bare_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

bool yao_bench_bare_sign(void *world, size_t index)
{
    yao_bare *bare = ((yao_world *)world)->bare;
    uint8_t   out[sizeof bare->signature];
    size_t    len = sizeof out;

    return sign(bare, (uint8_t)index, out, &len);
}

bool yao_bench_bare_verify(void *world, size_t index)
{
    yao_bare *bare = ((yao_world *)world)->bare;

    (void)index;
    bare->digest[0] = 0;
    return EVP_PKEY_verify(bare->verifying, bare->signature,
                           bare->signature_len, bare->digest,
                           sizeof bare->digest) == 1;
}

bool yao_bench_bare_verify_two(void *world, size_t index)
{
    return yao_bench_bare_verify(world, index) &&
           yao_bench_bare_verify(world, index);
}

bool yao_bench_bare_hash(void *world, size_t index)
{
    const yao_world *w    = world;
    yao_bare        *bare = w->bare;
    uint8_t          out[YAO_SHA256_LEN];
    unsigned         len;

    (void)index;
    return EVP_DigestInit_ex2(bare->hashing, bare->md, NULL) == 1 &&
           EVP_DigestUpdate(bare->hashing, w->issued.ptr, w->issued.len) == 1 &&
           EVP_DigestFinal_ex(bare->hashing, out, &len) == 1;
}
