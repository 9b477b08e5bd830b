/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_ENROL_FIXTURE_H
#define YAO_TEST_ENROL_FIXTURE_H

/**
 * An authority with a register of a few fictitious people, a clock that stands
 * still, and others who do what a case wants them to: a camera that sees whom
 * it is told to, an issuer that notes what it was asked for.
 */

#include "authority/enrol/steps.h"
#include "image/image.h"
#include "person.h"
#include "program.h"

#define ENROL_NOW INT64_C(1795305600) /* 2026-11-22 */
#define ENROL_NUMBER_1 "12011919880808901X" /* the person of person.h */
#define ENROL_NOBODY "440118199506209074"   /* may be, and is not registered */

/* What the others do and saw. */
static struct enrol_world {
    authority     a;
    char          path[256];
    yao_openssl  *openssl;
    yao_arena     arena;
    enrol         e;
    face_verdict  sees; /* whom the camera sees, if the portrait is theirs */
    int           attempts;
    bool          saw_portrait;
    enrol_wish    wish;
    char          code[16];
    size_t        offers;
    yao_status    offer_fails;
} world;

static uint8_t world_portrait[65536];
static size_t  world_portrait_len;
static uint8_t world_small[IMAGE_SMALL_BYTES];
static size_t  world_small_len;

static yao_status begin_face(authority *a, yao_bytes owner, yao_time now,
                             yao_arena *arena, face_challenge *ret, int *wait)
{
    (void)a;
    (void)arena;
    assert_int_equal(owner.len, STORE_HASH_LEN);
    *wait = 0;
    if (world.attempts == FACE_ATTEMPTS)
        return YAO_E_LIMIT;
    world.attempts++;
    *ret = (face_challenge){.expires       = now + FACE_SECONDS,
                            .attempts_left = FACE_ATTEMPTS - world.attempts};
    return YAO_OK;
}

/* The frames are not looked at: that is face/'s own test. */
static yao_status finish_face(const face_check *check, yao_bytes frames,
                              yao_arena *arena, face_result *ret)
{
    bool same =
        check->portrait.len == world_portrait_len &&
        memcmp(check->portrait.ptr, world_portrait, world_portrait_len) == 0;

    (void)arena;
    assert_true(check->portrait.len != 0); /* nobody has a face, too */
    if (frames.len == 0) {
        *ret = (face_result){.reason = FACE_BAD_FRAMES};
        return YAO_OK;
    }
    world.saw_portrait = same;
    *ret = (face_result){.verdict = same ? world.sees : FACE_NO_MATCH,
                         .reason  = FACE_NOT_ALIKE,
                         .attempts_left = FACE_ATTEMPTS - world.attempts,
                         .officer = world.attempts == FACE_ATTEMPTS};
    if (ret->verdict == FACE_MATCH) {
        ret->reason  = FACE_FINE;
        ret->officer = false;
    }
    return YAO_OK;
}

static yao_status note_face(store_change *change, yao_arena *arena,
                            yao_bytes subject, const face_result *result)
{
    (void)result;
    return authority_put_event(change, arena, "face.check", subject,
                               YAO_TEXT("{}"));
}

static yao_status make_offer(const enrol *e, store_change *change,
                             const enrol_wish *wish, yao_text *text)
{
    yao_text *documents =
        yao_arena_take_array(e->arena, wish->document_count, sizeof *documents);

    (void)change;
    if (world.offer_fails != YAO_OK)
        return world.offer_fails;
    world.offers++;
    world.wish = *wish;
    assert_non_null(documents);
    memcpy(documents, wish->documents,
           wish->document_count * sizeof *documents);
    world.wish.documents = documents;
    assert_status(yao_arena_keep(e->arena, wish->person, &world.wish.person),
                  YAO_OK);
    assert_true(wish->code.len < sizeof world.code);
    memcpy(world.code, wish->code.ptr, wish->code.len);
    *text = YAO_TEXT("openid-credential-offer://?credential_offer=x");
    return YAO_OK;
}

static enrol_services world_services = {.begin_face  = begin_face,
                                        .finish_face = finish_face,
                                        .note_face   = note_face,
                                        .offer       = make_offer};

/* ---- people ---- */

