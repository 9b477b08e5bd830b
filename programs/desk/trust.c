/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/files.h"
#include "app/judging.h"
#include "app/pem.h"
#include "app/router.h"

enum { SKEW_S = 60, FETCH_MS = 30000, MEMORY = 256 * 1024 };

void desk_trust_init(desk_trusts *t, const desk_config *config)
{
    *t       = (desk_trusts){.config = config};
    t->ready = pthread_mutex_init(&t->lock, NULL) == 0;
}

/* ---- holding ---- */

desk_trust *desk_trust_take(desk_trusts *t)
{
    pthread_mutex_lock(&t->lock);
    desk_trust *taken = t->now;
    if (taken != NULL)
        taken->users++;
    pthread_mutex_unlock(&t->lock);
    return taken;
}

void desk_trust_give(desk_trusts *t, desk_trust *taken)
{
    bool last = false;

    if (taken == NULL)
        return;
    pthread_mutex_lock(&t->lock);
    last = --taken->users == 0;
    pthread_mutex_unlock(&t->lock);
    if (last) {
        app_bundle_close(&taken->bundle);
        yao_memory_free(&taken->arena);
        free(taken);
    }
}

static void replace(desk_trusts *t, desk_trust *with, struct timespec changed)
{
    pthread_mutex_lock(&t->lock);
    desk_trust *before = t->now;
    t->now             = with;
    t->changed         = changed;
    pthread_mutex_unlock(&t->lock);
    desk_trust_give(t, before);
}

void desk_trust_close(desk_trusts *t)
{
    if (!t->ready)
        return;
    replace(t, NULL, (struct timespec){0, 0});
    yao_file_free(&t->statement);
    pthread_mutex_destroy(&t->lock);
    t->ready = false;
}

/* ---- opening ---- */

static app_bundle_options options_of(const desk_trusts *t, const char *path,
                                     const char *seen, yao_time now)
{
    return (app_bundle_options){.path   = path,
                                .anchor = desk_get(t->config, DESK_ANCHOR),
                                .seen   = seen,
                                .wanted = YAO_TRUST_BUNDLE,
                                .now    = now,
                                .skew   = SKEW_S,
                                .keep   = true};
}

static bool is_known(desk_trusts *t, const struct stat *file)
{
    pthread_mutex_lock(&t->lock);
    bool same = t->now != NULL && t->changed.tv_sec == file->st_mtim.tv_sec &&
                t->changed.tv_nsec == file->st_mtim.tv_nsec;
    pthread_mutex_unlock(&t->lock);
    return same;
}

/* Those of a test suite, which sign documents with certificates that no
 * authority would make (trust.issuers; desk_open() asks for demo). */
