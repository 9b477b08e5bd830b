/* SPDX-License-Identifier: Apache-2.0 */
/* From a fictitious person's record to values, and why not. */
#include "person.h"

#include "issuance/issuance.h"

#define NOON INT64_C(1795348800) /* 2026-11-22T12:00:00Z */

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9};

static yao_issuance_input make_input(const char *document, const char *from,
                                     const char *to)
{
    yao_issuance_input input = {0};

    input.catalogue = yao_catalogue_shipped();
    input.definition =
        yao_document_by_name(yao_catalogue_shipped(), yao_text_of(document));
    input.person          = person_changed(from, to);
    input.portrait        = (yao_bytes){jpeg, sizeof jpeg};
    input.portrait_small  = input.portrait;
    input.document_number = YAO_TEXT("N0001");
    input.issuer          = YAO_TEXT("https://issuer.example");
    input.now             = NOON;
    input.level           = 3;
    input.demo            = true;
    assert_non_null(input.definition);
    return input;
}

/* ---- who may have it ---- */

static const struct right {
    const char *name, *document, *from, *to;
    yao_reason  want;
} rights[] = {
#define OK YAO_REASON_NONE
    {"accepts an identity card", "resident_id", "", "", OK},
    {"refuses one that is not registered", "resident_id",
     "\"identity_card\":{\"document_number\"", "\"x\":{\"document_number\"",
     YAO_REASON_NO_RECORD},
    {"refuses one that is no object", "resident_id", "\"identity_card\":{",
     "\"identity_card\":1,\"x\":{", YAO_REASON_NO_RECORD},
    {"refuses one that has expired", "resident_id", "2040-01-01", "2026-11-21",
     YAO_REASON_EXPIRED},
    {"accepts one on its last day", "resident_id", "2040-01-01", "2026-11-22",
     OK},
    {"accepts one without end", "resident_id",
     "\"expiry_date\":\"2040-01-01\",\"long_term\":false",
     "\"expiry_date\":\"2020-01-02\",\"long_term\":true", OK},
    {"accepts a licence", "driving_licence", "", "", OK},
    {"accepts a licence with an open violation", "driving_licence",
     "\"state\":\"A\"", "\"state\":\"AH\"", OK},
    {"refuses a licence that was revoked", "driving_licence", "\"state\":\"A\"",
     "\"state\":\"HF\"", YAO_REASON_STATE},
    {"refuses a licence without a state", "driving_licence", "\"state\":\"A\"",
     "\"x\":\"A\"", YAO_REASON_STATE},
    {"refuses a licence with an empty state", "driving_licence",
     "\"state\":\"A\"", "\"state\":\"\"", YAO_REASON_STATE},
    {"refuses a licence that has expired", "driving_licence", "2030-05-01",
     "2026-05-01", YAO_REASON_EXPIRED},
    {"refuses no licence", "driving_licence", "\"licence\":{", "\"x\":{",
     YAO_REASON_NO_RECORD},
    {"accepts an owner", "vehicle_registration", "", "", OK},
    {"refuses who owns nothing", "vehicle_registration", "\"vehicles\":[",
     "\"vehicles\":[],\"x\":[", YAO_REASON_NO_RECORD},
    {"refuses a list that is none", "vehicle_registration", "\"vehicles\":[",
     "\"vehicles\":{},\"x\":[", YAO_REASON_NO_RECORD},
    {"refuses a vehicle reported stolen", "vehicle_registration",
     "\"state\":\"A\"}]", "\"state\":\"C\"}]", YAO_REASON_STATE},
    {"refuses a vehicle without a state", "vehicle_registration",
     ",\"state\":\"A\"}]", "}]", YAO_REASON_STATE},
    {"refuses a vehicle due for scrapping", "vehicle_registration",
     "2037-03-01", "2026-03-01", YAO_REASON_EXPIRED},
    {"accepts a resident from elsewhere", "residence_permit", "", "", OK},
    {"refuses a local", "residence_permit", "\"330113\"", "\"120101\"",
     YAO_REASON_HOUSEHOLD_HERE},
    {"refuses who lives nowhere", "residence_permit",
     "\"division\":\"330113\",", "", YAO_REASON_HOUSEHOLD_HERE},
    {"refuses a permit that is suspended", "residence_permit", "\"valid\"",
     "\"suspended\"", YAO_REASON_STATE},
    {"refuses a permit without a state", "residence_permit",
     ",\"state\":\"valid\"", "", YAO_REASON_STATE},
    {"refuses a permit not endorsed", "residence_permit", "2027-02-01",
     "2026-02-01", YAO_REASON_EXPIRED},
    {"refuses a permit never endorsed", "residence_permit",
     "\"endorsed_until\":\"2027-02-01\",", "", YAO_REASON_EXPIRED},
    {"accepts an adult of a household", "household_booklet", "", "", OK},
    {"refuses a minor", "household_booklet", "1988-08-08", "2008-11-23",
     YAO_REASON_MINOR},
    {"accepts on the eighteenth birthday", "household_booklet", "1988-08-08",
     "2008-11-22", OK},
    {"refuses a person of unknown age", "household_booklet",
     "\"birth_date\":\"1988-08-08\",", "", YAO_REASON_MINOR},
    {"refuses a person without household", "household_booklet",
     "\"household\":{", "\"x\":{", YAO_REASON_NO_RECORD},
    {"accepts a health card", "health_card", "", "", OK},
    {"accepts a pass", "pass", "", "", OK},
    {"refuses an old pass", "pass",
     "\"issue_date\":\"2024-01-01\",\"expiry_date\":\"2027-01-01\"",
     "\"issue_date\":\"2024-01-01\",\"expiry_date\":\"2026-01-01\"",
     YAO_REASON_EXPIRED},
};

