/* SPDX-License-Identifier: Apache-2.0 */
#include "pkcs11/pin.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_CREDENTIAL "pkcs11-pin"

/* Byte by byte: a descriptor may go on after the line. */
static yao_status read_line(int fd, uint8_t *out, size_t *len)
{
    size_t have = 0;

    for (;;) {
        uint8_t letter;
        ssize_t got = read(fd, &letter, 1);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return YAO_E_FILE;
        if (got == 0 || letter == '\n')
            break;
        if (have == YAO_MAX_PIN)
            return YAO_E_LIMIT;
        out[have++] = letter;
    }
    if (have > 0 && out[have - 1] == '\r')
        have--;
    if (have == 0)
        return YAO_E_SECRET;
    *len = have;
    return YAO_OK;
}

static yao_status read_file(const char *path, uint8_t *out, size_t *len)
{
    struct stat st;
    /* not to be held up by a pipe of that name */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return errno == ENOENT || errno == ENOTDIR ? YAO_E_NOT_FOUND
                                                   : YAO_E_FILE;
    yao_status status = fstat(fd, &st) == 0 ? YAO_OK : YAO_E_FILE;
    if (status == YAO_OK &&
        (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0))
        status = YAO_E_REFUSED;
    if (status == YAO_OK)
        status = read_line(fd, out, len);
    close(fd);
    return status;
}

static yao_status read_descriptor(const char *number, uint8_t *out, size_t *len)
{
    char *end = NULL;
    long  fd  = strtol(number, &end, 10);

    if (*number < '0' || *number > '9' || *end != '\0' || fd < 3 ||
        fd > INT_MAX)
        return YAO_E_USAGE;
    return read_line((int)fd, out, len);
}

static yao_status read_credential(const char *name, uint8_t *out, size_t *len)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    char        path[PATH_MAX];

    if (*name == '\0' || strchr(name, '/') != NULL || *name == '.')
        return YAO_E_USAGE;
    if (folder == NULL || *folder != '/')
        return YAO_E_MISSING;
    int size = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (size < 0 || (size_t)size >= sizeof path)
        return YAO_E_LIMIT;
    yao_status status = read_file(path, out, len);
    return status == YAO_E_NOT_FOUND ? YAO_E_MISSING : status;
}

/* "file:/x" and "file:///x" are the same place. */
static yao_status read_uri(const char *path, uint8_t *out, size_t *len)
{
    if (strncmp(path, "///", 3) == 0)
        path += 2;
    return *path == '/' ? read_file(path, out, len) : YAO_E_USAGE;
}

static yao_status read_source(const char *source, uint8_t *out, size_t *len)
{
    if (*source == '\0')
        return read_credential(DEFAULT_CREDENTIAL, out, len);
    if (*source == '/')
        return read_file(source, out, len);
    if (strncmp(source, "file:", 5) == 0)
        return read_uri(source + 5, out, len);
    if (strncmp(source, "fd:", 3) == 0)
        return read_descriptor(source + 3, out, len);
    if (strncmp(source, "credential:", 11) == 0)
        return read_credential(source + 11, out, len);
    return YAO_E_USAGE;
}

yao_status yao_pkcs11_pin_read(yao_text source, uint8_t *out, size_t *len)
{
    char text[PATH_MAX];

    if (source.len >= sizeof text)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < source.len; i++)
        text[i] = (char)source.ptr[i];
    text[source.len] = '\0';
    if (strlen(text) != source.len)
        return YAO_E_USAGE;

    yao_status status = read_source(text, out, len);
    if (status != YAO_OK)
        yao_wipe(out, YAO_MAX_PIN);
    return status;
}
