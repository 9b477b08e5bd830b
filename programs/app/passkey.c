/* SPDX-License-Identifier: Apache-2.0 */
#include "app/passkey.h"

#include <string.h>

#include "app/router.h"
#include "yaopai/openssl.h"

/* ---- where ---- */

yao_status passkey_place_of(const passkey_ceremony *c, passkey_place *ret)
{
    yao_text origin = app_url_origin(c->url);
    size_t   at     = yao_bytes_find(yao_text_bytes(origin), '/');

    if (at + 2 >= origin.len || origin.ptr[at + 1] != '/')
        return YAO_E_VALUE;
    yao_bytes host = {origin.ptr + at + 2, origin.len - at - 2};
    *ret           = (passkey_place){origin,
                                      {host.ptr, yao_bytes_find(host, ':')}};
    return ret->rp_id.len != 0 ? YAO_OK : YAO_E_VALUE;
}

/* ---- challenges ---- */

/* One of another use is another one. */
static yao_status hash_challenge(const passkey_ceremony *c, const char *use,
                                 yao_bytes challenge, yao_bytes *ret)
{
    uint8_t        *hash    = yao_arena_take(c->arena, STORE_HASH_LEN);
    const yao_bytes parts[] = {YAO_LIT("yaopai-passkey-1"),
                               yao_text_bytes(yao_text_of(use)), challenge};

    if (hash == NULL)
        return YAO_E_SPACE;
    *ret = (yao_bytes){hash, STORE_HASH_LEN};
    return c->crypto->hash(c->crypto->ctx, YAO_SHA256, parts, 3, hash);
}

yao_status passkey_new_challenge(const passkey_ceremony *c, const char *use,
                                  yao_bytes *ret)
{
    uint8_t     *challenge = yao_arena_take(c->arena, PASSKEY_CHALLENGE);
    store_change change    = store_change_open(c->arena);
    store_once   once      = {.kind    = c->once,
                              .expires = c->now + PASSKEY_SECONDS,
                              .payload = YAO_LIT("1")};

    if (challenge == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(challenge, PASSKEY_CHALLENGE));
    yao_bytes bytes = {challenge, PASSKEY_CHALLENGE};
    YAO_TRY(hash_challenge(c, use, bytes, &once.hash));
    store_put_once(&change, &once);
    YAO_TRY(store_commit(c->store, &change));
    *ret = bytes;
    return YAO_OK;
}

/* The challenge that the client data name, whatever it is; the core compares
 * it with what is expected, which is what the store knew. */
static yao_status named_challenge(const passkey_ceremony *c,
                                  const yao_webauthn_response *r,
                                  yao_bytes                   *ret)
{
    const yao_json *client;
    yao_text        letters;
    uint8_t        *bytes = yao_arena_take(c->arena, PASSKEY_CHALLENGE);

    if (bytes == NULL)
        return YAO_E_SPACE;
    if (r->client_data.len > YAO_WEBAUTHN_MESSAGE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_json_parse(c->arena, r->client_data, &client));
    YAO_TRY(yao_json_string(yao_json_get(client, "challenge"), c->arena,
                            &letters));
    yao_writer w = yao_writer_open(bytes, PASSKEY_CHALLENGE);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    if (w.status != YAO_OK || w.len != PASSKEY_CHALLENGE)
        return YAO_E_BASE64;
    *ret = (yao_bytes){bytes, PASSKEY_CHALLENGE};
    return YAO_OK;
}

yao_status passkey_take_challenge(const passkey_ceremony *c, const char *use,
                                   const yao_webauthn_response *response,
                                   store_change *change, yao_bytes *ret)
{
    yao_bytes hash, challenge;

    YAO_TRY(named_challenge(c, response, &challenge));
    YAO_TRY(hash_challenge(c, use, challenge, &hash));
    store_take_once(change, c->once, hash, c->now, NULL);
    *ret = challenge;
    return YAO_OK;
}

/* ---- checks ---- */

yao_status passkey_check_new(const passkey_ceremony *c,
                              const yao_webauthn_response *response,
                              yao_bytes                    challenge,
                              yao_webauthn_credential     *ret)
{
    passkey_place          place;
    yao_webauthn_pending    p;
    yao_webauthn_credential made;

    YAO_TRY(passkey_place_of(c, &place));
    const yao_webauthn_expected e = {place.rp_id, place.origin, challenge};
    YAO_TRY(yao_webauthn_check_creation(c->crypto, &e, response, c->arena,
                                        &p));
    YAO_TRY(c->crypto->verify(c->crypto->ctx, p.checks, p.count));
    YAO_TRY(yao_webauthn_finish(&p, &made));
    if (made.key.len != 65)
        return YAO_E_KEY;
    *ret = made;
    return YAO_OK;
}

yao_status passkey_check_shown(const passkey_ceremony *c,
                                const yao_webauthn_response   *response,
                                yao_bytes                      challenge,
                                const yao_webauthn_credential *known,
                                yao_webauthn_credential       *ret)
{
    passkey_place       place;
    yao_webauthn_pending p;

    YAO_TRY(passkey_place_of(c, &place));
    const yao_webauthn_expected e = {place.rp_id, place.origin, challenge};
    YAO_TRY(yao_webauthn_check_assertion(c->crypto, &e, known, response,
                                         c->arena, &p));
    YAO_TRY(c->crypto->verify(c->crypto->ctx, p.checks, p.count));
    return yao_webauthn_finish(&p, ret);
}

yao_status passkey_known(const passkey_row *row, yao_webauthn_credential *ret)
{
    if (row->point.len != 65 || row->counter < 0 || row->counter > UINT32_MAX)
        return YAO_E_STORE;
    *ret = (yao_webauthn_credential){.id       = row->id,
                                     .key      = {.curve = YAO_P256, .len = 65},
                                     .counter  = (uint32_t)row->counter,
                                     .may_move = row->may_move};
    memcpy(ret->key.point, row->point.ptr, 65);
    return YAO_OK;
}

yao_status passkey_to_others(yao_status status)
{
    if (status == YAO_OK || status == YAO_E_SPACE || status == YAO_E_STORE ||
        status == YAO_E_LOCKED || status == YAO_E_CRYPTO)
        return status;
    return YAO_E_REFUSED;
}
