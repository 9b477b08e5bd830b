/* SPDX-License-Identifier: Apache-2.0 */
#include "policy/policy.h"

/*
 * One judgement: find the format, let its module write rows, ask the home,
 * let the module conclude, decide.
 *
 *   begin --checks, agreements--> home --answers--> finish --> result
 */

typedef struct state {
    yao_arena         *arena;
    const yao_crypto  *crypto;
    yao_verify_options options;
    yao_policy_case    of;
    yao_result        *result;
    bool               unread; /* some document's values are not known */

    yao_mdoc_unverified   *mdoc;
    yao_mdoc_verification *mdoc_check;

    yao_policy_sdjwt  *sdjwt;
    yao_policy_card   *card;
    yao_policy_offline offline; /* when `of` says so */
} state;

/* ---- mdoc ---------------------------------------------------------------- */

/* Whether somebody must prove to be the holder is the caller's word, never the
 * message's: an IssuerSigned that comes where an answer was asked for is what
 * anyone has who once saw the document (as RFC 9901 7.3 says of SD-JWTs).
 * Who names the format knows that it has no holder. */
static bool wants_holder(const yao_verify_options *o)
{
    return o->format != YAO_FORMAT_MDOC_ISSUED &&
           (o->transcript.len != 0 || !o->no_binding);
}

/* Who held a session of another kind did not ask for codes: their transcript
 * stays, and the device has signed over another. */
static yao_status open_offline(state *s, yao_bytes *input)
{
    YAO_TRY(yao_policy_open_mdoc(s->arena, s->crypto, *input, &s->options,
                                 &s->offline, &s->result->report));
    *input        = s->offline.response;
    s->of.offline = true;
    if (s->options.transcript.len == 0)
        s->options.transcript = s->offline.transcript;
    return YAO_OK;
}

static yao_status begin_mdoc(state *s, yao_bytes input, yao_verification *ret)
{
    const yao_verify_options *o = &s->options;

    s->mdoc       = yao_arena_take(s->arena, sizeof *s->mdoc);
    s->mdoc_check = yao_arena_take(s->arena, sizeof *s->mdoc_check);
    if (s->mdoc == NULL || s->mdoc_check == NULL)
        return YAO_E_SPACE;

    if (s->of.format == YAO_FORMAT_MDOC_RESPONSE &&
        yao_card_kind_of(input) == YAO_CARD_WHOLE_MDOC)
        YAO_TRY(open_offline(s, &input));
    if (s->of.format == YAO_FORMAT_MDOC_RESPONSE)
        YAO_TRY(yao_mdoc_parse_response(s->arena, input, o->strict, s->mdoc));
    else
        YAO_TRY(yao_mdoc_parse_issuer_signed(s->arena, input, o->strict,
                                             s->mdoc));

    yao_mdoc_verify_options options = {.anchors      = o->anchors,
                                       .anchor_count = o->anchor_count,
                                       .now          = o->now,
                                       .skew         = o->skew,
                                       .strict       = o->strict,
                                       .transcript   = o->transcript,
                                       .bound        = wants_holder(o)};
    YAO_TRY(yao_mdoc_begin(s->arena, s->crypto, s->mdoc, &options,
                           s->mdoc_check, &s->result->report));

    s->of.document_count = s->mdoc->document_count;
    s->of.bound          = wants_holder(o);
    ret->checks          = s->mdoc_check->checks;
    ret->check_count     = s->mdoc_check->check_count;
    ret->agreement_count = s->mdoc_check->agreement_count;
    ret->agreements      = yao_arena_take_array(
        s->arena, ret->agreement_count, sizeof *ret->agreements);
    if (ret->agreements == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < ret->agreement_count; i++)
        ret->agreements[i] = s->mdoc_check->agreements[i].wish;
    return YAO_OK;
}

