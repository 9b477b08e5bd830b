/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "fake_issuer.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "agree.h"
#include "oauth/authorize.h"
#include "oauth/form.h"
#include "oauth/token.h"
#include "check.h"

#define CLIENT "wallet-client"
#define TOKEN  "token-of-the-specimen"

static const char KID[] = "enc-1";

static void note(fake_issuer *f, const char *trouble)
{
    if (f->trouble == NULL)
        f->trouble = trouble;
}

static yao_bytes kept(yao_writer *w)
{
    yao_bytes out = {NULL, 0};

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_text text_of(yao_bytes b)
{
    return (yao_text){b.ptr, b.len};
}

/* TEXT with each @ the URL of F. */
static yao_bytes fill(const fake_issuer *f, const char *text)
{
    yao_writer w = yao_writer_in(test_arena());

    for (; *text != '\0'; text++)
        if (*text == '@')
            yao_put_text(&w, f->url);
        else
            yao_put_byte(&w, (uint8_t)*text);
    return kept(&w);
}

static fake_answer json(const fake_issuer *f, int status, const char *text)
{
    return (fake_answer){.status = status,
                         .type   = YAO_TEXT("application/json"),
                         .body   = fill(f, text)};
}

void fake_issuer_open(fake_issuer *f)
{
    *f = (fake_issuer){.url    = f->url != NULL ? f->url : FAKE_URL,
                       .flags  = f->flags,
                       .change = f->change,
                       .now    = f->now != 0 ? f->now : FAKE_NOW};
    f->nonce = 1;
}

/* ---- metadata ----------------------------------------------------------- */

static const char *const MDL =
    "\"format\":\"mso_mdoc\",\"doctype\":\"" MDOC_TYPE "\",\"scope\":\"mdl\","
    "\"credential_signing_alg_values_supported\":[-7],"
    "\"cryptographic_binding_methods_supported\":[\"cose_key\"],";
static const char *const SPECIMEN_SD =
    "\"format\":\"dc+sd-jwt\",\"vct\":\"urn:yaopai:specimen:1\","
    "\"scope\":\"specimen\","
    "\"credential_signing_alg_values_supported\":[\"ES256\"],"
    "\"cryptographic_binding_methods_supported\":[\"jwk\"],";

static void put_configuration(yao_writer *w, const fake_issuer *f,
                              const char *id, const char *what)
{
    const char *rest =
        (f->flags & FAKE_KEY_ATTEST) != 0
            ? "{\"proof_signing_alg_values_supported\":[\"ES256\"],"
              "\"key_attestations_required\":{}}"
            : "{\"proof_signing_alg_values_supported\":[\"ES256\"]}";

    yao_put_byte(w, '"');
    yao_put_text(w, id);
    yao_put_text(w, "\":{");
    yao_put_text(w, what);
    yao_put_text(w, "\"credential_metadata\":{\"display\":[{\"name\":"
                    "\"SPECIMEN\",\"locale\":\"en\"}]},"
                    "\"proof_types_supported\":{");
    if ((f->flags & FAKE_NO_JWT) == 0) {
        yao_put_text(w, "\"jwt\":");
        yao_put_text(w, rest);
        yao_put_byte(w, ',');
    }
    yao_put_text(w, "\"attestation\":");
    yao_put_text(w, rest);
    yao_put_text(w, "}}");
}

static void put_encryption(yao_writer *w, const fake_issuer *f)
{
    yao_public_key key = yao_openssl_key_public(forge_key(READER_KEY));
    const char    *required = (f->flags & FAKE_SEALED) != 0 ? "true" : "false";
    yao_writer     jwk      = yao_writer_in(test_arena());

    yao_jwk_put(&jwk, &key);
    yao_bytes plain = kept(&jwk);
    yao_put_text(w, ",\"credential_request_encryption\":{\"jwks\":{\"keys\":["
                    "{\"alg\":\"ECDH-ES\",\"use\":\"enc\",\"kid\":\"");
    yao_put_text(w, KID);
    yao_put_text(w, "\",");
    yao_put_bytes(w, (yao_bytes){plain.ptr + 1, plain.len - 1});
    yao_put_text(w, "]},\"enc_values_supported\":[\"A128GCM\",\"A256GCM\"],"
                    "\"encryption_required\":");
    yao_put_text(w, required);
    yao_put_text(w, "},\"credential_response_encryption\":{"
                    "\"alg_values_supported\":[\"ECDH-ES\"],"
                    "\"enc_values_supported\":[\"A256GCM\"],"
                    "\"encryption_required\":");
    yao_put_text(w, required);
    yao_put_text(w, "}");
}

static yao_bytes issuer_metadata(const fake_issuer *f)
{
    yao_bytes head = fill(
        f, "{\"credential_issuer\":\"@\",\"credential_endpoint\":\"@/credential"
           "\",\"deferred_credential_endpoint\":\"@/deferred\","
           "\"notification_endpoint\":\"@/notification\","
           "\"batch_credential_issuance\":{\"batch_size\":3},"
           "\"display\":[{\"name\":\"SPECIMEN Office\"}]");
    yao_bytes nonce = fill(f, ",\"nonce_endpoint\":\"@/nonce\"");
    /* one tail in the arena at a time */
    uint8_t   *memory = yao_arena_take(test_arena(), 8192);
    yao_writer w      = yao_writer_open(memory, 8192);
    yao_bytes  out;

    yao_put_bytes(&w, head);
    if ((f->flags & FAKE_NO_NONCE) == 0)
        yao_put_bytes(&w, nonce);
    if ((f->flags & (FAKE_SEALED | FAKE_SEALABLE)) != 0)
        put_encryption(&w, f);
    yao_put_text(&w, ",\"credential_configurations_supported\":{");
    put_configuration(&w, f, "mdl", MDL);
    yao_put_byte(&w, ',');
    put_configuration(&w, f, "sd", SPECIMEN_SD);
    yao_put_text(&w, "}}");
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

/* A JWS of TYPE with the document signer's certificate. */
static yao_bytes signed_by(int key, const char *type, yao_bytes payload)
{
    const mdoc_fixture *m      = mdoc_fixture_get();
    uint8_t            *memory = yao_arena_take(test_arena(), 16384);
    yao_writer          w      = yao_writer_open(memory, 16384);
    uint8_t            *head   = yao_arena_take(test_arena(), 4096);
    yao_writer          h      = yao_writer_open(head, 4096);
    yao_bytes           header, out;

    yao_put_text(&h, "{\"alg\":\"ES256\",\"typ\":\"");
    yao_put_text(&h, type);
    yao_put_text(&h, "\",");
    yao_jws_put_x5c(&h, &m->signer, 1);
    yao_put_byte(&h, '}');
    assert_status(yao_writer_close(&h, &header), YAO_OK);
    yao_jws_put_unsigned(&w, header, payload);
    yao_sign_wish wish = {.alg        = YAO_ES256,
                          .parts      = {{w.ptr, w.len}},
                          .part_count = 1};
    yao_jws_put_signature(&w, fake_sign(wish, key));
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

static fake_answer give_issuer(fake_issuer *f, const fake_request *q)
{
    yao_bytes   plain = issuer_metadata(f);
    fake_answer a     = {.status = 200, .type = YAO_TEXT("application/json"),
                         .body = plain};
    char        extra[256];

    (void)q;
    if ((f->flags & FAKE_SIGNED) == 0)
        return a;
    snprintf(extra, sizeof extra, "{\"sub\":\"%s\",\"iat\":%lld,\"exp\":%lld,",
             f->url, (long long)f->now - 60, (long long)f->now + 3600);
    yao_writer w = yao_writer_in(test_arena());
    yao_put_text(&w, extra);
    yao_put_bytes(&w, (yao_bytes){plain.ptr + 1, plain.len - 1});
    a.body = signed_by((f->flags & FAKE_UNKNOWN) != 0 ? OTHER_KEY : SIGNER_KEY,
                       "openidvci-issuer-metadata+jwt", kept(&w));
    a.type = YAO_TEXT("application/jwt");
    return a;
}

static fake_answer give_server(fake_issuer *f, const fake_request *q)
{
    const char *auth = (f->flags & FAKE_ATTEST) != 0
                           ? "\"attest_jwt_client_auth\""
                           : "\"none\"";
    char text[2048];

    (void)q;
    snprintf(text, sizeof text,
             "{\"issuer\":\"@\",\"token_endpoint\":\"@/token\","
             "\"authorization_endpoint\":\"@/authorize\","
             "\"pushed_authorization_request_endpoint\":\"@/par\","
             "\"require_pushed_authorization_requests\":true,%s"
             "\"authorization_response_iss_parameter_supported\":true,"
             "\"code_challenge_methods_supported\":[\"S256\"],"
             "\"grant_types_supported\":[\"authorization_code\",\"urn:ietf:"
             "params:oauth:grant-type:pre-authorized_code\"],"
             "\"response_types_supported\":[\"code\"],"
             "\"token_endpoint_auth_methods_supported\":[%s],"
             "\"pre-authorized_grant_anonymous_access_supported\":%s,"
             "\"client_attestation_signing_alg_values_supported\":[\"ES256\"],"
             "\"client_attestation_pop_signing_alg_values_supported\":"
             "[\"ES256\"],"
             "\"dpop_signing_alg_values_supported\":[\"ES256\"]}",
             (f->flags & FAKE_CHALLENGE) != 0
                 ? "\"challenge_endpoint\":\"@/challenge\","
                 : "",
             (f->flags & FAKE_ANONYMOUS) != 0 ? "\"private_key_jwt\"" : auth,
             (f->flags & FAKE_ANONYMOUS) != 0 ? "true" : "false");
    return json(f, 200, text);
}

/* ---- who asks ----------------------------------------------------------- */

static yao_oauth_clock clock_of(const fake_issuer *f)
{
    return (yao_oauth_clock){f->now, 300, 60};
}

static bool read_dpop(fake_issuer *f, const fake_request *q, yao_text token,
                      yao_dpop_unverified *proof)
{
    yao_oauth_refusal why;
    yao_dpop_ask      ask = {.method = YAO_TEXT("POST"),
                             .uri    = q->url,
                             .clock  = clock_of(f),
                             .token  = token,
                             .crypto = forge_crypto()};

    if (yao_dpop_read(test_arena(), yao_text_bytes(q->dpop), &ask, proof,
                      &why) != YAO_OK ||
        forge_crypto()->verify(forge_crypto()->ctx, &proof->check, 1) !=
            YAO_OK ||
        yao_oauth_answers(&proof->check, 1) != YAO_OK) {
        note(f, "the DPoP proof");
        return false;
    }
    return true;
}

static fake_answer want_nonce(fake_issuer *f, int status)
{
    fake_answer a = json(f, status, "{\"error\":\"use_dpop_nonce\"}");

    a.nonce = YAO_TEXT("dpop-nonce-1");
    return a;
}

static bool has_nonce(const yao_dpop_unverified *proof)
{
    return yao_text_equal(proof->nonce, YAO_TEXT("dpop-nonce-1"));
}

static bool wants_challenge(const fake_issuer *f)
{
    return (f->flags & (FAKE_CHALLENGE | FAKE_CHALLENGE_LATE)) != 0;
}

static bool read_attestation(fake_issuer *f, const fake_request *q,
                             bool *challenged)
{
    yao_anchor   anchor   = fake_attester();
    yao_attester attester = {.anchors = &anchor, .anchor_count = 1};
    yao_attestation_ask ask = {.attesters      = &attester,
                               .attester_count = 1,
                               .audience       = yao_text_of(f->url),
                               .client_id      = YAO_TEXT(CLIENT),
                               .clock          = clock_of(f),
                               .crypto         = forge_crypto()};
    yao_attestation_unverified *a = yao_arena_take(test_arena(), sizeof *a);
    yao_oauth_refusal           why;

    assert_status(yao_arena_keep(test_arena(), yao_text_bytes(q->attestation),
                                 &f->attestation),
                  YAO_OK);
    if (yao_attestation_read(test_arena(), yao_text_bytes(q->attestation),
                             yao_text_bytes(q->pop), &ask, a, &why) != YAO_OK ||
        forge_crypto()->verify(forge_crypto()->ctx, a->checks,
                               a->check_count) != YAO_OK ||
        yao_oauth_answers(a->checks, a->check_count) != YAO_OK) {
        note(f, "the attestation");
        return false;
    }
    *challenged = yao_text_equal(a->challenge, YAO_TEXT("challenge-1"));
    return true;
}

/* True: who asks is known; else ANSWER says what is wanted. */
static bool admit(fake_issuer *f, const fake_request *q, fake_answer *answer)
{
    yao_dpop_unverified proof;
    bool                challenged = false;

    *answer = json(f, 401, "{\"error\":\"invalid_client\"}");
    if (!read_dpop(f, q, (yao_text){NULL, 0}, &proof))
        return false;
    if ((f->flags & FAKE_DPOP_NONCE) != 0 && !has_nonce(&proof)) {
        *answer = want_nonce(f, 400);
        return false;
    }
    if ((f->flags & FAKE_ATTEST) == 0)
        return true;
    if (!read_attestation(f, q, &challenged))
        return false;
    if (wants_challenge(f) && !challenged) {
        *answer = json(f, 400, "{\"error\":\"use_attestation_challenge\"}");
        if ((f->flags & FAKE_CHALLENGE_LATE) != 0)
            answer->challenge = YAO_TEXT("challenge-1");
        return false;
    }
    return true;
}

static fake_answer give_challenge(fake_issuer *f, const fake_request *q)
{
    (void)q;
    return json(f, 200, "{\"attestation_challenge\":\"challenge-1\"}");
}

/* ---- PAR, page, token --------------------------------------------------- */

static void copy_text(char *out, size_t cap, yao_text text)
{
    snprintf(out, cap, "%.*s", (int)text.len, (const char *)text.ptr);
}

static fake_answer take_push(fake_issuer *f, const fake_request *q)
{
    yao_authorize_request request;
    yao_oauth_refusal     why;
    yao_form              form;
    fake_answer           a;

    if (!admit(f, q, &a))
        return a;
    if (yao_form_read(test_arena(), q->body, &form) != YAO_OK ||
        yao_authorize_read(test_arena(), &form, yao_text_of(f->url), &request,
                           &why) != YAO_OK) {
        note(f, "the pushed request");
        return json(f, 400, "{\"error\":\"invalid_request\"}");
    }
    if (request.dpop_jkt.len != 43 ||
        !yao_text_equal(request.client_id, YAO_TEXT(CLIENT)))
        note(f, "client or key of the pushed request");
    copy_text(f->state, sizeof f->state, request.state);
    copy_text(f->issuer_state, sizeof f->issuer_state, request.issuer_state);
    copy_text(f->scope, sizeof f->scope, request.scope);
    copy_text(f->redirect_uri, sizeof f->redirect_uri, request.redirect_uri);
    return json(f, 201,
                "{\"request_uri\":\"urn:ietf:params:oauth:request_uri:1\","
                "\"expires_in\":60}");
}

yao_text fake_issuer_page(fake_issuer *f, yao_text link)
{
    yao_writer w = yao_writer_in(test_arena());
    const char *escaped = "client_id=" CLIENT
                          "&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_"
                          "uri%3A1";

    if (memmem(link.ptr, link.len, escaped, strlen(escaped)) == NULL)
        note(f, "the link of the page");
    yao_put_text(&w, "code=code-1&iss=");
    for (const char *p = f->url; *p != '\0'; p++)
        if (*p == ':' || *p == '/')
            yao_put_text(&w, *p == ':' ? "%3A" : "%2F");
        else
            yao_put_byte(&w, (uint8_t)*p);
    yao_put_text(&w, "&state=");
    yao_put_text(&w, f->state);
    return text_of(kept(&w));
}

/* It asks nobody: the answer comes at once, as the conformance suite's does. */
static fake_answer give_page(fake_issuer *f, const fake_request *q)
{
    yao_text   answer = fake_issuer_page(f, q->url);
    yao_writer w      = yao_writer_in(test_arena());

    yao_put_text(&w, f->redirect_uri);
    yao_put_byte(&w, '?');
    yao_put_bytes(&w, yao_text_bytes(answer));
    return (fake_answer){.status = 303, .location = text_of(kept(&w))};
}

static const char *details_of(const fake_issuer *f)
{
    if ((f->flags & FAKE_TWO_DATASETS) != 0)
        return ",\"authorization_details\":[{\"type\":\"openid_credential\","
               "\"credential_configuration_id\":\"mdl\","
               "\"credential_identifiers\":[\"id-1\",\"id-2\"]}]";
    if ((f->flags & FAKE_DETAILS) != 0)
        return ",\"authorization_details\":[{\"type\":\"openid_credential\","
               "\"credential_configuration_id\":\"mdl\","
               "\"credential_identifiers\":[\"id-1\"]}]";
    return "";
}

static fake_answer take_token(fake_issuer *f, const fake_request *q)
{
    yao_token_request request;
    yao_oauth_refusal why;
    yao_form          form;
    fake_answer       a;
    char              text[1024];

    if (!admit(f, q, &a))
        return a;
    if (yao_form_read(test_arena(), q->body, &form) != YAO_OK ||
        yao_token_request_read(test_arena(), &form, yao_text_of(f->url),
                               &request, &why) != YAO_OK) {
        note(f, "the token request");
        return json(f, 400, "{\"error\":\"invalid_request\"}");
    }
    if ((f->flags & FAKE_ANONYMOUS) != 0 && request.client_id.len != 0)
        note(f, "a client_id");
    if ((f->flags & FAKE_TX_CODE) != 0 &&
        !yao_text_equal(request.tx_code, YAO_TEXT("4711")))
        return json(f, 400, "{\"error\":\"invalid_grant\"}");
    f->tokens++;
    snprintf(text, sizeof text,
             "{\"access_token\":\"" TOKEN "\",\"token_type\":\"dPoP\"%s}",
             details_of(f));
    return json(f, 200, text);
}

/* ---- nonce, credential -------------------------------------------------- */

static fake_answer give_nonce(fake_issuer *f, const fake_request *q)
{
    char text[64];

    if (q->body.len != 0)
        note(f, "a body at the nonce endpoint");
    snprintf(text, sizeof text, "{\"c_nonce\":\"nonce-%zu\"}", f->nonce);
    return json(f, 200, text);
}

static bool at_resource(fake_issuer *f, const fake_request *q,
                        fake_answer *answer)
{
    yao_dpop_unverified proof;

    *answer = json(f, 401, "{\"error\":\"invalid_token\"}");
    if (!yao_text_equal(q->authorization, YAO_TEXT("DPoP " TOKEN))) {
        note(f, "the access token");
        return false;
    }
    if (!read_dpop(f, q, YAO_TEXT(TOKEN), &proof))
        return false;
    if ((f->flags & FAKE_DPOP_NONCE_RS) != 0 && !has_nonce(&proof)) {
        *answer = want_nonce(f, 401);
        return false;
    }
    return true;
}

/* The body of Q, decrypted where it is encrypted. */
static yao_bytes body_of(fake_issuer *f, const fake_request *q, bool *sealed)
{
    yao_jwe       jwe;
    yao_jwe_key   key;
    yao_aead_wish wish;
    yao_bytes     plain = q->body;

    *sealed = yao_text_equal(q->type, YAO_TEXT("application/jwt"));
    if (!*sealed)
        return plain;
    assert_status(yao_jwe_read(test_arena(), q->body, &jwe), YAO_OK);
    if (!yao_text_equal(jwe.kid, yao_text_of(KID)))
        note(f, "the kid of the encryption");
    yao_bytes shared = test_agree(forge_key(READER_KEY), &jwe.ephemeral);
    assert_status(yao_jwe_open(forge_crypto(), &jwe, shared, &key, &wish),
                  YAO_OK);
    assert_status(test_aead(&wish, &plain), YAO_OK);
    return plain;
}

/* ANSWER encrypted as the request asked. */
static void seal(const fake_issuer *f, fake_answer *a)
{
    uint8_t         nonce[YAO_AEAD_NONCE] = {1};
    yao_jwe_message message = {
        .enc       = f->encryption.enc,
        .ephemeral = yao_openssl_key_public(forge_key(OTHER_KEY)),
        .nonce     = {nonce, sizeof nonce},
        .plain     = a->body};
    yao_jwe_key   key;
    yao_aead_wish wish;
    yao_bytes     sealed;

    if (f->encryption.enc == YAO_AEAD_NONE || (f->flags & FAKE_PLAIN) != 0)
        return;
    yao_bytes shared = test_agree(forge_key(OTHER_KEY), &f->encryption.key);
    assert_status(yao_jwe_seal(test_arena(), forge_crypto(), &message, shared,
                               &key, &wish),
                  YAO_OK);
    assert_status(test_aead(&wish, &sealed), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_jwe_put(&w, &wish, sealed);
    a->body = kept(&w);
    a->type = YAO_TEXT("application/jwt");
}

static yao_bytes issue_one(const fake_issuer *f, yao_public_key key, bool last)
{
    bool      sd  = strcmp(f->configuration, "sd") == 0;
    yao_bytes out = sd ? fake_sdjwt(f, key, last) : fake_mdoc(f, key, last);

    if (last && (f->flags & FAKE_CHANGED) != 0) {
        uint8_t *bytes = (uint8_t *)(uintptr_t)out.ptr;
        bytes[out.len - (sd ? 20 : 1)] ^= 1;
    }
    return out;
}

static yao_public_key key_for(const fake_issuer *f, size_t i, bool last)
{
    if (i >= f->asked.count || (last && (f->flags & FAKE_FOREIGN) != 0))
        return yao_openssl_key_public(forge_key(OTHER_KEY));
    if (last && (f->flags & FAKE_DOUBLED) != 0)
        return f->asked.items[0];
    if ((f->flags & FAKE_REVERSED) != 0)
        return f->asked.items[f->asked.count - 1 - i];
    return f->asked.items[i];
}

static fake_answer issue(fake_issuer *f)
{
    yao_vci_response r     = {.notification_id = YAO_TEXT("note-1")};
    size_t           count = f->asked.count;

    count += (f->flags & FAKE_MORE) != 0;
    count -= (f->flags & FAKE_FEWER) != 0;
    for (size_t i = 0; i < count; i++)
        r.credentials[r.count++] =
            issue_one(f, key_for(f, i, i + 1 == count), i + 1 == count);
    f->credentials++;
    yao_writer w = yao_writer_in(test_arena());
    yao_vci_put_response(&w,
                         strcmp(f->configuration, "sd") == 0 ? YAO_VCI_SDJWT
                                                             : YAO_VCI_MDOC,
                         &r);
    fake_answer a = {.status = 200, .type = YAO_TEXT("application/json"),
                     .body = kept(&w)};
    seal(f, &a);
    return a;
}

static fake_answer put_off(fake_issuer *f)
{
    fake_answer a = json(f, 202, "{\"transaction_id\":\"later-1\","
                                 "\"interval\":5}");
    f->deferrals++;
    seal(f, &a);
    return a;
}

static bool read_proofs(fake_issuer *f, const yao_vci_request *request)
{
    yao_anchor          anchor = fake_attester();
    yao_vci_proof_rules rules  = {
        .issuer       = yao_text_of(f->url),
        .client_id    = (f->flags & FAKE_ANONYMOUS) != 0 ? (yao_text){NULL, 0}
                                                         : YAO_TEXT(CLIENT),
        .now          = f->now,
        .anchors      = &anchor,
        .anchor_count = 1,
        .attested     = (f->flags & FAKE_KEY_ATTEST) != 0};
    yao_vci_proofs proofs;
    yao_vci_error  error;

    f->proofs = request->proof_count;
    yao_status status =
        yao_vci_begin_proofs(test_arena(), request, &rules, &proofs, &error);
    if (status == YAO_OK)
        status = forge_crypto()->verify(forge_crypto()->ctx, proofs.checks,
                                        proofs.check_count);
    if (status == YAO_OK)
        status = yao_vci_conclude_proofs(&proofs, proofs.checks, &f->asked,
                                         &error);
    if (status != YAO_OK && (f->flags & FAKE_NO_NONCE) == 0)
        note(f, yao_status_name(status));
    return status == YAO_OK;
}

static fake_answer take_credential(fake_issuer *f, const fake_request *q)
{
    yao_vci_request request;
    yao_vci_error   error;
    fake_answer     a;
    bool            sealed;

    if (!at_resource(f, q, &a))
        return a;
    yao_bytes body = body_of(f, q, &sealed);
    if (yao_vci_read_request(test_arena(), body, sealed, &request, &error) !=
        YAO_OK) {
        note(f, "the credential request");
        return json(f, 400, "{\"error\":\"invalid_credential_request\"}");
    }
    if ((f->flags & FAKE_SEALED) != 0 && !sealed)
        note(f, "a request that is not encrypted");
    f->encryption = request.encryption;
    copy_text(f->identifier, sizeof f->identifier, request.identifier);
    copy_text(f->configuration, sizeof f->configuration,
              request.configuration.len != 0 ? request.configuration
                                             : YAO_TEXT("mdl"));
    if (!read_proofs(f, &request))
        return json(f, 400, "{\"error\":\"invalid_proof\"}");
    if ((f->flags & FAKE_STALE_EVER) != 0 ||
        ((f->flags & FAKE_STALE_NONCE) != 0 && f->stale++ == 0)) {
        f->nonce++;
        return json(f, 400, "{\"error\":\"invalid_nonce\"}");
    }
    return (f->flags & (FAKE_DEFER | FAKE_DEFER_EVER)) != 0 ? put_off(f)
                                                            : issue(f);
}

static fake_answer take_deferred(fake_issuer *f, const fake_request *q)
{
    yao_vci_deferred request;
    yao_vci_error    error;
    fake_answer      a;
    bool             sealed;

    if (!at_resource(f, q, &a))
        return a;
    yao_bytes body = body_of(f, q, &sealed);
    if (yao_vci_read_deferred(test_arena(), body, sealed, &request, &error) !=
            YAO_OK ||
        !yao_text_equal(request.transaction_id, YAO_TEXT("later-1"))) {
        note(f, "the deferred request");
        return json(f, 400, "{\"error\":\"invalid_transaction_id\"}");
    }
    f->encryption = request.encryption;
    return (f->flags & FAKE_DEFER_EVER) != 0 || f->deferrals < 2 ? put_off(f)
                                                                 : issue(f);
}

static fake_answer take_notification(fake_issuer *f, const fake_request *q)
{
    yao_vci_notification n;
    yao_vci_error        error;
    fake_answer          a;

    if (!at_resource(f, q, &a))
        return a;
    if (yao_vci_read_notification(test_arena(), q->body, &n, &error) !=
            YAO_OK ||
        !yao_text_equal(n.id, YAO_TEXT("note-1")))
        note(f, "the notification");
    if (f->event_count < COUNT(f->events))
        f->events[f->event_count++] = n.event;
    return (fake_answer){.status = 204};
}

/* ---- all of it ---------------------------------------------------------- */

static const struct {
    const char *method, *path;
    fake_answer (*give)(fake_issuer *f, const fake_request *q);
} routes[] = {
    {"GET", "/.well-known/openid-credential-issuer", give_issuer},
    {"GET", "/.well-known/oauth-authorization-server", give_server},
    {"POST", "/challenge", give_challenge},
    {"POST", "/par", take_push},
    {"GET", "/authorize", give_page},
    {"POST", "/token", take_token},
    {"POST", "/nonce", give_nonce},
    {"POST", "/credential", take_credential},
    {"POST", "/deferred", take_deferred},
    {"POST", "/notification", take_notification},
};

static void change(const fake_issuer *f, fake_answer *a)
{
    const fake_change *c = &f->change;
    const uint8_t     *at;
    size_t             len;

    if (c->status != 0)
        a->status = c->status;
    if (c->type != NULL)
        a->type = yao_text_of(c->type);
    if (c->to == NULL)
        return;
    yao_bytes to = fill(f, c->to);
    if (c->from == NULL) {
        a->body = to;
        return;
    }
    yao_bytes from = fill(f, c->from);
    at = memmem(a->body.ptr, a->body.len, from.ptr, from.len);
    assert_non_null(at); /* else the row tests nothing */
    len          = (size_t)(at - a->body.ptr);
    yao_writer w = yao_writer_in(test_arena());
    yao_put_bytes(&w, (yao_bytes){a->body.ptr, len});
    yao_put_bytes(&w, to);
    yao_put_bytes(&w, (yao_bytes){at + from.len, a->body.len - len - from.len});
    a->body = kept(&w);
}

/* Is it below our address? Letters of a host may be large or small. */
static bool is_ours(const fake_issuer *f, yao_text url)
{
    const char *path = strchr(f->url + strlen("https://"), '/');
    size_t      own  = strlen(f->url);
    size_t      host = path != NULL ? (size_t)(path - f->url) : own;

    return url.len >= own &&
           strncasecmp((const char *)url.ptr, f->url, host) == 0 &&
           memcmp(url.ptr + host, f->url + host, own - host) == 0;
}

fake_answer fake_issuer_answer(fake_issuer *f, const fake_request *q)
{
    size_t      own = strlen(f->url);
    fake_answer a   = {.status = 404};

    f->calls++;
    if (!is_ours(f, q->url)) {
        note(f, "another's address");
        return a;
    }
    yao_bytes behind = {q->url.ptr + own, q->url.len - own};
    yao_text  path   = {behind.ptr, yao_bytes_find(behind, '?')};
    for (size_t i = 0; i < COUNT(routes); i++)
        if (yao_text_equal(path, yao_text_of(routes[i].path)) &&
            strcmp(q->method, routes[i].method) == 0)
            a = routes[i].give(f, q);
    if (f->change.path != NULL &&
        yao_text_equal(path, yao_text_of(f->change.path)))
        change(f, &a);
    return a;
}
