/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/pages.h"

#include "app/files.h"
#include "authority/audit/line.h"
#include "authority/audit/serve.h"
#include "authority/audit/signer.h"
#include "authority/audit/tree.h"
#include "store/keeper.h"

#define STEP 256 /* leaves that are looked at together */

/* ---- what the log has --------------------------------------------------- */

yao_status audit_pages_get(const authority *a, yao_arena *arena,
                           yao_bytes *ret)
{
    store_artefact kept;
    yao_status     status =
        store_get_artefact(a->store, AUDIT_PAGES, arena, &kept);

    if (status == YAO_E_NOT_FOUND) {
        *ret = (yao_bytes){NULL, 0};
        return YAO_OK;
    }
    YAO_TRY(status);
    *ret = kept.body;
    return YAO_OK;
}

/* Where the log was looked at up to, and what was found. */
typedef struct collecting {
    const authority *a;
    yao_arena       *arena;
    yao_bytes        before;
    int64_t          from, size, version;
    yao_writer       fresh; /* in memory of its own */
} collecting;

static yao_status begin(collecting *c)
{
    yao_bytes       rest = {NULL, 0};
    audit_page_line line;

    store_artefact kept;
    yao_status     status =
        store_get_artefact(c->a->store, AUDIT_PAGES, c->arena, &kept);
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    c->version = kept.version;
    c->before = rest = kept.body;
    size_t mark = c->arena->used;
    while (rest.len > 0) {
        YAO_TRY(audit_pages_next(c->a->crypto, c->arena, &rest, &line));
        c->from        = (int64_t)line.opening.index + 1;
        c->arena->used = mark;
    }
    return YAO_OK;
}

static yao_status add_entry(collecting *c, int64_t index)
{
    store_log_entry *entries;
    size_t           count;
    yao_bytes        line;
    bool             erased = false;

    YAO_TRY(store_list_log_entries(c->a->store, index, index + 1, c->arena,
                                   &entries, &count));
    if (count != 1)
        return YAO_E_STORE;
    YAO_TRY(audit_write_line(c->a, &entries[0], c->arena, &line, &erased));
    if (!erased)
        yao_put_bytes(&c->fresh, line);
    return c->fresh.status;
}

static yao_status look_at(collecting *c, int64_t from, int64_t to)
{
    yao_bytes     *leaves;
    size_t         count;
    yao_audit_leaf leaf;

    YAO_TRY(store_list_log_leaves(c->a->store, from, to, c->arena, &leaves,
                                  &count));
    for (size_t i = 0; i < count; i++)
        if (yao_audit_read_leaf(leaves[i], &leaf) == YAO_OK &&
            yao_text_equal(leaf.kind, YAO_AUDIT_PAGE_KIND))
            YAO_TRY(add_entry(c, from + (int64_t)i));
    return YAO_OK;
}

static yao_status look(collecting *c)
{
    for (int64_t at = c->from; at < c->size; at += STEP) {
        size_t     mark   = c->arena->used;
        yao_status status =
            look_at(c, at, at + STEP < c->size ? at + STEP : c->size);

        c->arena->used = mark;
        YAO_TRY(status);
    }
    return YAO_OK;
}

/* All lines together are kept as the next version. */
static yao_status keep(collecting *c, yao_bytes *ret)
{
    static const uint8_t none[YAO_SHA256_LEN];
    store_change         change = store_change_open(c->arena);
    yao_bytes            fresh, all;
    yao_writer           w = yao_writer_in(c->arena);

    YAO_TRY(yao_writer_close(&c->fresh, &fresh));
    yao_put_bytes(&w, c->before);
    yao_put_bytes(&w, fresh);
    YAO_TRY(yao_writer_keep(&w, c->arena, &all));
    const store_artefact artefact = {.name      = AUDIT_PAGES,
                                     .version   = c->version + 1,
                                     .signed_at = yao_now(),
                                     .expires   = YAO_TIME_MAX,
                                     .inputs    = {none, sizeof none},
                                     .body      = all};
    change = store_change_open(c->arena);
    store_put_artefact(&change, &artefact);
    yao_status status = store_commit(c->a->store, &change);
    YAO_TRY(status == YAO_E_NOT_FOUND || status == YAO_E_EXISTS ? YAO_E_LOCKED
                                                                : status);
    *ret = all;
    return YAO_OK;
}

