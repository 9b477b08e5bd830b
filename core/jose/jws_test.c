/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jose.h"

#include "token.h"

#define ROW(name, header, payload, want)                                       \
    {name, YAO_INIT(header), YAO_INIT(payload), want}

#define CERT "MAMCAQU=" /* any bytes: a chain is decoded here, not read */

/* Each is signed with the right key: only what the row says is wrong. */
static const struct row {
    const char *name;
    yao_bytes   header, payload;
    yao_status  want;
} rows[] = {
    ROW("accepts alg alone", "{\"alg\":\"ES256\"}", "{}", YAO_OK),
    ROW("accepts typ, kid and others",
        "{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"k\",\"cty\":\"x\","
        "\"x5t#S256\":\"y\"}",
        "{\"a\":1}", YAO_OK),
    ROW("accepts blanks in the header", "{ \"alg\" : \"ES256\" }\n", "{}",
        YAO_OK),
    ROW("accepts an escaped alg", "{\"\\u0061lg\":\"\\u0045S256\"}", "{}",
        YAO_OK),

    ROW("N050: refuses alg none", "{\"alg\":\"none\"}", "{}", YAO_E_ALGORITHM),
    ROW("N050: refuses alg None", "{\"alg\":\"None\"}", "{}", YAO_E_ALGORITHM),
    ROW("N050: refuses alg nOnE", "{\"alg\":\"nOnE\"}", "{}", YAO_E_ALGORITHM),
    ROW("N050: refuses an empty alg", "{\"alg\":\"\"}", "{}", YAO_E_ALGORITHM),
    ROW("refuses a header without alg", "{\"typ\":\"JWT\"}", "{}",
        YAO_E_ALGORITHM),
    ROW("N051: refuses HS256", "{\"alg\":\"HS256\"}", "{}", YAO_E_ALGORITHM),
    ROW("refuses RS256", "{\"alg\":\"RS256\"}", "{}", YAO_E_ALGORITHM),
    ROW("refuses es256 in small letters", "{\"alg\":\"es256\"}", "{}",
        YAO_E_ALGORITHM),
    ROW("refuses ES256 with a NUL behind", "{\"alg\":\"ES256\\u0000\"}", "{}",
        YAO_E_ALGORITHM),
    ROW("refuses an alg that is a number", "{\"alg\":256}", "{}",
        YAO_E_MALFORMED),
    ROW("refuses an alg that is null", "{\"alg\":null}", "{}",
        YAO_E_MALFORMED),
    ROW("refuses a list of algs", "{\"alg\":[\"ES256\"]}", "{}",
        YAO_E_MALFORMED),

    ROW("N084: refuses jku",
        "{\"alg\":\"ES256\",\"jku\":\"https://e.example\"}",
        "{}", YAO_E_HEADER),
    ROW("N084: refuses x5u",
        "{\"alg\":\"ES256\",\"x5u\":\"https://e.example\"}",
        "{}", YAO_E_HEADER),
    ROW("N084: refuses jku null", "{\"alg\":\"ES256\",\"jku\":null}", "{}",
        YAO_E_HEADER),
    ROW("N086: refuses crit of exp", "{\"alg\":\"ES256\",\"crit\":[\"exp\"]}",
        "{}", YAO_E_HEADER),
    ROW("N086: refuses an empty crit", "{\"alg\":\"ES256\",\"crit\":[]}", "{}",
        YAO_E_HEADER),
    ROW("N086: refuses crit of something unknown",
        "{\"alg\":\"ES256\",\"crit\":[\"x\"],\"x\":1}", "{}", YAO_E_HEADER),
    ROW("N086: refuses b64 false", "{\"alg\":\"ES256\",\"b64\":false}", "{}",
        YAO_E_HEADER),
    ROW("N086: refuses b64 true", "{\"alg\":\"ES256\",\"b64\":true}", "{}",
        YAO_E_HEADER),
    ROW("refuses crit with its name escaped",
        "{\"alg\":\"ES256\",\"\\u0063rit\":[\"exp\"]}", "{}", YAO_E_HEADER),

    ROW("N087: refuses a header that is an array", "[\"alg\"]", "{}",
        YAO_E_MALFORMED),
    ROW("N087: refuses a header that is a string", "\"ES256\"", "{}",
        YAO_E_MALFORMED),
    ROW("N087: refuses bytes behind the header", "{\"alg\":\"ES256\"}{}", "{}",
        YAO_E_TRAILING),
    ROW("N087: refuses a byte order mark", "\xef\xbb\xbf{\"alg\":\"ES256\"}",
        "{}", YAO_E_MALFORMED),
    ROW("N087: refuses alg twice", "{\"alg\":\"ES256\",\"alg\":\"ES256\"}",
        "{}", YAO_E_DUPLICATE),
    ROW("N067: refuses alg twice, one escaped",
        "{\"alg\":\"ES256\",\"\\u0061lg\":\"none\"}", "{}", YAO_E_DUPLICATE),
    ROW("refuses a header that is cut", "{\"alg\":\"ES256\"", "{}",
        YAO_E_TRUNCATED),
    ROW("refuses Latin-1 in the header", "{\"alg\":\"ES256\",\"a\":\"\xe9\"}",
        "{}", YAO_E_UTF8),

    ROW("N067: refuses a claim twice", "{\"alg\":\"ES256\"}",
        "{\"exp\":1,\"exp\":2}", YAO_E_DUPLICATE),
    ROW("refuses a payload that is an array", "{\"alg\":\"ES256\"}", "[]",
        YAO_E_MALFORMED),
    ROW("refuses an empty payload", "{\"alg\":\"ES256\"}", "",
        YAO_E_TRUNCATED),
    ROW("refuses bytes behind the payload", "{\"alg\":\"ES256\"}", "{} x",
        YAO_E_TRAILING),
    ROW("refuses Latin-1 in the payload", "{\"alg\":\"ES256\"}",
        "{\"a\":\"\xe9\"}", YAO_E_UTF8),

    ROW("refuses a typ that is a number", "{\"alg\":\"ES256\",\"typ\":1}", "{}",
        YAO_E_MALFORMED),
    ROW("refuses a kid that is an object", "{\"alg\":\"ES256\",\"kid\":{}}",
        "{}", YAO_E_MALFORMED),
    ROW("N085: accepts a kid that is a path, since nothing opens it",
        "{\"alg\":\"ES256\",\"kid\":\"../../etc/passwd\"}", "{}", YAO_OK),

    ROW("accepts an embedded jwk, which nothing trusts",
        "{\"alg\":\"ES256\",\"jwk\":{}}", "{}", YAO_OK),
    ROW("refuses a jwk that is a string", "{\"alg\":\"ES256\",\"jwk\":\"k\"}",
        "{}", YAO_E_MALFORMED),
    ROW("accepts one certificate", "{\"alg\":\"ES256\",\"x5c\":[\"" CERT "\"]}",
        "{}", YAO_OK),
    ROW("accepts four certificates",
        "{\"alg\":\"ES256\",\"x5c\":[\"" CERT "\",\"" CERT "\",\"" CERT
        "\",\"" CERT "\"]}",
        "{}", YAO_OK),
    ROW("N101: refuses five certificates",
        "{\"alg\":\"ES256\",\"x5c\":[\"" CERT "\",\"" CERT "\",\"" CERT
        "\",\"" CERT "\",\"" CERT "\"]}",
        "{}", YAO_E_HEADER),
    ROW("N101: refuses an empty x5c", "{\"alg\":\"ES256\",\"x5c\":[]}", "{}",
        YAO_E_HEADER),
    ROW("refuses an empty certificate", "{\"alg\":\"ES256\",\"x5c\":[\"\"]}",
        "{}", YAO_E_HEADER),
    ROW("refuses an x5c that is a string",
        "{\"alg\":\"ES256\",\"x5c\":\"" CERT "\"}", "{}", YAO_E_MALFORMED),
    ROW("refuses a certificate that is a number",
        "{\"alg\":\"ES256\",\"x5c\":[1]}", "{}", YAO_E_MALFORMED),
    ROW("refuses a certificate in base64url",
        "{\"alg\":\"ES256\",\"x5c\":[\"MAMC_QU=\"]}", "{}", YAO_E_BASE64),
    ROW("refuses a certificate without its padding",
        "{\"alg\":\"ES256\",\"x5c\":[\"MAMCAQU\"]}", "{}", YAO_E_BASE64),
};

