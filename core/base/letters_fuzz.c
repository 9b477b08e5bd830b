/* SPDX-License-Identifier: Apache-2.0 */
#include "yaopai/writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

typedef struct spelling {
    yao_status (*get)(yao_bytes in, yao_writer *w);
    void (*put)(yao_writer *w, yao_bytes in);
    bool one_case; /* hex reads capitals, and writes small letters */
} spelling;

static const spelling spellings[] = {
    {yao_get_base64url, yao_put_base64url, true},
    {yao_get_base64, yao_put_base64, true},
    {yao_get_hex, yao_put_hex, false},
    {yao_get_base45, yao_put_base45, true},
};

enum { ROOM = 8192 };

static uint8_t small(uint8_t letter)
{
    return letter >= 'A' && letter <= 'F' ? (uint8_t)(letter + 32) : letter;
}

static bool same(yao_bytes a, yao_bytes b, bool one_case)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (a.ptr[i] != (one_case ? b.ptr[i] : small(b.ptr[i])))
            return false;

    return true;
}

/* Property: bytes have exactly one spelling. What is read and written again is
 * what was read, and all that is written can be read. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static uint8_t  decoded[ROOM], encoded[2 * ROOM];
    const spelling *s;
    yao_writer      w;
    yao_bytes       in, out;

    if (len == 0 || len > ROOM / 2)
        return 0;
    s  = &spellings[data[0] % 4];
    in = (yao_bytes){data + 1, len - 1};

    w = yao_writer_open(decoded, sizeof decoded);
    if (s->get(in, &w) == YAO_OK && yao_writer_close(&w, &out) == YAO_OK) {
        w = yao_writer_open(encoded, sizeof encoded);
        s->put(&w, out);
        if (yao_writer_close(&w, &out) != YAO_OK ||
            !same(out, in, s->one_case))
            __builtin_trap();
    }

    w = yao_writer_open(encoded, sizeof encoded);
    s->put(&w, in);
    if (yao_writer_close(&w, &out) != YAO_OK)
        __builtin_trap();
    w = yao_writer_open(decoded, sizeof decoded);
    if (s->get(out, &w) != YAO_OK || yao_writer_close(&w, &out) != YAO_OK ||
        !yao_bytes_equal(out, in))
        __builtin_trap();

    return 0;
}
