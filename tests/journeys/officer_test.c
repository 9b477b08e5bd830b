/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Officers of a police station: a code, a passkey, a log-in at their own desk,
 * a reader certificate of some hours that the registrar gives, a request that a
 * wallet shows with the officer's number; and whoever asks without one, with
 * another's, for more, or after the end.
 */
#include "officer_world.h"

#include "jose/jose.h"

#define NUMBER "7K2Q-0417"

static officer ann, bob;

/* ---- the world ---- */

static void prepare(void **state)
{
    char number[64], line[240];

    (void)state;
    test_use_passphrase();
    officer_make_authority("--profile police --profile road_check "
                           "--profile hotel");
    desk_make_person(number, sizeof number);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 8 --cards 8 "
             "--document resident_id --person %s",
             number);
    test_must(line, 0);
    desk_make_desk("");
    officer_serve_authority();
    desk_start("");
}

static int ask_as(const char *profile, const char *token, net_answer *ret)
{
    char json[400];

    snprintf(json, sizeof json, "{\"profile\":\"%s\"%s%s%s}", profile,
             token != NULL ? ",\"officer\":\"" : "", token != NULL ? token : "",
             token != NULL ? "\"" : "");
    *ret = desk_api("POST", "/api/sessions", json);
    return ret->status;
}

static int present(const net_answer *session, const char *more)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present -C @/w --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem %s '%s'",
             more, desk_member(session, "qr"));
    return test_type(line)->code;
}

static const char *state_of(const net_answer *session, net_answer *ret)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s",
             desk_member(session, "id"));
    *ret = desk_api("GET", path, NULL);
    return desk_member(ret, "state");
}

/* ---- becoming one ---- */

static void registers(void **state)
{
    (void)state;
    officer_add(&ann, NUMBER, "");
    assert_int_equal(officer_register(&ann), 204);
    assert_int_equal(officer_register(&ann), 403); /* one code, one passkey */
    test_must("officer list -C @/d", 0);
    test_says(NUMBER "  active  police,road_check");
    officer_add(&bob, "0918", "--profile road_check");
    assert_int_equal(officer_register(&bob), 204);
}

static const struct adding {
    const char *name, *line;
    int         code;
} addings[] = {
    {"refuses a number twice", "officer add -C @/d --number " NUMBER, 1},
    {"refuses a name for a number", "officer add -C @/d --number '王 警官'", 1},
    {"refuses a profile that is none for officers",
     "officer add -C @/d --number 7 --profile hotel", 1},
};

static void adds(void **state)
{
    const struct adding *r = *state;

    assert_int_not_equal(test_type(r->line)->code, 0);
}

/* ---- logging in ---- */

static void logs_in(void **state)
{
    net_answer a;

    (void)state;
    officer_login(&ann);
    officer_login(&bob);
    assert_int_equal(ask_as("police", ann.token, &a), 201);
    assert_string_equal(desk_member(&a, "officer"), NUMBER);
}

static const struct shown {
    const char *name;
    ceremony    wrong;
} showns[] = {
    {"refuses N268: another page's passkey", {.origin = "https://x.example"}},
    {"refuses a signature by another key", {.spoil = true}},
    {"refuses who was not looked at", {.flags = 0x01}},
    {"refuses a registration for a log-in", {.type = "webauthn.create"}},
};

static void shows(void **state)
{
    const struct shown *r = *state;

    assert_int_equal(officer_show(&ann, &r->wrong).status, 403);
}

static void refuses_a_stranger(void **state)
{
    officer        eve  = {.pen = authenticator_new()};
    const ceremony good = {.type = NULL};

    (void)state;
    assert_int_equal(officer_show(&eve, &good).status, 403);
    yao_openssl_key_close(eve.pen.key);
}

/* ---- asking ---- */

