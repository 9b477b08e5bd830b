/* SPDX-License-Identifier: Apache-2.0 */
/* One person at the counter: found exactly, for a purpose, in the log. */
#include "console_world.h"

#include <unistd.h>

#include "store/enrolment.h"
#include "store/erase.h"
#include "store/person_passkey.h"

#define OTHER "120119199202299025"
#define CHILD "110119201206019092"

static yao_bytes holder_of(const char *number)
{
    uint8_t *out = yao_arena_take(test_arena(), STORE_HASH_LEN);

    cw_holder(number, out);
    return (yao_bytes){out, STORE_HASH_LEN};
}

static const char *by_number(const char *number)
{
    return cw_say("{\"purpose\":\"counter\",\"number\":\"%s\"}", number, NULL);
}

/* ---- finding ------------------------------------------------------------ */

#define ASK(more) "{\"purpose\":\"counter\"," more "}"

static const struct ask {
    const char *name, *body;
    int         code;
} asks[] = {
    {"accepts a number", ASK("\"number\":\"" CW_NUMBER "\""), 200},
    {"accepts a number with a small x",
     ASK("\"number\":\"12011919880808901x\""), 200},
    {"accepts a document number", ASK("\"document_number\":\"ID90000001\""),
     200},
    {"accepts a plate with its kind",
     ASK("\"plate_kind\":\"02\",\"plate\":\"津C00A01\""), 200},
    {"accepts a full name with the day of birth",
     ASK("\"name\":\"李示例\",\"birth_date\":\"1988-08-08\""), 200},
    {"refuses N266: no purpose", "{\"number\":\"" CW_NUMBER "\"}", 400},
    {"refuses N266: an empty purpose",
     "{\"purpose\":\"\",\"number\":\"" CW_NUMBER "\"}", 400},
    {"refuses N266: a purpose that is none",
     "{\"purpose\":\"curious\",\"number\":\"" CW_NUMBER "\"}", 400},
    {"refuses a purpose that is no string",
     "{\"purpose\":1,\"number\":\"" CW_NUMBER "\"}", 400},
    {"refuses nobody named", "{\"purpose\":\"counter\"}", 400},
    {"refuses two ways at once",
     ASK("\"number\":\"" CW_NUMBER "\",\"document_number\":\"ID90000001\""),
     400},
    {"refuses a plate without its kind", ASK("\"plate\":\"津C00A01\""), 400},
    {"refuses a plate of another kind",
     ASK("\"plate_kind\":\"01\",\"plate\":\"津C00A01\""), 404},
    {"refuses a name without a day", ASK("\"name\":\"李示例\""), 400},
    {"refuses a part of a name",
     ASK("\"name\":\"李\",\"birth_date\":\"1988-08-08\""), 404},
    {"refuses a part of a number", ASK("\"number\":\"120119\""), 404},
    {"refuses a wildcard", ASK("\"number\":\"%\""), 404},
    {"refuses N272: a quote", ASK("\"number\":\"' OR 1=1 --\""), 404},
    {"refuses N269: a line feed", ASK("\"number\":\"1\\r\\nSet-Cookie: a\""),
     400},
    {"refuses a number that nobody has",
     ASK("\"number\":\"110101199003071234\""), 404},
    {"refuses a number of 201 letters",
     ASK("\"number\":\"11111111111111111111111111111111111111111111111111"
         "11111111111111111111111111111111111111111111111111111111111111"
         "11111111111111111111111111111111111111111111111111111111111111"
         "111111111111111111111111111\""), 400},
    {"refuses what is no JSON", "number", 400},
};

static void finds(void **state)
{
    const struct ask *ask = *state;
    size_t            before, searches;

    cw_open_issued();
    before   = cw_events("person.read", holder_of(CW_NUMBER),
                         "\"purpose\":\"counter\"");
    searches = cw_events("person.search", YAO_LIT(""), "");
    cw_answer a = cw_post(cw_session(APP_CLERK), "/api/person/find", ask->body);
    assert_int_equal(a.code, ask->code);
    assert_int_equal(cw_events("person.read", holder_of(CW_NUMBER),
                               "\"purpose\":\"counter\"") > before,
                     ask->code == 200);
    assert_int_equal(cw_events("person.search", YAO_LIT(""), "") > searches,
                     ask->code == 404);
    if (ask->code == 200)
        assert_string_equal(cw_text(a.json, "person"), cw_handle(CW_NUMBER));
    else
        assert_false(cw_says(&a, "示例"));
}

