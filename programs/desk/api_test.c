/* SPDX-License-Identifier: Apache-2.0 */

/** docs/api/desk.json and the tables of routes say the same. */

#include "api_document.h"

#include "desk/desk.h"

int main(void)
{
    static app_routes tables[DESK_TABLES];

    for (size_t i = 0; i < DESK_TABLES; i++)
        tables[i] = *desk_tables[i];
    api_add("docs/api/desk.json", tables, DESK_TABLES);
    return test_run("desk/api");
}
