/* SPDX-License-Identifier: Apache-2.0 */
#include "tlog/tlog.h"

#include "naive_tree.h"
#include "token.h"

/* ---- the tree that Certificate Transparency publishes ------------------- */

static const char *const entries[] = {
    "",     "00",       "10",               "2021",
    "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"};

/* Of 0 to 8 leaves. */
static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

#define H96 "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define H5F "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define H6B "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define HBC "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define HCA "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define HD3 "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define H0E "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define HFA "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"

static const struct published {
    const char *name;
    bool        consistency;
    uint64_t    first, second; /* leaf and size, or two sizes */
    const char *proof;
} published[] = {
    {"gives the path of leaf 0 of 1", false, 0, 1, ""},
    {"gives the path of leaf 0 of 8", false, 0, 8, H96 H5F H6B},
    {"gives the path of leaf 5 of 8", false, 5, 8, HBC HCA HD3},
    {"gives the path of leaf 2 of 3", false, 2, 3, HFA},
    {"gives the path of leaf 1 of 5", false, 1, 5,
     "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" H5F
     HBC},
    {"gives no proof from 1 to 1", true, 1, 1, ""},
    {"gives the proof from 1 to 8", true, 1, 8, H96 H5F H6B},
    {"gives the proof from 6 to 8", true, 6, 8, H0E HCA HD3},
    {"gives the proof from 2 to 5", true, 2, 5, H5F HBC},
};

static yao_tlog_hash hash_of(const char *hex)
{
    yao_bytes     bytes = test_unhex(hex);
    yao_tlog_hash hash;

    assert_int_equal(bytes.len, sizeof hash.bytes);
    memcpy(hash.bytes, bytes.ptr, bytes.len);
    return hash;
}

static void ct_leaves(yao_tlog_hash leaves[8])
{
    for (size_t i = 0; i < COUNT(entries); i++)
        assert_status(yao_tlog_hash_leaf(test_crypto(), test_unhex(entries[i]),
                                         &leaves[i]),
                      YAO_OK);
}

/* The proof that PLAN makes of LEAVES, into the arena. */
static yao_tlog_hash *prove(const yao_tlog_plan *plan,
                            const yao_tlog_hash *leaves)
{
    yao_tlog_hash  hashes[YAO_TLOG_MAX_NODES];
    yao_tlog_hash *proof = yao_arena_take_array(
        test_arena(), YAO_TLOG_MAX_PROOF, sizeof *proof);

    assert_non_null(proof);
    assert_true(plan->node_count <= YAO_TLOG_MAX_NODES);
    assert_true(plan->hash_count <= YAO_TLOG_MAX_PROOF);
    memset(proof, 0xa5, YAO_TLOG_MAX_PROOF * sizeof *proof);
    assert_status(naive_fetch(test_crypto(), leaves, plan, hashes), YAO_OK);
    assert_status(yao_tlog_prove(test_crypto(), plan, hashes, proof), YAO_OK);
    assert_int_equal(proof[plan->hash_count].bytes[0], 0xa5);
    return proof;
}

static void ct_roots(void **state)
{
    yao_tlog_hash leaves[8];
    yao_tlog_plan plan;

    (void)state;
    ct_leaves(leaves);
    for (size_t size = 0; size < COUNT(roots); size++) {
        assert_status(yao_tlog_plan_root(size, &plan), YAO_OK);
        assert_int_equal(plan.hash_count, 1);
        assert_bytes(((yao_bytes){prove(&plan, leaves)->bytes, 32}),
                     test_unhex(roots[size]));
    }
}

static void ct_proof(void **state)
{
    const struct published *p = *state;
    yao_tlog_hash           leaves[8];
    yao_tlog_plan           plan;
    yao_status              status;

    ct_leaves(leaves);
    assert_status(p->consistency
                      ? yao_tlog_plan_consistency(p->first, p->second, &plan)
                      : yao_tlog_plan_inclusion(p->first, p->second, &plan),
                  YAO_OK);
    yao_tlog_hash *proof = prove(&plan, leaves);
    assert_bytes(((yao_bytes){proof->bytes, 32 * plan.hash_count}),
                 test_unhex(p->proof));

    yao_tlog_head  second = {p->second, hash_of(roots[p->second])};
    yao_tlog_head  first  = {p->first, hash_of(roots[p->first])};
    yao_tlog_claim claim  = {leaves[p->first % 8], p->first, p->second};
    status = p->consistency
                 ? yao_tlog_verify_consistency(test_crypto(), &first, &second,
                                               proof, plan.hash_count)
                 : yao_tlog_verify_inclusion(test_crypto(), &claim, proof,
                                             plan.hash_count, &second.root);
    assert_status(status, YAO_OK);
}

