/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "app/files.h"

/* inih cuts longer lines. */
#define MAX_LINE 199
#define MAX_FILE 65536

typedef struct editing {
    FILE                     *out;
    const yao_setting_change *changes;
    size_t                    count;
    char                      section[64]; /* that the line at hand is in */
    bool                      done[16];
} editing;

static void put(editing *e, size_t i)
{
    if (e->changes[i].value != NULL)
        fprintf(e->out, "%s = %s\n", e->changes[i].setting->name,
                e->changes[i].value);
    e->done[i] = true;
}

static bool in_section(const editing *e, size_t i)
{
    return strcmp(e->changes[i].setting->section, e->section) == 0;
}

/* "name = value", with any blanks around the name. */
static bool sets(const char *line, const char *name)
{
    size_t len = strlen(name);

    line += strspn(line, " \t");
    if (strncmp(line, name, len) != 0)
        return false;
    line += len;
    line += strspn(line, " \t");
    return *line == '=' || *line == ':';
}

static bool replace(editing *e, const char *line)
{
    for (size_t i = 0; i < e->count; i++)
        if (!e->done[i] && in_section(e, i) &&
            sets(line, e->changes[i].setting->name)) {
            put(e, i);
            return true;
        }
    return false;
}

/* Before a section ends: what it did not have. */
static void put_missing(editing *e)
{
    for (size_t i = 0; i < e->count; i++)
        if (!e->done[i] && in_section(e, i))
            put(e, i);
}

static void take_line(editing *e, const char *line)
{
    if (line[0] != '[') {
        if (!replace(e, line))
            fprintf(e->out, "%s\n", line);
        return;
    }
    put_missing(e);
    snprintf(e->section, sizeof e->section, "%.*s",
             (int)strcspn(line + 1, "]"), line + 1);
    fprintf(e->out, "%s\n", line);
}

static yao_status edit(editing *e, char *text)
{
    while (*text != '\0') {
        char *end = text + strcspn(text, "\n");
        bool  last = *end == '\0';

        *end = '\0';
        take_line(e, text);
        text = last ? end : end + 1;
    }
    put_missing(e);
    for (size_t i = 0; i < e->count; i++)
        if (!e->done[i])
            return YAO_E_NOT_FOUND;
    return YAO_OK;
}

static yao_status check(const yao_setting_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = changes[i].value;

        if (value == NULL)
            continue;
        if (strpbrk(value, "\r\n") != NULL)
            return YAO_E_USAGE;
        if (strlen(changes[i].setting->name) + 3 + strlen(value) > MAX_LINE)
            return YAO_E_LIMIT;
    }
    return count <= 16 ? YAO_OK : YAO_E_LIMIT;
}

/* Who may not read it now must not be let in by a change: the password of a
 * database may stand in it. */
static unsigned rights_of(const char *path)
{
    struct stat about;

    return stat(path, &about) == 0 ? about.st_mode & 0777 : 0600;
}

static yao_status rewrite(const char *path, char *text,
                          const yao_setting_change *changes, size_t count)
{
    char   *made = NULL;
    size_t  len  = 0;
    editing e    = {.changes = changes, .count = count};

    e.out = open_memstream(&made, &len);
    if (e.out == NULL)
        return YAO_E_SPACE;
    yao_status status = edit(&e, text);
    if (fclose(e.out) != 0)
        status = YAO_E_SPACE;
    if (status == YAO_OK)
        status = yao_file_write(path, (yao_bytes){(const uint8_t *)made, len},
                                rights_of(path), false);
    yao_wipe(made, len);
    free(made);
    return status;
}

yao_status yao_settings_change(const char *folder, const char *file,
                               const yao_setting_change *changes, size_t count)
{
    char      path[YAO_MAX_SETTING];
    yao_bytes bytes = {NULL, 0};

    YAO_TRY(check(changes, count));
    YAO_TRY(yao_path_join(folder, file, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, MAX_FILE, &bytes));
    char      *text   = strndup((const char *)bytes.ptr, bytes.len);
    yao_status status = YAO_E_SPACE;
    if (text != NULL)
        status = rewrite(path, text, changes, count);
    free(text);
    yao_file_free(&bytes);
    return status;
}
