/* SPDX-License-Identifier: Apache-2.0 */

/** What yao_verify() says of a card that it judged: what its elements are
 *  called, of which days it speaks, and by what it is remembered. */

#include "card_policy.h"

#include <stdio.h>

#include "json/json.h"

/* ---- values ------------------------------------------------------------- */

static const yao_attribute *attribute(const yao_result *result,
                                      const char       *name)
{
    const yao_result_document *d = &result->documents[0];

    for (size_t i = 0; i < d->attribute_count; i++)
        if (yao_text_equal(d->attributes[i].name, yao_text_of(name)))
            return &d->attributes[i];
    fail_msg("no %s", name);
    return NULL;
}

static void gives_names_and_values_of_the_catalogue(void **state)
{
    yao_result *r = verify(answer(), CHALLENGED | CATALOGUE);

    (void)state;
    assert_int_equal(r->format, YAO_FORMAT_CARD);
    assert_int_equal(r->documents[0].attribute_count, 9);
    assert_bytes(attribute(r, "name")->cbor, YAO_LIT("\x69" "李示例"));
    assert_bytes(attribute(r, "birthdate")->cbor,
                 YAO_LIT("\xd9\x03\xec\x6a" "1988-08-08"));
    assert_bytes(attribute(r, "sex")->cbor, YAO_LIT("\x01"));
    assert_bytes(attribute(r, "address.formatted")->cbor,
                 YAO_LIT("\x78\x1f" "天津市蓟州区示例路1号"));
    assert_bytes(attribute(r, "nationality")->cbor, YAO_LIT("\x62" "CN"));
    assert_bytes(attribute(r, "personal_administrative_number")->cbor,
                 YAO_LIT("\x72" "12011919880808901X"));
    assert_bytes(attribute(r, "date_of_issuance")->cbor,
                 YAO_LIT("\xd9\x03\xec\x6a" "2020-01-01"));
    assert_bytes(attribute(r, "specimen")->cbor,
                 YAO_LIT("\x68" "SPECIMEN"));
    for (size_t i = 0; i < 9; i++) {
        assert_int_equal(r->documents[0].attributes[i].space.len, 0);
        assert_false(r->documents[0].attributes[i].by_device);
    }
}

static void gives_numbers_without_a_catalogue(void **state)
{
    yao_result *r = verify(answer(), CHALLENGED);

    (void)state;
    assert_bytes(attribute(r, "169/4")->cbor, YAO_LIT("\x69" "李示例"));
    assert_bytes(attribute(r, "169/8")->cbor, YAO_LIT("\x68" "19880808"));
    assert_bytes(attribute(r, "-65537/2")->cbor,
                 YAO_LIT("\x72" "12011919880808901X"));
}

static void gives_numbers_for_what_the_catalogue_lacks(void **state)
{
    yao_card_element unknown[] = {
        {YAO_CARD_169, 6, YAO_LIT("\x01")},
        {YAO_CARD_PRIVATE, 200, YAO_LIT("\x02")}};
    yao_card_content c = of_age();

    (void)state;
    c.elements   = unknown;
    yao_result *r = verify(card_fixture_show(card_fixture_issue(&c), CARD_NOW),
                           CATALOGUE);
    assert_bytes(attribute(r, "169/6")->cbor, YAO_LIT("\x01"));
    assert_bytes(attribute(r, "-65537/200")->cbor, YAO_LIT("\x02"));

    c.type = YAO_TEXT("urn:other:1");
    r      = verify(card_fixture_show(card_fixture_issue(&c), CARD_NOW),
                    CATALOGUE);
    assert_bytes(attribute(r, "169/6")->cbor, YAO_LIT("\x01"));
}

static const struct value_row {
    const char *name;
    uint64_t    label;
    yao_bytes   said, want;
    const char *claim;
} values[] = {
    {"gives a day as all shapes have it", 8, YAO_INIT("\x68" "20000229"),
     YAO_INIT("\xd9\x03\xec\x6a" "2000-02-29"), "birthdate"},
    {"gives what is no day as it stands", 8, YAO_INIT("\x68" "19000229"),
     YAO_INIT("\x68" "19000229"), "birthdate"},
    {"gives a day with letters as it stands", 8, YAO_INIT("\x68" "2000022x"),
     YAO_INIT("\x68" "2000022x"), "birthdate"},
    {"gives a shorter day as it stands", 8, YAO_INIT("\x67" "2000022"),
     YAO_INIT("\x67" "2000022"), "birthdate"},
    {"gives a day that is a number as it stands", 8,
     YAO_INIT("\x1a\x01\x31\x2d\x1d"), YAO_INIT("\x1a\x01\x31\x2d\x1d"),
     "birthdate"},
    {"gives 2 for 2", 9, YAO_INIT("\x02"), YAO_INIT("\x02"), "sex"},
    {"gives 9 for 3", 9, YAO_INIT("\x03"), YAO_INIT("\x09"), "sex"},
    {"gives a text as it stands", 4, YAO_INIT("\x61x"), YAO_INIT("\x61x"),
     "name"},
};

