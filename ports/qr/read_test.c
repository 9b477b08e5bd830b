/* SPDX-License-Identifier: Apache-2.0 */
#define _GNU_SOURCE /* syscall() */

/** Pictures as cameras and strangers make them. */

#include "qr/qr.h"

#include <linux/futex.h>
#include <png.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "image/image.h"
#include "qr/decode.h"
#include "qr/jail.h"
#include "qr/png.h"

#define WORDS_45 "YP1:6BF0X0K7R2:8Z*9EDGS6LQ%5-J4.+3A $B1/CHNMPTUVWY"

/* Under a sanitizer a child that jumps or has no memory left looks at files of
 * its own, may not, and ends itself: its picture can't be read, and nobody
 * knows why. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

static void assert_status_of_child(yao_status got, yao_status want)
{
    if (!SANITIZED || got != YAO_E_MALFORMED || want == YAO_OK)
        assert_status(got, want);
}

static yao_bytes take_writer(yao_writer *w)
{
    yao_bytes out;

    assert_status(yao_writer_keep(w, test_arena(), &out), YAO_OK);
    return out;
}

static qr_code code_of(const char *text)
{
    qr_code code;

    assert_status(qr_encode(yao_text_bytes(yao_text_of(text)), QR_LEVEL_L,
                            test_arena(), &code),
                  YAO_OK);
    return code;
}

static yao_bytes png_of(const qr_code *code)
{
    yao_writer w = yao_writer_in(test_arena());

    assert_status(qr_write_png(code, &w), YAO_OK);
    return take_writer(&w);
}

/* ---- photographs -------------------------------------------------------- */

/* How the paper lies on a table of TABLE x TABLE pixels. */
typedef struct photograph {
    const char *name;
    double      cosine, sine; /* of the angle */
    double      scale; /* pixels of a module */
    int         noise; /* of 255, each way */
    int         quality;
    int         light, dark; /* brightness of the paper, and of the ink */
} photograph;

static const photograph photographs[] = {
    {"gives a straight photograph", 1, 0, 6, 0, 80, 255, 0},
    {"gives a noisy one", 1, 0, 6, 40, 80, 230, 30},
    {"gives one that is turned by 7 degrees", 0.9925, 0.1219, 6, 20, 80, 240, 20},
    {"gives one that is turned by 30 degrees", 0.866, 0.5, 6, 20, 80, 240, 20},
    {"gives one that is turned by 20 degrees", 0.9397, 0.342, 6, 20, 80, 240, 20},
    {"gives one that is turned by 40 degrees", 0.766, 0.6428, 6, 20, 80, 240, 20},
    {"gives one that is turned by 45 degrees", 0.7071, 0.7071, 7, 25, 80, 240, 20},
    {"gives a small one turned by 45 degrees", 0.7071, 0.7071, 4, 5, 80, 240, 20},
    {"gives one that lies on its side", 0, 1, 5, 20, 80, 240, 20},
    {"gives one upside down", -1, 0, 5, 20, 80, 240, 20},
    {"gives one turned by 211 degrees", -0.8572, -0.515, 6, 20, 80, 240, 20},
    {"gives a pale one", 0.9986, 0.0523, 6, 15, 80, 190, 90},
    {"gives a badly compressed one", 0.9986, 0.0523, 7, 10, 30, 240, 20},
};

enum { TABLE = 640 };

static uint32_t seed = 1;

static int any(int most)
{
    seed = seed * 1664525u + 1013904223u;
    return most == 0 ? 0 : (int)(seed >> 8) % (2 * most + 1) - most;
}

static bool is_ink(const qr_code *code, double x, double y)
{
    double width = code->width;

    return x >= 0 && y >= 0 && x < width && y < width &&
           code->modules[(uint32_t)y * code->width + (uint32_t)x] != 0;
}

static int clamp(int value)
{
    return value < 0 ? 0 : value > 255 ? 255 : value;
}

