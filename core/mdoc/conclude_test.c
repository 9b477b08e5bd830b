/* SPDX-License-Identifier: Apache-2.0 */

/* What the home answers, and what becomes of it: nothing that was not checked
 * is ever taken for good. */

#include "mdoc_case.h"

typedef struct waiting {
    yao_mdoc_unverified   parsed;
    yao_mdoc_verification v;
    mdoc_judged           j;
} waiting;

/* Everything before the home answers. */
static waiting *wait_for(yao_bytes input)
{
    waiting                *w = yao_arena_take(test_arena(), sizeof *w);
    yao_mdoc_verify_options o = mdoc_fixture_options();

    assert_non_null(w);
    assert_status(yao_mdoc_parse_response(test_arena(), input, true,
                                          &w->parsed),
                  YAO_OK);
    assert_status(yao_mdoc_begin(test_arena(), forge_crypto(), &w->parsed, &o,
                                 &w->v, &w->j.report),
                  YAO_OK);
    w->j.document_count = w->parsed.document_count;
    return w;
}

static void conclude(waiting *w)
{
    w->j.documents[0] = yao_mdoc_conclude(&w->v, forge_crypto(), 0,
                                          &w->j.verified[0], &w->j.report);
}

/* The checks of the fixture's response, in their order. */
static const yao_check order[] = {YAO_CHECK_CHAIN_SIGNATURE,
                                  YAO_CHECK_ISSUER_SIGNATURE,
                                  YAO_CHECK_DEVICE_AUTH};

static void answers(void **state)
{
    static const struct {
        yao_sig_outcome outcome;
        yao_status      why;
        bool            unknown;
    } given[] = {{YAO_SIG_BAD, YAO_E_BAD_SIGNATURE, false},
                 {YAO_SIG_UNCHECKED, YAO_E_CRYPTO, true},
                 {YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, true}};

    (void)state;
    for (size_t check = 0; check < COUNT(order); check++)
        for (size_t i = 0; i < COUNT(given); i++) {
            waiting *w = wait_for(mdoc_fixture_signed());

            assert_int_equal(w->v.check_count, COUNT(order));
            for (size_t k = 0; k < COUNT(order); k++)
                w->v.checks[k].outcome =
                    k == check ? given[i].outcome : YAO_SIG_GOOD;
            conclude(w);
            mdoc_case_expect(&w->j, order[check], given[i].why,
                             given[i].unknown);
        }
}

static void all_good(void **state)
{
    waiting *w = wait_for(mdoc_fixture_signed());

    (void)state;
    for (size_t k = 0; k < w->v.check_count; k++)
        w->v.checks[k].outcome = YAO_SIG_GOOD;
    conclude(w);
    mdoc_case_expect(&w->j, YAO_CHECK_NONE, YAO_OK, false);
}

/* A home that was never asked. */
static void unasked(void **state)
{
    waiting *w = wait_for(mdoc_fixture_signed());

    (void)state;
    conclude(w);
    assert_status(w->j.documents[0], YAO_E_CRYPTO);
    assert_int_equal(mdoc_judged_bad(&w->j, 0), 3);
}

/* A wrong answer outweighs a missing one, whichever comes first. */
static void wrong_before_missing(void **state)
{
    (void)state;
    for (size_t turn = 0; turn < 2; turn++) {
        waiting *w = wait_for(mdoc_fixture_signed());

        w->v.checks[0].outcome = YAO_SIG_GOOD;
        w->v.checks[1].outcome = turn == 0 ? YAO_SIG_BAD : YAO_SIG_UNSUPPORTED;
        w->v.checks[2].outcome = turn == 0 ? YAO_SIG_UNSUPPORTED : YAO_SIG_BAD;
        conclude(w);
        assert_status(w->j.documents[0], YAO_E_BAD_SIGNATURE);
    }
}

/* What failed stays failed, although the caller brings an empty report. */
static void other_report(void **state)
{
    yao_bytes  bad   = cbor_set(mdoc_fixture_signed(),
                                MDOC_ITEMS "/0/*/elementValue",
                                YAO_LIT("\x61x"));
    waiting   *w     = wait_for(bad);
    yao_report empty = {.count = 0};

    (void)state;
    for (size_t k = 0; k < w->v.check_count; k++)
        w->v.checks[k].outcome = YAO_SIG_GOOD;
    assert_status(yao_mdoc_conclude(&w->v, forge_crypto(), 0, &w->j.verified[0],
                                    &empty),
                  YAO_E_BAD_DIGEST);
    assert_int_equal(empty.count, COUNT(order));
}

