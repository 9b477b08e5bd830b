/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a wallet answers. It is judged before anything is said (conformance C6);
 * what is no answer to this request changes nothing and gets the same 400,
 * whatever was wrong (no oracle): which check failed is in the log, by its
 * name.
 *
 * 1. Of all answers to one request one is taken: the claim in the store.
 * 2. Values leave this file sealed, or not at all.
 */

#include "desk/page.h"

#include "app/log.h"
#include "app/random.h"
#include "desk/evidence.h"
#include "desk/judged.h"
#include "desk/receipt.h"
#include "desk/standing.h"
#include "desk/webhook.h"
#include "vp/receipt.h"

/* Bytes of a body: a vp_token with portraits, encrypted. */
enum { MOST_BODY = 1024 * 1024 };

typedef struct answering {
    app_call                   *call;
    desk_session               *s;
    const desk_trust           *trust;
    yao_vp_awaited             *awaited;
    yao_vp_posted              *posted;
    yao_vp_verdict              verdict;
    yao_text                    code; /* for the browser */
    yao_text                    receipt;
    const yao_vp_presentations *came;  /* of a page: opened already */
    yao_vp_presentations        shown; /* as they came */
} answering;

/* ---- reading ---- */

static yao_status agree(const answering *a, uint8_t *out)
{
    const yao_agree_wish wish = {.peer = a->posted->jwe.ephemeral};

    return desk_own_key_agree(&a->s->key, &wish, out);
}

static yao_status open_sealed(const answering *a, yao_bytes *ret)
{
    uint8_t       shared[YAO_MAX_AGREEMENT];
    yao_jwe_key   key;
    yao_aead_wish wish;
    uint8_t      *plain =
        yao_arena_take(a->call->arena, a->posted->jwe.sealed.len + 1);

    if (plain == NULL)
        return YAO_E_SPACE;
    YAO_TRY(agree(a, shared));
    yao_status status = yao_vp_open(a->call->crypto, a->awaited, a->posted,
                                    (yao_bytes){shared, 32}, &key, &wish);
    if (status == YAO_OK) {
        status = yao_openssl_aead(&wish, plain);
        *ret   = (yao_bytes){plain, wish.input.len - YAO_AEAD_TAG};
        yao_jwe_wipe(&key);
    }
    yao_wipe(shared, sizeof shared);
    return status;
}

static yao_status read_presentations(const answering      *a,
                                     yao_vp_presentations *ret)
{
    yao_bytes plain;

    if (a->came != NULL) {
        *ret = *a->came;
        return YAO_OK;
    }
    if (a->posted->kind == YAO_VP_PLAIN)
        return yao_vp_read_plain(a->call->arena, a->awaited, a->posted, ret);
    YAO_TRY(yao_vp_check_posted(a->awaited, a->posted));
    YAO_TRY(open_sealed(a, &plain));
    return yao_vp_read_opened(a->call->arena, a->awaited, plain, ret);
}

static yao_status judge(answering *a)
{
    app_call          *call = a->call;
    yao_verify_options o =
        desk_trust_options(&desk_of(call)->trust, a->trust, call->now);
    yao_vp_judging judging;

    YAO_TRY(read_presentations(a, &a->shown));
    YAO_TRY(yao_vp_begin_judging(call->arena, call->crypto, a->awaited,
                                 &a->shown, &o, &judging));
    YAO_TRY(call->crypto->verify(call->crypto->ctx, judging.checks,
                                 judging.check_count));
    return yao_vp_finish_judging(&judging, &a->verdict);
}

static const yao_profile *profile_of(const answering *a)
{
    return yao_profile_by_name(&a->trust->bundle.catalogue,
                               a->s->enquiry.profile);
}

/* Two people's documents together are an answer, and no good one. */
static yao_status check_person(answering *a)
{
    const yao_profile *p = profile_of(a);

    return p == NULL ? YAO_OK
                     : yao_vp_check_person(a->call->arena,
                                           &a->trust->bundle.catalogue, p,
                                           &a->verdict);
}

/* ---- keeping ---- */

/* Until the browser comes back, or for good where there is none. */
static yao_time end_of(const answering *a)
{
    const yao_profile *p = profile_of(a);

    return a->s->enquiry.browser.len > 0 || p == NULL
               ? a->call->now + DESK_GRACE
               : desk_retention_end(a->call, a->trust, p);
}

