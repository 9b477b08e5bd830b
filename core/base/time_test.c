/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

typedef struct moment {
    const char *name;
    yao_bytes   text;
    yao_time    want; /* YAO_TIME_NONE: refused */
} moment;

static const moment moments[] = {
    {"accepts the beginning", YAO_INIT("1970-01-01T00:00:00Z"), 0},
    {"accepts the last second of a day", YAO_INIT("1970-01-01T23:59:59Z"),
     86399},
    {"accepts a leap day", YAO_INIT("2024-02-29T12:00:00Z"), 1709208000},
    {"accepts the leap day of a century", YAO_INIT("2000-02-29T00:00:00Z"),
     951782400},
    {"accepts 2^31", YAO_INIT("2038-01-19T03:14:08Z"), INT64_C(2147483648)},
    {"accepts the end of time", YAO_INIT("9999-12-31T23:59:59Z"),
     YAO_TIME_MAX},
    {"refuses nothing", YAO_INIT(""), YAO_TIME_NONE},
    {"refuses a day", YAO_INIT("2024-02-29"), YAO_TIME_NONE},
    {"refuses 30 February", YAO_INIT("2024-02-30T00:00:00Z"), YAO_TIME_NONE},
    {"refuses 29 February of a common year", YAO_INIT("2023-02-29T00:00:00Z"),
     YAO_TIME_NONE},
    {"refuses 29 February of a common century",
     YAO_INIT("2100-02-29T00:00:00Z"), YAO_TIME_NONE},
    {"refuses month 0", YAO_INIT("2024-00-01T00:00:00Z"), YAO_TIME_NONE},
    {"refuses month 13", YAO_INIT("2024-13-01T00:00:00Z"), YAO_TIME_NONE},
    {"refuses day 0", YAO_INIT("2024-01-00T00:00:00Z"), YAO_TIME_NONE},
    {"refuses 31 April", YAO_INIT("2024-04-31T00:00:00Z"), YAO_TIME_NONE},
    {"refuses hour 24", YAO_INIT("2024-01-01T24:00:00Z"), YAO_TIME_NONE},
    {"refuses minute 60", YAO_INIT("2024-01-01T00:60:00Z"), YAO_TIME_NONE},
    {"refuses a leap second", YAO_INIT("1990-12-31T23:59:60Z"), YAO_TIME_NONE},
    {"RFC 3339 5.8: refuses a fraction", YAO_INIT("1985-04-12T23:20:50.52Z"),
     YAO_TIME_NONE},
    {"RFC 3339 5.8: refuses an offset", YAO_INIT("1996-12-19T16:39:57-08:00"),
     YAO_TIME_NONE},
    {"refuses a small t", YAO_INIT("2024-01-01t00:00:00Z"), YAO_TIME_NONE},
    {"refuses a small z", YAO_INIT("2024-01-01T00:00:00z"), YAO_TIME_NONE},
    {"refuses a blank for T", YAO_INIT("2024-01-01 00:00:00Z"), YAO_TIME_NONE},
    {"refuses a sign for a digit", YAO_INIT("+024-01-01T00:00:00Z"),
     YAO_TIME_NONE},
    {"refuses a letter for a digit", YAO_INIT("2024-01-01T0d:00:00Z"),
     YAO_TIME_NONE},
    {"refuses a blank for a digit", YAO_INIT("2024-01-01T00:00: 0Z"),
     YAO_TIME_NONE},
    {"refuses a moment before 1970", YAO_INIT("1969-12-31T23:59:59Z"),
     YAO_TIME_NONE},
    {"refuses a byte more", YAO_INIT("2024-01-01T00:00:00Z\0"), YAO_TIME_NONE},
};

static void moment_case(void **state)
{
    const moment *m    = *state;
    yao_time      time = 42;
    uint8_t       back[20];

    if (m->want == YAO_TIME_NONE) {
        assert_status(yao_time_parse(m->text, &time), YAO_E_MALFORMED);
        assert_int_equal(time, 42);
        return;
    }
    assert_status(yao_time_parse(m->text, &time), YAO_OK);
    assert_true(time == m->want);
    yao_time_format(time, back);
    assert_bytes(((yao_bytes){back, 20}), m->text);
}

typedef struct day {
    const char *name;
    yao_bytes   text;
    bool        good;
} day;

