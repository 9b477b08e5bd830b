/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/request.h"

#include "check.h"
#include "forge.h"

/* ---- requests ----------------------------------------------------------- */

#define JWT      "\"proofs\":{\"jwt\":[\"a.b.c\"]}"
#define ID       "\"credential_configuration_id\":\"pass_mdoc\""
#define NAMED    "\"credential_identifier\":\"x\""
#define SEVEN    "\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\","
#define TWENTY   SEVEN SEVEN "\"1\",\"2\",\"3\",\"4\",\"5\",\"6\""
#define POINT                                                                  \
    "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","                   \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\""
#define JWK      "{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ECDH-ES\"," POINT
#define SEALED(jwk, enc)                                                       \
    "{" ID "," JWT ",\"credential_response_encryption\":{\"jwk\":" jwk         \
    ",\"enc\":" enc "}}"

static const struct request_row {
    const char   *name;
    const char   *json;
    bool          encrypted;
    yao_status    want;
    yao_vci_error error;
} requests[] = {
    {"accepts a request by configuration", "{" ID "," JWT "}", false, YAO_OK,
     YAO_VCI_FINE},
    {"accepts a request by identifier", "{" NAMED "," JWT "}", false, YAO_OK,
     YAO_VCI_FINE},
    {"accepts N185: members that nobody knows",
     "{\"x\":{\"y\":[1]}," ID "," JWT ",\"format\":\"mso_mdoc\"}", false,
     YAO_OK, YAO_VCI_FINE},
    {"accepts twenty proofs",
     "{" ID ",\"proofs\":{\"jwt\":[" TWENTY "]}}", false, YAO_OK,
     YAO_VCI_FINE},
    {"accepts an attestation", "{" ID ",\"proofs\":{\"attestation\":[\"a\"]}}",
     false, YAO_OK, YAO_VCI_FINE},
    {"accepts encryption of the answer to an encrypted request",
     SEALED(JWK "}", "\"A256GCM\""), true, YAO_OK, YAO_VCI_FINE},

    {"refuses N173: no proofs", "{" ID "}", false, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF},
    {"refuses N173: proofs of nothing", "{" ID ",\"proofs\":{}}", false,
     YAO_E_MISSING, YAO_VCI_INVALID_PROOF},
    {"refuses N173: no proof in them", "{" ID ",\"proofs\":{\"jwt\":[]}}",
     false, YAO_E_MISSING, YAO_VCI_INVALID_PROOF},
    {"refuses N173: two types of proof",
     "{" ID ",\"proofs\":{\"jwt\":[\"a\"],\"attestation\":[\"a\"]}}", false,
     YAO_E_DUPLICATE, YAO_VCI_INVALID_REQUEST},
    {"refuses N173: 21 proofs",
     "{" ID ",\"proofs\":{\"jwt\":[" TWENTY ",\"21\"]}}", false, YAO_E_LIMIT,
     YAO_VCI_INVALID_REQUEST},
    {"refuses two attestations",
     "{" ID ",\"proofs\":{\"attestation\":[\"a\",\"b\"]}}", false, YAO_E_LIMIT,
     YAO_VCI_INVALID_REQUEST},
    {"refuses a proof of an older kind",
     "{" ID ",\"proofs\":{\"ldp_vp\":[{}]}}", false, YAO_E_UNSUPPORTED,
     YAO_VCI_INVALID_PROOF},
    {"refuses a proof that is no string", "{" ID ",\"proofs\":{\"jwt\":[1]}}",
     false, YAO_E_MALFORMED, YAO_VCI_INVALID_PROOF},
    {"refuses proofs that are no array",
     "{" ID ",\"proofs\":{\"jwt\":\"a.b.c\"}}", false, YAO_E_MALFORMED,
     YAO_VCI_INVALID_PROOF},
    {"refuses proofs that are an array", "{" ID ",\"proofs\":[\"a\"]}", false,
     YAO_E_MALFORMED, YAO_VCI_INVALID_REQUEST},
    {"refuses N180: neither configuration nor identifier", "{" JWT "}", false,
     YAO_E_MISSING, YAO_VCI_INVALID_REQUEST},
    {"refuses N180: both", "{" ID "," NAMED "," JWT "}", false,
     YAO_E_DUPLICATE, YAO_VCI_INVALID_REQUEST},
    {"refuses a configuration that is a number",
     "{\"credential_configuration_id\":1," JWT "}", false, YAO_E_MALFORMED,
     YAO_VCI_INVALID_REQUEST},
    {"refuses an array", "[]", false, YAO_E_MALFORMED,
     YAO_VCI_INVALID_REQUEST},
    {"refuses nothing", "", false, YAO_E_TRUNCATED, YAO_VCI_INVALID_REQUEST},
    {"refuses a member twice", "{" ID "," ID "," JWT "}", false,
     YAO_E_DUPLICATE, YAO_VCI_INVALID_REQUEST},
    {"refuses bytes behind it", "{" ID "," JWT "}x", false, YAO_E_TRAILING,
     YAO_VCI_INVALID_REQUEST},

    {"refuses N183: encryption that came plain", SEALED(JWK "}", "\"A256GCM\""),
     false, YAO_E_REFUSED, YAO_VCI_INVALID_ENCRYPTION},
    {"refuses N183: another enc", SEALED(JWK "}", "\"A128CBC-HS256\""), true,
     YAO_E_UNSUPPORTED, YAO_VCI_INVALID_ENCRYPTION},
    {"refuses N183: another alg",
     SEALED("{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"RSA-OAEP\"," POINT "}",
            "\"A256GCM\""),
     true, YAO_E_UNSUPPORTED, YAO_VCI_INVALID_ENCRYPTION},
    {"refuses N183: no alg",
     SEALED("{\"kty\":\"EC\",\"crv\":\"P-256\"," POINT "}", "\"A256GCM\""),
     true, YAO_E_UNSUPPORTED, YAO_VCI_INVALID_ENCRYPTION},
    {"refuses N183: a secret key", SEALED(JWK ",\"d\":\"AA\"}", "\"A256GCM\""),
     true, YAO_E_KEY, YAO_VCI_INVALID_ENCRYPTION},
    {"refuses N183: no key", SEALED("1", "\"A256GCM\""), true, YAO_E_KEY,
     YAO_VCI_INVALID_ENCRYPTION},
    {"refuses a packed answer",
     SEALED(JWK "}", "\"A256GCM\",\"zip\":\"DEF\""), true, YAO_E_UNSUPPORTED,
     YAO_VCI_INVALID_ENCRYPTION},
    {"refuses no enc", SEALED(JWK "}", "null"), true, YAO_E_MALFORMED,
     YAO_VCI_INVALID_ENCRYPTION},
};

