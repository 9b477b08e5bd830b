/* SPDX-License-Identifier: Apache-2.0 */
#include "card/challenge.h"

#include "card/labels.h"
#include "x509/reader.h"

/* Labels of the payload: docs/formats/card.md section 3. */
enum { NONCE = 1, EXPIRY = 2, PROFILE = 3, KEY = 4, PLACE = 5, PLACES = 5 };

/* ---- making ------------------------------------------------------------- */

static yao_status check_request(const yao_card_challenge_request *q)
{
    if (q->nonce.len != YAO_CARD_NONCE || q->expires < 0 ||
        q->expires > YAO_TIME_MAX)
        return YAO_E_USAGE;
    if (q->profile.len == 0 || q->place.len == 0 || q->reader.len == 0)
        return YAO_E_USAGE;
    if (q->key.curve != YAO_P256 || !yao_public_key_well_formed(&q->key) ||
        q->key.point[0] != 4)
        return YAO_E_USAGE;
    if (yao_sig_by_alg(q->alg) == NULL || q->chain_count > YAO_MAX_CHAIN)
        return YAO_E_USAGE;

    return q->place.len <= YAO_MAX_CARD_PLACE ? YAO_OK : YAO_E_LIMIT;
}

static void put_payload(yao_writer *w, const yao_card_challenge_request *q)
{
    yao_cbor_put_map(w, PLACES);
    yao_cbor_put_uint(w, NONCE);
    yao_cbor_put_bytes(w, q->nonce);
    yao_cbor_put_uint(w, EXPIRY);
    yao_cbor_put_uint(w, (uint64_t)q->expires);
    yao_cbor_put_uint(w, PROFILE);
    yao_cbor_put_text(w, q->profile);
    yao_cbor_put_uint(w, KEY);
    yao_cose_put_key(w, &q->key);
    yao_cbor_put_uint(w, PLACE);
    yao_cbor_put_text(w, q->place);
}

yao_status yao_card_make_challenge(yao_arena *arena, const yao_crypto *crypto,
                                   const yao_card_challenge_request *request,
                                   yao_card_issuing                 *ret)
{
    yao_card_issuing making = {
        .headers = {.alg         = request->alg,
                    .chain       = request->chain,
                    .chain_count = request->chain_count}};
    uint8_t          kid[YAO_CARD_KID];

    YAO_TRY(check_request(request));
    YAO_TRY(yao_card_kid(crypto, request->reader, kid));
    YAO_TRY(yao_arena_keep(arena, (yao_bytes){kid, sizeof kid},
                           &making.headers.kid));

    yao_writer w = yao_writer_in(arena);
    put_payload(&w, request);
    YAO_TRY(yao_writer_keep(&w, arena, &making.payload));
    YAO_TRY(yao_cose_wish_sign1(&making.headers, &making.payload, 1, arena,
                                &making.wish));

    *ret = making;
    return YAO_OK;
}

/* ---- reading ------------------------------------------------------------ */

static void want(yao_cbor_reader *r, bool holds)
{
    if (!holds)
        yao_cbor_fail(r, YAO_E_MALFORMED);
}

/* {1: 2, -1: 1, -2: x, -3: y} */
static void get_key(yao_cbor_reader *r, yao_public_key *ret)
{
    want(r, yao_cbor_get_map(r) == 4);
    want(r, yao_cbor_get_int(r) == 1);
    int64_t type = yao_cbor_get_int(r);
    want(r, yao_cbor_get_int(r) == -1);
    int64_t curve = yao_cbor_get_int(r);
    want(r, yao_cbor_get_int(r) == -2);
    yao_bytes x = yao_cbor_get_bytes(r);
    want(r, yao_cbor_get_int(r) == -3);
    if (yao_cbor_peek(r) == YAO_CBOR_BOOL) /* HPKE wants the whole point */
        yao_cbor_fail(r, YAO_E_KEY);
    yao_bytes y = yao_cbor_get_bytes(r);
    if (r->status == YAO_OK)
        yao_cbor_fail(r, type != 2 || curve != 1
                             ? YAO_E_KEY
                             : yao_public_key_make(YAO_P256, x, y, ret));
}

