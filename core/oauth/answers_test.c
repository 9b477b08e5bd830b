/* SPDX-License-Identifier: Apache-2.0 */
/* What a wallet reads: answers of servers, whoever they are. */

#include "oauth/authorize.h"
#include "oauth/metadata.h"
#include "oauth/token.h"

#include "check.h"

#include <stdio.h>

static yao_bytes bytes_of(const char *text)
{
    return yao_text_bytes(yao_text_of(text));
}

/* ---- what the browser brought ---- */

static const struct back_row {
    const char *name, *query;
    yao_status  want;
} backs[] = {
    {"accepts code, state and iss",
     "code=abc&state=s&iss=https%3A%2F%2Fas.example", YAO_OK},
    {"accepts further parameters",
     "code=abc&state=s&iss=https://as.example&x=y", YAO_OK},
    {"gives an error", "error=access_denied&state=s&iss=https://as.example",
     YAO_E_REFUSED},
    {"N153 refuses no iss", "code=abc&state=s", YAO_E_MISSING},
    {"N153 refuses another iss", "code=abc&state=s&iss=https://b.example",
     YAO_E_MISMATCH},
    {"N153 refuses iss with a slash more",
     "code=abc&state=s&iss=https://as.example/", YAO_E_MISMATCH},
    {"N153 refuses no state", "code=abc&iss=https://as.example",
     YAO_E_MISSING},
    {"N153 refuses another state",
     "code=abc&state=t&iss=https://as.example", YAO_E_MISMATCH},
    {"N153 refuses an error of another server",
     "error=access_denied&state=s&iss=https://b.example", YAO_E_MISMATCH},
    {"refuses neither code nor error", "state=s&iss=https://as.example",
     YAO_E_MISSING},
    {"refuses both", "code=a&error=b&state=s&iss=https://as.example",
     YAO_E_MALFORMED},
    {"refuses a code twice", "code=a&code=b&state=s&iss=https://as.example",
     YAO_E_DUPLICATE},
    {"refuses a code of other letters",
     "code=a%20b&state=s&iss=https://as.example", YAO_E_MALFORMED},
};

static void read_back(void **state)
{
    const struct back_row *row = *state;
    yao_authorized         got;

    assert_status(yao_authorized_read(test_arena(), bytes_of(row->query),
                                      YAO_TEXT("https://as.example"),
                                      YAO_TEXT("s"), &got),
                  row->want);
}

static void writes_back(void **state)
{
    static const struct {
        const char *place, *want;
    } cases[] = {
        {"https://w.example/cb",
         "https://w.example/cb?code=c&state=s%26&iss=https%3A%2F%2Fa"},
        {"https://w.example/cb?a=b",
         "https://w.example/cb?a=b&code=c&state=s%26&iss=https%3A%2F%2Fa"},
        {"https://w.example/cb?",
         "https://w.example/cb?code=c&state=s%26&iss=https%3A%2F%2Fa"},
        {"app.example:/cb",
         "app.example:/cb?code=c&state=s%26&iss=https%3A%2F%2Fa"},
    };
    const yao_authorized answer = {.code  = YAO_TEXT("c"),
                                   .state = YAO_TEXT("s&"),
                                   .iss   = YAO_TEXT("https://a")};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t    room[256];
        yao_writer w = yao_writer_open(room, sizeof room);
        yao_authorized_put(&w, yao_text_of(cases[i].place), &answer);
        assert_bytes(((yao_bytes){room, w.len}), bytes_of(cases[i].want));
    }
}

/* ---- tokens ---- */

