/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is a token; or, when it begins with a brace, a header and a line
 * break, three bytes that say which bit is turned round, and what is sealed.
 *
 *   - what is read as a JWE is the only spelling of it
 *   - it names an algorithm of the table, a whole nonce and a whole tag
 *   - what was sealed under a header that is accepted opens, to the same
 *   - and does not when a byte of the token is another one
 *   - a stranger's token does not open
 */

#include "jose/jwe.h"
#include "yaopai/openssl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MOST = 64 * 1024 };

static _Alignas(max_align_t) uint8_t memory[4 * 1024 * 1024];

static uint8_t opened[2 * MOST];

/* What would have been agreed on, on each curve. */
static const uint8_t agreed[48] = {'S', 'P', 'E', 'C', 'I', 'M', 'E', 'N'};

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "jwe: %s\n", what);
        abort();
    }
}

static const yao_crypto *home(void)
{
    static yao_openssl *openssl;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    demand(openssl != NULL, "no home");
    return yao_openssl_crypto(openssl);
}

static void how_to_open(const yao_jwe *jwe, yao_jwe_key *key,
                        yao_aead_wish *wish)
{
    yao_bytes shared = {agreed, jwe->ephemeral.curve == YAO_P256 ? 32 : 48};

    demand(yao_jwe_open(home(), jwe, shared, key, wish) == YAO_OK,
           "cannot be opened");
}

/* The token of WISH and what it gave. */
static yao_bytes spell(yao_arena *arena, const yao_aead_wish *wish,
                       yao_bytes sealed)
{
    yao_writer w = yao_writer_in(arena);
    yao_bytes  text;

    yao_jwe_put(&w, wish, sealed);
    demand(yao_writer_keep(&w, arena, &text) == YAO_OK, "cannot be written");
    return text;
}

static void check_read(const yao_jwe *jwe)
{
    demand(yao_aead_by_alg(jwe->enc) != NULL, "an enc out of nowhere");
    demand(jwe->nonce.len == YAO_AEAD_NONCE, "another nonce");
    demand(jwe->sealed.len >= YAO_AEAD_TAG, "no tag");
    demand(yao_public_key_well_formed(&jwe->ephemeral), "no key");
    demand(yao_json_get(jwe->header, "zip") == NULL &&
               yao_json_get(jwe->header, "crit") == NULL,
           "a header that is forbidden");
}

static void token(yao_arena arena, yao_bytes input)
{
    yao_jwe       jwe;
    yao_jwe_key   key;
    yao_aead_wish wish;

    if (yao_jwe_read(&arena, input, &jwe) != YAO_OK)
        return;
    check_read(&jwe);
    how_to_open(&jwe, &key, &wish);
    demand(yao_bytes_equal(spell(&arena, &wish, jwe.sealed), input),
           "another spelling");
    demand(yao_openssl_aead(&wish, opened) == YAO_E_SECRET,
           "opened by a stranger");
}

/* ---- sealed here -------------------------------------------------------- */

/* A token under HEADER, as if sealed; what matters is whether it is read. */
static yao_status read_header(yao_arena *arena, yao_bytes header, yao_jwe *ret)
{
    const uint8_t zero[YAO_AEAD_TAG] = {0};
    yao_writer    w                  = yao_writer_in(arena);
    yao_bytes     letters;
    yao_aead_wish wish = {.nonce = {zero, YAO_AEAD_NONCE}};

    yao_put_base64url(&w, header);
    demand(yao_writer_keep(&w, arena, &letters) == YAO_OK, "no room");
    wish.aad = letters;
    return yao_jwe_read(
        arena, spell(arena, &wish, (yao_bytes){zero, sizeof zero}), ret);
}

static bool opens(yao_arena arena, yao_bytes text, yao_bytes plain)
{
    yao_jwe       jwe;
    yao_jwe_key   key;
    yao_aead_wish wish;

    if (yao_jwe_read(&arena, text, &jwe) != YAO_OK)
        return false;
    how_to_open(&jwe, &key, &wish);
    if (yao_openssl_aead(&wish, opened) != YAO_OK)
        return false;
    demand(yao_bytes_equal((yao_bytes){opened, jwe.sealed.len - YAO_AEAD_TAG},
                           plain),
           "opened to something else");
    return true;
}

/* AT and BIT say which one is turned round. */
static void sealed(yao_arena arena, yao_bytes header, yao_bytes plain,
                   size_t at, unsigned bit)
{
    yao_jwe        jwe;
    yao_jwe_key    key;
    yao_aead_wish  wish;
    static uint8_t out[MOST + YAO_AEAD_TAG];

    if (read_header(&arena, header, &jwe) != YAO_OK)
        return;
    how_to_open(&jwe, &key, &wish);
    wish.open  = false;
    wish.input = plain;
    demand(yao_openssl_aead(&wish, out) == YAO_OK, "cannot be sealed");

    yao_bytes text =
        spell(&arena, &wish, (yao_bytes){out, plain.len + YAO_AEAD_TAG});
    demand(opens(arena, text, plain), "cannot be opened again");
    uint8_t *copy = yao_arena_take(&arena, text.len);
    demand(copy != NULL, "no room");
    memcpy(copy, text.ptr, text.len);
    copy[at % text.len] ^= (uint8_t)(1u << bit % 8);
    demand(!opens(arena, (yao_bytes){copy, text.len}, plain),
           "opens though it was changed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena arena = {memory, sizeof memory, 0};
    yao_bytes input = {data, len};

    if (len > MOST)
        return 0;
    token(arena, input);
    if (len == 0 || data[0] != '{')
        return 0;

    size_t line = yao_bytes_find(input, '\n');
    if (len - line < 4)
        return 0;
    const uint8_t *rest = data + line + 1;
    sealed(arena, (yao_bytes){data, line},
           (yao_bytes){rest + 3, len - line - 4},
           (size_t)rest[0] << 8 | rest[1], rest[2]);
    return 0;
}