static yao_bytes photograph_of(const qr_code *code, const photograph *p)
{
    image_canvas canvas;
    yao_writer   w;

    assert_status(image_canvas_open(test_arena(), TABLE, TABLE, &canvas),
                  YAO_OK);
    for (int i = 0; i < TABLE * TABLE; i++) {
        double x = (i % TABLE - TABLE / 2) / p->scale;
        double y = (i / TABLE - TABLE / 2) / p->scale;
        double u = x * p->cosine + y * p->sine + code->width / 2.0;
        double v = y * p->cosine - x * p->sine + code->width / 2.0;
        int    grey =
            clamp((is_ink(code, u, v) ? p->dark : p->light) + any(p->noise));
        memset(canvas.pixels + (size_t)i * 3, grey, 3);
    }
    w = yao_writer_in(test_arena());
    assert_status(image_write_jpeg(&canvas, p->quality, &w), YAO_OK);
    return take_writer(&w);
}

static void photographed(void **state)
{
    const photograph *p    = *state;
    qr_code           code = code_of(WORDS_45 WORDS_45 WORDS_45 WORDS_45);
    qr_texts          texts;

    assert_status(qr_read(photograph_of(&code, p), test_arena(), &texts),
                  YAO_OK);
    assert_int_equal(texts.count, 1);
    assert_bytes(texts.list[0],
                 YAO_LIT(WORDS_45 WORDS_45 WORDS_45 WORDS_45));
}

/* ---- other pictures ----------------------------------------------------- */

enum { SIDE = 400 };

/* Paint CODE at LEFT, TOP of a grey picture, three pixels for each module. */
static void paint(uint8_t *grey, const qr_code *code, size_t left, size_t top)
{
    for (size_t y = 0; y < code->width * 3; y++)
        for (size_t x = 0; x < code->width * 3; x++)
            grey[(top + y) * SIDE + left + x] =
                code->modules[y / 3 * code->width + x / 3] ? 0 : 255;
}

static uint8_t *paper(void)
{
    uint8_t *grey = yao_arena_take(test_arena(), SIDE * SIDE * 8);

    memset(grey, 255, SIDE * SIDE);
    return grey;
}

/* A PNG of another kind, written by libpng's other half. */
static yao_bytes other_png(const void *pixels, uint32_t format)
{
    png_image        png    = {.version = PNG_IMAGE_VERSION};
    png_alloc_size_t len    = 512 * 1024;
    uint8_t         *buffer = yao_arena_take(test_arena(), len);

    png.width = png.height = SIDE;
    png.format             = format;
    assert_true(png_image_write_to_memory(&png, buffer, &len, 0, pixels, 0,
                                          NULL));
    return (yao_bytes){buffer, len};
}

static void assert_two(yao_bytes file)
{
    qr_texts texts;

    assert_status(qr_read(file, test_arena(), &texts), YAO_OK);
    assert_int_equal(texts.count, 2);
    bool swapped = texts.list[0].ptr[0] == 'T';
    assert_bytes(texts.list[swapped], YAO_LIT("ONE"));
    assert_bytes(texts.list[!swapped], YAO_LIT("TWO"));
}

static void gives_several(void **state)
{
    uint8_t *grey = paper();
    qr_code  one = code_of("ONE"), two = code_of("TWO");

    (void)state;
    paint(grey, &one, 20, 20);
    paint(grey, &two, 250, 200);
    paint(grey, &one, 20, 300); /* once is enough */
    assert_two(other_png(grey, PNG_FORMAT_GRAY));
}

/* Ink on nothing: what is transparent is paper. */
static void gives_transparent(void **state)
{
    uint8_t *grey = paper();
    uint8_t *both = yao_arena_take(test_arena(), SIDE * SIDE * 2);
    qr_code  one = code_of("ONE"), two = code_of("TWO");

    (void)state;
    paint(grey, &one, 20, 20);
    paint(grey, &two, 250, 200);
    for (size_t i = 0; i < SIDE * SIDE; i++)
        both[2 * i + 1] = grey[i] == 0 ? 255 : 0;
    assert_two(other_png(both, PNG_FORMAT_GA));
}

