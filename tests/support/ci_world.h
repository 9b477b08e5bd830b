/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CI_WORLD_H
#define YAO_TEST_CI_WORLD_H

/**
 * A credential issuer in this process, with ten fictitious people, beside the
 * authorization server of as_world.h; and a wallet that fetches from it.
 *
 *     ci_open();
 *     ci_session s = ci_login("resident_id_mdoc");
 *     ci_ask     q = ci_new_ask(&s, 1);
 *     as_answer  a = ci_fetch(&s, &q);
 */

#include "as_world.h"
#include "app/specimen.h"
#include "authority/vci/credentials.h"
#include "authority/vci/making.h"
#include "vci/nonce.h"

#define CI_NUMBER "12011919880808901X"

typedef struct ci_session {
    as_wallet wallet;
    yao_text  token;
    yao_text  identifier; /* empty: by configuration */
    yao_text  configuration;
} ci_session;

/* One credential request, as it should be; tests change it. */
typedef struct ci_ask {
    yao_vci_request  request;
    yao_openssl_key *keys[YAO_VCI_MAX_BATCH];
    size_t           count;
    yao_text         nonce;
} ci_ask;

static inline void ci_import(void)
{
    yao_bytes people = test_file("programs/demo/people.jsonl");

    assert_status(yao_file_write(test_scratch_path("people.jsonl"), people,
                                 0600, false),
                  YAO_OK);
    yao_arena *arena = test_arena();
    size_t     mark  = arena->used;
    assert_status(yao_specimens_write(test_scratch(), people, arena), YAO_OK);
    arena->used = mark;
    assert_int_equal(test_type("person import -C @/as @/people.jsonl")->code,
                     0);
}

static inline void ci_open(void)
{
    static bool imported;

    as_open();
    if (imported)
        return;
    as_close();
    ci_import();
    imported = true;
    as_open();
}

/* ---- requests ---- */

static inline const app_route *ci_route(const as_request *r)
{
    for (size_t t = 0; t < authority_credentials.table_count; t++) {
        const app_routes *table = &authority_credentials.tables[t];
        for (size_t i = 0; i < table->count; i++)
            if (strcmp(table->routes[i].method, r->method) == 0 &&
                strcmp(table->routes[i].path, r->path) == 0)
                return &table->routes[i];
    }
    return NULL;
}

static inline as_answer ci_send_part(as_request *r, yao_text part)
{
    as_answer   a = {.nothing = {.kind = YAO_JSON_OBJECT}};
    net_request http;

    if (r->arena == NULL)
        r->arena = test_arena();
    app_call         call  = as_call(r, &http);
    const app_route *route = ci_route(r);
    assert_non_null(route);
    call.route        = route;
    call.parts[0]     = part;
    yao_status status = route->run(&call, &a.reply);
    if (status != YAO_OK) {
        a.reply = (app_reply){.status = 0};
        app_reply_fail(&a.reply, &call, status);
    }
    if (a.reply.body.len == 0 ||
        yao_json_parse_metadata(r->arena, a.reply.body, &a.json) != YAO_OK)
        a.json = NULL;
    return a;
}

static inline as_answer ci_send(as_request *r)
{
    return ci_send_part(r, (yao_text){NULL, 0});
}

/* POST PATH with a token, a proof of it, and JSON. */
static inline as_request ci_post(const ci_session *s, const char *path,
                                 yao_bytes body)
{
    as_request r     = {.method = "POST",
                        .path   = path,
                        .body   = body,
                        .worker = s->wallet.worker,
                        .arena  = s->wallet.arena};
    yao_writer value = yao_writer_in(s->wallet.arena);
    char       url[128];

    snprintf(url, sizeof url, "%s%s", AS_URL, path);
    yao_put_text(&value, "DPoP ");
    yao_put_bytes(&value, yao_text_bytes(s->token));
    as_header(&r, "authorization", as_keep(&value, s->wallet.arena));
    as_prove(&r, &s->wallet, url, s->token);
    as_header(&r, "content-type", YAO_LIT("application/json"));
    return r;
}

/* ---- a session ---- */

/* An offer of CONFIGURATION to NUMBER at the counter; then its token. NOTE as
 * the counter has it. */
