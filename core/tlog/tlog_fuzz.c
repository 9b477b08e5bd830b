/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The first byte says what the rest is.
 *
 * A proof: sizes, which leaf, a change, and hashes that a forger chose.
 *   - what is planned and made is what the definition makes, and is accepted
 *   - no other proof, leaf or index is, for the same head (misuse F14)
 *   - nor another beginning
 *
 * A note: any bytes, or a text that is signed here.
 *   - what is read is the only spelling of it
 *   - no home that lacks the key, the algorithm or itself gives a checkpoint
 *   - a checkpoint that is given is written again as it was, but for more lines
 */

#include "tlog/tlog.h"
#include "yaopai/openssl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "naive_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MOST = 70, ROOM = 256 * 1024 };

static _Alignas(max_align_t) uint8_t memory[4 * ROOM];

static uint8_t       written[ROOM];
static yao_tlog_hash leaves[MOST], roots[MOST + 1];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "tlog: %s\n", what);
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

/* ---- proofs ------------------------------------------------------------- */

static void grow(void)
{
    static bool grown;

    for (size_t i = 0; !grown && i < MOST; i++) {
        uint8_t entry = (uint8_t)i;

        demand(yao_tlog_hash_leaf(home(), (yao_bytes){&entry, 1}, &leaves[i]) ==
                   YAO_OK,
               "no leaf");
    }
    for (size_t n = 0; !grown && n <= MOST; n++)
        demand(naive_root(home(), leaves, n, &roots[n]) == YAO_OK, "no root");
    grown = true;
}

/* What a forger wants: which proof to change, where, and hashes of its own. */
typedef struct forgery {
    uint8_t   at, bit;
    yao_bytes hashes;
} forgery;

typedef struct proof {
    yao_tlog_hash hashes[YAO_TLOG_MAX_PROOF];
    size_t        count;
} proof;

static bool same_proof(const proof *a, const proof *b)
{
    return a->count == b->count &&
           memcmp(a->hashes, b->hashes, a->count * sizeof a->hashes[0]) == 0;
}

static void make(const yao_tlog_plan *plan, proof *ret)
{
    yao_tlog_hash hashes[YAO_TLOG_MAX_NODES];

    demand(naive_fetch(home(), leaves, plan, hashes) == YAO_OK &&
               yao_tlog_prove(home(), plan, hashes, ret->hashes) == YAO_OK,
           "no proof");
    ret->count = plan->hash_count;
}

/* RIGHT with one bit turned round, or the forger's hashes; of them some may
 * be those of real nodes. False when it would be the right one. */
static bool forge(const forgery *f, const proof *right, proof *ret)
{
    *ret = *right;
    if (f->hashes.len == 0) {
        if (right->count == 0)
            return false;
        ret->hashes[f->at % right->count].bytes[f->bit / 8] ^=
            (uint8_t)(1u << f->bit % 8);
        return true;
    }
    ret->count = f->hashes.len % YAO_TLOG_MAX_PROOF;
    for (size_t i = 0; i < ret->count; i++) {
        uint8_t from = f->hashes.ptr[i];

        ret->hashes[i] = from < MOST       ? leaves[from]
                         : from < 2 * MOST ? roots[from - MOST]
                                           : right->hashes[from % 8];
    }
    return !same_proof(right, ret);
}

static void inclusion(size_t index, size_t size, const forgery *f)
{
    yao_tlog_claim claim = {leaves[index], index, size}, other = claim;
    yao_tlog_plan  plan;
    proof          want = {.count = 0}, got = {.count = 0}, forged;

    demand(naive_path(home(), leaves, index, size, want.hashes, &want.count) ==
               YAO_OK,
           "no path");
    demand(yao_tlog_plan_inclusion(index, size, &plan) == YAO_OK, "no plan");
    make(&plan, &got);
    demand(same_proof(&want, &got), "not the path of the definition");
    demand(yao_tlog_verify_inclusion(home(), &claim, got.hashes, got.count,
                                     &roots[size]) == YAO_OK,
           "a path that is refused");

    if (forge(f, &got, &forged))
        demand(yao_tlog_verify_inclusion(home(), &claim, forged.hashes,
                                         forged.count, &roots[size]) != YAO_OK,
               "another path");
    else
        forged = got;
    other.index = f->at;
    if (other.index != index)
        demand(yao_tlog_verify_inclusion(home(), &other, forged.hashes,
                                         forged.count, &roots[size]) != YAO_OK,
               "another index");
    other      = claim;
    other.leaf = f->bit < MOST ? leaves[f->bit] : roots[f->bit % MOST];
    if (memcmp(&other.leaf, &claim.leaf, sizeof other.leaf) != 0)
        demand(yao_tlog_verify_inclusion(home(), &other, forged.hashes,
                                         forged.count, &roots[size]) != YAO_OK,
               "another leaf");
}

