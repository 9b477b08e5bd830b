/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include "app/files.h"
#include "check.h"
#include "program.h"

#include <stdio.h>
#include <sys/stat.h>

static const yao_setting a_x = {.section = "a", .name = "x"};
static const yao_setting a_xy = {.section = "a", .name = "xy"};
static const yao_setting b_x = {.section = "b", .name = "x"};
static const yao_setting c_x = {.section = "c", .name = "x"};

static char long_value[200];

static const struct row {
    const char        *name;
    const char        *before;
    yao_setting_change changes[2];
    size_t             count;
    const char        *after; /* NULL: as before */
    yao_status         want;
} rows[] = {
    {"changes a value in its section only", "[a]\nx = 1\n[b]\nx = 2\n",
     {{&b_x, "3"}}, 1, "[a]\nx = 1\n[b]\nx = 3\n", YAO_OK},
    {"keeps comments and blanks", "; x = 0\n[a]\n; why\n\n  x=1\ny = 2\n",
     {{&a_x, "9"}}, 1, "; x = 0\n[a]\n; why\n\nx = 9\ny = 2\n", YAO_OK},
    {"takes no longer name for it", "[a]\nxy = 1\nx = 2\n", {{&a_x, "3"}}, 1,
     "[a]\nxy = 1\nx = 3\n", YAO_OK},
    {"changes two", "[a]\nx = 1\nxy = 2\n", {{&a_x, "3"}, {&a_xy, "4"}}, 2,
     "[a]\nx = 3\nxy = 4\n", YAO_OK},
    {"adds what is not there", "[a]\ny = 1\n[b]\nx = 2\n", {{&a_x, "3"}}, 1,
     "[a]\ny = 1\nx = 3\n[b]\nx = 2\n", YAO_OK},
    {"adds at the end, also without a last line break", "[a]\ny = 1",
     {{&a_x, "3"}}, 1, "[a]\ny = 1\nx = 3\n", YAO_OK},
    {"removes a setting", "[a]\nx = 1\ny = 2\n", {{&a_x, NULL}}, 1,
     "[a]\ny = 2\n", YAO_OK},
    {"refuses a section that is not there", "[a]\nx = 1\n", {{&c_x, "3"}}, 1,
     NULL, YAO_E_NOT_FOUND},
    {"refuses a line break", "[a]\nx = 1\n", {{&a_x, "3\n[b]"}}, 1, NULL,
     YAO_E_USAGE},
    {"refuses what the reader would cut", "[a]\nx = 1\n",
     {{&a_x, long_value}}, 1, NULL, YAO_E_LIMIT},
};

static void one(void **state)
{
    const struct row *row = *state;
    const char       *want = row->after != NULL ? row->after : row->before;
    char              path[256];
    yao_bytes         file = {NULL, 0};

    memset(long_value, 'v', sizeof long_value - 1);
    snprintf(path, sizeof path, "%s/s.ini", test_scratch());
    assert_status(yao_file_write(path,
                                 yao_text_bytes(yao_text_of(row->before)),
                                 0644, false),
                  YAO_OK);
    assert_status(yao_settings_change(test_scratch(), "s.ini", row->changes,
                                      row->count),
                  row->want);
    assert_status(yao_file_read(path, 4096, &file), YAO_OK);
    assert_bytes(file, yao_text_bytes(yao_text_of(want)));
    yao_file_free(&file);
}

static void no_file(void **state)
{
    const yao_setting_change change = {&a_x, "1"};

    (void)state;
    assert_status(yao_settings_change(test_scratch(), "none.ini", &change, 1),
                  YAO_E_NOT_FOUND);
}

static void keeps_rights(void **state)
{
    static const mode_t      modes[] = {0600, 0640, 0644};
    const yao_setting_change change  = {&a_x, "1"};
    char                     path[256];
    struct stat              about;

    (void)state;
    snprintf(path, sizeof path, "%s/rights.ini", test_scratch());
    for (size_t i = 0; i < COUNT(modes); i++) {
        assert_status(yao_file_write(path, YAO_LIT("[a]\nx = 0\n"), 0600,
                                     false),
                      YAO_OK);
        assert_int_equal(chmod(path, modes[i]), 0);
        assert_status(yao_settings_change(test_scratch(), "rights.ini",
                                          &change, 1),
                      YAO_OK);
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 0777, modes[i]);
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("change", rows[i].name, one, &rows[i]);
    test_add("change", "refuses a file that is not there", no_file, NULL);
    test_add("change", "never lets more people read it", keeps_rights, NULL);
    int code = test_run("app/settings_change");
    test_scratch_remove();
    return code;
}
