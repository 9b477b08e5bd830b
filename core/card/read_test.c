/* SPDX-License-Identifier: Apache-2.0 */

/* Of a card nothing is read that would not be written; of paper what MOSIP's
 * published vectors have, and others may write. */

#include "card_fixture.h"
#include "card/labels.h"
#include "json/json.h"

#include <stdio.h>

static yao_bytes good(void)
{
    yao_card_content c = card_fixture_content();

    return card_fixture_show(card_fixture_issue(&c), CARD_NOW);
}

static yao_bytes paper(void)
{
    yao_card_content c = card_fixture_content();

    c.device_key = (yao_public_key){.curve = YAO_CURVE_NONE};
    return card_fixture_issue(&c);
}

static yao_status read_card(yao_bytes input, void *context)
{
    yao_card_unverified card = {.step = 77};
    yao_status status = yao_card_parse(test_arena(), input, &card);

    (void)context;
    if (status != YAO_OK)
        assert_int_equal(card.step, 77); /* untouched */
    return status;
}

static yao_status read_paper(yao_bytes input, void *context)
{
    yao_card_unverified card = {.step = 77};
    yao_status status = yao_card_parse_printed(test_arena(), input, &card);

    (void)context;
    if (status != YAO_OK)
        assert_int_equal(card.step, 77);
    return status;
}

/* ---- what is read ------------------------------------------------------- */

static void gives_what_was_issued(void **state)
{
    yao_card_content    want = card_fixture_content();
    yao_card_unverified card;
    yao_bytes           input = good();

    (void)state;
    assert_status(yao_card_parse(test_arena(), input, &card), YAO_OK);
    const yao_card_content *c = &card.content;
    assert_false(card.printed);
    assert_true(card.stepped);
    assert_int_equal(card.step, CARD_NOW / 30);
    assert_int_equal(card.holder_signature.len, 64);
    assert_int_equal(card.message.alg, -7);
    assert_true(yao_text_equal(c->issuer, want.issuer));
    assert_int_equal(c->issued_at, want.issued_at);
    assert_int_equal(c->expires, want.expires);
    assert_int_equal(c->not_before, YAO_TIME_NONE);
    assert_true(yao_text_equal(c->type, want.type));
    assert_true(yao_text_equal(c->profile, want.profile));
    assert_false(c->sealed);
    assert_int_equal(c->status, YAO_CARD_STATUS_NUMBER);
    assert_int_equal(c->status_list, 3);
    assert_int_equal(c->status_index, 70000);
    assert_int_equal(c->device_key.len, 33);
    assert_int_equal(c->device_key.point[0],
                     2 + (want.device_key.point[64] & 1));
    assert_memory_equal(c->device_key.point + 1, want.device_key.point + 1, 32);
    assert_int_equal(c->element_count, want.element_count);
    for (size_t i = 0; i < want.element_count; i++) {
        assert_int_equal(c->elements[i].space, want.elements[i].space);
        assert_int_equal(c->elements[i].label, want.elements[i].label);
        assert_bytes(c->elements[i].value, want.elements[i].value);
    }
}

static void gives_what_was_printed(void **state)
{
    yao_card_unverified card;
    yao_bytes           input = paper();

    (void)state;
    assert_status(yao_card_parse_printed(test_arena(), input, &card), YAO_OK);
    assert_true(card.printed);
    assert_false(card.torn);
    assert_bytes(card.issued, input);
    assert_int_equal(card.content.device_key.curve, YAO_CURVE_NONE);
    assert_int_equal(card.content.status, YAO_CARD_STATUS_URI);
    assert_true(yao_text_equal(card.content.status_uri,
                               YAO_TEXT(CARD_ISSUER "/statuslists/3")));
    assert_int_equal(card.content.status_index, 70000);
}

static void gives_the_mark_of_what_wants_a_challenge(void **state)
{
    yao_card_content    c = card_fixture_content();
    yao_card_unverified card;

    (void)state;
    c.sealed = true;
    yao_bytes shown = card_fixture_show(card_fixture_issue(&c), CARD_NOW);
    assert_status(yao_card_parse(test_arena(), shown, &card), YAO_OK);
    assert_true(card.content.sealed);
}

