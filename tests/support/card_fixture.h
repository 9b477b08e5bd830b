/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_CARD_FIXTURE_H
#define YAO_TEST_CARD_FIXTURE_H

/**
 * An authority, a holder and a reader with keys of their own, made when the
 * tests run: issues SPECIMEN cards, shows them, and signs again what a test
 * has changed, so that only that change is refused.
 *
 *     yao_card_content c = card_fixture_content();
 *     yao_bytes issued   = card_fixture_issue(&c);
 *     yao_bytes card     = card_fixture_show(issued, CARD_NOW);
 *
 * Memory   keys and certificates live as long as the test program, everything
 *          else in test_arena()
 */

#include "card/challenge.h"
#include "cbor_edit.h"
#include "forge.h"

#define CARD_NOW    FORGE_NOW
#define CARD_ISSUER "https://authority.example"
#define CARD_TYPE   "urn:yaopai:resident_id:1"

/** Whose key is which of forge_key(). */
enum {
    CARD_ROOT_KEY,
    CARD_SIGNER_KEY,
    CARD_DEVICE_KEY,
    CARD_READER_KEY,
    CARD_OTHER_KEY,
    CARD_READER_ROOT_KEY
};

typedef struct card_fixture {
    const yao_crypto *crypto;
    yao_bytes         root, signer; /* DER; the signer speaks for CARD_ISSUER */
    yao_bytes         other_signer; /* of the same root, with another key */
    yao_bytes         reader_root, reader;
    yao_anchor        anchors[2];   /* root for issuers, reader_root */
} card_fixture;

static inline yao_bytes card_fixture_keep(yao_arena *kept, yao_bytes made)
{
    yao_bytes copy = {NULL, 0};

    assert_status(yao_arena_keep(kept, made, &copy), YAO_OK);
    return copy;
}

/* A certificate for KEY under ISSUER with the alternative name URI. */
static inline yao_bytes card_fixture_certify(yao_x509_kind kind, int key,
                                             yao_bytes issuer, int signer,
                                             const char *uri)
{
    yao_certificate from;

    assert_status(yao_x509_read(issuer, &from), YAO_OK);
    yao_x509_request q = forge_request(kind, key, &from);
    q.san_uri          = yao_text_of(uri);

    return forge_write(&q, signer);
}

/** The one of this program; made when first asked for. */
static inline const card_fixture *card_fixture_get(void)
{
    static card_fixture f;
    static uint8_t      memory[8192];
    static yao_arena    kept = {memory, sizeof memory, 0};
    yao_bytes           none = {NULL, 0};

    if (f.crypto != NULL)
        return &f;
    f.crypto = forge_crypto();
    f.root   = card_fixture_keep(
        &kept, forge_make(YAO_X509_ROOT, CARD_ROOT_KEY, none, 0));
    f.signer = card_fixture_keep(
        &kept, card_fixture_certify(YAO_X509_SIGNER, CARD_SIGNER_KEY, f.root,
                                    CARD_ROOT_KEY, CARD_ISSUER));
    f.other_signer = card_fixture_keep(
        &kept, card_fixture_certify(YAO_X509_SIGNER, CARD_OTHER_KEY, f.root,
                                    CARD_ROOT_KEY, CARD_ISSUER));
    f.reader_root = card_fixture_keep(
        &kept, forge_make(YAO_X509_ROOT, CARD_READER_ROOT_KEY, none, 0));
    f.reader = card_fixture_keep(
        &kept, card_fixture_certify(YAO_X509_READER, CARD_READER_KEY,
                                    f.reader_root, CARD_READER_ROOT_KEY,
                                    "urn:yaopai:profiles:age,hotel"));
    f.anchors[0] = (yao_anchor){.certificate = f.root,
                                .role        = YAO_ROLE_ISSUER};
    f.anchors[1] = (yao_anchor){.certificate = f.reader_root,
                                .role        = YAO_ROLE_READER};
    return &f;
}

/** A fictitious guest's identity card for the profile "hotel": 9 elements, 5
 *  of them of claim 169, labels as in documents/resident_id.json. Valid for
 *  five days around CARD_NOW. */
