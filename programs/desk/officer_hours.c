/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The certificate of an officer's hours. Its key is made here, lies sealed in
 * the store, and goes when the hours are over; all processes of the desk can
 * use it. What the authority gives is looked at as a wallet would: a
 * certificate of another party, number or key is none.
 */
#include "desk/officer.h"

#include "cbor/cbor.h"
#include "jose/jose.h"

enum { MOST_KEY = YAO_MAX_PRIVATE, MOST_CERTIFICATE = 4096 };

/* ---- names with commas ---- */

static bool next_name(yao_text *rest, yao_text *ret)
{
    size_t at = 0;

    if (rest->len == 0)
        return false;
    while (at < rest->len && rest->ptr[at] != ',')
        at++;
    *ret = (yao_text){rest->ptr, at};
    at += at < rest->len;
    rest->ptr += at;
    rest->len -= at;
    return true;
}

static bool has_name(yao_text list, yao_text name)
{
    yao_text one;

    while (next_name(&list, &one))
        if (yao_text_equal(one, name))
            return true;
    return false;
}

/* ---- asking for it ---- */

static yao_status write_wish(const app_call *call, const desk_trust *t,
                             const store_officer  *who,
                             const yao_public_key *key, yao_bytes *ret)
{
    const desk *d     = desk_of(call);
    yao_writer  w     = yao_writer_in(call->arena);
    bool        first = true, next = true;
    yao_text    rest = who->profiles, name;

    YAO_TRY(desk_put_claims(&w, &first, d->reader.serial_number,
                            desk_authority(t), call->now));
    yao_json_put_member(&w, &first, "number", who->number);
    yao_json_put_name(&w, &first, "profiles");
    yao_put_byte(&w, '[');
    while (next_name(&rest, &name)) {
        yao_json_put_next(&w, &next);
        yao_json_put_string(&w, name);
    }
    yao_put_byte(&w, ']');
    yao_json_put_name(&w, &first, "jwk");
    yao_jwk_put(&w, key);
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, call->arena, ret);
}

static yao_status read_answer(app_call *call, const net_answer *answer,
                              yao_bytes *ret)
{
    const yao_json *root;
    yao_text        letters;

    if (answer->status == 403 || answer->status == 401 ||
        answer->status == 429)
        return YAO_E_NOT_AUTHORISED;
    if (answer->status != 200)
        return YAO_E_NET;
    YAO_TRY(yao_json_parse(call->arena, answer->body, &root));
    YAO_TRY(yao_json_string(yao_json_get(root, "certificate"), call->arena,
                            &letters));
    if (letters.len > 2 * (size_t)MOST_CERTIFICATE)
        return YAO_E_LIMIT;
    yao_writer w = yao_writer_in(call->arena);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return yao_writer_keep(&w, call->arena, ret);
}

static yao_status ask(app_call *call, const desk_trust *t,
                      const store_officer *who, const yao_public_key *key,
                      yao_bytes *ret)
{
    desk_signing        signing = {.key  = desk_key(call),
                                   .type = "yaopai-officer+jwt"};
    desk_authority_call what    = {.config    = &desk_of(call)->config,
                                   .authority = desk_authority(t),
                                   .path      = "/officer/certificate"};
    net_answer          answer;

    if (signing.key == NULL)
        return YAO_E_LOCKED;
    YAO_TRY(write_wish(call, t, who, key, &signing.payload));
    YAO_TRY(desk_sign(call->arena, &signing, &what.jws));
    YAO_TRY(desk_ask_authority(&what, call->arena, &answer));
    return read_answer(call, &answer, ret);
}

/* ---- looking at it ---- */

static yao_status check_path(const app_call *call, const desk_trust *t,
                             yao_bytes der)
{
    const yao_trust_verified *list   = &t->bundle.list;
    yao_x509_path            *path   = yao_arena_take(call->arena,
                                                      sizeof *path);
    yao_report               *report = yao_arena_take(call->arena,
                                                      sizeof *report);

    if (path == NULL || report == NULL)
        return YAO_E_SPACE;
    *report = (yao_report){.count = 0};
    YAO_TRY(yao_x509_find_path(&der, 1, list->anchors, list->anchor_count,
                               YAO_ROLE_READER, YAO_TEXT(""), call->now, false,
                               path, report, -1));
    YAO_TRY(call->crypto->verify(call->crypto->ctx, path->checks,
                                 path->check_count));
    for (size_t i = 0; i < path->check_count; i++)
        if (path->checks[i].outcome != YAO_SIG_GOOD)
            return YAO_E_BAD_SIGNATURE;
    return YAO_OK;
}

