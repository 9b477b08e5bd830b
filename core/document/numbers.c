/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers of people: GB 11643-1999 and what follows its rule. */
#include "document/finding.h"

static bool all_digits(yao_text text, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    return true;
}

static int32_t number_at(yao_text text, size_t from, size_t len)
{
    int32_t number = 0;

    for (size_t i = from; i < from + len; i++)
        number = number * 10 + (text.ptr[i] - '0');
    return number;
}

char yao_citizen_check(yao_text digits)
{
    static const uint8_t weights[17] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                                        3, 7, 9,  10, 5, 8, 4, 2};
    int32_t              sum         = 0;

    if (digits.len < 17 || !all_digits(digits, 0, 17))
        return 0;
    for (size_t i = 0; i < 17; i++)
        sum += (digits.ptr[i] - '0') * weights[i];

    return "10X98765432"[sum % 11];
}

static bool is_after(yao_date a, yao_date b)
{
    return yao_time_of_date(a) > yao_time_of_date(b);
}

/* 18 letters: seventeen digits, and a digit or X. */
static yao_finding check_shape(yao_text number)
{
    if (number.len != 18)
        return yao_finding_error(YAO_REASON_LENGTH);
    if (!all_digits(number, 0, 17))
        return yao_finding_error(YAO_REASON_CHARACTER);
    if (number.ptr[17] == 'x')
        return yao_finding_error(YAO_REASON_LOWER_CASE);
    if (number.ptr[17] != 'X' && !all_digits(number, 17, 18))
        return yao_finding_error(YAO_REASON_CHARACTER);

    return yao_finding_fine();
}

/* The birth date at its place, and the check digit. */
static yao_finding check_core(yao_text number, yao_date today,
                              yao_person_number *ret)
{
    int32_t year  = number_at(number, 6, 4);
    int32_t month = number_at(number, 10, 2), day = number_at(number, 12, 2);

    if ((char)number.ptr[17] != yao_citizen_check(number))
        return yao_finding_error(YAO_REASON_CHECK);
    if (!yao_date_exists(year, month, day))
        return yao_finding_error(YAO_REASON_DATE);
    if (year < 1800)
        return yao_finding_error(YAO_REASON_PAST);

    ret->birth = (yao_date){(int16_t)year, (int8_t)month, (int8_t)day};
    if (is_after(ret->birth, today))
        return yao_finding_error(YAO_REASON_FUTURE);

    return yao_finding_fine();
}

/* What an 18-letter number of the form of GB 11643 says. */
static yao_finding check_eighteen(yao_text number, yao_date today,
                                  yao_person_number *ret)
{
    yao_finding found = check_shape(number);

    if (found.severity == YAO_FINE)
        found = check_core(number, today, ret);
    if (found.severity != YAO_FINE)
        return found;

    ret->sex      = number.ptr[16] % 2 != 0 ? 1 : 2;
    ret->division = (yao_text){number.ptr, 6};
    if (number_at(number, 14, 3) == 0)
        return yao_finding_warning(YAO_REASON_SEQUENCE);
    return yao_finding_fine();
}

yao_status yao_citizen_normalise(yao_text number, uint8_t out[18])
{
    uint8_t longer[18];

    if (number.len == 18) {
        for (size_t i = 0; i < 18; i++)
            out[i] = number.ptr[i];
        out[17] = out[17] == 'x' ? 'X' : out[17];
        return YAO_OK;
    }
    if (number.len != 15 || !all_digits(number, 0, 15))
        return YAO_E_VALUE;

    for (size_t i = 0; i < 6; i++)
        longer[i] = number.ptr[i];
    longer[6] = '1';
    longer[7] = '9';
    for (size_t i = 6; i < 15; i++)
        longer[i + 2] = number.ptr[i];
    longer[17] = (uint8_t)yao_citizen_check((yao_text){longer, 17});
    for (size_t i = 0; i < 18; i++)
        out[i] = longer[i];

    return YAO_OK;
}

