/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_EXPORT_H
#define YAO_AUTHORITY_LIFE_EXPORT_H

/** All that is held about a person, for that person: docs/formats/export.md. */

#include "authority/life/life.h"
#include "authority/people.h"
#include "store/case.h"

/**
 * Write it as JSON. That it was done is an event, committed before.
 *
 * Out     ret  in the arena; personal
 * Errors  YAO_E_NOT_FOUND  not in the register
 *         those of the store
 */
YAO_MUST_USE yao_status life_export(const enrol *e, yao_bytes lookup,
                                    yao_bytes *ret);

/** What a person wrote in a case, opened. Empty: nothing, or not theirs. */
YAO_MUST_USE yao_status life_open_case(const enrol         *e,
                                       const people_person *person,
                                       const store_case    *what,
                                       yao_text            *ret);

/** Open a case of KIND about PERSON with TEXT (personal; sealed), unless one of
 *  this kind is open: then YAO_E_EXISTS. Out: id in the arena. */
YAO_MUST_USE yao_status life_put_case(const enrol         *e,
                                      const people_person *person,
                                      const char *kind, yao_text text,
                                      yao_bytes *id);

/** Parts of answers that routes and the export share: {"id":..., ...}. */
void life_write_document(yao_writer *w, const store_document *d);
void life_write_bar(yao_writer *w, const store_bar *bar);
void life_write_notice(yao_writer *w, const void *item); /* store_notice */

#endif
