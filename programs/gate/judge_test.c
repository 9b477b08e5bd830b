/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem() */
#include "gate/gate.h"

#include <fcntl.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "crypto/hpke.h"
#include "gate_fixture.h"
#include "journey.h"

static app_asker asker;

static const yao_card_element adult[] = {
    {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")},
};

/* An issued card for "age". */
static yao_bytes age_card(void)
{
    yao_card_content c = card_fixture_content();

    c.status        = YAO_CARD_STATUS_NONE;
    c.profile       = YAO_TEXT("age");
    c.elements      = adult;
    c.element_count = COUNT(adult);
    return card_fixture_issue(&c);
}

static yao_bytes open_code(yao_bytes issued, yao_time now)
{
    return letters(YAO_CARD_CODE_CARD, card_fixture_show(issued, now));
}

/* ---- open cards --------------------------------------------------------- */

static void accepts_open_card(void **state)
{
    (void)state;
    start("age");
    gate_answer answer = scan(open_code(age_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "{\"verdict\":\"accept\"");
    assert_says(answer, "\"profile\":\"age\"");
    assert_says(answer, "\"check\":\"card_replay\",\"outcome\":\"pass\"");
    assert_false(says(answer, "repeated"));
    assert_status(answer.broken, YAO_OK);
}

static void gives_the_same_answer(void **state)
{
    yao_bytes issued = age_card(), code = open_code(issued, CARD_NOW);

    (void)state;
    start("age");
    assert_says(scan(code, CARD_NOW), "\"accept\"");
    ticks += GATE_REPEAT;
    assert_says(scan(code, CARD_NOW + 3), "\"accept\"");
    ticks += GATE_REPEAT; /* the same camera still sees it */
    gate_answer answer = scan(code, CARD_NOW + 6);
    assert_says(answer, "\"accept\"");
    assert_says(answer, ",\"repeated\":true}\n");
    assert_int_equal(memory.count, 1);

    /* the same showing, signed again: other bytes */
    yao_bytes again = open_code(issued, CARD_NOW);
    assert_false(yao_bytes_equal(code, again));
    answer = scan(again, CARD_NOW + 6);
    assert_says(answer, "\"accept\"");
    assert_says(answer, "\"repeated\":true");
    assert_int_equal(memory.count, 1);
}

static void refuses_replay(void **state)
{
    yao_bytes issued = age_card();

    (void)state;
    start("age");
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW), "\"accept\"");
    ticks += GATE_REPEAT + 1;
    gate_answer answer = scan(open_code(issued, CARD_NOW), CARD_NOW + 4);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"card_replay\",\"outcome\":\"fail\"");
    assert_false(says(answer, "repeated"));

    wait_a_while();
    open_gate("age"); /* started again */
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW + 20), "\"reject\"");
    wait_a_while();
    assert_says(scan(open_code(issued, CARD_NOW + 30), CARD_NOW + 30),
                "\"accept\"");
}

/* Whoever was refused has not used anything up. */
static void accepts_after_refusal(void **state)
{
    yao_bytes issued = age_card();

    (void)state;
    start("age");
    g.options.signer_count = 0;
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW), "\"reject\"");
    wait_a_while();
    g.options.signer_count = 1;
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW), "\"accept\"");
}

static void refuses_old_step(void **state)
{
    (void)state;
    start("age");
    gate_answer answer = scan(open_code(age_card(), CARD_NOW), CARD_NOW + 90);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"card_challenge\",\"outcome\":\"fail\"");
}

