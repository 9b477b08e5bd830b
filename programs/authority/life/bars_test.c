/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/life.h"

#include "authority/state.h"

#include "check.h"
#include "life_world.h"

/* ---- freezing ---- */

static void freezes_and_restores(void **state)
{
    bool frozen = true;

    (void)state;
    life_open();
    life_issue("resident_id", 1);
    life_issue("household_booklet", 2);
    assert_status(life_is_frozen(&world.e, life_who.holder, &frozen), YAO_OK);
    assert_false(frozen);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_int_equal(life_state(2), STORE_SUSPENDED);
    assert_status(life_is_frozen(&world.e, life_who.holder, &frozen), YAO_OK);
    assert_true(frozen);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_E_EXISTS);
    assert_int_equal(life_notices(&life_who, "person.freeze"), 1);
    assert_int_equal(world_events("person.freeze"), 1);

    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_int_equal(life_state(2), STORE_VALID);
    assert_int_equal(life_notices(&life_who, "person.unfreeze"), 1);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_E_NOT_FOUND);
    world_close();
}

static void issues_nothing_while_frozen(void **state)
{
    uint64_t bars = 0;

    (void)state;
    life_open();
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    assert_status(life_issue_for(&life_who, "resident_id", 1, 14),
                  YAO_E_EXISTS);
    assert_status(store_count_bars_by(world.a.store, life_who.lookup, &bars),
                  YAO_OK);
    assert_int_equal(bars, 1);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    life_issue("resident_id", 1);
    world_close();
}

static void ends_licences(void **state)
{
    (void)state;
    life_open();
    life_issue("driving_licence", 1);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_REVOKED);
    assert_int_equal(life_notices(&life_who, "reissue"), 1);
    life_issue("driving_licence", 2); /* and may be issued anew */
    world_close();
}

/* ---- others' reasons ---- */

static store_document batch_of(unsigned n)
{
    uint8_t         id[STORE_ID_LEN];
    store_document *list;
    size_t          count;

    memset(id, (int)n, sizeof id);
    assert_status(store_list_issuance(world.a.store,
                                      (yao_bytes){id, sizeof id}, &world.arena,
                                      &list, &count),
                  YAO_OK);
    assert_true(count > 0);
    return list[0];
}