static void reads(void **state)
{
    const struct row *r         = *state;
    yao_public_key    key       = test_public(0);
    yao_jws           jws       = {0}, untouched = {0};
    yao_bytes         token     = test_jws(r->header, r->payload,
                                           test_key(0, YAO_ES256));

    assert_status(yao_jws_read(test_arena(), token, &jws), r->want);
    if (r->want == YAO_OK) {
        assert_bytes(jws.payload_bytes, r->payload);
        assert_status(test_check(&jws, &key), YAO_OK);
    } else {
        assert_memory_equal(&jws, &untouched, sizeof jws);
    }
}

static void fields(void **state)
{
    yao_jws jws;

    (void)state;
    yao_bytes token = test_jws(
        YAO_LIT("{\"alg\":\"ES256\",\"typ\":\"dc+sd-jwt\",\"kid\":\"k\\n1\","
                "\"x5c\":[\"" CERT "\",\"AA==\"],\"jwk\":{\"kty\":\"EC\"}}"),
        YAO_LIT("{\"a\":1}"), test_key(0, YAO_ES256));
    assert_status(yao_jws_read(test_arena(), token, &jws), YAO_OK);
    assert_int_equal(jws.alg, YAO_ES256);
    assert_bytes(yao_text_bytes(jws.type), YAO_LIT("dc+sd-jwt"));
    assert_bytes(yao_text_bytes(jws.kid), YAO_LIT("k\n1"));
    assert_int_equal(jws.chain_count, 2);
    assert_bytes(jws.chain[0], YAO_LIT("\x30\x03\x02\x01\x05"));
    assert_bytes(jws.chain[1], YAO_LIT("\x00"));
    assert_true(yao_json_is(yao_json_get(jws.jwk, "kty"), "EC"));
    assert_int_equal(jws.signature.len, 64);
    assert_int_equal(yao_json_get(jws.payload, "a")->raw.len, 1);

    assert_status(yao_jws_read_bytes(test_arena(), token, &jws), YAO_OK);
    assert_null(jws.payload);
}

