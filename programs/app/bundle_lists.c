/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle_lists.h"

#include "inflate/inflate.h"
#include "statuslist/statuslist.h"

/* One token; its rows are its own, since those of 256 would not fit. */
typedef struct opening {
    const yao_crypto           *crypto;
    const app_bundle_options   *o;
    app_bundle                 *b;
    yao_statuslist_verification v;
    yao_report                  report;
} opening;

static yao_status open_list(opening *op, yao_bytes token, yao_status_list *ret)
{
    yao_arena             *arena   = &op->b->arena;
    yao_statuslist_options options = {
        .anchors      = op->b->list.anchors,
        .anchor_count = op->b->list.anchor_count,
        .now          = op->o->now,
        .skew         = op->o->skew,
        .strict       = op->o->strict};
    yao_statuslist_unverified *said = yao_arena_take(arena, sizeof *said);
    yao_inflate_wish           wish;
    yao_bytes                  entries = {NULL, 0};

    if (said == NULL)
        return YAO_E_SPACE;
    op->report.count = 0;
    YAO_TRY(yao_statuslist_parse(arena, token, YAO_STATUSLIST_UNKNOWN, said));
    YAO_TRY(yao_statuslist_begin(arena, said, &options, &op->v, &op->report));
    YAO_TRY(op->crypto->verify(op->crypto->ctx, op->v.checks,
                               op->v.check_count));
    YAO_TRY(yao_statuslist_unpack(&op->v, &wish, &op->report));
    yao_status inflated = yao_inflate(&wish, arena, &entries);

    return yao_statuslist_conclude(&op->v, inflated, entries, ret, &op->report);
}

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
    const yao_trust_content *c = &b->list.content;
    yao_status_list         *lists;
    opening                 *op;

    if (c->list_count == 0)
        return YAO_OK;
    lists = yao_arena_take_array(&b->arena, c->list_count, sizeof *lists);
    op    = yao_arena_take(&b->arena, sizeof *op);
    if (lists == NULL || op == NULL)
        return YAO_E_SPACE;
    *op = (opening){.crypto = crypto, .o = options, .b = b};
    for (size_t i = 0; i < c->list_count; i++) {
        yao_status status = open_list(op, c->lists[i], &lists[i]);

        if (status != YAO_OK) {
            add_rows(&b->report, &op->report);
            return status;
        }
    }
    b->lists      = lists;
    b->list_count = c->list_count;

    return YAO_OK;
}
