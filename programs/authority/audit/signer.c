/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/audit/signer.h"

#include <string.h>

/* ---- names ---- */

yao_status audit_name_origin(const char *configured, const char *url,
                             yao_arena *arena, yao_text *ret)
{
    yao_writer  w    = yao_writer_in(arena);
    const char *host = strstr(url, "://");
    yao_bytes   origin;

    if (configured[0] != '\0') {
        yao_put_text(&w, configured);
    } else {
        size_t len = strlen(host != NULL ? host += 3 : (host = url));
        while (len > 0 && host[len - 1] == '/')
            len--;
        yao_put_bytes(&w, (yao_bytes){(const uint8_t *)host, len});
        yao_put_text(&w, "/log");
    }
    YAO_TRY(yao_writer_keep(&w, arena, &origin));
    return yao_text_check(origin, ret);
}

yao_status audit_origin(const authority *a, yao_arena *arena, yao_text *ret)
{
    return audit_name_origin(config_get(&a->config, SETTING_LOG_ORIGIN),
                             config_get(&a->config, SETTING_URL), arena, ret);
}

yao_status audit_put_key(const yao_crypto *crypto, yao_text origin,
                         const yao_public_key *key, yao_writer *w)
{
    yao_tlog_key name;

    YAO_TRY(yao_tlog_key_make(crypto, origin, key, &name));
    yao_tlog_key_put(w, &name);
    yao_put_byte(w, '\n');
    return w->status;
}

/* ---- keys ---- */

static yao_status open_key(const authority *a, config_setting setting,
                           audit_signer *s)
{
    const char *uri = config_get(&a->config, setting);
    size_t      i   = s->count;

    if (uri[0] == '\0')
        return YAO_OK;
    YAO_TRY(yao_key_open(uri, &s->keys[i]));
    yao_public_key public = yao_key_public(s->keys[i]);
    s->count++;
    return yao_tlog_key_make(a->crypto, s->origin, &public, &s->names[i]);
}

yao_status audit_signer_open(const authority *a, yao_arena *arena,
                             audit_signer *ret)
{
    audit_signer s = {.count = 0};

    if (config_get(&a->config, SETTING_LOG_KEY)[0] == '\0')
        return YAO_E_MISSING;
    YAO_TRY(audit_origin(a, arena, &s.origin));
    yao_status status = open_key(a, SETTING_LOG_KEY, &s);
    if (status == YAO_OK)
        status = open_key(a, SETTING_LOG_PREVIOUS_KEY, &s);
    if (status == YAO_OK)
        *ret = s;
    else
        audit_signer_close(&s);
    return status;
}

void audit_signer_close(audit_signer *signer)
{
    for (size_t i = 0; i < signer->count; i++)
        yao_key_close(signer->keys[i]);
    signer->count = 0;
}

/* ---- signing ---- */

yao_status audit_sign(const audit_signer *signer, const yao_tlog_head *head,
                      yao_arena *arena, yao_bytes *ret)
{
    uint8_t    signature[YAO_MAX_SIGNATURE];
    size_t     len;
    yao_bytes  text;
    yao_writer w = yao_writer_in(arena);

    yao_tlog_put_checkpoint(&w, signer->origin, head);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    w = yao_writer_in(arena);
    yao_put_bytes(&w, text);
    yao_put_byte(&w, '\n');
    for (size_t i = 0; i < signer->count; i++) {
        const yao_sign_wish wish = {
            .alg = YAO_ES256, .parts = {text}, .part_count = 1};
        YAO_TRY(yao_key_sign(signer->keys[i], &wish, signature, &len));
        yao_tlog_put_signature(&w, &signer->names[i],
                               (yao_bytes){signature, len});
    }
    return yao_writer_keep(&w, arena, ret);
}
