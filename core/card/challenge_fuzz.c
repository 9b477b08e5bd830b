/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input whose reader is known:
 *   - a challenge that is read could be written again, byte for byte;
 *   - a home that answers nothing, or BAD, never lets anybody ask;
 *   - who may ask is let for a minute at most, for a profile of theirs.
 *
 * Hashes are true but for that of the reader's certificate, which is whatever
 * the challenge calls it.
 */

#include "card_fixture.h"
#include "tape.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(16) uint8_t memory[256 * 1024];

static yao_bytes kid;

static yao_status hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                       size_t count, uint8_t *out)
{
    (void)ctx;
    if (parts[0].ptr != card_fixture_get()->reader.ptr)
        return forge_crypto()->hash(forge_crypto()->ctx, alg, parts, count,
                                    out);
    memset(out, 0, YAO_SHA256_LEN);
    memcpy(out, kid.ptr, kid.len);
    return YAO_OK;
}

static const yao_crypto home = {.hash = hash};

static void write_again(yao_arena arena, yao_bytes input,
                        const yao_card_challenge *c)
{
    const yao_sig_row *row = yao_sig_by_cose(c->message.alg);
    yao_card_issuing   making;

    if (row == NULL || row->signature_len != c->message.signature.len ||
        row->cose != c->message.alg)
        return; /* no algorithm of ours to write it with */

    yao_card_challenge_request q = {.nonce       = c->nonce,
                                    .expires     = c->expires,
                                    .profile     = c->profile,
                                    .key         = c->key,
                                    .place       = c->place,
                                    .alg         = row->alg,
                                    .reader = card_fixture_get()->reader,
                                    .chain       = c->message.chain,
                                    .chain_count = c->message.chain_count};
    must(yao_card_make_challenge(&arena, &home, &q, &making) == YAO_OK);

    yao_writer w = yao_writer_in(&arena);
    must(yao_card_put_issued(&w, &making, c->message.signature) == YAO_OK);
    must(yao_bytes_equal((yao_bytes){w.ptr, w.len}, input));
}

static void judge(yao_arena arena, const yao_card_challenge *c,
                  yao_sig_outcome answer)
{
    const card_fixture     *f = card_fixture_get();
    yao_card_reader_options o = {.anchors      = f->anchors,
                                 .anchor_count = 2,
                                 .readers      = &f->reader,
                                 .reader_count = 1,
                                 .now          = CARD_NOW,
                                 .skew         = 5};
    yao_card_reader_check check;
    yao_card_reader       reader;
    yao_report            report = {.count = 0};

    must(yao_card_begin_reader(&arena, &home, c, &o, &check, &report) ==
         YAO_OK);
    for (size_t i = 0; i < check.check_count; i++)
        check.checks[i].outcome = answer;

    yao_status status = yao_card_conclude_reader(&check, &reader, &report);
    must(status != YAO_OK || answer == YAO_SIG_GOOD);
    if (status != YAO_OK)
        return;
    must(c->expires >= CARD_NOW - 5 && c->expires <= CARD_NOW + 65);
    must(yao_text_equal(reader.profile, YAO_TEXT("hotel")) ||
         yao_text_equal(reader.profile, YAO_TEXT("age")));
    must(yao_bytes_equal(reader.certificate->der, f->reader));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena          arena = {memory, sizeof memory, 0};
    yao_bytes          input = {data, len};
    yao_card_challenge c;

    if (yao_card_read_challenge(input, &c) != YAO_OK)
        return 0;
    must(yao_card_kind_of(input) == YAO_CARD_WHOLE_SIGNED);
    kid = c.message.kid;
    write_again(arena, input, &c);
    for (int answer = YAO_SIG_UNCHECKED; answer <= YAO_SIG_UNSUPPORTED;
         answer++)
        judge(arena, &c, (yao_sig_outcome)answer);
    return 0;
}
