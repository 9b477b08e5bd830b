/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Invariants
 *   1. checks holds, in this order: those of the chain, those of the issuer
 *      (of several pinned keys one must be good), that of the holder.
 *   2. Each check of docs/formats/card.md section 7 but STATUS has a row after
 *      conclude. A card that names a status list has no row for it: the list
 *      is looked at where lists are.
 */

#include "card/challenge.h"
#include "card/labels.h"

enum {
    MAX_KEYS   = 4, /* pinned keys of one curve */
    MAX_CHECKS = YAO_MAX_CHAIN + MAX_KEYS + 1
};

/* What begin leaves for conclude. */
typedef struct pending {
    size_t            chain_count;
    size_t            issuer_count;
    bool              holder;
    bool              looked_for; /* a holder of paper, whom nobody knows */
    bool              concluded;
    yao_status        begun; /* the first failure of begin's rows */
    yao_card_verified said;
} pending;

typedef struct judge {
    yao_arena                     *arena;
    const yao_crypto              *crypto;
    const yao_card_unverified     *card;
    const yao_card_verify_options *options;
    yao_card_verification         *v;
    pending                       *p;
    yao_report                    *report;
    yao_card_challenge             challenge; /* when one was shown */
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

static void put_absent(judge *j, yao_check check)
{
    put_as(j, check, YAO_OUTCOME_ABSENT, YAO_OK);
}

static bool challenged(const judge *j)
{
    return j->options->challenge.len != 0;
}

/* ---- who signed --------------------------------------------------------- */

/* The certificate that the card names. A key that stands in the card itself is
 * never the issuer's.
 * Errors  YAO_E_UNTRUSTED  none, or two that differ */
static yao_status find_signer(const judge *j, yao_bytes *ret)
{
    const yao_card_verify_options *o     = j->options;
    yao_bytes                      found = {NULL, 0};

    for (size_t i = 0; i < o->signer_count; i++) {
        uint8_t kid[YAO_CARD_KID];

        YAO_TRY(yao_card_kid(j->crypto, o->signers[i], kid));
        if (!yao_bytes_equal(j->card->message.kid,
                             (yao_bytes){kid, sizeof kid}))
            continue;
        if (found.len != 0 && !yao_bytes_equal(found, o->signers[i]))
            return YAO_E_UNTRUSTED;
        found = o->signers[i];
    }

    *ret = found;
    return found.len != 0 ? YAO_OK : YAO_E_UNTRUSTED;
}

/* Signature algorithms of IANA's registry that are not in our table: RFC 9053,
 * 8812, 9864. What is signed with one cannot be checked here, which does not
 * make it wrong. */
static bool is_elsewhere(int64_t alg)
{
    static const int16_t others[] = {-8,  -19, -36, -37, -38, -39,  -47,
                                     -51, -52, -53, -257, -258, -259};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i] == alg)
            return true;

    return false;
}

static yao_status add_issuer_check(judge *j, const yao_public_key *key)
{
    yao_signature_check *check = &j->v->checks[j->v->check_count];

    YAO_TRY(yao_cose_check_sign1(&j->card->message, key, NULL, 0, j->arena,
                                 check));
    check->key_repeats = true;
    j->v->check_count++;
    j->p->issuer_count++;
    return YAO_OK;
}

/* The rows for STATUS of the only, or the last, add_issuer_check(). */
static void rows_of_check(judge *j, yao_status status)
{
    put(j, YAO_CHECK_ALGORITHM, status == YAO_E_ALGORITHM ? status : YAO_OK);
    if (j->card->message.signature.len == 0)
        put(j, YAO_CHECK_ISSUER_SIGNATURE, YAO_E_MISSING);
    else if (status != YAO_OK)
        put(j, YAO_CHECK_ISSUER_SIGNATURE, status);
}

/* Nobody is there whose signature it could be. */
static void no_key(judge *j, yao_status why)
{
    int64_t alg = j->card->message.alg;

    if (yao_sig_by_cose(alg) != NULL)
        put(j, YAO_CHECK_ALGORITHM, YAO_OK);
    else
        put(j, YAO_CHECK_ALGORITHM,
            is_elsewhere(alg) ? YAO_E_UNSUPPORTED : YAO_E_ALGORITHM);
    if (j->card->message.signature.len == 0)
        put(j, YAO_CHECK_ISSUER_SIGNATURE, YAO_E_MISSING);
    else
        put_as(j, YAO_CHECK_ISSUER_SIGNATURE, YAO_OUTCOME_UNKNOWN, why);
    put_as(j, YAO_CHECK_ISSUER_NAME, YAO_OUTCOME_UNKNOWN, why);
}

