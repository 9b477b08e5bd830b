/* SPDX-License-Identifier: Apache-2.0 */

/** Cards before yao_verify(): what is found out, what becomes of it, what its
 *  elements are called, and by what it is remembered. */

#include "policy/policy.h"

#include <stdio.h>

#include "card_fixture.h"
#include "json/json.h"
#include "mdoc_fixture.h"

#define LIST CARD_ISSUER "/statuslists/3"

/* ---- what is shown ------------------------------------------------------ */

/* Without a status: there is no list to look at. */
static yao_card_content content(void)
{
    yao_card_content c = card_fixture_content();

    c.status = YAO_CARD_STATUS_NONE;
    return c;
}

/* Nothing of it is sensitive: the profile asks whether somebody is of age. */
static yao_card_content of_age(void)
{
    static const yao_card_element elements[] = {
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf5")},
        {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")}};
    yao_card_content c = content();

    c.profile       = YAO_TEXT("age");
    c.elements      = elements;
    c.element_count = COUNT(elements);
    return c;
}

/* The holder is not of age. */
static yao_bytes young(void)
{
    static const yao_card_element elements[] = {
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf4")}};
    yao_card_content c = of_age();

    c.elements      = elements;
    c.element_count = COUNT(elements);
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static yao_bytes open_card(void)
{
    yao_card_content c = of_age();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
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
    yao_card_content c = content();

    c.sealed = true;
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}

/* Sensitive elements that their issuer forgot to mark. */
static yao_bytes careless(void)
{
    yao_card_content c = content();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}
static yao_bytes careless_answer(void)
{
    yao_card_content c = content();

    return card_fixture_answer(card_fixture_issue(&c), challenge());
}

static yao_bytes stale(void)
{
    yao_card_content c = of_age();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW - 61);
}

static yao_bytes over(void)
{
    yao_card_content c = of_age();

    c.expires = CARD_NOW;
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static yao_bytes listed(void)
{
    yao_card_content c = of_age();

    c.status = YAO_CARD_STATUS_NUMBER;
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static yao_card_content printable(void)
{
    yao_card_content c = content();

    c.device_key.curve = YAO_CURVE_NONE;
    return c;
}
static yao_bytes paper(void)
{
    yao_card_content c = printable();

    return card_fixture_issue(&c);
}
static yao_bytes listed_paper(void)
{
    yao_card_content c = printable();

    c.status = YAO_CARD_STATUS_NUMBER;
    return card_fixture_issue(&c);
}
static yao_bytes torn_off(void)
{
    yao_card_content c = of_age();

    return card_fixture_issue(&c);
}

/* ISSUED shown for MOMENT. */
static yao_bytes response_of(yao_bytes issued, const yao_card_moment *moment)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  transcript, hash = {moment->challenge, 32};

    hash.len = moment->challenged ? 32 : 0;
    yao_mdoc_put_transcript_offline(&w, moment->step, hash);
    assert_status(yao_writer_keep(&w, test_arena(), &transcript), YAO_OK);
    return mdoc_fixture_show(issued, transcript, false);
}

static yao_bytes codes_of(const yao_card_moment *moment, yao_bytes response)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_card_put_mdoc(&w, moment, response);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* A licence in codes. */
static yao_bytes in_codes(const yao_card_moment *moment)
{
    return codes_of(moment, response_of(mdoc_fixture_issued(), moment));
}
/* Two, which their holder or anybody else can put in any order. */
static yao_bytes pair_in_codes(const yao_card_moment *moment)
{
    return codes_of(
        moment,
        mdoc_fixture_pair(response_of(mdoc_fixture_issued(), moment),
                          response_of(mdoc_fixture_issued(), moment)));
}
static yao_bytes mdoc_now(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);

    return in_codes(&moment);
}
static yao_bytes mdoc_stale(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW - 61);

    return in_codes(&moment);
}
/* The step that is good, written over the one that was signed. */
static yao_bytes mdoc_restepped(void)
{
    return cbor_set(mdoc_stale(), "0", cbor_at(mdoc_now(), "0"));
}
static yao_bytes mdoc_answer(void)
{
    yao_card_moment moment;

    assert_status(yao_card_moment_of(forge_crypto(), challenge(), &moment),
                  YAO_OK);
    return in_codes(&moment);
}
static yao_bytes mdoc_other_answer(void)
{
    yao_card_moment moment;

    assert_status(yao_card_moment_of(forge_crypto(),
                                     card_fixture_challenge(CARD_NOW, 8),
                                     &moment),
                  YAO_OK);
    return in_codes(&moment);
}

/* ---- what the verifier has ---------------------------------------------- */

enum had {
    CHALLENGED = 1 << 0,
    NO_HOLDER  = 1 << 1,
    AGE        = 1 << 2, /* the card's profile */
    ADULT      = 1 << 3, /* the element that says so */
    NAMED      = 1 << 4, /* the name */
    CATALOGUE  = 1 << 5,
    VALID      = 1 << 6, /* a list that says so */
    REVOKED    = 1 << 7,
    FOREIGN    = 1 << 8, /* a list under another root */
    BY_NAME    = 1 << 9, /* the format is named: printed card */
    AS_CARD    = 1 << 10, /* ... card */
    SESSION    = 1 << 11, /* the transcript of another session */
    LATE       = 1 << 12, /* 121 s later */
    ROAD_CHECK = 1 << 13, /* a profile whose cards are sealed */
    PRIVATE    = 1 << 14  /* a catalogue in which the day of birth is sensitive */
};

static const yao_requirement adult = {YAO_INIT(CARD_TYPE), {NULL, 0},
                                      YAO_INIT("age_equal_or_over.18"), true};
static const yao_requirement named = {YAO_INIT(CARD_TYPE), {NULL, 0},
                                      YAO_INIT("name"), false};

typedef struct bench {
    yao_verify_options o;
    yao_anchor         anchors[3];
    yao_bytes          signers[2];
    yao_status_list    list;
    uint8_t            entries[8752];
} bench;

static void add_list(bench *b, unsigned had)
{
    const card_fixture *f = card_fixture_get();

    if (!(had & (VALID | REVOKED | FOREIGN)))
        return;
    b->entries[70000 / 8] = had & REVOKED ? 1 << 70000 % 8 : 0;
    b->list               = (yao_status_list){
                      .uri       = YAO_INIT(LIST),
                      .bits      = 1,
                      .entries   = {b->entries, sizeof b->entries},
                      .count     = sizeof b->entries * 8,
                      .issued_at = CARD_NOW - 60,
                      .expires   = YAO_TIME_NONE,
                      .anchor    = had & FOREIGN ? f->reader_root : f->root};
    b->o.lists      = &b->list;
    b->o.list_count = 1;
}

static const yao_catalogue *strict_catalogue(void)
{
    static yao_element    elements[128];
    static yao_definition licence;
    static yao_catalogue  c;
    const yao_definition *d =
        yao_document_by_type(yao_catalogue_shipped(), YAO_TEXT(MDOC_TYPE));

    assert_non_null(d);
    assert_in_range(d->element_count, 1, COUNT(elements));
    for (size_t i = 0; i < d->element_count; i++) {
        elements[i] = d->elements[i];
        if (yao_text_equal(elements[i].identifier, YAO_TEXT("birth_date")))
            elements[i].sensitive = true;
    }
    licence            = *d;
    licence.elements   = elements;
    c                  = *yao_catalogue_shipped();
    c.definitions      = &licence;
    c.definition_count = 1;
    return &c;
}

static void set_up(bench *b, unsigned had)
{
    const card_fixture *f = card_fixture_get();

    *b            = (bench){.signers = {f->other_signer, f->signer}};
    b->anchors[0] = f->anchors[0];
    b->anchors[1] = f->anchors[1];
    b->anchors[2] = mdoc_fixture_get()->anchor;
    b->o          = (yao_verify_options){
                 .anchors = b->anchors, .anchor_count = 3,
                 .now = CARD_NOW + (had & LATE ? 121 : 0),
                 .signers = b->signers, .signer_count = 2,
                 .no_binding = (had & NO_HOLDER) != 0};
    if (had & CHALLENGED)
        b->o.challenge = challenge();
    if (had & AGE)
        b->o.card_profile = YAO_TEXT("age");
    if (had & (ADULT | NAMED)) {
        b->o.required       = had & ADULT ? &adult : &named;
        b->o.required_count = 1;
    }
    if (had & CATALOGUE)
        b->o.catalogue = yao_catalogue_shipped();
    if (had & PRIVATE)
        b->o.catalogue = strict_catalogue();
    if (had & ROAD_CHECK)
        b->o.card_profile = YAO_TEXT("road_check");
    if (had & BY_NAME)
        b->o.format = YAO_FORMAT_PRINTED_CARD;
    if (had & AS_CARD)
        b->o.format = YAO_FORMAT_CARD;
    if (had & SESSION)
        b->o.transcript = mdoc_fixture_transcript("1");
    add_list(b, had);
}

/* ---- verdicts ----------------------------------------------------------- */

#define ACCEPT YAO_VERDICT_ACCEPT
#define REJECT YAO_VERDICT_REJECT
#define OPEN   YAO_VERDICT_INDETERMINATE

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
    {"never accepts paper where one is (N239)", paper, CATALOGUE, OPEN, false,
     false, YAO_CHECK_CARD_HOLDER},
    {"never accepts it when it is named (N239)", paper, BY_NAME, OPEN, false,
     false, YAO_CHECK_CARD_HOLDER},
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

static bool is_bad(const yao_report *report, yao_check check)
{
    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if ((row->outcome == YAO_OUTCOME_FAIL ||
             row->outcome == YAO_OUTCOME_UNKNOWN) &&
            (check == YAO_CHECK_NONE || row->check == check))
            return true;
    }
    return false;
}

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

/* ---- values ------------------------------------------------------------- */

static yao_result *verify(yao_bytes input, unsigned had)
{
    static bench b;
    yao_result  *result = NULL;

    set_up(&b, had);
    assert_status(yao_verify(test_arena(), forge_crypto(), input, &b.o,
                             &result),
                  YAO_OK);
    return result;
}

static const yao_attribute *attribute(const yao_result *result,
                                      const char       *name)
{
    const yao_result_document *d = &result->documents[0];

    for (size_t i = 0; i < d->attribute_count; i++)
        if (yao_text_equal(d->attributes[i].name, yao_text_of(name)))
            return &d->attributes[i];
    fail_msg("no %s", name);
    return NULL;
}

static void gives_names_and_values_of_the_catalogue(void **state)
{
    yao_result *r = verify(answer(), CHALLENGED | CATALOGUE);

    (void)state;
    assert_int_equal(r->format, YAO_FORMAT_CARD);
    assert_int_equal(r->documents[0].attribute_count, 9);
    assert_bytes(attribute(r, "name")->cbor, YAO_LIT("\x69" "李示例"));
    assert_bytes(attribute(r, "birthdate")->cbor,
                 YAO_LIT("\xd9\x03\xec\x6a" "1988-08-08"));
    assert_bytes(attribute(r, "sex")->cbor, YAO_LIT("\x01"));
    assert_bytes(attribute(r, "address.formatted")->cbor,
                 YAO_LIT("\x78\x1f" "天津市蓟州区示例路1号"));
    assert_bytes(attribute(r, "nationality")->cbor, YAO_LIT("\x62" "CN"));
    assert_bytes(attribute(r, "personal_administrative_number")->cbor,
                 YAO_LIT("\x72" "12011919880808901X"));
    assert_bytes(attribute(r, "date_of_issuance")->cbor,
                 YAO_LIT("\xd9\x03\xec\x6a" "2020-01-01"));
    assert_bytes(attribute(r, "specimen")->cbor,
                 YAO_LIT("\x68" "SPECIMEN"));
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(r->documents[0].attributes[i].space.len, 0);
        assert_false(r->documents[0].attributes[i].by_device);
    }
}

