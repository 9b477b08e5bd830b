/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/holder_parts.h"

/* ---- the person's choice ------------------------------------------------ */

/* Only what was asked for, and of a reader that is not what it should be only
 * what the person wants to show all the same. */
static yao_status check_choice(const yao_holder        *h,
                               const yao_holder_choice *c)
{
    if (c->request >= h->request.document_count || c->element_count == 0)
        return YAO_E_USAGE;

    const yao_holder_asked *asked = &h->asked[c->request];
    if (asked->status != YAO_OK && !c->despite)
        return YAO_E_REFUSED;
    for (size_t i = 0; i < c->element_count; i++)
        if (yao_mdoc_find_wanted(asked->request, c->elements[i].name_space,
                                 c->elements[i].element) == NULL)
            return YAO_E_USAGE;
    return YAO_OK;
}

/* ---- one document after the other --------------------------------------- */

static yao_status answer(yao_holder *h, yao_holder_wish *w, uint64_t status);

static yao_status wish_mac(yao_holder *h, yao_holder_wish *w)
{
    const yao_sig_row *row = yao_sig_by_alg(h->presenting.wish.alg);

    if (row == NULL || row->curve != h->reader_key.curve)
        return YAO_E_KEY; /* nothing to agree on (9.1.3.5) */
    w->agree.peer = h->reader_key;
    return yao_holder_go(h, HOLDER_MACING, w, YAO_HOLDER_AGREE);
}

/* The document of choice C wants a signature, or a MAC. */
static yao_status authenticate(yao_holder *h, const yao_holder_choice *c,
                               yao_holder_wish *w)
{
    if (!yao_text_equal(h->presenting.doc_type,
                        h->asked[c->request].request->doc_type))
        return YAO_E_MISMATCH;

    w->role  = YAO_HOLDER_DOCUMENT;
    w->index = h->at;
    if (c->mac)
        return wish_mac(h, w);
    w->sign = h->presenting.wish;
    return yao_holder_go(h, HOLDER_SIGNING, w, YAO_HOLDER_SIGN);
}

/* The choice at h->at is presented; after the last the answer is written. A
 * copy that has nothing of what was chosen is as if it were not there. */
static yao_status next(yao_holder *h, yao_holder_wish *w)
{
    for (; h->at < h->choice_count; h->at++) {
        const yao_holder_choice *c = &h->choices[h->at];
        yao_status status = yao_mdoc_present(h->arena, c->issuer_signed,
                                             c->elements, c->element_count,
                                             h->transcript, &h->presenting);

        if (status == YAO_OK)
            return authenticate(h, c, w);
        if (status != YAO_E_MISSING)
            return status;
    }
    return answer(h, w, YAO_MDOC_RESPONSE_OK);
}

HOLDER_HANDLER(yao_holder_on_consent)
{
    size_t count = e->kind == YAO_HOLDER_CONSENT ? e->choice_count : 0;

    if (count > YAO_MAX_DOCUMENTS)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < count; i++)
        YAO_TRY(check_choice(h, &e->choices[i]));
    for (size_t i = 0; i < count; i++)
        h->choices[i] = e->choices[i];
    for (size_t i = 0; i < YAO_MAX_DOCUMENTS; i++)
        h->given[i] = false;
    h->choice_count   = count;
    h->at             = 0;
    h->document_count = 0;
    return next(h, w);
}

/* W has a Document, if STATUS says so. */
static yao_status keep(yao_holder *h, yao_holder_wish *w, yao_writer *out,
                       yao_status status)
{
    YAO_TRY(status);
    YAO_TRY(yao_writer_keep(out, h->arena, &h->documents[h->document_count]));
    h->document_count++;
    h->given[h->choices[h->at].request] = true;
    h->at++;
    return next(h, w);
}

HOLDER_HANDLER(yao_holder_on_signed)
{
    yao_writer out = yao_writer_in(h->arena);

    return keep(h, w, &out,
                yao_mdoc_put_document_signed(&out, &h->presenting, e->bytes));
}

HOLDER_HANDLER(yao_holder_on_maced)
{
    yao_writer out = yao_writer_in(h->arena);

    if (!yao_agreement_usable(h->reader_key.curve, e->bytes))
        return YAO_E_KEY;
    return keep(h, w, &out,
                yao_mdoc_put_document_maced(&out, &h->presenting,
                                            h->options.crypto, e->bytes,
                                            h->transcript));
}

/* Its key could not be used: then it looks as if it were not there. */
HOLDER_HANDLER(yao_holder_on_unsigned)
{
    (void)e;
    h->at++;
    return next(h, w);
}

/* ---- the answer --------------------------------------------------------- */

static yao_status answer(yao_holder *h, yao_holder_wish *w, uint64_t status)
{
    yao_text        missing[YAO_MAX_DOCUMENTS];
    yao_mdoc_answer a   = {.documents = h->documents,
                           .missing   = missing,
                           .status    = status};
    yao_writer      out = yao_writer_in(h->arena);
    yao_bytes       plain;

    if (status == YAO_MDOC_RESPONSE_OK) {
        a.document_count = h->document_count;
        for (size_t i = 0; i < h->request.document_count; i++)
            if (!h->given[i])
                missing[a.missing_count++] = h->request.documents[i].doc_type;
    }
    yao_mdoc_put_answer(&out, &a);
    YAO_TRY(yao_writer_keep(&out, h->arena, &plain));
    YAO_TRY(yao_prox_wish_seal(&h->session, plain, &w->aead));
    return yao_holder_go(h, HOLDER_SEALING, w, YAO_HOLDER_AEAD);
}

yao_status yao_holder_complain(yao_holder *h, yao_holder_wish *w,
                               uint64_t status, yao_status why)
{
    h->leaves  = true;
    h->failure = why;
    return answer(h, w, status);
}

HOLDER_HANDLER(yao_holder_on_sealed)
{
    yao_prox_data message = {.data   = e->bytes,
                             .status = h->leaves ? YAO_PROX_STATUS_END
                                                 : YAO_PROX_STATUS_NONE};
    yao_writer    out     = yao_writer_in(h->arena);

    yao_prox_put_data(&out, &message);
    YAO_TRY(yao_writer_keep(&out, h->arena, &w->bytes));
    w->last = h->leaves;
    return yao_holder_go(h, HOLDER_SENDING, w, YAO_HOLDER_SEND);
}

HOLDER_HANDLER(yao_holder_on_sent)
{
    h->answer_count++;
    if (h->leaves)
        return yao_holder_stop(h, w, h->failure);
    return yao_holder_wait(h, HOLDER_WAITING, w, YAO_HOLDER_WAIT,
                           e->now + h->options.idle_wait);
}