static void check_name(judge *j)
{
    yao_text iss = j->card->content.issuer;

    if (iss.len == 0) /* of printed cards only */
        put_absent(j, YAO_CHECK_ISSUER_NAME);
    else
        put(j, YAO_CHECK_ISSUER_NAME,
            yao_x509_names_issuer(j->v->path->leaf.san, iss) ? YAO_OK
                                                             : YAO_E_MISMATCH);
}

static yao_status by_chain(judge *j, yao_bytes signer)
{
    const yao_card_verify_options *o    = j->options;
    yao_x509_path                 *path = j->v->path;

    yao_status status = yao_x509_find_path(
        &signer, 1, o->anchors, o->anchor_count, YAO_ROLE_ISSUER,
        j->card->content.type, o->now, o->strict, path, j->report, 0);

    /* a path that may not be used is checked all the same */
    for (size_t i = 0; i < path->check_count; i++)
        j->v->checks[j->v->check_count++] = path->checks[i];
    j->p->chain_count = j->v->check_count;
    if (path->anchor == NULL)
        put_as(j, YAO_CHECK_CHAIN_SIGNATURE, YAO_OUTCOME_UNKNOWN, status);
    if (path->leaf.key.curve == YAO_CURVE_NONE) {
        no_key(j, status);
        return YAO_OK;
    }
    status = add_issuer_check(j, &path->leaf.key);
    if (status == YAO_E_SPACE)
        return status;
    rows_of_check(j, status);
    check_name(j);
    j->p->said.signer = &path->leaf;
    return YAO_OK;
}

/* ---- keys that were pinned: paper of other issuers ---------------------- */

static bool in_scope(const yao_anchor *anchor, yao_text type)
{
    if (anchor->type_count == 0)
        return true;
    for (size_t i = 0; i < anchor->type_count; i++)
        if (yao_text_equal(anchor->types[i], type))
            return true;

    return false;
}

static bool is_key_of(const yao_anchor *a, const yao_sig_row *row)
{
    return a->role == YAO_ROLE_ISSUER && a->certificate.len == 0 &&
           row != NULL && a->key.curve == row->curve;
}

typedef struct keys {
    const yao_anchor *fits[MAX_KEYS];
    size_t            count;
    bool              some_anchor, out_of_scope, too_many;
} keys;

static keys find_keys(const judge *j)
{
    const yao_card_verify_options *o   = j->options;
    const yao_sig_row             *row = yao_sig_by_cose(j->card->message.alg);
    keys                           k   = {.count = 0};

    for (size_t i = 0; i < o->anchor_count; i++) {
        const yao_anchor *a = &o->anchors[i];

        k.some_anchor = k.some_anchor || a->role == YAO_ROLE_ISSUER;
        if (!is_key_of(a, row))
            continue;
        if (!in_scope(a, j->card->content.type))
            k.out_of_scope = true;
        else if (k.count == MAX_KEYS)
            k.too_many = true;
        else
            k.fits[k.count++] = a;
    }
    return k;
}

/* No key fits: because none may sign this, or because we lack the algorithm
 * and could not tell, or because nobody is known. */
static void no_pinned_key(judge *j, const keys *k)
{
    yao_status why = YAO_E_UNTRUSTED;

    if (k->too_many)
        why = YAO_E_LIMIT;
    else if (is_elsewhere(j->card->message.alg))
        why = YAO_E_UNSUPPORTED;
    put(j, YAO_CHECK_ISSUER_CHAIN, why);
    if (k->out_of_scope)
        put(j, YAO_CHECK_ISSUER_SCOPE, YAO_E_NOT_AUTHORISED);
    put_as(j, YAO_CHECK_CHAIN_SIGNATURE, YAO_OUTCOME_UNKNOWN, why);
    no_key(j, why);
}

static yao_status by_key(judge *j)
{
    keys       k      = find_keys(j);
    yao_status status = YAO_OK;

    put(j, YAO_CHECK_ISSUER_ANCHORS,
        k.some_anchor ? YAO_OK : YAO_E_UNTRUSTED);
    if (k.count == 0 || k.too_many) {
        no_pinned_key(j, &k);
        return YAO_OK;
    }
    put(j, YAO_CHECK_ISSUER_CHAIN, YAO_OK);
    put_absent(j, YAO_CHECK_CHAIN_SIGNATURE);
    put_absent(j, YAO_CHECK_CHAIN_VALIDITY);
    put_absent(j, YAO_CHECK_CHAIN_PROFILE);
    put(j, YAO_CHECK_ISSUER_SCOPE, YAO_OK);
    put_absent(j, YAO_CHECK_ISSUER_NAME);
    for (size_t i = 0; i < k.count; i++) {
        status = add_issuer_check(j, &k.fits[i]->key);
        if (status == YAO_E_SPACE)
            return status;
    }
    rows_of_check(j, status);
    return YAO_OK;
}

