/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invariants
 *   1. Nothing is looked up before the claim of the request's jti is committed,
 *      and nothing answered before the event in the person's log is.
 *   2. Without a grant no record is opened, and a number that nobody has goes
 *      the same way as one whose holder granted nothing: the same look-ups, the
 *      same commit.
 *   3. Limits are counted after the signature and the claim of the jti: nobody
 *      uses up another's, also not with what the other signed.
 */
#include "authority/netcert/question.h"

#include "authority/enrol/limit.h"
#include "authority/once.h"

/* What is gathered in one call. */
typedef struct asking {
    const enrol      *e;
    netcert_question  q;
    netcert_asker     asker;
    const yao_profile *profile;
    store_netcert     n; /* state 0: nobody's number */
    bool              granted;
    uint8_t           guess[STORE_HASH_LEN]; /* subject of the limit */
    netcert_answer    answer;
    uint8_t           jti[STORE_HASH_LEN], nonce[STORE_HASH_LEN];
} asking;

/* Two texts, of which neither can be mistaken for a part of the other. */
static yao_status hash_pair(const authority *a, int kind, yao_text one,
                            yao_bytes other, yao_arena *arena,
                            uint8_t out[STORE_HASH_LEN])
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  joined;

    yao_put_bytes(&w, yao_text_bytes(one));
    yao_put_byte(&w, 0);
    yao_put_bytes(&w, other);
    YAO_TRY(yao_writer_keep(&w, arena, &joined));
    return seal_hash(a->crypto, &a->keys, kind, joined, out);
}

/* ---- who asks ---- */

static yao_status check_signature(const asking *s)
{
    const yao_crypto   *crypto = s->e->a->crypto;
    yao_signature_check check;

    YAO_TRY(yao_jws_check(&s->q.jws, &s->asker.certificate.key, &check));
    YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_UNTRUSTED;
}

static yao_status check_addressed(const asking *s, yao_text url)
{
    yao_time now = s->e->now;

    if (!yao_text_equal(s->q.audience, url) ||
        s->q.at < now - NETCERT_SKEW || s->q.at > now + NETCERT_SKEW)
        return YAO_E_UNTRUSTED;
    return YAO_OK;
}

static yao_status find_asker(asking *s, yao_text url)
{
    const enrol *e = s->e;

    YAO_TRY(store_get_party(e->a->store, s->q.party, e->arena,
                            &s->asker.party));
    YAO_TRY(yao_x509_read(s->asker.party.certificate, &s->asker.certificate));
    YAO_TRY(check_signature(s));
    return check_addressed(s, url);
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
        return status;
    default:
        return YAO_E_UNTRUSTED;
    }
}

static yao_status check_standing(const asking *s)
{
    const yao_certificate *c = &s->asker.certificate;

    if (s->asker.party.state != STORE_PARTY_ACTIVE ||
        s->e->now < c->not_before || s->e->now > c->not_after)
        return YAO_E_REVOKED;
    return YAO_OK;
}

/* ---- may they ask that ---- */

static yao_status check_purpose(asking *s)
{
    netcert_item item;

    s->profile = yao_profile_by_name(s->e->catalogue, s->q.profile);
    if (s->profile == NULL ||
        !netcert_has_profile(&s->asker.party, s->q.profile))
        return YAO_E_NOT_AUTHORISED;
    if (s->q.kind == NETCERT_ASKS_VALID)
        return YAO_OK;
    if (netcert_find_item(s->e->catalogue, s->q.item, &item) != YAO_OK ||
        !netcert_asks(s->profile, &item))
        return YAO_E_NOT_AUTHORISED;
    if (s->q.kind == NETCERT_ASKS_IS && item.element->type != YAO_TYPE_BOOL)
        return YAO_E_NOT_AUTHORISED;
    return YAO_OK;
}

/* Before anything is counted or looked up: a request that somebody kept is
 * nothing. */
static yao_status claim_request(asking *s)
{
    const enrol *e      = s->e;
    store_change change = store_change_open(e->arena);

    YAO_TRY(hash_pair(e->a, NETCERT_HASH_JTI, s->q.party,
                      yao_text_bytes(s->q.jti), e->arena, s->jti));
    /* remembered for longer than its time is accepted */
    store_put_once(&change,
                   &(store_once){.kind    = ONCE_PARTY_REQUEST,
                                 .hash    = {s->jti, STORE_HASH_LEN},
                                 .expires = s->q.at + 2 * NETCERT_SKEW + 1,
                                 .payload = YAO_INIT("")});
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_EXISTS ? YAO_E_UNTRUSTED : status;
}

/* So many in an hour: who asks all day long is no attack. */
static yao_status count_party(const asking *s, int64_t *wait)
{
    uint8_t    subject[STORE_HASH_LEN];
    yao_writer w = yao_writer_in(s->e->arena);
    yao_bytes  hour;

    yao_put_decimal(&w, s->e->now / 3600);
    YAO_TRY(yao_writer_keep(&w, s->e->arena, &hour));
    YAO_TRY(hash_pair(s->e->a, NETCERT_HASH_PARTY, s->q.party, hour,
                      s->e->arena, subject));
    return enrol_try(s->e, ENROL_LIMIT_PARTY,
                     (yao_bytes){subject, sizeof subject}, wait);
}

/* ---- about whom ---- */

static yao_status find_person(asking *s)
{
    const enrol *e      = s->e;
    yao_text     number = s->q.number;
    uint8_t      hash[STORE_HASH_LEN];

    if (s->q.presentation.len > 0)
        YAO_TRY(netcert_read_shown(e, &s->asker, &s->q, &number));
    YAO_TRY(netcert_hash(e->a, number, hash));
    yao_status status = store_find_netcert(
        e->a->store, (yao_bytes){hash, sizeof hash}, e->arena, &s->n);
    if (status != YAO_E_NOT_FOUND)
        return status;
    s->n = (store_netcert){.state = 0};
    return YAO_OK;
}

