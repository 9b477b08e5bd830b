/* SPDX-License-Identifier: Apache-2.0 */
#include "sdjwt/verify.h"

const yao_text yao_sdjwt_plain[YAO_SDJWT_PLAIN_COUNT] = {
    YAO_INIT("iss"), YAO_INIT("nbf"),           YAO_INIT("exp"),
    YAO_INIT("cnf"), YAO_INIT("vct"),           YAO_INIT("vct#integrity"),
    YAO_INIT("status"), YAO_INIT("aka_vcts")};

/* ---- REQUIRED_CLAIMS ---- */

static bool has_digests(const yao_json *value)
{
    for (const yao_json *c = value->first; c != NULL; c = c->next)
        if ((value->kind == YAO_JSON_OBJECT &&
             yao_sdjwt_is_reserved(c, true)) ||
            has_digests(c))
            return true;
    return false;
}

/* What is in the processed payload and was not signed there was disclosed. */
static yao_status check_plain(const yao_sdjwt_work *w)
{
    for (size_t i = 0; i < YAO_SDJWT_PLAIN_COUNT; i++) {
        yao_text        name = yao_sdjwt_plain[i];
        const yao_json *as_signed =
            yao_json_get_text(w->v->input->issuer.payload, name);

        if (as_signed != NULL
                ? has_digests(as_signed)
                : yao_json_get_text(w->processed.payload, name) != NULL)
            return YAO_E_NOT_AUTHORISED;
    }
    return YAO_OK;
}

/* Where something was withheld it may have been exp (RFC 9901 section 9.7):
 * then only a document that says its end, or where its status is, is taken. */
static bool may_never_end(const yao_sdjwt_work *w)
{
    const yao_json *payload = w->processed.payload;

    return w->processed.withheld && yao_json_get(payload, "exp") == NULL &&
           yao_json_get(payload, "status") == NULL;
}

static yao_status check_required(yao_sdjwt_work *w)
{
    const yao_json *vct = yao_json_get(w->processed.payload, "vct");

    YAO_TRY(check_plain(w));
    if (vct == NULL)
        return YAO_E_MISSING;
    if (vct->kind != YAO_JSON_STRING || vct->raw.len == 0)
        return YAO_E_VALUE;
    YAO_TRY(yao_json_string(vct, w->arena, &w->said->type));

    return may_never_end(w) ? YAO_E_MISSING : YAO_OK;
}

/* ---- VALIDITY ---- */

yao_status yao_sdjwt_read_date(const yao_json *value, yao_time *ret)
{
    int64_t number = YAO_TIME_NONE;

    if (value != NULL && yao_json_int(value, &number) != YAO_OK)
        return YAO_E_VALUE;
    if (value != NULL && (number < 0 || number > YAO_TIME_MAX))
        return YAO_E_VALUE;

    *ret = number;
    return YAO_OK;
}

/* RFC 7519 sections 4.1.4 to 4.1.6: at exp itself it is over. */
yao_status yao_sdjwt_check_dates(const yao_json *claims,
                                 const yao_sdjwt_verify_options *options,
                                 yao_time *not_before, yao_time *expires)
{
    yao_time from, until, issued;

    YAO_TRY(yao_sdjwt_read_date(yao_json_get(claims, "nbf"), &from));
    YAO_TRY(yao_sdjwt_read_date(yao_json_get(claims, "exp"), &until));
    YAO_TRY(yao_sdjwt_read_date(yao_json_get(claims, "iat"), &issued));
    *not_before = from;
    *expires    = until;
    if (options->now + options->skew < from) /* NONE is before all */
        return YAO_E_NOT_YET_VALID;
    if (until != YAO_TIME_NONE && options->now - options->skew >= until)
        return YAO_E_EXPIRED;

    return YAO_OK;
}

static void check_validity(yao_sdjwt_work *w)
{
    yao_status status =
        yao_sdjwt_check_dates(w->processed.payload, &w->v->options,
                              &w->said->not_before, &w->said->expires);

    if (status == YAO_OK && w->said->not_before == YAO_TIME_NONE &&
        w->said->expires == YAO_TIME_NONE)
        yao_sdjwt_row_as(w, YAO_CHECK_VALIDITY, YAO_OUTCOME_ABSENT, YAO_OK);
    else
        yao_sdjwt_row(w, YAO_CHECK_VALIDITY, status);
}

