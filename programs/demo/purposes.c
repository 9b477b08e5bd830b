/* SPDX-License-Identifier: Apache-2.0 */

/* Who else asks, and what for: each party's own desk on line, and each party's
 * gate with the cable out where the purpose can be shown by a code. */

#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

typedef struct purpose {
    const char *profile;
    const char *code, *name, *place, *basis; /* of the party */
    yao_words   title;
    const char *days; /* that it keeps what was shown */
    const char *card; /* as issuers name it; NULL: it is shown by no code */
    bool        officer; /* asks under a certificate of hours, which takes a
                            passkey at the desk: here with the cable out only */
    bool        compares; /* it has the values, and wants to know whether */
} purpose;

static const purpose purposes[] = {
    {"hotel", "91120116MA00002779", "示例旅社", "示例旅社前台",
     "旅馆业治安管理办法（示例）", WORDS_INIT("hotel", "住店"), "30",
     "resident_id_card.hotel", false, false},
    {"train", "91120116MA00002186", "示例铁路", "示例站进站口",
     "铁路旅客车票实名制管理办法（示例）", WORDS_INIT("train", "乘火车"),
     "0", "resident_id_card.train", false, false},
    {"flight", "91120116MA00002261", "示例机场", "示例机场安检口",
     "民用航空安全保卫条例（示例）", WORDS_INIT("flight", "乘飞机"),
     "0", "resident_id_card.flight", false, false},
    {"age", "91120116MA0000234U", "示例便利店", "示例便利店收银台",
     "未成年人保护法（示例）", WORDS_INIT("age over 18", "年满 18 岁"),
     "0", "resident_id_card.age.age_over_18", false, false},
    {"government", "11120116MA0000250R", "示例政务大厅", "示例政务大厅三号窗口",
     "政务服务办法（示例）", WORDS_INIT("government", "政务办事"),
     "30", "resident_id_card.government", false, false},
    {"hospital", "12120116MA0000269K", "示例医院", "示例医院挂号处",
     "电子健康卡办法（示例）", WORDS_INIT("hospital", "就医"),
     "30", "health_card_card.hospital", false, false},
    {"mortgage", "91120116MA0000242N", "示例银行", "示例银行贷款柜台",
     "贷款通则（示例）", WORDS_INIT("mortgage", "申请房贷"), "30", NULL, false,
     false},
    {"identity", "91120116MA00002854", "示例学校", "示例学校报名处",
     "个人信息保护法（示例）", WORDS_INIT("identity, compared", "身份比对"),
     "0", NULL, false, true},
    {"police", "11120116MA00002937", "示例派出所", "示例路治安岗亭",
     "居民身份证法第十五条（示例）", WORDS_INIT("police", "治安核查"), "0",
     "resident_id_card.police", true, false},
    {"road_check", "11120116MA0000306W", "示例交警大队", "示例高速检查站",
     "道路交通安全法（示例）", WORDS_INIT("road check", "路面检查"), "0",
     "driving_licence_card.road_check", true, false},
};

enum { PURPOSES = sizeof purposes / sizeof purposes[0] };

static const yao_step quiet = {.quiet = true};
static const yao_step alone = {.quiet = true, .offline = true};

/* PLACE below the folder of P's party. */
static const char *path_of(const yao_stage *s, const purpose *p,
                           const char *place)
{
    char name[96];

    snprintf(name, sizeof name, "parties/%s/%s", p->profile, place);
    return yao_stage_path(s, name);
}

static const char *wallet(const yao_stage *s)
{
    return yao_stage_path(s, "wallets/1");
}

/* ---- before ------------------------------------------------------------- */

static void make_folder(yao_stage *s, const purpose *p)
{
    const char *folder = yao_stage_path(s, "parties");

    if (!s->failed && (yao_folder_make(folder, 0755) != YAO_OK ||
                       yao_folder_make(path_of(s, p, ""), 0755) != YAO_OK))
        yao_stage_fail(s, WORDS("a folder can't be made", "无法建立目录"));
}

static void register_party(yao_stage *s, const purpose *p)
{
    yao_stage_run(s, &quiet, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", p->code, "--name",
                  p->name, "--profile", p->profile, "--legal-basis", p->basis,
                  "--retention", p->days, "--out",
                  path_of(s, p, p->officer ? "party" : "reader"), NULL);
    if (p->officer)
        yao_stage_run(s, &quiet, "party", "officer", p->code, "-C",
                      yao_stage_path(s, "authority"), "--number", "7K2Q-0417",
                      "--profile", p->profile, "--out",
                      path_of(s, p, "reader"), NULL);
}

/* The person's codes for all of it, in one offer: who signs codes stands in the
 * bundle. */
static void receive(yao_stage *s)
{
    const char *offer   = yao_stage_path(s, "wallets/1.offer");
    const char *words[] = {
        "document", "offer", "-C", yao_stage_path(s, "authority"), "--person",
        s->people[0].number, "--tx-code", [7 + 2 * PURPOSES] = NULL};
    size_t         count = 7;
    const yao_step step  = {.quiet = true,
                            .feed  = yao_stage_path(s, "people/code"),
                            .save  = offer};

    for (size_t i = 0; i < PURPOSES; i++)
        if (purposes[i].card != NULL) {
            words[count++] = "--configuration";
            words[count++] = purposes[i].card;
        }
    yao_stage_run_words(s, &step, words);
    yao_stage_run(
        s, &quiet, "wallet", "receive", "-C", wallet(s), "--local", "--yes",
        "--copies", "4", "--trust", yao_stage_path(s, "trust/bundle.cose"),
        "--trust-anchor", yao_stage_path(s, "trust/trust-root.pem"),
        "--tx-code-file", yao_stage_path(s, "people/code"), offer, NULL);
}

