/* SPDX-License-Identifier: Apache-2.0 */
/* The second half of a session: what is chosen, and the offer. */
#include "authority/enrol/guardian.h"
#include "authority/enrol/limit.h"
#include "authority/enrol/secret.h"
#include "authority/enrol/steps.h"
#include "authority/enrol/terms.h"
#include "authority/netcert/netcert.h"

#include "issuance/issuance.h"
#include "store/erase.h"
#include "store/person_passkey.h"

#include <string.h>

/* A device of a higher level that came in between: look again; so often. */
#define AGAIN 3

/* ---- whose documents ---- */

static bool is_for_child(const enrol_visit *v)
{
    return v->state.child_len != 0;
}

yao_text enrol_visit_subject(const enrol_visit *v)
{
    return is_for_child(v) ? (yao_text){v->state.child, v->state.child_len}
                           : enrol_visit_number(v);
}

/* Reading a record is an event. */
static yao_status note_reading(const enrol *e, const people_person *person)
{
    store_change change = store_change_open(e->arena);

    YAO_TRY(people_note_read(e->a, &change, person->number, "enrolment"));
    return store_commit(e->a->store, &change);
}

static yao_status read_record(const enrol *e, yao_text number,
                              const yao_json **ret)
{
    people_person person;

    YAO_TRY(people_find(e->a, number, e->arena, &person));
    yao_status status = note_reading(e, &person);
    people_close(&person);
    if (status == YAO_OK)
        *ret = person.record;
    return status;
}

/* By the household's record, as it is now; else by what officers noted. ENDS is
 * 0 then: it is noted already. What was noted by an older record says nothing:
 * a household may have parted since. */
static yao_status check_guardian(const enrol_visit *v, const yao_json *guardian,
                                 const yao_json *child, yao_text number,
                                 yao_time *ends)
{
    uint8_t unused[STORE_HASH_LEN], one[STORE_HASH_LEN], other[STORE_HASH_LEN];
    bool    noted = false;

    if (enrol_check_guardian(guardian, child, v->e->now, ends) == YAO_OK)
        return YAO_OK;
    *ends = 0;
    YAO_TRY(enrol_hash_person(v->e, enrol_visit_number(v), unused, one));
    YAO_TRY(enrol_hash_person(v->e, number, unused, other));
    YAO_TRY(enrol_is_noted(v->e, (yao_bytes){other, sizeof other},
                           (yao_bytes){one, sizeof one}, &noted));
    return noted ? YAO_OK : YAO_E_NOT_AUTHORISED;
}

static yao_status check_child(const enrol_visit *v, yao_text number)
{
    const enrol    *e = v->e;
    const yao_json *guardian, *child;
    yao_time        ends;

    if (number.len == 0 || number.len > ENROL_MAX_NUMBER)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(read_record(e, enrol_visit_number(v), &guardian));
    /* a child that nobody knows is like another's child */
    yao_status status = read_record(e, number, &child);
    if (status == YAO_E_NOT_FOUND)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(status);
    return check_guardian(v, guardian, child, number, &ends);
}

/* Nobody tries one number after the other to see whose record is read. */
static yao_status refuse_child(enrol_visit *v)
{
    store_change change = store_change_open(v->e->arena);

    v->state.tries++;
    yao_status status = v->state.tries >= ENROL_CHILD_TRIES
                            ? enrol_leave(v)
                            : enrol_go_on(v, &change);
    return status == YAO_OK ? YAO_E_NOT_AUTHORISED : status;
}

yao_status enrol_check_subject(const enrol_visit *v)
{
    return is_for_child(v) ? check_child(v, enrol_visit_subject(v)) : YAO_OK;
}

yao_status enrol_take_child(enrol_visit *v, yao_text number)
{
    store_change change = store_change_open(v->e->arena);

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_CHOICE));
    YAO_TRY(people_number(number, v->e->arena, &number));
    yao_status status = check_child(v, number);
    if (status == YAO_E_NOT_AUTHORISED)
        return refuse_child(v);
    YAO_TRY(status);
    v->state.child_len = (uint32_t)number.len;
    memcpy(v->state.child, number.ptr, number.len);
    return enrol_go_on(v, &change);
}

