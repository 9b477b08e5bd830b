/* SPDX-License-Identifier: Apache-2.0 */
/* The jobs "lists", "trust" and "forget"; what they sign is served by
 * server/public.c. */
#include "authority/keeper/serve.h"

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
    {.name = "forget", .every_s = 5, .leader = true, .run = run_forget},
};

const authority_part authority_keeper_part = {
    .jobs = jobs, .job_count = sizeof jobs / sizeof jobs[0]};
