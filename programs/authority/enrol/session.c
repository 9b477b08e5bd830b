/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/session.h"

#include "app/random.h"

#include <string.h>

/* ---- names and keys from a token ---- */

static yao_status derive(const enrol *e, yao_text token, enrol_session *s)
{
    const yao_crypto *crypto = e->a->crypto;

    YAO_TRY(seal_hash(crypto, &e->a->keys, ENROL_HASH_SESSION,
                      yao_text_bytes(token), s->id));
    return crypto->hkdf(crypto->ctx, YAO_SHA256, yao_text_bytes(token),
                        (yao_bytes){s->id, sizeof s->id},
                        YAO_LIT("yaopai-session-1"), s->key, sizeof s->key);
}

static yao_status seal_content(const enrol *e, const enrol_session *s,
                               yao_bytes content, yao_bytes *ret)
{
    size_t   len = YAO_SEAL_NONCE + content.len + YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(e->arena, len);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(out, YAO_SEAL_NONCE));
    YAO_TRY(yao_openssl_seal(
        &(yao_seal){.key   = {s->key, sizeof s->key},
                    .nonce = {out, YAO_SEAL_NONCE},
                    .aad   = {s->id, sizeof s->id}},
        content, out + YAO_SEAL_NONCE));
    *ret = (yao_bytes){out, len};
    return YAO_OK;
}

static yao_status open_content(const enrol *e, enrol_session *s,
                               yao_bytes sealed)
{
    if (sealed.len < YAO_SEAL_NONCE + YAO_SEAL_TAG)
        return YAO_E_SECRET;

    size_t   len = sealed.len - YAO_SEAL_NONCE - YAO_SEAL_TAG;
    uint8_t *out = yao_arena_take(e->arena, len + 1);
    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_unseal(
        &(yao_seal){.key   = {s->key, sizeof s->key},
                    .nonce = {sealed.ptr, YAO_SEAL_NONCE},
                    .aad   = {s->id, sizeof s->id}},
        (yao_bytes){sealed.ptr + YAO_SEAL_NONCE, sealed.len - YAO_SEAL_NONCE},
        out));
    s->content = (yao_bytes){out, len};
    return YAO_OK;
}

/* ---- what others call ---- */

static yao_status keep_row(const enrol *e, const enrol_session *s,
                           yao_bytes content, store_session *row)
{
    YAO_TRY(yao_arena_keep(e->arena, (yao_bytes){s->id, sizeof s->id},
                           &row->id));
    return seal_content(e, s, content, &row->sealed);
}

yao_status enrol_open_session(const enrol *e, store_change *change,
                              const store_session *what, yao_bytes content,
                              yao_text *token)
{
    enrol_session s   = {.version = 0};
    store_session row = *what;

    yao_status status = app_random_letters(e->arena, ENROL_TOKEN_BYTES, token);
    if (status == YAO_OK)
        status = derive(e, *token, &s);
    if (status == YAO_OK)
        status = keep_row(e, &s, content, &row);
    if (status == YAO_OK && row.owner.ptr == NULL)
        row.owner = YAO_LIT("");
    if (status == YAO_OK)
        store_put_session(change, &row);
    enrol_close_session(&s);
    return status;
}

static yao_status find(const enrol *e, int64_t kind, const yao_bytes *owner,
                       yao_text token, enrol_session *ret)
{
    enrol_session s = {.kind = kind};
    store_session row;

    if (token.len != ENROL_TOKEN_LETTERS)
        return YAO_E_NOT_FOUND;
    yao_status status = derive(e, token, &s);
    if (status == YAO_OK)
        status =
            store_get_session(e->a->store, (yao_bytes){s.id, sizeof s.id},
                              kind, e->now, e->arena, &row);
    /* a clock that was set back makes no session longer */
    if (status == YAO_OK && row.expires > e->now + ENROL_LONGEST_SESSION)
        status = YAO_E_NOT_FOUND;
    if (status == YAO_OK && owner != NULL &&
        !yao_bytes_equal(row.owner, *owner))
        status = YAO_E_NOT_FOUND;
    if (status == YAO_OK)
        status = open_content(e, &s, row.sealed);
    if (status == YAO_OK) {
        s.version = row.version;
        s.expires = row.expires;
        *ret      = s;
    }
    yao_wipe(s.key, sizeof s.key);
    return status;
}

yao_status enrol_find_session(const enrol *e, int64_t kind, yao_bytes owner,
                              yao_text token, enrol_session *ret)
{
    return find(e, kind, &owner, token, ret);
}

yao_status enrol_find_owned(const enrol *e, int64_t kind, yao_text token,
                            enrol_session *ret)
{
    return find(e, kind, NULL, token, ret);
}

yao_status enrol_put_session(const enrol *e, store_change *change,
                             const enrol_session *session, yao_bytes content)
{
    store_session row = {.kind    = session->kind,
                         .version = session->version,
                         .expires = session->expires};

    YAO_TRY(keep_row(e, session, content, &row));
    store_replace_session(change, &row);
    return YAO_OK;
}

void enrol_close_session(enrol_session *session)
{
    yao_wipe(session->key, sizeof session->key);
}
