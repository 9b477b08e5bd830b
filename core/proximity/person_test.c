/* SPDX-License-Identifier: Apache-2.0 */

/* What the person chooses, and what a wallet may hand in as their choice. */

#include "prox_pair.h"

static void declined(void **state)
{
    prox_pair no, without;

    (void)state;
    pair_open(&no);
    no.refuse        = true;
    no.requests[0]   = &pair_both;
    no.request_count = 1;
    pair_run(&no);
    assert_status(no.hw.status, YAO_OK);
    assert_int_equal(no.verdicts[0], YAO_VERDICT_INDETERMINATE);
    assert_int_equal(no.missing[0], 2);
    assert_int_equal(no.statuses[0], 0);
    assert_int_equal(no.signatures + no.macs, 0);

    pair_open(&without);
    without.empty_handed  = true;
    without.requests[0]   = &pair_both;
    without.request_count = 1;
    pair_run(&without);
    assert_int_equal(without.missing[0], 2);
    assert_int_equal(without.to_reader[0].len, no.to_reader[0].len);
    assert_bytes(yao_reader_response(without.reader),
                 yao_reader_response(no.reader));
}

/* One of two. */
static void in_part(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.licence = pair_issue(PROX_TYPE, pair_licence, 1, 2); /* a name only */
    p.requests[0]   = &pair_both;
    p.request_count = 1;
    pair_run(&p);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(p.missing[0], 1);
    assert_int_equal(p.shown[0], 1);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_REJECT); /* the profile */
}

static const yao_mdoc_selector name_only[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("family_name")}};

static void unasked(void **state)
{
    yao_holder_choice extra = {.elements = name_only, .element_count = 1};
    prox_pair         p;

    (void)state;
    pair_open(&p);
    extra.issuer_signed = p.licence;
    p.extra             = &extra;
    p.requests[0]       = &pair_first;
    p.request_count     = 1;
    pair_run(&p);
    assert_status(p.hw.status, YAO_E_USAGE);
    assert_int_equal(p.answers, 0);
    assert_int_equal(p.signatures, 0);
    assert_status(p.rw.status, YAO_E_REFUSED);
    assert_int_equal(yao_reader_said(p.reader), YAO_PROX_STATUS_END);
}

static const struct choice_row {
    const char *name;
    size_t      request, element_count;
    bool        other; /* the identity card for the licence */
    yao_status  want;
} choices[] = {
    {"accepts another copy of what was asked for", 0, 3, false, YAO_OK},
    {"refuses to answer what was not asked", 1, 3, false, YAO_E_USAGE},
    {"refuses to show nothing of a document", 0, 0, false, YAO_E_USAGE},
    {"refuses another document than was asked for", 0, 3, true,
     YAO_E_MISMATCH},
};

static void broken_copy(void **state)
{
    yao_holder_choice extra = {.issuer_signed = YAO_INIT("\xa0"),
                               .elements      = pair_shown_licence,
                               .element_count = 3};
    prox_pair         p;

    (void)state;
    pair_open(&p);
    p.extra         = &extra;
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_run(&p);
    assert_status(p.hw.status, YAO_E_MALFORMED);
    assert_int_equal(p.answers, 0);
}

static size_t choice_count;

static void choose_many(prox_pair *p, const yao_holder_wish *w,
                        yao_holder_event *e)
{
    static yao_holder_choice many[YAO_MAX_DOCUMENTS + 1];

    if (w->kind != YAO_HOLDER_ASK)
        return;
    for (size_t i = 0; i < COUNT(many); i++)
        many[i] = (yao_holder_choice){.issuer_signed = p->licence,
                                      .elements      = pair_shown_licence,
                                      .element_count = 3};
    e->choices      = many;
    e->choice_count = choice_count;
}

static void many_choices(void **state)
{
    prox_pair p;

    (void)state;
    for (choice_count = YAO_MAX_DOCUMENTS;
         choice_count <= YAO_MAX_DOCUMENTS + 1; choice_count++) {
        pair_open(&p);
        p.meddle        = choose_many;
        p.requests[0]   = &pair_first;
        p.request_count = 1;
        pair_run(&p);
        assert_status(p.hw.status, choice_count == YAO_MAX_DOCUMENTS
                                       ? YAO_OK
                                       : YAO_E_LIMIT);
        assert_int_equal(p.signatures, choice_count == YAO_MAX_DOCUMENTS
                                           ? YAO_MAX_DOCUMENTS
                                           : 0);
    }
}

static void case_choice(void **state)
{
    const struct choice_row *r     = *state;
    yao_holder_choice        extra = {.request       = r->request,
                                      .elements      = pair_shown_licence,
                                      .element_count = r->element_count};
    prox_pair                p;

    pair_open(&p);
    extra.issuer_signed =
        r->other ? pair_issue(PAIR_ID, pair_licence, COUNT(pair_licence), 2)
                 : p.licence;
    p.extra         = &extra;
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_run(&p);
    assert_status(p.hw.status, r->want);
    assert_int_equal(p.answers, r->want == YAO_OK);
}

int main(void)
{
    test_add("person", "gives the same for no and for nothing (N218)",
             declined, NULL);
    test_add("person", "gives one of two", in_part, NULL);
    test_add("person", "never shows what was not asked for", unasked, NULL);
    test_add("person", "refuses a copy that is broken", broken_copy, NULL);
    test_add("person", "refuses one choice too many", many_choices, NULL);
    for (size_t i = 0; i < COUNT(choices); i++)
        test_add("person", choices[i].name, case_choice, &choices[i]);
    return test_run("proximity/person");
}
