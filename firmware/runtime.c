/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiler for Arm expects to find besides the program: the four
 * functions of memory under their two names each, and division and shifts of
 * 64 bits (Run-time ABI for the Arm Architecture, sections 4.2 and 4.3.4). */
#include <stddef.h>
#include <stdint.h>

typedef uint32_t __attribute__((may_alias)) word;

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int   memcmp(const void *a, const void *b, size_t len);

void *memmove(void *to, const void *from, size_t len)
{
    uint8_t       *t = to;
    const uint8_t *f = from;

    if ((uintptr_t)t <= (uintptr_t)f)
        for (size_t i = 0; i < len; i++)
            t[i] = f[i];
    else
        while (len-- > 0)
            t[len] = f[len];
    return to;
}

/* Whole words where both sides lie so, which structures do. */
void *memcpy(void *to, const void *from, size_t len)
{
    uint8_t       *t = to;
    const uint8_t *f = from;
    size_t         i = 0;

    if ((((uintptr_t)t | (uintptr_t)f) & 3) == 0)
        for (; i + 4 <= len; i += 4)
            *(word *)(void *)(t + i) = *(const word *)(const void *)(f + i);
    for (; i < len; i++)
        t[i] = f[i];
    return to;
}

void *memset(void *to, int byte, size_t len)
{
    uint8_t *t = to;

    for (size_t i = 0; i < len; i++)
        t[i] = (uint8_t)byte;
    return to;
}

int memcmp(const void *a, const void *b, size_t len)
{
    const uint8_t *x = a, *y = b;

    for (size_t i = 0; i < len; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

/* ---- the names of the Arm ABI ---- */

#define SAME(name, as)                                                         \
    __asm(".global " #name "\n.thumb_set " #name ", " #as "\n")

SAME(__aeabi_memcpy, memcpy);
SAME(__aeabi_memcpy4, memcpy);
SAME(__aeabi_memcpy8, memcpy);
SAME(__aeabi_memmove, memmove);
SAME(__aeabi_memmove4, memmove);
SAME(__aeabi_memmove8, memmove);

/* (to, len, byte), and (to, len): not in the order of memset() */
void __aeabi_memset(void *to, size_t len, int byte);
void __aeabi_memclr(void *to, size_t len);

void __aeabi_memset(void *to, size_t len, int byte)
{
    memset(to, byte, len);
}

void __aeabi_memclr(void *to, size_t len)
{
    memset(to, 0, len);
}

SAME(__aeabi_memset4, __aeabi_memset);
SAME(__aeabi_memset8, __aeabi_memset);
SAME(__aeabi_memclr4, __aeabi_memclr);
SAME(__aeabi_memclr8, __aeabi_memclr);

/* ---- 64 bits ---- */

uint64_t divide(uint64_t number, uint64_t by, uint64_t *rest);
int64_t  divide_signed(int64_t number, int64_t by, int64_t *rest);
uint64_t __aeabi_llsl(uint64_t number, int by);
uint64_t __aeabi_llsr(uint64_t number, int by);

static uint32_t high(uint64_t number)
{
    return (uint32_t)(number >> 32);
}

static uint64_t join(uint32_t above, uint32_t below)
{
    return (uint64_t)above << 32 | below;
}

/* Not by << and >>, which are these functions. */
uint64_t __aeabi_llsl(uint64_t number, int by)
{
    uint32_t below = (uint32_t)number;

    if (by >= 32)
        return join(below << (by - 32), 0);
    if (by == 0)
        return number;
    return join(high(number) << by | below >> (32 - by), below << by);
}

uint64_t __aeabi_llsr(uint64_t number, int by)
{
    uint32_t above = high(number);

    if (by >= 32)
        return join(0, above >> (by - 32));
    if (by == 0)
        return number;
    return join(above >> by, (uint32_t)number >> by | above << (32 - by));
}

/* Bit by bit: dates and decimal numbers are all that is divided. By 0, the
 * answer is all ones. */
uint64_t divide(uint64_t number, uint64_t by, uint64_t *rest)
{
    uint64_t quotient = 0, left = 0;

    for (unsigned i = 0; i < 64; i++) {
        left = (left << 1) | (high(number) >> 31);
        number <<= 1;
        quotient <<= 1;
        if (left >= by) {
            left -= by;
            quotient |= 1;
        }
    }
    *rest = left;
    return quotient;
}

int64_t divide_signed(int64_t number, int64_t by, int64_t *rest)
{
    uint64_t n = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    uint64_t d = by < 0 ? 0 - (uint64_t)by : (uint64_t)by;
    uint64_t left, quotient = divide(n, d, &left);

    *rest = (int64_t)(number < 0 ? 0 - left : left);
    return (int64_t)((number < 0) != (by < 0) ? 0 - quotient : quotient);
}

/* Quotient in r0 and r1, rest in r2 and r3, which no C function gives. */
#define QUOTIENT_AND_REST(name, by)                                            \
    __attribute__((naked)) void name(void);                                    \
    void                        name(void)                                     \
    {                                                                          \
        __asm("push {r4, lr}\n"                                                \
              "sub sp, #16\n"                                                  \
              "add r4, sp, #8\n"                                               \
              "str r4, [sp]\n"                                                 \
              "bl " #by "\n"                                                   \
              "ldrd r2, r3, [sp, #8]\n"                                        \
              "add sp, #16\n"                                                  \
              "pop {r4, pc}\n");                                               \
    }

QUOTIENT_AND_REST(__aeabi_uldivmod, divide)
QUOTIENT_AND_REST(__aeabi_ldivmod, divide_signed)
