/* SPDX-License-Identifier: Apache-2.0 */

/* What is asked across a counter, put as it would be on line, so that the
 * person is asked in the same way, by the same code: a credential for each
 * docRequest. What the wallet does not hold may be left out; where --choose
 * names something, everything else is. */

#include "wallet/countering.h"

#include "trust/right.h"

/* ---- a docRequest as a credential --------------------------------------- */

static yao_status make_claim(yao_arena *arena, const yao_mdoc_wanted *wanted,
                             yao_dcql_claim *ret)
{
    yao_dcql_step *path = yao_arena_take_array(arena, 2, sizeof *path);

    if (path == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < 2; i++)
        path[i].kind = YAO_DCQL_NAME;
    path[0].name = wanted->name_space;
    path[1].name = wanted->element;
    *ret    = (yao_dcql_claim){
           .path = path, .path_count = 2, .retain = wanted->retain};
    return YAO_OK;
}

/* "resident_id", and of a second one "resident_id-2": for --choose. */
static yao_status make_id(yao_countering *c, size_t index, yao_text *ret)
{
    size_t                  count, number = 1;
    const yao_holder_asked *asked = yao_holder_asked_for(c->holder, &count);
    yao_text                type  = asked[index].request->doc_type;
    const yao_definition   *d =
        yao_document_by_type(c->shared.catalogue, type);
    yao_writer w = yao_writer_in(&c->shared.arena);
    yao_bytes  id;

    for (size_t i = 0; i < index; i++)
        number += yao_text_equal(asked[i].request->doc_type, type);
    yao_put_bytes(&w, yao_text_bytes(d != NULL ? d->name : type));
    if (number > 1) {
        yao_put_byte(&w, '-');
        yao_put_decimal(&w, (int64_t)number);
    }
    YAO_TRY(yao_writer_keep(&w, &c->shared.arena, &id));
    *ret = (yao_text){id.ptr, id.len};
    return YAO_OK;
}

static yao_status make_credential(yao_countering *c, size_t index,
                                  yao_dcql_credential *ret)
{
    size_t                      count;
    const yao_mdoc_doc_request *r =
        yao_holder_asked_for(c->holder, &count)[index].request;
    yao_arena      *arena = &c->shared.arena;
    yao_dcql_claim *claims =
        yao_arena_take_array(arena, r->element_count, sizeof *claims);

    if (claims == NULL)
        return YAO_E_SPACE;
    if (r->element_count > YAO_DCQL_MAX_CLAIMS)
        return YAO_E_LIMIT;
    for (size_t i = 0; i < r->element_count; i++)
        YAO_TRY(make_claim(arena, &r->elements[i], &claims[i]));
    *ret = (yao_dcql_credential){.format      = YAO_DCQL_MDOC,
                                 .format_name = YAO_TEXT("mso_mdoc"),
                                 .types       = &r->doc_type,
                                 .type_count  = 1,
                                 .claims      = claims,
                                 .claim_count = r->element_count};
    return make_id(c, index, &ret->id);
}

/* ---- all of it ---------------------------------------------------------- */

static yao_status make_query(yao_countering *c)
{
    size_t count;
    (void)yao_holder_asked_for(c->holder, &count);
    yao_dcql_credential *list =
        yao_arena_take_array(&c->shared.arena, count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++)
        YAO_TRY(make_credential(c, i, &list[i]));
    c->asked.query = (yao_dcql_query){.credentials      = list,
                                      .credential_count = count};
    return YAO_OK;
}

