/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is read as a JWS is the only spelling of it: encoding its parts again
 * gives the input. It names an algorithm of the table and nothing that is
 * forbidden. A key that is read, written and read again is the same key.
 */

#include "jose/jose.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "jose: %s\n", what);
        abort();
    }
}

static void check_key(const yao_json *jwk, yao_arena *arena)
{
    yao_public_key  one = {0}, two = {0};
    const yao_json *tree;
    yao_bytes       text;

    if (yao_jwk_read(jwk, arena, &one) != YAO_OK)
        return;
    demand(yao_public_key_well_formed(&one), "a key of another form");
    yao_writer w = yao_writer_in(arena);
    yao_jwk_put(&w, &one);
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "cannot write a key");
    demand(yao_json_parse(arena, text, &tree) == YAO_OK &&
               yao_jwk_read(tree, arena, &two) == YAO_OK,
           "cannot read a key again");
    demand(yao_public_key_equal(&one, &two), "another key");
}

static void check_header(const yao_jws *jws, yao_arena *arena)
{
    static const char *const forbidden[] = {"jku", "x5u", "crit", "b64"};

    for (size_t i = 0; i < sizeof forbidden / sizeof forbidden[0]; i++)
        demand(yao_json_get(jws->header, forbidden[i]) == NULL,
               "a forbidden parameter");
    const yao_sig_row *row = yao_sig_by_alg(jws->alg);
    demand(row != NULL, "no algorithm");
    demand(yao_json_is(yao_json_get(jws->header, "alg"), row->jose),
           "another algorithm than the header's");
    demand(jws->chain_count <= YAO_MAX_CHAIN, "too many certificates");
    check_key(jws->jwk, arena);
}

static void check_spelling(const yao_jws *jws, yao_bytes token,
                           yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    yao_put_base64url(&w, jws->payload_bytes);
    yao_jws_put_signature(&w, jws->signature);
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "cannot write");
    demand(text.len < token.len, "longer than the token");

    yao_bytes tail = {token.ptr + (token.len - text.len), text.len};
    demand(yao_bytes_equal(tail, text), "another spelling was accepted");
    demand(jws->signing_input.ptr == token.ptr &&
               token.ptr[jws->signing_input.len] == '.',
           "something else would be signed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena       arena = {memory, sizeof memory, 0};
    yao_bytes       input = {data, len};
    const yao_json *jwk;
    yao_jws         jws;

    if (yao_json_parse(&arena, input, &jwk) == YAO_OK)
        check_key(jwk, &arena);
    arena.used = 0;
    if (yao_jws_read_bytes(&arena, input, &jws) != YAO_OK)
        return 0;
    check_header(&jws, &arena);
    check_spelling(&jws, input, &arena);
    if (yao_jws_read(&arena, input, &jws) == YAO_OK)
        demand(jws.payload->kind == YAO_JSON_OBJECT, "no object");
    return 0;
}
