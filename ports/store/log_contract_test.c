/* SPDX-License-Identifier: Apache-2.0 */
/* What every engine promises about the audit log, and about what is signed for
 * everybody. */
#include "store/keeper.h"
#include "store/log.h"

#include "check.h"
#include "program.h"
#include "stores.h"

/* ---- leaves ---- */

static store_log_entry entry_of(unsigned index, numbered *n)
{
    return (store_log_entry){.index   = index,
                             .leaf    = ID(*n),
                             .subject = HASH(*n),
                             .sealed  = YAO_LIT("sealed"),
                             .key_box = YAO_LIT("box")};
}

static void put_event(unsigned n)
{
    numbered          id     = number(n);
    store_change      change = store_change_open(test_arena());
    const store_event event  = {.id      = ID(id),
                                .at      = NOW + n,
                                .kind    = YAO_TEXT("person.show"),
                                .subject = HASH(id),
                                .detail  = YAO_TEXT("{}")};

    store_put_event(&change, &event);
    assert_status(store_commit(s, &change), YAO_OK);
}

/* Event N, read as one about SUBJECT, becomes leaf INDEX. */
static yao_status sequence_about(unsigned n, yao_bytes subject, unsigned index)
{
    numbered          id     = number(n);
    store_change      change = store_change_open(test_arena());
    store_log_entry   entry  = entry_of(index, &id);
    const store_event event  = {.id = ID(id), .subject = subject};

    store_take_event(&change, &event);
    store_put_log_entry(&change, &entry);
    return store_commit(s, &change);
}

static yao_status sequence(unsigned n, unsigned index)
{
    numbered id = number(n);

    return sequence_about(n, HASH(id), index);
}

static size_t waiting(void)
{
    store_event *events;
    size_t       count;

    assert_status(
        store_list_waiting(s, NULL, 100, test_arena(), &events, &count),
        YAO_OK);
    return count;
}

static int64_t leaves(void)
{
    int64_t count = -1;

    assert_status(store_count_log(s, &count), YAO_OK);
    return count;
}

