/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises. A row is run against each engine of the table in
 * tests/support/stores.h; a new engine is a row there and nothing else.
 */

#include "store/store.h"

#include "check.h"
#include "program.h"
#include "stores.h"

#include <pthread.h>
#include <stdio.h>

static void reopen(void)
{
    store_close(s);
    s = NULL;
    assert_status(store_open(&(store_options){.url = url, .now = NOW}, &s),
                  YAO_OK);
}

static store_event event(const numbered *n)
{
    return (store_event){.id      = ID(*n),
                         .at      = NOW,
                         .kind    = YAO_TEXT("test"),
                         .subject = HASH(*n),
                         .detail  = YAO_TEXT("{}")};
}

static yao_status put_event(unsigned n)
{
    numbered     value  = number(n);
    store_event  e      = event(&value);
    store_change change = store_change_open(test_arena());

    store_put_event(&change, &e);
    return store_commit(s, &change);
}

static size_t count_events(void)
{
    store_event *events;
    size_t       count;

    assert_status(store_list_events(s, 10000, test_arena(), &events, &count),
                  YAO_OK);
    return count;
}

/* A person with number N, in household H; LOST says which look-up lost. */
static yao_status put_person_in(unsigned n, unsigned h, unsigned plate,
                                int *lost)
{
    numbered     id = number(n), home = number(h), car = number(plate);
    store_lookup lookups[] = {{STORE_BY_NUMBER, HASH(id)},
                              {STORE_BY_PLATE, HASH(car)},
                              {STORE_BY_HOUSEHOLD, HASH(home)}};
    store_part   parts[]   = {{STORE_RECORD, YAO_INIT("sealed")},
                              {STORE_PORTRAIT, YAO_INIT("face")}};
    store_person person    = {.id           = ID(id),
                              .epoch        = 1,
                              .wrapped_key  = YAO_LIT("key"),
                              .registered   = NOW + n,
                              .parts        = parts,
                              .part_count   = COUNT(parts),
                              .lookups      = lookups,
                              .lookup_count = COUNT(lookups)};
    store_change change    = store_change_open(test_arena());

    store_put_person(&change, &person);
    yao_status status = store_commit(s, &change);
    if (lost != NULL)
        *lost = change.lost_about;
    return status;
}

static yao_status put_person(unsigned n)
{
    return put_person_in(n, 1000, 2000 + n, NULL);
}

static void refuses_missing(void **state)
{
    (void)state;
    skip_guests();
    engines[engine].url(url, sizeof url);
    assert_status(store_open(&(store_options){.url = url, .now = NOW}, &s),
                  YAO_E_NOT_FOUND);
    assert_null(s);
}

static void refuses_existing(void **state)
{
    store *other = NULL;

    (void)state;
    skip_guests();
    open_new();
    assert_status(
        store_open(&(store_options){.url = url, .create = true, .now = NOW},
                   &other),
        YAO_E_EXISTS);
    assert_null(other);
    done();
}

static void refuses_unknown_engine(void **state)
{
    store *other = NULL;

    (void)state;
    assert_status(
        store_open(
            &(store_options){.url = "paper:x", .create = true, .now = NOW},
            &other),
        YAO_E_USAGE);
    assert_status(
        store_open(
            &(store_options){.url = "sqlite:", .create = true, .now = NOW},
            &other),
        YAO_E_USAGE);
    assert_null(other);
}

static void accepts_reopening(void **state)
{
    (void)state;
    open_new();
    assert_status(put_event(1), YAO_OK);
    reopen();
    assert_int_equal(count_events(), 1);
    done();
}

/* ---- people ---- */

static void gives_person(void **state)
{
    numbered     n = number(7);
    store_person p;
    yao_bytes    part;

    (void)state;
    open_new();
    assert_status(put_person(7), YAO_OK);
    reopen();
    assert_status(store_get_person(s, (store_lookup){STORE_BY_NUMBER, HASH(n)},
                                   test_arena(), &p),
                  YAO_OK);
    assert_bytes(p.id, ID(n));
    assert_bytes(p.wrapped_key, YAO_LIT("key"));
    assert_int_equal(p.epoch, 1);
    assert_int_equal(p.registered, NOW + 7);
    assert_status(store_get_part(s, p.id, STORE_PORTRAIT, test_arena(), &part),
                  YAO_OK);
    assert_bytes(part, YAO_LIT("face"));
    assert_status(
        store_get_part(s, p.id, STORE_PORTRAIT_SMALL, test_arena(), &part),
        YAO_E_NOT_FOUND);
    done();
}

