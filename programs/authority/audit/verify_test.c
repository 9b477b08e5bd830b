/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Logs that lie in memory, built here by the definition of RFC 6962 word for
 * word; then one thing is changed at a time.
 */
#include "authority/audit/verify.h"

#include "authority/audit/entry.h"
#include "authority/audit/signer.h"
#include "authority/audit/tree.h"
#include "check.h"
#include "naive_tree.h"

#include <stdio.h>

#define ORIGIN "log.example/log"
#define MAX_LEAVES 70000

typedef struct tree {
    yao_bytes      leaves[MAX_LEAVES];
    yao_tlog_hash  hashes[MAX_LEAVES];
    size_t         size;
    yao_bytes      note;
    /* what is given wrongly */
    const char    *missing;  /* a path that is not there */
    const char    *spoiled;  /* a path of which a byte is another */
    size_t         byte;
} tree;

static yao_openssl      *openssl;
static const yao_crypto *crypto;
static audit_signer      signer, thief;
static tree              log_;
static uint8_t           memory[64u << 20];
static yao_arena         arena;

/* ---- building ------------------------------------------------------------ */

static void make_signer(audit_signer *s)
{
    s->origin = YAO_TEXT(ORIGIN);
    s->count  = 1;
    assert_status(yao_key_generate(YAO_ES256, &s->keys[0]), YAO_OK);
    yao_public_key key = yao_key_public(s->keys[0]);
    assert_status(yao_tlog_key_make(crypto, s->origin, &key, &s->names[0]),
                  YAO_OK);
}

static yao_bytes make_leaf(unsigned n)
{
    uint8_t    commitment[32] = {0};
    yao_writer w;
    yao_bytes  leaf;

    memcpy(commitment, &n, sizeof n);
    const yao_audit_leaf what = {YAO_AUDIT_HOUR * n, YAO_TEXT("person.show"),
                             {commitment, sizeof commitment}};
    w = yao_writer_in(&arena);
    yao_audit_put_leaf(&w, &what);
    assert_status(yao_writer_keep(&w, &arena, &leaf), YAO_OK);
    return leaf;
}

static yao_tlog_head head_of(size_t size)
{
    yao_tlog_head head = {.size = size};

    assert_status(naive_root(crypto, log_.hashes, size, &head.root), YAO_OK);
    return head;
}

static void sign_with(const audit_signer *s)
{
    yao_tlog_head head = head_of(log_.size);

    assert_status(audit_sign(s, &head, &arena, &log_.note), YAO_OK);
}

static void hash_from(size_t first)
{
    for (size_t i = first; i < log_.size; i++)
        assert_status(
            yao_tlog_hash_leaf(crypto, log_.leaves[i], &log_.hashes[i]),
            YAO_OK);
}

static void build(size_t size)
{
    arena        = (yao_arena){memory, sizeof memory, 0};
    log_.size    = size;
    log_.missing = log_.spoiled = NULL;
    for (size_t i = 0; i < size; i++)
        log_.leaves[i] = make_leaf((unsigned)i);
    hash_from(0);
    sign_with(&signer);
}

/* ---- serving ------------------------------------------------------------- */

static yao_status give_tile(const char *path, yao_arena *to, yao_bytes *ret)
{
    audit_tile tile;
    yao_writer w;

    YAO_TRY(audit_read_path(yao_text_of(path), &tile));
    if (audit_tile_needs(&tile) > log_.size)
        return YAO_E_NOT_FOUND;
    w = yao_writer_in(to);
    for (size_t i = 0; i < tile.width; i++) {
        size_t        at    = (size_t)tile.index * AUDIT_TILE + i;
        unsigned      shift = 8u * (unsigned)(tile.level < 0 ? 0 : tile.level);
        yao_tlog_hash node;

        if (tile.level == AUDIT_ENTRIES) {
            yao_put_byte(&w, (uint8_t)(log_.leaves[at].len >> 8));
            yao_put_byte(&w, (uint8_t)log_.leaves[at].len);
            yao_put_bytes(&w, log_.leaves[at]);
            continue;
        }
        YAO_TRY(naive_root(crypto, log_.hashes + (at << shift),
                           (size_t)1 << shift, &node));
        yao_put_bytes(&w, (yao_bytes){node.bytes, sizeof node.bytes});
    }
    return yao_writer_keep(&w, to, ret);
}

static yao_status fetch(void *ctx, const char *path, yao_arena *to,
                        yao_bytes *ret)
{
    (void)ctx;
    if (log_.missing != NULL && strcmp(path, log_.missing) == 0)
        return YAO_E_NOT_FOUND;
    if (strcmp(path, "checkpoint") == 0)
        YAO_TRY(yao_arena_keep(to, log_.note, ret));
    else
        YAO_TRY(give_tile(path + 5, to, ret));
    if (log_.spoiled != NULL && strcmp(path, log_.spoiled) == 0)
        ((uint8_t *)(uintptr_t)ret->ptr)[log_.byte] ^= 1;
    return YAO_OK;
}