static inline yao_card_content card_fixture_content(void)
{
    static const yao_card_element elements[] = {
        {YAO_CARD_169, 4, YAO_INIT("\x69" "李示例")},
        {YAO_CARD_169, 8, YAO_INIT("\x68" "19880808")},
        {YAO_CARD_169, 9, YAO_INIT("\x01")},
        {YAO_CARD_169, 10, YAO_INIT("\x78\x1f" "天津市蓟州区示例路1号")},
        {YAO_CARD_169, 13, YAO_INIT("\x62" "CN")},
        {YAO_CARD_PRIVATE, 2, YAO_INIT("\x72" "12011919880808901X")},
        {YAO_CARD_PRIVATE, 4, YAO_INIT("\xd9\x03\xec\x6a" "2020-01-01")},
        {YAO_CARD_PRIVATE, 5, YAO_INIT("\xd9\x03\xec\x6a" "2040-01-01")},
        {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")},
    };

    return (yao_card_content){
        .issuer        = YAO_INIT(CARD_ISSUER),
        .issued_at     = CARD_NOW - 2 * YAO_TIME_DAY,
        .not_before    = YAO_TIME_NONE,
        .expires       = CARD_NOW + 3 * YAO_TIME_DAY,
        .device_key    = yao_openssl_key_public(forge_key(CARD_DEVICE_KEY)),
        .type          = YAO_INIT(CARD_TYPE),
        .profile       = YAO_INIT("hotel"),
        .status        = YAO_CARD_STATUS_NUMBER,
        .status_list   = 3,
        .status_index  = 70000,
        .elements      = elements,
        .element_count = COUNT(elements)};
}

/** Fulfil WISH with KEY of forge_key(). */
static inline yao_bytes card_fixture_sign(const yao_sign_wish *wish, int key)
{
    uint8_t *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t   len = 0;

    assert_non_null(out);
    assert_status(yao_openssl_sign(forge_key(key), wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

/** Assert that A and B are to be signed alike. */
static inline void card_fixture_same(const yao_card_issuing *a,
                                     const yao_card_issuing *b)
{
    yao_bytes messages[2];

    for (size_t i = 0; i < 2; i++) {
        const yao_sign_wish *wish = i == 0 ? &a->wish : &b->wish;
        yao_writer           w    = yao_writer_in(test_arena());

        for (size_t k = 0; k < wish->part_count; k++)
            yao_put_bytes(&w, wish->parts[k]);
        assert_status(yao_writer_keep(&w, test_arena(), &messages[i]), YAO_OK);
    }
    assert_bytes(messages[0], messages[1]);
    assert_bytes(a->headers.kid, b->headers.kid);
    assert_bytes(a->payload, b->payload);
}

/** The issuer part, or a printed card. */
static inline yao_bytes card_fixture_issue(const yao_card_content *content)
{
    const card_fixture *f = card_fixture_get();
    yao_card_issuing    issuing;
    yao_bytes           out = {NULL, 0};

    assert_status(yao_card_issue(test_arena(), f->crypto, content, YAO_ES256,
                                 f->signer, &issuing),
                  YAO_OK);
    yao_bytes  signature = card_fixture_sign(&issuing.wish, CARD_SIGNER_KEY);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &issuing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** ISSUED as its holder shows it at MOMENT. */
static inline yao_bytes card_fixture_show_as(yao_bytes              issued,
                                             const yao_card_moment *moment,
                                             int                    key)
{
    yao_card_showing showing;
    yao_bytes        out = {NULL, 0};

    assert_status(yao_card_show(test_arena(), forge_crypto(), issued, moment,
                                &showing),
                  YAO_OK);
    yao_bytes  signature = card_fixture_sign(&showing.wish, key);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_shown(&w, &showing, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/** As an open card at NOW, or for CHALLENGE. */
static inline yao_bytes card_fixture_show(yao_bytes issued, yao_time now)
{
    yao_card_moment moment = yao_card_moment_at(now);

    return card_fixture_show_as(issued, &moment, CARD_DEVICE_KEY);
}

static inline yao_bytes card_fixture_answer(yao_bytes issued,
                                            yao_bytes challenge)
{
    yao_card_moment moment;

    assert_status(yao_card_moment_of(forge_crypto(), challenge, &moment),
                  YAO_OK);
    return card_fixture_show_as(issued, &moment, CARD_DEVICE_KEY);
}

/** What the reader of the fixture shows at NOW to ask for PROFILE; NONCE fills
 *  the nonce, key OTHER is what answers are sealed to. */
static inline yao_card_challenge_request card_fixture_request(yao_time now,
                                                              uint8_t  nonce)
{
    uint8_t *bytes = yao_arena_take(test_arena(), YAO_CARD_NONCE);

    assert_non_null(bytes);
    memset(bytes, nonce, YAO_CARD_NONCE);
    return (yao_card_challenge_request){
        .nonce   = {bytes, YAO_CARD_NONCE},
        .expires = now + YAO_CARD_CHALLENGE_LIFE,
        .profile = YAO_INIT("hotel"),
        .key     = yao_openssl_key_public(forge_key(CARD_OTHER_KEY)),
        .place   = YAO_INIT("SPECIMEN hotel"),
        .alg     = YAO_ES256,
        .reader  = card_fixture_get()->reader};
}

static inline yao_bytes card_fixture_make(
    const yao_card_challenge_request *request)
{
    yao_card_issuing making;
    yao_bytes        out = {NULL, 0};

    assert_status(yao_card_make_challenge(test_arena(), forge_crypto(), request,
                                          &making),
                  YAO_OK);
    yao_bytes  signature = card_fixture_sign(&making.wish, CARD_READER_KEY);
    yao_writer w         = yao_writer_in(test_arena());
    assert_status(yao_card_put_issued(&w, &making, signature), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static inline yao_bytes card_fixture_challenge(yao_time now, uint8_t nonce)
{
    yao_card_challenge_request request = card_fixture_request(now, nonce);

    return card_fixture_make(&request);
}

/** Sign an issuer part whose claims were changed anew with KEY. */
static inline yao_bytes card_fixture_resign(yao_bytes issued, int key)
{
    yao_cose_message m;
    yao_writer       w = yao_writer_in(test_arena());
    yao_bytes        message = {NULL, 0};

    assert_status(yao_cose_read_message(issued, YAO_COSE_TAG_SIGN1, false, &m),
                  YAO_OK);
    yao_cbor_put_array(&w, 4);
    yao_cbor_put_string(&w, "Signature1");
    yao_cbor_put_bytes(&w, m.protected_bytes);
    yao_cbor_put_bytes(&w, (yao_bytes){NULL, 0});
    yao_cbor_put_bytes(&w, m.payload);
    assert_status(yao_writer_keep(&w, test_arena(), &message), YAO_OK);

    yao_sign_wish wish = yao_sign_wish_of(yao_openssl_key_alg(forge_key(key)),
                                          message);
    return cbor_set(issued, "3", cbor_of_bytes(card_fixture_sign(&wish, key)));
}

#endif
