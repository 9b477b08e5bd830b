/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises about enrolment: of two who come at the same time
 * one wins, a lower level never ends a higher one, nobody confirms their own
 * decision.
 */

#include "store/case.h"
#include "store/enrolment.h"
#include "store/kiosk.h"
#include "store/session.h"
#include "store/throttle.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static const yao_bytes none = YAO_INIT("");

static store_change begin(void)
{
    return store_change_open(test_arena());
}

static yao_status commit(store_change *change)
{
    return store_commit(s, change);
}

/* ---- kiosks ---- */

static yao_status add_kiosk(unsigned n, unsigned code)
{
    numbered     id = number(n), hash = number(code);
    store_change change = begin();

    store_put_kiosk(&change, &(store_kiosk){.id        = ID(id),
                                            .name      = YAO_TEXT("大厅 1"),
                                            .code      = HASH(hash),
                                            .code_ends = NOW + 600,
                                            .added     = NOW});
    return commit(&change);
}

static yao_status pair(unsigned code, yao_time now, yao_bytes *id)
{
    numbered     hash   = number(code);
    store_change change = begin();

    store_pair_kiosk(&change, HASH(hash), YAO_LIT("a point"), now, id);
    return commit(&change);
}

static void pairs_once(void **state)
{
    numbered    one = number(1);
    yao_bytes   id  = none;
    store_kiosk k, *list;
    size_t      count;

    (void)state;
    open_new();
    assert_status(add_kiosk(1, 100), YAO_OK);
    assert_status(add_kiosk(1, 101), YAO_E_EXISTS);
    assert_status(pair(99, NOW, &id), YAO_E_NOT_FOUND);
    assert_status(pair(100, NOW + 600, &id), YAO_E_NOT_FOUND);
    assert_status(pair(100, NOW + 599, &id), YAO_OK);
    assert_bytes(id, ID(one));
    assert_status(pair(100, NOW + 1, &id), YAO_E_NOT_FOUND);

    assert_status(store_get_kiosk(s, ID(one), test_arena(), &k), YAO_OK);
    assert_int_equal(k.state, STORE_KIOSK_PAIRED);
    assert_bytes(k.public_key, YAO_LIT("a point"));
    assert_status(store_list_kiosks(s, test_arena(), &list, &count), YAO_OK);
    assert_int_equal(count, 1);
    done();
}

static void removes_for_good(void **state)
{
    numbered     one    = number(1);
    store_change change = begin();
    store_kiosk  k;

    (void)state;
    open_new();
    assert_status(add_kiosk(1, 100), YAO_OK);
    store_remove_kiosk(&change, ID(one), NOW + 1);
    assert_status(commit(&change), YAO_OK);
    change = begin();
    store_remove_kiosk(&change, ID(one), NOW + 1);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    assert_status(pair(100, NOW, NULL), YAO_E_NOT_FOUND);
    assert_status(store_get_kiosk(s, ID(one), test_arena(), &k), YAO_OK);
    assert_int_equal(k.state, STORE_KIOSK_REMOVED);
    done();
}

/* ---- sessions ---- */

static yao_status put_session(unsigned n, unsigned owner, yao_time expires)
{
    numbered      id = number(n), of = number(owner);
    store_change  change = begin();
    store_session row    = {.id      = HASH(id),
                            .kind    = 7,
                            .owner   = ID(of),
                            .expires = expires,
                            .sealed  = YAO_INIT("x")};

    store_put_session(&change, &row);
    return commit(&change);
}

static yao_status find_session(unsigned n, int64_t kind, yao_time now,
                               store_session *ret)
{
    numbered id = number(n);

    return store_get_session(s, HASH(id), kind, now, test_arena(), ret);
}

