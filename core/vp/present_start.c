/* SPDX-License-Identifier: Apache-2.0 */

/* From a link to a request that a person may be shown. */

#include "base/ascii.h"
#include "vp/present_parts.h"

/* Bytes of a request object: a JWS is no longer. */
enum { MOST_REQUEST = (int)YAO_MAX_JWT };

/* ---- it is known who asks ----------------------------------------------- */

static yao_status ask(yao_present *p, yao_present_wish *w)
{
    p->known   = true;
    p->refusal = (yao_vp_refusal){.error = YAO_OAUTH_NONE, .why = ""};
    p->stage   = YAO_PRESENT_AT_PERSON;
    return yao_present_go(p, PRESENT_ASKING, w, YAO_PRESENT_ASK);
}

/* An authentic request that cannot be answered: the verifier may be told. */
static yao_status refuse(yao_present *p, yao_present_wish *w,
                         yao_status status)
{
    if (p->options.tell && p->refusal.tell.len != 0 && status < YAO_E_SPACE)
        return yao_present_tell(p, w, p->refusal.error, status);
    return status;
}

static yao_status read_unsigned(yao_present *p, yao_present_wish *w)
{
    if (p->options.link.len != 0)
        YAO_TRY(yao_vp_read_parameters(p->arena, &p->link.form, &p->terms,
                                       &p->request, &p->refusal));
    else
        YAO_TRY(yao_vp_read_dcapi(p->arena, p->options.data, &p->terms,
                                  &p->request, &p->refusal));
    return ask(p, w);
}

static yao_status conclude(yao_present *p, yao_vp_signed *request,
                           yao_present_wish *w)
{
    const yao_crypto *crypto = p->terms.crypto;
    yao_status        status;

    YAO_TRY(crypto->verify(crypto->ctx, request->checks,
                           request->check_count));
    status = yao_vp_conclude_request(p->arena, request, &p->terms, &p->request,
                                     &p->refusal);
    return status == YAO_OK ? ask(p, w) : refuse(p, w, status);
}

static yao_status read_signed(yao_present *p, yao_bytes token,
                              yao_present_wish *w)
{
    yao_vp_signed request;

    YAO_TRY(yao_vp_begin_request(p->arena, token, &p->terms, &request,
                                 &p->refusal));
    return conclude(p, &request, w);
}

/* ---- fetching it -------------------------------------------------------- */

static yao_status fetch(yao_present *p, const yao_present_event *e,
                        yao_present_wish *w)
{
    yao_entropy entropy = {e->random};
    yao_bytes   random;

    w->fetch = (yao_present_fetch){
        .method = "GET",
        .url    = p->link.request_uri,
        .accept = "application/oauth-authz-req+jwt",
        .most   = MOST_REQUEST};
    if (p->link.post) {
        YAO_TRY(yao_entropy_take(&entropy, 32, &random));
        YAO_TRY(yao_letters_encode(p->arena, random, &p->terms.wallet_nonce));
        yao_writer body = yao_writer_in(p->arena);
        yao_vp_put_wallet(&body, p->terms.wallet_nonce);
        YAO_TRY(yao_writer_keep(&body, p->arena, &w->fetch.body));
        w->fetch.method = "POST";
        w->fetch.type   = "application/x-www-form-urlencoded";
    }
    return yao_present_go(p, PRESENT_FETCHING, w, YAO_PRESENT_FETCH);
}

/* By annex C: who asks is in its reader authentication. */
static yao_status start_iso(yao_present *p, yao_present_wish *w)
{
    const yao_crypto *crypto = p->terms.crypto;
    yao_vp_iso_asked  asked;
    yao_status        status;

    YAO_TRY(yao_vp_begin_iso(p->arena, p->options.data, &p->terms, &asked,
                             &p->refusal));
    YAO_TRY(crypto->verify(crypto->ctx, asked.readers.checks,
                           asked.readers.check_count));
    if (asked.statement != NULL)
        YAO_TRY(crypto->verify(crypto->ctx,
                               asked.statement->verification.checks,
                               asked.statement->verification.check_count));
    status = yao_vp_conclude_iso(p->arena, &asked, &p->terms, &p->request,
                                 &p->refusal);
    return status == YAO_OK ? ask(p, w) : status;
}

static yao_status start_dcapi(yao_present *p, yao_present_wish *w)
{
    yao_vp_signed request;

    p->stage = YAO_PRESENT_AT_REQUEST;
    if (p->options.protocol == YAO_VP_UNSIGNED)
        return read_unsigned(p, w);
    if (p->options.protocol == YAO_VP_ISO_MDOC)
        return start_iso(p, w);
    YAO_TRY(yao_vp_begin_dcapi(p->arena, p->options.protocol, p->options.data,
                               &p->terms, &request, &p->refusal));
    return conclude(p, &request, w);
}

PRESENT_HANDLER(yao_present_on_start)
{
    p->terms.now = e->now;
    if (p->options.data.len != 0)
        return start_dcapi(p, w);
    YAO_TRY(yao_vp_read_link(p->arena, p->options.link, p->terms.loopback,
                             &p->link, &p->refusal));
    p->stage           = YAO_PRESENT_AT_REQUEST;
    p->terms.client_id = p->link.client_id;
    if (p->link.request_uri.len != 0)
        return fetch(p, e, w);
    if (p->link.request.len != 0)
        return read_signed(p, yao_text_bytes(p->link.request), w);
    return read_unsigned(p, w);
}

/* Misuse N211: whoever answers from elsewhere was not asked. */
PRESENT_HANDLER(yao_present_on_fetched)
{
    p->terms.now = e->now;
    if (e->answer.status != 200 ||
        !yao_ascii_media(e->answer.type, "application/oauth-authz-req+jwt")) {
        (void)yao_vp_refuse(&p->refusal, YAO_OAUTH_INVALID_REQUEST,
                            "request_uri does not give a request",
                            YAO_E_MALFORMED);
        return YAO_E_MALFORMED;
    }
    return read_signed(p, e->answer.body, w);
}
