/* SPDX-License-Identifier: Apache-2.0 */

/* Who asks: reader authentication, for one document and for all. */

#include "prox_fixture.h"

typedef struct judged {
    yao_status       parsed, begun;
    yao_mdoc_reader  readers[2];
    yao_report       report;
} judged;

static yao_mdoc_reader_options options(void)
{
    return (yao_mdoc_reader_options){.anchors = &prox_fixture_get()->anchor,
                                     .anchor_count = 1,
                                     .now          = FORGE_NOW,
                                     .transcript   = PROX_TRANSCRIPT};
}

static judged judge(yao_bytes input, const yao_mdoc_reader_options *o)
{
    const yao_crypto *crypto = forge_crypto();
    judged            j      = {.begun = YAO_E_USAGE};
    yao_mdoc_request *request =
        yao_arena_take(test_arena(), sizeof *request);
    yao_mdoc_readers v;

    j.parsed = yao_mdoc_parse_request(test_arena(), input, false, request);
    if (j.parsed != YAO_OK)
        return j;
    j.begun = yao_mdoc_begin_readers(test_arena(), request, o, &v, &j.report);
    if (j.begun != YAO_OK)
        return j;
    assert_status(crypto->verify(crypto->ctx, v.checks, v.check_count), YAO_OK);
    for (size_t i = 0; i < request->document_count && i < 2; i++)
        assert_status(
            yao_mdoc_conclude_reader(&v, i, &j.readers[i], &j.report), YAO_OK);
    return j;
}

/* ---- one thing is wrong ------------------------------------------------- */

static yao_bytes made(bool all, yao_bytes chain, int key)
{
    yao_mdoc_ask_options o = prox_options(all);

    o.chain = &chain;
    return prox_request(&o, key);
}

static yao_bytes signed_by(bool all, int key)
{
    return made(all, prox_fixture_get()->reader, key);
}

/* A certificate of KIND, which a reader should not have. */
static yao_bytes with_kind(bool all)
{
    const prox_fixture *f = prox_fixture_get();

    return made(all,
                forge_make(YAO_X509_SIGNER, PROX_READER_KEY, f->root,
                           PROX_ROOT_KEY),
                PROX_READER_KEY);
}

static yao_bytes good(bool all)
{
    return signed_by(all, PROX_READER_KEY);
}

static yao_bytes by_another(bool all)
{
    return signed_by(all, PROX_OTHER_KEY);
}

static yao_bytes by_stranger(bool all)
{
    return made(all, prox_fixture_get()->stranger, PROX_READER_KEY);
}

static yao_bytes other_items(bool all)
{
    return cbor_set(good(all),
                    "docRequests/0/itemsRequest/*/nameSpaces/" PROX_SPACE
                    "/birth_date",
                    YAO_LIT("\xf5"));
}

static yao_bytes other_session(bool all)
{
    yao_mdoc_ask_options o = prox_options(all);

    o.transcript = YAO_LIT("\x83\xf6\xf6\x01");
    return prox_request(&o, PROX_READER_KEY);
}

static yao_bytes without_chain(bool all)
{
    return cbor_set(good(all),
                    all ? "readerAuthAll/0/1" : "docRequests/0/readerAuth/1",
                    YAO_LIT("\xa0"));
}

static yao_bytes other_algorithm(bool all)
{
    return cbor_set(good(all),
                    all ? "readerAuthAll/0/0" : "docRequests/0/readerAuth/0",
                    YAO_LIT("\x44\xa1\x01\x38\x22"));
}

static yao_bytes nobody(bool all)
{
    yao_bytes input = good(all);

    return cbor_remove(input, all ? "readerAuthAll"
                                  : "docRequests/0/readerAuth");
}

