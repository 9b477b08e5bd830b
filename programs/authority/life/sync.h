/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_SYNC_H
#define YAO_AUTHORITY_LIFE_SYNC_H

/** One change of the bureau's register: docs/formats/sync.md. */

#include "authority/life/life.h"

typedef enum sync_outcome {
    SYNC_REFUSED = 0,
    SYNC_APPLIED,
    SYNC_SAME,   /* was applied before */
    SYNC_OLDER,  /* a later one was */
    SYNC_CURSOR, /* no change: where to go on */
    SYNC_OUTCOMES
} sync_outcome;

/** What came of a line. */
typedef struct sync_said {
    sync_outcome outcome;
    yao_text     field; /* of what was refused; in the arena */
    const char  *code;  /* a word for programs */
    yao_text     next;  /* of a cursor */
    bool         more;
} sync_said;

/** What a line needs besides. */
typedef struct sync_source {
    /** The portraits of the file that a record names, as intake.portrait;
     *  NULL: files can't be named. */
    yao_status (*portrait)(void *ctx, yao_text name, yao_arena *arena,
                           people_entry *entry);
    void    *ctx;
    yao_date today;
} sync_source;

/**
 * Apply one line.
 *
 * In      e  its arena is used up to a few hundred kB
 * Out     ret  also of a refused line, which is no failure
 * Errors  of the outside: those of the store, YAO_E_SPACE, YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status sync_apply(const enrol *e, const sync_source *source,
                                   yao_bytes text, sync_said *ret);

#endif