static inline ci_session ci_offered(const char *number,
                                    const char *configuration, vci_note note)
{
    ci_session     s  = {.wallet        = as_new_wallet("suite-wallet-1", 2),
                         .configuration = yao_text_of(configuration)};
    const yao_text id = yao_text_of(configuration);
    uint8_t        person[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t        bytes[VCI_NOTE_LEN];
    store_change   change = store_change_open(test_arena());
    yao_text       code;

    vci_note_write(note, bytes);
    assert_status(seal_hash(as_first.crypto, &as_first.keys, STORE_BY_NUMBER,
                            yao_text_bytes(yao_text_of(number)), person),
                  YAO_OK);
    assert_status(seal_hash(as_first.crypto, &as_first.keys,
                            SEAL_LEDGER_HOLDER,
                            yao_text_bytes(yao_text_of(number)), holder),
                  YAO_OK);
    const vci_offer offer = {.person         = {person, sizeof person},
                             .holder         = {holder, sizeof holder},
                             .level          = 3,
                             .configurations = &id,
                             .configuration_count = 1,
                             .note    = {bytes, sizeof bytes},
                             .expires = as_now + 120};
    assert_status(
        vci_offer_put(&as_first, test_arena(), &change, &offer, &code),
        YAO_OK);
    assert_status(store_commit(as_first.store, &change), YAO_OK);

    as_answer a = as_take_offer(&s.wallet, code, "");
    assert_int_equal(a.reply.status, 200);
    s.token = as_member(&a, "access_token");

    yao_token_answer got;
    assert_status(yao_token_answer_read(test_arena(), a.reply.body, &got),
                  YAO_OK);
    if (got.details.count == 1)
        s.identifier = got.details.items[0].identifiers[0];
    return s;
}

static inline ci_session ci_login(const char *configuration)
{
    return ci_offered(CI_NUMBER, configuration, (vci_note){.officer = false});
}

static inline yao_text ci_nonce(void)
{
    as_request r = {.method = "POST", .path = "/nonce"};
    as_answer  a = ci_send(&r);
    yao_text   nonce;

    assert_int_equal(a.reply.status, 200);
    assert_status(yao_vci_read_nonce(test_arena(), a.reply.body, &nonce),
                  YAO_OK);
    return nonce;
}

/* ---- proofs ---- */

static inline yao_text ci_sign(const yao_vci_token *token,
                               yao_openssl_key     *key)
{
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len;
    yao_writer w = yao_writer_in(test_arena());

    assert_status(yao_openssl_sign(key, &token->wish, signature, &len),
                  YAO_OK);
    w = yao_writer_in(test_arena());
    yao_vci_put_token(&w, token, (yao_bytes){signature, len});
    yao_bytes out = as_keep(&w, test_arena());
    return (yao_text){out.ptr, out.len};
}

static inline yao_vci_proof_wish ci_wish(yao_openssl_key *key, yao_text nonce)
{
    return (yao_vci_proof_wish){.key       = yao_openssl_key_public(key),
                                .audience  = YAO_TEXT(AS_URL),
                                .client_id = YAO_TEXT("suite-wallet-1"),
                                .nonce     = nonce,
                                .now       = as_now};
}

static inline yao_text ci_prove(yao_openssl_key          *key,
                                const yao_vci_proof_wish *wish)
{
    yao_vci_token token;

    assert_status(yao_vci_make_proof(test_arena(), wish, &token), YAO_OK);
    return ci_sign(&token, key);
}

static inline ci_ask ci_new_ask(const ci_session *s, size_t count)
{
    ci_ask q = {.count = count, .nonce = ci_nonce()};

    if (s->identifier.len > 0)
        q.request.identifier = s->identifier;
    else
        q.request.configuration = s->configuration;
    q.request.type        = YAO_VCI_JWT;
    q.request.proof_count = count;
    for (size_t i = 0; i < count; i++) {
        assert_status(yao_openssl_key_generate(YAO_ES256, &q.keys[i]), YAO_OK);
        yao_vci_proof_wish wish = ci_wish(q.keys[i], q.nonce);
        q.request.proofs[i]     = ci_prove(q.keys[i], &wish);
    }
    return q;
}

static inline void ci_forget(ci_ask *q)
{
    for (size_t i = 0; i < q->count; i++)
        yao_openssl_key_close(q->keys[i]);
}

static inline yao_bytes ci_body(const ci_ask *q, yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);

    yao_vci_put_request(&w, &q->request);
    return as_keep(&w, arena);
}

static inline as_answer ci_fetch(const ci_session *s, const ci_ask *q)
{
    as_request r =
        ci_post(s, "/credential", ci_body(q, s->wallet.arena));

    return ci_send(&r);
}

#endif
