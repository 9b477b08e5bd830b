/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every engine promises about what became of documents: an index belongs
 * to one copy, revoked is for good, versions go forward.
 */

#include "store/store.h"

#include "check.h"
#include "program.h"
#include "stores.h"

#include <pthread.h>

enum { LIST = 7, SIZE = 1000 };

/* ---- things to put ---- */

static yao_status put_list(int64_t list_number)
{
    const store_status_list list   = {.number = list_number,
                                      .role   = 1,
                                      .bits   = 2,
                                      .size   = SIZE,
                                      .opened = NOW};
    store_change            change = store_change_open(test_arena());

    store_put_status_list(&change, &list);
    return store_commit(s, &change);
}

/* Batch N of issuance I with COPIES copies from INDEX on; of the same document
 * as issuance LIKE, if that is not 0. */
typedef struct batch {
    unsigned n, i, copies;
    int64_t  index;
    unsigned like;
} batch;

static void note_batch(store_change *change, yao_arena *arena, const batch *b)
{
    numbered   *ids    = yao_arena_take_array(arena, 4, sizeof *ids);
    store_copy *copies = yao_arena_take_array(arena, b->copies, sizeof *copies);
    numbered   *hashes = yao_arena_take_array(arena, b->copies, sizeof *hashes);

    assert_true(ids != NULL && copies != NULL && hashes != NULL);
    ids[0] = number(b->n);
    ids[1] = number(b->i);
    ids[2] = number(77);
    ids[3] = number(b->like != 0 ? b->like : b->i);
    for (unsigned i = 0; i < b->copies; i++) {
        hashes[i] = number(1000 + b->n * 100 + i);
        copies[i] =
            (store_copy){HASH(hashes[i]), HASH(hashes[i]), b->index + i};
    }
    const store_document d = {.id          = ID(ids[0]),
                              .issuance    = ID(ids[1]),
                              .holder      = HASH(ids[2]),
                              .subject     = HASH(ids[3]),
                              .name        = YAO_TEXT("resident_id"),
                              .format      = YAO_TEXT("card"),
                              .profile     = YAO_TEXT("age"),
                              .issued      = NOW + b->n,
                              .valid_until = NOW + 100,
                              .level       = 3,
                              .signer      = HASH(ids[2]),
                              .status_list = LIST,
                              .copies      = copies,
                              .copy_count  = b->copies};
    store_put_document(change, &d);
}

static yao_status put_batch(batch b, int *lost)
{
    store_change change = store_change_open(test_arena());

    note_batch(&change, test_arena(), &b);
    yao_status status = store_commit(s, &change);
    if (lost != NULL)
        *lost = change.lost_about;
    return status;
}

static yao_status set_state(unsigned issuance, store_state state,
                            store_state copies)
{
    static unsigned          turn = 5000;
    numbered                 id = number(turn++), of = number(issuance);
    store_change             change = store_change_open(test_arena());
    const store_state_change what   = {.id       = ID(id),
                                       .issuance = ID(of),
                                       .at       = NOW + turn,
                                       .state    = state,
                                       .copies   = copies,
                                       .reason   = YAO_TEXT("lost")};

    store_put_state(&change, &what);
    return store_commit(s, &change);
}

/* What the list says: a letter for each of the first indexes. */
typedef struct letters {
    char text[17];
} letters;

static yao_status note_entry(void *ctx, int64_t index, int64_t state)
{
    letters *l = ctx;

    assert_true(index >= 0 && index < 16);
    l->text[index] = (char)('0' + state);
    return YAO_OK;
}

static void expect_entries(const char *want)
{
    letters l = {"................"};

    assert_status(store_walk_entries(s, LIST, note_entry, &l), YAO_OK);
    assert_string_equal(l.text, want);
}

