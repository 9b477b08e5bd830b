/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/holder_parts.h"

HOLDER_HANDLER(yao_holder_on_start)
{
    (void)e;
    w->curve = YAO_P256;
    return yao_holder_go(h, HOLDER_KEYING, w, YAO_HOLDER_MAKE_KEY);
}

HOLDER_HANDLER(yao_holder_on_key)
{
    yao_prox_engagement *shown = &h->options.engagement;
    yao_writer           out   = yao_writer_in(h->arena);
    yao_bytes            letters;

    if (e->key.curve != YAO_P256 || !yao_public_key_well_formed(&e->key) ||
        e->key.point[0] != 4)
        return YAO_E_KEY;
    h->key     = e->key;
    shown->key = e->key;
    yao_prox_put_engagement(&out, shown);
    YAO_TRY(yao_writer_keep(&out, h->arena, &h->engagement));

    out = yao_writer_in(h->arena);
    yao_prox_put_letters(&out, h->engagement, false);
    YAO_TRY(yao_writer_keep(&out, h->arena, &letters));
    w->bytes = h->engagement;
    w->text  = (yao_text){letters.ptr, letters.len};
    return yao_holder_go(h, HOLDER_SHOWING, w, YAO_HOLDER_SHOW);
}

HOLDER_HANDLER(yao_holder_on_shown)
{
    if (h->options.meeting.handover == YAO_PROX_BY_NFC) {
        h->options.meeting.select  = e->select;
        h->options.meeting.request = e->request;
    }
    return yao_holder_wait(h, HOLDER_MEETING, w, YAO_HOLDER_WAIT,
                           e->now + h->options.first_wait);
}

/* ---- the first message -------------------------------------------------- */

/* From here on there is somebody to be told what is wrong. */
HOLDER_HANDLER(yao_holder_on_first)
{
    yao_prox_establishment first;
    yao_status status = yao_prox_read_establishment(e->bytes, &first);

    if (status == YAO_OK && first.key.curve != h->key.curve)
        status = YAO_E_KEY;
    if (status != YAO_OK)
        return yao_holder_leave(h, w,
                                status == YAO_E_KEY ? YAO_PROX_STATUS_ENCRYPTION
                                                    : YAO_PROX_STATUS_CBOR,
                                status);

    h->reader_key = first.key;
    h->sealed     = first.data;
    h->state      = HOLDER_AGREEING; /* so that a failure is told */
    YAO_TRY(yao_prox_write_transcript(h->arena, h->options.crypto,
                                      &h->options.meeting, h->engagement,
                                      first.key_bytes, &h->transcript));
    h->mark       = h->arena->used;
    w->role       = YAO_HOLDER_SESSION;
    w->agree.peer = first.key;
    return yao_holder_go(h, HOLDER_AGREEING, w, YAO_HOLDER_AGREE);
}

static yao_status open_message(yao_holder *h, yao_holder_wish *w,
                               yao_bytes sealed)
{
    yao_status status = yao_prox_wish_open(&h->session, sealed, &w->aead);

    if (status != YAO_OK)
        return yao_holder_leave(h, w, YAO_PROX_STATUS_ENCRYPTION, status);
    return yao_holder_go(h, HOLDER_OPENING, w, YAO_HOLDER_AEAD);
}

HOLDER_HANDLER(yao_holder_on_agreed)
{
    yao_status status = yao_prox_open_session(
        h->options.crypto, YAO_PROX_HOLDER, h->key.curve, e->bytes,
        h->transcript, &h->session);

    if (status != YAO_OK)
        return yao_holder_leave(h, w, YAO_PROX_STATUS_ENCRYPTION, status);
    return open_message(h, w, h->sealed);
}

HOLDER_HANDLER(yao_holder_on_closed)
{
    return yao_holder_leave(h, w, YAO_PROX_STATUS_ENCRYPTION,
                            e->status != YAO_OK ? e->status : YAO_E_USAGE);
}

/* ---- every other -------------------------------------------------------- */

/* The reader said that it is over. */
static yao_status hear_end(yao_holder *h, yao_holder_wish *w, uint64_t status)
{
    h->said = status;
    return yao_holder_stop(
        h, w, status == YAO_PROX_STATUS_END ? YAO_OK : YAO_E_REFUSED);
}

HOLDER_HANDLER(yao_holder_on_message)
{
    yao_prox_data message;
    yao_status    status = yao_prox_read_data(e->bytes, &message);

    if (status != YAO_OK)
        return yao_holder_leave(h, w, YAO_PROX_STATUS_CBOR, status);
    if (message.status != YAO_PROX_STATUS_NONE)
        return hear_end(h, w, message.status);
    return open_message(h, w, message.data);
}

/* While the person thinks a reader may only end it. */
HOLDER_HANDLER(yao_holder_on_interrupted)
{
    yao_prox_data message;
    yao_status    status = yao_prox_read_data(e->bytes, &message);

    if (status != YAO_OK)
        return yao_holder_leave(h, w, YAO_PROX_STATUS_CBOR, status);
    if (message.status == YAO_PROX_STATUS_NONE)
        return YAO_E_USAGE;
    return hear_end(h, w, message.status);
}
