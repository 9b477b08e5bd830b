/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Documents for the tests of the other homes: documents DIR [POINT KEY]
 *
 * An issuer and a device with new keys, all of fiction, and what they make at
 * YAO_HOMES_NOW, written into DIR:
 *
 *   root.der root.pem              whom to trust
 *   signer.der signer.pem          who signed
 *   issued.cbor issued.txt card    for the wallet: mdoc, SD-JWT, issuer part
 *                                  of an open card
 *   session.cbor                   SessionTranscript
 *   response.cbor shown.cbor shown.txt
 *                                  5 of 26 elements, without the portrait; the
 *                                  card, shown for the step of that moment, as
 *                                  bytes and as the letters of its code
 *   reader.der challenge           who asks for cards, and what they showed
 *   answered.cbor                  the card, shown for that
 *   p384.cbor                      as response.cbor, by a signer on P-384
 *   list.txt valid.cbor revoked.cbor
 *                                  a status list; as response.cbor, naming an
 *                                  entry of it
 *
 * With POINT and KEY, the 65 bytes in hex of somebody else's public keys,
 * documents are bound to the first, the challenge has the second, and nothing
 * is shown.
 */
#include "card/challenge.h"
#include "json/json.h"
#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"
#include "statuslist/statuslist.h"
#include "yaopai/openssl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW  INT64_C(1795305600) /* 2026-11-22T00:00:00Z */
#define YEAR (INT64_C(365) * YAO_TIME_DAY)

#define NAME_SPACE "org.iso.18013.5.1"
#define ISSUER     "https://authority.example"
#define LIST       ISSUER "/statuslists/1"

static const char       *folder;
static const yao_crypto *crypto;
static yao_arena         memory;
static yao_openssl_key  *root_key, *signer_key, *other_key, *status_key,
    *device_key;
static yao_public_key    device, asking;
static yao_bytes         root, signer, status, reader;
static yao_bytes         other; /* a signer on P-384 */

static void must(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "documents: %s failed\n", what);
    exit(1);
}

static void save(const char *name, yao_bytes bytes)
{
    char  path[4096];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "wb");
    must(f != NULL && fwrite(bytes.ptr, 1, bytes.len, f) == bytes.len &&
             fclose(f) == 0,
         path);
}

static yao_bytes kept(yao_writer *w)
{
    yao_bytes out = {NULL, 0};

    must(yao_writer_keep(w, &memory, &out) == YAO_OK, "memory");
    return out;
}

static void save_pem(const char *name, yao_bytes der)
{
    yao_writer w = yao_writer_in(&memory);

    yao_put_text(&w, "-----BEGIN CERTIFICATE-----\n");
    yao_put_base64(&w, der);
    yao_put_text(&w, "\n-----END CERTIFICATE-----\n");
    save(name, kept(&w));
}

static yao_bytes sign(yao_openssl_key *key, const yao_sign_wish *wish)
{
    uint8_t *out = yao_arena_take(&memory, YAO_MAX_SIGNATURE);
    size_t   len = 0;

    must(out != NULL && yao_openssl_sign(key, wish, out, &len) == YAO_OK,
         "signing");
    return (yao_bytes){out, len};
}

static yao_entropy entropy(size_t len)
{
    uint8_t *bytes = yao_arena_take(&memory, len);

    must(bytes != NULL && yao_openssl_random(bytes, len) == YAO_OK, "random");
    return (yao_entropy){{bytes, len}};
}

/* ---- the issuer --------------------------------------------------------- */

static yao_bytes certify(const yao_x509_request *request)
{
    yao_writer w = yao_writer_in(&memory);

    must(yao_x509_put_tbs(&w, request, crypto) == YAO_OK, "certificate");
    yao_bytes     tbs  = kept(&w);
    yao_sign_wish wish = yao_sign_wish_of(YAO_ES256, tbs);
    yao_bytes     signature = sign(root_key, &wish);

    w = yao_writer_in(&memory);
    yao_x509_put_certificate(&w, tbs, YAO_ES256, signature);
    return kept(&w);
}