static audit_result look(const audit_witness *witness)
{
    const audit_check check = {.crypto    = crypto,
                               .source    = {fetch, NULL},
                               .keys      = signer.names,
                               .key_count = 1,
                               .witness   = witness};
    audit_result      result = {.finding = AUDIT_UNKNOWN};
    size_t            mark   = arena.used;

    assert_status(audit_verify(&check, &arena, &result), YAO_OK);
    arena.used = mark;
    return result;
}

static void expect(const audit_witness *witness, audit_finding want,
                   uint64_t index)
{
    audit_result result = look(witness);

    assert_string_equal(audit_finding_name(result.finding),
                        audit_finding_name(want));
    if (want != AUDIT_RIGHT && want != AUDIT_HEAD_INVALID)
        assert_int_equal(result.index, index);
}

static audit_witness witness_of(const size_t *sizes, size_t count)
{
    audit_witness w;

    assert_status(audit_witness_new(&arena, YAO_TEXT(ORIGIN), &w), YAO_OK);
    for (size_t i = 0; i < count; i++) {
        yao_tlog_head head = head_of(sizes[i]);
        audit_witness_add(&w, &head);
    }
    return w;
}

/* ---- right --------------------------------------------------------------- */

static const size_t sizes[] = {0,   1,   2,   3,   255, 256,  257,
                               511, 512, 513, 700, 65536, 65600};

static void accepts_every_size(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        build(sizes[i]);
        expect(NULL, AUDIT_RIGHT, 0);
        audit_witness w = witness_of(sizes, i + 1);
        expect(&w, AUDIT_RIGHT, 0);
    }
}

static yao_status count_leaf(void *ctx, uint64_t index, yao_bytes leaf)
{
    yao_audit_leaf read;

    assert_status(yao_audit_read_leaf(leaf, &read), YAO_OK);
    assert_int_equal(read.hour, YAO_AUDIT_HOUR * (yao_time)index);
    assert_int_equal(index, (*(size_t *)ctx)++);
    return index == 299 ? YAO_E_FILE : YAO_OK;
}

static void gives_each_leaf(void **state)
{
    size_t      count = 0;
    audit_check check = {.crypto    = crypto,
                         .source    = {fetch, NULL},
                         .keys      = signer.names,
                         .key_count = 1,
                         .each      = count_leaf,
                         .ctx       = &count};
    audit_result result;

    (void)state;
    build(290);
    assert_status(audit_verify(&check, &arena, &result), YAO_OK);
    assert_int_equal(count, 290);
    build(400);
    count = 0;
    assert_status(audit_verify(&check, &arena, &result), YAO_E_FILE);
}

static void refuses_small_memory(void **state)
{
    const audit_check check = {.crypto    = crypto,
                               .source    = {fetch, NULL},
                               .keys      = signer.names,
                               .key_count = 1};
    audit_result      result = {.finding = AUDIT_UNKNOWN};

    (void)state;
    build(10);
    yao_arena small = {memory + sizeof memory / 2, 1024, 0};
    assert_status(audit_verify(&check, &small, &result), YAO_E_SPACE);
    assert_int_equal(result.finding, AUDIT_UNKNOWN);
}

/* ---- N273: one entry is edited, deleted, inserted, exchanged ------------ */

/* In what is published, after it was signed: tiles as of before. */
static void refuses_spoiled(void **state)
{
    static const struct {
        const char *path;
        size_t      byte;
        uint64_t    index;
    } spoils[] = {{"tile/entries/000", 50, 0},
                  {"tile/entries/001", 60, 257}, /* of the second leaf */
                  {"tile/entries/002.p/88", 3, 512},
                  {"tile/0/000", 32 * 7, 7},
                  {"tile/0/001", 32 * 255 + 31, 511},
                  {"tile/0/002.p/88", 32 * 87, 599},
                  {"tile/1/000.p/2", 33, 256}};

    (void)state;
    for (size_t i = 0; i < COUNT(spoils); i++) {
        build(600);
        expect(NULL, AUDIT_RIGHT, 0);
        log_.spoiled = spoils[i].path;
        log_.byte    = spoils[i].byte;
        expect(NULL, AUDIT_CHANGED, spoils[i].index);
    }
}

