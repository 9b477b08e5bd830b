/* SPDX-License-Identifier: Apache-2.0 */
#include "app/pages.h"

#include <string.h>

#include "app/files.h"
#include "app/signpost.h"
#include "base/ascii.h"

static const char packed_ending[] = ".gz";

enum { MOST_FILE = 4 * 1024 * 1024, MOST_PATH = 4096, CACHE_S = 300 };

static const struct {
    const char *ending, *type;
} types[] = {
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".webmanifest", "application/manifest+json"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".wasm", "application/wasm"},
    {".txt", "text/plain; charset=utf-8"},
};

/* What has another ending is not for the web. */
static const char *type_of(const char *path)
{
    const char *dot = strrchr(path, '.');

    for (size_t i = 0; dot != NULL && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    return NULL;
}

/* Letters, digits, "-", "_" and single dots that begin no part. */
static bool is_plain(yao_text part)
{
    for (size_t i = 0; i < part.len; i++) {
        uint8_t c    = part.ptr[i];
        bool    fine =
            yao_ascii_letter(c) || yao_ascii_digit(c) || c == '-' || c == '_';
        if (!fine && (c != '.' || i == 0 || part.ptr[i - 1] == '.'))
            return false;
    }
    return part.len > 0;
}

/* FOLDER, and behind it the parts of the call; "index.html" when there are
 * none. */
static bool path_of(const app_call *call, const char *folder, size_t parts,
                    char out[MOST_PATH])
{
    size_t at = strlen(folder);

    if (at == 0 || at >= MOST_PATH - 600)
        return false;
    memcpy(out, folder, at);
    for (size_t i = 0; i < parts; i++) {
        yao_text part = call->parts[i];
        if (!is_plain(part))
            return false;
        out[at++] = '/';
        memcpy(out + at, part.ptr, part.len);
        at += part.len;
    }
    if (parts == 0) {
        memcpy(out + at, "/index.html", 11);
        at += 11;
    }
    out[at] = '\0';
    return true;
}

/* How many {names} the route has: its tables are of APP_PAGES_ROUTES only. */
static size_t parts_of(const app_call *call)
{
    size_t count = 0;

    for (const char *p = call->route->path; *p != '\0'; p++)
        count += *p == '{';
    return count;
}

static bool is_asked(const app_call *call, yao_text name)
{
    return parts_of(call) == 1 && yao_text_equal(call->parts[0], name);
}

/* What is given beside the folder, or NULL: what a page has to know of where it
 * runs, and the word of who vouches for it, are not part of what is signed. */
static const char *find_beside(const app_call *call, const app_pages *pages)
{
    const char *file = NULL;

    if (is_asked(call, YAO_TEXT("config.json")))
        file = pages->config;
    else if (is_asked(call, YAO_TEXT("statement.json")))
        file = pages->statement;
    return file != NULL && file[0] != '\0' && strlen(file) < MOST_PATH ? file
                                                                       : NULL;
}

/* Does the other side take gzip? Who weighs it with q=0, in whatever way it is
 * written, gets what everybody can read. */
static bool takes_packed(const app_call *call)
{
    yao_text given = net_header_find(call->http, "accept-encoding", NULL);
    size_t   begin = 0;

    /* what is not there has no address to count from */
    for (size_t i = 0; given.len > 0 && i <= given.len; i++) {
        if (i < given.len && given.ptr[i] != ',')
            continue;
        while (begin < i && given.ptr[begin] == ' ')
            begin++;
        if (yao_ascii_is((yao_text){given.ptr + begin, i - begin}, "gzip"))
            return true;
        begin = i + 1;
    }
    return false;
}

/* The file at PATH, or what was packed of it. */
static yao_status read_file(app_call *call, char path[MOST_PATH],
                            yao_bytes *ret, bool *packed)
{
    size_t    len = strlen(path);
    yao_bytes file;

    *packed = false;
    if (takes_packed(call) && len + sizeof packed_ending <= MOST_PATH) {
        memcpy(path + len, packed_ending, sizeof packed_ending);
        *packed = yao_path_exists(path);
        if (!*packed)
            path[len] = '\0';
    }
    if (yao_file_read(path, MOST_FILE, &file) != YAO_OK)
        return YAO_E_NOT_FOUND;
    yao_status status = yao_arena_keep(call->arena, file, ret);
    yao_file_free(&file);
    return status;
}

static const app_signpost not_built = {
    .title = WORDS_INIT("There is no page here", "此处没有网页"),
    .text  = WORDS_INIT(
        "This server runs and answers programs, but the page that belongs "
        "here was not built, or is not set in its settings.",
        "服务正在运行，可供程序调用；但此处的网页尚未构建，或未在设置中指定。"),
    .next = WORDS_INIT(
        "<code>tools/make-pages build</code> makes it (it needs clang-19, "
        "lld-19, nodejs and npm); then start again with "
        "<code>./quickstart</code>. What programs may ask stands in "
        "<code>docs/api</code>.",
        "请运行 <code>tools/make-pages build</code>（需要 clang-19、lld-19、"
        "nodejs 和 npm），再运行 <code>./quickstart</code>。程序接口见 "
        "<code>docs/api</code>。"),
};

/* Who comes with a browser reads why there is nothing to see. */
static yao_status refuse(app_call *call, app_reply *ret)
{
    if (parts_of(call) > 0 || !app_signpost_wanted(call))
        return YAO_E_NOT_FOUND;
    return app_signpost_give(call, &not_built, 404, ret);
}

yao_status app_pages_give(app_call *call, const app_pages *pages,
                          app_reply *ret)
{
    char        path[MOST_PATH];
    yao_bytes   kept;
    const char *type = NULL, *beside = find_beside(call, pages);
    bool        packed = false;

    if (beside != NULL)
        memcpy(path, beside, strlen(beside) + 1);
    else if (!path_of(call, pages->folder, parts_of(call), path))
        return refuse(call, ret);
    type = type_of(path);
    if (type == NULL || !yao_path_exists(path))
        return refuse(call, ret);
    YAO_TRY(read_file(call, path, &kept, &packed));
    YAO_TRY(app_reply_bytes(ret, 200, type, kept));
    YAO_TRY(app_reply_header(ret, "Vary", YAO_TEXT("Accept-Encoding")));
    if (packed)
        YAO_TRY(app_reply_header(ret, "Content-Encoding", YAO_TEXT("gzip")));
    YAO_TRY(app_reply_header(ret, "Content-Security-Policy",
                             yao_text_of(pages->policy)));
    YAO_TRY(app_reply_header(ret, "Permissions-Policy",
                             YAO_TEXT("camera=(self), geolocation=(), "
                                      "microphone=()")));
    return app_reply_cache(ret, call, CACHE_S);
}
