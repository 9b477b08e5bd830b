/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet's machine against an issuer in memory (fake_issuer.h) that is
 * honest but for one thing in each row. */
#include "vci/receive.h"

#include "receive_driver.h"

static void one_row(void **state)
{
    const row        *r = *state;
    yao_receive_wish  w;
    yao_receive_item *items;
    driver            d;
    size_t            count, kept = 0, copies = 0;

    open_session(&d, r);
    drive(&d, &w);
    items = yao_receive_items(d.machine, &count);
    for (size_t i = 0; i < count; i++)
        if (items[i].state == YAO_RECEIVE_KEPT && kept++ == 0)
            copies = items[i].copy_count;
    close_session(&d);

    if (d.fake.trouble != NULL && r->want == YAO_OK)
        fail_msg("the issuer did not like %s", d.fake.trouble);
    assert_status(w.status, r->want);
    assert_int_equal(kept, r->kept);
    if (r->copies != 0)
        assert_int_equal(copies, r->copies);
    assert_int_equal(d.fake.event_count != 0 ? d.fake.events[0]
                                             : YAO_VCI_NO_EVENT,
                     r->event);
    if (r->most_calls != 0)
        assert_true(d.fake.calls <= r->most_calls - 1);
    if (r->want == YAO_OK)
        assert_int_equal(d.stored, 1);
}

#define KEEPS(n) .kept = (n), .event = YAO_VCI_ACCEPTED
#define NO_CALLS .most_calls = 1
#define CALLS(n) .most_calls = (n) + 1
#define DISCARDS .event = YAO_VCI_FAILURE

/* What is changed in the answer to PATH: a word, all of it, what it is. */
#define WORD(path, from, to)     {path, from, to, 0, NULL}
#define BODY(path, body, status) {path, NULL, body, status, NULL}
#define STATUS(path, status)     {path, NULL, NULL, status, NULL}
#define TYPE(path, type)         {path, NULL, NULL, 0, type}

#define META "/.well-known/openid-credential-issuer"
#define AS   "/.well-known/oauth-authorization-server"

