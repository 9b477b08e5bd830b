/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/wrong.h"

#include "store/throttle.h"

enum { MINUTE = 60, COUNTING = 16, HASH_MINUTE = 151 };

static yao_status this_minute(const wrong_codes *w, uint8_t out[STORE_HASH_LEN])
{
    int64_t minute = w->now / MINUTE;
    uint8_t bytes[8];

    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)minute >> (8 * i));
    return seal_hash(w->a->crypto, &w->a->keys, HASH_MINUTE,
                     (yao_bytes){bytes, sizeof bytes}, out);
}

static yao_status count(const wrong_codes *w, const uint8_t *minute,
                        int64_t *ret)
{
    store_throttle found;
    yao_status     status = store_get_throttle(
        w->a->store, w->kind, (yao_bytes){minute, STORE_HASH_LEN}, w->arena,
        &found);

    *ret = status == YAO_OK ? found.tries : 0;
    return status == YAO_E_NOT_FOUND ? YAO_OK : status;
}

yao_status wrong_check(const wrong_codes *w)
{
    uint8_t minute[STORE_HASH_LEN];
    int64_t wrong;

    YAO_TRY(this_minute(w, minute));
    YAO_TRY(count(w, minute, &wrong));
    return wrong < config_number(&w->a->config, w->setting) ? YAO_OK
                                                            : YAO_E_LIMIT;
}

/* Two who count at the same time: one looks again. */
yao_status wrong_note(const wrong_codes *w)
{
    uint8_t    minute[STORE_HASH_LEN];
    yao_status status = YAO_E_EXISTS;

    YAO_TRY(this_minute(w, minute));
    for (int i = 0; i < COUNTING && status == YAO_E_EXISTS; i++) {
        store_change change = store_change_open(w->arena);
        int64_t      before;
        YAO_TRY(count(w, minute, &before));
        const store_throttle next = {.kind    = w->kind,
                                     .subject = {minute, STORE_HASH_LEN},
                                     .tries   = before + 1,
                                     .until   = w->now,
                                     .expires = w->now + 2 * MINUTE};
        store_put_throttle(&change, &next, before);
        status = store_commit(w->a->store, &change);
    }
    return status == YAO_E_EXISTS ? YAO_OK : status;
}

int64_t wrong_wait(const wrong_codes *w)
{
    return MINUTE - w->now % MINUTE;
}
