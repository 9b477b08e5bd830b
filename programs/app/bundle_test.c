/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bundle.h"

#include "check.h"

#include <stdio.h>
#include <unistd.h>

#include "app/files.h"
#include "app/pem.h"
#include "inflate/inflate.h"
#include "journey.h"
#include "statuslist/statuslist.h"
#include "trust_fixture.h"

#define URI YAO_TEXT("https://authority.example/statuslists/1")

/* ---- status lists ------------------------------------------------------- */

/* What is different from a good one. */
typedef struct token_wish {
    int      root_key; /* under which root the signer is */
    yao_time issued, expires;
    bool     damaged; /* what is packed can't be unpacked */
} token_wish;

static const token_wish good_token = {TRUST_ISSUER_ROOT, TRUST_ISSUED,
                                      TRUST_ISSUED + 7 * YAO_TIME_DAY, false};

static yao_bytes make_token(const trust_world *w, const token_wish *wish)
{
    static const uint8_t entries[16] = {2};
    yao_deflate_wish     pack = {.input = {entries, sizeof entries}};
    yao_bytes root  = wish->root_key == TRUST_ISSUER_ROOT ? w->issuer_root
                                                          : w->reader_root;
    yao_bytes chain = forge_make(YAO_X509_STATUS, TRUST_OTHER, root,
                                 wish->root_key);
    yao_statuslist_request q = {.form        = YAO_STATUSLIST_CWT,
                                .uri         = URI,
                                .issued_at   = wish->issued,
                                .expires     = wish->expires,
                                .ttl         = 43200,
                                .bits        = 1,
                                .alg         = YAO_ES256,
                                .chain       = &chain,
                                .chain_count = 1};
    yao_statuslist_issuing issuing;
    uint8_t                signature[YAO_MAX_SIGNATURE];
    size_t                 len;
    yao_bytes              token;

    assert_status(yao_deflate(&pack, test_arena(), &q.compressed), YAO_OK);
    if (wish->damaged)
        q.compressed.len--;
    assert_status(yao_statuslist_write(test_arena(), &q, &issuing), YAO_OK);
    assert_status(yao_openssl_sign(forge_key(TRUST_OTHER), &issuing.wish,
                                   signature, &len),
                  YAO_OK);
    yao_writer out = yao_writer_in(test_arena());
    assert_status(
        yao_statuslist_put(&out, &issuing, (yao_bytes){signature, len}),
        YAO_OK);
    assert_status(yao_writer_keep(&out, test_arena(), &token), YAO_OK);
    return token;
}

/* ---- files -------------------------------------------------------------- */

static void write_pem(const char *name, const yao_bytes *ders, size_t count)
{
    uint8_t    pem[8192];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    for (size_t i = 0; i < count; i++)
        yao_pem_put(&w, "CERTIFICATE", ders[i]);
    assert_status(w.status, YAO_OK);
    test_write(name, (yao_bytes){pem, w.len});
}

/* A world with a bundle in a file, whose one status list is TOKEN. */
typedef struct stage {
    const trust_world *world;
    app_bundle_options o;
    app_bundle         b;
    yao_bytes          token;
    yao_trust_content  content;
} stage;

static void write_bundle(stage *s)
{
    test_write("bundle.cose", trust_sign(&s->content, &s->world->signer, 1));
}

static void open_stage(stage *s, const token_wish *wish)
{
    *s         = (stage){.world = trust_world_make()};
    s->token   = make_token(s->world, wish);
    s->content = trust_content(s->world, YAO_TRUST_BUNDLE);
    s->content.lists      = &s->token;
    s->content.list_count = 1;
    s->content.file_count = 0;
    unlink(test_scratch_path("bundle.cose.seen"));
    write_bundle(s);
    write_pem("root.pem", &s->world->root, 1);
    s->o = (app_bundle_options){.path   = test_scratch_path("bundle.cose"),
                                .anchor = test_scratch_path("root.pem"),
                                .now    = TRUST_NOW,
                                .skew   = 60,
                                .keep   = true};
}

static yao_status reopen(stage *s)
{
    app_bundle_close(&s->b);
    return app_bundle_open(forge_crypto(), &s->o, &s->b);
}

/* ---- rows --------------------------------------------------------------- */

