/* SPDX-License-Identifier: Apache-2.0 */
/* What is pushed, who may push it, and the page that it ends on. */

#include "as_world.h"

#include "authenticator.h"
#include "authority/enrol/passkey.h"
#include "authority/enrol/secret.h"
#include "oauth/assertion.h"
#include "oauth/metadata.h"
#include "person.h"

#include <pthread.h>

/* ---- what is pushed ---- */

#define GOOD                                                                   \
    "response_type=code&client_id=suite-wallet-1&code_challenge_method=S256"   \
    "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#define BACK "&redirect_uri=https%3A%2F%2Fsuite.example%2Fcallback"
#define SCOPE "&scope=" AS_DOCUMENT

static const struct row {
    const char *name, *form;
    int         status;
    const char *error;
} rows[] = {
    {"gives 201 to what is in order", GOOD BACK SCOPE, 201, NULL},
    {"accepts parameters that nobody knows",
     GOOD BACK SCOPE "&foo=bar&nonce=n&max_age=3", 201, NULL},
    {"accepts a redirect_uri that is escaped in another way",
     GOOD "&redirect_uri=https:%2f%2fsuite.example/callback" SCOPE, 201, NULL},
    {"accepts details",
     GOOD BACK
     "&authorization_details=%5B%7B%22type%22%3A%22openid_credential%22%2C"
     "%22credential_configuration_id%22%3A%22resident_id_sdjwt%22%7D%5D",
     201, NULL},
    {"N145 refuses a request_uri",
     GOOD BACK SCOPE "&request_uri=urn%3Aietf%3Aparams%3Aoauth%3A"
                     "request_uri%3Aabc",
     400, "invalid_request"},
    {"refuses a request object", GOOD BACK SCOPE "&request=a.b.c", 400,
     "invalid_request"},
    {"N146 refuses a parameter that comes twice", GOOD BACK SCOPE SCOPE, 400,
     "invalid_request"},
    {"N146 refuses a body that is no form", "{\"scope\":\"a\"}", 400,
     "invalid_request"},
    {"N147 refuses no challenge",
     "response_type=code&client_id=suite-wallet-1" BACK SCOPE, 400,
     "invalid_request"},
    {"N147 refuses the method plain",
     "response_type=code&client_id=suite-wallet-1&code_challenge_method=plain"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     400, "invalid_request"},
    {"N147 refuses no method, which would be plain",
     "response_type=code&client_id=suite-wallet-1"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     400, "invalid_request"},
    {"N148 refuses response_type token",
     "response_type=token&client_id=suite-wallet-1&code_challenge_method=S256"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     400, "unsupported_response_type"},
    {"N148 refuses response_type code id_token",
     "response_type=code+id_token&client_id=suite-wallet-1"
     "&code_challenge_method=S256"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     400, "unsupported_response_type"},
    {"N148 refuses no response_type",
     "client_id=suite-wallet-1&code_challenge_method=S256"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     400, "invalid_request"},
    {"N149 refuses no redirect_uri", GOOD SCOPE, 400, "invalid_request"},
    {"N149 refuses another path",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%2Fcallback2" SCOPE, 400,
     "invalid_request"},
    {"N149 refuses a prefix",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%2F" SCOPE, 400,
     "invalid_request"},
    {"N149 refuses a host behind @",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%40evil.example%2Fcallback"
     SCOPE,
     400, "invalid_request"},
    {"N149 refuses dots that are escaped",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%2Fx%2F%252e%252e%2F"
          "callback" SCOPE,
     400, "invalid_request"},
    {"N149 refuses another case",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%2FCallback" SCOPE, 400,
     "invalid_request"},
    {"N149 refuses a fragment",
     GOOD "&redirect_uri=https%3A%2F%2Fsuite.example%2Fcallback%23a" SCOPE,
     400, "invalid_request"},
    {"N152 refuses a scope that is not known", GOOD BACK "&scope=openid", 400,
     "invalid_scope"},
    {"N152 refuses details of another type",
     GOOD BACK "&authorization_details=%5B%7B%22type%22%3A%22payment%22%7D%5D",
     400, "invalid_authorization_details"},
    {"N152 refuses details of a configuration that is not known",
     GOOD BACK
     "&authorization_details=%5B%7B%22type%22%3A%22openid_credential%22%2C"
     "%22credential_configuration_id%22%3A%22crown_jewels%22%7D%5D",
     400, "invalid_authorization_details"},
    {"N152 refuses an issuer_state of nobody",
     GOOD BACK SCOPE "&issuer_state=forged", 400, "invalid_request"},
    {"refuses no scope and no details", GOOD BACK, 400, "invalid_request"},
    {"refuses a dpop_jkt of another key",
     GOOD BACK SCOPE
     "&dpop_jkt=0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I",
     400, "invalid_dpop_proof"},
    {"refuses another client_id than who authenticates",
     "response_type=code&client_id=suite-wallet-2&code_challenge_method=S256"
     "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" BACK SCOPE,
     401, "invalid_client"},
};