static void changes_one_at_a_time(void **state)
{
    numbered      id = number(1);
    store_session row;
    store_change  change = begin();

    (void)state;
    open_new();
    assert_status(put_session(1, 9, NOW + 60), YAO_OK);
    assert_status(put_session(1, 9, NOW + 60), YAO_E_EXISTS);
    assert_status(find_session(1, 8, NOW, &row), YAO_E_NOT_FOUND);
    assert_status(find_session(1, 7, NOW + 60, &row), YAO_E_NOT_FOUND);
    assert_status(find_session(1, 7, NOW + 59, &row), YAO_OK);
    assert_int_equal(row.version, 1);

    row.sealed = YAO_LIT("y");
    store_replace_session(&change, &row);
    assert_status(commit(&change), YAO_OK);
    change = begin();
    store_replace_session(&change, &row); /* who read the same */
    assert_status(commit(&change), YAO_E_NOT_FOUND);

    change = begin();
    store_end_session(&change, HASH(id));
    assert_status(commit(&change), YAO_OK);
    change = begin();
    store_end_session(&change, HASH(id));
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    done();
}

static void ends_sessions_together(void **state)
{
    numbered      owner = number(9);
    store_session row;
    store_change  change = begin();

    (void)state;
    open_new();
    assert_status(put_session(1, 9, NOW + 60), YAO_OK);
    assert_status(put_session(2, 9, NOW + 60), YAO_OK);
    assert_status(put_session(3, 8, NOW + 60), YAO_OK);
    assert_status(put_session(4, 8, NOW + 6), YAO_OK);
    store_end_sessions_of(&change, ID(owner));
    store_forget_sessions(&change, NOW + 6);
    assert_status(commit(&change), YAO_OK);
    assert_status(find_session(1, 7, NOW, &row), YAO_E_NOT_FOUND);
    assert_status(find_session(2, 7, NOW, &row), YAO_E_NOT_FOUND);
    assert_status(find_session(3, 7, NOW, &row), YAO_OK);
    assert_status(find_session(4, 7, NOW, &row), YAO_E_NOT_FOUND);
    done();
}

static void ends_the_other_sessions(void **state)
{
    numbered      owner = number(9), own = number(2);
    store_session row;
    store_change  change = begin();

    (void)state;
    open_new();
    assert_status(put_session(1, 9, NOW + 60), YAO_OK);
    assert_status(put_session(2, 9, NOW + 60), YAO_OK);
    assert_status(put_session(3, 8, NOW + 60), YAO_OK);
    store_end_other_sessions_of(&change, ID(owner), HASH(own));
    assert_status(commit(&change), YAO_OK);
    assert_status(find_session(1, 7, NOW, &row), YAO_E_NOT_FOUND);
    assert_status(find_session(2, 7, NOW, &row), YAO_OK);
    assert_status(find_session(3, 7, NOW, &row), YAO_OK);
    done();
}

/* ---- enrolments ---- */

enum { HOLDER = 50 };

static yao_status enrol(unsigned n, int64_t level, int64_t how, bool replaces)
{
    numbered     id = number(n), holder = number(HOLDER);
    store_change change = begin();

    store_put_enrolment(&change,
                        &(store_enrolment){.id          = ID(id),
                                           .holder      = HASH(holder),
                                           .level       = level,
                                           .factors     = 3,
                                           .state       = how,
                                           .replaces    = replaces,
                                           .started     = NOW + n,
                                           .active_from = NOW + 100});
    return commit(&change);
}

static yao_status bind(unsigned n, bool waited)
{
    numbered     id = number(n), device = number(1000 + n);
    store_change change = begin();

    store_bind_enrolment(&change, ID(id), HASH(device), waited, NOW + 200);
    return commit(&change);
}

static int64_t state_of(unsigned n)
{
    numbered        id = number(n);
    store_enrolment e;

    assert_status(store_get_enrolment(s, ID(id), test_arena(), &e), YAO_OK);
    return e.state;
}

