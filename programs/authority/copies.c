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
    case COPIES_PAPER:
        return YAO_TEXT("printed-card");
    default:
        return YAO_TEXT("mdoc-issuer-signed");
    }
}

yao_time copies_end(const copies_wanted *wanted)
{
    const yao_issuance_document *d = wanted->document;

    switch (wanted->format) {
    case COPIES_CARD:
        return yao_issuance_card_end(d, wanted->layout->profile);
    case COPIES_PAPER:
        return yao_issuance_paper_end(d, wanted->layout->profile);
    default:
        return d->validity.valid_until;
    }
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
    ret->again = false;
    name_profile(wanted, ret);
    YAO_TRY(yao_openssl_random(ret->seed, sizeof ret->seed));
    YAO_TRY(lists_find(wanted->authority, (int64_t)d->role, d->suspends,
                       wanted->count, arena, &ret->place));
    YAO_TRY(lists_draw(wanted->authority, &ret->place, wanted->count,
                       ret->indexes));
    ret->mark = arena->used;
    return YAO_OK;
}

/* ---- one copy ----------------------------------------------------------- */

typedef struct making_copy {
    const copies_wanted *wanted;
    yao_arena           *arena;
    copies_made         *made;
    size_t               number; /* which of them */
    yao_issuance_copy    copy;
    yao_entropy          entropy;
} making_copy;

/* Does the signature of before hold for what was made now? */
static yao_status check_again(const making_copy *m, const yao_sign_wish *wish)
{
    const yao_crypto       *crypto    = m->wanted->authority->crypto;
    const copies_signature *signature = &m->made->signatures[m->number];
    yao_signature_check     check     = {
                .alg        = wish->alg,
                .key        = yao_key_public(m->wanted->signer->ca.key),
                .part_count = wish->part_count,
                .signature  = {signature->bytes, signature->len}};

    memcpy(check.parts, wish->parts, sizeof check.parts);
    YAO_TRY(crypto->verify(crypto->ctx, &check, 1));
    return check.outcome == YAO_SIG_GOOD ? YAO_OK : YAO_E_MISMATCH;
}

static yao_status sign(const making_copy *m, const yao_sign_wish *wish,
                       yao_bytes *ret)
{
    copies_signature *signature = &m->made->signatures[m->number];

    if (m->made->again)
        YAO_TRY(check_again(m, wish));
    else
        YAO_TRY(yao_key_sign(m->wanted->signer->ca.key, wish, signature->bytes,
                             &signature->len));
    *ret = (yao_bytes){signature->bytes, signature->len};
    return YAO_OK;
}

static yao_status sign_mdoc(making_copy *m, yao_bytes *ret)
{
    yao_mdoc_issuing made;
    yao_bytes        signature;

    YAO_TRY(yao_issuance_mdoc(m->arena, m->wanted->authority->crypto,
                              m->wanted->document, &m->copy, &m->entropy,
                              &made));
    YAO_TRY(sign(m, &made.wish, &signature));

    yao_writer w = yao_writer_in(m->arena);
    YAO_TRY(yao_mdoc_put_issued(&w, &made, signature));
    return yao_writer_keep(&w, m->arena, ret);
}

static yao_status sign_sdjwt(making_copy *m, yao_bytes *ret)
{
    yao_sdjwt_issuing made;
    yao_bytes         signature;

    YAO_TRY(yao_issuance_sdjwt(m->arena, m->wanted->authority->crypto,
                               m->wanted->document, &m->copy, &m->entropy,
                               &made));
    YAO_TRY(sign(m, &made.wish, &signature));

    yao_writer w = yao_writer_in(m->arena);
    YAO_TRY(yao_sdjwt_put_issued(&w, &made, signature));
    return yao_writer_keep(&w, m->arena, ret);
}

static yao_status sign_card(making_copy *m, yao_bytes *ret)
{
    yao_card_issuing made;
    yao_bytes        signature;

    YAO_TRY(yao_issuance_card(m->arena, m->wanted->authority->crypto,
                              m->wanted->document, &m->copy, m->wanted->layout,
                              m->wanted->format == COPIES_PAPER, &made));
    YAO_TRY(sign(m, &made.wish, &signature));

    yao_writer w = yao_writer_in(m->arena);
    YAO_TRY(yao_card_put_issued(&w, &made, signature));
    return yao_writer_keep(&w, m->arena, ret);
}

