/* SPDX-License-Identifier: Apache-2.0 */
/* People's lines by the console: sent in parts, agreed to by two, applied once
 * each, also where a server was killed in between. */
#include "console_world.h"

#include "authority/inflow/inflow.h"

#include "server.h"

#include <signal.h>
#include <time.h>

enum { PEOPLE = 60, MOST_RUNS = 4000 };

static char  *lines;    /* of PEOPLE whom nobody registered yet */
static size_t line_ends[PEOPLE + 1];

/* ---- people ------------------------------------------------------------- */

/* A portrait is a file: not here. */
static size_t without_portrait(char *text, size_t len)
{
    static const char begin[] = "\"portrait\":\"";
    char             *at      = strstr(text, begin);

    while (at != NULL) {
        char *end = strchr(at + sizeof begin - 1, '"') + 2;
        memmove(at, end, len - (size_t)(end - text) + 1);
        len -= (size_t)(end - at);
        at = strstr(at, begin);
    }
    return len;
}

static void make_people(void)
{
    yao_bytes file;
    size_t    count = 0;

    assert_int_equal(test_type("person generate -C @/a --count 60 --seed 5 "
                               "--out @/more.jsonl")
                         ->code,
                     0);
    assert_status(yao_file_read(test_scratch_path("more.jsonl"), 1 << 20,
                                &file),
                  YAO_OK);
    lines = malloc(file.len + 1);
    assert_non_null(lines);
    memcpy(lines, file.ptr, file.len);
    lines[file.len] = '\0';
    size_t len      = without_portrait(lines, file.len);
    for (size_t i = 0; i < len && count < PEOPLE; i++)
        if (lines[i] == '\n')
            line_ends[++count] = i + 1;
    assert_int_equal(count, PEOPLE);
    yao_file_free(&file);
}

static void open_world(void)
{
    if (cw_router != NULL)
        return;
    cw_open();
    make_people();
}

/* Lines FROM to before TO. */
static yao_bytes people(size_t from, size_t to)
{
    return (yao_bytes){(const uint8_t *)lines + line_ends[from],
                       line_ends[to] - line_ends[from]};
}

/* ---- asking ------------------------------------------------------------- */

static const char *begin(yao_text who, const char *kind)
{
    cw_answer a = cw_post(who, "/api/intakes",
                          cw_say("{\"kind\":\"%s\"}", kind, NULL));

    assert_int_equal(a.code, 201);
    return cw_text(a.json, "id");
}

static cw_answer send(yao_text who, const char *id, const char *at,
                      yao_bytes part)
{
    const cw_request r = {.listener = SERVER_CONSOLE,
                          .method   = "POST",
                          .path = cw_say("/api/intakes/%s/parts/%s", id, at),
                          .cookie = who,
                          .body   = part,
                          .type   = "application/octet-stream"};

    return cw_ask(&r);
}

static cw_answer send_text(yao_text who, const char *id, const char *at,
                           const char *text)
{
    return send(who, id, at, yao_text_bytes(yao_text_of(text)));
}

static cw_answer ask(yao_text who, const char *id)
{
    return cw_post(who, "/api/acts/intake",
                   cw_say("{\"intake\":\"%s\"}", id, NULL));
}

static int confirm(yao_text who, const char *id)
{
    return cw_post(who, cw_say("/api/acts/%s/confirm", id, NULL), "").code;
}

static int end(yao_text who, const char *id)
{
    return cw_post(who, cw_say("/api/intakes/%s/end", id, NULL), "").code;
}

/* One that two agreed to: its id. */
static const char *agreed(const char *kind, yao_bytes part)
{
    yao_text    ann = cw_session(APP_OFFICER);
    const char *id  = begin(ann, kind);

    assert_int_equal(send(ann, id, "1", part).code, 200);
    cw_answer asked = ask(ann, id);
    assert_int_equal(asked.code, 202);
    assert_int_equal(confirm(cw_session(APP_SUPERVISOR),
                             cw_text(asked.json, "case")),
                     200);
    return id;
}

