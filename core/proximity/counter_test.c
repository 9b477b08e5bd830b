/* SPDX-License-Identifier: Apache-2.0 */

/* Both machines across one counter: what goes well, and what each refuses of
 * the other. */

#include "proximity/holder_parts.h"

#include "prox_pair.h"

/* ---- what goes well ----------------------------------------------------- */

static const struct good_row {
    const char *name;
    bool        mac[2];
    bool        all;
} goods[] = {
    {"gives two documents by signature", {false, false}, false},
    {"gives two documents by MAC", {true, true}, false},
    {"gives one by MAC, one by signature", {true, false}, false},
    {"gives two documents to one signature for all", {false, true}, true},
};

static void case_good(void **state)
{
    const struct good_row *r = *state;
    prox_pair              p;

    pair_open(&p);
    p.mac[0]      = r->mac[0];
    p.mac[1]      = r->mac[1];
    p.ro.all      = r->all;
    p.requests[0] = &pair_both;
    p.request_count = 1;
    pair_run(&p);
    assert_int_equal(p.rw.kind, YAO_READER_STOP);
    assert_status(p.rw.status, YAO_OK);
    assert_int_equal(p.hw.kind, YAO_HOLDER_STOP);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(yao_holder_said(p.holder), YAO_PROX_STATUS_END);
    assert_int_equal(p.answers, 1);
    assert_int_equal(p.verdicts[0], YAO_VERDICT_ACCEPT);
    assert_int_equal(p.shown[0], 2);
    assert_int_equal(p.values[0], 6);
    assert_int_equal(p.missing[0], 0);
    assert_int_equal(p.macs, (size_t)r->mac[0] + r->mac[1]);
    assert_int_equal(p.signatures, 2 - p.macs);
    assert_bytes(yao_holder_transcript(p.holder),
                 yao_reader_transcript(p.reader));
}

static void several_requests(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    p.mac[1]        = true;
    p.requests[0]   = &pair_first;
    p.requests[1]   = &pair_second;
    p.requests[2]   = &pair_both;
    p.request_count = 3;
    pair_run(&p);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(p.answers, 3);
    assert_int_equal(p.consents, 3);
    assert_int_equal(yao_holder_answered(p.holder), 3);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(p.verdicts[i], YAO_VERDICT_ACCEPT);
    assert_int_equal(p.shown[0], 1);
    assert_int_equal(p.shown[2], 2);
}

/* As many as there may be, in the arena of one. */
static void many_requests(void **state)
{
    prox_pair p;

    (void)state;
    pair_open(&p);
    for (; p.request_count < YAO_PROX_MAX_REQUESTS; p.request_count++)
        p.requests[p.request_count] = &pair_both;
    pair_run(&p);
    assert_status(p.hw.status, YAO_OK);
    assert_int_equal(p.answers, YAO_PROX_MAX_REQUESTS);
    assert_int_equal(p.verdicts[YAO_PROX_MAX_REQUESTS - 1],
                     YAO_VERDICT_ACCEPT);

    pair_open(&p);
    for (; p.request_count <= YAO_PROX_MAX_REQUESTS; p.request_count++)
        p.requests[p.request_count] = &pair_first;
    pair_run(&p);
    assert_status(p.rw.status, YAO_E_LIMIT);
    assert_int_equal(p.answers, YAO_PROX_MAX_REQUESTS);
    assert_status(p.hw.status, YAO_OK);
}

/* A key on another curve than the session's can sign, and agrees on nothing. */
static void other_curve(void **state)
{
    (void)state;
    for (int mac = 0; mac < 2; mac++) {
        prox_pair p;

        pair_open(&p);
        p.licence = pair_issue(PROX_TYPE, pair_licence, COUNT(pair_licence),
                               PAIR_P384_KEY);
        p.licence_key   = PAIR_P384_KEY;
        p.mac[0]        = mac;
        p.requests[0]   = &pair_first;
        p.request_count = 1;
        pair_run(&p);
        assert_status(p.hw.status, mac ? YAO_E_KEY : YAO_OK);
        assert_int_equal(p.answers, !mac);
        if (!mac)
            assert_int_equal(p.verdicts[0], YAO_VERDICT_ACCEPT);
    }
}

/* ---- messages that are not as they were sent ---------------------------- */

static int tap_at; /* which message of the direction: 0.. to the holder, -1..
                      to the reader */

static void flip(prox_pair *p, bool to_holder, yao_bytes *message)
{
    size_t at = to_holder ? p->reader_sent : p->holder_sent;

    if (to_holder == (tap_at >= 0) &&
        at == (size_t)(tap_at >= 0 ? tap_at : -tap_at - 1))
        ((uint8_t *)(uintptr_t)message->ptr)[message->len - 1] ^= 1;
}