static const struct row {
    const char *name;
    yao_bytes (*make)(bool all);
    yao_mdoc_reader_state state;
    yao_status            why;
} rows[] = {
    {"accepts the reader that signed", good, YAO_MDOC_READER_GOOD, YAO_OK},
    {"says that nobody signed (N049)", nobody, YAO_MDOC_READER_ABSENT,
     YAO_E_MISSING},
    {"refuses another's signature (N049)", by_another, YAO_MDOC_READER_BAD,
     YAO_E_BAD_SIGNATURE},
    {"refuses a reader of an unknown root (N049)", by_stranger,
     YAO_MDOC_READER_BAD, YAO_E_UNTRUSTED},
    {"refuses a certificate of another use (N049)", with_kind,
     YAO_MDOC_READER_BAD, YAO_E_PROFILE},
    {"refuses items that were changed", other_items, YAO_MDOC_READER_BAD,
     YAO_E_BAD_SIGNATURE},
    {"refuses a signature of another session", other_session,
     YAO_MDOC_READER_BAD, YAO_E_BAD_SIGNATURE},
    {"refuses a signature without certificate", without_chain,
     YAO_MDOC_READER_BAD, YAO_E_UNTRUSTED},
    {"refuses an algorithm that is not the key's", other_algorithm,
     YAO_MDOC_READER_BAD, YAO_E_ALGORITHM},
};

static void expect(const yao_mdoc_reader *r, const struct row *row)
{
    assert_int_equal(r->state, row->state);
    assert_status(r->why, row->why);
    assert_int_equal(r->certificate != NULL,
                     row->state == YAO_MDOC_READER_GOOD);
}

static void case_one(void **state)
{
    const struct row       *row = *state;
    yao_mdoc_reader_options o   = options();
    judged                  j   = judge(row->make(false), &o);

    assert_status(j.begun, YAO_OK);
    expect(&j.readers[0], row);
}

static void case_all(void **state)
{
    const struct row       *row = *state;
    yao_mdoc_reader_options o   = options();
    judged                  j   = judge(row->make(true), &o);

    assert_status(j.begun, YAO_OK);
    expect(&j.readers[0], row);
    expect(&j.readers[1], row);
}

/* ---- more than one ------------------------------------------------------ */

/* Two documents, one of which somebody signed. */
static void only_its_own(void **state)
{
    yao_mdoc_reader_options o = options();
    judged                  j = judge(nobody(false), &o);

    (void)state;
    assert_int_equal(j.readers[0].state, YAO_MDOC_READER_ABSENT);
    assert_int_equal(j.readers[1].state, YAO_MDOC_READER_GOOD);
}

/* A holder knows one root of several. */
static void one_of_several(void **state)
{
    yao_mdoc_reader_options o     = options();
    yao_bytes               known = good(true);
    yao_bytes               both  = cbor_set(
        by_stranger(true), "readerAuthAll",
        cbor_join(YAO_LIT("\x82"),
                   cbor_join(cbor_at(by_stranger(true), "readerAuthAll/0"),
                             cbor_at(known, "readerAuthAll/0"))));

    (void)state;
    judged j = judge(both, &o);
    assert_int_equal(j.readers[0].state, YAO_MDOC_READER_GOOD);
    assert_int_equal(j.readers[1].state, YAO_MDOC_READER_GOOD);
}

/* One that is wrong is not made good by another. */
static void wrong_among_good(void **state)
{
    yao_mdoc_reader_options o = options();
    yao_bytes all = good(true), wrong = by_another(false);
    yao_bytes request =
        cbor_add(all, "docRequests/0",
                 cbor_join(cbor_of_text("readerAuth"),
                           cbor_at(wrong, "docRequests/0/readerAuth")));

    (void)state;
    judged j = judge(request, &o);
    assert_int_equal(j.readers[0].state, YAO_MDOC_READER_BAD);
    assert_status(j.readers[0].why, YAO_E_BAD_SIGNATURE);
    assert_int_equal(j.readers[1].state, YAO_MDOC_READER_GOOD);
}

/* ---- rows ---------------------------------------------------------------- */

