/* SPDX-License-Identifier: Apache-2.0 */

/** docs/api/provider.json and the tables of routes say the same. */

#include "api_document.h"

#include "provider/provider.h"

int main(void)
{
    static app_routes tables[PROVIDER_TABLES];

    for (size_t i = 0; i < PROVIDER_TABLES; i++)
        tables[i] = *provider_tables[i];
    api_add("docs/api/provider.json", tables, PROVIDER_TABLES);
    return test_run("provider/api");
}
