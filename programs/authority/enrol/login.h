/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_LOGIN_H
#define YAO_AUTHORITY_ENROL_LOGIN_H

/**
 * A person says who they are, without a document: number and access code. For
 * the authorization page, freezing, a lost telephone, "who looked".
 *
 *     enrol_person who;
 *     YAO_TRY(enrol_log_in(&e, number, code, &who, &wait));
 *     YAO_TRY(enrol_start_session(&e, &who, &token));     // Set-Cookie
 *     ...
 *     YAO_TRY(enrol_find_person(&e, cookie, &who));       // each request
 *
 * A number that nobody has takes the same way and the same time. Wrong codes
 * make the next try wait, at most an hour: nobody is locked out for good, and
 * a kiosk or an officer helps at once.
 */

#include "authority/enrol/enrol.h"

#define ENROL_PERSON_SECONDS 900 /* of a session */

/** How a person showed who they are: for passkeys see passkey.h. */
typedef enum enrol_proof {
    ENROL_BY_CODE    = 1,
    ENROL_BY_PASSKEY = 2,
    ENROL_BY_DEVICE  = 3 /* the key that documents were issued to, alone */
} enrol_proof;

/** Who it is. Holds a number: wipe it. */
typedef struct enrol_person {
    uint8_t  lookup[STORE_HASH_LEN]; /* STORE_BY_NUMBER */
    uint8_t  holder[STORE_HASH_LEN]; /* as in the ledger */
    uint8_t  device[STORE_HASH_LEN]; /* of the enrolment, keyed hash of its
                                        key; zero: not known */
    bool     guardian; /* a guardian's device, for a child */
    bool     wallet;   /* the session is held by a wallet's page: good at
                          APP_WALLET only, as a cookie's is not there */
    int64_t  proof;
    int64_t  level; /* of what this proof can do: 2, and never more than that of
                       the enrolment in which the code was given */
    int64_t  code_level; /* of that enrolment: the code ends a lost device up to
                            this level */
    uint32_t number_len;
    uint8_t  number[32];
    yao_time since;
} enrol_person;

/**
 * Out     wait  seconds, on YAO_E_LIMIT
 * Errors  YAO_E_REFUSED  number or code are wrong, or there is none
 *         YAO_E_LIMIT    too many wrong ones: WAIT
 *         those of the store; YAO_E_CRYPTO, YAO_E_SPACE
 * Cost    one Argon2id, always
 */
YAO_MUST_USE yao_status enrol_log_in(const enrol *e, yao_text number,
                                     yao_text code, enrol_person *ret,
                                     int64_t *wait);

/** A session of WHO; TOKEN for the cookie. Errors: YAO_E_CRYPTO, YAO_E_SPACE,
 *  those of store_commit(). */
YAO_MUST_USE yao_status enrol_start_session(const enrol        *e,
                                            const enrol_person *who,
                                            yao_text           *token);

/** Whose session it is. Errors: as enrol_find_session(). */
YAO_MUST_USE yao_status enrol_find_person(const enrol *e, yao_text token,
                                          enrol_person *ret);

/** End one; end all of a person (their code was changed, a device was lost), or
 *  all but that of TOKEN. Errors: as enrol_find_session(). */
YAO_MUST_USE yao_status enrol_end_session(const enrol *e, yao_text token);
void enrol_end_sessions(store_change *change, const enrol_person *who);
YAO_MUST_USE yao_status enrol_end_other_sessions(const enrol        *e,
                                                 store_change       *change,
                                                 const enrol_person *who,
                                                 yao_text            token);

/** The code that holds, and the one that is to. Secrets: the caller's. */
typedef struct enrol_new_code {
    yao_text old, code;
} enrol_new_code;

/** Change the access code, of which the new one has the level; who only found a
 *  session open, or has a passkey, can't. All sessions end.
 *
 *  Out     wait  seconds, on YAO_E_LIMIT
 *  Errors  YAO_E_MALFORMED, YAO_E_VALUE  as enrol_check_code(), of the new one
 *          YAO_E_REFUSED, YAO_E_LIMIT    as enrol_log_in(), of the old one
 *          those of the store
 */
YAO_MUST_USE yao_status enrol_change_code(const enrol          *e,
                                          const enrol_person   *who,
                                          const enrol_new_code *codes,
                                          int64_t              *wait);

#endif
