/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_TOKEN_USE_H
#define YAO_TEST_TOKEN_USE_H

/** What the tests of ports/pkcs11 do with the token of token_world.h. */

#include "check.h"

#include <stdio.h>

#include "crypto/algorithms.h"
#include "pkcs11/pkcs11.h"
#include "token_world.h"
#include "yaopai/openssl.h"

/** One home for all. */
static inline const yao_crypto *use_crypto(void)
{
    static yao_openssl *openssl;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    assert_non_null(openssl);
    return yao_openssl_crypto(openssl);
}

static inline yao_pkcs11_uri use_parse(const char *text)
{
    yao_pkcs11_uri uri;

    assert_status(yao_pkcs11_uri_parse(yao_text_bytes(yao_text_of(text)),
                                       test_arena(), &uri), YAO_OK);
    return uri;
}

/** The token of the test, with PATH behind its label (";object=x"), through
 *  MODULE (NULL: SoftHSM2). */
static inline yao_pkcs11_uri use_uri(const char *path, const char *module)
{
    char text[YAO_MAX_PKCS11_URI];

    snprintf(text, sizeof text,
             "pkcs11:token=%s%s?module-path=%s&pin-source=file:%s", TOKEN_LABEL,
             path, module != NULL ? module : token_world_module(),
             token_world_pin());
    return use_parse(text);
}

static inline yao_pkcs11_token *use_open(const char *module)
{
    yao_pkcs11_uri    uri   = use_uri("", module);
    yao_pkcs11_token *token = NULL;
    yao_pkcs11_report report;

    assert_status(yao_pkcs11_open(&uri, use_crypto(), true, &report, &token),
                  YAO_OK);
    assert_int_equal(report.what, YAO_PKCS11_FINE);
    return token;
}

static inline yao_pkcs11_key *use_make(yao_pkcs11_token *token,
                                       const char *label, yao_sig_alg alg)
{
    const yao_pkcs11_wanted wanted = {
        alg, YAO_PKCS11_SIGN | YAO_PKCS11_AGREE, yao_text_of(label),
        yao_text_bytes(yao_text_of(label))};
    yao_pkcs11_key *key = NULL;

    assert_status(yao_pkcs11_generate(token, &wanted, &key), YAO_OK);
    return key;
}

/** Is SIGNATURE by KEY over MESSAGE? */
static inline bool use_verify(const yao_public_key *key, yao_sig_alg alg,
                              yao_bytes message, yao_bytes signature)
{
    yao_signature_check check = {.alg        = alg,
                                 .key        = *key,
                                 .parts      = {message},
                                 .part_count = 1,
                                 .signature  = signature};

    assert_status(use_crypto()->verify(use_crypto()->ctx, &check, 1), YAO_OK);
    return check.outcome == YAO_SIG_GOOD;
}

/** Sign MESSAGE; what comes out on YAO_OK is verified by another home, and
 *  nothing else is written. */
static inline yao_status use_sign(yao_pkcs11_key *key, const char *message)
{
    uint8_t             out[YAO_MAX_SIGNATURE], before[YAO_MAX_SIGNATURE];
    size_t              len    = 7777;
    yao_bytes           bytes  = yao_text_bytes(yao_text_of(message));
    yao_sig_alg         alg    = yao_pkcs11_key_alg(key);
    yao_public_key      public = yao_pkcs11_key_public(key);
    const yao_sign_wish wish   = yao_sign_wish_of(alg, bytes);

    memset(out, 0xa5, sizeof out);
    memset(before, 0xa5, sizeof before);
    yao_status status = yao_pkcs11_sign(key, &wish, out, &len);
    if (status == YAO_OK) {
        assert_true(use_verify(&public, alg, bytes, (yao_bytes){out, len}));
    } else {
        assert_memory_equal(out, before, sizeof out);
        assert_int_equal(len, 7777);
    }
    return status;
}

#endif
