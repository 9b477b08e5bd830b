/* SPDX-License-Identifier: Apache-2.0 */

/* Good tokens, and what the caller or the home makes of them. */

#include "sdtoken.h"

/* ---- what the caller asks ---- */

enum ask {
    PLAIN_SDJWT = 1, NO_BINDING, NO_BINDING_NO_KB, NO_NONCE, NO_AUDIENCE,
    NO_NONCE_NO_KB, NO_ANCHORS, READER_ANCHOR, ZERO_ANCHOR, OTHER_SCOPE,
    RIGHT_SCOPE, TWO_KEYS, TWO_WRONG_KEYS, NINE_KEYS, SKEW_EARLY, SKEW_OVER,
    LONG_AGE, STRICT_NO_CNF, CERT_ANCHOR_ONLY, MIXED_SCOPE, EMPTY_ANCHOR,
    PLAIN_SCOPED, BOTH_KINDS, TWO_CURVES
};

static const struct ask_row {
    const char *name;
    enum ask    ask;
    sd_token    token;
    yao_check   check; /* NONE: accepted */
    yao_outcome outcome;
    yao_status  why;
} asks[] = {
    {"N072: never passes a KB-JWT that nobody asked for", NO_BINDING, {0},
     YAO_CHECK_KB_SIGNATURE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: never passes a KB-JWT without an expected nonce", NO_NONCE, {0},
     YAO_CHECK_KB_NONCE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: never passes a KB-JWT without an expected audience", NO_AUDIENCE,
     {0}, YAO_CHECK_KB_AUDIENCE, YAO_OUTCOME_UNKNOWN, YAO_E_USAGE},
    {"N072: refuses a missing KB-JWT also without an expected nonce",
     NO_NONCE_NO_KB, {.no_kb = true}, YAO_CHECK_KB_PRESENT, YAO_OUTCOME_FAIL,
     YAO_E_MISSING},
    {"accepts a token without KB-JWT where no binding is asked for",
     NO_BINDING_NO_KB, {.no_kb = true}, 0, 0, YAO_OK},
    {"accepts no cnf where no binding is asked for", NO_BINDING_NO_KB,
     {.payload = "{\"vct\":\"urn:yaopai:specimen:1\"}", .no_kb = true},
     YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_ABSENT, YAO_OK},
    {"gives the holder's key also where no binding is asked for",
     NO_BINDING_NO_KB, {.no_kb = true}, YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_PASS,
     YAO_OK},
    {"gives no KB-JWT as absent where no binding is asked for",
     NO_BINDING_NO_KB, {.no_kb = true}, YAO_CHECK_KB_PRESENT,
     YAO_OUTCOME_ABSENT, YAO_OK},
    {"notes a cnf of kid only where no binding is asked for",
     NO_BINDING_NO_KB,
     {.payload = SD_WITH_CNF("{\"kid\":\"1\"}"), .no_kb = true},
     YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_NOTE, YAO_OK},
    {"refuses it when strict", STRICT_NO_CNF,
     {.payload = SD_WITH_CNF("{\"kid\":\"1\"}"), .no_kb = true},
     YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_FAIL, YAO_E_KEY},
    {"N099: refuses everybody without anchors", NO_ANCHORS, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N102: refuses the key of a reader", READER_ANCHOR, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N099: refuses an anchor that nobody filled in", ZERO_ANCHOR, {0},
     YAO_CHECK_ISSUER_ANCHORS, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"N101: refuses a token without x5c where only certificates are trusted",
     CERT_ANCHOR_ONLY, {0}, YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL,
     YAO_E_UNTRUSTED},
    {"N104: refuses a type that the key may not sign", OTHER_SCOPE, {0},
     YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_FAIL, YAO_E_NOT_AUTHORISED},
    {"N068: refuses a vct beside the one that was registered", OTHER_SCOPE,
     {.payload = "{" SD_CLAIMS ",\"vct#integrity\":\"sha256-x\"}"},
     YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_FAIL, YAO_E_NOT_AUTHORISED},
    {"N104: accepts the type that the key may sign", RIGHT_SCOPE, {0}, 0, 0,
     YAO_OK},
    {"N104: refuses a key out of scope beside one that may sign it",
     MIXED_SCOPE, {0}, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_FAIL,
     YAO_E_BAD_SIGNATURE},
    {"N099: refuses an anchor of the right role with nothing in it",
     EMPTY_ANCHOR, {0}, YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL,
     YAO_E_UNTRUSTED},
    {"N104: refuses a token that says no type from a key of some types",
     PLAIN_SCOPED, {.payload = "{\"cnf\":{\"jwk\":@K}}"},
     YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_FAIL, YAO_E_NOT_AUTHORISED},
    {"refuses an anchor that is key and certificate at once", BOTH_KINDS, {0},
     YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL, YAO_E_UNTRUSTED},
    {"accepts the key whose curve fits", TWO_CURVES, {0},
     YAO_CHECK_ALGORITHM, YAO_OUTCOME_PASS, YAO_OK},
    {"N077: gives what failed before what could not be checked", PLAIN_SDJWT,
     {.payload    = "{" SD_CLAIMS ",\"status\":{\"other\":1}}",
      .kb_payload = SD_KB_NONCE("\"nonce\":\"x\",")},
     YAO_CHECK_KB_NONCE, YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
    {"accepts one good key among several", TWO_KEYS, {0}, 0, 0, YAO_OK},
    {"refuses several keys none of which signed", TWO_WRONG_KEYS, {0},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_FAIL, YAO_E_BAD_SIGNATURE},
    {"refuses more keys than are tried", NINE_KEYS, {0},
     YAO_CHECK_ISSUER_CHAIN, YAO_OUTCOME_FAIL, YAO_E_LIMIT},
    {"never passes an algorithm where the key is one of too many", NINE_KEYS,
     {0}, YAO_CHECK_ALGORITHM, YAO_OUTCOME_UNKNOWN, YAO_E_LIMIT},
    {"never passes a signature where the key is one of too many", NINE_KEYS,
     {0}, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_UNKNOWN, YAO_E_LIMIT},
    {"never passes an algorithm without a key", NO_ANCHORS, {0},
     YAO_CHECK_ALGORITHM, YAO_OUTCOME_UNKNOWN, YAO_E_UNTRUSTED},
    {"never passes a signature without a key", NO_ANCHORS, {0},
     YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_UNKNOWN, YAO_E_UNTRUSTED},
    {"gives the validity of a token without dates as absent", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K}}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_ABSENT, YAO_OK},
    {"gives the validity of a token with exp alone", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"exp\":1800000000}"},
     YAO_CHECK_VALIDITY, YAO_OUTCOME_PASS, YAO_OK},
    {"gives the validity of a token with nbf alone", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"nbf\":1}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_PASS, YAO_OK},
    {"forgives the skew at the end", SKEW_OVER,
     {.payload = "{" SD_BARE ",\"exp\":1794999941}"}, 0, 0, YAO_OK},
    {"forgives the skew at the end, not more", SKEW_OVER,
     {.payload = "{" SD_BARE ",\"exp\":1794999940}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"forgives the skew at the beginning", SKEW_EARLY,
     {.payload = "{" SD_CLAIMS ",\"nbf\":1795000060}"}, 0, 0, YAO_OK},
    {"forgives the skew at the beginning, not more", SKEW_EARLY,
     {.payload = "{" SD_CLAIMS ",\"nbf\":1795000061}"}, YAO_CHECK_VALIDITY,
     YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"N078: forgives the skew of a KB-JWT", SKEW_EARLY,
     {.kb_payload = SD_KB_IAT("\"iat\":1795000060,")}, 0, 0, YAO_OK},
    {"N078: forgives the skew of a KB-JWT, not more", SKEW_EARLY,
     {.kb_payload = SD_KB_IAT("\"iat\":1795000061,")}, YAO_CHECK_KB_TIME,
     YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"N078: never forgives the age of a KB-JWT by the skew", SKEW_EARLY,
     {.kb_payload = SD_KB_IAT("\"iat\":1794999699,")}, YAO_CHECK_KB_TIME,
     YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"accepts an older KB-JWT when the caller says so", LONG_AGE,
     {.kb_payload = SD_KB_IAT("\"iat\":1794999000,")}, 0, 0, YAO_OK},
    {"accepts a plain SD-JWT of any typ", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\",\"typ\":\"example+sd-jwt\"}",
      .payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1800000000]"}}, 0, 0, YAO_OK},
    {"accepts a plain SD-JWT without typ", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\"}",
      .payload = "{\"cnf\":{\"jwk\":@K}}"}, 0, 0, YAO_OK},
    {"gives the typ of a plain SD-JWT without one as absent", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\"}",
      .payload = "{\"cnf\":{\"jwk\":@K}}"}, YAO_CHECK_TYPE_HEADER,
     YAO_OUTCOME_ABSENT, YAO_OK},
    {"refuses a plain SD-JWT of typ kb+jwt", PLAIN_SDJWT,
     {.header = "{\"alg\":\"ES256\",\"typ\":\"kb+jwt\"}"},
     YAO_CHECK_TYPE_HEADER, YAO_OUTCOME_FAIL, YAO_E_MISMATCH},
    {"N064: refuses a disclosed exp that is over", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"exp\",1700000000]"}},
     YAO_CHECK_VALIDITY, YAO_OUTCOME_FAIL, YAO_E_EXPIRED},
    {"N064: refuses a disclosed nbf that has not come", PLAIN_SDJWT,
     {.payload = "{\"cnf\":{\"jwk\":@K},\"_sd\":[\"#0\"]}",
      .disclosures = {"[\"s\",\"nbf\",1795000001]"}},
     YAO_CHECK_VALIDITY, YAO_OUTCOME_FAIL, YAO_E_NOT_YET_VALID},
    {"never takes a status that it does not know for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"other\":1}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
    {"N122 refuses a negative index", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":-1,\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"N122 refuses an index with a fraction", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":1.5,\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"N122 refuses an index with an exponent", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":1e0,\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"N122 refuses an index that is a string", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":\"5\",\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"N122 refuses an index above all numbers", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":9223372036854775808,\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"N122 refuses a status without index", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"uri\":\"https://s.example\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"refuses a status without uri", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":{\"idx\":1}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"refuses a status with a number as uri", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":1,\"uri\":1}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"refuses a status with an empty uri", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":"
                 "{\"idx\":1,\"uri\":\"\"}}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"refuses a status list that is no object", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":{\"status_list\":5}}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_FAIL, YAO_E_VALUE},
    {"never takes a status that is null for none", PLAIN_SDJWT,
     {.payload = "{" SD_CLAIMS ",\"status\":null}"},
     YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED},
};

static const yao_text other_types[] = {YAO_INIT("urn:yaopai:other:1")};
static const yao_text right_types[] = {YAO_INIT("urn:yaopai:other:1"),
                                       YAO_INIT("urn:yaopai:specimen:1")};

static void arrange_anchors(enum ask ask, yao_anchor *a,
                            yao_sdjwt_verify_options *o)
{
    if (ask == NO_ANCHORS)
        o->anchor_count = 0;
    if (ask == READER_ANCHOR)
        a[0].role = YAO_ROLE_READER;
    if (ask == ZERO_ANCHOR)
        a[0] = (yao_anchor){.role = YAO_ROLE_NONE};
    if (ask == CERT_ANCHOR_ONLY) {
        a[0].key         = (yao_public_key){.curve = YAO_CURVE_NONE};
        a[0].certificate = YAO_LIT("\x30\x00");
    }
    if (ask == BOTH_KINDS)
        a[0].certificate = YAO_LIT("\x30\x00");
    if (ask == TWO_CURVES) {
        a[1]            = a[0];
        a[1].key        = yao_openssl_key_public(test_key(0, YAO_ES384));
        o->anchor_count = 2;
    }
    if (ask == EMPTY_ANCHOR)
        a[0] = (yao_anchor){.role = YAO_ROLE_ISSUER};
    if (ask == OTHER_SCOPE || ask == MIXED_SCOPE || ask == PLAIN_SCOPED) {
        a[0].types      = other_types;
        a[0].type_count = 1;
    }
    if (ask == RIGHT_SCOPE) {
        a[0].types      = right_types;
        a[0].type_count = 2;
    }
    if (ask == TWO_WRONG_KEYS)
        a[0] = sd_anchor(3);
    if (ask == TWO_KEYS || ask == TWO_WRONG_KEYS || ask == MIXED_SCOPE) {
        a[1]            = a[0];
        a[0]            = sd_anchor(SD_OTHER);
        o->anchor_count = 2;
    }
    if (ask == NINE_KEYS) {
        for (size_t i = 1; i < 9; i++)
            a[i] = sd_anchor(SD_OTHER);
        o->anchor_count = 9;
    }
}

static void arrange(enum ask ask, yao_anchor *a, yao_sdjwt_verify_options *o)
{
    arrange_anchors(ask, a, o);
    if (ask == PLAIN_SDJWT || ask == PLAIN_SCOPED)
        o->vc = false;
    if (ask == NO_BINDING || ask == NO_BINDING_NO_KB || ask == STRICT_NO_CNF)
        o->no_binding = true;
    if (ask == NO_NONCE || ask == NO_NONCE_NO_KB)
        o->nonce.len = 0;
    if (ask == NO_AUDIENCE)
        o->audience.len = 0;
    if (ask == SKEW_EARLY || ask == SKEW_OVER)
        o->skew = 60;
    if (ask == LONG_AGE)
        o->kb_max_age = 1000;
    o->strict = ask == STRICT_NO_CNF;
}

static void asked(void **state)
{
    const struct ask_row    *r = *state;
    yao_anchor               anchors[9] = {sd_anchor(SD_ISSUER)};
    yao_sdjwt_verify_options o = sd_options(anchors);
    static sd_judged         j;

    arrange(r->ask, anchors, &o);
    yao_status got = sd_judge(sd_text(&r->token), &o, &j);
    assert_status(got, r->why);
    if (r->check == YAO_CHECK_NONE)
        return;
    const yao_report_row *row = sd_row(&j.report, r->check);
    assert_non_null(row);
    assert_int_equal(row->outcome, r->outcome);
    assert_status(row->why, r->why);
}

/* ---- the home ---- */

/* A good token whose home gives another answer. */
static const struct home_row {
    const char     *name;
    size_t          check; /* 0 issuer, 1 holder */
    yao_sig_outcome outcome;
    yao_status      want;
    yao_outcome     row;
} homes[] = {
    {"accepts both good", 0, YAO_SIG_GOOD, YAO_OK, YAO_OUTCOME_PASS},
    {"never passes an issuer that was not checked", 0, YAO_SIG_UNCHECKED,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
    {"never fails an issuer whose algorithm the home lacks", 0,
     YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
    {"refuses an issuer that is bad", 0, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE,
     YAO_OUTCOME_FAIL},
    {"never passes a holder that was not checked", 1, YAO_SIG_UNCHECKED,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
    {"never fails a holder whose algorithm the home lacks", 1,
     YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
    {"refuses a holder that is bad", 1, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE,
     YAO_OUTCOME_FAIL},
    {"never passes an answer that does not exist", 0, (yao_sig_outcome)9,
     YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
};

static void home(void **state)
{
    const struct home_row   *r      = *state;
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    assert_status(sd_judge(sd_text(&(sd_token){0}), &o, &j), YAO_OK);
    assert_int_equal(j.v.check_count, 2);
    j.report.count = 0;
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &o,
                                  &j.v, &j.report),
                  YAO_OK);
    for (size_t i = 0; i < 2; i++)
        j.v.checks[i].outcome = i == r->check ? r->outcome : YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report), r->want);
    const yao_report_row *row =
        sd_row(&j.report, r->check == 0 ? YAO_CHECK_ISSUER_SIGNATURE
                                        : YAO_CHECK_KB_SIGNATURE);
    assert_int_equal(row->outcome, r->row);
}

/* Two keys, one of which may have signed: what could not be checked may have
 * been it. */
static void two_keys(void **state)
{
    static const struct {
        yao_sig_outcome one, two;
        yao_status      want;
    } answers[] = {
        {YAO_SIG_BAD, YAO_SIG_GOOD, YAO_OK},
        {YAO_SIG_GOOD, YAO_SIG_BAD, YAO_OK},
        {YAO_SIG_GOOD, YAO_SIG_UNSUPPORTED, YAO_OK},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_GOOD, YAO_OK},
        {YAO_SIG_BAD, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_BAD, YAO_E_UNSUPPORTED},
        {YAO_SIG_BAD, YAO_SIG_UNCHECKED, YAO_E_CRYPTO}};
    yao_anchor anchors[2] = {sd_anchor(SD_OTHER), sd_anchor(SD_ISSUER)};
    yao_sdjwt_verify_options o    = sd_options(anchors);
    yao_bytes                text = sd_text(&(sd_token){0});
    static sd_judged         j;

    (void)state;
    o.anchor_count = 2;
    for (size_t i = 0; i < COUNT(answers); i++) {
        memset(&j, 0, sizeof j);
        assert_status(yao_sdjwt_parse(test_arena(), text, &j.input), YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input,
                                      &o, &j.v, &j.report),
                      YAO_OK);
        assert_int_equal(j.v.check_count, 3);
        j.v.checks[0].outcome = answers[i].one;
        j.v.checks[1].outcome = answers[i].two;
        j.v.checks[2].outcome = YAO_SIG_GOOD;
        assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                      answers[i].want);
    }
}

static yao_status broken_hash(void *ctx, yao_hash_alg alg,
                              const yao_bytes *parts, size_t count,
                              uint8_t *out)
{
    struct {
        int        left;
        yao_status status;
    } *plan = ctx;

    if (plan->left-- == 0)
        return plan->status;
    return test_crypto()->hash(test_crypto()->ctx, alg, parts, count, out);
}

/* The n-th hash fails, for every n; a home without the hash is no verdict. */
static void hash_fails(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    sd_token  t    = {.payload     = "{" SD_CLAIMS "," SD_D2 "}",
                      .disclosures = SD_NAMES};
    yao_bytes text = sd_text(&t);
    static sd_judged         j;
    struct {
        int        left;
        yao_status status;
    } plan;
    yao_crypto broken = {.ctx = &plan, .hash = broken_hash};

    (void)state;
    for (int n = 0; n < 3; n++) {
        plan.left   = n;
        plan.status = YAO_E_CRYPTO;
        assert_status(yao_sdjwt_parse(test_arena(), text, &j.input), YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), &broken, &j.input, &o,
                                      &j.v, &j.report),
                      YAO_E_CRYPTO);
    }
    plan.left      = 0;
    plan.status    = YAO_E_UNSUPPORTED;
    j.report.count = 0;
    assert_status(yao_sdjwt_begin(test_arena(), &broken, &j.input, &o, &j.v,
                                  &j.report),
                  YAO_OK);
    const yao_report_row *row = sd_row(&j.report, YAO_CHECK_DIGESTS);
    assert_int_equal(row->outcome, YAO_OUTCOME_UNKNOWN);
    assert_status(row->why, YAO_E_UNSUPPORTED);
    for (size_t i = 0; i < j.v.check_count; i++)
        j.v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_UNSUPPORTED);
}

