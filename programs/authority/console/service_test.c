/* SPDX-License-Identifier: Apache-2.0 */
/* The registrar, the service itself, an operator's own account. */
#include "console_world.h"

#include "authenticator.h"
#include "authority/audit/sequence.h"
#include "csr.h"
#include "jose/jose.h"

#define CODE "91330114MAC000017N"

/* ---- parties ------------------------------------------------------------ */

static yao_openssl_key *party_key(void)
{
    static yao_openssl_key *key;

    if (key == NULL)
        assert_status(yao_openssl_key_generate(YAO_ES256, &key), YAO_OK);
    return key;
}

static const char *keep_text(yao_writer *w)
{
    yao_bytes out;

    yao_put_byte(w, '\0');
    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return (const char *)out.ptr;
}

static const char *jwk(void)
{
    yao_public_key key = yao_openssl_key_public(party_key());
    yao_writer     w   = yao_writer_in(test_arena());

    yao_jwk_put(&w, &key);
    return keep_text(&w);
}

/* PEM in a JSON string. */
static const char *pem_of(yao_bytes der)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_text(&w, "-----BEGIN CERTIFICATE REQUEST-----\\n");
    yao_put_base64(&w, der);
    yao_put_text(&w, "\\n-----END CERTIFICATE REQUEST-----\\n");
    return keep_text(&w);
}

#define PARTY(code) "{\"code\":\"" code "\",\"name\":\"示例酒店\","

static const struct party_row {
    const char *name, *form; /* %s: the key */
    int         code;
} parties[] = {
    {"accepts a party with its public key",
     PARTY(CODE) "\"profiles\":[\"hotel\",\"age\"],\"key\":%s}", 202},
    {"refuses a code whose check letter is wrong",
     PARTY("91330114MAC000018N") "\"profiles\":[\"hotel\"],\"key\":%s}", 400},
    {"refuses no code", "{\"name\":\"a\",\"profiles\":[\"hotel\"],\"key\":%s}",
     400},
    {"refuses a profile that is none",
     PARTY(CODE) "\"profiles\":[\"everything\"],\"key\":%s}", 400},
    {"refuses a profile twice",
     PARTY(CODE) "\"profiles\":[\"hotel\",\"hotel\"],\"key\":%s}", 400},
    {"refuses no profile", PARTY(CODE) "\"profiles\":[],\"key\":%s}", 400},
    {"refuses values kept longer than the profiles allow",
     PARTY(CODE) "\"profiles\":[\"age\"],\"retention_days\":9999,\"key\":%s}",
     400},
    {"refuses a party without a key", PARTY(CODE) "\"profiles\":[\"hotel\"]}",
     400},
    {"refuses a private key",
     PARTY(CODE) "\"profiles\":[\"hotel\"],\"key\":{\"kty\":\"EC\","
     "\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\",\"d\":\"AA\"}}", 400},
    {"refuses N269: a line feed in the name",
     "{\"code\":\"" CODE "\",\"name\":\"a\\nb\",\"profiles\":[\"hotel\"],"
     "\"key\":%s}", 400},
};

static void asks_for_parties(void **state)
{
    const struct party_row *p = *state;

    cw_open();
    assert_int_equal(cw_post(cw_session(APP_REGISTRAR), "/api/acts/party",
                             cw_say(p->form, jwk(), NULL))
                         .code,
                     p->code);
}

