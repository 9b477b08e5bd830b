/* SPDX-License-Identifier: Apache-2.0 */
/* Unified social credit codes, other people's numbers, and the one function
 * through which the catalogue's rules are applied. */
#include "document/finding.h"

/* ---- GB 32100-2015, GB 11714 ---- */

/* The place of LETTER in ALPHABET, or -1. */
static int place(const char *alphabet, uint8_t letter)
{
    for (int i = 0; alphabet[i] != '\0'; i++)
        if ((uint8_t)alphabet[i] == letter)
            return i;
    return -1;
}

static bool check_outer(yao_text code)
{
    static const uint8_t weights[17] = {1,  3,  9,  27, 19, 26, 16, 17, 20,
                                        29, 25, 13, 8,  24, 10, 30, 28};
    static const char    letters[]   = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int                  sum         = 0;

    for (size_t i = 0; i < 17; i++)
        sum += place(letters, code.ptr[i]) * weights[i];
    return place(letters, code.ptr[17]) == (31 - sum % 31) % 31;
}

/* The organisation code in places 9 to 17: eight letters and a check. */
static bool check_inner(yao_text code)
{
    static const uint8_t weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
    static const char    letters[]  = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    int                  sum        = 0;

    for (size_t i = 0; i < 8; i++)
        sum += place(letters, code.ptr[8 + i]) * weights[i];

    return "0X987654321"[sum % 11] == (char)code.ptr[16];
}

static yao_finding check_registrar(const yao_catalogue *c, yao_text code)
{
    yao_code row;

    if (!yao_code_find(yao_codes_by_name(c, YAO_TEXT("registrar")),
                       (yao_text){code.ptr, 1}, &row))
        return yao_finding_warning(YAO_REASON_REGISTRAR);
    for (size_t i = 0; i < row.mapped.len; i++)
        if (row.mapped.ptr[i] == code.ptr[1])
            return yao_finding_fine();
    return yao_finding_warning(YAO_REASON_REGISTRAR);
}

yao_finding yao_check_credit_code(const yao_catalogue *c, yao_text code)
{
    if (code.len != 18)
        return yao_finding_error(YAO_REASON_LENGTH);
    for (size_t i = 0; i < 18; i++)
        if (place("0123456789ABCDEFGHJKLMNPQRTUWXY", code.ptr[i]) < 0 ||
            (i >= 2 && i < 8 && place("0123456789", code.ptr[i]) < 0))
            return yao_finding_error(YAO_REASON_CHARACTER);
    if (!check_outer(code))
        return yao_finding_error(YAO_REASON_CHECK);
    if (!check_inner(code))
        return yao_finding_error(YAO_REASON_INNER_CHECK);

    return check_registrar(c, code);
}

/* ---- patterns ----
 * d digit, A capital letter, s letter or digit without I and O; anything else
 * stands for itself. */

static bool fits(uint8_t letter, char wanted)
{
    bool digit = letter >= '0' && letter <= '9';
    bool upper = letter >= 'A' && letter <= 'Z';

    if (wanted == 'd')
        return digit;
    if (wanted == 'A')
        return upper;
    if (wanted == 's')
        return digit || (upper && letter != 'I' && letter != 'O');
    return letter == (uint8_t)wanted;
}

static bool matches(yao_text text, const char *pattern)
{
    yao_text p = yao_text_of(pattern);

    if (text.len != p.len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!fits(text.ptr[i], pattern[i]))
            return false;
    return true;
}

typedef struct pattern {
    yao_rule    rule;
    const char *pattern;
} pattern;

static const pattern patterns[] = {
    {YAO_RULE_RETURN_PERMIT, "Hdddddddd"},
    {YAO_RULE_RETURN_PERMIT, "Mdddddddd"},
    {YAO_RULE_RETURN_PERMIT, "Hdddddddddd"},
    {YAO_RULE_RETURN_PERMIT, "Mdddddddddd"},
    {YAO_RULE_TAIWAN_PERMIT, "dddddddd"},
    {YAO_RULE_EXIT_PERMIT, "Csddddddd"},
    {YAO_RULE_PASSPORT, "Esddddddd"},
    {YAO_RULE_PASSPORT, "Gdddddddd"},
    {YAO_RULE_PASSPORT, "Sdddddddd"},
    {YAO_RULE_PASSPORT, "Ddddddddd"},
    {YAO_RULE_PASSPORT, "Pddddddd"},
    {YAO_RULE_FILE_NUMBER, "dddddddddddd"},
    {YAO_RULE_MACAO_ID, "1dddddd(d)"},
    {YAO_RULE_MACAO_ID, "5dddddd(d)"},
    {YAO_RULE_MACAO_ID, "7dddddd(d)"},
};

static yao_finding check_pattern(yao_rule rule, yao_text value)
{
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++)
        if (patterns[i].rule == rule && matches(value, patterns[i].pattern))
            return yao_finding_fine();
    return yao_finding_error(YAO_REASON_CHARACTER);
}

static yao_finding check_mobile(yao_text value)
{
    if (!matches(value, "1dddddddddd"))
        return yao_finding_error(YAO_REASON_CHARACTER);
    return value.ptr[1] < '3' ? yao_finding_error(YAO_REASON_PREFIX)
                              : yao_finding_fine();
}

