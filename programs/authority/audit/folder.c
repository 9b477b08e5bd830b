/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/folder.h"

#include "app/files.h"
#include "authority/audit/pages.h"
#include "authority/audit/serve.h"
#include "authority/audit/signer.h"
#include "authority/audit/tree.h"

#include <string.h>

#define MAX_PATH CONFIG_MAX_PATH

/* ---- writing ------------------------------------------------------------ */

/* Make the folders that PATH needs below FOLDER. */
static yao_status make_folders(const char *folder, const char *path)
{
    char whole[MAX_PATH];

    for (const char *at = path; (at = strchr(at, '/')) != NULL; at++) {
        char part[AUDIT_MAX_TILE_PATH + 8];

        snprintf(part, sizeof part, "%.*s", (int)(at - path), path);
        YAO_TRY(yao_path_join(folder, part, whole, sizeof whole));
        YAO_TRY(yao_folder_make(whole, 0755));
    }
    return YAO_OK;
}

static yao_status write_tile(const authority *a, const char *folder,
                             const audit_tile *tile, yao_arena *arena)
{
    char      name[AUDIT_MAX_TILE_PATH], path[AUDIT_MAX_TILE_PATH + 8];
    char      whole[MAX_PATH];
    yao_bytes bytes;

    audit_put_path(tile, name);
    snprintf(path, sizeof path, "tile/%s", name);
    YAO_TRY(yao_path_join(folder, path, whole, sizeof whole));
    if (yao_path_exists(whole))
        return YAO_OK;
    YAO_TRY(make_folders(folder, path));
    YAO_TRY(audit_get_tile(a, tile, arena, &bytes));
    return yao_file_write(whole, bytes, 0644, false);
}

/* COUNT things make so many tiles of LEVEL. */
static yao_status write_level(const authority *a, const char *folder,
                              int level, uint64_t count, yao_arena *arena)
{
    for (uint64_t i = 0; i * AUDIT_TILE < count; i++) {
        uint64_t         left = count - i * AUDIT_TILE;
        const audit_tile tile = {
            level, i, left < AUDIT_TILE ? (unsigned)left : AUDIT_TILE};
        size_t     mark   = arena->used;
        yao_status status = write_tile(a, folder, &tile, arena);

        arena->used = mark;
        YAO_TRY(status);
    }
    return YAO_OK;
}

/* After the leaves that they open, so that none is in them that is not there. */
static yao_status write_pages(const authority *a, const char *folder,
                              yao_arena *arena)
{
    char      path[MAX_PATH];
    yao_bytes lines;

    YAO_TRY(audit_pages_get(a, arena, &lines));
    YAO_TRY(yao_path_join(folder, "pages", path, sizeof path));
    return yao_file_write(path, lines, 0644, false);
}

static yao_status write_keys(const authority *a, const char *folder,
                             yao_arena *arena)
{
    audit_signer signer;
    char         path[MAX_PATH];
    yao_bytes    lines;

    YAO_TRY(audit_signer_open(a, arena, &signer));
    yao_writer w = yao_writer_in(arena);
    for (size_t i = 0; i < signer.count; i++) {
        yao_tlog_key_put(&w, &signer.names[i]);
        yao_put_byte(&w, '\n');
    }
    yao_status status = yao_writer_keep(&w, arena, &lines);
    audit_signer_close(&signer);
    YAO_TRY(status);
    YAO_TRY(yao_path_join(folder, "key", path, sizeof path));
    return yao_file_write(path, lines, 0644, false);
}

yao_status audit_write_folder(const authority *a, const char *folder,
                              yao_arena *arena, int64_t *size)
{
    audit_published head;
    char            path[MAX_PATH];

    YAO_TRY(yao_folder_make(folder, 0755));
    YAO_TRY(audit_get_published(a, arena, &head));
    YAO_TRY(write_level(a, folder, AUDIT_ENTRIES, (uint64_t)head.size, arena));
    for (int level = 0; level < 8 && head.size >> 8 * level > 0; level++)
        YAO_TRY(write_level(a, folder, level,
                            (uint64_t)(head.size >> 8 * level), arena));
    YAO_TRY(write_keys(a, folder, arena));
    YAO_TRY(write_pages(a, folder, arena));
    YAO_TRY(yao_path_join(folder, "checkpoint", path, sizeof path));
    YAO_TRY(yao_file_write(path, head.note, 0644, false));
    *size = head.size;
    return YAO_OK;
}

/* ---- reading ------------------------------------------------------------ */

/* A full bundle of the longest leaves, with their lengths. */
#define MAX_TILE (AUDIT_TILE * (2u + 65535u))

static yao_status fetch_file(void *ctx, const char *path, yao_arena *arena,
                             yao_bytes *ret)
{
    char      whole[MAX_PATH];
    yao_bytes file = {NULL, 0};

    YAO_TRY(yao_path_join(ctx, path, whole, sizeof whole));
    if (!yao_path_exists(whole))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(whole, MAX_TILE, &file));
    yao_status status = yao_arena_keep(arena, file, ret);
    yao_file_free(&file);
    return status;
}

audit_source audit_folder_source(const char *folder)
{
    return (audit_source){fetch_file, (void *)(uintptr_t)folder};
}

static yao_status fetch_stored(void *ctx, const char *path, yao_arena *arena,
                               yao_bytes *ret)
{
    const authority *a    = ctx;
    yao_text         name = yao_text_of(path);
    audit_published  head;

    if (strncmp(path, "tile/", 5) == 0)
        return audit_serve_tile(
            a, (yao_text){name.ptr + 5, name.len - 5}, arena, ret);
    if (strcmp(path, "pages") == 0)
        return audit_pages_get(a, arena, ret);
    YAO_TRY(audit_get_published(a, arena, &head));
    *ret = head.note;
    return YAO_OK;
}

audit_source audit_store_source(const authority *a)
{
    return (audit_source){fetch_stored, (void *)(uintptr_t)a};
}
