/* SPDX-License-Identifier: Apache-2.0 */
/*
 * To be known again and not to be known: a desk that asks for a pseudonym gets
 * the same one on two days and after a new phone, another desk another one, and
 * a desk that may not ask gets nothing.
 */
#include "desk_world.h"
#include "journey.h"

#define OTHER_CODE "91330106MAC0000174"

static void prepare(void **state)
{
    char number[64], line[200];

    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile age --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    test_must("wallet init -C @/w --registrar @/a/certificates/reader-root.pem",
              0);
    test_must("wallet init -C @/new --registrar "
              "@/a/certificates/reader-root.pem",
              0);
    test_keep_number("people.jsonl", number, sizeof number);
    for (int i = 0; i < 2; i++) {
        snprintf(line, sizeof line,
                 "document issue -C @/a --wallet @/%s --copies 6 --cards 0 "
                 "--person %s",
                 i == 0 ? "w" : "new", number);
        test_must(line, 0);
    }
    desk_make_desk("");
    desk_start("");
}

static const char *path_of(const net_answer *session, const char *more)
{
    static char path[160];

    snprintf(path, sizeof path, "/api/sessions/%s%s",
             desk_member(session, "id"), more);
    return path;
}

static int present(const net_answer *session, const char *wallet)
{
    char line[5000];

    snprintf(line, sizeof line,
             "wallet present -C @/%s --local --trust @/t/bundle.cose "
             "--trust-anchor @/t/trust-root.pem --yes '%s'",
             wallet, desk_member(session, "qr"));
    return test_type(line)->code;
}

#define ASK "{\"profile\":\"age\",\"pseudonym\":true}"

/* What the desk is told, or "" */
static const char *told(const char *body, const char *wallet)
{
    net_answer      s = desk_api("POST", "/api/sessions", body), a;
    const yao_json *result, *pseudonym;
    yao_text        value;
    char           *out;

    assert_int_equal(s.status, 201);
    assert_int_equal(present(&s, wallet), 0);
    a      = desk_api("GET", path_of(&s, ""), NULL);
    result = yao_json_get(desk_json(&a), "result");
    assert_non_null(result);
    assert_true(yao_json_is(yao_json_get(result, "verdict"), "accept"));
    pseudonym = yao_json_get(result, "pseudonym");
    if (pseudonym == NULL)
        return "";
    assert_true(yao_json_is(yao_json_get(pseudonym, "asserted_by"), "holder"));
    assert_status(yao_json_string(yao_json_get(pseudonym, "value"),
                                  test_arena(), &value),
                  YAO_OK);
    assert_int_equal(value.len, 43);
    out = yao_arena_take(test_arena(), 44);
    memcpy(out, value.ptr, 43);
    out[43] = '\0';
    return out;
}

static char kept[44], elsewhere[44];

static void knows_again(void **state)
{
    (void)state;
    snprintf(kept, sizeof kept, "%s", told(ASK, "w"));
    test_says("IT WILL KNOW YOU AGAIN");
    assert_int_equal(strlen(kept), 43);
    assert_string_equal(told(ASK, "w"), kept);
    test_must("wallet history -C @/w", 0);
    test_says("pseudonym");
}

static void unasked(void **state)
{
    (void)state;
    assert_string_equal(told("{\"profile\":\"age\"}", "w"), "");
    assert_string_equal(told("{\"profile\":\"age\",\"pseudonym\":false}", "w"),
                        "");
}

/* Another wallet of the same person is another, until it has the backup of the
 * first: the older secret is kept. */
static void follows_the_person(void **state)
{
    (void)state;
    sleep(2); /* which is older is told by seconds */
    assert_string_not_equal(told(ASK, "new"), kept);
    test_must("wallet backup -C @/w @/backup", 0);
    test_must("wallet restore -C @/new @/backup", 0);
    assert_string_equal(told(ASK, "new"), kept);
    test_must("wallet backup -C @/new @/backup2", 0);
    test_must("wallet restore -C @/w @/backup2", 0);
    assert_string_equal(told(ASK, "w"), kept);
}

static const struct bad {
    const char *name, *body, *word;
    int         status;
} bads[] = {
    {"refuses it for a profile that has none",
     "{\"profile\":\"hotel\",\"pseudonym\":true}", "pseudonym_not_registered",
     403},
    {"refuses what is no truth", "{\"profile\":\"age\",\"pseudonym\":1}",
     "invalid_request", 400},
    {"refuses it by a page",
     "{\"profile\":\"age\",\"pseudonym\":true,\"dc_api\":{\"origins\":["
     "\"https://a.example\"]}}",
     "invalid_request", 400},
};

static void refuses_it(void **state)
{
    const struct bad *r = *state;
    net_answer        a = desk_api("POST", "/api/sessions", r->body);

    assert_int_equal(a.status, r->status);
    assert_true(desk_says(&a, r->word));
}

static void move(const char *from, const char *to)
{
    char before[1024];

    snprintf(before, sizeof before, "%s", test_scratch_path(from));
    assert_int_equal(rename(before, test_scratch_path(to)), 0);
}

/* The same wallet at a desk of somebody else. */
static void differs_elsewhere(void **state)
{
    (void)state;
    (void)test_server_stop(&desk_server);
    desk_must("party register -C @/a --code " OTHER_CODE
              " --name OTHER --profile age --out @/other",
              0);
    move("hotel", "hotel-before");
    move("d", "d-before");
    move("t", "t-before");
    move("other", "hotel");
    desk_make_desk("");
    desk_start("");
    snprintf(elsewhere, sizeof elsewhere, "%s", told(ASK, "w"));
    assert_int_equal(strlen(elsewhere), 43);
    assert_string_not_equal(elsewhere, kept);
    assert_string_equal(told(ASK, "w"), elsewhere);
}

int main(void)
{
    test_add("pseudonym", "accepts to begin", prepare, NULL);
    test_add("pseudonym", "gives the same to the same", knows_again, NULL);
    test_add("pseudonym", "gives none unasked", unasked, NULL);
    test_add("pseudonym", "gives the same after a restore",
             follows_the_person, NULL);
    for (size_t i = 0; i < COUNT(bads); i++)
        test_add("pseudonym", bads[i].name, refuses_it, &bads[i]);
    test_add("pseudonym", "gives another to another", differs_elsewhere, NULL);

    int code = test_run("journeys/pseudonym");
    test_scratch_remove();
    return code;
}
