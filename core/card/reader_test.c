/* SPDX-License-Identifier: Apache-2.0 */

/** Who asks with a challenge, and may they: the reader of a challenge, as the
 *  wallet judges it. docs/formats/card.md section 3 */

#include "card_fixture.h"

static yao_bytes challenge(void)
{
    return card_fixture_challenge(CARD_NOW, 7);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(const yao_status *)ctx;
}

/* ---- who asks ----------------------------------------------------------- */

typedef struct bench {
    yao_card_reader_options o;
    yao_anchor              anchors[2];
    yao_bytes               readers[3];
} bench;

static void set_up(bench *b)
{
    const card_fixture *f = card_fixture_get();

    *b = (bench){.anchors = {f->anchors[0], f->anchors[1]},
                 .readers = {f->signer, f->reader, f->reader}};
    b->o = (yao_card_reader_options){.anchors      = b->anchors,
                                     .anchor_count = 2,
                                     .readers      = b->readers,
                                     .reader_count = 2,
                                     .now          = CARD_NOW,
                                     .skew         = 0};
}

typedef struct judged {
    yao_card_challenge    c;
    yao_card_reader_check check;
    yao_card_reader       reader;
    yao_report            report;
    yao_status            status;
} judged;

static void judge(judged *j, yao_bytes input, const bench *b)
{
    j->report = (yao_report){.count = 0};
    assert_status(yao_card_read_challenge(input, &j->c), YAO_OK);
    assert_status(yao_card_begin_reader(test_arena(), forge_crypto(), &j->c,
                                        &b->o, &j->check, &j->report),
                  YAO_OK);
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, j->check.checks,
                                         j->check.check_count),
                  YAO_OK);
    j->status = yao_card_conclude_reader(&j->check, &j->reader, &j->report);
}

static void gives_who_asks(void **state)
{
    judged j;
    bench  b;

    (void)state;
    set_up(&b);
    judge(&j, challenge(), &b);
    assert_status(j.status, YAO_OK);
    assert_true(yao_text_equal(j.reader.certificate->common_name,
                               YAO_TEXT("SPECIMEN reader")));
    assert_true(yao_text_equal(j.reader.profile, YAO_TEXT("hotel")));
    assert_true(yao_text_equal(j.reader.place, YAO_TEXT("SPECIMEN hotel")));
    for (size_t i = 0; i < j.report.count; i++)
        assert_int_not_equal(j.report.rows[i].outcome, YAO_OUTCOME_FAIL);
    assert_status(yao_card_conclude_reader(&j.check, &j.reader, &j.report),
                  YAO_E_USAGE);
}

static yao_bytes with_chain(yao_bytes certificate)
{
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);

    q.chain       = &certificate;
    q.chain_count = 1;
    return card_fixture_make(&q);
}