static void shows_by_role(void **state)
{
    cw_answer clerk, officer;

    (void)state;
    cw_open_issued();
    clerk = cw_post(cw_session(APP_CLERK), "/api/person/find",
                    by_number(CW_NUMBER));
    assert_true(cw_says(&clerk, "李示例"));
    assert_false(cw_says(&clerk, "\"record\""));
    assert_false(cw_says(&clerk, "示例路1号")); /* the address */
    assert_true(cw_says(&clerk, "\"document\":\"resident_id\""));
    assert_true(cw_says(&clerk, "\"devices\":[]"));
    officer = cw_post(cw_session(APP_OFFICER), "/api/person/find",
                      by_number(CW_NUMBER));
    assert_true(cw_says(&officer, "示例路1号"));
}

static void notes_who(void **state)
{
    yao_bytes operator = (cw_open_issued(), cw_operator(APP_OFFICER));
    yao_text  cookie   = cw_log_in(operator, 0);
    store_operator o;

    (void)state;
    assert_status(store_get_operator(cw_first.store, operator, test_arena(),
                                     &o),
                  YAO_OK);
    assert_int_equal(
        cw_post(cookie, "/api/person/find", by_number(OTHER)).code, 200);
    char *by = yao_arena_take(test_arena(), 64);
    snprintf(by, 64, "\"by\":\"%.*s\",\"roles\":[\"officer\"]", (int)o.name.len,
             (const char *)o.name.ptr);
    assert_int_equal(cw_events("person.read", holder_of(OTHER), by), 1);
    assert_int_equal(cw_events("person.read", holder_of(OTHER), CW_NUMBER), 0);
}

static void shows_again(void **state)
{
    const char *body = (cw_open_issued(),
                        cw_say("{\"purpose\":\"error\",\"person\":\"%s\"}",
                               cw_handle(CW_NUMBER), NULL));
    yao_text    clerk = cw_session(APP_CLERK);

    (void)state;
    assert_int_equal(cw_post(clerk, "/api/person", body).code, 200);
    cw_answer a = cw_post(clerk, "/api/person/portrait", body);
    assert_int_equal(a.code, 200);
    assert_true(a.body.len > 1000 && a.body.ptr[0] == 0xff);
    assert_int_equal(cw_events("person.read", holder_of(CW_NUMBER),
                               "\"what\":\"portrait\""),
                     1);
    assert_int_equal(
        cw_post(clerk, "/api/person",
                "{\"purpose\":\"error\",\"person\":\"00\"}")
            .code,
        404);
}

/* ---- limits ------------------------------------------------------------- */

/* As after N looks in this hour: the rows are what the console counts. */
static void look_often(yao_text cookie, int from, int to, int want)
{
    for (int i = from; i < to; i++) {
        size_t mark = test_arena()->used;
        assert_int_equal(
            cw_post(cookie, "/api/person/find",
                    "{\"purpose\":\"counter\",\"number\":\"1\"}")
                .code,
            want);
        test_arena()->used = mark;
    }
}

static size_t alarms(void)
{
    yao_text  boss = cw_session(APP_SUPERVISOR);
    cw_answer a    = cw_get(boss, "/api/cases", "kind=console.look_ups");

    assert_int_equal(a.code, 200);
    return yao_json_get(a.json, "cases")->count;
}

static void alarms_at_fifty(void **state)
{
    yao_text cookie = (cw_open_issued(), cw_session(APP_CLERK));

    (void)state;
    while (yao_now() % 3600 > 3540) /* not over the end of an hour */
        sleep(1);
    assert_int_equal(alarms(), 0);
    look_often(cookie, 0, CONSOLE_LOOK_UPS_ALARM - 1, 404);
    assert_int_equal(alarms(), 0);
    look_often(cookie, 0, 1, 404);
    assert_int_equal(alarms(), 1);
    look_often(cookie, CONSOLE_LOOK_UPS_ALARM, CONSOLE_LOOK_UPS_MOST, 404);
    look_often(cookie, 0, 2, 429);
    assert_int_equal(alarms(), 1);
    look_often(cw_session(APP_CLERK), 0, 1, 404); /* others go on */
}

