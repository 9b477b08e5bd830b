/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include "cbor/cbor.h"

/* ---- heads: RFC 8949 appendix A, and both sides of each length ---- */

static const struct number {
    const char *name;
    uint64_t    value;
    const char *hex; /* behind the three bits of the major type */
} numbers[] = {
    {"gives 0 in one byte", 0, "00"},
    {"gives 23 in one byte", 23, "17"},
    {"gives 24 in two", 24, "1818"},
    {"gives 255 in two", 255, "18ff"},
    {"gives 256 in three", 256, "190100"},
    {"gives 65535 in three", 65535, "19ffff"},
    {"gives 65536 in five", 65536, "1a00010000"},
    {"gives 2^32 - 1 in five", UINT32_MAX, "1affffffff"},
    {"gives 2^32 in nine", (uint64_t)UINT32_MAX + 1, "1b0000000100000000"},
    {"gives 2^63 - 1 in nine", INT64_MAX, "1b7fffffffffffffff"},
    {"gives 2^64 - 1 in nine", UINT64_MAX, "1bffffffffffffffff"},
};

static void expect(const yao_writer *w, const char *hex, unsigned major)
{
    yao_bytes got, want = test_unhex(hex);
    uint8_t   head[9];

    assert_status(yao_writer_close(w, &got), YAO_OK);
    memcpy(head, want.ptr, want.len);
    head[0] = (uint8_t)(head[0] | major << 5);
    assert_bytes(got, ((yao_bytes){head, want.len}));
}

static void number(void **state)
{
    const struct number *row = *state;
    void (*const heads[7])(yao_writer *, uint64_t) = {
        [0] = yao_cbor_put_uint,  [2] = yao_cbor_put_bytes_head,
        [4] = yao_cbor_put_array, [5] = yao_cbor_put_map,
        [6] = yao_cbor_put_tag};
    uint8_t room[16];

    for (unsigned major = 0; major < COUNT(heads); major++) {
        yao_writer w = yao_writer_open(room, sizeof room);

        if (heads[major] == NULL)
            continue;
        heads[major](&w, row->value);
        expect(&w, row->hex, major);
    }
    if (row->value > INT64_MAX)
        return;

    yao_writer w = yao_writer_open(room, sizeof room);
    yao_cbor_put_int(&w, (int64_t)row->value);
    expect(&w, row->hex, 0);
    w = yao_writer_open(room, sizeof room);
    yao_cbor_put_int(&w, -1 - (int64_t)row->value);
    expect(&w, row->hex, 1);
}

/* ---- everything else ---- */

static void put_bytes(yao_writer *w)
{
    yao_cbor_put_bytes(w, YAO_LIT("\1\2\3\4"));
    yao_cbor_put_bytes(w, YAO_LIT(""));
}

static void put_text(yao_writer *w)
{
    yao_cbor_put_text(w, YAO_TEXT("\xe6\xb0\xb4"));
    yao_cbor_put_string(w, "IETF");
    yao_cbor_put_string(w, "");
}

static void put_simple(yao_writer *w)
{
    yao_cbor_put_bool(w, false);
    yao_cbor_put_bool(w, true);
    yao_cbor_put_null(w);
}

static void put_dates(yao_writer *w)
{
    yao_cbor_put_tdate(w, 1363896240);
    yao_cbor_put_full_date(w, (yao_date){2024, 2, 29});
}

static void put_last_second(yao_writer *w)
{
    yao_cbor_put_tdate(w, YAO_TIME_MAX);
}

static void put_early(yao_writer *w)
{
    yao_cbor_put_tdate(w, -1);
}

static void put_never(yao_writer *w)
{
    yao_cbor_put_tdate(w, YAO_TIME_NONE);
}

static void put_late(yao_writer *w)
{
    yao_cbor_put_tdate(w, YAO_TIME_MAX + 1);
}

static void put_no_day(yao_writer *w)
{
    yao_cbor_put_full_date(w, (yao_date){2023, 2, 29});
}

static void put_zero_day(yao_writer *w)
{
    yao_cbor_put_full_date(w, (yao_date){0});
}

static void put_raw(yao_writer *w)
{
    yao_cbor_put_array(w, 1);
    yao_cbor_put_raw(w, YAO_LIT("\xa0"));
}

static void put_wrapped(yao_writer *w)
{
    size_t outer = yao_cbor_begin_bytes(w);
    size_t inner = yao_cbor_begin_wrapped(w);

    yao_cbor_put_array(w, 30);
    for (unsigned i = 0; i < 30; i++)
        yao_cbor_put_uint(w, 0);
    yao_cbor_end_bytes(w, inner);
    yao_cbor_end_bytes(w, outer);
}

static void put_wrapped_nothing(yao_writer *w)
{
    yao_cbor_end_bytes(w, yao_cbor_begin_wrapped(w));
}

static void put_wrong_mark(yao_writer *w)
{
    yao_cbor_put_null(w);
    yao_cbor_end_bytes(w, 2);
}

static const struct put {
    const char *name;
    void (*put)(yao_writer *w);
    yao_status  want;
    const char *hex;
} puts_[] = {
    {"gives bstr", put_bytes, YAO_OK, "4401020304 40"},
    {"gives text", put_text, YAO_OK, "63e6b0b4 6449455446 60"},
    {"gives false, true and null", put_simple, YAO_OK, "f4f5f6"},
    {"gives dates", put_dates, YAO_OK,
     "c074323031332d30332d32315432303a30343a30305a"
     "d903ec6a323032342d30322d3239"},
    {"gives the last second there is", put_last_second, YAO_OK,
     "c074393939392d31322d33315432333a35393a35395a"},
    {"refuses a time before 1970", put_early, YAO_E_USAGE, ""},
    {"refuses a time that is none", put_never, YAO_E_USAGE, ""},
    {"refuses a time after the year 9999", put_late, YAO_E_USAGE, ""},
    {"refuses a day that is none", put_no_day, YAO_E_USAGE, ""},
    {"refuses a day that nobody filled in", put_zero_day, YAO_E_USAGE, ""},
    {"gives what is CBOR already", put_raw, YAO_OK, "81a0"},
    {"gives a bstr around a wrapped item", put_wrapped, YAO_OK,
     "5824 d8185820 981e 000000000000000000000000000000000000000000000000000000"
     "000000"},
    {"gives a wrapped nothing", put_wrapped_nothing, YAO_OK, "d81840"},
    {"refuses a mark that is none", put_wrong_mark, YAO_E_USAGE, ""},
};

static void put(void **state)
{
    const struct put *row = *state;
    uint8_t           room[128];
    yao_writer        w    = yao_writer_open(room, sizeof room);
    yao_bytes         want = test_unhex(row->hex), got;

    row->put(&w);
    assert_status(yao_writer_close(&w, &got), row->want);
    if (row->want == YAO_OK)
        assert_bytes(got, want);
}

static yao_status write_row(yao_writer *w, void *context)
{
    const struct put *row = context;

    row->put(w);
    return w->status;
}

static void every_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(puts_); i++) {
        struct put row = puts_[i];

        if (row.want == YAO_OK)
            test_every_room(write_row, &row);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(numbers); i++)
        test_add("head", numbers[i].name, number, &numbers[i]);
    for (size_t i = 0; i < COUNT(puts_); i++)
        test_add("put", puts_[i].name, put, &puts_[i]);
    test_add("sweep", "refuses every room that is too small", every_room, NULL);
    return test_run("cbor/write");
}
