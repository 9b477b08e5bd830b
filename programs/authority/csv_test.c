/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/csv.h"

#include "check.h"

#include <stdio.h>

static FILE *open_text(const char *text, size_t len)
{
    FILE *in = tmpfile();

    assert_non_null(in);
    assert_int_equal(fwrite(text, 1, len, in), len);
    rewind(in);
    return in;
}

/* The first row after the head as JSON. */
static yao_status convert(const char *text, size_t len, yao_bytes *ret)
{
    static csv_row head, row;
    FILE          *in     = open_text(text, len);
    csv_reader     r      = csv_open(in);
    yao_status     status = csv_read_head(&r, test_arena(), &head);

    if (status == YAO_OK)
        status = csv_read_row(&r, test_arena(), &row);
    if (status == YAO_OK) {
        uint8_t   *buffer = yao_arena_take(test_arena(), 65536);
        yao_writer w      = yao_writer_open(buffer, 65536);
        status            = csv_put_record(&w, &head, &row);
        if (status == YAO_OK)
            status = yao_writer_close(&w, ret);
    }
    fclose(in);
    return status;
}

#define T(s) s, sizeof(s) - 1

static const struct {
    const char *name;
    const char *text;
    size_t      len;
    yao_status  want;
    const char *json;
} rows[] = {
    {"accepts a field", T("a\nx\n"), YAO_OK, "{\"a\":\"x\"}"},
    {"accepts no end of the last line", T("a\nx"), YAO_OK, "{\"a\":\"x\"}"},
    {"accepts CRLF", T("a,b\r\nx,y\r\n"), YAO_OK, "{\"a\":\"x\",\"b\":\"y\"}"},
    {"accepts a byte order mark",
     T("\xef\xbb\xbf"
       "a\nx\n"),
     YAO_OK, "{\"a\":\"x\"}"},
    {"accepts empty lines between", T("\n\na\n\r\n\nx\n"), YAO_OK,
     "{\"a\":\"x\"}"},
    {"accepts quotes", T("a,b\n\"x,\"\"y\"\"\",z\n"), YAO_OK,
     "{\"a\":\"x,\\\"y\\\"\",\"b\":\"z\"}"},
    {"accepts a line break in quotes", T("a\n\"x\r\ny\"\n"), YAO_OK,
     "{\"a\":\"x\\r\\ny\"}"},
    {"accepts a lone CR as a letter", T("a\nx\ry\n"), YAO_OK,
     "{\"a\":\"x\\ry\"}"},
    {"accepts an empty quoted field", T("a,b\n\"\",y\n"), YAO_OK,
     "{\"b\":\"y\"}"},
    {"gives no member for an empty field", T("a,b\n,y\n"), YAO_OK,
     "{\"b\":\"y\"}"},
    {"gives a number", T("sex,vehicles.0.seats\n1,5\n"), YAO_OK,
     "{\"sex\":1,\"vehicles\":[{\"seats\":5}]}"},
    {"gives text for what is no number", T("sex\n01\n"), YAO_OK,
     "{\"sex\":\"01\"}"},
    {"gives text for codes", T("ethnicity\n01\n"), YAO_OK,
     "{\"ethnicity\":\"01\"}"},
    {"gives a truth", T("identity_card.long_term\ntrue\n"), YAO_OK,
     "{\"identity_card\":{\"long_term\":true}}"},
    {"gives text for what is no truth", T("identity_card.long_term\nyes\n"),
     YAO_OK, "{\"identity_card\":{\"long_term\":\"yes\"}}"},
    {"gives an object of columns apart", T("a.x,b,a.y\n1,2,3\n"), YAO_OK,
     "{\"a\":{\"x\":\"1\",\"y\":\"3\"},\"b\":\"2\"}"},
    {"gives items in order", T("v.1.p,v.0.p\nB,A\n"), YAO_OK,
     "{\"v\":[{\"p\":\"A\"},{\"p\":\"B\"}]}"},
    {"gives only the items that are there", T("v.0.p,v.1.p\nA,\n"), YAO_OK,
     "{\"v\":[{\"p\":\"A\"}]}"},
    {"gives no array at all", T("a,v.0.p,v.1.p\nx,,\n"), YAO_OK,
     "{\"a\":\"x\"}"},
    {"refuses a gap in an array", T("v.0.p,v.1.p\n,B\n"), YAO_E_VALUE, NULL},
    {"refuses too few fields", T("a,b\nx\n"), YAO_E_MISMATCH, NULL},
    {"refuses too many fields", T("a\nx,y\n"), YAO_E_MISMATCH, NULL},
    {"refuses a quote inside", T("a\nx\"y\n"), YAO_E_MALFORMED, NULL},
    {"refuses letters after a quote", T("a\n\"x\"y\n"), YAO_E_MALFORMED, NULL},
    {"refuses an open quote", T("a\n\"x\n"), YAO_E_MALFORMED, NULL},
    {"refuses what is not UTF-8", T("a\n\xff\n"), YAO_E_UTF8, NULL},
    {"refuses a letter cut in two", T("a,b\n\xe6\x9d,\x8e\n"), YAO_E_UTF8,
     NULL},
    {"refuses a name twice", T("a,a\nx,y\n"), YAO_E_DUPLICATE, NULL},
    {"refuses a field that is an object too", T("a,a.b\nx,y\n"), YAO_E_VALUE,
     NULL},
    {"refuses an empty name", T("a,\nx,y\n"), YAO_E_VALUE, NULL},
    {"refuses an empty step", T("a..b\nx\n"), YAO_E_VALUE, NULL},
    {"refuses five steps", T("a.b.c.d.e\nx\n"), YAO_E_VALUE, NULL},
    {"refuses no file", T(""), YAO_E_NOT_FOUND, NULL},
    {"refuses a head without rows", T("a\n"), YAO_E_NOT_FOUND, NULL},
};

