/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/reader_parts.h"

/* ---- the session -------------------------------------------------------- */

READER_HANDLER(yao_reader_on_start)
{
    (void)e;
    w->curve = r->engagement.key.curve;
    return yao_reader_go(r, READER_KEYING, w, YAO_READER_MAKE_KEY);
}

READER_HANDLER(yao_reader_on_key)
{
    yao_writer out = yao_writer_in(r->arena);
    yao_bytes  key_bytes;

    if (e->key.curve != r->engagement.key.curve ||
        !yao_public_key_well_formed(&e->key) || e->key.point[0] != 4)
        return YAO_E_KEY;
    r->key = e->key;
    yao_prox_put_key_bytes(&out, &r->key);
    YAO_TRY(yao_writer_keep(&out, r->arena, &key_bytes));
    YAO_TRY(yao_prox_write_transcript(r->arena, r->options.crypto,
                                      &r->options.meeting, r->engagement_bytes,
                                      key_bytes, &r->transcript));
    r->mark       = r->arena->used;
    w->agree.peer = r->engagement.key;
    return yao_reader_go(r, READER_AGREEING, w, YAO_READER_AGREE);
}

READER_HANDLER(yao_reader_on_agreed)
{
    YAO_TRY(yao_prox_open_session(r->options.crypto, YAO_PROX_READER,
                                  r->key.curve, e->bytes, r->transcript,
                                  &r->session));
    return yao_reader_go(r, READER_CHOOSING, w, YAO_READER_NEXT);
}

/* ---- the request -------------------------------------------------------- */

static yao_status sign_next(yao_reader *r, yao_reader_wish *w)
{
    yao_writer out = yao_writer_in(r->arena);
    yao_bytes  plain;

    if (r->at < r->asking.wish_count) {
        w->sign = r->asking.wishes[r->at];
        return yao_reader_go(r, READER_SIGNING, w, YAO_READER_SIGN);
    }
    yao_mdoc_put_request(&out, &r->asking, r->signatures);
    YAO_TRY(yao_writer_keep(&out, r->arena, &plain));
    YAO_TRY(yao_prox_wish_seal(&r->session, plain, &w->aead));
    return yao_reader_go(r, READER_SEALING, w, YAO_READER_AEAD);
}

READER_HANDLER(yao_reader_on_choice)
{
    const yao_reader_options *o = &r->options;

    if (e->request == NULL || r->over)
        return YAO_E_USAGE;
    if (r->request_count == YAO_PROX_MAX_REQUESTS)
        return YAO_E_LIMIT;
    r->arena->used = r->mark;
    r->answer      = (yao_reader_answer){.result = NULL};
    r->response    = (yao_bytes){NULL, 0};
    r->request     = *e->request;
    r->at          = 0;

    yao_mdoc_ask_options ask = {.asks        = r->request.asks,
                                .ask_count   = r->request.ask_count,
                                .alg         = o->alg,
                                .chain       = o->chain,
                                .chain_count = o->chain_count,
                                .transcript  = r->transcript,
                                .all         = o->all};
    YAO_TRY(yao_mdoc_ask_begin(r->arena, &ask, &r->asking));
    return sign_next(r, w);
}

/* Kept: what signs may use its room again. */
READER_HANDLER(yao_reader_on_signed)
{
    YAO_TRY(yao_arena_keep(r->arena, e->bytes, &r->signatures[r->at]));
    r->at++;
    return sign_next(r, w);
}

READER_HANDLER(yao_reader_on_sealed)
{
    yao_writer out = yao_writer_in(r->arena);

    if (r->request_count == 0) {
        yao_prox_establishment first = {.key = r->key, .data = e->bytes};

        yao_prox_put_establishment(&out, &first);
    } else {
        yao_prox_data message = {.data = e->bytes};

        yao_prox_put_data(&out, &message);
    }
    YAO_TRY(yao_writer_keep(&out, r->arena, &w->bytes));
    r->request_count++;
    return yao_reader_go(r, READER_SENDING, w, YAO_READER_SEND);
}

READER_HANDLER(yao_reader_on_sent)
{
    r->sent_at  = e->now;
    r->deadline = e->now + r->options.wait;
    w->deadline = r->deadline;
    return yao_reader_go(r, READER_WAITING, w, YAO_READER_WAIT);
}