/* ---- offers ------------------------------------------------------------- */

static const struct offer_row {
    const char *name, *more;
    int         code;
} offers[] = {
    {"accepts a code of four digits",
     "\"configurations\":[\"resident_id_mdoc\"],\"tx_code\":\"4711\"", 201},
    {"refuses an offer without a code",
     "\"configurations\":[\"resident_id_mdoc\"]", 400},
    {"refuses a code of letters",
     "\"configurations\":[\"resident_id_mdoc\"],\"tx_code\":\"abcd\"", 400},
    {"refuses a code of three digits",
     "\"configurations\":[\"resident_id_mdoc\"],\"tx_code\":\"471\"", 400},
    {"refuses no document", "\"configurations\":[],\"tx_code\":\"4711\"", 400},
    {"refuses a document that is none",
     "\"configurations\":[\"crown\"],\"tx_code\":\"4711\"", 400},
    {"refuses a vehicle that cannot be",
     "\"configurations\":[\"resident_id_mdoc\"],\"tx_code\":\"4711\","
     "\"vehicle\":64", 400},
};

static void makes_offers(void **state)
{
    const struct offer_row *o = *state;

    cw_open_issued();
    const char *body = cw_say(
        "{\"purpose\":\"counter\",\"person\":\"%s\",%s}", cw_handle(CW_NUMBER),
        o->more);
    cw_answer a = cw_post(cw_session(APP_CLERK), "/api/person/offer", body);
    assert_int_equal(a.code, o->code);
    if (o->code == 201)
        assert_false(cw_says(&a, "4711"));
}

/* ---- documents ---------------------------------------------------------- */

/* The issuance of CW_NUMBER's document NAME, and its state. */
static const char *document(const char *name, const char **word)
{
    cw_answer       a = cw_post(cw_session(APP_OFFICER), "/api/person/find",
                                by_number(CW_NUMBER));
    const yao_json *list = yao_json_get(a.json, "documents");

    for (const yao_json *d = list->first; d != NULL; d = d->next)
        if (yao_json_is(yao_json_get(d, "document"), name)) {
            *word = cw_text(d, "state");
            return cw_text(d, "id");
        }
    fail_msg("no %s", name);
    return "";
}

static int turn(yao_text cookie, const char *verb, const char *number,
                const char *id, const char *reason)
{
    const char *path = cw_say("/api/person/document/%s", verb, NULL);
    const char *head = cw_say("\"person\":\"%s\",\"id\":\"%s\"",
                              cw_handle(number), id);

    return cw_post(cookie, path,
                   cw_say("{\"purpose\":\"counter\",%s,\"reason\":\"%s\"}",
                          head, reason))
        .code;
}

static void suspends(void **state)
{
    const char *word, *id = (cw_open_issued(), document("resident_id", &word));
    yao_text    clerk = cw_session(APP_CLERK);

    (void)state;
    assert_string_equal(word, "valid");
    assert_int_equal(turn(clerk, "suspend", OTHER, id, "lost"), 404);
    assert_int_equal(turn(clerk, "suspend", CW_NUMBER, id, "bored"), 400);
    assert_int_equal(turn(clerk, "suspend", CW_NUMBER, "00", "lost"), 404);
    assert_int_equal(turn(clerk, "suspend", CW_NUMBER, id, "lost"), 204);
    document("resident_id", &word);
    assert_string_equal(word, "suspended");
    assert_int_equal(turn(clerk, "suspend", CW_NUMBER, id, "lost"), 409);
    assert_int_equal(cw_events("console.turn", holder_of(CW_NUMBER),
                               "\"what\":\"suspend\""),
                     1);
}

/* ---- acts: two operators ------------------------------------------------ */

static const char *act_path(const cw_answer *asked, const char *verb)
{
    return cw_say("/api/acts/%s/%s", cw_text(asked->json, "case"), verb);
}