static void push_row(void **state)
{
    const struct row *row = *state;
    as_wallet         w   = as_new_wallet("suite-wallet-1", 2);

    as_open();
    as_request r = as_post(&w, "/par", AS_URL "/par");
    r.body       = yao_text_bytes(yao_text_of(row->form));
    as_answer a  = as_send(&r);
    assert_int_equal(a.reply.status, row->status);
    if (row->error != NULL)
        assert_true(yao_json_is(yao_json_get(a.json, "error"), row->error));
    else
        assert_true(as_member(&a, "request_uri").len > 60);
    assert_int_equal(as_reply_header(&a, "Location").len, 0);
    as_close();
}

static void gives_long_state(void **state)
{
    as_wallet             w = as_new_wallet("suite-wallet-2", 2);
    yao_authorize_request q;
    char                  long_state[1001];

    (void)state;
    as_open();
    w.redirect = AS_CALLBACK_2;
    q          = as_wanted(&w);
    memset(long_state, 'x', sizeof long_state - 1);
    long_state[1000] = '\0';
    q.state          = yao_text_of(long_state);
    as_answer pushed = as_push_request(&w, &q);
    as_answer a = as_press(&w, as_member(&pushed, "request_uri"), "allow");
    yao_text  place  = as_reply_header(&a, "Location");
    yao_text  prefix = YAO_TEXT(AS_CALLBACK_2 "&code=");
    assert_int_equal(a.reply.status, 303);
    assert_true(
        yao_bytes_starts(yao_text_bytes(place), yao_text_bytes(prefix)));
    assert_true(place.len > 1000);
    as_close();
}

/* Escaped it would be too long for the header that takes the code back: that
 * is told before anybody says yes. */
static void refuses_long_answer(void **state)
{
    as_wallet             w = as_new_wallet("suite-wallet-2", 2);
    yao_authorize_request q;
    char                  blanks[1321];

    (void)state;
    as_open();
    w.redirect = AS_CALLBACK_2;
    q          = as_wanted(&w);
    memset(blanks, ' ', sizeof blanks - 1);
    blanks[1320] = '\0';
    q.state      = yao_text_of(blanks);
    as_expect(as_push_request(&w, &q), 400, "invalid_request");
    blanks[1200] = '\0';
    q.state          = yao_text_of(blanks);
    as_answer pushed = as_push_request(&w, &q);
    as_answer a = as_press(&w, as_member(&pushed, "request_uri"), "allow");
    assert_int_equal(a.reply.status, 303);
    assert_true(as_reply_header(&a, "Location").len < NET_MAX_VALUE);
    as_close();
}

/* ---- who pushes ---- */

static void refuses_nobody(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    w.instance = 0;
    as_expect(as_push(&w), 401, "invalid_client");
    as_expect(as_take_offer(&w, as_offer(NULL), NULL), 401, "invalid_client");
    as_close();
}

static void refuses_two_headers(void **state)
{
    static const char *const names[] = {"oauth-client-attestation",
                                        "oauth-client-attestation-pop"};
    as_wallet                w       = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    for (size_t i = 0; i < COUNT(names); i++) {
        as_request r = as_post(&w, "/par", AS_URL "/par");
        for (size_t k = 0; k < r.header_count; k++)
            if (yao_text_equal(r.headers[k].name, yao_text_of(names[i]))) {
                as_header(&r, names[i], yao_text_bytes(r.headers[k].value));
                break;
            }
        r.body = YAO_LIT(GOOD BACK SCOPE);
        as_expect(as_send(&r), 401, "invalid_client");
    }
    as_request r = as_post(&w, "/par", AS_URL "/par");
    as_prove(&r, &w, AS_URL "/par", (yao_text){NULL, 0});
    r.body = YAO_LIT(GOOD BACK SCOPE);
    as_expect(as_send(&r), 400, "invalid_dpop_proof");
    as_close();
}

