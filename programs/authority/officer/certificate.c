/* SPDX-License-Identifier: Apache-2.0 */
/* Reader certificates of officers, and officers who get none any more. */
#include "authority/officer/officer.h"

#include "authority/enrol/limit.h"
#include "authority/once.h"

/* Certificates of one officer in an hour are few, those of a party many: each
 * is a login. */
enum {
    MOST_PROFILES     = 8,
    MEMBERS           = 7, /* iss aud iat jti number profiles jwk */
    END_MEMBERS       = 5,
    BACK_S            = 60,                     /* what clocks differ by */
    REMEMBER_S        = 3650 * (int)YAO_TIME_DAY /* that one was ended */
};

/* ---- signing ---- */

static yao_status write_names(const enrol *e, const officer_wish *wish,
                              yao_bytes *profiles, yao_bytes *officer,
                              yao_bytes *crl)
{
    yao_writer w = yao_writer_in(e->arena);

    yao_reader_put_profiles(&w, wish->profiles, wish->profile_count);
    YAO_TRY(yao_writer_keep(&w, e->arena, profiles));
    w = yao_writer_in(e->arena);
    yao_reader_put_officer(&w, wish->number);
    YAO_TRY(yao_writer_keep(&w, e->arena, officer));
    w = yao_writer_in(e->arena);
    yao_put_text(&w, config_get(&e->a->config, SETTING_URL));
    yao_put_text(&w, "/crl/registrar");
    return yao_writer_keep(&w, e->arena, crl);
}

static yao_status sign_by(const enrol *e, const officer_wish *wish,
                          const ca *root, officer_certified *ret)
{
    const config *c = &e->a->config;
    yao_bytes     profiles, officer, crl;

    YAO_TRY(write_names(e, wish, &profiles, &officer, &crl));
    yao_x509_request request = {
        .kind          = YAO_X509_READER,
        .country       = yao_text_of(config_get(c, SETTING_COUNTRY)),
        .common_name   = wish->party->name,
        .organisation  = wish->party->name,
        .serial_number = wish->party->code,
        .not_before    = e->now - BACK_S,
        .not_after     = e->now + OFFICER_HOURS,
        .key           = wish->key,
        .issuer_uri    = yao_text_of(config_get(c, SETTING_URL)),
        .crl_uri       = {crl.ptr, crl.len},
        .san_uri       = {profiles.ptr, profiles.len},
        .san_more      = {officer.ptr, officer.len}};
    ret->expires = request.not_after;
    return ca_sign(e->a->crypto, &request, root, root->key, e->arena,
                   &ret->certificate);
}

yao_status officer_sign(const enrol *e, const officer_wish *wish,
                        officer_certified *ret)
{
    const config *c    = &e->a->config;
    ca            root = {.key = NULL};

    YAO_TRY(ca_open(config_get(c, SETTING_READER_ROOT),
                    config_get(c, SETTING_READER_ROOT_KEY), e->arena, &root));
    yao_status status = root.key == NULL /* it is kept elsewhere */
                            ? YAO_E_NOT_FOUND
                            : sign_by(e, wish, &root, ret);
    ca_close(&root);
    return status;
}

/* ---- what was asked for ---- */

static yao_status take_profiles(const enrol *e, const officer_request *q,
                                yao_text *names, size_t *count)
{
    const yao_json *list = yao_json_get(q->payload, "profiles");

    if (list == NULL || list->kind != YAO_JSON_ARRAY || list->count == 0 ||
        list->count > MOST_PROFILES)
        return YAO_E_UNTRUSTED;
    *count = 0;
    for (const yao_json *p = list->first; p != NULL; p = p->next) {
        yao_text name;

        if (yao_json_string(p, e->arena, &name) != YAO_OK)
            return YAO_E_UNTRUSTED;
        if (!officer_has_profile(e, &q->asker, name))
            return YAO_E_NOT_AUTHORISED;
        for (size_t i = 0; i < *count; i++)
            if (yao_text_equal(names[i], name))
                return YAO_E_UNTRUSTED;
        names[(*count)++] = name;
    }
    return YAO_OK;
}

