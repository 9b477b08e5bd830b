/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The wallet's machine before a reader whose messages are changed on the way,
 * and with a driver that fails, or does something else. Properties:
 *   - it ends, stays ended, and says nothing after that;
 *   - nothing is signed or MACed that the person did not agree to since the
 *     last message;
 *   - over a mailbox nobody is asked on behalf of a reader that did not sign;
 *   - its keys are gone in the end.
 *
 * Input: a byte of flags, the requests, then for each step a byte (0: as it
 * should be) and what it needs.
 */

#include "proximity/holder_parts.h"

#include "prox_tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool agreed;

/* The next event as the tape wants it. */
static void meddle(prox_pair *p, const yao_holder_wish *w, yao_holder_event *e)
{
    switch (prox_next()) {
    case 1: e->bytes = prox_spoil(e->bytes, false); break;
    case 2: e->bytes = prox_spoil(e->bytes, true); break;
    case 3:
        e->kind = (yao_holder_event_kind)(prox_next() %
                                          (YAO_HOLDER_EVENTS + 1));
        break;
    case 4:
        e->kind   = YAO_HOLDER_FAILED;
        e->status = (yao_status)prox_next();
        break;
    case 5: e->now += (yao_time)prox_next() * 7 - 100; break;
    case 6: e->choice_count = prox_next() % 4; break;
    default: break;
    }

    bool device = w->role == YAO_HOLDER_DOCUMENT;
    must(!device || agreed);
    must(w->kind != YAO_HOLDER_SIGN || device);
    if (w->kind == YAO_HOLDER_ASK) {
        must(p->ro.alg != YAO_SIG_NONE || p->ho.engagement.method_count == 0);
        agreed = e->kind == YAO_HOLDER_CONSENT;
    } else if (w->kind == YAO_HOLDER_SEND)
        agreed = false;
}

static void stays_over(prox_pair *p)
{
    static const uint8_t zero[sizeof(yao_prox_session)];

    must(memcmp(&p->holder->session, zero, sizeof zero) == 0);
    for (int kind = 0; kind <= YAO_HOLDER_EVENTS; kind++) {
        yao_holder_event e = {.kind = (yao_holder_event_kind)kind,
                              .now  = PAIR_NOW};
        yao_holder_wish  w;

        yao_holder_step(p->holder, &e, &w);
        must(w.kind == YAO_HOLDER_STOP && w.status == p->hw.status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    prox_pair p;

    tape_open(&p, data, len);
    agreed   = false;
    p.meddle = meddle;
    p.tap    = tape_tap;
    pair_run(&p);
    if (p.hw.kind != YAO_HOLDER_STOP) { /* the reader went away */
        p.he.kind = YAO_HOLDER_END;
        p.he.now  = PAIR_NOW;
        yao_holder_step(p.holder, &p.he, &p.hw);
        must(p.hw.kind == YAO_HOLDER_STOP || p.hw.kind == YAO_HOLDER_SEND);
        yao_holder_step(p.holder, &p.he, &p.hw);
    }
    must(p.hw.kind == YAO_HOLDER_STOP);
    stays_over(&p);
    return 0;
}
