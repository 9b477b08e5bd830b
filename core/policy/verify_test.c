/* SPDX-License-Identifier: Apache-2.0 */

/** The three public functions: what they refuse before and after judging, and
 *  that no failure of the home or lack of room ever becomes an ACCEPT. */

#include "check.h"
#include "mdoc_fixture.h"
#include "yaopai/verify.h"

static yao_bytes          transcript;
static yao_verify_options usual(void)
{
    transcript = mdoc_fixture_transcript("1");
    return (yao_verify_options){.anchors = &mdoc_fixture_get()->anchor,
                                .anchor_count = 1,
                                .now          = MDOC_NOW,
                                .transcript   = transcript};
}

static yao_verdict verdict_of(yao_bytes input, const yao_verify_options *o)
{
    yao_result *result;

    assert_status(yao_verify(test_arena(), mdoc_fixture_get()->crypto, input, o,
                             &result),
                  YAO_OK);
    return result->verdict;
}

static void accepts_what_the_holder_shows(void **state)
{
    yao_verify_options o = usual();

    (void)state;
    assert_int_equal(verdict_of(mdoc_fixture_signed(), &o), YAO_VERDICT_ACCEPT);
}

static void never_accepts_without_anchors(void **state)
{
    yao_verify_options o = usual();

    (void)state;
    o.anchor_count = 0;
    assert_int_equal(verdict_of(mdoc_fixture_signed(), &o), YAO_VERDICT_REJECT);
}

static const struct {
    const char *name;
    yao_time    now, skew;
    yao_status  want;
} clocks[] = {
    {"accepts a day's skew", MDOC_NOW, YAO_TIME_DAY, YAO_OK},
    {"refuses a time before 1970", -1, 0, YAO_E_USAGE},
    {"refuses no time", YAO_TIME_NONE, 0, YAO_E_USAGE},
    {"refuses a time after 9999", YAO_TIME_MAX + 1, 0, YAO_E_USAGE},
    {"refuses a negative skew", MDOC_NOW, -1, YAO_E_USAGE},
    {"refuses more than a day's skew", MDOC_NOW, YAO_TIME_DAY + 1,
     YAO_E_USAGE},
    {"refuses an endless skew", MDOC_NOW, INT64_MAX, YAO_E_USAGE},
};

static void clock_case(void **state)
{
    size_t             i = *(const size_t *)*state;
    yao_verify_options o = usual();
    yao_result        *result;

    o.now  = clocks[i].now;
    o.skew = clocks[i].skew;
    assert_status(yao_verify(test_arena(), mdoc_fixture_get()->crypto,
                             mdoc_fixture_signed(), &o, &result),
                  clocks[i].want);
    /* the caller's mistake is said before the message's */
    assert_status(yao_verify(test_arena(), mdoc_fixture_get()->crypto,
                             (yao_bytes){NULL, 0}, &o, &result),
                  clocks[i].want != YAO_OK ? clocks[i].want
                                           : YAO_E_MALFORMED);
}

static void refuses_a_message_above_the_limit(void **state)
{
    yao_verify_options o   = usual();
    uint8_t           *big = calloc(1, YAO_MAX_MESSAGE + 1);
    yao_result        *result;

    (void)state;
    assert_non_null(big);
    yao_status above = yao_verify(test_arena(), mdoc_fixture_get()->crypto,
                                  (yao_bytes){big, YAO_MAX_MESSAGE + 1}, &o,
                                  &result);
    yao_status at    = yao_verify(test_arena(), mdoc_fixture_get()->crypto,
                                  (yao_bytes){big, YAO_MAX_MESSAGE}, &o,
                                  &result);
    free(big);
    assert_status(above, YAO_E_LIMIT);
    assert_status(at, YAO_E_MALFORMED);
}

static const struct {
    const char *name;
    yao_bytes   input;
} nothings[] = {
    {"refuses nothing", {NULL, 0}},
    {"refuses an empty map", YAO_INIT("\xa0")},
    {"refuses a sentence", YAO_INIT("I am over eighteen.")},
    {"refuses dots and tildes", YAO_INIT("..~~")},
};

static void nothing_case(void **state)
{
    size_t             i      = *(const size_t *)*state;
    yao_verify_options o      = usual();
    yao_result        *result = NULL;
    yao_status got = yao_verify(test_arena(), mdoc_fixture_get()->crypto,
                                nothings[i].input, &o, &result);

    assert_true(got >= 200 && got < 300);
    assert_null(result);
}

