/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_INVENT_H
#define YAO_AUTHORITY_INVENT_H

/**
 * Fictitious people, as records: households of two to five with consistent
 * relations, licences, vehicles, residence permits. The same seed gives the
 * same people on every machine and on every day.
 *
 *     invention *inv;
 *     YAO_TRY(invent_open(42, 1000, &inv));
 *     while (invent_next(inv, &arena, &record) == YAO_OK) ...
 *     invent_close(inv);
 *
 * Nobody has these numbers: their division code is younger than the person, and
 * the sequence begins with 9 (DESIGN.md). Addresses say 示例. People are as old
 * as they were on 2025-01-01.
 */

#include "yaopai/arena.h"

/** People at once: of each day, place and sex there are fifty numbers. */
#define INVENT_MAX 1000000

typedef struct invention invention;

/** In: count  1..INVENT_MAX.  Errors: YAO_E_USAGE, YAO_E_SPACE. */
YAO_MUST_USE yao_status invent_open(uint64_t seed, size_t count,
                                    invention **ret);
void                    invent_close(invention *inv);

/**
 * The next person's record, JSON, members of a household one after another.
 * Its portrait is one of app/specimen.h.
 *
 * Errors  YAO_E_NOT_FOUND  all were given;  YAO_E_SPACE
 */
YAO_MUST_USE yao_status invent_next(invention *inv, yao_arena *arena,
                                    yao_bytes *ret);

#endif
