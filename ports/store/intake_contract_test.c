/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about lines of people that an operator sent. */
#include "store/intake.h"

#include "check.h"
#include "program.h"
#include "stores.h"

/* ---- putting ------------------------------------------------------------ */

static yao_status put(unsigned n, unsigned sender)
{
    numbered     id = number(n), by = number(sender);
    store_change change = store_change_open(test_arena());

    store_put_intake(&change, &(store_intake){.id          = ID(id),
                                              .kind = STORE_INTAKE_SYNC,
                                              .sender      = ID(by),
                                              .epoch       = 3,
                                              .wrapped_key = HASH(id),
                                              .opened      = NOW});
    return store_commit(s, &change);
}

static store_intake get(unsigned n)
{
    numbered     id = number(n);
    store_intake in;

    assert_status(store_get_intake(s, ID(id), test_arena(), &in), YAO_OK);
    return in;
}

static yao_status grow(const store_intake *in, const char *sealed,
                       int64_t lines)
{
    store_change change = store_change_open(test_arena());

    store_grow_intake(&change, in, yao_text_bytes(yao_text_of(sealed)), lines,
                      10 * lines, NOW + 1);
    return store_commit(s, &change);
}

static yao_status freeze(unsigned n, unsigned sender)
{
    numbered     id = number(n), by = number(sender);
    store_change change = store_change_open(test_arena());

    store_freeze_intake(&change, ID(id), ID(by), NOW + 2);
    return store_commit(s, &change);
}

static yao_status start(unsigned n)
{
    numbered     id = number(n);
    store_change change = store_change_open(test_arena());

    store_start_intake(&change, ID(id), NOW + 3);
    return store_commit(s, &change);
}

static yao_status step(unsigned n, int64_t before, int64_t done,
                       const char *said)
{
    numbered                 id     = number(n);
    store_change             change = store_change_open(test_arena());
    const store_intake_count count  = {done, 1, 2, 3, 4};

    store_step_intake(&change, ID(id), &count, before, NOW + 4);
    if (said != NULL)
        store_tell_intake(&change, ID(id), done, yao_text_of(said));
    return store_commit(s, &change);
}

static yao_status end_before(unsigned n, store_intake_state before)
{
    numbered               id     = number(n);
    store_change           change = store_change_open(test_arena());
    const store_intake_end over   = {ID(id), STORE_INTAKE_RECEIVING,
                                     STORE_INTAKE_ENDED, YAO_TEXT("late"),
                                     before};

    store_end_intake(&change, &over, NOW + 5);
    return store_commit(s, &change);
}

static yao_status end(unsigned n, store_intake_state from,
                      store_intake_state to)
{
    numbered               id     = number(n);
    store_change           change = store_change_open(test_arena());
    const store_intake_end over   = {ID(id), from, to, YAO_TEXT("why"), 0};

    store_end_intake(&change, &over, NOW + 5);
    return store_commit(s, &change);
}

static yao_status forget(unsigned n)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_forget_intake(&change, ID(id));
    return store_commit(s, &change);
}

static yao_status part_at(unsigned n, int64_t line, store_intake_part *ret)
{
    numbered id = number(n);

    return store_get_intake_part(s, ID(id), line, test_arena(), ret);
}

/* ---- cases -------------------------------------------------------------- */