/* ---- every pair of sizes, against the definitions ----------------------- */

enum { MOST = 40 };

static yao_tlog_hash all_leaves[MOST], all_roots[MOST + 1];

static void grow(void)
{
    for (size_t i = 0; i < MOST; i++) {
        uint8_t entry = (uint8_t)i;

        assert_status(yao_tlog_hash_leaf(test_crypto(), (yao_bytes){&entry, 1},
                                         &all_leaves[i]),
                      YAO_OK);
    }
    for (size_t n = 0; n <= MOST; n++)
        assert_status(naive_root(test_crypto(), all_leaves, n, &all_roots[n]),
                      YAO_OK);
}

/* What is near a proof and must not be taken for it. */
static void refuse_near(const yao_tlog_claim *claim, yao_tlog_hash *proof,
                        size_t count, const yao_tlog_hash *root)
{
    yao_tlog_claim other = *claim;
    const yao_crypto *c = test_crypto();

    for (size_t i = 0; i < count; i++) {
        proof[i].bytes[i % 32] ^= 1;
        assert_status(yao_tlog_verify_inclusion(c, claim, proof, count, root),
                      YAO_E_BAD_DIGEST);
        proof[i].bytes[i % 32] ^= 1;
    }
    if (count > 0)
        assert_status(yao_tlog_verify_inclusion(c, claim, proof, count - 1,
                                                root),
                      YAO_E_MALFORMED);
    assert_status(yao_tlog_verify_inclusion(c, claim, proof, count + 1, root),
                  YAO_E_MALFORMED);
    other.leaf.bytes[31] ^= 0x80;
    assert_status(yao_tlog_verify_inclusion(c, &other, proof, count, root),
                  YAO_E_BAD_DIGEST);
    other = *claim;
    for (other.index = 0; other.index <= other.size; other.index++)
        if (other.index != claim->index)
            assert_int_not_equal(
                yao_tlog_verify_inclusion(c, &other, proof, count, root),
                YAO_OK);
}

static void every_inclusion(void **state)
{
    (void)state;
    grow();
    for (size_t n = 1; n <= MOST; n++)
        for (size_t m = 0; m < n; m++) {
            yao_tlog_hash  want[YAO_TLOG_MAX_PROOF];
            yao_tlog_plan  plan;
            yao_tlog_claim claim = {all_leaves[m], m, n};
            size_t         count = 0, mark = test_arena()->used;

            assert_status(naive_path(test_crypto(), all_leaves, m, n, want,
                                     &count),
                          YAO_OK);
            assert_status(yao_tlog_plan_inclusion(m, n, &plan), YAO_OK);
            yao_tlog_hash *proof = prove(&plan, all_leaves);
            assert_int_equal(plan.hash_count, count);
            if (count != 0)
                assert_memory_equal(proof, want, count * sizeof *want);
            assert_status(yao_tlog_verify_inclusion(test_crypto(), &claim,
                                                    proof, count,
                                                    &all_roots[n]),
                          YAO_OK);
            refuse_near(&claim, proof, count, &all_roots[n]);
            test_arena()->used = mark;
        }
}

