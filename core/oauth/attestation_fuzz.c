/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Four lines: header and payload of an attestation, and of its proof. Fewer
 * than three: the DPoP proof serves.
 *
 * What is accepted has a client, is signed by the attester's key and by the
 * key of cnf, nobody has looked at either signature, and so it is nobody's
 * yet; and it never outlives its exp.
 */

#include "oauth/attestation.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

enum { NOW = 1795305600 };

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "attestation: %s\n", what);
        abort();
    }
}

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx;
    (void)alg;
    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        out[i] = (uint8_t)(count + parts[0].len + i);
    return YAO_OK;
}

static yao_bytes next_line(yao_bytes *rest)
{
    size_t    at   = yao_bytes_find(*rest, '\n');
    yao_bytes line = {rest->ptr, at};

    if (at < rest->len)
        at++;
    *rest = (yao_bytes){rest->ptr + at, rest->len - at};
    return line;
}

static yao_bytes spell(yao_bytes *rest, yao_arena *arena)
{
    static const uint8_t zeros[64];
    yao_bytes            header = next_line(rest), payload = next_line(rest);
    yao_writer           w      = yao_writer_in(arena);
    yao_bytes            token;

    if (header.len == 0)
        return header;
    yao_jws_put_unsigned(&w, header, payload);
    yao_jws_put_signature(&w, (yao_bytes){zeros, sizeof zeros});
    demand(yao_writer_keep(&w, arena, &token) == YAO_OK, "room");
    return token;
}

static void check_found(const yao_attestation_unverified *f,
                        const yao_attester               *attester)
{
    demand(f->client_id.len != 0, "nobody");
    demand(f->attester == attester, "another attester");
    demand(f->check_count == 2, "not two signatures");
    demand(yao_public_key_equal(&f->checks[0].key, &attester->keys[0]),
           "not the attester's key");
    if (!f->combined)
        demand(yao_public_key_equal(&f->checks[1].key, &f->key),
               "not the attested key");
    demand(yao_oauth_answers(f->checks, f->check_count) == YAO_E_CRYPTO,
           "good before anybody looked");
    demand(f->expires > NOW - 60, "over");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena            arena  = {memory, sizeof memory, 0};
    const yao_crypto     crypto = {.hash = no_hash};
    const yao_public_key key    = {.curve = YAO_P256, .point = {4}, .len = 65};
    const yao_attester   attester = {.issuer    = YAO_TEXT("https://a.example"),
                                     .keys      = &key,
                                     .key_count = 1};
    const yao_dpop_unverified dpop = {.key = key};
    yao_attestation_ask       ask  = {.attesters      = &attester,
                                      .attester_count = 1,
                                      .audience = YAO_TEXT("https://s.example"),
                                      .clock    = {NOW, 300, 60},
                                      .crypto   = &crypto};
    yao_attestation_unverified found;
    yao_oauth_refusal          refusal = {YAO_OAUTH_NONE, NULL};
    yao_bytes                  rest    = {data, len};

    if (len > 64 * 1024)
        return 0;
    yao_bytes attestation = spell(&rest, &arena);
    yao_bytes pop         = spell(&rest, &arena);
    if (pop.len == 0 && len % 2 == 0)
        ask.dpop = &dpop;
    if (yao_attestation_read(&arena, attestation, pop, &ask, &found,
                             &refusal) == YAO_OK)
        check_found(&found, &attester);
    else
        demand(refusal.error != YAO_OAUTH_NONE, "refused without a word");
    return 0;
}
