/* SPDX-License-Identifier: Apache-2.0 */

/* What is shown to be met: read, written, as letters. */

#include "proximity/engagement.h"

#include "annex_d.h"
#include "forge.h"

#define UUID "0123456789abcdef"

static const yao_prox_method every_way[] = {
    {.way = YAO_PROX_NFC, .nfc = {255, 65536}},
    {.way = YAO_PROX_BLE,
     .ble = {.peripheral      = true,
             .central         = true,
             .peripheral_uuid = YAO_INIT(UUID),
             .central_uuid    = YAO_INIT(UUID),
             .address         = YAO_INIT("\1\2\3\4\5\6"),
             .psm             = 192}},
    {.way = YAO_PROX_WIFI,
     .wifi = {.pass_phrase = YAO_INIT("SPECIMEN"),
              .class_      = 115,
              .channel     = 36,
              .bands       = YAO_INIT("\x14")}},
    {.way = YAO_PROX_REST, .rest = YAO_INIT("https://reader.example/a")},
    {.way     = YAO_PROX_MAILBOX,
     .mailbox = {.url       = YAO_INIT("https://provider.example/mailboxes"),
                 .to_holder = YAO_INIT(UUID),
                 .to_reader = YAO_INIT(UUID)}},
};

/* All that an engagement can say. */
static yao_prox_engagement whole(void)
{
    yao_prox_engagement e = {.later            = true,
                             .method_count     = COUNT(every_way),
                             .has_origins      = true,
                             .origin_count     = 2,
                             .has_capabilities = true,
                             .reader_auth_all  = true,
                             .extended_request = true};

    for (size_t i = 0; i < COUNT(every_way); i++)
        e.methods[i] = every_way[i];
    e.origins[0] = (yao_prox_origin){1, 1, YAO_INIT("desk.example")};
    e.origins[1] = (yao_prox_origin){7, 2, {NULL, 0}};
    e.key        = yao_openssl_key_public(forge_key(0));
    return e;
}

static yao_bytes write_it(const yao_prox_engagement *e)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_prox_put_engagement(&w, e);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static yao_bytes good(void)
{
    yao_prox_engagement e = whole();

    return write_it(&e);
}

static yao_status read_it(yao_bytes input, void *context)
{
    yao_prox_engagement e;

    (void)context;
    return yao_prox_read_engagement(input, &e);
}

/* ---- back and forth ----------------------------------------------------- */

static void both_ways(void **state)
{
    yao_bytes           bytes = good();
    yao_prox_engagement e;

    (void)state;
    assert_status(yao_prox_read_engagement(bytes, &e), YAO_OK);
    assert_int_equal(e.method_count, COUNT(every_way));
    assert_bytes(yao_prox_find_method(&e, YAO_PROX_BLE)->ble.address,
                 every_way[1].ble.address);
    assert_int_equal(yao_prox_find_method(&e, YAO_PROX_NFC)->nfc.response,
                     65536);
    assert_int_equal(yao_prox_find_method(&e, YAO_PROX_WIFI)->wifi.channel, 36);
    assert_bytes(yao_text_bytes(e.origins[0].domain), YAO_LIT("desk.example"));
    assert_int_equal(e.origins[1].category, 7);
    assert_true(e.reader_auth_all && e.extended_request &&
                !e.handover_session);
    assert_bytes(write_it(&e), bytes);
}

static void least(void **state)
{
    yao_prox_engagement e = {.key = yao_openssl_key_public(forge_key(0))};
    yao_bytes           bytes = write_it(&e);

    (void)state;
    assert_status(yao_prox_read_engagement(bytes, &e), YAO_OK);
    assert_int_equal(e.method_count, 0);
    assert_null(yao_prox_find_method(&e, YAO_PROX_MAILBOX));
    assert_false(e.later || e.has_origins || e.has_capabilities);
    assert_bytes(e.key_bytes, cbor_at(bytes, "1/1"));
}

/* ---- shapes ------------------------------------------------------------- */

enum edit { KEEP, SET, REMOVE, ADD };

