/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/limit.h"

/* Of two who count at the same time one looks again; so often. */
#define AGAIN 8

typedef struct rule {
    enrol_limit limit;
    int64_t     free;       /* tries without waiting */
    int64_t     first_wait; /* seconds after the first that is not free */
    int64_t     most_wait;
    int64_t     window; /* forgotten so long after the last try */
    const char *kind;   /* of the case that is opened */
} rule;

static const rule rules[] = {
    {ENROL_LIMIT_LOGIN, 5, 30, 3600, 86400, "login.codes"},
    {ENROL_LIMIT_PERSON, 6, 600, 6 * 3600, 86400, "enrol.person"},
    {ENROL_LIMIT_FAR, 6, 600, 6 * 3600, 86400, "enrol.person"},
    {ENROL_LIMIT_KIOSK, 60, 30, 600, 3600, "enrol.kiosk"},
    {ENROL_LIMIT_PEER, 30, 30, 3600, 3600, "enrol.address"},
    {ENROL_LIMIT_DEVICE, 4, 3600, 86400, 30 * 86400, "enrol.device"},
    {ENROL_LIMIT_PARTY, 600, 30, 600, 3600, "party.look_ups"},
    {ENROL_LIMIT_NETCERT, 5, 60, 3600, 86400, "netcert.unfreeze"},
    {ENROL_LIMIT_WALLET, 20, 60, 3600, 86400, "login.wallet"},
    {ENROL_LIMIT_LOOKUP, 120, 30, 600, 3600, "party.officer_look_ups"},
    {ENROL_LIMIT_OFFICER, 12, 300, 3600, 86400, "party.officer"},
    {ENROL_LIMIT_GUESS, 5, 600, 86400, 7 * 86400, "party.guesses"},
};

static const rule *find(enrol_limit limit)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].limit == limit)
            return &rules[i];
    return NULL;
}

/* After so many tries. */
static int64_t wait_after(const rule *r, int64_t tries)
{
    int64_t wait = r->first_wait;

    if (tries < r->free)
        return 0;
    for (int64_t i = r->free; i < tries && wait < r->most_wait; i++)
        wait *= 2;
    return wait < r->most_wait ? wait : r->most_wait;
}

/* A clock that was set back must not lock anybody out: no wait is longer than
 * the longest. */
static int64_t still_to_wait(const rule *r, const store_throttle *t,
                             yao_time now)
{
    int64_t wait = t->until - now;

    if (wait <= 0)
        return 0;
    return wait < r->most_wait ? wait : r->most_wait;
}

static yao_status count_one(const enrol *e, const rule *r, yao_bytes subject,
                            int64_t *wait)
{
    store_change   change = store_change_open(e->arena);
    store_throttle t      = {.kind = r->limit, .subject = subject};

    yao_status status =
        store_get_throttle(e->a->store, r->limit, subject, e->arena, &t);
    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;

    int64_t before = t.tries;
    *wait          = still_to_wait(r, &t, e->now);
    if (*wait > 0)
        return YAO_E_LIMIT;
    if (before > 0 && t.expires <= e->now)
        t.tries = 0;
    t.tries++;
    t.until   = e->now + wait_after(r, t.tries);
    t.expires = t.until + r->window;
    store_put_throttle(&change, &t, before);
    /* once, when the free ones are used up */
    if (t.tries == r->free)
        YAO_TRY(enrol_put_case(e, &change, r->kind, subject, YAO_TEXT("{}")));
    return store_commit(e->a->store, &change);
}

yao_status enrol_try(const enrol *e, enrol_limit limit, yao_bytes subject,
                     int64_t *wait)
{
    const rule *r      = find(limit);
    yao_status  status = YAO_E_USAGE;

    *wait = 0;
    for (int i = 0; r != NULL && i < AGAIN; i++) {
        status = count_one(e, r, subject, wait);
        if (status != YAO_E_EXISTS)
            return status;
    }
    /* so many at once are no person */
    if (status == YAO_E_EXISTS) {
        *wait = r->first_wait;
        return YAO_E_LIMIT;
    }
    return status;
}

enrol_limit enrol_limit_of_number(int64_t kind)
{
    return kind == ENROL_SESSION_KIOSK ? ENROL_LIMIT_PERSON : ENROL_LIMIT_FAR;
}

void enrol_tried(store_change *change, enrol_limit limit, yao_bytes subject)
{
    store_end_throttle(change, limit, subject);
}

/* ---- cases ---- */

yao_status enrol_put_case(const enrol *e, store_change *change,
                          const char *kind, yao_bytes subject, yao_text detail)
{
    uint8_t *id   = yao_arena_take(e->arena, STORE_ID_LEN);
    uint64_t open = 0;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(store_count_cases(e->a->store, yao_text_of(kind), subject, &open));
    if (open != 0)
        return YAO_OK;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    store_put_case(change, &(store_case){.id      = {id, STORE_ID_LEN},
                                         .kind    = yao_text_of(kind),
                                         .subject = subject,
                                         .opened  = e->now,
                                         .detail  = detail});
    return authority_put_event(change, e->arena, "case.open", subject,
                               YAO_TEXT("{}"));
}
