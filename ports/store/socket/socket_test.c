/* SPDX-License-Identifier: Apache-2.0 */

/** Who is let in, and what strangers send. That a guest's store does what
 *  every store does is in the contract tests. */

#include "store/socket/frame.h"
#include "store/socket/socket.h"

#include "check.h"
#include "program.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOW INT64_C(1767225600)

enum { PATIENCE_MS = 60000 };

static store         *host;
static store_serving *serving;
static char           path[4200], url[4300];

static void begin(void)
{
    static unsigned number;
    char            file[64];

    snprintf(file, sizeof file, "%u.db", number);
    snprintf(url, sizeof url, "sqlite:%s", test_scratch_path(file));
    const store_options made = {.url = url, .create = true, .now = NOW};
    assert_status(store_open(&made, &host), YAO_OK);
    snprintf(file, sizeof file, "%u.sock", number++);
    snprintf(path, sizeof path, "%s", test_scratch_path(file));
    snprintf(url, sizeof url, "socket:%s", path);
    assert_false(store_is_served(path));
    assert_status(store_serve(host, path, &serving), YAO_OK);
}

static void end(void)
{
    store_serve_end(serving);
    assert_false(store_is_served(path));
    assert_int_not_equal(access(path, F_OK), 0);
    assert_status(store_check(host), YAO_OK);
    store_close(host);
}

static yao_status open_guest(store **ret)
{
    return store_open(&(store_options){.url = url, .now = NOW}, ret);
}

static yao_status put_fact(store *to, const char *name)
{
    _Alignas(16) uint8_t memory[2048];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);

    store_put_fact(&change, yao_text_of(name), YAO_LIT("x"));
    return store_commit(to, &change);
}

/* ---- serving ---- */

static void gives_socket_to_us_alone(void **state)
{
    struct stat st;

    (void)state;
    begin();
    assert_true(store_is_served(path));
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISSOCK(st.st_mode));
    assert_int_equal(st.st_mode & 0777, 0600);
    end();
}

static void refuses_second_server(void **state)
{
    store_serving *other = NULL;

    (void)state;
    begin();
    assert_status(store_serve(host, path, &other), YAO_E_LOCKED);
    assert_null(other);
    end();
    store_serve_end(NULL);
}

