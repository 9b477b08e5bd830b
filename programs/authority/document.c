/* SPDX-License-Identifier: Apache-2.0 */
/* yaopai document issue, document list. */

#include "authority/commands.h"
#include "authority/copies.h"

#include "app/files.h"

#include <stdlib.h>
#include <string.h>

static const yao_words issue_what = WORDS_INIT("document issue", "签发证件");

/* ---- telling ---- */

typedef struct report {
    const yao_invocation *call;
    size_t                issued, refused; /* documents */
    bool                  begun;           /* JSON's list */
} report;

static void print_date(yao_time time)
{
    uint8_t letters[10];

    yao_date_format(yao_date_of_time(time), letters);
    printf("%.10s", (const char *)letters);
}

static void tell_json(report *r, const yao_definition *d,
                      const issue_batch *batch)
{
    printf("%s\n{\"document\":\"%.*s\",\"format\":\"%.*s\","
           "\"profile\":\"%.*s\",\"choice\":\"%.*s\",\"copies\":%zu,\"valid_until\":\"",
           r->begun ? "," : "", (int)d->name.len, (const char *)d->name.ptr,
           (int)batch->format.len, (const char *)batch->format.ptr,
           (int)batch->profile.len, (const char *)batch->profile.ptr,
           (int)batch->choice.len, (const char *)batch->choice.ptr,
           batch->copies);
    print_date(batch->valid_until);
    fputs("\"}", stdout);
    r->begun = true;
}

static void tell_plain(const yao_definition *d, const issue_batch *batch)
{
    yao_text title = yao_label_in(d->title, yao_language_get());

    yao_print(WORDS("%.*s: %zu copies as %.*s, valid until ",
                    "%.*s：%zu 份 %.*s，有效期至 "),
              (int)title.len, (const char *)title.ptr, batch->copies,
              (int)batch->format.len, (const char *)batch->format.ptr);
    print_date(batch->valid_until);
    fputc('\n', stdout);
}

static bool is_paper(const issue_batch *b)
{
    return yao_text_equal(b->format, copies_format_name(COPIES_PAPER));
}

static void tell_paper(const yao_definition *d, const issue_batch *b)
{
    yao_text title = yao_label_in(d->title, yao_language_get());

    yao_print(WORDS("%.*s: to be printed for %.*s, valid until ",
                    "%.*s：供打印，用于 %.*s，有效期至 "),
              (int)title.len, (const char *)title.ptr, (int)b->profile.len,
              (const char *)b->profile.ptr);
    print_date(b->valid_until);
    fputc('\n', stdout);
}

/* Cards are many and short-lived: a line for all of them. */
static void tell_cards(const yao_definition *d, const issue_batches *batches,
                       size_t first, size_t end)
{
    yao_text title = yao_label_in(d->title, yao_language_get());
    yao_text last  = YAO_TEXT("");

    if (first >= end)
        return;
    yao_print(WORDS("%.*s: QR cards, %zu copies each, for",
                    "%.*s：二维码卡，每种 %zu 份，用于"),
              (int)title.len, (const char *)title.ptr,
              batches->items[first].copies);
    for (size_t i = first; i < end; i++) {
        yao_text profile = batches->items[i].profile;
        if (!yao_text_equal(profile, last))
            printf(" %.*s", (int)profile.len, (const char *)profile.ptr);
        last = profile;
    }
    yao_print(WORDS(", valid until ", "，有效期至 "));
    print_date(batches->items[first].valid_until);
    fputc('\n', stdout);
}

static void tell_batches(report *r, const yao_definition *d,
                         const issue_batches *batches)
{
    size_t i = 0, end = batches->count;

    for (; r->call->json && i < end; i++)
        tell_json(r, d, &batches->items[i]);
    for (; i < end && batches->items[i].profile.len == 0; i++)
        tell_plain(d, &batches->items[i]);
    while (end > i && is_paper(&batches->items[end - 1]))
        end--;
    if (!r->call->json)
        tell_cards(d, batches, i, end);
    for (i = end; !r->call->json && i < batches->count; i++)
        tell_paper(d, &batches->items[i]);
}

/* The first error: why the document is not for this person. */
static yao_text why_not(yao_status status, const yao_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++)
        if (problems->items[i].severity == YAO_ERROR)
            return yao_reason_text(problems->items[i].reason,
                                   yao_language_get());
    if (status == YAO_E_NOT_AUTHORISED)
        return yao_text_of(yao_say(
            WORDS("this authority does not sign it", "本机关不签发该证件")));
    if (status == YAO_E_REVOKED)
        return yao_text_of(
            yao_say(WORDS("it is suspended; restore it first",
                          "该证件已暂停，请先恢复")));
    return yao_text_of(yao_status_words(status));
}

