/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/parts.h"

/*
 * Every row is written whatever the rows before say, so that a person sees all
 * that is wrong; conclude gives nothing when one of them failed.
 */

void yao_trust_note_row(yao_trust_note *note, yao_report *report,
                        yao_check check, yao_outcome outcome, yao_status why)
{
    yao_report_add(report, -1, check, outcome, why);
    if (outcome == YAO_OUTCOME_FAIL && note->failed == YAO_OK)
        note->failed = why;
    if (outcome == YAO_OUTCOME_UNKNOWN && note->unknown == YAO_OK)
        note->unknown = why;
}

void yao_trust_note_status(yao_trust_note *note, yao_report *report,
                           yao_check check, yao_status status)
{
    yao_outcome outcome = YAO_OUTCOME_FAIL;

    if (status == YAO_OK)
        outcome = YAO_OUTCOME_PASS;
    else if (status >= 500)
        outcome = YAO_OUTCOME_UNKNOWN;
    yao_trust_note_row(note, report, check, outcome, status);
}

/* A list being looked at. */
typedef struct judge {
    yao_arena              *arena;
    const yao_crypto       *crypto;
    yao_trust_verification *v;
    yao_trust_note         *note;
    yao_report             *report;
} judge;

static void put(judge *j, yao_check check, yao_status status)
{
    yao_trust_note_status(j->note, j->report, check, status);
}

/* ---- shape -------------------------------------------------------------- */

static void judge_shape(judge *j)
{
    const yao_trust_options    *o = &j->v->options;
    const yao_trust_unverified *u = j->v->input;
    bool other = o->wanted != YAO_TRUST_UNKNOWN && o->wanted != u->said.kind;

    put(j, YAO_CHECK_STRUCTURE, other ? YAO_E_MISMATCH : YAO_OK);
    if (!u->longer || o->strict)
        put(j, YAO_CHECK_ENCODING, u->longer ? YAO_E_NOT_SHORTEST : YAO_OK);
    else
        yao_trust_note_row(j->note, j->report, YAO_CHECK_ENCODING,
                           YAO_OUTCOME_NOTE, YAO_OK);
}

/* ---- who signed --------------------------------------------------------- */

/* Providers of VICALs send their root along. It is passed over only when it is
 * one of ours already, byte by byte, so that nothing is believed for having
 * come along. */
static size_t chain_count(const judge *j)
{
    const yao_cose_message  *m = &j->v->input->message;
    const yao_trust_options *o = &j->v->options;

    if (j->v->input->said.kind != YAO_TRUST_VICAL || m->chain_count < 2)
        return m->chain_count;
    for (size_t i = 0; i < o->anchor_count; i++)
        if (o->anchors[i].role == YAO_ROLE_TRUST &&
            o->anchors[i].certificate.len != 0 &&
            yao_bytes_equal(o->anchors[i].certificate,
                            m->chain[m->chain_count - 1]))
            return m->chain_count - 1;

    return m->chain_count;
}

static void judge_chain(judge *j)
{
    const yao_trust_options *o    = &j->v->options;
    yao_trust_note          *note = j->note;

    note->path_status = yao_x509_find_path(
        j->v->input->message.chain, chain_count(j), o->anchors, o->anchor_count,
        YAO_ROLE_TRUST, YAO_TEXT(""), o->now, o->strict, &note->path, j->report,
        -1);
    if (note->path_status != YAO_OK && note->failed == YAO_OK)
        note->failed = note->path_status;

    /* a path that may not be used is checked all the same */
    for (size_t i = 0; i < note->path.check_count; i++)
        j->v->checks[j->v->check_count++] = note->path.checks[i];
}

static yao_status judge_signature(judge *j)
{
    const yao_cose_message *m     = &j->v->input->message;
    yao_trust_note         *note  = j->note;
    yao_signature_check    *check = &j->v->checks[j->v->check_count];

    if (note->path.leaf.der.len == 0) { /* nobody to have signed it */
        put(j, YAO_CHECK_ALGORITHM,
            yao_sig_by_cose(m->alg) != NULL ? YAO_OK : YAO_E_ALGORITHM);
        note->issuer = note->path_status;
        return YAO_OK;
    }

    yao_status status = yao_cose_check_sign1(m, &note->path.leaf.key, NULL, 0,
                                             j->arena, check);
    if (status == YAO_E_SPACE)
        return status;
    put(j, YAO_CHECK_ALGORITHM, status == YAO_E_ALGORITHM ? status : YAO_OK);
    note->issuer = status;
    if (status == YAO_OK)
        note->issuer_check = j->v->check_count++;

    return YAO_OK;
}

/* ---- what it says ------------------------------------------------------- */