static void make_issuer(void)
{
    yao_x509_request request = {
        .kind        = YAO_X509_ROOT,
        .alg         = YAO_ES256,
        .serial      = YAO_LIT("\x11\x22\x33\x44\x55\x66\x77\x88\x99\x10"),
        .country     = YAO_TEXT("UT"),
        .common_name = YAO_TEXT("SPECIMEN root"),
        .not_before  = NOW - YEAR,
        .not_after   = NOW + 5 * YEAR,
        .key         = yao_openssl_key_public(root_key),
        .issuer_uri  = YAO_TEXT(ISSUER),
        .crl_uri     = YAO_TEXT(ISSUER "/crl")};
    yao_certificate issuer;

    root = certify(&request);
    must(yao_x509_read(root, &issuer) == YAO_OK, "root");
    request.kind        = YAO_X509_SIGNER;
    request.common_name = YAO_TEXT("SPECIMEN signer");
    request.not_before  = NOW - 30 * YAO_TIME_DAY;
    request.not_after   = NOW + YEAR;
    request.key         = yao_openssl_key_public(signer_key);
    request.issuer      = &issuer;
    request.san_uri     = YAO_TEXT(ISSUER);
    signer              = certify(&request);
    request.key         = yao_openssl_key_public(other_key);
    other               = certify(&request);
    request.kind        = YAO_X509_STATUS;
    request.key         = yao_openssl_key_public(status_key);
    status              = certify(&request);
    request.kind        = YAO_X509_READER;
    request.key         = yao_openssl_key_public(signer_key);
    request.san_uri     = YAO_TEXT("urn:yaopai:profiles:train");
    reader              = certify(&request);
    save("reader.der", reader);
    save("root.der", root);
    save("signer.der", signer);

    save_pem("root.pem", root);
    save_pem("signer.pem", signer);
}

/* ---- mdoc --------------------------------------------------------------- */

/* 26 elements: a driving licence of fiction. Values are CBOR. */
static const yao_mdoc_element elements[] = {
#define ELEMENT(name, value)                                                   \
    {YAO_INIT(NAME_SPACE), YAO_INIT(name), YAO_INIT(value)}
    ELEMENT("family_name", "\x68" "SPECIMEN"),
    ELEMENT("given_name", "\x68" "Xiaoming"),
    ELEMENT("birth_date", "\xd9\x03\xec\x6a" "1990-03-07"),
    ELEMENT("issue_date", "\xd9\x03\xec\x6a" "2024-05-01"),
    ELEMENT("expiry_date", "\xd9\x03\xec\x6a" "2034-05-01"),
    ELEMENT("issuing_country", "\x62" "UT"),
    ELEMENT("issuing_authority", "\x72" "SPECIMEN authority"),
    ELEMENT("document_number", "\x6f" "SPECIMEN-000001"),
    ELEMENT("portrait", "\x44\xff\xd8\xff\xd9"),
    ELEMENT("un_distinguishing_sign", "\x62" "UT"),
    ELEMENT("administrative_number", "\x6a" "SPECIMEN-7"),
    ELEMENT("sex", "\x01"),
    ELEMENT("height", "\x18\xb4"),
    ELEMENT("weight", "\x18\x48"),
    ELEMENT("eye_colour", "\x65" "brown"),
    ELEMENT("hair_colour", "\x65" "black"),
    ELEMENT("birth_place", "\x6d" "Specimen City"),
    ELEMENT("resident_address", "\x6f" "1 Specimen Road"),
    ELEMENT("age_in_years", "\x18\x24"),
    ELEMENT("age_birth_year", "\x19\x07\xc6"),
    ELEMENT("age_over_18", "\xf5"),
    ELEMENT("age_over_60", "\xf4"),
    ELEMENT("nationality", "\x62" "UT"),
    ELEMENT("resident_city", "\x6d" "Specimen City"),
    ELEMENT("resident_state", "\x62" "SP"),
    ELEMENT("resident_postal_code", "\x66" "000001"),
#undef ELEMENT
};

