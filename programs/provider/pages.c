/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet page: files of one folder, looked up by names that can't leave
 * it. */

#include "provider/provider.h"

#include <string.h>

#include "app/files.h"
#include "base/ascii.h"

enum { MOST_FILE = 4 * 1024 * 1024, CACHE_S = 300 };

/* The page speaks to authorities and relying parties of any name, and to nobody
 * with a script that is not its own (design 1 of the pages). */
#define POLICY                                                                 \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src "     \
    "'self'; img-src 'self' blob: data:; connect-src 'self' https: "           \
    "http://*.localhost:*; media-src 'self' blob:; worker-src 'self'; "        \
    "manifest-src 'self'; base-uri 'none'; form-action 'none'; "               \
    "frame-ancestors 'none'"

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

static bool path_of(const app_call *call, size_t parts,
                    char out[PROVIDER_MAX_PATH])
{
    const char *folder =
        provider_get(&provider_of(call)->config, PROVIDER_PAGES);
    size_t at = strlen(folder);

    if (at == 0 || at >= PROVIDER_MAX_PATH - 600)
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

static yao_status give_file(app_call *call, size_t parts, app_reply *ret)
{
    char        path[PROVIDER_MAX_PATH];
    yao_bytes   file, kept;
    const char *type = NULL;

    if (path_of(call, parts, path))
        type = type_of(path);
    if (type == NULL || !yao_path_exists(path))
        return provider_refuse(call, ret, 404, "not_found");
    if (yao_file_read(path, MOST_FILE, &file) != YAO_OK)
        return provider_refuse(call, ret, 404, "not_found");
    yao_status status = yao_arena_keep(call->arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    YAO_TRY(app_reply_bytes(ret, 200, type, kept));
    YAO_TRY(app_reply_header(ret, "Content-Security-Policy",
                             YAO_TEXT(POLICY)));
    return app_reply_cache(ret, call, CACHE_S);
}

static yao_status give_index(app_call *call, app_reply *ret)
{
    return give_file(call, 0, ret);
}

static yao_status give_one(app_call *call, app_reply *ret)
{
    return give_file(call, 1, ret);
}

static yao_status give_two(app_call *call, app_reply *ret)
{
    return give_file(call, 2, ret);
}

static yao_status give_three(app_call *call, app_reply *ret)
{
    return give_file(call, 3, ret);
}

static const app_route routes[] = {
    {"GET", "/", APP_PAGE, give_index, 0, 0},
    {"GET", "/{a}", APP_PAGE, give_one, 0, 0},
    {"GET", "/{a}/{b}", APP_PAGE, give_two, 0, 0},
    {"GET", "/{a}/{b}/{c}", APP_PAGE, give_three, 0, 0},
};

const app_routes provider_pages_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
