/* SPDX-License-Identifier: Apache-2.0 */

/* What is told to who wants to try: where everything is, the way from no
 * documents to a hotel's register, whom to be. What stands in “...” is what a
 * button of a page says; tests/pages/wallet-first.test.mjs follows it. */

#define _GNU_SOURCE
#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "qr/qr.h"

enum { CODE = 64, MEMORY = 256 * 1024 };

/* ---- where ------------------------------------------------------------- */

static void tell_moved(const yao_demo_world *w, bool there)
{
    bool names = false;

    for (size_t i = 0; i < YAO_DEMO_PLACES; i++) {
        if (w->wished.at[i] == w->ports.at[i])
            continue;
        names |= i <= YAO_DEMO_WALLET && w->given[i] == NULL;
        yao_stage_say(&w->stage,
                      WORDS("Port %u is busy: %u is taken instead.",
                            "端口 %u 被占用，改用 %u。"),
                      w->wished.at[i], w->ports.at[i]);
    }
    if (names && there)
        yao_stage_say(&w->stage,
                      WORDS("Documents and wallets that were made before name "
                            "the old port.",
                            "先前的证件和钱包仍记着旧端口。"));
}

static void tell_places(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;

    yao_stage_say(
        s,
        WORDS("\nEverything runs, with ten invented people in it:\n\n"
              "  wallet     %-36s  keeps a person's documents\n"
              "  kiosk      %-36s  gives them out\n"
              "  desk       %-36s  a hotel's: checks them\n"
              "  console    %-36s  for the authority's operators\n"
              "  authority  %-36s  what wallets and checkers fetch",
              "\n服务已全部启动，其中有十位虚构人物：\n\n"
              "  钱包      %-36s  保管本人的证件\n"
              "  自助终端  %-36s  领取证件\n"
              "  核验台    %-36s  酒店用来核验证件\n"
              "  工作台    %-36s  签发机关工作人员使用\n"
              "  签发机关  %-36s  供钱包和核验者获取数据"),
        s->provider, w->own[YAO_DEMO_KIOSK], s->desk,
        w->own[YAO_DEMO_CONSOLE], s->authority);
    yao_stage_say(s, w->given[YAO_DEMO_WALLET] == NULL
                         ? WORDS("  (on this machine only)", "（仅限本机访问）")
                         : WORDS("  (kiosk and console on this machine only)",
                                 "（自助终端和工作台仅限本机访问）"));
    if (!yao_demo_has_pages(w))
        yao_stage_say(s, WORDS("\nThe pages were not built "
                               "(tools/make-pages build): these addresses "
                               "answer programs (docs/api).",
                               "\n尚未构建网页（tools/make-pages build），以上"
                               "地址供程序调用（见 docs/api）。"));
}

/* ---- the way to a hotel ------------------------------------------------ */

static void tell_wallet(const yao_demo_world *w)
{
    if (w->begin != NULL)
        yao_stage_say(
            &w->stage,
            WORDS("\nTo begin with: from no documents to a hotel's register, "
                  "by a telephone in the same\nnetwork.\n\n"
                  "  1. Phone   Open %s (a code for its camera is below).\n"
                  "             It says how to believe the certificate, and "
                  "leads to the wallet:\n"
                  "             “Use a PIN instead”, a PIN, “Use this PIN”.",
                  "\n从这里开始：用同一网络中的手机，从没有证件到酒店入住登记。\n\n"
                  "  1. 手机      打开 %s（下方有供扫描的码）。\n"
                  "               按其说明信任证书后进入钱包：“改用数字密码”，设置密码"
                  "后“使用此密码”。"),
            w->begin);
    else
        yao_stage_say(
            &w->stage,
            WORDS("\nTo begin with: from no documents to a hotel's register, "
                  "in five minutes and three\ntabs of one browser. No camera "
                  "is needed: what is shown can be copied, and where\n"
                  "something is scanned it can be pasted.\n\n"
                  "  1. Wallet  Open %s\n"
                  "             “Use a PIN instead”, a PIN, “Use this PIN” (or "
                  "“Unlock with a passkey”).\n"
                  "             Leave the tab open.",
                  "\n从这里开始：五分钟，同一浏览器的三个标签页，从没有证件到酒店"
                  "入住登记。\n不需要摄像头：凡是显示的码都可复制，凡是扫码之处都可"
                  "粘贴。\n\n"
                  "  1. 钱包      打开 %s\n"
                  "               “改用数字密码”，设置密码后“使用此密码”（或“用通行"
                  "密钥解锁”）。\n"
                  "               保持该标签页打开。"),
            w->stage.provider);
}