static bool is_for(const app_call *call, const yao_certificate *c,
                   const store_officer *who, const yao_public_key *key)
{
    yao_text number, rest = who->profiles, name;

    if (!yao_reader_is_officer(c, &number) ||
        !yao_text_equal(number, who->number) ||
        !yao_text_equal(c->serial_number,
                        desk_of(call)->reader.serial_number) ||
        !yao_public_key_equal(&c->key, key))
        return false;
    while (next_name(&rest, &name))
        if (!yao_reader_allows(c, name))
            return false;
    return true;
}

static yao_status check(app_call *call, const desk_trust *t,
                        const store_officer *who, const yao_public_key *key,
                        yao_bytes der, yao_certificate *ret)
{
    if (yao_x509_read(der, ret) != YAO_OK || !is_for(call, ret, who, key))
        return YAO_E_MISMATCH;
    yao_status status = check_path(call, t, der);
    return status == YAO_OK || status == YAO_E_SPACE ? status : YAO_E_MISMATCH;
}

/* ---- keeping it: [certificate, key] ---- */

static yao_status seal(app_call *call, yao_bytes login, yao_bytes der,
                       const yao_key *key, yao_bytes *ret)
{
    uint8_t    secret[MOST_KEY];
    size_t     cap   = MOST_KEY + 64 + der.len;
    uint8_t   *plain = yao_arena_take(call->arena, cap);
    yao_writer k     = yao_writer_open(secret, sizeof secret);
    yao_writer w     = yao_writer_open(plain, cap);

    if (plain == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_key_write(key, &k);
    if (status == YAO_OK) {
        yao_cbor_put_array(&w, 2);
        yao_cbor_put_bytes(&w, der);
        yao_cbor_put_bytes(&w, (yao_bytes){secret, k.len});
        status = w.status;
    }
    if (status == YAO_OK)
        status = desk_seal(desk_of(call), call->crypto,
                           &(desk_binding){DESK_BOX_OFFICER, login},
                           (yao_bytes){plain, w.len}, call->arena, ret);
    yao_wipe(secret, sizeof secret);
    yao_wipe(plain, cap);
    return status;
}

yao_status desk_officer_login_id(app_call *call, yao_text token, yao_bytes *ret)
{
    uint8_t    secret[DESK_OFFICER_TOKEN];
    uint8_t   *hash   = yao_arena_take(call->arena, YAO_SHA256_LEN);
    yao_status status = desk_officer_letters(token, secret, sizeof secret);

    if (hash == NULL)
        return YAO_E_SPACE;
    if (status == YAO_OK)
        status = desk_officer_hash(call->crypto, "login",
                                   (yao_bytes){secret, sizeof secret}, hash);
    yao_wipe(secret, sizeof secret);
    YAO_TRY(status);
    *ret = (yao_bytes){hash, YAO_SHA256_LEN};
    return YAO_OK;
}

static yao_status draw_token(app_call *call, yao_text *token)
{
    uint8_t    secret[DESK_OFFICER_TOKEN];
    yao_writer w = yao_writer_in(call->arena);
    yao_bytes  letters;

    YAO_TRY(yao_openssl_random(secret, sizeof secret));
    yao_put_base64url(&w, (yao_bytes){secret, sizeof secret});
    yao_wipe(secret, sizeof secret);
    YAO_TRY(yao_writer_keep(&w, call->arena, &letters));
    *token = (yao_text){letters.ptr, letters.len};
    return YAO_OK;
}

static yao_status keep(app_call *call, const store_officer *who,
                       const yao_certificate *c, const yao_key *key,
                       desk_hours *ret)
{
    store_change        change = store_change_open(call->arena);
    store_officer_login login  = {.officer = who->id,
                                  .since   = call->now,
                                  .expires = c->not_after};

    YAO_TRY(draw_token(call, &ret->token));
    YAO_TRY(desk_officer_login_id(call, ret->token, &login.id));
    YAO_TRY(seal(call, login.id, c->der, key, &login.sealed));
    if (login.expires > call->now + DESK_OFFICER_MOST)
        login.expires = call->now + DESK_OFFICER_MOST;
    store_put_officer_login(&change, &login);
    ret->expires = login.expires;
    return store_commit(desk_of(call)->store, &change);
}

static yao_status begin(app_call *call, const desk_trust *t,
                        const store_officer *who, const yao_key *key,
                        desk_hours *ret)
{
    const yao_public_key public = yao_key_public(key);
    yao_certificate c;
    yao_bytes       der;

    YAO_TRY(ask(call, t, who, &public, &der));
    YAO_TRY(check(call, t, who, &public, der, &c));
    return keep(call, who, &c, key, ret);
}

yao_status desk_officer_begin(app_call *call, const desk_trust *t,
                              const store_officer *who, desk_hours *ret)
{
    yao_key *key = NULL;

    YAO_TRY(yao_key_generate(YAO_ES256, &key));
    yao_status status = begin(call, t, who, key, ret);
    yao_key_close(key);
    return status;
}

/* ---- using it ---- */

yao_status desk_client_name(const yao_crypto *crypto, yao_bytes der,
                            yao_arena *arena, yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    uint8_t    hash[YAO_SHA256_LEN];
    yao_bytes  out;

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &der, 1, hash));
    yao_put_text(&w, "x509_hash:");
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    *ret = (yao_text){out.ptr, out.len};
    return YAO_OK;
}

