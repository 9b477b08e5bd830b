/* SPDX-License-Identifier: Apache-2.0 */
/* What a desk keeps at once is bounded, whenever its rows are counted. */

#include "desk/room.h"

#include <stdio.h>

#include "check.h"
#include "program.h"

#define NOW INT64_C(1767225600)

enum { MOST = 3 };

static store    *base;
static desk_room room;
static uint8_t   next_id;

static void begin(void)
{
    static unsigned turn;
    char            url[300];

    snprintf(url, sizeof url, "sqlite:%s/%u.db", test_scratch(), turn++);
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &base),
                  YAO_OK);
    desk_room_init(&room);
}

static void end(void)
{
    desk_room_close(&room);
    store_close(base);
    base = NULL;
}

static void keep_row(void)
{
    uint8_t             id[STORE_ID_LEN] = {++next_id};
    char                nonce[8] = "";
    store_change        change  = store_change_open(test_arena());
    const yao_bytes     name    = {id, sizeof id};
    snprintf(nonce, sizeof nonce, "n%u", next_id);

    const store_enquiry enquiry = {.id      = name,
                                   .client  = name,
                                   .profile = YAO_TEXT("age"),
                                   .choice  = YAO_TEXT(""),
                                   .device  = STORE_DEVICE_ANY,
                                   .state   = STORE_ENQUIRY_OPEN,
                                   .nonce   = yao_text_of(nonce),
                                   .back    = YAO_TEXT(""),
                                   .sealed  = YAO_LIT("sealed"),
                                   .browser = YAO_LIT(""),
                                   .code    = YAO_LIT(""),
                                   .created = NOW,
                                   .expires = NOW + 180,
                                   .ends    = NOW + 480};

    store_put_enquiry(&change, &enquiry);
    assert_status(store_commit(base, &change), YAO_OK);
}

static void keep_one(void)
{
    assert_status(desk_room_take(&room, base, MOST), YAO_OK);
    keep_row();
    desk_room_give(&room);
}

static void refuses_more(void)
{
    assert_status(desk_room_take(&room, base, MOST), YAO_E_LIMIT);
}

static void bounds(void **state)
{
    (void)state;
    begin();
    for (unsigned i = 0; i < MOST; i++)
        keep_one();
    refuses_more();
    end();
}

static void bounds_none(void **state)
{
    (void)state;
    begin();
    assert_status(desk_room_take(&room, base, 0), YAO_E_LIMIT);
    end();
}

/* A turn may count while a request is on its way into the store. */
static void counts_who_makes(void **state)
{
    (void)state;
    begin();
    keep_one();
    keep_one();
    assert_status(desk_room_take(&room, base, MOST), YAO_OK);
    assert_status(desk_room_count(&room, base), YAO_OK);
    refuses_more();
    keep_row();
    desk_room_give(&room);
    refuses_more();
    end();
}

/* Rows of before, of a start or of another process, count as well. */
static void counts_rows(void **state)
{
    (void)state;
    begin();
    for (unsigned i = 0; i < MOST; i++)
        keep_row();
    assert_status(desk_room_count(&room, base), YAO_OK);
    refuses_more();
    end();
}

static void gives_back(void **state)
{
    (void)state;
    begin();
    for (unsigned i = 0; i < 10 * MOST; i++) {
        assert_status(desk_room_take(&room, base, MOST), YAO_OK);
        desk_room_give(&room);
    }
    end();
}

static void halves(void **state)
{
    (void)state;
    begin();
    assert_false(desk_room_half(&room, MOST));
    keep_one();
    assert_false(desk_room_half(&room, MOST));
    assert_status(desk_room_take(&room, base, MOST), YAO_OK);
    assert_true(desk_room_half(&room, MOST));
    end();
}

int main(void)
{
    test_add("room", "refuses one more than may be kept", bounds, NULL);
    test_add("room", "refuses any where none may be kept", bounds_none, NULL);
    test_add("room", "refuses one more where rows are counted meanwhile",
             counts_who_makes, NULL);
    test_add("room", "refuses one more than rows leave room for", counts_rows,
             NULL);
    test_add("room", "accepts the next where none was made", gives_back, NULL);
    test_add("room", "says when half is taken", halves, NULL);
    int code = test_run("desk/room");
    test_scratch_remove();
    return code;
}
