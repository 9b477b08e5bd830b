/* SPDX-License-Identifier: Apache-2.0 */
/* Where the register's keys lie. */

#include "authority/seal.h"

#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_SCHEME "file:"
#define PKCS11_SCHEME "pkcs11:"

static yao_status path_of(const char *uri, const char **ret)
{
    if (strncmp(uri, PKCS11_SCHEME, strlen(PKCS11_SCHEME)) == 0)
        return YAO_E_UNSUPPORTED;
    if (strncmp(uri, FILE_SCHEME, strlen(FILE_SCHEME)) != 0 ||
        uri[strlen(FILE_SCHEME)] == '\0')
        return YAO_E_USAGE;
    *ret = uri + strlen(FILE_SCHEME);
    return YAO_OK;
}

static yao_status check_rights(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return YAO_E_FILE;
    if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return YAO_E_REFUSED;
    return st.st_size == SEAL_KEY_LEN ? YAO_OK : YAO_E_MALFORMED;
}

yao_status seal_key_read(const char *uri, uint8_t out[SEAL_KEY_LEN])
{
    uint8_t     key[SEAL_KEY_LEN];
    const char *path = NULL;

    YAO_TRY(path_of(uri, &path));
    /* not to be held up by a pipe of that name */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? YAO_E_NOT_FOUND
                                                   : YAO_E_FILE;

    yao_status status = check_rights(fd);
    if (status == YAO_OK && read(fd, key, sizeof key) != SEAL_KEY_LEN)
        status = YAO_E_FILE;
    close(fd);
    if (status == YAO_OK)
        memcpy(out, key, sizeof key);
    yao_wipe(key, sizeof key);
    return status;
}

yao_status seal_key_make(const char *path)
{
    uint8_t key[SEAL_KEY_LEN];

    yao_status status = yao_openssl_random(key, sizeof key);
    if (status == YAO_OK)
        status = yao_file_write(path, (yao_bytes){key, sizeof key}, 0600, true);
    yao_wipe(key, sizeof key);
    return status;
}

bool seal_key_inside(const char *uri, const char *folder)
{
    char        real_key[PATH_MAX], real_folder[PATH_MAX];
    const char *path = NULL;

    if (path_of(uri, &path) != YAO_OK)
        return false; /* not a file at all */
    if (realpath(path, real_key) == NULL ||
        realpath(folder, real_folder) == NULL)
        return true;

    size_t len = strlen(real_folder);
    if (len > 0 && real_folder[len - 1] == '/')
        len--; /* the root */
    return strncmp(real_key, real_folder, len) == 0 && real_key[len] == '/';
}
