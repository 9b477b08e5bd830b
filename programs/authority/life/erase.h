/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_LIFE_ERASE_H
#define YAO_AUTHORITY_LIFE_ERASE_H

/**
 * An erasure: the person's key is destroyed, and with it every record, portrait
 * and log entry of theirs, in backups too once the key-encryption key of its
 * epoch is gone (design 3.8). What is looked up by, devices, codes, notices go;
 * documents are revoked; booklets of the household, which name the person, are
 * revoked and marked for renewal.
 *
 * What the law wants kept stays, as keyed hashes: which documents were issued,
 * what became of them, the leaves of the log, and the version that the bureau's
 * register last sent. docs/guides/life.md.
 */

#include "authority/life/life.h"

typedef struct life_erasing {
    yao_text    number;
    const char *reason; /* a word: "request", "register", "deceased", "error" */
    const char *by;     /* "command line", "console", "sync" */
} life_erasing;

/** What an erasure came to. */
typedef struct life_erased {
    size_t documents; /* that were revoked */
    size_t booklets;  /* of others */
} life_erased;

/**
 * Erase a person. Not to be undone: who calls this was confirmed by a second
 * (the console's case "person.erase"), or is the register itself.
 *
 * Errors  YAO_E_NOT_FOUND  nobody has this number, or they were erased
 *         YAO_E_USAGE      another reason
 *         YAO_E_LOCKED     others changed something again and again
 *         those of the store
 */
YAO_MUST_USE yao_status life_erase(const enrol *e, const life_erasing *what,
                                   life_erased *ret);

/** The same into CHANGE, for an opened PERSON; the caller tries again when the
 *  commit is YAO_E_NOT_FOUND. Booklets of others are revoked at once. */
YAO_MUST_USE yao_status life_put_erasure(const enrol         *e,
                                         store_change        *change,
                                         const people_person *person,
                                         const life_erasing  *what,
                                         life_erased         *ret);

#endif