static void reads_request(void **state)
{
    const struct request_row *r = *state;
    yao_vci_request           got;
    yao_vci_error             error = YAO_VCI_OTHER_ERROR;
    yao_bytes body = {(const uint8_t *)r->json, strlen(r->json)};

    memset(&got, 0x5a, sizeof got);
    assert_status(yao_vci_read_request(test_arena(), body, r->encrypted, &got,
                                       &error),
                  r->want);
    assert_int_equal(error, r->error);
    if (r->want != YAO_OK)
        assert_int_equal(got.proof_count, (size_t)0x5a5a5a5a5a5a5a5a);
}

/* What a wallet writes is what an issuer reads. */
static void writes_request(void **state)
{
    yao_vci_request  put = {.identifier  = YAO_TEXT("x\"y"),
                            .type        = YAO_VCI_JWT,
                            .proofs      = {YAO_TEXT("a.b.c"), YAO_TEXT("d")},
                            .proof_count = 2};
    yao_vci_request  got;
    yao_vci_error    error;
    yao_bytes        body;

    (void)state;
    put.encryption = (yao_vci_encryption){
        YAO_A256GCM, yao_openssl_key_public(forge_key(2)), YAO_TEXT("k")};
    yao_writer w = yao_writer_in(test_arena());
    yao_vci_put_request(&w, &put);
    assert_status(yao_writer_keep(&w, test_arena(), &body), YAO_OK);
    assert_status(yao_vci_read_request(test_arena(), body, true, &got, &error),
                  YAO_OK);
    assert_true(yao_text_equal(got.identifier, put.identifier));
    assert_int_equal(got.proof_count, 2);
    assert_true(yao_text_equal(got.proofs[1], YAO_TEXT("d")));
    assert_int_equal(got.encryption.enc, YAO_A256GCM);
    assert_true(
        yao_public_key_equal(&got.encryption.key, &put.encryption.key));
    assert_true(yao_text_equal(got.encryption.kid, YAO_TEXT("k")));

    put.configuration = put.identifier;
    w                 = yao_writer_count();
    yao_vci_put_request(&w, &put);
    assert_status(w.status, YAO_E_USAGE);
}

static yao_status read_prefix(yao_bytes input, void *context)
{
    yao_vci_request got;
    yao_vci_error   error;

    (void)context;
    return yao_vci_read_request(test_arena(), input, true, &got, &error);
}

static void every_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_prefix, YAO_LIT(SEALED(JWK "}", "\"A128GCM\"")),
                      NULL);
}

/* ---- answers ------------------------------------------------------------ */

