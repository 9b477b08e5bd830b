/* SPDX-License-Identifier: Apache-2.0 */
#include "app/status_list.h"

#include "inflate/inflate.h"

yao_status app_status_list_judge(const yao_crypto       *crypto,
                                 const app_status_token *token,
                                 yao_arena *arena, app_packed_list *ret,
                                 yao_report *report)
{
    yao_statuslist_unverified   *t = yao_arena_take(arena, sizeof *t);
    yao_statuslist_verification *v = yao_arena_take(arena, sizeof *v);
    yao_inflate_wish             wish;

    if (t == NULL || v == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_statuslist_parse(arena, token->bytes, token->form, t));
    YAO_TRY(yao_statuslist_begin(arena, t, token->options, v, report));
    YAO_TRY(crypto->verify(crypto->ctx, v->checks, v->check_count));
    YAO_TRY(yao_statuslist_unpack(v, &wish, report));

    *ret = (app_packed_list){v, wish};
    return YAO_OK;
}

yao_status app_status_list_unpack(const app_packed_list *packed,
                                  yao_arena *arena, yao_status_list *ret,
                                  yao_report *report)
{
    yao_bytes  entries = {NULL, 0};
    yao_status said    = yao_inflate(&packed->wish, arena, &entries);

    return yao_statuslist_conclude(packed->v, said, entries, ret, report);
}

yao_status app_status_list_open(const yao_crypto       *crypto,
                                const app_status_token *token,
                                yao_arena *arena, yao_status_list *ret,
                                yao_report *report)
{
    app_packed_list packed;

    YAO_TRY(app_status_list_judge(crypto, token, arena, &packed, report));
    return app_status_list_unpack(&packed, arena, ret, report);
}