#define BLE(options) YAO_INIT("\x83\x02\x01" options)
#define BOX(url)                                                               \
    "\x83\x3a\x00\x01\x11\x70\x01\xa3\x00" url "\x01\x50" UUID "\x02\x50" UUID

static const struct shape {
    const char *name;
    enum edit   edit;
    const char *path;
    yao_bytes   item;
    yao_status  want;
    size_t      ways; /* that are known, on YAO_OK */
} shapes[] = {
    {"accepts every way", KEEP, "", {NULL, 0}, YAO_OK, 5},
    {"passes over a way that it does not know", ADD, "2",
     YAO_INIT("\x83\x18\x63\x01\xa1\x61x\x01"), YAO_OK, 5},
    {"passes over another version of a way", SET, "2/1/1", YAO_INIT("\x02"),
     YAO_OK, 4},
    {"accepts a later minor version", SET, "0", YAO_INIT("\x63" "1.9"), YAO_OK,
     5},
    {"accepts a key that it does not know", ADD, "", YAO_INIT("\x03\xa0"),
     YAO_OK, 5},
    {"accepts a capability that it does not know", ADD, "6",
     YAO_INIT("\x18\x63\x81\x01"), YAO_OK, 5},
    {"accepts BLE with one mode", SET, "2/1",
     BLE("\xa3\x00\xf4\x01\xf5\x0b\x50" UUID), YAO_OK, 5},
    {"refuses an origin in a first edition", SET, "0", YAO_INIT("\x63" "1.0"),
     YAO_E_MALFORMED, 0},
    {"refuses capabilities without origins", REMOVE, "5", {NULL, 0},
     YAO_E_MALFORMED, 0},
    {"refuses another major version", SET, "0", YAO_INIT("\x63" "2.0"),
     YAO_E_UNSUPPORTED, 0},
    {"refuses a version that is none", SET, "0", YAO_INIT("\x63" "1.x"),
     YAO_E_MALFORMED, 0},
    {"refuses an engagement without version", REMOVE, "0", {NULL, 0},
     YAO_E_MALFORMED, 0},
    {"refuses an engagement without key", REMOVE, "1", {NULL, 0},
     YAO_E_MALFORMED, 0},
    {"refuses another cipher suite", SET, "1/0", YAO_INIT("\x02"),
     YAO_E_UNSUPPORTED, 0},
    {"refuses a key that is none", SET, "1/1", YAO_INIT("\xd8\x18\x41\xa0"),
     YAO_E_KEY, 0},
    {"refuses a key that is compressed", SET, "1/1/*/-3", YAO_INIT("\xf5"),
     YAO_E_KEY, 0},
    {"refuses a key without its wrapping", SET, "1/1", YAO_INIT("\xa0"),
     YAO_E_MALFORMED, 0},
    {"refuses an empty list of ways", SET, "2", YAO_INIT("\x80"),
     YAO_E_MALFORMED, 0},
    {"refuses a way of two items", SET, "2/1", YAO_INIT("\x82\x02\x01"),
     YAO_E_MALFORMED, 0},
    {"refuses BLE without a mode", SET, "2/1", BLE("\xa2\x00\xf4\x01\xf4"),
     YAO_E_MALFORMED, 0},
    {"refuses a BLE mode without its UUID", SET, "2/1",
     BLE("\xa2\x00\xf4\x01\xf5"), YAO_E_MALFORMED, 0},
    {"refuses BLE that does not say a mode", SET, "2/1",
     BLE("\xa2\x01\xf5\x0b\x50" UUID), YAO_E_MALFORMED, 0},
    {"refuses a UUID of another length", SET, "2/1",
     BLE("\xa3\x00\xf4\x01\xf5\x0b\x43" "abc"), YAO_E_MALFORMED, 0},
    {"refuses a PSM of 0", SET, "2/1/2/21", YAO_INIT("\x00"),
     YAO_E_MALFORMED, 0},
    {"refuses NFC with a short command", SET, "2/0/2/0",
     YAO_INIT("\x18\xfe"), YAO_E_VALUE, 0},
    {"refuses NFC with a long response", SET, "2/0/2/1",
     YAO_INIT("\x1a\x00\x01\x00\x01"), YAO_E_VALUE, 0},
    {"refuses NFC without lengths", SET, "2/0/2", YAO_INIT("\xa0"),
     YAO_E_MALFORMED, 0},
    {"refuses an empty address", SET, "2/3/2", YAO_INIT("\xa0"),
     YAO_E_MALFORMED, 0},
    {"refuses a mailbox without ids", SET, "2/4/2",
     YAO_INIT("\xa1\x00\x69https://x"), YAO_E_MALFORMED, 0},
    {"refuses a mailbox without encryption on the way", SET, "2/4",
     YAO_INIT(BOX("\x68http://x")), YAO_E_VALUE, 0},
    {"refuses a mailbox in a file", SET, "2/4",
     YAO_INIT(BOX("\x6b" "file:///etc")), YAO_E_VALUE, 0},
    {"refuses a mailbox behind a user's name", SET, "2/4",
     YAO_INIT(BOX("\x6d" "https://a@b/c")), YAO_E_VALUE, 0},
    {"refuses an origin that is no map", SET, "5/0", YAO_INIT("\x01"),
     YAO_E_MALFORMED, 0},
    {"refuses an origin without category", REMOVE, "5/0/cat", {NULL, 0},
     YAO_E_MALFORMED, 0},
    {"refuses an origin with a key twice", ADD, "5/0",
     YAO_INIT("\x63" "cat\x01"), YAO_E_DUPLICATE, 0},
    {"refuses a capability that is no yes or no", SET, "6/3",
     YAO_INIT("\x01"), YAO_E_MALFORMED, 0},
    {"refuses a key twice", ADD, "", YAO_INIT("\x02\x81\x83\x18\x63\x01\xa0"),
     YAO_E_DUPLICATE, 0},
    {"refuses a text for a key", ADD, "", YAO_INIT("\x61" "a\x01"),
     YAO_E_MALFORMED, 0},
    {"refuses a text that is no UTF-8", ADD, "", YAO_INIT("\x07\x61\xff"),
     YAO_E_UTF8, 0},
    {"refuses a head that is longer than needed", ADD, "",
     YAO_INIT("\x18\x07\x01"), YAO_E_NOT_SHORTEST, 0},
};

