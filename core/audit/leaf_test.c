/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "token.h"

#define C32 "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20"
#define KIND "69" "612e622e635f645f39" /* "a.b.c_d_9" */

static const struct {
    const char *name, *hex;
    yao_status  want;
} leaves[] = {
    {"accepts a leaf", "84011a6955b900" KIND "5820" C32, YAO_OK},
    {"accepts the first hour", "840100" KIND "5820" C32, YAO_OK},
    {"refuses nothing", "", YAO_E_TRUNCATED},
    {"refuses another version", "84021a6955b900" KIND "5820" C32,
     YAO_E_MALFORMED},
    {"refuses three members", "83011a6955b900" KIND, YAO_E_MALFORMED},
    {"refuses five members", "85011a6955b900" KIND "5820" C32 "00",
     YAO_E_MALFORMED},
    {"refuses a time that is no hour", "84011a6955b901" KIND "5820" C32,
     YAO_E_VALUE},
    {"refuses the end of time", "84011b7fffffffffffffff" KIND "5820" C32,
     YAO_E_VALUE},
    {"refuses no kind", "84011a6955b900" "60" "5820" C32, YAO_E_VALUE},
    {"refuses N281: a kind with a line feed",
     "84011a6955b900" "63610a62" "5820" C32, YAO_E_VALUE},
    {"refuses a kind with a capital", "84011a6955b900" "6141" "5820" C32,
     YAO_E_VALUE},
    {"refuses a kind that is no UTF-8", "84011a6955b900" "61ff" "5820" C32,
     YAO_E_UTF8},
    {"refuses a short commitment", "84011a6955b900" KIND "4101",
     YAO_E_MALFORMED},
    {"refuses a head that is not the shortest",
     "84011b000000006955b900" KIND "5820" C32, YAO_E_NOT_SHORTEST},
    {"refuses a byte behind it", "84011a6955b900" KIND "5820" C32 "00",
     YAO_E_TRAILING},
};

static void leaf_case(void **state)
{
    size_t     i     = *(const size_t *)*state;
    yao_bytes  input = test_unhex(leaves[i].hex);
    yao_audit_leaf leaf  = {.hour = 42};

    assert_status(yao_audit_read_leaf(input, &leaf), leaves[i].want);
    if (leaves[i].want != YAO_OK) {
        assert_int_equal(leaf.hour, 42);
        return;
    }
    uint8_t    room[YAO_AUDIT_MAX_LEAF];
    yao_writer w = yao_writer_open(room, sizeof room);
    yao_audit_put_leaf(&w, &leaf);
    assert_bytes(((yao_bytes){room, w.len}), input);
}

static yao_status read_any(yao_bytes input, void *context)
{
    yao_audit_leaf leaf;

    (void)context;
    return yao_audit_read_leaf(input, &leaf);
}

static void refuses_every_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_any, test_unhex(leaves[0].hex), NULL);
}

static void refuses_a_long_leaf(void **state)
{
    static const uint8_t zeros[YAO_AUDIT_MAX_LEAF + 1];
    yao_audit_leaf           leaf;

    (void)state;
    assert_status(yao_audit_read_leaf((yao_bytes){zeros, sizeof zeros}, &leaf),
                  YAO_E_LIMIT);
}

static void gives_a_commitment(void **state)
{
    static const uint8_t key[YAO_AUDIT_KEY_LEN];
    uint8_t              one[YAO_SHA256_LEN], two[YAO_SHA256_LEN];

    (void)state;
    assert_status(
        yao_audit_commit(test_crypto(), key, YAO_TEXT("a"), one), YAO_OK);
    assert_status(
        yao_audit_commit(test_crypto(), key, YAO_TEXT("b"), two), YAO_OK);
    assert_memory_not_equal(one, two, sizeof one);
}

int main(void)
{
    static size_t numbers[64];

    for (size_t i = 0; i < COUNT(leaves); i++) {
        numbers[i] = i;
        test_add("leaf", leaves[i].name, leaf_case, &numbers[i]);
    }
    test_add("leaf", "refuses every prefix", refuses_every_prefix, NULL);
    test_add("leaf", "refuses one that is too long", refuses_a_long_leaf, NULL);
    test_add("leaf", "gives another commitment for another text",
             gives_a_commitment, NULL);
    return test_run("audit/leaf");
}
