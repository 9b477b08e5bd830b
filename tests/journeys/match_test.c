/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that only compare: the parcel counter has a name and a number, and
 * learns whether they are so. Nothing else of the person comes to it, nor stays
 * with it; what is not so is not told from a no.
 */
#include "officer_world.h"

#define NUMBER "12011919880808901X"
#define NAME   "李示例"
#define RIGHT  "{\"full_name\":\"" NAME "\",\"id_number\":\"" NUMBER "\"}"

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile identity --profile parcel "
              "--profile hotel --out @/hotel",
              0);
    test_write_people();
    test_must("person import -C @/a @/people.jsonl", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("document issue -C @/a --wallet @/w --copies 9 --cards 9 "
              "--document resident_id --person " NUMBER,
              0);
    desk_make_desk("");
    desk_start("");
}

static net_answer ask(const char *profile, const char *values)
{
    char json[600];

    snprintf(json, sizeof json, "{\"profile\":\"%s\"%s%s}", profile,
             values != NULL ? ",\"values\":" : "",
             values != NULL ? values : "");
    return desk_api("POST", "/api/sessions", json);
}

static int present(const net_answer *session, const char *more)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present -C @/w --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem %s '%s'",
             more, desk_member(session, "qr"));
    return test_type(line)->code;
}

static net_answer state_of(const net_answer *session)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s",
             desk_member(session, "id"));
    return desk_api("GET", path, NULL);
}

static bool has(const net_answer *a, const char *text)
{
    yao_bytes want = yao_text_bytes(yao_text_of(text)), rest = a->body;

    for (; rest.len >= want.len; rest.ptr++, rest.len--)
        if (yao_bytes_starts(rest, want))
            return true;
    return false;
}

static bool tells_nothing(const net_answer *a)
{
    return !has(a, NAME) && !has(a, NUMBER) && !has(a, "attributes");
}

/* ---- on line ---- */

static const struct match {
    const char *name, *profile, *values, *more;
    int         code;
    const char *state;
} matches[] = {
    {"accepts what is so", "parcel", RIGHT, "--yes", 0, "done"},
    {"accepts it by mdoc", "parcel", RIGHT,
     "--yes --choose resident_id-mdoc", 0, "done"},
    {"accepts it for another profile", "identity", RIGHT, "--yes", 0, "done"},
    {"refuses another name", "parcel",
     "{\"full_name\":\"王示例\",\"id_number\":\"" NUMBER "\"}", "--yes", 7,
     "refused"},
    {"refuses another number", "parcel",
     "{\"full_name\":\"" NAME "\",\"id_number\":\"120119198808089028\"}",
     "--yes", 7, "refused"},
    {"refuses when the person does", "parcel", RIGHT, "", 3, "refused"},
};

static void matches_it(void **state)
{
    const struct match *r = *state;
    net_answer          s = ask(r->profile, r->values), a;

    assert_int_equal(s.status, 201);
    assert_true(tells_nothing(&s));
    assert_int_equal(present(&s, r->more), r->code);
    a = state_of(&s);
    assert_string_equal(desk_member(&a, "state"), r->state);
    assert_true(tells_nothing(&a));
    assert_int_equal(has(&a, "\"match\":true"), r->code == 0);
    assert_int_equal(has(&a, "\"verdict\":\"accept\""), r->code == 0);
}

static void says_so(void **state)
{
    net_answer s = ask("parcel", RIGHT);

    (void)state;
    assert_int_equal(present(&s, ""), 3);
    test_says("compared with what they have");
    test_says("not kept");
}

