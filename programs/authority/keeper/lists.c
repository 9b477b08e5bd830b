/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/keeper/lists.h"

#include "app/files.h"
#include "json/json.h"

/* Of two who sign one list at the same time one signs again; so often. */
#define TRIES 5

/* Changes that are looked at in one run: the next is a second later. */
#define MAX_DIRTY 4096

/* ---- comparing ---------------------------------------------------------- */

yao_status keeper_compare(const keeper_signing *how, const lists_before *before,
                          lists_content *content, size_t *missing)
{
    lists_before what  = *before;
    size_t       found = 0;

    what.now    = how->clock_was_wrong ? YAO_TIME_MAX : how->now;
    what.keep   = how->keep_revoked;
    what.crypto = how->authority->crypto;
    yao_status status = lists_compare(content, &what, how->arena, &found);
    if (status == YAO_OK || status == YAO_E_MISMATCH)
        *missing += found;
    return status;
}

/* What was signed last; version 0: nothing. It is asked for before the list is
 * read: who publishes in between has the version, so that no list is signed
 * behind one that knows more. And before the moment is taken at which this one
 * is: nobody else's is signed later than that. */
static yao_status read_last(const keeper_signing *how, int64_t number,
                            store_status_token *ret)
{
    yao_status status = store_get_status_token(how->authority->store, number,
                                               how->arena, ret);

    if (status == YAO_E_NOT_FOUND)
        *ret = (store_status_token){.version = 0};
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

static yao_status compare_all(const keeper_signing     *how,
                              const store_status_list  *list,
                              const store_status_token *last, yao_text uri,
                              keeper_signed *done)
{
    const lists_before before = {.token = last->jwt, .uri = uri};

    if (last->version > 0)
        YAO_TRY(keeper_compare(how, &before, &done->content, &done->missing));
    return how->compare != NULL
               ? how->compare(how->ctx, list, &done->content, uri,
                              &done->missing)
               : YAO_OK;
}

/* ---- committing --------------------------------------------------------- */

static yao_status describe(const keeper_signing *how, const keeper_signed *done,
                           yao_text *ret)
{
    yao_writer w     = yao_writer_in(how->arena);
    bool       first = true;
    yao_bytes  bytes;

    yao_put_byte(&w, '{');
    yao_json_put_member_int(&w, &first, "list", done->token.list);
    yao_json_put_member_int(&w, &first, "version", done->token.version);
    yao_json_put_member_int(&w, &first, "revoked",
                            (int64_t)done->content.revoked);
    yao_json_put_member_int(&w, &first, "suspended",
                            (int64_t)done->content.suspended);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, how->arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* The register has forgotten copies of LIST: to it their indexes are free, and
 * a second document would get one of them. New copies go to a new list. */
yao_status keeper_close_list(const keeper_signing    *how,
                             const store_status_list *list,
                             store_change            *change)
{
    store_status_list open = {.number = 0};
    int64_t           last = 0;
    store            *s    = how->authority->store;

    YAO_TRY(
        store_find_status_list(s, list->role, list->bits, how->arena, &open));
    if (open.number != list->number)
        return YAO_OK;
    YAO_TRY(store_last_status_list(s, &last));
    open = (store_status_list){.number = last + 1,
                               .role   = list->role,
                               .bits   = list->bits,
                               .size   = list->size,
                               .opened = how->now};
    store_put_status_list(change, &open);
    return YAO_OK;
}

/* The notes of LIST that were there before it was read. */
typedef struct notes {
    const store_dirty *items;
    size_t             count;
} notes;

static yao_status commit(const keeper_signing    *how,
                         const store_status_list *list,
                         const keeper_signed *done, const notes *seen)
{
    store_change change = store_change_open(how->arena);
    yao_text     detail;

    if (how->fence > 0)
        store_put_fence(&change, KEEPER_LISTS_LEASE, how->fence);
    YAO_TRY(describe(how, done, &detail));
    store_put_status_token(&change, &done->token);
    if (done->missing > 0)
        YAO_TRY(keeper_close_list(how, list, &change));
    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i].list == list->number)
            store_forget_dirty(&change, &seen->items[i]);
    YAO_TRY(authority_put_event(&change, how->arena, "statuslist.publish",
                                (yao_bytes){NULL, 0}, detail));
    return store_commit(how->authority->store, &change);
}

