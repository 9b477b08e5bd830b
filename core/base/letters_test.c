/* SPDX-License-Identifier: Apache-2.0 */
#include "base/letters.h"

#include "check.h"

typedef struct spelling {
    const char *name;
    yao_status (*get)(yao_bytes in, yao_writer *w);
    void (*put)(yao_writer *w, yao_bytes in);
} spelling;

static const spelling url    = {"base64url", yao_get_base64url,
                                yao_put_base64url};
static const spelling padded = {"base64", yao_get_base64, yao_put_base64};
static const spelling hex    = {"hex", yao_get_hex, yao_put_hex};
static const spelling base45 = {"base45", yao_get_base45, yao_put_base45};

static uint8_t memory[70000], more[140000];

typedef struct pair {
    const char     *name;
    const spelling *spelling;
    yao_bytes       bytes;
    yao_bytes       letters;
} pair;

static const pair pairs[] = {
    /* RFC 4648 section 10 */
    {"RFC 4648 10: nothing", &padded, YAO_INIT(""), YAO_INIT("")},
    {"RFC 4648 10: f", &padded, YAO_INIT("f"), YAO_INIT("Zg==")},
    {"RFC 4648 10: fo", &padded, YAO_INIT("fo"), YAO_INIT("Zm8=")},
    {"RFC 4648 10: foo", &padded, YAO_INIT("foo"), YAO_INIT("Zm9v")},
    {"RFC 4648 10: foob", &padded, YAO_INIT("foob"), YAO_INIT("Zm9vYg==")},
    {"RFC 4648 10: fooba", &padded, YAO_INIT("fooba"), YAO_INIT("Zm9vYmE=")},
    {"RFC 4648 10: foobar", &padded, YAO_INIT("foobar"), YAO_INIT("Zm9vYmFy")},
    {"letters 62 and 63 of section 4", &padded, YAO_INIT("\xfb\xff\xbf"),
     YAO_INIT("+/+/")},
    {"nothing", &url, YAO_INIT(""), YAO_INIT("")},
    {"one byte", &url, YAO_INIT("f"), YAO_INIT("Zg")},
    {"two bytes", &url, YAO_INIT("fo"), YAO_INIT("Zm8")},
    {"three bytes", &url, YAO_INIT("foo"), YAO_INIT("Zm9v")},
    {"letters 62 and 63 of section 5", &url, YAO_INIT("\xfb\xff\xbf"),
     YAO_INIT("-_-_")},
    {"RFC 7515 appendix C", &url, YAO_INIT("\x03\xec\xff\xe0\xc1"),
     YAO_INIT("A-z_4ME")},
    {"RFC 4648 10: foobar", &hex, YAO_INIT("foobar"), YAO_INIT("666f6f626172")},
    {"nothing", &hex, YAO_INIT(""), YAO_INIT("")},
    {"every digit", &hex, YAO_INIT("\x01\x23\x45\x67\x89\xab\xcd\xef"),
     YAO_INIT("0123456789abcdef")},
    /* RFC 9285 sections 4.3, 4.4 */
    {"RFC 9285 4.3: AB", &base45, YAO_INIT("AB"), YAO_INIT("BB8")},
    {"RFC 9285 4.3: Hello!!", &base45, YAO_INIT("Hello!!"),
     YAO_INIT("%69 VD92EX0")},
    {"RFC 9285 4.3: base-45", &base45, YAO_INIT("base-45"),
     YAO_INIT("UJCLQE7W581")},
    {"RFC 9285 4.4: ietf!", &base45, YAO_INIT("ietf!"), YAO_INIT("QED8WEX0")},
    {"nothing", &base45, YAO_INIT(""), YAO_INIT("")},
    {"one zero byte", &base45, YAO_INIT("\0"), YAO_INIT("00")},
    {"the largest byte", &base45, YAO_INIT("\xff"), YAO_INIT("U5")},
    {"the largest pair", &base45, YAO_INIT("\xff\xff"), YAO_INIT("FGW")},
};

static void both_ways(void **state)
{
    const pair *p = *state;
    yao_writer  w = yao_writer_open(memory, sizeof memory);
    yao_bytes   out;

    p->spelling->put(&w, p->bytes);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, p->letters);

    w = yao_writer_open(memory, sizeof memory);
    assert_status(p->spelling->get(p->letters, &w), YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, p->bytes);
}

typedef struct refusal {
    const char     *name;
    const spelling *spelling;
    yao_bytes       letters;
} refusal;

