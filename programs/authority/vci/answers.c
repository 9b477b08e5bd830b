/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/answers.h"

#include "authority/once.h"
#include "authority/server/server.h"
#include "cbor/cbor.h"

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

static yao_status pack(yao_arena *arena, const vci_kept_answer *answer,
                       yao_bytes *ret)
{
    const yao_vci_response *r = answer->response;
    yao_writer              w = yao_writer_in(arena);

    yao_cbor_put_array(&w, 3);
    yao_cbor_put_uint(&w, (uint64_t)answer->format);
    yao_cbor_put_text(&w, r->notification_id);
    yao_cbor_put_array(&w, r->count);
    for (size_t i = 0; i < r->count; i++)
        yao_cbor_put_bytes(&w, r->credentials[i]);
    return yao_writer_keep(&w, arena, ret);
}

static yao_status unpack(yao_arena *arena, yao_bytes packed, yao_bytes *ret)
{
    yao_cbor_reader   r    = yao_cbor_open(packed);
    yao_vci_response *said = yao_arena_take(arena, sizeof *said);

    if (said == NULL)
        return YAO_E_SPACE;
    yao_cbor_get_array(&r, 3);
    uint64_t format       = yao_cbor_get_uint(&r);
    said->notification_id = yao_cbor_get_text(&r);
    uint64_t count        = yao_cbor_get_items(&r);
    if (format > YAO_VCI_CARD || count > YAO_VCI_MAX_BATCH)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    for (; r.status == YAO_OK && said->count < count; said->count++)
        said->credentials[said->count] = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));

    yao_writer w = yao_writer_in(arena);
    yao_vci_put_response(&w, (yao_vci_format)format, said);
    return yao_writer_keep(&w, arena, ret);
}

yao_status vci_keep_answer(const app_call *call, const vci_access *access,
                           const uint8_t          id[STORE_HASH_LEN],
                           const vci_kept_answer *answer, store_change *change)
{
    yao_bytes plain;

    YAO_TRY(pack(call->arena, answer, &plain));
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
    store_put_once(change, &once);
    return YAO_OK;
}

yao_status vci_find_answer(const app_call *call, const vci_access *access,
                           const uint8_t id[STORE_HASH_LEN], yao_bytes *ret)
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
    return unpack(call->arena, (yao_bytes){plain, len - YAO_SEAL_TAG}, ret);
}
