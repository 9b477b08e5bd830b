/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/carrier.h"

static const yao_bytes nothing = {NULL, 0};

static bool is_nfc(yao_prox_carriage kind)
{
    return kind == YAO_PROX_CARRY_NFC_READER ||
           kind == YAO_PROX_CARRY_NFC_HOLDER;
}

static bool may_open(yao_prox_carriage kind, size_t most)
{
    if (kind == YAO_PROX_CARRY_PIECES)
        return most >= 2;
    if (kind == YAO_PROX_CARRY_NFC_READER)
        return most >= 1 && most <= 65535;
    return kind == YAO_PROX_CARRY_STREAM || kind == YAO_PROX_CARRY_NFC_HOLDER;
}

/* For the next message. */
static void begin_anew(yao_prox_carrier *c)
{
    if (c->kind == YAO_PROX_CARRY_PIECES)
        yao_prox_begin_joint(c->room, c->cap, c->most, &c->joint);
    else if (c->kind == YAO_PROX_CARRY_STREAM)
        yao_prox_begin_stream(c->room, c->cap, &c->stream);
    else
        yao_prox_nfc_begin_joint(c->room, c->cap, &c->answer);
}

yao_status yao_prox_carrier_open(yao_prox_carriage kind, size_t most,
                                 uint8_t *room, size_t cap,
                                 yao_prox_carrier *ret)
{
    yao_prox_carrier c = {
        .kind = kind, .most = most, .room = room, .cap = cap};

    if (!may_open(kind, most) || room == NULL || cap == 0)
        return YAO_E_USAGE;
    begin_anew(&c);
    if (kind == YAO_PROX_CARRY_NFC_READER)
        c.turn = YAO_PROX_NFC_SELECTING;
    *ret = c;
    return YAO_OK;
}

/* ---- sending ------------------------------------------------------------ */

static yao_status send_stream(yao_prox_carrier *c, yao_bytes message)
{
    if (message.len == 0)
        return YAO_E_USAGE;
    if (message.len > INT32_MAX)
        return YAO_E_LIMIT;
    c->out = message;
    return YAO_OK;
}

/* The holder speaks when it was asked, and is asked again when it has said
 * something. */
static yao_status send_answer(yao_prox_carrier *c, yao_bytes message)
{
    if (c->said != YAO_PROX_NFC_ENVELOPING)
        return YAO_E_USAGE;
    if (message.len == 0) {
        c->status = YAO_PROX_SW_OK;
        c->turn   = YAO_PROX_NFC_STATUS;
        c->said   = YAO_PROX_NFC_SILENT;
        return YAO_OK;
    }
    YAO_TRY(yao_prox_nfc_begin(message, 1, &c->object));
    c->turn    = YAO_PROX_NFC_ANSWERING;
    c->said    = YAO_PROX_NFC_SILENT;
    c->sending = true;
    return YAO_OK;
}

static yao_status send_command(yao_prox_carrier *c, yao_bytes message)
{
    if (c->said == YAO_PROX_NFC_ENVELOPING || c->said == YAO_PROX_NFC_FETCHING)
        return YAO_E_USAGE; /* it is the holder's turn */
    YAO_TRY(yao_prox_nfc_begin(message, (uint32_t)c->most, &c->object));
    c->sending = true;
    if (c->selected)
        c->turn = YAO_PROX_NFC_ENVELOPING;
    return YAO_OK;
}

yao_status yao_prox_carrier_send(yao_prox_carrier *c, yao_bytes message)
{
    if (c->sending)
        return YAO_E_USAGE;
    if (c->kind == YAO_PROX_CARRY_NFC_HOLDER)
        return send_answer(c, message);
    if (c->kind == YAO_PROX_CARRY_NFC_READER)
        return send_command(c, message);
    if (c->kind == YAO_PROX_CARRY_STREAM)
        YAO_TRY(send_stream(c, message));
    else
        YAO_TRY(yao_prox_begin_pieces(message, c->most, &c->pieces));
    c->sending = true;
    return YAO_OK;
}

/* ---- what goes ---------------------------------------------------------- */

static bool next_command(yao_prox_carrier *c, yao_writer *w)
{
    yao_prox_nfc_turn turn = c->turn;

    c->turn = YAO_PROX_NFC_SILENT;
    c->said = turn;
    if (turn == YAO_PROX_NFC_SELECTING)
        yao_prox_nfc_put_select(w);
    else if (turn == YAO_PROX_NFC_FETCHING)
        yao_prox_nfc_put_get_response(w, c->expect);
    else
        return turn == YAO_PROX_NFC_ENVELOPING &&
               yao_prox_nfc_put_envelope(&c->object, w);
    return true;
}

static bool next_response(yao_prox_carrier *c, yao_writer *w)
{
    yao_prox_nfc_turn turn = c->turn;

    c->turn = YAO_PROX_NFC_SILENT;
    if (turn == YAO_PROX_NFC_STATUS) {
        yao_prox_nfc_put_status(w, c->status);
        return true;
    }
    if (turn != YAO_PROX_NFC_ANSWERING)
        return false;
    yao_prox_nfc_put_answer(&c->object, c->expect, w);
    c->sending = c->object.sent < c->object.head_len + c->object.message.len;
    return true;
}