/* Whose certificate is shown has agreed to have it looked at. */
static yao_status find_grant(asking *s)
{
    static const uint8_t nobody[STORE_HASH_LEN];
    const store_grant    what = {.person = s->n.state != 0
                                               ? s->n.person
                                               : (yao_bytes){nobody,
                                                             sizeof nobody},
                                 .party = s->q.party,
                                 .item  = s->q.item};

    YAO_TRY(store_has_grant(s->e->a->store, &what, s->e->now, &s->granted));
    if (s->n.state == 0)
        s->granted = false;
    else if (s->q.kind == NETCERT_ASKS_VALID && s->q.presentation.len > 0)
        s->granted = true;
    return YAO_OK;
}

/* ---- the answer ---- */

/* Few values are as many as there are days of birth: who compares many of one
 * person has to wait. */
static yao_status count_guess(asking *s, int64_t *wait)
{
    yao_writer w = yao_writer_in(s->e->arena);
    yao_bytes  joined;

    yao_put_bytes(&w, s->n.person);
    yao_put_bytes(&w, yao_text_bytes(s->q.item));
    YAO_TRY(yao_writer_keep(&w, s->e->arena, &joined));
    YAO_TRY(hash_pair(s->e->a, NETCERT_HASH_GUESS, s->q.party, joined,
                      s->e->arena, s->guess));
    return enrol_try(s->e, ENROL_LIMIT_GUESS,
                     (yao_bytes){s->guess, sizeof s->guess}, wait);
}

static yao_status answer(asking *s, int64_t *wait)
{
    bool open = netcert_state_at(&s->n, s->e->now) == STORE_NETCERT_OPENED;
    bool barred = true;

    s->answer = NETCERT_NOT_GRANTED;
    if (!s->granted)
        return YAO_OK;
    YAO_TRY(netcert_is_barred(s->e, s->n.holder, &barred));
    open = open && !barred;
    if (s->q.kind == NETCERT_ASKS_VALID) {
        s->answer = open ? NETCERT_YES : NETCERT_NO;
        return YAO_OK;
    }
    s->answer = NETCERT_UNKNOWN;
    if (!open)
        return YAO_OK;
    if (s->q.kind == NETCERT_ASKS_EQUALS)
        YAO_TRY(count_guess(s, wait));
    return netcert_ask_register(s->e, &s->n, &s->q, &s->answer);
}

/* ---- noting it ---- */

/* Who asked what for; the answer itself would be a value. */
static yao_status describe(const asking *s, yao_text *ret)
{
    yao_writer w     = yao_writer_in(s->e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "by", s->asker.party.name);
    yao_json_put_member(&w, &first, "party", s->q.party);
    yao_json_put_member(&w, &first, "purpose", s->profile->name);
    yao_json_put_member(&w, &first, "item",
                        s->q.item.len > 0 ? s->q.item : YAO_TEXT("valid"));
    yao_json_put_member_bool(&w, &first, "answered",
                             s->answer == NETCERT_YES ||
                                 s->answer == NETCERT_NO);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, s->e->arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

/* The party's nonce, which its holder signed: once as well. */
static yao_status put_nonce(asking *s, store_change *change)
{
    const enrol *e = s->e;

    if (s->q.presentation.len == 0)
        return YAO_OK;
    YAO_TRY(hash_pair(e->a, NETCERT_HASH_NONCE, s->q.party,
                      yao_text_bytes(s->q.nonce), e->arena, s->nonce));
    store_put_once(change,
                   &(store_once){.kind    = ONCE_PARTY_NONCE,
                                 .hash    = {s->nonce, STORE_HASH_LEN},
                                 .expires = e->now + 86400,
                                 .payload = YAO_INIT("")});
    return YAO_OK;
}

static yao_status commit(asking *s)
{
    store_change change = store_change_open(s->e->arena);
    yao_text     detail;

    YAO_TRY(put_nonce(s, &change));
    YAO_TRY(describe(s, &detail));
    YAO_TRY(authority_put_event(&change, s->e->arena, "netcert.check",
                                s->n.state != 0 ? s->n.holder
                                                : (yao_bytes){NULL, 0},
                                detail));
    if (s->q.kind == NETCERT_ASKS_EQUALS && s->answer == NETCERT_YES)
        enrol_tried(&change, ENROL_LIMIT_GUESS,
                    (yao_bytes){s->guess, sizeof s->guess});
    yao_status status = store_commit(s->e->a->store, &change);
    return status == YAO_E_EXISTS ? YAO_E_UNTRUSTED : status;
}

static yao_status run(asking *s, yao_text url, yao_bytes body, int64_t *wait)
{
    YAO_TRY(untrusted(netcert_read_question(s->e->arena, body, &s->q)));
    YAO_TRY(untrusted(find_asker(s, url)));
    YAO_TRY(check_standing(s));
    YAO_TRY(check_purpose(s));
    YAO_TRY(claim_request(s));
    YAO_TRY(count_party(s, wait));
    YAO_TRY(find_person(s));
    YAO_TRY(find_grant(s));
    YAO_TRY(answer(s, wait));
    return commit(s);
}

yao_status netcert_check(const enrol *e, yao_text url, yao_bytes body,
                         netcert_answer *ret, int64_t *wait)
{
    asking *s = yao_arena_take(e->arena, sizeof *s);

    *wait = 0;
    if (s == NULL)
        return YAO_E_SPACE;
    *s = (asking){.e = e};
    YAO_TRY(run(s, url, body, wait));
    *ret = s->answer;
    return YAO_OK;
}
