/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_DESK_WORLD_H
#define YAO_TEST_DESK_WORLD_H

/**
 * An authority, a registered relying party and its desk, as programs; what a
 * program of that party asks the desk.
 *
 *     desk_make("");                         // @/a, @/hotel, @/t, @/d
 *     desk_start("");
 *     net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":...}");
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/files.h"
#include "check.h"
#include "journey.h"
#include "json/json.h"
#include "net/client.h"
#include "program.h"
#include "server.h"

#define DESK_CODE "91330114MAC000017N"

static test_server desk_server;
static unsigned    desk_port;
static char        desk_base[64];

static inline const test_output *desk_must(const char *line, int code)
{
    const test_output *output = test_type(line);

    if (output->code != code)
        print_message("# %s: %s\n", line, output->out);
    assert_int_equal(output->code, code);
    return output;
}

/* The text of a file, ended by a NUL. */
static inline char *desk_file(const char *name)
{
    yao_bytes file;
    char     *text;

    assert_status(yao_file_read(test_scratch_path(name), 1 << 20, &file),
                  YAO_OK);
    text = yao_arena_take(test_arena(), file.len + 1);
    memcpy(text, file.ptr, file.len);
    yao_file_free(&file);
    return text;
}

/* The last line of keys/api.keys: the bearer key. */
static inline const char *desk_bearer(void)
{
    char *text = desk_file("d/keys/api.keys");
    char *at   = strrchr(text, '#');

    at                = strchr(at, '\n') + 1;
    *strchr(at, '\n') = '\0';
    return at;
}

/* An authority with a registered party; issue what is to be shown, then: */
static inline void desk_make_authority(void)
{
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile age --out @/hotel",
              0);
}

/* Somebody whom it knows; the number into OUT. */
static inline void desk_make_person(char *out, size_t cap)
{
    desk_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    desk_must("person generate -C @/a --count 1 --seed 7", 0);
    test_keep_number("people.jsonl", out, cap);
}

/* Its lists as they are now, and the party's desk. */
static inline void desk_make_desk(const char *init)
{
    char line[1400];

    desk_port = test_free_port();
    desk_must("statuslist publish -C @/a --output @/lists", 0);
    desk_must("trust publish -C @/a --output @/t", 0);
    snprintf(line, sizeof line,
             "desk init -C @/d --reader @/hotel/reader.pem --reader-key "
             "@/hotel/reader-key.pem --trust-anchor @/t/trust-root.pem "
             "--trust @/t/bundle.cose --place SPECIMEN --demo --url "
             "http://desk.localhost:%u %s",
             desk_port, init);
    desk_must(line, 0);
}

static inline void desk_make(const char *init)
{
    desk_make_authority();
    desk_make_desk(init);
}

static inline void desk_start(const char *more)
{
    char line[300];

    snprintf(line, sizeof line, "desk serve -C @/d --listen 127.0.0.1:%u %s",
             desk_port, more);
    assert_true(test_server_start(&desk_server, line));
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u", desk_port);
}

/* ---- asking ---- */

typedef struct desk_call {
    const char *method, *path;
    const char *bearer, *type, *cookie, *origin; /* NULL: none */
    yao_bytes   body;
} desk_call;

static inline net_answer desk_ask(const desk_call *a)
{
    net_client *client;
    net_answer  answer;
    char        url[1200], bearer[200];
    net_header  headers[5];
    size_t      count = 0;

    snprintf(url, sizeof url, "%s%s", desk_base, a->path);
    if (a->bearer != NULL) {
        snprintf(bearer, sizeof bearer, "Bearer %s", a->bearer);
        headers[count++] =
            (net_header){YAO_TEXT("Authorization"), yao_text_of(bearer)};
    }
    if (a->type != NULL)
        headers[count++] =
            (net_header){YAO_TEXT("Content-Type"), yao_text_of(a->type)};
    if (a->cookie != NULL)
        headers[count++] =
            (net_header){YAO_TEXT("Cookie"), yao_text_of(a->cookie)};
    if (a->origin != NULL)
        headers[count++] =
            (net_header){YAO_TEXT("Origin"), yao_text_of(a->origin)};
    const net_client_options options = {.loopback = true, .timeout_ms = 40000};
    const net_call           call    = {.method       = a->method,
                                        .url          = yao_text_of(url),
                                        .headers      = headers,
                                        .header_count = count,
                                        .body         = a->body,
                                        .most         = 4 << 20};
    assert_status(net_client_open(&options, &client), YAO_OK);
    assert_status(net_client_allow(client, desk_base), YAO_OK);
    assert_status(net_client_fetch(client, &call, test_arena(), &answer),
                  YAO_OK);
    net_client_close(client);
    return answer;
}

/* As a program of the relying party. */
static inline net_answer desk_api(const char *method, const char *path,
                                  const char *json)
{
    const desk_call c = {.method = method,
                         .path   = path,
                         .bearer = desk_bearer(),
                         .type   = json != NULL ? "application/json" : NULL,
                         .body = yao_text_bytes(json != NULL ? yao_text_of(json)
                                                             : YAO_TEXT(""))};

    return desk_ask(&c);
}

static inline const yao_json *desk_json(const net_answer *answer)
{
    const yao_json *root;

    assert_status(yao_json_parse(test_arena(), answer->body, &root), YAO_OK);
    return root;
}

/* The string NAME of an answer, ended by a NUL; "" when there is none. */
static inline const char *desk_member(const net_answer *answer,
                                      const char       *name)
{
    const yao_json *member = yao_json_get(desk_json(answer), name);
    yao_text        text   = {NULL, 0};

    if (member != NULL)
        assert_status(yao_json_string(member, test_arena(), &text), YAO_OK);
    char *out = yao_arena_take(test_arena(), text.len + 1);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    return out;
}

static inline bool desk_says(const net_answer *a, const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0; i + len <= a->body.len; i++)
        if (memcmp(a->body.ptr + i, text, len) == 0)
            return true;
    /* a longer one loses its end, and the line after it */
    print_message("# no %s in %.*s\n", text,
                  a->body.len < 600 ? (int)a->body.len : 600,
                  (const char *)a->body.ptr);
    return false;
}

/* ---- what is left behind ---- */

/* The desk ends; VALUE is in nothing that it wrote. */
static inline void desk_leaves_nothing(const char *value)
{
    assert_int_equal(test_server_stop(&desk_server), 0);
    assert_true(test_is_nowhere_below(test_scratch_path("d"), &value, 1) > 0);
    test_is_nowhere_in(desk_server.log, &value, 1);
}

#endif
