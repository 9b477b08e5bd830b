/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A document that nobody has written code for: its definition and its profile
 * are files that are loaded when the program runs. It is issued in every
 * shape, and what is read back is judged.
 */
#include "mdoc_fixture.h"
#include "person.h"

#include "issuance/issuance.h"

#define URL "https://issuer.example"

static const char definition_file[] =
    "{\"name\":\"library_card\","
    "\"title\":{\"zh\":\"读者证\",\"en\":\"Library card\"},"
    "\"doc_type\":\"org.yaopai.library_card.1\","
    "\"vct\":\"urn:yaopai:library_card:1\",\"role\":\"other\","
    "\"entitlement\":{\"rule\":\"record\",\"record\":\"library_card\"},"
    "\"validity\":{\"days\":30,\"until\":\"library_card.expiry_date\"},"
    "\"suspends\":true,\"elements\":["
    "{\"name\":\"reader_number\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"reader_number\",\"claim\":\"reader_number\","
    "\"type\":\"text\",\"label\":{\"zh\":\"读者号\",\"en\":\"Reader number\"},"
    "\"group\":\"document\",\"from\":\"library_card.reader_number\",\"max\":20,"
    "\"card\":2,\"mandatory\":true},"
    "{\"name\":\"full_name\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"full_name\",\"claim\":\"name\",\"type\":\"text\","
    "\"label\":{\"zh\":\"姓名\",\"en\":\"Full name\"},\"group\":\"person\","
    "\"from\":\"name\",\"rule\":\"name\",\"max\":50,\"mandatory\":true},"
    "{\"name\":\"loans\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"loans\",\"claim\":\"loans\",\"type\":\"uint\","
    "\"label\":{\"zh\":\"可借册数\",\"en\":\"Loans at most\"},"
    "\"group\":\"document\",\"from\":\"library_card.loans\",\"card\":3},"
    "{\"name\":\"issuing_authority\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"issuing_authority\",\"claim\":\"issuing_authority\","
    "\"type\":\"text\",\"label\":{\"zh\":\"发证机构\",\"en\":\"Issued by\"},"
    "\"group\":\"document\",\"from\":\"library_card.authority\",\"max\":150,"
    "\"mandatory\":true},"
    "{\"name\":\"issuing_country\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"issuing_country\",\"claim\":\"issuing_country\","
    "\"type\":\"code\",\"label\":{\"zh\":\"国家\",\"en\":\"Country\"},"
    "\"group\":\"document\",\"derive\":\"constant\",\"fallback\":\"CN\","
    "\"codes\":\"country\",\"mandatory\":true},"
    "{\"name\":\"issue_date\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"issue_date\",\"claim\":\"date_of_issuance\","
    "\"type\":\"date\",\"label\":{\"zh\":\"签发日期\",\"en\":\"Date of "
    "issue\"},\"group\":\"validity\",\"from\":\"library_card.issue_date\","
    "\"mandatory\":true},"
    "{\"name\":\"expiry_date\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"expiry_date\",\"claim\":\"date_of_expiry\","
    "\"type\":\"date\",\"label\":{\"zh\":\"有效期至\",\"en\":\"Date of "
    "expiry\"},\"group\":\"validity\",\"from\":\"library_card.expiry_date\","
    "\"mandatory\":true},"
    "{\"name\":\"specimen\",\"space\":\"org.yaopai.library_card.1\","
    "\"identifier\":\"specimen\",\"claim\":\"specimen\",\"type\":\"text\","
    "\"label\":{\"zh\":\"样本标记\",\"en\":\"Specimen mark\"},"
    "\"group\":\"document\",\"derive\":\"specimen\",\"card\":4,"
    "\"always\":true}]}";

static const char profile_file[] =
    "{\"name\":\"library\",\"title\":{\"zh\":\"图书馆\",\"en\":\"Library\"},"
    "\"purpose\":{\"zh\":\"借书\",\"en\":\"Borrow books\"},"
    "\"legal_basis\":{\"zh\":\"本人同意\",\"en\":\"Consent\"},"
    "\"retention_days\":0,\"level\":1,\"card\":\"open\",\"card_days\":7,"
    "\"card_portrait\":false,\"asks\":[{\"document\":\"library_card\","
    "\"elements\":[\"reader_number\",\"loans\"]}]}";

