/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaopai document revoke, suspend, restore: what becomes of a document.
 *
 *   valid --suspend--> suspended --restore--> valid
 *     |                    |
 *     +------revoke--------+---> revoked, for good
 *
 * Copies of a document that knows no suspension (the ISO licence) are revoked
 * when it is suspended; restored, it is over, and may be issued anew.
 */

#include "authority/commands.h"
#include "authority/issue.h"
#include "authority/state.h"

#include "app/files.h"
#include "document/document.h"
#include "store/bar.h"

#include <string.h>

#define MEMORY (8u * 1024u * 1024u)

/* ---- words ---- */

typedef struct reason {
    const char *word;
    yao_words   help;
} reason;

static const reason reasons[] = {
    {"lost", WORDS_INIT("lost, or the device was", "遗失")},
    {"stolen", WORDS_INIT("stolen", "被盗")},
    {"compromised", WORDS_INIT("keys are known to others", "密钥泄露")},
    {"replaced", WORDS_INIT("another one was issued", "已换发")},
    {"error", WORDS_INIT("issued by mistake", "签发有误")},
    {"renounced", WORDS_INIT("the person wants it no longer", "本人放弃")},
    {"withdrawn", WORDS_INIT("by decision of the authority", "机关撤回")},
    {"deceased", WORDS_INIT("the person has died", "本人死亡")},
    {"investigation", WORDS_INIT("something is looked into", "调查中")},
    {"found", WORDS_INIT("it was found again", "已找回")},
    {"other", WORDS_INIT("something else", "其他")},
};

static bool is_reason(const char *word)
{
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++)
        if (strcmp(reasons[i].word, word) == 0)
            return true;
    return false;
}

/* ---- one verb ---- */

typedef struct deed {
    const char *verb;
    yao_words   what; /* for messages */
    store_state to;
} deed;

static const deed revoking = {
    "revoke", WORDS_INIT("document revoke", "吊销证件"), STORE_REVOKED};
static const deed suspending = {
    "suspend", WORDS_INIT("document suspend", "暂停证件"), STORE_SUSPENDED};
static const deed restoring = {
    "restore", WORDS_INIT("document restore", "恢复证件"), STORE_VALID};

typedef struct changing {
    const deed           *deed;
    const yao_invocation *call;
    authority            *authority;
    yao_arena             arena;
    const char           *reason;
    size_t                changed; /* issuances */
    size_t                revoked; /* that were in the way */
    size_t                held;    /* suspended, and not by an operator */
    size_t                found;
} changing;

/* Is an operator's suspension among the reasons of D's? */
static yao_status is_ours(changing *c, const store_document *d, bool *ours,
                          size_t *count)
{
    yao_bytes *list;

    YAO_TRY(store_list_suspensions(c->authority->store, d->issuance, &c->arena,
                                   &list, count));
    *ours = false;
    for (size_t i = 0; i < *count; i++)
        *ours = *ours || yao_bytes_equal(list[i], d->issuance);
    return YAO_OK;
}

/* Is there something to be done for D? */
static yao_status applies(changing *c, const store_document *d, bool *ret)
{
    bool   ours;
    size_t count;

    YAO_TRY(is_ours(c, d, &ours, &count));
    *ret = d->state != STORE_REVOKED;
    if (c->deed->to == STORE_SUSPENDED)
        *ret = *ret && !ours;
    if (c->deed->to == STORE_VALID) {
        *ret = *ret && ours;
        c->held += d->state == STORE_SUSPENDED && !ours;
    }
    return YAO_OK;
}

/* ---- committing ---- */

/* A suspension by an operator is one reason among others, and so is its end: a
 * hold or the person's own freeze may go on. Out: TO, which it came to. */
static yao_status commit(changing *c, const store_document *d, int64_t *to)
{
    store_change       change = store_change_open(&c->arena);
    const state_reason r      = {.authority = c->authority,
                                 .catalogue = yao_catalogue_shipped(),
                                 .bar       = d->issuance,
                                 .word      = c->reason,
                                 .at        = yao_now()};

    *to = (int64_t)c->deed->to;
    if (c->deed->to == STORE_REVOKED)
        YAO_TRY(state_revoke(&change, &c->arena, d, c->reason, yao_now()));
    else if (c->deed->to == STORE_SUSPENDED)
        YAO_TRY(state_suspend(&change, &c->arena, d, &r));
    else
        YAO_TRY(state_release(&change, &c->arena, d, &r, to));
    return store_commit(c->authority->store, &change);
}

