/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CONSOLE_WORLD_H
#define YAO_TEST_CONSOLE_WORLD_H

/**
 * The authority's server in this process, with its router, its doors and ten
 * fictitious people, and operators who are logged in.
 *
 *     cw_open();
 *     yao_text clerk = cw_session(APP_CLERK);
 *     cw_answer a = cw_post(clerk, "/api/person/find", "{...}");
 *     assert_int_equal(a.code, 200);
 */

#include "check.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/files.h"
#include "app/router.h"
#include "app/specimen.h"
#include "authority/console/act.h"
#include "authority/console/operator_inside.h"
#include "authority/server/inside.h"
#include "journey.h"

#define CW_ORIGIN "http://console.localhost:8444"
#define CW_URL "http://authority.localhost:8440"
#define CW_NUMBER "12011919880808901X"
#define CW_PLATE_KIND "52"

static authority        cw_first;
static authority_server cw_server;
static app_router      *cw_router;
static app_routes       cw_tables[APP_MAX_TABLES];

typedef struct cw_answer {
    int             code;
    yao_text        body;
    const yao_json *json; /* NULL: none */
} cw_answer;

/* ---- opening ------------------------------------------------------------ */

static inline authority *cw_authority(void)
{
    return &cw_server.workers[0].authority;
}

static inline void cw_import(void)
{
    yao_bytes people = test_file("programs/demo/people.jsonl");

    assert_status(yao_file_write(test_scratch_path("people.jsonl"), people,
                                 0600, false),
                  YAO_OK);
    assert_status(yao_specimens_write(test_scratch(), people, test_arena()),
                  YAO_OK);
    assert_int_equal(test_type("person import -C @/a @/people.jsonl")->code, 0);
}

static inline app_router_options cw_options(const app_routes *tables,
                                            size_t            count)
{
    app_router_options o = {.tables      = tables,
                            .table_count = count,
                            .server      = &cw_server,
                            .crypto      = server_crypto,
                            .admin       = SERVER_ADMIN};

    o.urls[SERVER_PUBLIC]  = YAO_TEXT(CW_URL);
    o.urls[SERVER_KIOSK]   = YAO_TEXT("http://kiosk.localhost:8443");
    o.urls[SERVER_CONSOLE] = YAO_TEXT(CW_ORIGIN);
    for (size_t p = 0; server_parts[p] != NULL; p++) {
        const app_doors *doors = &server_parts[p]->doors;
        if (doors->session != NULL)
            o.doors.session = doors->session;
        if (doors->operator != NULL)
            o.doors.operator = doors->operator;
        if (doors->kiosk != NULL)
            o.doors.kiosk = doors->kiosk;
        if (doors->wallet != NULL)
            o.doors.wallet = doors->wallet;
    }
    return o;
}

/* Parts that no console needs come too: what there is, is walked. */
static inline size_t cw_gather(app_routes *tables)
{
    size_t count = 0;

    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++) {
            assert_true(count < APP_MAX_TABLES);
            tables[count++] = server_parts[p]->tables[t];
        }
    return count;
}

/* A folder "a" is made before; ISSUED says whether people have documents. */
static inline void cw_open_server(void)
{
    yao_settings_trouble trouble;
    const char          *place;
    static char          folder[512];
    static server_worker worker;

    snprintf(folder, sizeof folder, "%s", test_scratch_path("a"));
    assert_status(authority_open(folder, &cw_first, &trouble, &place), YAO_OK);
    snprintf(cw_first.config.values[SETTING_CONSOLE_URL].text, YAO_MAX_SETTING,
             CW_ORIGIN);
    cw_server = (authority_server){.first        = &cw_first,
                                   .catalogue    = yao_catalogue_shipped(),
                                   .folder       = folder,
                                   .url          = CW_URL,
                                   .demo         = true,
                                   .workers      = &worker,
                                   .worker_count = 1,
                                   .lock    = PTHREAD_MUTEX_INITIALIZER,
                                   .changed = PTHREAD_COND_INITIALIZER};
    const app_router_options o = cw_options(cw_tables, cw_gather(cw_tables));
    assert_status(app_router_open(&o, &cw_router), YAO_OK);
    assert_non_null(server_crypto(&cw_server, 0));
}

