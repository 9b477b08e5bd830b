/* SPDX-License-Identifier: Apache-2.0 */

/* Each check of a card: that it alone refuses what it is there for, and what
 * becomes of the card when the thing it looks at is missing. */

#include "card_fixture.h"

#include <stdio.h>

/* ---- what is shown ------------------------------------------------------ */

static yao_bytes issued(void)
{
    yao_card_content c = card_fixture_content();

    return card_fixture_issue(&c);
}

static yao_bytes open_card(void)
{
    return card_fixture_show(issued(), CARD_NOW);
}

/* The one of this program: signed anew it would be another. */
static yao_bytes challenge(void)
{
    static uint8_t memory[512];
    static size_t  len;

    if (len == 0) {
        yao_bytes made = card_fixture_challenge(CARD_NOW, 7);

        assert_true(made.len <= sizeof memory);
        memcpy(memory, made.ptr, made.len);
        len = made.len;
    }
    return (yao_bytes){memory, len};
}

static yao_bytes answer(void)
{
    return card_fixture_answer(issued(), challenge());
}

/* An open card whose claims are changed and signed again by signer and
 * holder. */
static yao_bytes with(const char *path, yao_bytes item)
{
    yao_bytes changed = cbor_set(issued(), path, item);

    return card_fixture_show(card_fixture_resign(changed, CARD_SIGNER_KEY),
                             CARD_NOW);
}

/* CONTENT as an open card. */
static yao_bytes shown(const yao_card_content *c)
{
    return card_fixture_show(card_fixture_issue(c), CARD_NOW);
}

static yao_bytes later_step(void)
{
    return card_fixture_show(issued(), CARD_NOW + 30);
}
static yao_bytes earlier_step(void)
{
    return card_fixture_show(issued(), CARD_NOW - 1);
}
static yao_bytes old_step(void)
{
    return card_fixture_show(issued(), CARD_NOW - 31);
}
static yao_bytes future_step(void)
{
    return card_fixture_show(issued(), CARD_NOW + 60);
}
static yao_bytes of_yesterday(void)
{
    return card_fixture_show(issued(), CARD_NOW - YAO_TIME_DAY);
}
/* The step that is good, written over the one that was signed. */
static yao_bytes restepped(void)
{
    return cbor_set(of_yesterday(), "1", YAO_LIT("\x1a\x03\x91\x23\xc0"));
}
static yao_bytes nulled_step(void)
{
    return cbor_set(open_card(), "1", YAO_LIT("\xf6"));
}

static yao_bytes other_holder(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);

    return card_fixture_show_as(issued(), &moment, CARD_OTHER_KEY);
}
static yao_bytes other_signature(void)
{
    yao_card_content c = card_fixture_content();

    c.status_index++;
    return cbor_set(open_card(), "2",
                    cbor_at(shown(&c), "2"));
}
static yao_bytes zero_signature(void)
{
    static const uint8_t zeros[64];

    return cbor_set(open_card(), "2",
                    cbor_of_bytes((yao_bytes){zeros, sizeof zeros}));
}
/* No point of the curve has this x (it is not below p). */
static yao_bytes no_point(void)
{
    static uint8_t ones[32];

    memset(ones, 0xff, sizeof ones);
    return with("2/*/8/1/-2", cbor_of_bytes((yao_bytes){ones, sizeof ones}));
}

