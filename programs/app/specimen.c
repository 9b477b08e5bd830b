/* SPDX-License-Identifier: Apache-2.0 */
#include "app/specimen.h"

#include "app/files.h"
#include "image/image.h"

#include <stdio.h>
#include <string.h>

#define PREFIX "specimen-"

static const char *const endings[] = {".jpg", "-old.jpg", "-child.jpg"};

enum { PLAIN, OLD, CHILD, ENDINGS };

void yao_specimen_name(unsigned which, int age, char out[YAO_MAX_SPECIMEN_NAME])
{
    int ending = age >= 60 ? OLD : age < 14 ? CHILD : PLAIN;

    snprintf(out, YAO_MAX_SPECIMEN_NAME, PREFIX "%02u%s", which % 100,
             endings[ending]);
}

/* Which face and which ending NAME means; how long NAME is. False: none. */
static bool read_name(yao_bytes name, unsigned *which, int *ending, size_t *len)
{
    const size_t at = strlen(PREFIX);

    if (!yao_bytes_starts(name, YAO_LIT(PREFIX)) || name.len < at + 2 ||
        name.ptr[at] < '0' || name.ptr[at] > '9' || name.ptr[at + 1] < '0' ||
        name.ptr[at + 1] > '9')
        return false;
    *which = (unsigned)(name.ptr[at] - '0') * 10u +
             (unsigned)(name.ptr[at + 1] - '0');

    yao_bytes rest = {name.ptr + at + 2, name.len - at - 2};
    for (*ending = 0; *ending < ENDINGS; (*ending)++) {
        yao_bytes end = yao_text_bytes(yao_text_of(endings[*ending]));
        *len          = at + 2 + end.len;
        if (yao_bytes_starts(rest, end))
            return *which >= 1 && *which <= IMAGE_SPECIMENS;
    }
    return false;
}

yao_status yao_specimen_draw(yao_text name, yao_arena *arena, yao_bytes *ret)
{
    unsigned which  = 0;
    int      ending = 0;
    size_t   len    = 0;

    if (!read_name(yao_text_bytes(name), &which, &ending, &len) ||
        len != name.len)
        return YAO_E_NOT_FOUND;

    /* drawing winds the arena back, so its output may not lie behind it */
    uint8_t *buffer = yao_arena_take(arena, 65536);
    if (buffer == NULL)
        return YAO_E_SPACE;
    yao_writer w = yao_writer_open(buffer, 65536);
    YAO_TRY(
        image_draw_specimen(which, ending == OLD, ending == CHILD, arena, &w));
    return yao_writer_close(&w, ret);
}

static yao_status write_one(const char *folder, yao_text name, yao_arena *arena)
{
    char      path[4096], file[YAO_MAX_SPECIMEN_NAME];
    size_t    mark = arena->used;
    yao_bytes jpeg;

    snprintf(file, sizeof file, "%.*s", (int)name.len, (const char *)name.ptr);
    yao_status status = yao_path_join(folder, file, path, sizeof path);
    if (status != YAO_OK || yao_path_exists(path))
        return status;
    status = yao_specimen_draw(name, arena, &jpeg);
    if (status == YAO_OK)
        status = yao_file_write(path, jpeg, 0644, false);
    arena->used = mark;
    return status;
}

yao_status yao_specimens_write(const char *folder, yao_bytes text,
                               yao_arena *arena)
{
    unsigned which  = 0;
    int      ending = 0;
    size_t   len    = 0;

    for (; text.len > 0; text.ptr++, text.len--)
        if (read_name(text, &which, &ending, &len))
            YAO_TRY(write_one(folder, (yao_text){text.ptr, len}, arena));
    return YAO_OK;
}
