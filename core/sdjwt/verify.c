/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. checks holds, in this order: those of the chain, those of the issuer
 *      (one of which must be good), that of the holder.
 *   2. Each check of report.h that concerns an SD-JWT has a row after
 *      conclude, unless one before it left nothing to look at. A failure is
 *      always a row.
 */

#include "sdjwt/verify.h"

enum { MAX_SKEW = 86400 };

/* What begin leaves for conclude. */
typedef struct pending {
    size_t             chain_count;
    size_t             issuer_count;
    bool               kb;
    bool               concluded;
    yao_status         begun; /* the first failure of begin's rows */
    yao_sdjwt_verified said;
} pending;

void yao_sdjwt_row(yao_sdjwt_work *w, yao_check check, yao_status status)
{
    (void)yao_report_put(w->report, 0, check, status);
}

void yao_sdjwt_row_as(yao_sdjwt_work *w, yao_check check, yao_outcome outcome,
                      yao_status why)
{
    yao_report_add(w->report, 0, check, outcome, why);
}

/* ---- issuer ---- */

/* The vct as it was signed: it must not be disclosable, so it is here. */
static yao_status signed_type(yao_sdjwt_work *w, yao_text *ret)
{
    const yao_json *vct = yao_json_get(w->v->input->issuer.payload, "vct");

    *ret = (yao_text){NULL, 0};
    if (vct == NULL || vct->kind != YAO_JSON_STRING)
        return YAO_OK;
    return yao_json_string(vct, w->arena, ret);
}

/* One way in which the issuer's signature may be good. */
static yao_status add_issuer_check(yao_sdjwt_work *w,
                                   const yao_public_key *key, pending *p)
{
    yao_signature_check *check = &w->v->checks[w->v->check_count];

    YAO_TRY(yao_jws_check(&w->v->input->issuer, key, check));
    check->key_repeats = true;
    w->v->check_count++;
    p->issuer_count++;
    return YAO_OK;
}

/* The rows for STATUS of the only add_issuer_check(). */
static void rows_of_check(yao_sdjwt_work *w, yao_status status)
{
    if (status == YAO_E_ALGORITHM) {
        yao_sdjwt_row(w, YAO_CHECK_ALGORITHM, status);
        return;
    }
    yao_sdjwt_row(w, YAO_CHECK_ALGORITHM, YAO_OK);
    if (status != YAO_OK)
        yao_sdjwt_row(w, YAO_CHECK_ISSUER_SIGNATURE, status);
}

static void no_key(yao_sdjwt_work *w, yao_status why)
{
    yao_sdjwt_row_as(w, YAO_CHECK_ALGORITHM, YAO_OUTCOME_UNKNOWN, why);
    yao_sdjwt_row_as(w, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_UNKNOWN, why);
}

static void by_chain(yao_sdjwt_work *w, yao_text type, pending *p)
{
    yao_sdjwt_verification         *v = w->v;
    const yao_sdjwt_verify_options *o = &v->options;

    yao_status status = yao_x509_find_path(
        v->input->issuer.chain, v->input->issuer.chain_count, o->anchors,
        o->anchor_count, YAO_ROLE_ISSUER, type, o->now, o->strict, &v->path,
        w->report, 0);

    /* a path that may not be used is checked all the same: "authentic, but
     * expired" must not be said of a certificate that nobody signed */
    for (size_t i = 0; i < v->path.check_count; i++)
        v->checks[v->check_count++] = v->path.checks[i];
    p->chain_count = v->check_count;
    if (v->path.leaf.key.curve == YAO_CURVE_NONE) {
        no_key(w, status);
        return;
    }
    rows_of_check(w, add_issuer_check(w, &v->path.leaf.key, p));
}

/* A token that says no type has none that a limited anchor may sign. */
static bool in_scope(const yao_anchor *anchor, yao_text type)
{
    if (anchor->type_count == 0)
        return true;
    for (size_t i = 0; i < anchor->type_count; i++)
        if (yao_text_equal(anchor->types[i], type))
            return true;
    return false;
}

/* Bare keys that could have signed: of the issuer's role, of the curve. */
typedef struct keys {
    const yao_anchor *fits[YAO_SDJWT_MAX_KEYS];
    size_t            count;
    size_t            scoped; /* the first so many may sign this type */
    bool              some_anchor, other_curve, too_many;
} keys;

static void consider(keys *k, const yao_anchor *anchor, bool scoped)
{
    if (k->count == YAO_SDJWT_MAX_KEYS) {
        k->too_many = true;
    } else {
        k->fits[k->count++] = anchor;
        k->scoped += scoped;
    }
}

