/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every kind of line that an import refuses, in one file: each row of the
 * table is one line of it, and says what must be told about this line.
 */

#include "check.h"
#include "document/document.h"
#include "image/image.h"
#include "program.h"

#include <stdio.h>

/* A good line. Each row replaces one text in it by another one. */
static const char good[] =
    "{\"number\":\"12011919880808901X\",\"name\":\"李示例\","
    "\"family_name\":\"李\",\"given_name\":\"示例\","
    "\"family_name_latin\":\"LI\",\"given_name_latin\":\"SHILI\",\"sex\":1,"
    "\"ethnicity\":\"01\",\"birth_date\":\"1988-08-08\",\"nationality\":\"CN\","
    "\"address\":\"天津市蓟州区示例路1号\",\"division\":\"120119\","
    "\"portrait\":\"good.jpg\",\"identity_card\":{\"document_number\":\"ID1\","
    "\"issue_date\":\"2019-03-01\",\"expiry_date\":\"2039-03-01\","
    "\"long_term\":false,\"authority\":\"示例分局\",\"fingerprint\":true},"
    "\"licence\":{\"document_number\":\"DL1\",\"classes\":\"C1D\","
    "\"first_issue_date\":\"2016-08-22\",\"issue_date\":\"2022-08-22\","
    "\"expiry_date\":\"2032-08-22\",\"long_term\":false,"
    "\"authority\":\"示例交管\",\"file_number\":\"120000900011\","
    "\"state\":\"A\"},\"vehicles\":[{\"plate\":\"津C00A01\","
    "\"plate_kind\":\"02\",\"type\":\"K33\",\"use\":\"A\","
    "\"brand_model\":\"示例牌\",\"vin\":\"LTEST1A02R0000017\","
    "\"engine_number\":\"E1\",\"register_date\":\"2022-03-14\","
    "\"issue_date\":\"2022-03-14\",\"seats\":5,"
    "\"inspection_valid_until\":\"2032-03-31\",\"authority\":\"示例交管\","
    "\"state\":\"A\"}],\"residence\":{\"permit_number\":\"RP1\","
    "\"address\":\"广州市示例路2号\",\"division\":\"440118\","
    "\"authority\":\"示例分局\",\"issue_date\":\"2024-01-02\","
    "\"endorsed_until\":\"2032-01-01\",\"basis\":\"study\","
    "\"state\":\"valid\"},\"household\":{\"number\":\"H1\",\"kind\":\"10\","
    "\"head_name\":\"李示例\",\"address\":\"天津市示例路1号\","
    "\"relation\":\"02\",\"marital_status\":\"10\","
    "\"register_date\":\"1988-09-01\"}}";

#define REASON(r) YAO_REASON_##r, YAO_OK
#define STATUS(s) YAO_REASON_NONE, YAO_E_##s

