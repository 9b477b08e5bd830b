/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pictures of strangers, without the child that shields us from them: the
 * first byte says what the others are.
 *
 *   0x80 and above (a PNG's or JPEG's first byte too)  a file
 *   below: a picture of ours, spoiled                  content, then specks
 *
 * Property: what is found is at most what was allowed, each once; and it reads
 * back when it is shown again.
 */
#include "qr/decode.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MEMORY = 32 * 1024 * 1024, SCRATCH = 40 * 1024 * 1024 };

static uint8_t *memory;

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static yao_status decode(yao_bytes file, yao_arena *arena, qr_found *found)
{
    static uint8_t *work;

    if (work == NULL)
        work = malloc(SCRATCH);
    expect(work != NULL);
    yao_arena scratch = {work, SCRATCH, 0};
    *found            = (qr_found){.texts = arena, .scratch = &scratch};
    yao_status status = qr_decode(file, found);
    found->scratch    = NULL;
    return status;
}

static yao_status draw(const qr_code *code, yao_arena *arena, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    YAO_TRY(qr_write_png(code, &w));
    return yao_writer_keep(&w, arena, ret);
}

/* Content of the length that the second byte says; the rest flips modules. */
static yao_status spoil(yao_bytes in, yao_arena *arena, yao_bytes *ret)
{
    qr_code code;
    size_t  len = in.len > 2 ? in.ptr[1] : 0;

    if (len == 0 || len > in.len - 2)
        return YAO_E_USAGE;
    YAO_TRY(qr_encode((yao_bytes){in.ptr + 2, len}, (qr_level)(in.ptr[0] & 3),
                      arena, &code));
    size_t    count = (size_t)code.width * code.width;
    yao_bytes modules;
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){code.modules, count}, &modules));
    uint8_t *at = arena->base + (modules.ptr - arena->base);
    for (size_t i = 2 + len; i + 1 < in.len; i += 2)
        at[((size_t)in.ptr[i] << 8 | in.ptr[i + 1]) % count] ^= 1;
    code.modules = at;
    return draw(&code, arena, ret);
}

static void check(const qr_found *found)
{
    expect(found->count > 0 && found->count <= QR_MAX_TEXTS);
    for (size_t i = 0; i < found->count; i++) {
        expect(found->list[i].len > 0 && found->list[i].len <= QR_MAX_TEXT);
        for (size_t j = 0; j < i; j++)
            expect(!yao_bytes_equal(found->list[i], found->list[j]));
    }
}

static void show_again(yao_bytes text, yao_arena *arena)
{
    qr_code   code;
    qr_found  found;
    yao_bytes file;

    if (qr_encode(text, QR_LEVEL_L, arena, &code) != YAO_OK)
        return; /* numbers may be longer than we write */
    expect(draw(&code, arena, &file) == YAO_OK);
    expect(decode(file, arena, &found) == YAO_OK);
    expect(found.count == 1 && yao_bytes_equal(found.list[0], text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    yao_bytes file = {data, size};
    qr_found  found;

    if (memory == NULL)
        memory = malloc(MEMORY);
    expect(memory != NULL);
    yao_arena arena = {memory, MEMORY, 0};

    if (size == 0 ||
        (data[0] < 0x80 && spoil(file, &arena, &file) != YAO_OK))
        return 0;
    if (decode(file, &arena, &found) == YAO_OK) {
        check(&found);
        show_again(found.list[0], &arena);
    }
    return 0;
}
