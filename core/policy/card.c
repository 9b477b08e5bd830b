/* SPDX-License-Identifier: Apache-2.0 */

/* QR cards, and mdocs shown in codes, as documents: what their elements are
 * called, and which of them want a challenge. docs/formats/card.md section 7 */

#include "card/challenge.h"
#include "policy/policy.h"

/* Paper has no holder's key: where a person is to be served, somebody has to
 * look. */
bool yao_policy_wants_holder(const yao_verify_options *o)
{
    return !o->compared && (!o->no_binding || o->card_profile.len != 0);
}

yao_status yao_policy_begin_card(yao_arena *arena, const yao_crypto *crypto,
                                 yao_bytes                 input,
                                 const yao_verify_options *o, bool printed,
                                 yao_policy_card *ret, yao_report *report)
{
    if (printed)
        YAO_TRY(yao_card_parse_printed(arena, input, &ret->input));
    else
        YAO_TRY(yao_card_parse(arena, input, &ret->input));

    yao_card_verify_options options = {.anchors      = o->anchors,
                                       .anchor_count = o->anchor_count,
                                       .signers      = o->signers,
                                       .signer_count = o->signer_count,
                                       .now          = o->now,
                                       .skew         = o->skew,
                                       .strict       = o->strict,
                                       .challenge    = o->challenge,
                                       .profile      = o->card_profile,
                                       .bound = yao_policy_wants_holder(o)};

    return yao_card_begin(arena, crypto, &ret->input, &options, &ret->check,
                          report);
}

/* ---- elements ----------------------------------------------------------- */

/* Its element in the catalogue, or NULL. */
static const yao_element *element_of(const yao_verify_options *o,
                                     const yao_card_content   *c,
                                     const yao_card_element   *e)
{
    const yao_definition *d = NULL;

    if (o->catalogue != NULL && c->type.len != 0)
        d = yao_document_by_type(o->catalogue, c->type);

    return d != NULL ? yao_document_labelled(d, e->space == YAO_CARD_169,
                                             e->label)
                     : NULL;
}

/* "169/4", "-65537/12": what nobody knows a name for. */
static yao_status name_by_number(yao_arena *arena, const yao_card_element *e,
                                 yao_text *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  name;
    uint64_t   label = e->label < INT64_MAX ? e->label : INT64_MAX;

    yao_put_text(&w, e->space == YAO_CARD_169 ? "169/" : "-65537/");
    yao_put_decimal(&w, (int64_t)label);
    YAO_TRY(yao_writer_keep(&w, arena, &name));

    *ret = (yao_text){name.ptr, name.len};
    return YAO_OK;
}

/* "YYYYMMDD" -> the day as all other shapes have it. What is none stays. */
static void put_day(yao_writer *w, const yao_card_element *e)
{
    yao_cbor_reader r    = yao_cbor_open(e->value);
    yao_text        text = yao_cbor_get_text(&r);
    uint8_t         day[10];
    yao_date        date;

    if (yao_cbor_close(&r) == YAO_OK && text.len == 8) {
        for (size_t i = 0, at = 0; i < 8; i++) {
            if (i == 4 || i == 6)
                day[at++] = '-';
            day[at++] = text.ptr[i];
        }
        if (yao_date_parse((yao_bytes){day, sizeof day}, &date) == YAO_OK) {
            yao_cbor_put_full_date(w, date);
            return;
        }
    }
    yao_cbor_put_raw(w, e->value);
}

/* 1, 2, 3 -> 1, 2, 9 (ISO/IEC 5218: not applicable). */
static void put_sex(yao_writer *w, const yao_card_element *e)
{
    if (yao_bytes_equal(e->value, YAO_LIT("\x03")))
        yao_cbor_put_uint(w, 9);
    else
        yao_cbor_put_raw(w, e->value);
}

