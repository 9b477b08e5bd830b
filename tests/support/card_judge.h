/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CARD_JUDGE_H
#define YAO_TEST_CARD_JUDGE_H

/**
 * Cards with one thing wrong, what a verifier has, and what came of judging
 * them: for the tests of core/card/verify.c.
 */

#include "card_fixture.h"

#include <stdio.h>

/* ---- what is shown ------------------------------------------------------ */

static inline yao_bytes issued(void)
{
    yao_card_content c = card_fixture_content();

    return card_fixture_issue(&c);
}

static inline yao_bytes open_card(void)
{
    return card_fixture_show(issued(), CARD_NOW);
}

/* The one of this program: signed anew it would be another. */
static inline yao_bytes challenge(void)
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

static inline yao_bytes answer(void)
{
    return card_fixture_answer(issued(), challenge());
}

/* An open card whose claims are changed and signed again by signer and
 * holder. */
static inline yao_bytes with(const char *path, yao_bytes item)
{
    yao_bytes changed = cbor_set(issued(), path, item);

    return card_fixture_show(card_fixture_resign(changed, CARD_SIGNER_KEY),
                             CARD_NOW);
}

/* CONTENT as an open card. */
static inline yao_bytes shown(const yao_card_content *c)
{
    return card_fixture_show(card_fixture_issue(c), CARD_NOW);
}

static inline yao_bytes later_step(void)
{
    return card_fixture_show(issued(), CARD_NOW + 30);
}
static inline yao_bytes earlier_step(void)
{
    return card_fixture_show(issued(), CARD_NOW - 1);
}
static inline yao_bytes old_step(void)
{
    return card_fixture_show(issued(), CARD_NOW - 31);
}
static inline yao_bytes future_step(void)
{
    return card_fixture_show(issued(), CARD_NOW + 60);
}
static inline yao_bytes of_yesterday(void)
{
    return card_fixture_show(issued(), CARD_NOW - YAO_TIME_DAY);
}
/* The step that is good, written over the one that was signed. */
static inline yao_bytes restepped(void)
{
    return cbor_set(of_yesterday(), "1", YAO_LIT("\x1a\x03\x91\x23\xc0"));
}
static inline yao_bytes nulled_step(void)
{
    return cbor_set(open_card(), "1", YAO_LIT("\xf6"));
}

static inline yao_bytes other_holder(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);

    return card_fixture_show_as(issued(), &moment, CARD_OTHER_KEY);
}
static inline yao_bytes other_signature(void)
{
    yao_card_content c = card_fixture_content();

    c.status_index++;
    return cbor_set(open_card(), "2",
                    cbor_at(shown(&c), "2"));
}
static inline yao_bytes zero_signature(void)
{
    static const uint8_t zeros[64];

    return cbor_set(open_card(), "2",
                    cbor_of_bytes((yao_bytes){zeros, sizeof zeros}));
}
/* No point of the curve has this x (it is not below p). */
static inline yao_bytes no_point(void)
{
    static uint8_t ones[32];

    memset(ones, 0xff, sizeof ones);
    return with("2/*/8/1/-2", cbor_of_bytes((yao_bytes){ones, sizeof ones}));
}

static inline yao_bytes by_other_signer(void)
{
    yao_bytes part = card_fixture_resign(issued(), CARD_OTHER_KEY);

    return card_fixture_show(part, CARD_NOW);
}
/* Its signer's certificate cannot be read. */
static inline yao_bytes by_garbage(void)
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
static inline yao_bytes zero_issuer(void)
{
    static const uint8_t zeros[64];

    return card_fixture_show(
        cbor_set(issued(), "3", cbor_of_bytes((yao_bytes){zeros, 64})),
        CARD_NOW);
}
static inline yao_bytes short_issuer(void)
{
    return card_fixture_show(cbor_set(issued(), "3", YAO_LIT("\x43xyz")),
                             CARD_NOW);
}
/* The claims say another name, and nobody signed that. */
static inline yao_bytes renamed(void)
{
    return card_fixture_show(
        cbor_set(issued(), "2/*/169/4", cbor_of_text("SPECIMEN")), CARD_NOW);
}
static inline yao_bytes by_holder(void)
{
    /* signed with the key that stands in the card */
    return card_fixture_show(card_fixture_resign(issued(), CARD_DEVICE_KEY),
                             CARD_NOW);
}
static inline yao_bytes alg_es384(void)
{
    return with("0/*/1", YAO_LIT("\x38\x22"));
}
static inline yao_bytes alg_eddsa(void)
{
    return with("0/*/1", YAO_LIT("\x27"));
}
static inline yao_bytes alg_hmac(void)
{
    return with("0/*/1", YAO_LIT("\x05"));
}
static inline yao_bytes other_kid(void)
{
    return with("0/*/4", YAO_LIT("\x48" "12345678"));
}
static inline yao_bytes other_kid_eddsa(void)
{
    yao_bytes part = cbor_set(issued(), "0/*/4", YAO_LIT("\x48" "12345678"));

    return card_fixture_show(
        card_fixture_resign(cbor_set(part, "0/*/1", YAO_LIT("\x27")),
                            CARD_SIGNER_KEY),
        CARD_NOW);
}
static inline yao_bytes other_name(void)
{
    return with("2/*/1", cbor_of_text("https://other.example"));
}
static inline yao_bytes host_name(void)
{
    return with("2/*/1", cbor_of_text("https://authority.example/"));
}