static void get_payload(yao_cbor_reader *r, yao_card_challenge *c)
{
    want(r, yao_cbor_get_map(r) == PLACES);
    want(r, yao_cbor_get_int(r) == NONCE);
    c->nonce = yao_cbor_get_bytes(r);
    want(r, c->nonce.len == YAO_CARD_NONCE);
    want(r, yao_cbor_get_int(r) == EXPIRY);
    uint64_t expires = yao_cbor_get_uint(r);
    want(r, expires <= (uint64_t)YAO_TIME_MAX);
    want(r, yao_cbor_get_int(r) == PROFILE);
    c->profile = yao_cbor_get_text(r);
    want(r, c->profile.len != 0);
    want(r, yao_cbor_get_int(r) == KEY);
    get_key(r, &c->key);
    want(r, yao_cbor_get_int(r) == PLACE);
    c->place = yao_cbor_get_text(r);
    want(r, c->place.len != 0);
    if (r->status == YAO_OK)
        c->expires = (yao_time)expires;
}

yao_status yao_card_read_challenge(yao_bytes input, yao_card_challenge *ret)
{
    yao_card_challenge c = {.expires = YAO_TIME_NONE};

    if (input.len > YAO_MAX_CARD_WHOLE)
        return YAO_E_LIMIT;
    YAO_TRY(yao_card_read_sign1_chain(input, &c.message));

    yao_cbor_reader r = yao_cbor_open(c.message.payload);
    get_payload(&r, &c);
    YAO_TRY(yao_cbor_close(&r));
    if (c.place.len > YAO_MAX_CARD_PLACE)
        return YAO_E_LIMIT;

    *ret = c;
    return YAO_OK;
}

yao_status yao_card_check_answer(const yao_card_challenge *c, yao_time now,
                                 yao_time skew)
{
    if (now - skew > c->expires + YAO_CARD_ANSWER_GRACE)
        return YAO_E_EXPIRED;
    if (now + skew < c->expires - YAO_CARD_CHALLENGE_LIFE)
        return YAO_E_NOT_YET_VALID;

    return YAO_OK;
}

/* ---- who asks ----------------------------------------------------------- */

typedef struct judge {
    const yao_crypto              *crypto;
    const yao_card_challenge      *c;
    const yao_card_reader_options *options;
    yao_card_reader_check         *check;
    yao_report                    *report;
} judge;

static void put(judge *j, yao_check check, yao_status status)
{
    (void)yao_report_put(j->report, 0, check, status);
}

static yao_status is_named(const judge *j, yao_bytes certificate, bool *ret)
{
    uint8_t kid[YAO_CARD_KID];

    YAO_TRY(yao_card_kid(j->crypto, certificate, kid));

    *ret = yao_bytes_equal(j->c->message.kid, (yao_bytes){kid, sizeof kid});
    return YAO_OK;
}

/* The certificate that the challenge names: its own first, for what came along
 * under another's name is nobody's.
 * Errors  YAO_E_MISMATCH, YAO_E_UNTRUSTED */
static yao_status find_chain(const judge *j, const yao_bytes **chain,
                             size_t *count)
{
    const yao_card_reader_options *o = j->options;
    const yao_cose_message        *m = &j->c->message;
    bool                           here;

    if (m->chain_count != 0) {
        YAO_TRY(is_named(j, m->chain[0], &here));
        *chain = m->chain;
        *count = m->chain_count;
        return here ? YAO_OK : YAO_E_MISMATCH;
    }
    for (size_t i = 0; i < o->reader_count; i++) {
        YAO_TRY(is_named(j, o->readers[i], &here));
        if (!here)
            continue;
        if (*count != 0 && !yao_bytes_equal(**chain, o->readers[i]))
            return YAO_E_UNTRUSTED;
        *chain = &o->readers[i];
        *count = 1;
    }
    return *count != 0 ? YAO_OK : YAO_E_UNTRUSTED;
}

static void no_reader(judge *j, yao_status why)
{
    put(j, YAO_CHECK_ISSUER_CHAIN, why);
    yao_report_add(j->report, 0, YAO_CHECK_ISSUER_SIGNATURE,
                   YAO_OUTCOME_UNKNOWN, why);
}

