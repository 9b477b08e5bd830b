/* SPDX-License-Identifier: Apache-2.0 */

/** Each profile by OpenID4VP from end to end, with the demo's people; documents
 *  that must be one person's; what is kept as evidence. */

#define _GNU_SOURCE /* memmem() */
#include "desk_world.h"
#include "journey.h"

#define ZHANG "33011319850305903X"
#define CHEN  "330114200109179048"
#define LI    "12011919880808901X"
#define CHILD "110119201206019092"

/* ---- the world ---- */

/* The line of people.jsonl with NUMBER; its length in LEN. */
static const char *line_of(const char *text, const char *number, size_t *len)
{
    const char *at = text;

    for (; at != NULL && *at != '\0'; at = strchr(at, '\n') + 1) {
        *len = strcspn(at, "\n");
        if (memmem(at, 60 < *len ? 60 : *len, number, strlen(number)) != NULL)
            return at;
    }
    fail_msg("no %s", number);
    return NULL;
}

/* The demo's people; the child gets a health card as LI has one. */
static void write_people(void)
{
    size_t len, child_len;

    test_write_people();
    const char *text  = desk_file("people.jsonl");
    const char *child = line_of(text, CHILD, &child_len);
    const char *li    = line_of(text, LI, &len);
    const char *card =
        memmem(li, len, "\"health_card\"", strlen("\"health_card\""));
    assert_non_null(card);
    size_t     card_len = strcspn(card, "}") + 1;
    yao_writer w        = yao_writer_in(test_arena());
    yao_bytes  out;
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)text,
                                  (size_t)(child - text) + 1});
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)card, card_len});
    yao_put_byte(&w, ',');
    yao_put_bytes(&w, (yao_bytes){(const uint8_t *)child + 1,
                                  strlen(child + 1)});
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    test_write("people.jsonl", out);
}

static void issue(const char *wallet, const char *person, const char *document)
{
    char line[300];

    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/%s --copies 8 --cards 0 "
             "--person %s --document %s",
             wallet, person, document);
    desk_must(line, 0);
}

static void make_wallet(const char *name)
{
    char line[300];

    snprintf(line, sizeof line,
             "wallet init -C @/%s --registrar @/a/certificates/reader-root.pem",
             name);
    desk_must(line, 0);
}

static void prepare(void **state)
{
    (void)state;
    setenv("LC_ALL", "C", 1);
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile mortgage --profile "
              "train --profile flight --profile hospital --profile government "
              "--profile age --profile door --profile net --retention "
              "1825 --out @/hotel",
              0);
    write_people();
    desk_must("person import -C @/a @/people.jsonl", 0);
    make_wallet("w");
    make_wallet("mixed");
    make_wallet("child");
    issue("w", ZHANG, "resident_id");
    issue("w", ZHANG, "household_booklet");
    issue("w", ZHANG, "residence_permit");
    issue("w", LI, "health_card");
    issue("child", CHILD, "health_card");
    issue("w", LI, "pass");
    issue("mixed", ZHANG, "resident_id");
    issue("mixed", ZHANG, "household_booklet");
    issue("mixed", CHEN, "residence_permit");
    desk_make_desk("");
    desk_start("");
}

/* ---- showing ---- */

typedef struct session {
    char id[64], link[4096];
} session;

static session ask(const char *profile, const char *choice)
{
    char       json[200];
    session    s;
    net_answer a;

    snprintf(json, sizeof json, "{\"profile\":\"%s\",\"choice\":\"%s\"}",
             profile, choice);
    a = desk_api("POST", "/api/sessions", json);
    if (a.status != 201)
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
    assert_int_equal(a.status, 201);
    snprintf(s.id, sizeof s.id, "%s", desk_member(&a, "id"));
    snprintf(s.link, sizeof s.link, "%s", desk_member(&a, "qr"));
    return s;
}