static const refusal refusals[] = {
    {"refuses padding", &url, YAO_INIT("Zg==")},
    {"refuses one letter", &url, YAO_INIT("Z")},
    {"refuses five letters", &url, YAO_INIT("Zm9vY")},
    {"refuses four bits left over", &url, YAO_INIT("Zh")},
    {"refuses two bits left over", &url, YAO_INIT("Zm9")},
    {"refuses the letters of section 4", &url, YAO_INIT("+/+/")},
    {"refuses a blank", &url, YAO_INIT("Zm 9v")},
    {"refuses a line end", &url, YAO_INIT("Zm9v\n")},
    {"refuses a zero byte", &url, YAO_INIT("Zm9\0")},
    {"refuses a byte above 7f", &url, YAO_INIT("Zm9\xc3")},
    {"refuses missing padding", &padded, YAO_INIT("Zg")},
    {"refuses half the padding", &padded, YAO_INIT("Zg=")},
    {"refuses three pads", &padded, YAO_INIT("Z===")},
    {"refuses pads alone", &padded, YAO_INIT("====")},
    {"refuses a pad in the middle", &padded, YAO_INIT("Zg==Zg==")},
    {"refuses a pad before a letter", &padded, YAO_INIT("Z=8=")},
    {"refuses padding that is not needed", &padded, YAO_INIT("Zm9v====")},
    {"refuses four bits left over", &padded, YAO_INIT("Zh==")},
    {"refuses two bits left over", &padded, YAO_INIT("Zm9=")},
    {"refuses the letters of section 5", &padded, YAO_INIT("-_-_")},
    {"refuses a line end", &padded, YAO_INIT("Zm9v\nZm9")},
    {"refuses an odd length", &hex, YAO_INIT("abc")},
    {"refuses a letter after f", &hex, YAO_INIT("0g")},
    {"refuses a capital after F", &hex, YAO_INIT("G0")},
    {"refuses a blank", &hex, YAO_INIT("0 0a")},
    {"refuses a prefix", &hex, YAO_INIT("0x0a")},
    {"RFC 9285 4.4: refuses GGW, 65536", &base45, YAO_INIT("GGW")},
    {"refuses the largest three letters", &base45, YAO_INIT(":::")},
    {"refuses two letters above 255", &base45, YAO_INIT("V5")},
    {"refuses one letter", &base45, YAO_INIT("0")},
    {"refuses four letters", &base45, YAO_INIT("BB80")},
    {"refuses a small letter", &base45, YAO_INIT("bb8")},
    {"refuses a letter outside the alphabet", &base45, YAO_INIT("BB_")},
    {"refuses a zero byte", &base45, YAO_INIT("BB\0")},
};

static void refuses(void **state)
{
    const refusal *r = *state;
    yao_writer     w = yao_writer_open(memory, sizeof memory);

    assert_status(r->spelling->get(r->letters, &w), YAO_E_BASE64);
}

static void accepts_capital_hex(void **state)
{
    yao_writer w = yao_writer_open(memory, sizeof memory);
    yao_bytes  out;

    (void)state;
    assert_status(yao_get_hex(YAO_LIT("aBCdEF"), &w), YAO_OK);
    assert_status(yao_writer_close(&w, &out), YAO_OK);
    assert_bytes(out, YAO_LIT("\xab\xcd\xef"));
}

/* Every two bytes there are, and every single one. */
static void gives_back_every_pair_of_bytes(void **state)
{
    const spelling *s = *state;

    for (uint32_t value = 0; value < 0x10000 + 0x100; value++) {
        uint8_t    in[2] = {(uint8_t)(value >> 8), (uint8_t)value};
        yao_bytes  bytes = {value < 0x10000 ? in : in + 1,
                            value < 0x10000 ? 2 : 1};
        yao_writer w     = yao_writer_open(more, sizeof more);
        yao_bytes  letters, out;

        s->put(&w, bytes);
        assert_status(yao_writer_close(&w, &letters), YAO_OK);
        w = yao_writer_open(memory, sizeof memory);
        assert_status(s->get(letters, &w), YAO_OK);
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        assert_bytes(out, bytes);
    }
}

