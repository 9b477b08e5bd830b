/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties, for any input whose signer is pinned as an anchor:
 *   - a home that answers nothing never makes a document accepted;
 *   - what a home that says GOOD to all makes accepted shows only items whose
 *     digest stands in the MSO as it was received, no element twice, of the
 *     MSO's docType, between its dates;
 *   - a strict reading is accepted only where a lenient one is, and the same;
 *   - what is chosen of an IssuerSigned is read back as the same bytes.
 *
 * The first byte says how the rest is taken. A mutator of its own writes the
 * right digests into the MSO after each change, or nothing behind them would
 * ever be reached.
 */

#include "mdoc/mdoc.h"
#include "yaopai/openssl.h"

#include <string.h>

#include "tape.h"

int    LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max,
                               unsigned seed);
/* libFuzzer's; a replay of the corpus has none */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t len,
                                              size_t max);

enum { ISSUED = 1, STRICT = 2, TRANSCRIPT = 4, AGREED = 8 };

static _Alignas(16) uint8_t memory[4 * 1024 * 1024];

static const yao_crypto *home(void)
{
    static yao_openssl *openssl;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    must(openssl != NULL);
    return yao_openssl_crypto(openssl);
}

static yao_status parse(yao_arena *arena, yao_bytes input, uint8_t how,
                        bool strict, yao_mdoc_unverified *ret)
{
    return how & ISSUED
               ? yao_mdoc_parse_issuer_signed(arena, input, strict, ret)
               : yao_mdoc_parse_response(arena, input, strict, ret);
}

/* ---- what is shown was signed ------------------------------------------- */

/* The digest of ITEM in valueDigests, walked anew. */
static yao_bytes digest_of(yao_bytes value_digests, const yao_mdoc_item *item)
{
    yao_cbor_reader r      = yao_cbor_open_foreign(value_digests);
    uint64_t        spaces = yao_cbor_get_map(&r);
    yao_bytes       found  = {NULL, 0};

    for (uint64_t i = 0; i < spaces; i++) {
        bool     here  = yao_text_equal(yao_cbor_get_text(&r),
                                        item->name_space);
        uint64_t pairs = yao_cbor_get_map(&r);

        for (uint64_t j = 0; j < pairs; j++) {
            uint64_t  id     = yao_cbor_get_uint(&r);
            yao_bytes digest = yao_cbor_get_bytes(&r);

            if (here && id == item->digest_id)
                found = digest;
        }
    }
    must(yao_cbor_close(&r) == YAO_OK);
    return found;
}

static void check_item(const yao_mdoc_mso *mso, const yao_mdoc_item *item)
{
    const yao_hash_row *row = yao_hash_by_alg(mso->digest_alg);
    uint8_t             got[YAO_MAX_HASH];

    must(row != NULL && item->random.len >= 16);
    must(home()->hash(home()->ctx, row->alg, &item->whole, 1, got) == YAO_OK);
    must(yao_bytes_equal((yao_bytes){got, row->len},
                         digest_of(mso->value_digests, item)));
}

static void check_verified(const yao_mdoc_document *doc,
                           const yao_mdoc_verified *v, yao_time now)
{
    must(yao_text_equal(v->doc_type, doc->issuer.mso.doc_type));
    must(v->validity.valid_from <= now && now <= v->validity.valid_until);
    for (size_t i = 0; i < v->item_count; i++) {
        check_item(&doc->issuer.mso, &v->items[i]);
        for (size_t j = 0; j < i; j++)
            must(!yao_text_equal(v->items[i].element, v->items[j].element) ||
                 !yao_text_equal(v->items[i].name_space,
                                 v->items[j].name_space));
    }
}

/* ---- judging ------------------------------------------------------------ */

/* Judge with a home that gives ANSWER to every check. */
static void judge(yao_arena arena, const yao_mdoc_unverified *parsed,
                  const yao_mdoc_verify_options *options, uint8_t how,
                  yao_sig_outcome answer)
{
    yao_report            report = {.count = 0};
    yao_mdoc_verification v;
    yao_mdoc_verified     verified;

    if (yao_mdoc_begin(&arena, home(), parsed, options, &v, &report) != YAO_OK)
        return;
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome = answer;
    for (size_t i = 0; i < v.agreement_count; i++) {
        v.agreements[i].answered   = (how & AGREED) != 0;
        v.agreements[i].secret_len = 32;
        memset(v.agreements[i].secret, 7, 32);
    }
    for (size_t i = 0; i < parsed->document_count; i++) {
        yao_status status =
            yao_mdoc_conclude(&v, home(), i, &verified, &report);

        must(status != YAO_OK || answer == YAO_SIG_GOOD);
        must(status != YAO_OK || parsed->issuer_only ||
             options->transcript.len != 0);
        if (status == YAO_OK)
            check_verified(&parsed->documents[i], &verified, options->now);
    }
    must(!report.full);
}