/* ---- telling ---- */

static void tell_copies(const changing *c, const state_outcome *o)
{
    if (o->copies == o->state && c->deed->to != STORE_VALID)
        return;
    if (c->deed->to == STORE_SUSPENDED)
        yao_print(WORDS("  This document knows no suspension: its copies are "
                        "revoked. Restore it and issue it anew.\n",
                        "  该证件没有暂停状态：其副本已吊销。"
                        "恢复后请重新签发。\n"));
    else if (o->copies == STORE_REVOKED)
        yao_print(WORDS("  Its copies stay revoked; issue it anew.\n",
                        "  其副本仍为吊销状态，请重新签发。\n"));
}

static void tell_changed(const changing *c, const store_document *d,
                         int64_t to, size_t copies)
{
    const yao_definition *definition =
        yao_document_by_name(yao_catalogue_shipped(), d->name);
    const state_outcome came =
        to == STORE_SUSPENDED ? state_decide(definition, to)
                              : (state_outcome){to, to};
    const state_outcome *o = &came;
    yao_text title = definition != NULL
                         ? yao_label_in(definition->title, yao_language_get())
                         : d->name;
    char     id[2 * STORE_ID_LEN + 1];

    issue_id_text(d->issuance, id);
    if (c->call->json) {
        printf("%s\n{\"id\":\"%s\",\"document\":\"%.*s\",\"state\":\"%s\","
               "\"copies\":%zu,\"copies_state\":\"%s\"}",
               c->changed > 0 ? "," : "", id, (int)d->name.len,
               (const char *)d->name.ptr, issue_state_word(o->state), copies,
               issue_state_word(o->copies));
        return;
    }
    yao_print(WORDS("%.*s %s: %s, %zu copies\n", "%.*s %s：%s，%zu 份副本\n"),
              (int)title.len, (const char *)title.ptr, id,
              issue_state_word(o->state), copies);
    tell_copies(c, o);
}

/* ---- which issuances ---- */

/* The batches of one issuance stand together, and are in one state. */
static yao_status change_one(changing *c, const store_document *batches,
                             size_t count)
{
    const store_document *d      = &batches[0];
    size_t                copies = 0;
    int64_t               to     = STORE_VALID;
    bool                  due;

    c->found++;
    c->revoked += d->state == STORE_REVOKED;
    YAO_TRY(applies(c, d, &due));
    if (!due)
        return YAO_OK;
    for (size_t i = 0; i < count; i++)
        copies += batches[i].copy_count;
    size_t     mark   = c->arena.used;
    yao_status status = commit(c, d, &to);
    c->arena.used     = mark;
    if (status == YAO_E_NOT_FOUND) { /* somebody else was first */
        c->revoked++;
        return YAO_OK;
    }
    YAO_TRY(status);
    tell_changed(c, d, to, copies);
    c->changed++;
    return YAO_OK;
}

static yao_status change_issuance(changing *c, yao_bytes issuance)
{
    store_document *batches;
    size_t          count;

    YAO_TRY(store_list_issuance(c->authority->store, issuance, &c->arena,
                                &batches, &count));
    return count > 0 ? change_one(c, batches, count) : YAO_E_NOT_FOUND;
}

/* All of a person's that are called NAME. What has expired needs no
 * revocation, and would only make the lists longer; a suspension ends anyway.
 */
static yao_status change_all(changing *c, yao_text name)
{
    const char     *person = yao_argument(c->call, "person");
    store_document *list;
    size_t          count;
    uint8_t         holder[STORE_HASH_LEN];
    yao_text        number;

    YAO_TRY(people_number(yao_text_of(person), &c->arena, &number));
    YAO_TRY(seal_hash(c->authority->crypto, &c->authority->keys,
                      SEAL_LEDGER_HOLDER, yao_text_bytes(number), holder));
    YAO_TRY(store_list_documents(c->authority->store,
                                 (yao_bytes){holder, sizeof holder}, &c->arena,
                                 &list, &count));
    for (size_t i = 0; i < count; i++) {
        bool expired = list[i].valid_until < yao_now() - YAO_TIME_DAY;
        if (!yao_text_equal(list[i].name, name) || issue_came_before(list, i) ||
            (expired && c->deed->to != STORE_VALID))
            continue;
        YAO_TRY(change_issuance(c, list[i].issuance));
    }
    return c->found > 0 ? YAO_OK : YAO_E_NOT_FOUND;
}

