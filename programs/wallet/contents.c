/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/wallet.h"

#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "cbor/cbor.h"

/* Version 4 had events without the last four members, 5 without two. */
enum { ARENA = 192 * 1024 * 1024, VERSION = 6, OLDEST = 4 };

/* ---- reading the index: [6, [* batch], [* event], [* root], token] ------ */

/* batch = [document, subject, format, profile, choice, type, issuer, issued,
 * file, [* shown]] */
static void get_batch(yao_cbor_reader *r, yao_wallet_batch *ret)
{
    yao_cbor_get_array(r, 10);
    ret->document  = yao_cbor_get_text(r);
    ret->subject   = yao_cbor_get_text(r);
    ret->format    = yao_cbor_get_text(r);
    ret->profile   = yao_cbor_get_text(r);
    ret->choice    = yao_cbor_get_text(r);
    ret->type      = yao_cbor_get_text(r);
    ret->issuer    = yao_cbor_get_text(r);
    ret->issued    = yao_cbor_get_int(r);
    ret->file      = yao_cbor_get_text(r);
    uint64_t count = yao_cbor_get_items(r);

    if (count > YAO_MAX_BATCH) {
        yao_cbor_fail(r, YAO_E_LIMIT);
        return;
    }
    ret->count = (size_t)count;
    for (size_t i = 0; i < ret->count; i++)
        ret->shown[i] = (uint32_t)yao_cbor_get_uint(r);
}

/* event = [when, party, profile, document, format, elements, request,
 * outcome, receipt, what it is] */
static void get_event(yao_cbor_reader *r, uint64_t version,
                      yao_wallet_event *ret)
{
    yao_cbor_get_array(r, 6 + 2 * (size_t)(version - OLDEST));
    ret->when     = yao_cbor_get_int(r);
    ret->party    = yao_cbor_get_text(r);
    ret->profile  = yao_cbor_get_text(r);
    ret->document = yao_cbor_get_text(r);
    ret->format   = yao_cbor_get_text(r);
    ret->elements = yao_cbor_get_text(r);
    if (version > 4) {
        ret->request = yao_cbor_get_text(r);
        ret->outcome = yao_cbor_get_text(r);
    }
    if (version > 5) {
        ret->receipt    = yao_cbor_get_text(r);
        ret->receipt_is = yao_cbor_get_text(r);
    }
}

/* The number of items of an array, at most MOST. */
static size_t get_count(yao_cbor_reader *r, size_t most)
{
    uint64_t count = yao_cbor_get_items(r);

    if (count > most) {
        yao_cbor_fail(r, YAO_E_LIMIT);
        return 0;
    }
    return (size_t)count;
}

static yao_status parse_index(yao_wallet *w, yao_bytes input)
{
    yao_cbor_reader r = yao_cbor_open(input);

    yao_cbor_get_array(&r, 5);
    uint64_t version = yao_cbor_get_uint(&r);
    if (version < OLDEST || version > VERSION) {
        yao_cbor_fail(&r, YAO_E_MALFORMED);
        version = VERSION;
    }

    size_t batches = get_count(&r, YAO_WALLET_BATCHES);
    for (size_t i = 0; i < batches; i++)
        get_batch(&r, &w->batches[i]);
    size_t events = get_count(&r, YAO_WALLET_EVENTS);
    for (size_t i = 0; i < events; i++)
        get_event(&r, version, &w->events[i]);
    size_t roots = get_count(&r, YAO_WALLET_ROOTS);
    for (size_t i = 0; i < roots; i++)
        w->roots[i] = (yao_anchor){.certificate = yao_cbor_get_bytes(&r),
                                   .role        = YAO_ROLE_READER};
    yao_text token = yao_cbor_get_text(&r);
    YAO_TRY(yao_cbor_close(&r));

    w->batch_count = batches;
    w->event_count = events;
    w->root_count  = roots;
    w->token_uri   = token;
    return YAO_OK;
}

/* ---- writing it --------------------------------------------------------- */