/* ---- usage ---- */

static void usage(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options good   = sd_options(&anchor), o;
    static sd_judged         j;
    yao_bytes                text = sd_text(&(sd_token){0});

    (void)state;
    assert_status(sd_judge(text, &good, &j), YAO_OK);
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_USAGE);

    o     = good;
    o.now = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o.now = YAO_TIME_MAX + 1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o      = good;
    o.skew = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o.skew = 86401;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o            = good;
    o.kb_max_age = -1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);
    o.kb_max_age = YAO_TIME_MAX + 1;
    assert_status(sd_judge(text, &o, &j), YAO_E_USAGE);

    memset(&j, 0, sizeof j);
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_USAGE);
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &good,
                                  &j.v, &j.report),
                  YAO_E_USAGE);
}

/* What failed stays failed, although the caller brings an empty report. */
static void other_report(void **state)
{
    static const struct {
        enum ask   ask;
        sd_token   token;
        yao_status want;
    } begun[] = {{NO_ANCHORS, {0}, YAO_E_UNTRUSTED},
                 {TWO_KEYS, {.no_kb = true}, YAO_E_MISSING},
                 {NO_NONCE, {0}, YAO_E_USAGE},
                 {TWO_KEYS,
                  {.payload = "{" SD_BARE ",\"exp\":1}"}, YAO_E_EXPIRED}};
    static sd_judged j;

    (void)state;
    for (size_t i = 0; i < COUNT(begun); i++) {
        yao_anchor               anchors[9] = {sd_anchor(SD_ISSUER)};
        yao_sdjwt_verify_options o          = sd_options(anchors);
        yao_report               empty      = {.count = 0};

        arrange(begun[i].ask, anchors, &o);
        memset(&j, 0, sizeof j);
        assert_status(yao_sdjwt_parse(test_arena(), sd_text(&begun[i].token),
                                      &j.input),
                      YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input,
                                      &o, &j.v, &j.report),
                      YAO_OK);
        for (size_t k = 0; k < j.v.check_count; k++)
            j.v.checks[k].outcome = YAO_SIG_GOOD;
        assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &empty),
                      begun[i].want);
    }
}

