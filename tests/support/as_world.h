/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_AS_WORLD_H
#define YAO_TEST_AS_WORLD_H

/**
 * An authorization server in this process, without a network, at a moment of
 * the test's own choice; and a wallet that speaks with it.
 *
 *     as_open();
 *     as_wallet  w = as_new_wallet("suite-wallet-1", 1);
 *     as_answer *a = as_push(&w, "...form...");
 *     assert_int_equal(a->reply.status, 201);
 *     as_close();
 */

#include "check.h"
#include "forge.h"
#include "program.h"

#include "app/files.h"
#include "app/pem.h"
#include "authority/server/inside.h"
#include "authority/vci/parts.h"
#include "oauth/authorize.h"
#include "oauth/pkce.h"
#include "oauth/token.h"

#include <stdio.h>

#define AS_URL "https://authority.example/issuer1"
#define AS_NOW FORGE_NOW
#define AS_WORKERS 65
#define AS_CALLBACK "https://suite.example/callback"
#define AS_CALLBACK_2 "https://suite.example/callback?dummy1=lorem&dummy2=ipsum"
#define AS_DOCUMENT "resident_id_sdjwt"

/* keys of forge_key(): the attester's, wallets' are 2 to 6 */
enum { AS_ROOT = 0, AS_ATTESTER = 1, AS_STRANGER = 7 };

static authority        as_first;
static authority_server as_server;
static yao_time         as_now;

/* ---- the server ---- */

static inline void as_set(config_setting setting, const char *value)
{
    snprintf(as_first.config.values[setting].text,
             sizeof as_first.config.values[setting].text, "%s", value);
    for (unsigned i = 0; i < AS_WORKERS; i++)
        as_server.workers[i].authority.config = as_first.config;
}

static inline void as_write_clients(void)
{
    static const char text[] =
        "{\"clients\":[{\"client_id\":\"suite-wallet-1\",\"name\":\"A wallet "
        "<b>\",\"redirect_uris\":[\"" AS_CALLBACK "\"]},"
        "{\"client_id\":\"suite-wallet-2\",\"redirect_uris\":[\"" AS_CALLBACK_2
        "\"]},{\"client_id\":\"keyed\",\"redirect_uris\":[\"" AS_CALLBACK
        "\"],\"jwks\":{\"keys\":[%.*s]}}],"
        "\"attesters\":[{\"iss\":\"https://attester.example\","
        "\"roots\":[\"attester-root.pem\"]}]}";
    uint8_t        room[512];
    char           json[4096];
    yao_writer     w   = yao_writer_open(room, sizeof room);
    yao_public_key key = yao_openssl_key_public(forge_key(6));

    yao_jwk_put(&w, &key);
    int len = snprintf(json, sizeof json, text, (int)w.len, (char *)room);
    assert_status(yao_file_write(test_scratch_path("as/clients.json"),
                                 (yao_bytes){(uint8_t *)json, (size_t)len},
                                 0600, false),
                  YAO_OK);
}

static inline yao_bytes as_root(void)
{
    static uint8_t   room[2048];
    static yao_bytes root;

    if (root.len == 0) {
        yao_x509_request r = forge_request(YAO_X509_ROOT, AS_ROOT, NULL);
        r.common_name      = YAO_TEXT("SPECIMEN attester root");
        root               = forge_write(&r, AS_ROOT);
        memcpy(room, root.ptr, root.len);
        root.ptr = room;
    }
    return root;
}

static inline void as_write_root(void)
{
    uint8_t    pem[4096];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    yao_pem_put(&w, "CERTIFICATE", as_root());
    assert_status(yao_file_write(test_scratch_path("as/attester-root.pem"),
                                 (yao_bytes){pem, w.len}, 0600, false),
                  YAO_OK);
}

