/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/serve.h"
#include "authority/audit/tree.h"

yao_status audit_get_published(const authority *a, yao_arena *arena,
                               audit_published *ret)
{
    store_log_head head;

    YAO_TRY(store_get_log_head(a->store, arena, &head));
    *ret = (audit_published){head.size, head.note};
    return YAO_OK;
}

yao_status audit_serve_tile(const authority *a, yao_text path,
                            yao_arena *arena, yao_bytes *ret)
{
    audit_tile      tile;
    audit_published head;

    YAO_TRY(audit_read_path(path, &tile));
    YAO_TRY(audit_get_published(a, arena, &head));
    if (audit_tile_needs(&tile) > (uint64_t)head.size)
        return YAO_E_NOT_FOUND;
    return audit_get_tile(a, &tile, arena, ret);
}
