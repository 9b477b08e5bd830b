/* SPDX-License-Identifier: Apache-2.0 */
/* What a kiosk's camera saw, as an authority reads it (docs/formats/face.md):
 * the frames one after the other, then all of them with the nonce. */
#include "page.h"

#include "cbor/cbor.h"

enum { FRAMES = 10, FRAME_BYTES = 200000, NONCE = 16 };

static struct {
    yao_bytes jpeg;
    uint32_t  move;
} frames[FRAMES];

static size_t frame_count;

yao_status EXPORT(add_frame)(uint32_t move, const uint8_t *ptr, size_t len)
{
    if (frame_count == FRAMES || len == 0 || len > FRAME_BYTES)
        return YAO_E_LIMIT;
    frames[frame_count].jpeg   = yao_page_bytes(ptr, len);
    frames[frame_count++].move = move;
    return YAO_OK;
}

yao_status EXPORT(write_frames)(const uint8_t *ptr, size_t len)
{
    if (len != NONCE)
        return YAO_E_VALUE;
    if (!yao_page_grow((size_t)FRAMES * (FRAME_BYTES + NONCE)))
        return YAO_E_SPACE;

    yao_writer w = yao_writer_in(&page.memory);
    yao_cbor_put_array(&w, 2);
    yao_cbor_put_bytes(&w, yao_page_bytes(ptr, len));
    yao_cbor_put_array(&w, frame_count);
    for (size_t i = 0; i < frame_count; i++) {
        yao_cbor_put_array(&w, 3);
        yao_cbor_put_uint(&w, i);
        yao_cbor_put_uint(&w, frames[i].move);
        yao_cbor_put_bytes(&w, frames[i].jpeg);
    }
    return yao_page_answer(&w);
}
