/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/issue.h"
#include "authority/role.h"

#include "app/files.h"

#include <stdlib.h>
#include <string.h>

#define MDOC YAO_TEXT("mdoc-issuer-signed")
#define SDJWT YAO_TEXT("sd-jwt-vc")

/* Letters of a number that a record doesn't have: no vowels, no 0/O, 1/I. */
static const char number_letters[] = "23456789BCDFGHJKLMNPQRSTVWXYZ";

#define NUMBER_LEN 12

/* A document, and a copy with a portrait at its limit as SD-JWT. */
#define DOCUMENT_MEMORY (8u * 1024u * 1024u)
#define COPY_MEMORY (400u * 1024u)

size_t issue_memory(size_t copies)
{
    return DOCUMENT_MEMORY + copies * COPY_MEMORY;
}

/* ---- the person ---- */

yao_status issue_find(issuing *is, yao_text number)
{
    const authority *a = is->authority;

    YAO_TRY(people_find(a, number, &is->arena, &is->person));
    YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT, &is->arena,
                            &is->portrait));
    YAO_TRY(people_portrait(a, &is->person, STORE_PORTRAIT_SMALL, &is->arena,
                            &is->portrait_small));
    return people_find_household(a, &is->person, &is->arena, &is->household);
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

/* ---- one copy ---- */

/* One format of one document on its way. */
typedef struct batch {
    issuing                     *is;
    const yao_issuance_document *document;
    issue_signer                *signer;
    bool                         sdjwt;
    yao_public_key               keys[YAO_MAX_BATCH];
    app_copy                     copies[YAO_MAX_BATCH];
    store_copy                   ledger[YAO_MAX_BATCH];
    uint8_t                      hashes[YAO_MAX_BATCH][2][STORE_HASH_LEN];
} batch;

static yao_status sign_mdoc(const batch *b, yao_arena *arena,
                            const yao_issuance_copy *copy, yao_entropy *entropy,
                            yao_writer *w)
{
    yao_mdoc_issuing made;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len = 0;

    YAO_TRY(yao_issuance_mdoc(arena, b->is->authority->crypto, b->document,
                              copy, entropy, &made));
    YAO_TRY(yao_key_sign(b->signer->ca.key, &made.wish, signature, &len));
    return yao_mdoc_put_issued(w, &made, (yao_bytes){signature, len});
}

static yao_status sign_sdjwt(const batch *b, yao_arena *arena,
                             const yao_issuance_copy *copy,
                             yao_entropy *entropy, yao_writer *w)
{
    yao_sdjwt_issuing made;
    uint8_t           signature[YAO_MAX_SIGNATURE];
    size_t            len = 0;

    YAO_TRY(yao_issuance_sdjwt(arena, b->is->authority->crypto, b->document,
                               copy, entropy, &made));
    YAO_TRY(yao_key_sign(b->signer->ca.key, &made.wish, signature, &len));
    return yao_sdjwt_put_issued(w, &made, (yao_bytes){signature, len});
}