/* ---- a telephone that is gone ---- */

/* As with the code, and up to the level that a new device would have here,
 * which may end the others as well. */
yao_status enrol_lose(enrol_visit *v, size_t *ret)
{
    const enrol *e      = v->e;
    store_change change = store_change_open(e->arena);
    uint8_t      lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_CHOICE));
    if (v->state.kind != ENROL_SESSION_KIOSK || is_for_child(v))
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(enrol_hash_person(e, enrol_visit_number(v), lookup, holder));
    YAO_TRY(enrol_end_devices(
        e, (yao_bytes){holder, sizeof holder},
        enrol_level(v->state.factors | ENROL_DEVICE | ENROL_CODE), ret));
    return enrol_go_on(v, &change);
}

/* ---- what there is ---- */

/* Entitled to any of them, where there are several (vehicles)? */
static yao_status look_at(const enrol *e, const yao_json *person,
                          const yao_definition *d, enrol_option *ret)
{
    yao_issuance_input input = {.catalogue  = e->catalogue,
                                .definition = d,
                                .person     = person,
                                .now        = e->now,
                                .level      = 1};
    const yao_json *vehicles = yao_json_get(person, "vehicles");
    size_t          count    = 1;

    if (d->entitlement == YAO_ENTITLED_OWNER && vehicles != NULL)
        count = vehicles->count > 0 ? vehicles->count : 1;
    *ret = (enrol_option){.definition = d};
    for (; input.vehicle < count && !ret->entitled; input.vehicle++) {
        yao_finding found = {YAO_FINE, YAO_REASON_NONE};
        size_t      mark  = e->arena->used;
        yao_status  status =
            yao_issuance_check_entitled(e->arena, &input, &found);
        e->arena->used = mark;
        if (status != YAO_OK && status != YAO_E_NOT_ENTITLED)
            return status;
        ret->entitled = status == YAO_OK;
        ret->reason   = found.reason;
    }
    return YAO_OK;
}

/* What is not registered yet can be opened here, by who stands here. */
static yao_status look_at_netcert(const enrol_visit *v, const yao_json *person,
                                  const yao_definition *d, enrol_option *ret)
{
    uint8_t lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];

    *ret = (enrol_option){.definition = d, .reason = YAO_REASON_STATE};
    if (is_for_child(v))
        return YAO_OK;
    YAO_TRY(enrol_hash_person(v->e, enrol_visit_subject(v), lookup, holder));
    const netcert_holder who = {
        .lookup = {lookup, sizeof lookup},
        .holder = {holder, sizeof holder},
        .level =
            enrol_level(v->state.factors | ENROL_DEVICE | ENROL_CODE)};
    yao_status status = netcert_check_card(v->e, person);
    if (status == YAO_OK)
        status = netcert_may_open(v->e, &who);
    if (status == YAO_E_NOT_ENTITLED)
        return YAO_OK;
    YAO_TRY(status);
    ret->entitled = true;
    ret->reason   = YAO_REASON_NONE;
    return YAO_OK;
}

yao_status enrol_list_options(enrol_visit *v, enrol_option *list, size_t *count)
{
    const enrol         *e = v->e;
    const yao_catalogue *c = e->catalogue;
    const yao_json      *person;
    size_t               n = 0;

    YAO_TRY(enrol_must_be_at(v, ENROL_AT_CHOICE));
    if (c->definition_count > ENROL_MAX_OPTIONS)
        return YAO_E_LIMIT;
    YAO_TRY(read_record(e, enrol_visit_subject(v), &person));
    for (size_t i = 0; i < c->definition_count; i++, n++) {
        const yao_definition *d = &c->definitions[i];
        YAO_TRY(netcert_is(d) ? look_at_netcert(v, person, d, &list[n])
                              : look_at(e, person, d, &list[n]));
    }
    *count = n;
    return YAO_OK;
}