/* A page has a key of its own: each visit has a kiosk that waits for one. */
static void tell_kiosk(yao_demo_world *w)
{
    yao_stage     *s    = &w->stage;
    const char    *file = yao_stage_path(s, "kiosk-code.json");
    const yao_step step = {.quiet = true, .save = file};
    char           code[16];

    if (s->failed)
        return;
    s->silent = true;
    yao_stage_run(s, &step, "kiosk", "add", "-C",
                  yao_stage_path(s, "authority"), "--name", "SPECIMEN",
                  "--json", NULL);
    s->silent = false;
    if (s->failed || !yao_demo_read(file, NULL, "code", code, sizeof code))
        return;
    yao_stage_say(
        s,
        WORDS("  2. Kiosk   Open %s/#pair=%s\n"
              "             within ten minutes, and press “Pair”, once. Then "
              "“Begin”, “Accept and go on”;\n"
              "             take %s, “Continue”; “Go to an officer”: two "
              "invented ones say yes\n"
              "             after some seconds. “Choose all”, “Continue”; six "
              "digits that nobody\n"
              "             would guess, “Continue”; “Give me one on paper”.%s",
              "  2. 自助终端  十分钟内打开 %s/#pair=%s\n"
              "               点“配对”（只需一次）。随后“开始”、“接受，继续”；"
              "选%s，“继续”；\n"
              "               “去找工作人员”：两名虚构的工作人员数秒后予以确认。"
              "“全选”、“继续”；\n"
              "               输入不易猜到的六位数字，“继续”；“给我一个打印的口令”。%s"),
        w->own[YAO_DEMO_KIOSK], code, s->people[0].name,
        w->begin != NULL ? ""
                         : yao_say(WORDS(" Below the code: “Copy”.",
                                         "在码下方点“复制”。")));
}

/* The last line of the file of keys. */
static bool read_desk_key(const yao_stage *s, char key[CODE])
{
    yao_bytes file;

    if (yao_file_read(yao_stage_path(s, "desk/keys/api.keys"), 4096, &file) !=
        YAO_OK)
        return false;
    size_t end = file.len;
    while (end > 0 && file.ptr[end - 1] == '\n')
        end--;
    size_t at = end;
    while (at > 0 && file.ptr[at - 1] != '\n')
        at--;
    bool fits = end > at && end - at < CODE;
    if (fits)
        snprintf(key, CODE, "%.*s", (int)(end - at),
                 (const char *)file.ptr + at);
    yao_file_free(&file);
    return fits;
}

static const yao_words desk_by_phone = WORDS_INIT(
    "  3. Phone   “Scan” the kiosk's screen, within two minutes; your six "
    "digits,\n"
    "             “Continue”; “Keep in the wallet”.\n"
    "  4. Desk    Open %s/#key=%s\n"
    "             “Hotel check-in”, “Show a request”.\n"
    "  5. Phone   “Scan”; read who asks for what; “Show this”: the desk says "
    "“Verified”.\n"
    "             A room, “Enter the guest”. With a camera at this computer "
    "also “By a card”.",
    "  3. 手机      两分钟内“扫码”，对准终端屏幕；输入那六位数字，“继续”；\n"
    "               “保存到钱包”。\n"
    "  4. 核验台    打开 %s/#key=%s\n"
    "               “旅馆入住”、“出示请求码”。\n"
    "  5. 手机      “扫码”；看清谁要什么，“同意出示”：核验台显示“通过”。\n"
    "               填写房号，“登记入住”。本机有摄像头时还可用“证件码”。");

