/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/backup/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "base/ascii.h"
#include "json/json.h"

#define FORMAT "yaopai-backup-1"
#define MAX_MANIFEST (128u * 1024u)

/* ---- files ---- */

/* A register may be larger than memory: the system reads it page by page. */
static yao_status hash_mapped(int fd, size_t len, backup_file *ret)
{
    yao_openssl *openssl = yao_openssl_open();

    if (openssl == NULL)
        return YAO_E_CRYPTO;
    const yao_crypto *crypto = yao_openssl_crypto(openssl);
    void *at = len > 0 ? mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    yao_status status = YAO_E_FILE;
    if (at != MAP_FAILED) {
        const yao_bytes all = {at, len};
        status = crypto->hash(crypto->ctx, YAO_SHA256, &all, 1, ret->hash);
        if (len > 0)
            munmap(at, len);
    }
    yao_openssl_close(openssl);
    ret->len = len;
    return status;
}

static yao_status hash_file(const char *folder, const char *name,
                            backup_file *ret)
{
    char        path[CONFIG_MAX_PATH];
    struct stat about;

    YAO_TRY(yao_path_join(folder, name, path, sizeof path));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return YAO_E_FILE;
    yao_status status = YAO_E_FILE;
    if (fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        status = hash_mapped(fd, (size_t)about.st_size, ret);
    close(fd);
    return status;
}

yao_status backup_add(backup_manifest *m, const char *folder, const char *name)
{
    if (m->count == BACKUP_MAX_FILES || strlen(name) >= BACKUP_MAX_FILE_NAME)
        return YAO_E_LIMIT;
    backup_file *f = &m->files[m->count];
    YAO_TRY(hash_file(folder, name, f));
    snprintf(f->name, sizeof f->name, "%s", name);
    m->count++;
    return YAO_OK;
}

static yao_status copy_all(int from, int to)
{
    static _Thread_local uint8_t chunk[65536];
    ssize_t                      n;

    while ((n = read(from, chunk, sizeof chunk)) > 0)
        for (ssize_t done = 0; done < n;) {
            ssize_t w = write(to, chunk + done, (size_t)(n - done));
            if (w < 0)
                return YAO_E_FILE;
            done += w;
        }
    return n == 0 && fsync(to) == 0 ? YAO_OK : YAO_E_FILE;
}

yao_status backup_copy(const char *from, const char *to, const char *name,
                       unsigned mode)
{
    char source[CONFIG_MAX_PATH], copy[CONFIG_MAX_PATH];

    YAO_TRY(yao_path_join(from, name, source, sizeof source));
    YAO_TRY(yao_path_join(to, name, copy, sizeof copy));
    int in = open(source, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (in < 0)
        return YAO_E_FILE;
    int out = open(copy, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
                   (mode_t)mode);
    yao_status status = out >= 0          ? copy_all(in, out)
                        : errno == EEXIST ? YAO_E_EXISTS
                                          : YAO_E_FILE;
    close(in);
    if (out >= 0 && close(out) != 0)
        status = YAO_E_FILE;
    return status;
}

/* ---- writing ---- */

static void put_file(yao_writer *w, const backup_file *f)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "name", yao_text_of(f->name));
    yao_json_put_member_hex(w, &first, "sha256",
                            (yao_bytes){f->hash, sizeof f->hash});
    yao_json_put_member_int(w, &first, "len", (int64_t)f->len);
    yao_put_byte(w, '}');
}

static void put_manifest(yao_writer *w, const backup_manifest *m)
{
    bool    first = true, next = true;
    uint8_t made[20];

    yao_time_format(m->made, made);
    yao_put_byte(w, '{');
    yao_json_put_member(w, &first, "format", YAO_TEXT(FORMAT));
    yao_json_put_member(w, &first, "made", (yao_text){made, sizeof made});
    yao_json_put_member_int(w, &first, "schema", m->schema);
    yao_json_put_member_int(w, &first, "log", m->log);
    yao_json_put_name(w, &first, "files");
    yao_put_byte(w, '[');
    for (size_t i = 0; i < m->count; i++) {
        yao_json_put_next(w, &next);
        put_file(w, &m->files[i]);
    }
    yao_put_text(w, "]}\n");
}