static void gives_sixteen_bits(void **state)
{
    uint8_t  *grey = paper();
    uint16_t *deep = yao_arena_take(test_arena(), SIDE * SIDE * 6);
    qr_code   one = code_of("ONE"), two = code_of("TWO");

    (void)state;
    paint(grey, &one, 20, 20);
    paint(grey, &two, 250, 200);
    for (size_t i = 0; i < SIDE * SIDE * 3; i++)
        deep[i] = grey[i / 3] ? 65535 : 0;
    assert_two(other_png(deep, PNG_FORMAT_LINEAR_RGB));
}

/* ---- damage ------------------------------------------------------------- */

static void assert_refused(yao_bytes file, yao_status want)
{
    qr_texts texts = {NULL, 7};
    size_t   used  = test_arena()->used;

    assert_status_of_child(qr_read(file, test_arena(), &texts), want);
    assert_int_equal(texts.count, 7);
    assert_int_equal(test_arena()->used, used);
}

/* A header that promises WIDTH x HEIGHT pixels, and nothing of them. */
static yao_bytes promised_png(uint32_t width, uint32_t height)
{
    uint8_t    header[13];
    yao_writer w = yao_writer_open(header, sizeof header);
    uint8_t   *buffer = yao_arena_take(test_arena(), 128);

    png_put_number(&w, width);
    png_put_number(&w, height);
    yao_put_bytes(&w, YAO_LIT("\x08\0\0\0\0"));
    w = yao_writer_open(buffer, 128);
    yao_put_bytes(&w, png_signature);
    png_put_chunk(&w, "IHDR", (yao_bytes){header, sizeof header}, YAO_LIT(""));
    png_put_chunk(&w, "IDAT", YAO_LIT("x\x9c\x03\0\0\0\0\x01"), YAO_LIT(""));
    png_put_chunk(&w, "IEND", YAO_LIT(""), YAO_LIT(""));
    return (yao_bytes){buffer, w.len};
}

static void refuses_giants(void **state)
{
    (void)state;
    assert_refused(promised_png(4097, 16), YAO_E_LIMIT);
    assert_refused(promised_png(16, 4097), YAO_E_LIMIT);
    assert_refused(promised_png(1000000, 1000000), YAO_E_LIMIT);
    assert_refused(promised_png(4096, 4096), YAO_E_MALFORMED);
    assert_refused(promised_png(0x7fffffff, 0x7fffffff), YAO_E_MALFORMED);
    assert_refused(promised_png(0, 0), YAO_E_MALFORMED);
}

