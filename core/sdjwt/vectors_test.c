/* SPDX-License-Identifier: Apache-2.0 */

/* The tokens of RFC 9901 and of SD-JWT VC, with the keys of their settings. */

#include "sdtoken.h"

enum { RFC = 0, VC = 1 };

static const struct source {
    const char *settings, *audience;
    yao_time    now; /* the second of the KB-JWTs */
} sources[] = {
    [RFC] = {"sd-jwt-rfc9901/specs/settings.yml",
             "https://verifier.example.org", 1748536865},
    [VC]  = {"sd-jwt-vc/specs/settings.yml", "https://example.com/verifier",
             1787325881},
};

static const struct row {
    const char *name;
    int         source;
    const char *path;
    bool        vc, kb;
    size_t      disclosures;
    const char *claim, *value; /* something that was disclosed */
} rows[] = {
    {"accepts RFC 9901 5.1, issued", RFC,
     "sd-jwt-rfc9901/serialized/02_5_1_Issuance.txt", false, false, 10,
     "given_name", "\"John\""},
    {"accepts RFC 9901 5.2, shown", RFC,
     "sd-jwt-rfc9901/serialized/03_5_2_Presentation.txt", false, true, 4,
     "nationalities", "[\"US\"]"},
    {"accepts RFC 9901 A.1", RFC,
     "sd-jwt-rfc9901/serialized/04_A_1_Simple_Structured_SD_JWT.txt", false,
     false, 2, "address",
     "{\"region\":\"\\u6e2f\\u533a\",\"country\":\"JP\"}"},
    {"accepts RFC 9901 A.2", RFC,
     "sd-jwt-rfc9901/serialized/05_A_2_Complex_Structured_SD_JWT.txt", false,
     false, 6, "verified_claims",
     "{\"verification\":{\"trust_framework\":\"de_aml\",\"evidence\":"
     "[{\"method\":\"pipp\"}],\"time\":\"2012-04-23T18:25Z\"},\"claims\":"
     "{\"given_name\":\"Max\",\"family_name\":\"M\\u00fcller\",\"address\":"
     "{\"locality\":\"Maxstadt\",\"postal_code\":\"12344\",\"country\":\"DE\","
     "\"street_address\":\"Weidenstra\\u00dfe 22\"}}}"},
    {"accepts RFC 9901 A.3, issued", RFC,
     "sd-jwt-rfc9901/serialized/"
     "06_A_3_SD_JWT_based_Verifiable_Credentials_SD_JWT_VC.txt", true, false,
     27, "family_name", "\"Mustermann\""},
    {"accepts RFC 9901 A.3, shown", RFC,
     "sd-jwt-rfc9901/serialized/"
     "07_A_3_SD_JWT_based_Verifiable_Credentials_SD_JWT_VC.txt", true, true, 3,
     "age_equal_or_over", "{\"18\":true}"},
    {"accepts RFC 9901 A.4, issued", RFC,
     "sd-jwt-rfc9901/serialized/"
     "08_A_4_W3C_Verifiable_Credentials_Data_Model_v2_0.txt", false, false, 14,
     NULL, NULL},
    {"accepts RFC 9901 A.4, shown", RFC,
     "sd-jwt-rfc9901/serialized/"
     "09_A_4_W3C_Verifiable_Credentials_Data_Model_v2_0.txt", false, true, 4,
     NULL, NULL},
    {"accepts SD-JWT VC 2.3.1, issued", VC,
     "sd-jwt-vc/serialized/01_2_3_1_Issuance.txt", true, false, 9,
     "is_over_65", "true"},
    {"accepts SD-JWT VC 2.3.2, shown", VC,
     "sd-jwt-vc/serialized/02_2_3_2_Presentation.txt", true, true, 2,
     "is_over_65", "true"},
    {"accepts SD-JWT VC 2.3.2 without a holder", VC,
     "sd-jwt-vc/serialized/03_2_3_2_Presentation.txt", true, false, 2,
     "is_over_65", "true"},
    {"accepts SD-JWT VC A.1, issued", VC,
     "sd-jwt-vc/serialized/"
     "04_A_1_Example_Person_Identification_Data_PID_Credent.txt", true, false,
     28, "family_name", "\"Holmgren\""},
    {"accepts SD-JWT VC A.1, shown", VC,
     "sd-jwt-vc/serialized/"
     "05_A_1_Example_Person_Identification_Data_PID_Credent.txt", true, true,
     3, "age_equal_or_over", "{\"18\":true}"},
};

