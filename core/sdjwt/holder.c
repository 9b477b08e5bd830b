/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whether a KB-JWT is needed is the caller's word, never the token's: it must
 * not depend on what is there (RFC 9901 section 7.3 step 1).
 */

#include "sdjwt/verify.h"

enum { DEFAULT_MAX_AGE = 300 };

static const yao_check kb_checks[] = {
    YAO_CHECK_KB_PRESENT,  YAO_CHECK_KB_TYPE,  YAO_CHECK_KB_SIGNATURE,
    YAO_CHECK_KB_AUDIENCE, YAO_CHECK_KB_NONCE, YAO_CHECK_KB_TIME,
    YAO_CHECK_KB_HASH};

/* ---- HOLDER_KEY ---- */

/* RFC 7800 section 3.1: one key. We take it from jwk only, never from a place
 * that has to be fetched or decrypted. */
static yao_status read_key(yao_sdjwt_work *w)
{
    const yao_json *cnf = yao_json_get(w->processed.payload, "cnf");
    const yao_json *jwk = yao_json_get(cnf, "jwk");

    if (cnf == NULL)
        return YAO_E_MISSING;
    if (jwk == NULL || yao_json_get(cnf, "jku") != NULL ||
        yao_json_get(cnf, "jwe") != NULL)
        return YAO_E_KEY;

    return yao_jwk_read(jwk, w->arena, &w->v->holder_key);
}

/* Without binding a key is not needed; one that cannot be read is said. */
static yao_status check_key(yao_sdjwt_work *w)
{
    bool       asked  = !w->v->options.no_binding;
    yao_status status = YAO_E_MISSING;

    if (w->processed.payload == NULL) {
        yao_sdjwt_row_as(w, YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_UNKNOWN, status);
        return YAO_OK;
    }
    status = read_key(w);
    if (status == YAO_E_SPACE)
        return status;
    if (status == YAO_E_MISSING && !asked)
        yao_sdjwt_row_as(w, YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_ABSENT, YAO_OK);
    else if (status != YAO_OK && !asked && !w->v->options.strict)
        yao_sdjwt_row_as(w, YAO_CHECK_HOLDER_KEY, YAO_OUTCOME_NOTE, YAO_OK);
    else
        yao_sdjwt_row(w, YAO_CHECK_HOLDER_KEY, status);
    return YAO_OK;
}

/* ---- KB_* ---- */

static yao_status check_type(const yao_sdjwt_work *w)
{
    yao_text type = w->v->input->kb.type;

    if (type.len == 0)
        return YAO_E_MISSING;
    return yao_text_equal(type, YAO_TEXT("kb+jwt")) ? YAO_OK : YAO_E_MISMATCH;
}

/* One string: a list could name us and somebody else. */
static yao_status check_audience(const yao_sdjwt_work *w)
{
    const yao_json *aud = yao_json_get(w->v->input->kb.payload, "aud");

    if (aud == NULL)
        return YAO_E_MISSING;
    return yao_json_is_text(aud, w->v->options.audience) ? YAO_OK
                                                         : YAO_E_MISMATCH;
}

static yao_status check_nonce(const yao_sdjwt_work *w, yao_status *ret)
{
    const yao_json *nonce = yao_json_get(w->v->input->kb.payload, "nonce");
    yao_text        said;

    *ret = nonce == NULL ? YAO_E_MISSING : YAO_E_MISMATCH;
    if (nonce == NULL || nonce->kind != YAO_JSON_STRING)
        return YAO_OK;
    YAO_TRY(yao_json_string(nonce, w->arena, &said));
    if (yao_bytes_equal_secret(yao_text_bytes(said),
                               yao_text_bytes(w->v->options.nonce)))
        *ret = YAO_OK;
    return YAO_OK;
}

/* Signed just now: skew forgives a fast clock of the holder's, the age limits
 * how long a presentation can be kept and shown again. */