/* By who writes to the database, and makes the tiles anew; but can't sign. */
static void refuses_edited(void **state)
{
    unsigned chance = 7;

    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        chance         = chance * 1103515245u + 12345u;
        size_t    at   = (chance >> 8) % 300;
        build(300);
        yao_bytes note = log_.note;
        switch (i % 4) {
        case 0: /* edit */
            log_.leaves[at] = make_leaf(5000);
            break;
        case 1: /* delete */
            for (size_t k = at; k + 1 < log_.size; k++)
                log_.leaves[k] = log_.leaves[k + 1];
            log_.leaves[299] = make_leaf(9999);
            break;
        case 2: /* insert */
            for (size_t k = log_.size - 1; k > at; k--)
                log_.leaves[k] = log_.leaves[k - 1];
            log_.leaves[at] = make_leaf(5000);
            break;
        default: { /* exchange */
            size_t    other       = (at + 1) % 300;
            yao_bytes leaf        = log_.leaves[at];
            log_.leaves[at]       = log_.leaves[other];
            log_.leaves[other]    = leaf;
        }
        }
        hash_from(0);
        log_.note           = note;
        audit_result result = look(NULL);
        assert_int_equal(result.finding, AUDIT_CHANGED);
        /* the tile that it is in, or the one before the last */
        assert_true(result.index <= 299);
    }
}

static void refuses_malformed_leaf(void **state)
{
    (void)state;
    build(300);
    log_.leaves[270] = YAO_LIT("{\"kind\":\"document.issue\"}\n");
    hash_from(0);
    sign_with(&signer);
    expect(NULL, AUDIT_CHANGED, 270);
}

/* ---- N274, N275 --------------------------------------------------------- */

static void refuses_rollback(void **state)
{
    static const size_t seen[] = {10, 280, 400};

    (void)state;
    build(400);
    audit_witness w = witness_of(seen, 3);
    log_.size       = 399;
    sign_with(&signer);
    expect(&w, AUDIT_ROLLBACK, 400);
    log_.size = 400;
    sign_with(&signer);
    expect(&w, AUDIT_RIGHT, 0);
}

static void refuses_fork(void **state)
{
    static const size_t seen[] = {10, 280, 400};

    (void)state;
    for (size_t at = 0; at < 400; at += 57) {
        build(400);
        audit_witness w    = witness_of(seen, 3);
        size_t        kept = arena.used;
        log_.leaves[at]    = make_leaf(60000);
        hash_from(at);
        sign_with(&signer);
        expect(&w, AUDIT_FORK, 400); /* the same size */
        log_.size = 401;
        log_.leaves[400] = make_leaf(400);
        hash_from(400);
        sign_with(&signer);
        /* the first head that is no beginning */
        expect(&w, AUDIT_FORK, at < 10 ? 10 : at < 280 ? 280 : 400);
        expect(NULL, AUDIT_RIGHT, 0); /* who has seen nothing can't tell */
        arena.used = kept;
    }
}

/* ---- N276 --------------------------------------------------------------- */

static void refuses_head(void **state)
{
    (void)state;
    build(20);
    sign_with(&thief);
    expect(NULL, AUDIT_HEAD_INVALID, 0);
    assert_int_equal(look(NULL).why, YAO_E_UNTRUSTED);

    sign_with(&signer);
    for (size_t i = 0; i < log_.note.len; i++) {
        uint8_t *byte = (uint8_t *)(uintptr_t)log_.note.ptr + i;
        *byte ^= 1;
        audit_result result = look(NULL);
        assert_true(result.finding == AUDIT_HEAD_INVALID);
        *byte ^= 1;
    }
    expect(NULL, AUDIT_RIGHT, 0);

    /* another log's, signed by a key of that name */
    audit_signer other = signer;
    other.origin       = YAO_TEXT("log.example/other");
    sign_with(&other);
    expect(NULL, AUDIT_HEAD_INVALID, 0);
    assert_int_equal(look(NULL).why, YAO_E_MISMATCH);
}

/* A larger size than there is, or another root of the same size. */
static void refuses_head_without_leaves(void **state)
{
    yao_tlog_head head;

    (void)state;
    build(20);
    head      = head_of(20);
    head.size = 21;
    assert_status(audit_sign(&signer, &head, &arena, &log_.note), YAO_OK);
    expect(NULL, AUDIT_MISSING, 0);
    head.size = 20;
    head.root.bytes[5] ^= 1;
    assert_status(audit_sign(&signer, &head, &arena, &log_.note), YAO_OK);
    expect(NULL, AUDIT_CHANGED, 0);
}

/* Two keys while one takes the place of the other. */
static void accepts_either_key(void **state)
{
    audit_signer both = signer;

    (void)state;
    build(20);
    both.keys[1]  = thief.keys[0]; /* here the next key */
    both.names[1] = thief.names[0];
    both.count    = 2;
    sign_with(&both);
    expect(NULL, AUDIT_RIGHT, 0);
    audit_signer was = signer;
    signer           = thief;
    expect(NULL, AUDIT_RIGHT, 0);
    signer = was;
}

