/* SPDX-License-Identifier: Apache-2.0 */

/** What a wallet shows to a desk on the network, and what the desk makes of it:
 *  hotel and age, both formats, both devices; and every answer that is none. */

#define _GNU_SOURCE /* memmem() */
#include "desk_wallet.h"

#include <poll.h>
#include <pthread.h>

static char id_number[32];

/* ---- the world ---- */

static void prepare(void **state)
{
    char line[200];

    (void)state;
    desk_make_authority();
    desk_make_person(id_number, sizeof id_number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --json --document "
             "resident_id --person %s",
             id_number);
    dw_issue(line);
    desk_make_desk("");
    /* for the rows without encryption */
    char *ini = desk_file("d/desk.ini");
    char *at  = strstr(ini, "plain_answers = no");
    assert_non_null(at);
    memcpy(at, "plain_answers =yes", 18);
    assert_status(yao_file_write(test_scratch_path("d/desk.ini"),
                                 yao_text_bytes(yao_text_of(ini)), 0600, false),
                  YAO_OK);
    desk_start("");
}

static const char *session_path(const char *id)
{
    char *path = yao_arena_take(test_arena(), 128);

    snprintf(path, 128, "/api/sessions/%s", id);
    return path;
}

static net_answer result_of(const char *id)
{
    return desk_api("GET", session_path(id), NULL);
}

/* ---- what is shown ---- */

typedef struct showing {
    const char *name, *json;
    bool        mdoc;
    const char *value; /* in the result; NULL: the number */
} showing;

static const showing showings[] = {
    {"accepts a guest of a hotel by mdoc",
     "{\"profile\":\"hotel\",\"device\":\"cross\"}", true, NULL},
    {"accepts a guest of a hotel by SD-JWT",
     "{\"profile\":\"hotel\",\"device\":\"cross\"}", false, NULL},
    {"accepts an age by mdoc",
     "{\"profile\":\"age\",\"choice\":\"age_over_18\"}", true, "age_over_18"},
    {"accepts an age by SD-JWT",
     "{\"profile\":\"age\",\"choice\":\"age_over_18\"}", false, "18"},
    {"accepts an mdoc that is not encrypted, where that is allowed",
     "{\"profile\":\"age\",\"plain\":true}", true, "age_over_18"},
    {"accepts an SD-JWT that is not encrypted, where that is allowed",
     "{\"profile\":\"age\",\"plain\":true}", false, "18"},
};

static void shows(void **state)
{
    const showing *row = *state;
    net_answer     a   = desk_api("POST", "/api/sessions", row->json);
    const char    *id  = desk_member(&a, "id");
    yao_vp_request q   = dw_request(desk_member(&a, "qr"));

    a = dw_post(&q, dw_answer(&q, row->mdoc, DW_GOOD));
    assert_int_equal(a.status, 200);
    assert_true(yao_text_equal(net_answer_header(&a, "content-type"),
                               YAO_TEXT("application/json")));
    assert_non_null(strstr(desk_member(&a, "redirect_uri"), id));
    a = result_of(id);
    assert_int_equal(a.status, 200);
    assert_string_equal(desk_member(&a, "state"), "done");
    const yao_json *result = yao_json_get(desk_json(&a), "result");
    assert_true(yao_json_is(yao_json_get(result, "verdict"), "accept"));
    assert_true(desk_says(&a, row->value != NULL ? row->value : id_number));
    assert_true(desk_says(&a, "\"state\":\"valid\""));
    assert_true(desk_says(&a, "\"age\":"));
    if (strstr(row->json, "age") != NULL)
        assert_false(desk_says(&a, id_number));
    assert_int_equal(desk_api("DELETE", session_path(id), NULL).status, 204);
    assert_int_equal(result_of(id).status, 404);
}

/* ---- what is refused ---- */

typedef struct wrong_answer {
    const char *name;
    dw_wrong    wrong;
    bool        sdjwt, mdoc;
} wrong_answer;

