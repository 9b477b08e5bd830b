/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_SESSION_H
#define YAO_AUTHORITY_ENROL_SESSION_H

/**
 * Sessions whose content only their token opens: the store knows a hash of the
 * token, and the content sealed under a key made of it. Who has the database
 * learns nothing of who stands at a kiosk; a session that is over is nothing.
 */

#include "authority/enrol/enrol.h"

#define ENROL_TOKEN_BYTES 32
#define ENROL_TOKEN_LETTERS 43

/** Seconds that are left to no session. */
#define ENROL_LONGEST_SESSION 3600

typedef struct enrol_session {
    uint8_t   id[STORE_HASH_LEN];
    uint8_t   key[SEAL_KEY_LEN]; /* secret: wipe with enrol_close_session() */
    int64_t   kind;
    int64_t   version;
    yao_time  expires;
    yao_bytes content; /* opened, in the arena */
} enrol_session;

/**
 * Open a session of KIND with CONTENT, until EXPIRES.
 *
 * In      owner  whose sessions end together (a kiosk); may be empty
 * Out     token  43 letters, for whoever goes on
 *         change the claim
 * Errors  YAO_E_CRYPTO, YAO_E_SPACE
 */
YAO_MUST_USE yao_status enrol_open_session(const enrol *e, store_change *change,
                                           const store_session *what,
                                           yao_bytes content, yao_text *token);

/** Find it. OWNER must be its own. Errors: YAO_E_NOT_FOUND: none, over,
 *  another's, or a token of another form;  YAO_E_SECRET: the row was changed;
 *  YAO_E_SPACE, YAO_E_CRYPTO, those of the store. */
YAO_MUST_USE yao_status enrol_find_session(const enrol *e, int64_t kind,
                                           yao_bytes owner, yao_text token,
                                           enrol_session *ret);

/** The same, whoever owns it. */
YAO_MUST_USE yao_status enrol_find_owned(const enrol *e, int64_t kind,
                                         yao_text token, enrol_session *ret);

/** Put CONTENT and its expiry in the place of what was found. The claim that
 *  nobody else did. Errors: YAO_E_CRYPTO, YAO_E_SPACE. */
YAO_MUST_USE yao_status enrol_put_session(const enrol         *e,
                                          store_change        *change,
                                          const enrol_session *session,
                                          yao_bytes            content);

/** Wipe its key. */
void enrol_close_session(enrol_session *session);

#endif