bool yao_prox_carrier_next(yao_prox_carrier *c, yao_writer *w)
{
    if (c->kind == YAO_PROX_CARRY_NFC_READER)
        return c->turn != YAO_PROX_NFC_SILENT && next_command(c, w);
    if (c->kind == YAO_PROX_CARRY_NFC_HOLDER)
        return next_response(c, w);
    if (!c->sending)
        return false;
    if (c->kind == YAO_PROX_CARRY_STREAM) {
        yao_prox_put_framed(w, c->out);
        c->out     = nothing;
        c->sending = false;
        return true;
    }
    bool more  = yao_prox_put_piece(&c->pieces, w);
    c->sending = more && !c->pieces.ended;
    return more;
}

/* ---- what comes, by NFC ------------------------------------------------- */

static bool all_said(const yao_prox_carrier *c)
{
    return c->object.sent == c->object.head_len + c->object.message.len;
}

static yao_status take_data(yao_prox_carrier             *c,
                            const yao_prox_nfc_response *r, yao_bytes *message)
{
    c->said = YAO_PROX_NFC_SILENT;
    if (c->answer.len == 0 && r->data.len == 0 && !r->more)
        return YAO_OK; /* nothing was answered */
    YAO_TRY(yao_prox_nfc_take(&c->answer, r->data, !r->more));
    if (r->more) {
        c->expect = r->remaining;
        c->turn   = YAO_PROX_NFC_FETCHING;
        return YAO_OK;
    }
    *message = c->answer.message;
    begin_anew(c);
    return YAO_OK;
}

static yao_status take_response(yao_prox_carrier *c, yao_bytes apdu,
                                yao_bytes *message)
{
    yao_prox_nfc_response r;

    YAO_TRY(yao_prox_nfc_read_response(apdu, &r));
    if (c->said == YAO_PROX_NFC_SILENT)
        return YAO_E_USAGE;
    if (!r.more && r.status != YAO_PROX_SW_OK)
        return YAO_E_REFUSED;
    if (c->said == YAO_PROX_NFC_SELECTING) {
        c->said     = YAO_PROX_NFC_SILENT;
        c->selected = true;
        c->turn = c->sending ? YAO_PROX_NFC_ENVELOPING : YAO_PROX_NFC_SILENT;
        return YAO_OK;
    }
    if (c->said == YAO_PROX_NFC_ENVELOPING && !all_said(c)) {
        c->said = YAO_PROX_NFC_SILENT;
        c->turn = YAO_PROX_NFC_ENVELOPING;
        return YAO_OK;
    }
    c->sending = false;
    return take_data(c, &r, message);
}

static void reply(yao_prox_carrier *c, uint16_t status)
{
    c->status = status;
    c->turn   = YAO_PROX_NFC_STATUS;
}

static yao_status take_envelope(yao_prox_carrier           *c,
                                const yao_prox_nfc_command *k,
                                yao_bytes                  *message)
{
    if (!c->selected || c->sending) {
        reply(c, YAO_PROX_SW_CONDITION);
        return YAO_OK;
    }
    YAO_TRY(yao_prox_nfc_take(&c->answer, k->data, !k->more));
    if (k->more) {
        reply(c, YAO_PROX_SW_OK);
        return YAO_OK;
    }
    c->said   = YAO_PROX_NFC_ENVELOPING;
    c->expect = k->expect != 0 ? k->expect : 256;
    *message  = c->answer.message;
    begin_anew(c);
    return YAO_OK;
}

static yao_status take_command(yao_prox_carrier *c, yao_bytes apdu,
                               yao_bytes *message)
{
    yao_prox_nfc_command k;

    YAO_TRY(yao_prox_nfc_read_command(apdu, &k));
    if (c->said == YAO_PROX_NFC_ENVELOPING)
        return YAO_E_USAGE; /* it has not been answered */
    switch (k.kind) {
    case YAO_PROX_NFC_SELECT:
        c->selected = true;
        c->sending  = false;
        begin_anew(c);
        reply(c, YAO_PROX_SW_OK);
        return YAO_OK;
    case YAO_PROX_NFC_ENVELOPE:
        return take_envelope(c, &k, message);
    case YAO_PROX_NFC_GET_RESPONSE:
        c->expect = k.expect;
        if (c->sending && k.expect != 0)
            c->turn = YAO_PROX_NFC_ANSWERING;
        else
            reply(c, YAO_PROX_SW_CONDITION);
        return YAO_OK;
    default:
        reply(c, apdu.len > 1 && apdu.ptr[1] == 0xa4 ? YAO_PROX_SW_NOT_FOUND
                                                     : YAO_PROX_SW_COMMAND);
        return YAO_OK;
    }
}

/* ---- what comes --------------------------------------------------------- */

yao_status yao_prox_carrier_take(yao_prox_carrier *c, yao_bytes *chunk,
                                 yao_bytes *message)
{
    yao_bytes came = *chunk;

    *message = nothing;
    if (c->kind == YAO_PROX_CARRY_STREAM)
        return yao_prox_take_stream(&c->stream, chunk, message);
    *chunk = nothing;
    if (is_nfc(c->kind))
        return c->kind == YAO_PROX_CARRY_NFC_READER
                   ? take_response(c, came, message)
                   : take_command(c, came, message);
    YAO_TRY(yao_prox_take_piece(&c->joint, came));
    if (c->joint.whole)
        *message = yao_prox_joined(&c->joint);
    return YAO_OK;
}
