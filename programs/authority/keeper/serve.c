/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/keeper/serve.h"

#include "authority/lists.h"
#include "authority/keeper/trust.h"
#include "app/pem.h"

#include <string.h>

/* Seconds that a copy on the way may be used: lists are signed anew within a
 * second, and who wants that asks again this soon. */
enum { LIST_AGE = 15, TRUST_AGE = 60, ROOT_AGE = 3600 };

/* ---- status lists ------------------------------------------------------- */

static yao_text header(const app_call *call, const char *name)
{
    for (size_t i = 0; i < call->http->header_count; i++)
        if (yao_text_equal(call->http->headers[i].name, yao_text_of(name)))
            return call->http->headers[i].value;
    return YAO_TEXT("");
}

static bool contains(yao_text text, yao_text part)
{
    for (size_t i = 0; i + part.len <= text.len; i++)
        if (memcmp(text.ptr + i, part.ptr, part.len) == 0)
            return true;
    return false;
}

/* Token Status List section 8.1: who wants CBOR says so. */
static bool wants_cwt(const app_call *call)
{
    yao_text accept = header(call, "accept");

    return contains(accept, YAO_TEXT("application/statuslist+cwt")) &&
           !contains(accept, YAO_TEXT("application/statuslist+jwt"));
}

static bool read_number(yao_text text, int64_t *ret)
{
    int64_t number = 0;

    if (text.len == 0 || text.len > 9 || text.ptr[0] == '0')
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
        number = number * 10 + (text.ptr[i] - '0');
    }
    *ret = number;
    return true;
}

static yao_status give_list(app_call *call, app_reply *ret)
{
    store_status_token token;
    int64_t            number;
    bool               cwt = wants_cwt(call);

    if (!read_number(call->parts[0], &number))
        return YAO_E_NOT_FOUND;
    YAO_TRY(store_get_status_token(server_authority(call)->store, number,
                                   call->arena, &token));
    YAO_TRY(app_reply_bytes(ret, 200,
                            cwt ? "application/statuslist+cwt"
                                : "application/statuslist+jwt",
                            cwt ? token.cwt : token.jwt));
    YAO_TRY(app_reply_header(ret, "Vary", YAO_TEXT("Accept")));
    return app_reply_cache(ret, call, LIST_AGE);
}

/* ---- trust lists -------------------------------------------------------- */

static yao_status give_trust(app_call *call, app_reply *ret)
{
    store_artefact artefact;

    YAO_TRY(store_get_artefact(server_authority(call)->store, call->parts[0],
                               call->arena, &artefact));
    YAO_TRY(app_reply_bytes(ret, 200,
                            yao_text_equal(call->parts[0],
                                           YAO_TEXT("vical.cbor"))
                                ? "application/cbor"
                                : "application/cose",
                            artefact.body));
    return app_reply_cache(ret, call, TRUST_AGE);
}

static yao_status give_root(app_call *call, app_reply *ret)
{
    const authority *a    = server_authority(call);
    ca               root = {.key = NULL};
    yao_bytes        pem;

    YAO_TRY(ca_open(config_get(&a->config, SETTING_TRUST_ROOT), NULL,
                    call->arena, &root));
    yao_writer w = yao_writer_in(call->arena);
    yao_pem_put(&w, "CERTIFICATE", root.certificate.der);
    YAO_TRY(yao_writer_keep(&w, call->arena, &pem));
    YAO_TRY(app_reply_bytes(ret, 200, "application/pem-certificate-chain",
                            pem));
    return app_reply_cache(ret, call, ROOT_AGE);
}

static const app_route routes[] = {
    {.method = "GET",
     .path   = "/statuslists/{number}",
     .needs  = APP_ANY_WALLET,
     .run    = give_list},
    {.method = "GET",
     .path   = "/trust/trust-root.pem",
     .needs  = APP_ANY_WALLET,
     .run    = give_root},
    {.method = "GET",
     .path   = "/trust/{name}",
     .needs  = APP_ANY_WALLET,
     .run    = give_trust},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

/* ---- jobs --------------------------------------------------------------- */

static yao_status run_lists(authority_server *server, authority *a,
                            yao_arena *arena, int64_t fence)
{
    size_t count = 0;

    (void)arena;
    yao_status status = keeper_run_lists(a, fence, &count);
    if (count > 0)
        server_nudge(server, "log");
    return status;
}

static yao_status run_trust(authority_server *server, authority *a,
                            yao_arena *arena, int64_t fence)
{
    bool done = false;

    (void)arena;
    yao_status status = keeper_run_trust(a, fence, &done);
    if (done)
        server_nudge(server, "log");
    return status;
}

static yao_status run_forget(authority_server *server, authority *a,
                             yao_arena *arena, int64_t fence)
{
    (void)server;
    (void)arena;
    return keeper_run_forget(a, fence);
}

static const authority_job jobs[] = {
    {.name = "lists", .every_s = 1, .leader = true, .run = run_lists},
    {.name = "trust", .every_s = 60, .leader = true, .run = run_trust},
    {.name = "forget", .every_s = 300, .leader = true, .run = run_forget},
};

const authority_part authority_keeper_part = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
};
