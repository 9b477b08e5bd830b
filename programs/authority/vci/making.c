/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/making.h"

#include "authority/enrol/guardian.h"

#include "authority/copies.h"
#include "authority/enrol/level.h"
#include "authority/enrol/routes.h"
#include "authority/netcert/netcert.h"
#include "authority/vci/message.h"

#include <string.h>

/* ---- notes -------------------------------------------------------------- */

/* Offers of before an upgrade have no operator. */
enum { NOTE_VERSION = 1, NOTE_OFFICER = 1, OLD_NOTE = 3 };

void vci_note_write(vci_note note, uint8_t out[VCI_NOTE_LEN])
{
    out[0] = NOTE_VERSION;
    out[1] = note.officer ? NOTE_OFFICER : 0;
    out[2] = note.vehicle;
    memcpy(out + OLD_NOTE, note.by, STORE_ID_LEN);
}

vci_note vci_note_read(yao_bytes note)
{
    vci_note read = {.officer = false};

    if ((note.len != VCI_NOTE_LEN && note.len != OLD_NOTE) ||
        note.ptr[0] != NOTE_VERSION)
        return read;
    read.officer = note.ptr[1] == NOTE_OFFICER;
    read.vehicle = note.ptr[2];
    if (note.len == VCI_NOTE_LEN)
        memcpy(read.by, note.ptr + OLD_NOTE, STORE_ID_LEN);
    return read;
}

/* ---- notification ids --------------------------------------------------- */

enum { ISSUANCE = STORE_ID_LEN, TAG = 16, GRANT = STORE_ID_LEN };
enum { ID = ISSUANCE + GRANT + TAG };

static yao_status tag_of(const authority *a, const uint8_t *body,
                         uint8_t out[YAO_SHA256_LEN])
{
    uint8_t         key[32];
    const yao_bytes part = {body, ISSUANCE + GRANT};

    YAO_TRY(vci_derive(a, "yaopai-notification-1", key));
    yao_status status = a->crypto->hmac(a->crypto->ctx, YAO_SHA256,
                                        (yao_bytes){key, sizeof key}, &part, 1,
                                        out);
    yao_wipe(key, sizeof key);
    return status;
}

yao_status vci_notification_make(const authority *a,
                                 const uint8_t    issuance[STORE_ID_LEN],
                                 const uint8_t    grant[STORE_ID_LEN],
                                 char             out[VCI_NOTIFICATION_LEN + 1])
{
    uint8_t id[ID], tag[YAO_SHA256_LEN];

    memcpy(id, issuance, ISSUANCE);
    memcpy(id + ISSUANCE, grant, GRANT);
    YAO_TRY(tag_of(a, id, tag));
    memcpy(id + ISSUANCE + GRANT, tag, TAG);

    yao_writer w = yao_writer_open((uint8_t *)out, VCI_NOTIFICATION_LEN);
    yao_put_base64url(&w, (yao_bytes){id, sizeof id});
    out[w.len] = '\0';
    return w.status;
}

yao_status vci_notification_check(const authority *a, yao_text text,
                                  const uint8_t grant[STORE_ID_LEN],
                                  uint8_t       issuance[STORE_ID_LEN])
{
    uint8_t    id[ID], tag[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(id, sizeof id);

    if (yao_get_base64url(yao_text_bytes(text), &w) != YAO_OK ||
        w.status != YAO_OK || w.len != ID)
        return YAO_E_REFUSED;
    YAO_TRY(tag_of(a, id, tag));
    if (!yao_bytes_equal_secret((yao_bytes){tag, TAG},
                                (yao_bytes){id + ISSUANCE + GRANT, TAG}) ||
        memcmp(id + ISSUANCE, grant, GRANT) != 0)
        return YAO_E_REFUSED;
    memcpy(issuance, id, ISSUANCE);
    return YAO_OK;
}

/* ---- the document ------------------------------------------------------- */

typedef struct making {
    app_call             *call;
    const vci_order      *order;
    const vci_recipe     *recipe; /* of a document that is made again */
    issuing               is;
    yao_issuance_document document;
    yao_card_layout       layout;
    copies_wanted         wanted;
    copies_made           made;
    yao_vci_response      response;
    uint8_t               device[STORE_HASH_LEN];
    yao_bytes             enrolment; /* of the device; empty: there is none */
    store_netcert         netcert;   /* of a net certificate */
} making;

static bool has_derived(const yao_definition *d, yao_derive derive)
{
    for (size_t i = 0; i < d->element_count; i++)
        if (d->elements[i].derive == derive)
            return true;
    return false;
}

/* A net certificate is not made of the bureau's record. */
static yao_status open_netcert(making *m)
{
    const enrol e = enrol_of(m->call);

    return netcert_open_record(&e, m->order->person,
                               (yao_bytes){m->device, STORE_HASH_LEN},
                               &m->is.person, &m->netcert);
}

/* Only what the document needs is opened of the person. */
static yao_status open_person(making *m)
{
    issuing              *is = &m->is;
    const authority      *a  = is->authority;
    const yao_definition *d  = m->order->configuration.definition;

    YAO_TRY(people_find_by(a, m->order->person, &is->arena, &is->person));
    if (netcert_is(d))
        return open_netcert(m);
    if (has_derived(d, YAO_DERIVE_PORTRAIT))
        YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT, &is->arena,
                                &is->portrait));
    if (has_derived(d, YAO_DERIVE_PORTRAIT_SMALL))
        YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT_SMALL,
                                &is->arena, &is->portrait_small));
    if (d->entitlement != YAO_ENTITLED_HOUSEHOLD)
        return YAO_OK;
    return people_find_household(a, &is->person, &is->arena, &is->household);
}

