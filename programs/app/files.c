/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* MAP_ANONYMOUS, MADV_DONTDUMP */
#include "app/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Of 10 ms each: for another process that writes the same file. */
enum { TRIES = 500 };

yao_status yao_memory_open(size_t cap, yao_arena *ret)
{
    void *memory = mmap(NULL, cap, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (memory == MAP_FAILED)
        return YAO_E_SPACE;
    madvise(memory, cap, MADV_DONTDUMP); /* secrets stay out of a core file */
    *ret = (yao_arena){memory, cap, 0};
    return YAO_OK;
}

/* What was wound back lies above `used`: its pages go back to the kernel,
 * which clears them before anybody else gets them. */
void yao_memory_free(yao_arena *arena)
{
    if (arena->base != NULL) {
        yao_wipe(arena->base, arena->used);
        munmap(arena->base, arena->cap);
    }
    *arena = (yao_arena){NULL, 0, 0};
}

/* Twice the room; what lay in the old one may be a secret, so not realloc. */
static uint8_t *grow(uint8_t *old, size_t *cap)
{
    uint8_t *more = malloc(*cap * 2);

    if (more != NULL) {
        memcpy(more, old, *cap);
        yao_wipe(old, *cap);
        free(old);
        *cap *= 2;
    }
    return more;
}

/* Read until the end; the size of a pipe is not known before. */
static yao_status slurp(int fd, size_t most, yao_bytes *ret)
{
    size_t     cap    = 65536, len = 0;
    uint8_t   *buffer = malloc(cap);
    yao_status status = buffer == NULL ? YAO_E_SPACE : YAO_OK;

    while (status == YAO_OK) {
        ssize_t got = read(fd, buffer + len, cap - len);

        if (got < 0 && errno == EINTR)
            continue;
        if (got == 0) {
            *ret = (yao_bytes){buffer, len};
            return YAO_OK;
        }
        len += got > 0 ? (size_t)got : 0;
        if (got < 0)
            status = YAO_E_FILE;
        else if (len > most)
            status = YAO_E_LIMIT;
        else if (len == cap) {
            uint8_t *more = grow(buffer, &cap);
            buffer        = more != NULL ? more : buffer;
            status        = more != NULL ? YAO_OK : YAO_E_SPACE;
        }
    }
    if (buffer != NULL)
        yao_wipe(buffer, len);
    free(buffer);
    return status;
}

yao_status yao_file_read(const char *path, size_t most, yao_bytes *ret)
{
    if (strcmp(path, "-") == 0)
        return slurp(STDIN_FILENO, most, ret);

    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return YAO_E_FILE;

    yao_status status = slurp(fd, most, ret);
    close(fd);
    return status;
}

void yao_file_free(yao_bytes *file)
{
    uint8_t *memory = (uint8_t *)(uintptr_t)file->ptr;

    if (memory != NULL)
        yao_wipe(memory, file->len);
    free(memory);
    *file = (yao_bytes){NULL, 0};
}

static bool write_all(int fd, yao_bytes content)
{
    while (content.len > 0) {
        ssize_t put = write(fd, content.ptr, content.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        content.ptr += put;
        content.len -= (size_t)put;
    }
    return fsync(fd) == 0;
}

/* The rename is durable only when the folder is. */
static bool sync_folder(const char *path)
{
    char        folder[4096];
    const char *slash = strrchr(path, '/');

    snprintf(folder, sizeof folder, "%.*s",
             slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path),
             slash == NULL ? "." : path);

    int  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

static bool is_at(int fd, const char *path)
{
    struct stat ours, there;

    return fstat(fd, &ours) == 0 && lstat(path, &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

/* What somebody left who was killed is removed; who writes still holds it. */
static void clear(const char *beside)
{
    int fd = open(beside, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

    if (fd < 0) {
        if (errno != ENOENT)
            unlink(beside);
        return;
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    else if (is_at(fd, beside))
        unlink(beside);
    close(fd);
}

/* A file that is ours until it is closed: others who write the same one wait,
 * and nobody renames what is half written. */
static int open_beside(const char *beside, unsigned mode)
{
    for (int i = 0; i < TRIES; i++) {
        int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                      (mode_t)mode);

        if (fd < 0 && errno != EEXIST)
            return -1;
        if (fd < 0) {
            clear(beside);
            continue;
        }
        /* where the disk knows no locks it is written without */
        if ((flock(fd, LOCK_EX) == 0 || errno != EINTR) && is_at(fd, beside))
            return fd;
        close(fd);
    }
    return -1;
}

yao_status yao_file_write(const char *path, yao_bytes content, unsigned mode,
                          bool fresh)
{
    char beside[4096];

    if (snprintf(beside, sizeof beside, "%s.new", path) >= (int)sizeof beside)
        return YAO_E_FILE;

    int fd = open_beside(beside, mode);
    if (fd < 0)
        return YAO_E_FILE;

    bool ok = write_all(fd, content);
    ok      = ok && (fresh ? link(beside, path) : rename(beside, path)) == 0;

    yao_status failure = fresh && !ok && errno == EEXIST ? YAO_E_EXISTS
                                                         : YAO_E_FILE;
    if (!ok || fresh)
        unlink(beside);
    ok = close(fd) == 0 && ok;
    return ok && sync_folder(path) ? YAO_OK : failure;
}

yao_status yao_file_remove(const char *path)
{
    return unlink(path) == 0 && sync_folder(path) ? YAO_OK : YAO_E_FILE;
}

yao_status yao_lock_take(const char *folder, const char *name, int *ret)
{
    char path[4096];

    YAO_TRY(yao_path_join(folder, name, path, sizeof path));
    int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return YAO_E_FILE;
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        yao_status status = errno == EWOULDBLOCK ? YAO_E_LOCKED : YAO_E_FILE;
        close(fd);
        return status;
    }
    *ret = fd;
    return YAO_OK;
}

void yao_lock_give(int lock)
{
    if (lock >= 0)
        close(lock);
}

yao_status yao_folder_make(const char *path, unsigned mode)
{
    struct stat st;

    if (mkdir(path, (mode_t)mode) == 0)
        return YAO_OK;
    if (errno == EEXIST && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return YAO_OK;

    return YAO_E_FILE;
}

bool yao_path_exists(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

yao_status yao_path_join(const char *folder, const char *name, char *out,
                         size_t cap)
{
    int len = snprintf(out, cap, "%s/%s", folder, name);

    return len < 0 || (size_t)len >= cap ? YAO_E_LIMIT : YAO_OK;
}

int64_t yao_milliseconds(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}