static const row good[] = {
    {"accepts an offer", 0, 0, KEEPS(1), .copies = 3},
    {"accepts an SD-JWT", SD, 0, KEEPS(1), .copies = 3},
    {"accepts two documents", BOTH, 0, KEEPS(2)},
    {"accepts no more copies than were wanted", TWO_COPIES, 0, KEEPS(1),
     .copies = 2},
    {"accepts an issuer by the code flow", CODE, 0, KEEPS(1)},
    {"accepts two documents by the code flow", CODE | BOTH, 0, KEEPS(2)},
    {"accepts an offer of the code flow", OFFERED_CODE, 0, KEEPS(1)},
    {"accepts a code to type", 0, FAKE_TX_CODE, KEEPS(1)},
    {"accepts a code that was typed wrongly once", WRONG_CODE, FAKE_TX_CODE,
     KEEPS(1)},
    {"accepts an attested wallet", 0, FAKE_ATTEST, KEEPS(1)},
    {"accepts an attested wallet by the code flow", CODE, FAKE_ATTEST,
     KEEPS(1)},
    {"accepts a challenge", CODE, FAKE_ATTEST | FAKE_CHALLENGE, KEEPS(1)},
    {"accepts a challenge that is said late", CODE,
     FAKE_ATTEST | FAKE_CHALLENGE_LATE, KEEPS(1)},
    {"accepts nonces of DPoP", CODE, FAKE_DPOP_NONCE | FAKE_DPOP_NONCE_RS,
     KEEPS(1)},
    {"accepts a nonce and a challenge together", 0,
     FAKE_ATTEST | FAKE_CHALLENGE_LATE | FAKE_DPOP_NONCE, KEEPS(1)},
    {"accepts encryption that is required", 0, FAKE_SEALED, KEEPS(1)},
    {"accepts encryption that is wanted", ENCRYPT, FAKE_SEALABLE, KEEPS(1)},
    {"accepts encryption that is offered and not wanted", 0, FAKE_SEALABLE,
     KEEPS(1)},
    {"accepts encryption that is wanted and not offered", ENCRYPT, 0,
     KEEPS(1)},
    {"accepts a document later", 0, FAKE_DEFER, KEEPS(1)},
    {"accepts an encrypted document later", 0, FAKE_DEFER | FAKE_SEALED,
     KEEPS(1)},
    {"accepts key attestations", 0, FAKE_KEY_ATTEST, KEEPS(1), .copies = 3},
    {"accepts attestations as proofs", 0, FAKE_KEY_ATTEST | FAKE_NO_JWT,
     KEEPS(1), .copies = 3},
    {"accepts attestations as the only proofs", 0, FAKE_NO_JWT, KEEPS(1)},
    {"accepts an identifier", 0, FAKE_DETAILS, KEEPS(1)},
    {"accepts two datasets of one kind", 0, FAKE_TWO_DATASETS, KEEPS(2)},
    {"accepts a nonce that is over, once", 0, FAKE_STALE_NONCE, KEEPS(1)},
    {"accepts signed metadata", 0, FAKE_SIGNED, KEEPS(1)},
    {"accepts signed metadata where they are required", SIGNED, FAKE_SIGNED,
     KEEPS(1)},
    {"accepts to be nobody", 0, FAKE_ANONYMOUS, KEEPS(1)},
    {"accepts an issuer of the list", KNOWN, 0, KEEPS(1)},
    {"accepts a refresh token", REFRESH, 0, KEEPS(1)},
    {"accepts copies in another order", 0, FAKE_REVERSED, KEEPS(1),
     .copies = 3},
    {"accepts fewer copies", 0, FAKE_FEWER, KEEPS(1), .copies = 2},
    {"accepts no expires_in and a token_type in other letters", CODE, 0,
     KEEPS(1)},
    {"accepts a page of another origin", CODE, 0, KEEPS(1),
     .change = WORD(AS, "\"authorization_endpoint\":\"@/",
                    "\"authorization_endpoint\":\"https://login.example/")},
    {"accepts an issuer that hears nothing", 0, 0, .kept = 1,
     .change = STATUS("/notification", 500), .event = YAO_VCI_ACCEPTED},
    {"accepts other members everywhere", 0, 0, KEEPS(1),
     .change = WORD("/token", "{\"access",
                    "{\"x\":[1,{}],\"access")},
};

