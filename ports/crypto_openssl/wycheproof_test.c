/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Google's Wycheproof vectors through our own wrappers: what they call valid
 * must be accepted, what they call invalid refused. The one "acceptable" of
 * these files is ECDH with a compressed point: we accept it, since COSE_Key
 * (RFC 9053 section 7.1.1) may give the sign of y only.
 */
#include "yaopai/openssl.h"

#include "der/der.h"
#include "json/json.h"

#include <stdio.h>

#include "check.h"

static yao_openssl      *openssl;
static const yao_crypto *crypto;

typedef struct vector {
    const yao_json *group, *test;
} vector;

typedef struct file {
    const char *name;
    size_t      count; /* so that none is left out unseen */
    bool (*accepts)(const vector *v);
} file;

/* ---- finding the cases ---- */

static yao_bytes hex(const yao_json *object, const char *name)
{
    uint8_t   *out = yao_arena_take(test_arena(), 70000);
    yao_text   text;
    yao_writer w = yao_writer_open(out, 70000);

    assert_status(
        yao_json_string(yao_json_get(object, name), test_arena(), &text),
        YAO_OK);
    assert_status(yao_get_hex(yao_text_bytes(text), &w), YAO_OK);
    return (yao_bytes){out, w.len};
}

static int64_t number(const yao_json *object, const char *name)
{
    int64_t n;

    assert_status(yao_json_int(yao_json_get(object, name), &n), YAO_OK);
    return n;
}

/* The next {...} of AT, at the level where it starts. The files hold more
 * values than our reader takes at once, so they are read group by group. */
static yao_bytes next_object(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *start  = NULL;
    size_t         depth  = 0;
    bool           quoted = false;

    for (const uint8_t *p = *at; p < end; p++) {
        if (quoted) {
            p += *p == '\\';
            quoted = *p != '"';
        } else if (*p == '"') {
            quoted = true;
        } else if (*p == '{') {
            start = depth++ == 0 ? p : start;
        } else if (*p == '}' && --depth == 0) {
            *at = p + 1;
            return (yao_bytes){start, (size_t)(*at - start)};
        }
    }
    return (yao_bytes){NULL, 0};
}

static size_t run_group(const file *f, const yao_json *group)
{
    const yao_json *tests = yao_json_get(group, "tests");
    size_t          count = 0;

    assert_non_null(tests);
    for (const yao_json *t = tests->first; t != NULL; t = t->next) {
        vector v    = {group, t};
        size_t mark = test_arena()->used;
        bool   want = !yao_json_is(yao_json_get(t, "result"), "invalid");

        if (f->accepts(&v) != want)
            fail_msg("%s: case %d should be %s", f->name,
                     (int)number(t, "tcId"), want ? "accepted" : "refused");
        test_arena()->used = mark;
        count++;
    }
    return count;
}

static void case_file(void **state)
{
    static const char groups[] = "\"testGroups\"";
    const file       *f        = *state;
    char              path[128];
    size_t            count = 0;

    if (!test_have_vectors())
        skip();
    snprintf(path, sizeof path, "wycheproof/%s_test.json", f->name);
    yao_bytes      text = test_vector(path);
    const uint8_t *end  = text.ptr + text.len;
    const uint8_t *at   = text.ptr;

    while (memcmp(at, groups, sizeof groups - 1) != 0)
        at++;
    for (yao_bytes one; (one = next_object(&at, end)).len > 0;) {
        const yao_json *group;
        size_t          mark = test_arena()->used;

        assert_status(yao_json_parse(test_arena(), one, &group), YAO_OK);
        count += run_group(f, group);
        test_arena()->used = mark;
    }
    assert_int_equal(count, f->count);
}

/* ---- one file each ---- */

static yao_public_key group_key(const vector *v, yao_curve curve)
{
    yao_public_key key = {.curve = curve};
    yao_bytes point = hex(yao_json_get(v->group, "publicKey"), "uncompressed");

    assert_true(point.len <= sizeof key.point);
    memcpy(key.point, point.ptr, point.len);
    key.len = (uint8_t)point.len;
    return key;
}

/* With and without memory, twice: the answers must be one. */
static bool verifies(const vector *v, yao_sig_alg alg, yao_bytes signature)
{
    yao_signature_check check = {
        .alg        = alg,
        .key        = group_key(v, alg == YAO_ES256 ? YAO_P256 : YAO_P384),
        .parts      = {hex(v->test, "msg")},
        .part_count = 1,
        .signature  = signature};
    yao_signature_check checks[] = {check, check, check};

    checks[1].repeats = checks[2].repeats = true;
    assert_status(crypto->verify(crypto->ctx, checks, 3), YAO_OK);
    for (size_t i = 1; i < 3; i++)
        assert_int_equal(checks[i].outcome, checks[0].outcome);
    return checks[0].outcome == YAO_SIG_GOOD;
}

