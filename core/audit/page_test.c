/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"

#include "token.h"

#include <stdio.h>

/* Statements are made here by a log of three entries, the middle one about a
 * page, so that exactly one thing is wrong with each. */

#define LOG "log.example/log"
#define AT "2026-11-22T14:05:09Z"
#define HOUR INT64_C(1795356000)
#define LIST "{\"page\":\"wallet\",\"files\":{}}"

typedef struct made {
    const char *origin, *kind, *leaf_kind, *page, *list, *version, *keys;
    yao_time    hour;
    size_t      signer;   /* number of the key that signs */
    size_t      told;     /* and of the one that the statement names */
    bool        elsewhere; /* the proof is of another tree */
    bool        other_text; /* than the leaf commits to */
    const char *drop;     /* a member that is not there */
} made;

static const made good = {.signer = 0};

static const char *or(const char *given, const char *usual)
{
    return given != NULL ? given : usual;
}

/* What is not said is as it should be. */
static made fill(const made *m)
{
    made f = *m;

    f.origin    = or(m->origin, LOG);
    f.kind      = or(m->kind, "page.publish");
    f.leaf_kind = or(m->leaf_kind, "page.publish");
    f.page      = or(m->page, "wallet");
    f.list      = or(m->list, LIST);
    f.version   = or(m->version, "7");
    f.hour      = m->hour != 0 ? m->hour : HOUR;
    return f;
}

static yao_bytes bytes_of(const char *string)
{
    return yao_text_bytes(yao_text_of(string));
}

static yao_bytes keep(yao_writer *w)
{
    yao_bytes bytes;

    assert_status(yao_writer_keep(w, test_arena(), &bytes), YAO_OK);
    return bytes;
}

static yao_bytes hash_list(const char *list)
{
    static uint8_t hash[YAO_SHA256_LEN];
    yao_bytes      bytes = bytes_of(list);

    assert_status(test_crypto()->hash(test_crypto()->ctx, YAO_SHA256, &bytes,
                                      1, hash),
                  YAO_OK);
    return (yao_bytes){hash, sizeof hash};
}

static yao_tlog_key log_key(const char *origin, size_t number)
{
    yao_public_key public = test_public(number);
    yao_tlog_key   key;

    assert_status(yao_tlog_key_make(test_crypto(), yao_text_of(origin),
                                    &public, &key),
                  YAO_OK);
    return key;
}

static yao_text key_line(const char *origin, size_t number)
{
    yao_tlog_key key = log_key(origin, number);
    yao_writer   w   = yao_writer_in(test_arena());

    yao_tlog_key_put(&w, &key);
    yao_bytes line = keep(&w);
    return (yao_text){line.ptr, line.len};
}

static yao_text make_text(const made *m)
{
    yao_text   key = key_line(m->origin, m->told);
    yao_writer w   = yao_writer_in(test_arena());

    yao_put_text(&w, "{\"id\":\"00\",\"at\":\"" AT "\",\"kind\":\"");
    yao_put_text(&w, m->kind);
    yao_put_text(&w, "\",\"detail\":{\"by\":\"command line\",\"page\":\"");
    yao_put_text(&w, m->page);
    yao_put_text(&w, "\",\"version\":");
    yao_put_text(&w, m->version);
    yao_put_text(&w, ",\"hash\":\"");
    yao_put_hex(&w, hash_list(m->list));
    yao_put_text(&w, "\",\"keys\":[\"");
    yao_put_bytes(&w, yao_text_bytes(key));
    yao_put_text(&w, "\"]}}");
    yao_bytes text = keep(&w);
    return (yao_text){text.ptr, text.len};
}

static const uint8_t entry_key[YAO_AUDIT_KEY_LEN] = {1, 2, 3};

