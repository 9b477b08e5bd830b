/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle_lists.h"

#include "app/status_list.h"

static void add_rows(yao_report *to, const yao_report *from)
{
    for (size_t i = 0; i < from->count; i++)
        yao_report_add(to, from->rows[i].document, from->rows[i].check,
                       from->rows[i].outcome, from->rows[i].why);
}

yao_status app_bundle_open_lists(const yao_crypto         *crypto,
                                 const app_bundle_options *options,
                                 app_bundle               *b)
{
    const yao_trust_content *c    = &b->list.content;
    yao_statuslist_options   with = {.anchors      = b->list.anchors,
                                     .anchor_count = b->list.anchor_count,
                                     .now          = options->now,
                                     .skew         = options->skew,
                                     .strict       = options->strict};
    yao_status_list         *lists;
    yao_report              *rows; /* of one: those of 256 would not fit */

    if (c->list_count == 0)
        return YAO_OK;
    lists = yao_arena_take_array(&b->arena, c->list_count, sizeof *lists);
    rows  = yao_arena_take(&b->arena, sizeof *rows);
    if (lists == NULL || rows == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->list_count; i++) {
        app_status_token token = {c->lists[i], YAO_STATUSLIST_UNKNOWN, &with};

        *rows = (yao_report){.count = 0};
        yao_status status =
            app_status_list_open(crypto, &token, &b->arena, &lists[i], rows);
        if (status != YAO_OK) {
            add_rows(&b->report, rows);
            return status;
        }
    }
    b->lists      = lists;
    b->list_count = c->list_count;

    return YAO_OK;
}
