/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/backup.h"

#include "app/files.h"
#include "cbor/cbor.h"
#include "wallet/provider.h"
#include "wallet/sources.h"

/* [2, made, history, [* root], provider, [* held], [* source], pseudonyms];
 * 1 was the same without the last. */
enum { VERSION = 2 };

/* ---- writing ------------------------------------------------------------ */

/* Once for each document, whatever the formats; without keys and copies. */
static bool is_first(const yao_wallet *w, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (yao_text_equal(w->batches[i].document, w->batches[at].document) &&
            yao_text_equal(w->batches[i].subject, w->batches[at].subject))
            return false;
    return true;
}

static void put_held(yao_writer *w, const yao_wallet *wallet)
{
    size_t count = 0;

    for (size_t i = 0; i < wallet->batch_count; i++)
        count += is_first(wallet, i);
    yao_cbor_put_array(w, count);
    for (size_t i = 0; i < wallet->batch_count; i++) {
        const yao_wallet_batch *b = &wallet->batches[i];

        if (!is_first(wallet, i))
            continue;
        yao_cbor_put_array(w, 3);
        yao_cbor_put_text(w, b->document);
        yao_cbor_put_text(w, b->subject);
        yao_cbor_put_text(w, b->issuer);
    }
}

/* Addresses and names of configurations; tokens and keys stay here. */
static void put_sources(yao_writer *w, const yao_wallet_sources *all)
{
    size_t count = 0, room = YAO_WALLET_BATCHES;

    for (size_t i = 0; i < all->count; i++)
        count += all->list[i].id_count;
    count = count < room ? count : room;
    yao_cbor_put_array(w, count);
    for (size_t i = 0; i < all->count; i++)
        for (size_t j = 0; j < all->list[i].id_count && count > 0; j++) {
            count--;
            yao_cbor_put_array(w, 2);
            yao_cbor_put_text(w, all->list[i].issuer);
            yao_cbor_put_text(w, all->list[i].ids[j]);
        }
}

static yao_status provider_of(yao_wallet *wallet, yao_text *ret)
{
    yao_provider_account account;
    yao_status           status = yao_provider_read(wallet, &account);

    *ret = YAO_TEXT("");
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    *ret = account.url;
    return YAO_OK;
}

yao_status yao_backup_write(yao_wallet *wallet, size_t skip, yao_bytes *ret)
{
    yao_wallet_sources *all = yao_arena_take(&wallet->arena, sizeof *all);
    yao_pseudonyms      pseudonyms;
    yao_text            provider;

    if (all == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_wallet_read_sources(wallet, all));
    YAO_TRY(provider_of(wallet, &provider));
    YAO_TRY(yao_pseudonyms_read(wallet, &pseudonyms));

    yao_writer w = yao_writer_in(&wallet->arena);
    yao_cbor_put_array(&w, 8);
    yao_cbor_put_uint(&w, VERSION);
    yao_cbor_put_int(&w, yao_wallet_now());
    yao_wallet_put_events(&w, wallet, skip);
    yao_cbor_put_array(&w, wallet->root_count);
    for (size_t i = 0; i < wallet->root_count; i++)
        yao_cbor_put_bytes(&w, wallet->roots[i].certificate);
    yao_cbor_put_text(&w, provider);
    put_held(&w, wallet);
    put_sources(&w, all);
    yao_pseudonyms_put(&w, &pseudonyms);
    yao_wipe(&pseudonyms, sizeof pseudonyms);
    return yao_writer_keep(&w, &wallet->arena, ret);
}

/* ---- reading ------------------------------------------------------------ */

static size_t get_count(yao_cbor_reader *r, size_t most)
{
    uint64_t count = yao_cbor_get_items(r);

    if (r->status == YAO_OK && count > most)
        yao_cbor_fail(r, YAO_E_LIMIT);
    return r->status == YAO_OK ? (size_t)count : 0;
}

