/* SPDX-License-Identifier: Apache-2.0 */

/* SD-JWTs, as documents. A home that shows none leaves this file out, and with
 * it sdjwt/, jose/ and most of json/: firmware/no_sdjwt.c. */

#include "policy/policy.h"

/* A token that calls itself another type of SD-JWT ("example+sd-jwt") is judged
 * by RFC 9901 alone when the caller left the format open. Any other header,
 * an absent one included, is held to the rules of SD-JWT VC, and fails. */
static bool is_plain(const yao_sdjwt_unverified *token)
{
    static const char suffix[] = "+sd-jwt";
    yao_text          type     = token->issuer.type;
    size_t            len      = sizeof suffix - 1;

    if (type.len <= len || yao_text_equal(type, YAO_TEXT("dc+sd-jwt")) ||
        yao_text_equal(type, YAO_TEXT("vc+sd-jwt")))
        return false;

    return yao_text_equal((yao_text){type.ptr + type.len - len, len},
                          yao_text_of(suffix));
}

yao_status yao_policy_begin_sdjwt(yao_arena *arena, const yao_crypto *crypto,
                                  yao_bytes                 input,
                                  const yao_verify_options *o,
                                  yao_format *format, yao_policy_sdjwt *ret,
                                  yao_report *report)
{
    YAO_TRY(yao_sdjwt_parse(arena, input, &ret->input));
    if (o->format == YAO_FORMAT_UNKNOWN && o->required_count == 0 &&
        is_plain(&ret->input))
        *format = YAO_FORMAT_SDJWT;

    yao_sdjwt_verify_options options = {
        .anchors      = o->anchors,
        .anchor_count = o->anchor_count,
        .now          = o->now,
        .skew         = o->skew,
        .strict       = o->strict,
        .vc           = *format == YAO_FORMAT_SDJWT_VC,
        .no_binding   = o->no_binding,
        .nonce        = o->nonce,
        .audience     = o->audience};

    return yao_sdjwt_begin(arena, crypto, &ret->input, &options, &ret->check,
                           report);
}

/* Whom the token was signed by: its root, or the bare key of those that were
 * tried. */
static yao_bytes signer_of(const yao_sdjwt_verification *v)
{
    const uint8_t *signed_part = v->input->issuer.signing_input.ptr;

    if (v->path.anchor != NULL)
        return v->path.anchor->certificate;
    for (size_t i = 0; i < v->check_count; i++) {
        const yao_signature_check *check = &v->checks[i];

        if (check->outcome == YAO_SIG_GOOD &&
            check->parts[0].ptr == signed_part)
            return (yao_bytes){check->key.point, check->key.len};
    }
    return (yao_bytes){NULL, 0};
}

yao_status yao_policy_finish_sdjwt(yao_arena *arena, yao_policy_sdjwt *sdjwt,
                                   const yao_verify_options *options,
                                   yao_result_document      *ret,
                                   yao_report               *report)
{
    const yao_x509_path *path = &sdjwt->check.path;
    yao_sdjwt_verified   verified;

    if (yao_sdjwt_conclude(&sdjwt->check, &verified, report) != YAO_OK)
        return YAO_E_MISSING;

    ret->type         = verified.type;
    ret->valid_from   = verified.not_before;
    ret->valid_until  = verified.expires;
    ret->status_uri   = verified.status_uri;
    ret->status_index = verified.status_index;
    if (verified.signer != NULL) {
        ret->issuer         = path->anchor_certificate.common_name;
        ret->issuer_country = path->anchor_certificate.country;
    }
    yao_policy_check_status(options, signer_of(&sdjwt->check), 0, ret, report);
    return yao_policy_sdjwt_attributes(arena, verified.payload, ret);
}
