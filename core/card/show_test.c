/* SPDX-License-Identifier: Apache-2.0 */

/* The moment of a card, and what its holder signs for it. */

#include "card_fixture.h"
#include "card/labels.h"

#include <stdio.h>

/* ---- steps -------------------------------------------------------------- */

static const struct step_row {
    const char *name;
    bool        stepped, challenged;
    uint64_t    step;
    yao_time    now;
    yao_status  want;
} steps[] = {
    {"accepts the step of now", true, false, 100, 3000, YAO_OK},
    {"accepts the step of now at its last second", true, false, 100, 3029,
     YAO_OK},
    {"accepts the step before", true, false, 99, 3029, YAO_OK},
    {"accepts the step after", true, false, 101, 3000, YAO_OK},
    {"refuses the step before that (N238)", true, false, 98, 3000,
     YAO_E_EXPIRED},
    {"refuses yesterday's picture (N238)", true, false, 60, 89400,
     YAO_E_EXPIRED},
    {"refuses the step after that", true, false, 102, 3029,
     YAO_E_NOT_YET_VALID},
    {"refuses a step at the end of time", true, false, UINT64_MAX, 3000,
     YAO_E_NOT_YET_VALID},
    {"accepts step 1 at the beginning of time", true, false, 1, 0, YAO_OK},
    {"refuses step 0 today", true, false, 0, CARD_NOW, YAO_E_EXPIRED},
    {"accepts no step after a challenge", false, true, 0, 3000, YAO_OK},
    {"refuses no step without a challenge (N238)", false, false, 0, 0,
     YAO_E_MISSING},
    {"refuses a step where a challenge was shown (N240)", true, true, 100,
     3000, YAO_E_MISMATCH},
};

static void checks_step(void **state)
{
    const struct step_row *r = *state;

    assert_status(yao_card_check_step(r->stepped, r->step, r->challenged,
                                      r->now),
                  r->want);
}

static void gives_steps_of_thirty_seconds(void **state)
{
    (void)state;
    assert_int_equal(yao_card_moment_at(0).step, 0);
    assert_int_equal(yao_card_moment_at(29).step, 0);
    assert_int_equal(yao_card_moment_at(30).step, 1);
    assert_int_equal(yao_card_moment_at(CARD_NOW).step, 59843520);
    assert_int_equal(yao_card_moment_at(-30).step, 0);
    assert_int_equal(yao_card_moment_at(YAO_TIME_MAX + 1).step, 0);
    assert_false(yao_card_moment_at(30).challenged);
}

/* ---- what is signed ----------------------------------------------------- */

/* docs/formats/card.md section 8 */
static const struct message_row {
    const char     *name;
    yao_card_moment moment;
    const char     *want;
} messages[] = {
    {"gives the message of an open card",
     {.step = 59843520},
     "83 6d 79616f7061692d636172642d31 5820"
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
     "1a 039123c0"},
    {"gives the message of an answer to a challenge",
     {.challenged = true, .challenge = {1, 2, 3}},
     "83 6d 79616f7061692d636172642d31 5820"
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
     "5820"
     "0102030000000000000000000000000000000000000000000000000000000000"},
};

static void gives_message(void **state)
{
    const struct message_row *r = *state;
    yao_card_showing          showing;

    /* FIPS 180-4: SHA-256("abc") */
    assert_status(yao_card_show(test_arena(), forge_crypto(), YAO_LIT("abc"),
                                &r->moment, &showing),
                  YAO_OK);
    assert_int_equal(showing.wish.alg, YAO_ES256);
    assert_int_equal(showing.wish.part_count, 1);
    assert_bytes(showing.wish.parts[0], test_unhex(r->want));
}

static void gives_the_hash_of_a_challenge(void **state)
{
    yao_card_moment moment;

    (void)state;
    assert_status(yao_card_moment_of(forge_crypto(), YAO_LIT("abc"), &moment),
                  YAO_OK);
    assert_true(moment.challenged);
    assert_bytes(((yao_bytes){moment.challenge, 32}),
                 test_unhex("ba7816bf8f01cfea414140de5dae2223"
                            "b00361a396177a9cb410ff61f20015ad"));
}

static uint8_t zeros[YAO_MAX_CARD_ISSUED + 1];

