/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_small/sha256.h"

static yao_sha256_blocks *blocks_of(void *ctx)
{
    const yao_small *small = ctx;

    return small->blocks;
}

yao_status yao_small_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    yao_sha256 sha;

    if (alg != YAO_SHA256)
        return YAO_E_UNSUPPORTED;

    yao_sha256_begin(&sha, blocks_of(ctx));
    for (size_t i = 0; i < count; i++)
        yao_sha256_add(&sha, parts[i]);
    yao_sha256_end(&sha, out);
    return YAO_OK;
}

/* RFC 2104 section 2: a key longer than a block is hashed first. */
static void shorten(yao_sha256_blocks *blocks, yao_bytes key,
                    uint8_t pad[SHA256_BLOCK])
{
    yao_sha256 sha;

    for (size_t i = 0; i < SHA256_BLOCK; i++)
        pad[i] = i < key.len ? key.ptr[i] : 0;
    if (key.len <= SHA256_BLOCK)
        return;

    yao_sha256_begin(&sha, blocks);
    yao_sha256_add(&sha, key);
    yao_sha256_end(&sha, pad);
    for (size_t i = YAO_SHA256_LEN; i < SHA256_BLOCK; i++)
        pad[i] = 0;
}

static void begin_with(yao_sha256 *sha, yao_sha256_blocks *blocks,
                       uint8_t pad[SHA256_BLOCK], uint8_t mask)
{
    for (size_t i = 0; i < SHA256_BLOCK; i++)
        pad[i] ^= mask;
    yao_sha256_begin(sha, blocks);
    yao_sha256_add(sha, (yao_bytes){pad, SHA256_BLOCK});
    for (size_t i = 0; i < SHA256_BLOCK; i++)
        pad[i] ^= mask;
}

yao_status yao_small_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                          const yao_bytes *parts, size_t count, uint8_t *out)
{
    uint8_t    pad[SHA256_BLOCK], inner[YAO_SHA256_LEN];
    yao_sha256 sha;

    if (alg != YAO_SHA256)
        return YAO_E_UNSUPPORTED;

    shorten(blocks_of(ctx), key, pad);
    begin_with(&sha, blocks_of(ctx), pad, 0x36);
    for (size_t i = 0; i < count; i++)
        yao_sha256_add(&sha, parts[i]);
    yao_sha256_end(&sha, inner);

    begin_with(&sha, blocks_of(ctx), pad, 0x5c);
    yao_sha256_add(&sha, (yao_bytes){inner, sizeof inner});
    yao_sha256_end(&sha, out);

    yao_wipe(pad, sizeof pad);
    yao_wipe(inner, sizeof inner);
    return YAO_OK;
}

/* RFC 5869 section 2.3: T(i) = HMAC(PRK, T(i-1) || info || i). */
static yao_status expand(void *ctx, yao_bytes prk, yao_bytes info, uint8_t *out,
                         size_t len)
{
    uint8_t    t[YAO_SHA256_LEN];
    yao_status status = YAO_OK;

    for (uint8_t i = 1; len > 0 && status == YAO_OK; i++) {
        yao_bytes parts[] = {{t, i == 1 ? 0 : sizeof t}, info, {&i, 1}};
        size_t    piece   = len < sizeof t ? len : sizeof t;

        status = yao_small_hmac(ctx, YAO_SHA256, prk, parts, 3, t);
        for (size_t k = 0; k < piece; k++)
            *out++ = t[k];
        len -= piece;
    }
    yao_wipe(t, sizeof t);
    return status;
}

yao_status yao_small_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                          yao_bytes salt, yao_bytes info, uint8_t *out,
                          size_t len)
{
    uint8_t    prk[YAO_SHA256_LEN];
    yao_status status;

    if (alg != YAO_SHA256)
        return YAO_E_UNSUPPORTED;
    if (len > (size_t)255 * YAO_SHA256_LEN)
        return YAO_E_USAGE;

    /* no salt is a block of zeros: the same */
    status = yao_small_hmac(ctx, YAO_SHA256, salt, &secret, 1, prk);
    if (status == YAO_OK)
        status = expand(ctx, (yao_bytes){prk, sizeof prk}, info, out, len);
    yao_wipe(prk, sizeof prk);
    return status;
}
