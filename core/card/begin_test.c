/* SPDX-License-Identifier: Apache-2.0 */

/* What begin and conclude do around the checks: every bit and every arena,
 * options, homes that fail or answer badly, what a showing is remembered by. */

#include "card_judge.h"

#include "card/labels.h"

/* ---- two signers of one name -------------------------------------------- */

/* As if somebody had made two certificates whose hashes begin alike. */
static yao_status colliding_hash(void *ctx, yao_hash_alg alg,
                                 const yao_bytes *parts, size_t count,
                                 uint8_t *out)
{
    const card_fixture *f = card_fixture_get();
    yao_bytes           input = parts[0];

    (void)ctx;
    if (count == 1 && input.ptr == f->other_signer.ptr)
        input = f->signer;
    return forge_crypto()->hash(forge_crypto()->ctx, alg,
                                count == 1 ? &input : parts, count, out);
}

static void refuses_two_signers_of_one_kid(void **state)
{
    yao_crypto            home = {.hash = colliding_hash};
    yao_card_unverified   card;
    yao_card_verification v;
    yao_report            report = {.count = 0};
    bench                 b;

    (void)state;
    set_up(&b, 0);
    assert_status(yao_card_parse(test_arena(), open_card(), &card), YAO_OK);
    assert_status(yao_card_begin(test_arena(), &home, &card, &b.o, &v,
                                 &report),
                  YAO_OK);
    expect_bad(&report, YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_UNTRUSTED, 4);

    b.signers[0] = b.signers[1]; /* the same twice is one */
    report       = (yao_report){.count = 0};
    assert_status(yao_card_begin(test_arena(), &home, &card, &b.o, &v,
                                 &report),
                  YAO_OK);
    expect_bad(&report, 0, 0, 0, 0);
}

/* ---- sweeps ------------------------------------------------------------- */

/* READ of a sweep: YAO_OK only when it would be accepted. */
static yao_status accept_card(yao_bytes input, void *context)
{
    const yao_card_verify_options *o = context;
    yao_card_unverified            card;
    yao_card_verification          v;
    yao_card_verified              verified;
    yao_report                     report = {.count = 0};
    size_t                         mark = test_arena()->used;

    yao_status status = yao_card_parse(test_arena(), input, &card);
    if (status == YAO_OK)
        status = yao_card_begin(test_arena(), forge_crypto(), &card, o, &v,
                                &report);
    if (status == YAO_OK)
        status = forge_crypto()->verify(forge_crypto()->ctx, v.checks,
                                        v.check_count);
    if (status == YAO_OK)
        status = yao_card_conclude(&v, &verified, &report);
    test_arena()->used = mark;
    return status;
}

static void refuses_every_flipped_bit(void **state)
{
    bench b;

    (void)state;
    set_up(&b, 0);
    test_every_bit(accept_card, open_card(), &b.o, NULL);
    set_up(&b, CHALLENGED);
    test_every_bit(accept_card, card_fixture_answer(issued(), b.o.challenge),
                   &b.o, NULL);
}

static yao_status begin_in(yao_arena *arena, void *context)
{
    const yao_card_unverified *card = context;
    yao_card_verification      v;
    yao_report                 report = {.count = 0};
    static bench               b;

    if (b.o.anchor_count == 0)
        set_up(&b, PINNED);
    yao_status status = yao_card_begin(arena, forge_crypto(), card, &b.o, &v,
                                       &report);
    for (size_t i = 0; status == YAO_OK && i < report.count; i++)
        assert_string_not_equal(yao_status_name(report.rows[i].why), "SPACE");
    if (status == YAO_OK && !card->printed) { /* what the holder signed */
        const uint8_t *message = v.checks[v.check_count - 1].parts[0].ptr;

        assert_true(message >= arena->base &&
                    message < arena->base + arena->cap);
        assert_memory_equal(message, "\x83\x6dyaopai-card-1", 15);
    }
    return status;
}

