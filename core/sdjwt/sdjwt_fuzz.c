/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first byte chooses the options, the rest is a token.
 *
 * Nothing is accepted whose signatures nobody found good. What is processed
 * has no carrier of digests in it. What a holder shows of a stored token is a
 * part of it, and can be processed again.
 *
 * Digests of a real hash would keep the fuzzer from ever hitting a disclosure,
 * so the hash is a short one, spelled in letters that it can learn.
 */

#include "sdjwt/process.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static _Alignas(max_align_t) uint8_t memory[8 * 1024 * 1024];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "sdjwt: %s\n", what);
        abort();
    }
}

/* A digest of zeros but for its first byte: the sum of the letters. */
static yao_status weak_hash(void *ctx, yao_hash_alg alg, const yao_bytes *parts,
                            size_t count, uint8_t *out)
{
    uint8_t sum = 0;

    (void)ctx;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < parts[i].len; k++)
            sum = (uint8_t)(sum + parts[i].ptr[k]);
    memset(out, 0, yao_hash_by_alg(alg)->len);
    out[0] = sum;
    return YAO_OK;
}

static const yao_crypto weak = {.hash = weak_hash};

static void no_carriers(const yao_json *value)
{
    for (const yao_json *c = value->first; c != NULL; c = c->next) {
        if (value->kind == YAO_JSON_OBJECT)
            demand(!yao_sdjwt_is_reserved(c, true), "a carrier is left");
        no_carriers(c);
    }
}

static void no_name_twice(const yao_json *value)
{
    for (const yao_json *a = value->first; a != NULL; a = a->next) {
        for (const yao_json *b = a->next;
             value->kind == YAO_JSON_OBJECT && b != NULL; b = b->next)
            demand(!yao_json_same_name(a, b), "a name twice");
        no_name_twice(a);
    }
}

static void check_processed(const yao_json *payload)
{
    yao_writer w = yao_writer_count();

    no_carriers(payload);
    no_name_twice(payload);
    yao_json_put_value(&w, payload);
    demand(w.status == YAO_OK, "too deep to be written");
}

/* ---- judging ---- */

static yao_sdjwt_verify_options options_of(uint8_t choice, yao_anchor *anchor)
{
    *anchor = (yao_anchor){
        .key  = {.curve = YAO_P256, .point = {0x04, 1}, .len = 65},
        .role = YAO_ROLE_ISSUER};
    return (yao_sdjwt_verify_options){
        .anchors      = anchor,
        .anchor_count = (choice & 1) == 0,
        .now          = 1795000000,
        .skew         = 60,
        .vc           = (choice & 2) != 0,
        .no_binding   = (choice & 4) != 0,
        .strict       = (choice & 8) != 0,
        .nonce        = (choice & 16) == 0 ? YAO_TEXT("n") : YAO_TEXT(""),
        .audience     = YAO_TEXT("a")};
}

static yao_status judge(yao_arena *arena, yao_bytes text, uint8_t choice,
                        yao_sig_outcome issuer, yao_sig_outcome holder)
{
    static yao_sdjwt_verification v;
    static yao_report             report;
    yao_sdjwt_unverified          u;
    yao_sdjwt_verified            verified;
    yao_anchor                    anchor;
    yao_sdjwt_verify_options      o = options_of(choice, &anchor);

    memset(&report, 0, sizeof report);
    YAO_TRY(yao_sdjwt_parse(arena, text, &u));
    YAO_TRY(yao_sdjwt_begin(arena, &weak, &u, &o, &v, &report));
    if (v.payload != NULL)
        check_processed(v.payload);
    for (size_t i = 0; i < v.check_count; i++)
        v.checks[i].outcome =
            i + 1 == v.check_count && u.has_kb ? holder : issuer;

    yao_status status = yao_sdjwt_conclude(&v, &verified, &report);
    if (status == YAO_OK) {
        demand(u.has_kb == verified.bound, "bound without a KB-JWT");
        demand(verified.bound == !o.no_binding, "binding was asked for");
        demand(o.anchor_count != 0, "nobody is trusted");
    }
    return status;
}

static void check_judging(yao_arena *arena, yao_bytes text, uint8_t choice)
{
    static const yao_sig_outcome doubtful[] = {
        YAO_SIG_UNCHECKED, YAO_SIG_BAD, YAO_SIG_UNSUPPORTED};

    for (size_t i = 0; i < 3; i++) {
        arena->used = 0;
        demand(judge(arena, text, choice, doubtful[i], YAO_SIG_GOOD) != YAO_OK,
               "accepted without its issuer");
    }
    arena->used = 0;
    (void)judge(arena, text, choice, YAO_SIG_GOOD, YAO_SIG_GOOD);
}

/* ---- showing ---- */

static bool is_of(const yao_sdjwt_unverified *stored, yao_bytes text)
{
    for (size_t i = 0; i < stored->disclosure_count; i++)
        if (yao_bytes_equal(stored->disclosures[i].text, text))
            return true;
    return false;
}

static void check_showing(yao_arena *arena, yao_bytes text,
                          const yao_sdjwt_path *path)
{
    yao_sdjwt_unverified stored, shown;
    yao_sdjwt_processed  processed;
    yao_sdjwt_presenting p;

    arena->used = 0;
    if (yao_sdjwt_present(arena, &weak, text, path, path == NULL ? 0 : 1,
                          YAO_TEXT("n"), YAO_TEXT("a"), 1795000000, YAO_ES256,
                          &p) != YAO_OK)
        return;
    demand(yao_sdjwt_parse(arena, text, &stored) == YAO_OK, "stored");
    demand(yao_sdjwt_parse(arena, p.shown, &shown) == YAO_OK, "shown");
    demand(!shown.has_kb, "a KB-JWT already");
    demand(shown.disclosure_count <= stored.disclosure_count, "more shown");
    for (size_t i = 0; i < shown.disclosure_count; i++)
        demand(is_of(&stored, shown.disclosures[i].text), "another disclosure");
    demand(path != NULL || shown.disclosure_count == 0, "shown unasked");
    demand(yao_sdjwt_process(arena, &weak, &shown, &processed) == YAO_OK,
           "what is shown does not hang together");
    check_processed(processed.payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const yao_text steps[] = {YAO_INIT("a"), YAO_INIT("0")};
    yao_sdjwt_path        paths[] = {{steps, 0}, {steps, 1}, {steps, 2}};
    yao_arena             arena   = {memory, sizeof memory, 0};
    uint8_t               choice  = len > 0 ? data[0] : 0;
    yao_bytes             text    = {data + (len > 0), len - (len > 0)};

    check_judging(&arena, text, choice);
    check_showing(&arena, text, NULL);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        check_showing(&arena, text, &paths[i]);
    return 0;
}