static bool es256(const vector *v)
{
    return verifies(v, YAO_ES256, hex(v->test, "sig"));
}

static bool es384(const vector *v)
{
    return verifies(v, YAO_ES384, hex(v->test, "sig"));
}

static bool es256_der(const vector *v)
{
    uint8_t raw[64];

    return yao_der_get_signature(hex(v->test, "sig"), 32, raw) == YAO_OK &&
           verifies(v, YAO_ES256, (yao_bytes){raw, sizeof raw});
}

static bool hmac(const vector *v)
{
    uint8_t   out[YAO_SHA256_LEN];
    yao_bytes message = hex(v->test, "msg");
    yao_bytes tag     = hex(v->test, "tag");

    assert_status(crypto->hmac(crypto->ctx, YAO_SHA256, hex(v->test, "key"),
                               &message, 1, out),
                  YAO_OK);
    assert_int_equal(tag.len * 8, number(v->group, "tagSize"));
    return yao_bytes_equal_secret(tag, (yao_bytes){out, tag.len});
}

static bool hkdf(const vector *v)
{
    static uint8_t out[70000];
    size_t         len = (size_t)number(v->test, "size");
    yao_status     status =
        crypto->hkdf(crypto->ctx, YAO_SHA256, hex(v->test, "ikm"),
                     hex(v->test, "salt"), hex(v->test, "info"), out, len);

    return status == YAO_OK &&
           yao_bytes_equal(hex(v->test, "okm"), (yao_bytes){out, len});
}

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

static bool ecdh(const vector *v)
{
    yao_bytes        point = hex(v->test, "public");
    yao_agree_wish   wish  = {.peer = {.curve = YAO_P256}};
    uint8_t          out[YAO_MAX_AGREEMENT];
    yao_openssl_key *key;

    if (point.len > sizeof wish.peer.point)
        return false;
    if (point.len != 0)
        memcpy(wish.peer.point, point.ptr, point.len);
    wish.peer.len = (uint8_t)point.len;

    assert_status(open_p256(hex(v->test, "private"), &key), YAO_OK);
    yao_status status = yao_openssl_agree(key, &wish, out);
    yao_openssl_key_close(key);
    if (status != YAO_OK) {
        assert_status(status, YAO_E_KEY);
        return false;
    }
    return yao_bytes_equal(hex(v->test, "shared"), (yao_bytes){out, 32});
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
static bool gcm(const vector *v)
{
    yao_seal  seal    = {.key   = hex(v->test, "key"),
                         .nonce = hex(v->test, "iv"),
                         .aad   = hex(v->test, "aad")};
    yao_bytes plain   = hex(v->test, "msg");
    bool      invalid = yao_json_is(yao_json_get(v->test, "result"), "invalid");
    uint8_t  *sealed  = yao_arena_take(test_arena(), 70000);
    uint8_t  *opened  = yao_arena_take(test_arena(), 70000);
    yao_writer w      = yao_writer_open(sealed, 70000);

    yao_put_bytes(&w, hex(v->test, "ct"));
    yao_put_bytes(&w, hex(v->test, "tag"));
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
static bool curves(const vector *v)
{
    yao_openssl_key *key;
    uint8_t          less[32];
    yao_bytes        n;

    if (!yao_json_is(yao_json_get(v->test, "name"), "secp256r1"))
        return true;

    assert_status(open_p256(YAO_LIT("\x01"), &key), YAO_OK);
    yao_public_key one = yao_openssl_key_public(key);
    yao_openssl_key_close(key);
    yao_bytes x = hex(v->test, "gx"), y = hex(v->test, "gy");
    assert_memory_equal(one.point + 1, x.ptr + x.len - 32, 32);
    assert_memory_equal(one.point + 33, y.ptr + y.len - 32, 32);

    n = hex(v->test, "n");
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

static const file files[] = {
    {"ecdsa_secp256r1_sha256_p1363", 262, es256},
    {"ecdsa_secp384r1_sha384_p1363", 280, es384},
    {"ecdsa_secp256r1_sha256", 484, es256_der},
    {"hmac_sha256", 174, hmac},
    {"hkdf_sha256", 86, hkdf},
    {"ecdh_secp256r1_ecpoint", 355, ecdh},
    {"aes_gcm", 316, gcm},
    {"ec_prime_order_curves", 26, curves},
};

int main(void)
{
    openssl = yao_openssl_open();
    if (openssl == NULL)
        return 99;
    crypto = yao_openssl_crypto(openssl);

    for (size_t i = 0; i < COUNT(files); i++)
        test_add("gives what Wycheproof wants", files[i].name, case_file,
                 &files[i]);

    int failed = test_run("wycheproof");
    yao_openssl_close(openssl);
    return failed;
}
