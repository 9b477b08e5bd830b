/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE
#include "authority/role.h"
#include "authority/server/inside.h"
#include "authority/vci/clients.h"

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
    vci_clients_free(w->authority.clients);
    w->authority.clients = NULL;
    yao_openssl_close(w->authority.openssl);
    seal_keys_wipe(&w->authority.keys);
    w->open = false;
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

void server_wake(authority_server *server, uint64_t key)
{
    net_server_wake(server->net, key);
}

void server_wake_call(const app_call *call, uint64_t key)
{
    server_wake(call->server, key);
}

/* ---- signers ------------------------------------------------------------ */

/* `signer rotate` writes another certificate in its place. */
static bool is_current(const server_signing *s, const struct stat *about)
{
    return s->signer.open && s->file == (uint64_t)about->st_ino &&
           s->changed.tv_sec == about->st_mtim.tv_sec &&
           s->changed.tv_nsec == about->st_mtim.tv_nsec;
}

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
    if (!is_current(signing, &about)) {
        YAO_TRY(open_signing(&w->authority, call->crypto, role, signing));
        signing->file    = (uint64_t)about.st_ino;
        signing->changed = about.st_mtim;
    }
    *ret = &signing->signer;
    return YAO_OK;
}
