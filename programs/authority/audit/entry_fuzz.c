/* SPDX-License-Identifier: Apache-2.0 */
/* A bundle of leaves: whatever is read is written back as it was; and a path of
 * a tile likewise. */
#include "authority/audit/entry.h"
#include "authority/audit/tree.h"
#include "authority/audit/verify.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_leaf(yao_bytes input)
{
    yao_audit_leaf leaf;
    uint8_t    room[YAO_AUDIT_MAX_LEAF];
    yao_writer w = yao_writer_open(room, sizeof room);

    if (yao_audit_read_leaf(input, &leaf) != YAO_OK)
        return;
    yao_audit_put_leaf(&w, &leaf);
    if (w.status != YAO_OK ||
        !yao_bytes_equal((yao_bytes){room, w.len}, input))
        abort();
}

static void check_path(yao_text path)
{
    audit_tile tile;
    char       text[AUDIT_MAX_TILE_PATH];

    if (audit_read_path(path, &tile) != YAO_OK)
        return;
    audit_put_path(&tile, text);
    if (!yao_text_equal(yao_text_of(text), path) ||
        audit_tile_needs(&tile) > YAO_TLOG_MAX_SIZE + AUDIT_TILE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yao_bytes rest = {data, size}, leaf;
    size_t    read = 0;

    while (audit_take_leaf(&rest, &leaf) == YAO_OK) {
        read += 2 + leaf.len;
        check_leaf(leaf);
    }
    if (read + rest.len != size)
        abort();
    check_path((yao_text){data, size});
    return 0;
}
