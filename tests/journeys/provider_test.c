/* SPDX-License-Identifier: Apache-2.0 */

/** A wallet provider on the network: wallets by a key, attestations, mailboxes,
 *  backups; and what its folder and its log know of whom. */

#define _GNU_SOURCE /* memmem() */
#include "check.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/key.h"
#include "app/pem.h"
#include "forge.h"
#include "journey.h"
#include "json/json.h"
#include "net/client.h"
#include "oauth/attestation.h"
#include "program.h"
#include "server.h"
#include "vci/proof.h"

static test_server served;
static unsigned    port;
static char        base[64];

/* What a person would say, in a message that is not sealed: it must be in
 * nothing that the provider keeps. */
#define CANARY "Zzyx-Qorvath 110105191111110018"

static void serve(const char *command)
{
    assert_true(test_server_start(&served, command));
    port = test_server_port(&served, "public");
    snprintf(base, sizeof base, "http://127.0.0.1:%u", port);
}

/* ---- asking ---- */

typedef struct asked {
    const char *method, *path;
    net_header  headers[4];
    size_t      header_count;
    yao_bytes   body;
} asked;

static net_answer ask_in(yao_arena *room, const asked *a)
{
    net_client *client;
    net_answer  answer;
    char        url[512];

    snprintf(url, sizeof url, "%s%s", base, a->path);
    const net_client_options options = {.loopback   = true,
                                        .timeout_ms = 40000};
    const net_call call = {.method       = a->method,
                           .url          = yao_text_of(url),
                           .headers      = a->headers,
                           .header_count = a->header_count,
                           .body         = a->body,
                           .most         = 4 << 20};
    assert_status(net_client_open(&options, &client), YAO_OK);
    assert_status(net_client_allow(client, base), YAO_OK);
    assert_status(net_client_fetch(client, &call, room, &answer), YAO_OK);
    net_client_close(client);
    return answer;
}

static net_answer ask(const asked *a)
{
    return ask_in(test_arena(), a);
}

static int status_of(const char *method, const char *path)
{
    const asked a = {.method = method, .path = path};

    return ask(&a).status;
}

static yao_text member(const net_answer *answer, const char *name)
{
    const yao_json *root;
    yao_text        text = {NULL, 0};

    assert_status(yao_json_parse(test_arena(), answer->body, &root), YAO_OK);
    assert_status(yao_json_string(yao_json_get(root, name), test_arena(),
                                  &text), YAO_OK);
    return text;
}

static yao_text fresh_nonce(void)
{
    const asked a      = {.method = "POST", .path = "/nonce"};
    net_answer  answer = ask(&a);

    assert_int_equal(answer.status, 200);
    return member(&answer, "nonce");
}

/* ---- a wallet ---- */

typedef struct proof_wish {
    int         key;    /* of forge_key() */
    const char *path;   /* that it is made for */
    bool        no_nonce, old;
} proof_wish;

static yao_text proof(const proof_wish *w, const char *method)
{
    static unsigned turn;
    char            jti[32], *uri = yao_arena_take(test_arena(), 256);
    uint8_t        *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t          len = 0;
    yao_oauth_unsigned token;
    yao_bytes          letters;

    snprintf(jti, sizeof jti, "jti-%u-%ld", turn++, (long)getpid());
    snprintf(uri, 256, "http://wallet.localhost:8441%s", w->path);
    const yao_dpop_request q = {
        .alg    = YAO_ES256,
        .key    = yao_openssl_key_public(forge_key(w->key)),
        .method = yao_text_of(method),
        .uri    = yao_text_of(uri),
        .jti    = yao_text_of(jti),
        .iat    = yao_now() - (w->old ? 4000 : 0),
        .nonce  = w->no_nonce ? (yao_text){NULL, 0} : fresh_nonce()};
    assert_status(yao_dpop_make(test_arena(), &q, forge_crypto(), &token),
                  YAO_OK);
    assert_status(yao_openssl_sign(forge_key(w->key), &token.wish, out, &len),
                  YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token, (yao_bytes){out, len},
                                 &letters), YAO_OK);
    return (yao_text){letters.ptr, letters.len};
}

