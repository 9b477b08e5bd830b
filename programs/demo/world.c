/* SPDX-License-Identifier: Apache-2.0 */

/* The folder of the demo: passphrase, code, people, and where its servers
 * are. */

#define _GNU_SOURCE
#include "demo/demo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "yaopai/openssl.h"

static const yao_words what = WORDS_INIT("demo", "演示");

static int fail(const yao_demo_world *w, yao_status status)
{
    return yao_fail(status, what, w->stage.folder, (yao_words){NULL, NULL},
                    WORDS("choose a folder that can be written with -C",
                          "请用 -C 指定可写目录"));
}

/* ---- files -------------------------------------------------------------- */

/* The folder, and those above it. */
static yao_status make_path(const char *folder)
{
    char path[4096];

    for (size_t i = 0; i < sizeof path; i++) {
        if (i > 0 && (folder[i] == '/' || folder[i] == '\0')) {
            path[i] = '\0';
            YAO_TRY(yao_folder_make(path, 0755));
        }
        if (folder[i] == '\0')
            return YAO_OK;
        path[i] = folder[i];
    }
    return YAO_E_LIMIT;
}

static yao_status make_folders(const yao_stage *s)
{
    static const char *const names[] = {"wallets", "people", "log", "lists",
                                        "trust"};

    YAO_TRY(make_path(s->folder));
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        YAO_TRY(yao_folder_make(yao_stage_path(s, names[i]), 0700));
    return YAO_OK;
}

static yao_status write_line(const yao_stage *s, const char *name,
                             const char *line)
{
    return yao_file_write(yao_stage_path(s, name),
                          yao_text_bytes(yao_text_of(line)), 0600, true);
}

/* A passphrase for all demo wallets, random, in a file that only you read; and
 * a code, as people would choose one at a kiosk. */
static yao_status write_secrets(const yao_stage *s)
{
    uint8_t    random[20], letters[64];
    char       code[8];
    yao_writer w = yao_writer_open(letters, sizeof letters);

    YAO_TRY(yao_openssl_random(random, sizeof random));
    yao_put_base64url(&w, (yao_bytes){random, 16});
    yao_put_byte(&w, '\n');
    yao_put_byte(&w, '\0');
    YAO_TRY(w.status);
    YAO_TRY(write_line(s, "passphrase", (const char *)letters));
    uint32_t drawn = (uint32_t)random[16] << 16 | (uint32_t)random[17] << 8 |
                     random[18];
    snprintf(code, sizeof code, "%06u\n", (unsigned)(drawn % 1000000));
    return write_line(s, "people/code", code);
}

/* ---- who and where ------------------------------------------------------ */

static yao_status find_self(yao_stage *s)
{
    char    here[4096];
    ssize_t len = readlink("/proc/self/exe", s->self, sizeof s->self - 1);

    if (len <= 0)
        return YAO_E_FILE;
    s->self[len] = '\0';
    s->typed     = s->self;
    if (getcwd(here, sizeof here) == NULL)
        return YAO_OK;
    size_t n = strlen(here);
    if (n > 1 && strncmp(s->self, here, n) == 0 && s->self[n] == '/')
        s->typed = s->self + n + 1;
    return YAO_OK;
}

static yao_status name_people(yao_stage *s)
{
    YAO_TRY(yao_demo_read_people(s->people));
    return setenv("YAOPAI_PASSPHRASE_FILE", yao_stage_path(s, "passphrase"),
                  1) == 0
               ? YAO_OK
               : YAO_E_SPACE;
}

const char *const yao_demo_place_names[YAO_DEMO_PLACES] = {
    [YAO_DEMO_AUTHORITY] = "authority",
    [YAO_DEMO_WALLET]    = "wallet",
    [YAO_DEMO_DESK]      = "desk",
    [YAO_DEMO_KIOSK]     = "kiosk",
    [YAO_DEMO_CONSOLE]   = "console",
};

static void name_server(const yao_demo_world *w, size_t place, char out[64])
{
    snprintf(out, 64, "%s",
             w->given[place] != NULL ? w->given[place] : w->own[place]);
}

