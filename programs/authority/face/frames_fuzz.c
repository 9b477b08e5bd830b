/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a page sends: the first byte says whether the rest is a message of
 * frames (0) or one picture.
 *
 * Property: frames that are accepted are as many as allowed, in order, each
 * within the bytes that were sent; a picture that is accepted is no larger
 * than an engine takes, and the same when it is decoded again.
 */
#include <stdlib.h>
#include <string.h>

#include "authority/face/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = FACE_MAX_SIDE * FACE_MAX_SIDE * 3 + 4096 };

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static void message(yao_bytes input)
{
    face_frames f;

    if (face_read_frames(input, &f) != YAO_OK)
        return;
    expect(f.nonce.len == FACE_NONCE);
    expect(f.count >= FACE_LEAST_FRAMES && f.count <= FACE_MAX_FRAMES);
    expect(f.list[0].move == 0 && f.list[f.count - 1].move == FACE_MOVES - 1);
    for (size_t i = 0; i < f.count; i++) {
        yao_bytes jpeg = f.list[i].jpeg;
        expect(jpeg.len > 0 && jpeg.len <= FACE_FRAME_BYTES);
        expect(jpeg.ptr > input.ptr &&
               jpeg.ptr + jpeg.len <= input.ptr + input.len);
        expect(i == 0 || f.list[i].move - f.list[i - 1].move <= 1);
    }
}

static void picture(yao_bytes jpeg)
{
    static uint8_t *first, *second;
    face_picture    p, again;
    unsigned        reduction, same;

    if (first == NULL) {
        first  = malloc(ROOM);
        second = malloc(ROOM);
    }
    expect(first != NULL && second != NULL);
    yao_arena a = {first, ROOM, 0}, b = {second, ROOM, 0};
    if (face_read_picture(jpeg, &a, &p, &reduction) != YAO_OK)
        return;
    expect(p.width >= 16 && p.width <= FACE_MAX_SIDE);
    expect(p.height >= 15 && p.height <= FACE_MAX_SIDE);
    expect(reduction == 1 || reduction == 2);
    expect(face_read_picture(jpeg, &b, &again, &same) == YAO_OK);
    expect(same == reduction && again.width == p.width &&
           again.height == p.height);
    expect(memcmp(p.pixels, again.pixels, (size_t)p.width * p.height * 3) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    if (data[0] == 0)
        message((yao_bytes){data + 1, size - 1});
    else
        picture((yao_bytes){data + 1, size - 1});
    return 0;
}
