/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operators from invitation to end, through the routes, without a network: a
 * call finds its row in the table, passes the door, and gets a reply.
 */
#include "authenticator.h"

#include <stdio.h>

#include "app/files.h"
#include "authority/console/operator_inside.h"
#include "app/router.h"
#include "authority/server/inside.h"
#include "program.h"

#define START INT64_C(1800000000)
#define ORIGIN "http://console.localhost:8444"

static authority_server server;
static server_worker    worker;
static authority       *a = &worker.authority;
static yao_time         now;

/* ---- a call ------------------------------------------------------------- */

typedef struct answer {
    yao_status status;
    int        code;
    yao_text   body, cookie; /* the value of Set-Cookie up to ";" */
} answer;

static const app_route *find(const char *method, const char *path,
                             yao_text *part)
{
    const app_routes *t = console_operator_part.tables;

    for (size_t i = 0; i < t->count; i++) {
        size_t   count;
        yao_text parts[APP_MAX_PARTS];
        if (strcmp(t->routes[i].method, method) == 0 &&
            app_path_matches(t->routes[i].path, yao_text_of(path), parts,
                             &count)) {
            *part = count > 0 ? parts[0] : YAO_TEXT("");
            return &t->routes[i];
        }
    }
    fail_msg("no route %s %s", method, path);
    return NULL;
}

static yao_text cookie_of(const app_reply *reply)
{
    for (size_t i = 0; i < reply->header_count; i++) {
        yao_text v = reply->headers[i].value;
        if (!yao_text_equal(reply->headers[i].name, YAO_TEXT("Set-Cookie")))
            continue;
        return (yao_text){v.ptr, yao_bytes_find(yao_text_bytes(v), ';')};
    }
    return YAO_TEXT("");
}

static answer ask(const char *method, const char *path, yao_text cookie,
                  yao_bytes body)
{
    const net_header header = {YAO_TEXT("cookie"), cookie};
    net_request      http   = {.headers      = &header,
                               .header_count = cookie.len != 0,
                               .body         = body,
                               .arena        = test_arena()};
    app_call         call   = {.http   = &http,
                               .server = &server,
                               .arena  = test_arena(),
                               .crypto = a->crypto,
                               .now    = now};
    app_reply        reply  = {.status = 0};
    answer           got    = {.status = YAO_OK};

    call.route = find(method, path, &call.parts[0]);
    if ((call.route->needs & APP_WHO) == APP_OPERATOR)
        got.status = console_operator_door(&call);
    if (got.status == YAO_OK)
        got.status = call.route->run(&call, &reply);
    got.code   = reply.status;
    got.body   = (yao_text){reply.body.ptr, reply.body.len};
    got.cookie = cookie_of(&reply);
    return got;
}

static answer post(const char *path, yao_text cookie, const char *body)
{
    return ask("POST", path, cookie,
               yao_text_bytes(yao_text_of(body != NULL ? body : "")));
}

static yao_text string_of(yao_text body, const char *name)
{
    const yao_json *json;
    yao_text        text;

    assert_status(yao_json_parse(test_arena(), yao_text_bytes(body), &json),
                  YAO_OK);
    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    return text;
}

/* ---- ceremonies --------------------------------------------------------- */

static const ceremony good = {.type = NULL};

/* What the browser is told to expect, from the options. */
static yao_webauthn_expected options_of(yao_text body)
{
    const yao_json *json;
    yao_text        letters;
    uint8_t        *bytes = yao_arena_take(test_arena(), 32);

    assert_status(yao_json_parse(test_arena(), yao_text_bytes(body), &json),
                  YAO_OK);
    json = yao_json_get(json, "publicKey");
    assert_status(yao_json_string(yao_json_get(json, "challenge"), test_arena(),
                                  &letters),
                  YAO_OK);
    assert_status(console_read_letters(letters, bytes, 32), YAO_OK);
    return (yao_webauthn_expected){.rp_id     = YAO_TEXT("console.localhost"),
                                   .origin    = YAO_TEXT(ORIGIN),
                                   .challenge = {bytes, 32}};
}