static const struct {
    const char *name;
    const char *from, *to; /* NULL: the whole line is TO */
    const char *field;     /* NULL: the line is good */
    yao_reason  reason;
    yao_status  status;
} rows[] = {
    {"accepts a whole person", "", "", NULL, REASON(NONE)},

    {"refuses what is no JSON", NULL, "nonsense", "", STATUS(MALFORMED)},
    {"refuses half an object", NULL, "{\"number\":\"1", "", STATUS(TRUNCATED)},
    {"refuses two objects on a line", NULL, "{} {}", "", STATUS(TRAILING)},
    {"refuses a list", NULL, "[]", "", REASON(KIND)},
    {"refuses a member twice", "{\"number\"", "{\"sex\":1,\"number\"", "",
     STATUS(DUPLICATE)},
    {"refuses what is no UTF-8", "示例路1号", "\xff\xfe", "", STATUS(UTF8)},
    {"refuses half a surrogate", "示例路1号", "\\ud800", "", STATUS(UTF8)},

    {"refuses a missing number", "\"number\":\"12011919880808901X\",", "",
     "number", REASON(MISSING)},
    {"refuses a wrong check digit", "12011919880808901X", "120119198808089010",
     "number", REASON(CHECK)},
    {"refuses a small x", "12011919880808901X", "12011919880808901x", "number",
     REASON(LOWER_CASE)},
    {"refuses a letter in a number", "12011919880808901X", "1201191988080890AX",
     "number", REASON(CHARACTER)},
    {"refuses a short number", "12011919880808901X", "1201191988080890",
     "number", REASON(LENGTH)},
    {"refuses 30 February in a number", "12011919880808901X",
     "360123190002300018", "number", REASON(DATE)},
    {"refuses an empty number", "12011919880808901X", "", "number",
     REASON(EMPTY)},
    {"refuses a number that is one", "\"12011919880808901X\"", "120119",
     "number", REASON(KIND)},

    {"refuses a missing name", "\"name\":\"李示例\",", "", "name",
     REASON(MISSING)},
    {"refuses an empty name", "\"name\":\"李示例\"", "\"name\":\"\"", "name",
     REASON(EMPTY)},
    {"refuses a control letter in a name", "\"name\":\"李示例\"",
     "\"name\":\"李\\u0007例\"", "name", REASON(CHARACTER)},
    {"refuses a missing family name", "\"family_name\":\"李\",", "",
     "family_name", REASON(MISSING)},
    {"refuses a missing given name", "\"given_name\":\"示例\",", "",
     "given_name", REASON(MISSING)},
    {"refuses Chinese for Latin", "\"LI\"", "\"李\"", "family_name_latin",
     REASON(NOT_LATIN)},
    {"refuses a missing sex", "\"sex\":1,", "", "sex", REASON(MISSING)},
    {"refuses sex as text", "\"sex\":1", "\"sex\":\"1\"", "sex", REASON(KIND)},
    {"refuses another sex than the number's", "\"sex\":1", "\"sex\":2", "sex",
     REASON(SEX_DIFFERS)},
    {"refuses a sex that is no code", "\"sex\":1", "\"sex\":7", "sex",
     REASON(CODE)},
    {"refuses an unknown ethnicity", "\"ethnicity\":\"01\"",
     "\"ethnicity\":\"77\"", "ethnicity", REASON(CODE)},
    {"refuses a missing ethnicity", "\"ethnicity\":\"01\",", "", "ethnicity",
     REASON(MISSING)},
    {"refuses a missing birth date", "\"birth_date\":\"1988-08-08\",", "",
     "birth_date", REASON(MISSING)},
    {"refuses a date of another form", "1988-08-08", "08.08.1988", "birth_date",
     REASON(DATE)},
    {"refuses another birth date than the number's", "1988-08-08", "1988-08-09",
     "birth_date", REASON(BIRTH_DIFFERS)},
    {"refuses a missing address", "\"address\":\"天津市蓟州区示例路1号\",", "",
     "address", REASON(MISSING)},
    {"refuses a missing division", "\"division\":\"120119\",", "", "division",
     REASON(MISSING)},

    {"refuses a card without its day of issue",
     "\"issue_date\":\"2019-03-01\",", "", "identity_card.issue_date",
     REASON(MISSING)},
    {"refuses a card issued in the future", "2019-03-01", "2999-03-01",
     "identity_card.issue_date", REASON(FUTURE)},
    {"refuses a card that ends before it begins", "2039-03-01", "2018-03-01",
     "identity_card.expiry_date", REASON(ORDER)},
    {"refuses a card without an end", "\"expiry_date\":\"2039-03-01\",", "",
     "identity_card.expiry_date", REASON(MISSING)},
    {"refuses yes for true", "\"fingerprint\":true", "\"fingerprint\":\"yes\"",
     "identity_card.fingerprint", REASON(KIND)},
    {"refuses a card that is a list",
     "\"identity_card\":{\"document_number\":\"ID1\",",
     "\"identity_card\":[],\"mobile\":\"1\",\"x\":{", "identity_card",
     REASON(KIND)},

    {"refuses a class that is none", "\"C1D\"", "\"A4\"", "licence.classes",
     REASON(CLASS)},
    {"refuses a class twice", "\"C1D\"", "\"C1DC1\"", "licence.classes",
     REASON(CLASS_TWICE)},
    {"refuses a file number of 11 digits", "120000900011", "12000090001",
     "licence.file_number", REASON(CHARACTER)},
    {"refuses a licence state that is none",
     "\"file_number\":\"120000900011\",\"state\":\"A\"",
     "\"file_number\":\"120000900011\",\"state\":\"Z\"", "licence.state",
     REASON(CODE)},
    {"refuses a licence older than its first issue", "2022-08-22", "2015-08-22",
     "licence.issue_date", REASON(ORDER)},

    {"refuses a wrong VIN", "LTEST1A02R0000017", "LTEST1A03R0000017",
     "vehicles.0.vin", REASON(CHECK)},
    {"refuses the letter O in a plate", "津C00A01", "津C00O01",
     "vehicles.0.plate", REASON(SERIAL)},
    {"refuses a province that is none", "津C00A01", "翼C00A01",
     "vehicles.0.plate", REASON(PROVINCE)},
    {"refuses a kind that the plate isn't of", "\"plate_kind\":\"02\"",
     "\"plate_kind\":\"52\"", "vehicles.0.plate_kind", REASON(PLATE_KIND)},
    {"refuses a vehicle type that is none", "\"K33\"", "\"K99\"",
     "vehicles.0.type", REASON(CODE)},
    {"refuses seats as text", "\"seats\":5", "\"seats\":\"5\"",
     "vehicles.0.seats", REASON(KIND)},
    {"refuses 301 seats", "\"seats\":5", "\"seats\":301", "vehicles.0.seats",
     REASON(RANGE)},
    {"refuses an inspection without its end",
     "\"inspection_valid_until\":\"2032-03-31\",", "",
     "vehicles.0.inspection_valid_until", REASON(MISSING)},

    {"refuses a ground that is none", "\"study\"", "\"leisure\"",
     "residence.basis", REASON(CODE)},
    {"refuses a permit without an end", "\"endorsed_until\":\"2032-01-01\",",
     "", "residence.endorsed_until", REASON(MISSING)},
    {"refuses a relation that is none", "\"relation\":\"02\"",
     "\"relation\":\"0\"", "household.relation", REASON(CODE)},
    {"refuses a household without number", "\"number\":\"H1\",", "",
     "household.number", REASON(MISSING)},

    {"refuses a portrait that is not there", "good.jpg", "none.jpg", "portrait",
     STATUS(FILE)},
    {"refuses a portrait elsewhere", "good.jpg", "../good.jpg", "portrait",
     REASON(FILE_NAME)},
    {"refuses a portrait by its whole path", "good.jpg", "/etc/passwd",
     "portrait", REASON(FILE_NAME)},
    {"refuses a portrait that is no JPEG", "good.jpg", "text.jpg", "portrait",
     STATUS(MALFORMED)},
    {"refuses a portrait that is cut", "good.jpg", "cut.jpg", "portrait",
     STATUS(MALFORMED)},
    {"refuses a portrait that is too small", "good.jpg", "small.jpg",
     "portrait", STATUS(LIMIT)},

    {"refuses a number that is registered", "", "", "number", STATUS(EXISTS)},
    {"refuses a document number that is another's", NULL, "card",
     "document_number", STATUS(EXISTS)},
    {"accepts a line after all these", NULL, "second", NULL, REASON(NONE)},
    {"refuses a plate that is another's", NULL, "plate", "vehicles",
     STATUS(EXISTS)},
};