static void nothing(stage *s) { (void)s; }
static void no_anchor(stage *s) { s->o.anchor = NULL; }
static void empty_anchor(stage *s) { s->o.anchor = ""; }
static void no_such_anchor(stage *s) { s->o.anchor = test_scratch_path("no"); }
static void half_fingerprint(stage *s) { s->o.anchor = "sha256:0123"; }
static void odd_fingerprint(stage *s)
{
    s->o.anchor = "sha256:0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdeg";
}
static void other_fingerprint(stage *s)
{
    s->o.anchor = "sha256:0123456789abcdef0123456789abcdef"
                  "0123456789abcdef0123456789abcdef";
    write_pem("trust-root.pem", &s->world->root, 1);
}
static void two_anchors(stage *s)
{
    yao_bytes both[2] = {s->world->root, s->world->issuer_root};

    write_pem("root.pem", both, 2);
}
static void other_anchor(stage *s)
{
    write_pem("root.pem", &s->world->issuer_root, 1);
}
static void not_a_list(stage *s)
{
    test_write("bundle.cose", YAO_LIT("x"));
    (void)s;
}
static void no_list(stage *s) { s->o.path = test_scratch_path("none.cose"); }
static void want_vical(stage *s) { s->o.wanted = YAO_TRUST_VICAL; }
static void broken_note(stage *s)
{
    test_write("bundle.cose.seen", YAO_LIT("x"));
    (void)s;
}
static void note_of_another_root(stage *s)
{
    uint8_t        buffer[256];
    yao_trust_seen seen = {.any = true, .version = 99, .moment = YAO_TIME_MAX};
    yao_writer     w    = yao_writer_open(buffer, sizeof buffer);

    yao_trust_put_seen(&w, YAO_LIT("0123456789abcdef0123456789abcdef"),
                       YAO_TRUST_BUNDLE, &seen);
    test_write("bundle.cose.seen", (yao_bytes){buffer, w.len});
    (void)s;
}
static void note_unreachable(stage *s)
{
    const char *loop = test_scratch_path("loop");

    unlink(loop);
    assert_int_equal(symlink("loop", loop), 0);
    s->o.seen = test_scratch_path("loop/seen");
    s->o.keep = false;
}
static void note_nowhere(stage *s) { s->o.seen = test_scratch_path("no/seen"); }

static void token_of_reader_root(stage *s)
{
    token_wish wish = good_token;

    wish.root_key = TRUST_READER_ROOT;
    s->token      = make_token(s->world, &wish);
    write_bundle(s);
}
static void token_past(stage *s)
{
    token_wish wish = good_token;

    wish.issued  = TRUST_NOW - 2 * YAO_TIME_DAY;
    wish.expires = TRUST_NOW - YAO_TIME_DAY;
    s->token     = make_token(s->world, &wish);
    write_bundle(s);
}
static void token_changed(stage *s)
{
    uint8_t *last = (uint8_t *)(uintptr_t)s->token.ptr + s->token.len - 1;

    *last ^= 1;
    write_bundle(s);
}
static void token_none(stage *s)
{
    s->token = YAO_LIT("a token");
    write_bundle(s);
}

static const yao_trust_file unknown_file = {
    .name    = YAO_INIT("profiles/unknown.json"),
    .content = YAO_INIT("{\"unknown\":1}")};
static void file_unknown(stage *s)
{
    s->content.files      = &unknown_file;
    s->content.file_count = 1;
    write_bundle(s);
}

