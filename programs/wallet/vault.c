/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/vault.h"

#include <argon2.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/files.h"
#include "json/json.h"
#include "yaopai/openssl.h"

enum {
    SALT     = 16,
    KEY      = 32,
    OVERHEAD = YAO_SEAL_NONCE + YAO_SEAL_TAG,
    WRAPPED  = KEY + OVERHEAD,
    LARGEST  = 64 * 1024 * 1024
};

/* RFC 9106 section 4, second recommended option: 64 MiB, three passes. */
enum { MEMORY_KIB = 65536, PASSES = 3, LANES = 1 };

/* What a file from somewhere else may make us spend. */
enum { MOST_MEMORY_KIB = 1048576, MOST_PASSES = 16 };

typedef struct header {
    uint8_t salt[SALT];
    uint8_t wrapped[WRAPPED];
    int64_t memory, passes;
} header;

static const yao_bytes WRAP_AAD = YAO_INIT("yaopai-wallet-1");

/* ---- sealing ------------------------------------------------------------ */

/* nonce || ciphertext || tag into OUT, which has PLAIN.len + OVERHEAD bytes. */
static yao_status seal(const uint8_t *key, yao_bytes aad, yao_bytes plain,
                       uint8_t *out)
{
    YAO_TRY(yao_openssl_random(out, YAO_SEAL_NONCE));

    yao_seal how = {.key   = {key, KEY},
                    .nonce = {out, YAO_SEAL_NONCE},
                    .aad   = aad};
    return yao_openssl_seal(&how, plain, out + YAO_SEAL_NONCE);
}

static yao_status unseal(const uint8_t *key, yao_bytes aad, yao_bytes sealed,
                         uint8_t *out)
{
    if (sealed.len < OVERHEAD)
        return YAO_E_SECRET;

    yao_seal how = {.key   = {key, KEY},
                    .nonce = {sealed.ptr, YAO_SEAL_NONCE},
                    .aad   = aad};
    yao_bytes rest = {sealed.ptr + YAO_SEAL_NONCE,
                      sealed.len - YAO_SEAL_NONCE};
    return yao_openssl_unseal(&how, rest, out) == YAO_OK ? YAO_OK
                                                         : YAO_E_SECRET;
}

static yao_status derive(const header *h, yao_bytes passphrase, uint8_t *key)
{
    int result = argon2id_hash_raw((uint32_t)h->passes, (uint32_t)h->memory,
                                   LANES, passphrase.ptr, passphrase.len,
                                   h->salt, SALT, key, KEY);

    return result == ARGON2_OK ? YAO_OK : YAO_E_CRYPTO;
}

/* ---- wallet.json -------------------------------------------------------- */

static yao_status write_header(const char *folder, const header *h)
{
    char       path[4200];
    uint8_t    text[512];
    yao_writer w     = yao_writer_open(text, sizeof text);
    bool       first = true;
    yao_bytes  json;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "format");
    yao_json_put_string(&w, YAO_TEXT("yaopai-wallet-1"));
    yao_json_put_name(&w, &first, "memory");
    yao_json_put_int(&w, h->memory);
    yao_json_put_name(&w, &first, "passes");
    yao_json_put_int(&w, h->passes);
    yao_json_put_name(&w, &first, "salt");
    yao_put_byte(&w, '"');
    yao_put_base64url(&w, (yao_bytes){h->salt, SALT});
    yao_put_byte(&w, '"');
    yao_json_put_name(&w, &first, "key");
    yao_put_byte(&w, '"');
    yao_put_base64url(&w, (yao_bytes){h->wrapped, WRAPPED});
    yao_put_text(&w, "\"}\n");
    YAO_TRY(yao_writer_close(&w, &json));
    YAO_TRY(yao_path_join(folder, "wallet.json", path, sizeof path));

    return yao_file_write(path, json, 0600, true);
}

