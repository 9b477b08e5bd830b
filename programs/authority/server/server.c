/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "authority/role.h"
#include "authority/server/inside.h"
#include "authority/vci/clients.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"
#include "app/log.h"

enum { CERTIFICATE_MEMORY = 16 * 1024 };

/* ---- a thread's own ----------------------------------------------------- */

yao_status server_worker_open(const authority *first, server_worker *ret)
{
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    ret->authority         = *first; /* its store is everybody's */
    ret->authority.clients = NULL;
    ret->authority.openssl = openssl;
    ret->authority.crypto  = yao_openssl_crypto(openssl);
    ret->open              = true;
    return YAO_OK;
}

static void close_signing(server_signing *s)
{
    if (s->signer.open)
        ca_close(&s->signer.ca);
    s->signer.open = false;
}

void server_worker_close(server_worker *w)
{
    if (!w->open)
        return;
    for (size_t i = 0; i < sizeof w->signing / sizeof w->signing[0]; i++) {
        close_signing(&w->signing[i]);
        yao_memory_free(&w->signing[i].arena);
    }
    for (size_t i = 0; i < SERVER_SAYINGS; i++) {
        free(w->said[i].bytes);
        w->said[i] = (server_said){.bytes = NULL};
    }
    vci_clients_free(w->authority.clients);
    w->authority.clients = NULL;
    yao_openssl_close(w->authority.openssl);
    seal_keys_wipe(&w->authority.keys);
    w->open = false;
}

/* ---- settings that were written anew ------------------------------------- */

static server_stamp stamp_of(const struct stat *about)
{
    return (server_stamp){about->st_mtim, (uint64_t)about->st_ino};
}

static bool same_stamp(const server_stamp *a, const server_stamp *b)
{
    return a->file == b->file && a->changed.tv_sec == b->changed.tv_sec &&
           a->changed.tv_nsec == b->changed.tv_nsec;
}

static yao_status read_into(const authority_server *s, authority *fresh)
{
    _Alignas(16) uint8_t memory[8192];
    yao_arena            arena = {memory, sizeof memory, 0};
    yao_settings_trouble trouble;
    const char          *place;

    YAO_TRY(config_read(s->folder, &fresh->config, &trouble));
    YAO_TRY(authority_read_keys(fresh, &place));
    return authority_compare_keys(fresh, &arena);
}

/* The store stays: its place is not changed while a server runs. Keys that are
 * not the register's are not taken: nobody would find what is written with
 * them. */
static yao_status read_again(const authority_server *s, authority *a)
{
    authority  fresh  = *a;
    yao_status status = read_into(s, &fresh);

    if (status == YAO_OK)
        *a = fresh;
    seal_keys_wipe(&fresh.keys);
    return status;
}

/* A store that can't be asked now can be asked later. */
static bool passes(yao_status status)
{
    return status == YAO_E_LOCKED || status == YAO_E_STORE;
}

/* Between two requests: nobody looks at the old ones. The files of roots that
 * it names are read with it. */
static void refresh_clients(server_worker *w)
{
    authority         *a    = &w->authority;
    const char        *path = config_get(&a->config, SETTING_CLIENTS);
    vci_clients       *old  = a->clients;
    const vci_clients *fresh;
    struct stat        about;
    server_stamp       stamp = {.file = 0};

    if (stat(path, &about) == 0)
        stamp = stamp_of(&about);
    if (same_stamp(&stamp, &w->clients))
        return;
    w->clients = stamp;
    if (old == NULL)
        return; /* nobody has asked for them yet */
    a->clients        = NULL;
    yao_status status = vci_clients_of(a, &fresh);
    if (status == YAO_OK) {
        vci_clients_free(old);
        return;
    }
    a->clients = old;
    app_log_status(APP_LOG_ERROR, "clients-not-read", "clients", status);
}

static void refresh_settings(const authority_server *s, server_worker *w)
{
    char        path[CONFIG_MAX_PATH];
    struct stat about;

    if (yao_path_join(s->folder, CONFIG_FILE, path, sizeof path) != YAO_OK ||
        stat(path, &about) != 0)
        return;
    server_stamp stamp = stamp_of(&about);
    if (same_stamp(&stamp, &w->settings))
        return;
    yao_status status = read_again(s, &w->authority);
    if (!passes(status))
        w->settings = stamp;
    if (status != YAO_OK)
        app_log_status(APP_LOG_ERROR, "settings-not-read", "settings", status);
}

void server_refresh(const authority_server *s, server_worker *w)
{
    refresh_settings(s, w);
    refresh_clients(w);
}

