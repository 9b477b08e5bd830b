/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CSV_H
#define YAO_AUTHORITY_CSV_H

/**
 * Records from a table: CSV (RFC 4180) whose first row names the fields, those
 * inside of objects with dots: "identity_card.issue_date", "vehicles.0.plate".
 *
 *     csv_reader r = csv_open(file);
 *     YAO_TRY(csv_read_head(&r, &arena, &head));
 *     while ((status = csv_read_row(&r, &arena, &row)) == YAO_OK)
 *         YAO_TRY(csv_put_record(&w, &head, &row));
 *
 * Rows end in LF or CRLF; a byte order mark at the beginning is skipped; an
 * empty field is an absent one.
 */

#include <stdio.h>

#include "yaopai/arena.h"
#include "yaopai/writer.h"

#define CSV_MAX_FIELDS 256
#define CSV_MAX_ROW (48u * 1024u) /* bytes of a row's fields */

typedef struct csv_reader {
    FILE  *in;
    size_t line;  /* of the byte that comes next, from 1 */
    size_t bytes; /* read so far */
} csv_reader;

typedef struct csv_row {
    yao_text fields[CSV_MAX_FIELDS]; /* in the arena */
    size_t   count;
    size_t   line; /* where it began */
} csv_row;

/** Start reading IN, which stays the caller's. */
csv_reader csv_open(FILE *in);

/**
 * Read the next row that is not an empty line.
 *
 * Out     ret  written only on YAO_OK, but `line` always
 * Errors  YAO_E_NOT_FOUND  there is no more
 *         YAO_E_MALFORMED  a quote inside of an unquoted field, letters after
 *                          a closing quote, a quote that is not closed
 *         YAO_E_UTF8       not UTF-8
 *         YAO_E_LIMIT      more fields or bytes than allowed
 *         YAO_E_FILE       the file could not be read
 *         YAO_E_SPACE      the arena is full
 *         After all but the first and the last two the reader stands at the
 *         next line that is no part of this row, as far as can be told.
 */
YAO_MUST_USE yao_status csv_read_row(csv_reader *r, yao_arena *arena,
                                     csv_row *ret);

/** The first row. Errors as above, and YAO_E_DUPLICATE: a name twice;
 *  YAO_E_VALUE: a name that is empty, or a field and an object at once. */
YAO_MUST_USE yao_status csv_read_head(csv_reader *r, yao_arena *arena,
                                      csv_row *ret);

/**
 * Write a row as a JSON object. Fields that are numbers or truths in a record
 * are written as such when they have the form; else they stay text, and the
 * check of the record says so.
 *
 * Errors  YAO_E_MISMATCH  more or fewer fields than the head
 *         YAO_E_VALUE     items of an array are numbered with a gap
 *         YAO_E_SPACE     recorded in W
 */
YAO_MUST_USE yao_status csv_put_record(yao_writer *w, const csv_row *head,
                                       const csv_row *row);

#endif
