/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is a proof; or, when it begins with a brace and has a second line,
 * header and payload of one, to be spelled out.
 *
 * What is accepted is for the method and address that were asked, was made
 * within the window, is checked with the key of its own header, is unchecked
 * as yet, and is remembered for longer than it could be accepted. The same
 * proof at the end of its life is remembered by the same words.
 */

#include "oauth/dpop.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

enum { NOW = 1795305600, WINDOW = 300, SKEW = 60 };

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "dpop: %s\n", what);
        abort();
    }
}

/* No hash, but all of the message is in it. */
static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    uint64_t state = 1469598103934665603u;

    (void)ctx;
    demand(alg == YAO_SHA256, "another hash");
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < parts[p].len; i++)
            state = (state ^ parts[p].ptr[i]) * 1099511628211u;
    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        out[i] = (uint8_t)(state >> (8 * (i % 8)));
    return YAO_OK;
}

static yao_bytes spell(yao_bytes lines, yao_arena *arena)
{
    static const uint8_t zeros[96];
    size_t               end   = yao_bytes_find(lines, '\n');
    yao_writer           w     = yao_writer_in(arena);
    yao_bytes            token = lines;

    if (lines.len == 0 || lines.ptr[0] != '{' || end == lines.len)
        return lines;
    yao_jws_put_unsigned(&w, (yao_bytes){lines.ptr, end},
                         (yao_bytes){lines.ptr + end + 1, lines.len - end - 1});
    yao_jws_put_signature(&w, (yao_bytes){zeros, lines.len % 2 ? 64 : 96});
    demand(yao_writer_keep(&w, arena, &token) == YAO_OK, "room");
    return token;
}

static int64_t number(const yao_json *payload, const char *name)
{
    int64_t value = 0;

    demand(yao_json_int(yao_json_get(payload, name), &value) == YAO_OK,
           "no number");
    return value;
}

static void check_proof(yao_bytes token, const yao_dpop_unverified *proof,
                        yao_arena *arena, const yao_crypto *crypto)
{
    yao_jws             jws;
    yao_text            htu;
    yao_dpop_unverified later;
    yao_dpop_ask        ask = {.method = YAO_TEXT("POST"),
                               .uri    = YAO_TEXT("https://a.example/token"),
                               .clock  = {NOW, WINDOW, SKEW},
                               .crypto = crypto};

    demand(yao_jws_read(arena, token, &jws) == YAO_OK, "no token");
    int64_t iat = number(jws.payload, "iat");
    demand(iat <= NOW + SKEW && iat >= NOW - WINDOW - SKEW, "out of time");
    demand(yao_json_is(yao_json_get(jws.payload, "htm"), "POST"),
           "another method");
    demand(yao_json_string(yao_json_get(jws.payload, "htu"), arena, &htu) ==
                   YAO_OK &&
               yao_dpop_same_uri(arena, htu, ask.uri),
           "another address");
    demand(proof->check.outcome == YAO_SIG_UNCHECKED, "good unseen");
    demand(yao_public_key_equal(&proof->check.key, &proof->key),
           "checked with another key");
    demand(proof->forget_at > iat + WINDOW + SKEW, "forgotten too early");

    ask.clock.now = iat + WINDOW + SKEW;
    if (yao_dpop_read(arena, token, &ask, &later, NULL) == YAO_OK)
        demand(yao_bytes_equal((yao_bytes){later.replay, YAO_SHA256_LEN},
                               (yao_bytes){proof->replay, YAO_SHA256_LEN}),
               "remembered by other words");
    ask.clock.now = proof->forget_at;
    demand(yao_dpop_read(arena, token, &ask, &later, NULL) != YAO_OK,
           "accepted after it was forgotten");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena           arena  = {memory, sizeof memory, 0};
    const yao_crypto    crypto = {.hash = no_hash};
    const yao_dpop_ask  ask = {.method = YAO_TEXT("POST"),
                               .uri    = YAO_TEXT("https://a.example/token"),
                               .clock  = {NOW, WINDOW, SKEW},
                               .crypto = &crypto};
    yao_dpop_unverified proof;
    yao_oauth_refusal   refusal = {YAO_OAUTH_NONE, NULL};

    if (len > 64 * 1024)
        return 0;
    yao_bytes token = spell((yao_bytes){data, len}, &arena);
    if (yao_dpop_read(&arena, token, &ask, &proof, &refusal) == YAO_OK)
        check_proof(token, &proof, &arena, &crypto);
    else
        demand(refusal.error != YAO_OAUTH_NONE && refusal.why != NULL,
               "refused without a word");
    return 0;
}