static const yao_mdoc_selector chosen[] = {
    {YAO_INIT(NAME_SPACE), YAO_INIT("family_name")},
    {YAO_INIT(NAME_SPACE), YAO_INIT("birth_date")},
    {YAO_INIT(NAME_SPACE), YAO_INIT("document_number")},
    {YAO_INIT(NAME_SPACE), YAO_INIT("age_over_18")},
    {YAO_INIT(NAME_SPACE), YAO_INIT("issuing_country")},
};

enum { ELEMENTS = sizeof elements / sizeof elements[0] };

/* INDEX of the status list, or below 0: none. */
static yao_bytes issue_mdoc(yao_openssl_key *by, const yao_bytes *chain,
                            int index)
{
    yao_entropy            random  = entropy(36 * ELEMENTS);
    yao_mdoc_issue_request request = {
        .doc_type      = YAO_TEXT("org.iso.18013.5.1.mDL"),
        .elements      = elements,
        .element_count = ELEMENTS,
        .device_key    = device,
        .validity      = {NOW, NOW, NOW + 30 * YAO_TIME_DAY, YAO_TIME_NONE},
        .status_uri    = index < 0 ? YAO_TEXT("") : YAO_TEXT(LIST),
        .status_index  = index < 0 ? 0 : (uint64_t)index,
        .alg           = yao_openssl_key_alg(by),
        .chain         = chain,
        .chain_count   = 1};
    yao_mdoc_issuing issuing;

    must(yao_mdoc_issue(&memory, crypto, &request, &random, &issuing) ==
             YAO_OK,
         "issuing an mdoc");
    yao_bytes  signature = sign(by, &issuing.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_mdoc_put_issued(&w, &issuing, signature) == YAO_OK, "an mdoc");
    return kept(&w);
}

static yao_bytes make_session(void)
{
    static const uint8_t thumbprint[32] = {1, 2, 3};
    yao_writer           w              = yao_writer_in(&memory);

    must(yao_mdoc_put_transcript_openid4vp(
             &w, crypto, YAO_TEXT("x509_san_dns:desk.example"),
             YAO_TEXT("nonce"), (yao_bytes){thumbprint, sizeof thumbprint},
             YAO_TEXT("https://desk.example/response")) == YAO_OK,
         "session");
    return kept(&w);
}

static void show_mdoc(const char *name, yao_bytes issued, yao_bytes session)
{
    yao_mdoc_presenting presenting;

    must(yao_mdoc_present(&memory, issued, chosen,
                          sizeof chosen / sizeof chosen[0], session,
                          &presenting) == YAO_OK,
         "showing an mdoc");
    yao_bytes  signature = sign(device_key, &presenting.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_mdoc_put_document_signed(&w, &presenting, signature) == YAO_OK,
         "a document");
    yao_bytes document = kept(&w);
    w                  = yao_writer_in(&memory);
    yao_mdoc_put_response(&w, &document, 1);
    save(name, kept(&w));
}

/* ---- SD-JWT ------------------------------------------------------------- */

#define CLAIMS                                                                 \
    "{\"iss\":\"" ISSUER "\",\"vct\":\"urn:yaopai:resident_id:1\","            \
    "\"iat\":1795305600,\"nbf\":1795305600,\"exp\":1797897600,"                \
    "\"family_name\":\"SPECIMEN\",\"given_name\":\"Xiaoming\","                \
    "\"birthdate\":\"1990-03-07\",\"nationality\":\"UT\"}"

