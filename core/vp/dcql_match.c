/* SPDX-License-Identifier: Apache-2.0 */
/* Which documents satisfy which credential query (OpenID4VP 1.0 section 6). */
#include "vp/dcql_parts.h"

yao_dcql_claims yao_dcql_all_claims(const yao_dcql_credential *credential)
{
    yao_dcql_claims all = 0;

    for (size_t i = 0; i < credential->claim_count; i++)
        all |= (yao_dcql_claims)1 << i;
    return all;
}

yao_dcql_credentials yao_dcql_all_credentials(const yao_dcql_query *query)
{
    yao_dcql_credentials all = 0;

    for (size_t i = 0; i < query->credential_count; i++)
        all |= (yao_dcql_credentials)1 << i;
    return all;
}

/* ---- what it is --------------------------------------------------------- */

static bool has_type(const yao_dcql_credential *credential,
                     const yao_dcql_candidate  *candidate)
{
    for (size_t i = 0; i < candidate->type_count; i++)
        for (size_t j = 0; j < credential->type_count; j++)
            if (yao_text_equal(candidate->types[i], credential->types[j]))
                return true;
    return false;
}

static bool is_member(const yao_dcql_authority *authority,
                      const yao_dcql_candidate *candidate)
{
    for (size_t i = 0; i < candidate->membership_count; i++) {
        const yao_dcql_membership *m = &candidate->memberships[i];

        if (m->kind != authority->kind || m->kind == YAO_DCQL_UNKNOWN)
            continue;
        for (size_t j = 0; j < authority->value_count; j++)
            if (yao_bytes_equal(m->value, authority->values[j]))
                return true;
    }
    return false;
}

/* Section 6.1.1: "matches with one of the provided values in one of the
 * provided types". */
static bool has_authority(const yao_dcql_credential *credential,
                          const yao_dcql_candidate  *candidate)
{
    for (size_t i = 0; i < credential->authority_count; i++)
        if (is_member(&credential->authorities[i], candidate))
            return true;
    return credential->authority_count == 0;
}

yao_dcql_fault yao_dcql_is_kind(const yao_dcql_credential *credential,
                                const yao_dcql_candidate  *candidate)
{
    if (credential->format == YAO_DCQL_OTHER ||
        credential->format != candidate->format)
        return YAO_DCQL_WRONG_FORMAT;
    if (!has_type(credential, candidate))
        return YAO_DCQL_WRONG_TYPE;
    if (!has_authority(credential, candidate))
        return YAO_DCQL_WRONG_AUTHORITY;
    if (!credential->unbound && !candidate->bound)
        return YAO_DCQL_NOT_BOUND;
    return YAO_DCQL_FITS;
}

/* ---- what it says ------------------------------------------------------- */

static yao_dcql_claims claims_there(const yao_dcql_credential *credential,
                                    const yao_dcql_candidate  *candidate)
{
    yao_dcql_claims there = 0;

    for (size_t i = 0; i < credential->claim_count; i++)
        if (yao_dcql_has_claim(&credential->claims[i], candidate))
            there |= (yao_dcql_claims)1 << i;
    return there;
}

bool yao_dcql_choose_claims(const yao_dcql_credential *credential,
                            const yao_dcql_candidate  *candidate,
                            yao_dcql_fit              *ret)
{
    yao_dcql_claims there = claims_there(credential, candidate);
    yao_dcql_claims all   = yao_dcql_all_claims(credential);

    ret->claim_set = YAO_DCQL_NONE;
    ret->claims    = all;
    if (credential->claim_set_count == 0)
        return there == all;
    for (size_t i = 0; i < credential->claim_set_count; i++)
        if ((credential->claim_sets[i] & ~there) == 0) {
            ret->claim_set = i;
            ret->claims    = credential->claim_sets[i];
            return true;
        }
    return false;
}

/* ---- all of them -------------------------------------------------------- */

static yao_status match_credential(yao_arena                 *arena,
                                   const yao_dcql_credential *credential,
                                   const yao_dcql_candidate  *candidates,
                                   size_t count, yao_dcql_fits *ret)
{
    yao_dcql_fit *items = yao_arena_take_array(arena, count, sizeof *items);
    size_t        used  = 0;

    if (items == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < count; i++) {
        if (yao_dcql_is_kind(credential, &candidates[i]) != YAO_DCQL_FITS ||
            !yao_dcql_choose_claims(credential, &candidates[i], &items[used]))
            continue;
        items[used++].candidate = i;
    }
    arena->used -= (count - used) * sizeof *items; /* the last that was taken */

    *ret = (yao_dcql_fits){items, used};
    return YAO_OK;
}

bool yao_dcql_offers(const yao_dcql_matching *matching, const yao_dcql_set *set,
                     size_t option)
{
    return option < set->option_count &&
           (set->options[option] & ~matching->matched) == 0;
}

static size_t first_option(const yao_dcql_matching *matching,
                           const yao_dcql_set      *set)
{
    for (size_t i = 0; i < set->option_count; i++)
        if (yao_dcql_offers(matching, set, i))
            return i;
    return YAO_DCQL_NONE;
}

static yao_status choose_options(yao_arena *arena, const yao_dcql_query *query,
                                 yao_dcql_matching *ret)
{
    size_t *options =
        yao_arena_take_array(arena, query->set_count, sizeof *options);

    if (options == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < query->set_count; i++)
        options[i] = first_option(ret, &query->sets[i]);
    ret->options = options;
    return YAO_OK;
}

yao_status yao_dcql_match(yao_arena *arena, const yao_dcql_query *query,
                          const yao_dcql_candidate *candidates,
                          size_t candidate_count, yao_dcql_matching *ret)
{
    yao_dcql_matching    m    = {0};
    yao_dcql_credentials mask = 0;
    yao_dcql_fits       *list =
        yao_arena_take_array(arena, query->credential_count, sizeof *list);

    if (list == NULL)
        return YAO_E_SPACE;
    m.credentials = list;
    for (size_t i = 0; i < query->credential_count; i++) {
        YAO_TRY(match_credential(arena, &query->credentials[i], candidates,
                                 candidate_count, &list[i]));
        if (list[i].count != 0)
            m.matched |= (yao_dcql_credentials)1 << i;
    }
    YAO_TRY(choose_options(arena, query, &m));
    m.satisfied = yao_dcql_answer(query, &m, NULL, &mask) == YAO_OK;

    *ret = m;
    return YAO_OK;
}