static yao_text text_of(yao_writer *w)
{
    yao_bytes out = auth_keep(w);

    return (yao_text){out.ptr, out.len};
}

static yao_bytes say(const char *code, const yao_webauthn_response *r)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_text(&w, "{");
    if (code != NULL) {
        yao_put_text(&w, "\"code\":\"");
        yao_put_text(&w, code);
        yao_put_text(&w, "\",");
    }
    yao_put_text(&w, "\"credential\":");
    auth_put_json(&w, r);
    yao_put_text(&w, "}");
    return auth_keep(&w);
}

static yao_webauthn_expected begin_register(const char *code)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_text(&w, "{\"name\":\"n\",\"code\":\"");
    yao_put_text(&w, code);
    yao_put_text(&w, "\"}");
    answer got = ask("POST", "/api/operator/register/begin", YAO_TEXT(""),
                     yao_text_bytes(text_of(&w)));
    assert_status(got.status, YAO_OK);
    return options_of(got.body);
}

static yao_status enter(const authenticator *pen, const char *code,
                        const ceremony *how)
{
    yao_webauthn_expected e = begin_register(code);
    yao_webauthn_response r = auth_create(pen, how, a->crypto, &e);

    return ask("POST", "/api/operator/register", YAO_TEXT(""), say(code, &r))
        .status;
}

static yao_webauthn_expected begin_login(void)
{
    answer got = post("/api/operator/login/begin", YAO_TEXT(""), NULL);

    assert_status(got.status, YAO_OK);
    return options_of(got.body);
}

static answer log_in(authenticator *pen, const ceremony *how)
{
    yao_webauthn_expected e = begin_login();

    pen->counter++;
    yao_webauthn_response r = auth_get(pen, how, a->crypto, &e);
    return ask("POST", "/api/operator/login", YAO_TEXT(""), say(NULL, &r));
}

/* ---- operators, by the shortest way ------------------------------------- */

/* Two administrators who are there all the time, without passkeys of use. */
static const uint8_t one[STORE_ID_LEN] = {1}, two[STORE_ID_LEN] = {2};

#define ONE ((yao_bytes){one, sizeof one})
#define TWO ((yao_bytes){two, sizeof two})

static void put_administrator(yao_bytes id, const char *name)
{
    static const uint8_t point[65];
    store_change         change = store_change_open(test_arena());

    store_put_operator(&change, &(store_operator){.id    = id,
                                                  .name  = yao_text_of(name),
                                                  .roles = APP_ADMINISTRATOR,
                                                  .added = now});
    store_put_passkey(&change, &(store_passkey){.id       = id,
                                                .operator = id,
                                                .point    = {point, 65},
                                                .model    = {point, 16},
                                                .added    = now});
    assert_status(store_commit(a->store, &change), YAO_OK);
}

/* The two halves, as the new operator types them. */
static const char *join(yao_text half, yao_text code)
{
    size_t cap = half.len + code.len + 2;
    char  *out = yao_arena_take(test_arena(), cap);

    snprintf(out, cap, "%.*s.%.*s", (int)half.len, (const char *)half.ptr,
             (int)code.len, (const char *)code.ptr);
    return out;
}

static const char *invite(int64_t roles)
{
    static unsigned number;
    char            name[32];
    yao_text        code;
    console_proposed made;

    if (number == 0) {
        put_administrator(ONE, "one");
        put_administrator(TWO, "two");
    }
    snprintf(name, sizeof name, "op-%u", ++number);
    const console_proposal what = {.name = yao_text_of(name), .roles = roles};
    assert_status(console_propose(a, ONE, &what, now, test_arena(), &made),
                  YAO_OK);
    assert_status(console_confirm(a, TWO, made.id, now, test_arena(), &code),
                  YAO_OK);
    return join(made.half, code);
}

static authenticator new_operator(int64_t roles)
{
    const char   *code = invite(roles);
    authenticator pen  = authenticator_new();

    assert_status(enter(&pen, code, &good), YAO_OK);
    return pen;
}

