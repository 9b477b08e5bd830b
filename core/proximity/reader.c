/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   START -> KEYING -> AGREEING -> CHOOSING -> [SIGNING, for each signature]
 *      .-----------------------------------------------------------------'
 *      '-> SEALING -> SENDING -> WAITING -> OPENING -> [MACING] -> CHOOSING ...
 *
 *   what fails once something was sent -> LEAVING -> OVER
 *
 * Invariants
 *  1. What is judged was opened under this session's keys, over its
 *     transcript, and nothing else reaches NEXT.
 *  2. The keys are wiped before LEAVING and OVER.
 *  3. The first message is the only one with our key in it.
 */

#include "proximity/reader_parts.h"

/* What may happen when. An empty cell is an event that does not belong. */
static const reader_handler table[READER_STATES][YAO_READER_EVENTS] = {
    [READER_START][YAO_READER_START]      = yao_reader_on_start,
    [READER_KEYING][YAO_READER_KEY]       = yao_reader_on_key,
    [READER_AGREEING][YAO_READER_DONE]    = yao_reader_on_agreed,
    [READER_CHOOSING][YAO_READER_REQUEST] = yao_reader_on_choice,
    [READER_SIGNING][YAO_READER_DONE]     = yao_reader_on_signed,
    [READER_SEALING][YAO_READER_DONE]     = yao_reader_on_sealed,
    [READER_SENDING][YAO_READER_DONE]     = yao_reader_on_sent,
    [READER_WAITING][YAO_READER_MESSAGE]  = yao_reader_on_message,
    [READER_OPENING][YAO_READER_DONE]     = yao_reader_on_opened,
    [READER_OPENING][YAO_READER_FAILED]   = yao_reader_on_closed,
    [READER_MACING][YAO_READER_DONE]      = yao_reader_on_secret,
    [READER_MACING][YAO_READER_FAILED]    = yao_reader_on_no_secret,
};

/* ---- where to ----------------------------------------------------------- */

yao_status yao_reader_go(yao_reader *r, reader_state state, yao_reader_wish *w,
                         yao_reader_do kind)
{
    r->state = state;
    w->kind  = kind;
    return YAO_OK;
}

yao_status yao_reader_stop(yao_reader *r, yao_reader_wish *w, yao_status why)
{
    yao_prox_end_session(&r->session);
    r->failure = why;
    *w         = (yao_reader_wish){.status = why};
    return yao_reader_go(r, READER_OVER, w, YAO_READER_STOP);
}

yao_status yao_reader_leave(yao_reader *r, yao_reader_wish *w, uint64_t status,
                            yao_status why)
{
    yao_prox_data message = {.status = status};
    yao_writer    out     = yao_writer_open(r->goodbye, sizeof r->goodbye);
    yao_bytes     bytes;

    yao_prox_end_session(&r->session);
    yao_prox_put_data(&out, &message);
    YAO_TRY(yao_writer_close(&out, &bytes));

    r->failure = why;
    *w         = (yao_reader_wish){.bytes = bytes, .last = true};
    return yao_reader_go(r, READER_LEAVING, w, YAO_READER_SEND);
}

/* ---- opening ------------------------------------------------------------ */

static bool options_good(const yao_reader_options *o)
{
    if (o->crypto == NULL || (o->letters.len != 0) == (o->engagement.len != 0))
        return false;
    if (o->alg != YAO_SIG_NONE && o->chain_count == 0)
        return false;
    return o->wait >= 0 && o->wait <= YAO_TIME_DAY;
}

yao_status yao_reader_open(yao_arena *arena, const yao_reader_options *options,
                           yao_reader **ret)
{
    if (!options_good(options))
        return YAO_E_USAGE;

    yao_reader *r = yao_arena_take(arena, sizeof *r);
    if (r == NULL)
        return YAO_E_SPACE;
    r->arena   = arena;
    r->options = *options;
    if (r->options.wait == 0)
        r->options.wait = YAO_PROX_IDLE_WAIT;
    r->engagement_bytes = options->engagement;
    if (options->letters.len != 0)
        YAO_TRY(yao_prox_read_letters(arena, options->letters, false,
                                      &r->engagement_bytes, &r->engagement));
    else
        YAO_TRY(yao_prox_read_engagement(r->engagement_bytes, &r->engagement));
    *ret = r;
    return YAO_OK;
}

/* ---- steps -------------------------------------------------------------- */

/* Has the holder heard of us, and may still be told? */
static bool has_holder(const yao_reader *r)
{
    return r->request_count != 0 && r->state >= READER_CHOOSING &&
           r->state < READER_LEAVING && !r->over;
}

static yao_status end(yao_reader *r, yao_reader_wish *w, yao_status why)
{
    if (has_holder(r))
        return yao_reader_leave(r, w, YAO_PROX_STATUS_END, why);
    return yao_reader_stop(r, w, r->state == READER_LEAVING ? r->failure : why);
}

/* The reason why E cannot be handled at all, or YAO_OK. */
static yao_status objection(const yao_reader *r, const yao_reader_event *e)
{
    if (e->now < 0 || e->now > YAO_TIME_MAX ||
        (unsigned)e->kind >= YAO_READER_EVENTS)
        return YAO_E_USAGE;
    if (r->state == READER_WAITING && e->now > r->deadline)
        return YAO_E_EXPIRED;
    if (table[r->state][e->kind] != NULL)
        return YAO_OK;
    if (e->kind == YAO_READER_FAILED && e->status != YAO_OK)
        return e->status;
    return YAO_E_USAGE;
}

static yao_status handle(yao_reader *r, const yao_reader_event *e,
                         yao_reader_wish *w)
{
    if (r->state == READER_LEAVING) /* it was said, or not: no matter */
        return yao_reader_stop(r, w, r->failure);
    if (e->kind == YAO_READER_END)
        return end(r, w, YAO_OK);
    if (e->kind == YAO_READER_TICK && r->state == READER_WAITING &&
        e->now >= 0 && e->now <= r->deadline) {
        w->deadline = r->deadline;
        return yao_reader_go(r, READER_WAITING, w, YAO_READER_WAIT);
    }
    YAO_TRY(objection(r, e));
    return table[r->state][e->kind](r, e, w);
}

void yao_reader_step(yao_reader *r, const yao_reader_event *event,
                     yao_reader_wish *ret)
{
    yao_reader_wish w = {.status = r->failure};

    if (r->state == READER_OVER) {
        *ret = w;
        return;
    }
    w.status          = YAO_OK;
    yao_status status = handle(r, event, &w);
    if (status != YAO_OK)
        status = end(r, &w, status);
    if (status != YAO_OK)
        (void)yao_reader_stop(r, &w, status);
    *ret = w;
}

/* ---- looking ------------------------------------------------------------ */

const yao_prox_engagement *yao_reader_engagement(const yao_reader *r)
{
    return &r->engagement;
}

yao_bytes yao_reader_transcript(const yao_reader *r)
{
    return r->transcript;
}

yao_bytes yao_reader_response(const yao_reader *r)
{
    return r->response;
}

uint64_t yao_reader_said(const yao_reader *r)
{
    return r->said;
}
