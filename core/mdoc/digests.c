/* SPDX-License-Identifier: Apache-2.0 */
#include "mdoc/parts.h"

/* ISO/IEC 18013-5:2021 9.1.2.5: a shorter one lets a verifier guess what was
 * not shown. */
enum { MIN_RANDOM = 16 };

static const yao_mdoc_digest_space *find_space(const yao_mdoc_mso *mso,
                                               yao_text            name)
{
    for (size_t i = 0; i < mso->space_count; i++)
        if (yao_text_equal(mso->spaces[i].name, name))
            return &mso->spaces[i];

    return NULL;
}

static const yao_mdoc_digest *find_digest(const yao_mdoc_digest_space *space,
                                          uint64_t                     id)
{
    size_t low = 0, high = space->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (space->digests[middle].id == id)
            return &space->digests[middle];
        if (space->digests[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }

    return NULL;
}

static yao_status check_item(const yao_mdoc_item         *item,
                             const yao_mdoc_digest_space *space,
                             const yao_hash_row *hash, const yao_crypto *crypto)
{
    uint8_t got[YAO_MAX_HASH];

    if (item->random.len < MIN_RANDOM)
        return YAO_E_VALUE;
    if (space == NULL)
        return YAO_E_MISSING;

    const yao_mdoc_digest *want = find_digest(space, item->digest_id);
    if (want == NULL)
        return YAO_E_MISSING;
    YAO_TRY(crypto->hash(crypto->ctx, hash->alg, &item->whole, 1, got));
    if (!yao_bytes_equal((yao_bytes){got, hash->len}, want->value))
        return YAO_E_BAD_DIGEST;

    return YAO_OK;
}

yao_status yao_mdoc_check_digests(const yao_mdoc_issuer_signed *issuer,
                                  const yao_crypto             *crypto)
{
    const yao_hash_row *hash = yao_hash_by_alg(issuer->mso.digest_alg);
    const yao_mdoc_digest_space *space = NULL;

    if (hash == NULL)
        return YAO_E_ALGORITHM;
    for (size_t i = 0; i < issuer->item_count; i++) {
        const yao_mdoc_item *item = &issuer->items[i];

        /* items of one namespace stand together */
        if (space == NULL || !yao_text_equal(space->name, item->name_space))
            space = find_space(&issuer->mso, item->name_space);
        YAO_TRY(check_item(item, space, hash, crypto));
    }

    return YAO_OK;
}
