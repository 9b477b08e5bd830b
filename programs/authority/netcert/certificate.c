/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invariants
 *   1. What changes a certificate claims its version: whatever was issued or
 *      done since it was read makes the change fail, and it is read again. So
 *      no copies slip in between listing them and suspending them.
 *   2. The certificate, its copies and the event are one change.
 */
#include "authority/netcert/inside.h"

#include "authority/enrol/limit.h"
#include "authority/issue.h"
#include "authority/state.h"
#include "issuance/issuance.h"
#include "store/bar.h"

/* Somebody else was faster: look again; so often. */
#define AGAIN 4

#define DAY INT64_C(86400)

yao_status netcert_get(const enrol *e, yao_bytes lookup, store_netcert *ret)
{
    store_netcert n = {.state = 0};
    yao_status    status =
        store_get_netcert(e->a->store, lookup, e->arena, &n);

    if (status != YAO_OK && status != YAO_E_NOT_FOUND)
        return status;
    *ret = n;
    return YAO_OK;
}

static bool is_alive(const store_netcert *n, yao_time now)
{
    return netcert_move(netcert_state_at(n, now), NETCERT_SUPERSEDE) != 0;
}

/* Frozen, held, or barred by an event: all of the person's documents, or this
 * one. */
yao_status netcert_is_barred(const enrol *e, yao_bytes holder, bool *ret)
{
    uint64_t count = 0;

    YAO_TRY(store_count_bars(e->a->store, holder, YAO_TEXT(NETCERT_DOCUMENT),
                             YAO_LIT(""), &count));
    *ret = count > 0;
    return YAO_OK;
}

/* ---- its copies ---- */

/* The certificate is the reason, beside which an officer may have others. */
static state_reason reason_of(const enrol *e, const store_netcert *n,
                              const char *word)
{
    return (state_reason){.authority = e->a,
                          .catalogue = e->catalogue,
                          .bar       = n->id,
                          .word      = word,
                          .at        = e->now};
}

static yao_status suspend_one(const enrol *e, store_change *change,
                              const store_document *d, const store_netcert *n)
{
    const state_reason r = reason_of(e, n, "frozen");

    return state_suspend(change, e->arena, d, &r);
}