static net_answer ask_as(const proof_wish *w, const char *method,
                         const char *path, yao_bytes body)
{
    const asked a = {
        .method       = method,
        .path         = path,
        .headers      = {{YAO_TEXT("DPoP"), proof(w, method)},
                         {YAO_TEXT("Content-Type"),
                          YAO_TEXT("application/json")}},
        .header_count = body.len > 0 ? 2 : 1,
        .body         = body};

    return ask(&a);
}

static const yao_bytes nothing = {NULL, 0};

/* ---- cases ---- */

static void starts(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    assert_int_equal(test_type("provider init --demo -C @/p")->code, 0);
    assert_int_equal(test_type("provider init --demo -C @/p")->code, 3);
    serve("provider serve -C @/p --listen 127.0.0.1:0");
    assert_int_equal(status_of("GET", "/health"), 200);
    assert_int_equal(status_of("GET", "/ready"), 200);
    assert_int_equal(status_of("GET", "/metrics"), 404);
}

static void registers_a_wallet(void **state)
{
    const proof_wish w      = {.key = 1, .path = "/instances"};
    net_answer       answer = ask_as(&w, "POST", "/instances", nothing);

    (void)state;
    assert_int_equal(answer.status, 201);
    assert_true(yao_text_equal(member(&answer, "client_id"),
                               YAO_TEXT("yaopai-wallet")));
    assert_true(net_answer_header(&answer, "dpop-nonce").len > 0);
    answer = ask_as(&w, "POST", "/instances", nothing);
    assert_int_equal(answer.status, 200); /* the first answer was lost */
}

static void refuses_bad_proofs(void **state)
{
    const proof_wish no_nonce = {.key = 1, .path = "/instances",
                                 .no_nonce = true};
    const proof_wish old      = {.key = 1, .path = "/instances", .old = true};
    const proof_wish other    = {.key = 1, .path = "/nonce"};
    net_answer answer = ask_as(&no_nonce, "POST", "/instances", nothing);

    (void)state;
    assert_int_equal(answer.status, 400);
    assert_true(yao_text_equal(member(&answer, "error"),
                               YAO_TEXT("use_dpop_nonce")));
    assert_true(net_answer_header(&answer, "dpop-nonce").len > 0);
    assert_int_equal(ask_as(&old, "POST", "/instances", nothing).status, 400);
    assert_int_equal(ask_as(&other, "POST", "/instances", nothing).status,
                     400);
    assert_int_equal(status_of("POST", "/instances"), 400);
}

static yao_bytes client_request(int which)
{
    yao_public_key key = yao_openssl_key_public(forge_key(which));
    yao_writer     jwk = yao_writer_in(test_arena());
    yao_bytes      body;

    yao_put_text(&jwk, "{\"jwk\":");
    yao_jwk_put(&jwk, &key);
    yao_put_text(&jwk, "}");
    assert_status(yao_writer_keep(&jwk, test_arena(), &body), YAO_OK);
    return body;
}

/* The same proof twice; a wallet that nobody knows. */
static void refuses_replays_and_strangers(void **state)
{
    const proof_wish w = {.key = 1, .path = "/attestations/client"};
    const proof_wish stranger = {.key = 2, .path = "/attestations/client"};
    yao_bytes        body     = client_request(3);

    (void)state;
    const asked a = {.method       = "POST",
                     .path         = "/attestations/client",
                     .headers      = {{YAO_TEXT("DPoP"), proof(&w, "POST")},
                                      {YAO_TEXT("Content-Type"),
                                       YAO_TEXT("application/json")}},
                     .header_count = 2,
                     .body         = body};
    assert_int_equal(ask(&a).status, 200);
    assert_int_equal(ask(&a).status, 400);
    assert_int_equal(ask_as(&stranger, "POST", "/attestations/client", body)
                         .status, 403);
    assert_int_equal(ask_as(&w, "POST", "/attestations/client",
                            YAO_LIT("{\"jwk\":{}}")).status, 400);
}

/* ---- attestations, as an issuer reads them ---- */

static yao_bytes provider_root(void)
{
    yao_anchors *roots = yao_arena_take(test_arena(), sizeof *roots);

    assert_status(yao_anchors_add_file(
                      roots, test_arena(),
                      test_scratch_path("p/certificates/provider-root.pem"),
                      YAO_ROLE_ATTEST), YAO_OK);
    return roots->list[0].certificate;
}

