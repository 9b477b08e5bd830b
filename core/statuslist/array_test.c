/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "inflate/inflate.h"
#include "json/json.h"
#include "statuslist/statuslist.h"

/* ---- one entry ---- */

/* draft 4.1 and 4.2: the two arrays that the text itself spells out */
#define ONE_BIT  YAO_INIT("\xb9\xa3")
#define TWO_BITS YAO_INIT("\xc9\x44\xf9")

static const struct row {
    const char *name;
    yao_bytes   entries;
    uint64_t    bits, index;
    yao_status  want;
    uint8_t     value;
} rows[] = {
    {"gives the first bit from the right", ONE_BIT, 1, 0, YAO_OK, 1},
    {"gives the second bit", ONE_BIT, 1, 1, YAO_OK, 0},
    {"gives the last bit of a byte", ONE_BIT, 1, 7, YAO_OK, 1},
    {"gives the first bit of the next byte", ONE_BIT, 1, 8, YAO_OK, 1},
    {"gives the last bit of all", ONE_BIT, 1, 15, YAO_OK, 1},
    {"N122 refuses the first index behind the last", ONE_BIT, 1, 16,
     YAO_E_VALUE, 0},
    {"N122 refuses index 2^31", ONE_BIT, 1, UINT64_C(1) << 31, YAO_E_VALUE, 0},
    {"N122 refuses index 2^53 + 1", ONE_BIT, 1, (UINT64_C(1) << 53) + 1,
     YAO_E_VALUE, 0},
    {"N122 refuses the greatest index", ONE_BIT, 1, UINT64_MAX, YAO_E_VALUE,
     0},
    {"N122 refuses an index whose place would wrap around", YAO_INIT("\1"), 8,
     UINT64_C(1) << 61, YAO_E_VALUE, 0},
    {"gives the first of two bits", TWO_BITS, 2, 0, YAO_OK, 1},
    {"gives the fourth of two bits", TWO_BITS, 2, 3, YAO_OK, 3},
    {"gives the last of two bits", TWO_BITS, 2, 11, YAO_OK, 3},
    {"N122 refuses the thirteenth of twelve", TWO_BITS, 2, 12, YAO_E_VALUE, 0},
    {"gives the lower half of a byte", YAO_INIT("\x5a"), 4, 0, YAO_OK, 10},
    {"gives the upper half of a byte", YAO_INIT("\x5a"), 4, 1, YAO_OK, 5},
    {"refuses a third half", YAO_INIT("\x5a"), 4, 2, YAO_E_VALUE, 0},
    {"gives a whole byte", YAO_INIT("\x00\xff"), 8, 1, YAO_OK, 255},
    {"refuses a byte that is not there", YAO_INIT("\x00\xff"), 8, 2,
     YAO_E_VALUE, 0},
    {"refuses everything of an empty list", YAO_INIT(""), 1, 0, YAO_E_VALUE,
     0},
};

static void one_entry(void **state)
{
    const struct row *row   = *state;
    yao_status_list   list  = {0};
    uint8_t           value = 0x77;

    assert_status(yao_status_of_bytes(row->entries, row->bits, &list), YAO_OK);
    assert_status(yao_status_get(&list, row->index, &value), row->want);
    assert_int_equal(value, row->want == YAO_OK ? row->value : 0x77);
}

static const struct {
    const char *name;
    uint64_t    bits;
    yao_status  want;
} sizes[] = {
    {"accepts entries of 1 bit", 1, YAO_OK},
    {"accepts entries of 2 bits", 2, YAO_OK},
    {"accepts entries of 4 bits", 4, YAO_OK},
    {"accepts entries of 8 bits", 8, YAO_OK},
    {"N123 refuses entries of no bits", 0, YAO_E_USAGE},
    {"N123 refuses entries of 3 bits", 3, YAO_E_USAGE},
    {"N123 refuses entries of 16 bits", 16, YAO_E_USAGE},
    {"N123 refuses entries of 257 bits", 257, YAO_E_USAGE},
};

