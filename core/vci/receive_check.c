/* SPDX-License-Identifier: Apache-2.0 */

/* Is what came what was asked for? By the same judgement by which any checker
 * will look at it, and by the key that each copy is bound to. */

#include "card/card.h"
#include "cbor/cbor.h"
#include "policy/policy.h"
#include "vci/card.h"
#include "vci/receive_parts.h"

/* What is told by one copy, besides its key. */
typedef struct content {
    yao_text             type;
    const yao_attribute *attributes;
    size_t               attribute_count;
    yao_time             valid_from, valid_until;
    yao_text             signer;
    yao_public_key       key;
} content;

/* The issuer's clock may be before ours. */
enum { SKEW = 300 };

/* ---- mdoc, SD-JWT ------------------------------------------------------- */

static yao_status read_mdoc(yao_receive *r, yao_bytes copy, yao_public_key *key,
                            yao_bytes *signer)
{
    yao_mdoc_unverified *mdoc = yao_arena_take(r->arena, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(r->arena, copy, false, mdoc));
    const yao_mdoc_issuer_signed *issuer = &mdoc->documents[0].issuer;
    *key = issuer->mso.device_key;
    if (issuer->auth.chain_count != 0)
        *signer = issuer->auth.chain[0];
    return YAO_OK;
}

/* RFC 9901 section 7.2: an issuer does not bind its own token. */
static yao_status read_sdjwt(yao_receive *r, yao_bytes copy,
                             yao_public_key *key, yao_bytes *signer)
{
    yao_sdjwt_unverified token;

    YAO_TRY(yao_sdjwt_parse(r->arena, copy, &token));
    if (token.has_kb)
        return YAO_E_REFUSED;
    if (token.issuer.chain_count != 0)
        *signer = token.issuer.chain[0];
    const yao_json *cnf = yao_json_get(token.issuer.payload, "cnf");
    return yao_jwk_read(yao_json_get(cnf, "jwk"), r->arena, key);
}

/* Nothing failed, and nothing is unknown but what became of it since: that
 * stands in a list, which nobody has to fetch for a document of this minute. */
static yao_status verdict(const yao_result *result)
{
    const yao_report *report = &result->report;

    if (report->full || result->document_count != 1)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];
        bool open = row->outcome == YAO_OUTCOME_UNKNOWN &&
                    row->check != YAO_CHECK_STATUS;

        if (row->outcome == YAO_OUTCOME_FAIL || open)
            return row->why != YAO_OK ? row->why : YAO_E_UNTRUSTED;
    }
    return result->authentic ? YAO_OK : YAO_E_UNTRUSTED;
}

static yao_status judge(yao_receive *r, yao_time now, yao_bytes copy,
                        yao_format format, content *ret)
{
    yao_verify_options options = {.format       = format,
                                  .anchors      = r->options.anchors,
                                  .anchor_count = r->options.anchor_count,
                                  .now          = now,
                                  .skew         = SKEW,
                                  .no_binding   = true,
                                  .catalogue    = r->options.catalogue};
    yao_result *result;

    YAO_TRY(yao_verify(r->arena, r->options.crypto, copy, &options, &result));
    YAO_TRY(verdict(result));

    const yao_result_document *d = &result->documents[0];
    ret->type            = d->type;
    ret->attributes      = d->attributes;
    ret->attribute_count = d->attribute_count;
    ret->valid_from      = d->valid_from;
    ret->valid_until     = d->valid_until;
    ret->signer          = d->issuer;
    return YAO_OK;
}

/* The signer of a document signs the cards of its authority too. */
static void remember_signer(yao_receive *r, yao_bytes signer)
{
    if (r->item->copy_count != 0)
        return; /* later copies leave nothing behind */
    for (size_t i = 0; i < r->signer_count; i++)
        if (yao_bytes_equal(r->signers[i], signer))
            return;
    if (signer.len != 0 && r->signer_count < RECEIVE_SIGNERS)
        r->signers[r->signer_count++] = signer;
}

/* ---- cards -------------------------------------------------------------- */

/* What the holder adds at each showing is put there as nothing, so that it can
 * be read as a card. */
static yao_status wrap(yao_receive *r, yao_bytes copy, yao_bytes *ret)
{
    static const uint8_t none[64];
    yao_writer           w = yao_writer_in(r->arena);

    yao_cbor_put_array(&w, 3);
    yao_cbor_put_bytes(&w, copy);
    yao_cbor_put_null(&w);
    yao_cbor_put_bytes(&w, (yao_bytes){none, sizeof none});
    return yao_writer_keep(&w, r->arena, ret);
}

/* All that an issuer is asked about, as the table of the policy has it; what is
 * the holder's is not there yet. */
