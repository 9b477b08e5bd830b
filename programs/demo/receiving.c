/* SPDX-License-Identifier: Apache-2.0 */

/* Ten wallets receive over HTTP what their people are entitled to: the first
 * in detail, the others without words. */

#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

enum { MOST_WORDS = 64, ID = 48 };

/* Words of a command, and the letters of those that are made. */
typedef struct line {
    const char *words[MOST_WORDS + 1];
    char        ids[2 * YAO_DEMO_DOCUMENTS + 1][ID];
    size_t      count, id_count;
} line;

static void put(line *l, const char *word)
{
    if (l->count < MOST_WORDS)
        l->words[l->count++] = word;
    l->words[l->count] = NULL;
}

static void put_all(line *l, const char *const *words)
{
    for (; *words != NULL; words++)
        put(l, *words);
}

/* DOCUMENT in FORMAT, as issuers name it. */
static void put_id(line *l, const char *document, const char *format)
{
    char *id = l->ids[l->id_count++];

    snprintf(id, ID, "%s_%s", document, format);
    put(l, "--configuration");
    put(l, id);
}

static const char *wallet_of(const yao_stage *s, size_t i, const char *rest)
{
    char name[64];

    snprintf(name, sizeof name, "wallets/%zu%s", i + 1, rest);
    return yao_stage_path(s, name);
}

/* ---- the commands ------------------------------------------------------- */

static void init(yao_stage *s, size_t i, bool quiet)
{
    const yao_step step = {.quiet = quiet};

    yao_stage_run(s, &step, "wallet", "init", "-C", wallet_of(s, i, ""),
                  "--registrar",
                  yao_stage_path(s, "authority/certificates/reader-root.pem"),
                  "--provider", s->provider, "--local", NULL);
}

/* What the kiosk does at the end of an enrolment: an offer that one wallet can
 * take within two minutes, with the code that the person chose. */
static void begin_offer(line *l, yao_stage *s, size_t i)
{
    const char *const words[] = {
        "document", "offer",  "-C", yao_stage_path(s, "authority"),
        "--person", s->people[i].number, "--tx-code", NULL};

    memset(l, 0, sizeof *l);
    put_all(l, words);
}

static void run_offer(line *l, yao_stage *s, size_t i, bool quiet)
{
    const yao_step step = {.quiet = quiet,
                           .feed  = yao_stage_path(s, "people/code"),
                           .save  = wallet_of(s, i, ".offer")};

    yao_stage_run_words(s, &step, l->words);
}

static void receive(yao_stage *s, size_t i, bool quiet)
{
    const yao_step step = {.quiet = quiet};

    yao_stage_run(
        s, &step, "wallet", "receive", "-C", wallet_of(s, i, ""), "--local",
        "--yes", "--copies", "4", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--trust", yao_stage_path(s, "authority/certificates/traffic-root.pem"),
        "--trust", yao_stage_path(s, "authority/certificates/other-root.pem"),
        "--tx-code-file", yao_stage_path(s, "people/code"),
        wallet_of(s, i, ".offer"), NULL);
}

/* All that person I has; of the first THERE documents there is an mdoc. */
static void receive_all(yao_stage *s, size_t i, size_t there)
{
    const yao_demo_person *person = &s->people[i];
    line                   l;

    begin_offer(&l, s, i);
    for (size_t n = 0; n < person->document_count; n++) {
        if (n >= there)
            put_id(&l, person->documents[n], "mdoc");
        put_id(&l, person->documents[n], "sdjwt");
        if (strcmp(person->documents[n], "pass") == 0)
            put_id(&l, "pass", "card.door");
    }
    run_offer(&l, s, i, true);
    receive(s, i, true);
}

/* ---- the scenes --------------------------------------------------------- */

static void receive_first(yao_stage *s)
{
    line l;

    yao_stage_title(
        s, WORDS("A wallet receives an identity card", "钱包领取身份证"),
        WORDS("The person has shown who they are and chosen a code. The offer "
              "can be used by one wallet, once, within two minutes, and only "
              "with that code. The wallet has its provider vouch for it, asks "
              "the authority by OpenID4VCI, checks every copy, and shows what "
              "they say before it keeps them. Each copy has a key of its own "
              "and is shown once, so that two showings can't be linked.",
              "本人已证明身份并选定交易码。邀约只能由一个钱包在两分钟内凭该码使用"
              "一次。钱包请提供方作证，按 OpenID4VCI 向签发机关领取，逐份核验，并"
              "在保存前展示内容。每份副本各有密钥，只出示一次，使两次出示无法关联。"));
    init(s, 0, false);
    begin_offer(&l, s, 0);
    put_id(&l, "resident_id", "mdoc");
    run_offer(&l, s, 0, false);
    receive(s, 0, false);
}

static void receive_rest(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("Everything else they are entitled to", "其余有权领取的证件"),
        WORDS("The same with licence, vehicle registration, household "
              "booklet, health card and pass, in both standard forms; and the "
              "nine others, without showing each command. Who has no car gets "
              "no vehicle registration.",
              "同样领取驾驶证、行驶证、户口簿、健康卡与通行卡，两种标准格式；另外"
              "九人亦然，不再逐条显示。没有车的人就没有行驶证。"));
    receive_all(s, 0, 1);
    for (size_t i = 1; i < YAO_DEMO_PEOPLE; i++) {
        init(s, i, true);
        receive_all(s, i, 0);
        yao_stage_say(s, WORDS("  %s, documents: %zu, in %s",
                               "  %s：证件 %zu 种，位于 %s"),
                      s->people[i].name, s->people[i].document_count,
                      wallet_of(s, i, ""));
    }
    yao_stage_say(s, WORDS("", ""));
    yao_stage_run(s, &(yao_step){.want = 0}, "wallet", "list", "-C",
                  wallet_of(s, 0, ""), NULL);
}

void yao_demo_receive(yao_demo_world *w)
{
    receive_first(&w->stage);
    receive_rest(&w->stage);
}
