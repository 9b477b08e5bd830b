/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises a guest register: an entry for a result, of one
 * program, by the day of arrival, until it ends. */

#include "store/guest.h"

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

static yao_status put(unsigned n, unsigned whose, int64_t arrival,
                      yao_time ends)
{
    numbered          id = number(n), client = number(whose);
    store_change      change = store_change_open(test_arena());
    const store_guest g      = {.id      = ID(id),
                                .client  = ID(client),
                                .arrival = arrival,
                                .made    = NOW,
                                .ends    = ends,
                                .sealed  = YAO_LIT("sealed")};

    store_put_guest(&change, &g);
    return store_commit(s, &change);
}

static yao_status get(unsigned n, unsigned whose, yao_time now,
                      store_guest *ret)
{
    numbered id = number(n), client = number(whose);

    return store_get_guest(s, ID(id), ID(client), now, test_arena(), ret);
}

static void keeps(void **state)
{
    store_guest  g;
    store_change change = store_change_open(test_arena());

    (void)state;
    open_desk();
    assert_status(put(1, 7, 100, NOW), YAO_E_STORE); /* ends as it begins */
    assert_status(put(1, 7, 100, NOW + 50), YAO_OK);
    assert_status(put(1, 7, 100, NOW + 50), YAO_E_EXISTS);
    assert_status(get(1, 7, NOW, &g), YAO_OK);
    assert_int_equal(g.arrival, 100);
    assert_bytes(g.sealed, YAO_LIT("sealed"));
    assert_status(get(1, 8, NOW, &g), YAO_E_NOT_FOUND);
    assert_status(get(1, 7, NOW + 50, &g), YAO_E_NOT_FOUND);
    assert_status(get(1, 7, NOW, &g), YAO_OK);
    g.sealed = YAO_LIT("another");
    store_change_guest(&change, &g, NOW + 50);
    assert_status(store_commit(s, &change), YAO_E_NOT_FOUND);
    change = store_change_open(test_arena());
    store_change_guest(&change, &g, NOW);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(get(1, 7, NOW, &g), YAO_OK);
    assert_bytes(g.sealed, YAO_LIT("another"));
    done();
}

/* The numbers of those behind (AFTER, N), in their order. */
static const char *list(int64_t before, int64_t after, unsigned n, size_t most)
{
    static char             out[64];
    numbered                client = number(7), id = number(n);
    const store_guest_query q      = {.client   = ID(client),
                                      .now      = NOW,
                                      .before   = before,
                                      .after    = after,
                                      .after_id = n == 0 ? YAO_LIT("") : ID(id),
                                      .most     = most};
    store_guest            *found;
    size_t                  count = 0;

    assert_status(store_list_guests(s, &q, test_arena(), &found, &count),
                  YAO_OK);
    out[0] = '\0';
    for (size_t i = 0; i < count; i++)
        for (unsigned k = 1; k < 6; k++) {
            numbered each = number(k);
            if (yao_bytes_equal(found[i].id, ID(each)))
                snprintf(out + strlen(out), sizeof out - strlen(out), "%u", k);
        }
    return out;
}

static void lists(void **state)
{
    (void)state;
    open_desk();
    assert_status(put(3, 7, 102, NOW + 50), YAO_OK);
    assert_status(put(1, 7, 100, NOW + 50), YAO_OK);
    assert_status(put(2, 7, 100, NOW + 50), YAO_OK);
    assert_status(put(4, 8, 100, NOW + 50), YAO_OK);
    assert_status(put(5, 7, 103, NOW + 50), YAO_OK);
    assert_string_equal(list(999, 0, 0, 10), "1235");
    assert_string_equal(list(103, 100, 0, 10), "123");
    assert_string_equal(list(999, 0, 0, 2), "12");
    assert_string_equal(list(999, 100, 2, 10), "35");
    assert_string_equal(list(999, 100, 1, 1), "2");
    assert_string_equal(list(100, 0, 0, 10), "");
    done();
}

static void forgets(void **state)
{
    uint64_t     count = 9;
    numbered     one = number(1), whose = number(8), mine = number(7);
    store_change change = store_change_open(test_arena());

    (void)state;
    open_desk();
    assert_status(put(1, 7, 100, NOW + 50), YAO_OK);
    assert_status(put(2, 7, 100, NOW + 90), YAO_OK);
    store_drop_guest(&change, ID(one), ID(whose));
    store_forget_guests(&change, NOW + 49);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_guests(s, &count), YAO_OK);
    assert_int_equal(count, 2);
    change = store_change_open(test_arena());
    store_forget_guests(&change, NOW + 50);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_guests(s, &count), YAO_OK);
    assert_int_equal(count, 1);
    numbered two = number(2);
    change       = store_change_open(test_arena());
    store_drop_guest(&change, ID(two), ID(mine));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_count_guests(s, &count), YAO_OK);
    assert_int_equal(count, 0);
    done();
}

int main(void)
{
    add_for_engines("guest", "keeps an entry for a result, of one program",
                    keeps);
    add_for_engines("guest", "gives them by the day of arrival, in parts",
                    lists);
    add_for_engines("guest", "forgets what was dropped, and what ended",
                    forgets);
    int code = test_run("store/guest_contract");
    test_scratch_remove();
    return code;
}
