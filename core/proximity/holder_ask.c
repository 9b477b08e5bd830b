/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/holder_parts.h"

/* ---- who asks what ------------------------------------------------------ */

/* Is A's reader registered, and for this? */
static yao_status judge_registered(const yao_holder *h, yao_holder_asked *a)
{
    const yao_holder_options *o = &h->options;
    yao_trust_party           party;

    if (a->reader.state != YAO_MDOC_READER_GOOD)
        return a->reader.why;
    YAO_TRY(yao_trust_find_asker(o->crypto, o->parties, a->reader.certificate,
                                 &a->party));
    YAO_TRY(yao_trust_narrow(h->arena, o->catalogue, a->party,
                             a->reader.certificate, &party));
    return yao_prox_check_asked(o->catalogue, &party, a->request,
                                &a->profile);
}

static yao_status judge_readers(yao_holder *h, yao_time now)
{
    const yao_holder_options *o       = &h->options;
    yao_mdoc_reader_options   options = {.anchors      = o->readers,
                                         .anchor_count = o->reader_count,
                                         .now          = now,
                                         .strict       = o->strict,
                                         .transcript   = h->transcript};
    yao_mdoc_readers          readers;

    h->report = (yao_report){.count = 0};
    YAO_TRY(yao_mdoc_begin_readers(h->arena, &h->request, &options, &readers,
                                   &h->report));
    if (readers.check_count != 0)
        YAO_TRY(o->crypto->verify(o->crypto->ctx, readers.checks,
                                  readers.check_count));
    for (size_t i = 0; i < h->request.document_count; i++) {
        yao_holder_asked *a = &h->asked[i];

        *a = (yao_holder_asked){.request = &h->request.documents[i]};
        YAO_TRY(yao_mdoc_conclude_reader(&readers, i, &a->reader, &h->report));
        a->status = judge_registered(h, a);
    }
    return YAO_OK;
}

/* Where only registered parties are answered: the first thing that is wrong
 * with any of what is asked. */
static yao_status refusal(const yao_holder *h)
{
    if (!h->options.only_registered)
        return YAO_OK;
    for (size_t i = 0; i < h->request.document_count; i++)
        if (h->asked[i].status != YAO_OK)
            return h->asked[i].status;
    return YAO_OK;
}

/* ---- the request -------------------------------------------------------- */

/* ISO/IEC 18013-5 table 8: what the reader is told of what it sent. */
static yao_status complain(yao_holder *h, yao_holder_wish *w, yao_bytes plain,
                           yao_status status)
{
    if (status == YAO_E_SPACE)
        return status;
    if (status == YAO_E_LIMIT)
        return yao_holder_complain(h, w, YAO_MDOC_RESPONSE_GENERAL, status);
    if (yao_cbor_check(plain, true, NULL) != YAO_OK)
        return yao_holder_complain(h, w, YAO_MDOC_RESPONSE_CBOR, status);
    return yao_holder_complain(h, w, YAO_MDOC_RESPONSE_REQUEST, status);
}

HOLDER_HANDLER(yao_holder_on_request)
{
    h->arena->used   = h->mark;
    h->request       = (yao_mdoc_request){0};
    h->choice_count  = 0;
    yao_status status = yao_mdoc_parse_request(
        h->arena, e->bytes, h->options.strict, &h->request);
    if (status == YAO_OK && h->request_count == YAO_PROX_MAX_REQUESTS) {
        h->request = (yao_mdoc_request){0};
        status     = YAO_E_LIMIT;
    }
    if (status != YAO_OK)
        return complain(h, w, e->bytes, status);

    h->request_count++;
    YAO_TRY(judge_readers(h, e->now));
    YAO_TRY(refusal(h));
    return yao_holder_wait(h, HOLDER_ASKING, w, YAO_HOLDER_ASK,
                           e->now + h->options.idle_wait);
}