/* ---- running ------------------------------------------------------------ */

static bool run_for(int64_t ms)
{
    static yao_arena arena;
    bool             more;

    if (arena.base == NULL)
        assert_status(yao_memory_open(INFLOW_MEMORY, &arena), YAO_OK);
    arena.used = 0;
    assert_status(inflow_run(cw_authority(), &arena, ms, &more), YAO_OK);
    return more;
}

static size_t run_all(int64_t ms)
{
    size_t runs = 0;

    while (run_for(ms) && runs < MOST_RUNS)
        runs++;
    assert_true(runs < MOST_RUNS);
    return runs;
}

static store_intake now(const char *hex)
{
    uint8_t      id[STORE_ID_LEN];
    store_intake in;

    assert_status(authority_read_id(yao_text_of(hex), id, sizeof id), YAO_OK);
    assert_status(store_get_intake(cw_first.store,
                                   (yao_bytes){id, sizeof id}, test_arena(),
                                   &in),
                  YAO_OK);
    return in;
}

static void came_to(const char *id, int64_t state, int64_t applied,
                    int64_t refused)
{
    store_intake in = now(id);

    assert_int_equal(in.state, state);
    assert_int_equal(in.count.applied, applied);
    assert_int_equal(in.count.refused, refused);
    if (state >= STORE_INTAKE_DONE)
        assert_int_equal(in.wrapped_key.len, 0);
}

static cw_answer report(const char *id, const char *what, const char *query)
{
    return cw_get(cw_session(APP_AUDITOR),
                  cw_say("/api/intakes/%s/%s", id, what), query);
}

/* ---- by two ------------------------------------------------------------- */

static void imports_by_two(void **state)
{
    (void)state;
    open_world();
    yao_text    ann = cw_session(APP_SUPERVISOR);
    yao_text    bob = cw_session(APP_SUPERVISOR);
    const char *id  = begin(ann, "import");

    assert_int_equal(send(ann, id, "1", people(0, 3)).code, 200);
    cw_answer more = send(ann, id, "4", people(3, 5));
    assert_true(cw_says(&more, "{\"lines\":5,"));
    cw_answer asked = ask(ann, id);
    assert_int_equal(asked.code, 202);
    const char *act = cw_text(asked.json, "case");
    assert_false(run_for(1000)); /* nobody agreed */
    assert_int_equal(confirm(ann, act), 409);
    assert_int_equal(confirm(cw_session(APP_OFFICER), act), 403);
    came_to(id, STORE_INTAKE_WAITING, 0, 0);
    assert_int_equal(confirm(bob, act), 200);
    assert_int_equal(confirm(bob, act), 409);
    run_all(1000);
    came_to(id, STORE_INTAKE_DONE, 5, 0);
    assert_int_equal(cw_events("intake.open", YAO_LIT(""), id), 1);
    assert_int_equal(cw_events("intake.done", YAO_LIT(""), id), 1);
    cw_answer list = cw_get(cw_session(APP_AUDITOR), "/api/intakes", "");
    assert_true(cw_says(&list, id));
    assert_true(cw_says(&list, "\"state\":\"done\""));
}

static void says_what_to_compare(void **state)
{
    yao_bytes part;
    uint8_t   hash[32];
    char      hex[65];

    (void)state;
    open_world();
    yao_text    ann = cw_session(APP_OFFICER);
    const char *id  = begin(ann, "import");
    part            = people(5, 8);
    assert_int_equal(send(ann, id, "1", people(5, 7)).code, 200);
    assert_int_equal(send(ann, id, "3", people(7, 8)).code, 200);
    cw_answer asked = ask(ann, id);
    assert_status(cw_authority()->crypto->hash(cw_authority()->crypto->ctx,
                                               YAO_SHA256, &part, 1, hash),
                  YAO_OK);
    for (size_t i = 0; i < 32; i++)
        snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    cw_answer opened =
        cw_post(cw_session(APP_SUPERVISOR),
                cw_say("/api/cases/%s/open", cw_text(asked.json, "case"), NULL),
                "{\"purpose\":\"law\"}");
    assert_int_equal(opened.code, 200);
    assert_true(cw_says(&opened, hex));
    assert_true(cw_says(&opened, "\"lines\":3"));
    assert_int_equal(end(ann, id), 204);
    assert_int_equal(confirm(cw_session(APP_SUPERVISOR),
                             cw_text(asked.json, "case")),
                     409);
    came_to(id, STORE_INTAKE_ENDED, 0, 0);
}

