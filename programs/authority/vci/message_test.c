/* SPDX-License-Identifier: Apache-2.0 */
/* How the issuer describes itself, its nonces and offers, and what comes and
 * goes encrypted. */

#include "ci_world.h"

#include "app/catalogue_files.h"
#include "authority/vci/message.h"
#include "jose/jwe.h"
#include "vci/offer.h"

/* ---- metadata ----------------------------------------------------------- */

static as_answer describe(const char *accept)
{
    as_request r = {.method = "GET",
                    .path   = "/.well-known/openid-credential-issuer"};

    as_header(&r, "accept",
              (yao_bytes){(const uint8_t *)accept, strlen(accept)});
    return ci_send(&r);
}

static yao_vci_metadata metadata(void)
{
    yao_vci_metadata m;
    as_answer        a = describe("application/json");

    assert_int_equal(a.reply.status, 200);
    assert_status(yao_vci_read_metadata(test_arena(), a.reply.body,
                                        YAO_TEXT(AS_URL), false, &m),
                  YAO_OK);
    return m;
}

static void gives_metadata(void **state)
{
    yao_vci_offered o;

    (void)state;
    ci_open();
    yao_vci_metadata m = metadata();
    assert_true(yao_text_equal(m.nonce_endpoint, YAO_TEXT(AS_URL "/nonce")));
    assert_int_equal(m.batch, 20);
    assert_true(m.request_encryption && m.response_encryption);
    assert_false(m.request_required || m.response_required);
    assert_status(yao_vci_find_offered(&m, YAO_TEXT("driving_licence_mdoc"),
                                       test_arena(), &o),
                  YAO_OK);
    assert_true(
        yao_text_equal(o.type, YAO_TEXT("org.iso.18013.5.1.mDL")));
    assert_true(yao_text_equal(o.scope, o.id));
    assert_true(o.bound && o.jwt && o.attestation && !o.attested);
    as_close();
}

/* N138 has what a wallet refuses; this is the good one. */
static void gives_signed_metadata(void **state)
{
    yao_vci_metadata_check *check =
        yao_arena_take(test_arena(), sizeof *check);
    yao_bytes json;
    ca        root;

    (void)state;
    ci_open();
    as_now      = yao_now(); /* certificates are of today */
    as_answer a = describe("application/jwt, application/json;q=0.5");
    assert_int_equal(a.reply.status, 200);
    assert_true(yao_text_equal(as_reply_header(&a, "Content-Type"),
                               YAO_TEXT("application/jwt")));
    assert_status(
        ca_open(config_get(&as_first.config, SETTING_POPULATION_ROOT), NULL,
                test_arena(), &root),
        YAO_OK);
    const yao_anchor anchor = {.certificate = root.certificate.der,
                               .role        = YAO_ROLE_ISSUER};
    assert_status(yao_vci_begin_metadata(test_arena(), a.reply.body,
                                         YAO_TEXT(AS_URL), &anchor, 1, as_now,
                                         check),
                  YAO_OK);
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, check->checks,
                                         check->check_count),
                  YAO_OK);
    assert_status(yao_vci_conclude_metadata(check, &json), YAO_OK);
    yao_vci_metadata m;
    assert_status(yao_vci_read_metadata(test_arena(), json, YAO_TEXT(AS_URL),
                                        false, &m),
                  YAO_OK);
    as_close();
}

/* Anybody may ask, and a signature may cost a module of keys much: one is good
 * for a while. */
static void gives_signed_once(void **state)
{
    yao_arena *arena = test_arena();
    yao_bytes  one;

    (void)state;
    ci_open();
    as_answer a = describe("application/jwt");
    assert_status(yao_arena_keep(arena, a.reply.body, &one), YAO_OK);
    as_now += 299;
    assert_bytes(describe("application/jwt").reply.body, one);
    as_now += 1;
    assert_false(
        yao_bytes_equal(describe("application/jwt").reply.body, one));
    as_now -= 400; /* the clock was set back */
    a = describe("application/jwt");
    assert_false(yao_bytes_equal(a.reply.body, one));
    assert_status(yao_arena_keep(arena, a.reply.body, &one), YAO_OK);
    as_server.workers[0].settings.file++; /* other settings were written */
    assert_false(
        yao_bytes_equal(describe("application/jwt").reply.body, one));
    as_close();
}

