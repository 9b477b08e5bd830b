/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/memory.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/files.h"
#include "check.h"
#include "program.h"

#define NOW INT64_C(1795347000)

static gate_memory memory, other;

static const char *path(void)
{
    return test_scratch_path("gate.seen");
}

static const uint8_t *key(unsigned number)
{
    static uint8_t key[GATE_KEY_LEN];

    memset(key, 7, sizeof key);
    key[0] = (uint8_t)number;
    key[1] = (uint8_t)(number >> 8);
    return key;
}

static void put_file(yao_bytes content)
{
    unlink(test_scratch_path("gate.seen.lock"));
    assert_status(yao_file_write(path(), content, 0600, false), YAO_OK);
}

static void start(void)
{
    put_file(YAO_LIT(""));
    assert_status(gate_memory_open(path(), NOW, &memory), YAO_OK);
}

static void again(yao_time now)
{
    gate_memory_close(&memory);
    assert_status(gate_memory_open(path(), now, &memory), YAO_OK);
}

static void gives_what_was_put(void **state)
{
    (void)state;
    start();
    assert_false(gate_memory_has(&memory, key(1), NOW));
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    assert_true(gate_memory_has(&memory, key(1), NOW));
    assert_true(gate_memory_has(&memory, key(1), NOW + 90));
    assert_false(gate_memory_has(&memory, key(1), NOW + 91));
    assert_false(gate_memory_has(&memory, key(2), NOW));
    gate_memory_close(&memory);
    gate_memory_close(&memory);
}

static void gives_it_after_restart(void **state)
{
    struct stat st;

    (void)state;
    start();
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    assert_status(gate_memory_put(&memory, key(2), NOW + 20, NOW + 1), YAO_OK);
    again(NOW + 30);
    assert_true(gate_memory_has(&memory, key(1), NOW + 30));
    assert_false(gate_memory_has(&memory, key(2), NOW + 30));
    again(NOW + 31);
    assert_true(gate_memory_has(&memory, key(1), NOW + 31));
    assert_int_equal(stat(path(), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    gate_memory_close(&memory);
}

/* Killed at once: what was put is there, since it was on disk before. */
static void gives_it_after_kill(void **state)
{
    int status;

    (void)state;
    start();
    gate_memory_close(&memory);
    pid_t child = fork();
    if (child == 0) {
        if (gate_memory_open(path(), NOW, &other) == YAO_OK &&
            gate_memory_put(&other, key(9), NOW + 90, NOW) == YAO_OK)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_status(gate_memory_open(path(), NOW, &memory), YAO_OK);
    assert_true(gate_memory_has(&memory, key(9), NOW));
    gate_memory_close(&memory);
}

#define HEX "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LINE_OF(seen, until) seen " " until " " HEX "\n"

static const struct {
    const char *name;
    yao_bytes   file;
    yao_status  want;
} files[] = {
    {"accepts no line", YAO_INIT(""), YAO_OK},
    {"accepts a line", YAO_INIT(LINE_OF("1795347000", "1795347090")), YAO_OK},
    {"accepts a last line that is cut",
     YAO_INIT(LINE_OF("1795347000", "1795347090") "1795347000 17953"), YAO_OK},
    {"accepts a last line without its end", YAO_INIT("1795347000 1795347090 " HEX),
     YAO_OK},
    {"refuses a line that is cut in the middle",
     YAO_INIT("1795347000 17953\n" LINE_OF("1795347000", "1795347090")),
     YAO_E_MALFORMED},
    {"refuses an empty line", YAO_INIT("\n"), YAO_E_MALFORMED},
    {"refuses a key that is too short",
     YAO_INIT("1795347000 1795347090 0123\n"), YAO_E_MALFORMED},
    {"refuses letters that are no digits",
     YAO_INIT("1795347000 1795347090 x" HEX "\n"), YAO_E_MALFORMED},
    {"refuses a time that is none", YAO_INIT(LINE_OF("-5", "1795347090")),
     YAO_E_MALFORMED},
    {"refuses a time after all times",
     YAO_INIT(LINE_OF("1795347000", "999999999999")), YAO_E_MALFORMED},
    {"refuses zeros", YAO_INIT("\0\0\0\0\0\0\0\0\n"), YAO_E_MALFORMED},
};

static void file(void **state)
{
    size_t i = (size_t)*state;

    put_file(files[i].file);
    assert_status(gate_memory_open(path(), NOW, &memory), files[i].want);
    gate_memory_close(&memory);
}

/* Cut at each byte the file holds the lines before the cut. */
static void accepts_every_cut(void **state)
{
    static const char lines[] =
        LINE_OF("1795347000", "1795347090") LINE_OF("1795347001", "1795347091");
    size_t one = (sizeof lines - 1) / 2;

    (void)state;
    for (size_t len = 0; len < sizeof lines; len++) {
        put_file((yao_bytes){(const uint8_t *)lines, len});
        assert_status(gate_memory_open(path(), NOW, &memory), YAO_OK);
        assert_int_equal(memory.count, len / one);
        assert_status(gate_memory_put(&memory, key(5), NOW + 5, NOW), YAO_OK);
        again(NOW);
        assert_int_equal(memory.count, len / one + 1);
        gate_memory_close(&memory);
    }
}

static void refuses_old_clock(void **state)
{
    (void)state;
    start();
    assert_status(gate_memory_check_clock(&memory, 0), YAO_OK);
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    assert_status(gate_memory_check_clock(&memory, NOW - 60), YAO_OK);
    assert_status(gate_memory_check_clock(&memory, NOW - 61),
                  YAO_E_NOT_YET_VALID);
    assert_status(gate_memory_put(&memory, key(2), NOW + 990, NOW + 900),
                  YAO_OK);
    again(NOW + 1000000); /* a key is forgotten, the time is not */
    assert_int_equal(memory.count, 1);
    again(NOW + 1000000);
    assert_status(gate_memory_check_clock(&memory, NOW - 61),
                  YAO_E_NOT_YET_VALID);
    assert_status(gate_memory_check_clock(&memory, NOW - 365 * YAO_TIME_DAY),
                  YAO_E_NOT_YET_VALID);
    gate_memory_close(&memory);
}

/* The battery of a clock was empty; then it is told the time. */
static void gives_it_after_a_wrong_clock(void **state)
{
    (void)state;
    start();
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    again(NOW + 1000000);
    assert_false(gate_memory_has(&memory, key(1), NOW + 1000000));
    again(NOW + 10);
    assert_true(gate_memory_has(&memory, key(1), NOW + 10));
    again(0);
    assert_true(gate_memory_has(&memory, key(1), NOW + 10));
    gate_memory_close(&memory);
}

static void refuses_second_gate(void **state)
{
    (void)state;
    start();
    assert_status(gate_memory_open(path(), NOW, &other), YAO_E_LOCKED);
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    gate_memory_close(&memory);
    assert_status(gate_memory_open(path(), NOW, &other), YAO_OK);
    gate_memory_close(&other);
}

/* Keys that are over make room; without room nobody is let in. */
static void refuses_too_many(void **state)
{
    (void)state;
    start();
    for (unsigned i = 0; i < GATE_MEMORY_MOST; i++)
        memory.list[memory.count++] = (gate_consumed){.until = NOW + 5};
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_E_LIMIT);
    assert_false(gate_memory_has(&memory, key(1), NOW));
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW + 6), YAO_OK);
    assert_int_equal(memory.count, 1);
    gate_memory_close(&memory);
}

