/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Status lists from the authority's side: who gets which index, what is
 * signed, and that no revocation is ever taken back.
 */

#include "authority/batch.h"

#include "app/files.h"
#include "check.h"
#include "inflate/inflate.h"
#include "journey.h"
#include "statuslist/statuslist.h"

#include <stdio.h>

enum { SIZE = 1000, POPULATION = YAO_SIGNING_POPULATION };

#define NOW (yao_now())

static authority a; /* small lists, in a folder of the test's */

static void open_authority(void)
{
    yao_settings_trouble trouble;
    const char          *place = "";

    assert_status(authority_open(test_scratch_path("a"), &a, &trouble, &place),
                  YAO_OK);
}

/* ---- things in the ledger ---- */

static yao_time valid_until; /* of what is put there next */

/* A batch whose copies have the indexes FROM to FROM + COUNT - 1. */
static yao_status take_indexes(int64_t list, int64_t from, size_t count)
{
    static uint8_t random[1000][2][STORE_HASH_LEN];
    static uint8_t memory[4 << 20];
    yao_arena      arena = {memory, sizeof memory, 0};
    store_copy     copies[1000];
    uint8_t        id[STORE_ID_LEN];
    store_change   change = store_change_open(&arena);

    assert_status(yao_openssl_random(&random[0][0][0], sizeof random), YAO_OK);
    assert_status(yao_openssl_random(id, sizeof id), YAO_OK);
    for (size_t i = 0; i < count; i++)
        copies[i] = (store_copy){{random[i][0], STORE_HASH_LEN},
                                 {random[i][1], STORE_HASH_LEN},
                                 from + (int64_t)i};
    const store_document d = {.id          = {id, sizeof id},
                              .issuance    = {id, sizeof id},
                              .holder      = {random[0][0], STORE_HASH_LEN},
                              .subject     = {random[0][0], STORE_HASH_LEN},
                              .name        = YAO_TEXT("resident_id"),
                              .format      = YAO_TEXT("card"),
                              .valid_until = valid_until,
                              .level       = 3,
                              .signer      = {random[0][0], STORE_HASH_LEN},
                              .status_list = list,
                              .copies      = copies,
                              .copy_count  = count};
    store_put_document(&change, &d);
    return store_commit(a.store, &change);
}

static lists_place find(int64_t role, bool suspends, size_t count)
{
    lists_place place = {.number = 0};

    assert_status(lists_find(&a, role, suspends, count, test_arena(), &place),
                  YAO_OK);
    return place;
}

/* A new list of this role: what there is gets half taken. */
static lists_place find_new(void)
{
    lists_place old = find(POPULATION, true, 1);
    bool        taken;

    for (int64_t i = 0; i < SIZE / 2; i++) {
        assert_status(store_has_status_index(a.store, old.number, i, &taken),
                      YAO_OK);
        if (!taken)
            assert_status(take_indexes(old.number, i, 1), YAO_OK);
    }
    lists_place place = find(POPULATION, true, 64);
    assert_true(place.number > old.number);
    return place;
}

/* ---- where ---- */

static void gives_lists_by_role(void **state)
{
    lists_place suspends = find(POPULATION, true, 8);
    lists_place revokes  = find(POPULATION, false, 8);
    lists_place traffic  = find(YAO_SIGNING_TRAFFIC, true, 8);
    char        want[128];

    (void)state;
    assert_int_equal(suspends.size, SIZE);
    assert_true(suspends.number != revokes.number);
    assert_true(suspends.number != traffic.number);
    assert_int_equal(find(POPULATION, true, 8).number, suspends.number);
    snprintf(want, sizeof want,
             "http://authority.localhost:8440/statuslists/%d",
             (int)suspends.number);
    assert_true(yao_text_equal(suspends.uri, yao_text_of(want)));
}

static void gives_new_list_at_half(void **state)
{
    lists_place place = find(YAO_SIGNING_OTHER, true, 8);

    (void)state;
    assert_status(take_indexes(place.number, 0, SIZE / 2 - 8), YAO_OK);
    assert_int_equal(find(YAO_SIGNING_OTHER, true, 8).number, place.number);
    assert_true(find(YAO_SIGNING_OTHER, true, 9).number > place.number);
}

