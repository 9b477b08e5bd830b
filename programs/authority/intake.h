/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_INTAKE_H
#define YAO_AUTHORITY_INTAKE_H

/**
 * Many people into the register: read, check, seal, commit, tell.
 *
 *     intake *in;
 *     YAO_TRY(intake_new(&in));
 *     in->authority = &a; in->next = ...; in->portrait = ...;
 *     status = intake_run(in);
 *     intake_free(in);
 *
 * Each record stands for itself: it is checked, sealed, and given to the store
 * as a change of its own, 64 at a time; the writer commits them in groups. One
 * that is refused leaves nothing behind, and a killed intake leaves whole
 * people only. With `all` the records are one transaction.
 *
 * Memory   50 MB of addresses, of which it uses what it needs
 */

#include "authority/people.h"
#include "document/document.h"

/** Changes under way, and what one of them borrows: the sealed person. */
#define INTAKE_SLOTS 64

typedef struct intake_slot {
    yao_arena    arena;
    store_change change;
    size_t       line;
    bool         busy;
} intake_slot;

/** What is wrong with a line; never a value: that can be seen in the file. */
typedef struct intake_trouble {
    yao_text     field;
    yao_severity severity;
    const char  *code; /* for programs: of yao_reason_name() or a status */
    const char  *why;  /* for people */
} intake_trouble;

typedef struct intake {
    /* from the caller */
    authority  *authority;
    const char *path; /* for messages */
    bool        json; /* problems as items of a JSON list on standard output */
    bool        warn; /* tell what is unusual, too */
    bool        all;  /* one transaction: all or nothing */
    void       *ctx;  /* of the functions below */

    /** The next record as JSON text in ARENA; LINE is where it stands.
     *  Errors as source_next(). */
    yao_status (*next)(void *ctx, yao_arena *arena, yao_bytes *ret,
                       size_t *line);

    /** The portraits of the file that a record names, cleaned, in ARENA or
     *  living as long as CTX; NULL: files can't be named. Errors: YAO_E_FILE,
     *  those of intake_clean(). */
    yao_status (*portrait)(void *ctx, yao_text name, yao_arena *arena,
                           people_entry *entry);

    /** How far it is, for the bar; may be NULL. */
    size_t (*done)(void *ctx);

    /** Who is told what is wrong; NULL: standard output or error. */
    void (*tell)(void *ctx, size_t line, const intake_trouble *what);

    yao_progress progress; /* label and total from the caller */

    /* what came of it */
    size_t imported, refused, unusual;

    /* its own */
    yao_arena   work;
    intake_slot slots[INTAKE_SLOTS];
    yao_date    today;
    size_t      line;
    bool        told;
} intake;

/** Errors: YAO_E_SPACE. */
YAO_MUST_USE yao_status intake_new(intake **ret);

/** Wipes what passed through. NULL is fine. */
void intake_free(intake *in);

/**
 * Take everything in.
 *
 * Out     imported, refused, unusual; a refused record has been told with its
 *         line, field and reason, never with a value
 * Errors  what ended the intake: of the outside, not of a record
 */
YAO_MUST_USE yao_status intake_run(intake *in);

/**
 * For who commits each record with something of their own: read, check and seal
 * the next one into SLOT's change, which is begun anew.
 *
 * Errors  YAO_E_NOT_FOUND: there is no more; intake_is_lines_fault(): it is
 *         refused, and was told; others end the intake
 */
YAO_MUST_USE yao_status intake_prepare(intake *in, intake_slot *slot);

/** Tell that SLOT's commit was YAO_E_EXISTS. */
void intake_tell_lost(intake *in, const intake_slot *slot);

/** Clean JPEG and make its small copy, into ENTRY. Errors: those of
 *  image_clean_jpeg() and image_shrink_jpeg(). */
YAO_MUST_USE yao_status intake_clean(yao_bytes jpeg, yao_arena *arena,
                                     people_entry *entry);

/** The file NAME of FOLDER, cleaned likewise. Errors: YAO_E_FILE, YAO_E_LIMIT;
 *  those of intake_clean(). */
YAO_MUST_USE yao_status intake_read_portrait(const char *folder, yao_text name,
                                             yao_arena    *arena,
                                             people_entry *entry);

/** Is STATUS the fault of a line? Anything else ends what reads them. */
bool intake_is_lines_fault(yao_status status);

/** The name of a field on standard error. It comes from the file: no letter may
 *  move the cursor. */
void intake_put_field(yao_text field);

#endif
