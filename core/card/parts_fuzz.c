/* SPDX-License-Identifier: Apache-2.0 */

/**
 * Properties of parts:
 *   - one that is read could be written again, byte for byte;
 *   - a collector that is given parts of a whole, in any order, again, changed
 *     or mixed with another's, gives that whole and nothing else, and gives it
 *     when a naive reassembly has all of them.
 *
 * First byte 0: the rest is one part. Else: how long the whole is (two bytes),
 * how long its parts are, then a byte a step: which part comes, and whether it
 * was changed or is of the other whole.
 */

#include "card/parts.h"

#include <string.h>

#include "yaopai/openssl.h"

#include "tape.h"

enum { INDEX = 0x3f, CHANGED = 0x40, OTHER = 0x80 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const yao_crypto *home(void)
{
    static yao_openssl *openssl;

    if (openssl == NULL)
        openssl = yao_openssl_open();
    must(openssl != NULL);
    return yao_openssl_crypto(openssl);
}

static void read_part(yao_bytes input)
{
    static uint8_t bytes[YAO_MAX_CARD_PART + 64];
    yao_writer     w = yao_writer_open(bytes, sizeof bytes);
    yao_card_part  part;

    if (yao_card_read_part(input, &part) != YAO_OK)
        return;
    must(part.index < part.count && part.count <= YAO_MAX_CARD_PARTS);
    yao_cbor_put_array(&w, 4);
    yao_cbor_put_bytes(&w, part.transfer);
    yao_cbor_put_uint(&w, part.index);
    yao_cbor_put_uint(&w, part.count);
    yao_cbor_put_bytes(&w, part.bytes);
    must(w.status == YAO_OK);
    must(yao_bytes_equal((yao_bytes){bytes, w.len}, input));
}

static yao_bytes whole_of(uint8_t *out, size_t len, uint8_t seed)
{
    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(i * 31 + i / 256 + seed);
    return (yao_bytes){out, len};
}

typedef struct naive {
    bool   here[YAO_MAX_CARD_PARTS];
    size_t have;
} naive;

/* Part INDEX of SPLIT, one byte of it changed when CHANGED. */
static void take(yao_card_collector *c, const yao_card_split *split,
                 uint8_t step, bool other, naive *n, yao_bytes whole)
{
    static uint8_t bytes[YAO_MAX_CARD_PART + 64];
    yao_writer     w     = yao_writer_open(bytes, sizeof bytes);
    size_t         index = (step & INDEX) % split->count;
    yao_card_part  part;
    yao_bytes      got = {NULL, 0};

    yao_card_put_part(&w, split, index);
    must(w.status == YAO_OK);
    if (step & CHANGED)
        bytes[w.len - 1] ^= 1;
    must(yao_card_read_part((yao_bytes){bytes, w.len}, &part) == YAO_OK);

    yao_status status = yao_card_collect(c, home(), &part, &got);
    if (other) {
        must(status == YAO_E_MISMATCH);
    } else if (n->here[index]) {
        must((step & CHANGED ? YAO_E_DUPLICATE : YAO_OK) == status);
    } else if (step & CHANGED) { /* taken: nobody could know */
        must(status == YAO_OK || status == YAO_E_BAD_DIGEST);
        memset(c, 0, sizeof *c);
        *n = (naive){.have = 0};
    } else {
        n->here[index] = true;
        n->have++;
        must(status == YAO_OK);
    }
    must((got.len != 0) == (status == YAO_OK && n->have == split->count));
    must(got.len == 0 || yao_bytes_equal(got, whole));
}

static void collect(const uint8_t *data, size_t len)
{
    static uint8_t            first[YAO_MAX_CARD_WHOLE];
    static uint8_t            second[YAO_MAX_CARD_WHOLE];
    static yao_card_collector c;
    yao_card_split            a, b;
    naive                     n = {.have = 0};

    if (len < 3)
        return;
    size_t    want  = (data[0] * 256u + data[1]) % YAO_MAX_CARD_WHOLE + 1;
    size_t    size  = YAO_MIN_CARD_PART + data[2] % 201;
    yao_bytes whole = whole_of(first, want, 0);

    must(size <= YAO_MAX_CARD_PART);
    yao_status status = yao_card_split_whole(home(), whole, size, &a);
    must(status == YAO_OK || status == YAO_E_LIMIT); /* 41 parts */
    if (status != YAO_OK)
        return;
    must(yao_card_split_whole(home(), whole_of(second, want, 1), size, &b) ==
         YAO_OK);

    memset(&c, 0, sizeof c);
    for (size_t i = 3; i < len; i++) {
        bool other = data[i] & OTHER && c.count != 0;

        take(&c, other ? &b : &a, data[i], other, &n, whole);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    if (data[0] == 0)
        read_part((yao_bytes){data + 1, len - 1});
    else
        collect(data + 1, len - 1);
    return 0;
}
