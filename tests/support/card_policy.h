/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CARD_POLICY_H
#define YAO_TEST_CARD_POLICY_H

/** Cards, paper and mdocs in codes as they come to yao_verify(), and what a
 *  verifier has who judges them. */

#include "policy/policy.h"

#include "card_fixture.h"
#include "mdoc_fixture.h"

#define ACCEPT YAO_VERDICT_ACCEPT
#define REJECT YAO_VERDICT_REJECT
#define OPEN   YAO_VERDICT_INDETERMINATE

#define LIST CARD_ISSUER "/statuslists/3"

/* ---- what is shown ------------------------------------------------------ */

/* Without a status: there is no list to look at. */
static inline yao_card_content content(void)
{
    yao_card_content c = card_fixture_content();

    c.status = YAO_CARD_STATUS_NONE;
    return c;
}

/* Nothing of it is sensitive: the profile asks whether somebody is of age. */
static inline yao_card_content of_age(void)
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
static inline yao_bytes young(void)
{
    static const yao_card_element elements[] = {
        {YAO_CARD_PRIVATE, 11, YAO_INIT("\xf4")}};
    yao_card_content c = of_age();

    c.elements      = elements;
    c.element_count = COUNT(elements);
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static inline yao_bytes open_card(void)
{
    yao_card_content c = of_age();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
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
    yao_card_content c = content();

    c.sealed = true;
    return card_fixture_answer(card_fixture_issue(&c), challenge());
}

/* Sensitive elements that their issuer forgot to mark. */
static inline yao_bytes careless(void)
{
    yao_card_content c = content();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}
static inline yao_bytes careless_answer(void)
{
    yao_card_content c = content();

    return card_fixture_answer(card_fixture_issue(&c), challenge());
}

static inline yao_bytes stale(void)
{
    yao_card_content c = of_age();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW - 61);
}

static inline yao_bytes over(void)
{
    yao_card_content c = of_age();

    c.expires = CARD_NOW;
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static inline yao_bytes listed(void)
{
    yao_card_content c = of_age();

    c.status = YAO_CARD_STATUS_NUMBER;
    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static inline yao_card_content printable(void)
{
    yao_card_content c = content();

    c.device_key.curve = YAO_CURVE_NONE;
    return c;
}
static inline yao_bytes paper(void)
{
    yao_card_content c = printable();

    return card_fixture_issue(&c);
}
static inline yao_bytes listed_paper(void)
{
    yao_card_content c = printable();

    c.status = YAO_CARD_STATUS_NUMBER;
    return card_fixture_issue(&c);
}
static inline yao_bytes paper_for_police(void)
{
    yao_card_content c = printable();

    c.profile = YAO_TEXT("police");
    return card_fixture_issue(&c);
}
static inline yao_bytes torn_off(void)
{
    yao_card_content c = of_age();

    return card_fixture_issue(&c);
}

/* ISSUED shown for MOMENT. */
static inline yao_bytes response_of(yao_bytes              issued,
                                    const yao_card_moment *moment)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  transcript, hash = {moment->challenge, 32};

    hash.len = moment->challenged ? 32 : 0;
    yao_mdoc_put_transcript_offline(&w, moment->step, hash);
    assert_status(yao_writer_keep(&w, test_arena(), &transcript), YAO_OK);
    return mdoc_fixture_show(issued, transcript, false);
}

static inline yao_bytes codes_of(const yao_card_moment *moment,
                                 yao_bytes              response)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_card_put_mdoc(&w, moment, response);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* A licence in codes. */
static inline yao_bytes in_codes(const yao_card_moment *moment)
{
    return codes_of(moment, response_of(mdoc_fixture_issued(), moment));
}
/* Two, which their holder or anybody else can put in any order. */
static inline yao_bytes pair_in_codes(const yao_card_moment *moment)
{
    return codes_of(
        moment,
        mdoc_fixture_pair(response_of(mdoc_fixture_issued(), moment),
                          response_of(mdoc_fixture_issued(), moment)));
}
static inline yao_bytes mdoc_now(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);

    return in_codes(&moment);
}
static inline yao_bytes mdoc_stale(void)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW - 61);

    return in_codes(&moment);
}
/* The step that is good, written over the one that was signed. */
static inline yao_bytes mdoc_restepped(void)
{
    return cbor_set(mdoc_stale(), "0", cbor_at(mdoc_now(), "0"));
}
static inline yao_bytes mdoc_answer(void)
{
    yao_card_moment moment;

    assert_status(yao_card_moment_of(forge_crypto(), challenge(), &moment),
                  YAO_OK);
    return in_codes(&moment);
}
static inline yao_bytes mdoc_other_answer(void)
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
    FOREIGN    = 1 << 8,  /* a list under another root */
    BY_NAME    = 1 << 9,  /* the format is named: printed card */
    AS_CARD    = 1 << 10, /* ... card */
    SESSION    = 1 << 11, /* the transcript of another session */
    LATE       = 1 << 12, /* 121 s later */
    ROAD_CHECK = 1 << 13, /* a profile whose cards are sealed */
    PRIVATE = 1 << 14, /* a catalogue in which the day of birth is sensitive */
    COMPARED = 1 << 15, /* somebody looked at the portrait */
    HOTEL = 1 << 16 /* the profile of paper */
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

static inline void add_list(bench *b, unsigned had)
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

static inline const yao_catalogue *strict_catalogue(void)
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

static inline void set_up(bench *b, unsigned had)
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
                 .no_binding = (had & NO_HOLDER) != 0,
                 .compared   = (had & COMPARED) != 0};
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
    if (had & HOTEL)
        b->o.card_profile = YAO_TEXT("hotel");
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

static inline bool is_bad(const yao_report *report, yao_check check)
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

static inline yao_result *verify(yao_bytes input, unsigned had)
{
    static bench b;
    yao_result  *result = NULL;

    set_up(&b, had);
    assert_status(yao_verify(test_arena(), forge_crypto(), input, &b.o,
                             &result),
                  YAO_OK);
    return result;
}

#endif
