/* SPDX-License-Identifier: Apache-2.0 */
#ifndef YAO_TEST_RAW_KEY_H
#define YAO_TEST_RAW_KEY_H

/**
 * Secret keys of published vectors, which come as bare numbers.
 */

#include "check.h"
#include "yaopai/openssl.h"

/* PKCS#8 of a P-256 key without its public part, around its number. */
#define TEST_P256                                                              \
    "\x30\x41\x02\x01\x00\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06"     \
    "\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x04\x27\x30\x25\x02\x01\x01\x04\x20"

/** The key of NUMBER, 32 bytes; the caller closes it. */
static inline yao_openssl_key *test_p256_key(yao_bytes number)
{
    uint8_t          der[128];
    yao_writer       w   = yao_writer_open(der, sizeof der);
    yao_openssl_key *key = NULL;

    assert_int_equal(number.len, 32);
    yao_put_bytes(&w, YAO_LIT(TEST_P256));
    yao_put_bytes(&w, number);
    assert_status(yao_openssl_key_read((yao_bytes){der, w.len}, &key), YAO_OK);
    return key;
}

#endif
