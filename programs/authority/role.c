/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/role.h"

#define ROW(role, word)                                                        \
    {YAO_SIGNING_##role,          word,                                        \
     SETTING_##role##_ROOT,       SETTING_##role##_SIGNER,                     \
     SETTING_##role##_SIGNER_KEY, SETTING_##role##_STATUS,                     \
     SETTING_##role##_STATUS_KEY}

static const role_row rows[] = {
    ROW(POPULATION, "population"),
    ROW(TRAFFIC, "traffic"),
    ROW(OTHER, "other"),
};

const role_row *role_find(int64_t role)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((int64_t)rows[i].role == role)
            return &rows[i];
    return NULL;
}

yao_status role_open_signer(const authority *a, int64_t role, yao_arena *arena,
                            ca *ret)
{
    const role_row *row = role_find(role);

    if (row == NULL)
        return YAO_E_NOT_AUTHORISED;
    return ca_open(config_get(&a->config, row->signer),
                   config_get(&a->config, row->signer_key), arena, ret);
}

yao_status role_open_status(const authority *a, int64_t role, yao_arena *arena,
                            ca *ret)
{
    const role_row *row = role_find(role);

    if (row == NULL)
        return YAO_E_NOT_AUTHORISED;
    return ca_open(config_get(&a->config, row->status),
                   config_get(&a->config, row->status_key), arena, ret);
}
