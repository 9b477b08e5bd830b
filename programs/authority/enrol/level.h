/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_ENROL_LEVEL_H
#define YAO_AUTHORITY_ENROL_LEVEL_H

/**
 * Levels follow the factors that were used, and a lower level never ends a
 * higher one (design 9).
 *
 *     1  a device's key                      2  and a code, or a face seen
 *     3  and a face seen by a kiosk             through a telephone ("light")
 *     4  and a card's chip, or an officer
 *
 * A device of the same or a higher level may end others. One of a lower level
 * is added: after a notice, which the person sees in the wallet that they have,
 * and 24 hours in which they can say no.
 */

#include "authority/enrol/enrol.h"

typedef enum enrol_factor {
    ENROL_DEVICE   = 1,
    ENROL_CODE     = 2,
    ENROL_FACE     = 4, /* live, by a paired kiosk's camera */
    ENROL_FACE_FAR = 8, /* by whatever camera a telephone says it has */
    ENROL_CARD     = 16,
    ENROL_OFFICER  = 32
} enrol_factor;

/** The level that FACTORS reach: 0 (none), 1..4. */
int64_t enrol_level(int64_t factors);

/** The word for LEVEL: "light" for 2, "none", "device", "full", "officer". */
const char *enrol_level_word(int64_t level);

/** The word for a store_enrolment_state: "active" for one that is bound. */
const char *enrol_state_word(int64_t state);

/** Has HOLDER a device in use of a higher level than LEVEL? Errors: of the
 *  store. */
YAO_MUST_USE yao_status enrol_has_higher(const enrol *e, yao_bytes holder,
                                         int64_t level, bool *ret);

#define ENROL_NOTICE_SECONDS (24 * 3600)

/** How a new device of a person may come. */
typedef enum enrol_entry {
    ENROL_ENTRY_NOW    = 1, /* the enrolment is in CHANGE, to be offered */
    ENROL_ENTRY_NOTICE = 2, /* a notice was given, or had been given before */
} enrol_entry;

/**
 * Note a new enrolment of HOLDER, or take up one whose notice is over.
 *
 * In      replaces  end the person's other devices of this level or a lower
 * Out     change    the row and an event
 *         ret       what became of it
 *         enrolment id, in the arena; until  when the notice is over
 * Errors  YAO_E_USAGE  LEVEL is not 1..4;  YAO_E_SPACE, YAO_E_CRYPTO, those of
 *         store_list_enrolments(); the commit of CHANGE: YAO_E_NOT_AUTHORISED
 *         when a device of a higher level came in between (try again)
 */
typedef struct enrol_new {
    yao_bytes holder;
    int64_t   factors;
    bool      replaces;
} enrol_new;
typedef struct enrol_entered {
    enrol_entry entry;
    yao_bytes   enrolment;
    int64_t     level;
    yao_time    until;
} enrol_entered;
YAO_MUST_USE yao_status enrol_enter(const enrol *e, store_change *change,
                                    const enrol_new *what, enrol_entered *ret);

/**
 * The wallet has come with its key: bind it, with what else is in CHANGE.
 *
 * In      enrolment  the `note` of the grant
 *         device     keyed hash of the key that identifies the device
 * Errors  YAO_E_NOT_FOUND  no such enrolment
 *         YAO_E_EXISTS     it is bound to another device, or ended
 *         YAO_E_LIMIT      too many people enrolled this device; a case is open
 *         those of the store; the commit: YAO_E_NOT_FOUND, YAO_E_NOT_AUTHORISED
 */
YAO_MUST_USE yao_status enrol_bind(const enrol *e, store_change *change,
                                   yao_bytes enrolment, yao_bytes device);

/** Into CHANGE: whoever has a telephone of HOLDER in hand has no session, and
 *  no passkey that is worth no more than LEVEL. */
void enrol_put_lost(store_change *change, yao_bytes holder, int64_t level);

/** Into CHANGE: the end of a device, by its id and holder, and of `level` at
 *  most; its documents follow, and with it end all passkeys that are worth no
 *  more. The commit: YAO_E_NOT_FOUND: none such, ended, or of a higher level.
 *  Errors: YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status enrol_put_end(const enrol *e, store_change *change,
                                      const store_enrolment *which);

/** End what a guardian holds for children on the same telephone, of `level` at
 *  most: before its own end. Errors: YAO_E_NOT_FOUND: no such device of
 *  `holder`;  of the store. */
YAO_MUST_USE yao_status enrol_end_guarded(const enrol           *e,
                                          const store_enrolment *which);

/** Both, with all sessions of HOLDER. Errors: YAO_E_NOT_FOUND as
 *  above;  of the store. */
YAO_MUST_USE yao_status enrol_end_device(const enrol *e, yao_bytes enrolment,
                                         yao_bytes holder, int64_t level);

/** A telephone is lost: end all devices of HOLDER up to LEVEL, passkeys and
 *  sessions, also of who has no device left. Out: how many devices. Errors: of
 *  the store. */
YAO_MUST_USE yao_status enrol_end_devices(const enrol *e, yao_bytes holder,
                                          int64_t level, size_t *ret);

/** What came to be of documents of devices that have ended: revoke them. For
 *  a job; gives how many. Errors: those of the store. */
YAO_MUST_USE yao_status enrol_revoke_ended(const enrol *e, size_t *ret);

#endif
