/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of all documents, signed, read again and judged. */
#include "mdoc_fixture.h"
#include "person.h"

#include "issuance/issuance.h"

static const uint8_t jpeg[] = {0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9};

static uint8_t    random_bytes[65536];
static yao_bytes  root, chain;
static yao_anchor anchor;

/* A Chinese authority: the country in the document is that of the signer. */
static void make_authority(void)
{
    yao_certificate  issuer;
    yao_x509_request request = forge_request(YAO_X509_ROOT, ROOT_KEY, NULL);

    request.country = YAO_TEXT("CN");
    root            = forge_write(&request, ROOT_KEY);
    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    request         = forge_request(YAO_X509_SIGNER, SIGNER_KEY, &issuer);
    request.country = YAO_TEXT("CN");
    request.san_uri = YAO_TEXT("https://issuer.example");
    chain           = forge_write(&request, ROOT_KEY);
    anchor = (yao_anchor){.certificate = root, .role = YAO_ROLE_ISSUER};
}

static yao_issuance_document make_document(const char *name)
{
    yao_issuance_input    input = {0};
    yao_issuance_document d     = {0};
    yao_problems          problems;

    input.catalogue = yao_catalogue_shipped();
    input.definition =
        yao_document_by_name(yao_catalogue_shipped(), yao_text_of(name));
    input.person          = person_changed("", "");
    input.portrait        = (yao_bytes){jpeg, sizeof jpeg};
    input.portrait_small  = input.portrait;
    input.document_number = YAO_TEXT("N0001");
    input.issuer          = YAO_TEXT("https://issuer.example");
    input.now             = MDOC_NOW + 3600;
    input.level           = 3;
    input.demo            = true;
    assert_status(yao_issuance_build(test_arena(), &input, &problems, &d),
                  YAO_OK);
    return d;
}

static yao_issuance_copy make_copy(void)
{
    yao_issuance_copy copy = {0};

    make_authority();
    copy.device_key   = yao_openssl_key_public(forge_key(DEVICE_KEY));
    copy.status_uri   = YAO_TEXT("https://issuer.example/status/7");
    copy.status_index = 4711;
    copy.alg          = YAO_ES256;
    copy.chain        = &chain;
    copy.chain_count  = 1;
    return copy;
}

static yao_entropy make_entropy(const yao_issuance_document *d, bool sdjwt)
{
    size_t len = yao_issuance_entropy(d, sdjwt);

    assert_true(len <= sizeof random_bytes);
    assert_status(yao_openssl_random(random_bytes, len), YAO_OK);
    return (yao_entropy){{random_bytes, len}};
}

static yao_bytes sign(const yao_sign_wish *wish)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(SIGNER_KEY), wish, out, &len),
                  YAO_OK);
    return (yao_bytes){out, len};
}

