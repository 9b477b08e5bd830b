/* SPDX-License-Identifier: Apache-2.0 */
#include "app/settings.h"

#include "app/files.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

/* ---- values ---- */

static bool is_number(const char *value, long *ret)
{
    char *end    = NULL;
    long  number = strtol(value, &end, 10);

    if (*value < '0' || *value > '9' || *end != '\0' || end - value > 9)
        return false;
    *ret = number;
    return true;
}

static bool begins(const char *value, const char *with)
{
    return strncmp(value, with, strlen(with)) == 0 &&
           value[strlen(with)] != '\0';
}

static bool is_country(const char *value)
{
    return strlen(value) == 2 && value[0] >= 'A' && value[0] <= 'Z' &&
           value[1] >= 'A' && value[1] <= 'Z';
}

static bool fits(const yao_setting *s, const char *value)
{
    long number = 0;

    switch (s->kind) {
    case YAO_SETTING_YES_NO:
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    case YAO_SETTING_NUMBER:
        return is_number(value, &number) && number >= s->least &&
               number <= s->most;
    case YAO_SETTING_KEY:
        return begins(value, "file:") || begins(value, "pkcs11:");
    case YAO_SETTING_STORE:
        return begins(value, "sqlite:") || begins(value, "postgres:") ||
               begins(value, "postgresql:");
    case YAO_SETTING_COUNTRY:
        return is_country(value);
    case YAO_SETTING_ADDRESS:
        return begins(value, "https://") || begins(value, "http://");
    case YAO_SETTING_PLACE:
        return begins(value, "unix:") || begins(value, "fd:") ||
               strcmp(value, "none") == 0 || strrchr(value, ':') != NULL;
    case YAO_SETTING_TEXT:
    case YAO_SETTING_PATH:
        break;
    }
    return value[0] != '\0';
}

/* How many letters stand before the path in a value of this kind; -1: it
 * holds no path. */
static int path_at(yao_setting_kind kind, const char *value)
{
    if (kind == YAO_SETTING_PATH)
        return 0;
    if (kind == YAO_SETTING_KEY && begins(value, "file:"))
        return (int)strlen("file:");
    if (kind == YAO_SETTING_PLACE && begins(value, "unix:"))
        return (int)strlen("unix:");
    if (kind == YAO_SETTING_STORE && begins(value, "sqlite:"))
        return (int)strlen("sqlite:");
    return -1;
}

/* VALUE with its path made complete. */
static yao_status complete(const yao_setting *s, const char *folder,
                           const char *value, char out[YAO_MAX_SETTING])
{
    int at  = path_at(s->kind, value);
    int len = 0;

    if (at < 0 || value[at] == '/')
        len = snprintf(out, YAO_MAX_SETTING, "%s", value);
    else
        len = snprintf(out, YAO_MAX_SETTING, "%.*s%s/%s", at, value, folder,
                       value + at);
    return len < 0 || len >= YAO_MAX_SETTING ? YAO_E_VALUE : YAO_OK;
}

/* ---- reading ---- */

typedef struct parsing {
    const yao_settings_table *table;
    const char               *folder;
    yao_setting_value        *values;
    yao_settings_trouble     *trouble;
    bool                      failed;
} parsing;

static int fail(parsing *p, const char *section, const char *name,
                yao_words why)
{
    if (!p->failed) {
        snprintf(p->trouble->setting, sizeof p->trouble->setting, "%s.%s",
                 section, name);
        p->trouble->why = why;
    }
    p->failed = true;
    return 0;
}

static size_t find(const yao_settings_table *table, const char *section,
                   const char *name)
{
    size_t i = 0;

    while (i < table->count && (strcmp(table->rows[i].section, section) != 0 ||
                                strcmp(table->rows[i].name, name) != 0))
        i++;
    return i;
}

static int take(void *ctx, const char *section, const char *name,
                const char *value)
{
    parsing *p = ctx;
    size_t   i = find(p->table, section, name);

    if (i == p->table->count)
        return fail(p, section, name,
                    WORDS("there is no such setting", "没有这个设置项"));
    if (p->values[i].given)
        return fail(p, section, name, WORDS("it stands twice", "重复设置"));
    if (!fits(&p->table->rows[i], value) ||
        complete(&p->table->rows[i], p->folder, value, p->values[i].text) !=
            YAO_OK)
        return fail(p, section, name,
                    WORDS("the value does not fit", "取值不合要求"));
    p->values[i].given = true;
    return 1;
}

