/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hpke.h"

#include "crypto/algorithms.h"

#include <stdio.h>

#include "raw_key.h"
#include "token.h"

/* ---- RFC 9180 appendix A.3.1 -------------------------------------------- */

/* The hex behind the first "NAME:" that begins a line; it may go on in the
 * lines below. */
static yao_bytes constant(const char *name)
{
    yao_bytes file =
        test_vector("hpke-rfc9180/A3_1_base_p256_sha256_aes128gcm.txt");
    char  *text = yao_arena_take(test_arena(), file.len + 1);
    char  *hex  = yao_arena_take(test_arena(), file.len + 1);
    char   line[64];
    size_t len = 0;

    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    snprintf(line, sizeof line, "\n%s:", name);
    const char *at = strstr(text, line);
    assert_non_null(at);
    /* the line, and those below that have no name of their own */
    for (at += strlen(line); strchr(at, '\n') != NULL; at++) {
        size_t end = strcspn(at, "\n");

        for (size_t i = 0; i < end; i++)
            if (at[i] != ' ')
                hex[len++] = at[i];
        at += end;
        if (at[1] == '\n' || at[1 + strcspn(at + 1, ":\n~")] != '\n')
            break;
    }
    hex[len] = '\0';
    return test_unhex(hex);
}

static yao_public_key point_of(yao_bytes octets)
{
    yao_public_key key = {.curve = YAO_P256, .len = (uint8_t)octets.len};

    assert_int_equal(octets.len, 65);
    memcpy(key.point, octets.ptr, octets.len);
    return key;
}

/* The keys that the holder of the number NAME derives with PEER's point. */
static yao_hpke_keys vector_keys(const char *name, const char *peer)
{
    yao_public_key   enc   = point_of(constant("enc"));
    yao_public_key   to    = point_of(constant("pkRm"));
    yao_agree_wish   wish  = {.peer = point_of(constant(peer))};
    yao_openssl_key *key   = test_p256_key(constant(name));
    yao_hpke_keys    keys;
    uint8_t          shared[YAO_MAX_AGREEMENT];

    assert_status(yao_openssl_agree(key, &wish, shared), YAO_OK);
    yao_openssl_key_close(key);
    assert_status(yao_hpke_derive(test_crypto(), &enc, &to,
                                  (yao_bytes){shared, 32}, constant("info"),
                                  &keys),
                  YAO_OK);
    return keys;
}

static yao_bytes fulfil(const yao_hpke_keys *keys, bool open, yao_bytes aad,
                        yao_bytes input)
{
    yao_aead_wish wish;
    uint8_t      *out = yao_arena_take(test_arena(), input.len + YAO_AEAD_TAG);

    assert_non_null(out);
    yao_hpke_wish(keys, open, aad, input, &wish);
    assert_status(yao_openssl_aead(&wish, out), YAO_OK);
    return (yao_bytes){out, open ? input.len - YAO_AEAD_TAG
                                 : input.len + YAO_AEAD_TAG};
}

static const struct side {
    const char *name, *secret, *peer;
} sides[] = {
    {"gives what RFC 9180 A.3.1 has to who seals", "skEm", "pkRm"},
    {"gives what RFC 9180 A.3.1 has to who opens", "skRm", "enc"},
};

static void case_vector(void **state)
{
    const struct side *s = *state;

    if (!test_have_vectors())
        skip();
    yao_hpke_keys keys = vector_keys(s->secret, s->peer);

    assert_bytes(((yao_bytes){keys.key, 16}), constant("key"));
    assert_bytes(((yao_bytes){keys.nonce, 12}), constant("base_nonce"));
    assert_bytes(fulfil(&keys, false, constant("aad"), constant("pt")),
                 constant("ct"));
    assert_bytes(fulfil(&keys, true, constant("aad"), constant("ct")),
                 constant("pt"));
}

/* ---- both ends ---------------------------------------------------------- */

enum { EPHEMERAL = 1, RECIPIENT = 2, STRANGER = 3 };

#define INFO  YAO_LIT("SPECIMEN challenge")
#define AAD   YAO_LIT("SPECIMEN place")
#define PLAIN YAO_LIT("what only the recipient reads")

