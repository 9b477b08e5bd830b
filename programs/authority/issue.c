/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/batch.h"
#include "authority/role.h"

#include "app/files.h"
#include "store/bar.h"

#include <stdlib.h>
#include <string.h>

/* Letters of a number that a record doesn't have: no vowels, no 0/O, 1/I. */
static const char number_letters[] = "23456789BCDFGHJKLMNPQRSTVWXYZ";

/* A document, besides its copies. */
#define DOCUMENT_MEMORY (8u * 1024u * 1024u)

size_t issue_memory(size_t copies)
{
    return DOCUMENT_MEMORY + copies * ISSUE_COPY_MEMORY;
}

/* ---- the person ---- */

/* Also when nothing will be issued: the record was read. */
static yao_status note_find(issuing *is)
{
    store_change change = store_change_open(&is->arena);

    YAO_TRY(people_note_read(is->authority, &change, is->person.number,
                             "document issue"));
    return store_commit(is->authority->store, &change);
}

yao_status issue_find(issuing *is, yao_text number)
{
    const authority *a = is->authority;

    is->level = config_number(&a->config, SETTING_LEVEL);
    YAO_TRY(people_find(a, number, &is->arena, &is->person));
    YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT, &is->arena,
                            &is->portrait));
    YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT_SMALL, &is->arena,
                            &is->portrait_small));
    return note_find(is);
}

/* The others' records are read for a booklet only. */
static yao_status find_household(issuing *is, const yao_definition *definition)
{
    if (definition->entitlement != YAO_ENTITLED_HOUSEHOLD ||
        is->household.count > 0)
        return YAO_OK;
    return people_find_household(is->authority, &is->person, &is->arena,
                                 &is->household);
}

void issue_close(issuing *is)
{
    people_close(&is->person);
    for (size_t i = 0; i < sizeof is->signers / sizeof is->signers[0]; i++)
        if (is->signers[i].open)
            ca_close(&is->signers[i].ca);
}

size_t issue_count(const issuing *is, const yao_definition *definition)
{
    const yao_json *vehicles = yao_json_get(is->person.record, "vehicles");

    if (definition->entitlement != YAO_ENTITLED_OWNER)
        return 1;
    if (vehicles == NULL || vehicles->count == 0)
        return 1; /* and the check says why not */
    return vehicles->count > ISSUE_MAX_OF_ONE ? ISSUE_MAX_OF_ONE
                                              : vehicles->count;
}

void issue_id_text(yao_bytes issuance, char out[2 * STORE_ID_LEN + 1])
{
    yao_writer w = yao_writer_open((uint8_t *)out, 2 * STORE_ID_LEN);

    if (issuance.len == STORE_ID_LEN)
        yao_put_hex(&w, issuance);
    out[w.len] = '\0';
}

bool issue_came_before(const store_document *list, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (yao_bytes_equal(list[i].issuance, list[at].issuance))
            return true;
    return false;
}

const char *issue_state_word(int64_t state)
{
    return state == STORE_REVOKED     ? "revoked"
           : state == STORE_SUSPENDED ? "suspended"
                                      : "valid";
}

/* ---- the signer ---- */

static yao_status open_signer(issuing *is, yao_signing_role role,
                              issue_signer *signer)
{
    YAO_TRY(role_open_signer(is->authority, role, &is->arena, &signer->ca));
    signer->open = true;

    const yao_crypto *crypto = is->authority->crypto;
    return crypto->hash(crypto->ctx, YAO_SHA256, &signer->ca.certificate.der, 1,
                        signer->hash);
}

/* Its certificate stays in the arena: called before any mark is taken. */
static yao_status find_signer(issuing *is, yao_signing_role role,
                              issue_signer **ret)
{
    if (role_find(role) == NULL)
        return YAO_E_NOT_AUTHORISED;

    issue_signer *signer = &is->signers[role];
    if (!signer->open)
        YAO_TRY(open_signer(is, role, signer));
    *ret = signer;
    return YAO_OK;
}

