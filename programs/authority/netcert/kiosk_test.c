/* SPDX-License-Identifier: Apache-2.0 */
/* A net certificate is chosen at a kiosk, as any document is. */
#include "check.h"
#include "enrol_walk.h"
#include "netcert_fixture.h"

static enrol_option options[ENROL_MAX_OPTIONS];

static const enrol_option *option_of(const char *name)
{
    size_t count;

    assert_status(enrol_list_options(&v, options, &count), YAO_OK);
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(options[i].definition->name, yao_text_of(name)))
            return &options[i];
    fail();
    return NULL;
}

static void choose_it(void)
{
    const yao_text names[] = {YAO_TEXT("resident_id"),
                              YAO_TEXT(NETCERT_DOCUMENT)};

    show_face();
    assert_true(option_of(NETCERT_DOCUMENT)->entitled);
    assert_status(enrol_choose(&v, names, COUNT(names), false), YAO_OK);
    at(ENROL_AT_CODE);
}

static void opens(void **state)
{
    enrol_offer offer;
    (void)state;

    net_open_world();
    choose_it();
    assert_int_equal(net_get().state, 0); /* not before the end */
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_int_equal(offer.entered.level, 3);
    assert_int_equal(net_get().state, STORE_NETCERT_OPENED);
    assert_int_equal(net_get().level, 3);
    assert_int_equal(world.wish.document_count, 2);
    assert_int_equal(world_events("netcert.open"), 1);
    world_close();
}

static void downloads_again(void **state)
{
    enrol_offer offer;
    yao_text    before;
    (void)state;

    net_open_world();
    choose_it();
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    before = net_number();
    world.e.now += 60;
    world.attempts = 0;
    choose_it();
    assert_status(finish(CODE, "", &offer), YAO_OK);
    assert_true(yao_text_equal(before, net_number()));
    assert_int_equal(world_events("netcert.download"), 1);
    world_close();
}

static void opens_none_unasked(void **state)
{
    enrol_offer offer;
    (void)state;

    net_open_world();
    choose(false);
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_int_equal(net_get().state, 0);
    world_close();
}

static void never_below_what_there_is(void **state)
{
    yao_text name = YAO_TEXT(NETCERT_DOCUMENT);
    (void)state;

    net_open_world();
    net_who.level = 4; /* by an officer */
    assert_status(net_put(&net_who), YAO_OK);
    show_face();
    assert_false(option_of(NETCERT_DOCUMENT)->entitled);
    assert_int_equal(option_of(NETCERT_DOCUMENT)->reason, YAO_REASON_STATE);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_E_NOT_ENTITLED);
    world_close();
}

static void never_of_a_child(void **state)
{
    (void)state;
    net_open_world();
    world_register_member("120119201706010034", "2017-06-01", "20");
    show_face();
    assert_status(enrol_take_child(&v, YAO_TEXT("120119201706010034")),
                  YAO_OK);
    at(ENROL_AT_CHOICE);
    assert_false(option_of(NETCERT_DOCUMENT)->entitled);
    world_close();
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"gives a net certificate to who chooses it", opens},
    {"gives it again, with the same number", downloads_again},
    {"never opens one unasked", opens_none_unasked},
    {"refuses to replace one of a higher level", never_below_what_there_is},
    {"refuses one of a child to a guardian", never_of_a_child},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("kiosk", rows[i].name, rows[i].run, NULL);
    int code = test_run("authority/netcert/kiosk");
    test_scratch_remove();
    return code;
}
