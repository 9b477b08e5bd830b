/* SPDX-License-Identifier: Apache-2.0 */

/* The receipt that a verifier gives with its answer: kept whatever it is, with
 * whether it is signed by who asked, for what was shown. */

#include "vp/receipt.h"
#include "wallet/presenting.h"

static yao_status hash_of(yao_presenting *s, yao_bytes of, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(&s->arena, YAO_SHA256_LEN);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(s->crypto->hash(s->crypto->ctx, YAO_SHA256, &of, 1, out));
    *ret = (yao_bytes){out, YAO_SHA256_LEN};
    return YAO_OK;
}

/* Whoever asked under another name has the same certificate. */
static yao_status make_terms(yao_presenting *s, yao_receipt_terms *ret)
{
    yao_bytes transcript;

    if (!s->request->is_signed)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(yao_vp_make_client_id(&s->arena, s->crypto, s->request->leaf,
                                  &ret->issuer));
    YAO_TRY(yao_vp_transcript(&s->arena, s->crypto, &s->request->binding,
                              &transcript));
    ret->key = s->request->certificate.key;
    return hash_of(s, transcript, &ret->bound);
}

static yao_status verify(yao_presenting *s, yao_text letters)
{
    yao_receipt_terms      terms = {.bound = {NULL, 0}};
    yao_receipt_unverified r;
    yao_signature_check    check;

    YAO_TRY(make_terms(s, &terms));
    YAO_TRY(yao_receipt_read(&s->arena, yao_text_bytes(letters), &r));
    YAO_TRY(yao_receipt_check(&r, &terms, &check));
    YAO_TRY(s->crypto->verify(s->crypto->ctx, &check, 1));
    return yao_oauth_answers(&check, 1);
}

yao_status yao_presenting_keep_receipt(yao_presenting *s)
{
    yao_text          letters = s->machine != NULL
                                    ? yao_present_receipt(s->machine)
                                    : (yao_text){NULL, 0}; /* at a counter */
    yao_wallet_event *e       = &s->wallet->events[s->first_event];
    yao_bytes         kept;

    if (letters.len == 0 || s->event_count == 0)
        return YAO_OK;
    yao_status status = verify(s, letters);
    if (status == YAO_E_SPACE || status == YAO_E_CRYPTO)
        return status;
    YAO_TRY(yao_arena_keep(&s->wallet->arena, yao_text_bytes(letters), &kept));
    e->receipt    = (yao_text){kept.ptr, kept.len};
    e->receipt_is = status == YAO_OK ? YAO_TEXT(YAO_RECEIPT_VERIFIED)
                                     : YAO_TEXT(YAO_RECEIPT_UNVERIFIED);
    return YAO_OK;
}
