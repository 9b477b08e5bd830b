/* SPDX-License-Identifier: Apache-2.0 */
/* Published vectors by hand, and OpenSSL's EVP layer as a second opinion on
 * every length around a block. */
#include "yaopai/openssl.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "check.h"

static yao_openssl      *openssl;
static const yao_crypto *crypto;

/* ---- FIPS 180-4 examples: "abc" and nothing ---- */

static const struct {
    const char  *name;
    yao_hash_alg alg;
    const char  *text, *digest;
} hashes[] = {
    {"gives SHA-256 of abc", YAO_SHA256, "abc",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {"gives SHA-256 of nothing", YAO_SHA256, "",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"gives SHA-384 of abc", YAO_SHA384, "abc",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {"gives SHA-512 of abc", YAO_SHA512, "abc",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
};

static void case_hash(void **state)
{
    size_t    i    = (size_t)(uintptr_t)*state;
    yao_bytes want = test_unhex(hashes[i].digest);
    yao_bytes all  = yao_text_bytes(yao_text_of(hashes[i].text));
    uint8_t   out[YAO_MAX_HASH];

    for (size_t cut = 0; cut <= all.len; cut++) {
        yao_bytes parts[] = {
            {all.ptr, cut}, {NULL, 0}, {all.ptr + cut, all.len - cut}};

        assert_status(crypto->hash(crypto->ctx, hashes[i].alg, parts, 3, out),
                      YAO_OK);
        assert_memory_equal(out, want.ptr, want.len);
    }
}

static void case_unsupported(void **state)
{
    yao_bytes none   = {NULL, 0};
    uint8_t   out[1] = {7};

    (void)state;
    for (int alg = 0; alg < 10; alg += 9) {
        assert_status(
            crypto->hash(crypto->ctx, (yao_hash_alg)alg, &none, 1, out),
            YAO_E_UNSUPPORTED);
        assert_status(
            crypto->hmac(crypto->ctx, (yao_hash_alg)alg, none, &none, 1, out),
            YAO_E_UNSUPPORTED);
        assert_status(crypto->hkdf(crypto->ctx, (yao_hash_alg)alg, none, none,
                                   none, out, 1),
                      YAO_E_UNSUPPORTED);
    }
    assert_int_equal(out[0], 7);
}

/* ---- RFC 4231 ---- */

static const struct {
    const char *name, *key, *data, *tag256, *tag512;
} macs[] = {
    {"gives case 1 of RFC 4231", "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
     "4869205468657265",
     "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
     "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde"
     "daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854"},
    {"gives case 2 of RFC 4231: a short key", "4a656665",
     "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
     "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
     "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
     "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"},
};

static void case_mac(void **state)
{
    size_t    i       = (size_t)(uintptr_t)*state;
    yao_bytes key     = test_unhex(macs[i].key);
    yao_bytes data    = test_unhex(macs[i].data);
    yao_bytes parts[] = {{data.ptr, 3}, {data.ptr + 3, data.len - 3}};
    uint8_t   out[YAO_MAX_HASH];

    assert_status(crypto->hmac(crypto->ctx, YAO_SHA256, key, parts, 2, out),
                  YAO_OK);
    assert_memory_equal(out, test_unhex(macs[i].tag256).ptr, 32);
    assert_status(crypto->hmac(crypto->ctx, YAO_SHA512, key, parts, 2, out),
                  YAO_OK);
    assert_memory_equal(out, test_unhex(macs[i].tag512).ptr, 64);
}

/* Every key and message length around the blocks, against EVP. */
static void case_lengths(void **state)
{
    static const struct {
        yao_hash_alg alg;
        const char  *name;
    } algs[] = {
        {YAO_SHA256, "SHA256"}, {YAO_SHA384, "SHA384"}, {YAO_SHA512, "SHA512"}};
    uint8_t bytes[300], ours[YAO_MAX_HASH], theirs[EVP_MAX_MD_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7);
    for (size_t a = 0; a < COUNT(algs); a++) {
        const EVP_MD *md = EVP_get_digestbyname(algs[a].name);

        for (size_t n = 0; n < sizeof bytes; n++) {
            yao_bytes message = {bytes, n};
            unsigned  len;

            assert_int_equal(EVP_Digest(bytes, n, theirs, &len, md, NULL), 1);
            assert_status(
                crypto->hash(crypto->ctx, algs[a].alg, &message, 1, ours),
                YAO_OK);
            assert_memory_equal(ours, theirs, len);

            assert_non_null(
                HMAC(md, bytes, (int)n, bytes, 300 - n, theirs, &len));
            yao_bytes data = {bytes, 300 - n};
            assert_status(crypto->hmac(crypto->ctx, algs[a].alg,
                                       (yao_bytes){bytes, n}, &data, 1, ours),
                          YAO_OK);
            assert_memory_equal(ours, theirs, len);
        }
    }
}

/* ---- RFC 5869 appendix A.1 and A.3 ---- */

static void case_hkdf(void **state)
{
    yao_bytes ikm = test_unhex("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
    yao_bytes okm =
        test_unhex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56"
                   "ecc4c5bf34007208d5b887185865");
    yao_bytes bare =
        test_unhex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f"
                   "3c738d2d9d201395faa4b61a96c8");
    uint8_t out[43];

    (void)state;
    for (size_t len = 0; len <= 42; len++) {
        out[len] = 0xaa;
        assert_status(crypto->hkdf(crypto->ctx, YAO_SHA256, ikm,
                                   test_unhex("000102030405060708090a0b0c"),
                                   test_unhex("f0f1f2f3f4f5f6f7f8f9"), out,
                                   len),
                      YAO_OK);
        assert_memory_equal(out, okm.ptr, len);
        assert_int_equal(out[len], 0xaa);
    }
    assert_status(crypto->hkdf(crypto->ctx, YAO_SHA256, ikm,
                               (yao_bytes){NULL, 0}, (yao_bytes){NULL, 0}, out,
                               42),
                  YAO_OK);
    assert_memory_equal(out, bare.ptr, 42);
}

static void case_hkdf_limit(void **state)
{
    uint8_t  *out  = yao_arena_take(test_arena(), 255 * 64 + 1);
    yao_bytes none = {NULL, 0};

    (void)state;
    assert_status(
        crypto->hkdf(crypto->ctx, YAO_SHA256, none, none, none, out, 255 * 32),
        YAO_OK);
    assert_status(crypto->hkdf(crypto->ctx, YAO_SHA256, none, none, none, out,
                               255 * 32 + 1),
                  YAO_E_USAGE);
    assert_status(crypto->hkdf(crypto->ctx, YAO_SHA384, none, none, none, out,
                               255 * 48 + 1),
                  YAO_E_USAGE);
    assert_status(crypto->hkdf(crypto->ctx, YAO_SHA512, none, none, none, out,
                               255 * 64 + 1),
                  YAO_E_USAGE);
}

int main(void)
{
    openssl = yao_openssl_open();
    if (openssl == NULL)
        return 99;
    crypto = yao_openssl_crypto(openssl);

    for (size_t i = 0; i < COUNT(hashes); i++)
        test_add("hash", hashes[i].name, case_hash, (const void *)(uintptr_t)i);
    for (size_t i = 0; i < COUNT(macs); i++)
        test_add("hmac", macs[i].name, case_mac, (const void *)(uintptr_t)i);
    test_add("hash", "refuses unknown algorithms", case_unsupported, NULL);
    test_add("hash", "gives what EVP gives for every length", case_lengths,
             NULL);
    test_add("hkdf", "gives RFC 5869 A.1 and A.3", case_hkdf, NULL);
    test_add("hkdf", "refuses more than 255 digests", case_hkdf_limit, NULL);

    int failed = test_run("sha");
    yao_openssl_close(openssl);
    return failed;
}