static const struct json_row {
    const char *name, *body;
    yao_status  want;
} tokens[] = {
    {"accepts a DPoP token",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\",\"expires_in\":60}",
     YAO_OK},
    {"accepts the type in any case",
     "{\"access_token\":\"abc\",\"token_type\":\"dPOP\"}", YAO_OK},
    {"accepts Bearer, to be seen by the caller",
     "{\"access_token\":\"abc\",\"token_type\":\"bearer\"}", YAO_OK},
    {"accepts members that nobody knows",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\",\"c_nonce\":\"x\"}",
     YAO_OK},
    {"accepts details",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\","
     "\"authorization_details\":[{\"type\":\"openid_credential\","
     "\"credential_configuration_id\":\"a\",\"credential_identifiers\":"
     "[\"a.1\"]}]}",
     YAO_OK},
    {"refuses no token", "{\"token_type\":\"DPoP\"}", YAO_E_MISSING},
    {"refuses no type", "{\"access_token\":\"abc\"}", YAO_E_MISSING},
    {"refuses another type",
     "{\"access_token\":\"abc\",\"token_type\":\"mac\"}", YAO_E_VALUE},
    {"refuses a type that is nearly one",
     "{\"access_token\":\"abc\",\"token_type\":\"DP\\u004ff\"}", YAO_E_VALUE},
    {"refuses a token with a line end",
     "{\"access_token\":\"a\\r\\nb\",\"token_type\":\"DPoP\"}",
     YAO_E_MALFORMED},
    {"refuses an empty token", "{\"access_token\":\"\",\"token_type\":\"DPoP\"}",
     YAO_E_MALFORMED},
    {"refuses expires_in below 0",
     "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":-1}",
     YAO_E_MALFORMED},
    {"refuses expires_in as a string",
     "{\"access_token\":\"a\",\"token_type\":\"DPoP\",\"expires_in\":\"1\"}",
     YAO_E_MALFORMED},
    {"refuses details without identifiers",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\","
     "\"authorization_details\":[{\"type\":\"openid_credential\","
     "\"credential_configuration_id\":\"a\"}]}",
     YAO_E_MALFORMED},
    {"refuses an identifier twice",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\","
     "\"authorization_details\":[{\"type\":\"openid_credential\","
     "\"credential_configuration_id\":\"a\",\"credential_identifiers\":"
     "[\"a\",\"a\"]}]}",
     YAO_E_MALFORMED},
    {"refuses a configuration twice",
     "{\"access_token\":\"abc\",\"token_type\":\"DPoP\","
     "\"authorization_details\":[{\"type\":\"openid_credential\","
     "\"credential_configuration_id\":\"a\",\"credential_identifiers\":[\"b\"]"
     "},{\"type\":\"openid_credential\",\"credential_configuration_id\":\"a\","
     "\"credential_identifiers\":[\"c\"]}]}",
     YAO_E_DUPLICATE},
    {"refuses a list", "[]", YAO_E_MALFORMED},
    {"refuses nothing at all", "", YAO_E_TRUNCATED},
};

static void read_token(void **state)
{
    const struct json_row *row = *state;
    yao_token_answer       got;

    assert_status(yao_token_answer_read(test_arena(), bytes_of(row->body),
                                        &got),
                  row->want);
}

/* ---- the header of a token ---- */

static const struct header_row {
    const char      *name, *header;
    yao_status       want;
    yao_token_scheme scheme;
} headers[] = {
    {"accepts DPoP", "DPoP abc", YAO_OK, YAO_TOKEN_DPOP},
    {"accepts it in small letters", "dpop abc", YAO_OK, YAO_TOKEN_DPOP},
    {"accepts two blanks", "DPoP  abc", YAO_OK, YAO_TOKEN_DPOP},
    {"accepts Bearer, and tells", "BEARER abc", YAO_OK, YAO_TOKEN_BEARER},
    {"refuses nothing", "", YAO_E_MISSING, 0},
    {"refuses Basic", "Basic abc", YAO_E_VALUE, 0},
    {"refuses a word that begins alike", "DPoPx abc", YAO_E_VALUE, 0},
    {"refuses letters that differ in one bit only", "DPo\x10 abc",
     YAO_E_VALUE, 0},
    {"refuses no token", "DPoP", YAO_E_MALFORMED, 0},
    {"refuses two tokens", "DPoP abc def", YAO_E_MALFORMED, 0},
    {"refuses a comma", "DPoP abc,def", YAO_E_MALFORMED, 0},
};

static void read_header(void **state)
{
    const struct header_row *row    = *state;
    yao_token_scheme         scheme = YAO_TOKEN_ABSENT;
    yao_text                 token;

    assert_status(
        yao_token_read_header(yao_text_of(row->header), &scheme, &token),
        row->want);
    assert_int_equal(scheme, row->scheme);
}

/* ---- metadata ---- */

#define META                                                                   \
    "\"issuer\":\"https://as.example\","                                       \
    "\"token_endpoint\":\"https://as.example/token\""

