/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/login.h"

#include "authority/enrol/limit.h"
#include "authority/enrol/secret.h"
#include "authority/enrol/session.h"
#include "authority/wrong.h"

#include <string.h>

/* What number and code alone can say: something known, from any device. */
#define MOST_LEVEL 2

/* ---- logging in ---- */

/* A code of another form is a wrong one, after the same work. */
static yao_text code_or_none(const enrol *e, yao_text typed)
{
    yao_text code;

    return enrol_normal_code(typed, e->arena, &code) == YAO_OK ? code
                                                               : YAO_TEXT("");
}

static yao_status check_code(const enrol *e, yao_bytes holder, yao_text code,
                             enrol_person *who)
{
    static const uint8_t nobody[STORE_HASH_LEN];
    store_access_code    kept = {.salt     = {nobody, ENROL_SALT},
                                 .verifier = {nobody, STORE_HASH_LEN}};
    uint8_t              got[STORE_HASH_LEN];

    yao_status found =
        store_get_access_code(e->a->store, holder, e->arena, &kept);
    if (found != YAO_OK && found != YAO_E_NOT_FOUND)
        return found;
    YAO_TRY(enrol_verifier(e->a, holder, kept.salt, code, got));
    bool same =
        yao_bytes_equal_secret(kept.verifier, (yao_bytes){got, sizeof got});
    yao_wipe(got, sizeof got);
    if (found != YAO_OK || code.len == 0 || !same)
        return YAO_E_REFUSED;
    who->code_level = kept.level;
    who->level      = kept.level < MOST_LEVEL ? kept.level : MOST_LEVEL;
    return YAO_OK;
}

static yao_status note_login(const enrol *e, const enrol_person *who)
{
    store_change change = store_change_open(e->arena);

    enrol_tried(&change, ENROL_LIMIT_LOGIN,
                (yao_bytes){who->lookup, STORE_HASH_LEN});
    YAO_TRY(authority_put_event(&change, e->arena, "person.login",
                                (yao_bytes){who->holder, STORE_HASH_LEN},
                                YAO_TEXT("{\"by\":\"code\"}")));
    return store_commit(e->a->store, &change);
}

/* Of all people: a code that is tried at each of a million. */
static wrong_codes of_all(const enrol *e)
{
    return (wrong_codes){.a       = e->a,
                         .arena   = e->arena,
                         .now     = e->now,
                         .kind    = WRONG_LOGIN,
                         .setting = SETTING_LOGIN_WRONG};
}

/* A try is counted before it is made: many at once are many. That of everybody
 * is looked at before: what is refused leaves no row. */
static yao_status count_try(const enrol *e, const enrol_person *who,
                            int64_t *wait)
{
    const wrong_codes w      = of_all(e);
    yao_status        status = wrong_check(&w);

    *wait = status == YAO_E_LIMIT ? wrong_wait(&w) : 0;
    YAO_TRY(status);
    return enrol_try(e, ENROL_LIMIT_LOGIN,
                     (yao_bytes){who->lookup, STORE_HASH_LEN}, wait);
}

static yao_status check_counted(const enrol *e, yao_text code,
                                enrol_person *who)
{
    const wrong_codes w      = of_all(e);
    const yao_bytes   holder = {who->holder, STORE_HASH_LEN};
    yao_status        status = check_code(e, holder, code, who);

    if (status == YAO_E_REFUSED)
        YAO_TRY(wrong_note(&w));
    return status;
}

yao_status enrol_log_in(const enrol *e, yao_text number, yao_text code,
                        enrol_person *ret, int64_t *wait)
{
    enrol_person who = {.proof = ENROL_BY_CODE, .since = e->now};

    *wait = 0;
    YAO_TRY(people_number(number, e->arena, &number));
    YAO_TRY(enrol_hash_person(e, number, who.lookup, who.holder));
    YAO_TRY(count_try(e, &who, wait));
    YAO_TRY(check_counted(e, code_or_none(e, code), &who));
    if (number.len > sizeof who.number)
        return YAO_E_REFUSED;
    who.number_len = (uint32_t)number.len;
    memcpy(who.number, number.ptr, number.len);
    yao_status status = note_login(e, &who);
    if (status == YAO_OK)
        *ret = who;
    yao_wipe(&who, sizeof who);
    return status;
}

/* ---- sessions ---- */

yao_status enrol_start_session(const enrol *e, const enrol_person *who,
                               yao_text *token)
{
    store_change change = store_change_open(e->arena);

    YAO_TRY(enrol_open_session(
        e, &change,
        &(store_session){.kind    = ENROL_SESSION_PERSON,
                         .owner   = {who->holder, STORE_HASH_LEN},
                         .expires = e->now + ENROL_PERSON_SECONDS},
        (yao_bytes){(const uint8_t *)who, sizeof *who}, token));
    return store_commit(e->a->store, &change);
}

yao_status enrol_find_person(const enrol *e, yao_text token, enrol_person *ret)
{
    enrol_session s;

    YAO_TRY(enrol_find_owned(e, ENROL_SESSION_PERSON, token, &s));
    enrol_close_session(&s);
    if (s.content.len != sizeof *ret)
        return YAO_E_NOT_FOUND;
    memcpy(ret, s.content.ptr, sizeof *ret);
    yao_wipe(e->arena->base + (s.content.ptr - e->arena->base), s.content.len);
    return YAO_OK;
}

yao_status enrol_end_session(const enrol *e, yao_text token)
{
    store_change  change = store_change_open(e->arena);
    enrol_session s;

    YAO_TRY(enrol_find_owned(e, ENROL_SESSION_PERSON, token, &s));
    enrol_close_session(&s);
    store_end_session(&change, (yao_bytes){s.id, sizeof s.id});
    return store_commit(e->a->store, &change);
}

void enrol_end_sessions(store_change *change, const enrol_person *who)
{
    store_end_sessions_of(change, (yao_bytes){who->holder, STORE_HASH_LEN});
}

yao_status enrol_end_other_sessions(const enrol *e, store_change *change,
                                    const enrol_person *who, yao_text token)
{
    enrol_session s;
    yao_bytes     id;

    YAO_TRY(enrol_find_owned(e, ENROL_SESSION_PERSON, token, &s));
    enrol_close_session(&s);
    YAO_TRY(yao_arena_keep(e->arena, (yao_bytes){s.id, sizeof s.id}, &id));
    store_end_other_sessions_of(
        change, (yao_bytes){who->holder, STORE_HASH_LEN}, id);
    return YAO_OK;
}

static yao_status put_code(const enrol *e, const enrol_person *who,
                           yao_text code, int64_t level)
{
    store_change change = store_change_open(e->arena);
    yao_bytes    holder = {who->holder, STORE_HASH_LEN};

    enrol_end_sessions(&change, who);
    YAO_TRY(enrol_put_access_code(e, &change, holder, code, level));
    YAO_TRY(authority_put_event(&change, e->arena, "person.code", holder,
                                YAO_TEXT("{}")));
    return store_commit(e->a->store, &change);
}

yao_status enrol_change_code(const enrol *e, const enrol_person *who,
                             const enrol_new_code *codes, int64_t *wait)
{
    const yao_text number = {who->number, who->number_len};
    enrol_person   known;

    *wait = 0;
    YAO_TRY(enrol_check_code(codes->code, ENROL_ACCESS_DIGITS, number));
    /* who knows the old one hands its level on */
    YAO_TRY(enrol_log_in(e, number, codes->old, &known, wait));
    int64_t level = known.code_level;
    yao_wipe(&known, sizeof known);
    return put_code(e, who, codes->code, level);
}
