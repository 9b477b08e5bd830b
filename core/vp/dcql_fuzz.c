/* SPDX-License-Identifier: Apache-2.0 */

/*
 * {"query": a DCQL query, "held": documents as in tests/support/dcql_world.h}.
 *
 * A query that is accepted is the same when it was written and read again. What
 * a wallet answers by it, showing what it must and no more, is what a verifier
 * takes, with nothing too much in it; a wallet that has no answer cannot make
 * one of all documents that match.
 */

#include "support/dcql_world.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[8 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "dcql: %s\n", what);
        abort();
    }
}

static yao_bytes written(yao_arena *arena, const yao_dcql_query *query)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;

    yao_dcql_put(&w, query);
    demand(yao_writer_keep(&w, arena, &out) == YAO_OK, "cannot write a query");
    return out;
}

static void read_again(yao_arena *arena, const yao_dcql_query *query)
{
    yao_dcql_query again;
    yao_bytes      one = written(arena, query), two;

    demand(yao_dcql_parse(arena, one, &again) == YAO_OK,
           "cannot read what was written");
    two = written(arena, &again);
    demand(yao_bytes_equal(one, two), "another query was written");
    for (size_t i = 0; i < query->credential_count; i++)
        demand(yao_dcql_find(&again, query->credentials[i].id) == i,
               "an id is lost");
}

/* Was it shown for the claims that the verifier takes it for, then nothing is
 * too much. (An item of an array may stand in for another one, and so make a
 * preferred set of claims.) */
static void never_too_much(const yao_dcql_matching *m,
                           const yao_dcql_finding  *finding)
{
    const yao_dcql_fit *fit = &m->credentials[finding->credential].items[0];

    if (finding->claim_set == fit->claim_set)
        demand(finding->extra == 0, "shown unasked");
}

/* All credentials of MASK, each with its first document. */
static yao_status show(yao_arena *arena, const yao_dcql_query *query,
                       const world *held, const yao_dcql_matching *m,
                       yao_dcql_credentials mask, yao_dcql_verdict *verdict)
{
    yao_dcql_shown shown[YAO_DCQL_MAX_CREDENTIALS];
    size_t         count = 0;

    for (size_t i = 0; i < query->credential_count; i++) {
        if ((mask >> i & 1) == 0)
            continue;
        const yao_dcql_fit *fit = &m->credentials[i].items[0];

        shown[count].id = query->credentials[i].id;
        if (world_show(arena, &held->held[fit->candidate],
                       &query->credentials[i], fit->claims,
                       &shown[count++].document) != YAO_OK)
            return YAO_E_SPACE;
    }
    return yao_dcql_check(arena, query, shown, count, verdict);
}

static void answer(yao_arena *arena, const yao_dcql_query *query,
                   const world *held)
{
    yao_dcql_credentials mask = 0;
    yao_dcql_matching    m;
    yao_dcql_verdict     verdict = {0};

    if (yao_dcql_match(arena, query, held->held, held->count, &m) != YAO_OK)
        return;
    yao_status status = yao_dcql_answer(query, &m, NULL, &mask);
    demand((status == YAO_OK) == m.satisfied, "satisfied, but no answer");
    if (status == YAO_OK) {
        demand(mask != 0 && (mask & ~m.matched) == 0, "part of an answer");
        status = show(arena, query, held, &m, mask, &verdict);
        if (status == YAO_E_SPACE)
            return;
        demand(status == YAO_OK, "the verifier refuses the wallet's answer");
        demand(verdict.answered == mask, "answered something else");
        for (size_t i = 0; mask != 0; mask &= mask - 1)
            never_too_much(&m, &verdict.findings[i++]);
    }
    status = show(arena, query, held, &m, m.matched, &verdict);
    if (status != YAO_E_SPACE)
        demand((status == YAO_OK) == m.satisfied,
               "the verifier takes what is no answer");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena       arena = {memory, sizeof memory, 0};
    const yao_json *root;
    yao_dcql_query  query;
    static world    held;

    if (len > 16384 ||
        yao_json_parse(&arena, (yao_bytes){data, len}, &root) != YAO_OK ||
        yao_dcql_read(&arena, yao_json_get(root, "query"), &query) != YAO_OK)
        return 0;
    read_again(&arena, &query);
    if (world_read(&arena, yao_json_get(root, "held"), &held) == YAO_OK)
        answer(&arena, &query, &held);
    return 0;
}
