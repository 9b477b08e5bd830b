/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/copies.h"

#include "app/files.h"

#include <stdio.h>
#include <string.h>

/* Batches that drew indexes which were taken before the commit. */
#define TRIES 16

yao_text copies_format_name(copies_format format)
{
    switch (format) {
    case COPIES_SDJWT:
        return YAO_TEXT("sd-jwt-vc");
    case COPIES_CARD:
        return YAO_TEXT("card");
    default:
        return YAO_TEXT("mdoc-issuer-signed");
    }
}

yao_time copies_end(const copies_wanted *wanted)
{
    return wanted->layout == NULL
               ? wanted->document->validity.valid_until
               : yao_issuance_card_end(wanted->document,
                                       wanted->layout->profile);
}

/* "age:age_over_18" */
static void name_profile(const copies_wanted *wanted, copies_made *made)
{
    yao_text name   = wanted->layout != NULL ? wanted->layout->profile->name
                                             : YAO_TEXT("");
    yao_text choice = wanted->choice;

    snprintf(made->profile, sizeof made->profile, "%.*s%s%.*s", (int)name.len,
             (const char *)name.ptr, choice.len > 0 ? ":" : "",
             (int)choice.len, (const char *)choice.ptr);
}

yao_status copies_begin(const copies_wanted *wanted, yao_arena *arena,
                        copies_made *ret)
{
    const yao_definition *d = wanted->document->definition;

    if (wanted->count == 0 || wanted->count > YAO_MAX_BATCH)
        return YAO_E_USAGE;
    ret->tries = 0;
    name_profile(wanted, ret);
    YAO_TRY(lists_find(wanted->authority, (int64_t)d->role, d->suspends,
                       wanted->count, arena, &ret->place));
    YAO_TRY(lists_draw(wanted->authority, &ret->place, wanted->count,
                       ret->indexes));
    ret->mark = arena->used;
    return YAO_OK;
}

/* ---- one copy ----------------------------------------------------------- */