static void case_shape(void **state)
{
    const struct shape *s     = *state;
    yao_bytes           input = good();
    yao_prox_engagement e, before;

    if (s->edit == SET)
        input = cbor_set(input, s->path, s->item);
    else if (s->edit == REMOVE)
        input = cbor_remove(input, s->path);
    else if (s->edit == ADD)
        input = cbor_add(input, s->path, s->item);
    memset(&e, 0x55, sizeof e);
    before = e;
    assert_status(yao_prox_read_engagement(input, &e), s->want);
    if (s->want == YAO_OK)
        assert_int_equal(e.method_count, s->ways);
    else
        assert_memory_equal(&e, &before, sizeof e);
}

static void trailing(void **state)
{
    (void)state;
    assert_status(read_it(cbor_join(good(), YAO_LIT("\0")), NULL),
                  YAO_E_TRAILING);
    assert_status(read_it(YAO_LIT(""), NULL), YAO_E_TRUNCATED);
}

static void limits(void **state)
{
    yao_bytes other = YAO_LIT("\x83\x18\x63\x01\xa0"), input = good();

    (void)state;
    for (size_t i = COUNT(every_way); i < YAO_PROX_MAX_METHODS; i++)
        input = cbor_add(input, "2", other);
    assert_status(read_it(input, NULL), YAO_OK);
    assert_status(read_it(cbor_add(input, "2", other), NULL), YAO_E_LIMIT);

    yao_bytes origin = cbor_at(good(), "5/1");
    input            = good();
    for (size_t i = 2; i < YAO_PROX_MAX_ORIGINS; i++)
        input = cbor_add(input, "5", origin);
    assert_status(read_it(input, NULL), YAO_OK);
    assert_status(read_it(cbor_add(input, "5", origin), NULL), YAO_E_LIMIT);

    uint8_t *long_one = yao_arena_take(test_arena(), 4096);
    assert_status(read_it((yao_bytes){long_one, YAO_PROX_MAX_ENGAGEMENT + 1},
                          NULL),
                  YAO_E_LIMIT);
}