static const struct json_row metadata[] = {
    {"accepts the least", "{" META "}", YAO_OK},
    {"accepts members that nobody knows", "{" META ",\"x\":{\"y\":1}}",
     YAO_OK},
    {"refuses another issuer",
     "{\"issuer\":\"https://b.example\",\"token_endpoint\":"
     "\"https://as.example/token\"}",
     YAO_E_MISMATCH},
    {"refuses a slash more",
     "{\"issuer\":\"https://as.example/\",\"token_endpoint\":"
     "\"https://as.example/token\"}",
     YAO_E_MISMATCH},
    {"refuses no issuer", "{\"token_endpoint\":\"https://as.example/token\"}",
     YAO_E_MISSING},
    {"refuses no token endpoint", "{\"issuer\":\"https://as.example\"}",
     YAO_E_MISSING},
    {"refuses http",
     "{\"issuer\":\"https://as.example\",\"token_endpoint\":"
     "\"http://as.example/token\"}",
     YAO_E_MALFORMED},
    {"refuses http of this machine where it is not allowed",
     "{\"issuer\":\"https://as.example\",\"token_endpoint\":"
     "\"http://localhost/token\"}",
     YAO_E_MALFORMED},
    {"refuses a fragment",
     "{\"issuer\":\"https://as.example\",\"token_endpoint\":"
     "\"https://as.example/token#a\"}",
     YAO_E_MALFORMED},
    {"refuses lists that are none", "{" META ",\"grant_types_supported\":\"a\"}",
     YAO_E_MALFORMED},
    {"refuses lists of numbers", "{" META ",\"grant_types_supported\":[1]}",
     YAO_E_MALFORMED},
    {"refuses truth in letters",
     "{" META ",\"require_pushed_authorization_requests\":\"true\"}",
     YAO_E_MALFORMED},
};

static void read_metadata(void **state)
{
    const struct json_row *row = *state;
    yao_as_metadata        m;

    assert_status(yao_as_metadata_read(test_arena(), bytes_of(row->body),
                                       YAO_TEXT("https://as.example"), false,
                                       &m),
                  row->want);
}

static yao_status write_metadata(yao_writer *w, void *context)
{
    const yao_text        scopes[] = {YAO_INIT("a"), YAO_INIT("b")};
    const yao_as_metadata m        = {
        .issuer                 = YAO_TEXT("https://as.example"),
        .authorization_endpoint = YAO_TEXT("https://as.example/authorize"),
        .token_endpoint         = YAO_TEXT("https://as.example/token"),
        .pushed_endpoint        = YAO_TEXT("https://as.example/par"),
        .challenge_endpoint     = YAO_TEXT("https://as.example/challenge"),
        .require_pushed         = true,
        .iss_parameter          = true,
        .pkce_s256              = true,
        .grants      = YAO_GRANTS_CODE | YAO_GRANTS_REFRESH,
        .client_auth = YAO_CLIENT_AUTH_ATTESTATION | YAO_CLIENT_AUTH_KEY,
        .dpop_es256            = true,
        .attestation_es256     = true,
        .attestation_pop_es256 = true,
        .scopes                = scopes,
        .scope_count           = 2};

    (void)context;
    yao_as_metadata_put(w, &m);
    return w->status;
}

static void gives_metadata(void **state)
{
    uint8_t         room[4096];
    yao_writer      w = yao_writer_open(room, sizeof room);
    yao_as_metadata m;

    (void)state;
    assert_status(write_metadata(&w, NULL), YAO_OK);
    assert_status(yao_as_metadata_read(test_arena(), (yao_bytes){room, w.len},
                                       YAO_TEXT("https://as.example"), false,
                                       &m),
                  YAO_OK);
    assert_true(m.require_pushed && m.iss_parameter && m.pkce_s256 &&
                m.dpop_es256 && !m.dpop_es384 && m.attestation_es256);
    assert_int_equal(m.grants, YAO_GRANTS_CODE | YAO_GRANTS_REFRESH);
    assert_int_equal(m.client_auth,
                     YAO_CLIENT_AUTH_ATTESTATION | YAO_CLIENT_AUTH_KEY);
    test_every_room(write_metadata, NULL);
}

/* ---- small answers ---- */

