/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_PEOPLE_H
#define YAO_AUTHORITY_PEOPLE_H

/**
 * People between their record (JSON, docs/formats/register.md) and the store:
 * what they are looked up by, sealing, opening, their household.
 */

#include "authority/authority.h"
#include "json/json.h"

/** Bytes of one record. */
#define PEOPLE_MAX_RECORD (48u * 1024u)

/** Bytes that a portrait file may have before it is cleaned. */
#define PEOPLE_MAX_PORTRAIT (4u * 1024u * 1024u)

/** Members of one household that documents name. */
#define PEOPLE_MAX_HOUSEHOLD 20

/** A person who is to be registered. */
typedef struct people_entry {
    const yao_json *record; /* checked by yao_document_check_record() */
    yao_bytes       portrait, portrait_small; /* cleaned; or empty */
} people_entry;

/**
 * Bring a number to the form in which people are looked up: x to X, 15 digits
 * to 18. Anything else stays as it is.
 *
 * Out     ret  in ARENA.  Errors  YAO_E_SPACE
 */
YAO_MUST_USE yao_status people_number(yao_text number, yao_arena *arena,
                                      yao_text *ret);

/**
 * Put a person into CHANGE: sealed, with look-ups and an event.
 *
 * In      arena  what is borrowed by CHANGE lies there
 * Errors  YAO_E_MISSING, YAO_E_MALFORMED  no number, name or birth date
 *         YAO_E_SPACE, YAO_E_CRYPTO, YAO_E_NOT_FOUND  as sealing
 */
YAO_MUST_USE yao_status people_put(const authority *a, store_change *change,
                                   yao_arena *arena, const people_entry *entry);

/** Put another record, and other portraits, in the place of those of PERSON,
 *  who keeps key and number, and of whom CHANGE borrows. With KEEP the
 *  portraits stay.
 *
 *  Errors  YAO_E_MISMATCH  the record's number is another
 *          as people_put(); the commit: YAO_E_NOT_FOUND, the person was erased;
 *          YAO_E_EXISTS, a look-up is somebody else's */
struct people_person;
YAO_MUST_USE yao_status people_replace(const authority            *a,
                                       store_change               *change,
                                       const struct people_person *person,
                                       const people_entry         *entry,
                                       bool                        keep);

/** What a record is looked up by; the record as it is kept: as it came, but for
 *  the number's form and without the portrait's file. Errors as people_put(). */
YAO_MUST_USE yao_status people_make_lookups(const authority *a,
                                            const yao_json  *record,
                                            yao_text number, yao_arena *arena,
                                            store_lookup **ret, size_t *count);
YAO_MUST_USE yao_status people_write_record(const yao_json *record,
                                            yao_text number, yao_arena *arena,
                                            yao_bytes *ret);

/** What a claim that store_put_person() lost was about: "number". */
const char *people_lost_field(int about);

/** A person who was found. Wipe with people_close(). */
typedef struct people_person {
    store_person    stored;
    seal_person     key;
    const yao_json *record;
    yao_bytes       text;   /* the same as letters, without padding */
    yao_text        number; /* views into the arena */
    uint8_t         holder[STORE_HASH_LEN]; /* as the ledger knows them */
} people_person;

/**
 * Find the person of NUMBER and open the record.
 *
 * Out     ret  lives as long as ARENA
 * Errors  YAO_E_NOT_FOUND  nobody has this number, or the key was destroyed
 *         YAO_E_SECRET     the row is not what was written
 *         YAO_E_SPACE, YAO_E_STORE, YAO_E_CRYPTO, JSON's
 */
YAO_MUST_USE yao_status people_find(const authority *a, yao_text number,
                                    yao_arena *arena, people_person *ret);

/** The same by the look-up STORE_BY_NUMBER, which is all that a grant knows. */
YAO_MUST_USE yao_status people_find_by(const authority *a, yao_bytes lookup,
                                       yao_arena *arena, people_person *ret);

/** What somebody is looked up by besides the number: document number, plate
 *  with its kind, full name with the day of birth. */
typedef struct people_key {
    store_lookup_kind kind;
    yao_text one; /* number; kind of the plate; name */
    yao_text two; /* plate; "YYYY-MM-DD"; else empty */
} people_key;

/** The one person whom KEY finds. Errors as people_find(); YAO_E_NOT_FOUND also
 *  when it is more than one; YAO_E_USAGE: another kind. */
YAO_MUST_USE yao_status people_find_with(const authority  *a,
                                         const people_key *key,
                                         yao_arena *arena, people_person *ret);

/** The one that is found by what ledger and log know them by. Errors as
 *  people_find(). */
YAO_MUST_USE yao_status people_find_holder(const authority *a,
                                           yao_bytes holder, yao_arena *arena,
                                           people_person *ret);

/** Open a portrait of PERSON; an empty RET when there is none. */
YAO_MUST_USE yao_status people_portrait(const authority     *a,
                                        const people_person *person,
                                        store_part_kind kind, yao_arena *arena,
                                        yao_bytes *ret);

/** Note in CHANGE that the record of NUMBER was read for PURPOSE. Errors:
 *  YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status people_note_read(const authority *a,
                                         store_change *change, yao_text number,
                                         const char *purpose);

/**
 * The records of PERSON's household, PERSON's own among them, in the order of
 * registration; none when PERSON has no household. That the others' were read
 * is an event about them, committed before they are given.
 *
 * Errors  as people_find(); YAO_E_LIMIT  more than PEOPLE_MAX_HOUSEHOLD
 */
typedef struct people_household {
    const yao_json *records[PEOPLE_MAX_HOUSEHOLD];
    size_t          count;
} people_household;
YAO_MUST_USE yao_status people_find_household(const authority     *a,
                                              const people_person *person,
                                              yao_arena           *arena,
                                              people_household    *ret);

/** Wipe what is secret of PERSON. */
void people_close(people_person *person);

#endif
