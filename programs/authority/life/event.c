/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/event.h"

#include "authority/enrol/level.h"
#include "store/enrolment.h"

#include <string.h>

#define ANY_LEVEL 4

#define LICENCE YAO_TEXT("driving_licence")
#define VEHICLE YAO_TEXT("vehicle_registration")
#define RESIDENCE YAO_TEXT("residence_permit")
#define BOOKLET YAO_TEXT("household_booklet")

/* ---- what an event does ---- */

static life_subject subject_of(const enrol *e, const people_person *person,
                               yao_status *status)
{
    life_subject who = {.holder = {NULL, 0}};

    *status = life_find_subject(e, person->number, &who);
    return who;
}

/* A bar of an event, complete. */
static yao_status make_bar(const enrol *e, const life_event *event,
                           yao_text name, const char *reason, store_bar *ret)
{
    uint8_t     *id = yao_arena_take(e->arena, STORE_ID_LEN);
    yao_status   status;
    life_subject who = subject_of(e, event->person, &status);

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(status);
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    *ret = (store_bar){.id      = {id, STORE_ID_LEN},
                       .holder  = who.holder,
                       .lookup  = who.lookup,
                       .kind    = STORE_BAR_EVENT,
                       .name    = name,
                       .reason  = yao_text_of(reason),
                       .author  = YAO_TEXT("register"),
                       .started = e->now};
    return YAO_OK;
}

static bool same_bar(const store_bar *one, const store_bar *bar)
{
    return one->kind == STORE_BAR_EVENT && one->ended == 0 &&
           yao_text_equal(one->reason, bar->reason) &&
           yao_text_equal(one->name, bar->name) &&
           yao_bytes_equal(one->subject, bar->subject);
}

