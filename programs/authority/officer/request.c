/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invariants
 *   1. Nothing that a request says is believed before its signature is known
 *      to be that of a party, or of an officer whom the registrar certified.
 *   2. To the other side whatever is wrong with who asks is one answer.
 */
#include "authority/officer/officer.h"

#include "authority/netcert/netcert.h"
#include "authority/once.h"

enum { MIN_JTI = 16, MAX_JTI = 64, MAX_NAME = 64, MAX_URL = 512 };

/* ---- reading ---- */

static yao_status read_text(const enrol *e, const officer_request *q,
                            const char *name, size_t min, size_t max,
                            yao_text *ret)
{
    const yao_json *value = yao_json_get(q->payload, name);

    if (value == NULL || value->kind != YAO_JSON_STRING)
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(value, e->arena, ret));
    return ret->len >= min && ret->len <= max ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_request(const enrol *e, const officer_expected *want,
                               yao_bytes body, officer_request *q)
{
    YAO_TRY(yao_jws_read(e->arena, body, &q->jws));
    q->payload = q->jws.payload;
    if (q->payload == NULL || q->payload->count != want->members ||
        !yao_text_equal(q->jws.type, yao_text_of(want->type)))
        return YAO_E_MALFORMED;
    YAO_TRY(read_text(e, q, "iss", 1, MAX_NAME, &q->party));
    YAO_TRY(read_text(e, q, "aud", 1, MAX_URL, &q->audience));
    YAO_TRY(read_text(e, q, "jti", MIN_JTI, MAX_JTI, &q->jti));
    return yao_json_int(yao_json_get(q->payload, "iat"), &q->at);
}

static yao_status read_number(const enrol *e, officer_request *q)
{
    YAO_TRY(read_text(e, q, "number", 1, YAO_OFFICER_NUMBER, &q->number));
    return yao_reader_is_number(q->number) ? YAO_OK : YAO_E_MALFORMED;
}

/* ---- who asks ---- */

static yao_status check_signature(const enrol *e, const officer_request *q)
{
    const yao_crypto   *crypto = e->a->crypto;
    yao_signature_check check;

    YAO_TRY(yao_jws_check(&q->jws, &q->certificate.key, &check));
    YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_UNTRUSTED;
}

static yao_status check_addressed(const enrol *e, const officer_expected *want,
                                  const officer_request *q)
{
    if (!yao_text_equal(q->audience, want->url) ||
        q->at < e->now - OFFICER_SKEW || q->at > e->now + OFFICER_SKEW)
        return YAO_E_UNTRUSTED;
    return YAO_OK;
}

/* The path to the registrar's root, as a wallet looks at it. */
static yao_status check_path(const enrol *e, officer_request *q)
{
    const yao_crypto *crypto = e->a->crypto;
    yao_x509_path    *path   = yao_arena_take(e->arena, sizeof *path);
    yao_report       *report = yao_arena_take(e->arena, sizeof *report);
    ca                root   = {.key = NULL};

    if (path == NULL || report == NULL)
        return YAO_E_SPACE;
    *report = (yao_report){.count = 0};
    YAO_TRY(ca_open(config_get(&e->a->config, SETTING_READER_ROOT), NULL,
                    e->arena, &root));
    const yao_anchor anchor = {.certificate = root.certificate.der,
                               .role        = YAO_ROLE_READER};
    YAO_TRY(yao_x509_find_path(q->jws.chain, q->jws.chain_count, &anchor, 1,
                               YAO_ROLE_READER, YAO_TEXT(""), e->now, false,
                               path, report, -1));
    YAO_TRY(crypto->verify(crypto->ctx, path->checks, path->check_count));
    for (size_t i = 0; i < path->check_count; i++)
        if (path->checks[i].outcome != YAO_SIG_GOOD)
            return YAO_E_UNTRUSTED;
    q->certificate = path->leaf;
    return YAO_OK;
}

static yao_status read_party(const enrol *e, const officer_expected *want,
                             yao_bytes body, officer_request *q)
{
    YAO_TRY(read_request(e, want, body, q));
    YAO_TRY(read_number(e, q));
    YAO_TRY(store_get_party(e->a->store, q->party, e->arena, &q->asker));
    YAO_TRY(yao_x509_read(q->asker.certificate, &q->certificate));
    YAO_TRY(check_signature(e, q));
    return check_addressed(e, want, q);
}

