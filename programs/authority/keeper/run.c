/* SPDX-License-Identifier: Apache-2.0 */
/* What the keeper's jobs do. Nothing here knows the server. */
#include "authority/keeper/serve.h"

#include "app/files.h"
#include "authority/keeper/lists.h"
#include "authority/keeper/trust.h"
#include "store/session.h"

#include <stdio.h>

/* Two lists of the greatest size, their tokens, and what packing takes; a
 * bundle, what was gathered for it, and once more as it is checked. */
#define LISTS_MEMORY (48u * 1024u * 1024u)
#define TRUST_MEMORY ((size_t)96 * 1024 * 1024)

yao_status keeper_run_lists(const authority *a, int64_t fence, size_t *count)
{
    yao_arena arena    = {NULL, 0, 0};
    bool      restored = false;

    *count = 0;
    YAO_TRY(authority_was_restored(a, &restored));
    YAO_TRY(yao_memory_open(LISTS_MEMORY, &arena));
    const keeper_signing how = {
        .authority = a,
        .arena     = &arena,
        .now       = yao_now(),
        .lifetime  = config_number(&a->config, SETTING_LIST_DAYS) *
                    YAO_TIME_DAY,
        .ttl   = config_number(&a->config, SETTING_LIST_TTL) * 3600,
        .fence        = fence,
        .keep_revoked = restored};
    yao_status status = keeper_sign_lists(&how, count);
    yao_memory_free(&arena);
    return status;
}

yao_status keeper_run_trust(const authority *a, int64_t fence, bool *done)
{
    yao_arena      arena = {NULL, 0, 0};
    char           place[48];
    keeper_trusted made;

    *done = false;
    YAO_TRY(yao_memory_open(TRUST_MEMORY, &arena));
    keeper_trusting how = {
        .authority = a, .arena = &arena, .fence = fence};
    how.wish.now     = yao_now();
    how.wish.expires = how.wish.now +
                       config_number(&a->config, SETTING_LIST_DAYS) *
                           YAO_TIME_DAY;
    yao_status status = keeper_trust_is_due(&how, done);
    if (status == YAO_OK && *done)
        status = keeper_sign_trust(&how, &made, place);
    *done = *done && status == YAO_OK;
    yao_memory_free(&arena);
    return status;
}

/* What may be used once, and sessions, when their time is over. */
yao_status keeper_run_forget(const authority *a, int64_t fence)
{
    _Alignas(16) uint8_t memory[4096];
    yao_arena            arena  = {memory, sizeof memory, 0};
    store_change         change = store_change_open(&arena);

    if (fence > 0)
        store_put_fence(&change, YAO_TEXT("forget"), fence);
    store_forget_once(&change, yao_now());
    store_forget_sessions(&change, yao_now());
    return store_commit(a->store, &change);
}