/* The same proofs, letter by letter. */
static void refuses_replay(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_request r = as_post(&w, "/par", AS_URL "/par");
    r.body       = YAO_LIT(GOOD BACK SCOPE);
    assert_int_equal(as_send(&r).reply.status, 201);
    as_expect(as_send(&r), 400, "invalid_dpop_proof");

    /* another DPoP proof, the same proof of possession */
    r.header_count--;
    as_prove(&r, &w, AS_URL "/par", (yao_text){NULL, 0});
    as_expect(as_send(&r), 401, "invalid_client");
    as_close();
}

static void gives_combined(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    w.combined = true;
    assert_int_equal(as_push(&w).reply.status, 201);
    w.dpop = 3;
    as_expect(as_push(&w), 401, "invalid_client");
    w.dpop = 0;
    as_expect(as_push(&w), 401, "invalid_client");
    as_close();
}

static void gives_challenged(void **state)
{
    as_wallet  w = as_new_wallet("suite-wallet-1", 2);
    as_request r = {.method = "POST", .path = "/challenge"};
    char       text[64];

    (void)state;
    as_open();
    as_set(SETTING_CHALLENGES, "yes");
    as_answer refused = as_push(&w);
    as_expect(refused, 400, "use_attestation_challenge");
    assert_int_equal(
        as_reply_header(&refused, "OAuth-Client-Attestation-Challenge").len,
        54);
    as_answer given = as_send(&r);
    assert_int_equal(given.reply.status, 200);
    assert_true(yao_text_equal(as_reply_header(&given, "Cache-Control"),
                               YAO_TEXT("no-store")));
    yao_text challenge = as_member(&given, "attestation_challenge");
    snprintf(text, sizeof text, "%.*s", (int)challenge.len,
             (const char *)challenge.ptr);
    w.challenge = text;
    assert_int_equal(as_push(&w).reply.status, 201);
    as_now += 601;
    as_expect(as_push(&w), 400, "use_attestation_challenge");
    as_now -= 601;

    /* not asked for: another's is refused all the same */
    as_set(SETTING_CHALLENGES, "no");
    w.challenge = "another-server-s";
    as_expect(as_push(&w), 400, "use_attestation_challenge");
    as_close();
}

static void gives_nonce(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_set(SETTING_DPOP_NONCES, "yes");
    as_answer refused = as_push(&w);
    as_expect(refused, 400, "use_dpop_nonce");
    w.nonce = as_reply_header(&refused, "DPoP-Nonce");
    assert_int_equal(w.nonce.len, 54);
    as_answer a = as_redeem(&w, as_code(&w));
    assert_int_equal(a.reply.status, 200);
    assert_int_equal(as_reply_header(&a, "DPoP-Nonce").len, 54);

    as_wallet stale = w;
    stale.nonce     = (yao_text){NULL, 0};
    as_visit v      = as_visit_with(&stale, as_member(&a, "access_token"));
    as_expect(v.answer, 401, "use_dpop_nonce");
    assert_int_equal(as_reply_header(&v.answer, "DPoP-Nonce").len, 54);
    assert_true(as_visit_with(&w, as_member(&a, "access_token")).open);
    as_now += 601;
    as_expect(as_push(&w), 400, "use_dpop_nonce");
    as_close();
}

static yao_bytes make_assertion(const char *client, int key)
{
    yao_oauth_unsigned          token;
    const yao_assertion_request q = {.alg       = YAO_ES256,
                                     .client_id = yao_text_of(client),
                                     .audience  = YAO_TEXT(AS_URL),
                                     .jti       = as_jti(test_arena()),
                                     .iat       = as_now,
                                     .expires   = as_now + 60};

    assert_status(yao_assertion_make(test_arena(), &q, &token), YAO_OK);
    return as_finish(test_arena(), &token, key);
}

static as_answer push_with(yao_bytes assertion, const char *client)
{
    as_request r     = {.method = "POST", .path = "/par",
                        .arena  = test_arena()};
    as_wallet  w     = as_new_wallet(client, 0);
    bool       first = true;

    const yao_authorize_request q = as_wanted(&w);
    yao_writer form               = yao_writer_in(test_arena());
    yao_authorize_put(&form, &first, &q);
    yao_form_put(&form, &first, "client_assertion_type",
                 YAO_TEXT(YAO_ASSERTION_TYPE));
    yao_form_put(&form, &first, "client_assertion",
                 (yao_text){assertion.ptr, assertion.len});
    r.body = as_keep(&form, test_arena());
    return as_send(&r);
}