static const row bad[] = {
    /* the offer */
    {"refuses N132: an issuer over http", .want = YAO_E_VALUE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"http://issuer.example\","
              "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N132: an issuer with a query", .want = YAO_E_VALUE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"https://issuer.example?x\","
              "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N132: an issuer with a user", .want = YAO_E_VALUE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"https://a@issuer.example\","
              "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N132: an issuer in other letters", .want = YAO_E_VALUE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"https://issu\xd0\xb5r.example\","
              "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N132: an issuer by its address", .want = YAO_E_VALUE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"https://192.168.1.1\","
              "\"credential_configuration_ids\":[\"mdl\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N133: an issuer that is not on the list", STRANGER, 0,
     .want = YAO_E_UNTRUSTED, NO_CALLS},
    {"refuses N133: the same by its name", CODE | STRANGER, 0,
     .want = YAO_E_UNTRUSTED, NO_CALLS},
    {"refuses N133: the same in a link", STRANGER, 0, .want = YAO_E_UNTRUSTED,
     NO_CALLS,
     .offer = "openid-credential-offer://?credential_offer=%7B%22credential_"
              "issuer%22%3A%22https%3A%2F%2Fissuer.example%22%2C%22credential_"
              "configuration_ids%22%3A%5B%22mdl%22%5D%2C%22grants%22%3A%7B%22"
              "authorization_code%22%3A%7B%7D%7D%7D"},
    {"refuses N133: an offer by reference at who is not on the list", KNOWN,
     0, .want = YAO_E_UNTRUSTED, NO_CALLS,
     .offer = "openid-credential-offer://?credential_offer_uri="
              "https%3A%2F%2Fstranger.example%2Foffer"},
    {"refuses an offer by reference that is not there, having looked", KNOWN,
     0, .want = YAO_E_MALFORMED, CALLS(1),
     .offer = "openid-credential-offer://?credential_offer_uri="
              "https%3A%2F%2Fissuer.example%2Foffer"},
    {"refuses N135: both parameters", .want = YAO_E_DUPLICATE, NO_CALLS,
     .offer = "openid-credential-offer://?credential_offer=%7B%7D&"
              "credential_offer_uri=https%3A%2F%2Fissuer.example%2Fo"},
    {"refuses N135: an id twice", .want = YAO_E_DUPLICATE, NO_CALLS,
     .offer = "{\"credential_issuer\":\"" FAKE_URL "\","
              "\"credential_configuration_ids\":[\"mdl\",\"mdl\"],"
              "\"grants\":{" PRE("") "}}"},
    {"refuses N135: an unknown id", .want = YAO_E_NOT_FOUND, CALLS(1),
     .offer = "{\"credential_issuer\":\"" FAKE_URL "\","
              "\"credential_configuration_ids\":[\"other\"],\"grants\":{" PRE(
                  "") "}}"},
    {"refuses N135: no grant", .want = YAO_E_MISSING, NO_CALLS,
     .offer = OFFER("")},
    {"refuses an offer that is none", .want = YAO_E_MALFORMED, NO_CALLS,
     .offer = "hello"},
    {"refuses when nobody answers", NO_NET, 0, .want = YAO_E_NET},

    /* metadata */
    {"refuses N137: metadata of another issuer", .want = YAO_E_MISMATCH,
     CALLS(1),
     .change = WORD(META, "\"credential_issuer\":\"@\"",
                    "\"credential_issuer\":\"https://other.example\"")},
    {"refuses N137: a server of another name", .want = YAO_E_MISMATCH,
     CALLS(2),
     .change = WORD(AS, "\"issuer\":\"@\"",
                    "\"issuer\":\"https://other.example\"")},
    {"refuses N138: unsigned metadata where signed are required", SIGNED, 0,
     .want = YAO_E_UNTRUSTED, CALLS(1)},
    {"refuses N138: signed metadata of nobody we know", NO_TRUST,
     FAKE_SIGNED, .want = YAO_E_UNTRUSTED, CALLS(1)},
    {"refuses N138: metadata that another signed", SIGNED,
     FAKE_SIGNED | FAKE_UNKNOWN, .want = YAO_E_BAD_SIGNATURE, CALLS(1)},
    {"refuses N138: the same, where unsigned ones would do", 0,
     FAKE_SIGNED | FAKE_UNKNOWN, .want = YAO_E_BAD_SIGNATURE, CALLS(1)},
    {"refuses N138: a token that is none", SIGNED, FAKE_SIGNED,
     .want = YAO_E_MALFORMED, CALLS(1), .change = WORD(META, "ey",
                    "fy")},
    {"refuses N164: a credential endpoint of another origin",
     .want = YAO_E_UNTRUSTED, CALLS(1),
     .change = WORD(META, "\"credential_endpoint\":\"@/",
                    "\"credential_endpoint\":\"https://thief.example/")},
    {"refuses N164: a nonce endpoint of another origin",
     .want = YAO_E_UNTRUSTED, CALLS(1),
     .change = WORD(META, "\"nonce_endpoint\":\"@/",
                    "\"nonce_endpoint\":\"https://issuer.example:444/")},
    {"refuses N164: a server of another origin", .want = YAO_E_UNTRUSTED,
     CALLS(1),
     .change = WORD(META, "{\"credential_issuer\"",
                    "{\"authorization_servers\":[\"https://as.example\"],"
                "\"credential_issuer\"")},
    {"refuses N164: the same, where a third one was allowed", ALLOW, 0,
     .want = YAO_E_UNTRUSTED, CALLS(1),
     .change = WORD(META, "{\"credential_issuer\"",
                    "{\"authorization_servers\":[\"https://thief.example\"],"
                "\"credential_issuer\"")},
    {"refuses N164: a token endpoint of another origin",
     .want = YAO_E_UNTRUSTED, CALLS(2),
     .change = WORD(AS, "\"token_endpoint\":\"@/",
                    "\"token_endpoint\":\"https://thief.example/")},
    {"refuses N132: a page in the person's own network", CODE, 0,
     .want = YAO_E_VALUE, CALLS(2),
     .change = WORD(AS, "\"authorization_endpoint\":\"@/",
                    "\"authorization_endpoint\":\"https://192.168.1.1/")},
    {"refuses N132: a page of this machine", CODE, 0, .want = YAO_E_VALUE,
     CALLS(2),
     .change = WORD(AS, "\"authorization_endpoint\":\"@/",
                    "\"authorization_endpoint\":\"https://localhost:8440/")},
    {"refuses metadata of another type", .want = YAO_E_MALFORMED, CALLS(1),
     .change = TYPE(META, "text/html")},
    {"refuses metadata that are not there", .want = YAO_E_MALFORMED, CALLS(1),
     .change = STATUS(META, 404)},
    {"refuses to follow where metadata are", .want = YAO_E_MALFORMED, CALLS(1),
     .change = STATUS(META, 302)},
    {"refuses a server without PKCE", CODE, 0, .want = YAO_E_UNSUPPORTED,
     CALLS(2), .change = WORD(AS, "\"S256\"",
                    "\"plain\"")},
    {"refuses a server that does not know DPoP", .want = YAO_E_UNSUPPORTED,
     CALLS(2), .change = WORD(AS, "dpop_signing_alg_values_supported",
                    "other_signing_alg_values_supported")},
    {"refuses a server without pushed requests", CODE, 0,
     .want = YAO_E_UNSUPPORTED, CALLS(2),
     .change = WORD(AS, "\"pushed_authorization_request_endpoint\"",
                    "\"x\"")},
    {"refuses an attested client that we are not", NO_ATTEST, FAKE_ATTEST,
     .want = YAO_E_UNSUPPORTED, CALLS(2)},

    /* the page */
    {"refuses N153: no iss", CODE, 0, .want = YAO_E_MISSING, CALLS(3),
     .page = "code=code-1&state=%s"},
    {"refuses N153: another iss", CODE, 0, .want = YAO_E_MISMATCH, CALLS(3),
     .page = "code=code-1&state=%s&iss=https%%3A%%2F%%2Fother.example"},
    {"refuses N153: no state", CODE, 0, .want = YAO_E_MISSING, CALLS(3),
     .page = "code=code-1&iss=https%%3A%%2F%%2Fissuer.example"},
    {"refuses N153, N344: another state", CODE, 0, .want = YAO_E_MISMATCH,
     CALLS(3),
     .page = "code=code-1&state=x%s&iss=https%%3A%%2F%%2Fissuer.example"},
    {"refuses N154: that the person denied", CODE, 0, .want = YAO_E_REFUSED,
     CALLS(3),
     .page = "error=access_denied&state=%s&iss=https%%3A%%2F%%2Fissuer."
             "example"},
    {"refuses N154: that the person closed the page", CODE | CANCEL, 0,
     .want = YAO_E_REFUSED, CALLS(3)},

    /* PAR, token */
    {"refuses what the server refuses", CODE, 0, .want = YAO_E_REFUSED,
     CALLS(3),
     .change = BODY("/par",
                    "{\"error\":\"invalid_request\"}", 400)},
    {"refuses a pushed request without an answer", CODE, 0,
     .want = YAO_E_MALFORMED, CALLS(3), .change = STATUS("/par", 500)},
    {"refuses a token that anybody could use", .want = YAO_E_MISMATCH,
     CALLS(3), .change = WORD("/token", "\"dPoP\"",
                    "\"Bearer\"")},
    {"refuses no token", .want = YAO_E_MISSING, CALLS(3),
     .change = WORD("/token", "access_token",
                    "other_token")},
    {"refuses a code that is wrong three times", NO_CODE, FAKE_TX_CODE,
     .want = YAO_E_REFUSED, CALLS(5)},
    {"refuses a nonce for ever", CODE, 0, .want = YAO_E_REFUSED, CALLS(4),
     .change = BODY("/par",
                    "{\"error\":\"use_dpop_nonce\"}", 400)},

    /* the document */
    {"refuses N140: a copy for another key", 0, FAKE_FOREIGN,
     .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses N140: two copies for one key", 0, FAKE_DOUBLED,
     .want = YAO_E_DUPLICATE, DISCARDS},
    {"refuses N140: more copies than keys", 0, FAKE_MORE, .want = YAO_E_LIMIT},
    {"refuses N140: another type", .want = YAO_E_MISMATCH, DISCARDS,
     .change = WORD(META, "\"doctype\":\"" MDOC_TYPE,
                    "\"doctype\":\"org.iso.18013.5.1.other")},
    {"refuses N140: an SD-JWT for another key", SD, FAKE_FOREIGN,
     .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses N141: a copy that was changed", 0, FAKE_CHANGED,
     .want = YAO_E_BAD_SIGNATURE, DISCARDS},
    {"refuses N141: a signature that is not the signer's", SD, FAKE_UNKNOWN,
     .want = YAO_E_BAD_SIGNATURE, DISCARDS},
    {"refuses N141: another's signature on an mdoc", 0, FAKE_UNKNOWN,
     .want = YAO_E_BAD_SIGNATURE, DISCARDS},
    {"refuses N141: an issuer that nobody trusts", NO_TRUST, 0,
     .want = YAO_E_UNTRUSTED, DISCARDS},
    {"refuses N142: copies that say different things", 0, FAKE_DIFFERENT,
     .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses N142: SD-JWTs that say different things", SD, FAKE_DIFFERENT,
     .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses N142: copies that end on different days", 0, FAKE_OTHER_END,
     .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses N142: a copy of another root than the one that is shown", 0,
     FAKE_OTHER_ROOT, .want = YAO_E_MISMATCH, DISCARDS},
    {"refuses an answer that is not encrypted", 0, FAKE_SEALED | FAKE_PLAIN,
     .want = YAO_E_MISMATCH},
    {"refuses a nonce that is always over", 0, FAKE_STALE_EVER,
     .want = YAO_E_REFUSED},
    {"refuses a document that never comes", 0, FAKE_DEFER_EVER,
     .want = YAO_E_EXPIRED},
    {"refuses a document that takes longer than we wait", IMPATIENT,
     FAKE_DEFER, .want = YAO_E_EXPIRED},
    {"refuses to wait after the token is over", 0, FAKE_DEFER,
     .want = YAO_E_EXPIRED,
     .change = BODY("/deferred", "{\"error\":\"invalid_token\"}", 401)},
    {"refuses a token that is over at once", .want = YAO_E_REFUSED,
     .change = BODY("/credential", "{\"error\":\"invalid_token\"}", 401)},
    {"refuses what the issuer refuses", .want = YAO_E_REFUSED,
     .change = BODY("/credential",
                    "{\"error\":\"credential_request_denied\"}", 400)},
    {"refuses a document in HTML", .want = YAO_E_MALFORMED,
     .change = TYPE("/credential", "text/html")},
    {"refuses a document with 202", .want = YAO_E_MALFORMED,
     .change = STATUS("/credential", 202)},
    {"refuses no nonce", .want = YAO_E_MISSING,
     .change = WORD("/nonce", "c_nonce",
                    "d_nonce")},
    {"refuses a nonce endpoint that fails", .want = YAO_E_MALFORMED,
     .change = STATUS("/nonce", 500)},

    /* the person, the store */
    {"refuses N136: to keep what the person did not want", DECLINE, 0,
     .want = YAO_E_REFUSED, .event = YAO_VCI_DELETED},
    {"refuses when it can't be stored", NO_STORE, 0, .want = YAO_E_FILE,
     DISCARDS},
};

