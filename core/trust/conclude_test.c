/* SPDX-License-Identifier: Apache-2.0 */
/* What comes out of a judgement, and that nothing does when the home fails. */

#include "trust/trust.h"

#include "cbor_edit.h"
#include "trust_fixture.h"

enum { VICAL = YAO_TRUST_VICAL, PARTIES = YAO_TRUST_PARTIES };
enum { BUNDLE = YAO_TRUST_BUNDLE };

typedef struct trial {
    const trust_world *world;
    yao_bytes          list;
    yao_trust_options  options;
} trial;

static trial open_trial(int kind)
{
    const trust_world *w = trust_world_make();

    return (trial){.world   = w,
                   .list    = trust_list(w, (yao_trust_kind)kind),
                   .options = trust_options(w)};
}

/* P-256's own number, changed in its last arc: a curve we do not have. */
static void info_other_curve(trial *t)
{
    static const uint8_t oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7};
    yao_bytes            der;
    size_t               at = 0;

    assert_status(yao_arena_keep(test_arena(), t->world->issuer_root, &der),
                  YAO_OK);
    while (memcmp(der.ptr + at, oid, sizeof oid) != 0)
        at++;
    ((uint8_t *)(uintptr_t)der.ptr)[at + sizeof oid - 1] ^= 1;
    t->list = cbor_set(t->list, "2/*/certificateInfos/0/certificate",
                       cbor_of_bytes(der));
    t->list = trust_again(t->list, TRUST_SIGNER);
}

/* ---- what comes out ----------------------------------------------------- */

static void gives_anchors(void **state)
{
    trial              t = open_trial(BUNDLE);
    yao_trust_verified list;
    yao_report         report;

    (void)state;
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_int_equal(list.anchor_count, 3);
    assert_int_equal(list.anchors[0].role, YAO_ROLE_ISSUER);
    assert_bytes(list.anchors[0].certificate, t.world->issuer_root);
    assert_int_equal(list.anchors[0].type_count, 2);
    assert_int_equal(list.anchors[1].role, YAO_ROLE_STATUS);
    assert_bytes(list.anchors[1].certificate, t.world->issuer_root);
    assert_int_equal(list.anchors[1].type_count, 0);
    assert_int_equal(list.anchors[2].role, YAO_ROLE_READER);
    assert_bytes(list.anchors[2].certificate, t.world->reader_root);
    assert_bytes(list.root, t.world->root);
    assert_int_equal(list.age, 3600);
    assert_false(list.stale);
    assert_int_equal(list.content.signer_count, 1);
    assert_int_equal(list.content.list_count, 2);
}

static void gives_no_anchor_for_strange_keys(void **state)
{
    trial              t = open_trial(VICAL);
    yao_trust_verified list;
    yao_report         report;

    (void)state;
    info_other_curve(&t);
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_int_equal(list.content.root_count, 1);
    assert_int_equal(list.unusable, 1);
    assert_int_equal(list.anchor_count, 0);
}

/* What came out once is what is compared with the next time. */
static void gives_what_was_seen(void **state)
{
    trial              t = open_trial(BUNDLE);
    yao_trust_verified list;
    yao_report         report;

    (void)state;
    t.options.seen = (yao_trust_seen){.any = true, .moment = TRUST_NOW + 7};
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_true(list.seen.any);
    assert_int_equal(list.seen.version, 7);
    assert_int_equal(list.seen.issued_at, TRUST_ISSUED);
    assert_int_equal(list.seen.moment, TRUST_NOW + 7);
    t.options.seen = list.seen;
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_int_equal(list.seen.moment, TRUST_NOW + 7);
}

static void says_stale(void **state)
{
    trial              t = open_trial(BUNDLE);
    yao_trust_verified list;
    yao_report         report;

    (void)state;
    t.options.now = TRUST_ISSUED + YAO_TIME_DAY + 1;
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_true(list.stale);
    assert_int_equal(list.age, YAO_TIME_DAY + 1);
    t.options.now = TRUST_ISSUED - 60;
    assert_status(trust_judge(t.list, &t.options, &list, &report), YAO_OK);
    assert_int_equal(list.age, 0);
}