static void reads_small_answers(void **state)
{
    yao_pushed        pushed;
    yao_text          challenge;
    yao_oauth_failure failure;
    char              long_text[512] = "{\"error\":\"invalid_grant\","
                                       "\"error_description\":\"";

    (void)state;
    assert_status(yao_pushed_read(test_arena(),
                                  bytes_of("{\"request_uri\":\"urn:x\","
                                           "\"expires_in\":60}"),
                                  &pushed),
                  YAO_OK);
    assert_int_equal(pushed.expires_in, 60);
    assert_status(yao_pushed_read(test_arena(),
                                  bytes_of("{\"request_uri\":\"urn:x\"}"),
                                  &pushed),
                  YAO_E_MISSING);
    assert_status(yao_pushed_read(test_arena(), bytes_of("[]"), &pushed),
                  YAO_E_MALFORMED);
    assert_status(
        yao_challenge_read(test_arena(),
                           bytes_of("{\"attestation_challenge\":\"c\"}"),
                           &challenge),
        YAO_OK);
    assert_status(yao_challenge_read(test_arena(), bytes_of("{}"), &challenge),
                  YAO_E_MISSING);
    assert_status(yao_challenge_read(test_arena(), bytes_of("[]"), &challenge),
                  YAO_E_MALFORMED);

    /* N143: nothing that a screen could not bear, and not too much of it */
    size_t at = strlen(long_text);
    memset(long_text + at, 'x', 400);
    snprintf(long_text + at + 400, 64, "%s", "\\u001b\\u202e\"}");
    assert_status(yao_oauth_read_failure(test_arena(), bytes_of(long_text),
                                         &failure),
                  YAO_OK);
    assert_int_equal(failure.description.len, 200);
    assert_int_equal(yao_oauth_error_find(failure.error),
                     YAO_OAUTH_INVALID_GRANT);
    assert_status(
        yao_oauth_read_failure(
            test_arena(),
            bytes_of("{\"error\":\"a\",\"error_description\":"
                     "\"<b>\\u001b[1m\\u202eok\"}"),
            &failure),
        YAO_OK);
    assert_true(yao_text_equal(failure.description, YAO_TEXT("<b>[1mok")));
    assert_status(yao_oauth_read_failure(test_arena(), bytes_of("{}"),
                                         &failure),
                  YAO_E_MALFORMED);
    assert_status(yao_oauth_read_failure(test_arena(),
                                         bytes_of("{\"error\":7}"), &failure),
                  YAO_E_MALFORMED);
}

/* ---- errors, addresses ---- */

static void knows_errors(void **state)
{
    (void)state;
    for (unsigned i = 1; i < YAO_OAUTH_ERROR_COUNT; i++) {
        yao_oauth_error e = (yao_oauth_error)i;
        assert_true(strlen(yao_oauth_error_name(e)) > 0);
        assert_true(yao_oauth_error_http(e) >= 400);
        assert_int_equal(
            yao_oauth_error_find(yao_text_of(yao_oauth_error_name(e))), e);
    }
    assert_int_equal(yao_oauth_error_http(YAO_OAUTH_NONE), 0);
    assert_string_equal(yao_oauth_error_name((yao_oauth_error)99), "");
    assert_int_equal(yao_oauth_error_find(YAO_TEXT("nothing")), 0);
    assert_int_equal(yao_oauth_error_find(YAO_TEXT("")), 0);

    const yao_signature_check bad[]  = {{.outcome = YAO_SIG_UNCHECKED},
                                        {.outcome = YAO_SIG_BAD}};
    const yao_signature_check not[]  = {{.outcome = YAO_SIG_GOOD},
                                        {.outcome = YAO_SIG_UNSUPPORTED}};
    assert_status(yao_oauth_answers(bad, 2), YAO_E_BAD_SIGNATURE);
    assert_status(yao_oauth_answers(bad, 1), YAO_E_CRYPTO);
    assert_status(yao_oauth_answers(not, 2), YAO_E_UNSUPPORTED);
    assert_status(yao_oauth_answers(not, 1), YAO_OK);
    assert_status(yao_oauth_answers(bad, 0), YAO_E_MISSING);
}