/* ---- more than the end -------------------------------------------------- */

static void keep_the_other(void **state)
{
    static const row r = {.flags = BOTH,
                          .change = WORD(META, "urn:yaopai:specimen:1",
                    "urn:yaopai:other:1")};
    yao_receive_wish w;
    driver           d;
    size_t           count;

    (void)state;
    open_session(&d, &r);
    drive(&d, &w);
    yao_receive_item *items = yao_receive_items(d.machine, &count);
    close_session(&d);
    assert_int_equal(count, 2);
    assert_status(w.status, YAO_E_MISMATCH);
    assert_int_equal(items[0].state, YAO_RECEIVE_KEPT);
    assert_int_equal(items[1].state, YAO_RECEIVE_BAD);
    assert_int_equal(d.fake.event_count, 2);
    assert_int_equal(d.fake.events[0], YAO_VCI_ACCEPTED);
    assert_int_equal(d.fake.events[1], YAO_VCI_FAILURE);
}

static void send_scope_and_state(void **state)
{
    static const row r = {.flags = OFFERED_CODE};
    yao_receive_wish w;
    driver           d;

    (void)state;
    open_session(&d, &r);
    drive(&d, &w);
    close_session(&d);
    assert_status(w.status, YAO_OK);
    assert_string_equal(d.fake.issuer_state, "case-7");
    assert_string_equal(d.fake.scope, "mdl");
    assert_int_equal(d.pages, 1);
}