/* ---- a card is read in one way only ------------------------------------- */

static void refuses_every_prefix(void **state)
{
    (void)state;
    test_every_prefix(read_card, good(), NULL);
    test_every_prefix(read_paper, paper(), NULL);
}

enum edit { SET, REMOVE, ADD };

#define IN  "0/*/"
#define CWT "0/*/2/*/"
#define OWN CWT "-65537"

static const struct shape {
    const char *name;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
} shapes[] = {
    {"accepts null in place of a step", SET, "1", YAO_INIT("\xf6"), YAO_OK},
    {"accepts a step of any length", SET, "1",
     YAO_INIT("\x1b\x00\x00\x00\x01\x00\x00\x00\x00"), YAO_OK},
    {"refuses a step that is not the shortest", SET, "1",
     YAO_INIT("\x1b\x00\x00\x00\x00\x00\x00\x00\x01"), YAO_E_NOT_SHORTEST},
    {"refuses a negative step", SET, "1", YAO_INIT("\x20"), YAO_E_MALFORMED},
    {"refuses a step that is a text", SET, "1", YAO_INIT("\x61" "1"),
     YAO_E_MALFORMED},
    {"refuses a fourth entry", ADD, "", YAO_INIT("\xf6"), YAO_E_MALFORMED},
    {"refuses two entries", REMOVE, "2", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses a signature that is cut", SET, "2", YAO_INIT("\x41x"),
     YAO_E_MALFORMED},
    {"refuses a signature that is null", SET, "2", YAO_INIT("\xf6"),
     YAO_E_MALFORMED},
    {"refuses an issuer part that is no COSE", SET, "0", YAO_INIT("\x41\xa0"),
     YAO_E_MALFORMED},
    {"refuses an issuer part that is empty", SET, "0", YAO_INIT("\x40"),
     YAO_E_TRUNCATED},
    {"refuses no payload", SET, IN "2", YAO_INIT("\xf6"), YAO_E_MALFORMED},
    {"refuses no signature of the issuer", SET, IN "3", YAO_INIT("\xf6"),
     YAO_E_MALFORMED},
    {"refuses an unprotected header (N245)", ADD, IN "1",
     YAO_INIT("\x04\x41x"), YAO_E_MALFORMED},
    {"refuses a chain that comes along (N245)", ADD, IN "1",
     YAO_INIT("\x18\x21\x41x"), YAO_E_MALFORMED},
    {"refuses no algorithm", REMOVE, IN "0/*/1", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an algorithm that is a text", SET, IN "0/*/1",
     YAO_INIT("\x65" "ES256"), YAO_E_MALFORMED},
    {"refuses no kid", REMOVE, IN "0/*/4", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses a shorter kid", SET, IN "0/*/4", YAO_INIT("\x47" "1234567"),
     YAO_E_MALFORMED},
    {"refuses a longer kid", SET, IN "0/*/4", YAO_INIT("\x49" "123456789"),
     YAO_E_MALFORMED},
    {"refuses a third header", ADD, IN "0/*", YAO_INIT("\x10\x00"),
     YAO_E_MALFORMED},
    {"refuses no issuer", REMOVE, CWT "1", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty issuer", SET, CWT "1", YAO_INIT("\x60"),
     YAO_E_MALFORMED},
    {"refuses an issuer that is no UTF-8", SET, CWT "1", YAO_INIT("\x61\xff"),
     YAO_E_UTF8},
    {"refuses no end", REMOVE, CWT "4", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an end before 1970", SET, CWT "4", YAO_INIT("\x20"),
     YAO_E_MALFORMED},
    {"accepts the last second of 9999", SET, CWT "4",
     YAO_INIT("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x7f"), YAO_OK},
    {"refuses the second after it", SET, CWT "4",
     YAO_INIT("\x1b\x00\x00\x00\x3a\xff\xf4\x41\x80"), YAO_E_MALFORMED},
    {"refuses a fraction of a second", SET, CWT "4", YAO_INIT("\xf9\x3c\x00"),
     YAO_E_MALFORMED},
    {"refuses no beginning", REMOVE, CWT "6", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses no device key", REMOVE, CWT "8", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses another way to confirm", SET, CWT "8", YAO_INIT("\xa1\x03\x41x"),
     YAO_E_MALFORMED},
    {"refuses a key with its private part", ADD, CWT "8/1",
     YAO_INIT("\x23\x41x"), YAO_E_MALFORMED},
    {"refuses a key of another type", SET, CWT "8/1/1", YAO_INIT("\x01"),
     YAO_E_KEY},
    {"refuses a key on another curve", SET, CWT "8/1/-1", YAO_INIT("\x02"),
     YAO_E_KEY},
    {"refuses a key that is cut", SET, CWT "8/1/-2", YAO_INIT("\x41x"),
     YAO_E_KEY},
    {"refuses a key that is not compressed", SET, CWT "8/1/-3",
     YAO_INIT("\x41x"), YAO_E_KEY},
    {"refuses a sign that is a number", SET, CWT "8/1/-3", YAO_INIT("\x01"),
     YAO_E_MALFORMED},
    {"refuses a subject", ADD, "0/*/2/*", YAO_INIT("\x02\x61x"),
     YAO_E_MALFORMED},
    {"refuses a claim after the last", ADD, "0/*/2/*",
     YAO_INIT("\x3a\x00\x01\x00\x01\x00"), YAO_E_MALFORMED},
    {"refuses a claim twice", ADD, "0/*/2/*",
     YAO_INIT("\x3a\x00\x01\x00\x00\x00"), YAO_E_MALFORMED},
    {"refuses a claim out of order", ADD, "0/*/2/*", YAO_INIT("\x06\x00"),
     YAO_E_MALFORMED},
    {"refuses a claim with a name", ADD, "0/*/2/*",
     YAO_INIT("\x63" "iss\x61x"), YAO_E_MALFORMED},
    {"accepts no claim 169", REMOVE, CWT "169", {NULL, 0}, YAO_OK},
    {"refuses an empty claim 169", SET, CWT "169", YAO_INIT("\xa0"),
     YAO_E_MALFORMED},
    {"refuses label 0 of claim 169", SET, CWT "169", YAO_INIT("\xa1\x00\x00"),
     YAO_E_MALFORMED},
    {"accepts label 255 of claim 169", SET, CWT "169",
     YAO_INIT("\xa1\x18\xff\x00"), YAO_OK},
    {"refuses label 256 of claim 169", SET, CWT "169",
     YAO_INIT("\xa1\x19\x01\x00\x00"), YAO_E_MALFORMED},
    {"refuses a label below 0", SET, CWT "169", YAO_INIT("\xa1\x20\x00"),
     YAO_E_MALFORMED},
    {"refuses labels out of order", SET, CWT "169",
     YAO_INIT("\xa2\x02\x00\x01\x00"), YAO_E_MALFORMED},
    {"refuses a label twice", SET, CWT "169", YAO_INIT("\xa2\x01\x00\x01\x00"),
     YAO_E_MALFORMED},
    {"refuses a value with a longer head", SET, CWT "169",
     YAO_INIT("\xa1\x01\x18\x01"), YAO_E_NOT_SHORTEST},
    {"accepts no status", REMOVE, CWT "65535", {NULL, 0}, YAO_OK},
    {"refuses a status of one number", SET, CWT "65535", YAO_INIT("\x81\x01"),
     YAO_E_MALFORMED},
    {"refuses the status that is on paper", SET, CWT "65535",
     YAO_INIT("\xa0"), YAO_E_MALFORMED},
    {"refuses a status below 0", SET, CWT "65535", YAO_INIT("\x82\x01\x20"),
     YAO_E_MALFORMED},
    {"refuses no claim of ours", REMOVE, OWN, {NULL, 0}, YAO_E_MALFORMED},
    {"refuses no type", REMOVE, OWN "/0", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty type", SET, OWN "/0", YAO_INIT("\x60"),
     YAO_E_MALFORMED},
    {"refuses no profile", REMOVE, OWN "/1", {NULL, 0}, YAO_E_MALFORMED},
    {"refuses an empty profile", SET, OWN "/1", YAO_INIT("\x60"),
     YAO_E_MALFORMED},
    {"refuses our label 256", ADD, OWN, YAO_INIT("\x19\x01\x00\x00"),
     YAO_E_MALFORMED},
    {"accepts our label 255", ADD, OWN, YAO_INIT("\x18\xff\x00"), YAO_OK},
    {"refuses our labels out of order", ADD, OWN, YAO_INIT("\x03\x00"),
     YAO_E_MALFORMED},
    {"refuses our label twice", ADD, OWN, YAO_INIT("\x0e\x00"),
     YAO_E_MALFORMED},
    {"accepts the mark", ADD, OWN, YAO_INIT("\x20\xf5"), YAO_OK},
    {"refuses a mark that says no", ADD, OWN, YAO_INIT("\x20\xf4"),
     YAO_E_MALFORMED},
    {"refuses another mark", ADD, OWN, YAO_INIT("\x21\xf5"), YAO_E_MALFORMED},
    {"refuses a byte behind the claims", SET, IN "2", YAO_INIT("\x42\xa0\x00"),
     YAO_E_TRAILING},
};

