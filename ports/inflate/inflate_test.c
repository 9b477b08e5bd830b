/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"
#include "inflate/inflate.h"

/* "SPECIMEN" as other software packed it: zlib of Python, levels 1, 6, 9 and
 * 0, whose FLEVELs are 0, 2, 3 and 0; and FLEVEL 1. */
#define BODY  "\x0b\x0e\x70\x75\xf6\xf4\x75\xf5\x03\x00\x0a\xa0\x02\x55"
#define GOOD  "\x78\x9c" BODY
#define PLAIN "SPECIMEN"

static const struct row {
    const char *name;
    yao_bytes   input;
    size_t      max;
    yao_status  want;
} rows[] = {
    {"N125 accepts FLEVEL 0", YAO_INIT("\x78\x01" BODY), 100, YAO_OK},
    {"N125 accepts FLEVEL 1", YAO_INIT("\x78\x5e" BODY), 100, YAO_OK},
    {"N125 accepts FLEVEL 2", YAO_INIT(GOOD), 100, YAO_OK},
    {"N125 accepts FLEVEL 3", YAO_INIT("\x78\xda" BODY), 100, YAO_OK},
    {"accepts a window of 256 bytes", YAO_INIT("\x08\x1d" BODY), 100, YAO_OK},
    {"accepts a block that is stored",
     YAO_INIT("\x78\x01\x01\x08\x00\xf7\xff" PLAIN "\x0a\xa0\x02\x55"), 100,
     YAO_OK},
    {"accepts what fills the room exactly", YAO_INIT(GOOD), 8, YAO_OK},
    {"N125 refuses one byte more than the bound", YAO_INIT(GOOD), 7,
     YAO_E_LIMIT},
    {"refuses anything when nothing is allowed", YAO_INIT(GOOD), 0,
     YAO_E_LIMIT},
    {"refuses nothing at all", YAO_INIT(""), 100, YAO_E_MALFORMED},
    {"refuses a raw deflate stream", YAO_INIT(BODY), 100, YAO_E_MALFORMED},
    {"refuses gzip",
     YAO_INIT("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03" BODY), 100,
     YAO_E_MALFORMED},
    {"refuses a header whose check is wrong", YAO_INIT("\x78\x9d" BODY), 100,
     YAO_E_MALFORMED},
    {"refuses another method than deflate", YAO_INIT("\x77\x85" BODY), 100,
     YAO_E_MALFORMED},
    {"N125 refuses a preset dictionary",
     YAO_INIT("\x78\xbb\x0a\xa0\x02\x55" BODY), 100, YAO_E_MALFORMED},
    {"N125 refuses a wrong Adler-32",
     YAO_INIT("\x78\x9c\x0b\x0e\x70\x75\xf6\xf4\x75\xf5\x03\x00\x0a\xa0\x02"
              "\x54"),
     100, YAO_E_MALFORMED},
    {"N125 refuses a byte behind the stream", YAO_INIT(GOOD "\x00"), 100,
     YAO_E_TRAILING},
    {"N125 refuses a second stream", YAO_INIT(GOOD GOOD), 100,
     YAO_E_TRAILING},
    {"refuses a reserved kind of block",
     YAO_INIT("\x78\x9c\x07\x00\x00\x00\x00\x01"), 100, YAO_E_MALFORMED},
    {"refuses a distance before the beginning",
     YAO_INIT("\x78\x9c\x03\x02\x00\x00\x00\x00\x00\x01"), 100,
     YAO_E_MALFORMED},
};

static void one_stream(void **state)
{
    const struct row *row  = *state;
    yao_inflate_wish  wish = {row->input, row->max};
    yao_bytes         out  = {NULL, 77};

    assert_status(yao_inflate(&wish, test_arena(), &out), row->want);
    if (row->want == YAO_OK)
        assert_bytes(out, YAO_LIT(PLAIN));
    else
        assert_int_equal(out.len, 77);
}

static yao_status unpack(yao_bytes input, void *context)
{
    yao_inflate_wish wish = {input, 100};
    yao_bytes        out;

    (void)context;
    return yao_inflate(&wish, test_arena(), &out);
}

/* The bits between the end of the last block and the next whole byte say
 * nothing (RFC 1951 section 3.2.3). */