static const struct row {
    const char *name;
    void (*how)(stage *s);
    yao_status want;
    int        place;
} rows[] = {
    {"accepts a bundle", nothing, YAO_OK, 0},
    {"accepts a note of another root: it begins anew", note_of_another_root,
     YAO_OK, 0},
    {"refuses no anchor", no_anchor, YAO_E_USAGE, APP_BUNDLE_ANCHOR},
    {"refuses an empty anchor", empty_anchor, YAO_E_USAGE, APP_BUNDLE_ANCHOR},
    {"refuses an anchor that is not there", no_such_anchor, YAO_E_FILE,
     APP_BUNDLE_ANCHOR},
    {"refuses half a fingerprint", half_fingerprint, YAO_E_USAGE,
     APP_BUNDLE_ANCHOR},
    {"refuses a fingerprint that is no hex", odd_fingerprint, YAO_E_USAGE,
     APP_BUNDLE_ANCHOR},
    {"refuses a root of another fingerprint", other_fingerprint,
     YAO_E_MISMATCH, APP_BUNDLE_ANCHOR},
    {"refuses two anchors", two_anchors, YAO_E_DUPLICATE, APP_BUNDLE_ANCHOR},
    {"refuses another anchor", other_anchor, YAO_E_UNTRUSTED, APP_BUNDLE_LIST},
    {"refuses what is no list", not_a_list, YAO_E_TRUNCATED, APP_BUNDLE_LIST},
    {"refuses a list that is not there", no_list, YAO_E_FILE, APP_BUNDLE_LIST},
    {"refuses another kind than wanted", want_vical, YAO_E_MISMATCH,
     APP_BUNDLE_LIST},
    {"refuses a note that is damaged", broken_note, YAO_E_TRUNCATED,
     APP_BUNDLE_SEEN},
    {"refuses when no note can be left", note_nowhere, YAO_E_FILE,
     APP_BUNDLE_SEEN},
    {"refuses when nobody can tell whether there is a note", note_unreachable,
     YAO_E_FILE, APP_BUNDLE_SEEN},
    {"refuses a status list under a root of readers", token_of_reader_root,
     YAO_E_UNTRUSTED, APP_BUNDLE_STATUS_LIST},
    {"refuses a status list past its end", token_past, YAO_E_EXPIRED,
     APP_BUNDLE_STATUS_LIST},
    {"refuses a status list that was changed", token_changed,
     YAO_E_BAD_SIGNATURE, APP_BUNDLE_STATUS_LIST},
    {"refuses a status list that is none", token_none, YAO_E_MALFORMED,
     APP_BUNDLE_STATUS_LIST},
    {"refuses a profile that nobody understands", file_unknown,
     YAO_E_MALFORMED, APP_BUNDLE_FILES},
};

static void one(void **state)
{
    const struct row *row = *state;
    static stage      s;

    open_stage(&s, &good_token);
    row->how(&s);
    assert_status(app_bundle_open(forge_crypto(), &s.o, &s.b), row->want);
    if (row->want == YAO_OK) {
        app_bundle_close(&s.b);
        return;
    }
    assert_int_equal(s.b.place, row->place);
    assert_null(s.b.list.anchors); /* nothing of it is left */
    assert_null(s.b.lists);
    assert_null(s.b.arena.base);
}

/* ---- what comes out ----------------------------------------------------- */

static void gives_options(void **state)
{
    static stage       s;
    yao_verify_options v = {.anchor_count = 0};

    (void)state;
    open_stage(&s, &good_token);
    assert_status(reopen(&s), YAO_OK);
    app_bundle_apply(&s.b, &v);
    assert_int_equal(v.anchor_count, 3);
    assert_int_equal(v.signer_count, 1);
    assert_int_equal(v.list_count, 1);
    assert_bytes(yao_text_bytes(v.lists[0].uri), yao_text_bytes(URI));
    assert_int_equal(v.lists[0].count, 128);
    assert_bytes(v.lists[0].anchor, s.world->issuer_root);
    assert_false(s.b.list.stale);
    s.o.now = TRUST_ISSUED + YAO_TIME_DAY + 1; /* amber after a day: N246 */
    assert_status(reopen(&s), YAO_OK);
    assert_true(s.b.list.stale);
    assert_true(s.b.seen_any);
    app_bundle_close(&s.b);
}

/* ---- lists that wait ---------------------------------------------------- */

static void gives_packed(void **state)
{
    static stage s;

    (void)state;
    open_stage(&s, &good_token);
    s.o.packed = true;
    assert_status(reopen(&s), YAO_OK);
    assert_int_equal(s.b.list_count, 1);
    assert_bytes(yao_text_bytes(s.b.lists[0].uri), yao_text_bytes(URI));
    assert_int_equal(s.b.lists[0].count, 0);
    assert_int_equal(s.b.lists[0].anchor.len, 0); /* speaks for nobody */
    assert_int_equal(s.b.list.seen.moment, TRUST_ISSUED);

    assert_false(app_bundle_unpack(&s.b, YAO_TEXT("https://other.example")));
    assert_int_equal(s.b.lists[0].count, 0);
    assert_true(app_bundle_unpack(&s.b, URI));
    assert_int_equal(s.b.lists[0].count, 128);
    assert_bytes(s.b.lists[0].anchor, s.world->issuer_root);
    assert_false(app_bundle_unpack(&s.b, URI)); /* once */

    s.o.packed = false;
    assert_status(reopen(&s), YAO_OK);
    assert_false(app_bundle_unpack(&s.b, URI)); /* it is already */
    assert_int_equal(s.b.lists[0].count, 128);
    app_bundle_close(&s.b);
    assert_false(app_bundle_unpack(&s.b, URI));
}