static yao_status check_time(const yao_sdjwt_work *w)
{
    const yao_sdjwt_verify_options *o      = &w->v->options;
    const yao_json                 *claims = w->v->input->kb.payload;
    yao_time max_age = o->kb_max_age != 0 ? o->kb_max_age : DEFAULT_MAX_AGE;
    yao_time issued, from, until;

    YAO_TRY(yao_sdjwt_check_dates(claims, o, &from, &until));
    YAO_TRY(yao_sdjwt_read_date(yao_json_get(claims, "iat"), &issued));
    if (issued == YAO_TIME_NONE)
        return YAO_E_MISSING;
    if (issued > o->now + o->skew)
        return YAO_E_NOT_YET_VALID;

    return o->now - issued > max_age ? YAO_E_EXPIRED : YAO_OK;
}

static yao_status check_hash(const yao_sdjwt_work *w)
{
    const yao_json *said = yao_json_get(w->v->input->kb.payload, "sd_hash");
    uint8_t         room[YAO_SDJWT_DIGEST_LETTERS];
    yao_text        letters;

    if (said == NULL)
        return YAO_E_MISSING;
    YAO_TRY(yao_sdjwt_digest(w->crypto, w->processed.hash, w->v->input->hashed,
                             room, &letters));
    return yao_json_is_text(said, letters) ? YAO_OK : YAO_E_BAD_DIGEST;
}

/* The key is that of cnf; what the KB-JWT's own header offers is not used. */
static void check_signature(yao_sdjwt_work *w)
{
    yao_sdjwt_verification *v = w->v;
    yao_status              status;

    if (v->holder_key.curve == YAO_CURVE_NONE) {
        yao_sdjwt_row_as(w, YAO_CHECK_KB_SIGNATURE, YAO_OUTCOME_UNKNOWN,
                         YAO_E_KEY);
        return;
    }
    status = yao_jws_check(&v->input->kb, &v->holder_key,
                           &v->checks[v->check_count]);
    if (status != YAO_OK) {
        yao_sdjwt_row(w, YAO_CHECK_KB_SIGNATURE, status);
        return;
    }
    v->check_count++;
    w->kb_check = true; /* its row is written by conclude */
}

static yao_status check_kb(yao_sdjwt_work *w)
{
    yao_status nonce, hash;

    yao_sdjwt_row(w, YAO_CHECK_KB_PRESENT, YAO_OK);
    yao_sdjwt_row(w, YAO_CHECK_KB_TYPE, check_type(w));
    yao_sdjwt_row(w, YAO_CHECK_KB_AUDIENCE, check_audience(w));
    YAO_TRY(check_nonce(w, &nonce));
    yao_sdjwt_row(w, YAO_CHECK_KB_NONCE, nonce);
    yao_sdjwt_row(w, YAO_CHECK_KB_TIME, check_time(w));
    hash = check_hash(w);
    if (hash == YAO_E_CRYPTO)
        return hash;
    yao_sdjwt_row(w, YAO_CHECK_KB_HASH, hash);
    check_signature(w);
    return YAO_OK;
}

yao_status yao_sdjwt_check_holder(yao_sdjwt_work *w)
{
    const yao_sdjwt_verify_options *o = &w->v->options;

    YAO_TRY(check_key(w));
    if (!w->v->input->has_kb) {
        if (o->no_binding)
            yao_sdjwt_row_as(w, YAO_CHECK_KB_PRESENT, YAO_OUTCOME_ABSENT,
                             YAO_OK);
        else
            yao_sdjwt_row(w, YAO_CHECK_KB_PRESENT, YAO_E_MISSING);
        return YAO_OK;
    }
    if (!o->no_binding && o->nonce.len != 0 && o->audience.len != 0)
        return check_kb(w);

    /* there is something to check and nothing to check it against */
    for (size_t i = 0; i < sizeof kb_checks / sizeof kb_checks[0]; i++)
        yao_sdjwt_row_as(w, kb_checks[i], YAO_OUTCOME_UNKNOWN, YAO_E_USAGE);
    return YAO_OK;
}
