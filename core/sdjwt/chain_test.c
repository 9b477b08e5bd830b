/* SPDX-License-Identifier: Apache-2.0 */

/* Issuers with certificates: group G as far as an SD-JWT can break it. The
 * paths themselves are the matter of x509/path_test.c. */

#include "forge.h"
#include "sdtoken.h"
#include "sdjwt/verify.h"

enum { ROOT = 0, SIGNER = 1, OTHER_ROOT = 2, READER = 3, MIDDLE = 4 };

typedef struct scene {
    yao_bytes  root, signer;
    yao_anchor anchor;
    sd_token   token;
    char       header[8192];
} scene;

typedef void (*turn)(scene *s);

static void put_header(scene *s, const yao_bytes *chain, size_t count)
{
    yao_writer w = yao_writer_open((uint8_t *)s->header, sizeof s->header);

    yao_put_text(&w, "{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",");
    yao_jws_put_x5c(&w, chain, count);
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)"}", 2});
    assert_status(w.status, YAO_OK);
    s->token.header = s->header;
}

static yao_bytes make_signer(yao_bytes root, const char *uri, const char *dns)
{
    yao_certificate issuer;

    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_SIGNER, SIGNER, &issuer);
    q.san_uri          = yao_text_of(uri);
    q.san_dns          = yao_text_of(dns);
    return forge_write(&q, ROOT);
}

static void use_signer(scene *s, const char *uri, const char *dns)
{
    s->signer = make_signer(s->root, uri, dns);
    put_header(s, &s->signer, 1);
}

static void set(scene *s)
{
    memset(s, 0, sizeof *s);
    s->root   = forge_make(YAO_X509_ROOT, ROOT, (yao_bytes){NULL, 0}, 0);
    s->anchor = (yao_anchor){.certificate = s->root, .role = YAO_ROLE_ISSUER};
    s->token.issuer_key = forge_key(SIGNER);
    use_signer(s, "https://issuer.example", NULL);
}

/* ---- what is done to a good scene ---- */

static void nothing(scene *s)
{
    (void)s;
}

static void by_dns(scene *s)
{
    use_signer(s, NULL, "issuer.example");
}

static void by_dns_of_all_letters(scene *s)
{
    use_signer(s, NULL, "az-09.example");
    s->token.payload = "{\"vct\":\"urn:yaopai:specimen:1\","
                       "\"cnf\":{\"jwk\":@K},\"iss\":\"https://az-09.example\"}";
}

static void other_uri(scene *s)
{
    use_signer(s, "https://other.example", "other.example");
}

static void longer_uri(scene *s)
{
    use_signer(s, "https://issuer.example/", NULL);
}

static void parent_dns(scene *s)
{
    use_signer(s, NULL, "example");
}

static void no_names(scene *s)
{
    use_signer(s, NULL, NULL);
}

#define ISS(name, iss)                                                         \
    static void name(scene *s)                                                 \
    {                                                                          \
        use_signer(s, "urn:yaopai:issuer:1", "issuer.example");                \
        s->token.payload = "{\"vct\":\"urn:yaopai:specimen:1\",\"cnf\":"       \
                           "{\"jwk\":@K}" iss "}";                             \
    }
ISS(iss_absent, "")
ISS(iss_urn, ",\"iss\":\"urn:yaopai:issuer:1\"")
ISS(iss_other_urn, ",\"iss\":\"urn:yaopai:issuer:2\"")
ISS(iss_path, ",\"iss\":\"https://issuer.example/tenant\"")
ISS(iss_http, ",\"iss\":\"http://issuer.example\"")
ISS(iss_user, ",\"iss\":\"https://issuer.example@evil.example\"")
ISS(iss_port, ",\"iss\":\"https://issuer.example:8443\"")
ISS(iss_scheme, ",\"iss\":\"HTTPS://issuer.example\"")
ISS(iss_query, ",\"iss\":\"https://issuer.example?x\"")
ISS(iss_tilde, ",\"iss\":\"https://issuer.example~\"")
ISS(iss_capitals, ",\"iss\":\"https://ISSUER.example\"")
ISS(iss_longer, ",\"iss\":\"https://issuer.example.evil.example\"")
ISS(iss_sub, ",\"iss\":\"https://evil.issuer.example\"")
ISS(iss_empty_host, ",\"iss\":\"https:///issuer.example\"")
ISS(iss_empty, ",\"iss\":\"\"")