/* Every pair of levels: who comes second, and wants to be the only one. */
static void never_ends_a_higher_level(void **state)
{
    (void)state;
    open_new();
    done();
    for (int64_t old = 1; old <= 4; old++)
        for (int64_t young = 1; young <= 4; young++) {
            bool may = young >= old;
            open_new();
            assert_status(enrol(1, old, STORE_ENROLMENT_OFFERED, false),
                          YAO_OK);
            assert_status(bind(1, false), YAO_OK);
            assert_status(enrol(2, young, STORE_ENROLMENT_OFFERED, true),
                          may ? YAO_OK : YAO_E_NOT_AUTHORISED);
            assert_status(enrol(3, young, STORE_ENROLMENT_WAITING, true),
                          YAO_OK);
            assert_status(bind(3, true), YAO_E_NOT_FOUND);
            if (may) {
                assert_status(bind(2, false), YAO_OK);
                assert_int_equal(state_of(1), STORE_ENROLMENT_ENDED);
                assert_int_equal(state_of(3), STORE_ENROLMENT_ENDED);
            } else {
                assert_int_equal(state_of(1), STORE_ENROLMENT_BOUND);
                assert_int_equal(state_of(3), STORE_ENROLMENT_WAITING);
            }
            done();
        }
}

static void adds_after_a_notice(void **state)
{
    numbered     two    = number(2);
    store_change change = begin();

    (void)state;
    open_new();
    assert_status(enrol(1, 3, STORE_ENROLMENT_OFFERED, false), YAO_OK);
    assert_status(bind(1, false), YAO_OK);
    assert_status(bind(1, false), YAO_E_NOT_FOUND); /* once */
    assert_status(enrol(2, 2, STORE_ENROLMENT_WAITING, true), YAO_OK);
    store_offer_enrolment(&change, ID(two), NOW + 99);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    change = begin();
    store_offer_enrolment(&change, ID(two), NOW + 100);
    assert_status(commit(&change), YAO_OK);
    assert_status(bind(2, true), YAO_OK);
    assert_int_equal(state_of(1), STORE_ENROLMENT_BOUND);
    assert_int_equal(state_of(2), STORE_ENROLMENT_BOUND);
    done();
}

/* Offered before, bound after a device of a higher level. */
static void never_slips_below(void **state)
{
    (void)state;
    open_new();
    assert_status(enrol(1, 2, STORE_ENROLMENT_OFFERED, true), YAO_OK);
    assert_status(enrol(2, 3, STORE_ENROLMENT_OFFERED, false), YAO_OK);
    assert_status(bind(2, false), YAO_OK);
    assert_status(bind(1, false), YAO_E_NOT_AUTHORISED);
    assert_int_equal(state_of(2), STORE_ENROLMENT_BOUND);
    done();
}