static const day days[] = {
    {"accepts a day", YAO_INIT("1985-04-12"), true},
    {"accepts a day before 1970", YAO_INIT("1912-02-29"), true},
    {"accepts the first day", YAO_INIT("0000-01-01"), true},
    {"accepts the last day", YAO_INIT("9999-12-31"), true},
    {"refuses 29 February 1900", YAO_INIT("1900-02-29"), false},
    {"refuses 31 June", YAO_INIT("2024-06-31"), false},
    {"refuses slashes", YAO_INIT("1985/04/12"), false},
    {"refuses no hyphens", YAO_INIT("19850412"), false},
    {"refuses a sign", YAO_INIT("-985-04-12"), false},
    {"refuses a moment", YAO_INIT("1985-04-12T00:00:00Z"), false},
    {"refuses a letter", YAO_INIT("1985-d4-12"), false},
    {"refuses nothing", YAO_INIT(""), false},
};

static void day_case(void **state)
{
    const day *d   = *state;
    yao_date   got = {1, 2, 3};
    uint8_t    back[10];

    if (!d->good) {
        assert_status(yao_date_parse(d->text, &got), YAO_E_MALFORMED);
        assert_int_equal(got.year, 1);
        return;
    }
    assert_status(yao_date_parse(d->text, &got), YAO_OK);
    yao_date_format(got, back);
    assert_bytes(((yao_bytes){back, 10}), d->text);
}

static yao_status read_time(yao_bytes input, void *context)
{
    yao_time time;

    (void)context;
    return yao_time_parse(input, &time);
}

static yao_status read_date(yao_bytes input, void *context)
{
    yao_date date;

    (void)context;
    return yao_date_parse(input, &date);
}

static void refuses_every_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_time, YAO_LIT("2024-02-29T12:34:56Z"), NULL);
    test_every_prefix(read_date, YAO_LIT("2024-02-29"), NULL);
}

static bool next_day(yao_date *d)
{
    if (yao_date_exists(d->year, d->month, d->day + 1))
        d->day++;
    else if (d->month < 12)
        *d = (yao_date){d->year, (int8_t)(d->month + 1), 1};
    else if (d->year < 9999)
        *d = (yao_date){(int16_t)(d->year + 1), 1, 1};
    else
        return false;
    return true;
}

/* Counting by hand, through all 3,652,425 of them. */
static void gives_every_day_there_and_back(void **state)
{
    yao_date d    = {0, 1, 1};
    yao_time want = yao_time_of_date(d);

    (void)state;
    assert_true(want == INT64_C(-719528) * YAO_TIME_DAY);
    do {
        yao_date noon = yao_date_of_time(want + YAO_TIME_DAY / 2);
        yao_date last = yao_date_of_time(want + YAO_TIME_DAY - 1);

        if (yao_time_of_date(d) != want || noon.year != d.year ||
            noon.month != d.month || noon.day != d.day || last.day != d.day)
            fail_msg("%d-%d-%d", d.year, d.month, d.day);
        want += YAO_TIME_DAY;
    } while (next_day(&d));
    assert_true(want == YAO_TIME_MAX + 1);
}

static const yao_time outside[] = {
    YAO_TIME_NONE, INT64_MIN + 1, -1, YAO_TIME_MAX + 1, INT64_MAX,
};

static void never_formats_a_time_out_of_range(void **state)
{
    uint8_t text[20];

    yao_time_format(*(const yao_time *)*state, text);
    assert_bytes(((yao_bytes){text, 20}), YAO_LIT("1970-01-01T00:00:00Z"));
}

static void gives_a_day_for_any_number(void **state)
{
    yao_time time = *(const yao_time *)*state;
    yao_date d    = yao_date_of_time(time);

    assert_true(yao_date_exists(d.year, d.month, d.day));
    assert_int_equal(d.year, time == -1 ? 1969 : 1970);
}

static const struct {
    const char *name;
    int32_t     year, month, day;
    bool        exists;
} existing[] = {
    {"accepts 29 February 2024", 2024, 2, 29, true},
    {"refuses 29 February 2023", 2023, 2, 29, false},
    {"refuses year -1", -1, 1, 1, false},
    {"refuses year 10000", 10000, 1, 1, false},
    {"refuses month 0", 2024, 0, 1, false},
    {"refuses month 13", 2024, 13, 1, false},
    {"refuses day 0", 2024, 1, 0, false},
    {"refuses day 32", 2024, 1, 32, false},
    {"refuses the smallest numbers", INT32_MIN, INT32_MIN, INT32_MIN, false},
    {"refuses the largest numbers", INT32_MAX, INT32_MAX, INT32_MAX, false},
};

