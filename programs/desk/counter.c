/* SPDX-License-Identifier: Apache-2.0 */
/* What a program scanned of a phone before the counter. The phone's code is
 * good for one session: it is claimed here, and by the phone as well. */

#include "desk/counter.h"

#include <string.h>

#include "app/random.h"
#include "desk/session.h"
#include "proximity/profile_ask.h"

enum { MOST_BODY = 8 * 1024 };

typedef struct wish {
    yao_text    profile, choice, letters;
    yao_text    officer; /* token */
    yao_bytes   login;   /* of that */
    bool        all;
    yao_bytes   hash; /* of the engagement */
    const char *wrong;
    int         code;
} wish;

static yao_status refuse(wish *w, int code, const char *word)
{
    w->code  = code;
    w->wrong = word;
    return YAO_E_REFUSED;
}

/* ---- where it leads ---- */

static bool is_own(const desk *d, yao_text url)
{
    yao_text own = yao_text_of(desk_get(&d->config, DESK_URL));
    yao_text end = YAO_TEXT("/mailboxes");

    while (own.len > 0 && own.ptr[own.len - 1] == '/')
        own.len--;
    return url.len == own.len + end.len &&
           memcmp(url.ptr, own.ptr, own.len) == 0 &&
           memcmp(url.ptr + own.len, end.ptr, end.len) == 0;
}

bool desk_counter_knows(const desk *d, yao_text url)
{
    const char *at = desk_get(&d->config, DESK_RELAYS);

    while (*at != '\0') {
        size_t len = strcspn(at, " ");

        if (len > 0 && len == url.len && memcmp(at, url.ptr, len) == 0)
            return true;
        at += len + (at[len] == ' ');
    }
    return is_own(d, url);
}

/* ---- what is wanted ---- */

static yao_status take_text(app_call *call, const yao_json *root,
                            const char *name, yao_text *ret)
{
    const yao_json *member = yao_json_get(root, name);

    *ret = YAO_TEXT("");
    return member == NULL ? YAO_OK : yao_json_string(member, call->arena, ret);
}

/* Whose key it will be is looked up again when it is used. */
static yao_status check_officer(app_call *call, const yao_profile *p, wish *w)
{
    desk_reader reader;
    yao_status  status = desk_reader_find(call, p, w->officer, &reader);

    if (status == YAO_E_NOT_AUTHORISED)
        return refuse(w, 403, "officer_needed");
    YAO_TRY(status);
    w->login = reader.login;
    desk_reader_close(&reader);
    return YAO_OK;
}

static yao_status check_profile(app_call *call, const desk_trust *t, wish *w)
{
    const yao_profile *p =
        yao_profile_by_name(&t->bundle.catalogue, w->profile);
    yao_reader_request request;

    if (p == NULL)
        return refuse(w, 400, "unknown_profile");
    if (!desk_may_ask(call, t, p))
        return refuse(w, 403, "not_registered");
    if (p->match_only)
        return refuse(w, 400, "match_only_profile");
    if (!desk_has_choice(p, w->choice))
        return refuse(w, 400, "unknown_choice");
    yao_status status =
        yao_prox_from_profile(call->arena, p, 1, w->choice, &request);
    if (status != YAO_OK && status != YAO_E_SPACE)
        return refuse(w, 400, "unsupported_profile");
    YAO_TRY(status);
    return check_officer(call, p, w);
}