static void attests_a_client(void **state)
{
    const proof_wish w = {.key = 1, .path = "/attestations/client"};
    yao_bytes        body = client_request(3), pop;
    uint8_t         *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t           len = 0;
    yao_oauth_unsigned         token;
    yao_attestation_unverified read;
    yao_oauth_refusal          why = {YAO_OAUTH_NONE, NULL};

    (void)state;
    net_answer answer = ask_as(&w, "POST", "/attestations/client", body);
    assert_int_equal(answer.status, 200);
    yao_text attestation = member(&answer, "attestation");

    const yao_attestation_pop_request q = {
        .alg = YAO_ES256, .audience = YAO_TEXT("https://issuer.example"),
        .jti = YAO_TEXT("0123456789abcdef"), .iat = yao_now()};
    assert_status(yao_attestation_make_pop(test_arena(), &q, &token), YAO_OK);
    assert_status(yao_openssl_sign(forge_key(3), &token.wish, out, &len),
                  YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token, (yao_bytes){out, len},
                                 &pop), YAO_OK);
    const yao_anchor   anchor   = {.certificate = provider_root(),
                                   .role        = YAO_ROLE_ATTEST};
    const yao_attester attester = {.anchors = &anchor, .anchor_count = 1};
    const yao_attestation_ask how = {
        .attesters = &attester, .attester_count = 1,
        .audience  = YAO_TEXT("https://issuer.example"),
        .clock     = {yao_now(), 300, 60}, .crypto = forge_crypto()};
    assert_status(yao_attestation_read(test_arena(),
                                       yao_text_bytes(attestation), pop, &how,
                                       &read, &why), YAO_OK);
    const yao_crypto *crypto = forge_crypto();
    assert_status(crypto->verify(crypto->ctx, read.checks, read.check_count),
                  YAO_OK);
    assert_status(yao_oauth_answers(read.checks, read.check_count), YAO_OK);
    assert_true(yao_text_equal(read.client_id, YAO_TEXT("yaopai-wallet")));
}

