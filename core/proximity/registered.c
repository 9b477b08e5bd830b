/* SPDX-License-Identifier: Apache-2.0 */
#include "proximity/registered.h"

bool yao_prox_profile_covers(const yao_catalogue *catalogue,
                             const yao_profile *profile, yao_text doc_type,
                             const yao_mdoc_wanted *wanted)
{
    const yao_definition *d = yao_document_by_type(catalogue, doc_type);

    if (d == NULL || profile->match_only)
        return false;

    const yao_element *e =
        yao_document_element(d, wanted->name_space, wanted->element);
    return e != NULL && yao_profile_asks(profile, d, e);
}

static bool covers_all(const yao_catalogue *catalogue,
                       const yao_trust_party *party, const yao_profile *profile,
                       const yao_mdoc_doc_request *request)
{
    for (size_t i = 0; i < request->element_count; i++) {
        const yao_mdoc_wanted *wanted = &request->elements[i];

        if (wanted->retain &&
            (party->retention_days == 0 || profile->retention == 0))
            return false;
        if (!yao_prox_profile_covers(catalogue, profile, request->doc_type,
                                     wanted))
            return false;
    }
    return true;
}

yao_status yao_prox_check_asked(const yao_catalogue        *catalogue,
                                const yao_trust_party      *party,
                                const yao_mdoc_doc_request *request,
                                const yao_profile         **ret)
{
    if (party->state != YAO_PARTY_ACTIVE)
        return YAO_E_SUSPENDED;
    for (size_t i = 0; i < party->profile_count; i++) {
        const yao_profile *profile =
            yao_profile_by_name(catalogue, party->profiles[i]);

        if (profile == NULL || !covers_all(catalogue, party, profile, request))
            continue;
        *ret = profile;
        return YAO_OK;
    }
    return YAO_E_NOT_AUTHORISED;
}

yao_status yao_prox_check_together(const yao_catalogue    *catalogue,
                                   const yao_trust_party  *party,
                                   const yao_mdoc_request *request,
                                   const yao_profile     **ret)
{
    yao_trust_party    one   = *party;
    const yao_profile *found = NULL;

    one.profile_count = 1;
    for (size_t i = 0; i < party->profile_count; i++) {
        yao_status status = YAO_OK;

        one.profiles = &party->profiles[i];
        for (size_t d = 0; d < request->document_count && status == YAO_OK; d++)
            status = yao_prox_check_asked(catalogue, &one,
                                          &request->documents[d], &found);
        if (status == YAO_E_SUSPENDED)
            return status;
        if (status != YAO_OK || found == NULL)
            continue;
        *ret = found;
        return YAO_OK;
    }
    return YAO_E_NOT_AUTHORISED;
}