/* A session of a new operator with ROLES. */
static yao_text session_of(int64_t roles)
{
    authenticator pen = new_operator(roles);
    answer        got = log_in(&pen, &good);

    assert_status(got.status, YAO_OK);
    yao_openssl_key_close(pen.key);
    return got.cookie;
}

static yao_bytes id_of(yao_text cookie)
{
    answer     got = ask("GET", "/api/operator", cookie, (yao_bytes){NULL, 0});
    uint8_t   *id  = yao_arena_take(test_arena(), STORE_ID_LEN);
    yao_writer w   = yao_writer_open(id, STORE_ID_LEN);

    assert_status(got.status, YAO_OK);
    assert_status(yao_get_hex(yao_text_bytes(string_of(got.body, "id")), &w),
                  YAO_OK);
    return (yao_bytes){id, STORE_ID_LEN};
}

/* ---- the first ones ------------------------------------------------------ */

static void two_by_command(void **state)
{
    yao_text code;
    size_t   count;
    yao_time then = yao_now(); /* the command line's */
    (void)state;

    assert_int_equal(test_type("operator list -C @/a")->code, 0);
    assert_true(test_said("There is no operator"));
    assert_int_equal(
        test_type("operator add -C @/a --name Clerk --role clerk")->code, 3);
    assert_int_equal(
        test_type("operator add -C @/a --name c --role emperor")->code, 3);
    assert_int_equal(
        test_type("operator add -C @/a --name first --role administrator "
                  "--json")
            ->code,
        0);
    assert_true(test_said("{\"code\":\""));
    assert_int_equal(
        test_type("operator add -C @/a --name first --role administrator")
            ->code,
        3);
    assert_int_equal(
        test_type("operator add -C @/a --name clerk --role clerk --json")->code,
        0);
    assert_true(test_said("{\"case\":\"")); /* no administrator: a case */
    assert_status(console_invite_first(a, YAO_TEXT("second"),
                                       APP_ADMINISTRATOR | APP_AUDITOR, then,
                                       test_arena(), &code),
                  YAO_OK);
    assert_status(console_count_administrators(a, (yao_bytes){NULL, 0}, then,
                                               test_arena(), &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(console_invite_first(a, YAO_TEXT("third"), APP_ADMINISTRATOR,
                                       then, test_arena(), &code),
                  YAO_E_NOT_AUTHORISED);
    /* a day later nobody has come with either of the two codes */
    assert_status(console_count_administrators(a, (yao_bytes){NULL, 0},
                                               then + CONSOLE_CODE_SECONDS + 60,
                                               test_arena(), &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_int_equal(
        test_type("operator add -C @/a --name third --role administrator")
            ->code,
        0);
    assert_true(test_said("two administrators have to agree"));
    assert_int_equal(test_type("operator list -C @/a --json")->code, 0);
    assert_true(test_said("{\"operators\":[{\"name\":\"first\",\"state\":"
                          "\"invited\",\"roles\":[\"administrator\"]}"));
    assert_int_equal(test_type("operator remove -C @/a nobody")->code, 7);
    assert_int_equal(test_type("operator remove -C @/a second")->code, 0);
    assert_true(test_said("Case"));
}

/* ---- registering --------------------------------------------------------- */

static void registers_once(void **state)
{
    const char   *code = invite(APP_CLERK);
    authenticator pen = authenticator_new(), other = authenticator_new();
    (void)state;

    assert_status(enter(&pen, code, &good), YAO_OK);
    assert_status(enter(&other, code, &good), YAO_E_REFUSED);
    assert_status(enter(&pen, invite(APP_CLERK), &good), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
    yao_openssl_key_close(other.key);
}

static void code_ends(void **state)
{
    const char   *code = invite(APP_CLERK);
    authenticator pen  = authenticator_new();
    (void)state;

    now += CONSOLE_CODE_SECONDS;
    assert_status(enter(&pen, code, &good), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
}

/* Another code of the same operator opens nothing. */
static void code_is_secret(void **state)
{
    char          code[64];
    authenticator pen = authenticator_new();
    (void)state;

    snprintf(code, sizeof code, "%s", invite(APP_CLERK));
    code[47] = code[47] == 'A' ? 'B' : 'A';
    assert_status(enter(&pen, code, &good), YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
}

/* Who confirms registers nobody alone, nor does who proposed: each would have
 * two names to agree with. */
static void takes_both_halves(void **state)
{
    authenticator pen  = authenticator_new();
    const char   *code = invite(APP_SUPERVISOR);
    const char   *dot  = strchr(code, '.');
    char          other[64];
    (void)state;

    assert_non_null(dot);
    assert_status(enter(&pen, dot + 1, &good), YAO_E_REFUSED);
    snprintf(other, sizeof other, "%s", code);
    other[3] = other[3] == 'A' ? 'B' : 'A';
    assert_status(enter(&pen, other, &good), YAO_E_REFUSED);
    assert_status(enter(&pen, code, &good), YAO_OK);
    yao_openssl_key_close(pen.key);
}

static void challenges_have_a_use(void **state)
{
    const char           *code = invite(APP_CLERK);
    authenticator         pen  = authenticator_new();
    yao_webauthn_expected e    = begin_login();
    yao_webauthn_response r    = auth_create(&pen, &good, a->crypto, &e);
    (void)state;

    assert_status(ask("POST", "/api/operator/register", YAO_TEXT(""),
                      say(code, &r))
                      .status,
                  YAO_E_REFUSED);
    assert_status(enter(&pen, code, &good), YAO_OK);
    e = begin_register(code);
    pen.counter++;
    r = auth_get(&pen, &good, a->crypto, &e);
    assert_status(
        ask("POST", "/api/operator/login", YAO_TEXT(""), say(NULL, &r)).status,
        YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
}

/* ---- logging in ---------------------------------------------------------- */

static const struct attempt {
    const char *name;
    ceremony    how;
    yao_status  want;
} attempts[] = {
    {"accepts a passkey", {.type = NULL}, YAO_OK},
    {"refuses N268: another origin", {.origin = "http://localhost:8444"},
     YAO_E_REFUSED},
    {"refuses N268: another relying party", {.rp_id = "localhost"},
     YAO_E_REFUSED},
    {"refuses N268: nobody verified", {.flags = 0x01}, YAO_E_REFUSED},
    {"refuses a wrong signature", {.spoil = true}, YAO_E_REFUSED},
    {"refuses a page inside of another one",
     {.more = ",\"crossOrigin\":true"}, YAO_E_REFUSED},
};

static void logs_in(void **state)
{
    const struct attempt *t   = *state;
    authenticator         pen = new_operator(APP_CLERK);

    answer got = log_in(&pen, &t->how);
    assert_status(got.status, t->want);
    assert_int_equal(got.cookie.len != 0, t->want == YAO_OK);
    yao_openssl_key_close(pen.key);
}

static void refuses_a_copy(void **state)
{
    authenticator pen = new_operator(APP_CLERK), copy = pen;
    (void)state;

    assert_status(log_in(&pen, &good).status, YAO_OK);
    assert_status(log_in(&copy, &good).status, YAO_E_REFUSED);
    assert_status(log_in(&pen, &good).status, YAO_OK);
    yao_openssl_key_close(pen.key);
}

static void refuses_twice(void **state)
{
    authenticator         pen = new_operator(APP_CLERK);
    yao_webauthn_expected e   = begin_login();
    (void)state;

    pen.counter++;
    yao_webauthn_response r    = auth_get(&pen, &good, a->crypto, &e);
    yao_bytes             body = say(NULL, &r);
    assert_status(ask("POST", "/api/operator/login", YAO_TEXT(""), body).status,
                  YAO_OK);
    assert_status(ask("POST", "/api/operator/login", YAO_TEXT(""), body).status,
                  YAO_E_REFUSED);
    e = begin_login();
    pen.counter++;
    r = auth_get(&pen, &good, a->crypto, &e);
    now += 121;
    assert_status(
        ask("POST", "/api/operator/login", YAO_TEXT(""), say(NULL, &r)).status,
        YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
}

static void refuses_strangers(void **state)
{
    authenticator pen = authenticator_new();
    (void)state;

    assert_status(log_in(&pen, &good).status, YAO_E_REFUSED);
    assert_status(post("/api/operator/login", YAO_TEXT(""), "{}").status,
                  YAO_E_REFUSED);
    yao_openssl_key_close(pen.key);
}

/* ---- sessions ------------------------------------------------------------ */

static yao_status who(yao_text cookie)
{
    return ask("GET", "/api/operator", cookie, (yao_bytes){NULL, 0}).status;
}

static void session_idles(void **state)
{
    yao_text cookie = session_of(APP_CLERK);
    (void)state;

    assert_status(who(cookie), YAO_OK);
    for (int i = 0; i < 3; i++) {
        now += CONSOLE_IDLE_SECONDS - 1;
        assert_status(who(cookie), YAO_OK);
    }
    now += CONSOLE_IDLE_SECONDS;
    assert_status(who(cookie), YAO_E_NOT_FOUND);
}

static void session_ends(void **state)
{
    yao_text cookie = session_of(APP_CLERK);
    yao_time until  = now + CONSOLE_SESSION_SECONDS;
    (void)state;

    for (; now < until; now += 600)
        assert_status(who(cookie), YAO_OK);
    now = until;
    assert_status(who(cookie), YAO_E_EXPIRED);
}

static void logs_out(void **state)
{
    yao_text cookie = session_of(APP_CLERK);
    (void)state;

    answer got = post("/api/operator/logout", cookie, NULL);
    assert_status(got.status, YAO_OK);
    assert_int_equal(got.code, 204);
    assert_true(got.cookie.len > 0 &&
                got.cookie.ptr[got.cookie.len - 1] == '=');
    assert_status(who(cookie), YAO_E_NOT_FOUND);
}

static void wants_its_cookie(void **state)
{
    yao_text   cookie = session_of(APP_CLERK);
    yao_writer w;
    (void)state;

    assert_status(who(YAO_TEXT("")), YAO_E_MISSING);
    assert_status(who(YAO_TEXT("yaopai-operator=AAAA")), YAO_E_MISSING);
    assert_status(
        who(YAO_TEXT("yaopai-operator=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                     "AAAAAAAAAAA")),
        YAO_E_NOT_FOUND);
    w = yao_writer_in(test_arena());
    yao_put_bytes(&w, yao_text_bytes(cookie));
    yao_put_text(&w, "; ");
    yao_put_bytes(&w, yao_text_bytes(cookie));
    assert_status(who(text_of(&w)), YAO_E_MISSING);
    w = yao_writer_in(test_arena());
    yao_put_text(&w, "a=b;c; ");
    yao_put_bytes(&w, yao_text_bytes(cookie));
    assert_status(who(text_of(&w)), YAO_OK);
}

/* N267: what was taken away is gone at once; each log-in has its own token. */
static void follows_roles(void **state)
{
    authenticator pen   = new_operator(APP_AUDITOR);
    answer        first = log_in(&pen, &good), second = log_in(&pen, &good);
    (void)state;

    assert_false(yao_text_equal(first.cookie, second.cookie));
    assert_status(ask("GET", "/api/operators", first.cookie,
                      (yao_bytes){NULL, 0})
                      .status,
                  YAO_OK);
    store_change change = store_change_open(test_arena());
    store_set_operator_roles(&change, id_of(first.cookie), APP_CLERK, now);
    assert_status(store_commit(a->store, &change), YAO_OK);
    assert_status(ask("GET", "/api/operators", first.cookie,
                      (yao_bytes){NULL, 0})
                      .status,
                  YAO_E_NOT_AUTHORISED);
    assert_status(who(first.cookie), YAO_OK);
    yao_openssl_key_close(pen.key);
}

/* ---- four eyes ----------------------------------------------------------- */

static const char *case_path(yao_text body)
{
    static char path[128];
    yao_text    id = string_of(body, "case");

    snprintf(path, sizeof path, "/api/operators/cases/%.*s/confirm",
             (int)id.len, (const char *)id.ptr);
    return path;
}

static void takes_two(void **state)
{
    yao_text ann = session_of(APP_ADMINISTRATOR);
    yao_text bob = session_of(APP_ADMINISTRATOR);
    (void)state;

    answer got = post("/api/operators", ann,
                      "{\"name\":\"new-clerk\",\"roles\":[\"clerk\"]}");
    assert_status(got.status, YAO_OK);
    assert_int_equal(got.code, 202);
    const char *path = case_path(got.body);
    yao_text    half = string_of(got.body, "half");
    assert_status(post(path, ann, NULL).status, YAO_E_NOT_AUTHORISED);
    got = post(path, bob, NULL);
    assert_status(got.status, YAO_OK);
    authenticator pen = authenticator_new();
    assert_status(enter(&pen, join(half, string_of(got.body, "code")), &good),
                  YAO_OK);
    assert_status(log_in(&pen, &good).status, YAO_OK);
    assert_status(post(path, bob, NULL).status, YAO_E_NOT_AUTHORISED);
    assert_status(post("/api/operators", ann,
                       "{\"name\":\"new-clerk\",\"roles\":[\"clerk\"]}")
                      .status,
                  YAO_E_EXISTS);
    yao_openssl_key_close(pen.key);
}

static const char *end_path(yao_bytes id)
{
    static char path[128];
    char        hex[33] = "";
    yao_writer  w       = yao_writer_open((uint8_t *)hex, 32);

    yao_put_hex(&w, id);
    snprintf(path, sizeof path, "/api/operators/%s/end", hex);
    return path;
}

static void ends_at_once(void **state)
{
    yao_text      ann = session_of(APP_ADMINISTRATOR);
    yao_text      bob = session_of(APP_ADMINISTRATOR);
    authenticator pen = new_operator(APP_CLERK);
    (void)state;

    yao_text clerk = log_in(&pen, &good).cookie;
    answer   got   = post(end_path(id_of(clerk)), ann, NULL);
    assert_status(got.status, YAO_OK);
    assert_status(who(clerk), YAO_OK);
    assert_status(post(case_path(got.body), bob, NULL).status, YAO_OK);
    assert_status(who(clerk), YAO_E_NOT_FOUND);
    assert_status(log_in(&pen, &good).status, YAO_E_REFUSED);
    assert_status(post("/api/operators/00/end", ann, NULL).status,
                  YAO_E_NOT_FOUND);
    yao_openssl_key_close(pen.key);
}

/* What the command line proposes has no word of anybody: it takes two. */
static void takes_two_of_the_console(void **state)
{
    const console_proposal what = {.name  = YAO_TEXT("by-command"),
                                   .roles = APP_CLERK};
    yao_text               ann  = session_of(APP_ADMINISTRATOR);
    yao_text               bob  = session_of(APP_ADMINISTRATOR);
    char                   path[128], hex[33] = "";
    yao_writer             w = yao_writer_open((uint8_t *)hex, 32);
    console_proposed       made;
    (void)state;

    assert_status(console_propose(a, (yao_bytes){NULL, 0}, &what, now,
                                  test_arena(), &made),
                  YAO_OK);
    yao_put_hex(&w, made.id);
    snprintf(path, sizeof path, "/api/operators/cases/%s/confirm", hex);
    answer got = post(path, ann, NULL);
    assert_status(got.status, YAO_OK);
    assert_int_equal(got.code, 202);
    assert_status(post(path, ann, NULL).status, YAO_E_NOT_AUTHORISED);
    got = post(path, bob, NULL);
    assert_status(got.status, YAO_OK);
    assert_int_equal(got.code, 200);
    authenticator pen = authenticator_new();
    assert_status(
        enter(&pen, join(made.half, string_of(got.body, "code")), &good),
        YAO_OK);
    yao_openssl_key_close(pen.key);
}

/* Who proposed was ended meanwhile: their word counts no more. Their own end
 * others may confirm. */
static void proposes_while_there(void **state)
{
    yao_text ann = session_of(APP_ADMINISTRATOR);
    yao_text bob = session_of(APP_ADMINISTRATOR);
    (void)state;

    answer added = post("/api/operators", ann,
                        "{\"name\":\"late-one\",\"roles\":[\"clerk\"]}");
    assert_status(added.status, YAO_OK);
    char path[128];
    snprintf(path, sizeof path, "%s", case_path(added.body));
    answer gone = post(end_path(id_of(ann)), ann, NULL);
    assert_status(gone.status, YAO_OK);
    assert_status(post(case_path(gone.body), bob, NULL).status, YAO_OK);
    assert_status(post(path, bob, NULL).status, YAO_E_REFUSED);
}

static const struct proposal {
    const char *name, *body;
    yao_status  want;
} proposals[] = {
    {"refuses a name with other letters",
     "{\"name\":\"Li Hua\",\"roles\":[\"clerk\"]}", YAO_E_VALUE},
    {"refuses a name of 41 letters",
     "{\"name\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
     "\"roles\":[\"clerk\"]}", YAO_E_VALUE},
    {"refuses no name", "{\"name\":\"\",\"roles\":[\"clerk\"]}", YAO_E_VALUE},
    {"refuses no roles", "{\"name\":\"a\",\"roles\":[]}", YAO_E_VALUE},
    {"refuses a role that is none",
     "{\"name\":\"a\",\"roles\":[\"clerk\",\"emperor\"]}", YAO_E_VALUE},
    {"refuses roles that are no list", "{\"name\":\"a\",\"roles\":\"clerk\"}",
     YAO_E_VALUE},
};

static void proposes(void **state)
{
    const struct proposal *p = *state;

    assert_status(post("/api/operators", session_of(APP_ADMINISTRATOR), p->body)
                      .status,
                  p->want);
}

static void other_cases_are_not_theirs(void **state)
{
    static const uint8_t id[STORE_ID_LEN] = {9};
    store_change         change = store_change_open(test_arena());
    yao_text             code;
    (void)state;

    store_put_case(&change, &(store_case){.id      = {id, sizeof id},
                                          .kind    = YAO_TEXT("enrol.face"),
                                          .subject = YAO_LIT(""),
                                          .detail  = YAO_TEXT("{}"),
                                          .sealed  = YAO_LIT("")});
    store_decide_case(&change, (yao_bytes){id, 16}, YAO_TEXT("accept"), ONE,
                      now);
    assert_status(store_commit(a->store, &change), YAO_OK);
    assert_status(console_confirm(a, TWO, (yao_bytes){id, 16}, now,
                                  test_arena(), &code),
                  YAO_E_NOT_FOUND);
}

/* All administrators but two are ended by these; one of them ends the other,
 * who may not end the one that is left. */
static void keeps_the_last(void **state)
{
    store_operator *all;
    size_t          count;
    yao_text        code;
    console_proposed made;
    (void)state;

    assert_status(store_list_operators(a->store, test_arena(), &all, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++) {
        const console_proposal what = {.id = all[i].id};
        if (all[i].state == STORE_OPERATOR_ENDED ||
            (all[i].roles & APP_ADMINISTRATOR) == 0 ||
            yao_bytes_equal(all[i].id, ONE) || yao_bytes_equal(all[i].id, TWO))
            continue;
        assert_status(console_propose(a, ONE, &what, now, test_arena(), &made),
                      YAO_OK);
        assert_status(
            console_confirm(a, TWO, made.id, now, test_arena(), &code), YAO_OK);
    }
    const console_proposal end_two = {.id = TWO}, end_one = {.id = ONE};
    console_proposed       last;
    assert_status(console_propose(a, TWO, &end_one, now, test_arena(), &last),
                  YAO_OK);
    assert_status(console_propose(a, TWO, &end_two, now, test_arena(), &made),
                  YAO_OK);
    assert_status(console_confirm(a, ONE, made.id, now, test_arena(), &code),
                  YAO_OK);
    assert_status(console_confirm(a, TWO, last.id, now, test_arena(), &code),
                  YAO_E_NOT_AUTHORISED);
    assert_status(console_confirm(a, ONE, last.id, now, test_arena(), &code),
                  YAO_E_REFUSED);
    assert_status(console_propose(a, TWO, &end_one, now, test_arena(), &made),
                  YAO_E_NOT_AUTHORISED);
}

/* ---- every route, every role: N263 --------------------------------------- */

static void walk(void **state)
{
    const app_routes *t = console_operator_part.tables;
    yao_text          cookies[6];
    (void)state;

    for (int role = 0; role < 6; role++)
        cookies[role] = session_of(1 << role);
    for (size_t i = 0; i < t->count; i++) {
        app_call call = {.route  = &t->routes[i],
                         .server = &server,
                         .arena  = test_arena(),
                         .now    = now};
        if ((t->routes[i].needs & APP_WHO) != APP_OPERATOR) {
            assert_int_equal(t->routes[i].needs & APP_WHO, APP_PAGE);
            continue;
        }
        for (int role = 0; role < 6; role++) {
            const net_header header = {YAO_TEXT("cookie"), cookies[role]};
            net_request http = {.headers = &header, .header_count = 1};
            call.http        = &http;
            assert_status(console_operator_door(&call),
                          (t->routes[i].roles & 1 << role) != 0
                              ? YAO_OK
                              : YAO_E_NOT_AUTHORISED);
        }
        net_request nobody = {.header_count = 0};
        call.http          = &nobody;
        assert_status(console_operator_door(&call), YAO_E_MISSING);
    }
}

static bool open_all(void)
{
    yao_settings_trouble trouble;
    const char          *place = "";
    static authority     first;

    assert_int_equal(test_type("authority init -C @/a --demo")->code, 0);
    if (authority_open(test_scratch_path("a"), &first, &trouble, &place) !=
        YAO_OK)
        return false;
    server = (authority_server){.first = &first, .workers = &worker,
                                .worker_count = 1};
    snprintf(first.config.values[SETTING_CONSOLE_URL].text, YAO_MAX_SETTING,
             ORIGIN);
    now = START;
    return server_worker_open(&first, &worker) == YAO_OK;
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"command", "gives codes for two administrators, then cases",
     two_by_command},
    {"register", "accepts a code once, and a passkey once", registers_once},
    {"register", "refuses a code after a day", code_ends},
    {"register", "refuses another secret in a code", code_is_secret},
    {"register", "refuses N265: half of a code", takes_both_halves},
    {"challenge", "refuses one of another use", challenges_have_a_use},
    {"login", "refuses N268: a copy whose counter stands", refuses_a_copy},
    {"login", "refuses a response twice, and too late", refuses_twice},
    {"login", "refuses whom nobody knows", refuses_strangers},
    {"session", "refuses N267: after 15 minutes of nothing", session_idles},
    {"session", "refuses after eight hours", session_ends},
    {"session", "refuses N267: after logging out", logs_out},
    {"session", "refuses another cookie, and two", wants_its_cookie},
    {"session", "refuses N267: roles that were taken away", follows_roles},
    {"four eyes", "refuses N265: who confirms the own proposal", takes_two},
    {"four eyes", "gives what the command line proposed to two",
     takes_two_of_the_console},
    {"four eyes", "gives an end to sessions and log-ins", ends_at_once},
    {"four eyes", "refuses N265: what who was ended had proposed",
     proposes_while_there},
    {"four eyes", "refuses a case of another kind", other_cases_are_not_theirs},
    {"roles", "refuses N263: each route to each other role", walk},
    {"four eyes", "never ends the last administrator", keeps_the_last},
};

int main(void)
{
    if (!open_all())
        return 1;
    for (size_t i = 0; i < COUNT(rows) - 1; i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(attempts); i++)
        test_add("login", attempts[i].name, logs_in, &attempts[i]);
    for (size_t i = 0; i < COUNT(proposals); i++)
        test_add("propose", proposals[i].name, proposes, &proposals[i]);
    test_add(rows[COUNT(rows) - 1].group, rows[COUNT(rows) - 1].name,
             rows[COUNT(rows) - 1].run, NULL);
    int code = test_run("authority/console/operator");
    server_worker_close(&worker);
    authority_close(server.first);
    test_scratch_remove();
    return code;
}