static inline yao_bytes dated(yao_time from, yao_time until)
{
    yao_card_content c = card_fixture_content();

    c.issued_at = from;
    c.expires   = until;
    return shown(&c);
}
static inline yao_bytes just_begun(void)
{
    return dated(CARD_NOW, CARD_NOW + 100);
}
static inline yao_bytes begins_later(void)
{
    return dated(CARD_NOW + 1, CARD_NOW + 100);
}
static inline yao_bytes last_second(void)
{
    return dated(CARD_NOW - 100, CARD_NOW + 1);
}
static inline yao_bytes just_over(void)
{
    return dated(CARD_NOW - 100, CARD_NOW);
}
static inline yao_bytes turned(void)
{
    /* iat behind exp */
    return with("2/*/6", YAO_LIT("\x1a\x6b\x06\x25\x00"));
}

static inline yao_bytes for_train(void)
{
    yao_card_content c = card_fixture_content();

    c.profile = YAO_TEXT("train");
    return shown(&c);
}
static inline yao_bytes train_answer(void)
{
    yao_card_content c = card_fixture_content();

    c.profile = YAO_TEXT("train");
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}
static inline yao_bytes sealed_bare(void)
{
    yao_card_content c = card_fixture_content();

    c.sealed = true;
    return shown(&c);
}
static inline yao_bytes sealed_answer(void)
{
    yao_card_content c = card_fixture_content();

    c.sealed = true;
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}
static inline yao_bytes no_status(void)
{
    yao_card_content c = card_fixture_content();

    c.status = YAO_CARD_STATUS_NONE;
    return shown(&c);
}
static inline yao_bytes other_answer(void)
{
    return card_fixture_answer(issued(), card_fixture_challenge(CARD_NOW, 8));
}

/* ---- paper -------------------------------------------------------------- */

static inline yao_bytes print(void)
{
    yao_card_content c = card_fixture_content();

    c.device_key.curve = YAO_CURVE_NONE;
    return card_fixture_issue(&c);
}
static inline yao_bytes paper_with(const char *path, yao_bytes item)
{
    return card_fixture_resign(cbor_set(print(), path, item),
                               CARD_SIGNER_KEY);
}
static inline yao_bytes paper_without(const char *path)
{
    return card_fixture_resign(cbor_remove(print(), path), CARD_SIGNER_KEY);
}
static inline yao_bytes paper_no_name(void) { return paper_without("2/*/1"); }
static inline yao_bytes paper_no_end(void) { return paper_without("2/*/4"); }
static inline yao_bytes paper_no_start(void) { return paper_without("2/*/6"); }
static inline yao_bytes paper_no_status(void)
{
    return paper_without("2/*/65535");
}
static inline yao_bytes paper_no_type(void)
{
    return paper_without("2/*/-65537");
}
static inline yao_bytes paper_other_status(void)
{
    return paper_with("2/*/65535", YAO_LIT("\xa0"));
}
static inline yao_bytes paper_later(void)
{
    return card_fixture_resign(
        cbor_add(print(), "2/*", YAO_LIT("\x05\x1a\x6b\x02\x30\x81")),
        CARD_SIGNER_KEY);
}
static inline yao_bytes torn_off(void) { return issued(); }
static inline yao_bytes paper_other_kid(void)
{
    return paper_with("0/*/4", YAO_LIT("\x48" "12345678"));
}
static inline yao_bytes paper_no_kid(void) { return paper_without("0/*/4"); }
static inline yao_bytes paper_eddsa(void)
{
    return cbor_set(paper_no_kid(), "0/*/1", YAO_LIT("\x27"));
}
static inline yao_bytes paper_hmac(void)
{
    return cbor_set(paper_no_kid(), "0/*/1", YAO_LIT("\x05"));
}
static inline yao_bytes paper_unsigned(void)
{
    return cbor_set(paper_eddsa(), "3", YAO_LIT("\x40"));
}
static inline yao_bytes paper_unsigned_here(void)
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
    PINNED_TYPE = 1 << 18, /* its bare key, for another type and for this */
    GARBAGE     = 1 << 19  /* what is no certificate, beside the signers */
};

typedef struct bench {
    yao_card_verify_options o;
    yao_anchor              anchors[8];
    yao_bytes               signers[4];
    yao_text                type;
    yao_text                types[2];
} bench;

static inline void add_key(bench *b, int key, bool elsewhere)
{
    yao_anchor *a = &b->anchors[b->o.anchor_count++];

    *a = (yao_anchor){.key  = yao_openssl_key_public(forge_key(key)),
                      .role = YAO_ROLE_ISSUER};
    if (elsewhere) {
        a->types      = &b->type;
        a->type_count = 1;
    }
}

static inline void add_keys(bench *b, unsigned had)
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

static inline void set_up(bench *b, unsigned had)
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

static inline void judge_with(judged *j, yao_bytes input, bool paper,
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

static inline bool is_bad(const yao_report_row *row)
{
    return row->outcome == YAO_OUTCOME_FAIL ||
           row->outcome == YAO_OUTCOME_UNKNOWN;
}

static inline void print_report(const yao_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        print_message("# %s: %s %s\n", yao_check_name(report->rows[i].check),
                      yao_outcome_name(report->rows[i].outcome),
                      yao_status_name(report->rows[i].why));
}

/* The only bad row, or the first of those given. */
static inline void expect_bad(const yao_report *report, yao_check check,
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

#endif