static void gives_keyed(void **state)
{
    (void)state;
    as_open();
    yao_bytes good = make_assertion("keyed", 6);
    assert_int_equal(push_with(good, "keyed").reply.status, 201);
    as_expect(push_with(good, "keyed"), 401, "invalid_client");
    as_expect(push_with(make_assertion("keyed", 5), "keyed"), 401,
              "invalid_client");
    as_expect(push_with(make_assertion("suite-wallet-1", 6), "suite-wallet-1"),
              401, "invalid_client");
    as_wallet attested = as_new_wallet("keyed", 2);
    as_expect(as_push(&attested), 401, "invalid_client");
    as_close();
}

static void refuses_without_registry(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_set(SETTING_CLIENTS, "/nowhere/clients.json");
    as_expect(as_push(&w), 401, "invalid_client");
    as_close();
}

/* Two servers of one authority, each with a store of its own on the same
 * database, and one request sent to both many times at once. */
enum { SENDERS = 64 };

typedef struct sender {
    pthread_t  thread;
    as_request request;
    int        status;
    yao_arena  arena;
} sender;

static void *send_it(void *arg)
{
    sender *s = arg;

    s->status = as_send(&s->request).reply.status;
    return NULL;
}

static void gives_proof_once(void **state)
{
    static sender        senders[SENDERS];
    static authority     second;
    yao_settings_trouble trouble;
    const char          *place;
    int                  won = 0;
    as_wallet            w   = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    assert_status(authority_open(test_scratch_path("as"), &second, &trouble,
                                 &place),
                  YAO_OK);
    as_request r = as_post(&w, "/par", AS_URL "/par");
    r.body       = YAO_LIT(GOOD BACK SCOPE);
    for (unsigned i = 0; i < SENDERS; i++) {
        if (i % 2 != 0)
            as_server.workers[i].authority.store = second.store;
        senders[i].request        = r;
        senders[i].request.worker = i;
        assert_status(yao_memory_open(1024 * 1024, &senders[i].arena), YAO_OK);
        senders[i].request.arena = &senders[i].arena;
    }
    for (unsigned i = 0; i < SENDERS; i++)
        assert_int_equal(
            pthread_create(&senders[i].thread, NULL, send_it, &senders[i]), 0);
    for (unsigned i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        won += senders[i].status == 201;
        if (senders[i].status != 201)
            assert_int_equal(senders[i].status, 400);
        yao_memory_free(&senders[i].arena);
    }
    assert_int_equal(won, 1);
    as_close();
    authority_close(&second);
}

/* Cannot look is never "not seen". */
static void gives_unavailable(void **state)
{
    static const struct {
        yao_status  status;
        int         code;
        const char *error;
    } failures[] = {
        {YAO_E_STORE, 503, "temporarily_unavailable"},
        {YAO_E_LOCKED, 503, "temporarily_unavailable"},
        {YAO_E_CRYPTO, 500, "server_error"},
        {YAO_E_SPACE, 500, "server_error"},
        {YAO_E_MALFORMED, 500, "server_error"},
    };
    const yao_oauth_refusal none = {YAO_OAUTH_NONE, ""};
    const as_request        r    = {.method = "POST",
                                    .path   = "/token",
                                    .arena  = test_arena()};
    net_request             http;

    (void)state;
    as_open();
    for (size_t i = 0; i < COUNT(failures); i++) {
        as_answer a    = {.json = NULL};
        app_call  call = as_call(&r, &http);
        assert_status(
            vci_finish(&call, failures[i].status, &none, &a.reply), YAO_OK);
        assert_status(yao_json_parse(test_arena(), a.reply.body, &a.json),
                      YAO_OK);
        as_expect(a, failures[i].code, failures[i].error);
    }
    as_close();
}

/* ---- the page ---- */

static bool says(const as_answer *a, const char *text)
{
    yao_bytes body = a->reply.body;
    size_t    len  = strlen(text);

    for (size_t i = 0; i + len <= body.len; i++)
        if (memcmp(body.ptr + i, text, len) == 0)
            return true;
    return false;
}

