/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc_fixture.h"

#include <stdio.h>

static mdoc_fixture fixture;
static uint8_t      certificates[8192];
static yao_arena    kept = {certificates, sizeof certificates, 0};

/* A fixture that fails proves nothing: end the program. */
static void must(yao_status status, const char *what)
{
    if (status == YAO_OK)
        return;
    fprintf(stderr, "mdoc fixture: %s: %s\n", what, yao_status_name(status));
    exit(99);
}

static uint8_t *room(size_t len)
{
    uint8_t *taken = yao_arena_take(test_arena(), len);

    if (taken == NULL)
        must(YAO_E_SPACE, "test arena");
    return taken;
}

/* ---- the authority ------------------------------------------------------ */

/* Made in the test's arena, kept beyond it. */
static yao_bytes certify(yao_x509_kind kind, int key, yao_bytes issuer)
{
    yao_bytes made = forge_make(kind, key, issuer, ROOT_KEY), copy;

    must(yao_arena_keep(&kept, made, &copy), "keep certificate");
    return copy;
}

const mdoc_fixture *mdoc_fixture_get(void)
{
    mdoc_fixture *f    = &fixture;
    yao_bytes     none = {NULL, 0};

    if (f->crypto != NULL)
        return f;
    f->crypto     = forge_crypto();
    f->device_key = forge_key(DEVICE_KEY);
    f->reader_key = forge_key(READER_KEY);
    f->root       = certify(YAO_X509_ROOT, ROOT_KEY, none);
    f->signer     = certify(YAO_X509_SIGNER, SIGNER_KEY, f->root);
    f->other_root = certify(YAO_X509_ROOT, OTHER_KEY, none);
    f->anchor = (yao_anchor){.certificate = f->root, .role = YAO_ROLE_ISSUER};

    return f;
}

/* ---- the document ------------------------------------------------------- */

static const yao_mdoc_element elements[] = {
    {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name"),
     YAO_INIT("\x68" "SPECIMEN")},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("given_name"), YAO_INIT("\x64" "Anyi")},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("birth_date"),
     YAO_INIT("\xd9\x03\xec\x6a" "1990-01-01")},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("issuing_country"),
     YAO_INIT("\x62" "UT")},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18"), YAO_INIT("\xf5")},
    {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_60"), YAO_INIT("\xf4")},
    {YAO_INIT(MDOC_OURS), YAO_INIT("state"), YAO_INIT("\x61" "A")},
    {YAO_INIT(MDOC_OURS), YAO_INIT("file_number"),
     YAO_INIT("\x6c" "120000000000")},
};

yao_mdoc_issue_request mdoc_fixture_request(void)
{
    const mdoc_fixture *f = mdoc_fixture_get();

    return (yao_mdoc_issue_request){
        .doc_type      = YAO_INIT(MDOC_TYPE),
        .elements      = elements,
        .element_count = COUNT(elements),
        .device_key    = yao_openssl_key_public(f->device_key),
        .validity      = {MDOC_NOW - 15 * YAO_TIME_DAY,
                          MDOC_NOW - 15 * YAO_TIME_DAY,
                          MDOC_NOW + 15 * YAO_TIME_DAY, YAO_TIME_NONE},
        .alg           = YAO_ES256,
        .chain         = &f->signer,
        .chain_count   = 1,
    };
}

/* Signed by KEY, in the test arena. */
static yao_bytes fulfil(const yao_sign_wish *wish, yao_openssl_key *key)
{
    uint8_t *out = room(YAO_MAX_SIGNATURE);
    size_t   len = 0;

    must(yao_openssl_sign(key, wish, out, &len), "sign");
    return (yao_bytes){out, len};
}

yao_bytes mdoc_fixture_issue(const yao_mdoc_issue_request *request)
{
    const mdoc_fixture *f   = mdoc_fixture_get();
    size_t              len = request->element_count * 36;
    uint8_t            *random = room(len);
    yao_mdoc_issuing    issuing;
    yao_bytes           issued;

    for (size_t i = 0; i < len; i++)
        random[i] = (uint8_t)(i * 167 + i / 256);
    yao_entropy entropy = {{random, len}};
    must(yao_mdoc_issue(test_arena(), f->crypto, request, &entropy, &issuing),
         "issue");
    yao_bytes  signature = fulfil(&issuing.wish, forge_key(SIGNER_KEY));
    yao_writer w         = yao_writer_in(test_arena());
    must(yao_mdoc_put_issued(&w, &issuing, signature), "issue");
    must(yao_writer_keep(&w, test_arena(), &issued), "issue");

    return issued;
}

yao_bytes mdoc_fixture_issued(void)
{
    yao_mdoc_issue_request request = mdoc_fixture_request();

    return mdoc_fixture_issue(&request);
}

