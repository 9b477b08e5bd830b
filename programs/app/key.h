/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_KEY_H
#define YAO_APP_KEY_H

/**
 * A secret key, wherever it is: in a file, in memory, or inside a token that
 * it never leaves.
 *
 *     yao_key *key;
 *     YAO_TRY(yao_key_open("pkcs11:token=Yaopai;object=signer", &key));
 *     YAO_TRY(yao_key_sign(key, &wish, signature, &len));
 *     yao_key_close(key);
 *
 * When something is wrong with a token, yao_explain() is told what, so that
 * the message of whoever handles the status says it.
 *
 * Threads: a key and a token belong to one thread.
 */

#include "yaopai/openssl.h"

typedef struct yao_key       yao_key;
typedef struct yao_key_token yao_key_token;

/**
 * Open the key that URI names.
 *
 * Shape   "file:PATH"    as yao_openssl_key_open()
 *         "pkcs11:..."   as yao_pkcs11_uri_parse(); a key that signs
 * Errors  those of yao_openssl_key_open(), or of yao_pkcs11_uri_parse(),
 *         yao_pkcs11_open() and yao_pkcs11_find()
 */
YAO_MUST_USE yao_status yao_key_open(const char *uri, yao_key **ret);

/** As yao_openssl_key_generate(), yao_openssl_key_read(). */
YAO_MUST_USE yao_status yao_key_generate(yao_sig_alg alg, yao_key **ret);
YAO_MUST_USE yao_status yao_key_read(yao_bytes der, yao_key **ret);

/** As yao_openssl_key_write(), yao_openssl_key_save(); YAO_E_REFUSED for a key
 *  in a token, which can't be written anywhere. */
YAO_MUST_USE yao_status yao_key_write(const yao_key *key, yao_writer *w);
YAO_MUST_USE yao_status yao_key_save(const yao_key *key, const char *path);

/** Close, and wipe what is in memory. NULL is fine. */
void yao_key_close(yao_key *key);

/** The public part. */
yao_public_key yao_key_public(const yao_key *key);

/** The algorithm that it signs with. */
yao_sig_alg yao_key_alg(const yao_key *key);

/** As yao_openssl_sign(), yao_openssl_agree(), and for keys in a token as
 *  yao_pkcs11_sign(), yao_pkcs11_agree(). */
YAO_MUST_USE yao_status yao_key_sign(yao_key *key, const yao_sign_wish *wish,
                                     uint8_t *out, size_t *len);
YAO_MUST_USE yao_status yao_key_agree(yao_key *key, const yao_agree_wish *wish,
                                      uint8_t *out);

/* ---- tokens -------------------------------------------------------------- */

/** Does URI name a token, or a key in one? */
bool yao_key_in_token(const char *uri);

/**
 * Open a token in which keys are made or found.
 *
 * In      write  to make or remove keys
 * Errors  those of yao_pkcs11_uri_parse() and yao_pkcs11_open()
 */
YAO_MUST_USE yao_status yao_key_token_open(const char *uri, bool write,
                                           yao_key_token **ret);

/** After all keys of it. NULL is fine. */
void yao_key_token_close(yao_key_token *token);

/** What a key in a token is for. */
typedef enum yao_key_use {
    YAO_KEY_SIGNS  = 1,
    YAO_KEY_DEVICE = 3 /* signs and agrees */
} yao_key_use;

/**
 * Make a key inside TOKEN; find one by its id.
 *
 * In      label  1..128 bytes that no other key has; empty: made of the id
 * Errors  those of yao_pkcs11_generate() and yao_pkcs11_find()
 */
YAO_MUST_USE yao_status yao_key_token_make(yao_key_token *token,
                                           yao_sig_alg alg, yao_key_use use,
                                           yao_text label, yao_key **ret);
YAO_MUST_USE yao_status yao_key_token_find(yao_key_token *token, yao_bytes id,
                                           yao_key_use use, yao_key **ret);

/** The id by which a key is found in its token; empty for other keys. */
yao_bytes yao_key_id(const yao_key *key);

/** Remove a key from its token for good; it is still to be closed. A key in
 *  memory is only closed. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status yao_key_remove(yao_key *key);

/**
 * The URI of the key LABEL in the token that TOKEN_URI names, for settings.
 *
 * Out     out  ended by a NUL
 * Errors  YAO_E_LIMIT  it needs CAP bytes or more
 *         those of yao_pkcs11_uri_parse()
 */
YAO_MUST_USE yao_status yao_key_uri(const char *token_uri, yao_text label,
                                    char *out, size_t cap);

#endif
