/* SPDX-License-Identifier: Apache-2.0 */
#include "face/compare.h"

bool face_same_kind(const face_template *a, const face_template *b)
{
    return yao_text_equal(yao_text_of(a->engine), yao_text_of(b->engine)) &&
           yao_text_equal(yao_text_of(a->model), yao_text_of(b->model)) &&
           yao_bytes_equal((yao_bytes){a->model_sha256, 32},
                           (yao_bytes){b->model_sha256, 32}) &&
           a->metric == b->metric && a->dims == b->dims && a->dims > 0 &&
           a->dims <= FACE_MAX_VECTOR;
}

/* The smallest whole number whose square is not below N, 1..2^62. */
static uint64_t root(uint64_t n)
{
    uint64_t low = 1, high = (uint64_t)1 << 31;

    while (low < high) {
        uint64_t middle = (low + high) / 2;
        if (middle * middle >= n)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/*
 * Whole numbers all the way, so that every machine finds the same score and
 * none can be "not a number". Sums stay below 4096 * 2^14 = 2^26; the product
 * of the lengths is scaled so that rounding it up, which makes no score
 * larger, is less than a part in 2^29.
 */
yao_status face_cosine(yao_bytes a, yao_bytes b, int32_t *ret)
{
    int64_t dot = 0, aa = 0, bb = 0;

    for (size_t i = 0; i < a.len && i < b.len; i++) {
        int32_t x = (int8_t)a.ptr[i], y = (int8_t)b.ptr[i];
        dot += x * y;
        aa += x * x;
        bb += y * y;
    }
    if (a.len != b.len || aa == 0 || bb == 0)
        return YAO_E_VALUE;

    uint64_t square = (uint64_t)aa * (uint64_t)bb;
    int64_t  scale  = 1;
    for (; square < (uint64_t)1 << 60; square *= 4)
        scale *= 2;
    int64_t score = dot * scale * FACE_ONE / (int64_t)root(square);
    if (score > FACE_ONE)
        score = FACE_ONE;
    if (score < -FACE_ONE)
        score = -FACE_ONE;
    *ret = (int32_t)score;
    return YAO_OK;
}