static yao_bytes keys_request(int key, yao_text nonce)
{
    yao_writer     w;
    uint8_t       *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t         len = 0;
    yao_vci_token  token;
    yao_bytes      letters, body;
    const yao_vci_proof_wish wish = {
        .key       = yao_openssl_key_public(forge_key(key)),
        .audience  = YAO_TEXT("http://wallet.localhost:8441"),
        .client_id = YAO_TEXT("yaopai-wallet"),
        .nonce     = nonce,
        .now       = yao_now()};

    assert_status(yao_vci_make_proof(test_arena(), &wish, &token), YAO_OK);
    assert_status(yao_openssl_sign(forge_key(key), &token.wish, out, &len),
                  YAO_OK);
    w = yao_writer_in(test_arena());
    yao_vci_put_token(&w, &token, (yao_bytes){out, len});
    assert_status(yao_writer_keep(&w, test_arena(), &letters), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_put_text(&w, "{\"credential_configuration_id\":\"keys\",\"proofs\":"
                     "{\"jwt\":[\"");
    yao_put_bytes(&w, letters);
    yao_put_text(&w, "\"]},\"nonce\":\"of-the-issuer\"}");
    assert_status(yao_writer_keep(&w, test_arena(), &body), YAO_OK);
    return body;
}

static void attests_keys_that_sign(void **state)
{
    const proof_wish w = {.key = 1, .path = "/attestations/keys"};
    net_answer       answer =
        ask_as(&w, "POST", "/attestations/keys", keys_request(4,
                                                              fresh_nonce()));
    yao_jws jws;

    (void)state;
    assert_int_equal(answer.status, 200);
    assert_status(yao_jws_read(test_arena(),
                               yao_text_bytes(member(&answer, "attestation")),
                               &jws), YAO_OK);
    assert_true(yao_json_is(yao_json_get(jws.payload, "nonce"),
                            "of-the-issuer"));
    assert_null(yao_json_get(jws.payload, "key_storage"));
    assert_null(yao_json_get(jws.payload, "user_authentication"));
    assert_non_null(yao_json_get(jws.payload, "attested_keys"));
    answer = ask_as(&w, "POST", "/attestations/keys",
                    keys_request(4, YAO_TEXT("somebody-elses")));
    assert_int_equal(answer.status, 400);
}

static void a_wallet_goes_for_good(void **state)
{
    const proof_wish go   = {.key = 5, .path = "/instances"};
    const proof_wish keys = {.key = 5, .path = "/attestations/keys"};

    (void)state;
    assert_int_equal(ask_as(&go, "POST", "/instances", nothing).status, 201);
    assert_int_equal(ask_as(&go, "DELETE", "/instances", nothing).status, 204);
    assert_int_equal(ask_as(&go, "POST", "/instances", nothing).status, 403);
    assert_int_equal(ask_as(&keys, "POST", "/attestations/keys",
                            keys_request(4, fresh_nonce())).status, 403);
}

/* ---- mailboxes ---- */

typedef struct box {
    char read[64], write[64];
} box;

static box open_box(void)
{
    const asked a      = {.method = "POST", .path = "/mailboxes"};
    net_answer  answer = ask(&a);
    box         b;

    assert_int_equal(answer.status, 201);
    yao_text read = member(&answer, "read"), write = member(&answer, "write");
    snprintf(b.read, sizeof b.read, "/mailboxes/%.*s", (int)read.len,
             (const char *)read.ptr);
    snprintf(b.write, sizeof b.write, "/mailboxes/%.*s", (int)write.len,
             (const char *)write.ptr);
    return b;
}

static int post_in(yao_arena *room, const char *path, yao_bytes body)
{
    const asked a = {.method       = "POST",
                     .path         = path,
                     .headers      = {{YAO_TEXT("Content-Type"),
                                       YAO_TEXT("application/octet-stream")}},
                     .header_count = 1,
                     .body         = body};

    return ask_in(room, &a).status;
}

static int post(const char *path, yao_bytes body)
{
    return post_in(test_arena(), path, body);
}

static net_answer fetch(const box *b, const char *query)
{
    char        path[128];
    const asked a = {.method = "GET", .path = path};

    snprintf(path, sizeof path, "%s%s", b->read, query);
    return ask(&a);
}

static void hands_messages_over(void **state)
{
    box b = open_box();

    (void)state;
    assert_int_equal(fetch(&b, "?after=0").status, 204);
    assert_int_equal(post(b.write, YAO_LIT("one " CANARY)), 204);
    assert_int_equal(post(b.write, YAO_LIT("two")), 204);
    assert_bytes(fetch(&b, "?after=0").body, YAO_LIT("one " CANARY));
    assert_bytes(fetch(&b, "?after=1").body, YAO_LIT("two"));
    assert_bytes(fetch(&b, "?after=0").body, YAO_LIT("one " CANARY));
    /* who writes can't read, who reads can't write */
    assert_int_equal(post(b.read, YAO_LIT("x")), 404);
    assert_int_equal(status_of("GET", b.write), 404);
    assert_int_equal(status_of("DELETE", b.write), 404);
    assert_int_equal(status_of("DELETE", b.read), 204);
    assert_int_equal(fetch(&b, "?after=0").status, 404);
    assert_int_equal(post(b.write, YAO_LIT("x")), 404);
}

static void *post_later(void *ctx)
{
    static uint8_t memory[65536]; /* the test's is the other thread's */
    yao_arena      room = {memory, sizeof memory, 0};
    const box     *b    = ctx;

    nanosleep(&(struct timespec){0, 300000000}, NULL);
    assert_int_equal(post_in(&room, b->write, YAO_LIT("late")), 204);
    return NULL;
}

static void waits_for_a_message(void **state)
{
    box       b = open_box();
    pthread_t thread;

    (void)state;
    pthread_create(&thread, NULL, post_later, &b);
    assert_bytes(fetch(&b, "?after=0&wait=20").body, YAO_LIT("late"));
    pthread_join(thread, NULL);
    assert_int_equal(fetch(&b, "?after=1&wait=1").status, 204);
}

static void bounds_boxes(void **state)
{
    box      b   = open_box();
    uint8_t *big = yao_arena_take(test_arena(), 65537);

    (void)state;
    assert_int_equal(post(b.write, (yao_bytes){big, 65537}), 413);
    assert_int_equal(post(b.write, (yao_bytes){big, 65536}), 204);
    for (int i = 0; i < 3; i++)
        assert_int_equal(post(b.write, (yao_bytes){big, 65536}), 204);
    assert_int_equal(post(b.write, YAO_LIT("x")), 429); /* 256 kB */
    b = open_box();
    for (int i = 0; i < 16; i++)
        assert_int_equal(post(b.write, YAO_LIT("x")), 204);
    assert_int_equal(post(b.write, YAO_LIT("x")), 429);
    assert_int_equal(fetch(&b, "?after=99").status, 400);
    assert_int_equal(fetch(&b, "?after=0&wait=26").status, 400);
    assert_int_equal(fetch(&b, "?after=-1").status, 400);
    assert_int_equal(status_of("GET", "/mailboxes/short"), 404);
}

/* ---- backups ---- */

#define NAME "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define TOKEN "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA"
#define OTHER "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCA"

static int write_backup(const char *token, const char *version,
                        const char *what)
{
    asked a = {.method       = "PUT",
               .path         = "/backups/" NAME,
               .headers      = {{YAO_TEXT("Content-Type"),
                                 YAO_TEXT("application/octet-stream")},
                                {YAO_TEXT("Authorization"),
                                 yao_text_of(token)},
                                {YAO_TEXT("If-Match"), yao_text_of(version)}},
               .header_count = 3,
               .body         = yao_text_bytes(yao_text_of(what))};

    return ask(&a).status;
}

static void keeps_backups(void **state)
{
    const asked get = {.method = "GET", .path = "/backups/" NAME};

    (void)state;
    assert_int_equal(ask(&get).status, 404);
    assert_int_equal(write_backup("Backup " TOKEN, "\"3\"", "late"), 412);
    assert_int_equal(write_backup("Backup " TOKEN, "\"0\"", "one"), 204);
    assert_int_equal(write_backup("Backup " TOKEN, "\"0\"", "again"), 412);
    assert_int_equal(write_backup("Backup " OTHER, "\"1\"", "thief"), 412);
    assert_int_equal(write_backup("Bearer " TOKEN, "\"1\"", "x"), 401);
    assert_int_equal(write_backup("Backup short", "\"1\"", "x"), 401);
    assert_int_equal(write_backup("Backup " TOKEN, "1", "x"), 400);
    assert_int_equal(write_backup("Backup " TOKEN, "\"1\"", "two"), 204);
    net_answer answer = ask(&get);
    assert_bytes(answer.body, YAO_LIT("two"));
    assert_true(yao_text_equal(net_answer_header(&answer, "etag"),
                               YAO_TEXT("\"2\"")));
    asked drop = {.method       = "DELETE",
                  .path         = "/backups/" NAME,
                  .headers      = {{YAO_TEXT("Authorization"),
                                    YAO_TEXT("Backup " OTHER)}},
                  .header_count = 1};
    assert_int_equal(ask(&drop).status, 404);
    drop.headers[0].value = YAO_TEXT("Backup " TOKEN);
    assert_int_equal(ask(&drop).status, 204);
    assert_int_equal(ask(&get).status, 404);
}

/* ---- what it knows ---- */

static void has_no_page(void **state)
{
    (void)state;
    assert_int_equal(status_of("GET", "/"), 404);
    assert_int_equal(status_of("GET", "/provider.ini"), 404);
    assert_int_equal(status_of("GET", "/..%2fprovider.ini"), 404);
}

static void forgets_when_it_ends(void **state)
{
    (void)state;
    assert_int_equal(test_server_stop(&served), 0);
    /* neither the canary, nor a key, nor a name of a backup or a token */
    static const char *const never[] = {"Qorvath", "19111111", NAME, TOKEN,
                                        "127.0.0.1"};
    for (size_t i = 0; i < COUNT(never); i++) {
        char command[400];

        snprintf(command, sizeof command, "grep -rlaF -- '%s' %s > /dev/null",
                 never[i], test_scratch_path("p/store"));
        assert_int_not_equal(system(command), 0);
    }
    /* moments are days */
    char query[400];
    snprintf(query, sizeof query,
             "python3 -c \"import sqlite3,sys; "
             "c=sqlite3.connect('%s'); sys.exit(c.execute('SELECT COUNT(*) "
             "FROM instance WHERE day %% 86400 <> 0').fetchone()[0])\"",
             test_scratch_path("p/store/provider.db"));
    assert_int_equal(system(query), 0);
}

/* ---- the same with pages, and what is refused at the start ---- */

static bool speaks_to(const net_answer *answer, const char *whom)
{
    yao_text policy = net_answer_header(answer, "content-security-policy");

    assert_true(policy.len > 50);
    return memmem(policy.ptr, policy.len, whom, strlen(whom)) != NULL;
}

static void serves_a_folder(void **state)
{
    static uint8_t large[3 * 1024 * 1024];
    net_answer     answer;
    const asked    a = {.method = "GET", .path = "/"};

    (void)state;
    assert_status(yao_folder_make(test_scratch_path("web"), 0755), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("web/index.html"),
                                 YAO_LIT("<!doctype html>"), 0644, true),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("web/secret.key"),
                                 YAO_LIT("x"), 0644, true), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("web/large.wasm"),
                                 (yao_bytes){large, sizeof large}, 0644, true),
                  YAO_OK);
    assert_int_equal(test_type("provider init --demo -C @/q --pages @/web")
                         ->code, 0);
    serve("provider serve -C @/q --listen 127.0.0.1:0");
    answer = ask(&a);
    assert_int_equal(answer.status, 200);
    assert_bytes(answer.body, YAO_LIT("<!doctype html>"));
    assert_true(speaks_to(&answer, "http://*.localhost:*"));
    assert_int_equal(status_of("GET", "/index.html"), 200);
    assert_int_equal(status_of("GET", "/secret.key"), 404);
    assert_int_equal(status_of("GET", "/../q/provider.ini"), 404);
    assert_int_equal(status_of("GET", "/.hidden.html"), 404);
    assert_int_equal(status_of("GET", "/large.wasm"), 200);
    assert_int_equal(status_of("GET", "/index.html.gz"), 404);
    assert_int_equal(test_server_stop(&served), 0);
}

