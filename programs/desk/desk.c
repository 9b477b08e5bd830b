/* SPDX-License-Identifier: Apache-2.0 */
/* Opening a desk: settings, store, secret, reader certificate, programs. */

#include "desk/officer.h"
#include "desk/webhook.h"

#include <string.h>

#include "app/files.h"
#include "card/challenge.h"
#include "desk/standing.h"
#include "oauth/oauth.h"

enum {
    MEMORY    = 64 * 1024,
    MOST_KEYS = 32 * 1024,
    LEAST_KEY = 32,
    BOX_BYTES = 32 * 1024 * 1024 /* in all boxes */
};

/* Of a bearer key: what signs webhooks. */
#define HOOK_LABEL "yaopai-desk-webhook-1"

/* The first line of FILE, without blanks at its end. */
static yao_bytes take_line(yao_bytes *file)
{
    size_t    len  = yao_bytes_find(*file, '\n');
    yao_bytes line = {file->ptr, len};

    len += len < file->len;
    file->ptr += len;
    file->len -= len;
    while (line.len > 0 && line.ptr[line.len - 1] <= ' ')
        line.len--;
    return line;
}

static yao_status read_secret(desk *d)
{
    yao_writer w = yao_writer_open(d->secret, DESK_SECRET_LEN);
    yao_bytes  file, rest;

    YAO_TRY(yao_file_read(desk_get(&d->config, DESK_SECRET), 1024, &file));
    rest              = file;
    yao_status status = yao_get_hex(take_line(&rest), &w);
    if (status != YAO_OK || w.len != DESK_SECRET_LEN)
        status = YAO_E_VALUE;
    yao_wipe((void *)(uintptr_t)file.ptr, file.len);
    yao_file_free(&file);
    return status;
}

/* ---- programs ---- */

/* Where C is told of results: behind its key, else where all are. */
static yao_status take_url(desk *d, yao_bytes given, desk_client *c)
{
    yao_text all = yao_text_of(desk_get(&d->config, DESK_HOOK_URL));

    while (given.len > 0 && given.ptr[0] <= ' ')
        given = (yao_bytes){given.ptr + 1, given.len - 1};
    if (given.len == 0)
        given = yao_text_bytes(all);
    if (given.len == 0)
        return YAO_OK;
    YAO_TRY(yao_arena_keep(&d->arena, given, &given));
    c->url = (yao_text){given.ptr, given.len};
    return desk_hook_fits(c->url, desk_yes(&d->config, DESK_DEMO))
               ? YAO_OK
               : YAO_E_VALUE;
}

/* LINE: a key, and where its program is told of results. */
static yao_status add_client(desk *d, yao_bytes line)
{
    const yao_crypto *crypto = yao_openssl_crypto(d->openssl);
    size_t            len    = yao_bytes_find(line, ' ');
    yao_bytes         key = {line.ptr, len}, label = YAO_LIT(HOOK_LABEL);

    if (d->client_count == DESK_MAX_CLIENTS)
        return YAO_E_LIMIT;
    if (key.len < LEAST_KEY) /* somebody thought of it */
        return YAO_E_VALUE;
    desk_client *c = &d->clients[d->client_count++];
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &key, 1, c->hash));
    YAO_TRY(crypto->hmac(crypto->ctx, YAO_SHA256, key, &label, 1, c->hook));
    return take_url(d, (yao_bytes){line.ptr + len, line.len - len}, c);
}

static yao_status read_clients(desk *d)
{
    yao_status status = YAO_OK;
    yao_bytes  file;

    YAO_TRY(yao_file_read(desk_get(&d->config, DESK_KEYS), MOST_KEYS, &file));
    for (yao_bytes rest = file; rest.len > 0 && status == YAO_OK;) {
        yao_bytes line = take_line(&rest);
        if (line.len > 0 && line.ptr[0] != '#')
            status = add_client(d, line);
    }
    yao_wipe((void *)(uintptr_t)file.ptr, file.len);
    yao_file_free(&file);
    return status;
}

/* ---- who we are ---- */

static yao_status open_reader(desk *d)
{
    ca c = {.key = NULL};

    YAO_TRY(ca_open(desk_get(&d->config, DESK_READER),
                    desk_get(&d->config, DESK_READER_KEY), &d->arena, &c));
    d->reader = c.certificate;
    ca_close(&c);
    return YAO_OK;
}

/* By the host where answers go, which the certificate must name: else no wallet
 * would answer. */
