/* SPDX-License-Identifier: Apache-2.0 */
/* What lies in the database is sealed: who copies it reads nothing. */

#include "desk/desk.h"

#include <string.h>

#define LABEL "yaopai-desk-box-1"

/* A key for this box only, so that a nonce at random is never used twice. */
static yao_status make_key(const desk *d, const yao_crypto *crypto,
                           const desk_binding *to, uint8_t out[YAO_SHA256_LEN])
{
    uint8_t         letter  = (uint8_t)to->kind;
    const yao_bytes parts[] = {YAO_LIT(LABEL), {&letter, 1}, to->id};

    if (to->id.len == 0)
        return YAO_E_USAGE;
    return crypto->hmac(crypto->ctx, YAO_SHA256,
                        (yao_bytes){d->secret, DESK_SECRET_LEN}, parts, 3, out);
}

yao_status desk_seal(const desk *d, const yao_crypto *crypto,
                     const desk_binding *to, yao_bytes plain, yao_arena *arena,
                     yao_bytes *ret)
{
    uint8_t  key[YAO_SHA256_LEN];
    size_t   len = YAO_SEAL_NONCE + plain.len + YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(arena, len);

    if (out == NULL)
        return YAO_E_SPACE;
    yao_status status = make_key(d, crypto, to, key);
    if (status == YAO_OK)
        status = yao_openssl_random(out, YAO_SEAL_NONCE);
    if (status == YAO_OK) {
        const yao_seal seal = {.key   = {key, sizeof key},
                               .nonce = {out, YAO_SEAL_NONCE},
                               .aad   = to->id};
        status = yao_openssl_seal(&seal, plain, out + YAO_SEAL_NONCE);
    }
    yao_wipe(key, sizeof key);
    if (status == YAO_OK)
        *ret = (yao_bytes){out, len};
    return status;
}

yao_status desk_unseal(const desk *d, const yao_crypto *crypto,
                       const desk_binding *to, yao_bytes sealed,
                       yao_arena *arena, yao_bytes *ret)
{
    uint8_t key[YAO_SHA256_LEN];

    if (sealed.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    size_t   len = sealed.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(arena, len + 1);
    if (out == NULL)
        return YAO_E_SPACE;
    yao_status status = make_key(d, crypto, to, key);
    if (status == YAO_OK) {
        const yao_seal  seal = {.key   = {key, sizeof key},
                                .nonce = {sealed.ptr, YAO_SEAL_NONCE},
                                .aad   = to->id};
        const yao_bytes rest = {sealed.ptr + YAO_SEAL_NONCE,
                                sealed.len - YAO_SEAL_NONCE};
        status               = yao_openssl_unseal(&seal, rest, out);
    }
    yao_wipe(key, sizeof key);
    if (status == YAO_OK)
        *ret = (yao_bytes){out, len};
    return status;
}
