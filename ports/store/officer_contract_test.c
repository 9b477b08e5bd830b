/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises a desk of its officers: a number is somebody's
 * once, an end is for good and takes the hours along, a counter goes forward,
 * a result is amended by one.
 */

#include "store/desk.h"
#include "store/officer.h"

#include "check.h"
#include "program.h"
#include "stores.h"

enum { HOUR = 3600 };

static void open_desk(void)
{
    skip_guests();
    engines[engine].url(url, sizeof url);
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &s),
                  YAO_OK);
}

static yao_status add(unsigned n, const char *number_of)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    const store_officer who = {.id       = ID(id),
                               .number   = yao_text_of(number_of),
                               .profiles = YAO_TEXT("police"),
                               .added    = NOW};

    store_put_officer(&change, &who);
    return store_commit(s, &change);
}

static yao_status end(unsigned n)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_end_officer(&change, ID(id), NOW + 5);
    return store_commit(s, &change);
}

static yao_status put_key(unsigned n, unsigned key)
{
    static const uint8_t point[65] = {4};
    numbered             id = number(n), k = number(key);
    store_change         change = store_change_open(test_arena());

    store_put_officer_key(&change,
                          &(store_officer_key){.id       = HASH(k),
                                               .officer  = ID(id),
                                               .point    = {point, 65},
                                               .counter  = 3,
                                               .may_move = true,
                                               .added    = NOW});
    return store_commit(s, &change);
}

static yao_status use_key(unsigned key, int64_t before, int64_t after)
{
    numbered     k      = number(key);
    store_change change = store_change_open(test_arena());

    store_use_officer_key(&change,
                          &(store_officer_key){.id      = HASH(k),
                                               .counter = after,
                                               .moved   = true,
                                               .used    = NOW + 1},
                          before);
    return store_commit(s, &change);
}

static yao_status log_in(unsigned n, unsigned token)
{
    numbered     id = number(n), t = number(token);
    store_change change = store_change_open(test_arena());

    store_put_officer_login(&change,
                            &(store_officer_login){.id      = HASH(t),
                                                   .officer = ID(id),
                                                   .sealed = YAO_LIT("sealed"),
                                                   .since   = NOW,
                                                   .expires = NOW + HOUR});
    return store_commit(s, &change);
}

static yao_status is_in(unsigned token, yao_time now)
{
    numbered            t = number(token);
    store_officer_login got;

    return store_get_officer_login(s, HASH(t), now, test_arena(), &got);
}

/* ---- rows ---- */

static void keeps_one(void **state)
{
    numbered       id = number(1);
    store_officer  got, *all;
    size_t         count;

    (void)state;
    open_desk();
    assert_status(add(1, "7K2Q"), YAO_OK);
    assert_status(add(2, "7K2Q"), YAO_E_EXISTS);
    assert_status(add(1, "8"), YAO_E_EXISTS);
    assert_status(add(3, "0918"), YAO_OK);
    assert_status(store_get_officer(s, ID(id), test_arena(), &got), YAO_OK);
    assert_true(yao_text_equal(got.number, YAO_TEXT("7K2Q")));
    assert_true(yao_text_equal(got.profiles, YAO_TEXT("police")));
    assert_int_equal(got.state, STORE_OFFICER_INVITED);
    assert_status(store_list_officers(s, test_arena(), &all, &count), YAO_OK);
    assert_int_equal(count, 2);
    assert_true(yao_text_equal(all[0].number, YAO_TEXT("0918")));
    done();
}

static void keeps_keys(void **state)
{
    numbered          k = number(51), id = number(1);
    store_officer_key got;
    store_officer     who;

    (void)state;
    open_desk();
    assert_status(add(1, "7K2Q"), YAO_OK);
    assert_status(put_key(2, 50), YAO_E_NOT_FOUND);
    assert_status(put_key(1, 51), YAO_OK);
    assert_status(put_key(1, 51), YAO_E_EXISTS);
    assert_status(store_get_officer(s, ID(id), test_arena(), &who), YAO_OK);
    assert_int_equal(who.state, STORE_OFFICER_ACTIVE);
    assert_status(use_key(51, 3, 4), YAO_OK);
    assert_status(use_key(51, 3, 5), YAO_E_NOT_FOUND);
    assert_status(store_get_officer_key(s, HASH(k), test_arena(), &got),
                  YAO_OK);
    assert_int_equal(got.counter, 4);
    assert_true(got.moved && got.may_move);
    assert_int_equal(got.used, NOW + 1);
    done();
}

