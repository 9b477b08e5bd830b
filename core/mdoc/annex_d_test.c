/* SPDX-License-Identifier: Apache-2.0 */

/* ISO/IEC 18013-5:2021 annex D, as published; its document signer is pinned,
 * since annex D gives no root. */

#include <stdio.h>

#include "mdoc_fixture.h"

#define FOLDER "iso18013-5-annexD-multipaz/"
#define INSIDE INT64_C(1609459200) /* 2021-01-01T00:00:00Z */

/* PKCS#8 of a P-256 key, around its number. */
#define PKCS8                                                                  \
    "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"         \
    "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01"         \
    "\x01\x04\x20"

static struct annex {
    yao_bytes        response, transcript, signer;
    yao_openssl_key *reader_key;
    yao_anchor       anchor;
} annex;

/* The hex string that is the value of NAME in annex_d.json. */
static yao_bytes constant(const char *name)
{
    yao_bytes   file = test_vector(FOLDER "annex_d.json");
    char       *text = yao_arena_take(test_arena(), file.len + 1);
    const char *at;

    memcpy(text, file.ptr, file.len);
    at = strstr(text, name);
    assert_non_null(at);
    at = strchr(strchr(at, ':'), '"') + 1;
    char *hex = yao_arena_take(test_arena(), strcspn(at, "\"") + 1);
    memcpy(hex, at, strcspn(at, "\""));
    return test_unhex(hex);
}

static void load(void)
{
    annex.response = test_vector(FOLDER "device_response.cbor");
    annex.signer   = test_vector(FOLDER "ds_cert.der");
    annex.anchor   = (yao_anchor){.certificate = annex.signer,
                                  .role        = YAO_ROLE_ISSUER};
    annex.transcript = cbor_bytes_at(
        test_vector(FOLDER "session_transcript_bytes.cbor"), "");
    if (annex.reader_key == NULL)
        assert_status(
            yao_openssl_key_read(
                cbor_join(YAO_LIT(PKCS8),
                          constant("EPHEMERAL_READER_KEY_D")),
                &annex.reader_key),
            YAO_OK);
}

typedef struct judged {
    yao_status        status;
    yao_mdoc_verified verified; /* on YAO_OK */
    yao_report        report;
} judged;

/* Everything at once; the status of whatever refused first. */
static judged judge(yao_bytes response, const yao_mdoc_verify_options *options,
                    bool with_key)
{
    const yao_crypto     *crypto = mdoc_fixture_get()->crypto;
    judged                j      = {0};
    yao_mdoc_unverified   parsed;
    yao_mdoc_verification v;

    j.status = yao_mdoc_parse_response(test_arena(), response, true, &parsed);
    if (j.status == YAO_OK)
        j.status = yao_mdoc_begin(test_arena(), crypto, &parsed, options, &v,
                                  &j.report);
    if (j.status == YAO_OK)
        j.status = crypto->verify(crypto->ctx, v.checks, v.check_count);
    if (j.status != YAO_OK)
        return j;
    if (parsed.document_count != 1) {
        j.status = YAO_E_MISSING;
        return j;
    }
    if (with_key && v.agreement_count == 1) {
        v.agreements[0].answered =
            yao_openssl_agree(annex.reader_key, &v.agreements[0].wish,
                              v.agreements[0].secret) == YAO_OK;
        v.agreements[0].secret_len = 32;
    }
    j.status = yao_mdoc_conclude(&v, crypto, 0, &j.verified, &j.report);
    return j;
}

static yao_mdoc_verify_options options(void)
{
    return (yao_mdoc_verify_options){.anchors      = &annex.anchor,
                                     .anchor_count = 1,
                                     .now          = INSIDE,
                                     .transcript   = annex.transcript};
}

static void begin(void)
{
    if (!test_have_vectors())
        skip();
    load();
}

static yao_report_row row_of(const judged *j, yao_check check)
{
    for (size_t i = 0; i < j->report.count; i++)
        if (j->report.rows[i].check == check)
            return j->report.rows[i];

    return (yao_report_row){.check = check};
}

static void accepted(void **state)
{
    (void)state;
    begin();
    yao_mdoc_verify_options o = options();
    judged                  j = judge(annex.response, &o, true);

    assert_status(j.status, YAO_OK);
    assert_int_equal(row_of(&j, YAO_CHECK_DEVICE_AUTH).outcome,
                     YAO_OUTCOME_PASS);
    assert_int_equal(row_of(&j, YAO_CHECK_ISSUER_SIGNATURE).outcome,
                     YAO_OUTCOME_PASS);
    assert_int_equal(row_of(&j, YAO_CHECK_DIGESTS).outcome, YAO_OUTCOME_PASS);
    assert_int_equal(row_of(&j, YAO_CHECK_CHAIN_SIGNATURE).outcome,
                     YAO_OUTCOME_ABSENT);
}