static void again(prox_pair *p, bool to_holder, yao_bytes *message)
{
    if (to_holder && p->reader_sent == 2)
        *message = p->to_holder[1];
    if (!to_holder && p->holder_sent == 1)
        *message = p->to_reader[0];
}

static void open_two(prox_pair *p)
{
    pair_open(p);
    p->requests[0]   = &pair_first;
    p->requests[1]   = &pair_first;
    p->requests[2]   = &pair_first;
    p->request_count = 3;
}

/* Three requests, with HOW in between. */
static void run_tapped(prox_pair *p, void (*how)(prox_pair *p, bool to_holder,
                                                 yao_bytes *message))
{
    open_two(p);
    p->tap = how;
    pair_run(p);
}

static void run_meddled(prox_pair *p,
                        void (*how)(prox_pair *p, const yao_holder_wish *w,
                                    yao_holder_event *e))
{
    open_two(p);
    p->meddle = how;
    pair_run(p);
}

static void changed_request(void **state)
{
    (void)state;
    for (tap_at = 0; tap_at < 2; tap_at++) {
        prox_pair p;

        run_tapped(&p, flip);
        assert_status(p.hw.status, YAO_E_SECRET);
        assert_int_equal(p.answers, (size_t)tap_at);
        assert_bytes(p.to_reader[tap_at], YAO_LIT("\xa1\x66" "status\x0a"));
        assert_status(p.rw.status, YAO_E_REFUSED);
        assert_int_equal(yao_reader_said(p.reader), 10);
    }
}

static void changed_answer(void **state)
{
    prox_pair p;

    (void)state;
    tap_at = -1;
    run_tapped(&p, flip);
    assert_status(p.rw.status, YAO_E_SECRET);
    assert_int_equal(p.answers, 0);
    assert_status(p.hw.status, YAO_E_REFUSED);
    assert_int_equal(yao_holder_said(p.holder), 10);
}

static void repeated(void **state)
{
    prox_pair p;

    (void)state;
    run_tapped(&p, again);
    /* the reader had its first answer again for the second */
    assert_status(p.rw.status, YAO_E_SECRET);
    assert_int_equal(p.answers, 1);
}

static const struct word {
    const char *name;
    yao_bytes   message;
    yao_bytes   answer;
    yao_status  want;
} first_words[] = {
    {"refuses what is no CBOR", YAO_INIT("\xff"),
     YAO_INIT("\xa1\x66" "status\x0b"), YAO_E_MALFORMED},
    {"refuses SessionData as the first message",
     YAO_INIT("\xa1\x66" "status\x14"), YAO_INIT("\xa1\x66" "status\x0b"),
     YAO_E_MALFORMED},
    {"refuses a key that is none",
     YAO_INIT("\xa2\x6a" "eReaderKey\xd8\x18\x41\xa0\x64" "data\x41x"),
     YAO_INIT("\xa1\x66" "status\x0a"), YAO_E_KEY},
};

static yao_bytes replacement;

static void replace(prox_pair *p, bool to_holder, yao_bytes *message)
{
    if (to_holder && p->reader_sent == (size_t)tap_at)
        *message = replacement;
}

static void case_first_word(void **state)
{
    const struct word *w = *state;
    prox_pair          p;

    tap_at      = 0;
    replacement = w->message;
    run_tapped(&p, replace);
    assert_status(p.hw.status, w->want);
    assert_bytes(p.to_reader[0], w->answer);
    assert_int_equal(p.consents, 0);
}

static const struct word later_words[] = {
    {"refuses what is no CBOR", YAO_INIT("\xff"),
     YAO_INIT("\xa1\x66" "status\x0b"), YAO_E_MALFORMED},
    {"refuses what is shorter than a tag", YAO_INIT("\xa1\x64" "data\x41x"),
     YAO_INIT("\xa1\x66" "status\x0a"), YAO_E_TRUNCATED},
    {"refuses what does not open", YAO_INIT("\xa1\x64" "data\x51"
     "0123456789abcdefg"), YAO_INIT("\xa1\x66" "status\x0a"), YAO_E_SECRET},
    {"refuses what does not open and is the last",
     YAO_INIT("\xa2\x64" "data\x51" "0123456789abcdefg\x66" "status\x14"),
     {NULL, 0}, YAO_E_SECRET},
};

static void replace_answer(prox_pair *p, bool to_holder, yao_bytes *message)
{
    if (!to_holder && p->holder_sent == 0)
        *message = replacement;
}

