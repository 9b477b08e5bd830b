/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_VP_VERIFIER_H
#define YAO_TEST_VP_VERIFIER_H

/**
 * A relying party on loopback that asks by OpenID4VP as core/vp writes it, with
 * a reader certificate that a real authority issued; honest but for what a
 * test says. It keeps what was posted, and judges it afterwards.
 */

#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

#include "app/bundle.h"
#include "app/pem.h"
#include "journey.h"
#include "net/server.h"
#include "vp_world.h"

/* How it behaves, as bits. */
enum {
    VER_POST     = 1 << 0, /* request_uri_method=post */
    VER_CLEAR    = 1 << 1, /* direct_post */
    VER_A128     = 1 << 2, /* only that */
    VER_A256     = 1 << 3,
    VER_BY_VALUE = 1 << 4,
    VER_FORGED   = 1 << 5,  /* signed by another key */
    VER_OVER     = 1 << 6,  /* the request ended long ago */
    VER_AWAY     = 1 << 7,  /* the request is elsewhere */
    VER_ON       = 1 << 8,  /* and so is where the answer goes */
    VER_SLOW     = 1 << 9,  /* the answer's answer comes too late */
    VER_HUGE     = 1 << 10, /* or is too long */
    VER_LONG     = 1 << 11, /* the request is */
    VER_REFUSES  = 1 << 12, /* whatever comes */
    VER_FURTHER  = 1 << 13, /* sends the person on */
    VER_NO_ECHO  = 1 << 14, /* of the wallet's nonce */
    VER_OTHER_ID = 1 << 15, /* the link names another client */
    VER_SAN      = 1 << 16, /* it is known by a host, which is not this one */
    VER_UNSIGNED = 1 << 17  /* parameters in the link */
};

typedef struct verifier {
    net_server      *server;
    char             url[64], reply[96], own_id[128];
    yao_bytes        reader; /* DER */
    yao_openssl_key *key;
    yao_text         client_id;
    unsigned         flags;
    const char      *from, *to; /* in the request's payload */
    yao_vp_ask       ask;
    size_t           fetches, posts;
    bool             was_post; /* how the request was fetched */
    yao_bytes        posted;   /* the last */
    atomic_bool      let_go;   /* nobody waits for its answer any more */
} verifier;

/* ---- what it asks ------------------------------------------------------- */

static inline bool ver_flag(const verifier *v, unsigned flag)
{
    return (v->flags & flag) != 0;
}

/** The party whose reader.pem and reader-key.pem lie in FOLDER. */
static inline void ver_be(verifier *v, const char *folder)
{
    char        name[128];
    yao_anchors read = {.count = 0};

    snprintf(name, sizeof name, "%s/reader.pem", folder);
    assert_status(yao_anchors_add_file(&read, test_arena(),
                                       test_scratch_path(name),
                                       YAO_ROLE_READER),
                  YAO_OK);
    v->reader = read.list[0].certificate;
    snprintf(name, sizeof name, "%s/reader-key.pem", folder);
    yao_bytes pem = test_read(name), pkcs8;
    assert_status(yao_pem_private_key(pem, test_arena(), &pkcs8), YAO_OK);
    assert_status(yao_openssl_key_read(pkcs8, &v->key), YAO_OK);
    assert_status(yao_vp_make_client_id(test_arena(), test_crypto(), v->reader,
                                        &v->client_id),
                  YAO_OK);
}

static inline void ver_ask(verifier *v, const char *query)
{
    bool     clear = ver_flag(v, VER_CLEAR | VER_UNSIGNED);
    yao_time now   = yao_now() - (ver_flag(v, VER_OVER) ? YAO_TIME_DAY : 0);

    v->ask = (yao_vp_ask){
        .mode         = clear ? YAO_VP_DIRECT_POST : YAO_VP_DIRECT_POST_JWT,
        .client_id    = v->client_id,
        .response_uri = yao_text_of(v->reply),
        .nonce        = YAO_TEXT(VP_NONCE),
        .state        = YAO_TEXT(VP_STATE),
        .query        = yao_text_bytes(yao_text_of(query)),
        .issued       = now,
        .expires      = now + YAO_VP_LIFETIME};
    if (!clear) {
        v->ask.key = vp_enc_key();
        v->ask.kid = YAO_TEXT(VP_KID);
    }
    if (ver_flag(v, VER_SAN))
        v->ask.client_id = YAO_TEXT("x509_san_dns:inn.example");
}

#define VER_BOTH "[\"A128GCM\",\"A256GCM\"]"

