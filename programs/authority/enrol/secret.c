/* SPDX-License-Identifier: Apache-2.0 */
#include "authority/enrol/secret.h"

#include <argon2.h>
#include <string.h>

/* RFC 9106 section 4 leaves memory to the home: 32 workers may do this at the
 * same time, and the keyed hash below does the most of the work. */
enum { PASSES = 3, MEMORY_KIB = 4096, LANES = 1 };

/* no I, L, O, U, 0, 1: 30 of them; drawn without a bias below */
static const char letters[] = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
#define LETTERS (sizeof letters - 1)

/* ---- weak ---- */

static bool is_digits(yao_text code, size_t digits)
{
    for (size_t i = 0; i < code.len; i++)
        if (code.ptr[i] < '0' || code.ptr[i] > '9')
            return false;
    return code.len == digits;
}

/* 111111, 123456, 987654, 135791, 024680: the same step everywhere. */
static bool is_run(yao_text code)
{
    int step = (code.ptr[1] - code.ptr[0] + 10) % 10;

    for (size_t i = 2; i < code.len; i++)
        if ((code.ptr[i] - code.ptr[i - 1] + 10) % 10 != step)
            return false;
    return true;
}

/* 121212, 123123, 12341234: a block again and again. */
static bool is_block(yao_text code)
{
    for (size_t size = 2; size <= code.len / 2; size++)
        if (code.len % size == 0 &&
            memcmp(code.ptr, code.ptr + size, code.len - size) == 0)
            return true;
    return false;
}

/* 112233, 123321, 112211: pairs, a mirror, or two digits in all. */
static bool is_pattern(yao_text code)
{
    bool     pairs = true, mirror = true;
    unsigned seen = 0, different = 0;

    for (size_t i = 0; i < code.len; i++) {
        unsigned bit = 1u << (code.ptr[i] - '0');
        pairs        = pairs && code.ptr[i] == code.ptr[i - i % 2];
        mirror       = mirror && code.ptr[i] == code.ptr[code.len - 1 - i];
        different += (seen & bit) == 0;
        seen |= bit;
    }
    return pairs || mirror || different <= 2;
}

static bool holds(yao_text in, const uint8_t *what, size_t len)
{
    for (size_t i = 0; len <= in.len && i <= in.len - len; i++)
        if (memcmp(in.ptr + i, what, len) == 0)
            return true;
    return false;
}

/* The day of birth in the orders in which people write days. A citizen number
 * has it as YYYYMMDD at 6. */
static bool is_birth(yao_text code, yao_text number)
{
    static const uint8_t orders[][8] = {
        {2, 3, 4, 5, 6, 7, 0, 1}, /* YYMMDD.. */
        {6, 7, 4, 5, 2, 3, 0, 1}, /* DDMMYY.. */
        {4, 5, 6, 7, 2, 3, 0, 1}, /* MMDDYY.. */
        {6, 7, 4, 5, 0, 1, 2, 3}, /* DDMMYYYY */
        {4, 5, 6, 7, 0, 1, 2, 3}, /* MMDDYYYY */
        {0, 1, 2, 3, 4, 5, 6, 7}, /* YYYYMMDD */
    };
    uint8_t day[8];

    if (number.len != 18)
        return false;
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        for (size_t j = 0; j < sizeof day; j++)
            day[j] = number.ptr[6 + orders[i][j]];
        if (memcmp(code.ptr, day, code.len) == 0)
            return true;
    }
    return false;
}

static bool is_well_known(yao_text code)
{
    static const char *const known[] = {
        "520131", "147258", "258369", "159357", "789456", "147852",
        "159753", "201314", "14725836", "12345687", "78945612"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strlen(known[i]) <= code.len &&
            memcmp(code.ptr, known[i], strlen(known[i])) == 0)
            return true;
    return false;
}