yao_bytes mdoc_fixture_transcript(const char *nonce)
{
    const yao_crypto *crypto = mdoc_fixture_get()->crypto;
    yao_writer        w      = yao_writer_in(test_arena());
    yao_bytes         transcript;

    must(yao_mdoc_put_transcript_openid4vp(
             &w, crypto,
             YAO_TEXT("x509_hash:SPECIMEN"), yao_text_of(nonce),
             (yao_bytes){NULL, 0}, YAO_TEXT("https://desk.example/response")),
         "transcript");
    must(yao_writer_keep(&w, test_arena(), &transcript), "transcript");
    return transcript;
}

static yao_bytes shared_secret(void)
{
    const mdoc_fixture *f   = mdoc_fixture_get();
    uint8_t            *out = room(YAO_MAX_AGREEMENT);
    yao_agree_wish      wish = {yao_openssl_key_public(f->reader_key)};

    must(yao_openssl_agree(f->device_key, &wish, out), "agree");
    return (yao_bytes){out, 32};
}

yao_bytes mdoc_fixture_show(yao_bytes issued, yao_bytes transcript, bool mac)
{
    static const yao_mdoc_selector five[] = {
        {YAO_INIT(MDOC_SPACE), YAO_INIT("family_name")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("birth_date")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("issuing_country")},
        {YAO_INIT(MDOC_SPACE), YAO_INIT("age_over_18")},
        {YAO_INIT(MDOC_OURS), YAO_INIT("state")}};
    const mdoc_fixture *f = mdoc_fixture_get();
    yao_mdoc_presenting p;
    yao_bytes           document, response, signature = {NULL, 0}, secret;

    must(yao_mdoc_present(test_arena(), issued, five, COUNT(five), transcript,
                          &p),
         "present");
    if (mac)
        secret = shared_secret();
    else
        signature = fulfil(&p.wish, f->device_key);

    yao_writer w = yao_writer_in(test_arena());
    must(mac ? yao_mdoc_put_document_maced(&w, &p, f->crypto, secret,
                                           transcript)
             : yao_mdoc_put_document_signed(&w, &p, signature),
         "document");
    must(yao_writer_keep(&w, test_arena(), &document), "document");

    w = yao_writer_in(test_arena());
    yao_mdoc_put_response(&w, &document, 1);
    must(yao_writer_keep(&w, test_arena(), &response), "response");
    return response;
}

yao_bytes mdoc_fixture_signed(void)
{
    return mdoc_fixture_show(mdoc_fixture_issued(),
                             mdoc_fixture_transcript("1"), false);
}

yao_bytes mdoc_fixture_maced(void)
{
    return mdoc_fixture_show(mdoc_fixture_issued(),
                             mdoc_fixture_transcript("1"), true);
}

yao_bytes mdoc_fixture_pair(yao_bytes first, yao_bytes second)
{
    yao_bytes  both[2] = {cbor_at(first, "documents/0"),
                          cbor_at(second, "documents/0")};
    yao_writer w       = yao_writer_in(test_arena());
    yao_bytes  response;

    yao_mdoc_put_response(&w, both, 2);
    must(yao_writer_keep(&w, test_arena(), &response), "response");
    return response;
}

/* ---- made right again --------------------------------------------------- */

/* {digestID => digest} of the items that stand in the array ITEMS. */
static yao_bytes digests_of(yao_bytes items, yao_bytes old)
{
    yao_cbor_reader r     = yao_cbor_open_foreign(items);
    uint64_t        count = yao_cbor_get_items(&r);
    char            path[32];

    for (uint64_t i = 0; i < count; i++) {
        yao_bytes whole  = yao_cbor_get_any(&r);
        uint8_t  *digest = room(32);

        if (!cbor_has(whole, "*/digestID"))
            continue;
        yao_cbor_reader id =
            yao_cbor_open_foreign(cbor_at(whole, "*/digestID"));
        snprintf(path, sizeof path, "%llu",
                 (unsigned long long)yao_cbor_get_uint(&id));
        must(fixture.crypto->hash(fixture.crypto->ctx, YAO_SHA256, &whole, 1,
                                  digest),
             "hash");
        if (id.status == YAO_OK && cbor_has(old, path))
            old = cbor_set(old, path, cbor_of_bytes((yao_bytes){digest, 32}));
    }
    return old;
}

yao_bytes mdoc_fixture_redigest(yao_bytes response)
{
    yao_cbor_reader r = yao_cbor_open_foreign(cbor_at(response, MDOC_IN
                                                      "nameSpaces"));
    uint64_t        spaces = yao_cbor_get_map(&r);
    char            path[256];

    for (uint64_t i = 0; i < spaces && r.status == YAO_OK; i++) {
        yao_text  name  = yao_cbor_get_text(&r);
        yao_bytes items = yao_cbor_get_any(&r);

        snprintf(path, sizeof path, MDOC_MSO("valueDigests/%.*s"),
                 (int)name.len, (const char *)name.ptr);
        if (cbor_has(response, path))
            response = cbor_set(response, path,
                                digests_of(items, cbor_at(response, path)));
    }
    return response;
}