static yao_status make_receipt(answering *a, desk_result *r)
{
    app_call          *call  = a->call;
    size_t             count = a->verdict.count;
    const yao_result **results =
        yao_arena_take_array(call->arena, count, sizeof *results);
    desk_shown shown = {
        .profile = profile_of(a),
        .results = results,
        .count   = count,
        .reader  = &a->s->reader,
        .waits   = a->s->enquiry.browser.len > 0};

    if (results == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        results[i] = a->verdict.items[i].result;
    YAO_TRY(yao_vp_transcript(call->arena, call->crypto, &a->awaited->binding,
                              &shown.bound));
    YAO_TRY(desk_receipt_make(call, a->trust, &shown, r));
    a->receipt = r->receipt;
    return YAO_OK;
}

static yao_status put_result(answering *a, store_change *change, yao_time ends)
{
    bool        waits = a->s->enquiry.browser.len > 0;
    desk_result r     = {.id      = a->s->enquiry.id,
                         .client  = a->s->enquiry.client,
                         .profile = a->s->enquiry.profile,
                         .verdict = desk_judged_verdict(&a->verdict),
                         .event   = waits ? NULL : "session.done",
                         .ends    = ends};
    yao_time    max_age =
        desk_number(&desk_of(a->call)->config, DESK_STATUS_AGE) * 3600;

    YAO_TRY(desk_judged_write(a->call, &a->verdict, max_age, &r.json));
    if (a->s->values.len > 0)
        YAO_TRY(desk_match_reduce(a->call, &a->trust->bundle.catalogue, r.json,
                                  a->s->values, &r.json));
    YAO_TRY(make_receipt(a, &r));
    if (desk_keeps_evidence(a->call, a->trust, profile_of(a)))
        YAO_TRY(
            desk_evidence_write(a->call, a->awaited, &a->shown, &r.evidence));
    return desk_result_put(a->call, change, &r);
}

static yao_status announce_refused(const answering *a, store_change *change)
{
    const store_enquiry    *e    = &a->s->enquiry;
    const desk_announcement said = {.id      = e->id,
                                    .client  = e->client,
                                    .event   = "session.refused",
                                    .profile = e->profile,
                                    .state   = "refused"};

    return desk_announce(a->call, change, &said);
}

static yao_status take(answering *a, store_enquiry_state state)
{
    app_call            *call   = a->call;
    store_change         change = store_change_open(call->arena);
    store_enquiry_answer answer = {.id    = a->s->enquiry.id,
                                   .state = state,
                                   .now   = call->now,
                                   .ends  = call->now + DESK_GRACE};

    YAO_TRY(app_random_letters(call->arena, DESK_LETTERS, &a->code));
    YAO_TRY(desk_hash(call, a->code, &answer.code));
    YAO_TRY(desk_session_after(call, a->s, &answer.sealed));
    if (state != STORE_ENQUIRY_REFUSED) {
        answer.ends = end_of(a);
        YAO_TRY(put_result(a, &change, answer.ends));
        YAO_TRY(desk_standing_claim(call, &a->s->enquiry, &change));
    } else {
        YAO_TRY(announce_refused(a, &change));
    }
    store_answer_enquiry(&change, &answer);
    YAO_TRY(store_commit(desk_of(call)->store, &change));
    desk_wake(desk_of(call), a->s->enquiry.id);
    return YAO_OK;
}

/* ---- telling ---- */

/* HAIP 1.0 section 5.1; always, also to a wallet on another device. */
static yao_status tell_taken(const answering *a, app_reply *ret)
{
    app_call *call = a->call;
    yao_text  uri;
    yao_bytes out;

    YAO_TRY(desk_session_uri(call, "/done/", a->s->name, &uri));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_bytes(&w, yao_text_bytes(uri));
    yao_put_text(&w, "?response_code=");
    yao_put_bytes(&w, yao_text_bytes(a->code));
    YAO_TRY(yao_writer_keep(&w, call->arena, &out));
    w = yao_writer_in(call->arena);
    yao_receipt_put_answer(&w, (yao_text){out.ptr, out.len}, a->receipt);
    return app_reply_json(ret, call, 200, &w);
}

static yao_status refuse(app_call *call, app_reply *ret)
{
    return desk_refuse(call, ret, 400, "invalid_request");
}

/* The first thing that was wrong with a presentation. */
static yao_status why_of(const yao_vp_verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->items[i].why != YAO_OK)
            return verdict->items[i].why;
    return YAO_E_MISSING;
}

/* Is it our own trouble, to be tried again? */
static bool is_ours(yao_status status)
{
    return status == YAO_E_SPACE || status == YAO_E_STORE ||
           status == YAO_E_LOCKED;
}