static void exists_case(void **state)
{
    size_t i = *(const size_t *)*state;

    assert_int_equal(yao_date_exists(existing[i].year, existing[i].month,
                                     existing[i].day),
                     existing[i].exists);
}

static const struct {
    const char *name;
    yao_date    birth, on;
    int32_t     age;
} ages[] = {
    {"gives 17 on the eve", {2008, 3, 15}, {2026, 3, 14}, 17},
    {"gives 18 on the birthday", {2008, 3, 15}, {2026, 3, 15}, 18},
    {"gives 17 in an earlier month", {2008, 3, 15}, {2026, 2, 28}, 17},
    {"gives 18 in a later month", {2008, 3, 15}, {2026, 4, 1}, 18},
    {"gives 17 on 28 February to a leap child", {2008, 2, 29}, {2026, 2, 28},
     17},
    {"gives 18 on 1 March to a leap child", {2008, 2, 29}, {2026, 3, 1}, 18},
    {"gives 16 on 29 February to a leap child", {2008, 2, 29}, {2024, 2, 29},
     16},
    {"gives 0 on the day of birth", {2026, 1, 1}, {2026, 1, 1}, 0},
    {"gives 0 before birth", {2026, 1, 2}, {2026, 1, 1}, 0},
    {"gives 0 long before birth", {2026, 1, 2}, {1900, 1, 1}, 0},
    {"gives 110 to the old", {1916, 1, 1}, {2026, 1, 1}, 110},
};

static void age_case(void **state)
{
    size_t i = *(const size_t *)*state;

    assert_int_equal(yao_date_age(ages[i].birth, ages[i].on), ages[i].age);
}

/* Birthdays that have come since, one by one: 29 February is 1 March where
 * there is none. */
static int32_t count_birthdays(yao_date birth, yao_date on)
{
    int32_t count = 0;

    for (int32_t year = birth.year + 1; year <= on.year; year++) {
        yao_date next = {(int16_t)year, birth.month, birth.day};

        if (!yao_date_exists(next.year, next.month, next.day))
            next = (yao_date){(int16_t)year, 3, 1};
        count += next.year < on.year || next.month < on.month ||
                 (next.month == on.month && next.day <= on.day);
    }
    return count;
}

static void gives_ages_counted_by_hand(void **state)
{
    static const yao_date births[] = {{1988, 8, 8},   {2000, 2, 29},
                                      {2004, 2, 29},  {2008, 12, 31},
                                      {2009, 1, 1},   {1900, 3, 1},
                                      {2010, 2, 28},  {2010, 3, 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(births); i++)
        for (yao_time n = 20400; n < 20400 + 3 * 366; n++) {
            yao_date on = yao_date_of_time(n * YAO_TIME_DAY);

            assert_int_equal(yao_date_age(births[i], on),
                             count_birthdays(births[i], on));
            on = yao_date_of_time(n * YAO_TIME_DAY + YAO_TIME_DAY - 1);
            assert_int_equal(yao_date_age(births[i], on),
                             count_birthdays(births[i], on));
        }
}

int main(void)
{
    static size_t index[16];

    for (size_t i = 0; i < COUNT(index); i++)
        index[i] = i;
    for (size_t i = 0; i < COUNT(moments); i++)
        test_add("time_parse", moments[i].name, moment_case, &moments[i]);
    for (size_t i = 0; i < COUNT(days); i++)
        test_add("date_parse", days[i].name, day_case, &days[i]);
    test_add("parse", "refuses every prefix", refuses_every_prefix, NULL);
    test_add("date", "gives every day there and back",
             gives_every_day_there_and_back, NULL);
    for (size_t i = 0; i < COUNT(outside); i++)
        test_add("date_of_time", "gives a day for any number",
                 gives_a_day_for_any_number, &outside[i]);
    for (size_t i = 0; i < COUNT(outside); i++)
        test_add("time_format", "never formats a time out of range",
                 never_formats_a_time_out_of_range, &outside[i]);
    for (size_t i = 0; i < COUNT(existing); i++)
        test_add("date_exists", existing[i].name, exists_case, &index[i]);
    for (size_t i = 0; i < COUNT(ages); i++)
        test_add("date_age", ages[i].name, age_case, &index[i]);
    test_add("date_age", "N302 gives ages as they are counted by hand",
             gives_ages_counted_by_hand, NULL);
    return test_run("base/time");
}
