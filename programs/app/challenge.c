/* SPDX-License-Identifier: Apache-2.0 */
#include "app/challenge.h"

#include <string.h>

#include "app/code.h"
#include "app/files.h"
#include "app/input.h"
#include "app/pem.h"
#include "card/seal.h"
#include "crypto/algorithms.h"

/* ---- from files --------------------------------------------------------- */

yao_status app_key_given(const char *given, yao_arena *arena, yao_key **ret)
{
    yao_bytes file, pkcs8;

    if (strncmp(given, "file:", 5) == 0 || strncmp(given, "pkcs11:", 7) == 0)
        return yao_key_open(given, ret);

    size_t mark = arena->used;
    YAO_TRY(yao_file_read(given, 65536, &file));
    yao_status status = yao_pem_private_key(file, arena, &pkcs8);
    yao_file_free(&file);
    if (status == YAO_OK)
        status = yao_key_read(pkcs8, ret);
    yao_wipe(arena->base + mark, arena->used - mark);
    arena->used = mark;
    return status;
}

/* Letters of one code, or of the parts of an animated one. Of two challenges in
 * one picture nobody knows which one the checker shows. */
static yao_status read_codes(const yao_crypto *crypto,
                             const yao_inputs *inputs, yao_arena *arena,
                             yao_bytes *ret)
{
    static app_parts parts;
    app_code         code  = {APP_CODE_NONE, {NULL, 0}};
    yao_bytes        found = {NULL, 0};

    memset(&parts, 0, sizeof parts);
    for (size_t i = 0; i < inputs->count; i++) {
        YAO_TRY(app_code_read(crypto, inputs->list[i], &parts, arena, &code));
        if (code.kind != APP_CODE_CHALLENGE)
            continue;
        if (found.len != 0 && !yao_bytes_equal(found, code.content))
            return YAO_E_DUPLICATE;
        found = code.content;
    }
    if (found.len == 0)
        return YAO_E_MALFORMED;

    *ret = found;
    return YAO_OK;
}

static yao_status read_challenge(const yao_crypto *crypto, const char *path,
                                 yao_arena *arena, app_challenge *c)
{
    yao_inputs inputs;

    YAO_TRY(yao_input_read_all(path, arena, &inputs));
    if (inputs.codes)
        YAO_TRY(read_codes(crypto, &inputs, arena, &c->bytes));
    else
        c->bytes = inputs.list[0];
    return yao_card_read_challenge(c->bytes, &c->said);
}

static bool is_key_of(const app_challenge *c)
{
    yao_public_key key = yao_key_public(c->key);

    return yao_public_key_equal(&key, &c->said.key);
}

yao_status app_challenge_open(const yao_crypto *crypto, const char *path,
                              const char *key_uri, yao_arena *arena,
                              app_challenge *ret)
{
    app_challenge c = {.key = NULL};

    YAO_TRY(read_challenge(crypto, path, arena, &c));
    if (key_uri != NULL)
        YAO_TRY(app_key_given(key_uri, arena, &c.key));
    if (c.key != NULL && !is_key_of(&c)) {
        yao_key_close(c.key);
        return YAO_E_MISMATCH;
    }
    *ret = c;
    return YAO_OK;
}

void app_challenge_close(app_challenge *c)
{
    yao_key_close(c->key);
    *c = (app_challenge){.key = NULL};
}

/* ---- what is sealed to it ----------------------------------------------- */

/* What the cipher is to be asked, from the agreement. */
static yao_status derive(const yao_crypto *crypto, const app_challenge *c,
                         const yao_card_sealed *sealed, yao_card_sealing *ret)
{
    uint8_t        shared[YAO_MAX_AGREEMENT];
    yao_agree_wish wish   = {sealed->ephemeral};
    yao_status     status = yao_key_agree(c->key, &wish, shared);

    if (status == YAO_OK)
        status = yao_card_unseal(crypto, c->bytes, &c->said.key, sealed,
                                 (yao_bytes){shared, 32}, ret);
    yao_wipe(shared, sizeof shared);
    return status == YAO_E_KEY ? YAO_E_SECRET : status; /* of no curve */
}

yao_status app_challenge_unseal(const yao_crypto    *crypto,
                                const app_challenge *c, yao_bytes sealed,
                                yao_arena *arena, yao_bytes *ret)
{
    yao_card_sealed  message;
    yao_card_sealing opening;

    if (c->bytes.len == 0 || c->key == NULL)
        return YAO_E_MISSING;
    YAO_TRY(yao_card_read_sealed(sealed, &message));
    size_t   len = message.ciphertext.len - YAO_AEAD_TAG;
    uint8_t *out = yao_arena_take(arena, len);
    if (out == NULL)
        return YAO_E_SPACE;

    YAO_TRY(derive(crypto, c, &message, &opening));
    yao_status status = yao_openssl_aead(&opening.wish, out);
    yao_card_wipe_sealing(&opening);
    YAO_TRY(status);
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}
