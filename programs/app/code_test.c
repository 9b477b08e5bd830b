/* SPDX-License-Identifier: Apache-2.0 */
#include "app/code.h"

#include "app/challenge.h"
#include "app/files.h"
#include "app/pem.h"
#include "card_fixture.h"
#include "check.h"
#include "journey.h"
#include "qr/qr.h"

static app_parts parts;

static yao_status read_code(yao_bytes text, app_code *ret)
{
    return app_code_read(forge_crypto(), text, &parts, test_arena(), ret);
}

static yao_bytes letters(yao_card_code code, yao_bytes content)
{
    yao_writer w = yao_writer_in(test_arena());
    yao_bytes  out;

    yao_card_put_text(&w, code, content);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

/* ---- one code ----------------------------------------------------------- */

static void gives_kinds(void **state)
{
    yao_card_content c      = card_fixture_content();
    yao_bytes        issued = card_fixture_issue(&c);
    yao_bytes        card   = card_fixture_show(issued, CARD_NOW);
    app_code         code;

    (void)state;
    assert_status(read_code(letters(YAO_CARD_CODE_CARD, card), &code), YAO_OK);
    assert_int_equal(code.kind, APP_CODE_DOCUMENT);
    assert_bytes(code.content, card);
    yao_bytes challenge = card_fixture_challenge(CARD_NOW, 1);
    assert_status(read_code(letters(YAO_CARD_CODE_CHALLENGE, challenge), &code),
                  YAO_OK);
    assert_int_equal(code.kind, APP_CODE_CHALLENGE);
    assert_bytes(code.content, challenge);
    assert_status(read_code(YAO_LIT("eyJ9.e.s~"), &code), YAO_OK);
    assert_int_equal(code.kind, APP_CODE_DOCUMENT);
}

static const struct {
    const char *name;
    yao_bytes   text;
    yao_status  want;
} strange[] = {
    {"refuses nothing", YAO_INIT(""), YAO_E_MALFORMED},
    {"refuses an address", YAO_INIT("https://example.org"), YAO_E_BASE64},
    {"refuses a token without its sign", YAO_INIT("eyJ9.e.s"), YAO_E_BASE64},
    {"refuses a card that is text", YAO_INIT("YP1:AAAAAA"), YAO_E_MALFORMED},
    {"refuses a part that is none", YAO_INIT("YPA1:AAAAAA"), YAO_E_MALFORMED},
    {"refuses a stream that is cut", YAO_INIT("NC00"), YAO_E_BASE64},
};

static void strangely(void **state)
{
    size_t   i    = (size_t)*state;
    app_code code = {APP_CODE_NONE, {NULL, 7}};

    assert_status(read_code(strange[i].text, &code), strange[i].want);
    assert_int_equal(code.content.len, 7);
}

/* ---- parts -------------------------------------------------------------- */

enum { MANY = 4, WHOLE = 1500 };

/* Something that calls itself a card, of WHOLE bytes. */
static yao_bytes whole_of(uint8_t fill)
{
    uint8_t *whole = yao_arena_take(test_arena(), WHOLE);

    memset(whole, fill, WHOLE);
    memcpy(whole, "\x83\x59\x05\xd0", 4);
    return (yao_bytes){whole, WHOLE};
}

static void cut(yao_bytes whole, yao_bytes ret[MANY])
{
    yao_card_split split;

    assert_status(yao_card_split_whole(forge_crypto(), whole, 400, &split),
                  YAO_OK);
    assert_int_equal(split.count, MANY);
    for (size_t i = 0; i < MANY; i++) {
        yao_writer w = yao_writer_in(test_arena());
        yao_bytes  part;

        yao_card_put_part(&w, &split, i);
        assert_status(yao_writer_keep(&w, test_arena(), &part), YAO_OK);
        ret[i] = letters(YAO_CARD_CODE_PART, part);
    }
}

static void gives_wholes(void **state)
{
    static const size_t order[] = {3, 0, 0, 2, 3};
    yao_bytes           whole = whole_of(1), list[MANY];
    app_code            code;

    (void)state;
    cut(whole, list);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < COUNT(order); i++) {
            assert_status(read_code(list[order[i]], &code), YAO_OK);
            assert_int_equal(code.kind, APP_CODE_PART);
        }
        assert_status(read_code(list[1], &code), YAO_OK);
        assert_int_equal(code.kind, APP_CODE_DOCUMENT);
        assert_bytes(code.content, whole);
        assert_int_equal(parts.collector.have, 0);
    }
}

/* What stands before the camera now counts; of the other nothing is kept. */
static void never_mixes(void **state)
{
    yao_bytes one[MANY], two[MANY];
    app_code  code;

    (void)state;
    cut(whole_of(1), one);
    cut(whole_of(2), two);
    for (size_t i = 0; i < 3; i++)
        assert_status(read_code(one[i], &code), YAO_OK);
    assert_status(read_code(two[3], &code), YAO_OK);
    assert_int_equal(parts.collector.have, 1);
    assert_status(read_code(one[3], &code), YAO_OK);
    assert_int_equal(code.kind, APP_CODE_PART);
    assert_int_equal(parts.collector.have, 1);
}