static void refuses_second_number(void **state)
{
    int      lost  = 0;
    uint64_t count = 0;

    (void)state;
    open_new();
    assert_status(put_person(7), YAO_OK);
    assert_status(put_person_in(7, 1, 9, &lost), YAO_E_EXISTS);
    assert_status(store_count_persons(s, &count), YAO_OK);
    assert_int_equal(count, 1);
    done();
}

static void refuses_second_owner(void **state)
{
    int      lost = 0;
    numbered n    = number(8);

    (void)state;
    open_new();
    assert_status(put_person_in(7, 1, 55, NULL), YAO_OK);
    assert_status(put_person_in(8, 1, 55, &lost), YAO_E_EXISTS);
    assert_int_equal(lost, STORE_BY_PLATE);

    /* and the number it had won before is free again */
    store_person p;
    assert_status(store_get_person(s, (store_lookup){STORE_BY_NUMBER, HASH(n)},
                                   test_arena(), &p),
                  YAO_E_NOT_FOUND);
    assert_status(put_person_in(8, 1, 56, NULL), YAO_OK);
    done();
}

static void gives_household(void **state)
{
    numbered      home = number(1000), other = number(1001);
    store_person *found;
    size_t        count;

    (void)state;
    open_new();
    for (unsigned i = 0; i < 4; i++)
        assert_status(put_person(10 - i), YAO_OK);
    assert_status(
        store_list_persons(s, (store_lookup){STORE_BY_HOUSEHOLD, HASH(home)},
                           test_arena(), &found, &count),
        YAO_OK);
    assert_int_equal(count, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(found[i].registered, NOW + 7 + i);
    assert_status(
        store_list_persons(s, (store_lookup){STORE_BY_HOUSEHOLD, HASH(other)},
                           test_arena(), &found, &count),
        YAO_OK);
    assert_int_equal(count, 0);
    /* several are not one */
    assert_status(
        store_get_person(s, (store_lookup){STORE_BY_HOUSEHOLD, HASH(home)},
                         test_arena(), &found[0]),
        YAO_E_NOT_FOUND);
    done();
}

static yao_status count_one(void *ctx, const store_person *person)
{
    size_t *count = ctx;

    assert_int_equal(person->id.len, STORE_ID_LEN);
    return ++*count == 3 ? YAO_E_REFUSED : YAO_OK;
}

static void gives_walk(void **state)
{
    size_t count = 0;

    (void)state;
    open_new();
    assert_status(put_person(1), YAO_OK);
    assert_status(put_person(2), YAO_OK);
    assert_status(store_walk_persons(s, test_arena(), count_one, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(put_person(3), YAO_OK);
    count = 0;
    assert_status(store_walk_persons(s, test_arena(), count_one, &count),
                  YAO_E_REFUSED);
    done();
}

/* ---- the ledger ---- */

static yao_status put_document(unsigned n, unsigned holder, unsigned copies)
{
    numbered       id = number(n), h = number(holder), signer = number(3);
    numbered       hashes[8];
    store_copy     list[8];
    store_document d      = {.id          = ID(id),
                             .holder      = HASH(h),
                             .name        = YAO_TEXT("resident_id"),
                             .format      = YAO_TEXT("sd-jwt-vc"),
                             .issued      = NOW + n,
                             .valid_until = NOW + 100,
                             .level       = 3,
                             .signer      = HASH(signer),
                             .copies      = list,
                             .copy_count  = copies};
    store_change   change = store_change_open(test_arena());

    for (unsigned i = 0; i < copies; i++) {
        hashes[i] = number(10000 + n * 10 + i);
        list[i]   = (store_copy){HASH(hashes[i]), HASH(hashes[i]), 0};
    }
    store_put_document(&change, &d);
    return store_commit(s, &change);
}

static void gives_documents(void **state)
{
    numbered        h = number(77);
    store_document *list;
    size_t          count;

    (void)state;
    open_new();
    assert_status(put_document(2, 77, 8), YAO_OK);
    assert_status(put_document(1, 77, 1), YAO_OK);
    assert_status(put_document(3, 78, 2), YAO_OK);
    assert_status(store_list_documents(s, HASH(h), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].copy_count, 1);
    assert_int_equal(list[1].copy_count, 8);
    assert_int_equal(list[1].level, 3);
    assert_int_equal(list[1].issued, NOW + 2);
    assert_int_equal(list[1].valid_until, NOW + 100);
    assert_true(yao_text_equal(list[0].name, YAO_TEXT("resident_id")));
    assert_true(yao_text_equal(list[0].format, YAO_TEXT("sd-jwt-vc")));
    assert_bytes(list[0].holder, HASH(h));
    done();
}

static void refuses_second_document(void **state)
{
    (void)state;
    open_new();
    assert_status(put_document(1, 77, 1), YAO_OK);
    assert_status(put_document(1, 78, 2), YAO_E_EXISTS);
    done();
}

static const store_party hotel = {
    .code           = YAO_INIT("91330114MAC000017N"),
    .name           = YAO_INIT("\xe7\xa4\xba\xe4\xbe\x8b hotel"),
    .profiles       = YAO_INIT("hotel,age"),
    .legal_basis    = YAO_INIT("consent"),
    .retention_days = 30,
    .state          = STORE_PARTY_ACTIVE,
    .certificate    = YAO_INIT("\x30\x00"),
    .registered     = NOW,
    .changed        = NOW,
};

static yao_status put_hotel(void)
{
    store_change change = store_change_open(test_arena());

    store_put_party(&change, &hotel);
    return store_commit(s, &change);
}

static yao_status set_state(const char *code, store_party_state state)
{
    store_change change = store_change_open(test_arena());

    store_set_party_state(&change, yao_text_of(code), state, NOW + 5);
    return store_commit(s, &change);
}

static void gives_party(void **state)
{
    store_party p, *list;
    size_t      count;

    (void)state;
    open_new();
    assert_status(store_get_party(s, hotel.code, test_arena(), &p),
                  YAO_E_NOT_FOUND);
    assert_status(put_hotel(), YAO_OK);
    assert_status(put_hotel(), YAO_E_EXISTS);
    assert_status(store_get_party(s, hotel.code, test_arena(), &p), YAO_OK);
    assert_true(yao_text_equal(p.name, hotel.name));
    assert_true(yao_text_equal(p.profiles, hotel.profiles));
    assert_true(yao_text_equal(p.legal_basis, hotel.legal_basis));
    assert_int_equal(p.retention_days, 30);
    assert_bytes(p.certificate, hotel.certificate);
    assert_status(store_list_parties(s, test_arena(), &list, &count), YAO_OK);
    assert_int_equal(count, 1);
    done();
}

static void gives_suspension(void **state)
{
    const char *code = "91330114MAC000017N";
    store_party p;

    (void)state;
    open_new();
    assert_status(set_state(code, STORE_PARTY_SUSPENDED), YAO_E_NOT_FOUND);
    assert_status(put_hotel(), YAO_OK);
    assert_status(set_state(code, STORE_PARTY_SUSPENDED), YAO_OK);
    assert_status(set_state(code, STORE_PARTY_SUSPENDED), YAO_E_NOT_FOUND);
    assert_status(store_get_party(s, hotel.code, test_arena(), &p), YAO_OK);
    assert_int_equal(p.state, STORE_PARTY_SUSPENDED);
    assert_int_equal(p.changed, NOW + 5);
    assert_int_equal(p.registered, NOW);
    assert_status(set_state(code, STORE_PARTY_ACTIVE), YAO_OK);
    done();
}

static yao_status put_once(unsigned n, yao_time expires)
{
    numbered     value  = number(n);
    store_change change = store_change_open(test_arena());
    store_once   once   = {1, HASH(value), expires, YAO_INIT("payload")};

    store_put_once(&change, &once);
    return store_commit(s, &change);
}

static yao_status take_once(unsigned n, yao_time now, yao_bytes *ret)
{
    numbered     value  = number(n);
    store_change change = store_change_open(test_arena());

    store_take_once(&change, 1, HASH(value), now, ret);
    return store_commit(s, &change);
}

static void gives_once(void **state)
{
    yao_bytes payload = {NULL, 0};

    (void)state;
    open_new();
    assert_status(put_once(1, NOW + 60), YAO_OK);
    assert_status(put_once(1, NOW + 90), YAO_E_EXISTS);
    assert_status(take_once(2, NOW, &payload), YAO_E_NOT_FOUND);
    assert_null(payload.ptr);
    assert_status(take_once(1, NOW, &payload), YAO_OK);
    assert_bytes(payload, YAO_LIT("payload"));
    assert_status(take_once(1, NOW, NULL), YAO_E_NOT_FOUND);
    done();
}

static void refuses_expired(void **state)
{
    store_change change;

    (void)state;
    open_new();
    assert_status(put_once(1, NOW + 60), YAO_OK);
    assert_status(take_once(1, NOW + 60, NULL), YAO_E_NOT_FOUND);
    assert_status(put_once(1, NOW + 90), YAO_E_EXISTS);
    change = store_change_open(test_arena());
    store_forget_once(&change, NOW + 60);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(put_once(1, NOW + 90), YAO_OK);
    assert_status(take_once(1, NOW + 89, NULL), YAO_OK);
    done();
}

static void gives_once_without_taking(void **state)
{
    numbered     value = number(1);
    store_change change;
    yao_bytes    payload = {NULL, 0};

    (void)state;
    open_new();
    assert_status(put_once(1, NOW + 60), YAO_OK);
    for (int i = 0; i < 2; i++) {
        assert_status(store_get_once(s, 1, HASH(value), NOW + 59, test_arena(),
                                     &payload),
                      YAO_OK);
        assert_bytes(payload, YAO_LIT("payload"));
    }
    assert_status(
        store_get_once(s, 1, HASH(value), NOW + 60, test_arena(), &payload),
        YAO_E_NOT_FOUND);
    assert_status(
        store_get_once(s, 2, HASH(value), NOW, test_arena(), &payload),
        YAO_E_NOT_FOUND);

    /* dropping it, and what is not there, is no claim */
    for (int i = 0; i < 2; i++) {
        change = store_change_open(test_arena());
        store_drop_once(&change, 1, HASH(value));
        assert_status(store_commit(s, &change), YAO_OK);
    }
    assert_status(
        store_get_once(s, 1, HASH(value), NOW, test_arena(), &payload),
        YAO_E_NOT_FOUND);
    done();
}

static yao_status put_while(unsigned n, unsigned holds, yao_time now)
{
    numbered     value = number(n), other = number(holds);
    store_change change = store_change_open(test_arena());
    store_once   once   = {1, HASH(value), NOW + 90, YAO_INIT("payload")};
    store_once   alive  = {2, HASH(other), 0, {NULL, 0}};

    store_put_once_while(&change, &once, &alive, now);
    yao_status status = store_commit(s, &change);
    if (status != YAO_OK)
        assert_int_equal(change.lost_about, 1);
    return status;
}

/* What is given while something else holds is not given after its end. */
static void gives_once_while(void **state)
{
    numbered     value = number(9);
    store_once   alive = {2, HASH(value), NOW + 60, YAO_INIT("")};
    store_change change;

    (void)state;
    open_new();
    assert_status(put_while(1, 9, NOW), YAO_E_EXISTS); /* there is none */
    change = store_change_open(test_arena());
    store_put_once(&change, &alive);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(put_while(1, 9, NOW), YAO_OK);
    assert_status(put_while(1, 9, NOW), YAO_E_EXISTS); /* twice */
    assert_status(put_while(2, 8, NOW), YAO_E_EXISTS); /* of another */
    assert_status(put_while(2, 9, NOW + 59), YAO_OK);
    assert_status(put_while(3, 9, NOW + 60), YAO_E_EXISTS); /* over */
    change = store_change_open(test_arena());
    store_drop_once(&change, 2, HASH(value));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(put_while(3, 9, NOW), YAO_E_EXISTS); /* ended */
    done();
}

/* Of several claims the loser knows which it was. */
static void tells_lost_kind(void **state)
{
    numbered     value = number(1);
    store_once   once[2] = {{205, HASH(value), NOW + 60, YAO_INIT("")},
                            {206, HASH(value), NOW + 60, YAO_INIT("")}};
    store_change change  = store_change_open(test_arena());

    (void)state;
    open_new();
    store_put_once(&change, &once[1]);
    assert_status(store_commit(s, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_put_once(&change, &once[0]);
    store_put_once(&change, &once[1]);
    assert_status(store_commit(s, &change), YAO_E_EXISTS);
    assert_int_equal(change.lost_about, 206);
    change = store_change_open(test_arena());
    store_put_once(&change, &once[0]);
    store_take_once(&change, 207, HASH(value), NOW, NULL);
    assert_status(store_commit(s, &change), YAO_E_NOT_FOUND);
    assert_int_equal(change.lost_about, 207);
    done();
}

static void *take_racing(void *arg)
{
    static _Thread_local uint8_t memory[4096];
    yao_arena                    arena  = {memory, sizeof memory, 0};
    numbered                     value  = number(1);
    store_change                 change = store_change_open(&arena);

    store_take_once(&change, 1, HASH(value), NOW, NULL);
    *(yao_status *)arg = store_commit(s, &change);
    return NULL;
}

static void gives_once_to_one(void **state)
{
    enum { TAKERS = 16 };
    pthread_t  threads[TAKERS];
    yao_status answers[TAKERS];
    size_t     won = 0;

    (void)state;
    open_new();
    assert_status(put_once(1, NOW + 60), YAO_OK);
    for (size_t i = 0; i < TAKERS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, take_racing, &answers[i]), 0);
    for (size_t i = 0; i < TAKERS; i++) {
        pthread_join(threads[i], NULL);
        won += answers[i] == YAO_OK;
        if (answers[i] != YAO_OK)
            assert_status(answers[i], YAO_E_NOT_FOUND);
    }
    assert_int_equal(won, 1);
    done();
}

/* ---- changes ---- */

/* Rows of a member whose claim is lost must not appear. */
static void never_rows_of_loser(void **state)
{
    numbered     n = number(1), m = number(2);
    store_event  e      = event(&m);
    store_once   once   = {1, HASH(n), NOW + 60, YAO_INIT("")};
    store_change change = store_change_open(test_arena());

    (void)state;
    open_new();
    assert_status(put_once(1, NOW + 60), YAO_OK);
    store_put_event(&change, &e);
    store_put_once(&change, &once);
    assert_status(store_commit(s, &change), YAO_E_EXISTS);
    assert_int_equal(count_events(), 0);
    done();
}

/* A claim that was won before another one was lost must be undone. */
static void never_half_of_claims(void **state)
{
    numbered     n = number(1), m = number(2);
    store_once   fresh  = {1, HASH(m), NOW + 60, YAO_INIT("")};
    store_change change = store_change_open(test_arena());

    (void)state;
    open_new();
    store_put_once(&change, &fresh);
    store_take_once(&change, 1, HASH(n), NOW, NULL);
    assert_status(store_commit(s, &change), YAO_E_NOT_FOUND);
    assert_status(take_once(2, NOW, NULL), YAO_E_NOT_FOUND);
    done();
}

static void refuses_small_arena(void **state)
{
    uint8_t      memory[64];
    yao_arena    small  = {memory, sizeof memory, 0};
    store_change change = store_change_open(&small);

    (void)state;
    open_new();
    store_put_party(&change, &hotel);
    assert_status(store_commit(s, &change), YAO_E_SPACE);
    assert_status(put_hotel(), YAO_OK);
    done();
}

static void accepts_nothing(void **state)
{
    store_change change = store_change_open(test_arena());

    (void)state;
    open_new();
    assert_status(store_commit(s, &change), YAO_OK);
    done();
}

/*
 * 64 members at once, one of them poisoned: a second event of an id that is
 * there fails in its rows, where no claim protects the group.
 */
static void never_fails_neighbours(void **state)
{
    numbered     values[STORE_MAX_GROUP];
    store_event  events[STORE_MAX_GROUP];
    store_change changes[STORE_MAX_GROUP];
    enum { POISONED = 41 };

    (void)state;
    open_new();
    assert_status(put_event(POISONED), YAO_OK);
    for (unsigned i = 0; i < STORE_MAX_GROUP; i++) {
        values[i]  = number(i);
        events[i]  = event(&values[i]);
        changes[i] = store_change_open(test_arena());
        store_put_event(&changes[i], &events[i]);
    }
    for (unsigned i = 0; i < STORE_MAX_GROUP; i++)
        store_submit(s, &changes[i]);
    for (unsigned i = 0; i < STORE_MAX_GROUP; i++)
        assert_status(store_wait(s, &changes[i]),
                      i == POISONED ? YAO_E_STORE : YAO_OK);
    assert_int_equal(count_events(), STORE_MAX_GROUP);
    done();
}

typedef struct stream {
    unsigned     next, end;
    unsigned     poison; /* this one repeats an id */
    yao_status   fails;  /* what next() says at the end */
    yao_arena    arena;
    uint8_t      memory[4096];
    numbered     value;
    store_event  event;
    store_change change;
} stream;

static yao_status next_event(void *ctx, store_change **ret)
{
    stream *st = ctx;

    if (st->next == st->end)
        return st->fails;
    st->arena  = (yao_arena){st->memory, sizeof st->memory, 0};
    st->change = store_change_open(&st->arena);
    st->value  = number(st->next == st->poison ? 0 : st->next);
    st->event  = event(&st->value);
    store_put_event(&st->change, &st->event);
    st->next++;
    *ret = &st->change;
    return YAO_OK;
}

static void gives_all(void **state)
{
    stream st = {.end = 500, .poison = 9999};

    (void)state;
    open_new();
    assert_status(store_commit_all(s, next_event, &st), YAO_OK);
    reopen();
    assert_int_equal(count_events(), 500);
    done();
}

static void refuses_all(stream st, yao_status want)
{
    open_new();
    assert_status(store_commit_all(s, next_event, &st), want);
    assert_int_equal(count_events(), 0);
    assert_status(put_event(1), YAO_OK);
    done();
}

static void gives_nothing_of_poisoned(void **state)
{
    (void)state;
    refuses_all((stream){.end = 500, .poison = 321}, YAO_E_STORE);
}

static void gives_nothing_of_broken_off(void **state)
{
    (void)state;
    refuses_all((stream){.end = 500, .poison = 999, .fails = YAO_E_VALUE},
                YAO_E_VALUE);
}

/* Nobody waits for another's commit alone when many come at once. */
static void gives_groups(void **state)
{
    numbered     values[200];
    store_event  events[200];
    store_change changes[200];
    store_counts counts;

    (void)state;
    skip_guests();
    open_new();
    for (unsigned i = 0; i < 200; i++) {
        values[i]  = number(i);
        events[i]  = event(&values[i]);
        changes[i] = store_change_open(test_arena());
        store_put_event(&changes[i], &events[i]);
    }
    for (unsigned i = 0; i < 200; i++)
        store_submit(s, &changes[i]);
    for (unsigned i = 0; i < 200; i++)
        assert_status(store_wait(s, &changes[i]), YAO_OK);
    counts = store_get_counts(s);
    assert_int_equal(counts.members, 200);
    assert_int_equal(counts.splits, 0);
    assert_true(counts.groups < 200);
    done();
}

static void gives_fact(void **state)
{
    yao_bytes    value;
    store_change change = store_change_open(test_arena());
    store_change again  = store_change_open(test_arena());

    (void)state;
    open_new();
    assert_status(store_get_fact(s, YAO_TEXT("id"), test_arena(), &value),
                  YAO_E_NOT_FOUND);
    store_put_fact(&change, YAO_TEXT("id"), YAO_LIT("\x00\x01"));
    assert_status(store_commit(s, &change), YAO_OK);
    store_put_fact(&again, YAO_TEXT("id"), YAO_LIT("other"));
    assert_status(store_commit(s, &again), YAO_E_EXISTS);
    assert_status(store_get_fact(s, YAO_TEXT("id"), test_arena(), &value),
                  YAO_OK);
    assert_bytes(value, YAO_LIT("\x00\x01"));
    done();
}

static void replaces_fact(void **state)
{
    yao_bytes    value;
    store_change put    = store_change_open(test_arena());
    store_change first  = store_change_open(test_arena());
    store_change second = store_change_open(test_arena());
    store_change absent = store_change_open(test_arena());

    (void)state;
    open_new();
    store_put_fact(&put, YAO_TEXT("version"), YAO_LIT("1"));
    assert_status(store_commit(s, &put), YAO_OK);
    store_replace_fact(&first, YAO_TEXT("version"), YAO_LIT("1"),
                       YAO_LIT("2"));
    store_replace_fact(&second, YAO_TEXT("version"), YAO_LIT("1"),
                       YAO_LIT("3"));
    store_replace_fact(&absent, YAO_TEXT("other"), YAO_LIT("1"), YAO_LIT("2"));
    assert_status(store_commit(s, &first), YAO_OK);
    assert_status(store_commit(s, &second), YAO_E_NOT_FOUND);
    assert_status(store_commit(s, &absent), YAO_E_NOT_FOUND);
    assert_status(store_get_fact(s, YAO_TEXT("version"), test_arena(), &value),
                  YAO_OK);
    assert_bytes(value, YAO_LIT("2"));
    done();
}

/* Text with a NUL, empty text and empty bytes come back as they went in. */
static void gives_odd_values(void **state)
{
    numbered     n      = number(1);
    store_event  e      = event(&n);
    store_change change = store_change_open(test_arena());
    store_event *list;
    size_t       count;

    (void)state;
    open_new();
    e.subject = (yao_bytes){NULL, 0};
    e.kind    = (yao_text){NULL, 0};
    e.detail  = YAO_TEXT("a\xf0\xa0\xae\xb7'b");
    store_put_event(&change, &e);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_list_events(s, 9, test_arena(), &list, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].subject.len, 0);
    assert_int_equal(list[0].kind.len, 0);
    assert_true(yao_text_equal(list[0].detail, e.detail));
    done();
}

static void refuses_small_answer(void **state)
{
    uint8_t      memory[32];
    yao_arena    small = {memory, sizeof memory, 0};
    store_party *list  = NULL;
    size_t       count = 99;

    (void)state;
    open_new();
    assert_status(put_hotel(), YAO_OK);
    assert_status(store_list_parties(s, &small, &list, &count), YAO_E_SPACE);
    assert_null(list);
    assert_int_equal(count, 99);
    done();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"open", "refuses a store that is not there", refuses_missing},
    {"open", "refuses to make one over another", refuses_existing},
    {"open", "refuses an engine it does not know", refuses_unknown_engine},
    {"open", "accepts what it made", accepts_reopening},
    {"person", "gives the person of a number", gives_person},
    {"person", "refuses a number twice", refuses_second_number},
    {"person", "refuses a plate of another, and leaves no trace",
     refuses_second_owner},
    {"person", "gives a household in order", gives_household},
    {"person", "gives everybody to a walk, until told to stop", gives_walk},
    {"document", "gives what a holder was issued", gives_documents},
    {"document", "refuses a batch twice", refuses_second_document},
    {"party", "gives what was registered, refuses it twice", gives_party},
    {"party", "gives suspension and return", gives_suspension},
    {"once", "gives what was put, once", gives_once},
    {"once", "refuses what is expired, until it is forgotten", refuses_expired},
    {"once", "gives what was put to who looks, and leaves it there",
     gives_once_without_taking},
    {"once", "gives the kind of the claim that was lost", tells_lost_kind},
    {"once", "gives one while another holds, and not after", gives_once_while},
    {"once", "gives a thing to one of sixteen who race", gives_once_to_one},
    {"change", "never keeps rows of who lost", never_rows_of_loser},
    {"change", "never keeps a claim of who lost another", never_half_of_claims},
    {"change", "refuses what did not fit its arena", refuses_small_arena},
    {"change", "accepts nothing to do", accepts_nothing},
    {"change", "never fails 63 neighbours of a poisoned one",
     never_fails_neighbours},
    {"change", "gives 200 in fewer groups", gives_groups},
    {"all", "gives 500 changes as one", gives_all},
    {"all", "gives nothing when one fails", gives_nothing_of_poisoned},
    {"all", "gives nothing when it breaks off", gives_nothing_of_broken_off},
    {"fact", "gives a fact, refuses it twice", gives_fact},
    {"fact", "gives a fact that took another's place, once", replaces_fact},
    {"value", "gives empty and odd values back", gives_odd_values},
    {"value", "refuses an arena that is too small", refuses_small_answer},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines(rows[i].group, rows[i].name, rows[i].run);
    int code = test_run("store/contract");
    test_scratch_remove();
    return code;
}
