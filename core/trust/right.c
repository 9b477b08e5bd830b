/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/right.h"

/* ---- who ---------------------------------------------------------------- */

/* An officer's party; codes stand in a list once. */
static const yao_trust_party *party_of_code(const yao_trust_verified *list,
                                            yao_text                  code)
{
    for (size_t i = 0; i < list->content.party_count; i++)
        if (yao_text_equal(list->content.parties[i].code, code))
            return &list->content.parties[i];
    return NULL;
}

/* All of its hash, not only the eight bytes by which codes name it. */
static yao_status party_of_hash(const yao_trust_verified *list, yao_bytes hash,
                                const yao_trust_party **ret)
{
    const yao_trust_party *party = NULL;

    YAO_TRY(yao_trust_find_party(list, (yao_bytes){hash.ptr, YAO_TRUST_KID},
                                 &party));
    if (!yao_bytes_equal(party->hash, hash))
        return YAO_E_NOT_FOUND;
    *ret = party;
    return YAO_OK;
}

yao_status yao_trust_find_asker(const yao_crypto         *crypto,
                                const yao_trust_verified *list,
                                const yao_certificate    *c,
                                const yao_trust_party   **ret)
{
    const yao_trust_party *party = NULL;
    uint8_t                hash[YAO_SHA256_LEN];

    if (list == NULL)
        return YAO_E_NOT_FOUND;
    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &c->der, 1, hash));
    yao_status status =
        party_of_hash(list, (yao_bytes){hash, sizeof hash}, ret);
    if (status != YAO_E_NOT_FOUND || !yao_reader_is_officer(c, NULL) ||
        c->serial_number.len == 0)
        return status;
    party = party_of_code(list, c->serial_number);
    if (party == NULL)
        return YAO_E_NOT_FOUND;
    *ret = party;
    return YAO_OK;
}

/* ---- what --------------------------------------------------------------- */

bool yao_trust_certified(const yao_profile *profile, const yao_certificate *c)
{
    return yao_reader_allows(c, profile->name) &&
           (!profile->officer || yao_reader_is_officer(c, NULL));
}

/* A party's own certificate was registered with its profiles, which the list
 * says anew each day. */
static bool fits(const yao_profile *profile, const yao_certificate *c)
{
    if (yao_reader_is_officer(c, NULL))
        return yao_reader_allows(c, profile->name);
    return !profile->officer;
}

yao_status yao_trust_narrow(yao_arena *arena, const yao_catalogue *catalogue,
                            const yao_trust_party *party,
                            const yao_certificate *c, yao_trust_party *ret)
{
    yao_text *names = yao_arena_take_array(arena, party->profile_count + 1,
                                           sizeof *names);
    size_t    count = 0;

    if (names == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < party->profile_count; i++) {
        const yao_profile *profile =
            yao_profile_by_name(catalogue, party->profiles[i]);

        if (profile != NULL && fits(profile, c))
            names[count++] = party->profiles[i];
    }
    *ret               = *party;
    ret->profiles      = names;
    ret->profile_count = count;
    return YAO_OK;
}
