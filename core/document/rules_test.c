/* SPDX-License-Identifier: Apache-2.0 */
/* Validators: published specimens, and numbers made for the purpose. */
#include "check.h"

#include "document/document.h"

static const yao_date today = {2026, 6, 1};

typedef struct row {
    const char  *name;
    yao_rule     rule;
    const char  *value;
    yao_severity severity;
    yao_reason   reason;
} row;

#define OK YAO_FINE, YAO_REASON_NONE
#define NO(why) YAO_ERROR, YAO_REASON_##why
#define HM(why) YAO_WARNING, YAO_REASON_##why

static const row rows[] = {
    /* GB 11643-1999 */
    {"accepts the standard's specimen of a woman", YAO_RULE_CITIZEN_NUMBER,
     "11010519491231002X", OK},
    {"accepts the standard's specimen of a man", YAO_RULE_CITIZEN_NUMBER,
     "440524188001010014", HM(DIVISION)},
    {"accepts a man of Tianjin", YAO_RULE_CITIZEN_NUMBER, "12011919880808901X",
     OK},
    {"accepts a leap day", YAO_RULE_CITIZEN_NUMBER, "120119199202299025", OK},
    {"accepts a man of Hangzhou", YAO_RULE_CITIZEN_NUMBER, "33011319850305903X",
     OK},
    {"accepts a woman of Hangzhou", YAO_RULE_CITIZEN_NUMBER,
     "330114200109179048", OK},
    {"accepts a woman of Fuzhou", YAO_RULE_CITIZEN_NUMBER, "350112197911019064",
     OK},
    {"accepts a man of Guangzhou", YAO_RULE_CITIZEN_NUMBER,
     "440118199506209074", OK},
    {"accepts a woman of Nanchang", YAO_RULE_CITIZEN_NUMBER,
     "360113196604129080", OK},
    {"accepts a child", YAO_RULE_CITIZEN_NUMBER, "110119201206019092", OK},
    {"accepts a youth", YAO_RULE_CITIZEN_NUMBER, "120117200907159113", OK},
    {"accepts an elderly woman", YAO_RULE_CITIZEN_NUMBER, "11011819491001910X",
     OK},
    {"accepts the old form with a warning", YAO_RULE_CITIZEN_NUMBER,
     "110105491231002", HM(OLD_FORM)},
    {"accepts sequence 000 with a warning", YAO_RULE_CITIZEN_NUMBER,
     "110105194912310003", HM(SEQUENCE)},
    {"refuses a wrong check digit", YAO_RULE_CITIZEN_NUMBER,
     "110105194912310021", NO(CHECK)},
    {"refuses 30 February under a right check digit", YAO_RULE_CITIZEN_NUMBER,
     "360123190002300018", NO(DATE)},
    {"refuses a small x, which has to be normalised", YAO_RULE_CITIZEN_NUMBER,
     "12011919880808901x", NO(LOWER_CASE)},
    {"refuses 15 digits without a date", YAO_RULE_CITIZEN_NUMBER,
     "120119198808089", NO(DATE)},
    {"refuses a letter inside", YAO_RULE_CITIZEN_NUMBER, "1201191988080890AX",
     NO(CHARACTER)},
    {"refuses full-width digits", YAO_RULE_CITIZEN_NUMBER,
     "１２0119198808089010", NO(LENGTH)},
    {"refuses a birth in 2099", YAO_RULE_CITIZEN_NUMBER, "330802209912319998",
     NO(FUTURE)},
    {"refuses a division of zeros", YAO_RULE_CITIZEN_NUMBER,
     "000000199001010019", NO(CHECK)},
    {"refuses 17 digits", YAO_RULE_CITIZEN_NUMBER, "11010519491231002",
     NO(LENGTH)},
    {"refuses nothing at all", YAO_RULE_CITIZEN_NUMBER, "", NO(EMPTY)},

    /* permits of Hong Kong, Macao and Taiwan residents */
    {"accepts a specimen of Hong Kong", YAO_RULE_REGION_PERMIT,
     "810000199408230021", OK},
    {"accepts a specimen of Taiwan", YAO_RULE_REGION_PERMIT,
     "830000199201300022", OK},
    {"accepts one of Macao", YAO_RULE_REGION_PERMIT, "82000019000101001X", OK},
    {"refuses 710000, also for its check digit", YAO_RULE_REGION_PERMIT,
     "710000199201300022", NO(CHECK)},
    {"refuses a citizen's number as a permit", YAO_RULE_REGION_PERMIT,
     "11010519491231002X", NO(PREFIX)},

    /* foreign permanent residents */
    {"accepts the printed specimen of 2023", YAO_RULE_FOREIGN_PERMIT,
     "911124198108030024", OK},
    {"accepts another", YAO_RULE_FOREIGN_PERMIT, "933840190001010012", OK},
    {"accepts the form of 2017", YAO_RULE_FOREIGN_PERMIT, "CAN110081080302",
     OK},
    {"refuses 29 February 1900", YAO_RULE_FOREIGN_PERMIT, "912156190002290018",
     NO(DATE)},
    {"refuses a citizen's number as a foreigner's", YAO_RULE_FOREIGN_PERMIT,
     "11010519491231002X", NO(PREFIX)},
    {"refuses digits for the country", YAO_RULE_FOREIGN_PERMIT,
     "1AN110081080302", NO(PREFIX)},
    {"refuses letters after the country", YAO_RULE_FOREIGN_PERMIT,
     "CAN11008108030X", NO(CHARACTER)},
    {"accepts any of the three as a person's", YAO_RULE_PERSON_NUMBER,
     "911124198108030024", OK},
    {"accepts a permit as a person's", YAO_RULE_PERSON_NUMBER,
     "830000199201300022", OK},
    {"refuses a foreigner's number as a citizen's", YAO_RULE_CITIZEN_NUMBER,
     "911124198108030024", NO(PREFIX)},

    /* GB 16735 */
    {"accepts a VIN made in China", YAO_RULE_VIN, "LTEST1A02R0000017", OK},
    {"accepts a check letter X", YAO_RULE_VIN, "1M8GDM9AXKP042788", OK},
    {"accepts seventeen ones", YAO_RULE_VIN, "11111111111111111", OK},
    {"refuses a wrong check digit of China", YAO_RULE_VIN, "LTEST1A03R0000017",
     NO(CHECK)},
    {"accepts a wrong one of elsewhere with a warning", YAO_RULE_VIN,
     "WVWZZZ1JZ3W386752", HM(CHECK)},
    {"refuses the letter O", YAO_RULE_VIN, "LTEST1A02RO000017", NO(CHARACTER)},
    {"refuses sixteen letters", YAO_RULE_VIN, "LTEST1A02R000001", NO(LENGTH)},

    /* GB 32100-2015 */
    {"accepts the specimen", YAO_RULE_CREDIT_CODE, "91350100M000100Y43", OK},
    {"accepts the example hotel", YAO_RULE_CREDIT_CODE, "91330114MAC000017N",
     OK},
    {"accepts the example hospital", YAO_RULE_CREDIT_CODE, "12330100MB00000X0H",
     OK},
    {"accepts the university hospital", YAO_RULE_CREDIT_CODE,
     "12110000400000018T", OK},
    {"accepts the example bureau", YAO_RULE_CREDIT_CODE, "11120000000000019P",
     OK},
    {"accepts the example company", YAO_RULE_CREDIT_CODE, "91120000MA00000156",
     OK},
    {"refuses a wrong check letter", YAO_RULE_CREDIT_CODE, "91330114MAC000017M",
     NO(CHECK)},
    {"refuses the letter S", YAO_RULE_CREDIT_CODE, "91330114MAS000017N",
     NO(CHARACTER)},
    {"refuses a wrong organisation code inside", YAO_RULE_CREDIT_CODE,
     "91350100M000100X42", NO(INNER_CHECK)},
    {"accepts an unknown registrar with a warning", YAO_RULE_CREDIT_CODE,
     "B1350100M000100Y41", HM(REGISTRAR)},
    {"refuses the letter Z", YAO_RULE_CREDIT_CODE, "Z1350100M000100Y43",
     NO(CHARACTER)},
    {"refuses seventeen letters", YAO_RULE_CREDIT_CODE, "91350100M000100Y4",
     NO(LENGTH)},

    /* GA 36 */
    {"accepts an ordinary plate", YAO_RULE_PLATE, "津A12345", OK},
    {"accepts a small electric car", YAO_RULE_PLATE, "浙AD12345", OK},
    {"accepts a large hybrid", YAO_RULE_PLATE, "粤B12345F", OK},
    {"accepts Hong Kong cross-border", YAO_RULE_PLATE, "粤ZA123港", OK},
    {"accepts Macao cross-border", YAO_RULE_PLATE, "粤Z1234澳", OK},
    {"accepts the police", YAO_RULE_PLATE, "京A1234警", OK},
    {"accepts a trailer", YAO_RULE_PLATE, "苏A1234挂", OK},
    {"accepts a learner", YAO_RULE_PLATE, "京A1234学", OK},
    {"accepts an embassy", YAO_RULE_PLATE, "123456使", OK},
    {"accepts three letters with a warning", YAO_RULE_PLATE, "津AABC12",
     HM(MANY_LETTERS)},
    {"accepts an issuing letter not listed with a warning", YAO_RULE_PLATE,
     "津N12345", HM(LETTER_UNKNOWN)},
    {"refuses the letter O in the serial", YAO_RULE_PLATE, "津A1234O",
     NO(SERIAL)},
    {"refuses a character that is no province", YAO_RULE_PLATE, "翼A12345",
     NO(PROVINCE)},
    {"refuses eight characters without an energy letter", YAO_RULE_PLATE,
     "浙AZ12345", NO(ENERGY)},
    {"refuses a digit for the issuing letter", YAO_RULE_PLATE, "津112345",
     NO(LETTER)},
    {"refuses cross-border from elsewhere", YAO_RULE_PLATE, "津A1234港",
     NO(LETTER)},
    {"refuses a short serial", YAO_RULE_PLATE, "津A1234", NO(LENGTH)},
    {"refuses an embassy with letters", YAO_RULE_PLATE, "12345A使", NO(SERIAL)},

    /* other numbers */
    {"accepts a Hong Kong identity card", YAO_RULE_HONG_KONG_ID, "A123456(3)",
     OK},
    {"refuses its wrong check", YAO_RULE_HONG_KONG_ID, "A123456(4)", NO(CHECK)},
    {"refuses it without brackets", YAO_RULE_HONG_KONG_ID, "A1234563",
     NO(CHARACTER)},
    {"accepts a Macao identity card", YAO_RULE_MACAO_ID, "1234567(8)", OK},
    {"refuses another first digit", YAO_RULE_MACAO_ID, "2234567(8)",
     NO(CHARACTER)},
    {"accepts a return permit", YAO_RULE_RETURN_PERMIT, "H12345678", OK},
    {"accepts one with its count", YAO_RULE_RETURN_PERMIT, "M1234567801", OK},
    {"refuses another letter", YAO_RULE_RETURN_PERMIT, "T12345678",
     NO(CHARACTER)},
    {"accepts a Taiwan permit", YAO_RULE_TAIWAN_PERMIT, "12345678", OK},
    {"accepts an exit permit with a letter", YAO_RULE_EXIT_PERMIT, "CA1234567",
     OK},
    {"accepts one of digits", YAO_RULE_EXIT_PERMIT, "C12345678", OK},
    {"refuses the letter O there", YAO_RULE_EXIT_PERMIT, "CO1234567",
     NO(CHARACTER)},
    {"accepts a passport", YAO_RULE_PASSPORT, "EA1234567", OK},
    {"refuses a short passport", YAO_RULE_PASSPORT, "E1234567", NO(CHARACTER)},
    {"accepts a mobile number", YAO_RULE_MOBILE, "13900000000", OK},
    {"refuses one that begins with 12", YAO_RULE_MOBILE, "12900000000",
     NO(PREFIX)},
    {"refuses letters in it", YAO_RULE_MOBILE, "1390000000a", NO(CHARACTER)},
    {"accepts a file number", YAO_RULE_FILE_NUMBER, "120100000001", OK},
    {"refuses eleven digits of one", YAO_RULE_FILE_NUMBER, "12010000000",
     NO(CHARACTER)},

    /* MPS order 162 */
    {"accepts three classes", YAO_RULE_CLASSES, "A1A2D", OK},
    {"accepts a car and a motorcycle", YAO_RULE_CLASSES, "C1E", OK},
    {"accepts a letter alone", YAO_RULE_CLASSES, "DM", OK},
    {"accepts a covered class with a warning", YAO_RULE_CLASSES, "C1C2",
     HM(CLASS_COVERED)},
    {"refuses A4", YAO_RULE_CLASSES, "A4", NO(CLASS)},
    {"refuses a class twice", YAO_RULE_CLASSES, "C1DC1", NO(CLASS_TWICE)},
    {"refuses a small letter", YAO_RULE_CLASSES, "c1", NO(CLASS)},

    /* texts */
    {"accepts a date", YAO_RULE_DATE, "2024-02-29", OK},
    {"refuses 29 February of a common year", YAO_RULE_DATE, "2023-02-29",
     NO(DATE)},
    {"accepts Latin letters", YAO_RULE_LATIN, "LÜ", OK},
    {"refuses Chinese as Latin", YAO_RULE_LATIN, "李", NO(NOT_LATIN)},
    {"refuses C1 control letters as Latin", YAO_RULE_LATIN, "A\xc2\x85",
     NO(NOT_LATIN)},
    {"refuses a tab as Latin", YAO_RULE_LATIN, "A\tB", NO(CHARACTER)},
    {"accepts a rare character in a name", YAO_RULE_NAME, "𠮷示例", OK},
    {"accepts the middle dot", YAO_RULE_NAME, "阿依·示例", OK},
    {"accepts another dot with a warning", YAO_RULE_NAME, "阿依•示例",
     HM(MIDDLE_DOT)},
    {"refuses a line feed in a name", YAO_RULE_NAME, "李\n示例", NO(CHARACTER)},
    {"accepts anything where no rule is", YAO_RULE_NONE, "", OK},
};