static inline void as_open(void)
{
    static bool          made;
    yao_settings_trouble trouble;
    const char          *place;

    if (!made)
        assert_int_equal(test_type("authority init -C @/as --demo")->code, 0);
    made = true;
    as_write_clients();
    as_write_root();
    as_now = AS_NOW;
    assert_status(authority_open(test_scratch_path("as"), &as_first, &trouble,
                                 &place),
                  YAO_OK);
    as_server = (authority_server){.first        = &as_first,
                                   .catalogue    = yao_catalogue_shipped(),
                                   .url          = AS_URL,
                                   .demo         = true,
                                   .worker_count = AS_WORKERS};
    as_server.workers = calloc(AS_WORKERS, sizeof *as_server.workers);
    assert_non_null(as_server.workers);
    as_set(SETTING_DEMO_PERSON, "12011919880808901X");
    for (unsigned i = 0; i < AS_WORKERS; i++)
        assert_non_null(server_crypto(&as_server, i));
}

static inline void as_close(void)
{
    for (unsigned i = 0; i < AS_WORKERS; i++)
        server_worker_close(&as_server.workers[i]);
    free(as_server.workers);
    authority_close(&as_first);
}

/* ---- requests ---- */

typedef struct as_answer {
    app_reply reply;
    yao_json  nothing;
    const yao_json *json; /* of a JSON body; else an empty object */
} as_answer;

typedef struct as_request {
    const char *method, *path;
    yao_text    query;
    net_header  headers[8];
    size_t      header_count;
    yao_bytes   body;
    unsigned    worker;
    yao_arena  *arena;
} as_request;

static inline void as_header(as_request *r, const char *name, yao_bytes value)
{
    r->headers[r->header_count++] =
        (net_header){yao_text_of(name), {value.ptr, value.len}};
}

static inline const app_route *as_route(const as_request *r)
{
    const app_routes *table = &authority_oauth.tables[0];

    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->routes[i].method, r->method) == 0 &&
            strcmp(table->routes[i].path, r->path) == 0)
            return &table->routes[i];
    return NULL;
}

/* A call as the router makes it. */
static inline app_call as_call(const as_request *r, net_request *http)
{
    *http = (net_request){.method       = yao_text_of(r->method),
                          .path         = yao_text_of(r->path),
                          .query        = r->query,
                          .headers      = r->headers,
                          .header_count = r->header_count,
                          .body         = r->body,
                          .worker       = r->worker,
                          .arena        = r->arena};
    return (app_call){.http   = http,
                      .server = &as_server,
                      .arena  = r->arena,
                      .crypto = server_crypto(&as_server, r->worker),
                      .now    = as_now};
}

static inline as_answer as_send(as_request *r)
{
    as_answer   a = {.nothing = {.kind = YAO_JSON_OBJECT}};
    net_request http;

    if (r->arena == NULL)
        r->arena = test_arena();
    app_call         call  = as_call(r, &http);
    const app_route *route = as_route(r);
    assert_non_null(route);
    call.route        = route;
    yao_status status = route->run(&call, &a.reply);
    if (status != YAO_OK)
        app_reply_fail(&a.reply, &call, status);
    if (a.reply.body.len == 0 ||
        yao_json_parse(r->arena, a.reply.body, &a.json) != YAO_OK)
        a.json = NULL;
    return a;
}

static inline yao_text as_reply_header(const as_answer *a, const char *name)
{
    for (size_t i = 0; i < a->reply.header_count; i++)
        if (yao_text_equal(a->reply.headers[i].name, yao_text_of(name)))
            return a->reply.headers[i].value;
    return (yao_text){NULL, 0};
}

static inline yao_text as_member(const as_answer *a, const char *name)
{
    yao_text text = {NULL, 0};

    if (yao_json_get(a->json, name) != NULL)
        assert_status(yao_json_string(yao_json_get(a->json, name),
                                      test_arena(), &text),
                      YAO_OK);
    return text;
}

#define as_expect(answer, code, word)                                          \
    do {                                                                       \
        as_answer a_ = (answer);                                               \
        assert_int_equal(a_.reply.status, code);                               \
        assert_true(yao_json_is(yao_json_get(a_.json, "error"), word));        \
    } while (0)

/* ---- a wallet ---- */