static yao_status judge_issuer(judge *j)
{
    yao_bytes  signer = {NULL, 0};
    yao_status status = find_signer(j, &signer);

    if (status != YAO_OK && status != YAO_E_UNTRUSTED)
        return status;
    if (status == YAO_OK)
        return by_chain(j, signer);
    if (j->card->printed)
        return by_key(j);

    keys k = find_keys(j);
    put(j, YAO_CHECK_ISSUER_ANCHORS,
        k.some_anchor ? YAO_OK : YAO_E_UNTRUSTED);
    put(j, YAO_CHECK_ISSUER_CHAIN, status);
    put_as(j, YAO_CHECK_CHAIN_SIGNATURE, YAO_OUTCOME_UNKNOWN, status);
    no_key(j, status);
    return YAO_OK;
}

/* ---- what it says ------------------------------------------------------- */

/* RFC 8392 section 3.1: at exp itself it is over. */
static yao_status check_dates(const yao_card_content        *c,
                              const yao_card_verify_options *o)
{
    yao_time from = c->not_before != YAO_TIME_NONE ? c->not_before
                                                   : c->issued_at;

    if (c->expires == YAO_TIME_NONE)
        return YAO_E_MISSING;
    if (c->expires <= from)
        return YAO_E_VALUE;
    if (o->now + o->skew < from) /* NONE is before all */
        return YAO_E_NOT_YET_VALID;
    if (o->now - o->skew >= c->expires)
        return YAO_E_EXPIRED;

    return YAO_OK;
}

static void judge_profile(judge *j)
{
    yao_text said   = j->card->content.profile;
    yao_text wanted = j->options->profile;
    yao_text asked  = j->challenge.profile; /* empty without a challenge */

    if (wanted.len == 0 && asked.len == 0)
        put_absent(j, YAO_CHECK_CARD_PROFILE);
    else if ((wanted.len != 0 && !yao_text_equal(said, wanted)) ||
             (asked.len != 0 && !yao_text_equal(said, asked)))
        put(j, YAO_CHECK_CARD_PROFILE, YAO_E_MISMATCH);
    else
        put(j, YAO_CHECK_CARD_PROFILE, YAO_OK);
}

/* ---- the holder --------------------------------------------------------- */

static yao_status check_moment(const judge *j)
{
    const yao_card_unverified *card = j->card;
    yao_time                   now  = j->options->now;

    YAO_TRY(yao_card_check_step(card->stepped, card->step, challenged(j), now));
    if (!challenged(j))
        return card->content.sealed ? YAO_E_NOT_AUTHORISED : YAO_OK;

    return yao_card_check_answer(&j->challenge, now, j->options->skew);
}

/* A step is what the card says it is, also where a challenge was shown: the
 * row about the moment refuses that, and this one says who signed. */
static yao_status judge_holder_signature(judge *j)
{
    const yao_card_unverified *card   = j->card;
    yao_signature_check       *check  = &j->v->checks[j->v->check_count];
    yao_card_moment            moment = {.step = card->step};
    uint8_t                    issued[YAO_SHA256_LEN];
    yao_bytes                  message;

    if (!card->stepped && !challenged(j)) {
        put_as(j, YAO_CHECK_CARD_HOLDER, YAO_OUTCOME_UNKNOWN, YAO_E_MISSING);
        return YAO_OK;
    }
    if (!card->stepped)
        YAO_TRY(yao_card_moment_of(j->crypto, j->options->challenge, &moment));
    YAO_TRY(yao_card_hash(j->crypto, card->issued, issued));
    YAO_TRY(yao_card_holder_message(j->arena, issued, &moment, &message));
    YAO_TRY(yao_card_replay_key(j->crypto, card->issued, &moment,
                                j->v->replay_key));
    j->v->replayable = true;

    *check = (yao_signature_check){.alg        = YAO_ES256,
                                   .key        = card->content.device_key,
                                   .parts      = {message},
                                   .part_count = 1,
                                   .signature  = card->holder_signature};
    j->v->check_count++;
    j->p->holder = true;
    return YAO_OK;
}

/* Nobody proves to be the holder of paper: look at the portrait. A part torn
 * off a card belongs to a key that is not here. */
static void judge_paper(judge *j)
{
    if (j->card->torn)
        put(j, YAO_CHECK_HOLDER_KEY, YAO_E_NOT_AUTHORISED);
    else
        put_absent(j, YAO_CHECK_HOLDER_KEY);

    if (challenged(j))
        put(j, YAO_CHECK_CARD_CHALLENGE, YAO_E_MISSING);
    else
        put_absent(j, YAO_CHECK_CARD_CHALLENGE);

    j->p->looked_for = j->options->bound; /* who hands it over is no matter of
                                             what it says: conclude() */
    if (!j->options->bound)
        put_absent(j, YAO_CHECK_CARD_HOLDER);
}