/* Somebody who looks whether it is served, and stands still over that. */
static void accepts_who_looks(void **state)
{
    char lock[4300];

    (void)state;
    begin();
    store_serve_end(serving);
    snprintf(lock, sizeof lock, "%s.lock", path);
    int fd = open(lock, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(flock(fd, LOCK_SH), 0);
    assert_false(store_is_served(path));
    assert_status(store_serve(host, path, &serving), YAO_OK);
    assert_true(store_is_served(path));
    close(fd);
    end();
}

static void refuses_folder_that_is_not_there(void **state)
{
    store_serving *other = NULL;

    (void)state;
    begin();
    assert_status(store_serve(host, "/nowhere/store.sock", &other),
                  YAO_E_FILE);
    assert_null(other);
    end();
}

static void refuses_to_make(void **state)
{
    store *s = NULL;

    (void)state;
    begin();
    const store_options made = {.url = url, .create = true, .now = NOW};
    assert_status(store_open(&made, &s), YAO_E_USAGE);
    end();
    assert_status(open_guest(&s), YAO_E_NOT_FOUND);
    assert_null(s);
}

static void accepts_long_paths(void **state)
{
    char long_name[160];

    (void)state;
    memset(long_name, 'd', 120);
    long_name[120] = '\0';
    assert_int_equal(mkdir(test_scratch_path(long_name), 0700), 0);
    begin();
    store_serve_end(serving);
    memcpy(long_name + 120, "/s", 3);
    snprintf(path, sizeof path, "%s", test_scratch_path(long_name));
    snprintf(url, sizeof url, "socket:%s", path);
    assert_status(store_serve(host, path, &serving), YAO_OK);
    store *s = NULL;
    assert_status(open_guest(&s), YAO_OK);
    store_close(s);
    end();
}

/* A socket that a killed server left is no server. */
static void accepts_what_a_killed_one_left(void **state)
{
    (void)state;
    begin();
    store_serve_end(serving);
    int left = frame_socket(path, true);
    assert_true(left >= 0);
    close(left);
    assert_int_equal(access(path, F_OK), 0);
    assert_status(store_serve(host, path, &serving), YAO_OK);
    store *s = NULL;
    assert_status(open_guest(&s), YAO_OK);
    store_close(s);
    end();
}

/* ---- guests ---- */

static void gives_both_sides_the_same(void **state)
{
    store    *s = NULL;
    yao_bytes value;

    (void)state;
    begin();
    assert_status(open_guest(&s), YAO_OK);
    assert_status(put_fact(s, "of the guest"), YAO_OK);
    assert_status(put_fact(host, "of the guest"), YAO_E_EXISTS);
    assert_status(put_fact(host, "of the host"), YAO_OK);
    assert_status(store_get_fact(s, YAO_TEXT("of the host"), test_arena(),
                                 &value),
                  YAO_OK);
    assert_true(store_get_counts(host).members >= 2);
    store_close(s);
    end();
}

static void gives_room_to_sixteen(void **state)
{
    store *guests[STORE_MAX_GUESTS + 1] = {NULL};

    (void)state;
    begin();
    for (int i = 0; i < STORE_MAX_GUESTS; i++)
        assert_status(open_guest(&guests[i]), YAO_OK);
    assert_int_not_equal(open_guest(&guests[STORE_MAX_GUESTS]), YAO_OK);
    for (int i = 0; i < STORE_MAX_GUESTS; i++)
        store_close(guests[i]);
    yao_status status = YAO_E_STORE;
    for (int i = 0; i < PATIENCE_MS / 10 && status != YAO_OK; i++) {
        poll(NULL, 0, 10); /* they are leaving */
        status = open_guest(&guests[0]);
    }
    assert_status(status, YAO_OK);
    store_close(guests[0]);
    end();
}

static void refuses_after_the_end(void **state)
{
    store *s = NULL;

    (void)state;
    begin();
    assert_status(open_guest(&s), YAO_OK);
    end();
    assert_status(put_fact(s, "late"), YAO_E_STORE);
    store_close(s);
}

/* ---- changes that can't be told ---- */

typedef struct importing {
    _Alignas(16) uint8_t memory[2048];
    yao_arena    arena;
    store_change change;
    yao_bytes    values[3];
    size_t       next;
} importing;

static yao_status next_fact(void *ctx, store_change **ret)
{
    static const char *const names[] = {"first", "second", "third"};
    importing               *i       = ctx;

    *ret = NULL;
    if (i->next == COUNT(i->values))
        return YAO_OK;
    i->arena  = (yao_arena){i->memory, sizeof i->memory, 0};
    i->change = store_change_open(&i->arena);
    store_put_fact(&i->change, yao_text_of(names[i->next]),
                   i->values[i->next]);
    i->next++;
    *ret = &i->change;
    return YAO_OK;
}

/* Three facts by a guest, of whom the second is SECOND; how many are there? */
static size_t import_facts(yao_bytes second, yao_status expected)
{
    static const char *const names[] = {"first", "second", "third"};
    static importing         i;
    store                   *s     = NULL;
    size_t                   count = 0;
    yao_bytes                value;

    i = (importing){.values = {YAO_LIT("1"), second, YAO_LIT("3")}};
    begin();
    assert_status(open_guest(&s), YAO_OK);
    assert_status(store_commit_all(s, next_fact, &i), expected);
    for (size_t n = 0; n < COUNT(names); n++)
        count += store_get_fact(host, yao_text_of(names[n]), test_arena(),
                                &value) == YAO_OK;
    assert_status(put_fact(s, "afterwards"), YAO_OK);
    store_close(s);
    end();
    return count;
}

static void gives_all_of_an_import(void **state)
{
    (void)state;
    assert_int_equal(import_facts(YAO_LIT("2"), YAO_OK), 3);
}

/* What comes before it must not be acknowledged as though it were all. */
static void never_commits_an_import_without_its_largest(void **state)
{
    uint8_t *large = calloc(1, FRAME_MAX);

    (void)state;
    assert_non_null(large);
    assert_int_equal(import_facts((yao_bytes){large, FRAME_MAX}, YAO_E_SPACE),
                     0);
    free(large);
}

static void refuses_a_change_that_fits_no_frame(void **state)
{
    _Alignas(16) uint8_t memory[2048];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);
    uint8_t             *large  = calloc(1, FRAME_MAX);
    store               *s      = NULL;

    (void)state;
    assert_non_null(large);
    begin();
    assert_status(open_guest(&s), YAO_OK);
    store_put_fact(&change, YAO_TEXT("large"), (yao_bytes){large, FRAME_MAX});
    assert_status(store_commit(s, &change), YAO_E_SPACE);
    assert_status(put_fact(s, "small"), YAO_OK);
    store_close(s);
    end();
    free(large);
}

