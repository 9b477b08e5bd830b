/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_PROVIDER_CONFIG_H
#define YAO_PROVIDER_CONFIG_H

/** provider.ini: what may stand there is the table in config.c. */

#include "app/settings.h"

#define PROVIDER_FILE "provider.ini"
#define PROVIDER_MAX_PATH YAO_MAX_SETTING

typedef enum provider_setting {
    PROVIDER_NAME,
    PROVIDER_COUNTRY,
    PROVIDER_URL,
    PROVIDER_DEMO,
    PROVIDER_CLIENT_ID,
    PROVIDER_STORE,
    PROVIDER_ROOT,
    PROVIDER_ROOT_KEY,
    PROVIDER_ATTESTER,
    PROVIDER_ATTESTER_KEY,
    PROVIDER_PAGES,
    PROVIDER_PAGE_CONFIG,
    PROVIDER_PAGE_STATEMENT,
    PROVIDER_INSTANCES_A_DAY,
    PROVIDER_BACKUPS,
    PROVIDER_MAILBOXES,
    PROVIDER_MAILBOX_MB,
    PROVIDER_LISTEN,
    PROVIDER_ADMIN,
    PROVIDER_WORKERS,
    PROVIDER_CONNECTIONS,
    PROVIDER_PER_ADDRESS,
    PROVIDER_SETTINGS
} provider_setting;

typedef struct provider_config {
    yao_setting_value values[PROVIDER_SETTINGS];
} provider_config;

/** Read FOLDER/provider.ini. Errors as yao_settings_read(). */
YAO_MUST_USE yao_status provider_config_read(const char           *folder,
                                             provider_config      *ret,
                                             yao_settings_trouble *trouble);

/** A value, paths made complete; "" when there is none. Never NULL. */
const char *provider_get(const provider_config *c, provider_setting setting);
long        provider_number(const provider_config *c, provider_setting setting);
bool        provider_yes(const provider_config *c, provider_setting setting);

/** Write a new file with VALUES (NULL: what the table says). Errors as
 *  yao_settings_save(). */
YAO_MUST_USE yao_status
provider_config_save(const char       *path,
                     const char *const values[PROVIDER_SETTINGS]);

#endif
