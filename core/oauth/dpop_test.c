/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/dpop.h"

#include "support/token.h"

#include <stdio.h>

#define NOW 1562262616
#define TOKEN "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"

static yao_dpop_ask ask_of(void)
{
    return (yao_dpop_ask){
        .method = YAO_TEXT("POST"),
        .uri    = YAO_TEXT("https://server.example.com/token"),
        .clock  = {NOW, 300, 60},
        .crypto = test_crypto()};
}

/* ---- the proof of RFC 9449 figure 2 and its claims ---- */

#define PROOF_4_1                                                              \
    "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6" \
    "Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZF" \
    "NGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2" \
    "In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHB" \
    "zOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8" \
    "lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37x" \
    "RZT3Lg"

static yao_status check(yao_bytes proof, const yao_dpop_ask *ask,
                        yao_dpop_unverified *ret)
{
    yao_oauth_refusal refusal = {YAO_OAUTH_NONE, ""};
    yao_status status = yao_dpop_read(test_arena(), proof, ask, ret, &refusal);

    if (status != YAO_OK && (int)status < 400 && status != YAO_E_USAGE)
        assert_int_equal(refusal.error, YAO_OAUTH_INVALID_DPOP_PROOF);
    YAO_TRY(status);
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, &ret->check, 1));
    return yao_oauth_answers(&ret->check, 1);
}