/* One letter or two, six digits, the check in brackets. A missing first
 * letter counts 36; weights 9 to 2. */
static yao_finding check_hong_kong(yao_text value)
{
    int sum = 0;

    if (!matches(value, "Adddddd(d)") && !matches(value, "AAdddddd(d)") &&
        !matches(value, "Adddddd(A)") && !matches(value, "AAdddddd(A)"))
        return yao_finding_error(YAO_REASON_CHARACTER);

    size_t start = value.len - 10; /* letters before the last one: 0, 1 */
    sum += (start == 0 ? 36 : value.ptr[0] - 'A' + 10) * 9;
    sum += (value.ptr[start] - 'A' + 10) * 8;
    for (int i = 0; i < 6; i++)
        sum += (value.ptr[start + 1 + (size_t)i] - '0') * (7 - i);

    return "0A987654321"[sum % 11] == (char)value.ptr[value.len - 2]
               ? yao_finding_fine()
               : yao_finding_error(YAO_REASON_CHECK);
}

/* ISO 8859-1 without control letters, in UTF-8: U+0020..7E, U+00A0..FF. */
static yao_finding check_latin(yao_text value)
{
    for (size_t i = 0; i < value.len; i++) {
        uint8_t byte = value.ptr[i];

        if (byte < 0x20 || byte == 0x7f)
            return yao_finding_error(YAO_REASON_CHARACTER);
        if (byte > 0xc3 || (byte == 0xc2 && value.ptr[i + 1] < 0xa0))
            return yao_finding_error(YAO_REASON_NOT_LATIN);
    }
    return yao_finding_fine();
}

static bool starts_at(yao_text value, size_t at, const char *letters)
{
    return yao_bytes_starts((yao_bytes){value.ptr + at, value.len - at},
                            yao_text_bytes(yao_text_of(letters)));
}

/* No control letters; other dots than U+00B7 are warned of: names of one
 * person must be the same everywhere. */
static yao_finding check_name(yao_text value)
{
    static const char *const dots[] = {"\u2022", "\u30fb", "\u2027", "\uff0e",
                                       "\u22c5"};
    yao_finding              found  = yao_finding_fine();

    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
            return yao_finding_error(YAO_REASON_CHARACTER);
        for (size_t k = 0; k < sizeof dots / sizeof dots[0]; k++)
            if (starts_at(value, i, dots[k]))
                found = yao_finding_warning(YAO_REASON_MIDDLE_DOT);
    }
    return found;
}

static yao_finding check_date(yao_text value)
{
    yao_date day;

    return yao_date_parse(yao_text_bytes(value), &day) == YAO_OK
               ? yao_finding_fine()
               : yao_finding_error(YAO_REASON_DATE);
}

yao_finding yao_check_code(const yao_code_list *list, yao_text code)
{
    bool division =
        list != NULL && yao_text_equal(list->name, YAO_TEXT("division"));

    if (yao_code_find(list, code, NULL))
        return yao_finding_fine();
    if (division && matches(code, "dddddd"))
        return yao_finding_warning(YAO_REASON_DIVISION);
    return yao_finding_error(YAO_REASON_CODE);
}

yao_finding yao_check_rule(const yao_catalogue *c, yao_rule rule,
                           yao_text value, yao_date today)
{
    if (rule == YAO_RULE_NONE)
        return yao_finding_fine();
    if (value.len == 0)
        return yao_finding_error(YAO_REASON_EMPTY);

    switch (rule) {
    case YAO_RULE_PERSON_NUMBER:
        return yao_check_person_number(c, value, today, NULL);
    case YAO_RULE_CITIZEN_NUMBER:
        return yao_check_citizen_number(c, value, today, NULL);
    case YAO_RULE_REGION_PERMIT:
        return yao_check_region_permit(value, today, NULL);
    case YAO_RULE_FOREIGN_PERMIT:
        return yao_check_foreign_permit(value, today, NULL);
    case YAO_RULE_VIN:
        return yao_check_vin(value);
    case YAO_RULE_PLATE:
        return yao_check_plate(c, value, (yao_text){NULL, 0});
    case YAO_RULE_CLASSES:
        return yao_check_classes(c, value);
    case YAO_RULE_CREDIT_CODE:
        return yao_check_credit_code(c, value);
    case YAO_RULE_HONG_KONG_ID:
        return check_hong_kong(value);
    case YAO_RULE_MOBILE:
        return check_mobile(value);
    case YAO_RULE_DATE:
        return check_date(value);
    case YAO_RULE_LATIN:
        return check_latin(value);
    case YAO_RULE_NAME:
        return check_name(value);
    case YAO_RULE_NONE:
    case YAO_RULE_MACAO_ID:
    case YAO_RULE_RETURN_PERMIT:
    case YAO_RULE_TAIWAN_PERMIT:
    case YAO_RULE_EXIT_PERMIT:
    case YAO_RULE_PASSPORT:
    case YAO_RULE_FILE_NUMBER:
        break;
    }
    return check_pattern(rule, value);
}
