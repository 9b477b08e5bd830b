/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/metadata.h"

#include "check.h"
#include "forge.h"

#define URL "https://i.example/one"

static yao_bytes described(const yao_vci_issuer *issuer)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  json;

    yao_vci_put_metadata(&w, issuer);
    assert_status(yao_writer_keep(&w, test_arena(), &json), YAO_OK);
    return json;
}

static yao_vci_issuer an_issuer(const yao_public_key *key)
{
    return (yao_vci_issuer){.url       = YAO_TEXT(URL),
                            .name      = {YAO_TEXT("\xe7\xb1\xb3"),
                                          YAO_TEXT("An issuer")},
                            .logo      = YAO_TEXT("https://i.example/l.png"),
                            .catalogue = yao_catalogue_shipped(),
                            .cards     = true,
                            .batch     = 20,
                            .key       = key,
                            .kid       = YAO_TEXT("k")};
}

/* Whatever we offer, our wallet understands. */
static void reads_ours(void **state)
{
    const yao_public_key key    = yao_openssl_key_public(forge_key(3));
    yao_vci_issuer       issuer = an_issuer(&key);
    yao_vci_metadata     m;

    (void)state;
    issuer.attested            = true;
    issuer.key_storage         = YAO_VCI_HIGH | YAO_VCI_MODERATE;
    issuer.user_authentication = YAO_VCI_BASIC;
    assert_status(yao_vci_read_metadata(test_arena(), described(&issuer),
                                        YAO_TEXT(URL), false, &m),
                  YAO_OK);
    assert_int_equal(m.batch, 20);
    assert_true(yao_public_key_equal(&m.request_key, &key));
    assert_int_equal(m.request_enc, YAO_A256GCM);
    assert_int_equal(m.server_count, 0);
    assert_true(yao_text_equal(m.deferred_endpoint, YAO_TEXT(URL "/deferred")));
    for (const yao_json *c = m.configurations->first; c != NULL; c = c->next) {
        yao_vci_offered o;
        assert_status(yao_vci_find_offered(&m, c->name, test_arena(), &o),
                      YAO_OK);
        assert_true(yao_text_equal(o.scope, c->name));
        assert_true(o.bound && o.attested && o.title.len > 0);
        assert_int_equal(o.key_storage, YAO_VCI_HIGH | YAO_VCI_MODERATE);
        assert_int_equal(o.user_authentication, YAO_VCI_BASIC);
        assert_true(o.format != YAO_VCI_CARD || o.profile.len > 0);
    }
}

/* ---- rows ---- */

#define META(more)                                                             \
    "{\"credential_issuer\":\"" URL "\",\"credential_endpoint\":\"" URL        \
    "/c\"," more                                                               \
    "\"credential_configurations_supported\":{\"a\":{\"format\":\"mso_mdoc\"," \
    "\"doctype\":\"d\"},\"b\":{\"format\":\"ldp_vc\"},"                        \
    "\"c\":{\"format\":\"dc+sd-jwt\",\"vct\":\"v\","                           \
    "\"cryptographic_binding_methods_supported\":[\"jwk\"]},"                  \
    "\"d\":{\"format\":\"dc+sd-jwt\",\"vct\":\"v\","                           \
    "\"cryptographic_binding_methods_supported\":[\"did:x\"],"                 \
    "\"proof_types_supported\":{\"jwt\":"                                      \
    "{\"proof_signing_alg_values_supported\":[\"ES256\"]}}},"                  \
    "\"e\":{\"format\":\"dc+sd-jwt\",\"vct\":\"v\","                           \
    "\"cryptographic_binding_methods_supported\":[\"jwk\"],"                   \
    "\"proof_types_supported\":{\"jwt\":"                                      \
    "{\"proof_signing_alg_values_supported\":[\"ES512\"]}}},"                  \
    "\"f\":{\"format\":\"mso_mdoc\"},\"g\":1}}"

