/* SPDX-License-Identifier: Apache-2.0 */

/**
 * What we answer to DCQL queries, for tests/interop/dcql.test.mjs. Each line of
 * standard input is
 *
 *     {"query": ..., "held": [...]}            documents: support/dcql_world.h
 *     {"query": ..., "shown": [{"id": ..., "document": ...}]}
 *
 * and is answered by a line: {"read":"OK","satisfied":true,"fits":[[{
 * "candidate":0,"claims":[0,1]}]]}, or {"read":"OK","check":"MISSING"}.
 */

#include "support/dcql_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(max_align_t) uint8_t memory[16 * 1024 * 1024];

static void put_fit(const yao_dcql_credential *c, const yao_dcql_fit *fit)
{
    bool first = true;

    printf("{\"candidate\":%zu,\"claims\":[", fit->candidate);
    for (size_t i = 0; i < c->claim_count; i++)
        if ((fit->claims >> i & 1) != 0) {
            printf("%s%zu", first ? "" : ",", i);
            first = false;
        }
    printf("]}");
}

static yao_status answer_held(yao_arena *arena, const yao_dcql_query *query,
                              const yao_json *list)
{
    static world      held;
    yao_dcql_matching m;

    YAO_TRY(world_read(arena, list, &held));
    YAO_TRY(yao_dcql_match(arena, query, held.held, held.count, &m));
    printf(",\"satisfied\":%s,\"fits\":[", m.satisfied ? "true" : "false");
    for (size_t i = 0; i < query->credential_count; i++) {
        printf("%s[", i == 0 ? "" : ",");
        for (size_t j = 0; j < m.credentials[i].count; j++) {
            printf(j == 0 ? "" : ",");
            put_fit(&query->credentials[i], &m.credentials[i].items[j]);
        }
        printf("]");
    }
    printf("]");
    return YAO_OK;
}

static yao_status answer_shown(yao_arena *arena, const yao_dcql_query *query,
                               const yao_json *list)
{
    yao_dcql_shown   shown[YAO_DCQL_MAX_SHOWN];
    yao_dcql_verdict verdict;
    size_t           count = 0;

    for (const yao_json *i = list->first; i != NULL; i = i->next, count++) {
        if (count == YAO_DCQL_MAX_SHOWN)
            return YAO_E_LIMIT;
        YAO_TRY(yao_json_string(yao_json_get(i, "id"), arena,
                                &shown[count].id));
        YAO_TRY(world_read_one(arena, yao_json_get(i, "document"),
                               &shown[count].document));
    }
    printf(",\"check\":\"%s\"",
           yao_status_name(
               yao_dcql_check(arena, query, shown, count, &verdict)));
    return YAO_OK;
}

static yao_status answer(const yao_json *root, yao_status status,
                         const yao_dcql_query *query, yao_arena *arena)
{
    const yao_json *shown = yao_json_get(root, "shown");

    printf("{\"read\":\"%s\"", yao_status_name(status));
    if (status == YAO_OK && shown != NULL)
        status = answer_shown(arena, query, shown);
    else if (status == YAO_OK)
        status = answer_held(arena, query, yao_json_get(root, "held"));
    else
        status = YAO_OK;
    printf("}\n");
    return status;
}

int main(void)
{
    char   *line = NULL;
    size_t  cap  = 0;
    ssize_t len;

    while ((len = getline(&line, &cap, stdin)) > 0) {
        yao_arena       arena = {memory, sizeof memory, 0};
        yao_bytes       text  = {(const uint8_t *)line, (size_t)len - 1};
        const yao_json *root  = NULL;
        yao_dcql_query  query;
        yao_status      status = yao_json_parse(&arena, text, &root);

        if (status == YAO_OK)
            status = yao_dcql_read(&arena, yao_json_get(root, "query"), &query);
        if (answer(root, status, &query, &arena) != YAO_OK) {
            fprintf(stderr, "dcql-answers: not a question: %s", line);
            free(line);
            return 1;
        }
    }
    free(line);
    return 0;
}
