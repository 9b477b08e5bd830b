/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every route of the authority, and who may call it. Each row of all tables
 * stands in docs/api/roles.txt: a new route, or one that others may call than
 * before, is a line there that somebody has read.
 */
#include "console_world.h"

#include "authority/enrol/login.h"

enum { ROLES = 6 };

static const char *const role_names[ROLES] = {
    "clerk", "officer", "supervisor", "registrar", "auditor", "administrator"};

static const char *const listener_names[] = {"public", "kiosk", "console",
                                             "admin"};

/* ---- the list ----------------------------------------------------------- */

static const char *need_name(int needs)
{
    static const char *const names[] = {"nobody",   "anybody", "page",
                                        "person",   "operator", "kiosk",
                                        "admin",    "none"};

    if ((needs & APP_WHO) == APP_WALLET)
        return "wallet";
    return names[needs & APP_WHO];
}

/* "console POST /api/kiosks operator administrator" */
static void write_line(yao_writer *w, const app_route *r, unsigned listeners)
{
    for (unsigned i = 0; i < 4; i++)
        if ((listeners >> i & 1) != 0) {
            yao_put_text(w, listener_names[i]);
            yao_put_byte(w, ' ');
        }
    yao_put_text(w, r->method);
    yao_put_byte(w, ' ');
    yao_put_text(w, r->path);
    yao_put_byte(w, ' ');
    yao_put_text(w, need_name(r->needs));
    for (int i = 0; i < ROLES; i++)
        if ((r->roles & 1 << i) != 0) {
            yao_put_byte(w, ' ');
            yao_put_text(w, role_names[i]);
        }
}

static bool has_line(yao_bytes file, yao_bytes line)
{
    for (size_t at = 0; at < file.len;) {
        yao_bytes rest = {file.ptr + at, file.len - at};
        size_t    end  = yao_bytes_find(rest, '\n');
        if (yao_bytes_equal((yao_bytes){rest.ptr, end}, line))
            return true;
        at += end + 1;
    }
    return false;
}

static void lists_every_route(void **state)
{
    yao_bytes  file    = test_file("docs/api/roles.txt");
    size_t     missing = 0, lines = 0, routes = 0;
    app_routes tables[APP_MAX_TABLES];
    size_t     count = cw_gather(tables);

    (void)state;
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            uint8_t    room[512];
            yao_writer w = yao_writer_open(room, sizeof room);
            write_line(&w, &tables[t].routes[i], tables[t].listeners);
            assert_status(w.status, YAO_OK);
            routes++;
            if (has_line(file, (yao_bytes){room, w.len}))
                continue;
            print_message("# not in docs/api/roles.txt: %.*s\n", (int)w.len,
                          (const char *)room);
            missing++;
        }
    for (size_t at = 0; at < file.len;) {
        lines += file.ptr[at] != '#' && file.ptr[at] != '\n';
        at += yao_bytes_find((yao_bytes){file.ptr + at, file.len - at}, '\n') +
              1;
    }
    assert_int_equal(missing, 0);
    assert_int_equal(lines, routes); /* nor one that there is not */
}

/* ---- every cell --------------------------------------------------------- */

static yao_status let_in(app_call *call, app_reply *ret)
{
    (void)call;
    return app_reply_empty(ret, 204);
}

/* A file of the page: there is none of that name. */
static yao_status no_file(app_call *call, app_reply *ret)
{
    (void)call;
    return app_reply_empty(ret, 404);
}

static bool is_file(const app_route *route)
{
    return route->path[1] == '\0' || route->path[1] == '{';
}

/* The same tables with functions that only say that one came in. */
static app_router *open_probes(void)
{
    static app_routes tables[APP_MAX_TABLES];
    static app_route  routes[512];
    size_t            count = cw_gather(tables), used = 0;
    app_router       *router;

    for (size_t t = 0; t < count; t++) {
        app_route *mine = routes + used;
        assert_true(used + tables[t].count <= COUNT(routes));
        for (size_t i = 0; i < tables[t].count; i++) {
            mine[i]     = tables[t].routes[i];
            mine[i].run = is_file(&mine[i]) ? no_file : let_in;
        }
        used += tables[t].count;
        tables[t].routes = mine;
    }
    const app_router_options o = cw_options(tables, count);
    assert_status(app_router_open(&o, &router), YAO_OK);
    return router;
}

/* "/a/{b}/c" as somebody would send it. */
static const char *fill_path(const char *pattern)
{
    char  *out = yao_arena_take(test_arena(), 256);
    size_t len = 0;

    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p == '{') {
            len += (size_t)snprintf(out + len, 40, "%s",
                                    "00112233445566778899aabbccddeeff");
            p = strchr(p, '}');
        } else {
            out[len++] = *p;
        }
    }
    out[len] = '\0';
    return out;
}

static cw_answer knock(app_router *router, const app_route *route,
                       yao_text cookie)
{
    bool             body = (route->needs & (APP_JSON | APP_JWT)) != 0;
    const cw_request r    = {.listener = SERVER_CONSOLE,
                             .method   = route->method,
                             .path     = fill_path(route->path),
                             .cookie   = cookie,
                             .body = body ? YAO_LIT("{}") : YAO_LIT("")};

    return cw_send_to(router, &r);
}

