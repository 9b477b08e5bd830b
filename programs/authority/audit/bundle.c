/* SPDX-License-Identifier: Apache-2.0 */
/* A page in a folder, as tools/make-pages leaves it. */
#include "app/files.h"
#include "authority/audit/pages.h"

#include <stdio.h>
#include <string.h>

enum { MOST_LIST = 1024 * 1024, MOST_FILE = 16 * 1024 * 1024 };

typedef struct looking {
    const yao_crypto *crypto;
    const char       *folder;
    yao_arena        *arena;
    char             *place;
} looking;

static yao_status hash_file(const looking *l, yao_bytes file,
                            uint8_t out[YAO_SHA256_LEN])
{
    return l->crypto->hash(l->crypto->ctx, YAO_SHA256, &file, 1, out);
}

/* "/a/b.js": no way out of the folder. */
static bool is_inside(yao_text path)
{
    for (size_t i = 0; i + 1 < path.len; i++)
        if (path.ptr[i] == '/' &&
            (path.ptr[i + 1] == '.' || path.ptr[i + 1] == '/'))
            return false;
    return path.len > 1 && path.len < 200 && path.ptr[0] == '/' &&
           memchr(path.ptr, 0, path.len) == NULL;
}

static yao_status check_file(const looking *l, const yao_json *member)
{
    uint8_t   hash[YAO_SHA256_LEN], letters[2 * YAO_SHA256_LEN];
    char      whole[CONFIG_MAX_PATH];
    yao_text  path, said;
    yao_bytes file;

    YAO_TRY(yao_json_name(member, l->arena, &path));
    YAO_TRY(yao_json_string(member, l->arena, &said));
    snprintf(l->place, 256, "%.*s", (int)(path.len < 200 ? path.len : 200),
             (const char *)path.ptr);
    if (!is_inside(path))
        return YAO_E_VALUE;
    YAO_TRY(yao_path_join(l->folder, l->place + 1, whole, sizeof whole));
    YAO_TRY(yao_file_read(whole, MOST_FILE, &file));
    yao_status status = hash_file(l, file, hash);
    yao_file_free(&file);
    YAO_TRY(status);
    yao_writer w = yao_writer_open(letters, sizeof letters);
    yao_put_hex(&w, (yao_bytes){hash, sizeof hash});
    return yao_text_equal(said, (yao_text){letters, sizeof letters})
               ? YAO_OK
               : YAO_E_BAD_DIGEST;
}

static yao_status read_list(const looking *l, yao_bytes list,
                            audit_bundle *ret)
{
    const yao_json *object, *files;

    YAO_TRY(yao_json_parse_object(l->arena, list, &object));
    YAO_TRY(yao_json_string(yao_json_get(object, "page"), l->arena,
                            &ret->name));
    if (!yao_audit_is_page_name(ret->name))
        return YAO_E_VALUE;
    files = yao_json_get(object, "files");
    if (files == NULL)
        return YAO_E_MISSING;
    if (files->kind != YAO_JSON_OBJECT)
        return YAO_E_MALFORMED;
    for (const yao_json *each = files->first; each != NULL; each = each->next)
        YAO_TRY(check_file(l, each));
    return hash_file(l, list, ret->hash);
}

yao_status audit_bundle_look(const yao_crypto *crypto, const char *folder,
                             yao_arena *arena, audit_bundle *ret,
                             char place[256])
{
    const looking l = {crypto, folder, arena, place};
    char          whole[CONFIG_MAX_PATH];
    yao_bytes     list, kept;

    snprintf(place, 256, "cache.json");
    YAO_TRY(yao_path_join(folder, "cache.json", whole, sizeof whole));
    YAO_TRY(yao_file_read(whole, MOST_LIST, &list));
    yao_status status = yao_arena_keep(arena, list, &kept);
    yao_file_free(&list);
    YAO_TRY(status);
    return read_list(&l, kept, ret);
}
