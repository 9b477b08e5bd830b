/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/level.h"

#include "authority/enrol/guardian.h"
#include "authority/enrol/limit.h"
#include "authority/life/life.h"
#include "authority/state.h"
#include "store/person_passkey.h"
#include "store/session.h"

/* Issuances that one run of the job ends. */
#define AT_ONCE 64

int64_t enrol_level(int64_t factors)
{
    bool code = (factors & ENROL_CODE) != 0;

    if ((factors & ENROL_DEVICE) == 0)
        return 0;
    if ((factors & (ENROL_CARD | ENROL_OFFICER)) != 0 && code)
        return 4;
    if ((factors & ENROL_FACE) != 0 && code)
        return 3;
    if (code || (factors & (ENROL_FACE | ENROL_FACE_FAR)) != 0)
        return 2;
    return 1;
}

const char *enrol_level_word(int64_t level)
{
    static const char *const words[] = {"none", "device", "light", "full",
                                        "officer"};

    return level >= 0 && level <= 4 ? words[level] : words[0];
}

const char *enrol_state_word(int64_t state)
{
    static const char *const words[] = {"none", "notice", "offered", "active",
                                        "ended"};

    return state >= 0 && state <= 4 ? words[state] : words[0];
}

/* ---- a new device ---- */

/* New devices of one person within a day that an officer looks at. */
#define MANY 3

/* What HOLDER has: is something higher bound; does something of this level
 * wait; how much is new? */
typedef struct standing {
    bool                   higher;
    size_t                 today;
    const store_enrolment *waiting;
} standing;

static standing look_at(const store_enrolment *list, size_t count,
                        int64_t level, yao_time now)
{
    standing s = {.higher = false};

    for (size_t i = 0; i < count; i++) {
        s.today += list[i].started > now - ENROL_NOTICE_SECONDS;
        if (list[i].state == STORE_ENROLMENT_BOUND && list[i].level > level)
            s.higher = true;
        if (list[i].state == STORE_ENROLMENT_WAITING && list[i].level == level)
            s.waiting = &list[i];
    }
    return s;
}

yao_status enrol_has_higher(const enrol *e, yao_bytes holder, int64_t level,
                            bool *ret)
{
    store_enrolment *list;
    size_t           count;

    YAO_TRY(store_list_enrolments(e->a->store, holder, e->arena, &list,
                                  &count));
    *ret = look_at(list, count, level, e->now).higher;
    return YAO_OK;
}

/* A device that waits, or that has come: the person sees it in whatever wallet
 * they open. */
static yao_status tell(const enrol *e, store_change *change,
                       const store_enrolment *device, const char *kind)
{
    bool waits = device->active_from > e->now;

    return life_put_notice(
        e, change,
        &(life_notice){.kind   = kind,
                       .holder = device->holder,
                       .about  = device->id,
                       .reason = enrol_level_word(device->level),
                       .until  = waits ? device->active_from : 0});
}

static yao_status put_new(const enrol *e, store_change *change,
                          const enrol_new *what, enrol_entered *ret)
{
    uint8_t *id = yao_arena_take(e->arena, STORE_ID_LEN);
    bool     waits = ret->entry == ENROL_ENTRY_NOTICE;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    ret->enrolment = (yao_bytes){id, STORE_ID_LEN};
    ret->until     = waits ? e->now + ENROL_NOTICE_SECONDS : e->now;
    const store_enrolment row = {.id      = ret->enrolment,
                                 .holder  = what->holder,
                                 .level   = ret->level,
                                 .factors = what->factors,
                                 .state   = waits ? STORE_ENROLMENT_WAITING
                                                  : STORE_ENROLMENT_OFFERED,
                                 .replaces    = what->replaces,
                                 .started     = e->now,
                                 .active_from = ret->until};
    store_put_enrolment(change, &row);
    if (waits)
        YAO_TRY(tell(e, change, &row, "device.notice"));
    return authority_put_event(
        change, e->arena, waits ? "enrolment.notice" : "enrolment.offer",
        what->holder, YAO_TEXT("{}"));
}

