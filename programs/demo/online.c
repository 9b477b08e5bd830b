/* SPDX-License-Identifier: Apache-2.0 */

/* On line: the hotel's own server asks a guest before the arrival, and the
 * guest's wallet answers it by OpenID4VP. */

#include "demo/demo.h"

#include <stdio.h>

#include "app/files.h"
#include "json/json.h"

enum { MEMORY = 1024 * 1024 };

static const yao_step well = {.want = 0};

/* ---- the desk ----------------------------------------------------------- */

void yao_demo_make_desk(yao_demo_world *w)
{
    yao_stage *s = &w->stage;
    char       bundle[96];

    if (s->failed || yao_path_exists(yao_stage_path(s, "desk")))
        return;
    snprintf(bundle, sizeof bundle, "%s/trust/bundle.cose", s->authority);
    yao_stage_run(s, &well, "desk", "init", "-C", yao_stage_path(s, "desk"),
                  "--demo", "--reader", yao_stage_path(s, "hotel/reader.pem"),
                  "--reader-key", yao_stage_path(s, "hotel/reader-key.pem"),
                  "--trust-anchor",
                  yao_stage_path(s, "authority/certificates/trust-root.pem"),
                  "--trust-url", bundle, "--url", s->desk, "--place",
                  "示例酒店前台", NULL);
}

void yao_demo_start_desk(yao_demo_world *w)
{
    char listen[32];

    snprintf(listen, sizeof listen, "127.0.0.1:%u",
             w->ports.at[YAO_DEMO_DESK]);
    yao_demo_start(&w->stage, &w->desk, "desk", "serve", "-C",
                   yao_stage_path(&w->stage, "desk"), "--listen", listen,
                   NULL);
}

/* ---- what it answers ---------------------------------------------------- */

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

/* The string at MEMBER of the JSON in FILE, or of its member BELOW; false when
 * there is none, or it does not fit. */
static bool read_member(const char *file, const char *below, const char *member,
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
    if (!read_member(file, NULL, "id", id, cap) ||
        !read_member(file, NULL, "qr", link, sizeof link) ||
        yao_file_write(yao_stage_path(s, "hotel/online-link"),
                       yao_text_bytes(yao_text_of(link)), 0600,
                       false) != YAO_OK)
        fail(s);
}

static void judge(yao_stage *s, const char *file)
{
    char state[32], verdict[32];

    if (s->failed)
        return;
    if (!read_member(file, NULL, "state", state, sizeof state) ||
        !read_member(file, "result", "verdict", verdict, sizeof verdict) ||
        !yao_text_equal(yao_text_of(verdict), YAO_TEXT("accept")))
        fail(s);
    else
        yao_stage_say(s, WORDS("state: %s   verdict: %s", "状态：%s   判定：%s"),
                      state, verdict);
}

static void ask(yao_demo_world *w)
{
    yao_stage  *s = &w->stage;
    const char *asked = yao_stage_path(s, "hotel/online-asked.json");
    char id[64] = "", path[128];

    yao_stage_ask(s, "/api/sessions",
                  "{\"profile\":\"hotel\",\"device\":\"cross\"}", asked);
    keep_link(s, asked, id, sizeof id);
    yao_stage_run(s, &well, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/2"), "--local", "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--yes",
                  yao_stage_path(s, "hotel/online-link"), NULL);
    snprintf(path, sizeof path, "/api/sessions/%s?wait=10", id);
    yao_stage_ask(s, path, NULL, yao_stage_path(s, "hotel/online-result.json"));
    judge(s, yao_stage_path(s, "hotel/online-result.json"));
}

void yao_demo_online(yao_demo_world *w)
{
    yao_stage_title(
        &w->stage, WORDS("On line, before the arrival", "到店前在线办理"),
        WORDS("The hotel's own server asks by OpenID4VP: its booking software "
              "gets a link and shows it as a code, the guest's wallet finds "
              "out who asks, shows what is asked and why, and answers sealed. "
              "The software gets a verdict and what was asked for, nothing "
              "more.",
              "酒店自己的服务器通过 OpenID4VP 提出请求：预订软件取得链接并显示为二"
              "维码；客人的钱包先查明请求方，说明所需内容与用途，再以加密方式应"
              "答。软件只得到判定结果和所请求的内容。"));
    yao_demo_make_desk(w);
    yao_demo_start_desk(w);
    ask(w);
}