static const struct {
    const char *name;
    yao_bytes   file;
    yao_status  want;
} strange[] = {
    {"refuses nothing", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses text", YAO_INIT("YP1:ABC"), YAO_E_MALFORMED},
    {"refuses a PNG's signature alone", YAO_INIT("\x89PNG\r\n\x1a\n"),
     YAO_E_MALFORMED},
    {"refuses a JPEG's beginning alone", YAO_INIT("\xff\xd8\xff"),
     YAO_E_MALFORMED},
    {"refuses a JPEG that is 65,500 pixels wide",
     YAO_INIT("\xff\xd8\xff\xc0\x00\x0b\x08\xff\xdc\xff\xdc\x01\x01\x11\x00"
              "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"),
     YAO_E_LIMIT},
    {"refuses a JPEG of four colours",
     YAO_INIT("\xff\xd8\xff\xc0\x00\x14\x08\x00\x10\x00\x10\x04"
              "\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x11\x00"
              "\xff\xda\x00\x0e\x04\x01\x00\x02\x00\x03\x00\x04\x00\x00\x3f"
              "\x00\x00\xff\xd9"),
     YAO_E_UNSUPPORTED},
};

static void strangely(void **state)
{
    size_t i = (size_t)*state;

    assert_refused(strange[i].file, strange[i].want);
}

static void refuses_empty_paper(void **state)
{
    (void)state;
    assert_refused(other_png(paper(), PNG_FORMAT_GRAY), YAO_E_MISSING);
}

static void refuses_long_files(void **state)
{
    uint8_t *file = calloc(1, QR_MAX_FILE + 1);

    (void)state;
    assert_non_null(file);
    memcpy(file, "\xff\xd8\xff", 3);
    assert_refused((yao_bytes){file, QR_MAX_FILE + 1}, YAO_E_LIMIT);
    assert_refused((yao_bytes){file, QR_MAX_FILE}, YAO_E_MALFORMED);
    free(file);
}

static void refuses_full_arena(void **state)
{
    qr_code   code = code_of(WORDS_45);
    yao_bytes png  = png_of(&code);
    uint8_t   memory[48];
    yao_arena small = {memory, sizeof memory, 0};
    qr_texts  texts;

    (void)state;
    assert_status(qr_read(png, &small, &texts), YAO_E_SPACE);
    assert_int_equal(small.used, 0);
}

/* Cut anywhere a picture is refused. In here without a child: that is what it
 * does, thousands of times. */
static yao_status decode(yao_bytes file)
{
    size_t     mark    = test_arena()->used;
    uint8_t   *memory  = yao_arena_take(test_arena(), QR_TEXT_MEMORY);
    yao_arena  texts   = {memory, QR_TEXT_MEMORY, 0};
    uint8_t   *work    = yao_arena_take(test_arena(), 2048 * 1024);
    yao_arena  scratch = {work, 2048 * 1024, 0};
    qr_found   found   = {.texts = &texts, .scratch = &scratch};
    yao_status status  = qr_decode(file, &found);

    for (size_t i = 0; i < found.count && status == YAO_OK; i++)
        assert_true(found.list[i].len > 0);
    test_arena()->used = mark;
    return status;
}

static yao_status decode_prefix(yao_bytes file, void *context)
{
    (void)context;
    return decode(file);
}

/* A picture without its end mark is refused, too. */
static void refuses_cut_png(void **state)
{
    qr_code   code = code_of("HELLO");
    yao_bytes png  = png_of(&code);

    (void)state;
    assert_status(decode(png), YAO_OK);
    test_every_prefix(decode_prefix, png, NULL);
}

static yao_bytes small_jpeg(void)
{
    qr_code      code = code_of("HELLO");
    image_canvas canvas;
    yao_writer   w;

    assert_status(image_canvas_open(test_arena(), 116, 116, &canvas), YAO_OK);
    memset(canvas.pixels, 255, 116 * 116 * 3);
    for (int32_t i = 0; i < 21 * 21; i++)
        if (code.modules[i] != 0)
            image_draw_box(&canvas,
                           (image_box){16 + i % 21 * 4, 16 + i / 21 * 4, 4, 4},
                           (image_colour){0, 0, 0});
    w = yao_writer_in(test_arena());
    assert_status(image_write_jpeg(&canvas, 80, &w), YAO_OK);
    return take_writer(&w);
}

static void refuses_cut_jpeg(void **state)
{
    yao_bytes jpeg = small_jpeg();

    (void)state;
    assert_status(decode(jpeg), YAO_OK);
    test_every_prefix(decode_prefix, jpeg, NULL);
}

/* A flipped bit gives an error, or a picture with other specks. */
static void flip_all(yao_bytes file, size_t step)
{
    uint8_t *copy = yao_arena_take(test_arena(), file.len);

    for (size_t bit = 0; bit < file.len * 8; bit += step) {
        memcpy(copy, file.ptr, file.len);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        yao_status status = decode((yao_bytes){copy, file.len});
        assert_true(status == YAO_OK || status == YAO_E_MALFORMED ||
                    status == YAO_E_LIMIT || status == YAO_E_MISSING ||
                    status == YAO_E_UNSUPPORTED || status == YAO_E_SPACE);
    }
}

static void never_crashes_on_flips(void **state)
{
    qr_code   code   = code_of("HELLO");
    qr_code   two[2] = {code, code};
    yao_bytes png    = png_of(&code);
    uint8_t  *buffer = yao_arena_take(test_arena(), 65536);

    (void)state;
    flip_all(png, 7);
    flip_all(small_jpeg(), 29);
    yao_writer w = yao_writer_open(buffer, 65536);
    assert_status(qr_write_animation(two, 2, 500, test_arena(), &w), YAO_OK);
    flip_all((yao_bytes){w.ptr, w.len}, 13);
}

/* PNG has a CRC over each chunk that counts: no flipped bit of an animation's
 * frames is read as anything. */
static void refuses_wrong_crc(void **state)
{
    qr_code    codes[2] = {code_of("ONE"), code_of("TWO")};
    uint8_t   *buffer   = yao_arena_take(test_arena(), 65536);
    yao_writer w        = yao_writer_open(buffer, 65536);
    png_chunk  c;

    (void)state;
    assert_status(qr_write_animation(codes, 2, 500, test_arena(), &w), YAO_OK);
    yao_bytes file = {w.ptr, w.len}, rest = {w.ptr + 8, w.len - 8};
    assert_status(decode(file), YAO_OK);
    do
        assert_status(png_next(&rest, &c), YAO_OK);
    while (!png_is(&c, "fdAT"));
    buffer[c.data.ptr - buffer + 30] ^= 4;
    assert_status(decode(file), YAO_E_MALFORMED);
}

/* ---- codes that no encoder makes ---------------------------------------- */

/* The odd sum of codes with one mask is a code again, its error correction
 * right, its segments what no encoder writes: unknown modes, counts above what
 * follows, empty segments. */
static bool sum(const qr_code three[3], uint8_t *modules)
{
    const uint8_t *a = three[0].modules, *b = three[1].modules;
    const uint8_t *c = three[2].modules;
    size_t         width = three[0].width;

    if (three[1].width != width || three[2].width != width)
        return false;
    /* format information, in row 8: level and mask */
    if (memcmp(a + 8 * width, b + 8 * width, 9) != 0 ||
        memcmp(a + 8 * width, c + 8 * width, 9) != 0)
        return false;
    for (size_t i = 0; i < width * width; i++)
        modules[i] = a[i] ^ b[i] ^ c[i];
    return true;
}

static void make_any(qr_code *code)
{
    uint8_t   content[16];
    size_t    len   = (size_t)(any(7) + 8);
    int       kind  = any(1);
    yao_bytes bytes = {content, len};

    for (size_t i = 0; i < len; i++)
        content[i] = (uint8_t)(kind < 0 ? any(127) + 128
                               : kind > 0 ? 'A' + any(12) + 13
                                          : '0' + any(4) + 5);
    assert_status(qr_encode(bytes, QR_LEVEL_L, test_arena(), code), YAO_OK);
}

static void never_crashes_on_sums(void **state)
{
    uint8_t  modules[QR_MAX_WIDTH * QR_MAX_WIDTH];
    unsigned sums = 0, read = 0;

    (void)state;
    for (int i = 0; i < 60000 && sums < 200; i++) {
        size_t  mark = test_arena()->used;
        qr_code three[3];

        for (int k = 0; k < 3; k++)
            make_any(&three[k]);
        if (sum(three, modules)) {
            qr_code    code   = {modules, three[0].width, 1};
            yao_status status = decode(png_of(&code));
            assert_true(status == YAO_OK || status == YAO_E_MISSING);
            sums++;
            read += status == YAO_OK;
        }
        test_arena()->used = mark;
    }
    assert_int_equal(sums, 200);
    assert_true(read < 200);
}

/* Modules flipped by hundreds: format, version, mask, data. */
static void never_crashes_on_specks(void **state)
{
    qr_code   code    = code_of(WORDS_45 WORDS_45 WORDS_45 WORDS_45);
    size_t    count   = (size_t)code.width * code.width;
    uint8_t  *modules = yao_arena_take(test_arena(), count);

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t mark = test_arena()->used;

        memcpy(modules, code.modules, count);
        for (int i = 0; i < round; i++)
            modules[(size_t)(any((int)count / 2) + (int)count / 2) % count] ^=
                1;
        qr_code    other  = {modules, code.width, code.version};
        yao_status status = decode(png_of(&other));
        assert_true(status == YAO_OK || status == YAO_E_MISSING);
        test_arena()->used = mark;
    }
}