/* ---- homes -------------------------------------------------------------- */

static yao_sig_outcome answer;

static yao_status answers(void *ctx, yao_signature_check *checks, size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = answer;
    return YAO_OK;
}

/* Begin with the real home, answer with another. */
static yao_status judge_with(const trial *t, yao_sig_outcome said,
                             yao_trust_verified *list, yao_report *report)
{
    yao_trust_unverified   u;
    yao_trust_verification v;

    answer  = said;
    *report = (yao_report){.count = 0};
    assert_status(yao_trust_parse(test_arena(), t->list, false, &u), YAO_OK);
    assert_status(yao_trust_begin(test_arena(), forge_crypto(), &u, &t->options,
                                  &v, report),
                  YAO_OK);
    assert_int_equal(v.check_count, 2);
    assert_status(answers(NULL, v.checks, v.check_count), YAO_OK);
    yao_status status = yao_trust_conclude(&v, test_arena(), list, report);
    assert_status(yao_trust_conclude(&v, test_arena(), list, report),
                  YAO_E_USAGE); /* once */
    return status;
}

static void never_without_answers(void **state)
{
    trial              t    = open_trial(BUNDLE);
    yao_trust_verified list = {.anchor_count = 12345};
    yao_report         report;

    (void)state;
    assert_status(judge_with(&t, YAO_SIG_UNCHECKED, &list, &report),
                  YAO_E_CRYPTO);
    assert_status(judge_with(&t, YAO_SIG_UNSUPPORTED, &list, &report),
                  YAO_E_UNSUPPORTED);
    assert_status(judge_with(&t, YAO_SIG_BAD, &list, &report),
                  YAO_E_BAD_SIGNATURE);
    assert_int_equal(list.anchor_count, 12345);
    assert_status(judge_with(&t, YAO_SIG_GOOD, &list, &report), YAO_OK);
}

/* The home of forge_crypto(), failing at the n-th hash. */
static int hashes_left;

static yao_status counted_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    (void)ctx;
    if (hashes_left-- == 0)
        return YAO_E_CRYPTO;
    return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count, out);
}

static void never_when_hashing_fails(void **state)
{
    trial                  t = open_trial(BUNDLE);
    yao_crypto             home = {.hash = counted_hash};
    yao_trust_unverified   u;
    yao_trust_verification v = {.check_count = 12345};
    yao_status             status;
    int                    n = 0;

    (void)state;
    assert_status(yao_trust_parse(test_arena(), t.list, false, &u), YAO_OK);
    do {
        yao_report report = {.count = 0};

        hashes_left = n++;
        status = yao_trust_begin(test_arena(), &home, &u, &t.options, &v,
                                 &report);
        if (status != YAO_OK)
            assert_int_equal(v.check_count, 12345);
    } while (status == YAO_E_CRYPTO && n < 100);
    assert_status(status, YAO_OK);
    assert_int_equal(n, 5); /* two parties, a file, the payload; then none */
}

static void refuses_misuse(void **state)
{
    trial                  t    = open_trial(BUNDLE);
    yao_trust_verification none = {.internal = NULL}, v;
    yao_trust_unverified   u;
    yao_trust_verified     list;
    yao_report             report = {.count = 0};
    static const struct {
        yao_time now, skew, max_age;
    } bad[] = {{-1, 0, 0},
               {YAO_TIME_MAX + 1, 0, 0},
               {YAO_TIME_NONE, 0, 0},
               {TRUST_NOW, -1, 0},
               {TRUST_NOW, YAO_TIME_DAY + 1, 0},
               {TRUST_NOW, 0, -1}};

    (void)state;
    assert_status(yao_trust_parse(test_arena(), t.list, false, &u), YAO_OK);
    assert_status(yao_trust_conclude(&none, test_arena(), &list, &report),
                  YAO_E_USAGE);
    for (size_t i = 0; i < COUNT(bad); i++) {
        t.options.now     = bad[i].now;
        t.options.skew    = bad[i].skew;
        t.options.max_age = bad[i].max_age;
        assert_status(yao_trust_begin(test_arena(), forge_crypto(), &u,
                                      &t.options, &v, &report),
                      YAO_E_USAGE);
    }
    assert_int_equal(report.count, 0);
}

