/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_BACKUP_MANIFEST_H
#define YAO_AUTHORITY_BACKUP_MANIFEST_H

/**
 * What a backup is: a folder with a manifest that names every file by its hash,
 * written last. No key is in it: keys are kept elsewhere, or the backup is
 * worth as much as the register (docs/guides/backup.md).
 *
 *     BACKUP/backup.json       { "format": "yaopai-backup-1", "made": DATE-TIME,
 *                                "schema": n, "log": n,
 *                                "files": [ {"name", "sha256", "len"} ... ] }
 *     BACKUP/authority.ini
 *     BACKUP/register.db
 *     BACKUP/certificates/...
 */

#include "authority/authority.h"

#define BACKUP_MANIFEST "backup.json"
#define BACKUP_MAX_FILES 256
#define BACKUP_MAX_FILE_NAME 128

typedef struct backup_file {
    char     name[BACKUP_MAX_FILE_NAME]; /* below the folder, no ".." */
    uint8_t  hash[YAO_SHA256_LEN];
    uint64_t len;
} backup_file;

typedef struct backup_manifest {
    yao_time    made;
    int64_t     schema; /* of the store */
    int64_t     log;    /* leaves of the audit log */
    backup_file files[BACKUP_MAX_FILES];
    size_t      count;
} backup_manifest;

/**
 * Note FOLDER/NAME: hash and length.
 *
 * Errors  YAO_E_LIMIT  too many files, too long a name;  YAO_E_FILE
 *         YAO_E_CRYPTO
 */
YAO_MUST_USE yao_status backup_add(backup_manifest *m, const char *folder,
                                   const char *name);

/** Write the manifest into FOLDER. Errors: YAO_E_SPACE, YAO_E_FILE. */
YAO_MUST_USE yao_status backup_write(const backup_manifest *m,
                                     const char *folder, yao_arena *arena);

/**
 * Read the manifest of FOLDER and check every file that it names.
 *
 * Errors  YAO_E_NOT_FOUND   no manifest: the backup was not finished
 *         YAO_E_MALFORMED   another shape; a name that leaves the folder
 *         YAO_E_BAD_DIGEST  a file is not what was written
 *         YAO_E_FILE, YAO_E_LIMIT, YAO_E_CRYPTO, JSON's
 */
YAO_MUST_USE yao_status backup_read(const char *folder, yao_arena *arena,
                                    backup_manifest *ret);

/** Copy FROM/NAME to TO/NAME, new, synced; MODE of the copy. Errors:
 *  YAO_E_EXISTS, YAO_E_FILE, YAO_E_LIMIT. */
YAO_MUST_USE yao_status backup_copy(const char *from, const char *to,
                                    const char *name, unsigned mode);

#endif
