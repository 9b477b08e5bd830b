/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whatever a message says:
 *
 *   - what would be checked is the structure of RFC 9052, put together here
 *     once more and in another way
 *   - no home that lacks the key, the algorithm or itself makes it good
 *   - alg never comes from the unprotected header
 *   - a key that is accepted is well-formed, and the same when written
 *   - a message written with what was read has the same in it
 */

#include "cose/cwt.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { ROOM = 1024 * 1024 };

static uint8_t structure[ROOM], joined[ROOM], written[ROOM], heads[ROOM];
static size_t  joined_len;

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "cose: %s\n", what);
        abort();
    }
}

static void join(const yao_bytes *parts, size_t count)
{
    yao_writer w = yao_writer_open(joined, sizeof joined);

    for (size_t i = 0; i < count; i++)
        yao_put_bytes(&w, parts[i]);
    demand(w.status == YAO_OK, "the parts are longer than the message");
    joined_len = w.len;
}

/* A home whose answers are given by CTX. */
static yao_status hmac(void *ctx, yao_hash_alg alg, yao_bytes key,
                       const yao_bytes *parts, size_t count, uint8_t *out)
{
    (void)alg;
    (void)key;
    join(parts, count);
    for (size_t i = 0; i < YAO_SHA256_LEN; i++)
        out[i] = 0xa5;
    return *(const yao_status *)ctx;
}

static void expect(const char *context, const yao_cose_message *m,
                   yao_bytes payload)
{
    yao_writer w = yao_writer_open(structure, sizeof structure);

    yao_cbor_put_array(&w, 4);
    yao_cbor_put_string(&w, context);
    yao_cbor_put_bytes(&w, m->protected_bytes);
    yao_cbor_put_bytes(&w, (yao_bytes){0});
    yao_cbor_put_bytes(&w, payload);
    demand(yao_bytes_equal((yao_bytes){structure, w.len},
                           (yao_bytes){joined, joined_len}),
           "another structure would be checked");
}

static void sign1(const yao_cose_message *m, const yao_bytes *external,
                  yao_bytes payload)
{
    static const yao_curve curves[] = {YAO_P256, YAO_P384};

    for (size_t i = 0; i < 2; i++) {
        yao_public_key      key = {.curve = curves[i], .point = {4}, .len = 65};
        uint8_t             room[64];
        yao_arena           arena = {room, sizeof room, 0};
        yao_signature_check check;
        yao_status          got = yao_cose_check_sign1(
            m, &key, external, external == NULL ? 0 : 2, &arena, &check);
        const yao_sig_row *row = yao_sig_by_cose(m->alg);

        demand((got == YAO_OK) == (row != NULL && row->curve == curves[i] &&
                                   m->signature.len == row->signature_len),
               "a check for another algorithm, curve or length");
        if (got != YAO_OK)
            continue;
        demand(check.outcome == YAO_SIG_UNCHECKED, "good without a home");
        join(check.parts, check.part_count);
        expect("Signature1", m, payload);
    }
}

static void mac0(const yao_cose_message *m, const yao_bytes *external,
                 yao_bytes payload)
{
    static const yao_status answers[] = {YAO_OK, YAO_E_UNSUPPORTED,
                                         YAO_E_CRYPTO};
    bool                    ours      = m->signature.len == YAO_SHA256_LEN;

    for (size_t i = 0; i < m->signature.len; i++)
        ours = ours && m->signature.ptr[i] == 0xa5;
    for (size_t i = 0; i < 3; i++) {
        yao_status answer = answers[i];
        yao_crypto home   = {.ctx = &answer, .hmac = hmac};
        yao_status got    = yao_cose_verify_mac0(m, YAO_LIT("key"), external,
                                              external == NULL ? 0 : 2, &home);

        if (m->alg != 5) {
            demand(got == YAO_E_ALGORITHM, "a MAC of another algorithm");
            return;
        }
        demand(answer == YAO_OK || got == answer, "good by a home that failed");
        demand((got == YAO_OK) == (answer == YAO_OK && ours),
               "good by another tag");
        expect("MAC0", m, payload);
    }
}

static void compare(const yao_cose_message *a, const yao_cose_message *b)
{
    const yao_sig_row *x = yao_sig_by_cose(a->alg),
                      *y = yao_sig_by_cose(b->alg);

    demand(x == y, "another algorithm was written");
    demand(yao_bytes_equal(a->kid, b->kid), "another kid was written");
    demand(yao_bytes_equal(a->signature, b->signature), "another signature");
    demand(a->detached == b->detached &&
               yao_bytes_equal(a->payload, b->payload),
           "another payload was written");
    demand(yao_text_equal(a->type, b->type), "another type was written");
    demand(a->chain_count == b->chain_count, "another chain was written");
    demand(a->chain_protected == b->chain_protected, "the chain moved");
    for (size_t i = 0; i < a->chain_count; i++)
        demand(yao_bytes_equal(a->chain[i], b->chain[i]), "another link");
}

