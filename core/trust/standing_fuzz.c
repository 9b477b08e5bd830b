/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any letters:
 *   - a code that is read has an address behind which a path can stand, an id,
 *     a place and a hash of their lengths;
 *   - what it says can be made again, and is read as the same;
 *   - nobody is its party without a good signature.
 */

#include "trust/standing.h"

#include <string.h>

#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t memory[256 * 1024];

static yao_status no_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                          size_t count, uint8_t *out)
{
    (void)ctx;
    (void)alg;
    (void)parts;
    (void)count;
    memset(out, 7, YAO_SHA256_LEN);
    return YAO_OK;
}

static void check_again(yao_arena *arena, const yao_standing *s)
{
    const yao_crypto    crypto        = {.hash = no_hash};
    const uint8_t       signature[64] = {0};
    yao_standing_making making;
    yao_standing        back;
    yao_bytes           letters;

    must(yao_standing_make(arena, &crypto, s, YAO_ES256, YAO_LIT("root"),
                           &making) == YAO_OK);
    yao_writer w = yao_writer_in(arena);
    yao_standing_put(&w, &making, (yao_bytes){signature, sizeof signature});
    if (w.status == YAO_E_LIMIT)
        return; /* it came with a shorter signature */
    must(yao_writer_keep(&w, arena, &letters) == YAO_OK);
    if (letters.len > YAO_STANDING_LETTERS)
        return;
    must(yao_standing_read(arena, letters, &back) == YAO_OK);
    must(yao_text_equal(back.url, s->url) && yao_bytes_equal(back.id, s->id));
    must(yao_text_equal(back.place, s->place) && back.expires == s->expires);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena              arena = {memory, sizeof memory, 0};
    yao_standing           s;
    yao_signature_check    check = {.outcome = YAO_SIG_BAD};
    const yao_trust_party *party = NULL;

    if (yao_standing_read(&arena, (yao_bytes){data, len}, &s) != YAO_OK)
        return 0;
    must(s.url.len > 0 && s.url.ptr[s.url.len - 1] != '/');
    must(s.id.len == YAO_STANDING_ID && s.reader.len == YAO_SHA256_LEN);
    must(s.place.len > 0 && s.profile.len > 0);
    must(yao_standing_conclude(&s, &check, NULL, &party) != YAO_OK);
    must(party == NULL);
    check_again(&arena, &s);
    return 0;
}