/* Sig_structure ["Signature1", protected, h'', payload], written by hand. */
static yao_bytes sign1(yao_bytes protected_header, yao_bytes payload,
                       yao_openssl_key *key)
{
    yao_bytes s = cbor_join(YAO_LIT("\x84\x6a" "Signature1"),
                            cbor_of_bytes(protected_header));

    s = cbor_join(cbor_join(s, YAO_LIT("\x40")), cbor_of_bytes(payload));
    yao_sign_wish wish = yao_sign_wish_of(yao_openssl_key_alg(key), s);
    return cbor_of_bytes(fulfil(&wish, key));
}

yao_bytes mdoc_fixture_resign_with(yao_bytes message, int key)
{
    bool        response = cbor_has(message, "documents");
    const char *auth     = response ? MDOC_AUTH : "issuerAuth";
    yao_bytes   cose     = cbor_at(message, auth);
    yao_bytes   signature =
        sign1(cbor_bytes_at(cose, "0"), cbor_bytes_at(cose, "2"),
              forge_key(key));

    return cbor_set(message, auth, cbor_set(cose, "3", signature));
}

yao_bytes mdoc_fixture_resign(yao_bytes message)
{
    return mdoc_fixture_resign_with(message, SIGNER_KEY);
}

yao_bytes mdoc_fixture_resign_device(yao_bytes response, yao_bytes transcript,
                                     int key)
{
    yao_bytes spaces = cbor_at(response, MDOC_DEVICE "/nameSpaces");
    yao_bytes s      = YAO_LIT("\x84\x74" "DeviceAuthentication");

    s = cbor_join(cbor_join(s, transcript),
                  cbor_at(response, MDOC_DOC "/docType"));
    s = cbor_join(YAO_LIT("\xd8\x18"), cbor_of_bytes(cbor_join(s, spaces)));

    const char *cose = MDOC_DEVICE "/deviceAuth/deviceSignature";
    yao_bytes   signature =
        sign1(cbor_bytes_at(cbor_at(response, cose), "0"), s,
              forge_key(key));
    return cbor_set(response, cose,
                    cbor_set(cbor_at(response, cose), "3", signature));
}

/* ---- judging ------------------------------------------------------------ */

yao_mdoc_verify_options mdoc_fixture_options(void)
{
    const mdoc_fixture *f = mdoc_fixture_get();

    return (yao_mdoc_verify_options){
        .anchors      = &f->anchor,
        .anchor_count = 1,
        .now          = MDOC_NOW,
        .transcript   = mdoc_fixture_transcript("1")};
}

static void answer(yao_mdoc_verification *v)
{
    const mdoc_fixture *f = mdoc_fixture_get();

    must(f->crypto->verify(f->crypto->ctx, v->checks, v->check_count),
         "verify");
    for (size_t i = 0; i < v->agreement_count; i++) {
        struct yao_mdoc_agreement *a = &v->agreements[i];

        a->answered =
            yao_openssl_agree(f->reader_key, &a->wish, a->secret) == YAO_OK;
        a->secret_len = 32;
    }
}

mdoc_judged mdoc_fixture_judge(yao_bytes                      message,
                               const yao_mdoc_verify_options *options)
{
    const mdoc_fixture     *f = mdoc_fixture_get();
    mdoc_judged             j = {.begun = YAO_E_USAGE};
    yao_mdoc_verify_options usual =
        options != NULL ? *options : mdoc_fixture_options();
    yao_mdoc_unverified  *parsed = (void *)room(sizeof *parsed);
    yao_mdoc_verification v;

    /* an IssuerSigned has issuerAuth on top, nothing else does */
    if (message.len > 0 && cbor_has(message, "issuerAuth"))
        j.parsed = yao_mdoc_parse_issuer_signed(test_arena(), message,
                                                usual.strict, parsed);
    else
        j.parsed = yao_mdoc_parse_response(test_arena(), message, usual.strict,
                                           parsed);
    if (j.parsed != YAO_OK)
        return j;
    j.begun = yao_mdoc_begin(test_arena(), f->crypto, parsed, &usual, &v,
                             &j.report);
    if (j.begun != YAO_OK)
        return j;

    answer(&v);
    j.document_count = parsed->document_count;
    for (size_t i = 0; i < j.document_count; i++)
        j.documents[i] = yao_mdoc_conclude(&v, f->crypto, i, &j.verified[i],
                                           &j.report);
    return j;
}

yao_report_row mdoc_judged_row(const mdoc_judged *judged, size_t document,
                               yao_check check)
{
    for (size_t i = 0; i < judged->report.count; i++)
        if (judged->report.rows[i].document == (int32_t)document &&
            judged->report.rows[i].check == check)
            return judged->report.rows[i];

    return (yao_report_row){.check = check, .document = (int32_t)document};
}

size_t mdoc_judged_bad(const mdoc_judged *judged, size_t document)
{
    size_t bad = 0;

    for (size_t i = 0; i < judged->report.count; i++)
        bad += judged->report.rows[i].document == (int32_t)document &&
               (judged->report.rows[i].outcome == YAO_OUTCOME_FAIL ||
                judged->report.rows[i].outcome == YAO_OUTCOME_UNKNOWN);

    return bad;
}