/* The old form: its longer form is checked, and the old one warned of. */
static yao_finding check_fifteen(yao_text number, yao_date today,
                                 yao_person_number *ret)
{
    uint8_t longer[18];

    if (yao_citizen_normalise(number, longer) != YAO_OK)
        return yao_finding_error(YAO_REASON_CHARACTER);

    yao_finding found = check_eighteen((yao_text){longer, 18}, today, ret);
    if (found.severity == YAO_ERROR)
        return found;

    ret->division = (yao_text){number.ptr, 6};
    return yao_finding_warning(YAO_REASON_OLD_FORM);
}

/* Is the division one of Hong Kong, Macao or Taiwan as permits have it?
 * 830000 exists only there; GB/T 2260 says 710000. */
static bool is_region(yao_text number)
{
    static const char *const regions[] = {"810000", "820000", "830000"};

    for (size_t i = 0; i < 3; i++)
        if (yao_bytes_starts(yao_text_bytes(number),
                             yao_text_bytes(yao_text_of(regions[i]))))
            return true;
    return false;
}

static bool known_division(const yao_catalogue *c, yao_text code)
{
    return yao_code_find(yao_codes_by_name(c, YAO_TEXT("division")), code,
                         NULL);
}

yao_finding yao_check_citizen_number(const yao_catalogue *c, yao_text number,
                                     yao_date today, yao_person_number *ret)
{
    yao_person_number said = {{0, 0, 0}, 0, {NULL, 0}};
    yao_finding       found;

    found = number.len == 15 ? check_fifteen(number, today, &said)
                             : check_eighteen(number, today, &said);
    if (found.severity == YAO_ERROR)
        return found;
    if (said.division.ptr[0] < '1' || said.division.ptr[0] > '8')
        return yao_finding_error(YAO_REASON_PREFIX); /* 9 is a foreigner's */

    if (ret != NULL)
        *ret = said;
    /* Codes that are gone, or came after the birth, are real: lists of the
     * past are not complete. */
    if (found.severity == YAO_FINE && !known_division(c, said.division))
        return yao_finding_warning(YAO_REASON_DIVISION);
    return found;
}

yao_finding yao_check_region_permit(yao_text number, yao_date today,
                                    yao_person_number *ret)
{
    yao_person_number said  = {{0, 0, 0}, 0, {NULL, 0}};
    yao_finding       found = check_eighteen(number, today, &said);

    if (found.severity == YAO_ERROR)
        return found;
    if (!is_region(number))
        return yao_finding_error(YAO_REASON_PREFIX);

    if (ret != NULL)
        *ret = said;
    return found;
}

/* 2017: three letters of the country, four digits of the place, six of the
 * birth, two more. Their inner rule is not published: a pattern only. */
static yao_finding check_foreign_2017(yao_text number)
{
    for (size_t i = 0; i < 3; i++)
        if (number.ptr[i] < 'A' || number.ptr[i] > 'Z')
            return yao_finding_error(YAO_REASON_PREFIX);

    return all_digits(number, 3, 15) ? yao_finding_fine()
                                     : yao_finding_error(YAO_REASON_CHARACTER);
}

yao_finding yao_check_foreign_permit(yao_text number, yao_date today,
                                     yao_person_number *ret)
{
    yao_person_number said = {{0, 0, 0}, 0, {NULL, 0}};
    yao_finding       found;

    if (number.len == 15) {
        found = check_foreign_2017(number);
    } else {
        found = check_eighteen(number, today, &said);
        if (found.severity != YAO_ERROR && number.ptr[0] != '9')
            return yao_finding_error(YAO_REASON_PREFIX);
        said.sex      = 0; /* the inner layout of the tail is not published */
        said.division = (yao_text){number.ptr + 1, 2};
    }
    if (found.severity != YAO_ERROR && ret != NULL)
        *ret = said;
    return found;
}

yao_finding yao_check_person_number(const yao_catalogue *c, yao_text number,
                                    yao_date today, yao_person_number *ret)
{
    if (number.len == 0)
        return yao_finding_error(YAO_REASON_EMPTY);
    if (is_region(number))
        return yao_check_region_permit(number, today, ret);
    if (number.ptr[0] == '9' || (number.ptr[0] >= 'A' && number.ptr[0] <= 'Z'))
        return yao_check_foreign_permit(number, today, ret);

    return yao_check_citizen_number(c, number, today, ret);
}