/* Another person, with nothing that is the first one's. */
static const char second[] =
    "{\"number\":\"440118199506209074\",\"name\":\"艾例·样本\","
    "\"family_name\":\"样本\",\"given_name\":\"艾例\",\"sex\":1,"
    "\"ethnicity\":\"05\",\"birth_date\":\"1995-06-20\","
    "\"address\":\"示例\",\"division\":\"440118\"}";

static const char card[] =
    "{\"number\":\"350112197911019064\",\"name\":\"林例文\","
    "\"family_name\":\"林\",\"given_name\":\"例文\",\"sex\":2,"
    "\"ethnicity\":\"01\",\"birth_date\":\"1979-11-01\","
    "\"address\":\"示例\",\"division\":\"350112\","
    "\"identity_card\":{\"document_number\":\"DL1\","
    "\"issue_date\":\"2019-03-01\",\"expiry_date\":\"2039-03-01\","
    "\"authority\":\"示例分局\"}}";

static const char plate[] =
    "{\"number\":\"330114200109179048\",\"name\":\"陈样\","
    "\"family_name\":\"陈\",\"given_name\":\"样\",\"sex\":2,"
    "\"ethnicity\":\"01\",\"birth_date\":\"2001-09-17\","
    "\"address\":\"示例\",\"division\":\"330114\","
    "\"vehicles\":[{\"plate\":\"津C00A01\",\"plate_kind\":\"02\","
    "\"type\":\"K33\",\"use\":\"A\",\"brand_model\":\"示例牌\","
    "\"vin\":\"LTEST1A02R0000017\",\"engine_number\":\"E1\","
    "\"register_date\":\"2022-03-14\",\"issue_date\":\"2022-03-14\","
    "\"inspection_valid_until\":\"2032-03-31\",\"authority\":\"示例交管\","
    "\"state\":\"A\"}]}";

