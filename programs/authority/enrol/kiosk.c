/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/kiosk.h"

#include "authority/enrol/secret.h"
#include "authority/once.h"

#include <string.h>

#define POINT 65

/* ---- adding, pairing, removing ---- */

static bool is_name(yao_text name)
{
    for (size_t i = 0; i < name.len; i++)
        if (name.ptr[i] < 0x20 || name.ptr[i] == 0x7f)
            return false;
    return name.len > 0 && name.len <= ENROL_MAX_KIOSK_NAME;
}

static yao_status hash_code(const enrol *e, yao_text code, uint8_t *out)
{
    return seal_hash(e->a->crypto, &e->a->keys, ENROL_HASH_PAIRING,
                     yao_text_bytes(code), out);
}

static yao_status put_event(const enrol *e, store_change *change,
                            const char *kind, yao_bytes id)
{
    yao_text detail;

    YAO_TRY(authority_name_id(e->arena, "kiosk", id, &detail));
    return authority_put_event(change, e->arena, kind, (yao_bytes){NULL, 0},
                               detail);
}

yao_status enrol_add_kiosk(const enrol *e, yao_text name, yao_bytes *id,
                           char code[12])
{
    store_change change = store_change_open(e->arena);
    uint8_t     *bytes  = yao_arena_take(e->arena, STORE_ID_LEN);
    uint8_t      hash[STORE_HASH_LEN];

    if (!is_name(name))
        return YAO_E_VALUE;
    if (bytes == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(bytes, STORE_ID_LEN));
    YAO_TRY(enrol_give_code(code));
    YAO_TRY(hash_code(
        e, (yao_text){(const uint8_t *)code, ENROL_GIVEN_LETTERS}, hash));

    *id = (yao_bytes){bytes, STORE_ID_LEN};
    store_put_kiosk(&change,
                    &(store_kiosk){.id        = *id,
                                   .name      = name,
                                   .code      = {hash, sizeof hash},
                                   .code_ends = e->now + ENROL_PAIRING_SECONDS,
                                   .added     = e->now});
    YAO_TRY(put_event(e, &change, "kiosk.add", *id));
    return store_commit(e->a->store, &change);
}

yao_status enrol_pair_kiosk(const enrol *e, yao_text code,
                            const yao_public_key *key, yao_bytes *id)
{
    store_change change = store_change_open(e->arena);
    uint8_t      hash[STORE_HASH_LEN];
    yao_bytes    paired = {NULL, 0};

    if (key->curve != YAO_P256 || key->len != POINT)
        return YAO_E_KEY;
    /* a code of another form is wrong like any other */
    if (enrol_normal_code(code, e->arena, &code) != YAO_OK ||
        code.len != ENROL_GIVEN_LETTERS)
        return YAO_E_NOT_FOUND;
    YAO_TRY(hash_code(e, code, hash));
    store_pair_kiosk(&change, (yao_bytes){hash, sizeof hash},
                     (yao_bytes){key->point, key->len}, e->now, &paired);
    YAO_TRY(authority_put_event(&change, e->arena, "kiosk.pair",
                                (yao_bytes){NULL, 0}, YAO_TEXT("{}")));
    YAO_TRY(store_commit(e->a->store, &change));
    *id = paired;
    return YAO_OK;
}

yao_status enrol_remove_kiosk(const enrol *e, yao_bytes id)
{
    store_change change = store_change_open(e->arena);

    store_remove_kiosk(&change, id, e->now);
    store_end_sessions_of(&change, id);
    YAO_TRY(put_event(e, &change, "kiosk.remove", id));
    return store_commit(e->a->store, &change);
}

/* ---- a signed request ---- */

void enrol_write_signed(yao_writer *w, const enrol_signed *what)
{
    const yao_text lines[] = {YAO_TEXT("yaopai-kiosk-1"), what->kiosk,
                              what->method};
    const yao_text more[]  = {what->time, what->nonce, what->session};

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        yao_put_bytes(w, yao_text_bytes(lines[i]));
        yao_put_byte(w, '\n');
    }
    yao_put_bytes(w, yao_text_bytes(what->path));
    if (what->query.len != 0) {
        yao_put_byte(w, '?');
        yao_put_bytes(w, yao_text_bytes(what->query));
    }
    yao_put_byte(w, '\n');
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        yao_put_bytes(w, yao_text_bytes(more[i]));
        yao_put_byte(w, '\n');
    }
    yao_put_base64url(w, what->body_hash);
    yao_put_byte(w, '\n');
}

typedef struct signed_head {
    enrol_signed what;
    uint8_t      id[STORE_ID_LEN];
    uint8_t      nonce[ENROL_KIOSK_NONCE];
    uint8_t      signature[64];
    uint8_t      body_hash[YAO_SHA256_LEN];
    yao_time     at;
} signed_head;

static yao_status header(const net_request *http, const char *name,
                         yao_text *ret)
{
    size_t count = 0;

    *ret = net_header_find(http, name, &count);
    if (count > 1)
        return YAO_E_DUPLICATE;
    return count == 0 || ret->len == 0 ? YAO_E_MISSING : YAO_OK;
}