/* Cards live a week: their lists are soon asked for by nobody. */
static void gives_end_of_list(void **state)
{
    const yao_time    now  = NOW;
    store_status_list list = {.ends = 0};

    (void)state;
    assert_false(lists_over(&list, now)); /* nobody knows */
    list.ends = now - YAO_TIME_DAY;
    assert_false(lists_over(&list, now));
    list.ends = now - YAO_TIME_DAY - 1;
    assert_true(lists_over(&list, now));
}

/* Not signed, and missed by nobody who gathers what a terminal needs. */
static void never_signs_what_is_over(void **state)
{
    lists_place place = find(YAO_SIGNING_TRAFFIC, false, 1);
    char        said[32];

    (void)state;
    valid_until = NOW - 3 * YAO_TIME_DAY;
    assert_status(take_indexes(place.number, 0, 1), YAO_OK);
    valid_until = 0;
    snprintf(said, sizeof said, "\"list\":%d,", (int)place.number);
    assert_int_equal(
        test_type("statuslist publish -C @/a --output @/l --json")->code, 0);
    assert_true(test_said("\"list\":1,"));
    assert_false(test_said(said));
    assert_int_equal(test_type("statuslist show -C @/a --json")->code, 0);
    assert_true(test_said("\"over\":true"));
    assert_int_equal(test_type("trust publish -C @/a --output @/t")->code, 0);
}

/* ---- which index ---- */

static void never_gives_taken_index(void **state)
{
    lists_place place = find_new();
    int64_t     drawn[64];

    (void)state;
    assert_status(take_indexes(place.number, 0, 700), YAO_OK);
    assert_status(lists_draw(&a, &place, 8, drawn), YAO_OK);
    for (size_t i = 0; i < 8; i++) {
        assert_true(drawn[i] >= 700 && drawn[i] < SIZE);
        for (size_t j = 0; j < i; j++)
            assert_true(drawn[i] != drawn[j]);
    }
    assert_status(take_indexes(place.number, 700, 300), YAO_OK);
    assert_status(lists_draw(&a, &place, 1, drawn), YAO_E_LIMIT);
}

/* Not in order, and all over the list: 640 draws in each eighth of it. */
static void gives_indexes_at_random(void **state)
{
    lists_place place      = find_new();
    size_t      eighths[8] = {0}, upwards = 0;
    int64_t     drawn[64];

    (void)state;
    for (int i = 0; i < 80; i++) {
        assert_status(lists_draw(&a, &place, 64, drawn), YAO_OK);
        for (size_t j = 0; j < 64; j++) {
            eighths[drawn[j] * 8 / SIZE]++;
            upwards += j > 0 && drawn[j] > drawn[j - 1];
        }
    }
    for (size_t i = 0; i < 8; i++)
        assert_in_range(eighths[i], 640 - 160, 640 + 160);
    assert_in_range(upwards, 2520 - 250, 2520 + 250);
}

/* ---- an index that is taken between draw and commit ---- */

static yao_key *device_keys[YAO_MAX_BATCH];
static size_t   made, stored;
static int64_t  race_list;

/* While the wallet makes its keys, somebody takes most of what is free. */
static yao_status make_keys_late(app_wallet *wallet, yao_sig_alg alg,
                                 size_t count, yao_public_key *ret)
{
    (void)wallet;
    for (size_t i = 0; i < count; i++) {
        yao_key_close(device_keys[i]);
        device_keys[i] = NULL;
        assert_status(yao_key_generate(alg, &device_keys[i]), YAO_OK);
        ret[i] = yao_key_public(device_keys[i]);
    }
    made++;
    return take_indexes(race_list, 0, 700);
}

static yao_status store_copies(app_wallet *wallet, const app_delivery *delivery)
{
    (void)wallet;
    stored += delivery->count;
    return YAO_OK;
}

static const app_handover late = {.make_keys = make_keys_late,
                                  .store     = store_copies};

