/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PRESENT_DRIVER_H
#define YAO_TEST_PRESENT_DRIVER_H

/** Drives the wallet's machine of OpenID4VP against a verifier in memory that
 *  is honest but for what a row says. */

#include "vp/present.h"
#include "vp_world.h"

#define PRESENT_URI   "https://desk.example/request/1"
#define PRESENT_PLACE "https://desk.example/done#c1"

/* How the session begins, and what driver and verifier do, as bits. */
enum {
    BY_VALUE  = 1 << 0,
    BY_POST   = 1 << 1,  /* request_uri_method=post */
    BROWSER   = 1 << 2,  /* the Digital Credentials API */
    CLEAR     = 1 << 3,  /* an answer that is not encrypted */
    CLEAR_OK  = 1 << 4,
    DECLINE   = 1 << 5,
    NOTHING   = 1 << 6,  /* chosen: nothing */
    SLOW      = 1 << 7,  /* the person thinks for more than an hour */
    TELL      = 1 << 8,  /* errors may be told */
    NO_NET    = 1 << 9,  /* the first fetch fails */
    LOST      = 1 << 10, /* the answer is sent and nothing comes back */
    STRANGER  = 1 << 11, /* nobody is trusted */
    REPEATED  = 1 << 12, /* the nonce of another fetch is echoed */
    NO_ECHO   = 1 << 13, /* none is */
    NO_FINGER = 1 << 14, /* signing is refused */
    ONE_ONLY  = 1 << 15, /* shows one of two documents */
    REDIRECT  = 1 << 16, /* the verifier sends the person on */
    NO_BROWSER = 1 << 17, /* which fails */
    UNSIGNED  = 1 << 18, /* parameters that nobody signed */
    UNSIGNED_OK = 1 << 19
};

/* What is changed on the way back from the verifier. */
typedef struct present_change {
    const char *path;   /* of "/request" or "/reply" */
    int         status; /* 0: as it was */
    const char *type, *body; /* NULL: as they were */
} present_change;

typedef struct present_row {
    const char       *name;
    unsigned          flags;
    present_change    change;
    const char       *from, *to; /* in the request's payload */
    yao_status        want;
    yao_present_stage stage;
    size_t            posts;    /* to the response_uri */
    size_t            most_fetches; /* 0: any number */
    bool              accepted; /* by the verifier */
} present_row;

typedef struct present_driver {
    const present_row *r;
    const vp_world    *world;
    yao_vp_ask         ask;
    yao_vp_awaited     awaited;
    yao_present       *machine;
    yao_vp_shown       shown[2];
    yao_openssl_key   *once;
    uint8_t            random;
    size_t             asked, signed_count, posts, fetches, opened, handed;
    yao_bytes          posted; /* the last body */
    yao_verdict        verdict;
    yao_time           now;
    yao_text           place; /* that was opened */
    const char        *trouble; /* of the machine, as the verifier sees it */
} present_driver;

static inline bool present_flag(const present_driver *d, unsigned flag)
{
    return (d->r->flags & flag) != 0;
}

static inline yao_bytes present_fresh(present_driver *d)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_PRESENT_RANDOM);

    assert_non_null(out);
    for (size_t i = 0; i < YAO_PRESENT_RANDOM; i++)
        out[i] = (uint8_t)(d->random * 31 + i * 7);
    d->random++;
    return (yao_bytes){out, YAO_PRESENT_RANDOM};
}

/* ---- the verifier ------------------------------------------------------- */

static inline yao_bytes present_token(present_driver *d)
{
    yao_bytes token = vp_sign(d->world, &d->ask);

    if (d->r->from != NULL)
        token = vp_change_token(token, false, d->r->from, d->r->to,
                                VP_READER_KEY);
    return token;
}

static inline void present_note(present_driver *d, const char *trouble)
{
    if (d->trouble == NULL)
        d->trouble = trouble;
}

static inline yao_present_answer present_give(present_driver *d,
                                              const yao_present_fetch *f)
{
    yao_text nonce = {NULL, 0};

    if ((f->method[0] == 'P') != present_flag(d, BY_POST))
        present_note(d, "another method");
    if (f->body.len != 0 &&
        yao_vp_read_wallet(test_arena(), f->body, &nonce) != YAO_OK)
        present_note(d, "no form");
    if (present_flag(d, REPEATED))
        nonce = YAO_TEXT("n0nce-of-another-fetch");
    d->ask.wallet_nonce = present_flag(d, NO_ECHO) ? YAO_TEXT("") : nonce;
    return (yao_present_answer){
        200, YAO_TEXT("application/oauth-authz-req+jwt"), present_token(d)};
}

/* What it does with BODY: judge it, or note that nothing was shown. */
static inline void present_judge(present_driver *d, yao_bytes body)
{
    yao_vp_presentations came;
    yao_vp_verdict       verdict;
    yao_vp_posted        posted;
    yao_status           status =
        present_flag(d, BROWSER)
                      ? yao_vp_read_dcapi_posted(test_arena(), body, &posted)
                      : yao_vp_read_posted(test_arena(), body, &posted);

    d->posted = body;
    if (status != YAO_OK ||
        yao_vp_check_posted(&d->awaited, &posted) != YAO_OK) {
        present_note(d, "an answer that is none");
        return;
    }
    if (posted.kind == YAO_VP_REFUSED)
        return;
    if (vp_receive(&d->awaited, body, &came) == YAO_OK &&
        vp_judge(d->world, &d->awaited, &came, &verdict) == YAO_OK)
        d->verdict = verdict.verdict;
}

