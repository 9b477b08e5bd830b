/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that use the API: who has one of the bearer keys. */

#include "desk/desk.h"

#include "base/ascii.h"

/* Longer than any key of ours. */
enum { MOST_KEY = 128 };

/* What stands behind "Bearer ", whatever its letters. */
static yao_text read_bearer(const app_call *call)
{
    static const char word[] = "bearer ";
    size_t            count, len = sizeof word - 1;
    yao_text header = net_header_find(call->http, "authorization", &count);

    if (count != 1 || header.len <= len || header.len > len + MOST_KEY ||
        !yao_ascii_starts(header, word))
        return (yao_text){NULL, 0};
    return (yao_text){header.ptr + len, header.len - len};
}

/* All are compared, so that the time says nothing of which. */
yao_status desk_door(app_call *call)
{
    const desk        *d   = desk_of(call);
    yao_bytes          key = yao_text_bytes(read_bearer(call));
    const desk_client *who = NULL;
    uint8_t            hash[YAO_SHA256_LEN];

    if (key.len == 0)
        return YAO_E_MISSING;
    YAO_TRY(call->crypto->hash(call->crypto->ctx, YAO_SHA256, &key, 1, hash));
    for (size_t i = 0; i < d->client_count; i++)
        if (yao_bytes_equal_secret(
                (yao_bytes){hash, sizeof hash},
                (yao_bytes){d->clients[i].hash, YAO_SHA256_LEN}))
            who = &d->clients[i];
    if (who == NULL)
        return YAO_E_NOT_FOUND;
    call->who = who;
    return YAO_OK;
}

yao_bytes desk_client_id(const app_call *call)
{
    const desk_client *who = call->who;

    return (yao_bytes){who->hash, STORE_ID_LEN};
}