typedef struct as_wallet {
    const char *client;
    int         instance; /* its key; 0: it does not attest itself */
    int         dpop;     /* 0: sends no proof */
    bool        combined; /* the DPoP proof is the proof of possession */
    const char *redirect;
    yao_pkce    pkce;
    const char *challenge; /* of the server; NULL: none */
    yao_text    nonce;
    yao_arena  *arena;
    unsigned    worker;
} as_wallet;

static inline yao_text as_jti(yao_arena *arena)
{
    yao_text jti;

    assert_status(vci_secret_new(arena, &jti), YAO_OK);
    return jti;
}

static inline as_wallet as_new_wallet(const char *client, int key)
{
    as_wallet w = {.client   = client,
                   .instance = key,
                   .dpop     = key,
                   .redirect = AS_CALLBACK,
                   .arena    = test_arena()};
    uint8_t   random[32];

    assert_status(yao_openssl_random(random, sizeof random), YAO_OK);
    assert_status(yao_pkce_make((yao_bytes){random, sizeof random},
                                forge_crypto(), &w.pkce),
                  YAO_OK);
    return w;
}

static inline yao_bytes as_finish(yao_arena                *arena,
                                  const yao_oauth_unsigned *token, int key)
{
    uint8_t   signature[YAO_MAX_SIGNATURE];
    size_t    len;
    yao_bytes out;

    assert_status(
        yao_openssl_sign(forge_key(key), &token->wish, signature, &len),
        YAO_OK);
    assert_status(
        yao_oauth_sign(arena, token, (yao_bytes){signature, len}, &out),
        YAO_OK);
    return out;
}

static inline yao_bytes as_leaf(void)
{
    static uint8_t   room[2048];
    static yao_bytes leaf;

    if (leaf.len == 0) {
        yao_certificate root;
        assert_status(yao_x509_read(as_root(), &root), YAO_OK);
        yao_x509_request r = forge_request(YAO_X509_STATUS, AS_ATTESTER, &root);
        r.common_name      = YAO_TEXT("SPECIMEN attester");
        leaf               = forge_write(&r, AS_ROOT);
        memcpy(room, leaf.ptr, leaf.len);
        leaf.ptr = room;
    }
    return leaf;
}

static inline yao_attestation_request as_attestation(const as_wallet *w,
                                              const yao_bytes *leaf)
{
    return (yao_attestation_request){
        .alg         = YAO_ES256,
        .issuer      = YAO_TEXT("https://attester.example"),
        .client_id   = yao_text_of(w->client),
        .issued_at   = as_now,
        .expires     = as_now + 86400,
        .key         = yao_openssl_key_public(forge_key(w->instance)),
        .chain       = leaf,
        .chain_count = 1};
}

static inline void as_attest(as_request *r, const as_wallet *w)
{
    yao_bytes                   leaf = as_leaf();
    yao_oauth_unsigned          token;
    yao_attestation_request     q = as_attestation(w, &leaf);
    yao_attestation_pop_request p = {
        .alg       = YAO_ES256,
        .client_id = yao_text_of(w->client),
        .audience  = YAO_TEXT(AS_URL),
        .jti       = as_jti(w->arena),
        .iat       = as_now,
        .challenge = yao_text_of(w->challenge)};

    assert_status(yao_attestation_make(w->arena, &q, &token), YAO_OK);
    as_header(r, "oauth-client-attestation",
              as_finish(w->arena, &token, AS_ATTESTER));
    if (w->combined)
        return;
    assert_status(yao_attestation_make_pop(w->arena, &p, &token), YAO_OK);
    as_header(r, "oauth-client-attestation-pop",
              as_finish(w->arena, &token, w->instance));
}

static inline void as_prove(as_request *r, const as_wallet *w, const char *url,
                     yao_text token)
{
    yao_oauth_unsigned unsigned_proof;
    yao_dpop_request   q = {
          .alg    = YAO_ES256,
          .key    = yao_openssl_key_public(forge_key(w->dpop)),
          .method = yao_text_of(r->method),
          .uri    = yao_text_of(url),
          .jti    = as_jti(w->arena),
          .iat    = as_now,
          .nonce  = w->nonce,
          .token  = token};

    assert_status(
        yao_dpop_make(w->arena, &q, forge_crypto(), &unsigned_proof), YAO_OK);
    as_header(r, "dpop", as_finish(w->arena, &unsigned_proof, w->dpop));
}