static void gives_numbers_without_a_catalogue(void **state)
{
    yao_result *r = verify(answer(), CHALLENGED);

    (void)state;
    assert_bytes(attribute(r, "169/4")->cbor, YAO_LIT("\x69" "李示例"));
    assert_bytes(attribute(r, "169/8")->cbor, YAO_LIT("\x68" "19880808"));
    assert_bytes(attribute(r, "-65537/2")->cbor,
                 YAO_LIT("\x72" "12011919880808901X"));
}

static void gives_numbers_for_what_the_catalogue_lacks(void **state)
{
    yao_card_element unknown[] = {
        {YAO_CARD_169, 6, YAO_LIT("\x01")},
        {YAO_CARD_PRIVATE, 200, YAO_LIT("\x02")}};
    yao_card_content c = of_age();

    (void)state;
    c.elements   = unknown;
    yao_result *r = verify(card_fixture_show(card_fixture_issue(&c), CARD_NOW),
                           CATALOGUE);
    assert_bytes(attribute(r, "169/6")->cbor, YAO_LIT("\x01"));
    assert_bytes(attribute(r, "-65537/200")->cbor, YAO_LIT("\x02"));

    c.type = YAO_TEXT("urn:other:1");
    r      = verify(card_fixture_show(card_fixture_issue(&c), CARD_NOW),
                    CATALOGUE);
    assert_bytes(attribute(r, "169/6")->cbor, YAO_LIT("\x01"));
}

