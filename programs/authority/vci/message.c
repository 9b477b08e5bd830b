/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/message.h"

/* ---- keys --------------------------------------------------------------- */

yao_status vci_derive(const authority *a, const char *purpose, uint8_t out[32])
{
    const yao_bytes secret = {a->keys.lookup, sizeof a->keys.lookup};

    return a->crypto->hkdf(a->crypto->ctx, YAO_SHA256, secret,
                           (yao_bytes){NULL, 0},
                           yao_text_bytes(yao_text_of(purpose)), out, 32);
}

/* PKCS#8 of a P-256 key by its number alone: RFC 5958, RFC 5915; the public
 * part follows of it. */
static const uint8_t pkcs8_head[] = {
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86,
    0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01,
    0x04, 0x20};

/* The key that requests are encrypted to: for one agreement, or for its public
 * part; closed with yao_key_close(). */
static yao_status open_key(const authority *a, yao_key **ret)
{
    uint8_t    der[sizeof pkcs8_head + 32];
    yao_status status =
        vci_derive(a, "yaopai-request-encryption-1", der + sizeof pkcs8_head);

    for (size_t i = 0; i < sizeof pkcs8_head; i++)
        der[i] = pkcs8_head[i];
    if (status == YAO_OK)
        status = yao_key_read((yao_bytes){der, sizeof der}, ret);
    yao_wipe(der, sizeof der);
    return status;
}

/* ---- who we are --------------------------------------------------------- */

yao_status vci_issuer_of(const app_call *call, yao_public_key *key,
                         yao_vci_issuer *ret)
{
    const authority *a = server_authority(call);
    const config    *c = &a->config;
    yao_key         *open;

    YAO_TRY(open_key(a, &open));
    *key = yao_key_public(open);
    yao_key_close(open);

    yao_text name = yao_text_of(config_get(c, SETTING_NAME));
    *ret          = (yao_vci_issuer){
                 .url       = server_url(call),
                 .name      = {.zh = name, .en = {NULL, 0}},
                 .catalogue = server_catalogue(call),
                 .cards     = config_number(c, SETTING_CARDS) > 0,
                 .batch     = (uint32_t)config_number(c, SETTING_BATCH),
                 .attested  = config_yes(c, SETTING_KEY_ATTESTATION),
                 .key       = key,
                 .kid       = YAO_TEXT(VCI_KEY_KID),
                 .encrypted = config_yes(c, SETTING_ENCRYPTION)};
    return YAO_OK;
}

/* ---- reading ------------------------------------------------------------ */

static bool is_jwt(const app_call *call)
{
    yao_text type = net_header_find(call->http, "content-type", NULL);

    return yao_bytes_starts(yao_text_bytes(type), YAO_LIT("application/jwt"));
}

/* The secret of the agreement, wiped by who opens with it. */
static yao_status agree(const authority *a, const yao_jwe *jwe,
                        uint8_t shared[YAO_MAX_AGREEMENT])
{
    const yao_agree_wish wish = {jwe->ephemeral};
    yao_key             *key;

    if (jwe->ephemeral.curve != YAO_P256)
        return YAO_E_KEY;
    YAO_TRY(open_key(a, &key));
    yao_status status = yao_key_agree(key, &wish, shared);
    yao_key_close(key);
    return status;
}

static yao_status decrypt(const app_call *call, const yao_jwe *jwe,
                          yao_bytes *ret)
{
    const authority *a = server_authority(call);
    uint8_t          shared[YAO_MAX_AGREEMENT];
    yao_jwe_key      key = {{0}};
    yao_aead_wish    wish;

    if (jwe->sealed.len < YAO_AEAD_TAG)
        return YAO_E_TRUNCATED;
    uint8_t *out = yao_arena_take(call->arena, jwe->sealed.len);
    if (out == NULL)
        return YAO_E_SPACE;
    yao_status status = agree(a, jwe, shared);
    if (status == YAO_OK)
        status =
            yao_jwe_open(call->crypto, jwe, (yao_bytes){shared, 32}, &key,
                         &wish);
    if (status == YAO_OK)
        status = yao_openssl_aead(&wish, out);
    yao_wipe(shared, sizeof shared);
    yao_jwe_wipe(&key);
    if (status == YAO_OK)
        *ret = (yao_bytes){out, jwe->sealed.len - YAO_AEAD_TAG};
    return status;
}

static yao_status read_encrypted(app_call *call, yao_bytes *ret)
{
    yao_jwe jwe;

    YAO_TRY(yao_jwe_read(call->arena, call->http->body, &jwe));
    if (!yao_text_equal(jwe.kid, YAO_TEXT(VCI_KEY_KID)))
        return YAO_E_MISMATCH;
    return decrypt(call, &jwe, ret);
}

/* Whose fault is it? Ours: nothing is said of the message. */
static bool ours(yao_status status)
{
    return status == YAO_OK || status == YAO_E_SPACE ||
           status == YAO_E_CRYPTO || status == YAO_E_UNSUPPORTED;
}