static const struct answer_row {
    const char    *name;
    const char    *json;
    yao_vci_format format;
    size_t         asked;
    yao_status     want;
} answers[] = {
    {"accepts an SD-JWT VC", "{\"credentials\":[{\"credential\":\"a~\"}]}",
     YAO_VCI_SDJWT, 1, YAO_OK},
    {"accepts an mdoc", "{\"credentials\":[{\"credential\":\"omppc3N1\"}]}",
     YAO_VCI_MDOC, 1, YAO_OK},
    {"accepts fewer than asked for",
     "{\"credentials\":[{\"credential\":\"a~\"}],\"notification_id\":\"n\"}",
     YAO_VCI_SDJWT, 9, YAO_OK},
    {"accepts a transaction", "{\"transaction_id\":\"t\",\"interval\":5}",
     YAO_VCI_SDJWT, 1, YAO_OK},
    {"refuses N140: more than asked for",
     "{\"credentials\":[{\"credential\":\"a~\"},{\"credential\":\"b~\"}]}",
     YAO_VCI_SDJWT, 1, YAO_E_LIMIT},
    {"refuses none", "{\"credentials\":[]}", YAO_VCI_SDJWT, 1,
     YAO_E_MALFORMED},
    {"refuses neither", "{}", YAO_VCI_SDJWT, 1, YAO_E_MISSING},
    {"refuses both",
     "{\"credentials\":[{\"credential\":\"a~\"}],\"transaction_id\":\"t\"}",
     YAO_VCI_SDJWT, 1, YAO_E_DUPLICATE},
    {"refuses a credential of an older draft", "{\"credential\":\"a~\"}",
     YAO_VCI_SDJWT, 1, YAO_E_MISSING},
    {"refuses a string in the array", "{\"credentials\":[\"a~\"]}",
     YAO_VCI_SDJWT, 1, YAO_E_MALFORMED},
    {"refuses a padded mdoc", "{\"credentials\":[{\"credential\":\"om==\"}]}",
     YAO_VCI_MDOC, 1, YAO_E_BASE64},
    {"refuses a transaction without interval", "{\"transaction_id\":\"t\"}",
     YAO_VCI_SDJWT, 1, YAO_E_MISSING},
    {"refuses an interval of no time",
     "{\"transaction_id\":\"t\",\"interval\":0}", YAO_VCI_SDJWT, 1,
     YAO_E_MALFORMED},
    {"refuses an interval of two days",
     "{\"transaction_id\":\"t\",\"interval\":172800}", YAO_VCI_SDJWT, 1,
     YAO_E_LIMIT},
    {"refuses no format", "{\"credentials\":[{\"credential\":\"a~\"}]}",
     YAO_VCI_NO_FORMAT, 1, YAO_E_MALFORMED},
};

static void reads_answer(void **state)
{
    const struct answer_row *r = *state;
    yao_vci_response         got;
    yao_bytes body = {(const uint8_t *)r->json, strlen(r->json)};

    assert_status(yao_vci_read_response(test_arena(), body, r->format,
                                        r->asked, &got),
                  r->want);
}

/* ---- errors ------------------------------------------------------------- */

static void names_errors(void **state)
{
    (void)state;
    for (int e = YAO_VCI_INVALID_REQUEST; e < YAO_VCI_OTHER_ERROR; e++) {
        const yao_vci_error_row *row = yao_vci_error_find((yao_vci_error)e);
        assert_non_null(row);
        assert_int_equal(yao_vci_error_by_code(yao_text_of(row->code)), e);
        assert_true(row->status == 400 || e >= YAO_VCI_INVALID_TOKEN);
    }
    assert_null(yao_vci_error_find(YAO_VCI_FINE));
    assert_null(yao_vci_error_find(YAO_VCI_OTHER_ERROR));
    assert_int_equal(yao_vci_error_by_code(YAO_TEXT("x")),
                     YAO_VCI_OTHER_ERROR);
}

static void shows_errors(void **state)
{
    static const char body[] =
        "{\"error\":\"invalid_nonce\",\"error_description\":"
        "\"<b>\\u001b[31m\\u202Eevil\\u6587\",\"interval\":7}";
    yao_vci_failure got;

    (void)state;
    assert_status(
        yao_vci_read_error(test_arena(), YAO_LIT(body), &got), YAO_OK);
    assert_int_equal(got.error, YAO_VCI_INVALID_NONCE);
    assert_true(yao_text_equal(got.description,
                               YAO_TEXT("<b>?[31m???evil???")));
    assert_int_equal(got.interval, 7);
    assert_status(yao_vci_read_error(test_arena(), YAO_LIT("{}"), &got),
                  YAO_E_MALFORMED);
    assert_status(
        yao_vci_read_error(test_arena(), YAO_LIT("{\"error\":1}"), &got),
        YAO_E_MALFORMED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(requests); i++)
        test_add("request", requests[i].name, reads_request, &requests[i]);
    for (size_t i = 0; i < COUNT(answers); i++)
        test_add("response", answers[i].name, reads_answer, &answers[i]);
    test_add("request", "gives what is read back", writes_request, NULL);
    test_add("request", "refuses every prefix", every_prefix, NULL);
    test_add("error", "gives each its code", names_errors, NULL);
    test_add("error", "gives descriptions that a person may see", shows_errors,
             NULL);
    return test_run("vci/request");
}
