/* SPDX-License-Identifier: Apache-2.0 */

/** Cards before yao_verify(): what is found out, and what becomes of it. */

#include "card_policy.h"

/* ---- verdicts ----------------------------------------------------------- */

static const struct row {
    const char *name;
    yao_bytes (*make)(void);
    unsigned    had;
    yao_verdict verdict;
    bool        authentic, bound;
    yao_check   bad; /* of the row that failed, or is unknown; NONE: none */
} rows[] = {
    {"accepts an open card", open_card, 0, ACCEPT, true, true, 0},
    {"accepts it with names", open_card, CATALOGUE, ACCEPT, true, true, 0},
    {"accepts what the profile asks for", open_card, CATALOGUE | AGE | ADULT,
     ACCEPT, true, true, 0},
    {"refuses who answers the question with no", young, CATALOGUE | AGE | ADULT,
     REJECT, true, true, YAO_CHECK_PROFILE},
    {"accepts the no where nothing was asked", young, CATALOGUE | AGE, ACCEPT,
     true, true, 0},
    {"refuses when an element was not shown", open_card,
     CATALOGUE | AGE | NAMED, REJECT, true, true, YAO_CHECK_PROFILE},
    {"refuses an element that has no name here", open_card, AGE | ADULT,
     REJECT, true, true, YAO_CHECK_PROFILE},
    {"refuses a stale card (N238)", stale, 0, REJECT, false, false,
     YAO_CHECK_CARD_CHALLENGE},
    {"refuses an open card where a challenge was shown (N240)", open_card,
     CHALLENGED, REJECT, false, false, YAO_CHECK_CARD_CHALLENGE},
    {"accepts an answer to the challenge", answer, CHALLENGED | CATALOGUE,
     ACCEPT, true, true, 0},
    {"accepts its name", answer, CHALLENGED | CATALOGUE | NAMED, ACCEPT, true,
     true, 0},
    {"refuses an answer that nobody asked for", answer, CATALOGUE, REJECT,
     false, false, YAO_CHECK_CARD_CHALLENGE},
    {"refuses an answer for another profile (N247)", answer, CHALLENGED | AGE,
     REJECT, true, true, YAO_CHECK_CARD_PROFILE},
    {"refuses a late answer", answer, CHALLENGED | LATE, REJECT, false, false,
     YAO_CHECK_CARD_CHALLENGE},
    {"refuses sensitive elements without a challenge", careless, CATALOGUE,
     REJECT, false, false, YAO_CHECK_CARD_CHALLENGE},
    {"accepts them after one", careless_answer, CATALOGUE | CHALLENGED,
     ACCEPT, true, true, 0},
    {"refuses a card that is over, which is authentic", over, 0, REJECT, true,
     true, YAO_CHECK_VALIDITY},
    {"refuses a card where paper was asked for by name", open_card,
     BY_NAME | NO_HOLDER, OPEN, false, false, 0},

    /* status */
    {"never accepts a card whose list is not at hand", listed, 0, OPEN, true,
     true, YAO_CHECK_STATUS},
    {"accepts a card that is on a list, and valid", listed, VALID, ACCEPT,
     true, true, 0},
    {"refuses a card that was revoked", listed, REVOKED, REJECT, true, true,
     YAO_CHECK_STATUS},
    {"never accepts by a list under another root", listed, FOREIGN, OPEN, true,
     true, YAO_CHECK_STATUS},
    {"accepts paper that is on a list, and valid", listed_paper,
     VALID | NO_HOLDER, ACCEPT, true, false, 0},
    {"refuses paper that was revoked", listed_paper, REVOKED | NO_HOLDER,
     REJECT, true, false, YAO_CHECK_STATUS},

    /* paper */
    {"accepts paper where no holder is asked for", paper,
     NO_HOLDER | CATALOGUE, ACCEPT, true, false, 0},
    {"never accepts paper where one is (N239)", paper, CATALOGUE, OPEN, true,
     false, YAO_CHECK_CARD_HOLDER},
    {"never accepts it when it is named (N239)", paper, BY_NAME, OPEN, true,
     false, YAO_CHECK_CARD_HOLDER},
    {"never accepts it for a purpose before somebody looked", paper,
     CATALOGUE | NO_HOLDER | HOTEL, OPEN, true, false, YAO_CHECK_CARD_HOLDER},
    {"accepts it when somebody did", paper, CATALOGUE | HOTEL | COMPARED, ACCEPT,
     true, false, 0},
    {"refuses it for another purpose", paper,
     CATALOGUE | ROAD_CHECK | COMPARED, REJECT, true, false,
     YAO_CHECK_CARD_PROFILE},
    {"refuses it for a purpose that allows none", paper_for_police,
     CATALOGUE | COMPARED, REJECT, true, false, YAO_CHECK_CARD_PROFILE},
    {"accepts that where nobody knows of it", paper_for_police, NO_HOLDER,
     ACCEPT, true, false, 0},
    {"never takes a look for a card's signature", stale, COMPARED, REJECT,
     false, false, YAO_CHECK_CARD_CHALLENGE},
    {"refuses paper where a challenge was shown", paper,
     CHALLENGED | NO_HOLDER, REJECT, false, false, YAO_CHECK_CARD_CHALLENGE},
    {"refuses a part that was torn off a card (N239)", torn_off, NO_HOLDER,
     REJECT, false, false, YAO_CHECK_HOLDER_KEY},

    /* licences in codes */
    {"accepts an mdoc in codes", mdoc_now, 0, ACCEPT, true, true, 0},
    {"refuses a stale one (N238)", mdoc_stale, 0, REJECT, false, false,
     YAO_CHECK_CARD_CHALLENGE},
    {"refuses a stale one under a new step (N238)", mdoc_restepped, 0, REJECT,
     false, false, YAO_CHECK_DEVICE_AUTH},
    {"accepts an mdoc that answers the challenge", mdoc_answer, CHALLENGED,
     ACCEPT, true, true, 0},
    {"refuses the answer to another challenge (N240)", mdoc_other_answer,
     CHALLENGED, REJECT, false, false, YAO_CHECK_DEVICE_AUTH},
    {"refuses an answer that nobody asked for", mdoc_answer, 0, REJECT, false,
     false, YAO_CHECK_CARD_CHALLENGE},
    {"refuses an open one where a challenge was shown (N240)", mdoc_now,
     CHALLENGED, REJECT, false, false, YAO_CHECK_CARD_CHALLENGE},
    {"refuses a late answer", mdoc_answer, CHALLENGED | LATE, REJECT, false,
     false, YAO_CHECK_CARD_CHALLENGE},
    {"accepts an open one with names", mdoc_now, CATALOGUE, ACCEPT, true, true,
     0},
    {"accepts an open one for a profile of open cards", mdoc_now,
     CATALOGUE | AGE, ACCEPT, true, true, 0},
    {"refuses an open one for a profile of sealed cards", mdoc_now,
     CATALOGUE | ROAD_CHECK, REJECT, false, false, YAO_CHECK_CARD_CHALLENGE},
    {"accepts an answer for a profile of sealed cards", mdoc_answer,
     CATALOGUE | ROAD_CHECK | CHALLENGED, ACCEPT, true, true, 0},
    {"refuses an open one with sensitive elements", mdoc_now, PRIVATE, REJECT,
     false, false, YAO_CHECK_CARD_CHALLENGE},
    {"accepts an answer with sensitive elements", mdoc_answer,
     PRIVATE | CHALLENGED, ACCEPT, true, true, 0},
    {"refuses codes where a session was held", mdoc_now, SESSION, REJECT,
     false, false, YAO_CHECK_DEVICE_AUTH},
};