static void gives_short_file(void **state)
{
    struct stat st;

    (void)state;
    start();
    memory.lines = 4 * GATE_MEMORY_MOST;
    for (unsigned i = 0; i < 5; i++)
        assert_status(gate_memory_put(&memory, key(i), NOW + i, NOW + i),
                      YAO_OK);
    assert_int_equal(stat(path(), &st), 0);
    assert_true(st.st_size < 1000);
    again(NOW + 4);
    assert_int_equal(memory.count, 1);
    gate_memory_close(&memory);
}

/* A disk that is full in the middle of a line: nobody is let in, and the file
 * can be read afterwards. */
static void refuses_full_disk(void **state)
{
    int status;

    (void)state;
    start();
    assert_status(gate_memory_put(&memory, key(1), NOW + 90, NOW), YAO_OK);
    gate_memory_close(&memory);
    pid_t child = fork();
    if (child == 0) {
        struct stat   st;
        struct rlimit most;

        signal(SIGXFSZ, SIG_IGN);
        if (gate_memory_open(path(), NOW, &other) != YAO_OK ||
            stat(path(), &st) != 0)
            _exit(1);
        most.rlim_cur = most.rlim_max = (rlim_t)st.st_size + 20;
        if (setrlimit(RLIMIT_FSIZE, &most) != 0)
            _exit(2);
        if (gate_memory_put(&other, key(2), NOW + 90, NOW) != YAO_E_FILE ||
            gate_memory_has(&other, key(2), NOW) ||
            !gate_memory_has(&other, key(1), NOW))
            _exit(3);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_status(gate_memory_open(path(), NOW, &memory), YAO_OK);
    assert_true(gate_memory_has(&memory, key(1), NOW));
    assert_false(gate_memory_has(&memory, key(2), NOW));
    gate_memory_close(&memory);
}

static void refuses_no_folder(void **state)
{
    static char long_path[5000];

    (void)state;
    assert_status(gate_memory_open(test_scratch_path("none/gate.seen"), NOW,
                                   &memory),
                  YAO_E_FILE);
    memset(long_path, 'x', sizeof long_path - 1);
    assert_status(gate_memory_open(long_path, NOW, &memory), YAO_E_LIMIT);
    gate_memory_close(&memory);
}

int main(void)
{
    test_add("memory", "gives what was put, until it is over",
             gives_what_was_put, NULL);
    test_add("memory", "gives it after a restart (N241)",
             gives_it_after_restart, NULL);
    test_add("memory", "gives it after a kill (N241)", gives_it_after_kill,
             NULL);
    for (size_t i = 0; i < COUNT(files); i++)
        test_add("file", files[i].name, file, (const void *)i);
    test_add("file", "accepts every cut", accepts_every_cut, NULL);
    test_add("file", "gives a short file after many lines", gives_short_file,
             NULL);
    test_add("clock", "refuses N301: one that was turned back (N246)",
             refuses_old_clock, NULL);
    test_add("clock", "gives what was put after one that ran ahead (N246)",
             gives_it_after_a_wrong_clock, NULL);
    test_add("memory", "refuses a second gate", refuses_second_gate, NULL);
    test_add("memory", "refuses too many keys", refuses_too_many, NULL);
    test_add("memory", "refuses a full disk", refuses_full_disk, NULL);
    test_add("memory", "refuses a folder that is not there", refuses_no_folder,
             NULL);

    int code = test_run("gate/memory");
    test_scratch_remove();
    return code;
}
