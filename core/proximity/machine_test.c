/* SPDX-License-Identifier: Apache-2.0 */

/* Both machines, swept: every event in every state, every failure of the home,
 * every arena that is too small. */

#include "prox_pair.h"

static void usual(prox_pair *p)
{
    pair_open(p);
    p->mac[0]        = true;
    p->requests[0]   = &pair_both;
    p->requests[1]   = &pair_second;
    p->request_count = 2;
}

/* ---- every event in every state ----------------------------------------- */

static int steps_left, odd_kind;
static bool odd_done;

static void odd_event(prox_pair *p, const yao_holder_wish *w,
                      yao_holder_event *e)
{
    (void)p;
    (void)w;
    if (steps_left-- != 0)
        return;
    e->kind   = (yao_holder_event_kind)odd_kind;
    e->status = YAO_E_CRYPTO;
    odd_done  = true;
}

static void odd_reader_event(prox_pair *p, const yao_reader_wish *w,
                             yao_reader_event *e)
{
    (void)p;
    (void)w;
    if (steps_left-- != 0)
        return;
    e->kind   = (yao_reader_event_kind)odd_kind;
    e->status = YAO_E_CRYPTO;
    odd_done  = true;
}

/* Whoever is left alone is told so, and ends. */
static void end_both(prox_pair *p)
{
    yao_holder_event he = {.kind = YAO_HOLDER_END, .now = PAIR_NOW};
    yao_reader_event re = {.kind = YAO_READER_END, .now = PAIR_NOW};

    for (int i = 0; i < 2; i++) {
        if (p->hw.kind != YAO_HOLDER_STOP)
            yao_holder_step(p->holder, &he, &p->hw);
        if (p->reader != NULL && p->rw.kind != YAO_READER_STOP)
            yao_reader_step(p->reader, &re, &p->rw);
    }
    assert_int_equal(p->hw.kind, YAO_HOLDER_STOP);
    if (p->reader != NULL)
        assert_int_equal(p->rw.kind, YAO_READER_STOP);
}

/* One conversation in which the event of a step is another. */
static void one_odd_event(bool reader, int step)
{
    size_t    used = test_arena()->used;
    prox_pair p;

    usual(&p);
    steps_left = step;
    odd_done   = false;
    if (reader)
        p.meddle_reader = odd_reader_event;
    else
        p.meddle = odd_event;
    pair_run(&p);
    end_both(&p);
    for (size_t i = 0; i < p.answers; i++)
        if (p.verdicts[i] == YAO_VERDICT_ACCEPT)
            assert_true(p.signatures + p.macs != 0);
    test_arena()->used = used;
}

static void every_event(void **state)
{
    bool reader = *state != NULL;
    int  kinds  = reader ? (int)YAO_READER_EVENTS : (int)YAO_HOLDER_EVENTS;

    for (odd_kind = 0; odd_kind <= kinds; odd_kind++) {
        int step = 0;

        do
            one_odd_event(reader, step++);
        while (odd_done);
        assert_in_range(step, 10, 60);
    }
}

/* ---- every failure of the home ------------------------------------------ */

static int        calls_left, calls;
static yao_status failure;

static yao_status maybe(void)
{
    calls++;
    return calls_left-- == 0 ? failure : YAO_OK;
}

static yao_status failing_hash(void *ctx, yao_hash_alg alg,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    YAO_TRY(maybe());
    return forge_crypto()->hash(ctx, alg, parts, count, out);
}

static yao_status failing_hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                               const yao_bytes *parts, size_t count,
                               uint8_t *out)
{
    YAO_TRY(maybe());
    return forge_crypto()->hmac(ctx, alg, key, parts, count, out);
}

static yao_status failing_hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                               yao_bytes salt, yao_bytes info, uint8_t *out,
                               size_t len)
{
    YAO_TRY(maybe());
    return forge_crypto()->hkdf(ctx, alg, secret, salt, info, out, len);
}

static yao_status failing_verify(void *ctx, yao_signature_check *checks,
                                 size_t count)
{
    YAO_TRY(maybe());
    return forge_crypto()->verify(ctx, checks, count);
}

