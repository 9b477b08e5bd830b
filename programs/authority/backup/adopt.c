/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/backup/adopt.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "authority/audit/folder.h"
#include "authority/audit/signer.h"
#include "authority/audit/tree.h"
#include "authority/keeper/lists.h"
#include "authority/role.h"

#define MAX_KEY_FILE 4096u
#define MAX_TOKEN (1024u * 1024u)

/* ---- the log ------------------------------------------------------------ */

typedef struct adopting {
    const authority *a;
    yao_arena       *arena;  /* of one batch of leaves */
    int64_t          have;   /* leaves of the register */
    int64_t          next;   /* index of the first leaf that waits */
    yao_bytes        leaves[AUDIT_TILE];
    size_t           count;
    size_t           mark;
    yao_status       status;
} adopting;

/* The register's own leaf must be the published one: else it is another log. */
static yao_status compare(adopting *g, int64_t index, yao_bytes leaf)
{
    size_t     mark = g->arena->used, count;
    yao_bytes *own;

    YAO_TRY(store_list_log_leaves(g->a->store, index, index + 1, g->arena,
                                  &own, &count));
    bool same      = count == 1 && yao_bytes_equal(own[0], leaf);
    g->arena->used = mark;
    return same ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status flush(adopting *g)
{
    store_change       change = store_change_open(g->arena);
    const audit_growth growth = {(uint64_t)g->next, g->leaves, g->count};

    if (g->count == 0)
        return YAO_OK;
    for (size_t i = 0; i < g->count; i++) {
        const store_log_entry entry = {.index = g->next + (int64_t)i,
                                       .leaf  = g->leaves[i]};
        store_put_log_entry(&change, &entry);
    }
    YAO_TRY(audit_put_nodes(g->a, &growth, &change, g->arena));
    YAO_TRY(store_commit(g->a->store, &change));
    g->next += (int64_t)g->count;
    g->count       = 0;
    g->arena->used = g->mark;
    return YAO_OK;
}

/* A batch ends where a tile ends: audit_put_nodes() takes one tile at most. */
static yao_status take_leaf(void *ctx, uint64_t index, yao_bytes leaf)
{
    adopting *g = ctx;

    if ((int64_t)index < g->have)
        return compare(g, (int64_t)index, leaf);
    YAO_TRY(yao_arena_keep(g->arena, leaf, &g->leaves[g->count]));
    g->count++;
    return (index + 1) % AUDIT_TILE == 0 ? flush(g) : YAO_OK;
}

/* The key that the authority published, not one from the folder. */
static yao_status own_keys(const authority *a, yao_arena *arena,
                           yao_tlog_key keys[2], size_t *count)
{
    audit_signer signer;

    YAO_TRY(audit_signer_open(a, arena, &signer));
    memcpy(keys, signer.names, signer.count * sizeof keys[0]);
    *count = signer.count;
    audit_signer_close(&signer);
    return YAO_OK;
}

static yao_status told(const audit_result *result)
{
    switch (result->finding) {
    case AUDIT_RIGHT:
        return YAO_OK;
    case AUDIT_HEAD_INVALID:
        return YAO_E_BAD_SIGNATURE;
    case AUDIT_MISSING:
        return YAO_E_FILE;
    default:
        return YAO_E_MISMATCH;
    }
}

yao_status adopt_log(const authority *a, const char *folder, yao_arena *arena,
                     int64_t *lost)
{
    yao_arena    leaves;
    yao_tlog_key keys[2];
    size_t       count = 0;
    audit_result result;
    int64_t      have = 0;

    YAO_TRY(own_keys(a, arena, keys, &count));
    YAO_TRY(store_count_log(a->store, &have));
    YAO_TRY(yao_memory_open(4u * 1024u * 1024u, &leaves));
    adopting g = {.a = a, .arena = &leaves, .have = have, .next = have};
    /* first look, then take: nothing is adopted of a log that is not right */
    const audit_check look = {.crypto    = a->crypto,
                              .source    = audit_folder_source(folder),
                              .keys      = keys,
                              .key_count = count};
    yao_status status = audit_verify(&look, arena, &result);
    if (status == YAO_OK)
        status = told(&result);
    if (status == YAO_OK && (int64_t)result.head.size < have)
        status = YAO_E_MISSING;
    if (status == YAO_OK) {
        audit_check take = look;
        take.each        = take_leaf;
        take.ctx         = &g;
        status           = audit_verify(&take, arena, &result);
    }
    if (status == YAO_OK)
        status = told(&result); /* it may have been changed meanwhile */
    if (status == YAO_OK)
        status = flush(&g);
    yao_memory_free(&leaves);
    *lost = g.next - have;
    return status;
}

/* ---- status lists ------------------------------------------------------- */

typedef struct published {
    int64_t         number;
    yao_bytes       token;
    yao_status_list list;
    int64_t         role; /* under whose root it was signed */
} published;

static const yao_signing_role roles[] = {
    YAO_SIGNING_POPULATION, YAO_SIGNING_TRAFFIC, YAO_SIGNING_OTHER};

static yao_status read_under(const authority *a, int64_t role, published *p,
                             yao_arena *arena)
{
    ca           root   = {.key = NULL};
    lists_before before = {
        .token = p->token, .now = YAO_TIME_MAX, .crypto = a->crypto};

    YAO_TRY(role_open_root(a, role, arena, &root));
    before.root = root.certificate.der;
    YAO_TRY(lists_uri(a, p->number, arena, &before.uri));
    p->role = role;
    return lists_read_before(&before, arena, &p->list);
}

/* Whoever may write to the folder must not have documents revoked: only what
 * this authority signed is remembered. */
static yao_status read_published(const authority *a, published *p,
                                 yao_arena *arena)
{
    yao_status status = YAO_E_UNTRUSTED;

    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        int64_t now = role_now(a, roles[i]);

        status = read_under(a, now, p, arena);
        if (status == YAO_E_UNTRUSTED && now > ROLE_ROOTS)
            status = read_under(a, now - ROLE_ROOTS, p, arena);
        if (status != YAO_E_UNTRUSTED && status != YAO_E_BAD_SIGNATURE)
            return status;
    }
    return status;
}