static yao_bytes make_leaf(const made *m, yao_text text)
{
    uint8_t              commitment[YAO_SHA256_LEN];
    const yao_audit_leaf leaf = {m->hour, yao_text_of(m->leaf_kind),
                                 {commitment, sizeof commitment}};

    assert_status(yao_audit_commit(test_crypto(), entry_key, text, commitment),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_audit_put_leaf(&w, &leaf);
    return keep(&w);
}

typedef struct tree {
    yao_tlog_hash proof[2];
    yao_tlog_head head;
} tree;

/* Leaf 1 of three. */
static tree plant(yao_bytes leaf)
{
    yao_tlog_hash l, m;
    tree          t = {.head = {.size = 3}};

    for (size_t i = 0; i < 2; i++)
        assert_status(yao_tlog_hash_leaf(test_crypto(), bytes_of(i ? "b" : "a"),
                                         &t.proof[i]),
                      YAO_OK);
    assert_status(yao_tlog_hash_leaf(test_crypto(), leaf, &l), YAO_OK);
    assert_status(yao_tlog_hash_node(test_crypto(), &t.proof[0], &l, &m),
                  YAO_OK);
    assert_status(yao_tlog_hash_node(test_crypto(), &m, &t.proof[1],
                                     &t.head.root),
                  YAO_OK);
    return t;
}

static yao_text sign_head(const made *m, const yao_tlog_head *head)
{
    yao_tlog_key key = log_key(m->origin, m->signer);
    yao_writer   w   = yao_writer_in(test_arena());

    yao_tlog_put_checkpoint(&w, yao_text_of(m->origin), head);
    yao_bytes text      = keep(&w);
    yao_bytes signature = test_sign(test_key(m->signer, YAO_ES256),
                                    yao_sign_wish_of(YAO_ES256, text));
    w = yao_writer_in(test_arena());
    yao_put_bytes(&w, text);
    yao_put_byte(&w, '\n');
    yao_tlog_put_signature(&w, &key, signature);
    yao_bytes note = keep(&w);
    return (yao_text){note.ptr, note.len};
}

static bool has(const made *m, const char *member)
{
    return m->drop == NULL || strcmp(m->drop, member) != 0;
}

static void put_entry(yao_writer *w, const made *m, yao_text text,
                      yao_bytes leaf, const tree *t)
{
    bool first = true, inner = true;

    yao_put_byte(w, '{');
    if (has(m, "index"))
        yao_json_put_member_int(w, &first, "index", 1);
    if (has(m, "text"))
        yao_json_put_member(w, &first, "text", text);
    if (has(m, "key"))
        yao_json_put_member_base64url(w, &first, "key",
                                      (yao_bytes){entry_key, 32});
    if (has(m, "leaf"))
        yao_json_put_member_base64url(w, &first, "leaf", leaf);
    if (has(m, "proof")) {
        yao_json_put_name(w, &first, "proof");
        yao_put_byte(w, '[');
        for (size_t i = 0; i < 2; i++) {
            yao_json_put_next(w, &inner);
            yao_json_put_base64url(w, (yao_bytes){t->proof[i].bytes, 32});
        }
        yao_put_byte(w, ']');
    }
    yao_put_byte(w, '}');
}

static yao_bytes make(const made *sparse)
{
    const made whole = fill(sparse), *m = &whole;
    yao_text   text = make_text(m);
    yao_bytes  leaf = make_leaf(m, text);
    tree       t    = plant(m->elsewhere ? bytes_of("c") : leaf);
    yao_text   note = sign_head(m, &t.head);
    yao_text   key  = key_line(m->origin, m->told);
    bool       first = true;

    if (m->other_text)
        text = (yao_text)YAO_INIT("{}");
    yao_writer w = yao_writer_in(test_arena());
    yao_put_byte(&w, '{');
    if (has(m, "origin"))
        yao_json_put_member(&w, &first, "origin", yao_text_of(m->origin));
    if (has(m, "keys")) {
        yao_json_put_name(&w, &first, "keys");
        if (m->keys != NULL) {
            yao_put_text(&w, m->keys);
        } else {
            yao_put_byte(&w, '[');
            yao_json_put_string(&w, key);
            yao_put_byte(&w, ']');
        }
    }
    if (has(m, "checkpoint"))
        yao_json_put_member(&w, &first, "checkpoint", note);
    if (has(m, "entry")) {
        yao_json_put_name(&w, &first, "entry");
        put_entry(&w, m, text, leaf, &t);
    }
    yao_put_byte(&w, '}');
    return keep(&w);
}

static yao_status judge(yao_bytes statement, const yao_audit_wanted *wanted,
                        yao_audit_page *ret)
{
    yao_audit_pending p;

    YAO_TRY(yao_audit_page_begin(test_arena(), test_crypto(), statement,
                                 wanted->seen, &p));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, p.note.checks,
                                  p.note.check_count));
    return yao_audit_page_conclude(test_arena(), test_crypto(), &p, wanted,
                                   ret);
}