static const struct value_row {
    const char *name;
    uint64_t    label;
    yao_bytes   said, want;
    const char *claim;
} values[] = {
    {"gives a day as all shapes have it", 8, YAO_INIT("\x68" "20000229"),
     YAO_INIT("\xd9\x03\xec\x6a" "2000-02-29"), "birthdate"},
    {"gives what is no day as it stands", 8, YAO_INIT("\x68" "19000229"),
     YAO_INIT("\x68" "19000229"), "birthdate"},
    {"gives a day with letters as it stands", 8, YAO_INIT("\x68" "2000022x"),
     YAO_INIT("\x68" "2000022x"), "birthdate"},
    {"gives a shorter day as it stands", 8, YAO_INIT("\x67" "2000022"),
     YAO_INIT("\x67" "2000022"), "birthdate"},
    {"gives a day that is a number as it stands", 8,
     YAO_INIT("\x1a\x01\x31\x2d\x1d"), YAO_INIT("\x1a\x01\x31\x2d\x1d"),
     "birthdate"},
    {"gives 2 for 2", 9, YAO_INIT("\x02"), YAO_INIT("\x02"), "sex"},
    {"gives 9 for 3", 9, YAO_INIT("\x03"), YAO_INIT("\x09"), "sex"},
    {"gives a text as it stands", 4, YAO_INIT("\x61x"), YAO_INIT("\x61x"),
     "name"},
};

