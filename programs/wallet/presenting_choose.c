/* SPDX-License-Identifier: Apache-2.0 */

/* Which of what is held answers a request, and that it did. */

#include "wallet/presenting.h"
#include "wallet/pseudonym.h"

#include <string.h>

/* ---- what the person said ----------------------------------------------- */

/* "ID", or "ID:WHOM" where the wallet holds several. */
typedef struct wanted {
    yao_text id, whom;
} wanted;

static bool wanted_at(const yao_presenting *s, size_t index, wanted *ret)
{
    const char *said = yao_argument_at(s->call, "choose", index);
    const char *colon;

    if (said == NULL)
        return false;
    colon = strchr(said, ':');
    *ret  = (wanted){yao_text_of(said), {NULL, 0}};
    if (colon != NULL) {
        ret->id.len = (size_t)(colon - said);
        ret->whom   = yao_text_of(colon + 1);
    }
    return true;
}

static yao_status read_wanted(const yao_presenting *s,
                              yao_dcql_credentials *ret)
{
    wanted w;

    for (size_t i = 0; wanted_at(s, i, &w); i++) {
        size_t at = yao_dcql_find(&s->request->query, w.id);

        if (at == YAO_DCQL_NONE)
            return YAO_E_USAGE;
        *ret |= (yao_dcql_credentials)1 << at;
    }
    return YAO_OK;
}

/* ---- choosing ----------------------------------------------------------- */

/* Of a set what was wanted; else the first that can be, unless it may be left
 * out. */
static size_t pick(const yao_presenting *s, size_t set,
                   yao_dcql_credentials wants)
{
    const yao_dcql_set *q = &s->request->query.sets[set];

    for (size_t i = 0; i < q->option_count; i++)
        if ((q->options[i] & wants) != 0 &&
            yao_dcql_offers(&s->matching, q, i))
            return i;
    return q->optional ? YAO_DCQL_NONE : s->matching.options[set];
}

static yao_status find_answer(const yao_presenting *s,
                              yao_dcql_credentials  wants,
                              yao_dcql_credentials *ret)
{
    size_t     options[YAO_DCQL_MAX_SETS];
    yao_status status;

    if (!s->matching.satisfied)
        return YAO_E_NOT_FOUND;
    for (size_t i = 0; i < s->request->query.set_count; i++)
        options[i] = pick(s, i, wants);
    status = yao_dcql_answer(&s->request->query, &s->matching, options, ret);
    return status == YAO_E_MISSING ? YAO_E_NOT_FOUND : status;
}

static yao_text subject_of(const yao_presenting *s, const yao_dcql_fit *fit)
{
    return s->held[fit->candidate].batch->subject;
}

/* Of several documents that would do the first, or that of whom it was said. */
static yao_status fit_of(const yao_presenting *s, size_t credential,
                         const yao_dcql_fit **ret)
{
    const yao_dcql_fits *fits = &s->matching.credentials[credential];
    yao_text             id   = s->request->query.credentials[credential].id;
    wanted               w;

    *ret = &fits->items[0];
    for (size_t i = 0; wanted_at(s, i, &w); i++) {
        size_t at = 0;

        if (w.whom.len == 0 || !yao_text_equal(w.id, id))
            continue;
        while (at < fits->count &&
               !yao_text_equal(subject_of(s, &fits->items[at]), w.whom))
            at++;
        if (at == fits->count)
            return YAO_E_USAGE;
        *ret = &fits->items[at];
    }
    return YAO_OK;
}

static yao_status add_part(yao_presenting *s, size_t credential)
{
    const yao_dcql_fit *fit;

    YAO_TRY(fit_of(s, credential, &fit));
    s->parts[s->part_count++] = (yao_presenting_part){
        .credential = credential,
        .others     = s->matching.credentials[credential].count - 1,
        .held       = &s->held[fit->candidate],
        .document   = &s->candidates[fit->candidate],
        .claims     = fit->claims};
    return YAO_OK;
}

