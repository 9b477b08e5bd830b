/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

/* ---- reading ------------------------------------------------------------ */

static yao_status read_bytes(yao_arena *arena, const yao_json *value,
                             yao_bytes *ret)
{
    yao_text   letters;
    yao_writer w;

    YAO_TRY(yao_json_string(value, arena, &letters));
    w = yao_writer_in(arena);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status read_hash(const yao_json *value, yao_arena *arena,
                            yao_tlog_hash *ret)
{
    yao_text   letters;
    yao_writer w = yao_writer_open(ret->bytes, sizeof ret->bytes);

    YAO_TRY(yao_json_string(value, arena, &letters));
    yao_status status = yao_get_base64url(yao_text_bytes(letters), &w);
    if (status == YAO_E_SPACE || (status == YAO_OK && w.len != w.cap))
        return YAO_E_MALFORMED;
    return status;
}

static yao_status read_proof(yao_arena *arena, const yao_json *list,
                             yao_audit_opening *o)
{
    yao_tlog_hash *hashes;
    size_t         i = 0;

    if (list == NULL)
        return YAO_OK;
    if (list->kind != YAO_JSON_ARRAY)
        return YAO_E_MALFORMED;
    if (list->count > YAO_TLOG_MAX_PROOF)
        return YAO_E_LIMIT;
    hashes = yao_arena_take_array(arena, list->count + 1, sizeof *hashes);
    if (hashes == NULL)
        return YAO_E_SPACE;
    for (const yao_json *each = list->first; each != NULL; each = each->next)
        YAO_TRY(read_hash(each, arena, &hashes[i++]));
    o->proof       = hashes;
    o->proof_count = i;
    return YAO_OK;
}

yao_status yao_audit_read_opening(yao_arena *arena, const yao_json *object,
                                  yao_audit_opening *ret)
{
    yao_audit_opening o = {.proof = NULL};
    int64_t           index;

    YAO_TRY(yao_json_int(yao_json_get(object, "index"), &index));
    if (index < 0)
        return YAO_E_LIMIT;
    o.index = (uint64_t)index;
    YAO_TRY(yao_json_string(yao_json_get(object, "text"), arena, &o.text));
    YAO_TRY(read_bytes(arena, yao_json_get(object, "key"), &o.key));
    YAO_TRY(read_bytes(arena, yao_json_get(object, "leaf"), &o.leaf));
    if (o.key.len != YAO_AUDIT_KEY_LEN)
        return YAO_E_MALFORMED;
    YAO_TRY(read_proof(arena, yao_json_get(object, "proof"), &o));

    *ret = o;
    return YAO_OK;
}

/* ---- checking ----------------------------------------------------------- */

static yao_status check_commitment(const yao_crypto        *crypto,
                                   const yao_audit_opening *o,
                                   const yao_audit_leaf    *leaf)
{
    uint8_t made[YAO_SHA256_LEN];

    YAO_TRY(yao_audit_commit(crypto, o->key.ptr, o->text, made));
    return yao_bytes_equal((yao_bytes){made, sizeof made}, leaf->commitment)
               ? YAO_OK
               : YAO_E_BAD_DIGEST;
}

static yao_status check_place(const yao_crypto        *crypto,
                              const yao_audit_opening *o,
                              const yao_tlog_head     *head)
{
    yao_tlog_claim claim = {.index = o->index, .size = head->size};

    if (o->proof == NULL)
        return YAO_E_MISSING;
    YAO_TRY(yao_tlog_hash_leaf(crypto, o->leaf, &claim.leaf));
    return yao_tlog_verify_inclusion(crypto, &claim, o->proof, o->proof_count,
                                     &head->root);
}

static yao_status read_text(yao_arena *arena, yao_text text,
                            yao_audit_said *ret)
{
    const yao_json *entry;
    yao_text        at;

    YAO_TRY(yao_json_parse_object(arena, yao_text_bytes(text), &entry));
    YAO_TRY(yao_json_string(yao_json_get(entry, "kind"), arena, &ret->kind));
    YAO_TRY(yao_json_string(yao_json_get(entry, "at"), arena, &at));
    YAO_TRY(yao_time_parse(yao_text_bytes(at), &ret->at));
    ret->detail = yao_json_get(entry, "detail");
    return ret->detail != NULL && ret->detail->kind == YAO_JSON_OBJECT
               ? YAO_OK
               : YAO_E_MALFORMED;
}

yao_status yao_audit_check(yao_arena *arena, const yao_crypto *crypto,
                           const yao_audit_opening *opening,
                           const yao_tlog_head *head, yao_audit_said *ret)
{
    yao_audit_leaf leaf;
    yao_audit_said said;

    YAO_TRY(yao_audit_read_leaf(opening->leaf, &leaf));
    if (head != NULL)
        YAO_TRY(check_place(crypto, opening, head));
    YAO_TRY(check_commitment(crypto, opening, &leaf));
    YAO_TRY(read_text(arena, opening->text, &said));
    if (!yao_text_equal(said.kind, leaf.kind) ||
        said.at / YAO_AUDIT_HOUR * YAO_AUDIT_HOUR != leaf.hour)
        return YAO_E_MISMATCH;

    *ret = said;
    return YAO_OK;
}