static yao_status finish_mdoc(state *s)
{
    for (size_t i = 0; i < s->of.document_count; i++) {
        yao_result_document *document = &s->result->documents[i];
        const yao_x509_path *path     = &s->mdoc_check->paths[i];
        yao_mdoc_verified    verified;

        document->type = s->mdoc->documents[i].issuer.mso.doc_type;
        if (yao_mdoc_conclude(s->mdoc_check, s->crypto, i, &verified,
                              &s->result->report) != YAO_OK) {
            s->unread = true; /* the report says why */
            continue;
        }

        document->valid_from     = verified.validity.valid_from;
        document->valid_until    = verified.validity.valid_until;
        document->status_uri     = verified.status.uri;
        document->status_index   = verified.status.index;
        document->issuer         = path->anchor_certificate.common_name;
        document->issuer_country = path->anchor_certificate.country;
        yao_policy_check_status(&s->options, path->anchor->certificate,
                                (int32_t)i, document, &s->result->report);
        YAO_TRY(yao_policy_mdoc_attributes(s->arena, &verified, document));
        if (s->of.offline)
            yao_policy_check_open(&s->options, (int32_t)i, document,
                                  &s->result->report);
    }
    return YAO_OK;
}

/* A document whose values are not known; the report says why. */
static yao_status unread(state *s, yao_status status)
{
    s->unread = status == YAO_E_MISSING;
    return s->unread ? YAO_OK : status;
}

/* ---- SD-JWT -------------------------------------------------------------- */

static yao_status begin_sdjwt(state *s, yao_bytes input, yao_verification *ret)
{
    s->sdjwt = yao_arena_take(s->arena, sizeof *s->sdjwt);
    if (s->sdjwt == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_policy_begin_sdjwt(s->arena, s->crypto, input, &s->options,
                                   &s->of.format, s->sdjwt,
                                   &s->result->report));

    s->of.document_count = 1;
    s->of.bound          = !s->options.no_binding;
    ret->checks          = s->sdjwt->check.checks;
    ret->check_count     = s->sdjwt->check.check_count;
    return YAO_OK;
}

static yao_status finish_sdjwt(state *s)
{
    yao_status status =
        yao_policy_finish_sdjwt(s->arena, s->sdjwt, &s->options,
                                &s->result->documents[0], &s->result->report);

    return unread(s, status);
}

/* ---- cards -------------------------------------------------------------- */

static yao_status begin_card(state *s, yao_bytes input, yao_verification *ret)
{
    bool printed = s->of.format == YAO_FORMAT_PRINTED_CARD;

    s->card = yao_arena_take(s->arena, sizeof *s->card);
    if (s->card == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_policy_begin_card(s->arena, s->crypto, input, &s->options,
                                  printed, s->card, &s->result->report));

    s->of.document_count = 1;
    s->of.bound = !printed || yao_policy_wants_holder(&s->options);
    ret->checks          = s->card->check.checks;
    ret->check_count     = s->card->check.check_count;
    return YAO_OK;
}

static yao_status finish_card(state *s)
{
    yao_status status =
        yao_policy_finish_card(s->arena, s->card, &s->options,
                               &s->result->documents[0], &s->result->report);

    return unread(s, status);
}

/* Documents of one response can be put in another order, left out, and joined
 * by others of the same moment: of several no key is the showing's. A challenge
 * is answered once, whatever the key. */
static bool has_key(const state *s)
{
    return s->of.offline &&
           (s->of.document_count == 1 || s->offline.moment.challenged);
}

/* By what a gate remembers that it saw this: never by the bytes of a code. */
static yao_status remember(state *s)
{
    yao_result *result = s->result;

    if (!result->authentic)
        return YAO_OK;
    if (has_key(s)) {
        YAO_TRY(yao_card_replay_key(
            s->crypto, s->mdoc->documents[0].issuer.auth.payload,
            &s->offline.moment, result->replay_key));
        result->replayable = true;
    }
    if (s->card != NULL && s->card->check.replayable) {
        for (size_t i = 0; i < sizeof result->replay_key; i++)
            result->replay_key[i] = s->card->check.replay_key[i];
        result->replayable = true;
    }
    return YAO_OK;
}

