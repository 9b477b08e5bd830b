/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about persons' passkeys. */

#include "store/person_passkey.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static uint8_t point[65] = {4, 1, 2, 3};

static yao_status put(unsigned id, unsigned holder)
{
    numbered                   n = number(id), h = number(holder);
    store_change               change = store_change_open(test_arena());
    const store_person_passkey p      = {.id       = HASH(n),
                                         .holder   = HASH(h),
                                         .lookup   = HASH(h),
                                         .point    = {point, sizeof point},
                                         .level    = 3,
                                         .counter  = 5,
                                         .may_move = true,
                                         .added    = NOW};

    store_put_person_passkey(&change, &p);
    return store_commit(s, &change);
}

static yao_status use(unsigned id, int64_t before, int64_t after)
{
    numbered                   n      = number(id);
    store_change               change = store_change_open(test_arena());
    const store_person_passkey p      = {
             .id = HASH(n), .counter = after, .moved = true, .used = NOW + 1};

    store_use_person_passkey(&change, &p, before);
    return store_commit(s, &change);
}

static yao_status drop(unsigned id, unsigned holder)
{
    numbered     n = number(id), h = number(holder);
    store_change change = store_change_open(test_arena());

    store_drop_person_passkey(&change, HASH(n), HASH(h));
    return store_commit(s, &change);
}

static void binds_once(void **state)
{
    numbered             n = number(1), none = number(9);
    store_person_passkey found;

    (void)state;
    open_new();
    assert_status(put(1, 100), YAO_OK);
    assert_status(put(1, 200), YAO_E_EXISTS);
    assert_status(store_get_person_passkey(s, HASH(n), test_arena(), &found),
                  YAO_OK);
    assert_int_equal(found.level, 3);
    assert_int_equal(found.counter, 5);
    assert_true(found.may_move);
    assert_false(found.moved);
    assert_int_equal(found.used, 0);
    assert_status(store_get_person_passkey(s, HASH(none), test_arena(),
                                           &found), YAO_E_NOT_FOUND);
    done();
}

static void counts_forward(void **state)
{
    numbered             n = number(1);
    store_person_passkey found;

    (void)state;
    open_new();
    assert_status(put(1, 100), YAO_OK);
    assert_status(use(1, 5, 6), YAO_OK);
    assert_status(use(1, 5, 6), YAO_E_NOT_FOUND); /* a copy */
    assert_status(use(2, 5, 6), YAO_E_NOT_FOUND);
    assert_status(store_get_person_passkey(s, HASH(n), test_arena(), &found),
                  YAO_OK);
    assert_int_equal(found.counter, 6);
    assert_true(found.moved);
    assert_int_equal(found.used, NOW + 1);
    done();
}

static void drops_its_own(void **state)
{
    numbered              h = number(100), other = number(200);
    store_person_passkey *found;
    size_t                count;
    store_change          change;

    (void)state;
    open_new();
    for (unsigned i = 1; i < 4; i++)
        assert_status(put(i, 100), YAO_OK);
    assert_status(put(4, 200), YAO_OK);
    assert_status(drop(1, 200), YAO_E_NOT_FOUND);
    assert_status(drop(1, 100), YAO_OK);
    assert_status(drop(1, 100), YAO_E_NOT_FOUND);
    assert_status(store_list_person_passkeys(s, HASH(h), test_arena(), &found,
                                             &count), YAO_OK);
    assert_int_equal(count, 2);
    change = store_change_open(test_arena());
    store_drop_person_passkeys(&change, HASH(h));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_list_person_passkeys(s, HASH(h), test_arena(), &found,
                                             &count), YAO_OK);
    assert_int_equal(count, 0);
    change = store_change_open(test_arena());
    store_drop_person_passkeys_up_to(&change, HASH(other), 2);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_list_person_passkeys(s, HASH(other), test_arena(),
                                             &found, &count), YAO_OK);
    assert_int_equal(count, 1); /* it is of level 3 */
    change = store_change_open(test_arena());
    store_drop_person_passkeys_up_to(&change, HASH(other), 3);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(drop(4, 200), YAO_E_NOT_FOUND);
    done();
}

int main(void)
{
    add_for_engines("person passkey", "binds each once", binds_once);
    add_for_engines("person passkey", "counts forward", counts_forward);
    add_for_engines("person passkey", "drops a person's own", drops_its_own);
    int code = test_run("store/person_passkey_contract");
    test_scratch_remove();
    return code;
}
