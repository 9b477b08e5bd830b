/* SPDX-License-Identifier: Apache-2.0 */
/* The revocation lists where the certificates say they are, and the job that
 * signs them in time. */

#include "authority/keys/routes.h"

#include "authority/keys/keys.h"

/* A verifier asks rarely, and a revocation should be seen within the hour. */
#define CACHE_S 3600
#define LEASE YAO_TEXT("crl")

static yao_status give_list(app_call *call, app_reply *ret)
{
    store_crl crl;
    yao_text  name = call->parts[0];

    /* "population.crl" is for people who save it */
    if (name.len > 4 &&
        yao_bytes_equal((yao_bytes){name.ptr + name.len - 4, 4},
                        YAO_LIT(".crl")))
        name.len -= 4;
    YAO_TRY(keys_find_crl(server_authority(call), call->arena, name, &crl));
    YAO_TRY(app_reply_bytes(ret, 200, "application/pkix-crl", crl.der));
    return app_reply_cache(ret, call, CACHE_S);
}

static const app_route routes[] = {
    {"GET", "/crl/{name}", APP_ANY_WALLET, give_list, 0, 0},
};

/* Lists whose root's key is kept away are signed by hand. */
static yao_status sign_due(authority_server *server, authority *a,
                           yao_arena *arena, int64_t fence)
{
    (void)server;
    for (size_t i = 0; i < certify_row_count; i++) {
        const certify_row *row    = &certify_rows[i];
        store_change       change = store_change_open(arena);
        keys_crl_count     count  = {0, 0};
        bool               due    = false;

        if (row->what != YAO_X509_ROOT)
            continue;
        YAO_TRY(keys_crl_due(a, arena, row->role, yao_now(), &due));
        if (!due)
            continue;
        YAO_TRY(
            keys_put_crls(a, &change, arena, row->role, NULL, &count));
        if (count.made == 0)
            continue;
        store_put_fence(&change, LEASE, fence);
        YAO_TRY(store_commit(a->store, &change));
    }
    return YAO_OK;
}

static const authority_job jobs[] = {{"crl", 3600, true, sign_due}};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC}};

const authority_part authority_keys = {
    .tables      = tables,
    .table_count = sizeof tables / sizeof tables[0],
    .jobs        = jobs,
    .job_count   = sizeof jobs / sizeof jobs[0],
};