/* The reader's second message; that with a status says that it is over. */
static void case_later_word(void **state)
{
    const struct word *w = *state;
    prox_pair          p;

    tap_at      = 1;
    replacement = w->message;
    run_tapped(&p, replace);
    assert_status(p.hw.status, w->answer.len != 0 ? w->want : YAO_OK);
    assert_int_equal(p.consents, 1);
    assert_int_equal(p.holder_sent, w->answer.len != 0 ? 2 : 1);
    if (w->answer.len != 0)
        assert_bytes(p.to_reader[1], w->answer);
}

/* The wallet's first. */
static void case_answer_word(void **state)
{
    const struct word *w = *state;
    prox_pair          p;

    replacement = w->message;
    run_tapped(&p, replace_answer);
    assert_status(p.rw.status, w->want);
    assert_int_equal(p.answers, 0);
    assert_int_equal(p.reader_sent, w->answer.len != 0 ? 2 : 1);
    if (w->answer.len != 0)
        assert_bytes(p.to_holder[1], w->answer);
}

static const struct word interruptions[] = {
    {"gives way when the reader ends it", YAO_INIT("\xa1\x66" "status\x14"),
     {NULL, 0}, YAO_OK},
    {"gives way when the reader could not read it",
     YAO_INIT("\xa1\x66" "status\x0a"), {NULL, 0}, YAO_E_REFUSED},
    {"refuses another request before the answer",
     YAO_INIT("\xa1\x64" "data\x41x"), YAO_INIT("\xa1\x66" "status\x14"),
     YAO_E_USAGE},
    {"refuses what is no CBOR", YAO_INIT("\xff"),
     YAO_INIT("\xa1\x66" "status\x0b"), YAO_E_MALFORMED},
};

static void interrupt(prox_pair *p, const yao_holder_wish *w,
                      yao_holder_event *e)
{
    (void)p;
    if (w->kind != YAO_HOLDER_ASK)
        return;
    e->kind  = YAO_HOLDER_MESSAGE;
    e->bytes = replacement;
}

static void case_interruption(void **state)
{
    const struct word *w = *state;
    prox_pair          p;

    replacement = w->message;
    run_meddled(&p, interrupt);
    assert_status(p.hw.status, w->want);
    assert_int_equal(p.signatures + p.macs, 0);
    assert_int_equal(p.holder_sent, w->answer.len != 0);
    if (w->answer.len != 0)
        assert_bytes(p.to_reader[0], w->answer);
}

static void second_establishment(void **state)
{
    prox_pair p, q;

    (void)state;
    open_two(&q);
    pair_run(&q);
    tap_at      = 1;
    replacement = q.to_holder[0];
    run_tapped(&p, replace);
    /* it has data, which does not open */
    assert_status(p.hw.status, YAO_E_SECRET);
    assert_int_equal(p.answers, 1);
}

/* ---- requests inside that are none -------------------------------------- */

static const struct inner {
    const char *name;
    yao_bytes   plain;
    uint64_t    want;
} inners[] = {
    {"says that a request is no CBOR", YAO_INIT("\xff\xff"),
     YAO_MDOC_RESPONSE_CBOR},
    {"says that CBOR is no request", YAO_INIT("\xa0"),
     YAO_MDOC_RESPONSE_REQUEST},
    {"says that it does not know the version",
     YAO_INIT("\xa2\x67" "version\x63" "2.0\x6b" "docRequests\x80"),
     YAO_MDOC_RESPONSE_REQUEST},
    {"says that a request is above a limit",
     YAO_INIT("\xa2\x67" "version\x63" "1.0\x6b" "docRequests\x91"
              "0123456789abcdefg"), YAO_MDOC_RESPONSE_GENERAL},
};

static yao_bytes inner_plain;

static void put_inner(prox_pair *p, const yao_holder_wish *w,
                      yao_holder_event *e)
{
    (void)p;
    if (w->kind == YAO_HOLDER_AEAD && w->aead.open)
        e->bytes = inner_plain;
}

static void case_inner(void **state)
{
    const struct inner *i = *state;
    prox_pair           p;

    inner_plain = i->plain;
    run_meddled(&p, put_inner);
    assert_int_equal(p.hw.kind, YAO_HOLDER_STOP);
    assert_int_equal(p.answers, 1);
    assert_int_equal(p.statuses[0], i->want);
    assert_int_equal(p.missing[0], 0);
    assert_int_equal(p.consents, 0);
    /* the end came with the answer: nothing can be asked any more */
    assert_status(p.rw.status, YAO_E_USAGE);
    assert_int_equal(p.reader_sent, 1);
}

