/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_PASSKEY_H
#define YAO_AUTHORITY_ENROL_PASSKEY_H

/**
 * A person's passkeys: bound by who has logged in by number and code, and then
 * enough to log in.
 *
 * What a passkey shows is the device and its owner's finger or code: the level
 * is that of number and code, and never more than that of the proof with which
 * it was bound. A person has at most ENROL_PASSKEYS of them.
 */

#include "authority/enrol/login.h"
#include "app/passkey.h"
#include "store/person_passkey.h"

#define ENROL_PASSKEYS 10

/** The ceremonies of E at URL. */
passkey_ceremony enrol_passkeys_of(const enrol *e, yao_text url);

/**
 * Bind the passkey of RESPONSE to WHO.
 *
 * Errors  YAO_E_NOT_AUTHORISED  WHO logged in with a passkey: a stolen one
 *                               would make others
 *         YAO_E_REFUSED  whatever is wrong with it; one that is bound already
 *         YAO_E_LIMIT    WHO has ENROL_PASSKEYS
 *         those of the store; YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status enrol_bind_passkey(const enrol *e, yao_text url,
                                           const enrol_person *who,
                                           const yao_json     *response);

/**
 * Who shows the passkey of RESPONSE.
 *
 * Out     ret  wipe it
 * Errors  YAO_E_REFUSED  whatever is wrong: challenge, signature, counter,
 *                        somebody who was erased
 *         those of the store; YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status enrol_show_passkey(const enrol *e, yao_text url,
                                           const yao_json *response,
                                           enrol_person   *ret);

#endif
