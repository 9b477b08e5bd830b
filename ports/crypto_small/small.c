/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. An outcome is written UNCHECKED first, so that none survives from before.
 * 2. BAD is said only of what was looked at; what this home lacks is
 *    UNSUPPORTED, whatever its form.
 */
#include "crypto_small/small.h"

#include "crypto/algorithms.h"
#include "crypto_small/p256.h"
#include "crypto_small/sha256.h"

static yao_sig_outcome verify_p256(void *ctx, const yao_signature_check *check)
{
    uint8_t        digest[YAO_SHA256_LEN];
    yao_p256_point key;

    if (!yao_p256_import(&check->key, &key))
        return YAO_SIG_BAD;
    if (yao_small_hash(ctx, YAO_SHA256, check->parts, check->part_count,
                       digest) != YAO_OK)
        return YAO_SIG_UNCHECKED;
    return yao_p256_verify(&key, digest, check->signature.ptr) ? YAO_SIG_GOOD
                                                               : YAO_SIG_BAD;
}

static yao_sig_outcome answer(void *ctx, const yao_signature_check *check)
{
    const yao_sig_row *row = yao_sig_by_alg(check->alg);

    if (row == NULL || row->curve != YAO_P256 || row->hash != YAO_SHA256)
        return YAO_SIG_UNSUPPORTED;
    if (check->part_count > YAO_MAX_PARTS)
        return YAO_SIG_UNCHECKED;
    if (check->signature.len != row->signature_len ||
        check->key.curve != row->curve ||
        !yao_public_key_well_formed(&check->key))
        return YAO_SIG_BAD;
    return verify_p256(ctx, check);
}

static yao_status verify(void *ctx, yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_OK;

    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_UNCHECKED;
    for (size_t i = 0; i < count; i++) {
        checks[i].outcome = answer(ctx, &checks[i]);
        if (checks[i].outcome == YAO_SIG_UNCHECKED)
            status = YAO_E_CRYPTO;
    }
    return status;
}

const yao_crypto *yao_small_open(yao_small *small, yao_sha256_blocks *blocks)
{
    small->blocks = blocks != NULL ? blocks : yao_sha256_blocks_portable;
    small->crypto = (yao_crypto){.ctx    = small,
                                 .hash   = yao_small_hash,
                                 .hmac   = yao_small_hmac,
                                 .hkdf   = yao_small_hkdf,
                                 .verify = verify};
    return &small->crypto;
}