/* This machine is nobody a real wallet speaks with. */
static void keeps_to_https(void **state)
{
    net_answer  answer;
    const asked a = {.method = "GET", .path = "/"};

    (void)state;
    assert_int_equal(test_type("provider init -C @/real --pages @/web --url "
                               "https://wallet.example")
                         ->code,
                     0);
    serve("provider serve -C @/real --listen 127.0.0.1:0");
    answer = ask(&a);
    assert_int_equal(answer.status, 200);
    assert_true(speaks_to(&answer, "connect-src 'self' https:;"));
    assert_false(speaks_to(&answer, "localhost"));
    assert_int_equal(test_server_stop(&served), 0);
}

/* What of /packed.js somebody gets who says that it takes TAKES. */
static const char *given_to(const char *takes)
{
    const asked a = {.method       = "GET",
                     .path         = "/packed.js",
                     .headers      = {{YAO_TEXT("accept-encoding"),
                                       yao_text_of(takes)}},
                     .header_count = 1};
    net_answer  answer = ask(&a);
    yao_text    coding = net_answer_header(&answer, "content-encoding");

    assert_int_equal(answer.status, 200);
    assert_true(net_answer_header(&answer, "vary").len > 0);
    if (coding.len == 0)
        return yao_bytes_equal(answer.body, YAO_LIT("whole")) ? "whole" : "?";
    assert_true(yao_text_equal(coding, YAO_TEXT("gzip")));
    return yao_bytes_equal(answer.body, YAO_LIT("packed")) ? "packed" : "?";
}