/* A list that waits is signed all the same. */
static void refuses_packed(void **state)
{
    static stage s;

    (void)state;
    open_stage(&s, &good_token);
    s.o.packed = true;
    token_changed(&s);
    assert_status(app_bundle_open(forge_crypto(), &s.o, &s.b),
                  YAO_E_BAD_SIGNATURE);
    assert_int_equal(s.b.place, APP_BUNDLE_STATUS_LIST);
}

/* One that can't be unpacked says nothing: no document is accepted by it. */
static void refuses_damaged(void **state)
{
    static stage s;
    token_wish   wish = good_token;

    (void)state;
    wish.damaged = true;
    open_stage(&s, &wish);
    assert_status(app_bundle_open(forge_crypto(), &s.o, &s.b),
                  YAO_E_MALFORMED);
    s.o.packed = true;
    assert_status(app_bundle_open(forge_crypto(), &s.o, &s.b), YAO_OK);
    assert_true(app_bundle_unpack(&s.b, URI));
    assert_int_equal(s.b.lists[0].uri.len, 0);
    assert_int_equal(s.b.lists[0].count, 0);
    assert_int_equal(s.b.lists[0].anchor.len, 0);
    assert_false(app_bundle_unpack(&s.b, URI));
    app_bundle_close(&s.b);
}

/* ---- memory ------------------------------------------------------------- */

static void remembers_versions(void **state)
{
    static stage s;

    (void)state;
    open_stage(&s, &good_token);
    s.o.keep = false;
    assert_status(reopen(&s), YAO_OK);
    assert_false(yao_path_exists(test_scratch_path("bundle.cose.seen")));
    s.o.keep = true;
    assert_status(reopen(&s), YAO_OK);
    assert_true(yao_path_exists(test_scratch_path("bundle.cose.seen")));
    s.content.version = 6;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_E_VALUE);
    s.content.version = 7;
    s.content.name    = YAO_TEXT("another");
    write_bundle(&s);
    assert_status(reopen(&s), YAO_E_MISMATCH);
    s.content.version = 8;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_OK);
    app_bundle_close(&s.b);
}

/* A genuine list of another kind under the same root does not make it forget
 * the bundle that lay there. */
static void remembers_kinds(void **state)
{
    static stage      s;
    yao_trust_content vical;

    (void)state;
    open_stage(&s, &good_token);
    assert_status(reopen(&s), YAO_OK);
    vical         = trust_content(s.world, YAO_TRUST_VICAL);
    vical.version = 99;
    test_write("bundle.cose", trust_sign(&vical, &s.world->signer, 1));
    assert_status(reopen(&s), YAO_E_USAGE);
    assert_int_equal(s.b.place, APP_BUNDLE_SEEN);
    s.content.version = 6;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_E_VALUE);
}

/* Somebody who opened an older one before writes his note last. */
static void never_lowers(void **state)
{
    static stage s, late;

    (void)state;
    open_stage(&s, &good_token);
    late = s;
    assert_status(reopen(&late), YAO_OK);
    s.content.version = 8;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_OK);
    assert_status(app_bundle_raise(forge_crypto(), &late.b, &s.o,
                                   TRUST_NOW + 5),
                  YAO_OK);
    assert_status(reopen(&s), YAO_OK);
    assert_int_equal(s.b.list.seen.version, 8);
    assert_int_equal(s.b.list.seen.moment, TRUST_NOW + 5);
    s.content.version = 7;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_E_VALUE);
    app_bundle_close(&late.b);
}

