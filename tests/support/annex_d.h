/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_ANNEX_D_H
#define YAO_TEST_ANNEX_D_H

/**
 * ISO/IEC 18013-5:2021 annex D, as published: a whole conversation, with the
 * keys of both sides. Call skip() when !test_have_vectors().
 */

#include "cbor_edit.h"
#include "raw_key.h"

#define ANNEX_D "iso18013-5-annexD-multipaz/"
#define ANNEX_D_NOW INT64_C(1609459200) /* 2021-01-01T00:00:00Z */

/** The value of NAME in annex_d.json, behind its common prefix. */
static inline yao_bytes annex_d(const char *name)
{
    yao_bytes   file = test_vector(ANNEX_D "annex_d.json");
    char       *text = yao_arena_take(test_arena(), file.len + 1);
    char        key[96] = "ISO_18013_5_ANNEX_D_";
    const char *at;

    assert_true(strlen(key) + strlen(name) + 2 < sizeof key);
    memcpy(key + strlen(key), name, strlen(name) + 1);
    memcpy(key + strlen(key), "\"", 2);
    memcpy(text, file.ptr, file.len);
    text[file.len] = '\0';
    at             = strstr(text, key);
    assert_non_null(at);
    at        = strchr(strchr(at, ':'), '"') + 1;
    size_t len = strcspn(at, "\"");
    char  *hex = yao_arena_take(test_arena(), len + 1);
    memcpy(hex, at, len);
    hex[len] = '\0';
    return test_unhex(hex);
}

/** SessionTranscript, the array. */
static inline yao_bytes annex_d_transcript(void)
{
    return cbor_bytes_at(annex_d("SESSION_TRANSCRIPT_BYTES"), "");
}

/** The x-coordinate on which both ephemeral keys agree. */
static inline yao_bytes annex_d_agree(yao_openssl_key *key, yao_public_key peer)
{
    yao_agree_wish wish = {.peer = peer};
    uint8_t       *out  = yao_arena_take(test_arena(), YAO_MAX_AGREEMENT);

    assert_status(yao_openssl_agree(key, &wish, out), YAO_OK);
    return (yao_bytes){out, 32};
}

#endif
