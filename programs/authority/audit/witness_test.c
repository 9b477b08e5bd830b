/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/witness.h"

#include "check.h"

#define R "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
#define TOP "yaopai-witness-1\nlog.example/log\n"

static const struct {
    const char *name, *text;
    yao_status  want;
    size_t      count;
} files[] = {
    {"accepts one that has seen nothing", TOP, YAO_OK, 0},
    {"accepts heads that rise", TOP "0 " R "\n7 " R "\n", YAO_OK, 2},
    {"accepts the largest size", TOP "9223372036854775807 " R "\n", YAO_OK, 1},
    {"refuses nothing", "", YAO_E_MALFORMED, 0},
    {"refuses another first line", "yaopai-witness-2\na\n", YAO_E_MALFORMED, 0},
    {"refuses no origin", "yaopai-witness-1\n\n", YAO_E_MALFORMED, 0},
    {"refuses an origin without its end", "yaopai-witness-1\nlog",
     YAO_E_MALFORMED, 0},
    {"refuses an origin that is no UTF-8", "yaopai-witness-1\n\xff\n",
     YAO_E_UTF8, 0},
    {"refuses the same size twice", TOP "7 " R "\n7 " R "\n", YAO_E_MALFORMED,
     0},
    {"refuses sizes that fall", TOP "8 " R "\n7 " R "\n", YAO_E_MALFORMED, 0},
    {"refuses a zero in front", TOP "07 " R "\n", YAO_E_MALFORMED, 0},
    {"refuses a sign", TOP "-7 " R "\n", YAO_E_MALFORMED, 0},
    {"refuses no size", TOP " " R "\n", YAO_E_MALFORMED, 0},
    {"refuses N280: a size that no log has", TOP "9223372036854775808 " R "\n",
     YAO_E_LIMIT, 0},
    {"refuses N280: a size of twenty digits",
     TOP "10000000000000000000 " R "\n", YAO_E_LIMIT, 0},
    {"refuses no root", TOP "7\n", YAO_E_MALFORMED, 0},
    {"refuses N280: a root of 31 bytes",
     TOP "7 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\n", YAO_E_MALFORMED,
     0},
    {"refuses a root of 33 bytes",
     TOP "7 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", YAO_E_MALFORMED,
     0},
    {"refuses a root in another spelling",
     TOP "7 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n", YAO_E_BASE64, 0},
    {"refuses two blanks", TOP "7  " R "\n", YAO_E_BASE64, 0},
    {"refuses a line without its end", TOP "7 " R, YAO_E_MALFORMED, 0},
    {"refuses an empty line", TOP "\n", YAO_E_MALFORMED, 0},
};

static void file_case(void **state)
{
    size_t        i = *(const size_t *)*state;
    yao_bytes     input = yao_text_bytes(yao_text_of(files[i].text));
    audit_witness w     = {.count = 42};
    uint8_t       room[512];

    assert_status(audit_witness_read(test_arena(), input, &w), files[i].want);
    if (files[i].want != YAO_OK) {
        assert_int_equal(w.count, 42);
        return;
    }
    assert_int_equal(w.count, files[i].count);
    yao_writer out = yao_writer_open(room, sizeof room);
    audit_witness_put(&out, &w);
    assert_bytes(((yao_bytes){room, out.len}), input);
}

static void remembers_the_newest(void **state)
{
    audit_witness w, again;
    yao_tlog_head head = {.size = 0};

    (void)state;
    assert_status(audit_witness_new(test_arena(), YAO_TEXT("a"), &w), YAO_OK);
    for (uint64_t i = 1; i <= AUDIT_MAX_HEADS + 5; i++) {
        head.size = i;
        audit_witness_add(&w, &head);
        audit_witness_add(&w, &head); /* not twice */
    }
    assert_int_equal(w.count, AUDIT_MAX_HEADS);
    assert_int_equal(w.heads[0].size, 6);
    assert_int_equal(w.heads[w.count - 1].size, AUDIT_MAX_HEADS + 5);
    head.size = 3;
    audit_witness_add(&w, &head); /* what is smaller is no news */
    assert_int_equal(w.heads[w.count - 1].size, AUDIT_MAX_HEADS + 5);

    yao_writer out = yao_writer_in(test_arena());
    yao_bytes  text;
    audit_witness_put(&out, &w);
    assert_status(yao_writer_keep(&out, test_arena(), &text), YAO_OK);
    assert_status(audit_witness_read(test_arena(), text, &again), YAO_OK);
    assert_int_equal(again.count, AUDIT_MAX_HEADS);
}

static void refuses_too_many(void **state)
{
    yao_writer    w = yao_writer_in(test_arena());
    yao_bytes     text;
    audit_witness read;

    (void)state;
    yao_put_text(&w, TOP);
    for (int64_t i = 0; i <= AUDIT_MAX_HEADS; i++) {
        yao_put_decimal(&w, i);
        yao_put_text(&w, " " R "\n");
    }
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_status(audit_witness_read(test_arena(), text, &read), YAO_E_LIMIT);
    static uint8_t long_one[AUDIT_MAX_WITNESS + 1];
    assert_status(audit_witness_read(test_arena(),
                                     (yao_bytes){long_one, sizeof long_one},
                                     &read),
                  YAO_E_LIMIT);
    yao_arena small = {long_one, 64, 0};
    assert_status(audit_witness_read(&small, YAO_LIT(TOP), &read),
                  YAO_E_SPACE);
}

int main(void)
{
    static size_t numbers[COUNT(files)];

    for (size_t i = 0; i < COUNT(files); i++) {
        numbers[i] = i;
        test_add("witness", files[i].name, file_case, &numbers[i]);
    }
    test_add("witness", "gives the newest heads", remembers_the_newest, NULL);
    test_add("witness", "refuses too much", refuses_too_many, NULL);
    return test_run("audit/witness");
}
