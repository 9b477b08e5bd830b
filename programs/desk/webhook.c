/* SPDX-License-Identifier: Apache-2.0 */
/*
 * 1. What is told is written with the result, in one transaction.
 * 2. One process tells at a time; one that lost its lease meanwhile changes
 *    nothing, and may have told twice: the id says so.
 * 3. The address is a setting; it is called with nothing but addresses of the
 *    internet, so that a name that leads into our own network leads nowhere.
 */

#include "desk/webhook.h"

#include "app/files.h"
#include "app/log.h"
#include "oauth/oauth.h"
#include "store/announcement.h"

enum {
    TURN_S     = 1,
    TIMEOUT_MS = 10000,
    LEASE_S    = 15, /* longer than one takes */
    OTHERS_S   = 10, /* as long as one takes at most: half of the time is for
                        programs that answer */
    MEMORY     = 1024 * 1024
};

#define LEASE YAO_TEXT("announce")

/* ---- noting ------------------------------------------------------------- */

static const desk_client *client_of(const desk *d, yao_bytes id)
{
    for (size_t i = 0; i < d->client_count; i++)
        if (yao_bytes_equal((yao_bytes){d->clients[i].hash, STORE_ID_LEN}, id))
            return &d->clients[i];
    return NULL;
}

static yao_status write_body(app_call *call, const desk_announcement *a,
                             yao_text *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "event", yao_text_of(a->event));
    yao_json_put_member_hex(&w, &first, "id", a->id);
    yao_json_put_member(&w, &first, "profile", a->profile);
    yao_json_put_member(&w, &first, "state", yao_text_of(a->state));
    if (a->verdict != NULL)
        yao_json_put_member(&w, &first, "verdict", yao_text_of(a->verdict));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

yao_status desk_announce(app_call *call, store_change *change,
                         const desk_announcement *a)
{
    const desk_client *c   = client_of(desk_of(call), a->client);
    store_announcement row = {.id     = a->id,
                              .client = a->client,
                              .made   = call->now,
                              .ends   = call->now + DESK_HOOK_ENDS};

    if (c == NULL || c->url.len == 0)
        return YAO_OK;
    YAO_TRY(write_body(call, a, &row.body));
    store_put_announcement(change, &row);
    return YAO_OK;
}

/* ---- where -------------------------------------------------------------- */

bool desk_hook_fits(yao_text url, bool demo)
{
    return yao_oauth_check_endpoint(url, demo) == YAO_OK;
}

yao_time desk_hook_next(yao_time now, int64_t tries)
{
    yao_time wait = DESK_HOOK_MOST;

    if (tries < 12)
        wait = (yao_time)DESK_HOOK_FIRST << (tries < 0 ? 0 : tries);
    return now + (wait < DESK_HOOK_MOST ? wait : DESK_HOOK_MOST);
}

/* What stands before the path. */
static yao_status origin_of(yao_arena *arena, yao_text url, const char **ret)
{
    size_t   slashes = 0, len = 0;
    uint8_t *out;

    for (; len < url.len; len++) {
        slashes += url.ptr[len] == '/';
        if (slashes == 3 || url.ptr[len] == '?')
            break;
    }
    out = yao_arena_take(arena, len + 1);
    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < len; i++)
        out[i] = url.ptr[i];
    out[len] = '\0';
    *ret     = (const char *)out;
    return YAO_OK;
}

/* ---- telling ------------------------------------------------------------ */

typedef struct telling {
    const desk               *d;
    const yao_crypto         *crypto;
    yao_arena                *arena;
    const store_announcement *a;
    const desk_client        *c;
    yao_time                  now;
} telling;

static yao_text as_text(yao_bytes b)
{
    return (yao_text){b.ptr, b.len};
}

/* Standard Webhooks: HMAC-SHA-256 over id.timestamp.body. */
static yao_status sign(const telling *t, yao_text id, yao_text when,
                       yao_text *ret)
{
    const yao_bytes parts[] = {yao_text_bytes(id), YAO_LIT("."),
                               yao_text_bytes(when), YAO_LIT("."),
                               yao_text_bytes(t->a->body)};
    yao_writer      w       = yao_writer_in(t->arena);
    uint8_t         tag[YAO_SHA256_LEN];
    yao_bytes       out;

    YAO_TRY(t->crypto->hmac(t->crypto->ctx, YAO_SHA256,
                            (yao_bytes){t->c->hook, sizeof t->c->hook}, parts,
                            sizeof parts / sizeof parts[0], tag));
    yao_put_text(&w, "v1,");
    yao_put_base64(&w, (yao_bytes){tag, sizeof tag});
    YAO_TRY(yao_writer_keep(&w, t->arena, &out));
    *ret = as_text(out);
    return YAO_OK;
}

static yao_status write_id(const telling *t, yao_text *ret)
{
    yao_writer w = yao_writer_in(t->arena);
    yao_bytes  out;

    yao_put_text(&w, "msg_");
    yao_put_hex(&w, t->a->id);
    YAO_TRY(yao_writer_keep(&w, t->arena, &out));
    *ret = as_text(out);
    return YAO_OK;
}

static yao_status write_time(const telling *t, yao_text *ret)
{
    yao_writer w = yao_writer_in(t->arena);
    yao_bytes  out;

    yao_put_decimal(&w, t->now);
    YAO_TRY(yao_writer_keep(&w, t->arena, &out));
    *ret = as_text(out);
    return YAO_OK;
}

