/* SPDX-License-Identifier: Apache-2.0 */

/** QR codes of a showing: as letters, pictures and on a terminal. */

#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "qr/qr.h"
#include "wallet/showing.h"

enum {
    DELAY     = 200,       /* ms: five parts a second, as cameras like */
    PICTURE   = 64 * 1024, /* a PNG of one code is 4 kB */
    ANIMATION = 4 * 1024 * 1024
};

/* ---- letters ------------------------------------------------------------ */

static yao_status put_letters(const char *path, yao_arena *arena,
                              const yao_showing_codes *codes)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  out;

    for (size_t i = 0; i < codes->count; i++) {
        yao_put_bytes(&w, codes->list[i]);
        yao_put_byte(&w, '\n');
    }
    YAO_TRY(yao_writer_keep(&w, arena, &out));
    if (path != NULL)
        return yao_file_write(path, out, 0600, false);
    return fwrite(out.ptr, 1, out.len, stdout) == out.len && fflush(stdout) == 0
               ? YAO_OK
               : YAO_E_FILE;
}

/* ---- pictures ----------------------------------------------------------- */

/* "card.png" of the third code is "card-03.png". */
static yao_status name_of(const char *path, size_t index, char *out, size_t cap)
{
    const char *dot = strrchr(path, '.');
    size_t stem = dot != NULL && strchr(dot, '/') == NULL ? (size_t)(dot - path)
                                                          : strlen(path);
    int    len  = snprintf(out, cap, "%.*s-%02zu%s", (int)stem, path, index + 1,
                           path + stem);

    return len > 0 && (size_t)len < cap ? YAO_OK : YAO_E_LIMIT;
}

static yao_status put_picture(const char *path, yao_arena *arena,
                              const qr_code *code)
{
    uint8_t   *room = yao_arena_take(arena, PICTURE);
    yao_writer w    = yao_writer_open(room, PICTURE);

    if (room == NULL)
        return YAO_E_SPACE;
    YAO_TRY(qr_write_png(code, &w));
    return yao_file_write(path, (yao_bytes){room, w.len}, 0600, false);
}

static yao_status put_animation(const char *path, yao_arena *arena,
                                const qr_code *codes, size_t count)
{
    uint8_t   *room = yao_arena_take(arena, ANIMATION);
    yao_writer w    = yao_writer_open(room, ANIMATION);

    if (room == NULL)
        return YAO_E_SPACE;
    YAO_TRY(qr_write_animation(codes, count, DELAY, arena, &w));
    return yao_file_write(path, (yao_bytes){room, w.len}, 0600, false);
}

/* One code is one picture. Of several each has its own, with a number; the
 * parts of one thing are in one picture that changes as well. */
static yao_status put_pictures(const char *path, yao_arena *arena,
                               const qr_code *codes, size_t count, bool parts)
{
    char name[4096];

    if (count == 1)
        return put_picture(path, arena, &codes[0]);
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(name_of(path, i, name, sizeof name));
        YAO_TRY(put_picture(name, arena, &codes[i]));
    }
    return parts ? put_animation(path, arena, codes, count) : YAO_OK;
}

static yao_status put_terminal(yao_arena *arena, const qr_code *codes,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        yao_writer w = yao_writer_in(arena);
        yao_bytes  out;

        qr_write_terminal(&codes[i], &w);
        YAO_TRY(yao_writer_keep(&w, arena, &out));
        if (fwrite(out.ptr, 1, out.len, stdout) != out.len ||
            putchar('\n') == EOF)
            return YAO_E_FILE;
    }
    return fflush(stdout) == 0 ? YAO_OK : YAO_E_FILE;
}

/* ---- all ways ----------------------------------------------------------- */

static yao_status encode(yao_arena *arena, const yao_showing_codes *codes,
                         qr_code *ret)
{
    if (codes->parts)
        return qr_encode_frames(codes->list, codes->count, QR_LEVEL_L, arena,
                                ret);
    for (size_t i = 0; i < codes->count; i++)
        YAO_TRY(qr_encode(codes->list[i], QR_LEVEL_L, arena, &ret[i]));
    return YAO_OK;
}

yao_status yao_showing_put_codes(const yao_invocation *call, yao_arena *arena,
                                 const yao_showing_codes *codes)
{
    const char *letters  = yao_argument(call, "output");
    const char *picture  = yao_argument(call, "png");
    bool        terminal = yao_given(call, "terminal");
    qr_code *drawn = yao_arena_take_array(arena, codes->count, sizeof *drawn);

    if (drawn == NULL)
        return YAO_E_SPACE;
    if (letters != NULL || (picture == NULL && !terminal))
        YAO_TRY(put_letters(letters, arena, codes));
    if (picture == NULL && !terminal)
        return YAO_OK;
    YAO_TRY(encode(arena, codes, drawn));
    if (terminal)
        YAO_TRY(put_terminal(arena, drawn, codes->count));
    return picture == NULL ? YAO_OK
                           : put_pictures(picture, arena, drawn, codes->count,
                                          codes->parts);
}
