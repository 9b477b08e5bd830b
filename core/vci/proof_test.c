/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/proof.h"

#include "check.h"
#include "forge.h"

#define ISSUER "https://issuer.example/one"
#define CLIENT "wallet-1"
#define NONCE  "a nonce"

enum { ROOT = 0, ATTESTER = 1, FIRST = 2, SECOND = 3, OTHER = 4 };

/* ---- a world ------------------------------------------------------------ */

typedef struct world {
    yao_vci_request     request;
    yao_vci_proof_rules rules;
    yao_anchor          anchor;
    yao_bytes           leaf;

    /* how proofs and the attestation are made; rows change it */
    yao_vci_proof_wish       proof;
    int                      signer; /* of the first proof */
    size_t                   proofs;
    bool                     attested;
    yao_vci_attestation_wish attestation;
    yao_public_key           keys[YAO_VCI_MAX_BATCH];
    int                      attester; /* who signs it */
    const char *header; /* instead of the first proof's header */
    const char *payload; /* instead of the attestation's */
} world;

static yao_public_key public_of(int key)
{
    return yao_openssl_key_public(forge_key(key));
}

static void certify(world *w)
{
    yao_x509_request r = forge_request(YAO_X509_ROOT, ROOT, NULL);
    yao_certificate  root;

    r.common_name = YAO_TEXT("SPECIMEN attester root");
    w->anchor     = (yao_anchor){.certificate = forge_write(&r, ROOT),
                                 .role        = YAO_ROLE_ATTEST};
    assert_status(yao_x509_read(w->anchor.certificate, &root), YAO_OK);
    r             = forge_request(YAO_X509_STATUS, ATTESTER, &root);
    r.common_name = YAO_TEXT("SPECIMEN attester");
    w->leaf       = forge_write(&r, ROOT);
}

static void open(world *w)
{
    *w = (world){.proofs = 1, .signer = FIRST, .attester = ATTESTER};
    certify(w);
    w->keys[0] = public_of(FIRST);
    w->keys[1] = public_of(SECOND);
    w->rules   = (yao_vci_proof_rules){.issuer       = YAO_TEXT(ISSUER),
                                       .client_id    = YAO_TEXT(CLIENT),
                                       .now          = FORGE_NOW,
                                       .anchors      = &w->anchor,
                                       .anchor_count = 1};
    w->proof   = (yao_vci_proof_wish){.key       = w->keys[0],
                                      .audience  = YAO_TEXT(ISSUER),
                                      .client_id = YAO_TEXT(CLIENT),
                                      .nonce     = YAO_TEXT(NONCE),
                                      .now       = FORGE_NOW};
    w->attestation =
        (yao_vci_attestation_wish){.keys        = w->keys,
                                   .key_count   = 1,
                                   .nonce       = YAO_TEXT(NONCE),
                                   .now         = FORGE_NOW - 60,
                                   .expires     = FORGE_NOW + 60,
                                   .key_storage = YAO_VCI_MODERATE,
                                   .alg         = YAO_ES256,
                                   .chain       = &w->leaf,
                                   .chain_count = 1};
    w->request.type = YAO_VCI_JWT;
}

static yao_text text_of(yao_writer *w)
{
    yao_bytes bytes;

    assert_status(yao_writer_keep(w, test_arena(), &bytes), YAO_OK);
    return (yao_text){bytes.ptr, bytes.len};
}

