/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an engine may say: the first byte says as what the rest is read.
 *
 * Property: whatever is accepted is within its limits, and a template that was
 * accepted is written and read again as the same.
 */
#include <string.h>

#include "face/compare.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static void faces(yao_bytes result)
{
    static const uint8_t pixel;
    face_picture         p = {&pixel, 640, 360};
    face_list            found;

    if (face_read_faces(result, &p, &found) != YAO_OK)
        return;
    expect(found.count <= FACE_MAX_FACES);
    for (size_t i = 0; i < found.count; i++) {
        const face_found *f = &found.list[i];
        expect(f->width > 0 && f->left + f->width <= p.width);
        expect(f->height > 0 && f->top + f->height <= p.height);
        expect(f->confidence >= 0 && f->confidence <= FACE_ONE);
        expect(f->yaw >= -1800 && f->yaw <= 1800);
    }
}

static void is_whole(const char *name)
{
    expect(memchr(name, '\0', FACE_MAX_NAME + 1) != NULL && name[0] != '\0');
    for (; *name != '\0'; name++)
        expect(*name >= ' ' && *name <= '~');
}

static void template(const face_template *t)
{
    static face_template again;
    static uint8_t       buffer[FACE_MAX_VECTOR + 512];
    yao_writer           w = yao_writer_open(buffer, sizeof buffer);
    yao_bytes            written;
    int32_t              score;

    expect(t->dims > 0 && t->dims <= FACE_MAX_VECTOR);
    is_whole(t->engine);
    is_whole(t->model);
    face_write_template(&w, t);
    expect(yao_writer_close(&w, &written) == YAO_OK);
    expect(face_read_template(written, &again) == YAO_OK);
    expect(face_same_kind(t, &again));
    expect(memcmp(t->vector, again.vector, t->dims) == 0);
    expect(face_cosine((yao_bytes){t->vector, t->dims},
                       (yao_bytes){again.vector, t->dims}, &score) == YAO_OK);
    expect(score > FACE_ONE - 2 && score <= FACE_ONE);
}

static void vector(yao_bytes result)
{
    static face_template t;
    face_info info = {.engine = "e", .model = "m", .dims = 8,
                      .metric = FACE_METRIC_COSINE};

    if (face_read_vector(result, &info, &t) == YAO_OK)
        template(&t);
}

static void info(yao_bytes result)
{
    face_info who;

    if (face_read_info(result, &who) != YAO_OK)
        return;
    is_whole(who.engine);
    is_whole(who.model);
    expect(who.dims > 0 && who.dims <= FACE_MAX_VECTOR);
    expect(who.grade >= FACE_GRADE_TEST && who.grade <= FACE_GRADE_VENDOR);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static face_template t;
    yao_bytes            result;
    int32_t              score;

    if (size == 0)
        return 0;
    yao_bytes rest = {data + 1, size - 1};
    if (data[0] == 5) {
        memset(&t, 0, sizeof t);
        if (face_read_template(rest, &t) == YAO_OK)
            template(&t);
        return 0;
    }
    if (face_read_answer(rest, 1, &result) != YAO_OK)
        return 0;
    if (data[0] == 1)
        info(result);
    if (data[0] == 2)
        faces(result);
    if (data[0] == 3)
        vector(result);
    if (data[0] == 4 && face_read_score(result, &score) == YAO_OK)
        expect(score >= -FACE_ONE && score <= FACE_ONE);
    return 0;
}