static void shape(void **state)
{
    size_t    row = (size_t)*state;
    yao_bytes out = {NULL, 0};

    assert_status(convert(rows[row].text, rows[row].len, &out), rows[row].want);
    if (rows[row].json != NULL)
        assert_bytes(out, yao_text_bytes(yao_text_of(rows[row].json)));
    else
        assert_null(out.ptr);
}

/* A row that is refused doesn't take the next one with it. */
static void gives_next_row(void **state)
{
    static csv_row row;
    const char     text[] = "a\n\"x\"y\nz\nq\"q\n\"m\nn\"\nlast\n";
    FILE          *in     = open_text(text, sizeof text - 1);
    csv_reader     r      = csv_open(in);

    (void)state;
    assert_status(csv_read_head(&r, test_arena(), &row), YAO_OK);
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_E_MALFORMED);
    assert_int_equal(row.line, 2);
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_OK);
    assert_int_equal(row.line, 3);
    assert_true(yao_text_equal(row.fields[0], YAO_TEXT("z")));
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_E_MALFORMED);
    assert_int_equal(row.line, 4);
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_OK);
    assert_int_equal(row.line, 5);
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_OK);
    assert_int_equal(row.line, 7);
    assert_true(yao_text_equal(row.fields[0], YAO_TEXT("last")));
    assert_status(csv_read_row(&r, test_arena(), &row), YAO_E_NOT_FOUND);
    fclose(in);
}

static void refuse_limits(void **state)
{
    size_t    len  = 4 + CSV_MAX_ROW;
    char     *text = calloc(1, len + 8);
    yao_bytes out;

    (void)state;
    memcpy(text, "a\n", 2);
    memset(text + 2, 'x', CSV_MAX_ROW);
    assert_status(convert(text, CSV_MAX_ROW + 2, &out), YAO_OK);
    text[CSV_MAX_ROW + 2] = 'x';
    assert_status(convert(text, CSV_MAX_ROW + 3, &out), YAO_E_LIMIT);

    memset(text, ',', 2 * CSV_MAX_FIELDS);
    assert_status(convert(text, CSV_MAX_FIELDS, &out), YAO_E_LIMIT);
    free(text);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("csv", rows[i].name, shape, (const void *)i);
    test_add("csv", "gives the row after one that is refused", gives_next_row,
             NULL);
    test_add("csv", "refuses a row and a head that are too long", refuse_limits,
             NULL);
    return test_run("authority/csv");
}
