/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_NETCERT_FIXTURE_H
#define YAO_TEST_NETCERT_FIXTURE_H

/**
 * The person of enrol_fixture.h with a net certificate, a few batches of its
 * copies in the ledger, and a relying party with a key.
 */

#include "authority/netcert/question.h"
#include "authority/netcert/inside.h"
#include "enrol_fixture.h"
#include "forge.h"

#define NET_URL "https://authority.example"
#define NET_PARTY "91330106MA27XF8P2A"

static uint8_t        net_lookup[STORE_HASH_LEN], net_holder[STORE_HASH_LEN];
static netcert_holder net_who;

static inline void net_open_world(void)
{
    world_open();
    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1),
                                    net_lookup, net_holder),
                  YAO_OK);
    net_who = (netcert_holder){.lookup = {net_lookup, STORE_HASH_LEN},
                               .holder = {net_holder, STORE_HASH_LEN},
                               .level  = 3};
}

/* ---- certificates ---- */

static inline yao_status net_put(const netcert_holder *who)
{
    store_change change = store_change_open(&world.arena);

    YAO_TRY(netcert_put(&world.e, &change, who));
    return store_commit(world.a.store, &change);
}

static inline store_netcert net_get(void)
{
    store_netcert n;

    assert_status(netcert_get(&world.e, net_who.lookup, &n), YAO_OK);
    return n;
}

/** The number, opened with the person's key. */
static inline yao_text net_number(void)
{
    store_netcert n = net_get();
    people_person person;
    yao_text      number;

    assert_status(
        people_find_by(&world.a, net_who.lookup, &world.arena, &person),
        YAO_OK);
    assert_status(
        netcert_unseal(&person.key, n.sealed, &world.arena, &number), YAO_OK);
    people_close(&person);
    return number;
}

static inline yao_status net_do(netcert_act act)
{
    int64_t wait;

    return netcert_do(&world.e, &net_who, act, &wait);
}

/* ---- copies in the ledger ---- */

/* A batch of one copy of document NAME, number N. */
static inline void net_issue(unsigned n, const char *name)
{
    uint8_t             *bytes  = yao_arena_take(&world.arena, 64);
    store_change         change = store_change_open(&world.arena);
    static uint8_t       subject[STORE_HASH_LEN], signer[STORE_HASH_LEN];

    assert_non_null(bytes);
    memset(bytes, (int)n, 64);
    const store_copy copy = {.hash         = {bytes, STORE_HASH_LEN},
                             .key_hash     = {bytes + 32, STORE_HASH_LEN},
                             .status_index = (int64_t)n};
    store_put_document(
        &change, &(store_document){.id          = {bytes, STORE_ID_LEN},
                                   .issuance    = {bytes + 16, STORE_ID_LEN},
                                   .holder      = net_who.holder,
                                   .subject     = {subject, STORE_HASH_LEN},
                                   .name        = yao_text_of(name),
                                   .format      = YAO_TEXT("mso_mdoc"),
                                   .issued      = world.e.now,
                                   .valid_until = world.e.now + 30 * 86400,
                                   .level       = 3,
                                   .signer      = {signer, STORE_HASH_LEN},
                                   .status_list = 1,
                                   .copies      = &copy,
                                   .copy_count  = 1});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static inline int64_t net_state_of(unsigned n)
{
    store_document *list;
    size_t          count;
    uint8_t         id[STORE_ID_LEN];

    memset(id, (int)n, sizeof id);
    assert_status(store_list_documents(world.a.store, net_who.holder,
                                       &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        if (yao_bytes_equal(list[i].id, (yao_bytes){id, sizeof id}))
            return list[i].state;
    return -1;
}

#endif