/* ---- request profile ---------------------------------------------------- */

static bool is_true(const yao_attribute *a)
{
    return yao_bytes_equal(a->cbor, YAO_LIT("\xf5")) ||
           yao_text_equal(a->json, YAO_TEXT("true"));
}

/* Errors: YAO_E_MISSING; YAO_E_VALUE it says no */
static yao_status shows(const yao_result_document *document,
                        const yao_requirement     *wanted)
{
    if (!yao_text_equal(document->type, wanted->type))
        return YAO_E_MISSING;
    for (size_t i = 0; i < document->attribute_count; i++) {
        const yao_attribute *a = &document->attributes[i];

        if (!a->by_device && yao_text_equal(a->space, wanted->space) &&
            yao_text_equal(a->name, wanted->element))
            return !wanted->yes || is_true(a) ? YAO_OK : YAO_E_VALUE;
    }
    return YAO_E_MISSING;
}

/* All that is wanted of TYPE: the name of one person's card and the portrait
 * of another's are nobody's. */
static yao_status shows_all(const state *s, const yao_result_document *document,
                            yao_text type)
{
    for (size_t i = 0; i < s->options.required_count; i++) {
        const yao_requirement *wanted = &s->options.required[i];

        if (yao_text_equal(wanted->type, type))
            YAO_TRY(shows(document, wanted));
    }
    return YAO_OK;
}

static yao_status is_shown(const state *s, yao_text type)
{
    yao_status status = YAO_E_MISSING;

    for (size_t d = 0; d < s->of.document_count && status != YAO_OK; d++) {
        yao_status one = shows_all(s, &s->result->documents[d], type);

        if (one != YAO_E_MISSING)
            status = one;
    }
    return status;
}

/* Only what the issuer said counts. What a document says that could not be
 * checked is not known, so that its lack is not known either; one that failed
 * is refused by its own rows. */
static void check_profile(state *s)
{
    yao_report *report = &s->result->report;
    yao_status  status = YAO_OK;

    if (!s->of.profiled)
        return;
    for (size_t i = 0; i < s->options.required_count && status == YAO_OK; i++)
        status = is_shown(s, s->options.required[i].type);

    if (status != YAO_OK && s->unread)
        yao_report_add(report, -1, YAO_CHECK_PROFILE, YAO_OUTCOME_UNKNOWN,
                       YAO_E_MISSING);
    else
        yao_report_put(report, -1, YAO_CHECK_PROFILE, status);
}

/* ---- the public three --------------------------------------------------- */

static yao_status check_options(const yao_verify_options *o)
{
    if (o->now < 0 || o->now > YAO_TIME_MAX)
        return YAO_E_USAGE;
    if (o->skew < 0 || o->skew > YAO_TIME_DAY)
        return YAO_E_USAGE;
    if (o->status_max_age < 0 || o->status_max_age > YAO_TIME_MAX)
        return YAO_E_USAGE;

    return YAO_OK;
}

yao_status yao_verify_begin(yao_arena *arena, const yao_crypto *crypto,
                            yao_bytes input, const yao_verify_options *options,
                            yao_verification *ret)
{
    yao_verification waiting = {0};

    YAO_TRY(check_options(options));
    if (input.len > YAO_MAX_MESSAGE)
        return YAO_E_LIMIT;

    state *s = yao_arena_take(arena, sizeof *s);
    if (s == NULL)
        return YAO_E_SPACE;
    s->result = yao_arena_take(arena, sizeof *s->result);
    if (s->result == NULL)
        return YAO_E_SPACE;

    s->arena       = arena;
    s->crypto      = crypto;
    s->options     = *options;
    s->of.profiled = options->required_count > 0;
    s->of.format   = options->format != YAO_FORMAT_UNKNOWN
                         ? options->format
                         : yao_policy_format(input);

    switch (s->of.format) {
    case YAO_FORMAT_MDOC_RESPONSE:
    case YAO_FORMAT_MDOC_ISSUED:
        YAO_TRY(begin_mdoc(s, input, &waiting));
        break;
    case YAO_FORMAT_SDJWT_VC:
    case YAO_FORMAT_SDJWT:
        YAO_TRY(begin_sdjwt(s, input, &waiting));
        break;
    case YAO_FORMAT_CARD:
    case YAO_FORMAT_PRINTED_CARD:
        YAO_TRY(begin_card(s, input, &waiting));
        break;
    default:
        return YAO_E_MALFORMED;
    }

    waiting.internal = s;
    *ret             = waiting;
    return YAO_OK;
}

