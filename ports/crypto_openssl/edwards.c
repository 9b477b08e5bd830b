/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ed25519, for the checkpoints of a log. It signs messages, not digests, and
 * OpenSSL takes them in one piece.
 */
#include "crypto_openssl/key.h"

#include <openssl/err.h>

#include "base/copy.h"
#include "crypto_openssl/home.h"

const yao_sig_row yao_edwards_row = {.alg           = YAO_ED25519,
                                     .curve         = YAO_EDWARDS25519,
                                     .signature_len = YAO_ED25519_SIGNATURE};

/* COUNT parts in one piece: *ROOM is to be freed, and stays NULL for one. */
static bool join(const yao_bytes *parts, size_t count, uint8_t **room,
                 yao_bytes *ret)
{
    size_t len = 0;

    *room = NULL;
    *ret  = count == 1 ? parts[0] : (yao_bytes){NULL, 0};
    if (count <= 1)
        return true;

    for (size_t i = 0; i < count; i++) {
        if (parts[i].len > SIZE_MAX - len)
            return false;
        len += parts[i].len;
    }
    *room = OPENSSL_malloc(len == 0 ? 1 : len);
    if (*room == NULL)
        return false;
    len = 0;
    for (size_t i = 0; i < count; i++) {
        yao_copy(*room + len, parts[i]);
        len += parts[i].len;
    }
    *ret = (yao_bytes){*room, len};
    return true;
}

static bool holds(const uint8_t public[YAO_ED25519_KEY], yao_bytes signature,
                  yao_bytes message)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY *key  = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, public,
                                                 YAO_ED25519_KEY);
    bool      good = ctx != NULL && key != NULL &&
                EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
                EVP_DigestVerify(ctx, signature.ptr, signature.len, message.ptr,
                                 message.len) == 1;

    EVP_PKEY_free(key);
    EVP_MD_CTX_free(ctx);
    return good;
}

/*
 * OpenSSL says "no" to a wrong signature, to 32 bytes that are no point, and
 * when it has no memory, all in the same way. So after a "no" it is asked
 * about a signature that is known to be right: RFC 8032 section 7.1, TEST 1,
 * over the empty message.
 */
static bool still_verifies(void)
{
    static const char key[] =
        "\xd7\x5a\x98\x01\x82\xb1\x0a\xb7\xd5\x4b\xfe\xd3\xc9\x64\x07\x3a"
        "\x0e\xe1\x72\xf3\xda\xa6\x23\x25\xaf\x02\x1a\x68\xf7\x07\x51\x1a";
    static const char signature[] =
        "\xe5\x56\x43\x00\xc3\x60\xac\x72\x90\x86\xe2\xcc\x80\x6e\x82\x8a"
        "\x84\x87\x7f\x1e\xb8\xe5\xd9\x74\xd8\x73\xe0\x65\x22\x49\x01\x55"
        "\x5f\xb8\x82\x15\x90\xa3\x3b\xac\xc6\x1e\x39\x70\x1c\xf9\xb4\x6b"
        "\xd2\x5b\xf5\xf0\x59\x5b\xbe\x24\x65\x51\x41\x43\x8e\x7a\x10\x0b";

    return holds((const uint8_t *)key,
                 (yao_bytes){(const uint8_t *)signature, 64},
                 (yao_bytes){NULL, 0});
}

yao_sig_outcome yao_edwards_verify(const yao_signature_check *check)
{
    uint8_t        *room;
    yao_bytes       message;
    yao_sig_outcome outcome = YAO_SIG_UNCHECKED;

    if (check->key.curve != YAO_EDWARDS25519 ||
        check->key.len != YAO_ED25519_KEY ||
        check->signature.len != YAO_ED25519_SIGNATURE)
        return YAO_SIG_BAD;
    if (!join(check->parts, check->part_count, &room, &message))
        return YAO_SIG_UNCHECKED;

    if (holds(check->key.point, check->signature, message))
        outcome = YAO_SIG_GOOD;
    else if (still_verifies())
        outcome = YAO_SIG_BAD;
    OPENSSL_free(room);
    return outcome;
}

yao_status yao_edwards_public(const EVP_PKEY *pkey, yao_public_key *ret)
{
    yao_public_key key = {.curve = YAO_EDWARDS25519, .len = YAO_ED25519_KEY};
    size_t         len = YAO_ED25519_KEY;

    if (EVP_PKEY_get_raw_public_key(pkey, key.point, &len) != 1 ||
        len != YAO_ED25519_KEY)
        return YAO_E_CRYPTO;

    *ret = key;
    return YAO_OK;
}

yao_status yao_edwards_sign(const yao_openssl_key *key,
                            const yao_sign_wish *wish, uint8_t *out)
{
    EVP_MD_CTX *ctx    = EVP_MD_CTX_new();
    uint8_t    *room   = NULL, signature[YAO_ED25519_SIGNATURE];
    size_t      len    = sizeof signature;
    yao_status  status = YAO_E_CRYPTO;
    yao_bytes   message;

    if (ctx != NULL && join(wish->parts, wish->part_count, &room, &message) &&
        EVP_DigestSignInit(ctx, NULL, NULL, NULL, key->pkey) == 1 &&
        EVP_DigestSign(ctx, signature, &len, message.ptr, message.len) == 1 &&
        len == sizeof signature) {
        yao_copy(out, (yao_bytes){signature, len});
        status = YAO_OK;
    }

    EVP_MD_CTX_free(ctx);
    OPENSSL_free(room);
    ERR_clear_error();
    return status;
}