static const wrong_answer wrongs[] = {
    {"refuses C6: another key's signature", DW_OTHER_KEY, true, true},
    {"refuses C6: a document that the issuer did not sign", DW_ISSUER, true,
     true},
    {"refuses C6, N221: another request's nonce", DW_NONCE, true, true},
    {"refuses C6, N229: another verifier's audience", DW_AUDIENCE, true, true},
    {"refuses C6: another address in the transcript", DW_ADDRESS, false, true},
    {"refuses C6: a proof of last year", DW_EARLY, true, false},
    {"refuses C6: a proof of next year", DW_LATE, true, false},
    {"refuses N224: less than was asked", DW_LESS, true, true},
    {"refuses N224: an id that is not in the query", DW_NAME, true, true},
    {"refuses N224: a presentation without its array", DW_NO_ARRAY, true, true},
    {"refuses N219: another state inside", DW_STATE, true, true},
};

static void refuse_one(const wrong_answer *row, bool mdoc)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    const char    *id = desk_member(&a, "id");
    yao_vp_request q  = dw_request(desk_member(&a, "qr"));

    a = dw_post(&q, dw_answer(&q, mdoc, row->wrong));
    assert_int_equal(a.status, 400);
    assert_bytes(a.body, YAO_LIT("{\"error\":\"invalid_request\"}"));
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "open");
    assert_int_equal(dw_post(&q, dw_answer(&q, mdoc, DW_GOOD)).status, 200);
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "done");
}

static void refuses(void **state)
{
    const wrong_answer *row = *state;

    if (row->mdoc)
        refuse_one(row, true);
    if (row->sdjwt)
        refuse_one(row, false);
}

#define RAW                                                                    \
    "{\"profile\":\"age\",\"query\":{\"credentials\":[{\"id\":"                \
    "\"resident_id-sdjwt\",\"format\":\"dc+sd-jwt\",\"meta\":{\"vct_values\""  \
    ":[\"urn:yaopai:resident_id:1\"]},\"claims\":[{\"path\":[\"sex\"]}]}]}}"

static void asks_by_query(void **state)
{
    net_answer     a  = desk_api("POST", "/api/sessions", RAW);
    const char    *id = desk_member(&a, "id");
    yao_vp_request q  = dw_request(desk_member(&a, "qr"));

    (void)state;
    assert_int_equal(q.query.credential_count, 1);
    assert_int_equal(dw_post(&q, dw_answer(&q, false, DW_GOOD)).status, 200);
    a = result_of(id);
    assert_true(desk_says(&a, "\"name\":\"sex\""));
    a = desk_api("POST", "/api/sessions",
                 "{\"profile\":\"age\",\"query\":{\"credentials\":[]}}");
    assert_int_equal(a.status, 400);
}

/* What nobody asked for is not kept, not told. */
static void drops_more(void **state)
{
    net_answer  a  = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    const char *id = desk_member(&a, "id");
    yao_vp_request q = dw_request(desk_member(&a, "qr"));

    (void)state;
    assert_int_equal(dw_post(&q, dw_answer(&q, true, DW_MORE)).status, 200);
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_false(desk_says(&a, "age_in_years"));
}

typedef struct body_row {
    const char *name, *path, *body;
} body_row;

static const body_row bodies[] = {
    {"refuses N219: an answer to no session",
     "/response/00000000000000000000000000000000", "error=access_denied"},
    {"refuses N219: an answer to no id", "/response/1", "error=access_denied"},
    {"refuses an empty answer", NULL, ""},
    {"refuses an answer of nothing known", NULL, "a=b"},
    {"refuses an answer that is no JWE", NULL, "response=a.b.c"},
    {"refuses an error without the state", NULL, "error=access_denied"},
    {"refuses N227: an error with a forged state", NULL,
     "error=access_denied&state=%3Cscript%3E"},
    {"refuses an answer that is not encrypted where it must be", NULL,
     "vp_token=%7B%22resident_id-mdoc%22%3A%5B%22AA%22%5D%7D&state=a"},
};

static void refuses_bodies(void **state)
{
    const body_row *row = *state;
    net_answer  a  = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    const char *id = desk_member(&a, "id");
    yao_vp_request  q = dw_request(desk_member(&a, "qr"));
    const desk_call c = {
        .method = "POST",
        .path = row->path != NULL ? row->path : dw_path(q.binding.response_uri),
        .type = "application/x-www-form-urlencoded",
        .body = yao_text_bytes(yao_text_of(row->body))};

    a = desk_ask(&c);
    assert_int_equal(a.status, 400);
    assert_bytes(a.body, YAO_LIT("{\"error\":\"invalid_request\"}"));
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "open");
}

