/* SPDX-License-Identifier: Apache-2.0 */

/** docs/api/authority.json and the tables of routes say the same. */

#include "api_document.h"

#include "authority/server/inside.h"

/* A page's cookie never comes near a wallet's listener's routes, and an
 * operator's routes are on the console's listener only. */
static void keeps_apart(void **state)
{
    (void)state;
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++) {
            const app_routes *table = &server_parts[p]->tables[t];
            for (size_t i = 0; i < table->count; i++) {
                int who = table->routes[i].needs & APP_WHO;
                if (who == APP_ADMIN)
                    assert_int_equal(table->listeners, 1u << SERVER_ADMIN);
                if (who == APP_OPERATOR)
                    assert_int_equal(table->listeners, 1u << SERVER_CONSOLE);
                if (who == APP_KIOSK)
                    assert_int_equal(table->listeners, 1u << SERVER_KIOSK);
            }
        }
}

int main(void)
{
    static app_routes tables[APP_MAX_TABLES];
    size_t            count = 0;

    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++)
            if (count < APP_MAX_TABLES - 2) /* one too many is no router */
                tables[count++] = server_parts[p]->tables[t];
    api_add("docs/api/authority.json", tables, count);
    test_add("tables", "never mixes listeners", keeps_apart, NULL);
    return test_run("authority/server/api");
}