static void check_right(void **state)
{
    const struct right   *r     = *state;
    yao_issuance_input    input = make_input(r->document, r->from, r->to);
    yao_finding           found = {YAO_FINE, YAO_REASON_COUNT};
    yao_problems          problems;
    yao_issuance_document document;

    yao_status got = yao_issuance_check_entitled(test_arena(), &input, &found);
    assert_status(got, r->want == OK ? YAO_OK : YAO_E_NOT_ENTITLED);
    assert_string_equal(yao_reason_name(found.reason),
                        yao_reason_name(r->want));

    got = yao_issuance_build(test_arena(), &input, &problems, &document);
    if (r->want != OK) {
        assert_status(got, YAO_E_NOT_ENTITLED);
        assert_int_equal(problems.items[0].reason, r->want);
    }
}

static void refuses_a_second_vehicle(void **state)
{
    yao_issuance_input input = make_input("vehicle_registration", "", "");
    yao_finding        found;

    (void)state;
    input.vehicle = 1;
    assert_status(yao_issuance_check_entitled(test_arena(), &input, &found),
                  YAO_E_NOT_ENTITLED);
    assert_int_equal(found.reason, YAO_REASON_NO_RECORD);
}

static void refuses_odd_clocks_and_levels(void **state)
{
    static const struct {
        yao_time now;
        uint32_t level;
    } odd[] = {
        {-1, 3}, {YAO_TIME_MAX + 1, 3}, {INT64_MIN, 3}, {NOON, 0}, {NOON, 5}};

    (void)state;
    for (size_t i = 0; i < COUNT(odd); i++) {
        yao_issuance_input    input = make_input("resident_id", "", "");
        yao_issuance_document document;
        yao_problems          problems;

        input.now   = odd[i].now;
        input.level = odd[i].level;
        assert_status(
            yao_issuance_build(test_arena(), &input, &problems, &document),
            YAO_E_USAGE);
        if (odd[i].now != NOON)
            assert_status(
                yao_issuance_check_entitled(test_arena(), &input, NULL),
                YAO_E_USAGE);
    }
}

/* ---- values ---- */

#define A "org.iso.23220.1"
#define D "org.iso.18013.5.1"
#define V "org.iso.7367.1"
#define RID "org.yaopai.resident_id.1"
#define DL "org.yaopai.driving_licence.1"
#define VR "org.yaopai.vehicle_registration.1"
#define RP "org.yaopai.residence_permit.1"
#define HB "org.yaopai.household_booklet.1"