static void consistency(size_t first, size_t second, const forgery *f)
{
    yao_tlog_head a = {first, roots[first]}, b = {second, roots[second]};
    yao_tlog_plan plan;
    proof         want = {.count = 0}, got = {.count = 0}, forged;

    if (first != 0)
        demand(naive_subproof(home(), leaves, first, second, true, want.hashes,
                              &want.count) == YAO_OK,
               "no proof by definition");
    demand(yao_tlog_plan_consistency(first, second, &plan) == YAO_OK,
           "no plan");
    make(&plan, &got);
    demand(same_proof(&want, &got), "not the proof of the definition");
    demand(yao_tlog_verify_consistency(home(), &a, &b, got.hashes, got.count) ==
               YAO_OK,
           "a proof that is refused");

    if (forge(f, &got, &forged))
        demand(yao_tlog_verify_consistency(home(), &a, &b, forged.hashes,
                                           forged.count) != YAO_OK,
               "another proof");
    else
        forged = got;
    a.root.bytes[f->bit / 8] ^= (uint8_t)(1u << f->bit % 8);
    demand(yao_tlog_verify_consistency(home(), &a, &b, forged.hashes,
                                       forged.count) != YAO_OK,
           "another beginning");
}

/* Kind, size, number, where, which bit; hashes. */
static void proofs(yao_bytes input)
{
    if (input.len < 4)
        return;
    grow();
    size_t  size = 1 + input.ptr[0] % MOST;
    forgery f    = {input.ptr[2], input.ptr[3], {input.ptr + 4, input.len - 4}};

    inclusion(input.ptr[1] % size, size, &f);
    consistency(input.ptr[1] % (size + 1), size, &f);
}

/* ---- notes -------------------------------------------------------------- */

#define ORIGIN YAO_TEXT("log.example/SPECIMEN")

static yao_openssl_key *secret(void)
{
    static yao_openssl_key *key;

    if (key == NULL)
        demand(yao_openssl_key_generate(YAO_ED25519, &key) == YAO_OK, "no key");
    return key;
}

static void check_spelling(const yao_tlog_note *note, yao_bytes input)
{
    yao_writer w = yao_writer_open(written, sizeof written);

    yao_put_bytes(&w, note->text);
    yao_put_byte(&w, '\n');
    for (size_t i = 0; i < note->signature_count; i++) {
        const yao_tlog_signature *s = &note->signatures[i];

        demand(s->id.ptr + s->id.len == s->signature.ptr, "an id elsewhere");
        yao_put_text(&w, "\xe2\x80\x94 ");
        yao_put_bytes(&w, yao_text_bytes(s->name));
        yao_put_byte(&w, ' ');
        yao_put_base64(&w,
                       (yao_bytes){s->id.ptr, s->id.len + s->signature.len});
        yao_put_byte(&w, '\n');
    }
    demand(yao_bytes_equal((yao_bytes){written, w.len}, input),
           "another spelling");
}

/* A checkpoint without its further lines is what would be written for it. */
static void check_text(const yao_tlog_signed     *made,
                       const yao_tlog_checkpoint *c)
{
    yao_writer w = yao_writer_open(written, sizeof written);

    yao_tlog_put_checkpoint(&w, c->origin, &c->head);
    yao_put_bytes(&w, c->extra);
    demand(yao_bytes_equal((yao_bytes){written, w.len}, made->text),
           "another checkpoint");
}

