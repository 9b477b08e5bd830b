/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_SETTINGS_H
#define YAO_APP_SETTINGS_H

/**
 * Settings in .ini files: one table says what may stand there, what it means
 * and what holds when it is absent. A program writes its first file from the
 * table; the reader refuses what is not in it.
 *
 *     static const yao_setting rows[] = {{"desk", "name", YAO_SETTING_TEXT,
 *                                         true, 0, 0, NULL, WORDS_INIT(..)}};
 *     yao_setting_value values[COUNT];
 *     YAO_TRY(yao_settings_read(&table, "DIR", "desk.ini", values, &trouble));
 *
 * Relative paths, also in key URIs and in a store's URL, are taken from the
 * folder of the file.
 */

#include <stdio.h>

#include "app/words.h"
#include "yaopai/base.h"

typedef enum yao_setting_kind {
    YAO_SETTING_TEXT = 1,
    YAO_SETTING_YES_NO,
    YAO_SETTING_NUMBER,
    YAO_SETTING_PATH,    /* of a file */
    YAO_SETTING_KEY,     /* "file:PATH" or "pkcs11:..." */
    YAO_SETTING_STORE,   /* "sqlite:PATH", "postgres:..." */
    YAO_SETTING_COUNTRY, /* two capital letters */
    YAO_SETTING_ADDRESS, /* http:// or https:// */
    YAO_SETTING_PLACE    /* where to listen: "HOST:PORT", "unix:PATH", "fd:N",
                            or "none" */
} yao_setting_kind;

typedef struct yao_setting {
    const char      *section, *name;
    yao_setting_kind kind;
    bool             required;
    long             least, most; /* of a number */
    const char      *fallback;    /* when it is absent (but of keys: a key that
                                     nobody named is none), and in a new file */
    yao_words help;
} yao_setting;

typedef struct yao_settings_table {
    const yao_setting *rows;
    size_t             count;
} yao_settings_table;

#define YAO_MAX_SETTING 1024

typedef struct yao_setting_value {
    bool given;
    char text[YAO_MAX_SETTING]; /* paths made complete; "" when there is none */
} yao_setting_value;

/** Where a file is wrong. */
typedef struct yao_settings_trouble {
    int       line;         /* 0: the file as a whole */
    char      setting[128]; /* "section.name", or empty */
    yao_words why;          /* NULL words: nothing is wrong */
} yao_settings_trouble;

/**
 * Read FOLDER/FILE.
 *
 * Out     values   one for each row of TABLE, written only on YAO_OK
 *         trouble  written on YAO_E_VALUE and YAO_E_MALFORMED
 * Errors  YAO_E_NOT_FOUND  no such file;  YAO_E_FILE it cannot be read
 *         YAO_E_MALFORMED  a line that is neither section nor setting
 *         YAO_E_VALUE      an unknown section or setting, one twice, one that
 *                          must be there missing, a value out of its range
 *         YAO_E_SPACE      no memory
 */
YAO_MUST_USE yao_status yao_settings_read(const yao_settings_table *table,
                                          const char *folder, const char *file,
                                          yao_setting_value    *values,
                                          yao_settings_trouble *trouble);

/** The same from the letters of a file. */
YAO_MUST_USE yao_status yao_settings_parse(const yao_settings_table *table,
                                           const char *folder, const char *text,
                                           yao_setting_value    *values,
                                           yao_settings_trouble *trouble);

/** Write a file of VALUES (one for each row, NULL: its fallback), each setting
 *  with its explanation in both languages. */
void yao_settings_write(const yao_settings_table *table, FILE *out,
                        const char *const *values);

/** The same into PATH, a new file. Errors: YAO_E_EXISTS, YAO_E_FILE,
 *  YAO_E_SPACE. */
YAO_MUST_USE yao_status yao_settings_save(const yao_settings_table *table,
                                          const char               *path,
                                          const char *const        *values);

/** A setting that gets another value. */
typedef struct yao_setting_change {
    const yao_setting *setting;
    const char        *value; /* as it is written; no line break in it; NULL:
                                 the setting goes */
} yao_setting_change;

/**
 * Change settings of FOLDER/FILE, all or nothing; comments and all other lines
 * stay. A setting that is not there yet is put below its section's head.
 *
 * Errors  YAO_E_NOT_FOUND  no such file, or no such section
 *         YAO_E_LIMIT      a line that the reader would cut
 *         YAO_E_USAGE      a line break in a value
 *         YAO_E_FILE, YAO_E_SPACE
 */
YAO_MUST_USE yao_status yao_settings_change(const char *folder,
                                            const char *file,
                                            const yao_setting_change *changes,
                                            size_t                    count);

#endif
