/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/answers.h"

#include "authority/once.h"
#include "authority/server/server.h"

#include <string.h>

yao_status vci_answer_id(const app_call *call, const vci_access *access,
                         yao_text what, const yao_public_key *keys,
                         size_t count, uint8_t out[STORE_HASH_LEN])
{
    yao_bytes *parts =
        yao_arena_take_array(call->arena, count + 3, sizeof *parts);

    if (parts == NULL)
        return YAO_E_SPACE;
    parts[0] = YAO_LIT("yaopai-answer-1");
    parts[1] = (yao_bytes){access->token_hash, STORE_HASH_LEN};
    for (size_t i = 0; i < count; i++)
        parts[2 + i] = (yao_bytes){keys[i].point, keys[i].len};
    parts[2 + count] = yao_text_bytes(what); /* last: all before it has a
                                                length that is known */
    return call->crypto->hash(call->crypto->ctx, YAO_SHA256, parts, count + 3,
                              out);
}

/* The id is authenticated with the answer: rows can't be exchanged. */
static yao_seal seal_of(const vci_access *access, const uint8_t *id,
                        const uint8_t *nonce)
{
    return (yao_seal){.key   = {access->retry_key, sizeof access->retry_key},
                      .nonce = {nonce, YAO_SEAL_NONCE},
                      .aad   = {id, STORE_HASH_LEN}};
}

yao_status vci_keep_answer(const app_call *call, const vci_access *access,
                           const uint8_t id[STORE_HASH_LEN],
                           const vci_recipe *recipe, store_change *change)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  plain;

    vci_recipe_write(&w, recipe);
    YAO_TRY(yao_writer_keep(&w, call->arena, &plain));
    size_t   len = YAO_SEAL_NONCE + plain.len + YAO_SEAL_TAG;
    uint8_t *box = yao_arena_take(call->arena, len);
    if (box == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(box, YAO_SEAL_NONCE));
    const yao_seal seal = seal_of(access, id, box);
    YAO_TRY(yao_openssl_seal(&seal, plain, box + YAO_SEAL_NONCE));

    const store_once once = {.kind    = ONCE_ANSWER,
                             .hash    = {id, STORE_HASH_LEN},
                             .expires = call->now + VCI_ANSWER_SECONDS,
                             .payload = {box, len}};
    const store_once grant = {
        .kind = ONCE_GRANT, .hash = {access->grant.id, STORE_ID_LEN}};
    store_put_once_while(change, &once, &grant, call->now);
    return YAO_OK;
}

yao_status vci_find_answer(const app_call *call, const vci_access *access,
                           const uint8_t id[STORE_HASH_LEN], vci_recipe *ret)
{
    const authority *a = server_authority(call);
    yao_bytes        box;

    YAO_TRY(store_get_once(a->store, ONCE_ANSWER,
                           (yao_bytes){id, STORE_HASH_LEN}, call->now,
                           call->arena, &box));
    if (box.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_SECRET;

    size_t   len   = box.len - YAO_SEAL_NONCE;
    uint8_t *plain = yao_arena_take(call->arena, len);
    if (plain == NULL)
        return YAO_E_SPACE;
    const yao_seal seal = seal_of(access, id, box.ptr);
    YAO_TRY(yao_openssl_unseal(
        &seal, (yao_bytes){box.ptr + YAO_SEAL_NONCE, len}, plain));
    return vci_recipe_read((yao_bytes){plain, len - YAO_SEAL_TAG}, ret);
}