/* Which of the two ends and what of theirs is another's. */
typedef struct end {
    const char *name;
    size_t      key;       /* whose secret agrees */
    size_t      peer;      /* with whose point */
    size_t      enc, to;   /* what is hashed in; 0: the right ones */
    const char *info, *aad;
    yao_status  want;      /* of opening */
} end;

static const end ends[] = {
    {"accepts what was sealed to it", RECIPIENT, EPHEMERAL, 0, 0, NULL, NULL,
     YAO_OK},
    {"refuses a secret that is not the recipient's", STRANGER, EPHEMERAL, 0, 0,
     NULL, NULL, YAO_E_SECRET},
    {"refuses an agreement with another ephemeral key", RECIPIENT, STRANGER, 0,
     0, NULL, NULL, YAO_E_SECRET},
    {"refuses another enc", RECIPIENT, EPHEMERAL, STRANGER, 0, NULL, NULL,
     YAO_E_SECRET},
    {"refuses another recipient's point", RECIPIENT, EPHEMERAL, 0, STRANGER,
     NULL, NULL, YAO_E_SECRET},
    {"refuses another info", RECIPIENT, EPHEMERAL, 0, 0, "SPECIMEN challengf",
     NULL, YAO_E_SECRET},
    {"refuses no info", RECIPIENT, EPHEMERAL, 0, 0, "", NULL, YAO_E_SECRET},
    {"refuses another aad", RECIPIENT, EPHEMERAL, 0, 0, NULL, "SPECIMEN",
     YAO_E_SECRET},
    {"refuses no aad", RECIPIENT, EPHEMERAL, 0, 0, NULL, "", YAO_E_SECRET},
};

static yao_hpke_keys keys_of(const end *e)
{
    yao_agree_wish agree = {.peer = test_public(e->peer)};
    yao_public_key enc   = test_public(e->enc != 0 ? e->enc : EPHEMERAL);
    yao_public_key to    = test_public(e->to != 0 ? e->to : RECIPIENT);
    yao_bytes      info  = INFO;
    yao_hpke_keys  keys;
    uint8_t        shared[YAO_MAX_AGREEMENT];

    if (e->info != NULL)
        info = yao_text_bytes(yao_text_of(e->info));
    assert_status(yao_openssl_agree(test_key(e->key, YAO_ES256), &agree,
                                    shared),
                  YAO_OK);
    assert_status(yao_hpke_derive(test_crypto(), &enc, &to,
                                  (yao_bytes){shared, 32}, info, &keys),
                  YAO_OK);
    return keys;
}

static yao_bytes sealed(void)
{
    const end     sender = {.key = EPHEMERAL, .peer = RECIPIENT};
    yao_hpke_keys keys   = keys_of(&sender);

    return fulfil(&keys, false, AAD, PLAIN);
}

static yao_status open_with(const yao_hpke_keys *keys, yao_bytes aad,
                            yao_bytes input)
{
    yao_aead_wish wish;
    uint8_t       out[64];
    yao_bytes     plain = PLAIN;

    yao_hpke_wish(keys, true, aad, input, &wish);
    yao_status status = yao_openssl_aead(&wish, out);
    if (status == YAO_OK)
        assert_memory_equal(out, plain.ptr, plain.len);
    return status;
}

static void case_end(void **state)
{
    const end    *e    = *state;
    yao_hpke_keys keys = keys_of(e);
    yao_bytes     aad  = AAD;

    if (e->aad != NULL)
        aad = yao_text_bytes(yao_text_of(e->aad));
    assert_status(open_with(&keys, aad, sealed()), e->want);
}

static yao_status open_swept(yao_bytes input, void *context)
{
    return open_with(context, AAD, input);
}

static void case_sweep(void **state)
{
    yao_hpke_keys keys = keys_of(&ends[0]);

    (void)state;
    test_every_prefix(open_swept, sealed(), &keys);
    test_every_bit(open_swept, sealed(), &keys, NULL);
}

/* ---- what is no key ----------------------------------------------------- */

static const uint8_t zero[48], some[48] = {1, 2, 3};

