/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/face/frames.h"

#include "cbor/cbor.h"

/* A frame of a camera: what is larger, a page has no reason to send. */
static const image_limits frame_limits = {160, 1920, 120, 1920,
                                          FACE_FRAME_BYTES};

/* ---- shape -------------------------------------------------------------- */

static void get_frame(yao_cbor_reader *r, size_t number, face_frame *ret)
{
    yao_cbor_get_array(r, 3);
    uint64_t sequence = yao_cbor_get_uint(r);
    uint64_t move     = yao_cbor_get_uint(r);

    ret->jpeg = yao_cbor_get_bytes(r);
    if (sequence != number || move >= FACE_MOVES || ret->jpeg.len == 0 ||
        ret->jpeg.len > FACE_FRAME_BYTES)
        yao_cbor_fail(r, YAO_E_MALFORMED);
    ret->move = (size_t)move;
}

/* All moves, in their order, none gone back to. */
static bool in_order(const face_frames *f)
{
    if (f->list[0].move != 0 || f->list[f->count - 1].move != FACE_MOVES - 1)
        return false;
    for (size_t i = 1; i < f->count; i++)
        if (f->list[i].move < f->list[i - 1].move ||
            f->list[i].move > f->list[i - 1].move + 1)
            return false;
    return true;
}

/* A camera never gives the same bytes twice; a still does. */
static bool has_twins(const face_frames *f)
{
    for (size_t i = 1; i < f->count; i++)
        for (size_t j = 0; j < i; j++)
            if (yao_bytes_equal(f->list[i].jpeg, f->list[j].jpeg))
                return true;
    return false;
}

yao_status face_read_frames(yao_bytes input, face_frames *ret)
{
    yao_cbor_reader r = yao_cbor_open(input);
    face_frames     f = {.count = 0};

    yao_cbor_get_array(&r, 2);
    f.nonce        = yao_cbor_get_bytes(&r);
    uint64_t count = yao_cbor_get_items(&r);
    if (f.nonce.len != FACE_NONCE || count < FACE_LEAST_FRAMES ||
        count > FACE_MAX_FRAMES)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    for (uint64_t i = 0; i < count && r.status == YAO_OK; i++, f.count++)
        get_frame(&r, f.count, &f.list[f.count]);
    YAO_TRY(yao_cbor_close(&r));
    if (!in_order(&f))
        return YAO_E_MALFORMED;
    if (has_twins(&f))
        return YAO_E_DUPLICATE;
    *ret = f;
    return YAO_OK;
}

yao_status face_read_picture(yao_bytes jpeg, yao_arena *arena,
                             face_picture *ret, unsigned *reduction)
{
    image_canvas canvas;

    YAO_TRY(image_read_frame(jpeg, &frame_limits, FACE_MAX_SIDE, arena, &canvas,
                             reduction));
    *ret = (face_picture){canvas.pixels, canvas.width, canvas.height};
    return YAO_OK;
}

/* ---- one picture -------------------------------------------------------- */

face_limits face_limits_of(const config *c)
{
    return (face_limits){
        .size      = (uint32_t)config_number(c, SETTING_FACE_SIZE),
        .turn      = (int32_t)config_number(c, SETTING_FACE_TURN) * 10,
        .centre    = (int32_t)config_number(c, SETTING_FACE_CENTRE) * 10,
        .threshold = (int32_t)config_number(c, SETTING_FACE_THRESHOLD) * 1000,
        .same      = (int32_t)config_number(c, SETTING_FACE_SAME) * 1000,
    };
}

/* Mean of the brightness of a face, 0..255, and its variance. */
static void measure_light(const face_picture *p, const face_found *f,
                          uint32_t *mean, uint32_t *variance)
{
    uint64_t sum = 0, squares = 0;

    for (uint32_t y = f->top; y < f->top + f->height; y++) {
        const uint8_t *at = p->pixels + ((size_t)y * p->width + f->left) * 3;
        for (uint32_t x = 0; x < f->width; x++, at += 3) {
            uint32_t light = (at[0] * 77u + at[1] * 150u + at[2] * 29u) / 256;
            sum += light;
            squares += (uint64_t)light * light;
        }
    }
    uint64_t count = (uint64_t)f->width * f->height;
    *mean          = (uint32_t)(sum / count);
    *variance      = (uint32_t)((count * squares - sum * sum) / count / count);
}

/* Neither night nor a lamp behind, and not one colour: the deviation is at
 * least 8. */
static bool is_lit(const face_picture *p, const face_found *f)
{
    uint32_t mean, variance;

    measure_light(p, f, &mean, &variance);
    return mean >= 35 && mean <= 230 && variance >= 8 * 8;
}

face_reason face_check_picture(const face_limits *limits,
                               const face_picture *picture, unsigned reduction,
                               const face_list *faces)
{
    const face_found *f = &faces->list[0];

    if (faces->count == 0)
        return FACE_NO_FACE;
    if (faces->count > 1)
        return FACE_MANY_FACES;
    if (f->width * reduction < limits->size ||
        f->height * reduction < limits->size)
        return FACE_TOO_SMALL;
    if (f->confidence < FACE_ONE / 2)
        return FACE_UNSURE;
    if (!is_lit(picture, f))
        return FACE_TOO_DARK;
    return FACE_FINE;
}

enum { MOST_TURN = 600, MOST_TILT = 300 }; /* tenths of a degree */

static bool within(int32_t angle, int32_t most)
{
    return angle >= -most && angle <= most;
}

/* The person's own left is the right of a picture that is not mirrored. */
bool face_looks(const face_limits *limits, const face_found *face,
                face_move move)
{
    if (!within(face->pitch, MOST_TILT) || !within(face->roll, MOST_TILT) ||
        !within(face->yaw, MOST_TURN))
        return false;
    switch (move) {
    case FACE_CENTRE:
        return within(face->yaw, limits->centre);
    case FACE_LEFT:
        return face->yaw >= limits->turn;
    case FACE_RIGHT:
        return face->yaw <= -limits->turn;
    }
    return false;
}
