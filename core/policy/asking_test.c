/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/asking.h"

#include "card_fixture.h"
#include "check.h"

static const yao_profile *profile(const char *name)
{
    return yao_profile_by_name(yao_catalogue_shipped(), yao_text_of(name));
}

static size_t asked(const char *name, const char *choice, yao_bytes input)
{
    yao_verify_options o = {.catalogue = yao_catalogue_shipped()};

    assert_status(yao_policy_ask(test_arena(), profile(name), yao_text_of(choice),
                          input, &o),
                  YAO_OK);
    assert_true(yao_text_equal(o.card_profile, profile(name)->name));
    return o.required_count;
}

static void gives_what_is_asked(void **state)
{
    yao_card_content   c    = card_fixture_content();
    yao_bytes          card = card_fixture_show(card_fixture_issue(&c),
                                                CARD_NOW);
    yao_verify_options o    = {.catalogue = yao_catalogue_shipped()};

    (void)state;
    assert_int_equal(asked("hotel", "", card), 7); /* all but the portrait */
    assert_int_equal(asked("hotel", "", YAO_LIT("eyJ9.e.s~")), 8);
    assert_int_equal(asked("age", "", card), 1);
    assert_int_equal(asked("age", "age_over_14", card), 1);
    assert_int_equal(asked("door", "", card), 3); /* no identity card has it */
    assert_status(yao_policy_ask(test_arena(), profile("age"),
                          YAO_TEXT("age_over_99"), card, &o),
                  YAO_E_NOT_FOUND);
    assert_status(yao_policy_ask(test_arena(), NULL, YAO_TEXT(""), card, &o), YAO_OK);
    assert_int_equal(o.required_count, 0);
    assert_int_equal(o.card_profile.len, 0);

    /* the challenge asks for "hotel", whether the caller says so or not */
    o.challenge = card_fixture_challenge(CARD_NOW, 1);
    assert_status(yao_policy_ask(test_arena(), NULL, YAO_TEXT(""), card, &o), YAO_OK);
    assert_int_equal(o.required_count, 7);
    assert_true(yao_text_equal(o.card_profile, YAO_TEXT("hotel")));
    assert_status(yao_policy_ask(test_arena(), NULL, YAO_TEXT(""),
                          YAO_LIT("\x82\xf6\x41x"), &o),
                  YAO_OK);
    assert_int_equal(o.required_count, 8);
}

/* Whatever there is room for: an answer, or SPACE and nothing written. */
static void needs_room(void **state)
{
    yao_card_content c    = card_fixture_content();
    yao_bytes        card = card_fixture_show(card_fixture_issue(&c), CARD_NOW);
    static uint8_t   memory[8192];
    bool             enough = false;

    (void)state;
    for (size_t cap = 0; !enough && cap <= sizeof memory; cap += 64) {
        yao_arena          arena  = {memory, cap, 0};
        yao_verify_options o      = {.catalogue = yao_catalogue_shipped()};
        yao_status         status = yao_policy_ask(&arena, profile("hotel"),
                                                   YAO_TEXT(""), card, &o);

        enough = status == YAO_OK;
        if (!enough)
            assert_status(status, YAO_E_SPACE);
        assert_int_equal(o.required_count, enough ? 7 : 0);
    }
    assert_true(enough);
}

int main(void)
{
    test_add("asking", "gives what the profile asks of each form",
             gives_what_is_asked, NULL);
    test_add("asking", "refuses what it has no room for", needs_room, NULL);
    return test_run("core/policy/asking");
}
