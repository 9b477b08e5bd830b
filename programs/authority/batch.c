/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/batch.h"

#include "app/files.h"

#include <string.h>

/* One format of one document on its way. */
typedef struct batch {
    issuing       *is;
    copies_wanted  wanted;
    copies_made    made;
    yao_public_key keys[YAO_MAX_BATCH];
    app_copy       copies[YAO_MAX_BATCH];
} batch;

static void step(void *ctx)
{
    issuing *is = ctx;

    yao_progress_step(&is->progress, ++is->done);
}

static yao_status make_copies(batch *b)
{
    issuing    *is     = b->is;
    yao_status  status = YAO_OK;
    store_change change;

    YAO_TRY(copies_begin(&b->wanted, &is->arena, &b->made));
    if (b->wanted.format == COPIES_PAPER)
        memset(b->keys, 0, sizeof b->keys);
    else
        YAO_TRY(is->handover->make_keys(is->wallet, YAO_ES256, b->wanted.count,
                                        b->keys));
    do {
        YAO_TRY(copies_sign(&b->wanted, &is->arena, &b->made, step, is));
        change = store_change_open(&is->arena);
        YAO_TRY(copies_note(&b->wanted, &b->made, &is->arena, &change));
        status = store_commit(is->authority->store, &change);
    } while (copies_again(&b->wanted, &b->made, &is->arena, &change, &status));
    return status;
}

static yao_status hand_over(batch *b)
{
    const copies_wanted   *w        = &b->wanted;
    const yao_definition  *d        = w->document->definition;
    const yao_card_layout *layout   = w->layout;
    const app_delivery     delivery = {
            .document = d->name,
            .subject  = b->is->subject,
            .format   = copies_format_name(w->format),
            .profile  = layout != NULL ? layout->profile->name : YAO_TEXT(""),
            .choice   = w->choice,
            .type     = w->format == COPIES_MDOC ? d->doc_type : d->vct,
            .issuer =
            yao_text_of(config_get(&b->is->authority->config, SETTING_NAME)),
            .issued = yao_now(),
            .copies = b->copies,
            .count  = w->count};

    for (size_t i = 0; i < w->count; i++)
        b->copies[i] = (app_copy){b->keys[i], b->made.items[i]};
    return b->is->handover->store(b->is->wallet, &delivery);
}

static copies_wanted wanted_of(const batch                 *b,
                               const yao_issuance_document *document,
                               issue_signer *signer, const batch_kind *kind)
{
    const issuing *is = b->is;

    return (copies_wanted){
        .authority = is->authority,
        .document  = document,
        .signer    = signer,
        .format    = kind->format,
        .layout    = kind->layout,
        .choice    = kind->choice,
        .keys      = b->keys,
        .count     = kind->copies,
        .holder    = {is->person.holder, STORE_HASH_LEN},
        .subject   = {is->subject_hash, STORE_HASH_LEN},
        .issuance  = {is->issuance, STORE_ID_LEN},
        .level     = is->level};
}

yao_status batch_issue(issuing *is, const yao_issuance_document *document,
                       issue_signer *signer, const batch_kind *kind,
                       issue_batch *ret)
{
    size_t mark = is->arena.used;
    batch *b    = yao_arena_take(&is->arena, sizeof *b);

    if (b == NULL)
        return YAO_E_SPACE;
    b->is     = is;
    b->wanted = wanted_of(b, document, signer, kind);

    yao_status status = make_copies(b);
    if (status == YAO_OK)
        status = hand_over(b);
    yao_wipe(b->made.seed, sizeof b->made.seed);
    if (status == YAO_OK)
        *ret = (issue_batch){copies_format_name(kind->format),
                             kind->layout != NULL ? kind->layout->profile->name
                                                  : YAO_TEXT(""),
                             kind->choice, kind->copies,
                             copies_end(&b->wanted)};
    is->arena.used = mark;
    return status;
}
