/* SPDX-License-Identifier: Apache-2.0 */
/* A fictitious person's record, and what can be wrong with it. */
#include "person.h"

#include "document/document.h"

typedef struct row {
    const char  *name;
    const char  *from, *to; /* the first FROM becomes TO */
    yao_severity severity;
    yao_reason   reason;
    const char  *where;
} row;

#define NO(why, where) YAO_ERROR, YAO_REASON_##why, where
#define HM(why, where) YAO_WARNING, YAO_REASON_##why, where
static const row rows[] = {
    {"accepts the good one", "", "", YAO_FINE, YAO_REASON_NONE, NULL},
    {"accepts no documents at all", ",\"identity_card\"", "}", YAO_FINE,
     YAO_REASON_NONE, NULL},
    {"accepts a licence without end",
     "\"expiry_date\":\"2030-05-01\","
     "\"long_term\":false",
     "\"long_term\":true", YAO_FINE, YAO_REASON_NONE, NULL},
    {"refuses a missing number", "\"number\":\"12011919880808901X\",", "",
     NO(MISSING, "number")},
    {"refuses a net certificate, which is drawn and not registered",
     PERSON_WITH_NET, NO(UNKNOWN_FIELD, "net_certificate")},
    {"refuses a wrong number", "12011919880808901X", "120119198808089011",
     NO(CHECK, "number")},
    {"refuses the form with 15 digits", "12011919880808901X",
     "120119880808901", NO(OLD_FORM, "number")},
    {"refuses another birth date", "1988-08-08", "1988-08-09",
     NO(BIRTH_DIFFERS, "birth_date")},
    {"refuses another sex", "\"sex\":1", "\"sex\":2", NO(SEX_DIFFERS, "sex")},
    {"refuses a sex that is none", "\"sex\":1", "\"sex\":3", NO(CODE, "sex")},
    {"refuses a sex out of range", "\"sex\":1", "\"sex\":10", NO(RANGE, "sex")},
    {"refuses a text for a sex", "\"sex\":1", "\"sex\":\"1\"", NO(KIND, "sex")},
    {"refuses a number for a name", "\"name\":\"李示例\"", "\"name\":1",
     NO(KIND, "name")},
    {"refuses an empty name", "\"name\":\"李示例\"", "\"name\":\"\"",
     NO(EMPTY, "name")},
    {"refuses a line feed in an address", "示例路1号", "示例路\\n1号",
     NO(CHARACTER, "address")},
    {"refuses a long number", "\"mobile\":\"13900000000\"",
     "\"mobile\":\"139000000000\"", NO(LONG, "mobile")},
    {"refuses Chinese as Latin", "\"LI\"", "\"李\"",
     NO(NOT_LATIN, "family_name_latin")},
    {"refuses an ethnicity that is none", "\"ethnicity\":\"01\"",
     "\"ethnicity\":\"57\"", NO(CODE, "ethnicity")},
    {"refuses a citizen without ethnicity", "\"ethnicity\":\"01\",", "",
     NO(MISSING, "ethnicity")},
    {"accepts a foreigner without ethnicity",
     "12011919880808901X\",\"name\":\"李示例\",\"family_name\":\"李\","
     "\"given_name\":\"示例\",\"family_name_latin\":\"LI\","
     "\"given_name_latin\":\"SHILI\",\"sex\":1,\"ethnicity\":\"01\","
     "\"birth_date\":\"1988-08-08\"",
     "911124198108030024\",\"name\":\"EXAMPLE\",\"family_name\":\"EXAMPLE\","
     "\"given_name\":\"ANN\",\"sex\":2,\"birth_date\":\"1981-08-03\"",
     YAO_FINE, YAO_REASON_NONE, NULL},
    {"accepts an old division with a warning", "\"division\":\"120119\"",
     "\"division\":\"120225\"", HM(DIVISION, "division")},
    {"refuses a division of five digits", "\"division\":\"120119\"",
     "\"division\":\"12011\"", NO(CODE, "division")},
    {"refuses a portrait above the folder", "pictures/1.jpg", "../1.jpg",
     NO(FILE_NAME, "portrait")},
    {"refuses a portrait at the root", "pictures/1.jpg", "/1.jpg",
     NO(FILE_NAME, "portrait")},
    {"accepts an unknown member with a warning", "\"mobile\"", "\"mobil\"",
     HM(UNKNOWN_FIELD, "mobil")},
    {"refuses a list for the identity card",
     "\"identity_card\":{"
     "\"document_number\":\"R0001\",\"issue_date\":\"2020-01-01\","
     "\"expiry_date\":\"2040-01-01\",\"long_term\":false,"
     "\"authority\":\"天津市公安局蓟州分局\",\"fingerprint\":true}",
     "\"identity_card\":[]", NO(KIND, "identity_card")},
    {"refuses an issue in the future", "2020-01-01", "2027-01-01",
     NO(FUTURE, "identity_card.issue_date")},
    {"refuses an issue before 1800", "2020-01-01", "1700-01-01",
     NO(PAST, "identity_card.issue_date")},
    {"refuses an expiry before the issue", "2040-01-01", "2019-01-01",
     NO(ORDER, "identity_card.expiry_date")},
    {"refuses neither expiry nor long term", "\"expiry_date\":\"2040-01-01\",",
     "", NO(MISSING, "identity_card.expiry_date")},
    {"refuses a day that is none", "2040-01-01", "2041-02-29",
     NO(DATE, "identity_card.expiry_date")},
    {"refuses a number for a day", "\"2040-01-01\"", "20400101",
     NO(KIND, "identity_card.expiry_date")},
    {"refuses a text for true", "\"fingerprint\":true",
     "\"fingerprint\":\"yes\"", NO(KIND, "identity_card.fingerprint")},
    {"refuses a class that is none", "C1D", "C1A4",
     NO(CLASS, "licence.classes")},
    {"refuses a first issue after the issue", "2010-05-01", "2021-05-01",
     NO(ORDER, "licence.issue_date")},
    {"refuses a state that is none", "\"state\":\"A\"", "\"state\":\"AZ\"",
     NO(CODE, "licence.state")},
    {"accepts several states", "\"state\":\"A\"", "\"state\":\"BH\"", YAO_FINE,
     YAO_REASON_NONE, NULL},
    {"refuses a wrong VIN", "LTEST1A02R0000017", "LTEST1A03R0000017",
     NO(CHECK, "vehicles.0.vin")},
    {"refuses a wrong plate", "津AD12345", "津AZ12345",
     NO(ENERGY, "vehicles.0.plate")},
    {"refuses a plate of another kind", "\"52\"", "\"02\"",
     NO(PLATE_KIND, "vehicles.0.plate_kind")},
    {"refuses a mass out of range", "\"gross_mass\":1900",
     "\"gross_mass\":1900000", NO(RANGE, "vehicles.0.gross_mass")},
    {"refuses a negative mass", "\"gross_mass\":1900", "\"gross_mass\":-1",
     NO(RANGE, "vehicles.0.gross_mass")},
    {"refuses a vehicle without inspection",
     "\"inspection_valid_until\":\"2028-03-31\",", "",
     NO(MISSING, "vehicles.0.inspection_valid_until")},
    {"refuses a permit state that is none", "\"valid\"", "\"fine\"",
     NO(CODE, "residence.state")},
    {"warns of a head who is a wife", "\"relation\":\"02\"",
     "\"relation\":\"12\"", HM(RELATION_SEX, "household.relation")},
    {"warns of a spouse who is single",
     "\"relation\":\"02\",\"former_name\":\"李例\",\"birth_place\":\"天津\","
     "\"native_place\":\"天津\",\"religion\":\"无\",\"height\":175,"
     "\"blood_type\":\"3\",\"education\":\"21\",\"marital_status\":\"20\"",
     "\"relation\":\"11\",\"marital_status\":\"10\"",
     HM(MARITAL, "household.marital_status")},
    {"refuses a pass without number", "\"pass_id\":\"P1\",", "",
     NO(MISSING, "pass.pass_id")},
};