static yao_bytes edited(yao_bytes input, enum edit edit, const char *path,
                        yao_bytes item)
{
    switch (edit) {
    case SET:    return cbor_set(input, path, item);
    case REMOVE: return cbor_remove(input, path);
    default:     return cbor_add(input, path, item);
    }
}

static void reads_shape(void **state)
{
    const struct shape *r = *state;

    assert_status(read_card(edited(good(), r->edit, r->path, r->item), NULL),
                  r->want);
}

static void refuses_a_mark_that_is_not_the_last(void **state)
{
    yao_bytes own = YAO_LIT("\xa4\x00\x61x\x01\x61y\x20\xf5\x02\x00");

    (void)state;
    assert_status(read_card(cbor_set(good(), OWN, own), NULL),
                  YAO_E_MALFORMED);
}

/* nbf in its place, behind exp: the map counts one more */
static void refuses_nbf_in_its_place(void **state)
{
    yao_bytes card = cbor_set(good(), CWT "4",
                              YAO_LIT("\x1a\x6b\x06\x25\x00\x05\x00"));

    (void)state;
    assert_status(read_card(cbor_add(card, "0/*/2/*", YAO_LIT("")), NULL),
                  YAO_E_MALFORMED);
}

static void refuses_claims_without_element(void **state)
{
    yao_bytes none = cbor_remove(good(), CWT "169");

    (void)state;
    none = cbor_set(none, OWN, YAO_LIT("\xa2\x00\x61x\x01\x61y"));
    assert_status(read_card(none, NULL), YAO_E_MALFORMED);
}