/* LEN bytes for the salts of one copy, as many more for the tag that nobody
 * looks at: AES-256 in counter mode under the seed, each copy with a counter
 * of its own. */
static yao_status expand(const making_copy *m, uint8_t *out, size_t len)
{
    const uint8_t  nonce[YAO_SEAL_NONCE] = {(uint8_t)m->number};
    const yao_seal seal                  = {.key   = {m->made->seed, COPIES_SEED},
                                            .nonce = {nonce, sizeof nonce}};

    memset(out, 0, len);
    return yao_openssl_seal(&seal, (yao_bytes){out, len}, out);
}

static yao_status sign_salted(making_copy *m, yao_bytes *ret)
{
    bool     sdjwt = m->wanted->format == COPIES_SDJWT;
    size_t   need  = yao_issuance_entropy(m->wanted->document, sdjwt);
    uint8_t *bytes = yao_arena_take(m->arena, need + YAO_SEAL_TAG);

    if (bytes == NULL)
        return YAO_E_SPACE;
    yao_status status = expand(m, bytes, need);
    m->entropy        = (yao_entropy){{bytes, need}};
    if (status == YAO_OK)
        status = sdjwt ? sign_sdjwt(m, ret) : sign_mdoc(m, ret);
    yao_wipe(bytes, need + YAO_SEAL_TAG);
    return status;
}

/* The copy stays in the arena, what it took to make it does not: it is moved
 * to where the making began. */
static yao_status make_copy(const copies_wanted *wanted, yao_arena *arena,
                            copies_made *made, size_t i)
{
    making_copy m = {
        .wanted = wanted,
        .arena  = arena,
        .made   = made,
        .number = i,
        .copy   = {.device_key   = wanted->keys[i],
                   .alg          = yao_key_alg(wanted->signer->ca.key),
                   .chain        = &wanted->signer->ca.certificate.der,
                   .chain_count  = 1,
                   .status_uri   = made->place.uri,
                   .status_list  = (uint64_t)made->place.number,
                   .status_index = (uint64_t)made->indexes[i]}};
    size_t    mark = arena->used;
    yao_bytes bytes;

    YAO_TRY(wanted->layout != NULL ? sign_card(&m, &bytes)
                                   : sign_salted(&m, &bytes));
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

yao_status copies_sign_again(const copies_wanted *wanted, yao_arena *arena,
                             copies_made *made)
{
    if (wanted->count == 0 || wanted->count > YAO_MAX_BATCH)
        return YAO_E_USAGE;
    YAO_TRY(lists_uri(wanted->authority, made->place.number, arena,
                      &made->place.uri));
    made->again = true;
    return copies_sign(wanted, arena, made, NULL, NULL);
}

/* ---- the ledger --------------------------------------------------------- */

static yao_status hash_copy(const copies_wanted *wanted, copies_made *made,
                            size_t i)
{
    const authority      *a   = wanted->authority;
    const yao_public_key *key = &wanted->keys[i];
    yao_bytes             own = {key->point, key->len};

    if (key->curve == YAO_CURVE_NONE) /* paper is known by itself */
        own = made->items[i];
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_COPY, made->items[i],
                      made->hashes[i][0]));
    YAO_TRY(seal_hash(a->crypto, &a->keys, SEAL_LEDGER_KEY,
                      own, made->hashes[i][1]));
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
    yao_json_put_member(&w, &first, "document", row->name);
    yao_json_put_member(&w, &first, "id", yao_text_of(id));
    yao_json_put_member(&w, &first, "format", row->format);
    yao_json_put_member(&w, &first, "profile", row->profile);
    yao_json_put_member_int(&w, &first, "copies", (int64_t)row->copy_count);
    yao_put_byte(&w, '}');
    YAO_TRY(yao_writer_keep(&w, arena, &bytes));
    *ret = (yao_text){bytes.ptr, bytes.len};
    return YAO_OK;
}

static store_document row_of(const copies_wanted *wanted,
                             const copies_made *made, yao_bytes id)
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

bool copies_again(const copies_wanted *wanted, copies_made *made,
                  yao_arena *arena, const store_change *change,
                  yao_status *status)
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
