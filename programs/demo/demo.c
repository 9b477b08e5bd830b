/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai demo`: five documents, from a register to a verdict off line. */

#define _GNU_SOURCE
#include "demo/demo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/files.h"
#include "demo/people.h"
#include "yaopai/openssl.h"

#define HOTEL_CODE  "91330114MAC000017N"
#define POLICE_CODE "11120000000000019P"
#define HOTEL_ID    "x509_san_dns:hotel.example"
#define HOTEL_URI   "https://hotel.example/response"

/* Lists are opened in the order in which the first person is issued documents:
 * licence, health card, booklet and identity card, vehicle. */
#define LICENCE_LIST    "lists/1"
#define POPULATION_LIST "lists/3"
#define VEHICLE_LIST    "lists/4"

/* ---- the folder ------------------------------------------------------------- */

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

static int prepare(yao_stage *stage)
{
    static const char *const folders[] = {"wallets", "people"};
    ssize_t len = readlink("/proc/self/exe", stage->self,
                           sizeof stage->self - 1);

    if (len <= 0)
        return yao_fail(YAO_E_FILE, WORDS("demo", "演示"), "/proc/self/exe",
                        (yao_words){NULL, NULL},
                        WORDS("mount /proc", "请挂载 /proc"));
    stage->self[len] = '\0';
    yao_status status = make_path(stage->folder);
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        if (status != YAO_OK ||
            yao_folder_make(yao_stage_path(stage, folders[i]), 0700) != YAO_OK)
            return yao_fail(YAO_E_FILE, WORDS("demo", "演示"), stage->folder,
                            (yao_words){NULL, NULL},
                            WORDS("choose a folder that can be written with "
                                  "-C",
                                  "请用 -C 指定可写目录"));
    if (yao_path_exists(yao_stage_path(stage, "authority")))
        return yao_fail(YAO_E_EXISTS, WORDS("demo", "演示"), stage->folder,
                        WORDS("a demo was told there before",
                              "该目录已有一次演示"),
                        WORDS("choose another folder, or remove this one",
                              "请换一个目录或删除它"));
    return 0;
}

/* A passphrase for all demo wallets, random, in a file that only you read. */
static yao_status write_passphrase(const yao_stage *stage)
{
    uint8_t    random[16], letters[64];
    yao_writer w = yao_writer_open(letters, sizeof letters);
    yao_bytes  line;

    YAO_TRY(yao_openssl_random(random, sizeof random));
    yao_put_base64url(&w, (yao_bytes){random, sizeof random});
    yao_put_byte(&w, '\n');
    YAO_TRY(yao_writer_close(&w, &line));
    return yao_file_write(yao_stage_path(stage, "passphrase"), line, 0600,
                          true);
}

/* ---- the story ---------------------------------------------------------------- */

static void tell_authority(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("An authority", "签发机关"),
        WORDS("It makes three issuing roots (population, traffic, others) with "
              "a signer of documents and one of status lists each, roots for "
              "readers and for trust lists, and an empty register whose rows "
              "are sealed.",
              "建立三个签发根（人口、交通、其他）及各自的证件签发者与状态列表签发"
              "者，读卡证书根与信任列表根，以及一个逐行加密的空登记库。"));
    yao_stage_run(s, 0, "authority", "init", "-C",
                  yao_stage_path(s, "authority"), "--demo", NULL);

    yao_stage_title(
        s, WORDS("Relying parties are registered", "登记依赖方"),
        WORDS("Who may ask for what stands in a reader certificate. A wallet "
              "refuses everything else.",
              "谁可以请求什么，写在读卡证书中；其余一律由钱包拒绝。"));
    yao_stage_run(s, 0, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", HOTEL_CODE,
                  "--name", "示例酒店", "--profile", "hotel", "--profile",
                  "age", "--legal-basis", "旅馆业治安管理办法（示例）",
                  "--retention", "30", "--host", "hotel.example", "--out", yao_stage_path(s, "hotel"),
                  NULL);
    yao_stage_run(s, 0, "party", "register", "-C",
                  yao_stage_path(s, "authority"), "--code", POLICE_CODE,
                  "--name", "示例交警支队", "--profile", "road_check",
                  "--legal-basis", "道路交通安全法（示例）", "--retention",
                  "0", "--out", yao_stage_path(s, "police"), NULL);
}

static void tell_people(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("A register of people", "人口登记"),
        WORDS("Ten fictitious people, no real one among them. Each line is "
              "checked; a bad one would be named and left out.",
              "十位虚构人物，并无真人。逐行核对，错误的行会指出并跳过。"));
    yao_stage_run(s, 0, "person", "import", "-C",
                  yao_stage_path(s, "authority"),
                  yao_stage_path(s, "people/people.jsonl"), NULL);
    yao_stage_run(s, 0, "person", "count", "-C",
                  yao_stage_path(s, "authority"), NULL);
}

static void tell_wallets(yao_stage *s)
{
    char name[64];

    yao_stage_title(
        s, WORDS("Wallets, and the documents each person is entitled to",
                 "钱包，以及每人有权领取的证件"),
        WORDS("Identity card, driving licence, vehicle registration, residence "
              "permit, household booklet: as copies with a key of their own, "
              "in both standard forms. Who has no car gets no vehicle "
              "registration.",
              "身份证、驾驶证、行驶证、居住证、户口簿：每份各有密钥，并有两种标准"
              "格式。没有车的人就没有行驶证。"));
    for (size_t i = 0; i < YAO_DEMO_PEOPLE; i++) {
        snprintf(name, sizeof name, "wallets/%zu", i + 1);
        yao_stage_run(s, 0, "wallet", "init", "-C", yao_stage_path(s, name),
                      "--registrar",
                      yao_stage_path(
                          s, "authority/certificates/reader-root.pem"),
                      NULL);
        yao_stage_run(s, 0, "document", "issue", "-C",
                      yao_stage_path(s, "authority"), "--person",
                      s->numbers[i], "--wallet",
                      yao_stage_path(s, name), "--copies", "4", NULL);
    }
    yao_stage_run(s, 0, "wallet", "list", "-C",
                  yao_stage_path(s, "wallets/1"), NULL);
}

static void tell_lists(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("What became of documents", "证件的状态"),
        WORDS("Each copy has an entry in a signed list, in which a million "
              "look alike. Checkers carry the lists with them, and say how old "
              "they are.",
              "每份副本在签名的状态列表中占一项，百万项彼此无异。核验方随身携带"
              "列表，并说明其新旧。"));
    yao_stage_run(s, 0, "statuslist", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "lists"), NULL);
}

static void tell_hotel(yao_stage *s)
{
    char nonce[44];

    yao_stage_title(
        s, WORDS("At the hotel", "在酒店"),
        WORDS("The desk makes a fresh nonce; the guest's wallet says who asks "
              "for what and answers with a DeviceResponse for this session "
              "only. It is checked with the network cable out.",
              "前台生成随机数；客人的钱包说明由谁请求什么，并给出仅限本次会话的 "
              "DeviceResponse。核验时网线已拔。"));
    if (yao_session_remote(yao_stage_path(s, "hotel/session.cbor"), HOTEL_ID,
                           HOTEL_URI, nonce) != YAO_OK) {
        s->failures++;
        return;
    }
    yao_stage_run(s, 0, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "hotel",
                  "--format", "mdoc", "--reader",
                  yao_stage_path(s, "hotel/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "hotel/session.cbor"), "--output",
                  yao_stage_path(s, "hotel/guest.cbor"), "--yes", NULL);
    yao_stage_run_offline(
        s, 0, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status", yao_stage_path(s, POPULATION_LIST ".cwt"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        "--profile", "hotel", yao_stage_path(s, "hotel/guest.cbor"), NULL);

    yao_stage_say(WORDS("The same as SD-JWT VC, from another guest:",
                        "另一位客人以 SD-JWT VC 出示："));
    yao_stage_run(s, 0, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/2"), "--profile", "hotel",
                  "--format", "sd-jwt", "--reader",
                  yao_stage_path(s, "hotel/reader.pem"), "--nonce", nonce,
                  "--audience", HOTEL_ID, "--output",
                  yao_stage_path(s, "hotel/guest.txt"), "--yes", NULL);
    yao_stage_run_offline(
        s, 0, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status", yao_stage_path(s, POPULATION_LIST ".jwt"), "--nonce",
        nonce, "--audience", HOTEL_ID, "--profile", "hotel",
        yao_stage_path(s, "hotel/guest.txt"), NULL);
    memcpy(s->nonce, nonce, sizeof s->nonce);
}

static void tell_road(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("At a road check", "路检"),
        WORDS("Licence and vehicle in one response, with a MAC that only this "
              "policeman's reader can check: nobody else can be convinced by "
              "it.",
              "一次出示驾驶证与行驶证，附带只有这台读卡端能验证的 MAC，无法用来"
              "说服第三方。"));
    if (yao_session_counter(yao_stage_path(s, "police/session.cbor"),
                            yao_stage_path(s, "police/session-key.pem")) !=
        YAO_OK) {
        s->failures++;
        return;
    }
    yao_stage_run(s, 0, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "road_check",
                  "--mac", "--reader", yao_stage_path(s, "police/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "police/session.cbor"), "--output",
                  yao_stage_path(s, "police/driver.cbor"), "--yes", NULL);
    yao_stage_run_offline(
        s, 0, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/traffic-root.pem"),
        "--status", yao_stage_path(s, LICENCE_LIST ".cwt"), "--status",
        yao_stage_path(s, VEHICLE_LIST ".cwt"), "--session-transcript",
        yao_stage_path(s, "police/session.cbor"),
        "--reader-key", yao_stage_path(s, "police/session-key.pem"),
        "--profile", "road_check", yao_stage_path(s, "police/driver.cbor"),
        NULL);
}

/* One bit in the middle of a document. */
static yao_status tamper(const char *from, const char *to)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(from, 1024 * 1024, &file));
    ((uint8_t *)(uintptr_t)file.ptr)[file.len / 2] ^= 1;
    yao_status status = yao_file_write(to, file, 0600, false);
    yao_file_free(&file);
    return status;
}

static void tell_refusals(yao_stage *s)
{
    char nonce[44];

    yao_stage_title(
        s, WORDS("What is refused", "哪些会被拒绝"),
        WORDS("The hotel did not register for road checks; a recording of "
              "yesterday's guest does not fit today's session; one changed "
              "bit is noticed; who is not trusted is not believed.",
              "酒店没有登记路检；昨天的录制不适用于今天的会话；改动一个比特即被"
              "发现；不受信任者不被采信。"));
    yao_stage_run(s, 3, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "road_check",
                  "--reader", yao_stage_path(s, "hotel/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "hotel/session.cbor"), "--output",
                  yao_stage_path(s, "hotel/never.cbor"), "--yes", NULL);
    if (yao_session_remote(yao_stage_path(s, "hotel/another.cbor"), HOTEL_ID,
                           HOTEL_URI, nonce) != YAO_OK ||
        tamper(yao_stage_path(s, "hotel/guest.cbor"),
               yao_stage_path(s, "hotel/tampered.cbor")) != YAO_OK) {
        s->failures++;
        return;
    }
    yao_stage_run_offline(
        s, 3, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/another.cbor"),
        yao_stage_path(s, "hotel/guest.cbor"), NULL);
    yao_stage_run_offline(
        s, 3, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        yao_stage_path(s, "hotel/tampered.cbor"), NULL);
    yao_stage_run_offline(
        s, 3, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/traffic-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        yao_stage_path(s, "hotel/guest.cbor"), NULL);
}

static void tell_revocation(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("A telephone is lost", "手机丢失"),
        WORDS("The guest reports it. The clerk revokes the identity card, for "
              "good, and publishes the list: what was accepted this morning is "
              "refused, also where the network is out.",
              "客人报失，经办人吊销其身份证（不可撤回）并发布列表：早上还被接受"
              "的，现在被拒绝，离线亦然。"));
    yao_stage_run(s, 0, "document", "revoke", "-C",
                  yao_stage_path(s, "authority"), "--person", s->numbers[1],
                  "--document", "resident_id", "--reason", "lost", NULL);
    yao_stage_run(s, 0, "statuslist", "publish", "-C",
                  yao_stage_path(s, "authority"), "--output",
                  yao_stage_path(s, "lists"), NULL);
    yao_stage_run_offline(
        s, 3, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status", yao_stage_path(s, POPULATION_LIST ".jwt"), "--nonce",
        s->nonce, "--audience", HOTEL_ID, "--profile", "hotel",
        yao_stage_path(s, "hotel/guest.txt"), NULL);
    yao_stage_run(s, 3, "document", "restore", "-C",
                  yao_stage_path(s, "authority"), "--person", s->numbers[1],
                  "--document", "resident_id", NULL);
}

static void tell_end(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("What the person can see", "本人可以看到什么"),
        WORDS("The history is in the wallet and nowhere else.",
              "出示记录只在钱包里。"));
    yao_stage_run(s, 0, "wallet", "history", "-C",
                  yao_stage_path(s, "wallets/1"), NULL);
    printf(yao_say(WORDS("Everything is in %s: look around with\n"
                         "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
                         "  yaopai wallet show -C %s/wallets/1 resident_id\n"
                         "  yaopai inspect %s/hotel/guest.cbor\n",
                         "全部内容在 %s，可以这样查看：\n"
                         "  export YAOPAI_PASSPHRASE_FILE=%s/passphrase\n"
                         "  yaopai wallet show -C %s/wallets/1 resident_id\n"
                         "  yaopai inspect %s/hotel/guest.cbor\n")),
           s->folder, s->folder, s->folder, s->folder);
}

static int tell(yao_stage *s)
{
    int code = prepare(s);

    if (code != 0)
        return code;
    if (yao_demo_write_people(yao_stage_path(s, "people"), s->numbers) != YAO_OK ||
        write_passphrase(s) != YAO_OK ||
        setenv("YAOPAI_PASSPHRASE_FILE", yao_stage_path(s, "passphrase"), 1))
        return yao_fail(YAO_E_FILE, WORDS("demo", "演示"), s->folder,
                        (yao_words){NULL, NULL},
                        WORDS("choose another folder with -C",
                              "请用 -C 指定其他目录"));
    puts(yao_say(WORDS(
        "Yaopai tells its story with fictitious people. No document here is "
        "an official one: each says SPECIMEN.",
        "腰牌以虚构人物讲述全过程。这里的证件都不是正式证件，均标有 "
        "SPECIMEN。")));
    tell_authority(s);
    tell_people(s);
    tell_wallets(s);
    tell_lists(s);
    tell_hotel(s);
    tell_road(s);
    yao_turnstile_tell(s);
    tell_refusals(s);
    tell_revocation(s);
    tell_end(s);

    if (s->failures == 0)
        return 0;
    printf(yao_say(WORDS("%zu steps came out otherwise than told.\n",
                         "有 %zu 步与预期不符。\n")),
           s->failures);
    return 7;
}

static int run(const yao_invocation *call)
{
    yao_stage *stage = calloc(1, sizeof *stage);
    char       made[] = "/tmp/yaopai-demo-XXXXXX";

    if (stage == NULL)
        return yao_fail_memory();
    stage->folder = call->directory;
    if (!call->directory_given)
        stage->folder = mkdtemp(made);
    int code = stage->folder != NULL
                   ? tell(stage)
                   : yao_fail(YAO_E_FILE, WORDS("demo", "演示"), "/tmp",
                              WORDS("no folder can be made there",
                                    "无法在其中建立目录"),
                              WORDS("name one with -C", "请用 -C 指定目录"));
    free(stage);
    return code;
}

const yao_command yao_demo = {
    .verb    = "demo",
    .summary = WORDS_INIT("tell the whole story with fictitious people",
                          "以虚构人物演示全过程"),
    .text    = WORDS_INIT(
        "Makes an authority, ten people, their wallets and documents, a hotel "
        "and a policeman in the folder of -C (else in a new temporary one), "
        "and shows each command before running it. The folder can be explored "
        "afterwards.",
        "在 -C 所指目录（否则为新的临时目录）建立签发机关、十个人物及其钱包与"
        "证件、一家酒店和一名交警，逐条显示并运行命令。之后可自行查看该目录。"),
    .example = "  yaopai demo -C var/demo",
    .run     = run,
};
