/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_SOURCE_H
#define YAO_AUTHORITY_SOURCE_H

/** Records of people from a file, one after another: JSON Lines or CSV. */

#include "authority/csv.h"

#include <limits.h>

typedef struct source {
    FILE      *in;
    bool       csv;
    csv_reader reader; /* counts lines for JSON Lines, too */
    csv_row    head;
    char       folder[PATH_MAX]; /* where portraits are looked for */
    size_t     size;             /* bytes of the file; 0: not known */
} source;

/**
 * Open PATH, or standard input for "-".
 *
 * In      csv    else JSON Lines
 *         arena  the names of the columns stay there
 * Errors  YAO_E_FILE, YAO_E_NOT_FOUND  it can't be opened
 *         those of csv_read_head(), with the line in ret->reader
 */
YAO_MUST_USE yao_status source_open(const char *path, bool csv,
                                    yao_arena *arena, source *ret);
void                    source_close(source *s);

/**
 * The next record as JSON text; empty lines are skipped.
 *
 * Out     ret   in ARENA
 *         line  where the record begins, written whenever there is one
 * Errors  YAO_E_NOT_FOUND  there is no more
 *         YAO_E_FILE       the file could not be read; no more can be asked
 *         YAO_E_SPACE      the arena is full; likewise
 *         YAO_E_LIMIT      longer than allowed
 *         those of csv_read_row() and csv_put_record()
 */
YAO_MUST_USE yao_status source_next(source *s, yao_arena *arena, yao_bytes *ret,
                                    size_t *line);

#endif
