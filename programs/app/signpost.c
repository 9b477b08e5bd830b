/* SPDX-License-Identifier: Apache-2.0 */
#include "app/signpost.h"

#include <string.h>

static const char style[] =
    "body{font:1rem/1.6 system-ui,'Noto Sans CJK SC',sans-serif;margin:0;"
    "background:#f2f4f3;color:#10201e}main{max-width:40rem;margin:0 auto;"
    "padding:2rem 1.25rem}h1{font-size:1.5rem;margin:0 0 .75rem}"
    "section+section{border-top:1px solid #8b9a97;margin-top:2rem;"
    "padding-top:2rem}a{color:#0c5a50}li{margin:.4rem 0;"
    "overflow-wrap:anywhere}p{margin:.6rem 0}"
    "@media(prefers-color-scheme:dark){body{background:#0c1312;"
    "color:#eaf2f0}a{color:#6fd3c1}}";

/* All that is written is ours: words of the source and paths. */
static void put_in(yao_writer *w, const app_signpost *s, bool zh)
{
    yao_put_text(w, zh ? "<section lang=\"zh-CN\"><h1>"
                       : "<section lang=\"en\"><h1>");
    yao_put_text(w, zh ? s->title.zh : s->title.en);
    yao_put_text(w, "</h1><p>");
    yao_put_text(w, zh ? s->text.zh : s->text.en);
    yao_put_text(w, "</p>");
    if (s->link_count > 0)
        yao_put_text(w, "<ul>");
    for (size_t i = 0; i < s->link_count; i++) {
        yao_put_text(w, "<li><a href=\"");
        yao_put_text(w, s->links[i].path);
        yao_put_text(w, "\">");
        yao_put_text(w, zh ? s->links[i].words.zh : s->links[i].words.en);
        yao_put_text(w, "</a></li>");
    }
    if (s->link_count > 0)
        yao_put_text(w, "</ul>");
    if (s->next.en != NULL) {
        yao_put_text(w, "<p>");
        yao_put_text(w, zh ? s->next.zh : s->next.en);
        yao_put_text(w, "</p>");
    }
    yao_put_text(w, "</section>");
}

static void put_page(yao_writer *w, const app_signpost *s, bool zh)
{
    yao_put_text(w, zh ? "<!doctype html><html lang=\"zh-CN\">"
                       : "<!doctype html><html lang=\"en\">");
    yao_put_text(w, "<head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                    "content=\"width=device-width, initial-scale=1\"><title>");
    yao_put_text(w, zh ? s->title.zh : s->title.en);
    yao_put_text(w, "</title><style>");
    yao_put_text(w, style);
    yao_put_text(w, "</style></head><body><main>");
    put_in(w, s, zh);
    put_in(w, s, !zh);
    yao_put_text(w, "</main></body></html>\n");
}

static yao_status put_policy(app_call *call, app_reply *ret)
{
    const yao_bytes of = {(const uint8_t *)style, sizeof style - 1};
    uint8_t         hash[YAO_SHA256_LEN];
    yao_bytes       text;

    YAO_TRY(call->crypto->hash(call->crypto->ctx, YAO_SHA256, &of, 1, hash));
    yao_writer w = yao_writer_in(call->arena);
    yao_put_text(&w, "default-src 'none'; base-uri 'none'; form-action 'none'; "
                     "frame-ancestors 'none'; style-src 'sha256-");
    yao_put_base64(&w, (yao_bytes){hash, sizeof hash});
    yao_put_byte(&w, '\'');
    YAO_TRY(yao_writer_keep(&w, call->arena, &text));
    return app_reply_header(ret, "Content-Security-Policy",
                            (yao_text){text.ptr, text.len});
}

bool app_signpost_wanted(const app_call *call)
{
    static const char type[] = "text/html";
    yao_text          given  = net_header_find(call->http, "accept", NULL);

    for (size_t i = 0; i + sizeof type - 1 <= given.len; i++)
        if (memcmp(given.ptr + i, type, sizeof type - 1) == 0)
            return true;
    return false;
}

yao_status app_signpost_give(app_call *call, const app_signpost *post,
                             int status, app_reply *ret)
{
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  html;

    put_page(&w, post, app_wants_chinese(call));
    YAO_TRY(yao_writer_keep(&w, call->arena, &html));
    YAO_TRY(app_reply_bytes(ret, status, "text/html; charset=utf-8", html));
    YAO_TRY(put_policy(call, ret));
    YAO_TRY(app_reply_header(ret, "Vary", YAO_TEXT("Accept, Accept-Language")));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}