/* ---- the letters around the parts ---- */

#define H "eyJhbGciOiJFUzI1NiJ9" /* {"alg":"ES256"} */
#define S                                                                      \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"\
    "AAAAAAAAAA"

static const struct shape_row {
    const char *name;
    yao_bytes   token;
    yao_status  want;
} shapes[] = {
    {"accepts three parts", YAO_INIT(H ".e30." S), YAO_OK},
    {"accepts an empty signature, which no key made", YAO_INIT(H ".e30."),
     YAO_OK},
    {"refuses nothing at all", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses one part", YAO_INIT(H), YAO_E_MALFORMED},
    {"refuses two parts", YAO_INIT(H ".e30"), YAO_E_MALFORMED},
    {"N088: refuses four parts", YAO_INIT(H ".e30." S "."), YAO_E_MALFORMED},
    {"N088: refuses five parts", YAO_INIT(H ".e30." S ".e30." S),
     YAO_E_MALFORMED},
    {"N070: refuses JSON serialization",
     YAO_INIT("{\"payload\":\"e30\",\"protected\":\"" H "\",\"signature\":\"" S
              "\",\"header\":{\"disclosures\":[]}}"),
     YAO_E_MALFORMED},
    {"refuses an empty header", YAO_INIT(".e30." S), YAO_E_TRUNCATED},
    {"N097: refuses padding", YAO_INIT(H "=.e30." S), YAO_E_BASE64},
    {"N097: refuses a plus", YAO_INIT(H ".e30.+" S "A"), YAO_E_BASE64},
    {"N097: refuses a slash", YAO_INIT(H ".e30./" S "A"), YAO_E_BASE64},
    {"N097: refuses a newline at the end", YAO_INIT(H ".e30." S "\n"),
     YAO_E_BASE64},
    {"N097: refuses a blank inside", YAO_INIT(H ".e 30." S), YAO_E_BASE64},
    {"N097: refuses bits left over in the payload", YAO_INIT(H ".e31." S),
     YAO_E_BASE64},
    {"N097: refuses bits left over in the signature", YAO_INIT(H ".e30.AB"),
     YAO_E_BASE64},
    {"N097: refuses a stray letter", YAO_INIT(H ".e30.A"), YAO_E_BASE64},
};

static void shape(void **state)
{
    const struct shape_row *r = *state;
    yao_jws                 jws;

    assert_status(yao_jws_read(test_arena(), r->token, &jws), r->want);
}

static yao_bytes long_kid(size_t len)
{
    yao_bytes kid = {memset(yao_arena_take(test_arena(), len), 'k', len), len};

    return test_join((yao_bytes[]){YAO_LIT("{\"alg\":\"ES256\",\"kid\":\""),
                                   kid, YAO_LIT("\"}"), {0}});
}

static void kid_limit(void **state)
{
    yao_openssl_key *key = test_key(0, YAO_ES256);
    yao_jws          jws;

    (void)state;
    assert_status(yao_jws_read(test_arena(),
                               test_jws(long_kid(512), YAO_LIT("{}"), key),
                               &jws),
                  YAO_OK);
    assert_status(yao_jws_read(test_arena(),
                               test_jws(long_kid(513), YAO_LIT("{}"), key),
                               &jws),
                  YAO_E_HEADER);
}

static void token_limit(void **state)
{
    uint8_t *long_token = yao_arena_take(test_arena(), YAO_MAX_JWT + 1);
    yao_jws  jws;

    (void)state;
    memset(long_token, 'A', YAO_MAX_JWT + 1);
    assert_status(yao_jws_read(test_arena(),
                               (yao_bytes){long_token, YAO_MAX_JWT}, &jws),
                  YAO_E_MALFORMED);
    assert_status(yao_jws_read(test_arena(),
                               (yao_bytes){long_token, YAO_MAX_JWT + 1}, &jws),
                  YAO_E_LIMIT);
}

static yao_bytes one_certificate(size_t letters)
{
    yao_bytes cert = {memset(yao_arena_take(test_arena(), letters), 'A',
                             letters),
                      letters};

    return test_join((yao_bytes[]){YAO_LIT("{\"alg\":\"ES256\",\"x5c\":[\""),
                                   cert, YAO_LIT("\"]}"), {0}});
}

static void certificate_limit(void **state)
{
    yao_openssl_key *key = test_key(0, YAO_ES256);
    yao_jws          jws;

    (void)state;
    assert_status(yao_jws_read(test_arena(),
                               test_jws(one_certificate(8192), YAO_LIT("{}"),
                                        key),
                               &jws),
                  YAO_OK);
    assert_status(yao_jws_read(test_arena(),
                               test_jws(one_certificate(16384), YAO_LIT("{}"),
                                        key),
                               &jws),
                  YAO_E_LIMIT);
}

/* ---- signatures ---- */

static void right_key_only(void **state)
{
    yao_openssl_key *p384 = test_key(0, YAO_ES384);
    yao_public_key   mine = test_public(0), other = test_public(1);
    yao_public_key   large = yao_openssl_key_public(p384);
    yao_jws          jws;

    (void)state;
    yao_bytes token = test_jws(YAO_LIT("{\"alg\":\"ES256\"}"), YAO_LIT("{}"),
                               test_key(0, YAO_ES256));
    assert_status(yao_jws_read(test_arena(), token, &jws), YAO_OK);
    assert_status(test_check(&jws, &mine), YAO_OK);
    assert_status(test_check(&jws, &other), YAO_E_BAD_SIGNATURE);
    assert_status(test_check(&jws, &large), YAO_E_ALGORITHM);

    token = test_jws(YAO_LIT("{\"alg\":\"ES384\"}"), YAO_LIT("{}"), p384);
    assert_status(yao_jws_read(test_arena(), token, &jws), YAO_OK);
    assert_status(test_check(&jws, &large), YAO_OK);
    assert_status(test_check(&jws, &mine), YAO_E_ALGORITHM);
}

static void signature_length(void **state)
{
    yao_public_key      key = test_public(0);
    yao_signature_check check;
    yao_jws             jws;

    (void)state;
    assert_status(yao_jws_read(test_arena(), YAO_LIT(H ".e30."), &jws),
                  YAO_OK);
    assert_status(yao_jws_check(&jws, &key, &check), YAO_E_MALFORMED);
    assert_status(yao_jws_read(test_arena(), YAO_LIT(H ".e30." S "AA"), &jws),
                  YAO_OK);
    assert_status(yao_jws_check(&jws, &key, &check), YAO_E_MALFORMED);
    assert_status(yao_jws_read(test_arena(), YAO_LIT(H ".e30." S), &jws),
                  YAO_OK);
    assert_status(yao_jws_check(&jws, &key, &check), YAO_OK);
    jws.alg = YAO_SIG_NONE;
    assert_status(yao_jws_check(&jws, &key, &check), YAO_E_ALGORITHM);
}

static yao_status verify_whole(yao_bytes token, void *context)
{
    yao_jws jws;

    YAO_TRY(yao_jws_read(test_arena(), token, &jws));
    return test_check(&jws, context);
}

static yao_bytes sample(void)
{
    return test_jws(YAO_LIT("{\"alg\":\"ES256\",\"typ\":\"x\"}"),
                    YAO_LIT("{\"iss\":\"https://i.example\",\"exp\":1}"),
                    test_key(0, YAO_ES256));
}

static void every_bit(void **state)
{
    yao_public_key key = test_public(0);

    (void)state;
    assert_status(verify_whole(sample(), &key), YAO_OK);
    test_every_bit(verify_whole, sample(), &key, NULL);
}

static void every_prefix(void **state)
{
    yao_public_key key = test_public(0);

    (void)state;
    test_every_prefix(verify_whole, sample(), &key);
}

static yao_status take_sample(yao_arena *arena, void *context)
{
    yao_jws jws;

    return yao_jws_read(arena, *(yao_bytes *)context, &jws);
}

static void every_arena(void **state)
{
    yao_bytes token = test_jws(
        YAO_LIT("{\"alg\":\"ES256\",\"kid\":\"\\n\",\"x5c\":[\"" CERT "\"]}"),
        YAO_LIT("{\"a\":1}"), test_key(0, YAO_ES256));

    (void)state;
    test_every_arena(take_sample, &token, 8192);
}

/* ---- writing ---- */

static yao_status put_token(yao_writer *w, void *context)
{
    (void)context;
    yao_jws_put_unsigned(w, YAO_LIT("{\"alg\":\"ES256\"}"), YAO_LIT("{}"));
    yao_jws_put_signature(w, YAO_LIT("\x01\x02\x03"));
    return w->status;
}

static void writes(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  got, chain[2] = {YAO_LIT("\x30\x03\x02\x01\x05"),
                                YAO_LIT("\xff\xef")};

    (void)state;
    assert_status(put_token(&w, NULL), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    assert_bytes(got, YAO_LIT(H ".e30.AQID"));

    w = yao_writer_in(test_arena());
    yao_jws_put_x5c(&w, chain, 2);
    assert_status(yao_writer_keep(&w, test_arena(), &got), YAO_OK);
    assert_bytes(got, YAO_LIT("\"x5c\":[\"MAMCAQU=\",\"/+8=\"]"));
}

static void every_room(void **state)
{
    (void)state;
    test_every_room(put_token, NULL);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("jws_read", rows[i].name, reads, &rows[i]);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("jws_read", shapes[i].name, shape, &shapes[i]);
    test_add("jws_read", "gives what the header says", fields, NULL);
    test_add("jws_read", "N085: refuses a kid above 512 bytes", kid_limit,
             NULL);
    test_add("jws_read", "refuses a token above the limit", token_limit, NULL);
    test_add("jws_read", "refuses a certificate above the limit",
             certificate_limit, NULL);
    test_add("jws_read", "gives SPACE in every arena that is too small",
             every_arena, NULL);
    test_add("jws_check", "accepts the key that signed, no other",
             right_key_only, NULL);
    test_add("jws_check", "refuses a signature of another length",
             signature_length, NULL);
    test_add("jws", "refuses every bit flip", every_bit, NULL);
    test_add("jws", "refuses every proper prefix", every_prefix, NULL);
    test_add("jws_put", "gives header, payload, signature; x5c", writes, NULL);
    test_add("jws_put", "gives SPACE in every buffer that is too small",
             every_room, NULL);

    return test_run("jose/jws");
}
