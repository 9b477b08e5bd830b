/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. What is checked is what is used: key, dates, constraints and scope are
 *      all those of the one certificate that is written to ret.
 *   2. Nothing is remembered from one candidate to the next: each is judged
 *      anew, and the best one is copied whole.
 *   3. A certificate of the chain is never an anchor, however it came by its
 *      key; only anchors are. The one exception is a signer that somebody
 *      pinned by hand, and it is no CA but where the pin says "as it is".
 *   4. Choosing among anchors is no matter of trust: whatever is chosen, its
 *      key must then have made the signature.
 */

#include "x509/parts.h"

/* An anchor that fits by name, and how well. */
typedef struct candidate {
    const yao_anchor *anchor; /* NULL: none so far */
    yao_certificate   certificate;
    int               rank;
    bool              ambiguous; /* another key fits as well as this one */
} candidate;

static bool serves(const yao_anchor *anchor, yao_role role)
{
    return anchor->role == role && anchor->certificate.len != 0;
}

/* No anchors is nobody trusted. A bare key vouches for no certificate. */
static yao_status check_anchors(const yao_x509_ask *ask)
{
    if (ask->role == YAO_ROLE_NONE)
        return YAO_E_UNTRUSTED;
    for (size_t i = 0; i < ask->anchor_count; i++)
        if (serves(&ask->anchors[i], ask->role))
            return YAO_OK;

    return YAO_E_UNTRUSTED;
}

static bool self_issued(const yao_certificate *c)
{
    return yao_bytes_equal(c->issuer, c->subject);
}

/* Could PARENT have signed CHILD, by all but the signature? RFC 5280 6.1.3
 * (a)(4), 4.2.1.1; one curve per algorithm, as annex B pairs them. */
static bool fits(const yao_certificate *child, const yao_certificate *parent)
{
    const yao_sig_row *row = yao_sig_by_alg(child->signature_alg);

    if (row == NULL || row->curve != parent->key.curve)
        return false;
    if (!yao_bytes_equal(child->issuer, parent->subject))
        return false;

    return child->aki.len == 0 || parent->ski.len == 0 ||
           yao_bytes_equal(child->aki, parent->ski);
}

/* Read the chain: RET its leaf, ABOVE the rest. */
static yao_status read_chain(const yao_x509_ask *ask, yao_certificate *leaf,
                             yao_certificate *above)
{
    if (ask->count == 0)
        return YAO_E_UNTRUSTED;
    if (ask->count > YAO_MAX_CHAIN)
        return YAO_E_LIMIT;
    YAO_TRY(yao_x509_read(ask->chain[0], leaf));
    for (size_t i = 1; i < ask->count; i++)
        YAO_TRY(yao_x509_read(ask->chain[i], &above[i - 1]));

    return YAO_OK;
}

/* Each certificate is the next one's issue, and none is its own: a chain ends
 * below its anchor (HAIP 1.0 6.1.1), and nothing unrelated is in it. */
static yao_status check_links(const yao_x509_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        if (self_issued(steps->step[i]))
            return YAO_E_UNTRUSTED;
        if (i > 0 && !fits(steps->step[i - 1], steps->step[i]))
            return YAO_E_UNTRUSTED;
    }

    return YAO_OK;
}

/* How well a fitting anchor fits: rather one that names the same key, that is
 * valid, that may say TYPE. */
static int rank_of(const yao_x509_ask *ask, const yao_anchor *anchor,
                   const yao_certificate *c, const yao_certificate *child)
{
    bool named = child->aki.len != 0 && c->ski.len != 0;
    bool valid = yao_x509_check_dates(c, ask->now) == YAO_OK;

    return 1 + 4 * named + 2 * valid + yao_x509_in_scope(anchor, ask->type);
}

static void consider(const yao_x509_ask *ask, const yao_anchor *anchor,
                     const yao_certificate *c, const yao_certificate *child,
                     candidate *best)
{
    int rank = rank_of(ask, anchor, c, child);

    if (rank < best->rank)
        return;
    if (rank == best->rank) {
        if (!yao_public_key_equal(&c->key, &best->certificate.key))
            best->ambiguous = true;
        return;
    }
    *best = (candidate){anchor, *c, rank, false};
}

/* The anchor that may have signed CHILD. Two that fit equally well, with
 * different keys, are refused: the signature would have to be tried with each,
 * and what was meant as one authority would be two. */
static yao_status find_anchor(const yao_x509_ask *ask,
                              const yao_certificate *child, candidate *best)
{
    yao_status failure = YAO_E_UNTRUSTED;

    for (size_t i = 0; i < ask->anchor_count; i++) {
        const yao_anchor *anchor = &ask->anchors[i];
        yao_certificate   c;

        if (!serves(anchor, ask->role) ||
            !yao_bytes_equal(yao_x509_subject(anchor->certificate),
                             child->issuer))
            continue;
        yao_status status = yao_x509_read(anchor->certificate, &c);
        if (status != YAO_OK)
            failure = status; /* say why the one that was meant is of no use */
        else if (fits(child, &c))
            consider(ask, anchor, &c, child, best);
    }
    if (best->anchor == NULL)
        return failure;

    return best->ambiguous ? YAO_E_UNTRUSTED : YAO_OK;
}