/* ---- nonces ------------------------------------------------------------- */

static void gives_nonces(void **state)
{
    enum { MANY = 1000 };
    yao_text nonces[MANY];

    (void)state;
    ci_open();
    for (size_t i = 0; i < MANY; i++) {
        nonces[i] = ci_nonce();
        for (size_t j = 0; j < i; j++)
            assert_false(yao_text_equal(nonces[i], nonces[j]));
    }
    for (size_t i = 0; i < authority_credentials.tables[0].count; i++) {
        const app_route *r = &authority_credentials.tables[0].routes[i];
        if (strcmp(r->path, "/nonce") == 0)
            assert_string_equal(r->method, "POST"); /* GET: 405 */
    }
    as_close();
}

/* ---- encryption --------------------------------------------------------- */

/* What a wallet sends: TEXT to the issuer's key, as KID. */
static yao_bytes encrypt(yao_bytes text, const yao_public_key *to, yao_text kid)
{
    yao_openssl_key *own;
    uint8_t          shared[YAO_MAX_AGREEMENT], nonce[YAO_AEAD_NONCE] = {7};
    yao_jwe_key      key;
    yao_aead_wish    wish;
    uint8_t *out = yao_arena_take(test_arena(), text.len + YAO_AEAD_TAG);

    assert_status(yao_openssl_key_generate(YAO_ES256, &own), YAO_OK);
    const yao_agree_wish  agree   = {*to};
    const yao_jwe_message message = {.enc       = YAO_A256GCM,
                                     .ephemeral = yao_openssl_key_public(own),
                                     .nonce     = {nonce, sizeof nonce},
                                     .kid       = kid,
                                     .plain     = text};
    assert_status(yao_openssl_agree(own, &agree, shared), YAO_OK);
    yao_openssl_key_close(own);
    assert_status(yao_jwe_seal(test_arena(), forge_crypto(), &message,
                               (yao_bytes){shared, 32}, &key, &wish),
                  YAO_OK);
    assert_status(yao_openssl_aead(&wish, out), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_jwe_put(&w, &wish, (yao_bytes){out, text.len + YAO_AEAD_TAG});
    return as_keep(&w, test_arena());
}

static yao_bytes decrypt(yao_bytes token, yao_openssl_key *own)
{
    yao_jwe       jwe;
    yao_jwe_key   key;
    yao_aead_wish wish;
    uint8_t       shared[YAO_MAX_AGREEMENT];

    assert_status(yao_jwe_read(test_arena(), token, &jwe), YAO_OK);
    const yao_agree_wish agree = {jwe.ephemeral};
    assert_status(yao_openssl_agree(own, &agree, shared), YAO_OK);
    assert_status(yao_jwe_open(forge_crypto(), &jwe, (yao_bytes){shared, 32},
                               &key, &wish),
                  YAO_OK);
    uint8_t *out = yao_arena_take(test_arena(), jwe.sealed.len);
    assert_status(yao_openssl_aead(&wish, out), YAO_OK);
    return (yao_bytes){out, jwe.sealed.len - YAO_AEAD_TAG};
}

static as_answer send_encrypted(const ci_session *s, const ci_ask *q,
                                yao_text kid)
{
    yao_vci_metadata m = metadata();
    as_request       r =
        ci_post(s, "/credential",
                encrypt(ci_body(q, test_arena()), &m.request_key, kid));

    r.headers[r.header_count - 1].value = YAO_TEXT("application/jwt");
    return ci_send(&r);
}

static void gives_encrypted(void **state)
{
    yao_openssl_key *own;
    yao_vci_response got;

    (void)state;
    ci_open();
    assert_status(yao_openssl_key_generate(YAO_ES256, &own), YAO_OK);
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 2);
    q.request.encryption =
        (yao_vci_encryption){YAO_A128GCM, yao_openssl_key_public(own),
                             YAO_TEXT("mine")};
    as_answer a = send_encrypted(&s, &q, YAO_TEXT(VCI_KEY_KID));
    assert_int_equal(a.reply.status, 200);
    assert_true(yao_text_equal(as_reply_header(&a, "Content-Type"),
                               YAO_TEXT("application/jwt")));
    assert_status(
        yao_vci_read_response(test_arena(), decrypt(a.reply.body, own),
                              YAO_VCI_SDJWT, 2, &got),
        YAO_OK);
    assert_int_equal(got.count, 2);

    /* errors are never encrypted */
    ci_ask p                   = ci_new_ask(&s, 1);
    p.request.encryption       = q.request.encryption;
    p.request.configuration    = YAO_TEXT("");
    p.request.identifier       = YAO_TEXT("nothing");
    as_expect(send_encrypted(&s, &p, YAO_TEXT(VCI_KEY_KID)), 400,
              "unknown_credential_identifier");
    yao_openssl_key_close(own);
    ci_forget(&q);
    ci_forget(&p);
    as_close();
}

