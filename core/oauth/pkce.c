/* SPDX-License-Identifier: Apache-2.0 */
#include "oauth/pkce.h"

#include "base/ascii.h"
#include "oauth/parts.h"

enum { RANDOM = 32, MIN_VERIFIER = 43, MAX_VERIFIER = 128 };

/* BASE64URL(SHA256(ASCII(code_verifier))), RFC 7636 section 4.2. */
static yao_status make_challenge(yao_bytes verifier, const yao_crypto *crypto,
                                 uint8_t out[YAO_PKCE_LEN])
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(out, YAO_PKCE_LEN);

    YAO_TRY(crypto->hash(crypto->ctx, YAO_SHA256, &verifier, 1, hash));
    yao_put_base64url(&w, (yao_bytes){hash, sizeof hash});
    return w.status;
}

yao_status yao_pkce_make(yao_bytes random, const yao_crypto *crypto,
                         yao_pkce *ret)
{
    yao_pkce   pair;
    yao_writer w = yao_writer_open(pair.verifier, sizeof pair.verifier);
    yao_status status;

    if (random.len < RANDOM)
        return YAO_E_ENTROPY;
    yao_put_base64url(&w, (yao_bytes){random.ptr, RANDOM});
    status = make_challenge((yao_bytes){pair.verifier, sizeof pair.verifier},
                            crypto, pair.challenge);
    if (status != YAO_OK)
        goto done;

    *ret = pair;
done:
    yao_wipe(&pair, sizeof pair);
    return status;
}

bool yao_pkce_is_challenge(yao_text challenge)
{
    uint8_t    hash[YAO_SHA256_LEN];
    yao_writer w = yao_writer_open(hash, sizeof hash);

    return challenge.len == YAO_PKCE_LEN &&
           yao_get_base64url(yao_text_bytes(challenge), &w) == YAO_OK;
}

static bool is_verifier(yao_text verifier)
{
    if (verifier.len < MIN_VERIFIER || verifier.len > MAX_VERIFIER)
        return false;
    for (size_t i = 0; i < verifier.len; i++)
        if (!yao_ascii_unreserved(verifier.ptr[i]))
            return false;

    return true;
}

yao_status yao_pkce_check(yao_text challenge, yao_text verifier,
                          const yao_crypto *crypto)
{
    uint8_t made[YAO_PKCE_LEN];

    if (!is_verifier(verifier))
        return YAO_E_MALFORMED;
    YAO_TRY(make_challenge(yao_text_bytes(verifier), crypto, made));

    return yao_bytes_equal_secret((yao_bytes){made, sizeof made},
                                  yao_text_bytes(challenge))
               ? YAO_OK
               : YAO_E_MISMATCH;
}