/* The outcome of CHECK for document 0; -1 when there is no row. */
static int outcome_of(const judged *j, yao_check check)
{
    for (size_t i = 0; i < j->report.count; i++)
        if (j->report.rows[i].check == check &&
            j->report.rows[i].document == 0)
            return (int)j->report.rows[i].outcome;
    return -1;
}

static void report_rows(void **state)
{
    static const struct {
        yao_bytes (*make)(bool all);
        int chain, signature;
    } wanted[] = {
        {good, YAO_OUTCOME_PASS, YAO_OUTCOME_PASS},
        {by_another, YAO_OUTCOME_PASS, YAO_OUTCOME_FAIL},
        {by_stranger, -1, -1},
        {nobody, -1, -1},
    };
    yao_mdoc_reader_options o = options();

    (void)state;
    for (size_t i = 0; i < COUNT(wanted); i++)
        for (int all = 0; all < 2; all++) {
            judged j = judge(wanted[i].make(all), &o);

            assert_int_equal(outcome_of(&j, YAO_CHECK_CHAIN_SIGNATURE),
                             wanted[i].chain);
            assert_int_equal(outcome_of(&j, YAO_CHECK_ISSUER_SIGNATURE),
                             wanted[i].signature);
        }

    /* one that is pinned has no chain above it */
    yao_anchor pinned = {.certificate = prox_fixture_get()->reader,
                         .role        = YAO_ROLE_READER};
    o.anchors = &pinned;
    judged j  = judge(good(false), &o);
    assert_int_equal(j.readers[0].state, YAO_MDOC_READER_GOOD);
    assert_int_equal(outcome_of(&j, YAO_CHECK_CHAIN_SIGNATURE), -1);
}

/* ---- conditions --------------------------------------------------------- */

static void out_of_time(void **state)
{
    yao_mdoc_reader_options o = options();

    (void)state;
    o.now = FORGE_NOW + INT64_C(4000) * YAO_TIME_DAY;
    assert_status(judge(good(false), &o).readers[0].why, YAO_E_EXPIRED);
    o.now = 0;
    assert_status(judge(good(false), &o).readers[0].why, YAO_E_NOT_YET_VALID);
    o.now = -1;
    assert_status(judge(good(false), &o).begun, YAO_E_USAGE);
    o.now = FORGE_NOW;
    o.transcript.len = 0;
    assert_status(judge(good(false), &o).begun, YAO_E_USAGE);
}

static void no_anchor(void **state)
{
    yao_mdoc_reader_options o = options();

    (void)state;
    o.anchor_count = 0;
    assert_status(judge(good(false), &o).readers[0].why, YAO_E_UNTRUSTED);
    yao_anchor issuer = {.certificate = prox_fixture_get()->root,
                         .role        = YAO_ROLE_ISSUER};
    o.anchor_count = 1;
    o.anchors      = &issuer;
    assert_status(judge(good(false), &o).readers[0].why, YAO_E_UNTRUSTED);
}

/* A home that answers nothing, or lacks the algorithm, lets nobody ask. */
static void no_answer(void **state)
{
    static const struct {
        yao_sig_outcome       outcome;
        yao_mdoc_reader_state state;
        yao_status            why;
    } answers[] = {
        {YAO_SIG_UNCHECKED, YAO_MDOC_READER_UNKNOWN, YAO_E_CRYPTO},
        {YAO_SIG_UNSUPPORTED, YAO_MDOC_READER_UNKNOWN, YAO_E_UNSUPPORTED},
        {YAO_SIG_BAD, YAO_MDOC_READER_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_GOOD, YAO_MDOC_READER_GOOD, YAO_OK},
    };
    yao_mdoc_reader_options o = options();
    yao_mdoc_request        request;
    yao_mdoc_readers        v;
    yao_mdoc_reader         reader;
    yao_report              report = {.count = 0};

    (void)state;
    assert_status(yao_mdoc_parse_request(test_arena(), good(true), true,
                                         &request),
                  YAO_OK);
    assert_status(
        yao_mdoc_begin_readers(test_arena(), &request, &o, &v, &report),
        YAO_OK);
    assert_int_equal(v.check_count, 2);
    for (size_t i = 0; i < COUNT(answers); i++) {
        v.checks[0].outcome = YAO_SIG_GOOD;
        v.checks[1].outcome = answers[i].outcome;
        assert_status(yao_mdoc_conclude_reader(&v, 0, &reader, &report),
                      YAO_OK);
        assert_int_equal(reader.state, answers[i].state);
        assert_status(reader.why, answers[i].why);
    }
    assert_status(yao_mdoc_conclude_reader(&v, 2, &reader, &report),
                  YAO_E_USAGE);
}

