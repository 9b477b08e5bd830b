/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_openssl/home.h"

enum { MAX_BLOCK = 128 };

void yao_sha_begin(yao_sha *sha, yao_hash_alg alg)
{
    sha->alg = alg;
    if (alg == YAO_SHA256)
        SHA256_Init(&sha->state.small);
    else if (alg == YAO_SHA384)
        SHA384_Init(&sha->state.big);
    else
        SHA512_Init(&sha->state.big);
}

void yao_sha_add(yao_sha *sha, yao_bytes bytes)
{
    if (bytes.len == 0)
        return;
    if (sha->alg == YAO_SHA256)
        SHA256_Update(&sha->state.small, bytes.ptr, bytes.len);
    else
        SHA512_Update(&sha->state.big, bytes.ptr, bytes.len);
}

void yao_sha_end(yao_sha *sha, uint8_t *out)
{
    if (sha->alg == YAO_SHA256)
        SHA256_Final(out, &sha->state.small);
    else if (sha->alg == YAO_SHA384)
        SHA384_Final(out, &sha->state.big);
    else
        SHA512_Final(out, &sha->state.big);
}

yao_status yao_sha_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                        size_t count, uint8_t *out)
{
    yao_sha sha;

    (void)ctx;
    if (yao_hash_by_alg(alg) == NULL)
        return YAO_E_UNSUPPORTED;

    yao_sha_begin(&sha, alg);
    for (size_t i = 0; i < count; i++)
        yao_sha_add(&sha, parts[i]);
    yao_sha_end(&sha, out);
    return YAO_OK;
}

/* A keyed state: inner and outer hash after their first block. */
typedef struct mac {
    yao_sha inner, outer;
    size_t  len;
} mac;

/* RFC 2104 section 2: a key longer than a block is hashed first. */
static void mac_open(mac *m, const yao_hash_row *row, yao_bytes key)
{
    uint8_t   pad[MAX_BLOCK] = {0};
    yao_bytes block          = {pad, row->alg == YAO_SHA256 ? 64 : 128};

    if (key.len > block.len)
        (void)yao_sha_hash(NULL, row->alg, &key, 1, pad);
    for (size_t i = 0; key.len <= block.len && i < key.len; i++)
        pad[i] = key.ptr[i];

    for (size_t i = 0; i < block.len; i++)
        pad[i] ^= 0x36;
    yao_sha_begin(&m->inner, row->alg);
    yao_sha_add(&m->inner, block);

    for (size_t i = 0; i < block.len; i++)
        pad[i] ^= 0x36 ^ 0x5c;
    yao_sha_begin(&m->outer, row->alg);
    yao_sha_add(&m->outer, block);

    m->len = row->len;
    yao_wipe(pad, sizeof pad);
}

static void mac_of(const mac *m, const yao_bytes *parts, size_t count,
                   uint8_t *out)
{
    uint8_t inner[YAO_MAX_HASH];
    yao_sha sha = m->inner;

    for (size_t i = 0; i < count; i++)
        yao_sha_add(&sha, parts[i]);
    yao_sha_end(&sha, inner);

    sha = m->outer;
    yao_sha_add(&sha, (yao_bytes){inner, m->len});
    yao_sha_end(&sha, out);

    yao_wipe(inner, sizeof inner);
    yao_wipe(&sha, sizeof sha);
}

yao_status yao_sha_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                        const yao_bytes *parts, size_t count, uint8_t *out)
{
    const yao_hash_row *row = yao_hash_by_alg(alg);
    mac                 m;

    (void)ctx;
    if (row == NULL)
        return YAO_E_UNSUPPORTED;

    mac_open(&m, row, key);
    mac_of(&m, parts, count, out);
    yao_wipe(&m, sizeof m);
    return YAO_OK;
}

/* RFC 5869 section 2.3: T(i) = HMAC(PRK, T(i-1) || info || i). */
static void expand(const mac *m, yao_bytes info, uint8_t *out, size_t len)
{
    uint8_t t[YAO_MAX_HASH];
    size_t  t_len = 0;

    for (uint8_t i = 1; len > 0; i++) {
        yao_bytes parts[] = {{t, t_len}, info, {&i, 1}};
        size_t    piece   = len < m->len ? len : m->len;

        mac_of(m, parts, 3, t);
        t_len = m->len;
        for (size_t k = 0; k < piece; k++)
            *out++ = t[k];
        len -= piece;
    }
    yao_wipe(t, sizeof t);
}

yao_status yao_sha_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                        yao_bytes salt, yao_bytes info, uint8_t *out,
                        size_t len)
{
    const yao_hash_row *row = yao_hash_by_alg(alg);
    uint8_t             prk[YAO_MAX_HASH];
    mac                 m;

    (void)ctx;
    if (row == NULL)
        return YAO_E_UNSUPPORTED;
    if (len > (size_t)255 * row->len)
        return YAO_E_USAGE;

    mac_open(&m, row, salt); /* no salt is a block of zeros: the same */
    mac_of(&m, &secret, 1, prk);

    mac_open(&m, row, (yao_bytes){prk, row->len});
    expand(&m, info, out, len);

    yao_wipe(&m, sizeof m);
    yao_wipe(prk, sizeof prk);
    return YAO_OK;
}
