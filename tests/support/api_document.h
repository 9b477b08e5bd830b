/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_API_DOCUMENT_H
#define YAO_TEST_API_DOCUMENT_H

/** A server's document of docs/api and its tables of routes say the same. The
 *  test of a server gives both to api_main(). */

#include "check.h"

#include <ctype.h>
#include <stdio.h>

#include "app/serve.h"
#include "json/json.h"

static struct {
    const char       *file;   /* "docs/api/authority.json" */
    const app_routes *tables; /* of the server, without those of all */
    size_t            table_count;
} api;

static const yao_json *api_paths;

/* ---- the tables --------------------------------------------------------- */

typedef void (*api_each)(const app_route *route, void *ctx);

static void api_walk(api_each each, void *ctx)
{
    for (size_t i = 0; i < APP_OWN_ROUTES; i++)
        each(&app_own_routes[i], ctx);
    for (size_t i = 0; i < APP_OWN_ADMIN_ROUTES; i++)
        each(&app_own_admin_routes[i], ctx);
    for (size_t t = 0; t < api.table_count; t++)
        for (size_t i = 0; i < api.tables[t].count; i++)
            each(&api.tables[t].routes[i], ctx);
}

/* ---- the document ------------------------------------------------------- */

static const yao_json *api_operation(const app_route *route)
{
    char method[16] = "";

    for (size_t i = 0; route->method[i] != '\0' && i < sizeof method - 1; i++)
        method[i] = (char)tolower((unsigned char)route->method[i]);
    return yao_json_get(yao_json_get(api_paths, route->path), method);
}

static void api_open(void)
{
    const yao_json *root;
    static uint8_t  memory[8 << 20];
    yao_arena       arena = {memory, sizeof memory, 0};
    static uint8_t  text[1 << 20];
    yao_bytes       file = test_file(api.file);

    assert_true(file.len <= sizeof text);
    memcpy(text, file.ptr, file.len); /* the test's arena is emptied */
    assert_status(yao_json_parse_metadata(&arena,
                                          (yao_bytes){text, file.len}, &root),
                  YAO_OK);
    assert_true(yao_json_is(yao_json_get(root, "openapi"), "3.1.0"));
    api_paths = yao_json_get(root, "paths");
    assert_non_null(api_paths);
}

/* ---- comparing ---------------------------------------------------------- */

static void api_count_missing(const app_route *route, void *ctx)
{
    if (api_operation(route) != NULL)
        return;
    print_message("# not described: %s %s\n", route->method, route->path);
    ++*(unsigned *)ctx;
}

static void api_describes_all(void **state)
{
    unsigned missing = 0;

    (void)state;
    api_open();
    api_walk(api_count_missing, &missing);
    assert_int_equal(missing, 0);
}

typedef struct api_looking {
    const yao_json *path, *method;
    bool            found;
} api_looking;

static void api_look(const app_route *route, void *ctx)
{
    api_looking *l = ctx;

    if (yao_json_named(l->path, yao_text_of(route->path)) &&
        api_operation(route) == l->method)
        l->found = true;
}

static void api_invents_none(void **state)
{
    unsigned wrong = 0;

    (void)state;
    api_open();
    for (const yao_json *p = api_paths->first; p != NULL; p = p->next)
        for (const yao_json *m = p->first; m != NULL; m = m->next) {
            api_looking l = {p, m, yao_json_named(m, YAO_TEXT("parameters"))};
            api_walk(api_look, &l);
            if (!l.found)
                print_message("# no such route: %.*s %.*s\n", (int)m->name.len,
                              (const char *)m->name.ptr, (int)p->name.len,
                              (const char *)p->name.ptr);
            wrong += !l.found;
        }
    assert_int_equal(wrong, 0);
}

static const struct {
    int         kind;
    const char *type;
} api_kinds[] = {{APP_FORM, "application/x-www-form-urlencoded"},
                 {APP_JSON, "application/json"},
                 {APP_JWT, "application/jwt"}};

static void api_count_bodies(const app_route *route, void *ctx)
{
    const yao_json *content = yao_json_get(
        yao_json_get(api_operation(route), "requestBody"), "content");

    if (api_operation(route) == NULL)
        return; /* said above */
    for (size_t i = 0; i < COUNT(api_kinds); i++) {
        bool takes = (route->needs & api_kinds[i].kind) != 0;
        bool said  = yao_json_get(content, api_kinds[i].type) != NULL;
        if (takes == said)
            continue;
        print_message("# %s %s: %s\n", route->method, route->path,
                      api_kinds[i].type);
        ++*(unsigned *)ctx;
    }
    if ((route->needs & APP_RAW) != 0 && content == NULL) {
        print_message("# %s %s: octets\n", route->method, route->path);
        ++*(unsigned *)ctx;
    }
}

static void api_describes_bodies(void **state)
{
    unsigned wrong = 0;

    (void)state;
    api_open();
    api_walk(api_count_bodies, &wrong);
    assert_int_equal(wrong, 0);
}

static void api_count_words(const app_route *route, void *ctx)
{
    const yao_json *operation = api_operation(route);

    if (operation == NULL)
        return;
    if (yao_json_get(operation, "summary") == NULL ||
        yao_json_get(yao_json_get(operation, "responses"), "200") ==
            yao_json_get(operation, "responses")) {
        print_message("# without words: %s %s\n", route->method, route->path);
        ++*(unsigned *)ctx;
    }
}

static void api_describes_in_words(void **state)
{
    unsigned wrong = 0;

    (void)state;
    api_open();
    api_walk(api_count_words, &wrong);
    assert_int_equal(wrong, 0);
}

/* ---- the tables themselves ---------------------------------------------- */

static const yao_crypto *api_no_crypto(void *server, unsigned worker)
{
    (void)server;
    (void)worker;
    return NULL;
}

static void api_fits_together(void **state)
{
    app_router        *router = NULL;
    app_router_options o      = {.tables      = api.tables,
                                 .table_count = api.table_count,
                                 .crypto      = api_no_crypto};

    (void)state;
    assert_status(app_router_open(&o, &router), YAO_OK);
    app_router_close(router);
}

/** Rows of FILE beside the TABLES. */
static void api_add(const char *file, const app_routes *tables, size_t count)
{
    api.file        = file;
    api.tables      = tables;
    api.table_count = count;
    test_add("tables", "gives one table of all parts", api_fits_together, NULL);
    test_add("api", "gives a description of every route", api_describes_all,
             NULL);
    test_add("api", "never describes what there is not", api_invents_none,
             NULL);
    test_add("api", "gives the types of bodies", api_describes_bodies, NULL);
    test_add("api", "gives words for each", api_describes_in_words, NULL);
}

#endif
