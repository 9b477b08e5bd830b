/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about the queue of cases, and numbers of many. */
#include "store/case.h"
#include "store/counts.h"
#include "store/enrolment.h"

#include "check.h"
#include "program.h"
#include "stores.h"

static void put(unsigned n, const char *kind, yao_time opened)
{
    numbered     id     = number(n);
    store_change change = store_change_open(test_arena());

    store_put_case(&change, &(store_case){.id      = ID(id),
                                          .kind    = yao_text_of(kind),
                                          .subject = HASH(id),
                                          .opened  = opened,
                                          .detail  = YAO_TEXT("{}")});
    assert_status(store_commit(s, &change), YAO_OK);
}

static yao_status take(unsigned n, unsigned who, yao_time now, yao_time before)
{
    numbered     id = number(n), by = number(who);
    store_change change = store_change_open(test_arena());

    store_take_case(&change, ID(id), ID(by), now, before);
    return store_commit(s, &change);
}

static yao_status end_case(unsigned n, unsigned who)
{
    numbered     id = number(n), by = number(who);
    store_change change = store_change_open(test_arena());

    store_close_case(&change, ID(id), YAO_TEXT("seen"), ID(by), NOW + 9);
    return store_commit(s, &change);
}

static size_t list(const store_queue_wish *wish, store_queued **ret)
{
    size_t count;

    assert_status(store_list_queue(s, wish, test_arena(), ret, &count), YAO_OK);
    return count;
}

static void lists_by_kind_and_age(void **state)
{
    const store_queue_wish all  = {.state = STORE_CASE_OPEN, .limit = 10};
    const store_queue_wish some = {.state = STORE_CASE_OPEN,
                                   .kind  = YAO_TEXT("b"),
                                   .since = NOW + 2,
                                   .limit = 10};
    const store_queue_wish one  = {.state = STORE_CASE_OPEN, .limit = 1};
    store_queued          *found;
    (void)state;

    open_new();
    put(1, "b", NOW + 3);
    put(2, "a", NOW + 2);
    put(3, "b", NOW + 1);
    assert_int_equal(list(&all, &found), 3);
    assert_int_equal(found[0].opened, NOW + 1);
    assert_int_equal(found[2].opened, NOW + 3);
    assert_int_equal(found[0].taken_by.len, 0);
    assert_int_equal(list(&some, &found), 1);
    assert_int_equal(found[0].opened, NOW + 3);
    assert_int_equal(list(&one, &found), 1);
    done();
}

static void takes_one_at_a_time(void **state)
{
    const store_queue_wish all = {.state = STORE_CASE_OPEN, .limit = 10};
    numbered               two = number(2);
    store_queued          *found;
    (void)state;

    open_new();
    put(1, "a", NOW);
    assert_status(take(1, 2, NOW + 10, NOW), YAO_OK);
    assert_status(take(1, 2, NOW + 11, NOW), YAO_OK);
    assert_status(take(1, 3, NOW + 12, NOW), YAO_E_EXISTS);
    assert_int_equal(list(&all, &found), 1);
    assert_bytes(found[0].taken_by, ID(two));
    assert_int_equal(found[0].taken, NOW + 11);
    assert_status(take(1, 3, NOW + 99, NOW + 12), YAO_OK); /* long ago */
    done();
}

static void closes_once(void **state)
{
    const store_queue_wish closed = {.state = STORE_CASE_CLOSED, .limit = 10};
    store_queued          *found;
    store_case             c;
    numbered               id = number(1), by = number(2);
    (void)state;

    open_new();
    put(1, "a", NOW);
    assert_status(end_case(1, 2), YAO_OK);
    assert_status(end_case(1, 3), YAO_E_NOT_FOUND);
    assert_status(end_case(7, 3), YAO_E_NOT_FOUND);
    assert_int_equal(list(&closed, &found), 1);
    assert_status(store_get_case(s, ID(id), test_arena(), &c), YAO_OK);
    assert_true(yao_text_equal(c.decision, YAO_TEXT("seen")));
    assert_bytes(c.confirmed_by, ID(by));
    assert_int_equal(c.confirmed_at, NOW + 9);
    done();
}

static void counts_what_waits(void **state)
{
    store_queue_count *found;
    size_t             count;
    (void)state;

    open_new();
    assert_status(store_count_queue(s, test_arena(), &found, &count), YAO_OK);
    assert_int_equal(count, 0);
    put(1, "b", NOW + 3);
    put(2, "a", NOW + 2);
    put(3, "b", NOW + 1);
    put(4, "b", NOW);
    assert_status(end_case(4, 2), YAO_OK);
    assert_status(store_count_queue(s, test_arena(), &found, &count), YAO_OK);
    assert_int_equal(count, 2);
    assert_true(yao_text_equal(found[1].kind, YAO_TEXT("b")));
    assert_int_equal(found[1].count, 2);
    assert_int_equal(found[1].oldest, NOW + 1);
    assert_int_equal(found[1].state, STORE_CASE_OPEN);
    done();
}

/* ---- numbers of many ---------------------------------------------------- */

