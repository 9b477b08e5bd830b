/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts: what is made is read again; whose they are not, and for what not,
 * is told. */
#include "vp/receipt.h"

#include "check.h"
#include "vp_world.h"

static const yao_text names[] = {YAO_INIT("full_name"), YAO_INIT("m02.name")};
static const uint8_t  bound[32] = {1, 2, 3};

static yao_receipt_document documents[YAO_RECEIPT_MAX_DOCUMENTS + 1];

static yao_receipt good(void)
{
    for (size_t i = 0; i < COUNT(documents); i++)
        documents[i] = (yao_receipt_document){
            YAO_TEXT("urn:yaopai:resident_id:1"), names, COUNT(names)};
    return (yao_receipt){.issuer  = YAO_TEXT("x509_hash:abc"),
                         .id      = YAO_TEXT("00112233"),
                         .profile = YAO_TEXT("hotel"),
                         .purpose = {YAO_TEXT("登记"), YAO_TEXT("Register")},
                         .legal_basis = {YAO_TEXT("第六条"), YAO_TEXT("6")},
                         .verdict        = YAO_TEXT("accept"),
                         .when           = VP_NOW,
                         .until          = VP_NOW + 300,
                         .bound          = {bound, sizeof bound},
                         .documents      = documents,
                         .document_count = 1};
}

static yao_status make(const yao_receipt *r, yao_sig_alg alg, size_t chain,
                       yao_oauth_unsigned *ret)
{
    static const yao_bytes leaf[] = {YAO_INIT("DER")};

    return yao_receipt_make(test_arena(), r, alg, leaf, chain, ret);
}

static yao_bytes signed_by(const yao_oauth_unsigned *token, int key)
{
    yao_bytes out = {NULL, 0};

    assert_status(yao_oauth_sign(test_arena(), token,
                                 test_sign(forge_key(key), token->wish), &out),
                  YAO_OK);
    return out;
}

static yao_bytes letters_of(const yao_receipt *r)
{
    yao_oauth_unsigned token;

    assert_status(make(r, YAO_ES256, 1, &token), YAO_OK);
    return signed_by(&token, VP_READER_KEY);
}

/* A payload of any kind under a header of any kind. */
static yao_bytes letters_with(const char *header, const char *payload)
{
    yao_writer         w = yao_writer_in(test_arena());
    yao_oauth_unsigned token;

    yao_jws_put_unsigned(&w, yao_text_bytes(yao_text_of(header)),
                         yao_text_bytes(yao_text_of(payload)));
    assert_status(yao_writer_keep(&w, test_arena(), &token.text), YAO_OK);
    token.wish = yao_sign_wish_of(YAO_ES256, token.text);
    return signed_by(&token, VP_READER_KEY);
}

static yao_receipt_terms terms(void)
{
    return (yao_receipt_terms){
        .issuer = YAO_TEXT("x509_hash:abc"),
        .key    = yao_openssl_key_public(forge_key(VP_READER_KEY)),
        .bound  = {bound, sizeof bound}};
}

/* ---- the way there and back --------------------------------------------- */

static void keeps(void **state)
{
    yao_receipt            r     = good();
    yao_receipt_terms      whose = terms();
    yao_receipt_unverified got;
    yao_signature_check    check;

    (void)state;
    assert_status(yao_receipt_read(test_arena(), letters_of(&r), &got), YAO_OK);
    assert_int_equal(got.jws.chain_count, 1);
    assert_true(yao_text_equal(got.said.profile, r.profile));
    assert_true(yao_text_equal(got.said.id, r.id));
    assert_true(yao_text_equal(got.said.purpose.zh, r.purpose.zh));
    assert_true(yao_text_equal(got.said.legal_basis.en, r.legal_basis.en));
    assert_int_equal(got.said.when, r.when);
    assert_int_equal(got.said.until, r.until);
    assert_bytes(got.said.bound, r.bound);
    assert_int_equal(got.said.document_count, 1);
    assert_int_equal(got.said.documents[0].element_count, 2);
    assert_true(yao_text_equal(got.said.documents[0].elements[1], names[1]));
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, &check, 1), YAO_OK);
    assert_status(yao_oauth_answers(&check, 1), YAO_OK);
}