static void refuses_a_byte_behind_the_card(void **state)
{
    (void)state;
    assert_status(read_card(cbor_join(good(), YAO_LIT("\x00")), NULL),
                  YAO_E_TRAILING);
    assert_status(read_paper(cbor_join(paper(), YAO_LIT("\x00")), NULL),
                  YAO_E_TRAILING);
}

/* ---- limits ------------------------------------------------------------- */

/* A map of COUNT labels from FIRST on, all 0. */
static yao_bytes labels(size_t first, size_t count)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_cbor_put_map(&w, count);
    for (size_t i = 0; i < count; i++) {
        yao_cbor_put_uint(&w, first + i);
        yao_cbor_put_uint(&w, 0);
    }
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void refuses_one_element_too_many(void **state)
{
    size_t own = 4; /* of the fixture */

    (void)state;
    assert_status(read_card(cbor_set(good(), CWT "169",
                                     labels(1, YAO_MAX_CARD_ELEMENTS - own)),
                            NULL),
                  YAO_OK);
    assert_status(
        read_card(cbor_set(good(), CWT "169",
                           labels(1, YAO_MAX_CARD_ELEMENTS - own + 1)),
                  NULL),
        YAO_E_LIMIT);
}

/* The card with its nationality as long as makes the issuer part LEN bytes. */
static yao_bytes of_len(size_t len)
{
    static uint8_t text[2048];
    yao_bytes      card = good();
    size_t         now  = cbor_bytes_at(card, "0").len;
    uint8_t       *item = yao_arena_take(test_arena(), sizeof text + 3);
    size_t         add  = len - now - 2 + 2; /* head grows by two, "CN" goes */

    item[0] = 0x79;
    item[1] = (uint8_t)(add >> 8), item[2] = (uint8_t)add;
    memset(item + 3, 'x', add);
    return cbor_set(card, CWT "169/13", (yao_bytes){item, add + 3});
}