static void check_row(void **state)
{
    const row  *r     = *state;
    yao_finding found = yao_check_rule(yao_catalogue_shipped(), r->rule,
                                       yao_text_of(r->value), today);

    assert_string_equal(yao_reason_name(found.reason),
                        yao_reason_name(r->reason));
    assert_int_equal(found.severity, r->severity);
}

static const struct plate {
    const char *name, *plate, *kind;
    yao_reason  want;
} plates[] = {
    {"accepts blue for a small car", "津A12345", "02", YAO_REASON_NONE},
    {"accepts yellow for a large one", "津A12345", "01", YAO_REASON_NONE},
    {"accepts a small energy plate as 52", "浙AD12345", "52", YAO_REASON_NONE},
    {"accepts a large energy plate as 51", "粤B12345F", "51", YAO_REASON_NONE},
    {"accepts a motorcycle", "津A12345", "07", YAO_REASON_NONE},
    {"refuses a small energy plate as 02", "浙AD12345", "02",
     YAO_REASON_PLATE_KIND},
    {"refuses a small energy plate as 51", "浙AD12345", "51",
     YAO_REASON_PLATE_KIND},
    {"refuses an ordinary plate as 52", "津A12345", "52",
     YAO_REASON_PLATE_KIND},
    {"refuses a trailer as a car", "苏A1234挂", "02", YAO_REASON_PLATE_KIND},
    {"refuses a car as a trailer", "苏A12345", "15", YAO_REASON_PLATE_KIND},
    {"refuses an energy plate as a motorcycle", "浙AD12345", "07",
     YAO_REASON_PLATE_KIND},
    {"refuses the police as a learner", "京A1234警", "16",
     YAO_REASON_PLATE_KIND},
};