static void gives_packed_files(void **state)
{
    (void)state;
    assert_status(yao_file_write(test_scratch_path("web/packed.js"),
                                 YAO_LIT("whole"), 0644, true), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("web/packed.js.gz"),
                                 YAO_LIT("packed"), 0644, true), YAO_OK);
    serve("provider serve -C @/q --listen 127.0.0.1:0");
    assert_string_equal(given_to("gzip"), "packed");
    assert_string_equal(given_to("br, GZIP, deflate"), "packed");
    assert_string_equal(given_to("identity"), "whole");
    assert_string_equal(given_to("br;q=1, gzip;q=0"), "whole");
    assert_string_equal(given_to("xgzip"), "whole");
    assert_string_equal(given_to("gzippy"), "whole");
    assert_int_equal(test_server_stop(&served), 0);
}

/* Who vouches for the page: from its own place, whatever lies in the folder. */
static void gives_a_statement(void **state)
{
    const asked a = {.method = "GET", .path = "/statement.json"};

    (void)state;
    assert_status(yao_file_write(test_scratch_path("web/statement.json"),
                                 YAO_LIT("the folder's"), 0644, true), YAO_OK);
    serve("provider serve -C @/q --listen 127.0.0.1:0");
    assert_int_equal(status_of("GET", "/statement.json"), 404);
    assert_status(yao_file_write(test_scratch_path("q/page-statement.json"),
                                 YAO_LIT("the authority's"), 0644, true),
                  YAO_OK);
    net_answer answer = ask(&a);
    assert_int_equal(answer.status, 200);
    assert_bytes(answer.body, YAO_LIT("the authority's"));
    assert_int_equal(status_of("GET", "/page-statement.json"), 404);
    assert_int_equal(test_server_stop(&served), 0);
}