/* A list that was opened after the backup: without it its number would be
 * given out anew. */
static void put_forgotten(const published *p, store_change *change)
{
    const store_status_list list = {.number = p->number,
                                    .role   = p->role,
                                    .bits   = p->list.bits,
                                    .size   = (int64_t)p->list.count,
                                    .opened = p->list.issued_at};

    store_put_status_list(change, &list);
}

static yao_status find_last(const authority *a, const published *p,
                            yao_arena *arena, store_status_token *ret)
{
    yao_status status =
        store_get_status_token(a->store, p->number, arena, ret);

    if (status != YAO_E_NOT_FOUND)
        return status;
    *ret = (store_status_token){.version = 0};
    return YAO_OK;
}

static yao_status put_published(const authority *a, const published *p,
                                int64_t known, yao_arena *arena)
{
    store_change       change = store_change_open(arena);
    store_status_token last;

    YAO_TRY(find_last(a, p, arena, &last));
    if (yao_bytes_equal(last.jwt, p->token))
        return YAO_E_EXISTS;
    if (p->number > known)
        put_forgotten(p, &change);
    const store_status_token seen = {.list      = p->number,
                                     .version   = last.version + 1,
                                     .signed_at = 0, /* due */
                                     .expires   = p->list.expires,
                                     .jwt       = p->token,
                                     .cwt       = last.cwt};
    store_put_status_token(&change, &seen);
    return store_commit(a->store, &change);
}

static yao_status adopt_list(const authority *a, const char *path,
                             published *p, int64_t known, yao_arena *arena)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(path, MAX_TOKEN, &file));
    yao_status status = yao_arena_keep(arena, file, &p->token);
    yao_file_free(&file);
    YAO_TRY(status);
    YAO_TRY(read_published(a, p, arena));
    return put_published(a, p, known, arena);
}

/* "7.jwt" is 7; 0: something else. */
static int64_t number_of(const char *name)
{
    char *rest   = NULL;
    long  number = strtol(name, &rest, 10);

    return number > 0 && strcmp(rest, ".jwt") == 0 ? number : 0;
}

/* Some of the indexes have owners that the register has lost: nothing new goes
 * into any list that is there. */
static yao_status close_lists(const authority *a, yao_arena *arena)
{
    const keeper_signing how = {
        .authority = a, .arena = arena, .now = yao_now()};
    store_status_list *lists;
    size_t             count;

    YAO_TRY(store_list_status_lists(a->store, arena, &lists, &count));
    for (size_t i = 0; i < count; i++) {
        store_change change = store_change_open(arena);
        YAO_TRY(keeper_close_list(&how, &lists[i], &change));
        YAO_TRY(store_commit(a->store, &change));
    }
    return YAO_OK;
}

/* A list that is not among them may revoke what nobody would revoke again. */
static yao_status find_list(const authority *a, const char *folder,
                            const store_status_list *list, yao_arena *arena)
{
    char               path[CONFIG_MAX_PATH], name[32];
    store_status_token last;
    yao_status         status =
        store_get_status_token(a->store, list->number, arena, &last);

    if (status == YAO_E_NOT_FOUND || lists_over(list, yao_now()))
        return YAO_OK; /* never published, or of no use any more */
    YAO_TRY(status);
    snprintf(name, sizeof name, "%lld.jwt", (long long)list->number);
    YAO_TRY(yao_path_join(folder, name, path, sizeof path));
    return yao_path_exists(path) ? YAO_OK : YAO_E_MISSING;
}

static yao_status find_lists(const authority *a, const char *folder,
                             yao_arena *arena)
{
    store_status_list *lists;
    size_t             count;

    YAO_TRY(store_list_status_lists(a->store, arena, &lists, &count));
    for (size_t i = 0; i < count; i++) {
        size_t     mark   = arena->used;
        yao_status status = find_list(a, folder, &lists[i], arena);

        arena->used = mark;
        YAO_TRY(status);
    }
    return YAO_OK;
}

yao_status adopt_lists(const authority *a, const char *folder,
                       yao_arena *arena, size_t *count)
{
    DIR           *d = opendir(folder);
    struct dirent *entry;
    int64_t        known  = 0;
    yao_status     status = YAO_OK;

    *count = 0;
    if (d == NULL)
        return YAO_E_FILE;
    status = find_lists(a, folder, arena);
    if (status == YAO_OK)
        status = store_last_status_list(a->store, &known);
    while (status == YAO_OK && (entry = readdir(d)) != NULL) {
        char      path[CONFIG_MAX_PATH];
        size_t    mark = arena->used;
        published p    = {.number = number_of(entry->d_name)};

        if (p.number == 0)
            continue;
        status = yao_path_join(folder, entry->d_name, path, sizeof path);
        if (status == YAO_OK)
            status = adopt_list(a, path, &p, known, arena);
        *count += status == YAO_OK;
        if (status == YAO_E_EXISTS)
            status = YAO_OK;
        arena->used = mark;
    }
    closedir(d);
    return status == YAO_OK ? close_lists(a, arena) : status;
}
