/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/entry.h"

#include "json/json.h"

#include <string.h>

#define SEAL_LABEL YAO_LIT("yaopai-audit-seal-1")
#define ENTRY_LABEL YAO_LIT("yaopai-audit-entry-1")
#define KEY_LABEL YAO_LIT("yaopai-audit-key-1")
#define NOBODY_LABEL YAO_LIT("yaopai-audit-log-1")

#define BOX_LEN (YAO_SEAL_NONCE + YAO_AUDIT_KEY_LEN + YAO_SEAL_TAG)

/* ---- keys --------------------------------------------------------------- */

yao_status audit_nobody(const yao_crypto *crypto, const seal_keys *keys,
                        seal_person *ret)
{
    memset(ret->id, 0, sizeof ret->id);
    return crypto->hkdf(crypto->ctx, YAO_SHA256,
                        (yao_bytes){keys->lookup, SEAL_KEY_LEN},
                        (yao_bytes){NULL, 0}, NOBODY_LABEL, ret->key,
                        sizeof ret->key);
}

static yao_status derive_sealing(const yao_crypto *crypto,
                                 const uint8_t     key[YAO_AUDIT_KEY_LEN],
                                 uint8_t           out[SEAL_KEY_LEN])
{
    return crypto->hkdf(crypto->ctx, YAO_SHA256,
                        (yao_bytes){key, YAO_AUDIT_KEY_LEN}, (yao_bytes){NULL, 0},
                        SEAL_LABEL, out, SEAL_KEY_LEN);
}

/* Which entry, and whose: boxes can't be exchanged. */
typedef struct binding {
    uint8_t bytes[64];
    size_t  len;
} binding;

static binding bind_key(const seal_person *owner, int64_t index)
{
    binding    b;
    yao_writer w = yao_writer_open(b.bytes, sizeof b.bytes);

    yao_put_bytes(&w, KEY_LABEL);
    for (unsigned i = 0; i < 8; i++)
        yao_put_byte(&w, (uint8_t)((uint64_t)index >> (56 - 8 * i)));
    yao_put_bytes(&w, (yao_bytes){owner->id, STORE_ID_LEN});
    b.len = w.len;
    return b;
}

/* OUT has room for nonce, PLAIN and tag. */
static yao_status put_box(const uint8_t key[SEAL_KEY_LEN], yao_bytes aad,
                          yao_bytes plain, uint8_t *out)
{
    YAO_TRY(yao_openssl_random(out, YAO_SEAL_NONCE));

    const yao_seal seal = {
        .key = {key, SEAL_KEY_LEN}, .nonce = {out, YAO_SEAL_NONCE}, .aad = aad};
    return yao_openssl_seal(&seal, plain, out + YAO_SEAL_NONCE);
}

/* OUT has room for BOX without nonce and tag. */
static yao_status open_box(const uint8_t key[SEAL_KEY_LEN], yao_bytes aad,
                           yao_bytes box, uint8_t *out)
{
    const yao_seal seal = {.key   = {key, SEAL_KEY_LEN},
                           .nonce = {box.ptr, YAO_SEAL_NONCE},
                           .aad   = aad};

    return yao_openssl_unseal(&seal,
                              (yao_bytes){box.ptr + YAO_SEAL_NONCE,
                                          box.len - YAO_SEAL_NONCE},
                              out);
}

/* ---- the text ----------------------------------------------------------- */

static void put_detail(yao_writer *w, yao_text detail, yao_arena *arena)
{
    const yao_json *json;
    yao_text        text;
    bool            first = true;

    if (yao_json_parse(arena, yao_text_bytes(detail), &json) == YAO_OK &&
        json->kind == YAO_JSON_OBJECT) {
        yao_json_put_value(w, json);
        return;
    }
    if (yao_text_check(yao_text_bytes(detail), &text) != YAO_OK)
        text = YAO_TEXT("?");
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "text", text);
    yao_put_byte(w, '}');
}

/* The parsed detail lies where the arena grows, so the text is written into
 * memory that was taken before. */
