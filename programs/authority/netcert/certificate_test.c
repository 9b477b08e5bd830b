/* SPDX-License-Identifier: Apache-2.0 */
/* A net certificate from its opening to its end, with what was issued of it. */
#include "check.h"
#include "netcert_fixture.h"

#include "authority/state.h"
#include "store/bar.h"

static void open_list(void)
{
    store_change change = store_change_open(&world.arena);

    store_put_status_list(&change, &(store_status_list){.number = 1,
                                                        .role   = 1,
                                                        .bits   = 2,
                                                        .size   = 1000,
                                                        .opened = ENROL_NOW});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void open_one(void)
{
    net_open_world();
    open_list();
    assert_status(net_put(&net_who), YAO_OK);
}

static void opens(void **state)
{
    store_netcert n;
    yao_text      number;
    (void)state;

    open_one();
    n = net_get();
    assert_int_equal(n.state, STORE_NETCERT_OPENED);
    assert_int_equal(n.level, 3);
    assert_int_equal(n.opened, ENROL_NOW);
    assert_int_equal(n.expires, ENROL_NOW + 1097 * 86400);
    number = net_number();
    assert_int_equal(number.len, NETCERT_NUMBER);
    assert_int_equal(world_events("netcert.open"), 1);
    /* and nothing of it is in clear */
    assert_false(world_holds(yao_text_bytes(number)));
    assert_true(world_holds(n.number));
    world_close();
}

static void never_opens_at_a_low_level(void **state)
{
    (void)state;
    net_open_world();
    for (net_who.level = 0; net_who.level < 3; net_who.level++) {
        assert_status(netcert_may_open(&world.e, &net_who), YAO_E_NOT_ENTITLED);
        assert_status(net_put(&net_who), YAO_E_NOT_ENTITLED);
    }
    assert_int_equal(net_get().state, 0);
    net_who.level = 3;
    assert_status(netcert_may_open(&world.e, &net_who), YAO_OK);
    world_close();
}

static void never_opens_with_an_old_card(void **state)
{
    (void)state;
    net_open_world();
    world.e.now = INT64_C(2209075200); /* 2040-01-02 */
    assert_status(net_put(&net_who), YAO_E_NOT_ENTITLED);
    world.e.now -= 86400;
    assert_status(net_put(&net_who), YAO_OK);
    world_close();
}

static void refuses_nobody(void **state)
{
    uint8_t lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    (void)state;

    net_open_world();
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NOBODY), lookup,
                                    holder),
                  YAO_OK);
    net_who.lookup.ptr = lookup;
    assert_status(net_put(&net_who), YAO_E_NOT_FOUND);
    world_close();
}

