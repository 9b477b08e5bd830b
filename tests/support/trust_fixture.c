/* SPDX-License-Identifier: Apache-2.0 */
#include "trust_fixture.h"

#include "cbor_edit.h"

/* ---- certificates ------------------------------------------------------- */

static const yao_bytes none = {NULL, 0};

static yao_bytes second_reader(yao_bytes root)
{
    yao_certificate issuer;

    assert_status(yao_x509_read(root, &issuer), YAO_OK);
    yao_x509_request q = forge_request(YAO_X509_READER, TRUST_OTHER, &issuer);
    q.serial_number    = YAO_TEXT("91220000SPECIMEN1X");
    return forge_write(&q, TRUST_READER_ROOT);
}

const trust_world *trust_world_make(void)
{
    static trust_world w;

    w.root        = forge_make(YAO_X509_ROOT, TRUST_ROOT, none, 0);
    w.signer      = forge_make(YAO_X509_TRUST, TRUST_SIGNER, w.root,
                               TRUST_ROOT);
    w.issuer_root = forge_make(YAO_X509_ROOT, TRUST_ISSUER_ROOT, none, 0);
    w.document    = forge_make(YAO_X509_SIGNER, TRUST_DOCUMENT, w.issuer_root,
                               TRUST_ISSUER_ROOT);
    w.reader_root = forge_make(YAO_X509_ROOT, TRUST_READER_ROOT, none, 0);
    w.readers[0]  = forge_make(YAO_X509_READER, TRUST_READER, w.reader_root,
                               TRUST_READER_ROOT);
    w.readers[1]  = second_reader(w.reader_root);
    w.anchor = (yao_anchor){.certificate = w.root, .role = YAO_ROLE_TRUST};
    return &w;
}

/* ---- contents ----------------------------------------------------------- */

static const yao_text types[] = {YAO_INIT("org.iso.18013.5.1.mDL"),
                                 YAO_INIT("urn:yaopai:driving_licence:1")};
static const yao_text profiles[] = {YAO_INIT("hotel"), YAO_INIT("age")};

static void put_roots(const trust_world *w, yao_trust_content *c)
{
    bool            vical = c->kind == YAO_TRUST_VICAL;
    yao_trust_root *roots =
        yao_arena_take_array(test_arena(), 2, sizeof *roots);

    roots[0] = (yao_trust_root){.certificate = w->issuer_root,
                                .roles       = YAO_TRUST_ISSUER,
                                .types       = types,
                                .type_count  = vical ? 1 : 2};
    if (!vical)
        roots[0].roles |= YAO_TRUST_STATUS;
    roots[1] = (yao_trust_root){.certificate = w->reader_root,
                                .roles       = YAO_TRUST_READER};
    c->roots      = roots;
    c->root_count = vical ? 1 : 2;
}

static void put_parties(const trust_world *w, yao_trust_content *c)
{
    yao_trust_party *parties =
        yao_arena_take_array(test_arena(), 2, sizeof *parties);

    parties[0] = (yao_trust_party){
        .code           = YAO_TEXT("91110000SPECIMEN0X"),
        .name           = YAO_TEXT("示例旅馆 SPECIMEN"),
        .name_en        = YAO_TEXT("SPECIMEN Hotel"),
        .profiles       = profiles,
        .profile_count  = 2,
        .legal_basis    = YAO_TEXT("示例法第三条"),
        .retention_days = 90,
        .state          = YAO_PARTY_ACTIVE,
        .certificate    = w->readers[0]};
    parties[1]             = parties[0];
    parties[1].code        = YAO_TEXT("91220000SPECIMEN1X");
    parties[1].name_en     = YAO_TEXT("");
    parties[1].state       = YAO_PARTY_SUSPENDED;
    parties[1].certificate = w->readers[1];
    c->parties             = parties;
    c->party_count         = 2;
}

static const yao_bytes tokens[] = {YAO_INIT("a token"), YAO_INIT("another")};

