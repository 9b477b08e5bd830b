/* SPDX-License-Identifier: Apache-2.0 */
/* What a wallet signs for its provider: docs/formats/provider.md. Each
 * token_...() answers with what is signed, token_signed() with the letters. */
#include "machine.h"

#include "crypto/algorithms.h"
#include "oauth/dpop.h"
#include "vci/proof.h"

static struct {
    bool               proof; /* else a DPoP proof */
    yao_oauth_unsigned dpop;
    yao_vci_token      token;
} token;

static yao_status read(const uint8_t *ptr, size_t len, yao_told *ret)
{
    *ret = (yao_told){NULL, YAO_OK};
    return yao_json_parse_object(&page.memory, yao_page_bytes(ptr, len),
                                 &ret->object);
}

/* {key, method, uri, jti, nonce, now} */
yao_status EXPORT(token_dpop)(const uint8_t *ptr, size_t len)
{
    yao_dpop_request q = {.alg = YAO_ES256};
    yao_told         t;

    YAO_TRY(read(ptr, len, &t));
    q.key    = yao_told_key(&t, "key");
    q.method = yao_told_text(&t, "method");
    q.uri    = yao_told_text(&t, "uri");
    q.jti    = yao_told_text(&t, "jti");
    q.nonce  = yao_told_text(&t, "nonce");
    q.iat    = yao_told_int(&t, "now");
    YAO_TRY(t.status);
    token.proof = false;
    YAO_TRY(yao_dpop_make(&page.memory, &q, page.crypto, &token.dpop));
    return yao_page_answer_wish(&token.dpop.wish);
}

/* {key, audience, client_id, nonce, now}: that the key is there. */
yao_status EXPORT(token_proof)(const uint8_t *ptr, size_t len)
{
    yao_vci_proof_wish q = {0};
    yao_told           t;

    YAO_TRY(read(ptr, len, &t));
    q.key       = yao_told_key(&t, "key");
    q.audience  = yao_told_text(&t, "audience");
    q.client_id = yao_told_text(&t, "client_id");
    q.nonce     = yao_told_text(&t, "nonce");
    q.now       = yao_told_int(&t, "now");
    YAO_TRY(t.status);
    token.proof = true;
    YAO_TRY(yao_vci_make_proof(&page.memory, &q, &token.token));
    return yao_page_answer_wish(&token.token.wish);
}

yao_status EXPORT(token_signed)(const uint8_t *ptr, size_t len)
{
    yao_bytes  signature = yao_page_bytes(ptr, len);
    yao_writer w;

    if (token.token.unsigned_jwt.len == 0 && token.dpop.text.len == 0)
        return YAO_E_USAGE;
    if (!token.proof)
        return yao_oauth_sign(&page.memory, &token.dpop, signature,
                              &page.answer);
    w = yao_writer_in(&page.memory);
    yao_vci_put_token(&w, &token.token, signature);
    return yao_page_answer(&w);
}

/* The answer is the key as a JWK. */
yao_status EXPORT(write_jwk)(const uint8_t *ptr, size_t len)
{
    yao_public_key key;
    yao_writer     w = yao_writer_in(&page.memory);

    if (len != 65 || ptr[0] != 4)
        return YAO_E_KEY;
    YAO_TRY(yao_public_key_make(YAO_P256, (yao_bytes){ptr + 1, 32},
                                (yao_bytes){ptr + 33, 32}, &key));
    yao_jwk_put(&w, &key);
    return yao_page_answer(&w);
}