static const yao_date today = {2026, 6, 1};

static void check_row(void **state)
{
    const row      *r        = *state;
    yao_problems    problems = {0};
    const yao_json *root     = person_changed(r->from, r->to);

    yao_status got = yao_document_check_record(
        test_arena(), yao_catalogue_shipped(), root, today, &problems);
    assert_status(got, r->severity == YAO_ERROR ? YAO_E_VALUE : YAO_OK);
    assert_int_equal(problems.count, r->severity == YAO_FINE ? 0 : 1);
    if (problems.count == 0)
        return;
    assert_string_equal(yao_reason_name(problems.items[0].reason),
                        yao_reason_name(r->reason));
    assert_int_equal(problems.items[0].severity, r->severity);
    assert_bytes(yao_text_bytes(problems.items[0].where),
                 yao_text_bytes(yao_text_of(r->where)));
}

static void counts_what_does_not_fit(void **state)
{
    yao_problems problems = {0};
    yao_text     where    = YAO_TEXT("x");

    (void)state;
    for (int i = 0; i < 100; i++)
        yao_problems_add(&problems, YAO_ERROR, YAO_REASON_CODE, where);
    yao_problems_add(&problems, YAO_FINE, YAO_REASON_NONE, where);
    yao_problems_add(&problems, YAO_WARNING, YAO_REASON_CODE, where);
    assert_int_equal(problems.count, YAO_MAX_PROBLEMS);
    assert_int_equal(problems.errors, 100);
}

static yao_status check_into(yao_arena *arena, void *context)
{
    yao_problems problems;
    yao_status   status = yao_document_check_record(
        arena, yao_catalogue_shipped(), context, today, &problems);

    return status == YAO_E_VALUE ? YAO_OK : status;
}

static void needs_room(void **state)
{
    const yao_json *root =
        person_changed("LTEST1A02R0000017", "LTEST1A03R0000017");

    (void)state;
    test_every_arena(check_into, (void *)(uintptr_t)root, 4096);
}

static void refuses_what_is_no_object(void **state)
{
    const yao_json *root;
    yao_problems    problems;

    (void)state;
    assert_status(yao_json_parse(test_arena(), YAO_LIT("[]"), &root), YAO_OK);
    assert_status(yao_document_check_record(test_arena(),
                                            yao_catalogue_shipped(), root,
                                            today, &problems),
                  YAO_E_VALUE);
    assert_int_equal(problems.items[0].reason, YAO_REASON_KIND);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("record", rows[i].name, check_row, &rows[i]);
    test_add("record", "refuses what is no object", refuses_what_is_no_object,
             NULL);
    test_add("record", "refuses every arena that is too small", needs_room,
             NULL);
    test_add("problems", "gives all errors their number",
             counts_what_does_not_fit, NULL);
    return test_run("document/record");
}
