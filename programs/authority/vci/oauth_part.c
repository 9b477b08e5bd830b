/* SPDX-License-Identifier: Apache-2.0 */
/* The routes of the authorization server. */

#include "app/log.h"
#include "authority/server/inside.h"
#include "authority/vci/parts.h"

static const app_route routes[] = {
    {"POST", "/par", APP_ANY_WALLET | APP_FORM, vci_push, 0, 0},
    {"GET", "/authorize", APP_PAGE, vci_show_page, 0, 0},
    {"POST", "/authorize", APP_PAGE | APP_FORM, vci_take_answer, 0, 0},
    {"POST", "/token", APP_ANY_WALLET | APP_FORM, vci_give_token, 0, 0},
    {"POST", "/challenge", APP_ANY_WALLET, vci_give_challenge, 0, 0},
    {"GET", "/.well-known/oauth-authorization-server", APP_ANY_WALLET,
     vci_give_metadata, 0, 0},
};

static const app_routes tables[] = {
    {routes, sizeof routes / sizeof routes[0], 1u << SERVER_PUBLIC},
};

/* A registry that can't be read is told before the first wallet comes. */
static yao_status start(authority_server *server, app_metrics *metrics)
{
    authority         *a       = server->first;
    const vci_clients *clients = NULL;
    yao_status         status  = vci_clients_of(a, &clients);

    (void)metrics;
    if (status != YAO_OK)
        app_log_status(APP_LOG_ERROR, "clients-not-read", "oauth.clients",
                       status);
    vci_clients_free(a->clients);
    a->clients = NULL;
    return status;
}

const authority_part authority_oauth = {
    .tables = tables, .table_count = 1, .start = start};
