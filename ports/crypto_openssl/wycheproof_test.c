/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Google's Wycheproof vectors through our own wrappers: what they call valid
 * must be accepted, what they call invalid refused. The one "acceptable" of
 * these files is ECDH with a compressed point: we accept it, since COSE_Key
 * (RFC 9053 section 7.1.1) may give the sign of y only.
 */
#include "yaopai/openssl.h"

#include "check.h"
#include "wycheproof.h"

/* PKCS#8 of a P-256 key without its public part. */
#define PKCS8                                                                  \
    "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06"     \
    "\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20"

static yao_status open_p256(yao_bytes secret, yao_openssl_key **ret)
{
    uint8_t    der[128], padded[32] = {0};
    yao_writer w = yao_writer_open(der, sizeof der);

    while (secret.len > 32 && secret.ptr[0] == 0)
        secret = (yao_bytes){secret.ptr + 1, secret.len - 1};
    assert_true(secret.len <= 32);
    memcpy(padded + 32 - secret.len, secret.ptr, secret.len);
    yao_put_bytes(&w, YAO_LIT(PKCS8));
    yao_put_bytes(&w, (yao_bytes){padded, 32});
    return yao_openssl_key_read((yao_bytes){der, w.len}, ret);
}

static bool ecdh(const wycheproof *v)
{
    yao_bytes        point = wycheproof_hex(v->test, "public");
    yao_agree_wish   wish  = {.peer = {.curve = YAO_P256}};
    uint8_t          out[YAO_MAX_AGREEMENT];
    yao_openssl_key *key;

    if (point.len > sizeof wish.peer.point)
        return false;
    if (point.len != 0)
        memcpy(wish.peer.point, point.ptr, point.len);
    wish.peer.len = (uint8_t)point.len;

    assert_status(open_p256(wycheproof_hex(v->test, "private"), &key), YAO_OK);
    yao_status status = yao_openssl_agree(key, &wish, out);
    yao_openssl_key_close(key);
    if (status != YAO_OK) {
        assert_status(status, YAO_E_KEY);
        return false;
    }
    return yao_bytes_equal(wycheproof_hex(v->test, "shared"),
                           (yao_bytes){out, 32});
}

/* The same through a wish, whichever way. */
static bool wished(const yao_seal *seal, bool open, yao_bytes input,
                   yao_bytes want)
{
    uint8_t      *out  = yao_arena_take(test_arena(), 70000);
    yao_aead_wish wish = {
        .alg   = seal->key.len == 16 ? YAO_A128GCM : YAO_A256GCM,
        .open  = open,
        .key   = seal->key,
        .nonce = seal->nonce,
        .aad   = seal->aad,
        .input = input};

    if (yao_openssl_aead(&wish, out) != YAO_OK)
        return false;
    assert_bytes(((yao_bytes){out, want.len}), want);
    return true;
}

/* Other key, nonce and tag sizes are wrong uses here, whatever they say. */
static bool gcm(const wycheproof *v)
{
    yao_seal  seal    = {.key   = wycheproof_hex(v->test, "key"),
                         .nonce = wycheproof_hex(v->test, "iv"),
                         .aad   = wycheproof_hex(v->test, "aad")};
    yao_bytes plain   = wycheproof_hex(v->test, "msg");
    bool      invalid = yao_json_is(yao_json_get(v->test, "result"), "invalid");
    uint8_t  *sealed  = yao_arena_take(test_arena(), 70000);
    uint8_t  *opened  = yao_arena_take(test_arena(), 70000);
    yao_writer w      = yao_writer_open(sealed, 70000);

    yao_put_bytes(&w, wycheproof_hex(v->test, "ct"));
    yao_put_bytes(&w, wycheproof_hex(v->test, "tag"));
    yao_bytes  input  = {sealed, w.len};
    yao_status status = yao_openssl_unseal(&seal, input, opened);

    if ((seal.key.len != 16 && seal.key.len != 32) || seal.nonce.len != 12) {
        assert_status(status, YAO_E_USAGE);
        return !invalid;
    }
    assert_int_equal(wished(&seal, true, input, plain), status == YAO_OK);
    if (status != YAO_OK) {
        assert_status(status, YAO_E_SECRET);
        return false;
    }
    assert_true(wished(&seal, false, plain, input));
    assert_bytes(((yao_bytes){opened, w.len - 16}), plain);
    assert_status(yao_openssl_seal(&seal, plain, opened), YAO_OK);
    assert_bytes(((yao_bytes){opened, w.len}), input);
    return true;
}

