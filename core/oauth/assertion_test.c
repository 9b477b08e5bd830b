/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/assertion.h"

#include "support/token.h"

#define NOW 1795305600

#define SAYS(text) "{" text "}"
#define WHO "\"iss\":\"c\",\"sub\":\"c\""
#define AUD "\"aud\":\"https://as.example\""
#define EXP "\"exp\":1795305660"
#define JTI "\"jti\":\"j\""

static const struct row {
    const char *name, *payload, *client_id;
    yao_status  want;
} rows[] = {
    {"accepts what is in order", SAYS(WHO "," AUD "," EXP "," JTI), "c",
     YAO_OK},
    {"accepts no client_id in the form", SAYS(WHO "," AUD "," EXP "," JTI), "",
     YAO_OK},
    {"accepts the second of our names",
     SAYS(WHO ",\"aud\":\"https://as.example/token\"," EXP "," JTI), "c",
     YAO_OK},
    {"accepts iat and nbf that hold",
     SAYS(WHO "," AUD "," EXP "," JTI ",\"iat\":1795305600,\"nbf\":1795305600"),
     "c", YAO_OK},
    {"refuses iss that is not sub",
     SAYS("\"iss\":\"d\",\"sub\":\"c\"," AUD "," EXP "," JTI), "c",
     YAO_E_MISMATCH},
    {"refuses sub that is not client_id", SAYS(WHO "," AUD "," EXP "," JTI),
     "d", YAO_E_MISMATCH},
    {"refuses no iss", SAYS("\"sub\":\"c\"," AUD "," EXP "," JTI), "c",
     YAO_E_MISSING},
    {"refuses no sub", SAYS("\"iss\":\"c\"," AUD "," EXP "," JTI), "c",
     YAO_E_MISSING},
    {"refuses no aud", SAYS(WHO "," EXP "," JTI), "c", YAO_E_MISSING},
    {"refuses another aud",
     SAYS(WHO ",\"aud\":\"https://b.example\"," EXP "," JTI), "c",
     YAO_E_MISMATCH},
    {"refuses aud that is a number", SAYS(WHO ",\"aud\":7," EXP "," JTI), "c",
     YAO_E_MALFORMED},
    {"refuses no exp", SAYS(WHO "," AUD "," JTI), "c", YAO_E_MISSING},
    {"refuses exp that is over",
     SAYS(WHO "," AUD ",\"exp\":1795305500," JTI), "c", YAO_E_EXPIRED},
    {"refuses exp a day ahead",
     SAYS(WHO "," AUD ",\"exp\":1795392000," JTI), "c", YAO_E_LIMIT},
    {"refuses nbf that lies ahead",
     SAYS(WHO "," AUD "," EXP "," JTI ",\"nbf\":1795305700"), "c",
     YAO_E_NOT_YET_VALID},
    {"refuses no jti", SAYS(WHO "," AUD "," EXP), "c", YAO_E_MISSING},
    {"refuses a payload that is a list", "[]", "c", YAO_E_MALFORMED},
};

static yao_status read(yao_bytes token, yao_text client,
                       yao_assertion_unverified *ret)
{
    static const yao_text   audiences[] = {
        YAO_INIT("https://as.example"), YAO_INIT("https://as.example/token")};
    const yao_assertion_ask ask         = {.client_id      = client,
                                           .audiences      = audiences,
                                           .audience_count = 2,
                                           .clock          = {NOW, 300, 60},
                                           .crypto         = test_crypto()};
    yao_oauth_refusal       why         = {YAO_OAUTH_NONE, ""};
    yao_status              status =
        yao_assertion_read(test_arena(), token, &ask, ret, &why);

    assert_int_equal(why.error,
                     status == YAO_OK ? YAO_OAUTH_NONE
                                      : YAO_OAUTH_INVALID_CLIENT);
    return status;
}

static void read_row(void **state)
{
    const struct row        *row = *state;
    yao_assertion_unverified got;
    yao_bytes                token =
        test_jws(YAO_LIT("{\"alg\":\"ES256\"}"),
                 yao_text_bytes(yao_text_of(row->payload)),
                 test_key(1, YAO_ES256));

    assert_status(read(token, yao_text_of(row->client_id), &got), row->want);
    if (row->want != YAO_OK)
        return;
    yao_public_key key = test_public(1), other = test_public(2);
    assert_status(test_check(&got.jws, &key), YAO_OK);
    assert_status(test_check(&got.jws, &other), YAO_E_BAD_SIGNATURE);
    assert_true(yao_text_equal(got.client_id, YAO_TEXT("c")));
}

static void gives_what_was_made(void **state)
{
    yao_assertion_request    q = {.alg       = YAO_ES256,
                                  .kid       = YAO_TEXT("k"),
                                  .client_id = YAO_TEXT("c"),
                                  .audience  = YAO_TEXT("https://as.example"),
                                  .jti       = YAO_TEXT("j"),
                                  .iat       = NOW,
                                  .expires   = NOW + 60};
    yao_oauth_unsigned       token;
    yao_assertion_unverified got;
    yao_bytes                text;

    (void)state;
    assert_status(yao_assertion_make(test_arena(), &q, &token), YAO_OK);
    assert_status(
        yao_oauth_sign(test_arena(), &token,
                       test_sign(test_key(1, YAO_ES256), token.wish), &text),
        YAO_OK);
    assert_status(read(text, YAO_TEXT("c"), &got), YAO_OK);
    assert_true(yao_text_equal(got.jws.kid, YAO_TEXT("k")));
    assert_int_equal(got.forget_at, NOW + 60 + 60 + 1);
    q.expires = NOW;
    assert_status(yao_assertion_make(test_arena(), &q, &token), YAO_E_USAGE);
    q.expires = NOW + 1;
    q.jti     = (yao_text){NULL, 0};
    assert_status(yao_assertion_make(test_arena(), &q, &token), YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    test_add("make", "gives an assertion that can be read",
             gives_what_was_made, NULL);
    return test_run("oauth/assertion");
}
