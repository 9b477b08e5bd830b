/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PROX_TAPE_H
#define YAO_TEST_PROX_TAPE_H

/**
 * A counter at which a stranger's bytes decide what goes wrong: for the fuzz
 * targets of both machines. A zero, and the end of the tape, is "as it should
 * be".
 */

#include "prox_pair.h"
#include "tape.h"

static tape prox_tape;

static inline uint8_t prox_next(void)
{
    return tape_next(&prox_tape);
}

static inline yao_bytes prox_spoil(yao_bytes bytes, bool cut)
{
    return tape_spoil(&prox_tape, test_arena(), bytes, cut);
}

/** What goes over the counter. */
static inline void tape_tap(prox_pair *p, bool to_holder, yao_bytes *message)
{
    switch (prox_next()) {
    case 1: *message = prox_spoil(*message, false); break;
    case 2: *message = prox_spoil(*message, true); break;
    case 3: /* one that was before */
        if (to_holder && p->reader_sent != 0)
            *message = p->to_holder[prox_next() % p->reader_sent];
        if (!to_holder && p->holder_sent != 0)
            *message = p->to_reader[prox_next() % p->holder_sent];
        break;
    case 4: *message = YAO_LIT("\xa1\x66" "status\x14"); break;
    default: break;
    }
}

/** A pair with the flags of the first byte, one to three requests. */
static inline void tape_open(prox_pair *p, const uint8_t *data, size_t len)
{
    static const yao_reader_request *all[] = {&pair_both, &pair_first,
                                              &pair_second};

    prox_tape         = (tape){data, len};
    test_arena()->used = 0;
    pair_open(p);
    unsigned how = prox_next();
    p->mac[0]    = (how & 1) != 0;
    p->mac[1]    = (how & 2) != 0;
    p->ro.all    = (how & 4) != 0;
    p->refuse    = (how & 8) != 0;
    if ((how & 16) != 0)
        p->ho.engagement.method_count = 0;
    if ((how & 32) != 0)
        p->ro.alg = YAO_SIG_NONE;
    p->despite       = (how & 64) != 0;
    p->request_count = 1 + prox_next() % 3;
    for (size_t i = 0; i < p->request_count; i++)
        p->requests[i] = all[prox_next() % 3];
}

#endif
