/* SPDX-License-Identifier: Apache-2.0 */

/** `wallet counter` and `desk serve` across a counter: both programs, and a
 *  relay mailbox between them. */

#include "counter_phone.h"

static void make_wallet(const char *name, bool full)
{
    char number[64], line[300];

    snprintf(line, sizeof line,
             "wallet init -C @/%s --registrar @/a/certificates/reader-root.pem",
             name);
    test_must(line, 0);
    if (!full)
        return;
    test_keep_number("people.jsonl", number, sizeof number);
    snprintf(line, sizeof line,
             "document issue -C @/a --wallet @/%s --copies 8 --cards 0 "
             "--person %s",
             name, number);
    test_must(line, 0);
}

static void prepare(void **state)
{
    (void)state;
    test_use_passphrase();
    setenv("LC_ALL", "C", 1);
    desk_must("authority init --demo -C @/a", 0);
    desk_must("trust publish -C @/a --output @/before", 0);
    desk_must("party register -C @/a --code " DESK_CODE
              " --name SPECIMEN --profile hotel --profile age --profile "
              "mortgage --profile train --out @/hotel",
              0);
    test_must("person generate -C @/a --count 1 --seed 7 --out @/people.jsonl",
              0);
    test_must("person generate -C @/a --count 1 --seed 7", 0);
    make_wallet("w", true);
    make_wallet("empty", false);
    desk_make_desk("");
    desk_start("");
}

/* ---- rows --------------------------------------------------------------- */

typedef struct row {
    const char *name, *profile, *json, *more;
    int         code;
    const char *says, *state;
    const char *verdict; /* in the result; NULL: there is none */
} row;

static const row rows[] = {
    {"accepts a guest of a hotel", "hotel", "", "-C @/w --yes", 0,
     "SPECIMEN asks across the counter for: Hotel check-in", "done", "accept"},
    {"accepts the same by a MAC", "hotel", "", "-C @/w --yes --mac", 0,
     "Shown, and taken.", "done", "accept"},
    {"accepts one signature for all of the request", "hotel", ",\"all\":true",
     "-C @/w --yes", 0, "kept for at most", "done", "accept"},
    {"accepts several documents in one answer", "mortgage", "", "-C @/w --yes",
     0, "legal basis", "done", "accept"},
    {"accepts several documents by MACs and one signature of the reader",
     "mortgage", ",\"all\":true", "-C @/w --yes --mac", 0, "purpose", "done",
     "accept"},
    {"gives a reject when a part of what is asked was kept back", "mortgage",
     "", "-C @/w --yes --choose resident_id", 0, "Shown", "done", "reject"},
    {"accepts that somebody is old enough", "age",
     ",\"choice\":\"age_over_18\"", "-C @/w --yes", 0, "Aged", "done",
     "accept"},
    {"refuses without a yes, and the desk hears it", "hotel", "", "-C @/w", 3,
     "you did not agree", "refused", NULL},
    {"refuses what is not held, and the desk hears the same (N218)", "hotel",
     "", "-C @/empty --yes", 7, "does not hold", "refused", NULL},
};

static void one_row(void **state)
{
    const row *r = *state;
    phone      p;
    net_answer a;

    phone_start(&p, r->more);
    a = phone_scan(&p, r->profile, r->json);
    if (a.status != 201)
        print_message("# %d %.*s %s\n", a.status, (int)a.body.len,
                      (const char *)a.body.ptr, p.code);
    assert_int_equal(a.status, 201);
    const char *id    = desk_member(&a, "id");
    const char *after = phone_state(id, &a);
    int         code  = phone_end(&p);
    if (code != r->code || strstr(p.said, r->says) == NULL)
        print_message("# %s\n%.*s\n", p.said, (int)a.body.len,
                      (const char *)a.body.ptr);
    assert_int_equal(code, r->code);
    assert_non_null(strstr(p.said, r->says));
    assert_string_equal(after, r->state);

    const yao_json *result = yao_json_get(desk_json(&a), "result");
    if (r->verdict == NULL)
        assert_null(result);
    else if (!yao_json_is(yao_json_get(result, "verdict"), r->verdict)) {
        print_message("# %.*s\n", (int)a.body.len, (const char *)a.body.ptr);
        fail();
    }
}

int main(void)
{
    test_add("counter", "accepts to begin", prepare, NULL);
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("counter", rows[i].name, one_row, &rows[i]);

    int code = test_run("journeys/counter");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
