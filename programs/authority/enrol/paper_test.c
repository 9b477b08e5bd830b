/* SPDX-License-Identifier: Apache-2.0 */
/* Paper at a kiosk, signed by an authority that `authority init` made. */
#include "authority/enrol/paper.h"

#include "authority/issue.h"
#include "authority/role.h"

#include "app/files.h"

#include "check.h"
#include "enrol_walk.h"

#define CHILD "120119201402159019"

/* ---- the authority ---- */

static issue_signer signers[16];
static char         folder[16];
static yao_status   signer_fails;

static yao_status open_signer(const enrol *e, int64_t role, issue_signer **ret)
{
    issue_signer     *s = &signers[role];
    const yao_crypto *crypto = e->a->crypto;

    if (signer_fails != YAO_OK)
        return signer_fails;
    if (!s->open)
        YAO_TRY(role_open_signer(e->a, role, e->arena, &s->ca));
    s->open = true;
    *ret    = s;
    return crypto->hash(crypto->ctx, YAO_SHA256, &s->ca.certificate.der, 1,
                        s->hash);
}

static void close_signers(void)
{
    for (size_t i = 0; i < COUNT(signers); i++)
        if (signers[i].open)
            ca_close(&signers[i].ca);
    memset(signers, 0, sizeof signers);
}

static void close_all(void)
{
    close_signers();
    authority_close(&world.a);
}

/* A folder for each case: whoever is enrolled in one is not in another. */
static void open_all(void)
{
    static _Alignas(16) uint8_t memory[48u << 20];
    static unsigned             turn;
    yao_settings_trouble        trouble;
    const char                 *place;
    char                        line[96];

    snprintf(folder, sizeof folder, "a%u", turn++);
    snprintf(line, sizeof line, "authority init --demo -C @/%s", folder);
    assert_int_equal(test_type(line)->code, 0);
    memset(&world, 0, sizeof world);
    assert_status(authority_open(test_scratch_path(folder), &world.a, &trouble,
                                 &place),
                  YAO_OK);
    world.arena = (yao_arena){memory, sizeof memory, 0};
    world.sees  = FACE_MATCH;
    world.e     = (enrol){.a         = &world.a,
                          .catalogue = yao_catalogue_shipped(),
                          .services  = &world_services,
                          .arena     = &world.arena,
                          .now       = yao_now(),
                          .demo      = true};
    world_services.signer = open_signer;
    signer_fails          = YAO_OK;
    draw_portrait();
    world_register(person_changed("\"number\"", "\"number\""));
}

/* ---- sheets ---- */

static yao_status print_for(const char *document, const char *profile,
                            const char *choice, enrol_paper *ret)
{
    const enrol_paper_wish wish = {.document = yao_text_of(document),
                                   .profile  = yao_text_of(profile),
                                   .choice   = yao_text_of(choice)};

    return enrol_print(&v, &wish, ret);
}

static yao_status print_hotel(void)
{
    enrol_paper paper;

    return print_for("resident_id", "hotel", "", &paper);
}

static size_t list_issued(const char *number, store_document **list)
{
    uint8_t lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    size_t  count;

    assert_status(
        enrol_hash_person(&world.e, yao_text_of(number), lookup, holder),
        YAO_OK);
    assert_status(store_list_documents(world.a.store,
                                       (yao_bytes){holder, sizeof holder},
                                       &world.arena, list, &count),
                  YAO_OK);
    return count;
}

static bool says(const enrol_paper *p, const char *value)
{
    for (size_t i = 0; i < p->sheet.paper.row_count; i++)
        if (yao_text_equal(p->sheet.paper.rows[i].value, yao_text_of(value)))
            return true;
    return false;
}

static void gives_a_sheet(void **state)
{
    enrol_paper     p;
    enrol_offer     offer;
    store_document *list;

    (void)state;
    open_all();
    choose(false);
    assert_status(print_for("resident_id", "hotel", "", &p), YAO_OK);
    assert_true(says(&p, "李示例"));
    assert_true(says(&p, ENROL_NUMBER_1));
    assert_true(says(&p, "1988-08-08"));
    assert_true(p.sheet.paper.specimen);
    assert_true(p.sheet.letters.len > 200);
    assert_bytes(p.portrait,
                 ((yao_bytes){world_portrait, world_portrait_len}));
    assert_true(yao_text_equal(p.sheet.profile->name, YAO_TEXT("hotel")));

    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 1);
    assert_true(yao_text_equal(list[0].format, YAO_TEXT("printed-card")));
    assert_true(yao_text_equal(list[0].profile, YAO_TEXT("hotel")));
    assert_int_equal(list[0].level, 3);
    assert_true(list[0].valid_until <= world.e.now + 7 * YAO_TIME_DAY + 60);
    assert_int_equal(world_events("document.issue"), 1);
    assert_int_equal(world_events("enrolment.paper"), 1);
    at(ENROL_AT_CODE); /* and a telephone can have them as well */
    assert_status(finish(CODE, ACCESS, &offer), YAO_OK);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 1);
    close_all();
}