static void takes_a_refusal(void **state)
{
    net_answer  a  = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    const char *id = desk_member(&a, "id");
    yao_vp_request q = dw_request(desk_member(&a, "qr"));
    yao_writer     w = yao_writer_in(test_arena());
    yao_bytes      body;

    (void)state;
    yao_vp_put_refused(&w, false, YAO_OAUTH_ACCESS_DENIED, q.state);
    assert_status(yao_writer_keep(&w, test_arena(), &body), YAO_OK);
    a = dw_post(&q, body);
    assert_int_equal(a.status, 200);
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "refused");
    assert_int_equal(dw_post(&q, dw_answer(&q, true, DW_GOOD)).status, 400);
}

/* ---- once ---- */

/* B's answer is not A's. */
static void never_swaps(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    net_answer b = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    yao_vp_request qa   = dw_request(desk_member(&a, "qr"));
    yao_vp_request qb   = dw_request(desk_member(&b, "qr"));
    yao_bytes      body = dw_answer(&qa, true, DW_GOOD);

    (void)state;
    assert_int_equal(dw_post(&qb, body).status, 400);
    assert_int_equal(dw_post(&qa, body).status, 200);
    assert_int_equal(dw_post(&qa, body).status, 400);
}

enum { RACERS = 8 };

typedef struct racer {
    char      url[300];
    yao_bytes body;
    int       status;
} racer;

static void *race(void *ctx)
{
    racer                       *r = ctx;
    static _Thread_local uint8_t memory[1 << 16];
    yao_arena                    arena = {memory, sizeof memory, 0};
    const net_header             type  = {YAO_TEXT("Content-Type"),
                                          YAO_TEXT("application/x-www-form-"
                                                                "urlencoded")};
    const net_client_options options = {.loopback = true, .timeout_ms = 30000};
    const net_call           call    = {.method       = "POST",
                                        .url          = yao_text_of(r->url),
                                        .headers      = &type,
                                        .header_count = 1,
                                        .body         = r->body};
    net_client              *client;
    net_answer               answer = {.status = 0};

    if (net_client_open(&options, &client) != YAO_OK)
        return NULL;
    if (net_client_allow(client, desk_base) == YAO_OK &&
        net_client_fetch(client, &call, &arena, &answer) == YAO_OK)
        r->status = answer.status;
    net_client_close(client);
    return NULL;
}

static void takes_one_of_many(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    yao_vp_request q    = dw_request(desk_member(&a, "qr"));
    yao_bytes      body = dw_answer(&q, true, DW_GOOD);
    static racer   racers[RACERS];
    pthread_t      threads[RACERS];
    unsigned       taken = 0;

    (void)state;
    for (size_t i = 0; i < RACERS; i++) {
        snprintf(racers[i].url, sizeof racers[i].url, "%s%s", desk_base,
                 dw_path(q.binding.response_uri));
        racers[i].body = body;
        assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    }
    for (size_t i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        assert_true(racers[i].status == 200 || racers[i].status == 400);
        taken += racers[i].status == 200;
    }
    assert_int_equal(taken, 1);
}

/* ---- the request object ---- */

static void gives_requests_again(void **state)
{
    net_answer  a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    yao_vp_link link = dw_link(desk_member(&a, "qr"));
    net_answer  once = dw_fetch(&link, NULL), again = dw_fetch(&link, NULL);
    net_answer  posted = dw_fetch(&link, "wallet-nonce-wallet-nonce");
    yao_vp_request p, q, r;

    (void)state;
    assert_status(dw_read(&link, once.body, NULL, &p), YAO_OK);
    assert_status(dw_read(&link, again.body, NULL, &q), YAO_OK);
    assert_status(dw_read(&link, posted.body, "wallet-nonce-wallet-nonce", &r),
                  YAO_OK);
    assert_true(yao_text_equal(p.binding.nonce, q.binding.nonce));
    assert_true(yao_text_equal(p.binding.nonce, r.binding.nonce));
    assert_true(p.binding.nonce.len >= 22);
    assert_true(yao_public_key_equal(&p.key, &r.key));
    assert_status(dw_read(&link, once.body, "wallet-nonce-wallet-nonce", &r),
                  YAO_E_MISSING);
    assert_status(dw_read(&link, posted.body, "another-nonce-of-a-wallet", &r),
                  YAO_E_MISMATCH);
    assert_int_equal(dw_fetch(&link, "a nonce with blanks").status, 400);
}