static void show_words(void **state)
{
    static const row r = {
        .change = BODY("/credential",
                    "{\"error\":\"credential_request_denied\","
                   "\"error_description\":\"\\u001b[31m<b>no\\u202e\"}", 400)};
    yao_receive_wish w;
    driver           d;

    (void)state;
    open_session(&d, &r);
    drive(&d, &w);
    close_session(&d);
    assert_status(w.status, YAO_E_REFUSED);
    yao_text said = yao_receive_said(d.machine);
    assert_true(said.len > 0 && said.len <= YAO_VCI_MAX_SHOWN);
    for (size_t i = 0; i < said.len; i++)
        assert_true(said.ptr[i] >= ' ' && said.ptr[i] <= '~');
}

static void poll_later(void **state)
{
    static const row r = {.fake = FAKE_DEFER};
    yao_receive_wish w;
    driver           d;

    (void)state;
    open_session(&d, &r);
    drive(&d, &w);
    close_session(&d);
    assert_status(w.status, YAO_OK);
    assert_int_equal(d.fake.deferrals, 2);
    assert_int_equal(d.waited, 10);
}

/* Bytes that two issuers saw (N204). */
static void attest_anew(void **state)
{
    static const row r = {.fake = FAKE_ATTEST};
    yao_receive_wish w;
    driver           a, b;

    (void)state;
    open_session(&a, &r);
    drive(&a, &w);
    close_session(&a);
    assert_status(w.status, YAO_OK);
    open_session(&b, &r);
    drive(&b, &w);
    close_session(&b);
    assert_status(w.status, YAO_OK);
    assert_true(a.fake.attestation.len != 0);
    assert_false(yao_bytes_equal(a.fake.attestation, b.fake.attestation));
}

