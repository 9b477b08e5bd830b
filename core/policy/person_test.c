/* SPDX-License-Identifier: Apache-2.0 */
/* One person or two: by number, else by name and birth date; what can't be
 * compared is never passed. */
#include "policy/person.h"

#include "check.h"

#define ID      "urn:yaopai:resident_id:1"
#define PERMIT  "urn:yaopai:residence_permit:1"
#define BOOKLET "urn:yaopai:household_booklet:1"
#define CAR     "urn:yaopai:vehicle_registration:1"
#define MDOC    "org.iso.23220.photoid.1"

#define NUMBER(n) {.name = YAO_INIT("personal_administrative_number"),         \
                   .json = YAO_INIT("\"" n "\"")}
#define NAME(n)   {.name = YAO_INIT("name"), .json = YAO_INIT("\"" n "\"")}
#define BORN(d)   {.name = YAO_INIT("birthdate"), .json = YAO_INIT("\"" d "\"")}

enum { MOST = 4 };

typedef struct shown {
    const char   *type;
    yao_attribute has[MOST];
} shown;

/* "person_id": text(3) "1A1"; full_name; birth_date tag 1004. */
#define MDOC_NUMBER {.space = YAO_INIT("org.iso.23220.photoid.1"),             \
                     .name  = YAO_INIT("person_id"),                           \
                     .cbor  = YAO_INIT("\x63" "1A1")}
#define MDOC_BIRTH {.space = YAO_INIT("org.iso.23220.1"),                      \
                    .name  = YAO_INIT("birth_date"),                           \
                    .cbor  = YAO_INIT("\xd9\x03\xec\x6a" "1990-01-02")}
#define MDOC_NAME {.space = YAO_INIT("org.yaopai.resident_id.1"),              \
                   .name  = YAO_INIT("full_name"),                             \
                   .cbor  = YAO_INIT("\x61" "B")}

static const struct row {
    const char *name;
    shown       shown[MOST];
    yao_outcome want;
    const char *rows; /* a letter for each part: p f u, - none */
} rows[] = {
    {"accepts one number", {{ID, {NUMBER("1A1")}}, {PERMIT, {NUMBER("1A1")}}},
     YAO_OUTCOME_PASS, "pp"},
    {"refuses two numbers", {{ID, {NUMBER("1A1")}}, {PERMIT, {NUMBER("2B2")}}},
     YAO_OUTCOME_FAIL, "ff"},
    {"accepts a number whose name was changed",
     {{ID, {NUMBER("1A1"), NAME("A"), BORN("1990-01-02")}},
      {PERMIT, {NUMBER("1A1"), NAME("B"), BORN("1990-01-02")}}},
     YAO_OUTCOME_PASS, "pp"},
    {"accepts name and birth date where there is one number",
     {{ID, {NUMBER("1A1"), NAME("A"), BORN("1990-01-02")}},
      {PERMIT, {NAME("A"), BORN("1990-01-02")}}},
     YAO_OUTCOME_PASS, "pp"},
    {"refuses another birth date",
     {{ID, {NAME("A"), BORN("1990-01-02")}},
      {PERMIT, {NAME("A"), BORN("1990-01-03")}}},
     YAO_OUTCOME_FAIL, "ff"},
    {"refuses another name",
     {{ID, {NAME("A"), BORN("1990-01-02")}},
      {PERMIT, {NAME("B"), BORN("1990-01-02")}}},
     YAO_OUTCOME_FAIL, "ff"},
    {"never passes a name alone", {{ID, {NAME("A")}}, {PERMIT, {NAME("A")}}},
     YAO_OUTCOME_UNKNOWN, "pu"},
    {"never passes nothing", {{ID, {NUMBER("1A1")}}, {PERMIT, {{.cbor = {0}}}}},
     YAO_OUTCOME_UNKNOWN, "pu"},
    {"never passes an empty number",
     {{ID, {NUMBER("")}}, {PERMIT, {NUMBER("")}}}, YAO_OUTCOME_UNKNOWN, "pu"},
    {"accepts a booklet by its own page",
     {{ID, {NUMBER("1A1")}},
      {BOOKLET, {{.name = YAO_INIT("m01.id_number"),
                  .json = YAO_INIT("\"1A1\"")}}}},
     YAO_OUTCOME_PASS, "pp"},
    {"never takes a spouse's page for it",
     {{ID, {NUMBER("1A1")}},
      {BOOKLET, {{.name = YAO_INIT("m02.id_number"),
                  .json = YAO_INIT("\"2B2\"")}}}},
     YAO_OUTCOME_UNKNOWN, "pu"},
    {"accepts by way of a third",
     {{ID, {NUMBER("1A1")}},
      {BOOKLET, {{.name = YAO_INIT("m01.name"), .json = YAO_INIT("\"A\"")},
                 {.name = YAO_INIT("m01.birth_date"),
                  .json = YAO_INIT("\"1990-01-02\"")}}},
      {PERMIT, {NUMBER("1A1"), NAME("A"), BORN("1990-01-02")}}},
     YAO_OUTCOME_PASS, "ppp"},
    {"never passes two pairs that have nothing in common",
     {{ID, {NUMBER("1A1")}},
      {PERMIT, {NUMBER("1A1")}},
      {ID, {NAME("A"), BORN("1990-01-02")}},
      {PERMIT, {NAME("A"), BORN("1990-01-02")}}},
     YAO_OUTCOME_UNKNOWN, "ppuu"},
    {"gives nothing of one document", {{ID, {NUMBER("1A1")}}},
     YAO_OUTCOME_ABSENT, "-"},
    {"gives nothing of what the profile does not name",
     {{ID, {NUMBER("1A1")}}, {CAR, {{.name = YAO_INIT("owner_name"),
                                     .json = YAO_INIT("\"B\"")}}}},
     YAO_OUTCOME_ABSENT, "--"},
    {"accepts both forms beside each other",
     {{MDOC, {MDOC_NUMBER}}, {PERMIT, {NUMBER("1A1")}}}, YAO_OUTCOME_PASS,
     "pp"},
    {"accepts both forms by name and birth date",
     {{MDOC, {MDOC_NAME, MDOC_BIRTH}},
      {PERMIT, {NAME("B"), BORN("1990-01-02")}}},
     YAO_OUTCOME_PASS, "pp"},
    {"never takes a number that is none",
     {{ID, {{.name = YAO_INIT("personal_administrative_number"),
             .json = YAO_INIT("{}")}}},
      {PERMIT, {NUMBER("1A1")}}},
     YAO_OUTCOME_UNKNOWN, "pu"},
    {"never takes a device's word",
     {{ID, {{.name      = YAO_INIT("personal_administrative_number"),
             .json      = YAO_INIT("\"1A1\""),
             .by_device = true}}},
      {PERMIT, {NUMBER("1A1")}}},
     YAO_OUTCOME_UNKNOWN, "pu"},
};

