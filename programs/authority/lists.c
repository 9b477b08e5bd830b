/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/lists.h"

#include "app/files.h"
#include "app/status_list.h"
#include "inflate/inflate.h"
#include "statuslist/statuslist.h"

#include <string.h>

/* A list is half taken at most when it gets new ones; so many draws in vain
 * mean that it is not as it should be. */
#define DRAWS 64

/* Processes that open a list at once: one wins, the others look again. */
#define TRIES 8

/* ---- which list ---- */

yao_status lists_uri(const authority *a, int64_t number, yao_arena *arena,
                     yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  bytes;
    char       digits[24];

    snprintf(digits, sizeof digits, "%lld", (long long)number);
    yao_put_text(&w, config_get(&a->config, SETTING_URL));
    yao_put_text(&w, "/statuslists/");
    yao_put_text(&w, digits);
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* Lost to another process: fine, there is a new list then. */
static yao_status open_list(const authority *a, int64_t role, int64_t bits,
                            yao_arena *arena)
{
    store_change change = store_change_open(arena);
    int64_t      last   = 0;

    YAO_TRY(store_last_status_list(a->store, &last));
    const store_status_list list = {
        .number = last + 1,
        .role   = role,
        .bits   = bits,
        .size   = config_number(&a->config, SETTING_LIST_SIZE),
        .opened = yao_now()};
    store_put_status_list(&change, &list);
    yao_status status = store_commit(a->store, &change);
    return status == YAO_E_EXISTS ? YAO_OK : status;
}

static yao_status find_open(const authority *a, int64_t role, int64_t bits,
                            size_t count, yao_arena *arena,
                            store_status_list *ret)
{
    for (int i = 0; i < TRIES; i++) {
        store_status_list list = {.number = 0};
        yao_status        status =
            store_find_status_list(a->store, role, bits, arena, &list);

        if (status == YAO_OK &&
            list.allocated + (int64_t)count <= list.size / 2) {
            *ret = list;
            return YAO_OK;
        }
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
        YAO_TRY(open_list(a, role, bits, arena));
    }
    return YAO_E_LOCKED;
}

yao_status lists_find(const authority *a, int64_t role, bool suspends,
                      size_t count, yao_arena *arena, lists_place *ret)
{
    store_status_list list = {.number = 0};
    yao_text          uri;

    YAO_TRY(find_open(a, role_now(a, role), suspends ? 2 : 1, count, arena,
                      &list));
    YAO_TRY(lists_uri(a, list.number, arena, &uri));
    *ret = (lists_place){list.number, list.size, uri};
    return YAO_OK;
}

/* ---- which indexes ---- */

/* 0..SIZE-1, each as likely: what lies beyond the last whole round is thrown
 * again. */
static yao_status throw_number(int64_t size, int64_t *ret)
{
    const uint64_t span  = (uint64_t)size;
    const uint64_t limit = UINT64_MAX - UINT64_MAX % span;
    uint64_t       value;

    do
        YAO_TRY(yao_openssl_random((uint8_t *)&value, sizeof value));
    while (value >= limit);
    *ret = (int64_t)(value % span);
    return YAO_OK;
}

static bool among(const int64_t *list, size_t count, int64_t value)
{
    for (size_t i = 0; i < count; i++)
        if (list[i] == value)
            return true;
    return false;
}

static yao_status draw_one(const authority *a, const lists_place *place,
                           const int64_t *drawn, size_t count, int64_t *ret)
{
    for (int i = 0; i < DRAWS; i++) {
        int64_t index = 0;
        bool    taken = false;

        YAO_TRY(throw_number(place->size, &index));
        if (among(drawn, count, index))
            continue;
        YAO_TRY(store_has_status_index(a->store, place->number, index, &taken));
        if (!taken) {
            *ret = index;
            return YAO_OK;
        }
    }
    return YAO_E_LIMIT;
}

yao_status lists_draw(const authority *a, const lists_place *place,
                      size_t count, int64_t *ret)
{
    for (size_t i = 0; i < count; i++)
        YAO_TRY(draw_one(a, place, ret, i, &ret[i]));
    return YAO_OK;
}

/* ---- what stands in it ---- */

/* A day longer than the copies, for clocks that differ. */
bool lists_over(const store_status_list *list, yao_time now)
{
    return list->ends != 0 && list->ends < now - YAO_TIME_DAY;
}

static yao_status note_entry(void *ctx, int64_t index, int64_t state)
{
    lists_content *c = ctx;

    c->revoked += state == STORE_REVOKED;
    c->suspended += state == STORE_SUSPENDED;
    if (index < 0 || yao_status_set(c->entries, c->len, (uint64_t)c->bits,
                                    (uint64_t)index, (uint8_t)state) != YAO_OK)
        return YAO_E_STORE;
    return YAO_OK;
}

yao_status lists_read(const authority *a, const store_status_list *list,
                      yao_arena *arena, lists_content *ret)
{
    lists_content c = {.bits = list->bits};

    c.len     = ((size_t)list->size * (size_t)list->bits + 7) / 8;
    c.entries = yao_arena_take(arena, c.len);
    if (c.entries == NULL)
        return YAO_E_SPACE;
    memset(c.entries, 0, c.len);
    YAO_TRY(store_walk_entries(a->store, list->number, note_entry, &c));
    *ret = c;
    return YAO_OK;
}

/* ---- what stood in it before ---- */

/* Judged at the moment at which it was signed: it may be over by now. */
static yao_status verify_before(const lists_before *before, yao_time moment,
                                yao_arena *arena, yao_status_list *ret)
{
    const yao_anchor             anchor  = {.certificate = before->root,
                                            .role        = YAO_ROLE_STATUS};
    const yao_statuslist_options options = {.anchors      = &anchor,
                                            .anchor_count = 1,
                                            .now          = moment,
                                            .uri          = before->uri};
    const app_status_token       token   = {before->token, YAO_STATUSLIST_JWT,
                                            &options};
    yao_report *report = yao_arena_take(arena, sizeof *report);

    if (report == NULL)
        return YAO_E_SPACE;
    return app_status_list_open(before->crypto, &token, arena, ret, report);
}

/* Without a root no signature is looked at: at worst a stranger's file stops
 * the signing. What is to be kept must not be a stranger's. */
yao_status lists_read_before(const lists_before *before, yao_arena *arena,
                             yao_status_list *ret)
{
    yao_statuslist_unverified *u = yao_arena_take(arena, sizeof *u);
    yao_bytes                  entries;

    if (u == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_statuslist_parse(arena, before->token, YAO_STATUSLIST_JWT, u));
    YAO_TRY(u->claims.required);
    YAO_TRY(u->claims.dates);
    YAO_TRY(u->claims.content);
    if (!yao_text_equal(u->claims.uri, before->uri))
        return YAO_E_NOT_AUTHORISED;
    if (u->claims.issued_at > before->now)
        return YAO_E_NOT_YET_VALID;
    if (before->root.len != 0)
        return verify_before(before, u->claims.issued_at, arena, ret);

    const yao_inflate_wish wish = {u->claims.compressed, YAO_MAX_STATUS_LIST};
    YAO_TRY(yao_inflate(&wish, arena, &entries));
    return yao_status_of_bytes(entries, (uint64_t)u->claims.bits, ret);
}

static yao_status compare_entries(lists_content *c, const yao_status_list *old,
                                  bool keep, size_t *missing)
{
    const yao_status_list now = {.bits    = (uint8_t)c->bits,
                                 .entries = {c->entries, c->len},
                                 .count   = c->len * 8 / (size_t)c->bits};
    uint8_t               was, is;

    for (uint64_t i = 0; i < old->count && i < now.count; i++) {
        YAO_TRY(yao_status_get(old, i, &was));
        YAO_TRY(yao_status_get(&now, i, &is));
        if (was != STORE_REVOKED || is == STORE_REVOKED)
            continue;
        ++*missing;
        if (keep) {
            YAO_TRY(yao_status_set(c->entries, c->len, (uint64_t)c->bits, i,
                                   STORE_REVOKED));
            c->revoked++;
            c->suspended -= is == STORE_SUSPENDED;
        }
    }
    return YAO_OK;
}

yao_status lists_compare(lists_content *content, const lists_before *before,
                         yao_arena *arena, size_t *missing)
{
    size_t          mark = arena->used, count = 0;
    yao_status_list old;

    yao_status status = lists_read_before(before, arena, &old);
    if (status == YAO_OK &&
        (old.bits != content->bits || old.entries.len != content->len))
        status = YAO_E_NOT_AUTHORISED;
    if (status == YAO_OK)
        status = compare_entries(content, &old, before->keep, &count);
    arena->used = mark;
    YAO_TRY(status);
    if (missing != NULL)
        *missing = count;
    return count == 0 || before->keep ? YAO_OK : YAO_E_MISMATCH;
}

/* ---- signing ---- */

static yao_status sign_form(const lists_signing *s, yao_bytes compressed,
                            yao_statuslist_form form, yao_arena *arena,
                            yao_bytes *ret)
{
    const yao_statuslist_request request = {.form      = form,
                                            .uri       = s->uri,
                                            .issued_at = s->now,
                                            .expires   = s->now + s->lifetime,
                                            .ttl       = s->ttl,
                                            .bits = (uint8_t)s->content->bits,
                                            .compressed = compressed,
                                            .alg = yao_key_alg(s->signer->key),
                                            .chain =
                                                &s->signer->certificate.der,
                                            .chain_count = 1};
    yao_statuslist_issuing       made;
    uint8_t                      signature[YAO_MAX_SIGNATURE];
    size_t                       len = 0;

    YAO_TRY(yao_statuslist_write(arena, &request, &made));
    YAO_TRY(yao_key_sign(s->signer->key, &made.wish, signature, &len));
    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_statuslist_put(&w, &made, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

yao_status lists_sign(const lists_signing *s, yao_arena *arena, yao_bytes *jwt,
                      yao_bytes *cwt)
{
    const yao_deflate_wish wish = {{s->content->entries, s->content->len}};
    yao_bytes              compressed, a, b;

    YAO_TRY(yao_deflate(&wish, arena, &compressed));
    YAO_TRY(sign_form(s, compressed, YAO_STATUSLIST_JWT, arena, &a));
    YAO_TRY(sign_form(s, compressed, YAO_STATUSLIST_CWT, arena, &b));
    *jwt = a;
    *cwt = b;
    return YAO_OK;
}