/* ---- the file ---- */

static const char *whole_line(const char *name)
{
    return strcmp(name, "second") == 0  ? second
           : strcmp(name, "plate") == 0 ? plate
           : strcmp(name, "card") == 0  ? card
                                        : name;
}

static void put_line(FILE *out, size_t row)
{
    const char *from = rows[row].from;

    if (from == NULL) {
        fprintf(out, "%s\n", whole_line(rows[row].to));
        return;
    }
    const char *at = strstr(good, from);
    if (at == NULL) {
        fprintf(stderr, "Bail out! %s: nothing to replace\n", rows[row].name);
        exit(99);
    }
    fprintf(out, "%.*s%s%s\n", (int)(at - good), good, rows[row].to,
            at + strlen(from));
}

static void write_file(const char *name, yao_bytes content)
{
    FILE *out = fopen(test_scratch_path(name), "wb");

    assert_non_null(out);
    assert_int_equal(fwrite(content.ptr, 1, content.len, out), content.len);
    fclose(out);
}

static void write_portraits(void)
{
    static uint8_t memory[8 << 20], jpeg[65536];
    yao_arena      arena = {memory, sizeof memory, 0};
    yao_writer     w     = yao_writer_open(jpeg, sizeof jpeg);
    image_canvas   small;

    assert_status(image_draw_specimen(1, false, false, &arena, &w), YAO_OK);
    write_file("good.jpg", (yao_bytes){jpeg, w.len});
    write_file("cut.jpg", (yao_bytes){jpeg, w.len / 2});
    write_file("text.jpg", YAO_LIT("not a picture"));
    w = yao_writer_open(jpeg, sizeof jpeg);
    assert_status(image_canvas_open(&arena, 100, 100, &small), YAO_OK);
    assert_status(image_write_jpeg(&small, 50, &w), YAO_OK);
    write_file("small.jpg", (yao_bytes){jpeg, w.len});
}

static void write_lines(void)
{
    FILE *out = fopen(test_scratch_path("people.jsonl"), "wb");

    assert_non_null(out);
    for (size_t i = 0; i < COUNT(rows); i++)
        put_line(out, i);
    fclose(out);
}

