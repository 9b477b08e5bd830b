/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

/* ---- members ------------------------------------------------------------ */

bool yao_audit_is_page_name(yao_text name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];

        if (!(c >= 'a' && c <= 'z') &&
            !(i > 0 && ((c >= '0' && c <= '9') || c == '-')))
            return false;
    }
    return name.len > 0 && name.len <= YAO_AUDIT_MAX_PAGE_NAME;
}

static yao_status read_page_hash(yao_arena *arena, const yao_json *value,
                                 uint8_t out[YAO_SHA256_LEN])
{
    yao_text   letters;
    yao_writer w = yao_writer_open(out, YAO_SHA256_LEN);

    YAO_TRY(yao_json_string(value, arena, &letters));
    if (letters.len != 2 * YAO_SHA256_LEN)
        return YAO_E_VALUE;
    return yao_get_hex(yao_text_bytes(letters), &w);
}

static yao_status read_keys(yao_arena *arena, const yao_json *list,
                            yao_text keys[YAO_AUDIT_MAX_KEYS], size_t *count)
{
    *count = 0;
    if (list == NULL)
        return YAO_E_MISSING;
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (list->count > YAO_AUDIT_MAX_KEYS)
        return YAO_E_LIMIT;
    for (const yao_json *each = list->first; each != NULL; each = each->next)
        YAO_TRY(yao_json_string(each, arena, &keys[(*count)++]));
    return *count > 0 ? YAO_OK : YAO_E_MISSING;
}

/* What an entry and a note of it have in common. */
static yao_status read_page(yao_arena *arena, const yao_json *object,
                            yao_audit_page *p)
{
    int64_t version;

    YAO_TRY(yao_json_string(yao_json_get(object, "page"), arena, &p->page));
    YAO_TRY(yao_json_int(yao_json_get(object, "version"), &version));
    if (!yao_audit_is_page_name(p->page) || version < 1)
        return YAO_E_VALUE;
    p->version = (uint64_t)version;
    YAO_TRY(read_page_hash(arena, yao_json_get(object, "hash"), p->hash));
    return read_keys(arena, yao_json_get(object, "keys"), p->keys,
                     &p->key_count);
}

/* ---- what was seen ------------------------------------------------------ */

void yao_audit_page_put(yao_writer *w, const yao_audit_page *page)
{
    bool    first = true, inner = true;
    uint8_t at[20];

    yao_time_format(page->at, at);
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "log", page->log);
    yao_json_put_member(w, &first, "page", page->page);
    yao_json_put_member_int(w, &first, "version", (int64_t)page->version);
    yao_json_put_member_hex(w, &first, "hash",
                            (yao_bytes){page->hash, sizeof page->hash});
    yao_json_put_member_int(w, &first, "index", (int64_t)page->index);
    yao_json_put_member(w, &first, "at", (yao_text){at, sizeof at});
    yao_json_put_name(w, &first, "keys");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < page->key_count; i++) {
        yao_json_put_next(w, &inner);
        yao_json_put_string(w, page->keys[i]);
    }
    yao_put_text(w, "]}");
}

yao_status yao_audit_page_read(yao_arena *arena, yao_bytes input,
                               yao_audit_page *ret)
{
    yao_audit_page  p;
    const yao_json *object;
    yao_text        at;
    int64_t         index;

    YAO_TRY(yao_json_parse_object(arena, input, &object));
    YAO_TRY(read_page(arena, object, &p));
    YAO_TRY(yao_json_string(yao_json_get(object, "log"), arena, &p.log));
    YAO_TRY(yao_json_int(yao_json_get(object, "index"), &index));
    YAO_TRY(yao_json_string(yao_json_get(object, "at"), arena, &at));
    YAO_TRY(yao_time_parse(yao_text_bytes(at), &p.at));
    if (index < 0)
        return YAO_E_VALUE;
    p.index = (uint64_t)index;

    *ret = p;
    return YAO_OK;
}

yao_status yao_audit_page_take(yao_arena *arena, const yao_audit_said *said,
                               yao_audit_page *ret)
{
    yao_audit_page p = {.at = said->at};

    if (!yao_text_equal(said->kind, YAO_AUDIT_PAGE_KIND))
        return YAO_E_MISMATCH;
    YAO_TRY(read_page(arena, said->detail, &p));

    *ret = p;
    return YAO_OK;
}

/* ---- a statement -------------------------------------------------------- */