/* ---- sweeps ------------------------------------------------------------- */

static yao_status judge_bytes(yao_bytes input, void *context)
{
    const trial       *t = context;
    yao_arena         *arena = test_arena();
    size_t             mark = arena->used;
    yao_trust_verified list = {.anchor_count = 12345};
    yao_report         report;

    yao_status status = trust_judge(input, &t->options, &list, &report);
    if (status != YAO_OK)
        assert_int_equal(list.anchor_count, 12345);
    arena->used = mark;
    return status;
}

static void every_prefix(void **state)
{
    trial t = open_trial(*(const int *)*state);

    test_every_prefix(judge_bytes, t.list, &t);
}

/* The chain of a VICAL stands outside of what is signed, but every bit of it
 * is signed by the root. */
static void every_bit(void **state)
{
    trial t = open_trial(*(const int *)*state);

    test_every_bit(judge_bytes, t.list, &t, NULL);
}

static yao_status work(yao_arena *arena, void *context)
{
    const trial           *t = context;
    const yao_crypto      *crypto = forge_crypto();
    yao_trust_unverified   u;
    yao_trust_verification v;
    yao_trust_verified     list;
    yao_report             report = {.count = 0};

    YAO_TRY(yao_trust_parse(arena, t->list, false, &u));
    YAO_TRY(yao_trust_begin(arena, crypto, &u, &t->options, &v, &report));
    YAO_TRY(crypto->verify(crypto->ctx, v.checks, v.check_count));
    YAO_TRY(yao_trust_conclude(&v, arena, &list, &report));
    assert_int_equal(list.anchor_count,
                     list.content.kind == YAO_TRUST_BUNDLE  ? 3
                     : list.content.kind == YAO_TRUST_VICAL ? 1
                                                            : 0);
    return YAO_OK;
}

/* What begin began can be concluded. */
static yao_status begin_in(yao_arena *arena, void *context)
{
    const trial           *t      = context;
    const yao_crypto      *crypto = forge_crypto();
    yao_trust_unverified   u;
    yao_trust_verification v;
    yao_trust_verified     list;
    yao_report             report = {.count = 0};
    size_t                 mark   = test_arena()->used;

    assert_status(yao_trust_parse(test_arena(), t->list, false, &u), YAO_OK);
    YAO_TRY(
        yao_trust_begin(arena, crypto, &u, &t->options, &v, &report));
    assert_status(crypto->verify(crypto->ctx, v.checks, v.check_count), YAO_OK);
    assert_status(yao_trust_conclude(&v, test_arena(), &list, &report), YAO_OK);
    test_arena()->used = mark;
    return YAO_OK;
}

static void every_arena(void **state)
{
    trial t = open_trial(*(const int *)*state);

    test_every_arena(work, &t, 65536);
    test_every_arena(begin_in, &t, 65536);
}

int main(void)
{
    static const int kinds[] = {VICAL, PARTIES, BUNDLE};

    test_add("trust", "gives anchors of every role, none of trust",
             gives_anchors, NULL);
    test_add("trust", "gives no anchor for keys that we do not have",
             gives_no_anchor_for_strange_keys, NULL);
    test_add("trust", "gives what was seen, for the next time",
             gives_what_was_seen, NULL);
    test_add("trust", "gives the age, and whether it is stale", says_stale,
             NULL);
    test_add("trust", "never verified when the home did not say good",
             never_without_answers, NULL);
    test_add("trust", "never begun when the home cannot hash",
             never_when_hashing_fails, NULL);
    test_add("trust", "refuses a clock or a skew out of range",
             refuses_misuse, NULL);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        test_add("trust", "refuses every prefix", every_prefix, &kinds[i]);
        test_add("trust", "refuses every changed bit", every_bit, &kinds[i]);
        test_add("trust", "gives YAO_E_SPACE, whatever the room", every_arena,
                 &kinds[i]);
    }
    return test_run("trust/conclude");
}