/* ---- the import of all, once; each case looks at its line ---- */

static yao_arena       report_memory;
static const yao_json *report;

static void import_all(void)
{
    static uint8_t memory[1 << 20];

    write_portraits();
    write_lines();
    assert_int_equal(test_type("authority init --demo -C @/a")->code, 0);
    const test_output *o =
        test_type("person import --json -C @/a @/people.jsonl");
    assert_int_equal(o->code, 2);
    report_memory = (yao_arena){memory, sizeof memory, 0};
    uint8_t *text = yao_arena_take(&report_memory, o->len);
    memcpy(text, o->out, o->len);
    assert_status(
        yao_json_parse(&report_memory, (yao_bytes){text, o->len}, &report),
        YAO_OK);
}

static const char *code_of(size_t row)
{
    return rows[row].reason != YAO_REASON_NONE
               ? yao_reason_name(rows[row].reason)
               : yao_status_name(rows[row].status);
}

/* Is it told of LINE that FIELD has CODE? */
static bool told(size_t line, const char *field, const char *code, size_t *all)
{
    const yao_json *p     = yao_json_get(report, "problems")->first;
    bool            found = false;

    for (; p != NULL; p = p->next) {
        int64_t at = 0;
        assert_status(yao_json_int(yao_json_get(p, "line"), &at), YAO_OK);
        if ((size_t)at != line)
            continue;
        ++*all;
        found = found || (yao_json_is(yao_json_get(p, "field"), field) &&
                          yao_json_is(yao_json_get(p, "code"), code));
    }
    return found;
}

static void line(void **state)
{
    size_t row = (size_t)*state, all = 0;

    if (report == NULL)
        import_all();
    bool found = told(row + 1, rows[row].field != NULL ? rows[row].field : "-",
                      code_of(row), &all);
    assert_true(found == (rows[row].field != NULL));
    if (rows[row].field == NULL)
        assert_int_equal(all, 0);
}

static void gives_counts(void **state)
{
    int64_t imported = 0, refused = 0;

    (void)state;
    if (report == NULL)
        import_all();
    assert_status(yao_json_int(yao_json_get(report, "imported"), &imported),
                  YAO_OK);
    assert_status(yao_json_int(yao_json_get(report, "refused"), &refused),
                  YAO_OK);
    assert_int_equal(imported, 2);
    assert_int_equal(refused, COUNT(rows) - 2);
    assert_string_equal(test_type("person count -C @/a")->out, "2\n");
}

/* ---- all or nothing ---- */

static void never_half(void **state)
{
    (void)state;
    if (report == NULL)
        import_all();
    assert_int_equal(test_type("authority init --demo -C @/b")->code, 0);
    assert_int_equal(
        test_type("person import --all-or-nothing -C @/b @/people.jsonl")->code,
        2);
    assert_true(test_said("people.jsonl:2: "));
    assert_true(test_said("nothing was stored"));
    assert_string_equal(test_type("person count -C @/b")->out, "0\n");
}

/* A conflict within the file is seen by the store only. */
static void never_half_of_conflict(void **state)
{
    FILE *out = fopen(test_scratch_path("twice.jsonl"), "wb");

    (void)state;
    assert_non_null(out);
    fprintf(out, "%s\n%s\n", second, second);
    fclose(out);
    assert_int_equal(test_type("authority init --demo -C @/c")->code, 0);
    assert_int_equal(
        test_type("person import --all-or-nothing -C @/c @/twice.jsonl")->code,
        2);
    assert_true(test_said("twice.jsonl:2: number: "));
    assert_string_equal(test_type("person count -C @/c")->out, "0\n");
    assert_int_equal(test_type("person import -C @/c @/twice.jsonl")->code, 2);
    assert_string_equal(test_type("person count -C @/c")->out, "1\n");
}