/* ---- challenges --------------------------------------------------------- */

static void write_key(const char *name, int key)
{
    uint8_t    der[YAO_MAX_PRIVATE], pem[1024];
    yao_writer w    = yao_writer_open(der, sizeof der);
    yao_writer text = yao_writer_open(pem, sizeof pem);

    assert_status(yao_openssl_key_write(forge_key(key), &w), YAO_OK);
    yao_pem_put(&text, "PRIVATE KEY", (yao_bytes){der, w.len});
    test_write(name, (yao_bytes){pem, text.len});
}

static yao_status open_challenge(const char *file, const char *key,
                                 app_challenge *ret)
{
    return app_challenge_open(forge_crypto(), test_scratch_path(file),
                              key != NULL ? test_scratch_path(key) : NULL,
                              test_arena(), ret);
}

static void accepts_challenges(void **state)
{
    yao_bytes     challenge = card_fixture_challenge(CARD_NOW, 1);
    yao_bytes     text      = letters(YAO_CARD_CODE_CHALLENGE, challenge);
    yao_writer    w;
    qr_code       code;
    yao_bytes     png;
    app_challenge c;

    (void)state;
    assert_status(qr_encode(text, QR_LEVEL_L, test_arena(), &code), YAO_OK);
    w = yao_writer_in(test_arena());
    assert_status(qr_write_png(&code, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &png), YAO_OK);
    test_write("c.cbor", challenge);
    test_write("c.txt", text);
    test_write("c.png", png);
    write_key("key", CARD_OTHER_KEY);

    static const char *const files[] = {"c.cbor", "c.txt", "c.png"};
    for (size_t i = 0; i < COUNT(files); i++) {
        assert_status(open_challenge(files[i], "key", &c), YAO_OK);
        assert_bytes(c.bytes, challenge);
        assert_non_null(c.key);
        app_challenge_close(&c);
        assert_null(c.key);
        assert_int_equal(c.bytes.len, 0);
    }
    assert_status(open_challenge("c.txt", NULL, &c), YAO_OK);
    assert_null(c.key);
    yao_bytes plain;
    assert_status(app_challenge_unseal(forge_crypto(), &c, challenge,
                                       test_arena(), &plain),
                  YAO_E_MISSING);
}

static void refuses_challenges(void **state)
{
    app_challenge    c       = {.key = NULL};
    yao_card_content content = card_fixture_content();
    yao_bytes        card    = card_fixture_show(card_fixture_issue(&content),
                                                 CARD_NOW);

    (void)state;
    accepts_challenges(NULL);
    write_key("other", CARD_READER_KEY);
    assert_status(open_challenge("c.txt", "other", &c), YAO_E_MISMATCH);
    assert_status(open_challenge("c.txt", "c.txt", &c), YAO_E_MISSING);
    assert_status(open_challenge("c.txt", "none", &c), YAO_E_FILE);
    assert_status(open_challenge("none", NULL, &c), YAO_E_FILE);
    test_write("card.txt", letters(YAO_CARD_CODE_CARD, card));
    assert_status(open_challenge("card.txt", NULL, &c), YAO_E_MALFORMED);
    yao_bytes one = letters(YAO_CARD_CODE_CHALLENGE,
                            card_fixture_challenge(CARD_NOW, 1));
    yao_bytes two = letters(YAO_CARD_CODE_CHALLENGE,
                            card_fixture_challenge(CARD_NOW, 2));
    test_write("same.txt", cbor_join(one, cbor_join(YAO_LIT("\n"), one)));
    assert_status(open_challenge("same.txt", NULL, &c), YAO_OK);
    c = (app_challenge){.key = NULL};
    test_write("two.txt", cbor_join(one, cbor_join(YAO_LIT("\n"), two)));
    assert_status(open_challenge("two.txt", NULL, &c), YAO_E_DUPLICATE);
    test_write("card.cbor", card);
    assert_status(open_challenge("card.cbor", NULL, &c), YAO_E_MALFORMED);
    assert_null(c.key);
    assert_status(open_challenge("c.txt", "key", &c), YAO_OK);
    yao_bytes plain = {NULL, 7};
    assert_status(app_challenge_unseal(forge_crypto(), &c, card, test_arena(),
                                       &plain),
                  YAO_E_MALFORMED);
    assert_int_equal(plain.len, 7);
    app_challenge_close(&c);
}

int main(void)
{
    test_add("code", "gives what it is", gives_kinds, NULL);
    for (size_t i = 0; i < COUNT(strange); i++)
        test_add("code", strange[i].name, strangely, (const void *)i);
    test_add("parts", "gives the whole, in any order, again", gives_wholes,
             NULL);
    test_add("parts", "never mixes two", never_mixes, NULL);
    test_add("challenge", "accepts letters, CBOR and pictures",
             accepts_challenges, NULL);
    test_add("challenge", "refuses what is none, and another's key",
             refuses_challenges, NULL);

    int code = test_run("app/code");
    test_scratch_remove();
    return code;
}