/* ---- a home that fails at its n-th call ---------------------------------- */

typedef struct failing {
    const yao_crypto *real;
    size_t            calls_left; /* before it fails; then it fails once */
    bool              failed;
} failing;

static bool fails_now(failing *f)
{
    if (f->failed || f->calls_left-- > 0)
        return false;
    f->failed = true;
    return true;
}

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    failing *f = ctx;

    return fails_now(f)
               ? YAO_E_CRYPTO
               : f->real->hash(f->real->ctx, alg, parts, count, out);
}

static yao_status hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out)
{
    failing *f = ctx;

    return fails_now(f)
               ? YAO_E_CRYPTO
               : f->real->hmac(f->real->ctx, alg, key, parts, count, out);
}

static yao_status hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                       yao_bytes salt, yao_bytes info, uint8_t *out, size_t len)
{
    failing *f = ctx;

    return fails_now(f) ? YAO_E_CRYPTO
                        : f->real->hkdf(f->real->ctx, alg, secret, salt, info,
                                        out, len);
}

static yao_status verify(void *ctx, yao_signature_check *checks, size_t count)
{
    failing *f = ctx;

    return fails_now(f) ? YAO_E_CRYPTO
                        : f->real->verify(f->real->ctx, checks, count);
}

static void never_accepts_when_a_call_of_the_home_fails(void **state)
{
    yao_verify_options o     = usual();
    yao_bytes          input = mdoc_fixture_signed();
    size_t             n     = 0;

    (void)state;
    for (;; n++) {
        size_t      used   = test_arena()->used;
        failing     f      = {mdoc_fixture_get()->crypto, n, false};
        yao_crypto  home   = {&f, hash, hmac, hkdf, verify};
        yao_result *result = NULL;
        yao_status  got =
            yao_verify(test_arena(), &home, input, &o, &result);

        assert_true(got == YAO_OK || got == YAO_E_CRYPTO);
        if (!f.failed) {
            assert_status(got, YAO_OK);
            assert_int_equal(result->verdict, YAO_VERDICT_ACCEPT);
            break;
        }
        if (got == YAO_OK) {
            assert_int_equal(result->verdict, YAO_VERDICT_INDETERMINATE);
            assert_false(result->authentic);
        }
        test_arena()->used = used;
    }
    assert_true(n >= 3); /* some hashes, and the signatures */
}

/* ---- homes that answer badly -------------------------------------------- */

static yao_status says_nothing(void *ctx, yao_signature_check *checks,
                               size_t count)
{
    (void)ctx, (void)checks, (void)count;
    return YAO_OK;
}

static yao_status lacks_all(void *ctx, yao_signature_check *checks,
                            size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_UNSUPPORTED;
    return YAO_OK;
}

static yao_status says_bad(void *ctx, yao_signature_check *checks, size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_BAD;
    return YAO_OK;
}

static const struct {
    const char *name;
    yao_status (*verify)(void *, yao_signature_check *, size_t);
    yao_verdict want;
} homes[] = {
    {"gives INDETERMINATE when nobody looked", says_nothing,
     YAO_VERDICT_INDETERMINATE},
    {"gives INDETERMINATE when the home lacks the algorithm", lacks_all,
     YAO_VERDICT_INDETERMINATE},
    {"gives REJECT when all are bad", says_bad, YAO_VERDICT_REJECT},
};

static void home_case(void **state)
{
    size_t             i    = *(const size_t *)*state;
    yao_verify_options o    = usual();
    yao_crypto         home = *mdoc_fixture_get()->crypto;
    yao_result        *result;

    home.verify = homes[i].verify;
    assert_status(yao_verify(test_arena(), &home, mdoc_fixture_signed(), &o,
                             &result),
                  YAO_OK);
    assert_int_equal(result->verdict, homes[i].want);
    assert_false(result->authentic);
    assert_int_equal(result->documents[0].attribute_count, 0);
}

/* ---- room --------------------------------------------------------------- */

static yao_status says_good(void *ctx, yao_signature_check *checks,
                            size_t count)
{
    (void)ctx;
    for (size_t i = 0; i < count; i++)
        checks[i].outcome = YAO_SIG_GOOD;
    return YAO_OK;
}