static void refuses_what_is_longer_than_can_be_issued(void **state)
{
    yao_bytes fits = of_len(YAO_MAX_CARD_ISSUED);
    yao_bytes over = of_len(YAO_MAX_CARD_ISSUED + 1);

    (void)state;
    assert_int_equal(cbor_bytes_at(fits, "0").len, YAO_MAX_CARD_ISSUED);
    assert_status(read_card(fits, NULL), YAO_OK);
    assert_int_equal(cbor_bytes_at(over, "0").len, YAO_MAX_CARD_ISSUED + 1);
    assert_status(read_card(over, NULL), YAO_E_LIMIT);
}

static void refuses_what_fits_no_code(void **state)
{
    static uint8_t big[YAO_MAX_CARD_WHOLE + 1];

    (void)state;
    memset(big, 0xff, sizeof big); /* no CBOR at all */
    assert_status(read_card((yao_bytes){big, YAO_MAX_CARD + 1}, NULL),
                  YAO_E_LIMIT);
    assert_status(read_card((yao_bytes){big, YAO_MAX_CARD}, NULL),
                  YAO_E_MALFORMED);
    assert_status(read_paper((yao_bytes){big, sizeof big}, NULL), YAO_E_LIMIT);
    assert_status(read_paper((yao_bytes){big, sizeof big - 1}, NULL),
                  YAO_E_MALFORMED);
}

static yao_status parse_in(yao_arena *arena, void *context)
{
    yao_card_unverified card;

    return yao_card_parse(arena, *(yao_bytes *)context, &card);
}

static yao_status parse_paper_in(yao_arena *arena, void *context)
{
    yao_card_unverified card;

    return yao_card_parse_printed(arena, *(yao_bytes *)context, &card);
}

static void gives_space_error_in_every_smaller_arena(void **state)
{
    yao_bytes card = good(), printed = paper();

    (void)state;
    test_every_arena(parse_in, &card, 8192);
    test_every_arena(parse_paper_in, &printed, 8192);
}

/* ---- paper -------------------------------------------------------------- */

#define PAPER "2/*/"

