/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/reader_parts.h"

/* ---- the answer comes --------------------------------------------------- */

READER_HANDLER(yao_reader_on_message)
{
    yao_prox_data message;
    yao_status    status = yao_prox_read_data(e->bytes, &message);

    if (status != YAO_OK)
        return yao_reader_leave(r, w, YAO_PROX_STATUS_CBOR, status);
    r->said = message.status;
    r->over = message.status != YAO_PROX_STATUS_NONE;
    if (message.data.len == 0)
        return yao_reader_stop(r, w, YAO_E_REFUSED);

    status = yao_prox_wish_open(&r->session, message.data, &w->aead);
    if (status != YAO_OK)
        return yao_reader_leave(r, w, YAO_PROX_STATUS_ENCRYPTION, status);
    r->answer.took = e->now - r->sent_at;
    return yao_reader_go(r, READER_OPENING, w, YAO_READER_AEAD);
}

READER_HANDLER(yao_reader_on_closed)
{
    yao_status status = e->status != YAO_OK ? e->status : YAO_E_USAGE;

    if (r->over)
        return yao_reader_stop(r, w, status);
    return yao_reader_leave(r, w, YAO_PROX_STATUS_ENCRYPTION, status);
}

/* ---- only what was asked for -------------------------------------------- */

static bool is_age(yao_text name)
{
    return name.len == 11 && yao_bytes_starts(yao_text_bytes(name),
                                              YAO_LIT("age_over_"));
}

/* The nearest age_over_NN answers any other (ISO/IEC 18013-5:2021 7.2.5). */
static bool wants(const yao_mdoc_ask *ask, const yao_attribute *a)
{
    for (size_t i = 0; i < ask->element_count; i++) {
        const yao_mdoc_wanted *e = &ask->elements[i];

        if (yao_text_equal(e->name_space, a->space) &&
            (yao_text_equal(e->element, a->name) ||
             (is_age(e->element) && is_age(a->name))))
            return true;
    }
    return false;
}

static bool was_asked(const yao_reader *r, yao_text type,
                      const yao_attribute *a)
{
    for (size_t i = 0; i < r->request.ask_count; i++)
        if (yao_text_equal(r->request.asks[i].doc_type, type) &&
            wants(&r->request.asks[i], a))
            return true;
    return false;
}

static yao_status drop_unasked(yao_reader *r, yao_result_document *d)
{
    yao_attribute *kept =
        yao_arena_take_array(r->arena, d->attribute_count, sizeof *kept);
    size_t         count = 0;

    if (kept == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < d->attribute_count; i++)
        if (was_asked(r, d->type, &d->attributes[i]))
            kept[count++] = d->attributes[i];
    r->answer.dropped += d->attribute_count - count;
    d->attributes      = kept;
    d->attribute_count = count;
    return YAO_OK;
}

/* ---- the verdict -------------------------------------------------------- */

/* The answer goes to whoever asked. */
static yao_status give(yao_reader *r, yao_reader_wish *w)
{
    r->answer.said = &r->frame;
    r->answer.over = r->over;
    w->answer      = &r->answer;
    return yao_reader_go(r, READER_CHOOSING, w, YAO_READER_NEXT);
}

static yao_status finish(yao_reader *r, yao_reader_wish *w)
{
    const yao_crypto *crypto = r->options.crypto;
    yao_result       *result;

    if (r->verification.check_count != 0)
        YAO_TRY(crypto->verify(crypto->ctx, r->verification.checks,
                               r->verification.check_count));
    YAO_TRY(yao_verify_finish(&r->verification, &result));
    for (size_t i = 0; i < result->document_count; i++)
        YAO_TRY(drop_unasked(r, &result->documents[i]));
    r->answer.result = result;
    return give(r, w);
}

/* Each deviceMac wants the agreement of the session's key with its device's. */
static yao_status agree_next(yao_reader *r, yao_reader_wish *w)
{
    if (r->at == r->verification.agreement_count)
        return finish(r, w);
    w->agree = r->verification.agreements[r->at];
    return yao_reader_go(r, READER_MACING, w, YAO_READER_AGREE);
}

static yao_status begin(yao_reader *r, yao_time now)
{
    yao_verify_options options = r->options.verify;

    options.format         = YAO_FORMAT_MDOC_RESPONSE;
    options.now            = now;
    options.transcript     = r->transcript;
    options.no_binding     = false;
    options.required       = r->request.required;
    options.required_count = r->request.required_count;
    return yao_verify_begin(r->arena, r->options.crypto, r->response, &options,
                            &r->verification);
}

READER_HANDLER(yao_reader_on_opened)
{
    r->response = e->bytes;
    r->at       = 0;
    YAO_TRY(yao_mdoc_read_said(r->arena, r->response, r->options.verify.strict,
                               &r->frame));
    if (r->frame.document_count == 0)
        return give(r, w);
    if (r->frame.status != YAO_MDOC_RESPONSE_OK)
        return YAO_E_MALFORMED; /* documents beside an error */
    YAO_TRY(begin(r, e->now));
    return agree_next(r, w);
}

READER_HANDLER(yao_reader_on_secret)
{
    YAO_TRY(yao_verify_agreed(&r->verification, r->at, e->bytes));
    r->at++;
    return agree_next(r, w);
}

/* Nobody could agree: the verdict will be that it could not be checked. */
READER_HANDLER(yao_reader_on_no_secret)
{
    (void)e;
    r->at++;
    return agree_next(r, w);
}
