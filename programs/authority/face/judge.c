/* SPDX-License-Identifier: Apache-2.0 */
/*
 * In this order, so that the engine is asked for what costs most last:
 *
 *   1. each frame: a JPEG within its limits, one face, large and lit enough,
 *      that looks where it was asked to look,
 *   2. one person in all frames,
 *   3. this person and the one of the register's portrait.
 *
 * Whatever fails in between leaves "cannot tell"; so does an engine that is too
 * slow for a person who waits before it.
 */
#include "authority/face/judge.h"

#include "app/files.h"

#include <stdlib.h>
#include <string.h>

/* Pixels of one picture at a time, and what libjpeg's rows are put into. */
enum { PIXELS = FACE_MAX_SIDE * FACE_MAX_SIDE * 3 + 4096 };

typedef struct work {
    const face_check *check;
    face_limits       limits;
    int64_t           until; /* milliseconds of the monotonic clock */
    yao_arena         arena; /* over pixels; wound back after each picture */
    face_found        faces[FACE_MAX_FRAMES];
    face_template     templates[FACE_MAX_FRAMES];
    face_template     portrait;
    uint8_t           pixels[PIXELS];
} work;

/* What a failure of the engine is. A face that it lost is no face. */
static face_reason reason_of(yao_status status)
{
    if (status == YAO_E_LIMIT)
        return FACE_MANY_FACES;
    return status == YAO_E_MISSING ? FACE_NO_FACE : FACE_NO_ENGINE;
}

static face_reason look(work *w, yao_bytes jpeg, face_found *face,
                        face_template *t)
{
    face_picture picture;
    face_list    faces;
    unsigned     reduction;

    w->arena.used = 0;
    if (yao_milliseconds() >= w->until)
        return FACE_NO_ENGINE;
    if (face_read_picture(jpeg, &w->arena, &picture, &reduction) != YAO_OK)
        return FACE_BAD_PICTURE;
    yao_status status = face_detect(w->check->engine, &picture, &faces);
    if (status != YAO_OK)
        return reason_of(status);
    face_reason reason =
        face_check_picture(&w->limits, &picture, reduction, &faces);
    if (reason != FACE_FINE)
        return reason;
    *face  = faces.list[0];
    status = face_extract(w->check->engine, &picture, face, t);
    return status == YAO_OK ? FACE_FINE : reason_of(status);
}

static face_reason look_at_frames(work *w, const face_frames *frames,
                                  const uint8_t *moves)
{
    for (size_t i = 0; i < frames->count; i++) {
        const face_frame *f = &frames->list[i];
        face_reason       reason =
            look(w, f->jpeg, &w->faces[i], &w->templates[i]);
        if (reason != FACE_FINE)
            return reason;
        if (!face_looks(&w->limits, &w->faces[i], (face_move)moves[f->move]))
            return FACE_WRONG_TURNS;
    }
    return FACE_FINE;
}

/* The straight frame that the engine is surest of. */
static size_t best(const work *w, const face_frames *frames,
                   const uint8_t *moves)
{
    size_t found = frames->count;

    for (size_t i = 0; i < frames->count; i++)
        if (moves[frames->list[i].move] == FACE_CENTRE &&
            (found == frames->count ||
             w->faces[i].confidence > w->faces[found].confidence))
            found = i;
    return found;
}

static face_reason compare_frames(work *w, const face_frames *frames,
                                  size_t centre)
{
    for (size_t i = 0; i < frames->count; i++) {
        int32_t score = 0;
        if (face_compare(w->check->engine, &w->templates[i],
                         &w->templates[centre], &score) != YAO_OK)
            return FACE_NO_ENGINE;
        if (score < w->limits.same)
            return FACE_MANY_PERSONS;
    }
    return FACE_FINE;
}

static face_reason compare_portrait(work *w, size_t centre, face_result *ret)
{
    face_found  face;
    face_limits usual = w->limits;

    if (w->check->portrait.len == 0)
        return FACE_NO_PORTRAIT;
    w->limits.size     = 40; /* a portrait of 200 pixels is one */
    face_reason reason = look(w, w->check->portrait, &face, &w->portrait);
    w->limits          = usual;
    if (reason != FACE_FINE)
        return reason == FACE_NO_ENGINE ? reason : FACE_NO_PORTRAIT;
    if (face_compare(w->check->engine, &w->portrait, &w->templates[centre],
                     &ret->score) != YAO_OK)
        return FACE_NO_ENGINE;
    return ret->score >= w->limits.threshold ? FACE_FINE : FACE_NOT_ALIKE;
}

static face_reason judge(work *w, const face_frames *frames,
                         const uint8_t *moves, face_result *ret)
{
    if (w->check->engine == NULL ||
        face_get_info(w->check->engine, &ret->info) != YAO_OK)
        return FACE_NO_ENGINE;
    face_reason reason = look_at_frames(w, frames, moves);
    if (reason != FACE_FINE)
        return reason;
    size_t centre = best(w, frames, moves);
    if (centre == frames->count)
        return FACE_BAD_FRAMES;
    reason = compare_frames(w, frames, centre);
    return reason != FACE_FINE ? reason : compare_portrait(w, centre, ret);
}

static face_verdict verdict_of(face_reason reason)
{
    if (reason == FACE_FINE)
        return FACE_MATCH;
    return reason == FACE_NOT_ALIKE || reason == FACE_MANY_PERSONS
               ? FACE_NO_MATCH
               : FACE_CANNOT_TELL;
}

yao_status face_judge(const face_check *check, const face_frames *frames,
                      const uint8_t *moves, face_result *ret)
{
    work *w = calloc(1, sizeof *w);

    ret->verdict = FACE_CANNOT_TELL;
    ret->reason  = FACE_NO_ENGINE;
    if (w == NULL)
        return YAO_E_SPACE;
    w->check       = check;
    w->limits      = face_limits_of(&check->a->config);
    w->until       = yao_milliseconds() +
               (check->most_ms != 0 ? check->most_ms : FACE_MOST_MS);
    w->arena       = (yao_arena){w->pixels, sizeof w->pixels, 0};
    ret->threshold = w->limits.threshold;
    ret->reason    = judge(w, frames, moves, ret);
    ret->verdict   = verdict_of(ret->reason);
    yao_wipe(w, sizeof *w);
    free(w);
    return YAO_OK;
}