static yao_status choose_one(const enrol_option *list, size_t count,
                             yao_text name, uint64_t *chosen)
{
    for (size_t i = 0; i < count; i++) {
        if (!yao_text_equal(list[i].definition->name, name))
            continue;
        if ((*chosen >> i & 1) != 0)
            return YAO_E_VALUE;
        if (!list[i].entitled)
            return YAO_E_NOT_ENTITLED;
        *chosen |= UINT64_C(1) << i;
        return YAO_OK;
    }
    return YAO_E_VALUE;
}

yao_status enrol_choose(enrol_visit *v, const yao_text *names, size_t count,
                        bool replaces)
{
    store_change change = store_change_open(v->e->arena);
    enrol_option list[ENROL_MAX_OPTIONS];
    size_t       options;
    uint64_t     chosen = 0;

    if (count == 0)
        return YAO_E_VALUE;
    YAO_TRY(enrol_list_options(v, list, &options));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(choose_one(list, options, names[i], &chosen));
    v->state.chosen   = chosen;
    v->state.replaces = replaces ? 1 : 0;
    v->state.step     = ENROL_AT_CODE;
    return enrol_go_on(v, &change);
}

/* ---- the offer ---- */

/* What is gathered for the last transaction. */
typedef struct finish {
    enrol_visit       *v;
    const enrol_codes *codes;
    yao_text           access; /* to be kept; empty: leave it as it is */
    bool               given;  /* it is ours */
    int64_t            code_before; /* level of the one before; 0: none */
    uint8_t            lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t            own[STORE_HASH_LEN]; /* who stands there */
    uint8_t            own_lookup[STORE_HASH_LEN];
    uint8_t            person[STORE_ID_LEN], own_person[STORE_ID_LEN];
    store_guardian     guardian;            /* ends 0: none */
    int64_t            factors;
    yao_text           documents[ENROL_MAX_OPTIONS];
    size_t             document_count;
} finish;

static yao_status check_codes(const enrol_visit *v, const enrol_codes *codes)
{
    YAO_TRY(enrol_check_code(codes->transaction, ENROL_TRANSACTION_DIGITS,
                             enrol_visit_number(v)));
    if (codes->access.len == 0)
        return YAO_OK;
    YAO_TRY(enrol_check_code(codes->access, ENROL_ACCESS_DIGITS,
                             enrol_visit_number(v)));
    /* one that begins or ends like the other is one code */
    if (memcmp(codes->access.ptr, codes->transaction.ptr,
               codes->transaction.len) == 0 ||
        memcmp(codes->access.ptr + 2, codes->transaction.ptr,
               codes->transaction.len) == 0)
        return YAO_E_VALUE;
    return YAO_OK;
}

/* A code of a higher level stays; a lower one must not take it away. One of a
 * lower level goes: who chose it had shown less, and may be somebody else. */
static yao_status choose_access(finish *f, enrol_offer *offer)
{
    const enrol      *e     = f->v->e;
    int64_t           level = enrol_level(f->factors);
    store_access_code old   = {.level = 0};
    yao_status        status = store_get_access_code(
        e->a->store, (yao_bytes){f->own, STORE_HASH_LEN}, e->arena, &old);

    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    if (is_for_child(f->v) || old.level > level)
        return YAO_OK;
    f->code_before = old.level;
    if (f->codes->access.len != 0) {
        f->access = f->codes->access;
        return YAO_OK;
    }
    if (old.level == level && !f->codes->give)
        return YAO_OK;
    YAO_TRY(enrol_give_code(offer->access));
    f->given  = true;
    f->access = (yao_text){(const uint8_t *)offer->access, ENROL_GIVEN_LETTERS};
    return YAO_OK;
}