/* Ours does not ask so often; another reader may. */
static void holder_limit(void **state)
{
    prox_pair p;

    (void)state;
    open_two(&p);
    p.request_count = 2;
    pair_start(&p);
    pair_reader_run(&p);
    p.holder->request_count = YAO_PROX_MAX_REQUESTS - 1;
    pair_go_on(&p);
    pair_close(&p);
    assert_int_equal(p.consents, 1);
    assert_int_equal(p.statuses[0], YAO_MDOC_RESPONSE_OK);
    assert_int_equal(p.statuses[1], YAO_MDOC_RESPONSE_GENERAL);
    assert_status(p.hw.status, YAO_E_LIMIT);
}

/* ---- time --------------------------------------------------------------- */

static void nobody_comes(void **state)
{
    prox_pair p;

    (void)state;
    open_two(&p);
    pair_start(&p);
    assert_int_equal(p.hw.kind, YAO_HOLDER_WAIT);
    assert_int_equal(p.hw.deadline, PAIR_NOW + YAO_PROX_FIRST_WAIT);
    yao_holder_event tick = {.kind = YAO_HOLDER_TICK, .now = p.hw.deadline};
    yao_holder_step(p.holder, &tick, &p.hw);
    assert_int_equal(p.hw.kind, YAO_HOLDER_WAIT);
    tick.now++;
    yao_holder_step(p.holder, &tick, &p.hw);
    assert_int_equal(p.hw.kind, YAO_HOLDER_STOP);
    assert_status(p.hw.status, YAO_E_EXPIRED);
    /* and whoever comes then comes too late */
    pair_go_on(&p);
    assert_int_equal(p.holder_sent, 0);
    pair_close(&p);
}

static void nothing_more(void **state)
{
    prox_pair p;

    (void)state;
    open_two(&p);
    p.requests[0]   = &pair_first;
    p.request_count = 1;
    pair_start(&p);
    pair_reader_run(&p);
    pair_holder_run(&p); /* answered, waits */
    assert_int_equal(p.hw.kind, YAO_HOLDER_WAIT);
    yao_holder_event tick = {.kind = YAO_HOLDER_TICK,
                             .now  = PAIR_NOW + YAO_PROX_IDLE_WAIT + 1};
    yao_holder_step(p.holder, &tick, &p.hw);
    assert_int_equal(p.hw.kind, YAO_HOLDER_SEND);
    assert_true(p.hw.last);
    assert_bytes(p.hw.bytes, YAO_LIT("\xa1\x66" "status\x14"));
    pair_holder_run(&p);
    assert_status(p.hw.status, YAO_E_EXPIRED);
    pair_close(&p);
}

static void no_answer(void **state)
{
    prox_pair p;

    (void)state;
    open_two(&p);
    pair_start(&p);
    pair_reader_run(&p);
    assert_int_equal(p.rw.kind, YAO_READER_WAIT);
    yao_reader_event tick = {.kind = YAO_READER_TICK, .now = p.rw.deadline};
    yao_reader_step(p.reader, &tick, &p.rw);
    assert_int_equal(p.rw.kind, YAO_READER_WAIT);
    tick.now++;
    yao_reader_step(p.reader, &tick, &p.rw);
    assert_int_equal(p.rw.kind, YAO_READER_SEND);
    p.now = tick.now;
    pair_reader_run(&p);
    assert_status(p.rw.status, YAO_E_EXPIRED);
    pair_close(&p);
}

/* ---- keys --------------------------------------------------------------- */

static int compare_points(const void *a, const void *b)
{
    return memcmp(a, b, YAO_MAX_POINT);
}

/* The host makes them: the machine asks anew for each session. */
static void fresh_keys(void **state)
{
    enum { SESSIONS = 200 };
    static uint8_t points[2 * SESSIONS][YAO_MAX_POINT];

    (void)state;
    memset(points, 0, sizeof points);
    for (size_t i = 0; i < SESSIONS; i++) {
        size_t    used = test_arena()->used;
        prox_pair p;

        open_two(&p);
        p.request_count = 1;
        pair_start(&p);
        pair_reader_run(&p);
        memcpy(points[2 * i], p.he.key.point, 65);
        memcpy(points[2 * i + 1], p.re.key.point, 65);
        pair_close(&p);
        test_arena()->used = used;
    }
    qsort(points, COUNT(points), YAO_MAX_POINT, compare_points);
    for (size_t i = 1; i < COUNT(points); i++)
        assert_memory_not_equal(points[i - 1], points[i], YAO_MAX_POINT);
}

