/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_DESK_CARD_H
#define YAO_TEST_DESK_CARD_H

/**
 * Codes of a real wallet (@/w) before the desk of desk_world.h: cards that are
 * open, and those that are sealed to a challenge.
 */

#include "desk_world.h"

/* The lines of a file as strings of JSON with commas between. */
static inline const char *card_lines(const char *name)
{
    yao_bytes  rest = yao_text_bytes(yao_text_of(desk_file(name)));
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  out;
    bool       first = true;

    while (rest.len > 0) {
        size_t len = yao_bytes_find(rest, '\n');

        yao_json_put_next(&w, &first);
        yao_json_put_string(&w, (yao_text){rest.ptr, len});
        len += len < rest.len;
        rest = (yao_bytes){rest.ptr + len, rest.len - len};
    }
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

static inline net_answer card_scan(const char *codes, const char *more)
{
    size_t len  = strlen(codes) + strlen(more) + 64;
    char  *json = yao_arena_take(test_arena(), len);

    snprintf(json, len, "{\"codes\":[%s]%s}", codes, more);
    return desk_api("POST", "/api/cards", json);
}

static inline const char *card_show_age(void)
{
    desk_must("wallet present -C @/w --profile age --choice age_over_18 "
              "--format card --unidentified --yes --output @/age.txt",
              0);
    return card_lines("age.txt");
}

#define CARD_AGE ",\"profile\":\"age\",\"choice\":\"age_over_18\""

static inline const char *card_challenge(const char *json)
{
    net_answer      a     = desk_api("POST", "/api/challenges", json);
    const yao_json *codes = yao_json_get(desk_json(&a), "codes");
    yao_text        letters;
    int64_t         expires;

    assert_int_equal(a.status, 201);
    assert_status(yao_json_int(yao_json_get(desk_json(&a), "expires"),
                               &expires),
                  YAO_OK);
    assert_true(expires > yao_now());
    assert_status(yao_json_string(codes->first, test_arena(), &letters),
                  YAO_OK);
    assert_status(yao_file_write(test_scratch_path("challenge.txt"),
                                 yao_text_bytes(letters), 0600, false),
                  YAO_OK);
    return desk_member(&a, "id");
}

static inline const char *card_show_hotel(void)
{
    desk_must("wallet present -C @/w --profile hotel --format card --reader "
              "@/hotel/reader.pem --yes --challenge @/challenge.txt --output "
              "@/hotel.txt",
              0);
    return card_lines("hotel.txt");
}

static inline const char *card_with(const char *id)
{
    char *more = yao_arena_take(test_arena(), 80);

    snprintf(more, 80, ",\"challenge\":\"%s\"", id);
    return more;
}

#endif