/* ---- one document ---- */

/* For a record without one; the same in all copies. */
static yao_status invent_number(uint8_t out[ISSUE_NUMBER_LEN])
{
    YAO_TRY(yao_openssl_random(out, ISSUE_NUMBER_LEN));
    for (size_t i = 0; i < ISSUE_NUMBER_LEN; i++)
        out[i] = (uint8_t)number_letters[out[i] % (sizeof number_letters - 1)];
    return YAO_OK;
}

static yao_status build(issuing *is, const yao_definition *definition,
                        size_t vehicle, yao_problems *problems,
                        yao_issuance_document *ret)
{
    const config            *c     = &is->authority->config;
    const yao_issuance_input input = {
        .catalogue       = is->catalogue != NULL ? is->catalogue
                                                 : yao_catalogue_shipped(),
        .definition      = definition,
        .person          = is->person.record,
        .vehicle         = vehicle,
        .members         = is->household.records,
        .member_count    = is->household.count,
        .portrait        = is->portrait,
        .portrait_small  = is->portrait_small,
        .document_number = {is->number, ISSUE_NUMBER_LEN},
        .issuer          = yao_text_of(config_get(c, SETTING_URL)),
        .now             = is->now,
        .level           = (uint32_t)is->level,
        .demo            = config_yes(c, SETTING_DEMO),
        .held_by_guardian = is->guarded};

    return yao_issuance_build(&is->arena, &input, problems, ret);
}

/* The VIN, for a document of a vehicle: plates change, places in the list
 * too. */
static yao_status find_subject(issuing *is, const yao_definition *definition,
                               size_t vehicle)
{
    const yao_json *list = yao_json_get(is->person.record, "vehicles");

    is->subject = YAO_TEXT("");
    if (definition->entitlement != YAO_ENTITLED_OWNER || list == NULL)
        return YAO_OK;
    for (const yao_json *v = list->first; v != NULL; v = v->next)
        if (vehicle-- == 0)
            return yao_json_string(yao_json_get(v, "vin"), &is->arena,
                                   &is->subject);

    return YAO_OK; /* none: the check says why not */
}

/* What is drawn of an issuance that begins. */
static yao_status begin_issuance(issuing *is)
{
    if (is->again)
        return YAO_OK;
    is->now = yao_now();
    YAO_TRY(invent_number(is->number));
    return authority_new_id(is->issuance);
}

/* Which document it is, as the ledger knows it. */
static yao_status hash_subject(issuing *is)
{
    const authority *a = is->authority;

    return seal_hash(a->crypto, &a->keys, SEAL_LEDGER_SUBJECT,
                     yao_text_bytes(is->subject), is->subject_hash);
}

/* New copies would undo a suspension, or pass by a bar. */
static yao_status refuse_suspended(const issuing        *is,
                                   const yao_definition *definition)
{
    store          *s       = is->authority->store;
    const yao_bytes holder  = {is->person.holder, STORE_HASH_LEN};
    const yao_bytes subject = {is->subject_hash, STORE_HASH_LEN};
    uint64_t        count = 0, bars = 0;

    YAO_TRY(
        store_count_suspended(s, holder, definition->name, subject, &count));
    YAO_TRY(store_count_bars(s, holder, definition->name, subject, &bars));
    return count == 0 && bars == 0 ? YAO_OK : YAO_E_REVOKED;
}

/* ---- in every shape ---- */

/* What of one document is handed over, and what has been. */
typedef struct shapes {
    issuing                     *is;
    const yao_issuance_document *document;
    issue_signer                *signer;
    issue_batches               *done;
} shapes;

static yao_status issue_shape(shapes *s, const batch_kind *kind)
{
    if (s->done->count == ISSUE_MAX_BATCHES)
        return YAO_E_LIMIT;
    YAO_TRY(batch_issue(s->is, s->document, s->signer, kind,
                        &s->done->items[s->done->count]));
    s->done->count++;
    return YAO_OK;
}