static void translates(void **state)
{
    const struct value_row *r       = *state;
    yao_card_element        element = {YAO_CARD_169, r->label, r->said};
    yao_card_content        c       = of_age();

    c.elements      = &element;
    c.element_count = 1;
    yao_result *result = verify(
        card_fixture_show(card_fixture_issue(&c), CARD_NOW), CATALOGUE);
    assert_bytes(attribute(result, r->claim)->cbor, r->want);
}

static void gives_what_the_document_says_of_itself(void **state)
{
    yao_result                *r = verify(listed(), VALID);
    const yao_result_document *d = &r->documents[0];

    (void)state;
    assert_true(yao_text_equal(d->type, YAO_TEXT(CARD_TYPE)));
    assert_int_equal(d->valid_from, CARD_NOW - 2 * YAO_TIME_DAY);
    assert_int_equal(d->valid_until, CARD_NOW + 3 * YAO_TIME_DAY);
    assert_true(yao_text_equal(d->status_uri, YAO_TEXT(LIST)));
    assert_int_equal(d->status_index, 70000);
    assert_true(yao_text_equal(d->issuer, YAO_TEXT("SPECIMEN root")));
    assert_true(yao_text_equal(d->issuer_country, YAO_TEXT("UT")));
    assert_int_equal(d->state, YAO_STATE_VALID);
    assert_int_equal(d->state_as_of, CARD_NOW - 60);
    assert_int_equal(r->documents[0].attribute_count, 2);
}

static void gives_the_days_of_paper(void **state)
{
    yao_bytes late = card_fixture_resign(
        cbor_add(paper(), "2/*", YAO_LIT("\x05\x1a\x6b\x02\x30\x7f")),
        CARD_SIGNER_KEY);
    yao_result *r = verify(late, NO_HOLDER);

    (void)state;
    assert_int_equal(r->format, YAO_FORMAT_PRINTED_CARD);
    assert_int_equal(r->documents[0].valid_from, 0x6b02307f);
    assert_true(yao_text_equal(r->documents[0].status_uri, YAO_TEXT("")));
}

/* A list speaks for paper under a pinned key when that key signed it. */
static void accepts_a_list_of_the_pinned_key_only(void **state)
{
    static bench   b;
    yao_public_key key = yao_openssl_key_public(forge_key(CARD_SIGNER_KEY));
    yao_bytes      input = card_fixture_resign(
        cbor_remove(listed_paper(), "0/*/4"), CARD_SIGNER_KEY);

    (void)state;
    for (int right = 0; right < 2; right++) {
        yao_result *result = NULL;

        set_up(&b, VALID | NO_HOLDER);
        b.anchors[1] = (yao_anchor){
            .key  = yao_openssl_key_public(forge_key(6)),
            .role = YAO_ROLE_ISSUER};
        b.anchors[2] = (yao_anchor){.key = key, .role = YAO_ROLE_ISSUER};
        b.list.anchor = right ? (yao_bytes){key.point, key.len}
                              : (yao_bytes){b.anchors[1].key.point, 65};
        assert_status(yao_verify(test_arena(), forge_crypto(), input, &b.o,
                                 &result),
                      YAO_OK);
        assert_int_equal(result->verdict, right ? ACCEPT : OPEN);
    }
}

/* ---- replay ------------------------------------------------------------- */

static void expect_same(yao_bytes a, yao_bytes b, unsigned had, bool same)
{
    uint8_t     first[32];
    yao_result *r = verify(a, had);

    assert_true(r->replayable);
    memcpy(first, r->replay_key, sizeof first);
    r = verify(b, had);
    assert_true(r->replayable);
    assert_int_equal(memcmp(first, r->replay_key, sizeof first) == 0, same);
}

static void gives_one_key_for_one_showing(void **state)
{
    yao_card_content c    = of_age();
    yao_bytes        part = card_fixture_issue(&c);
    yao_bytes        a    = card_fixture_show(part, CARD_NOW);
    yao_bytes        b    = card_fixture_show(part, CARD_NOW + 29);

    (void)state;
    expect_same(a, b, 0, true);
    expect_same(a, card_fixture_show(part, CARD_NOW - 1), 0, false);
    expect_same(a, open_card(), 0, false);
}

/* An issuer's signature that anybody can rewrite is not part of the key. */
static void gives_one_key_for_one_mdoc(void **state)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);
    yao_bytes       a      = in_codes(&moment), b;
    yao_bytes       again  = mdoc_fixture_resign(cbor_bytes_at(a, "1"));
    yao_writer      w      = yao_writer_in(test_arena());

    (void)state;
    yao_card_put_mdoc(&w, &moment, again);
    assert_status(yao_writer_keep(&w, test_arena(), &b), YAO_OK);
    assert_false(yao_bytes_equal(a, b));
    expect_same(a, b, 0, true);

    moment = yao_card_moment_at(CARD_NOW + 30);
    expect_same(a, in_codes(&moment), 0, false);
}