/* A signer that was pinned: the chain is it alone, byte by byte. */
static const yao_anchor *pinned(const yao_x509_ask *ask)
{
    const yao_anchor *found = NULL;

    for (size_t i = 0; i < ask->anchor_count && ask->count == 1; i++) {
        const yao_anchor *anchor = &ask->anchors[i];
        if (!serves(anchor, ask->role) ||
            !yao_bytes_equal(anchor->certificate, ask->chain[0]))
            continue;
        if (yao_x509_in_scope(anchor, ask->type))
            return anchor;
        found = anchor;
    }

    return found;
}

static void put_check(yao_x509_path *path, const yao_certificate *child,
                      const yao_certificate *parent)
{
    size_t   i   = path->check_count++;
    uint8_t *own = path->signatures[i];

    for (size_t k = 0; k < child->signature_len; k++)
        own[k] = child->signature[k];
    path->checks[i] = (yao_signature_check){
        .alg         = child->signature_alg,
        .key         = parent->key,
        .parts       = {child->tbs},
        .part_count  = 1,
        .signature   = {own, child->signature_len},
        .repeats     = true,
        .key_repeats = true};
}

/* From the leaf to the anchor; on YAO_OK path and steps are complete. */
static yao_status build(const yao_x509_ask *ask, yao_certificate *above,
                        yao_x509_path *path, yao_x509_steps *steps)
{
    steps->step[0] = &path->leaf;
    steps->count   = ask->count;
    for (size_t i = 1; i < ask->count; i++)
        steps->step[i] = &above[i - 1];
    path->anchor = pinned(ask);
    if (path->anchor == NULL || !path->anchor->as_is)
        YAO_TRY(check_links(steps));
    if (path->anchor != NULL) {
        path->anchor_certificate = path->leaf;
        return YAO_OK;
    }

    candidate best = {.anchor = NULL};
    YAO_TRY(find_anchor(ask, steps->step[ask->count - 1], &best));
    path->anchor             = best.anchor;
    path->anchor_certificate = best.certificate;
    steps->step[steps->count++] = &path->anchor_certificate;
    for (size_t i = 1; i < steps->count; i++)
        put_check(path, steps->step[i - 1], steps->step[i]);

    return YAO_OK;
}

static yao_status check_validity(const yao_x509_ask   *ask,
                                 const yao_x509_steps *steps)
{
    for (size_t i = 0; i < steps->count; i++)
        YAO_TRY(yao_x509_check_dates(steps->step[i], ask->now));

    return YAO_OK;
}

/* What the anchor issued and took back (RFC 5280 section 6.1.3 (a)(3)): a
 * stolen signer, whose dates are good. */
static yao_status check_revoked(const yao_x509_path  *path,
                                const yao_x509_steps *steps)
{
    const yao_anchor *anchor = path->anchor;

    if (path->check_count == 0) /* the leaf itself is the anchor */
        return YAO_OK;
    for (size_t i = 0; i < anchor->revoked_count; i++)
        if (yao_bytes_equal(anchor->revoked[i],
                            steps->step[steps->count - 2]->serial))
            return YAO_E_REVOKED;

    return YAO_OK;
}

/* The rows about a path that exists; gives the first failure. */
static yao_status judge(const yao_x509_ask *ask, const yao_x509_steps *steps,
                        bool strict, yao_x509_path *path, yao_report *report,
                        int32_t document)
{
    yao_status validity = check_validity(ask, steps);
    yao_status profile =
        path->check_count == 0 && path->anchor->as_is
            ? YAO_OK
            : yao_x509_check_profile(steps, ask->role, &path->deviations);
    yao_status scope = yao_x509_in_scope(path->anchor, ask->type)
                           ? YAO_OK
                           : YAO_E_NOT_AUTHORISED;
    if (validity == YAO_OK)
        validity = check_revoked(path, steps);
    bool tolerated = path->deviations != 0 || path->check_count == 0;

    if (profile == YAO_OK && path->deviations != 0 && strict)
        profile = YAO_E_PROFILE;
    yao_report_put(report, document, YAO_CHECK_CHAIN_VALIDITY, validity);
    if (profile == YAO_OK && tolerated)
        yao_report_add(report, document, YAO_CHECK_CHAIN_PROFILE,
                       YAO_OUTCOME_NOTE, YAO_OK);
    else
        yao_report_put(report, document, YAO_CHECK_CHAIN_PROFILE, profile);
    yao_report_put(report, document, YAO_CHECK_ISSUER_SCOPE, scope);

    YAO_TRY(validity);
    YAO_TRY(profile);
    return scope;
}

yao_status yao_x509_find_path(const yao_bytes *chain, size_t count,
                              const yao_anchor *anchors, size_t anchor_count,
                              yao_role role, yao_text type, yao_time now,
                              bool strict, yao_x509_path *ret,
                              yao_report *report, int32_t document)
{
    yao_x509_ask    ask = {chain, count, anchors, anchor_count,
                           role,  type,  now};
    yao_certificate above[YAO_MAX_CHAIN - 1];
    yao_x509_steps  steps;

    *ret = (yao_x509_path){.anchor = NULL};
    yao_status readable = read_chain(&ask, &ret->leaf, above);

    YAO_TRY(yao_report_put(report, document, YAO_CHECK_ISSUER_ANCHORS,
                           check_anchors(&ask)));
    if (readable == YAO_E_PROFILE)
        return yao_report_put(report, document, YAO_CHECK_CHAIN_PROFILE,
                              readable);
    if (readable == YAO_OK)
        readable = build(&ask, above, ret, &steps);
    YAO_TRY(yao_report_put(report, document, YAO_CHECK_ISSUER_CHAIN,
                           readable));

    return judge(&ask, &steps, strict, ret, report, document);
}
