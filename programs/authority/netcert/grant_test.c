/* SPDX-License-Identifier: Apache-2.0 */
/* What a person grants, and what nobody can be granted. */
#include "check.h"
#include "netcert_fixture.h"

static void open_world(void)
{
    net_open_world();
    net_register(NET_PARTY, "age,identity", NET_KEY);
}

typedef struct grant_row {
    const char *name, *party, *item;
    int64_t     seconds;
    yao_status  want;
} grant_row;

static const grant_row grants[] = {
    {"accepts an item of a profile", NET_PARTY, "resident_id.full_name", 60,
     YAO_OK},
    {"accepts a choice of a profile", NET_PARTY, "resident_id.age_over_18", 60,
     YAO_OK},
    {"accepts a year", NET_PARTY, "resident_id.full_name",
     NETCERT_GRANT_SECONDS, YAO_OK},
    {"refuses more than a year", NET_PARTY, "resident_id.full_name",
     NETCERT_GRANT_SECONDS + 1, YAO_E_EXPIRED},
    {"refuses an end that is now", NET_PARTY, "resident_id.full_name", 0,
     YAO_E_EXPIRED},
    {"refuses an end that was", NET_PARTY, "resident_id.full_name", -1,
     YAO_E_EXPIRED},
    {"refuses a party that is not registered", "91330106MA27XF8P2B",
     "resident_id.full_name", 60, YAO_E_NOT_FOUND},
    {"refuses an item of no profile of the party's", NET_PARTY,
     "resident_id.address", 60, YAO_E_VALUE},
    {"refuses a portrait", NET_PARTY, "resident_id.portrait_small", 60,
     YAO_E_VALUE},
    {"refuses an element that is none", NET_PARTY, "resident_id.soul", 60,
     YAO_E_VALUE},
    {"refuses a document that is none", NET_PARTY, "soul.full_name", 60,
     YAO_E_VALUE},
    {"refuses a document alone", NET_PARTY, "resident_id", 60, YAO_E_VALUE},
    {"refuses a document and a dot", NET_PARTY, "resident_id.", 60,
     YAO_E_VALUE},
    {"refuses nothing", NET_PARTY, "", 60, YAO_E_VALUE},
};

static void grants_it(void **state)
{
    const grant_row *r = *state;

    open_world();
    assert_status(net_grant(r->party, r->item, r->seconds, NULL), r->want);
    assert_int_equal(world_events("netcert.grant"), r->want == YAO_OK);
    world_close();
}

/* A passkey, a code given by telephone; and where the certificate is an
 * officer's. To withdraw takes no level. */
static void wants_the_level(void **state)
{
    yao_bytes id;

    (void)state;
    open_world();
    net_who.level = 2;
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, NULL),
                  YAO_E_NOT_AUTHORISED);
    net_who.level = 4;
    assert_status(net_put(&net_who), YAO_OK);
    net_who.level = 3;
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, NULL),
                  YAO_E_NOT_AUTHORISED);
    net_who.level = 4;
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, &id),
                  YAO_OK);
    net_who.level = 2;
    assert_status(netcert_withdraw(&world.e, &net_who, id), YAO_OK);
    world_close();
}

static bool has(const char *item)
{
    bool              ret;
    const store_grant what = {.person = net_who.lookup,
                              .party  = YAO_TEXT(NET_PARTY),
                              .item   = yao_text_of(item)};

    assert_status(store_has_grant(world.a.store, &what, world.e.now, &ret),
                  YAO_OK);
    return ret;
}

static void withdraws(void **state)
{
    yao_bytes      id;
    netcert_holder other = {.level = 4};
    uint8_t        lookup[STORE_HASH_LEN] = {1};
    (void)state;

    open_world();
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, &id),
                  YAO_OK);
    other.lookup = (yao_bytes){lookup, sizeof lookup};
    other.holder = other.lookup;
    assert_status(netcert_withdraw(&world.e, &other, id), YAO_E_NOT_FOUND);
    assert_true(has("resident_id.full_name"));
    assert_status(netcert_withdraw(&world.e, &net_who, id), YAO_OK);
    assert_false(has("resident_id.full_name"));
    assert_status(netcert_withdraw(&world.e, &net_who, id), YAO_E_NOT_FOUND);
    assert_int_equal(world_events("netcert.withdraw"), 1);
    world_close();
}

static void ends_with_the_number(void **state)
{
    (void)state;
    open_world();
    assert_status(net_put(&net_who), YAO_OK);
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, NULL),
                  YAO_OK);
    assert_status(net_do(NETCERT_FREEZE), YAO_OK);
    assert_true(has(""));
    assert_status(net_do(NETCERT_DEREGISTER), YAO_OK);
    assert_false(has(""));
    world_close();
}

static void refuses_a_suspended_party(void **state)
{
    store_change change;
    (void)state;

    open_world();
    change = store_change_open(&world.arena);
    store_set_party_state(&change, YAO_TEXT(NET_PARTY), STORE_PARTY_SUSPENDED,
                          world.e.now);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, NULL),
                  YAO_E_NOT_FOUND);
    world_close();
}

/* Rows of the store are made without the catalogue: many parties. */
static void refuses_too_many(void **state)
{
    (void)state;
    open_world();
    for (unsigned i = 0; i < NETCERT_MAX_GRANTS; i++) {
        char         code[32];
        store_change change = store_change_open(&world.arena);
        uint8_t      id[STORE_ID_LEN];

        snprintf(code, sizeof code, "party-%u", i);
        memset(id, (int)i, sizeof id);
        store_put_grant(&change,
                        &(store_grant){.id      = {id, sizeof id},
                                       .person  = net_who.lookup,
                                       .party   = yao_text_of(code),
                                       .item    = YAO_TEXT("a.b"),
                                       .granted = world.e.now,
                                       .ends    = world.e.now + 5},
                        NULL);
        assert_status(store_commit(world.a.store, &change), YAO_OK);
    }
    assert_status(net_grant(NET_PARTY, "resident_id.full_name", 60, NULL),
                  YAO_E_LIMIT);
    world_close();
}

static void knows_profiles(void **state)
{
    store_party p = {.profiles = YAO_TEXT("hotel,age")};
    (void)state;

    assert_true(netcert_has_profile(&p, YAO_TEXT("hotel")));
    assert_true(netcert_has_profile(&p, YAO_TEXT("age")));
    assert_false(netcert_has_profile(&p, YAO_TEXT("ag")));
    assert_false(netcert_has_profile(&p, YAO_TEXT("hotel,age")));
    assert_false(netcert_has_profile(&p, YAO_TEXT("el")));
    p.profiles = YAO_TEXT("");
    assert_false(netcert_has_profile(&p, YAO_TEXT("")));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(grants); i++)
        test_add("grant", grants[i].name, grants_it, &grants[i]);
    test_add("grant", "refuses a lower level than the certificate's",
             wants_the_level, NULL);
    test_add("grant", "refuses to withdraw another's", withdraws, NULL);
    test_add("grant", "never outlives the number", ends_with_the_number, NULL);
    test_add("grant", "refuses a party that is suspended",
             refuses_a_suspended_party, NULL);
    test_add("grant", "refuses more than a list shows", refuses_too_many, NULL);
    test_add("grant", "accepts whole names of profiles only", knows_profiles,
             NULL);
    int code = test_run("authority/netcert/grant");
    test_scratch_remove();
    return code;
}
