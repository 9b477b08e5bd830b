/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall() */
/*
 * The group-commit writer over an engine that is a list in memory and fails
 * when it is told to.
 */

#include "store/engine.h"

#include "check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* ---- the engine ---- */

enum { ROWS = 512, CALLS = 4 };

/* What fails, how often: at the n-th call of a function from now on. */
typedef enum call { BEGIN, RUN, COMMIT, ROLLBACK } call;

typedef struct fake {
    store_engine base;
    int64_t      rows[ROWS], pending[ROWS];
    size_t       row_count, pending_count;
    bool         open;
    unsigned     calls[CALLS];
    unsigned     fail_at[CALLS]; /* 0: never; counts from 1 */
    unsigned     fail_times[CALLS];
    yao_status   fails_with;
    size_t       group;   /* members in the open transaction */
    size_t       largest; /* group that was committed */
} fake;

/* While it is shut no commit goes on, so that members gather, however long it
 * takes to submit them; a stream may open it once it waits. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t  changed;
    bool            shut, met; /* somebody stands before it */
} gate = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, false};

static void shut_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.shut = true;
    gate.met  = false;
    pthread_mutex_unlock(&gate.lock);
}

static void open_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.shut = false;
    pthread_cond_broadcast(&gate.changed);
    pthread_mutex_unlock(&gate.lock);
}

static void pass_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.met = true;
    pthread_cond_broadcast(&gate.changed);
    while (gate.shut)
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

static yao_status called(fake *f, call which)
{
    unsigned n = ++f->calls[which];

    if (f->fail_at[which] != 0 && n >= f->fail_at[which] &&
        n < f->fail_at[which] + f->fail_times[which])
        return f->fails_with;
    return YAO_OK;
}

static yao_status fake_begin(store_engine *e)
{
    fake *f = (fake *)e;

    assert_false(f->open);
    YAO_TRY(called(f, BEGIN));
    f->open          = true;
    f->pending_count = 0;
    f->group         = 0;
    return YAO_OK;
}

static yao_status fake_commit(store_engine *e)
{
    fake *f = (fake *)e;

    assert_true(f->open);
    pass_gate();
    YAO_TRY(called(f, COMMIT));
    memcpy(f->rows + f->row_count, f->pending,
           f->pending_count * sizeof f->rows[0]);
    f->row_count += f->pending_count;
    f->pending_count = 0;
    if (f->group > f->largest)
        f->largest = f->group;
    f->open = false;
    return YAO_OK;
}

static void fake_rollback(store_engine *e)
{
    fake *f = (fake *)e;

    (void)called(f, ROLLBACK);
    f->pending_count = 0;
    f->open          = false;
}

static bool has(const fake *f, int64_t number)
{
    for (size_t i = 0; i < f->row_count; i++)
        if (f->rows[i] == number)
            return true;
    for (size_t i = 0; i < f->pending_count; i++)
        if (f->pending[i] == number)
            return true;
    return false;
}

/* What a claim returns, when somebody wants it. */
#define PAYLOAD "0123456789abcdef0123456789abcdef0123456789abcdef"
static const store_value payload = {.kind  = STORE_BYTES,
                                    .bytes = YAO_INIT(PAYLOAD)};

/* Statement 0 is a claim to a new number; statement 1 a row, which fails for
 * numbers below zero. */
static yao_status fake_run(store_engine *e, const store_op *op,
                           store_each_row each, void *ctx, int64_t *changed)
{
    fake   *f      = (fake *)e;
    int64_t number = op->values[0].number;

    assert_true(f->open);
    YAO_TRY(called(f, RUN));
    if (op->statement == 1 && number < 0)
        return YAO_E_STORE;
    bool fresh = op->statement == 1 || !has(f, number);
    if (fresh)
        f->pending[f->pending_count++] = number;
    if (changed != NULL)
        *changed = fresh;
    f->group += op->statement == 1;
    return fresh && op->ret != NULL ? each(ctx, &payload, 1) : YAO_OK;
}

static const store_engine_calls fake_calls = {.begin    = fake_begin,
                                              .commit   = fake_commit,
                                              .rollback = fake_rollback,
                                              .run      = fake_run};

