/* SPDX-License-Identifier: Apache-2.0 */
/* Ed25519: for the log alone, so never by the name of a document's algorithm.
 */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

#include "check.h"

static const yao_crypto *home;
static yao_openssl_key  *key, *other;
static uint8_t           signature[YAO_MAX_SIGNATURE];

#define MESSAGE YAO_LIT("SPECIMEN log\n1\n")

static yao_signature_check good(void)
{
    return (yao_signature_check){.alg        = YAO_ED25519,
                                 .key        = yao_openssl_key_public(key),
                                 .parts      = {MESSAGE},
                                 .part_count = 1,
                                 .signature  = {signature, 64}};
}

static void nothing(yao_signature_check *c)
{
    (void)c;
}

static void in_parts(yao_signature_check *c)
{
    yao_bytes whole = c->parts[0];

    c->parts[0]   = (yao_bytes){whole.ptr, 3};
    c->parts[1]   = (yao_bytes){NULL, 0};
    c->parts[2]   = (yao_bytes){whole.ptr + 3, whole.len - 3};
    c->part_count = 3;
}

static void repeating(yao_signature_check *c)
{
    c->repeats = c->key_repeats = true;
}

static void other_message(yao_signature_check *c)
{
    c->parts[0].len--;
}

static void no_message(yao_signature_check *c)
{
    c->part_count = 0;
}

static void other_key(yao_signature_check *c)
{
    c->key = yao_openssl_key_public(other);
}

static void short_key(yao_signature_check *c)
{
    c->key.len--;
}

static void key_of_p256(yao_signature_check *c)
{
    c->key.curve = YAO_P256;
}

static void short_signature(yao_signature_check *c)
{
    c->signature.len--;
}

static void no_signature(yao_signature_check *c)
{
    c->signature = (yao_bytes){NULL, 0};
}

static void as_es256(yao_signature_check *c)
{
    c->alg = YAO_ES256;
}

static void many_parts(yao_signature_check *c)
{
    c->part_count = YAO_MAX_PARTS + 1;
}

static const struct change {
    const char *name;
    void (*change)(yao_signature_check *c);
    yao_sig_outcome want;
    yao_status      status;
} changes[] = {
    {"accepts what was signed", nothing, YAO_SIG_GOOD, YAO_OK},
    {"accepts it in parts, one of them empty", in_parts, YAO_SIG_GOOD, YAO_OK},
    {"accepts it whatever repeats", repeating, YAO_SIG_GOOD, YAO_OK},
    {"refuses another message", other_message, YAO_SIG_BAD, YAO_OK},
    {"refuses no message", no_message, YAO_SIG_BAD, YAO_OK},
    {"refuses another key", other_key, YAO_SIG_BAD, YAO_OK},
    {"refuses a key of 31 bytes", short_key, YAO_SIG_BAD, YAO_OK},
    {"refuses a key said to be on P-256", key_of_p256, YAO_SIG_BAD, YAO_OK},
    {"refuses a signature of 63 bytes", short_signature, YAO_SIG_BAD, YAO_OK},
    {"refuses no signature", no_signature, YAO_SIG_BAD, YAO_OK},
    {"refuses its key for ES256", as_es256, YAO_SIG_BAD, YAO_OK},
    {"never looks at more parts than there may be", many_parts,
     YAO_SIG_UNCHECKED, YAO_E_CRYPTO},
};

static void case_change(void **state)
{
    const struct change *c     = *state;
    yao_signature_check  check = good();

    c->change(&check);
    check.outcome = YAO_SIG_GOOD;
    assert_status(home->verify(home->ctx, &check, 1), c->status);
    assert_int_equal(check.outcome, c->want);
}

static yao_status verify(yao_bytes input, void *context)
{
    yao_signature_check check = good();

    (void)context;
    check.signature = input;
    YAO_TRY(home->verify(home->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

static void sweep(void **state)
{
    (void)state;
    test_every_prefix(verify, (yao_bytes){signature, 64}, NULL);
    test_every_bit(verify, (yao_bytes){signature, 64}, NULL, NULL);
}

/* No row: so nothing that reads an algorithm's name can ask for it. */
static void nameless(void **state)
{
    (void)state;
    assert_null(yao_sig_by_alg(YAO_ED25519));
    assert_null(yao_sig_by_curve(YAO_EDWARDS25519));
    assert_null(yao_curve_by_id(YAO_EDWARDS25519));
    assert_null(yao_sig_by_cose(-8));
    assert_null(yao_sig_by_cose(-19));
    assert_null(yao_sig_by_jose(YAO_TEXT("EdDSA")));
    assert_null(yao_sig_by_jose(YAO_TEXT("Ed25519")));
    assert_null(yao_sig_by_oid(YAO_LIT("\x2b\x65\x70")));
}

static void the_key(void **state)
{
    yao_public_key public   = yao_openssl_key_public(key);
    yao_agree_wish   agree  = {.peer = public};
    yao_openssl_key *shared = NULL;
    yao_sign_wish    wish   = yao_sign_wish_of(YAO_ED25519, MESSAGE);
    uint8_t          again[YAO_MAX_SIGNATURE], out[YAO_MAX_AGREEMENT];
    yao_writer       w   = yao_writer_count();
    size_t           len = 0;

    (void)state;
    assert_int_equal(public.curve, YAO_EDWARDS25519);
    assert_int_equal(public.len, 32);
    assert_int_equal(yao_openssl_key_alg(key), YAO_ED25519);
    assert_status(yao_openssl_key_share(key, &shared), YAO_OK);
    assert_status(yao_openssl_sign(shared, &wish, again, &len), YAO_OK);
    assert_int_equal(len, 64);
    assert_memory_equal(again, signature, 64); /* it has no random part */
    yao_openssl_key_close(shared);

    wish.alg = YAO_ES256;
    assert_status(yao_openssl_sign(key, &wish, again, &len), YAO_E_ALGORITHM);
    assert_status(yao_openssl_agree(key, &agree, out), YAO_E_KEY);
    assert_status(yao_openssl_key_write(key, &w), YAO_E_UNSUPPORTED);
    assert_status(yao_openssl_key_save(key, "unwritten.pem"),
                  YAO_E_UNSUPPORTED);
    agree.peer.curve = YAO_P256;
    assert_status(yao_openssl_agree(key, &agree, out), YAO_E_KEY);
}

int main(void)
{
    yao_openssl  *openssl = yao_openssl_open();
    yao_sign_wish wish    = yao_sign_wish_of(YAO_ED25519, MESSAGE);
    size_t        len;

    if (openssl == NULL ||
        yao_openssl_key_generate(YAO_ED25519, &key) != YAO_OK ||
        yao_openssl_key_generate(YAO_ED25519, &other) != YAO_OK ||
        yao_openssl_sign(key, &wish, signature, &len) != YAO_OK)
        return 99;
    home = yao_openssl_crypto(openssl);

    for (size_t i = 0; i < COUNT(changes); i++)
        test_add("verify", changes[i].name, case_change, &changes[i]);
    test_add("verify", "refuses every prefix and every flipped bit", sweep,
             NULL);
    test_add("table", "never has a name for it", nameless, NULL);
    test_add("key", "gives one that signs and does nothing else", the_key,
             NULL);

    int failed = test_run("edwards");
    yao_openssl_key_close(key);
    yao_openssl_key_close(other);
    yao_openssl_close(openssl);
    return failed;
}