/* Once it has failed nothing is shown any more, or nothing accepted. */
static void failing_holder(void **state)
{
    yao_crypto home = {forge_crypto()->ctx, failing_hash, failing_hmac,
                       failing_hkdf, failing_verify};

    (void)state;
    failure = YAO_E_CRYPTO;
    for (int n = 0;; n++) {
        size_t    used = test_arena()->used;
        prox_pair p;

        usual(&p);
        p.request_count = 1;
        p.ho.crypto     = &home;
        calls_left      = n;
        calls           = 0;
        pair_run(&p);
        test_arena()->used = used;
        if (calls <= n) {
            assert_status(p.hw.status, YAO_OK);
            assert_true(n >= 6); /* two keys, readers, party, MAC ... */
            break;
        }
        assert_status(p.hw.status, YAO_E_CRYPTO);
        assert_int_equal(p.shown[0], 0);
    }
}

static void failing_reader(void **state)
{
    static const yao_status failures[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_crypto home = {forge_crypto()->ctx, failing_hash, failing_hmac,
                       failing_hkdf, failing_verify};

    (void)state;
    for (size_t f = 0; f < COUNT(failures); f++) {
        failure = failures[f];
        for (int n = 0;; n++) {
            size_t    used = test_arena()->used;
            prox_pair p;

            usual(&p);
            p.request_count = 1;
            p.ro.crypto     = &home;
            calls_left      = n;
            calls           = 0;
            pair_run(&p);
            test_arena()->used = used;
            assert_int_equal(p.verdicts[0] == YAO_VERDICT_ACCEPT, calls <= n);
            if (calls <= n)
                break;
            /* stopped, or said that it could not look */
            assert_true(p.rw.status == failure || p.answers == 1);
        }
    }
}

/* ---- every arena -------------------------------------------------------- */

enum { STEP = 1024 };

static void holder_arenas(void **state)
{
    (void)state;
    for (size_t cap = 0; cap <= 256 * 1024; cap += STEP) {
        size_t     used  = test_arena()->used;
        yao_arena  arena = pair_arena(cap + 1);
        prox_pair  p;
        yao_status status;

        usual(&p);
        arena.cap = cap;
        p.ra      = pair_arena(PAIR_READER_ARENA);
        status    = yao_holder_open(&arena, &p.ho, &p.holder);
        if (status == YAO_OK) {
            p.he = (yao_holder_event){.kind = YAO_HOLDER_START,
                                      .now  = PAIR_NOW};
            yao_holder_step(p.holder, &p.he, &p.hw);
            pair_holder_run(&p);
            status = p.hw.status;
        }
        if (status == YAO_OK && p.hw.kind == YAO_HOLDER_WAIT) {
            p.ro.letters = p.letters;
            assert_status(yao_reader_open(&p.ra, &p.ro, &p.reader), YAO_OK);
            p.re = (yao_reader_event){.kind = YAO_READER_START,
                                      .now  = PAIR_NOW};
            yao_reader_step(p.reader, &p.re, &p.rw);
            pair_go_on(&p);
            status = p.hw.status;
        }
        pair_close(&p);
        test_arena()->used = used;
        if (status == YAO_OK)
            return;
        assert_status(status, YAO_E_SPACE);
    }
    fail_msg("256 kB are not enough");
}

static void reader_arenas(void **state)
{
    (void)state;
    for (size_t cap = 0; cap <= 512 * 1024; cap += 4 * STEP) {
        size_t     used  = test_arena()->used;
        yao_arena  arena = pair_arena(cap + 1);
        prox_pair  p;
        yao_status status;

        usual(&p);
        pair_start(&p);
        arena.cap = cap;
        status    = yao_reader_open(&arena, &p.ro, &p.reader);
        if (status == YAO_OK) {
            p.re = (yao_reader_event){.kind = YAO_READER_START,
                                      .now  = PAIR_NOW};
            yao_reader_step(p.reader, &p.re, &p.rw);
            pair_go_on(&p);
            status = p.rw.status;
        }
        pair_close(&p);
        test_arena()->used = used;
        if (status == YAO_OK)
            return;
        assert_status(status, YAO_E_SPACE);
    }
    fail_msg("512 kB are not enough");
}

/* ---- options ------------------------------------------------------------ */

static void holder_options(void **state)
{
    prox_pair p;
    yao_arena arena = pair_arena(PAIR_HOLDER_ARENA);

    (void)state;
    usual(&p);
    assert_status(yao_holder_open(&arena, &p.ho, &p.holder), YAO_OK);
    p.ho.first_wait = -1;
    assert_status(yao_holder_open(&arena, &p.ho, &p.holder), YAO_E_USAGE);
    p.ho.first_wait = YAO_TIME_DAY + 1;
    assert_status(yao_holder_open(&arena, &p.ho, &p.holder), YAO_E_USAGE);
    p.ho.first_wait = 0;
    p.ho.catalogue  = NULL;
    assert_status(yao_holder_open(&arena, &p.ho, &p.holder), YAO_E_USAGE);
}

static void reader_options(void **state)
{
    static const struct {
        const char *letters;
        yao_status  want;
    } rows[] = {
        {"", YAO_E_USAGE},          {"mdoc:!", YAO_E_BASE64},
        {"https://x", YAO_E_MALFORMED}, {"mdoc:oA", YAO_E_MALFORMED},
    };
    prox_pair p;
    yao_arena arena = pair_arena(PAIR_READER_ARENA);

    (void)state;
    usual(&p);
    pair_start(&p);
    assert_status(yao_reader_open(&arena, &p.ro, &p.reader), YAO_OK);
    assert_non_null(yao_prox_find_method(yao_reader_engagement(p.reader),
                                         YAO_PROX_MAILBOX));
    p.ro.chain_count = 0;
    assert_status(yao_reader_open(&arena, &p.ro, &p.reader), YAO_E_USAGE);
    p.ro.chain_count = 1;
    p.ro.wait        = -1;
    assert_status(yao_reader_open(&arena, &p.ro, &p.reader), YAO_E_USAGE);
    p.ro.wait = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        p.ro.letters = yao_text_bytes(yao_text_of(rows[i].letters));
        assert_status(yao_reader_open(&arena, &p.ro, &p.reader),
                      rows[i].want);
    }
    pair_close(&p);
}