static inline as_request as_post(const as_wallet *w, const char *path,
                                 const char *url)
{
    as_request r = {.method = "POST",
                    .path   = path,
                    .worker = w->worker,
                    .arena  = w->arena};

    if (w->instance != 0)
        as_attest(&r, w);
    if (w->dpop != 0)
        as_prove(&r, w, url, (yao_text){NULL, 0});
    return r;
}

static inline yao_bytes as_keep(yao_writer *w, yao_arena *arena)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, arena, &out), YAO_OK);
    return out;
}

/* The form of a pushed request, as it should be. */
static inline yao_authorize_request as_wanted(const as_wallet *w)
{
    yao_authorize_request q = {
        .client_id      = yao_text_of(w->client),
        .redirect_uri   = yao_text_of(w->redirect),
        .state          = YAO_TEXT("a state"),
        .code_challenge = {w->pkce.challenge, YAO_PKCE_LEN},
        .scope          = YAO_TEXT(AS_DOCUMENT)};
    return q;
}

static inline as_answer as_push_request(const as_wallet             *w,
                                 const yao_authorize_request *q)
{
    as_request r     = as_post(w, "/par", AS_URL "/par");
    yao_writer form  = yao_writer_in(w->arena);
    bool       first = true;

    yao_authorize_put(&form, &first, q);
    r.body = as_keep(&form, w->arena);
    return as_send(&r);
}

static inline as_answer as_push(const as_wallet *w)
{
    const yao_authorize_request q = as_wanted(w);

    return as_push_request(w, &q);
}

/* The page, or the answer of the page's form. */
static inline as_answer as_look(const as_wallet *w, yao_text request_uri)
{
    as_request r     = {.method = "GET", .path = "/authorize"};
    yao_writer query = yao_writer_in(w->arena);
    bool       first = true;

    yao_form_put(&query, &first, "client_id", yao_text_of(w->client));
    yao_form_put(&query, &first, "request_uri", request_uri);
    yao_bytes text = as_keep(&query, w->arena);
    r.query        = (yao_text){text.ptr, text.len};
    return as_send(&r);
}

static inline as_answer as_press(const as_wallet *w, yao_text request_uri,
                          const char *answer)
{
    as_request r     = {.method = "POST", .path = "/authorize"};
    yao_writer form  = yao_writer_in(w->arena);
    bool       first = true;

    yao_form_put(&form, &first, "client_id", yao_text_of(w->client));
    yao_form_put(&form, &first, "request_uri", request_uri);
    yao_form_put(&form, &first, "answer", yao_text_of(answer));
    r.body = as_keep(&form, w->arena);
    return as_send(&r);
}

/* What the browser brought back. */
static inline yao_authorized as_back(const as_answer *a)
{
    yao_text       place = as_reply_header(a, "Location");
    size_t         at    = yao_bytes_find(yao_text_bytes(place), '?');
    yao_authorized got   = {.code = {NULL, 0}};

    assert_int_equal(a->reply.status, 303);
    assert_true(at < place.len);
    yao_bytes query = {place.ptr + at + 1, place.len - at - 1};
    yao_status status = yao_authorized_read(
        test_arena(), query, YAO_TEXT(AS_URL), YAO_TEXT("a state"), &got);
    assert_true(status == YAO_OK || status == YAO_E_REFUSED);
    return got;
}

/* All the way to a code. */
static inline yao_text as_code(const as_wallet *w)
{
    as_answer pushed = as_push(w);

    assert_int_equal(pushed.reply.status, 201);
    as_answer pressed =
        as_press(w, as_member(&pushed, "request_uri"), "allow");
    yao_authorized back = as_back(&pressed);
    assert_true(back.code.len > 0);
    return back.code;
}