static void tell_refused(report *r, const yao_definition *d, yao_text why)
{
    yao_text title = yao_label_in(d->title, yao_language_get());

    if (r->call->json) {
        printf("%s\n{\"document\":\"%.*s\",\"refused\":\"%.*s\"}",
               r->begun ? "," : "", (int)d->name.len, (const char *)d->name.ptr,
               (int)why.len, (const char *)why.ptr);
        r->begun = true;
        return;
    }
    yao_print(WORDS("%.*s: not issued: %.*s\n", "%.*s：未签发：%.*s\n"),
              (int)title.len, (const char *)title.ptr, (int)why.len,
              (const char *)why.ptr);
}

/* ---- issuing ---- */

static bool is_persons_fault(yao_status status)
{
    return status == YAO_E_NOT_ENTITLED || status == YAO_E_VALUE ||
           status == YAO_E_NOT_AUTHORISED || status == YAO_E_MISSING ||
           status == YAO_E_REVOKED;
}

/* All of one kind that the person has. */
static yao_status issue_kind(issuing *is, const yao_definition *d, report *r)
{
    static yao_problems  problems;
    static issue_batches batches;
    size_t               count = issue_count(is, d);

    for (size_t i = 0; i < count; i++) {
        yao_status status = issue_document(is, d, i, &batches, &problems);
        yao_progress_end(&is->progress);
        if (status == YAO_OK) {
            tell_batches(r, d, &batches);
            r->issued++;
        } else if (is_persons_fault(status)) {
            tell_refused(r, d, why_not(status, &problems));
            r->refused++;
        } else {
            return status;
        }
    }
    return YAO_OK;
}

static yao_status issue_everything(issuing *is, report *r)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    for (size_t i = 0; i < c->definition_count; i++)
        YAO_TRY(issue_kind(is, &c->definitions[i], r));
    r->refused = 0; /* nobody asked for them by name */
    return YAO_OK;
}

static yao_status issue_named(issuing *is, report *r)
{
    const char *name;

    for (size_t i = 0; (name = yao_argument_at(r->call, "document", i)) != NULL;
         i++)
        YAO_TRY(issue_kind(
            is,
            yao_document_by_name(yao_catalogue_shipped(), yao_text_of(name)),
            r));
    return YAO_OK;
}

static int check_names(const yao_invocation *call)
{
    const char *name;

    for (size_t i = 0; (name = yao_argument_at(call, "document", i)) != NULL;
         i++)
        if (yao_document_by_name(yao_catalogue_shipped(), yao_text_of(name)) ==
            NULL)
            return yao_fail(
                YAO_E_USAGE, issue_what, name,
                WORDS("there is no such document", "没有这种证件"),
                WORDS("see the names in documents/", "见 documents/ 目录"));
    return 0;
}

/* What can't be had on paper is said before anything is issued. */
static int take_paper(const yao_invocation *call, issuing *is)
{
    static const char *names[YAO_MAX_ARGUMENTS];
    const char        *name;

    for (size_t i = 0; (name = yao_argument_at(call, "paper", i)) != NULL;
         i++) {
        const yao_profile *p =
            yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));

        if (p == NULL || p->paper_days == 0)
            return yao_fail(
                YAO_E_USAGE, issue_what, name,
                WORDS("there is no paper for this purpose",
                      "该用途没有纸质凭证"),
                WORDS("see `paper_days` in profiles/",
                      "见 profiles/ 中的 `paper_days`"));
        names[is->paper_count++] = name;
    }
    is->paper = names;
    return 0;
}

static int tell_failure(yao_status status)
{
    if (status == YAO_E_NOT_FOUND)
        return yao_fail(status, issue_what, NULL,
                        WORDS("nobody of this number is in the register",
                              "登记库中没有该号码"),
                        WORDS("check the number", "请核对号码"));
    if (status == YAO_E_UNTRUSTED)
        return yao_fail(status, issue_what, NULL,
                        WORDS("the key that signs this document was revoked",
                              "签发该证件的密钥已被吊销"),
                        WORDS("put another in its place with `yaopai signer "
                              "rotate`",
                              "请用 `yaopai signer rotate` 更换"));
    return yao_fail(status, issue_what, NULL, (yao_words){NULL, NULL},
                    WORDS("what was told as issued is in the wallet; try the "
                          "rest again",
                          "已提示签发的证件在钱包中；其余请重试"));
}