static void shown(void **state)
{
    yao_mdoc_unverified parsed;

    (void)state;
    begin();
    assert_status(yao_mdoc_parse_response(test_arena(), annex.response, true,
                                          &parsed),
                  YAO_OK);
    const yao_mdoc_document *doc = &parsed.documents[0];
    assert_int_equal(doc->issuer.item_count, 6);
    assert_bytes(yao_text_bytes(doc->issuer.items[0].element),
                 YAO_LIT("family_name"));
    assert_bytes(doc->issuer.items[0].value, YAO_LIT("\x63" "Doe"));
    assert_int_equal(doc->issuer.items[5].digest_id, 9);
    assert_int_equal(doc->issuer.mso.space_count, 2);
    assert_int_equal(doc->issuer.mso.spaces[0].count, 13);
    assert_int_equal(doc->issuer.mso.validity.signed_at, 1601559002);
    assert_int_equal(doc->device_auth, YAO_MDOC_AUTH_MAC);
}

typedef struct condition {
    const char *name;
    yao_time    now;
    bool        key, transcript, anchor;
    yao_status  want;
} condition;

static const condition conditions[] = {
    {"refuses it before its time", 1601550000, true, true, true,
     YAO_E_NOT_YET_VALID},
    {"refuses it after its time", 1640995200, true, true, true, YAO_E_EXPIRED},
    {"never accepts it without the reader's key", INSIDE, false, true, true,
     YAO_E_MISSING},
    {"never accepts it without a transcript", INSIDE, true, false, true,
     YAO_E_MISSING},
    {"refuses it without an anchor", INSIDE, true, true, false,
     YAO_E_UNTRUSTED},
};

static void condition_row(void **state)
{
    const condition *row = *state;

    begin();
    yao_mdoc_verify_options o = options();
    o.now                     = row->now;
    if (!row->transcript)
        o.transcript = (yao_bytes){NULL, 0};
    if (!row->anchor)
        o.anchor_count = 0;
    assert_status(judge(annex.response, &o, row->key).status, row->want);
}

/* A byte changed in any place is refused, but for two that mean nothing: the
 * minor version, and the name of the map of items, which then are not shown. */
enum { MINOR_VERSION = 12 };

static void every_byte(void **state)
{
    (void)state;
    begin();
    yao_mdoc_verify_options o    = options();
    uint8_t                *copy = yao_arena_take(test_arena(),
                                                  annex.response.len);

    memcpy(copy, annex.response.ptr, annex.response.len);
    for (size_t at = 0; at < annex.response.len; at++) {
        size_t used = test_arena()->used;

        copy[at] ^= 0x01;
        judged j = judge((yao_bytes){copy, annex.response.len}, &o, true);
        copy[at] ^= 0x01;
        test_arena()->used = used;
        if (j.status == YAO_OK && at != MINOR_VERSION &&
            j.verified.item_count != 0)
            fail_msg("byte %zu may be changed", at);
    }
}

static yao_status judge_prefix(yao_bytes input, void *context)
{
    return judge(input, context, true).status;
}

static void prefixes(void **state)
{
    (void)state;
    begin();
    yao_mdoc_verify_options o = options();
    test_every_prefix(judge_prefix, annex.response, &o);
}

/* The transcript of annex D was made with NFC: ours, put together from its
 * parts, is the same. */
static void transcript(void **state)
{
    uint8_t    *room = yao_arena_take(test_arena(), 4096);
    yao_writer  w    = yao_writer_open(room, 4096);

    (void)state;
    begin();
    yao_bytes t = annex.transcript, out = {NULL, 0};
    bool      request = *cbor_at(t, "2/1").ptr != 0xf6;
    yao_mdoc_put_transcript_nfc(
        &w, cbor_at(t, "0"), cbor_at(t, "1"), cbor_bytes_at(t, "2/0"),
        request ? cbor_bytes_at(t, "2/1") : (yao_bytes){NULL, 0});
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, t);
}

int main(void)
{
    test_add("annex D", "accepts the device response", accepted, NULL);
    test_add("annex D", "gives what the response shows", shown, NULL);
    for (size_t i = 0; i < COUNT(conditions); i++)
        test_add("annex D", conditions[i].name, condition_row, &conditions[i]);
    test_add("annex D", "refuses every changed byte", every_byte, NULL);
    test_add("annex D", "refuses every proper prefix", prefixes, NULL);
    test_add("annex D", "gives the transcript from its parts", transcript,
             NULL);
    return test_run("mdoc/annex_d");
}