static void without_more(void **state)
{
    yao_receipt            r     = good();
    yao_receipt_terms      whose = terms();
    yao_oauth_unsigned     token;
    yao_receipt_unverified got;
    yao_signature_check    check;

    (void)state;
    r.purpose = r.legal_basis = (yao_label){{NULL, 0}, {NULL, 0}};
    r.bound                   = (yao_bytes){NULL, 0};
    r.document_count          = 0;
    assert_status(make(&r, YAO_ES256, 0, &token), YAO_OK);
    assert_status(yao_receipt_read(test_arena(),
                                   signed_by(&token, VP_READER_KEY), &got),
                  YAO_OK);
    assert_int_equal(got.jws.chain_count + got.said.bound.len +
                         got.said.document_count,
                     0);
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_E_MISSING);
    whose.bound = (yao_bytes){NULL, 0};
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_OK);
}

/* Every bit of what is signed, and of the signature. */
static void bits(void **state)
{
    yao_receipt       r       = good();
    yao_receipt_terms whose   = terms();
    yao_bytes         letters = letters_of(&r);
    uint8_t          *copy    = yao_arena_take(test_arena(), letters.len);

    (void)state;
    for (size_t i = 0; i < letters.len * 6; i++) {
        yao_receipt_unverified got;
        yao_signature_check    check;
        size_t                 mark = test_arena()->used;

        memcpy(copy, letters.ptr, letters.len);
        copy[i / 6] ^= (uint8_t)(1u << i % 6);
        yao_status status = yao_receipt_read(
            test_arena(), (yao_bytes){copy, letters.len}, &got);
        if (status == YAO_OK)
            status = yao_receipt_check(&got, &whose, &check);
        if (status == YAO_OK)
            status = test_crypto()->verify(test_crypto()->ctx, &check, 1);
        if (status == YAO_OK)
            status = yao_oauth_answers(&check, 1);
        assert_true(status != YAO_OK);
        test_arena()->used = mark;
    }
}

/* Of docs/formats/receipt.md. */
static const char vector[] =
    "eyJhbGciOiJFUzI1NiIsInR5cCI6Inlhb3BhaS1yZWNlaXB0K2p3dCJ9.eyJpc3MiOiJ"
    "4NTA5X2hhc2g6YWJjIiwianRpIjoiMDAxMTIyMzMiLCJpYXQiOjE3NjcyMjU2MDAsInB"
    "yb2ZpbGUiOiJob3RlbCIsInB1cnBvc2UiOnsiemgiOiLnmbvorrAiLCJlbiI6IlJlZ2l"
    "zdGVyIn0sImxlZ2FsX2Jhc2lzIjp7InpoIjoi56ys5YWt5p2hIiwiZW4iOiI2In0sImt"
    "lZXBfdW50aWwiOjE3NjcyMjU5MDAsImJvdW5kIjoiQVFJREFBQUFBQUFBQUFBQUFBQUF"
    "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQSIsInZlcmRpY3QiOiJhY2NlcHQiLCJkb2N1bWV"
    "udHMiOlt7InR5cGUiOiJ1cm46eWFvcGFpOnJlc2lkZW50X2lkOjEiLCJlbGVtZW50cyI"
    "6WyJmdWxsX25hbWUiLCJtMDIubmFtZSJdfV19.Ud48isd1UcE0RZpNjaDnYTn1P1smXf"
    "dNwGVEZpY910GrAHhJpEUpMNAJFuwStuc2FLfe8VZBaTVCG5UV92vfcA";
static const char vector_key[] =
    "{\"crv\":\"P-256\",\"kty\":\"EC\",\"x\":\""
    "yk-zlnu0kYr2-l2y5QTpD-L2A-CeFVpHCZyxos9nbcE\",\"y\":\""
    "Tb3JvB4OB__P3pbOGW3HBXfroKMWWjGb_nKil_Er9BU\"}";

static void reads_vector(void **state)
{
    yao_receipt_terms      whose = terms();
    yao_receipt            r     = good();
    yao_receipt_unverified got;
    yao_signature_check    check;
    yao_oauth_unsigned     token;
    const yao_json        *jwk;

    (void)state;
    assert_status(yao_json_parse(test_arena(),
                                 yao_text_bytes(yao_text_of(vector_key)), &jwk),
                  YAO_OK);
    assert_status(yao_jwk_read(jwk, test_arena(), &whose.key), YAO_OK);
    assert_status(yao_receipt_read(test_arena(),
                                   yao_text_bytes(yao_text_of(vector)), &got),
                  YAO_OK);
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, &check, 1), YAO_OK);
    assert_status(yao_oauth_answers(&check, 1), YAO_OK);
    r.when  = INT64_C(1767225600);
    r.until = r.when + 300;
    assert_status(make(&r, YAO_ES256, 0, &token), YAO_OK);
    assert_bytes(token.text, got.jws.signing_input);
}

/* ---- whose -------------------------------------------------------------- */

