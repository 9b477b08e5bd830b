/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet page. It speaks to authorities and relying parties of any name. */

#include "app/pages.h"
#include "provider/provider.h"

static yao_status give(app_call *call, app_reply *ret)
{
    const app_pages pages = {
        provider_get(&provider_of(call)->config, PROVIDER_PAGES),
        APP_PAGES_POLICY("'self' https: http://*.localhost:*"),
        provider_get(&provider_of(call)->config, PROVIDER_PAGE_CONFIG),
        provider_get(&provider_of(call)->config, PROVIDER_PAGE_STATEMENT)};

    yao_status status = app_pages_give(call, &pages, ret);
    return status == YAO_E_NOT_FOUND
               ? provider_refuse(call, ret, 404, "not_found")
               : status;
}

static const app_route routes[] = {APP_PAGES_ROUTES(give)};

const app_routes provider_pages_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
