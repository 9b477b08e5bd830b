/* SPDX-License-Identifier: Apache-2.0 */

/** What a desk keeps is gone from its files when its time is over: looked for
 *  byte by byte in database, log and journal, before and after. */

#define _GNU_SOURCE /* memmem() */
#include "desk_shown.h"

#include <dirent.h>

#include "desk/desk.h"
#include "postgres_server.h"
#include "store/guest.h"

enum { SHORT, YEAR, LONG, GUEST, EVIDENCE, KEPT, PIECE = 48 };

/* Of what was sealed: bytes that are nowhere else. */
static struct {
    const char *name;
    uint8_t     bytes[PIECE];
} kept[KEPT] = {{"a result that may not be kept", {0}},
                {"a result that is kept for a year", {0}},
                {"a result that is kept for five", {0}},
                {"a guest", {0}},
                {"evidence", {0}}};

static shown_session sessions[3]; /* of the first three */
static desk          d;
static yao_time      began;
static const char   *where; /* the files of the store */
static char          url[256];

/* ---- looking ------------------------------------------------------------ */

static bool file_has(const char *path, size_t which)
{
    yao_bytes file;

    if (yao_file_read(path, 64 << 20, &file) != YAO_OK)
        return false;
    bool found =
        memmem(file.ptr, file.len, kept[which].bytes, PIECE) != NULL;
    yao_file_free(&file);
    return found;
}

static bool folder_has(const char *folder, size_t which)
{
    DIR           *dir   = opendir(folder);
    bool           found = false;
    struct dirent *e;

    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL && !found) {
        char path[600];

        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_type == DT_DIR && e->d_name[0] != '.')
            found = folder_has(path, which);
        else if (e->d_type == DT_REG)
            found = file_has(path, which);
    }
    closedir(dir);
    return found;
}

static void assert_there(size_t which, bool there)
{
    bool found = folder_has(where, which);

    if (found != there)
        print_message("# %s is%s there\n", kept[which].name,
                      found ? "" : " not");
    assert_int_equal(found, there);
}

/* Every value of the person in every form, in all that the desk wrote. */
static void assert_no_value(const char *more)
{
    char command[9 * 4300];

    snprintf(command, sizeof command,
             "python3 '%s/tests/tools/canary.py' scan --record '%s' '%s' '%s' "
             "'%s' '%s' >&2",
             getenv("YAOPAI_SOURCE"), test_scratch_path("people.jsonl"),
             test_scratch_path("d"), where, more, desk_server.log);
    assert_int_equal(system(command), 0);
}

/* ---- the world ---------------------------------------------------------- */

static shown_session show(const char *profile)
{
    char          json[100];
    shown_session s;

    snprintf(json, sizeof json, "{\"profile\":\"%s\"}", profile);
    s = shown_ask(json);
    shown_show(&s, "--yes", 0);
    assert_int_equal(shown_get(&s, "").status, 200);
    return s;
}

static void enter_guest(void)
{
    char json[200], day[11] = "";

    yao_date_format(yao_date_of_time(yao_now()), (uint8_t *)day);
    snprintf(json, sizeof json,
             "{\"result\":\"%s\",\"room\":\"1\",\"arrival\":\"%s\"}",
             sessions[YEAR].id, day);
    assert_int_equal(desk_api("POST", "/api/guests", json).status, 201);
}

static void keep_piece(size_t which, yao_bytes sealed)
{
    assert_true(sealed.len >= 2 * PIECE);
    memcpy(kept[which].bytes, sealed.ptr + sealed.len / 2, PIECE);
}

/* The key of a request that was answered opens what somebody recorded: it is
 * gone, and with it all but in whose name it was asked. */
static void check_request(yao_bytes whose)
{
    const desk_binding binding = {DESK_BOX_REQUEST, whose};
    store_enquiry      e;
    yao_bytes          plain;

    assert_status(store_get_enquiry(d.store, whose, began, test_arena(), &e),
                  YAO_OK);
    assert_status(desk_unseal(&d, yao_openssl_crypto(d.openssl), &binding,
                              e.sealed, test_arena(), &plain),
                  YAO_OK);
    assert_bytes(plain, ((yao_bytes){(const uint8_t *)"\x8a\x80\x60\x60\xf4"
                                                      "\x40\x40\x60\x40"
                                                      "\x84\x80\x80\0\xf4"
                                                      "\x80",
                                     15}));
}

static void find_pieces(void)
{
    for (size_t i = 0; i <= LONG; i++) {
        uint8_t         id[STORE_ID_LEN];
        store_judgement j;
        store_guest     g;
        yao_bytes       whose = {id, STORE_ID_LEN};

        assert_true(desk_read_id(yao_text_of(sessions[i].id), id));
        check_request(whose);
        assert_status(
            store_get_judgement(d.store, whose, began, test_arena(), &j),
            YAO_OK);
        keep_piece(i, j.sealed);
        assert_int_equal(j.evidence.len > 0, i == LONG);
        if (i == LONG)
            keep_piece(EVIDENCE, j.evidence);
        if (i != YEAR)
            continue;
        assert_status(store_get_guest(d.store, whose, j.client, began,
                                      test_arena(), &g),
                      YAO_OK);
        keep_piece(GUEST, g.sealed);
    }
}