/* Not everybody has every card: what the profile asks for may be missing, or
 * too long for one code. Whoever has none shows the mdoc. */
static yao_status issue_card(shapes *s, const yao_profile *profile,
                             yao_text choice, bool paper)
{
    yao_card_layout layout;
    size_t          mark = s->is->arena.used;

    yao_status status = yao_profile_card(
        &s->is->arena, profile, s->document->definition, choice, &layout);
    if (status == YAO_OK) {
        const batch_kind kind = {paper ? COPIES_PAPER : COPIES_CARD, &layout,
                                 choice, paper ? 1 : s->is->cards};
        status                = issue_shape(s, &kind);
    }
    s->is->arena.used = mark;
    return status == YAO_E_NOT_FOUND || status == YAO_E_MISSING ||
                   status == YAO_E_LIMIT
               ? YAO_OK
               : status;
}

/* One card for each of the choices: a card over 18 says nothing of 60. */
static yao_status issue_cards_for(shapes *s, const yao_profile *profile,
                                  bool paper)
{
    const yao_definition *d = s->document->definition;

    for (size_t i = 0; i < profile->ask_count; i++) {
        const yao_ask *ask = &profile->asks[i];
        if (ask->definition != d)
            continue;
        if (ask->choice_count == 0)
            return issue_card(s, profile, YAO_TEXT(""), paper);
        for (size_t j = 0; j < ask->choice_count; j++)
            YAO_TRY(issue_card(s, profile, ask->choices[j], paper));
        return YAO_OK;
    }
    return YAO_OK;
}

static yao_status issue_paper(shapes *s, const yao_catalogue *c)
{
    for (size_t i = 0; i < s->is->paper_count; i++) {
        const yao_profile *p =
            yao_profile_by_name(c, yao_text_of(s->is->paper[i]));

        if (p == NULL || p->paper_days == 0)
            return YAO_E_USAGE;
        YAO_TRY(issue_cards_for(s, p, true));
    }
    return YAO_OK;
}

static yao_status issue_shapes(shapes *s)
{
    const yao_catalogue *c    = yao_catalogue_shipped();
    const batch_kind mdoc  = {.format = COPIES_MDOC, .copies = s->is->copies};
    const batch_kind sdjwt = {.format = COPIES_SDJWT, .copies = s->is->copies};

    YAO_TRY(issue_shape(s, &mdoc));
    YAO_TRY(issue_shape(s, &sdjwt));
    for (size_t i = 0; s->is->cards > 0 && i < c->profile_count; i++)
        YAO_TRY(issue_cards_for(s, &c->profiles[i], false));
    return issue_paper(s, c);
}

yao_status issue_prepare(issuing *is, const yao_definition *definition,
                         size_t vehicle, yao_problems *problems,
                         yao_issuance_document *ret)
{
    *problems = (yao_problems){.count = 0};
    YAO_TRY(begin_issuance(is));
    YAO_TRY(find_subject(is, definition, vehicle));
    YAO_TRY(hash_subject(is));
    YAO_TRY(refuse_suspended(is, definition));
    return build(is, definition, vehicle, problems, ret);
}

yao_status issue_document(issuing *is, const yao_definition *definition,
                          size_t vehicle, issue_batches *batches,
                          yao_problems *problems)
{
    yao_issuance_document document;
    issue_signer         *signer = NULL;

    *problems      = (yao_problems){.count = 0};
    batches->count = 0;
    YAO_TRY(find_signer(is, definition->role, &signer));
    YAO_TRY(find_household(is, definition));

    size_t     mark = is->arena.used;
    yao_status status =
        issue_prepare(is, definition, vehicle, problems, &document);
    shapes s = {is, &document, signer, batches};
    if (status == YAO_OK)
        status = issue_shapes(&s);
    is->arena.used = mark;
    return status;
}