static void gives_space_error_in_every_smaller_arena(void **state)
{
    yao_card_unverified card;

    (void)state;
    assert_status(yao_card_parse(test_arena(), open_card(), &card), YAO_OK);
    test_every_arena(begin_in, &card, 16 * 1024);
    assert_status(yao_card_parse_printed(test_arena(), print(), &card),
                  YAO_OK);
    test_every_arena(begin_in, &card, 16 * 1024);
    assert_status(yao_card_parse_printed(test_arena(), paper_no_kid(), &card),
                  YAO_OK);
    test_every_arena(begin_in, &card, 16 * 1024);
}

/* ---- options, homes ----------------------------------------------------- */

static const struct usage {
    const char *name;
    yao_time    now, skew;
    const char *challenge;
    yao_status  want;
} usages[] = {
    {"accepts a day's skew", CARD_NOW, YAO_TIME_DAY, "", YAO_OK},
    {"refuses a time before 1970", -1, 0, "", YAO_E_USAGE},
    {"refuses a time after 9999", YAO_TIME_MAX + 1, 0, "", YAO_E_USAGE},
    {"refuses a negative skew", CARD_NOW, -1, "", YAO_E_USAGE},
    {"refuses more than a day's skew", CARD_NOW, YAO_TIME_DAY + 1, "",
     YAO_E_USAGE},
    {"refuses a challenge that is none", CARD_NOW, 0, "\xa0", YAO_E_USAGE},
};

static void checks_usage(void **state)
{
    const struct usage   *r = *state;
    yao_card_unverified   card;
    yao_card_verification v;
    yao_report            report = {.count = 0};
    bench                 b;

    set_up(&b, 0);
    b.o.now       = r->now;
    b.o.skew      = r->skew;
    b.o.challenge = yao_text_bytes(yao_text_of(r->challenge));
    assert_status(yao_card_parse(test_arena(), open_card(), &card), YAO_OK);
    assert_status(yao_card_begin(test_arena(), forge_crypto(), &card, &b.o, &v,
                                 &report),
                  r->want);
}

typedef struct failing {
    size_t     calls_left;
    yao_status status;
} failing;

static yao_status failing_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    failing *f = ctx;

    if (f->calls_left-- == 0)
        return f->status;
    return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count, out);
}

static void fails_at_each_hash(yao_bytes                      input,
                               const yao_card_verify_options *o, size_t hashes,
                               yao_status status)
{
    yao_card_unverified card;

    assert_status(yao_card_parse(test_arena(), input, &card), YAO_OK);
    for (size_t n = 0; n <= hashes; n++) {
        failing               f      = {n, status};
        yao_crypto            home   = {.ctx = &f, .hash = failing_hash};
        yao_report            report = {.count = 0};
        yao_card_verification v;

        assert_status(yao_card_begin(test_arena(), &home, &card, o, &v,
                                     &report),
                      n == hashes ? YAO_OK : status);
    }
}

static void gives_what_the_hash_gives(void **state)
{
    bench b;

    (void)state;
    set_up(&b, 0); /* two signers, the issuer part thrice, the replay key */
    fails_at_each_hash(open_card(), &b.o, 5, YAO_E_CRYPTO);
    fails_at_each_hash(open_card(), &b.o, 5, YAO_E_UNSUPPORTED);
    set_up(&b, CHALLENGED);
    fails_at_each_hash(answer(), &b.o, 6, YAO_E_CRYPTO);
}

static const struct home_row {
    const char     *name;
    yao_sig_outcome outcome;
    yao_outcome     row;
    yao_status      want;
} homes[] = {
    {"gives CRYPTO when nobody looked", YAO_SIG_UNCHECKED, UNKNOWN,
     YAO_E_CRYPTO},
    {"gives UNSUPPORTED when the home lacks the algorithm",
     YAO_SIG_UNSUPPORTED, UNKNOWN, YAO_E_UNSUPPORTED},
    {"gives BAD_SIGNATURE when all are bad", YAO_SIG_BAD, FAIL,
     YAO_E_BAD_SIGNATURE},
};