static void gives_other_indexes(void **state)
{
    static issuing      is;
    static yao_problems problems;
    issue_batches      *batches = yao_arena_take(test_arena(), sizeof *batches);
    store_document     *list;
    size_t              count;

    (void)state;
    lists_place place = find_new();
    race_list         = place.number;
    is = (issuing){.authority = &a, .handover = &late, .copies = 16};
    assert_status(yao_memory_open(issue_memory(16), &is.arena), YAO_OK);
    assert_status(issue_find(&is, YAO_TEXT("12011919880808901X")), YAO_OK);
    assert_status(issue_document(&is,
                                 yao_document_by_name(yao_catalogue_shipped(),
                                                      YAO_TEXT("resident_id")),
                                 0, batches, &problems),
                  YAO_E_EXISTS);
    /* the first batch drew anew and was kept; the second could not: the one
     * who races takes the same indexes twice */
    assert_int_equal(made, 2);
    assert_int_equal(stored, 16);
    assert_int_equal(batches->count, 1);
    assert_status(store_list_documents(
                      a.store, (yao_bytes){is.person.holder, STORE_HASH_LEN},
                      test_arena(), &list, &count),
                  YAO_OK);
    assert_int_equal(count, 1);
    issue_close(&is);
    is.arena.used = is.arena.cap;
    yao_memory_free(&is.arena);
    for (size_t i = 0; i < 16; i++)
        yao_key_close(device_keys[i]);
}

/* ---- what is signed ---- */

static yao_text uri;

/* A list whose entries are said by LETTERS: 0, 1, 2. */
static lists_content content_of(const char *letters, int64_t bits)
{
    lists_content c = {.bits = bits, .len = SIZE * (size_t)bits / 8};

    c.entries = yao_arena_take(test_arena(), c.len);
    memset(c.entries, 0, c.len);
    for (size_t i = 0; letters[i] != '\0'; i++) {
        uint8_t value = (uint8_t)(letters[i] - '0');
        assert_status(
            yao_status_set(c.entries, c.len, (uint64_t)bits, i, value), YAO_OK);
        c.revoked += value == 1;
        c.suspended += value == 2;
    }
    return c;
}

static void sign(const lists_content *content, yao_time now, yao_bytes *jwt,
                 yao_bytes *cwt)
{
    ca signer;

    assert_status(role_open_status(&a, POPULATION, test_arena(), &signer),
                  YAO_OK);
    const lists_signing s = {content, &signer,          uri,
                             now,     7 * YAO_TIME_DAY, 3600};
    assert_status(lists_sign(&s, test_arena(), jwt, cwt), YAO_OK);
    ca_close(&signer);
}

/* Verify TOKEN as a checker would, with the root of ROLE. */
static yao_status verify(yao_bytes token, int64_t role, yao_status_list *ret)
{
    yao_statuslist_unverified   *u = yao_arena_take(test_arena(), sizeof *u);
    yao_statuslist_verification *v = yao_arena_take(test_arena(), sizeof *v);
    yao_report      *report = yao_arena_take(test_arena(), sizeof *report);
    yao_inflate_wish wish;
    yao_bytes        entries = {NULL, 0};
    ca               root;

    memset(report, 0, sizeof *report);
    assert_status(ca_open(config_get(&a.config, role_find(role)->root), NULL,
                          test_arena(), &root),
                  YAO_OK);
    yao_anchor                   anchor  = {.certificate = root.certificate.der,
                                            .role        = YAO_ROLE_STATUS};
    const yao_statuslist_options options = {.anchors      = &anchor,
                                            .anchor_count = 1,
                                            .now          = NOW,
                                            .strict       = true,
                                            .uri          = uri};

    assert_status(
        yao_statuslist_parse(test_arena(), token, YAO_STATUSLIST_UNKNOWN, u),
        YAO_OK);
    assert_status(yao_statuslist_begin(test_arena(), u, &options, v, report),
                  YAO_OK);
    if (v->check_count > 0)
        assert_status(
            a.crypto->verify(a.crypto->ctx, v->checks, v->check_count), YAO_OK);
    YAO_TRY(yao_statuslist_unpack(v, &wish, report));
    yao_status inflated = yao_inflate(&wish, test_arena(), &entries);
    return yao_statuslist_conclude(v, inflated, entries, ret, report);
}