static void other_root(scene *s)
{
    s->anchor.certificate =
        forge_make(YAO_X509_ROOT, OTHER_ROOT, (yao_bytes){NULL, 0}, 0);
}

static void reader_role(scene *s)
{
    s->anchor.role = YAO_ROLE_READER;
}

static void reader_leaf(scene *s)
{
    yao_bytes reader = forge_make(YAO_X509_READER, READER, s->root, ROOT);

    put_header(s, &reader, 1);
    s->token.issuer_key = forge_key(READER);
    s->token.payload    = "{\"vct\":\"urn:yaopai:specimen:1\",\"cnf\":"
                          "{\"jwk\":@K}}"; /* it has no issuer's name */
}

static void bare_key(scene *s)
{
    s->anchor = (yao_anchor){.key  = yao_openssl_key_public(forge_key(SIGNER)),
                             .role = YAO_ROLE_ISSUER};
}

static void root_included(scene *s)
{
    yao_bytes chain[2] = {s->signer, s->root};

    put_header(s, chain, 2);
}

static void not_a_certificate(scene *s)
{
    yao_bytes chain[1] = {YAO_LIT("\x30\x00")};

    put_header(s, chain, 1);
}

static void other_key_signs(scene *s)
{
    s->token.issuer_key = forge_key(OTHER_ROOT);
}

static void forged_certificate(scene *s)
{
    yao_certificate issuer;

    assert_status(yao_x509_read(s->root, &issuer), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_SIGNER, SIGNER, &issuer);
    q.san_uri          = YAO_TEXT("https://issuer.example");
    s->signer          = forge_write(&q, OTHER_ROOT);
    put_header(s, &s->signer, 1);
}

/* Expired at SD_NOW, by the root or by a stranger who uses its name. */
static void expire(scene *s, int key)
{
    forge f;

    forge_open(&f, s->signer);
    f.dates   = forge_dates(SD_NOW - 20 * YAO_TIME_DAY,
                            SD_NOW - 10 * YAO_TIME_DAY);
    s->signer = forge_close(&f, forge_key(key));
    put_header(s, &s->signer, 1);
}

static void expired(scene *s)
{
    expire(s, ROOT);
}

static void forged_and_expired(scene *s)
{
    expire(s, OTHER_ROOT);
}

static void pinned(scene *s)
{
    s->anchor.certificate = s->signer;
}

#define TYPELESS                                                               \
    "{\"iss\":\"https://issuer.example\",\"cnf\":{\"jwk\":@K}}"

static const yao_text other_types[] = {YAO_INIT("urn:yaopai:other:1")};
static const yao_text right_types[] = {YAO_INIT("urn:yaopai:specimen:1")};

static void other_scope(scene *s)
{
    s->anchor.types      = other_types;
    s->anchor.type_count = 1;
}

static void right_scope(scene *s)
{
    s->anchor.types      = right_types;
    s->anchor.type_count = 1;
}

static void no_type(scene *s)
{
    right_scope(s);
    s->token.payload = TYPELESS;
}

static void es384_header(scene *s)
{
    for (char *c = s->header; *c != '\0'; c++)
        if (memcmp(c, "ES256", 5) == 0) {
            memcpy(c, "ES384", 5);
            return;
        }
}