static yao_bytes usual(bench *b)
{
    (void)b;
    return challenge();
}
static yao_bytes known_twice(bench *b)
{
    b->o.reader_count = 3;
    return challenge();
}
static yao_bytes along(bench *b)
{
    b->o.reader_count = 0;
    return with_chain(card_fixture_get()->reader);
}
static yao_bytes other_along(bench *b)
{
    (void)b;
    return with_chain(card_fixture_get()->signer);
}
static yao_bytes nobody_known(bench *b)
{
    b->o.reader_count = 1;
    return challenge();
}
static yao_bytes no_anchor(bench *b)
{
    b->o.anchor_count = 0;
    return challenge();
}
static yao_bytes issuers_only(bench *b)
{
    b->o.anchor_count = 1;
    return challenge();
}
static yao_bytes other_root(bench *b)
{
    b->anchors[1].certificate = card_fixture_get()->root;
    return challenge();
}
/* A document signer asks as if it were a reader. */
static yao_bytes by_signer(bench *b)
{
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);

    b->anchors[1].certificate = card_fixture_get()->root;
    q.reader                  = card_fixture_get()->signer;
    return card_fixture_resign(card_fixture_make(&q), CARD_SIGNER_KEY);
}
static yao_bytes by_other_key(bench *b)
{
    (void)b;
    return card_fixture_resign(challenge(), CARD_OTHER_KEY);
}
static yao_bytes short_signature(bench *b)
{
    (void)b;
    return cbor_set(challenge(), "3", YAO_LIT("\x41x"));
}
static yao_bytes other_alg(bench *b)
{
    (void)b;
    return card_fixture_resign(
        cbor_set(challenge(), "0/*/1", YAO_LIT("\x27")), CARD_READER_KEY);
}
static yao_bytes moved(bench *b)
{
    (void)b;
    return cbor_set(challenge(), "2/*/5", cbor_of_text("SPECIMEN bank"));
}
static yao_bytes for_police(bench *b)
{
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);

    (void)b;
    q.profile = YAO_TEXT("police");
    return card_fixture_make(&q);
}
static yao_bytes for_age(bench *b)
{
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);

    (void)b;
    q.profile = YAO_TEXT("age");
    return card_fixture_make(&q);
}
static yao_bytes seconds_later(bench *b, yao_time seconds)
{
    b->o.now = CARD_NOW + seconds;
    return challenge();
}
static yao_bytes last_second(bench *b) { return seconds_later(b, 60); }
static yao_bytes too_late(bench *b) { return seconds_later(b, 61); }
static yao_bytes too_late_skew(bench *b)
{
    b->o.skew = 1;
    return seconds_later(b, 61);
}
static yao_bytes for_later(bench *b) { return seconds_later(b, -1); }
static yao_bytes for_later_skew(bench *b)
{
    b->o.skew = 1;
    return seconds_later(b, -1);
}

static const struct asks {
    const char *name;
    yao_bytes (*make)(bench *b);
    yao_check  check; /* NONE: may ask */
    yao_status why;
} askers[] = {
    {"accepts a reader of the bundle", usual, 0, 0},
    {"accepts one that is there twice", known_twice, 0, 0},
    {"accepts a certificate that came along", along, 0, 0},
    {"accepts another of its profiles", for_age, 0, 0},
    {"accepts the last second", last_second, 0, 0},
    {"refuses a challenge that is over", too_late, YAO_CHECK_VALIDITY,
     YAO_E_EXPIRED},
    {"accepts that with a second of skew", too_late_skew, 0, 0},
    {"refuses a challenge made for later", for_later, YAO_CHECK_VALIDITY,
     YAO_E_NOT_YET_VALID},
    {"accepts that with a second of skew", for_later_skew, 0, 0},
    {"refuses a reader that nobody knows", nobody_known,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_UNTRUSTED},
    {"refuses another's certificate that came along (N245)", other_along,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_MISMATCH},
    {"refuses without anchors", no_anchor, YAO_CHECK_ISSUER_ANCHORS,
     YAO_E_UNTRUSTED},
    {"refuses with anchors for issuers only", issuers_only,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"refuses a reader under another root", other_root, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_UNTRUSTED},
    {"refuses a signer of documents as a reader", by_signer,
     YAO_CHECK_CHAIN_PROFILE, YAO_E_PROFILE},
    {"refuses another key's signature", by_other_key,
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"refuses a signature that is cut", short_signature,
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_MALFORMED},
    {"refuses an algorithm that the key does not have", other_alg,
     YAO_CHECK_ALGORITHM, YAO_E_ALGORITHM},
    {"refuses a place that was changed", moved, YAO_CHECK_ISSUER_SIGNATURE,
     YAO_E_BAD_SIGNATURE},
    {"refuses a profile that it may not ask for", for_police,
     YAO_CHECK_CARD_PROFILE, YAO_E_NOT_AUTHORISED},
};

