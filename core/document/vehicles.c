/* SPDX-License-Identifier: Apache-2.0 */
/* Vehicle identification numbers, plates, driving classes. */
#include "document/finding.h"

/* A capital letter that cannot be taken for a digit. */
static bool is_letter(uint8_t letter)
{
    return letter >= 'A' && letter <= 'Z' && letter != 'I' && letter != 'O';
}

static bool is_serial(uint8_t letter)
{
    return yao_is_digit(letter) || is_letter(letter);
}

/* ---- VIN ---- */

/* The value of a letter, or -1. I, O and Q are none. */
static int vin_value(uint8_t letter)
{
    /*                            ABCDEFGHIJKLMNOPQRSTUVWXYZ */
    static const char values[] = "12345678-12345-7-923456789";

    if (yao_is_digit(letter))
        return letter - '0';
    if (letter < 'A' || letter > 'Z' || values[letter - 'A'] == '-')
        return -1;
    return values[letter - 'A'] - '0';
}

yao_finding yao_check_vin(yao_text vin)
{
    static const uint8_t weights[17] = {8, 7, 6, 5, 4, 3, 2, 10, 0,
                                        9, 8, 7, 6, 5, 4, 3, 2};
    int                  sum         = 0;

    if (vin.len != 17)
        return yao_finding_error(YAO_REASON_LENGTH);
    for (size_t i = 0; i < 17; i++) {
        int value = vin_value(vin.ptr[i]);
        if (value < 0)
            return yao_finding_error(YAO_REASON_CHARACTER);
        sum += value * weights[i];
    }

    if ("0123456789X"[sum % 11] == (char)vin.ptr[8])
        return yao_finding_fine();
    /* Only some countries ask for the check digit; China does. */
    return vin.ptr[0] == 'L' ? yao_finding_error(YAO_REASON_CHECK)
                             : yao_finding_warning(YAO_REASON_CHECK);
}

/* ---- plates ---- */

/* What a plate looks like. Zero: like nothing. */
typedef enum form {
    NO_FORM = 0,
    ORDINARY,     /* P L sssss */
    ENERGY_SMALL, /* P L e s dddd */
    ENERGY_LARGE, /* P L ddddd e */
    TRAILER,      /* ... and the mark at the end */
    LEARNER,
    POLICE,
    CROSS_BORDER,
    CONSULATE,
    EMBASSY,
    TEMPORARY
} form;

static const struct {
    const char *mark;
    form        form;
} marks[] = {
    {"挂", TRAILER},      {"学", LEARNER},      {"警", POLICE},
    {"港", CROSS_BORDER}, {"澳", CROSS_BORDER}, {"领", CONSULATE},
    {"使", EMBASSY},      {"临", TEMPORARY},
};

/* The form that the last character says; it is then cut off. */
static form take_mark(yao_text *plate)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        yao_text mark = yao_text_of(marks[i].mark);

        if (plate->len >= 3 &&
            yao_bytes_equal((yao_bytes){plate->ptr + plate->len - 3, 3},
                            yao_text_bytes(mark))) {
            plate->len -= 3;
            return marks[i].form;
        }
    }
    return NO_FORM;
}

static bool all_serial(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_serial(text.ptr[i]))
            return false;
    return true;
}

static bool all_digits(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!yao_is_digit(text.ptr[i]))
            return false;
    return true;
}

static size_t count_letters(yao_text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += yao_is_digit(text.ptr[i]) ? 0 : 1;
    return count;
}

static bool is_energy(const yao_catalogue *c, const uint8_t *letter)
{
    return yao_code_find(yao_codes_by_name(c, YAO_TEXT("energy_letter")),
                         (yao_text){letter, 1}, NULL);
}

static yao_finding check_ordinary(yao_text serial)
{
    if (!all_serial(serial))
        return yao_finding_error(YAO_REASON_SERIAL);
    /* GA 36-2018; older and chosen ones have more. */
    return count_letters(serial) > 2
               ? yao_finding_warning(YAO_REASON_MANY_LETTERS)
               : yao_finding_fine();
}

static yao_finding check_energy(const yao_catalogue *c, yao_text serial,
                                form *ret)
{
    if (is_energy(c, serial.ptr) && is_serial(serial.ptr[1]) &&
        all_digits((yao_text){serial.ptr + 2, 4})) {
        *ret = ENERGY_SMALL;
        return yao_finding_fine();
    }
    if (is_energy(c, serial.ptr + 5) && all_digits((yao_text){serial.ptr, 5})) {
        *ret = ENERGY_LARGE;
        return yao_finding_fine();
    }
    return yao_finding_error(YAO_REASON_ENERGY);
}

/* A serial before a mark: four places, of a temporary plate up to five. */
static yao_finding check_marked(yao_text serial, form mark)
{
    size_t most = mark == TEMPORARY ? 5 : 4;

    if (serial.len < 4 || serial.len > most || !all_serial(serial))
        return yao_finding_error(YAO_REASON_SERIAL);
    if (mark == CONSULATE && !all_digits(serial))
        return yao_finding_error(YAO_REASON_SERIAL);
    return yao_finding_fine();
}

static yao_finding check_serial(const yao_catalogue *c, yao_text serial,
                                form *ret)
{
    if (*ret != NO_FORM)
        return check_marked(serial, *ret);
    if (serial.len == 5) {
        *ret = ORDINARY;
        return check_ordinary(serial);
    }
    if (serial.len == 6)
        return check_energy(c, serial, ret);
    return yao_finding_error(YAO_REASON_LENGTH);
}

