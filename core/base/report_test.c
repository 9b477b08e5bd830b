/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "yaopai/report.h"

static void never_takes_zeroed_memory_for_an_accept(void **state)
{
    yao_report     report  = {0};
    yao_verdict    verdict = 0;
    yao_report_row row     = {0};

    (void)state;
    assert_int_equal(verdict, YAO_VERDICT_INDETERMINATE);
    assert_int_equal(row.outcome, YAO_OUTCOME_UNKNOWN);
    assert_int_equal(row.check, YAO_CHECK_NONE);
    assert_int_equal(report.count, 0);
    assert_false(report.full);
}

static const struct {
    const char *name;
    yao_status  status;
    yao_outcome want;
} puts_table[] = {
    {"gives PASS for OK", YAO_OK, YAO_OUTCOME_PASS},
    {"gives FAIL for a caller's error", YAO_E_USAGE, YAO_OUTCOME_FAIL},
    {"gives FAIL for a wrong shape", YAO_E_MALFORMED, YAO_OUTCOME_FAIL},
    {"gives FAIL for a bad signature", YAO_E_BAD_SIGNATURE, YAO_OUTCOME_FAIL},
    {"gives FAIL for a limit", YAO_E_LIMIT, YAO_OUTCOME_FAIL},
    {"gives UNKNOWN when the home failed", YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
    {"gives UNKNOWN for a missing algorithm", YAO_E_UNSUPPORTED,
     YAO_OUTCOME_UNKNOWN},
    {"gives UNKNOWN for a failed store", YAO_E_STORE, YAO_OUTCOME_UNKNOWN},
};

static void put_case(void **state)
{
    size_t     i      = *(const size_t *)*state;
    yao_report report = {0};

    assert_status(yao_report_put(&report, 3, YAO_CHECK_DIGESTS,
                                 puts_table[i].status),
                  puts_table[i].status);
    assert_int_equal(report.count, 1);
    assert_int_equal(report.rows[0].check, YAO_CHECK_DIGESTS);
    assert_int_equal(report.rows[0].document, 3);
    assert_int_equal(report.rows[0].outcome, puts_table[i].want);
    assert_status(report.rows[0].why, puts_table[i].status);
}

static void gives_rows_in_their_order_until_it_is_full(void **state)
{
    yao_report report = {0};

    (void)state;
    for (int32_t i = 0; i < YAO_MAX_REPORT_ROWS; i++)
        yao_report_add(&report, i, YAO_CHECK_STATUS, YAO_OUTCOME_ABSENT,
                       YAO_OK);
    assert_false(report.full);
    assert_int_equal(report.count, YAO_MAX_REPORT_ROWS);
    assert_int_equal(report.rows[7].document, 7);

    yao_report_add(&report, -1, YAO_CHECK_STATUS, YAO_OUTCOME_FAIL,
                   YAO_E_REVOKED);
    assert_true(report.full);
    assert_int_equal(report.count, YAO_MAX_REPORT_ROWS);
    assert_int_equal(report.rows[YAO_MAX_REPORT_ROWS - 1].outcome,
                     YAO_OUTCOME_ABSENT);
}

/* The numbers of checks have holes; what has a name has both sources. */
static void gives_each_check_one_name_and_its_sources(void **state)
{
    size_t named = 0;

    (void)state;
    for (int i = 1; i < YAO_CHECK_COUNT; i++) {
        const char *name = yao_check_name((yao_check)i);

        assert_true(strlen(yao_check_source((yao_check)i, false)) > 0);
        assert_true(strlen(yao_check_source((yao_check)i, true)) > 0);
        if (strcmp(name, "unknown") == 0)
            continue;
        named++;
        for (int k = 1; k < i; k++)
            assert_string_not_equal(yao_check_name((yao_check)k), name);
    }
    assert_int_equal(named, 44);
    assert_string_equal(yao_check_name(YAO_CHECK_KB_HASH), "kb_hash");
    assert_string_equal(yao_check_source(YAO_CHECK_DEVICE_AUTH, false),
                        "ISO/IEC 18013-5 9.3.2");
    assert_string_equal(yao_check_source(YAO_CHECK_DEVICE_AUTH, true), "-");
}

static void gives_a_word_for_any_number(void **state)
{
    static const int wrong[] = {-1, 0, 19, YAO_CHECK_COUNT, INT_MAX};

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        assert_string_equal(yao_check_name((yao_check)wrong[i]), "unknown");
        assert_string_equal(yao_check_source((yao_check)wrong[i], true), "-");
        assert_string_equal(yao_outcome_name((yao_outcome)wrong[i]),
                            "unknown");
        assert_string_equal(yao_verdict_name((yao_verdict)wrong[i]),
                            "indeterminate");
    }
}

static void gives_the_words_of_outcomes_and_verdicts(void **state)
{
    (void)state;
    assert_string_equal(yao_outcome_name(YAO_OUTCOME_PASS), "pass");
    assert_string_equal(yao_outcome_name(YAO_OUTCOME_FAIL), "fail");
    assert_string_equal(yao_outcome_name(YAO_OUTCOME_NOTE), "note");
    assert_string_equal(yao_outcome_name(YAO_OUTCOME_ABSENT), "absent");
    assert_string_equal(yao_verdict_name(YAO_VERDICT_ACCEPT), "accept");
    assert_string_equal(yao_verdict_name(YAO_VERDICT_REJECT), "reject");
    assert_string_equal(yao_verdict_name(YAO_VERDICT_INDETERMINATE),
                        "indeterminate");
}

int main(void)
{
    static size_t index[COUNT(puts_table)];

    for (size_t i = 0; i < COUNT(puts_table); i++) {
        index[i] = i;
        test_add("put", puts_table[i].name, put_case, &index[i]);
    }
    test_add("report", "never takes zeroed memory for an accept",
             never_takes_zeroed_memory_for_an_accept, NULL);
    test_add("add", "gives rows in their order until it is full",
             gives_rows_in_their_order_until_it_is_full, NULL);
    test_add("names", "gives each check one name and its sources",
             gives_each_check_one_name_and_its_sources, NULL);
    test_add("names", "gives a word for any number",
             gives_a_word_for_any_number, NULL);
    test_add("names", "gives the words of outcomes and verdicts",
             gives_the_words_of_outcomes_and_verdicts, NULL);
    return test_run("base/report");
}