static int issue_all(issuing *is, report *r)
{
    yao_status status =
        issue_find(is, yao_text_of(yao_argument(r->call, "person")));

    if (status == YAO_OK) {
        if (r->call->json)
            fputs("{\"documents\":[", stdout);
        status = yao_given(r->call, "document") ? issue_named(is, r)
                                                : issue_everything(is, r);
        if (r->call->json)
            fputs("]}\n", stdout);
    }
    issue_close(is);
    if (status != YAO_OK)
        return tell_failure(status);
    if (r->issued == 0 && r->refused == 0 && !r->call->json)
        yao_print(WORDS("This person is entitled to no document.\n",
                        "此人没有可签发的证件。\n"));
    return r->refused > 0 ? 3 : 0;
}

static int open_wallet(issuing *is, const yao_invocation *call)
{
    const char *folder = yao_argument(call, "wallet");

    is->handover      = yao_authority_wallet;
    yao_status status = is->handover->open(folder, &is->wallet);
    if (status == YAO_OK)
        return 0;

    yao_words why = {NULL, NULL}, next = {NULL, NULL};
    if (status == YAO_E_NOT_FOUND) {
        why  = WORDS("there is no wallet in this folder", "该目录中没有钱包");
        next = WORDS("make one with `yaopai wallet init -C DIR`",
                     "请用 `yaopai wallet init -C 目录` 建立");
    } else if (status == YAO_E_SECRET) {
        next = WORDS("type it again, or name its file in "
                     "$YAOPAI_PASSPHRASE_FILE",
                     "请重新输入，或在 $YAOPAI_PASSPHRASE_FILE 中指明口令文件");
    }
    return yao_fail(status, WORDS("the wallet", "钱包"), folder, why, next);
}

static int run_issue(const yao_invocation *call)
{
    static authority a;
    static issuing   is;
    report           r      = {.call = call};
    long             copies = 0, cards = 0;

    int code = check_names(call);
    if (code == 0)
        code = authority_begin(call, &a);
    if (code != 0)
        return code;
    is.authority      = &a;
    is.progress.label = WORDS("signing", "正在签名");
    if (!yao_number(call, "copies", 1, YAO_MAX_BATCH,
                    config_number(&a.config, SETTING_COPIES), &copies) ||
        !yao_number(call, "cards", 0, YAO_MAX_BATCH,
                    config_number(&a.config, SETTING_CARDS), &cards))
        code = 1;
    is.copies = (size_t)copies;
    is.cards  = (size_t)cards;
    if (code == 0)
        code = take_paper(call, &is);
    if (code == 0)
        code = open_wallet(&is, call);
    if (code == 0 &&
        yao_memory_open(
            issue_memory(is.copies > is.cards ? is.copies : is.cards),
            &is.arena) != YAO_OK)
        code = tell_failure(YAO_E_SPACE);
    if (code == 0)
        code = issue_all(&is, &r);
    if (is.wallet != NULL)
        is.handover->close(is.wallet);
    authority_close(&a);
    is.arena.used = is.arena.cap; /* all of it was used at times */
    yao_memory_free(&is.arena);
    return code;
}

/* ---- list ---- */

static void print_document(const store_document *d, bool json, bool first)
{
    char id[2 * STORE_ID_LEN + 1];

    issue_id_text(d->issuance, id);
    if (json)
        printf("%s\n{\"id\":\"%s\",\"document\":\"%.*s\","
               "\"format\":\"%.*s\",\"profile\":\"%.*s\",\"state\":\"%s\",\"copies\":%zu,"
               "\"level\":%d,\"issued\":\"",
               first ? "" : ",", id, (int)d->name.len,
               (const char *)d->name.ptr, (int)d->format.len,
               (const char *)d->format.ptr, (int)d->profile.len,
               (const char *)d->profile.ptr, issue_state_word(d->state),
               d->copy_count, (int)d->level);
    else
        yao_print(WORDS("%s  %.*s  %.*s%s%.*s  %s  %zu copies, level %d, "
                        "issued ",
                        "%s  %.*s  %.*s%s%.*s  %s  %zu 份，等级 %d，"
                        "签发于 "),
                  id, (int)d->name.len, (const char *)d->name.ptr,
                  (int)d->format.len, (const char *)d->format.ptr,
                  d->profile.len > 0 ? " " : "", (int)d->profile.len,
                  (const char *)d->profile.ptr, issue_state_word(d->state),
                  d->copy_count, (int)d->level);
    print_date(d->issued);
    fputs(json ? "\",\"valid_until\":\""
               : yao_say(WORDS(", valid until ", "，有效期至 ")),
          stdout);
    print_date(d->valid_until);
    fputs(json ? "\"}" : "\n", stdout);
}