/* ---- what is not taken -------------------------------------------------- */

static void takes_whole_parts_in_order(void **state)
{
    (void)state;
    open_world();
    yao_text    ann = cw_session(APP_OFFICER), eve = cw_session(APP_SUPERVISOR);
    const char *id = begin(ann, "sync");

    assert_int_equal(cw_post(ann, "/api/intakes", "{\"kind\":\"sync\"}").code,
                     409); /* one at a time */
    assert_int_equal(ask(ann, id).code, 409); /* nothing in it */
    assert_int_equal(send_text(ann, id, "2", "{}\n").code, 409);
    assert_int_equal(send_text(ann, id, "x", "{}\n").code, 404);
    assert_int_equal(send_text(eve, id, "1", "{}\n").code, 404);
    assert_int_equal(send_text(ann, id, "1", "{}\n").code, 200);
    assert_int_equal(send_text(ann, id, "1", "{}\n").code, 409);
    assert_int_equal(ask(eve, id).code, 404);
    assert_int_equal(ask(ann, id).code, 202);
    assert_int_equal(send_text(ann, id, "2", "{}\n").code, 409);
    assert_int_equal(end(cw_session(APP_OFFICER), id), 403);
    assert_int_equal(end(eve, id), 204);
    assert_int_equal(end(ann, id), 409);
    assert_int_equal(cw_post(ann, "/api/intakes", "{\"kind\":\"drop\"}").code,
                     400);
    assert_int_equal(cw_post(ann, "/api/intakes", "{}").code, 400);
}

static void keeps_limits(void **state)
{
    static char many[INFLOW_PART + 16];

    (void)state;
    open_world();
    yao_text    ann = cw_session(APP_OFFICER);
    const char *id  = begin(ann, "sync");
    memset(many, '\n', sizeof many);
    assert_int_equal(
        send(ann, id, "1", (yao_bytes){(uint8_t *)many, INFLOW_MOST_LINES})
            .code,
        200);
    assert_int_equal(send_text(ann, id, "20001", "{}\n").code, 413);
    assert_int_equal(
        send(ann, id, "20001", (yao_bytes){(uint8_t *)many, sizeof many}).code,
        413);
    assert_int_equal(end(ann, id), 204);
    assert_int_equal(report(id, "report", "limit=0").code, 400);
    assert_int_equal(report(id, "report", "limit=501").code, 400);
    assert_int_equal(report("00", "report", "").code, 404);
}

/* ---- line by line ------------------------------------------------------- */

static void tells_line_by_line(void **state)
{
    char *text;

    (void)state;
    open_world();
    yao_bytes good = people(8, 9), odd = people(9, 10);
    text           = malloc(2 * good.len + odd.len + 100);
    assert_non_null(text);
    int len = snprintf(text, 2 * good.len + odd.len + 100,
                       "nonsense\n\n%.*s{\"=cmd|calc\":1,\"portrait\":"
                       "\"calc.jpg\",%.*s%.*s",
                       (int)good.len, (const char *)good.ptr,
                       (int)odd.len - 1, (const char *)odd.ptr + 1,
                       (int)good.len, (const char *)good.ptr);
    const char *id =
        agreed("import", (yao_bytes){(uint8_t *)text, (size_t)len});
    run_all(1000);
    came_to(id, STORE_INTAKE_DONE, 1, 3);
    cw_answer all = report(id, "report", "");
    assert_int_equal(all.code, 200);
    assert_true(cw_says(&all, "{\"line\":1,\"field\":\"\",\"code\":"));
    assert_true(cw_says(&all, "\"line\":4,\"field\":\"portrait\",\"code\":"
                              "\"REFUSED\""));
    assert_true(cw_says(&all, "{\"line\":5,\"field\":\"number\",\"code\":"
                              "\"EXISTS\",\"reason\":\"it is in the register "
                              "already\"}"));
    assert_false(cw_says(&all, "\"line\":2,"));
    assert_false(cw_says(&all, "\"line\":3,"));
    assert_false(cw_says(&all, "calc"));
    cw_answer page = report(id, "report", "limit=1");
    assert_true(cw_says(&page, "{\"next\":1,\"problems\":[{\"line\":1,"));
    page = report(id, "report", "after=4");
    assert_false(cw_says(&page, "\"line\":4,"));
    cw_answer table = report(id, "table", "");
    assert_true(cw_says(&table, "line,field,code,reason\r\n1,\"\","));
    assert_true(cw_says(&table, "5,\"number\",\"EXISTS\","));
    assert_false(cw_says(&table, "calc"));
    free(text);
}