/* Province, issuing letter, serial. */
static yao_finding check_parts(const yao_catalogue *c, yao_text plate,
                               form *ret)
{
    yao_code province;

    if (plate.len < 4 ||
        !yao_code_find(yao_codes_by_name(c, YAO_TEXT("plate_province")),
                       (yao_text){plate.ptr, 3}, &province))
        return yao_finding_error(YAO_REASON_PROVINCE);

    uint8_t letter = plate.ptr[3];
    if (!is_letter(letter) && letter != 'O') /* O: old police series */
        return yao_finding_error(YAO_REASON_LETTER);
    if (*ret == CROSS_BORDER &&
        !yao_bytes_starts(yao_text_bytes(plate), YAO_LIT("粤Z")))
        return yao_finding_error(YAO_REASON_LETTER);

    yao_finding found =
        check_serial(c, (yao_text){plate.ptr + 4, plate.len - 4}, ret);
    if (found.severity != YAO_FINE)
        return found;
    for (size_t i = 0; i < province.mapped.len; i++)
        if (province.mapped.ptr[i] == letter)
            return yao_finding_fine();
    return yao_finding_warning(YAO_REASON_LETTER_UNKNOWN);
}

/* Kinds that have one form only, and forms that have certain kinds only. */
static bool kind_fits(yao_text kind, form shape)
{
    static const struct {
        const char *kind;
        unsigned    form;
    } only[] = {
        {"01", ORDINARY},     {"02", ORDINARY},     {"03", EMBASSY},
        {"04", CONSULATE},    {"05", CROSS_BORDER}, {"15", TRAILER},
        {"16", LEARNER},      {"17", LEARNER},      {"22", TEMPORARY},
        {"23", POLICE},       {"24", POLICE},       {"51", ENERGY_LARGE},
        {"52", ENERGY_SMALL},
    };

    for (size_t i = 0; i < sizeof only / sizeof only[0]; i++)
        if (yao_text_equal(kind, yao_text_of(only[i].kind)))
            return only[i].form == (unsigned)shape;

    return shape != ENERGY_SMALL && shape != ENERGY_LARGE;
}

yao_finding yao_check_plate(const yao_catalogue *c, yao_text plate,
                            yao_text kind)
{
    yao_text    rest  = plate;
    form        shape = take_mark(&rest);
    yao_finding found;

    if (shape == EMBASSY)
        found = rest.len == 6 && all_digits(rest)
                    ? yao_finding_fine()
                    : yao_finding_error(YAO_REASON_SERIAL);
    else
        found = check_parts(c, rest, &shape);

    if (found.severity != YAO_ERROR && kind.len != 0 && !kind_fits(kind, shape))
        return yao_finding_error(YAO_REASON_PLATE_KIND);
    return found;
}

/* ---- driving classes ---- */

bool yao_class_next(const yao_catalogue *c, yao_text classes, size_t *offset,
                    yao_code *ret)
{
    const yao_code_list *list = yao_codes_by_name(c, YAO_TEXT("driving_class"));

    for (size_t len = 2; len >= 1; len--) {
        if (*offset >= classes.len || classes.len - *offset < len)
            continue;
        if (yao_code_find(list, (yao_text){classes.ptr + *offset, len}, ret)) {
            *offset += len;
            return true;
        }
    }
    return false;
}

/* Is CODE among those of ROW's last field, which are divided by |? */
static bool covers(const yao_code_list *list, yao_text by, yao_text code)
{
    yao_code row;
    size_t   start = 0;

    if (!yao_code_find(list, by, &row) || row.mapped.len == 0)
        return false;
    for (size_t i = 0; i <= row.mapped.len; i++) {
        if (i < row.mapped.len && row.mapped.ptr[i] != '|')
            continue;
        if (yao_text_equal((yao_text){row.mapped.ptr + start, i - start}, code))
            return true;
        start = i + 1;
    }
    return false;
}

/* CODE beside the classes of the string: twice, or covered by one? */
static yao_finding check_class(const yao_catalogue *c, yao_text classes,
                               yao_text code)
{
    const yao_code_list *list =
        yao_codes_by_name(c, YAO_TEXT("driving_class_covers"));
    yao_code other;
    size_t   offset = 0, same = 0;
    bool     covered = false;

    while (yao_class_next(c, classes, &offset, &other)) {
        same += yao_text_equal(other.code, code) ? 1 : 0;
        covered = covered || covers(list, other.code, code);
    }
    if (same > 1)
        return yao_finding_error(YAO_REASON_CLASS_TWICE);
    return covered ? yao_finding_warning(YAO_REASON_CLASS_COVERED)
                   : yao_finding_fine();
}

yao_finding yao_check_classes(const yao_catalogue *c, yao_text classes)
{
    yao_finding worst  = yao_finding_fine();
    size_t      offset = 0;
    yao_code    code;

    if (classes.len == 0)
        return yao_finding_error(YAO_REASON_EMPTY);
    while (yao_class_next(c, classes, &offset, &code)) {
        yao_finding found = check_class(c, classes, code.code);
        if (found.severity > worst.severity)
            worst = found;
    }
    return offset == classes.len ? worst : yao_finding_error(YAO_REASON_CLASS);
}
