/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* memmem */
#include "journey.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

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

void test_is_nowhere_in(const char *path, const char *const *values,
                        size_t count)
{
    yao_bytes file;

    assert_status(yao_file_read(path, MOST, &file), YAO_OK);
    for (size_t i = 0; i < count; i++)
        if (memmem(file.ptr, file.len, values[i], strlen(values[i])) != NULL) {
            print_message("# %s: value %zu\n", path, i);
            assert_true(false);
        }
    yao_file_free(&file);
}

size_t test_is_nowhere_below(const char *folder, const char *const *values,
                             size_t count)
{
    DIR           *dir = opendir(folder);
    struct dirent *e;
    size_t         files = 0;

    assert_non_null(dir);
    while ((e = readdir(dir)) != NULL) {
        char        path[4096];
        struct stat st;
        if (e->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        assert_int_equal(lstat(path, &st), 0);
        if (S_ISDIR(st.st_mode))
            files += test_is_nowhere_below(path, values, count);
        else if (S_ISREG(st.st_mode)) {
            test_is_nowhere_in(path, values, count);
            files++;
        }
    }
    closedir(dir);
    return files;
}
