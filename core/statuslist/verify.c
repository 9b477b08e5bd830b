/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. checks holds those of the chain first, then those of the signature, of
 *      which one must be good: that of the leaf, or of one of the bare keys.
 *   2. A list leaves this file only when every row of its judgement is PASS,
 *      NOTE or ABSENT; nothing is unpacked before the signature is good.
 *   3. Each check that concerns a list has a row, unless one before it left
 *      nothing to look at. A failure is always a row.
 */

#include "statuslist/parts.h"

/* What begin() works on. */
typedef struct judge {
    yao_arena                   *arena;
    yao_statuslist_verification *v;
    yao_report                  *report;
} judge;

static void put(judge *j, yao_check check, yao_status status)
{
    (void)yao_report_put(j->report, 0, check, status);
}

static void put_as(judge *j, yao_check check, yao_outcome outcome,
                   yao_status why)
{
    yao_report_add(j->report, 0, check, outcome, why);
}

/* ---- the signer ---- */

static yao_status add_check(judge *j, const yao_public_key *key)
{
    yao_statuslist_verification     *v     = j->v;
    const yao_statuslist_unverified *t     = v->input;
    yao_signature_check             *check = &v->checks[v->check_count];

    if (t->form == YAO_STATUSLIST_JWT)
        YAO_TRY(yao_jws_check(&t->jws, key, check));
    else
        YAO_TRY(yao_cose_check_sign1(&t->cose, key, NULL, 0, j->arena, check));
    check->key_repeats = true;
    v->check_count++;
    return YAO_OK;
}

/* The rows for what the only add_check() said. */
static yao_status rows_of_check(judge *j, yao_status status)
{
    if (status == YAO_E_SPACE)
        return status;
    if (status == YAO_E_ALGORITHM) {
        put(j, YAO_CHECK_ALGORITHM, status);
        return YAO_OK;
    }
    put(j, YAO_CHECK_ALGORITHM, YAO_OK);
    if (status != YAO_OK)
        put(j, YAO_CHECK_ISSUER_SIGNATURE, status);
    return YAO_OK;
}

static void no_key(judge *j, yao_status why)
{
    put_as(j, YAO_CHECK_ALGORITHM, YAO_OUTCOME_UNKNOWN, why);
    put_as(j, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_UNKNOWN, why);
}

static yao_status by_chain(judge *j)
{
    yao_statuslist_verification  *v = j->v;
    const yao_statuslist_options *o = &v->options;

    yao_status status = yao_x509_find_path(
        v->input->chain, v->input->chain_count, o->anchors, o->anchor_count,
        YAO_ROLE_STATUS, (yao_text){NULL, 0}, o->now, o->strict, &v->path,
        j->report, 0);

    for (size_t i = 0; i < v->path.check_count; i++)
        v->checks[v->check_count++] = v->path.checks[i];
    v->chain_checks = v->check_count;
    if (v->path.leaf.key.curve == YAO_CURVE_NONE) {
        no_key(j, status);
        return YAO_OK;
    }
    return rows_of_check(j, add_check(j, &v->path.leaf.key));
}

static yao_curve curve_of(const yao_statuslist_unverified *t)
{
    const yao_sig_row *row = t->form == YAO_STATUSLIST_JWT
                                 ? yao_sig_by_alg(t->jws.alg)
                                 : yao_sig_by_cose(t->cose.alg);

    return row != NULL ? row->curve : YAO_CURVE_NONE;
}

static bool some_anchor(const yao_statuslist_options *o)
{
    for (size_t i = 0; i < o->anchor_count; i++)
        if (o->anchors[i].role == YAO_ROLE_STATUS)
            return true;

    return false;
}

/* Bare keys that may have signed. Errors: YAO_E_UNTRUSTED, there are none;
 * YAO_E_LIMIT, too many to try. */
static yao_status find_keys(judge *j, size_t *count)
{
    const yao_statuslist_options *o     = &j->v->options;
    yao_curve                     curve = curve_of(j->v->input);

    for (size_t i = 0; i < o->anchor_count; i++) {
        const yao_anchor *a = &o->anchors[i];

        if (a->role != YAO_ROLE_STATUS || a->certificate.len != 0 ||
            a->key.curve == YAO_CURVE_NONE || a->key.curve != curve)
            continue;
        if (*count == YAO_STATUSLIST_MAX_KEYS)
            return YAO_E_LIMIT;
        j->v->keys[(*count)++] = a;
    }
    if (*count == 0)
        return YAO_E_UNTRUSTED;

    return YAO_OK;
}