static void gives_lists_that_verify(void **state)
{
    lists_content c = content_of("0120011", 2);
    yao_bytes     tokens[2];

    (void)state;
    sign(&c, NOW - 5, &tokens[0], &tokens[1]);
    for (size_t i = 0; i < 2; i++) {
        yao_status_list list = {.bits = 0};
        uint8_t         value;

        assert_status(verify(tokens[i], POPULATION, &list), YAO_OK);
        assert_int_equal(list.count, SIZE);
        assert_int_equal(list.bits, 2);
        for (uint64_t j = 0; j < 7; j++) {
            assert_status(yao_status_get(&list, j, &value), YAO_OK);
            assert_int_equal(value, "0120011"[j] - '0');
        }
        assert_true(list.expires > NOW + 6 * YAO_TIME_DAY);
        assert_int_equal(list.ttl, 3600);
        /* a list speaks for documents of its root only */
        assert_status(verify(tokens[i], YAO_SIGNING_TRAFFIC, &list),
                      YAO_E_UNTRUSTED);
    }
}

/* The day on which a signer's key is lost: every copy of a full list is
 * revoked, and the list still has to be one that can be signed and read. */
static void signs_the_worst(void **state)
{
    enum { MOST = 1000000 }; /* status_list_size at most */
    lists_content   c = {.bits = 2, .len = MOST / 4};
    yao_bytes       tokens[2];
    yao_status_list list;

    (void)state;
    c.entries = yao_arena_take(test_arena(), c.len);
    assert_non_null(c.entries);
    assert_status(yao_openssl_random(c.entries, c.len), YAO_OK);
    for (size_t i = 0; i < c.len; i++)
        c.entries[i] &= 0x55; /* half of them taken, each of those revoked */
    sign(&c, NOW - 5, &tokens[0], &tokens[1]);
    for (size_t i = 0; i < 2; i++) {
        assert_status(verify(tokens[i], POPULATION, &list), YAO_OK);
        assert_int_equal(list.count, MOST);
    }
}

/* ---- never less than before ---- */

static const struct {
    const char *name;
    const char *before, *now;
    bool        keep;
    yao_status  want;
    size_t      missing;
    const char *after; /* what is signed then */
} changes[] = {
    {"accepts the same list", "0102", "0102", false, YAO_OK, 0, "0102"},
    {"accepts one more revocation", "0102", "0112", false, YAO_OK, 0, "0112"},
    {"accepts a suspension that became a revocation", "02", "01", false, YAO_OK,
     0, "01"},
    {"accepts the end of a suspension", "02", "00", false, YAO_OK, 0, "00"},
    {"N130 refuses a revocation taken back", "01", "00", false, YAO_E_MISMATCH,
     1, "00"},
    {"N130 refuses a revocation made a suspension", "01", "02", false,
     YAO_E_MISMATCH, 1, "02"},
    {"N130 refuses two taken back for three new ones", "0110", "10011", false,
     YAO_E_MISMATCH, 2, "10011"},
    {"N130 gives back what was forgotten, when told to", "0110", "10021", true,
     YAO_OK, 2, "11121"},
};

static void compare_changes(void **state)
{
    size_t         row = (size_t)*state, missing = 0;
    lists_content  before = content_of(changes[row].before, 2);
    lists_content  now    = content_of(changes[row].now, 2);
    lists_content  after  = content_of(changes[row].after, 2);
    yao_bytes      jwt, cwt;
    const yao_time moment = NOW;

    sign(&before, moment, &jwt, &cwt);
    const lists_before with = {
        jwt, uri, moment, changes[row].keep, {0}, NULL};
    assert_status(lists_compare(&now, &with, test_arena(), &missing),
                  changes[row].want);
    if (changes[row].want == YAO_OK)
        assert_int_equal(missing, changes[row].missing);
    assert_memory_equal(now.entries, after.entries, after.len);
    if (changes[row].keep)
        assert_int_equal(now.revoked, after.revoked);
}

static void refuses_other_tokens(void **state)
{
    lists_content  c = content_of("01", 2), narrow = content_of("01", 1);
    yao_bytes      jwt, cwt, other;
    const yao_time now   = NOW;
    yao_text       there = uri;

    (void)state;
    sign(&c, now, &jwt, &cwt);
    assert_status(
        lists_compare(&c, &(lists_before){jwt, uri, now, false, {0}, NULL},
                      test_arena(), NULL),
        YAO_OK);
    assert_status(
        lists_compare(&c, &(lists_before){jwt, uri, now - 1, false, {0}, NULL},
                      test_arena(), NULL),
        YAO_E_NOT_YET_VALID);
    uri = YAO_TEXT("http://other.example/statuslists/1");
    sign(&c, now, &other, &cwt);
    uri = there;
    assert_status(
        lists_compare(&c, &(lists_before){other, uri, now, false, {0}, NULL},
                      test_arena(), NULL),
        YAO_E_NOT_AUTHORISED);
    assert_status(
        lists_compare(&narrow, &(lists_before){jwt, uri, now, false, {0}, NULL},
                      test_arena(), NULL),
        YAO_E_NOT_AUTHORISED);
    assert_status(
        lists_compare(
            &c, &(lists_before){YAO_LIT("nothing"), uri, now, false, {0}, NULL},
            test_arena(), NULL),
        YAO_E_MALFORMED);
}