/* Limits of all together, which no single wallet or box comes near. */
static void bounds_all_together(void **state)
{
    uint8_t   *big = yao_arena_take(test_arena(), 65536);
    proof_wish w   = {.path = "/instances"};
    char       command[400];
    box        b;

    (void)state;
    assert_int_equal(test_type("provider init --demo -C @/s")->code, 0);
    snprintf(command, sizeof command,
             "sed -i -e 's/^instances_a_day = .*/instances_a_day = 2/' "
             "-e 's/^mailbox_megabytes = .*/mailbox_megabytes = 1/' %s",
             test_scratch_path("s/provider.ini"));
    assert_int_equal(system(command), 0);
    serve("provider serve -C @/s --listen 127.0.0.1:0");

    test_stay_within(86400, 60);
    for (w.key = 1; w.key <= 2; w.key++)
        assert_int_equal(ask_as(&w, "POST", "/instances", nothing).status,
                         201);
    assert_int_equal(ask_as(&w, "POST", "/instances", nothing).status, 429);

    for (int i = 0; i < 4; i++) {
        b = open_box();
        for (int k = 0; k < 4; k++)
            assert_int_equal(post(b.write, (yao_bytes){big, 65536}), 204);
    }
    box c = open_box();
    assert_int_equal(post(c.write, YAO_LIT("x")), 429);
    const asked drop = {.method = "DELETE", .path = b.read};
    assert_int_equal(ask(&drop).status, 204);
    assert_int_equal(post(c.write, YAO_LIT("x")), 204);
    assert_int_equal(test_server_stop(&served), 0);
}

static void refuses_production_without_tls(void **state)
{
    (void)state;
    assert_int_equal(test_type("provider init -C @/r")->code, 0);
    assert_int_equal(test_type("provider serve -C @/r --listen 127.0.0.1:0")
                         ->code, 3);
    assert_true(test_said("nginx"));
    assert_int_equal(test_type("provider serve -C @/nowhere")->code, 7);
}

int main(void)
{
    test_add("provider", "starts", starts, NULL);
    test_add("provider", "registers a wallet by its key", registers_a_wallet,
             NULL);
    test_add("provider", "refuses proofs without nonce, old, for another "
             "place", refuses_bad_proofs, NULL);
    test_add("provider", "refuses a proof twice, and strangers",
             refuses_replays_and_strangers, NULL);
    test_add("provider", "attests a client, as an issuer reads it",
             attests_a_client, NULL);
    test_add("provider", "attests keys that sign, and no more",
             attests_keys_that_sign, NULL);
    test_add("provider", "a wallet goes for good", a_wallet_goes_for_good,
             NULL);
    test_add("provider", "hands messages over", hands_messages_over, NULL);
    test_add("provider", "waits for a message", waits_for_a_message, NULL);
    test_add("provider", "bounds boxes", bounds_boxes, NULL);
    test_add("provider", "keeps backups under a token", keeps_backups, NULL);
    test_add("provider", "has no page unless told so", has_no_page, NULL);
    test_add("provider", "never knows who somebody is", forgets_when_it_ends,
             NULL);
    test_add("provider", "serves a folder, and nothing beside it",
             serves_a_folder, NULL);
    test_add("pages", "refuses a page this machine's servers, but in a demo",
             keeps_to_https, NULL);
    test_add("provider", "gives packed files to who takes them",
             gives_packed_files, NULL);
    test_add("provider", "gives who vouches for the page, from its own place",
             gives_a_statement, NULL);
    test_add("provider", "bounds all boxes and all wallets of a day together",
             bounds_all_together, NULL);
    test_add("provider", "refuses production without encryption",
             refuses_production_without_tls, NULL);
    int code = test_run("journeys/provider");
    test_scratch_remove();
    return code;
}
