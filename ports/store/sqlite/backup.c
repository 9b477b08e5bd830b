/* SPDX-License-Identifier: Apache-2.0 */
/* A copy of a database in use: SQLite's own backup, which sees one moment of it
 * and starts again when somebody writes meanwhile. */

#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

/* All pages in one step: then no writer can come in between. */
#define ALL_PAGES (-1)
#define BUSY_MS 10000

static yao_status status_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_DONE:
        return YAO_OK;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return YAO_E_LOCKED;
    case SQLITE_NOTADB:
        return YAO_E_MALFORMED;
    case SQLITE_CANTOPEN:
        return YAO_E_NOT_FOUND;
    default:
        return YAO_E_STORE;
    }
}

static yao_status copy(sqlite3 *to, sqlite3 *from)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");

    if (backup == NULL)
        return status_of(sqlite3_errcode(to));
    int step   = sqlite3_backup_step(backup, ALL_PAGES);
    int finish = sqlite3_backup_finish(backup);
    if (step != SQLITE_DONE)
        return status_of(step);
    return status_of(finish);
}

static yao_status open_both(const char *from, const char *to,
                            sqlite3 *database[2])
{
    YAO_TRY(status_of(sqlite3_open_v2(from, &database[0],
                                      SQLITE_OPEN_READONLY |
                                          SQLITE_OPEN_NOMUTEX,
                                      NULL)));
    sqlite3_busy_timeout(database[0], BUSY_MS);
    return status_of(sqlite3_open_v2(
        to, &database[1], SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL));
}

/* Made here, so that nobody else may read it. */
static yao_status make_file(const char *path)
{
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);

    if (fd < 0)
        return errno == EEXIST ? YAO_E_EXISTS : YAO_E_FILE;
    close(fd);
    return YAO_OK;
}

yao_status store_sqlite_backup(const char *place, const char *file)
{
    sqlite3 *database[2] = {NULL, NULL};

    if (access(place, R_OK) != 0)
        return YAO_E_NOT_FOUND;
    YAO_TRY(make_file(file));
    yao_status status = open_both(place, file, database);
    if (status == YAO_OK)
        status = copy(database[1], database[0]);
    sqlite3_close(database[0]);
    sqlite3_close(database[1]);
    if (status != YAO_OK)
        unlink(file);
    return status;
}