yao_status vci_read_message(app_call *call, vci_message *ret,
                            yao_vci_error *error)
{
    const config *c      = &server_authority(call)->config;
    yao_status    status = YAO_OK;

    ret->encrypted = is_jwt(call);
    ret->json      = call->http->body;
    if (ret->encrypted)
        status = read_encrypted(call, &ret->json);
    else if (config_yes(c, SETTING_ENCRYPTION))
        status = YAO_E_REFUSED;
    *error = ours(status) ? YAO_VCI_FINE : YAO_VCI_INVALID_ENCRYPTION;
    return status;
}

/* ---- answering ---------------------------------------------------------- */

static yao_sig_alg alg_of(const yao_vci_encryption *e)
{
    return e->key.curve == YAO_P384 ? YAO_ES384 : YAO_ES256;
}

/* Is it a point of its curve? Asked before anything is used up: the answer
 * could not be given after. */
static yao_status check_point(const yao_vci_encryption *e)
{
    const yao_agree_wish wish = {e->key};
    uint8_t              shared[YAO_MAX_AGREEMENT];
    yao_key             *own;

    YAO_TRY(yao_key_generate(alg_of(e), &own));
    yao_status status = yao_key_agree(own, &wish, shared);
    yao_key_close(own);
    yao_wipe(shared, sizeof shared);
    return status;
}

yao_status vci_check_encryption(const app_call           *call,
                                const yao_vci_encryption *e)
{
    const config *c = &server_authority(call)->config;

    if (e->enc != YAO_AEAD_NONE)
        return check_point(e);
    return config_yes(c, SETTING_ENCRYPTION) ? YAO_E_REFUSED : YAO_OK;
}

static size_t agreement_len(yao_curve curve)
{
    return curve == YAO_P384 ? 48 : 32;
}

/* What is sealed with a key that is made for this answer alone. */
static yao_status seal_with(app_call *call, yao_key *own,
                            const yao_vci_encryption *e, yao_bytes json,
                            yao_writer *w)
{
    const yao_agree_wish agree_with = {e->key};
    uint8_t              shared[YAO_MAX_AGREEMENT], nonce[YAO_AEAD_NONCE];
    yao_jwe_key          key = {{0}};
    yao_aead_wish        wish;
    uint8_t             *out =
        yao_arena_take(call->arena, json.len + YAO_AEAD_TAG);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(nonce, sizeof nonce));
    const yao_jwe_message message = {.enc       = e->enc,
                                     .ephemeral = yao_key_public(own),
                                     .nonce     = {nonce, sizeof nonce},
                                     .kid       = e->kid,
                                     .plain     = json};
    yao_status            status  = yao_key_agree(own, &agree_with, shared);
    if (status == YAO_OK)
        status = yao_jwe_seal(call->arena, call->crypto, &message,
                              (yao_bytes){shared, agreement_len(e->key.curve)},
                              &key, &wish);
    if (status == YAO_OK)
        status = yao_openssl_aead(&wish, out);
    if (status == YAO_OK) {
        *w = yao_writer_in(call->arena);
        yao_jwe_put(w, &wish, (yao_bytes){out, json.len + YAO_AEAD_TAG});
        status = w->status;
    }
    yao_wipe(shared, sizeof shared);
    yao_jwe_wipe(&key);
    return status;
}

static yao_status answer_sealed(app_call *call, int status, yao_bytes json,
                                const yao_vci_encryption *e, app_reply *reply)
{
    yao_key   *own;
    yao_writer w;
    yao_bytes  token;

    YAO_TRY(yao_key_generate(alg_of(e), &own));
    yao_status made = seal_with(call, own, e, json, &w);
    yao_key_close(own);
    YAO_TRY(made);
    YAO_TRY(yao_writer_keep(&w, call->arena, &token));
    return app_reply_bytes(reply, status, "application/jwt", token);
}

yao_status vci_answer(app_call *call, int status, yao_bytes json,
                      const yao_vci_encryption *encryption, app_reply *reply)
{
    if (encryption != NULL && encryption->enc != YAO_AEAD_NONE)
        return answer_sealed(call, status, json, encryption, reply);
    return app_reply_bytes(reply, status, "application/json", json);
}

static yao_status refuse(app_call *call, yao_vci_error error, app_reply *reply)
{
    const yao_vci_error_row *row = yao_vci_error_find(error);
    yao_writer               w   = yao_writer_in(call->arena);

    if (row == NULL)
        return YAO_E_USAGE;
    yao_vci_put_error(&w, error, YAO_TEXT(""));
    if (row->status == 403)
        YAO_TRY(app_reply_header(
            reply, "WWW-Authenticate",
            YAO_TEXT("DPoP error=\"insufficient_scope\", algs=\"ES256\"")));
    return app_reply_json(reply, call, row->status, &w);
}

yao_status vci_end(app_call *call, yao_status status, yao_vci_error error,
                   app_reply *reply)
{
    return error == YAO_VCI_FINE ? status : refuse(call, error, reply);
}
