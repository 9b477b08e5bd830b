/* SPDX-License-Identifier: Apache-2.0 */
#include "base/copy.h"
#include "trust/parts.h"

static yao_status status_of(yao_sig_outcome outcome)
{
    switch (outcome) {
    case YAO_SIG_GOOD:        return YAO_OK;
    case YAO_SIG_BAD:         return YAO_E_BAD_SIGNATURE;
    case YAO_SIG_UNSUPPORTED: return YAO_E_UNSUPPORTED;
    default:                  return YAO_E_CRYPTO; /* nobody looked */
    }
}

/* The worst of the path's answers: a wrong one before one not checked. */
static yao_status status_of_path(const yao_trust_verification *v, size_t count)
{
    yao_status worst = YAO_OK;

    for (size_t i = 0; i < count; i++) {
        yao_status status = status_of(v->checks[i].outcome);

        if (status != YAO_OK && worst != YAO_E_BAD_SIGNATURE)
            worst = status;
    }

    return worst;
}

static void conclude_signatures(const yao_trust_verification *v,
                                yao_trust_note *note, yao_report *report)
{
    if (note->path.anchor == NULL) /* there is no path */
        yao_trust_note_row(note, report, YAO_CHECK_CHAIN_SIGNATURE,
                           YAO_OUTCOME_UNKNOWN, note->path_status);
    else if (note->path.check_count == 0) /* the signer itself was pinned */
        yao_trust_note_row(note, report, YAO_CHECK_CHAIN_SIGNATURE,
                           YAO_OUTCOME_ABSENT, YAO_OK);
    else
        yao_trust_note_status(note, report, YAO_CHECK_CHAIN_SIGNATURE,
                              status_of_path(v, note->path.check_count));

    if (note->issuer_check != YAO_TRUST_NO_CHECK)
        yao_trust_note_status(note, report, YAO_CHECK_ISSUER_SIGNATURE,
                              status_of(v->checks[note->issuer_check].outcome));
    else
        yao_trust_note_status(note, report, YAO_CHECK_ISSUER_SIGNATURE,
                              note->issuer);
}

/* ---- anchors ------------------------------------------------------------ */

static size_t count_anchors(const yao_trust_content *c)
{
    size_t count = 0;

    for (size_t i = 0; i < c->root_count; i++)
        for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++)
            count += !c->roots[i].unusable &&
                     (c->roots[i].roles & (1u << role)) != 0;

    return count;
}

/* A scope belongs to what is issued; whom to tell, and who says what became of
 * it, have none. */
static yao_anchor anchor_of(const yao_trust_root *root, unsigned role)
{
    yao_anchor anchor = {.certificate   = root->certificate,
                         .role          = (yao_role)role,
                         .revoked       = root->revoked,
                         .revoked_count = root->revoked_count};

    if (role == YAO_ROLE_ISSUER) {
        anchor.types      = root->types;
        anchor.type_count = root->type_count;
    }

    return anchor;
}

static yao_status make_anchors(const yao_trust_content *c, yao_arena *arena,
                               yao_trust_verified *v)
{
    size_t      count   = count_anchors(c);
    yao_anchor *anchors = NULL;

    if (count != 0) {
        anchors = yao_arena_take_array(arena, count, sizeof *anchors);
        if (anchors == NULL)
            return YAO_E_SPACE;
    }
    for (size_t i = 0; i < c->root_count; i++)
        for (unsigned role = YAO_ROLE_ISSUER; role <= YAO_ROLE_STATUS; role++)
            if (!c->roots[i].unusable &&
                (c->roots[i].roles & (1u << role)) != 0)
                anchors[v->anchor_count++] = anchor_of(&c->roots[i], role);
    v->anchors = anchors;

    return YAO_OK;
}

/* ---- the result --------------------------------------------------------- */

static yao_trust_seen seen_now(const yao_trust_verification *v,
                               const yao_trust_note         *note)
{
    const yao_trust_seen *before = &v->options.seen;
    yao_trust_seen        seen   = {.any       = true,
                                    .version   = v->input->said.version,
                                    .issued_at = v->input->said.issued_at,
                                    .moment    = v->input->said.issued_at};

    if (before->any && before->moment > seen.moment)
        seen.moment = before->moment;
    yao_copy(seen.hash, (yao_bytes){note->hash, sizeof note->hash});

    return seen;
}

yao_status yao_trust_conclude(yao_trust_verification *v, yao_arena *arena,
                              yao_trust_verified *ret, yao_report *report)
{
    yao_trust_note *note = v->internal;

    if (note == NULL)
        return YAO_E_USAGE;
    conclude_signatures(v, note, report);
    v->internal = NULL; /* its rows are written: once is enough */
    if (note->failed != YAO_OK || note->unknown != YAO_OK)
        return note->failed != YAO_OK ? note->failed : note->unknown;

    const yao_trust_content *c        = &v->input->said;
    yao_trust_verified       verified = {.content  = *c,
                                         .stale    = note->stale,
                                         .unusable = note->unusable,
                                         .root = note->path.anchor->certificate,
                                         .seen = seen_now(v, note)};
    if (v->options.now > c->issued_at)
        verified.age = v->options.now - c->issued_at;
    YAO_TRY(make_anchors(c, arena, &verified));

    *ret = verified;
    return YAO_OK;
}