static yao_status post(const telling *t, net_client *client)
{
    yao_text   id, when, signature;
    net_answer answer;

    YAO_TRY(write_id(t, &id));
    YAO_TRY(write_time(t, &when));
    YAO_TRY(sign(t, id, when, &signature));
    const net_header headers[] = {
        {YAO_TEXT("Content-Type"), YAO_TEXT("application/json")},
        {YAO_TEXT("webhook-id"), id},
        {YAO_TEXT("webhook-timestamp"), when},
        {YAO_TEXT("webhook-signature"), signature}};
    const net_call call = {.method       = "POST",
                           .url          = t->c->url,
                           .headers      = headers,
                           .header_count = sizeof headers / sizeof headers[0],
                           .body         = yao_text_bytes(t->a->body),
                           .timeout_ms   = TIMEOUT_MS};
    YAO_TRY(net_client_fetch(client, &call, t->arena, &answer));
    return answer.status / 100 == 2 ? YAO_OK : YAO_E_REFUSED;
}

/* Each for itself: what is kept of a connection is not worth a list. */
static yao_status tell(const telling *t)
{
    const desk_config       *config  = &t->d->config;
    const char              *roots   = desk_get(config, DESK_HOOK_CA);
    bool                     demo    = desk_yes(config, DESK_DEMO);
    const net_client_options options = {.ca_file =
                                            roots[0] != '\0' ? roots : NULL,
                                        .loopback = demo,
                                        .outside  = !demo};
    const char              *origin;
    net_client              *client;

    if (!desk_hook_fits(t->c->url, demo))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(origin_of(t->arena, t->c->url, &origin));
    YAO_TRY(net_client_open(&options, &client));
    yao_status status = net_client_allow(client, origin);
    if (status == YAO_OK)
        status = post(t, client);
    net_client_close(client);
    return status;
}

/* Told, or tried: the next time, or never again. */
static void note(const telling *t, yao_status told, store_change *change)
{
    yao_time next = desk_hook_next(t->now, t->a->tries);

    if (told == YAO_OK || t->c == NULL || t->c->url.len == 0) {
        store_drop_announcement(change, t->a->id);
        return;
    }
    store_delay_announcements_of(change, t->a->client, t->now + OTHERS_S);
    app_log_status(APP_LOG_WARN,
                   next < t->a->ends ? "webhook-failed" : "webhook-given-up",
                   "webhook", told);
    if (next < t->a->ends)
        store_delay_announcement(change, t->a, next);
    else
        store_drop_announcement(change, t->a->id);
}

static yao_status tell_one(telling *t, yao_bytes owner)
{
    yao_status told  = YAO_OK;
    int64_t    fence = 0;
    yao_time   began = yao_now();

    t->c = client_of(t->d, t->a->client);
    YAO_TRY(store_take_lease(t->d->store, LEASE, owner, yao_now(), LEASE_S,
                             &fence));
    if (t->c != NULL && t->c->url.len > 0)
        told = tell(t);
    if (yao_now() > began) /* it is tried again so long after the answer */
        t->now += yao_now() - began;
    store_change change = store_change_open(t->arena);
    store_put_fence(&change, LEASE, fence);
    note(t, told, &change);
    return store_commit(t->d->store, &change);
}

static yao_status turn(telling *t, yao_bytes owner)
{
    store_announcement *list;
    size_t              count = 0;

    YAO_TRY(store_list_due_announcements(t->d->store, t->now, 1, t->arena,
                                         &list, &count));
    if (count == 0)
        return YAO_E_NOT_FOUND;
    t->a = &list[0];
    return tell_one(t, owner);
}

yao_status desk_hooks_turn(const desk *d, const yao_crypto *crypto,
                           yao_bytes owner, yao_time now)
{
    telling   t = {.d = d, .crypto = crypto, .now = now};
    yao_arena arena;

    YAO_TRY(yao_memory_open(MEMORY, &arena));
    t.arena           = &arena;
    yao_status status = turn(&t, owner);
    yao_memory_free(&arena);
    return status;
}

/* ---- the thread --------------------------------------------------------- */

static bool has_urls(const desk *d)
{
    for (size_t i = 0; i < d->client_count; i++)
        if (d->clients[i].url.len > 0)
            return true;
    return false;
}

/* As long as there is something to tell. */
static void run(void *ctx, unsigned number)
{
    desk_hooks *h      = ctx;
    yao_status  status = YAO_OK;

    (void)number;
    while (status == YAO_OK && !app_turns_ending(&h->turns))
        status = desk_hooks_turn(h->desk, yao_openssl_crypto(h->openssl),
                                 h->owner, yao_now());
    if (status != YAO_OK && status != YAO_E_LOCKED && status != YAO_E_NOT_FOUND)
        app_log_status(APP_LOG_ERROR, "job-failed", "announce", status);
}

yao_status desk_hooks_start(desk_hooks *h, const desk *d, yao_bytes owner)
{
    *h = (desk_hooks){.desk = d, .owner = owner, .turns = {.every = TURN_S}};
    if (!has_urls(d))
        return YAO_OK;
    h->openssl = yao_openssl_open(); /* of that thread */
    if (h->openssl == NULL)
        return YAO_E_CRYPTO;
    return app_turns_start(&h->turns, run, h);
}

void desk_hooks_stop(desk_hooks *h)
{
    app_turns_stop(&h->turns);
    yao_openssl_close(h->openssl);
    h->openssl = NULL;
}
