/* SPDX-License-Identifier: Apache-2.0 */
#include "vp/dcql_parts.h"

/* The credentials of what was chosen of one set; none when it is left out. */
static yao_status answer_set(const yao_dcql_matching *matching,
                             const yao_dcql_set *set, size_t option,
                             yao_dcql_credentials *ret)
{
    if (option == YAO_DCQL_NONE)
        return set->optional ? YAO_OK : YAO_E_USAGE;
    if (option >= set->option_count)
        return YAO_E_USAGE;
    if (!yao_dcql_offers(matching, set, option))
        return YAO_E_MISSING;

    *ret |= set->options[option];
    return YAO_OK;
}

/* Without sets "the Verifier requests presentations for all Credentials". */
static yao_status answer_all(const yao_dcql_query    *query,
                             const yao_dcql_matching *matching,
                             yao_dcql_credentials    *ret)
{
    yao_dcql_credentials all = yao_dcql_all_credentials(query);

    if ((all & ~matching->matched) != 0)
        return YAO_E_MISSING;

    *ret = all;
    return YAO_OK;
}

yao_status yao_dcql_answer(const yao_dcql_query    *query,
                           const yao_dcql_matching *matching,
                           const size_t *options, yao_dcql_credentials *ret)
{
    yao_dcql_credentials credentials = 0;

    if (query->set_count == 0)
        YAO_TRY(answer_all(query, matching, &credentials));
    for (size_t i = 0; i < query->set_count; i++) {
        const yao_dcql_set *set = &query->sets[i];
        size_t option = options != NULL ? options[i] : matching->options[i];

        if (options == NULL && option == YAO_DCQL_NONE && !set->optional)
            return YAO_E_MISSING;
        YAO_TRY(answer_set(matching, set, option, &credentials));
    }
    if (credentials == 0)
        return YAO_E_MISSING;

    *ret = credentials;
    return YAO_OK;
}