static const yao_words desk_by_tabs = WORDS_INIT(
    "  3. Wallet  “Scan”, “Paste”, put it in, “Use this text”; your six "
    "digits, “Continue”;\n"
    "             “Keep in the wallet”. The kiosk's code was good for two "
    "minutes.\n"
    "  4. Desk    Open %s/#key=%s\n"
    "             “Hotel check-in”, “By a card”; “Copy”: it is a challenge, "
    "good for a minute.\n"
    "  5. Wallet  “Scan”, “Paste”, “Use this text”; read who asks for what; "
    "“Show this”;\n"
    "             “Copy”: a card that only this desk can open.\n"
    "  6. Desk    “Paste”, “Use this text”: “Verified”. A room, “Enter the "
    "guest”.",
    "  3. 钱包      “扫码”、“粘贴”，放入后点“使用这段文字”；输入那六位数字，“继续”；"
    "\n"
    "               “保存到钱包”。终端上的码两分钟内有效。\n"
    "  4. 核验台    打开 %s/#key=%s\n"
    "               “旅馆入住”、“证件码”；“复制”：这是一分钟内有效的验证码。\n"
    "  5. 钱包      “扫码”、“粘贴”、“使用这段文字”；看清谁要什么，“同意出示”；\n"
    "               “复制”：只有这个核验台能打开的证件码。\n"
    "  6. 核验台    “粘贴”、“使用这段文字”：“通过”。填写房号，“登记入住”。");

static void tell_desk(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;
    char             key[CODE];

    if (read_desk_key(s, key))
        yao_stage_say(s, w->begin != NULL ? desk_by_phone : desk_by_tabs,
                      w->own[YAO_DEMO_DESK], key);
}

/* ---- and then ---------------------------------------------------------- */

/* The code of an operator who did not come yet. */
static bool read_code(const yao_stage *s, const char *name, char code[CODE])
{
    char      file[32], invited[96];
    yao_bytes list;

    snprintf(file, sizeof file, "%s.json", name);
    snprintf(invited, sizeof invited, "\"name\":\"%s\",\"state\":\"invited\"",
             name);
    if (yao_file_read(yao_stage_path(s, "operators.json"), 65536, &list) !=
        YAO_OK)
        return false;
    bool waits =
        memmem(list.ptr, list.len, invited, strlen(invited)) != NULL;
    yao_file_free(&list);
    return waits &&
           yao_demo_read(yao_stage_path(s, file), NULL, "code", code, CODE);
}

static void tell_operators(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;
    char             code[CODE];
    bool             first = true;

    yao_stage_say(s,
                  WORDS("\nThen, whatever you like:\n\n"
                        "  Desk       the other ways: “Show a request” (by a "
                        "link), “Across the counter”,\n"
                        "             a code on paper; “Age check”, where no "
                        "name is shown.\n"
                        "  Console    Open %s, look a person up by number, "
                        "revoke what\n"
                        "             the wallet got, and check it at the desk "
                        "a minute later.",
                        "\n然后随意尝试：\n\n"
                        "  核验台    其他方式：“出示请求码”（用链接）、“面对面”、纸质"
                        "立牌；\n            以及不出示姓名的“年龄核验”。\n"
                        "  工作台    打开 %s，按号码查找人员，撤销钱包里的证件，\n"
                        "            一分钟后再到核验台核验。"),
                  w->own[YAO_DEMO_CONSOLE]);
    for (size_t i = 0; i < YAO_DEMO_OPERATORS; i++) {
        if (!read_code(s, yao_demo_operators[i], code))
            continue;
        if (first)
            yao_stage_say(
                s, WORDS("             First “I have an invitation”, by name "
                         "and code (once, within a day):",
                         "            首次使用点“我有注册码”，填名称和注册码"
                         "（一天内，只用一次）："));
        first = false;
        yao_stage_say(s, WORDS("               %s  %s", "              %s  %s"),
                      yao_demo_operators[i], code);
    }
}