/* ---- mailboxes ---------------------------------------------------------- */

static const struct place {
    const char *name, *url;
    bool        good;
} places[] = {
    {"accepts https", "https://provider.example/mailboxes", true},
    {"accepts a port", "https://provider.example:8441/mailboxes", true},
    {"accepts http on this machine", "http://wallet.localhost:8441/mailboxes",
     true},
    {"accepts http on the loopback", "http://127.0.0.1:8441/mailboxes", true},
    {"refuses http elsewhere", "http://provider.example/mailboxes", false},
    {"refuses http to a name that only ends so", "http://xlocalhost/m", false},
    {"refuses another scheme", "ftp://provider.example/m", false},
    {"refuses no host", "https:///m", false},
    {"refuses a user", "https://a@provider.example/m", false},
    {"refuses a query", "https://provider.example/m?x", false},
    {"refuses a fragment", "https://provider.example/m#x", false},
    {"refuses a slash at the end", "https://provider.example/m/", false},
    {"refuses an escape", "https://provider.example/%2e", false},
    {"refuses an empty port", "https://provider.example:/m", false},
    {"refuses a port of six digits", "https://provider.example:123456", false},
    {"refuses a port of letters", "https://provider.example:a/m", false},
    {"refuses a line's end", "https://provider.example/m\n", false},
    {"refuses nothing", "", false},
};

static void case_place(void **state)
{
    const struct place *p = *state;

    assert_int_equal(yao_prox_is_mailbox(yao_text_of(p->url)), p->good);
}

/* ---- writing ------------------------------------------------------------ */

struct unwritable {
    const char *name;
    void (*spoil)(yao_prox_engagement *e);
};

static void no_key(yao_prox_engagement *e)
{
    e->key.curve = YAO_CURVE_NONE;
}

static void many_ways(yao_prox_engagement *e)
{
    e->method_count = YAO_PROX_MAX_METHODS + 1;
}

static void first_edition(yao_prox_engagement *e)
{
    e->later = false;
}

static void no_origins(yao_prox_engagement *e)
{
    e->has_origins  = false;
    e->origin_count = 0;
}

static void no_mode(yao_prox_engagement *e)
{
    e->methods[1].ble.central = false;
}

static void short_id(yao_prox_engagement *e)
{
    e->methods[4].mailbox.to_reader.len = 15;
}

static void no_way(yao_prox_engagement *e)
{
    e->methods[0].way = YAO_PROX_NO_WAY;
}

static const struct unwritable unwritables[] = {
    {"refuses to write without a key", no_key},
    {"refuses to write too many ways", many_ways},
    {"refuses to write an origin into a first edition", first_edition},
    {"refuses to write capabilities without origins", no_origins},
    {"refuses to write a UUID of no mode", no_mode},
    {"refuses to write a short id", short_id},
    {"refuses to write no way", no_way},
};

static void case_unwritable(void **state)
{
    const struct unwritable *u = *state;
    yao_prox_engagement      e = whole();
    yao_writer               w = yao_writer_count();

    u->spoil(&e);
    yao_prox_put_engagement(&w, &e);
    assert_status(w.status, YAO_E_USAGE);
}

static yao_status put_it(yao_writer *w, void *context)
{
    yao_prox_put_engagement(w, context);
    return w->status;
}

static void rooms(void **state)
{
    yao_prox_engagement e = whole();

    (void)state;
    test_every_room(put_it, &e);
}

static void prefixes(void **state)
{
    (void)state;
    test_every_prefix(read_it, good(), NULL);
}

/* ---- letters ------------------------------------------------------------ */

static yao_bytes letters_of(yao_bytes engagement, bool reader)
{
    yao_writer w   = yao_writer_in(test_arena());
    yao_bytes  out = {NULL, 0};

    yao_prox_put_letters(&w, engagement, reader);
    assert_status(yao_writer_keep(&w, test_arena(), &out), YAO_OK);
    return out;
}

