/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jose.h"

#include "token.h"

/* The key of RFC 7515 A.3, on P-256; x of 31 and 33 bytes below it. */
#define X   "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define Y   "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define X31 "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA"
#define X33 "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEUA"
#define XY  "\"x\":\"" X "\",\"y\":\"" Y "\""
#define ZERO48                                                                 \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

static const struct row {
    const char *name;
    yao_bytes   text;
    yao_status  want;
} rows[] = {
    {"accepts a key on P-256",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\"," XY "}"), YAO_OK},
    {"accepts any order, use, alg, kid and key_ops",
     YAO_INIT("{\"use\":\"sig\",\"alg\":\"ES256\",\"kid\":\"1\",\"key_ops\":"
              "[\"sign\",\"verify\"]," XY ",\"crv\":\"P-256\",\"kty\":\"EC\"}"),
     YAO_OK},
    {"accepts coordinates of P-384's length",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"" ZERO48
              "\",\"y\":\"" ZERO48 "\"}"),
     YAO_OK},
    {"N095: refuses a private part",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\"," XY ",\"d\":\"" X "\"}"),
     YAO_E_KEY},
    {"N095: refuses a private part that is null",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\"," XY ",\"d\":null}"),
     YAO_E_KEY},
    {"N095: refuses an x of 31 bytes",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X31 "\",\"y\":\"" Y
              "\"}"),
     YAO_E_KEY},
    {"N095: refuses an x of 33 bytes",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X33 "\",\"y\":\"" Y
              "\"}"),
     YAO_E_KEY},
    {"N095: refuses a y of 31 bytes",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\",\"y\":\"" X31
              "\"}"),
     YAO_E_KEY},
    {"N095: refuses EC on Ed25519",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"Ed25519\"," XY "}"), YAO_E_KEY},
    {"N095: refuses RSA",
     YAO_INIT("{\"kty\":\"RSA\",\"n\":\"AQAB\",\"e\":\"AQAB\"}"), YAO_E_KEY},
    {"N095: refuses OKP",
     YAO_INIT("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" X "\"}"),
     YAO_E_KEY},
    {"refuses oct", YAO_INIT("{\"kty\":\"oct\",\"k\":\"AAAA\"}"), YAO_E_KEY},
    {"refuses P-256 coordinates on P-384",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-384\"," XY "}"), YAO_E_KEY},
    {"refuses secp256k1",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"secp256k1\"," XY "}"), YAO_E_KEY},
    {"refuses p-256 in small letters",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"p-256\"," XY "}"), YAO_E_KEY},
    {"refuses a missing kty", YAO_INIT("{\"crv\":\"P-256\"," XY "}"),
     YAO_E_KEY},
    {"refuses a missing crv", YAO_INIT("{\"kty\":\"EC\"," XY "}"), YAO_E_KEY},
    {"refuses a crv that is a number",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":256," XY "}"), YAO_E_KEY},
    {"refuses a missing x",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"y\":\"" Y "\"}"), YAO_E_KEY},
    {"refuses a missing y",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X "\"}"), YAO_E_KEY},
    {"refuses a y that is true",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X
              "\",\"y\":true}"),
     YAO_E_KEY},
    {"refuses an x in standard base64",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X
              "\",\"y\":\"x/FEzRu9m36HLN/tue659LNpXW6pCyStikYjKIWI5a0\"}"),
     YAO_E_BASE64},
    {"refuses bits left over in y",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" X
              "\",\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a1\"}"),
     YAO_E_BASE64},
    {"refuses use enc",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"use\":\"enc\"," XY "}"),
     YAO_E_KEY},
    {"refuses the alg of another curve",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES384\"," XY "}"),
     YAO_E_KEY},
    {"refuses key_ops without verify",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":[\"sign\"]," XY
              "}"),
     YAO_E_KEY},
    {"refuses key_ops that are a string",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":\"verify\"," XY
              "}"),
     YAO_E_KEY},
    {"refuses key_ops that are an object",
     YAO_INIT("{\"kty\":\"EC\",\"crv\":\"P-256\",\"key_ops\":{\"a\":"
              "\"verify\"}," XY "}"),
     YAO_E_KEY},
    {"refuses an array", YAO_INIT("[]"), YAO_E_KEY},
    {"refuses a string", YAO_INIT("\"EC\""), YAO_E_KEY},
};

