/* SPDX-License-Identifier: Apache-2.0 */

/* At a hotel's desk, at a road check, and what is refused there. Who checks
 * has the status lists with them and the network cable out. */

#include "demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "app/files.h"

static const yao_step well            = {.want = 0};
static const yao_step offline         = {.want = 0, .offline = true};
static const yao_step refused         = {.want = 3};
static const yao_step refused_offline = {.want = 3, .offline = true};

static const yao_words no_session = WORDS_INIT("a session could not be made",
                                               "无法建立会话");

/* ---- what is fetched before --------------------------------------------- */

static void fetch_lists(yao_stage *s)
{
    static const struct {
        const char *type, *ending;
    } forms[] = {{"application/statuslist+cwt", "cwt"},
                 {"application/statuslist+jwt", "jwt"}};
    char url[128], file[64];

    for (int list = 1; list <= YAO_DEMO_LISTS; list++)
        for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
            snprintf(url, sizeof url, "%s/statuslists/%d", s->authority, list);
            snprintf(file, sizeof file, "lists/%d.%s", list, forms[i].ending);
            yao_stage_fetch(s, url, forms[i].type, yao_stage_path(s, file));
        }
}

static void tell_lists(yao_stage *s)
{
    yao_stage_title(
        s, WORDS("What became of documents", "证件的状态"),
        WORDS("Each copy has an entry in a signed list, in which a million "
              "look alike. Checkers fetch the whole lists from the authority "
              "once in a while, so it does not learn whom they check, and say "
              "how old theirs are.",
              "每份副本在签名的状态列表中占一项，百万项彼此无异。核验方不时从签发"
              "机关取回整个列表，签发机关因此不知道谁被核验；核验时说明列表的新"
              "旧。"));
    fetch_lists(s);
}

/* ---- the desk ----------------------------------------------------------- */

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
    if (yao_session_remote(yao_stage_path(s, "hotel/session.cbor"),
                           YAO_DEMO_HOTEL_ID, YAO_DEMO_HOTEL_URI,
                           nonce) != YAO_OK) {
        yao_stage_fail(s, no_session);
        return;
    }
    yao_stage_run(s, &well, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "hotel",
                  "--format", "mdoc", "--reader",
                  yao_stage_path(s, "hotel/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "hotel/session.cbor"), "--output",
                  yao_stage_path(s, "hotel/guest.cbor"), "--yes", NULL);
    yao_stage_run(
        s, &offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status", yao_stage_path(s, "lists/" YAO_DEMO_POPULATION_LIST ".cwt"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        "--profile", "hotel", yao_stage_path(s, "hotel/guest.cbor"), NULL);

    yao_stage_say(s, WORDS("The same as SD-JWT VC, from another guest:",
                        "另一位客人以 SD-JWT VC 出示："));
    yao_stage_run(s, &well, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/2"), "--profile", "hotel",
                  "--format", "sd-jwt", "--reader",
                  yao_stage_path(s, "hotel/reader.pem"), "--nonce", nonce,
                  "--audience", YAO_DEMO_HOTEL_ID, "--output",
                  yao_stage_path(s, "hotel/guest.txt"), "--yes", NULL);
    yao_stage_run(
        s, &offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--status", yao_stage_path(s, "lists/" YAO_DEMO_POPULATION_LIST ".jwt"), "--nonce",
        nonce, "--audience", YAO_DEMO_HOTEL_ID, "--profile", "hotel",
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
        yao_stage_fail(s, no_session);
        return;
    }
    yao_stage_run(s, &well, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "road_check",
                  "--mac", "--reader", yao_stage_path(s, "police/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "police/session.cbor"), "--output",
                  yao_stage_path(s, "police/driver.cbor"), "--yes", NULL);
    yao_stage_run(
        s, &offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/traffic-root.pem"),
        "--status",
        yao_stage_path(s, "lists/" YAO_DEMO_LICENCE_LIST ".cwt"), "--status",
        yao_stage_path(s, "lists/" YAO_DEMO_VEHICLE_LIST ".cwt"),
        "--session-transcript", yao_stage_path(s, "police/session.cbor"),
        "--reader-key", yao_stage_path(s, "police/session-key.pem"),
        "--profile", "road_check", yao_stage_path(s, "police/driver.cbor"),
        NULL);
}

void yao_demo_desk(yao_stage *s)
{
    tell_lists(s);
    tell_hotel(s);
    tell_road(s);
}

/* ---- what is refused ---------------------------------------------------- */

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

void yao_demo_refuse(yao_stage *s)
{
    char nonce[44];

    yao_stage_title(
        s, WORDS("What is refused", "哪些会被拒绝"),
        WORDS("The hotel did not register for road checks; a recording of "
              "yesterday's guest does not fit today's session; one changed "
              "bit is noticed; who is not trusted is not believed.",
              "酒店没有登记路检；昨天的录制不适用于今天的会话；改动一个比特即被"
              "发现；不受信任者不被采信。"));
    yao_stage_run(s, &refused, "wallet", "present", "-C",
                  yao_stage_path(s, "wallets/1"), "--profile", "road_check",
                  "--reader", yao_stage_path(s, "hotel/reader.pem"),
                  "--session-transcript",
                  yao_stage_path(s, "hotel/session.cbor"), "--output",
                  yao_stage_path(s, "hotel/never.cbor"), "--yes", NULL);
    if (yao_session_remote(yao_stage_path(s, "hotel/another.cbor"),
                           YAO_DEMO_HOTEL_ID, YAO_DEMO_HOTEL_URI,
                           nonce) != YAO_OK ||
        tamper(yao_stage_path(s, "hotel/guest.cbor"),
               yao_stage_path(s, "hotel/tampered.cbor")) != YAO_OK) {
        yao_stage_fail(s, no_session);
        return;
    }
    yao_stage_run(
        s, &refused_offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/another.cbor"),
        yao_stage_path(s, "hotel/guest.cbor"), NULL);
    yao_stage_run(
        s, &refused_offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/population-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        yao_stage_path(s, "hotel/tampered.cbor"), NULL);
    yao_stage_run(
        s, &refused_offline, "verify", "--trust",
        yao_stage_path(s, "authority/certificates/traffic-root.pem"),
        "--session-transcript", yao_stage_path(s, "hotel/session.cbor"),
        yao_stage_path(s, "hotel/guest.cbor"), NULL);
}