static void open_desk(void)
{
    yao_settings_trouble trouble = {.line = 0};
    const char          *place;
    static char          folder[300];

    snprintf(folder, sizeof folder, "%s", test_scratch_path("d"));
    assert_status(desk_open(folder, &d, &trouble, &place), YAO_OK);
}

static void begin(const char *init)
{
    shown_prepare("--profile hotel --profile age --profile mortgage", init);
    desk_start("");
    sessions[SHORT] = show("age");
    sessions[YEAR]  = show("hotel");
    sessions[LONG]  = show("mortgage");
    enter_guest();
    assert_int_equal(test_server_stop(&desk_server), 0);
    desk_port = 0;
    began     = yao_now();
    open_desk();
    find_pieces();
}

/* At so many days, and a bit, from when it was shown. */
static void forget_at(unsigned days)
{
    static const uint8_t owner[STORE_ID_LEN] = {1};

    assert_status(desk_forget(&d, (yao_bytes){owner, sizeof owner},
                              began + DESK_GRACE + 60 +
                                  (yao_time)days * YAO_TIME_DAY),
                  YAO_OK);
}

/* ---- SQLite ------------------------------------------------------------- */

static void begins_on_sqlite(void **state)
{
    static char folder[300];

    (void)state;
    begin("");
    snprintf(folder, sizeof folder, "%s/d/store", test_scratch());
    where = folder;
    for (size_t i = 0; i < KEPT; i++)
        assert_there(i, true); /* it can be found */
    assert_no_value(where);
}

/* The store is open, as it is of a server that runs. */
static void forgets_the_short(void **state)
{
    (void)state;
    forget_at(0);
    assert_there(SHORT, false);
    assert_there(YEAR, true);
    assert_there(GUEST, true);
    assert_there(EVIDENCE, true);
}

static void forgets_the_year(void **state)
{
    (void)state;
    forget_at(364);
    assert_there(YEAR, true);
    forget_at(365);
    assert_there(YEAR, false);
    assert_there(GUEST, false);
    assert_there(LONG, true);
}

static void forgets_all(void **state)
{
    (void)state;
    forget_at(1825);
    for (size_t i = 0; i < KEPT; i++)
        assert_there(i, false);
    assert_no_value(where);
    desk_close(&d);
    for (size_t i = 0; i < KEPT; i++)
        assert_there(i, false);
}

/* ---- PostgreSQL --------------------------------------------------------- */

/* Its own folder but for the log of changes, which is the operator's to end:
 * docs/formats/desk.md. */
static void on_postgres(void **state)
{
    char        init[400], journal[300];
    static char base[300];
    bool        fine = false;

    (void)state;
    if (test_postgres_missing() != NULL) {
        print_message("# %s\n", test_postgres_missing());
        skip();
    }
    test_postgres_url(url, sizeof url);
    snprintf(init, sizeof init, "--store '%s'", url);
    begin(init);
    snprintf(base, sizeof base, "%s/data/base/%s", test_postgres_folder(),
             test_postgres_sql(url,
                               "SELECT oid FROM pg_database WHERE datname = "
                               "current_database()",
                               NULL));
    where = base;
    (void)test_postgres_sql(url, "CHECKPOINT", &fine);
    assert_true(fine);
    for (size_t i = 0; i < KEPT; i++)
        assert_there(i, true);
    forget_at(0);
    forget_at(1825);
    (void)test_postgres_sql(url, "VACUUM judgement", &fine);
    assert_true(fine);
    (void)test_postgres_sql(url, "VACUUM guest", &fine);
    assert_true(fine);
    (void)test_postgres_sql(url, "CHECKPOINT", &fine);
    for (size_t i = 0; i < KEPT; i++)
        assert_there(i, false);
    snprintf(journal, sizeof journal, "%s/data/pg_wal", test_postgres_folder());
    assert_no_value(journal);
    desk_close(&d);
}

static void clear(void **state)
{
    (void)state;
    char command[600];
    snprintf(command, sizeof command,
             "cd '%s' && rm -rf a d w t lists hotel people.jsonl*",
             test_scratch());
    assert_int_equal(system(command), 0);
}

int main(void)
{
    test_add("sqlite", "gives what is kept, sealed, to who looks",
             begins_on_sqlite, NULL);
    test_add("sqlite", "forgets what may not be kept after its minutes",
             forgets_the_short, NULL);
    test_add("sqlite", "forgets a guest and a result after their year",
             forgets_the_year, NULL);
    test_add("sqlite", "never leaves N316: anything when all is over",
             forgets_all, NULL);
    test_add("postgres", "accepts to begin anew", clear, NULL);
    test_add("postgres", "never leaves anything when all is over", on_postgres,
             NULL);

    int code = test_run("journeys/desk_kept");
    if (desk_port != 0)
        (void)test_server_stop(&desk_server);
    test_scratch_remove();
    return code;
}
