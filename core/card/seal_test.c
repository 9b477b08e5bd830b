/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed to one challenge, opened with its key alone. */
#include "card/seal.h"

#include "check.h"
#include "forge.h"

enum { CHECKER = 1, HOLDER = 2, OTHER_KEY = 3 };

static const yao_bytes challenge = YAO_INIT("the bytes of a challenge");
static const yao_bytes plain     = YAO_INIT("a card that nobody else may see");

static yao_bytes agree(int with, yao_public_key peer)
{
    yao_agree_wish wish = {peer};
    uint8_t       *out  = yao_arena_take(test_arena(), YAO_MAX_AGREEMENT);

    assert_non_null(out);
    assert_status(yao_openssl_agree(forge_key(with), &wish, out), YAO_OK);
    return (yao_bytes){out, 32};
}

static yao_status fulfil(const yao_aead_wish *wish, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(test_arena(), wish->input.len + YAO_AEAD_TAG);

    assert_non_null(out);
    YAO_TRY(yao_openssl_aead(wish, out));
    *ret = (yao_bytes){out, wish->open ? wish->input.len - YAO_AEAD_TAG
                                       : wish->input.len + YAO_AEAD_TAG};
    return YAO_OK;
}

static yao_bytes seal(yao_bytes to, yao_bytes what)
{
    yao_public_key   recipient = yao_openssl_key_public(forge_key(CHECKER));
    yao_public_key   ephemeral = yao_openssl_key_public(forge_key(HOLDER));
    yao_card_sealing sealing;
    yao_bytes        ciphertext, sealed;

    assert_status(yao_card_seal(forge_crypto(), to, &recipient, &ephemeral,
                                agree(HOLDER, recipient), what, &sealing),
                  YAO_OK);
    assert_status(fulfil(&sealing.wish, &ciphertext), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_card_put_sealed(&w, &sealing, ciphertext);
    assert_status(yao_writer_keep(&w, test_arena(), &sealed), YAO_OK);
    yao_card_wipe_sealing(&sealing);
    return sealed;
}

static yao_status unseal(int with, yao_bytes to, yao_bytes input,
                         yao_bytes *ret)
{
    yao_public_key   recipient = yao_openssl_key_public(forge_key(CHECKER));
    yao_card_sealed  sealed;
    yao_card_sealing opening;
    yao_agree_wish   wish;
    uint8_t          shared[YAO_MAX_AGREEMENT];

    YAO_TRY(yao_card_read_sealed(input, &sealed));
    wish.peer = sealed.ephemeral;
    YAO_TRY(yao_openssl_agree(forge_key(with), &wish, shared));
    YAO_TRY(yao_card_unseal(forge_crypto(), to, &recipient, &sealed,
                            (yao_bytes){shared, 32}, &opening));
    yao_status status = fulfil(&opening.wish, ret);
    yao_card_wipe_sealing(&opening);
    return status;
}

static void gives_back_what_was_sealed(void **state)
{
    yao_bytes sealed = seal(challenge, plain), back;

    (void)state;
    assert_int_equal(sealed.ptr[0], 0x82);
    assert_status(unseal(CHECKER, challenge, sealed, &back), YAO_OK);
    assert_bytes(back, plain);
}

/* 500 bytes and what docs/formats/card.md says that sealing adds. */
static void gives_the_size_that_is_written_down(void **state)
{
    static const uint8_t card[500];

    (void)state;
    assert_int_equal(seal(challenge, (yao_bytes){card, sizeof card}).len,
                     sizeof card + YAO_CARD_SEALED_OVER);
}

static void refuses_another_key(void **state)
{
    yao_bytes sealed = seal(challenge, plain), back;

    (void)state;
    assert_status(unseal(OTHER_KEY, challenge, sealed, &back), YAO_E_SECRET);
}

static void refuses_another_challenge(void **state)
{
    yao_bytes sealed = seal(challenge, plain), back;

    (void)state;
    assert_status(unseal(CHECKER, YAO_LIT("another challenge"), sealed, &back),
                  YAO_E_SECRET);
}

static void refuses_every_changed_bit(void **state)
{
    yao_bytes sealed = seal(challenge, plain), back;
    uint8_t   bytes[256];

    (void)state;
    assert_true(sealed.len <= sizeof bytes);
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        memcpy(bytes, sealed.ptr, sealed.len);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_true(unseal(CHECKER, challenge, (yao_bytes){bytes, sealed.len},
                           &back) != YAO_OK);
    }
}

static void refuses_every_prefix(void **state)
{
    yao_bytes       sealed = seal(challenge, plain);
    yao_card_sealed read;

    (void)state;
    for (size_t len = 0; len < sealed.len; len++)
        assert_status(yao_card_read_sealed((yao_bytes){sealed.ptr, len}, &read),
                      YAO_E_TRUNCATED);
}

/* [enc, ciphertext] with an enc of LEN bytes that begins with FIRST. */
static yao_bytes shaped(uint8_t first, size_t len, size_t text)
{
    uint8_t    enc[80] = {first}, zeros[32] = {0};
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, (yao_bytes){enc, len});
    yao_cbor_put_bytes(&w, (yao_bytes){zeros, text});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void refuses_other_shapes(void **state)
{
    yao_card_sealed read;

    (void)state;
    assert_status(yao_card_read_sealed(shaped(4, 65, 17), &read), YAO_OK);
    assert_status(yao_card_read_sealed(shaped(6, 65, 17), &read), YAO_E_KEY);
    assert_status(yao_card_read_sealed(shaped(4, 64, 17), &read), YAO_E_KEY);
    assert_status(yao_card_read_sealed(shaped(2, 33, 17), &read), YAO_E_KEY);
    assert_status(yao_card_read_sealed(shaped(4, 0, 17), &read), YAO_E_KEY);
    assert_status(yao_card_read_sealed(shaped(4, 65, 16), &read),
                  YAO_E_MALFORMED);
    assert_status(yao_card_read_sealed(shaped(4, 65, 0), &read),
                  YAO_E_MALFORMED);
}

