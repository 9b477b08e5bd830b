/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/paper.h"

#include "authority/copies.h"
#include "store/erase.h"

/* One sheet on its way. */
typedef struct printing {
    enrol_visit            *v;
    const enrol_paper_wish *wish;
    const yao_definition   *definition;
    const yao_profile      *profile;
    issuing                 is;
    yao_issuance_document   document;
    yao_card_layout         layout;
    yao_public_key          nobody; /* no key is bound to paper */
    copies_wanted           wanted;
    copies_made             made;
} printing;

/* ---- what is wanted ---- */

static bool was_chosen(const printing *p)
{
    const yao_catalogue *c = p->v->e->catalogue;

    for (size_t i = 0; i < c->definition_count; i++)
        if (&c->definitions[i] == p->definition)
            return (p->v->state.chosen >> i & 1) != 0;
    return false;
}

/* For which document and purpose, and whether paper is allowed at all. */
static yao_status find_purpose(printing *p)
{
    const yao_catalogue    *c = p->v->e->catalogue;
    const enrol_paper_wish *w = p->wish;

    p->definition = yao_document_by_name(c, w->document);
    p->profile    = yao_profile_by_name(c, w->profile);
    if (p->definition == NULL || p->profile == NULL ||
        p->profile->paper_days == 0 || !was_chosen(p))
        return YAO_E_VALUE;
    yao_status status = yao_profile_card(&p->is.arena, p->profile,
                                         p->definition, w->choice, &p->layout);
    return status == YAO_E_NOT_FOUND ? YAO_E_VALUE : status;
}

static yao_status may_print(const printing *p)
{
    const enrol_state *s = &p->v->state;

    if (s->kind != ENROL_SESSION_KIOSK)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(enrol_must_be_at(p->v, ENROL_AT_CODE));
    return s->sheets < ENROL_SHEETS ? YAO_OK : YAO_E_LIMIT;
}

/* ---- whose ---- */

/* A device that came with more than was shown here would have been told and
 * asked before another one comes; paper can't be. */
static yao_status refuse_lower(const printing *p)
{
    bool higher = false;

    YAO_TRY(enrol_has_higher(p->v->e,
                             (yao_bytes){p->is.person.holder, STORE_HASH_LEN},
                             p->is.level, &higher));
    return higher ? YAO_E_REFUSED : YAO_OK;
}

static yao_status open_person(printing *p)
{
    const enrol *e  = p->v->e;
    issuing     *is = &p->is;

    YAO_TRY(enrol_check_subject(p->v));
    YAO_TRY(people_find(e->a, enrol_visit_subject(p->v), &is->arena,
                        &is->person));
    YAO_TRY(refuse_lower(p));
    YAO_TRY(people_portrait(e->a, &is->person, STORE_PORTRAIT, &is->arena,
                            &is->portrait));
    YAO_TRY(people_portrait(e->a, &is->person, STORE_PORTRAIT_SMALL, &is->arena,
                            &is->portrait_small));
    if (p->definition->entitlement != YAO_ENTITLED_HOUSEHOLD)
        return YAO_OK;
    return people_find_household(e->a, &is->person, &is->arena, &is->household);
}

static yao_status want(printing *p)
{
    const enrol  *e  = p->v->e;
    issuing      *is = &p->is;
    issue_signer *signer;

    YAO_TRY(e->services->signer(e, (int64_t)p->definition->role, &signer));
    p->wanted = (copies_wanted){
        .authority = is->authority,
        .document  = &p->document,
        .signer    = signer,
        .format    = COPIES_PAPER,
        .layout    = &p->layout,
        .choice    = p->wish->choice,
        .keys      = &p->nobody,
        .count     = 1,
        .holder    = {is->person.holder, STORE_HASH_LEN},
        .subject   = {is->subject_hash, STORE_HASH_LEN},
        .issuance  = {is->issuance, STORE_ID_LEN},
        .level     = is->level};
    return copies_begin(&p->wanted, &is->arena, &p->made);
}

