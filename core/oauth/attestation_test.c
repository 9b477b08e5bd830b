/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/attestation.h"

#include "forge.h"
#include "support/token.h"

#include <stdio.h>

#define NOW FORGE_NOW
#define ISSUER "https://as.example.com"

/* ---- the example of the draft ---- */

static yao_bytes member(const yao_json *root, const char *name)
{
    yao_text text;

    assert_status(yao_json_string(yao_json_get(root, name), test_arena(),
                                  &text),
                  YAO_OK);
    return yao_text_bytes(text);
}

static void reads_published(void **state)
{
    yao_public_key             key      = test_public(1);
    yao_attester               attester = {.keys = &key, .key_count = 1};
    yao_attestation_unverified found;
    yao_oauth_refusal          why;
    yao_attestation_ask        ask = {.attesters      = &attester,
                                      .attester_count = 1,
                                      .audience       = YAO_TEXT(ISSUER),
                                      .client_id      = YAO_TEXT(
                                          "https://client.example.com"),
                                      .clock  = {1772487600, 300, 60},
                                      .crypto = test_crypto()};

    (void)state;
    if (!test_have_vectors())
        skip();
    const yao_json *root =
        test_json(test_vector("oauth-attestation-client-auth/example.json"));
    yao_bytes attestation = member(root, "OAuth-Client-Attestation");
    yao_bytes pop         = member(root, "OAuth-Client-Attestation-PoP");
    assert_status(yao_attestation_read(test_arena(), attestation, pop, &ask,
                                       &found, &why),
                  YAO_OK);
    assert_true(
        yao_text_equal(found.challenge,
                       YAO_TEXT("5c1a9e10-29ff-4c2b-ae73-57c0957c09c4")));
    assert_int_equal(found.check_count, 2);
    assert_status(test_crypto()->verify(test_crypto()->ctx, found.checks, 2),
                  YAO_OK);
    /* the attester's key was not published: ours is another one */
    assert_int_equal(found.checks[0].outcome, YAO_SIG_BAD);
    assert_int_equal(found.checks[1].outcome, YAO_SIG_GOOD);
    assert_status(yao_oauth_answers(found.checks, 2), YAO_E_BAD_SIGNATURE);
    assert_status(yao_oauth_answers(&found.checks[1], 1), YAO_OK);
}

/* ---- of our own making, with one thing wrong ---- */

typedef struct scene {
    const char *header, *payload; /* of the attestation; NULL: in order */
    const char *pop_header, *pop;
    bool        no_attestation, no_pop;
    const char *client_id;
    int         signer, pop_signer; /* 0: the right one */
    int         root;               /* whom we trust: 0 the right one */
    bool        dpop, other_dpop;
    const char *attester; /* its iss; NULL: https://attester.example */
    bool        bare;     /* by a bare key, without x5c */
} scene;

enum { ROOT = 0, ATTESTER = 1, INSTANCE = 2, OTHER = 3, OTHER_ROOT = 4 };

#define CNF "\"cnf\":{\"jwk\":%s}"
#define SUB "\"sub\":\"wallet\""
#define EXP "\"exp\":1795309200"
#define ISS "\"iss\":\"https://attester.example\""
#define AUD "\"aud\":\"" ISSUER "\""
#define JTI "\"jti\":\"j-1\""
#define IAT "\"iat\":1795305600"