static bool may_ask(const judge *j, const yao_certificate *leaf)
{
    return yao_reader_allows(leaf, j->c->profile) &&
           (!j->options->officer || yao_reader_is_officer(leaf, NULL));
}

static yao_status judge_reader(yao_arena *arena, judge *j)
{
    const yao_card_reader_options *o     = j->options;
    yao_x509_path                 *path  = j->check->path;
    const yao_bytes               *chain = NULL;
    size_t                         count = 0;
    yao_status                     status = find_chain(j, &chain, &count);

    if (status == YAO_E_MISMATCH || status == YAO_E_UNTRUSTED) {
        no_reader(j, status);
        return YAO_OK;
    }
    YAO_TRY(status);
    status = yao_x509_find_path(chain, count, o->anchors, o->anchor_count,
                                YAO_ROLE_READER, YAO_TEXT(""), o->now,
                                o->strict, path, j->report, 0);
    for (size_t i = 0; i < path->check_count; i++)
        j->check->checks[j->check->check_count++] = path->checks[i];
    if (path->leaf.key.curve == YAO_CURVE_NONE)
        return YAO_OK; /* the rows of the path say why */

    status = yao_cose_check_sign1(&j->c->message, &path->leaf.key, NULL, 0,
                                  arena,
                                  &j->check->checks[j->check->check_count]);
    if (status == YAO_E_SPACE)
        return status;
    put(j, YAO_CHECK_ALGORITHM, status == YAO_E_ALGORITHM ? status : YAO_OK);
    if (status != YAO_OK)
        put(j, YAO_CHECK_ISSUER_SIGNATURE, status);
    else
        j->check->check_count++;
    put(j, YAO_CHECK_CARD_PROFILE,
        may_ask(j, &path->leaf) ? YAO_OK : YAO_E_NOT_AUTHORISED);
    return YAO_OK;
}

/* One that lives longer was made to be kept. */
static yao_status check_life(const yao_card_challenge      *c,
                             const yao_card_reader_options *o)
{
    if (o->now - o->skew > c->expires)
        return YAO_E_EXPIRED;
    if (o->now + o->skew < c->expires - YAO_CARD_CHALLENGE_LIFE)
        return YAO_E_NOT_YET_VALID;

    return YAO_OK;
}

yao_status yao_card_begin_reader(yao_arena *arena, const yao_crypto *crypto,
                                 const yao_card_challenge      *input,
                                 const yao_card_reader_options *options,
                                 yao_card_reader_check         *ret,
                                 yao_report                    *report)
{
    yao_card_reader_check check = {.input = input};
    judge                 j = {crypto, input, options, &check, report};

    if (options->now < 0 || options->now > YAO_TIME_MAX || options->skew < 0 ||
        options->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;
    check.checks = yao_arena_take_array(arena, YAO_MAX_CHAIN + 1,
                                        sizeof *check.checks);
    check.path   = yao_arena_take(arena, sizeof *check.path);
    if (check.checks == NULL || check.path == NULL)
        return YAO_E_SPACE;

    put(&j, YAO_CHECK_STRUCTURE, YAO_OK);
    put(&j, YAO_CHECK_VALIDITY, check_life(input, options));
    YAO_TRY(judge_reader(arena, &j));

    check.begun = yao_card_first_failure(report);
    *ret        = check;
    return YAO_OK;
}

yao_status yao_card_conclude_reader(yao_card_reader_check *check,
                                    yao_card_reader *ret, yao_report *report)
{
    size_t in_path = check->path->check_count;

    if (check->concluded)
        return YAO_E_USAGE;
    check->concluded = true;
    if (in_path != 0)
        (void)yao_report_put(report, 0, YAO_CHECK_CHAIN_SIGNATURE,
                             yao_card_worst(check->checks, in_path));
    if (check->check_count > in_path)
        (void)yao_report_put(report, 0, YAO_CHECK_ISSUER_SIGNATURE,
                             yao_card_status_of(&check->checks[in_path]));
    YAO_TRY(yao_card_first_failure(report));
    YAO_TRY(check->begun); /* whatever report this is */

    *ret = (yao_card_reader){.certificate = &check->path->leaf,
                             .profile     = check->input->profile,
                             .place       = check->input->place};
    return YAO_OK;
}
