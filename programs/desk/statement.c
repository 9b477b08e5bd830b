/* SPDX-License-Identifier: Apache-2.0 */
#include "desk/statement.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/files.h"
#include "vp/statement.h"

yao_status desk_statement_name(const yao_crypto *crypto, yao_bytes certificate,
                               char out[DESK_STATEMENT_NAME])
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open((uint8_t *)out, DESK_STATEMENT_NAME - 1);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &certificate, 1, hash));
    yao_put_text(&w, "party-");
    yao_put_hex(&w, (yao_bytes){hash, YAO_TRUST_KID});
    yao_put_text(&w, ".cose");
    YAO_TRY(w.status);
    out[w.len] = '\0';
    return YAO_OK;
}

/* ---- holding ------------------------------------------------------------ */

static void hold(desk_trusts *t, yao_bytes file)
{
    pthread_mutex_lock(&t->lock);
    yao_bytes before = t->statement;
    t->statement     = file;
    pthread_mutex_unlock(&t->lock);
    yao_file_free(&before);
}

void desk_statement_load(desk *d)
{
    yao_bytes file;

    if (yao_file_read(desk_get(&d->config, DESK_STATEMENT),
                      YAO_VP_MAX_STATEMENT, &file) == YAO_OK)
        hold(&d->trust, file);
}

/* ---- fetching ----------------------------------------------------------- */

/* Beside the bundle: the address up to its last slash, and the name. */
static yao_status address_of(const desk *d, const yao_crypto *crypto,
                             char out[DESK_MAX_PATH])
{
    const char *url   = desk_get(&d->config, DESK_TRUST_URL);
    const char *slash = strrchr(url, '/');
    char        name[DESK_STATEMENT_NAME];

    YAO_TRY(desk_statement_name(crypto, d->reader.der, name));
    int len = slash == NULL ? -1
                            : snprintf(out, DESK_MAX_PATH, "%.*s/%s",
                                       (int)(slash - url), url, name);
    return len > 0 && len < DESK_MAX_PATH ? YAO_OK : YAO_E_VALUE;
}

/* One that would not be sent does not take the place of the last one. */
static yao_status keep(desk *d, const yao_crypto *crypto, yao_bytes body,
                       yao_arena *arena, yao_time now)
{
    yao_bytes info;

    YAO_TRY(yao_vp_make_statement_info(arena, crypto, body, &d->reader, now,
                                       &info));
    if (info.len == 0)
        return YAO_E_MALFORMED;
    return yao_file_write(desk_get(&d->config, DESK_STATEMENT), body, 0644,
                          false);
}

yao_status desk_statement_fetch(desk *d, const yao_crypto *crypto,
                                yao_time now)
{
    yao_arena  arena = {NULL, 0, 0};
    char       url[DESK_MAX_PATH];
    net_answer answer;

    if (desk_get(&d->config, DESK_TRUST_URL)[0] == '\0')
        return YAO_OK;
    YAO_TRY(address_of(d, crypto, url));
    YAO_TRY(yao_memory_open(256 * 1024, &arena));
    yao_status status = desk_trust_get(&d->trust, url, YAO_VP_MAX_STATEMENT,
                                       &arena, &answer);
    if (status == YAO_OK)
        status = keep(d, crypto, answer.body, &arena, now);
    yao_memory_free(&arena);
    return status;
}

/* ---- sending ------------------------------------------------------------ */

static yao_status copy(desk_trusts *t, yao_arena *arena, yao_bytes *ret)
{
    pthread_mutex_lock(&t->lock);
    yao_status status = t->statement.len > 0
                            ? yao_arena_keep(arena, t->statement, ret)
                            : YAO_E_NOT_FOUND;
    pthread_mutex_unlock(&t->lock);
    return status;
}

yao_status desk_statement_list(app_call *call, const yao_certificate *c,
                               yao_bytes *ret)
{
    desk      *d = desk_of(call);
    yao_bytes  list;
    yao_status status = copy(&d->trust, call->arena, &list);

    *ret = (yao_bytes){NULL, 0};
    if (status == YAO_E_NOT_FOUND)
        return YAO_OK;
    YAO_TRY(status);
    return yao_vp_fit_statement(call->arena, call->crypto, list, c, call->now,
                                ret);
}

yao_status desk_statement_info(app_call *call, const yao_certificate *c,
                               yao_bytes *ret)
{
    yao_bytes list;

    YAO_TRY(desk_statement_list(call, c, &list));
    return yao_vp_make_statement_info(call->arena, call->crypto, list, c,
                                      call->now, ret);
}