static void gives_one_choice(void **state)
{
    enrol_paper     p;
    store_document *list;

    (void)state;
    open_all();
    choose(false);
    assert_status(print_for("resident_id", "age", "age_over_18", &p), YAO_OK);
    assert_false(says(&p, ENROL_NUMBER_1));
    assert_false(says(&p, "李示例"));
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 1);
    assert_true(yao_text_equal(list[0].profile, YAO_TEXT("age:age_over_18")));
    close_all();
}

/* The parent's record with the child's number, birthday and relation. */
static void register_child(void)
{
    static const char *const changes[][2] = {
        {"\"number\":\"" ENROL_NUMBER_1, "\"number\":\"" CHILD},
        {"\"birth_date\":\"1988-08-08", "\"birth_date\":\"2014-02-15"},
        {"\"relation\":\"02", "\"relation\":\"20"},
        {"R0001", "R0002"},
        {"D0001", "D0002"},
        {"AD12345", "AD12346"},
        {"\"P0001", "\"P0002"},
        {"HC1", "HC2"},
        {"\"P1", "\"P2"}};
    static char     text[8192];
    const yao_json *record;
    yao_bytes       kept;

    snprintf(text, sizeof text, "%s", person_record);
    for (size_t i = 0; i < COUNT(changes); i++) {
        char  rest[8192];
        char *at = strstr(text, changes[i][0]);
        assert_non_null(at);
        snprintf(rest, sizeof rest, "%s", at + strlen(changes[i][0]));
        snprintf(at, sizeof text - (size_t)(at - text), "%s%s", changes[i][1],
                 rest);
    }
    assert_status(yao_arena_keep(&world.arena,
                                 yao_text_bytes(yao_text_of(text)), &kept),
                  YAO_OK);
    assert_status(yao_json_parse(&world.arena, kept, &record), YAO_OK);
    world_register(record);
}

static void gives_a_childs(void **state)
{
    enrol_paper     p;
    store_document *list;
    yao_text        name = YAO_TEXT("resident_id");

    (void)state;
    open_all();
    register_child();
    show_face();
    assert_status(enrol_take_child(&v, YAO_TEXT(CHILD)), YAO_OK);
    assert_status(enrol_choose(&v, &name, 1, false), YAO_OK);
    at(ENROL_AT_CODE);
    assert_status(print_for("resident_id", "hotel", "", &p), YAO_OK);
    assert_true(says(&p, CHILD));
    assert_int_equal(list_issued(CHILD, &list), 1);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 0);
    world.e.now = INT64_C(1897315200) + YAO_TIME_DAY * 800; /* grown up */
    assert_status(print_for("resident_id", "hotel", "", &p),
                  YAO_E_NOT_AUTHORISED);
    close_all();
}

/* ---- what is not printed ---- */

typedef struct wish_row {
    const char *name;
    const char *document, *profile, *choice;
} wish_row;

static const wish_row wishes[] = {
    {"refuses what was not chosen", "health_card", "hospital", ""},
    {"refuses what is no document", "nothing", "hotel", ""},
    {"refuses what is no purpose", "resident_id", "nothing", ""},
    {"refuses a purpose without paper", "resident_id", "road_check", ""},
    {"refuses a purpose of another document", "resident_id", "hospital", ""},
    {"refuses what is no choice", "resident_id", "age", "age_over_99"},
    {"refuses no document", "", "hotel", ""},
    {"refuses no purpose", "resident_id", "", ""},
};

static void refuses_wish(void **state)
{
    const wish_row *r = *state;
    enrol_paper     p;
    store_document *list;

    open_all();
    choose(false);
    assert_status(print_for(r->document, r->profile, r->choice, &p),
                  YAO_E_VALUE);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 0);
    assert_int_equal(world_events("enrolment.paper"), 0);
    assert_status(print_hotel(), YAO_OK);
    close_all();
}

static void refuses_other_steps(void **state)
{
    (void)state;
    open_all();
    type_number(ENROL_NUMBER_1);
    assert_status(print_hotel(), YAO_E_NOT_AUTHORISED);
    v.state.chosen = ~UINT64_C(0); /* even so */
    assert_status(print_hotel(), YAO_E_NOT_AUTHORISED);
    assert_int_equal(look(), FACE_MATCH);
    assert_status(print_hotel(), YAO_E_NOT_AUTHORISED);
    v.state.step = ENROL_AT_CODE;
    v.state.kind = ENROL_SESSION_SELF; /* a face by telephone */
    assert_status(print_hotel(), YAO_E_NOT_AUTHORISED);
    close_all();
}

