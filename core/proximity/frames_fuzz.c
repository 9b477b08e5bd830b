/* SPDX-License-Identifier: Apache-2.0 */

/**
 * The first two bytes say how the rest is taken. Properties:
 *   - a message that is cut is put together again, whatever the sizes;
 *   - pieces, streams and data objects that a stranger made never write
 *     outside of the room, and what comes out is what went in, in its order;
 *   - after an error nothing comes out any more.
 */

#include "proximity/frames.h"
#include "proximity/nfc.h"

#include <stdlib.h>
#include <string.h>

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROOM = 300 };

/* ---- what we cut -------------------------------------------------------- */

static void cut(yao_bytes message, size_t most)
{
    uint8_t        *room = malloc(message.len), *piece = malloc(most);
    yao_prox_pieces p;
    yao_prox_joint  j;

    must(room != NULL && piece != NULL);
    yao_prox_begin_joint(room, message.len, most, &j);
    must(yao_prox_begin_pieces(message, most, &p) == YAO_OK);
    for (;;) {
        yao_writer w = yao_writer_open(piece, most);

        if (!yao_prox_put_piece(&p, &w))
            break;
        must(w.status == YAO_OK && !j.whole);
        must(yao_prox_take_piece(&j, (yao_bytes){piece, w.len}) == YAO_OK);
    }
    must(yao_bytes_equal(yao_prox_joined(&j), message));
    free(room);
    free(piece);
}

static void envelope(yao_bytes message, uint32_t most)
{
    uint8_t            *room = malloc(message.len + 5);
    uint8_t            *apdu = malloc((size_t)most + 16);
    yao_prox_nfc_object o;
    yao_prox_nfc_joint  j;

    must(room != NULL && apdu != NULL);
    yao_prox_nfc_begin_joint(room, message.len + 5, &j);
    must(yao_prox_nfc_begin(message, most, &o) == YAO_OK);
    for (;;) {
        yao_writer           w = yao_writer_open(apdu, (size_t)most + 16);
        yao_prox_nfc_command c;

        if (!yao_prox_nfc_put_envelope(&o, &w))
            break;
        must(yao_prox_nfc_read_command((yao_bytes){apdu, w.len}, &c) ==
             YAO_OK);
        must(c.kind == YAO_PROX_NFC_ENVELOPE && c.data.len <= most);
        must(yao_prox_nfc_take(&j, c.data, !c.more) == YAO_OK);
    }
    must(j.whole && yao_bytes_equal(j.message, message));
    free(room);
    free(apdu);
}

/* ---- what a stranger cut ------------------------------------------------ */

/* Pieces of STEP bytes of INPUT. */
static void pieces(yao_bytes input, size_t step)
{
    uint8_t       *room = malloc(ROOM), shadow[ROOM];
    size_t         len = 0;
    bool           broken = false, whole = false;
    yao_prox_joint j;

    must(room != NULL);
    yao_prox_begin_joint(room, ROOM, 64, &j);
    for (size_t at = 0; at < input.len; at += step) {
        size_t     rest  = input.len - at;
        yao_bytes  piece = {input.ptr + at, rest < step ? rest : step};
        yao_status status = yao_prox_take_piece(&j, piece);

        must(!broken || status != YAO_OK);
        broken = broken || status != YAO_OK;
        if (status != YAO_OK)
            continue;
        len = whole ? 0 : len;
        memcpy(shadow + len, piece.ptr + 1, piece.len - 1);
        len += piece.len - 1;
        whole = piece.ptr[0] == 0;
        must(!whole || yao_bytes_equal(yao_prox_joined(&j),
                                       (yao_bytes){shadow, len}));
    }
    must(!broken || yao_prox_joined(&j).len == 0);
    free(room);
}

static void stream(yao_bytes input, size_t step)
{
    uint8_t        *room = malloc(ROOM);
    size_t          expect = 0; /* where the next message's head is */
    yao_prox_stream s;

    must(room != NULL);
    yao_prox_begin_stream(room, ROOM, &s);
    for (size_t at = 0; at < input.len; at += step) {
        size_t    rest = input.len - at;
        yao_bytes in   = {input.ptr + at, rest < step ? rest : step};

        while (in.len != 0) {
            yao_bytes  message;
            yao_status status = yao_prox_take_stream(&s, &in, &message);

            if (status != YAO_OK)
                break;
            if (message.len == 0)
                continue;
            must(yao_bytes_equal(message,
                                 (yao_bytes){input.ptr + expect + 4,
                                             message.len}));
            expect += 4 + message.len;
        }
    }
    free(room);
}

static void object(yao_bytes input, size_t step)
{
    uint8_t           *room = malloc(ROOM);
    yao_prox_nfc_joint j;

    must(room != NULL);
    yao_prox_nfc_begin_joint(room, ROOM, &j);
    for (size_t at = 0; at < input.len; at += step) {
        size_t     rest   = input.len - at;
        yao_bytes  data   = {input.ptr + at, rest < step ? rest : step};
        yao_status status = yao_prox_nfc_take(&j, data, rest <= step);

        must(status != YAO_OK || j.whole == (rest <= step));
    }
    if (j.whole)
        must(j.message.len < input.len &&
             yao_bytes_equal(j.message,
                             (yao_bytes){input.ptr + input.len - j.message.len,
                                         j.message.len}));
    free(room);
}

static void apdus(yao_bytes input)
{
    yao_prox_nfc_command  c;
    yao_prox_nfc_response r;

    if (yao_prox_nfc_read_command(input, &c) == YAO_OK)
        must(c.data.len <= input.len && c.expect <= 65536);
    if (yao_prox_nfc_read_response(input, &r) == YAO_OK)
        must(r.data.len == input.len - 2 &&
             r.more == (r.remaining >= 1 && r.remaining <= 256));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 3)
        return 0;

    yao_bytes input = {data + 2, len - 2};
    size_t    step  = 1 + data[1];

    switch (data[0] % 5) {
    case 0:
        cut(input, step + 1);
        envelope(input, (uint32_t)step);
        break;
    case 1: pieces(input, step); break;
    case 2: stream(input, step); break;
    case 3: object(input, step); break;
    default: apdus(input); break;
    }
    return 0;
}