static void rows_once(void **state)
{
    waiting *w = wait_for(mdoc_fixture_signed());

    (void)state;
    conclude(w);
    size_t count = w->j.report.count;
    conclude(w);
    assert_int_equal(w->j.report.count, count);
}

static void untouched(void **state)
{
    waiting          *w = wait_for(mdoc_fixture_signed());
    yao_mdoc_verified before;

    (void)state;
    memset(&w->j.verified[0], 0x5a, sizeof before);
    before = w->j.verified[0];
    conclude(w);
    assert_memory_equal(&w->j.verified[0], &before, sizeof before);
}

static void usage(void **state)
{
    waiting              *w    = wait_for(mdoc_fixture_signed());
    yao_mdoc_verification none = {.input = &w->parsed};

    (void)state;
    assert_status(yao_mdoc_conclude(&w->v, forge_crypto(), 1, &w->j.verified[0],
                                    &w->j.report),
                  YAO_E_USAGE);
    assert_status(yao_mdoc_conclude(&none, forge_crypto(), 0,
                                    &w->j.verified[0], &w->j.report),
                  YAO_E_USAGE);
}

static void gives(void **state)
{
    (void)state;
    mdoc_judged        j = mdoc_fixture_judge(mdoc_fixture_maced(), NULL);
    yao_mdoc_verified *v = &j.verified[0];

    assert_status(j.documents[0], YAO_OK);
    assert_bytes(yao_text_bytes(v->doc_type), YAO_LIT(MDOC_TYPE));
    assert_int_equal(v->item_count, 5);
    assert_bytes(v->items[0].value, YAO_LIT("\x68" "SPECIMEN"));
    assert_int_equal(v->device_item_count, 0);
    assert_int_equal(v->validity.valid_until, MDOC_NOW + 15 * YAO_TIME_DAY);
    assert_false(v->status.present);
    assert_bytes(yao_text_bytes(v->signer->country), YAO_LIT("UT"));
    yao_public_key key = yao_openssl_key_public(forge_key(DEVICE_KEY));
    assert_true(yao_public_key_equal(&v->device_key, &key));
}

/* What the home may remember, and what not: a device key comes once. */
static void hints(void **state)
{
    waiting *w = wait_for(mdoc_fixture_signed());

    (void)state;
    assert_true(w->v.checks[0].repeats);
    assert_false(w->v.checks[1].repeats);
    assert_true(w->v.checks[1].key_repeats);
    assert_false(w->v.checks[2].repeats);
    assert_false(w->v.checks[2].key_repeats);
}

/* ---- a home that fails at its n-th call --------------------------------- */

typedef struct failing {
    const yao_crypto *real;
    int               left; /* calls until one fails */
    yao_status        with;
} failing;

static bool fails(failing *f)
{
    return f->left-- == 0;
}

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    failing *f = ctx;

    return fails(f) ? f->with
                    : f->real->hash(f->real->ctx, alg, parts, count, out);
}

static yao_status hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out)
{
    failing *f = ctx;

    return fails(f) ? f->with
                    : f->real->hmac(f->real->ctx, alg, key, parts, count, out);
}

static yao_status hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                       yao_bytes salt, yao_bytes info, uint8_t *out, size_t len)
{
    failing *f = ctx;

    return fails(f) ? f->with
                    : f->real->hkdf(f->real->ctx, alg, secret, salt, info, out,
                                    len);
}

/* The whole way of a MAC with a home that fails at call N. */
static yao_status judge_failing(failing *f, yao_bytes input)
{
    yao_crypto              home = {f, hash, hmac, hkdf, NULL};
    yao_mdoc_verify_options o    = mdoc_fixture_options();
    yao_mdoc_unverified     parsed;
    yao_mdoc_verification   v;
    yao_mdoc_verified       verified;
    yao_report              report = {.count = 0};

    YAO_TRY(yao_mdoc_parse_response(test_arena(), input, true, &parsed));
    YAO_TRY(yao_mdoc_begin(test_arena(), &home, &parsed, &o, &v, &report));
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = YAO_SIG_GOOD;
    v.agreements[0].answered   = true;
    v.agreements[0].secret_len = 32;
    assert_status(yao_openssl_agree(forge_key(READER_KEY),
                                    &v.agreements[0].wish,
                                    v.agreements[0].secret),
                  YAO_OK);
    return yao_mdoc_conclude(&v, &home, 0, &verified, &report);
}

