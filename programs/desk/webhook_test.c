/* SPDX-License-Identifier: Apache-2.0 */
/* When a webhook is tried again, and where it may go; that a process which does
 * not lead tells nothing. */

#include "desk/webhook.h"

#include <stdio.h>
#include <string.h>

#include "check.h"
#include "forge.h"
#include "program.h"
#include "store/announcement.h"

#define NOW INT64_C(1767225600)

static void waits(void **state)
{
    (void)state;
    assert_int_equal(desk_hook_next(NOW, 0) - NOW, 1);
    assert_int_equal(desk_hook_next(NOW, 1) - NOW, 2);
    assert_int_equal(desk_hook_next(NOW, 11) - NOW, 2048);
    assert_int_equal(desk_hook_next(NOW, 12) - NOW, DESK_HOOK_MOST);
    assert_int_equal(desk_hook_next(NOW, 1000000) - NOW, DESK_HOOK_MOST);
    assert_int_equal(desk_hook_next(NOW, -1) - NOW, 1);
}

static const struct row {
    const char *name, *url;
    bool        demo, good;
} rows[] = {
    {"accepts https", "https://hotel.example/told?x=1", false, true},
    {"refuses http", "http://hotel.example/told", false, false},
    {"refuses http also of a demo", "http://hotel.example/told", true, false},
    {"refuses this machine", "https://localhost/told", false, false},
    {"accepts this machine of a demo", "http://127.0.0.1:81/told", true, true},
    {"refuses an address", "https://10.0.0.1/told", false, false},
    {"refuses an address of a cloud's secrets", "https://169.254.169.254/",
     false, false},
    {"refuses IPv6 of this machine", "https://[::1]/told", false, false},
    {"refuses a user", "https://a@hotel.example/", false, false},
    {"refuses nothing", "", false, false},
};

static void goes(void **state)
{
    const struct row *r = *state;

    assert_int_equal(desk_hook_fits(yao_text_of(r->url), r->demo), r->good);
}

/* ---- the outbox --------------------------------------------------------- */

static const yao_bytes first  = YAO_INIT("aaaaaaaaaaaaaaaa");
static const yao_bytes second = YAO_INIT("bbbbbbbbbbbbbbbb");
static desk            d;

static void put(void)
{
    store_change             change = store_change_open(test_arena());
    const store_announcement a      = {.id     = first,
                                       .client = first,
                                       .body   = YAO_TEXT("{}"),
                                       .made   = NOW,
                                       .ends   = NOW + 10};

    store_put_announcement(&change, &a);
    assert_status(store_commit(d.store, &change), YAO_OK);
}

/* One of nobody is dropped; of two processes one leads. */
static void leads(void **state)
{
    char     url[300];
    uint64_t count = 9;

    (void)state;
    snprintf(url, sizeof url, "sqlite:%s/d.db", test_scratch());
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &d.store),
                  YAO_OK);
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW),
                  YAO_E_NOT_FOUND);
    put();
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW), YAO_OK);
    assert_status(store_count_announcements(d.store, &count), YAO_OK);
    assert_int_equal(count, 0);
    put();
    assert_status(desk_hooks_turn(&d, forge_crypto(), second, NOW),
                  YAO_E_LOCKED);
    assert_status(store_count_announcements(d.store, &count), YAO_OK);
    assert_int_equal(count, 1);
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW + 10),
                  YAO_E_NOT_FOUND); /* it ended */
    store_close(d.store);
}

/* ID is its first letter. */
static void put_of(const char *letter, yao_bytes client, yao_time made)
{
    store_change       change = store_change_open(test_arena());
    uint8_t            id[STORE_ID_LEN];
    store_announcement a = {.id     = {id, sizeof id},
                            .client = client,
                            .body   = YAO_TEXT("{}"),
                            .made   = made,
                            .ends   = made + 1000};

    memset(id, letter[0], sizeof id);
    store_put_announcement(&change, &a);
    assert_status(store_commit(d.store, &change), YAO_OK);
}

/* What A has not taken does not keep B from being told. */
static void holds_up_nobody(void **state)
{
    static const char *const ids[] = {"1", "2", "3", "4"};
    char                 url[300];
    uint64_t             count = 0;
    store_announcement  *list;
    size_t               due = 0;

    (void)state;
    d.config.values[DESK_DEMO] = (yao_setting_value){.text = "yes"};
    d.client_count             = 1;
    memcpy(d.clients[0].hash, first.ptr, first.len);
    d.clients[0].url = YAO_TEXT("http://127.0.0.1:1/");
    snprintf(url, sizeof url, "sqlite:%s/e.db", test_scratch());
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &d.store),
                  YAO_OK);
    for (size_t i = 0; i < 4; i++)
        put_of(ids[i], i < 3 ? first : second, NOW + (yao_time)i);
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW + 4), YAO_OK);
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW + 4), YAO_OK);
    assert_status(store_count_announcements(d.store, &count), YAO_OK);
    assert_int_equal(count, 3); /* B's */
    assert_status(desk_hooks_turn(&d, forge_crypto(), first, NOW + 4),
                  YAO_E_NOT_FOUND);
    assert_status(store_list_due_announcements(d.store, NOW + 60, 9,
                                               test_arena(), &list, &due),
                  YAO_OK);
    assert_int_equal(due, 3);
    store_close(d.store);
}

int main(void)
{
    test_add("webhook", "gives more time with each attempt", waits, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("webhook", rows[i].name, goes, &rows[i]);
    test_add("webhook", "never lets two tell at once", leads, NULL);
    test_add("webhook", "never lets one hold up another", holds_up_nobody,
             NULL);
    int code = test_run("desk/webhook");
    test_scratch_remove();
    return code;
}
