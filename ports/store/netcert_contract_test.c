/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about net certificates and grants. */
#include "store/grant.h"
#include "store/netcert.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static yao_status put(unsigned n, unsigned person, unsigned net)
{
    numbered     id = number(n), who = number(person), hash = number(net);
    store_change change = store_change_open(test_arena());

    store_put_netcert(&change, &(store_netcert){.id      = ID(id),
                                                .person  = HASH(who),
                                                .holder  = HASH(who),
                                                .number  = HASH(hash),
                                                .level   = 3,
                                                .sealed  = YAO_LIT("sealed"),
                                                .opened  = NOW,
                                                .expires = NOW + 1000});
    return store_commit(s, &change);
}

static store_netcert get(unsigned person)
{
    numbered      who = number(person);
    store_netcert n;

    assert_status(store_get_netcert(s, HASH(who), test_arena(), &n), YAO_OK);
    return n;
}

static yao_status move(const store_netcert *n, store_netcert_state to,
                       yao_time at)
{
    store_change change = store_change_open(test_arena());

    store_move_netcert(&change, n, to, at);
    return store_commit(s, &change);
}

static void gives_what_was_put(void **state)
{
    numbered      who = number(50), hash = number(90), nobody = number(7);
    store_netcert n;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    n = get(50);
    assert_int_equal(n.state, STORE_NETCERT_OPENED);
    assert_int_equal(n.version, 1);
    assert_int_equal(n.level, 3);
    assert_bytes(n.sealed, YAO_LIT("sealed"));
    assert_int_equal(n.device.len, 0);
    assert_int_equal(n.opened, NOW);
    assert_int_equal(n.expires, NOW + 1000);
    assert_status(store_find_netcert(s, HASH(hash), test_arena(), &n), YAO_OK);
    assert_bytes(n.person, HASH(who));
    assert_status(store_find_netcert(s, HASH(nobody), test_arena(), &n),
                  YAO_E_NOT_FOUND);
    assert_status(store_get_netcert(s, HASH(nobody), test_arena(), &n),
                  YAO_E_NOT_FOUND);
    done();
}

static void keeps_one_alive(void **state)
{
    store_netcert n;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    assert_status(put(2, 50, 91), YAO_E_EXISTS); /* of the same person */
    assert_status(put(2, 51, 90), YAO_E_EXISTS); /* the same number */
    assert_status(put(1, 51, 91), YAO_E_EXISTS); /* the same id */
    assert_status(put(2, 51, 91), YAO_OK);
    n = get(50);
    assert_status(move(&n, STORE_NETCERT_FROZEN, NOW + 1), YAO_OK);
    assert_status(put(3, 50, 92), YAO_E_EXISTS);
    n = get(50);
    assert_status(move(&n, STORE_NETCERT_DEREGISTERED, NOW + 2), YAO_OK);
    assert_status(put(3, 50, 92), YAO_OK);
    assert_int_equal(get(50).state, STORE_NETCERT_OPENED);
    done();
}

static void never_moves_what_changed(void **state)
{
    store_netcert n;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    n = get(50);
    assert_status(move(&n, STORE_NETCERT_FROZEN, NOW + 1), YAO_OK);
    assert_status(move(&n, STORE_NETCERT_DEREGISTERED, NOW + 2),
                  YAO_E_NOT_FOUND);
    n = get(50);
    assert_int_equal(n.state, STORE_NETCERT_FROZEN);
    assert_int_equal(n.version, 2);
    assert_int_equal(n.changed, NOW + 1);
    n.state = STORE_NETCERT_OPENED;
    assert_status(move(&n, STORE_NETCERT_DEREGISTERED, NOW + 2),
                  YAO_E_NOT_FOUND);
    done();
}

static yao_status use(const store_netcert *n, unsigned device)
{
    numbered     key    = number(device);
    store_change change = store_change_open(test_arena());

    store_use_netcert(&change, n, HASH(key));
    return store_commit(s, &change);
}

static void binds_to_a_device(void **state)
{
    numbered      key = number(70);
    store_netcert n;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    n = get(50);
    assert_status(use(&n, 70), YAO_OK);
    assert_status(use(&n, 71), YAO_E_NOT_FOUND); /* another device */
    assert_status(use(&n, 70), YAO_OK);          /* more for the same */
    assert_status(move(&n, STORE_NETCERT_FROZEN, NOW), YAO_E_NOT_FOUND);
    n = get(50);
    assert_bytes(n.device, HASH(key));
    assert_int_equal(n.version, 3);
    assert_status(move(&n, STORE_NETCERT_FROZEN, NOW + 1), YAO_OK);
    n = get(50);
    assert_status(use(&n, 70), YAO_E_NOT_FOUND); /* not open */
    done();
}

static void prefers_the_living(void **state)
{
    numbered       who = number(50), hash = number(90);
    store_netcert  n, *list;
    size_t         count;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    n = get(50);
    assert_status(move(&n, STORE_NETCERT_SUPERSEDED, NOW + 9), YAO_OK);
    assert_int_equal(get(50).state, STORE_NETCERT_SUPERSEDED);
    assert_status(put(2, 50, 90), YAO_OK); /* with its number */
    assert_int_equal(get(50).state, STORE_NETCERT_OPENED);
    assert_status(store_find_netcert(s, HASH(hash), test_arena(), &n), YAO_OK);
    assert_int_equal(n.state, STORE_NETCERT_OPENED);
    assert_status(
        store_list_netcerts(s, HASH(who), test_arena(), &list, &count), YAO_OK);
    assert_int_equal(count, 2);
    done();
}

