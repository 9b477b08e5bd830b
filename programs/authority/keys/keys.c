/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/keys/keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "authority/issue.h"
#include "authority/state.h"

static yao_status hash_of(const authority *a, yao_bytes der,
                          uint8_t out[YAO_SHA256_LEN])
{
    return a->crypto->hash(a->crypto->ctx, YAO_SHA256, &der, 1, out);
}

unsigned keys_number(const char *path)
{
    const char   *end  = strrchr(path, '.');
    const char   *dash = strrchr(path, '-');
    char         *rest = NULL;
    unsigned long n    = 0;

    if (end == NULL || dash == NULL || dash > end)
        return 1;
    n = strtoul(dash + 1, &rest, 10);
    return rest == end && n > 1 && n < 10000 ? (unsigned)n : 1;
}

/* ---- what there is ---- */

static yao_status list_current(const authority *a, yao_arena *arena,
                               keys_entry *list, size_t *count)
{
    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row = &certify_rows[i];
        keys_entry        *e   = &list[*count];
        ca                 c   = {.key = NULL};

        YAO_TRY(ca_open(config_get(&a->config, row->certificate), NULL, arena,
                        &c));
        *e = (keys_entry){.row = row, .certificate = c.certificate};
        YAO_TRY(hash_of(a, c.certificate.der, e->hash));
        (*count)++;
    }
    return YAO_OK;
}

static yao_status text_in(yao_arena *arena, yao_text text, const char **ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  bytes;

    yao_put_bytes(&w, yao_text_bytes(text));
    yao_put_byte(&w, 0);
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (const char *)bytes.ptr;
    return YAO_OK;
}

static yao_status row_of(yao_arena *arena, const store_signer *s,
                         const certify_row **ret)
{
    const char *role, *kind;

    YAO_TRY(text_in(arena, s->role, &role));
    YAO_TRY(text_in(arena, s->kind, &kind));
    *ret = certify_find(role, kind);
    return *ret != NULL ? YAO_OK : YAO_E_STORE;
}

/* The last one of the settings may be noted already: a rotation that was
 * killed. It is still in use then, unless it was revoked. */
static keys_entry *find_entry(keys_entry *list, size_t count, yao_bytes hash)
{
    for (size_t i = 0; i < count; i++)
        if (yao_bytes_equal((yao_bytes){list[i].hash, YAO_SHA256_LEN}, hash))
            return &list[i];
    return NULL;
}

static yao_status add_old(yao_arena *arena, const store_signer *s,
                          keys_entry *list, size_t *count)
{
    keys_entry *e = find_entry(list, *count, s->hash);

    if (e != NULL) {
        e->revoked = s->revoked;
        return YAO_OK;
    }
    if (s->hash.len != YAO_SHA256_LEN)
        return YAO_E_STORE;
    e  = &list[(*count)++];
    *e = (keys_entry){.ended = s->ended, .revoked = s->revoked};
    memcpy(e->hash, s->hash.ptr, YAO_SHA256_LEN);
    YAO_TRY(row_of(arena, s, &e->row));
    return yao_x509_read(s->certificate, &e->certificate);
}

yao_status keys_list(const authority *a, yao_arena *arena, keys_entry **ret,
                     size_t *count)
{
    store_signer *old;
    size_t        old_count, found = 0;

    YAO_TRY(store_list_signers(a->store, arena, &old, &old_count));
    keys_entry *list = yao_arena_take_array(
        arena, certify_row_count + old_count, sizeof *list);
    if (list == NULL)
        return YAO_E_SPACE;
    YAO_TRY(list_current(a, arena, list, &found));
    for (size_t i = 0; i < old_count; i++)
        YAO_TRY(add_old(arena, &old[i], list, &found));
    *ret   = list;
    *count = found;
    return YAO_OK;
}

/* ---- replaced ---- */

yao_status keys_put_replaced(const authority *a, store_change *change,
                             yao_arena *arena, const certify_row *row,
                             yao_time now, yao_time revoked)
{
    ca       c    = {.key = NULL};
    uint8_t *hash = yao_arena_take(arena, YAO_SHA256_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(
        ca_open(config_get(&a->config, row->certificate), NULL, arena, &c));
    YAO_TRY(hash_of(a, c.certificate.der, hash));
    const store_signer s = {.hash        = {hash, YAO_SHA256_LEN},
                            .role        = yao_text_of(row->role),
                            .kind        = yao_text_of(row->kind),
                            .certificate = c.certificate.der,
                            .ended       = now,
                            .revoked     = revoked,
                            .reason = revoked != 0 ? YAO_CRL_KEY_COMPROMISE
                                                   : YAO_CRL_UNSPECIFIED};
    store_put_signer(change, &s);
    return YAO_OK;
}

/* ---- what a key signed ---- */

/* As many as one group of the store takes. */
enum { AT_ONCE = STORE_MAX_GROUP };

static yao_status revoke_one(const authority *a, yao_arena *arena,
                             yao_bytes issuance)
{
    store_change    change = store_change_open(arena);
    store_document *batches;
    size_t          count;

    YAO_TRY(store_list_issuance(a->store, issuance, arena, &batches, &count));
    if (count == 0)
        return YAO_E_STORE;
    YAO_TRY(state_revoke(&change, arena, &batches[0], "signer", yao_now()));
    yao_status status = store_commit(a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status; /* it was, meanwhile */
}

static yao_status revoke_some(const authority *a, yao_arena *arena,
                              yao_bytes hash, size_t *found)
{
    yao_bytes *list;

    YAO_TRY(store_list_signed_by(a->store, hash, AT_ONCE, arena, &list,
                                 found));
    for (size_t i = 0; i < *found; i++) {
        size_t mark = arena->used;
        YAO_TRY(revoke_one(a, arena, list[i]));
        arena->used = mark;
    }
    return YAO_OK;
}

yao_status keys_revoke_issued(const authority *a, yao_bytes hash,
                              size_t *count)
{
    yao_arena  arena;
    size_t     found  = 0;
    yao_status status = yao_memory_open(1024u * 1024u, &arena);

    if (status != YAO_OK)
        return status;
    *count = 0;
    do {
        size_t mark = arena.used;
        status      = revoke_some(a, &arena, hash, &found);
        arena.used  = mark;
        *count += status == YAO_OK ? found : 0;
    } while (status == YAO_OK && found > 0);
    yao_memory_free(&arena);
    return status;
}
