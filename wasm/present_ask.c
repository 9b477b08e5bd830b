/* SPDX-License-Identifier: Apache-2.0 */
/* What a person is shown before anything is signed. */
#include "present.h"

/* ---- who ---------------------------------------------------------------- */

static void put_party(yao_page_wish *w, const yao_trust_party *party)
{
    yao_wish_text(w, "name", party->name);
    yao_wish_text(w, "name_en", party->name_en);
    yao_wish_text(w, "code", party->code);
    yao_wish_text(w, "legal_basis", party->legal_basis);
    yao_wish_int(w, "retention_days", (int64_t)party->retention_days);
}

static void put_certificate(yao_page_wish *w, const yao_certificate *c)
{
    yao_wish_text(w, "name", c->common_name);
    yao_wish_text(w, "organisation", c->organisation);
    yao_wish_text(w, "code", c->serial_number);
}

static void put_who(yao_page_wish *w, const yao_page_present_state *s,
                    const yao_vp_request *q)
{
    yao_wish_flag(w, "signed", q->is_signed);
    yao_wish_flag(w, "registered", q->party != NULL);
    if (q->party != NULL)
        put_party(w, q->party);
    else if (q->is_signed)
        put_certificate(w, &q->certificate);
    if (q->is_signed) {
        yao_json_put_name(&w->w, &w->first, "certificate");
        yao_put_byte(&w->w, '"');
        yao_put_hex(&w->w, (yao_bytes){s->asked_by, sizeof s->asked_by});
        yao_put_byte(&w->w, '"');
    }
    yao_wish_text(w, "client_id", q->binding.client_id);
    yao_wish_text(w, "origin", q->binding.origin);
    yao_wish_text(w, "response_uri", q->binding.response_uri);
}

/* ---- what --------------------------------------------------------------- */

static void put_claims(yao_writer *w, yao_dcql_claims claims)
{
    bool next = true;

    yao_put_byte(w, '[');
    for (unsigned i = 0; i < YAO_DCQL_MAX_CLAIMS; i++)
        if ((claims >> i & 1) != 0) {
            yao_json_put_next(w, &next);
            yao_json_put_int(w, i);
        }
    yao_put_byte(w, ']');
}

static void put_fit(yao_writer *w, const yao_page_present_state *s,
                    const yao_dcql_fit *fit)
{
    bool first = true;

    yao_put_byte(w, '{');
    yao_json_put_member_int(w, &first, "held",
                            (int64_t)s->held_of[fit->candidate]);
    yao_json_put_name(w, &first, "claims");
    put_claims(w, fit->claims);
    yao_put_byte(w, '}');
}

/* Of each credential query what would do. */
static void put_fits(yao_page_wish *w, const yao_page_present_state *s,
                     const yao_dcql_query *query)
{
    bool next = true;

    yao_json_put_name(&w->w, &w->first, "fits");
    yao_put_byte(&w->w, '[');
    for (size_t i = 0; i < query->credential_count; i++) {
        const yao_dcql_fits *fits  = &s->matching.credentials[i];
        bool                 inner = true;

        yao_json_put_next(&w->w, &next);
        yao_put_byte(&w->w, '[');
        for (size_t n = 0; n < fits->count; n++) {
            yao_json_put_next(&w->w, &inner);
            put_fit(&w->w, s, &fits->items[n]);
        }
        yao_put_byte(&w->w, ']');
    }
    yao_put_byte(&w->w, ']');
}

/* What we would show: [query, held] each. */
static void put_answer(yao_page_wish *w, const yao_page_present_state *s)
{
    bool next = true;

    yao_json_put_name(&w->w, &w->first, "answer");
    yao_put_byte(&w->w, '[');
    for (size_t i = 0; i < YAO_DCQL_MAX_CREDENTIALS; i++) {
        if ((s->chosen >> i & 1) == 0)
            continue;
        yao_json_put_next(&w->w, &next);
        yao_put_byte(&w->w, '[');
        yao_json_put_int(&w->w, (int64_t)i);
        yao_put_byte(&w->w, ',');
        yao_json_put_int(
            &w->w, (int64_t)s->held_of[s->matching.credentials[i]
                                           .items[0].candidate]);
        yao_put_byte(&w->w, ']');
    }
    yao_put_byte(&w->w, ']');
}

static void put_transactions(yao_page_wish *w, const yao_vp_request *q)
{
    bool next = true;

    yao_json_put_name(&w->w, &w->first, "transactions");
    yao_put_byte(&w->w, '[');
    for (size_t i = 0; i < q->transaction_count; i++) {
        yao_json_put_next(&w->w, &next);
        yao_json_put_value(&w->w, q->transactions[i].data);
    }
    yao_put_byte(&w->w, ']');
}

void yao_present_put_asked(yao_page_wish *w, const yao_page_present_state *s)
{
    const yao_vp_request *q = yao_present_request(s->machine);

    put_who(w, s, q);
    yao_wish_word(w, "allowed", yao_status_name(s->allowed));
    if (s->profile != NULL)
        yao_wish_text(w, "profile", s->profile->name);
    if (q->expires > 0)
        yao_wish_int(w, "expires", q->expires);
    yao_json_put_name(&w->w, &w->first, "query");
    yao_dcql_put(&w->w, &q->query);
    put_fits(w, s, &q->query);
    yao_wish_flag(w, "satisfied", s->chosen != 0);
    put_answer(w, s);
    put_transactions(w, q);
}
