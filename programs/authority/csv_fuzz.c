/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Rows that are accepted become JSON objects that the strict reader takes, and
 * the reader of rows always comes to an end, on a line that is not before the
 * one where it began.
 */

#include "authority/csv.h"

#include "json/json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[8 * 1024 * 1024];
static csv_row head, row;

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "csv: %s\n", what);
        abort();
    }
}

/* A row may ask for a field twice under two names of one object; the head
 * refuses that. Depth and values are within the limits of JSON. */
static void check_record(yao_arena *arena)
{
    yao_writer      w = yao_writer_in(arena);
    yao_bytes       text;
    const yao_json *record;

    if (csv_put_record(&w, &head, &row) != YAO_OK)
        return;
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "no room");
    demand(yao_json_parse(arena, text, &record) == YAO_OK, "not JSON");
    demand(record->kind == YAO_JSON_OBJECT, "not an object");
}

static void read_rows(csv_reader *r, yao_arena *arena)
{
    yao_status status = YAO_OK;
    size_t     line   = r->line;

    while (status != YAO_E_NOT_FOUND && status != YAO_E_FILE &&
           status != YAO_E_SPACE) {
        size_t mark = arena->used, bytes = r->bytes;
        status = csv_read_row(r, arena, &row);
        demand(row.line >= line, "a line before the last one");
        demand(status == YAO_E_NOT_FOUND || r->bytes > bytes, "no progress");
        line = row.line;
        if (status == YAO_OK)
            check_record(arena);
        arena->used = mark;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena arena = {memory, sizeof memory, 0};
    void     *copy  = malloc(len + 1);
    FILE     *in    = NULL;

    if (len == 0 || copy == NULL) {
        free(copy);
        return 0;
    }
    for (size_t i = 0; i < len; i++)
        ((uint8_t *)copy)[i] = data[i];
    in = fmemopen(copy, len, "rb");
    demand(in != NULL, "no stream");
    csv_reader r = csv_open(in);
    if (csv_read_head(&r, &arena, &head) == YAO_OK)
        read_rows(&r, &arena);
    fclose(in);
    free(copy);
    return 0;
}