static yao_bytes by_other_signer(void)
{
    yao_bytes part = card_fixture_resign(issued(), CARD_OTHER_KEY);

    return card_fixture_show(part, CARD_NOW);
}
/* Its signer's certificate cannot be read. */
static yao_bytes by_garbage(void)
{
    yao_card_content c = card_fixture_content();
    yao_card_issuing issuing;
    yao_bytes        out;

    assert_status(yao_card_issue(test_arena(), forge_crypto(), &c, YAO_ES256,
                                 YAO_LIT("garbage"), &issuing),
                  YAO_OK);
    yao_bytes  signature = card_fixture_sign(&issuing.wish, CARD_SIGNER_KEY);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return card_fixture_show(out, CARD_NOW);
}
static yao_bytes zero_issuer(void)
{
    static const uint8_t zeros[64];

    return card_fixture_show(
        cbor_set(issued(), "3", cbor_of_bytes((yao_bytes){zeros, 64})),
        CARD_NOW);
}
static yao_bytes short_issuer(void)
{
    return card_fixture_show(cbor_set(issued(), "3", YAO_LIT("\x43xyz")),
                             CARD_NOW);
}
/* The claims say another name, and nobody signed that. */
static yao_bytes renamed(void)
{
    return card_fixture_show(
        cbor_set(issued(), "2/*/169/4", cbor_of_text("SPECIMEN")), CARD_NOW);
}
static yao_bytes by_holder(void)
{
    /* signed with the key that stands in the card */
    return card_fixture_show(card_fixture_resign(issued(), CARD_DEVICE_KEY),
                             CARD_NOW);
}
static yao_bytes alg_es384(void)
{
    return with("0/*/1", YAO_LIT("\x38\x22"));
}
static yao_bytes alg_eddsa(void)
{
    return with("0/*/1", YAO_LIT("\x27"));
}
static yao_bytes alg_hmac(void)
{
    return with("0/*/1", YAO_LIT("\x05"));
}
static yao_bytes other_kid(void)
{
    return with("0/*/4", YAO_LIT("\x48" "12345678"));
}
static yao_bytes other_kid_eddsa(void)
{
    yao_bytes part = cbor_set(issued(), "0/*/4", YAO_LIT("\x48" "12345678"));

    return card_fixture_show(
        card_fixture_resign(cbor_set(part, "0/*/1", YAO_LIT("\x27")),
                            CARD_SIGNER_KEY),
        CARD_NOW);
}
static yao_bytes other_name(void)
{
    return with("2/*/1", cbor_of_text("https://other.example"));
}
static yao_bytes host_name(void)
{
    return with("2/*/1", cbor_of_text("https://authority.example/"));
}

static yao_bytes dated(yao_time from, yao_time until)
{
    yao_card_content c = card_fixture_content();

    c.issued_at = from;
    c.expires   = until;
    return shown(&c);
}
static yao_bytes just_begun(void)
{
    return dated(CARD_NOW, CARD_NOW + 100);
}
static yao_bytes begins_later(void)
{
    return dated(CARD_NOW + 1, CARD_NOW + 100);
}
static yao_bytes last_second(void)
{
    return dated(CARD_NOW - 100, CARD_NOW + 1);
}
static yao_bytes just_over(void)
{
    return dated(CARD_NOW - 100, CARD_NOW);
}
static yao_bytes turned(void)
{
    /* iat behind exp */
    return with("2/*/6", YAO_LIT("\x1a\x6b\x06\x25\x00"));
}

static yao_bytes for_train(void)
{
    yao_card_content c = card_fixture_content();

    c.profile = YAO_TEXT("train");
    return shown(&c);
}
static yao_bytes train_answer(void)
{
    yao_card_content c = card_fixture_content();

    c.profile = YAO_TEXT("train");
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}
static yao_bytes sealed_bare(void)
{
    yao_card_content c = card_fixture_content();

    c.sealed = true;
    return shown(&c);
}
static yao_bytes sealed_answer(void)
{
    yao_card_content c = card_fixture_content();

    c.sealed = true;
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}
static yao_bytes no_status(void)
{
    yao_card_content c = card_fixture_content();

    c.status = YAO_CARD_STATUS_NONE;
    return shown(&c);
}
static yao_bytes other_answer(void)
{
    return card_fixture_answer(issued(), card_fixture_challenge(CARD_NOW, 8));
}

/* ---- paper -------------------------------------------------------------- */