static void translates(void **state)
{
    const struct value_row *r       = *state;
    yao_card_element        element = {YAO_CARD_169, r->label, r->said};
    yao_card_content        c       = of_age();

    c.elements      = &element;
    c.element_count = 1;
    yao_result *result = verify(
        card_fixture_show(card_fixture_issue(&c), CARD_NOW), CATALOGUE);
    assert_bytes(attribute(result, r->claim)->cbor, r->want);
}

static void gives_what_the_document_says_of_itself(void **state)
{
    yao_result                *r = verify(listed(), VALID);
    const yao_result_document *d = &r->documents[0];

    (void)state;
    assert_true(yao_text_equal(d->type, YAO_TEXT(CARD_TYPE)));
    assert_int_equal(d->valid_from, CARD_NOW - 2 * YAO_TIME_DAY);
    assert_int_equal(d->valid_until, CARD_NOW + 3 * YAO_TIME_DAY);
    assert_true(yao_text_equal(d->status_uri, YAO_TEXT(LIST)));
    assert_int_equal(d->status_index, 70000);
    assert_true(yao_text_equal(d->issuer, YAO_TEXT("SPECIMEN root")));
    assert_true(yao_text_equal(d->issuer_country, YAO_TEXT("UT")));
    assert_int_equal(d->state, YAO_STATE_VALID);
    assert_int_equal(d->state_as_of, CARD_NOW - 60);
    assert_int_equal(r->documents[0].attribute_count, 2);
}

