/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai wallet delete`: documents, with their keys. */

#include <string.h>
#include <unistd.h>

#include "app/value.h"
#include "json/json.h"
#include "wallet/sources.h"
#include "wallet/titles.h"

static const yao_words what = WORDS_INIT("wallet delete", "删除证件");

typedef struct deleting {
    const yao_invocation *call;
    yao_wallet           *wallet;
    yao_text              document; /* empty: all */
    yao_text              whom;
    size_t                batches, copies, sources;
} deleting;

static bool goes(const deleting *d, const yao_wallet_batch *b)
{
    if (d->document.len != 0 && !yao_text_equal(b->document, d->document))
        return false;
    return !yao_given(d->call, "of") || yao_text_equal(b->subject, d->whom);
}

static void count(deleting *d)
{
    for (size_t i = 0; i < d->wallet->batch_count; i++)
        if (goes(d, &d->wallet->batches[i])) {
            d->batches++;
            d->copies += d->wallet->batches[i].count;
        }
}

/* ---- the person --------------------------------------------------------- */

static void describe(const deleting *d)
{
    for (size_t i = 0; i < d->wallet->batch_count; i++) {
        const yao_wallet_batch *b = &d->wallet->batches[i];

        if (!goes(d, b))
            continue;
        fputs("  ", stderr);
        yao_value_print(stderr, yao_wallet_title(b));
        fprintf(stderr, "  %.*s", (int)b->format.len,
                (const char *)b->format.ptr);
        if (b->profile.len > 0)
            fprintf(stderr, " (%.*s)", (int)b->profile.len,
                    (const char *)b->profile.ptr);
        fputc('\n', stderr);
    }
}

static bool agreed(const deleting *d)
{
    char answer[16];

    if (yao_given(d->call, "yes"))
        return true;
    describe(d);
    if (!isatty(STDIN_FILENO))
        return false;
    fputs(yao_say(WORDS("Delete these and their keys for good? [y/N] ",
                        "永久删除以上证件及其密钥？[y/N] ")),
          stderr);
    fflush(stderr);
    return fgets(answer, sizeof answer, stdin) != NULL &&
           (answer[0] == 'y' || answer[0] == 'Y' ||
            strncmp(answer, "是", strlen("是")) == 0);
}

/* ---- doing -------------------------------------------------------------- */

static void forget_history(deleting *d)
{
    yao_wallet *w    = d->wallet;
    size_t      kept = 0;

    if (!yao_given(d->call, "history"))
        return;
    for (size_t i = 0; i < w->event_count; i++)
        if (d->document.len != 0 &&
            !yao_text_equal(w->events[i].document, d->document))
            w->events[kept++] = w->events[i];
    w->event_count = kept;
}

/* Who may be asked again goes first, then the index, then files and keys: a
 * kill in between leaves what the next opening removes. */
static yao_status drop(deleting *d)
{
    yao_wallet       *w    = d->wallet;
    yao_wallet_batch *gone = yao_arena_take_array(
        &w->arena, w->batch_count > 0 ? w->batch_count : 1, sizeof *gone);
    size_t kept = 0, leaving = 0;

    if (gone == NULL)
        return YAO_E_SPACE;
    if (!yao_given(d->call, "of"))
        YAO_TRY(yao_wallet_drop_sources(w, d->document, &d->sources));
    for (size_t i = 0; i < w->batch_count; i++) {
        if (goes(d, &w->batches[i]))
            gone[leaving++] = w->batches[i];
        else
            w->batches[kept++] = w->batches[i];
    }
    w->batch_count = kept;
    forget_history(d);
    YAO_TRY(yao_wallet_save(w));
    for (size_t i = 0; i < leaving; i++)
        yao_wallet_remove_batch(w, &gone[i]);
    return YAO_OK;
}

static void tell(const deleting *d)
{
    if (d->call->json) {
        printf("{\"batches\":%zu,\"copies\":%zu,\"sources\":%zu,"
               "\"keys_left\":%zu}\n",
               d->batches, d->copies, d->sources, d->wallet->left_behind);
        return;
    }
    yao_print(WORDS("Deleted: %zu copies with their keys. They stay valid where "
                    "they were shown; if this device is out of your hands, "
                    "freeze them with `yaopai wallet freeze`.\n",
                    "已删除 %zu 份副本及其密钥。已出示过的不受影响；若设备不在您手"
                    "中，请用 `yaopai wallet freeze` 冻结证件。\n"),
              d->copies);
}

static int delete(deleting *d)
{
    count(d);
    if (d->batches == 0 && d->document.len != 0)
        return yao_fail(YAO_E_NOT_FOUND, what, d->call->operands[0],
                        WORDS("the wallet does not hold it", "钱包中没有该证件"),
                        WORDS("see `yaopai wallet list`",
                              "请看 `yaopai wallet list`"));
    if (!agreed(d))
        return yao_fail(YAO_E_REFUSED, what, NULL,
                        WORDS("you did not agree", "您没有同意"),
                        WORDS("nothing was deleted; --yes agrees",
                              "未删除任何内容；--yes 表示同意"));
    yao_status status = drop(d);
    if (status != YAO_OK)
        return yao_fail(status, what, NULL, (yao_words){NULL, NULL},
                        WORDS("look at `yaopai wallet list` for what is left",
                              "请用 `yaopai wallet list` 查看剩余内容"));
    tell(d);
    return 0;
}

static int run(const yao_invocation *call)
{
    deleting d   = {.call = call, .whom = yao_text_of(yao_argument(call, "of"))};
    bool     all = yao_given(call, "all");

    if (all == (call->operand_count > 0))
        return yao_fail(YAO_E_USAGE, what, NULL,
                        WORDS("say which document, or --all",
                              "请指定证件，或用 --all"),
                        WORDS("see `yaopai wallet list`",
                              "请看 `yaopai wallet list`"));
    if (!all)
        d.document = yao_text_of(call->operands[0]);

    int code = yao_wallet_open_for(call, &d.wallet);
    if (code != 0)
        return code;
    code = delete(&d);
    yao_wallet_close(d.wallet);
    return code;
}

static const yao_option options[] = {
    {"all", NULL, 0,
     WORDS_INIT("every document, and who may be asked for them again",
                "所有证件，以及再次领取的凭据")},
    {"of", "WHOM", 0,
     WORDS_INIT("where the wallet holds several: only this one, as `wallet "
                "list` has it in brackets",
                "钱包中有多份时：只删除此份，即 `wallet list` 括号中所示")},
    {"history", NULL, 0,
     WORDS_INIT("also what was shown of it to whom", "连同其出示记录")},
    {"yes", NULL, 0,
     WORDS_INIT("agree without being asked, for scripts",
                "不再询问即同意，供脚本使用")},
    YAO_WALLET_PASSPHRASE_OPTION,
};

const yao_command yao_wallet_delete = {
    .noun    = "wallet",
    .verb    = "delete",
    .summary = WORDS_INIT("delete documents with their keys",
                          "删除证件及其密钥"),
    .text    = WORDS_INIT(
        "Removes all copies of DOCUMENT in every form, their device keys (in a "
        "token too) and the token with which the authority would give it again. "
        "What was shown of it stays in the history, unless --history. The "
        "document itself is not revoked: it can be issued again. Files are "
        "overwritten before they are removed; what a flash disk keeps of them "
        "is sealed under your passphrase.",
        "删除该证件各种形式的全部副本、设备密钥（包括硬件令牌中的）以及再次领取的"
        "凭据。出示记录保留，除非使用 --history。证件本身并未吊销，可重新领取。文件"
        "先被覆写再删除；闪存中可能残留的内容仍由您的口令密封。"),
    .operands     = "[DOCUMENT]",
    .most         = 1,
    .options      = options,
    .option_count = sizeof options / sizeof options[0],
    .example      = "  yaopai wallet delete -C my-wallet driving_licence",
    .json         = true,
    .run          = run,
};