static yao_status take_up(const enrol *e, store_change *change,
                          const store_enrolment *waiting, enrol_entered *ret)
{
    ret->enrolment = waiting->id;
    ret->until     = waiting->active_from;
    if (waiting->active_from > e->now)
        return YAO_OK;
    ret->entry = ENROL_ENTRY_NOW;
    store_offer_enrolment(change, waiting->id, e->now);
    return authority_put_event(change, e->arena, "enrolment.offer",
                               waiting->holder, YAO_TEXT("{}"));
}

yao_status enrol_enter(const enrol *e, store_change *change,
                       const enrol_new *what, enrol_entered *ret)
{
    enrol_entered    entered = {.level = enrol_level(what->factors)};
    store_enrolment *list;
    size_t           count;
    yao_status       status;

    if (entered.level < 1)
        return YAO_E_USAGE;
    YAO_TRY(store_list_enrolments(e->a->store, what->holder, e->arena, &list,
                                  &count));
    standing s    = look_at(list, count, entered.level, e->now);
    if (s.today >= MANY)
        YAO_TRY(enrol_put_case(e, change, "enrol.many_devices", what->holder,
                               YAO_TEXT("{}")));
    entered.entry = s.higher ? ENROL_ENTRY_NOTICE : ENROL_ENTRY_NOW;
    if (s.higher && s.waiting != NULL)
        status = take_up(e, change, s.waiting, &entered);
    else
        status = put_new(e, change, what, &entered);
    if (status == YAO_OK)
        *ret = entered;
    return status;
}

/* ---- the wallet has come ---- */

