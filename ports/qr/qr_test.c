/* SPDX-License-Identifier: Apache-2.0 */
#include "qr/qr.h"

#include "check.h"
#include "qr/png.h"

enum { ROOM = 512 * 1024 };

/* ---- what is shown ------------------------------------------------------ */

/* LEN bytes that look random, and are the same each time. */
static yao_bytes noise(size_t len)
{
    uint8_t *out  = yao_arena_take(test_arena(), len + 1);
    uint32_t seed = (uint32_t)len * 2654435761u + 1;

    for (size_t i = 0; i < len; i++) {
        seed   = seed * 1664525u + 1013904223u;
        out[i] = (uint8_t)(seed >> 24);
    }
    return (yao_bytes){out, len};
}

static yao_bytes base45(yao_bytes bytes)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_put_base45(&w, bytes);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes png_of(const qr_code *code)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    assert_status(qr_write_png(code, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes png_with(yao_bytes content, qr_level level)
{
    qr_code code;

    assert_status(qr_encode(content, level, test_arena(), &code), YAO_OK);
    return png_of(&code);
}

static void assert_reads(yao_bytes file, yao_bytes want)
{
    qr_texts texts = {NULL, 0};

    assert_status(qr_read(file, test_arena(), &texts), YAO_OK);
    assert_int_equal(texts.count, 1);
    assert_bytes(texts.list[0], want);
}

/* ---- round trips -------------------------------------------------------- */

static void round_trip(size_t len, qr_level level)
{
    size_t    mark  = test_arena()->used;
    yao_bytes bytes = noise(len);

    assert_reads(png_with(bytes, level), bytes);
    yao_bytes letters = base45(bytes);
    assert_reads(png_with(letters, level), letters);
    test_arena()->used = mark;
}

/* Small sizes each, then every 61st: all versions up to 25 and more. */
static void gives_back_all_lengths(void **state)
{
    (void)state;
    for (size_t len = 1; len <= 1300; len += len < 24 ? 1 : 61)
        round_trip(len, QR_LEVEL_L);
    round_trip(1300, QR_LEVEL_L);
}

static void gives_back_every_level(void **state)
{
    static const size_t lengths[] = {1, 40, 333, 1000, 1273};

    (void)state;
    for (int level = QR_LEVEL_L; level <= QR_LEVEL_H; level++)
        for (size_t i = 0; i < COUNT(lengths); i++)
            if (level < QR_LEVEL_H || lengths[i] <= 1000)
                round_trip(lengths[i], (qr_level)level);
}

static void gives_back_zero_bytes(void **state)
{
    (void)state;
    assert_reads(png_with(YAO_LIT("\0"), QR_LEVEL_M), YAO_LIT("\0"));
    assert_reads(png_with(YAO_LIT("a\0b\xff\xfe\xef\xbb\xbf"), QR_LEVEL_Q),
                 YAO_LIT("a\0b\xff\xfe\xef\xbb\xbf"));
}

/* Letters of base45 need 5.5 bits each: a card of 600 bytes fits where as many
 * bytes would not. */
static void gives_smaller_codes_for_letters(void **state)
{
    qr_code   letters, bytes;
    yao_bytes text = base45(noise(600));

    (void)state;
    assert_status(qr_encode(text, QR_LEVEL_L, test_arena(), &letters), YAO_OK);
    uint8_t *small = yao_arena_take(test_arena(), text.len);
    memcpy(small, text.ptr, text.len);
    small[0] = 'a';
    assert_status(qr_encode((yao_bytes){small, text.len}, QR_LEVEL_L,
                            test_arena(), &bytes),
                  YAO_OK);
    assert_int_equal(letters.version, 17);
    assert_true(bytes.version > letters.version);
}

/* ISO/IEC 18004:2015 table 7: 40-L holds 4,296 letters or 2,953 bytes, 40-H
 * 1,852 and 1,273. */
static const struct {
    const char *name;
    size_t      len;
    bool        letters;
    qr_level    level;
    yao_status  want;
} capacities[] = {
    {"accepts 2,953 bytes at L", 2953, false, QR_LEVEL_L, YAO_OK},
    {"refuses 2,954 bytes at L", 2954, false, QR_LEVEL_L, YAO_E_LIMIT},
    {"accepts 4,296 letters at L", 4296, true, QR_LEVEL_L, YAO_OK},
    {"refuses 4,297 letters at L", 4297, true, QR_LEVEL_L, YAO_E_LIMIT},
    {"accepts 1,273 bytes at H", 1273, false, QR_LEVEL_H, YAO_OK},
    {"refuses 1,274 bytes at H", 1274, false, QR_LEVEL_H, YAO_E_LIMIT},
    {"refuses 7,090 letters", 7090, true, QR_LEVEL_L, YAO_E_LIMIT},
    {"refuses nothing", 0, true, QR_LEVEL_L, YAO_E_USAGE},
    {"refuses a fifth level", 10, true, (qr_level)4, YAO_E_USAGE},
};

static void capacity(void **state)
{
    size_t    i       = (size_t)*state;
    uint8_t  *content = yao_arena_take(test_arena(), capacities[i].len + 1);
    yao_bytes bytes   = {content, capacities[i].len};
    qr_code   code    = {NULL, 7, 7};

    memset(content, capacities[i].letters ? 'A' : 'a', bytes.len);
    assert_status(qr_encode(bytes, capacities[i].level, test_arena(), &code),
                  capacities[i].want);
    if (capacities[i].want == YAO_OK)
        assert_reads(png_of(&code), bytes);
    else
        assert_int_equal(code.width, 7);
}

static yao_status encode_in(yao_arena *arena, void *context)
{
    qr_code code;

    (void)context;
    return qr_encode(YAO_LIT("YP1:"), QR_LEVEL_L, arena, &code);
}

static void refuses_small_arena(void **state)
{
    (void)state;
    test_every_arena(encode_in, NULL, 8192);
}

/* ---- PNG ---------------------------------------------------------------- */

static yao_status write_png(yao_writer *w, void *context)
{
    return qr_write_png(context, w);
}

static void refuses_small_room(void **state)
{
    qr_code code;

    (void)state;
    assert_status(qr_encode(YAO_LIT("YP1:"), QR_LEVEL_L, test_arena(), &code),
                  YAO_OK);
    test_every_room(write_png, &code);
}

static void gives_wide_pictures(void **state)
{
    static const size_t lengths[] = {1, 100, 1000, 2900};

    (void)state;
    for (size_t i = 0; i < COUNT(lengths); i++) {
        yao_bytes png = png_with(noise(lengths[i]), QR_LEVEL_L);
        assert_memory_equal(png.ptr + 12, "IHDR", 4);
        uint32_t width = png_get_number(png.ptr + 16);
        assert_true(width >= 600 && width < 800);
        assert_int_equal(png_get_number(png.ptr + 20), width);
        assert_int_equal(png.ptr[24], 1); /* bit */
        assert_int_equal(png.ptr[25], 0); /* grey */
    }
}

static void refuses_no_modules(void **state)
{
    uint8_t    buffer[64];
    yao_writer w    = yao_writer_open(buffer, sizeof buffer);
    qr_code    none = {NULL, 0, 0}, huge = {buffer, QR_MAX_WIDTH + 1, 0};

    (void)state;
    assert_status(qr_write_png(&none, &w), YAO_E_USAGE);
    assert_status(qr_write_png(&huge, &w), YAO_E_USAGE);
    assert_int_equal(w.len, 0);
}

/* ---- animation ---------------------------------------------------------- */

enum { PARTS = 5 };

static void make_parts(yao_bytes parts[PARTS], qr_code codes[PARTS])
{
    for (size_t i = 0; i < PARTS; i++)
        parts[i] = base45(noise(400 + 30 * i));
    assert_status(
        qr_encode_frames(parts, PARTS, QR_LEVEL_L, test_arena(), codes),
        YAO_OK);
}

static yao_bytes animate(const qr_code *codes, size_t count, unsigned delay)
{
    uint8_t   *buffer = yao_arena_take(test_arena(), ROOM);
    yao_writer w      = yao_writer_open(buffer, ROOM);
    yao_bytes  out;

    assert_status(qr_write_animation(codes, count, delay, test_arena(), &w),
                  YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

static void gives_one_version(void **state)
{
    yao_bytes parts[PARTS];
    qr_code   codes[PARTS];

    (void)state;
    make_parts(parts, codes);
    for (size_t i = 0; i < PARTS; i++) {
        assert_int_equal(codes[i].version, codes[PARTS - 1].version);
        assert_reads(png_of(&codes[i]), parts[i]);
    }
}

static void gives_frames(void **state)
{
    yao_bytes parts[PARTS];
    qr_code   codes[PARTS];
    qr_texts  texts;

    (void)state;
    make_parts(parts, codes);
    yao_bytes file = animate(codes, PARTS, 200);
    assert_status(qr_read(file, test_arena(), &texts), YAO_OK);
    assert_int_equal(texts.count, PARTS);
    for (size_t i = 0; i < PARTS; i++)
        assert_bytes(texts.list[i], parts[i]);
}

/* The delay stands in each frame, the sequence has no gap (11.3.6), and who
 * knows no animation sees the first frame. png_next() looks at each CRC. */
static void gives_chunks_in_order(void **state)
{
    yao_bytes parts[PARTS];
    qr_code   codes[PARTS];
    png_chunk c;
    uint32_t  sequence = 0, controls = 0;

    (void)state;
    make_parts(parts, codes);
    yao_bytes file = animate(codes, PARTS, 200);
    yao_bytes rest = {file.ptr + 8, file.len - 8};
    assert_status(png_next(&rest, &c), YAO_OK);
    assert_true(png_is(&c, "IHDR"));
    assert_status(png_next(&rest, &c), YAO_OK);
    assert_true(png_is(&c, "acTL"));
    assert_int_equal(png_get_number(c.data.ptr), PARTS);
    while (!png_is(&c, "IEND")) {
        assert_status(png_next(&rest, &c), YAO_OK);
        if (png_is(&c, "fcTL") || png_is(&c, "fdAT"))
            assert_int_equal(png_get_number(c.data.ptr), sequence++);
        if (png_is(&c, "fcTL")) {
            controls++;
            assert_memory_equal(c.data.ptr + 20, "\0\xc8\x03\xe8", 4);
        }
        if (png_is(&c, "IDAT"))
            assert_int_equal(controls, 1);
    }
    assert_int_equal(controls, PARTS);
    assert_int_equal(rest.len, 0);
}

/* libpng is the other opinion on our CRCs, and reads the first frame. */
static void gives_first_frame_to_others(void **state)
{
    yao_bytes parts[PARTS];
    qr_code   codes[PARTS];

    (void)state;
    make_parts(parts, codes);
    yao_bytes file  = animate(codes, PARTS, 167);
    uint8_t  *other = yao_arena_take(test_arena(), file.len);
    memcpy(other, file.ptr, file.len);
    memcpy(other + 33 + 4, "abTL", 4); /* not acTL, but its CRC must hold */
    png_chunk  c;
    yao_bytes  head = {other + 33, file.len - 33};
    yao_writer w    = yao_writer_open(other + 33, 20);
    assert_status(png_next(&head, &c), YAO_E_MALFORMED);
    uint8_t count[8];
    memcpy(count, other + 41, 8);
    png_put_chunk(&w, "abTL", (yao_bytes){count, 8}, YAO_LIT(""));
    assert_reads((yao_bytes){other, file.len}, parts[0]);
}

static void refuses_bad_animations(void **state)
{
    yao_bytes parts[PARTS];
    qr_code   codes[PARTS];
    uint8_t   buffer[16];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    (void)state;
    make_parts(parts, codes);
    assert_status(qr_write_animation(codes, 0, 200, test_arena(), &w),
                  YAO_E_USAGE);
    assert_status(qr_write_animation(codes, QR_MAX_FRAMES + 1, 200,
                                     test_arena(), &w),
                  YAO_E_USAGE);
    assert_status(qr_write_animation(codes, PARTS, 166, test_arena(), &w),
                  YAO_E_USAGE);
    assert_status(qr_write_animation(codes, PARTS, 60001, test_arena(), &w),
                  YAO_E_USAGE);
    codes[1].width = 21;
    assert_status(qr_write_animation(codes, PARTS, 200, test_arena(), &w),
                  YAO_E_USAGE);
    assert_int_equal(w.len, 0);
    codes[1].width = codes[0].width;
    assert_status(qr_write_animation(codes, PARTS, 200, test_arena(), &w),
                  YAO_E_SPACE);
    assert_status(qr_encode_frames(parts, 0, QR_LEVEL_L, test_arena(), codes),
                  YAO_E_USAGE);
    assert_status(qr_encode_frames(parts, QR_MAX_FRAMES + 1, QR_LEVEL_L,
                                   test_arena(), codes),
                  YAO_E_USAGE);
}

/* ---- terminal ----------------------------------------------------------- */

/* Read back as pixels: spaces and blocks, two rows of modules in a line. */
static void gives_terminal_letters(void **state)
{
    qr_code    code;
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    (void)state;
    assert_status(qr_encode(YAO_LIT("YP1:"), QR_LEVEL_L, test_arena(), &code),
                  YAO_OK);
    w = yao_writer_in(test_arena());
    qr_write_terminal(&code, &w);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);

    uint32_t side   = code.width + 8;
    uint8_t *pixels = yao_arena_take(test_arena(), (size_t)side * (side + 1));
    memset(pixels, 255, (size_t)side * (side + 1));
    const char *at = (const char *)out.ptr;
    for (uint32_t y = 0; y < side; y += 2) {
        at = strchr(at, '2');
        at = strchr(at, 'm') + 1;
        for (uint32_t x = 0; x < side; x++) {
            bool full  = memcmp(at, "\u2588", 3) == 0;
            bool upper = memcmp(at, "\u2580", 3) == 0;
            bool lower = memcmp(at, "\u2584", 3) == 0;
            pixels[y * side + x]       = full || upper ? 0 : 255;
            pixels[(y + 1) * side + x] = full || lower ? 0 : 255;
            at += full || upper || lower ? 3 : 1;
        }
        assert_memory_equal(at, "\033[0m\n", 5);
        at += 5;
    }
    for (uint32_t y = 0; y < code.width; y++)
        for (uint32_t x = 0; x < code.width; x++)
            assert_int_equal(pixels[(y + 4) * side + x + 4] == 0,
                             code.modules[y * code.width + x]);
}

int main(void)
{
    test_add("read", "gives back 1 to 1,300 bytes", gives_back_all_lengths,
             NULL);
    test_add("read", "gives back every level", gives_back_every_level, NULL);
    test_add("read", "gives back zero bytes and marks", gives_back_zero_bytes,
             NULL);
    test_add("encode", "gives smaller codes for letters of base45",
             gives_smaller_codes_for_letters, NULL);
    for (size_t i = 0; i < COUNT(capacities); i++)
        test_add("encode", capacities[i].name, capacity, (const void *)i);
    test_add("encode", "refuses every small arena", refuses_small_arena, NULL);
    test_add("png", "refuses every small room", refuses_small_room, NULL);
    test_add("png", "gives at least 600 pixels of one bit",
             gives_wide_pictures, NULL);
    test_add("png", "refuses no modules, and too many", refuses_no_modules,
             NULL);
    test_add("animation", "gives frames of one version", gives_one_version,
             NULL);
    test_add("animation", "gives frames that are all read", gives_frames,
             NULL);
    test_add("animation", "gives chunks in order", gives_chunks_in_order,
             NULL);
    test_add("animation", "gives the first frame to those who know no other",
             gives_first_frame_to_others, NULL);
    test_add("animation", "refuses other delays, counts and sizes",
             refuses_bad_animations, NULL);
    test_add("terminal", "gives half blocks with a margin",
             gives_terminal_letters, NULL);
    return test_run("qr");
}