static void bad_key(prox_pair *p, const yao_holder_wish *w, yao_holder_event *e)
{
    (void)p;
    if (w->kind == YAO_HOLDER_MAKE_KEY)
        e->key.curve = YAO_CURVE_NONE;
}

static void bad_reader_key(prox_pair *p, const yao_reader_wish *w,
                           yao_reader_event *e)
{
    (void)p;
    if (w->kind == YAO_READER_MAKE_KEY)
        e->key.point[0] = 2;
}

static void zero_agreement(prox_pair *p, const yao_holder_wish *w,
                           yao_holder_event *e)
{
    static const uint8_t zero[32];

    (void)p;
    if (w->kind == YAO_HOLDER_AGREE)
        e->bytes = (yao_bytes){zero, 32};
}

static void zero_mac(prox_pair *p, const yao_holder_wish *w,
                     yao_holder_event *e)
{
    if (w->role == YAO_HOLDER_DOCUMENT)
        zero_agreement(p, w, e);
}

static void unusable_keys(void **state)
{
    prox_pair p;

    (void)state;
    run_meddled(&p, bad_key);
    assert_status(p.hw.status, YAO_E_KEY);
    open_two(&p);
    p.meddle_reader = bad_reader_key;
    pair_run(&p);
    assert_status(p.rw.status, YAO_E_KEY);
    assert_int_equal(p.reader_sent, 0);
    run_meddled(&p, zero_agreement);
    assert_status(p.hw.status, YAO_E_KEY);
    assert_int_equal(p.consents, 0);
    open_two(&p);
    p.mac[0] = true;
    p.meddle = zero_mac;
    pair_run(&p);
    assert_status(p.hw.status, YAO_E_KEY);
    assert_int_equal(p.consents, 1);
    assert_int_equal(p.answers, 0);
}

/* ---- a device's key that can't be used ---------------------------------- */

static void no_finger(prox_pair *p, const yao_holder_wish *w,
                      yao_holder_event *e)
{
    (void)p;
    if (w->role != YAO_HOLDER_DOCUMENT || w->index != 0)
        return;
    e->kind   = YAO_HOLDER_FAILED;
    e->status = YAO_E_REFUSED;
}

static void without_key(void **state)
{
    for (int mac = 0; mac < 2; mac++) {
        prox_pair p;

        (void)state;
        pair_open(&p);
        p.mac[0] = p.mac[1] = mac;
        p.requests[0]       = &pair_both;
        p.request_count     = 1;
        p.meddle            = no_finger;
        pair_run(&p);
        assert_status(p.hw.status, YAO_OK);
        assert_int_equal(p.missing[0], 1);
        assert_int_equal(p.shown[0], 1);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(goods); i++)
        test_add("counter", goods[i].name, case_good, &goods[i]);
    test_add("counter", "gives answers to several requests", several_requests,
             NULL);
    test_add("counter", "refuses one request too many", many_requests, NULL);
    test_add("counter", "refuses a MAC with a key of another curve",
             other_curve, NULL);
    test_add("messages", "refuses a changed request (N048)", changed_request,
             NULL);
    test_add("messages", "refuses a changed answer (N048)", changed_answer,
             NULL);
    test_add("messages", "refuses a repeated answer (N048)", repeated, NULL);
    for (size_t i = 0; i < COUNT(first_words); i++)
        test_add("first message", first_words[i].name, case_first_word,
                 &first_words[i]);
    for (size_t i = 0; i < COUNT(later_words); i++) {
        test_add("later message", later_words[i].name, case_later_word,
                 &later_words[i]);
        test_add("answer", later_words[i].name, case_answer_word,
                 &later_words[i]);
    }
    for (size_t i = 0; i < COUNT(interruptions); i++)
        test_add("while the person thinks", interruptions[i].name,
                 case_interruption, &interruptions[i]);
    test_add("messages", "refuses another beginning", second_establishment,
             NULL);
    for (size_t i = 0; i < COUNT(inners); i++)
        test_add("request", inners[i].name, case_inner, &inners[i]);
    test_add("request", "refuses one too many of any reader", holder_limit,
             NULL);
    test_add("time", "gives up when nobody comes", nobody_comes, NULL);
    test_add("time", "gives up when nothing more is said", nothing_more, NULL);
    test_add("time", "gives up without an answer", no_answer, NULL);
    test_add("keys", "never uses one twice (N047)", fresh_keys, NULL);
    test_add("keys", "refuses what is none (N046)", unusable_keys, NULL);
    test_add("keys", "gives what is left when one can't be used", without_key,
             NULL);
    return test_run("proximity/counter");
}
