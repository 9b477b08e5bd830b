/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about operators and their passkeys. */
#include "store/operator.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static yao_status put(unsigned n, const char *name)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_put_operator(&change, &(store_operator){.id    = ID(id),
                                                  .name  = yao_text_of(name),
                                                  .roles = 3,
                                                  .added = NOW});
    return store_commit(s, &change);
}

static yao_status put_key(unsigned n, unsigned whose, int64_t counter)
{
    static const uint8_t point[65] = {4}, model[16];
    numbered             id = number(n), who = number(whose);
    store_change         change = store_change_open(test_arena());

    store_put_passkey(&change, &(store_passkey){.id       = HASH(id),
                                                .operator = ID(who),
                                                .point    = {point, 65},
                                                .counter  = counter,
                                                .may_move = true,
                                                .model    = {model, 16},
                                                .added    = NOW + 1});
    return store_commit(s, &change);
}

static store_operator get(unsigned n)
{
    numbered       id = number(n);
    store_operator o;

    assert_status(store_get_operator(s, ID(id), test_arena(), &o), YAO_OK);
    return o;
}

static void gives_operators(void **state)
{
    numbered        nobody = number(9);
    store_operator *list, o;
    size_t          count;
    (void)state;

    open_new();
    assert_status(put(1, "zoe-1"), YAO_OK);
    assert_status(put(2, "adam-1"), YAO_OK);
    assert_status(put(1, "other"), YAO_E_EXISTS);
    assert_status(put(3, "zoe-1"), YAO_E_EXISTS);
    assert_status(store_list_operators(s, test_arena(), &list, &count), YAO_OK);
    assert_int_equal(count, 2);
    assert_true(yao_text_equal(list[0].name, YAO_TEXT("adam-1")));
    o = get(1);
    assert_int_equal(o.roles, 3);
    assert_int_equal(o.state, STORE_OPERATOR_INVITED);
    assert_status(store_get_operator(s, ID(nobody), test_arena(), &o),
                  YAO_E_NOT_FOUND);
    done();
}

static yao_status change_roles(unsigned n, int64_t roles)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_set_operator_roles(&change, ID(id), roles, NOW + 5);
    return store_commit(s, &change);
}

static yao_status end(unsigned n)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_end_operator(&change, ID(id), NOW + 6);
    return store_commit(s, &change);
}

static void ends_for_good(void **state)
{
    (void)state;
    open_new();
    assert_status(put(1, "a"), YAO_OK);
    assert_status(change_roles(1, 32), YAO_OK);
    assert_int_equal(get(1).roles, 32);
    assert_status(end(1), YAO_OK);
    assert_status(end(1), YAO_E_NOT_FOUND);
    assert_status(change_roles(1, 1), YAO_E_NOT_FOUND);
    assert_status(put_key(5, 1, 0), YAO_E_NOT_FOUND);
    assert_int_equal(get(1).state, STORE_OPERATOR_ENDED);
    assert_int_equal(get(1).changed, NOW + 6);
    assert_status(end(8), YAO_E_NOT_FOUND);
    done();
}

static yao_status use(unsigned n, int64_t before, int64_t after)
{
    numbered      id     = number(n);
    store_change  change = store_change_open(test_arena());
    store_passkey p      = {.id = HASH(id), .counter = after, .moved = true,
                            .used = NOW + 9};

    store_use_passkey(&change, &p, before);
    return store_commit(s, &change);
}

static void keeps_passkeys(void **state)
{
    numbered       id = number(5), who = number(1), nobody = number(9);
    store_passkey  p, *list;
    size_t         count;
    (void)state;

    open_new();
    assert_status(put(1, "a"), YAO_OK);
    assert_status(put_key(5, 1, 7), YAO_OK);
    assert_int_equal(get(1).state, STORE_OPERATOR_ACTIVE);
    assert_status(put_key(5, 1, 7), YAO_E_EXISTS);
    assert_status(put_key(6, 2, 7), YAO_E_NOT_FOUND);
    assert_status(use(5, 7, 8), YAO_OK);
    assert_status(use(5, 7, 8), YAO_E_NOT_FOUND);
    assert_status(use(6, 7, 8), YAO_E_NOT_FOUND);
    assert_status(store_get_passkey(s, HASH(id), test_arena(), &p), YAO_OK);
    assert_int_equal(p.counter, 8);
    assert_true(p.may_move && p.moved);
    assert_int_equal(p.used, NOW + 9);
    assert_int_equal(p.added, NOW + 1);
    assert_bytes(p.operator, ID(who));
    assert_int_equal(p.point.len, 65);
    assert_status(store_get_passkey(s, HASH(nobody), test_arena(), &p),
                  YAO_E_NOT_FOUND);
    assert_status(put_key(6, 1, 0), YAO_OK);
    assert_status(store_list_passkeys(s, ID(who), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    done();
}

static yao_status claim(unsigned n, int64_t roles)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_claim_operator(&change, ID(id), roles);
    return store_commit(s, &change);
}

static void claims_who_may(void **state)
{
    numbered     id = number(1);
    store_change change;
    (void)state;

    open_new();
    assert_status(put(1, "zoe-1"), YAO_OK);
    assert_status(claim(1, 3), YAO_E_REFUSED); /* invited only */
    assert_status(put_key(10, 1, 0), YAO_OK);
    assert_status(claim(1, 3), YAO_OK);
    assert_status(claim(1, 2), YAO_OK); /* one of them */
    assert_status(claim(1, 6), YAO_OK);
    assert_status(claim(1, 4), YAO_E_REFUSED);
    assert_status(claim(1, 0), YAO_E_REFUSED);
    assert_status(claim(2, 3), YAO_E_REFUSED);
    change = store_change_open(test_arena());
    store_claim_operator(&change, ID(id), 3); /* the own end, by another */
    store_end_operator(&change, ID(id), NOW + 9);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(claim(1, 3), YAO_E_REFUSED);
    done();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"operator", "claims that one may, at this moment", claims_who_may},
    {"operator", "gives who was added, refuses a name twice", gives_operators},
    {"operator", "refuses every way back from the end", ends_for_good},
    {"passkey", "gives what was registered, refuses an old counter",
     keeps_passkeys},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines(rows[i].group, rows[i].name, rows[i].run);
    int code = test_run("store/operator_contract");
    test_scratch_remove();
    return code;
}