static const struct row {
    const char *name;
    turn        how;
    yao_check   failed; /* NONE: accepted */
    yao_status  why;
} rows[] = {
    {"accepts a signer whose certificate names iss", nothing, 0, YAO_OK},
    {"accepts a signer whose certificate names iss's host", by_dns, 0, YAO_OK},
    {"accepts a host of every letter", by_dns_of_all_letters, 0, YAO_OK},
    {"accepts an iss with a path below the host", iss_path, 0, YAO_OK},
    {"accepts an iss that is a name and no address", iss_urn, 0, YAO_OK},
    {"accepts a token without iss", iss_absent, 0, YAO_OK},
    {"accepts a signer that was pinned", pinned, 0, YAO_OK},
    {"accepts a type that the root may issue", right_scope, 0, YAO_OK},
    {"N103: refuses the iss of another issuer", other_uri,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses an iss that is only the beginning of the name", longer_uri,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses an iss below the host that is named", parent_dns,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses any iss from a signer without names", no_names,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses another name", iss_other_urn, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses http", iss_http, YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses a user that looks like a host", iss_user,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses a port", iss_port, YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses a letter that no host has", iss_tilde,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses a scheme in capitals", iss_scheme, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses a query", iss_query, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses capitals", iss_capitals, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses a host with more behind", iss_longer,
     YAO_CHECK_ISSUER_NAME, YAO_E_MISMATCH},
    {"N103: refuses a host with more before", iss_sub, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses an empty host", iss_empty_host, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"N103: refuses an empty iss", iss_empty, YAO_CHECK_ISSUER_NAME,
     YAO_E_MISMATCH},
    {"refuses another root", other_root, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_UNTRUSTED},
    {"N102: refuses a root of readers", reader_role, YAO_CHECK_ISSUER_ANCHORS,
     YAO_E_UNTRUSTED},
    {"N102: refuses a reader as the signer", reader_leaf,
     YAO_CHECK_CHAIN_PROFILE, YAO_E_PROFILE},
    {"refuses a bare key for a token with a certificate", bare_key,
     YAO_CHECK_ISSUER_ANCHORS, YAO_E_UNTRUSTED},
    {"N100: refuses the root in x5c", root_included, YAO_CHECK_ISSUER_CHAIN,
     YAO_E_UNTRUSTED},
    {"refuses what is no certificate", not_a_certificate,
     YAO_CHECK_ISSUER_CHAIN, YAO_E_TRUNCATED},
    {"refuses a token that another key signed", other_key_signs,
     YAO_CHECK_ISSUER_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"refuses a certificate that another root signed", forged_certificate,
     YAO_CHECK_CHAIN_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N105: refuses an expired signer, whose signature is checked all the same",
     expired, YAO_CHECK_CHAIN_VALIDITY, YAO_E_EXPIRED},
    {"N105: refuses an expired signer that another root signed, for both",
     forged_and_expired, YAO_CHECK_CHAIN_SIGNATURE, YAO_E_BAD_SIGNATURE},
    {"N104: refuses a type that the root may not issue", other_scope,
     YAO_CHECK_ISSUER_SCOPE, YAO_E_NOT_AUTHORISED},
    {"N104: refuses a token without a type from a root limited to some",
     no_type, YAO_CHECK_ISSUER_SCOPE, YAO_E_NOT_AUTHORISED},
    {"N052: refuses ES384 where the signer's key is on P-256", es384_header,
     YAO_CHECK_ALGORITHM, YAO_E_ALGORITHM},
};

/* One check alone, but where the change breaks two rules at once. */
static bool may_fail(const struct row *r, yao_check check)
{
    return check == r->failed ||
           (r->how == forged_and_expired &&
            check == YAO_CHECK_CHAIN_VALIDITY) ||
           (r->how == no_type && check == YAO_CHECK_REQUIRED_CLAIMS);
}

/* Nobody's algorithm and signature could be looked at, and it is said why. */
static void no_key(const yao_report *report, yao_status why)
{
    static const yao_check checks[] = {YAO_CHECK_ALGORITHM,
                                       YAO_CHECK_ISSUER_SIGNATURE};

    for (size_t i = 0; i < COUNT(checks); i++) {
        const yao_report_row *row = sd_row(report, checks[i]);

        assert_non_null(row);
        assert_int_equal(row->outcome, YAO_OUTCOME_UNKNOWN);
        assert_status(row->why, why);
    }
}

static void judged(void **state)
{
    const struct row        *r = *state;
    static scene             s;
    static sd_judged         j;
    yao_sdjwt_verify_options o;

    set(&s);
    r->how(&s);
    o = sd_options(&s.anchor);
    yao_status got = sd_judge(sd_text(&s.token), &o, &j);
    if ((got == YAO_OK) != (r->why == YAO_OK))
        sd_print(&j.report);
    if (r->why == YAO_OK) {
        assert_status(got, YAO_OK);
        assert_ptr_equal(j.verified.signer, &j.v.path.leaf);
        return;
    }
    assert_true(got != YAO_OK);
    for (size_t i = 0; i < j.report.count; i++)
        if (j.report.rows[i].outcome == YAO_OUTCOME_FAIL &&
            !may_fail(r, j.report.rows[i].check)) {
            sd_print(&j.report);
            fail_msg("%s fails too", yao_check_name(j.report.rows[i].check));
        }
    const yao_report_row *row = sd_row(&j.report, r->failed);
    assert_non_null(row);
    assert_int_equal(row->outcome, YAO_OUTCOME_FAIL);
    assert_status(row->why, r->why);
    if (r->how == not_a_certificate)
        no_key(&j.report, r->why);
}

