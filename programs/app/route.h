/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_ROUTE_H
#define YAO_APP_ROUTE_H

/**
 * What a server offers: one table of routes for each part, and functions that
 * take a call and give a reply. What a route needs (who, which body, from where)
 * is a column of the table, looked at before its function is called, and never
 * inside it; docs/api/ is checked against the tables.
 *
 *     static yao_status give_nonce(app_call *call, app_reply *ret)
 *     {
 *         ...
 *         return app_reply_json(ret, call, 200, &writer);
 *     }
 *     const app_route authority_vci_routes[] = {
 *         {"POST", "/nonce", APP_ANY_WALLET, give_nonce},
 *         {"GET", "/statuslists/{number}", APP_ANY_WALLET, give_list},
 *     };
 *
 * A function that fails with a status instead of a reply is answered by
 * app_reply_fail(): 4xx and 5xx with a JSON of three parts; what went wrong
 * inside goes to the log by name, without values.
 */

#include "json/json.h"
#include "net/server.h"
#include "yaopai/crypto.h"

/** Who may call, and from where. Exactly one of the first group. */
typedef enum app_needs {
    APP_NOBODY     = 0, /* a forgotten column is a closed door */
    APP_ANY_WALLET = 1, /* anybody, also a page of another origin: answers
                           cross-origin requests, sees no cookie */
    APP_PAGE       = 2, /* a page of this server without a session; same
                           origin only when it changes something */
    APP_SESSION    = 3, /* a person's session: a cookie, same origin */
    APP_OPERATOR   = 4, /* an operator's session; `roles` says which */
    APP_KIOSK      = 5, /* signed by a paired kiosk's key */
    APP_ADMIN      = 6, /* the admin socket only */
    APP_PROGRAM    = 7, /* another program, by a bearer key; no page */
    APP_WALLET     = 128, /* a person's session that a wallet's page holds: a
                             bearer token, of any origin; sees no cookie */
    APP_WHO        = 135, /* mask of the above */

    APP_FORM = 8,  /* body: application/x-www-form-urlencoded */
    APP_JSON = 16, /* body: application/json */
    APP_JWT  = 32, /* body: application/jwt; with APP_JSON: either */
    APP_RAW  = 64  /* body: application/octet-stream, or images */
} app_needs;

/** Roles of operators; a route names all that may. */
typedef enum app_role {
    APP_CLERK         = 1,
    APP_OFFICER       = 2,
    APP_SUPERVISOR    = 4,
    APP_REGISTRAR     = 8,
    APP_AUDITOR       = 16,
    APP_ADMINISTRATOR = 32
} app_role;

#define APP_MAX_PARTS 4 /* {names} in a path */
#define APP_BODY (64u * 1024u) /* bytes of a body when the route says 0 */

typedef struct app_route app_route;

typedef struct app_call {
    const app_route   *route;
    const net_request *http;
    void              *server; /* the program's own */
    yao_text           parts[APP_MAX_PARTS]; /* what stood for {names} */
    yao_arena         *arena;
    const yao_crypto  *crypto; /* this worker's */
    yao_time           now;
    const void        *who; /* what the door found: a session, an operator, a
                               kiosk; by APP_WHO */
} app_call;

typedef net_response app_reply;

typedef yao_status (*app_handler)(app_call *call, app_reply *ret);

struct app_route {
    const char *method;
    const char *path; /* "/a/{b}/c"; a part is 1..128 unreserved letters */
    int         needs;
    app_handler run;
    int         roles; /* with APP_OPERATOR */
    size_t      body;  /* bytes at most; 0: APP_BODY with a kind of body */
};

/** The tables of one program, by the listeners that serve them. */
typedef struct app_routes {
    const app_route *routes;
    size_t           count;
    unsigned         listeners; /* mask of 1 << label */
} app_routes;

/** The body as JSON; of the query the value of NAME (an empty one is none). In
 *  the call's arena. A form is read with yao_form_read(). Errors: those of
 *  yao_json_parse(); those of yao_form_read(), YAO_E_MISSING. */
YAO_MUST_USE yao_status app_body_json(app_call *call, const yao_json **ret);
YAO_MUST_USE yao_status app_query_value(app_call *call, const char *name,
                                        yao_text *ret);

/** What is told one after the other: COUNT items of SIZE bytes, by PUT. */
typedef struct app_listed {
    const char *name;
    const void *items;
    size_t      count, size;
    void (*put)(yao_writer *w, const void *item);
} app_listed;

/** Replies. JSON is always no-store but for what app_reply_cache() allows. W is
 *  the whole answer, kept in the call's arena of which it is a writer; other
 *  bodies live until the reply was sent. An id is {"NAME": "hex"}, a list
 *  {"NAME": [...]}, with 200. */
YAO_MUST_USE yao_status app_reply_json(app_reply *ret, app_call *call,
                                       int status, yao_writer *w);
YAO_MUST_USE yao_status app_reply_bytes(app_reply *ret, int status,
                                        const char *type, yao_bytes body);
YAO_MUST_USE yao_status app_reply_id(app_reply *ret, app_call *call, int status,
                                     const char *name, yao_bytes id);
YAO_MUST_USE yao_status app_reply_list(app_reply *ret, app_call *call,
                                       const app_listed *listed);
YAO_MUST_USE yao_status app_reply_empty(app_reply *ret, int status);

/** Add a header; VALUE is borrowed. Errors: YAO_E_LIMIT; YAO_E_USAGE: a value
 *  with control letters. */
YAO_MUST_USE yao_status app_reply_header(app_reply *ret, const char *name,
                                         yao_text value);

/** `Cache-Control: public, max-age=SECONDS`, and an ETag of the body. */
YAO_MUST_USE yao_status app_reply_cache(app_reply *ret, app_call *call,
                                        unsigned seconds);

/** Does the caller's browser ask for Chinese before all others? */
bool app_wants_chinese(const app_call *call);

/** What STATUS is to the other side. */
void app_reply_fail(app_reply *ret, app_call *call, yao_status status);

#endif
