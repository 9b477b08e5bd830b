/* SPDX-License-Identifier: Apache-2.0 */

/** The wallet's command line over HTTP against two issuers that are none: what
 *  is sent to one never reaches the other, and what is wrong is told in words.
 *  What they issue is judged in core/vci/receive_test.c; here each session ends
 *  before or because of that. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/pem.h"
#include "fake_issuer.h"
#include "net/server.h"
#include "program.h"

/* ---- two servers -------------------------------------------------------- */

typedef struct place {
    net_server *server;
    char        url[64];
    fake_issuer fake;
} place;

static place places[2];
static char  reference[512]; /* what GET /offer gives; empty: nothing */

static yao_text header(const net_request *q, const char *name)
{
    return net_header_find(q, name, NULL);
}

static void put(net_response *r, const char *name, yao_text value)
{
    if (value.len != 0)
        r->headers[r->header_count++] =
            (net_header){yao_text_of(name), value};
}

static void answer(void *ctx, const net_request *q, net_response *r)
{
    place       *p = ctx;
    char         url[512];
    fake_request request = {
        .method        = q->method.len == 3 ? "GET" : "POST",
        .url           = {(const uint8_t *)url, 0},
        .dpop          = header(q, "dpop"),
        .attestation   = header(q, "oauth-client-attestation"),
        .pop           = header(q, "oauth-client-attestation-pop"),
        .authorization = header(q, "authorization"),
        .type          = header(q, "content-type"),
        .body          = q->body};

    if (yao_text_equal(q->path, YAO_TEXT("/offer"))) {
        r->status = 200;
        r->body   = yao_text_bytes(yao_text_of(reference));
        put(r, "Content-Type", YAO_TEXT("application/json"));
        return;
    }
    request.url.len = (size_t)snprintf(
        url, sizeof url, "%s%.*s%s%.*s", p->url, (int)q->path.len,
        (const char *)q->path.ptr, q->query.len != 0 ? "?" : "",
        (int)q->query.len,
        q->query.len != 0 ? (const char *)q->query.ptr : "");
    fake_answer a = fake_issuer_answer(&p->fake, &request);
    r->status     = a.status;
    r->body       = a.body;
    put(r, "Content-Type", a.type);
    put(r, "Location", a.location);
    put(r, "DPoP-Nonce", a.nonce);
    put(r, "OAuth-Client-Attestation-Challenge", a.challenge);
}

static size_t body_limit(void *ctx, unsigned listener, yao_text method,
                         yao_text path)
{
    (void)ctx, (void)listener, (void)method, (void)path;
    return 1 << 20;
}

static void start(place *p, const char *name, unsigned flags,
                  fake_change change)
{
    net_server_options o = {.handler = answer, .body_limit = body_limit,
                            .ctx = p, .workers = 1};
    unsigned           port;

    assert_status(net_server_open(&o, &p->server), YAO_OK);
    assert_status(net_server_listen(p->server, "127.0.0.1:0", 0, &port),
                  YAO_OK);
    snprintf(p->url, sizeof p->url, "http://%s.localhost:%u", name, port);
    p->fake = (fake_issuer){.url = p->url, .flags = flags, .change = change,
                            .now = yao_now()};
    fake_issuer_open(&p->fake);
    assert_status(net_server_start(p->server), YAO_OK);
}

static void stop(void)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        net_server_stop(places[i].server, 200);
        net_server_close(places[i].server);
    }
}

/* ---- a wallet ----------------------------------------------------------- */

static void put_pem(const char *name, const char *label, yao_bytes der)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text;

    yao_pem_put(&w, label, der);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(yao_file_write(test_scratch_path(name), text, 0600, false),
                  YAO_OK);
}

/* The fake provider's key and certificate, as --attester takes them. */
static void prepare(void)
{
    static bool done;
    yao_anchor  root = fake_attester();

    if (done)
        return;
    (void)root;
    put_pem("root.pem", "CERTIFICATE", mdoc_fixture_get()->root);
    put_pem("attester.pem", "CERTIFICATE", fake_attester_leaf());
    (void)remove(test_scratch_path("attester.key"));
    assert_status(yao_openssl_key_save(forge_key(FAKE_ATTESTER),
                                       test_scratch_path("attester.key")),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("pass"),
                                 YAO_LIT("a long passphrase\n"), 0600, false),
                  YAO_OK);
    assert_int_equal(
        test_type("wallet init -C @/w --passphrase-file @/pass")->code, 0);
    done = true;
}

#define RECEIVE                                                                \
    "wallet receive -C @/w --passphrase-file @/pass --trust @/root.pem "       \
    "--local --yes --client-id wallet-client "
#define ATTESTED                                                               \
    "--attester @/attester.key --attester-certificate @/attester.pem "

static const test_output *receive(const char *more, const char *offer)
{
    char line[2048];

    snprintf(line, sizeof line, RECEIVE "%s '%s'", more, offer);
    return test_type(line);
}

static const char *offer_of(const place *p)
{
    static char text[512];

    snprintf(text, sizeof text,
             "{\"credential_issuer\":\"%s\","
             "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{"
             "\"urn:ietf:params:oauth:grant-type:pre-authorized_code\":{"
             "\"pre-authorized_code\":\"pre-1\"}}}",
             p->url);
    return text;
}

static const fake_change none;

/* ---- rows --------------------------------------------------------------- */

typedef struct row {
    const char *name;
    unsigned    flags;
    fake_change change;
    const char *more; /* options */
    int         code;
    const char *says; /* part of what is told; NULL: anything */
    size_t      calls; /* at most, of the other server */
} row;

#define META "/.well-known/openid-credential-issuer"
#define AS   "/.well-known/oauth-authorization-server"