static void issue_sdjwt(void)
{
    static const yao_text names[] = {
        YAO_INIT("family_name"), YAO_INIT("given_name"), YAO_INIT("birthdate"),
        YAO_INIT("nationality")};
    yao_sdjwt_path paths[4];
    const yao_json *claims;
    yao_entropy     random = entropy(16 * 4);

    for (size_t i = 0; i < 4; i++)
        paths[i] = (yao_sdjwt_path){&names[i], 1};
    must(yao_json_parse(&memory, YAO_LIT(CLAIMS), &claims) == YAO_OK, "claims");
    yao_sdjwt_issue_request request = {.claims            = claims,
                                       .disclosable       = paths,
                                       .disclosable_count = 4,
                                       .holder_key        = device,
                                       .type = YAO_TEXT("dc+sd-jwt"),
                                       .alg  = YAO_ES256,
                                       .chain       = &signer,
                                       .chain_count = 1};
    yao_sdjwt_issuing issuing;

    must(yao_sdjwt_issue(&memory, crypto, &request, &random, &issuing) ==
             YAO_OK,
         "issuing an SD-JWT");
    yao_bytes  signature = sign(signer_key, &issuing.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_sdjwt_put_issued(&w, &issuing, signature) == YAO_OK, "an SD-JWT");
    save("issued.txt", kept(&w));
}

/* ---- card --------------------------------------------------------------- */

static const yao_card_element on_card[] = {
    {YAO_CARD_169, 4, YAO_INIT("\x68" "SPECIMEN")},
    {YAO_CARD_169, 8, YAO_INIT("\x68" "19900307")},
    {YAO_CARD_PRIVATE, 3, YAO_INIT("\x6f" "SPECIMEN-000001")},
    {YAO_CARD_PRIVATE, 14, YAO_INIT("\x68" "SPECIMEN")},
};

static yao_bytes issue_card(void)
{
    yao_card_content content = {.issuer     = YAO_TEXT(ISSUER),
                                .issued_at  = NOW,
                                .not_before = YAO_TIME_NONE,
                                .expires    = NOW + 7 * YAO_TIME_DAY,
                                .device_key = device,
                                .type = YAO_TEXT("urn:yaopai:resident_id:1"),
                                .profile       = YAO_TEXT("train"),
                                .elements      = on_card,
                                .element_count = 4};
    yao_card_issuing issuing;

    must(yao_card_issue(&memory, crypto, &content, YAO_ES256, signer,
                        &issuing) == YAO_OK,
         "issuing a card");
    yao_bytes  signature = sign(signer_key, &issuing.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_card_put_issued(&w, &issuing, signature) == YAO_OK, "a card");
    return kept(&w);
}

static yao_bytes show_card(const char *name, yao_bytes issued,
                           const yao_card_moment *moment)
{
    yao_card_showing showing;

    must(yao_card_show(&memory, crypto, issued, moment, &showing) == YAO_OK,
         "showing a card");
    yao_bytes  signature = sign(device_key, &showing.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_card_put_shown(&w, &showing, signature) == YAO_OK, "a card");
    yao_bytes shown = kept(&w);
    save(name, shown);
    return shown;
}

static yao_bytes make_challenge(void)
{
    yao_entropy                nonce   = entropy(YAO_CARD_NONCE);
    yao_card_challenge_request request = {
        .nonce   = nonce.rest,
        .expires = NOW + 40,
        .profile = YAO_TEXT("train"),
        .key     = asking,
        .place   = YAO_TEXT("SPECIMEN gate"),
        .alg     = YAO_ES256,
        .reader  = reader};
    yao_card_issuing making;

    must(yao_card_make_challenge(&memory, crypto, &request, &making) == YAO_OK,
         "making a challenge");
    yao_bytes  signature = sign(signer_key, &making.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_card_put_issued(&w, &making, signature) == YAO_OK, "a challenge");
    return kept(&w);
}

static void show_cards(yao_bytes issued, yao_bytes challenge)
{
    yao_card_moment moment    = yao_card_moment_at(NOW);
    yao_bytes       shown     = show_card("shown.cbor", issued, &moment);
    yao_writer      w         = yao_writer_in(&memory);

    yao_card_put_text(&w, YAO_CARD_CODE_CARD, shown);
    save("shown.txt", kept(&w));
    must(yao_card_moment_of(crypto, challenge, &moment) == YAO_OK, "a moment");
    (void)show_card("answered.cbor", issued, &moment);
}

