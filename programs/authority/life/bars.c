/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/life/life.h"

#include "authority/state.h"

#include <string.h>

/* Of two who change the same at the same time one looks again; so often. */
#define AGAIN 8

/* What one run of the job does. */
#define AT_ONCE 64

#define FREEZE_WORD "frozen"

yao_status life_find_subject(const enrol *e, yao_text number, life_subject *ret)
{
    uint8_t *lookup = yao_arena_take(e->arena, STORE_HASH_LEN);
    uint8_t *holder = yao_arena_take(e->arena, STORE_HASH_LEN);

    if (lookup == NULL || holder == NULL)
        return YAO_E_SPACE;
    YAO_TRY(people_number(number, e->arena, &number));
    YAO_TRY(enrol_hash_person(e, number, lookup, holder));
    *ret = (life_subject){.holder = {holder, STORE_HASH_LEN},
                          .lookup = {lookup, STORE_HASH_LEN}};
    return YAO_OK;
}

/* ---- one bar, within a change ---- */

/* The batches of an issuance follow each other. */
static bool is_first(const store_document *list, size_t i)
{
    return i == 0 || !yao_bytes_equal(list[i].issuance, list[i - 1].issuance);
}

static state_reason reason_of(const enrol *e, yao_bytes bar, const char *word)
{
    return (state_reason){.authority = e->a,
                          .catalogue = e->catalogue,
                          .bar       = bar,
                          .word      = word,
                          .at        = e->now};
}

/* The change borrows the word. */
static yao_status keep_word(const enrol *e, yao_text word, const char **ret)
{
    char *kept = yao_arena_take(e->arena, word.len + 1);

    if (kept == NULL)
        return YAO_E_SPACE;
    memcpy(kept, word.ptr, word.len);
    kept[word.len] = '\0';
    *ret           = kept;
    return YAO_OK;
}

static yao_status put_word(const enrol *e, store_change *change,
                           const char *kind, const store_bar *bar)
{
    yao_writer w     = yao_writer_in(e->arena);
    bool       first = true;
    yao_bytes  detail;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "reason", bar->reason);
    yao_json_put_member(&w, &first, "by", bar->author);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, e->arena, &detail));
    return authority_put_event(change, e->arena, kind, bar->holder,
                               (yao_text){detail.ptr, detail.len});
}

static yao_status tell(const enrol *e, store_change *change,
                       const store_bar *bar, const char *kind)
{
    const char *word;

    YAO_TRY(keep_word(e, bar->reason, &word));
    return life_put_notice(e, change,
                           &(life_notice){.kind     = kind,
                                          .holder   = bar->holder,
                                          .about    = bar->id,
                                          .document = bar->name,
                                          .reason   = word,
                                          .until    = bar->ends});
}

yao_status life_add_bar(const enrol *e, store_change *change,
                        const store_bar *bar, const char *kind)
{
    store_document *list;
    size_t          count;
    const char     *word;

    YAO_TRY(keep_word(e, bar->reason, &word));
    const state_reason r = reason_of(e, bar->id, word);
    YAO_TRY(store_list_barred(e->a->store, bar, e->now, e->arena, &list,
                              &count));
    store_put_bar(change, bar);
    for (size_t i = 0; i < count; i++)
        if (is_first(list, i))
            YAO_TRY(state_suspend(change, e->arena, &list[i], &r));
    YAO_TRY(tell(e, change, bar, kind));
    return put_word(e, change, kind, bar);
}

yao_status life_put_bar(const enrol *e, const store_bar *bar, const char *kind)
{
    store_bar  full   = *bar;
    uint8_t   *id     = yao_arena_take(e->arena, STORE_ID_LEN);
    yao_status status = YAO_E_NOT_FOUND;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    if (full.id.len == 0)
        full.id = (yao_bytes){id, STORE_ID_LEN};
    full.started = e->now;
    for (int i = 0; i < AGAIN && status == YAO_E_NOT_FOUND; i++) {
        store_change change = store_change_open(e->arena);
        YAO_TRY(life_add_bar(e, &change, &full, kind));
        status = store_commit(e->a->store, &change);
    }
    return status == YAO_E_NOT_FOUND ? YAO_E_LOCKED : status;
}

/* ---- its end ---- */

static yao_status tell_over(const enrol *e, store_change *change,
                            const store_document *d)
{
    return life_put_notice(e, change,
                           &(life_notice){.kind     = "reissue",
                                          .holder   = d->holder,
                                          .about    = d->issuance,
                                          .document = d->name,
                                          .reason   = "restored"});
}