static copies_format format_of(yao_vci_format format)
{
    return format == YAO_VCI_MDOC    ? COPIES_MDOC
           : format == YAO_VCI_SDJWT ? COPIES_SDJWT
           : format == YAO_VCI_PAPER ? COPIES_PAPER
                                     : COPIES_CARD;
}

/* As they were made before, or where no other copies stand. */
static yao_status place_copies(making *m)
{
    const vci_recipe *r    = m->recipe;
    copies_made      *made = &m->made;

    if (r == NULL)
        return copies_begin(&m->wanted, &m->is.arena, made);
    made->place.number = r->list;
    memcpy(made->seed, r->seed, sizeof made->seed);
    memcpy(made->indexes, r->indexes, sizeof made->indexes);
    memcpy(made->signatures, r->signatures, sizeof made->signatures);
    return YAO_OK;
}

/* A card's layout, and who signs what for which keys. */
static yao_status want_copies(making *m)
{
    const vci_order             *o  = m->order;
    const yao_vci_configuration *c  = &o->configuration;
    issuing                     *is = &m->is;
    issue_signer                *signer;

    YAO_TRY(server_signer(m->call, (int64_t)c->definition->role, &signer));
    if (c->format == YAO_VCI_PAPER && o->count != 1)
        return YAO_E_LIMIT; /* copies of it would say the same */
    if (yao_vci_is_card(c->format))
        YAO_TRY(yao_profile_card(&is->arena, c->profile, c->definition,
                                 c->choice, &m->layout));
    m->wanted = (copies_wanted){
        .authority = is->authority,
        .document  = &m->document,
        .signer    = signer,
        .format    = format_of(c->format),
        .layout    = yao_vci_is_card(c->format) ? &m->layout : NULL,
        .choice    = c->choice,
        .keys      = o->keys,
        .count     = o->count,
        .holder    = {is->person.holder, STORE_HASH_LEN},
        .subject   = {is->subject_hash, STORE_HASH_LEN},
        .issuance  = {is->issuance, STORE_ID_LEN},
        .level     = is->level};
    return place_copies(m);
}

/* Nobody of that number any more is a person who has no right to it. */
static yao_status denied(yao_status status)
{
    switch (status) {
    case YAO_E_NOT_FOUND:
    case YAO_E_MISMATCH:
    case YAO_E_MISSING:
    case YAO_E_LIMIT:
        return YAO_E_NOT_ENTITLED;
    default:
        return status;
    }
}

/* The key that tells wallets apart: the attested instance's, else that of the
 * token. */
static yao_status hash_device(making *m)
{
    const vci_access *access = m->order->access;
    const authority  *a      = m->is.authority;
    const uint8_t    *key    = access->grant.instance_known
                                   ? access->grant.instance
                                   : access->jkt;

    return seal_hash(a->crypto, &a->keys, SEAL_LEDGER_KEY,
                     (yao_bytes){key, STORE_HASH_LEN}, m->device);
}

static void take_enrolment(making *m, const store_enrolment *enrolment)
{
    m->enrolment  = enrolment->id;
    m->is.guarded = (enrolment->factors & ENROL_GUARDED) != 0;
}

/* The enrolment that the grant is of: it must go on, and says whether a
 * guardian holds what is issued. */
static yao_status look_at_enrolment(making *m)
{
    store_enrolment enrolment;

    YAO_TRY(store_get_enrolment(m->is.authority->store, m->order->note,
                                &m->is.arena, &enrolment));
    if (enrolment.state != STORE_ENROLMENT_BOUND)
        return YAO_E_REVOKED;
    take_enrolment(m, &enrolment);
    return YAO_OK;
}

