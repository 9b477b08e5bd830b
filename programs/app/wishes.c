/* SPDX-License-Identifier: Apache-2.0 */
#include "app/wishes.h"

#include "yaopai/openssl.h"

yao_status app_wish_sign(yao_arena *arena, yao_key *key,
                         const yao_sign_wish *wish, yao_bytes *ret)
{
    uint8_t      *out  = yao_arena_take(arena, YAO_MAX_SIGNATURE);
    yao_sign_wish with = *wish;
    size_t        len  = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    if (with.alg == YAO_SIG_NONE)
        with.alg = yao_key_alg(key);
    YAO_TRY(yao_key_sign(key, &with, out, &len));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

yao_status app_wish_agree(yao_arena *arena, yao_key *key,
                          const yao_agree_wish *wish, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(arena, YAO_MAX_AGREEMENT);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_key_agree(key, wish, out));
    *ret = (yao_bytes){out, wish->peer.curve == YAO_P384 ? 48 : 32};
    return YAO_OK;
}

/* What is shorter than its tag is refused below. */
static size_t result_len(const yao_aead_wish *wish)
{
    size_t len = wish->input.len;

    if (!wish->open)
        return len + YAO_AEAD_TAG;
    return len < YAO_AEAD_TAG ? 0 : len - YAO_AEAD_TAG;
}

yao_status app_wish_aead(yao_arena *arena, const yao_aead_wish *wish,
                         yao_bytes *ret)
{
    size_t   len = result_len(wish);
    uint8_t *out = yao_arena_take(arena, len);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_aead(wish, out));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}
