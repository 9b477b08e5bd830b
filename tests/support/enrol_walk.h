/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_ENROL_WALK_H
#define YAO_TEST_ENROL_WALK_H

/** Going through a session at a kiosk: each function to the step that it is
 *  named for, from the beginning. */

#include "enrol_fixture.h"

static const yao_bytes kiosk = YAO_INIT("kiosk-of-16-byte");

/* ---- going through a session ---- */

static yao_text    token;
static enrol_visit v;

static inline yao_status find(yao_bytes owner)
{
    return enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, owner, token, &v);
}

static inline void at(enrol_step step)
{
    assert_status(find(kiosk), YAO_OK);
    assert_int_equal(v.state.step, step);
}

static inline void begin(void)
{
    assert_status(
        enrol_begin(&world.e, ENROL_SESSION_KIOSK, kiosk, YAO_EN, &token),
        YAO_OK);
    at(ENROL_AT_TERMS);
}

static inline void accept(void)
{
    uint8_t  hash[YAO_SHA256_LEN];
    yao_text text;

    begin();
    assert_status(enrol_visit_terms(&v, &text, hash), YAO_OK);
    assert_true(text.len > 200);
    assert_status(enrol_accept(&v, (yao_bytes){hash, sizeof hash}), YAO_OK);
    at(ENROL_AT_NUMBER);
}

static inline void type_number(const char *number)
{
    int64_t wait;

    accept();
    assert_status(
        enrol_take_number(&v, yao_text_of(number), YAO_TEXT(""), &wait),
        YAO_OK);
    at(ENROL_AT_FACE);
}

static inline face_verdict look(void)
{
    face_challenge challenge;
    face_result    result;
    int            wait;

    assert_status(enrol_challenge(&v, &challenge, &wait), YAO_OK);
    assert_status(enrol_take_face(&v, YAO_LIT("frames"), &result), YAO_OK);
    return result.verdict;
}

static inline void show_face(void)
{
    type_number(ENROL_NUMBER_1);
    assert_int_equal(look(), FACE_MATCH);
    at(ENROL_AT_CHOICE);
}

static inline void choose(bool replaces)
{
    yao_text name = YAO_TEXT("resident_id");

    show_face();
    assert_status(enrol_choose(&v, &name, 1, replaces), YAO_OK);
    at(ENROL_AT_CODE);
}

#define CODE "739150"
#define ACCESS "28461950"

static inline yao_status finish(const char *code, const char *access,
                         enrol_offer *offer)
{
    enrol_codes codes = {.transaction = yao_text_of(code),
                         .access      = yao_text_of(access)};

    return enrol_finish(&v, &codes, offer);
}

#endif