static void answers_badly(void **state)
{
    const struct home_row *r = *state;
    bench                  b;

    for (unsigned pinned = 0; pinned < 2; pinned++) {
        yao_card_unverified   card;
        yao_card_verification v;
        yao_card_verified     verified;
        yao_report            report = {.count = 0};

        set_up(&b, pinned ? PINNED_MORE : 0);
        assert_status(pinned ? yao_card_parse_printed(test_arena(),
                                                      paper_no_kid(), &card)
                             : yao_card_parse(test_arena(), open_card(), &card),
                      YAO_OK);
        assert_status(yao_card_begin(test_arena(), forge_crypto(), &card, &b.o,
                                     &v, &report),
                      YAO_OK);
        for (size_t i = 0; i < v.check_count; i++)
            v.checks[i].outcome = r->outcome;
        assert_status(yao_card_conclude(&v, &verified, &report), r->want);
        expect_bad(&report, YAO_CHECK_ISSUER_SIGNATURE, r->row, r->want,
                   pinned ? 1 : 3);
        assert_status(yao_card_conclude(&v, &verified, &report), YAO_E_USAGE);
    }
}

/* What failed stays failed, although the caller brings an empty report. */
static void refuses_whatever_report(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        yao_card_unverified   card;
        yao_card_verification v;
        yao_card_verified     verified;
        yao_report            report = {.count = 0}, empty = {.count = 0};
        bench                 b;

        set_up(&b, 0);
        if (i == 0)
            b.o.signer_count = 0;
        if (i == 1)
            b.o.anchor_count = 0;
        if (i == 2)
            b.o.now += YAO_TIME_DAY * 365;
        assert_status(yao_card_parse(test_arena(), open_card(), &card), YAO_OK);
        assert_status(yao_card_begin(test_arena(), forge_crypto(), &card, &b.o,
                                     &v, &report),
                      YAO_OK);
        for (size_t k = 0; k < v.check_count; k++)
            v.checks[k].outcome = YAO_SIG_GOOD;
        assert_int_not_equal(yao_card_conclude(&v, &verified, &empty), YAO_OK);
    }
}

/* Of a chain the worst counts. */
static void never_takes_one_good_answer_for_all(void **state)
{
    bench b;

    (void)state;
    set_up(&b, 0);
    for (size_t bad = 0; bad < 3; bad++) {
        yao_card_unverified   card;
        yao_card_verification v;
        yao_card_verified     verified;
        yao_report            report = {.count = 0};

        assert_status(yao_card_parse(test_arena(), open_card(), &card),
                      YAO_OK);
        assert_status(yao_card_begin(test_arena(), forge_crypto(), &card, &b.o,
                                     &v, &report),
                      YAO_OK);
        assert_int_equal(v.check_count, 3);
        for (size_t i = 0; i < 3; i++)
            v.checks[i].outcome = i == bad ? YAO_SIG_BAD : YAO_SIG_GOOD;
        assert_status(yao_card_conclude(&v, &verified, &report),
                      YAO_E_BAD_SIGNATURE);
        expect_bad(&report,
                   bad == 0   ? YAO_CHECK_CHAIN_SIGNATURE
                   : bad == 1 ? YAO_CHECK_ISSUER_SIGNATURE
                              : YAO_CHECK_CARD_HOLDER,
                   FAIL, YAO_E_BAD_SIGNATURE, 1);
    }
}

static void never_accepts_when_rows_were_lost(void **state)
{
    yao_card_unverified   card;
    yao_card_verification v;
    yao_card_verified     verified;
    static yao_report     report;
    bench                 b;

    (void)state;
    set_up(&b, 0);
    report = (yao_report){.count = YAO_MAX_REPORT_ROWS};
    for (size_t i = 0; i < report.count; i++)
        report.rows[i].outcome = YAO_OUTCOME_PASS;
    assert_status(yao_card_parse(test_arena(), open_card(), &card), YAO_OK);
    assert_status(yao_card_begin(test_arena(), forge_crypto(), &card, &b.o, &v,
                                 &report),
                  YAO_OK);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_card_conclude(&v, &verified, &report), YAO_E_LIMIT);
}

/* ---- replay keys -------------------------------------------------------- */

static void key_of(yao_bytes input, unsigned had, uint8_t out[YAO_SHA256_LEN],
                   bool want)
{
    bench  b;
    judged j;

    set_up(&b, had);
    judge_with(&j, input, false, &b.o);
    assert_int_equal(j.v.replayable, want);
    memcpy(out, j.v.replay_key, YAO_SHA256_LEN);
}

