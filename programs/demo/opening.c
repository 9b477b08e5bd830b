/* SPDX-License-Identifier: Apache-2.0 */

/* First scenes: who issues, who asks, who is registered; then they serve. */

#include "demo/demo.h"

#include <stdio.h>

#include "app/files.h"

#define HOTEL_CODE  "91330114MAC000017N"
#define POLICE_CODE "11120000000000019P"

static const yao_step well = {.want = 0};

static void init_authority(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("An authority", "签发机关"),
        WORDS("It makes three issuing roots (population, traffic, others) with "
              "a signer of documents and one of status lists each, roots for "
              "readers and for trust lists, and an empty register whose rows "
              "are sealed.",
              "建立三个签发根（人口、交通、其他）及各自的证件签发者与状态列表签发"
              "者，读卡证书根与信任列表根，以及一个逐行加密的空登记库。"));
    yao_stage_run(s, &well, "authority", "init", "-C",
                  yao_stage_path(s, "authority"), "--demo", "--url",
                  s->authority, NULL);
}

/* Which wallets may come is a file beside the settings. */
static void write_clients(yao_stage *s)
{
    static const char text[] =
        "{ \"clients\": [],\n"
        "  \"attesters\": [ { \"roots\": [\"../provider/certificates/"
        "provider-root.pem\"],\n"
        "                   \"any_client\": true, \"keys\": true } ] }\n";
    const char *path = yao_stage_path(s, "authority/clients.json");

    if (s->failed)
        return;
    snprintf(s->command, sizeof s->command, "cat > %s", path);
    if (yao_file_write(path, yao_text_bytes(yao_text_of(text)), 0644, true) !=
        YAO_OK)
        yao_stage_fail(s, WORDS("this file could not be written",
                                "无法写入该文件"));
    yao_stage_say(s,
                  WORDS("Which wallets may come stands in %s:\n%s",
                        "哪些钱包可以前来领取，写在 %s：\n%s"),
                  path, text);
}

static void init_provider(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("A wallet provider", "钱包提供方"),
        WORDS("A private platform that offers wallets. It vouches that a "
              "wallet is one of its own, so the authority knows whom it deals "
              "with; it never learns whose wallet that is, or what is in it.",
              "提供钱包的民间平台。它证明某个钱包出自本平台，使签发机关知道对方可"
              "信；但它始终不知道钱包属于谁、里面有什么。"));
    yao_stage_run(s, &well, "provider", "init", "-C",
                  yao_stage_path(s, "provider"), "--demo", "--url",
                  s->provider, NULL);
    write_clients(s);
}

void yao_demo_open(yao_demo_world *w)
{
    init_authority(&w->stage);
    init_provider(&w->stage);
}

static void register_parties(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("Relying parties are registered", "登记依赖方"),
        WORDS("Who may ask for what stands in a reader certificate. A wallet "
              "refuses everything else.",
              "谁可以请求什么，写在读卡证书中；其余一律由钱包拒绝。"));
    yao_stage_run(s, &well, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", HOTEL_CODE,
                  "--name", "示例酒店", "--profile", "hotel", "--profile",
                  "age", "--legal-basis", "旅馆业治安管理办法（示例）",
                  "--retention", "30", "--host", "hotel.example",
                  "--standing", s->desk, "--place", "示例酒店前台", "--out",
                  yao_stage_path(s, "hotel"), NULL);
    yao_stage_run(s, &well, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", POLICE_CODE,
                  "--name", "示例交警支队", "--profile", "road_check",
                  "--legal-basis", "道路交通安全法（示例）", "--retention",
                  "0", "--out", yao_stage_path(s, "police-party"), NULL);
    yao_stage_run(s, &well, "party", "officer", POLICE_CODE, "-C",
                  yao_stage_path(s, "authority"), "--number", "7K2Q-0417",
                  "--profile", "road_check", "--out",
                  yao_stage_path(s, "police"), NULL);
}

static void register_people(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("A register of people", "人口登记"),
        WORDS("Ten fictitious people, no real one among them. Each line is "
              "checked; a bad one would be named and left out.",
              "十位虚构人物，并无真人。逐行核对，错误的行会指出并跳过。"));
    yao_stage_run(s, &well, "person", "import", "-C",
                  yao_stage_path(s, "authority"),
                  yao_stage_path(s, "people/people.jsonl"), NULL);
    yao_stage_run(s, &well, "person", "count", "-C",
                  yao_stage_path(s, "authority"), NULL);
}

void yao_demo_register(yao_demo_world *w)
{
    register_parties(&w->stage);
    register_people(&w->stage);
}

void yao_demo_serve(yao_demo_world *w)
{
    yao_stage *s = &w->stage;
    char       authority[32], provider[32];

    yao_stage_title(
        s, WORDS("Both go on line", "两个服务上线"),
        WORDS("Two processes on this machine, which nobody else can reach. "
              "From now on wallets speak HTTP with them; the clerk's "
              "commands go through the server while it runs.",
              "本机上的两个进程，外界无法访问。此后钱包通过 HTTP 与之通信；服务运"
              "行期间，经办人的命令经由该服务执行。"));
    snprintf(authority, sizeof authority, "127.0.0.1:%u",
             w->ports.at[YAO_DEMO_AUTHORITY]);
    snprintf(provider, sizeof provider, "127.0.0.1:%u",
             w->ports.at[YAO_DEMO_WALLET]);
    yao_demo_start(s, &w->authority, "authority", "serve", "-C",
                   yao_stage_path(s, "authority"), "--listen", authority,
                   "--kiosk-listen", "none", "--console-listen", "none", NULL);
    yao_demo_start(s, &w->provider, "provider", "serve", "-C",
                   yao_stage_path(s, "provider"), "--listen", provider, NULL);
    yao_stage_say(s,
                  WORDS("authority: %s   log: %s/log/authority.log\n"
                        "provider:  %s   log: %s/log/provider.log",
                        "签发机关：%s   日志：%s/log/authority.log\n"
                        "提供方：  %s   日志：%s/log/provider.log"),
                  s->authority, s->folder, s->provider, s->folder);
}
