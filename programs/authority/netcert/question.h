/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_NETCERT_QUESTION_H
#define YAO_AUTHORITY_NETCERT_QUESTION_H

/**
 * A relying party asks about a net number, and learns yes or no:
 * docs/formats/netcert.md section 4.
 *
 *     question.c      reading what was asked
 *     presentation.c  a net certificate that was shown to the party
 *     answer.c        what the register says
 *     check.c         who asks, may they, and noting it
 */

#include "authority/netcert/netcert.h"
#include "jose/jose.h"
#include "x509/x509.h"

#define NETCERT_SKEW 60 /* seconds a party's clock may differ */
#define NETCERT_MAX_SALT 64

/** Zero is what is told of a number that nobody has. */
typedef enum netcert_answer {
    NETCERT_NOT_GRANTED = 0,
    NETCERT_UNKNOWN     = 1,
    NETCERT_NO          = 2,
    NETCERT_YES         = 3
} netcert_answer;

/** The word for it: "yes". Never NULL. */
const char *netcert_answer_word(netcert_answer answer);

typedef enum netcert_kind {
    NETCERT_ASKS_NOTHING = 0,
    NETCERT_ASKS_VALID   = 1,
    NETCERT_ASKS_IS      = 2,
    NETCERT_ASKS_EQUALS  = 3
} netcert_kind;

/** What was asked; views live as long as the arena and the request. */
typedef struct netcert_question {
    yao_jws      jws;
    yao_text     party, audience, jti, profile;
    yao_time     at;
    yao_text     number; /* or: */
    yao_text     presentation, nonce;
    netcert_kind kind;
    yao_text     item; /* empty: "valid" */
    yao_bytes    salt, hash;
} netcert_question;

/**
 * Read a question; who signed it, and whether it is for us, is not looked at.
 *
 * Errors  YAO_E_MALFORMED  another type or form, a member that is not named
 *         those of yao_jws_read()
 */
YAO_MUST_USE yao_status netcert_read_question(yao_arena *arena, yao_bytes token,
                                              netcert_question *ret);

/** Who asks, with what to prove it. */
typedef struct netcert_asker {
    store_party     party;
    yao_certificate certificate;
} netcert_asker;

/**
 * The net number of a certificate that was shown to ASKER.
 *
 * Errors  YAO_E_REFUSED  not good, not ours, not bound to nonce and audience,
 *                        revoked or suspended, without a number
 *         those of the store
 */
YAO_MUST_USE yao_status netcert_read_shown(const enrol            *e,
                                           const netcert_asker    *asker,
                                           const netcert_question *q,
                                           yao_text               *ret);

/** `aud` of what is shown to ASKER: "x509_hash:...". In the arena. */
YAO_MUST_USE yao_status netcert_audience(const authority *a, yao_bytes der,
                                         yao_arena *arena, yao_text *ret);

/**
 * What the register says of the person of N. Who may ask was looked at.
 *
 * Out     ret  NO, YES; UNKNOWN: no such value, or the card is not valid
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO, those of the store
 */
YAO_MUST_USE yao_status netcert_ask_register(const enrol            *e,
                                             const store_netcert    *n,
                                             const netcert_question *q,
                                             netcert_answer         *ret);

/** HMAC-SHA-256(salt, "yaopai-netcert-equals-1" 00 item 00 value). */
YAO_MUST_USE yao_status netcert_equals_hash(const yao_crypto *crypto,
                                            yao_bytes salt, yao_text item,
                                            yao_text value,
                                            uint8_t out[YAO_SHA256_LEN]);

/**
 * Answer the JWS BODY, addressed to URL; committed before it is given.
 *
 * Out     ret   only on YAO_OK
 *         wait  seconds, on YAO_E_LIMIT
 * Errors  YAO_E_UNTRUSTED       not a question of a party, or used before
 *         YAO_E_REVOKED         the party is suspended, its certificate over
 *         YAO_E_NOT_AUTHORISED  not its profile, or not its item
 *         YAO_E_REFUSED         the presentation is not good
 *         YAO_E_LIMIT           too many;  those of the store
 */
YAO_MUST_USE yao_status netcert_check(const enrol *e, yao_text url,
                                      yao_bytes body, netcert_answer *ret,
                                      int64_t *wait);

#endif