static yao_status card_verdict(const yao_report *report)
{
    bool signature = false, chain = false, dates = false;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];
        bool good = row->outcome == YAO_OUTCOME_PASS;

        if (row->check == YAO_CHECK_CARD_CHALLENGE ||
            row->check == YAO_CHECK_CARD_HOLDER)
            continue;
        if (row->outcome == YAO_OUTCOME_FAIL ||
            row->outcome == YAO_OUTCOME_UNKNOWN)
            return row->why != YAO_OK ? row->why : YAO_E_UNTRUSTED;
        signature |= good && row->check == YAO_CHECK_ISSUER_SIGNATURE;
        chain |= good && row->check == YAO_CHECK_ISSUER_CHAIN;
        dates |= good && row->check == YAO_CHECK_VALIDITY;
    }
    return signature && chain && dates && !report->full ? YAO_OK
                                                        : YAO_E_UNTRUSTED;
}

static yao_status card_attributes(yao_receive *r, const yao_card_content *c,
                                  content *ret)
{
    const yao_definition *d =
        yao_document_by_type(r->options.catalogue, c->type);
    yao_attribute *out =
        yao_arena_take_array(r->arena, c->element_count, sizeof *out);

    if (out == NULL)
        return YAO_E_SPACE;
    if (d == NULL)
        return YAO_E_NOT_FOUND;
    for (size_t i = 0; i < c->element_count; i++) {
        const yao_card_element *e     = &c->elements[i];
        const yao_element      *known = yao_document_labelled(
            d, e->space == YAO_CARD_169, e->label);

        if (known == NULL)
            return YAO_E_NOT_FOUND;
        out[i] = (yao_attribute){.name = known->name, .cbor = e->value};
    }
    ret->attributes      = out;
    ret->attribute_count = c->element_count;
    return YAO_OK;
}

/* Signers that are known, and those that signed what came before. */
static yao_status signers_of(yao_receive *r, yao_card_verify_options *options)
{
    size_t     known = r->options.signer_count;
    yao_bytes *all   = yao_arena_take_array(r->arena, known + r->signer_count,
                                            sizeof *all);

    if (all == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < known; i++)
        all[i] = r->options.signers[i];
    for (size_t i = 0; i < r->signer_count; i++)
        all[known + i] = r->signers[i];
    options->signers      = all;
    options->signer_count = known + r->signer_count;
    return YAO_OK;
}

static yao_status verify_card(yao_receive *r, yao_time now,
                              const yao_card_unverified *card, content *ret)
{
    yao_card_verify_options options = {
        .anchors      = r->options.anchors,
        .anchor_count = r->options.anchor_count,
        .now = now, .skew = SKEW, .bound = true};
    yao_card_verification *v      = yao_arena_take(r->arena, sizeof *v);
    yao_report            *report = yao_arena_take(r->arena, sizeof *report);
    const yao_crypto      *crypto = r->options.crypto;
    yao_card_verified      verified;

    if (v == NULL || report == NULL)
        return YAO_E_SPACE;
    YAO_TRY(signers_of(r, &options));
    YAO_TRY(yao_card_begin(r->arena, crypto, card, &options, v, report));
    YAO_TRY(crypto->verify(crypto->ctx, v->checks, v->check_count));
    /* it fails for want of a holder; the rows say what else */
    yao_status status = yao_card_conclude(v, &verified, report);
    if (status == YAO_E_SPACE || status == YAO_E_USAGE)
        return status;
    YAO_TRY(card_verdict(report));
    if (v->path->anchor != NULL)
        ret->signer = v->path->anchor_certificate.common_name;
    return YAO_OK;
}

static yao_status judge_card(yao_receive *r, yao_time now, yao_bytes copy,
                             content *ret)
{
    const yao_vci_offered *offered = &r->item->offered;
    yao_card_unverified   *card    = yao_arena_take(r->arena, sizeof *card);
    yao_bytes              whole;

    if (card == NULL)
        return YAO_E_SPACE;
    YAO_TRY(wrap(r, copy, &whole));
    YAO_TRY(yao_card_parse(r->arena, whole, card));
    YAO_TRY(verify_card(r, now, card, ret));
    YAO_TRY(yao_vci_check_card(
        r->arena, r->options.catalogue,
        &(yao_vci_card){offered->type, offered->profile, offered->choice},
        &card->content));
    ret->type        = card->content.type;
    ret->key         = card->content.device_key;
    ret->valid_from  = card->content.issued_at;
    ret->valid_until = card->content.expires;
    return card_attributes(r, &card->content, ret);
}

/* Paper is bound to nobody: the key of its proof says who asked for it. */
static yao_status judge_paper(yao_receive *r, yao_time now, yao_bytes copy,
                              content *ret)
{
    const yao_vci_offered *offered = &r->item->offered;
    yao_card_unverified   *card    = yao_arena_take(r->arena, sizeof *card);

    if (card == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_card_parse_printed(r->arena, copy, card));
    YAO_TRY(verify_card(r, now, card, ret));
    YAO_TRY(yao_vci_check_paper(
        r->arena, r->options.catalogue,
        &(yao_vci_card){offered->type, offered->profile, offered->choice},
        &card->content));
    ret->type        = card->content.type;
    ret->key         = r->item->keys[0];
    ret->valid_from  = card->content.issued_at;
    ret->valid_until = card->content.expires;
    return card_attributes(r, &card->content, ret);
}