static void print_report(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        print_message("# %s: %s %s\n", yao_check_name(report->rows[i].check),
                      yao_outcome_name(report->rows[i].outcome),
                      yao_status_name(report->rows[i].why));
}

static void judged(void **state)
{
    const struct row *r = *state;
    static bench      b;
    yao_result       *result = NULL;
    yao_bytes         input  = r->make();

    set_up(&b, r->had);
    if (r->make == open_card && r->had & BY_NAME) { /* of another shape */
        yao_status got = yao_verify(test_arena(), forge_crypto(), input, &b.o,
                                    &result);
        assert_true(got >= 200 && got < 300);
        return;
    }
    assert_status(yao_verify(test_arena(), forge_crypto(), input, &b.o,
                             &result),
                  YAO_OK);
    if (result->verdict != r->verdict ||
        is_bad(&result->report, r->bad) != (r->bad != YAO_CHECK_NONE))
        print_report(&result->report);
    assert_string_equal(yao_verdict_name(result->verdict),
                        yao_verdict_name(r->verdict));
    assert_int_equal(is_bad(&result->report, r->bad),
                     r->bad != YAO_CHECK_NONE);
    assert_int_equal(result->document_count, 1);
    assert_int_equal(result->authentic, r->authentic);
    assert_int_equal(result->documents[0].authentic, r->authentic);
    assert_int_equal(result->documents[0].bound, r->bound);
    if (!r->authentic) {
        assert_int_equal(result->documents[0].attribute_count, 0);
        assert_false(result->replayable);
    }
    if (r->bad == YAO_CHECK_VALIDITY) /* nothing of it is to be used */
        assert_int_equal(result->documents[0].attribute_count, 0);
    if (r->verdict == YAO_VERDICT_ACCEPT)
        assert_int_equal(result->replayable, r->bound);
}

