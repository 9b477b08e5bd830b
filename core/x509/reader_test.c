/* SPDX-License-Identifier: Apache-2.0 */
#include "x509/reader.h"

#include "check.h"

static const struct {
    const char *name;
    const char *uri; /* of the one name, with its first letter changed to the
                        tag of what it is */
    uint8_t     tag;
    const char *profile;
    bool        want;
} rows[] = {
    {"accepts the only profile", "urn:yaopai:profiles:hotel", 0x86, "hotel",
     true},
    {"accepts the first", "urn:yaopai:profiles:hotel,age", 0x86, "hotel",
     true},
    {"accepts the last", "urn:yaopai:profiles:hotel,age", 0x86, "age", true},
    {"refuses another", "urn:yaopai:profiles:hotel,age", 0x86, "road_check",
     false},
    {"refuses the beginning of one", "urn:yaopai:profiles:hotel", 0x86, "hot",
     false},
    {"refuses one with more behind it", "urn:yaopai:profiles:hot", 0x86,
     "hotel", false},
    {"refuses two as one", "urn:yaopai:profiles:hotel,age", 0x86, "hotel,age",
     false},
    {"refuses when none is listed", "urn:yaopai:profiles:", 0x86, "hotel",
     false},
    {"refuses another name space", "urn:yaopai:profile:hotel", 0x86, "hotel",
     false},
    {"refuses a host that is called so", "urn:yaopai:profiles:hotel", 0x82,
     "hotel", false},
};

static void row(void **state)
{
    size_t          i = *(const size_t *)*state;
    uint8_t         san[128];
    yao_certificate certificate = {.ca = false};
    size_t          len         = strlen(rows[i].uri);

    san[0] = 0x30;
    san[1] = (uint8_t)(len + 2);
    san[2] = rows[i].tag;
    san[3] = (uint8_t)len;
    memcpy(san + 4, rows[i].uri, len);
    certificate.san = (yao_bytes){san, len + 4};
    assert_int_equal(
        yao_reader_allows(&certificate, yao_text_of(rows[i].profile)),
        rows[i].want);
    certificate.san = (yao_bytes){san + 2, len + 2};
    assert_int_equal(
        yao_reader_allows(&certificate, yao_text_of(rows[i].profile)),
        rows[i].want);
    for (size_t cut = 0; cut < len + 4; cut++) {
        certificate.san = (yao_bytes){san, cut};
        assert_false(
            yao_reader_allows(&certificate, yao_text_of(rows[i].profile)));
    }
}

static void writes(void **state)
{
    static const yao_text names[] = {{(const uint8_t *)"hotel", 5},
                                     {(const uint8_t *)"age", 3}};
    uint8_t    buffer[64];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);
    yao_bytes  got;

    (void)state;
    yao_reader_put_profiles(&w, names, COUNT(names));
    assert_status(yao_writer_close(&w, &got), YAO_OK);
    assert_bytes(got, YAO_LIT("urn:yaopai:profiles:hotel,age"));
}

/* ---- several names ------------------------------------------------------ */

static const struct named {
    const char *name, *san, *profile;
    bool        want;
} nameds[] = {
    {"accepts it after other names",
     "\x82\x01x\x86\x01x\x86\x19urn:yaopai:profiles:hotel", "hotel", true},
    {"accepts it in a second list",
     "\x86\x17urn:yaopai:profiles:age\x86\x19urn:yaopai:profiles:hotel",
     "hotel", true},
    {"refuses no names", "", "hotel", false},
    {"refuses names that are cut", "\x86\x1aurn:yaopai:profiles:hotel",
     "hotel", false},
    {"refuses the empty name in no list", "\x86\x14urn:yaopai:profiles:", "",
     false},
};

static void names(void **state)
{
    const struct named *r = *state;
    yao_certificate     c = {.san = yao_text_bytes(yao_text_of(r->san))};

    assert_int_equal(yao_reader_allows(&c, yao_text_of(r->profile)), r->want);
}

/* ---- officers ----------------------------------------------------------- */

#define SEVEN "\x86\x1curn:yaopai:officer:7K2Q-0417"

static const struct officer {
    const char *name, *san;
    yao_time    life;
    const char *want; /* NULL: none */
} officers[] = {
    {"accepts a number", SEVEN, 8 * 3600, "7K2Q-0417"},
    {"accepts it behind the profiles",
     "\x86\x1aurn:yaopai:profiles:police" SEVEN, 60, "7K2Q-0417"},
    {"accepts what clocks differ by", SEVEN, YAO_OFFICER_LIFE, "7K2Q-0417"},
    {"refuses a longer life", SEVEN, YAO_OFFICER_LIFE + 1, NULL},
    {"refuses two numbers", SEVEN SEVEN, 3600, NULL},
    {"refuses an empty number", "\x86\x13urn:yaopai:officer:", 3600, NULL},
    {"refuses a number with a blank", "\x86\x16urn:yaopai:officer:7 K", 3600,
     NULL},
    {"refuses a number that is too long",
     "\x86\x2curn:yaopai:officer:1234567890123456789012345", 3600, NULL},
    {"refuses another kind of name",
     "\x82\x1curn:yaopai:officer:7K2Q-0417", 3600, NULL},
    {"refuses a party's own certificate",
     "\x86\x1aurn:yaopai:profiles:police", 3600, NULL},
    {"refuses names that are cut", SEVEN "\x86\x09x", 3600, NULL},
};

static void officer(void **state)
{
    const struct officer *r = *state;
    yao_text              number = YAO_TEXT("-");
    yao_certificate       c      = {.san = yao_text_bytes(yao_text_of(r->san)),
                                    .not_before = 1000,
                                    .not_after  = 1000 + r->life};

    assert_int_equal(yao_reader_is_officer(&c, &number), r->want != NULL);
    assert_int_equal(yao_reader_is_officer(&c, NULL), r->want != NULL);
    assert_true(yao_text_equal(
        number, yao_text_of(r->want != NULL ? r->want : "-")));
}

static void gives_what_is_read(void **state)
{
    uint8_t         san[64] = {0x86, 0};
    yao_writer      w       = yao_writer_open(san + 2, sizeof san - 2);
    yao_certificate c       = {.not_after = 60};
    yao_text        number;

    (void)state;
    yao_reader_put_officer(&w, YAO_TEXT("A-1"));
    san[1] = (uint8_t)w.len;
    c.san  = (yao_bytes){san, w.len + 2};
    assert_true(yao_reader_is_officer(&c, &number));
    assert_true(yao_text_equal(number, YAO_TEXT("A-1")));
}

int main(void)
{
    static size_t numbers[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++) {
        numbers[i] = i;
        test_add("reader", rows[i].name, row, &numbers[i]);
    }
    test_add("reader", "gives the list that is read back", writes, NULL);
    for (size_t i = 0; i < COUNT(nameds); i++)
        test_add("allows", nameds[i].name, names, &nameds[i]);
    for (size_t i = 0; i < COUNT(officers); i++)
        test_add("is_officer", officers[i].name, officer, &officers[i]);
    test_add("put_officer", "gives what is read", gives_what_is_read, NULL);
    return test_run("x509/reader");
}