static void check_plate_kind(void **state)
{
    const struct plate *r     = *state;
    yao_finding         found = yao_check_plate(
        yao_catalogue_shipped(), yao_text_of(r->plate), yao_text_of(r->kind));

    assert_string_equal(yao_reason_name(found.reason),
                        yao_reason_name(r->want));
}

static void says_what_the_number_says(void **state)
{
    yao_person_number said;

    (void)state;
    yao_finding found = yao_check_citizen_number(
        yao_catalogue_shipped(), YAO_TEXT("11010519491231002X"), today, &said);
    assert_int_equal(found.severity, YAO_FINE);
    assert_int_equal(said.sex, 2);
    assert_int_equal(said.birth.year, 1949);
    assert_int_equal(said.birth.month, 12);
    assert_int_equal(said.birth.day, 31);
    assert_true(yao_text_equal(said.division, YAO_TEXT("110105")));
}

static void accepts_in_2099(void **state)
{
    yao_date    later = {2099, 12, 31}, earlier = {2099, 12, 30};
    yao_text    number = YAO_TEXT("330802209912319998");
    yao_finding found;

    (void)state;
    found =
        yao_check_citizen_number(yao_catalogue_shipped(), number, later, NULL);
    assert_int_equal(found.severity, YAO_FINE);
    found = yao_check_citizen_number(yao_catalogue_shipped(), number, earlier,
                                     NULL);
    assert_int_equal(found.reason, YAO_REASON_FUTURE);
}

