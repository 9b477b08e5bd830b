/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/nonce.h"

#include "vci/parts.h"

/* Letters of a nonce of somebody else's; ours has 48. */
enum { MAX_NONCE = 1024 };

void yao_vci_put_nonce(yao_writer *w, yao_text nonce)
{
    yao_put_text(w, "{\"c_nonce\":");
    yao_json_put_string(w, nonce);
    yao_put_byte(w, '}');
}

yao_status yao_vci_read_nonce(yao_arena *arena, yao_bytes body, yao_text *ret)
{
    const yao_json *root;
    yao_text        nonce;

    YAO_TRY(yao_json_parse_object(arena, body, &root));
    YAO_TRY(yao_vci_required(root, "c_nonce", arena, &nonce));
    if (nonce.len > MAX_NONCE)
        return YAO_E_MALFORMED;
    *ret = nonce;
    return YAO_OK;
}
