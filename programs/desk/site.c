/* SPDX-License-Identifier: Apache-2.0 */
/* The desk's page, for whoever stands behind the counter. */

#include "app/pages.h"
#include "desk/desk.h"

static yao_status give(app_call *call, app_reply *ret)
{
    const app_pages pages = {desk_get(&desk_of(call)->config, DESK_PAGES),
                             APP_PAGES_POLICY("'self'"), NULL,
                             desk_get(&desk_of(call)->config,
                                      DESK_PAGE_STATEMENT)};

    yao_status status = app_pages_give(call, &pages, ret);
    return status == YAO_E_NOT_FOUND ? desk_refuse(call, ret, 404, "not_found")
                                     : status;
}

static const app_route routes[] = {APP_PAGES_ROUTES(give)};

const app_routes desk_site_table = {
    routes, sizeof routes / sizeof routes[0], 1u << DESK_PUBLIC};