/* What a stranger wrote revokes nothing, whatever is to be kept. */
static void keeps_nothing_of_strangers(void **state)
{
    static const char publish[] =
        "statuslist publish -C @/a --output @/strange --keep-revoked";
    lists_content  before = content_of("0110", 2), c = content_of("0000", 2);
    yao_bytes      jwt, cwt;
    uint8_t       *letters;
    ca             root;
    const yao_time now = NOW;

    (void)state;
    assert_status(ca_open(config_get(&a.config, role_find(POPULATION)->root),
                          NULL, test_arena(), &root),
                  YAO_OK);
    sign(&before, now - 30 * YAO_TIME_DAY, &jwt, &cwt); /* over by now */
    lists_before with = {jwt, uri, now, true, root.certificate.der, a.crypto};
    assert_status(lists_compare(&c, &with, test_arena(), NULL),
                  YAO_E_NOT_YET_VALID); /* its signer was not there yet */
    sign(&before, now, &jwt, &cwt);
    with.token = jwt;
    assert_status(lists_compare(&c, &with, test_arena(), NULL), YAO_OK);
    assert_int_equal(c.revoked, 2);

    c       = content_of("0000", 2);
    letters = (uint8_t *)(uintptr_t)jwt.ptr;
    letters[jwt.len - 9] = letters[jwt.len - 9] == 'A' ? 'B' : 'A';
    assert_status(lists_compare(&c, &with, test_arena(), NULL),
                  YAO_E_BAD_SIGNATURE);
    assert_int_equal(c.revoked, 0);
    assert_status(yao_folder_make(test_scratch_path("strange"), 0700), YAO_OK);
    assert_status(
        yao_file_write(test_scratch_path("strange/1.jwt"), jwt, 0600, false),
        YAO_OK);
    assert_int_equal(test_type(publish)->code, 3);
    assert_true(test_said("1.jwt"));
    letters[jwt.len - 9] = letters[jwt.len - 9] == 'A' ? 'B' : 'A';

    assert_status(ca_open(config_get(&a.config,
                                     role_find(YAO_SIGNING_TRAFFIC)->root),
                          NULL, test_arena(), &root),
                  YAO_OK);
    with.root = root.certificate.der;
    assert_status(lists_compare(&c, &with, test_arena(), NULL),
                  YAO_E_UNTRUSTED);
}

/* A register from a backup of before a list was opened: its number is not
 * given out anew, and whoever was revoked in it stays so. */
static void adopts_what_was_forgotten(void **state)
{
    static const char publish[] = "statuslist publish -C @/a --output @/lost";
    char              line[128], name[32], says[64];
    lists_content     c = content_of("0110", 2);
    yao_bytes         jwt, cwt;
    yao_text          there = uri;
    int64_t           last  = 0;

    (void)state;
    assert_status(store_last_status_list(a.store, &last), YAO_OK);
    assert_status(lists_uri(&a, last + 2, test_arena(), &uri), YAO_OK);
    sign(&c, NOW, &jwt, &cwt);
    uri = there;
    snprintf(name, sizeof name, "lost/%d.jwt", (int)last + 2);
    assert_status(yao_folder_make(test_scratch_path("lost"), 0700), YAO_OK);
    assert_status(yao_file_write(test_scratch_path(name), jwt, 0600, false),
                  YAO_OK);
    assert_int_equal(test_type(publish)->code, 3);
    snprintf(line, sizeof line, "%s --keep-revoked --json", publish);
    assert_int_equal(test_type(line)->code, 0);
    snprintf(says, sizeof says, "{\"list\":%d,\"version\":1,\"revoked\":2,",
             (int)last + 2);
    assert_true(test_said(says));
    assert_int_equal(find(POPULATION, true, 8).number, last + 3);

    /* what is no list of ours is not adopted */
    snprintf(name, sizeof name, "lost/%d.jwt", (int)last + 5);
    assert_status(yao_file_write(test_scratch_path(name), jwt, 0600, false),
                  YAO_OK);
    assert_int_equal(test_type(line)->code, 3);
    assert_status(yao_file_write(test_scratch_path("lost/99999.jwt"), jwt, 0600,
                                 false),
                  YAO_OK);
    assert_int_equal(test_type(line)->code, 4);
}

