/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/console/case_text.h"

#include <string.h>

static const char label[] = "yaopai-case-1";

enum { LABEL = sizeof label - 1 };

/* What is authenticated beside the text: whose case it is, and which. */
typedef struct binding {
    uint8_t bytes[LABEL + 2 * STORE_ID_LEN];
} binding;

static bool bind(const seal_person *person, yao_bytes id, binding *ret)
{
    if (id.len != STORE_ID_LEN)
        return false;
    memcpy(ret->bytes, label, LABEL);
    memcpy(ret->bytes + LABEL, person->id, STORE_ID_LEN);
    memcpy(ret->bytes + LABEL + STORE_ID_LEN, id.ptr, STORE_ID_LEN);
    return true;
}

yao_status case_text_seal(const seal_person *person, yao_bytes id,
                          yao_text text, yao_arena *arena, yao_bytes *ret)
{
    size_t   len = YAO_SEAL_NONCE + text.len + YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(arena, len);
    binding  to;

    if (out == NULL)
        return YAO_E_SPACE;
    if (!bind(person, id, &to))
        return YAO_E_USAGE;
    YAO_TRY(yao_openssl_random(out, YAO_SEAL_NONCE));
    const yao_seal seal = {.key   = {person->key, SEAL_KEY_LEN},
                           .nonce = {out, YAO_SEAL_NONCE},
                           .aad   = {to.bytes, sizeof to.bytes}};
    YAO_TRY(yao_openssl_seal(&seal, yao_text_bytes(text),
                             out + YAO_SEAL_NONCE));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

yao_status case_text_open(const seal_person *person, yao_bytes id,
                          yao_bytes sealed, yao_arena *arena, yao_text *ret)
{
    uint8_t *out;
    binding  to;

    if (sealed.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    if (!bind(person, id, &to))
        return YAO_E_USAGE;
    size_t len = sealed.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    out        = yao_arena_take(arena, len + 1);
    if (out == NULL)
        return YAO_E_SPACE;
    const yao_seal seal = {.key   = {person->key, SEAL_KEY_LEN},
                           .nonce = {sealed.ptr, YAO_SEAL_NONCE},
                           .aad   = {to.bytes, sizeof to.bytes}};
    const yao_bytes box = {sealed.ptr + YAO_SEAL_NONCE,
                           sealed.len - YAO_SEAL_NONCE};
    YAO_TRY(yao_openssl_unseal(&seal, box, out));
    return yao_text_check((yao_bytes){out, len}, ret);
}