static void full_report(void **state)
{
    yao_anchor               anchor = sd_anchor(SD_ISSUER);
    yao_sdjwt_verify_options o      = sd_options(&anchor);
    static sd_judged         j;

    (void)state;
    memset(&j, 0, sizeof j);
    for (size_t i = 0; i < YAO_MAX_REPORT_ROWS - 3; i++)
        yao_report_add(&j.report, 1, YAO_CHECK_STRUCTURE, YAO_OUTCOME_PASS,
                       YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), sd_text(&(sd_token){0}),
                                  &j.input),
                  YAO_OK);
    assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input, &o,
                                  &j.v, &j.report),
                  YAO_OK);
    for (size_t i = 0; i < j.v.check_count; i++)
        j.v.checks[i].outcome = YAO_SIG_GOOD;
    assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                  YAO_E_LIMIT);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("verify", asks[i].name, asked, &asks[i]);
    for (size_t i = 0; i < COUNT(homes); i++)
        test_add("conclude", homes[i].name, home, &homes[i]);
    test_add("conclude", "gives the best of what was said of several keys",
             two_keys, NULL);
    test_add("begin", "gives CRYPTO for every hash that fails, UNKNOWN for one "
                      "that is not there",
             hash_fails, NULL);
    test_add("begin", "gives USAGE for times out of range, conclude once only",
             usage, NULL);
    test_add("conclude", "refuses whatever report it is handed", other_report,
             NULL);
    test_add("conclude", "never accepts a report that lost rows", full_report,
             NULL);

    return test_run("sdjwt/options");
}