static yao_bytes print(void)
{
    yao_card_content c = card_fixture_content();

    c.device_key.curve = YAO_CURVE_NONE;
    return card_fixture_issue(&c);
}
static yao_bytes paper_with(const char *path, yao_bytes item)
{
    return card_fixture_resign(cbor_set(print(), path, item),
                               CARD_SIGNER_KEY);
}
static yao_bytes paper_without(const char *path)
{
    return card_fixture_resign(cbor_remove(print(), path), CARD_SIGNER_KEY);
}
static yao_bytes paper_no_name(void) { return paper_without("2/*/1"); }
static yao_bytes paper_no_end(void) { return paper_without("2/*/4"); }
static yao_bytes paper_no_start(void) { return paper_without("2/*/6"); }
static yao_bytes paper_no_status(void) { return paper_without("2/*/65535"); }
static yao_bytes paper_no_type(void) { return paper_without("2/*/-65537"); }
static yao_bytes paper_other_status(void)
{
    return paper_with("2/*/65535", YAO_LIT("\xa0"));
}
static yao_bytes paper_later(void)
{
    return card_fixture_resign(
        cbor_add(print(), "2/*", YAO_LIT("\x05\x1a\x6b\x02\x30\x81")),
        CARD_SIGNER_KEY);
}
static yao_bytes torn_off(void) { return issued(); }
static yao_bytes paper_other_kid(void)
{
    return paper_with("0/*/4", YAO_LIT("\x48" "12345678"));
}
static yao_bytes paper_no_kid(void) { return paper_without("0/*/4"); }
static yao_bytes paper_eddsa(void)
{
    return cbor_set(paper_no_kid(), "0/*/1", YAO_LIT("\x27"));
}
static yao_bytes paper_hmac(void)
{
    return cbor_set(paper_no_kid(), "0/*/1", YAO_LIT("\x05"));
}
static yao_bytes paper_unsigned(void)
{
    return cbor_set(paper_eddsa(), "3", YAO_LIT("\x40"));
}
static yao_bytes paper_unsigned_here(void)
{
    return cbor_set(print(), "3", YAO_LIT("\x40"));
}

/* ---- what the verifier has ---------------------------------------------- */

enum had {
    CHALLENGED  = 1 << 0,  /* a challenge was shown */
    BOUND       = 1 << 1,  /* a holder is asked for */
    HOTEL       = 1 << 2,  /* the profile */
    NO_ANCHORS  = 1 << 3,
    NO_SIGNERS  = 1 << 4,
    TWICE       = 1 << 5,  /* the signer's certificate */
    READER_ONLY = 1 << 6,  /* anchors for readers */
    OTHER_TYPE  = 1 << 7,  /* the root may sign something else */
    PINNED      = 1 << 8,  /* the signer's bare key */
    PINNED_MORE = 1 << 9,  /* after three others */
    PINNED_MANY = 1 << 10, /* after four others */
    PINNED_ELSE = 1 << 11, /* for another type */
    SKEW        = 1 << 12, /* 60 s */
    STRICT      = 1 << 13,
    LATE        = 1 << 14, /* 120 s after the challenge */
    TOO_LATE    = 1 << 15, /* one second later */
    EARLY       = 1 << 16, /* 1 s before the challenge was made */
    PIN_SIGNER  = 1 << 17, /* the signer's certificate is the anchor */
    PINNED_TYPE = 1 << 18, /* the signer's bare key, for another type and this */
    GARBAGE     = 1 << 19  /* what is no certificate, beside the signers */
};

typedef struct bench {
    yao_card_verify_options o;
    yao_anchor              anchors[8];
    yao_bytes               signers[4];
    yao_text                type;
    yao_text                types[2];
} bench;

static void add_key(bench *b, int key, bool elsewhere)
{
    yao_anchor *a = &b->anchors[b->o.anchor_count++];

    *a = (yao_anchor){.key  = yao_openssl_key_public(forge_key(key)),
                      .role = YAO_ROLE_ISSUER};
    if (elsewhere) {
        a->types      = &b->type;
        a->type_count = 1;
    }
}

static void add_keys(bench *b, unsigned had)
{
    size_t others = had & PINNED_MANY ? 4 : had & PINNED_MORE ? 3 : 0;

    for (size_t i = 0; i < others; i++)
        add_key(b, i == 0 ? 6 : 7, false);
    if (had & PINNED_MORE)
        add_key(b, 8, false); /* on another curve: none of the four */
    if (had & (PINNED | PINNED_MORE | PINNED_MANY | PINNED_ELSE | PINNED_TYPE))
        add_key(b, CARD_SIGNER_KEY, (had & PINNED_ELSE) != 0);
    if (had & PINNED_TYPE) {
        b->anchors[1].types      = b->types;
        b->anchors[1].type_count = 2;
    }
}