/* A grant of the page, or of a counter: the person may have enrolled this
 * device. Then what is issued ends with it, and after its end nothing is
 * issued to it, however long its tokens live. */
static yao_status look_at_device(making *m)
{
    const yao_bytes  person = {m->is.person.holder, STORE_HASH_LEN};
    store_enrolment *list;
    size_t           count;
    bool             ended = false;

    YAO_TRY(store_list_device(m->is.authority->store,
                              (yao_bytes){m->device, STORE_HASH_LEN},
                              &m->is.arena, &list, &count));
    for (size_t i = 0; i < count; i++) {
        if (!yao_bytes_equal(list[i].holder, person))
            continue;
        if (list[i].state == STORE_ENROLMENT_BOUND)
            take_enrolment(m, &list[i]);
        ended = ended || list[i].state == STORE_ENROLMENT_ENDED;
    }
    return ended && m->enrolment.len == 0 ? YAO_E_REVOKED : YAO_OK;
}

static bool is_of_enrolment(const vci_order *order)
{
    return order->note.len == STORE_ID_LEN;
}

static yao_status prepare(making *m)
{
    const vci_order *o = m->order;
    yao_problems    *problems =
        yao_arena_take(&m->is.arena, sizeof *problems);

    if (problems == NULL)
        return YAO_E_SPACE;
    YAO_TRY(hash_device(m));
    if (is_of_enrolment(o))
        YAO_TRY(denied(look_at_enrolment(m)));
    YAO_TRY(denied(open_person(m)));
    if (!is_of_enrolment(o))
        YAO_TRY(look_at_device(m));
    YAO_TRY(denied(issue_prepare(&m->is, o->configuration.definition,
                                 vci_note_read(o->note).vehicle, problems,
                                 &m->document)));
    return denied(want_copies(m));
}

/* ---- the answer --------------------------------------------------------- */

static yao_status write_answer(making *m, yao_bytes *json)
{
    yao_vci_response *response = &m->response;
    char *id = yao_arena_take(&m->is.arena, VCI_NOTIFICATION_LEN + 1);

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(vci_notification_make(m->is.authority, m->is.issuance,
                                  m->order->access->grant.id, id));
    response->count           = m->wanted.count;
    response->notification_id = yao_text_of(id);
    for (size_t i = 0; i < m->wanted.count; i++)
        response->credentials[i] = m->made.items[i];

    yao_writer w = yao_writer_in(&m->is.arena);
    yao_vci_put_response(&w, m->order->configuration.format, response);
    return yao_writer_keep(&w, &m->is.arena, json);
}

/* The first document binds the enrolment to its device; what was issued to a
 * device ends with it. */
static yao_status bind_enrolment(making *m, store_change *change)
{
    const enrol e = enrol_of(m->call);

    if (m->enrolment.len == 0)
        return YAO_OK;
    yao_status status = enrol_bind(&e, change, m->enrolment,
                                   (yao_bytes){m->device, STORE_HASH_LEN});
    if (status == YAO_E_EXISTS || status == YAO_E_NOT_FOUND)
        return YAO_E_NOT_ENTITLED; /* of another device, or ended */
    YAO_TRY(status);
    store_put_enrolment_issuance(change, m->enrolment, m->wanted.issuance);
    return YAO_OK;
}

/* All that was drawn, and that the register will not say again. */
static yao_status keep_recipe(making *m, store_change *change)
{
    const vci_order   *o    = m->order;
    const copies_made *made = &m->made;
    vci_recipe        *r    = yao_arena_take(&m->is.arena, sizeof *r);

    if (r == NULL)
        return YAO_E_SPACE;
    r->now           = m->is.now;
    r->list          = made->place.number;
    r->configuration = o->configuration_id;
    r->level         = o->level;
    r->count         = o->count;
    memcpy(r->issuance, m->is.issuance, sizeof r->issuance);
    memcpy(r->number, m->is.number, sizeof r->number);
    memcpy(r->seed, made->seed, sizeof r->seed);
    memcpy(r->person, o->person.ptr, sizeof r->person);
    memcpy(r->keys, o->keys, o->count * sizeof r->keys[0]);
    memcpy(r->indexes, made->indexes, sizeof r->indexes);
    memcpy(r->signatures, made->signatures, sizeof r->signatures);
    yao_status status = vci_keep_answer(m->call, o->access, o->answer, r,
                                        change);
    yao_wipe(r, sizeof *r);
    return status;
}