static net_answer get(const session *s, const char *what)
{
    char path[128];

    snprintf(path, sizeof path, "/api/sessions/%s%s", s->id, what);
    return desk_api("GET", path, NULL);
}

static bool says(const net_answer *a, const char *text)
{
    return memmem(a->body.ptr, a->body.len, text, strlen(text)) != NULL;
}

/* ---- rows ---- */

typedef struct row {
    const char *name, *profile, *choice, *wallet, *choose;
    const char *verdict;
    const char *rows[3]; /* that the verdict has */
} row;

#define PASS "\"check\":\"one_person\",\"outcome\":\"pass\""
#define FAIL "\"check\":\"one_person\",\"outcome\":\"fail\""

static const row rows[] = {
    {"accepts a guest of a hotel", "hotel", "", "w", "", "accept",
     {"示例街3号", ZHANG}},
    {"accepts who is of an age", "age", "age_over_16", "w", "", "accept",
     {"picture_small"}},
    {"accepts a traveller by train", "train", "", "w", "", "accept",
     {"document_number"}},
    {"accepts a traveller by air", "flight", "", "w", "", "accept",
     {"document_number"}},
    {"accepts at an office", "government", "", "w", "", "accept", {ZHANG}},
    {"accepts at a door", "door", "", "w", "", "accept", {"pass"}},
    {"accepts a patient", "hospital", "", "w", "", "accept", {"card_id"}},
    {"accepts a child's card", "hospital", "", "child", "", "accept",
     {"2012-06-01"}},
    {"accepts for a mortgage card, booklet and permit of one person",
     "mortgage", "", "w", "--choose residence_permit-sdjwt", "accept",
     {PASS, "residence_permit"}},
    {"accepts them in the other form", "mortgage", "", "w",
     "--choose resident_id-mdoc --choose household_booklet-mdoc --choose "
     "residence_permit-mdoc",
     "accept", {PASS, "residence_permit"}},
    {"accepts for a mortgage without a permit", "mortgage", "", "w", "",
     "accept", {PASS}},
    {"accepts what is one's own of two people's", "mortgage", "", "mixed", "",
     "accept", {PASS}},
    {"refuses a permit of somebody else", "mortgage", "", "mixed",
     "--choose residence_permit-sdjwt", "reject", {FAIL}},
    {"refuses one in the other form", "mortgage", "", "mixed",
     "--choose residence_permit-mdoc", "reject", {FAIL}},
};

static void one_row(void **state)
{
    const row *r = *state;
    session    s = ask(r->profile, r->choice);
    char       line[5000], want[80];

    snprintf(line, sizeof line,
             "wallet present --local --trust @/t/bundle.cose --trust-anchor "
             "@/t/trust-root.pem -C @/%s %s --yes '%s'",
             r->wallet, r->choose, s.link);
    desk_must(line, 0);
    net_answer a = get(&s, "");
    assert_string_equal(desk_member(&a, "state"), "done");
    snprintf(want, sizeof want, "\"result\":{\"verdict\":\"%s\"", r->verdict);
    if (!says(&a, want))
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
    assert_true(says(&a, want));
    for (size_t i = 0; i < COUNT(r->rows) && r->rows[i] != NULL; i++)
        if (!says(&a, r->rows[i])) {
            print_message("# no %s: %.*s\n", r->rows[i], (int)a.body.len,
                          (const char *)a.body.ptr);
            fail();
        }
    /* as it came, only where the profile says so */
    a = get(&s, "/evidence");
    assert_int_equal(a.status, strcmp(r->profile, "mortgage") == 0 ? 200 : 404);
    if (a.status == 200)
        assert_true(says(&a, "\"transcript\":\"") && says(&a, "\"nonce\":\"") &&
                    says(&a, "\"document\":\""));
    assert_int_equal(get(&s, "/receipt").status, 200);
}

int main(void)
{
    test_add("profiles", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("profiles", rows[i].name, one_row, &rows[i]);

    int code = test_run("journeys/profiles");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