static yao_status sign_copy(const batch *b, const yao_issuance_copy *copy,
                            yao_writer *w)
{
    yao_arena  *arena   = &b->is->arena;
    size_t      need    = yao_issuance_entropy(b->document, b->sdjwt);
    uint8_t    *bytes   = yao_arena_take(arena, need);
    yao_entropy entropy = {{bytes, need}};

    if (bytes == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_openssl_random(bytes, need);
    if (status == YAO_OK)
        status = b->sdjwt ? sign_sdjwt(b, arena, copy, &entropy, w)
                          : sign_mdoc(b, arena, copy, &entropy, w);
    yao_wipe(bytes, need);
    return status;
}

/* The copy stays in the arena, what it took to make it does not. */
static yao_status make_copy(batch *b, size_t i)
{
    const yao_issuance_copy copy  = {.device_key = b->keys[i],
                                     .alg =
                                         yao_key_alg(b->signer->ca.key),
                                     .chain = &b->signer->ca.certificate.der,
                                     .chain_count = 1};
    yao_arena              *arena = &b->is->arena;
    uint8_t                *out   = yao_arena_take(arena, COPY_MEMORY);
    yao_bytes               made;

    if (out == NULL)
        return YAO_E_SPACE;
    yao_writer w = yao_writer_open(out, COPY_MEMORY);
    YAO_TRY(sign_copy(b, &copy, &w));
    YAO_TRY(yao_writer_close(&w, &made));
    arena->used  = (size_t)(out - arena->base) + made.len;
    b->copies[i] = (app_copy){b->keys[i], made};
    return YAO_OK;
}

/* ---- the ledger ---- */

static yao_status hash_copy(batch *b, size_t i)
{
    const authority *a = b->is->authority;
    const app_copy  *c = &b->copies[i];

    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_COPY, c->bytes,
                      b->hashes[i][0]));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_KEY,
                      (yao_bytes){c->key.point, c->key.len}, b->hashes[i][1]));
    b->ledger[i] = (store_copy){.hash     = {b->hashes[i][0], STORE_HASH_LEN},
                                .key_hash = {b->hashes[i][1], STORE_HASH_LEN}};
    return YAO_OK;
}

/* What the log is told: which document, not whose or what stands in it. */
static yao_status describe(yao_arena *arena, const store_document *row,
                           yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    yao_bytes  bytes;

    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "document");
    yao_json_put_string(&w, row->name);
    yao_json_put_name(&w, &first, "format");
    yao_json_put_string(&w, row->format);
    yao_json_put_name(&w, &first, "copies");
    yao_json_put_int(&w, (int64_t)row->copy_count);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static yao_status commit_batch(batch *b)
{
    issuing     *is     = b->is;
    store_change change = store_change_open(&is->arena);
    uint8_t      id[STORE_ID_LEN];
    yao_bytes    holder = {is->person.holder, STORE_HASH_LEN};

    YAO_TRY(yao_openssl_random(id, sizeof id));
    for (size_t i = 0; i < is->copies; i++)
        YAO_TRY(hash_copy(b, i));
    const store_document row = {
        .id          = {id, sizeof id},
        .issuance    = {is->issuance, STORE_ID_LEN},
        .holder      = holder,
        .subject     = {is->subject_hash, STORE_HASH_LEN},
        .name        = b->document->definition->name,
        .format      = b->sdjwt ? SDJWT : MDOC,
        .issued      = yao_now(),
        .valid_until = b->document->validity.valid_until,
        .level       = config_number(&is->authority->config, SETTING_LEVEL),
        .signer      = {b->signer->hash, sizeof b->signer->hash},
        .copies      = b->ledger,
        .copy_count  = is->copies};
    yao_text detail;

    YAO_TRY(describe(&is->arena, &row, &detail));
    store_put_document(&change, &row);
    YAO_TRY(authority_put_event(&change, &is->arena, "document.issue", holder,
                                detail));
    return store_commit(is->authority->store, &change);
}

/* ---- one batch ---- */

static yao_status make_copies(batch *b)
{
    issuing *is = b->is;

    YAO_TRY(
        is->handover->make_keys(is->wallet, YAO_ES256, is->copies, b->keys));
    for (size_t i = 0; i < is->copies; i++) {
        YAO_TRY(make_copy(b, i));
        yao_progress_step(&is->progress, ++is->done);
    }
    return YAO_OK;
}

static yao_status hand_over(batch *b)
{
    const yao_definition *d        = b->document->definition;
    const app_delivery    delivery = {
           .document = d->name,
           .subject  = b->is->subject,
           .format   = b->sdjwt ? SDJWT : MDOC,
           .type     = b->sdjwt ? d->vct : d->doc_type,
           .issuer =
            yao_text_of(config_get(&b->is->authority->config, SETTING_NAME)),
           .issued = yao_now(),
           .copies = b->copies,
           .count  = b->is->copies};

    return b->is->handover->store(b->is->wallet, &delivery);
}