static void asks(void **state)
{
    const struct asks *r = *state;
    judged             j;
    bench              b;
    size_t             found = 0;

    set_up(&b);
    judge(&j, r->make(&b), &b);
    if (r->check == YAO_CHECK_NONE) {
        assert_status(j.status, YAO_OK);
        return;
    }
    for (size_t i = 0; i < j.report.count; i++)
        found += j.report.rows[i].check == r->check &&
                 j.report.rows[i].outcome == YAO_OUTCOME_FAIL &&
                 j.report.rows[i].why == r->why;
    if (found != 1)
        for (size_t i = 0; i < j.report.count; i++)
            print_message("# %s %s %s\n",
                          yao_check_name(j.report.rows[i].check),
                          yao_outcome_name(j.report.rows[i].outcome),
                          yao_status_name(j.report.rows[i].why));
    assert_int_equal(found, 1);
    assert_string_not_equal(yao_status_name(j.status), "OK");
}

/* The rows of CHALLENGE: (check, outcome) as they come. */
static void expect_rows(yao_bytes input, const bench *b,
                        const int (*rows)[2], size_t count)
{
    judged j;

    judge(&j, input, b);
    for (size_t i = 0; i < count && i < j.report.count; i++) {
        assert_string_equal(yao_check_name(j.report.rows[i].check),
                            yao_check_name((yao_check)rows[i][0]));
        assert_int_equal(j.report.rows[i].outcome, rows[i][1]);
    }
    assert_int_equal(j.report.count, count);
}

enum { PASS = YAO_OUTCOME_PASS, FAIL = YAO_OUTCOME_FAIL,
       UNKNOWN = YAO_OUTCOME_UNKNOWN };

static void gives_a_row_for_each_check(void **state)
{
    static const int rows[][2] = {
        {YAO_CHECK_STRUCTURE, PASS},      {YAO_CHECK_VALIDITY, PASS},
        {YAO_CHECK_ISSUER_ANCHORS, PASS}, {YAO_CHECK_ISSUER_CHAIN, PASS},
        {YAO_CHECK_CHAIN_VALIDITY, PASS}, {YAO_CHECK_CHAIN_PROFILE, PASS},
        {YAO_CHECK_ISSUER_SCOPE, PASS},   {YAO_CHECK_ALGORITHM, PASS},
        {YAO_CHECK_CARD_PROFILE, PASS},   {YAO_CHECK_CHAIN_SIGNATURE, PASS},
        {YAO_CHECK_ISSUER_SIGNATURE, PASS}};
    bench b;

    (void)state;
    set_up(&b);
    expect_rows(challenge(), &b, rows, COUNT(rows));
}

static void gives_no_row_about_nobody(void **state)
{
    static const int rows[][2] = {
        {YAO_CHECK_STRUCTURE, PASS},
        {YAO_CHECK_VALIDITY, PASS},
        {YAO_CHECK_ISSUER_CHAIN, FAIL},
        {YAO_CHECK_ISSUER_SIGNATURE, UNKNOWN}};
    bench b;

    (void)state;
    set_up(&b);
    expect_rows(nobody_known(&b), &b, rows, COUNT(rows));
    set_up(&b);
    expect_rows(other_along(&b), &b, rows, COUNT(rows));
}

/* What is no certificate is a reader's by its hash alone. */
static void gives_no_row_about_a_key_that_is_none(void **state)
{
    static const int rows[][2] = {
        {YAO_CHECK_STRUCTURE, PASS},
        {YAO_CHECK_VALIDITY, PASS},
        {YAO_CHECK_ISSUER_ANCHORS, PASS},
        {YAO_CHECK_ISSUER_CHAIN, FAIL}};
    yao_card_challenge_request q = card_fixture_request(CARD_NOW, 9);
    bench                      b;

    (void)state;
    set_up(&b);
    q.reader     = YAO_LIT("no certificate");
    b.readers[0] = q.reader;
    expect_rows(card_fixture_make(&q), &b, rows, COUNT(rows));
}

