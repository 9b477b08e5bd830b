/* SPDX-License-Identifier: Apache-2.0 */
/* The small home under the name of OpenSSL's, for builds that cannot have that
 * one: tools/check-msan. Whoever needs more than to hash and to verify does not
 * link, and is told by its name. */
#include "crypto_small/small.h"
#include "yaopai/openssl.h"

struct yao_openssl {
    yao_small small;
};

yao_openssl *yao_openssl_open(void)
{
    static yao_openssl one;

    (void)yao_small_open(&one.small, yao_sha256_blocks_portable);
    return &one;
}

void yao_openssl_close(yao_openssl *openssl)
{
    (void)openssl;
}

const yao_crypto *yao_openssl_crypto(yao_openssl *openssl)
{
    return &openssl->small.crypto;
}