static yao_text sign(const yao_vci_token *token, int key)
{
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len;

    assert_status(
        yao_openssl_sign(forge_key(key), &token->wish, signature, &len),
        YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_vci_put_token(&w, token, (yao_bytes){signature, len});
    return text_of(&w);
}

/* The same token with other JSON in front or in its middle. */
static yao_vci_token rewrite(const yao_vci_token *token, const char *header,
                             const char *payload)
{
    size_t        at   = yao_bytes_find(token->unsigned_jwt, '.');
    yao_vci_token made = *token;
    yao_writer    w    = yao_writer_in(test_arena());

    if (header != NULL)
        yao_put_base64url(&w, yao_text_bytes(yao_text_of(header)));
    else
        yao_put_bytes(&w, (yao_bytes){token->unsigned_jwt.ptr, at});
    yao_put_byte(&w, '.');
    if (payload != NULL)
        yao_put_base64url(&w, yao_text_bytes(yao_text_of(payload)));
    else
        yao_put_bytes(&w, (yao_bytes){token->unsigned_jwt.ptr + at + 1,
                                      token->unsigned_jwt.len - at - 1});
    made.unsigned_jwt = yao_text_bytes(text_of(&w));
    made.wish         = yao_sign_wish_of(YAO_ES256, made.unsigned_jwt);
    return made;
}

static yao_text make_attestation(world *w)
{
    yao_vci_token token;

    assert_status(
        yao_vci_make_attestation(test_arena(), &w->attestation, &token),
        YAO_OK);
    if (w->payload != NULL)
        token = rewrite(&token, NULL, w->payload);
    return sign(&token, w->attester);
}

static void make_proofs(world *w)
{
    for (size_t i = 0; i < w->proofs; i++) {
        yao_vci_proof_wish wish = w->proof;
        yao_vci_token      token;
        if (i > 0)
            wish.key = public_of(FIRST + (int)i);
        assert_status(yao_vci_make_proof(test_arena(), &wish, &token), YAO_OK);
        if (i == 0 && w->header != NULL)
            token = rewrite(&token, w->header, NULL);
        w->request.proofs[w->request.proof_count++] =
            sign(&token, i == 0 ? w->signer : FIRST + (int)i);
    }
}

static yao_status judge(world *w, yao_vci_keys *keys, yao_vci_error *error)
{
    yao_vci_proofs proofs;

    if (w->attested && w->request.type == YAO_VCI_JWT)
        w->proof.attestation = make_attestation(w);
    if (w->request.type == YAO_VCI_JWT)
        make_proofs(w);
    else if (w->request.type == YAO_VCI_ATTESTATION)
        w->request.proofs[w->request.proof_count++] = make_attestation(w);
    YAO_TRY(yao_vci_begin_proofs(test_arena(), &w->request, &w->rules, &proofs,
                                 error));
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, proofs.checks,
                                         proofs.check_count),
                  YAO_OK);
    return yao_vci_conclude_proofs(&proofs, proofs.checks, keys, error);
}

/* ---- rows --------------------------------------------------------------- */

#define TURN(name, ...)                                                        \
    static void name(world *w)                                                 \
    {                                                                          \
        __VA_ARGS__                                                            \
    }

TURN(as_it_is, (void)w;)
TURN(two, w->proofs = 2;)
TURN(anonymous, w->rules.client_id = YAO_TEXT("");
     w->proof.client_id = YAO_TEXT("");)
TURN(named_anonymous, w->rules.client_id = YAO_TEXT("");)
TURN(other_client, w->proof.client_id = YAO_TEXT("wallet-2");)
TURN(other_issuer, w->proof.audience = YAO_TEXT("https://other.example");)
TURN(no_nonce, w->proof.nonce = YAO_TEXT("");)
TURN(old, w->proof.now = FORGE_NOW - 301;)
TURN(oldest, w->proof.now = FORGE_NOW - 300;)
TURN(early, w->proof.now = FORGE_NOW + 301;)
TURN(signed_by_another, w->signer = OTHER;)
TURN(no_proof, w->proofs = 0;)

#define HEADER(name, json) TURN(name, w->header = json;)
#define KEY                                                                    \
    "\"jwk\":{\"crv\":\"P-256\",\"kty\":\"EC\","                               \
    "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","                   \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\""