static yao_status judge_holder(judge *j)
{
    if (j->card->printed) {
        judge_paper(j);
        return YAO_OK;
    }
    /* that the point is on its curve is seen with the signature */
    put(j, YAO_CHECK_HOLDER_KEY, YAO_OK);
    put(j, YAO_CHECK_CARD_CHALLENGE, check_moment(j));

    return judge_holder_signature(j);
}

static void judge_status(judge *j)
{
    if (j->card->content.status == YAO_CARD_STATUS_NONE)
        put_absent(j, YAO_CHECK_STATUS);
    if (j->card->content.status == YAO_CARD_STATUS_UNKNOWN)
        put_as(j, YAO_CHECK_STATUS, YAO_OUTCOME_UNKNOWN, YAO_E_UNSUPPORTED);
}

/* ---- begin and conclude ------------------------------------------------- */

static yao_status take_room(yao_arena *arena, yao_card_verification *v,
                            pending **p)
{
    v->checks = yao_arena_take_array(arena, MAX_CHECKS, sizeof *v->checks);
    v->path   = yao_arena_take(arena, sizeof *v->path);
    *p        = yao_arena_take(arena, sizeof **p);
    if (v->checks == NULL || v->path == NULL || *p == NULL)
        return YAO_E_SPACE;

    return YAO_OK;
}

/* A challenge that cannot be read was none of ours to show. */
static yao_status check_options(const yao_card_verify_options *o,
                                yao_card_challenge            *ret)
{
    if (o->now < 0 || o->now > YAO_TIME_MAX || o->skew < 0 ||
        o->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;
    if (o->challenge.len == 0)
        return YAO_OK;

    return yao_card_read_challenge(o->challenge, ret) == YAO_OK ? YAO_OK
                                                                : YAO_E_USAGE;
}

yao_status yao_card_begin(yao_arena *arena, const yao_crypto *crypto,
                          const yao_card_unverified     *input,
                          const yao_card_verify_options *options,
                          yao_card_verification *ret, yao_report *report)
{
    yao_card_verification v = {.input = input};
    judge j = {.arena   = arena,
               .crypto  = crypto,
               .card    = input,
               .options = options,
               .v       = &v,
               .report  = report};

    YAO_TRY(check_options(options, &j.challenge));
    YAO_TRY(take_room(arena, &v, &j.p));
    j.p->said.content = &input->content;

    put(&j, YAO_CHECK_STRUCTURE, YAO_OK);
    YAO_TRY(judge_issuer(&j));
    put(&j, YAO_CHECK_VALIDITY, check_dates(&input->content, options));
    YAO_TRY(judge_holder(&j));
    judge_profile(&j);
    judge_status(&j);

    j.p->begun = yao_card_first_failure(report);
    v.internal = j.p;
    *ret       = v;
    return YAO_OK;
}

/* Of several keys one must have signed: the best counts, and what could not
 * be checked may have been it. */
static yao_status best(const yao_signature_check *checks, size_t count)
{
    yao_status status = YAO_E_BAD_SIGNATURE;

    for (size_t i = 0; i < count && status != YAO_OK; i++) {
        yao_status one = yao_card_status_of(&checks[i]);

        if (one != YAO_E_BAD_SIGNATURE)
            status = one;
    }
    return status;
}

static void put_answers(const yao_card_verification *v, const pending *p,
                        yao_report *report)
{
    const yao_signature_check *issuer = v->checks + p->chain_count;
    const yao_signature_check *holder = issuer + p->issuer_count;

    if (p->chain_count != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                             yao_card_worst(v->checks, p->chain_count));
    else if (v->path->anchor != NULL) /* the signer itself is the anchor */
        yao_report_add(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                       YAO_OUTCOME_ABSENT, YAO_OK);
    if (p->issuer_count != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_ISSUER_SIGNATURE,
                             best(issuer, p->issuer_count));
    if (p->holder)
        (void)yao_report_put(report, 0, YAO_CHECK_CARD_HOLDER,
                             yao_card_status_of(holder));
}

yao_status yao_card_conclude(yao_card_verification *v, yao_card_verified *ret,
                             yao_report *report)
{
    pending *p = v->internal;

    if (p == NULL || p->concluded)
        return YAO_E_USAGE;
    p->concluded = true;
    put_answers(v, p, report);
    yao_status status = yao_card_first_failure(report);
    if (p->looked_for)
        yao_report_add(report, 0, YAO_CHECK_CARD_HOLDER, YAO_OUTCOME_UNKNOWN,
                       YAO_E_MISSING);
    YAO_TRY(status);
    YAO_TRY(p->begun); /* whatever report this is */

    p->said.bound = p->holder;
    *ret          = p->said;
    return YAO_OK;
}