static void registers_by_two(void **state)
{
    yao_text ann = (cw_open(), cw_session(APP_REGISTRAR));
    yao_text bob = cw_session(APP_REGISTRAR);

    (void)state;
    cw_answer asked = cw_post(ann, "/api/acts/party",
                              cw_say(parties[0].form, jwk(), NULL));
    const char *path = cw_say("/api/acts/%s/confirm",
                              cw_text(asked.json, "case"), NULL);
    assert_int_equal(cw_post(ann, path, "").code, 409);
    assert_int_equal(cw_post(cw_session(APP_ADMINISTRATOR), path, "").code,
                     404);
    cw_answer done = cw_post(bob, path, "");
    assert_int_equal(done.code, 200);
    assert_true(cw_says(&done, "BEGIN CERTIFICATE"));
    cw_answer list = cw_get(ann, "/api/parties", "");
    assert_true(cw_says(&list, CODE));
    assert_true(cw_says(&list, "\"profiles\":\"hotel,age\""));
    assert_int_equal(
        cw_get(ann, "/api/parties/" CODE "/certificate", "").code, 200);
    assert_int_equal(cw_post(ann, "/api/acts/party",
                             cw_say(parties[0].form, jwk(), NULL))
                         .code,
                     409); /* it is there */
    assert_int_equal(cw_post(ann, "/api/parties/" CODE "/suspend", "").code,
                     204);
    assert_int_equal(cw_post(ann, "/api/parties/" CODE "/suspend", "").code,
                     404);
    list = cw_get(ann, "/api/parties", "");
    assert_true(cw_says(&list, "\"state\":\"suspended\""));
    assert_int_equal(cw_post(ann, "/api/parties/" CODE "/lift", "").code, 204);
    assert_int_equal(cw_post(ann, "/api/parties/x/lift", "").code, 404);
    assert_int_equal(cw_events("console.party", YAO_LIT(""), "suspend"), 1);
}

static void takes_requests(void **state)
{
    static const char form[] =
        "{\"code\":\"91120119MA00000000\",\"name\":\"a\",\"profiles\":"
        "[\"age\"],\"request\":\"%s\"}";
    yao_openssl_key *other;
    csr_wish         good = {.key = party_key()}, bad = {.key = party_key()};
    yao_text         ann  = (cw_open(), cw_session(APP_REGISTRAR));

    (void)state;
    assert_status(yao_openssl_key_generate(YAO_ES256, &other), YAO_OK);
    bad.signer = other;
    /* of a party whose code is good */
    const char *right = cw_say("{\"code\":\"" CODE "\",\"name\":\"b\","
                               "\"profiles\":[\"age\"],\"request\":\"%s\"}",
                               pem_of(csr_make(&good)), NULL);
    int code = cw_post(ann, "/api/acts/party", right).code;
    assert_true(code == 202 || code == 409); /* it is registered by then */
    assert_int_equal(cw_post(ann, "/api/acts/party",
                             cw_say("{\"code\":\"" CODE "\",\"name\":\"b\","
                                    "\"profiles\":[\"age\"],\"request\":"
                                    "\"%s\"}",
                                    pem_of(csr_make(&bad)), NULL))
                         .code,
                     400);
    assert_int_equal(
        cw_post(ann, "/api/acts/party",
                cw_say(form, pem_of(csr_make(&good)), NULL))
            .code,
        400);
    yao_openssl_key_close(other);
}

/* ---- kiosks, signers, lists --------------------------------------------- */

static void keeps_kiosks(void **state)
{
    yao_text admin = (cw_open(), cw_session(APP_ADMINISTRATOR));

    (void)state;
    assert_int_equal(cw_post(admin, "/api/kiosks", "{\"name\":\"\"}").code,
                     400);
    cw_answer a = cw_post(admin, "/api/kiosks", "{\"name\":\"大厅一号\"}");
    assert_int_equal(a.code, 201);
    assert_int_equal(strlen(cw_text(a.json, "code")), 12);
    const char *id = cw_text(a.json, "id");
    cw_answer   list = cw_get(admin, "/api/kiosks", "");
    assert_true(cw_says(&list, "大厅一号"));
    assert_true(cw_says(&list, "\"state\":\"waiting\""));
    assert_false(cw_says(&list, cw_text(a.json, "code")));
    const char *path = cw_say("/api/kiosks/%s/remove", id, NULL);
    assert_int_equal(cw_post(admin, path, "").code, 204);
    assert_int_equal(cw_post(admin, path, "").code, 404);
    assert_int_equal(cw_events("console.kiosk", YAO_LIT(""), id), 2);
}

static void shows_the_service(void **state)
{
    yao_text watch = (cw_open(), cw_session(APP_SUPERVISOR));

    (void)state;
    cw_answer a = cw_get(watch, "/api/signers", "");
    assert_int_equal(a.code, 200);
    assert_true(cw_says(&a, "\"role\":\"population\",\"kind\":\"signer\","
                            "\"state\":\"in-use\""));
    assert_int_equal(cw_get(watch, "/api/trust", "").code, 200);
    assert_int_equal(cw_post(watch, "/api/trust/publish", "").code, 202);
    assert_int_equal(cw_events("console.publish", YAO_LIT(""), "supervisor"),
                     1);
    a = cw_get(watch, "/api/counts", "");
    assert_int_equal(a.code, 200);
    assert_true(cw_says(&a, "\"people\":10"));
    assert_false(cw_says(&a, CW_NUMBER));
    assert_int_equal(cw_get(watch, "/api/counts", "since=yesterday").code, 400);
}