/* Suspend for N what was issued; or with WORD revoke it. */
static yao_status end_copies(const enrol *e, store_change *change,
                             const store_netcert *n, const char *word)
{
    store_document *list;
    size_t          count;

    YAO_TRY(
        store_list_documents(e->a->store, n->holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        const store_document *d = &list[i];
        if (!yao_text_equal(d->name, YAO_TEXT(NETCERT_DOCUMENT)) ||
            d->state == STORE_REVOKED || d->valid_until < e->now ||
            issue_came_before(list, i))
            continue;
        YAO_TRY(word != NULL ? state_revoke(change, e->arena, d, word, e->now)
                             : suspend_one(e, change, d, n));
    }
    return YAO_OK;
}

static yao_status suspend_copies(const enrol *e, store_change *change,
                                 const store_netcert *n)
{
    return end_copies(e, change, n, NULL);
}

static yao_status revoke_copies(const enrol *e, store_change *change,
                                const store_netcert *n)
{
    return end_copies(e, change, n, "deregistered");
}

/* What was suspended for N alone is valid again. */
static yao_status release_copies(const enrol *e, store_change *change,
                                 const store_netcert *n)
{
    const state_reason r = reason_of(e, n, "unfrozen");
    yao_bytes         *list;
    size_t             count;

    YAO_TRY(
        store_list_suspended_by(e->a->store, n->id, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        store_document *batches;
        size_t          batch_count;
        int64_t         to;
        YAO_TRY(store_list_issuance(e->a->store, list[i], e->arena, &batches,
                                    &batch_count));
        if (batch_count > 0)
            YAO_TRY(state_release(change, e->arena, &batches[0], &r, &to));
    }
    return YAO_OK;
}

/* ---- opening ---- */

/* A certificate stands for a legal identity: the identity card must be one. */
yao_status netcert_check_card(const enrol *e, const yao_json *record)
{
    const yao_issuance_input input = {
        .catalogue  = e->catalogue,
        .definition = yao_document_by_name(e->catalogue, NETCERT_CARD),
        .person     = record,
        .now        = e->now,
        .level      = 1};

    if (input.definition == NULL)
        return YAO_E_NOT_ENTITLED;
    return yao_issuance_check_entitled(e->arena, &input, NULL);
}

static yao_status check_level(const enrol *e, const netcert_holder *holder,
                              const store_netcert *old)
{
    bool barred = true;

    if (holder->level < NETCERT_LEVEL)
        return YAO_E_NOT_ENTITLED;
    YAO_TRY(netcert_is_barred(e, holder->holder, &barred));
    if (barred)
        return YAO_E_NOT_ENTITLED;
    /* a lower level never ends a higher one (design 9) */
    if (is_alive(old, e->now) && holder->level < old->level)
        return YAO_E_NOT_ENTITLED;
    return YAO_OK;
}

yao_status netcert_may_open(const enrol *e, const netcert_holder *holder)
{
    store_netcert old;

    YAO_TRY(netcert_get(e, holder->lookup, &old));
    return check_level(e, holder, &old);
}

/* Who deregistered gets another number; who only let it expire, or downloads it
 * again, keeps the one that parties know. */
static yao_status choose_number(const enrol *e, const store_netcert *old,
                                const people_person *person, store_netcert *new)
{
    char    *drawn = yao_arena_take(e->arena, NETCERT_NUMBER);
    uint8_t *hash  = yao_arena_take(e->arena, STORE_HASH_LEN);

    if (drawn == NULL || hash == NULL)
        return YAO_E_SPACE;
    if (old->state != 0 && old->state != STORE_NETCERT_DEREGISTERED) {
        new->number = old->number;
        new->sealed = old->sealed;
        return YAO_OK;
    }
    yao_text number = {(const uint8_t *)drawn, NETCERT_NUMBER};
    YAO_TRY(netcert_draw(drawn));
    yao_status status = netcert_hash(e->a, number, hash);
    if (status == YAO_OK)
        status = netcert_seal(&person->key, number, e->arena, &new->sealed);
    yao_wipe(drawn, NETCERT_NUMBER);
    new->number = (yao_bytes){hash, STORE_HASH_LEN};
    return status;
}

static yao_status put_new(const enrol *e, store_change *change,
                          const netcert_holder *holder,
                          const store_netcert *old, const people_person *person)
{
    uint8_t      *id  = yao_arena_take(e->arena, STORE_ID_LEN);
    store_netcert new = {.person  = holder->lookup,
                         .holder  = holder->holder,
                         .level   = holder->level,
                         .opened  = e->now,
                         .expires = e->now - e->now % DAY +
                                    (NETCERT_DAYS + 1) * DAY};

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    new.id = (yao_bytes){id, STORE_ID_LEN};
    YAO_TRY(choose_number(e, old, person, &new));
    store_put_netcert(change, &new);
    return YAO_OK;
}

/* The one that is alive, or whose end nobody noted yet, makes room. */
static yao_status end_old(const enrol *e, store_change *change,
                          const store_netcert *old)
{
    if (netcert_move(old->state, NETCERT_SUPERSEDE) == 0)
        return YAO_OK;
    if (!is_alive(old, e->now)) {
        store_move_netcert(change, old, STORE_NETCERT_EXPIRED, e->now);
        return YAO_OK;
    }
    store_move_netcert(change, old, STORE_NETCERT_SUPERSEDED, e->now);
    return end_copies(e, change, old, "superseded");
}

static yao_status put_with(const enrol *e, store_change *change,
                           const netcert_holder *holder,
                           const store_netcert *old,
                           const people_person *person)
{
    const char *kind = is_alive(old, e->now) ? "netcert.download"
                                             : "netcert.open";

    YAO_TRY(netcert_check_card(e, person->record));
    YAO_TRY(end_old(e, change, old));
    YAO_TRY(put_new(e, change, holder, old, person));
    YAO_TRY(people_note_read(e->a, change, person->number, "net certificate"));
    return authority_put_event(change, e->arena, kind, holder->holder,
                               YAO_TEXT("{}"));
}

yao_status netcert_put(const enrol *e, store_change *change,
                       const netcert_holder *holder)
{
    store_netcert old;
    people_person person;

    YAO_TRY(netcert_get(e, holder->lookup, &old));
    YAO_TRY(check_level(e, holder, &old));
    YAO_TRY(people_find_by(e->a, holder->lookup, e->arena, &person));
    yao_status status = put_with(e, change, holder, &old, &person);
    people_close(&person);
    return status;
}

/* ---- what is done to one ---- */

typedef struct act_row {
    netcert_act act;
    const char *event;
    yao_status (*copies)(const enrol *e, store_change *change,
                         const store_netcert *n);
    bool protects; /* may be done at any level */
    bool throttled;
    bool ends; /* and all grants with it */
} act_row;

static const act_row acts[] = {
    {NETCERT_FREEZE, "netcert.freeze", suspend_copies, true, false, false},
    {NETCERT_UNFREEZE, "netcert.unfreeze", release_copies, false, true, false},
    {NETCERT_DEREGISTER, "netcert.deregister", revoke_copies, false, false,
     true},
};

static yao_status may(const enrol *e, const netcert_holder *holder,
                      const store_netcert *n, const act_row *row)
{
    if (!is_alive(n, e->now))
        return YAO_E_NOT_FOUND;
    if (netcert_move(n->state, row->act) == 0)
        return YAO_E_EXISTS;
    if (!row->protects && holder->level < n->level)
        return YAO_E_NOT_AUTHORISED;
    return YAO_OK;
}

static yao_status do_once(const enrol *e, const netcert_holder *holder,
                          const store_netcert *n, const act_row *row)
{
    store_change change = store_change_open(e->arena);

    store_move_netcert(&change, n,
                       (store_netcert_state)netcert_move(n->state, row->act),
                       e->now);
    YAO_TRY(row->copies(e, &change, n));
    if (row->ends)
        store_withdraw_grants(&change, holder->lookup, e->now);
    YAO_TRY(authority_put_event(&change, e->arena, row->event, holder->holder,
                                YAO_TEXT("{}")));
    return store_commit(e->a->store, &change);
}

static const act_row *find_act(netcert_act act)
{
    for (size_t i = 0; i < sizeof acts / sizeof acts[0]; i++)
        if (acts[i].act == act)
            return &acts[i];
    return NULL;
}

yao_status netcert_do(const enrol *e, const netcert_holder *holder,
                      netcert_act act, int64_t *wait)
{
    const act_row *row = find_act(act);
    store_netcert  n;

    *wait = 0;
    if (row == NULL)
        return YAO_E_USAGE;
    for (int i = 0; i < AGAIN; i++) {
        YAO_TRY(netcert_get(e, holder->lookup, &n));
        YAO_TRY(may(e, holder, &n, row));
        if (row->throttled && i == 0)
            YAO_TRY(enrol_try(e, ENROL_LIMIT_NETCERT, holder->lookup, wait));
        yao_status status = do_once(e, holder, &n, row);
        if (status != YAO_E_NOT_FOUND && status != YAO_E_EXISTS)
            return status;
    }
    return YAO_E_LOCKED;
}

/* ---- the clock ---- */

/* Copies are over by themselves: they live no longer than the certificate. */
static yao_status expire_one(const enrol *e, const store_netcert *n)
{
    store_change change = store_change_open(e->arena);

    store_move_netcert(&change, n, STORE_NETCERT_EXPIRED, e->now);
    YAO_TRY(authority_put_event(&change, e->arena, "netcert.expire", n->holder,
                                YAO_TEXT("{}")));
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status netcert_expire_due(const enrol *e, size_t *ret)
{
    store_netcert *list;
    size_t         count;

    YAO_TRY(store_list_due_netcerts(e->a->store, e->now, 100, e->arena, &list,
                                    &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(expire_one(e, &list[i]));
    *ret = count;
    return YAO_OK;
}
