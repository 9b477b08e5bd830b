/* SPDX-License-Identifier: Apache-2.0 */
/*
 * PKCS#8. Property: what was read is written as PKCS#8 that reads as the same
 * key and is written as the same bytes; what was refused gives no key.
 */
#include "yaopai/openssl.h"

#include "crypto/algorithms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool fact)
{
    if (!fact)
        __builtin_trap();
}

static yao_bytes write_key(const yao_openssl_key *key, uint8_t *out)
{
    yao_writer w = yao_writer_open(out, YAO_MAX_PRIVATE);

    expect(yao_openssl_key_write(key, &w) == YAO_OK);
    return (yao_bytes){out, w.len};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t          one[YAO_MAX_PRIVATE], two[YAO_MAX_PRIVATE];
    yao_openssl_key *key = NULL, *again = NULL;

    if (yao_openssl_key_read((yao_bytes){data, size}, &key) != YAO_OK) {
        expect(key == NULL);
        return 0;
    }

    yao_bytes der = write_key(key, one);
    expect(yao_openssl_key_read(der, &again) == YAO_OK);
    expect(yao_bytes_equal(write_key(again, two), der));

    yao_public_key a = yao_openssl_key_public(key);
    yao_public_key b = yao_openssl_key_public(again);
    expect(yao_public_key_equal(&a, &b) && yao_public_key_well_formed(&a));
    yao_openssl_key_close(key);
    yao_openssl_key_close(again);
    return 0;
}