/* What was kept of the good one, by its own words. */
static yao_audit_page seen_of(const made *m)
{
    yao_audit_wanted wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};
    yao_audit_page   page, again;

    assert_status(judge(make(m), &wanted, &page), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_audit_page_put(&w, &page);
    assert_status(yao_audit_page_read(test_arena(), keep(&w), &again), YAO_OK);
    assert_int_equal(again.version, page.version);
    assert_int_equal(again.index, page.index);
    assert_int_equal(again.at, page.at);
    assert_memory_equal(again.hash, page.hash, sizeof page.hash);
    return again;
}

#define OF(...) .m = {__VA_ARGS__}

static const struct row {
    const char *name;
    made        m;
    const char *seen; /* the version that was seen before; NULL: none was */
    yao_status  want;
} rows[] = {
    {"accepts a page that the log vouches for", OF(.signer = 0), NULL, YAO_OK},
    {"accepts it again", OF(.signer = 0), "7", YAO_OK},
    {"accepts a newer version", OF(.version = "8"), "7", YAO_OK},
    {"accepts other keys to come, signed by those that were seen",
     OF(.version = "8", .told = 1), "7", YAO_OK},
    {"refuses a signature of another key, at first sight", OF(.signer = 1),
     NULL, YAO_E_UNTRUSTED},
    {"refuses another key than the one that was seen",
     OF(.version = "8", .signer = 1, .told = 1), "7", YAO_E_UNTRUSTED},
    {"refuses another log than the one that was seen",
     OF(.version = "8", .origin = "other.example/log"), "7", YAO_E_UNTRUSTED},
    {"refuses an older version", OF(.version = "6"), "7", YAO_E_EXPIRED},
    {"refuses other files under the number that was seen",
     OF(.list = LIST " "), "7", YAO_E_DUPLICATE},
    {"refuses a statement of other files", OF(.list = LIST " "), NULL,
     YAO_E_NOT_AUTHORISED},
    {"refuses a newer statement of other files",
     OF(.list = LIST " ", .version = "8"), "7", YAO_E_NOT_AUTHORISED},
    {"refuses a statement of another page", OF(.page = "desk"), NULL,
     YAO_E_MISMATCH},
    {"refuses an entry of another kind",
     OF(.kind = "person.show", .leaf_kind = "person.show"), NULL,
     YAO_E_MISMATCH},
    {"refuses an entry whose leaf is of another kind",
     OF(.leaf_kind = "person.show"), NULL, YAO_E_MISMATCH},
    {"refuses an entry of another hour", OF(.hour = HOUR + 3600), NULL,
     YAO_E_MISMATCH},
    {"refuses an entry that is not in the log", OF(.elsewhere = true), NULL,
     YAO_E_BAD_DIGEST},
    {"refuses words that the leaf does not commit to", OF(.other_text = true),
     NULL, YAO_E_BAD_DIGEST},
    {"refuses version 0", OF(.version = "0"), NULL, YAO_E_VALUE},
    {"refuses a page without a name", OF(.page = ""), NULL, YAO_E_VALUE},
    {"refuses a name with capitals", OF(.page = "Wallet"), NULL, YAO_E_VALUE},
    {"refuses no proof", OF(.drop = "proof"), NULL, YAO_E_MISSING},
    {"refuses no leaf", OF(.drop = "leaf"), NULL, YAO_E_MISSING},
    {"refuses no text", OF(.drop = "text"), NULL, YAO_E_MISSING},
    {"refuses no key of the entry", OF(.drop = "key"), NULL, YAO_E_MISSING},
    {"refuses no index", OF(.drop = "index"), NULL, YAO_E_MISSING},
    {"refuses no entry", OF(.drop = "entry"), NULL, YAO_E_MISSING},
    {"refuses no checkpoint", OF(.drop = "checkpoint"), NULL, YAO_E_MISSING},
    {"refuses no origin", OF(.drop = "origin"), NULL, YAO_E_MISSING},
    {"refuses no keys", OF(.drop = "keys"), NULL, YAO_E_MISSING},
    {"accepts no keys when they were seen", OF(.drop = "keys"), "7", YAO_OK},
    {"refuses an empty list of keys", OF(.keys = "[]"), NULL, YAO_E_MISSING},
    {"refuses keys that are none", OF(.keys = "[\"a\"]"), NULL,
     YAO_E_MALFORMED},
    {"refuses keys that are no list", OF(.keys = "7"), NULL, YAO_E_MALFORMED},
    {"refuses five keys", OF(.keys = "[1,2,3,4,5]"), NULL, YAO_E_LIMIT},
};