/* ---- the child ---------------------------------------------------------- */

static yao_status find(qr_found *found, const char *text)
{
    found->list[0] = yao_text_bytes(yao_text_of(text));
    found->count   = 1;
    return YAO_OK;
}

static yao_status crash(yao_bytes file, qr_found *found)
{
    (void)file;
    (void)found;
    __builtin_trap();
}

static yao_status hang(yao_bytes file, qr_found *found)
{
    (void)file;
    (void)found;
    for (volatile bool on = true; on;)
        continue;
    return YAO_OK;
}

/* Waits without computing: for a byte that nobody changes. */
static yao_status sleep_on(yao_bytes file, qr_found *found)
{
    static int word;

    (void)file;
    (void)found;
    while (syscall(SYS_futex, &word, FUTEX_WAIT, 0, NULL, NULL, 0) == 0 ||
           word == 0)
        continue;
    return YAO_OK;
}

/* Whoever is in a decoder by then says a whole answer, and stays. */
static yao_status answer_and_stay(yao_bytes file, qr_found *found)
{
    static const struct {
        uint32_t status, count, len;
        char     text[4];
    } answer = {YAO_OK, 1, 4, {'s', 't', 'a', 'y'}};

    for (int fd = 0; fd < 1024; fd++)
        if (write(fd, &answer, sizeof answer) == (ssize_t)sizeof answer)
            return sleep_on(file, found);
    return YAO_E_MISSING;
}