static const struct paper {
    const char *name;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
} papers[] = {
    {"accepts no claim of ours", REMOVE, PAPER "-65537", {NULL, 0}, YAO_OK},
    {"accepts no claim 169", REMOVE, PAPER "169", {NULL, 0}, YAO_OK},
    {"accepts no issuer", REMOVE, PAPER "1", {NULL, 0}, YAO_OK},
    {"accepts no end, to refuse it by its date", REMOVE, PAPER "4", {NULL, 0},
     YAO_OK},
    {"accepts a subject", ADD, "2/*", YAO_INIT("\x02\x61x"), YAO_OK},
    {"accepts a claim with a name", ADD, "2/*", YAO_INIT("\x61x\x61x"),
     YAO_OK},
    {"accepts nbf", ADD, "2/*", YAO_INIT("\x05\x00"), YAO_OK},
    {"refuses nbf before 1970", ADD, "2/*", YAO_INIT("\x05\x20"),
     YAO_E_MALFORMED},
    {"refuses a claim twice", ADD, "2/*", YAO_INIT("\x06\x00"),
     YAO_E_DUPLICATE},
    {"refuses an element twice", ADD, PAPER "169", YAO_INIT("\x04\x00"),
     YAO_E_DUPLICATE},
    {"accepts elements in any order", ADD, PAPER "169", YAO_INIT("\x01\x00"),
     YAO_OK},
    {"accepts an element that we do not know", ADD, PAPER "169",
     YAO_INIT("\x19\x03\xe8\x00"), YAO_OK},
    {"refuses an element with a name", ADD, PAPER "169", YAO_INIT("\x61x\x00"),
     YAO_E_MALFORMED},
    {"accepts an unprotected kid", ADD, "1", YAO_INIT("\x18\x31\x41x"),
     YAO_OK},
    {"refuses a kid in both headers", ADD, "1", YAO_INIT("\x04\x41x"),
     YAO_E_HEADER},
    {"refuses a mark on paper", ADD, PAPER "-65537", YAO_INIT("\x20\xf5"),
     YAO_E_MALFORMED},
    {"refuses no payload", SET, "2", YAO_INIT("\xf6"), YAO_E_MALFORMED},
    {"refuses claims that are none", SET, "2", YAO_INIT("\x41\x00"),
     YAO_E_MALFORMED},
    {"refuses a protected alg that is unprotected", ADD, "1",
     YAO_INIT("\x01\x26"), YAO_E_HEADER},
    {"accepts another kind of status", SET, PAPER "65535",
     YAO_INIT("\xa1\x61x\x00"), YAO_OK},
    {"accepts a status that is no map", SET, PAPER "65535", YAO_INIT("\x00"),
     YAO_OK},
    {"refuses a status without name", SET, PAPER "65535",
     YAO_INIT("\xa1\x00\x00"), YAO_E_MALFORMED},
    {"refuses an empty URI", SET, PAPER "65535/status_list/uri",
     YAO_INIT("\x60"), YAO_E_MALFORMED},
};

static void reads_paper(void **state)
{
    const struct paper *r = *state;

    assert_status(read_paper(edited(paper(), r->edit, r->path, r->item), NULL),
                  r->want);
}

static void refuses_paper_without_element(void **state)
{
    yao_bytes none = cbor_remove(cbor_remove(paper(), PAPER "169"),
                                 PAPER "-65537");

    (void)state;
    assert_status(read_paper(none, NULL), YAO_E_MALFORMED);
}

static const struct status_row {
    const char     *name;
    enum edit       edit;
    const char     *path;
    yao_bytes       item;
    yao_card_status want;
} statuses[] = {
    {"gives the list's URI", ADD, PAPER "65535/status_list",
     YAO_INIT("\x61x\x00"), YAO_CARD_STATUS_URI},
    {"gives none when there is none", REMOVE, PAPER "65535", {NULL, 0},
     YAO_CARD_STATUS_NONE},
    {"gives UNKNOWN without index", REMOVE, PAPER "65535/status_list/idx",
     {NULL, 0}, YAO_CARD_STATUS_UNKNOWN},
    {"gives UNKNOWN without URI", REMOVE, PAPER "65535/status_list/uri",
     {NULL, 0}, YAO_CARD_STATUS_UNKNOWN},
    {"gives UNKNOWN for an empty map", SET, PAPER "65535", YAO_INIT("\xa0"),
     YAO_CARD_STATUS_UNKNOWN},
    {"gives UNKNOWN for what a card has", SET, PAPER "65535",
     YAO_INIT("\x82\x01\x01"), YAO_CARD_STATUS_UNKNOWN},
};

static void reads_status(void **state)
{
    const struct status_row *r = *state;
    yao_card_unverified      card;

    assert_status(yao_card_parse_printed(
                      test_arena(), edited(paper(), r->edit, r->path, r->item),
                      &card),
                  YAO_OK);
    assert_int_equal(card.content.status, r->want);
}

