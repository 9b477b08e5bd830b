/* SPDX-License-Identifier: Apache-2.0 */
#include "app/catalogue_files.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"

const app_catalogue_file *app_catalogue_file_find(yao_text path)
{
    for (size_t i = 0; i < app_catalogue_file_count; i++)
        if (yao_text_equal(app_catalogue_files[i].path, path))
            return &app_catalogue_files[i];

    return NULL;
}

/* ---- of a bundle -------------------------------------------------------- */

/* A file that this program knows under another hash, or not at all, and that
 * does not come along: the authority works with another catalogue. */
static bool is_other(const yao_trust_file *file)
{
    const app_catalogue_file *ours = app_catalogue_file_find(file->name);

    if (ours != NULL)
        return !yao_bytes_equal(ours->hash, file->hash);
    return file->content.ptr == NULL;
}

static bool is_new(const yao_trust_file *file)
{
    return file->content.ptr != NULL &&
           app_catalogue_file_find(file->name) == NULL;
}

static yao_status load_new(yao_arena *arena, const yao_trust_file *files,
                           size_t count, yao_catalogue *ret)
{
    yao_document_file *news =
        yao_arena_take_array(arena, count + 1, sizeof *news);
    size_t n = 0;

    if (news == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        if (is_new(&files[i]))
            news[n++] = (yao_document_file){files[i].name, files[i].content};
    if (n == 0) {
        *ret = *yao_catalogue_shipped();
        return YAO_OK;
    }

    return yao_document_load(arena, yao_catalogue_shipped(), news, n, ret,
                             NULL);
}

yao_status app_bundle_open_files(app_bundle *b)
{
    const yao_trust_content *c = &b->list.content;

    b->other_files = 0;
    for (size_t i = 0; i < c->file_count; i++)
        b->other_files += is_other(&c->files[i]);

    return load_new(&b->arena, c->files, c->file_count, &b->catalogue);
}

/* ---- for a bundle ------------------------------------------------------- */

typedef struct gathering {
    const char     *folder;
    yao_arena      *arena;
    yao_trust_file *files;
    size_t          count;
} gathering;

static yao_trust_file *find(gathering *g, yao_text name)
{
    for (size_t i = 0; i < g->count; i++)
        if (yao_text_equal(g->files[i].name, name))
            return &g->files[i];

    return NULL;
}

/* NAME is below the folder: "profiles/x.json". */
static yao_status add_file(gathering *g, const char *name)
{
    char      path[4096];
    yao_bytes file, text, content;

    YAO_TRY(yao_path_join(g->folder, name, path, sizeof path));
    YAO_TRY(yao_file_read(path, YAO_MAX_MESSAGE, &file));
    yao_status status = yao_arena_keep(g->arena, file, &content);
    yao_file_free(&file);
    YAO_TRY(status);
    YAO_TRY(yao_arena_keep(
        g->arena, yao_text_bytes(yao_text_of(name)), &text));

    yao_text        own  = {text.ptr, text.len};
    yao_trust_file *slot = find(g, own);
    if (slot == NULL) {
        if (g->count == YAO_MAX_TRUST_FILES)
            return YAO_E_LIMIT;
        slot = &g->files[g->count++];
    }
    *slot = (yao_trust_file){.name = own, .content = content};
    return YAO_OK;
}

static bool ends_with(const char *name, const char *ending)
{
    size_t len = strlen(name), end = strlen(ending);

    return len > end && name[0] != '.' && strcmp(name + len - end, ending) == 0;
}

/* A folder that is not there has no files. */
static yao_status add_folder(gathering *g, const char *below,
                             const char *ending)
{
    char           path[4096], name[512];
    struct dirent *entry;
    yao_status     status = YAO_OK;

    YAO_TRY(yao_path_join(g->folder, below, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_OK;
    DIR *folder = opendir(path);
    if (folder == NULL)
        return YAO_E_FILE;
    while (status == YAO_OK && (entry = readdir(folder)) != NULL) {
        if (!ends_with(entry->d_name, ending))
            continue;
        status = yao_path_join(below, entry->d_name, name, sizeof name);
        if (status == YAO_OK)
            status = add_file(g, name);
    }
    closedir(folder);
    return status;
}

static int by_name(const void *a, const void *b)
{
    const yao_trust_file *x = a, *y = b;

    return yao_bytes_compare(yao_text_bytes(x->name), yao_text_bytes(y->name));
}

yao_status app_catalogue_gather(const char *folder, yao_arena *arena,
                                yao_trust_file **ret, size_t *count)
{
    gathering     g = {.folder = folder, .arena = arena};
    yao_catalogue loaded;

    g.files = yao_arena_take_array(arena, YAO_MAX_TRUST_FILES,
                                   sizeof *g.files);
    if (g.files == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < app_catalogue_file_count; i++)
        g.files[g.count++] =
            (yao_trust_file){.name = app_catalogue_files[i].path,
                             .hash = app_catalogue_files[i].hash};
    if (folder != NULL) {
        YAO_TRY(add_folder(&g, "documents", ".json"));
        YAO_TRY(add_folder(&g, "documents/codes", ".csv"));
        YAO_TRY(add_folder(&g, "profiles", ".json"));
    }
    qsort(g.files, g.count, sizeof *g.files, by_name);
    YAO_TRY(load_new(arena, g.files, g.count, &loaded));

    *ret   = g.files;
    *count = g.count;
    return YAO_OK;
}

yao_status app_catalogue_load(const char *folder, yao_arena *arena,
                              const yao_catalogue **ret)
{
    yao_catalogue  *loaded = yao_arena_take(arena, sizeof *loaded);
    yao_trust_file *files;
    size_t          count;

    if (loaded == NULL)
        return YAO_E_SPACE;
    YAO_TRY(app_catalogue_gather(folder, arena, &files, &count));
    YAO_TRY(load_new(arena, files, count, loaded));
    *ret = loaded;
    return YAO_OK;
}
