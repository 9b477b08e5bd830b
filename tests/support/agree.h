/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_AGREE_H
#define YAO_TEST_AGREE_H

/**
 * What a host does for whoever seals and opens, into the arena.
 */

#include "token.h"

/** The agreement of KEY with PEER, which must go well. */
static inline yao_bytes test_agree(yao_openssl_key      *key,
                                   const yao_public_key *peer)
{
    yao_agree_wish wish = {.peer = *peer};
    uint8_t       *out  = yao_arena_take(test_arena(), YAO_MAX_AGREEMENT);

    assert_non_null(out);
    assert_status(yao_openssl_agree(key, &wish, out), YAO_OK);
    return (yao_bytes){out, peer->curve == YAO_P256 ? 32 : 48};
}

/** The answer to WISH; RET is written on YAO_OK. */
static inline yao_status test_aead(const yao_aead_wish *wish, yao_bytes *ret)
{
    uint8_t *out = yao_arena_take(test_arena(),
                                  wish->input.len + YAO_AEAD_TAG);

    assert_non_null(out);
    YAO_TRY(yao_openssl_aead(wish, out));
    *ret = (yao_bytes){out, wish->open ? wish->input.len - YAO_AEAD_TAG
                                       : wish->input.len + YAO_AEAD_TAG};
    return YAO_OK;
}

#endif
