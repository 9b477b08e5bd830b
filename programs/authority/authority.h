/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_H
#define YAO_AUTHORITY_H

/**
 * An authority at work: its settings, its register's keys, its store.
 *
 *     static authority a;
 *     int code = authority_begin(call, &a);
 *     if (code != 0)
 *         return code;
 *     ...
 *     authority_close(&a);
 */

#include "app/command.h"
#include "app/ca.h"
#include "authority/config.h"
#include "authority/seal.h"
#include "store/socket/socket.h"
#include "store/store.h"

typedef struct authority {
    config            config;
    yao_openssl      *openssl;
    const yao_crypto *crypto;
    seal_keys         keys;
    store            *store;
    struct vci_clients *clients; /* of vci/clients.h, when they were asked
                                    for; closed with the rest */
} authority;

/**
 * Open what `authority init` made in FOLDER.
 *
 * Out     ret      close with authority_close(); not written on failure
 *         trouble  what is wrong with the settings, for YAO_E_VALUE and
 *                  YAO_E_MALFORMED of line > 0
 *         place    the setting that was being opened, for messages
 * Errors  YAO_E_NOT_FOUND    no settings, or what they name is not there
 *         YAO_E_NOT_AUTHORISED  a key lies in the database's folder
 *         YAO_E_SECRET       the keys are not this register's
 *         those of config_read(), seal_key_read() and store_open()
 */
YAO_MUST_USE yao_status authority_open(const char *folder, authority *ret,
                                       yao_settings_trouble *trouble,
                                       const char          **place);

/**
 * Let the verbs of the command line work on A's store while this process
 * serves it from FOLDER: authority_open() finds FOLDER/store.sock then. A
 * database server does that itself.
 *
 * Out     ret  for store_serve_end(); may be NULL on YAO_OK
 * Errors  those of store_serve(): YAO_E_LOCKED: another server is there
 */
YAO_MUST_USE yao_status authority_serve_store(const char      *folder,
                                              const authority *a,
                                              store_serving  **ret);

/** Read the register's keys that the settings of A name now. Errors as
 *  authority_open(); A's keys are as before then. */
YAO_MUST_USE yao_status authority_read_keys(authority *a, const char **place);

/** Are A's keys those of its register? A key of a new epoch is noted when it
 *  first comes. Errors: YAO_E_SECRET: they are not;  YAO_E_SPACE, those of
 *  store_commit(). */
YAO_MUST_USE yao_status authority_compare_keys(const authority *a,
                                               yao_arena       *arena);

/** Wipe the keys and close the store. */
void authority_close(authority *a);

/** Open the authority of -C; tell when that fails, and give the exit code. */
int authority_begin(const yao_invocation *call, authority *ret);

/** Make the store's facts about its keys, for authority_open() to compare.
 *  Errors: YAO_E_EXISTS, those of store_commit(). */
YAO_MUST_USE yao_status authority_note_keys(const authority *a,
                                            yao_arena       *arena);

/** Was the register restored from a backup? Then revocations that it has
 *  forgotten are kept, for good. Errors: the store's. */
YAO_MUST_USE yao_status authority_was_restored(const authority *a, bool *ret);

/** EPOCH begins, perhaps again. Errors: those of store_commit(). */
YAO_MUST_USE yao_status authority_begin_epoch(const authority *a,
                                              yao_arena *arena, int64_t epoch);

/** Close EPOCH and forget its key, before it is destroyed. Errors:
 *  YAO_E_LOCKED  somebody is under it;  those of store_commit(). */
YAO_MUST_USE yao_status authority_end_epoch(const authority *a,
                                            yao_arena *arena, int64_t epoch);

/** A new id: eight bytes of nanoseconds, eight random ones. Ids of one moment
 *  are neighbours in an index, so that a commit touches few of its pages; who
 *  may see an id may see its time. Errors: YAO_E_CRYPTO. */
YAO_MUST_USE yao_status authority_new_id(uint8_t id[STORE_ID_LEN]);

/** The LEN bytes of an id's hex digits. Errors: YAO_E_NOT_FOUND: it is none. */
YAO_MUST_USE yao_status authority_read_id(yao_text hex, uint8_t *out,
                                          size_t len);

/** {"NAME": "hex of ID"} in ARENA: the detail of an event, of a case. Errors:
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status authority_name_id(yao_arena *arena, const char *name,
                                          yao_bytes id, yao_text *ret);

/** Note for the audit log that KIND (a-z, 0-9, ".", "_") was done to the person
 *  of SUBJECT (may be empty). DETAIL is a JSON object without personal values:
 *  who (by, role), what for (purpose), what. Errors: YAO_E_USAGE: a kind that
 *  may not be; YAO_E_SPACE, YAO_E_CRYPTO. */
YAO_MUST_USE yao_status authority_put_event(store_change *change,
                                            yao_arena *arena, const char *kind,
                                            yao_bytes subject, yao_text detail);

#endif