static void reads(void **state)
{
    const struct row *r   = *state;
    yao_public_key    key = {0};

    assert_status(yao_jwk_read(test_json(r->text), test_arena(), &key),
                  r->want);
    assert_int_equal(key.curve != YAO_CURVE_NONE, r->want == YAO_OK);
}

static void nothing(void **state)
{
    yao_public_key key;

    (void)state;
    assert_status(yao_jwk_read(NULL, test_arena(), &key), YAO_E_MISSING);
}

static void escaped_needs_room(void **state)
{
    const yao_json *jwk = test_json(
        YAO_LIT("{\"kty\":\"EC\",\"crv\":\"P-25\\u0036\"," XY "}"));
    yao_arena      none = {0};
    yao_public_key key;

    (void)state;
    assert_status(yao_jwk_read(jwk, &none, &key), YAO_E_SPACE);
    assert_status(yao_jwk_read(jwk, test_arena(), &key), YAO_OK);
}

static void writes(void **state)
{
    yao_public_key key, compressed;
    yao_writer     w;
    yao_bytes      text;

    (void)state;
    assert_status(
        yao_jwk_read(test_json(YAO_LIT("{\"kty\":\"EC\",\"crv\":\"P-256\"," XY
                                       "}")),
                     test_arena(), &key),
        YAO_OK);
    w = yao_writer_in(test_arena());
    yao_jwk_put(&w, &key);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    assert_bytes(text, YAO_LIT("{\"crv\":\"P-256\",\"kty\":\"EC\"," XY "}"));

    compressed          = key;
    compressed.point[0] = 0x03;
    compressed.len      = 33;
    w                   = yao_writer_count();
    yao_jwk_put(&w, &compressed);
    assert_status(w.status, YAO_E_USAGE);
    w = yao_writer_count();
    yao_jwk_put(&w, &(yao_public_key){0});
    assert_status(w.status, YAO_E_USAGE);
}

static yao_status broken_hash(void *ctx, yao_hash_alg alg,
                              const yao_bytes *parts, size_t count,
                              uint8_t *out)
{
    (void)alg, (void)parts, (void)count, (void)out;
    return *(yao_status *)ctx;
}

static void thumbprint_fails(void **state)
{
    yao_status     status = YAO_E_CRYPTO;
    yao_crypto     broken = {.ctx = &status, .hash = broken_hash};
    yao_public_key key    = test_public(0);
    uint8_t        out[YAO_SHA256_LEN];

    (void)state;
    assert_status(yao_jwk_thumbprint(&key, test_crypto(), out), YAO_OK);
    assert_status(yao_jwk_thumbprint(&key, &broken, out), YAO_E_CRYPTO);
    status = YAO_E_UNSUPPORTED;
    assert_status(yao_jwk_thumbprint(&key, &broken, out), YAO_E_UNSUPPORTED);
    assert_status(yao_jwk_thumbprint(&(yao_public_key){0}, test_crypto(), out),
                  YAO_E_USAGE);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("jwk_read", rows[i].name, reads, &rows[i]);
    test_add("jwk_read", "gives MISSING for nothing", nothing, NULL);
    test_add("jwk_read", "gives SPACE for an escaped curve without room",
             escaped_needs_room, NULL);
    test_add("jwk_put", "gives the members of RFC 7638, refuses half a point",
             writes, NULL);
    test_add("jwk_thumbprint", "gives the failure of the home",
             thumbprint_fails, NULL);

    return test_run("jose/jwk");
}
