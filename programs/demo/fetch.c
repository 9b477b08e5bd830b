/* SPDX-License-Identifier: Apache-2.0 */

/* What a checker fetches before its cable is out. */

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
    yao_arena   arena; /* of one answer */
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

static yao_status exchange(fetching *f, net_answer *ret)
{
    const net_header header = {
        YAO_TEXT("Accept"),
        yao_text_of(f->accept != NULL ? f->accept : "*/*")};
    const net_call call = {.method       = "GET",
                           .url          = yao_text_of(f->url),
                           .headers      = &header,
                           .header_count = 1,
                           .most         = MOST};
    net_client    *client;

    YAO_TRY(net_client_open(&(net_client_options){.loopback = true}, &client));
    yao_status status = net_client_allow(client, f->stage->authority);
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
    if (answer.status != 200)
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

static long run(fetching *f, bool until_changed)
{
    if (f->stage->failed ||
        yao_memory_open(MEMORY, &f->arena) != YAO_OK)
        return -1;
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