/* ---- one list ----------------------------------------------------------- */

static yao_status sign_content(const keeper_signing    *how,
                               const store_status_list *list, yao_text uri,
                               keeper_signed *done)
{
    ca signer = {.key = NULL};

    YAO_TRY(role_open_status(how->authority, list->role, how->arena, &signer));
    const lists_signing signing = {&done->content, &signer,       uri,
                                   how->now,       how->lifetime, how->ttl};
    yao_status status = lists_sign(&signing, how->arena, &done->token.jwt,
                                   &done->token.cwt);
    ca_close(&signer);
    return status;
}

static yao_status sign_list(const keeper_signing    *given,
                            const store_status_list *list, const notes *seen,
                            keeper_signed *ret)
{
    keeper_signing     how  = *given;
    keeper_signed      done = {.token = {.list = list->number}};
    store_status_token last;
    yao_text           uri;

    ret->missing = 0;
    YAO_TRY(lists_uri(how.authority, list->number, how.arena, &uri));
    YAO_TRY(read_last(&how, list->number, &last));
    how.now = yao_now();
    YAO_TRY(lists_read(how.authority, list, how.arena, &done.content));
    YAO_TRY(compare_all(&how, list, &last, uri, &done));
    done.token.version   = last.version + 1;
    done.token.signed_at = how.now;
    done.token.expires   = how.now + how.lifetime;
    YAO_TRY(sign_content(&how, list, uri, &done));
    YAO_TRY(commit(&how, list, &done, seen));
    *ret = done;
    return YAO_OK;
}

static yao_status read_notes(const keeper_signing *how, notes *ret)
{
    store_dirty *items;

    YAO_TRY(store_list_dirty(how->authority->store, MAX_DIRTY, how->arena,
                             &items, &ret->count));
    ret->items = items;
    return YAO_OK;
}

yao_status keeper_sign_list(const keeper_signing    *how,
                            const store_status_list *list, keeper_signed *ret)
{
    size_t     mark   = how->arena->used;
    yao_status status = YAO_E_EXISTS;

    for (int i = 0; i < TRIES && status == YAO_E_EXISTS; i++) {
        notes seen;

        how->arena->used = mark;
        YAO_TRY(read_notes(how, &seen));
        status = sign_list(how, list, &seen, ret);
    }
    return status;
}

/* ---- what has to be ----------------------------------------------------- */

static bool is_dirty(const notes *seen, int64_t number)
{
    for (size_t i = 0; i < seen->count; i++)
        if (seen->items[i].list == number)
            return true;
    return false;
}

/* Is the last version of NUMBER older than half of the time after which who
 * has it asks again? */
static bool is_old(const keeper_signing *how, const store_status_token *ages,
                   size_t count, int64_t number)
{
    for (size_t i = 0; i < count; i++)
        if (ages[i].list == number)
            return how->now - ages[i].signed_at >= how->ttl / 2 ||
                   ages[i].expires - how->now < how->lifetime / 2;
    return true;
}

yao_status keeper_sign_lists(const keeper_signing *how, size_t *count)
{
    store              *s     = how->authority->store;
    yao_status          first = YAO_OK;
    store_status_list  *lists;
    store_status_token *ages;
    size_t              lists_count, ages_count;
    notes               seen;

    *count = 0;
    YAO_TRY(read_notes(how, &seen));
    YAO_TRY(store_list_status_lists(s, how->arena, &lists, &lists_count));
    YAO_TRY(store_list_status_ages(s, how->arena, &ages, &ages_count));
    for (size_t i = 0; i < lists_count; i++) {
        int64_t       number = lists[i].number;
        size_t        mark   = how->arena->used;
        keeper_signed done;

        if (lists_over(&lists[i], how->now) ||
            (!is_dirty(&seen, number) &&
             !is_old(how, ages, ages_count, number)))
            continue;
        yao_status status = sign_list(how, &lists[i], &seen, &done);
        how->arena->used  = mark;
        *count += status == YAO_OK;
        first = first == YAO_OK ? status : first;
    }
    return first;
}