static yao_status take_begin(yao_arena *arena, void *context)
{
    static scene     s;
    static sd_judged j;
    sd_token        *t = context;

    memset(&j, 0, sizeof j);
    set(&s);
    t->header     = s.header;
    t->issuer_key = s.token.issuer_key;
    yao_sdjwt_verify_options o = sd_options(&s.anchor);
    YAO_TRY(yao_sdjwt_parse(arena, sd_text(t), &j.input));
    YAO_TRY(yao_sdjwt_begin(arena, test_crypto(), &j.input, &o, &j.v,
                            &j.report));
    for (size_t i = 0; i < j.report.count; i++)
        if (j.report.rows[i].why == YAO_E_SPACE)
            return YAO_E_USAGE; /* our want of room is no fault of the token */
    return YAO_OK;
}

static void every_arena(void **state)
{
    sd_token t = {.payload = "{\"vct\":\"urn:yaopai:specimen:1\",\"cnf\":"
                             "{\"jwk\":@K},\"iss\":\"\\u0068ttps://an.issuer."
                             "with.a.name.that.never.fits.by.luck.example\"}"};

    (void)state;
    test_every_arena(take_begin, &t, 32768);
}

/* A home that lacks the root's algorithm has no verdict; one bad signature in
 * the chain is one all the same. */
static void chain_outcomes(void **state)
{
    static const struct {
        yao_sig_outcome outcome;
        yao_status      why;
        yao_outcome     row;
    } answers[] = {
        {YAO_SIG_UNSUPPORTED, YAO_E_UNSUPPORTED, YAO_OUTCOME_UNKNOWN},
        {YAO_SIG_UNCHECKED, YAO_E_CRYPTO, YAO_OUTCOME_UNKNOWN},
        {YAO_SIG_BAD, YAO_E_BAD_SIGNATURE, YAO_OUTCOME_FAIL},
        {YAO_SIG_GOOD, YAO_OK, YAO_OUTCOME_PASS}};
    static scene     s;
    static sd_judged j;

    (void)state;
    set(&s);
    yao_sdjwt_verify_options o    = sd_options(&s.anchor);
    yao_bytes                text = sd_text(&s.token);
    for (size_t i = 0; i < COUNT(answers); i++) {
        memset(&j, 0, sizeof j);
        assert_status(yao_sdjwt_parse(test_arena(), text, &j.input), YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input,
                                      &o, &j.v, &j.report),
                      YAO_OK);
        assert_int_equal(j.v.check_count, 3);
        for (size_t k = 0; k < 3; k++)
            j.v.checks[k].outcome = k == 0 ? answers[i].outcome : YAO_SIG_GOOD;
        assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                      answers[i].why);
        assert_int_equal(sd_row(&j.report, YAO_CHECK_CHAIN_SIGNATURE)->outcome,
                         answers[i].row);
    }
}

/* Root, a CA between, signer: of a chain every signature counts, a wrong one
 * before one that could not be checked. */
static void three(scene *s)
{
    forge f;

    set(s);
    forge_open(&f, s->root);
    forge_set(&f, FORGE_CONSTRAINTS, "30060101ff020101");
    s->root               = forge_close(&f, forge_key(ROOT));
    s->anchor.certificate = s->root;

    forge_open(&f, forge_make(YAO_X509_SIGNER, MIDDLE, s->root, ROOT));
    f.subject = forge_name("UT", NULL, "SPECIMEN middle");
    forge_drop(&f, FORGE_EKU);
    forge_set(&f, FORGE_KEY_USAGE, "03020106");
    forge_add(&f, FORGE_CONSTRAINTS, true, "30060101ff020100");
    yao_bytes middle = forge_close(&f, forge_key(ROOT));

    forge_open(&f, s->signer);
    f.issuer = forge_name("UT", NULL, "SPECIMEN middle");
    forge_drop(&f, FORGE_AKI);
    yao_bytes chain[2] = {forge_close(&f, forge_key(MIDDLE)), middle};
    put_header(s, chain, 2);
}