/* %s: the URL of the other server */
static const row rows[] = {
    {"accepts an honest issuer up to its documents", FAKE_ATTEST, {0},
     ATTESTED, -1, NULL, 0},
    {"refuses N164: a credential endpoint at the other", 0,
     {META, "\"credential_endpoint\":\"@/", "\"credential_endpoint\":\"%s/",
      0, NULL},
     "", 3, "nobody this wallet trusts", 0},
    {"refuses N164: the other as its authorization server", 0,
     {META, "{\"credential_issuer\"",
      "{\"authorization_servers\":[\"%s\"],\"credential_issuer\"", 0, NULL},
     "", 3, "nobody this wallet trusts", 0},
    {"refuses N164: a token endpoint at the other", 0,
     {AS, "\"token_endpoint\":\"@/", "\"token_endpoint\":\"%s/", 0, NULL}, "",
     3, "nobody this wallet trusts", 0},
    {"refuses N137: metadata of the other", 0,
     {META, "\"credential_issuer\":\"@\"", "\"credential_issuer\":\"%s\"", 0,
      NULL},
     "", 3, "another one than was asked for", 0},
    {"refuses N134: a redirect to the other", 0,
     {META, NULL, "", 302, "text/html"}, "", 2, "another form than it should", 0},
    {"refuses N138: unsigned metadata where signed are required", 0, {0},
     "--only-signed ", 3, "nobody this wallet trusts", 0},
    {"refuses a wallet that nobody vouches for", FAKE_ATTEST, {0}, "", 5,
     "what this wallet does not have", 0},
    {"refuses N143: words that move the terminal", 0,
     {"/token", NULL,
      "{\"error\":\"invalid_grant\","
      "\"error_description\":\"\\u001b[2Jgone\"}",
      400, NULL},
     "", 3, "gone", 0},
};

static void one_row(void **state)
{
    const row  *r      = *state;
    fake_change change = r->change;
    char        to[256];

    prepare();
    start(&places[1], "other", 0, none);
    if (change.to != NULL) {
        snprintf(to, sizeof to, change.to, places[1].url);
        change.to = to;
    }
    start(&places[0], "issuer", r->flags, change);
    const test_output *o = receive(r->more, offer_of(&places[0]));
    size_t other = places[1].fake.calls, own = places[0].fake.tokens;
    stop();
    if (r->code >= 0)
        assert_int_equal(o->code, r->code);
    else
        assert_int_equal(own, 1);
    if (r->says != NULL && !test_said(r->says))
        fail_msg("it said: %s", o->out);
    assert_null(strchr(o->out, '\x1b'));
    assert_int_equal(other, r->calls);
}

static void by_reference(void **state)
{
    char link[256];

    (void)state;
    prepare();
    start(&places[0], "issuer", 0, none);
    start(&places[1], "other", 0, none);
    snprintf(reference, sizeof reference, "%s", offer_of(&places[0]));
    snprintf(link, sizeof link,
             "openid-credential-offer://?credential_offer_uri=%s/offer",
             places[1].url);
    receive("", link);
    size_t tokens = places[0].fake.tokens, other = places[1].fake.calls;
    stop();
    assert_int_equal(tokens, 1);
    assert_int_equal(other, 0); /* its offer was fetched, nothing else */
}

/* The page asks nobody: the wallet follows it by itself, and at this issuer
 * only. */
static void follow_page(void **state)
{
    bool        away   = *state != NULL;
    fake_change change = none;
    char        line[1024], to[128];

    prepare();
    start(&places[1], "other", 0, none);
    if (away) {
        snprintf(to, sizeof to, "\"authorization_endpoint\":\"%s/",
                 places[1].url);
        change = (fake_change){AS, "\"authorization_endpoint\":\"@/", to, 0,
                               NULL};
    }
    start(&places[0], "issuer", FAKE_ATTEST | FAKE_DPOP_NONCE, change);
    snprintf(line, sizeof line,
             "wallet fetch -C @/w --passphrase-file @/pass --trust @/root.pem "
             "--local --yes --client-id wallet-client " ATTESTED
             "--issuer %s --config-id mdl --follow --redirect-uri "
             "https://wallet.example/back",
             places[0].url);
    const test_output *o = test_type(line);
    size_t tokens = places[0].fake.tokens, other = places[1].fake.calls;
    stop();
    if (tokens != (away ? 0 : 1))
        print_message("%s\n", o->out);
    assert_int_equal(tokens, away ? 0 : 1);
    assert_int_equal(other, 0);
}

static void attest_anew(void **state)
{
    yao_bytes first, second;

    (void)state;
    prepare();
    start(&places[0], "issuer", FAKE_ATTEST, none);
    start(&places[1], "other", FAKE_ATTEST, none);
    receive(ATTESTED, offer_of(&places[0]));
    receive(ATTESTED, offer_of(&places[1]));
    assert_status(yao_arena_keep(test_arena(), places[0].fake.attestation,
                                 &first),
                  YAO_OK);
    assert_status(yao_arena_keep(test_arena(), places[1].fake.attestation,
                                 &second),
                  YAO_OK);
    assert_int_equal(places[0].fake.tokens, 1);
    assert_int_equal(places[1].fake.tokens, 1);
    stop();
    assert_true(first.len != 0 && second.len != 0);
    assert_false(yao_bytes_equal(first, second));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("receive", rows[i].name, one_row, &rows[i]);
    test_add("receive", "accepts an offer by reference", by_reference, NULL);
    test_add("fetch", "accepts a page that asks nobody", follow_page, NULL);
    test_add("fetch", "refuses N164: a page at the other", follow_page, "");
    test_add("receive", "never N204: shows an attestation to two issuers",
             attest_anew, NULL);
    int code = test_run("journeys/receive_fakes");
    test_scratch_remove();
    return code;
}
