/* SPDX-License-Identifier: Apache-2.0 */

/* Last scenes: a telephone is lost while all of them are on line; what the
 * provider and the person know. */

#include "demo/demo.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"

enum { MOST_FILE = 64 * 1024 * 1024, MOST_PATH = 4200 };

static const yao_step well            = {.want = 0};
static const yao_step refused         = {.want = 3};
static const yao_step refused_offline = {.want = 3, .offline = true};

/* ---- a telephone -------------------------------------------------------- */

static void revoke(yao_stage *s)
{
    char url[128];

    yao_stage_run(s, &well, "document", "revoke", "-C",
                  yao_stage_path(s, "authority"), "--person",
                  s->people[1].number, "--document", "resident_id", "--reason",
                  "lost", NULL);
    snprintf(url, sizeof url, "%s/statuslists/" YAO_DEMO_POPULATION_LIST,
             s->authority);
    long passed = yao_stage_fetch_changed(
        s, url, "application/statuslist+jwt",
        yao_stage_path(s, "lists/" YAO_DEMO_POPULATION_LIST ".jwt"));
    yao_stage_say(s,
                  WORDS("The list was signed anew and fetched %.1f s after "
                        "the clerk's command.\n",
                        "经办人的命令执行后 %.1f 秒，新签的列表已取得。\n"),
                  (double)passed / 1000);
}

void yao_demo_lose(yao_demo_world *w)
{
    yao_stage *s = &w->stage;

    yao_stage_title(
        s, WORDS("A telephone is lost", "手机丢失"),
        WORDS("The guest reports it. The clerk revokes the identity card, for "
              "good; the serving authority signs the list anew: what was "
              "accepted this morning is refused, also where the network is "
              "out.",
              "客人报失，经办人吊销其身份证（不可撤回），正在服务的签发机关随即重"
              "新签发列表：早上还被接受的，现在被拒绝，离线亦然。"));
    revoke(s);
    yao_stage_run(
        s, &refused_offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status",
        yao_stage_path(s, "lists/" YAO_DEMO_POPULATION_LIST ".jwt"), "--nonce",
        s->nonce, "--audience", YAO_DEMO_HOTEL_ID, "--profile", "hotel",
        yao_stage_path(s, "hotel/guest.txt"), NULL);
    yao_stage_run(s, &refused, "document", "restore", "-C",
                  yao_stage_path(s, "authority"), "--person",
                  s->people[1].number, "--document", "resident_id", NULL);
}

/* ---- what the provider knows -------------------------------------------- */

typedef struct search {
    const yao_stage *stage;
    size_t           files, found;
} search;

static bool holds(yao_bytes file, const char *text)
{
    yao_bytes want = yao_text_bytes(yao_text_of(text));

    for (size_t i = 0; i + want.len <= file.len; i++)
        if (file.ptr[i] == want.ptr[0] &&
            yao_bytes_equal((yao_bytes){file.ptr + i, want.len}, want))
            return true;
    return false;
}

static void search_file(search *f, const char *path)
{
    yao_bytes file;

    if (yao_file_read(path, MOST_FILE, &file) != YAO_OK)
        return;
    f->files++;
    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++)
        if (holds(file, f->stage->people[i].number) ||
            holds(file, f->stage->people[i].name))
            f->found++;
    yao_file_free(&file);
}

/* Files of FOLDER, and of the folders in it: there are no deeper ones. */
static void search_folder(search *f, const char *folder, int deeper)
{
    DIR           *dir = opendir(folder);
    struct dirent *e;
    struct stat    st;
    char           path[MOST_PATH];

    while (dir != NULL && (e = readdir(dir)) != NULL) {
        if (e->d_name[0] == '.' ||
            yao_path_join(folder, e->d_name, path, sizeof path) != YAO_OK ||
            lstat(path, &st) != 0)
            continue;
        if (S_ISREG(st.st_mode))
            search_file(f, path);
        else if (S_ISDIR(st.st_mode) && deeper > 0)
            search_folder(f, path, deeper - 1);
    }
    if (dir != NULL)
        closedir(dir);
}

static void tell_provider(yao_stage *s)
{
    search f = {.stage = s};

    yao_stage_title(
        s, WORDS("What the wallet provider knows", "钱包提供方知道什么"),
        WORDS("It vouched for ten wallets. Its folder and its log are "
              "searched for the names and numbers of all ten people.",
              "它为十个钱包作过证。现在在其目录与日志中查找十个人的姓名和号码。"));
    search_folder(&f, yao_stage_path(s, "provider"), 1);
    search_file(&f, yao_stage_path(s, "log/provider.log"));
    yao_stage_say(s,
                  WORDS("%zu files searched, %zu names or numbers found.",
                        "已查找 %zu 个文件，找到姓名或号码 %zu 处。"),
                  f.files, f.found);
    if (f.files < 5 || f.found != 0)
        yao_stage_fail(s, WORDS("the provider knows more than it should",
                                "提供方知道得过多"));
}

/* ---- the end ------------------------------------------------------------ */

static void tell_person(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("What the person can see", "本人可以看到什么"),
        WORDS("The history is in the wallet and nowhere else.",
              "出示记录只在钱包里。"));
    yao_stage_run(s, &well, "wallet", "history", "-C",
                  yao_stage_path(s, "wallets/1"), NULL);
}

void yao_demo_end(yao_demo_world *w)
{
    yao_stage *s = &w->stage;

    tell_provider(s);
    tell_person(s);
    yao_stage_say(s,
                  WORDS("That was the story. The servers end with it. "
                        "Everything is in %s; look around with\n"
                        "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
                        "  %s wallet show -C %s/wallets/1 resident_id\n"
                        "  %s inspect %s/hotel/guest.cbor\n"
                        "  %s party list -C %s/authority\n"
                        "  %s demo --serve -C %s    (the servers again)\n"
                        "  %s help",
                        "故事讲完了，各服务随之结束。全部内容在 %s，可以这样查"
                        "看：\n"
                        "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
                        "  %s wallet show -C %s/wallets/1 resident_id\n"
                        "  %s inspect %s/hotel/guest.cbor\n"
                        "  %s party list -C %s/authority\n"
                        "  %s demo --serve -C %s    （再次启动服务）\n"
                        "  %s help"),
                  s->folder, s->folder, s->typed, s->folder, s->typed,
                  s->folder, s->typed, s->folder, s->typed, s->folder,
                  s->typed);
}
