/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed points: found again as OpenSSL finds them, or refused. */
#include "crypto_openssl/home.h"

#include <openssl/objects.h>

#include "check.h"

enum { POINTS = 500 };

static yao_openssl *openssl;

/* What OpenSSL makes of the 33 bytes: false when they are no point. */
static bool their_point(const uint8_t *compressed, uint8_t *out)
{
    EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
    EC_POINT *point = EC_POINT_new(group);
    bool      done  = EC_POINT_oct2point(group, point, compressed, 33, NULL) ==
                    1 &&
                EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED,
                                   out, 65, NULL) == 65;

    EC_POINT_free(point);
    EC_GROUP_free(group);
    return done;
}

static bool imports(const uint8_t *uncompressed)
{
    return EC_POINT_oct2point(openssl->p256.group, openssl->p256.point,
                              uncompressed, 65, NULL) == 1;
}

static void agree_on(const uint8_t *compressed)
{
    uint8_t ours[65], theirs[65];
    bool    exists = their_point(compressed, theirs);

    assert_true(yao_lift_point(&openssl->lift, compressed, ours,
                               openssl->numbers));
    assert_int_equal(imports(ours), exists);
    if (exists)
        assert_memory_equal(ours, theirs, sizeof ours);
}

/* Every second x has a point. */
static void gives_what_openssl_gives(void **state)
{
    uint8_t compressed[33], theirs[65];
    size_t  points = 0;

    (void)state;
    for (size_t i = 0; i < POINTS; i++) {
        assert_status(yao_openssl_random(compressed, sizeof compressed),
                      YAO_OK);
        compressed[0] = (uint8_t)(2 + (i & 1));
        agree_on(compressed);
        points += their_point(compressed, theirs);
    }
    assert_true(points > POINTS / 4 && points < POINTS * 3 / 4);
}

static const struct {
    const char *name, *x;
} edges[] = {
    {"refuses x = p",
     "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"},
    {"refuses x above p",
     "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"},
    {"gives the same for x = 0",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"gives the same for the largest x there is",
     "ffffffff00000001000000000000000000000000fffffffffffffffffffffffe"},
    {"gives the same for a small x",
     "0000000000000000000000000000000000000000000000000000000000000005"},
};

static void agrees(void **state)
{
    yao_bytes x = test_unhex(edges[(size_t)(uintptr_t)*state].x);
    uint8_t   compressed[33];

    assert_int_equal(x.len, 32);
    memcpy(compressed + 1, x.ptr, 32);
    for (uint8_t sign = 2; sign <= 3; sign++) {
        compressed[0] = sign;
        agree_on(compressed);
    }
}

int main(void)
{
    openssl = yao_openssl_open();
    if (openssl == NULL)
        return 99;

    test_add("lift", "gives what OpenSSL gives, or no point",
             gives_what_openssl_gives, NULL);
    for (size_t i = 0; i < COUNT(edges); i++)
        test_add("lift", edges[i].name, agrees, (const void *)(uintptr_t)i);
    int failed = test_run("lift");
    yao_openssl_close(openssl);
    return failed;
}