static void normalises(void **state)
{
    uint8_t out[18];

    (void)state;
    assert_status(yao_citizen_normalise(YAO_TEXT("12011919880808901x"), out),
                  YAO_OK);
    assert_memory_equal(out, "12011919880808901X", 18);
    assert_status(yao_citizen_normalise(YAO_TEXT("110105491231002"), out),
                  YAO_OK);
    assert_memory_equal(out, "11010519491231002X", 18);
    assert_status(yao_citizen_normalise(YAO_TEXT("1234"), out), YAO_E_VALUE);
    assert_status(yao_citizen_normalise(YAO_TEXT("11010549123100X"), out),
                  YAO_E_VALUE);
    assert_memory_equal(out, "11010519491231002X", 18);
}

/* Every other digit at every place is refused: that is what MOD 11-2 is
 * for. */
static void refuses_every_wrong_digit(void **state)
{
    (void)state;
    for (size_t at = 0; at < 18; at++)
        for (char digit = '0'; digit <= '9'; digit++) {
            char number[] = "12011919880808901X";

            if (number[at] == digit)
                continue;
            number[at]        = digit;
            yao_finding found = yao_check_citizen_number(
                yao_catalogue_shipped(), yao_text_of(number), today, NULL);
            assert_int_equal(found.severity, YAO_ERROR);
        }
}