static yao_status add_issuers(const desk_trusts *t, desk_trust *made)
{
    const yao_trust_verified *list = &made->bundle.list;
    const char               *path = desk_get(t->config, DESK_ISSUERS);

    if (path[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_memory_open(MEMORY, &made->arena));
    yao_anchors *given = yao_arena_take(&made->arena, sizeof *given);
    if (given == NULL)
        return YAO_E_SPACE;
    *given = (yao_anchors){.count = 0};
    YAO_TRY(
        yao_anchors_add_file(given, &made->arena, path, YAO_ROLE_ISSUER));
    made->anchors =
        yao_arena_take_array(&made->arena, list->anchor_count + given->count,
                             sizeof *made->anchors);
    if (made->anchors == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < list->anchor_count; i++)
        made->anchors[made->anchor_count++] = list->anchors[i];
    for (size_t i = 0; i < given->count; i++) {
        given->list[i].as_is                = true;
        made->anchors[made->anchor_count++] = given->list[i];
    }
    return YAO_OK;
}

yao_status desk_trust_load(desk_trusts *t, const yao_crypto *crypto,
                           yao_time now)
{
    const char *path = desk_get(t->config, DESK_BUNDLE);
    struct stat file;

    if (stat(path, &file) != 0)
        return YAO_E_NOT_FOUND;
    if (is_known(t, &file))
        return YAO_OK;
    desk_trust *made = calloc(1, sizeof *made);
    if (made == NULL)
        return YAO_E_SPACE;
    made->users               = 1;
    app_bundle_options o      = options_of(t, path, NULL, now);
    yao_status         status = app_bundle_open(crypto, &o, &made->bundle);
    if (status == YAO_OK)
        status = add_issuers(t, made);
    if (status != YAO_OK) {
        desk_trust_give(t, made);
        return status;
    }
    replace(t, made, file.st_mtim);
    return YAO_OK;
}

/* ---- fetching ---- */

yao_status desk_trust_get(const desk_trusts *t, const char *url, size_t most,
                          yao_arena *arena, net_answer *ret)
{
    const char    *ca   = desk_get(t->config, DESK_TRUST_CA);
    const yao_text text = yao_text_of(url);
    net_client    *client;
    char           origin[DESK_MAX_PATH];
    const net_call call = {
        .method = "GET", .url = text, .most = most};
    net_client_options o = {.ca_file    = ca[0] != '\0' ? ca : NULL,
                            .loopback   = true,
                            .timeout_ms = FETCH_MS};

    yao_text from = app_url_origin(text);
    snprintf(origin, sizeof origin, "%.*s", (int)from.len,
             (const char *)from.ptr);
    YAO_TRY(net_client_open(&o, &client));
    yao_status status = net_client_allow(client, origin);
    if (status == YAO_OK)
        status = net_client_fetch(client, &call, arena, ret);
    net_client_close(client);
    if (status == YAO_OK && ret->status != 200)
        status = YAO_E_NET;
    return status;
}

/* Looked at beside the old one, under the same note of what was seen, which is
 * written when it is opened in its place: who is killed between leaves a file
 * that is newer than the note, and not the other way round. */
static yao_status keep(const desk_trusts *t, const yao_crypto *crypto,
                       yao_bytes body, yao_time now)
{
    const char *path = desk_get(t->config, DESK_BUNDLE);
    char        fresh[DESK_MAX_PATH + 8], seen[DESK_MAX_PATH + 8];
    app_bundle  bundle;

    snprintf(fresh, sizeof fresh, "%s.new", path);
    snprintf(seen, sizeof seen, "%s.seen", path);
    YAO_TRY(yao_file_write(fresh, body, 0644, false));
    app_bundle_options o      = options_of(t, fresh, seen, now);
    o.keep                    = false;
    yao_status         status = app_bundle_open(crypto, &o, &bundle);
    app_bundle_close(&bundle);
    if (status == YAO_OK && rename(fresh, path) != 0)
        status = YAO_E_FILE;
    if (status != YAO_OK)
        (void)remove(fresh);
    return status;
}

yao_status desk_trust_fetch(desk_trusts *t, const yao_crypto *crypto,
                            yao_time now)
{
    const char *url   = desk_get(t->config, DESK_TRUST_URL);
    yao_arena   arena = {NULL, 0, 0};
    net_answer  answer;

    if (url[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_memory_open((size_t)YAO_MAX_TRUST_LIST + 65536, &arena));
    yao_status status =
        desk_trust_get(t, url, YAO_MAX_TRUST_LIST, &arena, &answer);
    if (status == YAO_OK)
        status = keep(t, crypto, answer.body, now);
    yao_memory_free(&arena);
    return status;
}

/* ---- judging by it ---- */

bool desk_trust_in_force(const desk_trust *taken, yao_time now)
{
    return app_judging_check_list(&taken->bundle.list.content, now) == YAO_OK;
}

yao_verify_options desk_trust_options(const desk_trusts *t,
                                      const desk_trust *taken, yao_time now)
{
    yao_verify_options o = {.now  = now,
                            .skew = SKEW_S,
                            .status_max_age =
                                desk_number(t->config, DESK_STATUS_AGE) * 3600,
                            .catalogue = &taken->bundle.catalogue};

    app_bundle_apply(&taken->bundle, &o);
    if (taken->anchors != NULL) {
        o.anchors      = taken->anchors;
        o.anchor_count = taken->anchor_count;
    }
    return o;
}

int64_t desk_trust_age(desk_trusts *t, yao_time now)
{
    desk_trust *taken = desk_trust_take(t);
    int64_t     age   = -1;

    if (taken != NULL)
        age = now > taken->bundle.list.content.issued_at
                  ? now - taken->bundle.list.content.issued_at
                  : 0;
    desk_trust_give(t, taken);
    return age;
}