static void whose_it_is(void **state)
{
    yao_receipt            r     = good();
    yao_receipt_terms      whose = terms();
    yao_receipt_unverified got;
    yao_signature_check    check;
    static const uint8_t   other[32] = {9};

    (void)state;
    assert_status(yao_receipt_read(test_arena(), letters_of(&r), &got), YAO_OK);
    whose.issuer = YAO_TEXT("x509_hash:abd");
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_E_MISMATCH);
    whose.issuer = (yao_text){NULL, 0};
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_E_USAGE);
    whose       = terms();
    whose.bound = (yao_bytes){other, sizeof other};
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_E_MISMATCH);
    whose     = terms();
    whose.key = yao_openssl_key_public(forge_key(VP_ENC_KEY));
    assert_status(yao_receipt_check(&got, &whose, &check), YAO_OK);
    assert_status(test_crypto()->verify(test_crypto()->ctx, &check, 1), YAO_OK);
    assert_status(yao_oauth_answers(&check, 1), YAO_E_BAD_SIGNATURE);
}

/* ---- what is none ------------------------------------------------------- */

#define HEADER "{\"alg\":\"ES256\",\"typ\":\"" YAO_RECEIPT_TYPE "\"}"
#define BEGIN                                                                  \
    "{\"iss\":\"a\",\"jti\":\"b\",\"iat\":1,\"profile\":\"c\","                \
    "\"keep_until\":2,\"verdict\":\"accept\""
#define NONE ",\"documents\":[]}"

static const struct row {
    const char *name, *header, *payload;
    yao_status  want;
} rows[] = {
    {"accepts the least", HEADER, BEGIN NONE, YAO_OK},
    {"accepts members that nobody knows", HEADER, BEGIN ",\"x\":1" NONE,
     YAO_OK},
    {"refuses another type", "{\"alg\":\"ES256\",\"typ\":\"JWT\"}", BEGIN NONE,
     YAO_E_HEADER},
    {"refuses no type", "{\"alg\":\"ES256\"}", BEGIN NONE, YAO_E_HEADER},
    {"refuses no documents", HEADER, BEGIN "}", YAO_E_MISSING},
    {"refuses nobody", HEADER,
     "{\"jti\":\"b\",\"iat\":1,\"profile\":\"c\",\"keep_until\":2,"
     "\"verdict\":\"accept\"" NONE,
     YAO_E_MISSING},
    {"refuses an empty profile", HEADER,
     "{\"iss\":\"a\",\"jti\":\"b\",\"iat\":1,\"profile\":\"\","
     "\"keep_until\":2,\"verdict\":\"accept\"" NONE,
     YAO_E_MISSING},
    {"refuses another verdict", HEADER,
     "{\"iss\":\"a\",\"jti\":\"b\",\"iat\":1,\"profile\":\"c\","
     "\"keep_until\":2,\"verdict\":\"yes\"" NONE,
     YAO_E_VALUE},
    {"refuses a time before all times", HEADER,
     "{\"iss\":\"a\",\"jti\":\"b\",\"iat\":-1,\"profile\":\"c\","
     "\"keep_until\":2,\"verdict\":\"accept\"" NONE,
     YAO_E_VALUE},
    {"refuses a time in letters", HEADER,
     "{\"iss\":\"a\",\"jti\":\"b\",\"iat\":\"1\",\"profile\":\"c\","
     "\"keep_until\":2,\"verdict\":\"accept\"" NONE,
     YAO_E_MALFORMED},
    {"refuses a short hash", HEADER, BEGIN ",\"bound\":\"AAAA\"" NONE,
     YAO_E_VALUE},
    {"refuses a purpose without languages", HEADER,
     BEGIN ",\"purpose\":\"p\"" NONE, YAO_E_MALFORMED},
    {"refuses documents that are none", HEADER, BEGIN ",\"documents\":[1]}",
     YAO_E_MALFORMED},
    {"refuses a document without type", HEADER,
     BEGIN ",\"documents\":[{\"elements\":[]}]}", YAO_E_MISSING},
    {"refuses elements that are no names", HEADER,
     BEGIN ",\"documents\":[{\"type\":\"t\",\"elements\":[1]}]}",
     YAO_E_MALFORMED},
    {"refuses too many documents", HEADER,
     BEGIN ",\"documents\":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,"
           "20,21]}",
     YAO_E_LIMIT},
};

static void one_row(void **state)
{
    const struct row      *r = *state;
    yao_receipt_unverified got;

    assert_status(yao_receipt_read(test_arena(),
                                   letters_with(r->header, r->payload), &got),
                  r->want);
}