static void refuse_near_heads(const yao_tlog_head *first,
                              const yao_tlog_head *second, yao_tlog_hash *proof,
                              size_t count)
{
    const yao_crypto *c     = test_crypto();
    yao_tlog_head     other = *first;

    for (size_t i = 0; i < count; i++) {
        proof[i].bytes[31 - i % 32] ^= 0x10;
        assert_status(yao_tlog_verify_consistency(c, first, second, proof,
                                                  count),
                      YAO_E_BAD_DIGEST);
        proof[i].bytes[31 - i % 32] ^= 0x10;
    }
    if (count > 0)
        assert_status(yao_tlog_verify_consistency(c, first, second, proof,
                                                  count - 1),
                      YAO_E_MALFORMED);
    assert_status(yao_tlog_verify_consistency(c, first, second, proof,
                                              count + 1),
                  YAO_E_MALFORMED);
    other.root.bytes[0] ^= 1;
    assert_status(yao_tlog_verify_consistency(c, &other, second, proof, count),
                  YAO_E_BAD_DIGEST);
    other = *second;
    other.root.bytes[0] ^= 1;
    if (first->size != 0)
        assert_status(yao_tlog_verify_consistency(c, first, &other, proof,
                                                  count),
                      YAO_E_BAD_DIGEST);
}

static void every_consistency(void **state)
{
    (void)state;
    grow();
    for (size_t n = 0; n <= MOST; n++)
        for (size_t m = 0; m <= n; m++) {
            yao_tlog_hash want[YAO_TLOG_MAX_PROOF];
            yao_tlog_plan plan;
            yao_tlog_head first = {m, all_roots[m]}, second = {n, all_roots[n]};
            size_t        count = 0, mark = test_arena()->used;

            if (m != 0)
                assert_status(naive_subproof(test_crypto(), all_leaves, m, n,
                                             true, want, &count),
                              YAO_OK);
            assert_status(yao_tlog_plan_consistency(m, n, &plan), YAO_OK);
            yao_tlog_hash *proof = prove(&plan, all_leaves);
            assert_int_equal(plan.hash_count, count);
            if (count != 0)
                assert_memory_equal(proof, want, count * sizeof *want);
            assert_status(yao_tlog_verify_consistency(test_crypto(), &first,
                                                      &second, proof, count),
                          YAO_OK);
            refuse_near_heads(&first, &second, proof, count);
            test_arena()->used = mark;
        }
}

/* ---- sizes nobody has --------------------------------------------------- */

#define MAX YAO_TLOG_MAX_SIZE

static const struct size_row {
    const char *name;
    uint64_t    index, size;
    size_t      count;
    yao_status  verified, planned;
} size_rows[] = {
    {"refuses a leaf of the empty tree", 0, 0, 0, YAO_E_MALFORMED, YAO_E_USAGE},
    {"refuses the leaf behind the last", 3, 3, 0, YAO_E_MALFORMED, YAO_E_USAGE},
    {"refuses an index without end", UINT64_MAX, 3, 2, YAO_E_MALFORMED,
     YAO_E_USAGE},
    {"refuses a size above the limit", 0, MAX + 1, 64, YAO_E_LIMIT,
     YAO_E_LIMIT},
    {"refuses a size without end", 0, UINT64_MAX, 64, YAO_E_LIMIT, YAO_E_LIMIT},
    {"accepts the shape of the largest tree", 0, MAX, 63, YAO_E_BAD_DIGEST,
     YAO_OK},
    {"accepts the shape of its last leaf", MAX - 1, MAX, 62, YAO_E_BAD_DIGEST,
     YAO_OK},
    {"refuses a hash too many there", MAX - 1, MAX, 63, YAO_E_MALFORMED,
     YAO_OK},
    {"refuses a hash too few there", MAX - 1, MAX, 61, YAO_E_MALFORMED, YAO_OK},
    {"refuses a proof of none there", MAX - 1, MAX, 0, YAO_E_MALFORMED, YAO_OK},
};

static void case_size(void **state)
{
    const struct size_row *r                         = *state;
    yao_tlog_hash          proof[YAO_TLOG_MAX_PROOF] = {{{1}}}, root = {{2}};
    yao_tlog_claim         claim = {.index = r->index, .size = r->size};
    yao_tlog_plan          plan;

    assert_status(yao_tlog_verify_inclusion(test_crypto(), &claim, proof,
                                            r->count, &root),
                  r->verified);
    assert_status(yao_tlog_plan_inclusion(r->index, r->size, &plan),
                  r->planned);
    if (r->planned != YAO_OK)
        return;
    assert_true(plan.node_count <= YAO_TLOG_MAX_NODES);
    assert_int_equal(plan.hash_count,
                     r->index == 0 ? 63 : 62); /* whatever the row tries */
}

