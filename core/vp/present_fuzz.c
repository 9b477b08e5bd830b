/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The wallet's machine against an honest verifier whose answers are changed on
 * the way, and a driver that fails or does something else. Properties:
 *   - it ends;
 *   - nobody is asked before it is known who asks, and nothing is signed before
 *     the person agreed;
 *   - nobody but the verifier is spoken to, and nothing is posted to it before
 *     its request was found good;
 *   - what ends well was sent, once.
 *
 * Input: three bytes of flags; then for each step a byte (0: as it should be)
 * and what it needs.
 */

#include "present_driver.h"
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { STEPS = 200, CHANGES = 5 };

static present_row row_of(tape *t)
{
    static const unsigned flags[] = {
        BY_VALUE, BY_POST,  BROWSER,  CLEAR,     CLEAR_OK, DECLINE,
        NOTHING,  SLOW,     TELL,     LOST,      STRANGER, REPEATED,
        NO_ECHO,  ONE_ONLY, REDIRECT, NO_BROWSER, UNSIGNED, UNSIGNED_OK};
    present_row r = {.name = "fuzz"};
    unsigned    bits = tape_next(t);

    bits |= (unsigned)tape_next(t) << 8;
    bits |= (unsigned)tape_next(t) << 16;
    for (size_t i = 0; i < COUNT(flags); i++)
        if ((bits >> i & 1) != 0)
            r.flags |= flags[i];
    return r;
}

static void change(yao_present_event *e, tape *t)
{
    uint8_t how = tape_next(t);

    switch (how % CHANGES) {
    case 1:
    case 2:
        if (e->kind == YAO_PRESENT_ANSWER)
            e->answer.body = tape_spoil(t, test_arena(), e->answer.body,
                                        how % CHANGES == 2);
        break;
    case 3:
        e->answer.status = 100 + 2 * tape_next(t);
        break;
    case 4:
        e->kind   = (yao_present_event_kind)(tape_next(t) %
                                           (YAO_PRESENT_EVENTS + 1));
        e->status = YAO_E_NET;
        break;
    default:
        break;
    }
}

static void check_wish(const present_driver *d, const yao_present_wish *w)
{
    const yao_vp_request *q = yao_present_request(d->machine);

    if (w->kind == YAO_PRESENT_ASK || w->kind == YAO_PRESENT_SIGN)
        must(q != NULL);
    if (w->kind == YAO_PRESENT_SIGN)
        must(d->asked == 1);
    if (w->kind == YAO_PRESENT_OPEN)
        must(yao_bytes_starts(yao_text_bytes(w->text), YAO_LIT("https://")));
    if (w->kind != YAO_PRESENT_FETCH)
        return;
    if (!yao_text_equal(w->fetch.url, YAO_TEXT(PRESENT_URI)))
        must(q != NULL || (d->r->flags & TELL) != 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    tape              t = {data, len};
    present_row       r = row_of(&t);
    yao_present_event e = {.kind = YAO_PRESENT_START};
    yao_present_wish  w = {.kind = YAO_PRESENT_STOP};
    present_driver    d;
    size_t            step = 0;

    test_arena()->used = 0;
    present_begin(&d, &r);
    for (; step < STEPS; step++) {
        e.now    = d.now;
        e.random = present_fresh(&d);
        yao_present_step(d.machine, &e, &w);
        if (w.kind == YAO_PRESENT_STOP)
            break;
        check_wish(&d, &w);
        present_fulfil(&d, &w, &e);
        change(&e, &t);
    }
    must(step < STEPS);
    must(d.trouble == NULL || strcmp(d.trouble, "another's address") != 0);
    must(d.posts + d.handed <= 1);
    if (w.status == YAO_OK)
        must(d.asked == 1 && d.posts + d.handed == 1);
    present_end(&d);
    return 0;
}
