/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/openssl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 4096, LINE = 64 };

#define BEGIN "-----BEGIN PRIVATE KEY-----\n"
#define END "-----END PRIVATE KEY-----\n"

/* ---- PEM, RFC 7468 section 10 ------------------------------------------ */

static bool cut(yao_bytes *rest, yao_bytes prefix)
{
    if (!yao_bytes_starts(*rest, prefix))
        return false;
    rest->ptr += prefix.len;
    rest->len -= prefix.len;
    return true;
}

/* The letters of the one block in PEM, without line ends. */
static yao_status get_letters(yao_bytes pem, yao_writer *letters)
{
    if (!cut(&pem, YAO_LIT(BEGIN)))
        return YAO_E_MALFORMED;
    while (pem.len > 0 && pem.ptr[0] != '-') {
        if (pem.ptr[0] != '\n')
            yao_put_byte(letters, pem.ptr[0]);
        pem.ptr++;
        pem.len--;
    }
    return cut(&pem, YAO_LIT(END)) && pem.len == 0 ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status read_pem(yao_bytes pem, yao_openssl_key **ret)
{
    uint8_t    text[MAX_FILE], der[MAX_FILE];
    yao_writer letters = yao_writer_open(text, sizeof text);
    yao_writer w       = yao_writer_open(der, sizeof der);

    yao_status status = get_letters(pem, &letters);
    if (status == YAO_OK &&
        yao_get_base64((yao_bytes){text, letters.len}, &w) != YAO_OK)
        status = YAO_E_MALFORMED;
    if (status == YAO_OK)
        status = yao_openssl_key_read((yao_bytes){der, w.len}, ret);

    yao_wipe(text, sizeof text);
    yao_wipe(der, sizeof der);
    return status;
}

static yao_status write_pem(const yao_openssl_key *key, yao_writer *w)
{
    uint8_t    der[YAO_MAX_PRIVATE], text[2 * YAO_MAX_PRIVATE];
    yao_writer binary  = yao_writer_open(der, sizeof der);
    yao_writer letters = yao_writer_open(text, sizeof text);

    yao_status status = yao_openssl_key_write(key, &binary);
    if (status == YAO_OK) {
        yao_put_base64(&letters, (yao_bytes){der, binary.len});
        yao_put_text(w, BEGIN);
        for (size_t at = 0; at < letters.len; at += LINE) {
            size_t rest = letters.len - at;

            yao_put_bytes(w, (yao_bytes){text + at, rest < LINE ? rest : LINE});
            yao_put_byte(w, '\n');
        }
        yao_put_text(w, END);
        status = letters.status != YAO_OK ? letters.status : w->status;
    }

    yao_wipe(der, sizeof der);
    yao_wipe(text, sizeof text);
    return status;
}

/* ---- reading ----------------------------------------------------------- */

/* Asked of the open file, not of its name, which may point elsewhere by then.
 */
static yao_status check_file(int fd)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return YAO_E_FILE;
    if (!S_ISREG(st.st_mode) || (st.st_mode & 077) != 0)
        return YAO_E_REFUSED;
    return st.st_size <= MAX_FILE ? YAO_OK : YAO_E_MALFORMED;
}

static yao_status slurp(int fd, uint8_t *buffer, size_t *len)
{
    size_t have = 0;

    while (have < MAX_FILE) {
        ssize_t n = read(fd, buffer + have, MAX_FILE - have);

        if (n == 0)
            break;
        if (n < 0 && errno != EINTR)
            return YAO_E_FILE;
        have += n > 0 ? (size_t)n : 0;
    }
    *len = have;
    return YAO_OK;
}

static yao_status open_file(const char *path, yao_openssl_key **ret)
{
    uint8_t buffer[MAX_FILE];
    size_t  len = 0;
    int     fd  = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? YAO_E_NOT_FOUND
                                                   : YAO_E_FILE;

    yao_status status = check_file(fd);
    if (status == YAO_OK)
        status = slurp(fd, buffer, &len);
    if (status == YAO_OK)
        status = read_pem((yao_bytes){buffer, len}, ret);

    yao_wipe(buffer, sizeof buffer);
    (void)close(fd);
    return status;
}

yao_status yao_openssl_key_open(const char *uri, yao_openssl_key **ret)
{
    if (strncmp(uri, "file:", 5) == 0)
        return open_file(uri + 5, ret);
    if (strncmp(uri, "pkcs11:", 7) == 0)
        return YAO_E_UNSUPPORTED;
    return YAO_E_USAGE;
}

/* ---- writing ----------------------------------------------------------- */

static yao_status put_all(int fd, yao_bytes bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);

        if (n < 0 && errno != EINTR)
            return YAO_E_FILE;
        if (n > 0) {
            bytes.ptr += n;
            bytes.len -= (size_t)n;
        }
    }
    return fsync(fd) == 0 ? YAO_OK : YAO_E_FILE;
}

/* A new name is safe only once its folder is on the disk as well. */
static yao_status sync_folder(const char *path)
{
    const char *slash  = strrchr(path, '/');
    size_t      len    = slash != NULL ? (size_t)(slash - path) : 0;
    char       *folder = slash == NULL ? strdup(".")
                         : len == 0    ? strdup("/")
                                       : strndup(path, len);

    if (folder == NULL)
        return YAO_E_FILE;
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    free(folder);
    if (fd < 0)
        return YAO_E_FILE;

    yao_status status = fsync(fd) == 0 ? YAO_OK : YAO_E_FILE;
    (void)close(fd);
    return status;
}

static yao_status create(const char *path, yao_bytes content)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno == EEXIST ? YAO_E_EXISTS : YAO_E_FILE;

    yao_status status = put_all(fd, content);
    if (close(fd) != 0)
        status = YAO_E_FILE;
    if (status == YAO_OK)
        status = sync_folder(path);
    if (status != YAO_OK)
        (void)unlink(path);
    return status;
}

yao_status yao_openssl_key_save(const yao_openssl_key *key, const char *path)
{
    uint8_t    pem[3 * YAO_MAX_PRIVATE];
    yao_writer w = yao_writer_open(pem, sizeof pem);

    yao_status status = write_pem(key, &w);
    if (status == YAO_OK)
        status = create(path, (yao_bytes){pem, w.len});

    yao_wipe(pem, sizeof pem);
    return status;
}
