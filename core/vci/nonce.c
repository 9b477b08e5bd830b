/* SPDX-License-Identifier: Apache-2.0 */
#include "vci/nonce.h"

#include "vci/parts.h"

enum { RANDOM = YAO_VCI_NONCE_RANDOM, END = 4, TAG = 16, KEY = 32 };
enum { BODY = RANDOM + END, WHOLE = BODY + TAG };

/* Letters of a nonce of somebody else's; ours has 48. */
enum { MAX_NONCE = 1024 };

static yao_status tag_of(const yao_crypto *crypto, yao_bytes key,
                         const uint8_t *body, uint8_t out[YAO_SHA256_LEN])
{
    const yao_bytes parts[2] = {YAO_INIT("yaopai-c-nonce-1"), {body, BODY}};

    if (key.len != KEY)
        return YAO_E_USAGE;
    return crypto->hmac(crypto->ctx, YAO_SHA256, key, parts, 2, out);
}

yao_status yao_vci_make_nonce(const yao_crypto *crypto, yao_bytes key,
                              yao_bytes random, yao_time end,
                              uint8_t out[YAO_VCI_NONCE_LEN])
{
    uint8_t whole[WHOLE], tag[YAO_SHA256_LEN];

    if (random.len != RANDOM || end < 0 || end > (yao_time)UINT32_MAX)
        return YAO_E_USAGE;
    for (size_t i = 0; i < RANDOM; i++)
        whole[i] = random.ptr[i];
    for (size_t i = 0; i < END; i++)
        whole[RANDOM + i] = (uint8_t)((uint32_t)end >> (8 * (END - 1 - i)));
    YAO_TRY(tag_of(crypto, key, whole, tag));
    for (size_t i = 0; i < TAG; i++)
        whole[BODY + i] = tag[i];

    yao_writer w = yao_writer_open(out, YAO_VCI_NONCE_LEN);
    yao_put_base64url(&w, (yao_bytes){whole, WHOLE});
    return w.status;
}

yao_status yao_vci_check_nonce(const yao_crypto *crypto, yao_bytes key,
                               yao_text text, yao_time now, yao_vci_nonce *ret)
{
    uint8_t       whole[WHOLE], tag[YAO_SHA256_LEN];
    yao_vci_nonce nonce;
    uint32_t      end = 0;
    yao_writer    w   = yao_writer_open(whole, sizeof whole);

    if (text.len != YAO_VCI_NONCE_LEN ||
        yao_get_base64url(yao_text_bytes(text), &w) != YAO_OK ||
        w.status != YAO_OK || w.len != WHOLE)
        return YAO_E_REFUSED;
    YAO_TRY(tag_of(crypto, key, whole, tag));
    if (!yao_bytes_equal_secret((yao_bytes){tag, TAG},
                                (yao_bytes){whole + BODY, TAG}))
        return YAO_E_REFUSED;

    for (size_t i = 0; i < RANDOM; i++)
        nonce.random[i] = whole[i];
    for (size_t i = 0; i < END; i++)
        end = end << 8 | whole[RANDOM + i];
    nonce.end = end;
    if (now < 0 || now >= nonce.end)
        return YAO_E_EXPIRED;
    *ret = nonce;
    return YAO_OK;
}

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

    YAO_TRY(yao_vci_parse(arena, body, &root));
    YAO_TRY(yao_vci_required(root, "c_nonce", arena, &nonce));
    if (nonce.len > MAX_NONCE)
        return YAO_E_MALFORMED;
    *ret = nonce;
    return YAO_OK;
}