static yao_bytes issue_mdoc(const yao_issuance_document *d,
                            const yao_issuance_copy     *copy)
{
    yao_entropy      entropy = make_entropy(d, false);
    yao_mdoc_issuing issuing;
    yao_bytes        issued;

    assert_status(yao_issuance_mdoc(test_arena(), forge_crypto(), d, copy,
                                    &entropy, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(&issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    return issued;
}

static yao_bytes issue_sdjwt(const yao_issuance_document *d,
                             const yao_issuance_copy     *copy)
{
    yao_entropy       entropy = make_entropy(d, true);
    yao_sdjwt_issuing issuing;
    yao_bytes         issued;

    assert_status(yao_issuance_sdjwt(test_arena(), forge_crypto(), d, copy,
                                     &entropy, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(&issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    return issued;
}

static const char *const documents[] = {
    "resident_id", "driving_licence", "vehicle_registration",
    "residence_permit", "household_booklet",   "health_card",
    "pass"};

static void accepts_mdoc(void **state)
{
    yao_issuance_document   d       = make_document(*state);
    yao_issuance_copy       copy    = make_copy();
    yao_bytes               issued  = issue_mdoc(&d, &copy);
    yao_mdoc_verify_options options = mdoc_fixture_options();

    options.anchors    = &anchor;
    options.strict     = true;
    mdoc_judged judged = mdoc_fixture_judge(issued, &options);

    assert_status(judged.parsed, YAO_OK);
    for (size_t i = 0; i < judged.report.count; i++) {
        const yao_report_row *row = &judged.report.rows[i];
        if (row->outcome == YAO_OUTCOME_FAIL)
            fail_msg("%s: %s", yao_check_name(row->check),
                     yao_status_name(row->why));
    }
    assert_int_equal(
        mdoc_judged_row(&judged, 0, YAO_CHECK_ISSUER_CHAIN).outcome,
        YAO_OUTCOME_PASS);
    assert_int_equal(mdoc_judged_row(&judged, 0, YAO_CHECK_DIGESTS).outcome,
                     YAO_OUTCOME_PASS);
    assert_int_equal(
        mdoc_judged_row(&judged, 0, YAO_CHECK_ISSUER_SIGNATURE).outcome,
        YAO_OUTCOME_PASS);
}

/* What is read back from the copy is what was made, element by element. */
static void keeps_every_element(void **state)
{
    yao_issuance_document d      = make_document(*state);
    yao_issuance_copy     copy   = make_copy();
    yao_bytes             issued = issue_mdoc(&d, &copy);
    yao_mdoc_unverified   read;

    assert_status(
        yao_mdoc_parse_issuer_signed(test_arena(), issued, true, &read),
        YAO_OK);
    const yao_mdoc_issuer_signed *is = &read.documents[0].issuer;
    assert_int_equal(is->item_count, d.element_count);
    assert_int_equal(is->mso.status.index, 4711);
    assert_int_equal(is->mso.validity.valid_from, MDOC_NOW);
    for (size_t i = 0; i < is->item_count; i++) {
        const yao_element *e = yao_document_element(
            d.definition, is->items[i].name_space, is->items[i].element);

        assert_non_null(e);
        assert_true(e->label.en.len != 0);
    }
}

static void accepts_sdjwt(void **state)
{
    yao_issuance_document    d       = make_document(*state);
    yao_issuance_copy        copy    = make_copy();
    yao_bytes                issued  = issue_sdjwt(&d, &copy);
    yao_sdjwt_verify_options options = {0};
    yao_sdjwt_verification   v       = {0};
    yao_sdjwt_unverified     read;
    yao_sdjwt_verified       said;
    yao_report               report = {0};

    options.anchors      = &anchor;
    options.anchor_count = 1;
    options.now          = MDOC_NOW + 7200;
    options.vc           = true;
    options.no_binding   = true;
    assert_status(yao_sdjwt_parse(test_arena(), issued, &read), YAO_OK);
    assert_int_equal(read.disclosure_count, d.disclosable_count);
    assert_status(yao_sdjwt_begin(test_arena(), forge_crypto(), &read, &options,
                                  &v, &report),
                  YAO_OK);
    assert_status(
        forge_crypto()->verify(forge_crypto()->ctx, v.checks, v.check_count),
        YAO_OK);
    assert_status(yao_sdjwt_conclude(&v, &said, &report), YAO_OK);
    assert_true(yao_text_equal(said.type, d.definition->vct));
    assert_int_equal(said.status_index, 4711);
    assert_true(
        yao_json_is(yao_json_get(said.payload, "specimen"), "SPECIMEN"));
    for (size_t i = 0; i < d.disclosable_count; i++) {
        const yao_json *node = said.payload;

        for (size_t k = 0; k < d.disclosable[i].step_count; k++)
            node = yao_json_get_text(node, d.disclosable[i].steps[k]);
        assert_non_null(node);
    }
}

/* Copies share no random value, and nothing in the document changes when one
 * is made: a status belongs to its copy. */
static void keeps_copies_apart(void **state)
{
    yao_issuance_document d     = make_document("resident_id");
    yao_issuance_copy     first = make_copy(), second = make_copy();
    yao_mdoc_unverified   a, b;

    (void)state;
    second.status_index = 12;
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), issue_mdoc(&d, &first), true, &a),
                  YAO_OK);
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), issue_mdoc(&d, &second), true, &b),
                  YAO_OK);
    const yao_mdoc_issuer_signed *x = &a.documents[0].issuer;
    const yao_mdoc_issuer_signed *y = &b.documents[0].issuer;
    for (size_t i = 0; i < x->item_count; i++)
        for (size_t k = 0; k < y->item_count; k++)
            assert_false(
                yao_bytes_equal(x->items[i].random, y->items[k].random));
    assert_memory_equal(&x->mso.validity, &y->mso.validity,
                        sizeof x->mso.validity);
    assert_int_equal(y->mso.status.index, 12);

    (void)issue_sdjwt(&d, &first);
    assert_null(yao_json_get(d.claims, "status"));
}

