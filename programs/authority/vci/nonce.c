/* SPDX-License-Identifier: Apache-2.0 */

/* POST /nonce: a c_nonce for proofs. It is authenticated and kept nowhere, so
 * that asking for many costs no storage; what was used is remembered. */

#include "authority/vci/access.h"
#include "authority/vci/asker.h"
#include "authority/vci/credentials.h"
#include "authority/vci/message.h"
#include "vci/nonce.h"

yao_status vci_give_nonce(app_call *call, app_reply *reply)
{
    yao_text nonce;

    YAO_TRY(vci_nonce_make(call, VCI_NONCE_PROOF, &nonce));
    YAO_TRY(vci_put_dpop_nonce(call, reply));

    yao_writer w = yao_writer_in(call->arena);
    yao_vci_put_nonce(&w, nonce);
    return app_reply_json(reply, call, 200, &w);
}
