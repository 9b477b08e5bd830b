/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed backups: bytes under a name and a token that a wallet derives from the
 * secret it sealed them with. Whose they are can't be told. */

#include "provider/provider.h"

#include <stdio.h>
#include <string.h>

enum { BACKUP_LEN = 256 * 1024, NAME_TEXT = 43, NAME_LEN = 32 };

static yao_status hash_text(const app_call *call, yao_text text,
                            uint8_t out[STORE_HASH_LEN])
{
    uint8_t    bytes[NAME_LEN + 4];
    yao_writer w = yao_writer_open(bytes, sizeof bytes);

    if (text.len != NAME_TEXT ||
        yao_get_base64url(yao_text_bytes(text), &w) != YAO_OK ||
        w.len != NAME_LEN)
        return YAO_E_MALFORMED;
    const yao_bytes part = {bytes, NAME_LEN};
    yao_status      status =
        call->crypto->hash(call->crypto->ctx, YAO_SHA256, &part, 1, out);
    yao_wipe(bytes, sizeof bytes);
    return status;
}

/* "Backup TOKEN" */
static yao_status hash_token(const app_call *call,
                             uint8_t         out[STORE_HASH_LEN])
{
    static const char scheme[] = "Backup ";
    size_t            count    = 0;
    yao_text header = net_header_find(call->http, "authorization", &count);
    size_t   len    = sizeof scheme - 1;

    if (count != 1 || header.len <= len ||
        memcmp(header.ptr, scheme, len) != 0)
        return YAO_E_MALFORMED;
    return hash_text(call, (yao_text){header.ptr + len, header.len - len},
                     out);
}

/* "\"7\"" */
static bool read_version(const app_call *call, int64_t *ret)
{
    size_t   count  = 0;
    yao_text header = net_header_find(call->http, "if-match", &count);
    int64_t  number = 0;

    if (count != 1 || header.len < 3 || header.len > 12 ||
        header.ptr[0] != '"' || header.ptr[header.len - 1] != '"')
        return false;
    for (size_t i = 1; i + 1 < header.len; i++) {
        if (header.ptr[i] < '0' || header.ptr[i] > '9')
            return false;
        number = number * 10 + (header.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static yao_status unknown(app_call *call, app_reply *ret)
{
    return provider_refuse(call, ret, 404, "not_found");
}

/* ---- writing ---- */

/* A provider that is full takes no new ones; who has one goes on. */
static yao_status has_room(const app_call *call, int64_t version, bool *ret)
{
    provider *p     = provider_of(call);
    uint64_t  count = 0;

    *ret = true;
    if (version > 0)
        return YAO_OK;
    YAO_TRY(store_count_sealed(p->store, &count));
    *ret = count < (uint64_t)provider_number(&p->config, PROVIDER_BACKUPS);
    return YAO_OK;
}

static yao_status put_backup(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    uint8_t      name[STORE_HASH_LEN], token[STORE_HASH_LEN];
    int64_t      version = 0;
    bool         room    = false;

    if (hash_text(call, call->parts[0], name) != YAO_OK)
        return unknown(call, ret);
    if (hash_token(call, token) != YAO_OK)
        return provider_refuse(call, ret, 401, "invalid_token");
    if (!read_version(call, &version) || call->http->body.len == 0)
        return provider_refuse(call, ret, 400, "invalid_request");
    YAO_TRY(has_room(call, version, &room));
    if (!room)
        return provider_refuse(call, ret, 507, "slow_down");
    const store_sealed sealed = {.hash    = {name, sizeof name},
                                 .token   = {token, sizeof token},
                                 .version = version + 1,
                                 .day     = provider_day(call->now),
                                 .sealed  = call->http->body};
    store_put_sealed(&change, &sealed);
    yao_status status = store_commit(provider_of(call)->store, &change);
    if (status == YAO_E_EXISTS)
        return provider_refuse(call, ret, 412, "version");
    YAO_TRY(status);
    return app_reply_empty(ret, 204);
}

/* ---- reading ---- */

static yao_status give_backup(app_call *call, app_reply *ret)
{
    uint8_t      name[STORE_HASH_LEN];
    store_sealed sealed;
    char         tag[32];
    yao_bytes    kept;

    if (hash_text(call, call->parts[0], name) != YAO_OK)
        return unknown(call, ret);
    yao_status status =
        store_get_sealed(provider_of(call)->store,
                         (yao_bytes){name, sizeof name}, call->arena, &sealed);
    if (status == YAO_E_NOT_FOUND)
        return unknown(call, ret);
    YAO_TRY(status);
    snprintf(tag, sizeof tag, "\"%lld\"", (long long)sealed.version);
    YAO_TRY(yao_arena_keep(call->arena, yao_text_bytes(yao_text_of(tag)),
                           &kept));
    YAO_TRY(app_reply_bytes(ret, 200, "application/octet-stream",
                            sealed.sealed));
    return app_reply_header(ret, "ETag", (yao_text){kept.ptr, kept.len});
}

static yao_status drop_backup(app_call *call, app_reply *ret)
{
    store_change change = store_change_open(call->arena);
    uint8_t      name[STORE_HASH_LEN], token[STORE_HASH_LEN];

    if (hash_text(call, call->parts[0], name) != YAO_OK)
        return unknown(call, ret);
    if (hash_token(call, token) != YAO_OK)
        return provider_refuse(call, ret, 401, "invalid_token");
    store_drop_sealed(&change, (yao_bytes){name, sizeof name},
                      (yao_bytes){token, sizeof token});
    yao_status status = store_commit(provider_of(call)->store, &change);
    if (status == YAO_E_NOT_FOUND)
        return unknown(call, ret);
    YAO_TRY(status);
    return app_reply_empty(ret, 204);
}

static const app_route routes[] = {
    {"PUT", "/backups/{name}", APP_ANY_WALLET | APP_RAW, put_backup, 0,
     BACKUP_LEN},
    {"GET", "/backups/{name}", APP_ANY_WALLET, give_backup, 0, 0},
    {"DELETE", "/backups/{name}", APP_ANY_WALLET, drop_backup, 0, 0},
};

const app_routes provider_backup_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
