/* SPDX-License-Identifier: Apache-2.0 */

/* ISO/IEC 18013-5:2021 annex D through both machines: what each sends is, byte
 * for byte, what was published, and what was published is accepted. */

#include "proximity/holder.h"
#include "proximity/reader.h"

#include "agree.h"
#include "annex_d.h"
#include "forge.h"

typedef struct annex {
    yao_openssl_key *device, *reader, *document;
    yao_bytes        transcript, select, request;
    yao_anchor       reader_anchor, signer_anchor;
} annex;

static annex load(void)
{
    annex     a = {.transcript = annex_d_transcript()};
    yao_bytes request;

    a.device   = test_p256_key(annex_d("EPHEMERAL_DEVICE_KEY_D"));
    a.reader   = test_p256_key(annex_d("EPHEMERAL_READER_KEY_D"));
    a.document = test_p256_key(annex_d("STATIC_DEVICE_KEY_D"));
    a.select   = cbor_bytes_at(a.transcript, "2/0");
    request    = cbor_at(a.transcript, "2/1");
    if (*request.ptr != 0xf6)
        a.request = cbor_bytes_at(a.transcript, "2/1");
    a.reader_anchor = (yao_anchor){.certificate = annex_d("READER_CERT"),
                                   .role        = YAO_ROLE_READER};
    a.signer_anchor = (yao_anchor){.certificate = annex_d("DS_CERT"),
                                   .role        = YAO_ROLE_ISSUER};
    return a;
}

static void unload(annex *a)
{
    yao_openssl_key_close(a->device);
    yao_openssl_key_close(a->reader);
    yao_openssl_key_close(a->document);
}

static yao_arena room(size_t len)
{
    yao_arena arena = {yao_arena_take(test_arena(), len), len, 0};

    assert_non_null(arena.base);
    return arena;
}

/* ---- the holder --------------------------------------------------------- */

static const yao_mdoc_selector shown[] = {
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("family_name")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("document_number")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("driving_privileges")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("issue_date")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("expiry_date")},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("portrait")},
};

/* One event, and the wish that must follow. */
static yao_holder_wish tell(yao_holder *h, yao_holder_event e,
                            yao_holder_do want)
{
    yao_holder_wish w;

    e.now = ANNEX_D_NOW;
    yao_holder_step(h, &e, &w);
    assert_int_equal(w.kind, want);
    return w;
}

static yao_bytes cipher(const yao_aead_wish *wish)
{
    yao_bytes out;

    assert_status(test_aead(wish, &out), YAO_OK);
    return out;
}

static yao_holder_event done(yao_bytes bytes)
{
    return (yao_holder_event){.kind = YAO_HOLDER_DONE, .bytes = bytes};
}

static yao_bytes issuer_signed(void)
{
    return cbor_at(annex_d("DEVICE_RESPONSE"), "documents/0/issuerSigned");
}

static void holder(void **state)
{
    yao_arena   arena;
    yao_holder *h;
    size_t      count;

    (void)state;
    if (!test_have_vectors())
        skip();
    arena   = room(512 * 1024);
    annex a = load();
    yao_holder_options o = {.crypto       = forge_crypto(),
                            .meeting      = {.handover = YAO_PROX_BY_NFC},
                            .readers      = &a.reader_anchor,
                            .reader_count = 1,
                            .catalogue    = yao_catalogue_shipped()};
    assert_status(yao_holder_open(&arena, &o, &h), YAO_OK);

    tell(h, (yao_holder_event){.kind = YAO_HOLDER_START}, YAO_HOLDER_MAKE_KEY);
    yao_holder_wish w =
        tell(h, (yao_holder_event){.kind = YAO_HOLDER_KEY,
                                   .key  = yao_openssl_key_public(a.device)},
             YAO_HOLDER_SHOW);
    assert_bytes(w.bytes, cbor_bytes_at(a.transcript, "0"));
    tell(h, (yao_holder_event){.kind = YAO_HOLDER_DONE, .select = a.select,
                               .request = a.request},
         YAO_HOLDER_WAIT);

    w = tell(h, (yao_holder_event){.kind  = YAO_HOLDER_MESSAGE,
                                   .bytes = annex_d("SESSION_ESTABLISHMENT")},
             YAO_HOLDER_AGREE);
    assert_bytes(yao_holder_transcript(h), a.transcript);
    w = tell(h, done(test_agree(a.device, &w.agree.peer)), YAO_HOLDER_AEAD);
    yao_bytes plain = cipher(&w.aead);
    assert_bytes(plain, annex_d("DEVICE_REQUEST"));
    tell(h, done(plain), YAO_HOLDER_ASK);

    const yao_holder_asked *asked = yao_holder_asked_for(h, &count);
    assert_int_equal(count, 1);
    assert_int_equal(asked->reader.state, YAO_MDOC_READER_GOOD);
    assert_status(asked->status, YAO_E_NOT_FOUND); /* on no list of ours */
    assert_int_equal(asked->request->element_count, COUNT(shown));

    yao_holder_choice choice = {.issuer_signed = issuer_signed(),
                                .elements      = shown,
                                .element_count = COUNT(shown),
                                .mac           = true,
                                .despite       = true};
    w = tell(h, (yao_holder_event){.kind         = YAO_HOLDER_CONSENT,
                                   .choices      = &choice,
                                   .choice_count = 1},
             YAO_HOLDER_AGREE);
    assert_int_equal(w.role, YAO_HOLDER_DOCUMENT);
    w = tell(h, done(test_agree(a.document, &w.agree.peer)), YAO_HOLDER_AEAD);
    assert_bytes(w.aead.input, annex_d("DEVICE_RESPONSE"));
    w = tell(h, done(cipher(&w.aead)), YAO_HOLDER_SEND);
    assert_bytes(w.bytes, annex_d("SESSION_DATA"));
    tell(h, done(YAO_LIT("")), YAO_HOLDER_WAIT);
    w = tell(h, (yao_holder_event){.kind  = YAO_HOLDER_MESSAGE,
                                   .bytes = annex_d("SESSION_TERMINATION")},
             YAO_HOLDER_STOP);
    assert_status(w.status, YAO_OK);
    unload(&a);
}

