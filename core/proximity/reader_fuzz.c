/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The reader's machine before a wallet whose messages are changed on the way,
 * and with a driver that fails, or does something else. Properties:
 *   - it ends, and stays ended;
 *   - no value reaches the result that was not asked for;
 *   - ACCEPT only of what the wallet's keys signed or MACed in this session;
 *   - its keys are gone in the end.
 *
 * Input as in holder_fuzz.c.
 */

#include "proximity/reader_parts.h"

#include "prox_tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool was_asked(const yao_attribute *a)
{
    for (size_t i = 0; i < COUNT(pair_asks); i++)
        for (size_t n = 0; n < pair_asks[i].element_count; n++)
            if (yao_text_equal(pair_asks[i].elements[n].element, a->name))
                return true;
    return false;
}

static void check(const prox_pair *p, const yao_reader_answer *a)
{
    if (a->result == NULL)
        return;
    must(a->result->verdict != YAO_VERDICT_ACCEPT ||
         p->signatures + p->macs != 0);
    for (size_t i = 0; i < a->result->document_count; i++)
        for (size_t n = 0; n < a->result->documents[i].attribute_count; n++)
            must(was_asked(&a->result->documents[i].attributes[n]));
}

static void meddle(prox_pair *p, const yao_reader_wish *w, yao_reader_event *e)
{
    if (w->kind == YAO_READER_NEXT && w->answer != NULL)
        check(p, w->answer);
    switch (prox_next()) {
    case 1: e->bytes = prox_spoil(e->bytes, false); break;
    case 2: e->bytes = prox_spoil(e->bytes, true); break;
    case 3:
        e->kind = (yao_reader_event_kind)(prox_next() %
                                          (YAO_READER_EVENTS + 1));
        break;
    case 4:
        e->kind   = YAO_READER_FAILED;
        e->status = (yao_status)prox_next();
        break;
    case 5: e->now += (yao_time)prox_next() * 7 - 100; break;
    case 6: e->request = NULL; break;
    default: break;
    }
}

static void stays_over(prox_pair *p)
{
    static const uint8_t zero[sizeof(yao_prox_session)];

    must(memcmp(&p->reader->session, zero, sizeof zero) == 0);
    for (int kind = 0; kind <= YAO_READER_EVENTS; kind++) {
        yao_reader_event e = {.kind = (yao_reader_event_kind)kind,
                              .now  = PAIR_NOW};
        yao_reader_wish  w;

        yao_reader_step(p->reader, &e, &w);
        must(w.kind == YAO_READER_STOP && w.status == p->rw.status);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    prox_pair p;

    tape_open(&p, data, len);
    p.meddle_reader = meddle;
    p.tap           = tape_tap;
    pair_run(&p);
    if (p.rw.kind != YAO_READER_STOP) {
        p.re.kind = YAO_READER_END;
        p.re.now  = PAIR_NOW;
        yao_reader_step(p.reader, &p.re, &p.rw);
        must(p.rw.kind == YAO_READER_STOP || p.rw.kind == YAO_READER_SEND);
        yao_reader_step(p.reader, &p.re, &p.rw);
    }
    must(p.rw.kind == YAO_READER_STOP);
    stays_over(&p);
    return 0;
}