/* ---- members ---- */

typedef struct member {
    uint8_t      memory[4096];
    yao_arena    arena;
    store_change change;
} member;

static fake          f;
static store_writer *w;
static member        members[256];

static void open_writer(void)
{
    memset(&f, 0, sizeof f);
    f.base.call  = &fake_calls;
    f.fails_with = YAO_E_STORE;
    assert_status(store_writer_new(&f.base, &w), YAO_OK);
}

static void close_writer(void)
{
    store_writer_free(w);
    assert_false(f.open);
}

/* Claims of COUNT numbers from FIRST, and a row ROW. */
static store_change *make(member *m, int64_t first, size_t count, int64_t row)
{
    m->arena  = (yao_arena){m->memory, sizeof m->memory, 0};
    m->change = store_change_open(&m->arena);
    for (size_t i = 0; i < count; i++)
        store_bind_int(store_add_claim(&m->change, 0, YAO_E_EXISTS),
                       first + (int64_t)i);
    store_bind_int(store_add_row(&m->change, 1), row);
    return &m->change;
}

static yao_status commit(store_change *change)
{
    store_writer_submit(w, change);
    return store_writer_wait(w, change);
}

/* One that is being committed until the gate is opened: what is submitted
 * meanwhile is the next group. */
static void submit_before(void)
{
    shut_gate();
    store_writer_submit(w, make(&members[255], 9999, 1, 5000));
    pthread_mutex_lock(&gate.lock);
    while (!gate.met)
        pthread_cond_wait(&gate.changed, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
}

/* ---- cases ---- */

static void gives_one(void **state)
{
    (void)state;
    open_writer();
    assert_status(commit(make(&members[0], 1, 1, 100)), YAO_OK);
    assert_int_equal(f.row_count, 2);
    assert_int_equal(store_writer_counts(w).groups, 1);
    close_writer();
}

/* While one is being committed the others gather. */
static void gives_groups(void **state)
{
    (void)state;
    open_writer();
    shut_gate();
    for (int i = 0; i < 129; i++)
        store_writer_submit(w, make(&members[i], i, 1, 1000 + i));
    open_gate();
    for (int i = 0; i < 129; i++)
        assert_status(store_writer_wait(w, &members[i].change), YAO_OK);
    assert_int_equal(f.row_count, 2 * 129);
    assert_int_equal(f.largest, STORE_MAX_GROUP);
    assert_int_equal(store_writer_counts(w).members, 129);
    assert_true(store_writer_counts(w).groups <= 129 / 64 + 2);
    close_writer();
}

static void never_waits_alone(void **state)
{
    (void)state;
    open_writer();
    for (int i = 0; i < 50; i++)
        assert_status(commit(make(&members[i], i, 1, 1000 + i)), YAO_OK);
    /* each was a group of its own: nobody waited for others */
    assert_int_equal(store_writer_counts(w).groups, 50);
    close_writer();
}

/* Which members are poisoned: one at each place in turn, in one group. */
static void never_fails_neighbours(void **state)
{
    (void)state;
    for (int poisoned = 0; poisoned < STORE_MAX_GROUP; poisoned += 9) {
        open_writer();
        submit_before();
        for (int i = 0; i < STORE_MAX_GROUP; i++)
            store_writer_submit(
                w, make(&members[i], i, 1, i == poisoned ? -1 : 1000 + i));
        open_gate();
        for (int i = 0; i < STORE_MAX_GROUP; i++)
            assert_status(store_writer_wait(w, &members[i].change),
                          i == poisoned ? YAO_E_STORE : YAO_OK);
        assert_false(has(&f, poisoned)); /* its claim is undone */
        assert_int_equal(f.row_count, 2 + 2 * (STORE_MAX_GROUP - 1));
        close_writer();
    }
}

/* Members of one group that want the same: one gets it. */
static void gives_to_one_of_group(void **state)
{
    size_t won = 0;

    (void)state;
    open_writer();
    submit_before();
    for (int i = 0; i < 20; i++)
        store_writer_submit(w, make(&members[i], 5, 1, 1000 + i));
    open_gate();
    for (int i = 0; i < 20; i++) {
        yao_status status = store_writer_wait(w, &members[i].change);
        won += status == YAO_OK;
        if (status != YAO_OK)
            assert_status(status, YAO_E_EXISTS);
    }
    assert_int_equal(won, 1);
    assert_int_equal(f.row_count, 4);
    close_writer();
}

/* A wins 1 and loses 2, which B wants with 1: A must not take 1 with it. */
static void gives_back_what_a_loser_won(void **state)
{
    (void)state;
    open_writer();
    assert_status(commit(make(&members[0], 2, 1, 100)), YAO_OK);
    submit_before();
    store_writer_submit(w, make(&members[1], 1, 2, 101)); /* 1 and 2: loses */
    store_writer_submit(w, make(&members[2], 1, 1, 102)); /* 1: wins */
    open_gate();
    assert_status(store_writer_wait(w, &members[1].change), YAO_E_EXISTS);
    assert_status(store_writer_wait(w, &members[2].change), YAO_OK);
    assert_true(has(&f, 102));
    assert_false(has(&f, 101));
    assert_int_equal(store_writer_counts(w).splits, 0);
    close_writer();
}

/* A wins and its rows fail; B, which lost to A, must get its turn. */
static void gives_turn_after_failure(void **state)
{
    (void)state;
    open_writer();
    submit_before();
    store_writer_submit(w, make(&members[0], 7, 1, -1));
    store_writer_submit(w, make(&members[1], 7, 1, 101));
    open_gate();
    assert_status(store_writer_wait(w, &members[0].change), YAO_E_STORE);
    assert_status(store_writer_wait(w, &members[1].change), YAO_OK);
    assert_int_equal(store_writer_counts(w).splits, 1);
    close_writer();
}

static yao_status note_rows(void *ctx, store_change **ret)
{
    *(size_t *)ctx = f.row_count;
    *ret           = NULL;
    return YAO_OK;
}

typedef struct import {
    atomic_int id; /* of the thread, for the system */
    size_t     before;
    yao_status status;
} import;

static void *be_import(void *arg)
{
    import *i = arg;

    i->id     = (int)syscall(SYS_gettid);
    i->status = store_writer_stream(w, note_rows, &i->before);
    return NULL;
}

/* It sleeps: with nobody at the writer's lock, in the line. */
static void wait_until_it_stands_in_line(const import *i)
{
    const struct timespec little  = {0, 1000000};
    char                  path[64], state = '?';

    while (state != 'S') {
        nanosleep(&little, NULL);
        snprintf(path, sizeof path, "/proc/self/task/%d/stat", i->id);
        FILE *in = i->id != 0 ? fopen(path, "rb") : NULL;
        if (in != NULL && fscanf(in, "%*d (%*[^)]) %c", &state) != 1)
            state = '?';
        if (in != NULL)
            fclose(in);
    }
}

/* While groups come without end, an import gets its turn. */
static void never_keeps_streams_waiting(void **state)
{
    import    one = {.id = 0};
    pthread_t thread;

    (void)state;
    open_writer();
    submit_before();
    for (int i = 0; i < 255; i++)
        store_writer_submit(w, make(&members[i], i, 1, 1000 + i));
    assert_int_equal(pthread_create(&thread, NULL, be_import, &one), 0);
    wait_until_it_stands_in_line(&one);
    open_gate();
    pthread_join(thread, NULL);
    assert_status(one.status, YAO_OK);
    assert_true(one.before > 0 && one.before <= 2 * 2 * STORE_MAX_GROUP);
    for (int i = 0; i < 255; i++)
        assert_status(store_writer_wait(w, &members[i].change), YAO_OK);
    assert_int_equal(f.row_count, 2 * 256);
    close_writer();
}

/* What the claim returns finds room once; the commit fails more often. */
static void needs_room_once(void **state)
{
    yao_bytes ret = {NULL, 0};

    (void)state;
    open_writer();
    store_change *change = make(&members[0], 1, 1, 100);
    change->claims->ret  = &ret;
    members[0].arena.cap = members[0].arena.used + 64;
    f.fail_at[COMMIT]    = 1;
    f.fail_times[COMMIT] = 3;
    f.fails_with         = YAO_E_LOCKED;
    assert_status(commit(change), YAO_OK);
    assert_bytes(ret, payload.bytes);
    close_writer();
}

/* ---- an engine that fails at its n-th call ---- */

static const struct {
    const char *name;
    call        which;
    unsigned    times;
    yao_status  with, want;
} failures[] = {
    {"gives it after one lock at begin", BEGIN, 1, YAO_E_LOCKED, YAO_OK},
    {"gives it after three locks at commit", COMMIT, 3, YAO_E_LOCKED, YAO_OK},
    {"gives it after a lock in a statement", RUN, 1, YAO_E_LOCKED, YAO_OK},
    {"refuses when the lock stays", BEGIN, 1000, YAO_E_LOCKED, YAO_E_LOCKED},
    {"gives it when a commit fails once", COMMIT, 1, YAO_E_STORE, YAO_OK},
    {"refuses when commits fail", COMMIT, 1000, YAO_E_STORE, YAO_E_STORE},
    {"refuses when transactions don't begin", BEGIN, 1000, YAO_E_STORE,
     YAO_E_STORE},
    {"refuses when statements fail", RUN, 1000, YAO_E_STORE, YAO_E_STORE},
};

static void failing(void **state)
{
    size_t row = (size_t)*state;

    open_writer();
    f.fails_with                      = failures[row].with;
    f.fail_at[failures[row].which]    = 1;
    f.fail_times[failures[row].which] = failures[row].times;
    assert_status(commit(make(&members[0], 1, 2, 100)), failures[row].want);
    assert_int_equal(f.row_count, failures[row].want == YAO_OK ? 3 : 0);
    close_writer();
}

/* The n-th call of each function fails, for every n: a member is told OK if
 * and only if all of it is there. */
static void never_lies(void **state)
{
    (void)state;
    for (int which = BEGIN; which <= COMMIT; which++)
        for (unsigned n = 1; n < 14; n++) {
            open_writer();
            f.fail_at[which]    = n;
            f.fail_times[which] = 1;
            for (int i = 0; i < 4; i++)
                store_writer_submit(w, make(&members[i], 10 * i, 2, 1000 + i));
            bool ok[4];
            for (int i = 0; i < 4; i++)
                ok[i] = store_writer_wait(w, &members[i].change) == YAO_OK;
            for (int i = 0; i < 4; i++) {
                assert_true(has(&f, 10 * i) == ok[i]);
                assert_true(has(&f, 10 * i + 1) == ok[i]);
                assert_true(has(&f, 1000 + i) == ok[i]);
            }
            close_writer();
        }
}

static void gives_what_was_submitted(void **state)
{
    (void)state;
    open_writer();
    shut_gate();
    for (int i = 0; i < 100; i++)
        store_writer_submit(w, make(&members[i], i, 1, 1000 + i));
    open_gate();
    close_writer(); /* commits first */
    assert_int_equal(f.row_count, 200);
    store_writer_free(NULL);
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} cases[] = {
    {"gives a single member", gives_one},
    {"gives members that come meanwhile in groups of 64", gives_groups},
    {"never lets who is alone wait", never_waits_alone},
    {"never fails neighbours of a poisoned member", never_fails_neighbours},
    {"gives a thing to one of a group", gives_to_one_of_group},
    {"gives others what a loser had won", gives_back_what_a_loser_won},
    {"gives a turn to who lost to one that failed", gives_turn_after_failure},
    {"never keeps a stream waiting behind all groups",
     never_keeps_streams_waiting},
    {"needs room for what a claim returns once, however often it is tried",
     needs_room_once},
    {"never says OK of half a member, whatever fails", never_lies},
    {"gives all that was submitted before it stops", gives_what_was_submitted},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(cases); i++)
        test_add("writer", cases[i].name, cases[i].run, NULL);
    for (size_t i = 0; i < COUNT(failures); i++)
        test_add("failure", failures[i].name, failing, (const void *)i);
    return test_run("store/writer");
}
