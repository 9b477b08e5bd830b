/* SPDX-License-Identifier: Apache-2.0 */

/* What stands in a code, and what is no code of ours. */

#include "card/card.h"
#include "check.h"

#include <stdio.h>

static yao_bytes text_of(yao_card_code code, yao_bytes content)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_card_put_text(&w, code, content);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- writing ------------------------------------------------------------ */

/* RFC 9285 section 4.4: "base-45" is "UJCLQE7W581" */
static const struct written {
    const char   *name;
    yao_card_code code;
    const char   *want;
} written[] = {
    {"gives a card its prefix", YAO_CARD_CODE_CARD, "YP1:UJCLQE7W581"},
    {"gives a challenge its prefix", YAO_CARD_CODE_CHALLENGE,
     "YPQ1:UJCLQE7W581"},
    {"gives a part its prefix", YAO_CARD_CODE_PART, "YPA1:UJCLQE7W581"},
    {"gives paper no prefix", YAO_CARD_CODE_PRINTED, "UJCLQE7W581"},
};

static void writes(void **state)
{
    const struct written *r = *state;

    assert_bytes(text_of(r->code, YAO_LIT("base-45")),
                 yao_text_bytes(yao_text_of(r->want)));
}

static uint8_t big[YAO_MAX_CARD_WHOLE + 1];

static const struct refused {
    const char   *name;
    yao_card_code code;
    size_t        len;
    yao_status    want;
} refused[] = {
    {"accepts the longest card", YAO_CARD_CODE_CARD, YAO_MAX_CARD, YAO_OK},
    {"refuses a longer one", YAO_CARD_CODE_CARD, YAO_MAX_CARD + 1, YAO_E_LIMIT},
    {"accepts the longest paper", YAO_CARD_CODE_PRINTED, 2864, YAO_OK},
    {"refuses a longer one on paper", YAO_CARD_CODE_PRINTED, 2865,
     YAO_E_LIMIT},
    {"refuses far too much", YAO_CARD_CODE_CARD, sizeof big, YAO_E_LIMIT},
    {"refuses nothing", YAO_CARD_CODE_CARD, 0, YAO_E_USAGE},
    {"refuses no code", YAO_CARD_CODE_NONE, 1, YAO_E_USAGE},
    {"refuses an unknown code", (yao_card_code)5, 1, YAO_E_USAGE},
};

static void refuses(void **state)
{
    const struct refused *r = *state;
    yao_writer            w = yao_writer_count();

    yao_card_put_text(&w, r->code, (yao_bytes){big, r->len});
    assert_status(w.status, r->want);
    if (r->want == YAO_OK)
        assert_true(w.len <= YAO_MAX_CODE_LETTERS);
}

/* ---- reading ------------------------------------------------------------ */

static const struct read {
    const char   *name, *letters;
    yao_status    want;
    yao_card_code code;
} reads[] = {
    {"accepts a card", "YP1:UJCLQE7W581", YAO_OK, YAO_CARD_CODE_CARD},
    {"accepts a challenge", "YPQ1:UJCLQE7W581", YAO_OK,
     YAO_CARD_CODE_CHALLENGE},
    {"accepts a part", "YPA1:UJCLQE7W581", YAO_OK, YAO_CARD_CODE_PART},
    {"refuses nothing", "", YAO_E_MALFORMED, 0},
    {"refuses a prefix alone", "YP1:", YAO_E_MALFORMED, 0},
    {"refuses small letters", "yp1:UJCLQE7W581", YAO_E_BASE64, 0},
    {"refuses a later version", "YP2:UJCLQE7W581", YAO_E_MALFORMED, 0},
    {"refuses half a prefix", "YP1", YAO_E_MALFORMED, 0},
    {"refuses base45 that is cut", "YP1:UJCLQE7W58", YAO_E_BASE64, 0},
    {"refuses a line after it", "YP1:UJCLQE7W581\n", YAO_E_BASE64, 0},
    {"refuses base45 that is no zlib stream", "UJCLQE7W581",
     YAO_E_MALFORMED, 0},
    {"refuses an address (N244)", "HTTPS://WWW.EXAMPLE/?A=1", YAO_E_BASE64, 0},
    {"refuses another format's code (N244)", "HC1:6B", YAO_E_MALFORMED, 0},
    {"refuses a network's password (N244)", "WIFI:T:WPA;S:x;P:y;;",
     YAO_E_BASE64, 0},
    {"refuses an order to a database (N244)", "'; DROP TABLE gate; --",
     YAO_E_BASE64, 0},
    {"refuses an order to printf (N244)", "%n%n%n%n", YAO_E_BASE64, 0},
};