static const struct refusal {
    const char    *name;
    yao_public_key enc, to; /* len 0: a good one */
    yao_bytes      shared;
    yao_status     want;
} refusals[] = {
    {"accepts 32 bytes that are not zero", {0}, {0}, {some, 32}, YAO_OK},
    {"refuses an agreement of zeros", {0}, {0}, {zero, 32}, YAO_E_KEY},
    {"refuses no agreement", {0}, {0}, {NULL, 0}, YAO_E_KEY},
    {"refuses an agreement of 31 bytes", {0}, {0}, {some, 31}, YAO_E_KEY},
    {"refuses an agreement of 48 bytes", {0}, {0}, {some, 48}, YAO_E_KEY},
    {"refuses a compressed enc", {YAO_P256, {2}, 33}, {0}, {some, 32},
     YAO_E_KEY},
    {"refuses a compressed recipient", {0}, {YAO_P256, {3}, 33}, {some, 32},
     YAO_E_KEY},
    {"refuses an enc on P-384", {YAO_P384, {4}, 97}, {0}, {some, 32},
     YAO_E_KEY},
    {"refuses a recipient on P-384", {0}, {YAO_P384, {4}, 97}, {some, 32},
     YAO_E_KEY},
    {"refuses an enc that does not begin with 04", {YAO_P256, {6}, 65}, {0},
     {some, 32}, YAO_E_KEY},
    {"refuses an enc of no curve", {YAO_CURVE_NONE, {4}, 65}, {0}, {some, 32},
     YAO_E_KEY},
};

static void case_refusal(void **state)
{
    const struct refusal *r    = *state;
    yao_public_key        good = {YAO_P256, {4}, 65};
    yao_hpke_keys         keys;

    memset(&keys, 0xaa, sizeof keys);
    assert_status(yao_hpke_derive(test_crypto(), r->enc.len ? &r->enc : &good,
                                  r->to.len ? &r->to : &good, r->shared, INFO,
                                  &keys),
                  r->want);
    for (size_t i = 0; r->want != YAO_OK && i < sizeof keys.key; i++)
        assert_int_equal(keys.key[i], 0xaa);
}

/* ---- a home that fails -------------------------------------------------- */

typedef struct failing {
    size_t     left; /* calls that go well */
    yao_status then;
} failing;

static yao_status hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out)
{
    failing *f = ctx;

    if (f->left-- == 0)
        return f->then;
    return test_crypto()->hmac(test_crypto()->ctx, alg, key, parts, count, out);
}

static void case_failing(void **state)
{
    const yao_status whats[] = {YAO_E_CRYPTO, YAO_E_UNSUPPORTED};
    yao_public_key   good    = {YAO_P256, {4}, 65};
    yao_hpke_keys    keys;

    (void)state;
    for (size_t n = 0; n < 2 * 7; n++) {
        failing    f    = {n / 2, whats[n % 2]};
        yao_crypto home = {.ctx = &f, .hmac = hmac};

        assert_status(yao_hpke_derive(&home, &good, &good,
                                      (yao_bytes){some, 32}, INFO, &keys),
                      whats[n % 2]);
    }
    failing    f    = {7, YAO_E_CRYPTO};
    yao_crypto home = {.ctx = &f, .hmac = hmac};
    assert_status(yao_hpke_derive(&home, &good, &good, (yao_bytes){some, 32},
                                  INFO, &keys),
                  YAO_OK);
}

static void case_wipe(void **state)
{
    yao_hpke_keys keys = keys_of(&ends[0]);
    yao_aead_wish wish;

    (void)state;
    yao_hpke_wish(&keys, false, AAD, PLAIN, &wish);
    assert_int_equal(wish.alg, YAO_A128GCM);
    assert_false(wish.open);
    yao_hpke_wipe(&keys);
    for (size_t i = 0; i < sizeof keys; i++)
        assert_int_equal(((const uint8_t *)&keys)[i], 0);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(sides); i++)
        test_add("vector", sides[i].name, case_vector, &sides[i]);
    for (size_t i = 0; i < COUNT(ends); i++)
        test_add("open", ends[i].name, case_end, &ends[i]);
    test_add("open", "refuses every prefix and every flipped bit", case_sweep,
             NULL);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add("derive", refusals[i].name, case_refusal, &refusals[i]);
    test_add("derive", "gives what the home failed with, at every call",
             case_failing, NULL);
    test_add("wipe", "never keeps a byte", case_wipe, NULL);
    return test_run("crypto/hpke");
}