static void put_batch(yao_writer *w, const yao_wallet_batch *b)
{
    yao_cbor_put_array(w, 10);
    yao_cbor_put_text(w, b->document);
    yao_cbor_put_text(w, b->subject);
    yao_cbor_put_text(w, b->format);
    yao_cbor_put_text(w, b->profile);
    yao_cbor_put_text(w, b->choice);
    yao_cbor_put_text(w, b->type);
    yao_cbor_put_text(w, b->issuer);
    yao_cbor_put_int(w, b->issued);
    yao_cbor_put_text(w, b->file);
    yao_cbor_put_array(w, b->count);
    for (size_t i = 0; i < b->count; i++)
        yao_cbor_put_uint(w, b->shown[i]);
}

static void put_event(yao_writer *w, const yao_wallet_event *e)
{
    yao_cbor_put_array(w, 10);
    yao_cbor_put_int(w, e->when);
    yao_cbor_put_text(w, e->party);
    yao_cbor_put_text(w, e->profile);
    yao_cbor_put_text(w, e->document);
    yao_cbor_put_text(w, e->format);
    yao_cbor_put_text(w, e->elements);
    yao_cbor_put_text(w, e->request);
    yao_cbor_put_text(w, e->outcome);
    yao_cbor_put_text(w, e->receipt);
    yao_cbor_put_text(w, e->receipt_is);
}

void yao_wallet_put_events(yao_writer *w, const yao_wallet *wallet,
                           size_t first)
{
    yao_cbor_put_array(w, 2);
    yao_cbor_put_uint(w, VERSION);
    yao_cbor_put_array(w, wallet->event_count - first);
    for (size_t i = first; i < wallet->event_count; i++)
        put_event(w, &wallet->events[i]);
}

size_t yao_wallet_get_events(yao_cbor_reader *r, yao_wallet_event *events)
{
    yao_cbor_get_array(r, 2);
    uint64_t version = yao_cbor_get_uint(r);
    if (version < OLDEST || version > VERSION) {
        yao_cbor_fail(r, YAO_E_MALFORMED);
        version = VERSION;
    }
    size_t count = get_count(r, YAO_WALLET_EVENTS);
    for (size_t i = 0; i < count && r->status == YAO_OK; i++)
        get_event(r, version, &events[i]);
    return r->status == YAO_OK ? count : 0;
}

yao_status yao_wallet_save(yao_wallet *wallet)
{
    size_t     mark = wallet->arena.used;
    yao_writer w    = yao_writer_in(&wallet->arena);
    yao_bytes  index;

    yao_cbor_put_array(&w, 5);
    yao_cbor_put_uint(&w, VERSION);
    yao_cbor_put_array(&w, wallet->batch_count);
    for (size_t i = 0; i < wallet->batch_count; i++)
        put_batch(&w, &wallet->batches[i]);
    yao_cbor_put_array(&w, wallet->event_count);
    for (size_t i = 0; i < wallet->event_count; i++)
        put_event(&w, &wallet->events[i]);
    yao_cbor_put_array(&w, wallet->root_count);
    for (size_t i = 0; i < wallet->root_count; i++)
        yao_cbor_put_bytes(&w, wallet->roots[i].certificate);
    yao_cbor_put_text(&w, wallet->token_uri);
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &index));

    yao_status status = yao_vault_write(&wallet->vault, "index", index);
    yao_wipe(wallet->arena.base + mark, wallet->arena.used - mark);
    wallet->arena.used = mark;
    return status;
}

/* ---- open and close ----------------------------------------------------- */

/* Is there a batch in the file NAME, or is it one that always stays? */
static bool is_named(void *context, const char *name)
{
    const yao_wallet *w    = context;
    yao_text          text = yao_text_of(name);

    if (yao_text_equal(text, YAO_TEXT("index")) ||
        yao_text_equal(text, YAO_TEXT("sources")) ||
        yao_text_equal(text, YAO_TEXT("provider")) ||
        yao_text_equal(text, YAO_TEXT("recovery")) ||
        yao_text_equal(text, YAO_TEXT("pseudonym")) ||
        yao_text_equal(text, YAO_TEXT("clock")))
        return true;
    for (size_t i = 0; i < w->batch_count; i++)
        if (yao_text_equal(w->batches[i].file, text))
            return true;

    return false;
}