/* The payload with the row's words changed, signed. */
static inline yao_bytes ver_token(const verifier *v)
{
    yao_oauth_unsigned token;
    yao_bytes          out = {NULL, 0};

    assert_status(yao_vp_make_request(test_arena(), &v->ask, YAO_ES256,
                                      &v->reader, 1, &token),
                  YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token,
                                 test_sign(v->key, token.wish), &out),
                  YAO_OK);
    size_t    dot    = yao_bytes_find(out, '.');
    yao_bytes rest   = {out.ptr + dot + 1, out.len - dot - 1};
    size_t    second = yao_bytes_find(rest, '.');
    yao_bytes header = vp_unbase64url((yao_bytes){out.ptr, dot});
    yao_bytes body   = vp_unbase64url((yao_bytes){rest.ptr, second});

    if (v->from != NULL)
        body = vp_replace(body, v->from, v->to);
    if (ver_flag(v, VER_A128))
        body = vp_replace(body, VER_BOTH, "[\"A128GCM\"]");
    if (ver_flag(v, VER_A256))
        body = vp_replace(body, VER_BOTH, "[\"A256GCM\"]");
    return test_jws(header, body,
                    ver_flag(v, VER_FORGED) ? forge_key(0) : v->key);
}

/* Members of the request as parameters of a link that nobody signed. */
static inline yao_bytes ver_unsigned(verifier *v)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text, out;
    bool       first = true;

    snprintf(v->own_id, sizeof v->own_id, "redirect_uri:%s", v->reply);
    v->ask.client_id = yao_text_of(v->own_id);
    yao_vp_put_request(&w, &v->ask);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    const yao_json *object = test_json(text);
    w = yao_writer_in(test_arena());
    yao_put_text(&w, "openid4vp://?");
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        char name[64] = {0};

        memcpy(name, m->name.ptr, m->name.len);
        yao_form_put(&w, &first, name, m->raw);
    }
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** The link that starts a wallet, ended by a NUL. */
static inline const char *ver_link(verifier *v)
{
    char       uri[96];
    bool       first = true;
    yao_text   id = ver_flag(v, VER_OTHER_ID) ? YAO_TEXT("x509_hash:AAAA")
                                              : v->ask.client_id;
    yao_bytes  out, none = {NULL, 0};

    if (ver_flag(v, VER_UNSIGNED))
        return (const char *)ver_unsigned(v).ptr;
    yao_bytes  token = ver_flag(v, VER_BY_VALUE) ? ver_token(v) : none;
    yao_writer w     = yao_writer_in(test_arena());

    snprintf(uri, sizeof uri, "%s/request", v->url);
    if (ver_flag(v, VER_BY_VALUE)) {
        yao_put_text(&w, "openid4vp://?");
        yao_form_put(&w, &first, "client_id", id);
        yao_form_put(&w, &first, "request", (yao_text){token.ptr, token.len});
    } else {
        yao_vp_put_link(&w, "openid4vp://", id, yao_text_of(uri),
                        ver_flag(v, VER_POST));
    }
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

/* ---- what it answers ---------------------------------------------------- */

static inline void ver_reply(net_response *r, int status, const char *type,
                             yao_bytes body)
{
    r->status       = status;
    r->headers[0]   = (net_header){YAO_TEXT("Content-Type"),
                                   yao_text_of(type)};
    r->header_count = 1;
    r->body         = body;
}

static inline void ver_redirect(net_response *r, const char *to)
{
    ver_reply(r, 302, "text/plain", (yao_bytes){NULL, 0});
    r->headers[1]   = (net_header){YAO_TEXT("Location"), yao_text_of(to)};
    r->header_count = 2;
}

static inline yao_bytes ver_much(size_t len)
{
    uint8_t *room = yao_arena_take(test_arena(), len);

    memset(room, ' ', len);
    return (yao_bytes){room, len};
}

static inline void ver_give(verifier *v, const net_request *q, net_response *r)
{
    yao_text nonce = {NULL, 0};

    v->fetches++;
    v->was_post = q->method.len == 4;
    if (ver_flag(v, VER_AWAY)) {
        ver_redirect(r, "/elsewhere");
        return;
    }
    if (v->was_post &&
        yao_vp_read_wallet(test_arena(), q->body, &nonce) != YAO_OK)
        v->fetches += 100;
    v->ask.wallet_nonce = (yao_text){NULL, 0};
    if (nonce.len != 0 && !ver_flag(v, VER_NO_ECHO)) {
        yao_bytes kept;

        assert_status(yao_arena_keep(test_arena(), yao_text_bytes(nonce),
                                     &kept),
                      YAO_OK);
        v->ask.wallet_nonce = (yao_text){kept.ptr, kept.len};
    }
    ver_reply(r, 200, "application/oauth-authz-req+jwt",
              ver_flag(v, VER_LONG) ? ver_much(1 << 20) : ver_token(v));
}

/* Until the wallet has ended. */
static inline void ver_wait(verifier *v)
{
    static const struct timespec pause = {0, 10000000};

    while (!atomic_load(&v->let_go))
        nanosleep(&pause, NULL);
}

static inline void ver_take(verifier *v, const net_request *q, net_response *r)
{
    v->posts++;
    assert_status(yao_arena_keep(test_arena(), q->body, &v->posted), YAO_OK);
    if (ver_flag(v, VER_SLOW))
        ver_wait(v);
    ver_reply(r, 200, "application/json", YAO_LIT("{}"));
    if (ver_flag(v, VER_FURTHER))
        r->body = YAO_LIT("{\"redirect_uri\":"
                          "\"https://inn.example/done#response_code=c1\"}");
    if (ver_flag(v, VER_HUGE))
        r->body = ver_much(1 << 20);
    if (ver_flag(v, VER_REFUSES))
        ver_reply(r, 400, "application/json",
                  YAO_LIT("{\"error\":\"invalid_request\","
                          "\"error_description\":\"\\u001b[2Jgone\"}"));
    if (ver_flag(v, VER_ON))
        ver_redirect(r, "/elsewhere");
}

/* Every other path counts as a fetch too: nobody should come there. */
static inline void ver_answer(void *ctx, const net_request *q, net_response *r)
{
    verifier *v = ctx;

    if (yao_text_equal(q->path, YAO_TEXT("/request")))
        ver_give(v, q, r);
    else if (yao_text_equal(q->path, YAO_TEXT("/response")))
        ver_take(v, q, r);
    else
        v->fetches += 100;
}

static inline size_t ver_limit(void *ctx, unsigned listener, yao_text method,
                               yao_text path)
{
    (void)ctx, (void)listener, (void)method, (void)path;
    return 1 << 20;
}

static inline void ver_start(verifier *v)
{
    net_server_options o = {.handler = ver_answer, .body_limit = ver_limit,
                            .ctx = v, .workers = 1};
    unsigned           port;

    assert_status(net_server_open(&o, &v->server), YAO_OK);
    assert_status(net_server_listen(v->server, "127.0.0.1:0", 0, &port),
                  YAO_OK);
    snprintf(v->url, sizeof v->url, "http://127.0.0.1:%u", port);
    snprintf(v->reply, sizeof v->reply, "%s/response", v->url);
    assert_status(net_server_start(v->server), YAO_OK);
}

static inline void ver_stop(verifier *v)
{
    atomic_store(&v->let_go, true);
    net_server_stop(v->server, 200);
    net_server_close(v->server);
    yao_openssl_key_close(v->key);
}

/* ---- what it makes of the answer ---------------------------------------- */

/** The verdict on what was posted, by the bundle and its anchor in FOLDER. */
static inline yao_status ver_judge(const verifier *v, const char *folder,
                                   yao_vp_verdict *ret)
{
    char                 path[256], anchor[256];
    yao_vp_awaited       awaited;
    yao_vp_presentations came;
    yao_vp_judging       judging;
    app_bundle           bundle;
    yao_verify_options   options = {.now = yao_now(), .skew = 60};
    app_bundle_options   o       = {.path = path, .anchor = anchor,
                                    .now  = yao_now(), .skew = 60};

    snprintf(path, sizeof path, "%s/bundle.cose", test_scratch_path(folder));
    snprintf(anchor, sizeof anchor, "%s/trust-root.pem",
             test_scratch_path(folder));
    assert_status(app_bundle_open(test_crypto(), &o, &bundle), YAO_OK);
    app_bundle_apply(&bundle, &options);
    YAO_TRY(yao_vp_await(test_arena(), test_crypto(), &v->ask, YAO_TEXT(""),
                         &awaited));
    YAO_TRY(vp_receive(&awaited, v->posted, &came));
    YAO_TRY(yao_vp_begin_judging(test_arena(), test_crypto(), &awaited, &came,
                                 &options, &judging));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, judging.checks,
                                  judging.check_count));
    YAO_TRY(yao_vp_finish_judging(&judging, ret));
    app_bundle_close(&bundle);
    return YAO_OK;
}

#endif
