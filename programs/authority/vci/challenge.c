/* SPDX-License-Identifier: Apache-2.0 */
/* POST /challenge: what a wallet is to sign in its proof of possession. */

#include "authority/vci/parts.h"

#include "oauth/metadata.h"

yao_status vci_give_challenge(app_call *call, app_reply *ret)
{
    yao_text   challenge;

    YAO_TRY(vci_nonce_make(call, VCI_NONCE_CHALLENGE, &challenge));
    yao_writer w = yao_writer_in(call->arena);
    yao_challenge_put(&w, challenge);
    YAO_TRY(app_reply_json(ret, call, 200, &w));
    return app_reply_header(ret, "Cache-Control", YAO_TEXT("no-store"));
}