static yao_status prepare(printing *p)
{
    yao_problems *problems = yao_arena_take(&p->is.arena, sizeof *problems);

    if (problems == NULL)
        return YAO_E_SPACE;
    YAO_TRY(may_print(p));
    YAO_TRY(find_purpose(p));
    YAO_TRY(open_person(p));
    yao_status status =
        issue_prepare(&p->is, p->definition, 0, problems, &p->document);
    if (status == YAO_E_REVOKED || status == YAO_E_VALUE)
        return YAO_E_NOT_ENTITLED; /* suspended; a record that lacks something */
    YAO_TRY(status);
    return want(p);
}

/* ---- one transaction ---- */

/* Which text was accepted, how sure we are, which way it was. */
static yao_status put_record(const printing *p, store_change *change)
{
    const enrol *e = p->v->e;
    yao_text     detail;

    YAO_TRY(enrol_describe(p->v, p->is.level, &detail));
    YAO_TRY(people_note_read(e->a, change, p->is.person.number, "paper"));
    return authority_put_event(change, e->arena, "enrolment.paper",
                               (yao_bytes){p->is.person.holder, STORE_HASH_LEN},
                               detail);
}

static yao_status sign_and_commit(printing *p, store_change *change)
{
    yao_arena *arena = &p->is.arena;

    YAO_TRY(copies_sign(&p->wanted, arena, &p->made, NULL, NULL));
    *change = store_change_open(arena);
    store_keep_person(change, p->is.person.stored.id);
    YAO_TRY(copies_note(&p->wanted, &p->made, arena, change));
    YAO_TRY(put_record(p, change));
    return enrol_go_on(p->v, change);
}

static yao_status make(printing *p)
{
    store_change change;
    yao_status   status;

    YAO_TRY(prepare(p));
    p->v->state.sheets++;
    do
        status = sign_and_commit(p, &change);
    while (copies_again(&p->wanted, &p->made, &p->is.arena, &change, &status));
    /* this person's values don't fit on a card, or one is missing */
    return status == YAO_E_MISSING || status == YAO_E_REVOKED
               ? YAO_E_NOT_ENTITLED
               : status;
}

static yao_status tell(printing *p, enrol_paper *ret)
{
    const enrol *e = p->v->e;
    enrol_paper  paper = {.document = p->definition->name,
                          .portrait = p->is.portrait};

    YAO_TRY(app_sheet_read(
        &p->is.arena, e->catalogue, p->made.items[0],
        yao_text_of(config_get(&e->a->config, SETTING_NAME)), e->now,
        &paper.sheet));
    *ret = paper;
    return YAO_OK;
}

static yao_status print(printing *p, enrol_paper *ret)
{
    const enrol *outside = p->v->e;
    enrol        inside  = *outside;

    inside.arena      = &p->is.arena; /* one front for both of us */
    p->v->e           = &inside;
    yao_status status = make(p);
    if (status == YAO_OK)
        status = tell(p, ret);
    p->v->e              = outside;
    outside->arena->used = p->is.arena.used;
    people_close(&p->is.person);
    yao_wipe(p->made.seed, sizeof p->made.seed);
    return status;
}

yao_status enrol_print(enrol_visit *v, const enrol_paper_wish *wish,
                       enrol_paper *ret)
{
    const enrol *e = v->e;
    printing    *p = yao_arena_take(e->arena, sizeof *p);

    if (p == NULL)
        return YAO_E_SPACE;
    *p = (printing){
        .v    = v,
        .wish = wish,
        .is   = {.authority = e->a,
                 .catalogue = e->catalogue,
                 .arena     = *e->arena,
                 .level     = enrol_level(v->state.factors | ENROL_DEVICE |
                                          ENROL_CODE),
                 .guarded   = v->state.child_len != 0}};
    return print(p, ret);
}
