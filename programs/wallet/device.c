/* SPDX-License-Identifier: Apache-2.0 */

/** Device keys: in the wallet's own files, or inside the token it was made
 *  with. The token is opened when the first of them is needed. */

#include "wallet/wallet.h"

#include <stdio.h>
#include <string.h>

static yao_status open_token(yao_wallet *w)
{
    char uri[YAO_WALLET_TOKEN_URI + 1];

    if (w->token != NULL)
        return YAO_OK;
    if (w->token_uri.len > YAO_WALLET_TOKEN_URI)
        return YAO_E_LIMIT;
    memcpy(uri, w->token_uri.ptr, w->token_uri.len);
    uri[w->token_uri.len] = '\0';
    return yao_key_token_open(uri, true, &w->token);
}

yao_status yao_wallet_make_key(yao_wallet *w, yao_sig_alg alg, yao_key **ret)
{
    if (w->token_uri.len == 0)
        return yao_key_generate(alg, ret);
    YAO_TRY(open_token(w));
    return yao_key_token_make(w->token, alg, YAO_KEY_DEVICE, YAO_TEXT(""), ret);
}

yao_status yao_wallet_open_key(yao_wallet *w, const yao_wallet_copy *copy,
                               yao_key **ret)
{
    if (!copy->in_token)
        return yao_key_read(copy->key, ret);
    if (w->token_uri.len == 0)
        return YAO_E_MALFORMED;
    YAO_TRY(open_token(w));
    return yao_key_token_find(w->token, copy->key, YAO_KEY_DEVICE, ret);
}

yao_status yao_wallet_name_key(yao_wallet *w, const yao_key *key,
                               yao_wallet_copy *ret)
{
    yao_bytes id = yao_key_id(key);

    ret->in_token = id.len > 0;
    if (ret->in_token)
        return yao_arena_keep(&w->arena, id, &ret->key);
    yao_writer out = yao_writer_in(&w->arena);
    YAO_TRY(yao_key_write(key, &out));
    return yao_writer_keep(&out, &w->arena, &ret->key);
}

/* What can't be removed now stays in the token, of use to nobody: the copy is
 * gone. */
static void forget_key(yao_wallet *w, const yao_wallet_copy *copy)
{
    yao_key *key = NULL;

    if (!copy->in_token)
        return;
    if (yao_wallet_open_key(w, copy, &key) != YAO_OK ||
        yao_key_remove(key) != YAO_OK)
        w->left_behind++;
    yao_key_close(key);
}

void yao_wallet_forget_keys(yao_wallet *w, const yao_wallet_batch *batch)
{
    size_t          mark = w->arena.used;
    yao_wallet_copy copies[YAO_MAX_BATCH];

    if (w->token_uri.len == 0)
        return;
    if (yao_wallet_read_batch(w, batch, copies) == YAO_OK)
        for (size_t i = 0; i < batch->count; i++)
            forget_key(w, &copies[i]);
    yao_wipe(w->arena.base + mark, w->arena.used - mark);
    w->arena.used = mark;
}

void yao_wallet_tell_left(const yao_wallet *w)
{
    if (w->left_behind == 0)
        return;
    fprintf(stderr,
            yao_say(WORDS("note: %zu keys of old copies stay in the token; "
                          "nothing uses them\n",
                          "提示：有 %zu 个旧副本的密钥仍在设备中，已无用途\n")),
            w->left_behind);
}

void yao_wallet_drop_fresh(yao_wallet *w)
{
    for (size_t i = 0; i < w->fresh_count; i++) {
        if (!w->fresh_kept && yao_key_remove(w->fresh[i]) != YAO_OK)
            w->left_behind++;
        yao_key_close(w->fresh[i]);
    }
    w->fresh_count = 0;
    w->fresh_kept  = false;
}