#define TYP "\"typ\":\"openid4vci-proof+jwt\","
HEADER(other_type, "{\"alg\":\"ES256\",\"typ\":\"JWT\"," KEY "}}")
HEADER(no_type, "{\"alg\":\"ES256\"," KEY "}}")
HEADER(alg_none, "{\"alg\":\"none\"," TYP KEY "}}")
HEADER(alg_hmac, "{\"alg\":\"HS256\"," TYP KEY "}}")
HEADER(with_kid, "{\"alg\":\"ES256\",\"kid\":\"1\"," TYP KEY "}}")
HEADER(with_x5c, "{\"alg\":\"ES256\",\"x5c\":[\"AAAA\"]," TYP KEY "}}")
HEADER(with_secret, "{\"alg\":\"ES256\"," TYP KEY ",\"d\":\"AA\"}}")
HEADER(no_key, "{\"alg\":\"ES256\",\"typ\":\"openid4vci-proof+jwt\"}")
HEADER(only_kid,
       "{\"alg\":\"ES256\",\"typ\":\"openid4vci-proof+jwt\",\"kid\":\"1\"}")
HEADER(other_key, "{\"alg\":\"ES256\"," TYP KEY "}}")
HEADER(attestation_number,
       "{\"alg\":\"ES256\",\"key_attestation\":1," TYP KEY "}}")

TURN(attested, w->attested = true;)
TURN(attested_two, w->attested = true; w->attestation.key_count = 2;)
TURN(attested_both, w->attested = true; w->attestation.key_count = 2;
     w->proofs = 2;)
TURN(attested_without_nonce, w->attested = true;
     w->attestation.nonce = YAO_TEXT("");)
TURN(wanted, w->rules.attested = true;)
TURN(wanted_and_there, w->rules.attested = true; w->attested = true;
     w->rules.key_storage = YAO_VCI_MODERATE | YAO_VCI_HIGH;)
TURN(too_low, w->attested = true; w->rules.key_storage = YAO_VCI_HIGH;)
TURN(no_authentication, w->attested = true;
     w->rules.user_authentication = YAO_VCI_BASIC;)
TURN(of_other_key, w->attested = true; w->keys[0] = public_of(OTHER);)
TURN(of_other_nonce, w->attested = true;
     w->attestation.nonce = YAO_TEXT("another");)
TURN(never_ending, w->attested = true; w->attestation.expires = YAO_TIME_NONE;)
TURN(over, w->attested = true; w->attestation.expires = FORGE_NOW;)
TURN(of_tomorrow, w->attested = true;
     w->attestation.now = FORGE_NOW + YAO_TIME_DAY;)
TURN(by_another, w->attested = true; w->attester = OTHER;)
TURN(by_nobody, w->attested = true; w->rules.anchor_count = 0;)
TURN(by_an_issuer, w->attested = true; w->anchor.role = YAO_ROLE_ISSUER;)

/* A certificate that signs documents attests nothing. */
static void by_a_signer(world *w)
{
    yao_certificate  root;
    yao_x509_request r;

    assert_status(yao_x509_read(w->anchor.certificate, &root), YAO_OK);
    r           = forge_request(YAO_X509_SIGNER, ATTESTER, &root);
    w->leaf     = forge_write(&r, ROOT);
    w->attested = true;
}

#define PAYLOAD(name, json) TURN(name, w->attested = true; w->payload = json;)
PAYLOAD(of_nothing, "{\"iat\":1,\"exp\":9999999999,\"attested_keys\":[]}")
PAYLOAD(without_iat, "{\"exp\":9999999999,\"attested_keys\":[1]}")
PAYLOAD(with_status,
        "{\"iat\":1,\"exp\":9999999999,\"attested_keys\":[{\"crv\":\"P-256\","
        "\"kty\":\"EC\",\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
        "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}],\"status\":"
        "{\"status_list\":{\"idx\":1,\"uri\":\"https://a.example\"}}}")