/* Every three letters there are: what is read is written the same. */
static void never_reads_two_spellings_of_one_value(void **state)
{
    const spelling *s     = *state;
    uint8_t         in[4] = {'A', 'A', 'A', 'A'};
    size_t          len   = s == &padded ? 4 : s == &hex ? 2 : 3;

    for (uint32_t value = 0; value < 128 * 128 * 128; value++) {
        yao_bytes  letters = {in, len}, out;
        yao_writer w       = yao_writer_open(memory, sizeof memory);

        in[len - 1] = (uint8_t)(value & 127);
        in[len - 2] = (uint8_t)(value >> 7 & 127);
        if (len > 2)
            in[len - 3] = (uint8_t)(value >> 14 & 127);
        if (s->get(letters, &w) != YAO_OK)
            continue;
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        w = yao_writer_open(more, sizeof more);
        s->put(&w, out);
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        if (s == &hex)
            continue; /* capitals are read, small letters written */
        if (!yao_bytes_equal(out, letters))
            fail_msg("%.*s is read but written %.*s", (int)len, in,
                     (int)out.len, out.ptr);
    }
}

static yao_status get_some(yao_writer *w, void *context)
{
    const spelling *s = context;
    const pair     *p = NULL;

    for (size_t i = 0; i < COUNT(pairs); i++)
        if (pairs[i].spelling == s && pairs[i].bytes.len >= 5)
            p = &pairs[i];
    if (p == NULL)
        return YAO_E_USAGE;
    return s->get(p->letters, w);
}

static void gives_space_error_in_every_smaller_room(void **state)
{
    test_every_room(get_some, (void *)(uintptr_t)*state);
}

/* Encoding cuts into groups; whatever the length, it comes back. */
static void gives_back_every_length(void **state)
{
    const spelling *s = *state;
    uint8_t         in[100];

    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (uint8_t)(i * 37 + 11);
    for (size_t len = 0; len <= sizeof in; len++) {
        yao_writer w = yao_writer_open(more, sizeof more);
        yao_bytes  letters, out;

        s->put(&w, (yao_bytes){in, len});
        assert_status(yao_writer_close(&w, &letters), YAO_OK);
        w = yao_writer_open(memory, sizeof memory);
        assert_status(s->get(letters, &w), YAO_OK);
        assert_status(yao_writer_close(&w, &out), YAO_OK);
        assert_bytes(out, ((yao_bytes){in, len}));
    }
}

/* ---- in an arena ---- */

static yao_status decode_some(yao_arena *arena)
{
    yao_bytes out;

    return yao_letters_decode(arena, YAO_LIT("Zm9vYmFy"), &out);
}

static void gives_letters_in_an_arena(void **state)
{
    yao_bytes out = {NULL, 0};
    yao_text  letters;

    (void)state;
    assert_status(yao_letters_encode(test_arena(), YAO_LIT("foobar"), &letters),
                  YAO_OK);
    assert_bytes(yao_text_bytes(letters), YAO_LIT("Zm9vYmFy"));
    assert_status(
        yao_letters_decode(test_arena(), yao_text_bytes(letters), &out),
        YAO_OK);
    assert_bytes(out, YAO_LIT("foobar"));
    out.len = 1;
    assert_status(yao_letters_decode(test_arena(), YAO_LIT("+/+/"), &out),
                  YAO_E_BASE64);
    assert_int_equal(out.len, 1);
}

static void refuses_a_full_arena(void **state)
{
    uint8_t   small[4];
    yao_arena arena = {small, sizeof small, 0};
    yao_text  letters;

    (void)state;
    assert_status(decode_some(&arena), YAO_E_SPACE);
    assert_status(yao_letters_encode(&arena, YAO_LIT("foobar"), &letters),
                  YAO_E_SPACE);
    assert_status(decode_some(test_arena()), YAO_OK);
}

int main(void)
{
    static const spelling *const all[] = {&url, &padded, &hex, &base45};

    for (size_t i = 0; i < COUNT(pairs); i++)
        test_add(pairs[i].spelling->name, pairs[i].name, both_ways, &pairs[i]);
    for (size_t i = 0; i < COUNT(refusals); i++)
        test_add(refusals[i].spelling->name, refusals[i].name, refuses,
                 &refusals[i]);
    test_add("hex", "accepts capitals", accepts_capital_hex, NULL);
    for (size_t i = 0; i < COUNT(all); i++) {
        test_add(all[i]->name, "gives back every pair of bytes",
                 gives_back_every_pair_of_bytes, all[i]);
        test_add(all[i]->name, "gives back every length",
                 gives_back_every_length, all[i]);
        test_add(all[i]->name, "never reads two spellings of one value",
                 never_reads_two_spellings_of_one_value, all[i]);
        test_add(all[i]->name, "gives YAO_E_SPACE in every smaller room",
                 gives_space_error_in_every_smaller_room, all[i]);
    }
    test_add("arena", "gives letters and what they say",
             gives_letters_in_an_arena, NULL);
    test_add("arena", "refuses an arena that is full", refuses_a_full_arena,
             NULL);
    return test_run("base/letters");
}