static void refuses_what_is_too_long(void **state)
{
    static uint8_t   whole[YAO_MAX_CARD_WHOLE + 1];
    yao_public_key   key = yao_openssl_key_public(forge_key(CHECKER));
    yao_card_sealing sealing;
    yao_card_sealed  read;

    (void)state;
    assert_status(yao_card_read_sealed((yao_bytes){whole, sizeof whole}, &read),
                  YAO_E_LIMIT);
    assert_status(
        yao_card_seal(forge_crypto(), challenge, &key, &key, agree(HOLDER, key),
                      (yao_bytes){whole, YAO_CARD_SEALED_MAX + 1}, &sealing),
        YAO_E_LIMIT);
    assert_status(yao_card_seal(forge_crypto(), challenge, &key, &key,
                                agree(HOLDER, key), (yao_bytes){whole, 0},
                                &sealing),
                  YAO_E_USAGE);
    assert_status(yao_card_seal(forge_crypto(), (yao_bytes){whole, 0}, &key,
                                &key, agree(HOLDER, key), plain, &sealing),
                  YAO_E_USAGE);
}

static void refuses_a_ciphertext_of_another_length(void **state)
{
    yao_public_key   recipient = yao_openssl_key_public(forge_key(CHECKER));
    yao_public_key   ephemeral = yao_openssl_key_public(forge_key(HOLDER));
    yao_card_sealing sealing;
    yao_bytes        out;

    (void)state;
    assert_status(yao_card_seal(forge_crypto(), challenge, &recipient,
                                &ephemeral, agree(HOLDER, recipient), plain,
                                &sealing),
                  YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_card_put_sealed(&w, &sealing, plain);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_E_USAGE);
}

/* ---- homes that fail ----------------------------------------------------- */

typedef struct failing {
    size_t left; /* calls before the one that fails */
    bool   failed;
} failing;

static bool fails_now(failing *f)
{
    if (f->failed || f->left-- > 0)
        return false;
    f->failed = true;
    return true;
}

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    const yao_crypto *real = forge_crypto();

    return fails_now(ctx) ? YAO_E_CRYPTO
                          : real->hash(real->ctx, alg, parts, count, out);
}

static yao_status hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out)
{
    const yao_crypto *real = forge_crypto();

    return fails_now(ctx) ? YAO_E_CRYPTO
                          : real->hmac(real->ctx, alg, key, parts, count, out);
}

static yao_status hkdf(void *ctx, yao_hash_alg alg, yao_bytes secret,
                       yao_bytes salt, yao_bytes info, uint8_t *out, size_t len)
{
    const yao_crypto *real = forge_crypto();

    return fails_now(ctx)
               ? YAO_E_CRYPTO
               : real->hkdf(real->ctx, alg, secret, salt, info, out, len);
}

/* Seals, or opens, with HOME. */
static yao_status derive_with(const yao_crypto *home, bool open)
{
    yao_public_key   recipient = yao_openssl_key_public(forge_key(CHECKER));
    yao_public_key   ephemeral = yao_openssl_key_public(forge_key(HOLDER));
    yao_bytes        shared    = agree(HOLDER, recipient);
    yao_card_sealed  sealed    = {.ephemeral  = ephemeral,
                                  .ciphertext = YAO_INIT("a ciphertext of 17")};
    yao_card_sealing sealing;

    return open ? yao_card_unseal(home, challenge, &recipient, &sealed, shared,
                                  &sealing)
                : yao_card_seal(home, challenge, &recipient, &ephemeral, shared,
                                plain, &sealing);
}

static void gives_what_the_home_gives(void **state)
{
    (void)state;
    for (size_t open = 0; open < 2; open++)
        for (size_t n = 0;; n++) {
            failing    f    = {n, false};
            yao_crypto home = {&f, hash, hmac, hkdf, NULL};
            yao_status got  = derive_with(&home, open == 1);

            if (!f.failed) {
                assert_status(got, YAO_OK);
                assert_true(n > 1);
                break;
            }
            assert_status(got, YAO_E_CRYPTO);
        }
}

static void leaves_nothing_of_the_keys(void **state)
{
    yao_card_sealing sealing;
    yao_hpke_keys    zero;

    (void)state;
    memset(&sealing, 0xee, sizeof sealing);
    memset(&zero, 0, sizeof zero);
    yao_card_wipe_sealing(&sealing);
    assert_memory_equal(&sealing.keys, &zero, sizeof zero);
}

int main(void)
{
    test_add("seal", "gives back what was sealed", gives_back_what_was_sealed,
             NULL);
    test_add("seal", "gives the size that is written down",
             gives_the_size_that_is_written_down, NULL);
    test_add("seal", "refuses another key", refuses_another_key, NULL);
    test_add("seal", "refuses another challenge", refuses_another_challenge,
             NULL);
    test_add("seal", "refuses every changed bit", refuses_every_changed_bit,
             NULL);
    test_add("seal", "refuses what is empty or too long",
             refuses_what_is_too_long, NULL);
    test_add("seal", "refuses a ciphertext of another length",
             refuses_a_ciphertext_of_another_length, NULL);
    test_add("read", "refuses every prefix", refuses_every_prefix, NULL);
    test_add("read", "refuses other shapes", refuses_other_shapes, NULL);
    test_add("seal", "gives what the home gives", gives_what_the_home_gives,
             NULL);
    test_add("wipe", "never leaves anything of the keys",
             leaves_nothing_of_the_keys, NULL);
    return test_run("card/seal");
}