static yao_status read_officer(const enrol *e, const officer_expected *want,
                               yao_bytes body, officer_request *q)
{
    YAO_TRY(read_request(e, want, body, q));
    YAO_TRY(check_path(e, q));
    if (!yao_reader_is_officer(&q->certificate, &q->number) ||
        !yao_text_equal(q->certificate.serial_number, q->party))
        return YAO_E_UNTRUSTED;
    YAO_TRY(check_signature(e, q));
    YAO_TRY(check_addressed(e, want, q));
    return store_get_party(e->a->store, q->party, e->arena, &q->asker);
}

/* Whatever is wrong with who asks, it is one answer. */
static yao_status untrusted(yao_status status)
{
    switch (status) {
    case YAO_OK:
    case YAO_E_SPACE:
    case YAO_E_STORE:
    case YAO_E_LOCKED:
    case YAO_E_CRYPTO:
    case YAO_E_FILE:
        return status;
    default:
        return YAO_E_UNTRUSTED;
    }
}

/* ---- may they now ---- */

static yao_status check_standing(const enrol *e, const officer_request *q)
{
    bool ended = true;

    if (q->asker.state != STORE_PARTY_ACTIVE ||
        e->now < q->certificate.not_before || e->now > q->certificate.not_after)
        return YAO_E_REVOKED;
    YAO_TRY(officer_was_ended(e, q->party, q->number, &ended));
    return ended ? YAO_E_SUSPENDED : YAO_OK;
}

yao_status officer_check_party(const enrol            *e,
                               const officer_expected *expected,
                               yao_bytes body, officer_request *ret)
{
    YAO_TRY(untrusted(read_party(e, expected, body, ret)));
    return check_standing(e, ret);
}

yao_status officer_check_officer(const enrol            *e,
                                 const officer_expected *expected,
                                 yao_bytes body, officer_request *ret)
{
    YAO_TRY(untrusted(read_officer(e, expected, body, ret)));
    return check_standing(e, ret);
}

/* ---- once ---- */

yao_status officer_hash(const enrol *e, int kind, yao_text one, yao_text other,
                        uint8_t out[STORE_HASH_LEN])
{
    yao_writer w = yao_writer_in(e->arena);
    yao_bytes  joined;

    yao_put_bytes(&w, yao_text_bytes(one));
    yao_put_byte(&w, 0);
    yao_put_bytes(&w, yao_text_bytes(other));
    YAO_TRY(yao_writer_keep(&w, e->arena, &joined));
    return seal_hash(e->a->crypto, &e->a->keys, kind, joined, out);
}

yao_status officer_claim(const enrol *e, const officer_request *q)
{
    store_change change = store_change_open(e->arena);
    uint8_t      hash[STORE_HASH_LEN];

    YAO_TRY(officer_hash(e, OFFICER_HASH_JTI, q->party, q->jti, hash));
    /* remembered for longer than its time is accepted */
    store_put_once(&change,
                   &(store_once){.kind    = ONCE_OFFICER_REQUEST,
                                 .hash    = {hash, STORE_HASH_LEN},
                                 .expires = q->at + 2 * OFFICER_SKEW + 1,
                                 .payload = YAO_INIT("")});
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_EXISTS ? YAO_E_UNTRUSTED : status;
}

yao_status officer_was_ended(const enrol *e, yao_text party, yao_text number,
                             bool *ret)
{
    uint8_t   hash[STORE_HASH_LEN];
    yao_bytes payload;

    YAO_TRY(officer_hash(e, OFFICER_HASH_ENDED, party, number, hash));
    yao_status status =
        store_get_once(e->a->store, ONCE_OFFICER_ENDED,
                       (yao_bytes){hash, STORE_HASH_LEN}, e->now, e->arena,
                       &payload);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    *ret = status == YAO_OK;
    return YAO_OK;
}

bool officer_has_profile(const enrol *e, const store_party *party,
                         yao_text profile)
{
    const yao_profile *p = yao_profile_by_name(e->catalogue, profile);

    return p != NULL && p->officer && netcert_has_profile(party, profile);
}