/* A clock that was wrong once does not end all revocation. */
static void signs_after_wrong_clock(void **state)
{
    static const char publish[] = "statuslist publish -C @/a --output @/future";
    char              line[128];
    lists_content     c = content_of("", 2);
    yao_bytes         jwt, cwt;

    (void)state;
    sign(&c, NOW + 400 * YAO_TIME_DAY, &jwt, &cwt);
    assert_status(yao_folder_make(test_scratch_path("future"), 0700), YAO_OK);
    assert_status(
        yao_file_write(test_scratch_path("future/1.jwt"), jwt, 0600, false),
        YAO_OK);
    assert_int_equal(test_type(publish)->code, 3);
    assert_true(test_said("--clock-was-wrong"));
    snprintf(line, sizeof line, "%s --clock-was-wrong", publish);
    assert_int_equal(test_type(line)->code, 0);
    assert_int_equal(test_type(publish)->code, 0);
}

/* ---- the program ---- */

/* SIZE entries instead of a million. */
static void make_lists_small(void)
{
    static const char from[] = "status_list_size = 1000000";
    char              text[16384];
    yao_bytes         ini  = {NULL, 0};
    const char       *path = test_scratch_path("a/authority.ini");

    assert_status(yao_file_read(path, sizeof text - 1, &ini), YAO_OK);
    snprintf(text, sizeof text, "%.*s", (int)ini.len, (const char *)ini.ptr);
    yao_file_free(&ini);
    char *at = strstr(text, from);
    assert_non_null(at);
    memset(at + strlen(from) - 3, ' ', 3);
    assert_status(
        yao_file_write(path, yao_text_bytes(yao_text_of(text)), 0600, false),
        YAO_OK);
}

static void set_up(void **state)
{
    static char letters[128];
    yao_text    name;

    (void)state;
    test_write_people();
    assert_int_equal(test_type("authority init -C @/a --demo")->code, 0);
    make_lists_small();
    assert_int_equal(test_type("person import -C @/a @/people.jsonl")->code, 0);
    open_authority();
    assert_status(lists_uri(&a, 1, test_arena(), &name), YAO_OK);
    snprintf(letters, sizeof letters, "%.*s", (int)name.len,
             (const char *)name.ptr);
    uri = yao_text_of(letters);
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"list", "gives one for each role, and for who knows suspension",
     gives_lists_by_role},
    {"list", "gives a new one when one is half taken", gives_new_list_at_half},
    {"list", "gives a list an end, when its copies are over",
     gives_end_of_list},
    {"list", "never signs one that is over", never_signs_what_is_over},
    {"index", "never gives one that is taken, refuses a full list",
     never_gives_taken_index},
    {"index", "gives them at random", gives_indexes_at_random},
    {"index", "N131 gives others to who was too late", gives_other_indexes},
    {"token", "gives both forms, for the root of their role only",
     gives_lists_that_verify},
    {"list", "accepts the greatest one with all copies revoked",
     signs_the_worst},
    {"token", "refuses one of another list, or of the future",
     refuses_other_tokens},
    {"token", "never keeps a revocation that a stranger wrote",
     keeps_nothing_of_strangers},
    {"token", "accepts to go on after a clock that was wrong",
     signs_after_wrong_clock},
    {"list", "N131 accepts one that a backup has never heard of",
     adopts_what_was_forgotten},
};

int main(void)
{
    test_add("set up", "gives an authority with small lists", set_up, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(changes); i++)
        test_add("change", changes[i].name, compare_changes, (const void *)i);
    int code = test_run("authority/lists");
    authority_close(&a);
    test_scratch_remove();
    return code;
}
