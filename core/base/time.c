/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/base.h"

#define FIRST_DAY INT64_C(-719528) /* 0000-01-01, counted from 1970-01-01 */

/* Days between 1970-01-01 and a day, and back: the calendar is counted from
 * 1 March, so that the leap day is the last of its year. Years are 0..9999,
 * so 32-bit arithmetic is enough everywhere here. */
static int32_t days_from_date(int32_t year, int32_t month, int32_t day)
{
    int32_t y   = year - (month <= 2) + 400; /* never negative */
    int32_t m   = month + (month <= 2 ? 9 : -3);
    int32_t era = y / 400;
    int32_t yoe = y - era * 400;
    int32_t doy = (153 * m + 2) / 5 + day - 1;

    return (era - 1) * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static yao_date date_from_days(int32_t days)
{
    int32_t z   = days + 719468 + 146097; /* from 1 March of year -400 */
    int32_t era = z / 146097;
    int32_t doe = z - era * 146097;
    int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int32_t m   = (5 * doy + 2) / 153;
    int32_t mon = m + (m < 10 ? 3 : -9);

    return (yao_date){(int16_t)(yoe + (era - 1) * 400 + (mon <= 2)),
                      (int8_t)mon, (int8_t)(doy - (153 * m + 2) / 5 + 1)};
}

static bool leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool yao_date_exists(int32_t year, int32_t month, int32_t day)
{
    static const uint8_t days[12] = {31, 28, 31, 30, 31, 30,
                                     31, 31, 30, 31, 30, 31};

    if (year < 0 || year > 9999 || month < 1 || month > 12)
        return false;

    return day >= 1 && day <= days[month - 1] + (month == 2 && leap(year));
}

/* Decimal digits at TEXT[AT..AT+LEN), or -1. */
static int32_t digits(yao_bytes text, size_t at, size_t len)
{
    int32_t value = 0;

    for (size_t i = at; i < at + len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return -1;
        value = value * 10 + (text.ptr[i] - '0');
    }

    return value;
}

/* TEXT has the length of PATTERN, and its letters wherever that is not d. */
static bool looks_like(yao_bytes text, const char *pattern, size_t len)
{
    if (text.len != len)
        return false;
    for (size_t i = 0; i < len; i++)
        if (pattern[i] != 'd' && pattern[i] != (char)text.ptr[i])
            return false;

    return true;
}

yao_status yao_date_parse(yao_bytes text, yao_date *ret)
{
    if (!looks_like(text, "dddd-dd-dd", 10))
        return YAO_E_MALFORMED;

    int32_t year = digits(text, 0, 4), month = digits(text, 5, 2);
    int32_t day = digits(text, 8, 2);

    if (!yao_date_exists(year, month, day))
        return YAO_E_MALFORMED;

    *ret = (yao_date){(int16_t)year, (int8_t)month, (int8_t)day};
    return YAO_OK;
}

yao_status yao_time_parse(yao_bytes text, yao_time *ret)
{
    yao_date day;

    if (!looks_like(text, "dddd-dd-ddTdd:dd:ddZ", 20))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_date_parse((yao_bytes){text.ptr, 10}, &day));

    int32_t hour = digits(text, 11, 2), minute = digits(text, 14, 2);
    int32_t second = digits(text, 17, 2);

    if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
        return YAO_E_MALFORMED;
    if (second < 0 || second > 59)
        return YAO_E_MALFORMED;

    yao_time time =
        yao_time_of_date(day) + (hour * 3600 + minute * 60 + second);

    if (time < 0)
        return YAO_E_MALFORMED;

    *ret = time;
    return YAO_OK;
}

/* VALUE in LEN decimal digits. */
static void put_digits(uint8_t *out, int32_t value, size_t len)
{
    while (len-- > 0) {
        out[len] = (uint8_t)('0' + value % 10);
        value /= 10;
    }
}

void yao_date_format(yao_date day, uint8_t out[10])
{
    put_digits(out, day.year, 4);
    out[4] = '-';
    put_digits(out + 5, day.month, 2);
    out[7] = '-';
    put_digits(out + 8, day.day, 2);
}

void yao_time_format(yao_time time, uint8_t out[20])
{
    if (time < 0 || time > YAO_TIME_MAX)
        time = 0;

    int32_t days    = (int32_t)(time / YAO_TIME_DAY);
    int32_t seconds = (int32_t)(time % YAO_TIME_DAY);

    yao_date_format(date_from_days(days), out);
    out[10] = 'T';
    put_digits(out + 11, seconds / 3600, 2);
    out[13] = ':';
    put_digits(out + 14, seconds / 60 % 60, 2);
    out[16] = ':';
    put_digits(out + 17, seconds % 60, 2);
    out[19] = 'Z';
}

yao_time yao_time_of_date(yao_date day)
{
    return (yao_time)days_from_date(day.year, day.month, day.day) *
           YAO_TIME_DAY;
}

yao_date yao_date_of_time(yao_time time)
{
    if (time < FIRST_DAY * YAO_TIME_DAY || time > YAO_TIME_MAX)
        time = 0;

    yao_time days = time / YAO_TIME_DAY - (time % YAO_TIME_DAY < 0);

    return date_from_days((int32_t)days);
}

int32_t yao_date_age(yao_date birth, yao_date on)
{
    int32_t age = on.year - birth.year;

    if (on.month < birth.month ||
        (on.month == birth.month && on.day < birth.day))
        age--;

    return age < 0 ? 0 : age;
}