static const struct row {
    const char     *name;
    scene           s;
    yao_status      want;
    yao_oauth_error error;
} rows[] = {
    {"accepts what is in order", {.header = NULL}, YAO_OK, 0},
    {"accepts it without iss (-08 and later)",
     {.payload = "{" SUB "," EXP "," CNF "}"}, YAO_OK, 0},
    {"accepts further claims",
     {.payload = "{" ISS "," SUB "," EXP "," CNF
                 ",\"wallet_name\":\"W\",\"status\":{}}"},
     YAO_OK, 0},
    {"accepts aud among others",
     {.pop = "{\"aud\":[\"https://b.example\",\"" ISSUER "\"]," JTI "," IAT
             "}"},
     YAO_OK, 0},
    {"accepts a proof without iss", {.pop = "{" AUD "," JTI "," IAT "}"},
     YAO_OK, 0},
    {"accepts a client_id that equals sub", {.client_id = "wallet"}, YAO_OK,
     0},
    {"accepts a bare key of an attester", {.bare = true}, YAO_OK, 0},
    {"accepts the DPoP proof as proof", {.no_pop = true, .dpop = true}, YAO_OK,
     0},
    {"N200 refuses no attestation", {.no_attestation = true}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT},
    {"N200 refuses a wrong signature", {.signer = OTHER}, YAO_E_BAD_SIGNATURE,
     0},
    {"N200 refuses the path to a stranger's root", {.root = OTHER_ROOT},
     YAO_E_UNTRUSTED, YAO_OAUTH_INVALID_CLIENT},
    {"N200 refuses alg none",
     {.header = "{\"alg\":\"none\",\"typ\":\"oauth-client-attestation+jwt\"%s}"},
     YAO_E_ALGORITHM, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses another typ",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"jwt\"%s}"}, YAO_E_HEADER,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses an attester of another name",
     {.attester = "https://other.example"}, YAO_E_UNTRUSTED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses no certificates where a path is asked for",
     {.header = "{\"alg\":\"ES256\",\"typ\":\"oauth-client-attestation+jwt\"}"},
     YAO_E_UNTRUSTED, YAO_OAUTH_INVALID_CLIENT},
    {"N201 refuses exp ten minutes ago",
     {.payload = "{" ISS "," SUB ",\"exp\":1795305000," CNF "}"},
     YAO_E_EXPIRED, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"N201 refuses no exp", {.payload = "{" ISS "," SUB "," CNF "}"},
     YAO_E_MISSING, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"N201 refuses no sub", {.payload = "{" ISS "," EXP "," CNF "}"},
     YAO_E_MISSING, YAO_OAUTH_INVALID_CLIENT},
    {"N201 refuses sub that is not client_id", {.client_id = "other"},
     YAO_E_MISMATCH, YAO_OAUTH_INVALID_CLIENT},
    {"N201 refuses iat that lies ahead",
     {.payload = "{" ISS "," SUB "," EXP ",\"iat\":1795309000," CNF "}"},
     YAO_E_NOT_YET_VALID, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses nbf that lies ahead",
     {.payload = "{" ISS "," SUB "," EXP ",\"nbf\":1795309000," CNF "}"},
     YAO_E_NOT_YET_VALID, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"N201 refuses no cnf", {.payload = "{" ISS "," SUB "," EXP "}"},
     YAO_E_MISSING, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses cnf without jwk",
     {.payload = "{" SUB "," EXP ",\"cnf\":{\"kid\":\"a\"}}"}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses cnf that is no key",
     {.payload = "{" SUB "," EXP ",\"cnf\":{\"jwk\":{\"kty\":\"RSA\"}}}"},
     YAO_E_KEY, YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses sub that is a number",
     {.payload = "{" ISS ",\"sub\":7," EXP "," CNF "}"}, YAO_E_MALFORMED,
     YAO_OAUTH_INVALID_CLIENT},
    {"N202 refuses no proof at all", {.no_pop = true}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT},
    {"N202 refuses a DPoP proof of another key",
     {.no_pop = true, .dpop = true, .other_dpop = true}, YAO_E_MISMATCH,
     YAO_OAUTH_INVALID_CLIENT},
    {"N202 refuses a proof of another key than cnf", {.pop_signer = OTHER},
     YAO_E_BAD_SIGNATURE, 0},
    {"N202 refuses another aud",
     {.pop = "{\"aud\":\"https://b.example\"," JTI "," IAT "}"},
     YAO_E_MISMATCH, YAO_OAUTH_INVALID_CLIENT},
    {"N202 refuses aud with a slash more",
     {.pop = "{\"aud\":\"" ISSUER "/\"," JTI "," IAT "}"}, YAO_E_MISMATCH,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses an aud list of others",
     {.pop = "{\"aud\":[\"https://b.example\"]," JTI "," IAT "}"},
     YAO_E_MISMATCH, YAO_OAUTH_INVALID_CLIENT},
    {"refuses an aud list with a number",
     {.pop = "{\"aud\":[\"" ISSUER "\",7]," JTI "," IAT "}"}, YAO_E_MALFORMED,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses no aud", {.pop = "{" JTI "," IAT "}"}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses no jti", {.pop = "{" AUD "," IAT "}"}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses no iat", {.pop = "{" AUD "," JTI "}"}, YAO_E_MISSING,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses an old proof",
     {.pop = "{" AUD "," JTI ",\"iat\":1795302000}"}, YAO_E_EXPIRED,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses a proof of the future",
     {.pop = "{" AUD "," JTI ",\"iat\":1795309200}"}, YAO_E_NOT_YET_VALID,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses iss of the proof that is another client",
     {.pop = "{" AUD "," JTI "," IAT ",\"iss\":\"other\"}"}, YAO_E_MISMATCH,
     YAO_OAUTH_INVALID_CLIENT},
    {"refuses a challenge that is a number",
     {.pop = "{" AUD "," JTI "," IAT ",\"challenge\":1}"}, YAO_E_MALFORMED,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
    {"refuses a proof of another typ",
     {.pop_header = "{\"alg\":\"ES256\",\"typ\":\"dpop+jwt\"}"}, YAO_E_HEADER,
     YAO_OAUTH_INVALID_CLIENT_ATTESTATION},
};