static void gives_the_days_of_paper(void **state)
{
    yao_bytes late = card_fixture_resign(
        cbor_add(paper(), "2/*", YAO_LIT("\x05\x1a\x6b\x02\x30\x7f")),
        CARD_SIGNER_KEY);
    yao_result *r = verify(late, NO_HOLDER);

    (void)state;
    assert_int_equal(r->format, YAO_FORMAT_PRINTED_CARD);
    assert_int_equal(r->documents[0].valid_from, 0x6b02307f);
    assert_true(yao_text_equal(r->documents[0].status_uri, YAO_TEXT("")));
}

/* A list speaks for paper under a pinned key when that key signed it. */
static void accepts_a_list_of_the_pinned_key_only(void **state)
{
    static bench   b;
    yao_public_key key = yao_openssl_key_public(forge_key(CARD_SIGNER_KEY));
    yao_bytes      input = card_fixture_resign(
        cbor_remove(listed_paper(), "0/*/4"), CARD_SIGNER_KEY);

    (void)state;
    for (int right = 0; right < 2; right++) {
        yao_result *result = NULL;

        set_up(&b, VALID | NO_HOLDER);
        b.anchors[1] = (yao_anchor){
            .key  = yao_openssl_key_public(forge_key(6)),
            .role = YAO_ROLE_ISSUER};
        b.anchors[2] = (yao_anchor){.key = key, .role = YAO_ROLE_ISSUER};
        b.list.anchor = right ? (yao_bytes){key.point, key.len}
                              : (yao_bytes){b.anchors[1].key.point, 65};
        assert_status(yao_verify(test_arena(), forge_crypto(), input, &b.o,
                                 &result),
                      YAO_OK);
        assert_int_equal(result->verdict, right ? ACCEPT : OPEN);
    }
}

/* ---- replay ------------------------------------------------------------- */

static void expect_same(yao_bytes a, yao_bytes b, unsigned had, bool same)
{
    uint8_t     first[32];
    yao_result *r = verify(a, had);

    assert_true(r->replayable);
    memcpy(first, r->replay_key, sizeof first);
    r = verify(b, had);
    assert_true(r->replayable);
    assert_int_equal(memcmp(first, r->replay_key, sizeof first) == 0, same);
}

static void gives_one_key_for_one_showing(void **state)
{
    yao_card_content c    = of_age();
    yao_bytes        part = card_fixture_issue(&c);
    yao_bytes        a    = card_fixture_show(part, CARD_NOW);
    yao_bytes        b    = card_fixture_show(part, CARD_NOW + 29);

    (void)state;
    expect_same(a, b, 0, true);
    expect_same(a, card_fixture_show(part, CARD_NOW - 1), 0, false);
    expect_same(a, open_card(), 0, false);
}

/* An issuer's signature that anybody can rewrite is not part of the key. */
static void gives_one_key_for_one_mdoc(void **state)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);
    yao_bytes       a      = in_codes(&moment), b;
    yao_bytes       again  = mdoc_fixture_resign(cbor_bytes_at(a, "1"));
    yao_writer      w      = yao_writer_in(test_arena());

    (void)state;
    yao_card_put_mdoc(&w, &moment, again);
    assert_status(yao_writer_keep(&w, test_arena(), &b), YAO_OK);
    assert_false(yao_bytes_equal(a, b));
    expect_same(a, b, 0, true);

    moment = yao_card_moment_at(CARD_NOW + 30);
    expect_same(a, in_codes(&moment), 0, false);
}

/* Anybody can put documents in another order, leave some out, or add their
 * own to those that they saw: what was shown openly with others has no key. */
static void gives_no_key_for_several_open_mdocs(void **state)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);
    yao_result     *r      = verify(pair_in_codes(&moment), 0);

    (void)state;
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_false(r->replayable);
    assert_status(yao_card_moment_of(forge_crypto(), challenge(), &moment),
                  YAO_OK);
    r = verify(pair_in_codes(&moment), CHALLENGED);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_true(r->replayable);
}

static void gives_no_key_for_paper_or_a_session(void **state)
{
    (void)state;
    assert_false(verify(paper(), NO_HOLDER)->replayable);
    assert_false(verify(mdoc_fixture_signed(), SESSION)->replayable);
}