static void restores_by_two(void **state)
{
    const char *word, *id = (cw_open_issued(), document("resident_id", &word));
    yao_text    ann = cw_session(APP_OFFICER), bob = cw_session(APP_OFFICER);
    const char *body = cw_say("{\"id\":\"%s\",\"reason\":\"found\"}", id, NULL);

    (void)state;
    assert_string_equal(word, "suspended"); /* by the row before */
    cw_answer asked = cw_post(ann, "/api/acts/restore", body);
    assert_int_equal(asked.code, 202);
    const char *path = act_path(&asked, "confirm");
    cw_answer   own  = cw_post(ann, path, "");
    assert_int_equal(own.code, 409);
    assert_true(cw_says(&own, "same_operator"));
    document("resident_id", &word);
    assert_string_equal(word, "suspended");
    assert_int_equal(cw_post(cw_session(APP_CLERK), path, "").code, 403);
    assert_int_equal(cw_post(cw_session(APP_REGISTRAR), path, "").code, 404);
    assert_int_equal(cw_post(bob, path, "").code, 200);
    document("resident_id", &word);
    assert_string_equal(word, "valid");
    assert_int_equal(cw_post(bob, path, "").code, 409); /* twice */
    assert_int_equal(cw_post(ann, "/api/acts/restore", body).code, 409);
}

static void refuses_acts(void **state)
{
    const char *word, *id = (cw_open_issued(), document("resident_id", &word));
    yao_text    ann = cw_session(APP_OFFICER), bob = cw_session(APP_OFFICER);
    const char *body = cw_say("{\"id\":\"%s\",\"reason\":\"found\"}", id, NULL);

    (void)state;
    assert_int_equal(turn(ann, "suspend", CW_NUMBER, id, "lost"), 204);
    cw_answer asked = cw_post(ann, "/api/acts/restore", body);
    assert_int_equal(cw_post(bob, act_path(&asked, "refuse"), "").code, 204);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 409);
    asked = cw_post(ann, "/api/acts/restore", body); /* and take it back */
    assert_int_equal(cw_post(ann, act_path(&asked, "refuse"), "").code, 204);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 409);
    document("resident_id", &word);
    assert_string_equal(word, "suspended");
}

/* Nobody confirms what became impossible meanwhile. */
static void looks_again(void **state)
{
    const char *word, *id = (cw_open_issued(), document("resident_id", &word));
    yao_text    ann = cw_session(APP_OFFICER), bob = cw_session(APP_OFFICER);

    (void)state;
    cw_answer asked = cw_post(ann, "/api/acts/restore",
                              cw_say("{\"id\":\"%s\",\"reason\":\"found\"}", id,
                                     NULL));
    assert_int_equal(asked.code, 202);
    assert_int_equal(turn(bob, "revoke", CW_NUMBER, id, "stolen"), 204);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 409);
    document("resident_id", &word);
    assert_string_equal(word, "revoked");
    assert_int_equal(turn(bob, "revoke", CW_NUMBER, id, "stolen"), 409);
    assert_int_equal(turn(bob, "suspend", CW_NUMBER, id, "lost"), 409);
}

static void revokes_many(void **state)
{
    const char *word, *id = (cw_open_issued(),
                             document("driving_licence", &word));
    const char *other = document("resident_id", &word);
    yao_text    ann = cw_session(APP_OFFICER), bob = cw_session(APP_OFFICER);
    yao_text    boss = cw_session(APP_SUPERVISOR);
    const char *list = cw_say("{\"reason\":\"compromised\",\"issuances\":"
                              "[\"%s\",\"%s\"]}",
                              id, other);

    (void)state;
    assert_int_equal(cw_post(ann, "/api/acts/bulk-revoke",
                             cw_say("{\"reason\":\"compromised\","
                                    "\"issuances\":[\"%s\",\"%s\"]}",
                                    id, id))
                         .code,
                     400);
    assert_int_equal(cw_post(ann, "/api/acts/bulk-revoke",
                             "{\"reason\":\"error\",\"issuances\":[\"00\"]}")
                         .code,
                     404);
    assert_int_equal(cw_post(ann, "/api/acts/bulk-revoke",
                             "{\"reason\":\"error\",\"issuances\":[]}")
                         .code,
                     400);
    cw_answer asked = cw_post(ann, "/api/acts/bulk-revoke", list);
    assert_int_equal(asked.code, 202);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 403);
    assert_int_equal(cw_post(boss, act_path(&asked, "confirm"), "").code, 200);
    document("driving_licence", &word);
    assert_string_equal(word, "revoked");
}