static yao_status change_named(changing *c)
{
    const char *id = yao_argument(c->call, "id");
    uint8_t     bytes[STORE_ID_LEN];
    yao_writer  w = yao_writer_open(bytes, sizeof bytes);
    yao_bytes   issuance;

    if (id == NULL)
        return change_all(c, yao_text_of(yao_argument(c->call, "document")));
    if (yao_get_hex(yao_text_bytes(yao_text_of(id)), &w) != YAO_OK ||
        yao_writer_close(&w, &issuance) != YAO_OK)
        return YAO_E_NOT_FOUND;
    return change_issuance(c, issuance);
}

/* ---- the command ---- */

static int refuse(const changing *c, yao_status status, const char *detail,
                  yao_words why, yao_words next)
{
    return yao_fail(status, c->deed->what, detail, why, next);
}

static int check_wish(const changing *c)
{
    const char *name   = yao_argument(c->call, "document");
    const char *person = yao_argument(c->call, "person");
    bool        id     = yao_given(c->call, "id");

    if (id == (name != NULL || person != NULL) ||
        (name == NULL) != (person == NULL))
        return refuse(
            c, YAO_E_USAGE, NULL,
            WORDS("it is not said which document", "没有指明哪个证件"),
            WORDS("give --person and --document, or --id as `yaopai "
                  "document list` tells it",
                  "请给出 --person 与 --document，"
                  "或 `yaopai document list` 列出的 --id"));
    if (!is_reason(c->reason))
        return refuse(c, YAO_E_USAGE, c->reason,
                      WORDS("there is no such reason", "没有这种原因"),
                      WORDS("see the words in --help", "见 --help 中的用词"));
    return 0;
}

static int tell_end(const changing *c, yao_status status)
{
    if (status == YAO_E_NOT_FOUND)
        return refuse(
            c, status, NULL,
            WORDS("no such document was issued", "没有签发过该证件"),
            WORDS("see `yaopai document list`", "请看 `yaopai document list`"));
    if (status != YAO_OK)
        return refuse(c, status, NULL, (yao_words){NULL, NULL},
                      (yao_words){NULL, NULL});
    if (c->changed > 0)
        return 0;
    if (c->held > 0)
        return refuse(
            c, YAO_E_SUSPENDED, NULL,
            WORDS("the person froze it, or it is held by law or by an event",
                  "本人已冻结，或依法扣押、因登记事件暂停"),
            WORDS("it ends with that reason; see `yaopai document list`",
                  "随该原因结束而恢复，见 `yaopai document list`"));
    if (c->revoked > 0)
        return refuse(c, YAO_E_REVOKED, NULL,
                      c->deed->to == STORE_REVOKED
                          ? WORDS("it is revoked already", "已经吊销")
                          : WORDS("a revocation is final", "吊销不可撤回"),
                      WORDS("issue it anew with `yaopai document issue`",
                            "请用 `yaopai document issue` 重新签发"));
    return refuse(c, YAO_E_EXISTS, NULL,
                  WORDS("it is in that state already", "已处于该状态"),
                  WORDS("nothing was changed", "未作改动"));
}

static int change_state(changing *c)
{
    if (c->call->json)
        fputs("{\"changed\":[", stdout);
    yao_status status = change_named(c);
    if (c->call->json)
        fputs("]}\n", stdout);
    else if (c->changed > 0)
        yao_print(WORDS("Verifiers see it in the next list: a serving "
                        "authority signs it at once, else `yaopai statuslist "
                        "publish` does.\n",
                        "核验方将在下一份列表中看到：服务中的签发机关会立即签"
                        "发，否则请用 `yaopai statuslist publish`。\n"));
    return tell_end(c, status);
}

static int run_deed(const yao_invocation *call, const deed *d)
{
    static authority a;
    changing         c = {.deed = d, .call = call, .authority = &a};

    c.reason = yao_argument(call, "reason");
    if (c.reason == NULL)
        c.reason = "other";
    int code = check_wish(&c);
    if (code == 0)
        code = authority_begin(call, &a);
    if (code != 0)
        return code;
    if (yao_memory_open(MEMORY, &c.arena) != YAO_OK)
        code = yao_fail_memory();
    else
        code = change_state(&c);
    yao_memory_free(&c.arena);
    authority_close(&a);
    return code;
}