yao_status enrol_check_code(yao_text code, size_t digits, yao_text number)
{
    if (digits < 4 || digits > 8 || !is_digits(code, digits))
        return YAO_E_MALFORMED;
    if (is_run(code) || is_block(code) || is_pattern(code) ||
        is_birth(code, number) || is_well_known(code) ||
        holds(number, code.ptr, code.len))
        return YAO_E_VALUE;
    return YAO_OK;
}

/* ---- given ---- */

yao_status enrol_give_code(char out[ENROL_GIVEN_LETTERS])
{
    size_t have = 0;

    while (have < ENROL_GIVEN_LETTERS) {
        uint8_t    random[32];
        yao_status status = yao_openssl_random(random, sizeof random);
        if (status != YAO_OK)
            return status;
        for (size_t i = 0; i < sizeof random && have < ENROL_GIVEN_LETTERS; i++)
            if (random[i] < 256 / LETTERS * LETTERS)
                out[have++] = letters[random[i] % LETTERS];
        yao_wipe(random, sizeof random);
    }
    return YAO_OK;
}

yao_status enrol_normal_code(yao_text typed, yao_arena *arena, yao_text *ret)
{
    uint8_t *out = yao_arena_take(arena, typed.len + 1);
    size_t   len = 0;

    if (out == NULL)
        return YAO_E_SPACE;
    for (size_t i = 0; i < typed.len; i++) {
        uint8_t c = typed.ptr[i];
        if (c == ' ' || c == '-')
            continue;
        if (c >= 'a' && c <= 'z')
            c = (uint8_t)(c - 'a' + 'A');
        if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')))
            return YAO_E_MALFORMED;
        out[len++] = c;
    }
    if (len != ENROL_ACCESS_DIGITS && len != ENROL_GIVEN_LETTERS)
        return YAO_E_MALFORMED;
    *ret = (yao_text){out, len};
    return YAO_OK;
}

/* ---- kept ---- */

yao_status enrol_verifier(const authority *a, yao_bytes holder, yao_bytes salt,
                          yao_text code, uint8_t out[STORE_HASH_LEN])
{
    uint8_t  joined[STORE_HASH_LEN + ENROL_SALT + 64], keyed[STORE_HASH_LEN];
    yao_bytes all = {joined, holder.len + salt.len + code.len};

    if (holder.len != STORE_HASH_LEN || salt.len != ENROL_SALT ||
        code.len > 64)
        return YAO_E_CRYPTO;
    memcpy(joined, holder.ptr, holder.len);
    memcpy(joined + holder.len, salt.ptr, salt.len);
    if (code.len != 0)
        memcpy(joined + holder.len + salt.len, code.ptr, code.len);

    yao_status status =
        seal_hash(a->crypto, &a->keys, ENROL_HASH_CODE, all, keyed);
    if (status == YAO_OK &&
        argon2id_hash_raw(PASSES, MEMORY_KIB, LANES, keyed, sizeof keyed,
                          salt.ptr, salt.len, out,
                          STORE_HASH_LEN) != ARGON2_OK)
        status = YAO_E_CRYPTO;
    yao_wipe(joined, sizeof joined);
    yao_wipe(keyed, sizeof keyed);
    return status;
}

yao_status enrol_put_access_code(const enrol *e, store_change *change,
                                 yao_bytes holder, yao_text code, int64_t level)
{
    uint8_t *salt     = yao_arena_take(e->arena, ENROL_SALT);
    uint8_t *verifier = yao_arena_take(e->arena, STORE_HASH_LEN);

    if (salt == NULL || verifier == NULL)
        return YAO_E_SPACE;
    YAO_TRY(yao_openssl_random(salt, ENROL_SALT));
    YAO_TRY(enrol_verifier(e->a, holder, (yao_bytes){salt, ENROL_SALT}, code,
                           verifier));
    store_put_access_code(
        change,
        &(store_access_code){.holder   = holder,
                             .salt     = {salt, ENROL_SALT},
                             .verifier = {verifier, STORE_HASH_LEN},
                             .level    = level,
                             .changed  = e->now});
    return YAO_OK;
}
