/* SPDX-License-Identifier: Apache-2.0 */
/* Is the page that is served the one that an authority vouches for? Browsers look
 * themselves; this is for whoever put the files there. */
#include "app/pages.h"

#include <string.h>

#include "app/files.h"
#include "audit/audit.h"

enum { MEMORY = 2 * 1024 * 1024, MOST_PATH = 4096, MOST_LIST = 1024 * 1024 };

static yao_status read_into(const char *path, size_t most, yao_arena *arena,
                            yao_bytes *ret)
{
    yao_bytes file;

    YAO_TRY(yao_file_read(path, most, &file));
    yao_status status = yao_arena_keep(arena, file, ret);
    yao_file_free(&file);
    return status;
}

static yao_status check(const char *list_path, const char *statement_path,
                        const yao_crypto *crypto, yao_arena *arena)
{
    yao_audit_wanted  wanted = {.seen = NULL};
    yao_audit_pending p;
    yao_audit_page    page;
    const yao_json   *object;
    yao_bytes         statement;

    YAO_TRY(read_into(list_path, MOST_LIST, arena, &wanted.list));
    YAO_TRY(read_into(statement_path, YAO_AUDIT_MAX_STATEMENT, arena,
                      &statement));
    YAO_TRY(yao_json_parse_object(arena, wanted.list, &object));
    YAO_TRY(yao_json_string(yao_json_get(object, "page"), arena,
                            &wanted.page));
    YAO_TRY(yao_audit_page_begin(arena, crypto, statement, NULL, &p));
    YAO_TRY(crypto->verify(crypto->ctx, p.note.checks, p.note.check_count));
    return yao_audit_page_conclude(arena, crypto, &p, &wanted, &page);
}

yao_status app_pages_check(const app_pages *pages, const yao_crypto *crypto)
{
    char      list[MOST_PATH];
    yao_arena arena;

    if (pages->folder[0] == '\0' || !yao_path_exists(pages->statement))
        return YAO_OK;
    YAO_TRY(yao_path_join(pages->folder, "cache.json", list, sizeof list));
    YAO_TRY(yao_memory_open(MEMORY, &arena));
    yao_status status = check(list, pages->statement, crypto, &arena);
    yao_memory_free(&arena);
    return status;
}