static void refuses_many(void **state)
{
    (void)state;
    open_all();
    choose(false);
    for (int i = 0; i < ENROL_SHEETS; i++) {
        at(ENROL_AT_CODE);
        assert_status(print_hotel(), YAO_OK);
    }
    at(ENROL_AT_CODE);
    assert_status(print_hotel(), YAO_E_LIMIT);
    assert_int_equal(world_events("enrolment.paper"), ENROL_SHEETS);
    close_all();
}

/* Two at once on one session: one sheet. */
static void gives_one_of_two(void **state)
{
    enrol_visit     other;
    store_document *list;

    (void)state;
    open_all();
    choose(false);
    assert_status(enrol_visit_find(&world.e, ENROL_SESSION_KIOSK, kiosk, token,
                                   &other),
                  YAO_OK);
    assert_status(print_hotel(), YAO_OK);
    v = other;
    assert_status(print_hotel(), YAO_E_NOT_FOUND);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 1);
    close_all();
}

/* A device of an officer's level, bound. */
static void bind_higher(void)
{
    uint8_t         lookup[STORE_HASH_LEN], holder[STORE_HASH_LEN];
    uint8_t         device[STORE_HASH_LEN] = {7};
    store_change    change                 = store_change_open(&world.arena);
    enrol_entered   entered;
    const enrol_new what = {.holder  = {holder, sizeof holder},
                            .factors = ENROL_DEVICE | ENROL_CODE |
                                       ENROL_OFFICER};

    assert_status(enrol_hash_person(&world.e, YAO_TEXT(ENROL_NUMBER_1), lookup,
                                    holder),
                  YAO_OK);
    assert_status(enrol_enter(&world.e, &change, &what, &entered), YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
    change = store_change_open(&world.arena);
    assert_status(enrol_bind(&world.e, &change, entered.enrolment,
                             (yao_bytes){device, sizeof device}),
                  YAO_OK);
    assert_status(store_commit(world.a.store, &change), YAO_OK);
}

static void refuses_beside_a_higher_device(void **state)
{
    (void)state;
    open_all();
    choose(false);
    assert_status(print_hotel(), YAO_OK);
    at(ENROL_AT_CODE);
    bind_higher();
    assert_status(print_hotel(), YAO_E_REFUSED);
    v.state.factors |= ENROL_OFFICER; /* who came to the counter */
    assert_status(print_hotel(), YAO_OK);
    close_all();
}

static void refuses_suspended(void **state)
{
    store_document *list;
    char            line[160], id[2 * STORE_ID_LEN + 1];

    (void)state;
    open_all();
    choose(false);
    assert_status(print_hotel(), YAO_OK);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 1);
    issue_id_text(list[0].issuance, id);
    snprintf(line, sizeof line,
             "document suspend -C @/%s --id %s --reason lost",
             folder, id);
    assert_int_equal(test_type(line)->code, 0);
    at(ENROL_AT_CODE);
    assert_status(print_hotel(), YAO_E_NOT_ENTITLED);
    close_all();
}

static void never_prints_in_part(void **state)
{
    store_document *list;

    (void)state;
    open_all();
    choose(false);
    signer_fails = YAO_E_UNTRUSTED;
    assert_status(print_hotel(), YAO_E_UNTRUSTED);
    assert_int_equal(list_issued(ENROL_NUMBER_1, &list), 0);
    assert_int_equal(world_events("enrolment.paper"), 0);
    at(ENROL_AT_CODE);
    assert_int_equal(v.state.sheets, 0);
    signer_fails = YAO_OK;
    assert_status(print_hotel(), YAO_OK);
    at(ENROL_AT_CODE);
    assert_int_equal(v.state.sheets, 1);
    close_all();
}

int main(void)
{
    setenv("LC_ALL", "C", 1);
    test_add("sheet", "gives one for a purpose, and goes on", gives_a_sheet,
             NULL);
    test_add("sheet", "gives one of the choices alone", gives_one_choice, NULL);
    test_add("sheet", "gives a child's to a parent, until it is grown up",
             gives_a_childs, NULL);
    for (size_t i = 0; i < COUNT(wishes); i++)
        test_add("wish", wishes[i].name, refuses_wish, &wishes[i]);
    test_add("refuse", "refuses it at another step, and by telephone",
             refuses_other_steps, NULL);
    test_add("refuse", "refuses one more than a session has", refuses_many,
             NULL);
    test_add("refuse", "gives one of two at the same moment", gives_one_of_two,
             NULL);
    test_add("refuse", "refuses it beside a device of a higher level",
             refuses_beside_a_higher_device, NULL);
    test_add("refuse", "refuses a document that is suspended",
             refuses_suspended, NULL);
    test_add("refuse", "never prints in part", never_prints_in_part, NULL);
    int code = test_run("authority/enrol/paper");
    test_scratch_remove();
    return code;
}
