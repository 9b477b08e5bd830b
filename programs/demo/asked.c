/* SPDX-License-Identifier: Apache-2.0 */

/* A session at a desk, as a program of its party has it: asked, answered by a
 * wallet, judged. */

#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "json/json.h"

enum { MEMORY = 1024 * 1024 };

static bool take_member(yao_arena *arena, yao_bytes json, const char *below,
                        const char *member, char *out, size_t cap)
{
    const yao_json *root;
    yao_text        text;

    if (yao_json_parse(arena, json, &root) != YAO_OK)
        return false;
    if (below != NULL)
        root = yao_json_get(root, below);
    const yao_json *value = yao_json_get(root, member);
    if (value == NULL || yao_json_string(value, arena, &text) != YAO_OK ||
        text.len >= cap)
        return false;
    snprintf(out, cap, "%.*s", (int)text.len, (const char *)text.ptr);
    return true;
}

bool yao_demo_read(const char *file, const char *below, const char *member,
                   char *out, size_t cap)
{
    yao_bytes json;
    yao_arena arena;
    bool      good = false;

    if (yao_file_read(file, MEMORY / 4, &json) != YAO_OK)
        return false;
    if (yao_memory_open(MEMORY, &arena) == YAO_OK) {
        good = take_member(&arena, json, below, member, out, cap);
        yao_memory_free(&arena);
    }
    yao_file_free(&json);
    return good;
}

static void fail(yao_stage *s)
{
    if (!s->failed)
        yao_stage_fail(s, WORDS("the desk answered otherwise than told",
                                "前台的回答与预期不符"));
}

/* The link, into a file that the wallet takes; the session's id. */
static void keep_link(yao_stage *s, const char *file, char *id, size_t cap)
{
    char link[4096];

    if (s->failed)
        return;
    if (!yao_demo_read(file, NULL, "id", id, cap) ||
        !yao_demo_read(file, NULL, "qr", link, sizeof link) ||
        yao_file_write(yao_stage_path(s, "link"),
                       yao_text_bytes(yao_text_of(link)), 0600,
                       false) != YAO_OK)
        fail(s);
}

static void judge(yao_stage *s, const char *file, yao_demo_session *session)
{
    if (s->failed)
        return;
    if (!yao_demo_read(file, NULL, "state", session->state,
                       sizeof session->state) ||
        !yao_demo_read(file, "result", "verdict", session->verdict,
                       sizeof session->verdict) ||
        strcmp(session->verdict, "accept") != 0)
        fail(s);
}

static void answer(yao_stage *s, const yao_demo_session *session)
{
    const yao_step step = {.quiet = session->quiet};

    yao_stage_run(s, &step, "wallet", "present", "-C", session->wallet,
                  "--local", "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--yes",
                  yao_stage_path(s, "link"), NULL);
}

void yao_demo_ask(yao_stage *s, yao_demo_session *session)
{
    const char *asked  = yao_stage_path(s, "asked.json");
    const char *result = yao_stage_path(s, "result.json");
    bool        silent = s->silent;
    char        id[64] = "", path[128], json[320];

    snprintf(json, sizeof json,
             "{\"profile\":\"%s\",\"device\":\"cross\"%s%s}",
             session->profile, session->values != NULL ? ",\"values\":" : "",
             session->values != NULL ? session->values : "");
    s->silent = silent || session->quiet;
    yao_stage_ask(s, "/api/sessions", json, asked);
    keep_link(s, asked, id, sizeof id);
    answer(s, session);
    snprintf(path, sizeof path, "/api/sessions/%s?wait=10", id);
    yao_stage_ask(s, path, NULL, result);
    judge(s, result, session);
    s->silent = silent;
}