/* ---- everything at any time --------------------------------------------- */

static yao_receive_event any_event(driver *d, unsigned kind)
{
    return (yao_receive_event){.kind   = (yao_receive_event_kind)kind,
                               .now    = FAKE_NOW,
                               .random = fresh(d),
                               .bytes  = YAO_LIT("x"),
                               .keys   = d->points,
                               .key_count = 1,
                               .answer = {.status = 200,
                                          .type = YAO_TEXT("application/json"),
                                          .body = YAO_LIT("{}")},
                               .status = YAO_E_NET};
}

/* After STEPS good ones an event of each kind: it never keeps anything that was
 * not verified and agreed to, and it ends. */
static void any_event_anywhere(void **state)
{
    static const row r = {.flags = CODE,
                          .fake  = FAKE_ATTEST | FAKE_CHALLENGE | FAKE_SEALED |
                                  FAKE_KEY_ATTEST};
    yao_receive_wish  w;
    yao_receive_event e;
    driver            d;
    size_t            steps, count;

    (void)state;
    open_session(&d, &r);
    steps = drive(&d, &w);
    close_session(&d);
    for (size_t at = 0; at <= steps; at++)
        for (unsigned kind = 0; kind <= YAO_RECEIVE_EVENTS; kind++) {
            test_arena()->used = 0;
            open_session(&d, &r);
            e = (yao_receive_event){.kind = YAO_RECEIVE_START};
            for (size_t i = 0; i < at; i++) {
                e.now    = FAKE_NOW;
                e.random = fresh(&d);
                yao_receive_step(d.machine, &e, &w);
                fulfil(&d, &w, &e);
            }
            size_t confirmed = d.confirmed;
            e = any_event(&d, kind);
            yao_receive_step(d.machine, &e, &w);
            for (int i = 0; i < 100 && w.kind != YAO_RECEIVE_STOP; i++) {
                e = any_event(&d, YAO_RECEIVE_FAILED);
                yao_receive_step(d.machine, &e, &w);
            }
            yao_receive_item *items = yao_receive_items(d.machine, &count);
            for (size_t i = 0; i < count; i++)
                assert_true(items[i].state != YAO_RECEIVE_KEPT ||
                            confirmed == 1);
            close_session(&d);
            assert_int_equal(w.kind, YAO_RECEIVE_STOP);
        }
}