/* As if signed by whoever is named: the key has the id of the first line. */
static void note(yao_bytes input)
{
    static const yao_sig_outcome answers[] = {
        YAO_SIG_UNCHECKED, YAO_SIG_UNSUPPORTED, YAO_SIG_BAD, YAO_SIG_GOOD};
    yao_arena           arena = {memory, sizeof memory, 0};
    yao_tlog_note       n;
    yao_tlog_signed     made;
    yao_tlog_checkpoint c;

    if (yao_tlog_note_read(&arena, input, &n) != YAO_OK)
        return;
    demand(n.signature_count != 0, "a note that nobody signed");
    check_spelling(&n, input);

    yao_tlog_key key = {.name = n.signatures[0].name,
                        .alg = n.signatures[0].signature.len == 64 ? YAO_ED25519
                                                                   : YAO_ES256,
                        .key = yao_openssl_key_public(secret())};
    memcpy(key.id, n.signatures[0].id.ptr, YAO_TLOG_KEY_ID);
    demand(yao_tlog_note_begin(&arena, &n, &key, 0, &made) == YAO_E_UNTRUSTED,
           "checks without a key");
    if (yao_tlog_note_begin(&arena, &n, &key, 1, &made) != YAO_OK)
        return;
    yao_text origin = {n.text.ptr, yao_bytes_find(n.text, '\n')};
    for (size_t a = 0; a < 4; a++) {
        for (size_t i = 0; i < made.check_count; i++)
            made.checks[i].outcome = answers[a];
        yao_status status = yao_tlog_checkpoint_conclude(&made, origin, &c);
        demand(status != YAO_OK || answers[a] == YAO_SIG_GOOD,
               "a checkpoint that nobody checked");
        if (status == YAO_OK)
            check_text(&made, &c);
    }
}

/* The two first bytes say which bit is turned round. */
static void sign(yao_bytes input)
{
    yao_arena       arena = {memory, sizeof memory, 0};
    yao_public_key  point = yao_openssl_key_public(secret());
    yao_writer      w     = yao_writer_open(written, sizeof written);
    uint8_t         signature[YAO_MAX_SIGNATURE];
    size_t          len = 0;
    yao_tlog_key    key;
    yao_tlog_note   n;
    yao_tlog_signed made;
    yao_bytes       text;

    if (input.len < 3)
        return;
    yao_bytes     body = {input.ptr + 2, input.len - 2};
    yao_sign_wish wish = yao_sign_wish_of(YAO_ED25519, body);
    demand(yao_tlog_key_make(home(), YAO_TEXT("log"), &point, &key) ==
                   YAO_OK &&
               yao_openssl_sign(secret(), &wish, signature, &len) == YAO_OK,
           "no signature");
    yao_put_bytes(&w, body);
    yao_put_byte(&w, '\n');
    yao_tlog_put_signature(&w, &key, (yao_bytes){signature, len});
    demand(w.status == YAO_OK, "no room");

    size_t at = ((size_t)input.ptr[0] << 5 | input.ptr[1] >> 3) % w.len;
    for (int changed = 0; changed < 2; changed++) {
        if (changed)
            written[at] ^= (uint8_t)(1u << input.ptr[1] % 8);
        if (yao_tlog_note_read(&arena, (yao_bytes){written, w.len}, &n) !=
                YAO_OK ||
            yao_tlog_note_begin(&arena, &n, &key, 1, &made) != YAO_OK)
            continue;
        demand(home()->verify(home()->ctx, made.checks, made.check_count) ==
                   YAO_OK,
               "a home that failed");
        yao_status status = yao_tlog_note_conclude(&made, &text);
        demand((status == YAO_OK) ==
                   (!changed && yao_bytes_equal(n.text, body)),
               "changed, and good; or not");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2 || len > ROOM / 4)
        return 0;

    yao_bytes rest = {data + 1, len - 1};
    if (data[0] % 4 == 0)
        proofs(rest);
    else if (data[0] % 4 == 1)
        sign(rest);
    else
        note(rest);
    return 0;
}