/* The value as the document's other shapes have it. */
static yao_status translate(yao_arena *arena, const yao_element *known,
                            const yao_card_element *e, yao_bytes *ret)
{
    yao_writer w = yao_writer_in(arena);

    *ret = e->value;
    if (known == NULL || e->space != YAO_CARD_169)
        return YAO_OK;
    if (known->type == YAO_TYPE_DATE)
        put_day(&w, e);
    else if (known->type == YAO_TYPE_UINT)
        put_sex(&w, e);
    else
        return YAO_OK;

    return yao_writer_keep(&w, arena, ret);
}

/* Sensitive elements are shown to a checker who said who they are, and to
 * nobody who merely looked; a holder who hands over paper has decided. */
static bool needs_challenge(const yao_policy_card    *card,
                            const yao_verify_options *o,
                            const yao_element        *known)
{
    return known != NULL && known->sensitive && !card->input.printed &&
           o->challenge.len == 0;
}

static yao_status put_attributes(yao_arena *arena, const yao_policy_card *card,
                                 const yao_verify_options *o,
                                 yao_result_document *ret, yao_report *report)
{
    const yao_card_content *c = &card->input.content;
    yao_attribute *out = yao_arena_take_array(arena, c->element_count,
                                              sizeof *out);
    bool           bare = false;

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < c->element_count; i++) {
        const yao_card_element *e     = &c->elements[i];
        const yao_element      *known = element_of(o, c, e);

        if (known != NULL)
            out[i].name = known->claim;
        else
            YAO_TRY(name_by_number(arena, e, &out[i].name));
        YAO_TRY(translate(arena, known, e, &out[i].cbor));
        bare = bare || needs_challenge(card, o, known);
    }
    if (bare)
        (void)yao_report_put(report, 0, YAO_CHECK_CARD_CHALLENGE,
                             YAO_E_NOT_AUTHORISED);

    ret->attributes      = out;
    ret->attribute_count = c->element_count;
    return YAO_OK;
}

/* Whom one asks without looking at them, and for what is so today, is not asked
 * by paper. A profile that nobody here knows is the caller's affair. */
static void check_paper(const yao_policy_card    *card,
                        const yao_verify_options *o, yao_report *report)
{
    yao_text           name = card->input.content.profile;
    const yao_profile *p    = NULL;

    if (o->catalogue != NULL && name.len != 0)
        p = yao_profile_by_name(o->catalogue, name);
    if (card->input.printed && p != NULL && p->paper_days == 0)
        (void)yao_report_put(report, 0, YAO_CHECK_CARD_PROFILE,
                             YAO_E_NOT_AUTHORISED);
}

/* ---- the document ------------------------------------------------------- */

/* Under which root, or with which pinned key, it was signed. */
static yao_bytes signer_of(const yao_policy_card *card)
{
    const yao_card_verification *v = &card->check;

    if (v->path->anchor != NULL)
        return v->path->anchor->certificate;
    for (size_t i = 0; i < v->check_count; i++)
        if (v->checks[i].key_repeats && v->checks[i].outcome == YAO_SIG_GOOD)
            return (yao_bytes){v->checks[i].key.point, v->checks[i].key.len};

    return (yao_bytes){NULL, 0};
}

static yao_status put_status(yao_arena *arena, const yao_card_content *c,
                             yao_result_document *ret)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  uri;

    ret->status_index = c->status_index;
    ret->status_uri   = c->status_uri;
    if (c->status != YAO_CARD_STATUS_NUMBER)
        return YAO_OK;
    yao_card_put_status_uri(&w, c->issuer, c->status_list);
    YAO_TRY(yao_writer_keep(&w, arena, &uri));

    ret->status_uri = (yao_text){uri.ptr, uri.len};
    return YAO_OK;
}