static void one_size(void **state)
{
    size_t          i    = *(const size_t *)*state;
    yao_status_list list = {0};
    uint8_t         entry[1];

    assert_status(yao_status_of_bytes(YAO_LIT("abc"), sizes[i].bits, &list),
                  sizes[i].want);
    assert_int_equal(list.count,
                     sizes[i].want == YAO_OK ? 24 / sizes[i].bits : 0);
    assert_status(yao_status_set(entry, 1, sizes[i].bits, 0, 0),
                  sizes[i].want);
}

static void longest(void **state)
{
    yao_status_list list  = {0};
    yao_bytes       bytes = {yao_arena_take(test_arena(),
                                            YAO_MAX_STATUS_LIST + 1),
                             YAO_MAX_STATUS_LIST};
    uint8_t         value = 1;

    (void)state;
    assert_non_null(bytes.ptr);
    assert_status(yao_status_of_bytes(bytes, 1, &list), YAO_OK);
    assert_status(yao_status_get(&list, UINT64_C(33554431), &value), YAO_OK);
    assert_int_equal(value, 0);
    assert_status(yao_status_get(&list, UINT64_C(33554432), &value),
                  YAO_E_VALUE);
    bytes.len++;
    assert_status(yao_status_of_bytes(bytes, 1, &list), YAO_E_LIMIT);
}

/* ---- setting ---- */

/* V is set at AT over bytes that are all BEFORE: it is there, and its
 * neighbours are as they were. */
static void one_place(uint64_t bits, uint8_t before, uint64_t at, uint8_t v)
{
    uint8_t         entries[3] = {before, before, before}, value = 0;
    yao_status_list list = {0};
    unsigned        mask = (1u << bits) - 1;

    assert_status(yao_status_set(entries, 3, bits, at, v), YAO_OK);
    assert_status(yao_status_of_bytes((yao_bytes){entries, 3}, bits, &list),
                  YAO_OK);
    for (uint64_t i = 0; i < list.count; i++) {
        unsigned was = (unsigned)before >> (i * bits % 8) & mask;

        assert_status(yao_status_get(&list, i, &value), YAO_OK);
        assert_int_equal(value, i == at ? v : was);
    }
}

static void every_place(void **state)
{
    (void)state;
    for (uint64_t bits = 1; bits <= 8; bits *= 2)
        for (unsigned before = 0; before < 256; before += 51)
            for (unsigned v = 0; v < 1u << bits; v++)
                for (uint64_t at = 0; at < 24 / bits; at++)
                    one_place(bits, (uint8_t)before, at, (uint8_t)v);
}

static void set_refuses(void **state)
{
    uint8_t entries[3] = {1, 2, 3};

    (void)state;
    assert_status(yao_status_set(entries, 2, 1, 16, 1), YAO_E_VALUE);
    assert_status(yao_status_set(entries, 2, 2, 8, 1), YAO_E_VALUE);
    assert_status(yao_status_set(entries, 2, 8, 2, 1), YAO_E_VALUE);
    assert_status(yao_status_set(entries, 2, 1, UINT64_MAX, 1), YAO_E_VALUE);
    assert_status(yao_status_set(entries, 0, 1, 0, 1), YAO_E_VALUE);
    assert_status(yao_status_set(entries, 2, 1, 0, 2), YAO_E_USAGE);
    assert_status(yao_status_set(entries, 2, 2, 0, 4), YAO_E_USAGE);
    assert_status(yao_status_set(entries, 2, 4, 0, 16), YAO_E_USAGE);
    assert_memory_equal(entries, "\1\2\3", 3);
}

static void states(void **state)
{
    (void)state;
    for (unsigned v = 0; v < 256; v++)
        assert_int_equal(yao_status_state_of((uint8_t)v),
                         v == 0   ? YAO_STATE_VALID
                         : v == 1 ? YAO_STATE_INVALID
                         : v == 2 ? YAO_STATE_SUSPENDED
                                  : YAO_STATE_OTHER);
    assert_string_equal(yao_status_state_name(YAO_STATE_UNKNOWN), "unknown");
    assert_string_equal(yao_status_state_name(YAO_STATE_NONE), "none");
    assert_string_equal(yao_status_state_name(YAO_STATE_VALID), "valid");
    assert_string_equal(yao_status_state_name(YAO_STATE_INVALID), "revoked");
    assert_string_equal(yao_status_state_name(YAO_STATE_SUSPENDED),
                        "suspended");
    assert_string_equal(yao_status_state_name(YAO_STATE_OTHER), "other");
    assert_string_equal(yao_status_state_name((yao_status_state)99),
                        "unknown");
}

