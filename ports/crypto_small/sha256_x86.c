/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 by the instructions that x86 processors have for it, where they do:
 * found out when the program runs, so one program serves all. */
#include "crypto_small/sha256.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,ssse3,sse4.1")))

/* Four words of the message, which is big-endian. */
WITH_SHA static __m128i load(const uint8_t *at)
{
    __m128i order =
        _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);

    return _mm_shuffle_epi8(_mm_loadu_si128((const void *)at), order);
}

/* The next four words, of the last sixteen in the order of OLDEST to W3. */
WITH_SHA static __m128i next(__m128i oldest, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, w1),
                                _mm_alignr_epi8(w3, w2, 4));

    return _mm_sha256msg2_epu32(sum, w3);
}

/* The instructions keep a, b, e, f in one register and c, d, g, h in the
 * other; two rounds swap what they mean. */
WITH_SHA static void add_block(uint32_t s[8], const uint8_t *block)
{
    __m128i abef  = _mm_set_epi32((int)s[0], (int)s[1], (int)s[4], (int)s[5]);
    __m128i cdgh  = _mm_set_epi32((int)s[2], (int)s[3], (int)s[6], (int)s[7]);
    __m128i abef0 = abef, cdgh0 = cdgh, w[4];

    for (unsigned i = 0; i < 16; i++) {
        __m128i *now = &w[i % 4];

        *now        = i < 4 ? load(block + (size_t)16 * i)
                            : next(w[i % 4], w[(i + 1) % 4], w[(i + 2) % 4],
                                   w[(i + 3) % 4]);
        __m128i add = _mm_add_epi32(
            *now, _mm_loadu_si128((const void *)&yao_sha256_constants[4 * i]));
        cdgh = _mm_sha256rnds2_epu32(cdgh, abef, add);
        abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(add, 0x0e));
    }
    abef = _mm_add_epi32(abef, abef0);
    cdgh = _mm_add_epi32(cdgh, cdgh0);

    s[0] = (uint32_t)_mm_extract_epi32(abef, 3);
    s[1] = (uint32_t)_mm_extract_epi32(abef, 2);
    s[2] = (uint32_t)_mm_extract_epi32(cdgh, 3);
    s[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
    s[4] = (uint32_t)_mm_extract_epi32(abef, 1);
    s[5] = (uint32_t)_mm_extract_epi32(abef, 0);
    s[6] = (uint32_t)_mm_extract_epi32(cdgh, 1);
    s[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}

WITH_SHA static void blocks_sha(uint32_t state[8], const uint8_t *bytes,
                                size_t count)
{
    for (size_t i = 0; i < count; i++)
        add_block(state, bytes + i * SHA256_BLOCK);
}

/* CPUID leaf 1: SSSE3 and SSE4.1 in ECX; leaf 7: SHA in EBX. */
static bool has_sha(void)
{
    unsigned a, b, c, d;

    if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 ||
        (c & bit_SSE4_1) == 0)
        return false;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 && (b & 1u << 29) != 0;
}

yao_sha256_blocks *yao_sha256_blocks_fastest(void)
{
    return has_sha() ? blocks_sha : yao_sha256_blocks_portable;
}

#else

yao_sha256_blocks *yao_sha256_blocks_fastest(void)
{
    return yao_sha256_blocks_portable;
}

#endif
