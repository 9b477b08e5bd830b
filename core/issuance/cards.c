/* SPDX-License-Identifier: Apache-2.0 */
/* QR cards of a document: docs/formats/card.md section 2. */
#include "issuance/making.h"

/* The value of E as it stands in the document; empty when it has none. */
static yao_bytes value_of(const yao_issuance_document *d, const yao_element *e)
{
    for (size_t i = 0; i < d->element_count; i++)
        if (yao_text_equal(d->elements[i].name_space, e->space) &&
            yao_text_equal(d->elements[i].element, e->identifier))
            return d->elements[i].value;
    return (yao_bytes){NULL, 0};
}

/* "2026-11-22" as MOSIP's readers of claim 169 expect it: "20261122". */
static yao_status put_birth_date(yao_writer *w, yao_bytes value)
{
    yao_cbor_reader r   = yao_cbor_open(value);
    yao_date        day = yao_cbor_get_full_date(&r);
    uint8_t         letters[10], packed[8];
    size_t          used = 0;

    YAO_TRY(yao_cbor_close(&r));
    yao_date_format(day, letters);
    for (size_t i = 0; i < sizeof letters; i++)
        if (letters[i] != '-')
            packed[used++] = letters[i];
    yao_cbor_put_text(w, (yao_text){packed, used});
    return YAO_OK;
}

/* ISO 5218 has 0 and 9 for who is neither or has not said; claim 169 has 3. */
static yao_status put_gender(yao_writer *w, yao_bytes value)
{
    yao_cbor_reader r   = yao_cbor_open(value);
    uint64_t        sex = yao_cbor_get_uint(&r);

    YAO_TRY(yao_cbor_close(&r));
    yao_cbor_put_uint(w, sex == 1 || sex == 2 ? sex : 3);
    return YAO_OK;
}

enum { BIRTH_DATE = 8, GENDER = 9 };

static yao_status convert(yao_arena *arena, const yao_element *e,
                          yao_bytes value, yao_card_element *ret)
{
    yao_writer w = yao_writer_in(arena);

    ret->space = e->claim_169 ? YAO_CARD_169 : YAO_CARD_PRIVATE;
    ret->label = e->card;
    ret->value = value;
    if (!e->claim_169 || (e->card != BIRTH_DATE && e->card != GENDER))
        return YAO_OK;
    YAO_TRY(e->card == GENDER ? put_gender(&w, value)
                              : put_birth_date(&w, value));
    return yao_writer_keep(&w, arena, &ret->value);
}

static yao_status check_length(const yao_element *e, yao_bytes value)
{
    yao_cbor_reader r = yao_cbor_open(value);

    if (e->card_max == 0)
        return YAO_OK;
    yao_text text = yao_cbor_get_text(&r);
    YAO_TRY(yao_cbor_close(&r));
    return yao_text_count(text) > e->card_max ? YAO_E_LIMIT : YAO_OK;
}

static yao_status add_elements(yao_arena *arena, const yao_issuance_document *d,
                               const yao_card_layout *layout,
                               yao_card_content      *content)
{
    yao_card_element *table =
        yao_arena_take_array(arena, layout->count, sizeof *table);

    if (table == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < layout->count; i++) {
        const yao_element *e     = layout->elements[i];
        yao_bytes          value = value_of(d, e);

        /* of what was not asked for, a mark that is not there is left out */
        if (value.len == 0 && i >= layout->asked)
            continue;
        if (value.len == 0)
            return YAO_E_MISSING;
        YAO_TRY(check_length(e, value));
        YAO_TRY(convert(arena, e, value, &table[content->element_count++]));
    }
    content->elements = table;
    return YAO_OK;
}

yao_time yao_issuance_card_end(const yao_issuance_document *d,
                               const yao_profile           *profile)
{
    yao_time end =
        d->validity.signed_at + (yao_time)profile->card_days * YAO_TIME_DAY;

    return end < d->validity.valid_until ? end : d->validity.valid_until;
}

yao_time yao_issuance_paper_end(const yao_issuance_document *d,
                                const yao_profile           *profile)
{
    yao_time end =
        d->validity.signed_at + (yao_time)profile->paper_days * YAO_TIME_DAY;

    return end < d->validity.valid_until ? end : d->validity.valid_until;
}

yao_status yao_issuance_card(yao_arena *arena, const yao_crypto *crypto,
                             const yao_issuance_document *document,
                             const yao_issuance_copy     *copy,
                             const yao_card_layout *layout, bool printed,
                             yao_card_issuing *ret)
{
    yao_card_content content = {
        .issuer     = document->issuer,
        .issued_at  = document->validity.signed_at,
        .not_before = YAO_TIME_NONE,
        .expires    = printed
                          ? yao_issuance_paper_end(document, layout->profile)
                          : yao_issuance_card_end(document, layout->profile),
        .type       = document->definition->vct,
        .profile    = layout->profile->name};

    if (layout->definition != document->definition || copy->chain_count == 0)
        return YAO_E_USAGE;
    if (printed && layout->profile->paper_days == 0)
        return YAO_E_REFUSED;
    if (!printed) {
        if (copy->device_key.curve == YAO_CURVE_NONE)
            return YAO_E_USAGE;
        content.device_key = copy->device_key;
        content.sealed     = layout->profile->card == YAO_CARD_SEALED;
    }
    if (copy->status_uri.len != 0) {
        content.status       = YAO_CARD_STATUS_NUMBER;
        content.status_list  = copy->status_list;
        content.status_index = copy->status_index;
    }
    YAO_TRY(add_elements(arena, document, layout, &content));
    return yao_card_issue(arena, crypto, &content, copy->alg, copy->chain[0],
                          ret);
}
