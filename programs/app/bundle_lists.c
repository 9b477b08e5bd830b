/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle_lists.h"

#include "app/status_list.h"

static void add_rows(yao_report *to, const yao_report *from)
{
    for (size_t i = 0; i < from->count; i++)
        yao_report_add(to, from->rows[i].document, from->rows[i].check,
                       from->rows[i].outcome, from->rows[i].why);
}

typedef struct reading {
    const yao_crypto             *crypto;
    const app_bundle_options     *options;
    const yao_statuslist_options *with;
    yao_report                   *rows; /* of one: those of 256 do not fit */
} reading;

/* A list that is packed names itself and its age, but no root: it speaks for
 * nobody (policy/status.c). */
static yao_status open_one(const reading *r, app_bundle *b, size_t i)
{
    app_status_token token = {b->list.content.lists[i], YAO_STATUSLIST_UNKNOWN,
                              r->with};
    app_packed_list *p     = &b->packed[i];

    *r->rows = (yao_report){.count = 0};
    *p       = (app_packed_list){.v = NULL};
    YAO_TRY(app_status_list_judge(r->crypto, &token, &b->arena, p, r->rows));
    if (r->options->packed) {
        const yao_statuslist_claims *c = &p->v->input->claims;

        b->lists[i] = (yao_status_list){.uri       = c->uri,
                                        .issued_at = c->issued_at,
                                        .expires   = YAO_TIME_NONE};
        return YAO_OK;
    }
    yao_status status =
        app_status_list_unpack(p, &b->arena, &b->lists[i], r->rows);
    p->v = NULL;
    return status;
}

yao_status app_bundle_open_lists(const yao_crypto         *crypto,
                                 const app_bundle_options *options,
                                 app_bundle               *b)
{
    size_t                 count = b->list.content.list_count;
    yao_statuslist_options with  = {.anchors      = b->list.anchors,
                                    .anchor_count = b->list.anchor_count,
                                    .now          = options->now,
                                    .skew         = options->skew,
                                    .strict       = options->strict};
    reading                r     = {crypto, options, &with, NULL};

    if (count == 0)
        return YAO_OK;
    b->lists  = yao_arena_take_array(&b->arena, count, sizeof *b->lists);
    b->packed = yao_arena_take_array(&b->arena, count, sizeof *b->packed);
    r.rows    = yao_arena_take(&b->arena, sizeof *r.rows);
    if (b->lists == NULL || b->packed == NULL || r.rows == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        yao_status status = open_one(&r, b, i);
        if (status != YAO_OK) {
            add_rows(&b->report, r.rows);
            return status;
        }
        b->list_count = i + 1;
    }
    return YAO_OK;
}

bool app_bundle_unpack(app_bundle *b, yao_text uri)
{
    yao_report rows = {.count = 0};
    bool       any  = false;

    for (size_t i = 0; i < b->list_count && b->packed != NULL; i++) {
        yao_status_list *list = &b->lists[i];

        if (b->packed[i].v == NULL || !yao_text_equal(list->uri, uri))
            continue;
        if (app_status_list_unpack(&b->packed[i], &b->arena, list, &rows) !=
            YAO_OK)
            *list = (yao_status_list){.expires = YAO_TIME_NONE};
        b->packed[i].v = NULL;
        any            = true;
    }
    return any;
}
