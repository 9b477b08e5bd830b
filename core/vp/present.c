/* SPDX-License-Identifier: Apache-2.0 */

/*
 *   START -> FETCHING (by reference) -.
 *     '-------------------------------+-> verified -> ASKING
 *      .------------------------------------------------'
 *      |-> SIGNING (for each document) -> KEY -> AGREEING -> SEALING -.
 *      |                          '-----------------------------------+
 *      |                                  .---------------------------'
 *      |                                  '-> POSTED -> OPENED -> OVER
 *      |                                  '-> HANDED ----------> OVER
 *      '-> TOLD (the person said no) --------------------------> OVER
 *
 * Invariants
 *  1. KNOWN is set when the request was concluded, and never before; ASKING is
 *     reached by no other way.
 *  2. SIGN is wished for after CHOSEN only, for documents that were chosen.
 *  3. What is posted goes to the response_uri of a request that is KNOWN, or
 *     that was authentic when it was refused.
 */

#include "vp/present_parts.h"

/* What may happen when. An empty cell is an event that does not belong. */
static const present_handler table[PRESENT_STATES][YAO_PRESENT_EVENTS] = {
    [PRESENT_START][YAO_PRESENT_START]     = yao_present_on_start,
    [PRESENT_FETCHING][YAO_PRESENT_ANSWER] = yao_present_on_fetched,
    [PRESENT_ASKING][YAO_PRESENT_CHOSEN]   = yao_present_on_chosen,
    [PRESENT_ASKING][YAO_PRESENT_REFUSED]  = yao_present_on_declined,
    [PRESENT_SIGNING][YAO_PRESENT_DONE]    = yao_present_on_signed,
    /* a finger that was not put on the sensor */
    [PRESENT_SIGNING][YAO_PRESENT_REFUSED] = yao_present_on_declined,
    [PRESENT_KEY][YAO_PRESENT_KEY]         = yao_present_on_key,
    [PRESENT_AGREEING][YAO_PRESENT_DONE]   = yao_present_on_agreed,
    [PRESENT_SEALING][YAO_PRESENT_DONE]    = yao_present_on_sealed,
    [PRESENT_POSTED][YAO_PRESENT_ANSWER]   = yao_present_on_posted,
    [PRESENT_TOLD][YAO_PRESENT_ANSWER]     = yao_present_on_told,
    [PRESENT_TOLD][YAO_PRESENT_DONE]       = yao_present_on_told,
    [PRESENT_TOLD][YAO_PRESENT_FAILED]     = yao_present_on_told,
    [PRESENT_HANDED][YAO_PRESENT_DONE]     = yao_present_stop,
    [PRESENT_OPENED][YAO_PRESENT_DONE]     = yao_present_stop,
};

yao_status yao_present_go(yao_present *p, present_state state,
                          yao_present_wish *w, yao_present_do kind)
{
    p->state = state;
    w->kind  = kind;
    return YAO_OK;
}

/* ---- opening ------------------------------------------------------------ */

static bool options_good(const yao_present_options *o)
{
    if (o->terms.crypto == NULL || (o->link.len != 0) == (o->data.len != 0))
        return false;
    if (o->link.len != 0)
        return o->protocol == YAO_VP_NO_PROTOCOL;
    return o->protocol != YAO_VP_NO_PROTOCOL && o->terms.origin.len != 0;
}

yao_status yao_present_open(yao_arena                 *arena,
                            const yao_present_options *options,
                            yao_present              **ret)
{
    if (!options_good(options))
        return YAO_E_USAGE;

    yao_present *p = yao_arena_take(arena, sizeof *p);
    if (p == NULL)
        return YAO_E_SPACE;
    p->arena              = arena;
    p->options            = *options;
    p->terms              = options->terms;
    p->terms.client_id    = (yao_text){NULL, 0};
    p->terms.wallet_nonce = (yao_text){NULL, 0};
    if (options->link.len != 0)
        p->terms.origin = (yao_text){NULL, 0};
    *ret = p;
    return YAO_OK;
}

/* ---- steps -------------------------------------------------------------- */

PRESENT_HANDLER(yao_present_stop)
{
    (void)e;
    yao_vp_drop_sealing(&p->sealing);
    if (p->status == YAO_OK)
        p->stage = YAO_PRESENT_AT_END;
    w->status = p->status;
    return yao_present_go(p, PRESENT_OVER, w, YAO_PRESENT_STOP);
}

/* The reason why E cannot be handled at all, or YAO_OK. */
static yao_status objection(const yao_present *p, const yao_present_event *e)
{
    if (e->now < 0 || e->now > YAO_TIME_MAX ||
        (unsigned)e->kind >= YAO_PRESENT_EVENTS)
        return YAO_E_USAGE;
    if (e->random.len < YAO_PRESENT_RANDOM)
        return YAO_E_ENTROPY;
    if (table[p->state][e->kind] != NULL)
        return YAO_OK;
    if (e->kind == YAO_PRESENT_FAILED)
        return e->status != YAO_OK ? e->status : YAO_E_USAGE;
    return e->kind == YAO_PRESENT_REFUSED ? YAO_E_REFUSED : YAO_E_USAGE;
}

/* One that does not say when it ends lives as long as any may, from when it was
 * made; where it does not say that either, from when it was read. */
static yao_time end_of(const yao_present *p)
{
    const yao_vp_request *q = &p->request;

    if (q->expires != YAO_TIME_NONE)
        return q->expires;
    return (q->issued != YAO_TIME_NONE ? q->issued : p->terms.now) +
           YAO_VP_MAX_AGE;
}

/* A request ends also while a person reads it. */
static yao_status too_late(const yao_present *p, const yao_present_event *e)
{
    if (!p->known || p->state < PRESENT_ASKING || p->state > PRESENT_SEALING)
        return YAO_OK;
    return e->now - YAO_VP_SKEW >= end_of(p) ? YAO_E_EXPIRED : YAO_OK;
}

void yao_present_step(yao_present *p, const yao_present_event *e,
                      yao_present_wish *ret)
{
    yao_present_wish w      = {0};
    yao_status       status = YAO_OK;

    if (p->state != PRESENT_OVER)
        status = objection(p, e);
    if (status == YAO_OK && p->state != PRESENT_OVER)
        status = too_late(p, e);
    if (p->state == PRESENT_OVER)
        w.status = p->status;
    else if (status == YAO_OK)
        status = table[p->state][e->kind](p, e, &w);
    if (status != YAO_OK) {
        w = (yao_present_wish){0};
        if (p->status == YAO_OK)
            p->status = status;
        (void)yao_present_stop(p, e, &w);
    }
    *ret = w;
}

/* ---- looking ------------------------------------------------------------ */

const yao_vp_request *yao_present_request(const yao_present *p)
{
    return p->known ? &p->request : NULL;
}

const yao_vp_refusal *yao_present_refusal(const yao_present *p)
{
    return &p->refusal;
}

yao_present_stage yao_present_where(const yao_present *p)
{
    return p->stage;
}

yao_text yao_present_said(const yao_present *p)
{
    return p->said;
}

yao_text yao_present_redirect(const yao_present *p)
{
    return p->redirect;
}

yao_text yao_present_receipt(const yao_present *p)
{
    return p->receipt;
}
