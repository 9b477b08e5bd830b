/* SPDX-License-Identifier: Apache-2.0 */

/* What of the vault a request could be answered with. */

#include "wallet/presenting.h"

typedef struct holding {
    yao_presenting      *s;
    yao_presenting_held *held;
    yao_dcql_candidate  *candidate;
    bool                 good; /* today */
} holding;

static yao_dcql_format format_of(const yao_wallet_batch *b)
{
    if (yao_text_equal(b->format, YAO_TEXT("mdoc-issuer-signed")))
        return YAO_DCQL_MDOC;
    return yao_text_equal(b->format, YAO_TEXT("sd-jwt-vc")) ? YAO_DCQL_SDJWT
                                                            : YAO_DCQL_OTHER;
}

static bool is_asked(const yao_dcql_query *query, const yao_wallet_batch *b)
{
    yao_dcql_format format = format_of(b);

    for (size_t i = 0; i < query->credential_count; i++) {
        const yao_dcql_credential *c = &query->credentials[i];

        if (format != YAO_DCQL_OTHER && c->format == format &&
            yao_document_lists(c->types, c->type_count, b->type))
            return true;
    }
    return false;
}

/* ---- one copy ----------------------------------------------------------- */

/* A copy that was never shown; when there is none, the one shown least. */
static void choose_copy(yao_presenting_held *held)
{
    const yao_wallet_batch *b = held->batch;

    held->copy = 0;
    for (size_t i = 1; i < b->count; i++)
        if (b->shown[i] < b->shown[held->copy])
            held->copy = i;
    held->again = b->shown[held->copy] > 0;
}

static yao_status hold_mdoc(holding *h)
{
    yao_arena           *arena = &h->s->arena;
    yao_mdoc_unverified *mdoc  = yao_arena_take(arena, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(arena, h->held->stored.bytes, false,
                                         mdoc));
    const yao_mdoc_document *d = &mdoc->documents[0];
    h->good = h->s->now <= d->issuer.mso.validity.valid_until;
    return yao_dcql_of_mdoc(arena, d, false, h->candidate);
}

/* Who signed it was looked at when it came: here it is read only. */
static yao_status hold_sdjwt(holding *h)
{
    yao_arena              *arena = &h->s->arena;
    yao_sdjwt_verify_options options = {.now = h->s->now, .no_binding = true};
    struct {
        yao_sdjwt_unverified   token;
        yao_sdjwt_verification check;
        yao_report             report;
    } *read = yao_arena_take(arena, sizeof *read);
    int64_t expires;

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_sdjwt_parse(arena, h->held->stored.bytes, &read->token));
    YAO_TRY(yao_sdjwt_begin(arena, h->s->crypto, &read->token, &options,
                            &read->check, &read->report));
    if (read->check.payload == NULL)
        return YAO_E_MALFORMED;
    const yao_json *exp = yao_json_get(read->check.payload, "exp");
    h->good = exp == NULL || (yao_json_int(exp, &expires) == YAO_OK &&
                              h->s->now < expires);
    return yao_dcql_of_sdjwt(arena, &read->token, read->check.payload, false,
                             h->candidate);
}

static yao_status hold(yao_presenting *s, yao_wallet_batch *b)
{
    yao_wallet_copy copies[YAO_MAX_BATCH];
    holding         h = {.s         = s,
                         .held      = &s->held[s->held_count],
                         .candidate = &s->candidates[s->held_count]};

    *h.held = (yao_presenting_held){.batch = b};
    if (b->count == 0)
        return YAO_OK;
    choose_copy(h.held);
    YAO_TRY(yao_wallet_read_batch(s->wallet, b, copies));
    h.held->stored = copies[h.held->copy];
    YAO_TRY(format_of(b) == YAO_DCQL_MDOC ? hold_mdoc(&h) : hold_sdjwt(&h));
    s->held_count += h.good;
    return YAO_OK;
}

/* ---- all ---------------------------------------------------------------- */

/* The newest first, of those that are asked and whose subject is SUBJECT. */
static yao_status hold_of(yao_presenting *s, const yao_text *subject)
{
    yao_wallet *w = s->wallet;

    for (size_t i = w->batch_count; i-- > 0;) {
        yao_wallet_batch *b = &w->batches[i];
        bool its = subject != NULL ? yao_text_equal(b->subject, *subject)
                                   : b->subject.len != 0;

        if (its && is_asked(&s->request->query, b))
            YAO_TRY(hold(s, b));
    }
    return YAO_OK;
}

/* What nobody has several of is the person's own also where another is named:
 * a vehicle's papers come with a driver's licence. */
yao_status yao_presenting_hold(yao_presenting *s)
{
    const yao_text of  = yao_text_of(yao_argument(s->call, "of"));
    const yao_text own = YAO_TEXT("");

    if (of.len != 0)
        YAO_TRY(hold_of(s, &of));
    YAO_TRY(hold_of(s, &own));
    return of.len != 0 ? YAO_OK : hold_of(s, NULL);
}