static void sizes_of_two(void **state)
{
    yao_tlog_head small = {.size = 3}, large = {.size = MAX};
    yao_tlog_hash proof[YAO_TLOG_MAX_PROOF] = {{{1}}};
    yao_tlog_plan plan;

    (void)state;
    assert_status(yao_tlog_verify_consistency(test_crypto(), &large, &small,
                                              proof, 1),
                  YAO_E_MALFORMED);
    assert_status(yao_tlog_plan_consistency(MAX, 3, &plan), YAO_E_USAGE);
    for (uint64_t first = 1; first < MAX / 2; first = 3 * first + 1) {
        small.size = first;
        assert_status(yao_tlog_plan_consistency(first, MAX, &plan), YAO_OK);
        assert_true(plan.node_count <= YAO_TLOG_MAX_NODES);
        assert_true(plan.hash_count <= YAO_TLOG_MAX_PROOF);
        assert_status(yao_tlog_verify_consistency(test_crypto(), &small, &large,
                                                  proof, plan.hash_count),
                      YAO_E_BAD_DIGEST);
    }
    assert_status(yao_tlog_plan_root(MAX, &plan), YAO_OK);
    assert_int_equal(plan.node_count, 63);
    large.size++;
    assert_status(yao_tlog_verify_consistency(test_crypto(), &small, &large,
                                              proof, 1),
                  YAO_E_LIMIT);
    assert_status(yao_tlog_plan_consistency(3, MAX + 1, &plan), YAO_E_LIMIT);
    assert_status(yao_tlog_plan_root(MAX + 1, &plan), YAO_E_LIMIT);
}

/* ---- a home that fails -------------------------------------------------- */

typedef struct failing {
    size_t     left; /* calls that go well */
    yao_status then;
} failing;

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    failing *f = ctx;

    if (f->left-- == 0)
        return f->then;
    return test_crypto()->hash(test_crypto()->ctx, alg, parts, count, out);
}

static void case_failing(void **state)
{
    const yao_status whats[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_tlog_plan    plan;
    yao_tlog_hash    hashes[YAO_TLOG_MAX_NODES] = {{{0}}};

    (void)state;
    grow();
    yao_tlog_claim claim = {all_leaves[4], 4, 11};
    yao_tlog_head  first = {6, all_roots[6]}, second = {11, all_roots[11]};
    assert_status(yao_tlog_plan_consistency(6, 11, &plan), YAO_OK);
    for (size_t n = 0; n < 2; n++) {
        failing       f    = {0, whats[n]};
        yao_crypto    home = {.ctx = &f, .hash = hash};
        yao_tlog_hash out;

        assert_status(yao_tlog_hash_leaf(&home, YAO_LIT("x"), &out), whats[n]);
        for (size_t good = 0; good < 4; good++) {
            f.left = good;
            assert_status(yao_tlog_verify_inclusion(&home, &claim, hashes, 4,
                                                    &second.root),
                          whats[n]);
            f.left = good;
            assert_status(yao_tlog_verify_consistency(&home, &first, &second,
                                                      hashes, 5),
                          whats[n]);
        }
        f.left = 0;
        assert_status(yao_tlog_prove(&home, &plan, hashes, hashes + 100),
                      whats[n]);
        f.left     = 0;
        first.size = 0;
        assert_status(yao_tlog_verify_consistency(&home, &first, &second,
                                                  hashes, 0),
                      whats[n]);
        first.size = 6;
    }
}

int main(void)
{
    test_add("RFC 6962", "gives the roots of the published tree", ct_roots,
             NULL);
    for (size_t i = 0; i < COUNT(published); i++)
        test_add("RFC 6962", published[i].name, ct_proof, &published[i]);
    test_add("definition", "accepts each inclusion, refuses what is near it",
             every_inclusion, NULL);
    test_add("definition", "accepts each beginning, refuses what is near it",
             every_consistency, NULL);
    for (size_t i = 0; i < COUNT(size_rows); i++)
        test_add("size", size_rows[i].name, case_size, &size_rows[i]);
    test_add("size", "refuses a smaller second tree, and trees too large",
             sizes_of_two, NULL);
    test_add("home", "gives what the home failed with", case_failing, NULL);
    return test_run("tlog/merkle");
}