TURN(only_attestation, w->request.type = YAO_VCI_ATTESTATION;
     w->attestation.key_count = 2; w->attestation.expires = YAO_TIME_NONE;)
TURN(attestation_without_nonce, w->request.type = YAO_VCI_ATTESTATION;
     w->attestation.nonce = YAO_TEXT("");)
TURN(attestation_twice, w->request.type = YAO_VCI_ATTESTATION;
     w->keys[1] = w->keys[0]; w->attestation.key_count = 2;)

static const struct row {
    const char *name;
    void (*turn)(world *w);
    yao_status    want;
    yao_vci_error error;
    size_t        keys;
} rows[] = {
    {"accepts a proof", as_it_is, YAO_OK, YAO_VCI_FINE, 1},
    {"accepts two", two, YAO_OK, YAO_VCI_FINE, 2},
    {"accepts one of an anonymous wallet", anonymous, YAO_OK, YAO_VCI_FINE, 1},
    {"accepts one of five minutes ago", oldest, YAO_OK, YAO_VCI_FINE, 1},
    {"refuses N176: a name where there is none", named_anonymous,
     YAO_E_MISMATCH, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N176: another client's", other_client, YAO_E_MISMATCH,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N176: one for another issuer", other_issuer, YAO_E_MISMATCH,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N176: one that is too old", old, YAO_E_EXPIRED,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N176: one of the future", early, YAO_E_NOT_YET_VALID,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses one without nonce", no_nonce, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N175: one that another key signed", signed_by_another,
     YAO_E_BAD_SIGNATURE, YAO_VCI_INVALID_PROOF, 0},
    {"refuses none", no_proof, YAO_E_MISSING, YAO_VCI_INVALID_PROOF, 0},

    {"refuses N174: another type", other_type, YAO_E_HEADER,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N174: no type", no_type, YAO_E_HEADER, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N174: alg none", alg_none, YAO_E_ALGORITHM,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N174: a MAC", alg_hmac, YAO_E_ALGORITHM, YAO_VCI_INVALID_PROOF,
     0},
    {"refuses N174: jwk and kid", with_kid, YAO_E_HEADER,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N174: jwk and x5c", with_x5c, YAO_E_HEADER,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N174: a secret key", with_secret, YAO_E_KEY,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses no key at all", no_key, YAO_E_HEADER, YAO_VCI_INVALID_PROOF, 0},
    {"refuses a kid alone", only_kid, YAO_E_HEADER, YAO_VCI_INVALID_PROOF, 0},
    {"refuses a key that did not sign", other_key, YAO_E_BAD_SIGNATURE,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses an attestation that is no string", attestation_number,
     YAO_E_MALFORMED, YAO_VCI_INVALID_PROOF, 0},

    {"accepts an attested key", attested, YAO_OK, YAO_VCI_FINE, 1},
    {"gives all keys of the attestation of one proof", attested_two, YAO_OK,
     YAO_VCI_FINE, 2},
    {"gives each proof its key, where one attestation has them", attested_both,
     YAO_OK, YAO_VCI_FINE, 2},
    {"accepts an attestation that was made before the nonce",
     attested_without_nonce, YAO_OK, YAO_VCI_FINE, 1},
    {"accepts the level that is wanted", wanted_and_there, YAO_OK,
     YAO_VCI_FINE, 1},
    {"refuses N177: no attestation where one is wanted", wanted, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: a level that is too low", too_low, YAO_E_NOT_AUTHORISED,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: no word of how the user is recognised", no_authentication,
     YAO_E_NOT_AUTHORISED, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: an attestation of another key", of_other_key,
     YAO_E_MISMATCH, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one for another nonce", of_other_nonce, YAO_E_MISMATCH,
     YAO_VCI_INVALID_NONCE, 0},
    {"refuses N178: one without end in a proof", never_ending, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one that is over", over, YAO_E_EXPIRED,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one of tomorrow", of_tomorrow, YAO_E_NOT_YET_VALID,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one that another key signed", by_another,
     YAO_E_BAD_SIGNATURE, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one under nobody's root", by_nobody, YAO_E_UNTRUSTED,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one under the root of documents", by_an_issuer,
     YAO_E_UNTRUSTED, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one by who signs documents", by_a_signer, YAO_E_PROFILE,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses N178: one that may be revoked, where nobody looks", with_status,
     YAO_E_UNSUPPORTED, YAO_VCI_INVALID_PROOF, 0},
    {"refuses an attestation of no keys", of_nothing, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF, 0},
    {"refuses an attestation without iat", without_iat, YAO_E_MISSING,
     YAO_VCI_INVALID_PROOF, 0},

    {"accepts an attestation alone", only_attestation, YAO_OK, YAO_VCI_FINE,
     2},
    {"refuses an attestation alone without nonce", attestation_without_nonce,
     YAO_E_MISSING, YAO_VCI_INVALID_PROOF, 0},
    {"refuses N179: a key twice in one", attestation_twice, YAO_E_DUPLICATE,
     YAO_VCI_INVALID_PROOF, 0},
};

static void proves(void **state)
{
    const struct row *r     = *state;
    yao_vci_keys      keys  = {.count = 77};
    yao_vci_error     error = YAO_VCI_OTHER_ERROR;
    world             w;

    open(&w);
    r->turn(&w);
    assert_status(judge(&w, &keys, &error), r->want);
    assert_int_equal(error, r->error);
    assert_int_equal(keys.count, r->want == YAO_OK ? r->keys : 77);
}

/* A home that does not answer, or can't, is never "good". */
static void refuses_unanswered(void **state)
{
    yao_vci_proofs proofs;
    yao_vci_keys   keys;
    yao_vci_error  error;
    world          w;

    (void)state;
    open(&w);
    make_proofs(&w);
    assert_status(yao_vci_begin_proofs(test_arena(), &w.request, &w.rules,
                                       &proofs, &error),
                  YAO_OK);
    assert_status(
        yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error),
        YAO_E_CRYPTO);
    assert_int_equal(error, YAO_VCI_FINE);
    proofs.checks[0].outcome = YAO_SIG_UNSUPPORTED;
    assert_status(
        yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error),
        YAO_E_UNSUPPORTED);
    proofs.check_count = 0;
    assert_status(
        yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error),
        YAO_E_MISSING);
}