static void gives_a_card_with_its_step(void **state)
{
    yao_card_showing showing;
    yao_card_moment  moment = yao_card_moment_at(CARD_NOW);
    yao_bytes        out;
    yao_writer       w = yao_writer_in(test_arena());

    (void)state;
    showing = (yao_card_showing){.issued = YAO_LIT("abc"), .moment = moment};
    assert_status(yao_card_put_shown(&w, &showing, (yao_bytes){zeros, 64}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(((yao_bytes){out.ptr, 12}),
                 test_unhex("83 43 616263 1a 039123c0 58 40"));
    assert_int_equal(out.len, 12 + 64);
}

static void gives_a_card_without_step_after_a_challenge(void **state)
{
    yao_card_showing showing = {.issued = YAO_INIT("abc"),
                                .moment = {.challenged = true}};
    yao_bytes        out;
    yao_writer       w = yao_writer_in(test_arena());

    (void)state;
    assert_status(yao_card_put_shown(&w, &showing, (yao_bytes){zeros, 64}),
                  YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(((yao_bytes){out.ptr, 8}),
                 test_unhex("83 43 616263 f6 58 40"));
}

static void gives_a_shown_mdoc(void **state)
{
    yao_card_moment open = {.step = 5}, asked = {.challenged = true};
    yao_writer      w = yao_writer_in(test_arena());
    yao_bytes       out;

    (void)state;
    yao_card_put_mdoc(&w, &open, YAO_LIT("\xa0"));
    yao_card_put_mdoc(&w, &asked, YAO_LIT("\xa0"));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, test_unhex("82 05 41 a0 82 f6 41 a0"));
}

static const struct show_row {
    const char *name;
    size_t      issued, signature;
    yao_status  shown, put;
} shows[] = {
    {"accepts the longest card", YAO_MAX_CARD_ISSUED, 64, YAO_OK, YAO_OK},
    {"refuses a longer one", YAO_MAX_CARD_ISSUED + 1, 64, YAO_E_LIMIT, 0},
    {"refuses no card", 0, 64, YAO_E_USAGE, 0},
    {"refuses no signature", 1, 0, YAO_OK, YAO_E_USAGE},
    {"refuses a signature that is cut", 1, 63, YAO_OK, YAO_E_USAGE},
    {"refuses a signature of P-384", 1, 96, YAO_OK, YAO_E_USAGE},
};

static void shows_card(void **state)
{
    const struct show_row *r       = *state;
    yao_card_moment        moment  = yao_card_moment_at(CARD_NOW);
    yao_card_showing       showing = {.issued = {NULL, 7}};
    yao_writer             w       = yao_writer_count();

    assert_status(yao_card_show(test_arena(), forge_crypto(),
                                (yao_bytes){zeros, r->issued}, &moment,
                                &showing),
                  r->shown);
    if (r->shown != YAO_OK)
        assert_int_equal(showing.issued.len, 7);
    else
        assert_status(yao_card_put_shown(&w, &showing,
                                         (yao_bytes){zeros, r->signature}),
                      r->put);
}

/* What is issued can be shown in every way: open, and sealed in one code. */
static void never_makes_a_code_above_the_limit_of_what_was_issued(void **state)
{
    yao_card_showing showing = {.issued = {zeros, YAO_MAX_CARD_ISSUED},
                                .moment = {.step = UINT32_MAX}};
    yao_writer       w = yao_writer_count();

    (void)state;
    assert_status(yao_card_put_shown(&w, &showing, (yao_bytes){zeros, 64}),
                  YAO_OK);
    assert_true(w.len <= YAO_MAX_CARD);

    showing.moment = (yao_card_moment){.challenged = true};
    w              = yao_writer_count();
    assert_status(yao_card_put_shown(&w, &showing, (yao_bytes){zeros, 64}),
                  YAO_OK);
    assert_true(w.len + 87 <= YAO_MAX_CARD);
}

/* ---- room and failing homes --------------------------------------------- */

static yao_status show_in(yao_arena *arena, void *context)
{
    yao_card_moment  moment = {.step = 1};
    yao_card_showing showing;

    (void)context;
    YAO_TRY(yao_card_show(arena, forge_crypto(), YAO_LIT("abc"), &moment,
                          &showing));
    assert_ptr_equal(showing.wish.parts[0].ptr, arena->base);
    assert_memory_equal(arena->base, "\x83\x6dyaopai-card-1", 15);
    return YAO_OK;
}

static yao_status put_shown(yao_writer *w, void *context)
{
    return yao_card_put_shown(w, context, (yao_bytes){zeros, 64});
}

static void gives_space_error_everywhere(void **state)
{
    yao_card_showing showing = {.issued = YAO_INIT("abc")};

    (void)state;
    test_every_arena(show_in, NULL, 4096);
    test_every_room(put_shown, &showing);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(const yao_status *)ctx;
}

static void gives_what_the_hash_gives(void **state)
{
    static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_card_moment         moment     = {.step = 1};
    yao_card_showing        showing;

    (void)state;
    for (size_t i = 0; i < COUNT(failures); i++) {
        yao_status failure = failures[i];
        yao_crypto home    = {.ctx = &failure, .hash = no_hash};

        assert_status(yao_card_show(test_arena(), &home, YAO_LIT("abc"),
                                    &moment, &showing),
                      failure);
        assert_status(yao_card_moment_of(&home, YAO_LIT("abc"), &moment),
                      failure);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(steps); i++)
        test_add("check_step", steps[i].name, checks_step, &steps[i]);
    test_add("moment_at", "gives steps of thirty seconds",
             gives_steps_of_thirty_seconds, NULL);
    test_add("moment_of", "gives the hash of a challenge",
             gives_the_hash_of_a_challenge, NULL);
    for (size_t i = 0; i < COUNT(messages); i++)
        test_add("show", messages[i].name, gives_message, &messages[i]);
    for (size_t i = 0; i < COUNT(shows); i++)
        test_add("show", shows[i].name, shows_card, &shows[i]);
    test_add("put_shown", "gives a card with its step",
             gives_a_card_with_its_step, NULL);
    test_add("put_shown", "gives a card without step after a challenge",
             gives_a_card_without_step_after_a_challenge, NULL);
    test_add("put_mdoc", "gives a shown mdoc", gives_a_shown_mdoc, NULL);
    test_add("put_shown", "never makes a code above the limit",
             never_makes_a_code_above_the_limit_of_what_was_issued, NULL);
    test_add("show", "gives SPACE in every smaller arena and buffer",
             gives_space_error_everywhere, NULL);
    test_add("show", "gives what the hash gives", gives_what_the_hash_gives,
             NULL);

    return test_run("card/show");
}
