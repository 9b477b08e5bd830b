/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "journey.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/files.h"
#include "app/specimen.h"

enum { MOST = 64 << 20 };

const test_output *test_must(const char *line, int code)
{
    const test_output *output = test_type(line);

    if (output->code != code)
        print_message("# %s: %d: %s\n", line, output->code, output->out);
    assert_int_equal(output->code, code);
    return output;
}

void test_says(const char *text)
{
    if (!test_said(text))
        print_message("# does not say: %s\n", text);
    assert_true(test_said(text));
}

void test_write(const char *name, yao_bytes content)
{
    assert_status(yao_file_write(test_scratch_path(name), content, 0600, false),
                  YAO_OK);
}

yao_bytes test_read(const char *name)
{
    yao_bytes file, kept;

    assert_status(yao_file_read(test_scratch_path(name), MOST, &file), YAO_OK);
    assert_status(yao_arena_keep(test_arena(), file, &kept), YAO_OK);
    yao_file_free(&file);
    return kept;
}

void test_use_passphrase(void)
{
    test_write("passphrase", YAO_LIT("correct horse battery\n"));
    setenv("YAOPAI_PASSPHRASE_FILE", test_scratch_path("passphrase"), 1);
}

void test_write_people(void)
{
    static uint8_t memory[8 << 20];
    yao_arena      arena  = {memory, sizeof memory, 0};
    yao_bytes      people = test_file("programs/demo/people.jsonl");

    test_write("people.jsonl", people);
    assert_status(yao_specimens_write(test_scratch(), people, &arena), YAO_OK);
}

void test_stay_within(int64_t span, int64_t seconds)
{
    while (span - (int64_t)time(NULL) % span < seconds)
        sleep(1);
}

test_patience test_patience_begin(void)
{
    return (test_patience){yao_milliseconds() + 60000, test_arena()->used};
}

bool test_wait(const test_patience *p)
{
    const struct timespec pause = {0, 100000000};

    test_arena()->used = p->mark;
    nanosleep(&pause, NULL);
    return yao_milliseconds() < p->until;
}

void test_keep_text(const yao_json *value, char *out, size_t cap)
{
    yao_text text;

    assert_status(yao_json_string(value, test_arena(), &text), YAO_OK);
    assert_true(text.len < cap);
    if (text.len > 0)
        memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
}

void test_keep_number(const char *name, char *out, size_t cap)
{
    const yao_json *person;
    yao_bytes       people = test_read(name);

    while (people.len > 0 && people.ptr[people.len - 1] == '\n')
        people.len--;
    assert_status(yao_json_parse(test_arena(), people, &person), YAO_OK);
    test_keep_text(yao_json_get(person, "number"), out, cap);
}

/* False: there is no such file. */
static bool look_into(const char *path, const char *const *values, size_t count)
{
    yao_bytes file;

    if (yao_file_read(path, MOST, &file) != YAO_OK)
        return false;
    for (size_t i = 0; i < count; i++)
        if (memmem(file.ptr, file.len, values[i], strlen(values[i])) != NULL) {
            print_message("# %s: value %zu\n", path, i);
            assert_true(false);
        }
    yao_file_free(&file);
    return true;
}

void test_is_nowhere_in(const char *path, const char *const *values,
                        size_t count)
{
    assert_true(look_into(path, values, count));
}

static bool look_below(const char *folder, const char *const *values,
                       size_t count, size_t *files);

static bool look_at(const char *path, const char *const *values, size_t count,
                    size_t *files)
{
    struct stat st;

    if (lstat(path, &st) != 0)
        return false;
    if (S_ISDIR(st.st_mode))
        return look_below(path, values, count, files);
    if (!S_ISREG(st.st_mode))
        return true;
    *files += 1;
    return look_into(path, values, count);
}

static bool look_below(const char *folder, const char *const *values,
                       size_t count, size_t *files)
{
    DIR           *dir = opendir(folder);
    struct dirent *e;
    bool           all = dir != NULL;

    while (all && (e = readdir(dir)) != NULL) {
        char path[4096];

        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.')
            all = look_at(path, values, count, files);
    }
    if (dir != NULL)
        closedir(dir);
    return all;
}

/* A server that runs there may write a file beside the one whose place it then
 * takes: where one has gone, all is looked through anew. */
size_t test_is_nowhere_below(const char *folder, const char *const *values,
                             size_t count)
{
    size_t files = 0;
    bool   all   = false;

    for (int i = 0; i < 100 && !all; i++) {
        files = 0;
        all   = look_below(folder, values, count, &files);
    }
    if (!all)
        print_message("# not all of %s can be read\n", folder);
    assert_true(all);
    return files;
}