static void rotates_by_two(void **state)
{
    yao_text ann = (cw_open(), cw_session(APP_ADMINISTRATOR));
    yao_text bob = cw_session(APP_ADMINISTRATOR);

    (void)state;
    assert_int_equal(cw_post(ann, "/api/acts/rotate-signer",
                             "{\"role\":\"moon\",\"kind\":\"signer\"}")
                         .code,
                     400);
    cw_answer asked = cw_post(ann, "/api/acts/rotate-signer",
                              "{\"role\":\"traffic\",\"kind\":\"signer\"}");
    assert_int_equal(asked.code, 202);
    const char *path = cw_say("/api/acts/%s/confirm",
                              cw_text(asked.json, "case"), NULL);
    assert_int_equal(cw_post(ann, path, "").code, 409);
    cw_answer done = cw_post(bob, path, "");
    assert_int_equal(done.code, 200);
    assert_true(cw_says(&done, "yaopai signer rotate"));
    assert_int_equal(cw_events("signer.agreed", YAO_LIT(""), "traffic"), 1);
}

/* ---- the log ------------------------------------------------------------ */

static void exports_pages(void **state)
{
    yao_text auditor = (cw_open(), cw_session(APP_AUDITOR));
    size_t   count;

    (void)state;
    assert_int_equal(cw_get(auditor, "/api/audit/checkpoint", "").code, 404);
    assert_int_equal(cw_post(auditor, "/api/audit/export", "{}").code, 404);
    assert_status(audit_advance(cw_authority(), test_arena(), 0, &count),
                  YAO_OK);
    assert_int_equal(cw_get(auditor, "/api/audit/checkpoint", "").code, 200);
    cw_answer a = cw_post(auditor, "/api/audit/export", "{\"limit\":4}");
    assert_int_equal(a.code, 200);
    assert_true(cw_says(&a, "{\"index\":0,"));
    assert_true(cw_says(&a, "{\"index\":3,"));
    assert_false(cw_says(&a, "{\"index\":4,"));
    assert_true(cw_says(&a, "{\"next\":4,\"size\":"));
    assert_false(cw_says(&a, "示例")); /* no personal value */
    a = cw_post(auditor, "/api/audit/export", "{\"from\":4,\"limit\":2}");
    assert_true(cw_says(&a, "{\"index\":4,"));
    a = cw_post(auditor, "/api/audit/export", "{\"from\":1000000}");
    assert_int_equal(a.code, 200);
    assert_true(cw_says(&a, "{\"next\":1000000,"));
    assert_int_equal(
        cw_post(auditor, "/api/audit/export", "{\"limit\":0}").code, 400);
    assert_int_equal(
        cw_post(auditor, "/api/audit/export", "{\"limit\":501}").code, 400);
    assert_int_equal(
        cw_post(auditor, "/api/audit/export", "{\"from\":-1}").code, 400);
    assert_int_equal(cw_events("log.export", YAO_LIT(""), "auditor"), 3);
}

/* ---- an account --------------------------------------------------------- */