static const struct wish {
    const char *name, *profile, *values;
    const char *error;
} wishes[] = {
    {"refuses no values", "parcel", NULL, "values_needed"},
    {"refuses one value of two", "parcel", "{\"full_name\":\"" NAME "\"}",
     "values_needed"},
    {"refuses an empty value", "parcel",
     "{\"full_name\":\"\",\"id_number\":\"" NUMBER "\"}", "values_needed"},
    {"refuses a value of another kind", "parcel",
     "{\"full_name\":7,\"id_number\":\"" NUMBER "\"}", "values_needed"},
    {"refuses a value that the profile does not ask", "parcel",
     "{\"full_name\":\"" NAME "\",\"id_number\":\"" NUMBER
     "\",\"birth_date\":\"1988-08-08\"}",
     "values_needed"},
    {"refuses values where none are compared", "hotel", RIGHT,
     "invalid_request"},
};

static void wishes_wrongly(void **state)
{
    const struct wish *r = *state;
    net_answer         a = ask(r->profile, r->values);

    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), r->error);
}

/* ---- a code ---- */

static const char *scanned(const char *challenge, const char *values)
{
    char           line[600];
    net_answer     a     = desk_api("POST", "/api/challenges", challenge);
    const yao_json *code = yao_json_get(desk_json(&a), "codes")->first;
    const char     *id   = desk_member(&a, "id");
    yao_writer      w    = yao_writer_in(test_arena());
    yao_bytes       body;

    test_write("challenge.txt", yao_text_bytes(code->raw));
    test_must("wallet present -C @/w --profile identity --format card --yes "
              "--reader @/hotel/reader.pem --challenge @/challenge.txt "
              "--output @/card.txt",
              0);
    yao_bytes card = test_read("card.txt");
    size_t    len  = yao_bytes_find(card, '\n');
    w              = yao_writer_in(test_arena());
    yao_put_text(&w, "{\"codes\":[");
    yao_json_put_string(&w, (yao_text){card.ptr, len});
    snprintf(line, sizeof line, "],\"challenge\":\"%s\"%s%s}", id,
             values != NULL ? ",\"values\":" : "",
             values != NULL ? values : "");
    yao_put_text(&w, line);
    yao_put_byte(&w, '\0');
    assert_status(yao_writer_keep(&w, test_arena(), &body), YAO_OK);
    return (const char *)body.ptr;
}

static void compares_a_card(void **state)
{
    net_answer a;

    (void)state;
    a = desk_api("POST", "/api/cards",
                 scanned("{\"profile\":\"identity\"}", RIGHT));
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "\"match\":true"));
    assert_true(tells_nothing(&a));
    a = desk_api("POST", "/api/cards",
                 scanned("{\"profile\":\"identity\"}",
                         "{\"full_name\":\"王示例\",\"id_number\":\"" NUMBER
                         "\"}"));
    assert_int_equal(a.status, 200);
    assert_true(has(&a, "\"match\":false"));
    assert_true(has(&a, "{\"element\":\"id_number\",\"match\":true}"));
    assert_true(has(&a, "{\"element\":\"full_name\",\"match\":false}"));
    assert_true(tells_nothing(&a));
    a = desk_api("POST", "/api/cards",
                 scanned("{\"profile\":\"identity\"}", NULL));
    assert_int_equal(a.status, 400);
    assert_string_equal(desk_member(&a, "error"), "values_needed");
}

/* Neither what was given nor what was shown lies in any file of the desk. */
static void keeps_no_value(void **state)
{
    static const char *const values[] = {NAME, NUMBER};

    (void)state;
    assert_true(test_is_nowhere_below(test_scratch_path("d"), values,
                                      COUNT(values)) > 0);
}

int main(void)
{
    test_add("match", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(matches); i++)
        test_add("match", matches[i].name, matches_it, &matches[i]);
    test_add("match", "gives the person that it is compared", says_so, NULL);
    for (size_t i = 0; i < COUNT(wishes); i++)
        test_add("match", wishes[i].name, wishes_wrongly, &wishes[i]);
    test_add("match", "gives yes and no of a card", compares_a_card, NULL);
    test_add("match", "never keeps a value", keeps_no_value, NULL);

    int code = test_run("journeys/match");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