static void tells_what_is_missing(void **state)
{
    static const char *const paths[] = {"checkpoint", "tile/entries/001",
                                        "tile/0/000", "tile/1/000.p/2"};

    (void)state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        build(600);
        log_.missing        = paths[i];
        audit_result result = look(NULL);
        assert_int_equal(result.finding, AUDIT_MISSING);
        assert_int_equal(result.why, YAO_E_NOT_FOUND);
        assert_string_equal(result.path, paths[i]);
    }
}

/* ---- paths -------------------------------------------------------------- */

static const struct {
    const char *name, *path;
    yao_status  want;
    int         level;
    uint64_t    index;
    unsigned    width;
} paths[] = {
    {"accepts a full tile", "0/000", YAO_OK, 0, 0, 256},
    {"accepts a partial tile", "1/x001/234.p/8", YAO_OK, 1, 1234, 8},
    {"accepts three groups", "0/x001/x234/067", YAO_OK, 0, 1234067, 256},
    {"accepts entries", "entries/005.p/255", YAO_OK, AUDIT_ENTRIES, 5, 255},
    {"accepts level 7", "7/000.p/1", YAO_OK, 7, 0, 1},
    {"refuses nothing", "", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a level alone", "0", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses level 8", "8/000", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a level with a zero in front", "00/000", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses two digits", "0/00", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses four digits", "0/0000", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a letter", "0/00a", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a group of zeros in front", "0/x000/001", YAO_E_MALFORMED, 0, 0,
     0},
    {"refuses a group without x", "0/001/234", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses an end with x", "0/x001", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses width 0", "0/000.p/0", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses width 256", "0/000.p/256", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a width with a zero in front", "0/000.p/08", YAO_E_MALFORMED, 0,
     0, 0},
    {"refuses no width", "0/000.p/", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses no width at all", "0/000.p", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses more behind a width", "0/000.p/8/1", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses a slash at the end", "0/000/", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses dots", "0/../checkpoint", YAO_E_MALFORMED, 0, 0, 0},
    {"refuses N280: more leaves than there may be",
     "1/x999/x999/x999/x999/x999/999", YAO_E_LIMIT, 0, 0, 0},
    {"refuses seven groups", "0/x001/x000/x000/x000/x000/x000/000", YAO_E_LIMIT,
     0, 0, 0},
};

static void path_case(void **state)
{
    size_t     i    = *(const size_t *)*state;
    audit_tile tile = {.level = 42};
    char       text[AUDIT_MAX_TILE_PATH];

    assert_status(audit_read_path(yao_text_of(paths[i].path), &tile),
                  paths[i].want);
    if (paths[i].want != YAO_OK) {
        assert_int_equal(tile.level, 42);
        return;
    }
    assert_int_equal(tile.level, paths[i].level);
    assert_int_equal(tile.index, paths[i].index);
    assert_int_equal(tile.width, paths[i].width);
    audit_put_path(&tile, text);
    assert_string_equal(text, paths[i].path);
}

int main(void)
{
    static size_t numbers[COUNT(paths)];

    openssl = yao_openssl_open();
    crypto  = yao_openssl_crypto(openssl);
    make_signer(&signer);
    make_signer(&thief);
    test_add("verify", "accepts logs of every size, and what was seen of them",
             accepts_every_size, NULL);
    test_add("verify", "gives each leaf in its order", gives_each_leaf, NULL);
    test_add("verify", "refuses too little memory", refuses_small_memory, NULL);
    test_add("verify", "refuses N273: a tile with another byte, by its place",
             refuses_spoiled, NULL);
    test_add("verify",
             "refuses N273: an entry edited, deleted, inserted, exchanged",
             refuses_edited, NULL);
    test_add("verify", "refuses N281: a leaf of another form",
             refuses_malformed_leaf, NULL);
    test_add("verify", "refuses N274: a log that is shorter than what was seen",
             refuses_rollback, NULL);
    test_add("verify", "refuses N275: another history than what was seen",
             refuses_fork, NULL);
    test_add("verify", "refuses N276: a head of another key, log or letter",
             refuses_head, NULL);
    test_add("verify", "refuses N276: a head of leaves that there are not",
             refuses_head_without_leaves, NULL);
    test_add("verify", "accepts either key while one replaces the other",
             accepts_either_key, NULL);
    test_add("verify", "gives what is missing, and no verdict",
             tells_what_is_missing, NULL);
    for (size_t i = 0; i < COUNT(paths); i++) {
        numbers[i] = i;
        test_add("path", paths[i].name, path_case, &numbers[i]);
    }
    int code = test_run("audit/verify");
    audit_signer_close(&signer);
    audit_signer_close(&thief);
    yao_openssl_close(openssl);
    return code;
}
