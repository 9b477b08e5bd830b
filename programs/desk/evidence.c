/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/evidence.h"

/* ---- keeping ------------------------------------------------------------ */

bool desk_keeps_evidence(const app_call *call, const desk_trust *t,
                         const yao_profile *profile)
{
    return profile != NULL && profile->evidence && !profile->match_only &&
           desk_retention_days(call, t, profile) > 0;
}

static void put_presentation(yao_writer *w, const yao_vp_awaited *awaited,
                             const yao_vp_presentation *p)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "query", p->id);
    if (awaited->query.credentials[p->credential].format == YAO_DCQL_MDOC)
        yao_json_put_member_base64url(w, &first, "document", p->document);
    else
        yao_json_put_member(w, &first, "document",
                            (yao_text){p->document.ptr, p->document.len});
    yao_put_byte(w, '}');
}

yao_status desk_evidence_write(app_call *call, const yao_vp_awaited *awaited,
                               const yao_vp_presentations *came, yao_bytes *ret)
{
    bool      first = true, next = true;
    yao_text  audience;
    yao_bytes transcript;

    YAO_TRY(yao_vp_audience(call->arena, &awaited->binding, &audience));
    YAO_TRY(yao_vp_transcript(call->arena, call->crypto, &awaited->binding,
                              &transcript));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "nonce", awaited->binding.nonce);
    yao_json_put_member(&w, &first, "audience", audience);
    yao_json_put_member_base64url(&w, &first, "transcript", transcript);
    yao_json_put_name(&w, &first, "presentations");
    yao_put_byte(&w, '[');
    for (size_t i = 0; i < came->count; i++) {
        yao_json_put_next(&w, &next);
        put_presentation(&w, awaited, &came->items[i]);
    }
    yao_put_text(&w, "]}");
    return yao_writer_keep(&w, call->arena, ret);
}

yao_status desk_evidence_write_counter(app_call *call, yao_bytes transcript,
                                       yao_bytes response, yao_bytes *ret)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true, inner = true;

    yao_put_byte(&w, '{');
    yao_json_put_member_base64url(&w, &first, "transcript", transcript);
    yao_json_put_name(&w, &first, "presentations");
    yao_put_text(&w, "[{");
    yao_json_put_member_base64url(&w, &inner, "document", response);
    yao_put_text(&w, "}]}");
    return yao_writer_keep(&w, call->arena, ret);
}

/* ---- giving ------------------------------------------------------------- */

static yao_status find(app_call *call, yao_bytes *ret)
{
    uint8_t id[STORE_ID_LEN];

    if (!desk_read_id(call->parts[0], id))
        return YAO_E_NOT_FOUND;
    YAO_TRY(desk_result_done(call, (yao_bytes){id, STORE_ID_LEN}));
    YAO_TRY(desk_result_evidence(call, (yao_bytes){id, STORE_ID_LEN}, ret));
    return ret->len > 0 ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status get_evidence(app_call *call, app_reply *ret)
{
    yao_bytes  json;
    yao_status status = find(call, &json);

    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    yao_writer w = yao_writer_in(call->arena);
    yao_put_bytes(&w, json);
    return app_reply_json(ret, call, 200, &w);
}

static const app_route routes[] = {
    {"GET", "/api/sessions/{id}/evidence", APP_PROGRAM, get_evidence, 0, 0},
};

const app_routes desk_evidence_table = {
    routes, sizeof routes / sizeof routes[0], 1u << DESK_PUBLIC};
