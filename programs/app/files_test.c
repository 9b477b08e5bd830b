/* SPDX-License-Identifier: Apache-2.0 */
#include "app/files.h"

#include "check.h"
#include "program.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned mode_of(const char *path)
{
    struct stat st;

    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 07777;
}

static void writes(void **state)
{
    const char *path = test_scratch_path("f");
    yao_bytes   back;

    (void)state;
    assert_status(yao_file_write(path, YAO_LIT("one"), 0600, true), YAO_OK);
    assert_int_equal(mode_of(path), 0600);
    assert_status(yao_file_write(path, YAO_LIT("two"), 0600, true),
                  YAO_E_EXISTS);
    assert_status(yao_file_read(path, 3, &back), YAO_OK);
    assert_bytes(back, YAO_LIT("one"));
    yao_file_free(&back);
    assert_status(yao_file_write(path, YAO_LIT("three"), 0600, false), YAO_OK);
    assert_status(yao_file_read(path, 4, &back), YAO_E_LIMIT);
    assert_status(yao_file_read(path, 5, &back), YAO_OK);
    assert_bytes(back, YAO_LIT("three"));
    yao_file_free(&back);
    assert_false(yao_path_exists(test_scratch_path("f.new")));
}

/* A file that lay there with open doors keeps none of them. */
static void narrows(void **state)
{
    const char *path = test_scratch_path("open");

    (void)state;
    assert_status(yao_file_write(path, YAO_LIT("x"), 0644, false), YAO_OK);
    assert_int_equal(chmod(path, 0666), 0);
    assert_status(yao_file_write(path, YAO_LIT("secret"), 0600, false), YAO_OK);
    assert_int_equal(mode_of(path), 0600);
}

/* Somebody laid a link where the new file is made: it is not followed. */
static void links(void **state)
{
    yao_bytes back;

    (void)state;
    assert_status(yao_file_write(test_scratch_path("victim"), YAO_LIT("mine"),
                                 0600, false), YAO_OK);
    assert_int_equal(symlink(test_scratch_path("victim"),
                             test_scratch_path("g.new")), 0);
    assert_status(yao_file_write(test_scratch_path("g"), YAO_LIT("new"), 0600,
                                 false), YAO_OK);
    assert_status(yao_file_read(test_scratch_path("victim"), 9, &back), YAO_OK);
    assert_bytes(back, YAO_LIT("mine"));
    yao_file_free(&back);
}

static void nowhere(void **state)
{
    char      longer[5000];
    yao_bytes back;

    (void)state;
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    assert_status(yao_file_write(longer, YAO_LIT("x"), 0600, false),
                  YAO_E_FILE);
    assert_status(yao_file_write(test_scratch_path("no/where"), YAO_LIT("x"),
                                 0600, false), YAO_E_FILE);
    assert_status(yao_file_write(test_scratch(), YAO_LIT("x"), 0600, false),
                  YAO_E_FILE);
    assert_status(yao_file_read(test_scratch_path("no/where"), 9, &back),
                  YAO_E_FILE);
    assert_status(yao_file_read(test_scratch(), 9, &back), YAO_E_FILE);
    assert_status(yao_file_read("/dev/zero", 300000, &back), YAO_E_LIMIT);
    assert_status(yao_folder_make(test_scratch_path("no/where"), 0700),
                  YAO_E_FILE);
    assert_status(yao_path_join("a", "b", longer, 3), YAO_E_LIMIT);
    assert_status(yao_path_join("a", "b", longer, 4), YAO_OK);
    assert_string_equal(longer, "a/b");
}

/* Eight processes, each writing its own letter in its own length: every one
 * succeeds, and what is left is one of them, whole. */
static void write_many(const char *path, uint8_t turn)
{
    uint8_t letters[8 * 512];

    memset(letters, 'a' + turn, sizeof letters);
    for (int i = 0; i < 8; i++)
        if (yao_file_write(path, (yao_bytes){letters, (turn + 1u) * 512}, 0600,
                           false) != YAO_OK)
            _exit(1);
    _exit(0);
}