static const struct value {
    const char *name, *document, *from, *to, *space, *identifier;
    const char *cbor;  /* in diagnostic notation; NULL: not there */
    const char *claim; /* path */
    const char *json;  /* as it stands in the claims */
} values[] = {
    {"a text", "resident_id", "", "", A, "family_name", "\"李\"", "family_name",
     "李"},
    {"a number of a list", "resident_id", "", "", A, "sex", "1", "sex", "1"},
    {"a full-date", "resident_id", "", "", A, "birth_date",
     "1004(\"1988-08-08\")", "birthdate", "1988-08-08"},
    {"a portrait", "resident_id", "", "", A, "portrait", "h'ffd8ffe00102ffd9'",
     "picture", "data:image/jpeg;base64,/9j/4AEC/9k="},
    {"a small portrait", "resident_id", "", "", RID, "portrait_small",
     "h'ffd8ffe00102ffd9'", "picture_small",
     "data:image/jpeg;base64,/9j/4AEC/9k="},
    {"the citizen number", "resident_id", "", "", "org.iso.23220.photoid.1",
     "person_id", "\"12011919880808901X\"", "personal_administrative_number",
     "12011919880808901X"},
    {"a constant", "resident_id", "", "", A, "issuing_country", "\"CN\"",
     "issuing_country", "CN"},
    {"the subdivision", "resident_id", "", "", A, "issuing_subdivision",
     "\"CN-TJ\"", "issuing_subdivision", "CN-TJ"},
    {"an age that is reached", "resident_id", "", "", A, "age_over_18", "true",
     "age_equal_or_over.18", "true"},
    {"an age that is not", "resident_id", "", "", A, "age_over_60", "false",
     "age_equal_or_over.60", "false"},
    {"an age on the birthday", "resident_id", "1988-08-08", "2012-11-22", A,
     "age_over_14", "true", "age_equal_or_over.14", "true"},
    {"an age the day before", "resident_id", "1988-08-08", "2012-11-23", A,
     "age_over_14", "false", "age_equal_or_over.14", "false"},
    {"the age in years", "resident_id", "", "", A, "age_in_years", "38",
     "age_in_years", "38"},
    {"the year of birth", "resident_id", "", "", A, "age_birth_year", "1988",
     "age_birth_year", "1988"},
    {"the record's document number", "resident_id", "", "", A,
     "document_number", "\"R0001\"", "document_number", "R0001"},
    {"the issuer's where there is none", "resident_id",
     "\"document_number\":\"R0001\",", "", A, "document_number", "\"N0001\"",
     "document_number", "N0001"},
    {"the last day", "resident_id", "", "", A, "expiry_date",
     "1004(\"2040-01-01\")", "date_of_expiry", "2040-01-01"},
    {"the last day of all when long-term", "resident_id", "\"long_term\":false",
     "\"long_term\":true", A, "expiry_date", "1004(\"9999-12-31\")",
     "date_of_expiry", "9999-12-31"},
    {"true", "resident_id", "", "", RID, "fingerprint_registered", "true",
     "fingerprint_registered", "true"},
    {"nothing where the record says nothing", "resident_id",
     ",\"fingerprint\":true", "", RID, "fingerprint_registered", NULL,
     "fingerprint_registered", NULL},
    {"nothing where the record says null", "resident_id",
     "\"fingerprint\":true", "\"fingerprint\":null", RID,
     "fingerprint_registered", NULL, "fingerprint_registered", NULL},
    {"a fallback", "resident_id", "\"nationality\":\"CN\",", "", A,
     "nationality", "\"CN\"", "nationality", "CN"},
    {"the level", "resident_id", "", "", RID, "assurance_level", "3",
     "assurance_level", "3"},
    {"the specimen mark", "resident_id", "", "", RID, "specimen",
     "\"SPECIMEN\"", "specimen", "SPECIMEN"},
    {"a code", "resident_id", "", "", RID, "ethnicity", "\"01\"", "ethnicity",
     "01"},
    {"two steps", "resident_id", "", "", A, "resident_address",
     "\"天津市蓟州区示例路1号\"", "address.formatted", "天津市蓟州区示例路1号"},

    {"categories, with what a class covers", "driving_licence", "", "", D,
     "driving_privileges",
     "[{\"issue_date\": 1004(\"2010-05-01\"), "
     "\"expiry_date\": 1004(\"2030-05-01\"), \"vehicle_category_code\": "
     "\"B\"}, {\"issue_date\": 1004(\"2010-05-01\"), \"expiry_date\": "
     "1004(\"2030-05-01\"), \"vehicle_category_code\": \"A\"}, "
     "{\"issue_date\": 1004(\"2010-05-01\"), \"expiry_date\": "
     "1004(\"2030-05-01\"), \"vehicle_category_code\": \"AM\"}]",
     NULL, NULL},
    {"code 78 of an automatic", "driving_licence", "C1D", "C2", D,
     "driving_privileges",
     "[{\"codes\": [{\"code\": \"78\"}], \"issue_date\": "
     "1004(\"2010-05-01\"), \"expiry_date\": 1004(\"2030-05-01\"), "
     "\"vehicle_category_code\": \"B\"}]",
     NULL, NULL},
    {"no category where there is none", "driving_licence", "C1D", "M", D,
     "driving_privileges", "[]", NULL, NULL},
    {"the Latin name", "driving_licence", "", "", D, "family_name", "\"LI\"",
     "family_name_latin", "LI"},
    {"the Chinese name", "driving_licence", "", "", D,
     "family_name_national_character", "\"李\"", "family_name", "李"},
    {"the sign of the country", "driving_licence", "", "", D,
     "un_distinguishing_sign", "\"CHN\"", "un_distinguishing_sign", "CHN"},
    {"a Latin authority", "driving_licence", "", "", D, "issuing_authority",
     "\"Traffic Management Authority\"", "issuing_authority_latin",
     "Traffic Management Authority"},
    {"the record's Latin authority", "driving_licence", "\"file_number\"",
     "\"authority_latin\":\"TJ\",\"file_number\"", D, "issuing_authority",
     "\"TJ\"", "issuing_authority_latin", "TJ"},
    {"the classes", "driving_licence", "", "", DL, "driving_class", "\"C1D\"",
     "driving_class", "C1D"},

    {"a moment", "vehicle_registration", "", "", A, "issue_date",
     "0(\"2022-03-01T00:00:00Z\")", "date_of_issuance", "2022-03-01T00:00:00Z"},
    {"keys in order", "vehicle_registration", "", "", V, "mass_info",
     "{\"unit\": \"kg\", \"vehicle_max_mass\": 1900, "
     "\"techn_perm_max_laden_mass\": 1900, "
     "\"mass_of_vehicle_in_running_order\": 1500}",
     NULL, NULL},
    {"mapped codes", "vehicle_registration", "", "", V, "basic_vehicle_info",
     "{\"make\": \"示例牌EX1\", \"colours\": [1], "
     "\"vehicle_category_nat\": \"K33\", \"vehicle_category_code\": \"M1\"}",
     NULL, NULL},
    {"two mapped numbers", "vehicle_registration", "\"fuel\":\"C\"",
     "\"fuel\":\"O\"", V, "engine_info", "{\"energy_sources\": [10, 95]}", NULL,
     NULL},
    {"no map of constants alone", "vehicle_registration", ",\"tow_mass\":0", "",
     V, "trailer_mass_info", NULL, "trailer_mass_info", NULL},
    {"the holder and the city", "vehicle_registration", "", "", V,
     "vehicle_holder",
     "{\"resident_city\": \"天津市\", \"resident_address\": "
     "\"天津市蓟州区示例路1号\", \"resident_country\": \"CN\", "
     "\"given_name_latin1\": \"SHILI\", \"family_name_latin1\": \"LI\", "
     "\"given_name_unicode\": \"示例\", \"family_name_unicode\": \"李\"}",
     NULL, NULL},
    {"a city that is one", "vehicle_registration", "\"division\":\"120119\"",
     "\"division\":\"330113\"", V, "vehicle_holder",
     "{\"resident_city\": \"杭州市\", \"resident_address\": "
     "\"天津市蓟州区示例路1号\", \"resident_country\": \"CN\", "
     "\"given_name_latin1\": \"SHILI\", \"family_name_latin1\": \"LI\", "
     "\"given_name_unicode\": \"示例\", \"family_name_unicode\": \"李\"}",
     NULL, NULL},
    {"the plate", "vehicle_registration", "", "", V, "registration_number",
     "\"津AD12345\"", "registration_number", "津AD12345"},

    {"both addresses", "residence_permit", "", "", A, "resident_address",
     "\"杭州市临平区示例街2号\"", "residence_address", "杭州市临平区示例街2号"},
    {"the address of the household", "residence_permit", "", "", RP,
     "household_address", "\"天津市蓟州区示例路1号\"", "household_address",
     "天津市蓟州区示例路1号"},
    {"the endorsement as expiry", "residence_permit", "", "", A, "expiry_date",
     "1004(\"2027-02-01\")", "date_of_expiry", "2027-02-01"},

    {"how many there are", "household_booklet", "", "", HB, "members_count",
     "1", "members_count", "1"},
    {"the own page", "household_booklet", "", "", HB ".m01", "relation",
     "\"02\"", "m01.relation", "02"},
    {"a sensitive value of it", "household_booklet", "", "", HB ".m01",
     "religion", "\"无\"", "m01.religion", "无"},
};