/* ---- the draft's test vectors: every index of every list ---- */

/* Every entry that the draft names, which are those that are not 0 and one or
 * two that are; gives how many are not. */
static size_t check_named(const yao_json *status, const yao_status_list *list)
{
    size_t count = 0;

    for (const yao_json *m = status->first; m != NULL; m = m->next) {
        uint64_t index = 0;
        int64_t  want  = 0;
        uint8_t  value = 0;

        for (size_t i = 0; i < m->name.len; i++)
            index = index * 10 + (uint64_t)(m->name.ptr[i] - '0');
        assert_status(yao_json_int(m, &want), YAO_OK);
        assert_status(yao_status_get(list, index, &value), YAO_OK);
        assert_int_equal(value, want);
        count += want != 0;
    }
    return count;
}

static yao_bytes unpacked(const yao_json *vector)
{
    const yao_json  *lst = yao_json_get(yao_json_get(vector, "json"), "lst");
    yao_writer       w   = yao_writer_in(test_arena());
    yao_inflate_wish wish = {.max = YAO_MAX_STATUS_LIST};
    yao_bytes        entries;

    assert_non_null(lst);
    assert_status(yao_get_base64url(yao_text_bytes(lst->raw), &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &wish.input), YAO_OK);
    assert_status(yao_inflate(&wish, test_arena(), &entries), YAO_OK);
    return entries;
}

static void one_vector(const yao_json *vector)
{
    const yao_json *status  = yao_json_get(vector, "status");
    yao_bytes       entries = unpacked(vector);
    uint8_t        *built   = yao_arena_take(test_arena(), entries.len);
    int64_t         bits = 0, size = 0;
    yao_status_list list = {0};
    size_t          named = 0;

    assert_non_null(built);
    assert_status(yao_json_int(yao_json_get(vector, "bits"), &bits), YAO_OK);
    assert_status(yao_json_int(yao_json_get(vector, "size"), &size), YAO_OK);
    assert_status(yao_status_of_bytes(entries, (uint64_t)bits, &list), YAO_OK);
    assert_int_equal(list.count, size);
    for (uint64_t i = 0; i < list.count; i++) {
        uint8_t value;

        assert_status(yao_status_get(&list, i, &value), YAO_OK);
        if (value == 0)
            continue;
        assert_status(yao_status_set(built, entries.len, (uint64_t)bits, i,
                                     value),
                      YAO_OK);
        named++;
    }
    assert_int_equal(named, check_named(status, &list));
    assert_bytes(((yao_bytes){built, entries.len}), entries);
}

static void vectors(void **state)
{
    yao_bytes file =
        test_vector("token-status-list/status_list_test_vectors.json");
    const yao_json *root;

    (void)state;
    if (!test_have_vectors())
        skip();
    assert_status(yao_json_parse(test_arena(), file, &root), YAO_OK);
    assert_int_equal(root->count, 4);
    for (const yao_json *v = root->first; v != NULL; v = v->next)
        one_vector(v);
}

int main(void)
{
    static size_t numbers[COUNT(sizes)];

    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("get", rows[i].name, one_entry, &rows[i]);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        numbers[i] = i;
        test_add("bits", sizes[i].name, one_size, &numbers[i]);
    }
    test_add("bits", "refuses a list above YAO_MAX_STATUS_LIST", longest,
             NULL);
    test_add("set", "gives every value at every place", every_place, NULL);
    test_add("set", "refuses places and values that do not exist", set_refuses,
             NULL);
    test_add("state", "gives each value its meaning", states, NULL);
    test_add("vectors", "N124 gives every index of the draft's lists", vectors,
             NULL);
    return test_run("statuslist/array");
}
