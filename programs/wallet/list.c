/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet list`: which documents are there, and how many copies. */

#include "app/value.h"
#include "json/json.h"
#include "wallet/titles.h"
#include "wallet/person.h"

static size_t unspent(const yao_wallet_batch *batch)
{
    size_t left = 0;

    for (size_t i = 0; i < batch->count; i++)
        left += batch->shown[i] == 0;
    return left;
}

static void put_batch(yao_writer *w, const yao_wallet_batch *b)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "document", b->document);
    if (b->subject.len > 0) {
        yao_json_put_member(w, &first, "subject", b->subject);
    }
    yao_json_put_member(w, &first, "format", b->format);
    if (b->profile.len > 0) {
        yao_json_put_member(w, &first, "profile", b->profile);
    }
    if (b->choice.len > 0) {
        yao_json_put_member(w, &first, "choice", b->choice);
    }
    yao_json_put_member(w, &first, "type", b->type);
    yao_json_put_member(w, &first, "issuer", b->issuer);
    yao_json_put_member_int(w, &first, "issued", b->issued);
    yao_json_put_member_int(w, &first, "copies", (int64_t)b->count);
    yao_json_put_member_int(w, &first, "unspent", (int64_t)unspent(b));
    yao_put_byte(w, '}');
}

static yao_status print_json(yao_wallet *wallet)
{
    yao_writer w     = yao_writer_in(&wallet->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_text(&w, "{\"documents\":[");
    for (size_t i = 0; i < wallet->batch_count; i++) {
        yao_json_put_next(&w, &first);
        put_batch(&w, &wallet->batches[i]);
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &out));

    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

static void print_mark(yao_text mark)
{
    if (mark.len == 0)
        return;
    fputs("  (", stdout);
    yao_value_print(stdout, mark);
    putchar(')');
}

/* Chinese letters are two columns wide, and have three bytes. */
static void print_title(yao_text title)
{
    enum { COLUMN = 35 };
    int pad = COLUMN - yao_value_columns(title);

    yao_value_print(stdout, title);
    printf("%*s", pad > 1 ? pad : 1, "");
}

static void print(const yao_wallet *wallet)
{
    if (wallet->batch_count == 0)
        puts(yao_say(WORDS("The wallet is empty.", "钱包是空的。")));
    for (size_t i = 0; i < wallet->batch_count; i++) {
        const yao_wallet_batch *b = &wallet->batches[i];

        print_title(yao_wallet_title(b));
        yao_print(WORDS("%-19.*s %zu of %zu copies left",
                        "%-19.*s 剩余 %zu / %zu 份"),
                  (int)b->format.len, (const char *)b->format.ptr, unspent(b),
                  b->count);
        print_mark(b->profile);
        print_mark(b->choice);
        print_mark(b->subject);
        putchar('\n');
    }
}

static int run(const yao_invocation *call)
{
    yao_wallet *w;

    if (yao_given(call, "devices") || yao_argument(call, "end") != NULL)
        return yao_wallet_list_devices(call);
    int code = yao_wallet_open_for(call, &w);
    if (code != 0)
        return code;
    if (!call->json)
        print(w);
    else if (print_json(w) != YAO_OK)
        code = yao_fail_memory();
    yao_wallet_close(w);
    return code;
}

static const yao_option options[] = {
    {"devices", NULL, 0,
     WORDS_INIT("your devices instead, as the authority knows them",
                "改为列出签发机关所知的您的设备")},
    {"end", "ID", 0,
     WORDS_INIT("end this device first: its documents are revoked",
                "先终止该设备：其证件将被吊销")},
    YAO_PERSON_OPTIONS,
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_list = {
    .noun         = "wallet",
    .verb         = "list",
    .summary      = WORDS_INIT("list the documents in a wallet",
                               "列出钱包中的证件"),
    .text         = WORDS_INIT(
        "With --devices the authority is asked, by your number and access "
        "code. A device is added by an enrolment with it: `yaopai wallet "
        "receive` with an offer of a kiosk or an officer, or `fetch`; one at a "
        "lower level than those you have gets documents after a notice and 24 "
        "hours only. --end ends one, unless it is of a higher level than your "
        "code's: a kiosk or an officer does that.",
        "使用 --devices 时凭号码与访问口令向签发机关查询。新设备通过登记加入：用终"
        "端机或窗口的邀约 `yaopai wallet receive`，或 `fetch`；等级低于已有设备的，"
        "须经通知并等待 24 小时才能领取证件。--end 可终止一台设备；等级高于访问口令"
        "的，请到终端机或窗口终止。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet list -C my-wallet",
    .json         = true,
    .run          = run,
};
