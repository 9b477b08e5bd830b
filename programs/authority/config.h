/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_AUTHORITY_CONFIG_H
#define YAO_AUTHORITY_CONFIG_H

/**
 * authority.ini: what may stand there is the table in config.c.
 *
 *     config c;
 *     yao_settings_trouble trouble;
 *     YAO_TRY(config_read("DIR", &c, &trouble));
 *     const char *name = config_get(&c, SETTING_NAME);
 */

#include "app/settings.h"

#define CONFIG_FILE "authority.ini"
#define CONFIG_MAX_PATH YAO_MAX_SETTING

typedef enum config_setting {
    SETTING_NAME,
    SETTING_COUNTRY,
    SETTING_URL,
    SETTING_DEMO,
    SETTING_COPIES,
    SETTING_LEVEL,
    SETTING_LIST_SIZE,
    SETTING_LIST_DAYS,
    SETTING_LIST_TTL,
    SETTING_CARDS,
    SETTING_CATALOGUE,

    SETTING_CLIENTS,
    SETTING_PUSHED_SECONDS,
    SETTING_CODE_SECONDS,
    SETTING_ACCESS_SECONDS,
    SETTING_REFRESH_DAYS,
    SETTING_OFFER_SECONDS,
    SETTING_DPOP_NONCES,
    SETTING_CHALLENGES,
    SETTING_CLOCK_SKEW,
    SETTING_TX_WRONG,
    SETTING_LOGIN_WRONG,
    SETTING_DEMO_PERSON,

    SETTING_BATCH,
    SETTING_INTERVAL,
    SETTING_KEY_ATTESTATION,
    SETTING_ENCRYPTION,

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
    SETTING_POPULATION_STATUS,
    SETTING_POPULATION_STATUS_KEY,
    SETTING_POPULATION_FORMER_ROOT,
    SETTING_POPULATION_FORMER_ROOT_KEY,
    SETTING_POPULATION_FORMER_STATUS,
    SETTING_POPULATION_FORMER_STATUS_KEY,
    SETTING_TRAFFIC_ROOT,
    SETTING_TRAFFIC_ROOT_KEY,
    SETTING_TRAFFIC_SIGNER,
    SETTING_TRAFFIC_SIGNER_KEY,
    SETTING_TRAFFIC_STATUS,
    SETTING_TRAFFIC_STATUS_KEY,
    SETTING_TRAFFIC_FORMER_ROOT,
    SETTING_TRAFFIC_FORMER_ROOT_KEY,
    SETTING_TRAFFIC_FORMER_STATUS,
    SETTING_TRAFFIC_FORMER_STATUS_KEY,
    SETTING_OTHER_ROOT,
    SETTING_OTHER_ROOT_KEY,
    SETTING_OTHER_SIGNER,
    SETTING_OTHER_SIGNER_KEY,
    SETTING_OTHER_STATUS,
    SETTING_OTHER_STATUS_KEY,
    SETTING_OTHER_FORMER_ROOT,
    SETTING_OTHER_FORMER_ROOT_KEY,
    SETTING_OTHER_FORMER_STATUS,
    SETTING_OTHER_FORMER_STATUS_KEY,
    SETTING_READER_ROOT,
    SETTING_READER_ROOT_KEY,
    SETTING_READER_FORMER_ROOT,
    SETTING_READER_FORMER_ROOT_KEY,
    SETTING_TRUST_ROOT,
    SETTING_TRUST_ROOT_KEY,
    SETTING_TRUST_SIGNER,
    SETTING_TRUST_SIGNER_KEY,
    SETTING_TRUST_FORMER_ROOT,
    SETTING_TRUST_FORMER_ROOT_KEY,

    SETTING_FACE_PROVIDER,
    SETTING_FACE_COMMAND,
    SETTING_FACE_SOCKET,
    SETTING_FACE_MODEL,
    SETTING_FACE_THRESHOLD,
    SETTING_FACE_SAME,
    SETTING_FACE_TURN,
    SETTING_FACE_CENTRE,
    SETTING_FACE_SIZE,
    SETTING_FACE_DEMO_OFFICERS,

    SETTING_LOG_ORIGIN,
    SETTING_LOG_KEY,
    SETTING_LOG_PREVIOUS_KEY,

    SETTING_LISTEN,
    SETTING_KIOSK_LISTEN,
    SETTING_KIOSK_URL,
    SETTING_KIOSK_PAGES,
    SETTING_KIOSK_CONFIG,
    SETTING_CONSOLE_PAGES,
    SETTING_CONSOLE_LISTEN,
    SETTING_CONSOLE_URL,
    SETTING_ADMIN,
    SETTING_WORKERS,
    SETTING_CONNECTIONS,
    SETTING_PER_ADDRESS,
    SETTING_LOG_REQUESTS,
    SETTING_TRUST_FOLDER,

    SETTING_SYNC_ORIGIN,
    SETTING_SYNC_CA,
    SETTING_SYNC_TOKEN,

    SETTING_COUNT
} config_setting;

typedef struct config {
    yao_setting_value values[SETTING_COUNT];
} config;

/** Read FOLDER/authority.ini. Errors as yao_settings_read(). */
YAO_MUST_USE yao_status config_read(const char *folder, config *ret,
                                    yao_settings_trouble *trouble);

/** The same from the letters of a file. */
YAO_MUST_USE yao_status config_parse(const char *folder, const char *text,
                                     config               *ret,
                                     yao_settings_trouble *trouble);

/** A value, paths made complete; of a setting that is not there and has no
 *  other meaning then: "". Never NULL. */
const char *config_get(const config *c, config_setting setting);

/** What stands there in a new file; NULL: nothing. Paths as written. */
const char *config_usual(config_setting setting);

/** A number, and a yes or no. */
long config_number(const config *c, config_setting setting);
bool config_yes(const config *c, config_setting setting);

/** A setting that gets another value, paths as they are written; NULL: it
 *  goes. */
typedef struct config_edit {
    config_setting setting;
    const char    *value;
} config_edit;

/** Change FOLDER/authority.ini. Errors as yao_settings_change(). */
YAO_MUST_USE yao_status config_change(const char *folder,
                                      const config_edit *edits, size_t count);

/** Write a new file with VALUES (NULL: what the table says), each setting with
 *  its explanation in both languages. Errors as yao_settings_save(). */
YAO_MUST_USE yao_status config_save(const char       *path,
                                    const char *const values[SETTING_COUNT]);

/** The same to OUT. */
void config_write(FILE *out, const char *const values[SETTING_COUNT]);

#endif