static store_status_list get_list(void)
{
    store_status_list *lists;
    size_t             count;

    assert_status(store_list_status_lists(s, test_arena(), &lists, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    return lists[0];
}

/* ---- lists and indexes ---- */

static void gives_lists(void **state)
{
    bool taken = true;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_list(LIST), YAO_E_EXISTS);
    assert_status(store_has_status_index(s, LIST, 3, &taken), YAO_OK);
    assert_false(taken);
    assert_status(put_batch((batch){1, 1, 4, 2, 0}, NULL), YAO_OK);
    assert_status(store_has_status_index(s, LIST, 3, &taken), YAO_OK);
    assert_true(taken);

    store_status_list list = get_list(), found;
    int64_t           last = 0;
    assert_status(store_find_status_list(s, 1, 1, test_arena(), &found),
                  YAO_E_NOT_FOUND);
    assert_status(store_find_status_list(s, 1, 2, test_arena(), &found),
                  YAO_OK);
    assert_int_equal(found.number, LIST);
    assert_int_equal(found.ends, NOW + 100);
    assert_status(store_last_status_list(s, &last), YAO_OK);
    assert_int_equal(last, LIST);
    assert_int_equal(list.number, LIST);
    assert_int_equal(list.role, 1);
    assert_int_equal(list.bits, 2);
    assert_int_equal(list.size, SIZE);
    assert_int_equal(list.allocated, 4);
    assert_int_equal(list.opened, NOW);
    assert_int_equal(list.ends, NOW + 100);
    expect_entries("................");
    done();
}

static void refuses_index_twice(void **state)
{
    int             lost = 0;
    numbered        h    = number(77);
    store_document *list;
    size_t          count;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_batch((batch){1, 1, 2, 0, 0}, NULL), YAO_OK);
    assert_status(put_batch((batch){2, 2, 4, 1, 0}, &lost), YAO_E_EXISTS);
    assert_int_equal(lost, STORE_ABOUT_STATUS);
    assert_status(put_batch((batch){2, 2, 4, 2, 0}, NULL), YAO_OK);

    /* and of who lost there is nothing, copies included */
    assert_status(store_list_documents(s, HASH(h), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(get_list().allocated, 6);
    done();
}

/* ---- one index for 64 ---- */

typedef struct racer {
    pthread_t  thread;
    unsigned   n;
    yao_status answer;
    uint8_t    memory[16384];
} racer;

static void *race(void *arg)
{
    racer       *r      = arg;
    yao_arena    arena  = {r->memory, sizeof r->memory, 0};
    store_change change = store_change_open(&arena);
    const batch  b      = {r->n, r->n, 2, 8, 0};

    note_batch(&change, &arena, &b);
    r->answer = store_commit(s, &change);
    return NULL;
}

static void gives_index_to_one(void **state)
{
    enum { RACERS = 64 };
    static racer    racers[RACERS];
    size_t          won = 0, count;
    numbered        h   = number(77);
    store_document *list;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    for (unsigned i = 0; i < RACERS; i++) {
        racers[i].n = i + 1;
        assert_int_equal(
            pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < RACERS; i++) {
        pthread_join(racers[i].thread, NULL);
        won += racers[i].answer == YAO_OK;
        if (racers[i].answer != YAO_OK)
            assert_status(racers[i].answer, YAO_E_EXISTS);
    }
    assert_int_equal(won, 1);
    assert_status(store_list_documents(s, HASH(h), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(get_list().allocated, 2);
    done();
}

/* ---- states ---- */

static void gives_states(void **state)
{
    numbered            i1 = number(1), h = number(77);
    store_document     *list;
    store_state_change *changes;
    size_t              count;
    uint64_t            suspended = 9;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_batch((batch){1, 1, 2, 0, 0}, NULL), YAO_OK);
    assert_status(put_batch((batch){2, 1, 2, 4, 0}, NULL), YAO_OK);
    assert_status(put_batch((batch){3, 3, 1, 9, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_SUSPENDED, STORE_SUSPENDED), YAO_OK);
    expect_entries("22..22..........");

    assert_status(store_list_issuance(s, ID(i1), test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].state, STORE_SUSPENDED);
    assert_bytes(list[1].issuance, ID(i1));
    assert_true(yao_text_equal(list[1].profile, YAO_TEXT("age")));
    assert_status(store_count_suspended(s, HASH(h), YAO_TEXT("resident_id"),
                                        HASH(i1), &suspended),
                  YAO_OK);
    assert_int_equal(suspended, 2);

    assert_status(set_state(1, STORE_VALID, STORE_VALID), YAO_OK);
    expect_entries("................");
    assert_status(set_state(1, STORE_REVOKED, STORE_REVOKED), YAO_OK);
    expect_entries("11..11..........");
    assert_status(store_list_states(s, ID(i1), test_arena(), &changes, &count),
                  YAO_OK);
    assert_int_equal(count, 3);
    assert_int_equal(changes[0].state, STORE_SUSPENDED);
    assert_int_equal(changes[2].state, STORE_REVOKED);
    assert_true(yao_text_equal(changes[2].reason, YAO_TEXT("lost")));
    done();
}

/* Whoever revokes or suspends a document while its batches are being made, or
 * made anew, is not too early. */
static void refuses_batches_of_ended(void **state)
{
    int lost = 0;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_batch((batch){1, 1, 2, 0, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_SUSPENDED, STORE_SUSPENDED), YAO_OK);
    assert_status(put_batch((batch){2, 1, 2, 2, 0}, &lost), YAO_E_EXISTS);
    assert_int_equal(lost, STORE_ABOUT_STATE);
    assert_status(put_batch((batch){3, 3, 2, 2, 1}, &lost), YAO_E_EXISTS);
    assert_int_equal(lost, STORE_ABOUT_STATE);
    assert_status(put_batch((batch){4, 4, 2, 2, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_VALID, STORE_VALID), YAO_OK);
    assert_status(put_batch((batch){5, 1, 2, 4, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_REVOKED, STORE_REVOKED), YAO_OK);
    assert_status(put_batch((batch){6, 1, 2, 6, 0}, &lost), YAO_E_EXISTS);
    assert_int_equal(lost, STORE_ABOUT_STATE);
    assert_status(put_batch((batch){7, 7, 2, 6, 1}, NULL), YAO_OK);
    expect_entries("11..11..........");
    done();
}

/* A document that knows no suspension: its copies are revoked, it is not. */
static void gives_suspension_of_revoked(void **state)
{
    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_batch((batch){1, 1, 2, 0, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_SUSPENDED, STORE_REVOKED), YAO_OK);
    expect_entries("11..............");
    assert_status(set_state(1, STORE_VALID, STORE_VALID), YAO_OK);
    expect_entries("11..............");
    done();
}

static void refuses_way_back(void **state)
{
    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(put_batch((batch){1, 1, 2, 0, 0}, NULL), YAO_OK);
    assert_status(set_state(1, STORE_VALID, STORE_VALID), YAO_E_NOT_FOUND);
    assert_status(set_state(1, STORE_REVOKED, STORE_REVOKED), YAO_OK);
    for (int to = STORE_VALID; to <= STORE_SUSPENDED; to++)
        assert_status(set_state(1, (store_state)to, (store_state)to),
                      YAO_E_NOT_FOUND);
    expect_entries("11..............");
    assert_status(set_state(99, STORE_REVOKED, STORE_REVOKED), YAO_E_NOT_FOUND);
    done();
}

/* ---- what was signed ---- */

static yao_status put_token(int64_t list, int64_t version)
{
    const store_status_token token = {
        list,      version,           NOW + version,
        NOW + 100, YAO_INIT("a.b.c"), YAO_INIT("\xd2\x84")};
    store_change change = store_change_open(test_arena());

    store_put_status_token(&change, &token);
    return store_commit(s, &change);
}

static void gives_versions(void **state)
{
    store_status_token token;

    (void)state;
    open_new();
    assert_status(put_list(LIST), YAO_OK);
    assert_status(store_get_status_token(s, LIST, test_arena(), &token),
                  YAO_E_NOT_FOUND);
    assert_status(put_token(LIST, 1), YAO_OK);
    assert_status(put_token(LIST, 2), YAO_OK);
    assert_status(put_token(LIST, 2), YAO_E_EXISTS);
    assert_status(put_token(LIST, 1), YAO_E_EXISTS);
    assert_status(put_token(LIST, 4), YAO_E_EXISTS);
    assert_status(put_token(99, 1), YAO_E_STORE);
    assert_status(store_get_status_token(s, LIST, test_arena(), &token),
                  YAO_OK);
    assert_int_equal(token.version, 2);
    assert_int_equal(token.signed_at, NOW + 2);
    assert_int_equal(token.expires, NOW + 100);
    assert_bytes(token.jwt, YAO_LIT("a.b.c"));
    assert_bytes(token.cwt, YAO_LIT("\xd2\x84"));
    done();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"list", "gives what was opened, and how much of it is taken", gives_lists},
    {"index", "refuses one that has an owner, and leaves no trace",
     refuses_index_twice},
    {"index", "N131 gives one to one of 64 who race", gives_index_to_one},
    {"state", "gives suspension, return and the end of all batches",
     gives_states},
    {"state", "gives a suspended document whose copies are revoked",
     gives_suspension_of_revoked},
    {"state", "refuses copies of what was ended while they were made",
     refuses_batches_of_ended},
    {"state", "N129 refuses every way back", refuses_way_back},
    {"token", "gives the last version, refuses all but the next",
     gives_versions},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        add_for_engines(rows[i].group, rows[i].name, rows[i].run);
    int code = test_run("store/status_contract");
    test_scratch_remove();
    return code;
}
