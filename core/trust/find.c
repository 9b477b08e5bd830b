/* SPDX-License-Identifier: Apache-2.0 */
#include "trust/trust.h"

yao_status yao_trust_find_party(const yao_trust_verified *list, yao_bytes kid,
                                const yao_trust_party **ret)
{
    const yao_trust_party *found = NULL;

    if (kid.len != YAO_TRUST_KID)
        return YAO_E_USAGE;
    for (size_t i = 0; i < list->content.party_count; i++) {
        const yao_trust_party *party = &list->content.parties[i];

        if (!yao_bytes_starts(party->hash, kid))
            continue;
        if (found != NULL)
            return YAO_E_MISMATCH;
        found = party;
    }
    if (found == NULL)
        return YAO_E_NOT_FOUND;

    *ret = found;
    return YAO_OK;
}

const yao_trust_file *yao_trust_find_file(const yao_trust_verified *list,
                                          yao_text                  name)
{
    for (size_t i = 0; i < list->content.file_count; i++)
        if (yao_text_equal(list->content.files[i].name, name))
            return &list->content.files[i];

    return NULL;
}

bool yao_trust_may_ask(const yao_trust_party *party, yao_text profile)
{
    if (party->state != YAO_PARTY_ACTIVE)
        return false;
    for (size_t i = 0; i < party->profile_count; i++)
        if (yao_text_equal(party->profiles[i], profile))
            return true;

    return false;
}