/* Who is asked for by name and not there is not shown as somebody else. */
static bool has_subject(const yao_presenting *s)
{
    yao_text of    = yao_text_of(yao_argument(s->call, "of"));
    bool     found = of.len == 0;

    for (size_t i = 0; i < s->part_count; i++)
        found |= yao_text_equal(s->parts[i].held->batch->subject, of);
    return found;
}

yao_status yao_presenting_choose(yao_presenting *s, yao_dcql_credentials extra)
{
    const yao_dcql_query *query  = &s->request->query;
    yao_dcql_credentials  wants  = 0, chosen;

    s->part_count = 0;
    YAO_TRY(read_wanted(s, &wants));
    YAO_TRY(yao_dcql_match(&s->arena, query, s->candidates, s->held_count,
                           &s->matching));
    YAO_TRY(find_answer(s, wants | extra, &chosen));
    if ((wants & ~chosen) != 0)
        return YAO_E_USAGE;
    for (size_t i = 0; i < query->credential_count; i++)
        if ((chosen >> i & 1) != 0)
            YAO_TRY(add_part(s, i));
    return has_subject(s) && yao_presenting_can_agree(s) ? YAO_OK
                                                         : YAO_E_NOT_FOUND;
}

/* ---- disclosing --------------------------------------------------------- */

static yao_status disclose(yao_presenting *s, yao_presenting_part *part,
                           yao_vp_shown *ret)
{
    const yao_dcql_credential *c =
        &s->request->query.credentials[part->credential];
    yao_vp_shown shown = {.id     = c->id,
                          .stored = part->held->stored.bytes};

    YAO_TRY(yao_wallet_open_key(s->wallet, &part->held->stored, &part->key));
    if (c->format == YAO_DCQL_SDJWT) {
        shown.alg = yao_key_alg(part->key);
        YAO_TRY(yao_dcql_paths(&s->arena, c, part->claims,
                               part->document->claims, &shown.paths,
                               &shown.path_count));
    } else {
        YAO_TRY(yao_dcql_selectors(&s->arena, c, part->claims,
                                   &shown.selectors, &shown.selector_count));
    }
    *ret = shown;
    return YAO_OK;
}

/* ---- remembering -------------------------------------------------------- */

void yao_presenting_put_path(yao_writer *w, const yao_dcql_claim *claim)
{
    for (size_t i = 0; i < claim->path_count; i++) {
        const yao_dcql_step *step = &claim->path[i];

        if (i > 0)
            yao_put_byte(w, '.');
        if (step->kind == YAO_DCQL_NAME)
            yao_put_bytes(w, yao_text_bytes(step->name));
        else if (step->kind == YAO_DCQL_INDEX)
            yao_put_decimal(w, (int64_t)step->index);
        else
            yao_put_byte(w, '*');
    }
}

/* The element whose claim the longest beginning of CLAIM's path is. */
static const yao_element *find_claim(const yao_definition *d,
                                     const yao_dcql_claim *claim)
{
    uint8_t letters[256];

    for (size_t count = claim->path_count; count > 0; count--) {
        yao_dcql_claim     part = {.path = claim->path, .path_count = count};
        yao_writer         w    = yao_writer_open(letters, sizeof letters);
        const yao_element *e    = NULL;

        yao_presenting_put_path(&w, &part);
        if (w.status == YAO_OK)
            e = yao_document_claim(d, (yao_text){letters, w.len});
        if (e != NULL)
            return e;
    }
    return NULL;
}

const yao_element *yao_presenting_element(const yao_presenting      *s,
                                          const yao_presenting_part *part,
                                          size_t                     claim)
{
    const yao_dcql_credential *c =
        &s->request->query.credentials[part->credential];
    const yao_definition *d =
        yao_document_by_type(s->catalogue, part->held->batch->type);

    const yao_dcql_claim *asked = &c->claims[claim];

    if (d == NULL)
        return NULL;
    return c->format == YAO_DCQL_MDOC
               ? yao_document_element(d, asked->path[0].name,
                                      asked->path[1].name)
               : find_claim(d, asked);
}