static void refuses_other_profile(void **state)
{
    (void)state;
    start("flight");
    g.profile          = profile("door");
    gate_answer answer = scan(open_code(age_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"card_profile\",\"outcome\":\"fail\"");
}

/* Whoever may sign passes may not say with one who is of age: a card tells its
 * profile itself, so that the type of its document has to be asked for too. */
static void refuses_other_document(void **state)
{
    static const char *const types[] = {"urn:yaopai:pass:1", "urn:other:1"};
    yao_card_content         c       = card_fixture_content();

    (void)state;
    for (size_t i = 0; i < COUNT(types); i++) {
        c.status        = YAO_CARD_STATUS_NONE;
        c.type          = yao_text_of(types[i]);
        c.profile       = YAO_TEXT("age");
        c.elements      = adult;
        c.element_count = COUNT(adult);
        wait_a_while();
        start("age");
        gate_answer answer =
            scan(open_code(card_fixture_issue(&c), CARD_NOW), CARD_NOW);
        assert_says(answer, "\"reject\"");
        assert_says(answer, "\"check\":\"profile\",\"outcome\":\"fail\"");
    }
}

/* A card of somebody who is not of age says so; it opens no door. */
static void refuses_no(void **state)
{
    static const yao_card_element child[] = {
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf4")}};
    yao_card_content c = card_fixture_content();

    (void)state;
    c.status           = YAO_CARD_STATUS_NONE;
    c.profile          = YAO_TEXT("age");
    c.elements         = child;
    c.element_count    = COUNT(child);
    yao_bytes code     = open_code(card_fixture_issue(&c), CARD_NOW);
    start("age");
    gate_answer answer = scan(code, CARD_NOW);
    assert_says(answer, "{\"verdict\":\"reject\",\"authentic\":true");
    assert_says(answer, "\"check\":\"profile\",\"outcome\":\"fail\"");
    assert_says(answer, "\"why\":\"VALUE\"");
    wait_a_while();
    assert_says(scan(code, CARD_NOW + 20), "\"why\":\"VALUE\"");
    wait_a_while();
    start(NULL); /* nothing was asked, so nothing was denied */
    assert_says(scan(code, CARD_NOW), "\"accept\"");
}

/* A gate for adults is not content with a card for children of 14. */
static void refuses_other_choice(void **state)
{
    (void)state;
    start("age");
    g.choice = YAO_TEXT("age_over_18");
    assert_says(scan(open_code(age_card(), CARD_NOW), CARD_NOW), "\"accept\"");
    wait_a_while();
    start("age");
    g.choice           = YAO_TEXT("age_over_60");
    gate_answer answer = scan(open_code(age_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"profile\",\"outcome\":\"fail\"");
}

/* ---- the clock ---------------------------------------------------------- */

static void refuses_old_clock(void **state)
{
    yao_bytes issued = age_card();

    (void)state;
    start("age");
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW), "\"accept\"");
    wait_a_while();
    yao_time    before = CARD_NOW - 61;
    gate_answer answer = scan(open_code(issued, before), before);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"clock\",\"outcome\":\"fail\"");
    wait_a_while();
    open_gate("age");
    assert_says(scan(open_code(issued, before), before), "\"clock\"");
}

static void refuses_over_bundle(void **state)
{
    yao_bytes issued = age_card();

    (void)state;
    start("age");
    trust.count                                = 1;
    trust.bundles[0].list.content.issued_at    = CARD_NOW - 1000;
    trust.bundles[0].list.content.expires      = CARD_NOW + 1000;
    assert_says(scan(open_code(issued, CARD_NOW), CARD_NOW), "\"accept\"");
    wait_a_while();
    gate_answer answer =
        scan(open_code(issued, CARD_NOW + 1001), CARD_NOW + 1001);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"validity\",\"outcome\":\"fail\"");
    wait_a_while();
    trust.bundles[0].list.content.issued_at = CARD_NOW + 500;
    answer = scan(open_code(issued, CARD_NOW + 30), CARD_NOW + 30);
    assert_says(answer, "\"check\":\"clock\",\"outcome\":\"fail\"");
}

/* ---- status ------------------------------------------------------------- */

static uint8_t entries[16384];

/* The list that the fixture's cards name, of AGE seconds. */
static const yao_status_list *list_of(yao_time age)
{
    static yao_status_list list;

    memset(entries, 0, sizeof entries);
    list = (yao_status_list){.uri = YAO_TEXT(CARD_ISSUER "/statuslists/3"),
                             .bits      = 1,
                             .entries   = {entries, sizeof entries},
                             .count     = 8 * sizeof entries,
                             .issued_at = CARD_NOW - age,
                             .expires   = YAO_TIME_NONE,
                             .anchor    = card_fixture_get()->root};
    return &list;
}

static yao_bytes card_with_status(void)
{
    yao_card_content c = card_fixture_content();

    c.profile       = YAO_TEXT("age");
    c.elements      = adult;
    c.element_count = COUNT(adult);
    return card_fixture_issue(&c);
}

static gate_answer scan_with_list(yao_time age, bool revoked)
{
    start("age");
    wait_a_while();
    g.options.lists          = list_of(age);
    g.options.list_count     = 1;
    g.options.status_max_age = 24 * 3600;
    if (revoked)
        entries[70000 / 8] = 1 << 70000 % 8;
    return scan(open_code(card_with_status(), CARD_NOW), CARD_NOW);
}

