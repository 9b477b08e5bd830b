/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_STORE_ROWS_H
#define YAO_STORE_ROWS_H

/**
 * How the verbs that read gather rows: one statement each, items in the arena.
 * For the nouns of the store, a file each.
 *
 *     store_rows g  = {arena, read_kiosk, sizeof(store_kiosk), 8, 0, 0, 0};
 *     store_op   op = {.statement = STORE_SQL_LIST_KIOSKS};
 *     YAO_TRY(store_list_rows(s, &op, &g, &items, &count));
 */

#include "store/engine.h"

/** Make an item of one row; its columns live until it returns. */
typedef yao_status (*store_read_row)(yao_arena         *arena,
                                     const store_value *columns, void *item);

typedef struct store_row_node store_row_node;

typedef struct store_rows {
    yao_arena      *arena;
    store_read_row  read;
    size_t          size;    /* of an item */
    size_t          columns; /* that a row must have */
    store_row_node *first, *last;
    size_t          count;
} store_rows;

/** Run OP on a connection for reading. Errors as store_list_persons(), and
 *  those of EACH. */
YAO_MUST_USE yao_status store_run_reading(store *s, const store_op *op,
                                          store_each_row each, void *ctx);

/** All rows of OP as an array of items in the arena; 0 are no error. Errors as
 *  store_list_persons(). */
YAO_MUST_USE yao_status store_list_rows(store *s, const store_op *op,
                                        store_rows *g, void **ret,
                                        size_t *count);

/** The one row of OP, copied into ITEM. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_row(store *s, const store_op *op,
                                      store_rows *g, void *item);

/** Keep the number of a row of one column, an int64_t, in CTX. */
YAO_MUST_USE yao_status store_keep_int(void *ctx, const store_value *columns,
                                       size_t count);

/** The number that OP counts. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_read_count(store *s, const store_op *op,
                                         uint64_t *ret);

/** The number that STATEMENT counts, which nothing is bound to. */
YAO_MUST_USE yao_status store_count_rows(store *s, int statement,
                                         uint64_t *ret);

/** The rows of OP, of one column of bytes. Errors as store_list_persons(). */
YAO_MUST_USE yao_status store_list_bytes(store *s, const store_op *op,
                                         yao_arena *arena, yao_bytes **ret,
                                         size_t *count);

/** The bytes of its one row. Errors as store_get_person(). */
YAO_MUST_USE yao_status store_get_bytes(store *s, const store_op *op,
                                        yao_arena *arena, yao_bytes *ret);

/** The batches that OP finds, with the columns of list_documents. */
YAO_MUST_USE yao_status store_list_batches(store *s, const store_op *op,
                                           yao_arena       *arena,
                                           store_document **ret,
                                           size_t          *count);

/** Keep the letters of a column. Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status store_keep_text(yao_arena         *arena,
                                        const store_value *column,
                                        yao_text          *ret);

#endif
