/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_ROUTER_H
#define YAO_APP_ROUTER_H

/**
 * From a request to the function of its route, and back: what every row of a
 * table says is looked at here, once for all of them.
 *
 *     path and method   404; 405 with Allow; OPTIONS of pages elsewhere
 *     who               the door of its kind: 401 nobody, 403 somebody else;
 *                       without a door nobody passes
 *     where from        Origin and Sec-Fetch-Site, where there are cookies
 *     body              415 of another type, or packed
 *
 * A public address with a path ("https://host/issuer1") is taken off before
 * matching, also where a well-known address has it inserted (RFC 8414): so
 * "/.well-known/openid-credential-issuer/issuer1" and "/issuer1/nonce" are
 * the routes "/.well-known/openid-credential-issuer" and "/nonce". Handlers see
 * the path of their route.
 */

#include "app/metrics.h"

enum { APP_MAX_LISTENERS = 4, APP_MAX_TABLES = 48 };

/**
 * Who knocks? Called before the function of a route that needs it.
 *
 * Out     call->who  what was found
 * Errors  YAO_E_MISSING, YAO_E_EXPIRED, YAO_E_BAD_SIGNATURE, YAO_E_NOT_FOUND,
 *         and whatever is not named below: 401
 *         YAO_E_NOT_AUTHORISED, YAO_E_REFUSED, YAO_E_REVOKED: 403
 *         YAO_E_LOCKED, YAO_E_STORE, YAO_E_FILE: 503
 */
typedef yao_status (*app_door)(app_call *call);

typedef struct app_doors {
    app_door session;  /* APP_SESSION */
    app_door operator; /* APP_OPERATOR: looks at call->route->roles too */
    app_door kiosk;    /* APP_KIOSK */
    app_door program;  /* APP_PROGRAM */
    app_door wallet;   /* APP_WALLET */
} app_doors;

typedef struct app_router_options {
    const app_routes *tables;
    size_t            table_count;
    void             *server; /* app_call.server */
    app_doors         doors;
    /* of a worker; lives as long as the router. NULL: 503 */
    const yao_crypto *(*crypto)(void *server, unsigned worker);
    /* "https://host[:port][/path]", by label of listener; "" none */
    yao_text urls[APP_MAX_LISTENERS];
    unsigned admin; /* label of the admin listener */
} app_router_options;

typedef struct app_router app_router;

/**
 * Errors  YAO_E_SPACE
 *         YAO_E_USAGE      a row without a need, with a path that is none, with
 *                          an operator's route that names no role
 *         YAO_E_DUPLICATE  two rows for the same method and path
 *         YAO_E_LIMIT      APP_MAX_TABLES
 */
YAO_MUST_USE yao_status app_router_open(const app_router_options *options,
                                        app_router              **ret);
void                    app_router_close(app_router *r);

/** For net_server_options: handler and body_limit, with the router as ctx. */
void   app_router_handle(void *router, const net_request *request,
                         net_response *ret);
size_t app_router_limit(void *router, unsigned listener, yao_text method,
                        yao_text path);

/** Its counts. */
app_metrics *app_router_metrics(app_router *r);
void         app_router_put_metrics(const app_router *r, yao_writer *w);

/** Does PATH match PATTERN? PARTS are filled in; COUNT of them. */
bool app_path_matches(const char *pattern, yao_text path,
                      yao_text parts[APP_MAX_PARTS], size_t *count);

/** The origin of a URL: all before the path. Its path: what is behind. */
yao_text app_url_origin(yao_text url);
yao_text app_url_path(yao_text url);

#endif
