/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_APP_PAGES_H
#define YAO_APP_PAGES_H

/**
 * The files of one page: of one folder, looked up by names that can't leave it,
 * with an ETag, and a policy that lets no script run but the page's own.
 *
 *     static yao_status give(app_call *call, app_reply *ret)
 *     {
 *         const app_pages pages = {folder, APP_PAGES_POLICY("'self'")};
 *         return app_pages_give(call, &pages, ret);
 *     }
 *     static const app_route routes[] = {APP_PAGES_ROUTES(give)};
 */

#include "app/route.h"

/** CONNECT: whom the page may speak with, as connect-src has it. */
#define APP_PAGES_POLICY(connect)                                              \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src "     \
    "'self'; img-src 'self' blob: data:; connect-src " connect                 \
    "; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; "       \
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "            \
    "require-trusted-types-for 'script'; trusted-types yaopai"

typedef struct app_pages {
    const char *folder; /* "": there is none */
    const char *policy;
    const char *config; /* the file that is given as /config.json, whatever is
                           in the folder; NULL: none */
    const char *statement; /* likewise as /statement.json: by which an authority
                              vouches for the page */
} app_pages;

/** The rows of a table; GIVE calls app_pages_give(). */
#define APP_PAGES_ROUTES(give)                                                 \
    {"GET", "/", APP_PAGE, give, 0, 0}, {"GET", "/{a}", APP_PAGE, give, 0, 0}, \
        {"GET", "/{a}/{b}", APP_PAGE, give, 0, 0},                             \
        {"GET", "/{a}/{b}/{c}", APP_PAGE, give, 0, 0},                         \
        {"GET", "/{a}/{b}/{c}/{d}", APP_PAGE, give, 0, 0}

/**
 * Give the file that the call's path names: packed, where there is one of the
 * same name with ".gz" behind it and the other side takes it.
 *
 * Out     ret  where there is no page at all, a browser gets a 404 that says so
 *              to people
 * Errors  YAO_E_NOT_FOUND  there is none, or it has an ending that is not for
 *                          the web, or the page has no folder
 *         YAO_E_SPACE
 */
YAO_MUST_USE yao_status app_pages_give(app_call *call, const app_pages *pages,
                                       app_reply *ret);

/**
 * Does the statement vouch for what is in the folder? Without either there is
 * nothing to ask. What browsers kept of it before is not known here.
 *
 * Errors  YAO_E_FILE, those of yao_audit_page_begin() and
 *         yao_audit_page_conclude()
 */
YAO_MUST_USE yao_status app_pages_check(const app_pages  *pages,
                                        const yao_crypto *crypto);

#endif
