/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. An outcome is written UNCHECKED first, so that none survives from before.
 * 2. BAD is said only of what was looked at; when OpenSSL fails for another
 *    reason (memory), the outcome stays UNCHECKED and the call fails.
 * 3. Only GOOD is remembered, under a digest of everything that was checked.
 */
#include "crypto_openssl/home.h"
#include "crypto_openssl/key.h"

#include <openssl/err.h>

/*
 * Import the point into BENCH. EC_POINT_oct2point checks that coordinates are
 * below p and on the curve, but also takes the point at infinity (one byte)
 * and the hybrid form (06, 07): those were refused before, by their length
 * and first byte.
 */
static yao_sig_outcome import(yao_openssl *openssl, yao_bench_curve *bench,
                              const yao_public_key *key)
{
    uint8_t   lifted[65];
    yao_bytes point = {key->point, key->len};

    ERR_clear_error();
    if (key->curve == YAO_P256 && key->len == 33) {
        if (!yao_lift_point(&openssl->lift, key->point, lifted,
                            openssl->numbers))
            return YAO_SIG_UNCHECKED;
        point = (yao_bytes){lifted, sizeof lifted};
    }
    if (EC_POINT_oct2point(bench->group, bench->point, point.ptr, point.len,
                           openssl->numbers) == 1)
        return EC_KEY_set_public_key(bench->key, bench->point) == 1
                   ? YAO_SIG_GOOD
                   : YAO_SIG_UNCHECKED;

    switch (ERR_GET_REASON(ERR_peek_last_error())) {
    case EC_R_POINT_IS_NOT_ON_CURVE:
    case EC_R_INVALID_ENCODING:
    case EC_R_INVALID_COMPRESSED_POINT:
        return YAO_SIG_BAD;
    default:
        return YAO_SIG_UNCHECKED;
    }
}

/*
 * OpenSSL itself refuses r and s outside 1..n-1 (answer 0). For numbers made
 * so that the sum is the point at infinity it claims to have failed instead
 * (answer -1), which would give a forger the choice of "cannot check".
 */
static yao_sig_outcome compare(yao_openssl *openssl, EC_KEY *key,
                               yao_bytes signature, yao_bytes digest)
{
    int half = (int)(signature.len / 2);

    if (BN_bin2bn(signature.ptr, half, openssl->r) == NULL ||
        BN_bin2bn(signature.ptr + half, half, openssl->s) == NULL)
        return YAO_SIG_UNCHECKED;

    switch (ECDSA_do_verify(digest.ptr, (int)digest.len, openssl->signature,
                            key)) {
    case 1:
        return YAO_SIG_GOOD;
    case 0:
        return YAO_SIG_BAD;
    default:
        return ERR_GET_REASON(ERR_peek_error()) == EC_R_POINT_AT_INFINITY
                   ? YAO_SIG_BAD
                   : YAO_SIG_UNCHECKED;
    }
}

static yao_sig_outcome verify(yao_openssl *openssl, const yao_sig_row *row,
                              const yao_signature_check *check)
{
    yao_bench_curve *bench = yao_bench_of(openssl, row->curve);
    uint8_t          out[YAO_MAX_HASH];
    yao_bytes        digest = {out, yao_hash_by_alg(row->hash)->len};

    if (bench == NULL)
        return YAO_SIG_UNSUPPORTED;

    yao_sig_outcome imported = import(openssl, bench, &check->key);
    if (imported != YAO_SIG_GOOD)
        return imported;
    if (yao_sha_hash(NULL, row->hash, check->parts, check->part_count, out) !=
        YAO_OK)
        return YAO_SIG_UNCHECKED;

    return compare(openssl, bench->key, check->signature, digest);
}

/* All that decides the outcome. Everything before the message says its length
 * or has a fixed one, so no two checks run together. */
static void fingerprint(const yao_signature_check *check, uint8_t *out)
{
    uint8_t head[] = {(uint8_t)check->alg, (uint8_t)check->key.curve,
                      check->key.len, (uint8_t)check->signature.len};
    yao_sha sha;

    yao_sha_begin(&sha, YAO_SHA256);
    yao_sha_add(&sha, (yao_bytes){head, sizeof head});
    yao_sha_add(&sha, (yao_bytes){check->key.point, check->key.len});
    yao_sha_add(&sha, check->signature);
    for (size_t i = 0; i < check->part_count; i++)
        yao_sha_add(&sha, check->parts[i]);
    yao_sha_end(&sha, out);
}

static bool remembers(const yao_remembered *set, yao_bytes digest)
{
    for (size_t i = 0; i < set->count; i++)
        if (yao_bytes_equal((yao_bytes){set->digest[i], YAO_SHA256_LEN},
                            digest))
            return true;
    return false;
}

static void remember(yao_remembered *set, yao_bytes digest)
{
    for (size_t i = 0; i < digest.len; i++)
        set->digest[set->next][i] = digest.ptr[i];

    set->next = (uint8_t)((set->next + 1) % REMEMBERED_WAYS);
    if (set->count < REMEMBERED_WAYS)
        set->count++;
}

static yao_sig_outcome verify_repeating(yao_openssl               *openssl,
                                        const yao_sig_row         *row,
                                        const yao_signature_check *check)
{
    uint8_t   out[YAO_SHA256_LEN];
    yao_bytes digest = {out, sizeof out};

    fingerprint(check, out);
    yao_remembered *set = &openssl->remembered[out[0] % REMEMBERED_SETS];
    if (remembers(set, digest))
        return YAO_SIG_GOOD;

    yao_sig_outcome outcome = verify(openssl, row, check);
    if (outcome == YAO_SIG_GOOD)
        remember(set, digest);
    return outcome;
}

static yao_sig_outcome answer(yao_openssl               *openssl,
                              const yao_signature_check *check)
{
    const yao_sig_row *row = yao_sig_by_alg(check->alg);

    if (row == NULL && check->alg != YAO_ED25519)
        return YAO_SIG_UNSUPPORTED;
    if (check->part_count > YAO_MAX_PARTS)
        return YAO_SIG_UNCHECKED;
    if (row == NULL)
        return yao_edwards_verify(check);
    if (check->signature.len != row->signature_len ||
        check->key.curve != row->curve ||
        !yao_public_key_well_formed(&check->key))
        return YAO_SIG_BAD;

    return check->repeats ? verify_repeating(openssl, row, check)
                          : verify(openssl, row, check);
}

yao_status yao_verify_all(void *ctx, yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_OK;

    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_UNCHECKED;

    for (size_t i = 0; i < count; i++) {
        checks[i].outcome = answer(ctx, &checks[i]);
        if (checks[i].outcome == YAO_SIG_UNCHECKED)
            status = YAO_E_CRYPTO;
    }
    ERR_clear_error();
    return status;
}