static inline void cw_open(void)
{
    if (cw_router != NULL)
        return;
    assert_int_equal(test_type("authority init -C @/a --demo")->code, 0);
    cw_import();
    cw_open_server();
}

/* The same, where CW_NUMBER has an identity card and a licence in a wallet. */
static inline void cw_open_issued(void)
{
    if (cw_router != NULL)
        return;
    assert_int_equal(test_type("authority init -C @/a --demo")->code, 0);
    cw_import();
    test_use_passphrase();
    assert_int_equal(test_type("wallet init -C @/w --registrar "
                               "@/a/certificates/reader-root.pem")
                         ->code,
                     0);
    assert_int_equal(
        test_type("document issue -C @/a --wallet @/w --copies 1 --cards 0 "
                  "--person " CW_NUMBER
                  " --document resident_id --document driving_licence")
            ->code,
        0);
    cw_open_server();
}

static inline void cw_close(void)
{
    if (cw_router == NULL)
        return;
    app_router_close(cw_router);
    server_worker_close(&cw_server.workers[0]);
    authority_close(&cw_first);
}

/* ---- asking ------------------------------------------------------------- */

typedef struct cw_request {
    unsigned    listener;
    const char *method, *path, *query;
    yao_text    cookie;
    yao_bytes   body;
    const char *origin; /* NULL: the console's */
    const char *type;   /* of the body; NULL: application/json */
    yao_text    bearer, dpop; /* whole headers; empty: none */
} cw_request;

static inline cw_answer cw_send_to(app_router *router, const cw_request *r)
{
    const char  *origin = r->origin != NULL ? r->origin : CW_ORIGIN;
    net_header   headers[6];
    net_request  http = {.method   = yao_text_of(r->method),
                         .path     = yao_text_of(r->path),
                         .query    = yao_text_of(r->query),
                         .headers  = headers,
                         .body     = r->body,
                         .peer     = YAO_TEXT("127.0.0.1"),
                         .uid      = -1,
                         .listener = r->listener,
                         .arena    = test_arena()};
    net_response reply = {.status = 0};
    cw_answer    a;

    headers[http.header_count++] =
        (net_header){YAO_TEXT("origin"), yao_text_of(origin)};
    if (r->cookie.len != 0)
        headers[http.header_count++] =
            (net_header){YAO_TEXT("cookie"), r->cookie};
    if (r->bearer.len != 0)
        headers[http.header_count++] =
            (net_header){YAO_TEXT("authorization"), r->bearer};
    if (r->dpop.len != 0)
        headers[http.header_count++] = (net_header){YAO_TEXT("dpop"), r->dpop};
    if (r->body.len != 0)
        headers[http.header_count++] = (net_header){
            YAO_TEXT("content-type"),
            yao_text_of(r->type != NULL ? r->type : "application/json")};
    app_router_handle(router, &http, &reply);
    a = (cw_answer){reply.status, {reply.body.ptr, reply.body.len}, NULL};
    yao_bytes kept;
    assert_status(yao_arena_keep(test_arena(), reply.body, &kept), YAO_OK);
    a.body = (yao_text){kept.ptr, kept.len};
    if (kept.len != 0 && kept.ptr[0] == '{' &&
        yao_json_parse(test_arena(), kept, &a.json) != YAO_OK)
        a.json = NULL;
    return a;
}

static inline cw_answer cw_ask(const cw_request *r)
{
    return cw_send_to(cw_router, r);
}

static inline cw_answer cw_get(yao_text cookie, const char *path,
                               const char *query)
{
    const cw_request r = {.listener = SERVER_CONSOLE,
                          .method   = "GET",
                          .path     = path,
                          .query    = query,
                          .cookie   = cookie};

    return cw_ask(&r);
}

static inline cw_answer cw_post(yao_text cookie, const char *path,
                                const char *body)
{
    const cw_request r = {.listener = SERVER_CONSOLE,
                          .method   = "POST",
                          .path     = path,
                          .cookie   = cookie,
                          .body = yao_text_bytes(yao_text_of(body))};

    return cw_ask(&r);
}

/* The string NAME of an answer, as letters. */
static inline const char *cw_text(const yao_json *json, const char *name)
{
    yao_text text;

    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    char *out = yao_arena_take(test_arena(), text.len + 1);
    assert_non_null(out);
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
    return out;
}