static void gives_page(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    for (int i = 0; i < 2; i++) {
        as_answer page = as_look(&w, uri);
        assert_int_equal(page.reply.status, 200);
        assert_true(says(&page, "id=\"yp-allow\""));
        assert_true(says(&page, "id=\"yp-deny\""));
        assert_false(says(&page, "<script"));
        assert_true(says(&page, "A wallet &lt;b&gt;"));
        assert_false(says(&page, "A wallet <b>"));
        assert_true(says(&page, "id=\"yp-place\">https://suite.example<"));
        yao_text csp = as_reply_header(&page, "Content-Security-Policy");
        assert_true(yao_bytes_starts(yao_text_bytes(csp),
                                     YAO_LIT("default-src 'none'")));
        assert_true(yao_text_equal(as_reply_header(&page, "Referrer-Policy"),
                                   YAO_TEXT("same-origin")));
    }
    as_answer pressed = as_press(&w, uri, "allow");
    assert_true(as_back(&pressed).code.len > 0);

    /* N150: used up now */
    as_answer again = as_look(&w, uri);
    assert_int_equal(again.reply.status, 400);
    assert_true(says(&again, "id=\"yp-error\""));
    assert_int_equal(as_press(&w, uri, "allow").reply.status, 400);
    as_close();
}

/* The same scope twice says nothing else than once. */
static void gives_scope_once(void **state)
{
    as_wallet             w       = as_new_wallet("suite-wallet-1", 2);
    yao_authorize_request request = as_wanted(&w);
    uint8_t               room[256];
    yao_writer            scope = yao_writer_open(room, sizeof room);

    (void)state;
    as_open();
    yao_put_bytes(&scope, yao_text_bytes(request.scope));
    yao_put_byte(&scope, ' ');
    yao_put_bytes(&scope, yao_text_bytes(request.scope));
    request.scope    = (yao_text){room, scope.len};
    as_answer pushed = as_push_request(&w, &request);
    assert_int_equal(pushed.reply.status, 201);
    yao_text  uri  = as_member(&pushed, "request_uri");
    as_answer page = as_look(&w, uri);
    assert_int_equal(page.reply.status, 200);
    as_answer pressed = as_press(&w, uri, "allow");
    assert_int_equal(
        as_redeem(&w, as_back(&pressed).code).reply.status, 200);
    as_close();
}

static void refuses_request_uri(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);
    as_wallet o = as_new_wallet("suite-wallet-2", 3);

    (void)state;
    as_open();
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    as_answer a      = as_look(&o, uri);
    assert_int_equal(a.reply.status, 400);
    assert_true(says(&a, "id=\"yp-error\""));
    assert_int_equal(as_reply_header(&a, "Location").len, 0);
    assert_int_equal(as_look(&w, YAO_TEXT("")).reply.status, 400);
    assert_int_equal(as_look(&w, YAO_TEXT(VCI_REQUEST_URI)).reply.status, 400);
    assert_int_equal(as_look(&w, YAO_TEXT("https://a.example")).reply.status,
                     400);
    as_now += 90;
    assert_int_equal(as_look(&w, uri).reply.status, 400);
    as_close();
}

/* N144: what was not pushed is not looked at, and leads nowhere. */
static void refuses_plain_request(void **state)
{
    as_request r = {.method = "GET",
                    .path   = "/authorize",
                    .query  = YAO_INIT(GOOD BACK SCOPE "&state=s")};

    (void)state;
    as_open();
    as_answer a = as_send(&r);
    assert_int_equal(a.reply.status, 400);
    assert_true(says(&a, "invalid_request"));
    assert_int_equal(as_reply_header(&a, "Location").len, 0);
    as_close();
}

static void gives_denial(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    as_answer a      = as_press(&w, uri, "deny");
    yao_authorized back = as_back(&a);
    assert_int_equal(back.code.len, 0);
    assert_true(yao_text_equal(back.error, YAO_TEXT("access_denied")));
    assert_int_equal(as_press(&w, uri, "allow").reply.status, 400);
    as_close();
}

static void refuses_wrong_login(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 2);

    (void)state;
    as_open();
    as_set(SETTING_DEMO_PERSON, "");
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    as_answer page   = as_look(&w, uri);
    assert_true(says(&page, "name=\"number\""));
    as_answer a = as_press(&w, uri, "allow");
    assert_int_equal(a.reply.status, 403);
    assert_true(says(&a, "id=\"yp-error\""));
    assert_int_equal(as_reply_header(&a, "Location").len, 0);
    /* and the request is still there */
    as_answer no = as_press(&w, uri, "deny");
    assert_int_equal(no.reply.status, 303);
    as_close();
}

