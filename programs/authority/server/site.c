/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of kiosks and of operators, each for its own address. */

#include "app/pages.h"
#include "authority/config.h"
#include "authority/server/inside.h"

static yao_status give(app_call *call, config_setting setting,
                       const char *told, app_reply *ret)
{
    const app_pages pages = {
        config_get(&server_authority(call)->config, setting),
        APP_PAGES_POLICY("'self'"), told, NULL};

    return app_pages_give(call, &pages, ret);
}

static yao_status give_kiosk(app_call *call, app_reply *ret)
{
    return give(
        call, SETTING_KIOSK_PAGES,
        config_get(&server_authority(call)->config, SETTING_KIOSK_CONFIG), ret);
}

static yao_status give_console(app_call *call, app_reply *ret)
{
    return give(call, SETTING_CONSOLE_PAGES, NULL, ret);
}

static const app_route kiosk[]   = {APP_PAGES_ROUTES(give_kiosk)};
static const app_route console[] = {APP_PAGES_ROUTES(give_console)};

static const app_routes tables[] = {
    {kiosk, sizeof kiosk / sizeof kiosk[0], 1u << SERVER_KIOSK},
    {console, sizeof console / sizeof console[0], 1u << SERVER_CONSOLE},
};

const authority_part server_site_part = {.tables = tables, .table_count = 2};