static const struct asking {
    const char    *name, *profile;
    const officer *who; /* NULL: no token */
    const char    *token;
    int            status;
} askings[] = {
    {"accepts an officer who logged in", "police", &ann, NULL, 201},
    {"accepts an officer of the other profile", "road_check", &bob, NULL, 201},
    {"refuses nobody", "police", NULL, NULL, 403},
    {"refuses nobody at the roadside", "road_check", NULL, NULL, 403},
    {"refuses an empty token", "police", NULL, "", 403},
    {"refuses a token that is none", "police", NULL, "7K2Q", 403},
    {"refuses a token of nobody", "police", NULL,
     "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", 403},
    {"refuses an officer who may not ask this", "police", &bob, NULL, 403},
    {"accepts anybody for what is not an officer's", "hotel", NULL, NULL, 201},
};

static void asks(void **state)
{
    const struct asking *r = *state;
    net_answer           a;
    const char *token = r->who != NULL ? r->who->token : r->token;

    assert_int_equal(ask_as(r->profile, token, &a), r->status);
    if (r->status == 403)
        assert_string_equal(desk_member(&a, "error"), "officer_needed");
}

/* ---- wallets ---- */

static void shows_on_line(void **state)
{
    net_answer a, result;

    (void)state;
    assert_int_equal(ask_as("police", ann.token, &a), 201);
    assert_int_equal(present(&a, "--yes"), 0);
    test_says("SPECIMEN asks on line for: Police inquiry");
    test_says("registered as: " DESK_CODE);
    test_says("officer: " NUMBER);
    assert_string_equal(state_of(&a, &result), "done");
    assert_true(desk_says(&result, "\"verdict\":\"accept\""));
}

static void show_card(const char *codes, int code)
{
    test_write("challenge.txt", yao_text_bytes(yao_text_of(codes)));
    test_must("wallet present -C @/w --profile police --format card --yes "
              "--challenge @/challenge.txt --reader @/hotel/reader.pem "
              "--output @/card.txt",
              code);
}

