/* SPDX-License-Identifier: Apache-2.0 */
#include "base/copy.h"

bool yao_bytes_equal(yao_bytes a, yao_bytes b)
{
    return a.len == b.len && yao_same(a.ptr, b.ptr, a.len);
}

bool yao_text_equal(yao_text a, yao_text b)
{
    return yao_bytes_equal(yao_text_bytes(a), yao_text_bytes(b));
}

bool yao_bytes_equal_secret(yao_bytes a, yao_bytes b)
{
    volatile uint8_t difference = 0;

    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        difference = (uint8_t)(difference | (a.ptr[i] ^ b.ptr[i]));

    return difference == 0;
}

int yao_bytes_compare(yao_bytes a, yao_bytes b)
{
    size_t shared = a.len < b.len ? a.len : b.len;

    for (size_t i = 0; i < shared; i++)
        if (a.ptr[i] != b.ptr[i])
            return a.ptr[i] < b.ptr[i] ? -1 : 1;
    if (a.len == b.len)
        return 0;

    return a.len < b.len ? -1 : 1;
}

bool yao_bytes_starts(yao_bytes bytes, yao_bytes prefix)
{
    if (bytes.len < prefix.len)
        return false;

    return yao_bytes_equal((yao_bytes){bytes.ptr, prefix.len}, prefix);
}

/* Little-endian on every home, so that compilers make it one load. */
static uint64_t eight(const uint8_t *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 |
           (uint64_t)p[3] << 24 | (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 |
           (uint64_t)p[6] << 48 | (uint64_t)p[7] << 56;
}

size_t yao_bytes_find(yao_bytes bytes, uint8_t byte)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t         i    = 0;

    for (; bytes.len - i >= 8; i += 8) {
        uint64_t zero = eight(bytes.ptr + i) ^ ones * byte;
        if (((zero - ones) & ~zero & ones << 7) != 0)
            break; /* one of these eight is it */
    }
    while (i < bytes.len && bytes.ptr[i] != byte)
        i++;

    return i;
}

yao_text yao_text_of(const char *string)
{
    size_t len = 0;

    if (string == NULL)
        return (yao_text){NULL, 0};
    while (string[len] != '\0')
        len++;

    return (yao_text){(const uint8_t *)string, len};
}

void yao_wipe(void *secret, size_t len)
{
    uint8_t *p = secret;

    for (size_t i = 0; i < len; i++)
        p[i] = 0;
    /* whoever reads memory may come now: the zeros can't be left out. By
     * volatile letters it took a byte each cycle */
    __asm__ __volatile__("" : : "r"(secret) : "memory");
}

const char *yao_status_name(yao_status status)
{
    static const struct {
        yao_status  status;
        const char *name;
    } names[] = {
        {YAO_OK, "OK"},
        {YAO_E_USAGE, "USAGE"},
        {YAO_E_ENTROPY, "ENTROPY"},
        {YAO_E_TRUNCATED, "TRUNCATED"},
        {YAO_E_MALFORMED, "MALFORMED"},
        {YAO_E_TRAILING, "TRAILING"},
        {YAO_E_DUPLICATE, "DUPLICATE"},
        {YAO_E_NOT_SHORTEST, "NOT_SHORTEST"},
        {YAO_E_UTF8, "UTF8"},
        {YAO_E_BASE64, "BASE64"},
        {YAO_E_ALGORITHM, "ALGORITHM"},
        {YAO_E_HEADER, "HEADER"},
        {YAO_E_KEY, "KEY"},
        {YAO_E_NOT_YET_VALID, "NOT_YET_VALID"},
        {YAO_E_EXPIRED, "EXPIRED"},
        {YAO_E_BAD_SIGNATURE, "BAD_SIGNATURE"},
        {YAO_E_BAD_DIGEST, "BAD_DIGEST"},
        {YAO_E_UNTRUSTED, "UNTRUSTED"},
        {YAO_E_PROFILE, "PROFILE"},
        {YAO_E_MISMATCH, "MISMATCH"},
        {YAO_E_MISSING, "MISSING"},
        {YAO_E_UNREFERENCED, "UNREFERENCED"},
        {YAO_E_NOT_AUTHORISED, "NOT_AUTHORISED"},
        {YAO_E_VALUE, "VALUE"},
        {YAO_E_REVOKED, "REVOKED"},
        {YAO_E_NOT_ENTITLED, "NOT_ENTITLED"},
        {YAO_E_EXISTS, "EXISTS"},
        {YAO_E_REFUSED, "REFUSED"},
        {YAO_E_SUSPENDED, "SUSPENDED"},
        {YAO_E_SPACE, "SPACE"},
        {YAO_E_LIMIT, "LIMIT"},
        {YAO_E_CRYPTO, "CRYPTO"},
        {YAO_E_STORE, "STORE"},
        {YAO_E_UNSUPPORTED, "UNSUPPORTED"},
        {YAO_E_FILE, "FILE"},
        {YAO_E_LOCKED, "LOCKED"},
        {YAO_E_SECRET, "SECRET"},
        {YAO_E_NOT_FOUND, "NOT_FOUND"},
    };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].status == status)
            return names[i].name;

    return "UNKNOWN";
}