static as_answer log_in(const as_wallet *w, yao_text uri, const char *number,
                        const char *code)
{
    as_request r     = {.method = "POST", .path = "/authorize"};
    yao_writer form  = yao_writer_in(test_arena());
    bool       first = true;

    yao_form_put(&form, &first, "client_id", yao_text_of(w->client));
    yao_form_put(&form, &first, "request_uri", uri);
    yao_form_put(&form, &first, "answer", YAO_TEXT("allow"));
    yao_form_put(&form, &first, "number", yao_text_of(number));
    yao_form_put(&form, &first, "code", yao_text_of(code));
    r.body = as_keep(&form, test_arena());
    return as_send(&r);
}

/* One code at a thousand numbers: each number has its free tries, and one
 * pushed request is enough for all. */
static void refuses_guesses_at_many(void **state)
{
    as_wallet w = as_new_wallet("suite-wallet-1", 5);
    int       at;
    char      number[32];

    (void)state;
    as_open();
    as_set(SETTING_DEMO_PERSON, "");
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    for (at = 0; at < 40; at++) {
        snprintf(number, sizeof number, "1101011990%08d", at);
        as_answer a = log_in(&w, uri, number, "28461950");
        if (a.reply.status == 429)
            break;
        assert_int_equal(a.reply.status, 403);
    }
    assert_int_equal(at, 20);
    as_wallet other = as_new_wallet("suite-wallet-1", 6);
    pushed          = as_push(&other);
    uri             = as_member(&pushed, "request_uri");
    assert_int_equal(log_in(&other, uri, number, "28461950").reply.status, 403);
    as_close();
}

#define NUMBER "12011919880808901X"

/* The access code that was given at an enrolment; and the consent is told to
 * the log as that person's. */
static void gives_code_to_person(void **state)
{
    as_wallet    w = as_new_wallet("suite-wallet-1", 2);
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    store_change change;
    store_event *events;
    size_t       count, told = 0;

    (void)state;
    as_open();
    as_set(SETTING_DEMO_PERSON, "");
    const enrol e = {.a     = &as_server.workers[0].authority,
                     .arena = test_arena(),
                     .now   = as_now};
    assert_status(enrol_hash_person(&e, YAO_TEXT(NUMBER), lookup, holder),
                  YAO_OK);
    change = store_change_open(test_arena());
    assert_status(enrol_put_access_code(&e, &change,
                                        (yao_bytes){holder, sizeof holder},
                                        YAO_TEXT("7KQF4MXPWRT9"), 3),
                  YAO_OK);
    assert_status(store_commit(as_first.store, &change), YAO_OK);

    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    assert_int_equal(log_in(&w, uri, NUMBER, "7KQF4MXPWRT8").reply.status, 403);
    assert_int_equal(log_in(&w, uri, "nobody", "7KQF4MXPWRT9").reply.status,
                     403);
    as_now += 3600; /* a wrong one makes the next wait */
    pushed      = as_push(&w);
    uri         = as_member(&pushed, "request_uri");
    as_answer a = log_in(&w, uri, NUMBER, "7KQF4MXPWRT9");
    as_answer t = as_redeem(&w, as_back(&a).code);
    assert_int_equal(t.reply.status, 200);
    as_visit v = as_visit_with(&w, as_member(&t, "access_token"));
    assert_memory_equal(v.access.grant.person, lookup, sizeof lookup);
    assert_int_equal(v.access.grant.level, 2);

    assert_status(store_list_events(as_first.store, 10000, test_arena(),
                                    &events, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        told += yao_text_equal(events[i].kind, YAO_TEXT("oauth.consent")) &&
                yao_bytes_equal(events[i].subject,
                                (yao_bytes){holder, sizeof holder});
    assert_true(told > 0);
    as_close();
}

/* ---- with a passkey ---- */

static const ceremony good_passkey = {.type = NULL};

static yao_webauthn_expected passkey_challenge(const enrol *e, const char *use)
{
    const passkey_ceremony c   = enrol_passkeys_of(e, YAO_TEXT(AS_URL));
    yao_webauthn_expected  out = {.rp_id = YAO_TEXT("authority.example"),
                                  .origin =
                                      YAO_TEXT("https://authority.example")};

    assert_status(passkey_new_challenge(&c, use, &out.challenge), YAO_OK);
    return out;
}

static yao_text passkey_words(const yao_webauthn_response *r)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    auth_put_json(&w, r);
    out = auth_keep(&w);
    return (yao_text){out.ptr, out.len};
}

static void register_person(const enrol *e)
{
    static const uint8_t picture[] = {0xff, 0xd8, 0xff, 0xd9};
    store_change         change    = store_change_open(test_arena());
    people_entry entry = {.record   = person_changed("\"number\"",
                                                     "\"number\""),
                          .portrait = {picture, sizeof picture}};

    assert_status(people_put(e->a, &change, test_arena(), &entry), YAO_OK);
    assert_status(store_commit(e->a->store, &change), YAO_OK);
}

static void bind_passkey(const enrol *e, const authenticator *pen,
                         enrol_person *who)
{
    yao_webauthn_expected x = passkey_challenge(e, "bind");
    yao_webauthn_response r = auth_create(pen, &good_passkey, e->a->crypto, &x);
    const yao_json       *json;

    *who = (enrol_person){.proof = ENROL_BY_CODE, .level = 2, .code_level = 2};
    assert_status(enrol_hash_person(e, YAO_TEXT(NUMBER), who->lookup,
                                    who->holder),
                  YAO_OK);
    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(passkey_words(&r)), &json),
                  YAO_OK);
    assert_status(enrol_bind_passkey(e, YAO_TEXT(AS_URL), who, json), YAO_OK);
}