static yao_status fill(making *m, store_change *change, yao_bytes *json)
{
    const vci_order *o = m->order;

    YAO_TRY(copies_sign(&m->wanted, &m->is.arena, &m->made, NULL, NULL));
    *change = store_change_open(&m->is.arena);
    YAO_TRY(o->add(o->ctx, change));
    YAO_TRY(copies_note(&m->wanted, &m->made, &m->is.arena, change));
    if (netcert_is(o->configuration.definition))
        store_use_netcert(change, &m->netcert,
                          (yao_bytes){m->device, STORE_HASH_LEN});
    YAO_TRY(bind_enrolment(m, change));
    YAO_TRY(keep_recipe(m, change));
    return write_answer(m, json);
}

static yao_status run(making *m, store_change *change, yao_bytes *json)
{
    store     *s = m->is.authority->store;
    yao_status status;

    YAO_TRY(prepare(m));
    do {
        YAO_TRY(fill(m, change, json));
        status = store_commit(s, change);
    } while (copies_again(&m->wanted, &m->made, &m->is.arena, change, &status));
    return status;
}

/* Nothing is issued, and yet the record was read: what else would have told of
 * it was not committed. */
static yao_status note_reading(making *m)
{
    store_change change = store_change_open(&m->is.arena);

    YAO_TRY(people_note_read(m->is.authority, &change, m->is.person.number,
                             "document issue"));
    return store_commit(m->is.authority->store, &change);
}

/* The record was read again, and the copies are those of before. */
static yao_status fill_again(making *m, store_change *change, yao_bytes *json)
{
    const authority *a = m->is.authority;

    YAO_TRY(prepare(m));
    YAO_TRY(copies_sign_again(&m->wanted, &m->is.arena, &m->made));
    YAO_TRY(write_answer(m, json));
    *change = store_change_open(&m->is.arena);
    YAO_TRY(m->order->add(m->order->ctx, change));
    YAO_TRY(people_note_read(a, change, m->is.person.number, "document issue"));
    return store_commit(a->store, change);
}

static yao_status run_noted(making *m, store_change *change, yao_bytes *json)
{
    yao_status status = m->recipe == NULL ? run(m, change, json)
                                          : fill_again(m, change, json);

    if (status != YAO_OK && m->is.person.record != NULL)
        YAO_TRY(note_reading(m));
    return status;
}

/* What was drawn before is not drawn again. */
static void begin(making *m)
{
    const vci_recipe *r = m->recipe;

    m->is = (issuing){.authority = server_authority(m->call),
                      .catalogue = server_catalogue(m->call),
                      .arena     = *m->call->arena,
                      .level     = m->order->level,
                      .again     = r != NULL};
    if (r == NULL)
        return;
    m->is.now = r->now;
    memcpy(m->is.issuance, r->issuance, sizeof m->is.issuance);
    memcpy(m->is.number, r->number, sizeof m->is.number);
}

static yao_status make(app_call *call, const vci_order *order,
                       const vci_recipe *recipe, store_change *change,
                       yao_bytes *json)
{
    yao_arena *arena = call->arena;
    making    *m     = yao_arena_take(arena, sizeof *m);

    *change = store_change_open(arena);
    if (m == NULL)
        return YAO_E_SPACE;
    m->call   = call;
    m->order  = order;
    m->recipe = recipe;
    begin(m);
    call->arena       = &m->is.arena; /* one front for both of us */
    yao_status status = run_noted(m, change, json);
    call->arena       = arena;
    arena->used       = m->is.arena.used;
    people_close(&m->is.person);
    yao_wipe(m->made.seed, sizeof m->made.seed);
    return status;
}

yao_status vci_make(app_call *call, const vci_order *order,
                    store_change *change, yao_bytes *json)
{
    return make(call, order, NULL, change, json);
}

yao_status vci_make_again(app_call *call, const vci_repeat *repeat,
                          store_change *change, yao_bytes *json)
{
    const vci_recipe *r     = repeat->recipe;
    vci_order         order = {.access = repeat->access,
                               .person = {r->person, STORE_HASH_LEN},
                               .level  = r->level,
                               .note   = repeat->access->grant.note,
                               .configuration_id = r->configuration,
                               .keys             = r->keys,
                               .count            = r->count,
                               .add              = repeat->add,
                               .ctx              = repeat->ctx};

    *change = store_change_open(call->arena);
    if (yao_vci_find_configuration(server_catalogue(call), r->configuration,
                                   &order.configuration) != YAO_OK)
        return YAO_E_MISMATCH;
    return make(call, &order, r, change, json);
}