static yao_status answer_refused(answering *a, app_reply *ret)
{
    yao_status status = yao_vp_check_posted(a->awaited, a->posted);

    if (status == YAO_OK)
        status = take(a, STORE_ENQUIRY_REFUSED);
    if (is_ours(status))
        return status;
    return status == YAO_OK ? tell_taken(a, ret) : refuse(a->call, ret);
}

/* Judged and kept, or the reason why it is no answer. */
static yao_status take_shown(answering *a)
{
    YAO_TRY(judge(a));
    if (!desk_judged_is_answer(&a->verdict))
        return why_of(&a->verdict);
    YAO_TRY(check_person(a));
    return take(a, a->s->enquiry.browser.len > 0 ? STORE_ENQUIRY_ANSWERED
                                                 : STORE_ENQUIRY_DONE);
}

static yao_status answer_shown(answering *a, app_reply *ret)
{
    yao_status status = take_shown(a);

    if (is_ours(status))
        return status;
    if (status == YAO_OK)
        return tell_taken(a, ret);
    app_log_status(APP_LOG_INFO, "answer-refused", "response", status);
    return refuse(a->call, ret);
}

/* ---- what a page brings ---- */

static yao_status take_paged(answering *a)
{
    if (a->trust == NULL || !desk_trust_in_force(a->trust, a->call->now))
        return YAO_E_LOCKED;
    if (a->came != NULL || a->posted->kind != YAO_VP_REFUSED)
        return take_shown(a);
    YAO_TRY(yao_vp_check_posted(a->awaited, a->posted));
    return take(a, STORE_ENQUIRY_REFUSED);
}

yao_status desk_response_paged(app_call *call, desk_session *s,
                               const desk_paged *paged)
{
    desk     *d = desk_of(call);
    answering a = {.call    = call,
                   .s       = s,
                   .trust   = desk_trust_take(&d->trust),
                   .awaited = paged->awaited,
                   .posted  = paged->posted,
                   .came    = paged->came};

    yao_status status = take_paged(&a);
    desk_trust_give(&d->trust, (desk_trust *)(uintptr_t)a.trust);
    return status;
}

/* ---- the route ---- */

/* What is sealed to a session that is over is not opened (misuse N219). */
static bool may_be_answered(const desk_session *s, yao_time now)
{
    return desk_session_open(s, now) && s->extras.origin_count == 0 &&
           (s->enquiry.device != STORE_DEVICE_SAME ||
            s->enquiry.browser.len > 0);
}

static yao_status answer(answering *a, app_reply *ret)
{
    app_call  *call = a->call;
    yao_vp_ask ask;

    a->awaited = yao_arena_take(call->arena, sizeof *a->awaited);
    a->posted  = yao_arena_take(call->arena, sizeof *a->posted);
    if (a->awaited == NULL || a->posted == NULL)
        return YAO_E_SPACE;
    yao_status status =
        yao_vp_read_posted(call->arena, call->http->body, a->posted);
    if (status != YAO_OK)
        return is_ours(status) ? status : refuse(call, ret);
    YAO_TRY(desk_session_ask(call, a->s, YAO_TEXT(""), &ask));
    YAO_TRY(yao_vp_await(call->arena, call->crypto, &ask, YAO_TEXT(""),
                         a->awaited));
    return a->posted->kind == YAO_VP_REFUSED ? answer_refused(a, ret)
                                             : answer_shown(a, ret);
}

static yao_status answer_by(app_call *call, desk_session *s, app_reply *ret)
{
    desk      *d = desk_of(call);
    answering  a = {.call = call, .s = s, .trust = desk_trust_take(&d->trust)};
    yao_status status;

    if (!may_be_answered(s, call->now))
        status = refuse(call, ret);
    else if (a.trust == NULL || !desk_trust_in_force(a.trust, call->now))
        status = YAO_E_LOCKED;
    else
        status = answer(&a, ret);
    desk_trust_give(&d->trust, (desk_trust *)(uintptr_t)a.trust);
    return status;
}

static yao_status post_response(app_call *call, app_reply *ret)
{
    desk_session s;

    yao_status status = desk_session_read(call, call->parts[0], &s);
    if (status == YAO_E_NOT_FOUND)
        return refuse(call, ret);
    YAO_TRY(status);
    status = answer_by(call, &s, ret);
    desk_session_close(&s);
    return status;
}

static const app_route routes[] = {
    {"POST", "/response/{id}", APP_ANY_WALLET | APP_FORM, post_response, 0,
     MOST_BODY},
};

const app_routes desk_response_table = {
    routes, sizeof routes / sizeof routes[0], 1u << DESK_PUBLIC};
