/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_DESK_CONFIG_H
#define YAO_DESK_CONFIG_H

/** desk.ini: what may stand there is the table in config.c. */

#include "app/settings.h"

#define DESK_FILE "desk.ini"
#define DESK_MAX_PATH YAO_MAX_SETTING

typedef enum desk_setting {
    DESK_URL,
    DESK_DEMO,
    DESK_STORE,
    DESK_SECRET,
    DESK_KEYS,
    DESK_READER,
    DESK_READER_KEY,
    DESK_PLACE,
    DESK_CLIENT_ID,
    DESK_STANDING,
    DESK_CROSS_DEVICE,
    DESK_PLAIN,
    DESK_PAGES,
    DESK_PAGE_STATEMENT,
    DESK_WALLET,
    DESK_REQUEST_SECONDS,
    DESK_OPEN_REQUESTS,
    DESK_BUNDLE,
    DESK_ANCHOR,
    DESK_TRUST_URL,
    DESK_TRUST_CA,
    DESK_ISSUERS,
    DESK_STATEMENT,
    DESK_REFRESH,
    DESK_STATUS_AGE,
    DESK_HOOK_URL,
    DESK_HOOK_CA,
    DESK_GUEST_DAYS,
    DESK_FACE_PROVIDER,
    DESK_FACE_COMMAND,
    DESK_FACE_SOCKET,
    DESK_FACE_MODEL,
    DESK_FACE_THRESHOLD,
    DESK_RELAYS,
    DESK_RELAY_CA,
    DESK_STREAM,
    DESK_COUNTERS,
    DESK_BOXES,
    DESK_LISTEN,
    DESK_ADMIN,
    DESK_WORKERS,
    DESK_CONNECTIONS,
    DESK_PER_ADDRESS,
    DESK_SETTINGS
} desk_setting;

typedef struct desk_config {
    yao_setting_value values[DESK_SETTINGS];
} desk_config;

/** Read FOLDER/desk.ini. Errors as yao_settings_read(). */
YAO_MUST_USE yao_status desk_config_read(const char *folder, desk_config *ret,
                                         yao_settings_trouble *trouble);

/** A value, paths made complete; "" when there is none. Never NULL. */
const char *desk_get(const desk_config *c, desk_setting setting);
long        desk_number(const desk_config *c, desk_setting setting);
bool        desk_yes(const desk_config *c, desk_setting setting);

/** Write a new file with VALUES (NULL: what the table says). Errors as
 *  yao_settings_save(). */
YAO_MUST_USE yao_status
desk_config_save(const char *path, const char *const values[DESK_SETTINGS]);

#endif