/* Anybody can put documents in another order, leave some out, or add their
 * own to those that they saw: what was shown openly with others has no key. */
static void gives_no_key_for_several_open_mdocs(void **state)
{
    yao_card_moment moment = yao_card_moment_at(CARD_NOW);
    yao_result     *r      = verify(pair_in_codes(&moment), 0);

    (void)state;
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_false(r->replayable);
    assert_status(yao_card_moment_of(forge_crypto(), challenge(), &moment),
                  YAO_OK);
    r = verify(pair_in_codes(&moment), CHALLENGED);
    assert_int_equal(r->verdict, YAO_VERDICT_ACCEPT);
    assert_true(r->replayable);
}

static void gives_no_key_for_paper_or_a_session(void **state)
{
    (void)state;
    assert_false(verify(paper(), NO_HOLDER)->replayable);
    assert_false(verify(mdoc_fixture_signed(), SESSION)->replayable);
}

/* ---- MOSIP's vectors ---------------------------------------------------- */

static const struct vector_row {
    const char *name, *file;
    bool        pinned; /* the right key */
    yao_verdict want;
    yao_check   bad;
} vectors[] = {
    {"accepts the vector with its key", "ecdsa-p256-signed", true, ACCEPT, 0},
    {"refuses it with another key", "ecdsa-p256-signed", false, REJECT,
     YAO_CHECK_ISSUER_SIGNATURE},
    {"never refuses the vector signed with Ed25519", "ed25519-signed", false,
     OPEN, YAO_CHECK_ALGORITHM},
    {"refuses the vector that nobody signed", "demographics-full", false,
     REJECT, YAO_CHECK_ISSUER_SIGNATURE},
    {"refuses the vector with a face that nobody signed", "with-face", false,
     REJECT, YAO_CHECK_ISSUER_SIGNATURE},
};

static yao_bytes hex_of(const yao_json *json, const char *name)
{
    yao_text   text = {NULL, 0};
    yao_bytes  out  = {NULL, 0};

    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    assert_status(yao_get_hex(yao_text_bytes(text), &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void judges_vector(void **state)
{
    const struct vector_row *r = *state;
    char                     path[96];
    const yao_json          *json   = NULL;
    yao_result              *result = NULL;
    yao_anchor               anchor = {.role = YAO_ROLE_ISSUER};

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "qr-claim169/%s.json", r->file);
    assert_status(yao_json_parse(test_arena(), test_vector(path), &json),
                  YAO_OK);
    anchor.key = yao_openssl_key_public(forge_key(6));
    if (r->pinned) {
        yao_bytes point = hex_of(yao_json_get(json, "signing_key"),
                                 "public_key_hex");

        assert_int_equal(point.len, 65);
        memcpy(anchor.key.point, point.ptr, point.len);
    }
    yao_verify_options o = {.anchors      = &anchor,
                            .anchor_count = 1,
                            .now          = 1750000000,
                            .no_binding   = true,
                            .catalogue    = yao_catalogue_shipped()};

    assert_status(yao_verify(test_arena(), forge_crypto(),
                             hex_of(json, "decoded_cose_hex"), &o, &result),
                  YAO_OK);
    assert_string_equal(yao_verdict_name(result->verdict),
                        yao_verdict_name(r->want));
    assert_int_equal(is_bad(&result->report, r->bad), r->bad != 0);
    if (r->want == YAO_VERDICT_ACCEPT) {
        assert_bytes(attribute(result, "169/4")->cbor,
                     cbor_of_text("ECDSA Test Person"));
        assert_false(result->documents[0].bound);
    }
}

int main(void)
{
    test_add("attributes", "gives names and values of the catalogue",
             gives_names_and_values_of_the_catalogue, NULL);
    test_add("attributes", "gives numbers without a catalogue",
             gives_numbers_without_a_catalogue, NULL);
    test_add("attributes", "gives numbers for what the catalogue lacks",
             gives_numbers_for_what_the_catalogue_lacks, NULL);
    for (size_t i = 0; i < COUNT(values); i++)
        test_add("attributes", values[i].name, translates, &values[i]);
    test_add("verify", "gives what the document says of itself",
             gives_what_the_document_says_of_itself, NULL);
    test_add("verify", "gives the days of paper", gives_the_days_of_paper,
             NULL);
    test_add("status", "accepts a list of the pinned key only",
             accepts_a_list_of_the_pinned_key_only, NULL);
    test_add("replay", "gives one key for one showing (N241)",
             gives_one_key_for_one_showing, NULL);
    test_add("replay", "gives one key for one mdoc (N241)",
             gives_one_key_for_one_mdoc, NULL);
    test_add("replay", "gives none for several mdocs that were shown openly",
             gives_no_key_for_several_open_mdocs, NULL);
    test_add("replay", "gives none for paper or a session",
             gives_no_key_for_paper_or_a_session, NULL);
    for (size_t i = 0; i < COUNT(vectors); i++)
        test_add("vectors", vectors[i].name, judges_vector, &vectors[i]);
    return test_run("policy/card_values");
}