static void many(void **state)
{
    const char *path = test_scratch_path("many");
    char        beside[4300];
    yao_bytes   file;
    pid_t       children[8];

    (void)state;
    snprintf(beside, sizeof beside, "%s.new", path);
    for (uint8_t i = 0; i < 8; i++) {
        children[i] = fork();
        assert_true(children[i] >= 0);
        if (children[i] == 0)
            write_many(path, i);
    }
    for (size_t i = 0; i < 8; i++) {
        int how = 0;

        assert_int_equal(waitpid(children[i], &how, 0), children[i]);
        assert_int_equal(how, 0);
    }
    assert_status(yao_file_read(path, 8 * 512, &file), YAO_OK);
    assert_int_equal(file.len, (file.ptr[0] - 'a' + 1u) * 512);
    assert_int_equal(file.ptr[file.len - 1], file.ptr[0]);
    assert_false(yao_path_exists(beside));
    yao_file_free(&file);
}

static void locks(void **state)
{
    int one = -1, two = -1;

    (void)state;
    assert_status(yao_lock_take(test_scratch(), "lock", &one), YAO_OK);
    assert_status(yao_lock_take(test_scratch(), "lock", &two), YAO_E_LOCKED);
    assert_int_equal(two, -1);
    yao_lock_give(two);
    yao_lock_give(one);
    assert_status(yao_lock_take(test_scratch(), "lock", &two), YAO_OK);
    yao_lock_give(two);
    assert_status(yao_lock_take(test_scratch_path("no"), "lock", &one),
                  YAO_E_FILE);
}

static void folders(void **state)
{
    (void)state;
    assert_status(yao_folder_make(test_scratch_path("d"), 0700), YAO_OK);
    assert_int_equal(mode_of(test_scratch_path("d")), 0700);
    assert_status(yao_folder_make(test_scratch_path("d"), 0700), YAO_OK);
    assert_status(yao_file_write(test_scratch_path("e"), YAO_LIT("x"), 0600,
                                 false), YAO_OK);
    assert_status(yao_folder_make(test_scratch_path("e"), 0700), YAO_E_FILE);
}

/* Longer than what is read at once, so that the buffer grows. */
static void grows(void **state)
{
    enum { LEN = 300000 };
    uint8_t  *big = malloc(LEN);
    yao_bytes back;

    (void)state;
    assert_non_null(big);
    for (size_t i = 0; i < LEN; i++)
        big[i] = (uint8_t)(i * 7 + i / 256);
    assert_status(yao_file_write(test_scratch_path("big"),
                                 (yao_bytes){big, LEN}, 0600, false), YAO_OK);
    assert_status(yao_file_read(test_scratch_path("big"), LEN, &back), YAO_OK);
    assert_bytes(back, ((yao_bytes){big, LEN}));
    yao_file_free(&back);
    free(big);
}

static void memory(void **state)
{
    yao_arena arena;

    (void)state;
    assert_status(yao_memory_open(100000, &arena), YAO_OK);
    assert_non_null(yao_arena_take(&arena, 100000));
    assert_null(yao_arena_take(&arena, 1));
    yao_memory_free(&arena);
    assert_null(arena.base);
    yao_memory_free(&arena); /* twice is fine */
    assert_status(yao_memory_open(SIZE_MAX / 2, &arena), YAO_E_SPACE);
}

int main(void)
{
    test_add("files", "gives back what was last written, all or nothing",
             writes, NULL);
    test_add("files", "never keeps the modes of what it replaces", narrows,
             NULL);
    test_add("files", "never follows a link laid out for it", links, NULL);
    test_add("files", "refuses folders, endless files and what is not there",
             nowhere, NULL);
    test_add("files", "accepts a file longer than its buffer", grows, NULL);
    test_add("files", "gives one of eight that write at once, whole", many,
             NULL);
    test_add("lock", "refuses the second who wants it", locks, NULL);
    test_add("folders", "accepts one that is there, refuses a file", folders,
             NULL);
    test_add("memory", "gives what was asked for, and takes it back", memory,
             NULL);

    int code = test_run("app/files");
    test_scratch_remove();
    return code;
}
