/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/box.h"

#include "app/random.h"
#include "authority/server/server.h"
#include "yaopai/openssl.h"
#include "yaopai/writer.h"

#include <string.h>

enum { RANDOM = 32, KEY = 32 };

yao_status vci_secret_new(yao_arena *arena, yao_text *ret)
{
    return app_random_letters(arena, RANDOM, ret);
}

yao_status vci_secret_hash(const yao_crypto *crypto, int kind, yao_text secret,
                           uint8_t out[STORE_HASH_LEN])
{
    uint8_t         letter  = (uint8_t)kind;
    const yao_bytes parts[] = {
        YAO_LIT("yaopai-secret-1"), {&letter, 1}, yao_text_bytes(secret)};

    return crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, out);
}

yao_status vci_secret_key(const yao_crypto *crypto, int kind, yao_text secret,
                          uint8_t out[32])
{
    uint8_t   info[16] = "yaopai-box-1";
    yao_bytes none     = {NULL, 0};

    info[12] = (uint8_t)kind;
    return crypto->hkdf(crypto->ctx, YAO_SHA256, yao_text_bytes(secret), none,
                        (yao_bytes){info, 13}, out, KEY);
}

/* For who has SECRET. */
static yao_status seal_for(const yao_crypto *crypto, int kind, yao_text secret,
                           yao_bytes plain, yao_arena *arena, yao_bytes *ret)
{
    size_t     len = YAO_SEAL_NONCE + plain.len + YAO_SEAL_TAG;
    uint8_t   *box = yao_arena_take(arena, len);
    uint8_t    key[KEY];
    yao_status status;

    if (box == NULL)
        return YAO_E_SPACE;
    status = vci_secret_key(crypto, kind, secret, key);
    if (status != YAO_OK)
        goto done;
    status = yao_openssl_random(box, YAO_SEAL_NONCE);
    if (status != YAO_OK)
        goto done;
    const yao_seal seal = {.key   = {key, sizeof key},
                           .nonce = {box, YAO_SEAL_NONCE}};
    status = yao_openssl_seal(&seal, plain, box + YAO_SEAL_NONCE);
    if (status == YAO_OK)
        *ret = (yao_bytes){box, len};
done:
    yao_wipe(key, sizeof key);
    return status;
}

static yao_status open_with(const yao_crypto *crypto, int kind, yao_text secret,
                            yao_bytes box, yao_arena *arena, yao_bytes *ret)
{
    uint8_t key[KEY];

    if (box.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    size_t   len   = box.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *plain = yao_arena_take(arena, len + 1);
    if (plain == NULL)
        return YAO_E_SPACE;

    yao_status status = vci_secret_key(crypto, kind, secret, key);
    if (status == YAO_OK) {
        const yao_seal seal = {.key   = {key, sizeof key},
                               .nonce = {box.ptr, YAO_SEAL_NONCE}};
        status = yao_openssl_unseal(
            &seal, (yao_bytes){box.ptr + YAO_SEAL_NONCE,
                               box.len - YAO_SEAL_NONCE},
            plain);
    }
    yao_wipe(key, sizeof key);
    if (status == YAO_OK)
        *ret = (yao_bytes){plain, len};
    return status;
}

yao_status vci_box_put(const yao_crypto *crypto, store_change *change, int kind,
                       yao_text secret, yao_bytes plain, yao_time expires)
{
    uint8_t   *hash = yao_arena_take(change->arena, STORE_HASH_LEN);
    store_once once = {.kind = kind, .expires = expires};

    if (hash == NULL)
        return YAO_E_SPACE;
    once.hash = (yao_bytes){hash, STORE_HASH_LEN};
    YAO_TRY(vci_secret_hash(crypto, kind, secret, hash));
    YAO_TRY(
        seal_for(crypto, kind, secret, plain, change->arena, &once.payload));
    store_put_once(change, &once);
    return YAO_OK;
}

yao_status vci_box_get(const app_call *call, int kind, yao_text secret,
                       uint8_t hash[STORE_HASH_LEN], yao_bytes *ret)
{
    const authority *a = server_authority(call);
    yao_bytes        box;

    YAO_TRY(vci_secret_hash(a->crypto, kind, secret, hash));
    YAO_TRY(store_get_once(a->store, kind, (yao_bytes){hash, STORE_HASH_LEN},
                           call->now, call->arena, &box));
    return open_with(a->crypto, kind, secret, box, call->arena, ret);
}