static void gives_a_part_that_was_torn_off(void **state)
{
    yao_card_content    c = card_fixture_content();
    yao_card_unverified card;

    (void)state;
    yao_bytes issued = cbor_remove(card_fixture_issue(&c), "2/*/65535");
    assert_status(yao_card_parse_printed(test_arena(), issued, &card), YAO_OK);
    assert_true(card.torn);
}

/* ---- MOSIP's vectors ---------------------------------------------------- */

static const struct vector {
    const char *name, *file;
    size_t      elements;
    const char *full_name;
} vectors[] = {
    {"reads the vector with all elements", "demographics-full", 21,
     "Jane Marie Smith"},
    {"reads the vector signed with P-256", "ecdsa-p256-signed", 2,
     "ECDSA Test Person"},
    {"reads the vector signed with Ed25519", "ed25519-signed", 2,
     "Signed Test Person"},
    {"reads the vector with unknown elements", "unknown-fields", 6,
     "Unknown Fields Person"},
    {"reads the vector with a face", "with-face", 3, "Face Test Person"},
};

static const yao_json *vector_of(const char *file)
{
    char            path[96];
    const yao_json *json = NULL;

    snprintf(path, sizeof path, "qr-claim169/%s.json", file);
    assert_status(yao_json_parse(test_arena(), test_vector(path), &json),
                  YAO_OK);
    return json;
}

static yao_bytes string_of(const yao_json *json, const char *name)
{
    yao_text text = {NULL, 0};

    assert_status(yao_json_string(yao_json_get(json, name), test_arena(),
                                  &text),
                  YAO_OK);
    return yao_text_bytes(text);
}

static void reads_vector(void **state)
{
    const struct vector *r = *state;

    if (!test_have_vectors())
        skip();
    const yao_json     *json = vector_of(r->file);
    yao_bytes           hex = string_of(json, "decoded_cose_hex"), cose;
    yao_writer          w   = yao_writer_in(test_arena());
    yao_card_unverified card;

    assert_status(yao_get_hex(hex, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &cose), YAO_OK);
    assert_status(yao_card_parse_printed(test_arena(), cose, &card), YAO_OK);
    assert_int_equal(card.content.element_count, r->elements);
    assert_true(yao_text_equal(card.content.issuer,
                               YAO_TEXT("https://mosip.example.org")));
    assert_int_equal(card.content.expires, 1800000000);
    for (size_t i = 0; i < card.content.element_count; i++)
        if (card.content.elements[i].label == 4)
            assert_bytes(card.content.elements[i].value,
                         cbor_of_text(r->full_name));

    yao_card_code code;
    w = yao_writer_in(test_arena());
    assert_status(yao_card_get_text(string_of(json, "qr_data"), &w, &code),
                  YAO_OK);
    assert_int_equal(code, YAO_CARD_CODE_PRINTED);
}

static void refuses_the_encrypted_vector(void **state)
{
    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes  hex = string_of(vector_of("encrypted-signed"),
                               "decoded_cose_hex");
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  cose;

    assert_status(yao_get_hex(hex, &w), YAO_OK);
    assert_status(yao_writer_keep(&w, test_arena(), &cose), YAO_OK);
    assert_status(read_paper(cose, NULL), YAO_E_MALFORMED);
}

/* ---- shown mdocs -------------------------------------------------------- */

static const struct mdoc_row {
    const char *name;
    yao_bytes   input;
    yao_status  want;
    bool        stepped;
} mdocs[] = {
    {"accepts a step", YAO_INIT("\x82\x05\x41\xa0"), YAO_OK, true},
    {"accepts null", YAO_INIT("\x82\xf6\x41\xa0"), YAO_OK, false},
    {"refuses nothing", YAO_INIT(""), YAO_E_TRUNCATED, 0},
    {"refuses a sealed one", YAO_INIT("\x82\x41x\x41\xa0"), YAO_E_MALFORMED, 0},
    {"refuses a third entry", YAO_INIT("\x83\x05\x41\xa0\xf6"),
     YAO_E_MALFORMED, 0},
    {"refuses a byte behind it", YAO_INIT("\x82\x05\x41\xa0\x00"),
     YAO_E_TRAILING, 0},
    {"refuses a step with a longer head", YAO_INIT("\x82\x18\x05\x41\xa0"),
     YAO_E_NOT_SHORTEST, 0},
};