static int fill(parsing *p)
{
    for (size_t i = 0; i < p->table->count; i++) {
        const yao_setting *s = &p->table->rows[i];
        if (p->values[i].given)
            continue;
        if (s->required)
            return fail(p, s->section, s->name,
                        WORDS("it is missing", "缺少该设置"));
        if (s->fallback != NULL && s->kind != YAO_SETTING_KEY)
            snprintf(p->values[i].text, YAO_MAX_SETTING, "%s", s->fallback);
    }
    return 1;
}

static yao_status parse(parsing *p, const char *text)
{
    int line = ini_parse_string(text, take, p);

    p->trouble->line = line;
    if (p->failed)
        return YAO_E_VALUE;
    if (line != 0) {
        p->trouble->why = WORDS("a line that is neither [section] nor "
                                "name = value",
                                "该行既不是 [section] 也不是 name = value");
        return YAO_E_MALFORMED;
    }
    return fill(p) ? YAO_OK : YAO_E_VALUE;
}

yao_status yao_settings_parse(const yao_settings_table *table,
                              const char *folder, const char *text,
                              yao_setting_value    *values,
                              yao_settings_trouble *trouble)
{
    yao_setting_value *read = calloc(table->count, sizeof *read);
    parsing            p    = {table, folder, read, trouble, false};

    *trouble = (yao_settings_trouble){.line = 0};
    if (read == NULL)
        return YAO_E_SPACE;
    yao_status status = parse(&p, text);
    if (status == YAO_OK)
        memcpy(values, read, table->count * sizeof *read);
    free(read);
    return status;
}

yao_status yao_settings_read(const yao_settings_table *table,
                             const char *folder, const char *file,
                             yao_setting_value    *values,
                             yao_settings_trouble *trouble)
{
    char      path[YAO_MAX_SETTING];
    yao_bytes bytes = {NULL, 0};

    *trouble = (yao_settings_trouble){.line = 0};
    YAO_TRY(yao_path_join(folder, file, path, sizeof path));
    if (!yao_path_exists(path))
        return YAO_E_NOT_FOUND;
    YAO_TRY(yao_file_read(path, 65536, &bytes));

    char      *text   = calloc(1, bytes.len + 1);
    yao_status status = YAO_E_SPACE;
    if (text != NULL) {
        memcpy(text, bytes.ptr, bytes.len);
        status = yao_settings_parse(table, folder, text, values, trouble);
    }
    free(text);
    yao_file_free(&bytes);
    return status;
}

/* ---- writing ---- */

void yao_settings_write(const yao_settings_table *table, FILE *out,
                        const char *const *values)
{
    const char *section = "";

    fprintf(out, "; Yaopai settings. Lines that begin with a semicolon "
                 "explain.\n");
    for (size_t i = 0; i < table->count; i++) {
        const yao_setting *s     = &table->rows[i];
        const char        *value = values[i] != NULL ? values[i] : s->fallback;
        if (value == NULL)
            continue;
        if (strcmp(section, s->section) != 0)
            fprintf(out, "\n[%s]\n", s->section);
        section = s->section;
        if (s->help.en != NULL)
            fprintf(out, "; %s\n; %s\n", s->help.en, s->help.zh);
        fprintf(out, "%s = %s\n", s->name, value);
    }
}

yao_status yao_settings_save(const yao_settings_table *table, const char *path,
                             const char *const *values)
{
    char  *text = NULL;
    size_t len  = 0;
    FILE  *out  = open_memstream(&text, &len);

    if (out == NULL)
        return YAO_E_SPACE;
    yao_settings_write(table, out, values);
    yao_status status = YAO_E_FILE;
    if (fclose(out) == 0)
        status = yao_file_write(path, (yao_bytes){(const uint8_t *)text, len},
                                0644, true);
    free(text);
    return status;
}