static void accepts_published(void **state)
{
    yao_dpop_unverified proof;
    const yao_dpop_ask  ask = ask_of();
    uint8_t             letters[64];
    yao_writer          w = yao_writer_open(letters, sizeof letters);

    (void)state;
    assert_status(check(YAO_LIT(PROOF_4_1), &ask, &proof), YAO_OK);
    assert_true(yao_text_equal(proof.jti, YAO_TEXT("-BwC3ESc6acc2lTc")));
    /* the thumbprint of RFC 9449 section 6.1 */
    yao_dpop_put_jkt(&w, proof.jkt);
    assert_bytes(((yao_bytes){letters, w.len}),
                 YAO_LIT("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    assert_int_equal(proof.forget_at, NOW + 300 + 60 + 1);
}

static yao_status read_it(yao_bytes input, void *context)
{
    yao_dpop_unverified proof;
    const yao_dpop_ask  ask = ask_of();

    (void)context;
    return check(input, &ask, &proof);
}

static bool never(size_t at, void *context)
{
    (void)at;
    (void)context;
    return false;
}

static void refuses_changed(void **state)
{
    (void)state;
    test_every_prefix(read_it, YAO_LIT(PROOF_4_1), NULL);
    test_every_bit(read_it, YAO_LIT(PROOF_4_1), NULL, never);
}

/* ---- a proof that is signed as it should be, and says something else ---- */

#define HEAD(more) "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":%s" more "}"
#define HTM "\"htm\":\"POST\""
#define HTU "\"htu\":\"https://server.example.com/token\""
#define JTI "\"jti\":\"abc\""
#define IAT "\"iat\":1562262616"
#define ALL JTI "," HTM "," HTU "," IAT

static const struct row {
    const char *name;
    const char *header; /* NULL: as it should be; %s is the jwk */
    const char *payload;
    yao_status  want;
} rows[] = {
    {"accepts what is needed", NULL, "{" ALL "}", YAO_OK},
    {"accepts more", NULL, "{" ALL ",\"foo\":[1]}", YAO_OK},
    {"accepts nbf and exp that hold", NULL,
     "{" ALL ",\"nbf\":1562262616,\"exp\":1562262700}", YAO_OK},
    {"N300 accepts iat ten seconds ahead", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262626}", YAO_OK},
    {"N300 accepts iat ten seconds ago", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262606}", YAO_OK},
    {"accepts iat at the end of the window", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262256}", YAO_OK},
    {"N300 accepts iat at the end of the skew", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262676}", YAO_OK},
    {"accepts ath where no token came", NULL, "{" ALL ",\"ath\":\"x\"}",
     YAO_OK},
    {"N191 refuses another typ",
     "{\"alg\":\"ES256\",\"typ\":\"jwt\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_HEADER},
    {"N191 refuses no typ", "{\"alg\":\"ES256\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_HEADER},
    {"N191 refuses typ in capitals",
     "{\"alg\":\"ES256\",\"typ\":\"DPOP+JWT\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_HEADER},
    {"N191 refuses alg none",
     "{\"alg\":\"none\",\"typ\":\"dpop+jwt\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_ALGORITHM},
    {"N191 refuses RS256",
     "{\"alg\":\"RS256\",\"typ\":\"dpop+jwt\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_ALGORITHM},
    {"N191 refuses HS256",
     "{\"alg\":\"HS256\",\"typ\":\"dpop+jwt\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_ALGORITHM},
    {"refuses an alg of another curve",
     "{\"alg\":\"ES384\",\"typ\":\"dpop+jwt\",\"jwk\":%s}", "{" ALL "}",
     YAO_E_ALGORITHM},
    {"N191 refuses no jwk", "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}",
     "{" ALL "}", YAO_E_HEADER},
    {"N191 refuses a jwk with a private part",
     "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\",\"x\":\"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs\","
     "\"y\":\"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA\",\"d\":\"AA\"}}",
     "{" ALL "}", YAO_E_KEY},
    {"N191 refuses a jwk that is no key",
     "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\",\"jwk\":{\"kty\":\"oct\","
     "\"k\":\"AA\"}}",
     "{" ALL "}", YAO_E_KEY},
    {"refuses certificates", HEAD(",\"x5c\":[\"MAMCAQU=\"]"), "{" ALL "}",
     YAO_E_HEADER},
    {"refuses no jti", NULL, "{" HTM "," HTU "," IAT "}", YAO_E_MISSING},
    {"refuses an empty jti", NULL,
     "{\"jti\":\"\"," HTM "," HTU "," IAT "}", YAO_E_MALFORMED},
    {"refuses a jti that is a number", NULL,
     "{\"jti\":7," HTM "," HTU "," IAT "}", YAO_E_MALFORMED},
    {"N191 refuses no htm", NULL, "{" JTI "," HTU "," IAT "}", YAO_E_MISSING},
    {"N191 refuses another htm", NULL,
     "{" JTI ",\"htm\":\"GET\"," HTU "," IAT "}", YAO_E_MISMATCH},
    {"N193 refuses htm in small letters", NULL,
     "{" JTI ",\"htm\":\"post\"," HTU "," IAT "}", YAO_E_MISMATCH},
    {"N191 refuses no htu", NULL, "{" JTI "," HTM "," IAT "}", YAO_E_MISSING},
    {"N191 refuses another htu", NULL,
     "{" JTI "," HTM ",\"htu\":\"https://server.example.com/other\"," IAT "}",
     YAO_E_MISMATCH},
    {"refuses an htu that is no address", NULL,
     "{" JTI "," HTM ",\"htu\":\"token\"," IAT "}", YAO_E_MALFORMED},
    {"N191 refuses no iat", NULL, "{" JTI "," HTM "," HTU "}", YAO_E_MISSING},
    {"refuses iat as a string", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":\"1562262616\"}", YAO_E_MALFORMED},
    {"refuses iat with a fraction", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262616.5}", YAO_E_MALFORMED},
    {"N191 refuses iat an hour ago", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562259016}", YAO_E_EXPIRED},
    {"refuses iat one second too old", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262255}", YAO_E_EXPIRED},
    {"N191 refuses iat an hour ahead", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562266216}", YAO_E_NOT_YET_VALID},
    {"N300 refuses iat one second too far ahead", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":1562262677}", YAO_E_NOT_YET_VALID},
    {"refuses iat at the end of int64", NULL,
     "{" JTI "," HTM "," HTU ",\"iat\":9223372036854775807}",
     YAO_E_MALFORMED},
    {"refuses exp that is over", NULL, "{" ALL ",\"exp\":1562262500}",
     YAO_E_EXPIRED},
    {"refuses nbf that lies ahead", NULL, "{" ALL ",\"nbf\":1562262700}",
     YAO_E_NOT_YET_VALID},
    {"refuses a nonce that is a number", NULL, "{" ALL ",\"nonce\":1}",
     YAO_E_MALFORMED},
    {"refuses a payload that is a list", NULL, "[]", YAO_E_MALFORMED},
    {"refuses a claim twice", NULL, "{" ALL "," JTI "}", YAO_E_DUPLICATE},
};

static yao_bytes make(const char *header, const char *payload, int key)
{
    char           jwk[256], text[1024];
    yao_writer     w = yao_writer_open((uint8_t *)jwk, sizeof jwk - 1);
    yao_public_key public = test_public((size_t)key);

    yao_jwk_put(&w, &public);
    jwk[w.len] = '\0';
    snprintf(text, sizeof text, header != NULL ? header : HEAD(""), jwk);
    return test_jws(yao_text_bytes(yao_text_of(text)),
                    yao_text_bytes(yao_text_of(payload)),
                    test_key((size_t)key, YAO_ES256));
}

static void read_row(void **state)
{
    const struct row   *row = *state;
    yao_dpop_unverified proof;
    const yao_dpop_ask  ask = ask_of();

    assert_status(check(make(row->header, row->payload, 1), &ask, &proof),
                  row->want);
}

/* ---- addresses ---- */

static const struct uri_row {
    const char *name, *one, *two;
    bool        same;
} uris[] = {
    {"accepts scheme and host in capitals", "https://a.example/x",
     "HTTPS://A.Example/x", true},
    {"accepts the default port", "https://a.example/x",
     "https://a.example:443/x", true},
    {"accepts an empty port", "https://a.example/x", "https://a.example:/x",
     true},
    {"accepts http's port", "http://a.example/", "http://a.example:80/", true},
    {"accepts a query and a fragment", "https://a.example/x",
     "https://a.example/x?y=1#z", true},
    {"accepts an empty path for a slash", "https://a.example",
     "https://a.example/", true},
    {"accepts an escape of a plain letter", "https://a.example/x",
     "https://a.example/%78", true},
    {"accepts an escape in small letters", "https://a.example/%2F",
     "https://a.example/%2f", true},
    {"refuses an escaped slash for a slash", "https://a.example/a/b",
     "https://a.example/a%2Fb", false},
    {"refuses another path", "https://a.example/x", "https://a.example/X",
     false},
    {"refuses a path that goes on", "https://a.example/x",
     "https://a.example/x/", false},
    {"refuses another port", "https://a.example/x",
     "https://a.example:8443/x", false},
    {"refuses http's port of https", "https://a.example/x",
     "https://a.example:80/x", false},
    {"refuses another scheme", "https://a.example/x", "http://a.example/x",
     false},
    {"refuses a dot behind the host", "https://a.example/x",
     "https://a.example./x", false},
    {"refuses a user before the host", "https://a.example/x",
     "https://u@a.example/x", false},
    {"refuses a host that begins alike", "https://a.example/x",
     "https://a.example.evil/x", false},
    {"refuses half an escape", "https://a.example/%2", "https://a.example/%2",
     false},
    {"refuses nothing at all", "", "", false},
    {"refuses a path alone", "/x", "/x", false},
};

static void compare_uri(void **state)
{
    const struct uri_row *row = *state;

    assert_int_equal(yao_dpop_same_uri(test_arena(), yao_text_of(row->one),
                                       yao_text_of(row->two)),
                     row->same);
}

/* ---- what the caller asks ---- */

static yao_bytes make_for(yao_text token, yao_text nonce, int key)
{
    yao_oauth_unsigned     unsigned_proof;
    yao_bytes              out;
    const yao_dpop_request q = {.alg    = YAO_ES256,
                                .key    = test_public((size_t)key),
                                .method = YAO_TEXT("POST"),
                                .uri    = YAO_TEXT(
                                    "https://server.example.com/token?a=b#c"),
                                .jti   = YAO_TEXT("jti"),
                                .iat   = NOW,
                                .nonce = nonce,
                                .token = token};

    assert_status(
        yao_dpop_make(test_arena(), &q, test_crypto(), &unsigned_proof),
        YAO_OK);
    assert_status(
        yao_oauth_sign(test_arena(), &unsigned_proof,
                       test_sign(test_key((size_t)key, YAO_ES256),
                                 unsigned_proof.wish),
                       &out),
        YAO_OK);
    return out;
}

static void gives_what_was_made(void **state)
{
    yao_dpop_unverified one, two;
    yao_dpop_ask        ask = ask_of();

    (void)state;
    yao_bytes proof = make_for(YAO_TEXT(TOKEN), YAO_TEXT("n-1"), 2);
    ask.token       = YAO_TEXT(TOKEN);
    assert_status(check(proof, &ask, &one), YAO_OK);
    assert_true(yao_text_equal(one.nonce, YAO_TEXT("n-1")));

    ask.jkt = one.jkt;
    assert_status(check(proof, &ask, &two), YAO_OK);
    assert_memory_equal(one.replay, two.replay, sizeof one.replay);

    /* N199: of another token, of none, of another key */
    ask.token = YAO_TEXT("another");
    assert_status(check(proof, &ask, &two), YAO_E_MISMATCH);
    ask.token = YAO_TEXT(TOKEN);
    assert_status(
        check(make_for((yao_text){NULL, 0}, (yao_text){NULL, 0}, 2), &ask,
              &two),
        YAO_E_MISSING);
    assert_status(
        check(make_for(YAO_TEXT(TOKEN), (yao_text){NULL, 0}, 3), &ask, &two),
        YAO_E_MISMATCH);
}

/* N195: the same jti by another key is another thing to remember. */
static void gives_replay_by_key(void **state)
{
    yao_dpop_unverified one, two;
    const yao_dpop_ask  ask  = ask_of();
    yao_text            none = {NULL, 0};

    (void)state;
    assert_status(check(make_for(none, none, 2), &ask, &one), YAO_OK);
    assert_status(check(make_for(none, none, 3), &ask, &two), YAO_OK);
    assert_memory_not_equal(one.replay, two.replay, sizeof one.replay);
    assert_status(check(make_for(none, YAO_TEXT("n"), 2), &ask, &two), YAO_OK);
    assert_memory_equal(one.replay, two.replay, sizeof one.replay);
}

static void refuses_callers(void **state)
{
    static const yao_oauth_clock clocks[] = {{-1, 300, 60},
                                             {YAO_TIME_MAX + 1, 300, 60},
                                             {NOW, 0, 60},
                                             {NOW, 86401, 60},
                                             {NOW, 300, -1},
                                             {NOW, 300, 86401}};
    yao_dpop_unverified          proof;
    yao_dpop_ask                 ask = ask_of();
    yao_dpop_request             q   = {.alg    = YAO_ES256,
                                        .key    = test_public(1),
                                        .method = YAO_TEXT("POST"),
                                        .uri    = YAO_TEXT("https://a.example"),
                                        .iat    = NOW};
    yao_oauth_unsigned           token;

    (void)state;
    for (size_t i = 0; i < COUNT(clocks); i++) {
        ask.clock = clocks[i];
        assert_status(check(YAO_LIT(PROOF_4_1), &ask, &proof), YAO_E_USAGE);
    }
    assert_status(yao_dpop_make(test_arena(), &q, test_crypto(), &token),
                  YAO_E_USAGE);
    q.jti = YAO_TEXT("j");
    q.alg = YAO_ES384;
    assert_status(yao_dpop_make(test_arena(), &q, test_crypto(), &token),
                  YAO_E_USAGE);
}

static yao_status take(yao_arena *arena, void *context)
{
    const yao_dpop_ask  ask = ask_of();
    yao_dpop_unverified proof;

    (void)context;
    return yao_dpop_read(arena, YAO_LIT(PROOF_4_1), &ask, &proof, NULL);
}

static void refuses_rooms(void **state)
{
    (void)state;
    test_every_arena(take, NULL, 65536);
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    int *left = ctx;

    if ((*left)-- == 0)
        return YAO_E_CRYPTO;
    return test_crypto()->hash(test_crypto()->ctx, alg, parts, count, out);
}

static void refuses_failing_home(void **state)
{
    int                 left;
    yao_crypto          crypto = *test_crypto();
    yao_dpop_ask        ask    = ask_of();
    yao_dpop_unverified proof;
    yao_oauth_refusal   refusal;

    (void)state;
    yao_bytes text = make_for(YAO_TEXT(TOKEN), YAO_TEXT("n"), 1);
    crypto.ctx     = &left;
    crypto.hash    = no_hash;
    ask.crypto     = &crypto;
    ask.token      = YAO_TEXT(TOKEN);
    for (int n = 0; n < 3; n++) {
        left = n;
        assert_status(yao_dpop_read(test_arena(), text, &ask, &proof, &refusal),
                      YAO_E_CRYPTO);
        assert_int_equal(refusal.error, YAO_OAUTH_SERVER_ERROR);
    }
}

static void reads_jkt(void **state)
{
    uint8_t out[32];

    (void)state;
    assert_status(
        yao_dpop_read_jkt(
            YAO_TEXT("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"), out),
        YAO_OK);
    assert_status(
        yao_dpop_read_jkt(
            YAO_TEXT("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4"), out),
        YAO_E_MALFORMED);
    assert_status(
        yao_dpop_read_jkt(
            YAO_TEXT("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4="), out),
        YAO_E_BASE64);
}

int main(void)
{
    test_add("vector", "accepts the proof of RFC 9449 4.1", accepts_published,
             NULL);
    test_add("vector", "refuses every prefix and bit of it", refuses_changed,
             NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    for (size_t i = 0; i < COUNT(uris); i++)
        test_add("htu", uris[i].name, compare_uri, &uris[i]);
    test_add("make", "gives what was made; N199 refuses other tokens and keys",
             gives_what_was_made, NULL);
    test_add("replay", "N195 gives one for each key", gives_replay_by_key,
             NULL);
    test_add("ask", "refuses clocks and requests out of range",
             refuses_callers, NULL);
    test_add("ask", "refuses every arena that is too small", refuses_rooms,
             NULL);
    test_add("ask", "gives no answer when the home fails",
             refuses_failing_home, NULL);
    test_add("jkt", "accepts 43 letters and refuses others", reads_jkt, NULL);
    return test_run("oauth/dpop");
}
