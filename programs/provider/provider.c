/* SPDX-License-Identifier: Apache-2.0 */
#include "provider/provider.h"

#include <string.h>

#include "app/files.h"
#include "oauth/nonce.h"

#define MEMORY (64u * 1024u)
#define MEGABYTE ((size_t)1024 * 1024)
#define NONCE_KIND 1
#define NONCE_SECONDS 300

/* ---- opening ---- */

/* Shared by all processes of one provider; who has the store has it. */
static yao_status read_secret(provider *p)
{
    yao_bytes secret;

    yao_status status =
        store_get_fact(p->store, YAO_TEXT("secret"), &p->arena, &secret);
    if (status == YAO_OK && secret.len != PROVIDER_SECRET)
        status = YAO_E_STORE;
    if (status == YAO_OK)
        memcpy(p->secret, secret.ptr, PROVIDER_SECRET);
    return status;
}

static yao_status open_attester(provider *p)
{
    ca c = {.key = NULL};

    YAO_TRY(ca_open(provider_get(&p->config, PROVIDER_ATTESTER),
                    provider_get(&p->config, PROVIDER_ATTESTER_KEY), &p->arena,
                    &c));
    p->attester = c.certificate.der;
    ca_close(&c);
    return YAO_OK;
}

yao_status provider_open(const char *folder, provider *ret,
                         yao_settings_trouble *trouble, const char **place)
{
    memset(ret, 0, sizeof *ret);
    ret->folder = folder;
    *place      = PROVIDER_FILE;
    YAO_TRY(provider_config_read(folder, &ret->config, trouble));
    YAO_TRY(yao_memory_open(MEMORY, &ret->arena));
    *place       = "OpenSSL";
    ret->openssl = yao_openssl_open();
    if (ret->openssl == NULL)
        return YAO_E_CRYPTO;
    *place = "provider.store";
    YAO_TRY(store_open(
        &(store_options){.url    = provider_get(&ret->config, PROVIDER_STORE),
                         .now    = yao_now(),
                         .schema = STORE_PROVIDER},
        &ret->store));
    YAO_TRY(read_secret(ret));
    *place = "provider.attester";
    YAO_TRY(open_attester(ret));
    *place = "memory";
    return app_boxes_new(
        (size_t)provider_number(&ret->config, PROVIDER_MAILBOXES),
        (size_t)provider_number(&ret->config, PROVIDER_MAILBOX_MB) * MEGABYTE,
        &ret->boxes);
}

void provider_close(provider *p)
{
    app_workers_close(&p->workers);
    app_boxes_free(p->boxes);
    store_close(p->store);
    yao_openssl_close(p->openssl);
    yao_memory_free(&p->arena);
    yao_wipe(p->secret, sizeof p->secret);
    p->boxes   = NULL;
    p->store   = NULL;
    p->openssl = NULL;
}

/* ---- what the parts ask for ---- */

provider *provider_of(const app_call *call)
{
    return call->server;
}

yao_text provider_url(const app_call *call)
{
    yao_text url =
        yao_text_of(provider_get(&provider_of(call)->config, PROVIDER_URL));

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

yao_key *provider_key(const app_call *call)
{
    const provider *p = provider_of(call);

    return app_worker_key(&p->workers, call->http->worker,
                          provider_get(&p->config, PROVIDER_ATTESTER_KEY));
}

yao_time provider_day(yao_time moment)
{
    return moment / YAO_TIME_DAY * YAO_TIME_DAY;
}

yao_status provider_refuse(app_call *call, app_reply *ret, int status,
                           const char *word)
{
    yao_writer w     = yao_writer_in(call->arena);
    bool       first = true;

    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "error", yao_text_of(word));
    yao_put_byte(&w, '}');
    return app_reply_json(ret, call, status, &w);
}

/* ---- nonces ---- */

yao_status provider_make_nonce(app_call *call, yao_text *ret)
{
    provider *p      = provider_of(call);
    uint8_t  *letters = yao_arena_take(call->arena, YAO_NONCE_LEN);
    uint8_t   random[YAO_NONCE_RANDOM];

    if (letters == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(random, sizeof random));
    YAO_TRY(yao_nonce_make(call->crypto,
                           (yao_bytes){p->secret, PROVIDER_SECRET}, NONCE_KIND,
                           call->now, (yao_bytes){random, sizeof random},
                           letters));
    *ret = (yao_text){letters, YAO_NONCE_LEN};
    return YAO_OK;
}

yao_status provider_put_nonce(app_call *call, app_reply *ret)
{
    yao_text nonce;

    YAO_TRY(provider_make_nonce(call, &nonce));
    return app_reply_header(ret, "DPoP-Nonce", nonce);
}

yao_status provider_check_nonce(const app_call *call, yao_text nonce)
{
    const provider *p = provider_of(call);

    return yao_nonce_check(call->crypto,
                           (yao_bytes){p->secret, PROVIDER_SECRET}, NONCE_KIND,
                           call->now, NONCE_SECONDS, nonce);
}