/* ---- formats ------------------------------------------------------------ */

static const struct format_row {
    const char *name;
    yao_bytes   input;
    yao_format  want;
} formats[] = {
    {"gives a card", YAO_INIT("\x83\x41x\xf6\x41x"), YAO_FORMAT_CARD},
    {"gives an mdoc in codes", YAO_INIT("\x82\x05\x41x"),
     YAO_FORMAT_MDOC_RESPONSE},
    {"gives a printed card", YAO_INIT("\xd2\x84\x41x\xa0\x41x\x41x"),
     YAO_FORMAT_PRINTED_CARD},
    {"gives nothing for a sealed card", YAO_INIT("\x82\x41x\x41x"),
     YAO_FORMAT_UNKNOWN},
};

static void finds_format(void **state)
{
    const struct format_row *r = *state;

    assert_int_equal(yao_policy_format(r->input), r->want);
}

static void gives_the_names_of_formats(void **state)
{
    (void)state;
    assert_string_equal(yao_format_name(YAO_FORMAT_CARD), "card");
    assert_string_equal(yao_format_name(YAO_FORMAT_PRINTED_CARD),
                        "printed-card");
    assert_int_equal(yao_format_by_name(YAO_TEXT("card")), YAO_FORMAT_CARD);
    assert_int_equal(yao_format_by_name(YAO_TEXT("printed-card")),
                     YAO_FORMAT_PRINTED_CARD);
}

static yao_bytes no_card(void)
{
    return YAO_LIT("\x83\x41x\xf6\x41x");
}

static yao_bytes no_mdoc(void)
{
    return cbor_join(mdoc_now(), YAO_LIT("\x00"));
}

static const struct refused_row {
    const char *name;
    yao_bytes (*make)(void);
    yao_bytes   challenge;
    yao_status  want;
} refused[] = {
    {"refuses a challenge that is none", open_card, YAO_INIT("\xa0"),
     YAO_E_USAGE},
    {"refuses what is no card", no_card, YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses it for an mdoc in codes", mdoc_now, YAO_INIT("\xa0"),
     YAO_E_USAGE},
    {"refuses what is no mdoc in codes", no_mdoc, YAO_INIT(""),
     YAO_E_TRAILING},
};

static void refuses(void **state)
{
    const struct refused_row *r = *state;
    static bench              b;
    yao_result               *result = NULL;

    set_up(&b, 0);
    b.o.challenge = r->challenge;
    assert_status(yao_verify(test_arena(), forge_crypto(), r->make(), &b.o,
                             &result),
                  r->want);
    assert_null(result);
}

/* A list of status is no card, nor is a challenge. */
static void never_accepts_a_challenge_as_paper(void **state)
{
    static bench b;
    yao_result  *result = NULL;

    (void)state;
    set_up(&b, NO_HOLDER);
    b.signers[0] = card_fixture_get()->reader;
    yao_status got = yao_verify(test_arena(), forge_crypto(), challenge(), &b.o,
                                &result);
    assert_true(got >= 200 && got < 300);
}