static void gives_what_is_due(void **state)
{
    store_netcert *list, n;
    size_t         count;
    (void)state;

    open_new();
    assert_status(put(1, 50, 90), YAO_OK);
    assert_status(put(2, 51, 91), YAO_OK);
    n = get(51);
    assert_status(move(&n, STORE_NETCERT_EXPIRED, NOW), YAO_OK);
    assert_status(store_list_due_netcerts(s, NOW + 999, 10, test_arena(),
                                          &list, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(store_list_due_netcerts(s, NOW + 1000, 10, test_arena(),
                                          &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    done();
}

/* ---- grants ---- */

static yao_status grant(unsigned n, unsigned person, const char *item,
                        yao_time ends, yao_bytes *ret)
{
    numbered     id = number(n), who = number(person);
    store_change change = store_change_open(test_arena());

    store_put_grant(&change,
                    &(store_grant){.id      = ID(id),
                                   .person  = HASH(who),
                                   .party   = YAO_TEXT("party"),
                                   .item    = yao_text_of(item),
                                   .granted = NOW,
                                   .ends    = ends},
                    ret);
    return store_commit(s, &change);
}

static bool has(unsigned person, const char *party, const char *item,
                yao_time at)
{
    numbered          who  = number(person);
    const store_grant what = {.person = HASH(who),
                              .party  = yao_text_of(party),
                              .item   = yao_text_of(item)};
    bool              ret  = true;

    assert_status(store_has_grant(s, &what, at, &ret), YAO_OK);
    return ret;
}

static yao_status withdraw(unsigned n, unsigned person)
{
    numbered     id = number(n), who = number(person);
    store_change change = store_change_open(test_arena());

    store_withdraw_grant(&change, ID(id), HASH(who), NOW + 3);
    return store_commit(s, &change);
}

static void grants_until_a_time(void **state)
{
    (void)state;
    open_new();
    assert_status(grant(1, 50, "a.name", NOW + 10, NULL), YAO_OK);
    assert_true(has(50, "party", "a.name", NOW));
    assert_true(has(50, "party", "a.name", NOW + 9));
    assert_true(has(50, "party", "", NOW + 9));
    assert_false(has(50, "party", "a.name", NOW + 10));
    assert_false(has(50, "party", "a.name", NOW - 1));
    assert_false(has(50, "party", "a.sex", NOW));
    assert_false(has(50, "other", "a.name", NOW));
    assert_false(has(50, "other", "", NOW));
    assert_false(has(51, "party", "a.name", NOW));
    done();
}

static void withdraws(void **state)
{
    (void)state;
    open_new();
    assert_status(grant(1, 50, "a.name", NOW + 10, NULL), YAO_OK);
    assert_status(withdraw(1, 51), YAO_E_NOT_FOUND); /* another's */
    assert_status(withdraw(2, 50), YAO_E_NOT_FOUND);
    assert_true(has(50, "party", "a.name", NOW));
    assert_status(withdraw(1, 50), YAO_OK);
    assert_status(withdraw(1, 50), YAO_E_NOT_FOUND);
    assert_false(has(50, "party", "a.name", NOW));
    assert_false(has(50, "party", "", NOW));
    done();
}

static void grants_anew(void **state)
{
    numbered     one = number(1), who = number(50);
    store_grant *list;
    yao_bytes    id;
    size_t       count;
    (void)state;

    open_new();
    assert_status(grant(1, 50, "a.name", NOW + 10, NULL), YAO_OK);
    assert_status(withdraw(1, 50), YAO_OK);
    assert_status(grant(2, 50, "a.name", NOW + 20, &id), YAO_OK);
    assert_bytes(id, ID(one)); /* the same row */
    assert_true(has(50, "party", "a.name", NOW + 19));
    assert_status(grant(3, 50, "a.sex", NOW + 20, &id), YAO_OK);
    assert_status(
        store_list_grants(s, HASH(who), 10, test_arena(), &list, &count),
        YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].withdrawn, 0);
    assert_status(
        store_list_grants(s, HASH(who), 1, test_arena(), &list, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    done();
}

static void withdraws_all(void **state)
{
    numbered     who    = number(50);
    store_change change = store_change_open(test_arena());
    (void)state;

    open_new();
    assert_status(grant(1, 50, "a.name", NOW + 10, NULL), YAO_OK);
    assert_status(grant(2, 50, "a.sex", NOW + 10, NULL), YAO_OK);
    assert_status(grant(3, 51, "a.sex", NOW + 10, NULL), YAO_OK);
    store_withdraw_grants(&change, HASH(who), NOW + 1);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_false(has(50, "party", "", NOW));
    assert_true(has(51, "party", "", NOW));
    done();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"netcert", "gives what was put", gives_what_was_put},
    {"netcert", "never two alive of one person, or of one number",
     keeps_one_alive},
    {"netcert", "never moves what was changed since", never_moves_what_changed},
    {"netcert", "accepts a device while it is open", binds_to_a_device},
    {"netcert", "gives the one that is alive first", prefers_the_living},
    {"netcert", "gives those whose time is over", gives_what_is_due},
    {"grant", "gives a grant until its end, to one party", grants_until_a_time},
    {"grant", "refuses to withdraw another's", withdraws},
    {"grant", "accepts a grant anew in its row", grants_anew},
    {"grant", "never leaves one of those withdrawn together", withdraws_all},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines(rows[i].group, rows[i].name, rows[i].run);
    int code = test_run("store/netcert_contract");
    test_scratch_remove();
    return code;
}