/* The 21st in an hour: another one has to agree. */
static void revokes_not_too_many(void **state)
{
    yao_bytes      who  = (cw_open_issued(), cw_operator(APP_OFFICER));
    console_operator op = {.roles = APP_OFFICER, .name = YAO_TEXT("x")};
    net_request    http = {.worker = 0};
    app_call       call = {.server = &cw_server, .http = &http,
                           .arena = test_arena(), .now = yao_now(),
                           .who = &op};

    (void)state;
    memcpy(op.id, who.ptr, STORE_ID_LEN);
    for (int i = 0; i <= CONSOLE_REVOCATIONS_MOST; i++) {
        store_change change = store_change_open(test_arena());
        yao_status status = console_count(&call, &change, CONSOLE_REVOCATIONS);
        assert_status(status, i < CONSOLE_REVOCATIONS_MOST ? YAO_OK
                                                           : YAO_E_LIMIT);
        if (status == YAO_OK)
            assert_status(store_commit(cw_first.store, &change), YAO_OK);
    }
    cw_answer a = cw_get(cw_session(APP_SUPERVISOR), "/api/cases",
                         "kind=console.revocations");
    assert_int_equal(yao_json_get(a.json, "cases")->count, 1);
}

static void makes_guardians(void **state)
{
    yao_text    ann = (cw_open_issued(), cw_session(APP_OFFICER));
    yao_text    bob = cw_session(APP_OFFICER);
    const char *form = "{\"purpose\":\"guardian\",\"child\":\"%s\","
                       "\"guardian\":\"%s\"}";

    (void)state;
    assert_int_equal(cw_post(ann, "/api/acts/guardian",
                             cw_say(form, cw_handle(CW_NUMBER),
                                    cw_handle(OTHER)))
                         .code,
                     409); /* no child */
    cw_answer asked = cw_post(ann, "/api/acts/guardian",
                              cw_say(form, cw_handle(CHILD),
                                     cw_handle("33011319850305903X")));
    assert_int_equal(asked.code, 202);
    assert_int_equal(cw_post(ann, act_path(&asked, "confirm"), "").code, 409);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 200);
    cw_answer a = cw_post(bob, "/api/person/find", by_number(CHILD));
    assert_true(cw_says(&a, "{\"is\":\"child\",\"reason\":\"officer\""));
    assert_true(cw_events("person.read", holder_of(CHILD),
                          "\"what\":\"guardian\"") >= 1);
}

/* Nothing is noted of somebody who was erased since it was asked. */
static void makes_no_guardian_of_the_erased(void **state)
{
    static const char gone[] = "360113196604129080";
    yao_text     ann = (cw_open_issued(), cw_session(APP_OFFICER));
    yao_text     bob = cw_session(APP_OFFICER);
    people_person person;
    uint8_t       lookup[STORE_HASH_LEN];
    authority    *a = cw_authority();

    (void)state;
    cw_answer asked = cw_post(
        ann, "/api/acts/guardian",
        cw_say("{\"purpose\":\"guardian\",\"child\":\"%s\","
               "\"guardian\":\"%s\"}",
               cw_handle(CHILD), cw_handle(gone)));
    assert_int_equal(asked.code, 202);
    assert_status(people_find(a, yao_text_of(gone), test_arena(), &person),
                  YAO_OK);
    assert_status(seal_hash(a->crypto, &a->keys, STORE_BY_NUMBER,
                            yao_text_bytes(person.number), lookup),
                  YAO_OK);
    store_change change = store_change_open(test_arena());
    store_erase_person(&change,
                       &(store_erasing){.person = person.stored.id,
                                        .lookup = {lookup, sizeof lookup},
                                        .holder = holder_of(gone)});
    people_close(&person);
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    assert_int_equal(cw_post(bob, act_path(&asked, "confirm"), "").code, 409);
    assert_int_equal(cw_events("guardian.put", holder_of(CHILD), ""), 1);
}