/* Make the message again, and what would be signed for it. */
static void again(const yao_cose_message *m, const yao_bytes *external,
                  yao_bytes payload)
{
    const yao_sig_row *row = yao_sig_by_cose(m->alg);

    if (row == NULL || m->signature.len != row->signature_len)
        return;

    yao_cose_headers headers = {.alg         = row->alg,
                                .kid         = m->kid,
                                .chain       = m->chain,
                                .chain_count = m->chain_count,
                                .chain_protected = m->chain_protected,
                                .type            = m->type};
    yao_writer       w       = yao_writer_open(written, sizeof written);
    yao_arena        arena   = {heads, sizeof heads, 0};
    yao_sign_wish    wish;
    yao_cose_message copy;

    yao_cose_put_sign1(&w, &headers, m->detached ? NULL : &m->payload,
                       m->signature);
    demand(w.status == YAO_OK, "what was read cannot be written");
    demand(yao_cose_read_message((yao_bytes){written, w.len}, 0, false,
                                 &copy) == YAO_OK,
           "what was written cannot be read");
    compare(m, &copy);
    demand(yao_cose_wish_sign1(&headers, external != NULL ? external : &payload,
                               external != NULL ? 2 : 1, &arena,
                               &wish) == YAO_OK,
           "what was read cannot be signed");
    join(wish.parts, wish.part_count);
    expect("Signature1", &copy, payload);
}

static void message(yao_bytes input, uint64_t tag, bool foreign)
{
    yao_cose_message m;
    uint8_t          detached[] = "detached";
    const yao_bytes  parts[2]   = {{detached, 3}, {detached + 3, 5}};
    yao_bytes        payload    = {detached, 8};

    if (yao_cose_read_message(input, tag, foreign, &m) != YAO_OK)
        return;
    demand(m.chain_count <= YAO_MAX_CHAIN, "too many certificates");
    for (size_t i = 0; i < m.chain_count; i++)
        demand(m.chain[i].len != 0, "an empty certificate");
    demand(m.protected_bytes.len != 0 || m.alg == 0, "alg out of nowhere");

    if (!m.detached)
        payload = m.payload;
    sign1(&m, m.detached ? parts : NULL, payload);
    mac0(&m, m.detached ? parts : NULL, payload);
    again(&m, m.detached ? parts : NULL, payload);
}

/* A MAC is made of any payload, and is good for that only. */
static void made_mac(yao_bytes input)
{
    yao_status answer  = YAO_OK;
    yao_crypto home    = {.ctx = &answer, .hmac = hmac};
    yao_bytes  half[2] = {
        {input.ptr, input.len / 2},
        {input.ptr + input.len / 2, input.len - input.len / 2}};
    yao_writer       w = yao_writer_open(written, sizeof written);
    yao_cose_message m;

    demand(yao_cose_put_mac0(&w, YAO_LIT("key"), half, 2, &home) == YAO_OK,
           "no MAC was made");
    demand(yao_cose_read_message((yao_bytes){written, w.len}, 0, false, &m) ==
               YAO_OK,
           "the MAC cannot be read");
    expect("MAC0", &m, input);
    demand(yao_cose_verify_mac0(&m, YAO_LIT("key"), &input, 1, &home) == YAO_OK,
           "the MAC is not good");
    expect("MAC0", &m, input);
}

static void key(yao_bytes input, bool foreign)
{
    yao_cbor_reader r =
        foreign ? yao_cbor_open_foreign(input) : yao_cbor_open(input);
    yao_public_key first = {0}, second = {0};
    uint8_t        room[128];
    yao_writer     w = yao_writer_open(room, sizeof room);

    yao_cose_get_key(&r, &first);
    if (r.status != YAO_OK) {
        demand(first.curve == YAO_CURVE_NONE, "a key in spite of a failure");
        return;
    }
    demand(yao_public_key_well_formed(&first), "a key of another form");
    yao_cose_put_key(&w, &first);
    demand((w.status == YAO_OK) == (first.point[0] == 4), "wrote half a key");
    if (w.status != YAO_OK)
        return;
    r = yao_cbor_open((yao_bytes){room, w.len});
    yao_cose_get_key(&r, &second);
    demand(yao_cbor_close(&r) == YAO_OK, "cannot read what was written");
    demand(yao_public_key_equal(&first, &second), "wrote another key");
}

/* What the claims say is what a second look at each of them gives. */
static void claims(yao_bytes input)
{
    yao_cwt strict, lenient;

    if (yao_cwt_read(input, false, &strict) != YAO_OK)
        return;
    demand(yao_cwt_read(input, true, &lenient) == YAO_OK &&
               lenient.expires == strict.expires,
           "claims that foreign software may not write");

    yao_bytes       item = yao_cwt_get(&strict, 4);
    yao_cbor_reader r    = yao_cbor_open(item);
    demand((item.ptr != NULL) == (strict.expires != YAO_TIME_NONE),
           "an expiry out of nowhere");
    demand(item.ptr == NULL ||
               (yao_cbor_get_uint(&r) == (uint64_t)strict.expires &&
                yao_cbor_close(&r) == YAO_OK),
           "another expiry");
    demand(yao_cwt_get(&strict, 2).len >= strict.subject.len,
           "a subject out of nowhere");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint64_t tags[] = {0, YAO_COSE_TAG_SIGN1, YAO_COSE_TAG_MAC0};
    yao_bytes             input  = {data, len};

    if (len > ROOM / 2)
        return 0;
    for (size_t i = 0; i < 3; i++) {
        message(input, tags[i], false);
        message(input, tags[i], true);
    }
    key(input, false);
    key(input, true);
    claims(input);
    if (len != 0)
        made_mac(input);
    return 0;
}