static yao_status sign_mdoc(const copies_wanted *wanted, yao_arena *arena,
                            const yao_issuance_copy *copy, yao_entropy *entropy,
                            yao_bytes *ret)
{
    yao_mdoc_issuing made;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len = 0;

    YAO_TRY(yao_issuance_mdoc(arena, wanted->authority->crypto,
                              wanted->document, copy, entropy, &made));
    YAO_TRY(yao_key_sign(wanted->signer->ca.key, &made.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_mdoc_put_issued(&w, &made, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status sign_sdjwt(const copies_wanted *wanted, yao_arena *arena,
                             const yao_issuance_copy *copy,
                             yao_entropy *entropy, yao_bytes *ret)
{
    yao_sdjwt_issuing made;
    uint8_t           signature[YAO_MAX_SIGNATURE];
    size_t            len = 0;

    YAO_TRY(yao_issuance_sdjwt(arena, wanted->authority->crypto,
                               wanted->document, copy, entropy, &made));
    YAO_TRY(yao_key_sign(wanted->signer->ca.key, &made.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_sdjwt_put_issued(&w, &made, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status sign_card(const copies_wanted *wanted, yao_arena *arena,
                            const yao_issuance_copy *copy, yao_bytes *ret)
{
    yao_card_issuing made;
    uint8_t          signature[YAO_MAX_SIGNATURE];
    size_t           len = 0;

    YAO_TRY(yao_issuance_card(arena, wanted->authority->crypto,
                              wanted->document, copy, wanted->layout, false,
                              &made));
    YAO_TRY(yao_key_sign(wanted->signer->ca.key, &made.wish, signature, &len));

    yao_writer w = yao_writer_in(arena);
    YAO_TRY(yao_card_put_issued(&w, &made, (yao_bytes){signature, len}));
    return yao_writer_keep(&w, arena, ret);
}

static yao_status sign_salted(const copies_wanted *wanted, yao_arena *arena,
                              const yao_issuance_copy *copy, yao_bytes *ret)
{
    bool        sdjwt   = wanted->format == COPIES_SDJWT;
    size_t      need    = yao_issuance_entropy(wanted->document, sdjwt);
    uint8_t    *bytes   = yao_arena_take(arena, need);
    yao_entropy entropy = {{bytes, need}};

    if (bytes == NULL)
        return YAO_E_SPACE;
    yao_status status = yao_openssl_random(bytes, need);
    if (status == YAO_OK)
        status = sdjwt ? sign_sdjwt(wanted, arena, copy, &entropy, ret)
                       : sign_mdoc(wanted, arena, copy, &entropy, ret);
    yao_wipe(bytes, need);
    return status;
}

/* The copy stays in the arena, what it took to make it does not: it is moved
 * to where the making began. */
static yao_status make_copy(const copies_wanted *wanted, yao_arena *arena,
                            copies_made *made, size_t i)
{
    const yao_issuance_copy copy = {
        .device_key   = wanted->keys[i],
        .alg          = yao_key_alg(wanted->signer->ca.key),
        .chain        = &wanted->signer->ca.certificate.der,
        .chain_count  = 1,
        .status_uri   = made->place.uri,
        .status_list  = (uint64_t)made->place.number,
        .status_index = (uint64_t)made->indexes[i]};
    size_t    mark = arena->used;
    yao_bytes bytes;

    YAO_TRY(wanted->format == COPIES_CARD
                ? sign_card(wanted, arena, &copy, &bytes)
                : sign_salted(wanted, arena, &copy, &bytes));
    memmove(arena->base + mark, bytes.ptr, bytes.len);
    made->items[i] = (yao_bytes){arena->base + mark, bytes.len};
    arena->used    = mark + bytes.len;
    return YAO_OK;
}

yao_status copies_sign(const copies_wanted *wanted, yao_arena *arena,
                       copies_made *made, copies_each each, void *ctx)
{
    for (size_t i = 0; i < wanted->count; i++) {
        YAO_TRY(make_copy(wanted, arena, made, i));
        if (each != NULL)
            each(ctx);
    }
    return YAO_OK;
}

/* ---- the ledger --------------------------------------------------------- */

static yao_status hash_copy(const copies_wanted *wanted, copies_made *made, size_t i)
{
    const authority      *a   = wanted->authority;
    const yao_public_key *key = &wanted->keys[i];

    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_COPY, made->items[i],
                      made->hashes[i][0]));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_KEY,
                      (yao_bytes){key->point, key->len}, made->hashes[i][1]));
    made->ledger[i] =
        (store_copy){.hash         = {made->hashes[i][0], STORE_HASH_LEN},
                     .key_hash     = {made->hashes[i][1], STORE_HASH_LEN},
                     .status_index = made->indexes[i]};
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

static store_document row_of(const copies_wanted *wanted, const copies_made *made,
                             yao_bytes id)
{
    return (store_document){
        .id          = id,
        .issuance    = wanted->issuance,
        .holder      = wanted->holder,
        .subject     = wanted->subject,
        .name        = wanted->document->definition->name,
        .format      = copies_format_name(wanted->format),
        .issued      = yao_now(),
        .profile     = yao_text_of(made->profile),
        .valid_until = copies_end(wanted),
        .level       = wanted->level,
        .signer      = {wanted->signer->hash, sizeof wanted->signer->hash},
        .status_list = made->place.number,
        .copies      = made->ledger,
        .copy_count  = wanted->count};
}

yao_status copies_note(const copies_wanted *wanted, copies_made *made,
                       yao_arena *arena, store_change *change)
{
    uint8_t *id = yao_arena_take(arena, STORE_ID_LEN);
    yao_text detail;

    if (id == NULL)
        return YAO_E_SPACE;
    YAO_TRY(authority_new_id(id));
    for (size_t i = 0; i < wanted->count; i++)
        YAO_TRY(hash_copy(wanted, made, i));

    const store_document row =
        row_of(wanted, made, (yao_bytes){id, STORE_ID_LEN});
    YAO_TRY(describe(arena, &row, &detail));
    store_put_document(change, &row);
    return authority_put_event(change, arena, "document.issue", wanted->holder,
                               detail);
}

bool copies_again(const copies_wanted *wanted, copies_made *made, yao_arena *arena,
                  const store_change *change, yao_status *status)
{
    if (*status != YAO_E_EXISTS)
        return false;
    if (change->lost_about == STORE_ABOUT_STATE)
        *status = YAO_E_REVOKED; /* since it was begun */
    if (change->lost_about != STORE_ABOUT_STATUS)
        return false;
    if (++made->tries == TRIES) {
        *status = YAO_E_LOCKED;
        return false;
    }
    arena->used = made->mark;
    *status     = lists_draw(wanted->authority, &made->place, wanted->count,
                             made->indexes);
    return *status == YAO_OK;
}
