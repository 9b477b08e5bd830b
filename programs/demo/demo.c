/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai demo`: seven documents, from a register to a verdict off line. */

#define _GNU_SOURCE
#include "demo/demo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int tell(yao_demo_world *w)
{
    int code = yao_demo_prepare(w);

    if (code != 0)
        return code;
    yao_stage_say(&w->stage,
                  WORDS("Yaopai tells its story with fictitious people. No "
                        "document here is an official one: each says "
                        "SPECIMEN.\n"
                        "Each command is shown before it runs; `yaopai` is %s "
                        "here.",
                        "腰牌以虚构人物讲述全过程。这里的证件都不是正式证件，均"
                        "标有 SPECIMEN。\n"
                        "每条命令在执行前显示；其中的 `yaopai` 即 %s。"),
                  w->stage.typed);
    yao_demo_open(w);
    yao_demo_serve(w);
    yao_demo_register(w);
    yao_demo_receive(w);
    yao_demo_desk(&w->stage);
    yao_demo_gate(&w->stage);
    yao_demo_online(w);
    yao_demo_counter(&w->stage);
    yao_demo_purposes(w);
    yao_demo_print(&w->stage);
    yao_demo_refuse(&w->stage);
    yao_demo_lose(w);
    yao_demo_end(w);
    return 0;
}

static int play(yao_demo_world *w, const yao_invocation *call, long port)
{
    w->wished    = yao_demo_wish_ports((unsigned)port);
    w->authority = (yao_demo_server){.name = "authority"};
    w->provider  = (yao_demo_server){.name = "provider"};
    w->desk      = (yao_demo_server){.name = "desk"};
    int code = yao_given(call, "serve") ? yao_demo_visit(w) : tell(w);
    yao_demo_stop(&w->desk);
    yao_demo_stop(&w->authority);
    yao_demo_stop(&w->provider);
    return code == 0 && w->stage.failed ? yao_exit_code(YAO_E_FILE) : code;
}

/* "wallet=https://wallet.example": where others reach a server of ours. */
static bool take_given(yao_demo_world *w, const char *text)
{
    static const size_t places[] = {YAO_DEMO_AUTHORITY, YAO_DEMO_WALLET,
                                    YAO_DEMO_DESK};
    const char *equals = strchr(text, '=');

    if (equals == NULL || strlen(equals + 1) >= sizeof w->own[0])
        return false;
    size_t len = (size_t)(equals - text);
    if (len == 5 && memcmp(text, "begin", 5) == 0) {
        w->begin = equals + 1;
        return true;
    }
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const char *name = yao_demo_place_names[places[i]];
        if (strlen(name) != len || memcmp(name, text, len) != 0)
            continue;
        w->given[places[i]] = equals + 1;
        return strncmp(equals + 1, "https://", 8) == 0;
    }
    return false;
}

static int take_all_given(yao_demo_world *w, const yao_invocation *call)
{
    const char *text;

    w->ca_file = yao_argument(call, "ca-file");
    for (size_t i = 0;
         (text = yao_argument_at(call, "public", i)) != NULL; i++)
        if (!take_given(w, text))
            return yao_fail(YAO_E_USAGE, WORDS("demo", "演示"), text,
                            WORDS("it is no NAME=URL", "不是 名称=URL"),
                            WORDS("name authority, wallet or desk, with an "
                                  "https address of 63 letters at most",
                                  "名称为 authority、wallet 或 desk，地址为 "
                                  "https，至多 63 个字符"));
    return 0;
}

static int run(const yao_invocation *call)
{
    yao_demo_world *w      = calloc(1, sizeof *w);
    char            made[] = "/tmp/yaopai-demo-XXXXXX";
    long            port;
    int             code;

    if (w == NULL)
        return yao_fail_memory();
    w->stage.folder = call->directory;
    if (!yao_number(call, "port", 1024, 65000, YAO_DEMO_PORT, &port))
        code = yao_exit_code(YAO_E_USAGE);
    else if ((code = take_all_given(w, call)) != 0)
        ;
    else if (!call->directory_given &&
             (w->stage.folder = mkdtemp(made)) == NULL)
        code = yao_fail(YAO_E_FILE, WORDS("demo", "演示"), "/tmp",
                        WORDS("no folder can be made there",
                              "无法在其中建立目录"),
                        WORDS("name one with -C", "请用 -C 指定目录"));
    else
        code = play(w, call, port);
    free(w);
    return code;
}

static const yao_option options[] = {
    {"serve", NULL, 0,
     WORDS_INIT("start the servers with the demo's people and let them run "
                "until Ctrl-C, instead of telling the story",
                "不讲故事，启动含演示人物的服务，按 Ctrl-C 结束")},
    {"port", "N", 0,
     WORDS_INIT("the first of five ports; 8440 when not given; one that is "
                "busy moves to the next free one",
                "五个端口中的第一个，缺省 8440；被占用的改用下一个空闲端口")},
    {"public", "NAME=URL", YAO_OPTION_REPEATS,
     WORDS_INIT("with --serve: the https address by which others know "
                "authority, wallet or desk, whose server in front passes on to "
                "what the file `places` of the folder says; begin=URL is told "
                "to telephones (docs/guides/phone.md)",
                "用于 --serve：authority、wallet 或 desk 对外的 https 地址，"
                "由前置服务器转发到目录中 `places` 文件所列之处；begin=URL 为手机的"
                "起始页（见 docs/guides/phone.md）")},
    {"ca-file", "PEM", 0,
     WORDS_INIT("with --public: whose certificates the desk believes",
                "用于 --public：核验台信任的证书签发者")},
};

const yao_command yao_demo = {
    .verb    = "demo",
    .summary = WORDS_INIT("tell the whole story with fictitious people",
                          "以虚构人物演示全过程"),
    .text    = WORDS_INIT(
        "Makes an authority, a wallet provider, ten people, a hotel, a "
        "policeman and a gate in the folder of -C (else in a new temporary "
        "one), starts authority, provider and the hotel's desk as servers that "
        "only this machine reaches, and shows each command before running it. The first command "
        "that comes out otherwise than told ends the story, and is named. The "
        "servers end with it; the folder can be explored afterwards.\n\n"
        "With --serve the servers of the folder run until Ctrl-C; in an empty "
        "folder authority, provider and people are made before.",
        "在 -C 所指目录（否则为新的临时目录）建立签发机关、钱包提供方、十个人物、"
        "一家酒店、一名交警和一个闸机，把签发机关、提供方与酒店前台作为仅本机可访"
        "问的服务启动，逐条显示并运行命令。一旦某条命令与预期不符，演示即停止并指出该命令。"
        "服务随演示结束，之后可自行查看该目录。\n\n"
        "使用 --serve 时，该目录的服务一直运行到按 Ctrl-C 为止；目录为空时先建立"
        "签发机关、提供方和人物。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai demo -C var/demo\n"
                    "  yaopai demo --serve -C var/demo",
    .run          = run,
};