static void lists_and_ends(void **state)
{
    numbered one = number(1), holder = number(HOLDER), other = number(51);
    numbered         device = number(1001), issuance = number(70);
    store_change     change = begin();
    store_enrolment *list;
    yao_bytes       *issuances;
    size_t           count;

    (void)state;
    open_new();
    assert_status(enrol(1, 3, STORE_ENROLMENT_OFFERED, false), YAO_OK);
    assert_status(bind(1, false), YAO_OK);
    store_put_enrolment_issuance(&change, ID(one), ID(issuance));
    store_put_enrolment_issuance(&change, ID(one), ID(issuance));
    assert_status(commit(&change), YAO_OK);
    assert_status(store_list_enrolment_issuances(s, ID(one), test_arena(),
                                                 &issuances, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_status(
        store_list_device(s, HASH(device), test_arena(), &list, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].level, 3);

    change = begin();
    store_end_enrolment(&change, ID(one), HASH(holder), 2, NOW);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    change = begin();
    store_end_enrolment(&change, ID(one), HASH(other), 4, NOW);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    change = begin();
    store_end_enrolment(&change, ID(one), HASH(holder), 3, NOW);
    assert_status(commit(&change), YAO_OK);
    assert_status(
        store_list_enrolments(s, HASH(holder), test_arena(), &list, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].state, STORE_ENROLMENT_ENDED);
    /* the ledger knows nothing of that issuance */
    assert_status(store_list_ended_issuances(s, 9, test_arena(), &issuances,
                                             &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    done();
}

static yao_status put_code(int64_t level, unsigned verifier)
{
    numbered     holder = number(HOLDER), salt = number(1),
                 hash   = number(verifier);
    store_change change = begin();

    store_put_access_code(&change, &(store_access_code){.holder = HASH(holder),
                                                        .salt   = ID(salt),
                                                        .verifier = HASH(hash),
                                                        .level    = level,
                                                        .changed  = NOW});
    return commit(&change);
}

static void never_takes_a_higher_code(void **state)
{
    numbered          holder = number(HOLDER), second = number(2);
    store_access_code code;

    (void)state;
    open_new();
    assert_status(put_code(3, 1), YAO_OK);
    assert_status(put_code(3, 2), YAO_OK);
    assert_status(put_code(2, 3), YAO_E_NOT_AUTHORISED);
    assert_status(
        store_get_access_code(s, HASH(holder), test_arena(), &code), YAO_OK);
    assert_bytes(code.verifier, HASH(second));
    assert_int_equal(code.level, 3);
    done();
}

/* ---- guardians ---- */

static void ends_with_the_guardian(void **state)
{
    numbered id = number(1), child = number(HOLDER), parent = number(60);
    numbered kept = number(5);
    store_change    change = begin();
    store_guardian *list;
    size_t          count;

    (void)state;
    open_new();
    store_put_guardian(&change,
                       &(store_guardian){.id       = ID(id),
                                         .child    = HASH(child),
                                         .guardian = HASH(parent),
                                         .started  = NOW,
                                         .ends     = NOW + 10,
                                         .reason = YAO_TEXT("household")});
    store_put_enrolment(&change,
                        &(store_enrolment){.id      = ID(kept),
                                           .holder  = HASH(child),
                                           .level   = 3,
                                           .factors = 64 + 7,
                                           .state = STORE_ENROLMENT_OFFERED,
                                           .started = NOW});
    assert_status(commit(&change), YAO_OK);
    store_enrolment *due;
    assert_status(
        store_list_due_guarded(s, NOW + 9, 5, test_arena(), &due, &count),
        YAO_OK);
    assert_int_equal(count, 0);
    assert_status(
        store_list_due_guarded(s, NOW + 10, 5, test_arena(), &due, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_bytes(due[0].id, ID(kept));
    assert_int_equal(state_of(5), STORE_ENROLMENT_OFFERED);

    change = begin();
    store_end_guardian(&change, ID(id), YAO_TEXT("divorce"), NOW + 3);
    assert_status(commit(&change), YAO_OK);
    change = begin();
    store_end_guardian(&change, ID(id), YAO_TEXT("divorce"), NOW + 3);
    assert_status(commit(&change), YAO_E_NOT_FOUND);
    assert_status(
        store_list_guardians(s, HASH(parent), test_arena(), &list, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].ended, NOW + 3);
    done();
}

/* ---- limits ---- */

static yao_status count_to(int64_t tries, int64_t before)
{
    numbered     subject = number(1);
    store_change change  = begin();

    store_put_throttle(&change,
                       &(store_throttle){.kind    = 3,
                                         .subject = HASH(subject),
                                         .tries   = tries,
                                         .until   = NOW,
                                         .expires = NOW + 10},
                       before);
    return commit(&change);
}

static void counts_each_try(void **state)
{
    numbered       subject = number(1);
    store_change   change  = begin();
    store_throttle t;

    (void)state;
    open_new();
    assert_status(count_to(1, 0), YAO_OK);
    assert_status(count_to(1, 0), YAO_E_EXISTS);
    assert_status(count_to(2, 1), YAO_OK);
    assert_status(count_to(2, 1), YAO_E_EXISTS);
    assert_status(store_get_throttle(s, 3, HASH(subject), test_arena(), &t),
                  YAO_OK);
    assert_int_equal(t.tries, 2);
    store_forget_throttles(&change, NOW + 9);
    assert_status(commit(&change), YAO_OK);
    assert_status(store_get_throttle(s, 3, HASH(subject), test_arena(), &t),
                  YAO_OK);
    change = begin();
    store_end_throttle(&change, 3, HASH(subject));
    assert_status(commit(&change), YAO_OK);
    assert_status(store_get_throttle(s, 3, HASH(subject), test_arena(), &t),
                  YAO_E_NOT_FOUND);
    done();
}

/* ---- cases ---- */

static yao_status decide(unsigned by)
{
    numbered     id = number(1), who = number(by);
    store_change change = begin();

    store_decide_case(&change, ID(id), YAO_TEXT("accept"), ID(who), NOW);
    return commit(&change);
}

static yao_status confirm(unsigned by, yao_text decision)
{
    numbered     id = number(1), who = number(by);
    store_change change = begin();

    store_confirm_case(&change, ID(id), decision, ID(who), NOW);
    return commit(&change);
}

static yao_status reopen(unsigned by)
{
    numbered     id = number(1), who = number(by);
    store_change change = begin();

    store_reopen_case(&change, ID(id), ID(who));
    return commit(&change);
}

static void takes_four_eyes(void **state)
{
    numbered     id = number(1), subject = number(2);
    store_change change = begin();
    store_case  *list;
    size_t       count;
    uint64_t     open;

    (void)state;
    open_new();
    store_put_case(&change, &(store_case){.id      = ID(id),
                                          .kind    = YAO_TEXT("enrol.face"),
                                          .subject = HASH(subject),
                                          .opened  = NOW,
                                          .detail  = YAO_TEXT("{}")});
    assert_status(commit(&change), YAO_OK);
    assert_status(confirm(11, YAO_TEXT("accept")), YAO_E_NOT_AUTHORISED);
    assert_status(decide(10), YAO_OK);
    assert_status(decide(11), YAO_E_NOT_FOUND);
    assert_status(confirm(10, YAO_TEXT("accept")), YAO_E_NOT_AUTHORISED);
    assert_status(confirm(11, YAO_TEXT("refuse")), YAO_E_NOT_AUTHORISED);
    assert_status(reopen(10), YAO_E_NOT_AUTHORISED);
    assert_status(reopen(11), YAO_OK);
    assert_status(decide(11), YAO_OK);
    assert_status(confirm(10, YAO_TEXT("accept")), YAO_OK);
    assert_status(confirm(12, YAO_TEXT("accept")), YAO_E_NOT_AUTHORISED);

    assert_status(store_list_cases(s, STORE_CASE_CLOSED, 5, test_arena(),
                                   &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].confirmed_at, NOW);
    assert_status(store_count_cases(s, YAO_TEXT("enrol.face"), HASH(subject),
                                    &open),
                  YAO_OK);
    assert_int_equal(open, 0);
    done();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives a pairing code to one page, within its time", pairs_once},
    {"never pairs a removed kiosk", removes_for_good},
    {"lets one of two change a session", changes_one_at_a_time},
    {"ends the sessions of one owner, and those that are over",
     ends_sessions_together},
    {"ends the sessions of one owner but the one that asks",
     ends_the_other_sessions},
    {"never lets a lower level end a higher one, in all pairs",
     never_ends_a_higher_level},
    {"adds a device of a lower level after its notice", adds_after_a_notice},
    {"never binds below a level that came in between", never_slips_below},
    {"lists devices and ends one, of its person and level", lists_and_ends},
    {"never gives an access code in the place of a higher one",
     never_takes_a_higher_code},
    {"lists what a guardian held from its day on", ends_with_the_guardian},
    {"counts a try once, of two at a time", counts_each_try},
    {"never lets an operator confirm their own decision", takes_four_eyes},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines("enrol", rows[i].name, rows[i].run);
    int code = test_run("store/enrolment_contract");
    test_scratch_remove();
    return code;
}
