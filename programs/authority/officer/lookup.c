/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invariants
 *   1. Nothing is looked up before the claim of the request's jti is committed,
 *      and nothing answered before the event in the person's log is.
 *   2. One document by its own number, exactly; of the record no value leaves
 *      but what became of that document.
 *   3. A number that nobody has is noted and counted as one that somebody has.
 */
#include "authority/officer/officer.h"

#include "app/reason.h"
#include "authority/enrol/limit.h"
#include "authority/people.h"
#include "store/bar.h"

/* iss aud iat jti profile reason about */
enum { MEMBERS = 7, MOST_NUMBER = 64 };

/* What is gathered in one call. */
typedef struct looking {
    const enrol       *e;
    officer_request    q;
    yao_text           profile, reason, document, number, kind;
    people_person      person;
    bool               found;
    officer_looked     answer;
} looking;

/* ---- what was asked ---- */

static yao_status read_member(const looking *l, const yao_json *object,
                              const char *name, yao_text *ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value == NULL || value->kind != YAO_JSON_STRING)
        return YAO_E_UNTRUSTED;
    if (yao_json_string(value, l->e->arena, ret) != YAO_OK || ret->len == 0 ||
        ret->len > MOST_NUMBER)
        return YAO_E_UNTRUSTED;
    return YAO_OK;
}

/* A plate alone is no vehicle: a car and a motorcycle may bear the same. */
static yao_status read_about(looking *l)
{
    const yao_json *about = yao_json_get(l->q.payload, "about");
    bool            plate;

    if (about == NULL || about->kind != YAO_JSON_OBJECT)
        return YAO_E_UNTRUSTED;
    YAO_TRY(read_member(l, about, "document", &l->document));
    plate = yao_text_equal(l->document, YAO_TEXT("vehicle_registration"));
    if (about->count != (plate ? 3u : 2u))
        return YAO_E_UNTRUSTED;
    if (plate) {
        YAO_TRY(read_member(l, about, "plate_kind", &l->kind));
        return read_member(l, about, "plate", &l->number);
    }
    return read_member(l, about, "number", &l->number);
}

static yao_status read_asked(looking *l)
{
    YAO_TRY(read_member(l, l->q.payload, "profile", &l->profile));
    YAO_TRY(read_member(l, l->q.payload, "reason", &l->reason));
    if (!app_reason_is(l->reason))
        return YAO_E_UNTRUSTED;
    return read_about(l);
}

/* The certificate names the profile, the party registered it, and it asks for
 * such a document and for the state of the record. */
static yao_status check_purpose(const looking *l)
{
    const yao_profile *p = yao_profile_by_name(l->e->catalogue, l->profile);

    if (p == NULL || !p->live_state ||
        !officer_has_profile(l->e, &l->q.asker, l->profile) ||
        !yao_reader_allows(&l->q.certificate, l->profile))
        return YAO_E_NOT_AUTHORISED;
    for (size_t i = 0; i < p->ask_count; i++)
        if (yao_text_equal(p->asks[i].definition->name, l->document))
            return YAO_OK;
    return YAO_E_NOT_AUTHORISED;
}

static yao_status count_officer(const looking *l, int64_t *wait)
{
    uint8_t subject[STORE_HASH_LEN];

    YAO_TRY(officer_hash(l->e, OFFICER_HASH_LOOKUP, l->q.party, l->q.number,
                         subject));
    return enrol_try(l->e, ENROL_LIMIT_LOOKUP,
                     (yao_bytes){subject, sizeof subject}, wait);
}

/* ---- the record ---- */

static const struct place {
    const char *document, *object, *number;
} places[] = {
    {"resident_id", "identity_card", "document_number"},
    {"driving_licence", "licence", "document_number"},
    {"residence_permit", "residence", "permit_number"},
};

static bool has_text(const looking *l, const yao_json *object,
                     const char *name, yao_text want)
{
    yao_text text;

    return yao_json_string(yao_json_get(object, name), l->e->arena, &text) ==
               YAO_OK &&
           yao_text_equal(text, want);
}

/* The vehicle of the record with this plate. */
static const yao_json *find_vehicle(const looking *l)
{
    const yao_json *list = yao_json_get(l->person.record, "vehicles");

    for (const yao_json *v = list != NULL ? list->first : NULL; v != NULL;
         v                 = v->next)
        if (has_text(l, v, "plate", l->number) &&
            has_text(l, v, "plate_kind", l->kind))
            return v;
    return NULL;
}

/* Is it this document's number, and not another one's of the same person? */
static bool is_of_document(const looking *l)
{
    if (l->kind.len > 0)
        return find_vehicle(l) != NULL;
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (yao_text_equal(l->document, yao_text_of(places[i].document)))
            return has_text(l, yao_json_get(l->person.record,
                                            places[i].object),
                            places[i].number, l->number);
    return false;
}

static yao_status find_person(looking *l)
{
    const people_key key = {
        .kind = l->kind.len > 0 ? STORE_BY_PLATE : STORE_BY_DOCUMENT_NUMBER,
        .one  = l->kind.len > 0 ? l->kind : l->number,
        .two  = l->kind.len > 0 ? l->number : YAO_TEXT("")};
    yao_status status =
        people_find_with(l->e->a, &key, l->e->arena, &l->person);

    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    l->found = true;
    return YAO_OK;
}

/* ---- what became of it ---- */