static void gives_age_of_status(void **state)
{
    (void)state;
    gate_answer answer = scan_with_list(3600, false);
    assert_says(answer, "{\"verdict\":\"accept\"");
    assert_says(answer, "\"status_age\":3600");
    answer = scan_with_list(3600, true);
    assert_says(answer, "{\"verdict\":\"reject\"");
    assert_says(answer, "\"status_age\":3600");
}

/* A list of yesterday is no answer for today; nor is none. */
static void never_accepts_old_status(void **state)
{
    (void)state;
    assert_says(scan_with_list(24 * 3600, false), "{\"verdict\":\"accept\"");
    assert_says(scan_with_list(8 * 24 * 3600, false),
                "{\"verdict\":\"indeterminate\"");
    start("age");
    wait_a_while();
    gate_answer answer =
        scan(open_code(card_with_status(), CARD_NOW), CARD_NOW);
    assert_says(answer, "{\"verdict\":\"indeterminate\"");
    assert_false(says(answer, "status_age"));
    assert_int_equal(memory.count, 0);
}

/* ---- the memory --------------------------------------------------------- */

static void never_accepts_on_full_disk(void **state)
{
    yao_bytes issued = age_card();

    (void)state;
    start("age");
    close(memory.fd);
    memory.fd          = open("/dev/full", O_WRONLY);
    gate_answer answer = scan(open_code(issued, CARD_NOW), CARD_NOW);
    assert_status(answer.broken, YAO_E_FILE);
    assert_false(says(answer, "\"accept\""));
    assert_says(answer, "\"indeterminate\"");

    /* a disk that may not be written at all */
    start("age");
    close(memory.fd);
    memory.fd = open("/dev/null", O_RDONLY);
    wait_a_while();
    answer = scan(open_code(issued, CARD_NOW), CARD_NOW);
    assert_status(answer.broken, YAO_E_FILE);
    assert_false(says(answer, "\"accept\""));
}

/* ---- values ------------------------------------------------------------- */

/* More than was asked for: a number that the profile "age" does not ask. */
static yao_bytes talkative_card(void)
{
    static const yao_card_element elements[] = {
        {YAO_CARD_PRIVATE, 3, YAO_INIT("\x69" "NOBODYS-1")},
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
    };
    yao_card_content c = card_fixture_content();

    c.status        = YAO_CARD_STATUS_NONE;
    c.profile       = YAO_TEXT("age");
    c.elements      = elements;
    c.element_count = COUNT(elements);
    return card_fixture_issue(&c);
}

static bool remembers(const uint8_t *at, size_t len)
{
    return memmem(at, len, "NOBODYS", 7) != NULL;
}

