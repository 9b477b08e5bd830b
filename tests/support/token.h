/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_TOKEN_H
#define YAO_TEST_TOKEN_H

/**
 * Tokens of any header and payload, signed with keys that are made when the
 * test runs, so that exactly the thing under test is wrong with them.
 */

#include "check.h"
#include "jose/jose.h"
#include "yaopai/openssl.h"

/** Keys of a test: each number is another key, the same in all cases. */
enum { TEST_KEYS = 8 };

static inline const yao_crypto *test_crypto(void)
{
    static yao_openssl *home;

    if (home == NULL)
        home = yao_openssl_open();
    assert_non_null(home);
    return yao_openssl_crypto(home);
}

static inline yao_openssl_key *test_key(size_t number, yao_sig_alg alg)
{
    static yao_openssl_key *keys[TEST_KEYS][3];

    assert_true(number < TEST_KEYS && (size_t)alg < 3);
    if (keys[number][alg] == NULL)
        assert_status(yao_openssl_key_generate(alg, &keys[number][alg]),
                      YAO_OK);
    return keys[number][alg];
}

static inline yao_public_key test_public(size_t number)
{
    return yao_openssl_key_public(test_key(number, YAO_ES256));
}

static inline yao_bytes test_sign(yao_openssl_key *key, yao_sign_wish wish)
{
    uint8_t  *out = yao_arena_take(test_arena(), YAO_MAX_SIGNATURE);
    size_t    len = 0;

    assert_non_null(out);
    wish.alg = yao_openssl_key_alg(key);
    assert_status(yao_openssl_sign(key, &wish, out, &len), YAO_OK);
    return (yao_bytes){out, len};
}

/** A compact JWS of HEADER and PAYLOAD as they are, signed by KEY. */
static inline yao_bytes test_jws(yao_bytes header, yao_bytes payload,
                                 yao_openssl_key *key)
{
    yao_writer count = yao_writer_count();
    yao_bytes  token = {0};

    yao_jws_put_unsigned(&count, header, payload);
    size_t     room = count.len + 1 + 2 * YAO_MAX_SIGNATURE;
    uint8_t   *out  = yao_arena_take(test_arena(), room);
    yao_writer w    = yao_writer_open(out, room);

    assert_non_null(out);
    yao_jws_put_unsigned(&w, header, payload);
    yao_bytes input = {out, w.len};
    yao_jws_put_signature(&w,
                          test_sign(key, yao_sign_wish_of(YAO_ES256, input)));
    assert_status(yao_writer_close(&w, &token), YAO_OK);
    return token;
}

/** Pieces put together in the arena; ends at the first with a NULL ptr. */
static inline yao_bytes test_join(const yao_bytes *pieces)
{
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0};

    for (; pieces->ptr != NULL; pieces++)
        yao_put_bytes(&w, *pieces);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static inline yao_bytes test_base64url(yao_bytes in)
{
    yao_writer w    = yao_writer_in(test_arena());
    yao_bytes  text = {0};

    yao_put_base64url(&w, in);
    assert_status(yao_writer_keep(&w, test_arena(), &text), YAO_OK);
    return text;
}

static inline const yao_json *test_json(yao_bytes text)
{
    const yao_json *root = NULL;

    assert_status(yao_json_parse(test_arena(), text, &root), YAO_OK);
    return root;
}

/** Is the signature of JWS good by KEY? */
static inline yao_status test_check(const yao_jws        *jws,
                                    const yao_public_key *key)
{
    yao_signature_check check;

    YAO_TRY(yao_jws_check(jws, key, &check));
    YAO_TRY(test_crypto()->verify(test_crypto()->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_BAD_SIGNATURE;
}

#endif