/* ---- a server that fails ---- */

static void send_status(int fd, yao_status status)
{
    frame f = {.data = NULL};

    frame_put_number(&f, status);
    frame_put_number(&f, 0);
    frame_put_number(&f, 0);
    frame_put_bytes(&f, YAO_LIT(""));
    (void)!frame_send(fd, FRAME_RESULT, &f);
    frame_free(&f);
}

/* Answers a greeting well; the first change with what is no frame, and then,
 * too late, with an answer. */
static void *answer_late(void *ctx)
{
    const int *listener = ctx;
    int        fd       = accept(*listener, NULL, NULL);
    frame      f        = {.data = NULL};
    frame_kind kind;

    if (fd >= 0 && frame_receive(fd, PATIENCE_MS, &kind, &f) == YAO_OK) {
        send_status(fd, YAO_OK);
        (void)!frame_receive(fd, PATIENCE_MS, &kind, &f);
        (void)!send(fd, "\0\0\0\0\0", 5, MSG_NOSIGNAL);
        send_status(fd, YAO_OK);
        while (frame_receive(fd, PATIENCE_MS, &kind, &f) == YAO_OK)
            ; /* nothing of it is done */
    }
    frame_free(&f);
    if (fd >= 0)
        close(fd);
    return NULL;
}

static yao_status forward_fact(store_engine *engine, const char *name)
{
    _Alignas(16) uint8_t memory[2048];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);

    store_put_fact(&change, yao_text_of(name), YAO_LIT("x"));
    return engine->call->forward(engine, &change);
}

static void never_takes_a_late_answer_for_the_next(void **state)
{
    store_engine *engine = NULL;
    pthread_t     thread;
    int           listener;

    (void)state;
    snprintf(path, sizeof path, "%s", test_scratch_path("late.sock"));
    listener = frame_socket(path, true);
    assert_true(listener >= 0);
    assert_int_equal(pthread_create(&thread, NULL, answer_late, &listener), 0);
    assert_status(store_socket_open(path, STORE_WRITE, &engine), YAO_OK);
    assert_status(forward_fact(engine, "one"), YAO_E_STORE);
    assert_status(forward_fact(engine, "two"), YAO_E_STORE);
    engine->call->close(engine);
    pthread_join(thread, NULL);
    close(listener);
}

/* ---- strangers ---- */

enum { TRIES = 400 };

/* What a guest without manners sends; the host still serves others. */
static void expect_sent_away(const uint8_t *bytes, size_t len)
{
    int     fd = frame_socket(path, false);
    uint8_t answer[256];

    assert_true(fd >= 0);
    assert_int_equal(send(fd, bytes, len, MSG_NOSIGNAL), len);
    shutdown(fd, SHUT_WR);
    while (read(fd, answer, sizeof answer) > 0)
        ;
    close(fd);
}

static void refuses_other_version(void **state)
{
    frame      f = {.data = NULL};
    frame_kind kind;

    (void)state;
    begin();
    int fd = frame_socket(path, false);
    frame_put_bytes(&f, YAO_LIT("another"));
    assert_status(frame_send(fd, FRAME_HELLO, &f), YAO_OK);
    assert_status(frame_receive(fd, PATIENCE_MS, &kind, &f), YAO_OK);
    assert_int_equal(kind, FRAME_RESULT);
    assert_int_equal(frame_get_number(&f), YAO_E_UNSUPPORTED);
    /* and is not heard any more */
    assert_int_not_equal(frame_receive(fd, PATIENCE_MS, &kind, &f), YAO_OK);
    close(fd);
    frame_free(&f);
    end();
}

