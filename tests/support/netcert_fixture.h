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

/* ---- a relying party ---- */

enum { NET_ROOT = 0, NET_KEY = 2, NET_OTHER = 3 };

static inline void net_register(const char *code, const char *profiles, int key)
{
    store_change change = store_change_open(&world.arena);
    yao_bytes    root   = forge_make(YAO_X509_ROOT, NET_ROOT,
                                     (yao_bytes){NULL, 0}, NET_ROOT);

    store_put_party(
        &change, &(store_party){.code        = yao_text_of(code),
                                .name        = YAO_TEXT("示例酒店"),
                                .profiles    = yao_text_of(profiles),
                                .legal_basis = YAO_TEXT("test"),
                                .state       = STORE_PARTY_ACTIVE,
                                .certificate = forge_make(YAO_X509_READER, key,
                                                          root, NET_ROOT),
                                .registered  = world.e.now,
                                .changed     = world.e.now});
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

/* HEADER and PAYLOAD as a JWS by KEY. */
static inline yao_bytes net_sign(const char *header, yao_bytes payload, int key)
{
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len;
    yao_writer w = yao_writer_in(&world.arena);
    yao_bytes  kept;

    yao_jws_put_unsigned(&w, yao_text_bytes(yao_text_of(header)), payload);
    yao_sign_wish wish = {.alg        = YAO_ES256,
                          .parts      = {{w.ptr, w.len}},
                          .part_count = 1};
    assert_status(yao_openssl_sign(forge_key(key), &wish, signature, &len),
                  YAO_OK);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, &world.arena, &kept), YAO_OK);
    return kept;
}

#define NET_HEADER "{\"alg\":\"ES256\",\"typ\":\"yaopai-netcert-check+jwt\"}"

/* What a request says, as it should be; tests change it. QUESTION and ABOUT
 * are JSON. */
typedef struct net_ask {
    const char *header, *party, *audience, *jti, *profile, *question, *about;
    const char *more; /* further members, with their comma */
    int64_t     late;
    int         key;
} net_ask;

static inline net_ask net_new_ask(const char *profile, const char *question)
{
    static char     jti[32], about[64];
    static unsigned turn;
    yao_text        number = net_number();

    snprintf(jti, sizeof jti, "request-number-%06u", turn++);
    snprintf(about, sizeof about, "\"number\":\"%.*s\"", (int)number.len,
             (const char *)number.ptr);
    return (net_ask){NET_HEADER, NET_PARTY, NET_URL, jti,  profile,
                     question,   about,     "",      0,    NET_KEY};
}

static inline yao_bytes net_write(const net_ask *q)
{
    static char text[4096];

    snprintf(text, sizeof text,
             "{\"iss\":\"%s\",\"aud\":\"%s\",\"iat\":%lld,\"jti\":\"%s\","
             "\"profile\":\"%s\",\"question\":%s,%s%s}",
             q->party, q->audience, (long long)(world.e.now - q->late), q->jti,
             q->profile, q->question, q->about, q->more);
    return net_sign(q->header, yao_text_bytes(yao_text_of(text)), q->key);
}

static inline yao_status net_check(const net_ask *q, netcert_answer *ret)
{
    int64_t wait;

    return netcert_check(&world.e, YAO_TEXT(NET_URL), net_write(q), ret, &wait);
}

/* "equals" of ITEM with VALUE. */
static inline const char *net_equals(const char *item, const char *value)
{
    static const uint8_t salt[16] = {1, 2, 3};
    static char          text[512];
    uint8_t              hash[YAO_SHA256_LEN];
    yao_writer           w = yao_writer_open((uint8_t *)text, sizeof text - 1);

    assert_status(netcert_equals_hash(world.a.crypto,
                                      (yao_bytes){salt, sizeof salt},
                                      yao_text_of(item), yao_text_of(value),
                                      hash),
                  YAO_OK);
    yao_put_text(&w, "{\"equals\":\"");
    yao_put_text(&w, item);
    yao_put_text(&w, "\",\"salt\":\"");
    yao_put_base64url(&w, (yao_bytes){salt, sizeof salt});
    yao_put_text(&w, "\",\"hash\":\"");
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    yao_put_text(&w, "\"}");
    text[w.len] = '\0';
    return text;
}

static inline yao_status net_grant(const char *party, const char *item,
                                   int64_t seconds, yao_bytes *id)
{
    const store_grant grant = {.party = yao_text_of(party),
                               .item  = yao_text_of(item),
                               .ends  = world.e.now + seconds};
    yao_bytes         unused;

    return netcert_grant(&world.e, &net_who, &grant, id != NULL ? id : &unused);
}

#endif