static inline yao_present_answer present_take(present_driver *d,
                                              const yao_present_fetch *f)
{
    yao_present_answer a = {200, YAO_TEXT("application/json"), {NULL, 0}};

    if (strcmp(f->method, "POST") != 0 || f->type == NULL)
        present_note(d, "no post");
    d->posts++;
    present_judge(d, f->body);
    yao_writer w = yao_writer_in(test_arena());
    yao_vp_put_posted_answer(&w, present_flag(d, REDIRECT)
                                     ? YAO_TEXT(PRESENT_PLACE)
                                     : YAO_TEXT(""));
    assert_status(yao_writer_keep(&w, test_arena(), &a.body), YAO_OK);
    return a;
}

static inline void present_alter(const present_row *r, const char *path,
                                 yao_present_answer *a)
{
    const present_change *c = &r->change;

    if (c->path == NULL || strcmp(c->path, path) != 0)
        return;
    if (c->status != 0)
        a->status = c->status;
    if (c->type != NULL)
        a->type = yao_text_of(c->type);
    if (c->body != NULL)
        a->body = yao_text_bytes(yao_text_of(c->body));
}

/* ---- the driver --------------------------------------------------------- */

static inline void present_fetch(present_driver *d, const yao_present_wish *w,
                                 yao_present_event *e)
{
    const yao_present_fetch *f = &w->fetch;
    bool request = yao_text_equal(f->url, YAO_TEXT(PRESENT_URI));

    d->fetches++;
    if (present_flag(d, NO_NET) && d->fetches == 1) {
        *e = (yao_present_event){.kind   = YAO_PRESENT_FAILED,
                                 .status = YAO_E_NET};
        return;
    }
    e->kind = YAO_PRESENT_ANSWER;
    if (request) {
        e->answer = present_give(d, f);
    } else if (yao_text_equal(f->url, YAO_TEXT(VP_REPLY))) {
        e->answer = present_take(d, f);
    } else {
        present_note(d, "another's address");
        return;
    }
    present_alter(d->r, request ? "/request" : "/reply", &e->answer);
    if (!request && present_flag(d, LOST))
        *e = (yao_present_event){.kind   = YAO_PRESENT_FAILED,
                                 .status = YAO_E_NET};
}

/* Who asks is known, and true, before the person sees it. */
static inline void present_ask_person(present_driver *d, yao_present_event *e)
{
    const yao_vp_request *q = yao_present_request(d->machine);

    d->asked++;
    assert_non_null(q);
    assert_int_equal(yao_present_where(d->machine), YAO_PRESENT_AT_PERSON);
    assert_int_equal(q->is_signed, !present_flag(d, UNSIGNED));
    if (present_flag(d, SLOW))
        d->now += YAO_VP_MAX_AGE + YAO_VP_SKEW;
    if (present_flag(d, DECLINE)) {
        e->kind = YAO_PRESENT_REFUSED;
        return;
    }
    e->kind        = YAO_PRESENT_CHOSEN;
    e->shown       = d->shown;
    e->shown_count = vp_show(d->shown);
    if (present_flag(d, NOTHING))
        e->shown_count = 0;
    if (present_flag(d, ONE_ONLY))
        e->shown_count = 1;
}

static inline void present_sign(present_driver *d, const yao_present_wish *w,
                                yao_present_event *e)
{
    assert_int_equal(d->asked, 1); /* never before */
    d->signed_count++;
    if (present_flag(d, NO_FINGER)) {
        e->kind = YAO_PRESENT_REFUSED;
        return;
    }
    e->bytes = test_sign(vp_key_of(&d->shown[w->index]), w->sign);
}

static inline void present_key(present_driver *d, yao_present_event *e)
{
    yao_openssl_key_close(d->once);
    d->once = NULL;
    assert_status(yao_openssl_key_generate(YAO_ES256, &d->once), YAO_OK);
    e->kind = YAO_PRESENT_KEY;
    e->key  = yao_openssl_key_public(d->once);
}

static inline void present_fulfil(present_driver *d, const yao_present_wish *w,
                                  yao_present_event *e)
{
    *e = (yao_present_event){.kind = YAO_PRESENT_DONE};
    switch (w->kind) {
    case YAO_PRESENT_FETCH: present_fetch(d, w, e); break;
    case YAO_PRESENT_ASK: present_ask_person(d, e); break;
    case YAO_PRESENT_SIGN: present_sign(d, w, e); break;
    case YAO_PRESENT_MAKE_KEY: present_key(d, e); break;
    case YAO_PRESENT_AGREE:
        e->bytes = test_agree(d->once, &w->agree.peer);
        break;
    case YAO_PRESENT_AEAD:
        e->status = test_aead(&w->aead, &e->bytes);
        break;
    case YAO_PRESENT_HAND_OVER:
        d->handed++;
        present_judge(d, w->bytes);
        break;
    case YAO_PRESENT_OPEN:
        d->opened++;
        d->place = w->text;
        if (present_flag(d, NO_BROWSER)) {
            e->kind   = YAO_PRESENT_FAILED;
            e->status = YAO_E_NOT_FOUND;
        }
        break;
    case YAO_PRESENT_STOP: break;
    }
}