static void case_row(void **state)
{
    const struct row *r = *state;
    made              before = good;
    yao_audit_page    seen, page = {.version = 42};
    yao_audit_wanted  wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};

    if (r->seen != NULL) {
        before.version = r->seen;
        seen           = seen_of(&before);
        wanted.seen    = &seen;
    }
    assert_status(judge(make(&r->m), &wanted, &page), r->want);
    if (r->want != YAO_OK) {
        assert_int_equal(page.version, 42);
        return;
    }
    assert_bytes(yao_text_bytes(page.log), bytes_of(LOG));
    assert_int_equal(page.index, 1);
    assert_int_equal(page.at, HOUR + 309);
    assert_bytes(yao_text_bytes(page.keys[0]),
                 yao_text_bytes(key_line(LOG, r->m.told)));
}

/* Keys of two logs in one statement: whose would be kept? */
static void two_logs(void **state)
{
    char             keys[512];
    yao_text         one = key_line(LOG, 0), two = key_line("other/log", 1);
    made             m      = good;
    yao_audit_wanted wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};
    yao_audit_page   page;

    (void)state;
    snprintf(keys, sizeof keys, "[\"%.*s\",\"%.*s\"]", (int)one.len,
             (const char *)one.ptr, (int)two.len, (const char *)two.ptr);
    m.keys = keys;
    assert_status(judge(make(&m), &wanted, &page), YAO_E_MISMATCH);
}

static yao_status judge_swept(yao_bytes input, void *context)
{
    size_t         mark = test_arena()->used;
    yao_audit_page page;
    yao_status     status = judge(input, context, &page);

    test_arena()->used = mark;
    return status;
}

static void every_prefix(void **state)
{
    yao_audit_wanted wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};

    (void)state;
    test_every_prefix(judge_swept, make(&good), &wanted);
}

/* Where the keys are known, each bit of what is left is signed or hashed; of
 * those in the statement's own keys nothing is read. */
static void every_bit(void **state)
{
    made             m    = good;
    yao_audit_page   seen = seen_of(&good);
    yao_audit_wanted wanted = {YAO_TEXT("wallet"), bytes_of(LIST), &seen};

    (void)state;
    m.drop = "keys";
    test_every_bit(judge_swept, make(&m), &wanted, NULL);
}

static yao_status judge_in(yao_arena *arena, void *context)
{
    yao_audit_wanted  wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};
    yao_audit_pending p;
    yao_audit_page    page;

    YAO_TRY(yao_audit_page_begin(arena, test_crypto(),
                                 *(const yao_bytes *)context, NULL, &p));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, p.note.checks,
                                  p.note.check_count));
    return yao_audit_page_conclude(arena, test_crypto(), &p, &wanted, &page);
}

static void every_arena(void **state)
{
    yao_bytes statement = make(&good);

    (void)state;
    test_every_arena(judge_in, &statement, 65536);
}

