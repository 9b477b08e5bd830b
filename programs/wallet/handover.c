/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/wallet.h"

#include "mdoc/mdoc.h"
#include "sdjwt/sdjwt.h"
#include "vci/card.h"

/* app_wallet is the wallet seen from outside. */
static yao_wallet *inside(app_wallet *wallet)
{
    return (yao_wallet *)(void *)wallet;
}

static yao_status open_wallet(const char *folder, app_wallet **ret)
{
    yao_wallet *wallet;

    YAO_TRY(yao_wallet_open(folder, NULL, &wallet));
    *ret = (app_wallet *)(void *)wallet;
    return YAO_OK;
}

static void close_wallet(app_wallet *wallet)
{
    yao_wallet_close(inside(wallet));
}

static yao_status make_keys(app_wallet *wallet, yao_sig_alg alg, size_t count,
                            yao_public_key *ret)
{
    yao_wallet *w = inside(wallet);

    if (count == 0 || count > YAO_MAX_BATCH)
        return YAO_E_LIMIT;
    yao_wallet_drop_fresh(w);
    for (size_t i = 0; i < count; i++) {
        YAO_TRY(yao_wallet_make_key(w, alg, &w->fresh[i]));
        w->fresh_count++;
    }
    for (size_t i = 0; i < count; i++)
        ret[i] = yao_key_public(w->fresh[i]);
    return YAO_OK;
}

/* ---- reading a copy before it is kept ----------------------------------- */

/* ISO/IEC 18013-5 9.1.2.5: a short random would let a value that was not
 * shown be guessed. */
static yao_status check_mdoc(yao_arena *arena, yao_bytes copy,
                             yao_public_key *key)
{
    enum { SHORTEST_RANDOM = 16 };
    yao_mdoc_unverified *mdoc = yao_arena_take(arena, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(arena, copy, true, mdoc));

    const yao_mdoc_issuer_signed *issuer = &mdoc->documents[0].issuer;
    for (size_t i = 0; i < issuer->item_count; i++)
        if (issuer->items[i].random.len < SHORTEST_RANDOM)
            return YAO_E_VALUE;
    *key = issuer->mso.device_key;
    return YAO_OK;
}

/* RFC 9901 section 7.2: an issuer does not bind its own token. */
static yao_status check_sdjwt(yao_arena *arena, yao_bytes copy,
                              yao_public_key *key)
{
    yao_sdjwt_unverified token;

    YAO_TRY(yao_sdjwt_parse(arena, copy, &token));
    if (token.has_kb)
        return YAO_E_REFUSED;

    const yao_json *cnf = yao_json_get(token.issuer.payload, "cnf");
    return yao_jwk_read(yao_json_get(cnf, "jwk"), arena, key);
}

/* The issuer part of a card; what its holder adds at each showing is put there
 * as nothing, so that it can be read as a card. */
static yao_status check_card(yao_arena *arena, const app_delivery *d,
                             yao_bytes copy, yao_public_key *key)
{
    static const uint8_t none[64];
    yao_card_unverified  card;
    yao_bytes            shown;
    yao_writer           w = yao_writer_in(arena);

    yao_cbor_put_array(&w, 3);
    yao_cbor_put_bytes(&w, copy);
    yao_cbor_put_null(&w);
    yao_cbor_put_bytes(&w, (yao_bytes){none, sizeof none});
    YAO_TRY(yao_writer_keep(&w, arena, &shown));
    YAO_TRY(yao_card_parse(arena, shown, &card));
    YAO_TRY(yao_vci_check_card(arena, yao_catalogue_shipped(),
                               &(yao_vci_card){d->type, d->profile, d->choice},
                               &card.content));
    *key = card.content.device_key;
    return YAO_OK;
}

/* Paper is nobody's by a key. */
static yao_status check_paper(yao_arena *arena, const app_delivery *d,
                              const app_copy *copy)
{
    yao_card_unverified card;

    if (copy->key.curve != YAO_CURVE_NONE)
        return YAO_E_EXISTS;
    YAO_TRY(yao_card_parse_printed(arena, copy->bytes, &card));
    return yao_vci_check_paper(arena, yao_catalogue_shipped(),
                               &(yao_vci_card){d->type, d->profile, d->choice},
                               &card.content);
}

static bool is_paper(const app_delivery *d)
{
    return yao_text_equal(d->format, YAO_TEXT("printed-card"));
}

/* A card has its key compressed. */
static bool same_point(const yao_public_key *a, const yao_public_key *b)
{
    size_t size = a->curve == YAO_P384 ? 48 : 32;
    bool   odd  = (b->point[b->len - 1] & 1) != 0;

    if (a->curve != b->curve || a->curve == YAO_CURVE_NONE)
        return false;
    if (a->len != 1 + size)
        return yao_public_key_equal(a, b);
    return a->point[0] == (odd ? 3 : 2) &&
           yao_bytes_equal((yao_bytes){a->point + 1, size},
                           (yao_bytes){b->point + 1, size});
}