static void refuses_other_kid(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    as_expect(send_encrypted(&s, &q, YAO_TEXT("request-2")), 400,
              "invalid_encryption_parameters");
    as_expect(send_encrypted(&s, &q, YAO_TEXT("")), 400,
              "invalid_encryption_parameters");
    as_answer a = send_encrypted(&s, &q, YAO_TEXT(VCI_KEY_KID));
    assert_int_equal(a.reply.status, 200); /* asked for plain, got plain */
    ci_forget(&q);
    as_close();
}

static void refuses_plain(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    as_set(SETTING_ENCRYPTION, "yes");
    as_expect(ci_fetch(&s, &q), 400, "invalid_encryption_parameters");
    as_expect(send_encrypted(&s, &q, YAO_TEXT(VCI_KEY_KID)), 400,
              "invalid_encryption_parameters"); /* and plain back */
    yao_vci_metadata m = metadata();
    assert_true(m.request_required && m.response_required);
    as_set(SETTING_ENCRYPTION, "no");
    ci_forget(&q);
    as_close();
}

/* ---- key attestations --------------------------------------------------- */

static void refuses_unattested(void **state)
{
    (void)state;
    ci_open();
    ci_session s = ci_login("resident_id_sdjwt");
    ci_ask     q = ci_new_ask(&s, 1);
    as_set(SETTING_KEY_ATTESTATION, "yes");
    as_expect(ci_fetch(&s, &q), 400, "invalid_proof");
    yao_vci_metadata m = metadata();
    yao_vci_offered  o;
    assert_status(yao_vci_find_offered(&m, YAO_TEXT("pass_sdjwt"),
                                       test_arena(), &o),
                  YAO_OK);
    assert_true(o.attested);
    as_set(SETTING_KEY_ATTESTATION, "no");
    as_answer a = ci_fetch(&s, &q);
    assert_int_equal(a.reply.status, 200);
    ci_forget(&q);
    as_close();
}

/* ---- offers ------------------------------------------------------------- */

static as_answer offer(const char *json)
{
    as_request r = {.method = "POST",
                    .path   = "/admin/offers",
                    .body   = {(const uint8_t *)json, strlen(json)}};

    return ci_send(&r);
}

static void gives_offers(void **state)
{
    yao_vci_link  link;
    yao_vci_offer by_value, by_reference;

    (void)state;
    ci_open();
    as_answer a = offer("{\"number\":\"" CI_NUMBER "\",\"configurations\":"
                        "[\"resident_id_sdjwt\",\"pass_mdoc\"],"
                        "\"tx_code\":\"493536\"}");
    assert_int_equal(a.reply.status, 201);
    assert_status(yao_vci_read_link(
                      test_arena(), yao_text_bytes(as_member(&a, "link")),
                      false, &link),
                  YAO_OK);
    assert_status(
        yao_vci_read_offer(test_arena(), link.value, false, &by_value),
        YAO_OK);
    assert_int_equal(by_value.id_count, 2);
    assert_true(by_value.tx_code.wanted && !by_value.tx_code.text);
    assert_int_equal(by_value.tx_code.length, 6);

    assert_status(yao_vci_read_link(
                      test_arena(), yao_text_bytes(as_member(&a, "reference")),
                      false, &link),
                  YAO_OK);
    const size_t before = sizeof AS_URL "/offers/" - 1;
    as_request   r = {.method = "GET", .path = "/offers/{id}"};
    as_answer    b = ci_send_part(&r, (yao_text){link.reference.ptr + before,
                                                 link.reference.len - before});
    assert_int_equal(b.reply.status, 200);
    assert_status(
        yao_vci_read_offer(test_arena(), b.reply.body, false, &by_reference),
        YAO_OK);
    assert_true(yao_text_equal(by_value.pre_authorized_code,
                               by_reference.pre_authorized_code));
    as_request x = {.method = "GET", .path = "/offers/{id}"};
    as_answer  c = ci_send_part(&x, YAO_TEXT("nothing"));
    assert_int_equal(c.reply.status, 404);
    as_close();
}