/* The curve constants: 1 * G is G, (n - 1) * G is -G, and n is no key. */
static bool curves(const wycheproof *v)
{
    yao_openssl_key *key;
    uint8_t          less[32];
    yao_bytes        n;

    if (!yao_json_is(yao_json_get(v->test, "name"), "secp256r1"))
        return true;

    assert_status(open_p256(YAO_LIT("\x01"), &key), YAO_OK);
    yao_public_key one = yao_openssl_key_public(key);
    yao_openssl_key_close(key);
    yao_bytes x = wycheproof_hex(v->test, "gx"),
              y = wycheproof_hex(v->test, "gy");
    assert_memory_equal(one.point + 1, x.ptr + x.len - 32, 32);
    assert_memory_equal(one.point + 33, y.ptr + y.len - 32, 32);

    n = wycheproof_hex(v->test, "n");
    assert_status(open_p256(n, &key), YAO_E_KEY);
    assert_status(open_p256(YAO_LIT("\x00"), &key), YAO_E_KEY);
    memcpy(less, n.ptr + n.len - 32, 32);
    less[31]--; /* n is odd */
    assert_status(open_p256((yao_bytes){less, 32}, &key), YAO_OK);
    yao_public_key last = yao_openssl_key_public(key);
    yao_openssl_key_close(key);
    assert_memory_equal(last.point, one.point, 33);
    assert_memory_not_equal(last.point + 33, one.point + 33, 32);
    return true;
}

static bool ed25519(const wycheproof *v)
{
    yao_bytes pk = wycheproof_hex(yao_json_get(v->group, "publicKey"), "pk");
    yao_signature_check check = {
        .alg        = YAO_ED25519,
        .key        = {.curve = YAO_EDWARDS25519, .len = YAO_ED25519_KEY},
        .parts      = {wycheproof_hex(v->test, "msg")},
        .part_count = 1,
        .signature  = wycheproof_hex(v->test, "sig")};

    assert_int_equal(pk.len, YAO_ED25519_KEY);
    memcpy(check.key.point, pk.ptr, pk.len);
    assert_status(wycheproof_home->verify(wycheproof_home->ctx, &check, 1),
                  YAO_OK);
    return check.outcome == YAO_SIG_GOOD;
}

static const wycheproof_file files[] = {
    {"ecdsa_secp256r1_sha256_p1363", 262, wycheproof_es256},
    {"ecdsa_secp384r1_sha384_p1363", 280, wycheproof_es384},
    {"ecdsa_secp256r1_sha256", 484, wycheproof_es256_der},
    {"ed25519", 151, ed25519},
    {"hmac_sha256", 174, wycheproof_hmac},
    {"hkdf_sha256", 86, wycheproof_hkdf},
    {"ecdh_secp256r1_ecpoint", 355, ecdh},
    {"aes_gcm", 316, gcm},
    {"ec_prime_order_curves", 26, curves},
};

int main(void)
{
    yao_openssl *openssl = yao_openssl_open();
    if (openssl == NULL)
        return 99;
    wycheproof_home = yao_openssl_crypto(openssl);

    for (size_t i = 0; i < COUNT(files); i++)
        test_add("gives what Wycheproof wants", files[i].name, wycheproof_case,
                 &files[i]);

    int failed = test_run("wycheproof");
    yao_openssl_close(openssl);
    return failed;
}
