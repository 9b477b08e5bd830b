/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_SECRET_H
#define YAO_AUTHORITY_ENROL_SECRET_H

/**
 * Codes that people choose, and codes that are given to them.
 *
 * A transaction code (6 digits) is typed once at the keypad and once in the
 * wallet; it is never kept here: the offer keeps what it needs. An access code
 * (8 digits chosen, or 12 letters given) opens freezing, "who looked", and the
 * log-in; it is kept as Argon2id of a keyed hash, whose key is not in the
 * database: a stolen database alone can't be searched for 8 digits.
 */

#include "authority/enrol/enrol.h"

#define ENROL_TRANSACTION_DIGITS 6
#define ENROL_ACCESS_DIGITS 8
#define ENROL_GIVEN_LETTERS 12 /* "ABCDEFGHJKMN", shown in groups of four */

#define ENROL_SALT 16

/**
 * Is CODE one that others try first?
 *
 * In      code    digits, DIGITS of them
 *         number  the person's: no part of it, and no birth date, will do
 * Errors  YAO_E_MALFORMED  another length, or no digits
 *         YAO_E_VALUE      weak: one digit, a run, a repeated block, a year
 *                          or day of birth, a part of the number, a well-known
 */
YAO_MUST_USE yao_status enrol_check_code(yao_text code, size_t digits,
                                         yao_text number);

/** A code that is given: 12 letters and digits that can't be mistaken for each
 *  other (60 bits) into OUT. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status enrol_give_code(char out[ENROL_GIVEN_LETTERS]);

/** The code as it is compared: capital letters, no blanks and dashes. In
 *  ARENA. Errors: YAO_E_SPACE; YAO_E_MALFORMED: none such. */
YAO_MUST_USE yao_status enrol_normal_code(yao_text typed, yao_arena *arena,
                                          yao_text *ret);

/** What is kept of an access code of HOLDER.
 *  Errors: YAO_E_CRYPTO (also: no memory).  Cost: 4 MiB, some milliseconds. */
YAO_MUST_USE yao_status enrol_verifier(const authority *a, yao_bytes holder,
                                       yao_bytes salt, yao_text code,
                                       uint8_t out[STORE_HASH_LEN]);

/** Put CODE as HOLDER's access code into CHANGE. Errors as enrol_verifier(),
 *  YAO_E_SPACE; the claim: see store_put_access_code(). */
YAO_MUST_USE yao_status enrol_put_access_code(const enrol  *e,
                                              store_change *change,
                                              yao_bytes holder, yao_text code,
                                              int64_t level);

#endif
