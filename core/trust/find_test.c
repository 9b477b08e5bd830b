/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust.h"

#include "cbor_edit.h"
#include "check.h"
#include "trust_fixture.h"

static yao_trust_verified world_list(void)
{
    const trust_world *w = trust_world_make();
    yao_trust_options  o = trust_options(w);
    yao_trust_verified list;
    yao_report         report;

    assert_status(trust_judge(trust_list(w, YAO_TRUST_BUNDLE), &o, &list,
                              &report),
                  YAO_OK);
    return list;
}

static void gives_who_asks(void **state)
{
    yao_trust_verified     list = world_list();
    const yao_trust_party *found = NULL;

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        yao_bytes kid = {list.content.parties[i].hash.ptr, YAO_TRUST_KID};

        assert_status(yao_trust_find_party(&list, kid, &found), YAO_OK);
        assert_ptr_equal(found, &list.content.parties[i]);
    }
}

static void refuses_strangers(void **state)
{
    yao_trust_verified     list  = world_list();
    yao_bytes              hash  = list.content.parties[0].hash;
    const yao_trust_party *found = NULL;

    (void)state;
    assert_status(yao_trust_find_party(&list, YAO_LIT("01234567"), &found),
                  YAO_E_NOT_FOUND);
    assert_status(yao_trust_find_party(&list, (yao_bytes){NULL, 0}, &found),
                  YAO_E_USAGE);
    assert_status(yao_trust_find_party(&list, (yao_bytes){hash.ptr, 7}, &found),
                  YAO_E_USAGE);
    assert_status(yao_trust_find_party(&list, hash, &found), YAO_E_USAGE);
    assert_null(found);
    list.content.party_count = 0;
    assert_status(yao_trust_find_party(
                      &list, (yao_bytes){hash.ptr, YAO_TRUST_KID}, &found),
                  YAO_E_NOT_FOUND);
}

static void refuses_two_alike(void **state)
{
    yao_trust_verified     list = world_list();
    yao_trust_party        two[2];
    const yao_trust_party *found = NULL;

    (void)state;
    two[0] = two[1]      = list.content.parties[0];
    list.content.parties = two;
    assert_status(yao_trust_find_party(
                      &list, (yao_bytes){two[0].hash.ptr, YAO_TRUST_KID},
                      &found),
                  YAO_E_MISMATCH);
    assert_null(found);
}

static void gives_files(void **state)
{
    yao_trust_verified list = world_list();

    (void)state;
    assert_ptr_equal(
        yao_trust_find_file(&list, YAO_TEXT("profiles/hotel.json")),
        &list.content.files[1]);
    assert_null(yao_trust_find_file(&list, YAO_TEXT("profiles/hotel")));
    assert_null(yao_trust_find_file(&list, YAO_TEXT("")));
}

static void says_who_may(void **state)
{
    yao_trust_verified list = world_list();

    (void)state;
    assert_true(yao_trust_may_ask(&list.content.parties[0], YAO_TEXT("hotel")));
    assert_true(yao_trust_may_ask(&list.content.parties[0], YAO_TEXT("age")));
    assert_false(
        yao_trust_may_ask(&list.content.parties[0], YAO_TEXT("police")));
    assert_false(yao_trust_may_ask(&list.content.parties[0], YAO_TEXT("")));
    assert_false( /* suspended */
        yao_trust_may_ask(&list.content.parties[1], YAO_TEXT("hotel")));
}

/* ---- what was seen ------------------------------------------------------ */

#define ROOT YAO_LIT("0123456789abcdef0123456789abcdef")

static const yao_trust_seen noted = {.any       = true,
                                     .version   = 7,
                                     .issued_at = TRUST_ISSUED,
                                     .hash      = {1, 2, 3},
                                     .moment    = TRUST_NOW};

static yao_status put(yao_writer *w, void *context)
{
    (void)context;
    yao_trust_put_seen(w, ROOT, YAO_TRUST_BUNDLE, &noted);
    return w->status;
}

static yao_bytes note(void)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    assert_status(put(&w, NULL), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_status read(yao_bytes input, void *context)
{
    yao_trust_seen seen = {.version = 12345};
    yao_status     status =
        yao_trust_read_seen(input, ROOT, YAO_TRUST_BUNDLE, &seen);

    (void)context;
    if (status != YAO_OK)
        assert_int_equal(seen.version, 12345);
    return status;
}

static void gives_notes_back(void **state)
{
    yao_trust_seen seen;

    (void)state;
    assert_status(yao_trust_read_seen(note(), ROOT, YAO_TRUST_BUNDLE, &seen),
                  YAO_OK);
    assert_true(seen.any);
    assert_int_equal(seen.version, 7);
    assert_int_equal(seen.issued_at, TRUST_ISSUED);
    assert_int_equal(seen.moment, TRUST_NOW);
    assert_memory_equal(seen.hash, noted.hash, sizeof seen.hash);
    test_every_prefix(read, note(), NULL);
    test_every_room(put, NULL);
}

static void refuses_other_notes(void **state)
{
    yao_trust_seen seen = {.any = false};

    (void)state;
    assert_status(
        yao_trust_read_seen(note(), YAO_LIT("0123456789abcdef0123456789abcdeF"),
                            YAO_TRUST_BUNDLE, &seen),
        YAO_E_MISMATCH);
    assert_status(yao_trust_read_seen(note(), ROOT, YAO_TRUST_VICAL, &seen),
                  YAO_E_USAGE);
    assert_false(seen.any);
    assert_status(read(YAO_LIT("\x87\x60\0\0\0\0\0\0"), NULL),
                  YAO_E_MALFORMED);
    assert_status(read(YAO_LIT("\x80"), NULL), YAO_E_MALFORMED);
    assert_status(read(YAO_LIT(""), NULL), YAO_E_TRUNCATED);
}

static void refuses_broken_notes(void **state)
{
    static const char after_9999[] = "\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80";
    static const struct {
        const char *path;
        yao_bytes   item;
    } broken[] = {{"0", YAO_INIT("\x6d" "yaopai-seen-2")},
                  {"4", YAO_INIT(after_9999)},
                  {"4", YAO_INIT("\x20")},
                  {"5", YAO_INIT("\x41" "0")},
                  {"6", YAO_INIT(after_9999)}};

    (void)state;
    for (size_t i = 0; i < COUNT(broken); i++)
        assert_status(
            read(cbor_set(note(), broken[i].path, broken[i].item), NULL),
            YAO_E_MALFORMED);
    assert_status(read(cbor_add(note(), "", YAO_LIT("\x00")), NULL),
                  YAO_E_MALFORMED);
}

int main(void)
{
    test_add("find", "gives the party of a reader certificate", gives_who_asks,
             NULL);
    test_add("find", "refuses a certificate that nobody registered",
             refuses_strangers, NULL);
    test_add("find", "refuses a name that two have", refuses_two_alike, NULL);
    test_add("find", "gives a file by its name", gives_files, NULL);
    test_add("find", "gives what a party may ask", says_who_may, NULL);
    test_add("seen", "gives back what was noted", gives_notes_back, NULL);
    test_add("seen", "refuses a note of another root or kind",
             refuses_other_notes, NULL);
    test_add("seen", "refuses a note that is none", refuses_broken_notes,
             NULL);
    return test_run("trust/find");
}
