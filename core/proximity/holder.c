/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   START -> KEYING -> SHOWING -> MEETING -> AGREEING -> OPENING -.
 *      .-----------------------------------------------------------'
 *      '-> ASKING -> [SIGNING | MACING, for each document] -> SEALING
 *             -> SENDING -> WAITING -> OPENING ...
 *
 *   whatever fails once a reader is there -> LEAVING -> OVER
 *
 * Invariants
 *  1. A document is signed or MACed only between CONSENT and SEALING, and for
 *     elements that the request in the arena asks for.
 *  2. The session's keys are wiped before LEAVING: nothing is sealed or opened
 *     after it, and the status goes out in clear.
 *  3. One engagement, one key, one establishment: MEETING is entered once.
 */

#include "proximity/holder_parts.h"

/* What may happen when. An empty cell is an event that does not belong. */
static const holder_handler table[HOLDER_STATES][YAO_HOLDER_EVENTS] = {
    [HOLDER_START][YAO_HOLDER_START]     = yao_holder_on_start,
    [HOLDER_KEYING][YAO_HOLDER_KEY]      = yao_holder_on_key,
    [HOLDER_SHOWING][YAO_HOLDER_DONE]    = yao_holder_on_shown,
    [HOLDER_MEETING][YAO_HOLDER_MESSAGE] = yao_holder_on_first,
    [HOLDER_AGREEING][YAO_HOLDER_DONE]   = yao_holder_on_agreed,
    [HOLDER_AGREEING][YAO_HOLDER_FAILED] = yao_holder_on_closed,
    [HOLDER_OPENING][YAO_HOLDER_DONE]    = yao_holder_on_request,
    [HOLDER_OPENING][YAO_HOLDER_FAILED]  = yao_holder_on_closed,
    [HOLDER_ASKING][YAO_HOLDER_CONSENT]  = yao_holder_on_consent,
    [HOLDER_ASKING][YAO_HOLDER_REFUSED]  = yao_holder_on_consent,
    [HOLDER_ASKING][YAO_HOLDER_MESSAGE]  = yao_holder_on_interrupted,
    [HOLDER_SIGNING][YAO_HOLDER_DONE]    = yao_holder_on_signed,
    [HOLDER_SIGNING][YAO_HOLDER_FAILED]  = yao_holder_on_unsigned,
    [HOLDER_MACING][YAO_HOLDER_DONE]     = yao_holder_on_maced,
    [HOLDER_MACING][YAO_HOLDER_FAILED]   = yao_holder_on_unsigned,
    [HOLDER_SEALING][YAO_HOLDER_DONE]    = yao_holder_on_sealed,
    [HOLDER_SENDING][YAO_HOLDER_DONE]    = yao_holder_on_sent,
    [HOLDER_WAITING][YAO_HOLDER_MESSAGE] = yao_holder_on_message,
};

/* ---- where to ----------------------------------------------------------- */

yao_status yao_holder_go(yao_holder *h, holder_state state, yao_holder_wish *w,
                         yao_holder_do kind)
{
    h->state = state;
    w->kind  = kind;
    return YAO_OK;
}

yao_status yao_holder_wait(yao_holder *h, holder_state state,
                           yao_holder_wish *w, yao_holder_do kind,
                           yao_time until)
{
    h->deadline = until < YAO_TIME_MAX ? until : YAO_TIME_MAX;
    w->deadline = h->deadline;
    (void)yao_holder_go(h, state, w, kind);
    h->waiting = *w;
    return YAO_OK;
}

yao_status yao_holder_stop(yao_holder *h, yao_holder_wish *w, yao_status why)
{
    yao_prox_end_session(&h->session);
    h->failure = why;
    *w         = (yao_holder_wish){.status = why};
    return yao_holder_go(h, HOLDER_OVER, w, YAO_HOLDER_STOP);
}

yao_status yao_holder_leave(yao_holder *h, yao_holder_wish *w, uint64_t status,
                            yao_status why)
{
    yao_prox_data message = {.status = status};
    yao_writer    out     = yao_writer_open(h->goodbye, sizeof h->goodbye);
    yao_bytes     bytes;

    yao_prox_end_session(&h->session);
    yao_prox_put_data(&out, &message);
    YAO_TRY(yao_writer_close(&out, &bytes));

    h->failure = why;
    *w         = (yao_holder_wish){.bytes = bytes, .last = true};
    return yao_holder_go(h, HOLDER_LEAVING, w, YAO_HOLDER_SEND);
}