static void reads_text(void **state)
{
    const struct read *r    = *state;
    yao_writer         w    = yao_writer_in(test_arena());
    yao_card_code      code = YAO_CARD_CODE_NONE;

    assert_status(yao_card_get_text(yao_text_bytes(yao_text_of(r->letters)), &w,
                                    &code),
                  r->want);
    assert_int_equal(code, r->want == YAO_OK ? r->code : 0);
    if (r->want == YAO_OK)
        assert_bytes(((yao_bytes){w.ptr, w.len}), YAO_LIT("base-45"));
}

static const struct longest {
    const char *name, *prefix;
    size_t      letters; /* behind it */
    yao_status  want;
} longest[] = {
    {"accepts the longest card", "YP1:", 1950, YAO_OK},
    {"refuses a longer card", "YP1:", 1952, YAO_E_LIMIT},
    {"accepts the longest challenge", "YPQ1:", 1950, YAO_OK},
    {"refuses a longer challenge", "YPQ1:", 1953, YAO_E_LIMIT},
    {"refuses a longer part", "YPA1:", 1953, YAO_E_LIMIT},
    {"refuses more letters than a code has", "", 4297, YAO_E_LIMIT},
    {"refuses as many letters when they are no stream", "", 4296,
     YAO_E_MALFORMED},
};

static void reads_longest(void **state)
{
    static uint8_t        letters[YAO_MAX_CODE_LETTERS + 1];
    const struct longest *r      = *state;
    size_t                prefix = strlen(r->prefix);
    yao_writer            w      = yao_writer_in(test_arena());
    yao_card_code         code;

    memset(letters, '0', sizeof letters);
    memcpy(letters, r->prefix, prefix);
    assert_status(yao_card_get_text((yao_bytes){letters, prefix + r->letters},
                                    &w, &code),
                  r->want);
}

static void gives_space_error_in_every_smaller_buffer(void **state)
{
    uint8_t buffer[7];

    (void)state;
    for (size_t cap = 0; cap <= sizeof buffer; cap++) {
        yao_writer    w    = yao_writer_open(buffer, cap);
        yao_card_code code = YAO_CARD_CODE_NONE;

        assert_status(yao_card_get_text(YAO_LIT("YP1:UJCLQE7W581"), &w, &code),
                      cap < 7 ? YAO_E_SPACE : YAO_OK);
    }
}

/* ---- zlib --------------------------------------------------------------- */

/* Made by Python 3's zlib.compressobj(1, DEFLATED, 15, 8, Z_FIXED). */
static const struct {
    yao_bytes   content;
    const char *zlib;
} packed[] = {
    {YAO_INIT("Wikipedia"), "78010bcfccce2c484dc94c040011e60398"},
    {YAO_INIT("\x00\x8f\x90\xff\x07"), "780163e89ff09f1d0005f60226"},
};

static void gives_a_fixed_stream(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(packed); i++) {
        yao_writer w = yao_writer_in(test_arena());
        yao_bytes  out;

        yao_card_put_zlib(&w, packed[i].content);
        assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
        assert_bytes(out, test_unhex(packed[i].zlib));

        yao_inflate_wish wish = yao_card_wish_inflate(out);
        assert_bytes(wish.input, out);
        assert_int_equal(wish.max, YAO_MAX_CARD_WHOLE);
    }
}

static void refuses_to_pack_too_much(void **state)
{
    yao_writer w = yao_writer_count();

    (void)state;
    yao_card_put_zlib(&w, (yao_bytes){big, sizeof big - 1});
    assert_status(w.status, YAO_OK);
    yao_card_put_zlib(&w, (yao_bytes){big, sizeof big});
    assert_status(w.status, YAO_E_LIMIT);
}