static const yao_mdoc_element *find_element(const yao_issuance_document *d,
                                            const char                  *space,
                                            const char *identifier)
{
    for (size_t i = 0; i < d->element_count; i++)
        if (yao_text_equal(d->elements[i].name_space, yao_text_of(space)) &&
            yao_text_equal(d->elements[i].element, yao_text_of(identifier)))
            return &d->elements[i];
    return NULL;
}

static const yao_json *find_claim(const yao_json *root, const char *path)
{
    char        step[100];
    const char *dot = strchr(path, '.');

    if (dot == NULL)
        return yao_json_get(root, path);
    snprintf(step, sizeof step, "%.*s", (int)(dot - path), path);
    return yao_json_get(yao_json_get(root, step), dot + 1);
}

static yao_issuance_document build(const yao_issuance_input *input)
{
    yao_issuance_document d        = {0};
    yao_problems          problems = {0};
    yao_status status = yao_issuance_build(test_arena(), input, &problems, &d);

    if (status != YAO_OK)
        fail_msg("%s: %.*s: %s", yao_status_name(status),
                 (int)problems.items[0].where.len,
                 problems.items[0].where.ptr != NULL
                     ? (const char *)problems.items[0].where.ptr
                     : "",
                 yao_reason_name(problems.items[0].reason));
    return d;
}

