/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/serve.h"

#include "authority/audit/pages.h"
#include "authority/audit/person.h"
#include "authority/audit/sequence.h"
#include "authority/audit/tree.h"

#include <string.h>

#define TEXT "text/plain; charset=utf-8"
#define BYTES "application/octet-stream"

/* Seconds: tiles never change. */
enum {
    CHECKPOINT_AGE = 1,
    KEY_AGE        = 3600,
    KEY_SECONDS    = 60, /* that a worker gives the same */
    TILE_AGE       = 31536000
};

static yao_status give_checkpoint(app_call *call, app_reply *ret)
{
    audit_published head;

    YAO_TRY(audit_get_published(server_authority(call), call->arena, &head));
    YAO_TRY(app_reply_bytes(ret, 200, TEXT, head.note));
    return app_reply_cache(ret, call, CHECKPOINT_AGE);
}

static yao_status write_key(app_call *call, yao_bytes *ret)
{
    audit_signer signer;
    yao_writer   w;

    YAO_TRY(audit_signer_open(server_authority(call), call->arena, &signer));
    w = yao_writer_in(call->arena);
    for (size_t i = 0; i < signer.count; i++) {
        yao_tlog_key_put(&w, &signer.names[i]);
        yao_put_byte(&w, '\n');
    }
    yao_status status = yao_writer_keep(&w, call->arena, ret);
    audit_signer_close(&signer);
    return status;
}

/* Anybody may ask: a module of keys is not opened for each of them. */
static yao_status give_key(app_call *call, app_reply *ret)
{
    yao_bytes line;

    if (!server_recall(call, SERVER_SAYS_LOG_KEY, &line)) {
        YAO_TRY(write_key(call, &line));
        server_remember(call, SERVER_SAYS_LOG_KEY, line, KEY_SECONDS);
    }
    YAO_TRY(app_reply_bytes(ret, 200, TEXT, line));
    return app_reply_cache(ret, call, KEY_AGE);
}

static yao_status give_pages(app_call *call, app_reply *ret)
{
    yao_bytes lines;

    YAO_TRY(audit_pages_get(server_authority(call), call->arena, &lines));
    YAO_TRY(app_reply_bytes(ret, 200, "application/jsonl", lines));
    return app_reply_cache(ret, call, CHECKPOINT_AGE);
}

/* Whatever is wrong with a path, there is no such tile. */
static yao_status give_tile(app_call *call, app_reply *ret)
{
    yao_text  path = call->http->path;
    yao_bytes tile;
    size_t    at = 0;

    while (at + 6 <= path.len && memcmp(path.ptr + at, "/tile/", 6) != 0)
        at++;
    if (at + 6 > path.len)
        return YAO_E_NOT_FOUND;
    path = (yao_text){path.ptr + at + 6, path.len - at - 6};
    yao_status status = audit_serve_tile(server_authority(call), path,
                                         call->arena, &tile);
    if (status == YAO_E_MALFORMED || status == YAO_E_LIMIT)
        return YAO_E_NOT_FOUND;
    YAO_TRY(status);
    YAO_TRY(app_reply_bytes(ret, 200, BYTES, tile));
    return app_reply_cache(ret, call, TILE_AGE);
}

/* ---- a person -- */

static yao_status read_number(const yao_json *body, const char *name,
                              int64_t *ret)
{
    yao_status status = yao_json_int(yao_json_get(body, name), ret);

    return status == YAO_E_MISSING ? YAO_OK : status;
}

static yao_status read_question(app_call *call, audit_question *ret)
{
    const yao_json *body;

    if (call->http->body.len == 0)
        return YAO_OK;
    YAO_TRY(app_body_json(call, &body));
    YAO_TRY(read_number(body, "from", &ret->from));
    return read_number(body, "seen", &ret->seen);
}

static yao_status give_log(app_call *call, app_reply *ret)
{
    const server_person *person   = call->who;
    audit_question       question = {.limit = 50};
    yao_bytes            json;

    if (person == NULL)
        return YAO_E_NOT_AUTHORISED;
    question.by      = person->guardian ? "guardian" : "person";
    question.subject = (yao_bytes){person->holder, STORE_HASH_LEN};
    YAO_TRY(read_question(call, &question));
    YAO_TRY(audit_list_person(server_authority(call), &question, call->arena,
                              &json));
    YAO_TRY(app_reply_bytes(ret, 200, "application/json", json));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}

/* ---- tables ---- */

static const app_route routes[] = {
    {.method = "GET",
     .path   = "/log/checkpoint",
     .needs  = APP_ANY_WALLET,
     .run    = give_checkpoint},
    {.method = "GET",
     .path   = "/log/key",
     .needs  = APP_ANY_WALLET,
     .run    = give_key},
    {.method = "GET",
     .path   = "/log/pages",
     .needs  = APP_ANY_WALLET,
     .run    = give_pages},
    {.method = "GET",
     .path   = "/log/tile/{level}/{a}",
     .needs  = APP_ANY_WALLET,
     .run    = give_tile},
    {.method = "GET",
     .path   = "/log/tile/{level}/{a}/{b}",
     .needs  = APP_ANY_WALLET,
     .run    = give_tile},
    {.method = "GET",
     .path   = "/log/tile/{level}/{a}/{b}/{c}",
     .needs  = APP_ANY_WALLET,
     .run    = give_tile},
    {.method = "POST",
     .path   = "/person/log",
     .needs  = APP_SESSION | APP_JSON,
     .run    = give_log,
     .body   = 256},
    {.method = "POST",
     .path   = "/wallet/log",
     .needs  = APP_WALLET | APP_JSON,
     .run    = give_log,
     .body   = 256},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

/* ---- the job ---- */

static yao_status run_log(authority_server *server, authority *a,
                          yao_arena *arena, int64_t fence)
{
    size_t count;

    (void)server;
    return audit_advance(a, arena, fence, &count);
}

static const authority_job jobs[] = {
    {.name = "log", .every_s = 1, .leader = true, .run = run_log},
};

const authority_part authority_audit_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
};
