/* SPDX-License-Identifier: Apache-2.0 */
#include "app/asker.h"

#include "app/files.h"
#include "app/pem.h"
#include "app/code.h"
#include "card_fixture.h"
#include "check.h"
#include "journey.h"

static const yao_profile *profile(const char *name)
{
    return yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));
}

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
                              .now     = CARD_NOW,
                              .certificate = test_scratch_path("reader.pem")};
}

static yao_arena *own_arena(void)
{
    static uint8_t   kept[65536];
    static yao_arena arena = {kept, sizeof kept, 0};

    arena.used = 0;
    return &arena;
}

/* ---- who asks ----------------------------------------------------------- */

static const char *sixty_five =
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void refuses_bad_askers(void **state)
{
    app_asker       opened = {.key = NULL};
    app_asker_given given  = given_of("hotel");

    (void)state;
    given.place = "";
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = "a\nb";
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = "a\xc2\x9b" "2J"; /* what a terminal obeys */
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = "hotel\xe2\x80\xae" "letoh"; /* from right to left */
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"
                  "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"
                  "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷"; /* 196 bytes */
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = sixty_five;
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_USAGE);
    given.place = sixty_five + 1;
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_OK);
    app_asker_close(&opened);
    given.now = CARD_NOW + 3000 * YAO_TIME_DAY;
    assert_status(app_asker_open(&given, own_arena(), &opened), YAO_E_EXPIRED);
    given.now     = CARD_NOW;
    given.profile = profile("police");
    assert_status(app_asker_open(&given, own_arena(), &opened),
                  YAO_E_NOT_AUTHORISED);
    given.profile = profile("hotel");
    put_key("other.key", CARD_OTHER_KEY);
    given.key = test_scratch_path("other.key");
    assert_status(app_asker_open(&given, own_arena(), &opened),
                  YAO_E_MISMATCH);
    given.certificate = given.key;
    assert_status(app_asker_open(&given, own_arena(), &opened),
                  YAO_E_MISSING);
    assert_null(opened.key);
}

/* ---- challenges --------------------------------------------------------- */

static void make(bool along, app_asked *ret)
{
    app_asker_given given = given_of("hotel");
    app_asker       asker;

    given.along = along;
    assert_status(app_asker_open(&given, own_arena(), &asker), YAO_OK);
    assert_status(app_asker_ask(&asker, forge_crypto(), CARD_NOW,
                                 test_arena(), ret),
                  YAO_OK);
    app_asker_close(&asker);
}

/* What a wallet makes of it: every check of the reader passes. */
static void gives_good_challenges(void **state)
{
    const card_fixture     *f = card_fixture_get();
    app_asked          made, other;
    yao_card_reader_check   check;
    yao_card_reader         reader;
    yao_report              report = {.count = 0};
    yao_card_reader_options options = {.anchors      = f->anchors,
                                       .anchor_count = 2,
                                       .readers      = &f->reader,
                                       .reader_count = 1,
                                       .now          = CARD_NOW,
                                       .skew         = 60};

    (void)state;
    make(false, &made);
    assert_int_equal(made.letter_count, 1);
    assert_int_equal(made.challenge.said.expires, CARD_NOW + 60);
    assert_status(yao_card_begin_reader(test_arena(), f->crypto,
                                        &made.challenge.said, &options, &check,
                                        &report),
                  YAO_OK);
    assert_status(f->crypto->verify(f->crypto->ctx, check.checks,
                                    check.check_count),
                  YAO_OK);
    assert_status(yao_card_conclude_reader(&check, &reader, &report), YAO_OK);
    assert_bytes(yao_text_bytes(reader.place), YAO_LIT("示例酒店 SPECIMEN"));

    make(false, &other);
    assert_false(yao_bytes_equal(made.challenge.said.nonce,
                                 other.challenge.said.nonce));
    assert_memory_not_equal(made.challenge.said.key.point,
                            other.challenge.said.key.point, 65);
    app_challenge_close(&made.challenge);
    app_challenge_close(&other.challenge);
}

static void gives_parts(void **state)
{
    static app_parts parts;
    app_asked   made;
    app_code         code = {APP_CODE_NONE, {NULL, 0}};

    (void)state;
    make(true, &made);
    for (size_t i = 0; i < made.letter_count; i++)
        assert_status(app_code_read(forge_crypto(), made.letters[i], &parts,
                                    test_arena(), &code),
                      YAO_OK);
    assert_int_equal(code.kind, APP_CODE_CHALLENGE);
    assert_bytes(code.content, made.challenge.bytes);
    app_challenge_close(&made.challenge);
}

static yao_status ask_in(yao_arena *arena, void *context)
{
    app_asked made;
    yao_status     status =
        app_asker_ask(context, forge_crypto(), CARD_NOW, arena, &made);

    if (status == YAO_OK)
        app_challenge_close(&made.challenge);
    return status;
}

static void refuses_small_arena(void **state)
{
    app_asker_given given = given_of("hotel");
    app_asker       asker;

    (void)state;
    assert_status(app_asker_open(&given, own_arena(), &asker), YAO_OK);
    test_every_arena(ask_in, &asker, 16384);
    app_asker_close(&asker);
}

int main(void)
{
    test_add("asker", "refuses who may not ask, or can't", refuses_bad_askers,
             NULL);
    test_add("asker", "gives challenges that wallets answer",
             gives_good_challenges, NULL);
    test_add("asker", "gives the certificate along", gives_parts, NULL);
    test_add("asker", "refuses every small arena", refuses_small_arena, NULL);

    int code = test_run("app/asker");
    test_scratch_remove();
    return code;
}
