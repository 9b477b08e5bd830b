/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONSOLE_OPERATOR_INSIDE_H
#define YAO_AUTHORITY_CONSOLE_OPERATOR_INSIDE_H

/** Sessions, codes and ceremonies of operators. For this folder's operator
 *  files. */

#include "authority/console/operator.h"
#include "app/passkey.h"

#define CONSOLE_SECRET 32 /* random bytes of a token, a challenge */

/** A code: whose registration it is, and a secret. */
#define CONSOLE_CODE (STORE_ID_LEN + 16)

/** What the proposer of an operator has of the code, the confirmer having the
 *  other: neither can register in the new operator's place. */
#define CONSOLE_HALF 12

/** A code as it is typed: "HALF.CODE"; without the half one that the command
 *  line gave to the first administrators. Wipe it. */
typedef struct console_code {
    uint8_t bytes[CONSOLE_CODE];
    uint8_t half[STORE_HASH_LEN]; /* the half's hash */
    bool    halved;
} console_code;

/** Errors: YAO_E_BASE64: no such code. */
YAO_MUST_USE yao_status console_read_code(const authority *a, yao_text typed,
                                          console_code *ret);

/** What a code is known by. */
YAO_MUST_USE yao_status console_hash_code(const authority    *a,
                                          const console_code *code,
                                          uint8_t out[STORE_HASH_LEN]);

/** SHA-256 over WHAT (a word for each use) and SECRET. */
YAO_MUST_USE yao_status console_hash(const authority *a, const char *what,
                                     yao_bytes secret,
                                     uint8_t   out[STORE_HASH_LEN]);

/** Letters of base64url as exactly LEN bytes. Errors: YAO_E_BASE64. */
YAO_MUST_USE yao_status console_read_letters(yao_text letters, uint8_t *out,
                                             size_t len);

/** BYTES as base64url in ARENA. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status console_write_letters(yao_bytes  bytes,
                                              yao_arena *arena, yao_text *ret);

/* ---- sessions ---- */

/** Open a session of OPERATOR in CHANGE. TOKEN, for the cookie, in ARENA. */
YAO_MUST_USE yao_status console_put_session(authority    *a,
                                            store_change *change,
                                            yao_bytes operator, yao_time now,
                                            yao_arena *arena, yao_text *token);

/**
 * Whose session TOKEN is.
 *
 * Errors  YAO_E_MISSING    no token, or none of ours
 *         YAO_E_NOT_FOUND  no such session, or its operator is not active
 *         YAO_E_EXPIRED    older than CONSOLE_SESSION_SECONDS
 *         those of the store
 */
YAO_MUST_USE yao_status console_find_session(authority *a, yao_text token,
                                             yao_time now, yao_arena *arena,
                                             console_operator *ret);

/* ---- ceremonies ---- */

/** Where the console is. Errors: YAO_E_VALUE: it has no address with a host. */
YAO_MUST_USE yao_status console_place_of(authority *a, passkey_place *ret);

/** Put a new challenge for USE ("login", "register"); in ARENA. */
YAO_MUST_USE yao_status console_new_challenge(authority *a, const char *use,
                                              yao_time now, yao_arena *arena,
                                              yao_bytes *ret);

/**
 * Log in.
 *
 * In      response  as the page sent it
 * Out     token     of a new session; who: whose it is
 * Errors  YAO_E_REFUSED  whatever is wrong with it: challenge, passkey,
 *                        signature, counter, operator
 *         those of the store, YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status console_log_in(authority *a, const yao_json *response,
                                       yao_time now, yao_arena *arena,
                                       yao_text *token, console_operator *who);

/** Register the passkey of RESPONSE with CODE. Errors as console_log_in(). */
YAO_MUST_USE yao_status console_register(authority *a, yao_text code,
                                         const yao_json *response, yao_time now,
                                         yao_arena *arena);

/** Register one more passkey of OPERATOR, who is logged in and showed another
 *  one lately. Errors as console_register(). */
YAO_MUST_USE yao_status console_add_passkey(authority *a, yao_bytes operator,
                                            const yao_json *response,
                                            yao_time now, yao_arena *arena);

/** How many administrators there are at NOW, without EXCEPT; those who were
 *  invited too, as long as their code is good. */
YAO_MUST_USE yao_status console_count_administrators(authority *a,
                                                     yao_bytes  except,
                                                     yao_time   now,
                                                     yao_arena *arena,
                                                     size_t    *ret);

/** May it be an operator's name, and these the roles? Errors: YAO_E_VALUE. */
YAO_MUST_USE yao_status console_check_new(yao_text name, int64_t roles);

#endif