static yao_status eat(yao_bytes file, qr_found *found)
{
    (void)file;
    for (size_t i = 0; i < 1024; i++) {
        volatile uint8_t *block = malloc(1024 * 1024);
        if (block == NULL)
            return YAO_E_SPACE;
        block[i] = 1;
    }
    return find(found, "ate");
}

/* All of these fail, or the answer says which one did not. */
static yao_status escape(yao_bytes file, qr_found *found)
{
    int ends[2];

    (void)file;
    if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
        return find(found, "a socket");
    if (pipe(ends) == 0)
        return find(found, "a pipe");
    if (fopen("/etc/passwd", "r") != NULL)
        return find(found, "a file");
    if (write(1, "", 0) >= 0)
        return find(found, "standard output");
    return find(found, "nothing");
}

static yao_status say_too_many(yao_bytes file, qr_found *found)
{
    (void)file;
    for (size_t i = 0; i < QR_MAX_TEXTS; i++)
        found->list[i] = YAO_LIT("x");
    found->count = QR_MAX_TEXTS + 1;
    return YAO_OK;
}

static yao_status say_nothing_found(yao_bytes file, qr_found *found)
{
    (void)file;
    found->count = 0;
    return YAO_OK;
}

static yao_status say_empty(yao_bytes file, qr_found *found)
{
    (void)file;
    return find(found, "");
}

static yao_status say_too_long(yao_bytes file, qr_found *found)
{
    (void)file;
    (void)find(found, "x");
    found->list[0].len = QR_MAX_TEXT + 1;
    return YAO_OK;
}

static yao_status say_strange_status(yao_bytes file, qr_found *found)
{
    (void)file;
    (void)found;
    return (yao_status)4711;
}

static yao_status end_early(yao_bytes file, qr_found *found)
{
    (void)file;
    (void)found;
    _exit(0);
}

