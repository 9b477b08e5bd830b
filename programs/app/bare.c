/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bare.h"

#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <time.h>

#include "yaopai/crypto.h"

struct yao_bare {
    EVP_MD       *md;
    EVP_MD_CTX   *hashing;
    EVP_PKEY     *pkey;
    EVP_PKEY_CTX *signing, *verifying, *generating, *agreeing;
    EVP_CIPHER     *cipher;
    EVP_CIPHER_CTX *sealing;
    uint8_t       digest[YAO_SHA256_LEN];
    uint8_t       signature[80];
    size_t        signature_len;
};

static bool open_generating(yao_bare *bare)
{
    bare->generating = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    return bare->generating != NULL &&
           EVP_PKEY_keygen_init(bare->generating) == 1 &&
           EVP_PKEY_CTX_set_group_name(bare->generating, "P-256") == 1;
}

static bool open_agreeing(yao_bare *bare)
{
    EVP_PKEY *peer = EVP_EC_gen("P-256");

    bare->agreeing = EVP_PKEY_CTX_new_from_pkey(NULL, bare->pkey, NULL);
    bool done      = peer != NULL && bare->agreeing != NULL &&
                EVP_PKEY_derive_init(bare->agreeing) == 1 &&
                EVP_PKEY_derive_set_peer(bare->agreeing, peer) == 1;
    EVP_PKEY_free(peer);
    return done;
}

static bool open_sealing(yao_bare *bare)
{
    bare->cipher  = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
    bare->sealing = EVP_CIPHER_CTX_new();
    return bare->cipher != NULL && bare->sealing != NULL;
}

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
           EVP_PKEY_verify_init(bare->verifying) == 1 &&
           open_generating(bare) && open_agreeing(bare) && open_sealing(bare);
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
    EVP_PKEY_CTX_free(bare->generating);
    EVP_PKEY_CTX_free(bare->agreeing);
    EVP_CIPHER_CTX_free(bare->sealing);
    EVP_CIPHER_free(bare->cipher);
    EVP_PKEY_free(bare->pkey);
    EVP_MD_CTX_free(bare->hashing);
    EVP_MD_free(bare->md);
    OPENSSL_free(bare);
}

const char *yao_bare_version(void)
{
    return OpenSSL_version(OPENSSL_VERSION);
}

bool yao_bare_sign(yao_bare *bare, size_t index)
{
    uint8_t out[sizeof bare->signature];
    size_t  len = sizeof out;

    return sign(bare, (uint8_t)index, out, &len);
}

bool yao_bare_verify(yao_bare *bare)
{
    bare->digest[0] = 0;
    return EVP_PKEY_verify(bare->verifying, bare->signature,
                           bare->signature_len, bare->digest,
                           sizeof bare->digest) == 1;
}

bool yao_bare_hash(yao_bare *bare, yao_bytes input)
{
    uint8_t  out[YAO_SHA256_LEN];
    unsigned len;

    return EVP_DigestInit_ex2(bare->hashing, bare->md, NULL) == 1 &&
           EVP_DigestUpdate(bare->hashing, input.ptr, input.len) == 1 &&
           EVP_DigestFinal_ex(bare->hashing, out, &len) == 1;
}

bool yao_bare_generate(yao_bare *bare)
{
    EVP_PKEY *made = NULL;
    bool      done = EVP_PKEY_generate(bare->generating, &made) == 1;

    EVP_PKEY_free(made);
    return done;
}

bool yao_bare_agree(yao_bare *bare)
{
    uint8_t out[32];
    size_t  len = sizeof out;

    return EVP_PKEY_derive(bare->agreeing, out, &len) == 1;
}

bool yao_bare_seal(yao_bare *bare, yao_bytes input)
{
    static const uint8_t key[32] = {1}, nonce[12] = {2};
    EVP_CIPHER_CTX      *c = bare->sealing;
    uint8_t              out[1024], tag[16];
    int                  len;

    if (EVP_EncryptInit_ex2(c, bare->cipher, key, nonce, NULL) != 1)
        return false;
    for (size_t i = 0; i < input.len; i += sizeof out) {
        size_t rest = input.len - i;
        int    part = (int)(rest < sizeof out ? rest : sizeof out);

        if (EVP_EncryptUpdate(c, out, &len, input.ptr + i, part) != 1)
            return false;
    }
    return EVP_EncryptFinal_ex(c, out, &len) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, sizeof tag, tag) == 1;
}

/* ---- what they cost ------------------------------------------------------ */

#define TURN_SECONDS 0.002

enum { TURNS = 13, OPERATIONS = 5 };

static double cpu_seconds(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool operate(yao_bare *bare, int which, size_t index)
{
    switch (which) {
    case 0: return yao_bare_sign(bare, index);
    case 1: return yao_bare_verify(bare);
    case 2: return yao_bare_hash(bare, (yao_bytes){bare->signature, 64});
    case 3: return yao_bare_generate(bare);
    default: return yao_bare_agree(bare);
    }
}

static bool turn(yao_bare *bare, int which, double *ret)
{
    double started = cpu_seconds(), now = started;
    size_t count   = 0;

    while (now - started < TURN_SECONDS) {
        for (int i = 0; i < 8; i++)
            if (!operate(bare, which, count++))
                return false;
        now = cpu_seconds();
    }
    *ret = (now - started) / (double)count;
    return true;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

bool yao_bare_measure(yao_bare *bare, yao_bare_costs *ret)
{
    double turns[OPERATIONS][TURNS];

    for (int t = 0; t < TURNS; t++)
        for (int which = 0; which < OPERATIONS; which++)
            if (!turn(bare, which, &turns[which][t]))
                return false;
    for (int which = 0; which < OPERATIONS; which++)
        qsort(turns[which], TURNS, sizeof turns[which][0], compare);
    *ret = (yao_bare_costs){.sign     = turns[0][TURNS / 2],
                            .verify   = turns[1][TURNS / 2],
                            .hash     = turns[2][TURNS / 2],
                            .generate = turns[3][TURNS / 2],
                            .agree    = turns[4][TURNS / 2]};
    return true;
}