#define RECORD                                                                 \
    "\"library_card\":{\"reader_number\":\"R-0042\",\"loans\":8,"              \
    "\"authority\":\"示例图书馆\",\"issue_date\":\"2026-01-01\","              \
    "\"expiry_date\":\"2030-12-31\"},\"identity_card\""

static yao_catalogue         catalogue;
static yao_bytes             chain;
static yao_anchor            anchor;
static yao_issuance_document document;

static yao_bytes bytes_of(const char *text)
{
    return yao_text_bytes(yao_text_of(text));
}

static void load_catalogue(void)
{
    const yao_document_file files[] = {
        {YAO_TEXT("documents/library_card.json"), bytes_of(definition_file)},
        {YAO_TEXT("profiles/library.json"), bytes_of(profile_file)},
    };
    yao_document_trouble trouble = {.what = ""};

    yao_status status =
        yao_document_load(test_arena(), yao_catalogue_shipped(), files,
                          COUNT(files), &catalogue, &trouble);
    if (status != YAO_OK)
        print_error("%.*s: %s\n", (int)trouble.where.len,
                    (const char *)trouble.where.ptr, trouble.what);
    assert_status(status, YAO_OK);
}

static void make_authority(void)
{
    yao_certificate  issuer;
    yao_x509_request request = forge_request(YAO_X509_ROOT, ROOT_KEY, NULL);

    request.country = YAO_TEXT("CN");
    yao_bytes root  = forge_write(&request, ROOT_KEY);
    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    request         = forge_request(YAO_X509_SIGNER, SIGNER_KEY, &issuer);
    request.country = YAO_TEXT("CN");
    request.san_uri = YAO_TEXT(URL);
    chain           = forge_write(&request, ROOT_KEY);
    anchor = (yao_anchor){.certificate = root, .role = YAO_ROLE_ISSUER};
}

static yao_issuance_copy make_copy(void)
{
    return (yao_issuance_copy){
        .device_key   = yao_openssl_key_public(forge_key(DEVICE_KEY)),
        .status_uri   = YAO_TEXT(URL "/statuslists/2"),
        .status_list  = 2,
        .status_index = 77,
        .alg          = YAO_ES256,
        .chain        = &chain,
        .chain_count  = 1};
}