/* ---- room, failing homes ------------------------------------------------ */

static yao_status says_good(void *ctx, yao_signature_check *checks,
                            size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_GOOD;
    return YAO_OK;
}

typedef struct task {
    yao_bytes input;
    unsigned  had;
} task;

/* Each has its name, and its value as it is everywhere. */
static void expect_whole(const yao_result *result)
{
    const yao_result_document *d = &result->documents[0];

    for (size_t i = 0; i < d->attribute_count; i++) {
        assert_int_not_equal(d->attributes[i].name.len, 0);
        if (yao_text_equal(d->attributes[i].name, YAO_TEXT("birthdate")))
            assert_int_equal(d->attributes[i].cbor.ptr[0], 0xd9);
    }
}

static yao_status judge_in(yao_arena *arena, void *context)
{
    const task  *t = context;
    static bench b;
    yao_crypto   home   = *forge_crypto();
    yao_result  *result = NULL;

    set_up(&b, t->had);
    home.verify    = says_good; /* thousands of times, so without curves */
    yao_status got = yao_verify(arena, &home, t->input, &b.o, &result);
    if (got == YAO_OK) {
        assert_int_equal(result->verdict, YAO_VERDICT_ACCEPT);
        expect_whole(result);
    } else {
        assert_null(result);
    }
    return got;
}

static void gives_space_error_in_every_smaller_arena(void **state)
{
    task card  = {answer(), CHALLENGED | CATALOGUE};
    task print = {listed_paper(), VALID | NO_HOLDER};
    task codes = {mdoc_now(), 0};

    (void)state;
    test_every_arena(judge_in, &card, 64 * 1024);
    test_every_arena(judge_in, &print, 64 * 1024);
    card.had = CHALLENGED; /* named by number */
    test_every_arena(judge_in, &card, 64 * 1024);
    test_every_arena(judge_in, &codes, 64 * 1024);
}

typedef struct failing {
    size_t calls_left;
    bool   failed;
} failing;

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    failing *f = ctx;

    if (!f->failed && f->calls_left-- == 0) { /* once: nothing else says it */
        f->failed = true;
        return YAO_E_CRYPTO;
    }
    return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count, out);
}

static yao_status check(void *ctx, yao_signature_check *checks, size_t count)
{
    (void)ctx;
    return forge_crypto()->verify(forge_crypto()->ctx, checks, count);
}

static void fails_at_each_hash(yao_bytes input, unsigned had)
{
    static bench b;
    size_t       n = 0;

    for (;; n++) {
        failing     f      = {n, false};
        yao_crypto  home   = {.ctx = &f, .hash = hash, .verify = check};
        yao_result *result = NULL;

        set_up(&b, had);
        yao_status got = yao_verify(test_arena(), &home, input, &b.o, &result);
        if (!f.failed) {
            assert_status(got, YAO_OK);
            assert_int_equal(result->verdict, YAO_VERDICT_ACCEPT);
            break;
        }
        assert_status(got, YAO_E_CRYPTO);
        assert_null(result);
    }
    assert_true(n >= 3);
}

static void gives_an_error_when_a_hash_fails(void **state)
{
    (void)state;
    fails_at_each_hash(open_card(), 0);
    fails_at_each_hash(mdoc_answer(), CHALLENGED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("verify", rows[i].name, judged, &rows[i]);
    for (size_t i = 0; i < COUNT(formats); i++)
        test_add("format", formats[i].name, finds_format, &formats[i]);
    test_add("format", "gives the names", gives_the_names_of_formats, NULL);
    for (size_t i = 0; i < COUNT(refused); i++)
        test_add("verify", refused[i].name, refuses, &refused[i]);
    test_add("verify", "never accepts a challenge as paper",
             never_accepts_a_challenge_as_paper, NULL);
    test_add("verify", "gives SPACE in every smaller arena",
             gives_space_error_in_every_smaller_arena, NULL);
    test_add("verify", "gives an error when a hash fails",
             gives_an_error_when_a_hash_fails, NULL);

    return test_run("policy/card");
}