static yao_status unlock(yao_wallet *w, const char *folder,
                         yao_bytes passphrase)
{
    yao_bytes index;

    YAO_TRY(yao_vault_open(folder, passphrase, &w->vault));
    YAO_TRY(yao_memory_open(ARENA, &w->arena));

    yao_status status =
        yao_vault_read(&w->vault, "index", &w->arena, &index);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK; /* made, and nothing put in yet */
    YAO_TRY(status);
    YAO_TRY(parse_index(w, index));
    yao_vault_sweep(&w->vault, is_named, w);
    return yao_wallet_open_clock(w);
}

yao_status yao_wallet_unlock(const char *folder, yao_bytes passphrase,
                             yao_wallet **ret)
{
    yao_wallet *w = calloc(1, sizeof *w);

    if (w == NULL)
        return YAO_E_SPACE;
    w->vault.lock = -1;

    yao_status status = unlock(w, folder, passphrase);
    if (status == YAO_OK)
        *ret = w;
    else
        yao_wallet_close(w);
    return status;
}

yao_status yao_wallet_open(const char *folder, const char *file,
                           yao_wallet **ret)
{
    uint8_t    letters[1024];
    yao_bytes  passphrase;
    yao_status status = yao_vault_exists(folder) ? YAO_OK : YAO_E_NOT_FOUND;

    if (status == YAO_OK)
        status = yao_passphrase_ask(file, false, letters, sizeof letters,
                                    &passphrase);
    if (status == YAO_OK)
        status = yao_wallet_unlock(folder, passphrase, ret);
    yao_wipe(letters, sizeof letters);
    return status;
}

void yao_wallet_close(yao_wallet *wallet)
{
    if (wallet == NULL)
        return;
    yao_wallet_drop_fresh(wallet);
    yao_wallet_tell_left(wallet);
    yao_key_token_close(wallet->token);
    yao_memory_free(&wallet->arena);
    yao_vault_close(&wallet->vault);
    free(wallet);
}

static yao_words next_step(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_FOUND:
        return WORDS("make one with `yaopai wallet init -C DIR`",
                     "请先用 `yaopai wallet init -C DIR` 建立");
    case YAO_E_SECRET:
        return WORDS("try again with the passphrase it was made with",
                     "请用建立钱包时的口令重试");
    case YAO_E_MALFORMED:
        return WORDS("it was made by another version, or changed: take it "
                     "from a backup, or make a new one",
                     "由其他版本建立或已被改动：请从备份恢复或重新建立");
    case YAO_E_LOCKED:
        return WORDS("wait until the other process is done",
                     "请等待另一进程结束");
    default:
        return WORDS("look at the folder and its permissions",
                     "请检查目录及其权限");
    }
}

int yao_wallet_open_for(const yao_invocation *call, yao_wallet **ret)
{
    uint8_t     letters[1024];
    yao_bytes   passphrase;
    const char *file   = yao_argument(call, "passphrase-file");
    yao_status  status = yao_vault_exists(call->directory) ? YAO_OK
                                                           : YAO_E_NOT_FOUND;

    if (status == YAO_OK) {
        status = yao_passphrase_ask(file, false, letters, sizeof letters,
                                    &passphrase);
        if (status != YAO_OK) {
            yao_wipe(letters, sizeof letters); /* half of one */
            return yao_passphrase_fail(status, file);
        }
        status = yao_wallet_unlock(call->directory, passphrase, ret);
        yao_wipe(letters, sizeof letters);
    }
    if (status == YAO_OK)
        return 0;
    return yao_fail(status, WORDS("wallet", "钱包"), call->directory,
                    (yao_words){NULL, NULL}, next_step(status));
}

/* ---- batches: [* [key / [id], copy]] ------------------------------------ */

/* NAME as a C string; it came out of the sealed index, or from us. */
static yao_status name_of(yao_text file, char *out, size_t cap)
{
    if (file.len == 0 || file.len >= cap)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < file.len; i++) {
        bool plain = (file.ptr[i] >= 'a' && file.ptr[i] <= 'z') ||
                     (file.ptr[i] >= '0' && file.ptr[i] <= '9') ||
                     file.ptr[i] == '-';
        if (!plain)
            return YAO_E_MALFORMED;
        out[i] = (char)file.ptr[i];
    }
    out[file.len] = '\0';
    return YAO_OK;
}