static void gives_all(void **state)
{
    (void)state;
    assert_int_equal(test_type("person generate --count 70 --seed 1 --out "
                               "@/seventy.jsonl")
                         ->code,
                     0);
    assert_int_equal(test_type("authority init --demo -C @/d")->code, 0);
    assert_int_equal(
        test_type("person import --all-or-nothing -C @/d @/seventy.jsonl")
            ->code,
        0);
    assert_string_equal(test_type("person count -C @/d")->out, "70\n");
}

/* ---- CSV ---- */

static const char csv[] =
    "number,name,family_name,given_name,sex,ethnicity,birth_date,address,"
    "division,vehicles.0.plate,vehicles.0.plate_kind,vehicles.0.type,"
    "vehicles.0.use,vehicles.0.brand_model,vehicles.0.vin,"
    "vehicles.0.engine_number,vehicles.0.register_date,vehicles.0.issue_date,"
    "vehicles.0.inspection_valid_until,vehicles.0.authority,"
    "vehicles.0.state,vehicles.0.seats\r\n"
    "440118199506209074,艾例·样本,样本,艾例,1,05,1995-06-20,\"示例,\n1号\","
    "440118,,,,,,,,,,,,,\r\n"
    "440118199506209074,艾例·样本,样本\r\n"
    "12011919880808901X,李示例,李,示例,1,01,1988-08-08,示例路,120119,"
    "津C00A01,02,K33,A,示例牌,LTEST1A02R0000017,E1,2022-03-14,2022-03-14,"
    "2032-03-31,示例,A,5\r\n"
    "33011319850305903X,张范例,张,范例,x,01,1985-03-05,示例,330113,"
    ",,,,,,,,,,,,\r\n";

static void gives_csv(void **state)
{
    (void)state;
    write_file("people.csv", yao_text_bytes(yao_text_of(csv)));
    assert_int_equal(test_type("authority init --demo -C @/e")->code, 0);
    assert_int_equal(test_type("person import -C @/e @/people.csv")->code, 2);
    /* a line break in quotes: refused, since addresses are one line */
    assert_true(test_said("people.csv:2: address: "));
    assert_true(test_said("people.csv:4: "));
    assert_true(test_said("people.csv:6: sex: "));
    assert_string_equal(test_type("person count -C @/e")->out, "1\n");
    assert_int_equal(
        test_type("person show --json -C @/e 12011919880808901x")->code, 0);
    assert_true(test_said("\"seats\":5"));
    assert_true(test_said("\"plate\":\"津C00A01\""));
}

/* ---- too long ---- */

static void refuses_long_lines(void **state)
{
    FILE *out = fopen(test_scratch_path("long.jsonl"), "wb");

    (void)state;
    assert_non_null(out);
    fprintf(out, "{\"name\":\"");
    for (size_t i = 0; i < 200000; i++)
        fputc('x', out);
    fprintf(out, "\"}\n\n  \n%s\n", second);
    fclose(out);
    assert_int_equal(test_type("authority init --demo -C @/f")->code, 0);
    assert_int_equal(test_type("person import -C @/f @/long.jsonl")->code, 2);
    assert_true(test_said("long.jsonl:1: "));
    assert_true(test_said("1 imported, 1 refused"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("line", rows[i].name, line, (const void *)i);
    test_add("import", "gives how many", gives_counts, NULL);
    test_add("all-or-nothing", "never stores half of a file", never_half, NULL);
    test_add("all-or-nothing", "never stores half of a conflict",
             never_half_of_conflict, NULL);
    test_add("all-or-nothing", "gives all", gives_all, NULL);
    test_add("csv", "gives what the columns say", gives_csv, NULL);
    test_add("import", "refuses a line without end, accepts the next",
             refuses_long_lines, NULL);
    int code = test_run("authority/import");
    test_scratch_remove();
    return code;
}
