/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_LIMIT_H
#define YAO_AUTHORITY_ENROL_LIMIT_H

/**
 * How often something may be tried, and cases for officers.
 *
 * A try is counted before it is made, so that many at once are many. After the
 * free ones each takes twice as long as the last, up to a limit: nobody is ever
 * locked out for good, and tries made while one has to wait don't prolong it.
 * Where a limit is reached a case is opened: nothing is blocked silently.
 */

#include "authority/enrol/enrol.h"

typedef enum enrol_limit {
    ENROL_LIMIT_LOGIN  = 6401, /* of a number: wrong access codes */
    ENROL_LIMIT_PERSON = 6402, /* of a number: sessions at kiosks */
    ENROL_LIMIT_FAR    = 6411, /* and by telephone: whoever knows a number can
                                  use these up, and none of the others */
    ENROL_LIMIT_KIOSK  = 6403, /* of a kiosk: numbers that were typed */
    ENROL_LIMIT_PEER   = 6404, /* of an address: self-service, log-ins */
    ENROL_LIMIT_DEVICE = 6405, /* of a device key: people that enrol it */
    ENROL_LIMIT_PARTY  = 6406, /* of a relying party: look-ups by number */
    ENROL_LIMIT_NETCERT = 6407, /* of a person: unfreezing a net certificate */
    ENROL_LIMIT_WALLET  = 6409, /* of a wallet instance: log-ins by code */
    ENROL_LIMIT_OFFICER = 6410, /* of a party's officer: certificates */
    ENROL_LIMIT_LOOKUP  = 6412, /* and look-ups */
    ENROL_LIMIT_GUESS   = 6408  /* of a party, person and item: values that a
                                   party has compared */
} enrol_limit;

/**
 * Count one try of SUBJECT (STORE_HASH_LEN bytes).
 *
 * Out     wait  seconds, on YAO_E_LIMIT; else 0
 * Errors  YAO_E_LIMIT  it has to wait; the try was not counted
 *         those of store_commit()
 */
YAO_MUST_USE yao_status enrol_try(const enrol *e, enrol_limit limit,
                                  yao_bytes subject, int64_t *wait);

/** Which limit of a number a session of KIND counts against. */
enrol_limit enrol_limit_of_number(int64_t kind);

/** It succeeded: begin anew, with the rest of CHANGE. */
void enrol_tried(store_change *change, enrol_limit limit, yao_bytes subject);

/**
 * Open a case of KIND about SUBJECT in CHANGE, unless one is open already.
 *
 * In      detail  JSON without personal values
 * Errors  YAO_E_SPACE, YAO_E_CRYPTO, those of store_count_cases()
 */
YAO_MUST_USE yao_status enrol_put_case(const enrol *e, store_change *change,
                                       const char *kind, yao_bytes subject,
                                       yao_text detail);

#endif