/* What stands behind NAME in the settings: a word of YAML. */
static yao_bytes setting(yao_bytes text, const char *section, const char *name)
{
    yao_bytes   z     = test_join((yao_bytes[]){text, YAO_LIT("\0"), {0}});
    const char *start = strstr((const char *)z.ptr, section);

    assert_non_null(start);
    start = strstr(start, name);
    assert_non_null(start);
    start += strlen(name);
    start += strspn(start, " \"");
    return (yao_bytes){(const uint8_t *)start, strcspn(start, "\" \n")};
}

static yao_public_key read_key(const struct source *s, const char *section)
{
    yao_bytes      text = test_vector(s->settings);
    yao_public_key key  = {0};
    yao_bytes      jwk  = test_join((yao_bytes[]){
        YAO_LIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""),
        setting(text, section, " x:"), YAO_LIT("\",\"y\":\""),
        setting(text, section, " y:"), YAO_LIT("\"}"), {0}});

    assert_status(yao_jwk_read(test_json(jwk), test_arena(), &key), YAO_OK);
    return key;
}

static yao_bytes token_of(const char *path)
{
    yao_bytes text = test_vector(path);

    while (text.len > 0 && text.ptr[text.len - 1] == '\n')
        text.len--;
    return text;
}

static yao_sdjwt_verify_options options_for(const struct row *r,
                                            yao_anchor       *anchor)
{
    const struct source *s = &sources[r->source];

    *anchor = (yao_anchor){.key  = read_key(s, "issuer_key"),
                           .role = YAO_ROLE_ISSUER};
    return (yao_sdjwt_verify_options){
        .anchors      = anchor,
        .anchor_count = 1,
        .now          = s->now,
        .vc           = r->vc,
        .no_binding   = !r->kb,
        .nonce        = YAO_TEXT("1234567890"),
        .audience     = yao_text_of(s->audience)};
}

static void accepts(void **state)
{
    const struct row *r = *state;
    yao_anchor        anchor;
    static sd_judged  j;

    if (!test_have_vectors())
        skip();
    yao_sdjwt_verify_options o = options_for(r, &anchor);
    yao_status               got = sd_judge(token_of(r->path), &o, &j);
    if (got != YAO_OK)
        sd_print(&j.report);
    assert_status(got, YAO_OK);
    assert_int_equal(j.input.disclosure_count, r->disclosures);
    assert_int_equal(j.verified.bound, r->kb);
    if (r->kb) {
        yao_public_key holder = read_key(&sources[r->source], "holder_key");
        assert_memory_equal(&j.verified.holder_key, &holder, sizeof holder);
    }
    if (r->claim == NULL)
        return;
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  text, want = {(const uint8_t *)r->value, strlen(r->value)};
    yao_json_put_value(&w, yao_json_get(j.verified.payload, r->claim));
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, want);
}

/* One bit of every byte, another one each time: no byte may be changed. */
static void every_byte(void **state)
{
    const struct row *r = *state;
    yao_anchor        anchor;
    static sd_judged  j;

    if (!test_have_vectors())
        skip();
    yao_sdjwt_verify_options o    = options_for(r, &anchor);
    yao_bytes                good = token_of(r->path);
    uint8_t                 *copy = malloc(good.len);
    size_t                   used = test_arena()->used;

    assert_non_null(copy);
    memcpy(copy, good.ptr, good.len);
    for (size_t at = 0; at < good.len; at++) {
        copy[at]       = (uint8_t)(copy[at] ^ 1 << at % 8);
        yao_status got = sd_judge((yao_bytes){copy, good.len}, &o, &j);
        copy[at]       = good.ptr[at];
        test_arena()->used = used;
        if (got == YAO_OK) {
            free(copy);
            fail_msg("byte %zu may be changed", at);
        }
    }
    free(copy);
}