static void set_up(bench *b, unsigned had)
{
    const card_fixture *f = card_fixture_get();

    *b = (bench){.type  = YAO_INIT("urn:other:1"),
                 .types = {YAO_INIT("urn:other:1"), YAO_INIT(CARD_TYPE)}};
    b->anchors[0]     = f->anchors[had & READER_ONLY ? 1 : 0];
    b->o.anchor_count = had & NO_ANCHORS ? 0 : 1;
    if (had & OTHER_TYPE) {
        b->anchors[0].types      = &b->type;
        b->anchors[0].type_count = 1;
    }
    if (had & PIN_SIGNER)
        b->anchors[0].certificate = f->signer;
    add_keys(b, had);
    b->signers[0]     = f->other_signer;
    b->signers[1]     = f->signer;
    b->signers[2]     = f->signer;
    b->o.anchors      = b->anchors;
    b->o.signers      = b->signers;
    b->o.signer_count = had & NO_SIGNERS ? 1 : had & TWICE ? 3 : 2;
    if (had & GARBAGE)
        b->signers[b->o.signer_count++] = YAO_LIT("garbage");
    b->o.now = CARD_NOW + (had & LATE ? 120 : had & TOO_LATE ? 121 : 0) -
               (had & EARLY ? 1 : 0);
    b->o.skew   = had & SKEW ? 60 : 0;
    b->o.strict = (had & STRICT) != 0;
    b->o.bound  = (had & BOUND) != 0;
    if (had & CHALLENGED)
        b->o.challenge = challenge();
    if (had & HOTEL)
        b->o.profile = YAO_TEXT("hotel");
}

/* ---- judging ------------------------------------------------------------ */

typedef struct judged {
    yao_card_unverified   card;
    yao_card_verification v;
    yao_card_verified     verified;
    yao_report            report;
    yao_status            status;
} judged;

static void judge_with(judged *j, yao_bytes input, bool paper,
                       const yao_card_verify_options *o)
{
    yao_status parsed =
        paper ? yao_card_parse_printed(test_arena(), input, &j->card)
              : yao_card_parse(test_arena(), input, &j->card);

    j->report = (yao_report){.count = 0};
    assert_status(parsed, YAO_OK);
    assert_status(yao_card_begin(test_arena(), forge_crypto(), &j->card, o,
                                 &j->v, &j->report),
                  YAO_OK);
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, j->v.checks,
                                         j->v.check_count),
                  YAO_OK);
    j->status = yao_card_conclude(&j->v, &j->verified, &j->report);
}

static bool is_bad(const yao_report_row *row)
{
    return row->outcome == YAO_OUTCOME_FAIL ||
           row->outcome == YAO_OUTCOME_UNKNOWN;
}

static void print_report(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        print_message("# %s: %s %s\n", yao_check_name(report->rows[i].check),
                      yao_outcome_name(report->rows[i].outcome),
                      yao_status_name(report->rows[i].why));
}

/* The only bad row, or the first of those given. */
static void expect_bad(const yao_report *report, yao_check check,
                       yao_outcome outcome, yao_status why, size_t bad)
{
    size_t found = 0, here = 0;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        found += is_bad(row);
        here += is_bad(row) && row->check == check &&
                row->outcome == outcome && row->why == why;
    }
    if (found != bad || (bad != 0 && here != 1))
        print_report(report);
    assert_int_equal(found, bad);
    if (bad != 0)
        assert_int_equal(here, 1);
}

#define FAIL    YAO_OUTCOME_FAIL
#define UNKNOWN YAO_OUTCOME_UNKNOWN

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
     YAO_CHECK_CARD_HOLDER, UNKNOWN, YAO_E_MISSING, 0},
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
    assert_string_not_equal(yao_status_name(j.status), "OK");
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

static void fails_at_each_hash(yao_bytes input, const yao_card_verify_options *o,
                               size_t hashes, yao_status status)
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

    return test_run("card/verify");
}