static void supersedes(void **state)
{
    store_netcert *list;
    size_t         count;
    yao_text       before;
    (void)state;

    open_one();
    before = net_number();
    net_issue(1, NETCERT_DOCUMENT);
    net_issue(2, "resident_id");
    assert_status(net_put(&net_who), YAO_OK);
    assert_true(yao_text_equal(net_number(), before));
    assert_int_equal(net_get().state, STORE_NETCERT_OPENED);
    assert_int_equal(net_state_of(1), STORE_REVOKED);
    assert_int_equal(net_state_of(2), STORE_VALID);
    assert_status(store_list_netcerts(world.a.store, net_who.lookup,
                                      &world.arena, &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[0].state + list[1].state,
                     STORE_NETCERT_OPENED + STORE_NETCERT_SUPERSEDED);
    assert_int_equal(world_events("netcert.download"), 1);
    world_close();
}

static void never_supersedes_a_higher_level(void **state)
{
    (void)state;
    net_open_world();
    open_list();
    net_who.level = 4;
    assert_status(net_put(&net_who), YAO_OK);
    net_issue(1, NETCERT_DOCUMENT);
    net_who.level = 3;
    assert_status(net_put(&net_who), YAO_E_NOT_ENTITLED);
    assert_status(netcert_may_open(&world.e, &net_who), YAO_E_NOT_ENTITLED);
    assert_int_equal(net_state_of(1), STORE_VALID);
    world_close();
}

static void freezes(void **state)
{
    (void)state;
    open_one();
    net_issue(1, NETCERT_DOCUMENT);
    net_issue(2, "resident_id");
    assert_status(net_do(NETCERT_UNFREEZE), YAO_E_EXISTS);
    net_who.level = 1; /* whoever it is may protect */
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_status(net_do(NETCERT_FREEZE), YAO_E_EXISTS);
    assert_int_equal(net_get().state, STORE_NETCERT_FROZEN);
    assert_int_equal(net_state_of(1), STORE_SUSPENDED);
    assert_int_equal(net_state_of(2), STORE_VALID);
    assert_status(net_do(NETCERT_UNFREEZE), YAO_E_NOT_AUTHORISED);
    net_who.level = 3;
    assert_status(net_do(NETCERT_UNFREEZE), YAO_OK);
    assert_int_equal(net_state_of(1), STORE_VALID);
    assert_int_equal(net_get().state, STORE_NETCERT_OPENED);
    assert_int_equal(world_events("document.suspend"), 1);
    assert_int_equal(world_events("document.restore"), 1);
    world_close();
}

/* An officer suspends batch N, before or while it is frozen. */
static void hold(unsigned n)
{
    store_change   change = store_change_open(&world.arena);
    uint8_t        id[STORE_ID_LEN];
    store_document *batches;
    size_t          count;

    memset(id, (int)n, sizeof id);
    assert_status(store_list_issuance(world.a.store, (yao_bytes){id, sizeof id},
                                      &world.arena, &batches, &count),
                  YAO_OK);
    const state_reason r = {&world.a, world.e.catalogue, {id, sizeof id},
                            "hold", world.e.now};
    assert_status(state_suspend(&change, &world.arena, &batches[0], &r),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void never_restores_a_hold(void **state)
{
    (void)state;
    open_one();
    net_issue(1, NETCERT_DOCUMENT);
    net_issue(2, NETCERT_DOCUMENT);
    net_issue(3, NETCERT_DOCUMENT);
    hold(1);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    hold(2);
    assert_status(net_do(NETCERT_UNFREEZE), YAO_OK);
    assert_int_equal(net_state_of(1), STORE_SUSPENDED);
    assert_int_equal(net_state_of(2), STORE_SUSPENDED);
    assert_int_equal(net_state_of(3), STORE_VALID);
    world_close();
}

static void never_opens_what_is_barred(void **state)
{
    store_change change;
    bool         barred = true;
    uint8_t      id[STORE_ID_LEN] = {9};
    (void)state;

    open_one();
    assert_status(netcert_is_barred(&world.e, net_who.holder, &barred),
                  YAO_OK);
    assert_false(barred);
    change = store_change_open(&world.arena);
    store_put_bar(&change, &(store_bar){.id      = {id, sizeof id},
                                        .holder  = net_who.holder,
                                        .lookup  = net_who.lookup,
                                        .kind    = STORE_BAR_FREEZE,
                                        .reason  = YAO_TEXT("frozen"),
                                        .author  = YAO_TEXT("code"),
                                        .started = world.e.now});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(netcert_is_barred(&world.e, net_who.holder, &barred),
                  YAO_OK);
    assert_true(barred);
    assert_status(net_put(&net_who), YAO_E_NOT_ENTITLED);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    world_close();
}

static void never_locks_out_who_unfreezes(void **state)
{
    int64_t wait = 0;
    int     tries = 0;
    (void)state;

    open_one();
    for (; tries < 20 && wait == 0; tries++) {
        assert_status(net_do(NETCERT_FREEZE), YAO_OK);
        yao_status status =
            netcert_do(&world.e, &net_who, NETCERT_UNFREEZE, &wait);
        if (wait != 0)
            assert_status(status, YAO_E_LIMIT);
        else
            assert_status(status, YAO_OK);
    }
    assert_true(tries > 3 && tries < 20);
    assert_int_equal(world_cases("netcert.unfreeze"), 1);
    world.e.now += wait;
    assert_status(net_do(NETCERT_UNFREEZE), YAO_OK);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK); /* never throttled */
    world_close();
}

static void deregisters(void **state)
{
    yao_text before;
    (void)state;

    open_one();
    before = net_number();
    net_issue(1, NETCERT_DOCUMENT);
    net_who.level = 2;
    assert_status(net_do(NETCERT_DEREGISTER), YAO_E_NOT_AUTHORISED);
    net_who.level = 3;
    assert_status(net_do(NETCERT_DEREGISTER), YAO_OK);
    assert_int_equal(net_get().state, STORE_NETCERT_DEREGISTERED);
    assert_int_equal(net_state_of(1), STORE_REVOKED);
    assert_status(net_do(NETCERT_DEREGISTER), YAO_E_NOT_FOUND);
    assert_status(net_do(NETCERT_FREEZE), YAO_E_NOT_FOUND);
    /* a new one has a new number */
    world.e.now += 5;
    assert_status(net_put(&net_who), YAO_OK);
    assert_false(yao_text_equal(net_number(), before));
    world_close();
}

static void deregisters_what_is_frozen(void **state)
{
    (void)state;
    open_one();
    net_issue(1, NETCERT_DOCUMENT);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_status(net_do(NETCERT_DEREGISTER), YAO_OK);
    assert_int_equal(net_state_of(1), STORE_REVOKED);
    world_close();
}

static void downloads_what_is_frozen(void **state)
{
    (void)state;
    open_one();
    net_issue(1, NETCERT_DOCUMENT);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_status(net_put(&net_who), YAO_OK);
    assert_int_equal(net_get().state, STORE_NETCERT_OPENED);
    assert_int_equal(net_state_of(1), STORE_REVOKED);
    world_close();
}

static void expires(void **state)
{
    size_t   count;
    yao_text before;
    (void)state;

    open_one();
    before = net_number();
    world.e.now = net_get().expires - 1;
    assert_status(netcert_expire_due(&world.e, &count), YAO_OK);
    assert_int_equal(count, 0);
    world.e.now++;
    assert_status(net_do(NETCERT_FREEZE), YAO_E_NOT_FOUND); /* before the job */
    assert_status(netcert_expire_due(&world.e, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_int_equal(net_get().state, STORE_NETCERT_EXPIRED);
    assert_status(netcert_expire_due(&world.e, &count), YAO_OK);
    assert_int_equal(count, 0);
    /* the number is kept */
    assert_status(net_put(&net_who), YAO_OK);
    assert_true(yao_text_equal(net_number(), before));
    assert_int_equal(world_events("netcert.expire"), 1);
    world_close();
}

static void opens_before_the_job(void **state)
{
    store_netcert *list;
    size_t         count;
    (void)state;

    open_one();
    world.e.now = net_get().expires;
    assert_status(net_put(&net_who), YAO_OK);
    assert_status(store_list_netcerts(world.a.store, net_who.lookup,
                                      &world.arena, &list, &count),
                  YAO_OK);
    assert_int_equal(count, 2);
    assert_int_equal(list[1].state, STORE_NETCERT_EXPIRED);
    world_close();
}

/* Two who read the same open one certificate. */
static void never_opens_two(void **state)
{
    store_change one, other;
    (void)state;

    net_open_world();
    one   = store_change_open(&world.arena);
    other = store_change_open(&world.arena);
    assert_status(netcert_put(&world.e, &one, &net_who), YAO_OK);
    assert_status(netcert_put(&world.e, &other, &net_who), YAO_OK);
    assert_status(store_commit(world.a.store, &one), YAO_OK);
    assert_status(store_commit(world.a.store, &other), YAO_E_EXISTS);
    world_close();
}

/* ---- the record of a document ---- */

static yao_status open_record(const char *device, const yao_json **ret)
{
    people_person person;
    store_netcert n;

    assert_status(
        people_find_by(&world.a, net_who.lookup, &world.arena, &person),
        YAO_OK);
    yao_status status =
        netcert_open_record(&world.e, net_who.lookup,
                            yao_text_bytes(yao_text_of(device)), &person, &n);
    people_close(&person);
    if (ret != NULL)
        *ret = person.record;
    return status;
}

static void gives_a_record_of_nobody(void **state)
{
    const yao_json *record, *inner;
    (void)state;

    open_one();
    assert_status(open_record("a", &record), YAO_OK);
    assert_int_equal(record->count, 1);
    inner = yao_json_get(record, "net_certificate");
    assert_int_equal(inner->count, 4);
    assert_true(
        yao_json_is_text(yao_json_get(inner, "number"), net_number()));
    assert_true(yao_json_is(yao_json_get(inner, "issue_date"), "2026-11-22"));
    assert_true(yao_json_is(yao_json_get(inner, "expiry_date"), "2029-11-22"));
    world_close();
}

static void gives_a_record_while_open(void **state)
{
    store_change change;
    store_netcert n;
    (void)state;

    net_open_world();
    assert_status(open_record("a", NULL), YAO_E_NOT_ENTITLED);
    world_close();

    open_one();
    n      = net_get();
    change = store_change_open(&world.arena);
    store_use_netcert(&change, &n, YAO_LIT("a"));
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(open_record("a", NULL), YAO_OK);
    assert_status(open_record("b", NULL), YAO_E_NOT_ENTITLED);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_status(open_record("a", NULL), YAO_E_NOT_ENTITLED);
    assert_status(net_put(&net_who), YAO_OK); /* downloaded by another */
    assert_status(open_record("b", NULL), YAO_OK);
    world.e.now = net_get().expires;
    assert_status(open_record("b", NULL), YAO_E_NOT_ENTITLED);
    world_close();
}

/* The number is random: of many, none twice, every letter of the alphabet, and
 * nothing of the person's. */
static void draws(void **state)
{
    static char drawn[2000][NETCERT_NUMBER];
    size_t      seen[256] = {0};
    (void)state;

    for (size_t i = 0; i < COUNT(drawn); i++) {
        assert_status(netcert_draw(drawn[i]), YAO_OK);
        for (size_t k = 0; k < NETCERT_NUMBER; k++)
            seen[(uint8_t)drawn[i][k]]++;
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(drawn[i], drawn[k], NETCERT_NUMBER);
    }
    for (const char *c = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; *c != '\0'; c++) {
        assert_true(seen[(uint8_t)*c] > 1200 && seen[(uint8_t)*c] < 1800);
        seen[(uint8_t)*c] = 0;
    }
    for (size_t i = 0; i < COUNT(seen); i++)
        assert_int_equal(seen[i], 0);
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives a number that stands nowhere in clear", opens},
    {"refuses to open at a level below three", never_opens_at_a_low_level},
    {"refuses to open with an identity card that is over",
     never_opens_with_an_old_card},
    {"refuses to open for nobody", refuses_nobody},
    {"accepts a download, and ends what was issued before", supersedes},
    {"never lets a lower level end a higher one",
     never_supersedes_a_higher_level},
    {"accepts freezing at any level, unfreezing at its own", freezes},
    {"never gives back what an officer holds", never_restores_a_hold},
    {"never opens one while all documents are frozen",
     never_opens_what_is_barred},
    {"never locks out who unfreezes often", never_locks_out_who_unfreezes},
    {"gives another number after deregistering", deregisters},
    {"accepts deregistering what is frozen", deregisters_what_is_frozen},
    {"accepts downloading what is frozen", downloads_what_is_frozen},
    {"gives the same number after it has expired", expires},
    {"accepts opening before the end was noted", opens_before_the_job},
    {"never opens two of one person at once", never_opens_two},
    {"gives a record with nothing of the person", gives_a_record_of_nobody},
    {"refuses a record unless it is open, to one device",
     gives_a_record_while_open},
    {"gives random numbers", draws},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("netcert", rows[i].name, rows[i].run, NULL);
    int code = test_run("authority/netcert/certificate");
    test_scratch_remove();
    return code;
}
