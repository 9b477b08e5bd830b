/* SPDX-License-Identifier: Apache-2.0 */

/* A scene: who has no telephone has a sheet of paper, which a counter prints. */

#include "demo/demo.h"

#include "app/files.h"

static const yao_step well    = {.want = 0};
static const yao_step quiet   = {.want = 0, .quiet = true};
static const yao_step offline = {.want = 0, .offline = true};
static const yao_step unsure = {.want = 5, .offline = true};

enum { WHOSE = 9 }; /* 吴老范, born in 1949 */

static const char *wallet(const yao_stage *s)
{
    return yao_stage_path(s, "wallets/10");
}

/* The counter holds the wallet; what is printed is issued for that. */
static void issue(yao_stage *s)
{
    const char    *offer = yao_stage_path(s, "paper/offer");
    const yao_step step  = {.quiet = true,
                            .feed  = yao_stage_path(s, "people/code"),
                            .save  = offer};

    if (!s->failed &&
        yao_folder_make(yao_stage_path(s, "paper"), 0755) != YAO_OK)
        yao_stage_fail(s, WORDS("a folder can't be made", "无法建立目录"));
    yao_stage_run(s, &step, "document", "offer", "-C",
                  yao_stage_path(s, "authority"), "--person",
                  s->people[WHOSE].number, "--tx-code", "--configuration",
                  "resident_id_paper.hotel", NULL);
    yao_stage_run(s, &quiet, "wallet", "receive", "-C", wallet(s), "--local",
                  "--yes", "--trust", yao_stage_path(s, "trust/bundle.cose"),
                  "--trust-anchor", yao_stage_path(s, "trust/trust-root.pem"),
                  "--tx-code-file", yao_stage_path(s, "people/code"), offer,
                  NULL);
}

static void look(yao_stage *s, const yao_step *step, const char *compared)
{
    yao_stage_run(s, step, "verify", "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--profile",
                  "hotel", compared, yao_stage_path(s, "paper/code.txt"), NULL);
}

void yao_demo_print(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("On paper", "纸质凭证"),
        WORDS("An old woman has no telephone. A counter prints one page for the "
              "hotel, good for a week. Whoever scans its code hears that the "
              "portrait is to be compared: paper has no key that proves who "
              "holds it.",
              "老人没有手机。窗口为其打印一页用于住店的凭证，一周内有效。扫码者会"
              "被告知须比对相片：纸张没有可证明持有人的密钥。"));
    issue(s);
    yao_stage_run(s, &well, "wallet", "print", "-C", wallet(s), "resident_id",
                  "--profile", "hotel", "--output",
                  yao_stage_path(s, "paper/hotel.pdf"), "--code",
                  yao_stage_path(s, "paper/code.txt"), NULL);
    look(s, &unsure, "--strict");
    yao_stage_say(s, WORDS("The clerk looks up, and compares:",
                           "前台抬头比对相片后："));
    look(s, &offline, "--compared");
}