/* ---- ISSUER_NAME ---- */

/* A trusted issuer must not speak in the name of another (SD-JWT VC 3.5). A
 * bare key has no name to compare with. */
static yao_status check_name(yao_sdjwt_work *w)
{
    const yao_json        *iss  = yao_json_get(w->processed.payload, "iss");
    const yao_certificate *leaf = &w->v->path.leaf;
    yao_status             why;
    yao_text               name;

    if (iss != NULL && iss->kind != YAO_JSON_STRING) {
        yao_sdjwt_row(w, YAO_CHECK_ISSUER_NAME, YAO_E_VALUE);
        return YAO_OK;
    }
    if (iss == NULL || w->v->input->issuer.chain_count == 0) {
        yao_sdjwt_row_as(w, YAO_CHECK_ISSUER_NAME, YAO_OUTCOME_ABSENT, YAO_OK);
        return YAO_OK;
    }
    if (leaf->key.curve == YAO_CURVE_NONE) {
        yao_sdjwt_row_as(w, YAO_CHECK_ISSUER_NAME, YAO_OUTCOME_UNKNOWN,
                         YAO_E_UNTRUSTED);
        return YAO_OK;
    }
    YAO_TRY(yao_json_string(iss, w->arena, &name));
    why = yao_x509_names_issuer(leaf->san, name) ? YAO_OK : YAO_E_MISMATCH;
    yao_sdjwt_row(w, YAO_CHECK_ISSUER_NAME, why);
    return YAO_OK;
}

/* ---- STATUS ---- */

/* Where the status stands. A kind that we do not know is not "no status". A
 * list that is named is looked at last, by the policy, and only for a token
 * that is good. */
static yao_status read_status(yao_sdjwt_work *w)
{
    const yao_json *status = yao_json_get(w->processed.payload, "status");
    const yao_json *list   = yao_json_get(status, "status_list");
    const yao_json *uri    = yao_json_get(list, "uri");
    int64_t         index;

    if (status == NULL) {
        yao_sdjwt_row_as(w, YAO_CHECK_STATUS, YAO_OUTCOME_ABSENT, YAO_OK);
        return YAO_OK;
    }
    if (list == NULL) {
        yao_sdjwt_row_as(w, YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN,
                         YAO_E_UNSUPPORTED);
        return YAO_OK;
    }
    if (yao_json_int(yao_json_get(list, "idx"), &index) != YAO_OK ||
        index < 0 || uri == NULL || uri->kind != YAO_JSON_STRING ||
        uri->raw.len == 0) {
        yao_sdjwt_row(w, YAO_CHECK_STATUS, YAO_E_VALUE);
        return YAO_OK;
    }
    w->said->status_index = (uint64_t)index;
    return yao_json_string(uri, w->arena, &w->said->status_uri);
}

/* ---- all ---- */

static void cannot_check(yao_sdjwt_work *w, yao_status why)
{
    static const yao_check checks[] = {YAO_CHECK_REQUIRED_CLAIMS,
                                       YAO_CHECK_VALIDITY,
                                       YAO_CHECK_ISSUER_NAME};

    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++)
        yao_sdjwt_row_as(w, checks[i], YAO_OUTCOME_UNKNOWN, why);
}

yao_status yao_sdjwt_check_claims(yao_sdjwt_work *w)
{
    if (w->processed.payload == NULL) {
        cannot_check(w, YAO_E_MISSING);
        return YAO_OK;
    }
    if (w->v->options.vc) {
        yao_status status = check_required(w);
        if (status == YAO_E_SPACE)
            return status;
        yao_sdjwt_row(w, YAO_CHECK_REQUIRED_CLAIMS, status);
    } else {
        yao_sdjwt_row_as(w, YAO_CHECK_REQUIRED_CLAIMS, YAO_OUTCOME_ABSENT,
                         YAO_OK);
    }
    check_validity(w);
    YAO_TRY(check_name(w));
    return read_status(w);
}
