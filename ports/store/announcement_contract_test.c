/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises a desk's outbox: one row for a result, the longest
 * due first, nothing told twice by one who lost. */

#include "store/announcement.h"

#include "check.h"
#include "program.h"
#include "stores.h"

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

static yao_status put(unsigned n, yao_time made)
{
    numbered                 id = number(n), client = number(77);
    store_change             change = store_change_open(test_arena());
    const store_announcement a      = {.id     = ID(id),
                                       .client = ID(client),
                                       .body   = YAO_TEXT("{}"),
                                       .made   = made,
                                       .ends   = made + 100};

    store_put_announcement(&change, &a);
    return store_commit(s, &change);
}

static size_t due(yao_time now, store_announcement **list)
{
    size_t count = 99;

    assert_status(
        store_list_due_announcements(s, now, 16, test_arena(), list, &count),
        YAO_OK);
    return count;
}

static void keeps(void **state)
{
    store_announcement *list;
    numbered            first = number(1);

    (void)state;
    open_desk();
    assert_status(put(2, NOW + 1), YAO_OK);
    assert_status(put(1, NOW), YAO_OK);
    assert_status(put(1, NOW), YAO_E_EXISTS);
    assert_int_equal(due(NOW - 1, &list), 0);
    assert_int_equal(due(NOW + 1, &list), 2);
    assert_bytes(list[0].id, ID(first));
    assert_bytes(yao_text_bytes(list[0].body), YAO_LIT("{}"));
    assert_int_equal(list[0].tries, 0);
    assert_int_equal(due(NOW + 100, &list), 1);
    done();
}

static void delays(void **state)
{
    store_announcement *list, *again;
    store_change        change = store_change_open(test_arena());

    (void)state;
    open_desk();
    assert_status(put(1, NOW), YAO_OK);
    assert_int_equal(due(NOW, &list), 1);
    store_delay_announcement(&change, &list[0], NOW + 7);
    assert_status(store_commit(s, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_delay_announcement(&change, &list[0], NOW + 9);
    assert_status(store_commit(s, &change), YAO_E_NOT_FOUND);
    assert_int_equal(due(NOW + 6, &again), 0);
    assert_int_equal(due(NOW + 7, &again), 1);
    assert_int_equal(again[0].tries, 1);
    change = store_change_open(test_arena()); /* with it what came meanwhile */
    store_delay_announcements_of(&change, list[0].client, NOW + 20);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_int_equal(due(NOW + 19, &again), 0);
    assert_int_equal(due(NOW + 20, &again), 1);
    change = store_change_open(test_arena()); /* never earlier, nor others */
    store_delay_announcements_of(&change, list[0].client, NOW + 1);
    store_delay_announcements_of(&change, list[0].id, NOW + 50);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_int_equal(due(NOW + 19, &again), 0);
    assert_int_equal(due(NOW + 20, &again), 1);
    done();
}

static void forgets(void **state)
{
    uint64_t     count  = 9;
    numbered     id     = number(1);
    store_change change = store_change_open(test_arena());

    (void)state;
    open_desk();
    assert_status(put(1, NOW), YAO_OK);
    assert_status(put(2, NOW), YAO_OK);
    assert_status(put(3, NOW + 50), YAO_OK);
    store_drop_announcement(&change, ID(id));
    assert_status(store_commit(s, &change), YAO_OK);
    change = store_change_open(test_arena());
    store_forget_announcements(&change, NOW + 100);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_announcements(s, &count), YAO_OK);
    assert_int_equal(count, 1);
    done();
}

int main(void)
{
    add_for_engines("announcement",
                    "accepts one of a result, gives what is due", keeps);
    add_for_engines("announcement", "never lets two delay it", delays);
    add_for_engines("announcement", "forgets what was told, and what ended",
                    forgets);
    int code = test_run("store/announcement_contract");
    test_scratch_remove();
    return code;
}