static void refuses_who_does_not_greet(void **state)
{
    (void)state;
    begin();
    expect_sent_away((const uint8_t *)"\0\0\0\0\7", 5); /* check */
    expect_sent_away((const uint8_t *)"\377\377\377\377\1", 5);
    expect_sent_away((const uint8_t *)"GET / HTTP/1.1\r\n\r\n", 18);
    expect_sent_away((const uint8_t *)"", 0);
    store *s = NULL;
    assert_status(open_guest(&s), YAO_OK);
    store_close(s);
    end();
}

/* After a good greeting: frames of any kind with noise in them. */
static void survives_noise(void **state)
{
    uint32_t seed = 1;

    (void)state;
    begin();
    for (int i = 0; i < TRIES; i++) {
        frame      f = {.data = NULL};
        frame_kind kind;
        int        fd = frame_socket(path, false);

        if (fd < 0)
            continue;
        frame_put_bytes(&f, frame_version());
        if (frame_send(fd, FRAME_HELLO, &f) == YAO_OK &&
            frame_receive(fd, PATIENCE_MS, &kind, &f) == YAO_OK) {
            frame_clear(&f);
            for (int n = i % 40; n > 0; n--) {
                seed = seed * 1664525u + 1013904223u;
                frame_put_number(&f, (int64_t)(seed >> (8 + seed % 24)));
            }
            (void)!frame_send(fd, (frame_kind)(2 + i % 7), &f);
        }
        shutdown(fd, SHUT_WR);
        close(fd);
        frame_free(&f);
    }
    store *s = NULL;
    for (int i = 0; i < PATIENCE_MS / 10 && open_guest(&s) != YAO_OK; i++)
        poll(NULL, 0, 10);
    assert_non_null(s);
    assert_status(put_fact(s, "still there"), YAO_OK);
    store_close(s);
    end();
}

/* Another user, where we may become one. */
static void refuses_other_users(void **state)
{
    int status;

    (void)state;
    if (geteuid() != 0)
        skip();
    begin();
    assert_int_equal(chmod(test_scratch(), 0755), 0);
    assert_int_equal(chmod(path, 0666), 0); /* even if its mode were wrong */
    pid_t child = fork();
    if (child == 0) {
        store *s = NULL;

        if (setgid(65534) != 0 || setuid(65534) != 0)
            _exit(9);
        _exit(open_guest(&s) == YAO_OK ? 1 : 0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    end();
}

static const struct {
    const char        *group, *name;
    CMUnitTestFunction run;
} rows[] = {
    {"serve", "gives a socket to us alone", gives_socket_to_us_alone},
    {"serve", "N289 refuses a second server", refuses_second_server},
    {"serve", "accepts that somebody looks meanwhile", accepts_who_looks},
    {"serve", "refuses a folder that is not there",
     refuses_folder_that_is_not_there},
    {"serve", "refuses to make a store, or to find none", refuses_to_make},
    {"serve", "accepts a path of any length", accepts_long_paths},
    {"serve", "accepts what a killed server left",
     accepts_what_a_killed_one_left},
    {"guest", "gives both sides the same store", gives_both_sides_the_same},
    {"guest", "gives room to sixteen", gives_room_to_sixteen},
    {"guest", "refuses after the end", refuses_after_the_end},
    {"guest", "gives all of an import", gives_all_of_an_import},
    {"guest", "never commits an import without what fits no frame",
     never_commits_an_import_without_its_largest},
    {"guest", "refuses a change that fits no frame, and goes on",
     refuses_a_change_that_fits_no_frame},
    {"guest", "never takes a late answer for that of the next change",
     never_takes_a_late_answer_for_the_next},
    {"stranger", "refuses another version", refuses_other_version},
    {"stranger", "refuses who does not greet", refuses_who_does_not_greet},
    {"stranger", "never minds noise", survives_noise},
    {"stranger", "refuses other users", refuses_other_users},
};

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add(rows[i].group, rows[i].name, rows[i].run, NULL);
    int code = test_run("store/socket");
    test_scratch_remove();
    return code;
}