static const struct offering_row {
    const char *name, *json;
    int         status;
} offerings[] = {
    {"gives an offer of the code flow",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[\"pass_mdoc\"],"
     "\"grant\":\"authorization_code\"}", 201},
    {"refuses an offer of nothing", "{\"number\":\"" CI_NUMBER "\"}", 400},
    {"refuses an offer of no configurations",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[]}", 400},
    {"refuses an offer to nobody",
     "{\"number\":\"11010119900101001X\",\"configurations\":[\"pass_mdoc\"]}",
     404},
    {"refuses an offer without a number",
     "{\"configurations\":[\"pass_mdoc\"]}", 400},
    {"refuses an offer of a configuration twice",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[\"pass_mdoc\","
     "\"pass_mdoc\"]}", 400},
    {"refuses a transaction code of three digits",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[\"pass_mdoc\"],"
     "\"tx_code\":\"123\"}", 400},
    {"refuses a transaction code with a blank",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[\"pass_mdoc\"],"
     "\"tx_code\":\"12 456\"}", 400},
    {"refuses another grant",
     "{\"number\":\"" CI_NUMBER "\",\"configurations\":[\"pass_mdoc\"],"
     "\"grant\":\"implicit\"}", 400},
};

static void offered(void **state)
{
    const struct offering_row *row = *state;

    ci_open();
    as_answer a = offer(row->json);
    if (row->status == 201)
        assert_int_equal(a.reply.status, 201);
    else
        assert_true(a.reply.status >= 400 && a.reply.status < 500);
    as_close();
}

/* ---- further documents -------------------------------------------------- */

static void gives_further_documents(void **state)
{
    static uint8_t       memory[8 << 20];
    yao_arena            arena = {memory, sizeof memory, 0};
    const yao_catalogue *whole;
    char                 folder[512];

    (void)state;
    snprintf(folder, sizeof folder, "%s/examples/pid",
             getenv("YAOPAI_SOURCE"));
    assert_status(app_catalogue_load(folder, &arena, &whole), YAO_OK);
    ci_open();
    as_server.catalogue = whole;
    ci_session s        = ci_login("pid_sdjwt");
    ci_ask     q        = ci_new_ask(&s, 2);
    as_answer  a        = ci_fetch(&s, &q);
    assert_int_equal(a.reply.status, 200);
    yao_vci_metadata m = metadata();
    yao_vci_offered  o;
    assert_status(yao_vci_find_offered(&m, YAO_TEXT("pid_sdjwt"),
                                       test_arena(), &o),
                  YAO_OK);
    assert_true(yao_text_equal(o.type, YAO_TEXT("urn:eudi:pid:1")));
    ci_forget(&q);
    as_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives metadata that a wallet reads", gives_metadata},
    {"gives signed metadata that a wallet verifies", gives_signed_metadata},
    {"gives one signature to all who ask for metadata", gives_signed_once},
    {"gives N167, N168: different nonces, to POST only", gives_nonces},
    {"gives an encrypted answer to an encrypted request", gives_encrypted},
    {"refuses N184: a request to another key", refuses_other_kid},
    {"refuses N184: a plain request where it must not be", refuses_plain},
    {"refuses N177: keys that nobody attests, where somebody must",
     refuses_unattested},
    {"gives an offer by value and by reference", gives_offers},
    {"gives a document that came as a file", gives_further_documents},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("issuer", rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(offerings); i++)
        test_add("offer", offerings[i].name, offered, &offerings[i]);
    int code = test_run("vci/message");
    test_scratch_remove();
    return code;
}