/* A status list that was signed later than its bundle is a moment, too. */
static void remembers_moments(void **state)
{
    static stage s;
    token_wish   wish = good_token;

    (void)state;
    wish.issued = TRUST_NOW;
    open_stage(&s, &wish);
    assert_status(reopen(&s), YAO_OK);
    assert_int_equal(s.b.list.seen.moment, TRUST_NOW);
    s.o.now = TRUST_NOW - 60;
    assert_status(reopen(&s), YAO_OK);
    s.o.now = TRUST_NOW - 61;
    assert_status(reopen(&s), YAO_E_NOT_YET_VALID);

    s.o.now = TRUST_NOW + 3600;
    assert_status(reopen(&s), YAO_OK);
    assert_status(app_bundle_raise(forge_crypto(), &s.b, &s.o, TRUST_NOW),
                  YAO_OK);
    assert_int_equal(s.b.list.seen.moment, TRUST_NOW);
    assert_status(
        app_bundle_raise(forge_crypto(), &s.b, &s.o, TRUST_NOW + 3600), YAO_OK);
    assert_status(reopen(&s), YAO_OK);
    assert_int_equal(s.b.list.seen.moment, TRUST_NOW + 3600);
    s.o.now = TRUST_NOW + 3600 - 61;
    assert_status(reopen(&s), YAO_E_NOT_YET_VALID);
    app_bundle_close(&s.b);
}

/* ---- files -------------------------------------------------------------- */

static void reads_profiles(void **state)
{
    static stage   s;
    yao_trust_file files[3] = {
        {.name = YAO_TEXT("profiles/hotel.json"),
         .hash = YAO_LIT("0123456789abcdef0123456789abcdef")},
        {.name = YAO_TEXT("profiles/motel.json")},
        {.name = YAO_TEXT("profiles/unheard.json"),
         .hash = YAO_LIT("0123456789abcdef0123456789abcdef")}};
    yao_bytes hotel = test_file("profiles/hotel.json"), motel;
    uint8_t  *copy;
    size_t    at = 0;

    (void)state;
    assert_status(yao_arena_keep(test_arena(), hotel, &motel), YAO_OK);
    copy = (uint8_t *)(uintptr_t)motel.ptr;
    while (memcmp(copy + at, "\"hotel\"", 7) != 0)
        at++;
    copy[at + 1]     = 'm'; /* the motel's */
    files[1].content = motel;
    open_stage(&s, &good_token);
    s.content.files      = files;
    s.content.file_count = 3;
    write_bundle(&s);
    assert_status(reopen(&s), YAO_OK);
    assert_int_equal(s.b.other_files, 2);
    assert_non_null(yao_profile_by_name(&s.b.catalogue, YAO_TEXT("motel")));
    assert_non_null(yao_profile_by_name(&s.b.catalogue, YAO_TEXT("hotel")));
    assert_null(
        yao_profile_by_name(yao_catalogue_shipped(), YAO_TEXT("motel")));
    app_bundle_close(&s.b);
}

static void says_ages(void **state)
{
    static const struct {
        yao_time    seconds;
        const char *want;
    } ages[] = {{-5, "0 s"},      {0, "0 s"},        {59, "59 s"},
                {60, "1 min"},    {43 * 60, "43 min"}, {7199, "119 min"},
                {7200, "2 h"},    {86400, "24 h"},   {2 * 86400, "2 d"},
                {YAO_TIME_MAX, "2932896 d"}};
    char out[32];

    (void)state;
    for (size_t i = 0; i < COUNT(ages); i++)
        assert_string_equal(app_age(ages[i].seconds, out, sizeof out),
                            ages[i].want);
}

int main(void)
{
    yao_language_set(YAO_EN);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("bundle", rows[i].name, one, &rows[i]);
    test_add("bundle", "gives what verification asks for", gives_options,
             NULL);
    test_add("bundle", "gives lists that wait, when they are asked for",
             gives_packed, NULL);
    test_add("bundle", "refuses a list that waits, of another signer",
             refuses_packed, NULL);
    test_add("bundle", "refuses to believe a list that can't be unpacked",
             refuses_damaged, NULL);
    test_add("bundle", "refuses N115: an older one than it has seen",
             remembers_versions, NULL);
    test_add("bundle", "refuses N115: one after a list of another kind there",
             remembers_kinds, NULL);
    test_add("bundle", "never lowers what another process has seen",
             never_lowers, NULL);
    test_add("bundle", "refuses N246: a clock before what it has seen signed",
             remembers_moments, NULL);
    test_add("bundle", "accepts profiles that the program has not",
             reads_profiles, NULL);
    test_add("age", "gives words that people read", says_ages, NULL);
    int code = test_run("app/bundle");
    test_scratch_remove();
    return code;
}
