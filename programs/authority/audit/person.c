/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/person.h"

#include "authority/audit/entry.h"
#include "authority/audit/sequence.h"
#include "authority/audit/tree.h"

#include "app/files.h"

typedef struct telling {
    const authority *a;
    yao_arena       *arena;
    store_log_head   head;
    seal_person      owner;
    yao_writer       w; /* in memory of its own */
} telling;

/* ---- JSON --------------------------------------------------------------- */

static void put_hashes(yao_writer *w, const yao_tlog_hash *proof, size_t count)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &first);
        yao_json_put_base64url(
            w, (yao_bytes){proof[i].bytes, sizeof proof[i].bytes});
    }
    yao_put_byte(w, ']');
}

static yao_status put_proof(telling *t, int64_t index)
{
    yao_tlog_hash proof[YAO_TLOG_MAX_PROOF];
    size_t        count = 0;

    YAO_TRY(audit_prove(t->a, (uint64_t)index, (uint64_t)t->head.size,
                        t->arena, proof, &count));
    put_hashes(&t->w, proof, count);
    return YAO_OK;
}

/* That what was seen is the beginning of this. Of a larger log than there is
 * nothing can be proven, and nothing is said. */
static yao_status put_growth(telling *t, bool *first, int64_t seen)
{
    yao_tlog_hash proof[YAO_TLOG_MAX_PROOF];
    size_t        count = 0;

    if (seen <= 0 || seen > t->head.size)
        return YAO_OK;
    YAO_TRY(audit_prove_growth(t->a, (uint64_t)seen, (uint64_t)t->head.size,
                               t->arena, proof, &count));
    yao_json_put_name(&t->w, first, "consistency");
    put_hashes(&t->w, proof, count);
    return YAO_OK;
}

static yao_status put_entry(telling *t, const store_log_entry *entry)
{
    audit_opened opened;
    bool         first = true;
    size_t       mark  = t->arena->used;

    YAO_TRY(audit_open(t->a->crypto, &t->owner, entry, t->arena, &opened));
    yao_put_byte(&t->w, '{');
    yao_json_put_member_int(&t->w, &first, "index", entry->index);
    yao_json_put_member(&t->w, &first, "text", opened.text);
    yao_json_put_member_base64url(&t->w, &first, "key",
                                  (yao_bytes){opened.key, sizeof opened.key});
    yao_json_put_member_base64url(&t->w, &first, "leaf", entry->leaf);
    yao_json_put_name(&t->w, &first, "proof");
    yao_wipe(&opened, sizeof opened);
    yao_status status = put_proof(t, entry->index);
    yao_put_byte(&t->w, '}');
    t->arena->used = mark;
    return status;
}

static yao_status put_all(telling *t, const store_log_entry *entries,
                          size_t count, const audit_question *question)
{
    size_t   limit = (size_t)question->limit;
    bool     first = true, next = true;
    yao_text origin;

    YAO_TRY(audit_origin(t->a, t->arena, &origin));
    yao_put_byte(&t->w, '{');
    yao_json_put_member(&t->w, &first, "origin", origin);
    yao_json_put_member(&t->w, &first, "checkpoint",
                        (yao_text){t->head.note.ptr, t->head.note.len});
    YAO_TRY(put_growth(t, &first, question->seen));
    yao_json_put_name(&t->w, &first, "next");
    if (count > limit)
        yao_json_put_int(&t->w, entries[limit].index);
    else
        yao_put_text(&t->w, "null");
    yao_json_put_name(&t->w, &first, "entries");
    yao_put_byte(&t->w, '[');
    for (size_t i = 0; i < count && i < limit; i++) {
        yao_json_put_next(&t->w, &next);
        YAO_TRY(put_entry(t, &entries[i]));
    }
    yao_put_text(&t->w, "]}");
    return YAO_OK;
}

/* ---- asking ------------------------------------------------------------- */

static yao_status note_reading(const authority      *a,
                               const audit_question *question,
                               yao_arena            *arena)
{
    store_change change = store_change_open(arena);
    yao_writer   w      = yao_writer_in(arena);
    bool         first  = true;
    yao_bytes    detail;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "by", yao_text_of(question->by));
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &detail));
    YAO_TRY(authority_put_event(&change, arena, "log.read", question->subject,
                                (yao_text){detail.ptr, detail.len}));
    return store_commit(a->store, &change);
}

/* Bytes of one entry in the answer: a proof, text with escapes, leaf, key. */
#define ENTRY_ROOM (YAO_TLOG_MAX_PROOF * 46 + 2048)

static yao_status open_writer(telling *t, const store_log_entry *entries,
                              size_t count)
{
    size_t   cap = ENTRY_ROOM + 4096 + 2 * t->head.note.len;
    uint8_t *room;

    for (size_t i = 0; i < count; i++)
        cap += ENTRY_ROOM + 2 * entries[i].sealed.len;
    room = yao_arena_take(t->arena, cap);
    if (room == NULL)
        return YAO_E_SPACE;
    t->w = yao_writer_open(room, cap);
    return YAO_OK;
}

static yao_status tell(telling *t, const audit_question *question,
                       yao_bytes *ret)
{
    const store_log_wish wish = {.subject = question->subject,
                                 .from    = question->from,
                                 .to      = t->head.size,
                                 .limit   = question->limit + 1};
    store_log_entry     *entries;
    size_t               count;

    YAO_TRY(store_list_log_subject(t->a->store, &wish, t->arena, &entries,
                                   &count));
    YAO_TRY(note_reading(t->a, question, t->arena));
    YAO_TRY(open_writer(t, entries, count));
    YAO_TRY(put_all(t, entries, count, question));
    return yao_writer_close(&t->w, ret);
}

yao_status audit_list_person(const authority      *a,
                             const audit_question *question,
                             yao_arena *arena, yao_bytes *ret)
{
    telling t     = {.a = a, .arena = arena};
    bool    known = false;

    if (question->limit < 1 || question->limit > AUDIT_MAX_ANSWER ||
        question->from < 0 || question->seen < 0)
        return YAO_E_USAGE;
    YAO_TRY(store_get_log_head(a->store, arena, &t.head));
    yao_status status =
        audit_find_owner(a, question->subject, arena, &t.owner, &known);
    if (status == YAO_OK && !known)
        status = YAO_E_NOT_FOUND;
    if (status == YAO_OK)
        status = tell(&t, question, ret);
    yao_wipe(&t.owner, sizeof t.owner);
    return status;
}