typedef struct log_keys {
    yao_tlog_key at[YAO_AUDIT_MAX_KEYS];
    size_t       count;
} log_keys;

/* All are of one log, ORIGIN. */
static yao_status open_keys(const yao_crypto *crypto, const yao_text *lines,
                            size_t count, yao_text origin, log_keys *ret)
{
    ret->count = count;
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(yao_tlog_key_read(crypto, yao_text_bytes(lines[i]),
                                  &ret->at[i]));
        if (!yao_text_equal(ret->at[i].name, origin))
            return YAO_E_MISMATCH;
    }
    return YAO_OK;
}

/* Those that were seen count, and no other. */
static yao_status choose_keys(yao_arena *arena, const yao_crypto *crypto,
                              const yao_json       *statement,
                              const yao_audit_page *seen, yao_text origin,
                              log_keys *ret)
{
    yao_text lines[YAO_AUDIT_MAX_KEYS];
    size_t   count;

    if (seen != NULL)
        return yao_text_equal(seen->log, origin)
                   ? open_keys(crypto, seen->keys, seen->key_count, origin, ret)
                   : YAO_E_UNTRUSTED;
    YAO_TRY(read_keys(arena, yao_json_get(statement, "keys"), lines, &count));
    return open_keys(crypto, lines, count, origin, ret);
}

yao_status yao_audit_page_begin(yao_arena *arena, const yao_crypto *crypto,
                                yao_bytes             statement,
                                const yao_audit_page *seen,
                                yao_audit_pending    *ret)
{
    const yao_json   *object;
    yao_audit_pending p;
    yao_tlog_note    *note;
    yao_text          text;
    log_keys          keys;

    if (statement.len > YAO_AUDIT_MAX_STATEMENT)
        return YAO_E_LIMIT;
    note = yao_arena_take(arena, sizeof *note);
    if (note == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_json_parse_object(arena, statement, &object));
    YAO_TRY(
        yao_json_string(yao_json_get(object, "origin"), arena, &p.origin));
    YAO_TRY(choose_keys(arena, crypto, object, seen, p.origin, &keys));
    YAO_TRY(
        yao_json_string(yao_json_get(object, "checkpoint"), arena, &text));
    YAO_TRY(yao_tlog_note_read(arena, yao_text_bytes(text), note));
    YAO_TRY(yao_tlog_note_begin(arena, note, keys.at, keys.count, &p.note));
    YAO_TRY(yao_audit_read_opening(arena, yao_json_get(object, "entry"),
                                   &p.opening));

    *ret = p;
    return YAO_OK;
}

/* Nothing older, and nothing else under the same number. */
static yao_status compare_seen(const yao_audit_page *now,
                               const yao_audit_page *seen)
{
    if (seen == NULL)
        return YAO_OK;
    if (now->version < seen->version || now->index < seen->index)
        return YAO_E_EXPIRED;
    return now->version > seen->version ||
                   yao_bytes_equal((yao_bytes){now->hash, sizeof now->hash},
                                   (yao_bytes){seen->hash, sizeof seen->hash})
               ? YAO_OK
               : YAO_E_DUPLICATE;
}

static yao_status compare_list(const yao_crypto *crypto, yao_bytes list,
                               const yao_audit_page *p)
{
    uint8_t hash[YAO_SHA256_LEN];

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &list, 1, hash));
    return yao_bytes_equal((yao_bytes){hash, sizeof hash},
                           (yao_bytes){p->hash, sizeof p->hash})
               ? YAO_OK
               : YAO_E_NOT_AUTHORISED;
}

yao_status yao_audit_page_conclude(yao_arena *arena, const yao_crypto *crypto,
                                   const yao_audit_pending *pending,
                                   const yao_audit_wanted  *wanted,
                                   yao_audit_page          *ret)
{
    yao_tlog_checkpoint c;
    yao_audit_said      said;
    yao_audit_page      p;

    YAO_TRY(yao_tlog_checkpoint_conclude(&pending->note, pending->origin, &c));
    YAO_TRY(yao_audit_check(arena, crypto, &pending->opening, &c.head, &said));
    YAO_TRY(yao_audit_page_take(arena, &said, &p));
    if (!yao_text_equal(p.page, wanted->page))
        return YAO_E_MISMATCH;
    p.log   = pending->origin;
    p.index = pending->opening.index;
    YAO_TRY(compare_seen(&p, wanted->seen));
    YAO_TRY(compare_list(crypto, wanted->list, &p));

    *ret = p;
    return YAO_OK;
}