/* ---- holds, erasures, freezes ------------------------------------------- */

#define OLD "11011819491001910X"

static const struct hold_row {
    const char *name, *more;
    int         days, code;
} holds[] = {
    {"accepts a hold with reason, basis and end",
     "\"reason\":\"court_order\",\"basis\":\"示例法第1条\"", 30, 202},
    {"refuses a hold without a basis", "\"reason\":\"court_order\"", 30, 400},
    {"refuses a hold for another reason",
     "\"reason\":\"boredom\",\"basis\":\"a\"", 30, 400},
    {"refuses a hold that is over", "\"reason\":\"safety\",\"basis\":\"a\"",
     -1, 400},
    {"refuses a hold for ever", "\"reason\":\"safety\",\"basis\":\"a\"",
     4000, 400},
    {"refuses a hold of a document that is none",
     "\"document\":\"crown\",\"reason\":\"safety\",\"basis\":\"a\"", 30,
     400},
};

static const char *hold_body(const struct hold_row *h)
{
    char *more = yao_arena_take(test_arena(), 256);

    snprintf(more, 256, "%s,\"until\":%lld", h->more,
             (long long)(yao_now() + h->days * YAO_TIME_DAY));
    return cw_say("{\"purpose\":\"court\",\"person\":\"%s\",%s}",
                  cw_handle(OLD), more);
}

static void holds_by_two(void **state)
{
    const struct hold_row *h = *state;
    yao_text ann = (cw_open_issued(), cw_session(APP_SUPERVISOR));

    cw_answer asked = cw_post(ann, "/api/acts/hold", hold_body(h));
    assert_int_equal(asked.code, h->code);
    if (h->code != 202)
        return;
    const char *path = act_path(&asked, "confirm");
    assert_int_equal(cw_post(ann, path, "").code, 409);
    assert_int_equal(cw_post(cw_session(APP_OFFICER), path, "").code, 403);
    cw_answer done = cw_post(cw_session(APP_SUPERVISOR), path, "");
    assert_int_equal(done.code, 200);
    assert_true(cw_says(&done, "\"receipt\":\""));
    cw_answer a = cw_post(ann, "/api/person/find", by_number(OLD));
    assert_int_equal(yao_json_get(a.json, "bars")->count, 1);
}

static void freezes(void **state)
{
    const char *body = (cw_open_issued(),
                        cw_say("{\"purpose\":\"telephone\",\"person\":"
                               "\"%s\"}",
                               cw_handle(CW_NUMBER), NULL));
    yao_text    clerk = cw_session(APP_CLERK);

    (void)state;
    assert_int_equal(cw_post(clerk, "/api/person/freeze", body).code, 204);
    assert_int_equal(cw_post(clerk, "/api/person/freeze", body).code, 409);
}

static void erases_by_two(void **state)
{
    const char *body = (cw_open_issued(),
                        cw_say("{\"purpose\":\"law\",\"reason\":\"request\","
                               "\"person\":\"%s\"}",
                               cw_handle(OLD), NULL));
    yao_text    ann = cw_session(APP_SUPERVISOR);

    (void)state;
    cw_answer asked = cw_post(ann, "/api/acts/erase", body);
    assert_int_equal(asked.code, 202);
    const char *path = act_path(&asked, "confirm");
    assert_int_equal(cw_post(ann, path, "").code, 409);
    assert_int_equal(cw_post(cw_session(APP_OFFICER), path, "").code, 403);
    assert_int_equal(
        cw_post(ann, "/api/person/find", by_number(OLD)).code, 200);
    assert_int_equal(cw_post(cw_session(APP_SUPERVISOR), path, "").code, 200);
    assert_int_equal(
        cw_post(ann, "/api/person/find", by_number(OLD)).code, 404);
}

/* ---- devices ------------------------------------------------------------ */