static bool is_padding(size_t at, void *context)
{
    (void)context;
    return at == sizeof GOOD - 1 - 4 - 1;
}

static void sweeps(void **state)
{
    (void)state;
    test_every_prefix(unpack, YAO_LIT(GOOD), NULL);
    test_every_bit(unpack, YAO_LIT(GOOD), NULL, is_padding);
}

static yao_status unpack_into(yao_arena *arena, void *context)
{
    yao_inflate_wish wish = {YAO_LIT(GOOD), 100};
    yao_bytes        out;

    (void)context;
    return yao_inflate(&wish, arena, &out);
}

static yao_status pack_into(yao_arena *arena, void *context)
{
    yao_deflate_wish wish = {YAO_LIT(PLAIN)};
    yao_bytes        out;

    (void)context;
    return yao_deflate(&wish, arena, &out);
}

static void rooms(void **state)
{
    (void)state;
    test_every_arena(unpack_into, NULL, 64);
    test_every_arena(pack_into, NULL, 64);
}

/* ---- bombs ---- */

enum { BOUND = 4 * 1024 * 1024, BOMB = 64 * 1024 * 1024 };

static yao_bytes pack(size_t len)
{
    uint8_t         *zeros = calloc(len, 1);
    yao_deflate_wish wish  = {{zeros, len}};
    yao_bytes        out   = {0};

    assert_non_null(zeros);
    assert_status(yao_deflate(&wish, test_arena(), &out), YAO_OK);
    free(zeros);
    return out;
}

/* Nothing is taken from the arena, and nothing behind its end is touched. */
static void bomb(void **state)
{
    yao_inflate_wish wish = {pack(BOMB), BOUND};
    uint8_t         *room = malloc(BOUND);
    yao_arena        arena = {room, BOUND, 0};
    yao_bytes        out;

    (void)state;
    assert_non_null(room);
    assert_true(wish.input.len < 70000);
    assert_status(yao_inflate(&wish, &arena, &out), YAO_E_LIMIT);
    assert_int_equal(arena.used, 0);

    arena.cap = BOUND - 1; /* the room was the reason, not the bound */
    assert_status(yao_inflate(&wish, &arena, &out), YAO_E_SPACE);

    arena.cap  = BOUND;
    wish.input = pack(BOUND);
    assert_status(yao_inflate(&wish, &arena, &out), YAO_OK);
    assert_int_equal(out.len, BOUND);
    free(room);
}

/* A bomb inside of a stream is only bytes: what came out is never looked at
 * again. */
static void nested(void **state)
{
    yao_deflate_wish inner = {pack(BOMB)};
    yao_bytes        outer = {0}, out = {0};

    (void)state;
    assert_status(yao_deflate(&inner, test_arena(), &outer), YAO_OK);
    yao_inflate_wish wish = {outer, BOUND};
    assert_status(yao_inflate(&wish, test_arena(), &out), YAO_OK);
    assert_bytes(out, inner.input);
}

/* ---- there and back ---- */

static void back(void **state)
{
    uint8_t  bytes[3000];
    uint32_t noise = 1;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++) {
        noise    = noise * 1664525 + 1013904223;
        bytes[i] = noise >> 29 == 0 ? (uint8_t)(noise >> 16) : 0;
    }
    for (size_t len = 0; len <= sizeof bytes; len += 37) {
        size_t           mark   = test_arena()->used;
        yao_deflate_wish wish   = {{bytes, len}};
        yao_bytes        packed = {0}, out = {0};

        assert_status(yao_deflate(&wish, test_arena(), &packed), YAO_OK);
        yao_inflate_wish again = {packed, len};
        assert_status(yao_inflate(&again, test_arena(), &out), YAO_OK);
        assert_bytes(out, wish.input);
        test_arena()->used = mark;
    }
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("inflate", rows[i].name, one_stream, &rows[i]);
    test_add("inflate", "refuses every prefix and every flipped bit", sweeps,
             NULL);
    test_add("inflate", "gives SPACE in every arena that is too small", rooms,
             NULL);
    test_add("inflate", "N125 refuses a bomb of 64 MB at its bound", bomb,
             NULL);
    test_add("inflate", "N125 never unpacks a bomb in a stream", nested, NULL);
    test_add("deflate", "gives what inflates to the same", back, NULL);
    return test_run("inflate/inflate");
}
