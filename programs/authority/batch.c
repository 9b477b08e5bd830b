/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/batch.h"

#include "app/files.h"

#include <string.h>

/* Batches that drew indexes which were taken before the commit. */
#define TRIES 16

static yao_text format_name(batch_format format)
{
    switch (format) {
    case BATCH_SDJWT:
        return YAO_TEXT("sd-jwt-vc");
    case BATCH_CARD:
        return YAO_TEXT("card");
    default:
        return YAO_TEXT("mdoc-issuer-signed");
    }
}

/* One format of one document on its way. */
typedef struct batch {
    issuing                     *is;
    const yao_issuance_document *document;
    issue_signer                *signer;
    const batch_kind            *kind;
    char                         profile[128]; /* as the ledger names it */
    lists_place                  place;        /* where indexes are drawn */
    int64_t                      indexes[YAO_MAX_BATCH];
    yao_public_key               keys[YAO_MAX_BATCH];
    app_copy                     copies[YAO_MAX_BATCH];
    store_copy                   ledger[YAO_MAX_BATCH];
    uint8_t                      hashes[YAO_MAX_BATCH][2][STORE_HASH_LEN];
} batch;

static yao_time end_of(const batch *b)
{
    return b->kind->layout == NULL
               ? b->document->validity.valid_until
               : yao_issuance_card_end(b->document, b->kind->layout->profile);
}

/* ---- one copy ---- */

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

static yao_status sign_card(const batch *b, const yao_issuance_copy *copy,
                            yao_writer *w)
{
    yao_card_issuing made;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len = 0;

    YAO_TRY(yao_issuance_card(&b->is->arena, b->is->authority->crypto,
                              b->document, copy, b->kind->layout, false,
                              &made));
    YAO_TRY(yao_key_sign(b->signer->ca.key, &made.wish, signature, &len));
    return yao_card_put_issued(w, &made, (yao_bytes){signature, len});
}

static yao_status sign_salted(const batch *b, const yao_issuance_copy *copy,
                              yao_writer *w)
{
    yao_arena  *arena   = &b->is->arena;
    bool        sdjwt   = b->kind->format == BATCH_SDJWT;
    size_t      need    = yao_issuance_entropy(b->document, sdjwt);
    uint8_t    *bytes   = yao_arena_take(arena, need);
    yao_entropy entropy = {{bytes, need}};

    if (bytes == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_openssl_random(bytes, need);
    if (status == YAO_OK)
        status = sdjwt ? sign_sdjwt(b, arena, copy, &entropy, w)
                       : sign_mdoc(b, arena, copy, &entropy, w);
    yao_wipe(bytes, need);
    return status;
}

static yao_status sign_copy(const batch *b, const yao_issuance_copy *copy,
                            yao_writer *w)
{
    return b->kind->format == BATCH_CARD ? sign_card(b, copy, w)
                                         : sign_salted(b, copy, w);
}

/* The copy stays in the arena, what it took to make it does not. */
static yao_status make_copy(batch *b, size_t i)
{
    const yao_issuance_copy copy  = {.device_key = b->keys[i],
                                     .alg   = yao_key_alg(b->signer->ca.key),
                                     .chain = &b->signer->ca.certificate.der,
                                     .chain_count  = 1,
                                     .status_uri   = b->place.uri,
                                     .status_list  = (uint64_t)b->place.number,
                                     .status_index = (uint64_t)b->indexes[i]};
    yao_arena              *arena = &b->is->arena;
    uint8_t                *out   = yao_arena_take(arena, ISSUE_COPY_MEMORY);
    yao_bytes               made;

    if (out == NULL)
        return YAO_E_SPACE;
    yao_writer w = yao_writer_open(out, ISSUE_COPY_MEMORY);
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
                                .key_hash = {b->hashes[i][1], STORE_HASH_LEN},
                                .status_index = b->indexes[i]};
    return YAO_OK;
}