static void gives_leaves_for_events(void **state)
{
    yao_bytes       *read;
    store_log_entry *entries;
    size_t           count;

    (void)state;
    open_new();
    assert_int_equal(leaves(), 0);
    for (unsigned i = 0; i < 4; i++)
        put_event(i);
    assert_int_equal(waiting(), 4);
    for (unsigned i = 0; i < 3; i++)
        assert_status(sequence(i, i), YAO_OK);
    assert_int_equal(waiting(), 1);
    assert_int_equal(leaves(), 3);
    assert_status(store_list_log_leaves(s, 1, 3, test_arena(), &read, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    numbered two = number(2);
    assert_bytes(read[1], ID(two));
    assert_status(
        store_list_log_entries(s, 2, 9, test_arena(), &entries, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].index, 2);
    assert_bytes(entries[0].sealed, YAO_LIT("sealed"));
    done();
}

static void refuses_twice(void **state)
{
    (void)state;
    open_new();
    for (unsigned i = 0; i < 3; i++)
        put_event(i);
    assert_status(sequence(0, 0), YAO_OK);
    assert_status(sequence(1, 0), YAO_E_EXISTS);    /* the index is taken */
    assert_status(sequence(0, 1), YAO_E_NOT_FOUND); /* the event is gone */
    assert_int_equal(leaves(), 1);
    assert_int_equal(waiting(), 2);
    assert_status(sequence(1, 1), YAO_OK);
    done();
}

/* Who was erased after the event was read: no entry names them any more. */
static void refuses_another_subject(void **state)
{
    numbered other = number(7);

    (void)state;
    open_new();
    put_event(1);
    assert_status(sequence_about(1, HASH(other), 0), YAO_E_NOT_FOUND);
    assert_status(sequence_about(1, YAO_LIT(""), 0), YAO_E_NOT_FOUND);
    assert_int_equal(leaves(), 0);
    assert_int_equal(waiting(), 1);
    assert_status(sequence(1, 0), YAO_OK);
    done();
}

static void gives_waiting_in_pages(void **state)
{
    store_event *events, *rest;
    size_t       count;

    (void)state;
    open_new();
    for (unsigned i = 0; i < 5; i++)
        put_event(i);
    assert_status(store_list_waiting(s, NULL, 2, test_arena(), &events, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_status(
        store_list_waiting(s, &events[1], 9, test_arena(), &rest, &count),
        YAO_OK);
    assert_int_equal(count, 3);
    assert_int_equal(rest[0].at, NOW + 2);
    done();
}

static void gives_those_of_a_subject(void **state)
{
    store_log_entry *entries;
    size_t           count;
    numbered         one = number(1);

    (void)state;
    open_new();
    for (unsigned i = 0; i < 6; i++) {
        numbered        n      = number(i % 2);
        store_change    change = store_change_open(test_arena());
        store_log_entry entry  = entry_of(i, &n);
        store_put_log_entry(&change, &entry);
        assert_status(store_commit(s, &change), YAO_OK);
    }
    const store_log_wish wish = {HASH(one), 2, 5, 10};
    assert_status(
        store_list_log_subject(s, &wish, test_arena(), &entries, &count),
        YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(entries[0].index, 3);

    store_change change = store_change_open(test_arena());
    store_erase_log_entries(&change, HASH(one));
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(
        store_list_log_subject(s, &wish, test_arena(), &entries, &count),
        YAO_OK);
    assert_int_equal(count, 0);
    assert_status(
        store_list_log_entries(s, 3, 4, test_arena(), &entries, &count),
        YAO_OK);
    assert_int_equal(entries[0].sealed.len + entries[0].key_box.len +
                         entries[0].subject.len,
                     0);
    assert_bytes(entries[0].leaf, ID(one)); /* N282: it stays */
    assert_int_equal(leaves(), 6);
    done();
}

/* ---- nodes and heads ---- */

static void gives_nodes(void **state)
{
    numbered   n = number(1);
    yao_bytes *read;
    size_t     count;

    (void)state;
    open_new();
    for (int i = 0; i < 3; i++) {
        store_change change = store_change_open(test_arena());
        store_put_log_node(&change, &(store_log_node){1, i, HASH(n)});
        store_put_log_node(&change, &(store_log_node){2, i, HASH(n)});
        assert_status(store_commit(s, &change), YAO_OK);
    }
    store_change change = store_change_open(test_arena());
    store_put_log_node(&change, &(store_log_node){1, 2, HASH(n)});
    assert_status(store_commit(s, &change), YAO_E_EXISTS);
    assert_status(store_list_log_nodes(s, &(store_log_span){1, 1, 9},
                                       test_arena(), &read, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_bytes(read[0], HASH(n));
    done();
}

static yao_status put_head(int64_t head, int64_t size, yao_time at)
{
    numbered             n      = number((unsigned)size);
    store_change         change = store_change_open(test_arena());
    const store_log_head what   = {head, size, at, HASH(n), YAO_LIT("note")};

    store_put_log_head(&change, &what);
    return store_commit(s, &change);
}

/* N276: neither size nor time go back. */
static void gives_heads_that_grow(void **state)
{
    store_log_head head, *heads;
    size_t         count;

    (void)state;
    open_new();
    assert_status(store_get_log_head(s, test_arena(), &head), YAO_E_NOT_FOUND);
    assert_status(put_head(1, 0, NOW), YAO_OK);
    assert_status(put_head(2, 5, NOW + 1), YAO_OK);
    assert_status(put_head(2, 6, NOW + 2), YAO_E_EXISTS);
    assert_status(put_head(3, 4, NOW + 2), YAO_E_EXISTS);
    assert_status(put_head(3, 6, NOW), YAO_E_EXISTS);
    assert_status(put_head(3, 5, NOW + 1), YAO_OK); /* signed anew */
    assert_status(store_get_log_head(s, test_arena(), &head), YAO_OK);
    assert_int_equal(head.number, 3);
    assert_int_equal(head.size, 5);
    assert_bytes(head.note, YAO_LIT("note"));
    assert_status(
        store_list_log_heads(s, 1, 9, test_arena(), &heads, &count), YAO_OK);
    assert_int_equal(count, 2);

    store_change change = store_change_open(test_arena());
    store_forget_log_heads(&change, NOW + 100);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(
        store_list_log_heads(s, 0, 9, test_arena(), &heads, &count), YAO_OK);
    assert_int_equal(count, 1); /* the newest is kept */
    assert_int_equal(heads[0].number, 3);
    done();
}

/* ---- artefacts ---- */

static yao_status put_artefact(int64_t version)
{
    numbered             n      = number(1);
    store_change         change = store_change_open(test_arena());
    const store_artefact what   = {YAO_TEXT("bundle.cose"), version, NOW,
                                   NOW + 9, HASH(n), YAO_LIT("body")};

    store_put_artefact(&change, &what);
    return store_commit(s, &change);
}

static void gives_newest_artefact(void **state)
{
    store_artefact read;

    (void)state;
    open_new();
    assert_status(store_get_artefact(s, YAO_TEXT("bundle.cose"), test_arena(),
                                     &read),
                  YAO_E_NOT_FOUND);
    assert_status(put_artefact(3), YAO_OK);
    assert_status(put_artefact(3), YAO_E_EXISTS);
    assert_status(put_artefact(2), YAO_E_EXISTS);
    assert_status(put_artefact(5), YAO_OK);
    assert_status(store_get_artefact(s, YAO_TEXT("bundle.cose"), test_arena(),
                                     &read),
                  YAO_OK);
    assert_int_equal(read.version, 5);
    assert_bytes(read.body, YAO_LIT("body"));
    assert_status(store_get_artefact_age(s, YAO_TEXT("bundle.cose"),
                                         test_arena(), &read),
                  YAO_OK);
    assert_int_equal(read.body.len, 0);
    assert_int_equal(read.expires, NOW + 9);
    done();
}

/* ---- what has to be signed again ---- */

static void put_batch(unsigned n)
{
    numbered           id = number(n), copy = number(100 + n);
    const store_copy   copies[] = {{HASH(copy), HASH(copy), n}};
    store_change       change   = store_change_open(test_arena());
    const store_document row      = {.id          = ID(id),
                                   .issuance    = ID(id),
                                   .holder      = HASH(id),
                                   .subject     = HASH(id),
                                   .name        = YAO_TEXT("resident_id"),
                                   .format      = YAO_TEXT("mso_mdoc"),
                                   .profile     = YAO_TEXT(""),
                                   .issued      = NOW,
                                   .valid_until = NOW + 1000,
                                   .level       = 3,
                                   .signer      = HASH(id),
                                   .status_list = 1,
                                   .copies      = copies,
                                   .copy_count  = 1};

    store_put_document(&change, &row);
    assert_status(store_commit(s, &change), YAO_OK);
}

static yao_status revoke(unsigned n)
{
    numbered                 id     = number(n), of = number(500 + n);
    store_change             change = store_change_open(test_arena());
    const store_state_change what   = {.id       = ID(of),
                                       .issuance = ID(id),
                                       .at       = NOW,
                                       .state    = STORE_REVOKED,
                                       .copies   = STORE_REVOKED,
                                       .reason   = YAO_TEXT("lost")};

    store_put_state(&change, &what);
    return store_commit(s, &change);
}

static void gives_lists_to_be_signed(void **state)
{
    store_dirty *dirty;
    size_t       count;
    store_change change;

    (void)state;
    open_new();
    change = store_change_open(test_arena());
    store_put_status_list(&change, &(store_status_list){.number = 1,
                                                        .role   = 1,
                                                        .bits   = 2,
                                                        .size   = 1000,
                                                        .opened = NOW});
    assert_status(store_commit(s, &change), YAO_OK);
    put_batch(1);
    put_batch(2);
    assert_status(store_list_dirty(s, 9, test_arena(), &dirty, &count), YAO_OK);
    assert_int_equal(count, 0);
    assert_status(revoke(1), YAO_OK);
    assert_status(revoke(1), YAO_E_NOT_FOUND); /* and notes nothing */
    assert_status(store_list_dirty(s, 9, test_arena(), &dirty, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(dirty[0].list, 1);

    /* another comes while the list is signed: it stays noted */
    assert_status(revoke(2), YAO_OK);
    change = store_change_open(test_arena());
    store_forget_dirty(&change, &dirty[0]);
    assert_status(store_commit(s, &change), YAO_OK);
    assert_status(store_list_dirty(s, 9, test_arena(), &dirty, &count), YAO_OK);
    assert_int_equal(count, 1);
    numbered second = number(502);
    assert_bytes(dirty[0].change, ID(second));
    done();
}

/* ---- deeds ---- */

static yao_status count_deed(void *ctx, const store_deed *deed)
{
    ((size_t *)ctx)[deed->kind]++;
    return YAO_OK;
}

static void gives_deeds(void **state)
{
    size_t counts[4] = {0};

    (void)state;
    open_new();
    store_change change = store_change_open(test_arena());
    store_put_status_list(
        &change,
        &(store_status_list){
            .number = 1, .role = 1, .bits = 2, .size = 1000, .opened = NOW});
    assert_status(store_commit(s, &change), YAO_OK);
    put_batch(1);
    put_batch(2);
    assert_status(revoke(1), YAO_OK);
    for (int kind = STORE_DEED_BATCH; kind <= STORE_DEED_PERSON; kind++)
        assert_status(store_walk_deeds(s, (store_deed_kind)kind, count_deed,
                                       counts),
                      YAO_OK);
    assert_int_equal(counts[STORE_DEED_BATCH], 2);
    assert_int_equal(counts[STORE_DEED_CHANGE], 1);
    assert_int_equal(counts[STORE_DEED_PERSON], 0);
    done();
}

int main(void)
{
    static const struct {
        const char        *name;
        CMUnitTestFunction fn;
    } cases[] = {
        {"gives a leaf for each event", gives_leaves_for_events},
        {"refuses an index and an event twice", refuses_twice},
        {"refuses an event that is nobody's by now", refuses_another_subject},
        {"gives what waits in pages", gives_waiting_in_pages},
        {"gives what is about one person, and N282 erases it",
         gives_those_of_a_subject},
        {"gives nodes, each once", gives_nodes},
        {"gives N276: heads that grow", gives_heads_that_grow},
        {"gives the newest artefact", gives_newest_artefact},
        {"gives lists that do not show a change yet", gives_lists_to_be_signed},
        {"gives every deed", gives_deeds},
    };

    for (size_t i = 0; i < COUNT(cases); i++)
        add_for_engines("log", cases[i].name, cases[i].fn);
    int code = test_run("store/log_contract");
    test_scratch_remove();
    return code;
}