static yao_status check_copy(yao_wallet *w, const app_delivery *d,
                             const app_copy *copy)
{
    size_t         mark   = w->arena.used;
    yao_text       format = d->format;
    yao_status     status = YAO_E_UNSUPPORTED;
    yao_public_key key;

    if (yao_text_equal(format, YAO_TEXT("mdoc-issuer-signed")))
        status = check_mdoc(&w->arena, copy->bytes, &key);
    else if (yao_text_equal(format, YAO_TEXT("sd-jwt-vc")))
        status = check_sdjwt(&w->arena, copy->bytes, &key);
    else if (yao_text_equal(format, YAO_TEXT("card")))
        status = check_card(&w->arena, d, copy->bytes, &key);
    else if (is_paper(d))
        status = check_paper(&w->arena, d, copy);
    if (status == YAO_OK && !is_paper(d) && !same_point(&key, &copy->key))
        status = YAO_E_MISMATCH;

    w->arena.used = mark;
    return status;
}

/* ---- keeping ------------------------------------------------------------ */

static yao_status secret_of(yao_wallet *w, const yao_public_key *wanted,
                            yao_wallet_copy *ret)
{
    for (size_t i = 0; i < w->fresh_count; i++) {
        yao_public_key has = yao_key_public(w->fresh[i]);

        if (yao_public_key_equal(&has, wanted))
            return yao_wallet_name_key(w, w->fresh[i], ret);
    }
    return YAO_E_MISMATCH;
}

/* "b-" and 16 random hex digits. */
static yao_status new_name(yao_wallet *w, yao_text *ret)
{
    uint8_t    bytes[8];
    yao_writer out = yao_writer_in(&w->arena);
    yao_bytes  name;

    YAO_TRY(yao_openssl_random(bytes, sizeof bytes));
    yao_put_text(&out, "b-");
    yao_put_hex(&out, (yao_bytes){bytes, sizeof bytes});
    YAO_TRY(yao_writer_keep(&out, &w->arena, &name));
    *ret = (yao_text){name.ptr, name.len};
    return YAO_OK;
}

static yao_status keep_text(yao_wallet *w, yao_text text, yao_text *ret)
{
    yao_bytes kept;

    YAO_TRY(yao_arena_keep(&w->arena, yao_text_bytes(text), &kept));
    *ret = (yao_text){kept.ptr, kept.len};
    return YAO_OK;
}

static yao_status describe(yao_wallet *w, const app_delivery *d,
                           yao_wallet_batch *ret)
{
    *ret = (yao_wallet_batch){.issued = d->issued, .count = d->count};
    YAO_TRY(keep_text(w, d->document, &ret->document));
    YAO_TRY(keep_text(w, d->subject, &ret->subject));
    YAO_TRY(keep_text(w, d->format, &ret->format));
    YAO_TRY(keep_text(w, d->profile, &ret->profile));
    YAO_TRY(keep_text(w, d->choice, &ret->choice));
    YAO_TRY(keep_text(w, d->type, &ret->type));
    YAO_TRY(keep_text(w, d->issuer, &ret->issuer));
    return new_name(w, &ret->file);
}

/* Does NEW stand in for OLD? */
static bool replaces(const yao_wallet_batch *new, const yao_wallet_batch *old)
{
    return yao_text_equal(new->document, old->document) &&
           yao_text_equal(new->subject, old->subject) &&
           yao_text_equal(new->format, old->format) &&
           yao_text_equal(new->profile, old->profile) &&
           yao_text_equal(new->choice, old->choice);
}

/* Put BATCH at the end and leave out what it replaces: the index first, the
 * files after it, so that a kill in between loses nothing. */
static yao_status enter(yao_wallet *w, const yao_wallet_batch *batch)
{
    yao_wallet_batch *before =
        yao_arena_take_array(&w->arena, w->batch_count, sizeof *before);
    size_t before_count = w->batch_count, kept = 0;

    if (before == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < before_count; i++) {
        before[i] = w->batches[i];
        if (!replaces(batch, &before[i]))
            w->batches[kept++] = before[i];
    }
    yao_status status = kept == YAO_WALLET_BATCHES ? YAO_E_LIMIT : YAO_OK;
    if (status == YAO_OK) {
        w->batches[kept] = *batch;
        w->batch_count   = kept + 1;
        status           = yao_wallet_save(w);
    }
    for (size_t i = 0; i < before_count; i++)
        if (status != YAO_OK)
            w->batches[i] = before[i];
        else if (replaces(batch, &before[i]))
            yao_wallet_remove_batch(w, &before[i]);
    if (status != YAO_OK)
        w->batch_count = before_count;
    return status;
}

static yao_status store(app_wallet *wallet, const app_delivery *d)
{
    yao_wallet      *w = inside(wallet);
    yao_wallet_copy  copies[YAO_MAX_BATCH];
    yao_wallet_batch batch;

    if (d->count == 0 || d->count > YAO_MAX_BATCH)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < d->count; i++) {
        YAO_TRY(check_copy(w, d, &d->copies[i]));
        copies[i] = (yao_wallet_copy){.in_token = false};
        if (!is_paper(d))
            YAO_TRY(secret_of(w, &d->copies[i].key, &copies[i]));
        copies[i].bytes = d->copies[i].bytes;
    }
    YAO_TRY(describe(w, d, &batch));
    YAO_TRY(yao_wallet_write_batch(w, batch.file, copies, d->count));

    w->fresh_kept     = !is_paper(d); /* by the file: it goes with them, or stays */
    yao_status status = enter(w, &batch);
    if (status != YAO_OK)
        yao_wallet_remove_batch(w, &batch);
    return status;
}

const app_handover yao_wallet_handover = {
    .open      = open_wallet,
    .make_keys = make_keys,
    .store     = store,
    .close     = close_wallet,
};