/* All codes of an answer, a line each. */
static const char *lines_of(const net_answer *a)
{
    const yao_json *codes = yao_json_get(desk_json(a), "codes");
    yao_writer      w     = yao_writer_in(test_arena());
    yao_bytes       out;

    /* they have no letter that JSON would escape */
    for (const yao_json *c = codes->first; c != NULL; c = c->next) {
        yao_put_bytes(&w, yao_text_bytes(c->raw));
        yao_put_text(&w, "\n");
    }
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

static void shows_a_card(void **state)
{
    char       json[300];
    net_answer a;

    (void)state;
    a = desk_api("POST", "/api/challenges", "{\"profile\":\"police\"}");
    assert_int_equal(a.status, 403);
    assert_string_equal(desk_member(&a, "error"), "officer_needed");
    snprintf(json, sizeof json, "{\"profile\":\"police\",\"officer\":\"%s\"}",
             ann.token);
    a = desk_api("POST", "/api/challenges", json);
    assert_int_equal(a.status, 201);
    show_card(lines_of(&a), 0);
    test_says("officer: " NUMBER);
}

/* Across the counter as well, before anything is read of the phone's code. */
static void asks_at_the_counter(void **state)
{
    char       json[400];
    net_answer a;

    (void)state;
    a = desk_api("POST", "/api/counters",
                 "{\"profile\":\"police\",\"engagement\":\"mdoc:x\"}");
    assert_int_equal(a.status, 403);
    assert_string_equal(desk_member(&a, "error"), "officer_needed");
    snprintf(json, sizeof json,
             "{\"profile\":\"police\",\"engagement\":\"mdoc:x\","
             "\"officer\":\"%s\"}",
             ann.token);
    a = desk_api("POST", "/api/counters", json);
    assert_string_equal(desk_member(&a, "error"), "not_an_engagement");
}

/* A party that is registered for the police does not ask as the police. */
static void refuses_the_party(void **state)
{
    (void)state;
    test_must("gate challenge --profile police --place SPECIMEN --out @/c "
              "--reader-certificate @/hotel/reader.pem --reader-key "
              "@/hotel/reader-key.pem",
              3);
    test_must("wallet present -C @/w --profile police --format card --yes "
              "--reader @/hotel/reader.pem --output @/x",
              3);
}

/* ---- the authority's side ---- */

static net_answer certify(const char *type, const char *claims, int64_t at,
                          const char *audience)
{
    static unsigned  turn;
    char             text[1200];
    yao_openssl_key *key;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len;
    yao_writer       w;
    yao_bytes        header, jwt;
    char             uri[4200], head[100], base[64], kept[64];

    snprintf(uri, sizeof uri, "file:%s",
             test_scratch_path("hotel/reader-key.pem"));
    assert_status(yao_openssl_key_open(uri, &key), YAO_OK);
    snprintf(text, sizeof text,
             "{\"iss\":\"" DESK_CODE "\",\"aud\":\"%s\",\"iat\":%lld,"
             "\"jti\":\"request-number-%06u\",%s}",
             audience != NULL ? audience : officer_url, (long long)at, turn++,
             claims);
    snprintf(head, sizeof head, "{\"alg\":\"ES256\",\"typ\":\"%s\"}", type);
    header = yao_text_bytes(yao_text_of(head));
    w      = yao_writer_in(test_arena());
    yao_jws_put_unsigned(&w, header, yao_text_bytes(yao_text_of(text)));
    yao_sign_wish wish = {
        .alg = YAO_ES256, .parts = {{w.ptr, w.len}}, .part_count = 1};
    assert_status(yao_openssl_sign(key, &wish, signature, &len), YAO_OK);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, test_arena(), &jwt), YAO_OK);
    yao_openssl_key_close(key);

    snprintf(base, sizeof base, "http://127.0.0.1:%u", officer_port);
    memcpy(kept, desk_base, sizeof kept);
    memcpy(desk_base, base, sizeof base);
    const desk_call c = {
        .method = "POST",
        .path   = strcmp(type, "yaopai-officer-end+jwt") == 0
                      ? "/officer/end"
                      : "/officer/certificate",
        .type   = "application/jwt",
        .body   = jwt};
    net_answer a = desk_ask(&c);
    memcpy(desk_base, kept, sizeof kept);
    return a;
}

#define JWK                                                                    \
    "\"jwk\":{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":"                           \
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",\"y\":"                     \
    "\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"
#define CERTIFY "yaopai-officer+jwt"

static const struct certified {
    const char *name, *type, *claims;
    int         seconds; /* that it was signed before now */
    const char *audience;
    int         status;
} certifieds[] = {
    {"accepts what the party signed", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"]," JWK, 0, NULL, 200},
    {"refuses a profile that is not the party's", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"age\"]," JWK, 0, NULL, 403},
    {"refuses one that is none for officers", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"hotel\"]," JWK, 0, NULL, 403},
    {"refuses no profile", CERTIFY,
     "\"number\":\"1\",\"profiles\":[]," JWK, 0, NULL, 401},
    {"refuses a profile twice", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\",\"police\"]," JWK, 0, NULL,
     401},
    {"refuses a name for a number", CERTIFY,
     "\"number\":\"a b\",\"profiles\":[\"police\"]," JWK, 0, NULL, 401},
    {"refuses a member that nobody knows", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"],\"hours\":24," JWK, 0, NULL,
     401},
    {"refuses no key", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"],\"jwk\":{}", 0, NULL, 401},
    {"refuses a request of yesterday", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"]," JWK, 86400, NULL, 401},
    {"refuses a request of tomorrow", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"]," JWK, -86400, NULL, 401},
    {"refuses another address", CERTIFY,
     "\"number\":\"1\",\"profiles\":[\"police\"]," JWK, 0,
     "http://other.example", 401},
    {"refuses another type", "yaopai-netcert-check+jwt",
     "\"number\":\"1\",\"profiles\":[\"police\"]," JWK, 0, NULL, 401},
};

