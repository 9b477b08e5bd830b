/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_PROX_TAPE_H
#define YAO_TEST_PROX_TAPE_H

/**
 * A counter at which a stranger's bytes decide what goes wrong: for the fuzz
 * targets of both machines. A zero, and the end of the tape, is "as it should
 * be".
 */

#include "prox_pair.h"

typedef struct prox_tape {
    const uint8_t *data;
    size_t         len;
} prox_tape;

static prox_tape tape;

static inline uint8_t tape_next(void)
{
    if (tape.len == 0)
        return 0;
    tape.len--;
    return *tape.data++;
}

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

/** BYTES with one changed, or cut. */
static inline yao_bytes tape_spoil(yao_bytes bytes, bool cut)
{
    size_t   at  = (size_t)tape_next() << 8 | tape_next();
    uint8_t *out = yao_arena_take(test_arena(), bytes.len);

    if (bytes.len == 0 || out == NULL)
        return bytes;
    memcpy(out, bytes.ptr, bytes.len);
    at %= bytes.len;
    out[at] ^= cut ? 0 : tape_next();
    return (yao_bytes){out, cut ? at : bytes.len};
}

/** What goes over the counter. */
static inline void tape_tap(prox_pair *p, bool to_holder, yao_bytes *message)
{
    switch (tape_next()) {
    case 1: *message = tape_spoil(*message, false); break;
    case 2: *message = tape_spoil(*message, true); break;
    case 3: /* one that was before */
        if (to_holder && p->reader_sent != 0)
            *message = p->to_holder[tape_next() % p->reader_sent];
        if (!to_holder && p->holder_sent != 0)
            *message = p->to_reader[tape_next() % p->holder_sent];
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

    tape              = (prox_tape){data, len};
    test_arena()->used = 0;
    pair_open(p);
    unsigned how = tape_next();
    p->mac[0]    = (how & 1) != 0;
    p->mac[1]    = (how & 2) != 0;
    p->ro.all    = (how & 4) != 0;
    p->refuse    = (how & 8) != 0;
    if ((how & 16) != 0)
        p->ho.engagement.method_count = 0;
    if ((how & 32) != 0)
        p->ro.alg = YAO_SIG_NONE;
    p->despite       = (how & 64) != 0;
    p->request_count = 1 + tape_next() % 3;
    for (size_t i = 0; i < p->request_count; i++)
        p->requests[i] = all[tape_next() % 3];
}

#endif