/* A person's session, which is not an operator's. */
static yao_text person_cookie(void)
{
    enrol        e   = {.a = cw_authority(), .arena = test_arena(),
                        .now = yao_now()};
    enrol_person who = {.proof = ENROL_BY_CODE, .level = 2};
    yao_text     token;

    assert_status(enrol_start_session(&e, &who, &token), YAO_OK);
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;
    yao_put_text(&w, "yaopai-person=");
    yao_put_bytes(&w, yao_text_bytes(token));
    yao_put_text(&w, "; yaopai-operator=");
    yao_put_bytes(&w, yao_text_bytes(token));
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return (yao_text){out.ptr, out.len};
}

static void must(const cw_answer *a, int code, const app_route *route,
                 const char *who)
{
    if (a->code != code)
        fail_msg("%s %s by %s: %d instead of %d", route->method, route->path,
                 who, a->code, code);
}

static void walk_route(app_router *router, const app_route *route,
                       const yao_text *cookies)
{
    cw_answer nobody = knock(router, route, YAO_TEXT(""));
    cw_answer wrong  = {.code = 0};

    must(&nobody, 401, route, "nobody");
    for (int i = 0; i < ROLES; i++) {
        bool      may = (route->roles & 1 << i) != 0;
        cw_answer a   = knock(router, route, cookies[i]);
        must(&a, may ? 204 : 403, route, role_names[i]);
        if (may)
            continue;
        if (wrong.code != 0) /* one refusal is like the other */
            assert_true(yao_text_equal(wrong.body, a.body));
        wrong = a;
    }
    cw_answer person = knock(router, route, cookies[ROLES]);
    must(&person, 401, route, "a person");
}

static void walks_every_cell(void **state)
{
    app_router *router = (cw_open(), open_probes());
    app_routes  tables[APP_MAX_TABLES];
    size_t      count = cw_gather(tables), cells = 0;
    yao_text    cookies[ROLES + 1];

    (void)state;
    for (int i = 0; i < ROLES; i++)
        cookies[i] = cw_session(1 << i);
    cookies[ROLES] = person_cookie();
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const app_route *route = &tables[t].routes[i];
            if ((route->needs & APP_WHO) != APP_OPERATOR)
                continue;
            size_t mark = test_arena()->used;
            walk_route(router, route, cookies);
            test_arena()->used = mark;
            cells += ROLES + 2;
        }
    print_message("# %zu cells\n", cells);
    assert_true(cells > 300);
    app_router_close(router);
}

/* A kiosk's listener has no route of operators, whatever cookie comes. */
static void kiosks_see_none(void **state)
{
    app_router *router = (cw_open(), open_probes());
    yao_text    boss   = cw_session(CONSOLE_ANY_ROLE);
    app_routes  tables[APP_MAX_TABLES];
    size_t      count = cw_gather(tables);

    (void)state;
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const app_route *route = &tables[t].routes[i];
            if ((route->needs & APP_WHO) != APP_OPERATOR)
                continue;
            for (unsigned l = 0; l < 4; l++) {
                const cw_request r = {.listener = l,
                                      .method   = route->method,
                                      .path     = fill_path(route->path),
                                      .cookie   = boss};
                if (l == SERVER_CONSOLE)
                    continue;
                int code = cw_send_to(router, &r).code;
                /* what is there is a file at most, which nobody posts to */
                assert_true(code == 404 || code == 405);
            }
        }
    app_router_close(router);
}

/* What changes something wants the console's own origin. */
static void other_pages_are_refused(void **state)
{
    app_router *router = (cw_open(), open_probes());
    yao_text    boss   = cw_session(CONSOLE_ANY_ROLE);
    app_routes  tables[APP_MAX_TABLES];
    size_t      count = cw_gather(tables);

    (void)state;
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < tables[t].count; i++) {
            const app_route *route = &tables[t].routes[i];
            const cw_request r     = {.listener = SERVER_CONSOLE,
                                      .method   = route->method,
                                      .path     = fill_path(route->path),
                                      .cookie   = boss,
                                      .origin   = "https://evil.example"};
            if ((route->needs & APP_WHO) == APP_OPERATOR &&
                strcmp(route->method, "GET") != 0)
                assert_int_equal(cw_send_to(router, &r).code, 403);
        }
    app_router_close(router);
}

/* Nothing is there that would sign without a deed, or try things out. */
static void has_no_back_door(void **state)
{
    static const char *const words[] = {"preview", "dry", "test", "debug",
                                        "impersonate", "sudo", "bypass"};
    app_routes               tables[APP_MAX_TABLES];
    size_t                   count = cw_gather(tables);

    (void)state;
    for (size_t t = 0; t < count; t++)
        for (size_t i = 0; i < tables[t].count; i++)
            for (size_t w = 0; w < COUNT(words); w++)
                assert_null(strstr(tables[t].routes[i].path, words[w]));
}

int main(void)
{
    test_add("routes", "gives each route a line that somebody read",
             lists_every_route, NULL);
    test_add("routes", "refuses N263: each route to each other role",
             walks_every_cell, NULL);
    test_add("routes", "refuses operators at other listeners", kiosks_see_none,
             NULL);
    test_add("routes", "refuses pages of another origin",
             other_pages_are_refused, NULL);
    test_add("routes", "never offers N264: a preview, a dry run",
             has_no_back_door, NULL);
    int code = test_run("authority/console/matrix");
    cw_close();
    test_scratch_remove();
    return code;
}