static const struct {
    const char *name;
    yao_words   words;
} kinds[YAO_DEMO_DOCUMENTS] = {
    {"resident_id", WORDS_INIT("identity card", "身份证")},
    {"driving_licence", WORDS_INIT("driving licence", "驾驶证")},
    {"vehicle_registration", WORDS_INIT("vehicle", "行驶证")},
    {"residence_permit", WORDS_INIT("residence permit", "居住证")},
    {"household_booklet", WORDS_INIT("household register", "户口簿")},
    {"health_card", WORDS_INIT("health card", "健康卡")},
    {"pass", WORDS_INIT("pass", "通行卡")},
};

static const char *say_document(const char *name)
{
    for (size_t i = 0; i < YAO_DEMO_DOCUMENTS; i++)
        if (strcmp(kinds[i].name, name) == 0)
            return yao_say(kinds[i].words);
    return name;
}

static void tell_people(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;

    yao_stage_say(s, WORDS("\n  Whom to be at the kiosk (all are invented):",
                           "\n  可在自助终端选用的人物（均为虚构）："));
    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++) {
        char   text[256] = "";
        size_t at        = 0;

        for (size_t n = 0; n < s->people[i].document_count; n++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s%s",
                                   n == 0 ? "" : yao_say(WORDS(", ", "、")),
                                   say_document(s->people[i].documents[n]));
        yao_stage_say(s, WORDS("    %s  %s: %s", "    %s  %s：%s"),
                      s->people[i].number, s->people[i].name, text);
    }
}

static void tell_commands(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;

    yao_stage_say(
        s,
        WORDS("\n  By commands, in another terminal (README.md, docs/api; %s "
              "help):\n"
              "    curl %s/.well-known/openid-credential-issuer\n"
              "    curl --unix-socket %s/authority/admin.sock "
              "http://unix/metrics\n"
              "    %s kiosk add -C %s/authority --name SPECIMEN    another "
              "code to pair a kiosk with\n"
              "    %s document list -C %s/authority --person %s\n"
              "\nCtrl-C ends it; all of it stays in %s.",
              "\n  在另一个终端用命令尝试（README.md、docs/api；%s help）：\n"
              "    curl %s/.well-known/openid-credential-issuer\n"
              "    curl --unix-socket %s/authority/admin.sock "
              "http://unix/metrics\n"
              "    %s kiosk add -C %s/authority --name SPECIMEN    终端的新配对码"
              "\n"
              "    %s document list -C %s/authority --person %s\n"
              "\n按 Ctrl-C 结束；数据保留在 %s。"),
        s->typed, w->own[YAO_DEMO_AUTHORITY], s->folder, s->typed, s->folder,
        s->typed, s->folder, s->people[0].number, s->folder);
}

/* A code for a telephone's camera. */
static void tell_begin(const yao_demo_world *w)
{
    const yao_stage *s = &w->stage;
    yao_arena        arena;
    yao_bytes        lines;
    qr_code          code;

    if (s->failed || w->begin == NULL ||
        yao_memory_open(MEMORY, &arena) != YAO_OK)
        return;
    yao_stage_say(s, WORDS("\nOn the telephone, in the same network: %s",
                           "\n用同一网络中的手机打开：%s"),
                  w->begin);
    if (qr_encode(yao_text_bytes(yao_text_of(w->begin)), QR_LEVEL_L, &arena,
                  &code) == YAO_OK) {
        yao_writer out = yao_writer_in(&arena);
        qr_write_terminal(&code, &out);
        if (yao_writer_keep(&out, &arena, &lines) == YAO_OK)
            (void)fwrite(lines.ptr, 1, lines.len, stdout);
    }
    yao_memory_free(&arena);
    fflush(stdout);
}

void yao_demo_tell_visit(yao_demo_world *w, bool there)
{
    tell_moved(w, there);
    tell_places(w);
    if (yao_demo_has_pages(w)) {
        tell_wallet(w);
        tell_kiosk(w);
        tell_desk(w);
        tell_operators(w);
        tell_people(w);
        tell_begin(w);
    }
    tell_commands(w);
}
