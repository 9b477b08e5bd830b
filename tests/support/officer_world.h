/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_OFFICER_WORLD_H
#define YAO_TEST_OFFICER_WORLD_H

/**
 * An authority that serves, the desk of a police station, and officers with
 * passkeys made when a test runs.
 *
 *     officer_make();                        // @/a, @/hotel (the party), @/d
 *     officer_add(&o, "7K2Q-0417", "");
 *     officer_register(&o);  officer_login(&o);   // o.token
 */

#include "authenticator.h"
#include "desk_world.h"
#include "token.h"
#include "journey.h"

typedef struct officer {
    authenticator pen;
    char          code[128], token[128];
} officer;

static test_server officer_authority;
static unsigned    officer_port;
static char        officer_url[64];

/* ---- the world ---- */

/* The authority and a party; people and documents come between. */
static inline void officer_make_authority(const char *profiles)
{
    char line[400];

    setenv("LC_ALL", "C", 1);
    officer_port = test_free_port();
    snprintf(officer_url, sizeof officer_url, "http://authority.localhost:%u",
             officer_port);
    snprintf(line, sizeof line, "authority init --demo -C @/a --url %s",
             officer_url);
    desk_must(line, 0);
    snprintf(line, sizeof line,
             "party register -C @/a --code " DESK_CODE
             " --name SPECIMEN %s --out @/hotel",
             profiles);
    desk_must(line, 0);
}

static inline void officer_serve_authority(void)
{
    char line[200];

    snprintf(line, sizeof line,
             "authority serve -C @/a --listen 127.0.0.1:%u --kiosk-listen none "
             "--console-listen none",
             officer_port);
    assert_true(test_server_start(&officer_authority, line));
}

/* ---- asking as the desk's own page ---- */

static inline net_answer officer_page(const char *path, const char *json)
{
    char            origin[64];
    const desk_call c = {
        .method = "POST",
        .path   = path,
        .type   = json[0] != '\0' ? "application/json" : NULL,
        .origin = origin,
        .body   = yao_text_bytes(yao_text_of(json))};

    snprintf(origin, sizeof origin, "http://desk.localhost:%u", desk_port);
    return desk_ask(&c);
}

static inline yao_webauthn_expected officer_expected(const net_answer *options)
{
    static uint8_t challenge[32];
    static char    origin[64];
    yao_writer     w = yao_writer_open(challenge, sizeof challenge);
    yao_text       letters;

    assert_int_equal(options->status, 200);
    assert_status(
        yao_json_string(yao_json_get(yao_json_get(desk_json(options),
                                                  "publicKey"),
                                     "challenge"),
                        test_arena(), &letters),
        YAO_OK);
    assert_status(yao_get_base64url(yao_text_bytes(letters), &w), YAO_OK);
    snprintf(origin, sizeof origin, "http://desk.localhost:%u", desk_port);
    return (yao_webauthn_expected){YAO_TEXT("desk.localhost"),
                                   yao_text_of(origin),
                                   {challenge, sizeof challenge}};
}

/* HEAD (with a comma, or nothing), then the credential. */
static inline const char *officer_body(const char                  *head,
                                       const yao_webauthn_response *r)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_put_byte(&w, '{');
    yao_put_text(&w, head);
    yao_put_text(&w, "\"credential\":");
    auth_put_json(&w, r);
    yao_put_text(&w, "}");
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

/* ---- officers ---- */

static inline void officer_add(officer *o, const char *number,
                               const char *more)
{
    char line[200];

    *o = (officer){.pen = authenticator_new()};
    snprintf(line, sizeof line, "officer add --json -C @/d --number %s %s",
             number, more);
    const test_output *out = desk_must(line, 0);
    const yao_json    *json;
    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(out->out)), &json),
                  YAO_OK);
    test_keep_text(yao_json_get(json, "code"), o->code, sizeof o->code);
}

static inline int officer_register(const officer *o)
{
    const ceremony good = {.type = NULL};
    char           head[200];
    const char    *body;

    snprintf(head, sizeof head, "{\"code\":\"%s\"}", o->code);
    net_answer begun = officer_page("/officer/register/begin", head);
    yao_webauthn_expected e = officer_expected(&begun);
    yao_webauthn_response r = auth_create(&o->pen, &good, test_crypto(), &e);
    snprintf(head, sizeof head, "\"code\":\"%s\",", o->code);
    body = officer_body(head, &r);
    return officer_page("/officer/register", body).status;
}

/* WRONG: what is wrong with what is shown. */
static inline net_answer officer_show(officer *o, const ceremony *wrong)
{
    net_answer            begun = officer_page("/officer/login/begin", "");
    yao_webauthn_expected e     = officer_expected(&begun);

    o->pen.counter++;
    yao_webauthn_response r = auth_get(&o->pen, wrong, test_crypto(), &e);
    return officer_page("/officer/login", officer_body("", &r));
}

static inline void officer_login(officer *o)
{
    const ceremony good   = {.type = NULL};
    net_answer     answer = officer_show(o, &good);

    if (answer.status != 200)
        print_message("# %d %.*s\n", answer.status, (int)answer.body.len,
                      (const char *)answer.body.ptr);
    assert_int_equal(answer.status, 200);
    snprintf(o->token, sizeof o->token, "%s", desk_member(&answer, "officer"));
}

#endif
