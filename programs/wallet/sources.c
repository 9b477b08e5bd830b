/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/sources.h"

#include "cbor/cbor.h"

enum { VERSION = 1 };

static void get_source(yao_cbor_reader *r, yao_wallet_source *ret)
{
    yao_cbor_get_array(r, 5);
    ret->issuer        = yao_cbor_get_text(r);
    ret->client_id     = yao_cbor_get_text(r);
    ret->refresh_token = yao_cbor_get_text(r);
    ret->key           = yao_cbor_get_bytes(r);
    uint64_t count     = yao_cbor_get_items(r);

    if (count > YAO_VCI_MAX_OFFERED) {
        yao_cbor_fail(r, YAO_E_LIMIT);
        return;
    }
    ret->id_count = (size_t)count;
    for (size_t i = 0; i < ret->id_count; i++)
        ret->ids[i] = yao_cbor_get_text(r);
}

yao_status yao_wallet_read_sources(yao_wallet *wallet, yao_wallet_sources *ret)
{
    yao_bytes  plain;
    yao_status status =
        yao_vault_read(&wallet->vault, "sources", &wallet->arena, &plain);

    ret->count = 0;
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);

    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 2);
    if (yao_cbor_get_uint(&r) != VERSION)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    uint64_t count = yao_cbor_get_items(&r);
    if (count > YAO_WALLET_SOURCES)
        yao_cbor_fail(&r, YAO_E_LIMIT);
    for (uint64_t i = 0; i < count && r.status == YAO_OK; i++)
        get_source(&r, &ret->list[i]);
    YAO_TRY(yao_cbor_close(&r));
    ret->count = (size_t)count;
    return YAO_OK;
}

static void put_source(yao_writer *w, const yao_wallet_source *s)
{
    yao_cbor_put_array(w, 5);
    yao_cbor_put_text(w, s->issuer);
    yao_cbor_put_text(w, s->client_id);
    yao_cbor_put_text(w, s->refresh_token);
    yao_cbor_put_bytes(w, s->key);
    yao_cbor_put_array(w, s->id_count);
    for (size_t i = 0; i < s->id_count; i++)
        yao_cbor_put_text(w, s->ids[i]);
}

static bool same(const yao_wallet_source *a, const yao_wallet_source *b)
{
    if (!yao_text_equal(a->issuer, b->issuer) || a->id_count != b->id_count)
        return false;
    for (size_t i = 0; i < a->id_count; i++)
        if (!yao_text_equal(a->ids[i], b->ids[i]))
            return false;
    return true;
}

static yao_status write_all(yao_wallet *wallet, const yao_wallet_sources *all)
{
    yao_writer w = yao_writer_in(&wallet->arena);
    yao_bytes  plain;

    yao_cbor_put_array(&w, 2);
    yao_cbor_put_uint(&w, VERSION);
    yao_cbor_put_array(&w, all->count);
    for (size_t i = 0; i < all->count; i++)
        put_source(&w, &all->list[i]);
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &plain));
    return yao_vault_write(&wallet->vault, "sources", plain);
}

yao_status yao_wallet_put_source(yao_wallet              *wallet,
                                 const yao_wallet_source *source)
{
    yao_wallet_sources *all = yao_arena_take(&wallet->arena, sizeof *all);
    size_t              kept = 0;

    if (all == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_sources(wallet, all));
    for (size_t i = 0; i < all->count; i++)
        if (!same(&all->list[i], source))
            all->list[kept++] = all->list[i];
    if (source->refresh_token.len != 0) {
        if (kept == YAO_WALLET_SOURCES)
            return YAO_E_LIMIT;
        all->list[kept++] = *source;
    }
    all->count = kept;
    return write_all(wallet, all);
}

static bool is_of(yao_text id, yao_text document)
{
    return id.len > document.len && id.ptr[document.len] == '_' &&
           yao_bytes_starts(yao_text_bytes(id), yao_text_bytes(document));
}

static bool all_of(const yao_wallet_source *s, yao_text document)
{
    if (document.len == 0)
        return true;
    for (size_t i = 0; i < s->id_count; i++)
        if (!is_of(s->ids[i], document))
            return false;
    return true;
}

yao_status yao_wallet_drop_sources(yao_wallet *wallet, yao_text document,
                                   size_t *ret)
{
    yao_wallet_sources *all = yao_arena_take(&wallet->arena, sizeof *all);
    size_t              kept = 0, had;

    if (all == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_sources(wallet, all));
    had = all->count;
    for (size_t i = 0; i < had; i++)
        if (!all_of(&all->list[i], document))
            all->list[kept++] = all->list[i];
    all->count = kept;
    if (kept < had)
        YAO_TRY(write_all(wallet, all));
    *ret = had - kept;
    return YAO_OK;
}