static inline bool cw_says(const cw_answer *a, const char *text)
{
    yao_bytes want = yao_text_bytes(yao_text_of(text));

    for (size_t i = 0; i + want.len <= a->body.len; i++)
        if (memcmp(a->body.ptr + i, want.ptr, want.len) == 0)
            return true;
    return false;
}

/* printf into the test's arena */
static inline const char *cw_say(const char *format, const char *one,
                                 const char *two)
{
    size_t cap = strlen(format) + (one != NULL ? strlen(one) : 0) +
                 (two != NULL ? strlen(two) : 0) + 1;
    char *out = yao_arena_take(test_arena(), cap);

    assert_non_null(out);
    snprintf(out, cap, format, one != NULL ? one : "", two != NULL ? two : "");
    return out;
}

/* ---- operators ---------------------------------------------------------- */

/* A new operator with ROLES, active, without a passkey of use. */
static inline yao_bytes cw_operator(int64_t roles)
{
    static unsigned number;
    char           *name  = yao_arena_take(test_arena(), 32);
    uint8_t        *point = yao_arena_take(test_arena(), 65);
    uint8_t        *id    = yao_arena_take(test_arena(), STORE_ID_LEN);
    store_change    change;

    memset(point, 0, 65);
    assert_status(yao_openssl_random(id, STORE_ID_LEN), YAO_OK);
    snprintf(name, 32, "op-%u-%d", ++number, (int)roles);
    change = store_change_open(test_arena());
    store_put_operator(&change, &(store_operator){.id = {id, STORE_ID_LEN},
                                                  .name  = yao_text_of(name),
                                                  .roles = roles,
                                                  .added = yao_now()});
    store_put_passkey(&change,
                      &(store_passkey){.id       = {id, STORE_ID_LEN},
                                       .operator = {id, STORE_ID_LEN},
                                       .point    = {point, 65},
                                       .model    = {point, 16},
                                       .added    = yao_now()});
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    return (yao_bytes){id, STORE_ID_LEN};
}

/* The cookie of a session of OPERATOR, who showed a passkey AGO seconds ago. */
static inline yao_text cw_log_in(yao_bytes operator, yao_time ago)
{
    store_change change = store_change_open(test_arena());
    yao_text     token;

    assert_status(console_put_session(cw_authority(), &change, operator,
                                      yao_now() - ago, test_arena(), &token),
                  YAO_OK);
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    yao_put_text(&w, "yaopai-operator=");
    yao_put_bytes(&w, yao_text_bytes(token));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (yao_text){out.ptr, out.len};
}

static inline yao_text cw_session(int64_t roles)
{
    return cw_log_in(cw_operator(roles), 0);
}

/* ---- people ------------------------------------------------------------- */

/* The handle of NUMBER, by a look of somebody else. */
static inline const char *cw_handle(const char *number)
{
    const char *body = cw_say(
        "{\"purpose\":\"counter\",\"number\":\"%s\"}", number, NULL);
    cw_answer a = cw_post(cw_session(APP_CLERK), "/api/person/find", body);

    assert_int_equal(a.code, 200);
    return cw_text(a.json, "person");
}

static inline void cw_holder(const char *number, uint8_t out[STORE_HASH_LEN])
{
    const authority *a = cw_authority();

    assert_status(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                            yao_text_bytes(yao_text_of(number)), out),
                  YAO_OK);
}

/* ---- what was noted ----------------------------------------------------- */

/* How many events of KIND, in the outbox, say TEXT, about SUBJECT (empty:
 * whoever). Nobody makes leaves of them here. */
static inline size_t cw_events(const char *kind, yao_bytes subject,
                               const char *text)
{
    store_event *all;
    size_t       count, found = 0;

    assert_status(store_list_events(cw_first.store, 100000, test_arena(), &all,
                                    &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++) {
        const cw_answer detail = {.body = all[i].detail};
        found += yao_text_equal(all[i].kind, yao_text_of(kind)) &&
                 (subject.len == 0 ||
                  yao_bytes_equal(all[i].subject, subject)) &&
                 cw_says(&detail, text);
    }
    return found;
}

#endif
