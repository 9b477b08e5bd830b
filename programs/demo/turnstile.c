/* SPDX-License-Identifier: Apache-2.0 */
#include "demo/demo.h"

#include <stdio.h>
#include <time.h>

#include "app/files.h"

#define PARK_CODE "91120116MA000020X6"

static const yao_step well    = {.want = 0};
static const yao_step offline = {.want = 0, .offline = true};

/* Within 3 seconds a code is the same code in front of the same camera. */
static void wait_longer(void)
{
    const struct timespec pause = {3, 200000000};

    nanosleep(&pause, NULL);
}

/* What the guard at the door brings along: bundle, first anchor, key. */
static void prepare(yao_stage *s)
{
    yao_stage_run(s, &well, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", PARK_CODE, "--name",
                  "示例园区", "--profile", "door", "--legal-basis",
                  "个人同意（示例）", "--retention", "0", "--out",
                  yao_stage_path(s, "park"), NULL);
    yao_stage_run(s, &well, "trust", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "trust"), NULL);
}

static void ask(yao_stage *s)
{
    yao_stage_run(s, &offline, "gate", "challenge", "--profile", "door",
                          "--place", "示例园区东门", "--reader-key",
                          yao_stage_path(s, "park/reader-key.pem"),
                          "--reader-certificate",
                          yao_stage_path(s, "park/reader.pem"), "--out",
                          yao_stage_path(s, "park"), "--png",
                          yao_stage_path(s, "park/challenge.png"), NULL);
}

static void answer(yao_stage *s)
{
    yao_stage_run(s, &offline, "wallet", "present", "-C",
                          yao_stage_path(s, "wallets/1"), "--profile", "door",
                          "--format", "card", "--challenge",
                          yao_stage_path(s, "park/challenge.png"), "--reader",
                          yao_stage_path(s, "park/reader.pem"), "--output",
                          yao_stage_path(s, "park/card.txt"), "--png",
                          yao_stage_path(s, "park/card.png"), "--yes", NULL);
}

/* The gate answers each code with a line; its exit code is of the gate. */
static bool answered(const char *path, const char *verdict)
{
    char      want[64];
    yao_bytes line;

    snprintf(want, sizeof want, "{\"verdict\":\"%s\"", verdict);
    if (yao_file_read(path, 1 << 20, &line) != YAO_OK)
        return false;
    bool same = yao_bytes_starts(line, yao_text_bytes(yao_text_of(want)));
    yao_file_free(&line);
    return same;
}

static void judge(yao_stage *s, const char *verdict)
{
    const char    *path = yao_stage_path(s, "park/verdict.json");
    const yao_step step = {.feed    = yao_stage_path(s, "park/card.txt"),
                           .save    = path,
                           .offline = true};

    yao_stage_run(s, &step, "gate", "run", "-C", yao_stage_path(s, "park"),
                  "--profile", "door", "--trust",
                  yao_stage_path(s, "trust/bundle.cose"), "--trust-anchor",
                  yao_stage_path(s, "trust/trust-root.pem"), "--challenge",
                  yao_stage_path(s, "park/challenge.txt"), "--challenge-key",
                  yao_stage_path(s, "park/challenge.key"), NULL);
    if (!s->failed && !answered(path, verdict))
        yao_stage_fail(s, WORDS("the gate judged otherwise than told",
                                "闸机的判定与预期不符"));
}

void yao_demo_gate(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("At a gate, with the cable out", "闸机，网线已拔"),
        WORDS(
            "A pass, which is a document without a line of code of its own. "
            "The gate has the authority's bundle and shows a challenge; the "
            "telephone answers with a QR card that only this gate can read; "
            "neither has a network.",
            "通行卡是没有专用代码的证件。闸机持有签发机关的信任包并出示挑战码；"
            "手机以只有该闸机能读的二维码卡应答；双方均无网络。"));
    prepare(s);
    ask(s);
    answer(s);
    judge(s, "accept");

    yao_stage_say(s, WORDS("A photograph of that code, a little later:",
                           "稍后，用那张码的照片再试："));
    if (!s->failed)
        wait_longer();
    judge(s, "reject");
}