static void prepare(void)
{
    yao_problems       problems;
    yao_issuance_input input = {.issuer = YAO_TEXT(URL),
                                .now    = MDOC_NOW + 3600,
                                .level  = 3,
                                .demo   = true};

    load_catalogue();
    make_authority();
    input.catalogue = &catalogue;
    input.definition =
        yao_document_by_name(&catalogue, YAO_TEXT("library_card"));
    input.person = person_changed("\"identity_card\"", RECORD);
    assert_non_null(input.definition);
    assert_status(
        yao_issuance_build(test_arena(), &input, &problems, &document), YAO_OK);
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

static yao_entropy make_entropy(bool sdjwt)
{
    size_t   len = yao_issuance_entropy(&document, sdjwt);
    uint8_t *out = yao_arena_take(test_arena(), len);

    assert_non_null(out);
    assert_status(yao_openssl_random(out, len), YAO_OK);
    return (yao_entropy){{out, len}};
}

static void gives_mdoc(void **state)
{
    yao_mdoc_verify_options options = mdoc_fixture_options();
    yao_mdoc_issuing        issuing;
    yao_bytes               issued;

    (void)state;
    prepare();
    yao_issuance_copy copy    = make_copy();
    yao_entropy       entropy = make_entropy(false);
    assert_status(yao_issuance_mdoc(test_arena(), forge_crypto(), &document,
                                    &copy, &entropy, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(&issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_mdoc_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);

    options.anchors    = &anchor;
    options.strict     = true;
    mdoc_judged judged = mdoc_fixture_judge(issued, &options);
    assert_status(judged.parsed, YAO_OK);
    for (size_t i = 0; i < judged.report.count; i++)
        assert_true(judged.report.rows[i].outcome != YAO_OUTCOME_FAIL);
    assert_int_equal(
        mdoc_judged_row(&judged, 0, YAO_CHECK_ISSUER_SIGNATURE).outcome,
        YAO_OUTCOME_PASS);
    assert_int_equal(mdoc_judged_row(&judged, 0, YAO_CHECK_DIGESTS).outcome,
                     YAO_OUTCOME_PASS);
}

static void gives_sdjwt(void **state)
{
    yao_sdjwt_issuing      issuing;
    yao_bytes              issued;
    yao_sdjwt_verification v = {0};
    yao_sdjwt_unverified   read;
    yao_sdjwt_verified     said;
    yao_report             report = {0};

    (void)state;
    prepare();
    yao_issuance_copy copy    = make_copy();
    yao_entropy       entropy = make_entropy(true);
    assert_status(yao_issuance_sdjwt(test_arena(), forge_crypto(), &document,
                                     &copy, &entropy, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(&issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_sdjwt_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);

    const yao_sdjwt_verify_options options = {.anchors      = &anchor,
                                              .anchor_count = 1,
                                              .now          = MDOC_NOW + 7200,
                                              .vc           = true,
                                              .no_binding   = true};
    assert_status(yao_sdjwt_parse(test_arena(), issued, &read), YAO_OK);
    assert_status(yao_sdjwt_begin(test_arena(), forge_crypto(), &read, &options,
                                  &v, &report),
                  YAO_OK);
    assert_status(
        forge_crypto()->verify(forge_crypto()->ctx, v.checks, v.check_count),
        YAO_OK);
    assert_status(yao_sdjwt_conclude(&v, &said, &report), YAO_OK);
    assert_true(
        yao_text_equal(said.type, YAO_TEXT("urn:yaopai:library_card:1")));
    assert_true(
        yao_json_is(yao_json_get(said.payload, "reader_number"), "R-0042"));
    assert_int_equal(said.status_index, 77);
}

static void gives_card(void **state)
{
    yao_card_layout  layout;
    yao_card_issuing issuing;
    yao_bytes        issued;

    (void)state;
    prepare();
    const yao_profile *profile =
        yao_profile_by_name(&catalogue, YAO_TEXT("library"));
    assert_non_null(profile);
    assert_status(yao_profile_card(test_arena(), profile, document.definition,
                                   YAO_TEXT(""), &layout),
                  YAO_OK);
    yao_issuance_copy copy = make_copy();
    assert_status(yao_issuance_card(test_arena(), forge_crypto(), &document,
                                    &copy, &layout, false, &issuing),
                  YAO_OK);
    yao_bytes  signature = sign(&issuing.wish);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &issued), YAO_OK);
    assert_true(issued.len < 400);
}

/* What a profile asks of it is known to every verifier that has the files. */
static void gives_requirements(void **state)
{
    yao_requirements wants;

    (void)state;
    load_catalogue();
    const yao_profile *profile =
        yao_profile_by_name(&catalogue, YAO_TEXT("library"));
    assert_status(yao_profile_requirements(test_arena(), profile, 1,
                                           YAO_TEXT(""), true, &wants),
                  YAO_OK);
    assert_int_equal(wants.count, 2);
    assert_non_null(yao_document_by_type(
        &catalogue, YAO_TEXT("org.yaopai.library_card.1")));
    assert_non_null(yao_document_by_name(&catalogue, YAO_TEXT("resident_id")));
}

/* A record has a member that no code knows: it is kept, with a warning. */
static void accepts_record(void **state)
{
    yao_problems *problems = yao_arena_take(test_arena(), sizeof *problems);

    (void)state;
    load_catalogue();
    assert_non_null(problems);
    assert_status(
        yao_document_check_record(test_arena(), &catalogue,
                                  person_changed("\"identity_card\"", RECORD),
                                  yao_date_of_time(MDOC_NOW), problems),
        YAO_OK);
    for (size_t i = 0; i < problems->count; i++)
        assert_int_equal(problems->items[i].severity, YAO_WARNING);
}

int main(void)
{
    test_add("loaded", "gives an mdoc of it that is judged good", gives_mdoc,
             NULL);
    test_add("loaded", "gives an SD-JWT VC of it that is judged good",
             gives_sdjwt, NULL);
    test_add("loaded", "gives a QR card of it", gives_card, NULL);
    test_add("loaded", "gives what its profile asks for", gives_requirements,
             NULL);
    test_add("loaded", "accepts a record with its member", accepts_record,
             NULL);
    return test_run("issuance/loaded");
}