static void too_long(void **state)
{
    static uint8_t    blanks[YAO_AUDIT_MAX_STATEMENT + 1];
    yao_audit_pending p;

    (void)state;
    memset(blanks, ' ', sizeof blanks);
    assert_status(yao_audit_page_begin(test_arena(), test_crypto(),
                                       (yao_bytes){blanks, sizeof blanks}, NULL,
                                       &p),
                  YAO_E_LIMIT);
}

/* A home that looked at nothing, or has no such algorithm. */
static void blind_home(void **state)
{
    yao_audit_wanted  wanted = {YAO_TEXT("wallet"), bytes_of(LIST), NULL};
    yao_audit_pending p;
    yao_audit_page    page;

    (void)state;
    assert_status(yao_audit_page_begin(test_arena(), test_crypto(),
                                       make(&good), NULL, &p),
                  YAO_OK);
    assert_status(yao_audit_page_conclude(test_arena(), test_crypto(), &p,
                                          &wanted, &page),
                  YAO_E_CRYPTO);
    p.note.checks[0].outcome = YAO_SIG_UNSUPPORTED;
    assert_status(yao_audit_page_conclude(test_arena(), test_crypto(), &p,
                                          &wanted, &page),
                  YAO_E_UNSUPPORTED);
    p.note.checks[0].outcome = YAO_SIG_BAD;
    assert_status(yao_audit_page_conclude(test_arena(), test_crypto(), &p,
                                          &wanted, &page),
                  YAO_E_BAD_SIGNATURE);
}

/* ---- what was kept ------------------------------------------------------ */

#define NOTE(index, at, hash)                                                  \
    "{\"log\":\"l\",\"page\":\"wallet\",\"version\":1,\"hash\":\"" hash        \
    "\",\"index\":" index ",\"at\":\"" at "\",\"keys\":[\"k\"]}"
#define H64 "00000000000000000000000000000000"
#define HEX64 H64 H64

static const struct note {
    const char *name, *text;
    yao_status  want;
} notes[] = {
    {"accepts a note", NOTE("0", AT, HEX64), YAO_OK},
    {"refuses an index below 0", NOTE("-1", AT, HEX64), YAO_E_VALUE},
    {"refuses a moment that is none", NOTE("0", "today", HEX64),
     YAO_E_MALFORMED},
    {"refuses a short hash", NOTE("0", AT, H64), YAO_E_VALUE},
    {"refuses a hash of other letters", NOTE("0", AT, H64 "zz" "000000000000000000000000000000"),
     YAO_E_BASE64},
    {"refuses nothing", "", YAO_E_TRUNCATED},
    {"refuses no members", "{}", YAO_E_MISSING},
};

static void case_note(void **state)
{
    const struct note *n = *state;
    yao_audit_page     page;

    assert_status(yao_audit_page_read(test_arena(), bytes_of(n->text), &page),
                  n->want);
}

static void names(void **state)
{
    (void)state;
    assert_true(yao_audit_is_page_name(YAO_TEXT("wallet-2")));
    assert_true(yao_audit_is_page_name(
        YAO_TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    assert_false(yao_audit_is_page_name(
        YAO_TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")));
    assert_false(yao_audit_is_page_name(YAO_TEXT("2-wallet")));
    assert_false(yao_audit_is_page_name(YAO_TEXT("wallet/..")));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("statement", rows[i].name, case_row, &rows[i]);
    test_add("statement", "refuses keys of two logs", two_logs, NULL);
    test_add("statement", "refuses every prefix", every_prefix, NULL);
    test_add("statement", "refuses every changed bit", every_bit, NULL);
    test_add("statement", "refuses every arena that is too small", every_arena,
             NULL);
    test_add("statement", "refuses one that is too long", too_long, NULL);
    test_add("statement", "never accepts what no home looked at", blind_home,
             NULL);
    for (size_t i = 0; i < COUNT(notes); i++)
        test_add("note", notes[i].name, case_note, &notes[i]);
    test_add("name", "accepts names of pages, and no others", names, NULL);
    return test_run("audit/page");
}
