/* SPDX-License-Identifier: Apache-2.0 */

/** More than a desk has room for, and clocks that nobody would believe: it says
 *  so, goes on, and takes more when the first are over. Clocks move in builds
 *  with -Dtest_hooks=true. */

#include "clock.h"
#include "desk_world.h"

static bool moves;

static void set(const char *from, const char *to)
{
    char *ini = desk_file("d/desk.ini");
    char *at  = strstr(ini, from);
    char  text[16000];

    assert_non_null(at);
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - ini), ini, to,
             at + strlen(from));
    test_write("d/desk.ini", yao_text_bytes(yao_text_of(text)));
}

static void prepare(void **state)
{
    (void)state;
    moves = clock_moves();
    clock_use("desk");
    clock_set("desk", 0);
    desk_make("");
    set("open_requests = 10000", "open_requests = 3");
    set("boxes = 4096", "boxes = 4");
    desk_start("");
}

/* ---- requests ----------------------------------------------------------- */

static int ask(void)
{
    return desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}").status;
}

static void bounds_requests(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(ask(), 201);
    net_answer a = desk_api("POST", "/api/sessions", "{\"profile\":\"age\"}");
    assert_int_equal(a.status, 429);
    assert_true(net_answer_header(&a, "retry-after").len != 0);
    assert_string_equal(desk_member(&a, "error"), "slow_down");
}

/* They are kept for a while after their end, and forgotten by turns. */
static void takes_more_later(void **state)
{
    test_patience patience = test_patience_begin();

    (void)state;
    if (!moves)
        skip();
    clock_set("desk", 600);
    int status = ask();
    while (status == 429 && test_wait(&patience))
        status = ask();
    clock_set("desk", 0);
    assert_int_equal(status, 201);
}

/* ---- boxes -------------------------------------------------------------- */

static net_answer open_box(void)
{
    return desk_ask(&(desk_call){.method = "POST", .path = "/mailboxes"});
}

static void bounds_boxes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(open_box().status, 201);
    net_answer a = open_box();
    assert_int_equal(a.status, 429);
    assert_true(net_answer_header(&a, "retry-after").len != 0);
    assert_int_equal(desk_ask(&(desk_call){.method = "GET", .path = "/health"})
                         .status,
                     200);
}

static void opens_boxes_later(void **state)
{
    test_patience patience = test_patience_begin();

    (void)state;
    if (!moves)
        skip();
    clock_set("desk", 301);
    int status = open_box().status;
    while (status == 429 && test_wait(&patience))
        status = open_box().status;
    clock_set("desk", 0);
    assert_int_equal(status, 201);
}

/* ---- clocks ------------------------------------------------------------- */

typedef struct era {
    const char *name;
    yao_time    at;
} era;

static const era eras[] = {
    {"refuses N296: to ask in 1970", 1},
    {"refuses N296: to ask in the last second of 2^31", 2147483647},
    {"refuses N296: to ask after 2^31 seconds", INT64_C(2147483648)},
    {"refuses N296: to ask after 2^32 seconds", INT64_C(4294967296)},
    {"refuses N296: to ask in the year 9999", INT64_C(253402300799)},
};

static void asks_in(void **state)
{
    const era *e = *state;

    if (!moves)
        skip();
    clock_set("desk", (long)(e->at - (yao_time)time(NULL)));
    assert_int_equal(ask(), 503);
    assert_int_equal(desk_ask(&(desk_call){.method = "GET", .path = "/health"})
                         .status,
                     200);
    clock_set("desk", 0);
}

int main(void)
{
    test_add("flood", "starts a desk with little room", prepare, NULL);
    test_add("flood", "refuses N313: a fourth request where three may be open",
             bounds_requests, NULL);
    test_add("flood", "accepts N313: one more when the first are over",
             takes_more_later, NULL);
    test_add("flood", "refuses N313: a fifth box where there are four",
             bounds_boxes, NULL);
    test_add("flood", "accepts N313: a box when the first are over",
             opens_boxes_later, NULL);
    for (size_t i = 0; i < COUNT(eras); i++)
        test_add("flood", eras[i].name, asks_in, &eras[i]);

    int code = test_run("journeys/desk_flood");
    (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
