/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept to make a document again. */

#include "authority/vci/recipe.h"

#include "check.h"

static vci_recipe example(size_t count)
{
    vci_recipe r = {.now           = 1234567890,
                    .list          = 3,
                    .configuration = YAO_TEXT("resident_id_sdjwt"),
                    .level         = 3,
                    .count         = count};

    memset(r.issuance, 1, sizeof r.issuance);
    memset(r.number, 'X', sizeof r.number);
    memset(r.seed, 2, sizeof r.seed);
    memset(r.person, 3, sizeof r.person);
    for (size_t i = 0; i < count && i < YAO_MAX_BATCH; i++) {
        r.keys[i] =
            (yao_public_key){.curve = YAO_P256, .point = {4}, .len = 65};
        r.indexes[i]        = (int64_t)(1000 + i);
        r.signatures[i].len = 64;
        memset(r.signatures[i].bytes, (int)i, 64);
    }
    return r;
}

static yao_bytes written(const vci_recipe *r)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  bytes;

    vci_recipe_write(&w, r);
    assert_status(yao_writer_keep(&w, test_arena(), &bytes), YAO_OK);
    return bytes;
}

static void gives_back(void **state)
{
    static const size_t counts[] = {1, 2, YAO_MAX_BATCH};

    (void)state;
    for (size_t n = 0; n < COUNT(counts); n++) {
        const vci_recipe r = example(counts[n]);
        vci_recipe       got;
        assert_status(vci_recipe_read(written(&r), &got), YAO_OK);
        assert_int_equal(got.now, r.now);
        assert_int_equal(got.list, r.list);
        assert_int_equal(got.level, r.level);
        assert_int_equal(got.count, r.count);
        assert_true(yao_text_equal(got.configuration, r.configuration));
        assert_memory_equal(got.issuance, r.issuance, sizeof r.issuance);
        assert_memory_equal(got.number, r.number, sizeof r.number);
        assert_memory_equal(got.seed, r.seed, sizeof r.seed);
        assert_memory_equal(got.person, r.person, sizeof r.person);
        for (size_t i = 0; i < r.count; i++) {
            assert_true(yao_public_key_equal(&got.keys[i], &r.keys[i]));
            assert_int_equal(got.indexes[i], r.indexes[i]);
            assert_int_equal(got.signatures[i].len, 64);
            assert_memory_equal(got.signatures[i].bytes, r.signatures[i].bytes,
                                64);
        }
    }
}

/* A page of a database has room for several. */
static void gives_few_bytes(void **state)
{
    const vci_recipe r = example(1);

    (void)state;
    assert_true(written(&r).len < 400);
}

static void refuses_prefixes(void **state)
{
    const vci_recipe r     = example(2);
    const yao_bytes  whole = written(&r);
    vci_recipe       got;

    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_true(vci_recipe_read((yao_bytes){whole.ptr, len}, &got) !=
                    YAO_OK);
}

static void no_copies(vci_recipe *r)
{
    r->count = 0;
}

static void no_key(vci_recipe *r)
{
    r->keys[0].len = 0;
}

static void long_key(vci_recipe *r)
{
    r->keys[0].len = 97;
}

static void other_curve(vci_recipe *r)
{
    r->keys[0].curve = (yao_curve)99;
}

static void no_signature(vci_recipe *r)
{
    r->signatures[0].len = 0;
}

static void negative_index(vci_recipe *r)
{
    r->indexes[0] = -1;
}

static const struct {
    const char *name;
    void (*turn)(vci_recipe *r);
} broken[] = {
    {"refuses a recipe of no copies", no_copies},
    {"refuses a recipe without a key", no_key},
    {"refuses a recipe with a key of another length", long_key},
    {"refuses a recipe with a key of another curve", other_curve},
    {"refuses a recipe without a signature", no_signature},
    {"refuses a recipe with an index below zero", negative_index},
};

static void refuses(void **state)
{
    vci_recipe r = example(1), got;

    assert_status(vci_recipe_read(written(&r), &got), YAO_OK);
    broken[*(const size_t *)*state].turn(&r);
    assert_status(vci_recipe_read(written(&r), &got), YAO_E_MALFORMED);
}

static void refuses_too_many(void **state)
{
    const vci_recipe r     = example(YAO_MAX_BATCH);
    const yao_bytes  whole = written(&r);
    uint8_t         *bytes = yao_arena_take(test_arena(), whole.len);
    vci_recipe       got;
    size_t           at = 0;

    (void)state;
    memcpy(bytes, whole.ptr, whole.len);
    while (bytes[at] != 0x98 || bytes[at + 1] != YAO_MAX_BATCH)
        at++; /* the head of the copies: a count of one byte */
    bytes[at + 1]++;
    assert_status(vci_recipe_read((yao_bytes){bytes, whole.len}, &got),
                  YAO_E_MALFORMED);
}

/* One member has another length than it must have. */
static void refuses_short_members(void **state)
{
    const vci_recipe r     = example(1);
    const yao_bytes  whole = written(&r);
    vci_recipe       got;

    (void)state;
    for (size_t i = 0; i < whole.len; i++) {
        uint8_t *bytes = yao_arena_take(test_arena(), whole.len);
        memcpy(bytes, whole.ptr, whole.len);
        bytes[i] ^= 1;
        if (vci_recipe_read((yao_bytes){bytes, whole.len}, &got) != YAO_OK)
            continue;
        assert_int_equal(got.count, 1);
        assert_bytes(written(&got), ((yao_bytes){bytes, whole.len}));
    }
}

int main(void)
{
    static size_t at[COUNT(broken)];

    test_add("recipe", "gives back what was written", gives_back, NULL);
    test_add("recipe", "gives less than 400 bytes for a copy", gives_few_bytes,
             NULL);
    test_add("recipe", "refuses every prefix", refuses_prefixes, NULL);
    test_add("recipe", "refuses a changed bit, or reads what it says",
             refuses_short_members, NULL);
    test_add("recipe", "refuses more copies than a batch has",
             refuses_too_many, NULL);
    for (size_t i = 0; i < COUNT(broken); i++) {
        at[i] = i;
        test_add("recipe", broken[i].name, refuses, &at[i]);
    }
    return test_run("vci/recipe");
}