static void operator_does(bool suspend, unsigned n)
{
    store_change         change = store_change_open(&world.arena);
    const store_document d      = batch_of(n);
    const state_reason   r      = {.authority = &world.a,
                                   .catalogue = world.e.catalogue,
                                   .bar       = d.issuance,
                                   .word      = "investigation",
                                   .at        = world.e.now};
    int64_t              to;

    assert_status(suspend ? state_suspend(&change, &world.arena, &d, &r)
                          : state_release(&change, &world.arena, &d, &r, &to),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void leaves_an_operators_suspension(void **state)
{
    (void)state;
    life_open();
    life_issue("resident_id", 1);
    life_issue("residence_permit", 2);
    operator_does(true, 1);
    assert_status(life_freeze(&world.e, &life_who, "session"), YAO_OK);
    operator_does(true, 2); /* which the freeze had suspended */
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_int_equal(life_state(2), STORE_SUSPENDED);
    operator_does(false, 1);
    operator_does(false, 2);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_int_equal(life_state(2), STORE_VALID);
    world_close();
}

static void leaves_what_was_revoked(void **state)
{
    store_change change;

    (void)state;
    life_open();
    life_issue("resident_id", 1);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    change           = store_change_open(&world.arena);
    store_document d = batch_of(1);
    assert_status(life_revoke(&world.e, &change, &d, "lost", "revoked"),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_REVOKED);
    world_close();
}

static void hold_until(yao_time until)
{
    assert_status(life_put_bar(&world.e,
                               &(store_bar){.holder = life_who.holder,
                                            .lookup = life_who.lookup,
                                            .kind   = STORE_BAR_HOLD,
                                            .name   = YAO_TEXT("resident_id"),
                                            .reason = YAO_TEXT("court_order"),
                                            .basis  = YAO_TEXT("law"),
                                            .author = YAO_TEXT("one"),
                                            .ends   = until},
                               "hold.begin"),
                  YAO_OK);
}

static size_t end_due(void)
{
    size_t count = 99;

    assert_status(life_end_due(&world.e, &count), YAO_OK);
    return count;
}

static void holds_to_its_end(void **state)
{
    (void)state;
    life_open();
    life_issue("resident_id", 1);
    life_issue("residence_permit", 2);
    hold_until(world.e.now + 1000);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_int_equal(life_state(2), STORE_VALID);
    assert_status(life_issue_for(&life_who, "resident_id", 3, 14),
                  YAO_E_EXISTS);
    life_issue("residence_permit", 4);
    world.e.now += 999;
    assert_int_equal(end_due(), 0);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    world.e.now += 1;
    assert_int_equal(end_due(), 1);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_int_equal(end_due(), 0);
    assert_int_equal(life_notices(&life_who, "hold.begin"), 1);
    assert_int_equal(life_notices(&life_who, "hold.end"), 1);
    world_close();
}

/* Whichever ends first, the other one goes on. */
static void holds_what_is_frozen(void **state)
{
    (void)state;
    life_open();
    life_issue("resident_id", 1);
    hold_until(world.e.now + 1000);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_status(life_freeze(&world.e, &life_who, "code"), YAO_OK);
    world.e.now += 1000;
    assert_int_equal(end_due(), 1);
    assert_int_equal(life_state(1), STORE_SUSPENDED);
    assert_status(life_unfreeze(&world.e, &life_who), YAO_OK);
    assert_int_equal(life_state(1), STORE_VALID);
    world_close();
}

/* ---- wishes that are none ---- */

typedef struct wish_row {
    const char *name;
    const char *document, *reason, *basis, *author;
    int64_t     days;
} wish_row;

static const wish_row wishes[] = {
    {"refuses another document", "passport", "safety", "law", "one", 3},
    {"refuses another reason", "", "dislike", "law", "one", 3},
    {"refuses no reason", "", "", "law", "one", 3},
    {"refuses no legal basis", "", "safety", "", "one", 3},
    {"refuses nobody", "", "safety", "law", "", 3},
    {"refuses an end that was", "", "safety", "law", "one", 0},
    {"refuses an end that never comes", "", "safety", "law", "one", 367},
};

static void refuses_wish(void **state)
{
    const wish_row *r = *state;
    yao_text        receipt;

    life_open();
    life_issue("resident_id", 1);
    const life_hold_wish wish = {.document = yao_text_of(r->document),
                                 .reason   = yao_text_of(r->reason),
                                 .basis    = yao_text_of(r->basis),
                                 .author   = yao_text_of(r->author),
                                 .until    = world.e.now +
                                          r->days * YAO_TIME_DAY};
    assert_status(life_hold(&world.e, &life_who, &wish, &receipt),
                  YAO_E_VALUE);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_int_equal(world_events("hold.begin"), 0);
    world_close();
}

/* ---- what came in between ---- */

static void mends(void **state)
{
    store_change change;
    uint8_t      id[STORE_ID_LEN] = {7}, one[STORE_ID_LEN];
    size_t       count;

    (void)state;
    life_open();
    life_issue("resident_id", 1);
    change = store_change_open(&world.arena);
    store_put_bar(&change, &(store_bar){.id      = {id, sizeof id},
                                        .holder  = life_who.holder,
                                        .lookup  = life_who.lookup,
                                        .kind    = STORE_BAR_FREEZE,
                                        .reason  = YAO_TEXT("frozen"),
                                        .author  = YAO_TEXT("code"),
                                        .started = world.e.now});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_status(life_mend(&world.e, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(life_state(1), STORE_SUSPENDED);

    /* its reason vanishes without a change of state */
    memset(one, 1, sizeof one);
    change = store_change_open(&world.arena);
    store_end_bar(&change, (yao_bytes){id, sizeof id}, world.e.now);
    store_end_suspension(&change, (yao_bytes){one, sizeof one},
                         (yao_bytes){id, sizeof id});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(life_mend(&world.e, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(life_state(1), STORE_VALID);
    assert_status(life_mend(&world.e, &count), YAO_OK);
    assert_int_equal(count, 0);
    world_close();
}

/* ---- renewal ---- */

static size_t tell_renewals(void)
{
    size_t count = 99;

    assert_status(life_tell_renewals(&world.e, &count), YAO_OK);
    return count;
}

static void tells_of_renewal(void **state)
{
    (void)state;
    life_open();
    assert_status(life_issue_for(&life_who, "resident_id", 1, 40), YAO_OK);
    assert_int_equal(tell_renewals(), 0);
    world.e.now += 30 * YAO_TIME_DAY - 1;
    assert_int_equal(tell_renewals(), 0); /* a quarter and a second */
    world.e.now += 1;
    assert_int_equal(tell_renewals(), 1);
    assert_int_equal(tell_renewals(), 0); /* once */
    assert_int_equal(life_notices(&life_who, "renew"), 1);
    world_close();
}

static void tells_of_no_renewal(void **state)
{
    (void)state;
    life_open();
    assert_status(life_issue_for(&life_who, "resident_id", 1, 40), YAO_OK);
    world.e.now += 35 * YAO_TIME_DAY;
    assert_status(life_issue_for(&life_who, "resident_id", 2, 40), YAO_OK);
    assert_int_equal(tell_renewals(), 0);
    world.e.now += 6 * YAO_TIME_DAY; /* over */
    assert_int_equal(tell_renewals(), 0);
    world_close();
}

int main(void)
{
    for (size_t i = 0; i < COUNT(wishes); i++)
        test_add("hold", wishes[i].name, refuses_wish, &wishes[i]);
    test_add("freeze", "suspends everything, and restores it",
             freezes_and_restores, NULL);
    test_add("freeze", "never issues meanwhile", issues_nothing_while_frozen,
             NULL);
    test_add("freeze", "ends what knows no suspension", ends_licences, NULL);
    test_add("freeze", "never restores what an operator suspended",
             leaves_an_operators_suspension, NULL);
    test_add("freeze", "never restores what was revoked",
             leaves_what_was_revoked, NULL);
    test_add("hold", "gives back at its end", holds_to_its_end, NULL);
    test_add("hold", "never gives back what is frozen", holds_what_is_frozen,
             NULL);
    test_add("mend", "suspends and restores what came in between", mends, NULL);
    test_add("renew", "gives a notice once, in the last quarter",
             tells_of_renewal, NULL);
    test_add("renew", "never tells of what was renewed or is over",
             tells_of_no_renewal, NULL);
    return test_run("authority/life/bars");
}