static yao_status issue_batch_of(issuing *is, const yao_issuance_document *d,
                                 issue_signer *signer, bool sdjwt,
                                 issue_batch *ret)
{
    size_t mark = is->arena.used;
    batch *b    = yao_arena_take(&is->arena, sizeof *b);

    if (b == NULL)
        return YAO_E_SPACE;
    b->is       = is;
    b->document = d;
    b->signer   = signer;
    b->sdjwt    = sdjwt;

    yao_status status = make_copies(b);
    if (status == YAO_OK)
        status = commit_batch(b);
    if (status == YAO_OK)
        status = hand_over(b);
    is->arena.used = mark;
    if (status == YAO_OK)
        *ret = (issue_batch){sdjwt ? SDJWT : MDOC, is->copies,
                             d->validity.valid_until};
    return status;
}

/* ---- one document ---- */

/* For a record without one; the same in all copies. */
static yao_status invent_number(uint8_t out[NUMBER_LEN])
{
    YAO_TRY(yao_openssl_random(out, NUMBER_LEN));
    for (size_t i = 0; i < NUMBER_LEN; i++)
        out[i] = (uint8_t)number_letters[out[i] % (sizeof number_letters - 1)];
    return YAO_OK;
}

static yao_status build(issuing *is, const yao_definition *definition,
                        size_t vehicle, yao_text number, yao_problems *problems,
                        yao_issuance_document *ret)
{
    const config            *c     = &is->authority->config;
    const yao_issuance_input input = {
        .catalogue       = yao_catalogue_shipped(),
        .definition      = definition,
        .person          = is->person.record,
        .vehicle         = vehicle,
        .members         = is->household.records,
        .member_count    = is->household.count,
        .portrait        = is->portrait,
        .portrait_small  = is->portrait_small,
        .document_number = number,
        .issuer          = yao_text_of(config_get(c, SETTING_URL)),
        .now             = yao_now(),
        .level           = (uint32_t)config_number(c, SETTING_LEVEL),
        .demo            = config_yes(c, SETTING_DEMO)};

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

/* Which document it is, as the ledger knows it. A new issuance begins. */
static yao_status begin_issuance(issuing *is)
{
    const authority *a = is->authority;

    YAO_TRY(yao_openssl_random(is->issuance, STORE_ID_LEN));
    return seal_hash(a->crypto, &a->keys, SEAL_LEDGER_SUBJECT,
                     yao_text_bytes(is->subject), is->subject_hash);
}

/* New copies would undo a suspension. */
static yao_status refuse_suspended(const issuing        *is,
                                   const yao_definition *definition)
{
    uint64_t count = 0;

    YAO_TRY(store_count_suspended(
        is->authority->store, (yao_bytes){is->person.holder, STORE_HASH_LEN},
        definition->name, (yao_bytes){is->subject_hash, STORE_HASH_LEN},
        &count));
    return count == 0 ? YAO_OK : YAO_E_REVOKED;
}

yao_status issue_document(issuing *is, const yao_definition *definition,
                          size_t vehicle, issue_batch batches[2],
                          yao_problems *problems)
{
    yao_issuance_document document;
    issue_signer         *signer = NULL;
    uint8_t               number[NUMBER_LEN];

    *problems = (yao_problems){.count = 0};
    YAO_TRY(find_signer(is, definition->role, &signer));
    YAO_TRY(invent_number(number));

    size_t mark = is->arena.used;
    YAO_TRY(find_subject(is, definition, vehicle));
    YAO_TRY(begin_issuance(is));
    YAO_TRY(refuse_suspended(is, definition));
    yao_status status =
        build(is, definition, vehicle, (yao_text){number, NUMBER_LEN}, problems,
              &document);
    for (size_t i = 0; i < 2 && status == YAO_OK; i++)
        status = issue_batch_of(is, &document, signer, i == 1, &batches[i]);
    is->arena.used = mark;
    return status;
}