static const struct row {
    const char *name, *json;
    yao_status  want;
} rows[] = {
    {"accepts what is needed, and no more", META(""), YAO_OK},
    {"accepts members that nobody knows", META("\"x\":[],"), YAO_OK},
    {"accepts N139: a picture that is a script, and reads no picture",
     META("\"display\":[{\"name\":\"x\",\"logo\":{\"uri\":"
          "\"javascript:alert(1)\"},\"background_image\":{\"uri\":"
          "\"data:image/svg+xml,<svg onload=\"}}],"),
     YAO_OK},
    {"accepts another authorization server",
     META("\"authorization_servers\":[\"https://as.example\"],"), YAO_OK},
    {"refuses N137: another issuer's",
     "{\"credential_issuer\":\"https://i.example/two\"}", YAO_E_MISMATCH},
    {"refuses N137: a slash more", "{\"credential_issuer\":\"" URL "/\"}",
     YAO_E_MISMATCH},
    {"refuses nobody's", "{}", YAO_E_MISSING},
    {"refuses no endpoint", "{\"credential_issuer\":\"" URL "\"}",
     YAO_E_MISSING},
    {"refuses no configurations",
     "{\"credential_issuer\":\"" URL "\",\"credential_endpoint\":\"" URL
     "\"}", YAO_E_MISSING},
    {"refuses an endpoint without encryption",
     META("\"nonce_endpoint\":\"http://i.example\","), YAO_E_VALUE},
    {"refuses a server without a name",
     META("\"authorization_servers\":[\"https://1.2.3.4\"],"), YAO_E_VALUE},
    {"refuses an empty list of servers", META("\"authorization_servers\":[],"),
     YAO_E_MALFORMED},
    {"refuses a batch of one",
     META("\"batch_credential_issuance\":{\"batch_size\":1},"),
     YAO_E_MALFORMED},
    {"refuses a batch of no size", META("\"batch_credential_issuance\":{},"),
     YAO_E_MISSING},
    {"refuses encryption that is required, without a key",
     META("\"credential_request_encryption\":{\"encryption_required\":true},"),
     YAO_E_MISSING},
    {"refuses encryption that is required, of another kind",
     META("\"credential_request_encryption\":{\"encryption_required\":true,"
          "\"jwks\":{\"keys\":[{\"kty\":\"RSA\"}]},"
          "\"enc_values_supported\":[\"A256GCM\"]},"),
     YAO_E_UNSUPPORTED},
    {"refuses answers that must be encrypted in another way",
     META("\"credential_response_encryption\":{\"encryption_required\":true,"
          "\"alg_values_supported\":[\"RSA-OAEP\"],"
          "\"enc_values_supported\":[\"A256GCM\"]},"),
     YAO_E_UNSUPPORTED},
    {"accepts encryption of another kind that is not required",
     META("\"credential_response_encryption\":{\"encryption_required\":false,"
          "\"alg_values_supported\":[\"RSA-OAEP\"],"
          "\"enc_values_supported\":[\"A256GCM\"]},"),
     YAO_OK},
    {"refuses an array", "[]", YAO_E_MALFORMED},
};

static void reads(void **state)
{
    const struct row *r   = *state;
    yao_vci_metadata  got = {.batch = 77};

    assert_status(yao_vci_read_metadata(test_arena(),
                                        yao_text_bytes(yao_text_of(r->json)),
                                        YAO_TEXT(URL), false, &got),
                  r->want);
    assert_int_equal(got.batch, r->want == YAO_OK ? 1 : 77);
}

static void finds(void **state)
{
    static const struct {
        const char *id;
        yao_status  want;
    } ids[] = {{"a", YAO_OK},          {"b", YAO_E_UNSUPPORTED},
               {"c", YAO_E_MALFORMED}, {"d", YAO_E_UNSUPPORTED},
               {"e", YAO_E_UNSUPPORTED}, {"f", YAO_E_MISSING},
               {"g", YAO_E_MALFORMED}, {"h", YAO_E_NOT_FOUND}};
    yao_vci_metadata m;
    yao_vci_offered  o;

    (void)state;
    assert_status(yao_vci_read_metadata(test_arena(), YAO_LIT(META("")),
                                        YAO_TEXT(URL), false, &m),
                  YAO_OK);
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_status(yao_vci_find_offered(&m, yao_text_of(ids[i].id),
                                           test_arena(), &o),
                      ids[i].want);
}

