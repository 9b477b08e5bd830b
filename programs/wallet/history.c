/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet history`: what was shown to whom, by names, not values. */

#include "app/value.h"
#include "json/json.h"
#include "wallet/presenting.h"

static void put_event(yao_writer *w, const yao_wallet_event *e)
{
    uint8_t letters[20];
    bool    first = true;

    yao_time_format(e->when, letters);
    yao_put_byte(w, '{');
    yao_json_put_name(w, &first, "when");
    yao_json_put_string(w, (yao_text){letters, sizeof letters});
    yao_json_put_name(w, &first, "party");
    yao_json_put_string(w, e->party);
    yao_json_put_name(w, &first, "profile");
    yao_json_put_string(w, e->profile);
    yao_json_put_name(w, &first, "document");
    yao_json_put_string(w, e->document);
    yao_json_put_name(w, &first, "format");
    yao_json_put_string(w, e->format);
    yao_json_put_name(w, &first, "elements");
    yao_json_put_string(w, e->elements);
    if (e->request.len > 0)
        yao_json_put_member(w, &first, "request", e->request);
    if (e->outcome.len > 0)
        yao_json_put_member(w, &first, "outcome", e->outcome);
    if (e->receipt_is.len > 0) {
        yao_json_put_member(w, &first, "receipt_is", e->receipt_is);
        yao_json_put_member(w, &first, "receipt", e->receipt);
    }
    yao_put_byte(w, '}');
}

static yao_status print_json(yao_wallet *wallet)
{
    yao_writer w     = yao_writer_in(&wallet->arena);
    bool       first = true;
    yao_bytes  out;

    yao_put_text(&w, "{\"history\":[");
    for (size_t i = 0; i < wallet->event_count; i++) {
        yao_json_put_next(&w, &first);
        put_event(&w, &wallet->events[i]);
    }
    yao_put_text(&w, "]}\n");
    YAO_TRY(yao_writer_keep(&w, &wallet->arena, &out));

    fwrite(out.ptr, 1, out.len, stdout);
    return YAO_OK;
}

static void print(const yao_wallet *wallet)
{
    if (wallet->event_count == 0)
        puts(yao_say(WORDS("Nothing was shown to anybody.",
                           "尚未向任何人出示。")));
    for (size_t i = 0; i < wallet->event_count; i++) {
        const yao_wallet_event *e = &wallet->events[i];
        uint8_t                 letters[20];

        yao_time_format(e->when, letters);
        printf("%.20s  ", (const char *)letters);
        yao_value_print(stdout, e->party);
        printf("  %.*s  %.*s (%.*s)\n    %.*s\n", (int)e->profile.len,
               (const char *)e->profile.ptr, (int)e->document.len,
               (const char *)e->document.ptr, (int)e->format.len,
               (const char *)e->format.ptr, (int)e->elements.len,
               (const char *)e->elements.ptr);
        if (e->outcome.len > 0 && e->request.len == 0)
            printf("    %.*s\n", (int)e->outcome.len,
                   (const char *)e->outcome.ptr);
        else if (e->outcome.len > 0)
            printf(yao_say(WORDS("    on line: %.*s; request %.*s\n",
                                 "    在线：%.*s；请求 %.*s\n")),
                   (int)e->outcome.len, (const char *)e->outcome.ptr,
                   (int)e->request.len, (const char *)e->request.ptr);
        if (e->receipt_is.len > 0)
            printf(yao_say(WORDS("    receipt: %.*s\n", "    回执：%.*s\n")),
                   (int)e->receipt_is.len, (const char *)e->receipt_is.ptr);
    }
}

static int run(const yao_invocation *call)
{
    yao_wallet *w;
    int         code = yao_wallet_open_for(call, &w);

    if (code != 0)
        return code;
    if (yao_given(call, "receipt"))
        code = yao_wallet_take_receipt(call, w);
    else if (!call->json)
        print(w);
    else if (print_json(w) != YAO_OK)
        code = yao_fail_memory();
    yao_wallet_close(w);
    return code;
}

static const yao_option options[] = {
    {"receipt", "FILE", 0,
     WORDS_INIT("take a receipt that a checker shows, as letters or as a "
                "picture: it goes to the showing of the card that it is for",
                "收取核验方出示的回执（文字或图片），存入对应的出示记录")},
    {"reader", "PEM", 0,
     WORDS_INIT("with --receipt: the checker's reader certificate",
                "与 --receipt 同用：核验方的读卡证书")},
    YAO_WALLET_PASSPHRASE_OPTION};

const yao_command yao_wallet_history = {
    .noun    = "wallet",
    .verb    = "history",
    .summary = WORDS_INIT("what was shown to whom, and when",
                          "何时向谁出示过什么"),
    .text    = WORDS_INIT("Names of elements only: the values are in the "
                          "documents.",
                          "只记录项目名称；内容在证件中。"),
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .json         = true,
    .run          = run,
};