static const struct {
    const char *name;
    qr_work     work;
    yao_status  want;
    const char *text;
} children[] = {
    {"gives what a child says", {escape, 5, 30000}, YAO_OK, "nothing"},
    {"refuses a child that crashes", {crash, 5, 30000}, YAO_E_MALFORMED, NULL},
    {"refuses a child that computes for ever", {hang, 1, 60000}, YAO_E_LIMIT,
     NULL},
    {"refuses a child that waits for ever", {sleep_on, 5, 200}, YAO_E_LIMIT,
     NULL},
    {"never waits for a child that has answered", {answer_and_stay, 5, 30000},
     YAO_OK, "stay"},
    {"refuses a child that wants 1 GB", {eat, 5, 30000}, YAO_E_LIMIT, NULL},
    {"refuses a child that ends early", {end_early, 5, 30000},
     YAO_E_MALFORMED, NULL},
    {"refuses a child that says too many", {say_too_many, 5, 30000},
     YAO_E_MALFORMED, NULL},
    {"refuses a child that says none", {say_nothing_found, 5, 30000},
     YAO_E_MALFORMED, NULL},
    {"refuses a child that says an empty text", {say_empty, 5, 30000},
     YAO_E_MALFORMED, NULL},
    {"refuses a child that says too long a text", {say_too_long, 5, 30000},
     YAO_E_MALFORMED, NULL},
    {"refuses a child that says what it can't know",
     {say_strange_status, 5, 30000}, YAO_E_MALFORMED, NULL},
};

static void ask(void **state)
{
    size_t   i     = (size_t)*state;
    qr_texts texts = {NULL, 7};

    assert_status_of_child(qr_ask_child(&children[i].work, YAO_LIT("x"),
                                        test_arena(), &texts),
                           children[i].want);
    if (children[i].want == YAO_OK) {
        assert_int_equal(texts.count, 1);
        assert_bytes(texts.list[0],
                     yao_text_bytes(yao_text_of(children[i].text)));
    } else {
        assert_int_equal(texts.count, 7);
    }
}

/* No child is left behind, whatever became of it. */
static void never_leaves_children(void **state)
{
    (void)state;
    assert_true(waitpid(-1, NULL, WNOHANG) <= 0);
}

static void refuses_without_pipes(void **state)
{
    qr_code   code = code_of("HELLO");
    yao_bytes png  = png_of(&code);
    int       fds[4096], count = 0;

    (void)state;
    while (count < 4096 && (fds[count] = dup(1)) >= 0)
        count++;
    if (count < 4096)
        assert_refused(png, YAO_E_FILE);
    while (count > 0)
        close(fds[--count]);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(photographs); i++)
        test_add("photograph", photographs[i].name, photographed,
                 &photographs[i]);
    test_add("picture", "gives several codes, each once", gives_several, NULL);
    test_add("picture", "gives ink on nothing", gives_transparent, NULL);
    test_add("picture", "gives sixteen bits of colour", gives_sixteen_bits,
             NULL);
    test_add("damage", "refuses giant headers before their pixels",
             refuses_giants, NULL);
    for (size_t i = 0; i < COUNT(strange); i++)
        test_add("damage", strange[i].name, strangely, (const void *)i);
    test_add("damage", "refuses empty paper", refuses_empty_paper, NULL);
    test_add("damage", "refuses files of more than 8 MB", refuses_long_files,
             NULL);
    test_add("damage", "refuses a full arena", refuses_full_arena, NULL);
    test_add("damage", "refuses every prefix of a PNG (N237)", refuses_cut_png,
             NULL);
    test_add("damage", "refuses every prefix of a JPEG (N237)",
             refuses_cut_jpeg, NULL);
    test_add("damage", "never crashes on a flipped bit (N237)",
             never_crashes_on_flips, NULL);
    test_add("damage", "refuses a frame with a wrong CRC", refuses_wrong_crc,
             NULL);
    test_add("code", "never crashes on segments that nobody writes (N237)",
             never_crashes_on_sums, NULL);
    test_add("code", "never crashes on wrong versions and masks (N237)",
             never_crashes_on_specks, NULL);
    for (size_t i = 0; i < COUNT(children); i++)
        test_add("child", children[i].name, ask, (const void *)i);
    test_add("child", "never leaves one behind", never_leaves_children, NULL);
    test_add("child", "refuses when there is no pipe", refuses_without_pipes,
             NULL);
    return test_run("qr/read");
}
