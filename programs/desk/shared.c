/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of a desk ask for. */

#include "desk/desk.h"

#include <string.h>

desk *desk_of(const app_call *call)
{
    return call->server;
}

yao_text desk_url(const app_call *call)
{
    yao_text url = yao_text_of(desk_get(&desk_of(call)->config, DESK_URL));

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

yao_key *desk_key(const app_call *call)
{
    const desk *d = desk_of(call);

    return app_worker_key(&d->workers, call->http->worker,
                          desk_get(&d->config, DESK_READER_KEY));
}

yao_status desk_refuse(app_call *call, app_reply *ret, int status,
                       const char *word)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "error", yao_text_of(word));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

bool desk_read_id(yao_text text, uint8_t out[STORE_ID_LEN])
{
    yao_writer w = yao_writer_open(out, STORE_ID_LEN);

    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] >= 'A' && text.ptr[i] <= 'F')
            return false; /* one session, one name */
    return text.len == 2 * STORE_ID_LEN &&
           yao_get_hex(yao_text_bytes(text), &w) == YAO_OK &&
           w.len == STORE_ID_LEN;
}

/* Ids are random: eight bytes of one are as good as a hash. */
uint64_t desk_wait_key(yao_bytes id)
{
    uint64_t key;

    memcpy(&key, id.ptr, sizeof key);
    return key;
}

void desk_wake(const desk *d, yao_bytes id)
{
    if (d->wake != NULL)
        d->wake(d->wake_ctx, desk_wait_key(id));
}

yao_status desk_hash(app_call *call, yao_text text, yao_bytes *ret)
{
    yao_bytes bytes = yao_text_bytes(text);
    uint8_t  *out   = yao_arena_take(call->arena, YAO_SHA256_LEN);

    if (out == NULL)
        return YAO_E_SPACE;
    YAO_TRY(call->crypto->hash(call->crypto->ctx, YAO_SHA256, &bytes, 1, out));
    *ret = (yao_bytes){out, YAO_SHA256_LEN};
    return YAO_OK;
}