static yao_status whole_session(yao_arena *arena, void *context)
{
    static const row    r = {.flags = CODE};
    yao_receive_options o = options_of(&r);
    driver              d = {.r = &r};
    yao_receive_wish    w = {0};
    yao_receive_event   e = {.kind = YAO_RECEIVE_START};

    (void)context;
    fake_issuer_open(&d.fake);
    YAO_TRY(yao_receive_open(arena, &o, &d.machine));
    for (;;) {
        e.now    = FAKE_NOW;
        e.random = fresh(&d);
        yao_receive_step(d.machine, &e, &w);
        if (w.kind == YAO_RECEIVE_STOP)
            break;
        fulfil(&d, &w, &e);
    }
    close_session(&d);
    return w.status;
}

/* In any room it either works or says that there is none. */
static void any_room(void **state)
{
    size_t     cap, most = 4 * 1024 * 1024;
    uint8_t   *memory = malloc(most);
    yao_status status = YAO_E_SPACE;

    (void)state;
    assert_non_null(memory);
    for (cap = 0; cap < most && status != YAO_OK; cap += 24576) {
        yao_arena arena    = {memory, cap, 0};
        test_arena()->used = 0;
        status             = whole_session(&arena, NULL);
        assert_true(status == YAO_OK || status == YAO_E_SPACE);
    }
    free(memory);
    assert_status(status, YAO_OK);
}

/* ---- opening ------------------------------------------------------------ */

static void refuse_options(void **state)
{
    static const row r = {.flags = 0};
    yao_receive     *m = NULL;

    (void)state;
    for (int i = 0; i < 8; i++) {
        yao_receive_options o = options_of(&r);
        switch (i) {
        case 0: o.offer.len = 0; break;
        case 1: o.issuer = YAO_TEXT(FAKE_URL); break;
        case 2: o.offer.len = 0, o.issuer = YAO_TEXT(FAKE_URL); break;
        case 3: o.client_id.len = 0; break;
        case 4: o.session_key.curve = YAO_CURVE_NONE; break;
        case 5: o.crypto = NULL; break;
        case 6: o.catalogue = NULL; break;
        default:
            o.offer.len = 0, o.issuer = YAO_TEXT(FAKE_URL);
            o.ids = TWO_IDS, o.id_count = YAO_VCI_MAX_OFFERED + 1;
            break;
        }
        assert_status(yao_receive_open(test_arena(), &o, &m), YAO_E_USAGE);
        assert_null(m);
    }
}

static void refuse_few_random(void **state)
{
    static const row  r = {.flags = 0};
    yao_receive_event e = {.kind = YAO_RECEIVE_START, .now = FAKE_NOW};
    yao_receive_wish  w;
    driver            d;

    (void)state;
    open_session(&d, &r);
    e.random = fresh(&d);
    e.random.len--;
    yao_receive_step(d.machine, &e, &w);
    assert_int_equal(w.kind, YAO_RECEIVE_STOP);
    assert_status(w.status, YAO_E_ENTROPY);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(good); i++)
        test_add("receive", good[i].name, one_row, &good[i]);
    for (size_t i = 0; i < COUNT(bad); i++)
        test_add("receive", bad[i].name, one_row, &bad[i]);
    test_add("receive", "accepts the other when one is bad", keep_the_other,
             NULL);
    test_add("receive", "gives scope and issuer_state", send_scope_and_state,
             NULL);
    test_add("receive", "gives N143: no letters that move a terminal",
             show_words, NULL);
    test_add("receive", "gives an issuer its time", poll_later, NULL);
    test_add("receive", "never N204: shows an attestation to two issuers",
             attest_anew, NULL);
    test_add("receive", "refuses any event anywhere", any_event_anywhere,
             NULL);
    test_add("receive", "accepts any room, or says that there is none",
             any_room, NULL);
    test_add("open", "refuses options", refuse_options, NULL);
    test_add("open", "refuses too few random bytes", refuse_few_random, NULL);
    return test_run("vci/receive");
}
