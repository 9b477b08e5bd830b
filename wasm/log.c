/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who looked at a person's record: is what the authority answers in its log, and
 * is that log the one that was seen before? docs/formats/audit.md section 4.
 *
 * Nothing is believed of an answer whose checkpoint is not signed by a key that
 * was told, and nothing is to be kept of one that does not go on from what was
 * seen: the page hears which of both it is, and of each entry.
 */
#include "machine.h"

#include "audit/audit.h"

enum { MAX_KEYS = YAO_AUDIT_MAX_KEYS };

static struct {
    yao_tlog_key  keys[MAX_KEYS];
    size_t        key_count;
    bool          seen_known;
    yao_tlog_head seen;
} mine;

/* A line each: who may sign, as the log publishes its keys. */
yao_status EXPORT(log_keys)(const uint8_t *ptr, size_t len)
{
    yao_bytes rest = yao_page_bytes(ptr, len), line;

    mine.key_count = 0;
    while (yao_tlog_line(&rest, &line)) {
        if (mine.key_count == MAX_KEYS)
            return YAO_E_LIMIT;
        YAO_TRY(yao_tlog_key_read(page.crypto, line,
                                  &mine.keys[mine.key_count]));
        if (!yao_text_equal(mine.keys[mine.key_count].name, mine.keys[0].name))
            return YAO_E_MISMATCH;
        mine.key_count++;
    }
    return rest.len == 0 && mine.key_count > 0 ? YAO_OK : YAO_E_MALFORMED;
}

/* The head that was seen last: its size, and its root of 32 bytes. */
yao_status EXPORT(log_seen)(double size, const uint8_t *root)
{
    if (!(size >= 0 && size <= 9007199254740991.0))
        return YAO_E_USAGE;
    mine.seen_known = true;
    mine.seen.size  = (uint64_t)size;
    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        mine.seen.root.bytes[i] = root[i];
    return YAO_OK;
}

/* ---- the checkpoint ----------------------------------------------------- */

static yao_status read_head(const yao_json *answer, yao_tlog_head *ret)
{
    yao_text            text;
    yao_tlog_note       note;
    yao_tlog_signed     s;
    yao_tlog_checkpoint said;

    YAO_TRY(yao_json_string(yao_json_get(answer, "checkpoint"), &page.memory,
                            &text));
    YAO_TRY(yao_tlog_note_read(&page.memory, yao_text_bytes(text), &note));
    YAO_TRY(yao_tlog_note_begin(&page.memory, &note, mine.keys, mine.key_count,
                                &s));
    YAO_TRY(page.crypto->verify(page.crypto->ctx, s.checks, s.check_count));
    YAO_TRY(yao_tlog_checkpoint_conclude(&s, mine.keys[0].name, &said));
    *ret = said.head;
    return YAO_OK;
}

/* ---- what was seen before ----------------------------------------------- */

