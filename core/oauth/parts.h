/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_OAUTH_PARTS_H
#define YAO_OAUTH_PARTS_H

/**
 * What the tokens of OAuth have in common. Private to this folder.
 */

#include "oauth/oauth.h"

/* A claim that is a string, of 1..MAX letters. */
typedef struct yao_oauth_claim {
    const char *name;
    size_t      max;
    bool        required;
} yao_oauth_claim;

/* Read it; absent: empty, unless it is REQUIRED: then YAO_E_MISSING. Another
 * type or length: YAO_E_MALFORMED. */
YAO_MUST_USE yao_status yao_oauth_get(const yao_json *object, yao_arena *arena,
                                      const yao_oauth_claim *claim,
                                      yao_text              *ret);

/* A moment: NumericDate without a fraction, 0..YAO_TIME_MAX; absent:
 * YAO_TIME_NONE, or YAO_E_MISSING. */
YAO_MUST_USE yao_status yao_oauth_get_time(const yao_json *object,
                                           const char *name, bool required,
                                           yao_time *ret);

/* Are clock, window and skew in their ranges? YAO_E_USAGE. */
YAO_MUST_USE yao_status yao_oauth_check_clock(const yao_oauth_clock *clock);

/* iat, exp and nbf as the clock allows; what is YAO_TIME_NONE is not looked
 * at. YAO_E_EXPIRED, YAO_E_NOT_YET_VALID. */
YAO_MUST_USE yao_status yao_oauth_check_iat(const yao_oauth_clock *clock,
                                            yao_time               iat);
YAO_MUST_USE yao_status yao_oauth_check_life(const yao_oauth_clock *clock,
                                             yao_time nbf, yao_time exp);

/* Is AUDIENCE what `aud` says: the string, or one of an array of strings?
 * YAO_E_MISSING, YAO_E_MALFORMED, YAO_E_MISMATCH. */
YAO_MUST_USE yao_status yao_oauth_check_aud(const yao_json *payload,
                                            yao_text        audience);

/* What a thing that is used once is known by: SHA-256 of LABEL, of the first
 * with its length before it, and of the second. */
YAO_MUST_USE yao_status yao_oauth_hash_once(const yao_crypto *crypto,
                                            const char *label, yao_bytes first,
                                            yao_bytes second,
                                            uint8_t   out[YAO_SHA256_LEN]);

/* Make header.payload of two JSON texts that were written one after the other
 * into W, a writer of ARENA, the first SPLIT bytes long. */
YAO_MUST_USE yao_status yao_oauth_close(yao_writer *w, size_t split,
                                        yao_arena *arena, yao_sig_alg alg,
                                        yao_oauth_unsigned *ret);

/* {"alg":...,"typ":TYPE without its end */
void yao_oauth_put_header(yao_writer *w, yao_sig_alg alg, const char *type);

/* A member of a payload, when VALUE is not YAO_TIME_NONE. */
void yao_oauth_put_time(yao_writer *w, bool *first, const char *name,
                        yao_time value);

/* Cut "scheme://authority path" apart; query and fragment fall off. False when
 * it is no such thing. */
typedef struct yao_oauth_url {
    yao_text scheme, authority, path;
    bool     query, fragment;
} yao_oauth_url;
bool yao_oauth_cut_url(yao_text url, yao_oauth_url *ret);

#endif