static void prepare(yao_stage *s)
{
    for (size_t i = 0; i < PURPOSES; i++) {
        make_folder(s, &purposes[i]);
        register_party(s, &purposes[i]);
    }
    yao_stage_run(s, &quiet, "trust", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "trust"), NULL);
    receive(s);
}

/* ---- on line ------------------------------------------------------------ */

static void show_on_line(yao_demo_world *w, const purpose *p)
{
    yao_stage       *s = &w->stage;
    yao_demo_session session = {.profile = p->profile,
                                .wallet  = wallet(s),
                                .quiet   = true};
    char             folder[96], values[160];

    if (p->compares) {
        snprintf(values, sizeof values,
                 "{\"full_name\":\"%s\",\"id_number\":\"%s\"}",
                 s->people[0].name, s->people[0].number);
        session.values = values;
    }
    snprintf(folder, sizeof folder, "parties/%s/desk", p->profile);
    yao_stage_run(s, &quiet, "desk", "init", "-C", path_of(s, p, "desk"),
                  "--demo", "--reader", path_of(s, p, "reader/reader.pem"),
                  "--reader-key", path_of(s, p, "reader/reader-key.pem"),
                  "--trust-anchor",
                  yao_stage_path(s, "authority/certificates/trust-root.pem"),
                  "--trust", yao_stage_path(s, "trust/bundle.cose"), "--url",
                  s->desk, "--place", p->place, NULL);
    yao_demo_start_party(w, folder);
    s->asking = folder;
    yao_demo_ask(s, &session);
    s->asking = NULL;
    yao_demo_stop(&w->desk);
}

/* ---- with the cable out ------------------------------------------------- */

static bool accepted(const char *path)
{
    static const char want[] = "{\"verdict\":\"accept\"";
    yao_bytes         line;

    if (yao_file_read(path, 1 << 20, &line) != YAO_OK)
        return false;
    bool same = yao_bytes_starts(line, yao_text_bytes(yao_text_of(want)));
    yao_file_free(&line);
    return same;
}

static void judge(yao_stage *s, const purpose *p)
{
    const char    *verdict = path_of(s, p, "verdict.json");
    const yao_step step    = {.quiet   = true,
                              .feed    = path_of(s, p, "card.txt"),
                              .save    = verdict,
                              .offline = true};

    yao_stage_run(s, &step, "gate", "run", "-C", path_of(s, p, "reader"),
                  "--profile", p->profile, "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--challenge",
                  path_of(s, p, "reader/challenge.txt"), "--challenge-key",
                  path_of(s, p, "reader/challenge.key"), NULL);
    if (!s->failed && !accepted(verdict))
        yao_stage_fail(s, WORDS("the gate judged otherwise than told",
                                "闸机的判定与预期不符"));
}

static void show_code(yao_stage *s, const purpose *p)
{
    yao_stage_run(s, &alone, "gate", "challenge", "--profile", p->profile,
                  "--place", p->place, "--reader-key",
                  path_of(s, p, "reader/reader-key.pem"),
                  "--reader-certificate", path_of(s, p, "reader/reader.pem"),
                  "--out", path_of(s, p, "reader"), "--png",
                  path_of(s, p, "challenge.png"), NULL);
    yao_stage_run(s, &alone, "wallet", "present", "-C", wallet(s), "--profile",
                  p->profile, "--format", "card", "--challenge",
                  path_of(s, p, "challenge.png"), "--reader",
                  path_of(s, p, "reader/reader.pem"), "--output",
                  path_of(s, p, "card.txt"), "--yes", NULL);
    judge(s, p);
}

/* ---- the scene ---------------------------------------------------------- */

static void tell(yao_stage *s, const purpose *p)
{
    yao_words words =
        p->officer ? WORDS("  %s, %s: by a code, cable out: accept (on line an "
                           "officer logs in at the desk)",
                           "  %s，%s：断网出码通过（在线时由警员登录核验台）")
        : p->card == NULL ? WORDS("  %s, %s: on line accept (no code is made "
                                  "for it)",
                                  "  %s，%s：在线通过（不发码）")
                          : WORDS("  %s, %s: on line accept; by a code, cable "
                                  "out: accept",
                                  "  %s，%s：在线通过；断网出码通过");

    yao_stage_say(s, words, yao_say(p->title), p->name);
}

static void show(yao_demo_world *w, const purpose *p)
{
    yao_stage *s      = &w->stage;
    bool       silent = s->silent;

    s->silent = true;
    if (!p->officer)
        show_on_line(w, p);
    s->silent = silent;
    if (p->card != NULL)
        show_code(s, p);
    if (!s->failed)
        tell(s, p);
}

void yao_demo_purposes(yao_demo_world *w)
{
    yao_stage *s = &w->stage;

    yao_stage_title(
        s, WORDS("Whatever for", "各种用途"),
        WORDS("An inn, a railway, an airport, a shop, an office, a hospital, a "
              "bank, a school and two police stations are registered, each "
              "for what it may ask and nothing else. Each has a desk of its "
              "own that asks on line, and a gate that checks a code with the "
              "network cable out. Only what came of it is shown.",
              "旅社、铁路、机场、便利店、政务大厅、医院、银行、学校和两处警务单位分别"
              "登记，各自只能请求所登记的内容；各有自己的核验台在线核验，并在拔掉"
              "网线后核验二维码。此处只显示结果。"));
    yao_demo_stop(&w->desk);
    prepare(s);
    for (size_t i = 0; i < PURPOSES; i++)
        show(w, &purposes[i]);
    yao_stage_say(s, WORDS("", ""));
    yao_demo_start_desk(w);
}