/* Keyed hash of which of several documents; empty VIN: there is one. */
static yao_status hash_subject(const looking *l, uint8_t out[STORE_HASH_LEN])
{
    yao_text vin = YAO_TEXT("");

    if (l->kind.len > 0)
        YAO_TRY(yao_json_string(yao_json_get(find_vehicle(l), "vin"),
                                l->e->arena, &vin));
    return seal_hash(l->e->a->crypto, &l->e->a->keys, SEAL_LEDGER_SUBJECT,
                     yao_text_bytes(vin), out);
}

static bool stands_before(const looking *l, const store_bar *bar,
                          yao_bytes subject)
{
    return bar->ended == 0 &&
           (bar->name.len == 0 || yao_text_equal(bar->name, l->document)) &&
           (bar->subject.len == 0 || yao_bytes_equal(bar->subject, subject));
}

/* A bar of the register's says what happened; of one that the person or the
 * law put nothing is told but that the document is suspended. */
static yao_status take_bars(looking *l, yao_bytes subject, bool *barred)
{
    store_bar *list;
    size_t     count;

    YAO_TRY(store_list_bars(l->e->a->store,
                            (yao_bytes){l->person.holder, STORE_HASH_LEN},
                            l->e->arena, &list, &count));
    *barred = false;
    for (size_t i = 0; i < count; i++) {
        if (!stands_before(l, &list[i], subject))
            continue;
        *barred = true;
        if (list[i].kind == STORE_BAR_EVENT &&
            l->answer.flag_count < OFFICER_MAX_FLAGS)
            l->answer.flags[l->answer.flag_count++] = list[i].reason;
    }
    return YAO_OK;
}

typedef struct tally {
    bool any, valid, suspended;
} tally;

/* What is not revoked and not over of this document is what bars are about. */
static yao_status count_issued(const looking *l, yao_bytes subject, tally *ret)
{
    const store_bar all   = {.holder  = {l->person.holder, STORE_HASH_LEN},
                             .name    = l->document,
                             .subject = l->kind.len > 0 ? subject
                                                        : (yao_bytes){NULL,
                                                                      0}};
    store_document *list;
    size_t          count;

    *ret = (tally){.any = false};
    YAO_TRY(store_list_barred(l->e->a->store, &all, l->e->now, l->e->arena,
                              &list, &count));
    for (size_t i = 0; i < count; i++) {
        ret->any       = true;
        ret->valid     = ret->valid || list[i].state == STORE_VALID;
        ret->suspended = ret->suspended || list[i].state == STORE_SUSPENDED;
    }
    return YAO_OK;
}

static yao_status judge(looking *l)
{
    uint8_t   hash[STORE_HASH_LEN];
    yao_bytes subject = {hash, sizeof hash};
    bool      barred;
    tally     issued;

    l->answer.state = "none";
    if (!l->found || !is_of_document(l))
        return YAO_OK;
    YAO_TRY(hash_subject(l, hash));
    YAO_TRY(take_bars(l, subject, &barred));
    YAO_TRY(count_issued(l, subject, &issued));
    if (barred)
        l->answer.state = "suspended";
    else if (!issued.any)
        l->answer.state = "not_issued";
    else
        l->answer.state = issued.valid ? "valid" : "suspended";
    return YAO_OK;
}

/* ---- noting it ---- */

/* Who asked, by what right, about which document; the answer would be a
 * value. */
static yao_status describe(const looking *l, yao_text *ret)
{
    yao_writer w     = yao_writer_in(l->e->arena);
    bool       first = true;
    yao_bytes  text;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "by", l->q.asker.name);
    yao_json_put_member(&w, &first, "party", l->q.party);
    yao_json_put_member(&w, &first, "officer", l->q.number);
    yao_json_put_member(&w, &first, "purpose", l->profile);
    yao_json_put_member(&w, &first, "reason", l->reason);
    yao_json_put_member(&w, &first, "item", l->document);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, l->e->arena, &text));
    *ret = (yao_text){text.ptr, text.len};
    return YAO_OK;
}

static yao_status commit(const looking *l)
{
    store_change    change = store_change_open(l->e->arena);
    const yao_bytes holder = {l->person.holder, STORE_HASH_LEN};
    yao_text        detail;

    YAO_TRY(describe(l, &detail));
    YAO_TRY(authority_put_event(&change, l->e->arena, "police.lookup",
                                l->found ? holder : (yao_bytes){NULL, 0},
                                detail));
    return store_commit(l->e->a->store, &change);
}

static yao_status run(looking *l, yao_text url, yao_bytes body, int64_t *wait)
{
    const officer_expected want = {url, OFFICER_TYPE_LOOKUP, MEMBERS};

    YAO_TRY(officer_check_officer(l->e, &want, body, &l->q));
    YAO_TRY(read_asked(l));
    YAO_TRY(check_purpose(l));
    YAO_TRY(officer_claim(l->e, &l->q));
    YAO_TRY(count_officer(l, wait));
    YAO_TRY(find_person(l));
    yao_status status = judge(l);
    if (status == YAO_OK)
        status = commit(l);
    if (l->found)
        people_close(&l->person);
    return status;
}

yao_status officer_look_up(const enrol *e, yao_text url, yao_bytes body,
                           officer_looked *ret, int64_t *wait)
{
    looking *l = yao_arena_take(e->arena, sizeof *l);

    *wait = 0;
    if (l == NULL)
        return YAO_E_SPACE;
    *l = (looking){.e = e};
    YAO_TRY(run(l, url, body, wait));
    *ret = l->answer;
    return YAO_OK;
}