static void name_servers(yao_demo_world *w)
{
    for (size_t i = 0; i < YAO_DEMO_PLACES; i++)
        snprintf(w->own[i], sizeof w->own[i], "http://%s.localhost:%u",
                 yao_demo_place_names[i], w->ports.at[i]);
    name_server(w, YAO_DEMO_AUTHORITY, w->stage.authority);
    name_server(w, YAO_DEMO_WALLET, w->stage.provider);
    name_server(w, YAO_DEMO_DESK, w->stage.desk);
}

static int find_ports(yao_demo_world *w)
{
    w->ports          = w->wished;
    yao_status status = yao_demo_find_ports(&w->ports);

    if (status == YAO_OK) {
        name_servers(w);
        return 0;
    }
    return yao_fail(status, what, "127.0.0.1",
                    WORDS("no port is free", "没有空闲端口"),
                    WORDS("choose others with --port", "请用 --port 另选"));
}

int yao_demo_prepare(yao_demo_world *w)
{
    char       numbers[YAO_DEMO_PEOPLE][20];
    yao_stage *s      = &w->stage;
    yao_status status = find_self(s);

    if (status != YAO_OK)
        return yao_fail(status, what, "/proc/self/exe",
                        (yao_words){NULL, NULL},
                        WORDS("mount /proc", "请挂载 /proc"));
    if (yao_path_exists(yao_stage_path(s, "authority")))
        return yao_fail(YAO_E_EXISTS, what, s->folder,
                        WORDS("a demo was told there before",
                              "该目录已有一次演示"),
                        WORDS("choose another folder, or remove this one; "
                              "`yaopai demo --serve` starts its servers",
                              "请换一个目录或删除它；`yaopai demo --serve` 可启"
                              "动其服务"));
    status = make_folders(s);
    if (status == YAO_OK)
        status = yao_demo_write_people(yao_stage_path(s, "people"), numbers);
    if (status == YAO_OK)
        status = write_secrets(s);
    if (status == YAO_OK)
        status = name_people(s);
    return status == YAO_OK ? find_ports(w) : fail(w, status);
}

/* ---- again -------------------------------------------------------------- */

/* The port in "url = http://NAME.localhost:PORT", the first of its kind. */
static yao_status read_port(const char *path, unsigned *ret)
{
    yao_bytes file;
    unsigned  port = 0;

    YAO_TRY(yao_file_read(path, 1 << 20, &file));
    char *text = strndup((const char *)file.ptr, file.len);
    yao_file_free(&file);
    char *line  = text != NULL ? strstr(text, "\nurl = http://") : NULL;
    char *colon = line != NULL ? strstr(line + 14, ":") : NULL;
    if (colon != NULL)
        port = (unsigned)strtoul(colon + 1, NULL, 10);
    free(text);
    if (port == 0 || port > 65535)
        return YAO_E_MALFORMED;
    *ret = port;
    return YAO_OK;
}

int yao_demo_return(yao_demo_world *w)
{
    yao_stage *s      = &w->stage;
    yao_status status = find_self(s);

    if (status == YAO_OK)
        status = make_folders(s);
    /* behind another server its port stands there, which is not ours */
    if (status == YAO_OK && w->given[YAO_DEMO_AUTHORITY] == NULL)
        status = read_port(yao_stage_path(s, "authority/authority.ini"),
                           &w->wished.at[YAO_DEMO_AUTHORITY]);
    if (status == YAO_OK && w->given[YAO_DEMO_WALLET] == NULL)
        status = read_port(yao_stage_path(s, "provider/provider.ini"),
                           &w->wished.at[YAO_DEMO_WALLET]);
    if (status == YAO_OK)
        status = name_people(s);
    if (status == YAO_OK)
        return find_ports(w);
    return yao_fail(status, what, s->folder,
                    WORDS("what lies there is no demo that was told to its "
                          "end",
                          "该目录中没有完整的演示"),
                    WORDS("choose an empty folder with -C, or remove this one",
                          "请用 -C 指定空目录，或删除它"));
}
