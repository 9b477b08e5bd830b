/* SPDX-License-Identifier: Apache-2.0 */

/* From the person's word to the answer's answer. */

#include "base/ascii.h"
#include "vp/present_parts.h"
#include "vp/receipt.h"

/* Bytes of what a verifier answers. */
enum { MOST_ANSWER = 64 * 1024 };

/* ---- sending ------------------------------------------------------------ */

static yao_status post(yao_present *p, present_state state, yao_text url,
                       yao_bytes body, yao_present_wish *w)
{
    w->fetch = (yao_present_fetch){
        .method = "POST",
        .url    = url,
        .accept = "application/json",
        .type   = "application/x-www-form-urlencoded",
        .body   = body,
        .most   = MOST_ANSWER};
    return yao_present_go(p, state, w, YAO_PRESENT_FETCH);
}

static yao_status send(yao_present *p, yao_bytes body, yao_present_wish *w)
{
    p->stage = YAO_PRESENT_AT_VERIFIER;
    if (p->request.binding.dcapi) {
        w->bytes = body;
        return yao_present_go(p, PRESENT_HANDED, w, YAO_PRESENT_HAND_OVER);
    }
    return post(p, PRESENT_POSTED, p->request.binding.response_uri, body, w);
}

/* Nothing is shown: the verifier hears so, and the session ends with STATUS
 * whatever it answers. */
yao_status yao_present_tell(yao_present *p, yao_present_wish *w,
                            yao_oauth_error error, yao_status status)
{
    bool       dcapi = p->options.data.len != 0;
    yao_text   state = p->known ? p->request.state : p->refusal.state;
    yao_text   to    = p->known ? p->request.binding.response_uri
                                : p->refusal.tell;
    yao_writer out   = yao_writer_in(p->arena);
    yao_bytes  body;

    p->status = status;
    yao_vp_put_refused(&out, dcapi, error, state);
    YAO_TRY(yao_writer_keep(&out, p->arena, &body));
    if (dcapi) {
        w->bytes = body;
        return yao_present_go(p, PRESENT_TOLD, w, YAO_PRESENT_HAND_OVER);
    }
    return post(p, PRESENT_TOLD, to, body, w);
}

/* Best effort: there is nothing to be done about it. */
PRESENT_HANDLER(yao_present_on_told)
{
    return yao_present_stop(p, e, w);
}

/* An address that nobody signed for is not told anything; annex C has no words
 * for it. */
PRESENT_HANDLER(yao_present_on_declined)
{
    (void)e;
    if (p->request.iso != NULL)
        return YAO_E_REFUSED;
    if (!p->request.is_signed && !p->request.binding.dcapi)
        return YAO_E_REFUSED;
    return yao_present_tell(p, w, YAO_OAUTH_ACCESS_DENIED, YAO_E_REFUSED);
}

/* ---- signing ------------------------------------------------------------ */

static yao_status wish_signature(yao_present *p, yao_present_wish *w)
{
    w->index = p->signed_count;
    w->sign  = p->answer.wishes[p->signed_count];
    return yao_present_go(p, PRESENT_SIGNING, w, YAO_PRESENT_SIGN);
}

PRESENT_HANDLER(yao_present_on_chosen)
{
    yao_vp_choice choice = {e->shown, e->shown_count, e->now, e->pseudonym};

    if (e->shown_count == 0)
        return yao_present_on_declined(p, e, w);
    p->stage = YAO_PRESENT_AT_ANSWER;
    YAO_TRY(yao_vp_begin_answer(p->arena, p->terms.crypto, &p->request,
                                &choice, &p->answer));
    return wish_signature(p, w);
}

PRESENT_HANDLER(yao_present_on_signed)
{
    yao_bytes body;

    p->answer.signatures[p->signed_count++] = e->bytes;
    if (p->signed_count < p->answer.count)
        return wish_signature(p, w);
    YAO_TRY(yao_vp_write_token(p->arena, &p->answer, &p->token));
    if (yao_vp_mode_sealed(p->request.mode))
        return yao_present_go(p, PRESENT_KEY, w, YAO_PRESENT_MAKE_KEY);
    YAO_TRY(yao_vp_write_plain(p->arena, &p->request, p->token, &body));
    return send(p, body, w);
}

/* ---- encrypting --------------------------------------------------------- */

PRESENT_HANDLER(yao_present_on_key)
{
    if (e->key.curve != YAO_P256 || e->key.len != 65)
        return YAO_E_USAGE;
    p->sealing.ephemeral = e->key;
    w->agree.peer        = p->request.key;
    return yao_present_go(p, PRESENT_AGREEING, w, YAO_PRESENT_AGREE);
}

PRESENT_HANDLER(yao_present_on_agreed)
{
    yao_entropy entropy = {e->random};
    yao_bytes   nonce;

    YAO_TRY(yao_entropy_take(&entropy, YAO_AEAD_NONCE, &nonce));
    YAO_TRY(yao_arena_keep(p->arena, nonce, &p->sealing.nonce));
    p->sealing.shared = e->bytes;
    YAO_TRY(yao_vp_begin_seal(p->arena, p->terms.crypto, &p->request, p->token,
                              &p->sealing));
    p->sealing.shared = (yao_bytes){NULL, 0};
    w->aead           = p->sealing.wish;
    return yao_present_go(p, PRESENT_SEALING, w, YAO_PRESENT_AEAD);
}

PRESENT_HANDLER(yao_present_on_sealed)
{
    yao_bytes body;

    YAO_TRY(yao_vp_write_sealed(p->arena, &p->request, &p->sealing, e->bytes,
                                &body));
    return send(p, body, w);
}

/* ---- the answer's answer ------------------------------------------------ */

/* A verifier that says what it did not like; in letters that may be shown. */
static yao_status read_failure(yao_present *p, const yao_present_answer *a)
{
    yao_oauth_failure failure;

    if (a->status < 400)
        return YAO_E_MALFORMED; /* N211: a redirect is none */
    if (yao_oauth_read_failure(p->arena, a->body, &failure) == YAO_OK)
        p->said = failure.description.len != 0 ? failure.description
                                               : failure.error;
    return YAO_E_REFUSED;
}

PRESENT_HANDLER(yao_present_on_posted)
{
    const yao_present_answer *a = &e->answer;

    if (a->status != 200)
        return read_failure(p, a);
    if (!yao_ascii_media(a->type, "application/json"))
        return YAO_E_MALFORMED;
    YAO_TRY(yao_vp_read_posted_answer(p->arena, a->body, p->terms.loopback,
                                      &p->redirect));
    YAO_TRY(yao_receipt_read_answer(p->arena, a->body, &p->receipt));
    if (p->redirect.len == 0)
        return yao_present_stop(p, e, w);
    w->text = p->redirect;
    return yao_present_go(p, PRESENT_OPENED, w, YAO_PRESENT_OPEN);
}