/* The signer of the first document is pinned: all that a stranger's input can
 * be accepted by. */
static void judge_both(yao_arena arena, const yao_mdoc_unverified *parsed,
                       uint8_t how)
{
    if (parsed->document_count == 0)
        return;

    const yao_mdoc_issuer_signed *s = &parsed->documents[0].issuer;
    yao_anchor                    anchor = {.certificate = s->auth.chain[0],
                                               .role = YAO_ROLE_ISSUER};
    yao_mdoc_verify_options options = {
        .anchors      = &anchor,
        .anchor_count = s->auth.chain_count != 0,
        .now          = s->mso.validity.valid_from,
        .strict       = (how & STRICT) != 0,
    };
    if (how & TRANSCRIPT)
        options.transcript = YAO_LIT("\x83\xf6\xf6\xf6");
    judge(arena, parsed, &options, how, YAO_SIG_UNCHECKED);
    judge(arena, parsed, &options, how, YAO_SIG_UNSUPPORTED);
    judge(arena, parsed, &options, how, YAO_SIG_BAD);
    judge(arena, parsed, &options, how, YAO_SIG_GOOD);
}

/* ---- showing ------------------------------------------------------------ */

static bool same_item(const yao_mdoc_item *a, const yao_mdoc_item *b)
{
    return yao_bytes_equal(a->whole, b->whole) &&
           yao_text_equal(a->name_space, b->name_space);
}

/* Every second item is asked for. */
static void show(yao_arena arena, yao_bytes input,
                 const yao_mdoc_issuer_signed *stored)
{
    yao_mdoc_selector   asked[YAO_MAX_ELEMENTS];
    size_t              count = 0;
    yao_mdoc_presenting p;
    yao_mdoc_unverified again;

    for (size_t i = 0; i < stored->item_count; i += 2)
        asked[count++] = (yao_mdoc_selector){stored->items[i].name_space,
                                             stored->items[i].element};
    if (yao_mdoc_present(&arena, input, asked, count, YAO_LIT("\xf6"), &p) !=
        YAO_OK)
        return;
    must(yao_mdoc_parse_issuer_signed(&arena, p.issuer_signed, false, &again) ==
         YAO_OK);

    const yao_mdoc_issuer_signed *s = &again.documents[0].issuer;
    must(s->item_count == count);
    must(yao_bytes_equal(s->auth_whole, stored->auth_whole));
    for (size_t i = 0; i < count; i++)
        must(same_item(&s->items[i], &stored->items[2 * i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_arena           arena = {memory, sizeof memory, 0};
    yao_mdoc_unverified lenient, strict;

    if (len == 0)
        return 0;

    uint8_t    how    = data[0];
    yao_bytes  input  = {data + 1, len - 1};
    yao_status status = parse(&arena, input, how, false, &lenient);
    yao_status other  = parse(&arena, input, how, true, &strict);

    must(status != YAO_E_SPACE && other != YAO_E_SPACE);
    must(other != YAO_OK || (status == YAO_OK && !lenient.longer));
    must(status != YAO_OK || lenient.longer || other == YAO_OK);
    if (status != YAO_OK)
        return 0;
    judge_both(arena, &lenient, how);
    if (how & ISSUED)
        show(arena, input, &lenient.documents[0].issuer);

    return 0;
}

/* ---- mutation that keeps the digests right ------------------------------ */

static void set_digest(const yao_mdoc_mso *mso, const yao_mdoc_item *item)
{
    const yao_hash_row *row = yao_hash_by_alg(mso->digest_alg);
    yao_bytes           at  = digest_of(mso->value_digests, item);
    uint8_t             got[YAO_MAX_HASH];

    if (row == NULL || at.len != row->len)
        return;
    must(home()->hash(home()->ctx, row->alg, &item->whole, 1, got) == YAO_OK);
    memcpy((uint8_t *)(uintptr_t)at.ptr, got, row->len);
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t max,
                               unsigned seed)
{
    yao_arena           arena = {memory, sizeof memory, 0};
    yao_mdoc_unverified parsed;

    len = LLVMFuzzerMutate(data, len, max);
    if (len == 0 || seed % 4 == 0 ||
        parse(&arena, (yao_bytes){data + 1, len - 1}, data[0], false,
              &parsed) != YAO_OK)
        return len;

    for (size_t d = 0; d < parsed.document_count; d++) {
        const yao_mdoc_issuer_signed *s = &parsed.documents[d].issuer;

        for (size_t i = 0; i < s->item_count; i++)
            set_digest(&s->mso, &s->items[i]);
    }
    return len;
}