static yao_status prepare_child(finish *f)
{
    const enrol    *e = f->v->e;
    const yao_json *guardian, *child;

    if (!is_for_child(f->v))
        return YAO_OK;
    /* the record may have changed since it was chosen */
    YAO_TRY(read_record(e, enrol_visit_number(f->v), &guardian));
    YAO_TRY(read_record(e, enrol_visit_subject(f->v), &child));
    YAO_TRY(check_guardian(f->v, guardian, child, enrol_visit_subject(f->v),
                           &f->guardian.ends));
    f->guardian.child    = (yao_bytes){f->holder, STORE_HASH_LEN};
    f->guardian.guardian = (yao_bytes){f->own, STORE_HASH_LEN};
    f->guardian.reason   = YAO_TEXT(ENROL_BY_HOUSEHOLD);
    f->factors |= ENROL_GUARDED;
    return YAO_OK;
}

/* Who was erased since the number was typed is nobody. */
static yao_status find_id(const enrol *e, const uint8_t *lookup, uint8_t *ret)
{
    store_person stored;

    YAO_TRY(store_get_person(
        e->a->store, (store_lookup){STORE_BY_NUMBER, {lookup, STORE_HASH_LEN}},
        e->arena, &stored));
    if (stored.id.len != STORE_ID_LEN)
        return YAO_E_STORE;
    memcpy(ret, stored.id.ptr, STORE_ID_LEN);
    return YAO_OK;
}

static yao_status prepare(finish *f)
{
    enrol_visit         *v = f->v;
    const enrol         *e = v->e;
    const yao_catalogue *c = e->catalogue;

    YAO_TRY(enrol_hash_person(e, enrol_visit_subject(v), f->lookup, f->holder));
    YAO_TRY(enrol_hash_person(e, enrol_visit_number(v), f->own_lookup, f->own));
    YAO_TRY(find_id(e, f->lookup, f->person));
    YAO_TRY(find_id(e, f->own_lookup, f->own_person));
    f->factors = v->state.factors | ENROL_DEVICE | ENROL_CODE;
    for (size_t i = 0; i < c->definition_count; i++)
        if ((v->state.chosen >> i & 1) != 0)
            f->documents[f->document_count++] = c->definitions[i].name;
    return prepare_child(f);
}

static yao_status put_offer(finish *f, store_change *change, enrol_offer *ret)
{
    const enrol     *e    = f->v->e;
    const enrol_wish wish = {.person    = {f->lookup, STORE_HASH_LEN},
                             .holder    = {f->holder, STORE_HASH_LEN},
                             .level     = ret->entered.level,
                             .documents = f->documents,
                             .document_count = f->document_count,
                             .code           = f->codes->transaction,
                             .note           = ret->entered.enrolment,
                             .expires        = e->now + ENROL_OFFER_SECONDS};

    if (ret->entered.entry != ENROL_ENTRY_NOW)
        return YAO_OK;
    ret->expires = wish.expires;
    return e->services->offer(e, change, &wish, &ret->text);
}

/* Opened, or downloaded again, with the offer that fetches it. */
static yao_status put_netcert(const finish *f, store_change *change,
                              const enrol_entered *entered)
{
    const netcert_holder holder = {.lookup = {f->lookup, STORE_HASH_LEN},
                                   .holder = {f->holder, STORE_HASH_LEN},
                                   .level  = entered->level};

    if (entered->entry != ENROL_ENTRY_NOW)
        return YAO_OK;
    for (size_t i = 0; i < f->document_count; i++)
        if (yao_text_equal(f->documents[i], YAO_TEXT(NETCERT_DOCUMENT)))
            return netcert_put(f->v->e, change, &holder);
    return YAO_OK;
}

/* While a notice runs the person logs in with the code that they have, to say
 * no; and nobody else does. What was begun with another code is over. */