yao_status desk_reader_own(const app_call *call, desk_reader *ret)
{
    const desk *d = desk_of(call);

    *ret = (desk_reader){.certificate = d->reader,
                         .client_id   = d->client_id,
                         .key         = desk_key(call)};
    return ret->key != NULL ? YAO_OK : YAO_E_LOCKED;
}

void desk_reader_close(desk_reader *r)
{
    if (r->owned)
        yao_key_close(r->key);
    *r = (desk_reader){.key = NULL};
}

static yao_status unseal(app_call *call, const store_officer_login *login,
                         desk_reader *ret)
{
    yao_bytes plain;

    YAO_TRY(desk_unseal(desk_of(call), call->crypto,
                        &(desk_binding){DESK_BOX_OFFICER, login->id},
                        login->sealed, call->arena, &plain));
    yao_cbor_reader r = yao_cbor_open(plain);
    yao_cbor_get_array(&r, 2);
    yao_bytes der = yao_cbor_get_bytes(&r);
    yao_bytes key = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));
    YAO_TRY(yao_x509_read(der, &ret->certificate));
    YAO_TRY(desk_client_name(call->crypto, der, call->arena, &ret->client_id));
    ret->owned = true;
    return yao_key_read(key, &ret->key);
}

yao_status desk_reader_open(app_call *call, yao_bytes login, desk_reader *ret)
{
    store              *s = desk_of(call)->store;
    desk_reader         r = {.login = login};
    store_officer_login row;
    store_officer       who;

    if (login.len == 0)
        return desk_reader_own(call, ret);
    YAO_TRY(
        store_get_officer_login(s, login, call->now, call->arena, &row));
    YAO_TRY(store_get_officer(s, row.officer, call->arena, &who));
    if (who.state != STORE_OFFICER_ACTIVE)
        return YAO_E_NOT_FOUND;
    YAO_TRY(unseal(call, &row, &r));
    r.officer  = who.number;
    r.profiles = who.profiles;
    *ret       = r;
    return YAO_OK;
}

/* Nobody of that token, or not for this, is one answer. */
static yao_status find_officer(app_call *call, const yao_profile *profile,
                               yao_text token, desk_reader *ret)
{
    yao_bytes  login;
    yao_status status = desk_officer_login_id(call, token, &login);

    if (status == YAO_E_BASE64)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(status);
    status = desk_reader_open(call, login, ret);
    if (status == YAO_E_NOT_FOUND)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(status);
    if (has_name(ret->profiles, profile->name) &&
        yao_reader_allows(&ret->certificate, profile->name))
        return YAO_OK;
    desk_reader_close(ret);
    return YAO_E_NOT_AUTHORISED;
}

yao_status desk_reader_find(app_call *call, const yao_profile *profile,
                            yao_text token, desk_reader *ret)
{
    return profile->officer ? find_officer(call, profile, token, ret)
                            : desk_reader_own(call, ret);
}