static void reads_mdoc(void **state)
{
    const struct mdoc_row *r    = *state;
    yao_card_mdoc          mdoc = {.step = 77};

    assert_status(yao_card_read_mdoc(r->input, &mdoc), r->want);
    if (r->want != YAO_OK) {
        assert_int_equal(mdoc.step, 77);
        return;
    }
    assert_int_equal(mdoc.stepped, r->stepped);
    assert_int_equal(mdoc.step, r->stepped ? 5 : 0);
    assert_bytes(mdoc.response, YAO_LIT("\xa0"));
}

static void refuses_an_mdoc_that_is_too_long(void **state)
{
    static uint8_t big[YAO_MAX_CARD_WHOLE + 1];
    yao_card_mdoc  mdoc;

    (void)state;
    assert_status(yao_card_read_mdoc((yao_bytes){big, sizeof big}, &mdoc),
                  YAO_E_LIMIT);
    assert_status(yao_card_read_mdoc((yao_bytes){big, sizeof big - 1}, &mdoc),
                  YAO_E_MALFORMED);
}

int main(void)
{
    test_add("parse", "gives what was issued", gives_what_was_issued, NULL);
    test_add("parse", "gives what was printed", gives_what_was_printed, NULL);
    test_add("parse", "gives the mark of what wants a challenge",
             gives_the_mark_of_what_wants_a_challenge, NULL);
    test_add("parse", "refuses every prefix", refuses_every_prefix, NULL);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("parse", shapes[i].name, reads_shape, &shapes[i]);
    test_add("parse", "refuses a mark that is not the last",
             refuses_a_mark_that_is_not_the_last, NULL);
    test_add("parse", "refuses nbf in its place", refuses_nbf_in_its_place,
             NULL);
    test_add("parse", "refuses claims without element",
             refuses_claims_without_element, NULL);
    test_add("parse", "refuses a byte behind the card",
             refuses_a_byte_behind_the_card, NULL);
    test_add("parse", "refuses one element too many",
             refuses_one_element_too_many, NULL);
    test_add("parse", "refuses what is longer than can be issued",
             refuses_what_is_longer_than_can_be_issued, NULL);
    test_add("parse", "refuses what fits no code", refuses_what_fits_no_code,
             NULL);
    test_add("parse", "gives SPACE in every smaller arena",
             gives_space_error_in_every_smaller_arena, NULL);
    for (size_t i = 0; i < COUNT(papers); i++)
        test_add("parse_printed", papers[i].name, reads_paper, &papers[i]);
    test_add("parse_printed", "refuses paper without element",
             refuses_paper_without_element, NULL);
    for (size_t i = 0; i < COUNT(statuses); i++)
        test_add("parse_printed", statuses[i].name, reads_status,
                 &statuses[i]);
    test_add("parse_printed", "gives a part that was torn off",
             gives_a_part_that_was_torn_off, NULL);
    for (size_t i = 0; i < COUNT(vectors); i++)
        test_add("parse_printed", vectors[i].name, reads_vector, &vectors[i]);
    test_add("parse_printed", "refuses the encrypted vector",
             refuses_the_encrypted_vector, NULL);
    for (size_t i = 0; i < COUNT(mdocs); i++)
        test_add("read_mdoc", mdocs[i].name, reads_mdoc, &mdocs[i]);
    test_add("read_mdoc", "refuses an mdoc that is too long",
             refuses_an_mdoc_that_is_too_long, NULL);

    return test_run("card/read");
}