/* ---- MOSIP's vectors ---------------------------------------------------- */

static const struct vector_row {
    const char *name, *file;
    bool        pinned; /* the right key */
    yao_verdict want;
    yao_check   bad;
} vectors[] = {
    {"accepts the vector with its key", "ecdsa-p256-signed", true, ACCEPT, 0},
    {"refuses it with another key", "ecdsa-p256-signed", false, REJECT,
     YAO_CHECK_ISSUER_SIGNATURE},
    {"never refuses the vector signed with Ed25519", "ed25519-signed", false,
     OPEN, YAO_CHECK_ALGORITHM},
    {"refuses the vector that nobody signed", "demographics-full", false,
     REJECT, YAO_CHECK_ISSUER_SIGNATURE},
    {"refuses the vector with a face that nobody signed", "with-face", false,
     REJECT, YAO_CHECK_ISSUER_SIGNATURE},
};

static yao_bytes hex_of(const yao_json *json, const char *name)
{
    yao_text   text = {NULL, 0};
    yao_bytes  out  = {NULL, 0};

    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_get_hex(yao_text_bytes(text), &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void judges_vector(void **state)
{
    const struct vector_row *r = *state;
    char                     path[96];
    const yao_json          *json   = NULL;
    yao_result              *result = NULL;
    yao_anchor               anchor = {.role = YAO_ROLE_ISSUER};

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "qr-claim169/%s.json", r->file);
    assert_status(yao_json_parse(test_arena(), test_vector(path), &json),
                  YAO_OK);
    anchor.key = yao_openssl_key_public(forge_key(6));
    if (r->pinned) {
        yao_bytes point = hex_of(yao_json_get(json, "signing_key"),
                                 "public_key_hex");

        assert_int_equal(point.len, 65);
        memcpy(anchor.key.point, point.ptr, point.len);
    }
    yao_verify_options o = {.anchors      = &anchor,
                            .anchor_count = 1,
                            .now          = 1750000000,
                            .no_binding   = true,
                            .catalogue    = yao_catalogue_shipped()};

    assert_status(yao_verify(test_arena(), forge_crypto(),
                             hex_of(json, "decoded_cose_hex"), &o, &result),
                  YAO_OK);
    assert_string_equal(yao_verdict_name(result->verdict),
                        yao_verdict_name(r->want));
    assert_int_equal(is_bad(&result->report, r->bad), r->bad != 0);
    if (r->want == YAO_VERDICT_ACCEPT) {
        assert_bytes(attribute(result, "169/4")->cbor,
                     cbor_of_text("ECDSA Test Person"));
        assert_false(result->documents[0].bound);
    }
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
    test_add("attributes", "gives names and values of the catalogue",
             gives_names_and_values_of_the_catalogue, NULL);
    test_add("attributes", "gives numbers without a catalogue",
             gives_numbers_without_a_catalogue, NULL);
    test_add("attributes", "gives numbers for what the catalogue lacks",
             gives_numbers_for_what_the_catalogue_lacks, NULL);
    for (size_t i = 0; i < COUNT(values); i++)
        test_add("attributes", values[i].name, translates, &values[i]);
    test_add("verify", "gives what the document says of itself",
             gives_what_the_document_says_of_itself, NULL);
    test_add("verify", "gives the days of paper", gives_the_days_of_paper,
             NULL);
    test_add("status", "accepts a list of the pinned key only",
             accepts_a_list_of_the_pinned_key_only, NULL);
    test_add("replay", "gives one key for one showing (N241)",
             gives_one_key_for_one_showing, NULL);
    test_add("replay", "gives one key for one mdoc (N241)",
             gives_one_key_for_one_mdoc, NULL);
    test_add("replay", "gives none for several mdocs that were shown openly",
             gives_no_key_for_several_open_mdocs, NULL);
    test_add("replay", "gives none for paper or a session",
             gives_no_key_for_paper_or_a_session, NULL);
    for (size_t i = 0; i < COUNT(vectors); i++)
        test_add("vectors", vectors[i].name, judges_vector, &vectors[i]);
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