/* Keys given by hand: there is no path, one of them signed or none did. */
static yao_status by_key(judge *j)
{
    size_t     count = 0;
    yao_status why   = some_anchor(&j->v->options) ? YAO_OK : YAO_E_UNTRUSTED;
    yao_status check = YAO_OK;

    put(j, YAO_CHECK_ISSUER_ANCHORS, why);
    if (why == YAO_OK) {
        why = find_keys(j, &count);
        put(j, YAO_CHECK_ISSUER_CHAIN, why);
    }
    if (why != YAO_OK) {
        no_key(j, why);
        return YAO_OK;
    }
    put_as(j, YAO_CHECK_CHAIN_VALIDITY, YAO_OUTCOME_ABSENT, YAO_OK);
    put_as(j, YAO_CHECK_CHAIN_PROFILE, YAO_OUTCOME_ABSENT, YAO_OK);
    put_as(j, YAO_CHECK_ISSUER_SCOPE, YAO_OUTCOME_ABSENT, YAO_OK);
    for (size_t i = 0; i < count && check == YAO_OK; i++)
        check = add_check(j, &j->v->keys[i]->key);
    return rows_of_check(j, check);
}

/* ---- what it says ---- */

/* Explicit typing: a document of the same signer must not pass for a list. */
static void check_type(judge *j)
{
    const yao_statuslist_unverified *t    = j->v->input;
    yao_text                         want = t->form == YAO_STATUSLIST_JWT
                                                ? YAO_STATUSLIST_TYPE_JWT
                                                : YAO_STATUSLIST_TYPE_CWT;

    if (t->type.len == 0)
        put(j, YAO_CHECK_TYPE_HEADER, YAO_E_MISSING);
    else
        put(j, YAO_CHECK_TYPE_HEADER,
            yao_text_equal(t->type, want) ? YAO_OK : YAO_E_MISMATCH);
}

/* At exp itself it is over (RFC 7519 section 4.1.4); one from the future is a
 * clock that is wrong, or somebody's hope. */
static yao_status check_dates(const yao_statuslist_verification *v)
{
    const yao_statuslist_claims  *c = &v->input->claims;
    const yao_statuslist_options *o = &v->options;

    YAO_TRY(c->dates);
    if (c->issued_at != YAO_TIME_NONE && c->issued_at > o->now + o->skew)
        return YAO_E_NOT_YET_VALID;
    if (c->expires != YAO_TIME_NONE && o->now - o->skew >= c->expires)
        return YAO_E_EXPIRED;

    return YAO_OK;
}

/* Draft 8.3 step 4: a list of somebody else says nothing of the document. */
static void check_subject(judge *j)
{
    yao_text asked = j->v->options.uri;
    yao_text sub   = j->v->input->claims.uri;

    if (asked.len == 0)
        put_as(j, YAO_CHECK_LIST_SUBJECT, YAO_OUTCOME_ABSENT, YAO_OK);
    else
        put(j, YAO_CHECK_LIST_SUBJECT,
            yao_text_equal(asked, sub) ? YAO_OK : YAO_E_MISMATCH);
}

/* What failed says more than what could therefore not be checked. */
static yao_status first_failure(const yao_report *report, size_t from)
{
    yao_status status = report->full ? YAO_E_LIMIT : YAO_OK;

    for (size_t i = from; i < report->count; i++) {
        const yao_report_row *row = &report->rows[i];

        if (row->outcome == YAO_OUTCOME_FAIL)
            return row->why;
        if (row->outcome == YAO_OUTCOME_UNKNOWN && status == YAO_OK)
            status = row->why;
    }
    return status;
}

