/* SPDX-License-Identifier: Apache-2.0 */
#include "app/random.h"
#include "check.h"

static void gives_letters_of_each_length(void **state)
{
    (void)state;
    for (size_t len = 0; len <= APP_MAX_RANDOM; len++) {
        yao_text text = {NULL, 0};

        assert_status(app_random_letters(test_arena(), len, &text), YAO_OK);
        assert_int_equal(text.len, (len * 4 + 2) / 3);
    }
}

static void never_gives_one_twice(void **state)
{
    yao_text words[64];

    (void)state;
    for (size_t i = 0; i < COUNT(words); i++) {
        assert_status(app_random_letters(test_arena(), 16, &words[i]), YAO_OK);
        for (size_t k = 0; k < i; k++)
            assert_false(yao_text_equal(words[i], words[k]));
    }
}

static void refuses_more_than_it_has_room_for(void **state)
{
    uint8_t   room[20];
    yao_arena small = {room, sizeof room, 0};
    yao_text  text  = YAO_TEXT("as it was");

    (void)state;
    assert_status(app_random_letters(test_arena(), APP_MAX_RANDOM + 1, &text),
                  YAO_E_USAGE);
    assert_status(app_random_letters(&small, 16, &text), YAO_E_SPACE);
    assert_bytes(yao_text_bytes(text), YAO_LIT("as it was"));
}

int main(void)
{
    test_add("random", "gives letters of each length",
             gives_letters_of_each_length, NULL);
    test_add("random", "never gives one twice", never_gives_one_twice, NULL);
    test_add("random", "refuses more than there is room for",
             refuses_more_than_it_has_room_for, NULL);
    return test_run("app/random");
}
