/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a browser gave to a page. The program says at which origin the page was:
 * one of those that it named when it asked. It is in what the holder signed, so
 * that an answer given to another page is none (OpenID4VP 1.0 A.4; ISO/IEC TS
 * 18013-7 annex C).
 */

#include "desk/page.h"

#include "app/log.h"

/* Bytes of a body: a vp_token with portraits, encrypted. */
enum { MOST_BODY = 1024 * 1024 };

typedef struct paging {
    app_call        *call;
    desk_session    *s;
    yao_vp_protocol  protocol;
    yao_text         origin;
    yao_bytes        data;
    desk_paged       paged;
    yao_vp_presentations came;
} paging;

/* ---- what a program says ------------------------------------------------ */

static bool is_expected(const desk_session *s, yao_text origin)
{
    for (size_t i = 0; i < s->extras.origin_count; i++)
        if (yao_text_equal(s->extras.origins[i], origin))
            return true;
    return false;
}

static uint64_t flag_of(yao_vp_protocol protocol)
{
    switch (protocol) {
    case YAO_VP_SIGNED:
        return DESK_PAGE_SIGNED;
    case YAO_VP_UNSIGNED:
        return DESK_PAGE_UNSIGNED;
    case YAO_VP_ISO_MDOC:
        return DESK_PAGE_ISO;
    default:
        return 0;
    }
}

static yao_status read_body(paging *p)
{
    yao_arena      *arena = p->call->arena;
    const yao_json *root, *data;
    yao_text        protocol;

    YAO_TRY(app_body_json(p->call, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "protocol"), arena, &protocol));
    YAO_TRY(yao_json_string(yao_json_get(root, "origin"), arena, &p->origin));
    data        = yao_json_get(root, "data");
    p->protocol = yao_vp_protocol_by_name(protocol);
    if (data == NULL || data->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    if ((p->s->extras.protocols & flag_of(p->protocol)) == 0 ||
        !is_expected(p->s, p->origin))
        return YAO_E_MISMATCH;
    yao_writer w = yao_writer_in(arena);
    yao_json_put_value(&w, data);
    return yao_writer_keep(&w, arena, &p->data);
}

/* ---- what the browser gave ---------------------------------------------- */

static yao_status await(paging *p)
{
    app_call  *call = p->call;
    yao_vp_ask ask;

    p->paged.awaited = yao_arena_take(call->arena, sizeof *p->paged.awaited);
    p->paged.posted  = yao_arena_take(call->arena, sizeof *p->paged.posted);
    if (p->paged.awaited == NULL || p->paged.posted == NULL)
        return YAO_E_SPACE;
    *p->paged.posted = (yao_vp_posted){.kind = YAO_VP_NOTHING};
    YAO_TRY(desk_page_ask(p->s, p->protocol == YAO_VP_SIGNED, &ask));
    return yao_vp_await(call->arena, call->crypto, &ask, p->origin,
                        p->paged.awaited);
}

static yao_status open_iso(const paging *p, const yao_vp_iso_answer *answer,
                           yao_bytes transcript, yao_bytes *ret)
{
    const yao_public_key key  = p->s->iso.public;
    const yao_agree_wish wish = {.peer = answer->ephemeral};
    uint8_t              shared[YAO_MAX_AGREEMENT];
    yao_vp_iso_sealing   sealing;
    uint8_t *plain = yao_arena_take(p->call->arena, answer->sealed.len + 1);

    if (plain == NULL)
        return YAO_E_SPACE;
    YAO_TRY(desk_own_key_agree(&p->s->iso, &wish, shared));
    yao_status status =
        yao_vp_open_iso(p->call->crypto, answer, &key, transcript,
                        (yao_bytes){shared, 32}, &sealing);
    if (status == YAO_OK) {
        status = yao_openssl_aead(&sealing.wish, plain);
        *ret   = (yao_bytes){plain, sealing.wish.input.len - YAO_AEAD_TAG};
        yao_hpke_wipe(&sealing.keys);
    }
    yao_wipe(shared, sizeof shared);
    return status;
}

static yao_status read_iso(paging *p)
{
    yao_arena        *arena = p->call->arena;
    yao_vp_iso_answer answer;
    yao_text          info;
    yao_bytes         plain, *transcript;

    transcript = &p->paged.awaited->binding.transcript;
    YAO_TRY(desk_page_info(p->call, p->s, &info, transcript));
    YAO_TRY(yao_vp_read_iso_answer(arena, p->data, &answer));
    if (answer.sealed.len < YAO_AEAD_TAG)
        return YAO_E_TRUNCATED;
    YAO_TRY(open_iso(p, &answer, *transcript, &plain));
    YAO_TRY(yao_vp_read_iso_opened(arena, p->paged.awaited, plain, &p->came));
    p->paged.came = &p->came;
    return YAO_OK;
}

static yao_status answer(paging *p)
{
    YAO_TRY(read_body(p));
    YAO_TRY(await(p));
    if (p->protocol == YAO_VP_ISO_MDOC)
        YAO_TRY(read_iso(p));
    else
        YAO_TRY(yao_vp_read_dcapi_posted(p->call->arena, p->data,
                                         p->paged.posted));
    return desk_response_paged(p->call, p->s, &p->paged);
}

/* ---- the route ---------------------------------------------------------- */

static bool may_be_answered(const app_call *call, const desk_session *s)
{
    return s->extras.origin_count > 0 && desk_session_open(s, call->now) &&
           yao_bytes_equal(s->enquiry.client, desk_client_id(call));
}

static yao_status answer_by(app_call *call, desk_session *s, app_reply *ret)
{
    paging     p      = {.call = call, .s = s};
    yao_status status = answer(&p);

    if (status == YAO_E_SPACE || status == YAO_E_STORE ||
        status == YAO_E_LOCKED)
        return status;
    if (status != YAO_OK) {
        app_log_status(APP_LOG_INFO, "answer-refused", "page", status);
        return desk_refuse(call, ret, 400, "invalid_request");
    }
    return desk_session_tell(call, ret);
}

static yao_status post_answer(app_call *call, app_reply *ret)
{
    desk_session s;

    yao_status status = desk_session_read(call, call->parts[0], &s);
    if (status == YAO_E_NOT_FOUND)
        return desk_refuse(call, ret, 404, "not_found");
    YAO_TRY(status);
    status = may_be_answered(call, &s)
                 ? answer_by(call, &s, ret)
                 : desk_refuse(call, ret, 404, "not_found");
    desk_session_close(&s);
    return status;
}

static const app_route routes[] = {
    {"POST", "/api/sessions/{id}/answer", APP_PROGRAM | APP_JSON, post_answer,
     0, MOST_BODY},
};

const app_routes desk_page_table = {routes, sizeof routes / sizeof routes[0],
                                    1u << DESK_PUBLIC};
