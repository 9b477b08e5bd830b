/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONFIG_H
#define YAO_AUTHORITY_CONFIG_H

/**
 * authority.ini: one table of settings says what may stand there, what it
 * means and what holds when it is absent. `authority init` writes the file
 * from the table, the reader refuses what is not in it.
 *
 *     config c;
 *     config_trouble trouble;
 *     YAO_TRY(config_read("DIR", &c, &trouble));
 *     const char *name = config_get(&c, SETTING_NAME);
 *
 * Relative paths, also in key URIs and in the store's URL, are taken from the
 * folder of the file.
 */

#include <stdio.h>

#include "app/words.h"
#include "yaopai/base.h"

#define CONFIG_FILE "authority.ini"

typedef enum config_setting {
    SETTING_NAME,
    SETTING_COUNTRY,
    SETTING_URL,
    SETTING_DEMO,
    SETTING_COPIES,
    SETTING_LEVEL,

    SETTING_STORE,
    SETTING_LOOKUP_KEY,
    SETTING_EPOCH,
    SETTING_KEY_1, /* key of epoch N is SETTING_KEY_1 + N - 1 */
    SETTING_KEY_2,
    SETTING_KEY_3,
    SETTING_KEY_4,
    SETTING_KEY_5,
    SETTING_KEY_6,
    SETTING_KEY_7,
    SETTING_KEY_8,

    SETTING_POPULATION_ROOT,
    SETTING_POPULATION_ROOT_KEY,
    SETTING_POPULATION_SIGNER,
    SETTING_POPULATION_SIGNER_KEY,
    SETTING_TRAFFIC_ROOT,
    SETTING_TRAFFIC_ROOT_KEY,
    SETTING_TRAFFIC_SIGNER,
    SETTING_TRAFFIC_SIGNER_KEY,
    SETTING_READER_ROOT,
    SETTING_READER_ROOT_KEY,

    SETTING_COUNT
} config_setting;

#define CONFIG_MAX_VALUE 1024

typedef struct config {
    bool given[SETTING_COUNT];
    char value[SETTING_COUNT][CONFIG_MAX_VALUE];
} config;

/** Where a file is wrong. */
typedef struct config_trouble {
    int       line;         /* 0: the file as a whole */
    char      setting[128]; /* "section.name", or empty */
    yao_words why;
} config_trouble;

/**
 * Read FOLDER/authority.ini.
 *
 * Out     ret      written only on YAO_OK
 *         trouble  written on YAO_E_VALUE and YAO_E_MALFORMED
 * Errors  YAO_E_NOT_FOUND  no such file;  YAO_E_FILE it cannot be read
 *         YAO_E_MALFORMED  a line that is neither section nor setting
 *         YAO_E_VALUE      an unknown section or setting, one twice, one that
 *                          must be there missing, a value out of its range
 */
YAO_MUST_USE yao_status config_read(const char *folder, config *ret,
                                    config_trouble *trouble);

/** The same from the letters of a file. */
YAO_MUST_USE yao_status config_parse(const char *folder, const char *text,
                                     config *ret, config_trouble *trouble);

/** A value, paths made complete; of a setting that is not there and has no
 *  other meaning then: "". Never NULL. */
const char *config_get(const config *c, config_setting setting);

/** A number, and a yes or no. */
long config_number(const config *c, config_setting setting);
bool config_yes(const config *c, config_setting setting);

/** Write the file with VALUES (NULL: what the table says), each setting with
 *  its explanation in both languages. */
void config_write(FILE *out, const char *const values[SETTING_COUNT]);

#endif