static void makes_a_key_for_each(void **state)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    net_answer b = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    yao_vp_request p = dw_request(desk_member(&a, "qr"));
    yao_vp_request q = dw_request(desk_member(&b, "qr"));

    (void)state;
    assert_false(yao_public_key_equal(&p.key, &q.key));
    assert_false(yao_text_equal(p.binding.nonce, q.binding.nonce));
}

static void ends_requests(void **state)
{
    net_answer  a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    yao_vp_link link     = dw_link(desk_member(&a, "qr"));
    yao_vp_request  q    = dw_request(desk_member(&a, "qr"));
    const desk_call none = {
        .method = "GET", .path = "/request/00000000000000000000000000000000"};

    (void)state;
    assert_int_equal(dw_post(&q, dw_answer(&q, false, DW_GOOD)).status, 200);
    net_answer over = dw_fetch(&link, NULL), never = desk_ask(&none);
    assert_int_equal(over.status, 404);
    assert_int_equal(never.status, 404);
    assert_bytes(over.body, never.body);
}

/* ---- the same device ---- */

static net_answer browse(const char *path, const char *cookie)
{
    const desk_call c = {.method = "GET", .path = path, .cookie = cookie};

    return desk_ask(&c);
}

/* "name=value" of Set-Cookie, ended by a NUL. */
static const char *cookie_of(const net_answer *a)
{
    yao_text set = net_answer_header(a, "set-cookie");
    char    *out = yao_arena_take(test_arena(), set.len + 1);

    memcpy(out, set.ptr, set.len);
    out[yao_bytes_find(yao_text_bytes(set), ';')] = '\0';
    return out;
}

static const char *text_of(yao_text text)
{
    char *out = yao_arena_take(test_arena(), text.len + 1);

    memcpy(out, text.ptr, text.len);
    return out;
}

/* keep_until of the receipt in what a wallet was told, less judging. */
static int64_t told_seconds(const net_answer *a)
{
    const char     *letters = strchr(desk_member(a, "receipt"), '.') + 1;
    yao_writer      w       = yao_writer_in(test_arena());
    yao_bytes       json;
    const yao_json *root;
    int64_t         until = 0, made = 0;

    assert_status(yao_get_base64url((yao_bytes){(const uint8_t *)letters,
                                                strcspn(letters, ".")},
                                    &w),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    assert_status(yao_json_parse(test_arena(), json, &root), YAO_OK);
    assert_status(yao_json_int(yao_json_get(root, "keep_until"), &until),
                  YAO_OK);
    assert_status(yao_json_int(yao_json_get(root, "iat"), &made), YAO_OK);
    return until - made;
}

static void binds_the_browser(void **state)
{
    net_answer  a  = desk_api("POST", "/api/sessions",
                              "{\"profile\":\"hotel\",\"device\":\"same\","
                                "\"back\":\"https://hotel.example/back\"}");
    const char *id = desk_member(&a, "id");
    const char *go = dw_path(yao_text_of(desk_member(&a, "url")));
    char        path[200];
    desk_call   early = {.method = "GET", .path = path};

    (void)state;
    snprintf(path, sizeof path, "/request/%s", id);
    assert_int_equal(desk_ask(&early).status, 404); /* nobody opened it */
    a = browse(go, NULL);
    assert_int_equal(a.status, 302);
    const char    *cookie = cookie_of(&a);
    yao_vp_request q = dw_request(text_of(net_answer_header(&a, "location")));
    assert_int_equal(browse(go, NULL).status, 403);   /* another browser */
    assert_int_equal(browse(go, cookie).status, 302); /* loaded again */

    a = dw_post(&q, dw_answer(&q, true, DW_GOOD));
    assert_int_equal(a.status, 200);
    /* it is kept from when the browser came back, which may take so long */
    assert_int_equal(told_seconds(&a), 365 * 86400 + 300);
    const char *done = dw_path(yao_text_of(desk_member(&a, "redirect_uri")));
    char       *bare = strdup(done), *other = strdup(cookie);
    *strchr(bare, '?') = '\0';
    other[strlen(other) - 1] ^= 1;
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "answered");
    assert_false(desk_says(&a, "result"));
    snprintf(path, sizeof path, "/api/cards/%s", id); /* nor by that name */
    assert_int_equal(desk_api("GET", path, NULL).status, 404);

    assert_int_equal(browse(done, NULL).status, 403);
    assert_int_equal(browse(done, other).status, 403);
    assert_int_equal(browse(bare, cookie).status, 403);
    snprintf(path, sizeof path, "%s?response_code=%s", bare,
             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_int_equal(browse(path, cookie).status, 403);
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "answered");

    a = browse(done, cookie);
    assert_int_equal(a.status, 302);
    assert_true(yao_text_equal(net_answer_header(&a, "location"),
                               YAO_TEXT("https://hotel.example/back")));
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_true(desk_says(&a, id_number));
    free(bare);
    free(other);
}