static void failing_home(void **state)
{
    static const yao_status with[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_bytes               input  = mdoc_fixture_maced();

    (void)state;
    for (size_t i = 0; i < COUNT(with); i++) {
        int calls = 0;

        for (;; calls++) {
            failing    f   = {forge_crypto(), calls, with[i]};
            yao_status got = judge_failing(&f, input);

            if (got == YAO_OK)
                break;
            assert_status(got, with[i]);
        }
        assert_int_equal(calls, 5 + 1 + 1 + 1); /* items, salt, key, MAC */
    }
}

/* ---- room --------------------------------------------------------------- */

/* What was begun with room enough is complete: only then is it good. */
static void finish(yao_mdoc_verification *v, yao_report *report)
{
    static const yao_check wanted[] = {
        YAO_CHECK_CHAIN_SIGNATURE, YAO_CHECK_ALGORITHM,
        YAO_CHECK_ISSUER_SIGNATURE, YAO_CHECK_DIGESTS, YAO_CHECK_DEVICE_KEY,
        YAO_CHECK_DEVICE_ELEMENTS, YAO_CHECK_DEVICE_AUTH};
    yao_mdoc_verified verified;

    assert_status(forge_crypto()->verify(forge_crypto()->ctx, v->checks,
                                         v->check_count),
                  YAO_OK);
    for (size_t i = 0; i < v->agreement_count; i++) {
        v->agreements[i].answered   = true;
        v->agreements[i].secret_len = 32;
        assert_status(yao_openssl_agree(forge_key(READER_KEY),
                                        &v->agreements[i].wish,
                                        v->agreements[i].secret),
                      YAO_OK);
    }
    assert_status(yao_mdoc_conclude(v, forge_crypto(), 0, &verified, report),
                  YAO_OK);
    for (size_t i = 0; i < COUNT(wanted); i++) {
        bool found = false;

        for (size_t k = 0; k < report->count; k++)
            found = found || report->rows[k].check == wanted[i];
        assert_true(found);
    }
}

static yao_status begin_in(yao_arena *arena, void *context)
{
    yao_bytes               input = *(yao_bytes *)context;
    yao_mdoc_verify_options o     = mdoc_fixture_options();
    yao_mdoc_unverified     parsed;
    yao_mdoc_verification   v;
    yao_report              report = {.count = 0};

    if (cbor_has(input, "issuerAuth"))
        YAO_TRY(yao_mdoc_parse_issuer_signed(test_arena(), input, false,
                                             &parsed));
    else
        YAO_TRY(yao_mdoc_parse_response(test_arena(), input, false, &parsed));
    YAO_TRY(yao_mdoc_begin(arena, forge_crypto(), &parsed, &o, &v, &report));
    finish(&v, &report);
    return YAO_OK;
}

static void arenas(void **state)
{
    yao_bytes response = mdoc_fixture_signed(), maced = mdoc_fixture_maced();
    yao_bytes issued = mdoc_fixture_issued();

    (void)state;
    test_every_arena(begin_in, &response, 32768);
    test_every_arena(begin_in, &maced, 32768);
    test_every_arena(begin_in, &issued, 32768);
}

int main(void)
{
    test_add("conclude", "accepts when every answer is good", all_good, NULL);
    test_add("conclude", "refuses each answer that is not good", answers, NULL);
    test_add("conclude", "never accepts what nobody looked at", unasked, NULL);
    test_add("conclude", "refuses by the wrong answer before the missing one",
             wrong_before_missing, NULL);
    test_add("conclude", "refuses whatever report it is handed", other_report,
             NULL);
    test_add("conclude", "gives its rows once", rows_once, NULL);
    test_add("conclude", "never writes its result on a failure", untouched,
             NULL);
    test_add("conclude", "refuses an index that is not there", usage, NULL);
    test_add("conclude", "gives what the document says", gives, NULL);
    test_add("conclude", "gives the home its hints", hints, NULL);
    test_add("conclude", "never accepts when a call of the home fails",
             failing_home, NULL);
    test_add("begin", "gives SPACE in every arena too small", arenas, NULL);
    return test_run("mdoc/conclude");
}