static yao_status write_text(const store_event *event, yao_time at,
                             yao_text kind, yao_arena *arena, yao_text *ret)
{
    size_t     cap   = 512 + 8 * event->detail.len;
    uint8_t   *room  = yao_arena_take(arena, cap);
    size_t     mark  = arena->used;
    bool       first = true;
    yao_writer w     = yao_writer_open(room, cap);
    uint8_t    letters[20];
    yao_bytes  text;

    if (room == NULL)
        return YAO_E_SPACE;
    yao_time_format(at, letters);
    yao_put_byte(&w, '{');
    yao_json_put_member_hex(&w, &first, "id", event->id);
    yao_json_put_member(&w, &first, "at", (yao_text){letters, sizeof letters});
    yao_json_put_member(&w, &first, "kind", kind);
    if (event->subject.len > 0)
        yao_json_put_member_hex(&w, &first, "subject", event->subject);
    yao_json_put_name(&w, &first, "detail");
    put_detail(&w, event->detail, arena);
    yao_put_byte(&w, '}');
    arena->used = mark;
    YAO_TRY(yao_writer_close(&w, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

/* ---- entries ------------------------------------------------------------ */

static yao_status seal_text(const yao_crypto *crypto,
                            const uint8_t key[YAO_AUDIT_KEY_LEN], yao_text text,
                            yao_arena *arena, yao_bytes *ret)
{
    uint8_t  derived[SEAL_KEY_LEN];
    size_t   len = YAO_SEAL_NONCE + text.len + YAO_SEAL_TAG;
    uint8_t *box = yao_arena_take(arena, len);

    if (box == NULL)
        return YAO_E_SPACE;
    yao_status status = derive_sealing(crypto, key, derived);
    if (status == YAO_OK)
        status = put_box(derived, ENTRY_LABEL, yao_text_bytes(text), box);
    yao_wipe(derived, sizeof derived);
    *ret = (yao_bytes){box, len};
    return status;
}

static yao_status seal_key(const seal_person *owner, int64_t index,
                           const uint8_t key[YAO_AUDIT_KEY_LEN], yao_arena *arena,
                           yao_bytes *ret)
{
    binding  to  = bind_key(owner, index);
    uint8_t *box = yao_arena_take(arena, BOX_LEN);

    if (box == NULL)
        return YAO_E_SPACE;
    YAO_TRY(put_box(owner->key, (yao_bytes){to.bytes, to.len},
                    (yao_bytes){key, YAO_AUDIT_KEY_LEN}, box));
    *ret = (yao_bytes){box, BOX_LEN};
    return YAO_OK;
}

static yao_status make_leaf(const yao_crypto *crypto, const audit_opened *what,
                            yao_time at, yao_text kind, yao_arena *arena,
                            yao_bytes *ret)
{
    uint8_t          commitment[YAO_SHA256_LEN];
    const yao_audit_leaf leaf = {at / YAO_AUDIT_HOUR * YAO_AUDIT_HOUR, kind,
                             {commitment, sizeof commitment}};

    YAO_TRY(yao_audit_commit(crypto, what->key, what->text, commitment));
    yao_writer w = yao_writer_in(arena);
    yao_audit_put_leaf(&w, &leaf);
    return yao_writer_keep(&w, arena, ret);
}

yao_status audit_seal(const yao_crypto *crypto, const seal_person *owner,
                      const store_event *event, int64_t index,
                      yao_arena *arena, store_log_entry *ret)
{
    /* what only who writes to the database by hand can have put there must
     * not stop the log */
    yao_text kind = yao_audit_is_kind(event->kind) ? event->kind : YAO_TEXT("unknown");
    yao_time at = event->at < 0 || event->at > YAO_TIME_MAX ? 0 : event->at;
    store_log_entry entry = {.index = index, .subject = event->subject};
    audit_opened    what;

    YAO_TRY(write_text(event, at, kind, arena, &what.text));
    yao_status status = yao_openssl_random(what.key, sizeof what.key);
    if (status == YAO_OK)
        status = make_leaf(crypto, &what, at, kind, arena, &entry.leaf);
    if (status == YAO_OK)
        status = seal_text(crypto, what.key, what.text, arena, &entry.sealed);
    if (status == YAO_OK)
        status = seal_key(owner, index, what.key, arena, &entry.key_box);
    yao_wipe(what.key, sizeof what.key);
    if (status == YAO_OK)
        *ret = entry;
    return status;
}

static yao_status open_text(const yao_crypto *crypto,
                            const uint8_t key[YAO_AUDIT_KEY_LEN], yao_bytes sealed,
                            yao_arena *arena, yao_text *ret)
{
    uint8_t  derived[SEAL_KEY_LEN];
    size_t   len  = sealed.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *text = yao_arena_take(arena, len + 1);

    if (text == NULL)
        return YAO_E_SPACE;
    yao_status status = derive_sealing(crypto, key, derived);
    if (status == YAO_OK)
        status = open_box(derived, ENTRY_LABEL, sealed, text);
    yao_wipe(derived, sizeof derived);
    YAO_TRY(status);
    return yao_text_check((yao_bytes){text, len}, ret);
}

static yao_status compare_leaf(const yao_crypto *crypto, yao_bytes input,
                               const audit_opened *what)
{
    uint8_t    commitment[YAO_SHA256_LEN];
    yao_audit_leaf leaf;

    YAO_TRY(yao_audit_read_leaf(input, &leaf));
    YAO_TRY(yao_audit_commit(crypto, what->key, what->text, commitment));
    return yao_bytes_equal(leaf.commitment,
                           (yao_bytes){commitment, sizeof commitment})
               ? YAO_OK
               : YAO_E_BAD_DIGEST;
}

yao_status audit_open(const yao_crypto *crypto, const seal_person *owner,
                      const store_log_entry *entry, yao_arena *arena,
                      audit_opened *ret)
{
    binding      to = bind_key(owner, entry->index);
    audit_opened what;

    if (entry->key_box.len == 0)
        return YAO_E_NOT_FOUND;
    if (entry->key_box.len != BOX_LEN ||
        entry->sealed.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_TRUNCATED;
    yao_status status = open_box(owner->key, (yao_bytes){to.bytes, to.len},
                                 entry->key_box, what.key);
    if (status == YAO_OK)
        status = open_text(crypto, what.key, entry->sealed, arena, &what.text);
    if (status == YAO_OK)
        status = compare_leaf(crypto, entry->leaf, &what);
    if (status == YAO_OK)
        *ret = what;
    yao_wipe(what.key, sizeof what.key);
    return status;
}