static void issue(unsigned n, const char *name, yao_time at)
{
    numbered         id     = number(n);
    store_change     change = store_change_open(test_arena());
    const store_copy copy   = {.hash = HASH(id), .key_hash = HASH(id)};

    store_put_document(&change, &(store_document){.id          = ID(id),
                                                  .issuance    = ID(id),
                                                  .holder      = HASH(id),
                                                  .subject     = HASH(id),
                                                  .name = yao_text_of(name),
                                                  .format = YAO_TEXT("mdoc"),
                                                  .profile = YAO_TEXT(""),
                                                  .issued      = at,
                                                  .valid_until = at + 9,
                                                  .level       = 3,
                                                  .signer      = HASH(id),
                                                  .copies      = &copy,
                                                  .copy_count  = 1});
    assert_status(store_commit(s, &change), YAO_OK);
}

static void counts_documents(void **state)
{
    store_document_count *found;
    size_t                count;
    (void)state;

    open_new();
    issue(1, "a", NOW);
    issue(2, "b", NOW + 5);
    issue(3, "b", NOW + 6);
    assert_status(store_count_documents(s, NOW + 1, test_arena(), &found,
                                        &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_true(yao_text_equal(found[0].name, YAO_TEXT("b")));
    assert_true(yao_text_equal(found[0].format, YAO_TEXT("mdoc")));
    assert_int_equal(found[0].batches, 2);
    assert_int_equal(found[0].copies, 2);
    done();
}

static void counts_enrolments(void **state)
{
    store_enrolment_count *found;
    size_t                 count;
    (void)state;

    open_new();
    for (unsigned n = 1; n <= 3; n++) {
        numbered     id     = number(n);
        store_change change = store_change_open(test_arena());
        store_put_enrolment(
            &change, &(store_enrolment){.id      = ID(id),
                                        .holder  = HASH(id),
                                        .level   = 2,
                                        .state   = STORE_ENROLMENT_OFFERED,
                                        .started = NOW + n});
        assert_status(store_commit(s, &change), YAO_OK);
    }
    assert_status(store_count_enrolments(s, NOW + 2, test_arena(), &found,
                                         &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(found[0].state, STORE_ENROLMENT_OFFERED);
    assert_int_equal(found[0].level, 2);
    assert_int_equal(found[0].count, 2);
    done();
}

/* ---- what gathers while nobody forgets ---- */

enum { AT_ONCE = 100 };

typedef struct gathering {
    _Alignas(16) uint8_t memory[128 * 1024];
    uint8_t      hashes[AT_ONCE][STORE_HASH_LEN];
    yao_arena    arena;
    store_change change;
    unsigned     next, end;
} gathering;

static void put_hash(unsigned n, uint8_t out[STORE_HASH_LEN])
{
    memset(out, 0, STORE_HASH_LEN);
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(n >> (24 - 8 * i));
}

/* The higher the number, the later it expires. */
static yao_status put_more(void *ctx, store_change **ret)
{
    gathering *g = ctx;

    *ret = NULL;
    if (g->next == g->end)
        return YAO_OK;
    g->arena  = (yao_arena){g->memory, sizeof g->memory, 0};
    g->change = store_change_open(&g->arena);
    for (unsigned i = 0; i < AT_ONCE && g->next < g->end; i++) {
        const store_once once = {.kind    = 1,
                                 .hash    = {g->hashes[i], STORE_HASH_LEN},
                                 .expires = NOW + g->next};

        put_hash(g->next++, g->hashes[i]);
        store_put_once(&g->change, &once);
    }
    *ret = &g->change;
    return YAO_OK;
}

static bool is_there(unsigned n)
{
    uint8_t   hash[STORE_HASH_LEN];
    yao_bytes payload;

    put_hash(n, hash);
    return store_get_once(s, 1, (yao_bytes){hash, sizeof hash}, NOW - 1,
                          test_arena(), &payload) == YAO_OK;
}

static void forget(yao_time now)
{
    store_change change = store_change_open(test_arena());

    store_forget_once(&change, now);
    assert_status(store_commit(s, &change), YAO_OK);
}

static void forgets_a_part(void **state)
{
    static gathering g;
    const unsigned   last = STORE_FORGET_MOST + 9;

    (void)state;
    open_new();
    g = (gathering){.end = last + 1};
    assert_status(store_commit_all(s, put_more, &g), YAO_OK);
    assert_true(is_there(0) && is_there(last));
    forget(NOW + last - 1);
    assert_false(is_there(0) || is_there(STORE_FORGET_MOST - 1));
    assert_true(is_there(STORE_FORGET_MOST) && is_there(last));
    forget(NOW + last - 1);
    assert_false(is_there(STORE_FORGET_MOST) || is_there(last - 1));
    assert_true(is_there(last));
    store_change change = store_change_open(test_arena());
    store_end_once(&change);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_false(is_there(last));
    done();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"never forgets so much at once that others wait for it", forgets_a_part},
    {"gives the oldest first, by kind and since", lists_by_kind_and_age},
    {"gives a case to one at a time", takes_one_at_a_time},
    {"accepts an end, once", closes_once},
    {"gives how many wait, and since when", counts_what_waits},
    {"gives how many were issued", counts_documents},
    {"gives what became of enrolments", counts_enrolments},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines("queue", rows[i].name, rows[i].run);
    int code = test_run("store/queue_contract");
    test_scratch_remove();
    return code;
}
