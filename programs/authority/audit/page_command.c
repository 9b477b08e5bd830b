/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai audit publish --page: vouch for a web page, in the log. */
#include "app/files.h"
#include "authority/audit/pages.h"
#include "authority/audit/sequence.h"

#include <stdio.h>

static const yao_words what = WORDS_INIT("audit publish --page", "登记网页");

enum { TRIES = 5 };

typedef struct vouching {
    const authority *a;
    yao_arena       *arena;
    audit_bundle     bundle;
    audit_page_line  line;
    bool             fresh; /* it was not in the log before */
    char             place[256];
} vouching;

/* Leaves for what waits, and the list of pages with them. */
static yao_status bring_up_to_date(vouching *v, yao_bytes *lines)
{
    yao_status status = YAO_E_LOCKED;
    size_t     count  = 0;

    for (int i = 0; i < TRIES && status == YAO_E_LOCKED; i++) {
        status = audit_advance(v->a, v->arena, 0, &count);
        if (status == YAO_OK)
            status = audit_pages_collect(v->a, v->arena, lines);
    }
    return status;
}

/* Does the log say already what is to be said? */
static yao_status is_said(vouching *v, yao_bytes lines, bool *ret,
                          uint64_t *version)
{
    const yao_audit_page *p = &v->line.page;

    yao_status status = audit_pages_latest(v->a->crypto, v->arena, lines,
                                           v->bundle.name, &v->line);
    *ret     = false;
    *version = 0;
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    *version = p->version;
    if (!yao_bytes_equal((yao_bytes){p->hash, sizeof p->hash},
                         (yao_bytes){v->bundle.hash, sizeof v->bundle.hash}))
        return YAO_OK;
    return audit_page_has_keys(v->a, p, v->arena, ret);
}

static yao_status vouch(vouching *v)
{
    yao_bytes lines;
    bool      said    = false;
    uint64_t  version = 0;

    YAO_TRY(bring_up_to_date(v, &lines));
    YAO_TRY(is_said(v, lines, &said, &version));
    if (said)
        return YAO_OK;
    YAO_TRY(audit_page_note(v->a, &v->bundle, version + 1, v->arena));
    YAO_TRY(bring_up_to_date(v, &lines));
    v->fresh = true;
    YAO_TRY(is_said(v, lines, &said, &version));
    return said ? YAO_OK : YAO_E_LOCKED;
}

static yao_status write_statement(const vouching *v, const char *path)
{
    yao_bytes statement;

    YAO_TRY(audit_page_state(v->a, &v->line, v->arena, &statement));
    return path != NULL ? yao_file_write(path, statement, 0644, false) : YAO_OK;
}

/* ---- telling ------------------------------------------------------------ */

static int tell_bundle(const vouching *v, yao_status status,
                       const char *folder)
{
    char where[CONFIG_MAX_PATH + 256];

    snprintf(where, sizeof where, "%s: %s", folder, v->place);
    return yao_fail(
        status, what, where,
        status == YAO_E_BAD_DIGEST
            ? WORDS("this file is another than cache.json says",
                    "该文件与 cache.json 所记不符")
            : (yao_words){NULL, NULL},
        WORDS("name a folder that tools/make-pages made, and make it anew if it "
              "was changed",
              "请指明由 tools/make-pages 生成的目录；若有改动请重新生成"));
}

static int tell_failure(yao_status status, const char *where)
{
    return yao_fail(
        status, what, where, (yao_words){NULL, NULL},
        status == YAO_E_LOCKED
            ? WORDS("another process leads the log; try again",
                    "另有进程在维护日志，请重试")
            : WORDS("is the folder writable, and are the log's keys there?",
                    "目录可写吗？日志的密钥在吗？"));
}

static void tell_done(const vouching *v, const yao_invocation *call)
{
    const yao_audit_page *p = &v->line.page;
    uint8_t               hex[2 * YAO_SHA256_LEN];
    yao_writer            w = yao_writer_open(hex, sizeof hex);

    yao_put_hex(&w, (yao_bytes){p->hash, sizeof p->hash});
    if (call->json)
        printf("{\"page\":\"%.*s\",\"version\":%llu,\"index\":%llu,"
               "\"new\":%s,\"hash\":\"%.*s\"}\n",
               (int)p->page.len, (const char *)p->page.ptr,
               (unsigned long long)p->version, (unsigned long long)p->index,
               v->fresh ? "true" : "false", (int)sizeof hex,
               (const char *)hex);
    else
        yao_print(v->fresh
                      ? WORDS("Page %.*s, version %llu, is in the log now, leaf "
                              "%llu:\n  %.*s\n",
                              "网页 %.*s 第 %llu 版已记入日志，条目 %llu：\n"
                              "  %.*s\n")
                      : WORDS("Page %.*s, version %llu, was in the log already, "
                              "leaf %llu:\n  %.*s\n",
                              "网页 %.*s 第 %llu 版此前已在日志中，条目 %llu：\n"
                              "  %.*s\n"),
                  (int)p->page.len, (const char *)p->page.ptr,
                  (unsigned long long)p->version,
                  (unsigned long long)p->index, (int)sizeof hex,
                  (const char *)hex);
}

int audit_publish_page(const authority *a, const yao_invocation *call,
                       yao_arena *arena)
{
    const char *folder = yao_argument(call, "page");
    const char *path   = yao_argument(call, "statement");
    vouching    v      = {.a = a, .arena = arena};
    int         lock   = -1;

    yao_status status = audit_bundle_look(a->crypto, folder, arena, &v.bundle,
                                          v.place);
    if (status != YAO_OK)
        return tell_bundle(&v, status, folder);
    /* two at once would give one number to two bundles */
    status = yao_lock_take(call->directory, ".pages.lock", &lock);
    if (status == YAO_OK)
        status = vouch(&v);
    yao_lock_give(lock);
    if (status != YAO_OK)
        return tell_failure(status, folder);
    status = write_statement(&v, path);
    if (status != YAO_OK)
        return tell_failure(status, path);
    tell_done(&v, call);
    return 0;
}