static yao_status put_access(const finish *f, store_change *change,
                             enrol_offer *ret)
{
    const yao_bytes own = {f->own, STORE_HASH_LEN};

    ret->given = f->given && ret->entered.entry == ENROL_ENTRY_NOW;
    if (f->access.len == 0 || ret->entered.entry != ENROL_ENTRY_NOW)
        return YAO_OK;
    store_end_sessions_of(change, own);
    if (f->code_before < ret->entered.level) /* and what it bound */
        store_drop_person_passkeys_up_to(change, own, f->code_before);
    return enrol_put_access_code(f->v->e, change, own, f->access,
                                 ret->entered.level);
}

yao_status enrol_describe(const enrol_visit *v, int64_t level, yao_text *ret)
{
    const enrol_state *s = &v->state;
    yao_writer         w = yao_writer_in(v->e->arena);
    yao_bytes          detail;

    yao_put_text(&w, "{\"terms\":\"" ENROL_TERMS_VERSION "\",\"sha256\":\"");
    yao_put_hex(&w, (yao_bytes){s->terms, sizeof s->terms});
    yao_put_text(&w, "\",\"level\":");
    yao_put_decimal(&w, level);
    yao_put_text(&w, s->kind == ENROL_SESSION_KIOSK ? ",\"way\":\"kiosk\"}"
                                                    : ",\"way\":\"self\"}");
    YAO_TRY(yao_writer_keep(&w, v->e->arena, &detail));
    *ret = (yao_text){detail.ptr, detail.len};
    return YAO_OK;
}

/* Which text was accepted, how sure we are, which way it was. */
static yao_status put_record(finish *f, store_change *change,
                             const enrol_offer *offer)
{
    yao_text detail;

    YAO_TRY(enrol_describe(f->v, offer->entered.level, &detail));
    return authority_put_event(change, f->v->e->arena, "enrolment",
                               (yao_bytes){f->holder, STORE_HASH_LEN}, detail);
}

static yao_status commit_all(finish *f, enrol_offer *ret)
{
    enrol_visit    *v      = f->v;
    const enrol    *e      = v->e;
    store_change    change = store_change_open(e->arena);
    const enrol_new what   = {.holder   = {f->holder, STORE_HASH_LEN},
                              .factors  = f->factors,
                              .replaces = v->state.replaces != 0};

    store_end_session(&change,
                      (yao_bytes){v->session.id, sizeof v->session.id});
    /* nothing of the two stays behind when they are erased at this moment */
    store_keep_person(&change, (yao_bytes){f->person, STORE_ID_LEN});
    store_keep_person(&change, (yao_bytes){f->own_person, STORE_ID_LEN});
    YAO_TRY(enrol_enter(e, &change, &what, &ret->entered));
    YAO_TRY(put_netcert(f, &change, &ret->entered));
    YAO_TRY(put_offer(f, &change, ret));
    YAO_TRY(put_access(f, &change, ret));
    if (f->guardian.ends != 0)
        YAO_TRY(enrol_put_guardian(e, &change, &f->guardian));
    enrol_tried(&change, enrol_limit_of_number(v->state.kind),
                (yao_bytes){f->own_lookup, STORE_HASH_LEN});
    YAO_TRY(put_record(f, &change, ret));
    return store_commit(e->a->store, &change);
}

yao_status enrol_finish(enrol_visit *v, const enrol_codes *codes,
                        enrol_offer *ret)
{
    finish      f      = {.v = v, .codes = codes};
    enrol_offer offer  = {.given = false};
    yao_status  status = enrol_must_be_at(v, ENROL_AT_CODE);

    if (status == YAO_OK)
        status = check_codes(v, codes);
    if (status == YAO_OK)
        status = prepare(&f);
    if (status == YAO_OK)
        status = choose_access(&f, &offer);
    if (status != YAO_OK)
        return status;
    status = YAO_E_NOT_AUTHORISED;
    for (int i = 0; i < AGAIN && status == YAO_E_NOT_AUTHORISED; i++)
        status = commit_all(&f, &offer);
    if (status == YAO_OK) {
        *ret = offer;
        if (!ret->given)
            yao_wipe(ret->access, sizeof ret->access);
    }
    yao_wipe(offer.access, sizeof offer.access);
    return status;
}