static yao_status release_one(const enrol *e, store_change *change,
                              yao_bytes issuance, const state_reason *r)
{
    store_document *batches;
    size_t          count;
    int64_t         to;

    YAO_TRY(store_list_issuance(e->a->store, issuance, e->arena, &batches,
                                &count));
    if (count == 0)
        return YAO_OK;
    YAO_TRY(state_release(change, e->arena, &batches[0], r, &to));
    if (to == STORE_REVOKED && batches[0].state != STORE_REVOKED)
        return tell_over(e, change, &batches[0]);
    return YAO_OK;
}

yao_status life_take_bar(const enrol *e, store_change *change,
                         const store_bar *bar, const char *kind,
                         const char *word)
{
    const state_reason r = reason_of(e, bar->id, word);
    yao_bytes         *list;
    size_t             count;

    YAO_TRY(
        store_list_suspended_by(e->a->store, bar->id, e->arena, &list, &count));
    store_end_bar(change, bar->id, e->now);
    for (size_t i = 0; i < count; i++)
        YAO_TRY(release_one(e, change, list[i], &r));
    YAO_TRY(tell(e, change, bar, kind));
    return put_word(e, change, kind, bar);
}

static yao_status stands(const enrol *e, const store_bar *bar, bool *ret)
{
    store_bar *list;
    size_t     count;

    *ret = false;
    YAO_TRY(
        store_list_bars(e->a->store, bar->holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (yao_bytes_equal(list[i].id, bar->id) && list[i].ended == 0)
            *ret = true;
    return YAO_OK;
}

yao_status life_end_bar(const enrol *e, const store_bar *bar, const char *kind,
                        const char *word)
{
    for (int i = 0; i < AGAIN; i++) {
        store_change change = store_change_open(e->arena);
        bool         there;

        YAO_TRY(stands(e, bar, &there));
        if (!there)
            return YAO_E_NOT_FOUND;
        YAO_TRY(life_take_bar(e, &change, bar, kind, word));
        yao_status status = store_commit(e->a->store, &change);
        if (status != YAO_E_NOT_FOUND)
            return status;
    }
    return YAO_E_LOCKED;
}

/* ---- freezing ---- */

/* The freeze of HOLDER that stands; NULL when there is none. */
static yao_status find_freeze(const enrol *e, yao_bytes holder,
                              const store_bar **ret)
{
    store_bar *list;
    size_t     count;

    *ret = NULL;
    YAO_TRY(store_list_bars(e->a->store, holder, e->arena, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (list[i].kind == STORE_BAR_FREEZE && list[i].ended == 0)
            *ret = &list[i];
    return YAO_OK;
}

yao_status life_is_frozen(const enrol *e, yao_bytes holder, bool *ret)
{
    const store_bar *freeze;

    YAO_TRY(find_freeze(e, holder, &freeze));
    *ret = freeze != NULL;
    return YAO_OK;
}

yao_status life_freeze(const enrol *e, const life_subject *who, const char *by)
{
    bool frozen;

    YAO_TRY(life_is_frozen(e, who->holder, &frozen));
    if (frozen)
        return YAO_E_EXISTS;
    return life_put_bar(e,
                        &(store_bar){.holder = who->holder,
                                     .lookup = who->lookup,
                                     .kind   = STORE_BAR_FREEZE,
                                     .reason = YAO_TEXT(FREEZE_WORD),
                                     .author = yao_text_of(by)},
                        "person.freeze");
}

/* Two who froze at the same time made two: both end. */
yao_status life_unfreeze(const enrol *e, const life_subject *who)
{
    const store_bar *freeze;
    bool             any = false;

    for (;;) {
        YAO_TRY(find_freeze(e, who->holder, &freeze));
        if (freeze == NULL)
            return any ? YAO_OK : YAO_E_NOT_FOUND;
        yao_status status =
            life_end_bar(e, freeze, "person.unfreeze", "unfrozen");
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
        any = true;
    }
}

/* ---- holding ---- */

static const char *const hold_reasons[] = {"investigation", "court_order",
                                           "identity_dispute", "safety"};

bool life_is_hold_reason(yao_text word)
{
    for (size_t i = 0; i < sizeof hold_reasons / sizeof hold_reasons[0]; i++)
        if (yao_text_equal(word, yao_text_of(hold_reasons[i])))
            return true;
    return false;
}

static bool is_hold(const enrol *e, const life_hold_wish *wish)
{
    if (wish->document.len != 0 &&
        yao_document_by_name(e->catalogue, wish->document) == NULL)
        return false;
    return life_is_hold_reason(wish->reason) && wish->basis.len > 0 &&
           wish->basis.len <= LIFE_MAX_BASIS && wish->author.len > 0 &&
           wish->author.len <= LIFE_MAX_BASIS && wish->until > e->now &&
           wish->until <= e->now + LIFE_HOLD_MOST;
}

yao_status life_hold(const enrol *e, const life_subject *who,
                     const life_hold_wish *wish, yao_text *receipt)
{
    uint8_t  *id  = yao_arena_take(e->arena, STORE_ID_LEN);
    store_bar bar = {.holder  = who->holder,
                     .lookup  = who->lookup,
                     .kind    = STORE_BAR_HOLD,
                     .name    = wish->document,
                     .reason  = wish->reason,
                     .basis   = wish->basis,
                     .author  = wish->author,
                     .started = e->now,
                     .ends    = wish->until};

    if (id == NULL)
        return YAO_E_SPACE;
    if (!is_hold(e, wish))
        return YAO_E_VALUE;
    YAO_TRY(yao_openssl_random(id, STORE_ID_LEN));
    bar.id = (yao_bytes){id, STORE_ID_LEN};
    YAO_TRY(life_make_receipt(e, &bar, &bar.receipt));
    YAO_TRY(life_put_bar(e, &bar, "hold.begin"));
    *receipt = bar.receipt;
    return YAO_OK;
}

/* ---- jobs ---- */

static const char *end_kind(const store_bar *bar)
{
    return bar->kind == STORE_BAR_HOLD ? "hold.end" : "bar.end";
}

yao_status life_end_due(const enrol *e, size_t *ret)
{
    store_bar *list;
    size_t     count;

    *ret = 0;
    YAO_TRY(store_list_due_bars(e->a->store, e->now, AT_ONCE, e->arena, &list,
                                &count));
    for (size_t i = 0; i < count; i++) {
        yao_status status =
            life_end_bar(e, &list[i], end_kind(&list[i]), "ended");
        if (status != YAO_OK && status != YAO_E_NOT_FOUND)
            return status;
        *ret += status == YAO_OK;
    }
    return YAO_OK;
}

static yao_status catch_escaped(const enrol *e, const store_escaped *x)
{
    store_change       change = store_change_open(e->arena);
    const state_reason r      = reason_of(e, x->bar, FREEZE_WORD);
    store_document    *batches;
    size_t             count;

    YAO_TRY(store_list_issuance(e->a->store, x->issuance, e->arena, &batches,
                                &count));
    if (count == 0)
        return YAO_OK;
    YAO_TRY(state_suspend(&change, e->arena, &batches[0], &r));
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

/* Two reasons ended at the same time, and each saw the other. */
static yao_status let_go(const enrol *e, yao_bytes issuance)
{
    store_change    change = store_change_open(e->arena);
    store_document *batches;
    size_t          count;

    YAO_TRY(store_list_issuance(e->a->store, issuance, e->arena, &batches,
                                &count));
    if (count == 0)
        return YAO_OK;
    const store_document *d = &batches[0];
    const state_outcome   o = state_decide(
        yao_document_by_name(e->catalogue, d->name), STORE_VALID);
    const state_deed deed = {.verb     = "restore",
                             .issuance = issuance,
                             .holder   = d->holder,
                             .document = d->name,
                             .state    = o.state,
                             .copies   = o.copies,
                             .reason   = "ended"};
    YAO_TRY(state_put_plain(&change, e->arena, &deed, e->now));
    if (o.state == STORE_REVOKED)
        YAO_TRY(tell_over(e, &change, d));
    yao_status status = store_commit(e->a->store, &change);
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status life_mend(const enrol *e, size_t *ret)
{
    store_escaped *escaped;
    yao_bytes     *loose;
    size_t         count, more;

    YAO_TRY(store_list_escaped(e->a->store, e->now, AT_ONCE, e->arena, &escaped,
                               &count));
    for (size_t i = 0; i < count; i++)
        YAO_TRY(catch_escaped(e, &escaped[i]));
    YAO_TRY(
        store_list_unsuspended(e->a->store, AT_ONCE, e->arena, &loose, &more));
    for (size_t i = 0; i < more; i++)
        YAO_TRY(let_go(e, loose[i]));
    *ret = count + more;
    return YAO_OK;
}
