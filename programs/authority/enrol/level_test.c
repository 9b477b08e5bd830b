/* SPDX-License-Identifier: Apache-2.0 */
/* Levels, devices that come and end, and those of guardians. */
#include "authority/enrol/level.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/login.h"

#include "store/person_passkey.h"

#include "check.h"
#include "enrol_fixture.h"

static enrol_person who;
static yao_text     tokens[2];

/* ---- levels ---- */

typedef struct level_row {
    const char *name;
    int64_t     factors, level;
} level_row;

static const level_row levels[] = {
    {"gives none without anything", 0, 0},
    {"gives none without a device", ENROL_CODE | ENROL_FACE | ENROL_OFFICER, 0},
    {"gives 1 for a device", ENROL_DEVICE, 1},
    {"gives 2 for a device and a code", ENROL_DEVICE | ENROL_CODE, 2},
    {"gives 2 for a device and a face", ENROL_DEVICE | ENROL_FACE, 2},
    {"gives 2 for a face by telephone", ENROL_DEVICE | ENROL_FACE_FAR, 2},
    {"gives 2 for a face by telephone and a code",
     ENROL_DEVICE | ENROL_CODE | ENROL_FACE_FAR, 2},
    {"gives 3 for a face at a kiosk and a code",
     ENROL_DEVICE | ENROL_CODE | ENROL_FACE, 3},
    {"gives 4 with a card", ENROL_DEVICE | ENROL_CODE | ENROL_CARD, 4},
    {"gives 4 with an officer", ENROL_DEVICE | ENROL_CODE | ENROL_OFFICER, 4},
    {"never gives 4 for a card without a code", ENROL_DEVICE | ENROL_CARD, 1},
    {"gives a guardian no more", ENROL_DEVICE | ENROL_CODE | ENROL_GUARDED, 2},
};

static void counts_factors(void **state)
{
    const level_row *r = *state;

    assert_int_equal(enrol_level(r->factors), r->level);
    assert_true(enrol_level_word(r->level)[0] != '\0');
}

static int64_t factors_of(int64_t level)
{
    static const int64_t list[] = {0, ENROL_DEVICE, ENROL_DEVICE | ENROL_CODE,
                                   ENROL_DEVICE | ENROL_CODE | ENROL_FACE,
                                   ENROL_DEVICE | ENROL_CODE | ENROL_OFFICER};

    return list[level];
}

/* An enrolment of LEVEL, bound to a device of its own. */
static enrol_entry enrol_device(int64_t level, uint8_t n, yao_bytes *id)
{
    store_change  change = store_change_open(&world.arena);
    uint8_t       holder[STORE_HASH_LEN] = {7}, device[STORE_HASH_LEN] = {n};
    enrol_entered entered;

    assert_status(enrol_enter(&world.e, &change,
                              &(enrol_new){{holder, sizeof holder},
                                           factors_of(level),
                                           true},
                              &entered),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(entered.level, level);
    *id = entered.enrolment;
    if (entered.entry != ENROL_ENTRY_NOW)
        return entered.entry;
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, *id,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    return entered.entry;
}

static int64_t state_of(yao_bytes id)
{
    store_enrolment e;

    assert_status(store_get_enrolment(world.a.store, id, &world.arena, &e),
                  YAO_OK);
    return e.state;
}

static void keeps_levels(void **state)
{
    (void)state;
    for (int64_t old = 1; old <= 4; old++)
        for (int64_t young = 1; young <= 4; young++) {
            yao_bytes one, two;
            world_open();
            assert_int_equal(enrol_device(old, 1, &one), ENROL_ENTRY_NOW);
            enrol_entry entry = enrol_device(young, 2, &two);
            assert_int_equal(entry, young >= old ? ENROL_ENTRY_NOW
                                                 : ENROL_ENTRY_NOTICE);
            assert_int_equal(state_of(one), young >= old
                                                ? STORE_ENROLMENT_ENDED
                                                : STORE_ENROLMENT_BOUND);
            if (young < old) {
                world.e.now += ENROL_NOTICE_SECONDS;
                assert_int_equal(enrol_device(young, 2, &two),
                                 ENROL_ENTRY_NOW);
                assert_int_equal(state_of(one), STORE_ENROLMENT_BOUND);
                assert_int_equal(state_of(two), STORE_ENROLMENT_BOUND);
            }
            world_close();
        }
}

static void binds_once(void **state)
{
    store_change change;
    uint8_t      one[STORE_HASH_LEN] = {1}, two[STORE_HASH_LEN] = {2};
    yao_bytes    id;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_bind(&world.e, &change, id, (yao_bytes){one, sizeof one}),
        YAO_OK); /* the next document of the same wallet */
    assert_status(
        enrol_bind(&world.e, &change, id, (yao_bytes){two, sizeof two}),
        YAO_E_EXISTS);
    assert_status(enrol_bind(&world.e, &change, YAO_LIT("nothing at all.."),
                             (yao_bytes){two, sizeof two}),
                  YAO_E_NOT_FOUND);
    world_close();
}

