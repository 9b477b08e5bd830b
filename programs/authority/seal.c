/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/seal.h"

#include <string.h>

#define LOOKUP_LABEL "yaopai-lookup-1"
#define EPOCH_LABEL "yaopai-epoch-1"
#define KEY_LABEL "yaopai-person-key-1"
#define PART_LABEL "yaopai-person-part-1"

void seal_keys_wipe(seal_keys *keys)
{
    yao_wipe(keys, sizeof *keys);
}

/* ---- look-ups ---- */

yao_status seal_hash(const yao_crypto *crypto, const seal_keys *keys, int kind,
                     yao_bytes value, uint8_t out[STORE_HASH_LEN])
{
    uint8_t         letter  = (uint8_t)kind;
    const yao_bytes parts[] = {YAO_LIT(LOOKUP_LABEL), {&letter, 1}, value};

    return crypto->hmac(crypto->ctx, YAO_SHA256,
                        (yao_bytes){keys->lookup, SEAL_KEY_LEN}, parts, 3, out);
}

static const uint8_t *wrapping_key(const seal_keys *keys, int64_t epoch)
{
    for (size_t i = 0; i < SEAL_MAX_EPOCHS; i++)
        if (keys->wrapping[i].epoch == epoch && epoch > 0)
            return keys->wrapping[i].key;
    return NULL;
}

yao_status seal_epoch_check(const yao_crypto *crypto, const seal_keys *keys,
                            int64_t epoch, uint8_t out[STORE_HASH_LEN])
{
    const uint8_t *key   = wrapping_key(keys, epoch);
    yao_bytes      label = YAO_LIT(EPOCH_LABEL);

    if (key == NULL)
        return YAO_E_NOT_FOUND;
    return crypto->hkdf(crypto->ctx, YAO_SHA256, (yao_bytes){key, SEAL_KEY_LEN},
                        (yao_bytes){NULL, 0}, label, out, STORE_HASH_LEN);
}

/* ---- sealing ---- */

/* What a box is bound to: a label, a number (epoch or kind), whose it is. */
typedef struct binding {
    uint8_t bytes[64];
    size_t  len;
} binding;

static binding bind_to(const char *label, int64_t number,
                       const uint8_t id[STORE_ID_LEN])
{
    binding b = {.len = strlen(label)};

    memcpy(b.bytes, label, b.len);
    for (unsigned i = 0; i < 8; i++)
        b.bytes[b.len++] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    memcpy(b.bytes + b.len, id, STORE_ID_LEN);
    b.len += STORE_ID_LEN;
    return b;
}

/* OUT has room for nonce, PLAIN and tag. */
static yao_status seal_box(const uint8_t key[SEAL_KEY_LEN], const binding *to,
                           yao_bytes plain, uint8_t *out)
{
    YAO_TRY(yao_openssl_random(out, YAO_SEAL_NONCE));

    const yao_seal seal = {.key   = {key, SEAL_KEY_LEN},
                           .nonce = {out, YAO_SEAL_NONCE},
                           .aad   = {to->bytes, to->len}};
    return yao_openssl_seal(&seal, plain, out + YAO_SEAL_NONCE);
}

/* OUT has room for BOX without nonce and tag. */
static yao_status open_box(const uint8_t key[SEAL_KEY_LEN], const binding *to,
                           yao_bytes box, uint8_t *out)
{
    if (box.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;

    const yao_seal  seal   = {.key   = {key, SEAL_KEY_LEN},
                              .nonce = {box.ptr, YAO_SEAL_NONCE},
                              .aad   = {to->bytes, to->len}};
    const yao_bytes sealed = {box.ptr + YAO_SEAL_NONCE,
                              box.len - YAO_SEAL_NONCE};
    return yao_openssl_unseal(&seal, sealed, out);
}

/* ---- people ---- */

yao_status seal_person_new(seal_person *ret)
{
    seal_person person;

    yao_status status = yao_openssl_random(person.id, sizeof person.id);
    if (status == YAO_OK)
        status = yao_openssl_random(person.key, sizeof person.key);
    if (status == YAO_OK)
        *ret = person;
    yao_wipe(&person, sizeof person);
    return status;
}

yao_status seal_person_wrap(const seal_keys *keys, const seal_person *person,
                            uint8_t out[SEAL_WRAPPED_LEN])
{
    const uint8_t *key = wrapping_key(keys, keys->epoch);
    binding        to  = bind_to(KEY_LABEL, keys->epoch, person->id);

    if (key == NULL)
        return YAO_E_NOT_FOUND;
    return seal_box(key, &to, (yao_bytes){person->key, SEAL_KEY_LEN}, out);
}

yao_status seal_person_open(const seal_keys *keys, const store_person *stored,
                            seal_person *ret)
{
    const uint8_t *key = wrapping_key(keys, stored->epoch);
    seal_person    person;

    if (stored->id.len != STORE_ID_LEN ||
        stored->wrapped_key.len != SEAL_WRAPPED_LEN)
        return YAO_E_MALFORMED;
    if (key == NULL)
        return YAO_E_NOT_FOUND;

    memcpy(person.id, stored->id.ptr, STORE_ID_LEN);
    binding    to     = bind_to(KEY_LABEL, stored->epoch, person.id);
    yao_status status = open_box(key, &to, stored->wrapped_key, person.key);
    if (status == YAO_OK)
        *ret = person;
    yao_wipe(&person, sizeof person);
    return status;
}

/* ---- parts ---- */

static yao_status pad(yao_bytes plain, yao_arena *arena, yao_bytes *ret)
{
    size_t   len  = (plain.len + SEAL_PAD - 1) / SEAL_PAD * SEAL_PAD;
    uint8_t *copy = yao_arena_take(arena, len);

    if (copy == NULL)
        return YAO_E_SPACE;
    memset(copy, ' ', len);
    if (plain.len > 0)
        memcpy(copy, plain.ptr, plain.len);
    *ret = (yao_bytes){copy, len};
    return YAO_OK;
}

yao_status seal_part(const seal_person *person, store_part_kind kind,
                     yao_bytes plain, yao_arena *arena, yao_bytes *ret)
{
    binding to = bind_to(PART_LABEL, kind, person->id);

    if (kind == STORE_RECORD)
        YAO_TRY(pad(plain, arena, &plain));
    size_t   len = YAO_SEAL_NONCE + plain.len + YAO_SEAL_TAG;
    uint8_t *box = yao_arena_take(arena, len);
    if (box == NULL)
        return YAO_E_SPACE;
    YAO_TRY(seal_box(person->key, &to, plain, box));
    *ret = (yao_bytes){box, len};
    return YAO_OK;
}

yao_status seal_open_part(const seal_person *person, store_part_kind kind,
                          yao_bytes sealed, yao_arena *arena, yao_bytes *ret)
{
    binding to = bind_to(PART_LABEL, kind, person->id);

    if (sealed.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    size_t   len   = sealed.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *plain = yao_arena_take(arena, len + 1);
    if (plain == NULL)
        return YAO_E_SPACE;
    YAO_TRY(open_box(person->key, &to, sealed, plain));
    *ret = (yao_bytes){plain, len};
    return YAO_OK;
}