yao_status backup_write(const backup_manifest *m, const char *folder,
                        yao_arena *arena)
{
    char       path[CONFIG_MAX_PATH];
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    put_manifest(&w, m);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    YAO_TRY(yao_path_join(folder, BACKUP_MANIFEST, path, sizeof path));
    return yao_file_write(path, text, 0600, true);
}

/* ---- reading ---- */

/* Letters, digits and the like below the folder; nothing that leaves it. */
static bool is_inside(yao_text name)
{
    if (name.len == 0 || name.len >= BACKUP_MAX_FILE_NAME ||
        name.ptr[0] == '/')
        return false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c    = name.ptr[i];
        bool    fine = yao_ascii_letter(c) || yao_ascii_digit(c) || c == '-' ||
                    c == '_' || c == '.' || c == '/';
        if (!fine || (c == '.' && i > 0 && name.ptr[i - 1] == '.') ||
            (c == '.' && (i == 0 || name.ptr[i - 1] == '/')))
            return false;
    }
    return true;
}

static int nibble(uint8_t c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                                                 : -1;
}

static yao_status read_hash(const yao_json *value, yao_arena *arena,
                            uint8_t out[YAO_SHA256_LEN])
{
    yao_text text;

    YAO_TRY(yao_json_string(value, arena, &text));
    if (text.len != 2 * YAO_SHA256_LEN)
        return YAO_E_MALFORMED;
    for (size_t i = 0; i < YAO_SHA256_LEN; i++) {
        int high = nibble(text.ptr[2 * i]), low = nibble(text.ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return YAO_E_MALFORMED;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return YAO_OK;
}

static yao_status read_file(const yao_json *item, yao_arena *arena,
                            backup_manifest *m)
{
    yao_text name;
    int64_t  len = 0;

    if (m->count == BACKUP_MAX_FILES)
        return YAO_E_LIMIT;
    backup_file *f = &m->files[m->count];
    YAO_TRY(yao_json_string(yao_json_get(item, "name"), arena, &name));
    if (!is_inside(name))
        return YAO_E_MALFORMED;
    memcpy(f->name, name.ptr, name.len);
    f->name[name.len] = '\0';
    YAO_TRY(read_hash(yao_json_get(item, "sha256"), arena, f->hash));
    YAO_TRY(yao_json_int(yao_json_get(item, "len"), &len));
    if (len < 0)
        return YAO_E_MALFORMED;
    f->len = (uint64_t)len;
    m->count++;
    return YAO_OK;
}

static yao_status read_manifest(const yao_json *root, yao_arena *arena,
                                backup_manifest *m)
{
    const yao_json *files = yao_json_get(root, "files");
    yao_text        made;

    if (!yao_json_is(yao_json_get(root, "format"), FORMAT))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_string(yao_json_get(root, "made"), arena, &made));
    YAO_TRY(yao_time_parse(yao_text_bytes(made), &m->made));
    YAO_TRY(yao_json_int(yao_json_get(root, "schema"), &m->schema));
    YAO_TRY(yao_json_int(yao_json_get(root, "log"), &m->log));
    if (files == NULL || files->kind != YAO_JSON_ARRAY || m->log < 0)
        return YAO_E_MALFORMED;
    for (const yao_json *f = files->first; f != NULL; f = f->next)
        YAO_TRY(read_file(f, arena, m));
    return YAO_OK;
}

static yao_status check_files(const char *folder, const backup_manifest *m)
{
    for (size_t i = 0; i < m->count; i++) {
        backup_file there;

        YAO_TRY(hash_file(folder, m->files[i].name, &there));
        if (there.len != m->files[i].len ||
            memcmp(there.hash, m->files[i].hash, YAO_SHA256_LEN) != 0)
            return YAO_E_BAD_DIGEST;
    }
    return YAO_OK;
}

yao_status backup_read(const char *folder, yao_arena *arena,
                       backup_manifest *ret)
{
    char            path[CONFIG_MAX_PATH];
    yao_bytes       file, kept;
    const yao_json *root;

    memset(ret, 0, sizeof *ret);
    YAO_TRY(yao_path_join(folder, BACKUP_MANIFEST, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, MAX_MANIFEST, &file));
    yao_status status = yao_arena_keep(arena, file, &kept);
    yao_file_free(&file);
    YAO_TRY(status);
    YAO_TRY(yao_json_parse(arena, kept, &root));
    YAO_TRY(read_manifest(root, arena, ret));
    return check_files(folder, ret);
}
