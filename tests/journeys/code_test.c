/* SPDX-License-Identifier: Apache-2.0 */

/** `yaopai verify` on QR codes: pictures of them, and their letters in a
 *  text. What stands in a code is anybody's word. */

#include "check.h"

#include <stdio.h>

#include "app/files.h"
#include "app/pem.h"
#include "image/image.h"
#include "inflate/inflate.h"
#include "journey.h"
#include "qr/qr.h"
#include "sdtoken.h"

/* ---- files -------------------------------------------------------------- */

static void put_png(const char *name, yao_bytes text)
{
    yao_writer w;
    qr_code    code;
    yao_bytes  png;

    assert_status(qr_encode(text, QR_LEVEL_L, test_arena(), &code), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(qr_write_png(&code, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &png), YAO_OK);
    test_write(name, png);
}

static void put_jpeg(const char *name, yao_bytes text)
{
    image_canvas canvas;
    qr_code      code;
    yao_writer   w;
    yao_bytes    jpeg;

    assert_status(qr_encode(text, QR_LEVEL_L, test_arena(), &code), YAO_OK);
    uint32_t side = (code.width + 8) * 4;
    assert_status(image_canvas_open(test_arena(), side, side, &canvas), YAO_OK);
    memset(canvas.pixels, 255, (size_t)side * side * 3);
    for (uint32_t i = 0; i < code.width * code.width; i++)
        if (code.modules[i] != 0)
            image_draw_box(&canvas,
                           (image_box){(int32_t)(i % code.width + 4) * 4,
                                       (int32_t)(i / code.width + 4) * 4, 4, 4},
                           (image_colour){20, 30, 20});
    w = yao_writer_in(test_arena());
    assert_status(image_write_jpeg(&canvas, 80, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &jpeg), YAO_OK);
    test_write(name, jpeg);
}

/* An SD-JWT and whom to trust for it. */
static yao_bytes prepare(void)
{
    sd_token       t   = {.no_kb = true};
    yao_public_key key = test_public(SD_ISSUER);
    uint8_t        buffer[512];
    yao_writer     w = yao_writer_open(buffer, sizeof buffer);

    yao_jwk_put(&w, &key);
    test_write("issuer.jwk", (yao_bytes){w.ptr, w.len});
    return sd_text(&t);
}

#define TOKEN                                                                  \
    "verify --at 2026-11-18T00:00:00Z --format sd-jwt --trust @/issuer.jwk "

static void accepts_token(void **state)
{
    yao_bytes token = prepare();

    (void)state;
    put_png("code.png", token);
    assert_int_equal(test_type(TOKEN "@/code.png")->code, 0);
    put_jpeg("code.jpg", token);
    assert_int_equal(test_type(TOKEN "@/code.jpg")->code, 0);
    test_write("code.txt", token);
    assert_int_equal(test_type(TOKEN "@/code.txt")->code, 0);
    assert_int_equal(test_type(TOKEN "@/code.png @/code.jpg")->code, 0);
}

static void refuses_nobodys_token(void **state)
{
    sd_token t = {.no_kb = true, .issuer = SD_OTHER};

    (void)state;
    prepare();
    put_png("code.png", sd_text(&t));
    assert_int_equal(test_type(TOKEN "@/code.png")->code, 3);
}

/* ---- what is none of ours ----------------------------------------------- */

static const struct {
    const char *name;
    yao_bytes   text;
    const char *why;
} strangers[] = {
    {"refuses a statement of SQL (N244)", YAO_INIT("'; DROP TABLE person; --"),
     "BASE64"},
    {"refuses an address (N244)", YAO_INIT("https://example.org/?a=1"),
     "BASE64"},
    {"refuses an address in capitals (N244)", YAO_INIT("HTTPS://EXAMPLE.ORG/A"),
     ""},
    {"refuses a network (N244)", YAO_INIT("WIFI:T:WPA;S:free;P:12345678;;"),
     "BASE64"},
    {"refuses a format string (N244)", YAO_INIT("%n%n%s%s"), ""},
    {"refuses nothing behind the prefix", YAO_INIT("YP1:"), "MALFORMED"},
    {"refuses a card that is none", YAO_INIT("YP1:000000"), "MALFORMED"},
    {"refuses control letters", YAO_INIT("YP1:\x1b[2J"), "BASE64"},
    {"refuses bytes", YAO_INIT("\x00\xff\xfe\x7f"), "BASE64"},
};

static void strange(void **state)
{
    size_t             i = (size_t)*state;
    const test_output *output;

    put_png("code.png", strangers[i].text);
    output = test_type("verify --json @/code.png");
    assert_int_equal(output->code, 2);
    assert_true(test_said("\"verdict\":\"reject\""));
    if (!test_said(strangers[i].why))
        print_message("%s\n", output->out);
    assert_true(test_said(strangers[i].why));
}

static void refuses_many_letters(void **state)
{
    uint8_t *letters = yao_arena_take(test_arena(), 4296);

    (void)state;
    memset(letters, 'A', 4296);
    put_png("code.png", (yao_bytes){letters, 4296});
    assert_int_equal(test_type("verify --json @/code.png")->code, 2);
}

/* A megabyte of zeros in a code of a thousand letters. */
static void refuses_bomb(void **state)
{
    uint8_t         *zeros = yao_arena_take(test_arena(), 1u << 20);
    yao_deflate_wish wish  = {{zeros, 1u << 20}};
    yao_bytes        packed, letters;
    yao_writer       w;

    (void)state;
    assert_status(yao_deflate(&wish, test_arena(), &packed), YAO_OK);
    w = yao_writer_in(test_arena());
    yao_put_base45(&w, packed);
    assert_status(yao_writer_keep(&w, test_arena(), &letters), YAO_OK);
    put_png("bomb.png", letters);
    assert_int_equal(test_type("verify --json @/bomb.png")->code, 4);
    assert_true(test_said("\"LIMIT\""));
}

/* ---- pictures ----------------------------------------------------------- */

static void refuses_other_pictures(void **state)
{
    image_canvas canvas;
    yao_writer   w;
    yao_bytes    jpeg;

    (void)state;
    assert_status(image_canvas_open(test_arena(), 300, 300, &canvas), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(image_write_jpeg(&canvas, 80, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &jpeg), YAO_OK);
    test_write("black.jpg", jpeg);
    assert_int_equal(test_type("verify --json @/black.jpg")->code, 2);
    assert_int_equal(test_type("verify @/black.jpg")->code, 2);
    assert_true(test_said("no QR code"));
    jpeg.len /= 2;
    test_write("half.jpg", jpeg);
    assert_int_equal(test_type("verify --json @/half.jpg")->code, 2);
    assert_true(test_said("\"MALFORMED\""));
}

int main(void)
{
    test_add("token", "accepts a token in a PNG, a JPEG, a text",
             accepts_token, NULL);
    test_add("token", "refuses another issuer's token", refuses_nobodys_token,
             NULL);
    for (size_t i = 0; i < COUNT(strangers); i++)
        test_add("stranger", strangers[i].name, strange, (const void *)i);
    test_add("stranger", "refuses 4,296 letters (N244)", refuses_many_letters,
             NULL);
    test_add("stranger", "refuses a bomb of a megabyte (N243)", refuses_bomb,
             NULL);
    test_add("picture", "refuses one without a code, and half of one",
             refuses_other_pictures, NULL);

    int code = test_run("journeys/code");
    test_scratch_remove();
    return code;
}