/* ---- a status list ------------------------------------------------------ */

enum { VALID = 2, REVOKED = 3 };

static void issue_list(void)
{
    static const uint8_t   entries[16] = {1 << REVOKED};
    yao_writer             packed      = yao_writer_in(&memory);
    yao_statuslist_issuing issuing;

    yao_card_put_zlib(&packed, (yao_bytes){entries, sizeof entries});
    yao_statuslist_request request = {.form        = YAO_STATUSLIST_JWT,
                                      .uri         = YAO_TEXT(LIST),
                                      .issued_at   = NOW,
                                      .expires     = NOW + YAO_TIME_DAY,
                                      .ttl         = 3600,
                                      .bits        = 1,
                                      .compressed  = kept(&packed),
                                      .alg         = YAO_ES256,
                                      .chain       = &status,
                                      .chain_count = 1};
    must(yao_statuslist_write(&memory, &request, &issuing) == YAO_OK,
         "a status list");
    yao_bytes  signature = sign(status_key, &issuing.wish);
    yao_writer w         = yao_writer_in(&memory);

    must(yao_statuslist_put(&w, &issuing, signature) == YAO_OK, "a list");
    save("list.txt", kept(&w));
}

/* ---- all of it ---------------------------------------------------------- */

static void read_point(const char *hex, yao_public_key *ret)
{
    yao_writer w = yao_writer_open(ret->point, sizeof ret->point);

    must(yao_get_hex(yao_text_bytes(yao_text_of(hex)), &w) == YAO_OK &&
             w.len == 65,
         "POINT");
    ret->curve = YAO_P256;
    ret->len   = 65;
}

int main(int argc, char **argv)
{
    static uint8_t room[1 << 20];

    must(argc == 2 || argc == 4, "usage: documents DIR [POINT KEY]; it");
    folder                = argv[1];
    memory                = (yao_arena){room, sizeof room, 0};
    yao_openssl *openssl  = yao_openssl_open();
    must(openssl != NULL &&
             yao_openssl_key_generate(YAO_ES256, &root_key) == YAO_OK &&
             yao_openssl_key_generate(YAO_ES256, &signer_key) == YAO_OK &&
             yao_openssl_key_generate(YAO_ES256, &status_key) == YAO_OK &&
             yao_openssl_key_generate(YAO_ES384, &other_key) == YAO_OK &&
             yao_openssl_key_generate(YAO_ES256, &device_key) == YAO_OK,
         "OpenSSL");
    crypto = yao_openssl_crypto(openssl);
    device = yao_openssl_key_public(device_key);
    asking = yao_openssl_key_public(root_key); /* nothing is sealed to it */
    if (argc == 4) {
        read_point(argv[2], &device);
        read_point(argv[3], &asking);
    }

    make_issuer();
    yao_bytes issued = issue_mdoc(signer_key, &signer, -1), card = issue_card();
    yao_bytes session = make_session();
    issue_sdjwt();
    save("issued.cbor", issued);
    save("card", card);
    save("session.cbor", session);
    yao_bytes challenge = make_challenge();
    save("challenge", challenge);
    if (argc == 2) {
        show_mdoc("response.cbor", issued, session);
        show_mdoc("p384.cbor", issue_mdoc(other_key, &other, -1), session);
        show_mdoc("valid.cbor", issue_mdoc(signer_key, &signer, VALID),
                  session);
        show_mdoc("revoked.cbor", issue_mdoc(signer_key, &signer, REVOKED),
                  session);
        issue_list();
        show_cards(card, challenge);
    }

    yao_openssl_key_close(root_key);
    yao_openssl_key_close(signer_key);
    yao_openssl_key_close(other_key);
    yao_openssl_key_close(status_key);
    yao_openssl_key_close(device_key);
    yao_openssl_close(openssl);
    return 0;
}