static const struct url_row {
    const char *name, *url, *place; /* of its metadata; NULL: refused */
} urls[] = {
    {"gives it below a host", "https://a.example",
     "https://a.example/.well-known/oauth-authorization-server"},
    {"gives it before a path", "https://a.example:8443/issuer1",
     "https://a.example:8443/.well-known/oauth-authorization-server/issuer1"},
    {"gives it without the last slash", "https://a.example/x/",
     "https://a.example/.well-known/oauth-authorization-server/x"},
    {"gives it for this machine", "http://authority.localhost:8440",
     "http://authority.localhost:8440/.well-known/oauth-authorization-server"},
    {"refuses http of others", "http://a.example", NULL},
    {"refuses a query", "https://a.example/?a=b", NULL},
    {"refuses a fragment", "https://a.example/#a", NULL},
    {"refuses a user", "https://u@a.example/", NULL},
    {"refuses no host", "https:///a", NULL},
    {"refuses another scheme", "ftp://a.example", NULL},
    {"refuses a blank", "https://a.example/ b", NULL},
    {"refuses nothing", "", NULL},
};

static void place_of(void **state)
{
    const struct url_row *row = *state;
    yao_text              place;
    yao_status status = yao_oauth_well_known(test_arena(),
                                             yao_text_of(row->url),
                                             "oauth-authorization-server",
                                             &place);

    assert_status(status, row->place == NULL ? YAO_E_MALFORMED : YAO_OK);
    if (row->place != NULL)
        assert_bytes(yao_text_bytes(place), bytes_of(row->place));
}

/* ---- pushed requests, as a server reads what a wallet wrote ---- */

static void gives_request_back(void **state)
{
    yao_authorize_request q = {
        .client_id      = YAO_TEXT("c"),
        .redirect_uri   = YAO_TEXT("https://w.example/cb?a=b"),
        .state          = YAO_TEXT("s"),
        .code_challenge = YAO_TEXT(
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        .scope        = YAO_TEXT("a b"),
        .issuer_state = YAO_TEXT("i"),
        .dpop_jkt = YAO_TEXT("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"),
        .location = YAO_TEXT("https://as.example")};
    yao_authorize_request got;
    yao_form              form;
    uint8_t               room[2048];
    yao_writer            w     = yao_writer_open(room, sizeof room);
    bool                  first = true;

    (void)state;
    q.details.count    = 1;
    q.details.items[0] = (yao_detail){.configuration = YAO_TEXT("x")};
    yao_authorize_put(&w, &first, &q);
    assert_status(yao_form_read(test_arena(), (yao_bytes){room, w.len}, &form),
                  YAO_OK);
    assert_status(yao_authorize_read(test_arena(), &form,
                                     YAO_TEXT("https://as.example"), &got,
                                     NULL),
                  YAO_OK);
    assert_true(yao_text_equal(got.redirect_uri, q.redirect_uri));
    assert_int_equal(got.details.count, 1);
    assert_true(yao_scope_has(got.scope, YAO_TEXT("b")));
    assert_false(yao_scope_has(got.scope, YAO_TEXT("a b")));
    /* details that are for another server */
    assert_status(yao_authorize_read(test_arena(), &form,
                                     YAO_TEXT("https://b.example"), &got,
                                     NULL),
                  YAO_E_MALFORMED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(backs); i++)
        test_add("authorized", backs[i].name, read_back, &backs[i]);
    test_add("authorized", "gives the redirect_uri's own query back",
             writes_back, NULL);
    for (size_t i = 0; i < COUNT(tokens); i++)
        test_add("token", tokens[i].name, read_token, &tokens[i]);
    for (size_t i = 0; i < COUNT(headers); i++)
        test_add("header", headers[i].name, read_header, &headers[i]);
    for (size_t i = 0; i < COUNT(metadata); i++)
        test_add("metadata", metadata[i].name, read_metadata, &metadata[i]);
    test_add("metadata", "gives back what was written", gives_metadata, NULL);
    test_add("answers", "accepts small ones, and shows no more than may be",
             reads_small_answers, NULL);
    test_add("errors", "gives a word and a status to each", knows_errors,
             NULL);
    for (size_t i = 0; i < COUNT(urls); i++)
        test_add("well-known", urls[i].name, place_of, &urls[i]);
    test_add("par", "gives back what a wallet wrote", gives_request_back,
             NULL);
    return test_run("oauth/answers");
}