static void adds_a_passkey(void **state)
{
    static const ceremony how = {.type = NULL};
    yao_bytes     who  = (cw_open(), cw_operator(APP_CLERK));
    yao_text      cookie = cw_log_in(who, 0), stale = cw_log_in(who, 301);
    authenticator pen    = authenticator_new();
    uint8_t       challenge[32];

    (void)state;
    assert_int_equal(cw_post(stale, "/api/operator/passkeys/begin", "").code,
                     403);
    cw_answer a = cw_post(cookie, "/api/operator/passkeys/begin", "");
    assert_int_equal(a.code, 200);
    assert_status(console_read_letters(
                      yao_text_of(cw_text(yao_json_get(a.json, "publicKey"),
                                          "challenge")),
                      challenge, sizeof challenge),
                  YAO_OK);
    const yao_webauthn_expected e = {YAO_TEXT("console.localhost"),
                                     YAO_TEXT(CW_ORIGIN),
                                     {challenge, sizeof challenge}};
    yao_webauthn_response r =
        auth_create(&pen, &how, cw_authority()->crypto, &e);
    yao_writer w = yao_writer_in(test_arena());
    yao_put_text(&w, "{\"credential\":");
    auth_put_json(&w, &r);
    yao_put_text(&w, "}");
    const char *body = keep_text(&w);
    assert_int_equal(cw_post(stale, "/api/operator/passkeys", body).code, 403);
    assert_int_equal(cw_post(cookie, "/api/operator/passkeys", body).code, 204);
    assert_int_equal(cw_post(cookie, "/api/operator/passkeys", body).code, 403);
    a = cw_get(cookie, "/api/operator/passkeys", "");
    assert_int_equal(yao_json_get(a.json, "passkeys")->count, 2);
    yao_openssl_key_close(pen.key);
}

static const char *hex_of(yao_bytes id)
{
    yao_writer w = yao_writer_in(test_arena());

    yao_put_hex(&w, id);
    return keep_text(&w);
}

static void changes_roles(void **state)
{
    yao_bytes   clerk = (cw_open(), cw_operator(APP_CLERK));
    yao_bytes   ann   = cw_operator(APP_ADMINISTRATOR);
    yao_text    bob   = cw_session(APP_ADMINISTRATOR);
    yao_text    own   = cw_log_in(ann, 0), before = cw_log_in(clerk, 0);
    const char *path = cw_say("/api/operators/%s/roles", hex_of(clerk), NULL);
    const char *mine = cw_say("/api/operators/%s/roles", hex_of(ann), NULL);

    (void)state;
    assert_int_equal(
        cw_post(own, mine, "{\"roles\":[\"administrator\",\"officer\"]}").code,
        409);
    assert_int_equal(cw_post(own, path, "{\"roles\":[]}").code, 400);
    assert_int_equal(cw_post(own, path, "{\"roles\":[\"king\"]}").code, 400);
    cw_answer asked = cw_post(own, path, "{\"roles\":[\"officer\"]}");
    assert_int_equal(asked.code, 202);
    const char *confirm = cw_say("/api/operators/cases/%s/confirm",
                                 cw_text(asked.json, "case"), NULL);
    assert_int_equal(cw_post(own, confirm, "").code, 403);
    assert_int_equal(cw_get(before, "/api/operator", "").code, 200);
    assert_int_equal(cw_post(bob, confirm, "").code, 200);
    /* the session of before is over */
    assert_int_equal(cw_get(before, "/api/operator", "").code, 401);
    assert_int_equal(
        cw_get(cw_log_in(clerk, 0), "/api/cases", "kind=enrol.kiosk").code,
        200);
    /* and nobody confirms what gives themselves a role */
    asked = cw_post(bob, mine, "{\"roles\":[\"administrator\",\"officer\"]}");
    assert_int_equal(asked.code, 202);
    assert_int_not_equal(
        cw_post(own, cw_say("/api/operators/cases/%s/confirm",
                            cw_text(asked.json, "case"), NULL),
                "")
            .code,
        200);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(parties); i++)
        test_add("party", parties[i].name, asks_for_parties, &parties[i]);
    test_add("party", "gives a certificate when two agree", registers_by_two,
             NULL);
    test_add("party", "refuses a request that another key signed",
             takes_requests, NULL);
    test_add("kiosk", "gives a code once, and an end", keeps_kiosks, NULL);
    test_add("service", "gives signers, lists and counts", shows_the_service,
             NULL);
    test_add("signer", "gives a rotation to two", rotates_by_two, NULL);
    test_add("log", "gives an auditor pages of lines", exports_pages, NULL);
    test_add("account", "accepts one more passkey, with a fresh log-in",
             adds_a_passkey, NULL);
    test_add("account", "refuses N265: the own roles; N267: the old session",
             changes_roles, NULL);
    int code = test_run("authority/console/service");
    yao_openssl_key_close(party_key());
    cw_close();
    test_scratch_remove();
    return code;
}