/* ---- sweeps ------------------------------------------------------------- */

static yao_status good_status(yao_bytes input, void *context)
{
    judged j = judge(input, context);

    if (j.parsed != YAO_OK)
        return j.parsed;
    for (int i = 0; i < 2; i++)
        if (j.readers[i].state != YAO_MDOC_READER_GOOD)
            return YAO_E_BAD_SIGNATURE;
    return YAO_OK;
}

/* The minor version is not signed; and the second edition signs the same. */
static bool unsigned_byte(size_t at, void *context)
{
    (void)context;
    return at == 12;
}

static void every_bit(void **state)
{
    yao_mdoc_reader_options o = options();

    (void)state;
    test_every_bit(good_status, good(true), &o, unsigned_byte);
}

static yao_status begin_in(yao_arena *arena, void *context)
{
    yao_mdoc_reader_options o      = options();
    yao_report              report = {.count = 0};
    yao_mdoc_readers        v;

    return yao_mdoc_begin_readers(arena, context, &o, &v, &report);
}

static void arenas(void **state)
{
    yao_mdoc_request request;

    (void)state;
    assert_status(yao_mdoc_parse_request(test_arena(), good(true), true,
                                         &request),
                  YAO_OK);
    test_every_arena(begin_in, &request, 32768);
}

/* ---- annex D ------------------------------------------------------------ */

#define FOLDER "iso18013-5-annexD-multipaz/"

static void annex_d(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes  reader = test_vector(FOLDER "reader_cert.der");
    yao_anchor pinned = {.certificate = reader, .role = YAO_ROLE_READER};
    yao_mdoc_reader_options o = {
        .anchors      = &pinned,
        .anchor_count = 1,
        .now          = INT64_C(1609459200), /* 2021-01-01 */
        .transcript   = cbor_bytes_at(
            test_vector(FOLDER "session_transcript_bytes.cbor"), "")};
    yao_bytes request = test_vector(FOLDER "device_request.cbor");
    judged    j       = judge(request, &o);

    assert_status(j.begun, YAO_OK);
    assert_int_equal(j.readers[0].state, YAO_MDOC_READER_GOOD);
    assert_bytes(j.readers[0].certificate->der, reader);
    request = cbor_set(request, "docRequests/0/itemsRequest/*/docType",
                       cbor_of_text("org.iso.18013.5.1.mDM"));
    assert_status(judge(request, &o).readers[0].why, YAO_E_BAD_SIGNATURE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_add("readerAuth", rows[i].name, case_one, &rows[i]);
        test_add("readerAuthAll", rows[i].name, case_all, &rows[i]);
    }
    test_add("readers", "gives each document its own reader", only_its_own,
             NULL);
    test_add("readers", "accepts one known root of several", one_of_several,
             NULL);
    test_add("readers", "never lets a good signature cover a wrong one",
             wrong_among_good, NULL);
    test_add("readers", "gives a row for each signature", report_rows, NULL);
    test_add("readers", "refuses certificates out of their time", out_of_time,
             NULL);
    test_add("readers", "refuses without an anchor for readers", no_anchor,
             NULL);
    test_add("readers", "never accepts without an answer", no_answer, NULL);
    test_add("readers", "refuses every flipped bit", every_bit, NULL);
    test_add("readers", "refuses every arena that is too small", arenas, NULL);
    test_add("annex D", "accepts the reader that signed", annex_d, NULL);
    return test_run("mdoc/reader");
}