static const yao_text named[] = {YAO_INIT("resident_id"),
                                 YAO_INIT("household_booklet"),
                                 YAO_INIT("residence_permit")};
static const yao_profile profile = {.one_person       = named,
                                    .one_person_count = COUNT(named)};

static char letter_of(const yao_report *report)
{
    static const char letters[] = "upfna";

    if (report->count == 0)
        return '-';
    assert_int_equal(report->rows[0].check, YAO_CHECK_ONE_PERSON);
    return letters[report->rows[0].outcome];
}

static void one_row(void **state)
{
    const struct row   *r = *state;
    yao_result_document documents[MOST];
    yao_report         *reports =
        yao_arena_take_array(test_arena(), MOST, sizeof *reports);
    yao_person_part parts[MOST];
    size_t          count   = 0;
    yao_outcome     outcome = YAO_OUTCOME_NOTE;

    for (; count < MOST && r->shown[count].type != NULL; count++) {
        size_t has = 0;

        while (has < MOST && r->shown[count].has[has].name.len > 0)
            has++;
        documents[count] = (yao_result_document){
            .type            = yao_text_of(r->shown[count].type),
            .attributes      = r->shown[count].has,
            .attribute_count = has};
        reports[count].count = 0;
        parts[count]         = (yao_person_part){&documents[count],
                                                 &reports[count], 0};
    }
    assert_status(yao_policy_check_person(test_arena(), yao_catalogue_shipped(),
                                          &profile, parts, count, &outcome),
                  YAO_OK);
    assert_int_equal(outcome, r->want);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(letter_of(&reports[i]), r->rows[i]);
}

/* A result with several documents, as they come across a counter. */
static void of_a_result(void **state)
{
    static const yao_attribute mine[]   = {NUMBER("1A1")};
    static const yao_attribute theirs[] = {NUMBER("2B2")};
    static const yao_attribute none[]   = {NAME("A")};
    static const struct {
        const yao_attribute *second;
        yao_verdict          want;
    } cases[] = {{mine, YAO_VERDICT_ACCEPT},
                 {theirs, YAO_VERDICT_REJECT},
                 {none, YAO_VERDICT_INDETERMINATE}};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        yao_result_document documents[] = {
            {.type = YAO_TEXT(ID), .attributes = mine, .attribute_count = 1},
            {.type            = YAO_TEXT(PERMIT),
             .attributes      = cases[i].second,
             .attribute_count = 1}};
        yao_result *result = yao_arena_take(test_arena(), sizeof *result);

        memset(result, 0, sizeof *result);
        result->verdict        = YAO_VERDICT_ACCEPT;
        result->documents      = documents;
        result->document_count = 2;
        assert_status(yao_policy_check_result_person(test_arena(),
                                                     yao_catalogue_shipped(),
                                                     &profile, result),
                      YAO_OK);
        assert_int_equal(result->verdict, cases[i].want);
        assert_int_equal(result->report.count, 2);
        assert_int_equal(result->report.rows[1].document, 1);
    }
}

static void too_many(void **state)
{
    static const yao_attribute has[] = {NUMBER("1A1")};
    const yao_result_document  d     = {.type            = YAO_TEXT(ID),
                                        .attributes      = has,
                                        .attribute_count = 1};
    yao_report     *report = yao_arena_take(test_arena(), sizeof *report);
    yao_person_part parts[YAO_PERSON_PARTS + 1];
    yao_outcome     outcome;
    uint8_t         little[64];
    yao_arena       arena = {little, sizeof little, 0};

    (void)state;
    report->count = 0;
    for (size_t i = 0; i < COUNT(parts); i++)
        parts[i] = (yao_person_part){&d, report, 0};
    assert_status(yao_policy_check_person(test_arena(), yao_catalogue_shipped(),
                                          &profile, parts, COUNT(parts),
                                          &outcome),
                  YAO_E_LIMIT);
    assert_status(yao_policy_check_person(&arena, yao_catalogue_shipped(),
                                          &profile, parts, 2, &outcome),
                  YAO_E_SPACE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("person", rows[i].name, one_row, &rows[i]);
    test_add("person", "gives the verdict of a result", of_a_result, NULL);
    test_add("person", "refuses too many, and no room", too_many, NULL);
    return test_run("policy/person");
}