const yao_crypto *server_crypto(void *server, unsigned worker)
{
    authority_server *s = server;
    server_worker    *w = &s->workers[worker];

    if (!w->open) {
        yao_status status = server_worker_open(s->first, w);
        if (status != YAO_OK) {
            app_log_status(APP_LOG_ERROR, "worker-not-opened", "crypto",
                           status);
            return NULL;
        }
    }
    server_refresh(s, w);
    return w->authority.crypto;
}

/* ---- what parts ask for ------------------------------------------------- */

authority *server_authority(const app_call *call)
{
    /* opened by server_crypto(), or there was no call */
    authority_server *s = call->server;

    return &s->workers[call->http->worker].authority;
}

const yao_catalogue *server_catalogue(const app_call *call)
{
    return ((const authority_server *)call->server)->catalogue;
}

yao_text server_url(const app_call *call)
{
    yao_text url =
        yao_text_of(((const authority_server *)call->server)->url);

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

bool server_demo(const app_call *call)
{
    return ((const authority_server *)call->server)->demo;
}

struct face_engine *server_face(const app_call *call)
{
    return ((const authority_server *)call->server)->face;
}

const app_metrics *server_metrics(const app_call *call)
{
    return ((const authority_server *)call->server)->metrics;
}

/* ---- what is given again ------------------------------------------------ */

static server_worker *worker_of(const app_call *call)
{
    authority_server *s = call->server;

    return &s->workers[call->http->worker];
}

bool server_recall(const app_call *call, server_saying which, yao_bytes *ret)
{
    const server_worker *w    = worker_of(call);
    const server_said   *said = &w->said[which];

    if (said->bytes == NULL || call->now < said->from ||
        call->now >= said->until || !same_stamp(&said->settings, &w->settings))
        return false;
    *ret = (yao_bytes){said->bytes, said->len};
    return true;
}

void server_remember(const app_call *call, server_saying which, yao_bytes what,
                     int64_t seconds)
{
    server_worker *w     = worker_of(call);
    uint8_t       *bytes = malloc(what.len + 1);

    if (bytes == NULL)
        return;
    memcpy(bytes, what.ptr, what.len);
    free(w->said[which].bytes);
    w->said[which] = (server_said){.bytes    = bytes,
                                   .len      = what.len,
                                   .from     = call->now,
                                   .until    = call->now + seconds,
                                   .settings = w->settings};
}

/* ---- signers ------------------------------------------------------------ */

static yao_status open_signing(const authority *a, const yao_crypto *crypto,
                               int64_t role, server_signing *s)
{
    close_signing(s);
    if (s->arena.base == NULL)
        YAO_TRY(yao_memory_open(CERTIFICATE_MEMORY, &s->arena));
    s->arena.used = 0;
    YAO_TRY(role_open_signer(a, role, &s->arena, &s->signer.ca));
    yao_status status =
        crypto->hash(crypto->ctx, YAO_SHA256, &s->signer.ca.certificate.der, 1,
                     s->signer.hash);
    if (status != YAO_OK)
        ca_close(&s->signer.ca);
    s->signer.open = status == YAO_OK;
    return status;
}

/* It may have ended since it was opened, or the clock was set, or the register
 * has it as revoked. That is not the fault of who asks: 503, and the log says
 * why. */
static yao_status usable(const role_row *row, yao_status status)
{
    if (status != YAO_E_EXPIRED && status != YAO_E_NOT_YET_VALID &&
        status != YAO_E_UNTRUSTED)
        return status;
    app_log_status(APP_LOG_ERROR, "signer-over", row->name, status);
    return YAO_E_FILE;
}

yao_status server_signer(const app_call *call, int64_t role,
                         struct issue_signer **ret)
{
    authority_server *s   = call->server;
    server_worker    *w   = &s->workers[call->http->worker];
    const role_row   *row = role_find(role);
    struct stat       about;

    if (row == NULL || role < 0 || role > YAO_SIGNING_OTHER)
        return YAO_E_NOT_AUTHORISED;
    if (stat(config_get(&w->authority.config, row->signer), &about) != 0)
        return YAO_E_FILE;
    server_signing *signing = &w->signing[role];
    server_stamp    stamp   = stamp_of(&about);
    if (!signing->signer.open || !same_stamp(&stamp, &signing->stamp)) {
        YAO_TRY(usable(row, open_signing(&w->authority, call->crypto, role,
                                         signing)));
        signing->stamp = stamp;
    }
    YAO_TRY(usable(row, ca_check_date(&signing->signer.ca.certificate)));
    *ret = &signing->signer;
    return YAO_OK;
}