static void has_value(const yao_issuance_document *d, const struct value *r)
{
    const yao_mdoc_element *e = find_element(d, r->space, r->identifier);
    yao_writer              w = yao_writer_in(test_arena());
    yao_bytes               text;

    assert_int_equal(e != NULL, r->cbor != NULL);
    if (e == NULL)
        return;
    assert_status(yao_cbor_check(e->value, false, NULL), YAO_OK);
    assert_status(yao_cbor_diagnose(e->value, false, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, yao_text_bytes(yao_text_of(r->cbor)));
}

static void check_value(void **state)
{
    const struct value   *r     = *state;
    yao_issuance_input    input = make_input(r->document, r->from, r->to);
    yao_issuance_document d     = build(&input);

    has_value(&d, r);
    if (r->claim == NULL)
        return;
    const yao_json *claim = find_claim(d.claims, r->claim);
    assert_int_equal(claim != NULL, r->json != NULL);
    if (claim != NULL)
        assert_bytes(yao_text_bytes(claim->raw),
                     yao_text_bytes(yao_text_of(r->json)));
}

static void writes_privileges_as_json(void **state)
{
    yao_issuance_input    input = make_input("driving_licence", "C1D", "C2E");
    yao_issuance_document d     = build(&input);
    const yao_json       *list  = yao_json_get(d.claims, "driving_privileges");

    (void)state;
    assert_int_equal(list->count, 3);
    assert_bytes(
        yao_text_bytes(list->first->raw),
        YAO_LIT("{\"vehicle_category_code\":\"B\",\"issue_date\":"
                "\"2010-05-01\",\"expiry_date\":\"2030-05-01\",\"codes\":"
                "[{\"code\":\"78\"}]}"));
}

/* A lorry driver may drive cars, by hand too, though C2 is covered as well. */
static void covers_without_code_78(void **state)
{
    yao_issuance_input    input  = make_input("driving_licence", "C1D", "A2");
    yao_issuance_document d      = build(&input);
    const yao_json       *list   = yao_json_get(d.claims, "driving_privileges");
    const char           *want[] = {"C", "CE", "BE", "D1", "B"};
    size_t                i      = 0;

    (void)state;
    assert_int_equal(list->count, COUNT(want));
    for (const yao_json *p = list->first; p != NULL; p = p->next, i++) {
        assert_true(
            yao_json_is(yao_json_get(p, "vehicle_category_code"), want[i]));
        assert_null(yao_json_get(p, "codes"));
    }
}

/* ---- what is wrong with them ---- */

static const struct wrong {
    const char  *name, *document, *from, *to;
    yao_severity severity;
    yao_reason   reason;
    const char  *where;
} wrongs[] = {
    {"refuses a licence without Latin name", "driving_licence",
     "\"family_name_latin\":\"LI\",", "", YAO_ERROR, YAO_REASON_MISSING,
     "family_name"},
    {"accepts an identity card without it", "resident_id",
     "\"family_name_latin\":\"LI\",", "", YAO_FINE, YAO_REASON_NONE, NULL},
    {"refuses Chinese as Latin", "driving_licence", "\"LI\"", "\"李\"",
     YAO_ERROR, YAO_REASON_NOT_LATIN, "family_name"},
    {"refuses an empty address", "resident_id",
     "\"address\":\"天津市蓟州区示例路1号\"", "\"address\":\"\"", YAO_ERROR,
     YAO_REASON_MISSING, "resident_address"},
    {"refuses an ethnicity that is none", "resident_id", "\"ethnicity\":\"01\"",
     "\"ethnicity\":\"77\"", YAO_ERROR, YAO_REASON_CODE, "ethnicity"},
    {"refuses a sex that is none", "resident_id", "\"sex\":1", "\"sex\":5",
     YAO_ERROR, YAO_REASON_CODE, "sex"},
    {"refuses a text for a sex", "resident_id", "\"sex\":1", "\"sex\":\"1\"",
     YAO_ERROR, YAO_REASON_KIND, "sex"},
    {"refuses a wrong number", "resident_id", "12011919880808901X",
     "120119198808089010", YAO_ERROR, YAO_REASON_CHECK, "id_number"},
    {"refuses a day that is none", "resident_id", "2020-01-01", "2021-02-29",
     YAO_ERROR, YAO_REASON_KIND, "issue_date"},
    {"accepts an old division with a warning", "resident_id",
     "\"division\":\"120119\"", "\"division\":\"120225\"", YAO_WARNING,
     YAO_REASON_DIVISION, "resident_division"},
    {"refuses a wrong VIN", "vehicle_registration", "LTEST1A02R0000017",
     "LTEST1A03R0000017", YAO_ERROR, YAO_REASON_CHECK,
     "vehicle_identification_number"},
    {"refuses a part that is missing", "vehicle_registration",
     "\"division\":\"120119\"", "\"x\":\"120119\"", YAO_ERROR,
     YAO_REASON_MISSING, "vehicle_holder.resident_city"},
    {"refuses a moment before 1970", "vehicle_registration",
     "\"issue_date\":\"2022-03-01\"", "\"issue_date\":\"1969-12-31\"",
     YAO_ERROR, YAO_REASON_RANGE, "issue_date"},
    {"refuses a page without its day", "household_booklet",
     "\"register_date\":\"2016-09-01\",", "", YAO_ERROR, YAO_REASON_MISSING,
     "m01.register_date"},
    {"refuses a licence without its last day", "driving_licence",
     "\"expiry_date\":\"2030-05-01\",", "", YAO_ERROR, YAO_REASON_MISSING,
     "expiry_date"},
};

static void check_wrong(void **state)
{
    const struct wrong   *r        = *state;
    yao_issuance_input    input    = make_input(r->document, r->from, r->to);
    yao_issuance_document d        = {0};
    yao_problems          problems = {0};

    yao_status got = yao_issuance_build(test_arena(), &input, &problems, &d);
    assert_status(got, r->severity == YAO_ERROR ? YAO_E_VALUE : YAO_OK);
    assert_int_equal(d.definition != NULL, r->severity != YAO_ERROR);
    if (r->severity == YAO_FINE) {
        assert_int_equal(problems.count, 0);
        return;
    }
    assert_string_equal(yao_reason_name(problems.items[0].reason),
                        yao_reason_name(r->reason));
    assert_bytes(yao_text_bytes(problems.items[0].where),
                 yao_text_bytes(yao_text_of(r->where)));
}

static void refuses_bad_portraits(void **state)
{
    static uint8_t long_one[2049];
    static const struct {
        yao_bytes  image;
        yao_reason want;
    } bad[] = {{{NULL, 0}, YAO_REASON_MISSING},
               {YAO_INIT("GIF89a"), YAO_REASON_PORTRAIT},
               {{jpeg, sizeof jpeg - 1}, YAO_REASON_PORTRAIT},
               {{long_one, sizeof long_one}, YAO_REASON_LONG}};

    (void)state;
    memcpy(long_one, jpeg, 3);
    memcpy(long_one + sizeof long_one - 2, jpeg + 6, 2);
    for (size_t i = 0; i < COUNT(bad); i++) {
        yao_issuance_input    input = make_input("resident_id", "", "");
        yao_issuance_document d;
        yao_problems          problems;

        input.portrait_small = bad[i].image;
        assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                      YAO_E_VALUE);
        assert_int_equal(problems.count, 1);
        assert_int_equal(problems.items[0].reason, bad[i].want);
    }
}