static const char *put_device(void)
{
    static const uint8_t id[STORE_ID_LEN] = {7}, device[STORE_HASH_LEN] = {8};
    store_change         change = store_change_open(test_arena());

    store_put_enrolment(&change,
                        &(store_enrolment){.id      = {id, STORE_ID_LEN},
                                           .holder  = holder_of(OTHER),
                                           .level   = 4,
                                           .state   = STORE_ENROLMENT_OFFERED,
                                           .started = yao_now()});
    store_bind_enrolment(&change, (yao_bytes){id, STORE_ID_LEN},
                         (yao_bytes){device, STORE_HASH_LEN}, false, yao_now());
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    return "07000000000000000000000000000000";
}

/* What the telephone logs in with. */
static yao_bytes put_passkey(void)
{
    static const uint8_t id[STORE_HASH_LEN] = {7}, point[65] = {4};
    store_change         change = store_change_open(test_arena());

    store_put_person_passkey(
        &change, &(store_person_passkey){.id     = {id, STORE_HASH_LEN},
                                         .holder = holder_of(OTHER),
                                         .lookup = {id, STORE_HASH_LEN},
                                         .point  = {point, 65},
                                         .level  = 2,
                                         .added  = yao_now()});
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    return (yao_bytes){id, STORE_HASH_LEN};
}

static void ends_devices(void **state)
{
    const char *id   = (cw_open_issued(), put_device());
    yao_bytes   key  = put_passkey();
    store_person_passkey found;
    const char *form = "{\"purpose\":\"lost_device\",\"person\":\"%s\","
                       "\"id\":\"%s\"}";
    yao_text    ann  = cw_session(APP_OFFICER);

    (void)state;
    assert_int_equal(cw_post(ann, "/api/person/device/end",
                             cw_say(form, cw_handle(CW_NUMBER), id))
                         .code,
                     404); /* somebody else's */
    assert_status(store_get_person_passkey(cw_first.store, key, test_arena(),
                                           &found),
                  YAO_OK);
    assert_int_equal(cw_post(ann, "/api/person/device/end",
                             cw_say(form, cw_handle(OTHER), id))
                         .code,
                     204);
    cw_answer a = cw_post(ann, "/api/person/find", by_number(OTHER));
    assert_true(cw_says(&a, "\"state\":\"ended\""));
    assert_int_equal(cw_events("enrolment.end", holder_of(OTHER),
                               "\"purpose\":\"lost_device\""),
                     1);
    assert_status(store_get_person_passkey(cw_first.store, key, test_arena(),
                                           &found),
                  YAO_E_NOT_FOUND);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(asks); i++)
        test_add("find", asks[i].name, finds, &asks[i]);
    test_add("find", "gives clerks who it is, officers the record",
             shows_by_role, NULL);
    test_add("find", "gives the log who looked, and why", notes_who, NULL);
    test_add("find", "gives the person and the portrait again", shows_again,
             NULL);
    for (size_t i = 0; i < COUNT(offers); i++)
        test_add("offer", offers[i].name, makes_offers, &offers[i]);
    test_add("document", "accepts a suspension, once", suspends, NULL);
    test_add("act", "refuses N265: who asked, twice, other roles",
             restores_by_two, NULL);
    test_add("act", "never does what was refused", refuses_acts, NULL);
    test_add("act", "refuses what became impossible", looks_again, NULL);
    test_add("act", "gives many revocations to a supervisor", revokes_many,
             NULL);
    test_add("limit", "refuses N271: the 21st revocation of an hour",
             revokes_not_too_many, NULL);
    test_add("act", "gives a child a guardian, by two", makes_guardians, NULL);
    test_add("act", "never gives a child one who was erased",
             makes_no_guardian_of_the_erased, NULL);
    test_add("device", "gives an end to a device", ends_devices, NULL);
    for (size_t i = 0; i < COUNT(holds); i++)
        test_add("act", holds[i].name, holds_by_two, &holds[i]);
    test_add("freeze", "accepts a freeze, once", freezes, NULL);
    test_add("act", "gives an erasure to a supervisor", erases_by_two, NULL);
    test_add("limit", "refuses N266: more looks than an hour has",
             alarms_at_fifty, NULL);
    int code = test_run("authority/console/person");
    cw_close();
    test_scratch_remove();
    return code;
}