static yao_status judge_in(yao_arena *arena, void *context)
{
    yao_verify_options o = usual();
    yao_crypto         home = *mdoc_fixture_get()->crypto;
    yao_result        *result = NULL;

    home.verify    = says_good; /* thousands of times, so without curves */
    yao_status got = yao_verify(arena, &home, *(yao_bytes *)context, &o,
                                &result);
    if (got == YAO_OK)
        assert_int_equal(result->verdict, YAO_VERDICT_ACCEPT);
    else
        assert_null(result);
    return got;
}

static void gives_space_error_in_every_smaller_arena(void **state)
{
    yao_bytes input = mdoc_fixture_signed();

    (void)state;
    test_every_arena(judge_in, &input, 256 * 1024);
}

/* ---- the reader's key --------------------------------------------------- */

static const struct {
    const char *name;
    size_t      index, len;
    yao_status  want;
} agreements[] = {
    {"accepts an answer", 0, 32, YAO_OK},
    {"refuses an answer that was not asked for", 1, 32, YAO_E_USAGE},
    {"refuses an empty answer", 0, 0, YAO_E_USAGE},
    {"refuses an answer longer than any", 0, 49, YAO_E_USAGE},
};

static void agreement_case(void **state)
{
    static const uint8_t secret[64] = {1};
    size_t               i          = *(const size_t *)*state;
    yao_verify_options   o          = usual();
    yao_verification     v;

    assert_status(yao_verify_begin(test_arena(), mdoc_fixture_get()->crypto,
                                   mdoc_fixture_maced(), &o, &v),
                  YAO_OK);
    assert_int_equal(v.agreement_count, 1);
    assert_status(yao_verify_agreed(&v, agreements[i].index,
                                    (yao_bytes){secret, agreements[i].len}),
                  agreements[i].want);
}

static void never_accepts_a_mac_nobody_could_check(void **state)
{
    yao_verify_options o = usual();

    (void)state;
    assert_int_equal(verdict_of(mdoc_fixture_maced(), &o),
                     YAO_VERDICT_INDETERMINATE);
}

static void gives_back_the_name_of_each_format(void **state)
{
    (void)state;
    for (int f = YAO_FORMAT_MDOC_RESPONSE; f <= YAO_FORMAT_STATUS_LIST_CWT;
         f++) {
        const char *name = yao_format_name((yao_format)f);

        assert_int_equal(yao_format_by_name(yao_text_of(name)), f);
    }
    assert_int_equal(yao_format_by_name(YAO_TEXT("pdf")), YAO_FORMAT_UNKNOWN);
    assert_int_equal(yao_format_by_name(YAO_TEXT("")), YAO_FORMAT_UNKNOWN);
    assert_non_null(yao_format_name((yao_format)99));
}

int main(void)
{
    static size_t index[8] = {0, 1, 2, 3, 4, 5, 6, 7};

    test_add("verify", "accepts what the holder shows",
             accepts_what_the_holder_shows, NULL);
    test_add("verify", "never accepts without anchors",
             never_accepts_without_anchors, NULL);
    for (size_t i = 0; i < COUNT(clocks); i++)
        test_add("options", clocks[i].name, clock_case, &index[i]);
    test_add("verify", "refuses a message above the limit",
             refuses_a_message_above_the_limit, NULL);
    for (size_t i = 0; i < COUNT(nothings); i++)
        test_add("verify", nothings[i].name, nothing_case, &index[i]);
    test_add("home", "never accepts when a call of the home fails",
             never_accepts_when_a_call_of_the_home_fails, NULL);
    for (size_t i = 0; i < COUNT(homes); i++)
        test_add("home", homes[i].name, home_case, &index[i]);
    test_add("verify", "gives YAO_E_SPACE in every smaller arena",
             gives_space_error_in_every_smaller_arena, NULL);
    for (size_t i = 0; i < COUNT(agreements); i++)
        test_add("agreed", agreements[i].name, agreement_case, &index[i]);
    test_add("agreed", "never accepts a MAC nobody could check",
             never_accepts_a_mac_nobody_could_check, NULL);
    test_add("format", "gives back the name of each",
             gives_back_the_name_of_each_format, NULL);
    return test_run("policy/verify");
}