static yao_bytes root_of(int key)
{
    yao_x509_request r = forge_request(YAO_X509_ROOT, key, NULL);

    r.common_name = key == ROOT ? YAO_TEXT("SPECIMEN root")
                                : YAO_TEXT("SPECIMEN other root");
    return forge_write(&r, key);
}

static yao_bytes leaf_of(yao_bytes root, int key)
{
    yao_certificate issuer;

    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    yao_x509_request r = forge_request(YAO_X509_STATUS, key, &issuer);
    r.common_name      = YAO_TEXT("SPECIMEN attester");
    return forge_write(&r, ROOT);
}

static yao_bytes format(const char *text, const char *hole)
{
    size_t room = 8192;
    char  *out  = yao_arena_take(test_arena(), room);
    int    len  = snprintf(out, room, text, hole);

    return (yao_bytes){(uint8_t *)out, (size_t)len};
}

static const char *jwk_of(int key)
{
    char          *out    = yao_arena_take(test_arena(), 256);
    yao_writer     w      = yao_writer_open((uint8_t *)out, 255);
    yao_public_key public = yao_openssl_key_public(forge_key(key));

    yao_jwk_put(&w, &public);
    return out;
}

static const char *x5c_of(yao_bytes leaf)
{
    char      *out = yao_arena_take(test_arena(), 4096);
    yao_writer w   = yao_writer_open((uint8_t *)out, 4095);

    yao_put_byte(&w, ',');
    yao_jws_put_x5c(&w, &leaf, 1);
    return out;
}

static yao_status judge(const scene *s, yao_attestation_unverified *found,
                        yao_oauth_refusal *why)
{
    yao_bytes      root   = root_of(s->root);
    yao_bytes      leaf   = leaf_of(root_of(ROOT), ATTESTER);
    yao_anchor     anchor = {.certificate = root, .role = YAO_ROLE_ATTEST};
    yao_public_key bare   = yao_openssl_key_public(forge_key(ATTESTER));
    yao_attester   attester = {
          .issuer       = s->attester != NULL
                              ? yao_text_of(s->attester)
                              : YAO_TEXT("https://attester.example"),
          .anchors      = &anchor,
          .anchor_count = s->bare ? 0 : 1,
          .keys         = &bare,
          .key_count    = s->bare ? 1 : 0};
    yao_dpop_unverified dpop = {
        .key = yao_openssl_key_public(
            forge_key(s->other_dpop ? OTHER : INSTANCE))};
    const yao_attestation_ask ask = {.attesters      = &attester,
                                     .attester_count = 1,
                                     .audience       = YAO_TEXT(ISSUER),
                                     .client_id = yao_text_of(s->client_id),
                                     .clock     = {NOW, 300, 60},
                                     .dpop      = s->dpop ? &dpop : NULL,
                                     .crypto    = forge_crypto()};

    yao_bytes attestation = {NULL, 0}, pop = {NULL, 0};
    if (!s->no_attestation)
        attestation = test_jws(
            format(s->header != NULL
                       ? s->header
                       : "{\"alg\":\"ES256\",\"typ\":"
                         "\"oauth-client-attestation+jwt\"%s}",
                   s->bare ? "" : x5c_of(leaf)),
            format(s->payload != NULL ? s->payload
                                      : "{" ISS "," SUB "," EXP "," CNF "}",
                   jwk_of(INSTANCE)),
            forge_key(s->signer != 0 ? s->signer : ATTESTER));
    if (!s->no_pop)
        pop = test_jws(
            format(s->pop_header != NULL
                       ? s->pop_header
                       : "{\"alg\":\"ES256\",\"typ\":"
                         "\"oauth-client-attestation-pop+jwt\"}",
                   ""),
            format(s->pop != NULL ? s->pop
                                  : "{\"iss\":\"wallet\"," AUD "," JTI "," IAT
                                    ",\"challenge\":\"c-1\"}",
                   ""),
            forge_key(s->pop_signer != 0 ? s->pop_signer : INSTANCE));
    YAO_TRY(yao_attestation_read(test_arena(), attestation, pop, &ask, found,
                                 why));
    size_t count = found->check_count - (found->combined ? 1 : 0);
    YAO_TRY(forge_crypto()->verify(forge_crypto()->ctx, found->checks, count));
    return yao_oauth_answers(found->checks, count);
}

