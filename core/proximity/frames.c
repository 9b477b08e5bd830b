/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/frames.h"

#include "base/copy.h"

/* ---- pieces ------------------------------------------------------------- */

enum { LAST = 0, MORE = 1, LEAST_MTU = 23, ATT_HEAD = 3, LONGEST = 512 };

size_t yao_prox_piece_of_mtu(uint32_t mtu)
{
    if (mtu < LEAST_MTU)
        return 0;
    return mtu - ATT_HEAD < LONGEST ? mtu - ATT_HEAD : LONGEST;
}

yao_status yao_prox_begin_pieces(yao_bytes message, size_t most,
                                 yao_prox_pieces *ret)
{
    if (message.len == 0 || most < 2)
        return YAO_E_USAGE;

    *ret = (yao_prox_pieces){.rest = message, .most = most};
    return YAO_OK;
}

bool yao_prox_put_piece(yao_prox_pieces *pieces, yao_writer *w)
{
    bool   more = pieces->rest.len > pieces->most - 1;
    size_t len  = more ? pieces->most - 1 : pieces->rest.len;

    if (pieces->ended)
        return false;
    yao_put_byte(w, more ? MORE : LAST);
    yao_put_bytes(w, (yao_bytes){pieces->rest.ptr, len});
    pieces->rest.ptr += len;
    pieces->rest.len -= len;
    pieces->ended = !more;
    return true;
}

void yao_prox_begin_joint(uint8_t *room, size_t cap, size_t most,
                          yao_prox_joint *ret)
{
    *ret = (yao_prox_joint){.room = room, .cap = cap, .most = most};
}

static yao_status take_piece(yao_prox_joint *j, yao_bytes piece)
{
    if (j->broken)
        return YAO_E_USAGE;
    if (piece.len < 2 || (piece.ptr[0] != LAST && piece.ptr[0] != MORE))
        return YAO_E_MALFORMED;
    if (j->whole) {
        j->len   = 0;
        j->whole = false;
    }

    yao_bytes body = {piece.ptr + 1, piece.len - 1};
    if (piece.len > j->most || body.len > j->cap - j->len)
        return YAO_E_LIMIT;
    yao_copy(j->room + j->len, body);
    j->len += body.len;
    j->whole = piece.ptr[0] == LAST;
    return YAO_OK;
}

yao_status yao_prox_take_piece(yao_prox_joint *joint, yao_bytes piece)
{
    yao_status status = take_piece(joint, piece);

    joint->broken = status != YAO_OK;
    return status;
}

yao_bytes yao_prox_joined(const yao_prox_joint *joint)
{
    if (!joint->whole || joint->broken)
        return (yao_bytes){NULL, 0};
    return (yao_bytes){joint->room, joint->len};
}

/* ---- streams ------------------------------------------------------------ */

/* As four bytes and a size_t of 32 bits can say it. */
#define MAX_FRAMED 0x7fffffffu

void yao_prox_put_framed(yao_writer *w, yao_bytes message)
{
    if (message.len == 0 || message.len > MAX_FRAMED) {
        yao_writer_fail(w, YAO_E_USAGE);
        return;
    }
    for (int shift = 24; shift >= 0; shift -= 8)
        yao_put_byte(w, (uint8_t)(message.len >> shift));
    yao_put_bytes(w, message);
}

void yao_prox_begin_stream(uint8_t *room, size_t cap, yao_prox_stream *ret)
{
    *ret = (yao_prox_stream){.room = room, .cap = cap};
}

/* At most WANTED bytes from the front of INPUT. */
static yao_bytes take(yao_bytes *input, size_t wanted)
{
    yao_bytes taken = {input->ptr, wanted < input->len ? wanted : input->len};

    input->ptr = taken.len != 0 ? input->ptr + taken.len : input->ptr;
    input->len -= taken.len;
    return taken;
}

static size_t said_len(const yao_prox_stream *s)
{
    return (size_t)s->head[0] << 24 | (size_t)s->head[1] << 16 |
           (size_t)s->head[2] << 8 | s->head[3];
}

static yao_status take_stream(yao_prox_stream *s, yao_bytes *input,
                              yao_bytes *message)
{
    yao_bytes head = take(input, YAO_PROX_STREAM_HEAD - s->head_len);

    yao_copy(s->head + s->head_len, head);
    s->head_len += head.len;
    if (s->head_len < YAO_PROX_STREAM_HEAD)
        return YAO_OK;
    if (said_len(s) == 0)
        return YAO_E_MALFORMED;
    if (said_len(s) > s->cap)
        return YAO_E_LIMIT;

    yao_bytes body = take(input, said_len(s) - s->len);
    yao_copy(s->room + s->len, body);
    s->len += body.len;
    if (s->len < said_len(s))
        return YAO_OK;

    *message    = (yao_bytes){s->room, s->len};
    s->head_len = 0;
    s->len      = 0;
    return YAO_OK;
}

yao_status yao_prox_take_stream(yao_prox_stream *stream, yao_bytes *input,
                                yao_bytes *message)
{
    yao_bytes  rest = *input, whole = {NULL, 0};
    yao_status status =
        stream->broken ? YAO_E_USAGE : take_stream(stream, &rest, &whole);

    if (status != YAO_OK) {
        stream->broken = true;
        return status;
    }
    *input   = rest;
    *message = whole;
    return YAO_OK;
}

/* ---- BLE ---------------------------------------------------------------- */

void yao_prox_gatt_uuid(uint8_t number, uint8_t out[YAO_PROX_UUID])
{
    static const uint8_t tail[] = {0xa1, 0x23, 0x48, 0xce, 0x89, 0x6b,
                                   0x4c, 0x76, 0x97, 0x33, 0x73, 0xe6};

    yao_clear(out, 3);
    out[3] = number;
    yao_copy(out + 4, (yao_bytes){tail, sizeof tail});
}

/* ---- mailboxes ---------------------------------------------------------- */

void yao_prox_put_box_post(yao_writer *w, yao_text url, yao_bytes id)
{
    if (!yao_prox_is_mailbox(url) || id.len != YAO_PROX_BOX)
        yao_writer_fail(w, YAO_E_USAGE);
    yao_put_bytes(w, yao_text_bytes(url));
    yao_put_byte(w, '/');
    yao_put_base64url(w, id);
}

void yao_prox_put_box_get(yao_writer *w, yao_text url, yao_bytes id,
                          uint32_t after, uint32_t wait)
{
    yao_prox_put_box_post(w, url, id);
    yao_put_text(w, "?after=");
    yao_put_decimal(w, after);
    yao_put_text(w, "&wait=");
    yao_put_decimal(w, wait);
}