/* ---- signed ---- */

typedef struct scene {
    yao_anchor anchor;
    yao_bytes  leaf;
    yao_text   issuer;
    yao_time   now;
    int        key;
} scene;

static scene a_scene(void)
{
    yao_x509_request r = forge_request(YAO_X509_ROOT, 0, NULL);
    yao_certificate  root;
    scene            s = {.issuer = YAO_TEXT(URL), .now = FORGE_NOW, .key = 1};

    s.anchor = (yao_anchor){.certificate = forge_write(&r, 0),
                            .role        = YAO_ROLE_ISSUER};
    assert_status(yao_x509_read(s.anchor.certificate, &root), YAO_OK);
    r      = forge_request(YAO_X509_SIGNER, 1, &root);
    s.leaf = forge_write(&r, 0);
    return s;
}

static yao_status judge(const scene *s)
{
    yao_vci_issuer          issuer = an_issuer(NULL);
    yao_vci_metadata_check *check = yao_arena_take(test_arena(), sizeof *check);
    const yao_vci_signed_wish wish = {.issuer      = &issuer,
                                      .now         = FORGE_NOW,
                                      .expires     = FORGE_NOW + 60,
                                      .alg         = YAO_ES256,
                                      .chain       = &s->leaf,
                                      .chain_count = 1};
    yao_vci_token token;
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len;
    yao_bytes     jwt, json;

    assert_status(yao_vci_make_metadata(test_arena(), &wish, &token), YAO_OK);
    assert_status(
        yao_openssl_sign(forge_key(s->key), &token.wish, signature, &len),
        YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_vci_put_token(&w, &token, (yao_bytes){signature, len});
    assert_status(yao_writer_keep(&w, test_arena(), &jwt), YAO_OK);
    YAO_TRY(yao_vci_begin_metadata(test_arena(), jwt, s->issuer, &s->anchor, 1,
                                   s->now, check));
    assert_status(yao_vci_conclude_metadata(check, &json), YAO_E_CRYPTO);
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, check->checks,
                                         check->check_count),
                  YAO_OK);
    return yao_vci_conclude_metadata(check, &json);
}

static void signs(void **state)
{
    scene s = a_scene();

    (void)state;
    assert_status(judge(&s), YAO_OK);
    s.issuer = YAO_TEXT("https://other.example");
    assert_status(judge(&s), YAO_E_MISMATCH);
    s     = a_scene();
    s.now = FORGE_NOW + 60;
    assert_status(judge(&s), YAO_E_EXPIRED);
    s.now = FORGE_NOW - 301;
    assert_status(judge(&s), YAO_E_NOT_YET_VALID);
    s     = a_scene();
    s.key = 4;
    assert_status(judge(&s), YAO_E_BAD_SIGNATURE);
    s = a_scene();
    yao_certificate root;
    assert_status(yao_x509_read(s.anchor.certificate, &root), YAO_OK);
    yao_x509_request r = forge_request(YAO_X509_READER, 1, &root);
    s.leaf             = forge_write(&r, 0);
    assert_status(judge(&s), YAO_E_PROFILE);
    s             = a_scene();
    s.anchor.role = YAO_ROLE_READER;
    assert_status(judge(&s), YAO_E_UNTRUSTED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("metadata", rows[i].name, reads, &rows[i]);
    test_add("metadata", "gives what our wallet reads", reads_ours, NULL);
    test_add("metadata", "gives configurations, refuses what is none of ours",
             finds, NULL);
    test_add("metadata", "accepts a signature, refuses N138 each way", signs,
             NULL);
    return test_run("vci/metadata");
}