static yao_status judge_content(judge *j)
{
    yao_trust_note *note = j->note;
    yao_status      status =
        yao_trust_check_content(&j->v->input->said, j->crypto, &note->unusable);

    if (status == YAO_E_CRYPTO)
        return status;
    if (status == YAO_OK && note->unusable != 0 && j->v->options.strict)
        status = YAO_E_PROFILE;
    if (status == YAO_OK && note->unusable != 0)
        yao_trust_note_row(note, j->report, YAO_CHECK_TRUST_CONTENT,
                           YAO_OUTCOME_NOTE, YAO_OK);
    else
        put(j, YAO_CHECK_TRUST_CONTENT, status);

    return YAO_OK;
}

static bool is_stale(const yao_trust_options *o, const yao_trust_content *c)
{
    if (c->next_update != YAO_TIME_NONE && o->now > c->next_update)
        return true;

    return o->max_age > 0 && o->now > c->issued_at &&
           o->now - c->issued_at > o->max_age;
}

static void judge_validity(judge *j)
{
    const yao_trust_options *o = &j->v->options;
    const yao_trust_content *c = &j->v->input->said;

    j->note->stale = is_stale(o, c);
    if (c->expires != YAO_TIME_NONE && o->now - o->skew > c->expires)
        put(j, YAO_CHECK_VALIDITY, YAO_E_EXPIRED);
    else if (j->note->stale)
        yao_trust_note_row(j->note, j->report, YAO_CHECK_VALIDITY,
                           YAO_OUTCOME_NOTE, YAO_OK);
    else
        put(j, YAO_CHECK_VALIDITY, YAO_OK);
}

/* A clock that stands before what was signed is wrong, and with it every age:
 * whoever sets it back would keep old lists fresh. */
static void judge_clock(judge *j)
{
    const yao_trust_options *o      = &j->v->options;
    yao_time                 latest = o->now + o->skew;
    bool                     back = latest < j->v->input->said.issued_at ||
                                    (o->seen.any && latest < o->seen.moment);

    put(j, YAO_CHECK_CLOCK, back ? YAO_E_NOT_YET_VALID : YAO_OK);
}

static yao_status check_version(const yao_trust_content *c,
                                const yao_trust_seen *seen, yao_bytes hash)
{
    yao_bytes before = {seen->hash, sizeof seen->hash};

    if (!seen->any)
        return YAO_OK;
    if (c->version < seen->version || c->issued_at < seen->issued_at)
        return YAO_E_VALUE;

    /* a VICAL without number is known by its date */
    bool same = c->version == seen->version &&
                (c->version != 0 || c->issued_at == seen->issued_at);
    if (same && !yao_bytes_equal(hash, before))
        return YAO_E_MISMATCH;

    return YAO_OK;
}

static yao_status judge_version(judge *j)
{
    const yao_trust_unverified *u = j->v->input;
    uint8_t                    *hash = j->note->hash;

    YAO_TRY(j->crypto->hash(j->crypto->ctx, YAO_SHA256, &u->message.payload, 1,
                            hash));
    put(j, YAO_CHECK_TRUST_VERSION,
        check_version(&u->said, &j->v->options.seen,
                      (yao_bytes){hash, YAO_SHA256_LEN}));

    return YAO_OK;
}

/* ---- all of it ---------------------------------------------------------- */

static bool options_good(const yao_trust_options *o)
{
    return o->now >= 0 && o->now <= YAO_TIME_MAX && o->skew >= 0 &&
           o->skew <= YAO_TIME_DAY && o->max_age >= 0;
}

yao_status yao_trust_begin(yao_arena *arena, const yao_crypto *crypto,
                           yao_trust_unverified    *input,
                           const yao_trust_options *options,
                           yao_trust_verification *ret, yao_report *report)
{
    yao_trust_verification v = {.input = input, .options = *options};

    if (!options_good(options))
        return YAO_E_USAGE;
    v.checks = yao_arena_take_array(arena, YAO_MAX_CHAIN + 1,
                                    sizeof *v.checks);
    yao_trust_note *note = yao_arena_take(arena, sizeof *note);
    if (v.checks == NULL || note == NULL)
        return YAO_E_SPACE;
    v.internal         = note;
    note->issuer_check = YAO_TRUST_NO_CHECK;

    judge j = {arena, crypto, &v, note, report};
    judge_shape(&j);
    judge_chain(&j);
    YAO_TRY(judge_signature(&j));
    YAO_TRY(judge_content(&j));
    judge_validity(&j);
    judge_clock(&j);
    YAO_TRY(judge_version(&j));

    *ret = v;
    return YAO_OK;
}