yao_status yao_policy_finish_card(yao_arena *arena, yao_policy_card *card,
                                  const yao_verify_options *options,
                                  yao_result_document *ret, yao_report *report)
{
    const yao_x509_path    *path = card->check.path;
    const yao_card_content *c    = &card->input.content;
    yao_card_verified       verified;

    ret->type = c->type;
    if (yao_card_conclude(&card->check, &verified, report) != YAO_OK)
        return YAO_E_MISSING;

    ret->valid_from  = c->not_before != YAO_TIME_NONE ? c->not_before
                                                      : c->issued_at;
    ret->valid_until = c->expires;
    if (path->anchor != NULL) {
        ret->issuer         = path->anchor_certificate.common_name;
        ret->issuer_country = path->anchor_certificate.country;
    }
    YAO_TRY(put_status(arena, c, ret));
    check_paper(card, options, report);
    yao_policy_check_status(options, signer_of(card), 0, ret, report);

    return put_attributes(arena, card, options, ret, report);
}

/* ---- mdocs in codes ----------------------------------------------------- */

/* A card says itself that it wants a challenge; an mdoc is made for no profile,
 * so that the one it is shown for says so. */
static bool is_open(const yao_verify_options *o)
{
    const yao_profile *p = NULL;

    if (o->catalogue != NULL && o->card_profile.len != 0)
        p = yao_profile_by_name(o->catalogue, o->card_profile);
    return p == NULL || p->card == YAO_CARD_OPEN;
}

/* As for a card: docs/formats/card.md sections 2.2, 3. */
static yao_status check_moment(const yao_card_mdoc      *mdoc,
                               const yao_verify_options *o,
                               const yao_card_challenge *challenge)
{
    YAO_TRY(yao_card_check_step(mdoc->stepped, mdoc->step,
                                o->challenge.len != 0, o->now));
    if (o->challenge.len == 0)
        return is_open(o) ? YAO_OK : YAO_E_NOT_AUTHORISED;

    return yao_card_check_answer(challenge, o->now, o->skew);
}

void yao_policy_check_open(const yao_verify_options *o, int32_t index,
                           const yao_result_document *document,
                           yao_report                *report)
{
    const yao_definition *d = NULL;

    if (o->catalogue != NULL && o->challenge.len == 0)
        d = yao_document_by_type(o->catalogue, document->type);
    for (size_t i = 0; d != NULL && i < document->attribute_count; i++) {
        const yao_attribute *a = &document->attributes[i];
        const yao_element   *e = yao_document_element(d, a->space, a->name);

        if (e != NULL && e->sensitive) {
            (void)yao_report_put(report, index, YAO_CHECK_CARD_CHALLENGE,
                                 YAO_E_NOT_AUTHORISED);
            return;
        }
    }
}

/* What the device says it was shown at: a step, or our challenge. */
static yao_status find_moment(const yao_crypto *crypto,
                              const yao_card_mdoc      *mdoc,
                              const yao_verify_options *o, yao_card_moment *ret)
{
    *ret = (yao_card_moment){.step = mdoc->step};
    if (mdoc->stepped || o->challenge.len == 0)
        return YAO_OK;

    return yao_card_moment_of(crypto, o->challenge, ret);
}

yao_status yao_policy_open_mdoc(yao_arena *arena, const yao_crypto *crypto,
                                yao_bytes                 input,
                                const yao_verify_options *options,
                                yao_policy_offline *ret, yao_report *report)
{
    yao_policy_offline opened;
    yao_card_challenge challenge;
    yao_card_mdoc      mdoc;
    yao_writer         w;

    YAO_TRY(yao_card_read_mdoc(input, &mdoc));
    if (options->challenge.len != 0 &&
        yao_card_read_challenge(options->challenge, &challenge) != YAO_OK)
        return YAO_E_USAGE;
    YAO_TRY(find_moment(crypto, &mdoc, options, &opened.moment));
    (void)yao_report_put(report, -1, YAO_CHECK_CARD_CHALLENGE,
                         check_moment(&mdoc, options, &challenge));

    yao_bytes hash = {opened.moment.challenge,
                      opened.moment.challenged ? YAO_SHA256_LEN : 0};
    w              = yao_writer_in(arena);
    yao_mdoc_put_transcript_offline(&w, opened.moment.step, hash);
    YAO_TRY(yao_writer_keep(&w, arena, &opened.transcript));
    opened.response = mdoc.response;

    *ret = opened;
    return YAO_OK;
}