static void get_rest(yao_cbor_reader *r, yao_backup *ret)
{
    ret->root_count = get_count(r, YAO_WALLET_ROOTS);
    for (size_t i = 0; i < ret->root_count; i++)
        ret->roots[i] = yao_cbor_get_bytes(r);
    ret->provider   = yao_cbor_get_text(r);
    ret->held_count = get_count(r, YAO_WALLET_BATCHES);
    for (size_t i = 0; i < ret->held_count; i++) {
        yao_cbor_get_array(r, 3);
        ret->held[i].document = yao_cbor_get_text(r);
        ret->held[i].subject  = yao_cbor_get_text(r);
        ret->held[i].issuer   = yao_cbor_get_text(r);
    }
    ret->source_count = get_count(r, YAO_WALLET_BATCHES);
    for (size_t i = 0; i < ret->source_count; i++) {
        yao_cbor_get_array(r, 2);
        ret->sources[i].issuer = yao_cbor_get_text(r);
        ret->sources[i].id     = yao_cbor_get_text(r);
    }
}

yao_status yao_backup_read(yao_bytes plain, yao_arena *arena, yao_backup *ret)
{
    yao_cbor_reader r = yao_cbor_open(plain);

    ret->events = yao_arena_take_array(arena, YAO_WALLET_EVENTS,
                                       sizeof *ret->events);
    if (ret->events == NULL)
        return YAO_E_SPACE;
    uint64_t members = yao_cbor_get_items(&r);
    uint64_t version = yao_cbor_get_uint(&r);
    if (!(version == VERSION && members == 8) &&
        !(version == 1 && members == 7))
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    ret->made        = yao_cbor_get_int(&r);
    ret->event_count = yao_wallet_get_events(&r, ret->events);
    get_rest(&r, ret);
    ret->pseudonyms = (yao_pseudonyms){0};
    if (version == VERSION)
        yao_pseudonyms_get(&r, &ret->pseudonyms);
    return yao_cbor_close(&r);
}

/* ---- merging ------------------------------------------------------------ */

static bool same_event(const yao_wallet_event *a, const yao_wallet_event *b)
{
    return a->when == b->when && yao_text_equal(a->party, b->party) &&
           yao_text_equal(a->profile, b->profile) &&
           yao_text_equal(a->document, b->document) &&
           yao_text_equal(a->format, b->format) &&
           yao_text_equal(a->elements, b->elements) &&
           yao_text_equal(a->request, b->request);
}

static bool knows(const yao_wallet *w, const yao_wallet_event *e)
{
    for (size_t i = 0; i < w->event_count; i++)
        if (same_event(&w->events[i], e))
            return true;
    return false;
}

/* Behind those that are not later. When there are too many, the oldest goes:
 * it may be this one. */
static bool insert(yao_wallet *w, const yao_wallet_event *e)
{
    size_t at = w->event_count;

    while (at > 0 && w->events[at - 1].when > e->when)
        at--;
    if (w->event_count == YAO_WALLET_EVENTS) {
        if (at == 0)
            return false;
        for (size_t i = 1; i < at; i++)
            w->events[i - 1] = w->events[i];
        w->events[at - 1] = *e;
        return true;
    }
    for (size_t i = w->event_count; i > at; i--)
        w->events[i] = w->events[i - 1];
    w->events[at] = *e;
    w->event_count++;
    return true;
}

static bool add_root(yao_wallet *w, yao_bytes der)
{
    for (size_t i = 0; i < w->root_count; i++)
        if (yao_bytes_equal(w->roots[i].certificate, der))
            return false;
    if (w->root_count == YAO_WALLET_ROOTS)
        return false;
    w->roots[w->root_count++] =
        (yao_anchor){.certificate = der, .role = YAO_ROLE_READER};
    return true;
}

yao_status yao_backup_merge(yao_wallet *wallet, const yao_backup *backup,
                            yao_backup_merged *ret)
{
    yao_backup_merged merged = {0, 0};

    for (size_t i = 0; i < backup->event_count; i++)
        if (!knows(wallet, &backup->events[i]))
            merged.events += insert(wallet, &backup->events[i]);
    for (size_t i = 0; i < backup->root_count; i++)
        merged.roots += add_root(wallet, backup->roots[i]);
    YAO_TRY(yao_pseudonyms_merge(wallet, &backup->pseudonyms));
    YAO_TRY(yao_wallet_save(wallet));
    *ret = merged;
    return YAO_OK;
}