static yao_status count_officer(const enrol *e, const officer_request *q,
                                int64_t *wait)
{
    uint8_t subject[STORE_HASH_LEN];

    YAO_TRY(officer_hash(e, OFFICER_HASH_HOUR, q->party, q->number, subject));
    return enrol_try(e, ENROL_LIMIT_OFFICER,
                     (yao_bytes){subject, sizeof subject}, wait);
}

/* Whose number it is, only the party knows. */
static yao_status note(const enrol *e, store_change *change, const char *kind,
                       const officer_request *q, yao_time expires)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "party", q->party);
    yao_json_put_member(&w, &first, "officer", q->number);
    if (expires != 0)
        yao_json_put_member_int(&w, &first, "expires", expires);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, e->arena, &text));
    return authority_put_event(change, e->arena, kind, (yao_bytes){NULL, 0},
                               (yao_text){text.ptr, text.len});
}

/* In the log before it leaves the house. */
static yao_status sign_noted(const enrol *e, const officer_request *q,
                             const officer_wish *wish, officer_certified *ret)
{
    store_change change = store_change_open(e->arena);

    YAO_TRY(officer_sign(e, wish, ret));
    YAO_TRY(note(e, &change, "officer.certificate", q, ret->expires));
    return store_commit(e->a->store, &change);
}

yao_status officer_certify(const enrol *e, yao_text url, yao_bytes body,
                           officer_certified *ret, int64_t *wait)
{
    const officer_expected want = {url, OFFICER_TYPE_CERTIFICATE, MEMBERS};
    officer_request       *q    = yao_arena_take(e->arena, sizeof *q);
    yao_text               names[MOST_PROFILES];
    officer_wish           wish = {.profiles = names};

    *wait = 0;
    if (q == NULL)
        return YAO_E_SPACE;
    YAO_TRY(officer_check_party(e, &want, body, q));
    YAO_TRY(take_profiles(e, q, names, &wish.profile_count));
    if (yao_jwk_read(yao_json_get(q->payload, "jwk"), e->arena, &wish.key) !=
        YAO_OK)
        return YAO_E_UNTRUSTED;
    YAO_TRY(officer_claim(e, q));
    YAO_TRY(count_officer(e, q, wait));
    wish.party  = &q->asker;
    wish.number = q->number;
    return sign_noted(e, q, &wish, ret);
}

/* ---- ending ---- */

static yao_status put_end(const enrol *e, const officer_request *q)
{
    store_change change = store_change_open(e->arena);
    uint8_t      hash[STORE_HASH_LEN];

    YAO_TRY(officer_hash(e, OFFICER_HASH_ENDED, q->party, q->number, hash));
    store_put_once(&change, &(store_once){.kind    = ONCE_OFFICER_ENDED,
                                          .hash    = {hash, STORE_HASH_LEN},
                                          .expires = e->now + REMEMBER_S,
                                          .payload = YAO_INIT("1")});
    YAO_TRY(note(e, &change, "officer.end", q, 0));
    return store_commit(e->a->store, &change);
}

yao_status officer_end(const enrol *e, yao_text url, yao_bytes body)
{
    const officer_expected want = {url, OFFICER_TYPE_END, END_MEMBERS};
    officer_request       *q    = yao_arena_take(e->arena, sizeof *q);

    if (q == NULL)
        return YAO_E_SPACE;
    yao_status status = officer_check_party(e, &want, body, q);
    if (status == YAO_E_SUSPENDED)
        return YAO_OK; /* ended already */
    YAO_TRY(status);
    YAO_TRY(officer_claim(e, q));
    status = put_end(e, q);
    return status == YAO_E_EXISTS ? YAO_OK : status;
}