yao_trust_content trust_content(const trust_world *w, yao_trust_kind kind)
{
    static const yao_trust_file files[] = {
        {.name = YAO_INIT("documents/door_pass.json"), .content = YAO_INIT("{}")},
        {.name = YAO_INIT("profiles/hotel.json"),
         .hash = YAO_INIT("0123456789abcdef0123456789abcdef")}};
    yao_trust_content c = {.kind        = kind,
                           .version     = 7,
                           .issued_at   = TRUST_ISSUED,
                           .next_update = TRUST_ISSUED + YAO_TIME_DAY,
                           .expires     = TRUST_ISSUED + 7 * YAO_TIME_DAY,
                           .name        = YAO_TEXT("示例市公安局 SPECIMEN"),
                           .url = YAO_TEXT("http://authority.example")};

    if (kind != YAO_TRUST_PARTIES)
        put_roots(w, &c);
    if (kind != YAO_TRUST_VICAL)
        put_parties(w, &c);
    if (kind == YAO_TRUST_BUNDLE) {
        yao_bytes *signers =
            yao_arena_take_array(test_arena(), 1, sizeof *signers);
        signers[0]     = w->document;
        c.signers      = signers;
        c.signer_count = 1;
        c.lists        = tokens;
        c.list_count   = COUNT(tokens);
        c.files        = files;
        c.file_count   = COUNT(files);
    }
    return c;
}

/* ---- signatures --------------------------------------------------------- */

static yao_bytes fulfil(const yao_sign_wish *wish, int key)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

yao_bytes trust_sign(const yao_trust_content *content, const yao_bytes *chain,
                     size_t count)
{
    yao_trust_making making;
    yao_bytes        out;

    assert_status(yao_trust_make(test_arena(), forge_crypto(), content, chain,
                                 count, &making),
                  YAO_OK);
    yao_bytes  signature = fulfil(&making.wish, TRUST_SIGNER);
    yao_writer w         = yao_writer_in(test_arena());
    yao_trust_put(&w, &making, signature);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

yao_bytes trust_list(const trust_world *w, yao_trust_kind kind)
{
    yao_trust_content c = trust_content(w, kind);

    return trust_sign(&c, &w->signer, 1);
}

yao_bytes trust_again(yao_bytes list, int key)
{
    yao_cose_message m;
    yao_writer       w = yao_writer_in(test_arena());
    yao_bytes        tbs;

    assert_status(yao_cose_read_message(list, 0, true, &m), YAO_OK);
    yao_cbor_put_array(&w, 4);
    yao_cbor_put_string(&w, "Signature1");
    yao_cbor_put_bytes(&w, m.protected_bytes);
    yao_cbor_put_bytes(&w, none);
    yao_cbor_put_bytes(&w, m.payload);
    assert_status(yao_writer_keep(&w, test_arena(), &tbs), YAO_OK);

    yao_sign_wish wish = yao_sign_wish_of(yao_openssl_key_alg(forge_key(key)),
                                          tbs);
    return cbor_set(list, "3", cbor_of_bytes(fulfil(&wish, key)));
}

/* ---- judging ------------------------------------------------------------ */

yao_trust_options trust_options(const trust_world *w)
{
    return (yao_trust_options){.anchors      = &w->anchor,
                               .anchor_count = 1,
                               .now          = TRUST_NOW,
                               .skew         = 60};
}

yao_status trust_judge(yao_bytes list, const yao_trust_options *options,
                       yao_trust_verified *ret, yao_report *report)
{
    const yao_crypto      *crypto = forge_crypto();
    yao_trust_unverified  *said = yao_arena_take(test_arena(), sizeof *said);
    yao_trust_verification v;

    assert_non_null(said);
    *report = (yao_report){.count = 0};
    YAO_TRY(yao_trust_parse(test_arena(), list, options->strict, said));
    YAO_TRY(yao_trust_begin(test_arena(), crypto, said, options, &v, report));
    YAO_TRY(crypto->verify(crypto->ctx, v.checks, v.check_count));
    return yao_trust_conclude(&v, test_arena(), ret, report);
}