static keys find_keys(const yao_sdjwt_work *w, yao_text type)
{
    const yao_sdjwt_verify_options *o   = &w->v->options;
    const yao_sig_row *row = yao_sig_by_alg(w->v->input->issuer.alg);
    keys               k   = {.count = 0};

    for (int scoped = 1; scoped >= 0; scoped--)
        for (size_t i = 0; i < o->anchor_count; i++) {
            const yao_anchor *a = &o->anchors[i];

            if (a->role != YAO_ROLE_ISSUER)
                continue;
            k.some_anchor = true;
            if (a->certificate.len != 0 || a->key.curve == YAO_CURVE_NONE)
                continue;
            if (a->key.curve != row->curve)
                k.other_curve = true;
            else if (in_scope(a, type) == (scoped == 1))
                consider(&k, a, scoped == 1);
        }
    return k;
}

/* Keys given by hand: there is no path, one of them signed or none did. */
static void by_key(yao_sdjwt_work *w, yao_text type, pending *p)
{
    keys       k      = find_keys(w, type);
    yao_status status = YAO_E_UNTRUSTED;

    yao_sdjwt_row(w, YAO_CHECK_ISSUER_ANCHORS,
                  k.some_anchor ? YAO_OK : YAO_E_UNTRUSTED);
    if (k.count == 0 && k.other_curve) {
        yao_sdjwt_row(w, YAO_CHECK_ALGORITHM, YAO_E_ALGORITHM);
        return;
    }
    if (k.count == 0 || k.too_many) {
        yao_sdjwt_row(w, YAO_CHECK_ISSUER_CHAIN,
                      k.too_many ? YAO_E_LIMIT : YAO_E_UNTRUSTED);
        no_key(w, k.too_many ? YAO_E_LIMIT : YAO_E_UNTRUSTED);
        return;
    }
    yao_sdjwt_row(w, YAO_CHECK_ISSUER_CHAIN, YAO_OK);
    yao_sdjwt_row_as(w, YAO_CHECK_CHAIN_VALIDITY, YAO_OUTCOME_ABSENT, YAO_OK);
    yao_sdjwt_row_as(w, YAO_CHECK_CHAIN_PROFILE, YAO_OUTCOME_ABSENT, YAO_OK);
    yao_sdjwt_row(w, YAO_CHECK_ISSUER_SCOPE,
                  k.scoped != 0 ? YAO_OK : YAO_E_NOT_AUTHORISED);
    for (size_t i = 0; i < (k.scoped != 0 ? k.scoped : k.count); i++)
        status = add_issuer_check(w, &k.fits[i]->key, p);
    rows_of_check(w, status);
}

/* Explicit typing: a token of another kind, signed by the same key, must not
 * pass for a document (RFC 8725 section 3.11). */
static void check_type(yao_sdjwt_work *w)
{
    yao_text type = w->v->input->issuer.type;
    bool     bad  = w->v->options.vc
                        ? !yao_text_equal(type, YAO_TEXT("dc+sd-jwt"))
                        : yao_text_equal(type, YAO_TEXT("kb+jwt"));

    if (type.len == 0 && !w->v->options.vc)
        yao_sdjwt_row_as(w, YAO_CHECK_TYPE_HEADER, YAO_OUTCOME_ABSENT, YAO_OK);
    else if (type.len == 0)
        yao_sdjwt_row(w, YAO_CHECK_TYPE_HEADER, YAO_E_MISSING);
    else
        yao_sdjwt_row(w, YAO_CHECK_TYPE_HEADER, bad ? YAO_E_MISMATCH : YAO_OK);
}

/* ---- disclosures ---- */

static yao_status process(yao_sdjwt_work *w)
{
    yao_status status = yao_sdjwt_process(w->arena, w->crypto, w->v->input,
                                          &w->processed);
    yao_check  failed = w->processed.check;

    if (status != YAO_OK && failed == YAO_CHECK_NONE)
        return status;
    w->v->payload = w->processed.payload;
    if (failed == YAO_CHECK_NONE || status == YAO_E_UNREFERENCED) {
        yao_sdjwt_row(w, YAO_CHECK_DIGESTS, YAO_OK);
        yao_sdjwt_row(w, YAO_CHECK_DISCLOSURES, status);
        return YAO_OK;
    }
    yao_sdjwt_row(w, failed, status);
    yao_sdjwt_row_as(w,
                     failed == YAO_CHECK_DIGESTS ? YAO_CHECK_DISCLOSURES
                                                 : YAO_CHECK_DIGESTS,
                     YAO_OUTCOME_UNKNOWN, status);
    return YAO_OK;
}

/* ---- begin and conclude ---- */

static bool is_good(yao_outcome outcome)
{
    return outcome == YAO_OUTCOME_PASS || outcome == YAO_OUTCOME_NOTE ||
           outcome == YAO_OUTCOME_ABSENT;
}

