/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_EVENT_H
#define YAO_AUTHORITY_LIFE_EVENT_H

/**
 * What the bureau's register tells of a person, and what becomes of their
 * documents: docs/formats/sync.md section 3.
 *
 *     death              all are revoked, nothing is issued any more; devices
 *                        and guardianships end
 *     move_out           residence permit and booklet are revoked
 *     vehicle_stolen     that vehicle's registration is suspended
 *     vehicle_found      and valid again
 *     licence_suspended  the driving licence is suspended
 *     licence_points     12 or more: likewise; fewer: a notice
 *     licence_restored   and can be issued anew
 *     name_change        what bears the old name is revoked, to be issued anew
 *     guardian_ended     nobody holds the child's documents any more
 */

#include "authority/life/life.h"

/** Points of a licence at which it is suspended (Road Traffic Safety Law
 *  article 24). */
#define LIFE_POINTS 12

typedef struct life_event {
    const people_person *person; /* the change borrows of it */
    const yao_json      *line; /* its members beside those of every line */
    yao_text             kind;
} life_event;

/**
 * Put what the event comes to into CHANGE; the caller commits, and tries again
 * when that is YAO_E_NOT_FOUND.
 *
 * Errors  YAO_E_VALUE      no such event
 *         YAO_E_MISSING, YAO_E_MALFORMED  a member of it
 *         YAO_E_NOT_FOUND  the person has no such vehicle
 *         those of the store
 */
YAO_MUST_USE yao_status life_put_event(const enrol *e, store_change *change,
                                       const life_event *event);

#endif
