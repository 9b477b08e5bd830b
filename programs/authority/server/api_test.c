/* SPDX-License-Identifier: Apache-2.0 */

/** docs/api/authority.json and the tables of routes say the same. */

#include "check.h"

#include <ctype.h>
#include <stdio.h>

#include "authority/server/inside.h"
#include "json/json.h"

static const yao_json *paths;

/* ---- the tables ------------------------------------------------------------ */

typedef void (*each_route)(const app_route *route, void *ctx);

static void walk(each_route each, void *ctx)
{
    for (size_t i = 0; i < APP_OWN_ROUTES; i++)
        each(&app_own_routes[i], ctx);
    for (size_t i = 0; i < APP_OWN_ADMIN_ROUTES; i++)
        each(&app_own_admin_routes[i], ctx);
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++)
            for (size_t i = 0; i < server_parts[p]->tables[t].count; i++)
                each(&server_parts[p]->tables[t].routes[i], ctx);
}

/* ---- the document ---------------------------------------------------------- */

static const yao_json *operation_of(const app_route *route)
{
    char method[16] = "";

    for (size_t i = 0; route->method[i] != '\0' && i < sizeof method - 1; i++)
        method[i] = (char)tolower((unsigned char)route->method[i]);
    return yao_json_get(yao_json_get(paths, route->path), method);
}

static void open_document(void)
{
    const yao_json *root;
    static uint8_t  memory[4 << 20];
    yao_arena       arena = {memory, sizeof memory, 0};
    static uint8_t  text[1 << 20];
    yao_bytes       file = test_file("docs/api/authority.json");

    assert_true(file.len <= sizeof text);
    memcpy(text, file.ptr, file.len); /* the test's arena is emptied */
    assert_status(yao_json_parse(&arena, (yao_bytes){text, file.len}, &root),
                  YAO_OK);
    assert_true(yao_json_is(yao_json_get(root, "openapi"), "3.1.0"));
    paths = yao_json_get(root, "paths");
    assert_non_null(paths);
}

/* ---- comparing ------------------------------------------------------------- */

static void count_missing(const app_route *route, void *ctx)
{
    if (operation_of(route) != NULL)
        return;
    print_message("# not described: %s %s\n", route->method, route->path);
    ++*(unsigned *)ctx;
}

static void describes_all(void **state)
{
    unsigned missing = 0;

    (void)state;
    open_document();
    walk(count_missing, &missing);
    assert_int_equal(missing, 0);
}

typedef struct looking {
    const yao_json *path, *method;
    bool            found;
} looking;

static void look(const app_route *route, void *ctx)
{
    looking *l = ctx;

    if (yao_json_named(l->path, yao_text_of(route->path)) &&
        operation_of(route) == l->method)
        l->found = true;
}

static void invents_none(void **state)
{
    unsigned wrong = 0;

    (void)state;
    open_document();
    for (const yao_json *p = paths->first; p != NULL; p = p->next)
        for (const yao_json *m = p->first; m != NULL; m = m->next) {
            looking l = {p, m, yao_json_named(m, YAO_TEXT("parameters"))};
            walk(look, &l);
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
} kinds[] = {{APP_FORM, "application/x-www-form-urlencoded"},
             {APP_JSON, "application/json"},
             {APP_JWT, "application/jwt"}};

static void count_bodies(const app_route *route, void *ctx)
{
    const yao_json *content = yao_json_get(
        yao_json_get(operation_of(route), "requestBody"), "content");

    if (operation_of(route) == NULL)
        return; /* said above */
    for (size_t i = 0; i < COUNT(kinds); i++) {
        bool takes = (route->needs & kinds[i].kind) != 0;
        bool said  = yao_json_get(content, kinds[i].type) != NULL;
        if (takes == said)
            continue;
        print_message("# %s %s: %s\n", route->method, route->path,
                      kinds[i].type);
        ++*(unsigned *)ctx;
    }
}

static void describes_bodies(void **state)
{
    unsigned wrong = 0;

    (void)state;
    open_document();
    walk(count_bodies, &wrong);
    assert_int_equal(wrong, 0);
}

static void count_words(const app_route *route, void *ctx)
{
    const yao_json *operation = operation_of(route);

    if (operation == NULL)
        return;
    if (yao_json_get(operation, "summary") == NULL ||
        yao_json_get(yao_json_get(operation, "responses"), "200") ==
            yao_json_get(operation, "responses")) {
        print_message("# without words: %s %s\n", route->method, route->path);
        ++*(unsigned *)ctx;
    }
}

static void describes_in_words(void **state)
{
    unsigned wrong = 0;

    (void)state;
    open_document();
    walk(count_words, &wrong);
    assert_int_equal(wrong, 0);
}

/* ---- the tables themselves --------------------------------------------------- */

static const yao_crypto *no_crypto(void *server, unsigned worker)
{
    (void)server;
    (void)worker;
    return NULL;
}

static void fits_together(void **state)
{
    static app_routes  tables[APP_MAX_TABLES];
    app_router        *router = NULL;
    app_router_options o      = {.tables = tables, .crypto = no_crypto};

    (void)state;
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++) {
            assert_true(o.table_count < APP_MAX_TABLES - 2);
            tables[o.table_count++] = server_parts[p]->tables[t];
        }
    assert_status(app_router_open(&o, &router), YAO_OK);
    app_router_close(router);
}

/* A page's cookie never comes near a wallet's listener's routes, and an
 * operator's routes are on the console's listener only. */
static void keeps_apart(void **state)
{
    (void)state;
    for (size_t p = 0; server_parts[p] != NULL; p++)
        for (size_t t = 0; t < server_parts[p]->table_count; t++) {
            const app_routes *table = &server_parts[p]->tables[t];
            for (size_t i = 0; i < table->count; i++) {
                int who = table->routes[i].needs & APP_WHO;
                if (who == APP_ADMIN)
                    assert_int_equal(table->listeners, 1u << SERVER_ADMIN);
                if (who == APP_OPERATOR)
                    assert_int_equal(table->listeners, 1u << SERVER_CONSOLE);
                if (who == APP_KIOSK)
                    assert_int_equal(table->listeners, 1u << SERVER_KIOSK);
            }
        }
}

int main(void)
{
    test_add("tables", "gives one table of all parts", fits_together, NULL);
    test_add("tables", "never mixes listeners", keeps_apart, NULL);
    test_add("api", "gives a description of every route", describes_all, NULL);
    test_add("api", "never describes what there is not", invents_none, NULL);
    test_add("api", "gives the types of bodies", describes_bodies, NULL);
    test_add("api", "gives words for each", describes_in_words, NULL);
    return test_run("authority/server/api");
}