static as_answer say_passkey(const as_wallet *w, yao_text uri, yao_text words)
{
    as_request r     = {.method = "POST", .path = "/authorize"};
    yao_writer form  = yao_writer_in(test_arena());
    bool       first = true;

    yao_form_put(&form, &first, "client_id", yao_text_of(w->client));
    yao_form_put(&form, &first, "request_uri", uri);
    yao_form_put(&form, &first, "answer", YAO_TEXT("allow"));
    yao_form_put(&form, &first, "number", YAO_TEXT(""));
    yao_form_put(&form, &first, "code", YAO_TEXT(""));
    yao_form_put(&form, &first, "passkey", words);
    r.body = as_keep(&form, test_arena());
    return as_send(&r);
}

static void gives_code_to_passkey(void **state)
{
    static const ceremony elsewhere = {.origin = "https://evil.example"};
    as_wallet             w         = as_new_wallet("suite-wallet-1", 2);
    authenticator         pen       = authenticator_new();
    enrol_person          who;

    (void)state;
    as_open();
    as_set(SETTING_DEMO_PERSON, "");
    const enrol e = {.a     = &as_server.workers[0].authority,
                     .arena = test_arena(),
                     .now   = as_now};
    register_person(&e);
    bind_passkey(&e, &pen, &who);
    as_answer pushed = as_push(&w);
    yao_text  uri    = as_member(&pushed, "request_uri");
    as_answer page   = as_look(&w, uri);
    assert_true(says(&page, "id=\"yp-passkey\" type=\"button\" hidden"));
    assert_int_equal(say_passkey(&w, uri, YAO_TEXT("{}")).reply.status, 403);
    assert_int_equal(say_passkey(&w, uri, YAO_TEXT("{")).reply.status, 403);

    yao_webauthn_expected x = passkey_challenge(&e, "login");
    pen.counter++;
    yao_webauthn_response r = auth_get(&pen, &elsewhere, e.a->crypto, &x);
    assert_int_equal(say_passkey(&w, uri, passkey_words(&r)).reply.status, 403);

    x = passkey_challenge(&e, "login");
    pen.counter++;
    r                = auth_get(&pen, &good_passkey, e.a->crypto, &x);
    yao_text  words  = passkey_words(&r);
    as_answer a      = say_passkey(&w, uri, words);
    as_answer t      = as_redeem(&w, as_back(&a).code);
    assert_int_equal(t.reply.status, 200);
    as_visit v = as_visit_with(&w, as_member(&t, "access_token"));
    assert_memory_equal(v.access.grant.person, who.lookup, STORE_HASH_LEN);
    assert_int_equal(v.access.grant.level, 2);

    /* what was said once is worth nothing on the next page */
    pushed = as_push(&w);
    uri    = as_member(&pushed, "request_uri");
    assert_int_equal(say_passkey(&w, uri, words).reply.status, 403);
    as_close();
    yao_openssl_key_close(pen.key);
}