/* The base64url member NAME, exactly LEN bytes. */
static yao_status get_octets(const yao_json *object, const char *name,
                             yao_arena *arena, uint8_t *out, size_t len)
{
    yao_text letters;

    YAO_TRY(yao_json_string(yao_json_get(object, name), arena, &letters));
    yao_writer w = yao_writer_open(out, len);
    YAO_TRY(yao_get_base64url(yao_text_bytes(letters), &w));
    return w.len == len ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status parse_header(yao_bytes text, yao_arena *arena, header *ret)
{
    const yao_json *root;

    YAO_TRY(yao_json_parse(arena, text, &root));
    if (!yao_json_is(yao_json_get(root, "format"), "yaopai-wallet-1"))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_json_int(yao_json_get(root, "memory"), &ret->memory));
    YAO_TRY(yao_json_int(yao_json_get(root, "passes"), &ret->passes));
    if (ret->memory < 8 || ret->memory > MOST_MEMORY_KIB || ret->passes < 1 ||
        ret->passes > MOST_PASSES)
        return YAO_E_MALFORMED;
    YAO_TRY(get_octets(root, "salt", arena, ret->salt, SALT));
    return get_octets(root, "key", arena, ret->wrapped, WRAPPED);
}

bool yao_vault_exists(const char *folder)
{
    char path[4200];

    return yao_path_join(folder, "wallet.json", path, sizeof path) == YAO_OK &&
           yao_path_exists(path);
}

static yao_status read_header(const char *folder, header *ret)
{
    uint8_t   memory[8192];
    yao_arena arena = {memory, sizeof memory, 0};
    char      path[4200];
    yao_bytes text;

    YAO_TRY(yao_path_join(folder, "wallet.json", path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, 4096, &text));

    yao_status status = parse_header(text, &arena, ret);
    yao_file_free(&text);
    return status == YAO_OK ? YAO_OK : YAO_E_MALFORMED;
}

/* ---- make, open, close -------------------------------------------------- */

static yao_status make_header(yao_bytes passphrase, header *h)
{
    uint8_t    kek[KEY], data[KEY];
    yao_status status = yao_openssl_random(h->salt, SALT);

    h->memory = MEMORY_KIB;
    h->passes = PASSES;
    if (status == YAO_OK)
        status = yao_openssl_random(data, sizeof data);
    if (status == YAO_OK)
        status = derive(h, passphrase, kek);
    if (status == YAO_OK)
        status = seal(kek, WRAP_AAD, (yao_bytes){data, KEY}, h->wrapped);

    yao_wipe(kek, sizeof kek);
    yao_wipe(data, sizeof data);
    return status;
}

yao_status yao_vault_make(const char *folder, yao_bytes passphrase)
{
    enum { SHORTEST = 8 };
    header h = {.memory = 0};

    if (passphrase.len < SHORTEST)
        return YAO_E_SECRET;
    YAO_TRY(yao_folder_make(folder, 0700));
    YAO_TRY(make_header(passphrase, &h));
    return write_header(folder, &h);
}

static yao_status take_lock(const char *folder, int *ret)
{
    char path[4200];

    YAO_TRY(yao_path_join(folder, "lock", path, sizeof path));
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return YAO_E_FILE;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return YAO_E_LOCKED;
    }
    *ret = fd;
    return YAO_OK;
}

yao_status yao_vault_open(const char *folder, yao_bytes passphrase,
                          yao_vault *ret)
{
    yao_vault vault = {.lock = -1};
    uint8_t   kek[KEY];
    header    h;

    if (strlen(folder) >= sizeof vault.folder)
        return YAO_E_LIMIT;
    memcpy(vault.folder, folder, strlen(folder) + 1);
    YAO_TRY(read_header(folder, &h));
    YAO_TRY(take_lock(folder, &vault.lock));

    yao_status status = derive(&h, passphrase, kek);
    if (status == YAO_OK)
        status = unseal(kek, WRAP_AAD, (yao_bytes){h.wrapped, WRAPPED},
                        vault.key);
    yao_wipe(kek, sizeof kek);
    if (status != YAO_OK)
        yao_vault_close(&vault);
    else
        *ret = vault;
    yao_wipe(vault.key, sizeof vault.key);
    return status;
}