/* Before anything is shown. */
static yao_status note_list(const authority *a, yao_bytes holder,
                            yao_arena *arena)
{
    store_change change = store_change_open(arena);

    YAO_TRY(authority_put_event(&change, arena, "document.list", holder,
                                YAO_TEXT("{\"by\":\"command line\"}")));
    return store_commit(a->store, &change);
}

static yao_status list(const authority *a, const yao_invocation *call,
                       yao_arena *arena)
{
    store_document *documents;
    size_t          count;
    uint8_t         holder[STORE_HASH_LEN];
    yao_text        number;

    YAO_TRY(people_number(yao_text_of(yao_argument(call, "person")), arena,
                          &number));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_HOLDER,
                      yao_text_bytes(number), holder));
    YAO_TRY(note_list(a, (yao_bytes){holder, sizeof holder}, arena));
    YAO_TRY(store_list_documents(a->store, (yao_bytes){holder, sizeof holder},
                                 arena, &documents, &count));
    if (call->json)
        fputs("{\"documents\":[", stdout);
    for (size_t i = 0; i < count; i++)
        print_document(&documents[i], call->json, i == 0);
    if (call->json)
        fputs("]}\n", stdout);
    else if (count == 0)
        yao_print(WORDS("Nothing was issued to this number.\n",
                        "该号码没有签发记录。\n"));
    return YAO_OK;
}

static int run_list(const yao_invocation *call)
{
    static authority a;
    yao_arena        arena = {NULL, 0, 0};

    int code = authority_begin(call, &a);
    if (code != 0)
        return code;
    yao_status status = yao_memory_open(8u * 1024u * 1024u, &arena);
    if (status == YAO_OK)
        status = list(&a, call, &arena);
    yao_memory_free(&arena);
    authority_close(&a);
    return status == YAO_OK
               ? 0
               : yao_fail(status, WORDS("document list", "证件台账"), NULL,
                          (yao_words){NULL, NULL}, (yao_words){NULL, NULL});
}

/* ---- tables ---- */

static const yao_option issue_options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents", "本人号码")},
    {"wallet", "FOLDER", YAO_OPTION_REQUIRED,
     WORDS_INIT("into which wallet", "存入哪个钱包")},
    {"document", "NAME", YAO_OPTION_REPEATS,
     WORDS_INIT("only this one; else all that the person is entitled to",
                "只签发该证件；缺省为全部可签发的证件")},
    {"copies", "N", 0,
     WORDS_INIT("copies of each document and format; else as in the settings",
                "每种证件每种格式的副本数；缺省见设置")},
    {"cards", "N", 0,
     WORDS_INIT("copies of each QR card; 0: none; else as in the settings",
                "每种二维码卡的副本数，0 为不签发；缺省见设置")},
    {"paper", "PROFILE", YAO_OPTION_REPEATS,
     WORDS_INIT("also a card to be printed for this purpose (`wallet print`)",
                "另签发一份供打印、用于该用途的卡码（`wallet print`）")},
};

const yao_command yao_document_issue = {
    .noun    = "document",
    .verb    = "issue",
    .summary = WORDS_INIT("issue documents into a wallet", "签发证件到钱包"),
    .text    = WORDS_INIT(
        "Issues everything that the person is entitled to, as mdoc, as SD-JWT "
           "VC and as QR cards, each as a batch of copies: every copy has a "
           "device key and salts of its own, so that two showings can't be "
           "linked by them. The ledger is written before the wallet gets the "
           "copies. QR cards are valid for some days only; issue anew when they "
           "have run out.\n\n"
           "Documents that were asked for by name and are not issued make the "
           "exit code 3.",
        "签发此人可签发的全部证件，同时提供 mdoc、SD-JWT VC 与二维码卡，"
           "每种为一批副本：每份副本有独立的设备密钥与盐值，"
           "两次出示不会因此被关联。台账先于钱包写入。"
           "二维码卡只有数日有效，过期后请重新签发。\n\n"
           "指名的证件未签发时，退出码为 3。"),
    .options      = issue_options,
    .option_count = sizeof issue_options / sizeof issue_options[0],
    .example      = "  yaopai document issue -C var/authority \\\n"
                    "      --person 12011919880808901X --wallet var/wallet",
    .json         = true,
    .run          = run_issue,
};

static const yao_option list_options[] = {
    {"person", "NUMBER", YAO_OPTION_REQUIRED,
     WORDS_INIT("whose documents", "本人号码")},
};

const yao_command yao_document_list = {
    .noun = "document",
    .verb = "list",
    .summary =
        WORDS_INIT("list what one person was issued", "列出一个人的签发记录"),
    .options      = list_options,
    .option_count = sizeof list_options / sizeof list_options[0],
    .example      = "  yaopai document list --person 12011919880808901X",
    .json         = true,
    .run          = run_list,
};