static void marks_demo_documents_only(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->definition_count; i++)
        for (int demo = 0; demo < 2; demo++) {
            yao_issuance_input    input = make_input("pass", PERSON_WITH_NET);
            yao_issuance_document d;
            size_t                marks = 0;

            input.definition = &c->definitions[i];
            input.demo       = demo != 0;
            d                = build(&input);
            for (size_t k = 0; k < d.element_count; k++)
                marks +=
                    yao_text_equal(d.elements[k].element, YAO_TEXT("specimen"));
            assert_int_equal(marks, demo);
            assert_int_equal(yao_json_get(d.claims, "specimen") != NULL, demo);
        }
}

static void marks_what_a_guardian_holds(void **state)
{
    static const char *const documents[] = {"resident_id", "residence_permit",
                                            "health_card"};

    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++)
        for (int held = 0; held < 2; held++) {
            yao_issuance_input    input = make_input(documents[i], "", "");
            yao_issuance_document d;
            size_t                marks = 0;
            bool                  truth = false;

            input.held_by_guardian = held != 0;
            d                      = build(&input);
            for (size_t k = 0; k < d.element_count; k++)
                marks += yao_text_equal(d.elements[k].element,
                                        YAO_TEXT("held_by_guardian"));
            assert_int_equal(marks, held);
            const yao_json *claim = yao_json_get(d.claims, "held_by_guardian");
            assert_int_equal(claim != NULL, held);
            if (held)
                assert_status(yao_json_bool(claim, &truth), YAO_OK);
            assert_int_equal(truth, held);
        }
}

