/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_LIFE_WORLD_H
#define YAO_TEST_LIFE_WORLD_H

/** The world of enrol_fixture.h, with documents in the ledger as they would be
 *  after an issuance, but for their bytes. */

#include "authority/life/life.h"

#include "enrol_fixture.h"

#define LIFE_VIN "LTEST1A02R0000017"

/** Who the cases are about: the person of person.h. */
static life_subject life_who;

static inline void life_open(void)
{
    world_open();
    assert_status(
        life_find_subject(&world.e, YAO_TEXT(ENROL_NUMBER_1), &life_who),
        YAO_OK);
}

/** Put one batch of NAME of WHO, valid for DAYS from now on; its issuance is
 *  made of N. Gives the status of the commit. */
static inline yao_status life_issue_for(const life_subject *who,
                                        const char *name, unsigned n, int days)
{
    static uint8_t ids[64][STORE_ID_LEN];
    uint8_t        hash[STORE_HASH_LEN], key[STORE_HASH_LEN];
    uint8_t        subject[STORE_HASH_LEN], id[STORE_ID_LEN];
    store_change   change  = store_change_open(&world.arena);
    bool           vehicle = strcmp(name, "vehicle_registration") == 0;
    const store_copy copy  = {.hash     = {hash, sizeof hash},
                              .key_hash = {key, sizeof key}};

    memset(ids[n], (int)n, STORE_ID_LEN);
    assert_status(yao_openssl_random(id, sizeof id), YAO_OK);
    assert_status(yao_openssl_random(hash, sizeof hash), YAO_OK);
    assert_status(yao_openssl_random(key, sizeof key), YAO_OK);
    assert_status(seal_hash(world.a.crypto, &world.a.keys, SEAL_LEDGER_SUBJECT,
                            yao_text_bytes(vehicle ? YAO_TEXT(LIFE_VIN)
                                                   : YAO_TEXT("")),
                            subject),
                  YAO_OK);
    store_put_document(
        &change, &(store_document){.id       = {id, sizeof id},
                                   .issuance = {ids[n], STORE_ID_LEN},
                                   .holder   = who->holder,
                                   .subject  = {subject, sizeof subject},
                                   .name     = yao_text_of(name),
                                   .format   = YAO_TEXT("mso_mdoc"),
                                   .profile  = YAO_TEXT(""),
                                   .issued   = world.e.now,
                                   .valid_until =
                                       world.e.now + days * YAO_TIME_DAY,
                                   .level      = 3,
                                   .signer     = {hash, sizeof hash},
                                   .copies     = &copy,
                                   .copy_count = 1});
    return store_commit(world.a.store, &change);
}

static inline void life_issue(const char *name, unsigned n)
{
    assert_status(life_issue_for(&life_who, name, n, 14), YAO_OK);
}

/** The state of issuance N; -1: there is none. */
static inline int64_t life_state(unsigned n)
{
    uint8_t         id[STORE_ID_LEN];
    store_document *list;
    size_t          count;

    memset(id, (int)n, sizeof id);
    assert_status(store_list_issuance(world.a.store,
                                      (yao_bytes){id, sizeof id}, &world.arena,
                                      &list, &count),
                  YAO_OK);
    return count > 0 ? list[0].state : -1;
}

/** How many notices of KIND somebody has. */
static inline size_t life_notices(const life_subject *who, const char *kind)
{
    store_notice *list;
    size_t        count, found = 0;

    assert_status(store_list_notices(world.a.store, who->holder, 1000,
                                     &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        found += yao_text_equal(list[i].kind, yao_text_of(kind));
    return found;
}

#endif