/* ---- what became of documents ---- */

/* "done" with this verdict, after an answer that was taken. */
static bool gives(const char *verdict, bool mdoc)
{
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"hotel\"}");
    const char    *id = desk_member(&a, "id");
    yao_vp_request q  = dw_request(desk_member(&a, "qr"));

    assert_int_equal(dw_post(&q, dw_answer(&q, mdoc, DW_GOOD)).status, 200);
    a = result_of(id);
    assert_string_equal(desk_member(&a, "state"), "done");
    return yao_json_is(
        yao_json_get(yao_json_get(desk_json(&a), "result"), "verdict"),
        verdict);
}

static void copy_file(const char *from, const char *to)
{
    yao_bytes file;

    assert_status(yao_file_read(test_scratch_path(from), 1 << 24, &file),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path(to), file, 0644, false),
                  YAO_OK);
    yao_file_free(&file);
}

/* The desk looks at its bundle every ten seconds. */
static void hears_of_revocation(void **state)
{
    char          line[200];
    bool          heard;
    test_patience patience;

    (void)state;
    snprintf(line, sizeof line,
             "document revoke -C @/a --person %s --document resident_id "
             "--reason lost",
             id_number);
    desk_must(line, 0);
    assert_true(gives("accept", true)); /* it knows nothing yet */
    copy_file("d/trust/bundle.cose", "older.cose");
    desk_must("statuslist publish -C @/a --output @/lists", 0);
    desk_must("trust publish -C @/a --output @/t", 0);
    copy_file("t/bundle.cose", "d/trust/bundle.cose");
    patience = test_patience_begin();
    heard    = gives("reject", true);
    while (!heard && test_wait(&patience))
        heard = gives("reject", true);
    assert_true(heard);
    assert_true(gives("reject", false));
    copy_file("older.cose", "d/trust/bundle.cose"); /* somebody rolls it back */
    (void)poll(NULL, 0, 11000);
    assert_true(gives("reject", true));
}

/* ---- what is left behind ---- */

static void leaves_nothing(void **state)
{
    (void)state;
    desk_leaves_nothing(id_number);
}

int main(void)
{
    test_add("desk", "starts with what was issued", prepare, NULL);
    for (size_t i = 0; i < COUNT(showings); i++)
        test_add("desk", showings[i].name, shows, &showings[i]);
    for (size_t i = 0; i < COUNT(wrongs); i++)
        test_add("desk", wrongs[i].name, refuses, &wrongs[i]);
    test_add("desk", "accepts A7: a query of its own, for trying out",
             asks_by_query, NULL);
    test_add("desk", "never keeps N225: what nobody asked for", drops_more,
             NULL);
    for (size_t i = 0; i < COUNT(bodies); i++)
        test_add("desk", bodies[i].name, refuses_bodies, &bodies[i]);
    test_add("desk", "accepts that the holder declines", takes_a_refusal, NULL);
    test_add("desk", "refuses N220, N221: an answer twice, or another's",
             never_swaps, NULL);
    test_add("desk", "accepts N220: one of eight at once", takes_one_of_many,
             NULL);
    test_add("desk", "gives C7: a request again, and with the wallet's nonce",
             gives_requests_again, NULL);
    test_add("desk", "gives C4: a key for each request", makes_a_key_for_each,
             NULL);
    test_add("desk",
             "refuses N228: a request that is over, as one that never "
             "was",
             ends_requests, NULL);
    test_add("desk", "refuses N222, N230: another browser, another code",
             binds_the_browser, NULL);
    test_add("desk", "gives what became of a document, and never forgets it",
             hears_of_revocation, NULL);
    test_add("desk", "never leaves N316: a number in the clear", leaves_nothing,
             NULL);
    int code = test_run("journeys/desk_show");
    dw_end();
    test_scratch_remove();
    return code;
}