/* A set for each, so that one can be there without another. */
static yao_status make_sets(yao_countering *c)
{
    yao_presenting *s     = &c->shared;
    yao_dcql_query *query = &c->asked.query;
    size_t          count = query->credential_count, held = 0;
    bool            named = yao_argument_at(s->call, "choose", 0) != NULL;
    yao_dcql_set   *sets =
        yao_arena_take_array(&s->arena, count, sizeof *sets);
    yao_dcql_credentials *bits =
        yao_arena_take_array(&s->arena, count, sizeof *bits);

    if (sets == NULL || bits == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_presenting_hold(s));
    YAO_TRY(yao_dcql_match(&s->arena, query, s->candidates, s->held_count,
                           &s->matching));
    for (size_t i = 0; i < count; i++) {
        bool has = s->matching.credentials[i].count > 0;

        bits[i] = (yao_dcql_credentials)1 << i;
        sets[i] = (yao_dcql_set){&bits[i], 1, named || !has};
        held += has;
    }
    s->held_count = 0;
    if (held == 0) /* all is asked, and none of it is there */
        return YAO_OK;
    query->sets      = sets;
    query->set_count = count;
    return YAO_OK;
}

/* Who asks, for one profile that covers all of it. */
static yao_status take_asked(yao_countering *c)
{
    size_t                  count;
    const yao_holder_asked *asked = yao_holder_asked_for(c->holder, &count);
    yao_mdoc_request        all   = {.document_count = count};
    const yao_profile      *profile;
    yao_trust_party         party;

    all.documents = yao_arena_take_array(&c->shared.arena, count,
                                         sizeof *all.documents);
    if (all.documents == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        if (asked[i].party != asked[0].party)
            return YAO_E_MISMATCH;
        all.documents[i] = *asked[i].request;
    }
    YAO_TRY(yao_trust_narrow(&c->shared.arena, c->shared.catalogue,
                             asked[0].party, asked[0].reader.certificate,
                             &party));
    YAO_TRY(yao_prox_check_together(c->shared.catalogue, &party, &all,
                                    &profile));
    c->asked = (yao_vp_request){.is_signed   = true,
                                .certificate = *asked[0].reader.certificate,
                                .party       = asked[0].party,
                                .profile     = profile};
    YAO_TRY(make_query(c));
    c->shared.request = &c->asked;
    return make_sets(c);
}

/* ---- the choice --------------------------------------------------------- */

static void take_choices(yao_countering *c, yao_holder_event *e)
{
    const yao_presenting *s   = &c->shared;
    bool                  mac = yao_given(s->call, "mac");

    for (size_t i = 0; i < s->part_count; i++)
        c->choices[i] = (yao_holder_choice){
            .request       = s->parts[i].credential,
            .issuer_signed = s->shown[i].stored,
            .elements      = s->shown[i].selectors,
            .element_count = s->shown[i].selector_count,
            .mac           = mac};
    e->kind         = YAO_HOLDER_CONSENT;
    e->choices      = c->choices;
    e->choice_count = s->part_count;
}

/* Of an earlier request of the same session. */
static void forget_parts(yao_presenting *s)
{
    for (size_t i = 0; i < s->part_count; i++) {
        yao_key_close(s->parts[i].key);
        s->parts[i].key = NULL;
    }
    s->part_count = 0;
    s->held_count = 0;
    s->recorded   = false;
}

static yao_status hash_transcript(yao_countering *c)
{
    const yao_crypto *crypto     = c->shared.crypto;
    yao_bytes         transcript = yao_holder_transcript(c->holder);

    return crypto->hash(crypto->ctx, YAO_SHA256, &transcript, 1,
                        c->shared.hash);
}

void yao_countering_ask(yao_countering *c, yao_holder_event *e)
{
    yao_present_event said = {.kind = YAO_PRESENT_DONE};

    forget_parts(&c->shared);
    e->status = take_asked(c);
    if (e->status == YAO_OK)
        e->status = hash_transcript(c);
    if (e->status != YAO_OK)
        return;
    c->consulted = true;
    yao_presenting_consent(&c->shared, &said);
    e->status = said.status;
    if (said.kind == YAO_PRESENT_REFUSED)
        e->kind = YAO_HOLDER_REFUSED;
    else if (said.status == YAO_OK)
        take_choices(c, e);
}
