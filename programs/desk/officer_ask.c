/* SPDX-License-Identifier: Apache-2.0 */
/* Signed requests of a party, and of its officers, to the authority. */
#include "desk/officer.h"

#include <stdio.h>

#include "app/router.h"
#include "jose/jose.h"
#include "net/client.h"

enum { TIMEOUT_MS = 10000, JTI = 24 };

yao_text desk_authority(const desk_trust *t)
{
    yao_text url = t->bundle.list.content.url;

    while (url.len > 0 && url.ptr[url.len - 1] == '/')
        url.len--;
    return url;
}

static yao_status write_header(yao_arena *arena, const desk_signing *s,
                               yao_bytes *ret)
{
    const yao_sig_row *row   = yao_sig_by_alg(yao_key_alg(s->key));
    yao_writer         w     = yao_writer_in(arena);
    bool               first = true;

    if (row == NULL)
        return YAO_E_ALGORITHM;
    yao_put_byte(&w, '{');
    yao_json_put_member(&w, &first, "alg", yao_text_of(row->jose));
    yao_json_put_member(&w, &first, "typ", yao_text_of(s->type));
    if (s->certificate.len > 0) {
        yao_put_byte(&w, ',');
        yao_jws_put_x5c(&w, &s->certificate, 1);
    }
    yao_put_byte(&w, '}');
    return yao_writer_keep(&w, arena, ret);
}

yao_status desk_sign(yao_arena *arena, const desk_signing *s, yao_bytes *ret)
{
    uint8_t   signature[YAO_MAX_SIGNATURE];
    yao_bytes header, text;
    size_t    len;

    YAO_TRY(write_header(arena, s, &header));
    yao_writer w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, s->payload);
    YAO_TRY(yao_writer_keep(&w, arena, &text));
    const yao_sign_wish wish = yao_sign_wish_of(yao_key_alg(s->key), text);
    YAO_TRY(yao_key_sign(s->key, &wish, signature, &len));
    w = yao_writer_in(arena);
    yao_put_bytes(&w, text);
    yao_jws_put_signature(&w, (yao_bytes){signature, len});
    return yao_writer_keep(&w, arena, ret);
}

yao_status desk_put_claims(yao_writer *w, bool *first, yao_text party,
                           yao_text authority, yao_time now)
{
    uint8_t    random[JTI];
    uint8_t    letters[2 * JTI];
    yao_writer jti = yao_writer_open(letters, sizeof letters);

    YAO_TRY(yao_openssl_random(random, sizeof random));
    yao_put_base64url(&jti, (yao_bytes){random, sizeof random});
    yao_put_byte(w, '{');
    yao_json_put_member(w, first, "iss", party);
    yao_json_put_member(w, first, "aud", authority);
    yao_json_put_member_int(w, first, "iat", now);
    yao_json_put_member(w, first, "jti", (yao_text){letters, jti.len});
    return jti.status;
}

static yao_status fetch(const desk_authority_call *what, const net_call *call,
                        yao_arena *arena, net_answer *ret)
{
    const char *roots = desk_get(what->config, DESK_TRUST_CA);
    char        origin[DESK_MAX_PATH];
    net_client *client;
    const net_client_options o = {.ca_file = roots[0] != '\0' ? roots : NULL,
                                  .loopback   = true,
                                  .timeout_ms = TIMEOUT_MS};

    yao_text from = app_url_origin(call->url);
    snprintf(origin, sizeof origin, "%.*s", (int)from.len,
             (const char *)from.ptr);
    YAO_TRY(net_client_open(&o, &client));
    yao_status status = net_client_allow(client, origin);
    if (status == YAO_OK)
        status = net_client_fetch(client, call, arena, ret);
    net_client_close(client);
    return status;
}

yao_status desk_ask_authority(const desk_authority_call *what,
                              yao_arena *arena, net_answer *ret)
{
    const net_header header = {YAO_TEXT("Content-Type"),
                               YAO_TEXT("application/jwt")};
    yao_writer       w      = yao_writer_in(arena);
    yao_bytes        url;

    yao_put_bytes(&w, yao_text_bytes(what->authority));
    yao_put_text(&w, what->path);
    YAO_TRY(yao_writer_keep(&w, arena, &url));
    const net_call call = {.method       = "POST",
                           .url          = {url.ptr, url.len},
                           .headers      = &header,
                           .header_count = 1,
                           .body         = what->jws};
    return fetch(what, &call, arena, ret);
}