static yao_status name_by_host(desk *d)
{
    yao_text   host = yao_oauth_host(yao_text_of(desk_get(&d->config,
                                                          DESK_URL)));
    yao_writer w    = yao_writer_in(&d->arena);
    yao_bytes  out;

    if (host.len == 0 || !yao_x509_names_host(d->reader.san, host))
        return YAO_E_MISMATCH;
    yao_put_text(&w, "x509_san_dns:");
    yao_put_bytes(&w, yao_text_bytes(host));
    YAO_TRY(yao_writer_keep(&w, &d->arena, &out));
    d->client_id = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

/* OpenID4VP 1.0 section 5.9.3; HAIP 1.0 wants the first. */
static yao_status name_desk(desk *d)
{
    const char *prefix = desk_get(&d->config, DESK_CLIENT_ID);

    if (strcmp(prefix, "x509_hash") == 0)
        return desk_client_name(yao_openssl_crypto(d->openssl), d->reader.der,
                                &d->arena, &d->client_id);
    return strcmp(prefix, "x509_san_dns") == 0 ? name_by_host(d) : YAO_E_VALUE;
}

/* It stands in challenges, and people read it. */
static yao_status check_place(const desk *d)
{
    yao_text place = yao_text_of(desk_get(&d->config, DESK_PLACE)), checked;

    if (place.len == 0 || place.len > YAO_MAX_CARD_PLACE ||
        yao_text_check(yao_text_bytes(place), &checked) != YAO_OK ||
        yao_text_count(checked) > 64)
        return YAO_E_VALUE;
    return YAO_OK;
}

/* Only for trying out may others than the authority be believed. */
static yao_status check_issuers(const desk *d)
{
    return desk_get(&d->config, DESK_ISSUERS)[0] == '\0' ||
                   desk_yes(&d->config, DESK_DEMO)
               ? YAO_OK
               : YAO_E_VALUE;
}

/* ---- all ---- */

yao_status desk_open(const char *folder, desk *ret,
                     yao_settings_trouble *trouble, const char **place)
{
    memset(ret, 0, sizeof *ret);
    ret->folder = folder;
    *place      = DESK_FILE;
    YAO_TRY(desk_config_read(folder, &ret->config, trouble));
    desk_trust_init(&ret->trust, &ret->config);
    desk_room_init(&ret->room);
    ret->counters.ready = pthread_mutex_init(&ret->counters.lock, NULL) == 0 &&
                          pthread_cond_init(&ret->counters.changed, NULL) == 0;
    YAO_TRY(app_boxes_new(
        (size_t)desk_number(&ret->config, DESK_BOXES), BOX_BYTES,
        &ret->boxes));
    YAO_TRY(yao_memory_open(MEMORY, &ret->arena));
    *place       = "OpenSSL";
    ret->openssl = yao_openssl_open();
    if (ret->openssl == NULL)
        return YAO_E_CRYPTO;
    *place = "desk.secret";
    YAO_TRY(read_secret(ret));
    *place = "desk.api_keys";
    YAO_TRY(read_clients(ret));
    *place = "desk.reader";
    YAO_TRY(open_reader(ret));
    *place = "desk.client_id";
    YAO_TRY(name_desk(ret));
    *place = "desk.standing";
    YAO_TRY(desk_standings_open(ret));
    *place = "desk.place";
    YAO_TRY(check_place(ret));
    *place = "trust.issuers";
    YAO_TRY(check_issuers(ret));
    *place = "desk.store";
    return store_open(
        &(store_options){.url    = desk_get(&ret->config, DESK_STORE),
                         .now    = yao_now(),
                         .schema = STORE_DESK},
        &ret->store);
}

void desk_close(desk *d)
{
    app_workers_close(&d->workers);
    desk_trust_close(&d->trust);
    desk_room_close(&d->room);
    app_boxes_free(d->boxes);
    desk_standings_free(d->standings);
    if (d->counters.ready) {
        pthread_cond_destroy(&d->counters.changed);
        pthread_mutex_destroy(&d->counters.lock);
    }
    d->counters.ready = false;
    d->boxes          = NULL;
    d->standings      = NULL;
    store_close(d->store);
    yao_openssl_close(d->openssl);
    yao_memory_free(&d->arena);
    yao_wipe(d->secret, sizeof d->secret);
    yao_wipe(d->clients, sizeof d->clients);
    d->store   = NULL;
    d->openssl = NULL;
}