static void read_row(void **state)
{
    const struct row          *row = *state;
    yao_attestation_unverified found;
    yao_oauth_refusal          why = {YAO_OAUTH_NONE, ""};

    assert_status(judge(&row->s, &found, &why), row->want);
    assert_int_equal(why.error, row->error);
    if (row->want != YAO_OK)
        return;
    assert_true(yao_text_equal(found.client_id, YAO_TEXT("wallet")));
    assert_int_equal(found.combined, row->s.dpop);
}

static void gives_what_it_says(void **state)
{
    const scene                s = {.header = NULL};
    yao_attestation_unverified one, two;
    yao_oauth_refusal          why;

    (void)state;
    assert_status(judge(&s, &one, &why), YAO_OK);
    assert_true(yao_text_equal(one.challenge, YAO_TEXT("c-1")));
    assert_int_equal(one.forget_at, NOW + 300 + 60 + 1);
    assert_int_equal(one.expires, 1795309200);
    assert_status(judge(&s, &two, &why), YAO_OK);
    assert_memory_equal(one.replay, two.replay, sizeof one.replay);
}

/* ---- making ---- */

static void gives_what_was_made(void **state)
{
    yao_bytes leaf = leaf_of(root_of(ROOT), ATTESTER);
    yao_attestation_request q = {
        .alg         = YAO_ES256,
        .issuer      = YAO_TEXT("https://attester.example"),
        .client_id   = YAO_TEXT("wallet"),
        .issued_at   = NOW,
        .expires     = NOW + 3600,
        .key         = yao_openssl_key_public(forge_key(INSTANCE)),
        .chain       = &leaf,
        .chain_count = 1,
        .wallet_name = YAO_TEXT("SPECIMEN wallet")};
    yao_attestation_pop_request p = {.alg       = YAO_ES256,
                                     .client_id = YAO_TEXT("wallet"),
                                     .audience  = YAO_TEXT(ISSUER),
                                     .jti       = YAO_TEXT("j"),
                                     .iat       = NOW,
                                     .challenge = YAO_TEXT("c")};
    yao_oauth_unsigned          token;
    yao_bytes                   text;
    yao_jws                     jws;

    (void)state;
    assert_status(yao_attestation_make(test_arena(), &q, &token), YAO_OK);
    assert_status(yao_oauth_sign(test_arena(), &token,
                                 test_sign(forge_key(ATTESTER), token.wish),
                                 &text),
                  YAO_OK);
    assert_status(yao_jws_read(test_arena(), text, &jws), YAO_OK);
    assert_int_equal(jws.chain_count, 1);
    assert_bytes(jws.chain[0], leaf);
    assert_true(yao_json_is(yao_json_get(jws.payload, "wallet_name"),
                            "SPECIMEN wallet"));
    assert_status(yao_oauth_sign(test_arena(), &token, YAO_LIT("short"), &text),
                  YAO_E_USAGE);

    assert_status(yao_attestation_make_pop(test_arena(), &p, &token), YAO_OK);
    p.audience = (yao_text){NULL, 0};
    assert_status(yao_attestation_make_pop(test_arena(), &p, &token),
                  YAO_E_USAGE);
    q.expires = q.issued_at;
    assert_status(yao_attestation_make(test_arena(), &q, &token), YAO_E_USAGE);
    q.expires   = NOW + 1;
    q.client_id = (yao_text){NULL, 0};
    assert_status(yao_attestation_make(test_arena(), &q, &token), YAO_E_USAGE);
}

int main(void)
{
    test_add("vector", "accepts the proof of the draft's example",
             reads_published, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("read", rows[i].name, read_row, &rows[i]);
    test_add("read", "gives challenge, end and what to remember",
             gives_what_it_says, NULL);
    test_add("make", "gives tokens that can be read, refuses half of one",
             gives_what_was_made, NULL);
    return test_run("oauth/attestation");
}