yao_status yao_statuslist_begin(yao_arena                       *arena,
                                const yao_statuslist_unverified *input,
                                const yao_statuslist_options    *options,
                                yao_statuslist_verification     *ret,
                                yao_report                      *report)
{
    judge j = {arena, ret, report};

    if (options->now < 0 || options->now > YAO_TIME_MAX || options->skew < 0 ||
        options->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;

    *ret = (yao_statuslist_verification){
        .input = input, .options = *options, .first_row = report->count};
    put(&j, YAO_CHECK_STRUCTURE, YAO_OK);
    YAO_TRY(input->chain_count != 0 ? by_chain(&j) : by_key(&j));
    check_type(&j);
    put(&j, YAO_CHECK_REQUIRED_CLAIMS, input->claims.required);
    put(&j, YAO_CHECK_VALIDITY, check_dates(ret));
    check_subject(&j);
    if (input->claims.content != YAO_OK)
        put(&j, YAO_CHECK_LIST_CONTENT, input->claims.content);
    ret->begun = first_failure(report, ret->first_row);
    return YAO_OK;
}

/* ---- when the answers are in ---- */

static yao_status status_of(const yao_signature_check *check)
{
    switch (check->outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO; /* nobody looked */
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
 * be checked may have been it. WHICH is the one that did. */
static yao_status best(const yao_signature_check *checks, size_t count,
                       size_t *which)
{
    yao_status status = YAO_E_BAD_SIGNATURE;

    for (size_t i = 0; i < count; i++) {
        yao_status one = status_of(&checks[i]);

        *which = i;
        if (one == YAO_OK)
            return YAO_OK;
        if (one != YAO_E_BAD_SIGNATURE)
            status = one;
    }
    return status;
}

static void put_signatures(yao_statuslist_verification *v, yao_report *report)
{
    size_t signers = v->check_count - v->chain_checks;
    size_t which   = 0;

    if (v->chain_checks != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                             worst(v->checks, v->chain_checks));
    else
        yao_report_add(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                       YAO_OUTCOME_ABSENT, YAO_OK);
    if (signers != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_ISSUER_SIGNATURE,
                             best(v->checks + v->chain_checks, signers,
                                  &which));
    v->keys[0] = v->keys[which]; /* who signed */
}

yao_status yao_statuslist_unpack(yao_statuslist_verification *v,
                                 yao_inflate_wish *ret, yao_report *report)
{
    if (report->count < v->first_row)
        return YAO_E_USAGE; /* not begin's */
    put_signatures(v, report);
    YAO_TRY(first_failure(report, v->first_row));
    YAO_TRY(v->begun); /* whatever report this is */
    if (v->check_count == v->chain_checks)
        return YAO_E_MISSING; /* no signature was looked at */

    v->good = true;
    *ret = (yao_inflate_wish){v->input->claims.compressed, YAO_MAX_STATUS_LIST};
    return YAO_OK;
}

/* ---- the list ---- */

/* N121: a list that wants to be asked all the time, or never again, is taken
 * for one that is reasonable. */
static int64_t clamp(int64_t ttl)
{
    if (ttl == 0) /* not said */
        return 0;
    if (ttl < YAO_STATUS_TTL_MIN)
        return YAO_STATUS_TTL_MIN;

    return ttl < YAO_STATUS_TTL_MAX ? ttl : YAO_STATUS_TTL_MAX;
}

static yao_bytes anchor_of(const yao_statuslist_verification *v)
{
    if (v->path.anchor != NULL)
        return v->path.anchor->certificate;

    return (yao_bytes){v->keys[0]->key.point, v->keys[0]->key.len};
}

static yao_status check_index(const yao_statuslist_options *o,
                              const yao_status_list *list, yao_report *report)
{
    uint8_t value;

    if (!o->asks) {
        yao_report_add(report, 0, YAO_CHECK_LIST_INDEX, YAO_OUTCOME_ABSENT,
                       YAO_OK);
        return YAO_OK;
    }
    return yao_report_put(report, 0, YAO_CHECK_LIST_INDEX,
                          yao_status_get(list, o->index, &value));
}

yao_status yao_statuslist_conclude(yao_statuslist_verification *v,
                                   yao_status inflated, yao_bytes entries,
                                   yao_status_list *ret, yao_report *report)
{
    const yao_statuslist_claims *c    = &v->input->claims;
    yao_status_list              list = {0};

    if (!v->good)
        return YAO_E_USAGE;
    if (inflated == YAO_E_SPACE)
        return inflated;
    if (inflated == YAO_OK)
        inflated = yao_status_of_bytes(entries, (uint64_t)c->bits, &list);
    YAO_TRY(yao_report_put(report, 0, YAO_CHECK_LIST_CONTENT, inflated));
    YAO_TRY(check_index(&v->options, &list, report));

    list.uri       = c->uri;
    list.issued_at = c->issued_at;
    list.expires   = c->expires;
    list.ttl       = clamp(c->ttl);
    list.anchor    = anchor_of(v);
    *ret = list;
    return YAO_OK;
}
