/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is a token or a key; or, when it begins with a brace and has a
 * second line, the header and the payload of a token, to be spelled out.
 *
 * What is read as a JWS is the only spelling of it: encoding its parts again
 * gives the input. It names an algorithm of the table and nothing that is
 * forbidden, and can be checked only with a key of that algorithm's curve. A
 * key that is read, written and read again is the same key; so is a chain.
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

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx;
    demand(alg == YAO_SHA256 && count == 1 && parts[0].len > 0, "a hash of");
    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        out[i] = parts[0].ptr[i];
    return YAO_OK;
}

/* KEY may be of any form here: only a whole point has a thumbprint. */
static void check_thumbprint(const yao_public_key *key)
{
    yao_crypto crypto = {.hash = no_hash};
    uint8_t    out[YAO_SHA256_LEN];
    yao_status status = yao_jwk_thumbprint(key, &crypto, out);
    bool whole = yao_public_key_well_formed(key) && key->point[0] == 0x04;

    demand((status == YAO_OK) == whole, "a thumbprint of half a key");
}

static void check_signature(const yao_jws *jws, yao_curve curve, uint8_t len)
{
    yao_public_key      key = {.curve = curve, .point = {0x04}, .len = len};
    yao_signature_check check;
    const yao_sig_row  *row = yao_sig_by_alg(jws->alg);

    check_thumbprint(&key);
    if (yao_jws_check(jws, &key, &check) != YAO_OK) {
        demand(row->curve != curve ||
                   jws->signature.len != row->signature_len,
               "cannot be checked");
        return;
    }
    demand(row->curve == curve && check.alg == jws->alg &&
               check.signature.len == row->signature_len,
           "another check than asked");
    demand(check.outcome == YAO_SIG_UNCHECKED, "good before anybody looked");
}

static void check_chain(const yao_jws *jws, yao_arena *arena)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  header, token;
    yao_jws    again;

    if (jws->chain_count == 0)
        return;
    yao_put_text(&w, "{\"alg\":\"ES256\",");
    yao_jws_put_x5c(&w, jws->chain, jws->chain_count);
    yao_put_byte(&w, '}');
    demand(yao_writer_keep(&w, arena, &header) == YAO_OK, "room");
    w = yao_writer_in(arena);
    yao_jws_put_unsigned(&w, header, YAO_LIT("{}"));
    yao_jws_put_signature(&w, YAO_LIT("x"));
    demand(yao_writer_keep(&w, arena, &token) == YAO_OK, "room");
    demand(yao_jws_read(arena, token, &again) == YAO_OK, "chain is refused");
    demand(again.chain_count == jws->chain_count, "another chain");
    for (size_t i = 0; i < again.chain_count; i++)
        demand(yao_bytes_equal(again.chain[i], jws->chain[i]),
               "another certificate");
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
    check_chain(jws, arena);
    check_signature(jws, YAO_P256, 65);
    check_signature(jws, YAO_P384, 97);
    check_signature(jws, YAO_P256, 33);
    check_signature(jws, YAO_CURVE_NONE, 0);
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

static yao_bytes spell(yao_bytes lines, yao_arena *arena)
{
    static const uint8_t zeros[96];
    size_t               end   = yao_bytes_find(lines, '\n');
    yao_writer           w     = yao_writer_in(arena);
    yao_bytes            token = lines;

    if (lines.len == 0 || lines.ptr[0] != '{' || end == lines.len)
        return lines;
    yao_jws_put_unsigned(&w, (yao_bytes){lines.ptr, end},
                         (yao_bytes){lines.ptr + end + 1,
                                     lines.len - end - 1});
    yao_jws_put_signature(&w, (yao_bytes){zeros, lines.len % 2 ? 64 : 96});
    demand(yao_writer_keep(&w, arena, &token) == YAO_OK, "room");
    return token;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena       arena = {memory, sizeof memory, 0};
    yao_bytes       input = {data, len};
    const yao_json *jwk;
    yao_jws         jws;

    if (len > 512 * 1024)
        return 0;
    if (yao_json_parse(&arena, input, &jwk) == YAO_OK)
        check_key(jwk, &arena);
    arena.used = 0;
    input      = spell(input, &arena);
    if (yao_jws_read_bytes(&arena, input, &jws) != YAO_OK)
        return 0;
    check_header(&jws, &arena);
    check_spelling(&jws, input, &arena);
    if (yao_jws_read(&arena, input, &jws) == YAO_OK)
        demand(jws.payload->kind == YAO_JSON_OBJECT, "no object");
    return 0;
}
