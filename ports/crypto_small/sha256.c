/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_small/sha256.h"

/* clang-format off */
const uint32_t yao_sha256_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1,
    0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3,
    0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
    0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
    0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
    0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
/* clang-format on */

static uint32_t turn(uint32_t x, unsigned by)
{
    return x >> by | x << (32 - by);
}

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

/* The word that round I adds, in a window of the last sixteen; section 6.2.2
 * step 1. */
static uint32_t word(uint32_t w[16], unsigned i, const uint8_t *block)
{
    if (i < 16)
        return w[i] = big_endian(block + (size_t)4 * i);

    uint32_t a = w[(i + 1) % 16], b = w[(i + 14) % 16];

    w[i % 16] += (turn(a, 7) ^ turn(a, 18) ^ a >> 3) + w[(i + 9) % 16] +
                 (turn(b, 17) ^ turn(b, 19) ^ b >> 10);
    return w[i % 16];
}

/* Step 3. S holds a to h, and turns by one place in each round. */
static void add_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t s[8], w[16];

    for (unsigned i = 0; i < 8; i++)
        s[i] = state[i];
    for (unsigned i = 0; i < 64; i++) {
        uint32_t a = s[0], e = s[4];
        uint32_t t = s[7] + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) +
                     ((e & s[5]) ^ (~e & s[6])) + yao_sha256_constants[i] +
                     word(w, i, block);
        uint32_t u = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) +
                     ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

        for (unsigned k = 7; k > 0; k--)
            s[k] = s[k - 1];
        s[4] += t;
        s[0] = t + u;
    }
    for (unsigned i = 0; i < 8; i++)
        state[i] += s[i];

    yao_wipe(w, sizeof w); /* keys are hashed as well */
    yao_wipe(s, sizeof s);
}

void yao_sha256_blocks_portable(uint32_t state[8], const uint8_t *bytes,
                                size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_block(state, bytes + i * SHA256_BLOCK);
}

void yao_sha256_begin(yao_sha256 *sha, yao_sha256_blocks *blocks)
{
    static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                        0xa54ff53a, 0x510e527f, 0x9b05688c,
                                        0x1f83d9ab, 0x5be0cd19};

    *sha = (yao_sha256){.blocks = blocks};
    for (unsigned i = 0; i < 8; i++)
        sha->state[i] = initial[i];
}

void yao_sha256_add(yao_sha256 *sha, yao_bytes bytes)
{
    size_t held = (size_t)(sha->len % SHA256_BLOCK);

    sha->len += bytes.len;
    while (bytes.len > 0) {
        if (held == 0 && bytes.len >= SHA256_BLOCK) {
            size_t count = bytes.len / SHA256_BLOCK;

            sha->blocks(sha->state, bytes.ptr, count);
            bytes.ptr += count * SHA256_BLOCK;
            bytes.len -= count * SHA256_BLOCK;
            continue;
        }
        sha->rest[held++] = *bytes.ptr++;
        bytes.len--;
        if (held == SHA256_BLOCK) {
            sha->blocks(sha->state, sha->rest, 1);
            held = 0;
        }
    }
}

/* Section 5.1.1: a one, zeros, and the length in bits. */
void yao_sha256_end(yao_sha256 *sha, uint8_t out[YAO_SHA256_LEN])
{
    static const uint8_t padding[SHA256_BLOCK] = {0x80};
    uint64_t             bits                  = sha->len * 8;
    size_t               held = (size_t)(sha->len % SHA256_BLOCK);
    uint8_t              tail[8];

    for (unsigned i = 0; i < 8; i++)
        tail[i] = (uint8_t)(bits >> (56 - 8 * i));
    yao_sha256_add(sha,
                   (yao_bytes){padding, held < 56 ? 56 - held : 120 - held});
    yao_sha256_add(sha, (yao_bytes){tail, sizeof tail});

    for (unsigned i = 0; i < YAO_SHA256_LEN; i++)
        out[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
    yao_wipe(sha, sizeof *sha);
}