static void gives_one_replay_key_for_one_showing(void **state)
{
    yao_bytes part = issued(), ask = challenge();
    uint8_t   a[YAO_SHA256_LEN], b[YAO_SHA256_LEN];

    (void)state;
    /* signed anew, other bytes: the same showing (N241) */
    yao_bytes first = card_fixture_show(part, CARD_NOW);
    yao_bytes again = card_fixture_show(part, CARD_NOW + 1);
    assert_memory_not_equal(first.ptr + first.len - 64,
                            again.ptr + again.len - 64, 64);
    key_of(first, 0, a, true);
    key_of(again, 0, b, true);
    assert_memory_equal(a, b, sizeof a);

    key_of(card_fixture_show(part, CARD_NOW - 1), 0, b, true);
    assert_memory_not_equal(a, b, sizeof a);
    key_of(card_fixture_answer(part, ask), CHALLENGED, b, true);
    assert_memory_not_equal(a, b, sizeof a);
    key_of(card_fixture_show(issued(), CARD_NOW), 0, b, true);
    assert_memory_not_equal(a, b, sizeof a); /* another copy */
}

static void gives_no_replay_key_without_a_moment(void **state)
{
    uint8_t none[YAO_SHA256_LEN];

    (void)state;
    key_of(answer(), 0, none, false);
}

/* docs/formats/card.md section 8; the hashes by Python's hashlib. */
static void gives_the_replay_key_of_the_document(void **state)
{
    yao_card_moment open = {.step = 59843520};
    uint8_t         key[YAO_SHA256_LEN];

    (void)state;
    assert_status(yao_card_replay_key(forge_crypto(), YAO_LIT("abc"), &open,
                                      key),
                  YAO_OK);
    assert_bytes(((yao_bytes){key, sizeof key}), test_unhex(
        "941fbceab6bd22a3ddff523c6b4a4da602215d7f3156cae946189f9bf57099ce"));
}

static void gives_the_worst_of_a_chain(void **state)
{
    yao_signature_check c[3] = {{.outcome = YAO_SIG_UNSUPPORTED},
                                {.outcome = YAO_SIG_BAD},
                                {.outcome = YAO_SIG_GOOD}};

    (void)state;
    assert_status(yao_card_worst(c, 3), YAO_E_BAD_SIGNATURE);
    assert_status(yao_card_worst(c, 1), YAO_E_UNSUPPORTED);
    assert_status(yao_card_worst(c + 1, 2), YAO_E_BAD_SIGNATURE);
    assert_status(yao_card_worst(c + 2, 1), YAO_OK);
    c[1].outcome = YAO_SIG_UNCHECKED;
    assert_status(yao_card_worst(c, 3), YAO_E_UNSUPPORTED);
}

int main(void)
{
    test_add("answers", "gives the worst of a chain",
             gives_the_worst_of_a_chain, NULL);
    test_add("begin", "refuses two signers of one kid (N245)",
             refuses_two_signers_of_one_kid, NULL);
    test_add("card", "refuses every flipped bit", refuses_every_flipped_bit,
             NULL);
    test_add("begin", "gives SPACE in every smaller arena",
             gives_space_error_in_every_smaller_arena, NULL);
    for (size_t i = 0; i < COUNT(usages); i++)
        test_add("begin", usages[i].name, checks_usage, &usages[i]);
    test_add("begin", "gives what the hash gives", gives_what_the_hash_gives,
             NULL);
    for (size_t i = 0; i < COUNT(homes); i++)
        test_add("conclude", homes[i].name, answers_badly, &homes[i]);
    test_add("conclude", "refuses whatever report it is handed",
             refuses_whatever_report, NULL);
    test_add("conclude", "never takes one good answer for all",
             never_takes_one_good_answer_for_all, NULL);
    test_add("conclude", "never accepts when rows were lost",
             never_accepts_when_rows_were_lost, NULL);
    test_add("replay_key", "gives one key for one showing (N241)",
             gives_one_replay_key_for_one_showing, NULL);
    test_add("replay_key", "gives none without a moment",
             gives_no_replay_key_without_a_moment, NULL);
    test_add("replay_key", "gives that of the document",
             gives_the_replay_key_of_the_document, NULL);

    return test_run("card/begin");
}