static void bad_clock(void **state)
{
    static const yao_time clocks[] = {-1, YAO_TIME_MAX + 1, INT64_MAX,
                                      INT64_MIN};

    (void)state;
    for (size_t i = 0; i < COUNT(clocks); i++) {
        size_t    used = test_arena()->used;
        prox_pair p;

        usual(&p);
        p.now = clocks[i];
        pair_run(&p);
        assert_status(p.hw.status, YAO_E_USAGE);
        test_arena()->used = used;
    }
}

/* No clock overflows at the end of time. */
static void last_moment(void **state)
{
    prox_pair p;

    (void)state;
    usual(&p);
    p.now = YAO_TIME_MAX;
    pair_run(&p);
    assert_int_equal(p.hw.kind, YAO_HOLDER_STOP);
    assert_status(p.hw.status, YAO_E_EXPIRED); /* the reader's certificate */
}

int main(void)
{
    static const int reader = 1;

    test_add("holder", "never goes on after an odd event", every_event, NULL);
    test_add("reader", "never goes on after an odd event", every_event,
             &reader);
    test_add("holder", "refuses every failure of the home", failing_holder,
             NULL);
    test_add("reader", "never accepts after a failure of the home",
             failing_reader, NULL);
    test_add("holder", "refuses every arena that is too small", holder_arenas,
             NULL);
    test_add("reader", "refuses every arena that is too small", reader_arenas,
             NULL);
    test_add("holder", "refuses options that are none", holder_options, NULL);
    test_add("reader", "refuses options that are none", reader_options, NULL);
    test_add("machines", "refuses a moment that is none", bad_clock, NULL);
    test_add("machines", "gives no overflow at the end of time", last_moment,
             NULL);
    return test_run("proximity/machine");
}