/* ---- sessions ----------------------------------------------------------- */

static inline yao_vp_mode present_mode(const present_row *r)
{
    bool clear = (r->flags & CLEAR) != 0;

    if ((r->flags & BROWSER) != 0)
        return clear ? YAO_VP_DC_API : YAO_VP_DC_API_JWT;
    return clear ? YAO_VP_DIRECT_POST : YAO_VP_DIRECT_POST_JWT;
}

static inline yao_bytes present_link(present_driver *d)
{
    bool       value = present_flag(d, BY_VALUE), first = true;
    yao_bytes  link, none = {NULL, 0};
    yao_bytes  token = value ? present_token(d) : none;
    yao_writer w     = yao_writer_in(test_arena());

    if (value) {
        yao_put_text(&w, "openid4vp://?");
        yao_form_put(&w, &first, "client_id", d->world->client_id);
        yao_form_put(&w, &first, "request", (yao_text){token.ptr, token.len});
    } else {
        yao_vp_put_link(&w, "openid4vp://", d->world->client_id,
                        YAO_TEXT(PRESENT_URI), present_flag(d, BY_POST));
    }
    assert_status(yao_writer_keep(&w, test_arena(), &link), YAO_OK);
    return link;
}

/* Members of the request as parameters of a link. */
static inline yao_bytes present_parameters(present_driver *d)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  json, link;
    bool       first = true;

    d->ask.client_id = YAO_TEXT("redirect_uri:" VP_REPLY);
    d->awaited.binding.client_id = d->ask.client_id;
    yao_vp_put_request(&w, &d->ask);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    const yao_json *object = test_json(json);
    w = yao_writer_in(test_arena());
    yao_put_text(&w, "openid4vp://?");
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        char name[64] = {0};

        memcpy(name, m->name.ptr, m->name.len);
        yao_form_put(&w, &first, name, m->raw);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &link), YAO_OK);
    return link;
}

static inline void present_source(present_driver *d, yao_present_options *o)
{
    yao_writer w;
    yao_bytes  token;

    if (!present_flag(d, BROWSER)) {
        o->link = present_flag(d, UNSIGNED) ? present_parameters(d)
                                            : present_link(d);
        return;
    }
    o->terms.origin = YAO_TEXT(VP_ORIGIN);
    o->protocol = present_flag(d, UNSIGNED) ? YAO_VP_UNSIGNED : YAO_VP_SIGNED;
    if (present_flag(d, UNSIGNED)) {
        d->ask.client_id.len = 0;
        w                    = yao_writer_in(test_arena());
        yao_vp_put_request(&w, &d->ask);
    } else {
        token = present_token(d);
        w     = yao_writer_in(test_arena());
        yao_vp_put_dcapi(&w, token);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &o->data), YAO_OK);
}

static inline void present_begin(present_driver *d, const present_row *r)
{
    yao_text            origin = {NULL, 0};
    yao_present_options o      = {.tell = (r->flags & TELL) != 0};

    *d     = (present_driver){.r = r, .world = vp_world_make(), .now = VP_NOW};
    d->ask = vp_ask(d->world, present_mode(r));
    if (present_flag(d, BROWSER))
        origin = YAO_TEXT(VP_ORIGIN);
    assert_status(yao_vp_await(test_arena(), test_crypto(), &d->ask, origin,
                               &d->awaited),
                  YAO_OK);
    o.terms              = vp_terms(d->world);
    o.terms.plain_too    = present_flag(d, CLEAR_OK);
    o.terms.unsigned_too = present_flag(d, UNSIGNED_OK);
    if (present_flag(d, STRANGER))
        o.terms.anchor_count = 0;
    present_source(d, &o);
    yao_present_options *kept = yao_arena_take(test_arena(), sizeof *kept);
    assert_non_null(kept);
    *kept = o;
    assert_status(yao_present_open(test_arena(), kept, &d->machine), YAO_OK);
}

static inline void present_end(present_driver *d)
{
    yao_openssl_key_close(d->once);
    d->once = NULL;
}

/** To its end; what it stopped with. */
static inline yao_status present_drive(present_driver *d)
{
    yao_present_event e = {.kind = YAO_PRESENT_START};
    yao_present_wish  w;

    for (int step = 0; step < 50; step++) {
        e.now    = d->now;
        e.random = present_fresh(d);
        yao_present_step(d->machine, &e, &w);
        if (w.kind == YAO_PRESENT_STOP)
            return w.status;
        present_fulfil(d, &w, &e);
    }
    fail_msg("it does not end");
    return YAO_E_USAGE;
}

#endif
