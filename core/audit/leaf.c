/* SPDX-License-Identifier: Apache-2.0 */
#include "audit/audit.h"
#include "cbor/cbor.h"

#define COMMIT_LABEL YAO_LIT("yaopai-audit-1")

bool yao_audit_is_kind(yao_text kind)
{
    for (size_t i = 0; i < kind.len; i++) {
        uint8_t c = kind.ptr[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
              c == '_'))
            return false;
    }
    return kind.len > 0 && kind.len <= YAO_AUDIT_MAX_KIND;
}

void yao_audit_put_leaf(yao_writer *w, const yao_audit_leaf *leaf)
{
    yao_cbor_put_array(w, 4);
    yao_cbor_put_uint(w, 1);
    yao_cbor_put_uint(w, (uint64_t)leaf->hour);
    yao_cbor_put_text(w, leaf->kind);
    yao_cbor_put_bytes(w, leaf->commitment);
}

yao_status yao_audit_read_leaf(yao_bytes input, yao_audit_leaf *ret)
{
    yao_cbor_reader r = yao_cbor_open(input);
    yao_audit_leaf  leaf;

    if (input.len > YAO_AUDIT_MAX_LEAF)
        return YAO_E_LIMIT;
    yao_cbor_get_array(&r, 4);
    if (yao_cbor_get_uint(&r) != 1)
        yao_cbor_fail(&r, YAO_E_MALFORMED);
    uint64_t hour   = yao_cbor_get_uint(&r);
    leaf.kind       = yao_cbor_get_text(&r);
    leaf.commitment = yao_cbor_get_bytes(&r);
    YAO_TRY(yao_cbor_close(&r));
    if (leaf.commitment.len != YAO_SHA256_LEN)
        return YAO_E_MALFORMED;
    if (hour > (uint64_t)YAO_TIME_MAX || hour % YAO_AUDIT_HOUR != 0 ||
        !yao_audit_is_kind(leaf.kind))
        return YAO_E_VALUE;

    leaf.hour = (yao_time)hour;
    *ret      = leaf;
    return YAO_OK;
}

yao_status yao_audit_commit(const yao_crypto *crypto, const uint8_t *key,
                            yao_text text, uint8_t out[YAO_SHA256_LEN])
{
    const yao_bytes parts[] = {COMMIT_LABEL, yao_text_bytes(text)};

    return crypto->hmac(crypto->ctx, YAO_SHA256,
                        (yao_bytes){key, YAO_AUDIT_KEY_LEN}, parts, 2, out);
}