static const struct head {
    const char *name;
    uint8_t     head[3];
    yao_status  want;
} heads[] = {
    {"accepts the usual level", {0x78, 0x9c, 0}, YAO_OK},
    {"accepts the best level", {0x78, 0xda, 0}, YAO_OK},
    {"accepts a small window", {0x18, 0x19, 0}, YAO_OK},
    {"refuses a wrong check", {0x78, 0x9d, 0}, YAO_E_MALFORMED},
    {"refuses another method", {0x77, 0x0a, 0}, YAO_E_MALFORMED},
    {"refuses a window that there is not", {0x88, 0x1c, 0}, YAO_E_MALFORMED},
    {"refuses a dictionary", {0x78, 0xbb, 0}, YAO_E_MALFORMED},
};

static void reads_head(void **state)
{
    const struct head *r = *state;
    yao_writer         w = yao_writer_in(test_arena());
    yao_card_code      code;
    yao_bytes          letters =
        text_of(YAO_CARD_CODE_PRINTED, (yao_bytes){r->head, 3});

    w = yao_writer_in(test_arena());
    assert_status(yao_card_get_text(letters, &w, &code), r->want);
}

/* ---- wholes ------------------------------------------------------------- */

static const struct whole {
    const char            *name;
    yao_bytes              bytes;
    yao_card_kind_of_whole want;
} wholes[] = {
    {"gives a card", YAO_INIT("\x83\x40\xf6\x40"), YAO_CARD_WHOLE_CARD},
    {"gives a sealed card", YAO_INIT("\x82\x40\x40"), YAO_CARD_WHOLE_SEALED},
    {"gives an open mdoc", YAO_INIT("\x82\x05\x40"), YAO_CARD_WHOLE_MDOC},
    {"gives an mdoc after a challenge", YAO_INIT("\x82\xf6\x40"),
     YAO_CARD_WHOLE_MDOC},
    {"gives a signed thing", YAO_INIT("\xd2\x84\x40"), YAO_CARD_WHOLE_SIGNED},
    {"gives nothing for nothing", YAO_INIT(""), YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for a map", YAO_INIT("\xa0"), YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for a Mac0", YAO_INIT("\xd1\x84"), YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for a tagged map", YAO_INIT("\xd2\xa0"),
     YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for four", YAO_INIT("\x84\x40\x40\x40\x40"),
     YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for three without bytes", YAO_INIT("\x83\x05\x40\x40"),
     YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for two texts", YAO_INIT("\x82\x60\x60"),
     YAO_CARD_WHOLE_UNKNOWN},
    {"gives nothing for a cut array", YAO_INIT("\x83"),
     YAO_CARD_WHOLE_UNKNOWN},
};

static void tells(void **state)
{
    const struct whole *r = *state;

    assert_int_equal(yao_card_kind_of(r->bytes), r->want);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(written); i++)
        test_add("put_text", written[i].name, writes, &written[i]);
    for (size_t i = 0; i < COUNT(refused); i++)
        test_add("put_text", refused[i].name, refuses, &refused[i]);
    for (size_t i = 0; i < COUNT(reads); i++)
        test_add("get_text", reads[i].name, reads_text, &reads[i]);
    for (size_t i = 0; i < COUNT(longest); i++)
        test_add("get_text", longest[i].name, reads_longest, &longest[i]);
    test_add("get_text", "gives SPACE in every smaller buffer",
             gives_space_error_in_every_smaller_buffer, NULL);
    test_add("put_zlib", "gives a stream of fixed codes", gives_a_fixed_stream,
             NULL);
    test_add("put_zlib", "refuses to pack too much", refuses_to_pack_too_much,
             NULL);
    for (size_t i = 0; i < COUNT(heads); i++)
        test_add("zlib", heads[i].name, reads_head, &heads[i]);
    for (size_t i = 0; i < COUNT(wholes); i++)
        test_add("kind_of", wholes[i].name, tells, &wholes[i]);

    return test_run("card/text");
}