static void two_in_a_chain(void **state)
{
    static const struct {
        yao_sig_outcome one, two;
        yao_status      want;
    } answers[] = {
        {YAO_SIG_GOOD, YAO_SIG_GOOD, YAO_OK},
        {YAO_SIG_GOOD, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_BAD, YAO_SIG_GOOD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_BAD, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_BAD, YAO_SIG_UNSUPPORTED, YAO_E_BAD_SIGNATURE},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_GOOD, YAO_E_UNSUPPORTED},
        {YAO_SIG_GOOD, YAO_SIG_UNCHECKED, YAO_E_CRYPTO},
        {YAO_SIG_UNSUPPORTED, YAO_SIG_UNCHECKED, YAO_E_UNSUPPORTED}};
    static scene     s;
    static sd_judged j;

    (void)state;
    three(&s);
    yao_sdjwt_verify_options o    = sd_options(&s.anchor);
    yao_bytes                text = sd_text(&s.token);
    assert_status(sd_judge(text, &o, &j), YAO_OK);
    for (size_t i = 0; i < COUNT(answers); i++) {
        memset(&j, 0, sizeof j);
        assert_status(yao_sdjwt_parse(test_arena(), text, &j.input), YAO_OK);
        assert_status(yao_sdjwt_begin(test_arena(), test_crypto(), &j.input,
                                      &o, &j.v, &j.report),
                      YAO_OK);
        assert_int_equal(j.v.check_count, 4);
        for (size_t k = 2; k < 4; k++)
            j.v.checks[k].outcome = YAO_SIG_GOOD;
        j.v.checks[0].outcome = answers[i].one;
        j.v.checks[1].outcome = answers[i].two;
        assert_status(yao_sdjwt_conclude(&j.v, &j.verified, &j.report),
                      answers[i].want);
    }
}

/* The names of a certificate that was put together by hand. */
static void odd_names(void **state)
{
    yao_text iss = YAO_TEXT("https://a.b");

    (void)state;
    assert_true(yao_x509_names_issuer(YAO_LIT("\x82\x03" "a.b"), iss));
    assert_true(yao_x509_names_issuer(YAO_LIT("\x81\x01x\x82\x03" "a.b"),
                                       iss));
    assert_false(yao_x509_names_issuer(YAO_LIT(""), iss));
    assert_false(yao_x509_names_issuer(YAO_LIT("\x82\x04" "a.b"), iss));
    assert_false(yao_x509_names_issuer(YAO_LIT("\x82"), iss));
    assert_true(yao_x509_names_issuer(YAO_LIT("\x86\x0b" "https://a.b"),
                                       iss));
    assert_false(yao_x509_names_issuer(YAO_LIT("\x81\x0b" "https://a.b"),
                                        iss));
    assert_false(yao_x509_names_issuer(YAO_LIT("\x81\x03" "a.b"), iss));
    assert_false(yao_x509_names_issuer(YAO_LIT("\x82\x00"),
                                        YAO_TEXT("https://")));
}

static void names_host(void **state)
{
    yao_text host = YAO_TEXT("a.b");

    (void)state;
    assert_true(yao_x509_names_host(YAO_LIT("\x82\x03" "a.b"), host));
    assert_true(yao_x509_names_host(YAO_LIT("\x81\x01x\x82\x03" "a.b"), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x82\x03" "*.b"), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x82\x03" "A.b"), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x82\x05" "a.b.c"), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x86\x03" "a.b"), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x82\x04" "a.b"), host));
    assert_false(yao_x509_names_host(YAO_LIT(""), host));
    assert_false(yao_x509_names_host(YAO_LIT("\x82\x00"), YAO_TEXT("")));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("verify with x5c", rows[i].name, judged, &rows[i]);
    test_add("begin", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("conclude", "gives a chain what the home said of it",
             chain_outcomes, NULL);
    test_add("conclude", "gives a chain of two the worst that was said",
             two_in_a_chain, NULL);
    test_add("names_issuer", "refuses names that are cut or of another kind",
             odd_names, NULL);

    test_add("names_host", "refuses all names but that one", names_host, NULL);
    return test_run("sdjwt/chain");
}