/* ---- the frame of the claims, and times ---- */

static void writes_the_frame(void **state)
{
    yao_issuance_input    input = make_input("resident_id", "", "");
    yao_issuance_document d     = build(&input);
    int64_t               number;

    (void)state;
    assert_true(
        yao_json_is(yao_json_get(d.claims, "vct"), "urn:yaopai:resident_id:1"));
    assert_true(
        yao_json_is(yao_json_get(d.claims, "iss"), "https://issuer.example"));
    assert_status(yao_json_int(yao_json_get(d.claims, "iat"), &number), YAO_OK);
    assert_int_equal(number, NOON - NOON % YAO_TIME_DAY);
    assert_status(yao_json_int(yao_json_get(d.claims, "exp"), &number), YAO_OK);
    assert_int_equal(number, d.validity.valid_until);
    assert_null(yao_json_get(d.claims, "status"));
    assert_bytes(yao_text_bytes(d.json), yao_text_bytes(d.claims->raw));
    input.issuer = (yao_text){NULL, 0};
    d            = build(&input);
    assert_null(yao_json_get(d.claims, "iss"));
}

static const struct term {
    const char *name, *document, *from, *to;
    const char *until;
} terms[] = {
    {"gives as many days as the document says", "resident_id", "", "",
     "2027-02-20T00:00:00Z"},
    {"gives fewer days in a booklet", "household_booklet", "", "",
     "2026-12-22T00:00:00Z"},
    {"never goes beyond the last day", "resident_id", "2040-01-01",
     "2026-12-01", "2026-12-02T00:00:00Z"},
    {"gives the whole last day", "resident_id", "2040-01-01", "2026-11-22",
     "2026-11-23T00:00:00Z"},
    {"gives all days when long-term", "resident_id", "\"long_term\":false",
     "\"long_term\":true", "2027-02-20T00:00:00Z"},
    {"never goes beyond an endorsement", "residence_permit", "", "",
     "2027-02-02T00:00:00Z"},
};