/* What failed stays failed, although the caller brings an empty report. */
static void refuses_whatever_report(void **state)
{
    yao_bytes (*const makes_bad[])(bench *) = {too_late, nobody_known,
                                               for_police, no_anchor};

    (void)state;
    for (size_t i = 0; i < COUNT(makes_bad); i++) {
        judged     j     = {.report = {.count = 0}};
        yao_report empty = {.count = 0};
        bench      b;

        set_up(&b);
        assert_status(yao_card_read_challenge(makes_bad[i](&b), &j.c), YAO_OK);
        assert_status(yao_card_begin_reader(test_arena(), forge_crypto(), &j.c,
                                            &b.o, &j.check, &j.report),
                      YAO_OK);
        for (size_t k = 0; k < j.check.check_count; k++)
            j.check.checks[k].outcome = YAO_SIG_GOOD;
        assert_int_not_equal(
            yao_card_conclude_reader(&j.check, &j.reader, &empty), YAO_OK);
    }
}

/* As if somebody had made two certificates whose hashes begin alike. */
static yao_status colliding_hash(void *ctx, yao_hash_alg alg,
                                 const yao_bytes *parts, size_t count,
                                 uint8_t *out)
{
    const card_fixture *f     = card_fixture_get();
    yao_bytes           input = parts[0];

    (void)ctx;
    if (count == 1 && input.ptr == f->signer.ptr)
        input = f->reader;
    return forge_crypto()->hash(forge_crypto()->ctx, alg,
                                count == 1 ? &input : parts, count, out);
}

static void refuses_two_readers_of_one_kid(void **state)
{
    yao_crypto            home = {.hash = colliding_hash};
    yao_card_challenge    c;
    yao_card_reader_check check;
    yao_report            report = {.count = 0};
    bench                 b;
    bool                  found = false;

    (void)state;
    set_up(&b);
    assert_status(yao_card_read_challenge(challenge(), &c), YAO_OK);
    assert_status(yao_card_begin_reader(test_arena(), &home, &c, &b.o, &check,
                                        &report),
                  YAO_OK);
    for (size_t i = 0; i < report.count; i++)
        found = found || (report.rows[i].check == YAO_CHECK_ISSUER_CHAIN &&
                          report.rows[i].why == YAO_E_UNTRUSTED);
    assert_true(found);
}

static yao_status accept_challenge(yao_bytes input, void *context)
{
    const bench          *b = context;
    yao_card_challenge    c;
    yao_card_reader_check check;
    yao_card_reader       reader;
    yao_report            report = {.count = 0};
    size_t                mark   = test_arena()->used;

    yao_status status = yao_card_read_challenge(input, &c);
    if (status == YAO_OK)
        status = yao_card_begin_reader(test_arena(), forge_crypto(), &c, &b->o,
                                       &check, &report);
    if (status == YAO_OK)
        status = forge_crypto()->verify(forge_crypto()->ctx, check.checks,
                                        check.check_count);
    if (status == YAO_OK)
        status = yao_card_conclude_reader(&check, &reader, &report);
    test_arena()->used = mark;
    return status;
}

static void refuses_every_flipped_bit(void **state)
{
    bench b;

    (void)state;
    set_up(&b);
    test_every_bit(accept_challenge, challenge(), &b, NULL);
}

