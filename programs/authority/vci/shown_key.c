/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/vci/shown_key.h"

#include "authority/once.h"
#include "authority/server/server.h"
#include "authority/vci/asker.h"
#include "oauth/dpop.h"

#include <string.h>

static yao_status refuse(yao_oauth_refusal *refusal, yao_oauth_error error,
                         const char *why, yao_status status)
{
    return yao_oauth_refuse(refusal, error, why, status);
}

static yao_status check_nonce(app_call *call, yao_text nonce,
                              yao_oauth_refusal *refusal)
{
    const authority *a = server_authority(call);

    if (!config_yes(&a->config, SETTING_DPOP_NONCES))
        return YAO_OK;
    if (nonce.len != 0 && vci_nonce_check(call, VCI_NONCE_DPOP, nonce) == YAO_OK)
        return YAO_OK;
    return refuse(refusal, YAO_OAUTH_USE_DPOP_NONCE,
                  "nonce is missing, too old or not ours", YAO_E_MISMATCH);
}

static yao_status read_proof(app_call *call, yao_bytes header,
                             yao_dpop_unverified *ret,
                             yao_oauth_refusal   *refusal)
{
    yao_dpop_ask ask = {.method = call->http->method,
                        .clock  = vci_clock(call),
                        .crypto = call->crypto};

    YAO_TRY(vci_address(call, call->route->path, &ask.uri));
    YAO_TRY(yao_dpop_read(call->arena, header, &ask, ret, refusal));
    YAO_TRY(check_nonce(call, ret->nonce, refusal));
    YAO_TRY(call->crypto->verify(call->crypto->ctx, &ret->check, 1));
    yao_status status = yao_oauth_answers(&ret->check, 1);
    return status == YAO_E_BAD_SIGNATURE
               ? refuse(refusal, YAO_OAUTH_INVALID_DPOP_PROOF,
                        "the signature of the DPoP proof is wrong", status)
               : status;
}

yao_status vci_key_check(app_call *call, vci_shown_key *ret,
                         yao_oauth_refusal *refusal)
{
    size_t              count  = 0;
    yao_text            header = net_header_find(call->http, "dpop", &count);
    yao_dpop_unverified proof;
    vci_shown_key       key = {.shown = count > 0};

    if (count > 1)
        return refuse(refusal, YAO_OAUTH_INVALID_DPOP_PROOF,
                      "the DPoP header came twice", YAO_E_DUPLICATE);
    if (count == 1) {
        YAO_TRY(read_proof(call, yao_text_bytes(header), &proof, refusal));
        memcpy(key.jkt, proof.jkt, sizeof key.jkt);
        memcpy(key.replay, proof.replay, sizeof key.replay);
        key.forget_at = proof.forget_at;
    }
    *ret = key;
    return YAO_OK;
}

void vci_key_claim(const vci_shown_key *key, store_change *change)
{
    const store_once once = {.kind    = ONCE_DPOP,
                             .hash    = {key->replay, STORE_HASH_LEN},
                             .expires = key->forget_at,
                             .payload = {(const uint8_t *)"", 0}};

    store_put_once(change, &once);
}