void yao_vault_close(yao_vault *vault)
{
    yao_wipe(vault->key, sizeof vault->key);
    if (vault->lock >= 0)
        close(vault->lock);
    vault->lock = -1;
}

/* ---- files -------------------------------------------------------------- */

static yao_status sealed_path(const yao_vault *vault, const char *name,
                              char *out, size_t cap)
{
    int len = snprintf(out, cap, "%s/%s.sealed", vault->folder, name);

    return len < 0 || (size_t)len >= cap ? YAO_E_LIMIT : YAO_OK;
}

yao_status yao_vault_read(const yao_vault *vault, const char *name,
                          yao_arena *arena, yao_bytes *ret)
{
    char      path[4300];
    yao_bytes file;

    YAO_TRY(sealed_path(vault, name, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, LARGEST, &file));

    yao_status status = YAO_E_SECRET;
    if (file.len >= OVERHEAD) {
        size_t   len   = file.len - OVERHEAD;
        uint8_t *plain = yao_arena_take(arena, len);

        status = YAO_E_SPACE;
        if (plain != NULL)
            status = unseal(vault->key, yao_text_bytes(yao_text_of(name)),
                            file, plain);
        if (status == YAO_OK)
            *ret = (yao_bytes){plain, len};
    }
    yao_file_free(&file);
    return status;
}

yao_status yao_vault_write(const yao_vault *vault, const char *name,
                           yao_bytes plain)
{
    char     path[4300];
    uint8_t *sealed = malloc(plain.len + OVERHEAD);

    if (sealed == NULL)
        return YAO_E_SPACE;

    yao_status status = sealed_path(vault, name, path, sizeof path);
    if (status == YAO_OK)
        status = seal(vault->key, yao_text_bytes(yao_text_of(name)), plain,
                      sealed);
    if (status == YAO_OK)
        status = yao_file_write(
            path, (yao_bytes){sealed, plain.len + OVERHEAD}, 0600, false);
    free(sealed);
    return status;
}

/* NAME without SUFFIX into OUT; false when it does not end so. */
static bool cut_suffix(const char *name, const char *suffix, char *out,
                       size_t cap)
{
    size_t len = strlen(name), end = strlen(suffix);

    if (len <= end || len - end >= cap || strcmp(name + len - end, suffix) != 0)
        return false;
    memcpy(out, name, len - end);
    out[len - end] = '\0';
    return true;
}

void yao_vault_sweep(const yao_vault *vault,
                     bool (*named)(void *context, const char *name),
                     void *context)
{
    DIR                 *folder = opendir(vault->folder);
    const struct dirent *entry;

    while (folder != NULL && (entry = readdir(folder)) != NULL) {
        char stem[256];
        bool half = cut_suffix(entry->d_name, ".sealed.new", stem,
                               sizeof stem);
        bool lost = !half &&
                    cut_suffix(entry->d_name, ".sealed", stem, sizeof stem) &&
                    !named(context, stem);

        if (half || lost)
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder != NULL)
        closedir(folder);
}

/* Nothing of it is to be read from a disk that writes where it is told to. On
 * flash the old blocks may stay for a while: they are sealed. */
static void overwrite(const char *path)
{
    static const uint8_t nothing[4096];
    struct stat          about;
    int                  file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

    if (file < 0)
        return;
    if (fstat(file, &about) == 0 && S_ISREG(about.st_mode))
        for (off_t at = 0; at < about.st_size;
             at += (off_t)sizeof nothing)
            if (pwrite(file, nothing, sizeof nothing, at) < 0)
                break;
    (void)fsync(file);
    close(file);
}

void yao_vault_remove(const yao_vault *vault, const char *name)
{
    char path[4300];

    if (sealed_path(vault, name, path, sizeof path) != YAO_OK)
        return;
    overwrite(path);
    unlink(path);
}
