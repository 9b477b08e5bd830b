/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The input is cut into what both sides know and what is sealed:
 *
 *     change, bit, length of info, length of aad, info, aad, plain text
 *
 *   - what is sealed opens, to the same
 *   - and does not when one byte of what travels, or of what is known, or of
 *     the agreement, is another one
 *   - the same input gives the same keys
 */

#include "crypto/hpke.h"
#include "yaopai/openssl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MOST = 64 * 1024, HEAD = 4 };

/* All that opening depends on; info, aad and sealed lie in `bytes`. */
typedef struct known {
    yao_public_key ephemeral, recipient;
    uint8_t        shared[32];
    size_t         info_len, aad_len, sealed_len;
    uint8_t        bytes[MOST + YAO_AEAD_TAG];
} known;

static known   good, bad;
static uint8_t opened[MOST + YAO_AEAD_TAG];

static void demand(bool holds, const char *what)
{
    if (!holds) {
        fprintf(stderr, "hpke: %s\n", what);
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

static yao_status derive(const known *k, yao_hpke_keys *ret)
{
    return yao_hpke_derive(home(), &k->ephemeral, &k->recipient,
                           (yao_bytes){k->shared, 32},
                           (yao_bytes){k->bytes, k->info_len}, ret);
}

static yao_status run(const known *k, bool open, yao_bytes input, uint8_t *out)
{
    yao_hpke_keys keys;
    yao_aead_wish wish;

    YAO_TRY(derive(k, &keys));
    yao_hpke_wish(&keys, open, (yao_bytes){k->bytes + k->info_len, k->aad_len},
                  input, &wish);
    return yao_openssl_aead(&wish, out);
}

static yao_status open_it(const known *k)
{
    return run(k, true,
               (yao_bytes){k->bytes + k->info_len + k->aad_len, k->sealed_len},
               opened);
}

static void fill(yao_bytes input)
{
    size_t info_len = input.ptr[2], aad_len = input.ptr[3];
    size_t rest = input.len - HEAD;

    info_len = info_len < rest ? info_len : rest;
    aad_len  = aad_len < rest - info_len ? aad_len : rest - info_len;
    good     = (known){.ephemeral = {YAO_P256, {4, 'e'}, 65},
                       .recipient = {YAO_P256, {4, 'r'}, 65},
                       .shared    = "SPECIMEN",
                       .info_len  = info_len,
                       .aad_len   = aad_len};
    memcpy(good.bytes, input.ptr + HEAD, info_len + aad_len);

    size_t    at    = info_len + aad_len;
    yao_bytes plain = {input.ptr + HEAD + at, rest - at};
    demand(run(&good, false, plain, good.bytes + at) == YAO_OK,
           "cannot be sealed");
    good.sealed_len = plain.len + YAO_AEAD_TAG;
    demand(open_it(&good) == YAO_OK, "cannot be opened again");
    demand(yao_bytes_equal((yao_bytes){opened, plain.len}, plain),
           "opened to something else");
}

/* One bit of one of the places is turned round. */
static void change(uint8_t which, uint8_t bit)
{
    size_t   total    = good.info_len + good.aad_len + good.sealed_len;
    uint8_t *places[] = {bad.bytes,
                         bad.bytes + good.info_len,
                         bad.bytes + total - good.sealed_len,
                         bad.shared,
                         bad.ephemeral.point + 1,
                         bad.recipient.point + 1};
    size_t lens[] = {good.info_len, good.aad_len, good.sealed_len, 32, 64, 64};
    size_t place  = which % 6;

    if (lens[place] == 0)
        return;
    bad = good;
    places[place][which / 6 % lens[place]] ^= (uint8_t)(1u << bit % 8);
    demand(open_it(&bad) != YAO_OK, "opens though it was changed");

    /* a length that moves a byte from one to the other is a change as well */
    bad = good;
    if (bad.info_len == 0)
        return;
    bad.info_len--;
    bad.aad_len++;
    demand(open_it(&bad) == YAO_E_SECRET, "info and aad flow together");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    yao_hpke_keys one, two;

    if (len < HEAD || len > MOST)
        return 0;
    fill((yao_bytes){data, len});
    demand(derive(&good, &one) == YAO_OK && derive(&good, &two) == YAO_OK &&
               memcmp(&one, &two, sizeof one) == 0,
           "other keys the second time");
    change(data[0], data[1]);
    return 0;
}