/* N152: an offer for one person is for nobody else. */
static void refuses_state_of_other(void **state)
{
    static const uint8_t  other[STORE_HASH_LEN] = {9};
    as_wallet             w  = as_new_wallet("suite-wallet-1", 2);
    yao_text              id = YAO_TEXT(AS_DOCUMENT);
    yao_authorize_request q;
    yao_text              issuer_state;
    vci_offer             offer = {.configurations      = &id,
                                   .configuration_count = 1,
                                   .level               = 3};

    (void)state;
    as_open();
    q             = as_wanted(&w);
    offer.expires = as_now + 120;
    for (int bound = 0; bound < 2; bound++) {
        store_change change = store_change_open(test_arena());
        offer.person = (yao_bytes){other, bound ? sizeof other : 0};
        assert_status(vci_issuer_state_put(&as_first, test_arena(), &change,
                                           &offer, &issuer_state),
                      YAO_OK);
        assert_status(store_commit(as_first.store, &change), YAO_OK);
        q.issuer_state   = issuer_state;
        as_answer pushed = as_push_request(&w, &q);
        assert_int_equal(pushed.reply.status, 201);
        as_answer a = as_press(&w, as_member(&pushed, "request_uri"), "allow");
        assert_int_equal(a.reply.status, bound ? 403 : 303);
    }
    as_close();
}

/* ---- metadata ---- */

static void gives_metadata(void **state)
{
    as_request r = {.method = "GET",
                    .path   = "/.well-known/oauth-authorization-server"};
    yao_as_metadata m;

    (void)state;
    as_open();
    as_answer a = as_send(&r);
    assert_int_equal(a.reply.status, 200);
    assert_status(yao_as_metadata_read(test_arena(), a.reply.body,
                                       YAO_TEXT(AS_URL), false, &m),
                  YAO_OK);
    assert_true(m.require_pushed && m.iss_parameter && m.pkce_s256 &&
                m.dpop_es256 && m.attestation_es256 &&
                m.attestation_pop_es256);
    assert_int_equal(m.grants, YAO_GRANTS_CODE | YAO_GRANTS_PRE_CODE |
                                   YAO_GRANTS_REFRESH);
    assert_int_equal(m.client_auth, YAO_CLIENT_AUTH_ATTESTATION |
                                        YAO_CLIENT_AUTH_ATTESTATION_DPOP |
                                        YAO_CLIENT_AUTH_KEY);
    assert_true(
        yao_text_equal(m.pushed_endpoint, YAO_TEXT(AS_URL "/par")));
    as_close();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} others[] = {
    {"par", "gives a long state and the redirect_uri's own query back",
     gives_long_state},
    {"par", "refuses a state that is too long when it is escaped",
     refuses_long_answer},
    {"client", "N163 refuses who does not say who it is", refuses_nobody},
    {"client", "N200 refuses a header that comes twice", refuses_two_headers},
    {"client", "N202 refuses proofs that came before", refuses_replay},
    {"client", "gives 201 when the DPoP proof serves for both",
     gives_combined},
    {"client", "N202 gives a challenge and refuses another's",
     gives_challenged},
    {"client", "N198 gives a nonce and refuses who has none", gives_nonce},
    {"client", "gives 201 by private_key_jwt, once", gives_keyed},
    {"client", "refuses everybody when no registry is there",
     refuses_without_registry},
    {"client", "N197 gives one answer to a proof sent to two servers",
     gives_proof_once},
    {"client", "N196 gives 503 when nobody can look", gives_unavailable},
    {"page", "N151 gives it twice before the answer, N150 not after",
     gives_page},
    {"page", "gives a scope that came twice once", gives_scope_once},
    {"page", "N150 refuses a request of another client, of nobody, over",
     refuses_request_uri},
    {"page", "N144 refuses what was not pushed", refuses_plain_request},
    {"page", "N154 gives access_denied to who says no", gives_denial},
    {"page", "refuses a wrong login, and keeps the request",
     refuses_wrong_login},
    {"page", "N160 refuses guesses at many people by one wallet",
     refuses_guesses_at_many},
    {"page", "gives a code to who knows number and access code",
     gives_code_to_person},
    {"page", "gives a code to a passkey of this page, once",
     gives_code_to_passkey},
    {"page", "N152 refuses an offer that is for somebody else",
     refuses_state_of_other},
    {"metadata", "gives what a wallet reads", gives_metadata},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("par", rows[i].name, push_row, &rows[i]);
    for (size_t i = 0; i < COUNT(others); i++)
        test_add(others[i].group, others[i].name, others[i].run, NULL);
    int code = test_run("authority/vci/par");
    test_scratch_remove();
    return code;
}