static inline void world_register(const yao_json *record)
{
    store_change change = store_change_open(&world.arena);
    people_entry entry  = {.record   = record,
                           .portrait = {world_portrait, world_portrait_len},
                           .portrait_small = {world_small, world_small_len}};

    assert_status(people_put(&world.a, &change, &world.arena, &entry), YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

/* A record of a member of the same household. */
static inline void world_register_member(const char *number, const char *birth,
                                  const char *relation)
{
    char            text[2048];
    const yao_json *record;
    int             sex = (number[16] - '0') % 2 == 1 ? 1 : 2;

    snprintf(text, sizeof text,
             "{\"number\":\"%s\",\"name\":\"李成员\",\"family_name\":\"李\","
             "\"given_name\":\"成员\",\"sex\":%d,\"ethnicity\":\"01\","
             "\"birth_date\":\"%s\",\"address\":\"示例路1号\","
             "\"division\":\"120119\",\"identity_card\":{"
             "\"document_number\":\"R%s\",\"issue_date\":\"2020-01-01\","
             "\"expiry_date\":\"2040-01-01\",\"authority\":\"示例\"},"
             "\"household\":{\"number\":\"H0001\",\"kind\":\"10\","
             "\"head_name\":\"李示例\",\"address\":\"示例路1号\","
             "\"relation\":\"%s\",\"register_date\":\"2016-09-01\"}}",
             number, sex, birth, number, relation);
    yao_bytes kept;
    assert_status(yao_arena_keep(&world.arena,
                                 yao_text_bytes(yao_text_of(text)), &kept),
                  YAO_OK);
    assert_status(yao_json_parse(&world.arena, kept, &record), YAO_OK);
    world_register(record);
}

/* ---- beginning and ending ---- */

static void draw_portrait(void)
{
    yao_writer w =
        yao_writer_open(world_portrait, sizeof world_portrait);
    size_t mark = world.arena.used;

    assert_status(image_draw_specimen(7, false, false, &world.arena, &w),
                  YAO_OK);
    world_portrait_len = w.len;
    w = yao_writer_open(world_small, sizeof world_small);
    assert_status(
        image_shrink_jpeg((yao_bytes){world_portrait, world_portrait_len},
                          sizeof world_small, &world.arena, &w),
        YAO_OK);
    world.arena.used = mark;
    world_small_len  = w.len;
}

static inline void world_open(void)
{
    static _Alignas(16) uint8_t memory[24u << 20];
    static unsigned             turn;
    char                        url[300];

    memset(&world, 0, sizeof world);
    world.arena   = (yao_arena){memory, sizeof memory, 0};
    world.openssl = yao_openssl_open();
    assert_non_null(world.openssl);
    snprintf(world.path, sizeof world.path, "%s/enrol-%u.db", test_scratch(),
             turn++);
    snprintf(url, sizeof url, "sqlite:%s", world.path);
    world.a = (authority){.openssl = world.openssl,
                          .crypto  = yao_openssl_crypto(world.openssl)};
    snprintf(world.a.config.values[SETTING_LOGIN_WRONG].text,
             sizeof world.a.config.values[SETTING_LOGIN_WRONG].text, "%d",
             1000);
    world.a.keys.epoch             = 1;
    world.a.keys.wrapping[0].epoch = 1;
    assert_status(yao_openssl_random(world.a.keys.lookup, SEAL_KEY_LEN),
                  YAO_OK);
    assert_status(
        yao_openssl_random(world.a.keys.wrapping[0].key, SEAL_KEY_LEN), YAO_OK);
    assert_status(
        store_open(&(store_options){.url    = url,
                                    .create = true,
                                    .now    = ENROL_NOW},
                   &world.a.store),
        YAO_OK);
    world.e    = (enrol){.a         = &world.a,
                         .catalogue = yao_catalogue_shipped(),
                         .services  = &world_services,
                         .arena     = &world.arena,
                         .now       = ENROL_NOW,
                         .demo      = true};
    world.sees = FACE_MATCH;
    draw_portrait();
    world_register(person_changed("\"number\"", "\"number\""));
}

static inline void world_close(void)
{
    assert_status(store_check(world.a.store), YAO_OK);
    store_close(world.a.store);
    yao_openssl_close(world.openssl);
    world.a.store = NULL;
}

/* ---- looking into the store ---- */

/* Bytes that stand in the files of the store. */
static inline bool world_holds(yao_bytes what)
{
    static const char *const ends[] = {"", "-wal"};
    bool                     found  = false;

    for (size_t i = 0; i < COUNT(ends) && !found; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s%s", world.path, ends[i]);
        FILE *in = fopen(path, "rb");
        if (in == NULL)
            continue;
        static uint8_t all[8u << 20];
        size_t         len = fread(all, 1, sizeof all, in);
        fclose(in);
        assert_true(len < sizeof all);
        for (size_t at = 0; what.len <= len && at <= len - what.len; at++)
            if (memcmp(all + at, what.ptr, what.len) == 0) {
                found = true;
                break;
            }
    }
    return found;
}

/* How many events of KIND wait for the log. */
static inline size_t world_events(const char *kind)
{
    store_event *list;
    size_t       count, found = 0;

    assert_status(store_list_events(world.a.store, 1000, &world.arena, &list,
                                    &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        found +=
            kind == NULL || yao_text_equal(list[i].kind, yao_text_of(kind));
    return found;
}

static inline size_t world_cases(const char *kind)
{
    store_case *list;
    size_t      count, found = 0;

    assert_status(store_list_cases(world.a.store, STORE_CASE_OPEN, 100,
                                   &world.arena, &list, &count),
                  YAO_OK);
    for (size_t i = 0; i < count; i++)
        found += yao_text_equal(list[i].kind, yao_text_of(kind));
    return found;
}

#endif