static void syncs(void **state)
{
    static const char text[] =
        "{\"op\":\"event\",\"number\":\"" CW_NUMBER
        "\",\"version\":7,\"event\":\"licence_points\",\"points\":3}\n"
        "{\"op\":\"event\",\"number\":\"" CW_NUMBER
        "\",\"version\":7,\"event\":\"licence_points\",\"points\":3}\n"
        "{\"op\":\"event\",\"number\":\"" CW_NUMBER
        "\",\"version\":6,\"event\":\"licence_points\",\"points\":2}\n"
        "{\"op\":\"drop\"}\n"
        "{\"op\":\"cursor\",\"next\":\"n\",\"more\":false}\n";

    (void)state;
    open_world();
    const char *id =
        agreed("sync", yao_text_bytes(yao_text_of(text)));
    run_all(1000);
    came_to(id, STORE_INTAKE_DONE, 1, 1);
    store_intake in = now(id);
    assert_int_equal(in.count.same, 1);
    assert_int_equal(in.count.older, 1);
    cw_answer all = report(id, "report", "");
    assert_true(
        cw_says(&all, "{\"line\":4,\"field\":\"op\",\"code\":\"VALUE\""));
    assert_false(cw_says(&all, CW_NUMBER));
}

/* ---- stopped in between ------------------------------------------------- */

static void goes_on(void **state)
{
    (void)state;
    open_world();
    const char *id = agreed("import", people(10, 30));

    assert_true(run_all(3) > 1); /* in many pieces */
    came_to(id, STORE_INTAKE_DONE, 20, 0);
}

static void kill_in_the_middle(void)
{
    test_server server;

    assert_true(test_server_start(
        &server, "authority serve -C @/a --listen 127.0.0.1:0 "
                 "--kiosk-listen none --console-listen none"));
    nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    test_server_signal(&server, SIGKILL);
    assert_int_equal(test_server_wait(&server), -1);
}

static void outlives_a_kill(void **state)
{
    (void)state;
    open_world();
    char id[2 * STORE_ID_LEN + 1];
    snprintf(id, sizeof id, "%s", agreed("import", people(30, PEOPLE)));
    cw_close();
    cw_router = NULL;
    for (int i = 0; i < 3; i++)
        kill_in_the_middle();
    cw_open_server();
    run_all(1000);
    came_to(id, STORE_INTAKE_DONE, PEOPLE - 30, 0);
}

static void ends_plainly(void **state)
{
    (void)state;
    open_world();
    authority  *a    = cw_authority();
    const char *id   = agreed("sync", YAO_LIT("{}\n"));
    seal_keys   kept = a->keys;

    a->keys.wrapping[0].key[0] ^= 1; /* not the key it was sealed under */
    run_all(1000);
    a->keys = kept;
    came_to(id, STORE_INTAKE_ENDED, 0, 0);
    store_intake in = now(id);
    assert_true(yao_text_equal(in.why, YAO_TEXT("unreadable")));
    assert_int_equal(cw_events("intake.end", YAO_LIT(""), id), 1);
}