/* A device that others enrolled too is a guardian's, or a dealer's. */
static yao_status look_at_device(const enrol *e, store_change *change,
                                 const store_enrolment *mine, yao_bytes device)
{
    store_enrolment *list;
    size_t           count, others = 0;
    int64_t          wait;

    YAO_TRY(store_list_device(e->a->store, device, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        others += !yao_bytes_equal(list[i].holder, mine->holder);
    if (others == 0)
        return YAO_OK;
    YAO_TRY(enrol_try(e, ENROL_LIMIT_DEVICE, device, &wait));
    return enrol_put_case(e, change, "enrol.shared_device", mine->holder,
                          YAO_TEXT("{}"));
}

yao_status enrol_bind(const enrol *e, store_change *change, yao_bytes enrolment,
                      yao_bytes device)
{
    store_enrolment mine;

    YAO_TRY(store_get_enrolment(e->a->store, enrolment, e->arena, &mine));
    if (mine.state == STORE_ENROLMENT_BOUND &&
        yao_bytes_equal(mine.device, device))
        return YAO_OK; /* the next document of the same wallet */
    if (mine.state != STORE_ENROLMENT_OFFERED)
        return YAO_E_EXISTS;
    YAO_TRY(look_at_device(e, change, &mine, device));
    store_bind_enrolment(change, enrolment, device,
                         mine.active_from > mine.started, e->now);
    YAO_TRY(tell(e, change, &mine, "device.new"));
    if (mine.replaces)
        enrol_put_lost(change, mine.holder, mine.level);
    return authority_put_event(change, e->arena, "enrolment.bind", mine.holder,
                               YAO_TEXT("{}"));
}

/* ---- what ended with a device ---- */

/* Which of a person's passkeys the device held nobody knows: all end that are
 * worth no more than what ends it. */
void enrol_put_lost(store_change *change, yao_bytes holder, int64_t level)
{
    store_drop_person_passkeys_up_to(change, holder, level);
    store_end_sessions_of(change, holder);
}

yao_status enrol_put_end(const enrol *e, store_change *change,
                         const store_enrolment *which)
{
    store_end_enrolment(change, which->id, which->holder, which->level,
                        e->now);
    store_drop_person_passkeys_up_to(change, which->holder, which->level);
    return authority_put_event(change, e->arena, "enrolment.end",
                               which->holder, YAO_TEXT("{}"));
}

static yao_status end_alone(const enrol *e, const store_enrolment *which)
{
    store_change change = store_change_open(e->arena);

    YAO_TRY(enrol_put_end(e, &change, which));
    store_end_sessions_of(&change, which->holder);
    return store_commit(e->a->store, &change);
}

/* Devices of other people, that is children, on the same telephone. */
static bool is_guarded_with(const store_enrolment *mine,
                            const store_enrolment *other, int64_t level)
{
    return (other->factors & ENROL_GUARDED) != 0 && other->level <= level &&
           other->state == STORE_ENROLMENT_BOUND &&
           !yao_bytes_equal(other->holder, mine->holder);
}

yao_status enrol_end_guarded(const enrol *e, const store_enrolment *which)
{
    store_enrolment  mine;
    store_enrolment *list;
    size_t           count;

    YAO_TRY(store_get_enrolment(e->a->store, which->id, e->arena, &mine));
    if (!yao_bytes_equal(mine.holder, which->holder))
        return YAO_E_NOT_FOUND;
    /* one child's end is not that of a brother */
    if (mine.state != STORE_ENROLMENT_BOUND || mine.level > which->level ||
        (mine.factors & ENROL_GUARDED) != 0)
        return YAO_OK;
    YAO_TRY(store_list_device(e->a->store, mine.device, e->arena, &list,
                              &count));
    for (size_t i = 0; i < count; i++) {
        if (!is_guarded_with(&mine, &list[i], which->level))
            continue;
        yao_status status = end_alone(e, &list[i]);
        /* somebody else has ended it */
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
    }
    return YAO_OK;
}

yao_status enrol_end_device(const enrol *e, yao_bytes enrolment,
                            yao_bytes holder, int64_t level)
{
    const store_enrolment which = {
        .id = enrolment, .holder = holder, .level = level};

    YAO_TRY(enrol_end_guarded(e, &which));
    return end_alone(e, &which);
}

static yao_status end_all(const enrol *e, yao_bytes holder, int64_t level,
                          size_t *ret)
{
    store_enrolment *list;
    size_t           count;

    *ret = 0;
    YAO_TRY(
        store_list_enrolments(e->a->store, holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        if (list[i].state == STORE_ENROLMENT_ENDED || list[i].level > level)
            continue;
        yao_status status = enrol_end_device(e, list[i].id, holder, level);
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
        *ret += status == YAO_OK;
    }
    return YAO_OK;
}

/* Passkeys and sessions first, also of who has no device that is left. */
yao_status enrol_end_devices(const enrol *e, yao_bytes holder, int64_t level,
                             size_t *ret)
{
    store_change change = store_change_open(e->arena);

    enrol_put_lost(&change, holder, level);
    YAO_TRY(authority_put_event(&change, e->arena, "person.lost", holder,
                                YAO_TEXT("{}")));
    YAO_TRY(store_commit(e->a->store, &change));
    return end_all(e, holder, level, ret);
}

static yao_status revoke_one(const enrol *e, yao_bytes issuance)
{
    store_change    change = store_change_open(e->arena);
    store_document *batches;
    size_t          count;

    YAO_TRY(store_list_issuance(e->a->store, issuance, e->arena, &batches,
                                &count));
    if (count == 0)
        return YAO_OK;
    YAO_TRY(state_revoke(&change, e->arena, &batches[0], "lost", e->now));
    yao_status status = store_commit(e->a->store, &change);
    /* somebody else has revoked it */
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status enrol_revoke_ended(const enrol *e, size_t *ret)
{
    yao_bytes *list;
    size_t     count;

    YAO_TRY(store_list_ended_issuances(e->a->store, AT_ONCE, e->arena, &list,
                                       &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(revoke_one(e, list[i]));
    *ret = count;
    return YAO_OK;
}