static void goes_its_way(void **state)
{
    store_intake      in;
    store_intake_part part;
    (void)state;

    open_new();
    assert_status(put(1, 9), YAO_OK);
    in = get(1);
    assert_int_equal(in.state, STORE_INTAKE_RECEIVING);
    assert_int_equal(in.kind, STORE_INTAKE_SYNC);
    assert_int_equal(in.epoch, 3);
    assert_status(freeze(1, 9), YAO_E_MISMATCH); /* empty */
    assert_status(grow(&in, "one", 2), YAO_OK);
    assert_status(grow(&in, "again", 2), YAO_E_MISMATCH);
    in = get(1);
    assert_status(grow(&in, "two", 3), YAO_OK);
    in = get(1);
    assert_int_equal(in.lines, 5);
    assert_int_equal(in.bytes, 50);
    assert_status(part_at(1, 2, &part), YAO_OK);
    assert_bytes(part.sealed, YAO_LIT("one"));
    assert_int_equal(part.first_line, 1);
    assert_status(part_at(1, 3, &part), YAO_OK);
    assert_bytes(part.sealed, YAO_LIT("two"));
    assert_int_equal(part.first_line, 3);
    assert_status(start(1), YAO_E_MISMATCH);
    assert_status(freeze(1, 8), YAO_E_MISMATCH); /* of another sender */
    assert_status(freeze(1, 9), YAO_OK);
    assert_status(grow(&in, "three", 1), YAO_E_MISMATCH);
    assert_status(step(1, 0, 1, NULL), YAO_E_MISMATCH);
    assert_status(start(1), YAO_OK);
    assert_status(start(1), YAO_E_MISMATCH);
    assert_status(end_before(1, STORE_INTAKE_RUNNING), YAO_E_MISMATCH);
    assert_status(step(1, 0, 1, "a"), YAO_OK);
    assert_status(step(1, 0, 1, "b"), YAO_E_MISMATCH); /* once */
    in = get(1);
    assert_int_equal(in.count.done, 1);
    assert_int_equal(in.count.refused, 4);
    assert_status(end(1, STORE_INTAKE_RUNNING, STORE_INTAKE_DONE), YAO_OK);
    assert_status(end(1, STORE_INTAKE_RECEIVING, STORE_INTAKE_ENDED),
                  YAO_E_MISMATCH);
    in = get(1);
    assert_int_equal(in.state, STORE_INTAKE_DONE);
    assert_int_equal(in.wrapped_key.len, 0);
    assert_true(yao_text_equal(in.why, YAO_TEXT("why")));
    assert_status(part_at(1, 1, &part), YAO_E_NOT_FOUND);
    done();
}

static void one_at_a_time(void **state)
{
    (void)state;
    open_new();
    assert_status(put(1, 9), YAO_OK);
    assert_status(put(2, 9), YAO_E_EXISTS);
    assert_status(put(2, 8), YAO_OK);
    assert_status(put(2, 7), YAO_E_EXISTS); /* the same id */
    assert_status(end(1, STORE_INTAKE_RUNNING, STORE_INTAKE_ENDED),
                  YAO_E_MISMATCH); /* not that far */
    assert_status(end(1, STORE_INTAKE_RECEIVING, STORE_INTAKE_ENDED), YAO_OK);
    assert_status(put(3, 9), YAO_OK);
    assert_status(end_before(3, STORE_INTAKE_RUNNING), YAO_OK);
    done();
}

static void tells_and_forgets(void **state)
{
    numbered           id   = number(1);
    store_told_wish    wish = {ID(id), 0, 10};
    store_intake_told *told;
    store_intake      *found, in;
    size_t             count;
    (void)state;

    open_new();
    assert_status(put(1, 9), YAO_OK);
    in = get(1);
    assert_status(grow(&in, "x", 9), YAO_OK);
    assert_status(freeze(1, 9), YAO_OK);
    assert_status(start(1), YAO_OK);
    assert_status(step(1, 0, 2, "[2]"), YAO_OK);
    assert_status(step(1, 2, 5, "[5]"), YAO_OK);
    assert_status(store_list_told(s, &wish, test_arena(), &told, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(told[0].line, 2);
    assert_true(yao_text_equal(told[1].said, YAO_TEXT("[5]")));
    wish.after = 2;
    assert_status(store_list_told(s, &wish, test_arena(), &told, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    store_intake_wish of = {STORE_INTAKE_RUNNING, NOW + 5, 3};
    assert_status(store_list_intakes_of(s, &of, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    of.before = NOW + 4; /* it changed then */
    assert_status(store_list_intakes_of(s, &of, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    assert_status(forget(1), YAO_E_MISMATCH); /* not over */
    assert_status(end(1, STORE_INTAKE_RUNNING, STORE_INTAKE_ENDED), YAO_OK);
    assert_status(forget(1), YAO_OK);
    assert_status(store_list_intakes(s, 9, test_arena(), &found, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    wish.after = 0;
    assert_status(store_list_told(s, &wish, test_arena(), &told, &count),
                  YAO_OK);
    assert_int_equal(count, 0);
    done();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives each step once, in order", goes_its_way},
    {"accepts one at a time of an operator", one_at_a_time},
    {"gives what was told, and forgets it", tells_and_forgets},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines("intake", rows[i].name, rows[i].run);
    int code = test_run("store/intake_contract");
    test_scratch_remove();
    return code;
}