enum { ROOM = 1024 * 1024 };

yao_status audit_pages_collect(const authority *a, yao_arena *arena,
                               yao_bytes *ret)
{
    collecting c    = {.a = a, .arena = arena};
    uint8_t   *room = yao_arena_take(arena, ROOM);

    if (room == NULL)
        return YAO_E_SPACE;
    c.fresh = yao_writer_open(room, ROOM);
    YAO_TRY(begin(&c));
    YAO_TRY(store_count_log(a->store, &c.size));
    YAO_TRY(look(&c));
    if (c.fresh.len > 0)
        return keep(&c, ret);
    *ret = c.before;
    return YAO_OK;
}

/* ---- lines -------------------------------------------------------------- */

yao_status audit_pages_next(const yao_crypto *crypto, yao_arena *arena,
                            yao_bytes *lines, audit_page_line *ret)
{
    audit_page_line line;
    yao_audit_said  said;
    const yao_json *object;
    yao_bytes       text;

    if (!yao_tlog_line(lines, &text))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_parse_object(arena, text, &object));
    YAO_TRY(yao_audit_read_opening(arena, object, &line.opening));
    YAO_TRY(yao_audit_check(arena, crypto, &line.opening, NULL, &said));
    YAO_TRY(yao_audit_page_take(arena, &said, &line.page));
    line.page.index = line.opening.index;

    *ret = line;
    return YAO_OK;
}

yao_status audit_pages_latest(const yao_crypto *crypto, yao_arena *arena,
                              yao_bytes lines, yao_text name,
                              audit_page_line *ret)
{
    audit_page_line line;
    yao_bytes       found = {NULL, 0}, here;
    size_t          mark  = arena->used;

    while (lines.len > 0) {
        here = lines;
        YAO_TRY(audit_pages_next(crypto, arena, &lines, &line));
        if (yao_text_equal(line.page.page, name))
            found = here;
        arena->used = mark;
    }
    return found.len > 0 ? audit_pages_next(crypto, arena, &found, ret)
                         : YAO_E_NOT_FOUND;
}

/* ---- the entry ---------------------------------------------------------- */

static void put_keys(yao_writer *w, const audit_signer *signer)
{
    bool first = true;

    yao_put_byte(w, '[');
    for (size_t i = 0; i < signer->count; i++) {
        uint8_t    line[512];
        yao_writer l = yao_writer_open(line, sizeof line);

        yao_tlog_key_put(&l, &signer->names[i]);
        if (l.status != YAO_OK)
            yao_writer_fail(w, l.status);
        yao_json_put_next(w, &first);
        yao_json_put_string(w, (yao_text){line, l.len});
    }
    yao_put_byte(w, ']');
}

static yao_status write_detail(const authority *a, const audit_bundle *bundle,
                               uint64_t version, yao_arena *arena,
                               yao_text *ret)
{
    audit_signer signer;
    yao_bytes    detail;
    bool         first = true;

    YAO_TRY(audit_signer_open(a, arena, &signer));
    yao_writer w = yao_writer_in(arena);
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "by", YAO_TEXT("command line"));
    yao_json_put_member(&w, &first, "page", bundle->name);
    yao_json_put_member_int(&w, &first, "version", (int64_t)version);
    yao_json_put_member_hex(&w, &first, "hash",
                            (yao_bytes){bundle->hash, sizeof bundle->hash});
    yao_json_put_name(&w, &first, "keys");
    put_keys(&w, &signer);
    yao_put_byte(&w, '}');
    audit_signer_close(&signer);
    YAO_TRY(yao_writer_keep(&w, arena, &detail));
    *ret = (yao_text){detail.ptr, detail.len};
    return YAO_OK;
}

