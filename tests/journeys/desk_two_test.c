/* SPDX-License-Identifier: Apache-2.0 */

/** Two processes of one desk on PostgreSQL: what is asked of one is answered at
 *  the other, once; one of them ends and nothing is lost. */

#define _GNU_SOURCE
#include "desk_wallet.h"
#include "postgres_server.h"

static test_server other;
static unsigned    other_port;
static bool        running;

static void prepare(void **state)
{
    char number[32], line[600], url[256];

    (void)state;
    if (test_postgres_missing() != NULL) {
        print_message("# %s\n", test_postgres_missing());
        skip();
    }
    desk_make_authority();
    desk_make_person(number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/w --copies 4 --json --document "
             "resident_id --person %s",
             number);
    dw_issue(line);
    test_postgres_url(url, sizeof url);
    snprintf(line, sizeof line, "--store '%s'", url);
    desk_make_desk(line);
    desk_start("--admin none");
    other_port = test_free_port();
    snprintf(line, sizeof line,
             "desk serve -C @/d --listen 127.0.0.1:%u --admin none",
             other_port);
    assert_true(test_server_start(&other, line));
    running = true;
}

static void turn_to(unsigned port)
{
    snprintf(desk_base, sizeof desk_base, "http://127.0.0.1:%u", port);
}

static void works_together(void **state)
{
    char       path[128];
    net_answer a;

    (void)state;
    if (!running)
        skip();
    a                   = desk_api("POST", "/api/sessions",
                                   "{\"profile\":"
                                                     "\"hotel\"}");
    yao_vp_request q    = dw_request(desk_member(&a, "qr"));
    yao_bytes      body = dw_answer(&q, true, DW_GOOD);

    snprintf(path, sizeof path, "/api/sessions/%s?wait=5",
             desk_member(&a, "id"));
    turn_to(other_port);
    assert_int_equal(dw_post(&q, body).status, 200);
    turn_to(desk_port);
    assert_int_equal(dw_post(&q, body).status, 400);
    a = desk_api("GET", path, NULL);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_int_equal(test_server_stop(&other), 0);
    a = desk_api("GET", path, NULL);
    assert_string_equal(desk_member(&a, "state"), "done");
    assert_int_equal(test_server_stop(&desk_server), 0);
}

int main(void)
{
    test_add("two", "starts two processes on one store", prepare, NULL);
    test_add("two", "accepts at one what was asked of the other, once",
             works_together, NULL);
    int code = test_run("journeys/desk_two");
    dw_end();
    test_scratch_remove();
    return code;
}