static void certifies(void **state)
{
    const struct certified *r = *state;
    net_answer a = certify(r->type, r->claims, yao_now() - r->seconds,
                           r->audience);

    assert_int_equal(a.status, r->status);
}

/* ---- the end ---- */

static void ends(void **state)
{
    const ceremony good = {.type = NULL};
    net_answer     a, b;

    (void)state;
    assert_int_equal(ask_as("police", ann.token, &a), 201);
    test_must("officer remove -C @/d " NUMBER, 0);
    assert_int_equal(ask_as("police", ann.token, &b), 403);
    assert_int_equal(officer_show(&ann, &good).status, 403);
    /* what was begun under the number is not given any more */
    assert_int_not_equal(present(&a, "--yes"), 0);
    /* and the authority knows it too */
    assert_int_equal(certify(CERTIFY,
                             "\"number\":\"" NUMBER
                             "\",\"profiles\":[\"police\"]," JWK,
                             yao_now(), NULL)
                         .status,
                     403);
    test_must("officer remove -C @/d " NUMBER, 0);
    test_must("officer list -C @/d", 0);
    test_says(NUMBER "  ended");
}

static void logs_out(void **state)
{
    char       json[200];
    net_answer a;

    (void)state;
    assert_int_equal(ask_as("road_check", bob.token, &a), 201);
    snprintf(json, sizeof json, "{\"officer\":\"%s\"}", bob.token);
    assert_int_equal(officer_page("/officer/logout", json).status, 204);
    assert_int_equal(ask_as("road_check", bob.token, &a), 403);
}

/* Without the authority nobody logs in, and who has goes on. */
static void works_alone(void **state)
{
    const ceremony good = {.type = NULL};
    net_answer     a;

    (void)state;
    officer_login(&bob);
    assert_true(test_server_stop(&officer_authority) == 0);
    assert_int_equal(ask_as("road_check", bob.token, &a), 201);
    a = officer_show(&bob, &good);
    assert_int_equal(a.status, 503);
    assert_string_equal(desk_member(&a, "error"), "authority_unreachable");
    assert_int_equal(test_type("officer remove -C @/d 0918")->code, 7);
    test_says("could not be told");
    assert_int_equal(ask_as("road_check", bob.token, &a), 403);
}

int main(void)
{
    test_add("officer", "accepts to begin", prepare, NULL);
    test_add("officer", "accepts a code once", registers, NULL);
    for (size_t i = 0; i < COUNT(addings); i++)
        test_add("officer", addings[i].name, adds, &addings[i]);
    test_add("officer", "accepts a passkey", logs_in, NULL);
    for (size_t i = 0; i < COUNT(showns); i++)
        test_add("officer", showns[i].name, shows, &showns[i]);
    test_add("officer", "refuses a stranger's passkey", refuses_a_stranger,
             NULL);
    for (size_t i = 0; i < COUNT(askings); i++)
        test_add("officer", askings[i].name, asks, &askings[i]);
    test_add("officer", "gives the number to the person", shows_on_line, NULL);
    test_add("officer", "gives it with a code as well", shows_a_card, NULL);
    test_add("officer", "gives it across the counter to officers only",
             asks_at_the_counter, NULL);
    test_add("officer", "refuses the party's own certificate",
             refuses_the_party, NULL);
    for (size_t i = 0; i < COUNT(certifieds); i++)
        test_add("officer", certifieds[i].name, certifies, &certifieds[i]);
    test_add("officer", "refuses an officer who was ended", ends, NULL);
    test_add("officer", "refuses N267: a token after its end", logs_out, NULL);
    test_add("officer", "gives no certificate without the authority",
             works_alone, NULL);

    int code = test_run("journeys/officer");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
