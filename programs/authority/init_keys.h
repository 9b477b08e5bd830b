/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_INIT_KEYS_H
#define YAO_AUTHORITY_INIT_KEYS_H

/** Where `authority init` makes its keys: in files, or inside a token. */

#include "app/key.h"
#include "authority/config.h"

/** A line of settings is cut by inih at 200 letters. */
#define INIT_MAX_KEY_URI 180

typedef struct init_keys {
    const char    *uri;   /* of the token; NULL: files */
    yao_key_token *token; /* open, or NULL */
    yao_key       *made[SETTING_COUNT];
    size_t         made_count;
    char           uris[SETTING_COUNT][INIT_MAX_KEY_URI];
} init_keys;

/**
 * Begin; URI may be NULL.
 *
 * Errors  YAO_E_USAGE  not the URI of a token;  those of yao_key_token_open()
 */
YAO_MUST_USE yao_status init_keys_open(init_keys *keys, const char *uri);

/** End. Unless KEEP, what was made in the token is removed again. */
void init_keys_close(init_keys *keys, bool keep);

/** A new key; in a token NAME is its label. Errors as yao_key_token_make(). */
YAO_MUST_USE yao_status init_keys_make(init_keys *keys, const char *name,
                                       yao_key **ret);

/** Save KEY as PATH, unless it is in a token. Errors as yao_key_save(). */
YAO_MUST_USE yao_status init_keys_save(const init_keys *keys,
                                       const yao_key *key, const char *path);

/**
 * The settings that name keys: in a token, every key that would be the file
 * keys/NAME.pem is the token's NAME.
 *
 * Out     values  of those settings; they live as long as KEYS
 * Errors  YAO_E_LIMIT  the URI is too long for a line of settings
 */
YAO_MUST_USE yao_status init_keys_settings(init_keys  *keys,
                                           const char *values[SETTING_COUNT]);

#endif
