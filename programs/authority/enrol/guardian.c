/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/guardian.h"

#include "authority/enrol/level.h"

/* Days begin in China eight hours before they do in Greenwich. */
#define CHINA (8 * 3600)

/* What one run of the job ends; at whatever level it is. */
#define AT_ONCE 64
#define ANY_LEVEL 4

/* What a code of GB/T 4761 is: its first digit, but for the head. */
typedef enum kin {
    KIN_OTHER = 0,
    KIN_HEAD,
    KIN_SPOUSE,
    KIN_CHILD,
    KIN_PARENT,
} kin;

static kin kin_of(yao_text code)
{
    if (code.len != 2)
        return KIN_OTHER;
    if (yao_text_equal(code, YAO_TEXT("02")))
        return KIN_HEAD;
    switch (code.ptr[0]) {
    case '1':
        return KIN_SPOUSE;
    case '2':
        /* 28: son-in-law */
        return code.ptr[1] != '8' ? KIN_CHILD : KIN_OTHER;
    case '3':
        return code.ptr[1] != '8' ? KIN_CHILD : KIN_OTHER;
    case '5':
        /* 51, 52, 57, 58: the head's own; the others are a spouse's */
        return code.ptr[1] == '1' || code.ptr[1] == '2' ||
                       code.ptr[1] == '7' || code.ptr[1] == '8'
                   ? KIN_PARENT
                   : KIN_OTHER;
    default:
        return KIN_OTHER;
    }
}

/* A head's or spouse's child; a head who is a child, and the head's parent. */
static bool is_parent(kin guardian, kin child)
{
    if (child == KIN_CHILD)
        return guardian == KIN_HEAD || guardian == KIN_SPOUSE;
    return child == KIN_HEAD && guardian == KIN_PARENT;
}

static yao_status text_of(const yao_json *object, const char *name,
                          yao_text *ret)
{
    const yao_json *value = yao_json_get(object, name);

    if (value == NULL)
        return YAO_E_MISSING;
    if (value->kind != YAO_JSON_STRING || value->escaped)
        return YAO_E_MALFORMED;
    *ret = value->raw;
    return YAO_OK;
}

static yao_status birth_of(const yao_json *record, yao_date *ret)
{
    yao_text text;

    YAO_TRY(text_of(record, "birth_date", &text));
    return yao_date_parse(yao_text_bytes(text), ret);
}

/* Who was born on 29 February has the birthday on 1 March, where it is not. */
static yao_time birthday(yao_date birth, int years)
{
    yao_date day = birth;

    day.year = (int16_t)(birth.year + years);
    if (!yao_date_exists(day.year, day.month, day.day)) {
        day.month = 3;
        day.day   = 1;
    }
    return yao_time_of_date(day) - CHINA;
}

yao_status enrol_guardian_ends(const yao_json *guardian, const yao_json *child,
                               yao_time now, yao_time *ends)
{
    yao_date today = yao_date_of_time(now + CHINA), birth, own;

    YAO_TRY(birth_of(child, &birth));
    YAO_TRY(birth_of(guardian, &own));
    int32_t age = yao_date_age(birth, today);
    if (age >= 18 || yao_date_age(own, today) < 18)
        return YAO_E_NOT_AUTHORISED;
    *ends = birthday(birth, age < 14 ? 14 : 18);
    return YAO_OK;
}

yao_status enrol_check_guardian(const yao_json *guardian, const yao_json *child,
                                yao_time now, yao_time *ends)
{
    const yao_json *one   = yao_json_get(guardian, "household");
    const yao_json *other = yao_json_get(child, "household");
    yao_text        number, same, relation, relation_of_child;

    YAO_TRY(text_of(one, "number", &number));
    YAO_TRY(text_of(other, "number", &same));
    YAO_TRY(text_of(one, "relation", &relation));
    YAO_TRY(text_of(other, "relation", &relation_of_child));
    if (!yao_text_equal(number, same) ||
        !is_parent(kin_of(relation), kin_of(relation_of_child)))
        return YAO_E_NOT_AUTHORISED;
    return enrol_guardian_ends(guardian, child, now, ends);
}

/* With a reason, of rows that were noted for it; without one, of all. */
static yao_status find_row(const enrol *e, const store_guardian *wish,
                           bool *ret)
{
    const yao_bytes child = wish->child, guardian = wish->guardian;

    store_guardian *list;
    size_t          count;
    bool            found = false;

    YAO_TRY(store_list_guardians(e->a->store, child, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (list[i].ended == 0 && e->now < list[i].ends &&
            yao_bytes_equal(list[i].child, child) &&
            yao_bytes_equal(list[i].guardian, guardian) &&
            (wish->reason.len == 0 ||
             yao_text_equal(list[i].reason, wish->reason)))
            found = true;
    *ret = found;
    return YAO_OK;
}

yao_status enrol_is_guardian(const enrol *e, yao_bytes child,
                             yao_bytes guardian, bool *ret)
{
    return find_row(e,
                    &(store_guardian){.child    = child,
                                      .guardian = guardian,
                                      .reason   = YAO_TEXT("")},
                    ret);
}

yao_status enrol_is_noted(const enrol *e, yao_bytes child, yao_bytes guardian,
                          bool *ret)
{
    return find_row(e,
                    &(store_guardian){.child    = child,
                                      .guardian = guardian,
                                      .reason = YAO_TEXT(ENROL_BY_OFFICERS)},
                    ret);
}

yao_status enrol_put_guardian(const enrol *e, store_change *change,
                              const store_guardian *what)
{
    store_guardian row = *what;
    uint8_t       *id  = yao_arena_take(e->arena, STORE_ID_LEN);
    bool           there;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(find_row(e, what, &there));
    if (there)
        return YAO_OK;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    row.id      = (yao_bytes){id, STORE_ID_LEN};
    row.started = e->now;
    store_put_guardian(change, &row);
    return authority_put_event(change, e->arena, "guardian.put", what->child,
                               YAO_TEXT("{}"));
}

yao_status enrol_end_due_guarded(const enrol *e)
{
    store_enrolment *list;
    size_t           count;

    YAO_TRY(store_list_due_guarded(e->a->store, e->now, AT_ONCE, e->arena,
                                   &list, &count));
    for (size_t i = 0; i < count; i++) {
        yao_status status =
            enrol_end_device(e, list[i].id, list[i].holder, ANY_LEVEL);
        /* somebody else has ended it */
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
    }
    return YAO_OK;
}