static inline yao_token_request as_for_code(const as_wallet *w, yao_text code)
{
    return (yao_token_request){
        .grant         = YAO_GRANT_CODE,
        .client_id     = yao_text_of(w->client),
        .code          = code,
        .redirect_uri  = yao_text_of(w->redirect),
        .code_verifier = {w->pkce.verifier, YAO_PKCE_LEN}};
}

static inline as_answer as_token(const as_wallet *w, const yao_token_request *q)
{
    as_request r     = as_post(w, "/token", AS_URL "/token");
    yao_writer form  = yao_writer_in(w->arena);
    bool       first = true;

    yao_token_request_put(&form, &first, q);
    r.body = as_keep(&form, w->arena);
    return as_send(&r);
}

static inline as_answer as_redeem(const as_wallet *w, yao_text code)
{
    const yao_token_request q = as_for_code(w, code);

    return as_token(w, &q);
}

static inline as_answer as_refresh(const as_wallet *w, yao_text token)
{
    const yao_token_request q = {.grant         = YAO_GRANT_REFRESH,
                                 .client_id     = yao_text_of(w->client),
                                 .refresh_token = token};
    return as_token(w, &q);
}

/* An offer, and redeeming it. Whose it is, as the log knows them. */
static const uint8_t as_holder[STORE_HASH_LEN] = {8};

static inline yao_text as_offer(const char *tx_code)
{
    static const uint8_t person[STORE_HASH_LEN] = {7};
    const yao_text       id     = YAO_TEXT(AS_DOCUMENT);
    store_change         change = store_change_open(test_arena());
    yao_text             code;
    const vci_offer      offer = {.person         = {person, sizeof person},
                                  .holder         = {as_holder, STORE_HASH_LEN},
                                  .level          = 3,
                                  .configurations = &id,
                                  .configuration_count = 1,
                                  .tx_code = yao_text_of(tx_code),
                                  .note    = YAO_INIT("case 7"),
                                  .expires = as_now + 120};

    assert_status(
        vci_offer_put(&as_first, test_arena(), &change, &offer, &code),
        YAO_OK);
    assert_status(store_commit(as_first.store, &change), YAO_OK);
    return code;
}

static inline as_answer as_take_offer(const as_wallet *w, yao_text code,
                               const char *tx_code)
{
    const yao_token_request q = {.grant     = YAO_GRANT_PRE_CODE,
                                 .client_id = yao_text_of(w->client),
                                 .code      = code,
                                 .tx_code   = yao_text_of(tx_code)};
    return as_token(w, &q);
}

/* ---- at a credential endpoint ---- */

typedef struct as_visit {
    bool       open;
    vci_access access;
    as_answer  answer;
} as_visit;

static inline as_request as_resource(const as_wallet *w, yao_text token)
{
    as_request r     = {.method = "POST", .path = "/credential",
                        .arena  = test_arena()};
    yao_writer value = yao_writer_in(test_arena());

    yao_put_text(&value, "DPoP ");
    yao_put_bytes(&value, yao_text_bytes(token));
    as_header(&r, "authorization", as_keep(&value, test_arena()));
    as_prove(&r, w, AS_URL "/credential", token);
    return r;
}

/* Check, and when it is good claim the proof. */
static inline as_visit as_knock(const as_request *r)
{
    as_visit    v = {.open = false};
    net_request http;
    app_call    call = as_call(r, &http);

    v.open = vci_access_check(&call, &v.access, &v.answer.reply);
    if (v.open) {
        store_change change = store_change_open(r->arena);
        vci_access_claim(&v.access, &change);
        yao_status status = store_commit(as_first.store, &change);
        v.open = !vci_access_lost(&call, &change, status, &v.answer.reply);
        vci_access_close(&v.access);
    }
    v.answer.json = NULL;
    if (!v.open)
        assert_status(yao_json_parse(r->arena, v.answer.reply.body,
                                     &v.answer.json),
                      YAO_OK);
    return v;
}

static inline as_visit as_visit_with(const as_wallet *w, yao_text token)
{
    const as_request r = as_resource(w, token);

    return as_knock(&r);
}

#endif
