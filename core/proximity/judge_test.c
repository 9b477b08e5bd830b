/* SPDX-License-Identifier: Apache-2.0 */

/* What the reader makes of an answer. */

#include "prox_pair.h"

static void no_secret(prox_pair *p, const yao_reader_wish *w,
                      yao_reader_event *e)
{
    if (w->kind != YAO_READER_AGREE || p->reader_sent == 0)
        return;
    e->kind   = YAO_READER_FAILED;
    e->status = YAO_E_CRYPTO;
}

static void other_secret(prox_pair *p, const yao_reader_wish *w,
                         yao_reader_event *e)
{
    if (w->kind == YAO_READER_AGREE && p->reader_sent != 0)
        e->bytes = YAO_LIT("0123456789abcdef0123456789abcdef");
}

static void maced(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.mac[0]        = true;
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    p.meddle_reader = no_secret;
    pair_run(&p);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_INDETERMINATE);
    assert_int_equal(p.values[0], 0);
    pair_open(&p);
    p.mac[0]        = true;
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    p.meddle_reader = other_secret;
    pair_run(&p);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_REJECT);
    assert_int_equal(p.values[0], 0);
}

/* The wallet gives more than it was asked for: what was not asked is gone. */
static yao_bytes other_response;

static void put_response(prox_pair *p, const yao_reader_wish *w,
                         yao_reader_event *e)
{
    (void)p;
    if (w->kind == YAO_READER_AEAD && w->aead.open)
        e->bytes = other_response;
}

static yao_bytes response_over(prox_pair *p, yao_bytes transcript)
{
    static const yao_mdoc_selector all[] = {
        {YAO_INIT(PROX_SPACE), YAO_INIT("family_name")},
        {YAO_INIT(PROX_SPACE), YAO_INIT("document_number")},
        {YAO_INIT(PAIR_DRIVE), YAO_INIT("driving_class")}};
    yao_mdoc_presenting pr;
    yao_bytes           document, out;

    assert_status(yao_mdoc_present(test_arena(), p->licence, all, 3,
                                   transcript, &pr),
                  YAO_OK);
    yao_bytes  signature = prox_sign(&pr.wish, 2);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_document_signed(&w, &pr, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &document), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, &document, 1);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void too_much_shown(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_start(&p);
    pair_reader_run(&p);
    pair_holder_run(&p);
    other_response  = response_over(&p, yao_reader_transcript(p.reader));
    p.meddle_reader = put_response;
    pair_go_on(&p);
    pair_close(&p);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_ACCEPT);
    assert_int_equal(p.values[0], 2);
    assert_int_equal(p.dropped[0], 1);
}

static void other_session(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    other_response  = response_over(&p, PROX_TRANSCRIPT);
    p.meddle_reader = put_response;
    pair_run(&p);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_REJECT);
    assert_int_equal(p.values[0], 0);
}

/* A document that is good, beside a status that says there is none. */
static void beside_status(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_start(&p);
    pair_reader_run(&p);
    pair_holder_run(&p);
    other_response =
        cbor_set(response_over(&p, yao_reader_transcript(p.reader)), "status",
                 YAO_LIT("\x0a"));
    p.meddle_reader = put_response;
    pair_go_on(&p);
    pair_close(&p);
    assert_status(p.rw.status, YAO_E_MALFORMED);
    assert_int_equal(p.answers, 0);
}

static void empty_secret(prox_pair *p, const yao_reader_wish *w,
                         yao_reader_event *e)
{
    if (w->kind == YAO_READER_AGREE && p->reader_sent != 0)
        e->bytes.len = 0;
}

static void no_agreement(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.mac[0]        = true;
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    p.meddle_reader = empty_secret;
    pair_run(&p);
    assert_status(p.rw.status, YAO_E_USAGE);
    assert_int_equal(p.answers, 0);
}

static void no_response(void **state)
{
    static const yao_bytes bad[] = {
        YAO_INIT("\xff"), YAO_INIT("\xa0"),
        YAO_INIT("\xa3\x67" "version\x63" "1.0\x69" "documents\x81\xa0\x66"
                 "status\x0a")};

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        prox_pair p;

        pair_open(&p);
        p.requests[0]   = &pair_first;
        p.request_count = 1;
        other_response  = bad[i];
        p.meddle_reader = put_response;
        pair_run(&p);
        assert_status(p.rw.status, YAO_E_MALFORMED);
        assert_int_equal(p.answers, 0);
        assert_status(p.hw.status, YAO_OK);
    }
}

/* The nearest age answers another, and is what was asked for. */
static const yao_mdoc_element aged[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("age_over_18"), YAO_INIT("\xf5")},
    {YAO_INIT(PROX_SPACE), YAO_INIT("document_number"), YAO_INIT("\x61" "1")},
};
static const yao_mdoc_wanted age_wanted[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("age_over_16"), false},
};
static const yao_mdoc_ask       age_ask = {YAO_INIT(PROX_TYPE), age_wanted, 1};
static const yao_reader_request age_request = {&age_ask, 1, NULL, 0};
static const yao_mdoc_selector  age_shown[] = {
    {YAO_INIT(PROX_SPACE), YAO_INIT("age_over_16")},
};

static void nearest_age(void **state)
{
    yao_holder_choice extra = {
        .elements = age_shown, .element_count = 1, .despite = true};
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.ho.engagement.method_count = 0; /* our profiles ask no such age of it */
    extra.issuer_signed = pair_issue(PROX_TYPE, aged, COUNT(aged), 2);
    p.extra             = &extra;
    p.requests[0]       = &age_request;
    p.request_count     = 1;
    pair_run(&p);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_ACCEPT);
    assert_int_equal(p.values[0], 1);
    assert_int_equal(p.dropped[0], 0);
}

int main(void)
{
    test_add("reader", "never accepts a MAC that it could not check", maced,
             NULL);
    test_add("reader", "gives only what was asked for (N225)", too_much_shown,
             NULL);
    test_add("reader", "refuses an answer of another session", other_session,
             NULL);
    test_add("reader", "refuses documents beside a status", beside_status,
             NULL);
    test_add("reader", "refuses an agreement that is none", no_agreement,
             NULL);
    test_add("reader", "refuses what is no answer", no_response, NULL);
    test_add("reader", "gives the nearest age for another", nearest_age, NULL);
    return test_run("proximity/judge");
}
