/* SPDX-License-Identifier: Apache-2.0 */

/* What a checker fetches before its cable is out, and what a program of the
 * hotel asks its desk. */

#include "demo/stage.h"

#include <stdio.h>
#include <time.h>

#include "app/files.h"
#include "net/client.h"

enum {
    MEMORY      = 8 * 1024 * 1024,
    MOST        = 4 * 1024 * 1024,
    PATIENCE_MS = 10000
};

typedef struct fetching {
    yao_stage  *stage;
    const char *url, *accept, *file;
    const char *json;       /* posted; NULL: nothing is */
    char        bearer[96]; /* empty: none is needed */
    yao_arena   arena;      /* of one answer */
    bool        changed;
} fetching;

/* Is BODY what FILE has already? */
static bool is_there(const char *file, yao_bytes body)
{
    yao_bytes old;

    if (yao_file_read(file, MOST, &old) != YAO_OK)
        return false;
    bool same = yao_bytes_equal(old, body);
    yao_file_free(&old);
    return same;
}

static size_t put_headers(const fetching *f, net_header out[3])
{
    size_t count = 0;

    out[count++] = (net_header){
        YAO_TEXT("Accept"),
        yao_text_of(f->accept != NULL ? f->accept : "*/*")};
    if (f->bearer[0] != '\0')
        out[count++] = (net_header){YAO_TEXT("Authorization"),
                                    yao_text_of(f->bearer)};
    if (f->json != NULL)
        out[count++] = (net_header){YAO_TEXT("Content-Type"),
                                    YAO_TEXT("application/json")};
    return count;
}

static yao_status exchange(fetching *f, net_answer *ret)
{
    bool       desk = f->bearer[0] != '\0';
    net_header headers[3];
    net_call   call = {.method       = f->json != NULL ? "POST" : "GET",
                       .url          = yao_text_of(f->url),
                       .headers      = headers,
                       .header_count = put_headers(f, headers),
                       .most         = MOST};
    net_client *client;

    if (f->json != NULL)
        call.body = yao_text_bytes(yao_text_of(f->json));
    YAO_TRY(net_client_open(&(net_client_options){.loopback = true}, &client));
    yao_status status = net_client_allow(client, desk ? f->stage->desk
                                                      : f->stage->authority);
    if (status == YAO_OK)
        status = net_client_fetch(client, &call, &f->arena, ret);
    net_client_close(client);
    return status;
}

/* Errors: YAO_E_NOT_FOUND, it is not there (yet). */
static yao_status fetch_once(fetching *f)
{
    net_answer answer;

    f->arena.used = 0;
    YAO_TRY(exchange(f, &answer));
    if (answer.status != 200 && (f->json == NULL || answer.status != 201))
        return YAO_E_NOT_FOUND;
    f->changed = !is_there(f->file, answer.body);
    return f->changed ? yao_file_write(f->file, answer.body, 0644, false)
                      : YAO_OK;
}

/* Gives the milliseconds, or -1. */
static long fetch(fetching *f, bool until_changed)
{
    const struct timespec pause = {0, 20000000};
    long                  start = yao_milliseconds(), passed = 0;

    while (passed < PATIENCE_MS) {
        yao_status status = fetch_once(f);

        passed = yao_milliseconds() - start;
        if (status == YAO_OK && (f->changed || !until_changed))
            return passed;
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return -1;
        nanosleep(&pause, NULL);
    }
    return -1;
}

static void note(fetching *f)
{
    bool typed = f->accept != NULL;

    snprintf(f->stage->command, sizeof f->stage->command,
             "curl -s%s%s%s -o %s %s", typed ? " -H 'Accept: " : "",
             typed ? f->accept : "", typed ? "'" : "", f->file, f->url);
    if (!f->stage->silent)
        printf("$ %s\n", f->stage->command);
    fflush(stdout);
}

static const char *keys_of(const yao_stage *stage)
{
    char name[96];

    snprintf(name, sizeof name, "%s/keys/api.keys",
             stage->asking != NULL ? stage->asking : "desk");
    return yao_stage_path(stage, name);
}

/* The bearer key stays in its file: it is not for whoever reads a story. */
static void note_asking(fetching *f)
{
    bool posted = f->json != NULL;

    snprintf(f->stage->command, sizeof f->stage->command,
             "curl -s -H \"Authorization: Bearer $(tail -n1 %s)\"%s%s%s -o %s "
             "%s",
             keys_of(f->stage),
             posted ? " --json '" : "", posted ? f->json : "",
             posted ? "'" : "", f->file, f->url);
    if (!f->stage->silent)
        printf("$ %s\n", f->stage->command);
    fflush(stdout);
}

static long run(fetching *f, bool until_changed)
{
    if (f->stage->failed ||
        yao_memory_open(MEMORY, &f->arena) != YAO_OK)
        return -1;
    if (f->bearer[0] != '\0')
        note_asking(f);
    else
        note(f);
    long passed = fetch(f, until_changed);
    yao_memory_free(&f->arena);
    if (passed < 0)
        yao_stage_fail(f->stage,
                       until_changed
                           ? WORDS("this stayed the same for ten seconds",
                                   "十秒内内容未变化")
                           : WORDS("this could not be fetched",
                                   "无法取得该内容"));
    return passed;
}

void yao_stage_fetch(yao_stage *stage, const char *url, const char *accept,
                     const char *file)
{
    fetching f = {.stage = stage, .url = url, .accept = accept, .file = file};

    (void)run(&f, false);
}

long yao_stage_fetch_changed(yao_stage *stage, const char *url,
                             const char *accept, const char *file)
{
    fetching f = {.stage = stage, .url = url, .accept = accept, .file = file};

    return run(&f, true);
}

/* The last line of the desk's keys. */
static yao_status read_bearer(fetching *f)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(keys_of(f->stage), 4096, &file));
    size_t end = file.len;
    while (end > 0 && file.ptr[end - 1] == '\n')
        end--;
    size_t begin = end;
    while (begin > 0 && file.ptr[begin - 1] != '\n')
        begin--;
    int len = snprintf(f->bearer, sizeof f->bearer, "Bearer %.*s",
                       (int)(end - begin), (const char *)file.ptr + begin);
    yao_file_free(&file);
    return len < (int)sizeof f->bearer ? YAO_OK : YAO_E_LIMIT;
}

void yao_stage_ask(yao_stage *stage, const char *path, const char *json,
                   const char *file)
{
    char     url[256];
    fetching f = {.stage = stage, .url = url, .json = json, .file = file};

    if (stage->failed)
        return;
    snprintf(url, sizeof url, "%s%s", stage->desk, path);
    if (read_bearer(&f) == YAO_OK)
        (void)run(&f, false);
    else
        yao_stage_fail(stage, WORDS("the desk has no key for programs",
                                    "前台没有供程序使用的密钥"));
    yao_wipe(f.bearer, sizeof f.bearer);
}