static void opens_case_for_shared_device(void **state)
{
    store_change  change = store_change_open(&world.arena);
    uint8_t       other[STORE_HASH_LEN] = {8}, device[STORE_HASH_LEN] = {1};
    enrol_entered entered;
    yao_bytes     id;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_enter(&world.e, &change,
                    &(enrol_new){{other, sizeof other}, factors_of(3), false},
                    &entered),
        YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, entered.enrolment,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK); /* nothing is blocked silently */
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(world_cases("enrol.shared_device"), 1);
    world_close();
}

/* One telephone for a whole village: an officer sees it, then it waits. */
static void refuses_device_of_many(void **state)
{
    uint8_t device[STORE_HASH_LEN] = {1};
    int     bound = 0;

    (void)state;
    world_open();
    for (uint8_t n = 1; n < 10; n++) {
        store_change  change = store_change_open(&world.arena);
        uint8_t       holder[STORE_HASH_LEN] = {n};
        enrol_entered entered;
        assert_status(enrol_enter(&world.e, &change,
                                  &(enrol_new){{holder, sizeof holder},
                                               factors_of(3),
                                               false},
                                  &entered),
                      YAO_OK);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        change            = store_change_open(&world.arena);
        yao_status status = enrol_bind(&world.e, &change, entered.enrolment,
                                       (yao_bytes){device, sizeof device});
        if (status == YAO_E_LIMIT)
            break;
        assert_status(status, YAO_OK);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
        bound++;
    }
    assert_int_equal(bound, 5);
    assert_int_equal(world_cases("enrol.device"), 1);
    world_close();
}

static void opens_case_for_many_devices(void **state)
{
    yao_bytes id;

    (void)state;
    world_open();
    for (uint8_t n = 1; n <= 3; n++)
        assert_int_equal(enrol_device(3, n, &id), ENROL_ENTRY_NOW);
    assert_int_equal(world_cases("enrol.many_devices"), 0);
    assert_int_equal(enrol_device(3, 4, &id), ENROL_ENTRY_NOW);
    assert_int_equal(world_cases("enrol.many_devices"), 1);
    world_close();
}