typedef yao_status (*unlettering)(yao_bytes in, yao_writer *w);

static yao_status read_letters(yao_text text, unlettering read, uint8_t *out,
                               size_t len)
{
    yao_writer w = yao_writer_open(out, len);

    if (read(yao_text_bytes(text), &w) != YAO_OK || w.status != YAO_OK ||
        w.len != len)
        return YAO_E_MALFORMED;
    return YAO_OK;
}

static yao_status read_time(yao_text text, yao_time *ret)
{
    yao_time time = 0;

    if (text.len < 1 || text.len > 12 || text.ptr[0] == '0')
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return YAO_E_MALFORMED;
        time = time * 10 + (text.ptr[i] - '0');
    }
    *ret = time;
    return YAO_OK;
}

static yao_status read_head(const enrol *e, const net_request *http,
                            signed_head *h)
{
    yao_text signature;
    size_t   count = 0;

    YAO_TRY(header(http, "yaopai-kiosk", &h->what.kiosk));
    YAO_TRY(header(http, "yaopai-time", &h->what.time));
    YAO_TRY(header(http, "yaopai-nonce", &h->what.nonce));
    YAO_TRY(header(http, "yaopai-signature", &signature));
    h->what.session = net_header_find(http, "yaopai-session", &count);
    if (count > 1)
        return YAO_E_DUPLICATE;

    YAO_TRY(read_letters(h->what.kiosk, yao_get_hex, h->id, sizeof h->id));
    YAO_TRY(read_time(h->what.time, &h->at));
    YAO_TRY(read_letters(h->what.nonce, yao_get_base64url, h->nonce,
                         sizeof h->nonce));
    YAO_TRY(read_letters(signature, yao_get_base64url, h->signature,
                         sizeof h->signature));
    YAO_TRY(e->a->crypto->hash(e->a->crypto->ctx, YAO_SHA256, &http->body, 1,
                               h->body_hash));
    h->what.method    = http->method;
    h->what.path      = http->path;
    h->what.query     = http->query;
    h->what.body_hash = (yao_bytes){h->body_hash, sizeof h->body_hash};
    return YAO_OK;
}

static yao_status check_time(yao_time at, yao_time now)
{
    if (at < now - ENROL_KIOSK_SKEW)
        return YAO_E_EXPIRED;
    return at > now + ENROL_KIOSK_SKEW ? YAO_E_NOT_YET_VALID : YAO_OK;
}

static yao_status find_kiosk(const enrol *e, const signed_head *h,
                             store_kiosk *ret)
{
    yao_status status = store_get_kiosk(
        e->a->store, (yao_bytes){h->id, sizeof h->id}, e->arena, ret);

    if (status == YAO_E_NOT_FOUND)
        return YAO_E_UNTRUSTED;
    YAO_TRY(status);
    if (ret->state != STORE_KIOSK_PAIRED || ret->public_key.len != POINT)
        return YAO_E_UNTRUSTED;
    return YAO_OK;
}

static yao_status check_signature(const enrol *e, const signed_head *h,
                                  const store_kiosk *kiosk)
{
    yao_writer          w = yao_writer_in(e->arena);
    yao_signature_check check = {.alg        = YAO_ES256,
                                 .part_count = 1,
                                 .signature  = {h->signature,
                                                sizeof h->signature}};

    enrol_write_signed(&w, &h->what);
    YAO_TRY(yao_writer_keep(&w, e->arena, &check.parts[0]));
    check.key.curve = YAO_P256;
    check.key.len   = POINT;
    memcpy(check.key.point, kiosk->public_key.ptr, POINT);
    YAO_TRY(e->a->crypto->verify(e->a->crypto->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

/* After the signature: nobody else can use up a kiosk's nonces. */
static yao_status use_nonce(const enrol *e, const signed_head *h)
{
    store_change change = store_change_open(e->arena);
    uint8_t      joined[STORE_ID_LEN + ENROL_KIOSK_NONCE];
    uint8_t      hash[STORE_HASH_LEN];

    memcpy(joined, h->id, sizeof h->id);
    memcpy(joined + sizeof h->id, h->nonce, sizeof h->nonce);
    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, ENROL_HASH_NONCE,
                      (yao_bytes){joined, sizeof joined}, hash));
    /* remembered for longer than its time is accepted */
    store_put_once(&change,
                   &(store_once){.kind = ONCE_KIOSK,
                                 .hash = {hash, sizeof hash},
                                 .expires = h->at + 2 * ENROL_KIOSK_SKEW + 1,
                                 .payload = YAO_INIT("")});
    return store_commit(e->a->store, &change);
}

yao_status enrol_check_kiosk(const enrol *e, const net_request *http,
                             store_kiosk *ret)
{
    signed_head h = {.at = 0};
    store_kiosk kiosk;

    YAO_TRY(read_head(e, http, &h));
    YAO_TRY(check_time(h.at, e->now));
    YAO_TRY(find_kiosk(e, &h, &kiosk));
    YAO_TRY(check_signature(e, &h, &kiosk));
    YAO_TRY(use_nonce(e, &h));
    *ret = kiosk;
    return YAO_OK;
}
