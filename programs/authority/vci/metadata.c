/* SPDX-License-Identifier: Apache-2.0 */

/* GET /.well-known/openid-credential-issuer: what may be fetched here, and how;
 * signed for who asks so. */

#include "authority/issue.h"
#include "authority/vci/credentials.h"
#include "authority/vci/message.h"

/* Changes when settings or the catalogue do, which is seldom. */
enum { FRESH_SECONDS = 300, SIGNED_SECONDS = 86400 };

/* "application/jwt" stands in Accept, and JSON does not stand before it. */
static bool wants_signed(const app_call *call)
{
    yao_bytes accept =
        yao_text_bytes(net_header_find(call->http, "accept", NULL));

    for (; accept.len > 0; accept.ptr++, accept.len--) {
        if (yao_bytes_starts(accept, YAO_LIT("application/jwt")))
            return true;
        if (yao_bytes_starts(accept, YAO_LIT("application/json")))
            return false;
    }
    return false;
}

static yao_status sign(app_call *call, const yao_vci_issuer *issuer,
                       const issue_signer *signer, yao_bytes *ret)
{
    uint8_t       signature[YAO_MAX_SIGNATURE];
    size_t        len = 0;
    yao_vci_token token;

    const yao_vci_signed_wish wish = {
        .issuer      = issuer,
        .now         = call->now,
        .expires     = call->now + SIGNED_SECONDS,
        .alg         = yao_key_alg(signer->ca.key),
        .chain       = &signer->ca.certificate.der,
        .chain_count = 1};
    YAO_TRY(yao_vci_make_metadata(call->arena, &wish, &token));
    YAO_TRY(yao_key_sign(signer->ca.key, &token.wish, signature, &len));
    yao_writer w = yao_writer_in(call->arena);
    yao_vci_put_token(&w, &token, (yao_bytes){signature, len});
    return yao_writer_keep(&w, call->arena, ret);
}

/* Anybody may ask, and a module of keys signs for documents too: one signature
 * is given to all for a while. */
static yao_status give_signed(app_call *call, const yao_vci_issuer *issuer,
                              yao_bytes *ret)
{
    issue_signer *signer;

    YAO_TRY(server_signer(call, YAO_SIGNING_POPULATION, &signer));
    if (server_recall(call, SERVER_SAYS_METADATA, ret))
        return YAO_OK;
    YAO_TRY(sign(call, issuer, signer, ret));
    server_remember(call, SERVER_SAYS_METADATA, *ret, FRESH_SECONDS);
    return YAO_OK;
}

static yao_status give_plain(app_call *call, const yao_vci_issuer *issuer,
                             yao_bytes *ret)
{
    yao_writer w = yao_writer_in(call->arena);

    yao_vci_put_metadata(&w, issuer);
    return yao_writer_keep(&w, call->arena, ret);
}

yao_status vci_give_issuer(app_call *call, app_reply *reply)
{
    yao_public_key key;
    yao_vci_issuer issuer;
    yao_bytes      body;
    bool           jwt = wants_signed(call);

    YAO_TRY(vci_issuer_of(call, &key, &issuer));
    YAO_TRY(jwt ? give_signed(call, &issuer, &body)
                : give_plain(call, &issuer, &body));
    YAO_TRY(app_reply_bytes(reply, 200,
                            jwt ? "application/jwt" : "application/json",
                            body));
    YAO_TRY(app_reply_header(reply, "Vary", YAO_TEXT("Accept")));
    return app_reply_cache(reply, call, FRESH_SECONDS);
}