/* ---- one copy ----------------------------------------------------------- */

static yao_status read_copy(yao_receive *r, yao_time now, yao_bytes copy,
                            content *ret)
{
    yao_bytes signer = {NULL, 0};

    switch (r->item->offered.format) {
    case YAO_VCI_MDOC:
        YAO_TRY(read_mdoc(r, copy, &ret->key, &signer));
        YAO_TRY(judge(r, now, copy, YAO_FORMAT_MDOC_ISSUED, ret));
        remember_signer(r, signer);
        return YAO_OK;
    case YAO_VCI_SDJWT:
        YAO_TRY(read_sdjwt(r, copy, &ret->key, &signer));
        YAO_TRY(judge(r, now, copy, YAO_FORMAT_SDJWT_VC, ret));
        remember_signer(r, signer);
        return YAO_OK;
    case YAO_VCI_CARD:
        return judge_card(r, now, copy, ret);
    case YAO_VCI_PAPER:
        return judge_paper(r, now, copy, ret);
    case YAO_VCI_NO_FORMAT:
        break;
    }
    return YAO_E_UNSUPPORTED;
}

/* A card has its key compressed. */
static bool same_point(const yao_public_key *a, const yao_public_key *b)
{
    size_t size = a->curve == YAO_P384 ? 48 : 32;

    if (a->len != 1 + size)
        return yao_public_key_equal(a, b);
    return a->curve == b->curve && a->curve != YAO_CURVE_NONE &&
           a->point[0] == ((b->point[b->len - 1] & 1) != 0 ? 3 : 2) &&
           yao_bytes_equal((yao_bytes){a->point + 1, size},
                           (yao_bytes){b->point + 1, size});
}

/* The key that it is bound to: one of ours, and not yet another copy's. */
static yao_status find_key(const yao_receive_item *item, const content *c,
                           size_t *ret)
{
    for (size_t i = 0; i < item->key_count; i++) {
        if (!same_point(&c->key, &item->keys[i]))
            continue;
        for (size_t n = 0; n < item->copy_count; n++)
            if (item->key_of[n] == i)
                return YAO_E_DUPLICATE;
        *ret = i;
        return YAO_OK;
    }
    return YAO_E_MISMATCH;
}

/* ---- all of them -------------------------------------------------------- */

static bool same_value(const yao_attribute *a, const yao_attribute *b)
{
    return yao_text_equal(a->space, b->space) &&
           yao_text_equal(a->name, b->name) &&
           yao_bytes_equal(a->cbor, b->cbor) &&
           yao_text_equal(a->json, b->json);
}

/* Copies that differ can be told from each other by whoever sees two (N142);
 * and the person is shown who signed the first, as who signed all. */
static bool same_content(const yao_receive_item *item, const content *c)
{
    if (item->attribute_count != c->attribute_count ||
        item->valid_from != c->valid_from ||
        item->valid_until != c->valid_until ||
        !yao_text_equal(item->signer, c->signer))
        return false;
    for (size_t i = 0; i < c->attribute_count; i++) {
        bool found = false;

        for (size_t n = 0; n < c->attribute_count && !found; n++)
            found = same_value(&c->attributes[i], &item->attributes[n]);
        if (!found)
            return false;
    }
    return true;
}

static yao_status enter(yao_receive_item *item, const content *c,
                        yao_bytes copy)
{
    size_t key;

    if (!yao_text_equal(c->type, item->offered.type))
        return YAO_E_MISMATCH;
    YAO_TRY(find_key(item, c, &key));
    if (item->copy_count == 0) {
        item->attributes      = c->attributes;
        item->attribute_count = c->attribute_count;
        item->valid_from      = c->valid_from;
        item->valid_until     = c->valid_until;
        item->signer          = c->signer;
    } else if (!same_content(item, c)) {
        return YAO_E_MISMATCH;
    }
    item->copies[item->copy_count] = copy;
    item->key_of[item->copy_count] = key;
    item->copy_count++;
    return YAO_OK;
}

yao_status yao_receive_check(yao_receive *r, yao_time now,
                             const yao_vci_response *response)
{
    yao_receive_item *item = r->item;

    if (response->count > item->key_count)
        return YAO_E_LIMIT;
    item->copy_count = 0;
    for (size_t i = 0; i < response->count; i++) {
        size_t  mark = r->arena->used;
        content c    = {.valid_from  = YAO_TIME_NONE,
                        .valid_until = YAO_TIME_NONE};

        YAO_TRY(read_copy(r, now, response->credentials[i], &c));
        YAO_TRY(enter(item, &c, response->credentials[i]));
        if (i != 0) /* it says what the first says */
            r->arena->used = mark;
    }
    return item->copy_count != 0 ? YAO_OK : YAO_E_MISSING;
}