yao_status yao_verify_agreed(yao_verification *v, size_t index,
                             yao_bytes shared_secret)
{
    state *s = v->internal;

    if (index >= v->agreement_count)
        return YAO_E_USAGE;

    struct yao_mdoc_agreement *a = &s->mdoc_check->agreements[index];
    if (shared_secret.len == 0 || shared_secret.len > sizeof a->secret)
        return YAO_E_USAGE;
    for (size_t i = 0; i < shared_secret.len; i++)
        a->secret[i] = shared_secret.ptr[i];
    a->secret_len = shared_secret.len;
    a->answered   = true;
    return YAO_OK;
}

/* Values of a document that is not what it says it is reach nobody. */
static void judge(state *s)
{
    yao_result *result = s->result;

    result->format    = s->of.format;
    result->authentic = s->of.document_count > 0;
    for (size_t i = 0; i < s->of.document_count; i++) {
        yao_result_document *document = &result->documents[i];

        document->authentic =
            yao_policy_authentic(&result->report, s->of, (int32_t)i);
        document->bound = document->authentic &&
                          s->of.format != YAO_FORMAT_PRINTED_CARD &&
                          (s->of.format == YAO_FORMAT_MDOC_RESPONSE ||
                           s->of.bound);
        if (!document->authentic) {
            document->attributes      = NULL;
            document->attribute_count = 0;
            result->authentic         = false;
        }
    }
    result->verdict = yao_policy_verdict(&result->report, s->of, -1);
}

yao_status yao_verify_finish(yao_verification *v, yao_result **ret)
{
    state *s = v->internal;

    s->result->document_count = s->of.document_count;
    s->result->documents      = yao_arena_take_array(
        s->arena, s->of.document_count, sizeof *s->result->documents);
    if (s->result->documents == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < s->of.document_count; i++) {
        s->result->documents[i].valid_from  = YAO_TIME_NONE;
        s->result->documents[i].valid_until = YAO_TIME_NONE;
        s->result->documents[i].state_as_of = YAO_TIME_NONE;
        s->result->documents[i].state_until = YAO_TIME_NONE;
    }

    if (s->mdoc != NULL)
        YAO_TRY(finish_mdoc(s));
    else if (s->card != NULL)
        YAO_TRY(finish_card(s));
    else
        YAO_TRY(finish_sdjwt(s));
    check_profile(s);
    judge(s);
    YAO_TRY(remember(s));

    *ret = s->result;
    return YAO_OK;
}

yao_policy_input yao_policy_input_of(const yao_verification *v)
{
    const state     *s     = v->internal;
    yao_policy_input input = {.mdoc = s->mdoc};

    if (s->sdjwt != NULL) {
        input.sdjwt   = &s->sdjwt->input;
        input.payload = s->sdjwt->check.payload;
    }
    return input;
}

yao_status yao_verify(yao_arena *arena, const yao_crypto *crypto,
                      yao_bytes input, const yao_verify_options *options,
                      yao_result **ret)
{
    yao_verification v;

    YAO_TRY(yao_verify_begin(arena, crypto, input, options, &v));
    YAO_TRY(crypto->verify(crypto->ctx, v.checks, v.check_count));

    return yao_verify_finish(&v, ret);
}