static int run_revoke(const yao_invocation *call)
{
    return run_deed(call, &revoking);
}

static int run_suspend(const yao_invocation *call)
{
    return run_deed(call, &suspending);
}

static int run_restore(const yao_invocation *call)
{
    return run_deed(call, &restoring);
}

/* ---- tables ---- */

#define WHICH                                                                  \
    {"person", "NUMBER", 0, WORDS_INIT("whose document", "本人号码")},         \
        {"document", "NAME", 0,                                                \
         WORDS_INIT("which one: all of this name that the person was issued",  \
                    "哪种证件：此人该名称的全部证件")},                        \
        {"id", "ID", 0,                                                        \
         WORDS_INIT("or this one, as `document list` tells it",                \
                    "或按 `document list` 列出的编号")},

#define REASONS_EN                                                             \
    "why: lost, stolen, compromised, replaced, error, renounced, withdrawn, "  \
    "deceased, investigation, found, other"
#define REASONS_ZH                                                             \
    "原因：lost 遗失、stolen 被盗、compromised 密钥泄露、replaced 换发、"      \
    "error 有误、renounced 放弃、withdrawn 撤回、deceased 死亡、"              \
    "investigation 调查、found 找回、other 其他"

static const yao_option ending_options[] = {
    WHICH{"reason", "WORD", YAO_OPTION_REQUIRED,
          WORDS_INIT(REASONS_EN, REASONS_ZH)},
};

static const yao_option restore_options[] = {
    WHICH{"reason", "WORD", 0, WORDS_INIT(REASONS_EN, REASONS_ZH)},
};

#define COUNT_OF(table) (sizeof(table) / sizeof(table)[0])

const yao_command yao_document_revoke = {
    .noun    = "document",
    .verb    = "revoke",
    .summary = WORDS_INIT("end a document for good", "吊销证件，不可撤回"),
    .text    = WORDS_INIT(
        "Revokes a document with all its copies, in every format. A "
           "revocation is final: neither this program nor the database takes it "
           "back. The person can be issued the document anew.",
        "吊销证件及其全部格式的所有副本。吊销不可撤回，"
           "程序与数据库均不允许恢复；可以重新签发。"),
    .options      = ending_options,
    .option_count = COUNT_OF(ending_options),
    .example      = "  yaopai document revoke -C var/authority \\\n"
                    "      --person 12011919880808901X --document resident_id "
                    "\\\n      --reason lost",
    .json         = true,
    .run          = run_revoke,
};

const yao_command yao_document_suspend = {
    .noun    = "document",
    .verb    = "suspend",
    .summary = WORDS_INIT("hold a document for a time", "暂停证件"),
    .text    = WORDS_INIT(
        "Suspends a document with all its copies until it is restored; while "
           "it is suspended, it is not issued either.\n\n"
           "The driving licence follows ISO/IEC 18013-5, whose status lists "
           "know valid and revoked only: suspended, its copies are revoked, and "
           "after it was restored it is issued anew.",
        "暂停证件及其全部副本，直至恢复；暂停期间也不再签发。\n\n"
           "驾驶证遵循 ISO/IEC 18013-5，其状态列表只有有效与吊销两种："
           "暂停即吊销其副本，恢复后重新签发。"),
    .options      = ending_options,
    .option_count = COUNT_OF(ending_options),
    .example      = "  yaopai document suspend -C var/authority \\\n"
                    "      --person 12011919880808901X --document resident_id "
                    "\\\n      --reason investigation",
    .json         = true,
    .run          = run_suspend,
};

const yao_command yao_document_restore = {
    .noun    = "document",
    .verb    = "restore",
    .summary = WORDS_INIT("end a suspension", "恢复暂停的证件"),
    .text    = WORDS_INIT("Makes a suspended document valid again. One that is "
                             "revoked stays so.",
                          "使暂停的证件恢复有效；已吊销的不可恢复。"),
    .options = restore_options,
    .option_count = COUNT_OF(restore_options),
    .example      = "  yaopai document restore -C var/authority \\\n"
                    "      --person 12011919880808901X --document resident_id",
    .json         = true,
    .run          = run_restore,
};
