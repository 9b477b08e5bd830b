/* SPDX-License-Identifier: Apache-2.0 */

/** The guest register of a hotel: made of what was shown and accepted, listed,
 *  exported, removed. */

#define _GNU_SOURCE /* memmem() */
#include "desk_shown.h"

#include <poll.h>

static shown_session guest;
static char          today[11], later[11];

static void day_of(yao_time when, char out[11])
{
    yao_date_format(yao_date_of_time(when), (uint8_t *)out);
    out[10] = '\0';
}

static void prepare(void **state)
{
    (void)state;
    shown_prepare("--profile hotel --profile government", "");
    desk_start("");
    day_of(yao_now(), today);
    day_of(yao_now() + 2 * YAO_TIME_DAY, later);
    guest = shown_ask("{\"profile\":\"hotel\"}");
    shown_show(&guest, "--yes", 0);
}

static bool says(const net_answer *a, const char *text)
{
    return memmem(a->body.ptr, a->body.len, text, strlen(text)) != NULL;
}

static net_answer enter(const char *id, const char *room, const char *arrival)
{
    char json[300];

    snprintf(json, sizeof json,
             "{\"result\":\"%s\",\"room\":\"%s\",\"arrival\":\"%s\"}", id, room,
             arrival);
    return desk_api("POST", "/api/guests", json);
}

static void refuses_before(void **state)
{
    shown_session s = shown_ask("{\"profile\":\"hotel\"}");
    net_answer    a;

    (void)state;
    a = enter(s.id, "1", today);
    assert_int_equal(a.status, 404); /* nobody answered yet */
    shown_show(&s, "", 3);
    assert_int_equal(enter(s.id, "1", today).status, 404);
    s = shown_ask("{\"profile\":\"government\"}");
    shown_show(&s, "--yes", 0);
    a = enter(s.id, "1", today);
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "no_guest_profile");
}

static const struct wish {
    const char *name, *json;
} wishes[] = {
    {"refuses no room", "{\"result\":\"%s\",\"arrival\":\"%s\"}"},
    {"refuses an empty room",
     "{\"result\":\"%s\",\"arrival\":\"%s\",\"room\":\"\"}"},
    {"refuses a room with lines",
     "{\"result\":\"%s\",\"arrival\":\"%s\",\"room\":\"a\\nb\"}"},
    {"refuses a day that is none",
     "{\"result\":\"%s\",\"x\":\"%s\",\"arrival\":\"2026-02-30\",\"room\":"
     "\"1\"}"},
    {"refuses a day of long ago",
     "{\"result\":\"%s\",\"x\":\"%s\",\"arrival\":\"1999-01-01\",\"room\":"
     "\"1\"}"},
    {"refuses who leaves before",
     "{\"result\":\"%s\",\"arrival\":\"%s\",\"room\":\"1\",\"departure\":"
     "\"2026-01-01\"}"},
};

static void refuses_wish(void **state)
{
    const struct wish *r = *state;
    char               json[300];
    net_answer         a;

    snprintf(json, sizeof json, r->json, guest.id, today);
    a = desk_api("POST", "/api/guests", json);
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "invalid_request");
}

static int64_t number_of(const yao_json *object, const char *name)
{
    int64_t number = 0;

    assert_status(yao_json_int(yao_json_get(object, name), &number), YAO_OK);
    return number;
}

/* When it was shown, as its receipt says: a second ago at least. */
static yao_time wait_since_shown(void)
{
    net_answer a = shown_get(&guest, "");
    yao_time   judged =
        number_of(yao_json_get(desk_json(&a), "result"), "judged");

    while (yao_now() <= judged)
        (void)poll(NULL, 0, 50);
    return judged;
}

static void enters(void **state)
{
    yao_time   judged = wait_since_shown();
    net_answer a      = enter(guest.id, "=1208", today);
    char       path[100];

    (void)state;
    assert_int_equal(a.status, 201);
    assert_true(says(&a, shown_number) && says(&a, "\"full_name\":\""));
    assert_true(says(&a, "\"room\":\"=1208\""));
    assert_false(says(&a, "portrait"));
    assert_true(number_of(desk_json(&a), "made") > judged);
    assert_int_equal(number_of(desk_json(&a), "ends"),
                     judged + 365 * YAO_TIME_DAY);
    a = enter(guest.id, "1209", today);
    assert_int_equal(a.status, 409);
    assert_string_equal(desk_member(&a, "error"), "entered_already");
    snprintf(path, sizeof path, "/api/guests/%s", guest.id);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    assert_true(says(&a, shown_number));
    snprintf(path, sizeof path, "/api/guests/%s/departure", guest.id);
    char json[60];
    snprintf(json, sizeof json, "{\"departure\":\"%s\"}", later);
    a = desk_api("POST", path, json);
    assert_int_equal(a.status, 200);
    assert_string_equal(desk_member(&a, "departure"), later);
}

static void lists(void **state)
{
    char       path[100];
    net_answer a;

    (void)state;
    snprintf(path, sizeof path, "/api/guests?from=%s&until=%s", today, today);
    a = desk_api("GET", path, NULL);
    assert_int_equal(a.status, 200);
    assert_true(says(&a, guest.id) && says(&a, shown_number));
    snprintf(path, sizeof path, "/api/guests?from=%s", later);
    a = desk_api("GET", path, NULL);
    assert_bytes(a.body, YAO_LIT("{\"guests\":[]}"));
    assert_int_equal(desk_api("GET", "/api/guests?from=yesterday", NULL).status,
                     400);
    assert_int_equal(desk_api("GET", "/api/guests?after=1", NULL).status, 400);
    assert_int_equal(desk_api("GET", "/api/guests?format=xls", NULL).status,
                     400);
}

static void exports(void **state)
{
    net_answer a = desk_api("GET", "/api/guests?format=csv", NULL);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(yao_text_equal(net_answer_header(&a, "content-type"),
                               YAO_TEXT("text/csv; charset=utf-8")));
    assert_true(yao_text_equal(net_answer_header(&a, "cache-control"),
                               YAO_TEXT("no-store")));
    assert_true(says(&a, "id,room,arrival,departure,document,full_name,"));
    assert_true(says(&a, shown_number));
    assert_true(says(&a, ",\"'=1208\",")); /* no formula */
}

static void removes(void **state)
{
    char path[100];

    (void)state;
    /* the result may go before it: the register has an end of its own */
    snprintf(path, sizeof path, "/api/sessions/%s", guest.id);
    assert_int_equal(desk_api("DELETE", path, NULL).status, 204);
    snprintf(path, sizeof path, "/api/guests/%s", guest.id);
    assert_int_equal(desk_api("GET", path, NULL).status, 200);
    assert_int_equal(desk_api("DELETE", path, NULL).status, 204);
    assert_int_equal(desk_api("GET", path, NULL).status, 404);
    assert_int_equal(desk_api("DELETE", path, NULL).status, 404);
    assert_int_equal(enter(guest.id, "1", today).status, 404);
}

int main(void)
{
    test_add("guests", "accepts to begin", prepare, NULL);
    test_add("guests", "refuses who was not accepted as a guest",
             refuses_before, NULL);
    for (size_t i = 0; i < COUNT(wishes); i++)
        test_add("guests", wishes[i].name, refuses_wish, &wishes[i]);
    test_add("guests", "accepts a guest, once", enters, NULL);
    test_add("guests", "gives them by days", lists, NULL);
    test_add("guests", "gives a table without formulas", exports, NULL);
    test_add("guests", "forgets one that is removed", removes, NULL);

    int code = test_run("journeys/desk_guests");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