static yao_status read_hash(const yao_json *value, yao_tlog_hash *ret)
{
    yao_writer w = yao_writer_open(ret->bytes, sizeof ret->bytes);
    yao_text   letters;

    YAO_TRY(yao_json_string(value, &page.memory, &letters));
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    YAO_TRY(w.status);
    return w.len == sizeof ret->bytes ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_growth(const yao_json *answer, yao_tlog_hash *proof,
                              size_t *count)
{
    const yao_json *list = yao_json_get(answer, "consistency");

    *count = 0;
    if (list == NULL)
        return YAO_E_MISSING;
    if (list->kind != YAO_JSON_ARRAY || list->count > YAO_TLOG_MAX_PROOF)
        return YAO_E_MALFORMED;
    for (const yao_json *i = list->first; i != NULL; i = i->next)
        YAO_TRY(read_hash(i, &proof[(*count)++]));
    return YAO_OK;
}

static const char *judge_growth(const yao_json      *answer,
                                const yao_tlog_head *head)
{
    yao_tlog_hash proof[YAO_TLOG_MAX_PROOF];
    size_t        count;

    if (!mine.seen_known)
        return "first";
    if (head->size < mine.seen.size)
        return "shorter";
    if (head->size == mine.seen.size)
        return yao_bytes_equal((yao_bytes){head->root.bytes, YAO_SHA256_LEN},
                               (yao_bytes){mine.seen.root.bytes,
                                           YAO_SHA256_LEN})
                   ? "same"
                   : "forked";
    if (mine.seen.size == 0)
        return "grown";
    switch (read_growth(answer, proof, &count)) {
    case YAO_OK: break;
    case YAO_E_MISSING: return "unproven";
    default: return "forked";
    }
    switch (yao_tlog_verify_consistency(page.crypto, &mine.seen, head, proof,
                                        count)) {
    case YAO_OK: return "grown";
    case YAO_E_CRYPTO:
    case YAO_E_UNSUPPORTED: return "unproven";
    default: return "forked";
    }
}

/* ---- entries ------------------------------------------------------------ */

typedef struct looked {
    yao_status        status;
    yao_audit_opening opening;
} looked;

/* What stands between an entry and being believed: the checkpoint, or itself. */
static yao_status check_entry(const yao_json *item, yao_status checked,
                              const yao_tlog_head *head,
                              yao_audit_opening   *opening)
{
    yao_audit_said said;

    *opening = (yao_audit_opening){.proof = NULL};
    YAO_TRY(yao_audit_read_opening(&page.memory, item, opening));
    YAO_TRY(checked);
    return yao_audit_check(&page.memory, page.crypto, opening, head, &said);
}

/* ---- one answer --------------------------------------------------------- */

typedef struct reading {
    yao_status    checked; /* the checkpoint */
    yao_tlog_head head;
    const char   *growth;
    looked       *entries;
    size_t        count;
} reading;

static yao_status read_all(const yao_json *answer, reading *ret)
{
    const yao_json *list = yao_json_get(answer, "entries");
    reading         r    = {.growth = NULL};

    if (list == NULL || list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    r.entries = yao_arena_take_array(&page.memory, list->count + 1,
                                     sizeof *r.entries);
    if (r.entries == NULL)
        return YAO_E_SPACE;
    r.checked = read_head(answer, &r.head);
    if (r.checked == YAO_OK)
        r.growth = judge_growth(answer, &r.head);
    for (const yao_json *i = list->first; i != NULL; i = i->next) {
        looked *one = &r.entries[r.count++];
        one->status = check_entry(i, r.checked, &r.head, &one->opening);
    }
    *ret = r;
    return YAO_OK;
}

static void put_word(yao_writer *w, bool *first, const char *name,
                     yao_status status)
{
    yao_json_put_member(w, first, name, yao_text_of(yao_status_name(status)));
}

static void put_entry(yao_writer *w, const looked *one)
{
    bool first = true;

    yao_put_byte(w, '{');
    put_word(w, &first, "state", one->status);
    yao_json_put_member_int(w, &first, "index", (int64_t)one->opening.index);
    yao_json_put_member(w, &first, "text", one->opening.text);
    yao_put_byte(w, '}');
}

static void put_answer(yao_writer *w, const reading *r)
{
    bool first = true, none = true;

    yao_put_byte(w, '{');
    put_word(w, &first, "head", r->checked);
    if (r->growth != NULL) {
        yao_json_put_member(w, &first, "growth", yao_text_of(r->growth));
        yao_json_put_member_int(w, &first, "size", (int64_t)r->head.size);
        yao_json_put_member_base64url(
            w, &first, "root",
            (yao_bytes){r->head.root.bytes, YAO_SHA256_LEN});
    }
    yao_json_put_name(w, &first, "entries");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < r->count; i++) {
        yao_json_put_next(w, &none);
        put_entry(w, &r->entries[i]);
    }
    yao_put_text(w, "]}");
}

/*
 * What /wallet/log answered. The answer: head ("OK", or why its checkpoint is
 * not believed), growth ("first", "same", "grown", "unproven", "shorter",
 * "forked"; not there without a head), size and root; of each entry state ("OK",
 * or why not), index and text.
 */
yao_status EXPORT(read_log)(const uint8_t *ptr, size_t len)
{
    const yao_json *answer;
    reading         r;

    if (mine.key_count == 0)
        return YAO_E_USAGE;
    YAO_TRY(yao_json_parse_object(&page.memory, yao_page_bytes(ptr, len),
                                  &answer));
    YAO_TRY(read_all(answer, &r));

    yao_writer w = yao_writer_in(&page.memory);
    put_answer(&w, &r);
    return yao_page_answer(&w);
}
