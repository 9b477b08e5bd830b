/* SPDX-License-Identifier: Apache-2.0 */
/* A person's record as it comes from outside: docs/formats/register.md. Each
 * object is a table of its members, and what must agree is looked at after. */
#include "document/finding.h"

typedef enum kind {
    TEXT = 0,
    CODE,    /* of LIST */
    LETTERS, /* each a code of LIST */
    NUMBER,
    SEX, /* a number of the list sex */
    TRUTH,
    DAY,
    PAST_DAY, /* not after today */
    FILE_NAME,
    OBJECT,
    VEHICLES
} kind;

typedef struct field {
    const char         *name;
    kind                kind;
    bool                required;
    uint32_t            max; /* letters of a text; a number at most */
    yao_rule            rule;
    const char         *list;
    const struct field *members; /* of an object */
} field;

#define MUST true
#define MAY false

static const field identity_card[] = {
    {"document_number", TEXT, MAY, 40, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"expiry_date", DAY, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"long_term", TRUTH, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"fingerprint", TRUTH, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field licence[] = {
    {"document_number", TEXT, MAY, 40, YAO_RULE_LATIN, NULL, NULL},
    {"classes", TEXT, MUST, 40, YAO_RULE_CLASSES, NULL, NULL},
    {"first_issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"expiry_date", DAY, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"long_term", TRUTH, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"authority_latin", TEXT, MAY, 150, YAO_RULE_LATIN, NULL, NULL},
    {"file_number", TEXT, MUST, 12, YAO_RULE_FILE_NUMBER, NULL, NULL},
    {"restrictions", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"record", TEXT, MAY, 300, YAO_RULE_NONE, NULL, NULL},
    {"state", LETTERS, MUST, 20, YAO_RULE_NONE, "licence_state", NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field vehicle[] = {
    {"plate", TEXT, MUST, 10, YAO_RULE_PLATE, NULL, NULL},
    {"plate_kind", CODE, MUST, 0, YAO_RULE_NONE, "plate_kind", NULL},
    {"type", CODE, MUST, 0, YAO_RULE_NONE, "vehicle_type", NULL},
    {"use", CODE, MUST, 0, YAO_RULE_NONE, "vehicle_use", NULL},
    {"brand_model", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"vin", TEXT, MUST, 17, YAO_RULE_VIN, NULL, NULL},
    {"engine_number", TEXT, MUST, 40, YAO_RULE_NONE, NULL, NULL},
    {"register_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"file_number", TEXT, MAY, 12, YAO_RULE_FILE_NUMBER, NULL, NULL},
    {"seats", NUMBER, MAY, 300, YAO_RULE_NONE, NULL, NULL},
    {"gross_mass", NUMBER, MAY, 1000000, YAO_RULE_NONE, NULL, NULL},
    {"kerb_mass", NUMBER, MAY, 1000000, YAO_RULE_NONE, NULL, NULL},
    {"load_mass", NUMBER, MAY, 1000000, YAO_RULE_NONE, NULL, NULL},
    {"tow_mass", NUMBER, MAY, 1000000, YAO_RULE_NONE, NULL, NULL},
    {"length", NUMBER, MAY, 100000, YAO_RULE_NONE, NULL, NULL},
    {"width", NUMBER, MAY, 100000, YAO_RULE_NONE, NULL, NULL},
    {"height", NUMBER, MAY, 100000, YAO_RULE_NONE, NULL, NULL},
    {"fuel", CODE, MAY, 0, YAO_RULE_NONE, "vehicle_fuel", NULL},
    {"colour", CODE, MAY, 0, YAO_RULE_NONE, "vehicle_colour", NULL},
    {"scrap_date", DAY, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"remarks", TEXT, MAY, 300, YAO_RULE_NONE, NULL, NULL},
    {"inspection_valid_until", DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"certificate_serial", TEXT, MAY, 40, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"authority_latin", TEXT, MAY, 150, YAO_RULE_LATIN, NULL, NULL},
    {"state", LETTERS, MUST, 20, YAO_RULE_NONE, "vehicle_state", NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field residence[] = {
    {"permit_number", TEXT, MAY, 40, YAO_RULE_NONE, NULL, NULL},
    {"address", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"division", CODE, MUST, 0, YAO_RULE_NONE, "division", NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"endorsed_until", DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"basis", CODE, MAY, 0, YAO_RULE_NONE, "permit_basis", NULL},
    {"state", CODE, MUST, 0, YAO_RULE_NONE, "permit_state", NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field household[] = {
    {"number", TEXT, MUST, 40, YAO_RULE_NONE, NULL, NULL},
    {"kind", CODE, MUST, 0, YAO_RULE_NONE, "household_kind", NULL},
    {"head_name", TEXT, MUST, 50, YAO_RULE_NAME, NULL, NULL},
    {"address", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"division", CODE, MAY, 0, YAO_RULE_NONE, "division", NULL},
    {"relation", CODE, MUST, 0, YAO_RULE_NONE, "relation", NULL},
    {"former_name", TEXT, MAY, 50, YAO_RULE_NAME, NULL, NULL},
    {"birth_place", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"native_place", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"other_address", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"religion", TEXT, MAY, 50, YAO_RULE_NONE, NULL, NULL},
    {"height", NUMBER, MAY, 280, YAO_RULE_NONE, NULL, NULL},
    {"blood_type", CODE, MAY, 0, YAO_RULE_NONE, "blood_type", NULL},
    {"education", CODE, MAY, 0, YAO_RULE_NONE, "education", NULL},
    {"marital_status", CODE, MAY, 0, YAO_RULE_NONE, "marital", NULL},
    {"military_service", CODE, MAY, 0, YAO_RULE_NONE, "military_service", NULL},
    {"employer", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"occupation", TEXT, MAY, 100, YAO_RULE_NONE, NULL, NULL},
    {"moved_to_city", TEXT, MAY, 200, YAO_RULE_NONE, NULL, NULL},
    {"moved_to_address", TEXT, MAY, 200, YAO_RULE_NONE, NULL, NULL},
    {"register_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"issued", PAST_DAY, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {"spouse", TEXT, MAY, 18, YAO_RULE_PERSON_NUMBER, NULL, NULL},
    {"shared", TRUTH, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field health_card[] = {
    {"card_id", TEXT, MUST, 64, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"expiry_date", DAY, MAY, 0, YAO_RULE_NONE, NULL, NULL},
    {"blood_type", CODE, MAY, 0, YAO_RULE_NONE, "blood_type", NULL},
    {"allergies", TEXT, MAY, 300, YAO_RULE_NONE, NULL, NULL},
    {"emergency_contact", TEXT, MAY, 150, YAO_RULE_NONE, NULL, NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field pass[] = {
    {"pass_id", TEXT, MUST, 64, YAO_RULE_NONE, NULL, NULL},
    {"title", TEXT, MAY, 100, YAO_RULE_NONE, NULL, NULL},
    {"authority", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"issue_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"expiry_date", DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

static const field person[] = {
    {"number", TEXT, MUST, 18, YAO_RULE_PERSON_NUMBER, NULL, NULL},
    {"name", TEXT, MUST, 50, YAO_RULE_NAME, NULL, NULL},
    {"family_name", TEXT, MUST, 50, YAO_RULE_NAME, NULL, NULL},
    {"given_name", TEXT, MUST, 50, YAO_RULE_NAME, NULL, NULL},
    {"family_name_latin", TEXT, MAY, 150, YAO_RULE_LATIN, NULL, NULL},
    {"given_name_latin", TEXT, MAY, 150, YAO_RULE_LATIN, NULL, NULL},
    {"sex", SEX, MUST, 9, YAO_RULE_NONE, "sex", NULL},
    {"ethnicity", CODE, MAY, 0, YAO_RULE_NONE, "ethnicity", NULL},
    {"birth_date", PAST_DAY, MUST, 0, YAO_RULE_NONE, NULL, NULL},
    {"nationality", CODE, MAY, 0, YAO_RULE_NONE, "country", NULL},
    {"address", TEXT, MUST, 150, YAO_RULE_NONE, NULL, NULL},
    {"division", CODE, MUST, 0, YAO_RULE_NONE, "division", NULL},
    {"portrait", FILE_NAME, MAY, 1000, YAO_RULE_NONE, NULL, NULL},
    {"mobile", TEXT, MAY, 11, YAO_RULE_MOBILE, NULL, NULL},
    {"identity_card", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, identity_card},
    {"licence", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, licence},
    {"vehicles", VEHICLES, MAY, 64, YAO_RULE_NONE, NULL, vehicle},
    {"residence", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, residence},
    {"household", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, household},
    {"health_card", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, health_card},
    {"pass", OBJECT, MAY, 0, YAO_RULE_NONE, NULL, pass},
    {NULL, TEXT, MAY, 0, YAO_RULE_NONE, NULL, NULL},
};

typedef struct checking {
    yao_arena           *arena;
    const yao_catalogue *c;
    yao_date             today;
    yao_problems        *problems;
    yao_status           status; /* YAO_E_SPACE is sticky */
} checking;

/* ---- saying what is wrong ---- */

/* PATH.NAME, or NAME alone. */
static yao_text join(checking *k, yao_text path, yao_text name)
{
    yao_writer w    = yao_writer_in(k->arena);
    yao_bytes  kept = {NULL, 0};

    if (k->status != YAO_OK)
        return (yao_text){NULL, 0};
    yao_put_bytes(&w, yao_text_bytes(path));
    if (path.len != 0 && name.len != 0)
        yao_put_byte(&w, '.');
    yao_put_bytes(&w, yao_text_bytes(name));
    k->status = yao_writer_keep(&w, k->arena, &kept);

    return (yao_text){kept.ptr, kept.len};
}

static yao_text join_index(checking *k, yao_text path, size_t index)
{
    uint8_t    digits[20];
    yao_writer w    = yao_writer_open(digits, sizeof digits);
    yao_bytes  text = {NULL, 0};

    yao_put_decimal(&w, (int64_t)index);
    if (yao_writer_close(&w, &text) != YAO_OK)
        return path;
    return join(k, path, (yao_text){text.ptr, text.len});
}

void yao_problems_add(yao_problems *problems, yao_severity severity,
                      yao_reason reason, yao_text where)
{
    if (severity == YAO_FINE)
        return;
    problems->errors += severity == YAO_ERROR ? 1 : 0;
    if (problems->count < YAO_MAX_PROBLEMS)
        problems->items[problems->count++] =
            (yao_problem){severity, reason, where};
}

static void say(checking *k, yao_finding found, yao_text path, const char *name)
{
    if (found.severity != YAO_FINE)
        yao_problems_add(k->problems, found.severity, found.reason,
                         join(k, path, yao_text_of(name)));
}

/* ---- values ---- */

static bool get_text(checking *k, const yao_json *value, yao_text *ret)
{
    yao_status status = yao_json_string(value, k->arena, ret);

    if (status == YAO_E_SPACE)
        k->status = status;
    return status == YAO_OK;
}

static bool get_date(checking *k, const yao_json *value, yao_date *ret)
{
    yao_text text;

    return get_text(k, value, &text) &&
           yao_date_parse(yao_text_bytes(text), ret) == YAO_OK;
}

static bool is_after(yao_date a, yao_date b)
{
    return yao_time_of_date(a) > yao_time_of_date(b);
}

static const yao_code_list *list_of(const checking *k, const field *f)
{
    return yao_codes_by_name(k->c, yao_text_of(f->list));
}

static yao_finding check_letters(const yao_code_list *list, yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!yao_code_find(list, (yao_text){text.ptr + i, 1}, NULL))
            return yao_finding_error(YAO_REASON_CODE);
    return yao_finding_fine();
}

static bool has_control(yao_text text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return true;
    return false;
}

/* A file name that stays below the folder it is looked for in. */
static yao_finding check_file_name(yao_text name)
{
    if (name.ptr[0] == '/' || has_control(name))
        return yao_finding_error(YAO_REASON_FILE_NAME);
    for (size_t i = 0; i + 1 < name.len; i++)
        if (name.ptr[i] == '.' && name.ptr[i + 1] == '.')
            return yao_finding_error(YAO_REASON_FILE_NAME);
    return yao_finding_fine();
}

static yao_finding check_text(const checking *k, const field *f, yao_text text)
{
    if (text.len == 0)
        return yao_finding_error(YAO_REASON_EMPTY);
    if (f->kind == CODE)
        return yao_check_code(list_of(k, f), text);
    if (has_control(text))
        return yao_finding_error(YAO_REASON_CHARACTER);
    if (yao_text_count(text) > f->max)
        return yao_finding_error(YAO_REASON_LONG);
    if (f->kind == LETTERS)
        return check_letters(list_of(k, f), text);
    if (f->kind == FILE_NAME)
        return check_file_name(text);

    yao_finding found = yao_check_rule(k->c, f->rule, text, k->today);
    /* A register has one form of a number, or one person would be two. */
    if (found.reason == YAO_REASON_OLD_FORM)
        found.severity = YAO_ERROR;
    return found;
}

static yao_finding check_number(const checking *k, const field *f,
                                const yao_json *value)
{
    int64_t number = 0;

    if (yao_json_int(value, &number) != YAO_OK)
        return yao_finding_error(YAO_REASON_KIND);
    if (number < 0 || number > (int64_t)f->max)
        return yao_finding_error(YAO_REASON_RANGE);
    if (f->kind == SEX) {
        uint8_t digit = (uint8_t)('0' + number);
        return yao_check_code(list_of(k, f), (yao_text){&digit, 1});
    }
    return yao_finding_fine();
}

static yao_finding check_day(checking *k, const field *f, const yao_json *value)
{
    yao_date day;

    if (value->kind != YAO_JSON_STRING)
        return yao_finding_error(YAO_REASON_KIND);
    if (!get_date(k, value, &day))
        return yao_finding_error(YAO_REASON_DATE);
    if (day.year < 1800)
        return yao_finding_error(YAO_REASON_PAST);
    if (f->kind == PAST_DAY && is_after(day, k->today))
        return yao_finding_error(YAO_REASON_FUTURE);
    return yao_finding_fine();
}

static yao_finding check_value(checking *k, const field *f,
                               const yao_json *value)
{
    yao_text text;

    switch (f->kind) {
    case NUMBER:
    case SEX:
        return check_number(k, f, value);
    case TRUTH:
        return value->kind == YAO_JSON_BOOL
                   ? yao_finding_fine()
                   : yao_finding_error(YAO_REASON_KIND);
    case DAY:
    case PAST_DAY:
        return check_day(k, f, value);
    case TEXT:
    case CODE:
    case LETTERS:
    case FILE_NAME:
    case OBJECT:
    case VEHICLES:
        break;
    }
    return get_text(k, value, &text) ? check_text(k, f, text)
                                     : yao_finding_error(YAO_REASON_KIND);
}

/* ---- objects ---- */

/* Members that OBJECT has and FIELDS has not. A net certificate is never what
 * a bureau says: its number is drawn here (docs/formats/netcert.md). */
static void check_unknown(checking *k, const yao_json *object,
                          const field *fields, yao_text path)
{
    for (const yao_json *m = object->first; m != NULL; m = m->next) {
        const field *f    = fields;
        yao_text     name = {NULL, 0};

        while (f->name != NULL && !yao_json_named(m, yao_text_of(f->name)))
            f++;
        if (f->name != NULL)
            continue;
        if (yao_json_name(m, k->arena, &name) != YAO_OK)
            k->status = YAO_E_SPACE;
        yao_problems_add(k->problems,
                         yao_json_named(m, YAO_TEXT("net_certificate"))
                             ? YAO_ERROR
                             : YAO_WARNING,
                         YAO_REASON_UNKNOWN_FIELD, join(k, path, name));
    }
}

/* The simple members of OBJECT; objects in it are looked at by the caller. */
static void check_object(checking *k, const yao_json *object,
                         const field *fields, yao_text path)
{
    if (object->kind != YAO_JSON_OBJECT) {
        yao_problems_add(k->problems, YAO_ERROR, YAO_REASON_KIND, path);
        return;
    }
    check_unknown(k, object, fields, path);
    for (const field *f = fields; f->name != NULL; f++) {
        const yao_json *value = yao_json_get(object, f->name);

        if (value == NULL && f->required)
            say(k, yao_finding_error(YAO_REASON_MISSING), path, f->name);
        if (value != NULL && f->kind != OBJECT && f->kind != VEHICLES)
            say(k, check_value(k, f, value), path, f->name);
    }
}

/* The last day may not come before the first, and must be there unless there
 * is none. */
static void check_term(checking *k, const yao_json *object, yao_text path)
{
    const yao_json *last    = yao_json_get(object, "expiry_date");
    const yao_json *endless = yao_json_get(object, "long_term");
    yao_date        from, until;

    if (last == NULL && (endless == NULL || !endless->truth))
        say(k, yao_finding_error(YAO_REASON_MISSING), path, "expiry_date");
    if (get_date(k, yao_json_get(object, "issue_date"), &from) &&
        get_date(k, last, &until) && is_after(from, until))
        say(k, yao_finding_error(YAO_REASON_ORDER), path, "expiry_date");
}

static void check_first_issue(checking *k, const yao_json *object,
                              yao_text path)
{
    yao_date first, issued;

    if (get_date(k, yao_json_get(object, "first_issue_date"), &first) &&
        get_date(k, yao_json_get(object, "issue_date"), &issued) &&
        is_after(first, issued))
        say(k, yao_finding_error(YAO_REASON_ORDER), path, "issue_date");
}

static void check_vehicle(checking *k, const yao_json *object, yao_text path)
{
    yao_text plate, plate_kind;

    check_object(k, object, vehicle, path);
    if (!get_text(k, yao_json_get(object, "plate"), &plate) ||
        !get_text(k, yao_json_get(object, "plate_kind"), &plate_kind))
        return;

    yao_finding found = yao_check_plate(k->c, plate, plate_kind);
    if (found.reason == YAO_REASON_PLATE_KIND)
        say(k, found, path, "plate_kind");
}

static void check_vehicles(checking *k, const yao_json *array, yao_text path)
{
    size_t index = 0;

    if (array->kind != YAO_JSON_ARRAY) {
        yao_problems_add(k->problems, YAO_ERROR, YAO_REASON_KIND, path);
        return;
    }
    for (const yao_json *item = array->first; item != NULL; item = item->next)
        check_vehicle(k, item, join_index(k, path, index++));
}

/* Relation and sex; relation and marital status. Both only warn: life is
 * richer than GB/T 4761. */
static void check_household(checking *k, const yao_json *root,
                            const yao_json *object, yao_text path)
{
    yao_text relation, marital;
    yao_code row;
    int64_t  sex = 0;

    if (!get_text(k, yao_json_get(object, "relation"), &relation) ||
        !yao_code_find(yao_codes_by_name(k->c, YAO_TEXT("relation")), relation,
                       &row))
        return;
    if (yao_json_int(yao_json_get(root, "sex"), &sex) == YAO_OK &&
        row.mapped.len == 1 && row.mapped.ptr[0] != '0' + sex)
        say(k, yao_finding_warning(YAO_REASON_RELATION_SEX), path, "relation");

    bool spouse = relation.ptr[0] == '1'; /* 10, 11, 12 */
    if (spouse &&
        get_text(k, yao_json_get(object, "marital_status"), &marital) &&
        marital.len != 0 && marital.ptr[0] != '2')
        say(k, yao_finding_warning(YAO_REASON_MARITAL), path, "marital_status");
}

/* ---- the whole ---- */

/* Birth date, sex and ethnicity as the number wants them. */
static void check_against_number(checking *k, const yao_json *root)
{
    yao_person_number said = {{0, 0, 0}, 0, {NULL, 0}};
    yao_text          number, none = {NULL, 0};
    yao_date          birth;
    int64_t           sex;

    if (!get_text(k, yao_json_get(root, "number"), &number) ||
        yao_check_person_number(k->c, number, k->today, &said).severity ==
            YAO_ERROR)
        return;
    if (said.birth.year != 0 &&
        get_date(k, yao_json_get(root, "birth_date"), &birth) &&
        yao_time_of_date(birth) != yao_time_of_date(said.birth))
        say(k, yao_finding_error(YAO_REASON_BIRTH_DIFFERS), none, "birth_date");
    if (said.sex != 0 &&
        yao_json_int(yao_json_get(root, "sex"), &sex) == YAO_OK &&
        (sex <= 2 || sex == 9) && sex != said.sex)
        say(k, yao_finding_error(YAO_REASON_SEX_DIFFERS), none, "sex");
    /* A foreigner, or a resident of Hong Kong, has none. */
    if (said.division.len == 6 && said.division.ptr[0] < '8' &&
        yao_json_get(root, "ethnicity") == NULL)
        say(k, yao_finding_error(YAO_REASON_MISSING), none, "ethnicity");
}

static void check_part(checking *k, const yao_json *root, const field *f)
{
    const yao_json *part = yao_json_get(root, f->name);
    yao_text        path = yao_text_of(f->name);

    if (part == NULL)
        return;
    if (f->kind == VEHICLES) {
        check_vehicles(k, part, path);
        return;
    }
    check_object(k, part, f->members, path);
    if (part->kind != YAO_JSON_OBJECT)
        return;
    if (f->members == identity_card || f->members == licence)
        check_term(k, part, path);
    if (f->members == licence)
        check_first_issue(k, part, path);
    if (f->members == household)
        check_household(k, root, part, path);
}

yao_status yao_document_check_record(yao_arena *arena, const yao_catalogue *c,
                                     const yao_json *record, yao_date today,
                                     yao_problems *ret)
{
    yao_problems problems = {0};
    checking     k        = {arena, c, today, &problems, YAO_OK};
    yao_text     whole    = {NULL, 0};

    check_object(&k, record, person, whole);
    check_against_number(&k, record);
    for (const field *f = person; f->name != NULL; f++)
        if (f->kind == OBJECT || f->kind == VEHICLES)
            check_part(&k, record, f);
    if (k.status != YAO_OK)
        return k.status;

    *ret = problems;
    return problems.errors != 0 ? YAO_E_VALUE : YAO_OK;
}