/* The bar that stands for what BAR stands for; NULL: none does. */
static yao_status find_bar(const enrol *e, const store_bar *bar,
                           const store_bar **ret)
{
    store_bar *list;
    size_t     count;

    *ret = NULL;
    YAO_TRY(
        store_list_bars(e->a->store, bar->holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (same_bar(&list[i], bar))
            *ret = &list[i];
    return YAO_OK;
}

/* What is told twice is so once. */
static yao_status put_bar(const enrol *e, store_change *change,
                          const store_bar *bar)
{
    const store_bar *there;

    YAO_TRY(find_bar(e, bar, &there));
    return there != NULL ? YAO_OK
                         : life_add_bar(e, change, bar, "bar.begin");
}

static yao_status end_bar(const enrol *e, store_change *change,
                          const store_bar *bar, const char *word)
{
    const store_bar *there;

    YAO_TRY(find_bar(e, bar, &there));
    return there == NULL ? YAO_OK
                         : life_take_bar(e, change, there, "bar.end", word);
}

static yao_status revoke_all(const enrol *e, store_change *change,
                             const life_event *event, yao_text name,
                             const char *word)
{
    const store_bar of = {.holder = {event->person->holder, STORE_HASH_LEN},
                          .name   = name};
    store_document *list;
    size_t          count;

    YAO_TRY(
        store_list_barred(e->a->store, &of, e->now, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (i == 0 ||
            !yao_bytes_equal(list[i].issuance, list[i - 1].issuance))
            YAO_TRY(life_revoke(e, change, &list[i], word,
                                strcmp(word, "replaced") == 0 ? "reissue"
                                                              : "revoked"));
    return YAO_OK;
}

/* ---- people ---- */

static yao_status end_guardians(const enrol *e, store_change *change,
                                yao_bytes holder, bool as_guardian,
                                const char *reason)
{
    store_guardian *list;
    size_t          count;

    YAO_TRY(
        store_list_guardians(e->a->store, holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        bool mine = yao_bytes_equal(as_guardian ? list[i].guardian
                                                : list[i].child,
                                    holder);
        if (!mine || list[i].ended != 0)
            continue;
        store_end_guardian(change, list[i].id, yao_text_of(reason), e->now);
        YAO_TRY(life_put_notice(e, change,
                                &(life_notice){.kind   = "guardian.end",
                                               .holder = list[i].guardian,
                                               .about  = list[i].id,
                                               .reason = reason}));
        YAO_TRY(authority_put_event(change, e->arena, "guardian.end",
                                    list[i].child, YAO_TEXT("{}")));
    }
    return YAO_OK;
}

static yao_status end_devices(const enrol *e, store_change *change,
                              yao_bytes holder)
{
    store_enrolment *list;
    size_t           count;

    YAO_TRY(
        store_list_enrolments(e->a->store, holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (list[i].state != STORE_ENROLMENT_ENDED)
            store_end_enrolment(change, list[i].id, holder, ANY_LEVEL, e->now);
    enrol_put_lost(change, holder, ANY_LEVEL);
    return YAO_OK;
}

static yao_status do_death(const enrol *e, store_change *change,
                           const life_event *event)
{
    const yao_bytes  holder = {event->person->holder, STORE_HASH_LEN};
    store_bar        bar;
    const store_bar *there;

    YAO_TRY(make_bar(e, event, YAO_TEXT(""), "deceased", &bar));
    YAO_TRY(find_bar(e, &bar, &there));
    YAO_TRY(revoke_all(e, change, event, YAO_TEXT(""), "deceased"));
    YAO_TRY(end_devices(e, change, holder));
    YAO_TRY(end_guardians(e, change, holder, true, "deceased"));
    YAO_TRY(end_guardians(e, change, holder, false, "deceased"));
    if (there != NULL)
        return YAO_OK;
    store_put_bar(change, &bar); /* nothing is left to be suspended */
    return authority_put_event(change, e->arena, "person.death", holder,
                               YAO_TEXT("{}"));
}

static yao_status do_move_out(const enrol *e, store_change *change,
                              const life_event *event)
{
    YAO_TRY(revoke_all(e, change, event, RESIDENCE, "withdrawn"));
    return revoke_all(e, change, event, BOOKLET, "withdrawn");
}

/* What does not bear a name (a vehicle's registration names its owner) stays
 * as it is. */
static yao_status do_name_change(const enrol *e, store_change *change,
                                 const life_event *event)
{
    return revoke_all(e, change, event, YAO_TEXT(""), "replaced");
}

static yao_status do_guardian_ended(const enrol *e, store_change *change,
                                    const life_event *event)
{
    return end_guardians(
        e, change, (yao_bytes){event->person->holder, STORE_HASH_LEN}, false,
        "register");
}

/* ---- vehicles ---- */

/* By plate; the ledger knows it by its VIN. */
static yao_status find_vin(const enrol *e, const life_event *event,
                           yao_text *ret)
{
    const yao_json *list = yao_json_get(event->person->record, "vehicles");
    yao_text        plate, kind, other, other_kind;

    YAO_TRY(
        yao_json_string(yao_json_get(event->line, "plate"), e->arena, &plate));
    YAO_TRY(yao_json_string(yao_json_get(event->line, "plate_kind"), e->arena,
                            &kind));
    for (const yao_json *v = list != NULL ? list->first : NULL; v != NULL;
         v                 = v->next) {
        YAO_TRY(yao_json_string(yao_json_get(v, "plate"), e->arena, &other));
        YAO_TRY(yao_json_string(yao_json_get(v, "plate_kind"), e->arena,
                                &other_kind));
        if (yao_text_equal(plate, other) && yao_text_equal(kind, other_kind))
            return yao_json_string(yao_json_get(v, "vin"), e->arena, ret);
    }
    return YAO_E_NOT_FOUND;
}

static yao_status make_vehicle_bar(const enrol *e, const life_event *event,
                                   store_bar *ret)
{
    uint8_t *hash = yao_arena_take(e->arena, STORE_HASH_LEN);
    yao_text vin;

    if (hash == NULL)
        return YAO_E_SPACE;
    YAO_TRY(find_vin(e, event, &vin));
    YAO_TRY(seal_hash(e->a->crypto, &e->a->keys, SEAL_LEDGER_SUBJECT,
                      yao_text_bytes(vin), hash));
    YAO_TRY(make_bar(e, event, VEHICLE, "stolen", ret));
    ret->subject = (yao_bytes){hash, STORE_HASH_LEN};
    return YAO_OK;
}

static yao_status do_stolen(const enrol *e, store_change *change,
                            const life_event *event)
{
    store_bar bar;

    YAO_TRY(make_vehicle_bar(e, event, &bar));
    return put_bar(e, change, &bar);
}

static yao_status do_found(const enrol *e, store_change *change,
                           const life_event *event)
{
    store_bar bar;

    YAO_TRY(make_vehicle_bar(e, event, &bar));
    return end_bar(e, change, &bar, "found");
}

/* ---- licences ---- */

static yao_status do_licence_suspended(const enrol *e, store_change *change,
                                       const life_event *event)
{
    store_bar bar;

    YAO_TRY(make_bar(e, event, LICENCE, "licence_suspended", &bar));
    return put_bar(e, change, &bar);
}

static yao_status do_licence_restored(const enrol *e, store_change *change,
                                      const life_event *event)
{
    store_bar bar;

    YAO_TRY(make_bar(e, event, LICENCE, "licence_suspended", &bar));
    return end_bar(e, change, &bar, "restored");
}

static yao_status do_points(const enrol *e, store_change *change,
                            const life_event *event)
{
    uint8_t *id = yao_arena_take(e->arena, STORE_ID_LEN);
    int64_t  points;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_json_int(yao_json_get(event->line, "points"), &points));
    if (points < 0 || points > 100)
        return YAO_E_MALFORMED;
    if (points >= LIFE_POINTS)
        return do_licence_suspended(e, change, event);
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    return life_put_notice(
        e, change,
        &(life_notice){.kind     = "licence.points",
                       .holder   = {event->person->holder, STORE_HASH_LEN},
                       .about    = {id, STORE_ID_LEN},
                       .document = LICENCE});
}

/* ---- the table ---- */

typedef yao_status (*act)(const enrol *e, store_change *change,
                          const life_event *event);

static const struct {
    const char *kind;
    act         run;
} acts[] = {
    {"death", do_death},
    {"move_out", do_move_out},
    {"vehicle_stolen", do_stolen},
    {"vehicle_found", do_found},
    {"licence_suspended", do_licence_suspended},
    {"licence_points", do_points},
    {"licence_restored", do_licence_restored},
    {"name_change", do_name_change},
    {"guardian_ended", do_guardian_ended},
};

/* The person may have been erased since: then nothing is to be done. */
yao_status life_put_event(const enrol *e, store_change *change,
                          const life_event *event)
{
    bool      first = true;
    yao_bytes detail;

    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++) {
        if (!yao_text_equal(event->kind, yao_text_of(acts[i].kind)))
            continue;
        YAO_TRY(acts[i].run(e, change, event));
        yao_writer w = yao_writer_in(e->arena);
        yao_put_byte(&w, '{');
        yao_json_put_member(&w, &first, "event", yao_text_of(acts[i].kind));
        yao_put_byte(&w, '}');
        YAO_TRY(yao_writer_keep(&w, e->arena, &detail));
        return authority_put_event(
            change, e->arena, "person.event",
            (yao_bytes){event->person->holder, STORE_HASH_LEN},
            (yao_text){detail.ptr, detail.len});
    }
    return YAO_E_VALUE;
}