/* ---- the reader --------------------------------------------------------- */

static yao_reader_wish hear(yao_reader *r, yao_reader_event e,
                            yao_reader_do want)
{
    yao_reader_wish w;

    e.now = ANNEX_D_NOW;
    yao_reader_step(r, &e, &w);
    assert_int_equal(w.kind, want);
    return w;
}

static yao_reader_event did(yao_bytes bytes)
{
    return (yao_reader_event){.kind = YAO_READER_DONE, .bytes = bytes};
}

static const yao_mdoc_wanted wanted[] = {
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("family_name"), true},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("document_number"), true},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("driving_privileges"), true},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("issue_date"), true},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("expiry_date"), true},
    {YAO_INIT("org.iso.18013.5.1"), YAO_INIT("portrait"), false},
};
static const yao_mdoc_ask ask = {YAO_INIT("org.iso.18013.5.1.mDL"), wanted,
                                 COUNT(wanted)};
static const yao_reader_request request = {&ask, 1, NULL, 0};

/* The check that the published signature is over what we wish to be signed. */
static void check_wish(const yao_sign_wish *wish, yao_bytes signature)
{
    yao_certificate     certificate;
    yao_signature_check check = {.alg        = wish->alg,
                                 .part_count = wish->part_count,
                                 .signature  = signature};

    assert_status(yao_x509_read(annex_d("READER_CERT"), &certificate), YAO_OK);
    check.key = certificate.key;
    memcpy(check.parts, wish->parts, sizeof check.parts);
    assert_status(forge_crypto()->verify(forge_crypto()->ctx, &check, 1),
                  YAO_OK);
    assert_int_equal(check.outcome, YAO_SIG_GOOD);
}

static void reader(void **state)
{
    yao_arena   arena;
    yao_reader *r;

    (void)state;
    if (!test_have_vectors())
        skip();
    arena   = room(1024 * 1024);
    annex a = load();
    yao_bytes chain = annex_d("READER_CERT");
    yao_reader_options o = {
        .crypto      = forge_crypto(),
        .engagement  = cbor_bytes_at(a.transcript, "0"),
        .meeting     = {YAO_PROX_BY_NFC, a.select, a.request, {NULL, 0}},
        .alg         = YAO_ES256,
        .chain       = &chain,
        .chain_count = 1,
        .verify      = {.anchors = &a.signer_anchor, .anchor_count = 1}};
    assert_status(yao_reader_open(&arena, &o, &r), YAO_OK);

    hear(r, (yao_reader_event){.kind = YAO_READER_START}, YAO_READER_MAKE_KEY);
    yao_reader_wish w =
        hear(r, (yao_reader_event){.kind = YAO_READER_KEY,
                                   .key  = yao_openssl_key_public(a.reader)},
             YAO_READER_AGREE);
    assert_bytes(yao_reader_transcript(r), a.transcript);
    hear(r, did(test_agree(a.reader, &w.agree.peer)), YAO_READER_NEXT);
    w = hear(r, (yao_reader_event){.kind    = YAO_READER_REQUEST,
                                   .request = &request},
             YAO_READER_SIGN);
    yao_bytes signature = cbor_bytes_at(annex_d("READER_AUTH"), "3");
    check_wish(&w.sign, signature);
    w = hear(r, did(signature), YAO_READER_AEAD);
    assert_bytes(w.aead.input, annex_d("DEVICE_REQUEST"));
    w = hear(r, did(cipher(&w.aead)), YAO_READER_SEND);
    assert_bytes(w.bytes, annex_d("SESSION_ESTABLISHMENT"));
    hear(r, did(YAO_LIT("")), YAO_READER_WAIT);

    w = hear(r, (yao_reader_event){.kind  = YAO_READER_MESSAGE,
                                   .bytes = annex_d("SESSION_DATA")},
             YAO_READER_AEAD);
    w = hear(r, did(cipher(&w.aead)), YAO_READER_AGREE);
    w = hear(r, did(test_agree(a.reader, &w.agree.peer)), YAO_READER_NEXT);
    assert_non_null(w.answer->result);
    assert_int_equal(w.answer->result->verdict, YAO_VERDICT_ACCEPT);
    assert_int_equal(w.answer->result->documents[0].attribute_count, 6);
    assert_int_equal(w.answer->dropped, 0);
    w = hear(r, (yao_reader_event){.kind = YAO_READER_END}, YAO_READER_SEND);
    assert_bytes(w.bytes, annex_d("SESSION_TERMINATION"));
    assert_true(w.last);
    w = hear(r, did(YAO_LIT("")), YAO_READER_STOP);
    assert_status(w.status, YAO_OK);
    unload(&a);
}

int main(void)
{
    test_add("annex D", "gives what the holder sent, byte for byte", holder,
             NULL);
    test_add("annex D", "gives what the reader sent, byte for byte", reader,
             NULL);
    return test_run("proximity/annex_d");
}