static void has_words_for_every_reason(void **state)
{
    (void)state;
    for (int i = 1; i < YAO_REASON_COUNT; i++) {
        if (strcmp(yao_reason_name((yao_reason)i), "none") == 0)
            continue;
        yao_text zh = yao_reason_text((yao_reason)i, YAO_ZH);
        yao_text en = yao_reason_text((yao_reason)i, YAO_EN);
        assert_true(zh.len != 0 && en.len != 0 && !yao_text_equal(zh, en));
    }
    assert_string_equal(yao_reason_name(YAO_REASON_COUNT), "none");
    assert_string_equal(yao_severity_name(YAO_WARNING), "warning");
    assert_string_equal(yao_severity_name(YAO_ERROR), "error");
    assert_string_equal(yao_severity_name(YAO_FINE), "fine");
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(yao_rule_name(rows[i].rule), rows[i].name, check_row,
                 &rows[i]);
    for (size_t i = 0; i < COUNT(plates); i++)
        test_add("plate_kind", plates[i].name, check_plate_kind, &plates[i]);
    test_add("number", "gives birth, sex and division",
             says_what_the_number_says, NULL);
    test_add("number", "accepts a birth of 2099 in 2099", accepts_in_2099,
             NULL);
    test_add("number", "gives the register's form", normalises, NULL);
    test_add("number", "refuses every other digit at every place",
             refuses_every_wrong_digit, NULL);
    test_add("words", "gives a sentence in both languages",
             has_words_for_every_reason, NULL);
    return test_run("document/rules");
}