/* Each presentation with one input of the verifier's wrong. */
static void wrong_inputs(void **state)
{
    const struct row *r = *state;
    yao_anchor        anchor;
    static sd_judged  j;

    if (!test_have_vectors() || !r->kb)
        skip();
    yao_sdjwt_verify_options good = options_for(r, &anchor), o = good;
    yao_bytes                text = token_of(r->path);

    o.nonce = YAO_TEXT("1234567891");
    assert_status(sd_judge(text, &o, &j), YAO_E_MISMATCH);
    o          = good;
    o.audience = YAO_TEXT("https://verifier.example");
    assert_status(sd_judge(text, &o, &j), YAO_E_MISMATCH);
    o     = good;
    o.now = good.now + 301;
    assert_status(sd_judge(text, &o, &j), YAO_E_EXPIRED);
    o.now = good.now - 1;
    assert_status(sd_judge(text, &o, &j), YAO_E_NOT_YET_VALID);
    o          = good;
    anchor.key = read_key(&sources[r->source], "holder_key");
    assert_status(sd_judge(text, &o, &j), YAO_E_BAD_SIGNATURE);
}

/* 5.1 without disclosures is a JWS and no SD-JWT: there is no ~. */
static void bare_jwt(void **state)
{
    yao_sdjwt_unverified u;
    yao_public_key       key;
    yao_jws              jws;

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes text = token_of("sd-jwt-rfc9901/serialized/01_5_1_Issuance.txt");
    key            = read_key(&sources[RFC], "issuer_key");
    assert_status(yao_sdjwt_parse(test_arena(), text, &u), YAO_E_MALFORMED);
    assert_status(yao_jws_read(test_arena(), text, &jws), YAO_OK);
    assert_status(test_check(&jws, &key), YAO_OK);
}

/* What others issued we can show: the disclosures of 5.1 that 5.2 chose. */
static void shows(void **state)
{
    static const yao_text family[] = {YAO_INIT("family_name")};
    static const yao_text us[]     = {YAO_INIT("nationalities"), YAO_INIT("0")};
    yao_sdjwt_path        paths[]  = {{family, 1}, {us, 2}};
    yao_sdjwt_presenting  p;
    yao_sdjwt_unverified  shown;

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes stored =
        token_of("sd-jwt-rfc9901/serialized/02_5_1_Issuance.txt");
    assert_status(yao_sdjwt_present(test_arena(), test_crypto(), stored, paths,
                                    2, YAO_TEXT("n"), YAO_TEXT("a"), 1,
                                    YAO_ES256, &p),
                  YAO_OK);
    assert_status(yao_sdjwt_parse(test_arena(), p.shown, &shown), YAO_OK);
    assert_int_equal(shown.disclosure_count, 2);
    assert_true(yao_json_is(shown.disclosures[0].array->first->next,
                            "family_name"));
    assert_true(yao_json_is(shown.disclosures[1].array->first->next, "US"));
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("vectors", rows[i].name, accepts, &rows[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        if (rows[i].kb)
            test_add("refuses wrong inputs", rows[i].name, wrong_inputs,
                     &rows[i]);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("refuses one changed byte", rows[i].name, every_byte,
                 &rows[i]);
    test_add("vectors", "refuses a bare JWT as an SD-JWT", bare_jwt, NULL);
    test_add("vectors", "gives a presentation of what others issued", shows,
             NULL);

    return test_run("sdjwt/vectors");
}