static void stops_where_one_ends_it(void **state)
{
    (void)state;
    open_world();
    const char *id = agreed("sync", YAO_LIT("{}\n{}\n"));

    assert_int_equal(end(cw_session(APP_SUPERVISOR), id), 204);
    assert_false(run_for(1000));
    came_to(id, STORE_INTAKE_ENDED, 0, 0);
}

static void forgets(void **state)
{
    (void)state;
    open_world();
    yao_bytes    who    = cw_operator(APP_OFFICER);
    uint8_t      id[STORE_ID_LEN] = {7};
    uint64_t     ends   = cw_events("intake.end", YAO_LIT(""), "late");
    store_change change = store_change_open(test_arena());
    store_intake in     = {.id          = {id, sizeof id},
                           .kind        = STORE_INTAKE_SYNC,
                           .sender      = who,
                           .wrapped_key = {id, sizeof id},
                           .opened      = yao_now() - INFLOW_WAITS - 9};

    store_put_intake(&change, &in);
    assert_status(store_commit(cw_first.store, &change), YAO_OK);
    assert_false(run_for(10));
    assert_status(store_get_intake(cw_first.store, in.id, test_arena(), &in),
                  YAO_OK);
    assert_int_equal(in.state, STORE_INTAKE_ENDED);
    assert_true(yao_text_equal(in.why, YAO_TEXT("late")));
    assert_int_equal(cw_events("intake.end", YAO_LIT(""), "late"), ends + 1);
}

/* ---- names of fields ---------------------------------------------------- */

static const struct {
    const char *name, *field, *kept;
} fields[] = {
    {"gives a field of the register", "identity_card.issue_date",
     "identity_card.issue_date"},
    {"gives an item of a list", "vehicles.0.plate", "vehicles.0.plate"},
    {"gives none for the whole line", "", ""},
    {"never gives a number as a name", "440118199506209074", "?"},
    {"never gives letters of a person", "李示例", "?"},
    {"never gives a mixture", "a1", "?"},
    {"never gives an empty segment", "a..b", "?"},
    {"never gives N269: a formula", "=cmd", "?"},
};

static void keeps_names(void **state)
{
    size_t   i = (size_t)(uintptr_t)*state;
    yao_text kept;

    assert_status(
        inflow_field(yao_text_of(fields[i].field), test_arena(), &kept),
        YAO_OK);
    assert_true(yao_text_equal(kept, yao_text_of(fields[i].kept)));
}

static void explains(void **state)
{
    (void)state;
    assert_true(yao_text_equal(inflow_why(YAO_TEXT("missing"), YAO_EN),
                               YAO_TEXT("it is missing")));
    assert_true(inflow_why(YAO_TEXT("EXISTS"), YAO_ZH).len > 0);
    assert_true(yao_text_equal(inflow_why(YAO_TEXT("odd"), YAO_EN),
                               YAO_TEXT("odd")));
}

static const struct {
    const char        *name;
    CMUnitTestFunction run;
} rows[] = {
    {"accepts an import that two operators agree to", imports_by_two},
    {"gives what the second operator compares", says_what_to_compare},
    {"refuses parts of others, twice, or late", takes_whole_parts_in_order},
    {"refuses more than the limits", keeps_limits},
    {"gives line by line what was wrong, without a value (N269)",
     tells_line_by_line},
    {"gives the outcomes of a sync", syncs},
    {"gives each line once, in pieces too", goes_on},
    {"gives each line once where the server is killed", outlives_a_kill},
    {"gives a plain end to what can't be opened", ends_plainly},
    {"gives an end at an operator's word", stops_where_one_ends_it},
    {"gives up what nobody agreed to in a day", forgets},
    {"gives a sentence for each code", explains},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("inflow", rows[i].name, rows[i].run, NULL);
    for (size_t i = 0; i < COUNT(fields); i++)
        test_add("inflow, fields", fields[i].name, keeps_names,
                 (void *)(uintptr_t)i);
    int code = test_run("authority/inflow");
    cw_close();
    free(lines);
    test_scratch_remove();
    return code;
}