static yao_status read_bits(yao_bytes input, void *context)
{
    world         *w = context;
    yao_vci_proofs proofs;
    yao_vci_keys   keys;
    yao_vci_error  error;

    w->request.proofs[0]   = (yao_text){input.ptr, input.len};
    w->request.proof_count = 1;
    size_t     mark        = test_arena()->used;
    yao_status status      = yao_vci_begin_proofs(
        test_arena(), &w->request, &w->rules, &proofs, &error);
    if (status == YAO_OK)
        status = forge_crypto()->verify(forge_crypto()->ctx, proofs.checks,
                                        proofs.check_count);
    if (status == YAO_OK)
        status = yao_vci_conclude_proofs(&proofs, proofs.checks, &keys, &error);
    test_arena()->used = mark;
    return status;
}

static void every_bit(void **state)
{
    world w;

    (void)state;
    open(&w);
    w.attested          = true;
    w.proof.attestation = make_attestation(&w);
    make_proofs(&w);
    yao_bytes good = yao_text_bytes(w.request.proofs[0]);
    test_every_bit(read_bits, good, &w, NULL);
    test_every_prefix(read_bits, good, &w);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("proof", rows[i].name, proves, &rows[i]);
    test_add("proof", "refuses what no home has answered", refuses_unanswered,
             NULL);
    test_add("proof", "refuses every flip and every prefix", every_bit, NULL);
    return test_run("vci/proof");
}