/* ---- opening ------------------------------------------------------------ */

static bool wait_good(int64_t seconds)
{
    return seconds >= 0 && seconds <= YAO_TIME_DAY;
}

yao_status yao_holder_open(yao_arena *arena, const yao_holder_options *options,
                           yao_holder **ret)
{
    if (options->crypto == NULL || options->catalogue == NULL ||
        !wait_good(options->first_wait) || !wait_good(options->idle_wait))
        return YAO_E_USAGE;

    yao_holder *h = yao_arena_take(arena, sizeof *h);
    if (h == NULL)
        return YAO_E_SPACE;
    h->arena   = arena;
    h->options = *options;
    if (h->options.first_wait == 0)
        h->options.first_wait = YAO_PROX_FIRST_WAIT;
    if (h->options.idle_wait == 0)
        h->options.idle_wait = YAO_PROX_IDLE_WAIT;
    if (yao_prox_find_method(&options->engagement, YAO_PROX_MAILBOX) != NULL)
        h->options.only_registered = true;
    *ret = h;
    return YAO_OK;
}

/* ---- steps -------------------------------------------------------------- */

/* Is there a reader who waits to hear from us? */
static bool has_reader(const yao_holder *h)
{
    return h->state > HOLDER_MEETING && h->state < HOLDER_LEAVING;
}

static bool has_deadline(const yao_holder *h)
{
    return h->state == HOLDER_MEETING || h->state == HOLDER_ASKING ||
           h->state == HOLDER_WAITING;
}

static yao_status end(yao_holder *h, yao_holder_wish *w, yao_status why)
{
    if (has_reader(h))
        return yao_holder_leave(h, w, YAO_PROX_STATUS_END, why);
    return yao_holder_stop(h, w, h->state == HOLDER_LEAVING ? h->failure : why);
}

/* The reason why E cannot be handled at all, or YAO_OK. */
static yao_status objection(const yao_holder *h, const yao_holder_event *e)
{
    if (e->now < 0 || e->now > YAO_TIME_MAX ||
        (unsigned)e->kind >= YAO_HOLDER_EVENTS)
        return YAO_E_USAGE;
    if (has_deadline(h) && e->now > h->deadline)
        return YAO_E_EXPIRED;
    if (table[h->state][e->kind] != NULL)
        return YAO_OK;
    if (e->kind == YAO_HOLDER_FAILED && e->status != YAO_OK)
        return e->status;
    return YAO_E_USAGE;
}

static yao_status handle(yao_holder *h, const yao_holder_event *e,
                         yao_holder_wish *w)
{
    if (h->state == HOLDER_LEAVING) /* it was said, or not: no matter */
        return yao_holder_stop(h, w, h->failure);
    if (e->kind == YAO_HOLDER_END)
        return end(h, w, YAO_OK);
    if (e->kind == YAO_HOLDER_TICK && has_deadline(h) && e->now >= 0 &&
        e->now <= h->deadline) {
        *w = h->waiting;
        return YAO_OK;
    }
    YAO_TRY(objection(h, e));
    return table[h->state][e->kind](h, e, w);
}

void yao_holder_step(yao_holder *h, const yao_holder_event *event,
                     yao_holder_wish *ret)
{
    yao_holder_wish w = {.status = h->failure};

    if (h->state == HOLDER_OVER) {
        *ret = w;
        return;
    }
    w.status          = YAO_OK;
    yao_status status = handle(h, event, &w);
    if (status != YAO_OK)
        status = end(h, &w, status);
    if (status != YAO_OK)
        (void)yao_holder_stop(h, &w, status);
    *ret = w;
}

/* ---- looking ------------------------------------------------------------ */

const yao_holder_asked *yao_holder_asked_for(const yao_holder *h,
                                             size_t           *count)
{
    *count = h->request.document_count;
    return h->asked;
}

const yao_report *yao_holder_report(const yao_holder *h)
{
    return &h->report;
}

yao_bytes yao_holder_transcript(const yao_holder *h)
{
    return h->transcript;
}

uint64_t yao_holder_said(const yao_holder *h)
{
    return h->said;
}

size_t yao_holder_answered(const yao_holder *h)
{
    return h->answer_count;
}