static yao_status check_engagement(app_call *call, wish *w)
{
    yao_prox_engagement    e;
    const yao_prox_method *m;
    yao_bytes              bytes;
    uint8_t               *hash = yao_arena_take(call->arena, YAO_SHA256_LEN);

    if (hash == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_prox_read_letters(
        call->arena, yao_text_bytes(w->letters), false, &bytes, &e);
    if (status == YAO_E_SPACE)
        return status;
    if (status != YAO_OK)
        return refuse(w, 400, "not_an_engagement");
    m = yao_prox_find_method(&e, YAO_PROX_MAILBOX);
    if (m == NULL && desk_get(&desk_of(call)->config, DESK_STREAM)[0] == '\0')
        return refuse(w, 400, "no_mailbox");
    if (m != NULL && !desk_counter_knows(desk_of(call), m->mailbox.url))
        return refuse(w, 403, "unknown_mailbox");
    YAO_TRY(call->crypto->hash(call->crypto->ctx, YAO_SHA256, &bytes, 1, hash));
    w->hash = (yao_bytes){hash, YAO_SHA256_LEN};
    return YAO_OK;
}

static yao_status read_wish(app_call *call, const desk_trust *t, wish *w)
{
    const yao_json *root, *all;

    if (app_body_json(call, &root) != YAO_OK ||
        take_text(call, root, "profile", &w->profile) != YAO_OK ||
        take_text(call, root, "choice", &w->choice) != YAO_OK ||
        take_text(call, root, "officer", &w->officer) != YAO_OK ||
        take_text(call, root, "engagement", &w->letters) != YAO_OK)
        return refuse(w, 400, "invalid_request");
    all = yao_json_get(root, "all");
    if (all != NULL && yao_json_bool(all, &w->all) != YAO_OK)
        return refuse(w, 400, "invalid_request");
    YAO_TRY(check_profile(call, t, w));
    return check_engagement(call, w);
}

/* ---- making one ---- */

/* The nonce of an enquiry is new by a claim: here it is the hash of the
 * phone's code, so that a code is talked with once. */
static yao_status keep(app_call *call, const wish *w, store_enquiry *e)
{
    desk        *d      = desk_of(call);
    store_change change = store_change_open(call->arena);
    yao_writer   hex    = yao_writer_in(call->arena);
    yao_bytes    nonce;
    uint8_t     *id;

    yao_put_hex(&hex, w->hash);
    YAO_TRY(yao_writer_keep(&hex, call->arena, &nonce));
    id = yao_arena_take(call->arena, STORE_ID_LEN);
    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    *e = (store_enquiry){
        .id      = {id, STORE_ID_LEN},
        .client  = desk_client_id(call),
        .profile = w->profile,
        .choice  = w->choice,
        .device  = STORE_DEVICE_CROSS,
        .state   = STORE_ENQUIRY_OPEN,
        .nonce   = {nonce.ptr, nonce.len},
        .back    = YAO_TEXT(""),
        .sealed  = YAO_LIT(""),
        .browser = YAO_LIT(""),
        .code    = YAO_LIT(""),
        .created = call->now,
        .expires = call->now + desk_number(&d->config, DESK_REQUEST_SECONDS)};
    e->ends = e->expires + DESK_GRACE;
    store_put_enquiry(&change, e);
    return store_commit(d->store, &change);
}

static yao_status start(app_call *call, const wish *w, const store_enquiry *e)
{
    const desk_counter c    = {.d       = desk_of(call),
                               .client  = call->who,
                               .id      = e->id,
                               .profile = w->profile,
                               .choice  = w->choice,
                               .letters = yao_text_bytes(w->letters),
                               .all     = w->all,
                               .login   = w->login};
    store_change       drop = store_change_open(call->arena);

    yao_status status = desk_counter_start(&c);
    if (status == YAO_OK)
        return YAO_OK;
    store_drop_enquiry(&drop, e->id); /* nobody talks: it may be tried again */
    YAO_TRY(store_commit(desk_of(call)->store, &drop));
    return status;
}

static yao_status slow_down(app_call *call, app_reply *ret)
{
    YAO_TRY(desk_refuse(call, ret, 429, "slow_down"));
    return app_reply_header(ret, "Retry-After", YAO_TEXT("10"));
}

static yao_status make(app_call *call, const wish *w, app_reply *ret)
{
    store_enquiry e;
    bool          first = true;

    yao_status status = keep(call, w, &e);
    if (status == YAO_E_EXISTS)
        return desk_refuse(call, ret, 409, "engagement_used");
    YAO_TRY(status);
    status = start(call, w, &e);
    if (status == YAO_E_LIMIT)
        return slow_down(call, ret);
    YAO_TRY(status);
    yao_writer out = yao_writer_in(call->arena);
    yao_put_byte(&out, '{');
    yao_json_put_member_hex(&out, &first, "id", e.id);
    yao_json_put_member(&out, &first, "profile", e.profile);
    yao_json_put_member_int(&out, &first, "expires", e.expires);
    yao_put_byte(&out, '}');
    return app_reply_json(ret, call, 201, &out);
}

static yao_status post_counter_by(app_call *call, const desk_trust *t,
                                  app_reply *ret)
{
    wish w = {.wrong = NULL};

    yao_status status = read_wish(call, t, &w);
    if (status == YAO_E_REFUSED && w.wrong != NULL)
        return desk_refuse(call, ret, w.code, w.wrong);
    YAO_TRY(status);
    status = desk_session_room(call, ret);
    if (status != YAO_OK)
        return status == YAO_E_LIMIT ? YAO_OK : status;
    status = make(call, &w, ret);
    desk_room_give(&desk_of(call)->room);
    return status;
}

static yao_status post_counter(app_call *call, app_reply *ret)
{
    desk       *d = desk_of(call);
    desk_trust *t = desk_trust_take(&d->trust);

    yao_status status = t != NULL && desk_trust_in_force(t, call->now)
                            ? post_counter_by(call, t, ret)
                            : desk_refuse(call, ret, 503, "no_trust_bundle");
    desk_trust_give(&d->trust, t);
    return status;
}

static const app_route routes[] = {
    {"POST", "/api/counters", APP_PROGRAM | APP_JSON, post_counter, 0,
     MOST_BODY},
};

const app_routes desk_counter_table = {routes, sizeof routes / sizeof routes[0],
                                       1u << DESK_PUBLIC};