static void never_tells_more(void **state)
{
    (void)state;
    start("age");
    gate_answer answer = scan(open_code(talkative_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "\"accept\"");
    assert_says(answer, "age_equal_or_over.18");
    assert_false(says(answer, "NOBODYS"));
    assert_false(remembers(work, sizeof work));
    assert_false(remembers((const uint8_t *)&g, sizeof g));
    assert_false(remembers(answer_room, sizeof answer_room));
}

static void never_tells_values(void **state)
{
    (void)state;
    start("age");
    g.quiet            = true;
    gate_answer answer = scan(open_code(age_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "\"accept\"");
    assert_says(answer, "\"attributes\":[]");
}

/* ---- challenges --------------------------------------------------------- */

static void put_pem(const char *name, const char *label, yao_bytes der)
{
    uint8_t    pem[4096];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    yao_pem_put(&w, label, der);
    test_write(name, (yao_bytes){w.ptr, w.len});
}

static void put_key(const char *name, int key)
{
    uint8_t    der[YAO_MAX_PRIVATE];
    yao_writer w = yao_writer_open(der, sizeof der);

    assert_status(yao_openssl_key_write(forge_key(key), &w), YAO_OK);
    put_pem(name, "PRIVATE KEY", (yao_bytes){der, w.len});
}

static app_asker_given given_of(const char *asked)
{
    put_pem("reader.pem", "CERTIFICATE", card_fixture_get()->reader);
    put_key("reader.key", CARD_READER_KEY);
    return (app_asker_given){.profile = profile(asked),
                              .place   = "示例酒店 SPECIMEN",
                              .key     = test_scratch_path("reader.key"),
                              .certificate = test_scratch_path("reader.pem")};
}

static yao_arena *own_arena(void)
{
    static uint8_t   kept[65536];
    static yao_arena arena = {kept, sizeof kept, 0};

    arena.used = 0;
    return &arena;
}

static void start_asking(void)
{
    app_asker_given given = given_of("hotel");
    gate_answer      answer;

    app_asker_close(&asker);
    assert_status(app_asker_open(&given, own_arena(), &asker), YAO_OK);
    start("hotel");
    g.asker = &asker;
    gate_ask(&g, CARD_NOW, &answer);
    assert_status(answer.broken, YAO_OK);
    assert_says(answer, "{\"challenge\":\"YPQ1:");
}

/* What the challenge in force is, as a wallet reads it from the code. */
static yao_bytes read_shown(void)
{
    yao_writer    w = yao_writer_in(test_arena());
    yao_card_code code;
    yao_bytes     out;

    assert_int_equal(g.shown.letter_count, 1);
    assert_status(yao_card_get_text(g.shown.letters[0], &w, &code), YAO_OK);
    assert_int_equal(code, YAO_CARD_CODE_CHALLENGE);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* Seal CARD to CHALLENGE as docs/formats/card.md section 4 says. */
static yao_bytes seal(yao_bytes card, yao_bytes challenge)
{
    yao_card_challenge said;
    yao_openssl_key   *ephemeral;
    uint8_t            shared[YAO_MAX_AGREEMENT], info[YAO_SHA256_LEN];
    yao_hpke_keys      keys;
    yao_aead_wish      wish;
    yao_bytes          out;

    assert_status(yao_card_read_challenge(challenge, &said), YAO_OK);
    assert_status(yao_openssl_key_generate(YAO_ES256, &ephemeral), YAO_OK);
    yao_public_key enc   = yao_openssl_key_public(ephemeral);
    yao_agree_wish agree = {said.key};
    assert_status(yao_openssl_agree(ephemeral, &agree, shared), YAO_OK);
    yao_openssl_key_close(ephemeral);
    assert_status(g.crypto->hash(g.crypto->ctx, YAO_SHA256, &challenge, 1,
                                 info),
                  YAO_OK);
    assert_status(yao_hpke_derive(g.crypto, &enc, &said.key,
                                  (yao_bytes){shared, 32},
                                  (yao_bytes){info, sizeof info}, &keys),
                  YAO_OK);
    yao_hpke_wish(&keys, false, YAO_LIT(""), card, &wish);
    uint8_t *sealed = yao_arena_take(test_arena(), card.len + YAO_AEAD_TAG);
    assert_status(yao_openssl_aead(&wish, sealed), YAO_OK);

    yao_writer w = yao_writer_in(test_arena());
    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, (yao_bytes){enc.point, enc.len});
    yao_cbor_put_bytes(&w, (yao_bytes){sealed, card.len + YAO_AEAD_TAG});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return letters(YAO_CARD_CODE_CARD, out);
}

static yao_bytes hotel_card(void)
{
    yao_card_content c = card_fixture_content();

    c.status = YAO_CARD_STATUS_NONE;
    c.sealed = true;
    return card_fixture_issue(&c);
}

/* The wallet's answer to what is shown now. */
static yao_bytes answer_shown(void)
{
    yao_bytes challenge = read_shown();

    return seal(card_fixture_answer(hotel_card(), challenge), challenge);
}

static void accepts_answer(void **state)
{
    (void)state;
    start_asking();
    yao_bytes   code   = answer_shown();
    yao_bytes   before = read_shown();
    gate_answer answer = scan(code, CARD_NOW + 5);
    assert_says(answer, "{\"verdict\":\"accept\"");
    assert_says(answer, "\"challenge\":\"YPQ1:");
    assert_false(yao_bytes_equal(before, read_shown()));
    ticks += 1000;
    answer = scan(code, CARD_NOW + 6);
    assert_says(answer, "\"accept\"");
    assert_says(answer, "\"repeated\":true");
}

static void refuses_answer_twice(void **state)
{
    (void)state;
    start_asking();
    yao_bytes challenge = read_shown();
    yao_bytes card      = card_fixture_answer(hotel_card(), challenge);
    assert_says(scan(seal(card, challenge), CARD_NOW + 5), "\"accept\"");
    wait_a_while();
    yao_bytes   next   = read_shown();
    gate_answer answer = scan(seal(card, challenge), CARD_NOW + 9);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"card_challenge\",\"outcome\":\"fail\"");
    assert_bytes(read_shown(), next);

    /* the same card sealed to the next challenge answers another one */
    answer = scan(seal(card, next), CARD_NOW + 9);
    assert_says(answer, "\"reject\"");
}

/* A verdict uses the challenge up, whatever it is. */
static void never_asks_twice(void **state)
{
    (void)state;
    start_asking();
    yao_bytes challenge = read_shown();
    yao_bytes other     = seal(YAO_LIT("\x83nonsense"), challenge);
    assert_says(scan(other, CARD_NOW + 5), "\"reject\"");
    assert_false(yao_bytes_equal(challenge, read_shown()));
}

static void refuses_open_card(void **state)
{
    (void)state;
    start_asking();
    gate_answer answer = scan(open_code(hotel_card(), CARD_NOW), CARD_NOW);
    assert_says(answer, "\"reject\"");
    assert_says(answer, "\"check\":\"card_challenge\",\"outcome\":\"fail\"");
}

static void gives_new_challenges(void **state)
{
    gate_answer answer;

    (void)state;
    start_asking();
    yao_bytes first = read_shown();
    gate_ask(&g, CARD_NOW + 59, &answer);
    assert_int_equal(answer.line.len, 0);
    assert_bytes(read_shown(), first);
    gate_ask(&g, CARD_NOW + 60, &answer);
    assert_says(answer, "{\"challenge\":\"YPQ1:");
    assert_false(yao_bytes_equal(read_shown(), first));
    gate_forget(&g);
    assert_int_equal(g.shown.letter_count, 0);
}

static void refuses_late_answer(void **state)
{
    (void)state;
    start_asking();
    g.asker            = NULL; /* a challenge that is shown elsewhere */
    gate_answer answer = scan(answer_shown(), CARD_NOW + 60 + 60 + 61);
    assert_says(answer, "\"reject\"");
    wait_a_while();
    start_asking();
    g.asker = NULL;
    assert_says(scan(answer_shown(), CARD_NOW + 120), "\"accept\"");
}

/* Shown elsewhere it is for one answer; then nothing sealed can be opened. */
static void refuses_second_answer(void **state)
{
    (void)state;
    start_asking();
    g.asker        = NULL;
    yao_bytes one  = answer_shown(), two = answer_shown();
    assert_says(scan(one, CARD_NOW), "\"accept\"");
    wait_a_while();
    assert_says(scan(two, CARD_NOW), "\"reject\"");
}

/* ---- animated ----------------------------------------------------------- */

enum { SHOWN_PARTS = 3 };

/* A card is a whole too: cut into parts that nobody needs. */
static void cut(yao_bytes whole, yao_bytes ret[SHOWN_PARTS])
{
    yao_card_split split;

    assert_status(yao_card_split_whole(g.crypto, whole, 400, &split), YAO_OK);
    assert_int_equal(split.count, SHOWN_PARTS);
    for (size_t i = 0; i < SHOWN_PARTS; i++) {
        yao_writer w = yao_writer_in(test_arena());
        yao_bytes  part;

        yao_card_put_part(&w, &split, i);
        assert_status(yao_writer_keep(&w, test_arena(), &part), YAO_OK);
        ret[i] = letters(YAO_CARD_CODE_PART, part);
    }
}

/* A card of some thousand bytes, shown at NOW. */
static yao_bytes long_card(yao_time now)
{
    static uint8_t    text[3 + 700] = {0x79, 700 >> 8, 700 & 0xff};
    yao_card_element  elements[]    = {{YAO_CARD_PRIVATE, 3,
                                        {text, sizeof text}},
                                       {YAO_CARD_PRIVATE, 11,
                                        YAO_INIT("\xf5")}};
    yao_card_content c = card_fixture_content();

    memset(text + 3, 'X', 700);
    c.status        = YAO_CARD_STATUS_NONE;
    c.profile       = YAO_TEXT("age");
    c.elements      = elements;
    c.element_count = COUNT(elements);
    return card_fixture_show(card_fixture_issue(&c), now);
}

/* It turns before the camera, in any order, slower than GATE_REPEAT. */
static void accepts_parts(void **state)
{
    yao_bytes   parts[SHOWN_PARTS];
    gate_answer answer;

    (void)state;
    start("age");
    cut(long_card(CARD_NOW), parts);
    assert_says(scan(parts[2], CARD_NOW), "{\"part\":true}");
    assert_says(scan(parts[0], CARD_NOW), "{\"part\":true}");
    assert_says(scan(parts[0], CARD_NOW), "{\"part\":true}");
    assert_says(scan(parts[1], CARD_NOW), "{\"verdict\":\"accept\"");
    for (int i = 0; i < 3 * SHOWN_PARTS; i++) {
        ticks += 2000;
        answer = scan(parts[i % SHOWN_PARTS], CARD_NOW + 2 * i);
        assert_false(says(answer, "reject"));
        assert_true(says(answer, "\"part\"") ||
                    says(answer, "\"repeated\":true"));
    }
    assert_int_equal(memory.count, 1);
    wait_a_while();
    for (size_t i = 0; i < SHOWN_PARTS; i++) {
        answer = scan(parts[i], CARD_NOW + 30);
        if (!says(answer, "\"part\""))
            break;
    }
    assert_says(answer, "\"check\":\"card_replay\",\"outcome\":\"fail\"");
}

/* Another code between them begins nothing anew; parts of another one do. */
static void never_mixes_parts(void **state)
{
    yao_bytes one[SHOWN_PARTS], two[SHOWN_PARTS];

    (void)state;
    start("age");
    cut(long_card(CARD_NOW), one);
    cut(long_card(CARD_NOW + 30), two);
    (void)scan(one[0], CARD_NOW);
    (void)scan(one[1], CARD_NOW);
    assert_says(scan(YAO_LIT("YPA1:AB"), CARD_NOW), "\"reject\"");
    assert_says(scan(two[2], CARD_NOW), "{\"part\":true}");
    assert_says(scan(one[2], CARD_NOW), "{\"part\":true}");
    assert_says(scan(one[0], CARD_NOW), "{\"part\":true}");
    assert_says(scan(one[1], CARD_NOW), "{\"verdict\":\"accept\"");
}

int main(void)
{
    test_add("card", "accepts an open card, and writes it down",
             accepts_open_card, NULL);
    test_add("card", "gives the same answer for 3 s (N241)",
             gives_the_same_answer, NULL);
    test_add("card", "refuses it later, and after a restart (N241)",
             refuses_replay, NULL);
    test_add("card", "accepts what it could not judge before",
             accepts_after_refusal, NULL);
    test_add("card", "refuses a step that is over", refuses_old_step, NULL);
    test_add("card", "refuses a card for another profile",
             refuses_other_profile, NULL);
    test_add("card", "refuses another document that names the profile",
             refuses_other_document, NULL);
    test_add("card", "refuses who is not of the age that was asked for",
             refuses_no, NULL);
    test_add("card", "refuses another of the profile's choices",
             refuses_other_choice, NULL);
    test_add("clock", "refuses to judge before what was seen (N246)",
             refuses_old_clock, NULL);
    test_add("clock", "refuses to judge with a bundle that is over (N246)",
             refuses_over_bundle, NULL);
    test_add("status", "gives its age", gives_age_of_status, NULL);
    test_add("status", "never accepts one of last week (N246)",
             never_accepts_old_status, NULL);
    test_add("memory", "never accepts what it can't write down",
             never_accepts_on_full_disk, NULL);
    test_add("values", "never tells, never keeps more than asked for (N247)",
             never_tells_more, NULL);
    test_add("values", "never tells any when asked not to", never_tells_values,
             NULL);
    test_add("challenge", "accepts an answer, and asks anew", accepts_answer,
             NULL);
    test_add("challenge", "refuses an answer twice (N241)",
             refuses_answer_twice, NULL);
    test_add("challenge", "never asks the same twice", never_asks_twice, NULL);
    test_add("challenge", "refuses an open card where it asked",
             refuses_open_card, NULL);
    test_add("challenge", "gives a new one when it is over",
             gives_new_challenges, NULL);
    test_add("challenge", "refuses an answer that comes late",
             refuses_late_answer, NULL);
    test_add("challenge", "refuses a second answer to one shown elsewhere",
             refuses_second_answer, NULL);
    test_add("animated", "accepts parts, and repeats while they turn",
             accepts_parts, NULL);
    test_add("animated", "never mixes parts of two", never_mixes_parts, NULL);

    int code = test_run("gate/judge");
    app_asker_close(&asker);
    close_gate();
    return code;
}
