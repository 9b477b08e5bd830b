/* SPDX-License-Identifier: Apache-2.0 */
#include "image/image.h"

#include "check.h"

/* The case's portrait: a drawn one. */
static yao_bytes draw(unsigned which, bool grey, bool child)
{
    uint8_t   *buffer = yao_arena_take(test_arena(), 65536);
    yao_writer w      = yao_writer_open(buffer, 65536);
    yao_bytes  out;

    assert_status(image_draw_specimen(which, grey, child, test_arena(), &w),
                  YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    return out;
}

static yao_status clean(yao_bytes jpeg, const image_limits *limits,
                        yao_bytes *ret)
{
    uint8_t   *buffer = yao_arena_take(test_arena(), 131072);
    yao_writer w      = yao_writer_open(buffer, 131072);

    YAO_TRY(image_clean_jpeg(jpeg, limits, &w));
    return yao_writer_close(&w, ret);
}

static yao_bytes join(yao_bytes a, yao_bytes b, yao_bytes c)
{
    uint8_t *out = yao_arena_take(test_arena(), a.len + b.len + c.len + 1);

    memcpy(out, a.ptr, a.len);
    memcpy(out + a.len, b.ptr, b.len);
    if (c.len > 0)
        memcpy(out + a.len + b.len, c.ptr, c.len);
    return (yao_bytes){out, a.len + b.len + c.len};
}

static bool contains(yao_bytes in, yao_bytes what)
{
    for (size_t i = 0; i + what.len <= in.len; i++)
        if (memcmp(in.ptr + i, what.ptr, what.len) == 0)
            return true;
    return false;
}

/* ---- drawing ------------------------------------------------------------ */

static void gives_specimens(void **state)
{
    yao_bytes seen[IMAGE_SPECIMENS];

    (void)state;
    for (unsigned i = 0; i < IMAGE_SPECIMENS; i++) {
        uint32_t width = 0, height = 0;
        seen[i] = draw(i, i % 3 == 0, i % 4 == 0);
        assert_status(image_size_jpeg(seen[i], &width, &height), YAO_OK);
        assert_int_equal(width, 358);
        assert_int_equal(height, 441);
        for (unsigned j = 0; j < i; j++)
            assert_false(yao_bytes_equal(seen[i], seen[j]));
    }
}

static void gives_same_twice(void **state)
{
    (void)state;
    assert_bytes(draw(5, false, false), draw(5, false, false));
    assert_bytes(draw(5 + IMAGE_SPECIMENS, false, false),
                 draw(5, false, false));
}

static void refuses_no_pixels(void **state)
{
    image_canvas c = {NULL, 7, 7};
    uint8_t      memory[16];
    yao_arena    small = {memory, sizeof memory, 0};

    (void)state;
    assert_status(image_canvas_open(test_arena(), 0, 4, &c), YAO_E_USAGE);
    assert_status(image_canvas_open(test_arena(), 4, 0, &c), YAO_E_USAGE);
    assert_status(image_canvas_open(&small, 40, 40, &c), YAO_E_SPACE);
    assert_int_equal(c.width, 7);
}

static void never_draws_outside(void **state)
{
    image_canvas c;
    image_colour white = {255, 255, 255};

    (void)state;
    assert_status(image_canvas_open(test_arena(), 8, 8, &c), YAO_OK);
    image_draw_box(&c, (image_box){-20, -20, 60, 60}, white);
    image_draw_ellipse(&c, (image_box){-4, 4, 30, 30}, white);
    image_draw_letters(&c, -30, 6, 9, "SPECIMEN", white);
    for (size_t i = 0; i < 8 * 8 * 3; i++)
        assert_int_equal(c.pixels[i], 255);
}

/* ---- shrinking ---- */

static void gives_small(void **state)
{
    (void)state;
    for (unsigned i = 0; i < IMAGE_SPECIMENS; i++) {
        uint8_t    buffer[IMAGE_SMALL_BYTES];
        yao_writer w    = yao_writer_open(buffer, sizeof buffer);
        uint32_t   wide = 0, high = 0;
        yao_bytes  out;

        size_t mark = test_arena()->used;
        assert_status(image_shrink_jpeg(draw(i, false, false),
                                        IMAGE_SMALL_BYTES, test_arena(), &w),
                      YAO_OK);
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        assert_true(out.len > 800);
        assert_status(image_size_jpeg(out, &wide, &high), YAO_OK);
        assert_true(wide >= 64 && high > wide);
        test_arena()->used = mark;
    }
}

static void refuses_too_small(void **state)
{
    uint8_t    buffer[4096];
    yao_writer w = yao_writer_open(buffer, sizeof buffer);

    (void)state;
    assert_status(
        image_shrink_jpeg(draw(1, false, false), 300, test_arena(), &w),
        YAO_E_LIMIT);
    assert_int_equal(w.len, 0);
}

/* ---- cleaning ---- */

static const image_limits wide_open = {1, 4000, 1, 4000, 1u << 20};

/* A comment, Exif and a tail go; not a bit of the picture does. */
static void never_keeps_metadata(void **state)
{
    yao_bytes portrait = draw(3, false, false);
    yao_bytes soi      = {portrait.ptr, 2};
    yao_bytes rest     = {portrait.ptr + 2, portrait.len - 2};
    yao_bytes with     = join(soi,
                              YAO_LIT("\xff\xe1\x00\x10"
                                          "Exif\0\0GPS 39.1"
                                          "\xff\xfe\x00\x08"
                                          "secret"),
                              rest);
    yao_bytes cleaned;

    (void)state;
    with = join(with, YAO_LIT("PK tail"), YAO_LIT(""));
    assert_status(clean(with, &wide_open, &cleaned), YAO_OK);
    assert_false(contains(cleaned, YAO_LIT("Exif")));
    assert_false(contains(cleaned, YAO_LIT("secret")));
    assert_false(contains(cleaned, YAO_LIT("tail")));

    image_canvas before, after;
    assert_status(image_read_jpeg(portrait, test_arena(), &before), YAO_OK);
    assert_status(image_read_jpeg(cleaned, test_arena(), &after), YAO_OK);
    assert_memory_equal(before.pixels, after.pixels,
                        (size_t)before.width * before.height * 3);
}

static void accepts_cleaned(void **state)
{
    yao_bytes once, twice;

    (void)state;
    assert_status(clean(draw(9, true, false), &image_portrait, &once), YAO_OK);
    assert_status(clean(once, &image_portrait, &twice), YAO_OK);
    assert_bytes(once, twice);
}

static yao_status read_prefix(yao_bytes input, void *context)
{
    yao_bytes out;
    size_t    mark = test_arena()->used;

    (void)context;
    yao_status status  = clean(input, &wide_open, &out);
    test_arena()->used = mark;
    return status;
}

/* 40 x 40, so that the sweep stays short. Without its end marker a JPEG is
 * refused as well. */
static void refuses_prefixes(void **state)
{
    image_canvas c;
    uint8_t      buffer[4096];
    yao_writer   w = yao_writer_open(buffer, sizeof buffer);
    yao_bytes    jpeg;

    (void)state;
    assert_status(image_canvas_open(test_arena(), 40, 40, &c), YAO_OK);
    image_draw_ellipse(&c, (image_box){3, 3, 30, 30},
                       (image_colour){200, 90, 20});
    assert_status(image_write_jpeg(&c, 70, &w), YAO_OK);
    assert_status(yao_writer_close(&w, &jpeg), YAO_OK);
    test_every_prefix(read_prefix, jpeg, NULL);
}

static yao_status write_small(yao_writer *w, void *context)
{
    return image_write_jpeg(context, 50, w);
}

static void refuses_small_room(void **state)
{
    image_canvas c;

    (void)state;
    assert_status(image_canvas_open(test_arena(), 9, 9, &c), YAO_OK);
    test_every_room(write_small, &c);
}

static const struct {
    const char  *name;
    image_limits limits;
    yao_status   want;
} limited[] = {
    {"accepts a portrait", {358, 358, 441, 441, 65536}, YAO_OK},
    {"refuses what is too narrow", {359, 999, 1, 999, 65536}, YAO_E_LIMIT},
    {"refuses what is too wide", {1, 357, 1, 999, 65536}, YAO_E_LIMIT},
    {"refuses what is too low", {1, 999, 442, 999, 65536}, YAO_E_LIMIT},
    {"refuses what is too high", {1, 999, 1, 440, 65536}, YAO_E_LIMIT},
    {"refuses what is too long", {1, 999, 1, 999, 2000}, YAO_E_LIMIT},
};

static void limit(void **state)
{
    size_t    row = (size_t)*state;
    yao_bytes out;

    assert_status(clean(draw(2, false, false), &limited[row].limits, &out),
                  limited[row].want);
}

#define PNG "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"

static const struct {
    const char *name;
    yao_bytes   input;
    yao_status  want;
} broken[] = {
    {"refuses nothing", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses a PNG", YAO_INIT(PNG), YAO_E_MALFORMED},
    {"refuses text", YAO_INIT("not a picture at all"), YAO_E_MALFORMED},
    {"refuses a JPEG without a picture", YAO_INIT("\xff\xd8\xff\xd9"),
     YAO_E_MALFORMED},
    {"refuses twelve bits",
     YAO_INIT("\xff\xd8\xff\xc1\x00\x0b\x0c\x00\x10\x00\x10\x01\x01\x11\x00"
              "\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x00\xff\xd9"),
     YAO_E_UNSUPPORTED},
    {"refuses four colours",
     YAO_INIT("\xff\xd8\xff\xc0\x00\x14\x08\x00\x10\x00\x10\x04"
              "\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x11\x00"
              "\xff\xda\x00\x0e\x04\x01\x00\x02\x00\x03\x00\x04\x00\x00\x3f"
              "\x00\x00\xff\xd9"),
     YAO_E_UNSUPPORTED},
};

static void damage(void **state)
{
    size_t    row = (size_t)*state;
    yao_bytes out = {NULL, 0};

    assert_status(clean(broken[row].input, &wide_open, &out), broken[row].want);
    assert_null(out.ptr);
}

/* Every third bit of the first 700 bytes: an error or another picture,
 * never a crash. */
static void never_crashes_on_flips(void **state)
{
    yao_bytes portrait = draw(3, false, false);
    uint8_t  *copy     = yao_arena_take(test_arena(), portrait.len);

    (void)state;
    for (size_t bit = 0; bit < 8 * 700; bit += 3) {
        size_t    mark = test_arena()->used;
        yao_bytes out;
        memcpy(copy, portrait.ptr, portrait.len);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        yao_status status =
            clean((yao_bytes){copy, portrait.len}, &wide_open, &out);
        if (status == YAO_OK)
            assert_true(out.len > 100);
        test_arena()->used = mark;
    }
}

/* ---- frames of a camera -------------------------------------------------- */

static const struct {
    const char  *name;
    uint32_t     width, height;
    image_limits limits;
    uint32_t     most;
    yao_status   want;
    unsigned     reduction;
} frames[] = {
    {"accepts one as it is", 96, 64, {16, 200, 16, 200, 65536}, 96, YAO_OK, 1},
    {"gives half of one that is too wide", 97, 64, {16, 200, 16, 200, 65536},
     96, YAO_OK, 2},
    {"gives a quarter of one that is too high", 64, 193,
     {16, 200, 16, 200, 65536}, 96, YAO_OK, 4},
    {"gives an eighth", 200, 200, {16, 200, 16, 200, 65536}, 25, YAO_OK, 8},
    {"refuses what an eighth of is too large", 200, 200,
     {16, 200, 16, 200, 65536}, 24, YAO_E_LIMIT, 0},
    {"refuses one above its limits", 201, 64, {16, 200, 16, 200, 65536}, 96,
     YAO_E_LIMIT, 0},
    {"refuses one below its limits", 15, 64, {16, 200, 16, 200, 65536}, 96,
     YAO_E_LIMIT, 0},
    {"refuses a file above its limit", 96, 64, {16, 200, 16, 200, 100}, 96,
     YAO_E_LIMIT, 0},
};

static void frame(void **state)
{
    size_t       i      = (size_t)*state;
    uint8_t     *buffer = yao_arena_take(test_arena(), 65536);
    yao_writer   w      = yao_writer_open(buffer, 65536);
    image_canvas c;
    unsigned     reduction = 0;

    assert_status(image_canvas_open(test_arena(), frames[i].width,
                                    frames[i].height, &c),
                  YAO_OK);
    assert_status(image_write_jpeg(&c, 90, &w), YAO_OK);
    assert_status(image_read_frame((yao_bytes){buffer, w.len},
                                   &frames[i].limits, frames[i].most,
                                   test_arena(), &c, &reduction),
                  frames[i].want);
    assert_int_equal(reduction, frames[i].reduction);
    if (frames[i].want == YAO_OK)
        assert_true(c.width <= frames[i].most && c.height <= frames[i].most);
}

static void frame_of_nothing(void **state)
{
    static const image_limits limits = {1, 100, 1, 100, 1000};
    image_canvas              c;
    unsigned                  reduction;

    (void)state;
    assert_status(image_read_frame((yao_bytes){NULL, 0}, &limits, 100,
                                   test_arena(), &c, &reduction),
                  YAO_E_MALFORMED);
    assert_status(image_read_frame(YAO_LIT("\xff\xd8\xff\xe0"), &limits, 100,
                                   test_arena(), &c, &reduction),
                  YAO_E_MALFORMED);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(frames); i++)
        test_add("frame", frames[i].name, frame, (const void *)i);
    test_add("frame", "refuses what is no JPEG", frame_of_nothing, NULL);
    test_add("specimen", "gives 24 different portraits", gives_specimens, NULL);
    test_add("specimen", "gives the same drawing twice", gives_same_twice,
             NULL);
    test_add("canvas", "refuses no pixels, and too many", refuses_no_pixels,
             NULL);
    test_add("canvas", "never draws outside", never_draws_outside, NULL);
    test_add("shrink", "gives 2 kB of each", gives_small, NULL);
    test_add("shrink", "refuses what can't be reached", refuses_too_small,
             NULL);
    test_add("clean", "never keeps metadata", never_keeps_metadata, NULL);
    test_add("clean", "accepts what it cleaned", accepts_cleaned, NULL);
    test_add("clean", "refuses every prefix", refuses_prefixes, NULL);
    test_add("clean", "never crashes on a flipped bit", never_crashes_on_flips,
             NULL);
    test_add("write", "refuses every small room", refuses_small_room, NULL);
    for (size_t i = 0; i < COUNT(limited); i++)
        test_add("limit", limited[i].name, limit, (const void *)i);
    for (size_t i = 0; i < COUNT(broken); i++)
        test_add("clean", broken[i].name, damage, (const void *)i);
    return test_run("image");
}
