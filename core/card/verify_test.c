/* SPDX-License-Identifier: Apache-2.0 */

/* Each check of a card: that it alone refuses what it is there for, and what
 * becomes of the card when the thing it looks at is missing. */

#include "card_judge.h"

static const struct row {
    const char *name;
    yao_bytes (*make)(void);
    unsigned    had;
    yao_check   check; /* the bad one; NONE: accepted */
    yao_outcome outcome;
    yao_status  why;
    size_t      bad; /* rows that are; 0: one */
} rows[] = {
    {"accepts an open card", open_card, 0, 0, 0, 0, 0},
    {"accepts it for its profile", open_card, HOTEL, 0, 0, 0, 0},
    {"accepts the answer to a challenge", answer, CHALLENGED, 0, 0, 0, 0},
    {"accepts the next step", later_step, 0, 0, 0, 0, 0},
    {"accepts the step before", earlier_step, 0, 0, 0, 0, 0},
    {"accepts a card without status", no_status, 0, 0, 0, 0, 0},
    {"accepts a signer that is known twice", open_card, TWICE, 0, 0, 0, 0},
    {"accepts a signer that was pinned", open_card, PIN_SIGNER, 0, 0, 0, 0},

    /* the moment */
    {"refuses a picture of yesterday (N238)", of_yesterday, 0,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_EXPIRED, 0},
    {"refuses a card of 31 s ago", old_step, 0, YAO_CHECK_CARD_CHALLENGE, FAIL,
     YAO_E_EXPIRED, 0},
    {"refuses it whatever the skew", old_step, SKEW, YAO_CHECK_CARD_CHALLENGE,
     FAIL, YAO_E_EXPIRED, 0},
    {"refuses a card of two steps ahead", future_step, 0,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_NOT_YET_VALID, 0},
    {"refuses an old card under a new step (N238)", restepped, 0,
     YAO_CHECK_CARD_HOLDER, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses an answer where nothing was asked", answer, 0,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_MISSING, 2},
    {"refuses an open card whose step was taken out", nulled_step, CHALLENGED,
     YAO_CHECK_CARD_HOLDER, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses an open card where a challenge was shown (N240)", open_card,
     CHALLENGED, YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_MISMATCH, 0},
    {"refuses the answer to another challenge (N240)", other_answer,
     CHALLENGED, YAO_CHECK_CARD_HOLDER, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"accepts an answer two minutes later", answer, CHALLENGED | LATE, 0, 0, 0,
     0},
    {"refuses one a second after that", answer, CHALLENGED | TOO_LATE,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_EXPIRED, 0},
    {"accepts that with the clock's difference", answer,
     CHALLENGED | TOO_LATE | SKEW, 0, 0, 0, 0},
    {"refuses an answer before its challenge", answer, CHALLENGED | EARLY,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_NOT_YET_VALID, 0},
    {"refuses a marked card without a challenge", sealed_bare, 0,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_NOT_AUTHORISED, 0},
    {"accepts a marked card that answers one", sealed_answer, CHALLENGED, 0, 0,
     0, 0},

    /* the holder */
    {"refuses another holder's signature", other_holder, 0,
     YAO_CHECK_CARD_HOLDER, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses the holder's signature of another copy", other_signature, 0,
     YAO_CHECK_CARD_HOLDER, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses a signature of zeros", zero_signature, 0, YAO_CHECK_CARD_HOLDER,
     FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses a key that is no point", no_point, 0, YAO_CHECK_CARD_HOLDER,
     FAIL, YAO_E_BAD_SIGNATURE, 0},

    /* the issuer */
    {"refuses without anchors", open_card, NO_ANCHORS,
     YAO_CHECK_ISSUER_ANCHORS, FAIL, YAO_E_UNTRUSTED, 2},
    {"refuses with anchors for readers only", open_card, READER_ONLY,
     YAO_CHECK_ISSUER_ANCHORS, FAIL, YAO_E_UNTRUSTED, 2},
    {"refuses a type that the root may not sign", open_card, OTHER_TYPE,
     YAO_CHECK_ISSUER_SCOPE, FAIL, YAO_E_NOT_AUTHORISED, 0},
    {"refuses a signer that nobody knows (N245)", open_card, NO_SIGNERS,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_UNTRUSTED, 4},
    {"refuses that without anchors too", open_card, NO_SIGNERS | NO_ANCHORS,
     YAO_CHECK_ISSUER_ANCHORS, FAIL, YAO_E_UNTRUSTED, 5},
    {"refuses a kid that nobody knows (N245)", other_kid, 0,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_UNTRUSTED, 4},
    {"refuses it also in an algorithm that we lack", other_kid_eddsa, 0,
     YAO_CHECK_ALGORITHM, UNKNOWN, YAO_E_UNSUPPORTED, 5},
    {"refuses a bare key for a card (N245)", open_card, NO_SIGNERS | PINNED,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_UNTRUSTED, 4},
    {"refuses a signer whose certificate cannot be read", by_garbage, GARBAGE,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_MALFORMED, 4},
    {"refuses the signature of another signer", by_other_signer, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses the signature by the key in the card (N245)", by_holder, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses a name that nobody signed", renamed, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses an issuer's signature of zeros", zero_issuer, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_BAD_SIGNATURE, 0},
    {"refuses an issuer's signature that is cut", short_issuer, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_MALFORMED, 0},
    {"refuses an algorithm of another curve", alg_es384, 0,
     YAO_CHECK_ALGORITHM, FAIL, YAO_E_ALGORITHM, 2},
    {"refuses an algorithm that the signer's key does not have", alg_eddsa, 0,
     YAO_CHECK_ALGORITHM, FAIL, YAO_E_ALGORITHM, 2},
    {"refuses a MAC's algorithm", alg_hmac, 0, YAO_CHECK_ALGORITHM, FAIL,
     YAO_E_ALGORITHM, 2},
    {"refuses a card in another issuer's name", other_name, 0,
     YAO_CHECK_ISSUER_NAME, FAIL, YAO_E_MISMATCH, 0},
    {"refuses a name that only begins like it", host_name, 0,
     YAO_CHECK_ISSUER_NAME, FAIL, YAO_E_MISMATCH, 0},

    /* dates */
    {"accepts a card that has just begun", just_begun, 0, 0, 0, 0, 0},
    {"refuses a card that begins later", begins_later, 0, YAO_CHECK_VALIDITY,
     FAIL, YAO_E_NOT_YET_VALID, 0},
    {"accepts that with the clock's difference", begins_later, SKEW, 0, 0, 0,
     0},
    {"accepts a card in its last second", last_second, 0, 0, 0, 0, 0},
    {"refuses a card that is just over", just_over, 0, YAO_CHECK_VALIDITY,
     FAIL, YAO_E_EXPIRED, 0},
    {"accepts one over by less than the clock's difference", just_over, SKEW,
     0, 0, 0, 0},
    {"refuses a card that ends as it begins", turned, 0, YAO_CHECK_VALIDITY,
     FAIL, YAO_E_VALUE, 0},

    /* the profile */
    {"accepts a card of any profile where none was asked for", for_train, 0, 0,
     0, 0, 0},
    {"refuses a card of another profile (N247)", for_train, HOTEL,
     YAO_CHECK_CARD_PROFILE, FAIL, YAO_E_MISMATCH, 0},
    {"refuses a card of another profile than the challenge's (N247)",
     train_answer, CHALLENGED, YAO_CHECK_CARD_PROFILE, FAIL, YAO_E_MISMATCH,
     0},
};

static const struct row papers[] = {
    {"accepts paper where no holder is asked for", print, 0, 0, 0, 0, 0},
    {"accepts paper of its profile", print, HOTEL, 0, 0, 0, 0},
    {"never accepts paper where a holder is asked for (N239)", print, BOUND,
     YAO_CHECK_CARD_HOLDER, UNKNOWN, YAO_E_MISSING, 1},
    {"refuses paper where a challenge was shown (N240)", print, CHALLENGED,
     YAO_CHECK_CARD_CHALLENGE, FAIL, YAO_E_MISSING, 0},
    {"refuses a part that was torn off a card (N239)", torn_off, 0,
     YAO_CHECK_HOLDER_KEY, FAIL, YAO_E_NOT_AUTHORISED, 2},
    {"accepts paper without issuer", paper_no_name, 0, 0, 0, 0, 0},
    {"refuses paper without end", paper_no_end, 0, YAO_CHECK_VALIDITY, FAIL,
     YAO_E_MISSING, 0},
    {"accepts paper without beginning", paper_no_start, 0, 0, 0, 0, 0},
    {"refuses paper that begins later", paper_later, 0, YAO_CHECK_VALIDITY,
     FAIL, YAO_E_NOT_YET_VALID, 0},
    {"accepts paper without status", paper_no_status, 0, 0, 0, 0, 0},
    {"never accepts a status that we do not know", paper_other_status, 0,
     YAO_CHECK_STATUS, UNKNOWN, YAO_E_UNSUPPORTED, 0},
    {"refuses paper without profile where one was asked for", paper_no_type,
     HOTEL, YAO_CHECK_CARD_PROFILE, FAIL, YAO_E_MISMATCH, 0},

    /* pinned keys */
    {"refuses a kid that nobody knows", paper_other_kid, 0,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_UNTRUSTED, 4},
    {"accepts a key that was pinned", paper_no_kid, PINNED, 0, 0, 0, 0},
    {"accepts a key beside a kid that nobody knows", paper_other_kid, PINNED,
     0, 0, 0, 0},
    {"accepts one of four keys", paper_no_kid, PINNED_MORE, 0, 0, 0, 0},
    {"refuses when more keys could be it", paper_no_kid, PINNED_MANY,
     YAO_CHECK_ISSUER_CHAIN, FAIL, YAO_E_LIMIT, 4},
    {"accepts a key for this type among others", paper_no_kid, PINNED_TYPE, 0,
     0, 0, 0},
    {"refuses a key for another type", paper_no_kid, PINNED_ELSE,
     YAO_CHECK_ISSUER_SCOPE, FAIL, YAO_E_NOT_AUTHORISED, 5},
    {"refuses paper without anchors", paper_no_kid, NO_ANCHORS,
     YAO_CHECK_ISSUER_ANCHORS, FAIL, YAO_E_UNTRUSTED, 5},
    {"never refuses an algorithm that we lack", paper_eddsa, PINNED,
     YAO_CHECK_ALGORITHM, UNKNOWN, YAO_E_UNSUPPORTED, 5},
    {"refuses a MAC's algorithm", paper_hmac, PINNED, YAO_CHECK_ALGORITHM,
     FAIL, YAO_E_ALGORITHM, 5},
    {"refuses paper that nobody signed", paper_unsigned, PINNED,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_MISSING, 5},
    {"refuses paper whose signature is empty", paper_unsigned_here, 0,
     YAO_CHECK_ISSUER_SIGNATURE, FAIL, YAO_E_MISSING, 0},
};

static void judges(const struct row *r, bool paper)
{
    bench  b;
    judged j;

    set_up(&b, r->had);
    judge_with(&j, r->make(), paper, &b.o);
    if (r->check == YAO_CHECK_NONE) {
        expect_bad(&j.report, 0, 0, 0, 0);
        assert_status(j.status, YAO_OK);
        assert_ptr_equal(j.verified.content, &j.card.content);
        assert_int_equal(j.verified.bound, !paper);
        return;
    }
    expect_bad(&j.report, r->check, r->outcome, r->why,
               r->bad != 0 ? r->bad : 1);
    assert_int_equal(j.status == YAO_OK,
                     paper && r->check == YAO_CHECK_CARD_HOLDER);
    if (r->bad == 0)
        assert_status(j.status, r->why);
}

static void judges_card(void **state)
{
    judges(*state, false);
}

static void judges_paper(void **state)
{
    judges(*state, true);
}

/* What could not be checked is not what was wrong. */
static void never_refuses_what_is_signed_in_an_algorithm_we_lack(void **state)
{
    bench  b;
    judged j;

    (void)state;
    set_up(&b, PINNED);
    judge_with(&j, paper_eddsa(), true, &b.o);
    for (size_t i = 0; i < j.report.count; i++)
        assert_int_not_equal(j.report.rows[i].outcome, YAO_OUTCOME_FAIL);
    assert_status(j.status, YAO_E_UNSUPPORTED);
}

/* ---- all rows ----------------------------------------------------------- */

static const yao_check expected[] = {
    YAO_CHECK_STRUCTURE,      YAO_CHECK_ISSUER_ANCHORS,
    YAO_CHECK_ISSUER_CHAIN,   YAO_CHECK_CHAIN_SIGNATURE,
    YAO_CHECK_CHAIN_VALIDITY, YAO_CHECK_CHAIN_PROFILE,
    YAO_CHECK_ISSUER_SCOPE,   YAO_CHECK_ALGORITHM,
    YAO_CHECK_ISSUER_SIGNATURE, YAO_CHECK_ISSUER_NAME,
    YAO_CHECK_VALIDITY,       YAO_CHECK_HOLDER_KEY,
    YAO_CHECK_CARD_CHALLENGE, YAO_CHECK_CARD_HOLDER,
    YAO_CHECK_CARD_PROFILE};

static void expect_each_once(const yao_report *report, size_t more)
{
    assert_int_equal(report->count, COUNT(expected) + more);
    for (size_t c = 0; c < COUNT(expected); c++) {
        size_t found = 0;

        for (size_t i = 0; i < report->count; i++)
            found += report->rows[i].check == expected[c];
        assert_int_equal(found, 1);
    }
}

static void gives_each_row_once(void **state)
{
    bench  b;
    judged j;

    (void)state;
    set_up(&b, HOTEL);
    judge_with(&j, open_card(), false, &b.o);
    expect_each_once(&j.report, 0); /* STATUS is looked up elsewhere */
    judge_with(&j, no_status(), false, &b.o);
    expect_each_once(&j.report, 1);
    judge_with(&j, print(), true, &b.o);
    expect_each_once(&j.report, 0);
    judge_with(&j, paper_no_name(), true, &b.o);
    expect_each_once(&j.report, 0);
    set_up(&b, PIN_SIGNER);
    judge_with(&j, open_card(), false, &b.o);
    expect_each_once(&j.report, 0);
    set_up(&b, PINNED);
    judge_with(&j, paper_no_kid(), true, &b.o);
    expect_each_once(&j.report, 0);
}

/* Also where nobody is known whose signature it could be. */
static void gives_a_row_for_the_algorithm_without_a_key(void **state)
{
    bench  b;
    judged j;
    size_t found = 0;

    (void)state;
    set_up(&b, NO_SIGNERS);
    judge_with(&j, open_card(), false, &b.o);
    for (size_t i = 0; i < j.report.count; i++)
        found += j.report.rows[i].check == YAO_CHECK_ALGORITHM &&
                 j.report.rows[i].outcome == YAO_OUTCOME_PASS;
    assert_int_equal(found, 1);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("card", rows[i].name, judges_card, &rows[i]);
    for (size_t i = 0; i < COUNT(papers); i++)
        test_add("printed", papers[i].name, judges_paper, &papers[i]);
    test_add("printed", "never refuses what is signed in an algorithm we lack",
             never_refuses_what_is_signed_in_an_algorithm_we_lack, NULL);
    test_add("begin", "gives each row once", gives_each_row_once, NULL);
    test_add("begin", "gives a row for the algorithm without a key",
             gives_a_row_for_the_algorithm_without_a_key, NULL);

    return test_run("card/verify");
}