static void too_long(void **state)
{
    static uint8_t         letters[YAO_RECEIPT_MAX + 1];
    yao_receipt_unverified got;

    (void)state;
    assert_status(yao_receipt_read(test_arena(),
                                   (yao_bytes){letters, sizeof letters}, &got),
                  YAO_E_LIMIT);
}

static void cannot_make(void **state)
{
    yao_oauth_unsigned token;
    yao_receipt        r = good();

    (void)state;
    assert_status(make(&r, YAO_SIG_NONE, 1, &token), YAO_E_USAGE);
    assert_status(make(&r, YAO_ES256, YAO_MAX_CHAIN + 1, &token), YAO_E_USAGE);
    r.verdict = YAO_TEXT("yes");
    assert_status(make(&r, YAO_ES256, 1, &token), YAO_E_USAGE);
    r       = good();
    r.until = -1;
    assert_status(make(&r, YAO_ES256, 1, &token), YAO_E_USAGE);
    r           = good();
    r.bound.len = 31;
    assert_status(make(&r, YAO_ES256, 1, &token), YAO_E_USAGE);
    r                = good();
    r.document_count = COUNT(documents);
    assert_status(make(&r, YAO_ES256, 1, &token), YAO_E_USAGE);
    r                          = good();
    documents[0].element_count = YAO_RECEIPT_MAX_ELEMENTS + 1;
    assert_status(make(&r, YAO_ES256, 1, &token), YAO_E_USAGE);
}

/* Every size of arena: it fails for want of room, and of nothing else. */
static void rooms(void **state)
{
    yao_receipt r       = good();
    yao_bytes   letters = letters_of(&r);
    static _Alignas(16) uint8_t memory[64 * 1024];

    (void)state;
    for (size_t cap = 0;; cap += 16) {
        yao_arena              arena = {memory, cap, 0};
        yao_receipt_unverified got;
        yao_status             status = yao_receipt_read(&arena, letters, &got);

        if (status == YAO_OK)
            break;
        assert_status(status, YAO_E_SPACE);
        assert_true(cap < sizeof memory);
    }
}

/* ---- beside redirect_uri ------------------------------------------------ */

static const struct answer_row {
    const char *name, *body, *want;
} answers[] = {
    {"accepts a receipt", "{\"redirect_uri\":\"https://a\",\"receipt\":"
                          "\"a.b.c\"}",
     "a.b.c"},
    {"accepts an answer without", "{\"redirect_uri\":\"https://a\"}", ""},
    {"never takes what is no string", "{\"receipt\":{}}", ""},
    {"never takes what has not three parts", "{\"receipt\":\"a.b\"}", ""},
    {"never takes what has blanks", "{\"receipt\":\"a. b.c\"}", ""},
    {"never takes it of what is no object", "[]", ""},
};

static void one_answer(void **state)
{
    const struct answer_row *r = *state;
    yao_text                 got;

    assert_status(yao_receipt_read_answer(
                      test_arena(), yao_text_bytes(yao_text_of(r->body)), &got),
                  YAO_OK);
    assert_true(yao_text_equal(got, yao_text_of(r->want)));
}

static void writes_answer(void **state)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    (void)state;
    yao_receipt_put_answer(&w, YAO_TEXT("https://a"), YAO_TEXT("a.b.c"));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, YAO_LIT("{\"redirect_uri\":\"https://a\",\"receipt\":"
                              "\"a.b.c\"}"));
    w = yao_writer_in(test_arena());
    yao_receipt_put_answer(&w, YAO_TEXT(""), YAO_TEXT(""));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    assert_bytes(out, YAO_LIT("{}"));
}

int main(void)
{
    test_add("receipt", "gives what was put into it", keeps, NULL);
    test_add("receipt", "accepts the vector, and makes it again", reads_vector,
             NULL);
    test_add("receipt", "accepts one that answers nobody", without_more, NULL);
    test_add("receipt", "refuses every changed bit", bits, NULL);
    test_add("receipt", "refuses another's, and of another showing",
             whose_it_is, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("receipt", rows[i].name, one_row, &rows[i]);
    test_add("receipt", "refuses what is too long", too_long, NULL);
    test_add("receipt", "refuses to make what is none", cannot_make, NULL);
    test_add("receipt", "refuses every arena that is too small", rooms, NULL);
    for (size_t i = 0; i < COUNT(answers); i++)
        test_add("answer", answers[i].name, one_answer, &answers[i]);
    test_add("answer", "gives what is read", writes_answer, NULL);
    return test_run("vp/receipt");
}