static void letters(void **state)
{
    yao_bytes           bytes = good(), read;
    yao_prox_engagement e;

    (void)state;
    for (int reader = 0; reader < 2; reader++) {
        yao_bytes text = letters_of(bytes, reader);

        assert_status(yao_prox_read_letters(test_arena(), text, reader, &read,
                                            &e),
                      YAO_OK);
        assert_bytes(read, bytes);
        /* one is never taken for the other */
        assert_int_not_equal(yao_prox_read_letters(test_arena(), text, !reader,
                                                   &read, &e),
                             YAO_OK);
    }
}

static const struct letter_row {
    const char *name, *text;
    yao_status  want;
} letter_rows[] = {
    {"refuses no scheme", "owBj", YAO_E_MALFORMED},
    {"refuses capitals", "MDOC:owBj", YAO_E_MALFORMED},
    {"refuses padding", "mdoc:owA=", YAO_E_BASE64},
    {"refuses letters of the other alphabet", "mdoc:ow+/", YAO_E_BASE64},
    {"refuses nothing behind the scheme", "mdoc:", YAO_E_TRUNCATED},
    {"refuses what is no engagement", "mdoc:AAAA", YAO_E_MALFORMED},
};

static void case_letters(void **state)
{
    const struct letter_row *r = *state;
    yao_prox_engagement      e;
    yao_bytes                read;

    assert_status(yao_prox_read_letters(test_arena(),
                                        yao_text_bytes(yao_text_of(r->text)),
                                        false, &read, &e),
                  r->want);
}

static void letter_limits(void **state)
{
    uint8_t            *many = yao_arena_take(test_arena(), 4096);
    yao_arena           little = {many, 64, 0};
    yao_bytes           text   = letters_of(good(), false), read;
    yao_prox_engagement e;

    (void)state;
    assert_status(yao_prox_read_letters(
                      test_arena(),
                      (yao_bytes){many, YAO_PROX_MAX_LETTERS + 1}, false,
                      &read, &e),
                  YAO_E_LIMIT);
    assert_status(yao_prox_read_letters(&little, text, false, &read, &e),
                  YAO_E_SPACE);
}

/* ---- annex D ------------------------------------------------------------ */

static void annex_d_read(void **state)
{
    yao_prox_engagement e;

    (void)state;
    if (!test_have_vectors())
        skip();
    yao_bytes bytes = annex_d("DEVICE_ENGAGEMENT");
    assert_status(yao_prox_read_engagement(bytes, &e), YAO_OK);
    const yao_prox_method *m = yao_prox_find_method(&e, YAO_PROX_BLE);
    assert_non_null(m);
    assert_true(m->ble.central && !m->ble.peripheral);
    assert_bytes(m->ble.central_uuid,
                 test_unhex("45efef742b2c4837a9a3b0e1d05a6917"));
    assert_bytes(e.key_bytes, annex_d("E_DEVICE_KEY_BYTES"));
    assert_bytes(write_it(&e), bytes);
}

int main(void)
{
    test_add("engagement", "gives back what was written", both_ways, NULL);
    test_add("engagement", "accepts the least there is", least, NULL);
    for (size_t i = 0; i < COUNT(shapes); i++)
        test_add("read_engagement", shapes[i].name, case_shape, &shapes[i]);
    test_add("read_engagement", "refuses a byte behind it, and nothing",
             trailing, NULL);
    test_add("read_engagement", "refuses one too many", limits, NULL);
    test_add("read_engagement", "refuses every proper prefix", prefixes, NULL);
    for (size_t i = 0; i < COUNT(places); i++)
        test_add("is_mailbox", places[i].name, case_place, &places[i]);
    for (size_t i = 0; i < COUNT(unwritables); i++)
        test_add("put_engagement", unwritables[i].name, case_unwritable,
                 &unwritables[i]);
    test_add("put_engagement", "refuses every room that is too small", rooms,
             NULL);
    test_add("letters", "gives back what was written", letters, NULL);
    for (size_t i = 0; i < COUNT(letter_rows); i++)
        test_add("read_letters", letter_rows[i].name, case_letters,
                 &letter_rows[i]);
    test_add("read_letters", "refuses too many, and too little room",
             letter_limits, NULL);
    test_add("annex D", "gives its engagement byte for byte", annex_d_read,
             NULL);
    return test_run("proximity/engagement");
}