static void get_copy(yao_cbor_reader *r, yao_wallet_copy *ret)
{
    yao_cbor_get_array(r, 2);
    ret->in_token = yao_cbor_peek(r) == YAO_CBOR_ARRAY;
    if (ret->in_token)
        yao_cbor_get_array(r, 1);
    ret->key   = yao_cbor_get_bytes(r);
    ret->bytes = yao_cbor_get_bytes(r);
}

static void put_copy(yao_writer *w, const yao_wallet_copy *copy)
{
    yao_cbor_put_array(w, 2);
    if (copy->in_token)
        yao_cbor_put_array(w, 1);
    yao_cbor_put_bytes(w, copy->key);
    yao_cbor_put_bytes(w, copy->bytes);
}

yao_status yao_wallet_read_batch(yao_wallet             *wallet,
                                 const yao_wallet_batch *batch,
                                 yao_wallet_copy        *ret)
{
    char      name[64];
    yao_bytes plain;

    YAO_TRY(name_of(batch->file, name, sizeof name));
    YAO_TRY(yao_vault_read(&wallet->vault, name, &wallet->arena, &plain));

    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, batch->count);
    for (size_t i = 0; i < batch->count; i++)
        get_copy(&r, &ret[i]);
    return yao_cbor_close(&r);
}

yao_status yao_wallet_write_batch(yao_wallet *wallet, yao_text file,
                                  const yao_wallet_copy *copies, size_t count)
{
    size_t     mark = wallet->arena.used;
    yao_writer w    = yao_writer_in(&wallet->arena);
    char       name[64];
    yao_bytes  plain;

    YAO_TRY(name_of(file, name, sizeof name));
    yao_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        put_copy(&w, &copies[i]);
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &plain));

    yao_status status = yao_vault_write(&wallet->vault, name, plain);
    yao_wipe(wallet->arena.base + mark, wallet->arena.used - mark);
    wallet->arena.used = mark;
    return status;
}

void yao_wallet_remove_batch(yao_wallet *wallet, const yao_wallet_batch *batch)
{
    char name[64];

    yao_wallet_forget_keys(wallet, batch);
    if (name_of(batch->file, name, sizeof name) == YAO_OK)
        yao_vault_remove(&wallet->vault, name);
}

void yao_wallet_remember(yao_wallet *wallet, yao_wallet_event event)
{
    if (wallet->event_count == YAO_WALLET_EVENTS) {
        memmove(&wallet->events[0], &wallet->events[1],
                (YAO_WALLET_EVENTS - 1) * sizeof wallet->events[0]);
        wallet->event_count--;
    }
    wallet->events[wallet->event_count++] = event;
}

/* The newest of what LIKE names. */
static yao_wallet_batch *newest(yao_wallet *wallet,
                                const yao_wallet_batch *like, bool any)
{
    for (size_t i = wallet->batch_count; i-- > 0;) {
        yao_wallet_batch *b = &wallet->batches[i];

        if (yao_text_equal(b->document, like->document) &&
            yao_text_equal(b->format, like->format) &&
            yao_text_equal(b->profile, like->profile) &&
            yao_text_equal(b->choice, like->choice) &&
            (any || yao_text_equal(b->subject, like->subject)))
            return b;
    }
    return NULL;
}

static yao_wallet_batch *choose(yao_wallet *wallet,
                                const yao_wallet_batch *like)
{
    yao_wallet_batch *own = newest(wallet, like, false);

    return own != NULL || like->subject.len != 0 ? own
                                                 : newest(wallet, like, true);
}

yao_wallet_batch *yao_wallet_find(yao_wallet *wallet, yao_text document,
                                  yao_text format, yao_text subject)
{
    const yao_wallet_batch like = {
        .document = document, .format = format, .subject = subject};

    return choose(wallet, &like);
}

yao_wallet_batch *yao_wallet_find_cards(yao_wallet             *wallet,
                                        const yao_wallet_batch *like)
{
    yao_wallet_batch card = *like;

    if (!yao_text_equal(card.format, YAO_TEXT("printed-card")))
        card.format = YAO_TEXT("card");
    return choose(wallet, &card);
}