static void put_passkey(yao_bytes holder, int64_t level)
{
    uint8_t      id[STORE_HASH_LEN] = {(uint8_t)level}, point[65] = {4};
    store_change change             = store_change_open(&world.arena);

    store_put_person_passkey(
        &change, &(store_person_passkey){.id     = {id, sizeof id},
                                         .holder = holder,
                                         .lookup = {id, sizeof id},
                                         .point  = {point, sizeof point},
                                         .level  = level,
                                         .added  = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static size_t count_passkeys(yao_bytes holder)
{
    store_person_passkey *list;
    size_t                count;

    assert_status(store_list_person_passkeys(world.a.store, holder,
                                             &world.arena, &list, &count),
                  YAO_OK);
    return count;
}


static size_t count_sessions(void)
{
    enrol_person found;
    size_t       count = 0;

    for (size_t i = 0; i < COUNT(tokens); i++)
        count += enrol_find_person(&world.e, tokens[i], &found) == YAO_OK;
    return count;
}

static void open_sessions(yao_bytes holder)
{
    memset(&who, 0, sizeof who);
    memcpy(who.holder, holder.ptr, STORE_HASH_LEN);
    for (size_t i = 0; i < COUNT(tokens); i++)
        assert_status(enrol_start_session(&world.e, &who, &tokens[i]), YAO_OK);
}

/* The telephone that is replaced is in other hands, maybe: what it can log in
 * with ends with it. */
static void ends_what_a_replaced_device_has(void **state)
{
    uint8_t   holder[STORE_HASH_LEN] = {7};
    yao_bytes one, two, whose = {holder, sizeof holder};

    (void)state;
    world_open();
    assert_int_equal(enrol_device(2, 1, &one), ENROL_ENTRY_NOW);
    put_passkey(whose, 2);
    put_passkey(whose, 4);
    open_sessions(whose);
    assert_int_equal(enrol_device(3, 2, &two), ENROL_ENTRY_NOW);
    assert_int_equal(state_of(one), STORE_ENROLMENT_ENDED);
    assert_int_equal(count_passkeys(whose), 1);
    assert_int_equal(count_sessions(), 0);
    world_close();
}

/* An enrolment of HOLDER (a byte) of LEVEL on DEVICE (a byte), as ID. */
static yao_bytes put_bound(uint8_t id, uint8_t whose, int64_t level,
                           int64_t factors, uint8_t device)
{
    static uint8_t ids[16][STORE_ID_LEN];
    uint8_t        holder[STORE_HASH_LEN] = {whose};
    uint8_t        key[STORE_HASH_LEN]    = {device};
    store_change   change                 = store_change_open(&world.arena);
    yao_bytes      mine                   = {ids[id], STORE_ID_LEN};

    memset(ids[id], id, STORE_ID_LEN);
    store_put_enrolment(
        &change, &(store_enrolment){.id      = mine,
                                    .holder  = {holder, sizeof holder},
                                    .level   = level,
                                    .factors = factors | ENROL_DEVICE,
                                    .state   = STORE_ENROLMENT_OFFERED,
                                    .started = ENROL_NOW});
    store_bind_enrolment(&change, mine, (yao_bytes){key, sizeof key}, true,
                         ENROL_NOW);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    return mine;
}

/* What a mother has for her child is on the telephone that she lost. */
static void ends_what_was_held_for_a_child(void **state)
{
    uint8_t holder[STORE_HASH_LEN] = {7};
    size_t  ended;

    (void)state;
    world_open();
    const yao_bytes mine   = put_bound(1, 7, 3, 0, 1);
    const yao_bytes child  = put_bound(2, 8, 3, ENROL_GUARDED, 1);
    const yao_bytes higher = put_bound(3, 9, 4, ENROL_GUARDED, 1);
    const yao_bytes friend = put_bound(4, 10, 3, 0, 1);
    const yao_bytes father = put_bound(5, 8, 3, ENROL_GUARDED, 2);
    assert_status(enrol_end_devices(&world.e,
                                    (yao_bytes){holder, sizeof holder}, 3,
                                    &ended),
                  YAO_OK);
    assert_int_equal(ended, 1);
    assert_int_equal(state_of(mine), STORE_ENROLMENT_ENDED);
    assert_int_equal(state_of(child), STORE_ENROLMENT_ENDED);
    assert_int_equal(state_of(higher), STORE_ENROLMENT_BOUND);
    assert_int_equal(state_of(friend), STORE_ENROLMENT_BOUND);
    assert_int_equal(state_of(father), STORE_ENROLMENT_BOUND);
    world_close();
}

/* One child has a birthday; what is held for the other goes on. */
static void never_ends_a_brothers(void **state)
{
    uint8_t child[STORE_HASH_LEN] = {8};

    (void)state;
    world_open();
    const yao_bytes one   = put_bound(1, 8, 3, ENROL_GUARDED, 1);
    const yao_bytes other = put_bound(2, 9, 3, ENROL_GUARDED, 1);
    const yao_bytes mine  = put_bound(3, 7, 3, 0, 1);
    assert_status(enrol_end_device(&world.e, one,
                                   (yao_bytes){child, sizeof child}, 4),
                  YAO_OK);
    assert_int_equal(state_of(one), STORE_ENROLMENT_ENDED);
    assert_int_equal(state_of(other), STORE_ENROLMENT_BOUND);
    assert_int_equal(state_of(mine), STORE_ENROLMENT_BOUND);
    world_close();
}

/* Its device was replaced long ago, the passkey was not. */
static void ends_a_passkey_without_a_device(void **state)
{
    uint8_t   holder[STORE_HASH_LEN] = {7};
    yao_bytes whose = {holder, sizeof holder};
    size_t    ended = 9;

    (void)state;
    world_open();
    put_passkey(whose, 2);
    put_passkey(whose, 4);
    open_sessions(whose);
    assert_status(enrol_end_devices(&world.e, whose, 3, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    assert_int_equal(count_passkeys(whose), 1);
    assert_int_equal(count_sessions(), 0);
    assert_int_equal(world_events("person.lost"), 1);
    world_close();
}

static void keeps_the_session_that_asks(void **state)
{
    uint8_t      holder[STORE_HASH_LEN] = {7};
    yao_bytes    whose  = {holder, sizeof holder};
    store_change change;
    enrol_person found;

    (void)state;
    world_open();
    open_sessions(whose);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_end_other_sessions(&world.e, &change, &who, tokens[1]), YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(enrol_find_person(&world.e, tokens[1], &found), YAO_OK);
    assert_int_equal(count_sessions(), 1);
    change = store_change_open(&world.arena);
    assert_status(
        enrol_end_other_sessions(&world.e, &change, &who, tokens[0]),
        YAO_E_NOT_FOUND);
    world_close();
}

/* A lost device: by code, up to the code's level, with its documents. */
static void ends_device_and_documents(void **state)
{
    uint8_t      holder[STORE_HASH_LEN] = {7}, number[STORE_HASH_LEN] = {9};
    uint8_t      batch[STORE_ID_LEN] = {1}, issuance[STORE_ID_LEN] = {2};
    store_change change;
    yao_bytes    id, whose = {holder, sizeof holder};
    store_copy   copy = {{number, sizeof number}, {number, sizeof number}, 5};
    store_document *documents;
    size_t          ended, count;

    (void)state;
    world_open();
    assert_int_equal(enrol_device(3, 1, &id), ENROL_ENTRY_NOW);
    change = store_change_open(&world.arena);
    store_put_status_list(&change, &(store_status_list){.number = 1,
                                                        .role   = 1,
                                                        .bits   = 2,
                                                        .size   = 100,
                                                        .opened = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    change = store_change_open(&world.arena);
    store_put_document(
        &change,
        &(store_document){.id          = {batch, sizeof batch},
                          .issuance    = {issuance, sizeof issuance},
                          .holder      = whose,
                          .subject     = {number, sizeof number},
                          .name        = YAO_TEXT("resident_id"),
                          .format      = YAO_TEXT("mdoc"),
                          .issued      = ENROL_NOW,
                          .valid_until = ENROL_NOW + 100,
                          .level       = 3,
                          .signer      = {number, sizeof number},
                          .status_list = 1,
                          .copies      = &copy,
                          .copy_count  = 1});
    store_put_enrolment_issuance(&change, id,
                                 (yao_bytes){issuance, sizeof issuance});
    assert_status(store_commit(world.a.store, &change), YAO_OK);

    put_passkey(whose, 2);
    put_passkey(whose, 4);
    assert_status(enrol_end_device(&world.e, id, whose, 2), YAO_E_NOT_FOUND);
    assert_int_equal(count_passkeys(whose), 2);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    assert_status(enrol_end_device(&world.e, id, whose, 3), YAO_OK);
    assert_int_equal(count_passkeys(whose), 1);
    assert_status(enrol_end_device(&world.e, id, whose, 3), YAO_E_NOT_FOUND);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 1);
    assert_status(store_list_documents(world.a.store, whose, &world.arena,
                                       &documents, &count),
                  YAO_OK);
    assert_int_equal(documents[0].state, STORE_REVOKED);
    assert_status(enrol_revoke_ended(&world.e, &ended), YAO_OK);
    assert_int_equal(ended, 0);
    world_close();
}

int main(void)
{
    for (size_t i = 0; i < COUNT(levels); i++)
        test_add("level", levels[i].name, counts_factors, &levels[i]);
    test_add("level", "never ends a higher one by a lower, in all pairs",
             keeps_levels, NULL);
    test_add("device", "refuses a second one for an enrolment", binds_once,
             NULL);
    test_add("device", "gives an officer a case of one that two people have",
             opens_case_for_shared_device, NULL);
    test_add("device", "refuses one that too many people enrol",
             refuses_device_of_many, NULL);
    test_add("device", "gives an officer a case of many devices in a day",
             opens_case_for_many_devices, NULL);
    test_add("device", "gives up a lost one and revokes its documents",
             ends_device_and_documents, NULL);
    test_add("device", "gives up passkeys and sessions when it is replaced",
             ends_what_a_replaced_device_has, NULL);
    test_add("device", "gives up what it holds for a guardian's child",
             ends_what_was_held_for_a_child, NULL);
    test_add("device", "never gives up what it holds for another child",
             never_ends_a_brothers, NULL);
    test_add("device", "gives up passkeys of who has none left",
             ends_a_passkey_without_a_device, NULL);
    test_add("device", "never ends the session that asks",
             keeps_the_session_that_asks, NULL);
    int code = test_run("authority/enrol/level");
    test_scratch_remove();
    return code;
}