/* What failed says more than what could therefore not be checked. */
static yao_status first_failure(const yao_report *report)
{
    yao_status status = report->full ? YAO_E_LIMIT : YAO_OK;

    for (size_t i = 0; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];
        yao_status why = row->why != YAO_OK ? row->why : YAO_E_MISSING;

        if (row->outcome == YAO_OUTCOME_FAIL)
            return why;
        if (!is_good(row->outcome) && status == YAO_OK)
            status = why;
    }
    return status;
}

static bool usable(const yao_sdjwt_verify_options *o)
{
    return o->now >= 0 && o->now <= YAO_TIME_MAX && o->skew >= 0 &&
           o->skew <= MAX_SKEW && o->kb_max_age >= 0 &&
           o->kb_max_age <= YAO_TIME_MAX;
}

static yao_status check_all(yao_sdjwt_work *w, pending *p)
{
    yao_text type;

    yao_sdjwt_row(w, YAO_CHECK_STRUCTURE, YAO_OK);
    YAO_TRY(signed_type(w, &type));
    if (w->v->input->issuer.chain_count != 0)
        by_chain(w, type, p);
    else
        by_key(w, type, p);
    check_type(w);
    YAO_TRY(process(w));
    YAO_TRY(yao_sdjwt_check_claims(w));
    return yao_sdjwt_check_holder(w);
}

yao_status yao_sdjwt_begin(yao_arena *arena, const yao_crypto *crypto,
                           yao_sdjwt_unverified           *input,
                           const yao_sdjwt_verify_options *options,
                           yao_sdjwt_verification *ret, yao_report *report)
{
    yao_sdjwt_work w = {.arena  = arena,
                        .crypto = crypto,
                        .v      = ret,
                        .report = report};
    pending       *p = yao_arena_take(arena, sizeof *p);

    if (p == NULL)
        return YAO_E_SPACE;
    if (!usable(options) || input->issuer.payload == NULL)
        return YAO_E_USAGE;
    *ret = (yao_sdjwt_verification){.input = input, .options = *options};
    p->said.not_before = YAO_TIME_NONE;
    p->said.expires    = YAO_TIME_NONE;
    w.said             = &p->said;
    YAO_TRY(check_all(&w, p));

    p->begun           = first_failure(report);
    p->kb              = w.kb_check;
    p->said.payload    = w.processed.payload;
    p->said.holder_key = ret->holder_key;
    p->said.signer = ret->input->issuer.chain_count != 0 ? &ret->path.leaf
                                                         : NULL;
    ret->internal = p;
    return YAO_OK;
}

static yao_status status_of(const yao_signature_check *check)
{
    switch (check->outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO;
    }
}

/* Of a chain every signature must be good: the worst counts. */
static yao_status worst(const yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_OK;

    for (size_t i = 0; i < count; i++) {
        yao_status one = status_of(&checks[i]);
        if (one == YAO_E_BAD_SIGNATURE || status == YAO_OK)
            status = one;
    }
    return status;
}

/* Of several keys one must have signed: the best counts, and what could not
 * be checked may have been it. */
static yao_status best(const yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_E_BAD_SIGNATURE;

    for (size_t i = 0; i < count; i++) {
        yao_status one = status_of(&checks[i]);
        if (one == YAO_OK)
            return YAO_OK;
        if (one != YAO_E_BAD_SIGNATURE)
            status = one;
    }
    return status;
}

static void put_signatures(const yao_sdjwt_verification *v, const pending *p,
                           yao_report *report)
{
    const yao_signature_check *chain  = v->checks;
    const yao_signature_check *issuer = chain + p->chain_count;
    const yao_signature_check *kb     = issuer + p->issuer_count;

    if (p->chain_count != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                             worst(chain, p->chain_count));
    else
        yao_report_add(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                       YAO_OUTCOME_ABSENT, YAO_OK);
    if (p->issuer_count != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_ISSUER_SIGNATURE,
                             best(issuer, p->issuer_count));
    if (p->kb)
        (void)yao_report_put(report, 0, YAO_CHECK_KB_SIGNATURE, status_of(kb));
}

yao_status yao_sdjwt_conclude(yao_sdjwt_verification *v,
                              yao_sdjwt_verified *ret, yao_report *report)
{
    pending *p = v->internal;

    if (p == NULL || p->concluded)
        return YAO_E_USAGE;
    p->concluded = true;
    put_signatures(v, p, report);
    YAO_TRY(first_failure(report));
    YAO_TRY(p->begun); /* whatever report this is */

    p->said.bound = p->kb;
    *ret          = p->said;
    return YAO_OK;
}
