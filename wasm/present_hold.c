/* SPDX-License-Identifier: Apache-2.0 */
/* What of the page's documents answers a request, and may it be asked? */
#include "present.h"

#include "trust/right.h"
#include "vp/registered.h"

/* ---- one document ------------------------------------------------------- */

static yao_status read_mdoc(const yao_page_held *h, yao_time now,
                            yao_dcql_candidate *ret)
{
    yao_mdoc_unverified *mdoc = yao_arena_take(&page.memory, sizeof *mdoc);

    if (mdoc == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_mdoc_parse_issuer_signed(&page.memory, h->bytes, false, mdoc));
    const yao_mdoc_document *d = &mdoc->documents[0];
    if (now > d->issuer.mso.validity.valid_until)
        return YAO_E_EXPIRED;
    return yao_dcql_of_mdoc(&page.memory, d, false, ret);
}

/* Who signed it was looked at when it came: here it is read only. */
static yao_status read_sdjwt(const yao_page_held *h, yao_time now,
                             yao_dcql_candidate *ret)
{
    yao_sdjwt_verify_options options = {.now = now, .no_binding = true};
    struct {
        yao_sdjwt_unverified   token;
        yao_sdjwt_verification check;
        yao_report             report;
    } *read = yao_arena_take(&page.memory, sizeof *read);
    int64_t expires;

    if (read == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_sdjwt_parse(&page.memory, h->bytes, &read->token));
    YAO_TRY(yao_sdjwt_begin(&page.memory, page.crypto, &read->token, &options,
                            &read->check, &read->report));
    if (read->check.payload == NULL)
        return YAO_E_MALFORMED;
    const yao_json *exp = yao_json_get(read->check.payload, "exp");
    if (exp != NULL &&
        (yao_json_int(exp, &expires) != YAO_OK || now >= expires))
        return YAO_E_EXPIRED;
    return yao_dcql_of_sdjwt(&page.memory, &read->token, read->check.payload,
                             false, ret);
}

/* What can't be read is of no use; it does not spoil the others. */
static yao_status read_one(yao_page_present_state *s, size_t index,
                           yao_time now)
{
    yao_page_held      *h   = &s->held[index];
    yao_dcql_candidate *ret = &s->candidates[s->candidate_count];
    yao_status          status;

    status = h->format == YAO_DCQL_MDOC ? read_mdoc(h, now, ret)
                                        : read_sdjwt(h, now, ret);
    if (status == YAO_E_SPACE)
        return status;
    h->good = status == YAO_OK;
    if (h->good)
        s->held_of[s->candidate_count++] = index;
    return YAO_OK;
}

/* ---- may it be asked? --------------------------------------------------- */

/* As if it stood in a list: what the registrar wrote into its certificate. */
static yao_status party_of(const yao_vp_request *q, yao_trust_party *ret)
{
    size_t    most  = page.catalogue.profile_count;
    yao_text *names =
        yao_arena_take_array(&page.memory, most + 1, sizeof *names);
    size_t count = 0;

    if (names == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < most; i++)
        if (yao_trust_certified(&page.catalogue.profiles[i], &q->certificate))
            names[count++] = page.catalogue.profiles[i].name;
    *ret = (yao_trust_party){.profiles      = names,
                             .profile_count = count,
                             .state         = YAO_PARTY_ACTIVE};
    return YAO_OK;
}

/* Of who is in a list the machine looked. */
static yao_status check_asked(yao_page_present_state *s,
                              const yao_vp_request   *q)
{
    yao_trust_party party;
    yao_vp_excess   excess;

    s->profile = q->profile;
    if (!q->is_signed || q->party != NULL)
        return YAO_OK;
    YAO_TRY(party_of(q, &party));
    return yao_vp_check_registered(&page.catalogue, &party, &q->query,
                                   &s->profile, &excess);
}

yao_status yao_present_hold(yao_page_present_state *s, yao_time now)
{
    const yao_vp_request *q = yao_present_request(s->machine);

    if (q->is_signed)
        YAO_TRY(page.crypto->hash(page.crypto->ctx, YAO_SHA256, &q->leaf, 1,
                                  s->asked_by));
    s->allowed         = check_asked(s, q);
    s->candidate_count = 0;
    for (size_t i = 0; i < s->held_count; i++)
        YAO_TRY(read_one(s, i, now));
    YAO_TRY(yao_dcql_match(&page.memory, &q->query, s->candidates,
                           s->candidate_count, &s->matching));
    s->chosen = 0;
    if (s->allowed == YAO_OK && s->matching.satisfied &&
        yao_dcql_answer(&q->query, &s->matching, NULL, &s->chosen) != YAO_OK)
        s->chosen = 0;
    return YAO_OK;
}
