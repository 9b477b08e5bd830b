/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The wallet's machine against an honest issuer whose answers are changed on
 * the way, and a driver that fails or does something else. Properties:
 *   - it ends;
 *   - nothing is kept that the person did not confirm, and each kept document
 *     has copies, each for another key of those that were made;
 *   - what ends well was kept, all of it;
 *   - nobody but the issuer is spoken to.
 *
 * Input: two bytes of flags; then for each step a byte (0: as it should be)
 * and what it needs.
 */

#include "receive_driver.h"
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { STEPS = 3000, CHANGES = 5 };

static row row_of(tape *t)
{
    static const unsigned fakes[] = {
        FAKE_TX_CODE,    FAKE_ATTEST,     FAKE_CHALLENGE, FAKE_DPOP_NONCE,
        FAKE_DPOP_NONCE_RS, FAKE_DEFER,   FAKE_KEY_ATTEST, FAKE_TWO_DATASETS};
    unsigned how = tape_next(t), kinds = tape_next(t);
    row      r   = {.name = "fuzz"};

    r.flags |= (how & 1) != 0 ? CODE : 0;
    r.flags |= (how & 2) != 0 ? BOTH : 0;
    r.flags |= (how & 4) != 0 ? DECLINE : 0;
    r.flags |= (how & 8) != 0 ? NO_STORE : 0;
    r.fake |= (how & 16) != 0 ? FAKE_STALE_NONCE : 0;
    r.fake |= (how & 32) != 0 ? FAKE_SIGNED : 0;
    for (size_t i = 0; i < COUNT(fakes); i++)
        if ((kinds >> i & 1) != 0)
            r.fake |= fakes[i];
    return r;
}

static void change(driver *d, yao_receive_event *e, tape *t)
{
    uint8_t how  = tape_next(t);
    bool    body = e->kind == YAO_RECEIVE_ANSWER;

    switch (how % CHANGES) {
    case 1:
    case 2:
        if (body)
            e->answer.body = tape_spoil(t, test_arena(), e->answer.body,
                                        how % CHANGES == 2);
        break;
    case 3:
        e->answer.status = 100 + 2 * tape_next(t);
        break;
    case 4:
        e->kind      = (yao_receive_event_kind)(tape_next(t) %
                                           (YAO_RECEIVE_EVENTS + 1));
        e->keys      = d->points;
        e->key_count = tape_next(t) % YAO_VCI_MAX_BATCH;
        e->status    = YAO_E_NET;
        break;
    default:
        break;
    }
}

static void check(driver *d, const yao_receive_wish *w)
{
    size_t                  count;
    const yao_receive_item *items = yao_receive_items(d->machine, &count);

    must(d->fake.trouble == NULL ||
         strcmp(d->fake.trouble, "another's address") != 0);
    for (size_t i = 0; i < count; i++) {
        if (w->status == YAO_OK)
            must(items[i].state == YAO_RECEIVE_KEPT);
        if (items[i].state != YAO_RECEIVE_KEPT)
            continue;
        must(d->confirmed == 1 && items[i].copy_count != 0);
        for (size_t n = 0; n < items[i].copy_count; n++)
            for (size_t m = 0; m < n; m++)
                must(items[i].key_of[n] != items[i].key_of[m]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    tape              t = {data, len};
    row               r = row_of(&t);
    yao_receive_event e = {.kind = YAO_RECEIVE_START};
    yao_receive_wish  w = {.kind = YAO_RECEIVE_STOP};
    driver            d;
    size_t            step = 0;

    test_arena()->used = 0;
    open_session(&d, &r);
    for (; step < STEPS; step++) {
        e.now    = FAKE_NOW + (yao_time)d.waited;
        e.random = fresh(&d);
        yao_receive_step(d.machine, &e, &w);
        if (w.kind == YAO_RECEIVE_STOP)
            break;
        fulfil(&d, &w, &e);
        change(&d, &e, &t);
    }
    must(step < STEPS);
    check(&d, &w);
    close_session(&d);
    return 0;
}
