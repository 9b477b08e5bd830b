/* SPDX-License-Identifier: Apache-2.0 */
/* What has ended goes, by one process at a time; what lies in the store is
 * sealed, each to itself. */

#include "desk/desk.h"

#include <stdio.h>

#include "check.h"
#include "forge.h"
#include "program.h"

#define NOW INT64_C(1767225600)

static desk d;

static const yao_bytes first  = YAO_INIT("aaaaaaaaaaaaaaaa");
static const yao_bytes second = YAO_INIT("bbbbbbbbbbbbbbbb");

static void open_store(void)
{
    static unsigned turn;
    char            url[300];

    snprintf(url, sizeof url, "sqlite:%s/%u.db", test_scratch(), turn++);
    assert_status(store_open(&(store_options){.url    = url,
                                              .create = true,
                                              .now    = NOW,
                                              .schema = STORE_DESK},
                             &d.store),
                  YAO_OK);
}

static void close_store(void)
{
    store_close(d.store);
    d.store = NULL;
}

static void put(yao_bytes id, yao_time ends)
{
    store_change          change = store_change_open(test_arena());
    const store_judgement j      = {.id       = id,
                                    .client   = first,
                                    .profile  = YAO_TEXT("hotel"),
                                    .made     = NOW,
                                    .ends     = ends,
                                    .sealed   = YAO_LIT("sealed"),
                                    .evidence = YAO_LIT("")};

    store_put_judgement(&change, &j);
    assert_status(store_commit(d.store, &change), YAO_OK);
}

static uint64_t count(void)
{
    uint64_t n = 99;

    assert_status(store_count_judgements(d.store, &n), YAO_OK);
    return n;
}

static void forgets(void **state)
{
    (void)state;
    open_store();
    put(first, NOW + 300);
    put(second, NOW + 365 * YAO_TIME_DAY);
    assert_status(desk_forget(&d, first, NOW + 299), YAO_OK);
    assert_int_equal(count(), 2);
    assert_status(desk_forget(&d, first, NOW + 300), YAO_OK);
    assert_int_equal(count(), 1);
    assert_status(desk_forget(&d, first, NOW + 365 * YAO_TIME_DAY), YAO_OK);
    assert_int_equal(count(), 0);
    close_store();
}

static void lets_one_lead(void **state)
{
    (void)state;
    open_store();
    put(first, NOW + 10);
    assert_status(desk_forget(&d, first, NOW), YAO_OK);
    assert_status(desk_forget(&d, second, NOW + 20), YAO_E_LOCKED);
    assert_int_equal(count(), 1);
    assert_status(desk_forget(&d, second, NOW + 60), YAO_OK);
    assert_int_equal(count(), 0);
    close_store();
}

/* ---- boxes ---- */

static yao_status open_box(const desk_binding *to, yao_bytes sealed)
{
    yao_bytes plain;

    return desk_unseal(&d, forge_crypto(), to, sealed, test_arena(), &plain);
}

static void seals(void **state)
{
    const desk_binding to    = {DESK_BOX_RESULT, first};
    const desk_binding kind  = {DESK_BOX_REQUEST, first};
    const desk_binding whose = {DESK_BOX_RESULT, second};
    const desk_binding none  = {DESK_BOX_RESULT, {NULL, 0}};
    yao_bytes          sealed, again, plain;

    (void)state;
    memset(d.secret, 7, sizeof d.secret);
    assert_status(desk_seal(&d, forge_crypto(), &none, YAO_LIT("x"),
                            test_arena(), &sealed),
                  YAO_E_USAGE);
    assert_status(desk_seal(&d, forge_crypto(), &to, YAO_LIT("value"),
                            test_arena(), &sealed),
                  YAO_OK);
    assert_status(desk_seal(&d, forge_crypto(), &to, YAO_LIT("value"),
                            test_arena(), &again),
                  YAO_OK);
    assert_false(yao_bytes_equal(sealed, again));
    assert_status(
        desk_unseal(&d, forge_crypto(), &to, sealed, test_arena(), &plain),
        YAO_OK);
    assert_bytes(plain, YAO_LIT("value"));
    assert_status(open_box(&kind, sealed), YAO_E_SECRET);
    assert_status(open_box(&whose, sealed), YAO_E_SECRET);
    for (size_t len = 0; len < sealed.len; len++)
        assert_true(open_box(&to, (yao_bytes){sealed.ptr, len}) ==
                    (len < YAO_SEAL_NONCE + YAO_SEAL_TAG ? YAO_E_TRUNCATED
                                                         : YAO_E_SECRET));
    for (size_t bit = 0; bit < sealed.len * 8; bit++) {
        uint8_t copy[64];

        memcpy(copy, sealed.ptr, sealed.len);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_status(open_box(&to, (yao_bytes){copy, sealed.len}),
                      YAO_E_SECRET);
    }
    d.secret[0] ^= 1;
    assert_status(open_box(&to, sealed), YAO_E_SECRET);
}

static const struct {
    const char *name, *text;
    bool        good;
} ids[] = {
    {"accepts an id", "0123456789abcdef0123456789abcdef", true},
    {"refuses an id that is short", "0123456789abcdef0123456789abcde", false},
    {"refuses an id that is long", "0123456789abcdef0123456789abcdef0", false},
    {"refuses capital letters", "0123456789ABCDEF0123456789ABCDEF", false},
    {"refuses no id", "", false},
};

static void reads_ids(void **state)
{
    uint8_t out[STORE_ID_LEN];

    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++)
        assert_int_equal(desk_read_id(yao_text_of(ids[i].text), out),
                         ids[i].good);
}

int main(void)
{
    test_add("keeper", "forgets what has ended", forgets, NULL);
    test_add("keeper", "never lets two lead", lets_one_lead, NULL);
    test_add("box", "refuses another's, another kind, what was changed", seals,
             NULL);
    test_add("id", "accepts ids and nothing else", reads_ids, NULL);
    int code = test_run("desk/keeper");
    test_scratch_remove();
    return code;
}
