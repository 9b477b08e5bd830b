/* SPDX-License-Identifier: Apache-2.0 */
/* The wallet page. It speaks to authorities and relying parties of any name. */

#include "app/pages.h"
#include "provider/provider.h"

/* A demo's authorities and relying parties are servers of this machine. */
static const char *policy_of(const provider *p)
{
    return provider_yes(&p->config, PROVIDER_DEMO)
               ? APP_PAGES_POLICY("'self' https: http://*.localhost:*")
               : APP_PAGES_POLICY("'self' https:");
}

static yao_status give(app_call *call, app_reply *ret)
{
    const provider *p     = provider_of(call);
    const app_pages pages = {provider_get(&p->config, PROVIDER_PAGES),
                             policy_of(p),
                             provider_get(&p->config, PROVIDER_PAGE_CONFIG),
                             provider_get(&p->config,
                                          PROVIDER_PAGE_STATEMENT)};

    yao_status status = app_pages_give(call, &pages, ret);
    return status == YAO_E_NOT_FOUND
               ? provider_refuse(call, ret, 404, "not_found")
               : status;
}

static const app_route routes[] = {APP_PAGES_ROUTES(give)};

const app_routes provider_pages_table = {
    routes, sizeof routes / sizeof routes[0], 1u << PROVIDER_PUBLIC};
