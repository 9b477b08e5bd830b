/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/nonce.h"

#include "base/copy.h"

enum { TIME = 8, MAC = 16, BODY = TIME + YAO_NONCE_RANDOM, WHOLE = BODY + MAC };

static yao_status make_mac(const yao_crypto *crypto, yao_bytes key,
                           uint8_t kind, const uint8_t body[BODY],
                           uint8_t out[YAO_MAX_HASH])
{
    const yao_bytes parts[] = {
        YAO_LIT("yaopai-nonce-1"), {&kind, 1}, {body, BODY}};

    if (key.len != YAO_NONCE_KEY)
        return YAO_E_USAGE;
    return crypto->hmac(crypto->ctx, YAO_SHA256, key, parts, 3, out);
}

yao_status yao_nonce_make(const yao_crypto *crypto, yao_bytes key, uint8_t kind,
                          yao_time now, yao_bytes random,
                          uint8_t out[YAO_NONCE_LEN])
{
    uint8_t    whole[WHOLE], mac[YAO_MAX_HASH];
    yao_writer w = yao_writer_open(out, YAO_NONCE_LEN);

    if (now < 0 || now > YAO_TIME_MAX)
        return YAO_E_USAGE;
    if (random.len < YAO_NONCE_RANDOM)
        return YAO_E_ENTROPY;
    for (int i = 0; i < TIME; i++)
        whole[i] = (uint8_t)((uint64_t)now >> (8 * (TIME - 1 - i)));
    yao_copy(whole + TIME, (yao_bytes){random.ptr, YAO_NONCE_RANDOM});
    YAO_TRY(make_mac(crypto, key, kind, whole, mac));
    yao_copy(whole + BODY, (yao_bytes){mac, MAC});

    yao_put_base64url(&w, (yao_bytes){whole, sizeof whole});
    return w.status;
}

yao_status yao_nonce_check(const yao_crypto *crypto, yao_bytes key,
                           uint8_t kind, yao_time now, int64_t seconds,
                           yao_text nonce)
{
    uint8_t    whole[WHOLE], mac[YAO_MAX_HASH];
    yao_writer w    = yao_writer_open(whole, sizeof whole);
    uint64_t   time = 0;

    if (now < 0 || now > YAO_TIME_MAX || seconds < 0 || seconds > YAO_TIME_MAX)
        return YAO_E_USAGE;
    if (nonce.len != YAO_NONCE_LEN ||
        yao_get_base64url(yao_text_bytes(nonce), &w) != YAO_OK)
        return YAO_E_MALFORMED;
    YAO_TRY(make_mac(crypto, key, kind, whole, mac));
    if (!yao_bytes_equal_secret((yao_bytes){mac, MAC},
                                (yao_bytes){whole + BODY, MAC}))
        return YAO_E_MISMATCH;

    for (int i = 0; i < TIME; i++)
        time = time << 8 | whole[i];
    if ((yao_time)time > now)
        return YAO_E_NOT_YET_VALID;
    return now - (yao_time)time > seconds ? YAO_E_EXPIRED : YAO_OK;
}