static void leaves_no_status_out_of_nowhere(void **state)
{
    yao_issuance_document d    = make_document("resident_id");
    yao_issuance_copy     copy = make_copy();
    yao_mdoc_unverified   read;

    (void)state;
    copy.status_uri = (yao_text){NULL, 0};
    assert_status(yao_mdoc_parse_issuer_signed(
                      test_arena(), issue_mdoc(&d, &copy), true, &read),
                  YAO_OK);
    assert_false(read.documents[0].issuer.mso.status.present);
    (void)issue_sdjwt(&d, &copy);
}

static void refuses_no_key(void **state)
{
    yao_issuance_document d       = make_document("resident_id");
    yao_issuance_copy     copy    = make_copy();
    yao_entropy           entropy = make_entropy(&d, false);
    yao_mdoc_issuing      mdoc;
    yao_sdjwt_issuing     sdjwt;

    (void)state;
    copy.device_key.curve = YAO_CURVE_NONE;
    assert_status(yao_issuance_mdoc(test_arena(), forge_crypto(), &d, &copy,
                                    &entropy, &mdoc),
                  YAO_E_USAGE);
    assert_status(yao_issuance_sdjwt(test_arena(), forge_crypto(), &d, &copy,
                                     &entropy, &sdjwt),
                  YAO_E_USAGE);
}

static void refuses_little_entropy(void **state)
{
    yao_issuance_document d    = make_document("household_booklet");
    yao_issuance_copy     copy = make_copy();
    yao_mdoc_issuing      mdoc;
    yao_sdjwt_issuing     sdjwt;

    (void)state;
    yao_entropy entropy = make_entropy(&d, false);
    entropy.rest.len--;
    assert_status(yao_issuance_mdoc(test_arena(), forge_crypto(), &d, &copy,
                                    &entropy, &mdoc),
                  YAO_E_ENTROPY);
    entropy          = make_entropy(&d, true);
    entropy.rest.len = d.disclosable_count * 16 - 1;
    assert_status(yao_issuance_sdjwt(test_arena(), forge_crypto(), &d, &copy,
                                     &entropy, &sdjwt),
                  YAO_E_ENTROPY);
}

static yao_status sdjwt_into(yao_arena *arena, void *context)
{
    yao_issuance_copy copy    = make_copy();
    yao_entropy       entropy = {{random_bytes, sizeof random_bytes}};
    yao_sdjwt_issuing issuing;

    return yao_issuance_sdjwt(arena, forge_crypto(), context, &copy, &entropy,
                              &issuing);
}

static void needs_room(void **state)
{
    yao_issuance_document d = make_document("pass");

    (void)state;
    assert_status(yao_openssl_random(random_bytes, sizeof random_bytes),
                  YAO_OK);
    test_every_arena(sdjwt_into, &d, 65536);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(documents); i++) {
        test_add("accepts as mdoc", documents[i], accepts_mdoc, documents[i]);
        test_add("gives every element", documents[i], keeps_every_element,
                 documents[i]);
        test_add("accepts as SD-JWT VC", documents[i], accepts_sdjwt,
                 documents[i]);
    }
    test_add("copies", "never share a random value", keeps_copies_apart, NULL);
    test_add("copies", "gives no status when none was given",
             leaves_no_status_out_of_nowhere, NULL);
    test_add("copies", "refuses a copy without a device key", refuses_no_key,
             NULL);
    test_add("copies", "refuses too little entropy", refuses_little_entropy,
             NULL);
    test_add("copies", "refuses every arena that is too small", needs_room,
             NULL);
    return test_run("issuance/copies");
}