static void keeps_hours(void **state)
{
    store_change change;

    (void)state;
    open_desk();
    assert_status(add(1, "7K2Q"), YAO_OK);
    assert_status(log_in(1, 60), YAO_E_REFUSED); /* no passkey yet */
    assert_status(put_key(1, 51), YAO_OK);
    assert_status(log_in(1, 60), YAO_OK);
    assert_status(log_in(1, 60), YAO_E_EXISTS);
    assert_status(is_in(60, NOW + HOUR - 1), YAO_OK);
    assert_status(is_in(60, NOW + HOUR), YAO_E_NOT_FOUND);
    assert_status(is_in(61, NOW), YAO_E_NOT_FOUND);
    change = store_change_open(test_arena());
    store_forget_officer_logins(&change, NOW + HOUR);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(is_in(60, NOW), YAO_E_NOT_FOUND);
    assert_status(log_in(1, 62), YAO_OK);
    numbered t = number(62);
    change     = store_change_open(test_arena());
    store_end_officer_login(&change, HASH(t));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(is_in(62, NOW), YAO_E_NOT_FOUND);
    done();
}

static void ends_for_good(void **state)
{
    (void)state;
    open_desk();
    assert_status(end(1), YAO_E_NOT_FOUND);
    assert_status(add(1, "7K2Q"), YAO_OK);
    assert_status(put_key(1, 51), YAO_OK);
    assert_status(log_in(1, 60), YAO_OK);
    assert_status(end(1), YAO_OK);
    assert_status(is_in(60, NOW), YAO_E_NOT_FOUND);
    assert_status(end(1), YAO_E_NOT_FOUND);
    assert_status(log_in(1, 61), YAO_E_REFUSED);
    assert_status(put_key(1, 52), YAO_E_NOT_FOUND);
    assert_status(add(2, "7K2Q"), YAO_E_EXISTS);
    done();
}

/* ---- results ---- */

static yao_status reseal(unsigned n, const char *sealed, const char *before)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_seal_judgement(&change, ID(id), yao_text_bytes(yao_text_of(sealed)),
                         yao_text_bytes(yao_text_of(before)));
    return store_commit(s, &change);
}

static void amends_a_result(void **state)
{
    numbered        id = number(1), client = number(2);
    store_judgement got;
    store_change    change;

    (void)state;
    open_desk();
    change = store_change_open(test_arena());
    const store_judgement made = {.id       = ID(id),
                                  .client   = ID(client),
                                  .profile  = YAO_TEXT("police"),
                                  .verdict  = 1,
                                  .made     = NOW,
                                  .ends     = NOW + HOUR,
                                  .sealed   = YAO_LIT("one"),
                                  .evidence = YAO_LIT("e")};
    store_put_judgement(&change, &made);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(reseal(1, "two", "another"), YAO_E_NOT_FOUND);
    assert_status(reseal(1, "two", "one"), YAO_OK);
    assert_status(reseal(1, "three", "one"), YAO_E_NOT_FOUND);
    assert_status(reseal(9, "two", "one"), YAO_E_NOT_FOUND);
    assert_status(
        store_get_judgement(s, ID(id), NOW, test_arena(), &got), YAO_OK);
    assert_true(yao_bytes_equal(got.sealed, YAO_LIT("two")));
    assert_true(yao_bytes_equal(got.evidence, YAO_LIT("e")));
    done();
}

int main(void)
{
    add_for_engines("officer", "keeps a number for one", keeps_one);
    add_for_engines("officer", "keeps passkeys that go forward", keeps_keys);
    add_for_engines("officer", "keeps hours until they are over", keeps_hours);
    add_for_engines("officer", "never lets in who was ended", ends_for_good);
    add_for_engines("officer", "accepts one who amends a result",
                    amends_a_result);
    int code = test_run("store/officer_contract");
    test_scratch_remove();
    return code;
}