yao_status audit_page_note(const authority *a, const audit_bundle *bundle,
                           uint64_t version, yao_arena *arena)
{
    yao_text detail;

    YAO_TRY(write_detail(a, bundle, version, arena, &detail));
    store_change change = store_change_open(arena);
    YAO_TRY(authority_put_event(&change, arena, "page.publish",
                                (yao_bytes){NULL, 0}, detail));
    return store_commit(a->store, &change);
}

static bool is_signer(const audit_signer *signer, size_t i, yao_text line)
{
    uint8_t    room[512];
    yao_writer w = yao_writer_open(room, sizeof room);

    yao_tlog_key_put(&w, &signer->names[i]);
    return w.status == YAO_OK &&
           yao_text_equal(line, (yao_text){room, w.len});
}

yao_status audit_page_has_keys(const authority *a, const yao_audit_page *page,
                               yao_arena *arena, bool *ret)
{
    audit_signer signer;

    YAO_TRY(audit_signer_open(a, arena, &signer));
    *ret = signer.count == page->key_count;
    for (size_t i = 0; *ret && i < signer.count; i++)
        *ret = is_signer(&signer, i, page->keys[i]);
    audit_signer_close(&signer);
    return YAO_OK;
}

/* ---- the statement ------------------------------------------------------ */

static yao_status put_proof(const authority *a, yao_writer *w, uint64_t index,
                            uint64_t size, yao_arena *arena)
{
    yao_tlog_hash proof[YAO_TLOG_MAX_PROOF];
    size_t        count = 0;
    bool          first = true;

    YAO_TRY(audit_prove(a, index, size, arena, proof, &count));
    yao_put_byte(w, '[');
    for (size_t i = 0; i < count; i++) {
        yao_json_put_next(w, &first);
        yao_json_put_base64url(
            w, (yao_bytes){proof[i].bytes, sizeof proof[i].bytes});
    }
    yao_put_byte(w, ']');
    return YAO_OK;
}

static yao_status put_entry(const authority *a, yao_writer *w,
                            const yao_audit_opening *o, uint64_t size,
                            yao_arena *arena)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &first, "index", (int64_t)o->index);
    yao_json_put_member(w, &first, "text", o->text);
    yao_json_put_member_base64url(w, &first, "key", o->key);
    yao_json_put_member_base64url(w, &first, "leaf", o->leaf);
    yao_json_put_name(w, &first, "proof");
    YAO_TRY(put_proof(a, w, o->index, size, arena));
    yao_put_byte(w, '}');
    return YAO_OK;
}

static yao_status put_statement(const authority *a, yao_writer *w,
                                const audit_page_line *line,
                                yao_arena             *arena)
{
    audit_published head;
    audit_signer    signer;
    bool            first = true;

    YAO_TRY(audit_get_published(a, arena, &head));
    if (line->opening.index >= (uint64_t)head.size)
        return YAO_E_NOT_FOUND;
    YAO_TRY(audit_signer_open(a, arena, &signer));
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "origin", signer.origin);
    yao_json_put_name(w, &first, "keys");
    put_keys(w, &signer);
    audit_signer_close(&signer);
    yao_json_put_member(w, &first, "checkpoint",
                        (yao_text){head.note.ptr, head.note.len});
    yao_json_put_name(w, &first, "entry");
    YAO_TRY(put_entry(a, w, &line->opening, (uint64_t)head.size, arena));
    yao_put_text(w, "}\n");
    return YAO_OK;
}

yao_status audit_page_state(const authority *a, const audit_page_line *line,
                            yao_arena *arena, yao_bytes *ret)
{
    uint8_t *room = yao_arena_take(arena, YAO_AUDIT_MAX_STATEMENT);

    if (room == NULL)
        return YAO_E_SPACE;
    yao_writer w = yao_writer_open(room, YAO_AUDIT_MAX_STATEMENT);
    YAO_TRY(put_statement(a, &w, line, arena));
    return yao_writer_close(&w, ret);
}
