/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/source.h"

#include "authority/people.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static void find_folder(const char *path, char out[PATH_MAX])
{
    const char *slash = strrchr(path, '/');

    if (slash == NULL)
        snprintf(out, PATH_MAX, ".");
    else
        snprintf(out, PATH_MAX, "%.*s", (int)(slash - path + 1), path);
}

static yao_status open_file(const char *path, source *ret)
{
    struct stat st;

    find_folder(path, ret->folder);
    if (strcmp(path, "-") == 0) {
        ret->in = stdin;
        return YAO_OK;
    }
    ret->in = fopen(path, "re");
    if (ret->in == NULL)
        return errno == ENOENT ? YAO_E_NOT_FOUND : YAO_E_FILE;
    if (fstat(fileno(ret->in), &st) == 0 && S_ISREG(st.st_mode))
        ret->size = (size_t)st.st_size;
    return YAO_OK;
}

yao_status source_open(const char *path, bool csv, yao_arena *arena,
                       source *ret)
{
    ret->in   = NULL;
    ret->csv  = csv;
    ret->size = 0;
    YAO_TRY(open_file(path, ret));
    ret->reader = csv_open(ret->in);

    yao_status status =
        csv ? csv_read_head(&ret->reader, arena, &ret->head) : YAO_OK;
    if (status != YAO_OK)
        source_close(ret);
    return status;
}

void source_close(source *s)
{
    if (s->in != NULL && s->in != stdin)
        fclose(s->in);
    s->in = NULL;
}

/* ---- JSON Lines ---- */

static int get_byte(source *s)
{
    int c = getc(s->in);

    if (c != EOF)
        s->reader.bytes++;
    s->reader.line += c == '\n';
    return c;
}

static bool is_blank(const uint8_t *line, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            return false;
    return true;
}

/* A line that is too long is read to its end, so that the next one counts. */
static yao_status read_line(source *s, uint8_t *buffer, size_t *len)
{
    bool too_long = false;
    int  c        = 0;

    *len = 0;
    while ((c = get_byte(s)) != EOF && c != '\n') {
        if (*len < PEOPLE_MAX_RECORD)
            buffer[(*len)++] = (uint8_t)c;
        else
            too_long = true;
    }
    if (ferror(s->in))
        return YAO_E_FILE;
    if (too_long)
        return YAO_E_LIMIT;
    return c == EOF && *len == 0 ? YAO_E_NOT_FOUND : YAO_OK;
}

static yao_status next_line(source *s, yao_arena *arena, yao_bytes *ret,
                            size_t *line)
{
    uint8_t *buffer = yao_arena_take(arena, PEOPLE_MAX_RECORD);
    size_t   len    = 0;

    if (buffer == NULL)
        return YAO_E_SPACE;
    do {
        size_t     at     = s->reader.line;
        yao_status status = read_line(s, buffer, &len);
        if (status != YAO_E_NOT_FOUND)
            *line = at;
        YAO_TRY(status);
    } while (is_blank(buffer, len));
    *ret = (yao_bytes){buffer, len};
    return YAO_OK;
}

/* ---- CSV ---- */

static yao_status next_row(source *s, yao_arena *arena, yao_bytes *ret,
                           size_t *line)
{
    csv_row *row = yao_arena_take(arena, sizeof *row);

    if (row == NULL)
        return YAO_E_SPACE;
    yao_status status = csv_read_row(&s->reader, arena, row);
    if (status != YAO_E_NOT_FOUND)
        *line = row->line;
    YAO_TRY(status);

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(csv_put_record(&w, &s->head, row));
    return yao_writer_keep(&w, arena, ret);
}

yao_status source_next(source *s, yao_arena *arena, yao_bytes *ret,
                       size_t *line)
{
    return s->csv ? next_row(s, arena, ret, line)
                  : next_line(s, arena, ret, line);
}