static yao_status names_of(yao_presenting *s, const yao_presenting_part *part,
                           bool pseudonym, yao_text *ret)
{
    const yao_dcql_credential *c =
        &s->request->query.credentials[part->credential];
    yao_writer w = yao_writer_in(&s->wallet->arena);
    yao_bytes  names;

    for (size_t i = 0; i < c->claim_count; i++) {
        const yao_element *e = yao_presenting_element(s, part, i);

        if ((part->claims >> i & 1) == 0)
            continue;
        if (w.len > 0)
            yao_put_byte(&w, ' ');
        if (e != NULL)
            yao_put_bytes(&w, yao_text_bytes(e->name));
        else
            yao_presenting_put_path(&w, &c->claims[i]);
    }
    if (pseudonym)
        yao_put_text(&w, w.len > 0 ? " pseudonym" : "pseudonym");
    YAO_TRY(yao_writer_keep(&w, &s->wallet->arena, &names));
    *ret = (yao_text){names.ptr, names.len};
    return YAO_OK;
}

/* The first of SD-JWTs bears it (vp/answer.h). */
static bool bears_pseudonym(const yao_presenting *s, size_t index)
{
    const yao_dcql_query *query = &s->request->query;
    size_t                i     = 0;

    while (i < s->part_count &&
           query->credentials[s->parts[i].credential].format != YAO_DCQL_SDJWT)
        i++;
    return s->pseudonym.len != 0 && i == index;
}

static yao_status hash_of(yao_presenting *s, yao_text *ret)
{
    yao_writer w = yao_writer_in(&s->wallet->arena);
    yao_bytes  hex;

    yao_put_hex(&w, (yao_bytes){s->hash, sizeof s->hash});
    YAO_TRY(yao_writer_keep(&w, &s->wallet->arena, &hex));
    *ret = (yao_text){hex.ptr, hex.len};
    return YAO_OK;
}

static yao_status record(yao_presenting *s)
{
    yao_wallet_event event = {.when    = s->now,
                              .party   = yao_presenting_party(s),
                              .outcome = YAO_TEXT(YAO_PRESENTING_SENT)};

    if (s->profile != NULL)
        event.profile = s->profile->name;
    YAO_TRY(hash_of(s, &event.request));
    for (size_t i = 0; i < s->part_count; i++) {
        yao_presenting_part *part  = &s->parts[i];
        yao_wallet_batch    *batch = part->held->batch;

        event.document = batch->document;
        event.format   = batch->format;
        YAO_TRY(names_of(s, part, bears_pseudonym(s, i), &event.elements));
        batch->shown[part->held->copy]++;
        yao_wallet_remember(s->wallet, event);
    }
    s->event_count = s->part_count;
    s->first_event = s->wallet->event_count - s->event_count;
    s->recorded    = true;
    return yao_wallet_save(s->wallet);
}

/* The registered code outlives certificates; who has none is its client_id. */
static yao_status make_pseudonym(yao_presenting *s)
{
    const yao_vp_request *q     = s->request;
    yao_vp_pseudonym_of   party = {.client_id = q->binding.client_id};

    if (!yao_presenting_wants_pseudonym(s))
        return YAO_OK;
    if (q->party != NULL)
        party.code = q->party->code;
    return yao_pseudonyms_for(s->wallet, s->crypto, party, &s->arena,
                              &s->pseudonym);
}

yao_status yao_presenting_agree(yao_presenting *s)
{
    YAO_TRY(make_pseudonym(s));
    for (size_t i = 0; i < s->part_count; i++)
        YAO_TRY(disclose(s, &s->parts[i], &s->shown[i]));
    return record(s);
}

yao_status yao_presenting_note(yao_presenting *s, const char *outcome)
{
    YAO_TRY(yao_presenting_keep_receipt(s));
    for (size_t i = 0; i < s->event_count; i++)
        s->wallet->events[s->first_event + i].outcome = yao_text_of(outcome);
    return yao_wallet_save(s->wallet);
}