/* What the log is told: which document, not whose or what stands in it. */
static yao_status describe(yao_arena *arena, const store_document *row,
                           yao_text *ret)
{
    yao_writer w     = yao_writer_in(arena);
    bool       first = true;
    char       id[2 * STORE_ID_LEN + 1];
    yao_bytes  bytes;

    issue_id_text(row->issuance, id);
    yao_put_byte(&w, '{');
    yao_json_put_name(&w, &first, "document");
    yao_json_put_string(&w, row->name);
    yao_json_put_name(&w, &first, "id");
    yao_json_put_string(&w, yao_text_of(id));
    yao_json_put_name(&w, &first, "format");
    yao_json_put_string(&w, row->format);
    yao_json_put_name(&w, &first, "profile");
    yao_json_put_string(&w, row->profile);
    yao_json_put_name(&w, &first, "copies");
    yao_json_put_int(&w, (int64_t)row->copy_count);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

/* *LOST: somebody else has one of the indexes by now. */
static yao_status commit_batch(batch *b, bool *lost)
{
    issuing     *is     = b->is;
    store_change change = store_change_open(&is->arena);
    uint8_t      id[STORE_ID_LEN];
    yao_bytes    holder = {is->person.holder, STORE_HASH_LEN};

    YAO_TRY(yao_openssl_random(id, sizeof id));
    for (size_t i = 0; i < b->kind->copies; i++)
        YAO_TRY(hash_copy(b, i));
    const store_document row = {
        .id          = {id, sizeof id},
        .issuance    = {is->issuance, STORE_ID_LEN},
        .holder      = holder,
        .subject     = {is->subject_hash, STORE_HASH_LEN},
        .name        = b->document->definition->name,
        .format      = format_name(b->kind->format),
        .issued      = yao_now(),
        .profile     = yao_text_of(b->profile),
        .valid_until = end_of(b),
        .level       = config_number(&is->authority->config, SETTING_LEVEL),
        .signer      = {b->signer->hash, sizeof b->signer->hash},
        .status_list = b->place.number,
        .copies      = b->ledger,
        .copy_count  = b->kind->copies};
    yao_text detail;

    YAO_TRY(describe(&is->arena, &row, &detail));
    store_put_document(&change, &row);
    YAO_TRY(authority_put_event(&change, &is->arena, "document.issue", holder,
                                detail));
    yao_status status = store_commit(is->authority->store, &change);
    *lost = status == YAO_E_EXISTS && change.lost_about == STORE_ABOUT_STATUS;
    if (status == YAO_E_EXISTS && change.lost_about == STORE_ABOUT_STATE)
        status = YAO_E_REVOKED; /* since it was begun */
    return status;
}

/* ---- one batch ---- */

static yao_status sign_copies(batch *b)
{
    issuing *is = b->is;

    for (size_t i = 0; i < b->kind->copies; i++) {
        YAO_TRY(make_copy(b, i));
        yao_progress_step(&is->progress, ++is->done);
    }
    return YAO_OK;
}

/*
 * An index that was free when it was drawn may have an owner at the commit:
 * then nothing of the batch happened, and other ones are drawn and signed.
 * Lists are half taken at most, so that this is rare, and not rare twice.
 */
static yao_status make_copies(batch *b)
{
    issuing              *is = b->is;
    const yao_definition *d  = b->document->definition;

    YAO_TRY(lists_find(is->authority, (int64_t)d->role, d->suspends,
                       b->kind->copies, &is->arena, &b->place));
    YAO_TRY(lists_draw(is->authority, &b->place, b->kind->copies, b->indexes));
    YAO_TRY(is->handover->make_keys(is->wallet, YAO_ES256, b->kind->copies,
                                    b->keys));
    for (int i = 0; i < TRIES; i++) {
        size_t     mark   = is->arena.used;
        bool       lost   = false;
        yao_status status = sign_copies(b);

        if (status == YAO_OK)
            status = commit_batch(b, &lost);
        if (!lost)
            return status;
        is->arena.used = mark;
        YAO_TRY(
            lists_draw(is->authority, &b->place, b->kind->copies, b->indexes));
    }
    return YAO_E_LOCKED;
}

static yao_status hand_over(batch *b)
{
    const yao_definition  *d        = b->document->definition;
    const yao_card_layout *layout   = b->kind->layout;
    const app_delivery     delivery = {
            .document = d->name,
            .subject  = b->is->subject,
            .format   = format_name(b->kind->format),
            .profile  = layout != NULL ? layout->profile->name : YAO_TEXT(""),
            .choice   = b->kind->choice,
            .type     = b->kind->format == BATCH_MDOC ? d->doc_type : d->vct,
            .issuer =
            yao_text_of(config_get(&b->is->authority->config, SETTING_NAME)),
            .issued = yao_now(),
            .copies = b->copies,
            .count  = b->kind->copies};

    return b->is->handover->store(b->is->wallet, &delivery);
}

/* "age:age_over_18" */
static void name_profile(batch *b)
{
    const batch_kind *k = b->kind;
    yao_text name = k->layout != NULL ? k->layout->profile->name : YAO_TEXT("");

    snprintf(b->profile, sizeof b->profile, "%.*s%s%.*s", (int)name.len,
             (const char *)name.ptr, k->choice.len > 0 ? ":" : "",
             (int)k->choice.len, (const char *)k->choice.ptr);
}

yao_status batch_issue(issuing *is, const yao_issuance_document *document,
                       issue_signer *signer, const batch_kind *kind,
                       issue_batch *ret)
{
    size_t mark = is->arena.used;
    batch *b    = yao_arena_take(&is->arena, sizeof *b);

    if (b == NULL)
        return YAO_E_SPACE;
    b->is       = is;
    b->document = document;
    b->signer   = signer;
    b->kind     = kind;
    name_profile(b);

    yao_status status = make_copies(b);
    if (status == YAO_OK)
        status = hand_over(b);
    if (status == YAO_OK)
        *ret = (issue_batch){format_name(kind->format),
                             kind->layout != NULL ? kind->layout->profile->name
                                                  : YAO_TEXT(""),
                             kind->choice, kind->copies, end_of(b)};
    is->arena.used = mark;
    return status;
}