static void check_term(void **state)
{
    const struct term    *r     = *state;
    yao_issuance_input    input = make_input(r->document, r->from, r->to);
    yao_issuance_document d     = build(&input);
    uint8_t               letters[20];

    yao_time_format(d.validity.valid_until, letters);
    assert_memory_equal(letters, r->until, 20);
    assert_int_equal(d.validity.valid_from, NOON - NOON % YAO_TIME_DAY);
    assert_int_equal(d.validity.signed_at, d.validity.valid_from);
    assert_int_equal(d.validity.expected_update, YAO_TIME_NONE);
}

/* Every disclosable path leads to a claim, and what is not disclosable is the
 * frame or a mark. */
static void discloses_everything_else(void **state)
{
    const yao_catalogue *c = yao_catalogue_shipped();

    (void)state;
    for (size_t i = 0; i < c->definition_count; i++) {
        yao_issuance_input    input = make_input("pass", PERSON_WITH_NET);
        yao_issuance_document d;

        input.definition = &c->definitions[i];
        d                = build(&input);
        assert_true(d.disclosable_count > 0);
        for (size_t k = 0; k < d.disclosable_count; k++) {
            const yao_json *node = d.claims;

            for (size_t s = 0; s < d.disclosable[k].step_count; s++)
                node = yao_json_get_text(node, d.disclosable[k].steps[s]);
            assert_non_null(node);
            assert_false(yao_text_equal(d.disclosable[k].steps[0],
                                        YAO_TEXT("specimen")));
        }
    }
}

static yao_status build_into(yao_arena *arena, void *context)
{
    yao_issuance_document d;
    yao_problems          problems;

    return yao_issuance_build(arena, context, &problems, &d);
}

static yao_status entitle_into(yao_arena *arena, void *context)
{
    return yao_issuance_check_entitled(arena, context, NULL);
}

static void needs_room(void **state)
{
    static const char *const names[] = {"pass", "vehicle_registration",
                                        "driving_licence", "household_booklet"};
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        yao_issuance_input input = make_input(names[i], "", "");
        test_every_arena(build_into, &input, 262144);
    }
    yao_issuance_input input =
        make_input("residence_permit", "\"valid\"", "\"\\u0076alid\"");
    test_every_arena(entitle_into, &input, 1024);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rights); i++)
        test_add("entitled", rights[i].name, check_right, &rights[i]);
    test_add("entitled", "refuses a second vehicle that is not there",
             refuses_a_second_vehicle, NULL);
    test_add("build", "refuses odd clocks and levels",
             refuses_odd_clocks_and_levels, NULL);
    for (size_t i = 0; i < COUNT(values); i++)
        test_add("gives", values[i].name, check_value, &values[i]);
    test_add("gives", "privileges as JSON", writes_privileges_as_json, NULL);
    test_add("gives", "what a lorry driver may drive", covers_without_code_78,
             NULL);
    for (size_t i = 0; i < COUNT(wrongs); i++)
        test_add("build", wrongs[i].name, check_wrong, &wrongs[i]);
    test_add("build", "refuses portraits that are none or too large",
             refuses_bad_portraits, NULL);
    test_add("build", "gives every demo document its mark, no other",
             marks_demo_documents_only, NULL);
    test_add("build", "gives a mark to what a guardian holds, to nothing else",
             marks_what_a_guardian_holds, NULL);
    test_add("claims", "gives the frame", writes_the_frame, NULL);
    for (size_t i = 0; i < COUNT(terms); i++)
        test_add("validity", terms[i].name, check_term, &terms[i]);
    test_add("claims", "gives every path a claim", discloses_everything_else,
             NULL);
    test_add("build", "refuses every arena that is too small", needs_room,
             NULL);
    return test_run("issuance/build");
}
