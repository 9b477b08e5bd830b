/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reader.h"

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

int main(void)
{
    static size_t numbers[COUNT(rows)];

    for (size_t i = 0; i < COUNT(rows); i++) {
        numbers[i] = i;
        test_add("reader", rows[i].name, row, &numbers[i]);
    }
    test_add("reader", "gives the list that is read back", writes, NULL);
    return test_run("app/reader");
}
