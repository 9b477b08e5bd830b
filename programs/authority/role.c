/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/role.h"

#include "authority/keys/keys.h"

#define ROW(role, word)                                                        \
    {YAO_SIGNING_##role,          word,                                        \
     SETTING_##role##_ROOT,       SETTING_##role##_SIGNER,                     \
     SETTING_##role##_SIGNER_KEY, SETTING_##role##_STATUS,                     \
     SETTING_##role##_STATUS_KEY, SETTING_##role##_FORMER_ROOT,                \
     SETTING_##role##_FORMER_STATUS, SETTING_##role##_FORMER_STATUS_KEY}

static const role_row rows[] = {
    ROW(POPULATION, "population"),
    ROW(TRAFFIC, "traffic"),
    ROW(OTHER, "other"),
};

const role_row *role_find(int64_t role)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((int64_t)rows[i].role == role % ROLE_ROOTS)
            return &rows[i];
    return NULL;
}

/* Which root of its role a setting names. */
static int64_t root_number(const authority *a, config_setting setting)
{
    return keys_number(config_get(&a->config, setting));
}

int64_t role_now(const authority *a, int64_t role)
{
    const role_row *row = role_find(role);

    return row == NULL ? role
                       : role + ROLE_ROOTS * (root_number(a, row->root) - 1);
}

/* Is ROLE under the root in use, under the one before, or neither? */
typedef enum standing { NEITHER = 0, IN_USE, BEFORE } standing;

static standing stands(const authority *a, const role_row *row, int64_t role)
{
    int64_t number = role / ROLE_ROOTS + 1;

    if (number == root_number(a, row->root))
        return IN_USE;
    return config_get(&a->config, row->former_root)[0] != '\0' &&
                   number == root_number(a, row->former_root)
               ? BEFORE
               : NEITHER;
}

yao_status role_open_root(const authority *a, int64_t role, yao_arena *arena,
                          ca *ret)
{
    const role_row *row  = role_find(role);
    standing        when = row != NULL ? stands(a, row, role) : NEITHER;

    if (when == NEITHER)
        return YAO_E_NOT_AUTHORISED;
    return ca_open(
        config_get(&a->config, when == IN_USE ? row->root : row->former_root),
        NULL, arena, ret);
}

static yao_status check_revoked(const authority *a, const ca *signer)
{
    uint8_t hash[YAO_SHA256_LEN];
    bool    revoked = true;

    YAO_TRY(a->crypto->hash(a->crypto->ctx, YAO_SHA256,
                            &signer->certificate.der, 1, hash));
    YAO_TRY(store_is_signer_revoked(a->store,
                                    (yao_bytes){hash, sizeof hash}, &revoked));
    return revoked ? YAO_E_UNTRUSTED : YAO_OK;
}

yao_status role_open_signer(const authority *a, int64_t role, yao_arena *arena,
                            ca *ret)
{
    const role_row *row = role_find(role);

    if (row == NULL)
        return YAO_E_NOT_AUTHORISED;
    YAO_TRY(ca_open(config_get(&a->config, row->signer),
                    config_get(&a->config, row->signer_key), arena, ret));
    yao_status status = check_revoked(a, ret);
    if (status != YAO_OK)
        ca_close(ret);
    return status;
}

yao_status role_open_status(const authority *a, int64_t role, yao_arena *arena,
                            ca *ret)
{
    const role_row *row  = role_find(role);
    standing        when = row != NULL ? stands(a, row, role) : NEITHER;

    if (when == NEITHER)
        return YAO_E_NOT_AUTHORISED;
    config_setting certificate = when == IN_USE ? row->status
                                                : row->former_status;
    config_setting key = when == IN_USE ? row->status_key
                                        : row->former_status_key;
    return ca_open(config_get(&a->config, certificate),
                   config_get(&a->config, key), arena, ret);
}