static const struct home_row {
    const char     *name;
    yao_sig_outcome outcome;
    yao_status      want;
} homes[] = {
    {"gives CRYPTO when nobody looked", YAO_SIG_UNCHECKED, YAO_E_CRYPTO},
    {"gives UNSUPPORTED when the home lacks it", YAO_SIG_UNSUPPORTED,
     YAO_E_UNSUPPORTED},
    {"gives BAD_SIGNATURE when one is bad", YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
};

static void answers_badly(void **state)
{
    const struct home_row *r     = *state;
    yao_bytes              input = challenge();
    bench                  b;

    set_up(&b);
    for (size_t bad = 0; bad < 2; bad++) {
        yao_card_challenge    c;
        yao_card_reader_check check;
        yao_card_reader       reader;
        yao_report            report = {.count = 0};

        assert_status(yao_card_read_challenge(input, &c), YAO_OK);
        assert_status(yao_card_begin_reader(test_arena(), forge_crypto(), &c,
                                            &b.o, &check, &report),
                      YAO_OK);
        assert_int_equal(check.check_count, 2);
        check.checks[bad].outcome     = r->outcome;
        check.checks[1 - bad].outcome = YAO_SIG_GOOD;
        assert_status(yao_card_conclude_reader(&check, &reader, &report),
                      r->want);
    }
}

static const struct usage {
    const char *name;
    yao_time    now, skew;
    yao_status  want;
} usages[] = {
    {"accepts a day's skew", CARD_NOW, YAO_TIME_DAY, YAO_OK},
    {"refuses a time before 1970", -1, 0, YAO_E_USAGE},
    {"refuses a time after 9999", YAO_TIME_MAX + 1, 0, YAO_E_USAGE},
    {"refuses a negative skew", CARD_NOW, -1, YAO_E_USAGE},
    {"refuses more than a day's skew", CARD_NOW, YAO_TIME_DAY + 1,
     YAO_E_USAGE},
};

static void checks_usage(void **state)
{
    const struct usage   *r = *state;
    yao_card_challenge    c;
    yao_card_reader_check check;
    yao_report            report = {.count = 0};
    bench                 b;

    set_up(&b);
    b.o.now  = r->now;
    b.o.skew = r->skew;
    assert_status(yao_card_read_challenge(challenge(), &c), YAO_OK);
    assert_status(yao_card_begin_reader(test_arena(), forge_crypto(), &c, &b.o,
                                        &check, &report),
                  r->want);
}

static yao_status begin_in(yao_arena *arena, void *context)
{
    yao_card_reader_check check;
    yao_report            report = {.count = 0};
    static bench          b;

    set_up(&b);
    YAO_TRY(yao_card_begin_reader(arena, forge_crypto(), context, &b.o, &check,
                                  &report));
    assert_int_equal(check.check_count, 2);
    for (size_t i = 0; i < report.count; i++)
        assert_status(report.rows[i].why, YAO_OK);
    return YAO_OK;
}

static void gives_the_error_of_arena_and_hash(void **state)
{
    static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_card_challenge      c, chained;
    yao_card_reader_check   check;
    bench                   b;

    (void)state;
    set_up(&b);
    assert_status(yao_card_read_challenge(challenge(), &c), YAO_OK);
    assert_status(yao_card_read_challenge(along(&b), &chained), YAO_OK);
    set_up(&b);
    test_every_arena(begin_in, &c, 16 * 1024);
    for (size_t i = 0; i < COUNT(failures); i++) {
        yao_status failure = failures[i];
        yao_crypto home    = {.ctx = &failure, .hash = no_hash};
        yao_report report  = {.count = 0};

        assert_status(yao_card_begin_reader(test_arena(), &home, &c, &b.o,
                                            &check, &report),
                      failure);
        assert_status(yao_card_begin_reader(test_arena(), &home, &chained,
                                            &b.o, &check, &report),
                      failure);
    }
}

int main(void)
{
    test_add("reader", "gives who asks", gives_who_asks, NULL);
    for (size_t i = 0; i < COUNT(askers); i++)
        test_add("reader", askers[i].name, asks, &askers[i]);
    test_add("reader", "gives a row for each check",
             gives_a_row_for_each_check, NULL);
    test_add("reader", "gives no row about nobody", gives_no_row_about_nobody,
             NULL);
    test_add("reader", "gives no row about a key that is none",
             gives_no_row_about_a_key_that_is_none, NULL);
    test_add("reader", "refuses whatever report it is handed",
             refuses_whatever_report, NULL);
    test_add("reader", "refuses two readers of one kid (N245)",
             refuses_two_readers_of_one_kid, NULL);
    test_add("reader", "refuses every flipped bit", refuses_every_flipped_bit,
             NULL);
    for (size_t i = 0; i < COUNT(homes); i++)
        test_add("reader", homes[i].name, answers_badly, &homes[i]);
    for (size_t i = 0; i < COUNT(usages); i++)
        test_add("reader", usages[i].name, checks_usage, &usages[i]);
    test_add("reader", "gives the error of arena and hash",
             gives_the_error_of_arena_and_hash, NULL);
    return test_run("card/reader");
}
