/* SPDX-License-Identifier: Apache-2.0 */
/* Both ways to hash, each against published vectors and against OpenSSL for
 * every length and every cut. */
#include "crypto_small/small.h"

#include "yaopai/openssl.h"

#include "check.h"

/* A way to hash, and the first letter of a case's name. */
static const struct way {
    const char *name;
    bool        fastest;
} ways[] = {{"portable", false}, {"fastest", true}};

static yao_small         small;
static const yao_crypto *other;

static const yao_crypto *home(void **state)
{
    const struct way *way = *state;

    return yao_small_open(&small,
                          way->fastest ? yao_sha256_blocks_fastest() : NULL);
}

static void assert_hash(const yao_crypto *crypto, const yao_bytes *parts,
                        size_t count, const char *want)
{
    uint8_t out[YAO_SHA256_LEN];

    assert_status(crypto->hash(crypto->ctx, YAO_SHA256, parts, count, out),
                  YAO_OK);
    assert_memory_equal(out, test_unhex(want).ptr, sizeof out);
}

/* FIPS 180-4's examples, as NIST prints them: nothing, 24 bits, 448 bits, and
 * a million letters a. */
static void case_published(void **state)
{
    const yao_crypto *crypto = home(state);
    yao_bytes         abc = YAO_LIT("abc"), none = {NULL, 0};
    yao_bytes         long_ =
        YAO_LIT("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    enum { MILLION = 1000000 };
    uint8_t *letters = malloc(MILLION);

    assert_hash(
        crypto, &abc, 1,
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_hash(
        crypto, &none, 1,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(
        crypto, NULL, 0,
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_hash(
        crypto, &long_, 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    assert_non_null(letters);
    memset(letters, 'a', MILLION);
    assert_hash(
        crypto, &(yao_bytes){letters, MILLION}, 1,
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

/* Every length from 0 to 300, at each of 4 alignments, in two parts at every
 * place, and byte by byte. */
static void case_lengths(void **state)
{
    enum { MAX = 300 };
    const yao_crypto *crypto = home(state);
    uint8_t           bytes[MAX + 4], want[YAO_SHA256_LEN];
    yao_bytes         single[MAX];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + i / 256);
    for (size_t len = 0; len <= MAX; len++) {
        const uint8_t *at  = bytes + len % 4;
        yao_bytes      all = {at, len};
        uint8_t        out[YAO_SHA256_LEN];

        assert_status(other->hash(other->ctx, YAO_SHA256, &all, 1, want),
                      YAO_OK);
        for (size_t cut = 0; cut <= len; cut++) {
            yao_bytes parts[] = {{at, cut}, {NULL, 0}, {at + cut, len - cut}};

            assert_status(crypto->hash(crypto->ctx, YAO_SHA256, parts, 3, out),
                          YAO_OK);
            assert_memory_equal(out, want, sizeof out);
        }
        for (size_t i = 0; i < len; i++)
            single[i] = (yao_bytes){at + i, 1};
        assert_status(crypto->hash(crypto->ctx, YAO_SHA256, single, len, out),
                      YAO_OK);
        assert_memory_equal(out, want, sizeof out);
    }
}

/* Keys and messages of every length around a block. */
static void case_macs(void **state)
{
    const yao_crypto *crypto = home(state);
    uint8_t           bytes[200], want[YAO_SHA256_LEN], out[YAO_SHA256_LEN];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 11);
    for (size_t len = 0; len <= sizeof bytes; len++) {
        yao_bytes key     = {bytes, len};
        yao_bytes parts[] = {{bytes, 200 - len}, {bytes, len / 2}};

        assert_status(other->hmac(other->ctx, YAO_SHA256, key, parts, 2, want),
                      YAO_OK);
        assert_status(crypto->hmac(crypto->ctx, YAO_SHA256, key, parts, 2, out),
                      YAO_OK);
        assert_memory_equal(out, want, sizeof out);
    }
}

/* Every length of a key derived, nothing written behind its end; and the most
 * that RFC 5869 section 2.3 allows. */
static void case_derive(void **state)
{
    enum { MOST = 255 * YAO_SHA256_LEN };
    static uint8_t    want[MOST], out[MOST + 1];
    const yao_crypto *crypto = home(state);
    yao_bytes         ikm = YAO_LIT("SPECIMEN secret"), salt = YAO_LIT("salt");
    yao_bytes         info = YAO_LIT("what for"), none = {NULL, 0};

    assert_status(
        other->hkdf(other->ctx, YAO_SHA256, ikm, salt, info, want, MOST),
        YAO_OK);
    for (size_t len = 0; len <= MOST; len += len < 200 ? 1 : 983) {
        out[len] = 0xaa;
        assert_status(
            crypto->hkdf(crypto->ctx, YAO_SHA256, ikm, salt, info, out, len),
            YAO_OK);
        assert_memory_equal(out, want, len);
        assert_int_equal(out[len], 0xaa);
    }
    assert_status(
        other->hkdf(other->ctx, YAO_SHA256, none, none, none, want, 42),
        YAO_OK);
    assert_status(
        crypto->hkdf(crypto->ctx, YAO_SHA256, none, none, none, out, 42),
        YAO_OK);
    assert_memory_equal(out, want, 42);

    out[0] = 0xaa;
    assert_status(
        crypto->hkdf(crypto->ctx, YAO_SHA256, ikm, salt, info, out, MOST + 1),
        YAO_E_USAGE);
    assert_int_equal(out[0], 0xaa);
}

/* RFC 4231 case 2, RFC 5869 A.1: what is printed, not what OpenSSL says. */
static void case_printed(void **state)
{
    const yao_crypto *crypto = home(state);
    yao_bytes         data   = YAO_LIT("what do ya want for nothing?");
    uint8_t           out[42];

    assert_status(
        crypto->hmac(crypto->ctx, YAO_SHA256, YAO_LIT("Jefe"), &data, 1, out),
        YAO_OK);
    assert_memory_equal(
        out,
        test_unhex(
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
            .ptr,
        32);
    assert_status(
        crypto->hkdf(crypto->ctx, YAO_SHA256,
                     test_unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b"),
                     test_unhex("000102030405060708090a0b0c"),
                     test_unhex("f0f1f2f3f4f5f6f7f8f9"), out, 42),
        YAO_OK);
    assert_memory_equal(
        out,
        test_unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56"
                   "ecc4c5bf34007208d5b887185865")
            .ptr,
        42);
}

int main(void)
{
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL)
        return 99;
    other = yao_openssl_crypto(openssl);
    for (size_t i = 0; i < COUNT(ways); i++) {
        test_add(ways[i].name, "gives the examples of FIPS 180-4",
                 case_published, &ways[i]);
        test_add(ways[i].name, "gives every length in every two parts",
                 case_lengths, &ways[i]);
        test_add(ways[i].name, "gives macs under every length of key",
                 case_macs, &ways[i]);
        test_add(ways[i].name, "gives keys of every length, refuses too long",
                 case_derive, &ways[i]);
        test_add(ways[i].name, "gives what RFC 4231 and RFC 5869 print",
                 case_printed, &ways[i]);
    }
    int failed = test_run("crypto_small/sha256");
    yao_openssl_close(openssl);
    return failed;
}
